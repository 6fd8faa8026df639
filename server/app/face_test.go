package app_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kenshu/storage/db"
	"kenshu/tenant"
)

func (f *face) ask(method, path, token, body string) *httptest.ResponseRecorder {
	f.t.Helper()
	r := httptest.NewRequest(method, "http://localhost:8080/api/v1"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-kenshu", Value: token})
	}
	w := httptest.NewRecorder()
	f.handler.ServeHTTP(w, r)
	return w
}

// A body that can be read in two ways is refused, and an address has one form.
func TestOneReading(t *testing.T) {
	a, world := newApp(t)
	f := newFace(t, a)
	manager := principals(t, a, world.A)[tenant.RoleManager]
	for body, want := range map[string]int{
		`{"name":"one"}`: http.StatusCreated, `{"name":"two","name":"three"}`: http.StatusBadRequest, `{"name":"four","NAME":"five"}`: http.StatusBadRequest,
		`{"Name":"six"}`: http.StatusUnprocessableEntity, "{\"name\":\"seven\xff\"}": http.StatusBadRequest, `{"name":"eight"}{}`: http.StatusBadRequest,
	} {
		if w := f.ask(http.MethodPost, "/departments", manager, body); w.Code != want {
			t.Errorf("%q: %d %s, want %d", body, w.Code, w.Body, want)
		}
	}
	if w := f.ask(http.MethodGet, "/people?limit=1&limit=2", manager, ""); w.Code != http.StatusBadRequest {
		t.Errorf("a parameter twice: %d", w.Code)
	}
	if w := f.ask(http.MethodGet, "/people/", manager, ""); w.Code != http.StatusNotFound {
		t.Errorf("an address with a slash behind it: %d %s", w.Code, w.Header())
	}
}

// Logging in where somebody is logged in already ends that session.
func TestLogInTakesThePlaceOfASession(t *testing.T) {
	a, world := newApp(t)
	f := newFace(t, a)
	before := principals(t, a, world.A)[tenant.RoleManager]
	var one tenant.OneTime
	if err := a.DB.Tx(t.Context(), func(tx *db.Tx) (err error) {
		one, err = a.Services.Credentials.Issue(t.Context(), world.A.ID, tx, world.A.Staff[0])
		return err
	}); err != nil {
		t.Fatal(err)
	}
	login := func(password string) int {
		return f.ask(http.MethodPost, "/session", before, `{"organisation_code":"`+world.A.Code+`","login_id":"tanaka","password":"`+password+`"}`).Code
	}
	if got := login("wrong"); got != http.StatusUnauthorized {
		t.Fatalf("wrong password: %d", got)
	}
	if w := f.ask(http.MethodGet, "/session", before, ""); w.Code != http.StatusOK {
		t.Errorf("a refused log-in ended the session: %d", w.Code)
	}
	w := f.ask(http.MethodPost, "/session", before, `{"organisation_code":"`+world.A.Code+`","login_id":"tanaka","password":"`+one.Password+`"}`)
	if w.Code != http.StatusOK {
		t.Fatalf("log-in: %d", w.Code)
	}
	// What the browser may do with the session (ASVS 3.3.1 to 3.3.5): send it back over TLS to this host alone, not on behalf of other sites, and show it to no script.
	for _, c := range w.Result().Cookies() {
		if c.Name == "__Host-kenshu" && (!c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || len(c.Value) < 43 || len(c.Value) > 100) {
			t.Errorf("the session's cookie is %v", c)
		}
	}
	if !strings.Contains(strings.Join(w.Header().Values("Set-Cookie"), "\n"), "__Host-kenshu=") {
		t.Error("there is no cookie")
	}
	if w := f.ask(http.MethodGet, "/session", before, ""); w.Code != http.StatusUnauthorized {
		t.Errorf("the session before lives on: %d", w.Code)
	}
}

// What a browser kept for somebody else is never done as the person who is logged in there now, and the answer does not tell whether the thing exists.
func TestNothingIsDoneForAnotherPerson(t *testing.T) {
	a, world := newApp(t)
	f := newFace(t, a)
	staff := principals(t, a, world.A)[tenant.RoleStaff]
	other, id := world.A.Manager.String(), db.NewID().String()
	for _, c := range []struct{ method, path, body string }{
		{http.MethodPost, "/me/progress", `{"person":"%p","now":1,"items":[{"item_id":"x","enrolment":"%i","lesson":"%i","position":0,"at":1}]}`},
		{http.MethodPut, "/me/attempts/%i/answers/%i", `{"person":"%p","answer":[],"client_seq":1}`},
		{http.MethodPost, "/me/attempts/%i/submit", `{"person":"%p","now":1,"answers":[{"question":"%i","answer":["a"],"client_seq":1,"at":1}]}`},
		{http.MethodPost, "/me/enrolments/%i/lessons/%i/notes", `{"person":"%p","key":"k","base_seq":0,"client_seq":1,"text":"x"}`},
		{http.MethodPost, "/me/enrolments/%i/lessons/%i/survey", `{"person":"%p","answers":[]}`},
		{http.MethodPost, "/me/enrolments/%i/lessons/%i/signature", `{"person":"%p","name":"x","at":1,"now":1}`},
	} {
		fill := strings.NewReplacer("%p", other, "%i", id).Replace
		if w := f.ask(c.method, fill(c.path), staff, fill(c.body)); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), `"other_person"`) {
			t.Errorf("%s: %d %s", c.path, w.Code, w.Body)
		}
	}
}

// Why somebody does not want to become the manager is between them and the manager: a deputy reads that they declined.
func TestReasonOfDecliningIsTheManagers(t *testing.T) {
	a, world := newApp(t)
	f := newFace(t, a)
	by := principals(t, a, world.A)
	if _, err := a.DB.Exec(t.Context(), `INSERT INTO handover (tenant_id, id, from_person, to_person, offered_by, keep_as_deputy, note, answer, state, expires_at, created_at, decided_at)
 VALUES (?, ?, ?, ?, 'manager', 0, '', 'my-illness', 'declined', 2, 1, 1)`, world.A.ID, db.NewID(), world.A.Manager, world.A.Staff[0]); err != nil {
		t.Fatal(err)
	}
	for role, want := range map[tenant.Role]bool{tenant.RoleManager: true, tenant.RoleDeputyManager: false} {
		w := f.ask(http.MethodGet, "/handovers", by[role], "")
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"declined"`) || strings.Contains(w.Body.String(), "my-illness") != want {
			t.Errorf("%s: %d %s", role, w.Code, w.Body)
		}
	}
}
