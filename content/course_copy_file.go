package content

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// copiedFiles are the files of another organisation's course on their way into tid. What tid has already, byte for byte, is used instead of a copy.
type copiedFiles struct {
	assets *Assets
	tid    tenant.ID
	owner  int64
	copy   db.ID
	names  map[db.ID]db.ID // what each file of the source is called here

	org   db.ID // the public id of tid
	files []copiedFile
	there []db.ID // files of tid that are used as they are
}

// copiedFile is one file that has to be copied, with all objects that belong to it.
type copiedFile struct {
	Asset           // as it will be here
	source   db.ID  // what it is there
	from     string // its object
	unpacked bool   // of a package that tid has unpacked already: there is nothing to copy
	pictures []copiedPicture
	pack     *Package
	entries  []packedFile
}

type copiedPicture struct {
	row  []any // of asset_picture
	from string
	to   string
	size int64
	kind string
}

// packedFile is a file inside a package.
type packedFile struct {
	key       string
	number    int
	size      int64
	mediaType string
}

// plan finds out which files there are and which of them tid has already.
func (f *copiedFiles) plan(ctx context.Context, cover db.ID, lessons []newLesson) error {
	var err error
	if f.org, err = f.assets.organisation(ctx, f.tid); err != nil {
		return err
	}
	ids := []db.ID{cover} // no file has the zero id
	for _, l := range lessons {
		ids = append(ids, l.body.files()...)
	}
	slices.SortFunc(ids, func(a, b db.ID) int { return slices.Compare(a[:], b[:]) })
	for part := range slices.Chunk(slices.Compact(ids), 400) {
		cond := db.Where("tenant_id = ?", f.owner).And("state = 'ready'").In("id", db.Args(part))
		found, err := selectAssets(ctx, f.assets.db, cond.SQL()+" ORDER BY id", cond.Args()...)
		if err != nil {
			return err
		}
		for _, a := range found {
			if err := f.add(ctx, a); err != nil {
				return err
			}
		}
		if err := f.addPictures(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

func (f *copiedFiles) add(ctx context.Context, a Asset) error {
	own, err := selectAssets(ctx, f.assets.db, " WHERE tenant_id = ? AND sha256 = ? AND kind = ? AND state = 'ready' AND superseded_by IS NULL ORDER BY id LIMIT 1", f.tid, a.SHA256, a.Kind)
	if err != nil {
		return err
	}
	if len(own) > 0 {
		if f.names[a.ID] = own[0].ID; !slices.Contains(f.there, own[0].ID) {
			f.there = append(f.there, own[0].ID)
		}
		return nil
	}
	for _, one := range f.files {
		if one.Kind == a.Kind && one.SHA256 == a.SHA256 {
			f.names[a.ID] = one.ID // the same bytes twice
			return nil
		}
	}
	one := copiedFile{Asset: a, source: a.ID, from: a.key}
	one.ID = db.IDFrom("course.copy.file", f.copy.String(), a.ID.String())
	one.key = "t/" + f.org.String() + "/asset/" + one.ID.String()
	f.names[a.ID] = one.ID
	if a.Kind == AssetPackage {
		folders, err := db.Values[db.ID](ctx, f.assets.db, sqlPackageFolder, f.tid, a.SHA256)
		if err != nil {
			return err
		}
		if one.unpacked = len(folders) > 0; one.unpacked { // of a file that was replaced since
			f.files = append(f.files, one)
			return nil
		}
		p, err := findPackage(ctx, f.assets.db, f.owner, a.SHA256)
		if err != nil {
			return err
		}
		one.pack = &p
		err = db.Each(ctx, f.assets.db, sqlPackageFiles, []any{f.owner, a.SHA256}, func(scan func(...any) error) error {
			var e packedFile
			err := scan(&e.key, &e.number, &e.size, &e.mediaType)
			one.entries = append(one.entries, e)
			return err
		})
		if err != nil {
			return err
		}
	}
	f.files = append(f.files, one)
	return nil
}

func (f *copiedFiles) addPictures(ctx context.Context, sources []db.ID) error {
	some := db.Also("asset_id", db.Args(sources))
	return db.Each(ctx, f.assets.db, sqlCopiedPictures+some.More(), append([]any{f.owner}, some.Args()...), func(scan func(...any) error) error {
		var asset db.ID
		var name string
		var width, height int
		var p copiedPicture
		if err := scan(&asset, &name, &p.kind, &width, &height, &p.size, &p.from); err != nil {
			return err
		}
		for i := range f.files {
			if one := &f.files[i]; one.source == asset {
				p.to = pictureKey(one.Asset, name)
				p.row = []any{f.tid, one.ID, name, p.kind, width, height, p.size, p.to}
				one.pictures = append(one.pictures, p)
			}
		}
		return nil
	})
}

// size is how many bytes a file takes here.
func (c copiedFile) size() int64 {
	n := c.Size
	switch {
	case c.unpacked:
		n = 0
	case c.pack != nil:
		n = c.pack.Size // the zip itself is gone
	}
	for _, p := range c.pictures {
		n += p.size
	}
	return n
}

func (f *copiedFiles) total() (n int64) {
	for _, one := range f.files {
		n += one.size()
	}
	return n
}

// room refuses what would not fit into what the organisation may keep.
func (f *copiedFiles) room(ctx context.Context, r db.Runner) error {
	kept, err := f.assets.kept(ctx, r, f.tid)
	if err == nil && kept+f.total() > f.assets.limits.Quota {
		return fault.New(fault.Conflict, "file_quota", "max", f.assets.limits.Quota)
	}
	return err
}

// fetch copies the objects. A second run writes the same bytes under the same names.
func (f *copiedFiles) fetch(ctx context.Context, report func(done, total int64)) error {
	if err := f.room(ctx, f.assets.db); err != nil {
		return err
	}
	done, total := int64(0), f.total()
	report(0, max(total, 1))
	move := func(from, to, mediaType string, size int64) error {
		if err := f.object(ctx, from, to, mediaType, size, func(n int64) { report(done+n, total) }); err != nil {
			return fmt.Errorf("copy file: %w", err)
		}
		done += size
		return nil
	}
	for _, one := range f.files {
		if one.Kind != AssetPackage {
			if err := move(one.from, one.key, one.MediaType, one.Size); err != nil {
				return err
			}
		} else if err := f.packed(ctx, one, move); err != nil { // nothing, where it is unpacked already
			return err
		}
		for _, p := range one.pictures {
			if err := move(p.from, p.to, p.kind, p.size); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *copiedFiles) packed(ctx context.Context, one copiedFile, move func(from, to, mediaType string, size int64) error) error {
	there, err := f.assets.organisation(ctx, tenant.System(f.owner, "copy of a course"))
	if err != nil {
		return err
	}
	for _, e := range one.entries {
		if err := move(packageKey(there, one.pack.folder, e.number), packageKey(f.org, one.ID, e.number), e.mediaType, e.size); err != nil {
			return err
		}
	}
	return nil
}

// object copies one object, unless a run before has.
func (f *copiedFiles) object(ctx context.Context, from, to, mediaType string, size int64, report func(n int64)) error {
	if info, err := f.assets.store.Stat(ctx, to); err == nil && info.Size == size {
		return nil
	} else if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	var r io.Reader = bytes.NewReader(nil)
	if size > 0 {
		body, _, err := f.assets.store.Open(ctx, from, 0, -1)
		if err != nil {
			return err
		}
		defer func() { _ = body.Close() }() // only read
		r = &progressReader{ReadCloser: body, report: report}
	}
	_, err := f.assets.store.Put(ctx, to, r, size, mediaType)
	return err
}

// made names the objects that were copied, or begun to be.
func (f *copiedFiles) made() removal {
	var gone removal
	for _, one := range f.files {
		switch {
		case one.Kind != AssetPackage:
			gone.Keys = append(gone.Keys, one.key)
		case !one.unpacked:
			gone.Folders = append(gone.Folders, packageFolder(f.org, one.ID))
		}
		for _, p := range one.pictures {
			gone.Keys = append(gone.Keys, p.to)
		}
	}
	return gone
}

// write makes rows of what was copied, in the transaction that makes the course.
func (f *copiedFiles) write(ctx context.Context, tx *db.Tx) error {
	if len(f.names) == 0 {
		return nil
	}
	var org db.ID
	if err := tx.QueryRowLocked(ctx, sqlOrganisationPublicID, f.tid).Scan(&org); err != nil { // removing files and using them take turns
		return err
	}
	if err := f.room(ctx, tx); err != nil {
		return err
	}
	if err := filesThere(ctx, tx, f.tid, f.there); err != nil {
		return err
	}
	now := db.At(f.assets.clock())
	var assets, pictures [][]any
	for _, one := range f.files {
		assets = append(assets, []any{f.tid, one.ID, one.Kind, one.FileName, fileNameKey(one.FileName), one.MediaType, one.Size, one.SHA256, one.key, one.DurationMS, one.Width, one.Height, one.Pages, author(ctx), now, now})
		for _, p := range one.pictures {
			pictures = append(pictures, p.row)
		}
		if one.Kind == AssetPackage {
			if err := f.writePackage(ctx, tx, one, now); err != nil {
				return err
			}
		}
	}
	if err := tx.InsertMany(ctx, sqlInsertReadyAsset, rowInsertReadyAsset, assets); err != nil {
		return err
	}
	return tx.InsertMany(ctx, sqlInsertPicture, rowInsertPicture, pictures)
}

func (f *copiedFiles) writePackage(ctx context.Context, tx *db.Tx, one copiedFile, now db.Time) error {
	var folder db.ID
	err := db.One(tx.QueryRowLocked(ctx, sqlPackageFolder, f.tid, one.SHA256).Scan(&folder))
	if there := err == nil; there != one.unpacked || err != nil && !fault.Is(err, fault.NotFound) {
		return errors.Join(err, errFilesChanged)
	}
	if one.unpacked {
		return nil
	}
	p := one.pack
	if _, err := tx.Exec(ctx, sqlInsertPackage, f.tid, one.SHA256, one.ID, p.Standard, p.Title, db.JSON[Manifest]{V: p.Manifest}, p.Files, p.Size, now); err != nil {
		return err
	}
	rows := make([][]any, 0, len(one.entries))
	for _, e := range one.entries {
		rows = append(rows, []any{f.tid, one.SHA256, e.key, e.number, e.size, e.mediaType})
	}
	return tx.InsertMany(ctx, sqlInsertPackageFile, rowInsertPackageFile, rows)
}
