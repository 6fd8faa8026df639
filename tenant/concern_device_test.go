package tenant_test

import (
	"testing"

	"kenshu/rig/kit"
	"kenshu/rig/servers"
	"kenshu/storage/cache"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Who is logged in from several networks at once is of concern while they are, whichever cache keeps the sessions; several devices of one network are not.
func TestConcernOfSeveralDevices(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		for name, cfg := range map[string]cache.Config{"in process": {Clock: k.clock.Now}, "redis": {RedisURL: servers.Redis(t)}} {
			t.Run(name, func(t *testing.T) {
				store, err := cache.Open(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = store.Close() })
				sessions := tenant.NewSessions(d, store, k.clock.Now, tenant.DefaultSessionLimits)
				concerns := tenant.NewConcerns(d, tenant.NewPeople(d, k.audit, sessions, k.credentials, k.clock.Now), k.clock.Now)
				a := kit.NewOrg(t, d, "DEVICES-"+db.NewID().String()[24:], "organisation", 2)
				person := a.Staff[0]
				start := func(who db.ID, source string) tenant.Principal {
					t.Helper()
					ctx := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: a.ID, Person: who, Source: source})
					_, p, err := sessions.Start(ctx, a.ID, who)
					if err != nil {
						t.Fatal(err)
					}
					return p
				}
				want := func(n int) {
					t.Helper()
					count, err := concerns.Count(t.Context(), a.ID)
					if err != nil {
						t.Fatal(err)
					}
					list, _, err := concerns.List(t.Context(), a.ID, tenant.ConcernDevices, "", db.Page{})
					if err != nil {
						t.Fatal(err)
					}
					if count.Kinds[tenant.ConcernDevices] != n || len(list) != n || n == 1 && list[0].ID != person {
						t.Errorf("%d counted, %+v listed, want %d", count.Kinds[tenant.ConcernDevices], list, n)
					}
				}
				start(a.Staff[1], "203.0.113.7")
				start(a.Staff[1], "203.0.113.9") // another device of the same office
				first := start(person, "203.0.113.7")
				want(0)
				start(person, "198.51.100.4")
				want(1)
				if err := sessions.End(t.Context(), first); err != nil {
					t.Fatal(err)
				}
				want(0)
				start(person, "2001:db8:1::1")
				want(1)
				if err := d.Tx(t.Context(), func(tx *db.Tx) error { return sessions.EndPerson(t.Context(), a.ID, tx, person) }); err != nil {
					t.Fatal(err)
				}
				want(0) // signed out everywhere
				start(person, "203.0.113.7")
				start(person, "198.51.100.4")
				want(1)
				k.clock.Add(tenant.DefaultSessionLimits.Absolute + 1)
				want(0) // over by themselves
			})
		}
	})
}
