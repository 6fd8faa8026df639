package lms_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
)

// drawing makes a quiz of n questions of the bank, of which so many are drawn beside a chosen one.
func drawing(n, count int, more func(*content.QuizBody)) func(*content.QuizBody) {
	return func(q *content.QuizBody) {
		q.Questions = nil
		var ids []db.ID
		for i := range n {
			id := db.NewID()
			ids = append(ids, id)
			q.Pool = append(q.Pool, content.Question{
				ID: id, Bank: db.NewID(), Kind: content.QuestionSingle, Text: fmt.Sprint("問", i), Choices: []content.Choice{{ID: "a", Text: "ア"}, {ID: "b", Text: "イ"}}, Correct: []string{"a"},
			})
		}
		q.Draws = []content.Draw{{Category: "全部", Count: count, From: ids}, {Questions: []db.ID{q.Pool[0].Bank}, From: ids[:1]}}
		more(q)
	}
}

func asked(s lms.Sheet) []string {
	var out []string
	for _, q := range s.Questions {
		out = append(out, q.Text)
	}
	slices.Sort(out)
	return out
}

func TestDrawnSetOfAnAttempt(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d, drawing(12, 4, func(*content.QuizBody) {}))
		sets := map[string]bool{}
		for range 8 {
			a := s.start(t, s.a, 0, "")
			set := asked(a)
			if len(slices.Compact(slices.Clone(set))) != 5 || !slices.Contains(set, "問0") {
				t.Fatalf("asked %v", set)
			}
			again, err := s.learn.FindAttempt(t.Context(), s.a.ID, s.a.Staff[0], a.ID)
			if err != nil || !slices.Equal(asked(again), set) {
				t.Fatalf("the set of an attempt changed: %v %v", asked(again), err)
			}
			sets[fmt.Sprint(set)] = true
			s.submit(t, s.a, 0, a.ID)
		}
		if len(sets) < 2 { // one set eight times has a chance of 1 in 330^7
			t.Error("every attempt has the same set")
		}
		// What was asked and left open is counted too.
		if got := s.rows(t, `SELECT COUNT(*), SUM(correct) FROM attempt_answer WHERE tenant_id = ?`, s.a.ID); got != `[[40,0]]` && got != `[[40,"0"]]` {
			t.Errorf("answers: %s", got)
		}
	})
}

// Everybody in a round has the same questions; the round copied from it has others, and the first one keeps its own.
func TestDrawnSetOfARound(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d, drawing(12, 4, func(q *content.QuizBody) { q.Set = content.SetRound }))
		first := asked(s.start(t, s.a, 0, ""))
		for who := range s.a.Staff {
			if got := asked(s.start(t, s.a, who, "")); !slices.Equal(got, first) {
				t.Errorf("person %d is asked %v, the first %v", who, got, first)
			}
		}
		next := s.a
		next.round = s.round(t, s.a.Org, "2027年度", "2026-04-01", "2027-04-30")
		s.run(t, `UPDATE round SET copied_from = ? WHERE tenant_id = ? AND id = ?`, s.a.round, s.a.ID, next.round)
		next.enrolment = []db.ID{s.enrol(t, s.a.Org, next.round, s.a.Staff[0], "2027-04-30")}
		for _, text := range asked(s.start(t, next, 0, "")) {
			if text != "問0" && slices.Contains(first, text) {
				t.Errorf("%s is asked again the year after", text)
			}
		}
		if got := asked(s.start(t, s.a, 1, "")); !slices.Equal(got, first) {
			t.Error("the new round changed the old one")
		}
	})
}

func TestOnlyTheFailedAgain(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d, drawing(10, 3, func(q *content.QuizBody) { q.Again, q.Show = content.AgainFailed, content.ShowNever }))
		answer := func(a lms.Sheet, right int) {
			for i, q := range a.Questions {
				choice := "a"
				if i >= right {
					choice = "b"
				}
				if _, err := s.learn.SaveAnswer(t.Context(), s.a.ID, s.a.Staff[0], a.ID, lms.Answering{Question: q.ID, Answer: []string{choice}, Seq: 1}); err != nil {
					t.Fatal(err)
				}
			}
		}
		first := s.start(t, s.a, 0, "")
		answer(first, 1)
		if got := s.submit(t, s.a, 0, first.ID); *got.ScorePercent != 25 || got.Passed {
			t.Fatalf("one of four: %+v", got.Attempt)
		}
		second := s.start(t, s.a, 0, "second")
		if len(second.Questions) != 3 || second.Kept != 1 || slices.Contains(asked(second), first.Questions[0].Text) {
			t.Fatalf("asked again: %v after %v", asked(second), asked(first))
		}
		answer(second, 2)
		if got := s.submit(t, s.a, 0, second.ID); *got.ScorePercent != 75 || got.Passed {
			t.Fatalf("three of four: %+v", got.Attempt)
		}
		third := s.start(t, s.a, 0, "third")
		answer(third, 1)
		got := s.submit(t, s.a, 0, third.ID)
		if len(third.Questions) != 1 || *got.ScorePercent != 100 || !got.Passed {
			t.Fatalf("all four: %+v", got.Attempt)
		}
		if got.Revealed || got.Questions[0].Correct != nil {
			t.Error("never is not never")
		}
		if after := s.start(t, s.a, 0, "after the pass"); len(after.Questions) != 4 || after.Kept != 0 {
			t.Errorf("after the pass %d are asked", len(after.Questions))
		}
	})
}

func TestTimeLimit(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d, drawing(3, 1, func(q *content.QuizBody) { q.TimeLimit = 10 }))
		a := s.start(t, s.a, 0, "")
		if a.SecondsLeft == nil || *a.SecondsLeft != 600 {
			t.Fatalf("seconds left: %v", a.SecondsLeft)
		}
		say := func(seq int64) error {
			_, err := s.learn.SaveAnswer(t.Context(), s.a.ID, s.a.Staff[0], a.ID, lms.Answering{Question: a.Questions[0].ID, Answer: []string{"a"}, Seq: seq})
			return err
		}
		s.clock.Add(10*time.Minute + 50*time.Second)
		if err := say(1); err != nil {
			t.Errorf("an answer that was on its way: %v", err)
		}
		s.clock.Add(20 * time.Second)
		if err := say(2); !fault.Is(err, fault.Conflict) {
			t.Errorf("an answer after the end: %v", err)
		}
		next := s.start(t, s.a, 0, "next")
		if next.ID == a.ID || next.Number != 2 {
			t.Error("the attempt goes on after its time")
		}
		old, err := s.learn.FindAttempt(t.Context(), s.a.ID, s.a.Staff[0], a.ID)
		if err != nil || old.State != lms.AttemptSubmitted || *old.ScorePercent != 50 {
			t.Errorf("the attempt whose time was over: %+v %v", old.Attempt, err)
		}
	})
}
