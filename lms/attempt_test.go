package lms_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
)

func TestQuizToCertificate(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		s.study(t, s.a, 2)
		if out := s.own(t, s.a, 2); out.LessonsDone != 3 || out.Status != lms.InProgress || out.Resume != s.lessons["quiz"] {
			t.Fatalf("after studying: %d lessons, %s", out.LessonsDone, out.Status)
		}
		first := s.start(t, s.a, 2, "one")
		if s.own(t, s.a, 2).Status != lms.Interrupted {
			t.Error("an open attempt is no interruption")
		}
		if again := s.start(t, s.a, 2, "other key, other tab"); again.ID != first.ID {
			t.Error("an open attempt was not gone on with")
		}
		s.answer(t, s.a, 2, first.ID, false)
		if got := s.submit(t, s.a, 2, first.ID); got.Passed || *got.ScorePercent != 0 || got.Status != lms.Failed {
			t.Fatalf("wrong answers: %+v %s", got.Attempt, got.Status)
		}
		if again := s.start(t, s.a, 2, "one"); again.ID != first.ID || again.State != lms.AttemptSubmitted {
			t.Error("a repeated request began another attempt")
		}
		second := s.start(t, s.a, 2, "two")
		if second.ID == first.ID || second.Number != 2 {
			t.Fatal("no second attempt")
		}
		s.answer(t, s.a, 2, second.ID, true)
		got := s.submit(t, s.a, 2, second.ID)
		if !got.Passed || *got.ScorePercent != 100 || got.Status != lms.Completed || got.Certificate.IsZero() {
			t.Fatalf("right answers: %+v %s", got.Attempt, got.Status)
		}
		if got := s.rows(t, `SELECT action FROM audit_event WHERE tenant_id = ? AND subject_id = ?`, s.a.ID, s.a.enrolment[2]); got != `[["certificate.issue"]]` {
			t.Errorf("audit log: %s", got)
		}
		s.retakeAfterPass(t)
	})
}

// A retake that fails takes nothing away.
func (s *school) retakeAfterPass(t *testing.T) {
	t.Helper()
	before := s.own(t, s.a, 2)
	third := s.start(t, s.a, 2, "three")
	s.answer(t, s.a, 2, third.ID, false)
	if got := s.submit(t, s.a, 2, third.ID); got.Passed || got.Status != lms.Completed {
		t.Errorf("retake: %+v %s", got.Attempt, got.Status)
	}
	after := s.own(t, s.a, 2)
	if after.Status != lms.Completed || *after.ScorePercent != 100 || after.LessonsDone != 4 || after.CompletedAt != before.CompletedAt || after.Certificate != before.Certificate {
		t.Errorf("a pass was lowered: %+v", after.OwnEnrolment)
	}
}

// Both devices press the button at the same moment, twenty times.
func TestSubmitAtOnce(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		s.study(t, s.a, 0)
		s.study(t, s.a, 1)
		attempts := []lms.Sheet{s.start(t, s.a, 0, ""), s.start(t, s.a, 1, "")}
		for who, a := range attempts {
			s.answer(t, s.a, who, a.ID, true)
		}
		var wg sync.WaitGroup
		results := make(chan string, 40)
		for i := range 40 {
			wg.Go(func() {
				who := i % 2
				got, err := s.learn.SubmitAttempt(context.Background(), s.a.ID, s.a.Staff[who], attempts[who].ID, nil)
				if err != nil {
					results <- err.Error()
					return
				}
				results <- fmt.Sprint(who, got.Passed, *got.ScorePercent, got.Status, got.SubmittedAt.UnixMicro(), got.Certificate)
			})
		}
		wg.Wait()
		close(results)
		seen := map[string]int{}
		for r := range results {
			seen[r]++
		}
		if len(seen) != 2 {
			t.Errorf("two people have %d results: %v", len(seen), seen)
		}
		if got := s.rows(t, `SELECT number FROM completion_certificate WHERE tenant_id = ? ORDER BY number`, s.a.ID); got != `[["2026-000001"],["2026-000002"]]` {
			t.Errorf("certificates: %s", got)
		}
		if got := s.rows(t, `SELECT COUNT(*) FROM public_code`); got != `[[2]]` {
			t.Errorf("codes: %s", got)
		}
	})
}

