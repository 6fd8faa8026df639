package lms_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/storage/mail"
	"kenshu/tenant"
)

// again makes a round of April 2026 that comes again.
func (s *stage) again(org kit.Org, aud lms.Audience, p lms.RecurrencePlan) lms.Round {
	s.t.Helper()
	r, err := s.rounds.Create(as(s.t, org), org.ID, lms.NewRound{ID: db.NewID(), Title: "2026年度 研修", Course: s.shared, StartsOn: "2026-04-01", DeadlineOn: "2026-04-30", Audience: aud, Recurrence: p})
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

func (s *stage) recur(org kit.Org, id db.ID) int {
	s.t.Helper()
	n, err := s.rounds.Recur(s.t.Context(), org.ID, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// goTo moves the clock to noon of a day.
func (s *stage) goTo(day string) {
	s.t.Helper()
	s.clock.Add(tenant.DayStart(day).Add(12 * time.Hour).Sub(s.clock.Now()))
}

func (s *stage) recurrence(org kit.Org, round db.ID) lms.Recurrence {
	s.t.Helper()
	c, err := s.rounds.FindRecurrence(s.t.Context(), org.ID, round)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func TestYearlyRound(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		care := s.department(a, "介護課", a.Staff[0], a.Staff[1])
		first := s.again(a, lms.Audience{Rules: []lms.RuleSpec{{Kind: lms.RuleDepartment, Target: care, WithBelow: true}, {Kind: lms.RulePerson, Target: a.Staff[2]}}, FutureJoiners: true},
			lms.RecurrencePlan{Kind: lms.RecurCalendar, Months: 12, LeadDays: 14})
		s.run(`INSERT INTO round_reminder (tenant_id, round_id, plan, updated_at) VALUES (?, ?, '{"at_assignment":true,"days":[0],"hour":9}', 1)`, a.ID, first.ID)
		s.finish(first.ID, a.Staff[0], 90)
		before := s.statuses(a, first.ID)
		if c := s.recurrence(a, first.ID); c.Next != (lms.Occurrence{Title: "2027年度 研修", StartsOn: "2027-04-01", DeadlineOn: "2027-04-30"}) || c.OpensOn != "2027-03-18" {
			t.Fatalf("planned %+v", c)
		}
		s.goTo("2027-03-17")
		if s.recur(a, first.ID) != 0 || s.count("SELECT COUNT(*) FROM round WHERE recurrence_id = ?", first.ID) != 1 {
			t.Fatal("opened too early")
		}
		s.goTo("2027-03-18")
		s.run("UPDATE person SET state = 'suspended' WHERE id = ?", a.Staff[1])
		if n := s.recur(a, first.ID); n != 2 {
			t.Fatalf("%d came in, want 2", n)
		}
		c := s.recurrence(a, first.ID)
		next, err := s.rounds.Find(t.Context(), a.ID, c.Last)
		if err != nil || next.Title != "2027年度 研修" || next.StartsOn != "2027-04-01" || next.DeadlineOn != "2027-04-30" || next.CopiedFrom != first.ID || next.Recurrence != first.ID || next.Due.Rule != lms.DueFixed {
			t.Fatalf("%+v %v", next, err)
		}
		if c.Next.StartsOn != "2028-04-01" || c.OpensOn != "2028-03-18" || c.Next.Title != "2028年度 研修" {
			t.Errorf("after it comes %+v", c)
		}
		rules, err := s.rounds.Rules(t.Context(), a.ID, next.ID)
		if err != nil || len(rules) != 2 || !rules[0].WithBelow || !rules[0].FutureJoiners || rules[1].Target != a.Staff[2] {
			t.Errorf("rules %+v %v", rules, err)
		}
		if s.count("SELECT COUNT(*) FROM round_reminder WHERE round_id = ?", next.ID) != 1 || s.count("SELECT COUNT(*) FROM enrolment WHERE round_id = ? AND due_on = '2027-04-30'", next.ID) != 2 ||
			s.count("SELECT COUNT(*) FROM job WHERE kind = ? AND slot LIKE ?", lms.KindRemindRound, next.ID.String()+"%") != 1 || s.count("SELECT COUNT(*) FROM audit_event WHERE action = 'round.recur'") != 1 {
			t.Error("the reminders, due days, mails or the log are not those of the new round")
		}
		s.recur(a, first.ID)
		s.run("UPDATE person SET state = 'active' WHERE id = ?", a.Staff[1])
		s.changed(a, a.Staff[1]) // back from leave
		if got := s.statuses(a, next.ID); len(got) != 3 || got[a.Staff[1]] != "not_started" {
			t.Errorf("back from leave: %v", got)
		}
		after := s.statuses(a, first.ID)
		if after[a.Staff[0]] != "completed" || after[a.Staff[2]] != before[a.Staff[2]]+"+late" || len(after) != len(before) {
			t.Errorf("last year's evidence: %v, was %v", after, before)
		}
	})
}

// dies has the last statement of a turn fail.
var dies = map[db.Engine]string{
	db.SQLite: `CREATE TRIGGER dies BEFORE UPDATE ON recurrence BEGIN SELECT RAISE(ABORT, 'dies'); END`,
	db.MySQL:  `CREATE TRIGGER dies BEFORE UPDATE ON recurrence FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'dies'`,
}

// Many machines find the same turn due, and the process dies before it commits: one round, everybody once, nothing half done.
func TestTurnIsMadeOnce(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		for _, plan := range []lms.RecurrencePlan{{Kind: lms.RecurCalendar, Months: 12}, {Kind: lms.RecurCompletion, Months: 6, DueDays: 30}} {
			s.clock.Add(tenant.DayStart("2026-04-01").Add(12 * time.Hour).Sub(s.clock.Now()))
			first := s.again(a, lms.Audience{Everyone: true}, plan)
			for _, p := range append(slices.Clone(a.Staff), a.Manager, a.Editor) {
				s.run(`UPDATE enrolment SET status = 'completed', completed_at = ? WHERE round_id = ? AND person_id = ?`, db.At(s.clock.Now()), first.ID, p)
			}
			everybody := s.count("SELECT COUNT(*) FROM enrolment WHERE round_id = ?", first.ID)
			s.goTo("2027-04-02")
			s.run(dies[d.Engine()])
			if _, err := s.rounds.Recur(t.Context(), a.ID, first.ID); err == nil {
				t.Fatal("the last statement did not fail")
			}
			s.run("DROP TRIGGER dies")
			if s.count("SELECT COUNT(*) FROM round WHERE recurrence_id = ?", first.ID) != 1 || s.recurrence(a, first.ID).Version != 1 {
				t.Fatal("something was left by a transaction that died")
			}
			var all sync.WaitGroup
			added := make([]int, 8)
			for i := range added {
				all.Go(func() {
					n, err := s.rounds.Recur(t.Context(), a.ID, first.ID)
					if err != nil {
						t.Error(err)
					}
					added[i] = n
				})
			}
			all.Wait()
			total := 0
			for _, n := range added {
				total += n
			}
			if rounds := s.count("SELECT COUNT(*) FROM round WHERE recurrence_id = ?", first.ID); rounds != 2 || total != everybody {
				t.Errorf("%s: %d rounds, %d people of %d", plan.Kind, rounds, total, everybody)
			}
			if _, err := d.Exec(t.Context(), "UPDATE round SET occurrence = 'first' WHERE recurrence_id = ?", first.ID); err == nil {
				t.Error("two rounds of one turn")
			}
		}
	})
}

