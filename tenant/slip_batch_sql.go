package tenant

const (
	sqlInsertSlips = `INSERT INTO slip_batch (tenant_id, id, state, replace_chosen, new_login, nonce, total, as_of, keep_until, created_by, created_at) VALUES`
	rowInsertSlips = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlFindSlips   = `SELECT id, state, replace_chosen, new_login, nonce, total, issued, as_of, keep_until, created_by, created_at, issued_at, taken_at FROM slip_batch`
	sqlSlipsReady  = `UPDATE slip_batch SET state = 'ready', issued_at = ? WHERE tenant_id = ? AND id = ? AND state = 'queued'`
	sqlCountSlips  = `UPDATE slip_batch SET issued = issued + ? WHERE tenant_id = ? AND id = ?`
	sqlTakeSlips   = `UPDATE slip_batch SET state = 'taken', taken_at = ? WHERE tenant_id = ? AND id = ? AND state = 'ready'`
	sqlSlipsTaken  = `UPDATE slip_batch SET keep_until = ? WHERE tenant_id = ? AND id = ? AND created_by = ? AND state = 'taken' AND keep_until > ?`
	sqlEndSlips    = `UPDATE slip_batch SET state = ?, nonce = NULL WHERE tenant_id = ? AND id = ?`

	sqlInsertSlipPeople = `INSERT INTO slip_batch_person (tenant_id, batch_id, person_id, state) VALUES`
	sqlWaitingSlips     = `SELECT person_id FROM slip_batch_person WHERE tenant_id = ? AND batch_id = ? AND state = 'waiting' ORDER BY person_id LIMIT ?`
	sqlSetSlips         = `UPDATE slip_batch_person SET state = ?`
	sqlCountSlipPeople  = `SELECT state, COUNT(*) FROM slip_batch_person WHERE tenant_id = ? AND batch_id = ? GROUP BY state`
	sqlRefusedSlips     = `SELECT s.person_id, p.name, s.state FROM slip_batch_person s JOIN person p ON p.tenant_id = s.tenant_id AND p.id = s.person_id
 WHERE s.tenant_id = ? AND s.batch_id = ? AND s.state <> 'issued' AND s.state <> 'waiting' ORDER BY s.person_id LIMIT 1000`
	sqlIssuedSlips = `SELECT s.person_id, c.kind, c.hash, c.expires_at FROM slip_batch_person s JOIN credential c ON c.tenant_id = s.tenant_id AND c.person_id = s.person_id
 WHERE s.tenant_id = ? AND s.batch_id = ? AND s.state = 'issued'`

	sqlLockPeople  = `SELECT id FROM person`
	sqlRenameLogin = `UPDATE person SET login_id = ?, login_key = ?, search_text = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?`
	sqlActorName   = `SELECT name FROM person WHERE tenant_id = ? AND id = ?`
)
