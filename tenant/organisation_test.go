package tenant_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/rig/servers"
	"kenshu/storage/cache"
	"kenshu/storage/db"
	"kenshu/tenant"
)

func (k *desk) register() *tenant.Organisations {
	return tenant.NewOrganisations(k.db, k.audit, k.sessions, k.credentials, tenant.NewPeople(k.db, k.audit, k.sessions, k.credentials, k.clock.Now), k.clock.Now)
}

func (k *desk) officer(t *testing.T) context.Context {
	return tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: k.world.Association.ID, Person: k.world.Association.Manager, Name: "運営 係", Role: "officer"})
}

func newOrganisation(code string) tenant.OrganisationInput {
	return tenant.OrganisationInput{Name: "社会福祉法人 さくら会", Code: code, Manager: tenant.ManagerInput{Name: "髙橋 一郎", Kana: "タカハシ イチロウ"}}
}

func TestCreateOrganisation(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		reg, ctx, assoc := k.register(), k.officer(t), k.world.Association.ID
		id := db.NewID()
		got, err := reg.Create(ctx, assoc, id, newOrganisation(""))
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Organisation.Code) != 8 || got.OneTime.Password == "" || got.Organisation.Manager.Name != "髙橋 一郎" || got.Organisation.People != 1 || got.Organisation.Plan != "elearning" {
			t.Fatalf("%+v", got)
		}
		again, err := reg.Create(ctx, assoc, id, newOrganisation(""))
		if err != nil || again.OneTime.Password != got.OneTime.Password || again.Organisation.Code != got.Organisation.Code || again.Organisation.Manager.LoginID != got.Organisation.Manager.LoginID {
			t.Fatalf("the repeat answered otherwise: %+v %v", again, err)
		}
		in, err := k.login(t.Context(), got.Organisation.Code, got.Organisation.Manager.LoginID, got.OneTime.Password)
		if err != nil || !in.Principal.MustChange || !in.Principal.Has(tenant.RoleManager) || !in.Principal.Has(tenant.RoleStaff) {
			t.Fatalf("%+v %v", in.Principal, err)
		}
		if again, err = reg.Create(ctx, assoc, id, newOrganisation("")); err != nil || again.OneTime.Password != "" {
			t.Fatal("a used password was shown again", err)
		}
		late := db.NewID()
		if _, err := reg.Create(ctx, assoc, late, newOrganisation("")); err != nil {
			t.Fatal(err)
		}
		k.clock.Add(11 * time.Minute)
		if again, err = reg.Create(ctx, assoc, late, newOrganisation("")); err != nil || again.OneTime.Password != "" {
			t.Fatal("the password was shown again after ten minutes", err)
		}
		for _, bad := range []tenant.OrganisationInput{
			{Name: "", Plan: "gold", Code: "X", Manager: tenant.ManagerInput{Name: "", LoginID: "a001"}},
		} {
			_, err := reg.Create(ctx, assoc, db.NewID(), bad)
			var f *fault.Error
			if !asFault(err, &f) {
				t.Fatal(err)
			}
			var got []string
			for _, field := range f.Fields {
				got = append(got, field.Path+"/"+field.Key)
			}
			for _, want := range []string{"name/required", "plan/not_in_list", "code/code_form", "manager.name/required", "manager.login_id/login_id_sequence"} {
				if !slices.Contains(got, want) {
					t.Errorf("%s is missing among %v", want, got)
				}
			}
		}
		for _, code := range []string{"SAKURA", "sakurakai", "1234", "ABCD", "TEST01"} {
			in := newOrganisation(code)
			in.Name = "さくら会"
			if _, err := reg.Create(ctx, assoc, db.NewID(), in); !fault.Is(err, fault.Invalid) {
				t.Errorf("code %s was accepted: %v", code, err)
			}
		}
	})
}

