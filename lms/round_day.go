package lms

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// Why days are written down. Who was added to a round and who completed it stand in enrolment with their times; who was taken out of it, made exempt or
// brought back does not, and a new deadline moves the due days of the past. So each day's figures are written once it is over (round_day). While nothing
// runs nobody is taken out either: the days a server stood still come out right when it writes them later.

// The jobs of the days: KindRoundDays runs every hour and gives each organisation with open rounds one KindRoundDay a day.
const (
	KindRoundDays = "report.days"
	KindRoundDay  = "report.day"
)

// TrendDays is how far back a trend goes at most.
const TrendDays = 400

// RoundDay is how a round stood at the end of a day, or stands now.
type RoundDay struct {
	Day       string
	Assigned  int
	Completed int
	Overdue   int
}

// Trend is how an open round went, day by day up to now.
type Trend struct {
	Round Round
	Until string     // when the last of those who are left is due; the deadline when nobody is left
	Days  []RoundDay // the last one is now
}

// PlanDays is the handler of KindRoundDays.
func (s *Reports) PlanDays(ctx context.Context, _ db.Job, _ func(done, total int64)) error {
	numbers, err := db.Values[int64](ctx, s.db, sqlRoundTenants)
	if err != nil {
		return err
	}
	day := tenant.Today(s.clock)
	jobs := make([]db.Job, 0, len(numbers))
	for _, n := range numbers {
		jobs = append(jobs, db.Job{Kind: KindRoundDay, Slot: fmt.Sprintf("%d on %s", n, day), Tenant: n, Payload: []byte("{}")})
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error { return tx.EnqueueMany(ctx, s.clock(), jobs) })
}

// WriteDay is the handler of KindRoundDay.
func (s *Reports) WriteDay(ctx context.Context, job db.Job, _ func(done, total int64)) error {
	_, err := s.WriteDays(ctx, tenant.System(job.Tenant, "a day's figures of its rounds"))
	return err
}

// WriteDays writes down every day that is over and missing, of every open round, and returns how many. What is written is never changed, so it may run
// as often as it likes and on several machines.
func (s *Reports) WriteDays(ctx context.Context, tid tenant.ID) (int, error) {
	rounds, err := s.openRounds(ctx, tid)
	if err != nil || len(rounds) == 0 {
		return 0, err
	}
	last, err := s.lastDays(ctx, tid)
	if err != nil {
		return 0, fmt.Errorf("write days: %w", err)
	}
	yesterday := tenant.AddDays(tenant.Today(s.clock), -1)
	written := 0
	for _, r := range rounds {
		from := max(firstDay(r), tenant.AddDays(yesterday, -TrendDays+1))
		if known := last[r.ID]; known != "" {
			from = max(from, tenant.AddDays(known, 1))
		}
		if from > yesterday {
			continue
		}
		days, err := s.countDays(ctx, tid, r, from, yesterday)
		if err != nil {
			return written, fmt.Errorf("write days: %w", err)
		}
		rows := make([][]any, len(days))
		for i, d := range days {
			rows[i] = []any{tid, r.ID, d.Day, d.Assigned, d.Completed, d.Overdue}
		}
		err = s.db.Tx(ctx, func(tx *db.Tx) error {
			return tx.InsertNew(ctx, sqlInsertDay, "(?, ?, ?, ?, ?, ?)", "tenant_id, round_id, day", rows)
		})
		if err != nil {
			return written, fmt.Errorf("write days: %w", err)
		}
		written += len(rows)
	}
	return written, nil
}

// firstDay is the day a round begins to have figures.
func firstDay(r Round) string { return min(r.StartsOn, tenant.Day(r.CreatedAt.Time)) }

func (s *Reports) lastDays(ctx context.Context, tid tenant.ID) (map[db.ID]string, error) {
	last := map[db.ID]string{}
	err := db.Each(ctx, s.db, sqlLastDays, []any{tid}, func(scan func(...any) error) error {
		var round db.ID
		var day string
		err := scan(&round, &day)
		last[round] = day
		return err
	})
	return last, err
}

