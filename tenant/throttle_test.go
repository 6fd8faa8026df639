package tenant_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/cache"
	"kenshu/tenant"
)

// tries counts the log-ins let in before the first one is refused for its number.
func tries(t *testing.T, k *desk, most int, attempt func(i int) tenant.LoginAttempt) int {
	t.Helper()
	for i := range most {
		_, err := k.credentials.Login(t.Context(), attempt(i))
		if fault.Is(err, fault.Limited) {
			return i
		}
		if !fault.Is(err, fault.Unauthorized) {
			t.Fatal(err)
		}
	}
	return most
}

// TestVictimIsNotLockedOut: strangers who spend an account's budget from many addresses do not keep its owner's known device out.
func TestVictimIsNotLockedOut(t *testing.T) {
	k := newDesk(t, kit.SQLite(t))
	one := k.issue(t, k.world.A, k.world.A.Staff[0])
	at := func(source, device, password string) tenant.LoginAttempt {
		return tenant.LoginAttempt{Code: k.world.A.Code, LoginID: "tanaka", Password: password, Source: source, Device: device, Remember: true}
	}
	first, err := k.credentials.Login(t.Context(), at("198.51.100.1", "", one.Password))
	if err != nil || first.Device == "" {
		t.Fatal(first.Device, err)
	}
	n := tries(t, k, 100, func(i int) tenant.LoginAttempt { return at(fmt.Sprintf("203.0.113.%d", i), "", "guess") })
	if n != 9 { // 10 in all, one was the owner's
		t.Fatalf("strangers had %d tries, want 9", n)
	}
	if _, err := k.credentials.Login(t.Context(), at("198.51.100.1", first.Device, one.Password)); err != nil {
		t.Fatalf("the owner's device is locked out: %v", err)
	}
	// The mark is the account's own: for another account it is no mark, and a forged one neither.
	forged := at("203.0.113.200", strings.Repeat("A", 24)+first.Device[24:], "guess")
	if _, err := k.credentials.Login(t.Context(), forged); !fault.Is(err, fault.Limited) {
		t.Fatal(err)
	}
	n = tries(t, k, 100, func(int) tenant.LoginAttempt { return at("198.51.100.1", first.Device, "guess") })
	if n > 10 {
		t.Fatalf("a known device had %d tries", n)
	}
	k.clock.Add(15 * time.Minute)
	if _, err := k.credentials.Login(t.Context(), at("203.0.113.9", "", one.Password)); err != nil {
		t.Fatalf("the budget did not come back: %v", err)
	}
}

func TestUnknownAccountIsThrottledAlike(t *testing.T) {
	k := newDesk(t, kit.SQLite(t))
	for i, login := range []string{"tanaka", "nobody"} {
		n := tries(t, k, 100, func(int) tenant.LoginAttempt {
			return tenant.LoginAttempt{Code: k.world.A.Code, LoginID: login, Password: "guess", Source: fmt.Sprintf("192.0.2.%d", i)}
		})
		if n != 10 {
			t.Fatalf("%s: %d tries, want 10", login, n)
		}
	}
}

// Whatever account is tried, one slow check is done before the answer: while there is no place for one, nobody is answered.
func TestUnknownAccountCostsTheSame(t *testing.T) {
	k := newDesk(t, kit.SQLite(t))
	k.issue(t, k.world.A, k.world.A.Staff[1])
	for _, try := range []tenant.LoginAttempt{
		{Code: k.world.A.Code, LoginID: "tanaka"}, {Code: k.world.A.Code, LoginID: "takahashi"}, {Code: k.world.A.Code, LoginID: "nobody"}, {Code: "NOWHERE", LoginID: "tanaka"},
	} {
		try.Password, try.Source = "guess", "192.0.2.7"
		free := k.credentials.Busy()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		_, err := k.credentials.Login(ctx, try)
		cancel()
		free()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s %s was answered without the work: %v", try.Code, try.LoginID, err)
		}
		if _, err := k.credentials.Login(t.Context(), try); !fault.Is(err, fault.Unauthorized) {
			t.Errorf("%s %s: %v", try.Code, try.LoginID, err)
		}
	}
}

func TestSourceAndSpray(t *testing.T) {
	k := newDesk(t, kit.SQLite(t))
	n := tries(t, k, 500, func(i int) tenant.LoginAttempt {
		return tenant.LoginAttempt{Code: k.world.A.Code, LoginID: fmt.Sprintf("id%d", i), Password: "guess", Source: fmt.Sprintf("2001:db8:0:1::%x", i+1)}
	})
	if n < 60 || n > 61 {
		t.Fatalf("one /64 network had %d wrong tries, want 60", n)
	}
	// Many networks, one try at each account: afterwards every account of the organisation has the smaller budget.
	for i := range 150 {
		_, err := k.credentials.Login(t.Context(), tenant.LoginAttempt{Code: k.world.A.Code, LoginID: fmt.Sprintf("other%d", i), Password: "guess", Source: fmt.Sprintf("2001:db8:1:%x::1", i)})
		if !fault.Is(err, fault.Unauthorized) {
			t.Fatal(i, err)
		}
	}
	n = tries(t, k, 20, func(i int) tenant.LoginAttempt {
		return tenant.LoginAttempt{Code: k.world.A.Code, LoginID: "fresh", Password: "guess", Source: fmt.Sprintf("2001:db8:2:%x::1", i)}
	})
	if n != 3 {
		t.Fatalf("%d tries at an account of a sprayed organisation, want 3", n)
	}
	n = tries(t, k, 20, func(i int) tenant.LoginAttempt {
		return tenant.LoginAttempt{Code: k.world.B.Code, LoginID: "fresh", Password: "guess", Source: fmt.Sprintf("2001:db8:3:%x::1", i)}
	})
	if n != 10 {
		t.Fatalf("another organisation's account had %d tries, want 10", n)
	}
}

// away is a cache that cannot be reached.
type away struct{ cache.Cache }

func (away) Take(context.Context, cache.Key, cache.Rate) (cache.Decision, error) {
	return cache.Decision{}, fault.New(fault.Unavailable, "cache_away")
}

func (away) MGet(context.Context, ...cache.Key) ([][]byte, error) {
	return nil, fault.New(fault.Unavailable, "cache_away")
}

func TestCacheAwayIsStricterNeverOpen(t *testing.T) {
	k := newDesk(t, kit.SQLite(t))
	var err error
	k.credentials, err = tenant.NewCredentials(k.db, away{k.cache}, k.audit, k.sessions, []byte("k"), k.clock.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	n := tries(t, k, 50, func(int) tenant.LoginAttempt {
		return tenant.LoginAttempt{Code: k.world.A.Code, LoginID: "tanaka", Password: "guess", Source: "192.0.2.1"}
	})
	if n != 3 {
		t.Fatalf("%d tries while the cache was away, want 3", n)
	}
}
