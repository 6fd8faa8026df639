package lms_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"kenshu/content"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
)

// late is what a browser hands in that had no network: every question answered so long after the attempt began, by a clock that is off by so much.
func late(s *school, a lms.Sheet, choice string, after, off time.Duration) []lms.Answering {
	var out []lms.Answering
	for _, q := range a.Questions {
		out = append(out, lms.Answering{
			Question: q.ID, Answer: []string{choice}, Seq: a.StartedAt.Add(after + off).UnixMilli(),
			At: a.StartedAt.Add(after + off).UnixMilli(), Now: s.clock.Now().Add(off).UnixMilli(),
		})
	}
	return out
}

// A test of ten minutes, answered and handed in without a network: what was given in time counts, whenever within a week it arrives.
func TestHandInWithoutNetwork(t *testing.T) {
	for _, c := range []struct {
		name         string
		limit        int // minutes
		given, comes time.Duration
		off          time.Duration
		unused       int
		passed       bool
	}{
		{"in time, an hour later", 10, 5 * time.Minute, time.Hour, 0, 0, true},
		{"in time, by a clock three days slow", 10, 5 * time.Minute, time.Hour, -72 * time.Hour, 0, true},
		{"in time, by a clock a year fast", 10, 5 * time.Minute, time.Hour, 365 * 24 * time.Hour, 0, true},
		{"in the last second of the grace", 10, 10*time.Minute + 59*time.Second, time.Hour, 0, 0, true},
		{"after the time", 10, 12 * time.Minute, time.Hour, 0, 2, false},
		{"in time, on the seventh day", 10, 5 * time.Minute, 7*24*time.Hour + 9*time.Minute, 0, 0, true},
		{"in time, after the seventh day", 10, 5 * time.Minute, 7*24*time.Hour + 11*time.Minute, 0, 2, false},
		{"before the attempt began, it says", 10, -time.Hour, time.Hour, 0, 0, true},
		{"without a limit, a month later", 0, 24 * time.Hour, 30 * 24 * time.Hour, 0, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSchool(t, kit.SQLite(t), drawing(3, 1, func(q *content.QuizBody) { q.TimeLimit = c.limit }))
			a := s.start(t, s.a, 0, "")
			if a.ArriveBy.IsZero() != (c.limit == 0) {
				t.Errorf("answers may arrive until %v", a.ArriveBy)
			}
			s.clock.Add(c.comes)
			for n := range 2 { // the answer to the first may have been lost
				got, err := s.learn.SubmitAttempt(t.Context(), s.a.ID, s.a.Staff[0], a.ID, late(s, a, "a", c.given, c.off))
				if err != nil || got.Unused != c.unused || got.Passed != c.passed || got.State != lms.AttemptSubmitted {
					t.Fatalf("hand-in %d: unused %d, passed %v, %s, %v", n+1, got.Unused, got.Passed, got.State, err)
				}
			}
			want := db.At(a.StartedAt.Add(max(0, c.given)))
			if got := s.rows(t, `SELECT DISTINCT answered_at FROM attempt_answer WHERE tenant_id = ? AND attempt_id = ?`, s.a.ID, a.ID); c.passed && got != fmt.Sprintf("[[%d]]", want.UnixMicro()) {
				t.Errorf("answered at %s, not %d", got, want.UnixMicro())
			}
		})
	}
}

// An answer that was kept without a network, its attempt not handed in, is judged by the same rule; and one bad answer keeps nothing else from being handed in.
func TestLateAnswers(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d, drawing(3, 1, func(q *content.QuizBody) { q.TimeLimit = 10 }))
		a := s.start(t, s.a, 0, "")
		s.clock.Add(time.Hour)
		given := late(s, a, "a", time.Minute, 0)
		if got, err := s.learn.SaveAnswer(t.Context(), s.a.ID, s.a.Staff[0], a.ID, given[0]); err != nil || !got.Saved {
			t.Errorf("given in time: %+v %v", got, err)
		}
		bad := []lms.Answering{{Question: db.NewID().String(), Answer: []string{"a"}, Seq: 1}, {Question: given[1].Question, Answer: []string{"z"}, Seq: given[1].Seq + 1, At: given[1].At, Now: given[1].Now}}
		got, err := s.learn.SubmitAttempt(t.Context(), s.a.ID, s.a.Staff[0], a.ID, append(bad, given...))
		if err != nil || !got.Passed || got.Unused != 2 {
			t.Errorf("with two bad answers: passed %v, unused %d, %v", got.Passed, got.Unused, err)
		}
	})
}

