package tenant_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/storage/sheet"
	"kenshu/tenant"
)

func faultOf(t *testing.T, err error) *fault.Error {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) {
		t.Fatalf("got %v, want a fault", err)
	}
	return f
}

// traces stands for the rooms that keep what people learn.
type traces struct{ of map[db.ID]bool }

// Traced tells who learned.
func (h *traces) Traced(_ context.Context, _ tenant.ID, people []db.ID) (map[db.ID]bool, error) {
	out := map[db.ID]bool{}
	for _, id := range people {
		if h.of[id] {
			out[id] = true
		}
	}
	return out, nil
}

// TakenBack has nothing to take back.
func (h *traces) TakenBack(context.Context, tenant.ID, *db.Tx, []db.ID, db.Time) error { return nil }

// Forget has nothing to forget.
func (h *traces) Forget(context.Context, tenant.ID, *db.Tx, []db.ID) error { return nil }

// work runs the jobs that are due, as the worker of one replica does.
func (o *office) work(t testing.TB) {
	t.Helper()
	w := &db.Worker{DB: o.db, Owner: db.NewID().String(), Clock: o.clock.Now, Log: slog.New(slog.DiscardHandler), Handlers: map[string]db.Handler{
		tenant.KindPersonImport: o.imports.Work, tenant.KindPersonImportTick: o.imports.Tick}}
	if _, err := w.RunDue(context.Background()); err != nil {
		t.Fatal(err)
	}
}

// receive has a file read, and its columns taken as they were guessed.
func (o *office) receive(t testing.TB, ctx context.Context, org kit.Org, id db.ID, name string, file []byte) tenant.Import {
	t.Helper()
	if _, err := o.imports.Receive(ctx, org.ID, id, tenant.ImportFile{Name: name, Size: int64(len(file)), SHA: sha256.Sum256(file), Body: bytes.NewReader(file)},
		tenant.OriginPage, tenant.ImportOptions{}, o.clock.Now()); err != nil {
		t.Fatal(err)
	}
	o.work(t)
	imp := o.find(t, org, id)
	if imp.State == tenant.ImportUnmapped {
		m := tenant.ImportMapping{}
		for _, c := range imp.Summary.Form.Columns {
			m.Columns = append(m.Columns, tenant.MappedColumn{Heading: c.Heading, Target: c.Target})
		}
		if _, err := o.imports.Map(ctx, org.ID, id, m); err != nil {
			t.Fatal(err)
		}
		o.work(t)
		imp = o.find(t, org, id)
	}
	return imp
}

