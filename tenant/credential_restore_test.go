package tenant_test

import (
	"testing"

	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Whatever became of an account's password and factors, restoring lets it in with the given password alone, and ends what went on with the other one.
func TestRestoreCredential(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		a, person := o.world.A, o.world.A.Staff[0]
		of, err := o.people.Find(t.Context(), a.ID, person)
		if err != nil {
			t.Fatal(err)
		}
		const password = "skkh-ytgj-qk6f-fgal"
		in := func(want bool) {
			t.Helper()
			l, err := o.credentials.Login(t.Context(), tenant.LoginAttempt{Code: a.Code, LoginID: of.LoginID, Password: password, Source: "127.0.0.1"})
			if done := err == nil && l.Pending == ""; done != want {
				t.Errorf("logged in: %t, %v", done, err)
			}
		}
		in(false)
		if _, err := d.Exec(t.Context(), "INSERT INTO second_factor (tenant_id, person_id, secret, last_step, created_at) VALUES (?, ?, ?, 0, 1)", a.ID, person, []byte("sealed")); err != nil {
			t.Fatal(err)
		}
		token, _, err := o.sessions.Start(t.Context(), a.ID, person)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time there is nothing to do
			if there, err := o.credentials.Restore(t.Context(), a.Code, of.LoginID, password); err != nil || !there {
				t.Fatalf("%t, %v", there, err)
			}
		}
		if _, err := o.sessions.Resolve(t.Context(), token); err == nil {
			t.Error("the session from before lives on")
		}
		in(true)
		if there, err := o.credentials.Restore(t.Context(), a.Code, "nobody-at-all", password); err != nil || there {
			t.Errorf("somebody who is not there: %t, %v", there, err)
		}
		if _, err := d.Exec(t.Context(), "UPDATE person SET state = 'left' WHERE tenant_id = ? AND id = ?", a.ID, person); err != nil {
			t.Fatal(err)
		}
		if there, err := o.credentials.Restore(t.Context(), a.Code, of.LoginID, password); err != nil || there {
			t.Errorf("somebody who has left: %t, %v", there, err)
		}
	})
}
