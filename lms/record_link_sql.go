package lms

const (
	sqlInsertRecordLink = `INSERT INTO record_link (tenant_id, id, kind, record_id, recipient, expires_at, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
	sqlRecordLinks      = `SELECT l.id, l.kind, l.record_id, l.recipient, l.expires_at, l.revoked_at, l.opened, l.last_opened_at, COALESCE(p.name, ''), l.created_at FROM record_link l
 LEFT JOIN person p ON p.tenant_id = l.tenant_id AND p.id = l.created_by WHERE l.tenant_id = ?`
	sqlRevokeRecordLink = `UPDATE record_link SET revoked_at = ? WHERE tenant_id = ? AND id = ? AND revoked_at IS NULL`
	sqlHasRecordLink    = `SELECT COUNT(*) FROM record_link WHERE tenant_id = ? AND id = ?`
	sqlOpenRecordLink   = `UPDATE record_link SET opened = opened + 1, last_opened_at = ? WHERE tenant_id = ? AND id = ? AND revoked_at IS NULL`
	sqlHasRoundRecord   = `SELECT COUNT(*) FROM training_record WHERE tenant_id = ? AND id = ?`
	sqlHasYearRecord    = `SELECT COUNT(*) FROM year_record WHERE tenant_id = ? AND id = ?`
	sqlLinkOrganisation = `SELECT state FROM organisation WHERE tenant_id = ?`
)
