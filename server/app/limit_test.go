package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"kenshu/rig/kit"
	"kenshu/server/api"
	"kenshu/storage/db"
)

// broken is a body, or a parameter, that breaks one rule of the API description.
type broken struct {
	rule string // which rule of which field
	raw  string // the JSON, or the text of the parameter
}

// Every rule that the API description gives for a body or a parameter is broken alone, on every route: the answer says that the request is wrong (never that the
// server failed), and nothing is written (ASVS 1.4.2, 2.2.1).
func TestEveryLimitIsKept(t *testing.T) {
	a, world := newApp(t)
	f := newFace(t, a)
	kit.Fill(t, a.DB, world.B, "MARK-B")
	id := db.NewID()
	tokens := map[string]string{}
	for _, route := range a.API.Routes() {
		if _, ok := tokens[route.Permission]; !ok {
			tokens[route.Permission] = f.permitted(a, world.B, route)
		}
	}
	before := kit.Snapshot(t, a.DB, world.B.ID)
	tried := 0
	for _, route := range a.API.Routes() {
		if schema := dig(f.operation(route), "requestBody", "content", "application/json", "schema"); schema != nil {
			for _, b := range f.broken("body", schema, id.String(), 0) {
				r := f.request(route, tokens[route.Permission], id)
				r.Body, r.ContentLength = http.NoBody, 0
				fresh := httptest.NewRequest(route.Method, r.URL.String(), strings.NewReader(b.raw))
				fresh.Header = r.Header
				tried++
				f.isWrong(route, b, fresh)
			}
		}
		parameters, _ := f.operation(route)["parameters"].([]any)
		for _, v := range parameters {
			p := dig(v)
			name, _ := p["name"].(string)
			if p["in"] != "query" {
				continue
			}
			for _, b := range f.brokenText(name, dig(p, "schema")) {
				r := f.request(route, tokens[route.Permission], id)
				q := r.URL.Query()
				q.Set(name, b.raw)
				r.URL.RawQuery = q.Encode()
				tried++
				f.isWrong(route, b, r)
			}
		}
	}
	for table, rows := range kit.Snapshot(t, a.DB, world.B.ID) {
		if rows != before[table] {
			t.Errorf("a wrong request changed %s", table)
		}
	}
	if tried < 2000 {
		t.Errorf("only %d wrong requests: the description is not read", tried)
	}
	t.Logf("%d wrong requests refused", tried)
}

func (f *face) isWrong(route api.Route, b broken, r *http.Request) {
	f.t.Helper()
	if w := f.serve(r); w.Code != http.StatusBadRequest && w.Code != http.StatusUnprocessableEntity {
		f.t.Errorf("%s, %s: %d %.200s", route.ID, b.rule, w.Code, w.Body)
	}
}

