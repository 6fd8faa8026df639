package app_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/server/api"
	"kenshu/server/app"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// principal is somebody who asks: a person in one role of one organisation, or somebody who must not come in at all.
type principal struct {
	name   string
	org    kit.Org
	role   tenant.Role // "": nobody whom a session lets in
	person db.ID
	cookie string
	bearer string
	key    string // of the refusal that each of its requests gets, "" when the policy decides
}

// keyTables says of which table the ids in a path are, where the path itself does not.
var keyTables = map[string]string{
	"people": "person", "me": "enrolment", "session": "session_device", "courses": "course", "lessons": "lesson", "rounds": "round", "assets": "asset", "reminders": "round",
	"questions": "question", "organisations": "organisation", "mail": "mail_message", "departments": "department", "department-plans": "department_plan",
	"training-years": "year_record", "year-records": "year_record", "training-records": "training_record", "person-fields": "person_field", "incidents": "incident",
	"uploads": "upload", "question-imports": "question_import", "record-links": "record_link", "handovers": "handover", "enrolments": "enrolment",
	"certificate-design": "certificate_design", "comments": "lesson_comment", "api-tokens": "api_token",
}

func keyTable(r api.Route) string {
	part := strings.Split(strings.Trim(r.Path, "/"), "/")[0]
	if table := keyTables[part]; table != "" {
		return table
	}
	return "person"
}

