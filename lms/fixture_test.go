package lms_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"kenshu/content"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// canary stands in every right answer's explanation: wherever it turns up before its time, an answer has leaked.
const canary = "CANARY-7731"

// school is a world with one course of the association (page, video without skipping, PDF, quiz) and a round of it in both organisations.
type school struct {
	kit.World
	db      *db.DB
	clock   *kit.Clock
	version db.ID
	lessons map[string]db.ID // by kind
	quiz    content.QuizBody
	learn   *lms.Learning
	certs   *lms.Certificates
	a, b    class
}

// class is one organisation's round with an enrolment of each of its staff.
type class struct {
	kit.Org
	round     db.ID
	enrolment []db.ID
}

func newSchool(t testing.TB, d *db.DB, change ...func(*content.QuizBody)) *school {
	t.Helper()
	s := &school{World: kit.NewWorld(t, d), db: d, clock: kit.NewClock(), lessons: map[string]db.ID{}, version: db.NewID()}
	s.quiz = content.QuizBody{PassPercent: 100, Shuffle: true, ShuffleChoices: true, Show: content.ShowAfterPass, Questions: []content.Question{
		{ID: db.NewID(), Kind: content.QuestionSingle, Text: "一つ選ぶ", Choices: []content.Choice{{ID: "a", Text: "ア"}, {ID: "b", Text: "イ"}, {ID: "c", Text: "ウ"}}, Correct: []string{"b"}, Explanation: canary},
		{ID: db.NewID(), Kind: content.QuestionMultiple, Text: "すべて選ぶ", Choices: []content.Choice{{ID: "a", Text: "ア"}, {ID: "b", Text: "イ"}, {ID: "c", Text: "ウ"}}, Correct: []string{"a", "c"}, Explanation: canary},
		{ID: db.NewID(), Kind: content.QuestionTrueFalse, Text: "正しいか", Choices: []content.Choice{{ID: "true", Text: "正しい"}, {ID: "false", Text: "誤り"}}, Correct: []string{"false"}, Explanation: canary},
	}}
	for _, f := range change {
		f(&s.quiz)
	}
	audit := tenant.NewAudit(d, []byte("test key of thirty-two bytes ...."), s.clock.Now)
	s.certs = lms.NewCertificates(d, audit, s.clock.Now, "https://kenshu.example.jp")
	s.learn = lms.NewLearning(d, content.NewVersions(d, s.clock.Now, 0), s.certs, s.clock.Now, lms.DefaultLearningLimits)
	s.course(t)
	s.a, s.b = s.class(t, s.A), s.class(t, s.B)
	return s
}

