package cache

import (
	"time"

	"kenshu/fault"
)

// Rate is a budget: Burst at once, and the whole burst comes back, evenly, in the time Per. Rate{Burst: 5, Per: time.Minute} allows five at once
// and then one every twelve seconds.
type Rate struct {
	Burst int
	Per   time.Duration
	Cost  int // what this taking costs; 0 counts as 1
}

// Decision answers Limiter.Take.
type Decision struct {
	Allowed    bool
	RetryAfter time.Duration // when refused: the wait after which the same taking would be allowed
	Remaining  int           // what could be taken now at cost 1
}

// gcra is the Generic Cell Rate Algorithm in whole microseconds; gcra.lua is the same lines. One number is kept per
// key: the theoretical arrival time, at which the bucket is full again.
type gcra struct{ interval, burst, cost int64 }

func (r Rate) gcra() (gcra, error) {
	cost := int64(r.Cost)
	if cost == 0 {
		cost = 1
	}
	if r.Burst <= 0 || cost < 0 || cost > int64(r.Burst) || r.Per.Microseconds() < int64(r.Burst) || r.Per > 366*24*time.Hour {
		return gcra{}, fault.New(fault.Internal, "cache_rate", "burst", r.Burst, "per", r.Per.String(), "cost", r.Cost)
	}
	return gcra{interval: r.Per.Microseconds() / int64(r.Burst), burst: int64(r.Burst), cost: cost}, nil
}

// take gives the decision and the arrival time to keep. An arrival time further away than a full burst (the rate was changed, or the
// clock went back) counts as exactly that far, so nobody is locked out for longer than Per.
func (g gcra) take(now, arrival int64) (Decision, int64) {
	tolerance := g.interval * g.burst
	arrival = min(max(arrival, now), now+tolerance)
	next := arrival + g.interval*g.cost
	if wait := next - tolerance - now; wait > 0 {
		return g.decide(false, wait, tolerance-(arrival-now)), arrival
	}
	return g.decide(true, 0, tolerance-(next-now)), next
}

func (g gcra) decide(allowed bool, wait, left int64) Decision {
	return Decision{Allowed: allowed, RetryAfter: time.Duration(wait) * time.Microsecond, Remaining: int(left / g.interval)}
}