// outsiders are those whom nothing lets in: every route but the public ones answers them 401, whatever they ask about.
func outsiders(t *testing.T, a *app.App, world kit.World) []principal {
	t.Helper()
	token := func(org kit.Org, person db.ID) string {
		t.Helper()
		token, _, err := a.Services.Sessions.Start(t.Context(), org.ID, person)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	as := func(org kit.Org, role tenant.Role) tenant.Actor {
		return tenant.Actor{Kind: "person", Tenant: org.ID, Person: org.Manager, Name: "probe", Role: string(role)}
	}
	manager := tenant.WithActor(t.Context(), as(world.B, tenant.RoleManager))

	ended := kit.NewPerson(t, a.DB, world.B.ID, "ended", "probe", "manager")
	endedToken := token(world.B, ended)
	p, err := a.Services.Sessions.Resolve(t.Context(), endedToken)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Services.Sessions.End(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	suspended := kit.NewPerson(t, a.DB, world.B.ID, "suspended", "probe", "deputy_manager")
	suspendedToken := token(world.B, suspended)
	if done, err := a.Services.People.SetStates(manager, world.B.ID, []db.ID{suspended}, tenant.PersonSuspended); err != nil || len(done) != 1 {
		t.Fatal(done, err)
	}
	gone := kit.NewOrg(t, a.DB, "CODE-GONE", "organisation", 0)
	goneToken := token(gone, gone.Manager)
	operator := tenant.WithActor(t.Context(), as(world.Association, tenant.RoleOperator))
	org, err := a.Services.Organisations.Find(operator, world.Association.ID, gone.Public)
	if err != nil {
		t.Fatal(err)
	}
	state := tenant.OrganisationSuspended
	if _, err := a.Services.Organisations.Update(operator, world.Association.ID, gone.Public, tenant.OrganisationChange{Version: org.Version, State: &state, Reason: "left"}); err != nil {
		t.Fatal(err)
	}
	_, secret, err := a.Services.APITokens.Create(manager, world.B.ID, db.NewID(), tenant.APITokenInput{Name: "probe"})
	if err != nil {
		t.Fatal(err)
	}
	living := token(world.B, world.B.Manager)
	flipped := living[:len(living)-1] + map[bool]string{true: "A", false: "B"}[living[len(living)-1] != 'A']
	return []principal{
		{name: "nobody", org: world.B},
		{name: "a session changed by one character", org: world.B, cookie: flipped},
		{name: "a session as a program's token", org: world.B, bearer: living},
		{name: "an ended session", org: world.B, cookie: endedToken},
		{name: "a suspended person", org: world.B, cookie: suspendedToken},
		{name: "a manager of a suspended organisation", org: world.B, cookie: goneToken},
		{name: "a program's token as a session", org: world.B, cookie: secret},
		{name: "a program with an import token", org: world.B, bearer: secret},
		{name: "an auditor's link as a session", org: world.B, cookie: link(t, a, world.B)},
		{name: "an auditor's link as a program's token", org: world.B, bearer: link(t, a, world.B)},
	}
}

// link makes a link for an auditor to a record of org.
func link(t *testing.T, a *app.App, org kit.Org) string {
	t.Helper()
	var record db.ID
	if err := a.DB.QueryRow(t.Context(), `SELECT id FROM training_record WHERE tenant_id = ?`, org.ID).Scan(&record); err != nil {
		t.Fatal(err)
	}
	ctx := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: org.ID, Person: org.Manager, Name: "probe", Role: string(tenant.RoleManager)})
	_, token, err := a.Services.RecordLinks.Create(ctx, org.ID, lms.NewRecordLink{ID: db.NewID(), Kind: lms.RecordOfRound, Record: record, Recipient: "probe", Days: 1})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// insiders are one person in each role, of organisation B or of the association, and one who must first choose a password.
func insiders(t *testing.T, a *app.App, world kit.World) []principal {
	t.Helper()
	var out []principal
	for _, role := range tenant.Roles {
		org := world.B
		if role == tenant.RoleImportToken {
			continue // never of a person; it is among the outsiders
		}
		if role.OfAssociation() {
			org = world.Association
		}
		if role == tenant.RoleManager {
			out = append(out, principal{name: string(role), org: org, role: role, person: org.Manager}) // there is one, and some things are theirs alone
			continue
		}
		id := kit.NewPerson(t, a.DB, org.ID, "as-"+string(role), "probe")
		if role != tenant.RoleStaff {
			if _, err := a.DB.Exec(t.Context(), `UPDATE person_role SET role = ? WHERE tenant_id = ? AND person_id = ?`, string(role), org.ID, id); err != nil {
				t.Fatal(err)
			}
		}
		out = append(out, principal{name: string(role), org: org, role: role, person: id})
	}
	fresh := kit.NewPerson(t, a.DB, world.B.ID, "must-change", "probe", "manager")
	if _, err := a.DB.Exec(t.Context(), `UPDATE credential SET kind = 'one_time', expires_at = ? WHERE tenant_id = ? AND person_id = ?`, int64(1)<<52, world.B.ID, fresh); err != nil {
		t.Fatal(err)
	}
	out = append(out, principal{name: "a manager who must choose a password", org: world.B, role: tenant.RoleManager, person: fresh, key: "must_change_password"})
	for i := range out {
		token, _, err := a.Services.Sessions.Start(t.Context(), out[i].org.ID, out[i].person)
		if err != nil {
			t.Fatal(err)
		}
		out[i].cookie = token
	}
	return out
}

func (f *face) askAs(p principal, route api.Route, id db.ID) *httptest.ResponseRecorder {
	f.t.Helper()
	r := f.request(route, p.cookie, id)
	if p.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+p.bearer)
	}
	w := httptest.NewRecorder()
	f.handler.ServeHTTP(w, r)
	return w
}

