package fault

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"kenshu/storage/db"
)

// ledger remembers what was acknowledged to the people who work while faults happen: that, and nothing else, must be there afterwards.
type ledger struct {
	i        *installation
	manager  *client
	learners []*learner
	editor   *editor

	mu         sync.Mutex
	registered map[string]bool // names of people, and whether that was acknowledged
	problems   []error
}

// learner reads two lessons and takes the test of the course over and over.
type learner struct {
	*client
	enrolment string
	pages     []string // lessons of the kind page
	quiz      string

	mu       sync.Mutex
	shown    map[string][]int // by lesson, the parts of it whose showing was acknowledged
	sent     map[string]int   // by lesson, how many were sent
	attempts map[string]*attempt
}

// attempt is one go at the test: what was acknowledged of it.
type attempt struct {
	answers   map[string]int // by question, the newest number acknowledged
	submitted bool
	score     int
}

const ownPassword = "a long sentence that the rig of faults chose"

// newLedger registers so many learners, has them choose their password, and finds what they have to learn.
func newLedger(t testing.TB, i *installation, learners int) *ledger {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	l := &ledger{i: i, manager: i.client(i.login(t, "manager"), 0), registered: map[string]bool{}}
	if err := l.manager.enter(ctx); err != nil {
		t.Fatal(err)
	}
	l.editor = &editor{client: i.client(i.login(t, "editor"), 1), stored: map[string]bool{}}
	if err := l.editor.enter(ctx); err != nil {
		t.Fatal(err)
	}
	for n := range learners {
		one, err := l.newLearner(ctx, n)
		if err != nil {
			t.Fatalf("learner %d: %v", n, err)
		}
		l.learners = append(l.learners, one)
	}
	return l
}

func (l *ledger) newLearner(ctx context.Context, n int) (*learner, error) {
	var made struct {
		Slip struct {
			OrganisationCode string `json:"organisation_code"`
			LoginID          string `json:"login_id"`
			Password         string `json:"secret"`
		} `json:"slip"`
	}
	if err := l.manager.must(ctx, http.MethodPost, "/api/v1/people", newKey(), map[string]any{"name": fmt.Sprintf("受講 %03d", n)}, &made); err != nil {
		return nil, err
	}
	c := l.i.client(login{Role: "staff", Organisation: l.manager.login.Organisation, ID: made.Slip.LoginID, Password: made.Slip.Password}, n)
	if err := c.enter(ctx); err != nil {
		return nil, err
	}
	if err := c.must(ctx, http.MethodPut, "/api/v1/session/password", "", map[string]string{"new_password": ownPassword}, nil); err != nil {
		return nil, err
	}
	c.login.Password = ownPassword
	one := &learner{client: c, shown: map[string][]int{}, sent: map[string]int{}, attempts: map[string]*attempt{}}
	for one.enrolment == "" {
		var own struct{ Items []struct{ ID string } }
		if err := c.must(ctx, http.MethodGet, "/api/v1/me/enrolments", "", nil, &own); err != nil {
			return nil, err
		}
		if len(own.Items) > 0 {
			one.enrolment = own.Items[0].ID
			break
		}
		select {
		case <-ctx.Done():
			return nil, errors.New("nothing was assigned")
		case <-time.After(100 * time.Millisecond):
		}
	}
	var outline struct{ Lessons []struct{ ID, Kind string } }
	if err := c.must(ctx, http.MethodGet, "/api/v1/me/enrolments/"+one.enrolment, "", nil, &outline); err != nil {
		return nil, err
	}
	for _, lesson := range outline.Lessons {
		switch lesson.Kind {
		case "page":
			one.pages = append(one.pages, lesson.ID)
		case "quiz":
			one.quiz = lesson.ID
		}
	}
	if len(one.pages) == 0 || one.quiz == "" {
		return nil, fmt.Errorf("the demonstration's course has %d pages and the test %q", len(one.pages), one.quiz)
	}
	return one, nil
}

