package content

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// The states of a course.
const (
	CourseDraft     = "draft"     // never published
	CoursePublished = "published" // has a version that rounds may use
	CourseArchived  = "archived"  // out of the catalogue; rounds under way go on
)

// With whom a course is shared.
const (
	SharedNone = "none"
	SharedAll  = "all" // every organisation may use it, read-only; the association's courses only

	SharedChosen = "chosen" // those of course_share; the association's courses only
)

// Limits of what an editor says about a course.
const (
	maxSummary  = 2000
	MaxAudience = 200
	MaxMinutes  = 10_000
	MaxMembers  = 1000 // with whom one course is shared by name
)

// Languages are those a course may be in.
var Languages = []string{"ja", "en"}

// Course is a course being made.
type Course struct {
	ID                db.ID
	Title             string
	Summary           string
	Language          string // of its lessons: ja, en …
	Shared            string
	State             string
	Version           int64 // compare-and-set of the fields above
	ContentVersion    int64 // compare-and-set of publishing: counts every change a publishing would show
	Published         int64 // ContentVersion at the last publishing, 0 when there was none
	LatestVersion     db.ID
	LatestNumber      int // number of the latest version, 0 when there is none
	LessonCount       int
	CreatedAt         db.Time
	UpdatedAt         db.Time
	LatestPublishedAt db.Time
	ReviewNeeded      bool // only what somebody else approved may be published

	Ordered  bool          // lessons are taken in their order
	Requires []Requirement // courses that must be completed before

	Audience      string  // for whom it is, in words
	Minutes       int     // how long it takes, as its editor says; 0: nobody said
	Cover         db.ID   // the picture in lists; zero: none
	Organisations []db.ID // public ids of those it is shared with when Shared is SharedChosen; only from Find, Create and Update

	reviewState     string
	reviewContent   int64
	reviewPublished bool // ReviewNeeded at the last publishing
}

// Changed tells that a publishing would show something new.
func (c Course) Changed() bool { return c.ContentVersion != c.Published }

// CourseFields is what an editor sets of a course.
type CourseFields struct {
	Title    string
	Summary  string
	Language string
	Shared   string

	ReviewNeeded bool // only what somebody else approved may be published

	Ordered  bool    // lessons are taken in their order
	Requires []db.ID // courses that must be completed before

	Audience      string
	Minutes       int
	Cover         db.ID   // a picture of the organisation; zero: none
	Organisations []db.ID // public ids; with SharedChosen
}

func (f *CourseFields) check() error {
	f.Title, f.Summary = tenant.Tidy(f.Title), plain(f.Summary)
	var c fault.Check
	c.If(f.Title == "", "title", "required")
	c.If(tooLong(f.Title, MaxTitle), "title", "too_long", "max", MaxTitle)
	c.If(tooLong(f.Summary, maxSummary), "summary", "too_long", "max", maxSummary)
	c.If(!slices.Contains(Languages, f.Language), "language", "not_in_list")
	c.If(f.Shared != SharedNone && f.Shared != SharedAll && f.Shared != SharedChosen, "shared", "not_in_list")
	f.Audience = tenant.Tidy(f.Audience)
	c.If(tooLong(f.Audience, MaxAudience), "audience", "too_long", "max", MaxAudience)
	c.If(f.Minutes < 0 || f.Minutes > MaxMinutes, "minutes", "too_many", "max", MaxMinutes)
	if f.Shared != SharedChosen {
		f.Organisations = nil
	}
	slices.SortFunc(f.Organisations, func(a, b db.ID) int { return slices.Compare(a[:], b[:]) })
	f.Organisations = slices.Compact(f.Organisations)
	c.If(f.Shared == SharedChosen && len(f.Organisations) == 0, "organisations", "required")
	c.If(len(f.Organisations) > MaxMembers, "organisations", "too_many", "max", MaxMembers)
	return c.Err()
}

// Courses makes, changes and publishes courses and their lessons.
type Courses struct {
	db    *db.DB
	audit *tenant.Audit
	clock func() time.Time
}

// NewCourses makes the service.
func NewCourses(d *db.DB, audit *tenant.Audit, clock func() time.Time) *Courses {
	return &Courses{db: d, audit: audit, clock: clock}
}

