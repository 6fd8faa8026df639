package content

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Publish freezes the draft into a new version. base is the ContentVersion the editor saw: fault.Conflict when the draft has moved on
// since, or when somebody else must approve it first (review_needed). fault.Invalid names everything that is missing, each field with the lesson's id and title in its Args. Publishing what is
// already published answers with that version again. What stands in with is done in the same transaction.
func (s *Courses) Publish(ctx context.Context, tid tenant.ID, course db.ID, base int64, with ...Along) (CourseVersion, error) {
	var version CourseVersion
	along := together(with)
	err := s.change(ctx, tid, course, func(tx *db.Tx, c Course) error {
		if c.State == CourseArchived {
			return fault.New(fault.Conflict, "course_archived")
		}
		if c.ContentVersion != base {
			return fault.New(fault.Conflict, "course_changed")
		}
		if !c.Changed() {
			version = CourseVersion{Tenant: tid.Number(), ID: c.LatestVersion, Course: course, Number: c.LatestNumber, Title: c.Title, PublishedAt: c.LatestPublishedAt}
			return along.again(ctx, tx, &version)
		}
		lessons, err := s.complete(ctx, tx, tid, c)
		if err != nil {
			return err
		}
		review, err := s.publishable(ctx, tx, tid, c)
		if err != nil {
			return err
		}
		version = s.newVersion(ctx, tid, c, lessons)
		if version.Cover, err = currentCover(ctx, tx, tid, c.Cover); err != nil {
			return err
		}
		version.Review = review
		if err := s.freeze(ctx, tx, tid, c, &version); err != nil {
			return err
		}
		return along.first(ctx, tx, &version)
	})
	if err != nil {
		return CourseVersion{}, fmt.Errorf("publish course: %w", err)
	}
	return version, nil
}

// Along is what else is done when a version is published or taken.
type Along struct {
	First func(ctx context.Context, tx *db.Tx, v *CourseVersion) error // with a version that is new: writes it down
	Again func(ctx context.Context, tx *db.Tx, v *CourseVersion) error // with one that was published or taken before: fault.Conflict when something else was written then
}

type together []Along

func (t together) first(ctx context.Context, tx *db.Tx, v *CourseVersion) error {
	for _, along := range t {
		if err := along.First(ctx, tx, v); err != nil {
			return err
		}
	}
	return nil
}

func (t together) again(ctx context.Context, tx *db.Tx, v *CourseVersion) error {
	for _, along := range t {
		if err := along.Again(ctx, tx, v); err != nil {
			return err
		}
	}
	return nil
}

// Missing lists what keeps the course from being published, without publishing; nil when nothing does.
func (s *Courses) Missing(ctx context.Context, tid tenant.ID, course db.ID) ([]fault.Field, error) {
	var missing []fault.Field
	err := s.change(ctx, tid, course, func(tx *db.Tx, c Course) error {
		_, err := s.complete(ctx, tx, tid, c)
		missing = fieldsOf(err)
		if missing != nil {
			return nil
		}
		return err
	})
	return missing, err
}

// complete reads the lessons of the draft as they would be published and checks them.
func (s *Courses) complete(ctx context.Context, tx *db.Tx, tid tenant.ID, c Course) ([]VersionLesson, error) {
	lessons, err := s.draft(ctx, tx, tid, c.ID)
	if err != nil {
		return nil, err
	}
	files, err := filesOf(ctx, tx.Locking(), tid, lessons) // what is published cannot be removed or replaced meanwhile
	if err != nil {
		return nil, err
	}
	var all []fault.Field
	if len(lessons) == 0 {
		all = append(all, fault.Field{Path: "lessons", Key: "course_empty"})
	}
	for i := range lessons {
		l := &lessons[i]
		var check fault.Check
		path := fmt.Sprintf("lessons[%d].", i)
		check.If(l.Title == "", path+"title", "lesson_title")
		l.Body.Validate(&check, path)
		l.Body.fill(&check, path, files)
		if l.Body.Quiz != nil {
			if err := l.Body.Quiz.fillPool(ctx, tx, tid, &check, path); err != nil {
				return nil, err
			}
		}
		for _, f := range check.Fields() {
			if f.Args == nil {
				f.Args = map[string]any{}
			}
			f.Args["lesson"], f.Args["lesson_title"] = l.Lesson.String(), l.Title
			all = append(all, f)
		}
	}
	if len(all) > 0 {
		return nil, &fault.Error{Kind: fault.Invalid, Key: "course_incomplete", Fields: all}
	}
	return lessons, nil
}

