package tenant_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/blob"
	"kenshu/storage/cache"
	"kenshu/storage/db"
	"kenshu/storage/mail"
	"kenshu/storage/sheet"
	"kenshu/tenant"
)

// office is a desk with everything about people.
type office struct {
	*desk
	people      *tenant.People
	departments *tenant.Departments
	imports     *tenant.Imports
	traces      *traces
	objects     blob.Objects
	heard       *heard
	far         *farStore
}

// heard notes whom the observer was told about.
type heard struct{ ids []db.ID }

// PeopleChanged notes ids.
func (h *heard) PeopleChanged(_ context.Context, _ tenant.ID, _ *db.Tx, ids []db.ID) error {
	h.ids = append(h.ids, ids...)
	return nil
}

func newOffice(t testing.TB, d *db.DB) *office {
	t.Helper()
	k := newDesk(t, d)
	o := &office{desk: k, heard: &heard{}}
	store, err := blob.OpenDir(blob.Config{Dir: t.TempDir(), ContentURL: "http://127.0.0.1:8081", AppOrigin: "http://localhost:8080", Key: bytes.Repeat([]byte{7}, 32)})
	if err != nil {
		t.Fatal(err)
	}
	o.objects = store
	o.people = tenant.NewPeople(d, k.audit, k.sessions, k.credentials, k.clock.Now, o.heard)
	o.departments = tenant.NewDepartments(d, k.audit, o.people, tenant.NewOutbox(d, k.audit, mail.Kept{}, k.clock.Now), k.clock.Now)
	o.traces = &traces{}
	memory, err := cache.Open(t.Context(), cache.Config{Clock: k.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	o.far = &farStore{Store: memory}
	o.imports = tenant.NewImports(d, store, tenant.NewPeopleActs(o.people, []byte("key of the journal")), tenant.NewOutbox(d, k.audit, mail.Kept{}, k.clock.Now), o.far, "https://training.example.jp", o.traces)
	return o
}

// as gives a context in which somebody of an organisation acts in a role.
func as(t testing.TB, org kit.Org, person db.ID, role tenant.Role) context.Context {
	t.Helper()
	return tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: org.ID, Person: person, Name: "probe", Role: string(role)})
}

func (o *office) manager(t testing.TB) context.Context {
	t.Helper()
	return as(t, o.world.A, o.world.A.Manager, tenant.RoleManager)
}

func (o *office) department(t *testing.T, name string) tenant.Department {
	t.Helper()
	d, err := o.departments.Create(o.manager(t), o.world.A.ID, db.NewID(), db.ID{}, name)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func fieldKeys(t *testing.T, err error) []string {
	t.Helper()
	var out []string
	for _, f := range faultOf(t, err).Fields {
		out = append(out, f.Path+" "+f.Key)
	}
	slices.Sort(out)
	return out
}

func TestRegisterAPerson(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx, a := o.manager(t), o.world.A
		care := o.department(t, "訪問介護課")
		id := db.NewID()
		in := tenant.PersonInput{Name: "𠮷田　髙子", NameKana: "よしだ たかこ", EmployeeNumber: "０００１２３", Email: "taka@example.jp", JoinedOn: "2026-04-01", Departments: []db.ID{care.ID}}
		r, err := o.people.Create(ctx, a.ID, id, in)
		if err != nil {
			t.Fatal(err)
		}
		p := r.Person
		if p.Name != "𠮷田 髙子" || p.EmployeeNumber != "000123" || p.Kind != tenant.KindEmployee || p.Credential != tenant.CredentialOneTime || len(p.Departments) != 1 {
			t.Fatalf("registered %+v", p)
		}
		if len(p.LoginID) < 10 {
			t.Fatalf("proposed login ID %q", p.LoginID)
		}
		if _, err := o.login(ctx, a.Code, p.LoginID, r.Slip.Secret); err != nil {
			t.Fatalf("the one-time credential does not open: %v", err)
		}
		if !slices.Contains(o.heard.ids, id) {
			t.Fatal("the observer was not told about the new person")
		}
		for _, q := range []string{"吉田", "ヨシダ", "よしだ 高子", "000123", "taka@", strings.ToUpper(p.LoginID)} {
			page, err := o.people.List(ctx, a.ID, tenant.PeopleQuery{Search: q})
			if err != nil || !slices.ContainsFunc(page.Items, func(x tenant.Person) bool { return x.ID == id }) {
				t.Errorf("search %q does not find them: %v", q, err)
			}
		}
		again, err := o.people.Create(ctx, a.ID, id, in)
		if err != nil || again.Person.ID != id || again.Slip.Secret == "" {
			t.Fatalf("repeat gave %+v, %v", again, err)
		}
		if page, _ := o.people.List(ctx, a.ID, tenant.PeopleQuery{Search: "000123"}); len(page.Items) != 1 {
			t.Fatalf("a repeat made %d people", len(page.Items))
		}
	})
}

