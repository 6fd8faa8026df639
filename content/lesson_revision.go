package content

import (
	"context"
	"fmt"
	"strconv"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Revision is one saved state of a lesson.
type Revision struct {
	Version int64
	Title   string
	Body    Body // not in lists
	SavedBy string
	SavedAt db.Time
}

// ListRevisions gives what was saved of a lesson, newest first, without bodies, and the cursor of the next page. It answers for deleted
// lessons too; fault.NotFound when tid has no such lesson.
func (s *Courses) ListRevisions(ctx context.Context, tid tenant.ID, lesson db.ID, page db.Page) ([]Revision, string, error) {
	if _, err := s.courseOf(ctx, tid, lesson); err != nil {
		return nil, "", err
	}
	before := int64(1) << 62
	after, err := db.ReadCursor(page.After, 1)
	if err != nil {
		return nil, "", err
	}
	if after != nil {
		if before, err = strconv.ParseInt(after[0], 10, 64); err != nil {
			return nil, "", fault.Wrap(err, fault.Invalid, "cursor")
		}
	}
	limit := page.Clamp()
	revisions, err := db.List(ctx, s.db, sqlListRevisions, []any{tid, lesson, before, limit + 1}, func(row db.Row) (Revision, error) {
		var r Revision
		err := row.Scan(&r.Version, &r.Title, &r.SavedBy, &r.SavedAt)
		return r, err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list revisions: %w", err)
	}
	if len(revisions) <= limit {
		return revisions, "", nil
	}
	return revisions[:limit], db.Cursor(strconv.FormatInt(revisions[limit-1].Version, 10)), nil
}

// FindRevision gives one saved state with its body.
func (s *Courses) FindRevision(ctx context.Context, tid tenant.ID, lesson db.ID, version int) (Revision, error) {
	r := Revision{Version: int64(version)}
	var kind LessonKind
	var raw []byte
	err := db.One(s.db.QueryRow(ctx, sqlFindRevision, tid, lesson, version).Scan(&kind, &r.Title, &raw, &r.SavedBy, &r.SavedAt))
	if err != nil {
		return Revision{}, err
	}
	r.Body, err = ReadBody(kind, raw)
	return r, err
}
