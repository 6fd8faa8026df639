package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"kenshu/rig/servers"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// dayRoom is an installation of so many organisations, with what it takes to tell what a request costs.
type dayRoom struct {
	*room
	estate        *estate
	organisations int
	sown          time.Duration
	address       string
	face          http.Handler
	statements    atomic.Int64
	appointed     int
	database      string // process id of the database server; "" is in this process
}

func newDayRoom(ctx context.Context, engine db.Engine, organisations int) (*dayRoom, error) {
	r, err := newRoom(ctx, engine, "KENSHU_PROOF=1h") // the day is longer than a proof lasts
	if err != nil {
		return nil, err
	}
	d := &dayRoom{room: r, organisations: organisations, face: r.API.Handler()}
	if err := d.open(ctx); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

func (d *dayRoom) open(ctx context.Context) (err error) {
	if d.DB.Engine() == db.MySQL {
		if err := d.ownServer(ctx); err != nil {
			return err
		}
	}
	d.sown, err = timed(func() error { d.estate, err = sow(ctx, d.DB, d.organisations-1); return err })
	if err != nil {
		return err
	}
	seen := func(db.Statement) { d.statements.Add(1) }
	address, stop, err := listen(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.face.ServeHTTP(w, r.WithContext(db.WithTrace(r.Context(), seen)))
	}))
	if err != nil {
		return err
	}
	closeRoom := d.close
	d.address, d.close = address, func() { stop(); closeRoom() }
	return nil
}

// ownServer finds the server's process, and gives a server that only this run uses what an operator gives it: memory, and every commit on the disk.
func (d *dayRoom) ownServer(ctx context.Context) error {
	if os.Getenv(servers.EnvMySQL) == "" {
		for _, q := range []string{"SET GLOBAL innodb_buffer_pool_size = 1073741824", "SET GLOBAL innodb_log_file_size = 268435456", "SET GLOBAL innodb_flush_log_at_trx_commit = 1"} {
			if _, err := d.DB.Exec(ctx, q); err != nil {
				return err
			}
		}
	}
	var path string
	if err := d.DB.QueryRow(ctx, "SELECT @@pid_file").Scan(&path); err != nil {
		return err
	}
	if !filepath.IsAbs(path) {
		return fmt.Errorf("the database server's pid file is %q", path)
	}
	raw, err := os.ReadFile(path)
	d.database = strings.TrimSpace(string(raw))
	return err
}

// learner gives the k-th of those who have a course to finish: every other one of the organisation that is measured, as long as it has any, the others of
// up to five hundred other organisations.
func (e *estate) learner(k int) (tid tenant.ID, person, enrolment db.ID, err error) {
	const here = 1000 // newRound: the first thousand have not finished the last round
	if k%2 == 0 && k/2 < here {
		return e.main, e.staff[k/2], e.enrolments[k/2], nil
	}
	n := k / 2
	if k >= 2*here {
		n = k - here
	}
	orgs := min(len(e.others), 500)
	if orgs == 0 || 2+n/orgs >= len(e.otherPeople) {
		return tid, person, enrolment, fmt.Errorf("there is no %d-th learner in %d organisations", k, 1+len(e.others))
	}
	i := 2 + n/orgs
	return e.other(n), e.otherPeople[i], e.otherEnrolments[i], nil
}

// other gives one of up to five hundred other organisations, which are spread evenly over all.
func (e *estate) other(n int) tenant.ID {
	orgs := min(len(e.others), 500)
	return e.others[n%orgs*len(e.others)/orgs]
}

// crowdSize says who has a session.
type crowdSize struct{ from, learners, managers, editors int }

