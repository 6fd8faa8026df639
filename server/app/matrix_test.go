package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kenshu/rig/kit"
	"kenshu/server/api"
	"kenshu/server/app"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// face sends requests to the whole HTTP face without a network.
type face struct {
	t       *testing.T
	handler http.Handler
	doc     map[string]any
	word    string // what texts of a sample are; "": an id
}

func newFace(t *testing.T, a *app.App) *face {
	t.Helper()
	raw, err := a.API.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	f := &face{t: t, handler: a.API.Handler()}
	if err := json.Unmarshal(raw, &f.doc); err != nil {
		t.Fatal(err)
	}
	return f
}

var pathParam = regexp.MustCompile(`\{[a-z_]+\}`)

// send asks route as the holder of token with every path parameter and every id in the body set to id.
func (f *face) send(route api.Route, token string, id db.ID) *httptest.ResponseRecorder {
	f.t.Helper()
	return f.serve(f.request(route, token, id))
}

func (f *face) serve(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	f.handler.ServeHTTP(w, r)
	return w
}

// request is what send sends.
func (f *face) request(route api.Route, token string, id db.ID) *http.Request {
	f.t.Helper()
	path := "/api/v1" + pathParam.ReplaceAllString(route.Path, id.String())
	body := bytes.NewReader(nil)
	op := f.operation(route)
	media := ""
	if content := dig(op, "requestBody", "content"); content != nil {
		for media = range content {
			break
		}
		if media == "application/json" {
			b, err := json.Marshal(f.sample(dig(content, media, "schema"), id.String(), 0))
			if err != nil {
				f.t.Fatal(err)
			}
			body = bytes.NewReader(b)
		}
	}
	r := httptest.NewRequest(route.Method, "http://localhost:8080"+path, body)
	if media != "" {
		r.Header.Set("Content-Type", media)
	}
	if token != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-kenshu", Value: token})
	}
	return r
}

func (f *face) operation(route api.Route) map[string]any {
	return dig(f.doc, "paths", "/api/v1"+route.Path, strings.ToLower(route.Method))
}

func dig(v any, path ...string) map[string]any {
	for _, p := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[p]
	}
	m, _ := v.(map[string]any)
	return m
}

