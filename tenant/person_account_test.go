package tenant_test

import (
	"strings"
	"testing"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

func TestPersonSource(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		a := o.world.A
		manager := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: a.ID, Person: a.Manager, Name: "管理 花子", Role: string(tenant.RoleManager)})
		program := tenant.WithActor(t.Context(), tenant.Actor{Kind: "token", Tenant: a.ID, Person: a.Manager, Name: "人事システム", Role: string(tenant.RoleImportToken)})
		byForm, err := o.people.Create(manager, a.ID, db.NewID(), tenant.PersonInput{Name: "一人", Kind: tenant.KindEmployee})
		if err != nil {
			t.Fatal(err)
		}
		run := func(query string, args ...any) {
			t.Helper()
			if _, err := d.Exec(t.Context(), query, args...); err != nil {
				t.Fatal(err)
			}
		}
		read := func(by tenant.Actor, origin string) db.ID {
			t.Helper()
			person, imp := db.NewID(), db.NewID()
			run(`INSERT INTO person_import (tenant_id, id, file_name, object_key, sha256, state, summary, created_by, created_at, origin, actor) VALUES (?, ?, '名簿.csv', 'x', ?, 'applied', '{}', ?, 1, ?, ?)`,
				a.ID, imp, make([]byte, 32), a.Manager, origin, `{"kind":"`+by.Kind+`","name":"`+by.Name+`"}`)
			run(`INSERT INTO person (tenant_id, id, login_id, login_key, name, sort_name, search_text, employment_kind, state, import_id, created_at, updated_at)
 VALUES (?, ?, ?, ?, 'x', 'x', 'x', 'employee', 'active', ?, 1, 1)`, a.ID, person, person.String(), person.String(), imp)
			return person
		}
		anonymous := read(tenant.ActorFrom(manager), tenant.OriginPage)
		run(`UPDATE person SET state = 'anonymised', import_id = NULL WHERE id = ?`, anonymous)
		err = d.Tx(t.Context(), func(tx *db.Tx) error {
			return o.audit.Append(manager, a.ID, tx, tenant.Change{Action: "person.create", SubjectKind: "person", Subject: anonymous})
		})
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			person db.ID
			want   tenant.SourceKind
			by     string
		}{
			"a form":    {byForm.Person.ID, tenant.SourceForm, "管理 花子"},
			"a file":    {read(tenant.ActorFrom(manager), tenant.OriginPage), tenant.SourceFile, "管理 花子"},
			"a call":    {read(tenant.ActorFrom(program), tenant.OriginCall), tenant.SourceProgram, "人事システム"},
			"a drop":    {read(tenant.ActorFrom(program), tenant.OriginDrop), tenant.SourceProgram, "人事システム"},
			"nobody":    {a.Staff[0], tenant.SourceUnknown, ""},
			"anonymous": {anonymous, tenant.SourceUnknown, ""},
		} {
			got, err := o.people.Account(t.Context(), a.ID, c.person)
			if err != nil || got.Source.Kind != c.want || got.Source.By != c.by || got.Source.At.IsZero() || len(got.Devices) != 0 {
				t.Errorf("%s: %+v %v", name, got, err)
			}
			if file := c.want == tenant.SourceFile || c.want == tenant.SourceProgram; file != (got.Source.FileName == "名簿.csv") || file == got.Source.Import.IsZero() {
				t.Errorf("%s: file %q %s", name, got.Source.FileName, got.Source.Import)
			}
			_, err = o.people.Account(t.Context(), o.world.B.ID, c.person)
			wantKind(t, err, fault.NotFound, "not_found")
		}
	})
}

func TestManagerEndsADevice(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		a, b := o.world.A, o.world.B
		start := func(person db.ID) (string, tenant.Principal) {
			t.Helper()
			ctx := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Agent: chromeWindows, Source: "203.0.113.7"})
			token, p, err := o.sessions.Start(ctx, a.ID, person)
			if err != nil {
				t.Fatal(err)
			}
			return token, p
		}
		token, p := start(a.Staff[0])
		kept, _ := start(a.Staff[0])
		managers, q := start(a.Manager)
		ctx := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: a.ID, Person: a.Staff[1], Name: "副 太郎", Role: string(tenant.RoleDeputyManager)})
		account, err := o.people.Account(ctx, a.ID, a.Staff[0])
		if err != nil || len(account.Devices) != 2 {
			t.Fatalf("%+v %v", account, err)
		}
		wantKind(t, o.people.EndDevice(ctx, a.ID, a.Manager, q.Session), fault.Forbidden, "manager_only")
		for _, other := range []db.ID{a.Staff[1], b.Staff[0]} {
			wantKind(t, o.people.EndDevice(ctx, a.ID, other, p.Session), fault.NotFound, "not_found")
		}
		wantKind(t, o.people.EndDevice(ctx, b.ID, a.Staff[0], p.Session), fault.NotFound, "not_found")
		if err := o.people.EndDevice(ctx, a.ID, a.Staff[0], p.Session); err != nil {
			t.Fatal(err)
		}
		_, err = o.sessions.Resolve(t.Context(), token)
		wantKind(t, err, fault.Unauthorized, "no_session")
		for _, still := range []string{kept, managers} {
			if _, err := o.sessions.Resolve(t.Context(), still); err != nil {
				t.Errorf("another session ended: %v", err)
			}
		}
		wantKind(t, o.people.EndDevice(ctx, a.ID, a.Staff[0], p.Session), fault.NotFound, "not_found")
		events, _, err := o.audit.List(t.Context(), a.ID, tenant.AuditQuery{Subject: a.Staff[0], Action: "session.end_other"})
		if err != nil || len(events) != 1 || !strings.HasPrefix(events[0].ActorName, "副") {
			t.Errorf("%+v %v", events, err)
		}
	})
}