func TestStartAtOnce(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		var wg sync.WaitGroup
		ids := make(chan string, 10)
		for range 10 {
			wg.Go(func() {
				got, err := s.learn.StartAttempt(context.Background(), s.a.ID, s.a.Staff[0], s.a.enrolment[0], s.lessons["quiz"], "")
				if err != nil {
					ids <- err.Error()
					return
				}
				ids <- got.ID.String()
			})
		}
		wg.Wait()
		close(ids)
		seen := map[string]bool{}
		for id := range ids {
			seen[id] = true
		}
		if len(seen) != 1 {
			t.Errorf("ten tabs began %v", seen)
		}
	})
}

// Answers to one question arrive repeated and in any order: the newest stands.
func TestAnswersOutOfOrder(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		question := s.quiz.Questions[1]
		all := [][]string{{"a"}, {"a", "b"}, {"b"}, {"a", "c"}, {}}
		for seed := range uint64(5) {
			a := s.start(t, s.a, 0, "")
			order := []int{0, 1, 2, 3, 4, 0, 4, 2}
			rand.New(rand.NewPCG(seed, 3)).Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			for _, i := range order {
				got, err := s.learn.SaveAnswer(t.Context(), s.a.ID, s.a.Staff[0], a.ID, lms.Answering{Question: question.ID.String(), Answer: all[i], Seq: int64(i + 1)})
				if err != nil {
					t.Fatal(err)
				}
				if got.Seq < int64(i+1) {
					t.Fatalf("answer %d was confirmed and is not there: %+v", i, got)
				}
			}
			sheet, err := s.learn.FindAttempt(t.Context(), s.a.ID, s.a.Staff[0], a.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, q := range sheet.Questions {
				if q.ID == question.ID.String() && (q.Seq != 5 || len(q.Answer) != 0) {
					t.Errorf("order %v: %v of %d stands", order, q.Answer, q.Seq)
				}
			}
			s.submit(t, s.a, 0, a.ID)
			if _, err := s.learn.SaveAnswer(t.Context(), s.a.ID, s.a.Staff[0], a.ID, lms.Answering{Question: question.ID.String(), Answer: all[3], Seq: 99}); !fault.Is(err, fault.Conflict) {
				t.Errorf("a submitted attempt was changed: %v", err)
			}
		}
	})
}