// sample makes the smallest valid value of a schema; ids are the given one.
func (f *face) sample(schema map[string]any, id string, depth int) any {
	if ref, ok := schema["$ref"].(string); ok {
		schema = dig(f.doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
	}
	if e, ok := schema["enum"].([]any); ok && len(e) > 0 {
		return e[0]
	}
	kind, _ := schema["type"].(string)
	if kinds, ok := schema["type"].([]any); ok && len(kinds) > 0 {
		kind, _ = kinds[0].(string)
	}
	switch kind {
	case "object":
		out := map[string]any{}
		if depth > 5 {
			return out
		}
		props := dig(schema, "properties")
		required, _ := schema["required"].([]any)
		for _, name := range required {
			n, _ := name.(string)
			out[n] = f.sample(dig(props, n), id, depth+1)
		}
		return out
	case "array":
		return []any{f.sample(dig(schema, "items"), id, depth+1)}
	case "integer", "number":
		if m, ok := schema["minimum"].(float64); ok {
			return m
		}
		return 1
	case "boolean":
		return false
	case "string":
		switch schema["format"] {
		case "uuid":
			return id
		case "date":
			return "2026-04-01"
		case "date-time":
			return "2026-04-01T00:00:00Z"
		}
		return f.text(schema, id)
	}
	return nil
}

// text gives the id where it fits (an id without declared format), else filling of the least length.
func (f *face) text(schema map[string]any, id string) string {
	least, _ := schema["minLength"].(float64)
	most, bounded := schema["maxLength"].(float64)
	if f.word != "" && (!bounded || int(most) >= len(f.word)) {
		return f.word + strings.Repeat("x", max(0, int(least)-len(f.word)))
	}
	if !bounded || (most >= 36 && least <= 36) {
		return id
	}
	return strings.Repeat("x", max(1, int(least)))
}

var volatile = regexp.MustCompile(`"request_id":"[^"]*"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

func normal(w *httptest.ResponseRecorder) string {
	return fmt.Sprintf("%d %s", w.Code, volatile.ReplaceAllString(w.Body.String(), ""))
}

// principals gives a token of organisation B for each role, each role alone.
func principals(t *testing.T, a *app.App, org kit.Org) map[tenant.Role]string {
	t.Helper()
	out := map[tenant.Role]string{}
	for _, role := range tenant.Roles {
		id := db.NewID()
		if _, err := a.DB.Exec(t.Context(), `INSERT INTO person (tenant_id, id, login_id, login_key, name, sort_name, search_text, employment_kind, state, created_at, updated_at)
 VALUES (?, ?, ?, ?, 'probe', 'probe', 'probe', 'employee', 'active', 1, 1)`, org.ID, id, "probe-"+string(role), "probe-"+string(role)); err != nil {
			t.Fatal(err)
		}
		if _, err := a.DB.Exec(t.Context(), `INSERT INTO credential (tenant_id, person_id, kind, hash, changed_at) VALUES (?, ?, 'chosen', 'unusable', 1)`, org.ID, id); err != nil {
			t.Fatal(err)
		}
		if _, err := a.DB.Exec(t.Context(), `INSERT INTO person_role (tenant_id, person_id, role) VALUES (?, ?, ?)`, org.ID, id, string(role)); err != nil {
			t.Fatal(err)
		}
		token, _, err := a.Services.Sessions.Start(t.Context(), org.ID, id)
		if err != nil {
			t.Fatal(err)
		}
		out[role] = token
	}
	return out
}

// Every route is asked by nobody (401), and by every role without its permission (403).
func TestRoutesAreShutByDefault(t *testing.T) {
	a, world := newApp(t)
	f := newFace(t, a)
	tokens := principals(t, a, world.B)
	before := kit.Snapshot(t, a.DB, world.B.ID)
	for _, route := range a.API.Routes() {
		if route.Permission == api.Public {
			continue
		}
		if w := f.send(route, "", db.NewID()); w.Code != http.StatusUnauthorized {
			t.Errorf("%s without session: %d %s", route.ID, w.Code, w.Body)
		}
		if w := f.send(route, "x.y.z", db.NewID()); w.Code != http.StatusUnauthorized {
			t.Errorf("%s with a forged session: %d", route.ID, w.Code)
		}
		for role, token := range tokens {
			if a.Services.Access.Allowing([]tenant.Role{role}, route.Permission) != "" {
				continue
			}
			if w := f.send(route, token, db.NewID()); w.Code != http.StatusForbidden {
				t.Errorf("%s as %s: %d %s, want 403", route.ID, role, w.Code, w.Body)
			}
		}
	}
	for table, rows := range kit.Snapshot(t, a.DB, world.B.ID) {
		if rows != before[table] {
			t.Errorf("a refused request changed %s", table)
		}
	}
}

// Every route with an id is asked by a permitted person of organisation B with every id of organisation A and with an id that
// nobody has: the answers must be the same bytes, and nothing of A may show or change.
func TestForeignIDsAnswerLikeNone(t *testing.T) {
	a, world := newApp(t)
	f := newFace(t, a)
	victim := kit.Fill(t, a.DB, world.A, "CANARY-A")
	kit.Fill(t, a.DB, world.B, "MARK-B")
	before := kit.Snapshot(t, a.DB, world.A.ID)
	for _, route := range a.API.Routes() {
		if !strings.Contains(route.Path, "{") && f.operation(route)["requestBody"] == nil {
			continue
		}
		token := f.permitted(a, world.B, route)
		nobody := normal(f.send(route, token, db.NewID()))
		for _, table := range slices.Sorted(maps.Keys(victim.IDs)) {
			if endsSession(route) {
				token = f.permitted(a, world.B, route)
			}
			w := f.send(route, token, victim.IDs[table])
			if got := normal(w); got != nobody && strings.Contains(route.Path, "{") {
				t.Errorf("%s with A's %s answers\n%s\nwith no one's\n%s", route.ID, table, got, nobody)
			}
			if strings.Contains(w.Body.String(), victim.Mark) {
				t.Errorf("%s with A's %s gave A's data", route.ID, table)
			}
		}
	}
	for table, rows := range kit.Snapshot(t, a.DB, world.A.ID) {
		if rows != before[table] {
			t.Errorf("B changed A's %s:\n%s\n%s", table, before[table], rows)
		}
	}
}

func endsSession(r api.Route) bool {
	return strings.HasPrefix(r.Path, "/session") && r.Method != http.MethodGet
}

// permitted gives a fresh session of organisation org that may use route.
func (f *face) permitted(a *app.App, org kit.Org, route api.Route) string {
	f.t.Helper()
	if route.Permission == api.Public {
		return ""
	}
	for _, role := range tenant.Roles {
		if a.Services.Access.Allowing([]tenant.Role{role}, route.Permission) == "" {
			continue
		}
		id := kit.NewPerson(f.t, a.DB, org.ID, db.NewID().String(), "probe", strings.Replace(string(role), "staff", "reviewer", 1))
		token, _, err := a.Services.Sessions.Start(f.t.Context(), org.ID, id)
		if err != nil {
			f.t.Fatal(err)
		}
		return token
	}
	f.t.Fatalf("nobody may use %s", route.ID)
	return ""
}

// Every GET of organisation B is asked with every id of its own: reading writes nothing but the log of who read (ASVS 3.5.3).
func TestReadingChangesNothing(t *testing.T) {
	a, world := newApp(t)
	f := newFace(t, a)
	own := kit.Fill(t, a.DB, world.B, "MARK-B")
	for _, route := range a.API.Routes() {
		if route.Method != http.MethodGet {
			continue
		}
		token := f.permitted(a, world.B, route)
		before := kit.Snapshot(t, a.DB, world.B.ID)
		for _, table := range slices.Sorted(maps.Keys(own.IDs)) {
			f.send(route, token, own.IDs[table])
		}
		for table, rows := range kit.Snapshot(t, a.DB, world.B.ID) {
			if rows != before[table] && !strings.HasPrefix(table, "audit_") {
				t.Errorf("%s changed %s", route.ID, table)
			}
		}
	}
}

// An API token opens the routes that take one and no other, whatever its maker may do.
func TestTokensOpenTheirRoutesOnly(t *testing.T) {
	a, world := newApp(t)
	f := newFace(t, a)
	ctx := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: world.B.ID, Person: world.B.Manager, Role: string(tenant.RoleManager)})
	_, secret, err := a.Services.APITokens.Create(ctx, world.B.ID, db.NewID(), tenant.APITokenInput{Name: "probe"})
	if err != nil {
		t.Fatal(err)
	}
	opened := 0
	for _, route := range a.API.Routes() {
		if route.Permission == api.Public {
			continue
		}
		for _, bearer := range []string{secret, secret[:len(secret)-2]} {
			r := httptest.NewRequest(route.Method, "http://localhost:8080/api/v1"+pathParam.ReplaceAllString(route.Path, db.NewID().String()), strings.NewReader("{}"))
			if !route.Token { // curl -T, which docs/import.md tells to use, names no type
				r.Header.Set("Content-Type", "application/octet-stream")
			}
			r.Header.Set("Authorization", "Bearer "+bearer)
			w := httptest.NewRecorder()
			f.handler.ServeHTTP(w, r)
			if route.Token && bearer == secret {
				opened++
				if w.Code == http.StatusUnauthorized || w.Code == http.StatusForbidden || w.Code == http.StatusUnsupportedMediaType {
					t.Errorf("%s with its token: %d %s", route.ID, w.Code, w.Body)
				}
			} else if w.Code != http.StatusUnauthorized {
				t.Errorf("%s with a token: %d %.200s", route.ID, w.Code, w.Body)
			}
		}
	}
	if opened == 0 {
		t.Error("no route takes a token")
	}
}

// The description is complete: an operation says what it does, a field and a parameter what they mean, a text how long it may be.
func TestDescriptionIsComplete(t *testing.T) {
	a, _ := newApp(t)
	f := newFace(t, a)
	for name, schema := range dig(f.doc, "components", "schemas") {
		for field, v := range dig(schema, "properties") {
			if p := dig(v); p["description"] == nil && p["$ref"] == nil {
				t.Errorf("%s.%s is not explained", name, field)
			}
		}
	}
	for _, route := range a.API.Routes() {
		if route.Summary == "" {
			t.Errorf("%s does not say what it does", route.ID)
		}
		parameters, _ := f.operation(route)["parameters"].([]any)
		for _, v := range parameters {
			p := dig(v)
			schema := dig(p, "schema")
			if p["description"] == nil {
				t.Errorf("parameter %v of %s is not explained", p["name"], route.ID)
			}
			if schema["type"] == "string" && schema["maxLength"] == nil && schema["format"] == nil && schema["enum"] == nil {
				t.Errorf("parameter %v of %s has no limit", p["name"], route.ID)
			}
		}
	}
}

// Nothing comes in from another site, whatever the route and the method, also with a good session: not by a form, a script or a link.
func TestCrossSiteRequestsAreRefused(t *testing.T) {
	a, world := newApp(t)
	f := newFace(t, a)
	before := kit.Snapshot(t, a.DB, world.B.ID)
	for _, route := range a.API.Routes() {
		token := f.permitted(a, world.B, route)
		for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}} {
			if route.Method == http.MethodGet && header[0] == "Origin" {
				continue // reading needs no token of intent; the browser itself keeps the answer from the other site
			}
			r := httptest.NewRequest(route.Method, "http://localhost:8080/api/v1"+pathParam.ReplaceAllString(route.Path, db.NewID().String()), strings.NewReader("{}"))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set(header[0], header[1])
			r.AddCookie(&http.Cookie{Name: "__Host-kenshu", Value: token})
			w := httptest.NewRecorder()
			f.handler.ServeHTTP(w, r)
			if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "cross_site") {
				t.Errorf("%s with %s: %d %.200s", route.ID, header[0], w.Code, w.Body)
			}
		}
	}
	for table, rows := range kit.Snapshot(t, a.DB, world.B.ID) {
		if table != "person" && table != "credential" && table != "person_role" && table != "session_device" && rows != before[table] {
			t.Errorf("a cross-site request changed %s", table)
		}
	}
}

// A route that needs a fresh proof does nothing for a session whose last proof is too old, however good the session is.
func TestStaleSessionsAreAskedAgain(t *testing.T) {
	a, world := newApp(t)
	f := newFace(t, a)
	own := kit.Fill(t, a.DB, world.B, "MARK-B")
	earlier := func() time.Time { return time.Now().Add(-tenant.DefaultSessionLimits.Proof - time.Minute) }
	stale := tenant.NewSessions(a.DB, a.Cache, earlier, tenant.DefaultSessionLimits)
	people := map[tenant.Role]db.ID{}
	for _, role := range tenant.Roles {
		people[role] = kit.NewPerson(t, a.DB, world.B.ID, db.NewID().String(), "probe", strings.Replace(string(role), "staff", "reviewer", 1))
	}
	before := kit.Snapshot(t, a.DB, world.B.ID)
	for _, route := range a.API.Routes() {
		if !route.StepUp {
			continue
		}
		role := a.Services.Access.Allowing(tenant.Roles, route.Permission)
		token, _, err := stale.Start(t.Context(), world.B.ID, people[role])
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range slices.Sorted(maps.Keys(own.IDs)) {
			if w := f.send(route, token, own.IDs[table]); w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), `"step_up"`) {
				t.Fatalf("%s with a stale proof and %s: %d %s", route.ID, table, w.Code, w.Body)
			}
		}
	}
	for table, rows := range kit.Snapshot(t, a.DB, world.B.ID) {
		if rows != before[table] && !strings.HasPrefix(table, "audit_") && table != "session_device" {
			t.Errorf("a stale session changed %s", table)
		}
	}
	for _, route := range a.API.Routes() {
		if !route.StepUp {
			continue
		}
		role := a.Services.Access.Allowing(tenant.Roles, route.Permission)
		fresh, _, err := a.Services.Sessions.Start(t.Context(), world.B.ID, people[role])
		if err != nil {
			t.Fatal(err)
		}
		if w := f.send(route, fresh, db.NewID()); strings.Contains(w.Body.String(), `"step_up"`) {
			t.Errorf("%s asks again right after log-in", route.ID)
		}
	}
}

// grave is what operations are called that need a fresh proof; lightly lists those that do not, and why.
var (
	grave   = regexp.MustCompile(`^(export|issue|reissue|revoke|approve|anonymise|handover)-|^delete-(people|person)|^create-organisation$`)
	lightly = map[string]string{
		"revoke-api-token":   "taking a token back protects, as with links",
		"revoke-record-link": "taking a link back protects; whoever has to ask first is late",
		"issue-credential":   "one person's slip, many times a day at the desk; it gives nothing about them away and is recorded",
		"export-questions":   "questions and nobody's data; recorded",
		"export-wrong-rows":  "rows of the file that the same person has just brought",
	}
)

func TestGraveOperationsNeedAProof(t *testing.T) {
	a, _ := newApp(t)
	for _, route := range a.API.Routes() {
		if grave.MatchString(route.ID) && !route.StepUp && lightly[route.ID] == "" {
			t.Errorf("%s sounds as if it needed a fresh proof (StepUp)", route.ID)
		}
	}
}
