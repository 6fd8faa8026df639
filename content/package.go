package content

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Package is an unpacked SCORM package.
type Package struct {
	Manifest
	Files int
	Size  int64 // bytes of all its files

	sha256 db.Hash
	folder db.ID
}

// packageWorkers unpack at the same time: most of the time goes into waiting for the store.
const packageWorkers = 4

// packageKey is where a file of a package lies.
func packageKey(org, folder db.ID, number int) string {
	return packageFolder(org, folder) + strconv.Itoa(number)
}

func packageFolder(org, folder db.ID) string {
	return "t/" + org.String() + "/package/" + folder.String() + "/"
}

// unpack looks at an uploaded package and keeps its files, unless the same bytes have been unpacked before and are all whole; then the zip itself is dropped. It ends ready or refused
// and may be repeated after any failure.
func (s *Assets) unpack(ctx context.Context, tid tenant.ID, a Asset, report func(done, total int64)) error {
	sum, err := s.checksum(ctx, a.key, a.Size, func(int64, int64) {})
	if err != nil {
		return fmt.Errorf("unpack package: %w", err)
	}
	if _, err := s.db.Exec(ctx, sqlAssetDigest, sum, db.At(s.clock()), tid, a.ID); err != nil {
		return err
	}
	a.SHA256 = sum
	var folder db.ID
	err = db.One(s.db.QueryRow(ctx, sqlPackageFolder, tid, sum).Scan(&folder))
	damaged := false
	if err == nil {
		damaged, err = s.packageDamaged(ctx, tid, a, folder, report)
	}
	var made *unpacked
	if err == nil && damaged || fault.Is(err, fault.NotFound) {
		if made, err = s.unpackFiles(ctx, tid, a, !damaged, report); err == nil && damaged {
			made.heals = folder
		}
	}
	if err != nil {
		return s.unpackFailed(ctx, tid, a, err)
	}
	if err := s.packageReady(ctx, tid, a, made); err != nil {
		return fmt.Errorf("unpack package: %w", err)
	}
	return s.store.Remove(ctx, a.key)
}

// unpackFailed clears away what was kept so far; what is wrong with the package refuses it, anything else is tried again.
func (s *Assets) unpackFailed(ctx context.Context, tid tenant.ID, a Asset, err error) error {
	if errors.Is(err, errLying) {
		err = refused("package_damaged")
	}
	var wrong *problem
	if !errors.As(err, &wrong) {
		return fmt.Errorf("unpack package: %w", err)
	}
	org, orgErr := s.organisation(ctx, tid)
	if orgErr != nil {
		return orgErr
	}
	if _, err := s.store.RemovePrefix(ctx, packageFolder(org, a.ID)); err != nil {
		return err
	}
	return s.refuse(ctx, tid, a, wrong.key)
}

func (s *Assets) organisation(ctx context.Context, tid tenant.ID) (db.ID, error) {
	var org db.ID
	err := db.One(s.db.QueryRow(ctx, sqlOrganisationPublicID, tid).Scan(&org))
	return org, err
}

// unpacked is what unpacking found.
type unpacked struct {
	manifest Manifest
	entries  []packageEntry
	size     int64
	heals    db.ID // the folder of the same package whose files are not all whole; zero: none
}

// packageDamaged tells whether files of an unpacked package are not there, cannot be read to their end or are not what is in its zip, which a was found to hold. Each is read.
func (s *Assets) packageDamaged(ctx context.Context, tid tenant.ID, a Asset, folder db.ID, report func(done, total int64)) (bool, error) {
	org, err := s.organisation(ctx, tid)
	if err != nil {
		return false, err
	}
	sums := map[string]uint32{}
	z, err := openPackage(&chunkReader{ctx: ctx, store: s, key: a.key, size: a.Size}, a.Size)
	var wrong *problem
	if err != nil && !errors.As(err, &wrong) { // a version with other rules took it; then the sizes must do
		return false, err
	}
	if err == nil {
		for _, e := range z.entries {
			sums[e.key] = e.file.CRC32
		}
	}
	files, err := db.List(ctx, s.db, sqlPackageFiles, []any{tid, a.SHA256}, func(row db.Row) (packedFile, error) {
		var f packedFile
		err := row.Scan(&f.key, &f.number, &f.size, &f.mediaType)
		return f, err
	})
	if err != nil {
		return false, err
	}
	for i, f := range files {
		size, sum, err := s.crc(ctx, packageKey(org, folder, f.number))
		want, known := sums[f.key]
		if err != nil || size != f.size || known && sum != want {
			return true, s.storeAway(ctx, err)
		}
		report(a.Size*int64(i)/int64(len(files)), a.Size)
	}
	return false, nil
}