func newKey() string { return db.NewID().String() }

// work has everybody work until ctx ends. Requests on their way then are finished, so that nothing is half known.
func (l *ledger) work(ctx context.Context) (wait func()) {
	var group sync.WaitGroup
	work := func(one func(context.Context) error) {
		group.Go(func() {
			for ctx.Err() == nil {
				last, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
				err := one(last)
				cancel()
				if err != nil {
					l.problem(err)
					return
				}
			}
		})
	}
	work(l.register)
	work(l.editor.upload)
	for _, one := range l.learners {
		work(one.learn)
	}
	return group.Wait
}

func (l *ledger) problem(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.problems = append(l.problems, err)
}

// register has the manager enter one more person.
func (l *ledger) register(ctx context.Context) error {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails
	name := "登録 " + hex.EncodeToString(b[:])
	l.set(name, false)
	if err := l.manager.must(ctx, http.MethodPost, "/api/v1/people", newKey(), map[string]any{"name": name}, nil); err != nil {
		return err
	}
	l.set(name, true)
	time.Sleep(20 * time.Millisecond)
	return nil
}

func (l *ledger) set(name string, acknowledged bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.registered[name] = acknowledged
}

// learn shows parts of pages and takes the test once, as slowly as a hurried person.
func (l *learner) learn(ctx context.Context) error {
	for range 4 {
		for _, page := range l.pages {
			if err := l.show(ctx, page); err != nil {
				return err
			}
		}
	}
	return l.attempt(ctx)
}

// show sends that one more part of a page was on the screen. A part is one thousandth, and never beside another: each write leaves its own trace.
func (l *learner) show(ctx context.Context, page string) error {
	l.mu.Lock()
	part := l.sent[page] % 500
	l.sent[page]++
	l.mu.Unlock()
	now := time.Now().UnixMilli()
	item := newKey()
	body := map[string]any{"now": now, "items": []any{map[string]any{
		"item_id": item, "enrolment": l.enrolment, "lesson": page, "position": 2 * part, "furthest": 2 * part, "seen": [][2]int{{2 * part, 2*part + 1}}, "at": now,
	}}}
	var answer struct {
		Items []struct {
			ID     string `json:"item_id"`
			Result string `json:"result"`
		} `json:"items"`
	}
	if err := l.must(ctx, http.MethodPost, "/api/v1/me/progress", "", body, &answer); err != nil {
		return err
	}
	if len(answer.Items) != 1 || answer.Items[0].ID != item || answer.Items[0].Result != "saved" {
		return fmt.Errorf("progress was answered with %+v", answer.Items)
	}
	l.mu.Lock()
	l.shown[page] = append(l.shown[page], part)
	l.mu.Unlock()
	return nil
}

// attempt takes the test and answers every question twice, always wrongly: who passes need not try again.
func (l *learner) attempt(ctx context.Context) error {
	var paper struct {
		ID        string
		Questions []struct {
			ID, Kind string
			Choices  []struct{ ID string }
			Seq      int `json:"client_seq"`
		}
	}
	if err := l.must(ctx, http.MethodPost, "/api/v1/me/enrolments/"+l.enrolment+"/lessons/"+l.quiz+"/attempts", newKey(), nil, &paper); err != nil {
		return err
	}
	l.mu.Lock()
	if l.attempts[paper.ID] != nil {
		l.mu.Unlock()
		return fmt.Errorf("a new attempt has the id of one that was handed in")
	}
	a := &attempt{answers: map[string]int{}}
	l.attempts[paper.ID] = a
	l.mu.Unlock()
	for turn := 1; turn <= 2; turn++ {
		for _, q := range paper.Questions {
			choices := []string{}
			for _, c := range q.Choices[:min(len(q.Choices), turn)] {
				choices = append(choices, c.ID)
			}
			if q.Kind != "multiple" && q.Kind != "ordering" {
				choices = choices[:min(1, len(choices))]
			}
			seq := q.Seq + turn
			var saved struct{ Saved bool }
			err := l.must(ctx, http.MethodPut, "/api/v1/me/attempts/"+paper.ID+"/answers/"+url.PathEscape(q.ID), "", map[string]any{"answer": choices, "client_seq": seq}, &saved)
			if err != nil {
				return err
			}
			l.mu.Lock()
			a.answers[q.ID] = seq
			l.mu.Unlock()
		}
	}
	var result struct {
		State string
		Score *int `json:"score_percent"`
	}
	if err := l.must(ctx, http.MethodPost, "/api/v1/me/attempts/"+paper.ID+"/submit", "", nil, &result); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	a.submitted = true
	a.score = math.MinInt
	if result.Score != nil {
		a.score = *result.Score
	}
	return nil
}

