package tenant

import (
	"context"
	"fmt"

	"kenshu/storage/db"
)

const (
	sqlFactorKinds = `SELECT 'totp' FROM second_factor f WHERE f.tenant_id = ? AND f.person_id = ?
 UNION ALL SELECT 'passkey' FROM passkey k WHERE k.tenant_id = ? AND k.person_id = ?
 UNION ALL SELECT 'recovery' FROM recovery_code r WHERE r.tenant_id = ? AND r.person_id = ? AND r.used_at IS NULL`

	sqlFindTOTP   = `SELECT secret, created_at, used_at FROM second_factor WHERE tenant_id = ? AND person_id = ?`
	sqlInsertTOTP = `INSERT INTO second_factor (tenant_id, person_id, secret, last_step, created_at) VALUES (?, ?, ?, ?, ?)`
	// A compare-and-set: of several log-ins with one code one finds the step unused.
	sqlUseTOTP    = `UPDATE second_factor SET last_step = ?, used_at = ? WHERE tenant_id = ? AND person_id = ? AND last_step < ?`
	sqlDeleteTOTP = `DELETE FROM second_factor WHERE tenant_id = ? AND person_id = ?`

	sqlInsertRecovery = `INSERT INTO recovery_code (tenant_id, person_id, number, hash, created_at) VALUES`
	sqlFindRecovery   = `SELECT hash FROM recovery_code WHERE tenant_id = ? AND person_id = ? AND number = ? AND used_at IS NULL`
	sqlUseRecovery    = `UPDATE recovery_code SET used_at = ? WHERE tenant_id = ? AND person_id = ? AND number = ? AND hash = ? AND used_at IS NULL`
	sqlDeleteRecovery = `DELETE FROM recovery_code WHERE tenant_id = ? AND person_id = ?`

	sqlSelectPasskeys = `SELECT id, name, record, sign_count, cloned_at, created_at, used_at FROM passkey`
	sqlInsertPasskey  = `INSERT INTO passkey (tenant_id, id, person_id, key_hash, name, record, sign_count, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
	sqlUsePasskey     = `UPDATE passkey SET record = ?, sign_count = ?, used_at = ? WHERE tenant_id = ? AND id = ? AND sign_count = ?`
	sqlClonePasskey   = `UPDATE passkey SET cloned_at = ? WHERE tenant_id = ? AND id = ? AND cloned_at IS NULL`
	sqlRenamePasskey  = `UPDATE passkey SET name = ? WHERE tenant_id = ? AND id = ? AND person_id = ?`
	sqlDeletePasskey  = `DELETE FROM passkey WHERE tenant_id = ? AND id = ? AND person_id = ?`
	sqlDeletePasskeys = `DELETE FROM passkey WHERE tenant_id = ? AND person_id = ?`

	sqlFactorOwner = `SELECT o.id, o.name, o.code, p.name, p.login_id, p.login_key, c.kind, c.short_password
 FROM person p JOIN organisation o ON o.tenant_id = p.tenant_id JOIN credential c ON c.tenant_id = p.tenant_id AND c.person_id = p.id
 WHERE p.tenant_id = ? AND p.id = ?`
	sqlLoginPerson = `SELECT p.id, p.name, p.state, p.session_epoch, c.kind, c.hash, c.expires_at, p.login_key FROM person p JOIN credential c ON c.tenant_id = p.tenant_id AND c.person_id = p.id
 WHERE p.tenant_id = ? AND p.id = ?`
	sqlOrganisationByID = `SELECT tenant_id, code FROM organisation WHERE id = ?` // all tenants: a passkey says whose it is
)

// factorKinds are the second factors that somebody can use now.
type factorKinds struct {
	totp, passkey bool
	recovery      int // unused codes
}

// any tells whether log-in takes a second step. Recovery codes alone are no factor.
func (k factorKinds) any() bool { return k.totp || k.passkey }

// names lists those that are set up.
func (k factorKinds) names() []string {
	out := []string{}
	if k.passkey {
		out = append(out, "passkey")
	}
	if k.totp {
		out = append(out, "totp")
	}
	return out
}

// methods names them for the page.
func (k factorKinds) methods() []string {
	var out []string
	if k.passkey {
		out = append(out, "passkey")
	}
	if k.totp {
		out = append(out, "totp")
	}
	if k.recovery > 0 && k.any() {
		out = append(out, "recovery")
	}
	return out
}

func readFactorKinds(ctx context.Context, tid ID, r db.Runner, person db.ID) (factorKinds, error) {
	var k factorKinds
	err := db.Each(ctx, r, sqlFactorKinds, []any{tid, person, tid, person, tid, person}, func(scan func(...any) error) error {
		var kind string
		err := scan(&kind)
		switch kind {
		case "totp":
			k.totp = true
		case "passkey":
			k.passkey = true
		case "recovery":
			k.recovery++
		}
		return err
	})
	if err != nil {
		return k, fmt.Errorf("read second factors: %w", err)
	}
	return k, nil
}

// factorOwner is whom a factor belongs to.
type factorOwner struct {
	organisation                                    db.ID
	organisationName, code, name, loginID, loginKey string
	credential                                      string
	short                                           bool // their password would be too short without a second factor
}

func readFactorOwner(ctx context.Context, tid ID, r db.Runner, person db.ID) (factorOwner, error) {
	var o factorOwner
	err := db.One(r.QueryRow(ctx, sqlFactorOwner, tid, person).
		Scan(&o.organisation, &o.organisationName, &o.code, &o.name, &o.loginID, &o.loginKey, &o.credential, &o.short))
	return o, err
}

// deleteFactors takes every second factor and recovery code from a person.
func deleteFactors(ctx context.Context, tid ID, tx *db.Tx, person db.ID) (had bool, err error) {
	for _, query := range []string{sqlDeleteTOTP, sqlDeletePasskeys, sqlDeleteRecovery} {
		r, err := tx.Exec(ctx, query, tid, person)
		if err != nil {
			return false, err
		}
		n, err := r.RowsAffected()
		if err != nil {
			return false, err
		}
		had = had || n > 0
	}
	return had, nil
}