func TestEverythingWrongIsToldAtOnce(t *testing.T) {
	o := newOffice(t, kit.SQLite(t))
	_, err := o.people.Create(o.manager(t), o.world.A.ID, db.NewID(), tenant.PersonInput{
		LoginID: "あ!", Email: "nobody", EmployeeNumber: strings.Repeat("9", 65), Kind: "robot", JoinedOn: "2026-02-30", Locale: "fr", Roles: []tenant.Role{tenant.RoleManager},
	})
	want := []string{"email email", "employee_number too_long", "employment_kind not_in_list", "joined_on date", "locale not_in_list",
		"login_id login_id_characters", "login_id too_short", "name required", "roles role_not_grantable"}
	if got := fieldKeys(t, err); !slices.Equal(got, want) {
		t.Fatalf("got  %v\nwant %v", got, want)
	}
}

func TestTwoManagersRegisterTheSameLoginID(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		var wg sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = o.people.Create(o.manager(t), o.world.A.ID, db.NewID(), tenant.PersonInput{Name: "鈴木 一郎", LoginID: []string{"Pimahude6407", "PIMAHUDE6407", "ｐimahude6407"}[i%3]})
			})
		}
		wg.Wait()
		made := 0
		for _, err := range errs {
			if err == nil {
				made++
				continue
			}
			wantKind(t, err, fault.Conflict, "login_id_taken")
		}
		if made != 1 {
			t.Fatalf("%d people have the login ID", made)
		}
		if _, err := o.people.Create(as(t, o.world.B, o.world.B.Manager, tenant.RoleManager), o.world.B.ID, db.NewID(), tenant.PersonInput{Name: "鈴木 一郎", LoginID: "pimahude6407"}); err != nil {
			t.Fatalf("another organisation may use the same login ID: %v", err)
		}
	})
}