// countDays works the days from … to out of what stands in enrolment now.
func (s *Reports) countDays(ctx context.Context, tid tenant.ID, r Round, from, to string) ([]RoundDay, error) {
	_, offset := tenant.DayStart(from).Zone()
	shift := int64(offset) * int64(time.Second/time.Microsecond)
	var days []RoundDay
	for d := from; d <= to; d = tenant.AddDays(d, 1) {
		days = append(days, RoundDay{Day: d})
	}
	err := db.Each(ctx, s.db, sqlDaysOf, []any{tid, shift, shift, shift, shift, tid, r.ID}, func(scan func(...any) error) error {
		var status Status
		var due string
		var added int64
		var completed *int64
		var n int
		var present bool
		if err := scan(&status, &due, &present, &added, &completed, &n); err != nil {
			return err
		}
		if !present {
			due = to // on leave: not late, whatever day it was
		}
		if status != Exempt && status != Withdrawn {
			addDays(days, dayBegun(added), due, completed, n)
		}
		return nil
	})
	return days, err
}

func addDays(days []RoundDay, added, due string, completed *int64, n int) {
	done := ""
	if completed != nil {
		done = dayBegun(*completed)
	}
	for i := range days {
		d := &days[i]
		if added > d.Day && (done == "" || done > d.Day) {
			continue
		}
		d.Assigned += n
		switch {
		case done != "" && done <= d.Day:
			d.Completed += n
		case due < d.Day:
			d.Overdue += n
		}
	}
}

// dayBegun is the calendar day that begins at a moment of the association's clock, in microseconds.
func dayBegun(at int64) string { return time.UnixMicro(at).UTC().Format(time.DateOnly) }

// completedOn gives how many of each round had completed at the end of each day since from that was written down.
func (s *Reports) completedOn(ctx context.Context, tid tenant.ID, rounds []Round, from string) (map[db.ID]map[string]int, error) {
	trends, err := s.days(ctx, tid, rounds, from)
	out := map[db.ID]map[string]int{}
	for round, days := range trends {
		out[round] = map[string]int{}
		for _, d := range days {
			out[round][d.Day] = d.Completed
		}
	}
	return out, err
}

func (s *Reports) days(ctx context.Context, tid tenant.ID, rounds []Round, from string) (map[db.ID][]RoundDay, error) {
	out := map[db.ID][]RoundDay{}
	if len(rounds) == 0 {
		return out, nil
	}
	cond := db.Where("d.tenant_id = ?", tid).In("d.round_id", roundIDs(rounds)).And("d.day >= ?", from)
	err := db.Each(ctx, s.db, sqlDays+cond.SQL()+" ORDER BY d.round_id, d.day", cond.Args(), func(scan func(...any) error) error {
		var round db.ID
		var d RoundDay
		err := scan(&round, &d.Day, &d.Assigned, &d.Completed, &d.Overdue)
		out[round] = append(out[round], d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read days: %w", err)
	}
	return out, nil
}

// Trends gives how every open round went, in the order of the dashboard: the days that were written down, and how it stands (as the dashboard knows it).
func (s *Reports) Trends(ctx context.Context, tid tenant.ID) ([]Trend, error) {
	board, err := s.Dashboard(ctx, tid)
	if err != nil {
		return nil, err
	}
	rounds := make([]Round, len(board.Rounds))
	for i, r := range board.Rounds {
		rounds[i] = r.Round
	}
	days, err := s.days(ctx, tid, rounds, tenant.AddDays(board.Today, -TrendDays))
	if err != nil {
		return nil, err
	}
	list := make([]Trend, len(rounds))
	for i, r := range board.Rounds {
		now := RoundDay{Day: board.Today, Assigned: r.Assigned, Completed: r.Completed, Overdue: r.Overdue}
		list[i] = Trend{r.Round, cmp.Or(r.Dues.Last, r.DeadlineOn), append(days[r.ID], now)}
	}
	return list, nil
}
