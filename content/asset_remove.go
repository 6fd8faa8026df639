package content

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Delete removes a file that nothing refers to: no lesson of a draft, no published version. Saved states of a lesson hold no file: one that is
// restored afterwards says that its file is missing. It returns fault.Conflict when something refers to the file, fault.NotFound when tid has
// no such file.
func (s *Assets) Delete(ctx context.Context, tid tenant.ID, id db.ID) error {
	err := s.db.Tx(ctx, func(tx *db.Tx) error { return s.remove(ctx, tx, tid, id, false) })
	if err != nil {
		return fmt.Errorf("delete asset: %w", err)
	}
	return nil
}

// remove takes the rows of an unused file away and leaves its bytes to a job of the same transaction, so that a crash leaves neither bytes
// without a row nor a row without bytes. What several files share goes with the last of them.
func (s *Assets) remove(ctx context.Context, tx *db.Tx, tid tenant.ID, id db.ID, swept bool) error {
	var org db.ID
	if err := tx.QueryRowLocked(ctx, sqlOrganisationPublicID, tid).Scan(&org); err != nil { // removing and finding identical bytes take turns
		return err
	}
	found, err := selectAssets(ctx, tx.Locking(), " WHERE tenant_id = ? AND id = ?", tid, id)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return fault.New(fault.NotFound, "not_found")
	}
	a := found[0]
	var n int
	if err := tx.QueryRow(ctx, sqlCountUses, tid, id).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		// A replica of an older version, which knows no list of uses, may have written a body meanwhile.
		like := "%" + id.String() + "%"
		if err := tx.QueryRow(ctx, sqlCountMentions, tid, like, tid, like).Scan(&n); err != nil {
			return err
		}
	}
	if n > 0 {
		return fault.New(fault.Conflict, "file_in_use")
	}
	gone, err := pictureKeys(ctx, tx, tid, id)
	if err != nil {
		return err
	}
	open, err := db.Values[string](ctx, tx, sqlStoreUploads, tid, id)
	if err != nil {
		return err
	}
	var half removal
	for _, upload := range open {
		half.Uploads = append(half.Uploads, halfUpload{a.key, upload})
	}
	for _, query := range []string{sqlDeleteUploads, sqlDeletePictures, sqlSupersedeNone, sqlDeleteAsset} {
		if _, err := tx.Exec(ctx, query, tid, id); err != nil {
			return err
		}
	}
	if err := tx.DropJob(ctx, id); err != nil { // given up: nobody can look at the file any more
		return err
	}
	if a.Kind == AssetPackage {
		folder, size, err := s.dropPackage(ctx, tx, tid, a.SHA256)
		if err != nil {
			return err
		}
		if !folder.IsZero() {
			gone.Folders, gone.size = append(gone.Folders, packageFolder(org, folder)), gone.size+size
		}
	}
	if err := tx.QueryRow(ctx, sqlKeySharers, tid, a.SHA256, a.key).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		if gone.Keys = append(gone.Keys, a.key); a.Kind != AssetPackage { // the zip of a package is gone
			gone.size += a.Size
		}
		if (a.Kind == AssetVideo || a.Kind == AssetAudio) && a.State != AssetReady {
			gone.Keys = append(gone.Keys, a.key+frontEnding) // a look that never came to its end
		}
	}
	let := s.discard
	if a.State == AssetReady && a.Kind != AssetMoodle { // a course backup may hold people's data, and no backup of ours needs it
		let = s.release
	}
	if err := errors.Join(s.discard(ctx, tx, tid, half), let(ctx, tx, tid, gone)); err != nil {
		return err
	}
	action := "asset.delete"
	if swept {
		action = "asset.sweep"
	}
	return s.audit.Append(ctx, tid, tx, tenant.Change{Action: action, SubjectKind: "asset", Subject: id, Detail: map[string]any{"kind": string(a.Kind)}})
}

// KindRemoveObjects is the job that removes bytes nothing points at any more.
const KindRemoveObjects = "asset.remove"

// removal is what the job removes. No row points at these objects, and none will: a key is given out once.
type removal struct {
	Keys    []string     `json:"keys,omitempty"`
	Folders []string     `json:"folders,omitempty"`
	Uploads []halfUpload `json:"uploads,omitempty"`
	size    int64        // bytes of what rows named
}

func (r removal) empty() bool { return len(r.Keys)+len(r.Folders)+len(r.Uploads) == 0 }

// halfUpload is an upload whose parts lie in the store.
type halfUpload struct {
	Key string `json:"key"`
	ID  string `json:"id"`
}

// releaseAfter is how long objects stay that rows named until now: longer than any backup takes. One that is being written has those rows, of the moment when it began, and comes to
// their objects hours later.
const releaseAfter = 48 * time.Hour

