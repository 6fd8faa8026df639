package lms

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// turn is the day from which on somebody is asked again.
type turn struct {
	subject
	day string // not before today: of those who are late, today
}

// turns works out when whose turn comes: so many months after their last completion, or after it was decided that they are exempt or taken out. Who never
// completed, and whose rounds were closed over it, is asked at once; so is who was never asked, came later, and is meant by a rule for joiners, once the first
// round is closed (as long as it is open they come into that). Left out are those of whom something is being asked already, who is not there (on leave, left),
// and whom the rules of the first round do not reach any more. The job and the preview share it. The rounds are those of the recurrence, or, where there is none
// yet, the one round that is given. open is of how many something is being asked.
func (s *Rounds) turns(ctx context.Context, tid tenant.ID, r db.Runner, first Round, rules []Rule, months int) (list []turn, open int, err error) {
	today := tenant.Today(s.clock)
	cond := db.Where("r.tenant_id = ?", tid)
	if first.Recurrence.IsZero() {
		cond.And("r.id = ?", first.ID)
	} else {
		cond.And("r.recurrence_id = ?", first.Recurrence)
	}
	days := map[db.ID]string{} // empty: something is being asked
	err = db.Each(ctx, r, sqlTurns+cond.SQL()+sqlTurnsGroup, cond.Args(), func(scan func(...any) error) error {
		var person db.ID
		var completed, decided db.Time
		var asked bool
		if err := scan(&person, &completed, &decided, &asked); err != nil {
			return err
		}
		day := today
		if since := max(turnFrom(completed), turnFrom(decided)); since != "" {
			day = max(tenant.AddMonths(since, months), today)
		}
		if asked {
			day = ""
			open++
		}
		days[person] = day
		return nil
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read turns: %w", err)
	}
	m, err := s.matcher(ctx, tid, r, rules)
	if err != nil {
		return nil, 0, err
	}
	people, err := s.subjects(ctx, tid, r, m, nil)
	if err != nil {
		return nil, 0, err
	}
	for _, p := range people {
		day, known := days[p.id]
		in, joins := m.takes(p)
		if !known && joins && first.State != RoundOpen {
			day = today
		}
		if in && day != "" && p.state == tenant.PersonActive {
			list = append(list, turn{p, day})
		}
	}
	slices.SortFunc(list, func(a, b turn) int {
		return cmp.Or(cmp.Compare(a.day, b.day), slices.Compare(a.id[:], b.id[:]))
	})
	return list, open, nil
}

func turnFrom(at db.Time) string {
	if at.IsZero() || at.UnixMicro() <= 0 {
		return ""
	}
	return tenant.Day(at.Time)
}

// takes tells whether rules take somebody in and none keeps them out, and whether they would if the person joined after the rules were made.
func (m *matcher) takes(p subject) (in, joins bool) {
	out := false
	m.reach(p, func(i int) {
		rule := m.rules[i]
		in, joins, out = in || !rule.Excluded, joins || !rule.Excluded && rule.FutureJoiners, out || rule.Excluded
	})
	return in && !out, joins && !out
}

// renew puts those whose turn has come into the round that gathers the people of this part of the fiscal year, and makes it for the first of them.
func (s *Rounds) renew(ctx context.Context, tid tenant.ID, tx *db.Tx, c Recurrence, last Round) (int, error) {
	today := tenant.Today(s.clock)
	rules, err := s.lastingRules(ctx, tid, tx, c)
	if err != nil {
		return 0, err
	}
	first, err := findRound(ctx, tid, tx, c.ID)
	if err != nil {
		return 0, err
	}
	turns, _, err := s.turns(ctx, tid, tx, first, rules, c.Months)
	if err != nil {
		return 0, err
	}
	var now []turn
	for _, t := range turns {
		if t.day <= today {
			now = append(now, t)
		}
	}
	if len(now) == 0 {
		return 0, s.solved(ctx, tid, tx, c)
	}
	r, isNew, err := s.gathering(ctx, tid, tx, &c, last, today)
	if err != nil || r.State != RoundOpen { // closed: whoever closed it wants nobody in it; they come with the next one
		return 0, err
	}
	at, places := r.CreatedAt, map[db.ID]place{}
	if !isNew {
		at = db.At(s.clock())
		if err := s.places(ctx, tid, tx, r.ID, nil, places); err != nil {
			return 0, err
		}
	}
	w := moves{}
	for _, t := range now {
		was, known := places[t.id]
		switch {
		case !known:
			w.enrol(enrolmentRow(tid, r, t.subject, at))
		case was.bySystem():
			w.back, w.late = append(w.back, was.id), append(w.late, was.id)
		}
	}
	added := len(w.rows) + len(w.back)
	if added == 0 {
		return 0, s.solved(ctx, tid, tx, c)
	}
	if err := s.move(ctx, tid, tx, &w); err != nil {
		return 0, err
	}
	if err := s.remindSoon(ctx, tid, tx, r.ID); err != nil {
		return 0, err
	}
	if isNew {
		err = s.takeOver(ctx, tid, tx, c, r, added)
		c.Last = r.ID
	} else {
		err = s.audit.Append(ctx, tid, tx, tenant.Change{Action: "round.turn", SubjectKind: "round", Subject: r.ID, Detail: map[string]any{"title": r.Title, "assigned": added}})
	}
	if err != nil {
		return 0, err
	}
	c.Version++
	c.Problem, c.updatedAt = "", db.At(s.clock())
	return added, s.writeRecurrence(ctx, tid, tx, c, false)
}

func (s *Rounds) solved(ctx context.Context, tid tenant.ID, tx *db.Tx, c Recurrence) error {
	if c.Problem == "" {
		return nil
	}
	_, err := tx.Exec(ctx, sqlRecurrenceProblem, "", tid, c.ID)
	return err
}

// gathering finds or makes the round for the people whose turn comes today.
func (s *Rounds) gathering(ctx context.Context, tid tenant.ID, tx *db.Tx, c *Recurrence, last Round, today string) (r Round, isNew bool, err error) {
	f, err := readFiscalYear(ctx, tid, tx)
	if err != nil {
		return r, false, err
	}
	first, end := f.batch(today, c.Months)
	made, err := scanRound(tx.QueryRowLocked(ctx, sqlSelectRound+" WHERE r.tenant_id = ? AND r.recurrence_id = ? AND r.occurrence = ?", tid, c.ID, "t "+first))
	if err := db.One(err); !fault.Is(err, fault.NotFound) {
		return made, false, err
	}
	r = c.round(last, Occurrence{StartsOn: first, DeadlineOn: end, Title: f.nextTitle(last.Title, last.StartsOn, first, min(c.Months, 12))}, "t "+first, db.At(s.clock()))
	r.Due, r.FollowOut = Due{Rule: DueTurn, Days: c.DueDays}, false
	return r, true, insertRound(ctx, tid, tx, r)
}
