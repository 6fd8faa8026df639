package tenant_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/cache"
	"kenshu/storage/db"
	"kenshu/tenant"
)

const nightly = "社員番号,氏名,部署,雇用区分\n0001,林 恵子,介護課;総務課,正社員\n0002,森 徹,介護課,パート\n0003,新井 誠,総務課,正社員\n"

func (o *office) person(t *testing.T, number string) tenant.Person {
	t.Helper()
	page, err := o.people.List(context.Background(), o.world.A.ID, tenant.PeopleQuery{Search: number, AllStates: true})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("%s: %d people, %v", number, len(page.Items), err)
	}
	return page.Items[0]
}

// Who is missing from the file goes only when somebody says so, and never the manager or who acts.
func TestMissingPeopleLeaveAndComeBack(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx, a := o.manager(t), o.world.A
		o.mustApply(t, ctx, a, []byte(nightly))
		imp := o.check(t, ctx, a, []byte("社員番号,氏名\n0001,林 恵美子\n"))
		if m := imp.Summary; m.Missing != 6 || m.Changed != 1 { // two more of the file, an editor and three staff; not the manager
			t.Fatalf("%+v", m)
		}
		if _, err := o.imports.Missing(ctx, a.ID, imp.ID, tenant.MissingLeave, "2026-04-02"); !fault.Is(err, fault.Invalid) {
			t.Fatalf("a day to come: %v", err)
		}
		if _, err := o.imports.Missing(ctx, a.ID, imp.ID, tenant.MissingLeave, "2026-04-01"); err != nil {
			t.Fatal(err)
		}
		o.work(t)
		rows, err := o.imports.Rows(ctx, a.ID, imp.ID, tenant.RowMissing, db.Page{})
		if err != nil || len(rows.Items) != 6 {
			t.Fatalf("%d rows, %v", len(rows.Items), err)
		}
		_, err = o.imports.Apply(ctx, a.ID, imp.ID, 0)
		wantKind(t, err, fault.Conflict, "import_confirm")
		if _, err := o.imports.Apply(ctx, a.ID, imp.ID, 6); err != nil {
			t.Fatal(err)
		}
		o.work(t)
		if p := o.person(t, "0002"); p.State != tenant.PersonLeft || p.LeftOn != "2026-04-01" {
			t.Fatalf("%+v", p)
		}
		if p, err := o.people.Find(ctx, a.ID, a.Manager); err != nil || p.State != tenant.PersonActive {
			t.Fatalf("the manager is %s, %v", p.State, err)
		}
		if p, err := o.people.Find(ctx, a.ID, a.Editor); err != nil || p.State != tenant.PersonLeft || p.Has(tenant.RoleEditor) {
			t.Fatalf("the editor is %+v, %v", p, err)
		}
		preview, err := o.imports.UndoPreview(ctx, a.ID, imp.ID)
		if err != nil || preview.Count != (tenant.ImportUndoCount{Restore: 1, Return: 6}) {
			t.Fatalf("%+v, %v", preview, err)
		}
		if _, err := o.imports.Undo(ctx, a.ID, imp.ID); err != nil {
			t.Fatal(err)
		}
		o.work(t)
		if now := o.find(t, a, imp.ID); now.State != tenant.ImportUndone {
			t.Fatalf("%s %+v", now.State, now.Problem)
		}
		if p := o.person(t, "0002"); p.State != tenant.PersonActive || p.LeftOn != "" || len(p.Departments) != 1 {
			t.Fatalf("%+v", p)
		}
		if p := o.person(t, "0001"); p.Name != "林 恵子" {
			t.Fatalf("%+v", p)
		}
		if p, _ := o.people.Find(ctx, a.ID, a.Editor); !p.Has(tenant.RoleEditor) {
			t.Fatalf("the editor came back without the role: %+v", p)
		}
	})
}

