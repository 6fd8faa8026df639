package lms_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// The tree of departments used here: 本社 over 看護部 over 3階; 事務 on its own.
func (s *stage) tree(org kit.Org) (top, middle, low, other db.ID) {
	s.t.Helper()
	top, other = s.department(org, "本社"), s.department(org, "事務")
	middle, low = s.department(org, "看護部"), s.department(org, "3階")
	s.run("UPDATE department SET parent_id = ? WHERE id = ?", top, middle)
	s.run("UPDATE department SET parent_id = ? WHERE id = ?", middle, low)
	return top, middle, low, other
}

func (s *stage) hold(org kit.Org, person, department db.ID) {
	s.t.Helper()
	s.run("INSERT INTO person_department (tenant_id, person_id, department_id, starts_on) VALUES (?, ?, ?, '2026-04-01')", org.ID, person, department)
}

// all reads the table in pages of so many rows, and as one export.
func (s *stage) all(org kit.Org, q lms.ReportQuery, limit int) []lms.ReportRow {
	s.t.Helper()
	var rows []lms.ReportRow
	after := ""
	for range 1000 {
		page, next, err := s.reports.List(s.t.Context(), org.ID, q, db.Page{After: after, Limit: limit})
		if err != nil {
			s.t.Fatal(err)
		}
		rows = append(rows, page...)
		if after = next; next == "" {
			return rows
		}
	}
	s.t.Fatal("the pages do not end")
	return nil
}

func names(rows []lms.ReportRow) string {
	list := make([]string, len(rows))
	for i, r := range rows {
		list[i] = r.Person.LoginID + "/" + r.RoundTitle
	}
	return strings.Join(list, " ")
}

// Whatever the order, the filter and the size of the pages, the table is the one that a plain sort in memory gives, each row once.
func TestReportPagesInEveryOrder(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		s.crowd(a, 60, 3)
		var rounds []db.ID
		for range 4 {
			rounds = append(rounds, s.create(a, lms.Audience{Everyone: true}).ID)
		}
		for i, r := range rounds {
			s.run("UPDATE round SET title = ? WHERE id = ?", fmt.Sprintf("R%d", i), r)
		}
		s.run("UPDATE enrolment SET status = 'completed', completed_at = 1775000000000000 + lessons_total WHERE tenant_id = ? AND round_id = ?", a.ID, rounds[0])
		s.run("UPDATE enrolment SET status = 'failed', due_on = '2026-03-01' WHERE tenant_id = ? AND round_id = ? AND person_id IN (SELECT id FROM person WHERE login_id LIKE 'crowd%7')", a.ID, rounds[2])
		for _, sort := range lms.ReportSorts {
			for _, down := range []bool{false, true} {
				q := lms.ReportQuery{Sort: sort, Descending: down}
				whole := s.all(a, q, 500)
				if len(whole) != 4*65 {
					t.Fatalf("%s: %d rows", sort, len(whole))
				}
				seen := map[db.ID]bool{}
				for i, r := range whole {
					if seen[r.ID] {
						t.Fatalf("%s: %s twice", sort, r.ID)
					}
					seen[r.ID] = true
					if i > 0 && !inOrder(sort, down, whole[i-1], r) {
						t.Fatalf("%s %v: %+v before %+v", sort, down, whole[i-1], r)
					}
				}
				for _, limit := range []int{7, 64} {
					if got := names(s.all(a, q, limit)); got != names(whole) {
						t.Errorf("%s %v in pages of %d:\n%s\nnot\n%s", sort, down, limit, got, names(whole))
					}
				}
				few := lms.ReportQuery{Sort: sort, Descending: down, Filter: lms.ReportFilter{Statuses: []lms.Status{lms.Failed}}}
				want := slices.DeleteFunc(slices.Clone(whole), func(r lms.ReportRow) bool { return r.Status != lms.Failed })
				if got := s.all(a, few, 2); names(got) != names(want) || len(got) != 6 {
					t.Errorf("%s %v, failed only: %s, want %s", sort, down, names(got), names(want))
				}
			}
		}
	})
}

