package app_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kenshu/rig/kit"
	"kenshu/server/api"
	"kenshu/server/app"
	"kenshu/tenant"
)

// Every refusal leaves one line in the log: who, where, which right, under the request's id; neither names nor what was sent.
func TestDenialsAreLogged(t *testing.T) {
	cfg, err := app.ReadConfig([]string{"KENSHU_DATA=" + t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	a, err := app.New(t.Context(), cfg, app.Options{Log: slog.New(slog.NewJSONHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	world := kit.NewWorld(t, a.DB)
	staff := kit.NewPerson(t, a.DB, world.A.ID, "hanako-login", "佐藤 花子")
	token, _, err := a.Services.Sessions.Start(t.Context(), world.A.ID, staff)
	if err != nil {
		t.Fatal(err)
	}
	f := newFace(t, a)
	lines := func() (out []map[string]any) {
		t.Helper()
		for line := range bytes.Lines(log.Bytes()) {
			var one map[string]any
			if err := json.Unmarshal(line, &one); err != nil {
				t.Fatal(err)
			}
			if one["msg"] == "denied" {
				out = append(out, one)
			}
		}
		if strings.Contains(log.String(), "花子") || strings.Contains(log.String(), "hanako") {
			t.Errorf("the log names people: %s", log.String())
		}
		log.Reset()
		return out
	}
	tried := 0
	for _, route := range a.API.Routes() {
		if tried == 50 {
			break // of a time; the bound has a test of its own
		}
		if route.Permission == api.Public || a.Services.Access.Allowing([]tenant.Role{tenant.RoleStaff}, route.Permission) != "" {
			continue
		}
		lines()
		w := f.send(route, token, world.B.Public)
		got := lines()
		tried++
		if w.Code != http.StatusForbidden || len(got) != 1 {
			t.Errorf("%s answered %d and left %d lines", route.ID, w.Code, len(got))
			continue
		}
		for field, want := range map[string]any{
			"operation": route.ID, "permission": route.Permission, "person": staff.String(), "organisation": world.A.Public.String(), "request_id": w.Header().Get("X-Request-Id"), "key": "not_allowed",
		} {
			if got[0][field] != want {
				t.Errorf("%s: %s is %v, want %v", route.ID, field, got[0][field], want)
			}
		}
	}
	if tried < 40 {
		t.Errorf("staff were refused %d times only", tried)
	}

	login := `{"organisation_code":"` + world.A.Code + `","login_id":"hanako-login","password":"wrong-9Km3pQ7x"}`
	for key, change := range map[string]func(*http.Request){
		"cross_site":   func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"wrong_host":   func(r *http.Request) { r.Host = "elsewhere.example" },
		"login_failed": func(*http.Request) {},
	} {
		r := httptest.NewRequest(http.MethodPost, a.Config.PublicURL+"/api/v1/session", strings.NewReader(login))
		r.Header.Set("Content-Type", "application/json")
		change(r)
		w := f.serve(r)
		if got := lines(); len(got) != 1 || got[0]["key"] != key || got[0]["request_id"] != w.Header().Get("X-Request-Id") {
			t.Errorf("%s: %d %v", key, w.Code, got)
		}
	}
}