// broken makes, of the smallest valid value of schema, all values in which one rule is broken.
func (f *face) broken(at string, schema map[string]any, id string, depth int) []broken {
	if ref, ok := schema["$ref"].(string); ok {
		schema = dig(f.doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
	}
	var out []broken
	add := func(rule string, value any) {
		raw, err := json.Marshal(value)
		if err != nil {
			f.t.Fatal(err)
		}
		out = append(out, broken{at + ": " + rule, string(raw)})
	}
	kinds := kindsOf(schema)
	if len(kinds) == 0 || depth > 4 {
		return nil
	}
	for kind, wrong := range map[string]any{"string": 1, "integer": "1", "number": "1", "boolean": "yes", "array": map[string]any{}, "object": []any{}} {
		if slices.Contains(kinds, kind) {
			add("another type", wrong)
		}
	}
	switch kinds[0] {
	case "string":
		for _, b := range f.brokenText(at, schema) {
			add(b.rule, b.raw)
		}
	case "integer", "number":
		for _, b := range numbers(schema) {
			out = append(out, broken{at + ": " + b.rule, b.raw})
		}
	case "array":
		if limit, ok := schema["maxItems"].(float64); ok && limit <= 1000 {
			one, err := json.Marshal(f.sample(dig(schema, "items"), id, 0))
			if err != nil {
				f.t.Fatal(err)
			}
			all := bytes.Repeat(append(one, ','), int(limit)+1)
			out = append(out, broken{at + ": too many", "[" + string(all[:len(all)-1]) + "]"})
		}
		for _, b := range f.broken(at+"[]", dig(schema, "items"), id, depth+1) {
			out = append(out, broken{b.rule, "[" + b.raw + "]"})
		}
	case "object":
		out = append(out, f.brokenObject(at, schema, id, depth)...)
	}
	return out
}

func (f *face) brokenObject(at string, schema map[string]any, id string, depth int) []broken {
	whole, _ := f.sample(schema, id, 0).(map[string]any)
	var out []broken
	with := func(rule string, change map[string]json.RawMessage, without string) {
		body := map[string]any{}
		for name, value := range whole {
			if name != without {
				body[name] = value
			}
		}
		for name, value := range change {
			body[name] = value
		}
		raw, err := json.Marshal(body)
		if err != nil { // 1e309 and NaN are no JSON to our own encoder
			pairs := []string{}
			for name, value := range body {
				one, ok := value.(json.RawMessage)
				if !ok {
					one, _ = json.Marshal(value)
				}
				pairs = append(pairs, fmt.Sprintf("%q:%s", name, one))
			}
			raw = []byte("{" + strings.Join(pairs, ",") + "}")
		}
		out = append(out, broken{rule, string(raw)})
	}
	required, _ := schema["required"].([]any)
	for _, name := range required {
		n, _ := name.(string)
		with(at+"."+n+": missing", nil, n)
	}
	if schema["additionalProperties"] == false {
		with(at+": a field that nobody knows", map[string]json.RawMessage{"kenshu_unknown": json.RawMessage("1")}, "")
	}
	properties := dig(schema, "properties")
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		for _, b := range f.broken(at+"."+name, dig(properties, name), id, depth+1) {
			with(b.rule, map[string]json.RawMessage{name: json.RawMessage(b.raw)}, "")
		}
	}
	return out
}

func kindsOf(schema map[string]any) []string {
	if kind, ok := schema["type"].(string); ok {
		return []string{kind}
	}
	var out []string
	kinds, _ := schema["type"].([]any)
	for _, k := range kinds {
		if kind, _ := k.(string); kind != "null" {
			out = append(out, kind)
		}
	}
	return out
}

// numbers are those that a program of another language would send, or an attacker.
func numbers(schema map[string]any) []broken {
	out := []broken{{"too large for any number", "1e309"}, {"no number", "NaN"}}
	kinds := kindsOf(schema)
	if slices.Contains(kinds, "integer") {
		out = append(out, broken{"a part of one", "1.5"}, broken{"beyond 64 bits", "9223372036854775808"}, broken{"below 64 bits", "-9223372036854775809"})
	}
	if limit, ok := schema["maximum"].(float64); ok && limit < 1e15 {
		out = append(out, broken{"above the most", fmt.Sprintf("%.0f", limit+1)}, broken{"2^63-1", "9223372036854775807"}, broken{"2^31", map[bool]string{true: "2147483648", false: "9223372036854775807"}[limit < 1<<31]})
	}
	if limit, ok := schema["minimum"].(float64); ok {
		out = append(out, broken{"below the least", fmt.Sprintf("%.0f", limit-1)}, broken{"-2^63", "-9223372036854775808"})
	}
	return out
}