func courseTooLarge() error {
	return &fault.Error{Kind: fault.Invalid, Key: "course_incomplete", Fields: []fault.Field{{Path: "lessons", Key: "course_too_large", Args: map[string]any{"max": MaxCourse}}}}
}

// draft reads the lessons of a course as they are. It returns what Publish does of a course that is too large to be read.
func (s *Courses) draft(ctx context.Context, r db.Runner, tid tenant.ID, course db.ID) ([]VersionLesson, error) {
	var lessons []VersionLesson
	size := 0
	err := db.Each(ctx, r, sqlLessonBodies, []any{tid, course}, func(scan func(...any) error) error {
		l := VersionLesson{ID: db.NewID(), Position: len(lessons) + 1}
		var raw []byte
		if err := scan(&l.Lesson, &l.Kind, &l.Title, &raw); err != nil {
			return err
		}
		if size += len(raw); size > MaxCourse {
			return courseTooLarge()
		}
		var err error
		l.Body, err = ReadBody(l.Kind, raw)
		lessons = append(lessons, l)
		return err
	})
	return lessons, err
}

// filesOf loads every file the lessons refer to, by the id they name it with: a file that was replaced is what replaced it.
func filesOf(ctx context.Context, r db.Runner, tid tenant.ID, lessons []VersionLesson) (map[db.ID]Asset, error) {
	var ids []db.ID
	for _, l := range lessons {
		ids = append(ids, l.Body.files()...)
	}
	files, err := loadFiles(ctx, r, tid, ids)
	if err != nil {
		return nil, err
	}
	var replaced []db.ID
	for _, a := range files {
		if !a.SupersededBy.IsZero() {
			replaced = append(replaced, a.SupersededBy)
		}
	}
	now, err := loadFiles(ctx, r, tid, replaced)
	if err != nil {
		return nil, err
	}
	for id, a := range files {
		if by, ok := now[a.SupersededBy]; ok {
			files[id] = by
		}
	}
	return files, nil
}

func loadFiles(ctx context.Context, r db.Runner, tid tenant.ID, names []db.ID) (map[db.ID]Asset, error) {
	slices.SortFunc(names, func(a, b db.ID) int { return slices.Compare(a[:], b[:]) })
	ids := db.Args(slices.Compact(names))
	files := map[db.ID]Asset{}
	for len(ids) > 0 {
		n := min(len(ids), 500)
		cond := db.Where("tenant_id = ?", tid).In("id", ids[:n])
		assets, err := selectAssets(ctx, r, cond.SQL(), cond.Args()...)
		if err != nil {
			return nil, err
		}
		for _, a := range assets {
			if a.Kind == AssetPackage && a.State == AssetReady {
				p, err := findPackage(ctx, r, tid.Number(), a.SHA256)
				if err != nil {
					return nil, err
				}
				a.Package = &p
			}
			files[a.ID] = a
		}
		ids = ids[n:]
	}
	return files, nil
}

// fill writes what is known of the files into the body and records the files that cannot be published.
func (b Body) fill(c *fault.Check, path string, files map[db.ID]Asset) {
	for _, ref := range b.Assets() {
		a, ok := files[ref.ID]
		switch {
		case !ok, a.Kind != ref.Kind, a.State == AssetRefused:
			c.Add(path+ref.Path, "file_unusable")
		case a.State != AssetReady:
			c.Add(path+ref.Path, "file_not_ready", "file", a.FileName)
		default:
			b.take(ref, a)
		}
	}
}

// take writes what is known of a file into a body that is published, and names what replaced it where it was replaced.
func (b Body) take(ref AssetRef, a Asset) {
	b.rename(ref.ID, a.ID)
	switch {
	case b.Recording() != nil:
		if ref.Kind != AssetCaptions {
			b.Recording().DurationMS = a.DurationMS
		}
	case b.PDF != nil:
		b.PDF.Pages = a.Pages
	case b.Package != nil:
		b.Package.fill(a.Package)
	}
}

// rename names another file wherever the body names one.
func (b Body) rename(from, to db.ID) {
	if from == to {
		return
	}
	swap := func(id *db.ID) {
		if *id == from {
			*id = to
		}
	}
	switch {
	case b.Page != nil:
		for _, name := range []string{"data-asset", "data-captions"} {
			b.Page.HTML = strings.ReplaceAll(b.Page.HTML, name+`="`+from.String()+`"`, name+`="`+to.String()+`"`)
		}
	case b.Recording() != nil:
		r := b.Recording()
		swap(&r.Asset)
		for i := range r.Captions {
			swap(&r.Captions[i].Asset)
		}
	case b.PDF != nil:
		swap(&b.PDF.Asset)
	case b.Package != nil:
		swap(&b.Package.Asset)
	}
}

