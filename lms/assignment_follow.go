package lms

import (
	"context"
	"fmt"
	"slices"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// PeopleChanged is told, inside the transaction that adds or changes people, who was changed; also on the day a post begins or departments are
// reorganised. Who now matches an open round that takes future joiners is enrolled. Who left is withdrawn from what is still open, and comes back on
// returning. Who no longer matches stays, unless the round says otherwise (Round.FollowOut): then they are withdrawn if they have not started. What was
// done is never touched. It takes the same few statements for every 500 people, however many rules and rounds there are.
func (s *Rounds) PeopleChanged(ctx context.Context, tid tenant.ID, tx *db.Tx, ids []db.ID) error {
	return s.followPeople(ctx, tid, tx, ids, db.Time{})
}

// followPeople is PeopleChanged; with since it also takes back what a change since then did (see TakenBack).
func (s *Rounds) followPeople(ctx context.Context, tid tenant.ID, tx *db.Tx, ids []db.ID, since db.Time) error {
	if len(ids) == 0 {
		return nil
	}
	if err := s.lockAudience(ctx, tid, tx); err != nil {
		return err
	}
	rounds, err := db.List(ctx, tx, sqlSelectRound+" WHERE r.tenant_id = ? AND r.state = 'open' ORDER BY r.id", []any{tid}, scanRound)
	if err != nil || len(rounds) == 0 {
		return err
	}
	rules, err := readRules(ctx, tx, sqlOpenRules, tid)
	if err != nil {
		return err
	}
	f := follower{Rounds: s, rounds: rounds, rules: rules, since: since, at: make(map[db.ID]int, len(rounds))}
	if slices.ContainsFunc(rules, func(r ruleOf) bool { return r.WithBelow }) {
		if f.tree, err = tenant.ReadDepartmentTree(ctx, tid, tx); err != nil {
			return err
		}
	}
	for i, r := range rounds {
		f.at[r.ID] = i
	}
	f.added, f.gone = make([]int, len(rounds)), make([]int, len(rounds))
	for part := range slices.Chunk(unique(ids), chunk) {
		if err := f.follow(ctx, tid, tx, part); err != nil {
			return fmt.Errorf("follow people: %w", err)
		}
	}
	return f.tell(ctx, tid, tx)
}

// follower brings the open rounds in step with people.
type follower struct {
	*Rounds
	rounds []Round
	rules  []ruleOf              // of the open rounds, without those about single persons
	tree   tenant.DepartmentTree // read when a rule wants what is below a department
	at     map[db.ID]int
	since  db.Time // not zero: what a change since then did is taken back
	added  []int   // of each round: who came in
	gone   []int   // of each round: whom the system withdrew because they moved
}

// spot is somebody's enrolment in an open round.
type spot struct {
	place
	dueOn, extendedOn string
	createdAt         db.Time
}

func (f *follower) follow(ctx context.Context, tid tenant.ID, tx *db.Tx, ids []db.ID) error {
	cond := db.Where("a.tenant_id = ?", tid).In("a.target_id", db.Args(ids)).And("a.kind IN ('person', 'not_person') AND a.removed_at IS NULL")
	named, err := readRules(ctx, tx, sqlSelectRule+cond.SQL(), cond.Args()...)
	if err != nil {
		return err
	}
	var rules []Rule
	var of []int
	for _, r := range slices.Concat(f.rules, named) {
		if i, open := f.at[r.round]; open {
			rules, of = append(rules, r.Rule), append(of, i)
		}
	}
	m := newMatcher(rules, f.tree)
	people, err := f.subjects(ctx, tid, tx, m, ids)
	if err != nil {
		return err
	}
	spots, err := f.spots(ctx, tid, tx, ids)
	if err != nil {
		return err
	}
	w := moves{}
	for _, p := range people {
		f.weigh(tid, p, m, of, spots, &w)
	}
	return f.move(ctx, tid, tx, &w)
}

// spots reads the enrolments of people in open rounds.
func (f *follower) spots(ctx context.Context, tid tenant.ID, tx *db.Tx, ids []db.ID) (map[[2]db.ID]spot, error) {
	first, last := f.rounds[0].ID, f.rounds[len(f.rounds)-1].ID // they are in the order of their ids
	cond := db.Where("e.tenant_id = ?", tid).In("e.person_id", db.Args(ids)).And("e.round_id >= ? AND e.round_id <= ?", first, last)
	spots := map[[2]db.ID]spot{}
	err := db.Each(ctx, tx, sqlSpots+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
		var one spot
		var round, person db.ID
		var extended db.Text
		if err := scan(&one.id, &round, &person, &one.status, &one.reason, &one.dueOn, &extended, &one.createdAt); err != nil {
			return err
		}
		if _, open := f.at[round]; !open {
			return nil
		}
		one.extendedOn = string(extended)
		spots[[2]db.ID{person, round}] = one
		return nil
	})
	return spots, err
}

