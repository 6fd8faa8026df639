package lms

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

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
	Rounds      []BoardRow // open ones, the soonest deadline first
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
	g.Go(func() (err error) { board.Departments, err = s.departmentFigures(ctx, tid, rounds); return err })
	g.Go(func() (err error) { board.Rounds, err = s.boardRows(ctx, tid, rounds); return err })
	g.Go(func() error {
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
	rounds, err := s.rounds.rounds(ctx, s.db, sqlSelectRound+" WHERE r.tenant_id = ? AND r.state = 'open' ORDER BY r.deadline_on, r.id LIMIT ?", tid, DashboardRounds)
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
	return list, err
}

// departmentFigures counts every open department of the tree with all below it.
func (s *Reports) departmentFigures(ctx context.Context, tid tenant.ID, rounds []Round) ([]DepartmentFigures, error) {
	tree, err := tenant.ReadDepartmentTree(ctx, tid, s.db)
	if err != nil {
		return nil, err
	}
	c := departmentCount{tree: tree, at: map[db.ID]int{}, rounds: map[db.ID]bool{}, list: []DepartmentFigures{}}
	for _, n := range tree.All() {
		if n.ClosedOn != "" && n.ClosedOn <= db.Text(tenant.Today(s.clock)) {
			continue
		}
		c.at[n.ID] = len(c.list)
		c.list = append(c.list, DepartmentFigures{ID: n.ID, Parent: n.Parent, Name: n.Name, Depth: n.Depth, Rounds: map[db.ID]Figures{}})
	}
	if len(rounds) == 0 || len(c.list) == 0 {
		return c.list, nil
	}
	for _, r := range rounds {
		c.rounds[r.ID] = true
	}
	if err := s.countPosts(ctx, tid, rounds, &c); err != nil {
		return nil, fmt.Errorf("count departments: %w", err)
	}
	if err := s.takeDoubles(ctx, tid, &c); err != nil {
		return nil, fmt.Errorf("count concurrent posts: %w", err)
	}
	return c.list, nil
}

// departmentCount is the figures of departments being counted.
type departmentCount struct {
	tree   tenant.DepartmentTree
	at     map[db.ID]int
	rounds map[db.ID]bool // those on the page
	list   []DepartmentFigures
}

// add counts n people of a round in a department itself, not in those above it.
func (c *departmentCount) add(department, round db.ID, status Status, n, late int) {
	i, known := c.at[department]
	if !known || !c.rounds[round] {
		return // made since the tree was read, closed, or a round that is not on the page
	}
	c.list[i].add(status, n, late)
	f := c.list[i].Rounds[round]
	f.add(status, n, late)
	c.list[i].Rounds[round] = f
}

// countPosts counts every post in its department and in all above it.
func (s *Reports) countPosts(ctx context.Context, tid tenant.ID, rounds []Round, c *departmentCount) error {
	first, last := rounds[0].ID, rounds[0].ID
	for _, r := range rounds {
		if bytes.Compare(r.ID[:], first[:]) < 0 {
			first = r.ID
		}
		if bytes.Compare(r.ID[:], last[:]) > 0 {
			last = r.ID
		}
	}
	today := tenant.Today(s.clock)
	rows, err := s.db.Query(ctx, sqlDepartmentFigures, today, tid, tid, today, today, tid, first, last)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var department, round db.ID
		var status Status
		var n, late int
		if err := rows.Scan(&department, &round, &status, &n, &late); err != nil {
			return err
		}
		for _, up := range c.tree.Above(department) {
			c.add(up, round, status, n, late)
		}
	}
	return rows.Err()
}

// takeDoubles takes out again whom countPosts counted more than once in a department, because several of their posts are in it or below it.
func (s *Reports) takeDoubles(ctx context.Context, tid tenant.ID, c *departmentCount) error {
	extra, err := s.concurrent(ctx, tid, c.tree)
	if err != nil {
		return err
	}
	today := tenant.Today(s.clock)
	people := make([]db.ID, 0, len(extra))
	for id := range extra {
		people = append(people, id)
	}
	for part := range slices.Chunk(people, chunk) {
		cond := db.Where("e.tenant_id = ?", tid).In("e.person_id", anyIDs(part))
		err := db.Each(ctx, s.db, sqlPersonStatus+cond.SQL(), append([]any{today, tid}, cond.Args()...), func(scan func(...any) error) error {
			var person, round db.ID
			var status Status
			var late int
			if err := scan(&person, &round, &status, &late); err != nil {
				return err
			}
			for department, n := range extra[person] {
				c.add(department, round, status, -n, -n*late)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// concurrent tells of everybody with several posts today how often too often each department counts them.
func (s *Reports) concurrent(ctx context.Context, tid tenant.ID, tree tenant.DepartmentTree) (map[db.ID]map[db.ID]int, error) {
	today := tenant.Today(s.clock)
	rows, err := s.db.Query(ctx, sqlConcurrent, tid, today, today, tid, today, today)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	extra := map[db.ID]map[db.ID]int{}
	for rows.Next() {
		var person, department db.ID
		if err := rows.Scan(&person, &department); err != nil {
			return nil, err
		}
		if extra[person] == nil {
			extra[person] = map[db.ID]int{}
		}
		for _, up := range tree.Above(department) {
			extra[person][up]++
		}
	}
	for _, counted := range extra {
		for department := range counted {
			if counted[department]--; counted[department] == 0 {
				delete(counted, department)
			}
		}
	}
	return extra, rows.Err()
}

// PaceDays is how many days back the pace of a forecast looks.
const PaceDays = 14

// Forecast is what is to be expected of an open round that goes on as in the last days: at Pace completions a day, Late people will not have
// completed when its deadline is over. It is a plain extension of the last PaceDays days (or of those since it began), no promise.
type Forecast struct {
	Days     int // the days that the pace is taken from
	Recent   int // how many completed in them
	DaysLeft int // until the deadline, today and the last day included
	Late     int
}

// forecast gives nothing for a round that has not begun, is over, or has nobody left to complete. before is how many had completed at the end of each
// earlier day.
func forecast(r RoundRow, before map[string]int, today string) *Forecast {
	open := r.Assigned - r.Completed
	left := tenant.DaysBetween(today, r.DeadlineOn) + 1
	if open == 0 || left < 1 || r.StartsOn > today {
		return nil
	}
	f := Forecast{Days: min(PaceDays, tenant.DaysBetween(r.StartsOn, today)+1), DaysLeft: left}
	f.Recent = max(0, r.Completed-before[tenant.AddDays(today, -f.Days)])
	f.Late = max(0, open-f.Recent*left/f.Days)
	return &f
}