func TestOnlyTheAssociation(t *testing.T) {
	k := newDesk(t, kit.SQLite(t))
	reg, b := k.register(), k.world.B.ID
	state := tenant.OrganisationSuspended
	for name, call := range map[string]func() error{
		"list":   func() error { _, err := reg.List(t.Context(), b, tenant.OrganisationQuery{}); return err },
		"find":   func() error { _, err := reg.Find(t.Context(), b, k.world.A.Public); return err },
		"create": func() error { _, err := reg.Create(t.Context(), b, db.NewID(), newOrganisation("")); return err },
		"update": func() error {
			_, err := reg.Update(t.Context(), b, k.world.A.Public, tenant.OrganisationChange{Version: 1, State: &state, Reason: "x"})
			return err
		},
		"reissue": func() error { _, err := reg.ReissueManager(t.Context(), b, k.world.A.Public, "x"); return err },
	} {
		if err := call(); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s as a member organisation: %v", name, err)
		}
	}
	if _, err := reg.Find(t.Context(), k.world.Association.ID, k.world.Association.Public); !fault.Is(err, fault.NotFound) {
		t.Error("the association manages itself as a member", err)
	}
}

// TestCreateRaces: twenty at once with one code, and twenty repeats of one creation, make one organisation each.
func TestCreateRaces(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		reg, ctx, assoc := k.register(), k.officer(t), k.world.Association.ID
		var made, taken atomic.Int32
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				_, err := reg.Create(ctx, assoc, db.NewID(), newOrganisation("Q7X9-4MKP"))
				switch {
				case err == nil:
					made.Add(1)
				case fault.Is(err, fault.Conflict):
					taken.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if made.Load() != 1 || taken.Load() != 19 {
			t.Fatalf("%d made, %d refused", made.Load(), taken.Load())
		}
		id := db.NewID()
		var passwords sync.Map
		for range 20 {
			wg.Go(func() {
				got, err := reg.Create(ctx, assoc, id, newOrganisation(""))
				if err != nil {
					t.Error(err)
				}
				passwords.Store(got.Organisation.Code+" "+got.OneTime.Password, true)
			})
		}
		wg.Wait()
		n := 0
		passwords.Range(func(any, any) bool { n++; return true })
		if n != 1 {
			t.Fatalf("%d different answers to one creation", n)
		}
		page, err := reg.List(ctx, assoc, tenant.OrganisationQuery{Search: "さくら"})
		if err != nil || page.Total != 2 {
			t.Fatal(page.Total, err)
		}
	})
}

func TestRegisterList(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		reg, ctx, assoc := k.register(), k.officer(t), k.world.Association.ID
		for i := range 25 {
			in := newOrganisation("")
			in.Name = fmt.Sprintf("施設%02d 50%%", i%5) // names repeat: the id decides
			if _, err := reg.Create(ctx, assoc, db.NewID(), in); err != nil {
				t.Fatal(err)
			}
		}
		seen, after := map[db.ID]bool{}, ""
		for {
			page, err := reg.List(ctx, assoc, tenant.OrganisationQuery{Search: "５０％", Page: db.Page{After: after, Limit: 4}})
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range page.Items {
				if seen[o.ID] || o.Manager.Name == "" || o.People != 1 {
					t.Fatalf("%+v", o)
				}
				seen[o.ID] = true
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if len(seen) != 25 {
			t.Fatalf("%d of 25", len(seen))
		}
		if page, err := reg.List(ctx, assoc, tenant.OrganisationQuery{Search: "code-"}); err != nil || page.Total != 2 {
			t.Fatal(page.Total, err)
		}
		if page, err := reg.List(ctx, assoc, tenant.OrganisationQuery{State: tenant.OrganisationSuspended}); err != nil || page.Total != 0 || len(page.Items) != 0 {
			t.Fatal(page, err)
		}
	})
}

