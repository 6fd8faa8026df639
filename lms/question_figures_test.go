package lms_test

import (
	"context"
	"math"
	"testing"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// answeredTest is a question of the bank and what was answered to it, written as learners leave it.
type answeredTest struct {
	*school
	figures  *lms.QuestionFigures
	bank     *content.Questions
	question db.ID
	version  db.ID
	ctx      context.Context
}

func newAnsweredTest(t *testing.T, d *db.DB, in content.Question) answeredTest {
	t.Helper()
	s := newSchool(t, d)
	audit := tenant.NewAudit(d, []byte("test key of thirty-two bytes ...."), s.clock.Now)
	a := answeredTest{school: s, bank: content.NewQuestions(d, audit, s.clock.Now), question: db.NewID()}
	a.ctx = tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: s.a.ID, Person: s.a.Editor, Role: "editor"})
	q, err := a.bank.Create(a.ctx, s.a.ID, a.question, content.QuestionInput{Category: "安全", Question: in})
	if err != nil {
		t.Fatal(err)
	}
	a.version = q.Question.ID
	a.figures = lms.NewQuestionFigures(d, a.bank, lms.DefaultFigureLimits)
	return a
}

// attempt writes an attempt at a quiz of ten questions, the one of the test among them.
func (a answeredTest) attempt(t *testing.T, enrolment db.ID, number int, answer string, correct, othersRight int) {
	t.Helper()
	id, now := db.NewID(), a.clock.Now().UnixMicro()
	a.run(t, `INSERT INTO attempt (tenant_id, id, enrolment_id, version_lesson_id, number, paper, state, score_percent, passed, started_at, submitted_at, asked_count, right_count) VALUES (?, ?, ?, ?, ?, '{}', 'submitted', 0, 0, ?, ?, 10, ?)`,
		a.a.ID, id, enrolment, db.NewID(), number, now, now, othersRight+correct)
	a.run(t, `INSERT INTO attempt_answer (tenant_id, attempt_id, question_id, answer, client_seq, correct, answered_at) VALUES (?, ?, ?, ?, 1, ?, ?)`, a.a.ID, id, a.version.String(), answer, correct, now)
}

func (a answeredTest) find(t *testing.T) lms.QuestionReport {
	t.Helper()
	out, err := a.figures.Find(a.ctx, a.a.ID, a.question, 0)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var twoChoices = content.Question{Kind: content.QuestionSingle, Text: "問", Choices: []content.Choice{{ID: "a", Text: "ア"}, {ID: "b", Text: "イ"}, {ID: "c", Text: "ウ"}}, Correct: []string{"a"}}

// The figures are those of the definition, computed here over the answers one by one.
func TestQuestionFigures(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		a := newAnsweredTest(t, d, twoChoices)
		var right, rest []float64
		add := func(answer string, correct, others int) {
			a.attempt(t, a.a.enrolment[len(right)%2], 1, answer, correct, others)
			right, rest = append(right, float64(correct)), append(rest, float64(others)/9)
		}
		for i := range 9 {
			add(`["a"]`, 1, i)
		}
		if got := a.find(t); got.Whole.Asked != 9 || got.Whole.Facility != nil || got.Whole.Right != 0 || len(got.Given) != 0 {
			t.Errorf("nine answers tell %+v", got)
		}
		for i := range 21 {
			answer, correct := `["b"]`, 0
			if i%3 == 0 {
				answer, correct = `["a"]`, 1
			}
			if i == 1 {
				answer = `[]`
			}
			add(answer, correct, 2+i%8)
		}
		// A second attempt, one that is not handed in, and another organisation's do not count.
		a.attempt(t, a.a.enrolment[0], 2, `["a"]`, 1, 9)
		a.run(t, `UPDATE attempt SET state = 'open' WHERE tenant_id = ? AND id = ?`, a.a.ID, a.start(t, a.a, 0, "").ID)
		got := a.find(t)
		if got.Number != 1 || got.Whole.Asked != 30 || got.Whole.Right != 16 || got.Whole.Facility == nil || math.Abs(*got.Whole.Facility-16.0/30) > 1e-9 {
			t.Fatalf("whole: %+v", got.Whole)
		}
		if want := correlation(right, rest); got.Whole.Discrimination == nil || math.Abs(*got.Whole.Discrimination-want) > 1e-9 {
			t.Errorf("discrimination %v, want %v", *got.Whole.Discrimination, want)
		}
		if len(got.Rounds) != 1 || got.Rounds[0].Title != "2026年度" || got.Rounds[0].Asked != 30 {
			t.Errorf("rounds: %+v", got.Rounds)
		}
		if got.Open != 1 || len(got.Given) != 3 || got.Given[0].Count != 16 || !got.Given[0].Right || got.Given[1].Count != 13 || got.Given[2].Count != 0 {
			t.Errorf("given: %+v, open %d", got.Given, got.Open)
		}
		if _, err := a.figures.Find(a.ctx, a.b.ID, a.question, 0); !fault.Is(err, fault.NotFound) {
			t.Errorf("another organisation's question: %v", err)
		}
		if _, err := a.figures.Find(a.ctx, a.a.ID, a.question, 7); !fault.Is(err, fault.NotFound) {
			t.Errorf("a version that does not exist: %v", err)
		}
	})
}

