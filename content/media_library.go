package content

import (
	"context"
	"fmt"
	"strconv"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// The orders of the media library.
const (
	SortNewest  = "newest"
	SortLargest = "largest"
)

// Which files of the media library are asked for.
const (
	UseAny    = ""
	UseUsed   = "used"
	UseUnused = "unused"
)

// MediaQuery narrows List.
type MediaQuery struct {
	Q    string    // part of the name
	Kind AssetKind // "" is every kind
	Use  string    // UseAny, UseUsed, UseUnused
	Sort string    // SortNewest or SortLargest
	Page db.Page
}

// MediaFile is a file as the media library lists it.
type MediaFile struct {
	Asset
	Drafts      int     // lessons of drafts that refer to it
	Versions    int     // lessons of published versions that refer to it
	UploadedBy  string  // name of the person; empty when the system made it
	UnusedSince db.Time // when the sweep found it unused; zero while it is used or not yet looked at
}

// List gives the organisation's files, those that were replaced left out, and the cursor of the next page.
func (s *Assets) List(ctx context.Context, tid tenant.ID, q MediaQuery) ([]MediaFile, string, error) {
	cond := db.Where("a.tenant_id = ?", tid).And("a.superseded_by IS NULL").And("a.state <> 'uploading'")
	if q.Kind != "" {
		cond.And("a.kind = ?", q.Kind)
	}
	if text := tenant.Fold(q.Q); text != "" {
		cond.And("a.name_key LIKE ? ESCAPE '!'", "%"+db.Like(text)+"%")
	}
	switch q.Use {
	case UseUsed:
		cond.And(sqlIsUsed)
	case UseUnused:
		cond.And("NOT " + sqlIsUsed)
	}
	column, end := "a.created_at", " ORDER BY a.created_at DESC, a.id DESC LIMIT ?"
	if q.Sort == SortLargest {
		column, end = "a.size", " ORDER BY a.size DESC, a.id DESC LIMIT ?"
	}
	if err := afterFile(cond, column, q.Page.After); err != nil {
		return nil, "", err
	}
	limit := q.Page.Clamp()
	files, err := s.readMedia(ctx, cond.SQL()+end, cond.Args(limit+1)...)
	if err != nil {
		return nil, "", fmt.Errorf("list files: %w", err)
	}
	next := ""
	if len(files) > limit {
		files = files[:limit]
		last := files[limit-1]
		at := last.CreatedAt.UnixMicro()
		if q.Sort == SortLargest {
			at = last.Size
		}
		next = db.Cursor(strconv.FormatInt(at, 10), last.ID.String())
	}
	if err := s.howFar(ctx, files); err != nil {
		return nil, "", fmt.Errorf("list files: %w", err)
	}
	return files, next, s.countUses(ctx, tid, files)
}

// howFar fills in how far files are that are being looked at, and which of them nobody looks at any more.
func (s *Assets) howFar(ctx context.Context, files []MediaFile) error {
	var waiting []db.ID
	for _, f := range files {
		if f.State == AssetProcessing {
			waiting = append(waiting, f.ID)
		}
	}
	jobs, err := s.db.JobStates(ctx, waiting)
	for i := range files {
		if f := &files[i]; f.State == AssetProcessing {
			job := jobs[f.ID]
			f.Done, f.Stuck = job.Done, job.State != "done" && !job.AtWork() // done: since the list was read
		}
	}
	return err
}

// foldNames makes the files of tid findable by their names as they are typed today: rows of before there was a folded name have one in which only the case was
// folded, or none from a replica of an older version, and a full-width name is not found by it.
func (s *Assets) foldNames(ctx context.Context, tid tenant.ID) error {
	folded := map[db.ID]string{}
	err := db.Each(ctx, s.db, sqlFileNames, []any{tid}, func(scan func(...any) error) error {
		var id db.ID
		var name, key string
		err := scan(&id, &name, &key)
		if want := fileNameKey(name); want != key {
			folded[id] = want
		}
		return err
	})
	for id, key := range folded {
		if err == nil {
			_, err = s.db.Exec(ctx, sqlFoldName, key, tid, id)
		}
	}
	return err
}

// fileNameKey is a file's name as it is searched by.
func fileNameKey(name string) string { return tenant.Clip(tenant.Fold(name), 255) }

// afterFile adds where the page before ended: the value of the sorted column, and the id.
func afterFile(cond *db.Cond, column, cursor string) error {
	after, err := db.ReadCursor(cursor, 2)
	if err != nil || after == nil {
		return err
	}
	at, err := strconv.ParseInt(after[0], 10, 64)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "cursor")
	}
	id, err := db.ParseID(after[1])
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "cursor")
	}
	cond.And(column+" < ? OR ("+column+" = ? AND a.id < ?)", at, at, id)
	return nil
}

func (s *Assets) readMedia(ctx context.Context, where string, args ...any) ([]MediaFile, error) {
	return db.List(ctx, s.db, sqlListMedia+where, args, func(row db.Row) (MediaFile, error) {
		var f MediaFile
		err := row.Scan(&f.ID, &f.Kind, &f.FileName, &f.MediaType, &f.Size, &f.SHA256, &f.key, &f.State, &f.Problem, &f.DurationMS, &f.Width, &f.Height, &f.Pages, &f.CreatedAt, &f.UploadedBy, &f.UnusedSince)
		return f, err
	})
}

