package lms

import (
	"context"
	"errors"
	"fmt"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// errMoved says that the enrolment went over to another version of its course between reading and locking it: what is done has to be worked out again.
var errMoved = fault.New(fault.Conflict, "course_moved")

// again does something anew that met errMoved: a round's people stay where they are at first, and then go over one by one, so that it may meet it twice.
func again[T any](do func() (T, error)) (out T, err error) {
	for range 4 {
		if out, err = do(); !errors.Is(err, errMoved) {
			break
		}
	}
	return out, err
}

// unmoved is 1 for an enrolment that takes its round's version.
func (e *OwnEnrolment) unmoved() int {
	if e.moved.IsZero() {
		return 1
	}
	return 0
}

// lessonOnce finds a lesson by its id in the version the person takes or in an earlier one of the course: what they did offline, or in a page that stayed open, arrives
// under the id it had. A lesson that is the same in both is the one of today; of another the earlier one is given, which is recorded and counts for nothing any more. It
// returns fault.NotFound for everything else.
func (l *Learning) lessonOnce(ctx context.Context, tid tenant.ID, e OwnEnrolment, id db.ID) (content.VersionLesson, error) {
	if found, ok := e.course.Lesson(id); ok {
		return found, nil
	}
	was, err := l.earlier(ctx, tid, e, id)
	if err != nil {
		return content.VersionLesson{}, err
	}
	if now, ok := e.course.After(was); ok && now.Same(was) {
		return now, nil
	}
	return was, nil
}

// lessonNow is lessonOnce for what begins now: of a lesson that was changed the one of today is given.
func (l *Learning) lessonNow(ctx context.Context, tid tenant.ID, e OwnEnrolment, id db.ID) (content.VersionLesson, error) {
	if found, ok := e.course.Lesson(id); ok {
		return found, nil
	}
	was, err := l.earlier(ctx, tid, e, id)
	if err != nil {
		return content.VersionLesson{}, err
	}
	if now, ok := e.course.After(was); ok {
		return now, nil
	}
	return content.VersionLesson{}, fault.New(fault.NotFound, "not_found")
}

// earlier finds a lesson in an earlier version of the enrolment's course. Who never went over has none.
func (l *Learning) earlier(ctx context.Context, tid tenant.ID, e OwnEnrolment, id db.ID) (content.VersionLesson, error) {
	none := fault.New(fault.NotFound, "not_found")
	if e.moved.IsZero() {
		return content.VersionLesson{}, none
	}
	old, err := l.courses.VersionOfLesson(ctx, tid, e.courseTenant, id)
	if err != nil {
		return content.VersionLesson{}, err
	}
	if was, ok := old.Lesson(id); ok && old.Course == e.course.Course && old.Number < e.course.Number {
		return was, nil
	}
	return content.VersionLesson{}, none
}

const sqlEarlierVersions = `SELECT v.round_id, v.course_version_id FROM round_version v`

// taughtIn reads the published versions that rounds have and had, by their ids.
func (s *Rounds) taughtIn(ctx context.Context, tid tenant.ID, rounds []Round) (map[db.ID]*content.CourseVersion, error) {
	courses, whose, ids := map[db.ID]*content.CourseVersion{}, map[db.ID]int64{}, make([]db.ID, 0, len(rounds))
	find := func(round, version db.ID) (err error) {
		if courses[version] == nil {
			courses[version], err = s.courses.FindVersion(ctx, tid, whose[round], version)
		}
		return err
	}
	for _, r := range rounds { // a version that another round has is in the process already
		ids, whose[r.ID] = append(ids, r.ID), r.CourseTenant
		if err := find(r.ID, r.VersionID); err != nil {
			return nil, fmt.Errorf("version of a round: %w", err)
		}
	}
	earlier := map[db.ID]db.ID{}
	cond := db.Where("v.tenant_id = ?", tid).In("v.round_id", db.Args(ids))
	err := db.Each(ctx, s.db, sqlEarlierVersions+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
		var round, version db.ID
		err := scan(&round, &version)
		earlier[version] = round
		return err
	})
	for version, round := range earlier {
		if err == nil {
			err = find(round, version)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("versions of rounds: %w", err)
	}
	return courses, nil
}