// An undo removes whom the import added, gives back what it changed, and leaves alone who was changed or did something since.
func TestImportIsTakenBack(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx, a := o.manager(t), o.world.A
		o.mustApply(t, ctx, a, []byte(nightly))
		o.clock.Add(48 * time.Hour)
		imp := o.mustApply(t, ctx, a, []byte("社員番号,氏名,部署\n0001,林 恵美子,看護課\n0003,新井 誠一,総務課\n0010,新人 一郎,看護課\n0011,新人 二郎,看護課\n0012,新人 三郎,看護課\n"))
		used, edited := o.person(t, "0011"), o.person(t, "0012")
		o.traces.of = map[db.ID]bool{used.ID: true}
		if _, err := o.people.Update(ctx, a.ID, edited.ID, edited.Version, tenant.PersonInput{LoginID: edited.LoginID, Name: "新人 三", EmployeeNumber: "0012"}); err != nil {
			t.Fatal(err)
		}
		if _, err := o.imports.Undo(ctx, a.ID, imp.ID); err != nil {
			t.Fatal(err)
		}
		o.work(t)
		now := o.find(t, a, imp.ID)
		if now.State != tenant.ImportUndone || *now.Summary.Undo != (tenant.ImportUndoCount{Remove: 1, Restore: 2, KeptUsed: 1, KeptChanged: 1}) {
			t.Fatalf("%s %+v %+v", now.State, now.Problem, now.Summary.Undo)
		}
		if page, _ := o.people.List(ctx, a.ID, tenant.PeopleQuery{Search: "0010", AllStates: true}); page.Total != 0 {
			t.Fatal("who was added is still there")
		}
		p := o.person(t, "0001")
		if p.Name != "林 恵子" || len(p.Departments) != 2 {
			t.Fatalf("%+v", p)
		}
		var open int
		if err := d.QueryRow(ctx, `SELECT COUNT(*) FROM person_department WHERE tenant_id = ? AND person_id = ? AND ends_on IS NULL`, a.ID, p.ID).Scan(&open); err != nil || open != 2 {
			t.Fatalf("%d posts, %v", open, err)
		}
		if o.person(t, "0012").Name != "新人 三" {
			t.Fatal("a later edit was lost")
		}
		_, err := o.imports.Undo(ctx, a.ID, imp.ID)
		wantKind(t, err, fault.Conflict, "import_undo_late")
	})
}

// What a file says about people is gone a day after it took effect.
func TestImportForgetsRows(t *testing.T) {
	o := newOffice(t, kit.SQLite(t))
	ctx, a := o.manager(t), o.world.A
	imp := o.mustApply(t, ctx, a, []byte(nightly))
	o.clock.Add(25 * time.Hour)
	if err := o.imports.Tick(ctx, db.Job{}, nil); err != nil {
		t.Fatal(err)
	}
	rows, err := o.imports.Rows(ctx, a.ID, imp.ID, "", db.Page{})
	if err != nil || len(rows.Items) != 0 {
		t.Fatalf("%d rows are kept, %v", len(rows.Items), err)
	}
	_, err = o.imports.WrongRows(ctx, a.ID, imp.ID, "ja")
	wantKind(t, err, fault.Gone, "import_old")
}

// The file goes with its rows, whatever became of it: put into effect, only checked, or refused. Then it cannot be read again.
func TestImportForgetsItsFile(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx, a := o.manager(t), o.world.A
		o.mustApply(t, ctx, a, []byte(nightly))
		checked := o.receive(t, ctx, a, db.NewID(), "b.csv", []byte("氏名\n鈴木 一郎\n"))
		refused := o.receive(t, ctx, a, db.NewID(), "c.csv", []byte("\x00\x01"))
		if checked.State != tenant.ImportChecked || refused.State != tenant.ImportRefused {
			t.Fatal(checked.State, refused.State)
		}
		files := func() (n int) {
			t.Helper()
			for info, err := range o.objects.List(ctx, "") {
				if err != nil {
					t.Fatal(err)
				}
				if strings.Contains(info.Key, "/person_import/") {
					n++
				}
			}
			return n
		}
		if n := files(); n != 3 {
			t.Fatalf("%d files", n)
		}
		o.clock.Add(8 * 24 * time.Hour)
		_, err := o.imports.Apply(ctx, a.ID, checked.ID, 0) // before the job has come
		wantKind(t, err, fault.Conflict, "import_old")
		if err := o.imports.Tick(ctx, db.Job{}, nil); err != nil {
			t.Fatal(err)
		}
		if n := files(); n != 0 {
			t.Errorf("%d files are kept", n)
		}
		_, err = o.imports.Missing(ctx, a.ID, checked.ID, tenant.MissingSuspend, "")
		wantKind(t, err, fault.Conflict, "import_old")
		_, err = o.imports.Apply(ctx, a.ID, checked.ID, 0)
		wantKind(t, err, fault.Conflict, "import_old")
	})
}

