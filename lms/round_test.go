package lms_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/storage/mail"
	"kenshu/tenant"
)

// stage is a world with the services of this room.
type stage struct {
	t       testing.TB
	db      *db.DB
	clock   *kit.Clock
	world   kit.World
	rounds  *lms.Rounds
	records *lms.TrainingRecords
	reports *lms.Reports
	course  db.ID // of organisation A
	shared  db.ID // of the association, for all
}

func newStage(t testing.TB, d *db.DB) *stage {
	t.Helper()
	s := &stage{t: t, db: d, clock: kit.NewClock(), world: kit.NewWorld(t, d)}
	audit := tenant.NewAudit(d, []byte("key"), s.clock.Now)
	s.rounds = lms.NewRounds(d, audit, content.NewVersions(d, s.clock.Now, 0), s.clock.Now)
	s.records = lms.NewTrainingRecords(d, audit, s.rounds, s.clock.Now)
	s.reports = lms.NewReports(d, audit, s.rounds, s.clock.Now)
	s.course = s.publish(s.world.A, "個人情報保護の基本", "none")
	s.shared = s.publish(s.world.Association, "情報セキュリティ入門", "all")
	return s
}

func (s *stage) run(query string, args ...any) {
	s.t.Helper()
	if _, err := s.db.Exec(s.t.Context(), query, args...); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) count(query string, args ...any) (n int) {
	s.t.Helper()
	if err := s.db.QueryRow(s.t.Context(), query, args...).Scan(&n); err != nil {
		s.t.Fatal(err)
	}
	return n
}