// The whole table of routes is asked by everybody there is, about a thing of their own, of another organisation, and one that does not exist. What comes is what
// the policy says, and another organisation's thing answers in the same bytes as none.
func TestEveryPrincipalOnEveryRoute(t *testing.T) {
	a, world := newApp(t)
	f := newFace(t, a)
	own := map[tenant.ID]kit.Filled{world.B.ID: kit.Fill(t, a.DB, world.B, "MARK-B"), world.Association.ID: kit.Fill(t, a.DB, world.Association, "MARK-S")}
	victim := kit.Fill(t, a.DB, world.A, "CANARY-A")
	out, in := outsiders(t, a, world), insiders(t, a, world)
	before := kit.Snapshot(t, a.DB, world.A.ID)
	refused := map[tenant.ID]map[string]string{world.B.ID: kit.Snapshot(t, a.DB, world.B.ID), world.Association.ID: kit.Snapshot(t, a.DB, world.Association.ID)}
	cells := 0
	objects := func(p principal, route api.Route) []db.ID {
		table := keyTable(route)
		return []db.ID{own[p.org.ID].IDs[table], victim.IDs[table], db.NewID()}
	}
	routes := slices.DeleteFunc(a.API.Routes(), func(r api.Route) bool { return r.Permission == api.Public })
	for _, route := range routes {
		for _, p := range out {
			if p.bearer != "" && route.Token {
				continue // TestTokensOpenTheirRoutesOnly
			}
			for _, id := range objects(p, route) {
				cells++
				if w := f.askAs(p, route, id); w.Code != http.StatusUnauthorized {
					t.Errorf("%s as %s: %d %.200s, want 401", route.ID, p.name, w.Code, w.Body)
				}
			}
		}
		for _, p := range in {
			key := f.refusal(a, p, route)
			if key == "" {
				continue
			}
			for _, id := range objects(p, route) {
				cells++
				if w := f.askAs(p, route, id); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), `"`+key+`"`) {
					t.Errorf("%s as %s: %d %.200s, want 403 %s", route.ID, p.name, w.Code, w.Body, key)
				}
			}
		}
	}
	for tid, tables := range refused {
		for table, rows := range kit.Snapshot(t, a.DB, tid) {
			if rows != tables[table] {
				t.Errorf("a refused request changed %s", table)
			}
		}
	}
	cells += f.permittedCells(a, in, routes, own, victim)
	for table, rows := range kit.Snapshot(t, a.DB, world.A.ID) {
		if rows != before[table] {
			t.Errorf("somebody else changed A's %s:\n%s\n%s", table, before[table], rows)
		}
	}
	t.Logf("%d routes, %d principals, %d cells", len(routes), len(out)+len(in), cells)
}

// refusal is the key with which route refuses p by policy, "" when it lets p in.
func (f *face) refusal(a *app.App, p principal, route api.Route) string {
	if p.key != "" {
		return map[bool]string{true: p.key, false: ""}[route.Early < api.EarlyPassword]
	}
	if a.Services.Access.Allowing([]tenant.Role{p.role}, route.Permission) == "" {
		return "not_allowed"
	}
	return ""
}

// permittedCells asks every route as everybody whom the policy lets in.
func (f *face) permittedCells(a *app.App, in []principal, routes []api.Route, own map[tenant.ID]kit.Filled, victim kit.Filled) (cells int) {
	f.t.Helper()
	for _, route := range routes {
		table := keyTable(route)
		for _, p := range in {
			if p.key != "" || f.refusal(a, p, route) != "" {
				continue
			}
			answer := func(id db.ID) string {
				f.t.Helper()
				var err error
				if p.cookie, _, err = a.Services.Sessions.Start(f.t.Context(), p.org.ID, p.person); err != nil {
					f.t.Fatalf("%s as %s: %v", route.ID, p.name, err)
				}
				cells++
				w := f.askAs(p, route, id)
				if w.Code == http.StatusUnauthorized && !strings.Contains(w.Body.String(), "wrong") || strings.Contains(w.Body.String(), `"not_allowed"`) || w.Code >= 500 {
					f.t.Errorf("%s as %s: %d %.200s", route.ID, p.name, w.Code, w.Body)
				}
				if strings.Contains(w.Body.String(), victim.Mark) {
					f.t.Errorf("%s as %s shows another organisation's data: %.300s", route.ID, p.name, w.Body)
				}
				return normal(w)
			}
			nobody := answer(db.NewID())
			if ofTheRegister(p, route) {
				continue
			}
			foreign := answer(victim.IDs[table])
			if nobody != foreign && strings.Contains(route.Path, "{") {
				f.t.Errorf("%s as %s with A's %s answers\n%s\nwith no one's\n%s", route.ID, p.name, table, foreign, nobody)
			}
			if route.Method == http.MethodGet {
				answer(own[p.org.ID].IDs[table])
			}
		}
	}
	return cells
}

// ofTheRegister: the association keeps the register of organisations, so these are its own there.
func ofTheRegister(p principal, route api.Route) bool {
	return p.role.OfAssociation() && strings.HasPrefix(route.Path, "/organisations")
}