// Files go that an older version kept without saying until when, that a worker died over, and that have no import because the process died in between.
func TestImportFilesWithoutARecordGo(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx, a := o.manager(t), o.world.A
		old := o.receive(t, ctx, a, db.NewID(), "a.csv", []byte("氏名\n鈴木 一郎\n"))
		dead := o.receive(t, ctx, a, db.NewID(), "b.csv", []byte("氏名\n鈴木 二郎\n"))
		fresh := db.NewID()
		prefix := a.Public.String() + "/person_import/"
		for _, key := range []string{prefix + fresh.String() + "/" + db.NewID().String(), a.Public.String() + "/password_file/" + fresh.String()} {
			if _, err := o.objects.Put(ctx, key, strings.NewReader("x"), 1, ""); err != nil {
				t.Fatal(err)
			}
		}
		for query, id := range map[string]db.ID{
			"UPDATE person_import SET rows_until = NULL WHERE tenant_id = ? AND id = ?": old.ID,
			"UPDATE person_import SET state = 'reading' WHERE tenant_id = ? AND id = ?": dead.ID,
		} {
			if _, err := d.Exec(ctx, query, a.ID, id); err != nil {
				t.Fatal(err)
			}
		}
		files := func() (n int) {
			t.Helper()
			for _, err := range o.objects.List(ctx, prefix) {
				if n++; err != nil {
					t.Fatal(err)
				}
			}
			return n
		}
		clean := func() {
			t.Helper()
			if err := o.imports.SweepStrayJob(ctx, db.Job{}, func(int64, int64) {}); err != nil {
				t.Fatal(err)
			}
			if err := o.imports.Tick(ctx, db.Job{}, nil); err != nil {
				t.Fatal(err)
			}
		}
		o.clock.Add(time.Since(o.clock.Now())) // the store's time is the real one
		if _, err := d.Exec(ctx, "UPDATE person_import SET created_at = ? WHERE tenant_id = ?", db.At(o.clock.Now()), a.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Exec(ctx, "UPDATE person_import SET rows_until = ? WHERE tenant_id = ? AND id = ?", db.At(o.clock.Now().Add(7*24*time.Hour)), a.ID, dead.ID); err != nil {
			t.Fatal(err)
		}
		if clean(); files() != 3 {
			t.Errorf("%d files are left at once", files())
		}
		o.clock.Add(8 * 24 * time.Hour)
		if clean(); files() != 1 {
			t.Errorf("%d files are left after a week", files())
		}
		o.clock.Add(7 * 24 * time.Hour) // nothing works on a file for two weeks
		if clean(); files() != 0 {
			t.Errorf("%d files are left", files())
		}
		if _, err := o.objects.Stat(ctx, a.Public.String()+"/password_file/"+fresh.String()); err != nil {
			t.Errorf("a file of another kind: %v", err)
		}
	})
}