func TestAgainAfterCompletion(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		first := s.again(a, lms.Audience{Everyone: true, FutureJoiners: true}, lms.RecurrencePlan{Kind: lms.RecurCompletion, Months: 12, DueDays: 30})
		s.finish(first.ID, a.Staff[0], 100)
		s.goTo("2026-05-20")
		s.finish(first.ID, a.Staff[1], 80)
		if err := s.rounds.SetAside(as(t, a), a.ID, first.ID, []db.ID{s.enrolment(first.ID, a.Staff[2])}, lms.Aside{Status: lms.Exempt, Reason: "役員"}); err != nil {
			t.Fatal(err)
		}
		p, err := s.rounds.PreviewRecurrence(t.Context(), a.ID, lms.RecurrenceProbe{RecurrencePlan: lms.RecurrencePlan{Kind: lms.RecurCompletion, Months: 12, DueDays: 30}, Round: first.ID})
		if err != nil || p.Now != 0 || p.Open != 2 || !slices.Equal(p.Months, []lms.TurnMonth{{Month: "2027-04", People: 1}, {Month: "2027-05", People: 2}}) {
			t.Fatalf("preview %+v %v", p, err)
		}
		s.goTo("2027-03-31")
		if s.recur(a, first.ID) != 0 {
			t.Fatal("too early")
		}
		s.goTo("2027-04-10")
		s.run("UPDATE person SET state = 'suspended' WHERE id = ?", a.Staff[0])
		if n := s.recur(a, first.ID); n != 0 {
			t.Fatalf("%d asked, want nobody: one is on leave", n)
		}
		s.goTo("2027-05-20")
		if n := s.recur(a, first.ID); n != 2 { // the one of May, and the exempted one, a year after it was decided
			t.Fatalf("%d asked, want 2", n)
		}
		year := s.recurrence(a, first.ID).Last
		r, err := s.rounds.Find(t.Context(), a.ID, year)
		if err != nil || r.Title != "2027年度 研修" || r.StartsOn != "2027-04-01" || r.DeadlineOn != "2028-03-31" {
			t.Fatalf("%+v %v", r, err)
		}
		s.goTo("2027-05-21")
		s.run("UPDATE person SET state = 'active' WHERE id = ?", a.Staff[0])
		if n := s.recur(a, first.ID); n != 1 {
			t.Fatalf("%d asked, want the one who is back from leave", n)
		}
		if s.recur(a, first.ID) != 0 || s.recurrence(a, first.ID).Last != year || s.count("SELECT COUNT(*) FROM enrolment WHERE round_id = ? AND due_on = '2027-06-20'", year) != 1 {
			t.Error("asked twice, in another round, or due on another day")
		}
		if got := s.statuses(a, first.ID); got[a.Staff[0]] != "completed" || got[a.Staff[1]] != "completed" || got[a.Staff[2]] != "exempt" {
			t.Errorf("the evidence of the first round: %v", got)
		}
		// The year after: who finished is asked again a year after that, who did not stays asked.
		s.finish(year, a.Staff[1], 100)
		s.goTo("2028-06-01")
		if n := s.recur(a, first.ID); n != 1 {
			t.Errorf("%d asked the year after, want 1", n)
		}
		last := s.recurrence(a, first.ID).Last
		if got := s.statuses(a, last); len(got) != 1 || got[a.Staff[1]] != "not_started" {
			t.Errorf("the year after: %v", got)
		}
		if r, err := s.rounds.Find(t.Context(), a.ID, last); err != nil || r.CopiedFrom != year || r.Title != "2028年度 研修" {
			t.Errorf("%+v %v", r, err)
		}
	})
}

