package lms_test

import (
	"encoding/json"
	"testing"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
)

func page(text string) content.Body {
	return content.Body{Page: &content.PageBody{HTML: "<p>" + text + "</p>"}}
}

func TestLessonsInOrder(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		c, lessons := s.courseOf(t, s.A, page("一"), page("二"), content.Body{Pledge: &content.PledgeBody{Text: "守ります。"}}, content.Body{Quiz: &s.quiz})
		s.run(t, `UPDATE course_version SET ordered = 1 WHERE tenant_id = ? AND id = ?`, s.Association.ID, s.version)
		open := func(lesson int) error {
			_, err := s.learn.OpenLesson(t.Context(), c.ID, c.Staff[0], c.enrolment[0], lessons[lesson])
			return err
		}
		if err := open(1); !fault.Is(err, fault.Conflict) {
			t.Errorf("the second lesson opened first: %v", err)
		}
		if _, err := s.learn.SignPledge(t.Context(), c.ID, c.Staff[0], c.enrolment[0], lessons[2], "田中 太郎", 0, 0); !fault.Is(err, fault.Conflict) {
			t.Errorf("a pledge was signed before its turn: %v", err)
		}
		if _, err := s.learn.StartAttempt(t.Context(), c.ID, c.Staff[0], c.enrolment[0], lessons[3], ""); !fault.Is(err, fault.Conflict) {
			t.Errorf("a quiz was begun before its turn: %v", err)
		}
		answer := s.save(t, c, 0, lms.ProgressItem{Lesson: lessons[1], Done: true}, lms.ProgressItem{Lesson: lessons[0], Done: true}, lms.ProgressItem{Lesson: lessons[1], Done: true})
		if got := answer.Items; got[0] != lms.ItemLocked || got[1] != lms.ItemSaved || got[2] != lms.ItemSaved {
			t.Errorf("messages: %v", got)
		}
		if err := open(2); err != nil {
			t.Errorf("the third lesson after two: %v", err)
		}
		if err := open(3); !fault.Is(err, fault.Conflict) {
			t.Errorf("the quiz before the pledge: %v", err)
		}
		// What was begun stays open, whatever comes before it.
		s.run(t, `UPDATE progress SET state = 'started' WHERE tenant_id = ? AND enrolment_id = ? AND version_lesson_id = ?`, c.ID, c.enrolment[0], lessons[0])
		if err := open(2); err != nil {
			t.Errorf("a lesson that was begun: %v", err)
		}
	})
}

func TestCourseAfterCourse(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		first, firstLessons := s.courseOf(t, s.A, page("基礎"))
		var course db.ID
		if err := d.QueryRow(t.Context(), `SELECT course_id FROM course_version WHERE id = ?`, s.version).Scan(&course); err != nil {
			t.Fatal(err)
		}
		second, lessons := s.courseOf(t, s.A, page("応用"))
		requires, err := json.Marshal([]content.Requirement{{Tenant: s.Association.ID.Number(), Course: course, Title: "基礎"}})
		if err != nil {
			t.Fatal(err)
		}
		s.run(t, `UPDATE course_version SET requires = ? WHERE tenant_id = ? AND id = ?`, string(requires), s.Association.ID, s.version)
		open := func(who int) error {
			_, err := s.learn.OpenLesson(t.Context(), second.ID, second.Staff[who], second.enrolment[who], lessons[0])
			return err
		}
		if err := open(0); !fault.Is(err, fault.Conflict) {
			t.Errorf("the second course opened first: %v", err)
		}
		if out := s.own(t, second, 0); len(out.Waits) != 1 || out.Waits[0].Title != "基礎" || out.Waits[0].Enrolment != first.enrolment[0] {
			t.Errorf("waits for %+v", out.Waits)
		}
		// What is due earlier, but opens only after another, is not what to do now.
		s.run(t, `UPDATE enrolment SET due_on = '2020-01-01' WHERE tenant_id = ? AND id = ?`, second.ID, second.enrolment[0])
		listed := func() (out []lms.OwnEnrolment) {
			t.Helper()
			list, err := s.learn.ListOwn(t.Context(), second.ID, second.Staff[0])
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range list {
				if e.ID == first.enrolment[0] || e.ID == second.enrolment[0] {
					out = append(out, e)
				}
			}
			return out
		}
		if l := listed(); len(l) != 2 || l[0].ID != first.enrolment[0] || len(l[0].Waits) != 0 || len(l[1].Waits) != 1 || l[1].Waits[0].Enrolment != first.enrolment[0] {
			t.Errorf("the first page says %+v", l)
		}
		if got := s.save(t, second, 0, lms.ProgressItem{Lesson: lessons[0], Done: true}); got.Items[0] != lms.ItemLocked {
			t.Errorf("a message before its turn: %v", got.Items)
		}
		s.save(t, first, 0, lms.ProgressItem{Lesson: firstLessons[0], Done: true})
		if err := open(0); err != nil {
			t.Errorf("after the first course: %v", err)
		}
		if l := listed(); l[0].ID != second.enrolment[0] || len(l[0].Waits) != 0 {
			t.Errorf("after the first course the first page says %+v", l)
		}
		if out := s.own(t, first, 0); out.Status != lms.Completed || len(out.Opens) != 1 || out.Opens[0].Enrolment != second.enrolment[0] || out.Opens[0].Title != s.own(t, second, 0).CourseTitle {
			t.Errorf("what comes after the first course: %+v", out.Opens)
		}
		if out := s.own(t, first, 1); len(out.Opens) != 0 {
			t.Errorf("a course that is not completed opens %+v", out.Opens)
		}
		if err := open(1); !fault.Is(err, fault.Conflict) {
			t.Errorf("a colleague's completion counted: %v", err)
		}
		s.run(t, `UPDATE enrolment SET status = 'exempt' WHERE tenant_id = ? AND id = ?`, first.ID, first.enrolment[1])
		if err := open(1); err != nil {
			t.Errorf("exempt from the first course: %v", err)
		}
	})
}