// Columns are chosen once; the next file with these headings is read without asking.
func TestColumnsAreRemembered(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx, a := o.manager(t), o.world.A
		file := []byte("コード,姓,名,形態\n0001,林,恵子,常勤さん\n")
		id := db.NewID()
		if _, err := o.imports.Receive(ctx, a.ID, id, tenant.ImportFile{Size: int64(len(file)), SHA: sha256.Sum256(file), Body: bytes.NewReader(file)}, tenant.OriginPage, tenant.ImportOptions{}, time.Time{}); err != nil {
			t.Fatal(err)
		}
		o.work(t)
		if imp := o.find(t, a, id); imp.State != tenant.ImportUnmapped || imp.Summary.Form.Columns[1].Target != "name_family" || imp.Summary.Form.Columns[0].Target != "" {
			t.Fatalf("%s %+v", imp.State, imp.Summary.Form)
		}
		m := tenant.ImportMapping{Key: tenant.KeyEmployeeNumber, Words: map[string]tenant.EmploymentKind{"常勤さん": tenant.KindEmployee},
			Columns: []tenant.MappedColumn{{Heading: "コード", Target: "employee_number"}, {Heading: "姓", Target: "name_family"}, {Heading: "名", Target: "name_given"}, {Heading: "形態", Target: "employment_kind"}}}
		if _, err := o.imports.Map(ctx, a.ID, id, m); err != nil {
			t.Fatal(err)
		}
		o.work(t)
		if imp := o.find(t, a, id); imp.State != tenant.ImportChecked || imp.Summary.Added != 1 || imp.Summary.Wrong != 0 {
			t.Fatalf("%s %+v", imp.State, imp.Summary)
		}
		o.apply(t, ctx, a, id)
		if p := o.person(t, "0001"); p.Name != "林 恵子" || p.Kind != tenant.KindEmployee {
			t.Fatalf("%+v", p)
		}
		next := o.check(t, ctx, a, []byte("コード,姓,名,形態\n0001,林,恵美,常勤さん\n"))
		if !next.Summary.Form.Remembered || next.Summary.Changed != 1 {
			t.Fatalf("%+v", next.Summary)
		}
		// A word that nobody knows yet is asked about, headings remembered or not; once somebody has said nothing of it, its row is wrong.
		strange := []byte("コード,姓,名,形態\n0002,森,和子,非常勤さん\n")
		odd, err := o.imports.Receive(ctx, a.ID, db.NewID(), tenant.ImportFile{Size: int64(len(strange)), SHA: sha256.Sum256(strange), Body: bytes.NewReader(strange)}, tenant.OriginPage, tenant.ImportOptions{}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		o.work(t)
		if odd = o.find(t, a, odd.ID); odd.State != tenant.ImportUnmapped || !odd.Summary.Form.Remembered || len(odd.Summary.Form.Words) != 1 || odd.Summary.Form.Words[0].Kind != "" {
			t.Fatalf("%s %+v", odd.State, odd.Summary.Form)
		}
		if _, err := o.imports.Map(ctx, a.ID, odd.ID, m); err != nil {
			t.Fatal(err)
		}
		o.work(t)
		if odd = o.find(t, a, odd.ID); odd.State != tenant.ImportChecked || odd.Summary.Wrong != 1 {
			t.Fatalf("%s %+v", odd.State, odd.Summary)
		}
		for _, bad := range []tenant.ImportMapping{{Columns: m.Columns[:1]}, {Columns: append(m.Columns[:3:3], tenant.MappedColumn{Heading: "形態", Target: "employee_number"})}} {
			if _, err := o.imports.Map(ctx, a.ID, next.ID, bad); !fault.Is(err, fault.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}

// A program's file takes effect once, by itself, and nothing of it when a row is wrong or too many people would go.
func TestUnattendedImport(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx, a := o.manager(t), o.world.A
		send := func(text string) tenant.Import {
			t.Helper()
			token := tenant.WithActor(ctx, tenant.Actor{Kind: "token", Tenant: a.ID, Person: a.Manager, Name: "人事システム", Role: string(tenant.RoleImportToken)})
			imp, err := o.imports.ReceiveUnattended(token, a.ID, "", tenant.ImportFile{Name: "staff.csv", Size: int64(len(text)), SHA: sha256.Sum256([]byte(text)), Body: strings.NewReader(text)}, false)
			if err != nil {
				t.Fatal(err)
			}
			o.work(t)
			return o.find(t, a, imp.ID)
		}
		first := send(nightly)
		if first.State != tenant.ImportApplied || first.Summary.Added != 3 {
			t.Fatalf("%s %+v %+v", first.State, first.Problem, first.Summary)
		}
		if again := send(nightly); again.ID != first.ID {
			t.Fatal("the same file on the same day is another import")
		}
		wrong := send("社員番号,氏名\n0009,\n")
		if wrong.State != tenant.ImportChecked || wrong.Problem == nil || wrong.Problem.Key != "import_wrong" {
			t.Fatalf("%s %+v", wrong.State, wrong.Problem)
		}
		if _, err := o.imports.SetRules(ctx, a.ID, tenant.ImportRules{Hour: -1, Missing: tenant.MissingSuspend, Limit: 10, WarnDays: 2}); err != nil {
			t.Fatal(err)
		}
		many := send("社員番号,氏名\n0001,林 恵子\n")
		if many.State != tenant.ImportChecked || many.Problem == nil || many.Problem.Key != "import_too_many" {
			t.Fatalf("%s %+v", many.State, many.Problem)
		}
		unknown := send("番号,なまえ\n1,林\n")
		if unknown.State != tenant.ImportRefused || unknown.Problem.Key != "import_mapping_needed" {
			t.Fatalf("%s %+v", unknown.State, unknown.Problem)
		}
		o.clock.Add(3 * 24 * time.Hour)
		for range 2 {
			if err := o.imports.Tick(ctx, db.Job{}, nil); err != nil {
				t.Fatal(err)
			}
		}
		var mails int
		if err := d.QueryRow(ctx, `SELECT COUNT(*) FROM mail_message WHERE tenant_id = ? AND kind = 'person.import'`, a.ID).Scan(&mails); err != nil || mails != 5 {
			t.Fatalf("%d mails, want one a result and one that no file came: %v", mails, err)
		}
	})
}

// A misspelt department holds an unattended import back, and whatever departments one makes are named to the manager.
func TestUnattendedImportNamesDepartments(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx, a := o.manager(t), o.world.A
		o.grow(t, "デイサービス", "事務")
		send := func(text string) (imp tenant.Import, mail string) {
			t.Helper()
			token := tenant.WithActor(ctx, tenant.Actor{Kind: "token", Tenant: a.ID, Person: a.Manager, Name: "人事システム", Role: string(tenant.RoleImportToken)})
			imp, err := o.imports.ReceiveUnattended(token, a.ID, "", tenant.ImportFile{Name: "staff.csv", Size: int64(len(text)), SHA: sha256.Sum256([]byte(text)), Body: strings.NewReader(text)}, true)
			if err != nil {
				t.Fatal(err)
			}
			o.clock.Add(24 * time.Hour)
			o.work(t)
			if err := d.QueryRow(ctx, "SELECT body_text FROM mail_message WHERE tenant_id = ? AND dedupe LIKE ?", a.ID, "import "+imp.ID.String()+"%").Scan(&mail); err != nil {
				t.Fatal(err)
			}
			return o.find(t, a, imp.ID), mail
		}
		for _, text := range []string{"ディサービズ", "事務部", "デイサ一ビス"} {
			held, mail := send("社員番号,氏名,部署\n0701,山田 一,介護課\n0702,山田 二," + text + "\n")
			if held.State != tenant.ImportChecked || held.Problem == nil || held.Problem.Key != "import_department_similar" || !strings.Contains(mail, text) {
				t.Errorf("%s: %s %+v, and the mail says %q", text, held.State, held.Problem, mail)
			}
		}
		done, mail := send("社員番号,氏名,部署\n0701,山田 一,訪問入浴\n0702,山田 二,厨房\n")
		if done.State != tenant.ImportApplied || !slices.Equal(done.Summary.NewDepartments, []string{"訪問入浴", "厨房"}) || !strings.Contains(mail, "訪問入浴\n厨房") {
			t.Errorf("%s %+v, and the mail says %q", done.State, done.Summary.NewDepartments, mail)
		}
	})
}

