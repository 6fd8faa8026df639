package lms_test

import (
	"fmt"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
)

// The first page: overdue first, then due, in progress, to do, upcoming, closed, done.
func TestFirstPageOrder(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		person := s.A.Staff[0]
		s.run(t, `DELETE FROM enrolment WHERE tenant_id = ?`, s.A.ID)
		s.clock.Add(19 * 24 * time.Hour) // 20 April
		add := func(title, starts, due, status, state string) {
			round := s.round(t, s.A, title, starts, due)
			id := s.enrol(t, s.A, round, person, due)
			s.run(t, `UPDATE enrolment SET status = ? WHERE tenant_id = ? AND id = ?`, status, s.A.ID, id)
			s.run(t, `UPDATE round SET state = ? WHERE tenant_id = ? AND id = ?`, state, s.A.ID, round)
		}
		add("done", "2026-04-01", "2026-04-30", "completed", "open")
		add("closed", "2026-03-01", "2026-03-30", "failed", "closed")
		add("upcoming", "2026-04-21", "2026-04-30", "not_started", "open")
		add("to do", "2026-04-01", "2026-08-30", "not_started", "open")
		add("begun", "2026-04-01", "2026-09-30", "in_progress", "open")
		add("due today", "2026-04-01", "2026-04-20", "not_started", "open")
		add("due soon", "2026-04-01", "2026-05-04", "interrupted", "open")
		add("overdue", "2026-04-01", "2026-04-19", "not_started", "open")
		add("long overdue", "2026-04-01", "2026-04-10", "failed", "open")
		add("withdrawn", "2026-04-01", "2026-04-10", "withdrawn", "open")
		list, err := s.learn.ListOwn(t.Context(), s.A.ID, person)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, e := range list {
			got += fmt.Sprintf("%s: %s\n", e.Standing, e.RoundTitle)
		}
		want := "overdue: long overdue\noverdue: overdue\ndue: due today\ndue: due soon\nin_progress: begun\nto_do: to do\nupcoming: upcoming\nclosed: closed\ndone: done\n"
		if got != want {
			t.Errorf("got\n%swant\n%s", got, want)
		}
	})
}

func TestResume(t *testing.T) {
	s := newSchool(t, kit.SQLite(t))
	if out := s.own(t, s.a, 0); out.Resume != s.lessons["page"] || out.MinutesLeft != 8 || out.Status != lms.NotStarted { // 1 + 1:40 + 3 + 2:15
		t.Errorf("at first: %v, %d minutes, %s", out.Resume, out.MinutesLeft, out.Status)
	}
	s.open(t, s.a, 0, "page")
	if s.own(t, s.a, 0).Status != lms.InProgress {
		t.Error("opening a lesson does not begin the course")
	}
	s.clock.Add(time.Minute)
	s.open(t, s.a, 0, "pdf")
	s.save(t, s.a, 0, lms.ProgressItem{Lesson: s.lessons["pdf"], Position: 2, Seen: lms.Spans{{1, 3}}})
	out := s.own(t, s.a, 0)
	if out.Resume != s.lessons["pdf"] || out.Lessons[2].Position != 2 || out.MinutesLeft != 6 && out.MinutesLeft != 7 {
		t.Errorf("resume %v at %d, %d minutes", out.Resume, out.Lessons[2].Position, out.MinutesLeft)
	}
	// An older message that arrives late does not move the place back.
	s.clock.Add(time.Minute)
	s.save(t, s.a, 0, lms.ProgressItem{Lesson: s.lessons["pdf"], Position: 3, At: s.ms(0)})
	s.save(t, s.a, 0, lms.ProgressItem{Lesson: s.lessons["pdf"], Position: 1, At: s.ms(-30 * time.Second)})
	if got := s.open(t, s.a, 0, "pdf").Progress.Position; got != 3 {
		t.Errorf("position %d", got)
	}
}

func TestOpenLessonRefused(t *testing.T) {
	s := newSchool(t, kit.SQLite(t))
	if _, err := s.learn.OpenLesson(t.Context(), s.a.ID, s.a.Staff[0], s.a.enrolment[0], db.NewID()); !fault.Is(err, fault.NotFound) {
		t.Errorf("unknown lesson: %v", err)
	}
	s.run(t, `UPDATE round SET starts_on = '2026-04-02' WHERE tenant_id = ? AND id = ?`, s.a.ID, s.a.round)
	if _, err := s.learn.OpenLesson(t.Context(), s.a.ID, s.a.Staff[0], s.a.enrolment[0], s.lessons["page"]); !fault.Is(err, fault.Conflict) {
		t.Errorf("before the start: %v", err)
	}
	s.clock.Add(12 * time.Hour) // midnight in Tokyo has passed
	l := s.open(t, s.a, 0, "page")
	if l.Previous != (db.ID{}) || l.Next != s.lessons["video"] {
		t.Errorf("neighbours %v %v", l.Previous, l.Next)
	}
}
