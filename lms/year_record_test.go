package lms_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

func TestFiscalYear(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, _ := recordStage(t, d) // a round of April to September 2026
		a := s.world.A
		years, month, err := s.records.Years(t.Context(), a.ID)
		if err != nil || month != 4 || len(years) != 1 || years[0] != (lms.Year{Year: 2026, FirstDay: "2026-04-01", LastDay: "2027-03-31", Rounds: 1}) {
			t.Fatalf("%v, %d, %v", years, month, err)
		}
		if err := s.records.SetFirstMonth(as(t, a), a.ID, 13); !fault.Is(err, fault.Invalid) {
			t.Errorf("a thirteenth month: %v", err)
		}
		if err := s.records.SetFirstMonth(as(t, a), a.ID, 12); err != nil {
			t.Fatal(err)
		}
		years, _, err = s.records.Years(t.Context(), a.ID)
		if err != nil || len(years) != 1 || years[0].Year != 2025 || years[0].FirstDay != "2025-12-01" || years[0].LastDay != "2026-11-30" || years[0].Rounds != 1 {
			t.Errorf("a year from December: %v, %v", years, err)
		}
		if _, err := s.records.DrawYear(t.Context(), a.ID, 2020); !fault.Is(err, fault.Conflict) {
			t.Errorf("a year without rounds: %v", err)
		}
		if _, err := s.records.DrawYear(t.Context(), s.world.B.ID, 2025); !fault.Is(err, fault.Conflict) {
			t.Errorf("another organisation sees the round: %v", err)
		}
	})
}

