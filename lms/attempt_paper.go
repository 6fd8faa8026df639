package lms

import (
	"context"
	"time"

	"kenshu/content"
	"kenshu/storage/db"
	"kenshu/tenant"
)

const (
	sqlRoundSet       = `SELECT questions FROM round_question_set WHERE tenant_id = ? AND round_id = ? AND lesson_id = ?`
	sqlRoundSetBefore = `SELECT s.questions FROM round r JOIN round_question_set s ON s.tenant_id = r.tenant_id AND s.round_id = r.copied_from
 WHERE r.tenant_id = ? AND r.id = ? AND s.lesson_id = ?`
	sqlInsertRoundSet = `INSERT INTO round_question_set (tenant_id, round_id, lesson_id, questions, created_at) VALUES (?, ?, ?, ?, ?)`
	sqlInsertOpen     = `INSERT INTO attempt_answer (tenant_id, attempt_id, question_id, answer, client_seq, correct, answered_at) VALUES`
	rowInsertOpen     = `(?, ?, ?, '[]', 0, 0, ?)`
)

// paper draws the questions of a new attempt. The enrolment's row must be locked.
func (l *Learning) paper(ctx context.Context, tid tenant.ID, tx *db.Tx, own OwnEnrolment, lesson content.VersionLesson, before []Attempt) (quizPaper, error) {
	quiz := lesson.Body.Quiz
	var p quizPaper
	again := false
	if last, ok := lastFailed(before); ok && quiz.Again == content.AgainFailed {
		answers, err := l.answersOf(ctx, tid, tx, last.ID)
		if err != nil {
			return p, err
		}
		p, again = failedOf(quiz, last.paper, answers)
	}
	if !again {
		var set []db.ID
		if quiz.Set == content.SetRound && len(quiz.Draws) > 0 {
			var err error
			if set, err = l.roundSet(ctx, tid, tx, own.Round, lesson); err != nil {
				return p, err
			}
		}
		p = draw(quiz, set)
	}
	if quiz.TimeLimit > 0 {
		p.Until = l.clock().Add(time.Duration(quiz.TimeLimit) * time.Minute).UnixMicro()
	}
	return p, nil
}

// lastFailed gives the newest submitted attempt unless one was passed: after a pass everything is asked again.
func lastFailed(before []Attempt) (last Attempt, ok bool) {
	for _, a := range before {
		if a.Passed {
			return Attempt{}, false
		}
		if a.State == AttemptSubmitted {
			last, ok = a, true
		}
	}
	return last, ok
}

// roundSet gives the questions that a round asks in a lesson, drawn when the first person begins it. A round that was copied from another takes other questions
// than that one, as far as there are any.
func (l *Learning) roundSet(ctx context.Context, tid tenant.ID, tx *db.Tx, round db.ID, lesson content.VersionLesson) ([]db.ID, error) {
	read := func(query string) ([]db.ID, error) {
		sets, err := db.Values[db.JSON[[]db.ID]](ctx, tx, query, tid, round, lesson.Lesson)
		if err != nil || len(sets) == 0 {
			return nil, err
		}
		if sets[0].V == nil {
			return []db.ID{}, nil
		}
		return sets[0].V, nil
	}
	set, err := read(sqlRoundSet)
	if err != nil || set != nil {
		return set, err
	}
	last, err := read(sqlRoundSetBefore)
	if err != nil {
		return nil, err
	}
	avoid := map[db.ID]bool{}
	for _, id := range last {
		avoid[id] = true
	}
	set = []db.ID{}
	for _, q := range drawBank(lesson.Body.Quiz, nil, avoid) {
		set = append(set, q.Bank)
	}
	if err := tx.Upsert(ctx, sqlInsertRoundSet, "tenant_id, round_id, lesson_id", "", tid, round, lesson.Lesson, db.JSON[[]db.ID]{V: set}, db.At(l.clock())); err != nil {
		return nil, err
	}
	// Somebody else may have been first; only a locking read sees what they committed meanwhile.
	var stored db.JSON[[]db.ID]
	err = db.One(tx.QueryRowLocked(ctx, sqlRoundSet, tid, round, lesson.Lesson).Scan(&stored))
	return stored.V, err
}

// over tells whether the time limit had passed at now.
func (p quizPaper) over(now time.Time) bool { return p.Until > 0 && now.UnixMicro() > p.Until }

// secondsLeft gives what is left of the time limit; nil without one.
func (p quizPaper) secondsLeft(now time.Time) *int {
	if p.Until == 0 {
		return nil
	}
	left := max(0, int((p.Until-now.UnixMicro()+999_999)/1_000_000))
	return &left
}

// endOverdue hands in an open attempt whose time is over, with the answers that were saved.
func (l *Learning) endOverdue(ctx context.Context, tid tenant.ID, own OwnEnrolment, lesson db.ID) error {
	list, err := l.attemptsOf(ctx, tid, l.db, own.ID, lesson)
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.State == AttemptOpen && a.paper.over(l.clock().Add(-l.limits.TimeGrace)) {
			if err := l.db.Tx(ctx, func(tx *db.Tx) error { return l.grade(ctx, tid, tx, own, a, nil) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// leaveOpen records the questions that were asked and not answered.
func (l *Learning) leaveOpen(ctx context.Context, tid tenant.ID, tx *db.Tx, attempt db.ID, wrong []any, answers map[string]given, now db.Time) error {
	var rows [][]any
	for _, id := range wrong {
		question, _ := id.(string)
		if _, answered := answers[question]; !answered {
			rows = append(rows, []any{tid, attempt, question, now})
		}
	}
	return tx.InsertNew(ctx, sqlInsertOpen, rowInsertOpen, "tenant_id, attempt_id, question_id", rows)
}