// publish writes a published course of two lessons by plain SQL.
func (s *stage) publish(org kit.Org, title, shared string) db.ID {
	s.t.Helper()
	course, version := db.NewID(), db.NewID()
	s.run(`INSERT INTO course (tenant_id, id, title, summary, language, shared, state, latest_version_id, created_by, created_at, updated_at) VALUES (?, ?, ?, '', 'ja', ?, 'published', ?, ?, 1, 1)`,
		org.ID, course, title, shared, version, org.Editor)
	s.run(`INSERT INTO course_version (tenant_id, id, course_id, number, title, summary, language, lesson_count, published_by, published_at, offered_at) VALUES (?, ?, ?, 1, ?, '事業所で働くすべての人のために', 'ja', 2, ?, 1, 1)`,
		org.ID, version, course, title, org.Editor)
	for i, l := range [][3]string{
		{"page", "はじめに", `{"html":"<p>𠮷</p>"}`},
		{"quiz", "理解度テスト", `{"pass_percent":80,"show":"after_pass","questions":[]}`},
	} {
		s.run(`INSERT INTO version_lesson (tenant_id, id, course_version_id, lesson_id, position, kind, title, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			org.ID, db.NewID(), version, db.NewID(), i+1, l[0], l[1], l[2])
	}
	return course
}

// as is the context of a person of the organisation.
func as(t testing.TB, org kit.Org) context.Context {
	return tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: org.ID, Person: org.Manager, Name: "管理 花子", Role: "manager"})
}

func (s *stage) department(org kit.Org, name string, people ...db.ID) db.ID {
	s.t.Helper()
	id := db.NewID()
	s.run(`INSERT INTO department (tenant_id, id, name, name_key, created_at, updated_at) VALUES (?, ?, ?, ?, 1, 1)`, org.ID, id, name, name)
	for _, p := range people {
		s.post(org, p, id)
	}
	return id
}

func (s *stage) post(org kit.Org, person, department db.ID) {
	s.t.Helper()
	s.run(`INSERT INTO person_department (tenant_id, person_id, department_id, starts_on) VALUES (?, ?, ?, '2026-04-01')`, org.ID, person, department)
}

func (s *stage) create(org kit.Org, aud lms.Audience) lms.Round {
	s.t.Helper()
	r, err := s.rounds.Create(as(s.t, org), org.ID, lms.NewRound{ID: db.NewID(), Title: "2026年度 研修", Course: s.shared, StartsOn: "2026-04-01", DeadlineOn: "2026-04-30", Audience: aud})
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

func (s *stage) changed(org kit.Org, ids ...db.ID) {
	s.t.Helper()
	if err := s.db.Tx(s.t.Context(), func(tx *db.Tx) error { return s.rounds.PeopleChanged(s.t.Context(), org.ID, tx, ids) }); err != nil {
		s.t.Fatal(err)
	}
}

// statuses gives name → status (with "+late") of a round.
func (s *stage) statuses(org kit.Org, round db.ID) map[db.ID]string {
	s.t.Helper()
	list, _, total, err := s.rounds.ListEnrolments(s.t.Context(), org.ID, lms.EnrolmentFilter{Round: round}, db.Page{Limit: 500})
	if err != nil || total != len(list) {
		s.t.Fatal(err, total, len(list))
	}
	out := map[db.ID]string{}
	for _, e := range list {
		out[e.Person] = string(e.Status)
		if e.Overdue {
			out[e.Person] += "+late"
		}
	}
	return out
}

func (s *stage) enrolment(round, person db.ID) (id db.ID) {
	s.t.Helper()
	if err := s.db.QueryRow(s.t.Context(), "SELECT id FROM enrolment WHERE round_id = ? AND person_id = ?", round, person).Scan(&id); err != nil {
		s.t.Fatal(err)
	}
	return id
}

func (s *stage) finish(round, person db.ID, score int) {
	s.t.Helper()
	s.run(`UPDATE enrolment SET status = 'completed', started_at = ?, completed_at = ?, lessons_done = lessons_total, score_percent = ? WHERE round_id = ? AND person_id = ?`,
		db.At(s.clock.Now()), db.At(s.clock.Now()), score, round, person)
}

func TestRoundAudiences(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		care := s.department(a, "介護課", a.Staff[0], a.Staff[1])
		left := kit.NewPerson(t, d, a.ID, "left", "退職 者")
		s.run("UPDATE person SET state = 'left' WHERE id = ?", left)
		for name, c := range map[string]struct {
			aud  lms.Audience
			want int
		}{
			"everyone who is active":                  {lms.Audience{Everyone: true}, 5},
			"a department":                            {lms.Audience{Departments: []db.ID{care}}, 2},
			"persons, one who left among them":        {lms.Audience{Persons: []db.ID{a.Staff[2], left}}, 1},
			"both together, nobody twice":             {lms.Audience{Departments: []db.ID{care}, Persons: []db.ID{a.Staff[0], a.Staff[2], a.Staff[2]}}, 3},
			"everyone and a department, nobody twice": {lms.Audience{Everyone: true, Departments: []db.ID{care}}, 5},
		} {
			found, err := s.rounds.Preview(t.Context(), a.ID, lms.Probe{Add: c.aud}, 100)
			if err != nil || found.Total != c.want || len(found.People) != c.want || found.WithoutEmail != c.want {
				t.Errorf("%s: preview says %+v (%v), want %d", name, found, err, c.want)
			}
			r := s.create(a, c.aud)
			if got := s.statuses(a, r.ID); len(got) != c.want {
				t.Errorf("%s: %d enrolled, want %d", name, len(got), c.want)
			}
		}
	})
}

func TestRoundRefusesWrongInput(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a, b := s.world.A, s.world.B
		good := lms.NewRound{Title: "研修", Course: s.course, StartsOn: "2026-04-01", DeadlineOn: "2026-04-30", Audience: lms.Audience{Everyone: true}}
		theirs := s.department(b, "介護課", b.Staff[0])
		for path, change := range map[string]func(*lms.NewRound){
			"title":                func(n *lms.NewRound) { n.Title = " \u3000 " },
			"starts_on":            func(n *lms.NewRound) { n.StartsOn = "2026-02-30" },
			"deadline_on":          func(n *lms.NewRound) { n.StartsOn = "2026-05-01" },
			"course_id":            func(n *lms.NewRound) { n.Course = s.publish(b, "B社の講座", "none") },
			"audience":             func(n *lms.NewRound) { n.Audience = lms.Audience{FutureJoiners: true} },
			"audience.departments": func(n *lms.NewRound) { n.Audience = lms.Audience{Departments: []db.ID{theirs}} },
			"audience.persons":     func(n *lms.NewRound) { n.Audience = lms.Audience{Persons: []db.ID{a.Staff[0], b.Staff[0]}} },
		} {
			n := good
			n.ID = db.NewID()
			change(&n)
			_, err := s.rounds.Create(as(t, a), a.ID, n)
			var f *fault.Error
			if !fault.Is(err, fault.Invalid) || !errors.As(err, &f) || len(f.Fields) != 1 || f.Fields[0].Path != path {
				t.Errorf("%s: %v %+v", path, err, f)
			}
		}
		if n := s.count("SELECT COUNT(*) FROM round") + s.count("SELECT COUNT(*) FROM assignment") + s.count("SELECT COUNT(*) FROM enrolment"); n != 0 {
			t.Errorf("refused rounds left %d rows behind", n)
		}
	})
}

// Two requests with one Idempotency-Key at the same time are one round.
func TestRoundCreatedOnce(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		n := lms.NewRound{ID: db.IDFrom("create-round", "x"), Title: "研修", Course: s.course, StartsOn: "2026-04-01", DeadlineOn: "2026-04-30", Audience: lms.Audience{Everyone: true}}
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				if r, err := s.rounds.Create(as(t, a), a.ID, n); err != nil || r.ID != n.ID || r.Title != "研修" {
					t.Error(r, err)
				}
			})
		}
		wg.Wait()
		if got := s.count("SELECT COUNT(*) FROM enrolment WHERE round_id = ?", n.ID); got != 5 {
			t.Errorf("%d enrolments, want 5", got)
		}
		if got := s.count("SELECT COUNT(*) FROM audit_event WHERE action = 'round.create'"); got != 1 {
			t.Errorf("%d audit events, want 1", got)
		}
	})
}

func TestFutureJoiners(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		care, office := s.department(a, "介護課", a.Staff[0]), s.department(a, "事務課")
		forCare := s.create(a, lms.Audience{Departments: []db.ID{care}, FutureJoiners: true})
		once := s.create(a, lms.Audience{Everyone: true})
		s.clock.Add(20 * 24 * time.Hour) // 21 April: nine days before the deadline
		joiner := kit.NewPerson(t, d, a.ID, "shinjin", "新人 一郎")
		s.post(a, joiner, care)
		s.changed(a, joiner)
		s.changed(a, joiner)
		list, _, _, err := s.rounds.ListEnrolments(t.Context(), a.ID, lms.EnrolmentFilter{Round: forCare.ID, Query: "新人"}, db.Page{})
		if err != nil || len(list) != 1 || list[0].DueOn != "2026-05-05" || list[0].LessonsTotal != 2 || !slices.Equal(list[0].Departments, []string{"介護課"}) {
			t.Fatalf("the joiner: %+v, %v", list, err)
		}
		if got := s.statuses(a, once.ID); got[joiner] != "" {
			t.Error("a round that takes nobody later took the joiner")
		}
		// A move to another department erases nothing; leaving withdraws; coming back takes up again.
		s.run("UPDATE person_department SET department_id = ? WHERE person_id = ?", office, joiner)
		s.changed(a, joiner)
		if got := s.statuses(a, forCare.ID)[joiner]; got != "not_started" {
			t.Errorf("after moving: %q", got)
		}
		for _, c := range [][2]string{{"left", "withdrawn"}, {"active", "not_started"}, {"suspended", "not_started"}} {
			s.run("UPDATE person SET state = ? WHERE id = ?", c[0], joiner)
			s.changed(a, joiner)
			if got := s.statuses(a, forCare.ID)[joiner]; got != c[1] {
				t.Errorf("%s: %q, want %q", c[0], got, c[1])
			}
		}
		// Who finished stays finished after leaving.
		s.finish(forCare.ID, a.Staff[0], 90)
		s.run("UPDATE person SET state = 'left' WHERE id = ?", a.Staff[0])
		s.changed(a, a.Staff[0])
		if got := s.statuses(a, forCare.ID)[a.Staff[0]]; got != "completed" {
			t.Errorf("a leaver's pass became %q", got)
		}
	})
}

// People who join while a round for everyone is being made are in it, whichever transaction is first.
func TestJoiningWhileRoundIsMade(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		for i := range 8 {
			var wg sync.WaitGroup
			var round lms.Round
			start := make(chan struct{})
			wg.Go(func() { <-start; round = s.create(a, lms.Audience{Everyone: true, FutureJoiners: true}) })
			for j := range 3 {
				wg.Go(func() {
					<-start
					id := db.NewID()
					err := d.Tx(t.Context(), func(tx *db.Tx) error {
						login := fmt.Sprintf("new-%d-%d", i, j)
						if _, err := tx.Exec(t.Context(), `INSERT INTO person (tenant_id, id, login_id, login_key, name, sort_name, search_text, employment_kind, state, created_at, updated_at)
 VALUES (?, ?, ?, ?, '新人', '新人', '新人', 'employee', 'active', 1, 1)`, a.ID, id, login, login); err != nil {
							return err
						}
						return s.rounds.PeopleChanged(t.Context(), a.ID, tx, []db.ID{id})
					})
					if err != nil {
						t.Error(err)
					}
				})
			}
			close(start)
			wg.Wait()
			people := s.count("SELECT COUNT(*) FROM person WHERE tenant_id = ? AND state = 'active'", a.ID)
			if in := s.count("SELECT COUNT(*) FROM enrolment WHERE tenant_id = ? AND round_id = ?", a.ID, round.ID); in != people {
				t.Fatalf("round %d: %d of %d people are in it", i, in, people)
			}
		}
	})
}

// A round of a few days keeps its deadline for who is there from the start, also on a clock that goes on between two readings; who comes in later has their days.
func TestShortRoundKeepsItsDeadline(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a, ctx := s.world.A, as(t, s.world.A)
		goes := func() time.Time { s.clock.Add(time.Millisecond); return s.clock.Now() }
		rounds := lms.NewRounds(d, tenant.NewAudit(d, []byte("key"), goes), content.NewVersions(d, goes, 0), goes)
		today := tenant.Today(s.clock.Now)
		soon, later, joiner := tenant.AddDays(today, 3), tenant.AddDays(today, 5), tenant.AddDays(today, lms.JoinerDays)
		r, err := rounds.Create(ctx, a.ID, lms.NewRound{ID: db.NewID(), Title: "研修", Course: s.shared, StartsOn: today, DeadlineOn: soon, Audience: lms.Audience{Persons: a.Staff[:2]}})
		if err != nil {
			t.Fatal(err)
		}
		due := func(person db.ID, day, when string) {
			if n := s.count("SELECT COUNT(*) FROM enrolment WHERE person_id = ? AND round_id = ? AND due_on = ?", person, r.ID, day); n != 1 {
				t.Errorf("%s: not due on %s", when, day)
			}
		}
		due(a.Staff[0], soon, "at the start")
		due(a.Staff[1], soon, "at the start")
		if _, err := rounds.AddRules(ctx, a.ID, r.ID, lms.Audience{Persons: a.Staff[2:3]}); err != nil {
			t.Fatal(err)
		}
		due(a.Staff[2], joiner, "late")
		if _, err := rounds.Update(ctx, a.ID, r.ID, lms.RoundChange{Version: r.Version, DeadlineOn: &later}); err != nil {
			t.Fatal(err)
		}
		due(a.Staff[0], later, "the deadline moved")
		due(a.Staff[2], joiner, "late, the deadline moved")
	})
}

func TestDeadlineMoves(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		r := s.create(a, lms.Audience{Everyone: true})
		s.finish(r.ID, a.Staff[0], 100)
		s.run("UPDATE enrolment SET due_on = '2026-05-10' WHERE round_id = ? AND person_id = ?", r.ID, a.Staff[1]) // a day of their own
		move := func(day string, version int64) (lms.Round, error) {
			return s.rounds.Update(as(t, a), a.ID, r.ID, lms.RoundChange{Version: version, DeadlineOn: &day})
		}
		if _, err := move("2026-05-05", 1); err != nil {
			t.Fatal(err)
		}
		for person, want := range map[db.ID]string{a.Staff[0]: "2026-04-30", a.Staff[1]: "2026-05-10", a.Staff[2]: "2026-05-05"} {
			if n := s.count("SELECT COUNT(*) FROM enrolment WHERE round_id = ? AND person_id = ? AND due_on = ?", r.ID, person, want); n != 1 {
				t.Errorf("due day of %s is not %s", person, want)
			}
		}
		if _, err := move("2026-05-20", 1); !fault.Is(err, fault.Conflict) {
			t.Errorf("an old version was taken: %v", err)
		}
		if _, err := move("2026-03-20", 2); !fault.Is(err, fault.Invalid) {
			t.Errorf("a deadline before the start was taken: %v", err)
		}
		s.clock.Add(40 * 24 * time.Hour) // 11 May
		got := s.statuses(a, r.ID)
		if got[a.Staff[0]] != "completed" || got[a.Staff[1]] != "not_started+late" || got[a.Staff[2]] != "not_started+late" {
			t.Errorf("after the deadlines: %v", got)
		}
	})
}

// A completion and a change of the deadline at the same moment both hold.
func TestDeadlineMovesWhileCompleting(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		r := s.create(a, lms.Audience{Everyone: true})
		version := int64(1)
		for i := range 10 {
			s.run("UPDATE enrolment SET status = 'in_progress', completed_at = NULL WHERE round_id = ?", r.ID)
			day := tenant.AddDays("2026-05-01", i)
			var wg sync.WaitGroup
			wg.Go(func() {
				if _, err := s.rounds.Update(as(t, a), a.ID, r.ID, lms.RoundChange{Version: version, DeadlineOn: &day}); err != nil {
					t.Error(err)
				}
			})
			for _, p := range a.Staff {
				wg.Go(func() { s.finish(r.ID, p, 100) })
			}
			wg.Wait()
			version++
			if n := s.count("SELECT COUNT(*) FROM enrolment WHERE round_id = ? AND status = 'completed'", r.ID); n != 3 {
				t.Fatalf("%d of 3 completions survived", n)
			}
			if n := s.count("SELECT COUNT(*) FROM enrolment WHERE round_id = ? AND status = 'in_progress' AND due_on <> ?", r.ID, day); n != 0 {
				t.Fatalf("%d open enrolments kept the old day", n)
			}
		}
	})
}

func TestRemoveRule(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		care := s.department(a, "介護課", a.Staff...)
		r := s.create(a, lms.Audience{Departments: []db.ID{care}, Persons: []db.ID{a.Staff[2]}})
		s.run("UPDATE enrolment SET status = 'in_progress', started_at = 1 WHERE person_id = ?", a.Staff[1])
		rules, err := s.rounds.Rules(t.Context(), a.ID, r.ID)
		if err != nil || len(rules) != 2 || rules[0].Kind != lms.RuleDepartment || rules[0].TargetName != "介護課" {
			t.Fatal(rules, err)
		}
		if n, err := s.rounds.RemoveRule(as(t, a), a.ID, r.ID, rules[0].ID, false); err != nil || n.Withdrawn != 1 {
			t.Fatal(n, err)
		}
		want := map[db.ID]string{a.Staff[0]: "withdrawn", a.Staff[1]: "in_progress", a.Staff[2]: "not_started"}
		if got := s.statuses(a, r.ID); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("got %v, want %v", got, want)
		}
		if _, err := s.rounds.RemoveRule(as(t, a), a.ID, r.ID, rules[0].ID, false); !fault.Is(err, fault.NotFound) {
			t.Errorf("a rule that is gone: %v", err)
		}
		if n, err := s.rounds.AddRules(as(t, a), a.ID, r.ID, lms.Audience{Departments: []db.ID{care}}); err != nil || n != (lms.Outcome{Added: 1}) {
			t.Errorf("coming back: %v, %v", n, err)
		}
		if got := s.statuses(a, r.ID)[a.Staff[0]]; got != "not_started" {
			t.Errorf("who came back is %q", got)
		}
		closed := lms.RoundClosed
		if _, err := s.rounds.Update(as(t, a), a.ID, r.ID, lms.RoundChange{Version: 1, State: &closed}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.rounds.AddRules(as(t, a), a.ID, r.ID, lms.Audience{Everyone: true}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a closed round took people: %v", err)
		}
	})
}

func TestSetAside(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		r := s.create(a, lms.Audience{Persons: a.Staff})
		first, second := s.enrolment(r.ID, a.Staff[0]), s.enrolment(r.ID, a.Staff[1])
		ctx := as(t, a)
		if err := s.rounds.SetAside(ctx, a.ID, r.ID, []db.ID{first}, lms.Aside{Status: lms.Exempt, Reason: "育児休業中のため"}); err != nil {
			t.Fatal(err)
		}
		s.finish(r.ID, a.Staff[1], 80)
		for name, c := range map[string]struct {
			ids    []db.ID
			status lms.Status
			reason string
			kind   fault.Kind
		}{
			"without a reason":               {[]db.ID{first}, lms.Exempt, "  ", fault.Invalid},
			"to a status that is no way out": {[]db.ID{first}, lms.Completed, "x", fault.Invalid},
			"a pass":                         {[]db.ID{first, second}, lms.Withdrawn, "x", fault.Conflict},
			"somebody unknown among them":    {[]db.ID{first, db.NewID()}, lms.Withdrawn, "x", fault.NotFound},
		} {
			if err := s.rounds.SetAside(ctx, a.ID, r.ID, c.ids, lms.Aside{Status: c.status, Reason: c.reason}); fault.KindOf(err) != c.kind {
				t.Errorf("%s: %v", name, err)
			}
		}
		got := s.statuses(a, r.ID)
		if got[a.Staff[0]] != "exempt" || got[a.Staff[1]] != "completed" {
			t.Errorf("got %v", got)
		}
		if err := s.rounds.Reinstate(ctx, a.ID, r.ID, []db.ID{first}); err != nil || s.statuses(a, r.ID)[a.Staff[0]] != "not_started" {
			t.Error("not reinstated", err)
		}
		if err := s.rounds.Reinstate(ctx, a.ID, r.ID, []db.ID{second}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a pass was reinstated: %v", err)
		}
		if n := s.count("SELECT COUNT(*) FROM audit_event WHERE action IN ('enrolment.exempt', 'enrolment.reinstate') AND subject_id = ?", a.Staff[0]); n != 2 {
			t.Errorf("%d audit events about the person, want 2", n)
		}
	})
}

func TestDashboardCounts(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		care := s.department(a, "介護課", a.Staff[0], a.Staff[1])
		s.department(a, "事務課", a.Staff[1], a.Staff[2])
		r := s.create(a, lms.Audience{Persons: a.Staff})
		s.finish(r.ID, a.Staff[0], 90)
		s.run("UPDATE enrolment SET status = 'failed', started_at = 1 WHERE person_id = ?", a.Staff[1])
		s.run("UPDATE credential SET kind = 'one_time' WHERE person_id IN (?, ?)", a.Staff[0], s.world.B.Staff[0])
		s.clock.Add(31 * 24 * time.Hour)
		board, err := s.reports.Dashboard(t.Context(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		want := lms.Figures{Assigned: 3, Completed: 1, NotStarted: 1, Failed: 1, Overdue: 2}
		if len(board.Rounds) != 1 || board.Rounds[0].Figures != want || board.Rounds[0].Rate() != 33 {
			t.Errorf("round: %+v", board.Rounds)
		}
		if len(board.Departments) != 2 || board.Departments[1].ID != care {
			t.Fatalf("departments: %+v", board.Departments)
		}
		if got, want := board.Departments[1].Figures, (lms.Figures{Assigned: 2, Completed: 1, Failed: 1, Overdue: 1}); got != want || board.Departments[1].Rounds[r.ID] != want {
			t.Errorf("介護課: %+v", board.Departments[1])
		}
		if got, want := board.Departments[0].Figures, (lms.Figures{Assigned: 2, NotStarted: 1, Failed: 1, Overdue: 2}); got != want {
			t.Errorf("事務課: %+v", got)
		}
		if board.People != 5 || board.Concern != 1 {
			t.Errorf("people %d, concern %d", board.People, board.Concern)
		}
		for filter, want := range map[string]int{"overdue": 2, "failed": 1, "completed,overdue": 3, "care": 2, "care,overdue": 1, "q": 1} {
			f := lms.EnrolmentFilter{Round: r.ID}
			switch filter {
			case "overdue":
				f.Overdue = true
			case "failed":
				f.Statuses = []lms.Status{lms.Failed}
			case "completed,overdue":
				f.Statuses, f.Overdue = []lms.Status{lms.Completed}, true
			case "care":
				f.Department = care
			case "care,overdue":
				f.Department, f.Overdue = care, true
			case "q":
				f.Query = "𠮷田"
			}
			if list, _, total, err := s.rounds.ListEnrolments(t.Context(), a.ID, f, db.Page{}); err != nil || len(list) != want || total != want {
				t.Errorf("%s: %d of %d, %v, want %d", filter, len(list), total, err, want)
			}
		}
		other, err := s.reports.Dashboard(t.Context(), s.world.B.ID)
		if err != nil || len(other.Rounds) != 0 || len(other.Departments) != 0 || other.Concern != 1 {
			t.Errorf("B sees %+v, %v", other, err)
		}
	})
}

// B with A's ids gets what a nonexistent id gets, and changes nothing.
func TestRoundsOfOthers(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a, b := s.world.A, s.world.B
		r := s.create(a, lms.Audience{Everyone: true})
		rules, err := s.rounds.Rules(t.Context(), a.ID, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		issued, err := s.records.Issue(as(t, a), a.ID, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		enrolment := s.enrolment(r.ID, a.Staff[0])
		before := fmt.Sprint(s.statuses(a, r.ID))
		title, ctx := "盗んだ", as(t, b)
		for name, try := range map[string]func() error{
			"find":     func() error { _, err := s.rounds.Find(ctx, b.ID, r.ID); return err },
			"find row": func() error { _, err := s.rounds.FindRow(ctx, b.ID, r.ID); return err },
			"update": func() error {
				_, err := s.rounds.Update(ctx, b.ID, r.ID, lms.RoundChange{Version: 1, Title: &title})
				return err
			},
			"rules":   func() error { _, err := s.rounds.Rules(ctx, b.ID, r.ID); return err },
			"add":     func() error { _, err := s.rounds.AddRules(ctx, b.ID, r.ID, lms.Audience{Everyone: true}); return err },
			"remove":  func() error { _, err := s.rounds.RemoveRule(ctx, b.ID, r.ID, rules[0].ID, true); return err },
			"restore": func() error { _, err := s.rounds.RestoreRule(ctx, b.ID, r.ID, rules[0].ID); return err },
			"extend": func() error {
				_, err := s.rounds.Extend(ctx, b.ID, r.ID, []db.ID{enrolment}, lms.Extension{DueOn: "2026-05-20", Reason: "x"})
				return err
			},
			"preview extend": func() error {
				_, err := s.rounds.PreviewExtend(ctx, b.ID, r.ID, []db.ID{enrolment}, lms.Extension{DueOn: "2026-05-20"})
				return err
			},
			"extend all": func() error {
				_, err := s.rounds.ExtendAll(ctx, b.ID, lms.EnrolmentFilter{Round: r.ID}, lms.Extension{DueOn: "2026-05-20", Reason: "x"}, 0)
				return err
			},
			"preview extend all": func() error {
				_, err := s.rounds.PreviewExtendAll(ctx, b.ID, lms.EnrolmentFilter{Round: r.ID}, lms.Extension{DueOn: "2026-05-20"})
				return err
			},
			"preview": func() error {
				_, err := s.rounds.Preview(ctx, b.ID, lms.Probe{Round: r.ID, Remove: []db.ID{rules[0].ID}}, 10)
				return err
			},
			"preview people": func() error {
				_, _, err := s.rounds.PreviewPeople(ctx, b.ID, lms.Probe{Round: r.ID, Add: lms.Audience{Everyone: true}}, lms.GroupReached, "", db.Page{})
				return err
			},
			"copy": func() error { _, err := s.rounds.CopyOf(ctx, b.ID, r.ID); return err },
			"list": func() error {
				_, _, _, err := s.rounds.ListEnrolments(ctx, b.ID, lms.EnrolmentFilter{Round: r.ID}, db.Page{})
				return err
			},
			"export": func() error {
				return s.rounds.EachEnrolment(ctx, b.ID, lms.EnrolmentFilter{Round: r.ID}, func(lms.Enrolment) error { return nil })
			},
			"set aside": func() error {
				return s.rounds.SetAside(ctx, b.ID, r.ID, []db.ID{enrolment}, lms.Aside{Status: lms.Withdrawn, Reason: "x"})
			},
			"reinstate": func() error { return s.rounds.Reinstate(ctx, b.ID, r.ID, []db.ID{enrolment}) },
			"draw":      func() error { _, _, err := s.records.Draw(ctx, b.ID, r.ID); return err },
			"issue":     func() error { _, err := s.records.Issue(ctx, b.ID, r.ID); return err },
			"record":    func() error { _, err := s.records.Find(ctx, b.ID, issued.ID); return err },
			"records":   func() error { _, err := s.records.List(ctx, b.ID, r.ID); return err },
			"verify":    func() error { return s.records.Verify(ctx, b.ID, issued.ID) },
		} {
			if err := try(); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s answers B %v", name, err)
			}
		}
		s.changed(b, a.Staff...)
		if after := fmt.Sprint(s.statuses(a, r.ID)); after != before {
			t.Errorf("B changed A's round: %s", after)
		}
		if list, _, err := s.rounds.List(ctx, b.ID, "", db.Page{}); err != nil || len(list) != 0 {
			t.Errorf("B lists %v, %v", list, err)
		}
	})
}

func (s *stage) reminder(sender mail.Sender) (*lms.Reminder, *tenant.Outbox) {
	audit := tenant.NewAudit(s.db, []byte("key"), s.clock.Now)
	outbox := tenant.NewOutbox(s.db, audit, sender, s.clock.Now)
	return lms.NewReminder(s.db, audit, outbox, s.clock.Now, "https://kenshu.example.jp/"), outbox
}
