package tenant_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/cache"
	"kenshu/storage/db"
	"kenshu/storage/mail"
	"kenshu/tenant"
)

const goodPassword = "むらさき 7つの橋 quiet lamp"

// desk is everything a log-in needs, on one database.
type desk struct {
	db          *db.DB
	cache       cache.Cache
	clock       *kit.Clock
	audit       *tenant.Audit
	sessions    *tenant.Sessions
	credentials *tenant.Credentials
	factors     *tenant.Factors
	outbox      *tenant.Outbox
	world       kit.World
}

func newDesk(t testing.TB, d *db.DB) *desk {
	t.Helper()
	clock := kit.NewClock()
	c, err := cache.Open(t.Context(), cache.Config{Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	k := &desk{db: d, cache: c, clock: clock, world: kit.NewWorld(t, d)}
	k.audit = tenant.NewAudit(d, []byte("audit key of the test"), clock.Now)
	k.sessions = tenant.NewSessions(d, c, clock.Now, tenant.DefaultSessionLimits)
	k.credentials, err = tenant.NewCredentials(d, c, k.audit, k.sessions, []byte("credential key of the test"), clock.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	k.outbox = tenant.NewOutbox(d, k.audit, mail.Kept{}, clock.Now)
	k.sessions.Notify(k.outbox)
	if k.factors, err = tenant.NewFactors(k.credentials, c, make([]byte, 32), "https://kenshu.example"); err != nil {
		t.Fatal(err)
	}
	return k
}

func (k *desk) issue(t *testing.T, org kit.Org, person db.ID) tenant.OneTime {
	t.Helper()
	var one tenant.OneTime
	err := k.db.Tx(t.Context(), func(tx *db.Tx) (err error) {
		one, err = k.credentials.Issue(t.Context(), org.ID, tx, person)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return one
}

func (k *desk) login(ctx context.Context, code, login, password string) (tenant.Login, error) {
	return k.credentials.Login(ctx, tenant.LoginAttempt{Code: code, LoginID: login, Password: password, Source: "203.0.113.7"})
}

func wantKind(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != kind || f.Key != key {
		t.Fatalf("got %v, want %s", err, key)
	}
}

func TestFirstLogin(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a, person := k.world.A, k.world.A.Staff[0]
		one := k.issue(t, a, person)
		if parts := strings.Split(one.Password, "-"); len(parts) != 4 || len(one.Password) != 19 {
			t.Fatalf("one-time password %q is not XXXX-XXXX-XXXX-XXXX", one.Password)
		}

		_, err := k.login(t.Context(), a.Code, "tanaka", "wrong")
		wantKind(t, err, fault.Unauthorized, "login_failed")
		_, err = k.login(t.Context(), k.world.B.Code, "tanaka", one.Password) // the same login ID elsewhere
		wantKind(t, err, fault.Unauthorized, "login_failed")

		// As people type it: lower case, full width, no dashes, spaces.
		got, err := k.login(t.Context(), " code－a", "ＴＡＮＡＫＡ ", strings.ToLower(strings.ReplaceAll(one.Password, "-", "　")))
		if err != nil {
			t.Fatal(err)
		}
		if !got.Principal.MustChange || got.Principal.Person != person || got.Principal.OrganisationCode != a.Code {
			t.Fatalf("principal %+v", got.Principal)
		}

		_, _, err = k.credentials.ChangePassword(t.Context(), a.ID, person, tenant.PasswordChange{New: one.Password})
		wantKind(t, err, fault.Invalid, "invalid")
		token, p, err := k.credentials.ChangePassword(t.Context(), a.ID, person, tenant.PasswordChange{New: goodPassword})
		if err != nil || p.MustChange {
			t.Fatal(p, err)
		}
		_, err = k.sessions.Resolve(t.Context(), got.Token)
		wantKind(t, err, fault.Unauthorized, "no_session")
		if _, err := k.sessions.Resolve(t.Context(), token); err != nil {
			t.Fatal(err)
		}
		_, err = k.login(t.Context(), a.Code, "tanaka", one.Password)
		wantKind(t, err, fault.Unauthorized, "login_failed")
		for _, wrong := range []string{goodPassword + " ", strings.ToUpper(goodPassword), goodPassword[:len(goodPassword)-1]} {
			_, err = k.login(t.Context(), a.Code, "tanaka", wrong)
			wantKind(t, err, fault.Unauthorized, "login_failed")
		}
		if _, err := k.login(t.Context(), a.Code, "tanaka", goodPassword); err != nil {
			t.Fatal(err)
		}
	})
}

func TestOneTimeExpires(t *testing.T) {
	k := newDesk(t, kit.SQLite(t))
	one := k.issue(t, k.world.A, k.world.A.Staff[0])
	k.clock.Add(time.Duration(tenant.DefaultSecurityPolicy.OneTimeDays) * 24 * time.Hour)
	_, err := k.login(t.Context(), k.world.A.Code, "tanaka", one.Password)
	wantKind(t, err, fault.Gone, "one_time_expired")
	_, err = k.login(t.Context(), k.world.A.Code, "tanaka", "0000-0000-0000-0000")
	wantKind(t, err, fault.Unauthorized, "login_failed")
}

// TestOneTimeRace: the same one-time password used twenty times at once gives one own password and one living session.
func TestOneTimeRace(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a, person := k.world.A, k.world.A.Staff[0]
		k.issue(t, a, person)
		var wins atomic.Int32
		var won atomic.Value
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				mine := goodPassword + strings.Repeat("枝", i+1)
				if _, _, err := k.credentials.ChangePassword(t.Context(), a.ID, person, tenant.PasswordChange{New: mine}); err == nil {
					wins.Add(1)
					won.Store(mine)
				} else if !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Limited) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if wins.Load() != 1 {
			t.Fatalf("%d of 20 uses succeeded, want 1", wins.Load())
		}
		if _, err := k.login(t.Context(), a.Code, "tanaka", won.Load().(string)); err != nil {
			t.Fatal(err)
		}
	})
}