func (o *office) find(t testing.TB, org kit.Org, id db.ID) tenant.Import {
	t.Helper()
	imp, err := o.imports.Find(context.Background(), org.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	return imp
}

func (o *office) check(t testing.TB, ctx context.Context, org kit.Org, file []byte) tenant.Import {
	t.Helper()
	imp := o.receive(t, ctx, org, db.NewID(), "名簿.csv", file)
	if imp.State != tenant.ImportChecked {
		t.Fatalf("the file is %s: %+v", imp.State, imp.Problem)
	}
	return imp
}

// refused has a file read that is refused as a whole.
func (o *office) refused(t testing.TB, ctx context.Context, org kit.Org, file []byte, key string) {
	t.Helper()
	imp := o.receive(t, ctx, org, db.NewID(), "名簿.csv", file)
	if imp.State != tenant.ImportRefused || imp.Problem == nil || imp.Problem.Key != key {
		t.Errorf("the file is %s %+v, want %s", imp.State, imp.Problem, key)
	}
}

// apply puts a checked file into effect.
func (o *office) apply(t testing.TB, ctx context.Context, org kit.Org, id db.ID) tenant.Import {
	t.Helper()
	if _, err := o.imports.Apply(ctx, org.ID, id, 0); err != nil {
		t.Fatal(err)
	}
	o.work(t)
	return o.find(t, org, id)
}

func (o *office) mustApply(t testing.TB, ctx context.Context, org kit.Org, file []byte) tenant.Import {
	t.Helper()
	imp := o.apply(t, ctx, org, o.check(t, ctx, org, file).ID)
	if imp.State != tenant.ImportApplied {
		t.Fatalf("the file is %s: %+v", imp.State, imp.Problem)
	}
	return imp
}

func (o *office) faults(t *testing.T, ctx context.Context, imp tenant.Import) map[int]string {
	t.Helper()
	page, err := o.imports.Rows(ctx, o.world.A.ID, imp.ID, tenant.RowWrong, db.Page{Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	out := map[int]string{}
	for _, r := range page.Items {
		for _, f := range r.Faults {
			out[r.Number] = strings.TrimSpace(out[r.Number] + " " + f.Path + ":" + f.Key)
		}
	}
	return out
}

// realList is the list of 1,000 staff of the issue: variant characters, leading zeros, full-width digits, an empty line, a duplicate, a formula.
func realList(mended bool) [][]string {
	rows := [][]string{{"社員番号", "氏名", "フリガナ", "所属", "雇用区分", "入社年月日", "備考"}}
	names := [][2]string{{"髙橋 﨑子", "タカハシ サキコ"}, {"山﨑 太郎", "ヤマサキ タロウ"}, {"髙﨑 花", "タカサキ ハナ"}, {"田中 一郎", "タナカ イチロウ"}}
	for i := range 1000 {
		n := names[i%len(names)]
		number := fmt.Sprintf("%06d", i+1)
		if i%50 == 7 {
			number = strings.Map(func(r rune) rune { return r - '0' + '０' }, number)
		}
		row := []string{number, fmt.Sprintf("%s%d", n[0], i), n[1], []string{"訪問介護課", "総務部；訪問介護課", "経理部／総務部"}[i%3], []string{"正社員", "パート", "派遣社員"}[i%3], "2026/4/1", ""}
		switch {
		case i == 500:
			rows = append(rows, []string{"", "", "", "", "", "", ""})
		case i == 600 && !mended:
			row[0] = "000005"
		case i == 700 && !mended:
			row[1] = `=HYPERLINK("http://example.com","田中")`
		}
		rows = append(rows, row)
	}
	return rows
}

func encode(t *testing.T, format sheet.Format, rows [][]string) []byte {
	t.Helper()
	var table sheet.Table
	for _, title := range rows[0] {
		table.Headings = append(table.Headings, sheet.Heading{Title: title})
	}
	cells := make([][]sheet.Cell, 0, len(rows))
	for _, row := range rows[1:] {
		cells = append(cells, sheet.Texts(row...))
	}
	table.Rows = sheet.Rows(cells)
	var out bytes.Buffer
	if _, err := sheet.Write(&out, format, table); err != nil {
		t.Fatal(err)
	}
	if format == sheet.XLSX {
		return out.Bytes()
	}
	return bytes.ReplaceAll(out.Bytes(), []byte(`'=HYPER`), []byte(`=HYPER`)) // as Excel writes it: without our guard
}

func TestTheRealList(t *testing.T) {
	for _, format := range []sheet.Format{sheet.CSVShiftJIS, sheet.CSV, sheet.XLSX} {
		t.Run(string(format), func(t *testing.T) {
			kit.EachDB(t, func(t *testing.T, d *db.DB) {
				o := newOffice(t, d)
				ctx, a := o.manager(t), o.world.A
				imp := o.check(t, ctx, a, encode(t, format, realList(false)))
				s := imp.Summary
				if s.Added != 998 || s.Wrong != 2 || s.Changed+s.Unchanged != 0 || !slices.Equal(s.Ignored, []string{"備考"}) || len(s.NewDepartments) != 3 {
					t.Fatalf("%+v", s)
				}
				// Row numbers are Excel's: the heading is 1, the empty line 502.
				if got := o.faults(t, ctx, imp); got[603] != "employee_number:import_twice" || got[703] != "name:sheet_formula" || len(got) != 2 {
					t.Fatalf("%v", got)
				}
				_, err := o.imports.Apply(ctx, a.ID, imp.ID, 0)
				wantKind(t, err, fault.Conflict, "import_wrong")
				if page, _ := o.people.List(ctx, a.ID, tenant.PeopleQuery{}); page.Total != 5 {
					t.Fatalf("a refused file left %d people", page.Total)
				}
				file := encode(t, format, realList(true))
				done := o.mustApply(t, ctx, a, file)
				if done.State != tenant.ImportApplied || done.Summary.Added != 1000 {
					t.Fatalf("%+v", done)
				}
				if again := o.apply(t, ctx, a, done.ID); again.Summary.Added != 1000 || again.AppliedAt != done.AppliedAt {
					t.Fatalf("second apply: %+v", again)
				}
				page, err := o.people.List(ctx, a.ID, tenant.PeopleQuery{Import: done.ID, Search: "000008"})
				if err != nil || len(page.Items) != 1 {
					t.Fatalf("%v %v", page, err)
				}
				p := page.Items[0]
				if p.EmployeeNumber != "000008" || p.Name != "田中 一郎7" || p.JoinedOn != "2026-04-01" || p.Kind != tenant.KindPartTime || len(p.Departments) != 2 || p.Credential != tenant.CredentialNone {
					t.Fatalf("%+v", p)
				}
				if o.check(t, ctx, a, file).Summary.Unchanged != 1000 {
					t.Fatal("the same file again changes people")
				}
				if len(o.heard.ids) != 1000 {
					t.Fatalf("the observer heard of %d people", len(o.heard.ids))
				}
			})
		})
	}
}

func TestRowsThatAreWrong(t *testing.T) {
	o := newOffice(t, kit.SQLite(t))
	ctx, a := o.manager(t), o.world.A
	o.mustApply(t, ctx, a, []byte("ログインID,氏名,社員番号,入職日,雇用区分\nfusukiwa7318,林 恵子,0042,46113,役員\ngedatiba2946,森 徹,,R8.4.1,パート\n"))
	if page, _ := o.people.List(ctx, a.ID, tenant.PeopleQuery{Search: "fusukiwa"}); page.Items[0].JoinedOn != "2026-04-01" || page.Items[0].Kind != tenant.KindOfficer {
		t.Fatalf("%+v", page.Items[0])
	}
	imp := o.check(t, ctx, a, []byte(strings.Join([]string{
		"名簿（2026年度）",
		"",
		"ログインＩＤ,名前,社員番号,メール,部署,雇用区分,入社日",
		",（例）山田 花子,000123,,,,",
		",,9001,,,,",                                        // 5: no name
		"ab,短い ID,9002,,,,",                                 // 6
		"日本語,文字 種,9003,,,,",                                 // 7
		",メール 誤り,9004,あいう,,,",                               // 8
		",日付 誤り,9005,,,,2026/2/30",                          // 9
		",区分 誤り,9006,,,社長秘書,",                               // 10
		"zekihuna3851,林 恵子,0042,,,,",                        // 11: the number belongs to fusukiwa7318
		",森　徹,,,,,",                                         // 12: known name without ID or number
		",新井 誠,,,,,",                                        // 13: fine
		",新井 誠,,,,,",                                        // 14: the same name again
		"GEDATIBA2946,森 徹,0042,,,,",                         // 15: somebody else's number
		"wotebija9052,重複 一,9007,,,,",                        // 16
		"ＷＯＴＥＢＩＪＡ9052,重複 二,9008,,,,",                        // 17
		",＋数式 太郎,9009,,,,",                                  // 18
		",\"長い " + strings.Repeat("名", 100) + "\",9010,,,,", // 19
		"sato,佐藤 桜,9011,,,,",                                // 20
	}, "\r\n")))
	want := map[int]string{
		5: "name:required", 6: "login_id:too_short", 7: "login_id:login_id_characters", 8: "email:email", 9: "joined_on:date", 10: "employment_kind:import_employment",
		11: "login_id:import_login_differs", 12: "name:import_name_known", 14: "name:import_twice", 15: "employee_number:import_twice employee_number:import_number_taken", 17: "login_id:import_twice",
		18: "name:sheet_formula", 19: "name:too_long", 20: "login_id:login_id_common",
	}
	got := o.faults(t, ctx, imp)
	for row := range 21 {
		if got[row] != want[row] {
			t.Errorf("row %d: got %q, want %q", row, got[row], want[row])
		}
	}
	if imp.Summary.Added != 2 || imp.Summary.Wrong != len(want) {
		t.Errorf("%+v", imp.Summary)
	}
	table, err := o.imports.WrongRows(ctx, a.ID, imp.ID, "ja")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if report, err := sheet.Write(&out, sheet.XLSX, table); err != nil || report.Rows != len(want) {
		t.Fatalf("%d rows to mend: %v", report.Rows, err)
	}
	for file, key := range map[string]string{"": "sheet_kind", "氏名\n": "import_empty"} {
		o.refused(t, ctx, a, []byte(file), key)
	}
}

func TestNothingIsLostBecauseItIsAbsent(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx, a := o.manager(t), o.world.A
		o.mustApply(t, ctx, a, []byte("ログインID,氏名,社員番号,メール,部署\nfusukiwa7318,林 恵子,0042,k@example.jp,介護課;総務課\ngedatiba2946,森 徹,0043,,介護課\n"))
		o.clock.Add(72 * time.Hour)
		imp := o.mustApply(t, ctx, a, []byte("社員番号,氏名,メール,部署\n0042,林 恵子,,看護課\n0043,森 徹,t@example.jp,\n"))
		if imp.Summary.Changed != 2 {
			t.Fatalf("%+v", imp.Summary)
		}
		page, err := o.people.List(ctx, a.ID, tenant.PeopleQuery{Search: "004"})
		if err != nil || len(page.Items) != 2 {
			t.Fatalf("%v %v", page, err)
		}
		for _, p := range page.Items {
			switch p.EmployeeNumber {
			case "0042":
				if p.Email != "k@example.jp" || len(p.Departments) != 1 || p.Departments[0].Name != "看護課" || p.LoginID != "fusukiwa7318" || p.Version != 2 {
					t.Fatalf("%+v", p)
				}
			case "0043":
				if p.Email != "t@example.jp" || len(p.Departments) != 1 || p.Departments[0].Name != "介護課" {
					t.Fatalf("%+v", p)
				}
			}
		}
		var kept int
		if err := d.QueryRow(ctx, `SELECT COUNT(*) FROM person_department WHERE tenant_id = ? AND ends_on = '2026-04-03'`, a.ID).Scan(&kept); err != nil || kept != 2 {
			t.Fatalf("%d ended posts are kept: %v", kept, err)
		}
		if page, _ = o.people.List(ctx, a.ID, tenant.PeopleQuery{}); page.Total != 7 {
			t.Fatalf("%d people", page.Total)
		}
	})
}

func TestExportIsReadBackUnchanged(t *testing.T) {
	o := newOffice(t, kit.SQLite(t))
	ctx, a := o.manager(t), o.world.A
	o.mustApply(t, ctx, a, encode(t, sheet.CSV, realList(true)))
	for _, format := range []sheet.Format{sheet.CSV, sheet.XLSX} {
		for _, language := range []string{"ja", "en"} {
			table, err := o.people.Export(ctx, a.ID, tenant.PeopleQuery{}, language)
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if _, err := sheet.Write(&out, format, table); err != nil {
				t.Fatal(err)
			}
			if s := o.check(t, ctx, a, out.Bytes()).Summary; s.Unchanged != 1005 || s.Added+s.Changed+s.Wrong != 0 {
				t.Fatalf("%s in %s: %+v", format, language, s)
			}
		}
	}
	for _, language := range []string{"ja", "en"} {
		for _, format := range []sheet.Format{sheet.CSV, sheet.XLSX} {
			tables := tenant.PeopleTemplate(language, nil)
			if format == sheet.CSV {
				tables = tables[:1]
			}
			var out bytes.Buffer
			if _, err := sheet.Write(&out, format, tables...); err != nil {
				t.Fatal(err)
			}
			o.refused(t, ctx, a, out.Bytes(), "import_empty") // the example is not read
		}
	}
}

func TestTwoImportsAtOnce(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx, a := o.manager(t), o.world.A
		var file strings.Builder
		file.WriteString("ログインID,氏名,部署\n")
		for i := range 300 {
			fmt.Fprintf(&file, "fusukiwa%04d,同時 %d,同じ課\n", 1000+i*7, i)
		}
		imports := []tenant.Import{o.check(t, ctx, a, []byte(file.String())), o.check(t, ctx, a, []byte(file.String()))}
		for i := range 4 {
			if _, err := o.imports.Apply(ctx, a.ID, imports[i%2].ID, 0); err != nil {
				t.Fatal(err)
			}
		}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { o.work(t) })
		}
		wg.Wait()
		o.work(t)
		page, err := o.people.List(ctx, a.ID, tenant.PeopleQuery{Search: "同時"})
		if err != nil || page.Total != 300 {
			t.Fatalf("%d people: %v", page.Total, err)
		}
		applied := 0
		for _, imp := range imports {
			now := o.find(t, a, imp.ID)
			switch {
			case now.State == tenant.ImportApplied && now.Summary.Added == 300:
				applied++
			case now.State != tenant.ImportChecked || now.Summary.Unchanged != 300:
				t.Fatalf("the preview of the slower import was not made new: %s %+v %+v", now.State, now.Summary, now.Problem)
			}
		}
		if applied != 1 {
			t.Fatalf("%d imports took effect", applied)
		}
	})
}

