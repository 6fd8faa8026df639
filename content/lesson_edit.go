package content

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Lesson is a lesson of the draft.
type Lesson struct {
	ID        db.ID
	Course    db.ID
	Position  int
	Kind      LessonKind
	Title     string
	Body      Body  // not in lists
	Version   int64 // compare-and-set of saving
	UpdatedAt db.Time
	SavedBy   string // who saved this version; not in lists
	SaverID   db.ID  // the same, zero for the system

	raw string // body as stored
}

// SaveLesson is one save of the editor.
type SaveLesson struct {
	Title  string
	Body   Body
	Base   int64  // the Version that was being edited
	SaveID string // the page's own name of this save, the same in every repeat
}

// LessonConflict says that the lesson was saved by somebody else since. Nothing was overwritten; Current is what stands there now.
type LessonConflict struct{ Current Lesson }

// Error implements error.
func (e *LessonConflict) Error() string { return "lesson_changed" }

// Unwrap makes it a fault of kind Conflict.
func (e *LessonConflict) Unwrap() error { return fault.New(fault.Conflict, "lesson_changed") }

// ListLessons gives the lessons of a course in order, without bodies; fault.NotFound when tid has no such course.
func (s *Courses) ListLessons(ctx context.Context, tid tenant.ID, course db.ID) ([]Lesson, error) {
	lessons, err := db.List(ctx, s.db, sqlListLessons, []any{tid, course}, func(row db.Row) (Lesson, error) {
		var l Lesson
		err := row.Scan(&l.ID, &l.Course, &l.Position, &l.Kind, &l.Title, &l.Version, &l.UpdatedAt)
		return l, err
	})
	if err != nil {
		return nil, fmt.Errorf("list lessons: %w", err)
	}
	if len(lessons) > 0 {
		return lessons, nil
	}
	_, err = s.Find(ctx, tid, course) // a course without lessons is another thing than no course
	return lessons, err
}

// FindLesson gives one lesson with its body; fault.NotFound when tid has no such or it is deleted.
func (s *Courses) FindLesson(ctx context.Context, tid tenant.ID, id db.ID) (Lesson, error) {
	return findLesson(ctx, s.db, tid, id)
}

func findLesson(ctx context.Context, r db.Runner, tid tenant.ID, id db.ID) (Lesson, error) {
	var l Lesson
	err := db.One(r.QueryRow(ctx, sqlFindLesson, tid, id).Scan(&l.ID, &l.Course, &l.Position, &l.Kind, &l.Title, &l.raw, &l.Version, &l.UpdatedAt, &l.SavedBy, &l.SaverID))
	if err != nil {
		return Lesson{}, err
	}
	l.Body, err = ReadBody(l.Kind, []byte(l.raw))
	return l, err
}

// AddLesson puts a new, empty lesson behind the lesson after, or at the end when after is zero. id is new or derived from the caller's
// idempotency key. It returns fault.Invalid for a wrong title or kind and when the course is full.
func (s *Courses) AddLesson(ctx context.Context, tid tenant.ID, course, id db.ID, kind LessonKind, title string, after db.ID) (Lesson, error) {
	body := NewBody(kind)
	return s.insertLesson(ctx, tid, course, id, after, func(context.Context, *db.Tx) (string, Body, error) { return title, body, nil })
}

// DuplicateLesson puts a copy of a lesson behind it.
func (s *Courses) DuplicateLesson(ctx context.Context, tid tenant.ID, lesson, id db.ID, title string) (Lesson, error) {
	from, err := s.FindLesson(ctx, tid, lesson)
	if err != nil {
		return Lesson{}, err
	}
	return s.insertLesson(ctx, tid, from.Course, id, lesson, func(ctx context.Context, tx *db.Tx) (string, Body, error) {
		now, err := findLesson(ctx, tx, tid, lesson)
		return title, now.Body, err
	})
}

func (s *Courses) insertLesson(ctx context.Context, tid tenant.ID, course, id, after db.ID, content func(context.Context, *db.Tx) (string, Body, error)) (Lesson, error) {
	err := s.change(ctx, tid, course, func(tx *db.Tx, c Course) error {
		title, body, err := content(ctx, tx)
		if err != nil {
			return err
		}
		order, err := lessonOrder(ctx, tx, tid, course)
		if err != nil || slices.Contains(order, id) {
			return err
		}
		var check fault.Check
		title = tenant.Tidy(title)
		check.If(tooLong(title, MaxTitle), "title", "too_long", "max", MaxTitle)
		check.If(body.Kind() == "", "kind", "not_in_list")
		check.If(len(order) >= MaxLessons, "lessons", "too_many", "max", MaxLessons)
		if err := check.Err(); err != nil {
			return err
		}
		if err := insertLesson(ctx, tx, tid, course, len(order)+1, newLesson{id, title, body}, db.At(s.clock())); err != nil {
			return err
		}
		at := len(order)
		if i := slices.Index(order, after); i >= 0 {
			at = i + 1
		}
		if err := setOrder(ctx, tx, tid, slices.Insert(order, at, id)); err != nil {
			return err
		}
		return s.touch(ctx, tx, tid, course)
	})
	if err != nil && !db.IsDuplicate(err) {
		return Lesson{}, fmt.Errorf("add lesson: %w", err)
	}
	return s.FindLesson(ctx, tid, id)
}

