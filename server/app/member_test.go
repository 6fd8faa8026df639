package app_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kenshu/rig/kit"
	"kenshu/server/api"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// bearing are members of answers whose names say that they may hold a secret, and why they are given.
var bearing = map[string]string{
	"APITokenBody.secret":                     "a program's token, in the answer that makes it and in no other",
	"AppSetupBody.secret":                     "what the person's own app needs, while it is set up",
	"FactorChangeBody.recovery_codes":         "the person's own, in the answer that makes them",
	"IssuedBody.one_time_password":            "of a new manager, in the answer that makes it",
	"SlipBody.secret":                         "a one-time password, in the answer that makes it",
	"FactorsBody.recovery_left":               "how many codes are left",
	"FactorsBody.min_password":                "how long a password must be",
	"FactorsBody.short_password":              "whether it must be made longer",
	"LoginAnswer.session":                     "who is logged in: the session's value is in the cookie alone",
	"ManagerBody.credential":                  "of which kind it is",
	"PersonBody.credential":                   "of which kind it is",
	"PersonBody.credential_at":                "since when",
	"SecurityPolicyBody.password_files":       "whether they are allowed",
	"SecurityPolicyBody.sessions_per_account": "how many at most",
	"SessionBody.must_change_password":        "whether it must",
}

// Every route is asked by everybody whom it lets in. The answer has the status and the type that the API description names and no member that it does not, so that
// docs/members.md holds all that a role is ever given; nothing is in it of what is kept of passwords, codes, keys and tokens (ASVS 4.1.1, 8.1.2, 8.2.3, 14.2.6, 15.3.1).
func TestAnswersAreAsDescribed(t *testing.T) {
	a, world := newApp(t)
	f := newFace(t, a)
	own := map[tenant.ID]kit.Filled{world.B.ID: kit.Fill(t, a.DB, world.B, "MARK-B"), world.Association.ID: kit.Fill(t, a.DB, world.Association, "MARK-S")}
	secrets := keptSecrets(t, a.DB)
	in := insiders(t, a, world)
	answers, members := 0, map[string]bool{}
	for _, route := range a.API.Routes() {
		shown := map[tenant.Role][]string{}
		for _, p := range in {
			if p.key != "" || route.Permission != api.Public && f.refusal(a, p, route) != "" {
				continue
			}
			for _, id := range []db.ID{own[p.org.ID].IDs[keyTable(route)], db.NewID()} {
				token, _, err := a.Services.Sessions.Start(t.Context(), p.org.ID, p.person)
				if err != nil {
					t.Fatal(err)
				}
				w := f.send(route, token, id)
				found := f.asDescribed(route, p.name, w)
				f.eachFormat(route, p.name, token, id)
				for _, member := range found {
					members[route.ID+" "+member] = true
				}
				if w.Code < 300 {
					answers++
					if p.org.ID == world.B.ID && route.Method == http.MethodGet {
						shown[p.role] = append(shown[p.role], found...)
					}
				}
				for _, secret := range secrets {
					if strings.Contains(w.Body.String(), secret) {
						t.Errorf("%s gives %s a kept secret: %.300s", route.ID, p.name, w.Body)
					}
				}
			}
		}
		alike(t, route, shown)
	}
	if answers < 500 || len(members) < 800 || len(secrets) < 20 {
		t.Errorf("only %d answers, %d members, %d secrets", answers, len(members), len(secrets))
	}
	t.Logf("%d answers, %d members seen, %d secrets not", answers, len(members), len(secrets))
}

// eachFormat asks for every form in which route gives a file.
func (f *face) eachFormat(route api.Route, who, token string, id db.ID) {
	f.t.Helper()
	parameters, _ := f.operation(route)["parameters"].([]any)
	for _, v := range parameters {
		formats, _ := dig(v, "schema")["enum"].([]any)
		if dig(v)["name"] != "format" {
			continue
		}
		for _, format := range formats {
			r := f.request(route, token, id)
			r.URL.RawQuery = fmt.Sprintf("format=%v", format)
			f.asDescribed(route, who, f.serve(r))
		}
	}
}

// alike tells where roles that may ask the same are given different members of the same thing.
func alike(t *testing.T, route api.Route, shown map[tenant.Role][]string) {
	t.Helper()
	by := map[string][]tenant.Role{}
	for role, members := range shown {
		slices.Sort(members)
		for _, member := range slices.Compact(members) {
			by[member] = append(by[member], role)
		}
	}
	for member, roles := range by {
		if len(roles) < len(shown) {
			t.Errorf("%s gives %s to %v only, of %d roles", route.ID, member, roles, len(shown))
		}
	}
}

// asDescribed holds an answer against the description and gives the members in it.
func (f *face) asDescribed(route api.Route, who string, w *httptest.ResponseRecorder) []string {
	f.t.Helper()
	media, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
	response := dig(f.operation(route), "responses", strconv.Itoa(w.Code))
	if response == nil {
		f.t.Errorf("%s answers %s with %d, which is not described: %.200s", route.ID, who, w.Code, w.Body)
		return nil
	}
	content := dig(response, "content")
	if described := slices.Sorted(maps.Keys(content)); w.Body.Len() > 0 && !slices.Contains(described, media) || w.Body.Len() == 0 && len(described) > 0 {
		f.t.Errorf("%s answers %s with %d as %q (%d bytes), described are %q", route.ID, who, w.Code, media, w.Body.Len(), described)
		return nil
	}
	if !strings.HasSuffix(media, "json") {
		return nil
	}
	var body any
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		f.t.Errorf("%s: %v", route.ID, err)
	}
	var members []string
	f.matches(route.ID+" as "+who, "", dig(content, media, "schema"), body, &members)
	return members
}

