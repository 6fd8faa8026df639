package lms

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

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

// KindMoveRest is the job that finishes the move of a round that was closed while it went over and is opened again.
const KindMoveRest = "round.move_rest"

// inTest is how long an open attempt holds its person in the version it began with. What was opened longer ago was left.
const inTest = 24 * time.Hour

const (
	sqlInsertMove     = `INSERT INTO course_move (tenant_id, course_id, number, course_tenant_id, course_version_id, how, chosen_at) VALUES (?, ?, ?, ?, ?, ?, ?)`
	sqlMovesOf        = `SELECT m.number, m.course_tenant_id, m.course_version_id, m.how FROM course_move m WHERE m.tenant_id = ? AND m.course_id = ? ORDER BY m.number`
	sqlMoveOf         = `SELECT how FROM course_move WHERE tenant_id = ? AND course_id = ? AND number = ?`
	sqlLeftBehind     = `SELECT COUNT(*) FROM enrolment WHERE tenant_id = ? AND round_id = ? AND course_version_id <> ? AND status IN ('not_started', 'in_progress', 'interrupted', 'failed')`
	sqlRoundsOfCourse = `SELECT r.id FROM round r JOIN course_version v ON v.tenant_id = ? AND v.id = r.course_version_id
 WHERE r.tenant_id = ? AND r.state = 'open' AND v.course_id = ? ORDER BY r.id`
	sqlUnderWay = `SELECT COUNT(DISTINCT e.round_id), COUNT(*) FROM enrolment e JOIN round r ON r.tenant_id = e.tenant_id AND r.id = e.round_id
 JOIN course_version v ON v.tenant_id = ? AND v.id = r.course_version_id
 WHERE e.tenant_id = ? AND r.state = 'open' AND v.course_id = ? AND e.status IN ('not_started', 'in_progress', 'interrupted', 'failed')`
	sqlLeaveVersion = `INSERT INTO round_version (tenant_id, round_id, course_version_id, left_at) VALUES (?, ?, ?, ?)`
	sqlPinRound     = `UPDATE enrolment SET course_version_id = ? WHERE tenant_id = ? AND round_id = ? AND course_version_id IS NULL`
	sqlMoveRound    = `UPDATE round SET course_version_id = ?, course_title = ?, lessons_total = ?, version = version + 1, updated_at = ? WHERE tenant_id = ? AND id = ?`
	sqlToMove       = `SELECT e.id, e.person_id FROM enrolment e WHERE e.tenant_id = ? AND e.round_id = ? AND e.course_version_id <> ? AND e.status <> 'completed' AND e.id > ? ORDER BY e.id LIMIT ?`
	sqlLockMoved    = `SELECT e.status FROM enrolment e WHERE e.tenant_id = ? AND e.id = ?`
	sqlInTest       = `SELECT COUNT(*) FROM attempt WHERE tenant_id = ? AND enrolment_id = ? AND state = 'open' AND started_at > ?`
	// What counts in the new version is worked out anew, by advance.
	sqlMoved = `UPDATE enrolment SET course_version_id = ?, moved_at = ?, began_again = ?, self_reported = CASE WHEN ? = 1 THEN 0 ELSE self_reported END, score_percent = NULL,
 lessons_total = ?, lessons_done = 0, status = CASE WHEN status = 'failed' THEN 'in_progress' ELSE status END WHERE tenant_id = ? AND id = ?`
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

// moving is the payload of KindMove.
type moving struct {
	Course db.ID `json:"course"`
}

// movingRest is the payload of KindMoveRest.
type movingRest struct {
	Round db.ID `json:"round"`
}

// Moving gives what is done with a version that is published, or taken: what it means for those of tid who are under way, and the job that does it, are written; a version that was there
// already is fault.Conflict "moved_otherwise" when something else was chosen with it. An empty how is no choice: they carry on.
func (l *Learning) Moving(tid tenant.ID, how Move) content.Along {
	return content.Along{
		First: func(ctx context.Context, tx *db.Tx, v *content.CourseVersion) error {
			return l.choose(ctx, tid, tx, v, how)
		},
		Again: func(ctx context.Context, tx *db.Tx, v *content.CourseVersion) error {
			was := MoveStay
			err := db.One(tx.QueryRow(ctx, sqlMoveOf, tid, v.Course, v.Number).Scan(&was))
			if err = ignoreMissing(err); err == nil && how != "" && how != was {
				err = fault.New(fault.Conflict, "moved_otherwise")
			}
			return err
		},
	}
}

func (l *Learning) choose(ctx context.Context, tid tenant.ID, tx *db.Tx, v *content.CourseVersion, how Move) error {
	if how != MoveKeep && how != MoveRestart {
		return nil
	}
	now := l.clock()
	if _, err := tx.Exec(ctx, sqlInsertMove, tid, v.Course, v.Number, v.Tenant, v.ID, how, db.At(now)); err != nil {
		return err
	}
	payload, err := json.Marshal(moving{Course: v.Course})
	if err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, now, db.Job{Kind: KindMove, Slot: fmt.Sprint(tid.Number(), " ", v.ID), Tenant: tid.Number(), Payload: payload}); err != nil {
		return err
	}
	return l.certificates.audit.Append(ctx, tid, tx, tenant.Change{
		Action: "course.move", SubjectKind: "course", Subject: v.Course, Detail: map[string]any{"title": v.Title, "number": v.Number, "how": how},
	})
}

