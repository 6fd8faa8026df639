package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"kenshu/storage/db"
)

// Sizes of the organisation that the report is measured in.
const (
	reportStaff       = 20_000
	reportRounds      = 20
	reportDepartments = 200
)

// reportLine is one page of the report in a large organisation.
type reportLine struct {
	name   string
	engine db.Engine
	first  time.Duration // asked for the first time
	sample sample
}

// measureReport fills one large organisation and asks for the dashboard and the report table in their usual forms, on one connection.
func measureReport(ctx context.Context, engine db.Engine, o options) ([]reportLine, error) {
	m, err := newReportOffice(ctx, engine)
	if err != nil {
		return nil, err
	}
	defer m.close()
	department, round := m.estate.department.String(), m.estate.rounds[0].String()
	var out []reportLine
	for _, p := range [][2]string{
		{"dashboard", "/api/v1/dashboard"}, {"rates over time", "/api/v1/dashboard/trends"}, {"report by name", "/api/v1/report?limit=100"},
		{"report of one round", "/api/v1/report?limit=100&round=" + round}, {"report, overdue", "/api/v1/report?limit=100&status=overdue"},
		{"report, in progress by due day", "/api/v1/report?limit=100&status=in_progress&sort=due_on"},
		{"report by completion, latest first", "/api/v1/report?limit=100&sort=completed_on&descending=true"},
		{"report of a department", "/api/v1/report?limit=100&department=" + department},
		{"report of a department by due day", "/api/v1/report?limit=100&sort=due_on&department=" + department},
		{"report, nobody found", "/api/v1/report?limit=100&q=zzzz"}, {"count of everything", "/api/v1/report/count"}, {"grid of people and rounds", "/api/v1/report/matrix?limit=50"},
	} {
		one := side{m.address, func(_ int, buf []byte) []byte { return request(buf, http.MethodGet, p[1], m.token, nil) }, http.StatusOK}
		first, err := timed(func() error { // before the load, which warms up
			rec := httptest.NewRecorder()
			if m.API.Handler().ServeHTTP(rec, newRequest(http.MethodGet, p[1], m.token, nil)); rec.Code != http.StatusOK {
				return fmt.Errorf("status %d", rec.Code)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("%s on %s: %w", p[0], engine, err)
		}
		got, err := compare(1, o.each, o.turns, one)
		if err != nil {
			return nil, fmt.Errorf("%s on %s: %w", p[0], engine, err)
		}
		line := reportLine{p[0], engine, first, got[0]}
		fmt.Printf("%-40s %-7s first %8.1f  p50 %6.2f p95 %6.2f ms\n", line.name, engine, ms(line.first), ms(line.sample.percentile(50)), ms(line.sample.percentile(95)))
		out = append(out, line)
	}
	return out, nil
}

// newReportOffice is an installation with one large organisation.
func newReportOffice(ctx context.Context, engine db.Engine) (*managed, error) {
	return newManagedEstate(ctx, engine, func(ctx context.Context, d *db.DB) (*estate, error) {
		e, err := sow(ctx, d, 0)
		if err != nil {
			return nil, err
		}
		if e.main, err = newOrganisation(ctx, d, "LARGE", "organisation"); err != nil {
			return nil, err
		}
		leaders, err := newPeople(ctx, d, e.main, 1, "manager")
		if err != nil {
			return nil, err
		}
		e.manager = leaders[0]
		if e.staff, err = newPeople(ctx, d, e.main, reportStaff); err != nil {
			return nil, err
		}
		if e.department, err = newDepartments(ctx, d, e.main, e.staff, reportDepartments); err != nil {
			return nil, err
		}
		e.rounds = nil
		for n := range reportRounds {
			round, _, err := newRound(ctx, d, e.main, e.course, e.manager, e.staff, n)
			if err != nil {
				return nil, err
			}
			e.rounds = append(e.rounds, round)
		}
		return e, analyse(ctx, d)
	})
}

func (f *figures) writeReports(p printer) {
	if len(f.reports) == 0 {
		return
	}
	p("## Dashboard and report of a large organisation\n")
	p("%d staff, %d open rounds, %d enrolments, %d departments; one connection, over HTTP, 100 rows a page (grid: 50 people). *First* is asked for the first time. What takes",
		reportStaff, reportRounds, reportStaff*reportRounds, reportDepartments)
	p("longer than 50 ms to count (dashboard, counts) is kept for 20 times as long, at most a minute, and counted anew behind the old figures: the p95 is that of kept")
	p("figures, *first* is what counting costs. Everything else is read anew every time. Aim: p95 under 100 ms.\n")
	p(begin("report"))
	p("| page | database | first ms | p50 ms | p95 ms |")
	p("| --- | --- | --: | --: | --: |")
	for _, l := range f.reports {
		p("| %s | %s | %.0f | %.1f | **%.1f** |", l.name, name(l.engine), ms(l.first), ms(l.sample.percentile(50)), ms(l.sample.percentile(95)))
	}
	p(measuredNow())
	p(end)
	p("")
}
