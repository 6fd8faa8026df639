package lms

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

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

// add counts n people of one status, late of whom have let their due day pass.
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

// DepartmentFigures are the figures of one department over all open rounds, and in each. Who holds several posts counts in each department.
type DepartmentFigures struct {
	ID   db.ID
	Name string
	Figures
	Rounds map[db.ID]Figures
}

// DayCount is how many completed on a day.
type DayCount struct {
	Day   string
	Count int
}

// Dashboard is the manager's first page: what is late, what is due, and what wants doing.
type Dashboard struct {
	Today       string
	Rounds      []RoundRow // open ones, the soonest deadline first
	Departments []DepartmentFigures
	Days        []DayCount // of the last DashboardDays days, without days of nothing
	People      int        // active
	Concern     int        // accounts whose one-time password was never used
	Mail        map[MailState]int
}

// MailState is how far a message of the outbox is.
type MailState = tenant.MailState

// DashboardDays is how far back the plot of completions goes; DashboardRounds is how many open rounds the page shows at most.
const (
	DashboardDays   = 60
	DashboardRounds = 100
)

// Dashboard reads the manager's first page: the same few grouped queries however many rounds, departments and people there are.
func (s *Rounds) Dashboard(ctx context.Context, tid tenant.ID) (Dashboard, error) {
	board := Dashboard{Today: tenant.Today(s.clock)}
	rounds, err := s.rounds(ctx, s.db, sqlSelectRound+" WHERE r.tenant_id = ? AND r.state = 'open' ORDER BY r.deadline_on, r.id LIMIT ?", tid, DashboardRounds)
	if err != nil {
		return board, fmt.Errorf("dashboard: %w", err)
	}
	g, ctx := errgroup.WithContext(ctx) // the counts do not need each other
	g.Go(func() (err error) { board.Departments, err = s.departmentFigures(ctx, tid, rounds); return err })
	g.Go(func() (err error) { board.Rounds, err = s.withFigures(ctx, tid, s.db, rounds); return err })
	g.Go(func() (err error) {
		if board.Days, err = s.days(ctx, tid); err != nil {
			return err
		}
		if err := s.db.QueryRow(ctx, sqlCountAccounts, tid, tid).Scan(&board.People, &board.Concern); err != nil {
			return db.One(err)
		}
		board.Mail, err = tenant.CountMail(ctx, tid, s.db)
		return err
	})
	return board, g.Wait()
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
	rows, err := r.Query(ctx, sqlFigures+cond.SQL()+sqlFiguresGroup, append([]any{tenant.Today(s.clock)}, cond.Args()...)...)
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

func (s *Rounds) departmentFigures(ctx context.Context, tid tenant.ID, rounds []Round) ([]DepartmentFigures, error) {
	list, at := []DepartmentFigures{}, map[db.ID]int{}
	rows, err := s.db.Query(ctx, sqlDepartments, tid)
	if err != nil {
		return nil, fmt.Errorf("count departments: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		d := DepartmentFigures{Rounds: map[db.ID]Figures{}}
		if err := rows.Scan(&d.ID, &d.Name); err != nil {
			return nil, err
		}
		at[d.ID] = len(list)
		list = append(list, d)
	}
	if err := rows.Err(); err != nil || len(rounds) == 0 || len(list) == 0 {
		return list, err
	}
	return list, s.countDepartments(ctx, tid, rounds, list, at)
}

// countDepartments adds the figures of the rounds to the departments of list; at is where each stands.
func (s *Rounds) countDepartments(ctx context.Context, tid tenant.ID, rounds []Round, list []DepartmentFigures, at map[db.ID]int) error {
	shown, first, last := map[db.ID]bool{}, rounds[0].ID, rounds[0].ID
	for _, r := range rounds {
		shown[r.ID] = true
		if bytes.Compare(r.ID[:], first[:]) < 0 {
			first = r.ID
		}
		if bytes.Compare(r.ID[:], last[:]) > 0 {
			last = r.ID
		}
	}
	today := tenant.Today(s.clock)
	rows, err := s.db.Query(ctx, sqlDepartmentFigures, today, tid, today, today, tid, first, last)
	if err != nil {
		return fmt.Errorf("count departments: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var department, round db.ID
		var status Status
		var n, late int
		if err := rows.Scan(&department, &round, &status, &n, &late); err != nil {
			return err
		}
		i, known := at[department]
		if !known || !shown[round] {
			continue // made since the list was read, or a round that is not on the page
		}
		list[i].add(status, n, late)
		f := list[i].Rounds[round]
		f.add(status, n, late)
		list[i].Rounds[round] = f
	}
	return rows.Err()
}

func (s *Rounds) days(ctx context.Context, tid tenant.ID) ([]DayCount, error) {
	from := tenant.DayStart(tenant.AddDays(tenant.Today(s.clock), -DashboardDays+1))
	_, offset := from.Zone()
	shift := int64(offset) * int64(time.Second/time.Microsecond)
	rows, err := s.db.Query(ctx, sqlCompletedByDay, shift, shift, tid, db.At(from))
	if err != nil {
		return nil, fmt.Errorf("count days: %w", err)
	}
	defer rows.Close()
	days := []DayCount{}
	for rows.Next() {
		var begin int64
		var n int
		if err := rows.Scan(&begin, &n); err != nil {
			return nil, err
		}
		days = append(days, DayCount{time.UnixMicro(begin).UTC().Format(time.DateOnly), n})
	}
	return days, rows.Err()
}