// A token does what its scope says, until it is revoked, expires, or who made it loses the right.
func TestAPITokens(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx, a := o.manager(t), o.world.A
		access, err := tenant.NewAccess()
		if err != nil {
			t.Fatal(err)
		}
		c, err := cache.Open(ctx, cache.Config{Clock: o.clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		tokens, err := tenant.NewAPITokens(d, c, o.audit, access, o.clock.Now, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		make1 := func() (tenant.APIToken, string) {
			t.Helper()
			token, secret, err := tokens.Create(ctx, a.ID, db.NewID(), tenant.APITokenInput{Name: "人事システム"})
			if err != nil {
				t.Fatal(err)
			}
			return token, secret
		}
		token, secret := make1()
		p, err := tokens.Resolve(ctx, secret, "192.0.2.7")
		if err != nil || p.Person != a.Manager || access.Allowing(p.Roles, "person:import_unattended") == "" || access.Allowing(p.Roles, "person:read") != "" {
			t.Fatalf("%+v, %v", p, err)
		}
		_, again, err := tokens.Create(ctx, a.ID, token.ID, tenant.APITokenInput{Name: "人事システム"})
		if err != nil || again != "" {
			t.Fatalf("a repeat gave the secret again: %v", err)
		}
		for _, bad := range []string{"", "x", secret[:len(secret)-1], strings.Replace(secret, "kenshu_", "kenshu_A", 1)} {
			_, err := tokens.Resolve(ctx, bad, "192.0.2.8")
			wantKind(t, err, fault.Unauthorized, "no_token")
		}
		if err := tokens.Revoke(ctx, a.ID, token.ID); err != nil {
			t.Fatal(err)
		}
		_, err = tokens.Resolve(ctx, secret, "192.0.2.7")
		wantKind(t, err, fault.Unauthorized, "no_token")
		_, secret = make1()
		if _, err := d.Exec(ctx, `DELETE FROM person_role WHERE tenant_id = ? AND person_id = ? AND role = 'manager'`, a.ID, a.Manager); err != nil {
			t.Fatal(err)
		}
		_, err = tokens.Resolve(ctx, secret, "192.0.2.7")
		wantKind(t, err, fault.Unauthorized, "no_token")
		if _, err := d.Exec(ctx, `INSERT INTO person_role (tenant_id, person_id, role) VALUES (?, ?, 'manager')`, a.ID, a.Manager); err != nil {
			t.Fatal(err)
		}
		o.clock.Add(91 * 24 * time.Hour)
		_, err = tokens.Resolve(ctx, secret, "192.0.2.7")
		wantKind(t, err, fault.Unauthorized, "no_token")
	})
}

// A worker that dies in the middle leaves nothing half done; the next one begins again.
func TestImportSurvivesItsWorker(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx, a := o.manager(t), o.world.A
		var file strings.Builder
		file.WriteString("社員番号,氏名\n")
		for i := range 1500 {
			fmt.Fprintf(&file, "%05d,中断 %d\n", i, i)
		}
		id := db.NewID()
		if _, err := o.imports.Receive(ctx, a.ID, id, tenant.ImportFile{Size: int64(file.Len()), Body: strings.NewReader(file.String()), SHA: db.Hash{1}}, tenant.OriginPage, tenant.ImportOptions{}, time.Time{}); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		job := db.Job{Tenant: a.ID.Number(), Payload: fmt.Appendf(nil, `{"import":%q}`, id), Max: 6}
		for range 3 { // a lost lease: three workers believe it is theirs
			wg.Go(func() {
				dying, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
				defer cancel()
				_ = o.imports.Work(dying, job, func(int64, int64) {})
			})
		}
		wg.Wait()
		o.work(t)
		imp := o.find(t, a, id)
		if imp.State != tenant.ImportChecked || imp.Summary.Added != 1500 || imp.Summary.Wrong != 0 {
			t.Fatalf("%s %+v %+v", imp.State, imp.Problem, imp.Summary)
		}
		if now := o.apply(t, ctx, a, id); now.State != tenant.ImportApplied {
			t.Fatalf("%s %+v", now.State, now.Problem)
		}
		if page, err := o.people.List(ctx, a.ID, tenant.PeopleQuery{Search: "中断"}); err != nil || page.Total != 1500 {
			t.Fatalf("%d people, %v", page.Total, err)
		}
	})
}

