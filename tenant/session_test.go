package tenant_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/cache"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// meanwhile is a cache in which something happens right after the values were read.
type meanwhile struct {
	cache.Cache
	then func()
}

// MGet reads, and lets it happen once.
func (m *meanwhile) MGet(ctx context.Context, keys ...cache.Key) ([][]byte, error) {
	values, err := m.Cache.MGet(ctx, keys...)
	if then := m.then; then != nil {
		m.then = nil
		then()
	}
	return values, err
}

// A request that is under way while its person logs out must not bring the session back.
func TestLogOutDuringRequest(t *testing.T) {
	d := kit.SQLite(t)
	k := newDesk(t, d)
	between := &meanwhile{Cache: k.cache}
	sessions := tenant.NewSessions(d, between, k.clock.Now, tenant.DefaultSessionLimits)
	a, person := k.world.A, k.world.A.Staff[0]
	k.issue(t, a, person)
	token, p, err := sessions.Start(t.Context(), a.ID, person)
	if err != nil {
		t.Fatal(err)
	}
	k.clock.Add(2 * time.Minute) // so long after the last request that the next one is noted
	between.then = func() {
		if err := sessions.End(t.Context(), p); err != nil {
			t.Error(err)
		}
	}
	_, err = sessions.Resolve(t.Context(), token)
	wantKind(t, err, fault.Unauthorized, "no_session")
	_, err = sessions.Resolve(t.Context(), token)
	wantKind(t, err, fault.Unauthorized, "no_session")
}

// armed is a clock that lets something happen when it is read after the second budget was spent: then the password has been checked.
type armed struct {
	cache.Cache
	spent int
}

// Take spends, and counts.
func (a *armed) Take(ctx context.Context, key cache.Key, rate cache.Rate) (cache.Decision, error) {
	a.spent++
	return a.Cache.Take(ctx, key, rate)
}

// A log-in whose password is replaced while it is being checked begins no session.
func TestPasswordReplacedDuringLogin(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a, person := k.world.A, k.world.A.Staff[0]
		old := k.issue(t, a, person)
		between, replaced := &armed{Cache: k.cache}, false
		now := func() time.Time {
			if between.spent == 2 && !replaced {
				replaced = true
				err := d.Tx(t.Context(), func(tx *db.Tx) error {
					_, err := k.credentials.Reissue(t.Context(), a.ID, tx, []db.ID{person})
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
			return k.clock.Now()
		}
		credentials, err := tenant.NewCredentials(d, between, k.audit, k.sessions, []byte("credential key of the test"), now, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		_, err = credentials.Login(t.Context(), tenant.LoginAttempt{Code: a.Code, LoginID: "tanaka", Password: old.Password, Source: "203.0.113.7"})
		wantKind(t, err, fault.Unauthorized, "login_failed")
		if !replaced {
			t.Fatal("nothing happened in between")
		}
	})
}

// Ending many sessions takes few statements and few jobs, and the jobs alone are enough.
func TestEndPeople(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a := k.world.A
		store, err := cache.Open(t.Context(), cache.Config{})
		if err != nil {
			t.Fatal(err)
		}
		sessions := tenant.NewSessions(d, store, k.clock.Now, tenant.DefaultSessionLimits)
		var tokens []string
		for _, person := range a.Staff {
			k.issue(t, a, person)
			token, _, err := sessions.Start(t.Context(), a.ID, person)
			if err != nil {
				t.Fatal(err)
			}
			tokens = append(tokens, token)
		}
		var jobs []db.Job
		err = d.Tx(t.Context(), func(tx *db.Tx) error { return sessions.EndPeople(t.Context(), a.ID, tx, a.Staff[1:]) })
		if err == nil {
			jobs, err = d.ListJobs(t.Context(), "queued", db.Page{})
		}
		if err != nil || jobs[0].Kind != tenant.KindSessionEpoch {
			t.Fatal(jobs, err)
		}
		for _, c := range []*tenant.Sessions{sessions, tenant.NewSessions(d, store, k.clock.Now, tenant.DefaultSessionLimits)} {
			for i, token := range tokens {
				if _, err := c.Resolve(t.Context(), token); fault.Is(err, fault.Unauthorized) != (i > 0) {
					t.Errorf("session %d: %v", i, err)
				}
			}
			if err := c.Mirror(t.Context(), jobs[0], nil); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// A session ends by itself: when nobody uses it, and when it is old, however much it is used.
func TestSessionsEndByThemselves(t *testing.T) {
	k := newDesk(t, kit.SQLite(t))
	a, person := k.world.A, k.world.A.Staff[0]
	limits := tenant.DefaultSessionLimits
	idle, _, err := k.sessions.Start(t.Context(), a.ID, person)
	if err != nil {
		t.Fatal(err)
	}
	k.clock.Add(limits.Idle - time.Minute)
	if _, err := k.sessions.Resolve(t.Context(), idle); err != nil {
		t.Fatalf("used within %s: %v", limits.Idle, err)
	}
	k.clock.Add(limits.Idle + time.Second)
	_, err = k.sessions.Resolve(t.Context(), idle)
	wantKind(t, err, fault.Unauthorized, "no_session")

	used, _, err := k.sessions.Start(t.Context(), a.ID, person)
	if err != nil {
		t.Fatal(err)
	}
	step := limits.Idle / 2
	for age := step; age < limits.Absolute; age += step {
		k.clock.Add(step)
		if _, err := k.sessions.Resolve(t.Context(), used); err != nil {
			t.Fatalf("%s old and in use: %v", age, err)
		}
	}
	k.clock.Add(step + time.Second)
	_, err = k.sessions.Resolve(t.Context(), used)
	wantKind(t, err, fault.Unauthorized, "no_session")
}

// The limits hold also in a cache that forgets nothing: they do not rest on its own clock.
func TestSessionLimitsDoNotRestOnTheCache(t *testing.T) {
	clock := kit.NewClock()
	forever, err := cache.Open(t.Context(), cache.Config{Clock: func() time.Time { return kit.NewClock().Now() }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = forever.Close() })
	k := newDesk(t, kit.SQLite(t))
	for name, after := range map[string]func(s *tenant.Sessions, token string){
		"idle": func(*tenant.Sessions, string) { clock.Add(tenant.DefaultSessionLimits.Idle + time.Second) },
		"absolute": func(s *tenant.Sessions, token string) {
			for age := time.Duration(0); age <= tenant.DefaultSessionLimits.Absolute; age += tenant.DefaultSessionLimits.Idle / 2 {
				_, _ = s.Resolve(t.Context(), token)
				clock.Add(tenant.DefaultSessionLimits.Idle / 2)
			}
		},
	} {
		s := tenant.NewSessions(k.db, forever, clock.Now, tenant.DefaultSessionLimits)
		token, _, err := s.Start(t.Context(), k.world.A.ID, k.world.A.Staff[0])
		if err != nil {
			t.Fatal(err)
		}
		after(s, token)
		if _, err := s.Resolve(t.Context(), token); !fault.Is(err, fault.Unauthorized) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