// courseMove is what was chosen with one version.
type courseMove struct {
	number  int
	owner   int64
	version db.ID
	how     Move
}

// courseMoves are the choices for one course, by version.
type courseMoves []courseMove

// restarts tells whether somebody who goes from one version to another begins again: whoever chose so in between is not overruled by a later choice to keep.
func (m courseMoves) restarts(from, to int) bool {
	return slices.ContainsFunc(m, func(one courseMove) bool {
		return one.how == MoveRestart && one.number > from && one.number <= to
	})
}

// movesOf gives the choices for a course.
func (l *Learning) movesOf(ctx context.Context, tid tenant.ID, course db.ID) (moves courseMoves, err error) {
	err = db.Each(ctx, l.db, sqlMovesOf, []any{tid, course}, func(scan func(...any) error) error {
		var one courseMove
		err := scan(&one.number, &one.owner, &one.version, &one.how)
		moves = append(moves, one)
		return err
	})
	return moves, err
}

// MoveJob is the handler of KindMove. It may be killed and run again: who has gone over is left alone.
func (l *Learning) MoveJob(ctx context.Context, job db.Job, report func(done, total int64)) error {
	var m moving
	if err := json.Unmarshal(job.Payload, &m); err != nil {
		return fault.Wrap(err, fault.Invalid, "invalid")
	}
	tid := tenant.System(job.Tenant, "new version of a course")
	moves, err := l.movesOf(ctx, tid, m.Course)
	if err != nil || len(moves) == 0 {
		return err
	}
	last := moves[len(moves)-1] // also when this job was for an earlier one: both do the same
	to, err := l.courses.FindVersion(ctx, tid, last.owner, last.version)
	if err != nil {
		return fmt.Errorf("move rounds: %w", err)
	}
	rounds, err := db.Values[db.ID](ctx, l.db, sqlRoundsOfCourse, last.owner, tid, m.Course)
	if err != nil {
		return fmt.Errorf("move rounds: %w", err)
	}
	_, people, err := l.UnderWay(ctx, tid, last.owner, m.Course)
	if err != nil {
		return fmt.Errorf("move rounds: %w", err)
	}
	done := 0
	for _, round := range rounds {
		taught, err := l.moveRound(ctx, tid, round, to)
		if err == nil {
			err = l.movePeople(ctx, tid, round, mover{to, moves, taught}, func(n int) {
				done += n
				report(int64(done), int64(max(done, people)))
			})
		}
		if err != nil {
			return fmt.Errorf("move round: %w", err)
		}
	}
	return nil
}

