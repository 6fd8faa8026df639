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

// holderKind is what refers to a file.
type holderKind string

const (
	holderLesson  holderKind = "lesson"  // a lesson of a draft; deleted ones hold nothing
	holderVersion holderKind = "version" // a lesson of a published version

	holderCover        holderKind = "cover"         // a course, for its picture
	holderVersionCover holderKind = "version_cover" // a published version, for its picture
)

// setUses writes down which files a holder refers to, in the transaction that changes it. A draft also holds what its files were replaced by.
// The files' rows are locked: a file that is being removed or replaced is seen before or after, never in between. Ids of no file are passed over.
func setUses(ctx context.Context, tx *db.Tx, tid tenant.ID, kind holderKind, holder db.ID, ids []db.ID) error {
	if _, err := tx.Exec(ctx, sqlForgetUses, tid, kind, holder); err != nil {
		return err
	}
	current, err := lockCurrent(ctx, tx, tid, ids)
	if err != nil {
		return err
	}
	var held []any
	for id, now := range current {
		held = append(held, id)
		if now != id {
			held = append(held, now)
		}
	}
	return hold(ctx, tx, tid, kind, holder, held)
}

// holdVersion writes down which files the lessons of a new version refer to. They are there, and locked: the lessons are complete.
func holdVersion(ctx context.Context, tx *db.Tx, tid tenant.ID, v *CourseVersion) error {
	var rows [][]any
	if !v.Cover.IsZero() {
		rows = append(rows, []any{tid, v.Cover, holderVersionCover, v.ID})
	}
	for _, l := range v.Lessons {
		for _, id := range l.Body.files() {
			rows = append(rows, []any{tid, id, holderVersion, l.ID})
		}
	}
	return tx.InsertMany(ctx, sqlInsertUse, rowInsertUse, rows)
}

// hold adds uses; those that are there stay.
func hold(ctx context.Context, tx *db.Tx, tid tenant.ID, kind holderKind, holder db.ID, files []any) error {
	if len(files) == 0 {
		return nil
	}
	rows := make([][]any, 0, len(files))
	for _, id := range files {
		rows = append(rows, []any{tid, id, kind, holder})
	}
	if err := tx.InsertNew(ctx, sqlInsertUse, rowInsertUse, "tenant_id, asset_id, holder_kind, holder_id", rows); err != nil {
		return err
	}
	wanted := db.Where("tenant_id = ?", tid).In("id", files)
	_, err := tx.Exec(ctx, sqlUsedAgain+wanted.SQL(), wanted.Args()...)
	return err
}

// lockCurrent gives for each of the ids that is a file of tid the file it stands for in a draft: itself, or what replaced it.
func lockCurrent(ctx context.Context, tx *db.Tx, tid tenant.ID, ids []db.ID) (map[db.ID]db.ID, error) {
	current := make(map[db.ID]db.ID, len(ids))
	if len(ids) == 0 {
		return current, nil
	}
	cond := db.Where("tenant_id = ?", tid).In("id", db.Args(ids))
	err := db.Each(ctx, tx.Locking(), sqlCurrent+cond.SQL()+" ORDER BY id", cond.Args(), func(scan func(...any) error) error {
		var id, by db.ID
		err := scan(&id, &by)
		if by.IsZero() {
			by = id
		}
		current[id] = by
		return err
	})
	return current, err
}

// setCover writes down that a course refers to its picture, which must be one of tid that can be shown, unless it is what was there before.
func setCover(ctx context.Context, tx *db.Tx, tid tenant.ID, course, cover, before db.ID) error {
	if cover == before {
		return nil
	}
	if !cover.IsZero() {
		a, err := findAsset(ctx, tx, tid, cover)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		var c fault.Check
		c.If(err != nil || a.Kind != AssetImage || a.State == AssetRefused, "cover", "file_unusable")
		c.If(err == nil && a.Kind == AssetImage && a.State != AssetReady && a.State != AssetRefused, "cover", "file_not_ready", "file", a.FileName)
		if err := c.Err(); err != nil {
			return err
		}
	}
	var files []db.ID
	if !cover.IsZero() {
		files = append(files, cover)
	}
	return setUses(ctx, tx, tid, holderCover, course, files)
}

