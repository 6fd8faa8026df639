package app_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kenshu/server/app"
	"kenshu/tenant"
)

// grow lets every connection of an embedded database grow its file to so many pages; SQLite itself answers SQLITE_FULL beyond.
func grow(t *testing.T, a *app.App, pages int) {
	t.Helper()
	pool := a.DB.Raw()
	var held []*sql.Conn
	for range pool.Stats().MaxOpenConnections {
		c, err := pool.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, c)
		if _, err := c.ExecContext(t.Context(), fmt.Sprint("PRAGMA max_page_count = ", pages)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range held {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// An embedded database that is full refuses writes with a sentence and leaves nothing half done; reading goes on, the readiness says what is full, and when there is room
// again everything works without anybody doing anything.
func TestFullDiskOfTheEmbeddedMode(t *testing.T) {
	a, world := newApp(t)
	f := newFace(t, a)
	manager := principals(t, a, world.A)[tenant.RoleManager]
	ready := func() (int, string) { return readyz(a.Face()) }
	if code, body := ready(); code != http.StatusOK || body != "ready\n" {
		t.Fatalf("before: %d %s", code, body)
	}
	var pages, there int
	if err := a.DB.QueryRow(t.Context(), "PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	count := func(query string) (n int) {
		t.Helper()
		if err := a.DB.QueryRow(t.Context(), query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	const people, halves = "SELECT COUNT(*) FROM person", "SELECT COUNT(*) FROM person p WHERE p.name LIKE '満杯 %' AND (NOT EXISTS (SELECT 1 FROM credential c WHERE c.person_id = p.id) OR NOT EXISTS (SELECT 1 FROM audit_event e WHERE e.subject_id = p.id) OR NOT EXISTS (SELECT 1 FROM person_role r WHERE r.person_id = p.id))"
	there = count(people)
	grow(t, a, pages+2)
	register := func(n int) *httptest.ResponseRecorder {
		return f.ask(http.MethodPost, "/people", manager, fmt.Sprintf(`{"name":"満杯 %d%s"}`, n, strings.Repeat("長", 80)))
	}
	acknowledged, refused := 0, 0
	for n := 0; refused < 5 && n < 3000; n++ { // free pages inside the file are used up first
		switch w := register(n); {
		case w.Code == http.StatusCreated:
			acknowledged++
		case w.Code == http.StatusServiceUnavailable && strings.Contains(w.Body.String(), `"database_full"`):
			refused++
		default:
			t.Fatalf("a full database is answered with %d %s", w.Code, w.Body)
		}
	}
	if refused < 5 {
		t.Fatalf("the database was never full: %d people", acknowledged)
	}
	if got := count(people) - there; got != acknowledged {
		t.Errorf("%d people were acknowledged, %d are there", acknowledged, got)
	}
	if n := count(halves); n > 0 {
		t.Errorf("%d people are there in part", n)
	}
	if w := f.ask(http.MethodGet, "/people", manager, ""); w.Code != http.StatusOK {
		t.Errorf("reading from a full database: %d %s", w.Code, w.Body)
	}
	if code, body := ready(); code != http.StatusOK || !strings.Contains(body, "full: database") {
		t.Errorf("the readiness of a full database: %d %s", code, body)
	}
	state, err := a.Services.Operations.State(t.Context())
	if err != nil || !state.Parts[0].Full || state.Parts[0].Away != nil {
		t.Errorf("the operator is told %+v, %v", state.Parts, err)
	}
	grow(t, a, 1<<30)
	if w := register(9999); w.Code != http.StatusCreated {
		t.Errorf("with room again: %d %s", w.Code, w.Body)
	}
}