func inOrder(sort string, down bool, a, b lms.ReportRow) bool {
	var x, y string
	switch sort {
	case "name":
		x, y = a.Person.Name+a.Person.ID.String(), b.Person.Name+b.Person.ID.String()
		if a.Person.NameKana != "" || b.Person.NameKana != "" {
			return true // by reading, which is not shown here
		}
	case "login_id":
		x, y = a.Person.LoginID, b.Person.LoginID
	case "due_on":
		x, y = a.DueOn, b.DueOn
	case "completed_on":
		if a.CompletedAt.IsZero() || b.CompletedAt.IsZero() {
			return b.CompletedAt.IsZero()
		}
		x, y = fmt.Sprint(a.CompletedAt.UnixMicro()), fmt.Sprint(b.CompletedAt.UnixMicro())
	}
	if down {
		return x >= y
	}
	return x <= y
}

func TestReportFilters(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		top, middle, low, other := s.tree(a)
		s.hold(a, a.Staff[0], low)
		s.hold(a, a.Staff[0], top) // a concurrent post above
		s.hold(a, a.Staff[1], middle)
		s.hold(a, a.Staff[2], other)
		r := s.create(a, lms.Audience{Persons: a.Staff})
		s.finish(r.ID, a.Staff[0], 90)
		s.run("UPDATE person SET employment_kind = 'officer' WHERE id = ?", a.Staff[1])
		s.run("UPDATE enrolment SET due_on = '2026-03-31' WHERE person_id = ?", a.Staff[2])
		s.run("UPDATE person SET search_text = '吉田 太郎' WHERE id = ?", a.Staff[0])
		foreign := s.department(s.world.B, "よその部署", s.world.B.Staff[0])
		for name, c := range map[string]struct {
			f    lms.ReportFilter
			want int
		}{
			"nothing": {lms.ReportFilter{}, 3}, "round": {lms.ReportFilter{Rounds: []db.ID{r.ID}}, 3}, "no such round": {lms.ReportFilter{Rounds: []db.ID{db.NewID()}}, 0},
			"completed": {lms.ReportFilter{Statuses: []lms.Status{lms.Completed}}, 1}, "late": {lms.ReportFilter{Overdue: true}, 1},
			"completed or late": {lms.ReportFilter{Statuses: []lms.Status{lms.Completed}, Overdue: true}, 2},
			"top with below":    {lms.ReportFilter{Departments: []db.ID{top}}, 2}, "low": {lms.ReportFilter{Departments: []db.ID{low}}, 1},
			"two departments":    {lms.ReportFilter{Departments: []db.ID{low, other}}, 2},
			"another's":          {lms.ReportFilter{Departments: []db.ID{foreign}}, 0},
			"another's and own":  {lms.ReportFilter{Departments: []db.ID{foreign, other}}, 1},
			"kind":               {lms.ReportFilter{Kinds: []tenant.EmploymentKind{tenant.KindOfficer}}, 1},
			"due until":          {lms.ReportFilter{DueTo: "2026-03-31"}, 1},
			"due from":           {lms.ReportFilter{DueFrom: "2026-04-01"}, 2},
			"completed that day": {lms.ReportFilter{CompletedFrom: "2026-04-01", CompletedTo: "2026-04-01"}, 1},
			"completed later":    {lms.ReportFilter{CompletedFrom: "2026-04-02"}, 0},
			"text":               {lms.ReportFilter{Query: "𠮷田"}, 1}, "text of LIKE": {lms.ReportFilter{Query: "%"}, 0},
		} {
			for _, sort := range lms.ReportSorts {
				rows, _, err := s.reports.List(t.Context(), a.ID, lms.ReportQuery{Filter: c.f, Sort: sort}, db.Page{})
				if err != nil || len(rows) != c.want {
					t.Errorf("%s by %s: %d rows, %v, want %d", name, sort, len(rows), err, c.want)
				}
			}
			if n, err := s.reports.Count(t.Context(), a.ID, c.f); err != nil || n != c.want {
				t.Errorf("%s: count %d, %v, want %d", name, n, err, c.want)
			}
		}
		board, err := s.reports.Dashboard(t.Context(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, dep := range board.Departments {
			n, err := s.reports.Count(t.Context(), a.ID, lms.ReportFilter{Departments: []db.ID{dep.ID}})
			if err != nil || n != dep.Assigned || n != dep.Rounds[r.ID].Assigned {
				t.Errorf("%s: the figure is %d, the list behind it has %d (%v)", dep.Name, dep.Assigned, n, err)
			}
		}
		rows, _, err := s.reports.List(t.Context(), a.ID, lms.ReportQuery{Columns: []string{"departments"}, Filter: lms.ReportFilter{Departments: []db.ID{low}}}, db.Page{})
		if err != nil || fmt.Sprint(rows[0].Person.Departments) != "[本社 本社 / 看護部 / 3階]" {
			t.Errorf("%v %v", rows, err)
		}
		for _, bad := range []lms.ReportQuery{
			{Sort: "score"}, {Columns: []string{"password"}}, {Columns: []string{"field:x"}}, {Columns: []string{"name", "name"}}, {Filter: lms.ReportFilter{DueTo: "2026-13-01"}},
			{Filter: lms.ReportFilter{Statuses: []lms.Status{"x"}}}, {Filter: lms.ReportFilter{Kinds: []tenant.EmploymentKind{"x"}}},
		} {
			if _, _, err := s.reports.List(t.Context(), a.ID, bad, db.Page{}); !fault.Is(err, fault.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		if _, _, err := s.reports.List(t.Context(), a.ID, lms.ReportQuery{}, db.Page{After: "x"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a cursor of nothing: %v", err)
		}
	})
}

// The days that were written never change; those that were missed come out as they were.
func TestDaysStayAsTheyWere(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		r := s.create(a, lms.Audience{Persons: a.Staff})
		days := func() string {
			t.Helper()
			trends, err := s.reports.Trends(t.Context(), a.ID)
			if err != nil || len(trends) != 1 || trends[0].Round.ID != r.ID {
				t.Fatal(trends, err)
			}
			var b strings.Builder
			for _, day := range trends[0].Days {
				fmt.Fprintf(&b, "%s %d/%d/%d ", day.Day[5:], day.Completed, day.Assigned, day.Overdue)
			}
			return strings.TrimSpace(b.String())
		}
		write := func() {
			t.Helper()
			for range 2 { // the second time changes nothing
				if _, err := s.reports.WriteDays(t.Context(), a.ID); err != nil {
					t.Fatal(err)
				}
			}
		}
		if got := days(); got != "04-01 0/3/0" {
			t.Error(got)
		}
		s.finish(r.ID, a.Staff[0], 90)
		s.clock.Add(24 * time.Hour)
		write()
		if err := s.rounds.SetAside(as(t, a), a.ID, r.ID, []db.ID{s.enrolment(r.ID, a.Staff[1])}, lms.Aside{Status: lms.Exempt, Reason: "休職"}); err != nil {
			t.Fatal(err)
		}
		s.clock.Add(24 * time.Hour)
		write()
		if got := days(); got != "04-01 1/3/0 04-02 1/2/0 04-03 1/2/0" {
			t.Error("after somebody was taken out:", got)
		}
		s.finish(r.ID, a.Staff[2], 80)
		s.clock.Add(3 * 24 * time.Hour) // nothing ran
		write()
		if got := days(); got != "04-01 1/3/0 04-02 1/2/0 04-03 2/2/0 04-04 2/2/0 04-05 2/2/0 04-06 2/2/0" {
			t.Error("after standing still:", got)
		}
		if trends, err := s.reports.Trends(t.Context(), s.world.B.ID); err != nil || len(trends) != 0 {
			t.Error("B sees", trends, err)
		}
	})
}

func TestForecastSaysWhatItCounts(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		s.crowd(a, 40, 2)
		r := s.create(a, lms.Audience{Everyone: true}) // 45 people, until 2026-04-30
		s.clock.Add(9 * 24 * time.Hour)
		s.run("UPDATE enrolment SET status = 'completed', completed_at = ? WHERE round_id = ? AND person_id IN (SELECT id FROM person WHERE login_id < 'crowd00010' AND login_id LIKE 'crowd%')",
			db.At(s.clock.Now().Add(-48*time.Hour)), r.ID)
		if _, err := s.reports.WriteDays(t.Context(), a.ID); err != nil {
			t.Fatal(err)
		}
		board, err := s.reports.Dashboard(t.Context(), a.ID)
		if err != nil || board.Rounds[0].Forecast == nil {
			t.Fatal(board, err)
		}
		// 10 in 10 days, 21 days left: 21 more, so 14 of the 35 will be late.
		if got, want := *board.Rounds[0].Forecast, (lms.Forecast{Days: 10, Recent: 10, Until: "2026-04-30", DaysLeft: 20, Late: 14}); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
		s.clock.Add(30 * 24 * time.Hour)
		if board, err = s.reports.Dashboard(t.Context(), a.ID); err != nil || board.Rounds[0].Forecast != nil {
			t.Errorf("a round that is over is forecast: %+v %v", board.Rounds[0].Forecast, err)
		}
	})
}

