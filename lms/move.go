package lms

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Move is what a new version of a course means for those who are under way in an older one.
type Move string

// The moves. Whoever has completed the course keeps that, whatever is chosen; who is in the middle of a test finishes it, and goes on, with the version it began with.
const (
	MoveStay    Move = "stay"    // they carry on with theirs; rounds that are made from now on get the new one
	MoveKeep    Move = "keep"    // they go over, and keep what they have done
	MoveRestart Move = "restart" // they go over, and begin again; a survey that they answered stays answered
)

// KindMove is the job that takes the open rounds of a course, and those who are under way in them, over to a published version.
const KindMove = "round.move"

const (
	sqlRoundsOfCourse = `SELECT r.id FROM round r JOIN course_version v ON v.tenant_id = ? AND v.id = r.course_version_id
 WHERE r.tenant_id = ? AND r.state = 'open' AND v.course_id = ? ORDER BY r.id`
	sqlUnderWay = `SELECT COUNT(DISTINCT e.round_id), COUNT(*) FROM enrolment e JOIN round r ON r.tenant_id = e.tenant_id AND r.id = e.round_id
 JOIN course_version v ON v.tenant_id = ? AND v.id = r.course_version_id
 WHERE e.tenant_id = ? AND r.state = 'open' AND v.course_id = ? AND e.status IN ('not_started', 'in_progress', 'interrupted', 'failed')`
	sqlPinRound     = `UPDATE enrolment SET course_version_id = ? WHERE tenant_id = ? AND round_id = ? AND course_version_id IS NULL`
	sqlLeaveVersion = `INSERT INTO round_version (tenant_id, round_id, course_version_id, left_at) VALUES (?, ?, ?, ?)`
	sqlMoveRound    = `UPDATE round SET course_version_id = ?, course_title = ?, lessons_total = ?, version = version + 1, updated_at = ? WHERE tenant_id = ? AND id = ?`
	sqlToMove       = `SELECT e.id, e.person_id FROM enrolment e WHERE e.tenant_id = ? AND e.round_id = ? AND e.course_version_id <> ? AND e.status <> 'completed' AND e.id > ? ORDER BY e.id LIMIT ?`
	sqlLockMoved    = `SELECT e.status FROM enrolment e WHERE e.tenant_id = ? AND e.id = ?`
	sqlInTest       = `SELECT COUNT(*) FROM attempt WHERE tenant_id = ? AND enrolment_id = ? AND state = 'open'`
	sqlMoved        = `UPDATE enrolment SET course_version_id = ?, moved_at = ?, began_again = ?, score_percent = CASE WHEN ? = 1 THEN NULL ELSE score_percent END, lessons_total = ?, lessons_done = 0, status = CASE WHEN status = 'failed' THEN 'in_progress' ELSE status END
 WHERE tenant_id = ? AND id = ?`
)

// What is known of one lesson of an enrolment, under the lesson's id in the version it was taken in.
var sqlMoveLesson = []string{
	`UPDATE progress SET version_lesson_id = ? WHERE tenant_id = ? AND enrolment_id = ? AND version_lesson_id = ?`,
	`UPDATE attempt SET version_lesson_id = ? WHERE tenant_id = ? AND enrolment_id = ? AND version_lesson_id = ?`,
	`UPDATE package_launch SET version_lesson_id = ? WHERE tenant_id = ? AND enrolment_id = ? AND version_lesson_id = ?`,
	`UPDATE pledge_signature SET version_lesson_id = ? WHERE tenant_id = ? AND enrolment_id = ? AND version_lesson_id = ?`,
}

// UnderWay counts the organisation's open rounds of a course in which somebody is under way, and those who are. owner is the tenant whose course it is.
func (l *Learning) UnderWay(ctx context.Context, tid tenant.ID, owner int64, course db.ID) (rounds, people int, err error) {
	err = db.One(l.db.QueryRow(ctx, sqlUnderWay, owner, tid, course).Scan(&rounds, &people))
	return rounds, people, err
}

type moving struct {
	Owner   int64 `json:"owner"`
	Course  db.ID `json:"course"`
	Version db.ID `json:"version"`
	How     Move  `json:"how"`
}

// BeginMove has a job take those of the organisation who are under way in a course over to a version that it just published, or took. owner is the tenant whose course it
// is. A repeat changes nothing.
func (l *Learning) BeginMove(ctx context.Context, tid tenant.ID, owner int64, course, version db.ID, how Move) error {
	if how != MoveKeep && how != MoveRestart {
		return nil
	}
	payload, err := json.Marshal(moving{owner, course, version, how})
	if err != nil {
		return err
	}
	to, err := l.courses.FindVersion(ctx, tid, owner, version)
	if err != nil {
		return fmt.Errorf("begin move: %w", err)
	}
	return l.db.Tx(ctx, func(tx *db.Tx) error {
		slot := fmt.Sprint(tid.Number(), " ", version)
		if err := tx.Enqueue(ctx, l.clock(), db.Job{Kind: KindMove, Slot: slot, Tenant: tid.Number(), Payload: payload}); err != nil {
			return err
		}
		return l.certificates.audit.Append(ctx, tid, tx, tenant.Change{
			Action: "course.move", SubjectKind: "course", Subject: course, Detail: map[string]any{"title": to.Title, "number": to.Number, "how": how},
		})
	})
}

