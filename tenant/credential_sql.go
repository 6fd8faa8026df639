package tenant

import (
	"context"

	"kenshu/storage/db"
)

const (
	sqlInsertCredential = `INSERT INTO credential (tenant_id, person_id, kind, hash, expires_at, changed_at) VALUES`
	sqlRehash           = `UPDATE credential SET hash = ? WHERE tenant_id = ? AND person_id = ? AND hash = ?`
	sqlCredentialNow    = `SELECT p.state, c.kind, c.hash, c.expires_at FROM credential c JOIN person p ON p.tenant_id = c.tenant_id AND p.id = c.person_id
 WHERE c.tenant_id = ? AND c.person_id = ?`
	sqlCredentialUse    = `SELECT kind, hash, expires_at, changed_at, last_login_at FROM credential WHERE tenant_id = ? AND person_id = ?`
	sqlChooseCredential = `UPDATE credential SET kind = 'chosen', hash = ?, short_password = ?, expires_at = NULL, changed_at = ? WHERE tenant_id = ? AND person_id = ? AND hash = ?`
	sqlVoidCredentials  = `UPDATE credential SET kind = 'void', hash = 'void', expires_at = NULL, changed_at = ?`
	sqlLoginNow         = `UPDATE credential SET last_login_at = ? WHERE tenant_id = ? AND person_id = ?`
	sqlSubject          = `SELECT p.name, p.name_kana, p.login_id, p.employee_number, p.email, o.name, o.code, c.kind, c.hash, c.expires_at
 FROM person p JOIN organisation o ON o.tenant_id = p.tenant_id JOIN credential c ON c.tenant_id = p.tenant_id AND c.person_id = p.id
 WHERE p.tenant_id = ? AND p.id = ?`
	sqlOrganisationByCode = `SELECT tenant_id FROM organisation WHERE code = ?` // all tenants: the log-in asks which one it is
	sqlLogin              = `SELECT p.id, p.name, p.state, p.session_epoch, c.kind, c.hash, c.expires_at FROM person p JOIN credential c ON c.tenant_id = p.tenant_id AND c.person_id = p.id
 WHERE p.tenant_id = ? AND p.login_key = ?`
)

// subject reads whom a password would belong to, and the credential in force.
func (c *Credentials) subject(ctx context.Context, tid ID, r db.Runner, person db.ID) (Subject, credential, error) {
	var s Subject
	var cr credential
	err := db.One(r.QueryRow(ctx, sqlSubject, tid, person).
		Scan(&s.Name, &s.Kana, &s.LoginID, &s.EmployeeNumber, &s.Email, &s.Organisation, &s.Code, &cr.kind, &cr.hash, &cr.expires))
	return s, cr, err
}