// People with days of their own are counted by these, and whoever is on leave is not waited for.
func TestForecastCountsByOwnDueDays(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		s.crowd(a, 40, 2)
		r := s.create(a, lms.Audience{Everyone: true}) // 45 people, until 2026-04-30
		s.clock.Add(9 * 24 * time.Hour)                // it is 2026-04-10
		those := func(set, from, to string) {
			s.run("UPDATE enrolment SET "+set+" WHERE person_id IN (SELECT id FROM person WHERE login_id >= ? AND login_id < ?)", from, to)
		}
		those("status = 'completed', completed_at = "+strconv.FormatInt(s.clock.Now().Add(-time.Hour).UnixMicro(), 10), "crowd00000", "crowd00010")
		those("due_on = '2026-04-05'", "crowd00010", "crowd00013") // 3 are late
		those("due_on = '2026-04-12'", "crowd00013", "crowd00023") // 10 in three days
		those("due_on = '2026-05-20'", "crowd00023", "crowd00040") // 17 have long
		s.run("UPDATE person SET state = 'suspended' WHERE login_id = 'crowd00013'")
		row, err := s.rounds.FindRow(t.Context(), a.ID, r.ID)
		if err != nil || row.Dues.First != "2026-04-05" || row.Dues.Next != "2026-04-12" || row.Dues.Last != "2026-05-20" || row.Overdue != 3 {
			t.Fatalf("%+v %d %v", row.Dues, row.Overdue, err)
		}
		board, err := s.reports.Dashboard(t.Context(), a.ID)
		if err != nil || board.Rounds[0].Forecast == nil {
			t.Fatal(board, err)
		}
		// 10 in 10 days: one a day, in the order of due days. The 3 late ones come first; until 04-12 that is 3 people, so none of the 9 is in time. Until
		// 04-30 it is 21, less 12: the 5 are in time. Until 05-20 it is 41, less 17: the 17 are in time.
		if got, want := *board.Rounds[0].Forecast, (lms.Forecast{Days: 10, Recent: 10, Until: "2026-05-20", DaysLeft: 40, Late: 9}); got != want {
			t.Errorf("%+v, want %+v", got, want)
		}
	})
}