// release has objects that rows named removed once the transaction holds and no running backup can need them any more.
func (s *Assets) release(ctx context.Context, tx *db.Tx, tid tenant.ID, gone removal) error {
	return s.enqueueRemoval(ctx, tx, tid, gone, releaseAfter)
}

// discard has objects that only this transaction knows removed once it holds: at once, and by the job when this process does not come to it.
func (s *Assets) discard(ctx context.Context, tx *db.Tx, tid tenant.ID, gone removal) error {
	if gone.empty() {
		return nil
	}
	gone.size = 0                                                              // it is gone in a moment
	tx.After(func() { _ = s.removeObjects(context.WithoutCancel(ctx), gone) }) // what fails is the job's
	return s.enqueueRemoval(ctx, tx, tid, gone, time.Minute)
}

func (s *Assets) enqueueRemoval(ctx context.Context, tx *db.Tx, tid tenant.ID, gone removal, wait time.Duration) error {
	if gone.empty() {
		return nil
	}
	payload, err := json.Marshal(gone)
	if err != nil {
		return err
	}
	now := s.clock()
	return tx.Enqueue(ctx, now, db.Job{Kind: KindRemoveObjects, Tenant: tid.Number(), Payload: payload, RunAt: db.At(now.Add(wait)), Total: gone.size})
}

func (s *Assets) removeObjects(ctx context.Context, gone removal) error {
	for _, key := range gone.Keys {
		if err := s.store.Remove(ctx, key); err != nil {
			return fmt.Errorf("remove object: %w", err)
		}
	}
	for _, u := range gone.Uploads {
		if err := s.store.Abort(ctx, u.Key, u.ID); err != nil && !fault.Is(err, fault.NotFound) {
			return fmt.Errorf("end upload: %w", err)
		}
	}
	for _, folder := range gone.Folders {
		if _, err := s.store.RemovePrefix(ctx, folder); err != nil {
			return fmt.Errorf("remove objects: %w", err)
		}
	}
	return nil
}

// RemoveObjectsJob is the handler of KindRemoveObjects.
func (s *Assets) RemoveObjectsJob(ctx context.Context, job db.Job, _ func(done, total int64)) error {
	var gone removal
	if err := json.Unmarshal(job.Payload, &gone); err != nil {
		return fault.Wrap(err, fault.Invalid, "invalid")
	}
	return s.removeObjects(ctx, gone)
}

// KindSweepUnused is the daily job that removes files to which nothing has referred for a while.
const KindSweepUnused = "asset.sweep"

// SweepUnusedJob is the handler of KindSweepUnused.
func (s *Assets) SweepUnusedJob(ctx context.Context, _ db.Job, report func(done, total int64)) error {
	tenants, err := s.everyTenant(ctx)
	if err != nil {
		return fmt.Errorf("sweep files: %w", err)
	}
	for i, tid := range tenants {
		if err := s.SweepUnused(ctx, tid); err != nil {
			return fmt.Errorf("sweep files: %w", err)
		}
		if i%100 == 0 {
			report(int64(i), int64(len(tenants)))
		}
	}
	return nil
}

func (s *Assets) everyTenant(ctx context.Context) ([]tenant.ID, error) {
	numbers, err := db.Values[int64](ctx, s.db, sqlSweptTenants)
	out := make([]tenant.ID, len(numbers))
	for i, n := range numbers {
		out[i] = tenant.System(n, "sweep of unused files")
	}
	return out, err
}

// SweepUnused marks tid's files that nothing refers to, and removes those that have been marked for longer than AssetLimits.Grace. A file that
// begins to be used in between loses its mark, and each is looked at once more, locked, before it goes.
func (s *Assets) SweepUnused(ctx context.Context, tid tenant.ID) error {
	if err := s.foldNames(ctx, tid); err != nil {
		return err
	}
	now := s.clock()
	if _, err := s.db.Exec(ctx, sqlMarkUnused, db.At(now), tid); err != nil {
		return err
	}
	for {
		due, err := s.unusedLong(ctx, tid, now)
		if err != nil || len(due) == 0 {
			return err
		}
		for _, id := range due {
			err := s.db.Tx(ctx, func(tx *db.Tx) error { return s.remove(ctx, tx, tid, id, true) })
			if fault.Is(err, fault.Conflict) { // used since it was marked
				_, err = s.db.Exec(ctx, sqlUsedAgain+" WHERE tenant_id = ? AND id = ?", tid, id)
			}
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
		}
	}
}

func (s *Assets) unusedLong(ctx context.Context, tid tenant.ID, now time.Time) ([]db.ID, error) {
	return db.Values[db.ID](ctx, s.db, sqlUnusedLong, tid, db.At(now.Add(-s.limits.Grace)))
}