// currentCover is the picture that a version is published with: what replaced it, where it was replaced.
func currentCover(ctx context.Context, tx *db.Tx, tid tenant.ID, cover db.ID) (db.ID, error) {
	if cover.IsZero() {
		return cover, nil
	}
	current, err := lockCurrent(ctx, tx, tid, []db.ID{cover})
	return current[cover], err
}

// errFilesChanged is met when a file that was to be used was removed meanwhile, or arrived meanwhile in another way: a job looks again.
var errFilesChanged = errors.New("content: the organisation's files have changed meanwhile")

// filesThere makes sure, until the transaction ends, that nobody has removed one of the files since they were found; each is named once.
func filesThere(ctx context.Context, tx *db.Tx, tid tenant.ID, ids []db.ID) error {
	for part := range slices.Chunk(ids, 400) {
		cond := db.Where("tenant_id = ?", tid).In("id", db.Args(part)).And("state = 'ready'")
		found, err := selectAssets(ctx, tx.Locking(), cond.SQL()+" ORDER BY id", cond.Args()...)
		if err != nil {
			return err
		}
		if len(found) != len(part) {
			return errFilesChanged
		}
	}
	return nil
}

// files lists what the body refers to, each once.
func (b Body) files() []db.ID {
	var ids []db.ID
	for _, ref := range b.Assets() {
		if !slices.Contains(ids, ref.ID) {
			ids = append(ids, ref.ID)
		}
	}
	return ids
}

// Current gives for each id of a draft the file it stands for: itself, or what replaced it. Ids of no file of tid are left out.
func (s *Assets) Current(ctx context.Context, tid tenant.ID, ids ...db.ID) (map[db.ID]db.ID, error) {
	current := make(map[db.ID]db.ID, len(ids))
	if len(ids) == 0 {
		return current, nil
	}
	cond := db.Where("tenant_id = ?", tid).In("id", db.Args(ids))
	found, err := selectAssets(ctx, s.db, cond.SQL(), cond.Args()...)
	if err != nil {
		return nil, err
	}
	for _, a := range found {
		current[a.ID] = a.current()
	}
	return current, nil
}

func (a Asset) current() db.ID {
	if a.SupersededBy.IsZero() {
		return a.ID
	}
	return a.SupersededBy
}

// DraftLinks is Links for the files of tid's own drafts: a file that was replaced opens what replaced it.
func (s *Assets) DraftLinks(ctx context.Context, tid tenant.ID, ids ...db.ID) (map[db.ID]Link, error) {
	current, err := s.Current(ctx, tid, ids...)
	if err != nil {
		return nil, err
	}
	wanted := make([]db.ID, 0, len(current))
	for _, id := range current {
		wanted = append(wanted, id)
	}
	links, err := s.Links(ctx, tid, tid.Number(), wanted...)
	if err != nil {
		return nil, err
	}
	out := make(map[db.ID]Link, len(current))
	for id, now := range current {
		if link, ok := links[now]; ok {
			out[id] = link
		}
	}
	return out, nil
}

// FindDraft gives the file that id stands for in a draft, under that id.
func (s *Assets) FindDraft(ctx context.Context, tid tenant.ID, id db.ID) (Asset, error) {
	a, err := s.Find(ctx, tid, id)
	if err != nil || a.SupersededBy.IsZero() {
		return a, err
	}
	now, err := s.Find(ctx, tid, a.SupersededBy)
	if fault.Is(err, fault.NotFound) {
		return a, nil // removed since
	}
	now.ID = id
	return now, err
}

// ChangedCourse is a course whose draft shows another file than before.
type ChangedCourse struct {
	ID        db.ID
	Title     string
	Published bool // learners see the file before until it is published again
}