func TestAnswerRefused(t *testing.T) {
	s := newSchool(t, kit.SQLite(t))
	a := s.start(t, s.a, 0, "")
	for _, c := range []struct {
		name, question string
		answer         []string
		kind           fault.Kind
	}{
		{"unknown question", db.NewID().String(), []string{"a"}, fault.NotFound},
		{"unknown choice", s.quiz.Questions[0].ID.String(), []string{"z"}, fault.Invalid},
		{"two for a single choice", s.quiz.Questions[0].ID.String(), []string{"a", "b"}, fault.Invalid},
	} {
		if _, err := s.learn.SaveAnswer(t.Context(), s.a.ID, s.a.Staff[0], a.ID, lms.Answering{Question: c.question, Answer: c.answer, Seq: 1}); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestAttemptsUsedUp(t *testing.T) {
	s := newSchool(t, kit.SQLite(t), func(q *content.QuizBody) { q.MaxAttempts = 2 })
	for range 2 {
		s.submit(t, s.a, 0, s.start(t, s.a, 0, "").ID)
	}
	if l := s.open(t, s.a, 0, "quiz"); l.AttemptsLeft == nil || *l.AttemptsLeft != 0 || len(l.Attempts) != 2 {
		t.Errorf("attempts left %v of %d", l.AttemptsLeft, len(l.Attempts))
	}
	if _, err := s.learn.StartAttempt(t.Context(), s.a.ID, s.a.Staff[0], s.a.enrolment[0], s.lessons["quiz"], ""); !fault.Is(err, fault.Conflict) {
		t.Errorf("a third attempt: %v", err)
	}
	s.run(t, `UPDATE round SET state = 'closed' WHERE tenant_id = ? AND id = ?`, s.a.ID, s.a.round)
	if _, err := s.learn.StartAttempt(t.Context(), s.a.ID, s.a.Staff[1], s.a.enrolment[1], s.lessons["quiz"], ""); !fault.Is(err, fault.Conflict) {
		t.Errorf("an attempt in a closed round: %v", err)
	}
}

// What is right never leaves the service before the rule allows it.
func TestCanary(t *testing.T) {
	for _, c := range []struct {
		show        string
		right       bool
		afterSubmit bool
	}{{content.ShowAfterPass, false, false}, {content.ShowAfterPass, true, true}, {content.ShowAfterSubmit, false, true}} {
		s := newSchool(t, kit.SQLite(t), func(q *content.QuizBody) { q.Show = c.show })
		shown := func(v any) bool {
			b, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			return strings.Contains(string(b), canary) || strings.Contains(string(b), `"Right":true`) || strings.Contains(string(b), `"Correct":[`)
		}
		a := s.start(t, s.a, 0, "")
		s.answer(t, s.a, 0, a.ID, c.right)
		open, err := s.learn.FindAttempt(t.Context(), s.a.ID, s.a.Staff[0], a.ID)
		if err != nil {
			t.Fatal(err)
		}
		if shown(a) || shown(open) || shown(s.own(t, s.a, 0).Lessons) {
			t.Errorf("%s: shown before submitting", c.show)
		}
		if got := s.submit(t, s.a, 0, a.ID); shown(got) != c.afterSubmit || got.Revealed != c.afterSubmit {
			t.Errorf("%s, right %v: shown after submitting is not %v", c.show, c.right, c.afterSubmit)
		}
	}
}

// Whatever is answered, only the exact set is right, and passing is decided without rounding.
func TestGrading(t *testing.T) {
	s := newSchool(t, kit.SQLite(t), func(q *content.QuizBody) { q.PassPercent = 67 })
	rapid.Check(t, func(r *rapid.T) {
		a := s.start(t, s.a, 0, "")
		right := 0
		for _, q := range s.quiz.Questions {
			var given []string
			for _, choice := range q.Choices {
				if rapid.Bool().Draw(r, "chosen") && (q.Kind == content.QuestionMultiple || len(given) == 0) {
					given = append(given, choice.ID)
				}
			}
			if fmt.Sprint(given) == fmt.Sprint(q.Correct) {
				right++
			}
			if _, err := s.learn.SaveAnswer(t.Context(), s.a.ID, s.a.Staff[0], a.ID, lms.Answering{Question: q.ID.String(), Answer: given, Seq: 1}); err != nil {
				t.Fatal(err)
			}
		}
		got := s.submit(t, s.a, 0, a.ID)
		if *got.ScorePercent != right*100/3 || got.Passed != (right == 3) { // two of three are 66.7 %
			r.Fatalf("%d right: %d %%, passed %v", right, *got.ScorePercent, got.Passed)
		}
	})
}

func TestCertificate(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		s.study(t, s.a, 2)
		a := s.start(t, s.a, 2, "")
		s.answer(t, s.a, 2, a.ID, true)
		s.submit(t, s.a, 2, a.ID)
		list, err := s.certs.ListOwn(t.Context(), s.a.ID, s.a.Staff[2])
		if err != nil || len(list) != 1 {
			t.Fatalf("%d certificates, %v", len(list), err)
		}
		cert := list[0]
		if c := cert.Content; c.Name != "𠮷田 三郎" || c.CompletedOn != "2026-04-01" || c.Number != "2026-000001" || *c.ScorePercent != 100 || c.CourseVersion != 1 {
			t.Errorf("printed: %+v", c)
		}
		var first, second bytes.Buffer
		if err := s.certs.WritePDF(t.Context(), s.a.ID, cert, &first); err != nil {
			t.Fatal(err)
		}
		read := exec.CommandContext(t.Context(), "pdftotext", "-", "-")
		read.Stdin = bytes.NewReader(first.Bytes())
		if text, err := read.Output(); err != nil || !strings.Contains(string(text), "𠮷田 三郎") || !strings.Contains(string(text), cert.Code) {
			t.Errorf("the paper says %q, %v", text, err)
		}
		// Nothing that happens later changes what was printed.
		s.run(t, `UPDATE person SET name = '別名' WHERE tenant_id = ? AND id = ?`, s.a.ID, s.a.Staff[2])
		s.clock.Add(400 * 24 * time.Hour)
		again, err := s.certs.FindOwn(t.Context(), s.a.ID, s.a.Staff[2], cert.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.certs.WritePDF(t.Context(), s.a.ID, again, &second); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("the second copy differs: %v", err)
		}
		s.verified(t, cert)
	})
}

