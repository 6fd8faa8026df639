package lms_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/storage/mail"
	"kenshu/storage/sheet"
)

var out = flag.String("out", "", "keep the drawn documents in this directory, to be looked at")

// recordStage is a round with every kind of line in it, 26 April.
func recordStage(t *testing.T, d *db.DB) (*stage, lms.Round) {
	t.Helper()
	s := newStage(t, d)
	a := s.world.A
	s.department(a, "在宅支援部 訪問介護課", a.Staff...)
	r := s.create(a, lms.Audience{Everyone: true})
	s.clock.Add(5 * time.Hour)
	s.finish(r.ID, a.Staff[1], 95)
	s.finish(r.ID, a.Staff[2], 80)
	s.run("UPDATE person SET email = 'tanaka@example.jp' WHERE id = ?", a.Staff[0])
	reminder, _ := s.reminder(mail.Kept{})
	if _, err := reminder.Remind(t.Context(), a.ID, r.ID); err != nil {
		t.Fatal(err)
	}
	if err := s.rounds.SetAside(as(t, a), a.ID, r.ID, []db.ID{s.enrolment(r.ID, a.Editor)}, lms.Aside{Status: lms.Exempt, Reason: "育児休業中のため（復職後に受講）"}); err != nil {
		t.Fatal(err)
	}
	s.clock.Add(25 * 24 * time.Hour)
	return s, r
}

func TestTrainingRecordSaysTheState(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, r := recordStage(t, d)
		rec, _, err := s.records.Draw(t.Context(), s.world.A.ID, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		if want := (lms.Figures{Assigned: 4, Completed: 2, NotStarted: 2, Exempt: 1}); rec.Figures != want || rec.Rate != 50 || rec.AverageScore == nil || *rec.AverageScore != 87 {
			t.Errorf("figures %+v, rate %d, average %v", rec.Figures, rec.Rate, rec.AverageScore)
		}
		if len(rec.Attendees) != 2 || len(rec.Absentees) != 2 || len(rec.Excused) != 1 || rec.FirstOn != "2026-04-01" || rec.LastOn != "2026-04-01" || rec.AsOf != "2026-04-26" {
			t.Errorf("%+v", rec)
		}
		if e := rec.Excused[0]; e.Reason != "育児休業中のため（復職後に受講）" || e.Status != lms.Exempt {
			t.Errorf("excused: %+v", e)
		}
		followed := map[string]int{}
		for _, p := range rec.Absentees {
			followed[p.Name] = p.Reminders
		}
		if followed["田中 太郎"] != 1 || followed["管理 花子"] != 0 {
			t.Errorf("follow-up: %v", followed) // the manager has no address
		}
		if len(rec.Course.Lessons) != 2 || rec.Course.Title != "情報セキュリティ入門" || len(rec.Responsible) != 1 || rec.Responsible[0] != "管理 花子" || len(rec.Departments) != 1 {
			t.Errorf("%+v", rec)
		}
	})
}