// MoveRestJob is the handler of KindMoveRest: whoever was left behind goes over to the version that the round went to. It may be killed and run again.
func (l *Learning) MoveRestJob(ctx context.Context, job db.Job, report func(done, total int64)) error {
	var m movingRest
	if err := json.Unmarshal(job.Payload, &m); err != nil {
		return fault.Wrap(err, fault.Invalid, "invalid")
	}
	tid := tenant.System(job.Tenant, "rest of a round that goes over to a new version")
	r, err := findRound(ctx, tid, l.db, m.Round)
	if err != nil || r.State != RoundOpen {
		return ignoreMissing(err)
	}
	to, err := l.courses.FindVersion(ctx, tid, r.CourseTenant, r.VersionID)
	if err != nil {
		return fmt.Errorf("move rest of round: %w", err)
	}
	moves, err := l.movesOf(ctx, tid, to.Course)
	if err != nil {
		return fmt.Errorf("move rest of round: %w", err)
	}
	taught, err := taughtIn(ctx, l.db, l.courses, tid, []Round{r})
	if err != nil {
		return fmt.Errorf("move rest of round: %w", err)
	}
	done := 0
	err = l.movePeople(ctx, tid, m.Round, mover{to, moves, taught}, func(n int) {
		done += n
		report(int64(done), int64(done))
	})
	if err != nil {
		return fmt.Errorf("move rest of round: %w", err)
	}
	return nil
}

// finishMove has the rest of a round that is opened again taken over, where it was closed while it went over to a newer version.
func finishMove(ctx context.Context, tid tenant.ID, tx *db.Tx, r Round, now time.Time) error {
	behind := 0
	if err := tx.QueryRow(ctx, sqlLeftBehind, tid, r.ID, r.VersionID).Scan(&behind); err != nil || behind == 0 {
		return err
	}
	payload, err := json.Marshal(movingRest{r.ID})
	if err != nil {
		return err
	}
	return tx.Enqueue(ctx, now, db.Job{Kind: KindMoveRest, Slot: fmt.Sprint(tid.Number(), " ", r.ID, " ", r.Version), Tenant: tid.Number(), Payload: payload})
}

// moveRound makes to the version of an open round, and gives every version that it has and had; everybody who is in it stays where they are until their turn comes.
func (l *Learning) moveRound(ctx context.Context, tid tenant.ID, round db.ID, to *content.CourseVersion) (map[db.ID]*content.CourseVersion, error) {
	before, err := findRound(ctx, tid, l.db, round)
	if err != nil {
		return nil, err
	}
	from, err := l.courses.FindVersion(ctx, tid, before.CourseTenant, before.VersionID)
	if err != nil {
		return nil, err
	}
	err = l.db.Tx(ctx, func(tx *db.Tx) error {
		now := db.At(l.clock())
		if err := tx.Upsert(ctx, sqlLockAudience, "tenant_id, name", "updated_at", tid, now); err != nil { // nobody joins with the lessons of before
			return err
		}
		r, err := lockRound(ctx, tid, tx, round)
		if err != nil || r.State != RoundOpen || from.Number >= to.Number {
			return err
		}
		if r.VersionID != from.ID {
			return errRoundsChanged
		}
		if _, err := tx.Exec(ctx, sqlLeaveVersion, tid, round, from.ID, now); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlPinRound, from.ID, tid, round); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlMoveRound, to.ID, to.Title, len(to.Lessons), now, tid, round); err != nil {
			return err
		}
		return l.certificates.audit.Append(ctx, tid, tx, tenant.Change{
			Action: "round.move", SubjectKind: "round", Subject: round, Detail: map[string]any{"title": r.Title, "from": from.Number, "number": to.Number},
		})
	})
	if err != nil {
		return nil, err
	}
	return taughtIn(ctx, l.db, l.courses, tid, []Round{{ID: round, CourseTenant: before.CourseTenant, VersionID: to.ID}})
}

