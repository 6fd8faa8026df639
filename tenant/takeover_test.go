package tenant_test

import (
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/storage/mail"
	"kenshu/tenant"
)

func (k *counter) handovers() *tenant.Handovers {
	organisations := tenant.NewOrganisations(k.db, k.audit, k.sessions, k.credentials, k.people, k.clock.Now)
	outbox := tenant.NewOutbox(k.db, k.audit, mail.Kept{}, k.clock.Now)
	return tenant.NewHandovers(k.db, k.audit, k.sessions, k.people, organisations, outbox, k.clock.Now, "http://localhost:8080")
}

// deputy makes the second member of staff a deputy and gives what they act with.
func (k *counter) deputy(t *testing.T) db.ID {
	t.Helper()
	deputy := k.world.A.Staff[1]
	if _, err := k.db.Exec(t.Context(), "INSERT INTO person_role (tenant_id, person_id, role) VALUES (?, ?, 'deputy_manager')", k.world.A.ID, deputy); err != nil {
		t.Fatal(err)
	}
	return deputy
}

// A deputy who gets a one-time password for the successor could accept the handover in their place. By whichever way: the offer is gone.
func TestDeputyCannotBecomeManagerThroughTheSuccessor(t *testing.T) {
	ways := map[string]func(t *testing.T, k *counter, deputy, next db.ID){
		"one slip": func(t *testing.T, k *counter, deputy, next db.ID) {
			if _, err := k.people.IssueOne(k.as(deputy, tenant.RoleDeputyManager), k.world.A.ID, next, true, time.Time{}); err != nil {
				t.Fatal(err)
			}
		},
		"slips in a batch": func(t *testing.T, k *counter, deputy, next db.ID) {
			b, err := k.slips.Create(k.as(deputy, tenant.RoleDeputyManager), k.world.A.ID, db.NewID(), tenant.SlipOrder{Target: tenant.SlipTarget{People: []db.ID{next}}, ReplaceChosen: true})
			if err != nil || b.Issued != 1 {
				t.Fatalf("%+v, %v", b, err)
			}
		},
		"password file": func(t *testing.T, k *counter, deputy, _ db.ID) {
			k.allow(t)
			ctx := k.as(deputy, tenant.RoleDeputyManager)
			f, err := k.passwords.Check(ctx, k.world.A.ID, db.NewID(), "a.csv", []byte("ログインID,パスワード\r\ntanaka,むらさき 7つの橋 quiet lamp\r\n"))
			if err != nil || f.Wrong > 0 {
				t.Fatalf("%+v, %v", f, err)
			}
			if _, err := k.passwords.Apply(ctx, k.world.A.ID, f.ID); err != nil {
				t.Fatal(err)
			}
			k.work(t)
			if f, err = k.passwords.Find(t.Context(), k.world.A.ID, f.ID); err != nil || f.State != tenant.PasswordFileApplied {
				t.Fatalf("%+v, %v", f, err)
			}
		},
	}
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			kit.EachDB(t, func(t *testing.T, d *db.DB) {
				k := newCounter(t, d)
				a, s, deputy := k.world.A, k.handovers(), k.deputy(t)
				next := a.Staff[0]
				h, err := s.Offer(k.manager(), a.ID, tenant.HandoverOffer{ID: db.NewID(), To: next})
				if err != nil {
					t.Fatal(err)
				}
				k.clock.Add(time.Minute)
				way(t, k, deputy, next)
				if _, err := s.Invited(t.Context(), a.ID, next); !fault.Is(err, fault.NotFound) {
					t.Errorf("the offer stands: %v", err)
				}
				_, p, err := s.Accept(k.as(next, tenant.RoleStaff), a.ID, next, h.ID)
				if keyOf(err) != "handover_decided" || p.Has(tenant.RoleManager) {
					t.Errorf("who holds the slip became the manager: %v, %v", p.Roles, err)
				}
			})
		})
	}
}

// Somebody becomes the manager between the order of a deputy and its execution: they get nothing of it.
func TestDeputyGetsNothingForWhoBecameManagerMeanwhile(t *testing.T) {
	promote := func(t *testing.T, k *counter, next db.ID) {
		if _, err := k.db.Exec(t.Context(), "UPDATE person_role SET person_id = ? WHERE tenant_id = ? AND role = 'manager'", next, k.world.A.ID); err != nil {
			t.Fatal(err)
		}
	}
	hash := func(t *testing.T, k *counter, person db.ID) string {
		var hash string
		if err := k.db.QueryRow(t.Context(), "SELECT hash FROM credential WHERE tenant_id = ? AND person_id = ?", k.world.A.ID, person).Scan(&hash); err != nil {
			t.Fatal(err)
		}
		return hash
	}
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		k.allow(t)
		deputy, next := k.deputy(t), k.world.A.Staff[0]
		ctx, tid := k.as(deputy, tenant.RoleDeputyManager), k.world.A.ID
		k.issue(t, k.world.A, next)
		before := hash(t, k, next)
		k.clock.Add(time.Minute)
		b, err := k.slips.Create(ctx, tid, db.NewID(), tenant.SlipOrder{Target: tenant.SlipTarget{People: append(k.many(t, 201), next)}, ReplaceChosen: true})
		if err != nil || b.State != tenant.SlipQueued {
			t.Fatalf("%+v, %v", b, err)
		}
		f, err := k.passwords.Check(ctx, tid, db.NewID(), "a.csv", []byte("ログインID,パスワード\r\ntanaka,むらさき 7つの橋 quiet lamp\r\n"))
		if err != nil || f.Wrong > 0 {
			t.Fatalf("%+v, %v", f, err)
		}
		if _, err := k.passwords.Apply(ctx, tid, f.ID); err != nil {
			t.Fatal(err)
		}
		promote(t, k, next)
		k.work(t)
		if _, counts, err := k.slips.Refused(t.Context(), tid, b.ID); err != nil || counts[tenant.SlipGuarded] != 1 || counts[tenant.SlipIssued] != 201 {
			t.Errorf("%v, %v", counts, err)
		}
		if f, err = k.passwords.Find(t.Context(), tid, f.ID); err != nil || f.State != tenant.PasswordFileFailed {
			t.Errorf("%+v, %v", f, err)
		}
		if hash(t, k, next) != before {
			t.Error("the new manager has a password that a deputy knows")
		}
	})
}

