package lms

import (
	"context"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// A person's own enrolments with their round. Withdrawn ones are not shown any more; what was done for them is still recorded.
const (
	sqlOwnEnrolments = `SELECT e.id, e.person_id, e.status, e.due_on, e.lessons_done, e.score_percent, e.started_at, e.completed_at, e.last_activity_at, e.created_at,
 r.id, r.title, r.starts_on, r.state, r.course_tenant_id, COALESCE(e.course_version_id, r.course_version_id), e.course_version_id, e.moved_at, e.began_again, c.id
 FROM enrolment e JOIN round r ON r.tenant_id = e.tenant_id AND r.id = e.round_id
 LEFT JOIN completion_certificate c ON c.tenant_id = e.tenant_id AND c.enrolment_id = e.id AND c.revoked_at IS NULL
 WHERE e.tenant_id = ? AND e.person_id = ?`
	sqlOwnNewest = ` AND e.status <> 'withdrawn' ORDER BY +e.due_on DESC, e.id LIMIT ?` // the plus: by the person, not through the whole organisation by due day
	sqlOwnOne    = ` AND e.status <> 'withdrawn' AND e.id = ?`

	// touch: the first sign of life begins an enrolment; the statement also locks its row until the end of the transaction.
	sqlTouchEnrolment = `UPDATE enrolment SET last_activity_at = ?, started_at = COALESCE(started_at, ?),
 status = CASE WHEN status = 'not_started' AND ? = 1 THEN 'in_progress' ELSE status END
 WHERE tenant_id = ? AND id = ? AND person_id = ? AND (course_version_id = ? OR course_version_id IS NULL AND ? = 1)`
	sqlCountDone = `SELECT COUNT(*) FROM progress WHERE tenant_id = ? AND enrolment_id = ? AND state = 'done'`
	// Of who went over to a newer version: what they finished of lessons that it does not have stays, and counts for nothing.
	sqlCountDoneOf = `SELECT COUNT(*) FROM progress p JOIN version_lesson v ON v.tenant_id = ? AND v.id = p.version_lesson_id AND v.course_version_id = ?
 WHERE p.tenant_id = ? AND p.enrolment_id = ? AND p.state = 'done'`
	sqlLessonsDone = `UPDATE enrolment SET lessons_done = ? WHERE tenant_id = ? AND id = ? AND lessons_done < ?`
	sqlRaiseScore  = `UPDATE enrolment SET score_percent = ? WHERE tenant_id = ? AND id = ? AND (score_percent IS NULL OR score_percent < ?)`
	sqlSetStatus   = `UPDATE enrolment SET status = ? WHERE tenant_id = ? AND id = ? AND status IN ('not_started', 'in_progress', 'interrupted', 'failed')`
	// Nothing leads out of completed: it matches once, and only then a certificate is issued.
	sqlComplete = `UPDATE enrolment SET status = 'completed', completed_at = ? WHERE tenant_id = ? AND id = ? AND status IN ('not_started', 'in_progress', 'interrupted', 'failed')`
)

// roundOpen is the state of a round in which enrolments may be finished.
const roundOpen = "open"

func scanOwn(ctx context.Context, r db.Runner, query string, args ...any) ([]OwnEnrolment, error) {
	return db.List(ctx, r, query, args, func(row db.Row) (OwnEnrolment, error) {
		var e OwnEnrolment
		var state string
		if err := row.Scan(&e.ID, &e.person, &e.Status, &e.DueOn, &e.LessonsDone, &e.ScorePercent, &e.StartedAt, &e.CompletedAt, &e.LastActivityAt, &e.createdAt,
			&e.Round, &e.RoundTitle, &e.StartsOn, &state, &e.courseTenant, &e.version, &e.moved, &e.MovedAt, &e.again, &e.Certificate); err != nil {
			return e, err
		}
		e.open = state == roundOpen
		return e, nil
	})
}

// touch locks the enrolment and notes that its person was there.
func (l *Learning) touch(ctx context.Context, tid tenant.ID, tx *db.Tx, e OwnEnrolment, now db.Time) error {
	open := 0
	if e.open {
		open = 1
	}
	r, err := tx.Exec(ctx, sqlTouchEnrolment, now, now, open, tid, e.ID, e.person, e.moved, e.unmoved())
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return errMoved
}

// advance counts the finished lessons and, when the round is open and all of them are finished, completes the enrolment and issues its
// certificate, all in the transaction that finished the last one. The enrolment's row must be locked.
func (l *Learning) advance(ctx context.Context, tid tenant.ID, tx *db.Tx, e OwnEnrolment, now db.Time) error {
	var done int
	query, args := sqlCountDone, []any{tid, e.ID}
	if !e.moved.IsZero() {
		query, args = sqlCountDoneOf, []any{e.courseTenant, e.version, tid, e.ID}
	}
	if err := db.One(tx.QueryRow(ctx, query, args...).Scan(&done)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlLessonsDone, done, tid, e.ID, done); err != nil {
		return err
	}
	tally, err := l.tally(ctx, tid, tx, e)
	if err != nil {
		return err
	}
	if tally.score != nil {
		if _, err := tx.Exec(ctx, sqlRaiseScore, *tally.score, tid, e.ID, *tally.score); err != nil {
			return err
		}
	}
	if !e.open {
		return nil
	}
	if done < len(e.course.Lessons) {
		_, err := tx.Exec(ctx, sqlSetStatus, tally.status(), tid, e.ID)
		return err
	}
	r, err := tx.Exec(ctx, sqlComplete, now, tid, e.ID)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return err // it was complete before, or is exempt or withdrawn
	}
	return l.certificates.issue(ctx, tid, tx, completion{
		Enrolment: e.ID, Person: e.person, Round: e.RoundTitle, Course: e.course, CourseTenant: e.courseTenant, Score: tally.score, At: now,
	})
}