// crc reads an object to its end.
func (s *Assets) crc(ctx context.Context, key string) (int64, uint32, error) {
	r, _, err := s.store.Open(ctx, key, 0, -1)
	if err != nil {
		return 0, 0, err
	}
	defer r.Close()
	sum := crc32.NewIEEE()
	n, err := io.Copy(sum, r)
	return n, sum.Sum32(), err
}

// unpackFiles stores the files of a package. Where they take the place of damaged ones they need no more room than those.
func (s *Assets) unpackFiles(ctx context.Context, tid tenant.ID, a Asset, more bool, report func(done, total int64)) (*unpacked, error) {
	z, err := openPackage(&chunkReader{ctx: ctx, store: s, key: a.key, size: a.Size}, a.Size)
	if err != nil {
		return nil, err
	}
	manifest, err := ReadManifest(z.manifest, z.has())
	if err != nil {
		return nil, err
	}
	manifest.Skipped = z.skipped
	org, err := s.organisation(ctx, tid)
	if err != nil {
		return nil, err
	}
	if more {
		if err := s.roomFor(ctx, tid, z.unpacked); err != nil {
			return nil, err
		}
	}
	g, ctx := errgroup.WithContext(ctx)
	var next, done atomic.Int64
	var turn sync.Mutex // report is for one at a time
	for range packageWorkers {
		keep := func() error {
			at := &chunkReader{ctx: ctx, store: s, key: a.key, size: a.Size}
			for {
				i := int(next.Add(1)) - 1
				if i >= len(z.entries) {
					return nil
				}
				e := z.entries[i]
				if err := s.keepEntry(ctx, packageKey(org, a.ID, e.number), e, at); err != nil {
					return err
				}
				so := done.Add(int64(e.file.CompressedSize64))
				turn.Lock()
				report(min(so, a.Size), a.Size)
				turn.Unlock()
			}
		}
		g.Go(func() error { return fault.Caught(keep) })
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	out := &unpacked{manifest: manifest, entries: z.entries}
	for _, e := range z.entries {
		out.size += int64(e.file.UncompressedSize64)
	}
	return out, nil
}

func (s *Assets) keepEntry(ctx context.Context, key string, e packageEntry, at io.ReaderAt) error {
	r := &faithful{r: e.open(at)}
	_, err := s.store.Put(ctx, key, r, int64(e.file.UncompressedSize64), e.mediaType)
	if r.err != nil && !errors.Is(r.err, io.EOF) {
		return r.err // what was wrong with the zip, however the store called it
	}
	return err
}

// faithful remembers the error that a reader ended with.
type faithful struct {
	r   io.Reader
	err error
}

// Read implements io.Reader.
func (f *faithful) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil {
		f.err = err
	}
	return n, err
}

// roomFor refuses a package whose files would not fit into what the organisation may keep.
func (s *Assets) roomFor(ctx context.Context, tid tenant.ID, size int64) error {
	kept, err := s.kept(ctx, s.db, tid)
	if err == nil && kept+size > s.limits.Quota {
		return refused("package_quota")
	}
	return err
}

// kept is how many bytes the files of an organisation take. What was let go of and still lies there counts as far as it is more than the quota: who makes room can use it at once, and
// who uploads and removes again and again has twice the quota at most.
func (s *Assets) kept(ctx context.Context, r db.Runner, tid tenant.ID) (int64, error) {
	var files, packages, pictures int64
	err := r.QueryRow(ctx, sqlKept, tid).Scan(&files)
	if err == nil {
		err = r.QueryRow(ctx, sqlKeptPackages, tid).Scan(&packages)
	}
	if err == nil {
		err = r.QueryRow(ctx, sqlPictureBytes, tid).Scan(&pictures)
	}
	var letGo int64
	if err == nil {
		letGo, err = s.letGo(ctx, r, tid)
	}
	return files + packages + pictures + letGo, err
}

// letGo is what counts of the bytes that no row of an organisation names any more and that backups may still need: those beyond the quota.
func (s *Assets) letGo(ctx context.Context, r db.Runner, tid tenant.ID) (bytes int64, err error) {
	err = db.One(r.QueryRow(ctx, sqlLetGo, tid).Scan(&bytes))
	return max(0, bytes-s.limits.Quota), err
}

// errPackageGone is met when the last lesson that used the same bytes was deleted meanwhile: the job unpacks again.
var errPackageGone = errors.New("content: the package that was there is gone")

