package content

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Catalogues shows an organisation one course it may use, and takes newer versions of the association's courses with its consent.
type Catalogues struct {
	db       *db.DB
	audit    *tenant.Audit
	versions *Versions
	clock    func() time.Time
}

// NewCatalogues makes the service.
func NewCatalogues(d *db.DB, audit *tenant.Audit, versions *Versions, clock func() time.Time) *Catalogues {
	return &Catalogues{db: d, audit: audit, versions: versions, clock: clock}
}

// What happened to a lesson between two versions.
const (
	LessonAdded   = "added"
	LessonChanged = "changed"
	LessonRemoved = "removed"
)

// LessonChange is one difference between two versions of a course.
type LessonChange struct {
	Change string
	Kind   LessonKind
	Title  string // as it is in the newer version; of a removed lesson as it was
}

// Entry is one course of a catalogue, to be looked at.
type Entry struct {
	Offer
	Lessons []VersionLesson // of the version that a new round gets, in order
	Newer   *CourseVersion  // nil when there is none
	Changes []LessonChange  // from that to Newer, in the order of the lessons; what only moved is not among them
}

// Find gives one course that tid may use; fault.NotFound for everything else.
func (s *Catalogues) Find(ctx context.Context, tid tenant.ID, course db.ID) (Entry, error) {
	o, err := s.versions.offer(ctx, tid, course)
	if err != nil {
		return Entry{}, err
	}
	used, err := s.versions.FindVersion(ctx, tid, o.Tenant, o.Version)
	if err != nil {
		return Entry{}, err
	}
	e := Entry{Offer: o, Lessons: used.Lessons, Changes: []LessonChange{}}
	if !o.HasNewer() {
		return e, nil
	}
	if e.Newer, err = s.versions.FindVersion(ctx, tid, o.Tenant, o.Newest); err != nil {
		return Entry{}, err
	}
	e.Changes, err = changesBetween(used.Lessons, e.Newer.Lessons)
	return e, err
}

// Lesson gives a lesson of the entry's version or of the newer one, by its id there.
func (e Entry) Lesson(id db.ID) (VersionLesson, error) {
	list := e.Lessons
	if e.Newer != nil {
		list = slices.Concat(list, e.Newer.Lessons)
	}
	i := slices.IndexFunc(list, func(l VersionLesson) bool { return l.ID == id })
	if i < 0 {
		return VersionLesson{}, fault.New(fault.NotFound, "not_found")
	}
	return list[i], nil
}

// changesBetween compares lessons by the draft lesson they came from.
func changesBetween(before, after []VersionLesson) ([]LessonChange, error) {
	was := make(map[db.ID]VersionLesson, len(before))
	for _, l := range before {
		was[l.Lesson] = l
	}
	changes := []LessonChange{}
	for _, l := range after {
		old, known := was[l.Lesson]
		delete(was, l.Lesson)
		if !known {
			changes = append(changes, LessonChange{LessonAdded, l.Kind, l.Title})
			continue
		}
		is, err := l.Body.JSON()
		if err != nil {
			return nil, err
		}
		if before, err := old.Body.JSON(); err != nil || before != is || old.Title != l.Title {
			changes = append(changes, LessonChange{LessonChanged, l.Kind, l.Title})
		}
	}
	for _, l := range before {
		if _, gone := was[l.Lesson]; gone {
			changes = append(changes, LessonChange{LessonRemoved, l.Kind, l.Title})
		}
	}
	return changes, nil
}

// Take makes version the one that new rounds of tid get. Rounds that exist keep theirs, unless what stands in with, which is done in the same transaction, does something about
// them. version is the newest that was looked at: fault.Conflict when there is a newer one since. A repeat changes nothing; fault.NotFound when the course is not one that the association shares with tid.
func (s *Catalogues) Take(ctx context.Context, tid tenant.ID, course, version db.ID, with ...Along) (Entry, error) {
	o, err := s.versions.offer(ctx, tid, course)
	if err != nil {
		return Entry{}, err
	}
	if o.Own {
		return Entry{}, fault.New(fault.NotFound, "not_found")
	}
	if o.Newest != version {
		return Entry{}, fault.New(fault.Conflict, "course_newer")
	}
	if err := s.take(ctx, tid, o, with); err != nil {
		return Entry{}, fmt.Errorf("take version: %w", err)
	}
	return s.Find(ctx, tid, course)
}

