package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"kenshu/server/api"
	"kenshu/storage/db"
)

// learner is one logged-in member of staff.
type learner struct {
	token     string
	enrolment db.ID
	attempt   string
	seq       atomic.Int64
	turn      int // of the progress message; one worker alone uses a learner
}

// hotPath is one of the requests learners make all the time.
type hotPath struct {
	name   string
	method string
	path   func(l *learner) string
	body   func(l *learner, buf []byte) []byte // nil: none
	mark   func(l *learner) int64              // the count inside the body, when there is one
}

// ratio is one line of the table of hot paths.
type ratio struct {
	name       string
	engine     db.Engine
	statements int
	product    sample
	bare       sample // on a plain pool
	kept       sample // on the product's pool
	empty      sample
}

func paths(a *api.API, c seededCourse) []hotPath {
	route := func(id string) string {
		i := slices.IndexFunc(a.Routes(), func(r api.Route) bool { return r.ID == id })
		if i < 0 {
			panic("there is no route " + id)
		}
		return "/api/v1" + a.Routes()[i].Path
	}
	lesson := func(n int) func(l *learner) string {
		return func(l *learner) string {
			return strings.NewReplacer("{id}", l.enrolment.String(), "{lesson}", c.lessons[n].String()).Replace(route("get-own-lesson"))
		}
	}
	return []hotPath{
		{"saving progress", http.MethodPost, func(*learner) string { return route("save-progress") }, func(l *learner, buf []byte) []byte { return progressBody(l, c, buf) }, nil},
		{"learner's first page", http.MethodGet, func(*learner) string { return route("list-own-enrolments") }, nil, nil},
		{"opening a lesson (page)", http.MethodGet, lesson(lessonPage), nil, nil},
		{"opening a lesson (video, signed links)", http.MethodGet, lesson(lessonVideo), nil, nil},
		{
			"answering a quiz question", http.MethodPut,
			func(l *learner) string {
				return strings.NewReplacer("{id}", l.attempt, "{question}", c.questions[0].String()).Replace(route("save-answer"))
			},
			func(l *learner, buf []byte) []byte {
				buf = append(buf, `{"answer":["a"],"client_seq":`...)
				return append(strconv.AppendInt(buf, l.seq.Add(1), 10), '}')
			},
			func(l *learner) int64 { return l.seq.Load() },
		},
	}
}

// progressBody is what the player sends every 15 seconds while a video runs.
func progressBody(l *learner, c seededCourse, buf []byte) []byte {
	l.turn++
	at, from := time.Now().UnixMilli(), int64(l.turn%30)*15_000
	return fmt.Appendf(buf, `{"now":%d,"items":[{"item_id":"%d","enrolment":"%s","lesson":"%s","position":%d,"furthest":%d,"seen":[[%d,%d]],"spent":[[%d,%d]],"at":%d}]}`,
		at, l.turn, l.enrolment, c.lessons[lessonVideo], from+15_000, from+15_000, from, from+15_000, at-15_000, at, at)
}

// hotPaths measures the product beside the bare handler.
func hotPaths(ctx context.Context, engine db.Engine, o options) ([]ratio, error) {
	r, err := newRoom(ctx, engine)
	if err != nil {
		return nil, err
	}
	defer r.close()
	e, err := sow(ctx, r.DB, 0)
	if err != nil {
		return nil, err
	}
	face := r.API.Handler()
	learners, err := logIn(ctx, r, face, e, o.learners)
	if err != nil {
		return nil, err
	}
	product, stopProduct, err := listen(face)
	if err != nil {
		return nil, err
	}
	defer stopProduct()
	empty, stopEmpty, err := listen(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) }))
	if err != nil {
		return nil, err
	}
	defer stopEmpty()
	var out []ratio
	for _, p := range paths(r.API, e.course) {
		if o.only != "" && !strings.Contains(p.name, o.only) {
			continue
		}
		line, err := p.measure(r, face, learners, product, empty, o)
		if err != nil {
			return nil, fmt.Errorf("%s on %s: %w", p.name, engine, err)
		}
		line.engine = engine
		line.print()
		out = append(out, line)
	}
	return out, nil
}