// Replace puts the file by in the place of id everywhere in tid's drafts: what referred to id means by from now on, without being written anew.
// Published versions keep the bytes they were published with, because they are what was learnt. It tells which courses' drafts have changed.
// fault.Conflict when id was replaced before, fault.Invalid when by is no ready file of the same kind or has the same bytes.
func (s *Assets) Replace(ctx context.Context, tid tenant.ID, id, by db.ID) ([]ChangedCourse, error) {
	var changed []ChangedCourse
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		repeated, err := s.supersede(ctx, tx, tid, id, by)
		if err != nil {
			return err
		}
		holders, err := draftsUsing(ctx, tx, tid, id)
		if err != nil {
			return err
		}
		covers, err := db.Values[db.ID](ctx, tx, sqlHolders, tid, id, holderCover)
		if err != nil {
			return err
		}
		for _, course := range covers {
			if err := hold(ctx, tx, tid, holderCover, course, []any{by}); err != nil {
				return err
			}
		}
		for _, lesson := range holders {
			if err := hold(ctx, tx, tid, holderLesson, lesson, []any{by}); err != nil {
				return err
			}
		}
		if changed, err = coursesOf(ctx, tx, tid, holders, covers); err != nil || repeated {
			return err
		}
		for _, c := range changed {
			if _, err := tx.Exec(ctx, sqlTouchCourse, db.At(s.clock()), tid, c.ID); err != nil {
				return err
			}
		}
		return s.audit.Append(ctx, tid, tx, tenant.Change{Action: "asset.replace", SubjectKind: "asset", Subject: id, Detail: map[string]any{"by": by.String(), "courses": len(changed)}})
	})
	if err != nil {
		return nil, fmt.Errorf("replace asset: %w", err)
	}
	return changed, nil
}

// supersede notes that by stands in the place of id. repeated: it does already.
func (s *Assets) supersede(ctx context.Context, tx *db.Tx, tid tenant.ID, id, by db.ID) (repeated bool, err error) {
	cond := db.Where("tenant_id = ?", tid).In("id", []any{id, by})
	found, err := selectAssets(ctx, tx.Locking(), cond.SQL()+" ORDER BY id", cond.Args()...)
	if err != nil {
		return false, err
	}
	files := map[db.ID]Asset{}
	for _, a := range found {
		files[a.ID] = a
	}
	old, ok := files[id]
	if !ok {
		return false, fault.New(fault.NotFound, "not_found")
	}
	if old.SupersededBy == by && !by.IsZero() {
		return true, nil
	}
	if !old.SupersededBy.IsZero() {
		return false, fault.New(fault.Conflict, "file_replaced")
	}
	next, ok := files[by]
	var c fault.Check
	c.If(!ok || next.Kind != old.Kind || next.State != AssetReady || !next.SupersededBy.IsZero(), "asset", "file_unusable")
	c.If(ok && (by == id || next.SHA256 == old.SHA256 && old.SHA256 != (db.Hash{})), "asset", "file_same")
	if err := c.Err(); err != nil {
		return false, err
	}
	for _, query := range []string{sqlSupersede, sqlSupersedeAll} {
		if _, err := tx.Exec(ctx, query, by, tid, id); err != nil {
			return false, err
		}
	}
	return false, nil
}

func draftsUsing(ctx context.Context, tx *db.Tx, tid tenant.ID, asset db.ID) ([]db.ID, error) {
	return db.Values[db.ID](ctx, tx, sqlHolders, tid, asset, holderLesson)
}

// coursesOf names the courses of lessons, and others, by title.
func coursesOf(ctx context.Context, tx *db.Tx, tid tenant.ID, lessons, others []db.ID) ([]ChangedCourse, error) {
	changed := []ChangedCourse{}
	for _, part := range []struct {
		query, column string
		ids           []db.ID
	}{{sqlCoursesOfLessons, "l.id", lessons}, {sqlCoursesByID, "c.id", others}} {
		if len(part.ids) == 0 {
			continue
		}
		some := db.Also(part.column, db.Args(part.ids))
		err := db.Each(ctx, tx, part.query+some.More()+" ORDER BY c.title, c.id", append([]any{tid}, some.Args()...), func(scan func(...any) error) error {
			var c ChangedCourse
			var latest db.ID
			err := scan(&c.ID, &c.Title, &latest)
			if c.Published = !latest.IsZero(); !slices.Contains(changed, c) {
				changed = append(changed, c)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return changed, nil
}