// The year's figures are the sum of its rounds, people count once, and the same state is one issue whoever asks at the same time.
func TestYearRecord(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, first := recordStage(t, d)
		a := s.world.A
		second := s.create(a, lms.Audience{Persons: []db.ID{a.Staff[1], a.Staff[0]}})
		s.finish(second.ID, a.Staff[1], 100)
		rec, err := s.records.DrawYear(t.Context(), a.ID, 2026)
		if err != nil {
			t.Fatal(err)
		}
		if want := (lms.Figures{Assigned: 6, Completed: 3, NotStarted: 3, Exempt: 1}); rec.Figures != want || rec.Rate != 50 || len(rec.Rounds) != 2 {
			t.Errorf("%+v", rec)
		}
		if rec.People != 4 || rec.PeopleDone != 2 { // staff 1 completed both rounds, staff 2 their only one
			t.Errorf("%d people, %d done", rec.People, rec.PeopleDone)
		}
		issues := make([]lms.IssuedYear, 4)
		var wg sync.WaitGroup
		for i := range issues {
			wg.Go(func() {
				var err error
				if issues[i], err = s.records.IssueYear(as(t, a), a.ID, 2026); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, y := range issues {
			if y.ID != issues[0].ID || y.Number != 1 {
				t.Fatalf("one state, two issues: %+v", issues)
			}
		}
		for _, r := range []db.ID{first.ID, second.ID} { // the rounds' own records went out with it, once
			if list, err := s.records.List(t.Context(), a.ID, r); err != nil || len(list) != 1 {
				t.Errorf("%v, %v", list, err)
			}
		}
		before := yearPDF(t, s.records, a.ID, issues[0], "ja")
		s.clock.Add(time.Hour)
		s.run("UPDATE person SET name = '結婚 後子', sort_name = '結婚 後子' WHERE id = ?", a.Staff[1])
		again, err := s.records.FindYear(t.Context(), a.ID, issues[0].ID)
		if err != nil || !bytes.Equal(before, yearPDF(t, s.records, a.ID, again, "ja")) {
			t.Errorf("an issued year changed (%v)", err)
		}
		next, err := s.records.IssueYear(as(t, a), a.ID, 2026)
		if err != nil || next.Number != 2 {
			t.Errorf("a changed state: %+v, %v", next, err)
		}
		if list, err := s.records.ListYear(t.Context(), a.ID, 2026); err != nil || len(list) != 2 || list[0].Number != 2 {
			t.Errorf("%v, %v", list, err)
		}
		if _, err := s.records.FindYear(t.Context(), s.world.B.ID, next.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another organisation reads it: %v", err)
		}
	})
}

func TestYearRecordOnPaper(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, _ := recordStage(t, d)
		a := s.world.A
		y, err := s.records.IssueYear(as(t, a), a.ID, 2026)
		if err != nil {
			t.Fatal(err)
		}
		for _, language := range []string{"ja", "en"} {
			paper := yearPDF(t, s.records, a.ID, y, language)
			if !bytes.HasPrefix(paper, []byte("%PDF-")) {
				t.Fatal("no PDF")
			}
			var book bytes.Buffer
			if err := s.records.WriteYearXLSX(t.Context(), a.ID, &book, y, language); err != nil {
				t.Fatal(err)
			}
			if *out != "" {
				for name, b := range map[string][]byte{"year-" + language + ".pdf": paper, "year-" + language + ".xlsx": book.Bytes()} {
					if err := os.WriteFile(filepath.Join(*out, name), b, 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
			if language == "ja" {
				for _, want := range []string{"田中 太郎", "育児休業中のため", "合格・修了"} {
					if lines := inside(t, book.Bytes(), "xl/worksheets/sheet4.xml"); !strings.Contains(lines, want) {
						t.Errorf("%s is not among the lines: %s", want, lines)
					}
				}
			}
		}
	})
}

func yearPDF(t *testing.T, records *lms.TrainingRecords, tid tenant.ID, y lms.IssuedYear, language string) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := records.WriteYearPDF(t.Context(), tid, &buf, y, language); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// inside gives a part of a workbook as its writer left it.
func inside(t *testing.T, book []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A link opens one record, for as long as it lives, and every opening stands in the log.
func TestRecordLink(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, _ := recordStage(t, d)
		a := s.world.A
		y, err := s.records.IssueYear(as(t, a), a.ID, 2026)
		if err != nil {
			t.Fatal(err)
		}
		links := lms.NewRecordLinks(d, tenant.NewAudit(d, []byte("key"), s.clock.Now), s.records, []byte("a key for the test"), s.clock.Now)
		ask := lms.NewRecordLink{ID: db.NewID(), Kind: lms.RecordOfYear, Record: y.ID, Recipient: "監査法人 あおぞら", Days: 14}
		link, token, err := links.Create(as(t, a), a.ID, ask)
		if err != nil || len(token) != 43 || !link.Live(s.clock.Now()) {
			t.Fatalf("%+v, %q, %v", link, token, err)
		}
		if again, same, err := links.Create(as(t, a), a.ID, ask); err != nil || same != token || again.ID != link.ID {
			t.Errorf("asked twice: %v, %v", again, err)
		}
		for name, bad := range map[string]lms.NewRecordLink{
			"no recipient": {ID: db.NewID(), Kind: lms.RecordOfYear, Record: y.ID, Days: 14},
			"too long":     {ID: db.NewID(), Kind: lms.RecordOfYear, Record: y.ID, Recipient: "x", Days: 91},
		} {
			if _, _, err := links.Create(as(t, a), a.ID, bad); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, _, err := links.Create(as(t, s.world.B), s.world.B.ID, lms.NewRecordLink{ID: db.NewID(), Kind: lms.RecordOfYear, Record: y.ID, Recipient: "x", Days: 1}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a link to another organisation's record: %v", err)
		}
		opened, err := links.Open(t.Context(), token, true)
		if err != nil || opened.Year == nil || opened.Year.ID != y.ID || opened.Tenant != a.ID {
			t.Fatalf("%+v, %v", opened, err)
		}
		if list, err := links.List(t.Context(), a.ID); err != nil || len(list) != 1 || list[0].Opened != 1 || list[0].CreatedBy != "管理 花子" {
			t.Errorf("%+v, %v", list, err)
		}
		events, _, err := tenant.NewAudit(d, []byte("key"), s.clock.Now).List(t.Context(), a.ID, tenant.AuditQuery{Action: "record_link.open"})
		if err != nil || len(events) != 1 || events[0].ActorName != "監査法人 あおぞら" {
			t.Errorf("%+v, %v", events, err)
		}
		if _, err := links.Open(t.Context(), token, false); err != nil {
			t.Fatal(err)
		}
		events, _, err = tenant.NewAudit(d, []byte("key"), s.clock.Now).List(t.Context(), a.ID, tenant.AuditQuery{Action: "record_link.download"})
		if err != nil || len(events) != 1 || events[0].ActorName != "監査法人 あおぞら" {
			t.Errorf("a file was taken without an entry in the log: %+v, %v", events, err)
		}
		first := "A"
		if token[0] == 'A' {
			first = "B"
		}
		for _, wrong := range []string{"", "x", first + token[1:], token + "A", first + strings.ToUpper(token[1:])} {
			if _, err := links.Open(t.Context(), wrong, true); !fault.Is(err, fault.NotFound) {
				t.Errorf("token %q: %v", wrong, err)
			}
		}
		if err := links.Revoke(as(t, s.world.B), s.world.B.ID, link.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another organisation revoked it: %v", err)
		}
		for range 2 {
			if err := links.Revoke(as(t, a), a.ID, link.ID); err != nil {
				t.Fatal(err)
			}
		}
		shut := func(why string) {
			t.Helper()
			for _, opening := range []bool{true, false} {
				if _, err := links.Open(t.Context(), token, opening); !fault.Is(err, fault.Gone) {
					t.Errorf("%s (opening: %v): %v", why, opening, err)
				}
			}
		}
		shut("a revoked link opened")
		ask.ID = db.NewID()
		_, token, err = links.Create(as(t, a), a.ID, ask)
		if err != nil {
			t.Fatal(err)
		}
		for _, state := range []string{"suspended", "active"} {
			if _, err := d.Exec(t.Context(), `UPDATE organisation SET state = ? WHERE tenant_id = ?`, state, a.ID); err != nil {
				t.Fatal(err)
			}
			if state == "suspended" {
				shut("a link into a suspended organisation opened")
			}
		}
		if _, err := links.Open(t.Context(), token, false); err != nil {
			t.Errorf("active again: %v", err)
		}
		s.clock.Add(14*24*time.Hour + time.Second)
		shut("an old link opened")
	})
}
