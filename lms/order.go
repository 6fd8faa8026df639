package lms

import (
	"bytes"
	"context"
	"slices"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Waiting is a course that a person has to complete before another.
type Waiting struct {
	Title     string
	Enrolment db.ID // the person's own in it; zero: they have none
}

// What a person was given of each course, the newest first.
const sqlTaken = `SELECT e.id, e.status, r.course_tenant_id, COALESCE(e.course_version_id, r.course_version_id) FROM enrolment e JOIN round r ON r.tenant_id = e.tenant_id AND r.id = e.round_id
 WHERE e.tenant_id = ? AND e.person_id = ? AND e.status <> 'withdrawn' ORDER BY +e.id DESC LIMIT ?`

// takenCourse is what a person was given of one course.
type takenCourse struct {
	enrolment, course db.ID
	status            Status
}

// waitsFor gives the courses that the person has to complete before this one.
func (l *Learning) waitsFor(ctx context.Context, tid tenant.ID, r db.Runner, own OwnEnrolment) ([]Waiting, error) {
	if len(own.course.Requires) == 0 {
		return nil, nil
	}
	type version struct {
		tenant int64
		id     db.ID
	}
	var list []takenCourse
	var versions []version
	err := db.Each(ctx, r, sqlTaken, []any{tid, own.person, l.limits.MaxEnrolments}, func(scan func(...any) error) error {
		var t takenCourse
		var v version
		err := scan(&t.enrolment, &t.status, &v.tenant, &v.id)
		list, versions = append(list, t), append(versions, v)
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, v := range versions {
		course, err := l.courses.FindVersion(ctx, tid, v.tenant, v.id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list[i].course = course.Course
	}
	return missing(own.course.Requires, list), nil
}

// missing gives those of the required courses that are not completed; of several enrolments in one the first of the list is named. Who was exempted from a course
// has nothing to complete there.
func missing(requires []content.Requirement, list []takenCourse) (waits []Waiting) {
	for _, first := range requires {
		done, mine := false, db.ID{}
		for _, t := range list {
			if t.course != first.Course {
				continue
			}
			done = done || t.status == Completed || t.status == Exempt
			if mine.IsZero() {
				mine = t.enrolment
			}
		}
		if !done {
			waits = append(waits, Waiting{first.Title, mine})
		}
	}
	return waits
}

// waitAmong notes for each of a person's enrolments that is open which of their courses come before it.
func waitAmong(list []OwnEnrolment) {
	var taken []takenCourse
	for i := range list {
		if len(list[i].course.Requires) == 0 || !list[i].Status.Open() {
			continue
		}
		if taken == nil {
			for _, e := range list {
				taken = append(taken, takenCourse{e.ID, e.course.Course, e.Status})
			}
			slices.SortFunc(taken, func(a, b takenCourse) int { return bytes.Compare(b.enrolment[:], a.enrolment[:]) }) // the newest first
		}
		list[i].Waits = missing(list[i].course.Requires, taken)
	}
}

// opens gives the person's courses that ask for this one first and are still to be taken, now that it is completed.
func (l *Learning) opens(ctx context.Context, tid tenant.ID, own OwnEnrolment) ([]Waiting, error) {
	if own.Status != Completed {
		return nil, nil
	}
	list, err := l.readOwn(ctx, tid, sqlOwnEnrolments+sqlOwnNewest, tid, own.person, l.limits.MaxEnrolments)
	if err != nil {
		return nil, err
	}
	var out []Waiting
	for _, e := range list {
		asks := slices.ContainsFunc(e.course.Requires, func(r content.Requirement) bool { return r.Course == own.course.Course })
		if asks && e.open && e.Status.Open() {
			out = append(out, Waiting{e.CourseTitle, e.ID})
		}
	}
	return out, nil
}

// lockedBy gives the lesson that has to be done before one, where the course says that they are taken in their order. What was begun stays open.
func lockedBy(course *content.CourseVersion, rows map[db.ID]progressRow, lesson db.ID) (content.VersionLesson, bool) {
	if !course.Ordered || rows[lesson].State != "" {
		return content.VersionLesson{}, false
	}
	at := slices.IndexFunc(course.Lessons, func(l content.VersionLesson) bool { return l.ID == lesson })
	for _, l := range course.Lessons[:max(at, 0)] {
		if rows[l.ID].State != LessonDone {
			return l, true
		}
	}
	return content.VersionLesson{}, false
}

// mayBegin refuses a lesson that the person may not begin yet: fault.Conflict "course_locked" or "lesson_locked", with the title of what comes first. What was begun
// stays open, and a course that is finished is open as a whole.
func (l *Learning) mayBegin(ctx context.Context, tid tenant.ID, own OwnEnrolment, lesson db.ID) error {
	if (!own.course.Ordered && len(own.course.Requires) == 0) || own.Status == Completed {
		return nil
	}
	rows, err := l.progressOf(ctx, tid, l.db, []any{own.ID})
	if err != nil || rows[own.ID][lesson].State != "" {
		return err
	}
	waits, err := l.waitsFor(ctx, tid, l.db, own)
	if err != nil {
		return err
	}
	if len(waits) > 0 {
		return fault.New(fault.Conflict, "course_locked", "title", waits[0].Title)
	}
	if first, locked := lockedBy(own.course, rows[own.ID], lesson); locked {
		return fault.New(fault.Conflict, "lesson_locked", "title", first.Title)
	}
	return nil
}
