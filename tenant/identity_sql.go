package tenant

const (
	sqlIdentityOf     = `SELECT identity_id FROM identity_member WHERE tenant_id = ? AND person_id = ?`
	sqlJoinEpoch      = `SELECT session_epoch FROM person WHERE tenant_id = ? AND id = ?`
	sqlInsertIdentity = `INSERT INTO identity_member (tenant_id, person_id, identity_id, created_at) VALUES (?, ?, ?, ?)`
	sqlDeleteIdentity = `DELETE FROM identity_member WHERE tenant_id = ? AND person_id = ?`
	sqlBreakIdentity  = `DELETE FROM identity_member`
	// all tenants: the accounts of one human being, whom their identity alone names; they have proved to be each of them
	sqlUniteIdentities = `UPDATE identity_member SET identity_id = ? WHERE identity_id = ?`
	sqlCountIdentity   = `SELECT COUNT(*) FROM identity_member WHERE identity_id = ?`
	sqlIdentityMembers = `SELECT m.tenant_id, p.id, o.name, o.code, o.state, p.name, p.login_key, p.state, COALESCE(c.kind, '') FROM identity_member m
 JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id JOIN organisation o ON o.tenant_id = m.tenant_id
 LEFT JOIN credential c ON c.tenant_id = m.tenant_id AND c.person_id = m.person_id WHERE m.identity_id = ? ORDER BY o.name, p.id`
	sqlIdentityRoles = `SELECT r.person_id, r.role FROM identity_member m JOIN person_role r ON r.tenant_id = m.tenant_id AND r.person_id = m.person_id
 WHERE m.identity_id = ? ORDER BY r.role`
)