// Who moved to where the first round does not reach is not asked again; who never finished a round that was closed is asked at once.
func TestTurnsFollowTheRules(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		care := s.department(a, "介護課", a.Staff...)
		first := s.again(a, lms.Audience{Departments: []db.ID{care}}, lms.RecurrencePlan{Kind: lms.RecurCompletion, Months: 3, DueDays: 10})
		s.finish(first.ID, a.Staff[0], 100)
		s.finish(first.ID, a.Staff[1], 100)
		closed := lms.RoundClosed
		if _, err := s.rounds.Update(as(t, a), a.ID, first.ID, lms.RoundChange{Version: first.Version, State: &closed}); err != nil {
			t.Fatal(err)
		}
		s.run("DELETE FROM person_department WHERE person_id = ?", a.Staff[1])
		if n := s.recur(a, first.ID); n != 1 {
			t.Errorf("%d asked at once, want the one who never finished", n)
		}
		s.goTo("2026-07-01")
		if n := s.recur(a, first.ID); n != 1 {
			t.Errorf("%d asked after three months, want 1", n)
		}
		if n := s.count("SELECT COUNT(*) FROM enrolment e JOIN round r ON r.id = e.round_id WHERE r.recurrence_id = ? AND e.person_id = ?", first.ID, a.Staff[1]); n != 1 {
			t.Errorf("who moved away has %d enrolments", n)
		}
		if s.count("SELECT COUNT(*) FROM round WHERE recurrence_id = ?", first.ID) != 3 { // April to June, July to September
			t.Error("not a round a quarter")
		}
	})
}

