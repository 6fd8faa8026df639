package tenant_test

import (
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

func TestProof(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a, person := k.world.A, k.world.A.Staff[0]
		k.issue(t, a, person)
		token, _, err := k.credentials.ChangePassword(t.Context(), a.ID, person, tenant.PasswordChange{New: goodPassword})
		if err != nil {
			t.Fatal(err)
		}
		now := func() tenant.Principal {
			t.Helper()
			p, err := k.sessions.Resolve(t.Context(), token)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		if !k.sessions.Fresh(now()) {
			t.Fatal("a log-in is no proof")
		}
		k.clock.Add(tenant.DefaultSessionLimits.Proof + time.Second)
		before := now()
		if k.sessions.Fresh(before) {
			t.Fatal("the proof never ages")
		}

		_, _, err = k.factors.Prove(t.Context(), a.ID, before, tenant.Proof{Password: goodPassword + " "})
		wantKind(t, err, fault.Invalid, "invalid")
		if k.sessions.Fresh(now()) {
			t.Fatal("a wrong password counted")
		}
		old := token
		token, _, err = k.factors.Prove(t.Context(), a.ID, before, tenant.Proof{Password: goodPassword})
		if err != nil {
			t.Fatal(err)
		}
		after := now()
		if !k.sessions.Fresh(after) || !after.Since.Equal(before.Since) {
			t.Fatalf("after the proof: %+v", after)
		}
		_, err = k.sessions.Resolve(t.Context(), old)
		wantKind(t, err, fault.Unauthorized, "no_session")
		_, _, err = k.factors.Prove(t.Context(), a.ID, before, tenant.Proof{Password: goodPassword})
		wantKind(t, err, fault.Unauthorized, "no_session") // the session that is no more

		k.clock.Add(tenant.DefaultSessionLimits.Absolute)
		_, err = k.sessions.Resolve(t.Context(), token)
		wantKind(t, err, fault.Unauthorized, "no_session") // it was not made longer
	})
}

func TestProofsAreLimited(t *testing.T) {
	d := kit.SQLite(t)
	k := newDesk(t, d)
	a, person := k.world.A, k.world.A.Staff[0]
	k.issue(t, a, person)
	_, p, err := k.credentials.ChangePassword(t.Context(), a.ID, person, tenant.PasswordChange{New: goodPassword})
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		_, _, err = k.factors.Prove(t.Context(), a.ID, p, tenant.Proof{Password: "wrong"})
		wantKind(t, err, fault.Invalid, "invalid")
	}
	_, _, err = k.factors.Prove(t.Context(), a.ID, p, tenant.Proof{Password: goodPassword})
	wantKind(t, err, fault.Limited, "limited")
}