func (s *school) verified(t *testing.T, cert lms.Certificate) {
	t.Helper()
	typed := strings.ToLower(cert.Code[:13]) + "-" + cert.Code[13:]
	found, err := s.certs.Verify(t.Context(), typed)
	if err != nil || found.ID != cert.ID || !found.RevokedAt.IsZero() {
		t.Errorf("typed from paper: %v", err)
	}
	var unknown, malformed string
	_, err = s.certs.Verify(t.Context(), strings.Repeat("A", 26))
	unknown = fmt.Sprint(fault.KindOf(err))
	_, err = s.certs.Verify(t.Context(), "not a code")
	malformed = fmt.Sprint(fault.KindOf(err))
	if unknown != malformed || fault.KindOf(err) != fault.NotFound {
		t.Errorf("unknown %s, malformed %s", unknown, malformed)
	}
	for range 2 {
		revoked, err := s.certs.Revoke(t.Context(), s.a.ID, cert.Enrolment, "別人が受講した")
		if err != nil || revoked.RevokedReason != "別人が受講した" {
			t.Errorf("revoke: %v", err)
		}
	}
	if found, err = s.certs.Verify(t.Context(), cert.Code); err != nil || found.RevokedAt.IsZero() {
		t.Errorf("a revoked certificate verifies as valid: %v", err)
	}
	if _, err := s.certs.FindOwn(t.Context(), s.a.ID, s.a.Staff[2], cert.ID); !fault.Is(err, fault.Gone) {
		t.Errorf("a revoked certificate can be printed: %v", err)
	}
	if got := s.rows(t, `SELECT reason FROM audit_event WHERE tenant_id = ? AND action = 'certificate.revoke'`, s.a.ID); got != `[["別人が受講した"]]` {
		t.Errorf("audit log: %s", got)
	}
}

// B with A's ids, and a colleague with a colleague's: not found, and nothing changed.
func TestLearningIsolation(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		s.study(t, s.a, 0)
		a := s.start(t, s.a, 0, "")
		s.answer(t, s.a, 0, a.ID, true)
		done := s.start(t, s.a, 1, "")
		s.study(t, s.a, 1)
		s.answer(t, s.a, 1, done.ID, true)
		s.submit(t, s.a, 1, done.ID)
		certs, err := s.certs.ListOwn(t.Context(), s.a.ID, s.a.Staff[1])
		if err != nil || len(certs) != 1 {
			t.Fatal(len(certs), err)
		}
		everything := func() string {
			out := ""
			for _, q := range []string{`SELECT * FROM enrolment ORDER BY id`, `SELECT * FROM progress ORDER BY enrolment_id, version_lesson_id`, `SELECT * FROM attempt ORDER BY id`, `SELECT * FROM attempt_answer ORDER BY attempt_id, question_id`, `SELECT * FROM completion_certificate ORDER BY id`} {
				out += s.rows(t, q)
			}
			return out
		}
		before := everything()
		for name, who := range map[string]struct {
			c      class
			person db.ID
		}{"other organisation": {s.b, s.b.Staff[0]}, "other organisation, same person's id": {s.b, s.a.Staff[0]}, "colleague": {s.a, s.a.Staff[2]}} {
			ctx, tid, enrolment, quiz, q := t.Context(), who.c.ID, s.a.enrolment[0], s.lessons["quiz"], s.quiz.Questions[0].ID.String()
			for call, err := range map[string]error{
				"FindOwn":       second(s.learn.FindOwn(ctx, tid, who.person, enrolment)),
				"OpenLesson":    second(s.learn.OpenLesson(ctx, tid, who.person, enrolment, quiz)),
				"StartAttempt":  second(s.learn.StartAttempt(ctx, tid, who.person, enrolment, quiz, "")),
				"SaveAnswer":    second(s.learn.SaveAnswer(ctx, tid, who.person, a.ID, lms.Answering{Question: q, Answer: []string{"a"}, Seq: 9})),
				"SubmitAttempt": second(s.learn.SubmitAttempt(ctx, tid, who.person, a.ID, nil)),
				"FindAttempt":   second(s.learn.FindAttempt(ctx, tid, who.person, a.ID)),
				"FindOwnCert":   second(s.certs.FindOwn(ctx, tid, who.person, certs[0].ID)),
			} {
				if !fault.Is(err, fault.NotFound) {
					t.Errorf("%s: %s: %v", name, call, err)
				}
			}
		}
		for call, err := range map[string]error{
			"FindOfEnrolment": second(s.certs.FindOfEnrolment(t.Context(), s.b.ID, certs[0].Enrolment)),
			"Revoke":          second(s.certs.Revoke(t.Context(), s.b.ID, certs[0].Enrolment, "x")),
		} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", call, err)
			}
		}
		if list, err := s.certs.ListOwn(t.Context(), s.b.ID, s.a.Staff[1]); err != nil || len(list) != 0 {
			t.Errorf("certificates of another organisation: %d %v", len(list), err)
		}
		if list, err := s.learn.ListOwn(t.Context(), s.b.ID, s.a.Staff[1]); err != nil || len(list) != 0 {
			t.Errorf("enrolments of another organisation: %d %v", len(list), err)
		}
		if everything() != before {
			t.Error("something was changed")
		}
	})
}

func second[T any](_ T, err error) error { return err }