func (p hotPath) measure(r *room, face http.Handler, learners []*learner, product, empty string, o options) (ratio, error) {
	line := ratio{name: p.name}
	pool, err := r.plainPool()
	if err != nil {
		return line, err
	}
	pool.SetMaxIdleConns(8)
	plain, kept := &bare{pool: pool}, &bare{pool: r.DB.Raw()}
	for _, l := range learners {
		s, err := p.capture(face, l)
		if err != nil {
			return line, err
		}
		plain.scripts = append(plain.scripts, s)
	}
	kept.scripts = plain.scripts
	line.statements = plain.scripts[0].statements()
	bareAddr, stop, err := listen(plain)
	if err != nil {
		return line, err
	}
	defer stop()
	keptAddr, stopKept, err := listen(kept)
	if err != nil {
		return line, err
	}
	defer stopKept()
	next := make([]int, o.workers)
	pick := func(worker int) int { // every worker has its own learners
		next[worker] += o.workers
		return (worker + next[worker]) % (len(learners) / o.workers * o.workers)
	}
	bodies := make([][]byte, o.workers)
	ask := func(path func(n int) string) asker {
		return func(worker int, buf []byte) []byte {
			n := pick(worker)
			if p.body != nil {
				bodies[worker] = p.body(learners[n], bodies[worker][:0])
			}
			return request(buf, p.method, path(n), learners[n].token, bodies[worker])
		}
	}
	known := make([]string, len(learners))
	for i, l := range learners {
		known[i] = p.path(l)
	}
	sides := []side{
		{product, ask(func(n int) string { return known[n] }), http.StatusOK},
		{bareAddr, ask(func(n int) string { return "/" + strconv.Itoa(n) }), http.StatusOK},
		{keptAddr, ask(func(n int) string { return "/" + strconv.Itoa(n) }), http.StatusOK},
		{empty, ask(func(int) string { return "/" }), http.StatusOK},
	}
	if o.profile != "" {
		return line, profile(o.profile, sides[0], o)
	}
	got, err := compare(o.workers, o.each, o.turns, sides...)
	if err != nil {
		return line, err
	}
	line.product, line.bare, line.kept, line.empty = got[0], got[1], got[2], got[3]
	return line, nil
}

// capture sends the request three times and keeps the third: the first ones make rows that later ones find.
func (p hotPath) capture(face http.Handler, l *learner) (*script, error) {
	var s *script
	for range 3 {
		var body []byte
		if p.body != nil {
			body = p.body(l, nil)
		}
		var mark int64
		if p.mark != nil {
			mark = p.mark(l)
		}
		got, status, err := record(face, newRequest(p.method, p.path(l), l.token, body), mark, &l.seq)
		if err != nil || status != http.StatusOK {
			return nil, errors.Join(fmt.Errorf("answered %d", status), err)
		}
		s = got
	}
	return s, nil
}

func newRequest(method, path, token string, body []byte) *http.Request {
	r := httptest.NewRequest(method, "http://"+host+path, strings.NewReader(string(body)))
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	r.AddCookie(&http.Cookie{Name: "__Host-kenshu", Value: token})
	return r
}

// logIn begins a session and a quiz for n learners.
func logIn(ctx context.Context, r *room, face http.Handler, e *estate, n int) ([]*learner, error) {
	out := make([]*learner, n)
	for i := range out {
		token, _, err := r.Services.Sessions.Start(ctx, e.main, e.staff[i])
		if err != nil {
			return nil, err
		}
		out[i] = &learner{token: token, enrolment: e.enrolments[i]}
		out[i].seq.Store(1_000_000) // no other number in a statement is like it
		var attempt struct{ ID string }
		if err := direct(face, http.MethodPost, fmt.Sprintf("/me/enrolments/%s/lessons/%s/attempts", e.enrolments[i], e.course.lessons[lessonQuiz]), token, nil, &attempt); err != nil {
			return nil, err
		}
		out[i].attempt = attempt.ID
	}
	return out, nil
}

// profile writes a CPU profile of the product under load, and of the load.
func profile(path string, s side, o options) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := s.run(o.workers, time.Second); err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	got, err := s.run(o.workers, o.each)
	fmt.Printf("%.0f requests/s\n", got.perSecond())
	return err
}