func TestImportMeetsAManualEdit(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx, a := o.manager(t), o.world.A
		imp := o.check(t, ctx, a, []byte("ログインID,氏名\ntanaka,田中 次郎\n"))
		p, err := o.people.Find(ctx, a.ID, a.Staff[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.people.Update(ctx, a.ID, p.ID, p.Version, tenant.PersonInput{LoginID: "tanaka", Name: "田中 三郎"}); err != nil {
			t.Fatal(err)
		}
		if now := o.apply(t, ctx, a, imp.ID); now.State != tenant.ImportChecked || now.Problem == nil || now.Problem.Key != "import_outdated" {
			t.Fatalf("%s %+v", now.State, now.Problem)
		}
		if p, _ = o.people.Find(ctx, a.ID, p.ID); p.Name != "田中 三郎" {
			t.Fatalf("the edit was overwritten: %s", p.Name)
		}
		rows, err := o.imports.Rows(ctx, a.ID, imp.ID, tenant.RowChanged, db.Page{})
		if err != nil || len(rows.Items) != 1 || rows.Items[0].Changes[0].Before != "田中 三郎" {
			t.Fatalf("the new preview: %+v %v", rows, err)
		}
		o.apply(t, ctx, a, imp.ID)
		if p, _ = o.people.Find(ctx, a.ID, p.ID); p.Name != "田中 次郎" {
			t.Fatalf("after agreeing to the new preview: %s", p.Name)
		}
	})
}

