package tenant_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

func (o *office) identities() *tenant.Identities {
	return tenant.NewIdentities(o.db, o.cache, o.audit, o.credentials, o.clock.Now)
}

// account gives a logged-in account with a password of its own.
func (o *office) account(t *testing.T, org kit.Org, person db.ID, password string) tenant.Principal {
	t.Helper()
	o.issue(t, org, person)
	if _, err := o.db.Exec(t.Context(), "UPDATE credential SET kind = 'chosen' WHERE tenant_id = ? AND person_id = ?", org.ID, person); err != nil {
		t.Fatal(err)
	}
	_, p, err := o.sessions.Start(t.Context(), org.ID, person)
	if err != nil {
		t.Fatal(err)
	}
	_ = password
	return p
}

func by(ctx context.Context, p tenant.Principal) context.Context {
	return tenant.WithActor(ctx, tenant.Actor{Kind: "person", Tenant: p.Tenant, Person: p.Person, Name: p.Name, Role: "staff"})
}

func TestJoinedAccounts(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		s, a, b := o.identities(), o.world.A, o.world.B
		one, two := o.account(t, a, a.Staff[0], ""), o.account(t, b, b.Manager, "")
		third := o.account(t, b, b.Staff[1], "")
		ticket, err := s.Ask(t.Context(), one)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Offered(t.Context(), one, ticket); !fault.Is(err, fault.NotFound) {
			t.Errorf("an account is offered to itself: %v", err)
		}
		if m, err := s.Offered(t.Context(), two, ticket); err != nil || m.Person != one.Person {
			t.Fatalf("%+v, %v", m, err)
		}
		if _, err := s.Switch(by(t.Context(), one), one, two.Person, tenant.LoginAttempt{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("changed to an account that is not joined: %v", err)
		}
		if err := s.Join(by(t.Context(), two), two, ticket); err != nil {
			t.Fatal(err)
		}
		if err := s.Join(by(t.Context(), third), third, ticket); !fault.Is(err, fault.NotFound) {
			t.Errorf("a ticket counted twice: %v", err)
		}
		for _, p := range []tenant.Principal{one, two} {
			if list, err := s.List(t.Context(), p.Tenant, p.Person); err != nil || len(list) != 2 || !list[0].Usable || !list[1].Usable {
				t.Errorf("%+v, %v", list, err)
			}
		}
		if list, err := s.List(t.Context(), third.Tenant, third.Person); err != nil || len(list) != 0 {
			t.Errorf("somebody else sees them: %+v, %v", list, err)
		}
		login, err := s.Switch(by(t.Context(), one), one, two.Person, tenant.LoginAttempt{Source: "192.0.2.1"})
		if err != nil || login.Principal.Person != two.Person || login.Principal.Tenant != b.ID || !login.Principal.Has(tenant.RoleManager) {
			t.Fatalf("%+v, %v", login, err)
		}
		for _, org := range []kit.Org{a, b} { // each organisation's log holds its own side only
			events, _, err := o.audit.List(t.Context(), org.ID, tenant.AuditQuery{Action: "identity.join"})
			if err != nil || len(events) != 1 || events[0].ActorID != events[0].SubjectID {
				t.Errorf("%+v, %v", events, err)
			}
		}
		if err := s.Separate(by(t.Context(), two), two.Tenant, two.Person, third.Person); !fault.Is(err, fault.NotFound) {
			t.Errorf("separated somebody else's account: %v", err)
		}
		if err := s.Separate(by(t.Context(), one), one.Tenant, one.Person, two.Person); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Switch(by(t.Context(), one), one, two.Person, tenant.LoginAttempt{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("changed to a separated account: %v", err)
		}
	})
}

// The manager of one organisation must not reach another through a shared member of staff.
func TestNewCredentialBreaksJoinedAccounts(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		s, a, b := o.identities(), o.world.A, o.world.B
		one, two := o.account(t, a, a.Staff[0], ""), o.account(t, b, b.Manager, "")
		o.join(t, s, one, two)
		if _, err := o.people.Issue(o.manager(t), a.ID, []db.ID{one.Person}, true); err != nil {
			t.Fatal(err)
		}
		if list, err := s.List(t.Context(), a.ID, one.Person); err != nil || len(list) != 0 {
			t.Errorf("still joined after a new one-time password: %+v, %v", list, err)
		}
		if _, err := s.Switch(by(t.Context(), one), one, two.Person, tenant.LoginAttempt{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("reached the other organisation: %v", err)
		}
	})
}

func (o *office) join(t *testing.T, s *tenant.Identities, one, two tenant.Principal) {
	t.Helper()
	ticket, err := s.Ask(t.Context(), one)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Join(by(t.Context(), two), two, ticket); err != nil {
		t.Fatal(err)
	}
}

func TestJoinedAccountsThatCannotBeUsed(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		s, a, b := o.identities(), o.world.A, o.world.B
		one, two := o.account(t, a, a.Staff[0], ""), o.account(t, b, b.Staff[0], "")
		ticket, err := s.Ask(t.Context(), one)
		if err != nil {
			t.Fatal(err)
		}
		o.clock.Add(tenant.JoinFor + time.Second)
		if err := s.Join(by(t.Context(), two), two, ticket); !fault.Is(err, fault.NotFound) {
			t.Errorf("joined too late: %v", err)
		}
		o.join(t, s, one, two)
		for _, spoil := range []string{
			"UPDATE person SET state = 'suspended' WHERE tenant_id = ? AND id = ?", "UPDATE person SET state = 'left' WHERE tenant_id = ? AND id = ?",
		} {
			if _, err := d.Exec(t.Context(), spoil, b.ID, two.Person); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Switch(by(t.Context(), one), one, two.Person, tenant.LoginAttempt{}); keyOf(err) != "account_unusable" {
				t.Errorf("%s: %v", spoil, err)
			}
		}
		if _, err := d.Exec(t.Context(), "UPDATE person SET state = 'active' WHERE tenant_id = ? AND id = ?", b.ID, two.Person); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Exec(t.Context(), "UPDATE organisation SET state = 'suspended' WHERE tenant_id = ?", b.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Switch(by(t.Context(), one), one, two.Person, tenant.LoginAttempt{}); keyOf(err) != "account_unusable" {
			t.Errorf("changed into a suspended organisation: %v", err)
		}
	})
}

// A ticket that several accounts take at once counts once.
func TestJoinOnce(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		s, a, b := o.identities(), o.world.A, o.world.B
		one := o.account(t, a, a.Staff[0], "")
		takers := []tenant.Principal{o.account(t, b, b.Staff[0], ""), o.account(t, b, b.Staff[1], ""), o.account(t, b, b.Staff[2], "")}
		ticket, err := s.Ask(t.Context(), one)
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		var mu sync.Mutex
		joined := 0
		for _, p := range takers {
			wg.Go(func() {
				if err := s.Join(by(t.Context(), p), p, ticket); err == nil {
					mu.Lock()
					joined++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if list, err := s.List(t.Context(), a.ID, one.Person); err != nil || joined != 1 || len(list) != 2 {
			t.Errorf("%d joined, %d accounts, %v", joined, len(list), err)
		}
	})
}