func TestUpdateKeepsHistoryAndRefusesAStaleVersion(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx, a := o.manager(t), o.world.A
		care, office := o.department(t, "介護課"), o.department(t, "総務課")
		id := a.Staff[0]
		p, err := o.people.Update(ctx, a.ID, id, 1, tenant.PersonInput{LoginID: "tanaka", Name: "田中 太郎", Departments: []db.ID{care.ID}})
		if err != nil || p.Version != 2 {
			t.Fatalf("%+v %v", p, err)
		}
		o.clock.Add(48 * 3600e9)
		p, err = o.people.Update(ctx, a.ID, id, 2, tenant.PersonInput{LoginID: "tanaka", Name: "田中 太郎", Departments: []db.ID{office.ID}, Roles: []tenant.Role{tenant.RoleEditor}})
		if err != nil || len(p.Departments) != 1 || p.Departments[0].ID != office.ID || !p.Has(tenant.RoleEditor) {
			t.Fatalf("%+v %v", p, err)
		}
		var ends string
		if err := d.QueryRow(ctx, `SELECT ends_on FROM person_department WHERE tenant_id = ? AND person_id = ? AND department_id = ?`, a.ID, id, care.ID).Scan(&ends); err != nil || ends != "2026-04-02" {
			t.Fatalf("the first post ends on %q: %v", ends, err)
		}
		_, err = o.people.Update(ctx, a.ID, id, 2, tenant.PersonInput{LoginID: "tanaka", Name: "別の 名前"})
		wantKind(t, err, fault.Conflict, "changed_meanwhile")
		if _, err := o.people.Create(ctx, a.ID, db.NewID(), tenant.PersonInput{Name: "佐藤 花", LoginID: "nerikuzi5183"}); err != nil {
			t.Fatal(err)
		}
		_, err = o.people.Update(ctx, a.ID, id, 3, tenant.PersonInput{LoginID: "tanaka01", Name: "田中 太郎"})
		if got := fieldKeys(t, err); len(got) == 0 {
			t.Fatal("an ID anybody can guess is taken")
		}
		_, err = o.people.Update(ctx, a.ID, id, 3, tenant.PersonInput{LoginID: "ＮＥＲＩＫＵＺＩ5183", Name: "田中 太郎"})
		wantKind(t, err, fault.Conflict, "login_id_taken")
		list, err := o.departments.List(ctx, a.ID, tenant.DepartmentQuery{})
		if err != nil || len(list) != 2 || list[0].Members+list[1].Members != 1 {
			t.Fatalf("%+v %v", list, err)
		}
		wantKind(t, o.departments.Delete(ctx, a.ID, office.ID), fault.Conflict, "department_members")
		wantKind(t, o.departments.Delete(ctx, a.ID, care.ID), fault.Conflict, "department_used")
	})
}

func TestStatesOfAPerson(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx, a := o.manager(t), o.world.A
		care := o.department(t, "介護課")
		r, err := o.people.Create(ctx, a.ID, db.NewID(), tenant.PersonInput{Name: "佐藤 花", LoginID: "nerikuzi5183", Departments: []db.ID{care.ID}, Roles: []tenant.Role{tenant.RoleDeputyManager}})
		if err != nil {
			t.Fatal(err)
		}
		login, err := o.login(ctx, a.Code, "nerikuzi5183", r.Slip.Secret)
		if err != nil {
			t.Fatal(err)
		}
		p, err := o.people.SetState(ctx, a.ID, r.Person.ID, 1, tenant.PersonLeft, "2026-03-31")
		if err != nil || p.State != tenant.PersonLeft || p.LeftOn != "2026-03-31" || len(p.Departments) != 1 || p.Has(tenant.RoleDeputyManager) {
			t.Fatalf("%+v %v", p, err)
		}
		if _, err := o.sessions.Resolve(ctx, login.Token); !fault.Is(err, fault.Unauthorized) {
			t.Fatalf("the session of somebody who left lives on: %v", err)
		}
		if _, err := o.login(ctx, a.Code, "nerikuzi5183", r.Slip.Secret); err == nil {
			t.Fatal("somebody who left can log in")
		}
		if !slices.Equal(o.heard.ids, []db.ID{p.ID, p.ID}) {
			t.Fatalf("told of coming and of leaving: %v", o.heard.ids)
		}
		o.clock.Add(24 * 3600e9)
		if p, _ = o.people.Find(ctx, a.ID, p.ID); len(p.Departments) != 0 {
			t.Fatalf("somebody who left belongs to %v", p.Departments)
		}
		o.heard.ids = nil
		if p, err = o.people.SetState(ctx, a.ID, p.ID, p.Version, tenant.PersonActive, ""); err != nil || p.State != tenant.PersonActive || p.LeftOn != "" || !slices.Equal(o.heard.ids, []db.ID{p.ID}) {
			t.Fatalf("%+v %v, heard %v", p, err, o.heard.ids)
		}
		_, err = o.people.SetState(ctx, a.ID, p.ID, p.Version, tenant.PersonLeft, "2030-01-01")
		if got := fieldKeys(t, err); !slices.Equal(got, []string{"left_on date_too_far"}) {
			t.Fatal(got)
		}
		_, err = o.people.SetState(ctx, a.ID, a.Manager, 1, tenant.PersonSuspended, "")
		wantKind(t, err, fault.Conflict, "manager_handover")
	})
}

