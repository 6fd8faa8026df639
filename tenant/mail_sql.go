package tenant

import "kenshu/storage/db"

const (
	sqlInsertMail = `INSERT INTO mail_message (tenant_id, id, dedupe, person_id, to_address, to_name, kind, subject, body_text, state, created_at,
 round_id, enrolment_id, slot, expires_at) VALUES`
	sqlSelectMail = `SELECT m.id, m.person_id, m.to_address, m.to_name, m.kind, m.subject, m.body_text, m.state, m.attempts, m.last_error, m.created_at, m.sent_at,
 m.round_id, m.enrolment_id, m.slot, m.expires_at, m.resent_at FROM mail_message m`
	sqlMailFate  = `UPDATE mail_message SET state = ?, last_error = ?, sent_at = ?, attempts = attempts + 1 WHERE tenant_id = ? AND id = ? AND state = 'queued'`
	sqlMailWords = `UPDATE mail_message SET subject = ?, body_text = ? WHERE tenant_id = ? AND id = ? AND state = 'queued'`
	sqlCountMail = `SELECT m.state, COUNT(*) FROM mail_message m`

	// To the address the person has now. What had an end gets a new one.
	sqlRequeueMail = `UPDATE mail_message SET state = 'queued', attempts = attempts + 1, last_error = '', resent_at = ?,
 expires_at = CASE WHEN expires_at IS NULL THEN NULL ELSE ? END,
 to_address = COALESCE((SELECT p.email FROM person p WHERE p.tenant_id = mail_message.tenant_id AND p.id = mail_message.person_id AND p.email <> ''), to_address)`
	sqlResendable = `SELECT m.id, m.kind, m.state, m.attempts, m.to_name, COALESCE(p.email, m.to_address) FROM mail_message m
 LEFT JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id`

	sqlMailFailing = `SELECT COUNT(*), MIN(m.created_at) FROM mail_message m WHERE m.tenant_id = ? AND m.state = 'queued' AND m.last_error <> ''`
	sqlMailSaid    = `SELECT m.last_error FROM mail_message m WHERE m.tenant_id = ? AND m.state = 'queued' AND m.last_error <> '' ORDER BY m.created_at DESC LIMIT 1`
	sqlMailBounced = `SELECT COUNT(*) FROM mail_message m WHERE m.tenant_id = ? AND m.state IN ('refused', 'given_up') AND m.created_at >= ?`
	sqlLastSent    = `SELECT m.sent_at FROM mail_message m WHERE m.tenant_id = ? AND m.state = 'sent' ORDER BY m.created_at DESC LIMIT 1`
	// Of the whole installation, from the job table, which holds no personal data.
	sqlDeliveriesFailing = `SELECT COUNT(*), MIN(created_at) FROM job WHERE kind = 'mail.deliver' AND state = 'queued' AND attempts > 0`
	sqlDeliveriesWaiting = `SELECT COUNT(*) FROM job WHERE kind = 'mail.deliver' AND state = 'queued'`
	sqlDeliverySaid      = `SELECT last_error FROM job WHERE kind = 'mail.deliver' AND state = 'queued' AND attempts > 0 ORDER BY run_at DESC LIMIT 1`
	sqlTestRecipient     = `SELECT name, email, locale FROM person WHERE tenant_id = ? AND id = ?`
)

func scanMail(row db.Row) (Mail, error) {
	var m Mail
	err := row.Scan(&m.ID, &m.Person, &m.Address, &m.Name, &m.Kind, &m.Subject, &m.Body, &m.State, &m.Attempts, &m.LastError, &m.CreatedAt, &m.SentAt,
		&m.Round, &m.Enrolment, &m.Slot, &m.ExpiresAt, &m.ResentAt)
	return m, err
}