// Who comes after the first round was closed is asked at once, when its rules are also for joiners; before, they come into the first round itself.
func TestNewcomersOfClosedRounds(t *testing.T) {
	for _, joiners := range []bool{true, false} {
		kit.EachDB(t, func(t *testing.T, d *db.DB) {
			s := newStage(t, d)
			a := s.world.A
			care := s.department(a, "介護課", a.Staff[:2]...)
			first := s.again(a, lms.Audience{Departments: []db.ID{care}, FutureJoiners: joiners}, lms.RecurrencePlan{Kind: lms.RecurCompletion, Months: 12, DueDays: 30})
			for _, p := range a.Staff[:2] {
				s.finish(first.ID, p, 100)
			}
			s.post(a, a.Staff[2], care)
			if n := s.recur(a, first.ID); n != 0 {
				t.Errorf("%d asked beside the round that is still open", n)
			}
			closed := lms.RoundClosed
			if _, err := s.rounds.Update(as(t, a), a.ID, first.ID, lms.RoundChange{Version: first.Version, State: &closed}); err != nil {
				t.Fatal(err)
			}
			want := 0
			if joiners {
				want = 1
			}
			p, err := s.rounds.PreviewRecurrence(t.Context(), a.ID, lms.RecurrenceProbe{RecurrencePlan: lms.RecurrencePlan{Kind: lms.RecurCompletion, Months: 12, DueDays: 30}, Round: first.ID})
			if err != nil || p.Now != want {
				t.Errorf("preview %+v %v, want %d at once", p, err, want)
			}
			if n := s.recur(a, first.ID); n != want {
				t.Errorf("joiners %v: %d asked, want %d", joiners, n, want)
			}
			if n := s.recur(a, first.ID); n != 0 {
				t.Errorf("%d asked again", n)
			}
		})
	}
}

// A training that was asked after completions and now comes by the calendar goes on from its first round, with the first round's due rule.
func TestFromCompletionsToTheCalendar(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		first := s.again(a, lms.Audience{Everyone: true}, lms.RecurrencePlan{Kind: lms.RecurCompletion, Months: 3, DueDays: 10})
		s.finish(first.ID, a.Staff[0], 100)
		s.goTo("2026-07-20")
		if n := s.recur(a, first.ID); n != 1 {
			t.Fatalf("%d asked, want 1", n)
		}
		c, err := s.rounds.SetRecurrence(as(t, a), a.ID, first.ID, lms.RecurrenceChange{RecurrencePlan: lms.RecurrencePlan{Kind: lms.RecurCalendar, Months: 12}, Version: s.recurrence(a, first.ID).Version})
		if err != nil || c.Next.StartsOn[4:] != first.StartsOn[4:] || c.Next.DeadlineOn[4:] != first.DeadlineOn[4:] {
			t.Fatalf("%+v %v", c, err)
		}
		s.goTo(c.Next.StartsOn)
		s.recur(a, first.ID)
		r, err := s.rounds.Find(t.Context(), a.ID, s.recurrence(a, first.ID).Last)
		if err != nil || r.StartsOn != c.Next.StartsOn || r.Due != first.Due || r.FollowOut != first.FollowOut {
			t.Errorf("%+v %v, want the due rule %+v", r, err, first.Due)
		}
	})
}

