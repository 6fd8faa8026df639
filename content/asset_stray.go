package content

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// strayAge is how long an object lies without a row before it is taken for what a process left that died: between putting an object and writing its row lie
// minutes, of a large course that is copied again and again hours.
const strayAge = 7 * 24 * time.Hour

// KindSweepStray is the weekly job that removes objects of files no row ever named: who put them died before writing it.
const KindSweepStray = "asset.stray"

// SweepStrayJob is the handler of KindSweepStray.
func (s *Assets) SweepStrayJob(ctx context.Context, _ db.Job, report func(done, total int64)) error {
	tenants, err := s.everyTenant(ctx)
	if err != nil {
		return fmt.Errorf("sweep stray objects: %w", err)
	}
	for i, tid := range tenants {
		if err := s.SweepStray(ctx, tid); err != nil {
			return fmt.Errorf("sweep stray objects: %w", err)
		}
		report(int64(i), int64(len(tenants)))
	}
	return nil
}

// SweepStray removes tid's objects of files and unpacked packages that are older than strayAge and that nothing in the database has named for so long. Keys are given out
// once, so what nothing names now nothing will; but a database that was put back to an older day names less than there is, and whoever loaded it has a week to see that. While a course is being copied, whose objects get their rows at the end, nothing is touched; a copy whose job was given up is ended.
func (s *Assets) SweepStray(ctx context.Context, tid tenant.ID) error {
	if busy, err := s.endLostCopies(ctx, tid); err != nil || busy {
		return err
	}
	org, err := s.organisation(ctx, tid)
	if err != nil {
		return err
	}
	named, err := s.namedObjects(ctx, tid)
	if err != nil {
		return err
	}
	before := s.clock().Add(-strayAge)
	seen, err := s.readStray(ctx, org)
	if err != nil {
		return err
	}
	still := map[string]int64{}
	for _, folder := range []string{"asset/", "package/"} {
		prefix := "t/" + org.String() + "/" + folder
		for info, err := range s.store.List(ctx, prefix) {
			if err != nil {
				return err
			}
			id, known := keyID(info.Key[len(prefix):])
			if !known || named[id] || !info.Modified.Before(before) {
				continue
			}
			first, again := seen[info.Key]
			if !again || !time.Unix(first, 0).Before(before) {
				if !again {
					first = s.clock().Unix()
				}
				if len(still) < maxStray {
					still[info.Key] = first
				}
				continue
			}
			if err := s.store.Remove(ctx, info.Key); err != nil {
				return err
			}
		}
	}
	return s.writeStray(ctx, org, still)
}

// maxStray is how many objects without a row are remembered from one sweep to the next; the others are seen later.
const maxStray = 20_000

func strayKey(org db.ID) string { return "t/" + org.String() + "/stray" }

// readStray gives the objects without a row that an earlier sweep saw, and when it first did, in seconds since 1970. The list lies beside them in the store, so that a
// database that is older knows nothing about it.
func (s *Assets) readStray(ctx context.Context, org db.ID) (map[string]int64, error) {
	r, _, err := s.store.Open(ctx, strayKey(org), 0, -1)
	if fault.Is(err, fault.NotFound) {
		return map[string]int64{}, nil
	}
	if err != nil {
		return nil, err
	}
	defer r.Close()
	seen := map[string]int64{}
	if err := json.NewDecoder(r).Decode(&seen); err != nil {
		return map[string]int64{}, nil // what cannot be read was not seen
	}
	return seen, nil
}

func (s *Assets) writeStray(ctx context.Context, org db.ID, seen map[string]int64) error {
	if len(seen) == 0 {
		return s.store.Remove(ctx, strayKey(org))
	}
	text, err := json.Marshal(seen)
	if err != nil {
		return err
	}
	_, err = s.store.Put(ctx, strayKey(org), bytes.NewReader(text), int64(len(text)), "application/json")
	return err
}

// keyID is the id that the objects of one file have in common: its own bytes, the film with its index in front, the pictures, the folder of a package.
func keyID(name string) (db.ID, bool) {
	const length = 36
	if len(name) < length || len(name) > length && name[length] != '-' && name[length] != '/' {
		return db.ID{}, false
	}
	id, err := db.ParseID(name[:length])
	return id, err == nil
}

// namedObjects gives what keyID says of every object that a row of tid names, of files that are still being looked at included.
func (s *Assets) namedObjects(ctx context.Context, tid tenant.ID) (map[db.ID]bool, error) {
	named := map[db.ID]bool{}
	for _, query := range []string{sqlAssetObjects, sqlPictureObjects} {
		err := db.Each(ctx, s.db, query, []any{tid}, func(scan func(...any) error) error {
			var key string
			err := scan(&key)
			if id, known := keyID(path.Base(key)); known {
				named[id] = true
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	folders, err := db.Values[db.ID](ctx, s.db, sqlPackageFolders, tid, tid)
	for _, id := range folders {
		named[id] = true
	}
	return named, err
}

// endLostCopies ends the copies of courses whose job was given up because its workers died, and tells whether others are still at work.
func (s *Assets) endLostCopies(ctx context.Context, tid tenant.ID) (busy bool, err error) {
	copies, err := db.Values[db.ID](ctx, s.db, sqlCopiesAtWork, tid)
	if err != nil {
		return false, err
	}
	for _, id := range copies {
		job, err := s.db.FindJob(ctx, id)
		if lost := fault.Is(err, fault.NotFound) || err == nil && job.State == "failed"; err != nil && !lost {
			return false, err
		} else if !lost {
			busy = true
			continue
		}
		if _, err := s.db.Exec(ctx, sqlStopCopy, "internal", tid, id); err != nil {
			return false, err
		}
	}
	return busy, nil
}