func (s *school) run(t testing.TB, query string, args ...any) {
	t.Helper()
	if _, err := s.db.Exec(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

func (s *school) course(t testing.TB) {
	t.Helper()
	tid, now, course := s.Association.ID, s.clock.Now().UnixMicro(), db.NewID()
	s.run(t, `INSERT INTO course (tenant_id, id, title, summary, language, shared, state, created_by, created_at, updated_at) VALUES (?, ?, '個人情報の基本', '要約', 'ja', 'all', 'published', ?, ?, ?)`,
		tid, course, s.Association.Editor, now, now)
	s.run(t, `INSERT INTO course_version (tenant_id, id, course_id, number, title, summary, language, lesson_count, published_by, published_at, offered_at) VALUES (?, ?, ?, 1, '個人情報の基本', '要約', 'ja', 4, ?, ?, 1)`,
		tid, s.version, course, s.Association.Editor, now)
	for i, b := range []content.Body{
		{Page: &content.PageBody{HTML: "<p>はじめに</p>"}},
		{Video: &content.VideoBody{Asset: db.NewID(), Captions: []content.Caption{}, NoSkip: true, Speed: true, DurationMS: 100_000}},
		{PDF: &content.PDFBody{Asset: db.NewID(), Pages: 3}},
		{Quiz: &s.quiz},
	} {
		body, err := b.JSON()
		if err != nil {
			t.Fatal(err)
		}
		id := db.NewID()
		s.lessons[string(b.Kind())] = id
		s.run(t, `INSERT INTO version_lesson (tenant_id, id, course_version_id, lesson_id, position, kind, title, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			tid, id, s.version, db.NewID(), i+1, string(b.Kind()), "レッスン "+string(b.Kind()), body)
	}
}

func (s *school) class(t testing.TB, org kit.Org) class {
	t.Helper()
	c := class{Org: org}
	c.round = s.round(t, org, "2026年度", "2026-04-01", "2026-04-30")
	for _, person := range org.Staff {
		c.enrolment = append(c.enrolment, s.enrol(t, org, c.round, person, "2026-04-30"))
	}
	return c
}

func (s *school) round(t testing.TB, org kit.Org, title, starts, deadline string) db.ID {
	t.Helper()
	id, now := db.NewID(), s.clock.Now().UnixMicro()
	s.run(t, `INSERT INTO round (tenant_id, id, title, course_tenant_id, course_version_id, starts_on, deadline_on, state, created_by, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?, ?)`,
		org.ID, id, title, s.Association.ID, s.version, starts, deadline, org.Manager, now, now)
	return id
}

func (s *school) enrol(t testing.TB, org kit.Org, round, person db.ID, due string) db.ID {
	t.Helper()
	id := db.NewID()
	s.run(t, `INSERT INTO enrolment (tenant_id, id, round_id, person_id, status, due_on, lessons_total, created_at) VALUES (?, ?, ?, ?, 'not_started', ?, 4, ?)`,
		org.ID, id, round, person, due, s.clock.Now().UnixMicro())
	return id
}

func (s *school) ms(d time.Duration) int64 { return s.clock.Now().Add(d).UnixMilli() }

// save reports messages with the browser's clock right.
func (s *school) save(t testing.TB, c class, who int, items ...lms.ProgressItem) lms.ProgressAnswer {
	t.Helper()
	for i := range items {
		items[i].Enrolment = c.enrolment[who]
		if items[i].At == 0 {
			items[i].At = s.ms(0)
		}
	}
	answer, err := s.learn.SaveProgress(t.Context(), c.ID, c.Staff[who], lms.ProgressBatch{Now: s.ms(0), Items: items})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func (s *school) open(t testing.TB, c class, who int, kind string) lms.OwnLesson {
	t.Helper()
	l, err := s.learn.OpenLesson(t.Context(), c.ID, c.Staff[who], c.enrolment[who], s.lessons[kind])
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// study finishes every lesson but the quiz.
func (s *school) study(t testing.TB, c class, who int) {
	t.Helper()
	for _, kind := range []string{"page", "video", "pdf"} {
		s.open(t, c, who, kind)
	}
	s.clock.Add(2 * time.Minute)
	s.save(t, c, who,
		lms.ProgressItem{Lesson: s.lessons["page"], Done: true},
		lms.ProgressItem{Lesson: s.lessons["video"], Seen: lms.Spans{{0, 100_000}}, Spent: lms.Spans{{s.ms(-2 * time.Minute), s.ms(0)}}},
		lms.ProgressItem{Lesson: s.lessons["pdf"], Seen: lms.Spans{{1, 4}}},
	)
}

func (s *school) start(t testing.TB, c class, who int, key string) lms.Sheet {
	t.Helper()
	sheet, err := s.learn.StartAttempt(t.Context(), c.ID, c.Staff[who], c.enrolment[who], s.lessons["quiz"], key)
	if err != nil {
		t.Fatal(err)
	}
	return sheet
}

// answer gives every question its right answer, or none.
func (s *school) answer(t testing.TB, c class, who int, attempt db.ID, right bool) {
	t.Helper()
	for _, q := range s.quiz.Questions {
		given := q.Correct
		if !right {
			given = []string{q.Choices[0].ID}
		}
		if _, err := s.learn.SaveAnswer(t.Context(), c.ID, c.Staff[who], attempt, lms.Answering{Question: q.ID.String(), Answer: given, Seq: 1}); err != nil {
			t.Fatal(err)
		}
	}
}

func (s *school) submit(t testing.TB, c class, who int, attempt db.ID) lms.Sheet {
	t.Helper()
	sheet, err := s.learn.SubmitAttempt(t.Context(), c.ID, c.Staff[who], attempt, nil)
	if err != nil {
		t.Fatal(err)
	}
	return sheet
}

func (s *school) own(t testing.TB, c class, who int) lms.Outline {
	t.Helper()
	out, err := s.learn.FindOwn(t.Context(), c.ID, c.Staff[who], c.enrolment[who])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// rows gives a table's rows of one enrolment as text, to be compared as a whole.
func (s *school) rows(t testing.TB, query string, args ...any) string {
	t.Helper()
	rows, err := s.db.Query(context.Background(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all [][]any
	for rows.Next() {
		line := make([]any, len(columns))
		to := make([]any, len(columns))
		for i := range line {
			to[i] = &line[i]
		}
		if err := rows.Scan(to...); err != nil {
			t.Fatal(err)
		}
		for i, v := range line {
			if b, ok := v.([]byte); ok {
				line[i] = string(b)
			}
		}
		all = append(all, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
