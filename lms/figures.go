package lms

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// Figures count people of a round. Assigned is who has to take part: everybody but the exempt and the withdrawn.
// Overdue is part of NotStarted, InProgress and Failed, not beside them.
type Figures struct {
	Assigned   int `json:"assigned"`
	Completed  int `json:"completed"`
	InProgress int `json:"in_progress"` // in progress, or a quiz left midway
	NotStarted int `json:"not_started"`
	Failed     int `json:"failed"`
	Overdue    int `json:"overdue"`
	Exempt     int `json:"exempt"`
	Withdrawn  int `json:"withdrawn"`
}

// Rate is the part of the assigned that has completed, in whole percent (see Percent). Nobody assigned is 0.
func (f Figures) Rate() int { return Percent(f.Completed, f.Assigned) }

// Percent is the one rule by which parts become whole percent: the nearest, but 100 only for all. A mark of a quiz is no part in this sense: it is compared
// with what must be reached, and rounded down.
func Percent(part, all int) int {
	if all <= 0 {
		return 0
	}
	if part >= all {
		return 100
	}
	return min(99, (part*200+all)/(2*all))
}

// add counts n people of one status, late of whom have let their due day pass; a negative n takes them out again.
func (f *Figures) add(s Status, n, late int) {
	switch s {
	case Completed:
		f.Completed += n
	case InProgress, Interrupted:
		f.InProgress += n
	case NotStarted:
		f.NotStarted += n
	case Failed:
		f.Failed += n
	case Exempt:
		f.Exempt += n
	case Withdrawn:
		f.Withdrawn += n
	}
	if s != Exempt && s != Withdrawn {
		f.Assigned += n
	}
	if s.Open() {
		f.Overdue += late
	}
}

// plus gives the sum of two.
func (f Figures) plus(g Figures) Figures {
	return Figures{
		Assigned: f.Assigned + g.Assigned, Completed: f.Completed + g.Completed, InProgress: f.InProgress + g.InProgress, NotStarted: f.NotStarted + g.NotStarted,
		Failed: f.Failed + g.Failed, Overdue: f.Overdue + g.Overdue, Exempt: f.Exempt + g.Exempt, Withdrawn: f.Withdrawn + g.Withdrawn,
	}
}

// DueSpan says when those who still have to finish are due (YYYY-MM-DD): people may have days of their own, by the round's DueRule, by coming in late or by an
// extension. Who is on leave is not waited for. All are empty when nobody is left.
type DueSpan struct {
	First string
	Next  string // the first that is today or later; empty when all have passed
	Last  string
	days  []dueDay
}

// dueDay is how many are due on a day.
type dueDay struct {
	day string
	n   int
}

func dueSpan(days map[string]int, today string) DueSpan {
	if len(days) == 0 {
		return DueSpan{}
	}
	span := DueSpan{}
	for _, day := range slices.Sorted(maps.Keys(days)) {
		span.days = append(span.days, dueDay{day, days[day]})
		if span.Next == "" && day >= today {
			span.Next = day
		}
	}
	span.First, span.Last = span.days[0].day, span.days[len(span.days)-1].day
	return span
}

// standing is how many people of a round stand alike and are due on the same day, and how many of them are not on leave.
type standing struct {
	round           db.ID
	status          Status
	dueOn           string
	people, present int
}

// eachStanding reads how the people of rounds stand, in the order of an index that answers alone.
func eachStanding(ctx context.Context, tid tenant.ID, r db.Runner, rounds []any, each func(standing)) error {
	cond := db.Where("e.tenant_id = ?", tid).In("e.round_id", rounds)
	return db.Each(ctx, r, sqlStandings+cond.SQL()+sqlStandingsGroup, append([]any{tid}, cond.Args()...), func(scan func(...any) error) error {
		var one standing
		err := scan(&one.round, &one.status, &one.dueOn, &one.people, &one.present)
		each(one)
		return err
	})
}

// withFigures counts the people of rounds in one query.
func (s *Rounds) withFigures(ctx context.Context, tid tenant.ID, r db.Runner, rounds []Round) ([]RoundRow, error) {
	list, at := make([]RoundRow, len(rounds)), map[db.ID]int{}
	days := make([]map[string]int, len(rounds))
	for i, round := range rounds {
		list[i].Round, at[round.ID], days[i] = round, i, map[string]int{}
	}
	if len(rounds) == 0 {
		return list, nil
	}
	today := tenant.Today(s.clock)
	err := eachStanding(ctx, tid, r, roundIDs(rounds), func(one standing) {
		i, late := at[one.round], 0
		if one.dueOn < today {
			late = one.present
		}
		list[i].add(one.status, one.people, late)
		if one.status.Open() && one.present > 0 {
			days[i][one.dueOn] += one.present
		}
	})
	if err != nil {
		return nil, fmt.Errorf("count rounds: %w", err)
	}
	for i := range list {
		list[i].Dues = dueSpan(days[i], today)
	}
	if err := s.markStuck(ctx, tid, r, list, at); err != nil {
		return nil, fmt.Errorf("count rounds: %w", err)
	}
	return list, nil
}

func roundIDs(rounds []Round) []any {
	ids := make([]any, len(rounds))
	for i, r := range rounds {
		ids[i] = r.ID
	}
	return ids
}
