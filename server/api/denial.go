package api

import (
	"context"
	"net/http"
	"sync"
	"time"

	"kenshu/tenant"
)

// Refusals are logged one by one so that who looks for a cause or an attack finds them, and bounded so that a flood of them does not fill the log: for each organisation, or
// outside for each source, so that one who floods hides nobody else's, and for all of them together. The two do not count against one another.
const (
	denialsSaid = 100
	denialsAll  = 2000
	denialsFor  = 10 * time.Second
)

// denials counts the refusals of the last seconds.
type denials struct {
	mu    sync.Mutex
	began time.Time
	said  map[string]int // by whom
	all   int
	left  int // not said
}

// admit tells whether one more of who's is said, and how many of all were left out in the time before.
func (d *denials) admit(now time.Time, who string) (say bool, left int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if now.Sub(d.began) >= denialsFor || now.Before(d.began) {
		left, d.began, d.said, d.all, d.left = d.left, now, map[string]int{}, 0, 0
	}
	if d.said[who] == denialsSaid || d.all == denialsAll {
		d.left++
		return false, left
	}
	d.said[who]++
	d.all++
	return true, left
}

// denied logs that p may not do what operation asks: who, where, which right, and no name. Somebody who shows no session at all has not tried anything.
func (a *API) denied(ctx context.Context, p tenant.Principal, operation, permission string, problem *Problem) {
	refused := problem.Status == http.StatusForbidden || problem.Status == http.StatusUnauthorized || problem.Status == http.StatusMisdirectedRequest
	if !refused || problem.Key == "no_session" {
		return
	}
	counted, who := &a.denialsInside, p.Organisation.String()
	if p.Organisation.IsZero() {
		counted, who = &a.denialsOutside, tenant.SourceGroup(sourceOf(ctx))
	}
	say, left := counted.admit(time.Now(), who)
	if left > 0 {
		a.log.WarnContext(ctx, "denied, more than is logged", "left_out", left)
	}
	if !say {
		return
	}
	about := []any{"key", problem.Key, "request_id", requestID(ctx)}
	if operation != "" {
		about = append(about, "operation", operation, "permission", permission)
	}
	if !p.Person.IsZero() {
		about = append(about, "organisation", p.Organisation, "person", p.Person)
	}
	a.log.InfoContext(ctx, "denied", about...)
}