func TestADeputyCannotTakeOverTheManager(t *testing.T) {
	o := newOffice(t, kit.SQLite(t))
	a := o.world.A
	deputy := as(t, a, a.Staff[0], tenant.RoleDeputyManager)
	_, err := o.people.Issue(deputy, a.ID, []db.ID{a.Staff[1], a.Manager}, true)
	wantKind(t, err, fault.Forbidden, "manager_only")
	_, err = o.people.Update(deputy, a.ID, a.Manager, 1, tenant.PersonInput{LoginID: "mine", Name: "管理 花子"})
	wantKind(t, err, fault.Forbidden, "manager_only")
	wantKind(t, o.people.SignOut(deputy, a.ID, []db.ID{a.Manager}), fault.Forbidden, "manager_only")
	_, err = o.people.Create(deputy, a.ID, db.NewID(), tenant.PersonInput{Name: "友 だち", Roles: []tenant.Role{tenant.RoleDeputyManager}})
	wantKind(t, err, fault.Forbidden, "manager_only")
	_, err = o.people.Issue(deputy, a.ID, []db.ID{a.Staff[0]}, true)
	wantKind(t, err, fault.Conflict, "own_account")
}

func TestSlips(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx, a := o.manager(t), o.world.A
		_, err := o.people.Issue(ctx, a.ID, a.Staff, false)
		wantKind(t, err, fault.Conflict, "credential_chosen")
		slips, err := o.people.Issue(ctx, a.ID, a.Staff, true)
		if err != nil || len(slips) != 3 || slips[0].LoginID != "tanaka" {
			t.Fatalf("%v %v", slips, err)
		}
		if _, err := o.login(ctx, a.Code, "tanaka", slips[0].Secret); err != nil {
			t.Fatal(err)
		}
		head, err := o.people.LoginHead(ctx, a.ID, "https://kenshu.example.jp/login", "ja")
		if err != nil || head.Code != a.Code {
			t.Fatalf("%+v %v", head, err)
		}
		for _, single := range []bool{false, true} {
			var pdf bytes.Buffer
			doc := tenant.DrawSlips(head, slips, single, o.clock.Now())
			if _, err := doc.WriteTo(&pdf); err != nil || !bytes.HasPrefix(pdf.Bytes(), []byte("%PDF-")) || len(doc.Missing()) != 0 {
				t.Fatalf("%v, cannot draw %q", err, doc.Missing())
			}
			if want := map[bool]int{false: 1, true: 3}[single]; doc.Pages() != want {
				t.Fatalf("%d pages, want %d", doc.Pages(), want)
			}
		}
		byFilter, err := o.people.IssueFor(ctx, a.ID, tenant.PeopleQuery{Account: "one_time"}, false)
		if err != nil || len(byFilter) != 3 {
			t.Fatalf("%d slips by filter: %v", len(byFilter), err)
		}
		if _, err := o.login(ctx, a.Code, "tanaka", slips[0].Secret); err == nil {
			t.Fatal("the first slip still opens after a second one was issued")
		}
	})
}