// countUses fills in how often each file is referred to.
func (s *Assets) countUses(ctx context.Context, tid tenant.ID, files []MediaFile) error {
	if len(files) == 0 {
		return nil
	}
	at := make(map[db.ID]int, len(files))
	ids := make([]any, 0, len(files))
	for i, f := range files {
		at[f.ID] = i
		ids = append(ids, f.ID)
	}
	some := db.Also("asset_id", ids)
	err := db.Each(ctx, s.db, sqlUseCounts+some.More()+" GROUP BY asset_id, holder_kind", append([]any{tid}, some.Args()...), func(scan func(...any) error) error {
		var id db.ID
		var kind holderKind
		var n int
		if err := scan(&id, &kind, &n); err != nil {
			return err
		}
		if kind == holderVersion || kind == holderVersionCover {
			files[at[id]].Versions += n
		} else {
			files[at[id]].Drafts += n
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("count uses: %w", err)
	}
	return nil
}

// AssetUse is one place where a file is used.
type AssetUse struct {
	Course      db.ID
	CourseTitle string
	Lesson      db.ID // of the draft; zero: it is the course's picture
	LessonTitle string
	Version     int  // number of the published version; 0 is the draft
	Earlier     bool // it shows the file as it was before it was replaced
}

// maxUses bounds what Uses lists.
const maxUses = 500

// Uses lists where a file and what it has replaced are used, drafts first; at most 500 places. fault.NotFound when tid has no such file.
func (s *Assets) Uses(ctx context.Context, tid tenant.ID, id db.ID) ([]AssetUse, error) {
	if _, err := findAsset(ctx, s.db, tid, id); err != nil {
		return nil, err
	}
	before, err := selectAssets(ctx, s.db, " WHERE tenant_id = ? AND superseded_by = ?", tid, id)
	if err != nil {
		return nil, err
	}
	ids := []any{id}
	for _, a := range before {
		ids = append(ids, a.ID)
	}
	some := db.Also("u.asset_id", ids)
	uses := []AssetUse{}
	seen := map[AssetUse]bool{}
	for _, query := range []string{
		sqlCoverUses + some.More() + " ORDER BY c.title LIMIT 500", sqlDraftUses + some.More() + " ORDER BY c.title, l.position LIMIT 500",
		sqlVersionCoverUses + some.More() + " ORDER BY c.title, v.number DESC LIMIT 500", sqlVersionUses + some.More() + " ORDER BY c.title, v.number DESC, l.position LIMIT 500",
	} {
		found, err := s.readUses(ctx, id, query, append([]any{tid}, some.Args()...)...)
		if err != nil {
			return nil, fmt.Errorf("list uses: %w", err)
		}
		for _, u := range found {
			if !seen[u] && len(uses) < maxUses { // a draft that names the file before holds both
				seen[u] = true
				uses = append(uses, u)
			}
		}
	}
	return uses, nil
}

func (s *Assets) readUses(ctx context.Context, id db.ID, query string, args ...any) ([]AssetUse, error) {
	var out []AssetUse
	err := db.Each(ctx, s.db, query, args, func(scan func(...any) error) error {
		var u AssetUse
		var file db.ID
		if err := scan(&u.Course, &u.CourseTitle, &u.Lesson, &u.LessonTitle, &u.Version, &file); err != nil {
			return err
		}
		u.Earlier = u.Version > 0 && file != id
		out = append(out, u)
		return nil
	})
	return out, err
}

// MediaStorage is how much an organisation keeps.
type MediaStorage struct {
	Kept   int64 // bytes; identical ones counted once
	Quota  int64
	Unused int64 // bytes of files that nothing refers to
	Grace  int   // days after which those are removed
	Kinds  []KindStorage
}

// KindStorage is how much the files of one kind are.
type KindStorage struct {
	Kind  AssetKind
	Files int
	Size  int64
}

// Storage tells how much tid keeps, of what.
func (s *Assets) Storage(ctx context.Context, tid tenant.ID) (MediaStorage, error) {
	out := MediaStorage{Quota: s.limits.Quota, Grace: int(s.limits.Grace.Hours() / 24)}
	var err error
	if out.Kept, err = s.kept(ctx, s.db, tid); err != nil {
		return out, fmt.Errorf("storage: %w", err)
	}
	if err := s.db.QueryRow(ctx, sqlUnusedSize, tid).Scan(&out.Unused); err != nil {
		return out, fmt.Errorf("storage: %w", err)
	}
	out.Kinds, err = db.List(ctx, s.db, sqlKindStorage, []any{tid}, func(row db.Row) (KindStorage, error) {
		var k KindStorage
		err := row.Scan(&k.Kind, &k.Files, &k.Size)
		return k, err
	})
	if err != nil {
		return out, fmt.Errorf("storage: %w", err)
	}
	return out, nil
}