func (s *Catalogues) take(ctx context.Context, tid tenant.ID, o Offer, along together) error {
	newest, err := s.versions.FindVersion(ctx, tid, o.Tenant, o.Newest)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		var org, used db.ID
		var taken bool
		if err := db.One(tx.QueryRowLocked(ctx, sqlOrganisationPublicID, tid).Scan(&org)); err != nil { // who take a version at once take turns
			return err
		}
		err := db.One(tx.QueryRow(ctx, sqlCourseUse, tid, o.Tenant, o.Course).Scan(&used, &taken))
		switch {
		case err != nil && !fault.Is(err, fault.NotFound):
			return err
		case taken && used == o.Newest:
			return along.again(ctx, tx, newest)
		case err == nil && used != o.Newest && used != o.Version: // somebody took one published since meanwhile
			return fault.New(fault.Conflict, "course_newer")
		case used == o.Newest || !o.HasNewer(): // it counts without anybody's having taken it
			return nil
		}
		row := [][]any{{tid, o.Tenant, o.Course, o.Newest, author(ctx), db.At(s.clock())}}
		if err := tx.UpsertMany(ctx, sqlInsertCourseUse, rowInsertCourseUse, keyCourseUse, "version_id, taken_by, taken_at", row); err != nil {
			return err
		}
		if err := along.first(ctx, tx, newest); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, tenant.Change{
			Action: "course.take", SubjectKind: "course", Subject: o.Course, Before: o.Version, After: o.Newest,
			Detail: map[string]any{"title": o.Title, "from": o.Number, "number": o.NewestNo},
		})
	})
}

// Member is an organisation that a course can be shared with.
type Member struct {
	ID   db.ID // public
	Name string
}

// Members lists the organisations that the association can share a course with, by name, at most 20,000; for everybody but the association it is empty.
func (s *Catalogues) Members(ctx context.Context, tid tenant.ID) ([]Member, error) {
	list := []Member{}
	if association, err := s.versions.association(ctx); err != nil || association != tid.Number() {
		return list, err
	}
	var name string
	var last db.ID
	for more := true; more && len(list) < 20_000; {
		before := len(list)
		err := db.Each(ctx, s.db, sqlMembers, []any{name, name, last}, func(scan func(...any) error) error {
			var m Member
			err := scan(&m.ID, &m.Name, &name)
			last, list = m.ID, append(list, m)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("list members: %w", err)
		}
		more = len(list) > before
	}
	return list, nil
}

// share makes the organisations of the list those that the course is shared with by name; who was and is no more keeps what was published until now. The
// transaction that changes the course calls it.
func (s *Courses) share(ctx context.Context, tx *db.Tx, tid tenant.ID, course db.ID, organisations []db.ID) error {
	now := db.At(s.clock())
	numbers, err := memberNumbers(ctx, tx, organisations)
	if err != nil {
		return err
	}
	rows := make([][]any, 0, len(organisations))
	var c fault.Check
	for i, id := range organisations {
		n, known := numbers[id]
		c.If(!known, fmt.Sprintf("organisations[%d]", i), "not_in_list")
		rows = append(rows, []any{tid, course, n, now, nil})
	}
	if err := c.Err(); err != nil {
		return err
	}
	open, err := db.Values[int64](ctx, tx, sqlSharedNumbers, tid, course)
	if err != nil {
		return err
	}
	wanted := slices.Collect(maps.Values(numbers))
	if over := slices.DeleteFunc(open, func(n int64) bool { return slices.Contains(wanted, n) }); len(over) > 0 {
		if _, err := tx.Exec(ctx, sqlEndShare+db.Also("member_tenant_id", db.Args(over)).More(), append([]any{now, tid, course}, db.Args(over)...)...); err != nil {
			return err
		}
	}
	return tx.UpsertMany(ctx, sqlInsertShare, rowInsertShare, "tenant_id, course_id, member_tenant_id", "ended_at", rows)
}

// memberNumbers gives the tenant numbers of organisations by their public ids; what is not one has none.
func memberNumbers(ctx context.Context, tx *db.Tx, organisations []db.ID) (map[db.ID]int64, error) {
	numbers := make(map[db.ID]int64, len(organisations))
	if len(organisations) == 0 {
		return numbers, nil
	}
	cond := db.Where("kind = 'organisation'").In("id", db.Args(organisations))
	return numbers, db.Each(ctx, tx, sqlMemberNumbers+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
		var id db.ID
		var n int64
		err := scan(&id, &n)
		numbers[id] = n
		return err
	})
}