func TestChangingTheNextRound(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a, ctx := s.world.A, as(t, s.world.A)
		first := s.again(a, lms.Audience{Everyone: true}, lms.RecurrencePlan{Kind: lms.RecurCalendar, Months: 1})
		set := func(c lms.RecurrenceChange) (lms.Recurrence, error) {
			if c.Version == 0 {
				c.Version = s.recurrence(a, first.ID).Version
			}
			return s.rounds.SetRecurrence(ctx, a.ID, first.ID, c)
		}
		monthly := lms.RecurrencePlan{Kind: lms.RecurCalendar, Months: 1}
		may := lms.Occurrence{Title: "5月の訓練", StartsOn: "2026-05-11", DeadlineOn: "2026-05-20"}
		c, err := set(lms.RecurrenceChange{RecurrencePlan: monthly, Next: &may})
		if err != nil || c.Next != may || c.OpensOn != "2026-05-11" {
			t.Fatalf("%+v %v", c, err)
		}
		s.goTo("2026-05-11")
		s.recur(a, first.ID)
		if c = s.recurrence(a, first.ID); c.Next.StartsOn != "2026-06-01" || c.Next.DeadlineOn != "2026-06-30" || c.Next.Title != "5月の訓練（2026年6月）" {
			t.Fatalf("a change of one round moved the others: %+v", c.Next)
		}
		june := lms.Occurrence{Title: "訓練", StartsOn: "2026-06-10", DeadlineOn: "2026-06-20"}
		if _, err := set(lms.RecurrenceChange{RecurrencePlan: monthly, Next: &june, Onwards: true}); err != nil {
			t.Fatal(err)
		}
		s.goTo("2026-06-10")
		s.recur(a, first.ID)
		if c = s.recurrence(a, first.ID); c.Next.StartsOn != "2026-07-10" || c.Next.DeadlineOn != "2026-07-20" {
			t.Fatalf("onwards: %+v", c.Next)
		}
		// A server that stood still opens nothing whose deadline is over, and goes on with the one after.
		s.goTo("2026-09-25")
		if s.recur(a, first.ID) != 0 {
			t.Error("a round was opened whose deadline is over")
		}
		if c = s.recurrence(a, first.ID); c.Next.StartsOn != "2026-10-10" {
			t.Errorf("after standing still: %+v", c.Next)
		}
		if _, err := set(lms.RecurrenceChange{RecurrencePlan: monthly, Version: c.Version - 1}); !fault.Is(err, fault.Conflict) {
			t.Errorf("an old version: %v", err)
		}
		if c, err = set(lms.RecurrenceChange{RecurrencePlan: lms.RecurrencePlan{Kind: lms.RecurOnce}}); err != nil || c.State != lms.RecurrenceStopped {
			t.Fatalf("%+v %v", c, err)
		}
		s.goTo("2026-12-01")
		if n := s.recur(a, first.ID); n != 0 || s.count("SELECT COUNT(*) FROM round WHERE recurrence_id = ?", first.ID) != 3 {
			t.Error("a stopped recurrence went on")
		}
		// Begun again with another distance, it counts from the newest round.
		if c, err = set(lms.RecurrenceChange{RecurrencePlan: lms.RecurrencePlan{Kind: lms.RecurCalendar, Months: 12}}); err != nil || c.Next.StartsOn != "2027-06-10" {
			t.Errorf("begun again: %+v %v", c, err)
		}
		if n := s.count("SELECT COUNT(*) FROM audit_event WHERE action = 'round.recurrence'"); n != 5 {
			t.Errorf("%d lines about it in the log", n)
		}
	})
}