func TestPercentIsNearestAndFullOnlyForAll(t *testing.T) {
	for _, c := range [][3]int{{2, 3, 67}, {1, 3, 33}, {1, 2, 50}, {1, 8, 13}, {199, 200, 99}, {9999, 10000, 99}, {5, 5, 100}, {0, 7, 0}, {0, 0, 0}} {
		if got := lms.Percent(c[0], c[1]); got != c[2] {
			t.Errorf("%d of %d: %d, want %d", c[0], c[1], got, c[2])
		}
	}
}

func TestSavedViewsAreTheirOwners(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a, b := s.world.A, s.world.B
		views := lms.NewSavedViews(d, tenant.NewAudit(d, []byte("key"), s.clock.Now), s.clock.Now)
		ctx := as(t, a)
		foreign := s.create(b, lms.Audience{Everyone: true})
		in := lms.SavedViewInput{ID: db.NewID(), Name: "遅れている人", View: lms.View{ReportQuery: lms.ReportQuery{Filter: lms.ReportFilter{Rounds: []db.ID{foreign.ID}, Overdue: true}}}}
		own, err := views.Create(ctx, a.ID, a.Manager, in)
		if err != nil || own.View.Form != lms.FormList || own.Shared {
			t.Fatal(own, err)
		}
		if again, err := views.Create(ctx, a.ID, a.Manager, in); err != nil || again.ID != own.ID {
			t.Errorf("a repeat: %+v %v", again, err)
		}
		in.ID = db.NewID()
		if _, err := views.Create(ctx, a.ID, a.Manager, in); !fault.Is(err, fault.Conflict) {
			t.Errorf("the name twice: %v", err)
		}
		if rows, _, err := s.reports.List(ctx, a.ID, own.View.ReportQuery, db.Page{}); err != nil || len(rows) != 0 {
			t.Errorf("another organisation's round in a view finds %d rows, %v", len(rows), err)
		}
		for who, p := range map[string]struct {
			tid    tenant.ID
			person db.ID
		}{"a colleague": {a.ID, a.Staff[0]}, "another organisation": {b.ID, b.Manager}, "another organisation as the owner": {b.ID, a.Manager}} {
			list, err := views.List(ctx, p.tid, p.person)
			if err != nil || len(list) != 0 {
				t.Errorf("%s sees %+v, %v", who, list, err)
			}
			change := lms.SavedViewInput{ID: own.ID, Version: 1, Name: "x"}
			_, update := views.Update(ctx, p.tid, p.person, change)
			for what, err := range map[string]error{"update": update, "delete": views.Delete(ctx, p.tid, p.person, own.ID), "default": views.SetDefault(ctx, p.tid, p.person, own.ID)} {
				if !fault.Is(err, fault.NotFound) {
					t.Errorf("%s by %s: %v", what, who, err)
				}
			}
		}
		shared, err := views.Update(ctx, a.ID, a.Manager, lms.SavedViewInput{ID: own.ID, Version: 1, Name: "みんなの", Shared: true, View: own.View})
		if err != nil || !shared.Shared || shared.Version != 2 {
			t.Fatal(shared, err)
		}
		if err := views.SetDefault(ctx, a.ID, a.Staff[0], own.ID); err != nil {
			t.Fatal(err)
		}
		list, err := views.List(ctx, a.ID, a.Staff[0])
		if err != nil || len(list) != 1 || !list[0].Default || list[0].OwnerName == "" {
			t.Fatal(list, err)
		}
		if _, err := views.Update(ctx, a.ID, a.Staff[0], lms.SavedViewInput{ID: own.ID, Version: 1, Name: "x"}); !fault.Is(err, fault.Conflict) {
			t.Errorf("an old version: %v", err)
		}
		other, err := views.Update(ctx, a.ID, a.Staff[0], lms.SavedViewInput{ID: own.ID, Version: 2, Name: "直した", View: own.View})
		if err != nil || !other.Shared {
			t.Errorf("a colleague made it private: %+v %v", other, err)
		}
		if mine, err := views.Update(ctx, a.ID, a.Manager, lms.SavedViewInput{ID: own.ID, Version: 3, Name: "直した", View: own.View}); err != nil || mine.Shared {
			t.Errorf("%+v %v", mine, err)
		}
		if n := s.count("SELECT COUNT(*) FROM saved_view_default"); n != 0 {
			t.Error("somebody's table opens with a view that they no longer see")
		}
		if err := views.Delete(ctx, a.ID, a.Manager, own.ID); err != nil {
			t.Error(err)
		}
		if n := s.count("SELECT COUNT(*) FROM audit_event WHERE action LIKE 'saved_view.%'"); n != 3 {
			t.Errorf("%d events", n)
		}
	})
}