func TestListPagesAndFilters(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx, a := o.manager(t), o.world.A
		var file strings.Builder
		file.WriteString("氏名,フリガナ,社員番号,部署\n")
		for i := range 130 {
			fmt.Fprintf(&file, "佐藤 %03d,サトウ,%05d,課%d\n", i, i, i%3) // one reading: the id decides the order
		}
		o.mustApply(t, ctx, a, []byte(file.String()))
		for _, byLogin := range []bool{false, true} {
			seen := map[db.ID]bool{}
			q := tenant.PeopleQuery{ByLogin: byLogin, Page: db.Page{Limit: 40}}
			for pages := 0; ; pages++ {
				page, err := o.people.List(ctx, a.ID, q)
				if err != nil {
					t.Fatal(err)
				}
				if (page.Total == 135) != (pages == 0) {
					t.Fatalf("page %d has total %d", pages, page.Total)
				}
				for _, p := range page.Items {
					if seen[p.ID] {
						t.Fatal("a row came twice")
					}
					seen[p.ID] = true
				}
				if q.Page.After = page.Next; page.Next == "" {
					break
				}
			}
			if len(seen) != 135 {
				t.Fatalf("paging saw %d of 135", len(seen))
			}
		}
		list, _ := o.departments.List(ctx, a.ID, tenant.DepartmentQuery{})
		page, err := o.people.List(ctx, a.ID, tenant.PeopleQuery{Department: list[0].ID, Search: "佐藤"})
		if err != nil || page.Total != list[0].Members || page.Total < 43 {
			t.Fatalf("department filter: %d of %d, %v", page.Total, list[0].Members, err)
		}
		if page, err = o.people.List(ctx, a.ID, tenant.PeopleQuery{Account: "none"}); err != nil || page.Total != 130 {
			t.Fatalf("nothing handed out to %d: %v", page.Total, err)
		}
		if page, err = o.people.List(ctx, a.ID, tenant.PeopleQuery{Search: "100%_"}); err != nil || page.Total != 0 {
			t.Fatalf("wildcards in a search found %d: %v", page.Total, err)
		}
		_, err = o.people.List(ctx, a.ID, tenant.PeopleQuery{State: "gone", Account: "x"})
		if got := fieldKeys(t, err); len(got) != 2 {
			t.Fatal(got)
		}
	})
}

func TestPeopleStayInTheirOrganisation(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		a, b := o.world.A, o.world.B
		care := o.department(t, "A だけの課")
		asB := as(t, b, b.Manager, tenant.RoleManager)
		before := kit.Snapshot(t, d, a.ID)
		imp := o.check(t, o.manager(t), a, []byte("氏名,社員番号\nA だけの人,777\n"))
		notFound := map[string]error{}
		_, notFound["find"] = o.people.Find(asB, b.ID, a.Staff[0])
		_, notFound["update"] = o.people.Update(asB, b.ID, a.Staff[0], 1, tenant.PersonInput{LoginID: "x-y-z", Name: "x"})
		_, notFound["state"] = o.people.SetState(asB, b.ID, a.Staff[0], 1, tenant.PersonSuspended, "")
		notFound["sign out"] = o.people.SignOut(asB, b.ID, []db.ID{b.Staff[0], a.Staff[0]})
		_, notFound["issue"] = o.people.Issue(asB, b.ID, []db.ID{a.Staff[0]}, true)
		_, notFound["reprint"] = o.people.Reprint(asB, b.ID, a.Staff[0], "x", o.clock.Now())
		_, notFound["rename"] = o.departments.Rename(asB, b.ID, care.ID, "B の課")
		notFound["delete"] = o.departments.Delete(asB, b.ID, care.ID)
		_, notFound["import"] = o.imports.Find(asB, b.ID, imp.ID)
		_, notFound["rows"] = o.imports.Rows(asB, b.ID, imp.ID, "", db.Page{})
		_, notFound["apply"] = o.imports.Apply(asB, b.ID, imp.ID, 0)
		for what, err := range notFound {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s with A's id as B: %v", what, err)
			}
		}
		_, err := o.people.Create(asB, b.ID, db.NewID(), tenant.PersonInput{Name: "B", Departments: []db.ID{care.ID}})
		if got := fieldKeys(t, err); !slices.Equal(got, []string{"departments not_found"}) {
			t.Errorf("A's department as B: %v", got)
		}
		table, err := o.people.Export(asB, b.ID, tenant.PeopleQuery{Department: care.ID}, "ja")
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if report, err := sheet.Write(&out, sheet.CSV, table); err != nil || report.Rows != 0 {
			t.Errorf("export by A's department as B gave %d rows: %v", report.Rows, err)
		}
		after := kit.Snapshot(t, d, a.ID)
		for name := range before {
			if !strings.HasPrefix(name, "person_import") && before[name] != after[name] {
				t.Errorf("A's %s changed", name)
			}
		}
	})
}
