package lms_test

import (
	"bytes"
	"slices"
	"testing"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// A dossier tells everything a person was given and what became of it, and nothing of anybody else's; the paper is written in both languages.
func TestDossier(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		clock := kit.NewClock()
		w := kit.NewWorld(t, d)
		a, b := kit.Fill(t, d, w.A, "MINE"), kit.Fill(t, d, w.B, "THEIRS")
		dossiers := lms.NewDossiers(d, tenant.NewAudit(d, []byte("key"), clock.Now), clock.Now)
		if _, err := d.Exec(t.Context(), "UPDATE progress SET spent_seconds = 90 WHERE tenant_id = ?", w.A.ID); err != nil {
			t.Fatal(err)
		}
		list, next, err := dossiers.List(t.Context(), w.A.ID, a.IDs["person"], db.Page{})
		if err != nil || len(list) != 1 || next != "" {
			t.Fatalf("the dossier is %+v %q %v", list, next, err)
		}
		e := list[0]
		if e.Enrolment != a.IDs["enrolment"] || e.SpentSeconds != 90 || len(e.Attempts) != 1 || e.Certificate == nil || e.Certificate.Number != "MINE" || e.Overdue {
			t.Errorf("the course is %+v", e)
		}
		for name, id := range map[string]db.ID{"somebody else's": b.IDs["person"], "nobody's": db.NewID()} {
			if _, _, err := dossiers.List(t.Context(), w.A.ID, id, db.Page{}); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s dossier: %v", name, err)
			}
			if _, err := dossiers.Print(t.Context(), w.A.ID, id); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s ledger: %v", name, err)
			}
		}
		for range 3 { // pages follow each other without a gap
			round := db.NewID()
			if _, err := d.Exec(t.Context(), `INSERT INTO round (tenant_id, id, title, course_title, course_tenant_id, course_version_id, starts_on, deadline_on, state, created_by, created_at, updated_at)
 VALUES (?, ?, '<b>研修</b>', '講座', ?, ?, '2026-04-01', '2026-09-30', 'open', ?, 1, 1)`, w.A.ID, round, w.A.ID, a.IDs["course_version"], a.IDs["person"]); err != nil {
				t.Fatal(err)
			}
			if _, err := d.Exec(t.Context(), `INSERT INTO enrolment (tenant_id, id, round_id, person_id, status, due_on, lessons_total, created_at) VALUES (?, ?, ?, ?, 'not_started', '2026-03-01', 1, 1)`,
				w.A.ID, db.NewID(), round, a.IDs["person"]); err != nil {
				t.Fatal(err)
			}
		}
		seen := map[db.ID]bool{}
		for page := (db.Page{Limit: 1}); ; {
			list, next, err := dossiers.List(t.Context(), w.A.ID, a.IDs["person"], page)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range list {
				seen[e.Enrolment] = true
			}
			if page.After = next; next == "" {
				break
			}
		}
		if len(seen) != 4 {
			t.Errorf("%d courses on the pages, not 4", len(seen))
		}
		ledger, err := dossiers.Print(t.Context(), w.A.ID, a.IDs["person"])
		if err != nil || len(ledger.Entries) != 4 || !ledger.Entries[0].Overdue {
			t.Fatalf("the ledger is %+v %v", ledger, err)
		}
		posts, err := tenant.ReadPosts(t.Context(), w.A.ID, d, a.IDs["person"], tenant.Day(ledger.At))
		if err != nil || len(posts) == 0 || !slices.Equal(ledger.Posts, posts) {
			t.Errorf("the ledger's posts are %+v, the page's %+v: %v", ledger.Posts, posts, err)
		}
		for _, language := range []string{"ja", "en"} {
			var out bytes.Buffer
			if err := ledger.WritePDF(&out, language); err != nil || !bytes.HasPrefix(out.Bytes(), []byte("%PDF")) {
				t.Errorf("the paper in %s: %v", language, err)
			}
		}
		n := 0
		if err := d.QueryRow(t.Context(), "SELECT COUNT(*) FROM audit_event WHERE tenant_id = ? AND action = 'person.ledger'", w.A.ID).Scan(&n); err != nil || n != 1 {
			t.Errorf("the log has %d lines about the paper: %v", n, err)
		}
	})
}