// Two devices that were without a network hand in the same attempt, each its own answers, many times and at once: one of them counts, whole.
func TestHandInTwiceAtOnce(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d, drawing(6, 4, func(q *content.QuizBody) { q.TimeLimit = 10 }))
		a := s.start(t, s.a, 0, "")
		s.clock.Add(time.Hour)
		devices := [][]lms.Answering{late(s, a, "a", 2*time.Minute, 0), late(s, a, "b", 3*time.Minute, 0)}
		var wg sync.WaitGroup
		results := make(chan string, 20)
		for i := range 20 {
			wg.Go(func() {
				got, err := s.learn.SubmitAttempt(context.Background(), s.a.ID, s.a.Staff[0], a.ID, devices[i%2])
				if err != nil {
					results <- err.Error()
					return
				}
				results <- fmt.Sprint(*got.ScorePercent, got.Passed, got.SubmittedAt.UnixMicro())
			})
		}
		wg.Wait()
		close(results)
		seen := map[string]int{}
		for r := range results {
			seen[r]++
		}
		if len(seen) != 1 {
			t.Errorf("one attempt has %d results: %v", len(seen), seen)
		}
		if got := s.rows(t, `SELECT COUNT(DISTINCT answer), COUNT(*) FROM attempt_answer WHERE tenant_id = ? AND attempt_id = ?`, s.a.ID, a.ID); got != "[[1,5]]" {
			t.Errorf("the answers of two devices were mixed: %s", got)
		}
	})
}

// A hand-in from offline asks the database no more often with a hundred answers than with two.
func TestHandInStatements(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d, drawing(101, 100, func(*content.QuizBody) {}))
		sent := map[int]int{}
		for who, answers := range []int{2, 100} {
			a := s.start(t, s.a, who, "")
			ctx := db.WithTrace(t.Context(), func(db.Statement) { sent[answers]++ })
			got, err := s.learn.SubmitAttempt(ctx, s.a.ID, s.a.Staff[who], a.ID, late(s, a, "b", time.Minute, 0)[:answers])
			if err != nil || got.State != lms.AttemptSubmitted || got.Unused != 0 {
				t.Fatalf("%d answers: %+v %v", answers, got.Attempt, err)
			}
		}
		if sent[100] > sent[2] || sent[100] == 0 {
			t.Errorf("statements by answers: %v", sent)
		}
	})
}

// The process dies while a hand-in from offline is being written: nothing of it stays, not one answer, and the repeat does the whole.
func TestHandInKilled(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d, drawing(3, 1, func(q *content.QuizBody) { q.TimeLimit = 10 }))
		s.study(t, s.a, 0)
		a := s.start(t, s.a, 0, "")
		s.clock.Add(time.Hour)
		given := late(s, a, "a", time.Minute, 0)
		// The last statement cannot be done: the certificate's place is taken.
		s.run(t, `INSERT INTO completion_certificate (tenant_id, id, enrolment_id, number, code, content, issued_at) VALUES (?, ?, ?, 'X', 'X', '{}', 1)`, s.a.ID, db.NewID(), s.a.enrolment[0])
		if _, err := s.learn.SubmitAttempt(t.Context(), s.a.ID, s.a.Staff[0], a.ID, given); err == nil {
			t.Fatal("the fault did not happen")
		}
		if got := s.rows(t, `SELECT COUNT(*) FROM attempt_answer WHERE tenant_id = ? AND attempt_id = ?`, s.a.ID, a.ID); got != "[[0]]" {
			t.Errorf("answers of a hand-in that failed: %s", got)
		}
		s.run(t, `DELETE FROM completion_certificate WHERE tenant_id = ? AND number = 'X'`, s.a.ID)
		got, err := s.learn.SubmitAttempt(t.Context(), s.a.ID, s.a.Staff[0], a.ID, given)
		if err != nil || !got.Passed || got.Status != lms.Completed || got.Unused != 0 {
			t.Errorf("the repeat: %+v %v", got.Attempt, err)
		}
	})
}