// newLesson is a lesson that a draft gets.
type newLesson struct {
	id    db.ID
	title string
	body  Body
}

// insertLessons writes the lessons of a course that has none yet, in their order.
func insertLessons(ctx context.Context, tx *db.Tx, tid tenant.ID, course db.ID, lessons []newLesson, now db.Time) error {
	for i, l := range lessons {
		if err := insertLesson(ctx, tx, tid, course, i+1, l, now); err != nil {
			return err
		}
	}
	return nil
}

// insertLesson writes a lesson with its first revision and what it refers to.
func insertLesson(ctx context.Context, tx *db.Tx, tid tenant.ID, course db.ID, position int, l newLesson, now db.Time) error {
	raw, err := l.body.JSON()
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlInsertLesson, tid, l.id, course, position, l.body.Kind(), l.title, raw, l.body.drawsJSON(), now, now); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlInsertRevision, tid, db.NewID(), l.id, 1, l.title, raw, author(ctx), now); err != nil {
		return err
	}
	return setUses(ctx, tx, tid, holderLesson, l.id, l.body.files())
}

func lessonOrder(ctx context.Context, tx *db.Tx, tid tenant.ID, course db.ID) ([]db.ID, error) {
	return db.Values[db.ID](ctx, tx, sqlLessonOrder, tid, course)
}

func setOrder(ctx context.Context, tx *db.Tx, tid tenant.ID, order []db.ID) error {
	for i, id := range order {
		if _, err := tx.Exec(ctx, sqlLessonPosition, i+1, tid, id, i+1); err != nil {
			return err
		}
	}
	return nil
}

// OrderLessons sets the whole order at once. order must name exactly the lessons of the course: fault.Conflict when somebody added or
// deleted one since.
func (s *Courses) OrderLessons(ctx context.Context, tid tenant.ID, course db.ID, order []db.ID) error {
	err := s.change(ctx, tid, course, func(tx *db.Tx, _ Course) error {
		now, err := lessonOrder(ctx, tx, tid, course)
		if err != nil || slices.Equal(now, order) {
			return err
		}
		if !sameSet(now, order) {
			return fault.New(fault.Conflict, "lessons_changed")
		}
		if err := setOrder(ctx, tx, tid, order); err != nil {
			return err
		}
		return s.touch(ctx, tx, tid, course)
	})
	if err != nil {
		return fmt.Errorf("order lessons: %w", err)
	}
	return nil
}

func sameSet(a, b []db.ID) bool {
	byText := func(x, y db.ID) int { return slices.Compare(x[:], y[:]) }
	a, b = slices.Clone(a), slices.Clone(b)
	slices.SortFunc(a, byText)
	slices.SortFunc(b, byText)
	return slices.Equal(a, b)
}

// DeleteLesson takes a lesson out of the draft. Its row and revisions stay, so that RestoreLesson undoes it. A repeat does nothing.
func (s *Courses) DeleteLesson(ctx context.Context, tid tenant.ID, id db.ID) error {
	return s.setDeleted(ctx, tid, id, true)
}

// RestoreLesson undoes DeleteLesson, at the place where the lesson was.
func (s *Courses) RestoreLesson(ctx context.Context, tid tenant.ID, id db.ID) (Lesson, error) {
	if err := s.setDeleted(ctx, tid, id, false); err != nil {
		return Lesson{}, err
	}
	return s.FindLesson(ctx, tid, id)
}

func (s *Courses) setDeleted(ctx context.Context, tid tenant.ID, id db.ID, deleted bool) error {
	course, err := s.courseOf(ctx, tid, id)
	if err != nil {
		return err
	}
	err = s.change(ctx, tid, course, func(tx *db.Tx, _ Course) error {
		var position int
		var when db.Time
		if err := db.One(tx.QueryRow(ctx, sqlLessonPlace, tid, id).Scan(&position, &when)); err != nil {
			return err
		}
		if deleted == !when.IsZero() {
			return nil
		}
		when = db.Time{}
		if deleted {
			when = db.At(s.clock())
		}
		if _, err := tx.Exec(ctx, sqlDeleteLesson, when, tid, id); err != nil {
			return err
		}
		if err := s.holdAgain(ctx, tx, tid, id, deleted); err != nil {
			return err
		}
		order, err := lessonOrder(ctx, tx, tid, course)
		if err != nil {
			return err
		}
		if !deleted { // back to its old place; the others have closed the gap
			order = slices.DeleteFunc(order, func(other db.ID) bool { return other == id })
			order = slices.Insert(order, min(max(position-1, 0), len(order)), id)
		}
		if len(order) > MaxLessons {
			return fault.New(fault.Conflict, "too_many_lessons", "max", MaxLessons)
		}
		if err := setOrder(ctx, tx, tid, order); err != nil {
			return err
		}
		return s.touch(ctx, tx, tid, course)
	})
	if err != nil {
		return fmt.Errorf("delete lesson: %w", err)
	}
	return nil
}