// count is what a case came to.
type count struct {
	acknowledged, lost, doubled, retries, broken, logins int
}

// check compares the database with the ledger. It asks the database server itself, not the product.
func (l *ledger) check(t testing.TB) count {
	t.Helper()
	raw := openDatabase(t, l.i.db.URL)
	var c count
	for _, err := range l.problems {
		t.Errorf("somebody was refused: %v", err)
	}
	l.problems = nil
	have := map[string]int{}
	query(t, raw, `SELECT name FROM person WHERE name LIKE '登録 %'`, nil, func(scan func(...any) error) error {
		var name string
		err := scan(&name)
		have[name]++
		return err
	})
	for name, acknowledged := range l.registered {
		switch n := have[name]; {
		case n > 1:
			c.doubled++
			t.Errorf("%s was registered %d times", name, n)
		case acknowledged && n == 0:
			c.lost++
			t.Errorf("%s was registered and is gone", name)
		}
		if acknowledged {
			c.acknowledged++
		}
	}
	for _, one := range l.learners {
		one.check(t, raw, &c)
	}
	l.editor.check(t, raw, &c)
	c.retries, c.logins = l.manager.retries+l.editor.retries, l.manager.logins+l.editor.logins-2
	for _, one := range l.learners {
		c.retries += one.retries
		c.logins += one.logins - 1
	}
	l.invariants(t, raw)
	return c
}

func (l *learner) check(t testing.TB, raw *sql.DB, c *count) {
	t.Helper()
	enrolment, err := db.ParseID(l.enrolment)
	if err != nil {
		t.Fatal(err)
	}
	for page, parts := range l.shown {
		lesson, err := db.ParseID(page)
		if err != nil {
			t.Fatal(err)
		}
		var seen string
		if err := raw.QueryRow(`SELECT seen FROM progress WHERE enrolment_id = ? AND version_lesson_id = ?`, enrolment, lesson).Scan(&seen); err != nil {
			t.Fatalf("progress of %s: %v", page, err)
		}
		for _, part := range parts {
			c.acknowledged++
			if !strings.Contains(seen, fmt.Sprintf("[%d,%d]", 2*part, 2*part+1)) {
				c.lost++
				t.Errorf("part %d of lesson %s was saved and is gone", part, page)
			}
		}
	}
	state, score, count := map[string]string{}, map[string]int{}, 0
	query(t, raw, `SELECT id, state, COALESCE(score_percent, -1) FROM attempt WHERE enrolment_id = ?`, []any{enrolment}, func(scan func(...any) error) error {
		var id db.ID
		var s string
		var n int
		err := scan(&id, &s, &n)
		state[id.String()], score[id.String()] = s, n
		count++
		return err
	})
	if extra := count - len(l.attempts); extra > 0 {
		c.doubled += extra
		t.Errorf("%d attempts were begun, %d are there", len(l.attempts), count)
	}
	newest := map[string]int{}
	query(t, raw, `SELECT w.attempt_id, w.question_id, w.client_seq FROM attempt_answer w JOIN attempt a ON a.tenant_id = w.tenant_id AND a.id = w.attempt_id WHERE a.enrolment_id = ?`,
		[]any{enrolment}, func(scan func(...any) error) error {
			var id db.ID
			var question string
			var seq int
			err := scan(&id, &question, &seq)
			newest[id.String()+question] = seq
			return err
		})
	for id, a := range l.attempts {
		c.acknowledged++
		if state[id] == "" || (a.submitted && state[id] != "submitted") {
			c.lost++
			t.Errorf("attempt %s was acknowledged (handed in: %v) and is %q", id, a.submitted, state[id])
		}
		if a.submitted && score[id] != a.score && a.score != math.MinInt {
			c.lost++
			t.Errorf("attempt %s was told %d %% and has %d %%", id, a.score, score[id])
		}
		for question, seq := range a.answers {
			c.acknowledged++
			if newest[id+question] < seq {
				c.lost++
				t.Errorf("answer %d to question %s was saved; the newest there is %d", seq, question, newest[id+question])
			}
		}
	}
}

