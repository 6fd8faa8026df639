package lms

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

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
// under the id it had. A lesson that is the same in both is the one of today, unless they began again since; of another the earlier one is given, which is recorded and
// counts for nothing any more. It returns fault.NotFound for everything else.
func (e *OwnEnrolment) lessonOnce(id db.ID) (content.VersionLesson, error) {
	if found, ok := e.course.Lesson(id); ok {
		return found, nil
	}
	for _, old := range e.earlier {
		was, ok := old.Lesson(id)
		if !ok {
			continue
		}
		if now, ok := e.course.After(was); ok && old.Number >= e.again && now.Same(was) {
			return now, nil
		}
		return was, nil
	}
	return content.VersionLesson{}, fault.New(fault.NotFound, "not_found")
}

// lessonNow is lessonOnce for what begins now: of a lesson that was changed the one of today is given.
func (e *OwnEnrolment) lessonNow(id db.ID) (content.VersionLesson, error) {
	found, err := e.lessonOnce(id)
	if err != nil {
		return found, err
	}
	if now, ok := e.course.After(found); ok {
		return now, nil
	}
	return content.VersionLesson{}, fault.New(fault.NotFound, "not_found")
}

// earlierThan gives the versions of a course that came before one, the newest first.
func earlierThan(taught map[db.ID]*content.CourseVersion, now *content.CourseVersion) []*content.CourseVersion {
	list := slices.SortedFunc(maps.Values(taught), func(a, b *content.CourseVersion) int { return b.Number - a.Number })
	return slices.DeleteFunc(list, func(v *content.CourseVersion) bool { return v.Course != now.Course || v.Number >= now.Number })
}

const sqlEarlierVersions = `SELECT v.round_id, v.course_version_id FROM round_version v`

func (s *Rounds) taughtIn(ctx context.Context, tid tenant.ID, rounds []Round) (map[db.ID]*content.CourseVersion, error) {
	return taughtIn(ctx, s.db, s.courses, tid, rounds)
}

// taughtIn reads the published versions that rounds have and had, by their ids.
func taughtIn(ctx context.Context, d *db.DB, from Courses, tid tenant.ID, rounds []Round) (map[db.ID]*content.CourseVersion, error) {
	courses, whose, ids := map[db.ID]*content.CourseVersion{}, map[db.ID]int64{}, make([]db.ID, 0, len(rounds))
	find := func(round, version db.ID) (err error) {
		if courses[version] == nil {
			courses[version], err = from.FindVersion(ctx, tid, whose[round], version)
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
	err := db.Each(ctx, d, sqlEarlierVersions+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
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