// newCrowd logs people in with the product's own keeper of sessions, as it does after the password was right: the password itself, which costs 56 ms of
// a core each on purpose, is left out.
func (d *dayRoom) newCrowd(ctx context.Context, size crowdSize) (*crowd, error) {
	c := &crowd{Address: d.address}
	for _, l := range d.estate.course.lessons {
		c.Lessons = append(c.Lessons, l.String())
	}
	for _, q := range d.estate.course.questions {
		c.Questions = append(c.Questions, q.String())
	}
	add := func(a *actor, tid tenant.ID, person db.ID) (err error) {
		a.at = len(c.Actors)
		c.Actors = append(c.Actors, a)
		a.Token, _, err = d.Services.Sessions.Start(ctx, tid, person)
		return err
	}
	for k := range size.learners {
		tid, person, enrolment, err := d.estate.learner(size.from + k)
		if err == nil {
			a := &actor{Lane: watching, Enrolment: enrolment.String()}
			err = errors.Join(add(a, tid, person), d.prepare(c, a))
		}
		if err != nil {
			return nil, err
		}
	}
	for k := range size.managers {
		a, tid, person := &actor{Lane: managing, Round: d.estate.otherRound.String(), Person: d.estate.otherPeople[5].String()}, d.estate.other(k), d.estate.otherPeople[0]
		var err error
		if k%10 == 0 {
			a.Round, a.Person, tid = d.estate.rounds[mainRounds-1].String(), d.estate.staff[5].String(), d.estate.main
			person, err = d.appoint(ctx, tenant.RoleDeputyManager)
		}
		if err := errors.Join(err, add(a, tid, person)); err != nil {
			return nil, err
		}
	}
	for range size.editors {
		a := &actor{Lane: editing}
		person, err := d.appoint(ctx, tenant.RoleEditor)
		if err := errors.Join(err, add(a, d.estate.main, person), d.draft(a)); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// appoint gives a role to one more of those who have nothing to learn: an account has five sessions at most.
func (d *dayRoom) appoint(ctx context.Context, role tenant.Role) (db.ID, error) {
	person := d.estate.staff[len(d.estate.staff)-1-d.appointed]
	d.appointed++
	_, err := d.DB.Exec(ctx, `INSERT INTO person_role (tenant_id, person_id, role) VALUES (?, ?, ?)`, d.estate.main, person, string(role))
	return person, err
}

// prepare brings a learner to where the day finds them: of ten, two in the quiz, one before it, the others in the video.
func (d *dayRoom) prepare(c *crowd, a *actor) error {
	x := finishOthers(c, a)
	if err := direct(d.face, x.method, x.path, a.Token, x.body, nil); err != nil {
		return err
	}
	switch a.at % 10 {
	case 0, 1:
		var got struct{ ID string }
		x := beginQuiz(c, a)
		err := direct(d.face, x.method, x.path, a.Token, x.body, &got)
		a.Lane, a.Attempt = quizzing, got.ID
		return err
	case 2:
		a.Lane = ready
	}
	return nil
}

// draft gives an editor a course with a page, and the organisation two questions more.
func (d *dayRoom) draft(a *actor) error {
	var course, lesson struct {
		ID      string
		Version int64
	}
	err := direct(d.face, http.MethodPost, "/courses", a.Token, []byte(`{"title":"編集中の講座 `+strconv.Itoa(a.at)+`","summary":"","language":"ja","shared":"none"}`), &course)
	if err == nil {
		err = direct(d.face, http.MethodPost, "/courses/"+course.ID+"/lessons", a.Token, []byte(`{"kind":"page","title":"下書き"}`), &lesson)
	}
	for n := range 2 {
		if err == nil {
			err = direct(d.face, http.MethodPost, "/questions", a.Token, fmt.Appendf(nil, `{"category":"安全","tags":[],"difficulty":1,"question":{"id":"%s","kind":"single","text":"問い %d-%d","choices":[{"id":"x","text":"はい"},{"id":"y","text":"いいえ"}],"correct":["x"],"explanation":""}}`,
				db.NewID(), a.at, n), nil)
		}
	}
	a.Course, a.Lesson, a.Version = course.ID, lesson.ID, lesson.Version
	return err
}

// sessions counts who is logged in.
func (c *crowd) sessions() (n [3]int) {
	for _, a := range c.Actors {
		switch a.Lane {
		case managing:
			n[1]++
		case editing:
			n[2]++
		default:
			n[0]++
		}
	}
	return n
}