// A name that is nearly that of a department is asked about before anything happens; the answer is remembered for the next file.
func TestSimilarDepartmentsAreAskedAbout(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		a := o.world.A
		ctx := as(t, a, a.Manager, tenant.RoleManager)
		made, err := o.departments.Create(ctx, a.ID, db.NewID(), db.ID{}, "デイサービス")
		if err != nil {
			t.Fatal(err)
		}
		file := []byte("氏名,フリガナ,社員番号,部署\r\n山田 一,やまだ はじめ,0501,デイサビス\r\n山田 二,ﾔﾏﾀﾞ ﾌﾀﾘ,0502,デイ・サービス\r\n山田 三,ヤマダ ミツ,0503,厨房\r\n")
		imp := o.check(t, ctx, a, file)
		similar := imp.Summary.Similar
		if len(similar) != 2 || imp.Summary.Asked() != 2 || similar[0].Text != "デイサビス" || similar[0].Department != made.ID || similar[0].Rows != 1 || similar[1].Text != "デイ・サービス" {
			t.Fatalf("%+v", similar)
		}
		if imp.Summary.Kana != 2 {
			t.Errorf("%d readings written otherwise, want 2", imp.Summary.Kana)
		}
		if _, err := o.imports.Apply(ctx, a.ID, imp.ID, 0); !fault.Is(err, fault.Conflict) {
			t.Fatalf("applied without an answer: %v", err)
		}
		if _, err := o.imports.MeanDepartments(ctx, o.world.B.ID, imp.ID, []tenant.MeantDepartment{{Text: "デイサビス", Choice: tenant.SimilarSame}}); !fault.Is(err, fault.NotFound) {
			t.Errorf("B answers: %v", err)
		}
		if _, err := o.imports.MeanDepartments(ctx, a.ID, imp.ID, []tenant.MeantDepartment{{Text: "厨房", Choice: tenant.SimilarSame}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("an answer to nothing: %v", err)
		}
		if _, err := o.imports.MeanDepartments(ctx, a.ID, imp.ID, []tenant.MeantDepartment{{Text: "デイサビス", Choice: tenant.SimilarSame}, {Text: "デイ・サービス", Choice: tenant.SimilarOther}}); err != nil {
			t.Fatal(err)
		}
		o.work(t)
		if imp = o.find(t, a, imp.ID); imp.State != tenant.ImportChecked || imp.Summary.Asked() != 0 || !slices.Equal(imp.Summary.NewDepartments, []string{"デイ・サービス", "厨房"}) {
			t.Fatalf("%s %+v %v", imp.State, imp.Summary.Similar, imp.Summary.NewDepartments)
		}
		o.apply(t, ctx, a, imp.ID)
		one, two := o.person(t, "0501"), o.person(t, "0502")
		if one.Departments[0].ID != made.ID || one.NameKana != "ヤマダ ハジメ" || two.NameKana != "ヤマダ フタリ" {
			t.Errorf("%+v %q, %q", one.Departments, one.NameKana, two.NameKana)
		}
		// The same name in the next file needs no answer.
		if next := o.check(t, ctx, a, []byte("氏名,フリガナ,社員番号,部署\r\n山田 四,ヤマダ ヨツ,0504,デイサビス\r\n")); next.Summary.Asked() != 0 || len(next.Summary.NewDepartments) != 0 {
			t.Errorf("asked again: %+v", next.Summary.Similar)
		}
		// What was handed out is spoken of before an undo.
		if _, err := o.people.Issue(ctx, a.ID, []db.ID{one.ID}, false); err != nil {
			t.Fatal(err)
		}
		if preview, err := o.imports.UndoPreview(ctx, a.ID, imp.ID); err != nil || preview.Slips != 1 || preview.Count.Remove != 3 {
			t.Errorf("%+v %v", preview, err)
		}
	})
}