// MoveJob is the handler of KindMove. It may be killed and run again: who has gone over is left alone.
func (l *Learning) MoveJob(ctx context.Context, job db.Job, report func(done, total int64)) error {
	var m moving
	if err := json.Unmarshal(job.Payload, &m); err != nil {
		return fault.Wrap(err, fault.Invalid, "invalid")
	}
	tid := tenant.System(job.Tenant, "new version of a course")
	to, err := l.courses.FindVersion(ctx, tid, m.Owner, m.Version)
	if err != nil {
		return err
	}
	rounds, err := db.Values[db.ID](ctx, l.db, sqlRoundsOfCourse, m.Owner, tid, m.Course)
	if err != nil {
		return fmt.Errorf("move rounds: %w", err)
	}
	for i, round := range rounds {
		if err := l.moveRound(ctx, tid, round, to); err != nil {
			return fmt.Errorf("move round: %w", err)
		}
		if err := l.movePeople(ctx, tid, round, to, m.How); err != nil {
			return fmt.Errorf("move round: %w", err)
		}
		report(int64(i+1), int64(len(rounds)))
	}
	return nil
}

// moveRound makes to the version of a round; everybody who is in it stays where they are until their turn comes.
func (l *Learning) moveRound(ctx context.Context, tid tenant.ID, round db.ID, to *content.CourseVersion) error {
	return l.db.Tx(ctx, func(tx *db.Tx) error {
		r, err := lockRound(ctx, tid, tx, round)
		if err != nil || r.VersionID == to.ID {
			return err
		}
		from, err := l.courses.FindVersion(ctx, tid, r.CourseTenant, r.VersionID)
		if err != nil || from.Number > to.Number { // a newer one was published and taken meanwhile
			return err
		}
		now := db.At(l.clock())
		if _, err := tx.Exec(ctx, sqlLeaveVersion, tid, round, r.VersionID, now); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlPinRound, r.VersionID, tid, round); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlMoveRound, to.ID, to.Title, len(to.Lessons), now, tid, round); err != nil {
			return err
		}
		return l.certificates.audit.Append(ctx, tid, tx, tenant.Change{
			Action: "round.move", SubjectKind: "round", Subject: round, Detail: map[string]any{"title": r.Title, "from": from.Number, "number": to.Number},
		})
	})
}

func (l *Learning) movePeople(ctx context.Context, tid tenant.ID, round db.ID, to *content.CourseVersion, how Move) error {
	last := db.ID{15: 1} // before every other
	for {
		type one struct{ enrolment, person db.ID }
		var list []one
		err := db.Each(ctx, l.db, sqlToMove, []any{tid, round, to.ID, last, chunk}, func(scan func(...any) error) error {
			var o one
			err := scan(&o.enrolment, &o.person)
			list = append(list, o)
			return err
		})
		if err != nil || len(list) == 0 {
			return err
		}
		for _, o := range list {
			if err := l.moveOne(ctx, tid, o.person, o.enrolment, to, how); err != nil {
				return err
			}
		}
		last = list[len(list)-1].enrolment
	}
}

// moveOne takes one person over. What they did in lessons that stay the same goes along; of a lesson that was changed, that it is done; the rest stays with the version
// it was done in, as evidence.
func (l *Learning) moveOne(ctx context.Context, tid tenant.ID, person, enrolment db.ID, to *content.CourseVersion, how Move) error {
	return l.db.Tx(ctx, func(tx *db.Tx) error {
		var status Status
		if err := db.One(tx.QueryRowLocked(ctx, sqlLockMoved, tid, enrolment).Scan(&status)); err != nil {
			return ignoreMissing(err)
		}
		list, err := scanOwn(ctx, tx, sqlOwnEnrolments+sqlOwnOne, tid, person, enrolment)
		if err != nil || len(list) == 0 {
			return err
		}
		e, testing := list[0], 0
		if err := tx.QueryRow(ctx, sqlInTest, tid, enrolment).Scan(&testing); err != nil {
			return err
		}
		if status == Completed || !e.open || testing > 0 || e.version == to.ID {
			return nil
		}
		from, err := l.courses.FindVersion(ctx, tid, e.courseTenant, e.version)
		if err != nil || from.Number > to.Number {
			return err
		}
		if err = l.takeAlong(ctx, tid, tx, enrolment, from, to, how); err != nil {
			return err
		}
		now := db.At(l.clock())
		restart := 0
		if how == MoveRestart {
			restart = 1
		}
		if _, err := tx.Exec(ctx, sqlMoved, to.ID, now, restart, restart, len(to.Lessons), tid, enrolment); err != nil || status == NotStarted {
			return err
		}
		e.course, e.version, e.moved = to, to.ID, to.ID
		return l.advance(ctx, tid, tx, e, now)
	})
}

// takeAlong gives what a person did, and keeps, the ids that the lessons have in the newer version.
func (l *Learning) takeAlong(ctx context.Context, tid tenant.ID, tx *db.Tx, enrolment db.ID, from, to *content.CourseVersion, how Move) error {
	progress, err := l.progressOf(ctx, tid, tx, []any{enrolment})
	if err != nil {
		return err
	}
	for _, was := range from.Lessons {
		row, begun := progress[enrolment][was.ID]
		now, there := to.After(was)
		if !begun || !there || (how == MoveRestart && was.Kind != content.KindSurvey) {
			continue
		}
		tables := sqlMoveLesson
		if !now.Same(was) {
			if row.State != LessonDone {
				continue
			}
			tables = sqlMoveLesson[:1]
		}
		for _, query := range slices.Clone(tables) {
			if _, err := tx.Exec(ctx, query, now.ID, tid, enrolment, was.ID); err != nil {
				return err
			}
		}
	}
	return nil
}
