package lms

import (
	"context"
	"fmt"

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

// Rate is the part of the assigned that has completed, in whole percent, rounded down so that 100 means everybody. Nobody assigned is 0.
func (f Figures) Rate() int {
	if f.Assigned == 0 {
		return 0
	}
	return f.Completed * 100 / f.Assigned
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

// withFigures counts the people of rounds in one query.
func (s *Rounds) withFigures(ctx context.Context, tid tenant.ID, r db.Runner, rounds []Round) ([]RoundRow, error) {
	list, at := make([]RoundRow, len(rounds)), map[db.ID]int{}
	for i, round := range rounds {
		list[i].Round, at[round.ID] = round, i
	}
	if len(rounds) == 0 {
		return list, nil
	}
	cond := db.Where("e.tenant_id = ?", tid).In("e.round_id", roundIDs(rounds))
	rows, err := r.Query(ctx, sqlFigures+cond.SQL()+sqlFiguresGroup, append([]any{tenant.Today(s.clock), tid}, cond.Args()...)...)
	if err != nil {
		return nil, fmt.Errorf("count rounds: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var round db.ID
		var status Status
		var n, late int
		if err := rows.Scan(&round, &status, &n, &late); err != nil {
			return nil, err
		}
		list[at[round]].add(status, n, late)
	}
	return list, rows.Err()
}

func roundIDs(rounds []Round) []any {
	ids := make([]any, len(rounds))
	for i, r := range rounds {
		ids[i] = r.ID
	}
	return ids
}
