package lms_test

import (
	"testing"
	"time"

	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/storage/mail"
	"kenshu/tenant"
)

// Nobody waits for somebody who is on leave: wherever lateness is counted, listed or printed, they are not late; when they are back they are again.
func TestOnLeaveIsLateNowhere(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		department := s.department(a, "看護部")
		for _, p := range a.Staff {
			s.hold(a, p, department)
		}
		s.hold(a, a.Staff[0], s.department(a, "事務")) // counted once all the same
		r := s.create(a, lms.Audience{Persons: a.Staff})
		s.clock.Add(120 * 24 * time.Hour)
		audit := tenant.NewAudit(d, []byte("key"), s.clock.Now)
		dossiers := lms.NewDossiers(d, audit, s.clock.Now)
		reminder := lms.NewReminder(d, audit, tenant.NewOutbox(d, audit, mail.Kept{}, s.clock.Now), s.clock.Now, "http://localhost:8080")
		late := func(want int) {
			t.Helper()
			got := map[string]int{}
			s.reports.Forget(a.ID)
			board, err := s.reports.Dashboard(t.Context(), a.ID)
			if err != nil {
				t.Fatal(err)
			}
			got["round on the dashboard"] = board.Rounds[0].Overdue
			for _, dep := range board.Departments {
				if dep.ID == department {
					got["department on the dashboard"] = dep.Overdue
				}
			}
			if got["report's figure"], err = s.reports.Count(t.Context(), a.ID, lms.ReportFilter{Overdue: true}); err != nil {
				t.Fatal(err)
			}
			for _, sort := range []string{"", "due_on"} {
				n := 0
				for _, row := range s.all(a, lms.ReportQuery{Sort: sort, Columns: []string{"name", "status"}}, 100) {
					if row.Overdue {
						n++
					}
				}
				got["rows of the report by "+sort] = n
			}
			list, _, total, err := s.rounds.ListEnrolments(t.Context(), a.ID, lms.EnrolmentFilter{Round: r.ID, Overdue: true}, db.Page{})
			if err != nil {
				t.Fatal(err)
			}
			got["list of the round"], got["its figure"] = len(list), total
			record, _, err := s.records.Draw(t.Context(), a.ID, r.ID)
			if err != nil {
				t.Fatal(err)
			}
			got["training record"] = record.Figures.Overdue
			digest, err := reminder.Digest(t.Context(), a.ID)
			if err != nil {
				t.Fatal(err)
			}
			got["digest"] = digest.Overdue
			n := 0
			for _, p := range a.Staff {
				entries, _, err := dossiers.List(t.Context(), a.ID, p, db.Page{})
				if err != nil {
					t.Fatal(err)
				}
				if entries[0].Overdue {
					n++
				}
			}
			got["dossiers"] = n
			for where, n := range got {
				if n != want {
					t.Errorf("%s: %d late, want %d", where, n, want)
				}
			}
		}
		late(3)
		s.run("UPDATE person SET state = 'suspended' WHERE tenant_id = ? AND id = ?", a.ID, a.Staff[0])
		late(2)
		if _, err := s.reports.WriteDays(t.Context(), a.ID); err != nil {
			t.Fatal(err)
		}
		trends, err := s.reports.Trends(t.Context(), a.ID)
		if err != nil || len(trends) != 1 {
			t.Fatal(trends, err)
		}
		if days := trends[0].Days; days[len(days)-1].Overdue != 2 || days[len(days)-2].Overdue != 2 {
			t.Errorf("the trend ends with %+v", days[len(days)-2:])
		}
		s.run("UPDATE person SET state = 'active' WHERE tenant_id = ? AND id = ?", a.ID, a.Staff[0])
		late(3)
	})
}
