package api

import (
	"context"
	"net/http"
	"sync"
	"time"

	"kenshu/tenant"
)

// Refusals are logged one by one so that who looks for a cause or an attack finds them, and bounded so that a flood of them does not fill the log.
const (
	denialsSaid = 100
	denialsFor  = 10 * time.Second
)

// denials counts the refusals of the last seconds.
type denials struct {
	mu    sync.Mutex
	began time.Time
	said  int
	left  int // not said
}

// admit tells whether one more is said, and how many were left out in the time before.
func (d *denials) admit(now time.Time) (say bool, left int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if now.Sub(d.began) >= denialsFor || now.Before(d.began) {
		left, d.began, d.said, d.left = d.left, now, 0, 0
	}
	if d.said == denialsSaid {
		d.left++
		return false, left
	}
	d.said++
	return true, left
}

// denied logs that p may not do what operation asks: who, where, which right, and no name. Somebody who shows no session at all has not tried anything.
func (a *API) denied(ctx context.Context, p tenant.Principal, operation, permission string, problem *Problem) {
	refused := problem.Status == http.StatusForbidden || problem.Status == http.StatusUnauthorized || problem.Status == http.StatusMisdirectedRequest
	if !refused || problem.Key == "no_session" {
		return
	}
	say, left := a.denials.admit(time.Now())
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