func TestReportExport(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		_, _, low, _ := s.tree(a)
		s.hold(a, a.Staff[0], low)
		r := s.create(a, lms.Audience{Persons: a.Staff})
		s.finish(r.ID, a.Staff[0], 90)
		s.run("UPDATE person SET name = '=cmd|calc' WHERE id = ?", a.Staff[1])
		s.run("UPDATE round SET title = '＝研修', state = 'open' WHERE id = ?", r.ID)
		for _, form := range []string{lms.FormList, lms.FormMatrix} {
			view := lms.View{Form: form, ReportQuery: lms.ReportQuery{Columns: []string{"login_id", "name", "departments", "round", "status", "score", "spent", "attempts", "certificate"}, Sort: "login_id"}}
			var csv bytes.Buffer
			if err := s.reports.Export(as(t, a), a.ID, &csv, lms.ReportExport{View: view, Format: "csv", Language: "ja"}); err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSpace(csv.String()), "\r\n")
			if len(lines) != 4 || !strings.Contains(csv.String(), "'=cmd|calc") || !strings.Contains(csv.String(), "'＝研修") || !strings.Contains(csv.String(), "本社 / 看護部 / 3階") {
				t.Errorf("%s: %s", form, csv.String())
			}
			for _, format := range []string{"xlsx", "pdf", "csv_shift_jis"} {
				var file bytes.Buffer
				if err := s.reports.Export(as(t, a), a.ID, &file, lms.ReportExport{View: view, Format: format, Language: "en"}); err != nil || file.Len() < 100 {
					t.Errorf("%s %s: %d bytes, %v", form, format, file.Len(), err)
				}
			}
		}
		detail := ""
		if err := d.QueryRow(t.Context(), "SELECT detail FROM audit_event WHERE action = 'report.exported' LIMIT 1").Scan(&detail); err != nil || !strings.Contains(detail, `"rows":3`) || !strings.Contains(detail, `"complete":true`) {
			t.Errorf("%s %v", detail, err)
		}
		other := lms.View{ReportQuery: lms.ReportQuery{Filter: lms.ReportFilter{Rounds: []db.ID{r.ID}}}}
		var file bytes.Buffer
		if err := s.reports.Export(as(t, s.world.B), s.world.B.ID, &file, lms.ReportExport{View: other, Format: "csv"}); err != nil || strings.Contains(file.String(), "研修") || strings.Count(file.String(), "\r\n") != 1 {
			t.Errorf("B took away %s, %v", file.String(), err)
		}
	})
}

