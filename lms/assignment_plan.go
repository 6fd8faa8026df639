package lms

import (
	"context"
	"fmt"
	"slices"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// change is what happens to the rules of a round: kept stay, added come (or come back), removed go.
type change struct {
	kept, added, removed []Rule
	withStarted          bool // who is no longer reached is withdrawn even when something was started
}

// place is somebody's enrolment as far as a change asks.
type place struct {
	id     db.ID
	status Status
	reason string
}

// bySystem tells that the system withdrew the person, so that the system may take them back.
func (p place) bySystem() bool {
	return p.status == Withdrawn && slices.Contains(systemReasons, p.reason)
}

// effect is what a change does to the people of a round, worked out before anything is written; the preview shows it and the change carries it out.
type effect struct {
	join   []subject // come in
	back   []placed  // had been withdrawn by the system and come back
	inside []subject // are in it already
	aside  []subject // stay exempt or withdrawn, as a person decided
	out    []subject // would come in, and an exclusion keeps them out
	leave  []leaver  // are withdrawn
	stay   []subject // are no longer reached, and stay because they have started
	counts map[db.ID]int
}

type placed struct {
	subject
	place
}

type leaver struct {
	placed
	why string
}

// Total is how many people the rules in question reach now, without the excluded.
func (e effect) Total() int { return len(e.join) + len(e.back) + len(e.inside) + len(e.aside) }

// plan works out what a change does. The same people, rules and places always give the same effect.
func (s *Rounds) plan(ctx context.Context, tid tenant.ID, r db.Runner, round db.ID, c change) (effect, error) {
	m, err := s.matcher(ctx, tid, r, slices.Concat(c.kept, c.added, c.removed))
	if err != nil {
		return effect{}, err
	}
	var people []subject
	places := map[db.ID]place{}
	for part := range c.parts() {
		found, err := s.subjects(ctx, tid, r, m, part)
		if err != nil {
			return effect{}, err
		}
		people = append(people, found...)
		if round.IsZero() {
			continue
		}
		if err := s.places(ctx, tid, r, round, part, places); err != nil {
			return effect{}, err
		}
	}
	e := effect{counts: map[db.ID]int{}}
	for _, p := range people {
		e.weigh(p, places, m, c)
	}
	return e, nil
}

// parts gives the people who can be concerned: those whom the rules name when all that change are about single persons, otherwise everybody (nil).
func (c change) parts() func(func([]db.ID) bool) {
	var ids []db.ID
	for _, r := range slices.Concat(c.added, c.removed) {
		if r.Kind != RulePerson {
			return func(yield func([]db.ID) bool) { yield(nil) }
		}
		ids = append(ids, r.Target)
	}
	return slices.Chunk(unique(ids), chunk)
}

// reached tells which parts of a change reach somebody.
type reached struct{ keptIn, addedIn, removedIn, keptOut, addedOut, removedOut bool }

func (e *effect) weigh(p subject, places map[db.ID]place, m *matcher, c change) {
	var r reached
	var hits []int
	m.reach(p, func(i int) {
		hits = append(hits, i)
		out := m.rules[i].Excluded
		switch {
		case i < len(c.kept):
			r.keptOut, r.keptIn = r.keptOut || out, r.keptIn || !out
		case i < len(c.kept)+len(c.added):
			r.addedOut, r.addedIn = r.addedOut || out, r.addedIn || !out
		default:
			r.removedOut, r.removedIn = r.removedOut || out, r.removedIn || !out
		}
	})
	at, known := places[p.id]
	wanted := p.state == tenant.PersonActive && (r.addedIn || r.removedOut && r.keptIn)
	barred := r.keptOut || r.addedOut
	switch {
	case wanted && !barred:
		e.take(p, at, known)
	case wanted:
		e.out = append(e.out, p)
	}
	lost := r.addedOut || r.removedIn && !r.keptIn && !r.addedIn
	if lost && known && at.status.Open() {
		e.lose(p, at, r.addedOut, c.withStarted)
	}
	for _, i := range hits {
		rule := m.rules[i]
		if wanted && (!rule.Excluded || barred) || lost && known && at.status.Open() {
			e.counts[rule.ID]++
		}
	}
}

func (e *effect) take(p subject, at place, known bool) {
	switch {
	case !known:
		e.join = append(e.join, p)
	case at.bySystem():
		e.back = append(e.back, placed{p, at})
	case at.status == Exempt || at.status == Withdrawn:
		e.aside = append(e.aside, p)
	default:
		e.inside = append(e.inside, p)
	}
}

func (e *effect) lose(p subject, at place, excluded, withStarted bool) {
	if at.status != NotStarted && !withStarted {
		e.stay = append(e.stay, p)
		return
	}
	why := ReasonRuleRemoved
	if excluded {
		why = ReasonExcluded
	}
	e.leave = append(e.leave, leaver{placed{p, at}, why})
}

// places reads who is in a round and how; ids nil is everybody.
func (s *Rounds) places(ctx context.Context, tid tenant.ID, r db.Runner, round db.ID, ids []db.ID, into map[db.ID]place) error {
	cond := db.Where("e.tenant_id = ? AND e.round_id = ?", tid, round)
	if ids != nil {
		cond.In("e.person_id", db.Args(ids))
	}
	err := db.Each(ctx, r, sqlEnrolled+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
		var p place
		var person db.ID
		err := scan(&p.id, &person, &p.status, &p.reason)
		into[person] = p
		return err
	})
	if err != nil {
		return fmt.Errorf("read places: %w", err)
	}
	return nil
}