// Create makes an empty course. id is new, or derived from the caller's idempotency key: a repeat gives what the first made.
// It returns fault.Invalid for wrong fields.
func (s *Courses) Create(ctx context.Context, tid tenant.ID, id db.ID, f CourseFields) (Course, error) {
	if err := f.check(); err != nil {
		return Course{}, err
	}
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := mayShare(ctx, tx, tid, f.Shared); err != nil {
			return err
		}
		now := db.At(s.clock())
		requires, err := requirements(ctx, tx, tid, id, f.Requires)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sqlInsertCourse, tid, id, f.Title, f.Summary, f.Language, f.Shared, f.ReviewNeeded, f.Ordered, db.JSON[[]Requirement]{V: requires}, f.Audience, f.Minutes, f.Cover, author(ctx), now, now)
		if err != nil {
			return err
		}
		if err := setCover(ctx, tx, tid, id, f.Cover, db.ID{}); err != nil {
			return err
		}
		if err := s.share(ctx, tx, tid, id, f.Organisations); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, tenant.Change{Action: "course.create", SubjectKind: "course", Subject: id, After: f, Detail: map[string]any{"title": f.Title}})
	})
	if err != nil && !db.IsDuplicate(err) {
		return Course{}, fmt.Errorf("create course: %w", err)
	}
	return s.Find(ctx, tid, id)
}

// mayShare answers fault.Invalid when anybody but the association shares a course.
func mayShare(ctx context.Context, tx *db.Tx, tid tenant.ID, shared string) error {
	if shared == SharedNone {
		return nil
	}
	var kind string
	if err := db.One(tx.QueryRow(ctx, sqlOrganisationKind, tid).Scan(&kind)); err != nil {
		return err
	}
	var c fault.Check
	member := kind != "association"
	c.If(member, "shared", "share_association_only")
	return c.Err()
}

// Find gives one course; fault.NotFound when tid has no such.
func (s *Courses) Find(ctx context.Context, tid tenant.ID, id db.ID) (Course, error) {
	return findCourse(ctx, s.db, tid, id)
}

func findCourse(ctx context.Context, r db.Runner, tid tenant.ID, id db.ID) (Course, error) {
	c, err := scanCourse(r.QueryRow(ctx, sqlSelectCourse+" WHERE c.tenant_id = ? AND c.id = ?", tid, id))
	if err != nil || c.Shared != SharedChosen {
		return c, db.One(err)
	}
	c.Organisations, err = db.Values[db.ID](ctx, r, sqlSharedWith, tid, id)
	return c, err
}

func scanCourse(row db.Row) (Course, error) {
	var c Course
	var requires db.JSON[[]Requirement]
	err := row.Scan(&c.ID, &c.Title, &c.Summary, &c.Language, &c.Shared, &c.State, &c.Version, &c.ContentVersion, &c.Published, &c.LatestVersion,
		&c.CreatedAt, &c.UpdatedAt, &c.LatestNumber, &c.LatestPublishedAt, &c.LessonCount, &c.ReviewNeeded, &c.reviewPublished, &c.reviewState, &c.reviewContent, &c.Ordered, &requires, &c.Audience, &c.Minutes, &c.Cover)
	c.Requires = requires.V
	return c, err
}

// CourseQuery narrows List.
type CourseQuery struct {
	Archived bool // the archived ones instead of the others
	Page     db.Page
}

// List gives the organisation's own courses, newest first, and the cursor of the next page.
func (s *Courses) List(ctx context.Context, tid tenant.ID, q CourseQuery) ([]Course, string, error) {
	cond := db.Where("c.tenant_id = ?", tid)
	if q.Archived {
		cond.And("c.state = 'archived'")
	} else {
		cond.And("c.state <> 'archived'")
	}
	after, err := db.ReadCursor(q.Page.After, 1)
	if err != nil {
		return nil, "", err
	}
	if after != nil {
		id, err := db.ParseID(after[0])
		if err != nil {
			return nil, "", fault.Wrap(err, fault.Invalid, "cursor")
		}
		cond.And("c.id < ?", id)
	}
	limit := q.Page.Clamp()
	courses, err := db.List(ctx, s.db, sqlSelectCourse+cond.SQL()+" ORDER BY c.id DESC LIMIT ?", cond.Args(limit+1), scanCourse)
	if err != nil {
		return nil, "", fmt.Errorf("list courses: %w", err)
	}
	if len(courses) <= limit {
		return courses, "", nil
	}
	return courses[:limit], db.Cursor(courses[limit-1].ID.String()), nil
}

