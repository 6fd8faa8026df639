package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"go/ast"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"kenshu/rig/kit"
	"kenshu/server/api"
	"kenshu/server/app"
	"kenshu/storage/db"
)

// careful are routes that refuse the smallest valid body of their description before they call anything: what they say is wrong with it needs no service.
var careful = []string{
	"add-round-rules", "ask-factor", "ask-passkey", "change-departments", "check-password-file", "confirm-app", "create-department-plan",
	"create-question", "create-round", "create-slips", "create-view", "delete-department-plan", "finish-session", "get-certificate-design-image",
	"get-join-offer", "get-lesson-revision", "issue-year-record", "join-accounts", "list-added-factors", "list-forecast-people", "list-year-records",
	"preview-certificate-design", "preview-new-recurrence", "preview-reminder-days", "preview-slips", "preview-year-record", "question-template",
	"reset-reminder-template", "save-department-plan", "save-launch", "save-lesson", "set-incident-state", "set-posts", "set-reminder-template",
	"start-session-by-passkey", "update-question", "update-view",
}

// Every handler is made to panic: with services that are not there, and at every statement that it sends, be it in a transaction, while rows are read or in a goroutine.
// Every time the answer is a problem that says nothing but the request's id (or the connection is cut, when half of a file is gone already), one line of the log has the
// stack, and no connection to the database stays behind (ASVS 16.5.1, 16.5.4).
func TestEveryHandlerMayPanic(t *testing.T) {
	a, world, log := newLoudApp(t)
	f := newFace(t, a)
	own := kit.Fill(t, a.DB, world.B, "MARK-B")
	bare := *f
	bare.handler = bareFace(t, a).Handler()
	panics, cuts := map[string]int{}, 0
	for _, route := range a.API.Routes() {
		id := own.IDs[keyTable(route)]
		r := bare.request(route, bare.permitted(a, world.B, route), id)
		log.Reset()
		if w, cut := bare.serveOrCut(r); w.Code == http.StatusInternalServerError || cut {
			panics[route.ID]++
			answeredPanic(t, route.ID+" without services", w, cut, log)
		}
		for n := int64(1); ; n++ {
			a.Services.Reports.Forget(world.B.ID) // nothing is counted behind anybody's back
			r := f.request(route, f.permitted(a, world.B, route), id)
			var sent atomic.Int64 // a handler's goroutines send at the same time
			traced := db.WithTrace(r.Context(), func(db.Statement) {
				if sent.Add(1) == n {
					panic("the test's own panic")
				}
			})
			log.Reset()
			w, cut := f.serveOrCut(r.WithContext(traced))
			if sent.Load() < n {
				break
			}
			panics[route.ID]++
			if cut {
				cuts++
			}
			answeredPanic(t, route.ID, w, cut, log)
			if n := a.DB.Stats().InUse; n != 0 {
				t.Fatalf("%s keeps %d connections", route.ID, n)
			}
		}
	}
	total := 0
	for _, route := range a.API.Routes() {
		if total += panics[route.ID]; (panics[route.ID] == 0) != slices.Contains(careful, route.ID) {
			t.Errorf("%s: %d panics; careful is out of step", route.ID, panics[route.ID])
		}
	}
	if w := f.ask(http.MethodGet, "/people", f.permitted(a, world.B, api.Route{ID: "list-people", Permission: "person:read"}), ""); w.Code != http.StatusOK {
		t.Errorf("afterwards: %d %s", w.Code, w.Body)
	}
	t.Logf("%d panics in %d routes, %d connections cut", total, len(panics), cuts)
}

// bareFace is the face of an installation in which only what lets people in is there.
func bareFace(t *testing.T, a *app.App) *api.API {
	t.Helper()
	public, err := url.Parse(a.Config.PublicURL)
	if err != nil {
		t.Fatal(err)
	}
	return api.New(api.Config{PublicURL: public, ContentURL: public, Page: http.NotFoundHandler(), Log: a.Log, Mode: a.Config.Mode}, api.Services{
		Access: a.Services.Access, Sessions: a.Services.Sessions, Factors: a.Services.Factors,
	})
}