// What cannot be opened says why, is tried again, and is opened once it can be.
func TestRecurrenceThatCannotGoOn(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		care := s.department(a, "介護課", a.Staff...)
		first := s.again(a, lms.Audience{Departments: []db.ID{care}}, lms.RecurrencePlan{Kind: lms.RecurCalendar, Months: 12})
		s.goTo("2027-04-01")
		s.run("UPDATE course SET shared = 'none', state = 'archived' WHERE id = ?", s.shared)
		for range 2 {
			if n := s.recur(a, first.ID); n != 0 || s.recurrence(a, first.ID).Problem != lms.ProblemCourseGone {
				t.Fatalf("without a course: %d, %+v", n, s.recurrence(a, first.ID))
			}
		}
		// The manager reads of it on the round's card and in the digest, which otherwise would have nothing to say.
		reminder, _ := s.reminder(mail.Kept{})
		row, err := s.rounds.FindRow(t.Context(), a.ID, first.ID)
		digest, err2 := reminder.Digest(t.Context(), a.ID)
		if err != nil || err2 != nil || row.Stuck != lms.ProblemCourseGone || digest.Quiet() || !slices.Equal(digest.Stuck, []string{first.Title}) {
			t.Errorf("%q %+v %v %v", row.Stuck, digest, err, err2)
		}
		s.run("UPDATE course SET shared = 'all', state = 'published' WHERE id = ?", s.shared)
		s.run("UPDATE assignment SET target_id = ? WHERE round_id = ?", db.NewID(), first.ID)
		if n := s.recur(a, first.ID); n != 0 || s.recurrence(a, first.ID).Problem != lms.ProblemAudienceGone {
			t.Fatalf("without a department: %d, %+v", n, s.recurrence(a, first.ID))
		}
		s.run("UPDATE assignment SET target_id = ? WHERE round_id = ?", care, first.ID)
		if n := s.recur(a, first.ID); n != 3 || s.recurrence(a, first.ID).Problem != "" {
			t.Errorf("once it can: %d, %+v", n, s.recurrence(a, first.ID))
		}
		if row, err := s.rounds.FindRow(t.Context(), a.ID, first.ID); err != nil || row.Stuck != "" {
			t.Errorf("%q %v", row.Stuck, err)
		}
		if n := s.count("SELECT COUNT(*) FROM audit_event WHERE action = 'round.recur_failed'"); n != 2 {
			t.Errorf("%d lines about failures in the log", n)
		}
	})
}

func TestRecurrenceRefusals(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a, b := s.world.A, s.world.B
		first := s.again(a, lms.Audience{Everyone: true}, lms.RecurrencePlan{Kind: lms.RecurCalendar, Months: 12})
		for name, p := range map[string]lms.RecurrencePlan{
			"a distance of the calendar": {Kind: lms.RecurCalendar, Months: 5}, "lead days": {Kind: lms.RecurCalendar, Months: 12, LeadDays: 91}, "no kind": {Kind: "weekly"},
			"no months": {Kind: lms.RecurCompletion, DueDays: 10}, "months": {Kind: lms.RecurCompletion, Months: 61, DueDays: 10}, "no days": {Kind: lms.RecurCompletion, Months: 12},
		} {
			if _, err := s.rounds.SetRecurrence(as(t, a), a.ID, first.ID, lms.RecurrenceChange{RecurrencePlan: p, Version: 1}); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		// Rounds of one training never pile up: a window is over when the next begins, and does not begin years ago.
		for name, days := range map[string][2]string{"longer than its distance": {"2027-04-01", "2028-04-02"}, "long ago": {"1900-01-01", "2027-04-30"}} {
			next := lms.Occurrence{Title: "次", StartsOn: days[0], DeadlineOn: days[1]}
			change := lms.RecurrenceChange{RecurrencePlan: lms.RecurrencePlan{Kind: lms.RecurCalendar, Months: 12}, Version: 1, Next: &next, Onwards: true}
			if _, err := s.rounds.SetRecurrence(as(t, a), a.ID, first.ID, change); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, round := range []db.ID{first.ID, db.NewID()} {
			_, find := s.rounds.FindRecurrence(t.Context(), b.ID, round)
			_, set := s.rounds.SetRecurrence(as(t, b), b.ID, round, lms.RecurrenceChange{RecurrencePlan: lms.RecurrencePlan{Kind: lms.RecurOnce}})
			_, recur := s.rounds.Recur(t.Context(), b.ID, round)
			_, preview := s.rounds.PreviewRecurrence(t.Context(), b.ID, lms.RecurrenceProbe{RecurrencePlan: lms.RecurrencePlan{Kind: lms.RecurCalendar, Months: 12}, Round: round})
			for _, err := range []error{find, set, recur, preview} {
				if !fault.Is(err, fault.NotFound) {
					t.Errorf("another organisation's round: %v", err)
				}
			}
		}
		// The job of all organisations leaves out those that are not active, and orders each turn once a day.
		s.goTo("2027-04-01")
		for range 2 {
			if err := s.rounds.PlanRecurrences(t.Context(), db.Job{}, nil); err != nil {
				t.Fatal(err)
			}
		}
		if n := s.count("SELECT COUNT(*) FROM job WHERE kind = ?", lms.KindRecurOne); n != 1 {
			t.Errorf("%d orders, want 1", n)
		}
		s.run("DELETE FROM job")
		s.run("UPDATE organisation SET state = 'suspended' WHERE tenant_id = ?", a.ID)
		if err := s.rounds.PlanRecurrences(t.Context(), db.Job{}, nil); err != nil || s.count("SELECT COUNT(*) FROM job WHERE kind = ?", lms.KindRecurOne) != 0 {
			t.Error("a suspended organisation's training went on", err)
		}
	})
}