// Update changes the fields of a course. base is the Version the editor saw: fault.Conflict when it has moved on.
func (s *Courses) Update(ctx context.Context, tid tenant.ID, id db.ID, base int64, f CourseFields) (Course, error) {
	if err := f.check(); err != nil {
		return Course{}, err
	}
	err := s.change(ctx, tid, id, func(tx *db.Tx, before Course) error {
		was := CourseFields{before.Title, before.Summary, before.Language, before.Shared, before.ReviewNeeded, before.Ordered, courseIDs(before.Requires), before.Audience, before.Minutes, before.Cover, before.Organisations}
		if was.same(f) {
			return nil // a repeat
		}
		if before.Version != base {
			return fault.New(fault.Conflict, "course_changed")
		}
		if err := mayShare(ctx, tx, tid, f.Shared); err != nil {
			return err
		}
		requires, err := requirements(ctx, tx, tid, id, f.Requires)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlUpdateCourse, f.Title, f.Summary, f.Language, f.Shared, f.ReviewNeeded, f.Ordered, db.JSON[[]Requirement]{V: requires}, f.Audience, f.Minutes, f.Cover, db.At(s.clock()), tid, id); err != nil {
			return err
		}
		if err := setCover(ctx, tx, tid, id, f.Cover, before.Cover); err != nil {
			return err
		}
		if err := s.share(ctx, tx, tid, id, f.Organisations); err != nil {
			return err
		}
		if f.Shared == SharedAll {
			if _, err := tx.Exec(ctx, sqlOfferVersions, db.At(s.clock()), tid, id); err != nil {
				return err
			}
		}
		return s.audit.Append(ctx, tid, tx, tenant.Change{Action: "course.update", SubjectKind: "course", Subject: id, Before: was, After: f, Detail: map[string]any{"title": f.Title, "shared": f.Shared, "review_needed": f.ReviewNeeded}})
	})
	if err != nil {
		return Course{}, fmt.Errorf("update course: %w", err)
	}
	return s.Find(ctx, tid, id)
}

// SetArchived takes a course out of the catalogue or back in. Rounds under way are not touched.
func (s *Courses) SetArchived(ctx context.Context, tid tenant.ID, id db.ID, archived bool) (Course, error) {
	err := s.change(ctx, tid, id, func(tx *db.Tx, before Course) error {
		state, action := CourseArchived, "course.archive"
		if !archived {
			state, action = CourseDraft, "course.unarchive"
			if !before.LatestVersion.IsZero() {
				state = CoursePublished
			}
		}
		if archived == (before.State == CourseArchived) {
			return nil // already so
		}
		if _, err := tx.Exec(ctx, sqlCourseState, state, db.At(s.clock()), tid, id); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, tenant.Change{Action: action, SubjectKind: "course", Subject: id, Before: before.State, After: state, Detail: map[string]any{"title": before.Title}})
	})
	if err != nil {
		return Course{}, fmt.Errorf("archive course: %w", err)
	}
	return s.Find(ctx, tid, id)
}

// change runs fn with the course's row locked: everything that happens to a course and its lessons happens one after the other.
func (s *Courses) change(ctx context.Context, tid tenant.ID, id db.ID, fn func(tx *db.Tx, c Course) error) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		var locked db.ID
		if err := db.One(tx.QueryRowLocked(ctx, sqlLockCourse, tid, id).Scan(&locked)); err != nil {
			return err
		}
		c, err := findCourse(ctx, tx, tid, id)
		if err != nil {
			return err
		}
		return fn(tx, c)
	})
}

// touch counts a change that publishing would show.
func (s *Courses) touch(ctx context.Context, tx *db.Tx, tid tenant.ID, course db.ID) error {
	_, err := tx.Exec(ctx, sqlTouchCourse, db.At(s.clock()), tid, course)
	return err
}

// author is who acts, for the columns that say who made something; sixteen zero bytes for the system itself.
func author(ctx context.Context) any {
	if p := tenant.ActorFrom(ctx).Person; !p.IsZero() {
		return p
	}
	return db.Everyone{}
}