// broken is a browser that goes away after some bytes.
type broken struct{ left int }

var errGone = errors.New("gone")

func (b *broken) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errGone
	}
	return len(p), nil
}

func TestReportExportStopsWithItsReader(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		s.crowd(a, 3000, 3)
		s.create(a, lms.Audience{Everyone: true})
		x := lms.ReportExport{View: lms.View{}, Format: "csv", Language: "ja"}
		if err := s.reports.Export(as(t, a), a.ID, &broken{40_000}, x); !errors.Is(err, errGone) {
			t.Errorf("after the reader went: %v", err)
		}
		ctx, cancel := context.WithCancel(as(t, a))
		cut := &cutter{cancel: cancel}
		if err := s.reports.Export(ctx, a.ID, cut, x); err == nil {
			t.Error("the request ended and the export did not")
		}
		n := s.count("SELECT COUNT(*) FROM audit_event WHERE action = 'report.exported' AND detail LIKE '%\"complete\":false%'")
		if n != 2 {
			t.Errorf("%d broken exports are recorded, want 2", n)
		}
		x.Format = lms.FormatPDF
		if err := s.reports.Export(as(t, a), a.ID, cut, x); !fault.Is(err, fault.TooLarge) {
			t.Errorf("a PDF of 3,000 rows: %v", err)
		}
	})
}

type cutter struct{ cancel func() }

func (c *cutter) Write(p []byte) (int, error) {
	c.cancel()
	return len(p), nil
}
