package app_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"kenshu/server/api"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// What can be done while something else must be done first. A route that is added to it opens a door to whoever holds somebody else's slip.
var (
	earlyPassword = []string{"check-password", "end-all-sessions", "end-session", "get-session", "update-password"}
	earlyFactor   = []string{"add-passkey", "ask-proof", "begin-app", "begin-passkey", "confirm-app", "get-factors", "prove"}
)

// Every route is asked by somebody with all roles who holds a one-time password, and by somebody who must set a second factor up: nothing is done but what
// leads out of that.
func TestWhatComesFirst(t *testing.T) {
	a, world := newApp(t)
	f := newFace(t, a)
	everything := func(name, credential string) db.ID {
		id := db.NewID()
		exec := func(query string, args ...any) {
			if _, err := a.DB.Exec(t.Context(), query, args...); err != nil {
				t.Fatal(err)
			}
		}
		exec(`INSERT INTO person (tenant_id, id, login_id, login_key, name, sort_name, search_text, employment_kind, state, created_at, updated_at)
 VALUES (?, ?, ?, ?, 'probe', 'probe', 'probe', 'employee', 'active', 1, 1)`, world.B.ID, id, name, name)
		exec(`INSERT INTO credential (tenant_id, person_id, kind, hash, changed_at) VALUES (?, ?, ?, 'unusable', 1)`, world.B.ID, id, credential)
		for _, role := range tenant.Roles {
			exec(`INSERT INTO person_role (tenant_id, person_id, role) VALUES (?, ?, ?)`, world.B.ID, id, string(role))
		}
		return id
	}
	slip, bare := everything("probe-slip", "one_time"), everything("probe-bare", "chosen")
	if err := a.Services.Security.SetPolicy(t.Context(), world.B.ID, tenant.SecurityPolicy{ManagerFactor: true, OneTimeDays: 14, UnusedMonths: 6}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		person db.ID
		key    string
		open   []string
	}{{slip, "must_change_password", earlyPassword}, {bare, "must_enrol", slices.Concat(earlyPassword, earlyFactor)}} {
		var open []string
		for _, route := range a.API.Routes() {
			if route.Permission == api.Public || a.Services.Access.Allowing(tenant.Roles, route.Permission) == "" {
				continue
			}
			token, _, err := a.Services.Sessions.Start(t.Context(), world.B.ID, c.person)
			if err != nil {
				t.Fatal(err)
			}
			w := f.send(route, token, db.NewID())
			if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), fmt.Sprintf("%q", c.key)) {
				open = append(open, route.ID)
			}
		}
		slices.Sort(open)
		want := slices.Sorted(slices.Values(c.open))
		if !slices.Equal(open, want) {
			t.Errorf("with %s open are\n%v, want\n%v", c.key, open, want)
		}
	}
}

// Budgets of what needs no session count an IPv4 address, or an IPv6 network of 64 bits, as one source.
func TestBudgetsGroupSources(t *testing.T) {
	a, _ := newApp(t)
	ask := func(method, path, body, source string) int {
		r := httptest.NewRequest(method, "http://localhost:8080/api/v1"+path, strings.NewReader(body))
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		r.RemoteAddr = source
		w := httptest.NewRecorder()
		a.API.Handler().ServeHTTP(w, r)
		return w.Code
	}
	for _, route := range [][3]string{
		{http.MethodGet, "/public/certificates/ABCD-EFGH-JKLM-NPQR", ""},
		{http.MethodPost, "/public/record-link", `{"token":"` + strings.Repeat("a", 43) + `"}`},
		{http.MethodPost, "/session/passkey/options", ""},
	} {
		used := 0
		for ; used < 1000 && ask(route[0], route[1], route[2], fmt.Sprintf("[2001:db8:1:2::%x]:1000", used+1)) != http.StatusTooManyRequests; used++ {
		}
		if used == 1000 {
			t.Errorf("%s: addresses of one network have a budget each", route[1])
		}
		if got := ask(route[0], route[1], route[2], "[2001:db8:1:3::1]:1000"); got == http.StatusTooManyRequests {
			t.Errorf("%s: another network pays for this one", route[1])
		}
		for i := range 20 {
			if got := ask(route[0], route[1], route[2], fmt.Sprintf("192.0.2.%d:1000", i)); got == http.StatusTooManyRequests {
				t.Fatalf("%s: IPv4 addresses share a budget", route[1])
			}
		}
	}
}

// What checking files costs is an organisation's budget: another one does not pay for it.
func TestCheckedFilesAreLimited(t *testing.T) {
	a, world := newApp(t)
	handler := a.API.Handler()
	ours, theirs := principals(t, a, world.A), principals(t, a, world.B)
	for path, role := range map[string]tenant.Role{"/question-imports": tenant.RoleEditor, "/people/password-files": tenant.RoleManager} {
		check := func(token string) int {
			r := httptest.NewRequest(http.MethodPost, "http://localhost:8080/api/v1"+path+"?file_name=a.gift", strings.NewReader("?"))
			r.Header.Set("Content-Type", "application/octet-stream")
			r.AddCookie(&http.Cookie{Name: "__Host-kenshu", Value: token})
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			return w.Code
		}
		used := 0
		for ; used < 1000 && check(ours[role]) != http.StatusTooManyRequests; used++ {
		}
		if used == 1000 {
			t.Errorf("%s: files are checked without end", path)
		}
		if got := check(theirs[role]); got == http.StatusTooManyRequests || got == http.StatusForbidden {
			t.Errorf("%s: another organisation is answered %d", path, got)
		}
	}
}