// answeredPanic looks at what became of a panic.
func answeredPanic(t *testing.T, name string, w *httptest.ResponseRecorder, cut bool, log *bytes.Buffer) {
	t.Helper()
	id, said := w.Header().Get("X-Request-Id"), 0
	for line := range bytes.Lines(log.Bytes()) {
		var one map[string]any
		if err := json.Unmarshal(line, &one); err != nil {
			t.Fatal(err)
		}
		if one["level"] != "ERROR" && one["msg"] != "download broken off" {
			continue
		}
		said++
		if stack, _ := one["stack"].(string); one["request_id"] != id || !strings.Contains(stack, ".go:") && !cut {
			t.Errorf("%s: the log says %.300s", name, line)
		}
	}
	if said != 1 {
		t.Errorf("%s: %d lines of log: %.2000s", name, said, log)
	}
	if cut {
		return
	}
	var problem api.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil || w.Code != http.StatusInternalServerError || w.Header().Get("Content-Type") != "application/problem+json" ||
		w.Header().Get("Content-Disposition") != "" || problem.Key != "internal" || problem.RequestID != id || id == "" || len(problem.Args)+len(problem.Fields) > 0 || strings.Contains(w.Body.String(), "panic") {
		t.Errorf("%s: %d %v %.300s", name, w.Code, w.Header(), w.Body)
	}
}

// A job that panics is tried again, its stack stands in the log once, and the operator reads what it said.
func TestAJobMayPanic(t *testing.T) {
	a, _, log := newLoudApp(t)
	worker := &db.Worker{DB: a.DB, Owner: "test", Clock: a.Clock, Log: a.Log, Handlers: map[string]db.Handler{
		"panics": func(context.Context, db.Job, func(done, total int64)) error { panic("the test's own panic") },
	}}
	if err := a.DB.Tx(t.Context(), func(tx *db.Tx) error { return tx.Enqueue(t.Context(), a.Clock(), db.Job{Kind: "panics"}) }); err != nil {
		t.Fatal(err)
	}
	if n, err := worker.RunDue(t.Context()); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	var state, said string
	if err := a.DB.QueryRow(t.Context(), "SELECT state, last_error FROM job WHERE kind = 'panics'").Scan(&state, &said); err != nil || state != "queued" || said != "panic: the test's own panic" {
		t.Errorf("%s %q %v", state, said, err)
	}
	if strings.Count(log.String(), `"stack":"goroutine`) != 1 || !strings.Contains(log.String(), "panic_test.go:") {
		t.Errorf("the log says %s", log)
	}
}

// alone are goroutines that need not catch a panic, and why. Each is named by its file and how often it stands there.
var alone = map[string]struct {
	times int
	why   string
}{
	"storage/db/worker.go": {2, "runs jobs, which are caught one by one; the other keeps a lease by one statement"},
	"server/app/app.go":    {4, "the servers and the worker of the process: without them it must end"},
	"tenant/operation.go":  {1, "asks whether a part answers"},
}

// A panic in a goroutine ends the process, whoever waits for it: what the product starts beside a request goes through fault.Caught. And nobody else takes a panic for
// something that can be passed over: it is caught there, or at the end of a request (ASVS 16.5.4).
func TestGoroutinesCatchTheirPanics(t *testing.T) {
	found, caught := map[string]int{}, 0
	var catchers []string
	eachFile(t, func(file string, parsed *ast.File, source string) {
		ast.Inspect(parsed, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && written(source, call.Fun) == "recover" {
				catchers = append(catchers, file)
			}
			if !startsGoroutine(n) {
				return true
			}
			if strings.Contains(written(source, n), "fault.Caught(") {
				caught++
			} else {
				found[file]++
			}
			return true
		})
	})
	for file, times := range found {
		if times != alone[file].times {
			t.Errorf("%s starts %d goroutines without fault.Caught, %d are known", file, times, alone[file].times)
		}
	}
	for file := range alone {
		if found[file] == 0 {
			t.Errorf("%s starts none any more", file)
		}
	}
	if slices.Sort(catchers); !slices.Equal(catchers, []string{"fault/caught.go", "server/api/guard.go"}) {
		t.Errorf("panics are caught in %v", catchers)
	}
	if caught < 4 {
		t.Errorf("only %d goroutines are caught", caught)
	}
}

// startsGoroutine tells a go statement, and a call of what starts one: errgroup, WaitGroup.Go, singleflight, time.AfterFunc.
func startsGoroutine(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GoStmt:
		return true
	case *ast.CallExpr:
		if s, ok := n.Fun.(*ast.SelectorExpr); ok {
			return s.Sel.Name == "Go" || s.Sel.Name == "DoChan" || s.Sel.Name == "AfterFunc"
		}
	}
	return false
}