func TestChangePasswordNeedsCurrent(t *testing.T) {
	k := newDesk(t, kit.SQLite(t))
	a, person := k.world.A, k.world.A.Staff[0]
	k.issue(t, a, person)
	if _, _, err := k.credentials.ChangePassword(t.Context(), a.ID, person, tenant.PasswordChange{New: goodPassword}); err != nil {
		t.Fatal(err)
	}
	for current, want := range map[string]string{"": "current_password/password_wrong", "no": "current_password/password_wrong", goodPassword: "new_password/password_same"} {
		_, _, err := k.credentials.ChangePassword(t.Context(), a.ID, person, tenant.PasswordChange{Current: current, New: goodPassword})
		var f *fault.Error
		if !errors.As(err, &f) || len(f.Fields) != 1 || f.Fields[0].Path+"/"+f.Fields[0].Key != want {
			t.Fatalf("current %q: got %v, want %s", current, err, want)
		}
	}
	tries := 0
	for ; tries < 50; tries++ {
		_, _, err := k.credentials.ChangePassword(t.Context(), a.ID, person, tenant.PasswordChange{Current: "guess", New: goodPassword + "!"})
		if fault.Is(err, fault.Limited) {
			break
		}
	}
	if tries > 10 {
		t.Fatalf("%d guesses at the current password before the budget was spent", tries)
	}
}

func TestForeignPerson(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a, b := k.world.A, k.world.B
		err := d.Tx(t.Context(), func(tx *db.Tx) error {
			_, err := k.credentials.IssueMany(t.Context(), b.ID, tx, []db.ID{b.Staff[0], a.Staff[0]})
			return err
		})
		wantKind(t, err, fault.NotFound, "not_found")
		_, _, err = k.credentials.ChangePassword(t.Context(), b.ID, a.Staff[0], tenant.PasswordChange{New: goodPassword})
		wantKind(t, err, fault.NotFound, "not_found")
		_, err = k.credentials.PasswordReasons(t.Context(), b.ID, a.Staff[0], goodPassword)
		wantKind(t, err, fault.NotFound, "not_found")
		var kinds int
		if err := d.QueryRow(t.Context(), "SELECT COUNT(*) FROM credential WHERE kind = 'one_time'").Scan(&kinds); err != nil || kinds != 0 {
			t.Fatal(kinds, err)
		}
	})
}

func TestIssueManyThousand(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		people := make([]db.ID, 0, 2000)
		err := d.Tx(t.Context(), func(tx *db.Tx) error {
			people = people[:0]
			rows := [][]any{}
			now := db.At(k.clock.Now())
			for range 2000 {
				id := db.NewID()
				people = append(people, id)
				rows = append(rows, []any{k.world.A.ID, id, id.String(), id.String(), "人", "人", "人", "employee", "active", now, now})
			}
			return tx.InsertMany(t.Context(), `INSERT INTO person (tenant_id, id, login_id, login_key, name, sort_name, search_text, employment_kind, state, created_at, updated_at) VALUES`,
				"(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
		})
		if err != nil {
			t.Fatal(err)
		}
		started := time.Now()
		var list []tenant.OneTime
		for range 2 { // the second time in place of the first
			err = d.Tx(t.Context(), func(tx *db.Tx) (err error) {
				list, err = k.credentials.IssueMany(t.Context(), k.world.A.ID, tx, people)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		t.Logf("2 × 2,000 one-time passwords in %s", time.Since(started))
		seen := map[string]bool{}
		for i, one := range list {
			if one.Person != people[i] || seen[one.Password] {
				t.Fatal("out of order or twice the same")
			}
			seen[one.Password] = true
		}
		if _, err := k.login(t.Context(), k.world.A.Code, people[1999].String(), list[1999].Password); err != nil {
			t.Fatal(err)
		}
	})
}
