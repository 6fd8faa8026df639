package main

import (
	"strings"
	"testing"

	"kenshu/storage/db"
)

// Every statement that the product sends while somebody walks over it is explained on a database of 300 organisations: none reads a whole
// table, every index that is used begins with the tenant.
func TestPlans(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.MySQL} {
		t.Run(string(engine), func(t *testing.T) {
			m, err := newManaged(t.Context(), engine, 299)
			if err != nil {
				t.Fatal(err)
			}
			defer m.close()
			got, err := measurePlans(t.Context(), m)
			if err != nil {
				t.Fatal(err)
			}
			if got.statements < 150 {
				t.Errorf("only %d statements were seen", got.statements)
			}
			for _, p := range got.bad {
				t.Errorf("%s\n%s\nplan: %s", p.query, strings.Join(p.faults, "\n"), strings.Join(p.steps, " / "))
			}
			for _, id := range got.unvisited {
				if !notWalked[id] {
					t.Errorf("the walk does not come by %s", id)
				}
			}
		})
	}
}

// notWalked are routes whose statements others send too, or that need what a walk does not have (a chosen password, an uploaded file).
var notWalked = map[string]bool{
	"start-session": true, "update-password": true, "check-password": true, "end-all-sessions": true, "end-session": true, "print-slip": true,
	"accept-handover": true, "appoint-manager": true, "ask-to-join": true, "join-accounts": true, "separate-account": true, "switch-account": true,
	"delete-department": true, "resend-mail": true, "test-mail": true, "delete-asset": true, "complete-upload": true, "revoke-certificate": true,
	"check-password-file": true, "get-password-file": true, "list-password-problems": true, "apply-password-file": true, "cancel-password-file": true, // off by policy
}