// TestSuspension: on two replicas that share Redis, sessions of a suspended organisation are dead at once on both.
func TestSuspension(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		url := servers.Redis(t)
		replica := func() (*tenant.Sessions, *tenant.Credentials) {
			c, err := cache.Open(t.Context(), cache.Config{RedisURL: url})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = c.Close() })
			s := tenant.NewSessions(d, c, k.clock.Now, tenant.DefaultSessionLimits)
			cr, err := tenant.NewCredentials(d, c, k.audit, s, []byte("credential key of the test"), k.clock.Now, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			return s, cr
		}
		var other *tenant.Sessions
		k.sessions, k.credentials = replica()
		other, _ = replica()
		reg, ctx, assoc := k.register(), k.officer(t), k.world.Association.ID
		one := k.issue(t, k.world.A, k.world.A.Manager)
		in, err := k.login(t.Context(), k.world.A.Code, "kanri", one.Password)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := other.Resolve(t.Context(), in.Token); err != nil {
			t.Fatal(err)
		}
		suspended, active := tenant.OrganisationSuspended, tenant.OrganisationActive
		_, err = reg.Update(ctx, assoc, k.world.A.Public, tenant.OrganisationChange{Version: 1, State: &suspended})
		wantKind(t, err, fault.Invalid, "invalid") // no reason
		started := time.Now()
		org, err := reg.Update(ctx, assoc, k.world.A.Public, tenant.OrganisationChange{Version: 1, State: &suspended, Reason: "会費の未納"})
		if err != nil || org.State != suspended || org.Version != 2 {
			t.Fatal(org, err)
		}
		_, err = other.Resolve(t.Context(), in.Token)
		wantKind(t, err, fault.Unauthorized, "no_session")
		t.Logf("dead on the other replica %s after the call began", time.Since(started))
		_, err = k.login(t.Context(), k.world.A.Code, "kanri", one.Password)
		wantKind(t, err, fault.Unauthorized, "organisation_suspended")
		_, err = k.login(t.Context(), k.world.A.Code, "kanri", "wrong")
		wantKind(t, err, fault.Unauthorized, "login_failed")
		_, err = reg.Update(ctx, assoc, k.world.A.Public, tenant.OrganisationChange{Version: 1, State: &active, Reason: "入金"})
		wantKind(t, err, fault.Conflict, "changed_meanwhile")
		if _, err = reg.Update(ctx, assoc, k.world.A.Public, tenant.OrganisationChange{Version: 2, State: &active, Reason: "入金"}); err != nil {
			t.Fatal(err)
		}
		if _, err = k.login(t.Context(), k.world.A.Code, "kanri", one.Password); err != nil {
			t.Fatal(err)
		}
		// The organisation's own manager reads who did it and why.
		list, _, err := k.audit.List(t.Context(), k.world.A.ID, tenant.AuditQuery{Action: "organisation."})
		if err != nil || len(list) != 2 || list[1].Action != "organisation.suspend" || list[1].Reason != "会費の未納" || list[1].ActorName != "運営 係" {
			t.Fatalf("%+v %v", list, err)
		}
	})
}

// TestSuspendedPerson: a suspended person's session is dead at once and the right password gives the same answer as a wrong one.
func TestSuspendedPerson(t *testing.T) {
	k := newDesk(t, kit.SQLite(t))
	a, person := k.world.A, k.world.A.Staff[0]
	one := k.issue(t, a, person)
	in, err := k.login(t.Context(), a.Code, "tanaka", one.Password)
	if err != nil {
		t.Fatal(err)
	}
	err = k.db.Tx(t.Context(), func(tx *db.Tx) error {
		if _, err := tx.Exec(t.Context(), "UPDATE person SET state = 'suspended' WHERE tenant_id = ? AND id = ?", a.ID, person); err != nil {
			return err
		}
		return k.sessions.EndPerson(t.Context(), a.ID, tx, person)
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = k.sessions.Resolve(t.Context(), in.Token)
	wantKind(t, err, fault.Unauthorized, "no_session")
	_, err = k.login(t.Context(), a.Code, "tanaka", one.Password)
	wantKind(t, err, fault.Unauthorized, "login_failed")
	_, _, err = k.credentials.ChangePassword(t.Context(), a.ID, person, tenant.PasswordChange{New: goodPassword})
	wantKind(t, err, fault.Unauthorized, "no_session")
}

func TestReissueManager(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		reg, ctx, assoc := k.register(), k.officer(t), k.world.Association.ID
		first := k.issue(t, k.world.A, k.world.A.Manager)
		in, err := k.login(t.Context(), k.world.A.Code, "kanri", first.Password)
		if err != nil {
			t.Fatal(err)
		}
		_, err = reg.ReissueManager(ctx, assoc, k.world.A.Public, " 　")
		wantKind(t, err, fault.Invalid, "invalid")
		got, err := reg.ReissueManager(ctx, assoc, k.world.A.Public, "用紙の紛失")
		if err != nil || got.OneTime.Password == first.Password {
			t.Fatal(err)
		}
		_, err = k.sessions.Resolve(t.Context(), in.Token)
		wantKind(t, err, fault.Unauthorized, "no_session")
		_, err = k.login(t.Context(), k.world.A.Code, "kanri", first.Password)
		wantKind(t, err, fault.Unauthorized, "login_failed")
		if _, err = k.login(t.Context(), k.world.A.Code, "kanri", got.OneTime.Password); err != nil {
			t.Fatal(err)
		}
		list, _, err := k.audit.List(t.Context(), k.world.A.ID, tenant.AuditQuery{Action: "credential.issue"})
		if err != nil || len(list) != 2 || list[0].Reason != "用紙の紛失" || list[0].SubjectName != "管理 花子" {
			t.Fatalf("%+v %v", list, err)
		}
	})
}