// mover is where people of a round go, and from where.
type mover struct {
	to     *content.CourseVersion
	moves  courseMoves
	taught map[db.ID]*content.CourseVersion
}

func (l *Learning) movePeople(ctx context.Context, tid tenant.ID, round db.ID, m mover, report func(n int)) error {
	last := db.ID{15: 1} // before every other
	for {
		type one struct{ enrolment, person db.ID }
		var list []one
		err := db.Each(ctx, l.db, sqlToMove, []any{tid, round, m.to.ID, last, chunk}, func(scan func(...any) error) error {
			var o one
			err := scan(&o.enrolment, &o.person)
			list = append(list, o)
			return err
		})
		if err != nil || len(list) == 0 {
			return err
		}
		for _, o := range list {
			if err := l.moveOne(ctx, tid, o.person, o.enrolment, m); err != nil {
				return err
			}
		}
		report(len(list))
		last = list[len(list)-1].enrolment
	}
}

// moveOne takes one person over. What they did in lessons that stay the same goes along; of a lesson that was changed, that it is done; the rest stays with the version
// it was done in, as evidence.
func (l *Learning) moveOne(ctx context.Context, tid tenant.ID, person, enrolment db.ID, m mover) error {
	return l.db.Tx(ctx, func(tx *db.Tx) error {
		var status Status
		if err := db.One(tx.QueryRowLocked(ctx, sqlLockMoved, tid, enrolment).Scan(&status)); err != nil {
			return ignoreMissing(err)
		}
		list, err := scanOwn(ctx, tx, sqlOwnEnrolments+" AND e.id = ?", tid, person, enrolment)
		if err != nil || len(list) == 0 {
			return err
		}
		e, now, testing := list[0], l.clock(), 0
		if err := tx.QueryRow(ctx, sqlInTest, tid, enrolment, db.At(now.Add(-inTest))).Scan(&testing); err != nil {
			return err
		}
		from := m.taught[e.version]
		if status == Completed || !e.open || testing > 0 || from == nil || from.Number >= m.to.Number {
			return nil
		}
		restart := 0
		if m.moves.restarts(from.Number, m.to.Number) {
			restart, e.again = 1, m.to.Number
		}
		if err := l.takeAlong(ctx, tid, tx, e, m); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlMoved, m.to.ID, db.At(now), e.again, restart, len(m.to.Lessons), tid, enrolment); err != nil || status == NotStarted {
			return err
		}
		e.course, e.version, e.moved = m.to, m.to.ID, m.to.ID
		return l.advance(ctx, tid, tx, e, db.At(now))
	})
}

// takeAlong gives what a person did, and keeps, the ids that the lessons have in the newer version: of the newest version in which they did it, for a lesson may have
// been gone for a while. A survey stays answered, also when they begin again; a promise whose words are others is made again.
func (l *Learning) takeAlong(ctx context.Context, tid tenant.ID, tx *db.Tx, e OwnEnrolment, m mover) error {
	progress, err := l.progressOf(ctx, tid, tx, []any{e.ID})
	if err != nil {
		return err
	}
	taken := map[db.ID]bool{}
	for _, old := range earlierThan(m.taught, m.to) {
		for _, was := range old.Lessons {
			row, begun := progress[e.ID][was.ID]
			now, there := m.to.After(was)
			if !begun || !there || taken[now.ID] || (old.Number < e.again && was.Kind != content.KindSurvey) {
				continue
			}
			tables := sqlMoveLesson
			if !now.Same(was) {
				if row.State != LessonDone || was.Kind == content.KindPledge {
					continue
				}
				tables = sqlMoveLesson[:1]
			}
			taken[now.ID] = true
			for _, query := range tables {
				if _, err := tx.Exec(ctx, query, now.ID, tid, e.ID, was.ID); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
