package content

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// CourseVersion is a published course. It never changes, so one value is shared by everybody who reads it: do not write to it.
type CourseVersion struct {
	Tenant      int64 // whose course it is; stays inside the process
	ID          db.ID
	Course      db.ID
	Number      int // 1, 2, 3 of its course
	Title       string
	Summary     string
	Language    string
	LessonCount int
	DurationMS  int64 // of all videos
	PublishedBy db.ID
	PublishedAt db.Time
	Audience    string          // for whom it is; only from FindVersion
	Minutes     int             // how long it takes; only from FindVersion
	Cover       db.ID           // the picture in lists, zero: none; only from FindVersion
	Ordered     bool            // lessons are taken in their order
	Requires    []Requirement   // courses that must be completed before; only from FindVersion
	Lessons     []VersionLesson // in order; only from FindVersion

	// Only from ListVersions.
	Review        db.ID // the request that was approved; zero when nobody was asked
	PublishedName string
	AskedName     string
	ApprovedName  string
}

// VersionLesson is a lesson of a published course.
type VersionLesson struct {
	ID       db.ID // of this copy: what progress and attempts refer to
	Lesson   db.ID // the draft lesson it came from
	Position int
	Kind     LessonKind
	Title    string
	Body     Body

	Files      []db.ID // what Body refers to, worked out once
	Characters int     // of a page's text without its tags, worked out once
}

// Lesson finds a lesson of the version by its id.
func (v *CourseVersion) Lesson(id db.ID) (VersionLesson, bool) {
	for _, l := range v.Lessons {
		if l.ID == id {
			return l, true
		}
	}
	return VersionLesson{}, false
}

// After gives the lesson that another version's lesson is in this one.
func (v *CourseVersion) After(was VersionLesson) (VersionLesson, bool) {
	for _, l := range v.Lessons {
		if l.Lesson == was.Lesson && l.Kind == was.Kind {
			return l, true
		}
	}
	return VersionLesson{}, false
}

// Same tells whether a lesson teaches and asks the same in two versions. Its title does not matter.
func (l VersionLesson) Same(as VersionLesson) bool {
	one, err := l.Body.JSON()
	if err != nil {
		return false
	}
	other, err := as.Body.JSON()
	return err == nil && l.Kind == as.Kind && one == other
}

// shareRemembered is how long an answer to "may organisations use this course of the association" is kept: a share that is
// taken back ends everywhere within this time.
const shareRemembered = 10 * time.Second

// Versions reads published courses.
type Versions struct {
	db                *db.DB
	clock             func() time.Time
	versions          *versionCache
	loading           singleflight.Group
	shares            *shareCache
	associationNumber atomic.Int64
}

// NewVersions makes the reader. cacheBytes bounds what it keeps of published lessons in memory, but for one that is larger; 0 means 32 MiB.
func NewVersions(d *db.DB, clock func() time.Time, cacheBytes int) *Versions {
	if cacheBytes == 0 {
		cacheBytes = 32 << 20
	}
	return &Versions{db: d, clock: clock, versions: newVersionCache(cacheBytes), shares: newShareCache()}
}

// FindVersion gives a published version of a course that tid may use: its own, or one of the association that is shared with all or with tid.
// courseTenant is the number of the course's owner as round.course_tenant_id holds it. Everything else is fault.NotFound.
func (v *Versions) FindVersion(ctx context.Context, tid tenant.ID, courseTenant int64, version db.ID) (*CourseVersion, error) {
	if tid.IsZero() || courseTenant <= 0 {
		return nil, tenant.ErrNoTenant
	}
	key := versionKey{courseTenant, version}
	if courseTenant != tid.Number() {
		if err := v.mayBorrow(ctx, tid, key); err != nil {
			return nil, err
		}
	}
	if found := v.versions.get(key); found != nil {
		return found, nil
	}
	return v.loadOnce(ctx, key)
}

// loadOnce loads a version into memory. Those who ask for it at the same time, as a class that begins together does, share one reading.
func (v *Versions) loadOnce(ctx context.Context, key versionKey) (*CourseVersion, error) {
	wait := v.loading.DoChan(fmt.Sprint(key.tenant, " ", key.version), func() (any, error) {
		if found := v.versions.get(key); found != nil { // somebody was quicker
			return found, nil
		}
		// One caller who leaves must not end what others wait for.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		var found *CourseVersion
		var size int
		err := fault.Caught(func() (err error) { found, size, err = v.load(ctx, key); return err })
		if err != nil {
			return nil, err
		}
		v.versions.put(key, found, size)
		return found, nil
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r := <-wait:
		if r.Err != nil {
			return nil, fmt.Errorf("find course version: %w", r.Err)
		}
		return r.Val.(*CourseVersion), nil //nolint:forcetypeassert // the function above gives nothing else
	}
}

// mayBorrow answers fault.NotFound unless the version belongs to a course that the association shares with all, or with tid.
func (v *Versions) mayBorrow(ctx context.Context, tid tenant.ID, key versionKey) error {
	now := v.clock()
	all, mine := shareKey{key, 0}, shareKey{key, tid.Number()}
	shared, known := v.shares.get(all, now)
	if !shared {
		shared, known = v.shares.get(mine, now)
	}
	if !known {
		var how int
		err := db.One(v.db.QueryRow(ctx, sqlVersionShared, tid, key.tenant, key.version).Scan(&how))
		if err != nil && !fault.Is(err, fault.NotFound) {
			return fmt.Errorf("may borrow course: %w", err)
		}
		if shared = how > 0; how == 1 {
			mine = all
		}
		v.shares.put(mine, shared, now.Add(shareRemembered))
	}
	if !shared {
		return fault.New(fault.NotFound, "not_found")
	}
	return nil
}

func (v *Versions) load(ctx context.Context, key versionKey) (*CourseVersion, int, error) {
	c := CourseVersion{Tenant: key.tenant, ID: key.version}
	var requires db.JSON[[]Requirement]
	err := db.One(v.db.QueryRow(ctx, sqlFindVersion, key.tenant, key.version).Scan(
		&c.Course, &c.Number, &c.Title, &c.Summary, &c.Language, &c.LessonCount, &c.DurationMS, &c.PublishedBy, &c.PublishedAt, &c.Ordered, &requires, &c.Audience, &c.Minutes, &c.Cover))
	if err != nil {
		return nil, 0, err
	}
	c.Requires = requires.V
	size := 0
	err = db.Each(ctx, v.db, sqlVersionLessons, []any{key.tenant, key.version}, func(scan func(...any) error) error {
		var l VersionLesson
		var raw []byte
		err := scan(&l.ID, &l.Lesson, &l.Position, &l.Kind, &l.Title, &raw)
		if err != nil {
			return err
		}
		if l.Body, err = ReadBody(l.Kind, raw); err != nil {
			return fmt.Errorf("lesson %s: %w", l.ID, err)
		}
		for _, ref := range l.Body.Assets() {
			l.Files = append(l.Files, ref.ID)
		}
		if l.Body.Page != nil {
			l.Characters = textLength(l.Body.Page.HTML)
		}
		size += len(raw) + 500
		c.Lessons = append(c.Lessons, l)
		return nil
	})
	return &c, size, err
}
