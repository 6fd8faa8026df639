package tenant_test

import (
	"sync"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/rig/servers"
	"kenshu/storage/cache"
	"kenshu/storage/db"
	"kenshu/tenant"
)

const (
	chromeWindows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
	safariPhone   = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)

func TestDevices(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a, person := k.world.A, k.world.A.Staff[0]
		start := func(agent, source string) (string, tenant.Principal) {
			t.Helper()
			ctx := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Agent: agent, Source: source})
			token, p, err := k.sessions.Start(ctx, a.ID, person)
			if err != nil {
				t.Fatal(err)
			}
			k.clock.Add(2 * time.Minute)
			return token, p
		}
		desktop, p := start(chromeWindows, "203.0.113.7")
		phone, q := start(safariPhone, "2001:db8:1:2::3")
		if _, err := k.sessions.Resolve(t.Context(), desktop); err != nil { // used last
			t.Fatal(err)
		}
		list := func() []tenant.Device {
			t.Helper()
			all, err := k.sessions.Devices(t.Context(), a.ID, a.Staff)
			if err != nil {
				t.Fatal(err)
			}
			return all[person]
		}
		got := list()
		if len(got) != 2 || got[0].ID != p.Session || got[0].Device != "Chrome / Windows" || got[0].Source != "203.0.113.x" || got[1].Device != "Safari / iPhone" || got[1].Source != "2001:db8:1::/48" {
			t.Fatalf("%+v", got)
		}
		for _, other := range []db.ID{a.Staff[1], k.world.B.Staff[0]} {
			wantKind(t, k.credentials.EndDevice(t.Context(), a.ID, other, q.Session), fault.NotFound, "not_found")
		}
		wantKind(t, k.credentials.EndDevice(t.Context(), k.world.B.ID, person, q.Session), fault.NotFound, "not_found")
		if err := k.credentials.EndDevice(t.Context(), a.ID, person, q.Session); err != nil {
			t.Fatal(err)
		}
		_, err := k.sessions.Resolve(t.Context(), phone)
		wantKind(t, err, fault.Unauthorized, "no_session")
		wantKind(t, k.credentials.EndDevice(t.Context(), a.ID, person, q.Session), fault.NotFound, "not_found")

		start(safariPhone, "")
		start("", "")
		if err := k.credentials.EndOthers(t.Context(), a.ID, p); err != nil {
			t.Fatal(err)
		}
		if got := list(); len(got) != 1 || got[0].ID != p.Session {
			t.Fatalf("%+v", got)
		}
		if err := k.sessions.End(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		if got := list(); len(got) != 0 {
			t.Fatalf("%+v", got)
		}
		// A session that was ended from elsewhere is no more in the list, a renewed one is still the same.
		token, r := start(chromeWindows, "")
		if err := d.Tx(t.Context(), func(tx *db.Tx) error { return k.sessions.EndPerson(t.Context(), a.ID, tx, person) }); err != nil {
			t.Fatal(err)
		}
		if got := list(); len(got) != 0 {
			t.Fatalf("%+v %v %v", got, token, r)
		}
		k.clock.Add(200 * 24 * time.Hour)
		if err := k.sessions.Forget(t.Context(), db.Job{}, nil); err != nil {
			t.Fatal(err)
		}
		var left int
		if err := d.QueryRow(t.Context(), `SELECT COUNT(*) FROM session_device WHERE tenant_id = ?`, a.ID).Scan(&left); err != nil || left != 0 {
			t.Fatal(left, err)
		}
	})
}

// However many log-ins come at once, as many sessions can be used as the policy allows; the ones least lately used end.
func TestSessionLimit(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		for name, cfg := range map[string]cache.Config{"in process": {}, "redis": {RedisURL: servers.Redis(t)}} {
			t.Run(name, func(t *testing.T) {
				store, err := cache.Open(t.Context(), cfg)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = store.Close() })
				sessions := tenant.NewSessions(d, store, k.clock.Now, tenant.DefaultSessionLimits)
				a := kit.NewOrg(t, d, "LIMIT-"+db.NewID().String()[24:], "organisation", 1)
				policy := tenant.DefaultSecurityPolicy
				policy.SessionsPerAccount = 3
				if err := tenant.NewSecurity(d, k.audit, k.sessions, k.clock.Now).SetPolicy(t.Context(), a.ID, policy); err != nil {
					t.Fatal(err)
				}
				alive := func(tokens []string) (n int) {
					for _, token := range tokens {
						if _, err := sessions.Resolve(t.Context(), token); err == nil {
							n++
						}
					}
					return n
				}
				var tokens []string
				for range 3 {
					token, _, err := sessions.Start(t.Context(), a.ID, a.Staff[0])
					if err != nil {
						t.Fatal(err)
					}
					tokens = append(tokens, token)
					k.clock.Add(2 * time.Minute)
				}
				alive(tokens[:1]) // the first one is used again
				token, _, err := sessions.Start(t.Context(), a.ID, a.Staff[0])
				if err != nil {
					t.Fatal(err)
				}
				if alive(tokens[:1]) != 1 || alive(tokens[1:2]) != 0 || alive([]string{token}) != 1 {
					t.Error("not the one least lately used has ended")
				}
				var mu sync.Mutex
				var group sync.WaitGroup
				tokens = nil
				for range 20 {
					group.Go(func() {
						token, _, err := sessions.Start(t.Context(), a.ID, a.Staff[0])
						if err != nil {
							t.Error(err)
						}
						mu.Lock()
						tokens = append(tokens, token)
						mu.Unlock()
					})
				}
				group.Wait() // what a log-in ends is over when it has answered, not before: only now is the number certain
				if n := alive(tokens); n != 3 {
					t.Errorf("%d sessions are left", n)
				}
			})
		}
	})
}

// Somebody with rights is told about a log-in from a kind of device that they did not use before.
func TestNewDeviceIsTold(t *testing.T) {
	d := kit.SQLite(t)
	k := newDesk(t, d)
	a := k.world.A
	if _, err := d.Exec(t.Context(), `UPDATE person SET email = 'x@example.jp', locale = 'en' WHERE tenant_id = ?`, a.ID); err != nil {
		t.Fatal(err)
	}
	for login, person := range map[string]db.ID{"kanri": a.Manager, "tanaka": a.Staff[0]} {
		k.member(t, a, person, goodPassword)
		for _, agent := range []string{"", chromeWindows, safariPhone, chromeWindows} {
			ctx := tenant.WithActor(t.Context(), tenant.Actor{Agent: agent})
			if _, err := k.login(ctx, a.Code, login, goodPassword); err != nil {
				t.Fatal(err)
			}
		}
	}
	letters, _, err := k.outbox.List(t.Context(), a.ID, tenant.MailQuery{})
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, l := range letters {
		kinds[l.Kind]++
		if l.Kind == "security.new_device" && l.Person != a.Manager {
			t.Error("staff were told")
		}
	}
	if kinds["security.new_device"] != 2 || kinds["security.password_change"] != 2 {
		t.Fatal(kinds)
	}
}
