package tenant

import (
	"context"
	"fmt"

	"kenshu/storage/db"
)

const (
	sqlHandovers = `SELECT h.id, f.id, f.name, t.id, t.name, h.offered_by, h.keep_as_deputy, h.note, h.answer, h.state, h.expires_at, h.created_at, h.decided_at, h.dismissed_at FROM handover h
 JOIN person f ON f.tenant_id = h.tenant_id AND f.id = h.from_person JOIN person t ON t.tenant_id = h.tenant_id AND t.id = h.to_person WHERE h.tenant_id = ?`
	sqlInsertHandover = `INSERT INTO handover (tenant_id, id, from_person, to_person, offered_by, keep_as_deputy, note, state, open_slot, expires_at, created_at)
 VALUES (?, ?, ?, ?, ?, ?, ?, 'offered', 1, ?, ?)`
	sqlExpireHandovers = `UPDATE handover SET state = 'expired', open_slot = NULL, decided_at = ? WHERE tenant_id = ? AND open_slot = 1 AND expires_at <= ?`
	sqlCloseHandover   = `UPDATE handover SET state = ?, open_slot = NULL, answer = ?, decided_at = ? WHERE tenant_id = ? AND id = ?`
	sqlDismissHandover = `UPDATE handover SET dismissed_at = ? WHERE tenant_id = ? AND id = ?`
	sqlLockHandover    = `SELECT state FROM handover WHERE tenant_id = ? AND id = ?`
	sqlOpenHandover    = `SELECT id, to_person FROM handover WHERE tenant_id = ? AND open_slot = 1`
	sqlManagerOf       = `SELECT person_id FROM person_role WHERE tenant_id = ? AND role = 'manager' LIMIT 1`
	// The row is the lock; its value means nothing. The manager's own role row cannot be it: it goes away under whoever waits for it.
	sqlLockHandovers      = `INSERT INTO setting (tenant_id, name, value, updated_at) VALUES (?, 'lock.handover', 'null', ?)`
	sqlLockCredentialKind = `SELECT kind FROM credential WHERE tenant_id = ? AND person_id = ?`
	sqlCandidate          = `SELECT p.name, p.state, COALESCE(c.kind, ''), CASE WHEN r.person_id IS NULL THEN 0 ELSE 1 END FROM person p
 LEFT JOIN credential c ON c.tenant_id = p.tenant_id AND c.person_id = p.id
 LEFT JOIN person_role r ON r.tenant_id = p.tenant_id AND r.person_id = p.id AND r.role = 'manager' WHERE p.tenant_id = ? AND p.id = ?`
	sqlHandedOut = `SELECT e.actor_name, e.happened_at FROM audit_event e WHERE e.tenant_id = ? AND e.subject_id = ? AND e.action = 'credential.issue'
 AND e.actor_role = 'deputy_manager' AND e.happened_at >= ? ORDER BY e.id DESC LIMIT 1`
	sqlPersonByLogin = `SELECT id FROM person WHERE tenant_id = ? AND login_key = ?`
	sqlTouchPerson   = `UPDATE person SET updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?`
	sqlMailTo        = `SELECT name, email, locale FROM person WHERE tenant_id = ? AND id = ?`
)

var handoverMail = map[string]struct{ subject, body string }{
	"ja": {"管理責任者の引き継ぎのお願い（%s）", "%s 様\n\n%s の管理責任者を引き継ぐよう依頼されています。\nログインして、内容を確認のうえ、%d日以内に引き受けるかどうかを選んでください。引き受けるまでは、何も変わりません。\n\n%s/handover\n"},
	"en": {"You are asked to become the manager (%s)", "Dear %s,\n\nyou are asked to become the manager of %s.\nLog in, read what it means, and accept or decline within %d days. Nothing changes until you accept.\n\n%s/handover\n"},
}

// tell writes to the successor; who has no address sees the offer after logging in.
func (s *Handovers) tell(ctx context.Context, tid ID, tx *db.Tx, o HandoverOffer) error {
	var name, address, locale string
	if err := db.One(tx.QueryRow(ctx, sqlMailTo, tid, o.To).Scan(&name, &address, &locale)); err != nil || address == "" {
		return err
	}
	head, err := s.people.LoginHead(ctx, tid, "", "")
	if err != nil {
		return err
	}
	words, known := handoverMail[locale]
	if !known {
		words = handoverMail["ja"]
	}
	return s.outbox.Enqueue(ctx, tid, tx, []Letter{{
		Dedupe: "handover " + o.ID.String(), Person: o.To, Address: address, Name: name, Kind: "handover", Subject: fmt.Sprintf(words.subject, head.Organisation),
		Body: fmt.Sprintf(words.body, name, head.Organisation, HandoverDays, s.url),
	}})
}
