package tenant

const (
	sqlAPITokens = `SELECT t.id, t.name, t.scope, COALESCE(p.name, ''), t.created_at, t.expires_at, t.last_used_at, t.last_used_from, t.revoked_at FROM api_token t
 LEFT JOIN person p ON p.tenant_id = t.tenant_id AND p.id = t.created_by WHERE t.tenant_id = ?`
	sqlInsertAPIToken    = `INSERT INTO api_token (tenant_id, id, name, scope, hash, created_by, created_at, expires_at) VALUES`
	sqlCountAPITokens    = `SELECT COUNT(*) FROM api_token WHERE tenant_id = ? AND revoked_at IS NULL AND expires_at > ?`
	sqlLockAPIToken      = `SELECT name, revoked_at FROM api_token WHERE tenant_id = ? AND id = ?`
	sqlRevokeAPIToken    = `UPDATE api_token SET revoked_at = ?, revoked_by = ? WHERE tenant_id = ? AND id = ?`
	sqlResolveAPIToken   = `SELECT name, scope, hash, created_by, expires_at, last_used_at, revoked_at FROM api_token WHERE tenant_id = ? AND id = ?`
	sqlUsedAPIToken      = `UPDATE api_token SET last_used_at = ?, last_used_from = ? WHERE tenant_id = ? AND id = ?`
	sqlTokenOrganisation = `SELECT id FROM organisation WHERE tenant_id = ?`
	sqlTokenTenant       = `SELECT tenant_id, name, code, kind FROM organisation WHERE id = ? AND state = 'active'`
	sqlTokenMaker        = `SELECT r.role FROM person p JOIN person_role r ON r.tenant_id = p.tenant_id AND r.person_id = p.id
 WHERE p.tenant_id = ? AND p.id = ? AND p.state = 'active'`
)