// A copy of what comes again says so and does not come again itself, unless the first has been stopped: nobody is asked twice for ever.
func TestCopyOfWhatComesAgain(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		for _, c := range []struct {
			org  kit.Org
			plan lms.RecurrencePlan
		}{{s.world.A, lms.RecurrencePlan{Kind: lms.RecurCalendar, Months: 12, LeadDays: 14}}, {s.world.B, lms.RecurrencePlan{Kind: lms.RecurCompletion, Months: 12, DueDays: 30}}} {
			a, plan := c.org, c.plan
			first := s.again(a, lms.Audience{Everyone: true}, plan)
			c, err := s.rounds.CopyOf(t.Context(), a.ID, first.ID)
			if err != nil || !c.Recurs || (c.RecursOn != "") != (plan.Kind == lms.RecurCalendar) {
				t.Fatalf("%s: the copy says %v %q %v", plan.Kind, c.Recurs, c.RecursOn, err)
			}
			n := lms.NewRound{ID: db.NewID(), Title: "次", Course: c.Course, StartsOn: c.StartsOn, DeadlineOn: c.DeadlineOn, CopiedFrom: first.ID, Audience: lms.Audience{Everyone: true}, Recurrence: plan}
			var refused *fault.Error
			if _, err := s.rounds.Create(as(t, a), a.ID, n); !errors.As(err, &refused) || len(refused.Fields) != 1 || refused.Fields[0].Key != "recurs_already" {
				t.Errorf("%s: a second one that comes again: %v", plan.Kind, err)
			}
			n.Recurrence = lms.RecurrencePlan{}
			if r, err := s.rounds.Create(as(t, a), a.ID, n); err != nil || !r.Recurrence.IsZero() {
				t.Errorf("%s: one more round: %+v %v", plan.Kind, r, err)
			}
			stop := lms.RecurrenceChange{RecurrencePlan: lms.RecurrencePlan{Kind: lms.RecurOnce}, Version: s.recurrence(a, first.ID).Version}
			if _, err := s.rounds.SetRecurrence(as(t, a), a.ID, first.ID, stop); err != nil {
				t.Fatal(err)
			}
			if c, err := s.rounds.CopyOf(t.Context(), a.ID, first.ID); err != nil || c.Recurs {
				t.Errorf("%s: stopped, and the copy says %v %v", plan.Kind, c.Recurs, err)
			}
			n.ID, n.Recurrence = db.NewID(), plan
			if r, err := s.rounds.Create(as(t, a), a.ID, n); err != nil || r.Recurrence.IsZero() {
				t.Errorf("%s: in the place of one that was stopped: %+v %v", plan.Kind, r, err)
			}
		}
	})
}