// holdAgain lets a deleted lesson hold no files, and one that is restored those it names.
func (s *Courses) holdAgain(ctx context.Context, tx *db.Tx, tid tenant.ID, lesson db.ID, deleted bool) error {
	if deleted {
		return setUses(ctx, tx, tid, holderLesson, lesson, nil)
	}
	l, err := findLesson(ctx, tx, tid, lesson)
	if err != nil {
		return err
	}
	return setUses(ctx, tx, tid, holderLesson, lesson, l.Body.files())
}

func (s *Courses) courseOf(ctx context.Context, tid tenant.ID, lesson db.ID) (db.ID, error) {
	var course db.ID
	err := db.One(s.db.QueryRow(ctx, sqlCourseOfLesson, tid, lesson).Scan(&course))
	return course, err
}

// SaveLesson writes title and body when nobody saved since Base, and appends the state to the lesson's revisions. A repeat of a save that
// was accepted answers as the first did. It returns *LessonConflict (a fault.Conflict) when somebody else saved in between, fault.Invalid
// and fault.TooLarge over the limits of a draft; a draft may be incomplete.
func (s *Courses) SaveLesson(ctx context.Context, tid tenant.ID, id db.ID, save SaveLesson) (Lesson, error) {
	save.Title = tenant.Tidy(save.Title)
	var check fault.Check
	check.If(tooLong(save.Title, MaxTitle), "title", "too_long", "max", MaxTitle)
	save.Body.checkDraft(&check)
	if err := check.Err(); err != nil {
		return Lesson{}, err
	}
	save.Body.tidy()
	raw, err := save.Body.JSON()
	if err != nil {
		return Lesson{}, err
	}
	course, err := s.courseOf(ctx, tid, id)
	if err != nil {
		return Lesson{}, err
	}
	var saved Lesson
	err = s.change(ctx, tid, course, func(tx *db.Tx, _ Course) error {
		saved, err = s.save(ctx, tx, tid, id, save, raw)
		return err
	})
	var conflict *LessonConflict
	if errors.As(err, &conflict) {
		return Lesson{}, conflict
	}
	if err != nil {
		return Lesson{}, fmt.Errorf("save lesson: %w", err)
	}
	return saved, nil
}

func (s *Courses) save(ctx context.Context, tx *db.Tx, tid tenant.ID, id db.ID, save SaveLesson, raw string) (Lesson, error) {
	now, err := findLesson(ctx, tx, tid, id)
	if err != nil {
		return Lesson{}, err
	}
	if save.Body.Kind() != now.Kind {
		return Lesson{}, fault.New(fault.Invalid, "lesson_kind")
	}
	revision := db.IDFrom("lesson.save", id.String(), tenant.ActorFrom(ctx).Person.String(), save.SaveID)
	var version int64
	switch err := db.One(tx.QueryRow(ctx, sqlRevisionVersion, tid, revision).Scan(&version)); {
	case err == nil: // this very save was accepted before
		now.Version = version
		return now, nil
	case !fault.Is(err, fault.NotFound):
		return Lesson{}, err
	}
	if now.Title == save.Title && now.raw == raw {
		return now, nil // nothing to write, whoever wrote it
	}
	if now.Version != save.Base {
		return Lesson{}, &LessonConflict{Current: now}
	}
	at := db.At(s.clock())
	if _, err := tx.Exec(ctx, sqlSaveLesson, save.Title, raw, save.Body.drawsJSON(), at, tid, id); err != nil {
		return Lesson{}, err
	}
	who := tenant.ActorFrom(ctx)
	if _, err := tx.Exec(ctx, sqlInsertRevision, tid, revision, id, now.Version+1, save.Title, raw, author(ctx), at); err != nil {
		return Lesson{}, err
	}
	if files := save.Body.files(); !sameSet(files, now.Body.files()) {
		if err := setUses(ctx, tx, tid, holderLesson, id, files); err != nil {
			return Lesson{}, err
		}
	}
	if err := s.touch(ctx, tx, tid, now.Course); err != nil {
		return Lesson{}, err
	}
	now.Title, now.Body, now.raw, now.Version, now.UpdatedAt, now.SavedBy, now.SaverID = save.Title, save.Body, raw, now.Version+1, at, who.Name, who.Person
	return now, nil
}