// The same state is one issue with the same bytes; what changes later changes nothing that was issued.
func TestTrainingRecordIsReproducible(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, r := recordStage(t, d)
		a := s.world.A
		var first lms.IssuedRecord
		var wg sync.WaitGroup
		results := make([]lms.IssuedRecord, 5)
		for i := range results {
			wg.Go(func() {
				var err error
				if results[i], err = s.records.Issue(as(t, a), a.ID, r.ID); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		first = results[0]
		for _, rec := range results {
			if rec.ID != first.ID || rec.Digest != first.Digest || rec.Number != 1 {
				t.Fatalf("the same state was issued twice: %v and %v", first, rec)
			}
		}
		before := pdf(t, first, "ja")
		s.clock.Add(time.Hour)
		s.run("UPDATE person SET name = '結婚 後子', sort_name = '結婚 後子' WHERE id = ?", a.Staff[1])
		s.run("UPDATE round SET title = '別の名前' WHERE id = ?", r.ID)
		second, err := s.records.Issue(as(t, a), a.ID, r.ID)
		if err != nil || second.Number != 2 || second.Digest == first.Digest {
			t.Fatalf("a changed state was not a new issue: %v, %v", second, err)
		}
		kept, err := s.records.Find(t.Context(), a.ID, first.ID)
		if err != nil || !bytes.Equal(pdf(t, kept, "ja"), before) {
			t.Errorf("the first issue changed its bytes (%v)", err)
		}
		if list, err := s.records.List(t.Context(), a.ID, r.ID); err != nil || len(list) != 2 || list[0].Number != 2 || list[1].CreatedBy != "管理 花子" {
			t.Errorf("%+v, %v", list, err)
		}
		if err := s.records.Verify(t.Context(), a.ID, first.ID); err != nil {
			t.Errorf("an untouched record: %v", err)
		}
		s.run("UPDATE training_record SET content = '{}' WHERE id = ?", first.ID)
		if err := s.records.Verify(t.Context(), a.ID, first.ID); err == nil {
			t.Error("a record that was tampered with passed")
		}
	})
}

func TestTrainingRecordOnPaper(t *testing.T) {
	s, r := recordStage(t, kit.SQLite(t))
	a := s.world.A
	for i := range 150 {
		id := kit.NewPerson(t, s.db, a.ID, fmt.Sprintf("p%03d", i), "髙﨑 𠮷之助")
		s.run(`INSERT INTO enrolment (tenant_id, id, round_id, person_id, status, due_on, lessons_total, lessons_done, score_percent, started_at, completed_at, created_at)
 VALUES (?, ?, ?, ?, ?, '2026-04-20', 2, 2, 100, ?, ?, 1)`, a.ID, db.NewID(), r.ID, id, map[bool]string{true: "completed", false: "in_progress"}[i%4 != 0], db.At(s.clock.Now()), db.At(s.clock.Now()))
	}
	rec, err := s.records.Issue(as(t, a), a.ID, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if *out != "" {
		dir = *out
	}
	for language, want := range map[string][]string{
		"ja": {"教育実施記録", "第1号", "髙﨑 𠮷之助", "育児休業中のため", "督促1回", "期限超過", "修了率", "SHA-256"},
		"en": {"Training record", "No. 1", "髙﨑 𠮷之助", "reminded 1 times", "overdue", "Completion rate"},
	} {
		path := filepath.Join(dir, "record-"+language+".pdf")
		if err := os.WriteFile(path, pdf(t, rec, language), 0o600); err != nil {
			t.Fatal(err)
		}
		text, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", path, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		pages := strings.Split(strings.TrimSuffix(string(text), "\f"), "\f")
		if len(pages) < 4 {
			t.Errorf("%s: %d pages for 155 people", language, len(pages))
		}
		for i, page := range pages {
			if !strings.Contains(page, digestText(rec)) {
				t.Errorf("%s: page %d lacks the digest", language, i+1)
			}
		}
		for _, w := range want {
			if !strings.Contains(string(text), w) {
				t.Errorf("%s: %q is not in the document", language, w)
			}
		}
		var book bytes.Buffer
		if err := rec.WriteXLSX(&book, language); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "record-"+language+".xlsx"), book.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		info, err := sheet.Read(bytes.NewReader(book.Bytes()), int64(book.Len()), sheet.Limits{}, func(sheet.Row) error { return nil })
		if err != nil || info.Sheets != 6 {
			t.Errorf("%s: workbook %+v, %v", language, info, err)
		}
	}
}

// What is exported is exactly what the filter shows, formulas stay text.
func TestEnrolmentExport(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, r := recordStage(t, d)
		a := s.world.A
		s.run("UPDATE person SET name = '=1+1', sort_name = 'あ' WHERE id = ?", a.Staff[1])
		for _, format := range []sheet.Format{sheet.CSV, sheet.XLSX, sheet.CSVShiftJIS} {
			var b bytes.Buffer
			if err := s.rounds.WriteEnrolments(t.Context(), a.ID, &b, format, lms.EnrolmentFilter{Round: r.ID, Statuses: []lms.Status{lms.Completed}}, "ja"); err != nil {
				t.Fatal(format, err)
			}
			var rows [][]string
			info, err := sheet.Read(bytes.NewReader(b.Bytes()), int64(b.Len()), sheet.Limits{}, func(row sheet.Row) error {
				rows = append(rows, row.Cells)
				if len(row.Faults) > 0 {
					t.Errorf("%s: a cell is a formula: %v", format, row.Faults)
				}
				return nil
			})
			if err != nil || info.Rows != 3 || rows[0][0] != "氏名" || rows[1][0] != "=1+1" || rows[1][4] != "合格・修了" || rows[1][9] != "2026/04/01" {
				t.Errorf("%s: %v, %v", format, rows, err)
			}
		}
		if got := s.count("SELECT COUNT(*) FROM audit_event WHERE action = 'round.export' AND subject_id = ?", r.ID); got != 3 {
			t.Errorf("%d of 3 exports are in the audit log", got)
		}
	})
}

func pdf(t *testing.T, rec lms.IssuedRecord, language string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := rec.WritePDF(&b, language); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func digestText(rec lms.IssuedRecord) string {
	const hex = "0123456789abcdef"
	var b strings.Builder
	for _, x := range rec.Digest {
		b.WriteByte(hex[x>>4])
		b.WriteByte(hex[x&15])
	}
	return b.String()
}
