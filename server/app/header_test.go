package app_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"kenshu/server/api"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// sent makes a request with headers, to the face of an installation that people reach at https://kenshu.example.
func sent(f *face, method, path string, headers map[string]string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://kenshu.example"+path, strings.NewReader(""))
	for k, v := range headers {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	f.handler.ServeHTTP(w, r)
	return w
}

func publicFace(t *testing.T) (*face, map[string]string) {
	t.Helper()
	a, world := newApp(t, "KENSHU_PUBLIC_URL=https://kenshu.example", "KENSHU_CONTENT_URL=https://content.example")
	f := newFace(t, a)
	return f, map[string]string{"Cookie": "__Host-kenshu=" + principals(t, a, world.B)[tenant.RoleManager]}
}

// Every answer of every route, given or refused, and of the page carries what keeps a browser from doing more with it than showing it to its own page
// (ASVS 3.2.1, 3.4.1 to 3.4.8, 3.5.8, 14.3.2). Nobody is told which software answers (13.4.6).
func TestEveryAnswerCarriesItsHeaders(t *testing.T) {
	a, world := newApp(t, "KENSHU_PUBLIC_URL=https://kenshu.example", "KENSHU_CONTENT_URL=https://content.example")
	f := newFace(t, a)
	manager := map[string]string{"Cookie": "__Host-kenshu=" + principals(t, a, world.B)[tenant.RoleManager], "Origin": "null"}
	check := func(name string, w *httptest.ResponseRecorder, isAPI bool) {
		t.Helper()
		h := w.Header()
		for header, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
			"Strict-Transport-Security": "max-age=31536000; includeSubDomains",
		} {
			if h.Get(header) != want {
				t.Errorf("%s: %s is %q", name, header, h.Get(header))
			}
		}
		for _, want := range []string{"default-src 'none'", "script-src 'self';", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"} {
			if !strings.Contains(h.Get("Content-Security-Policy"), want) {
				t.Errorf("%s: the policy has no %s", name, want)
			}
		}
		if strings.Contains(h.Get("Content-Security-Policy"), "unsafe-eval") {
			t.Errorf("%s: the policy lets text become a program", name)
		}
		for header := range h {
			if strings.HasPrefix(header, "Access-Control-") || header == "Server" || header == "X-Powered-By" {
				t.Errorf("%s: %s is sent", name, header)
			}
		}
		if isAPI && !strings.Contains(h.Get("Cache-Control"), "no-store") {
			t.Errorf("%s: may be kept: %q", name, h.Get("Cache-Control"))
		}
		if w.Body.Len() > 0 && h.Get("Content-Type") == "" {
			t.Errorf("%s: has no type", name)
		}
	}
	for _, route := range a.API.Routes() {
		path := "/api/v1" + pathParam.ReplaceAllString(route.Path, db.NewID().String())
		check(route.ID+" by nobody", sent(f, route.Method, path, nil), true)
		if route.Method == http.MethodGet {
			check(route.ID, sent(f, route.Method, path, manager), true)
		}
	}
	for _, path := range []string{"/", "/people", "/assets/none.js", "/api/v1/none", "/api/v1/me/enrolments/x.css"} {
		check(path, sent(f, http.MethodGet, path, nil), strings.HasPrefix(path, "/api/"))
	}
}

// A route answers its own methods only (ASVS 4.1.4, 13.4.4).
func TestRoutesAnswerTheirMethodsOnly(t *testing.T) {
	a, world := newApp(t)
	f := newFace(t, a)
	token := principals(t, a, world.B)[tenant.RoleManager]
	for _, route := range a.API.Routes() {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodTrace, "PROPFIND"} {
			if slices.ContainsFunc(a.API.Routes(), func(other api.Route) bool { return other.Method == method && covers(other.Path, route.Path) }) {
				continue
			}
			w := f.ask(method, pathParam.ReplaceAllString(route.Path, db.NewID().String()), token, "")
			if w.Code != http.StatusMethodNotAllowed && w.Code != http.StatusNotFound {
				t.Errorf("%s %s answers %d", method, route.Path, w.Code)
			}
		}
	}
}

// covers tells that a route's path takes the addresses of another's: /people/{id} takes /people/imports.
func covers(pattern, path string) bool {
	own, other := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(own) != len(other) {
		return false
	}
	for i := range own {
		if own[i] != other[i] && !strings.HasPrefix(own[i], "{") {
			return false
		}
	}
	return true
}

// What belongs to those who run the installation is not on the public listener (ASVS 13.4.1, 13.4.2, 13.4.5).
func TestNothingOfTheOperatorIsPublic(t *testing.T) {
	f, manager := publicFace(t)
	for _, path := range []string{"/metrics", "/debug/pprof/", "/debug/vars", "/.git/config", "/.env", "/docs", "/openapi.json", "/api/v1/openapi.json", "/kenshu.db", "/data/secret"} {
		for _, who := range []map[string]string{nil, manager} {
			w := sent(f, http.MethodGet, path, who)
			if w.Code == http.StatusOK && !strings.Contains(w.Body.String(), `<div id="root">`) {
				t.Errorf("%s gives %d bytes of %s", path, w.Body.Len(), w.Header().Get("Content-Type"))
			}
		}
	}
}

// Who somebody is, where they come from and under which name they came is not what a header says (ASVS 4.1.3, 15.3.4).
func TestHeadersOfOthersAreNotBelieved(t *testing.T) {
	f, _ := publicFace(t)
	for _, forged := range []map[string]string{
		{"X-User-ID": "1"}, {"X-Org-ID": "1"}, {"X-Remote-User": "kanri"}, {"Authorization": "Basic YTpi"}, {"X-Original-URL": "/api/v1/people"}, {"X-HTTP-Method-Override": "GET"},
		{"Cookie": "__Host-kenshu=" + strings.Repeat("0", 43)}, {"Cookie": "__Host-kenshu="}, {"Cookie": "kenshu=1"}, {"Authorization": "Bearer " + strings.Repeat("A", 60)},
	} {
		if w := sent(f, http.MethodGet, "/api/v1/people", forged); w.Code != http.StatusUnauthorized {
			t.Errorf("%v: %d", forged, w.Code)
		}
	}
	for _, host := range []string{"evil.example", "kenshu.example.evil.example", "kenshu.example:1", ""} {
		r := httptest.NewRequest(http.MethodGet, "http://kenshu.example/login", nil)
		r.Host = host
		r.Header.Set("X-Forwarded-Host", "evil.example")
		w := httptest.NewRecorder()
		f.handler.ServeHTTP(w, r)
		if to := w.Header().Get("Location"); w.Code != http.StatusTemporaryRedirect || !strings.HasPrefix(to, "https://kenshu.example/") {
			t.Errorf("as %q: %d to %q", host, w.Code, to)
		}
	}
	for _, path := range []string{"//evil.example", "/\\evil.example", "/%2f%2fevil.example", "/login?next=https://evil.example"} {
		r := httptest.NewRequest(http.MethodGet, "http://other.example/", nil)
		r.URL.Path, r.Host = path, "other.example"
		w := httptest.NewRecorder()
		f.handler.ServeHTTP(w, r)
		if to := w.Header().Get("Location"); to != "" && !strings.HasPrefix(to, "https://kenshu.example/") {
			t.Errorf("%s leads to %q", path, to)
		}
	}
}
