package main

import (
	"strings"
	"testing"

	"kenshu/storage/db"
)

// Every statement that the product sends while somebody walks over it is explained on a database of 300 organisations: none reads a whole
// table, every index that is used begins with the tenant. The log of it all, at debug level, holds no session, password, code, address or name.
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
			if got.lines < 300 {
				t.Errorf("only %d lines of log", got.lines)
			}
			for _, line := range got.spoken {
				t.Errorf("the log holds what it must not: %s", line)
			}
			for _, id := range got.unvisited {
				if notWalked[id] == "" {
					t.Errorf("the walk does not come by %s", id)
				}
			}
		})
	}
}

// notWalked are routes that need what a walk does not have, and why.
var notWalked = map[string]string{
	"ask-proof": "needs a passkey of a device", "ask-factor": "needs a passkey of a device", "start-session-by-passkey": "needs a passkey of a device",
	"add-passkey": "needs a passkey of a device", "rename-passkey": "needs a passkey of a device", "remove-passkey": "needs a passkey of a device",
	"reset-manager-factors": "sends what reset-factors sends, for the manager of another organisation who has a factor",
	"ask-to-join":           "needs one person with two accounts", "join-accounts": "needs one person with two accounts",
	"separate-account": "needs one person with two accounts", "switch-account": "needs one person with two accounts",
	"accept-handover": "the walk would lose its manager", "appoint-manager": "sends what offer-handover sends, for another organisation",
	"print-slip":       "sends what issue-credential sends",
	"test-mail":        "needs a mail server",
	"resend-mail":      "needs a mail that failed",
	"complete-upload":  "needs an uploaded file",
	"set-asset-poster": "needs an uploaded film",
	"retry-asset":      "needs a job that was given up", "retry-job": "needs a job that was given up",
	"decide-review":      "nobody answers their own request; sends what withdraw-review sends",
	"revoke-certificate": "needs a certificate nobody asks for afterwards",

	"check-password-file": "off by policy", "get-password-file": "off by policy", "list-password-problems": "off by policy",
	"apply-password-file": "off by policy", "cancel-password-file": "off by policy",
}