func TestOperators(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		clock := kit.NewClock()
		c, err := cache.Open(t.Context(), cache.Config{Clock: clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		k := &desk{db: d, cache: c, clock: clock, audit: tenant.NewAudit(d, []byte("k"), clock.Now), sessions: tenant.NewSessions(d, c, clock.Now, tenant.DefaultSessionLimits)}
		if k.credentials, err = tenant.NewCredentials(d, c, k.audit, k.sessions, []byte("k"), clock.Now, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		reg := k.register()
		var people int
		if err := d.QueryRow(t.Context(), "SELECT COUNT(*) FROM person").Scan(&people); err != nil || people != 0 {
			t.Fatal("a fresh installation has accounts", people, err)
		}
		_, err = reg.CreateOperator(t.Context(), tenant.OperatorInput{Name: "運営 花子"})
		wantKind(t, err, fault.Invalid, "invalid") // the association's name is missing
		var wg sync.WaitGroup
		var made atomic.Int32
		for range 8 {
			wg.Go(func() {
				if _, err := reg.CreateOperator(t.Context(), tenant.OperatorInput{Association: "一般社団法人 研修協会", Name: "運営 花子", LoginID: "mukitesa4827"}); err == nil {
					made.Add(1)
				} else if !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		var associations int
		if err := d.QueryRow(t.Context(), "SELECT COUNT(*) FROM organisation").Scan(&associations); err != nil || associations != 1 || made.Load() != 1 {
			t.Fatal(associations, made.Load(), err)
		}
		got, err := reg.CreateOperator(t.Context(), tenant.OperatorInput{Name: "運営 次郎", Roles: []tenant.Role{tenant.RoleAssociationEditor}})
		if err != nil {
			t.Fatal(err)
		}
		in, err := k.login(t.Context(), got.Code, got.LoginID, got.OneTime.Password)
		if err != nil || !in.Principal.Has(tenant.RoleAssociationEditor) || in.Principal.Has(tenant.RoleOperator) || in.Principal.OrganisationKind != "association" {
			t.Fatalf("%+v %v", in.Principal, err)
		}
		for _, bad := range []tenant.OperatorInput{{Name: "x", Roles: []tenant.Role{"manager"}}, {Name: "x", LoginID: "a001"}, {Name: ""}} {
			if _, err := reg.CreateOperator(t.Context(), bad); !fault.Is(err, fault.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}

func TestManagerSheet(t *testing.T) {
	in := tenant.Issued{
		Organisation: tenant.Organisation{Name: "社会福祉法人 𠮷田会 ひまわり園", Code: "H4TN7KQ2", Manager: tenant.ManagerRef{Name: "髙﨑 𠮷之助", LoginID: "mukitesa4827"}},
		OneTime:      tenant.OneTime{Password: "7Q4M-X2KT-90ZB-RRH5", Expires: time.Date(2026, 5, 1, 3, 0, 0, 0, time.UTC)},
	}
	var pdf bytes.Buffer
	doc := tenant.DrawManagerSheet(in, "https://kenshu.example.jp/login", time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC))
	if _, err := doc.WriteTo(&pdf); err != nil || doc.Pages() != 1 || len(doc.Missing()) > 0 {
		t.Fatal(err, doc.Pages(), doc.Missing())
	}
	text := pdfText(t, pdf.Bytes())
	for _, want := range []string{"髙﨑 𠮷之助 様", "H4TN7KQ2", "mukitesa4827", "7Q4M-X2KT-90ZB-RRH5", "https://kenshu.example.jp/login", "2026/05/01", "How to log in as manager"} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("the sheet lacks %q", want)
		}
	}
}
