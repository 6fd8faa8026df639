package tenant_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// raceRounds is how often two managers meet in TestTwoManagersRegisterOneID.
const raceRounds = 1000

// Two managers register the same login ID at the same moment, again and again: one of them succeeds each time, the other is told that it is taken.
func TestTwoManagersRegisterOneID(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		tid, began := o.world.A.ID, time.Now()
		managers := [2]tenant.Actor{tenant.ActorFrom(o.manager(t)), tenant.ActorFrom(as(t, o.world.A, o.world.A.Staff[0], tenant.RoleDeputyManager))}
		for round := range raceRounds {
			login := fmt.Sprintf("vuqomir%d", 7919*(round+3)%99991)
			var wait sync.WaitGroup
			var errs [2]error
			for i, who := range managers {
				wait.Go(func() {
					_, errs[i] = o.people.Create(tenant.WithActor(t.Context(), who), tid, db.NewID(), tenant.PersonInput{LoginID: login, Name: fmt.Sprintf("同時 %d", i)})
				})
			}
			wait.Wait()
			if (errs[0] == nil) == (errs[1] == nil) || errs[0] != nil && !isKey(errs[0], "login_id_taken") || errs[1] != nil && !isKey(errs[1], "login_id_taken") {
				t.Fatalf("round %d: %v, %v", round, errs[0], errs[1])
			}
			if n := countRows(t, d, "SELECT COUNT(*) FROM person WHERE tenant_id = ? AND login_key = ?", tid, login); n != 1 {
				t.Fatalf("round %d: %d people", round, n)
			}
		}
		if n := countRows(t, d, "SELECT COUNT(*) FROM audit_event WHERE tenant_id = ? AND action = 'person.create'", tid); n != raceRounds {
			t.Errorf("%d lines in the log, not %d", n, raceRounds)
		}
		t.Logf("%d rounds in %s", raceRounds, time.Since(began).Round(time.Millisecond))
	})
}

// Ten thousand people are suspended in one act: their sessions are dead when it answers, and it answers soon.
func TestSuspendingTenThousand(t *testing.T) {
	d := kit.MariaDB(t)
	o := newActOffice(t, d)
	tid := o.world.A.ID
	const crowd = 10_000
	people, credentials, roles := [][]any{}, [][]any{}, [][]any{}
	for i := range crowd {
		id, login := db.NewID(), fmt.Sprintf("crowd%05d", i)
		people = append(people, []any{tid, id, login, login, login, login, login, "employee", "active", 1, 1})
		credentials = append(credentials, []any{tid, id, "chosen", "unusable", 1})
		roles = append(roles, []any{tid, id, "staff"})
	}
	if err := d.Tx(t.Context(), func(tx *db.Tx) error {
		if err := tx.InsertMany(t.Context(), `INSERT INTO person (tenant_id, id, login_id, login_key, name, sort_name, search_text, employment_kind, state, created_at, updated_at) VALUES`, "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", people); err != nil {
			return err
		}
		if err := tx.InsertMany(t.Context(), `INSERT INTO credential (tenant_id, person_id, kind, hash, changed_at) VALUES`, "(?, ?, ?, ?, ?)", credentials); err != nil {
			return err
		}
		return tx.InsertMany(t.Context(), `INSERT INTO person_role (tenant_id, person_id, role) VALUES`, "(?, ?, ?)", roles)
	}); err != nil {
		t.Fatal(err)
	}
	tokens := []string{}
	for i := 0; i < crowd; i += 500 {
		token, _, err := o.sessions.Start(t.Context(), tid, people[i][1].(db.ID))
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, token)
	}
	in := tenant.ActInput{Act: tenant.ActSuspend, Chosen: tenant.Chosen{Filter: &tenant.PeopleQuery{Search: "crowd"}, Shown: crowd}}
	began := time.Now()
	seen, err := o.acts.Preview(o.manager(t), tid, in)
	if err != nil || seen.People != crowd || seen.LogIns != crowd {
		t.Fatalf("announced %+v %v", seen, err)
	}
	previewed := time.Since(began)
	began = time.Now()
	if _, err := o.acts.Do(o.manager(t), tid, in); err != nil {
		t.Fatal(err)
	}
	t.Logf("preview %s, act %s", previewed.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
	for _, token := range tokens {
		if _, err := o.sessions.Resolve(t.Context(), token); err == nil {
			t.Fatal("a session lives on")
		}
	}
	if n := countRows(t, d, "SELECT COUNT(*) FROM person WHERE tenant_id = ? AND state = 'suspended'", tid); n != crowd {
		t.Errorf("%d are suspended", n)
	}
	page := func() time.Duration {
		began := time.Now()
		if list, err := o.people.List(t.Context(), tid, tenant.PeopleQuery{Search: "crowd 99", Kind: tenant.KindEmployee, Page: db.Page{Limit: 200}}); err != nil || len(list.Items) == 0 {
			t.Fatalf("%v", err)
		}
		return time.Since(began)
	}
	t.Logf("a searched and filtered page: %s, %s", page(), page())
}