// packageReady writes the package, unless another upload of the same bytes was quicker, and makes the file ready.
func (s *Assets) packageReady(ctx context.Context, tid tenant.ID, a Asset, made *unpacked) error {
	lost := false
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		var folder db.ID
		err := db.One(tx.QueryRowLocked(ctx, sqlPackageFolder, tid, a.SHA256).Scan(&folder))
		switch {
		case err == nil && made != nil && folder == made.heals:
			if err := s.healPackage(ctx, tx, tid, a, made); err != nil {
				return err
			}
		case err == nil:
			lost = made != nil && folder != a.ID
		case fault.Is(err, fault.NotFound) && made == nil:
			return errPackageGone
		case fault.Is(err, fault.NotFound):
			if err := s.insertPackage(ctx, tx, tid, a, made); err != nil {
				return err
			}
		default:
			return err
		}
		_, err = tx.Exec(ctx, sqlAssetReady, "application/zip", a.Size, a.SHA256, 0, 0, 0, 0, db.At(s.clock()), tid, a.ID)
		return err
	})
	if err != nil || !lost {
		return err
	}
	org, err := s.organisation(ctx, tid)
	if err != nil {
		return err
	}
	_, err = s.store.RemovePrefix(ctx, packageFolder(org, a.ID))
	return err
}

// healPackage puts what was unpacked in the place of the same package whose files are damaged.
func (s *Assets) healPackage(ctx context.Context, tx *db.Tx, tid tenant.ID, a Asset, made *unpacked) error {
	var org db.ID
	if err := tx.QueryRow(ctx, sqlOrganisationPublicID, tid).Scan(&org); err != nil {
		return err
	}
	for _, query := range []string{sqlDeletePackageFiles, sqlDeletePackage} {
		if _, err := tx.Exec(ctx, query, tid, a.SHA256); err != nil {
			return err
		}
	}
	if err := s.insertPackage(ctx, tx, tid, a, made); err != nil {
		return err
	}
	return s.release(ctx, tx, tid, removal{Folders: []string{packageFolder(org, made.heals)}, size: made.size})
}

func (s *Assets) insertPackage(ctx context.Context, tx *db.Tx, tid tenant.ID, a Asset, made *unpacked) error {
	m := made.manifest
	if _, err := tx.Exec(ctx, sqlInsertPackage, tid, a.SHA256, a.ID, m.Standard, m.Title, db.JSON[Manifest]{V: m}, len(made.entries), made.size, db.At(s.clock())); err != nil {
		return err
	}
	rows := make([][]any, 0, len(made.entries))
	for _, e := range made.entries {
		rows = append(rows, []any{tid, a.SHA256, e.key, e.number, int64(e.file.UncompressedSize64), e.mediaType})
	}
	return tx.InsertMany(ctx, sqlInsertPackageFile, rowInsertPackageFile, rows)
}

func findPackage(ctx context.Context, r db.Runner, owner int64, sum db.Hash) (Package, error) {
	p := Package{sha256: sum}
	var raw []byte
	if err := db.One(r.QueryRow(ctx, sqlFindPackage, owner, sum).Scan(&p.folder, &p.Standard, &p.Title, &raw, &p.Files, &p.Size)); err != nil {
		return Package{}, err
	}
	if err := json.NewDecoder(bytes.NewReader(raw)).Decode(&p.Manifest); err != nil {
		return Package{}, fmt.Errorf("read manifest: %w", err)
	}
	return p, nil
}

// dropPackage removes the rows of a package that no file points at any more and tells under which folder its objects lie, and how many bytes they are; the zero id when it is still used.
// The transaction that deletes the file calls it.
func (s *Assets) dropPackage(ctx context.Context, tx *db.Tx, tid tenant.ID, sum db.Hash) (folder db.ID, size int64, err error) {
	err = db.One(tx.QueryRowLocked(ctx, sqlPackageSize, tid, sum).Scan(&folder, &size))
	if fault.Is(err, fault.NotFound) {
		return db.ID{}, 0, nil
	}
	var uses int
	if err == nil {
		err = tx.QueryRow(ctx, sqlPackageUses, tid, sum).Scan(&uses)
	}
	if err != nil || uses > 0 {
		return db.ID{}, 0, err
	}
	for _, query := range []string{sqlDeletePackageFiles, sqlDeletePackage} {
		if _, err := tx.Exec(ctx, query, tid, sum); err != nil {
			return db.ID{}, 0, err
		}
	}
	return folder, size, nil
}