// verdict is what the rules of one round say about somebody.
type verdict struct {
	in, lasting, out bool
}

func (f *follower) weigh(tid tenant.ID, p subject, m *matcher, of []int, spots map[[2]db.ID]spot, w *moves) {
	verdicts := make([]verdict, len(f.rounds))
	m.reach(p, func(i int) {
		v, rule := &verdicts[of[i]], m.rules[i]
		v.out = v.out || rule.Excluded
		v.in = v.in || !rule.Excluded
		v.lasting = v.lasting || !rule.Excluded && rule.FutureJoiners
	})
	for i, v := range verdicts {
		at, known := spots[[2]db.ID{p.id, f.rounds[i].ID}]
		f.place(tid, p, i, v, at, known, w)
	}
}

// place decides about one person in one round.
func (f *follower) place(tid tenant.ID, p subject, round int, v verdict, at spot, known bool, w *moves) {
	r := f.rounds[round]
	active := p.state == tenant.PersonActive
	switch {
	case !known:
		if active && v.lasting && !v.out && !f.followed(r) {
			w.enrol(enrolmentRow(tid, r, p, db.At(f.clock())))
			f.added[round]++
		}
	case active && at.bySystem() && !v.out && (v.lasting || at.reason == ReasonLeft || v.in && at.reason == ReasonMoved && !f.since.IsZero()):
		w.back, w.late = append(w.back, at.id), append(w.late, at.id)
		f.added[round]++
	case !at.status.Open():
	case !active && p.state != tenant.PersonSuspended:
		w.leave(ReasonLeft, at.id, true)
	case active && r.Due.Rule != DueTurn && (r.FollowOut || f.cameSince(at)) && at.status == NotStarted && (v.out || !v.in):
		w.leave(ReasonMoved, at.id, false)
		f.gone[round]++
	case r.Due.Rule == DueJoined:
		due := r.DueOn(DueFacts{First: r.CreatedAt.Equal(at.createdAt.Time), AssignedOn: tenant.Day(at.createdAt.Time), JoinedOn: p.joinedOn, ExtendedOn: at.extendedOn})
		// A day of joining that is corrected makes nobody late at once.
		if late := due < at.dueOn && due < tenant.Today(f.clock); due != at.dueOn && !late {
			w.moveDue(due, at.id)
		}
	}
}

// followed tells that a later round of the same training is open: who comes now takes that one.
func (f *follower) followed(r Round) bool {
	return !r.Recurrence.IsZero() && slices.ContainsFunc(f.rounds, func(o Round) bool {
		return o.Recurrence == r.Recurrence && o.StartsOn > r.StartsOn && o.Due.Rule != DueTurn
	})
}

// cameSince tells that somebody came into a round by the change that is being taken back.
func (f *follower) cameSince(at spot) bool {
	return !f.since.IsZero() && !at.createdAt.Before(f.since.Time)
}

// tell writes down, for each round, how many came and went, and has the newcomers informed.
func (f *follower) tell(ctx context.Context, tid tenant.ID, tx *db.Tx) error {
	for i, r := range f.rounds {
		if f.added[i] > 0 {
			if err := f.remindSoon(ctx, tid, tx, r.ID); err != nil {
				return err
			}
		}
		if f.added[i]+f.gone[i] == 0 {
			continue
		}
		err := f.audit.Append(ctx, tid, tx, tenant.Change{Action: "round.join", SubjectKind: "round", Subject: r.ID,
			Detail: map[string]any{"added": f.added[i], "withdrawn": f.gone[i]}})
		if err != nil {
			return err
		}
	}
	return nil
}