// invariants looks for half-done things that no acknowledged write explains.
func (l *ledger) invariants(t testing.TB, raw *sql.DB) {
	t.Helper()
	for what, q := range map[string]string{
		"people without a credential":             `SELECT COUNT(*) FROM person p LEFT JOIN credential c ON c.tenant_id = p.tenant_id AND c.person_id = p.id WHERE c.person_id IS NULL AND p.state = 'active'`,
		"people without a role":                   `SELECT COUNT(*) FROM person p LEFT JOIN person_role r ON r.tenant_id = p.tenant_id AND r.person_id = p.id WHERE r.person_id IS NULL`,
		"enrolments of one person in a round":     `SELECT COUNT(*) FROM (SELECT 1 FROM enrolment GROUP BY tenant_id, round_id, person_id HAVING COUNT(*) > 1) x`,
		"attempts handed in without a score":      `SELECT COUNT(*) FROM attempt WHERE state = 'submitted' AND score_percent IS NULL`,
		"attempts open beside another":            `SELECT COUNT(*) FROM (SELECT 1 FROM attempt WHERE state = 'open' GROUP BY tenant_id, enrolment_id, version_lesson_id HAVING COUNT(*) > 1) x`,
		"completions without a certificate":       `SELECT COUNT(*) FROM enrolment e LEFT JOIN completion_certificate c ON c.tenant_id = e.tenant_id AND c.enrolment_id = e.id WHERE e.status = 'completed' AND c.id IS NULL AND e.person_id IN (SELECT id FROM person WHERE name LIKE '受講 %')`,
		"registrations without a line in the log": `SELECT COUNT(*) FROM person p WHERE p.name LIKE '登録 %' AND NOT EXISTS (SELECT 1 FROM audit_event a WHERE a.tenant_id = p.tenant_id AND a.subject_id = p.id)`,
	} {
		var n int
		if err := raw.QueryRow(q).Scan(&n); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if n > 0 {
			t.Errorf("%d %s", n, what)
		}
	}
}

func openDatabase(t testing.TB, raw string) *sql.DB {
	t.Helper()
	d, err := db.Open(t.Context(), db.Config{URL: raw})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d.Raw()
}

func query(t testing.TB, d *sql.DB, q string, args []any, row func(scan func(...any) error) error) {
	t.Helper()
	rows, err := d.Query(q, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// broken gives the answers with 500 since it was last asked.
func (l *ledger) broken() (answers []string) {
	for _, c := range l.everybody() {
		answers = append(answers, c.broken...)
		c.broken = nil
	}
	return answers
}

// everybody gives the clients of all who work.
func (l *ledger) everybody() []*client {
	list := []*client{l.manager, l.editor.client}
	for _, one := range l.learners {
		list = append(list, one.client)
	}
	return list
}