// A deputy who lost the role while their file was being hashed sets nobody's password any more.
func TestPasswordFileOfWhoLostTheRole(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		k.allow(t)
		deputy := k.deputy(t)
		ctx, tid := k.as(deputy, tenant.RoleDeputyManager), k.world.A.ID
		f, err := k.passwords.Check(ctx, tid, db.NewID(), "a.csv", []byte("ログインID,パスワード\r\ntanaka,むらさき 7つの橋 quiet lamp\r\n"))
		if err != nil || f.Wrong > 0 {
			t.Fatalf("%+v, %v", f, err)
		}
		if _, err := k.passwords.Apply(ctx, tid, f.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Exec(t.Context(), "DELETE FROM person_role WHERE tenant_id = ? AND person_id = ? AND role = 'deputy_manager'", tid, deputy); err != nil {
			t.Fatal(err)
		}
		k.work(t)
		if f, err = k.passwords.Find(t.Context(), tid, f.ID); err != nil || f.State != tenant.PasswordFileFailed {
			t.Errorf("%+v, %v", f, err)
		}
	})
}

// A slip that is replaced while somebody logs in with it: the log-in under way comes to nothing, also of who never logged in before.
func TestReissueEndsWhatTheOldSlipBegan(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		a, person := k.world.A, k.world.A.Staff[0]
		k.issue(t, a, person)
		epoch := func() (n int) {
			if err := d.QueryRow(t.Context(), "SELECT session_epoch FROM person WHERE tenant_id = ? AND id = ?", a.ID, person).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		first := epoch()
		k.clock.Add(time.Minute)
		if _, err := k.people.IssueOne(k.manager(), a.ID, person, true, time.Time{}); err != nil || epoch() == first {
			t.Errorf("one slip: sessions of the old one could begin, %v", err)
		}
		second := epoch()
		k.clock.Add(time.Minute)
		if _, err := k.slips.Create(k.manager(), a.ID, db.NewID(), tenant.SlipOrder{Target: tenant.SlipTarget{People: []db.ID{person}}}); err != nil || epoch() == second {
			t.Errorf("a batch: sessions of the old one could begin, %v", err)
		}
	})
}

// The manager of one organisation hands out a new password between the two steps of joining: they do not get into the other organisation.
func TestNewPasswordEndsAnAskToJoin(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		s, a, b := o.identities(), o.world.A, o.world.B
		one, two := o.account(t, a, a.Staff[0], ""), o.account(t, b, b.Manager, "")
		ticket, err := s.Ask(t.Context(), one)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.people.IssueOne(o.manager(t), a.ID, one.Person, true, time.Time{}); err != nil {
			t.Fatal(err)
		}
		if err := s.Join(by(t.Context(), two), two, ticket); !fault.Is(err, fault.NotFound) {
			t.Errorf("joined: %v", err)
		}
		if list, err := s.List(t.Context(), a.ID, one.Person); err != nil || len(list) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

// Who handed a password out could log in with it first, and join the account with their own for good: no account is joined before its owner chose a password.
func TestHandedOutPasswordJoinsNothing(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		s, a := o.identities(), o.world.A
		own := o.account(t, a, a.Manager, "")
		o.issue(t, a, a.Staff[0])
		_, slip, err := o.sessions.Start(t.Context(), a.ID, a.Staff[0])
		if err != nil || !slip.MustChange {
			t.Fatalf("%+v, %v", slip, err)
		}
		if _, err := s.Ask(t.Context(), slip); keyOf(err) != "must_change_password" {
			t.Errorf("asked: %v", err)
		}
		ticket, err := s.Ask(t.Context(), own)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Join(by(t.Context(), slip), slip, ticket); keyOf(err) != "must_change_password" {
			t.Errorf("joined: %v", err)
		}
		if list, err := s.List(t.Context(), a.ID, a.Staff[0]); err != nil || len(list) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

// Where passwords are handed out stands the last guard: whatever was looked at before, a deputy gets none for the manager.
func TestDeputyIsHandedNoManagersPassword(t *testing.T) {
	k := newCounter(t, kit.SQLite(t))
	a, deputy := k.world.A, k.deputy(t)
	err := k.db.Tx(t.Context(), func(tx *db.Tx) error {
		_, err := k.credentials.Issue(k.as(deputy, tenant.RoleDeputyManager), a.ID, tx, a.Manager)
		return err
	})
	if keyOf(err) != "manager_only" {
		t.Errorf("%v", err)
	}
}
