package lms

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Reports reads how an organisation stands: the dashboard, the table of everybody in every round, its exports and the ways of looking at it that people kept.
type Reports struct {
	db     *db.DB
	audit  *tenant.Audit
	rounds *Rounds
	clock  func() time.Time

	boards keeper[Dashboard]
	counts keeper[int]
}

// NewReports makes the service.
func NewReports(d *db.DB, audit *tenant.Audit, rounds *Rounds, clock func() time.Time) *Reports {
	return &Reports{db: d, audit: audit, rounds: rounds, clock: clock}
}

// Forget makes the next look at an organisation's figures count them. It is called after every write of a manager, who expects to see what they did.
func (s *Reports) Forget(tid tenant.ID) {
	s.boards.forget(tid)
	s.counts.forget(tid)
}

// DepartmentFigures are the figures of one department and everything below it over all open rounds, and in each. Whoever holds several posts in it counts
// once in it, and in each of those departments.
type DepartmentFigures struct {
	ID     db.ID
	Parent db.ID // zero: none
	Name   string
	Depth  int // 1 for one that stands on its own
	Figures
	Rounds map[db.ID]Figures
}

// Dashboard is the manager's first page: what is late, what is due, and what wants doing.
type Dashboard struct {
	Today       string
	AsOf        db.Time    // when it was counted
	Counting    bool       // it is being counted anew: ask again in a moment
	Rounds      []BoardRow // open ones, the soonest due first
	Departments []DepartmentFigures
	People      int // active
	Concern     int // accounts that want doing something about (tenant.Concerns)
	Mail        map[MailState]int
}

// BoardRow is an open round with its figures and what is to be expected of it.
type BoardRow struct {
	RoundRow
	Forecast *Forecast
}

// MailState is how far a message of the outbox is.
type MailState = tenant.MailState

// DashboardRounds is how many open rounds the page shows at most.
const DashboardRounds = 100

// Dashboard gives the manager's first page: the same few grouped queries however many rounds, departments and people there are. Where they take long
// (keepFrom) their result is kept for a time that goes with it (see keeper); AsOf says when it was counted.
func (s *Reports) Dashboard(ctx context.Context, tid tenant.ID) (Dashboard, error) {
	board, at, again, err := s.boards.get(ctx, tid, tenant.Today(s.clock), func(ctx context.Context) (Dashboard, error) { return s.count(ctx, tid) })
	if err != nil {
		return Dashboard{}, err
	}
	board.AsOf, board.Counting = db.At(s.clock().Add(-time.Since(at))), again
	return board, nil
}

func (s *Reports) count(ctx context.Context, tid tenant.ID) (Dashboard, error) {
	board := Dashboard{Today: tenant.Today(s.clock)}
	rounds, err := s.openRounds(ctx, tid)
	if err != nil {
		return board, err
	}
	g, ctx := errgroup.WithContext(ctx) // the counts do not need each other
	count := func(f func() error) { g.Go(func() error { return fault.Caught(f) }) }
	count(func() (err error) { board.Departments, err = s.departmentFigures(ctx, tid, rounds); return err })
	count(func() (err error) { board.Rounds, err = s.boardRows(ctx, tid, rounds); return err })
	count(func() error {
		if err := s.db.QueryRow(ctx, sqlCountActive, tid).Scan(&board.People); err != nil {
			return err
		}
		concerns, err := tenant.CountConcerns(ctx, tid, s.db, s.clock())
		if err != nil {
			return err
		}
		board.Concern = concerns.Any
		board.Mail, err = tenant.CountMail(ctx, tid, s.db)
		return err
	})
	if err := g.Wait(); err != nil {
		return board, fmt.Errorf("dashboard: %w", err)
	}
	return board, nil
}

func (s *Reports) openRounds(ctx context.Context, tid tenant.ID) ([]Round, error) {
	rounds, err := db.List(ctx, s.db, sqlSelectRound+" WHERE r.tenant_id = ? AND r.state = 'open' ORDER BY r.deadline_on, r.id LIMIT ?", []any{tid, DashboardRounds}, scanRound)
	if err != nil {
		return nil, fmt.Errorf("open rounds: %w", err)
	}
	return rounds, nil
}

func (s *Reports) boardRows(ctx context.Context, tid tenant.ID, rounds []Round) ([]BoardRow, error) {
	rows, err := s.rounds.withFigures(ctx, tid, s.db, rounds)
	if err != nil {
		return nil, err
	}
	list := make([]BoardRow, len(rows))
	today := tenant.Today(s.clock)
	past, err := s.completedOn(ctx, tid, rounds, tenant.AddDays(today, -PaceDays))
	for i, r := range rows {
		list[i] = BoardRow{r, forecast(r, past[r.ID], today)}
	}
	slices.SortStableFunc(list, func(a, b BoardRow) int { return cmp.Compare(a.wanted(), b.wanted()) })
	return list, err
}

// wanted is the day by which rounds stand on the page: when the next of its people is due, or its deadline where nobody is left.
func (r BoardRow) wanted() string { return cmp.Or(r.Dues.Next, r.DeadlineOn) }