// correlation is Pearson's, straight from its definition.
func correlation(x, y []float64) float64 {
	mean := func(list []float64) (m float64) {
		for _, v := range list {
			m += v / float64(len(list))
		}
		return m
	}
	mx, my := mean(x), mean(y)
	var xy, xx, yy float64
	for i := range x {
		xy += (x[i] - mx) * (y[i] - my)
		xx += (x[i] - mx) * (x[i] - mx)
		yy += (y[i] - my) * (y[i] - my)
	}
	return xy / math.Sqrt(xx*yy)
}

// When everybody did alike there is nothing to compare, and that is no number.
func TestQuestionFiguresWithoutSpread(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		a := newAnsweredTest(t, d, twoChoices)
		for i := range 40 {
			a.attempt(t, a.a.enrolment[0], 1, `["a"]`, 1, i%9)
		}
		if got := a.find(t).Whole; got.Discrimination != nil || got.Facility == nil || *got.Facility != 1 {
			t.Errorf("everybody was right: %+v", got)
		}
	})
}

// What only one or two people typed stays theirs; what several typed alike is told once.
func TestTypedAnswersOfFewStayUntold(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		a := newAnsweredTest(t, d, content.Question{Kind: content.QuestionShortText, Text: "略称は", Accepted: []string{"ISMS"}})
		for i := range 12 {
			answer, correct := `["ＩＳＭＳ"]`, 1
			switch {
			case i < 2:
				answer, correct = `["私は山田です"]`, 0
			case i < 5:
				answer, correct = `["isms"]`, 1
			}
			a.attempt(t, a.a.enrolment[0], 1, answer, correct, 3)
		}
		got := a.find(t)
		if len(got.Given) != 1 || got.Given[0].Count != 10 || !got.Given[0].Right {
			t.Errorf("typed: %+v", got.Given)
		}
	})
}

// A new version begins anew; the figures of the old one stay, and the old one is shown until the new one was asked.
func TestQuestionFiguresOfVersions(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		a := newAnsweredTest(t, d, twoChoices)
		for range 11 {
			a.attempt(t, a.a.enrolment[0], 1, `["a"]`, 1, 3)
		}
		changed := twoChoices
		changed.Text = "問、改"
		if _, err := a.bank.Update(a.ctx, a.a.ID, a.question, 1, content.QuestionInput{Category: "安全", Question: changed}); err != nil {
			t.Fatal(err)
		}
		got := a.find(t)
		if got.Number != 1 || got.Whole.Asked != 11 || len(got.Versions) != 2 || got.Versions[0].Number != 2 || got.Versions[0].Asked != 0 {
			t.Errorf("after a change: %+v", got)
		}
		if newest, err := a.figures.Find(a.ctx, a.a.ID, a.question, 2); err != nil || newest.Whole.Asked != 0 || newest.Question.Text != "問、改" {
			t.Errorf("the new version: %+v %v", newest.Whole, err)
		}
	})
}

// An attempt that is handed in says how many questions it asked and how many were right, and so do its answers.
func TestSubmittedAttemptIsCounted(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		s.study(t, s.a, 0)
		attempt := s.start(t, s.a, 0, "")
		s.answer(t, s.a, 0, attempt.ID, true)
		s.submit(t, s.a, 0, attempt.ID)
		if got := s.rows(t, `SELECT asked_count, right_count FROM attempt WHERE tenant_id = ? AND id = ?`, s.a.ID, attempt.ID); got != `[[3,3]]` {
			t.Errorf("counted %s", got)
		}
	})
}