// BenchmarkImport10000 checks and applies 10,000 new people and hands out their one-time credentials.
func BenchmarkImport10000(b *testing.B) {
	var file strings.Builder
	file.WriteString("氏名,フリガナ,社員番号,メール,部署,雇用区分,入職日\n")
	for i := range 10_000 {
		fmt.Fprintf(&file, "髙橋 %d,タカハシ %d,%06d,p%d@example.jp,課%d,正社員,2026/4/1\n", i, i, i, i, i%40)
	}
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": kit.SQLite, "mariadb": kit.MariaDB} {
		if name == "mariadb" && os.Getenv("KENSHU_TEST_MYSQL") == "" {
			continue
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				d := open(b)
				o := newOffice(b, d)
				ctx := tenant.WithActor(b.Context(), tenant.Actor{Kind: "person", Tenant: o.world.A.ID, Person: o.world.A.Manager, Name: "bench", Role: "manager"})
				peak := watchMemory()
				b.StartTimer()
				imp := o.check(b, ctx, o.world.A, []byte(file.String()))
				checked := b.Elapsed()
				o.apply(b, ctx, o.world.A, imp.ID)
				applied := b.Elapsed()
				slips, err := o.people.IssueFor(ctx, o.world.A.ID, tenant.PeopleQuery{Import: imp.ID}, false)
				if err != nil || len(slips) != 10_000 {
					b.Fatalf("%d slips: %v", len(slips), err)
				}
				b.StopTimer()
				b.ReportMetric(checked.Seconds(), "check-s")
				b.ReportMetric((applied - checked).Seconds(), "apply-s")
				b.ReportMetric(10_000/b.Elapsed().Seconds(), "rows/s")
				b.ReportMetric(float64(peak())/(1<<20), "peak-heap-MB")
				b.StartTimer()
			}
		})
	}
}

// watchMemory samples the memory that Go holds from the system, above what it held before.
func watchMemory() func() uint64 {
	var m runtime.MemStats
	runtime.GC()
	done, result := make(chan struct{}), make(chan uint64)
	go func() {
		var most uint64
		for {
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse+m.StackInuse)
			select {
			case <-done:
				result <- most
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() uint64 { close(done); return <-result }
}