// brokenText are texts that break a rule of schema, as they stand in a parameter.
func (f *face) brokenText(name string, schema map[string]any) []broken {
	var out []broken
	kinds := kindsOf(schema)
	if slices.Contains(kinds, "integer") || slices.Contains(kinds, "number") {
		for _, b := range numbers(schema) {
			out = append(out, broken{name + ": " + b.rule, b.raw})
		}
		return append(out, broken{name + ": no number", "x"})
	}
	if slices.Contains(kinds, "boolean") {
		return []broken{{name + ": neither true nor false", "yes"}}
	}
	if len(kinds) == 0 || kinds[0] != "string" {
		return nil
	}
	if limit, ok := schema["maxLength"].(float64); ok && limit <= 1<<20 {
		out = append(out, broken{name + ": too long", strings.Repeat("x", int(limit)+1)})
	}
	if least, ok := schema["minLength"].(float64); ok && least > 1 {
		out = append(out, broken{name + ": too short", "x"})
	}
	if _, ok := schema["enum"]; ok {
		out = append(out, broken{name + ": not in the list", "kenshu-unknown"})
	}
	switch schema["format"] {
	case "uuid":
		out = append(out, broken{name + ": no id", "00000000-0000-0000-0000-00000000000g"})
	case "date":
		out = append(out, broken{name + ": no day", "2026-02-30"}, broken{name + ": no date", "x"})
	case "date-time":
		out = append(out, broken{name + ": no time", "2026-02-30T00:00:00Z"})
	}
	return out
}

// Forms of other sites and programs that name no type cannot reach a route that takes JSON (ASVS 3.5.2, 4.1.5).
func TestJSONComesAsJSON(t *testing.T) {
	a, world := newApp(t)
	f := newFace(t, a)
	before := kit.Snapshot(t, a.DB, world.B.ID)
	tokens := map[string]string{}
	tried := 0
	for _, route := range a.API.Routes() {
		if dig(f.operation(route), "requestBody", "content", "application/json") == nil {
			continue
		}
		if _, ok := tokens[route.Permission]; !ok {
			tokens[route.Permission] = f.permitted(a, world.Association, route)
		}
		for _, media := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml", ""} {
			r := f.request(route, tokens[route.Permission], db.NewID())
			r.Header.Del("Content-Type")
			if media != "" {
				r.Header.Set("Content-Type", media)
			}
			tried++
			if w := f.serve(r); w.Code != http.StatusUnsupportedMediaType {
				t.Errorf("%s as %q: %d %.200s", route.ID, media, w.Code, w.Body)
			}
		}
	}
	for table, rows := range kit.Snapshot(t, a.DB, world.B.ID) {
		if rows != before[table] {
			t.Errorf("a body of another type changed %s", table)
		}
	}
	if tried < 300 {
		t.Errorf("only %d tried", tried)
	}
}

// What is encoded twice is decoded once: an address or a parameter written so is another one, and is nobody's (ASVS 1.1.1).
func TestNothingIsDecodedTwice(t *testing.T) {
	a, world := newApp(t)
	f := newFace(t, a)
	own := kit.Fill(t, a.DB, world.B, "MARK-B")
	tried := 0
	for _, route := range a.API.Routes() {
		if route.Method != http.MethodGet || !strings.Contains(route.Path, "{") {
			continue
		}
		token := f.permitted(a, world.B, route)
		for _, table := range slices.Sorted(maps.Keys(own.IDs)) {
			once := own.IDs[table].String()
			if w := f.ask(http.MethodGet, pathParam.ReplaceAllString(route.Path, once), token, ""); w.Code != http.StatusOK {
				continue
			}
			twice := strings.ReplaceAll(once, "-", "%252D")
			w := f.ask(http.MethodGet, pathParam.ReplaceAllString(route.Path, twice), token, "")
			if tried++; w.Code == http.StatusOK {
				t.Errorf("%s reads %s", route.ID, twice)
			}
		}
	}
	manager := f.permitted(a, world.B, api.Route{ID: "list-people", Permission: "person:read"})
	for _, text := range []string{"%252e%252e", "%25E7%25AE%25A1", "%26amp%3Blt%3B"} {
		w := f.ask(http.MethodGet, "/people?limit=500&q="+text, manager, "")
		if w.Code != http.StatusOK || strings.Contains(w.Body.String(), `"name"`) {
			t.Errorf("%s finds %d %.200s", text, w.Code, w.Body)
		}
	}
	if tried < 20 {
		t.Errorf("only %d tried", tried)
	}
}
