package tenant

import (
	"context"
	"log/slog"
	"math"
	"net/netip"
	"time"

	"kenshu/fault"
	"kenshu/storage/cache"
	"kenshu/storage/db"
)

// The budgets of everything that checks a secret (ASVS 6.1.1). Nobody is locked out by them: a budget comes back by itself, and a device that
// is known to an account has its own, which strangers cannot use up.
var (
	// rateSource: all tries from one address; an office of hundreds behind one address logs in on one morning.
	rateSource = cache.Rate{Burst: 300, Per: 10 * time.Minute}
	// rateSourceFailed: wrong tries from one address, whatever the account.
	rateSourceFailed = cache.Rate{Burst: 60, Per: 10 * time.Minute}
	// rateAccount: tries at one account from devices that it does not know.
	rateAccount = cache.Rate{Burst: 10, Per: 15 * time.Minute}
	// rateDevice: tries from a known device at its account; also one session's tries at its own current password.
	rateDevice = cache.Rate{Burst: 10, Per: 15 * time.Minute}
	// rateSpray: wrong tries at all accounts of one organisation together, from unknown devices; beyond it accounts get rateAccountSprayed.
	rateSpray          = cache.Rate{Burst: 200, Per: 10 * time.Minute}
	rateAccountSprayed = cache.Rate{Burst: 3, Per: 15 * time.Minute}
	sprayFor           = 15 * time.Minute
)

// throttle spends the budgets. While the cache is away it goes on in process with a third of them: stricter, never without.
type throttle struct {
	cache cache.Cache
	local cache.Cache
	log   *slog.Logger
}

func newThrottle(c cache.Cache, clock func() time.Time, log *slog.Logger) (*throttle, error) {
	local, err := cache.Open(context.Background(), cache.Config{Clock: clock})
	if err != nil {
		return nil, err
	}
	return &throttle{cache: c, local: local, log: log}, nil
}

// attemptOf says who tries what from where; code and login are normalised, so that an unknown account has a budget like a known one.
type attemptOf struct {
	source, code, login, device string
	known                       bool
}

// pass is an attempt that was let in.
type pass struct {
	t *throttle
	a attemptOf
}

// enter lets an attempt in or returns fault.Limited with the seconds to wait.
func (t *throttle) enter(ctx context.Context, a attemptOf) (pass, error) {
	p := pass{t: t, a: a}
	if a.known {
		return p, t.spend(ctx, cache.NewKey("login_device", deviceNonce(a.device), a.code, a.login), rateDevice)
	}
	if err := t.spend(ctx, sourceKey("login_source", a.source), rateSource); err != nil {
		return p, err
	}
	sourceBlocked, sprayed, err := t.marks(ctx, a)
	if err != nil {
		return p, err
	}
	if sourceBlocked {
		return p, limited(time.Minute)
	}
	rate, key := rateAccount, cache.NewKey("login_account", a.code, a.login)
	if sprayed {
		rate, key = rateAccountSprayed, cache.NewKey("login_account_sprayed", a.code, a.login)
	}
	return p, t.spend(ctx, key, rate)
}

// enterPerson is the budget of a signed-in person's tries at their current password.
func (t *throttle) enterPerson(ctx context.Context, person db.ID) error {
	return t.spend(ctx, cache.NewKey("login_person", person.String()), rateDevice)
}

// failed counts a wrong attempt against its source and its organisation.
func (p pass) failed(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	p.t.log.InfoContext(ctx, "log-in refused", "known_device", p.a.known)
	if p.a.known {
		return
	}
	if d, c := p.t.take(ctx, sourceKey("login_source_failed", p.a.source), rateSourceFailed); !d.Allowed {
		_ = c.Set(ctx, sourceKey("login_source_blocked", p.a.source), []byte("1"), time.Minute) // a failing cache is already handled by take
	}
	if d, c := p.t.take(ctx, cache.NewKey("login_spray", p.a.code), rateSpray); !d.Allowed {
		if fresh, err := c.SetIfAbsent(ctx, cache.NewKey("login_sprayed", p.a.code), []byte("1"), sprayFor); err == nil && fresh {
			p.t.log.WarnContext(ctx, "many wrong log-ins over the accounts of one organisation: budgets are stricter for a while")
		}
	}
}

// marks tells whether the source has failed too often, and whether the organisation's accounts are being sprayed.
func (t *throttle) marks(ctx context.Context, a attemptOf) (source, sprayed bool, err error) {
	keys := []cache.Key{sourceKey("login_source_blocked", a.source), cache.NewKey("login_sprayed", a.code)}
	for _, c := range []cache.Cache{t.cache, t.local} {
		values, err := c.MGet(ctx, keys...)
		if fault.Is(err, fault.Unavailable) {
			continue
		} else if err != nil {
			return false, false, err
		}
		source, sprayed = source || values[0] != nil, sprayed || values[1] != nil
	}
	return source, sprayed, nil
}

func (t *throttle) spend(ctx context.Context, key cache.Key, rate cache.Rate) error {
	if d, _ := t.take(ctx, key, rate); !d.Allowed {
		return limited(d.RetryAfter)
	}
	return nil
}

// take asks the cache, and when it is away the stricter budget in process; it also gives the cache that answered. What neither can
// decide is refused.
func (t *throttle) take(ctx context.Context, key cache.Key, rate cache.Rate) (cache.Decision, cache.Cache) {
	d, err := t.cache.Take(ctx, key, rate)
	if err == nil {
		return d, t.cache
	}
	t.log.WarnContext(ctx, "rate limits are kept in process: the cache is away", "error", err)
	rate.Burst = max(1, rate.Burst/3)
	if d, err = t.local.Take(ctx, key, rate); err != nil {
		return cache.Decision{RetryAfter: time.Minute}, t.local
	}
	return d, t.local
}

func limited(wait time.Duration) error {
	return fault.New(fault.Limited, "limited", "retry_after", max(1, int(math.Ceil(wait.Seconds()))))
}

func sourceKey(kind, source string) cache.Key { return cache.NewKey(kind, SourceGroup(source)) }

// SourceGroup is what counts as one source: an IPv4 address, an IPv6 /64.
func SourceGroup(source string) string {
	addr, err := netip.ParseAddr(source)
	if err != nil {
		return "unknown"
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			return p.String()
		}
	}
	return addr.String()
}
