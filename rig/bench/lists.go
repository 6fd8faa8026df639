package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"kenshu/storage/db"
)

// listLine is one page of the manager, in a database of one organisation and in one of thousands.
type listLine struct {
	name      string
	engine    db.Engine
	one, many sample
	people    int // in the large database
	limit     time.Duration
}

// managerPages are what is measured; limit is the p95 that was promised, 0 where none was.
var managerPages = []struct {
	name, path string
	limit      time.Duration
}{
	{"people list, first page with the total", "/api/v1/people", 30 * time.Millisecond},
	{"people list, search for a name", "/api/v1/people?q=%E3%81%95%E3%81%A8%E3%81%86", 30 * time.Millisecond},
	{"people list, by login ID", "/api/v1/people?sort=login_id", 30 * time.Millisecond},
	{"tree of departments with head-counts", "/api/v1/departments", 100 * time.Millisecond},
	{"dashboard, 1,500 staff × 10 rounds", "/api/v1/dashboard", 50 * time.Millisecond},
}

// measureLarge fills a large database once for both the manager's pages and the plans.
func measureLarge(ctx context.Context, engine db.Engine, o options) ([]listLine, planned, error) {
	small, err := newManaged(ctx, engine, 0)
	if err != nil {
		return nil, planned{}, err
	}
	defer small.close()
	began := time.Now()
	large, err := newManaged(ctx, engine, o.organisations-1)
	if err != nil {
		return nil, planned{}, err
	}
	defer large.close()
	fmt.Printf("%s: %d people in %d organisations after %v\n", engine, large.estate.people, o.organisations, time.Since(began).Round(time.Second))
	lines, err := measureLists(small, large, o)
	if err != nil {
		return nil, planned{}, err
	}
	plans, err := measurePlans(ctx, large)
	return lines, plans, err
}

// measureLists asks both databases in turn, on one connection.
func measureLists(small, large *managed, o options) ([]listLine, error) {
	engine := large.DB.Engine()
	var out []listLine
	for _, p := range managerPages {
		sides := make([]side, 2)
		for i, m := range []*managed{small, large} {
			sides[i] = side{m.address, func(_ int, buf []byte) []byte { return request(buf, http.MethodGet, p.path, m.token, nil) }, http.StatusOK}
		}
		got, err := compare(1, o.each, o.turns, sides...)
		if err != nil {
			return nil, fmt.Errorf("%s on %s: %w", p.name, engine, err)
		}
		line := listLine{p.name, engine, got[0], got[1], large.estate.people, p.limit}
		fmt.Printf("%-45s %-7s one: p50 %6.2f p95 %6.2f ms  many: p50 %6.2f p95 %6.2f ms  ratio %.2f\n", line.name, engine,
			ms(line.one.percentile(50)), ms(line.one.percentile(95)), ms(line.many.percentile(50)), ms(line.many.percentile(95)), line.ratio())
		out = append(out, line)
	}
	return out, nil
}

// ratio is how many times as long the usual (median) answer takes in the large database.
func (l listLine) ratio() float64 {
	return float64(l.many.percentile(50)) / float64(l.one.percentile(50))
}

// managed is an installation with a manager logged in.
type managed struct {
	*room
	estate  *estate
	address string
	token   string
}

func newManaged(ctx context.Context, engine db.Engine, others int) (*managed, error) {
	return newManagedEstate(ctx, engine, func(ctx context.Context, d *db.DB) (*estate, error) { return sow(ctx, d, others) })
}

func newManagedEstate(ctx context.Context, engine db.Engine, fill func(context.Context, *db.DB) (*estate, error)) (*managed, error) {
	r, err := newRoom(ctx, engine)
	if err != nil {
		return nil, err
	}
	m := &managed{room: r}
	if m.estate, err = fill(ctx, r.DB); err != nil {
		return nil, err
	}
	if m.token, _, err = r.Services.Sessions.Start(ctx, m.estate.main, m.estate.manager); err != nil {
		return nil, err
	}
	var stop func()
	if m.address, stop, err = listen(r.API.Handler()); err != nil {
		return nil, err
	}
	closeRoom := r.close
	r.close = func() { stop(); closeRoom() }
	return m, nil
}
