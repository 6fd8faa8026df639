package lms_test

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// moved is a second version of the course: the page and the quiz stay, the video is another, the PDF is gone, a page is new.
type moved struct {
	*school
	c       class // of the association itself, whose course it is
	second  db.ID
	lessons map[string]db.ID // of the second version
}

func newMoved(t *testing.T, d *db.DB) *moved {
	t.Helper()
	s := newSchool(t, d)
	m := &moved{school: s, second: db.NewID(), lessons: map[string]db.ID{}}
	org := s.Association
	for range 5 {
		org.Staff = append(org.Staff, kit.NewPerson(t, d, org.ID, db.NewID().String(), "受講者", "reviewer"))
	}
	m.c = s.class(t, org)
	var course db.ID
	if err := d.QueryRow(t.Context(), `SELECT course_id FROM course_version WHERE tenant_id = ? AND id = ?`, org.ID, s.version).Scan(&course); err != nil {
		t.Fatal(err)
	}
	s.run(t, `INSERT INTO course_version (tenant_id, id, course_id, number, title, summary, language, lesson_count, published_by, published_at) VALUES (?, ?, ?, 2, '個人情報の基本（改）', '要約', 'ja', 4, ?, ?)`,
		org.ID, m.second, course, org.Editor, s.clock.Now().UnixMicro())
	add := func(kind string, position int, of db.ID, body content.Body) {
		t.Helper()
		text, err := body.JSON()
		if err != nil {
			t.Fatal(err)
		}
		id := db.NewID()
		m.lessons[kind] = id
		s.run(t, `INSERT INTO version_lesson (tenant_id, id, course_version_id, lesson_id, position, kind, title, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			org.ID, id, m.second, of, position, string(body.Kind()), "新しい "+kind, text)
	}
	lesson := func(kind string) (id db.ID) {
		t.Helper()
		if err := d.QueryRow(t.Context(), `SELECT lesson_id FROM version_lesson WHERE tenant_id = ? AND id = ?`, org.ID, s.lessons[kind]).Scan(&id); err != nil {
			t.Fatal(err)
		}
		return id
	}
	add("page", 1, lesson("page"), content.Body{Page: &content.PageBody{HTML: "<p>はじめに</p>"}})
	add("video", 2, lesson("video"), content.Body{Video: &content.VideoBody{Asset: db.NewID(), Captions: []content.Caption{}, DurationMS: 50_000}})
	add("new", 3, db.NewID(), content.Body{Page: &content.PageBody{HTML: "<p>新しい決まり</p>"}})
	add("quiz", 4, lesson("quiz"), content.Body{Quiz: &s.quiz})
	return m
}

func (m *moved) move(t *testing.T, how lms.Move) {
	t.Helper()
	m.moveTo(t, m.c.ID, m.second, how)
}

// choose writes down what becomes of those under way with a version of a course of the association, and moveTo has it done, twice: a job that is run again changes nothing more.
func (s *school) choose(t *testing.T, tid tenant.ID, version db.ID, how lms.Move) {
	t.Helper()
	v, err := content.NewVersions(s.db, s.clock.Now, 0).FindVersion(t.Context(), tid, s.Association.ID.Number(), version)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.db.Tx(t.Context(), func(tx *db.Tx) error { return s.learn.Moving(tid, how).First(t.Context(), tx, v) }); err != nil {
		t.Fatal(err)
	}
}

func (s *school) moveTo(t *testing.T, tid tenant.ID, version db.ID, how lms.Move) {
	t.Helper()
	s.choose(t, tid, version, how)
	for range 2 {
		s.moveJob(t, tid, version)
	}
}

func (s *school) moveJob(t *testing.T, tid tenant.ID, version db.ID) {
	t.Helper()
	var course db.ID
	if err := s.db.QueryRow(t.Context(), `SELECT course_id FROM course_version WHERE tenant_id = ? AND id = ?`, s.Association.ID, version).Scan(&course); err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(map[string]any{"course": course})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.learn.MoveJob(t.Context(), db.Job{Tenant: tid.Number(), Payload: payload}, func(int64, int64) {}); err != nil {
		t.Fatal(err)
	}
}

func (m *moved) titles(o lms.Outline) (out []string) {
	for _, l := range o.Lessons {
		out = append(out, l.Title+" "+string(l.State))
	}
	return out
}

// Going over to a newer version keeps what was done, completes nobody who is not through, and leaves alone who has completed and who is in the middle of a test.
func TestMoveOverKeepsWhatIsDone(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		m := newMoved(t, d)
		const fresh, half, through, testing, late = 0, 1, 2, 3, 4
		m.open(t, m.c, half, "video")
		m.save(t, m.c, half, lms.ProgressItem{Lesson: m.school.lessons["page"], Done: true})
		m.study(t, m.c, through)
		sheet := m.start(t, m.c, through, "a")
		m.answer(t, m.c, through, sheet.ID, true)
		m.submit(t, m.c, through, sheet.ID)
		m.study(t, m.c, testing)
		open := m.start(t, m.c, testing, "b")
		m.study(t, m.c, late)
		failed := m.start(t, m.c, late, "c")
		m.answer(t, m.c, late, failed.ID, false)
		m.submit(t, m.c, late, failed.ID)
		if got := m.own(t, m.c, through); got.Status != lms.Completed {
			t.Fatalf("through: %s", got.Status)
		}

		m.move(t, lms.MoveKeep)

		if got := m.own(t, m.c, fresh); got.Status != lms.NotStarted || got.LessonsTotal != 4 || got.Lessons[2].ID != m.lessons["new"] {
			t.Errorf("who had not begun: %s %v", got.Status, m.titles(got))
		}
		got := m.own(t, m.c, half)
		if got.LessonsDone != 1 || got.Status != lms.InProgress || got.Lessons[0].ID != m.lessons["page"] || got.Lessons[0].State != lms.LessonDone || got.Lessons[1].State != lms.LessonNotStarted {
			t.Errorf("who was under way: %d %s %v", got.LessonsDone, got.Status, m.titles(got))
		}
		if got := m.own(t, m.c, through); got.Status != lms.Completed || got.LessonsDone != 4 || got.Lessons[2].ID != m.school.lessons["pdf"] || got.Certificate.IsZero() {
			t.Errorf("who was through: %s %v", got.Status, m.titles(got))
		}
		if got := m.own(t, m.c, testing); got.Status != lms.Interrupted || got.Lessons[3].ID != m.school.lessons["quiz"] {
			t.Errorf("who was in a test: %s %v", got.Status, m.titles(got))
		}
		m.answer(t, m.c, testing, open.ID, true)
		if done := m.submit(t, m.c, testing, open.ID); !done.Passed {
			t.Error("the test under way is not passed")
		}
		if got := m.own(t, m.c, testing); got.Status != lms.Completed {
			t.Errorf("after the test: %s", got.Status)
		}
		got = m.own(t, m.c, late)
		if got.LessonsDone != 2 || got.Status == lms.Completed || got.Status == lms.NotStarted { // page and video; the quiz was failed, the PDF is gone
			t.Errorf("who had failed: %d %s %v", got.LessonsDone, got.Status, m.titles(got))
		}
		if old, err := m.learn.FindAttempt(t.Context(), m.c.ID, m.c.Staff[late], failed.ID); err != nil || old.Lesson != m.lessons["quiz"] {
			t.Errorf("the failed test: %v %v", old.Lesson, err)
		}
		// They go on and finish: the new page, and the quiz.
		if _, err := m.learn.OpenLesson(t.Context(), m.c.ID, m.c.Staff[late], m.c.enrolment[late], m.lessons["new"]); err != nil {
			t.Fatal(err)
		}
		m.save(t, m.c, late, lms.ProgressItem{Lesson: m.lessons["new"], Done: true})
		again, err := m.learn.StartAttempt(t.Context(), m.c.ID, m.c.Staff[late], m.c.enrolment[late], m.lessons["quiz"], "d")
		if err != nil || again.Number != 2 {
			t.Fatalf("the second try: %d %v", again.Number, err)
		}
		m.answer(t, m.c, late, again.ID, true)
		m.submit(t, m.c, late, again.ID)
		if got := m.own(t, m.c, late); got.Status != lms.Completed || got.LessonsDone != 4 {
			t.Errorf("at the end: %d %s", got.LessonsDone, got.Status)
		}
		if other := m.own(t, m.b, 0); other.Lessons[2].ID != m.school.lessons["pdf"] {
			t.Error("another organisation's round went over, too")
		}
		audit := tenant.NewAudit(d, []byte("test key of thirty-two bytes ...."), m.clock.Now)
		records := lms.NewTrainingRecords(d, audit, lms.NewRounds(d, audit, content.NewVersions(d, m.clock.Now, 0), m.clock.Now), m.clock.Now)
		rec, _, err := records.Draw(t.Context(), m.c.ID, m.c.round)
		if err != nil || rec.Course.Number != 2 || len(rec.Others) != 1 || rec.Others[0].Number != 1 || len(rec.Others[0].Lessons) != 4 {
			t.Fatalf("the record: version %d, others %+v, %v", rec.Course.Number, rec.Others, err)
		}
		took := map[int]int{}
		for _, p := range rec.Attendees {
			took[p.Version]++
		}
		if took[1] != 2 || took[0] != 1 { // through and testing in the first, late in the round's
			t.Errorf("the record says who took which version: %v", took)
		}
	})
}

// What was done without a network before somebody went over arrives under the old ids, and is not lost.
func TestLateMessagesAfterMovingOver(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		m := newMoved(t, d)
		m.open(t, m.c, 0, "page")
		m.open(t, m.c, 0, "pdf")
		m.clock.Add(2 * time.Minute)
		m.move(t, lms.MoveKeep)
		answer := m.save(t, m.c, 0, lms.ProgressItem{Lesson: m.school.lessons["page"], Done: true}, lms.ProgressItem{Lesson: m.school.lessons["pdf"], Seen: lms.Spans{{1, 4}}})
		if answer.Items[0] != lms.ItemSaved || answer.Items[1] != lms.ItemSaved {
			t.Errorf("answered %v", answer.Items)
		}
		if got := m.own(t, m.c, 0); got.LessonsDone != 1 || got.Lessons[0].State != lms.LessonDone {
			t.Errorf("%d done, %v", got.LessonsDone, m.titles(got))
		}
		opened, err := m.learn.OpenLesson(t.Context(), m.c.ID, m.c.Staff[0], m.c.enrolment[0], m.school.lessons["video"])
		if err != nil || opened.Lesson.ID != m.lessons["video"] {
			t.Errorf("an old address opens %v %v", opened.Lesson.Title, err)
		}
	})
}

// Starting again leaves everything with the version it was done in.
func TestMoveOverAndBeginAgain(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		m := newMoved(t, d)
		m.study(t, m.c, 1)
		m.move(t, lms.MoveRestart)
		if got := m.own(t, m.c, 1); got.LessonsDone != 0 || got.Status != lms.InProgress || got.Lessons[0].State != lms.LessonNotStarted {
			t.Errorf("%d done, %s, %v", got.LessonsDone, got.Status, m.titles(got))
		}
		var kept int
		if err := d.QueryRow(t.Context(), `SELECT COUNT(*) FROM progress WHERE tenant_id = ? AND enrolment_id = ? AND state = 'done'`, m.c.ID, m.c.enrolment[1]).Scan(&kept); err != nil || kept != 3 {
			t.Errorf("%d kept as evidence, %v", kept, err)
		}
	})
}

// People learn while they go over: whatever comes first, what they finished counts, in one version or the other.
func TestMoveOverWhilePeopleLearn(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		m := newMoved(t, d)
		for who := range m.c.enrolment {
			m.open(t, m.c, who, "page")
		}
		var wg sync.WaitGroup
		for who := range m.c.enrolment {
			wg.Go(func() {
				if _, err := m.learn.SaveProgress(t.Context(), m.c.ID, m.c.Staff[who], lms.ProgressBatch{Now: m.ms(0), Items: []lms.ProgressItem{{Enrolment: m.c.enrolment[who], Lesson: m.school.lessons["page"], Done: true, At: m.ms(0)}}}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Go(func() { m.move(t, lms.MoveKeep) })
		wg.Wait()
		for who := range m.c.enrolment {
			if got := m.own(t, m.c, who); got.LessonsDone != 1 || got.Lessons[0].ID != m.lessons["page"] || got.Lessons[0].State != lms.LessonDone {
				t.Errorf("%d: %d done, %v", who, got.LessonsDone, m.titles(got))
			}
		}
	})
}

// What was answered to a survey stays, whatever becomes of the survey: whoever begins again is not asked twice, and what an earlier version asked is shown beside the rest.
func TestSurveysAfterMovingOver(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		gone, changed := opinions(content.SurveyNamed), opinions(content.SurveyNamed)
		c, lessons := s.courseOf(t, s.A, gone, changed, content.Body{Page: &content.PageBody{HTML: "<p>はじめに</p>"}})
		before := s.version
		q := changed.Survey.Questions
		answer := func(who int, lesson db.ID, choice string, of []content.SurveyQuestion) {
			t.Helper()
			if _, err := s.opine(t, c, who, lesson, lms.SurveyAnswer{Question: of[0].ID, Choices: []string{choice}}); err != nil {
				t.Fatal(err)
			}
		}
		answer(0, lessons[0], "n", gone.Survey.Questions)
		answer(0, lessons[1], "n", q)

		second, asked := db.NewID(), *changed.Survey
		asked.Questions = []content.SurveyQuestion{q[0], {ID: db.NewID(), Kind: content.SurveyText, Text: "新しい問い"}}
		asked.Questions[0].Choices = []content.Choice{{ID: "y", Text: "はい"}, {ID: "m", Text: "少し"}}
		s.run(t, `INSERT INTO course_version (tenant_id, id, course_id, number, title, summary, language, lesson_count, published_by, published_at, offered_at)
 SELECT tenant_id, ?, course_id, number + 1, title, summary, language, 2, published_by, published_at, 1 FROM course_version WHERE tenant_id = ? AND id = ?`, second, s.Association.ID, before)
		ids := []db.ID{db.NewID(), db.NewID()}
		for i, b := range []content.Body{{Survey: &asked}, {Page: &content.PageBody{HTML: "<p>はじめに（改）</p>"}}} {
			raw, err := b.JSON()
			if err != nil {
				t.Fatal(err)
			}
			s.run(t, `INSERT INTO version_lesson (tenant_id, id, course_version_id, lesson_id, position, kind, title, body)
 SELECT tenant_id, ?, ?, lesson_id, ?, kind, title, ? FROM version_lesson WHERE tenant_id = ? AND id = ?`, ids[i], second, i+1, raw, s.Association.ID, lessons[i+1])
		}
		s.moveTo(t, c.ID, second, lms.MoveRestart)

		if got := s.own(t, c, 0); got.LessonsDone != 1 || got.Lessons[0].State != lms.LessonDone || got.Lessons[1].State != lms.LessonNotStarted || got.MovedAt.IsZero() || !got.BeganAgain {
			t.Errorf("who had answered: %d done, %v, moved %v", got.LessonsDone, got.Lessons, got.MovedAt)
		}
		answer(1, ids[0], "m", asked.Questions)
		list, err := s.surveys().List(t.Context(), c.ID, c.round)
		if err != nil || len(list) != 2 || list[0].Lesson != ids[0] || list[0].Answered != 2 || list[1].Lesson != lessons[0] || list[1].Answered != 1 {
			t.Fatalf("%+v %v", list, err)
		}
		r, err := s.surveys().Find(t.Context(), c.ID, c.round, ids[0])
		if err != nil || len(r.Results) != 5 { // the new two, and three that only the earlier version asked
			t.Fatalf("%+v %v", r, err)
		}
		if old, err := s.surveys().Find(t.Context(), c.ID, c.round, lessons[1]); err != nil || old.Lesson != ids[0] || old.Answered != 2 {
			t.Errorf("by its address of before: %+v %v", old, err)
		}
		first := r.Results[0]
		if len(first.Question.Choices) != 3 || first.Answered != 2 || first.Counts[0] != 0 || first.Counts[1] != 1 || first.Counts[2] != 1 {
			t.Errorf("the answers of both versions: %+v", first)
		}
		if r, err := s.surveys().Find(t.Context(), c.ID, c.round, lessons[0]); err != nil || r.Answered != 1 || r.Results[0].Counts[1] != 1 {
			t.Errorf("the survey that is gone: %+v %v", r, err)
		}
	})
}

// nextVersion publishes another version of the course of s.version: lessons by the id they had there, each with its body of now.
func (s *school) nextVersion(t *testing.T, number int, was []db.ID, bodies ...content.Body) (version db.ID, ids []db.ID) {
	t.Helper()
	version = db.NewID()
	s.run(t, `INSERT INTO course_version (tenant_id, id, course_id, number, title, summary, language, lesson_count, published_by, published_at, offered_at)
 SELECT tenant_id, ?, course_id, ?, title, summary, language, ?, published_by, published_at, 1 FROM course_version WHERE tenant_id = ? AND id = ?`, version, number, len(bodies), s.Association.ID, s.version)
	for i, b := range bodies {
		raw, err := b.JSON()
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, db.NewID())
		s.run(t, `INSERT INTO version_lesson (tenant_id, id, course_version_id, lesson_id, position, kind, title, body)
 SELECT tenant_id, ?, ?, lesson_id, ?, kind, title, ? FROM version_lesson WHERE tenant_id = ? AND id = ?`, ids[i], version, i+1, raw, s.Association.ID, was[i])
	}
	return version, ids
}

func pages(texts ...string) (list []content.Body) {
	for _, text := range texts {
		list = append(list, content.Body{Page: &content.PageBody{HTML: "<p>" + text + "</p>"}})
	}
	return list
}

// Whoever chose that people begin again is not overruled by a later choice to keep, however the jobs come; what arrives late from before counts for nothing.
func TestBeginningAgainIsNotOvertaken(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		c, lessons := s.courseOf(t, s.A, pages("一", "二")...)
		for _, l := range lessons {
			if _, err := s.learn.OpenLesson(t.Context(), c.ID, c.Staff[0], c.enrolment[0], l); err != nil {
				t.Fatal(err)
			}
		}
		s.save(t, c, 0, lms.ProgressItem{Lesson: lessons[0], Done: true})
		second, _ := s.nextVersion(t, 4, lessons, pages("一", "二の改")...)
		third, ids := s.nextVersion(t, 5, lessons, pages("一", "二の改の改")...)
		s.choose(t, c.ID, second, lms.MoveRestart)
		s.moveTo(t, c.ID, third, lms.MoveKeep)
		s.moveJob(t, c.ID, second)
		s.save(t, c, 0, lms.ProgressItem{Lesson: lessons[0], Done: true}) // a tab that stayed open
		got := s.own(t, c, 0)
		if got.LessonsDone != 0 || !got.BeganAgain || got.Lessons[0].ID != ids[0] || got.Lessons[0].State != lms.LessonNotStarted {
			t.Errorf("%d done, began again %v, %v", got.LessonsDone, got.BeganAgain, got.Lessons)
		}
		if _, err := s.learn.OpenLesson(t.Context(), c.ID, c.Staff[0], c.enrolment[0], lessons[0]); err != nil { // its address leads to the lesson of now
			t.Fatal(err)
		}
		s.save(t, c, 0, lms.ProgressItem{Lesson: ids[0], Done: true})
		fourth, last := s.nextVersion(t, 6, lessons, pages("一", "二の終わり")...)
		s.moveTo(t, c.ID, fourth, lms.MoveKeep)
		if got := s.own(t, c, 0); got.LessonsDone != 1 || got.BeganAgain || got.Lessons[0].ID != last[0] {
			t.Errorf("after a choice to keep: %d done, began again %v, %v", got.LessonsDone, got.BeganAgain, got.Lessons)
		}
	})
}

// A lesson that was gone for a version and came back is as done as it was; who is away goes over, too; a test that was left the day before holds nobody; a closed round stays as it is.
func TestWhoAndWhatGoesOver(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		c, lessons := s.courseOf(t, s.A, append(pages("一", "二"), content.Body{Quiz: &s.quiz})...)
		closed := s.class(t, s.B)
		s.run(t, `UPDATE round SET state = 'closed' WHERE tenant_id = ? AND id = ?`, s.B.ID, closed.round)
		for who := range 2 {
			if _, err := s.learn.OpenLesson(t.Context(), c.ID, c.Staff[who], c.enrolment[who], lessons[1]); err != nil {
				t.Fatal(err)
			}
			s.save(t, c, who, lms.ProgressItem{Lesson: lessons[1], Done: true})
		}
		if _, err := s.learn.StartAttempt(t.Context(), c.ID, c.Staff[1], c.enrolment[1], lessons[2], "k"); err != nil {
			t.Fatal(err)
		}
		s.run(t, `UPDATE enrolment SET status = 'withdrawn' WHERE tenant_id = ? AND id = ?`, c.ID, c.enrolment[0])
		second, _ := s.nextVersion(t, 4, []db.ID{lessons[0], lessons[2]}, pages("一")[0], content.Body{Quiz: &s.quiz})
		s.moveTo(t, c.ID, second, lms.MoveKeep)
		if got := s.own(t, c, 1); len(got.Lessons) != 3 {
			t.Errorf("who is in a test went over: %v", got.Lessons)
		}
		s.clock.Add(25 * time.Hour)
		third, ids := s.nextVersion(t, 5, lessons, append(pages("一", "二"), content.Body{Quiz: &s.quiz})...)
		s.moveTo(t, c.ID, third, lms.MoveKeep)
		s.moveTo(t, s.B.ID, third, lms.MoveKeep)
		s.run(t, `UPDATE enrolment SET status = 'in_progress' WHERE tenant_id = ? AND id = ?`, c.ID, c.enrolment[0])
		for who := range 2 {
			if got := s.own(t, c, who); got.LessonsDone != 1 || got.Lessons[1].ID != ids[1] || got.Lessons[1].State != lms.LessonDone {
				t.Errorf("%d: %d done, %v", who, got.LessonsDone, got.Lessons)
			}
		}
		var version db.ID
		if err := d.QueryRow(t.Context(), `SELECT course_version_id FROM round WHERE tenant_id = ? AND id = ?`, s.B.ID, closed.round).Scan(&version); err != nil || version != s.version {
			t.Errorf("a closed round went over: %v", err)
		}
	})
}

// A promise is made again when its words are others, and the record has the words of every signature.
func TestPledgesAfterMovingOver(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		pledge := func(text string) content.Body { return content.Body{Pledge: &content.PledgeBody{Text: text}} }
		c, lessons := s.courseOf(t, s.A, pledge("守ります。"), pages("一")[0])
		var name string
		if err := d.QueryRow(t.Context(), `SELECT name FROM person WHERE tenant_id = ? AND id = ?`, c.ID, c.Staff[0]).Scan(&name); err != nil {
			t.Fatal(err)
		}
		if _, err := s.learn.SignPledge(t.Context(), c.ID, c.Staff[0], c.enrolment[0], lessons[0], name, s.ms(0), s.ms(0)); err != nil {
			t.Fatal(err)
		}
		second, ids := s.nextVersion(t, 4, lessons, pledge("かならず守ります。"), pages("一")[0])
		s.moveTo(t, c.ID, second, lms.MoveKeep)
		if got := s.own(t, c, 0); got.LessonsDone != 0 || got.Lessons[0].State != lms.LessonNotStarted {
			t.Errorf("other words count as signed: %v", got.Lessons)
		}
		if _, err := s.learn.SignPledge(t.Context(), c.ID, c.Staff[0], c.enrolment[0], lessons[0], name, s.ms(0), s.ms(0)); !fault.Is(err, fault.Conflict) {
			t.Errorf("the words of before are signed: %v", err)
		}
		if _, err := s.learn.SignPledge(t.Context(), c.ID, c.Staff[0], c.enrolment[0], ids[0], name, s.ms(0), s.ms(0)); err != nil {
			t.Fatal(err)
		}
		third, _ := s.nextVersion(t, 5, lessons[1:], pages("一")[0])
		s.moveTo(t, c.ID, third, lms.MoveKeep)
		audit := tenant.NewAudit(d, []byte("test key of thirty-two bytes ...."), s.clock.Now)
		rec, _, err := lms.NewTrainingRecords(d, audit, lms.NewRounds(d, audit, content.NewVersions(d, s.clock.Now, 0), s.clock.Now), s.clock.Now).Draw(t.Context(), c.ID, c.round)
		if err != nil || rec.Course.Number != 5 || len(rec.Others) != 2 || rec.Others[0].Lessons[0].Text != "かならず守ります。" || rec.Others[1].Lessons[0].Text != "守ります。" {
			t.Fatalf("%+v %v", rec.Others, err)
		}
		signed := 0
		for _, p := range append(rec.Attendees, rec.Absentees...) {
			signed += len(p.Pledges)
		}
		if signed != 2 {
			t.Errorf("%d signatures in the record", signed)
		}
	})
}

// Who is second with a version is told when something else was chosen with it; the same again, or no choice, is a repeat.
func TestMoveChosenOtherwise(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		m := newMoved(t, d)
		m.choose(t, m.c.ID, m.second, lms.MoveKeep)
		again := func(version db.ID, how lms.Move) error {
			t.Helper()
			v, err := content.NewVersions(d, m.clock.Now, 0).FindVersion(t.Context(), m.c.ID, m.Association.ID.Number(), version)
			if err != nil {
				t.Fatal(err)
			}
			return d.Tx(t.Context(), func(tx *db.Tx) error { return m.learn.Moving(m.c.ID, how).Again(t.Context(), tx, v) })
		}
		for how, refused := range map[lms.Move]bool{"": false, lms.MoveKeep: false, lms.MoveStay: true, lms.MoveRestart: true} {
			if err := again(m.second, how); fault.Is(err, fault.Conflict) != refused || (err != nil) != refused {
				t.Errorf("%q after %q: %v", how, lms.MoveKeep, err)
			}
		}
		for how, refused := range map[lms.Move]bool{"": false, lms.MoveKeep: true, lms.MoveStay: false, lms.MoveRestart: true} {
			if err := again(m.version, how); fault.Is(err, fault.Conflict) != refused || (err != nil) != refused {
				t.Errorf("%q after people carried on: %v", how, err)
			}
		}
	})
}

// A round that is closed while it goes over is finished with when it is opened again: to the version it went to, not to a later one; who completed stays.
func TestMoveIsFinishedWhenARoundIsOpenedAgain(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		m := newMoved(t, d)
		m.save(t, m.c, 0, lms.ProgressItem{Lesson: m.school.lessons["page"], Done: true})
		m.move(t, lms.MoveKeep)
		left := m.c.enrolment[:3] // as when the job was broken off: the round has the new version, they have not
		for _, e := range left {
			m.run(t, `UPDATE enrolment SET course_version_id = ?, moved_at = NULL WHERE tenant_id = ? AND id = ?`, m.version, m.c.ID, e)
		}
		m.run(t, `UPDATE enrolment SET status = 'completed' WHERE tenant_id = ? AND id = ?`, m.c.ID, left[2])
		rounds := lms.NewRounds(d, tenant.NewAudit(d, make([]byte, 32), m.clock.Now), content.NewVersions(d, m.clock.Now, 0), m.clock.Now)
		ctx := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: m.c.ID, Person: m.c.Manager, Role: string(tenant.RoleManager)})
		set := func(state lms.RoundState) (jobs []db.Job) {
			t.Helper()
			r, err := rounds.Find(ctx, m.c.ID, m.c.round)
			if err != nil {
				t.Fatal(err)
			}
			m.run(t, `DELETE FROM job WHERE kind = ?`, lms.KindMoveRest)
			if _, err := rounds.Update(ctx, m.c.ID, m.c.round, lms.RoundChange{Version: r.Version, State: &state}); err != nil {
				t.Fatal(err)
			}
			err = db.Each(ctx, d, `SELECT payload FROM job WHERE kind = ?`, []any{lms.KindMoveRest}, func(scan func(...any) error) error {
				var payload []byte
				err := scan(&payload)
				jobs = append(jobs, db.Job{Tenant: m.c.ID.Number(), Payload: payload})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return jobs
		}
		if jobs := set(lms.RoundClosed); len(jobs) != 0 {
			t.Errorf("closing plans %d jobs", len(jobs))
		}
		jobs := set(lms.RoundOpen)
		if len(jobs) != 1 {
			t.Fatalf("opening plans %d jobs", len(jobs))
		}
		for range 2 {
			if err := m.learn.MoveRestJob(ctx, jobs[0], func(int64, int64) {}); err != nil {
				t.Fatal(err)
			}
		}
		over := 0
		if err := d.QueryRow(ctx, `SELECT COUNT(*) FROM enrolment WHERE tenant_id = ? AND round_id = ? AND course_version_id = ?`, m.c.ID, m.c.round, m.second).Scan(&over); err != nil || over != len(m.c.enrolment)-1 {
			t.Errorf("%d of %d have the new version: %v", over, len(m.c.enrolment), err)
		}
		if out := m.own(t, m.c, 0); out.LessonsDone != 1 || len(out.Lessons) != 4 {
			t.Errorf("what was done did not come along: %d done, %v", out.LessonsDone, m.titles(out))
		}
		set(lms.RoundClosed)
		if jobs := set(lms.RoundOpen); len(jobs) != 0 {
			t.Errorf("with nobody left behind opening plans %d jobs", len(jobs))
		}
	})
}
