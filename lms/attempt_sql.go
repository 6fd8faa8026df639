package lms

import (
	"context"

	"kenshu/content"
	"kenshu/storage/db"
	"kenshu/tenant"
)

const (
	attemptColumns = `a.id, a.enrolment_id, a.version_lesson_id, a.number, a.paper, a.state, a.score_percent, a.passed, a.started_at, a.submitted_at`
	sqlFindAttempt = `SELECT ` + attemptColumns + ` FROM attempt a JOIN enrolment e ON e.tenant_id = a.tenant_id AND e.id = a.enrolment_id
 WHERE a.tenant_id = ? AND a.id = ? AND e.person_id = ?`
	sqlAttemptsOf = `SELECT ` + attemptColumns + ` FROM attempt a WHERE a.tenant_id = ? AND a.enrolment_id = ? AND a.version_lesson_id = ? ORDER BY a.number`
	// Locks: the enrolment before the attempt, everywhere.
	sqlLockEnrolment = `SELECT status FROM enrolment WHERE tenant_id = ? AND id = ? AND person_id = ?`
	sqlLockAttempt   = `SELECT a.state, a.paper, a.started_at FROM attempt a WHERE a.tenant_id = ? AND a.id = ?
 AND EXISTS (SELECT 1 FROM enrolment e WHERE e.tenant_id = ? AND e.id = a.enrolment_id AND e.person_id = ?)`
	sqlInsertAttempt = `INSERT INTO attempt (tenant_id, id, enrolment_id, version_lesson_id, number, paper, state, started_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
	sqlSubmitAttempt = `UPDATE attempt SET state = 'submitted', score_percent = ?, passed = ?, asked_count = ?, right_count = ?, submitted_at = ? WHERE tenant_id = ? AND id = ? AND state = 'open'`
	sqlUpdateAnswer  = `UPDATE attempt_answer SET answer = ?, client_seq = ?, answered_at = ? WHERE tenant_id = ? AND attempt_id = ? AND question_id = ? AND client_seq < ?`
	sqlInsertAnswer  = `INSERT INTO attempt_answer (tenant_id, attempt_id, question_id, answer, client_seq, answered_at) VALUES (?, ?, ?, ?, ?, ?)`
	sqlInsertAnswers = `INSERT INTO attempt_answer (tenant_id, attempt_id, question_id, answer, client_seq, answered_at) VALUES`
	rowInsertAnswer  = `(?, ?, ?, ?, ?, ?)`
	sqlFindAnswer    = `SELECT answer, client_seq FROM attempt_answer WHERE tenant_id = ? AND attempt_id = ? AND question_id = ?`
	sqlAnswersOf     = `SELECT question_id, answer, client_seq FROM attempt_answer WHERE tenant_id = ? AND attempt_id = ?`
	sqlMarkAnswers   = `UPDATE attempt_answer SET correct = ? WHERE tenant_id = ? AND attempt_id = ?`
	sqlScores        = `SELECT version_lesson_id, state, MAX(COALESCE(score_percent, 0)), MAX(COALESCE(passed, 0)) FROM attempt
 WHERE tenant_id = ? AND enrolment_id = ? GROUP BY version_lesson_id, state`
)

// given is one stored answer.
type given struct {
	Answer []string
	Seq    int64
}

func (l *Learning) findAttempt(ctx context.Context, tid tenant.ID, person, attempt db.ID) (Attempt, error) {
	return scanAttempt(l.db.QueryRow(ctx, sqlFindAttempt, tid, attempt, person))
}

func scanAttempt(row db.Row) (Attempt, error) {
	var a Attempt
	var p db.JSON[quizPaper]
	var passed *int
	err := db.One(row.Scan(&a.ID, &a.Enrolment, &a.Lesson, &a.Number, &p, &a.State, &a.ScorePercent, &passed, &a.StartedAt, &a.SubmittedAt))
	a.paper, a.Passed = p.V, passed != nil && *passed == 1
	return a, err
}

// lockAttempt reads what of an attempt decides about its answers, and locks its row until the end of the transaction.
func (l *Learning) lockAttempt(ctx context.Context, tid tenant.ID, tx *db.Tx, person, attempt db.ID) (Attempt, error) {
	a := Attempt{ID: attempt}
	var p db.JSON[quizPaper]
	err := db.One(tx.QueryRowLocked(ctx, sqlLockAttempt, tid, attempt, tid, person).Scan(&a.State, &p, &a.StartedAt))
	a.paper = p.V
	return a, err
}

// attemptsOf gives the attempts at one quiz, oldest first.
func (l *Learning) attemptsOf(ctx context.Context, tid tenant.ID, r db.Runner, enrolment, lesson db.ID) ([]Attempt, error) {
	return db.List(ctx, r, sqlAttemptsOf, []any{tid, enrolment, lesson}, scanAttempt)
}

func (l *Learning) answersOf(ctx context.Context, tid tenant.ID, r db.Runner, attempt db.ID) (map[string]given, error) {
	out := map[string]given{}
	err := db.Each(ctx, r, sqlAnswersOf, []any{tid, attempt}, func(scan func(...any) error) error {
		var question string
		var answer db.JSON[[]string]
		var g given
		if err := scan(&question, &answer, &g.Seq); err != nil {
			return err
		}
		g.Answer = answer.V
		out[question] = g
		return nil
	})
	return out, err
}

// tally reads how the quizzes of an enrolment stand, and what its packages scored; a course without either needs no query.
func (l *Learning) tally(ctx context.Context, tid tenant.ID, tx *db.Tx, e OwnEnrolment) (tally, error) {
	quiz, packages := false, false
	for _, lesson := range e.course.Lessons {
		quiz = quiz || lesson.Kind == content.KindQuiz
		packages = packages || lesson.Kind == content.KindPackage
	}
	scores := map[string]quizScore{}
	if packages {
		reported, err := l.packageScores(ctx, tid, tx, e.ID)
		if err != nil {
			return tally{}, err
		}
		for lesson, best := range reported {
			scores[lesson] = quizScore{reported: true, best: best}
		}
	}
	if !quiz {
		return tallyOf(e.course, scores), nil
	}
	err := db.Each(ctx, tx, sqlScores, []any{tid, e.ID}, func(scan func(...any) error) error {
		var lesson db.ID
		var state AttemptState
		var best, passed int
		if err := scan(&lesson, &state, &best, &passed); err != nil {
			return err
		}
		s := scores[lesson.String()]
		if state == AttemptOpen {
			s.open = true
		} else {
			s.submitted, s.passed, s.best = true, passed == 1, best
		}
		scores[lesson.String()] = s
		return nil
	})
	if err != nil {
		return tally{}, err
	}
	return tallyOf(e.course, scores), nil
}