// matches tells whether a value is of a schema and adds its members.
func (f *face) matches(name, at string, schema map[string]any, value any, members *[]string) {
	f.t.Helper()
	if ref, ok := schema["$ref"].(string); ok {
		schema = dig(f.doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
	}
	types, _ := schema["type"].([]any)
	if one, ok := schema["type"].(string); ok {
		types = []any{one}
	}
	kind := map[string]string{"map[string]interface {}": "object", "[]interface {}": "array", "string": "string", "float64": "number", "bool": "boolean", "<nil>": "null"}[fmt.Sprintf("%T", value)]
	if n, ok := value.(float64); ok && n == float64(int64(n)) && slices.Contains(types, any("integer")) {
		kind = "integer"
	}
	if len(types) > 0 && !slices.Contains(types, any(kind)) {
		f.t.Errorf("%s: %s is of type %s, described is %v", name, at, kind, types)
	}
	if values, ok := schema["enum"].([]any); ok && !slices.Contains(values, value) {
		f.t.Errorf("%s: %s is %v, none of %v", name, at, value, values)
	}
	switch value := value.(type) {
	case []any:
		for _, one := range value {
			f.matches(name, at+"[]", dig(schema, "items"), one, members)
		}
	case map[string]any:
		for _, member := range slices.Sorted(maps.Keys(value)) {
			described := dig(schema, "properties", member)
			if described == nil {
				described = dig(schema, "additionalProperties")
			} else {
				*members = append(*members, strings.TrimPrefix(at+"."+member, "."))
			}
			if free := len(schema) == 0 || schema["additionalProperties"] == true || len(types) == 0; described == nil && !free {
				f.t.Errorf("%s: %s.%s is not described", name, at, member)
			}
			f.matches(name, at+"."+member, described, value[member], members)
		}
	}
}

// secretColumn is what columns are called that keep what nobody is shown.
var secretColumn = regexp.MustCompile(`(^|_)hash$|^secret$|^private_key$`)

// keptSecrets writes something of its own into every column of a secret and gives it in all forms in which it could come out.
func keptSecrets(t *testing.T, d *db.DB) (out []string) {
	t.Helper()
	for _, table := range kit.TenantTables {
		var columns []string
		rows, err := d.Query(t.Context(), "SELECT name, type FROM pragma_table_info('"+table+"')")
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var name, kind string
			if err := rows.Scan(&name, &kind); err != nil {
				t.Fatal(err)
			}
			if secretColumn.MatchString(name) {
				columns = append(columns, name)
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			t.Fatal(err)
		}
		for _, column := range columns {
			if _, err := d.Exec(t.Context(), "UPDATE "+table+" SET "+column+" = CASE typeof("+column+") WHEN 'blob' THEN randomblob(32) ELSE 'kept-' || hex(randomblob(16)) END"); err != nil {
				t.Fatalf("%s.%s: %v", table, column, err)
			}
			rows, err := d.Query(t.Context(), "SELECT CAST("+column+" AS BLOB) FROM "+table)
			if err != nil {
				t.Fatal(err)
			}
			for rows.Next() {
				var raw []byte
				if err := rows.Scan(&raw); err != nil {
					t.Fatal(err)
				}
				out = append(out, string(raw), hex.EncodeToString(raw), base64.StdEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw))
			}
			if err := errors.Join(rows.Err(), rows.Close()); err != nil {
				t.Fatal(err)
			}
		}
	}
	return out
}

// Nothing that a role is given is called like a secret, but for what is given once, to its owner, or is none. It is read from the API description, as docs/members.md is.
func TestNoMemberIsCalledASecret(t *testing.T) {
	a, _ := newApp(t)
	f := newFace(t, a)
	given := map[string]bool{} // thing.member
	for _, route := range a.API.Routes() {
		responses := dig(f.operation(route), "responses")
		for status := range responses {
			for media := range dig(responses, status, "content") {
				if status < "300" {
					f.describes("", dig(responses, status, "content", media, "schema"), given)
				}
			}
		}
	}
	if len(given) < 800 {
		t.Errorf("only %d members are described", len(given))
	}
	secret := regexp.MustCompile(`\..*(secret|token|password|hash|recovery|private|credential|session)`)
	for name := range given {
		if secret.MatchString(name) && bearing[name] == "" {
			t.Errorf("%s is given", name)
		}
	}
	for name := range bearing {
		if !given[name] {
			t.Errorf("%s is not given any more", name)
		}
	}
}

// describes adds the members of everything that a schema of the thing holds.
func (f *face) describes(thing string, schema map[string]any, given map[string]bool) {
	if ref, ok := schema["$ref"].(string); ok {
		schema = dig(f.doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
		thing = ref[strings.LastIndex(ref, "/")+1:]
	}
	for member, described := range dig(schema, "properties") {
		if name := thing + "." + member; !given[name] {
			given[name] = true
			f.describes(name, dig(described), given)
		}
	}
	for _, inside := range []string{"items", "additionalProperties"} {
		if values := dig(schema, inside); len(values) > 0 {
			f.describes(thing, values, given)
		}
	}
}