func (s *Courses) newVersion(ctx context.Context, tid tenant.ID, c Course, lessons []VersionLesson) CourseVersion {
	v := CourseVersion{
		Tenant: tid.Number(), ID: db.NewID(), Course: c.ID, Number: c.LatestNumber + 1, Title: c.Title, Summary: c.Summary, Language: c.Language,
		LessonCount: len(lessons), Ordered: c.Ordered, Requires: c.Requires, Audience: c.Audience, Minutes: c.Minutes, Cover: c.Cover, PublishedBy: tenant.ActorFrom(ctx).Person, PublishedAt: db.At(s.clock()), Lessons: lessons,
	}
	for _, l := range lessons {
		if r := l.Body.Recording(); r != nil {
			v.DurationMS += r.DurationMS
		}
	}
	return v
}

// freeze writes the version. The course's row is locked, and the unique number refuses a second version of the same draft.
func (s *Courses) freeze(ctx context.Context, tx *db.Tx, tid tenant.ID, c Course, v *CourseVersion) error {
	offered := db.Time{}
	if c.Shared == SharedAll {
		offered = v.PublishedAt
	}
	_, err := tx.Exec(ctx, sqlInsertVersion, tid, v.ID, c.ID, v.Number, v.Title, v.Summary, v.Language, v.LessonCount, v.DurationMS, author(ctx), v.PublishedAt, offered, v.Review, v.Ordered, db.JSON[[]Requirement]{V: v.Requires}, v.Audience, v.Minutes, v.Cover)
	if db.IsDuplicate(err) {
		return fault.Wrap(err, fault.Conflict, "course_changed")
	}
	if err != nil {
		return err
	}
	rows, size := make([][]any, 0, len(v.Lessons)), 0
	for _, l := range v.Lessons {
		raw, err := l.Body.JSON()
		if err != nil {
			return err
		}
		if size += len(raw); size > MaxCourse { // with the questions that its quizzes draw from
			return courseTooLarge()
		}
		rows = append(rows, []any{tid, l.ID, v.ID, l.Lesson, l.Position, l.Kind, l.Title, raw})
	}
	for len(rows) > 0 { // few at a time: a statement must stay below the server's packet limit
		n := min(len(rows), 4)
		if err := tx.InsertMany(ctx, sqlInsertVersionLesson, "(?, ?, ?, ?, ?, ?, ?, ?)", rows[:n]); err != nil {
			return err
		}
		rows = rows[n:]
	}
	if err := holdVersion(ctx, tx, tid, v); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlCoursePublished, v.ID, c.ContentVersion, v.PublishedAt, tid, c.ID); err != nil {
		return err
	}
	return s.audit.Append(ctx, tid, tx, tenant.Change{
		Action: "course.publish", SubjectKind: "course", Subject: c.ID, After: v.Lessons,
		Detail: map[string]any{"title": v.Title, "number": v.Number, "version": v.ID.String(), "lessons": v.LessonCount, "approved": !v.Review.IsZero()},
	})
}

// ListVersions gives what was published of a course, newest first, without lessons; fault.NotFound when tid has no such course.
func (s *Courses) ListVersions(ctx context.Context, tid tenant.ID, course db.ID) ([]CourseVersion, error) {
	if _, err := s.Find(ctx, tid, course); err != nil {
		return nil, err
	}
	versions, err := db.List(ctx, s.db, sqlListVersions, []any{tid, course}, func(row db.Row) (CourseVersion, error) {
		v := CourseVersion{Tenant: tid.Number(), Course: course}
		err := row.Scan(&v.ID, &v.Number, &v.Title, &v.Summary, &v.Language, &v.LessonCount, &v.DurationMS, &v.PublishedBy, &v.PublishedAt, &v.Review, &v.PublishedName, &v.AskedName, &v.ApprovedName)
		return v, err
	})
	if err != nil {
		return nil, fmt.Errorf("list versions: %w", err)
	}
	return versions, nil
}

func fieldsOf(err error) []fault.Field {
	var f *fault.Error
	if errors.As(err, &f) && f.Key == "course_incomplete" {
		return f.Fields
	}
	return nil
}
