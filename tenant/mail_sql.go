package tenant

const (
	sqlInsertMail = `INSERT INTO mail_message (tenant_id, id, dedupe, person_id, to_address, to_name, kind, subject, body_text, state, created_at) VALUES`
	sqlSelectMail = `SELECT m.id, m.person_id, m.to_address, m.to_name, m.kind, m.subject, m.body_text, m.state, m.attempts, m.last_error, m.created_at, m.sent_at
 FROM mail_message m`
	sqlMailFate      = `UPDATE mail_message SET state = ?, last_error = ?, sent_at = ?, attempts = attempts + 1 WHERE tenant_id = ? AND id = ? AND state = 'queued'`
	sqlRequeueMail   = `UPDATE mail_message SET state = 'queued', to_address = ?, attempts = attempts + 1, last_error = '' WHERE tenant_id = ? AND id = ?`
	sqlPersonAddress = `SELECT email FROM person WHERE tenant_id = ? AND id = ?`
	sqlCountMail     = `SELECT m.state, COUNT(*) FROM mail_message m WHERE m.tenant_id = ? GROUP BY m.state`
)

func scanMail(row interface{ Scan(dest ...any) error }) (Mail, error) {
	var m Mail
	err := row.Scan(&m.ID, &m.Person, &m.Address, &m.Name, &m.Kind, &m.Subject, &m.Body, &m.State, &m.Attempts, &m.LastError, &m.CreatedAt, &m.SentAt)
	return m, err
}
