package content

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// KindCountStorage is the job that counts what the installation keeps.
const KindCountStorage = "storage.count"

// ScheduleCountStorage is how often it does: often enough to see a disk fill up, seldom enough for 10,000 organisations.
const ScheduleCountStorage = 6 * time.Hour

// Kinds of stored objects beside the kinds of files (AssetKind).
const (
	storedUploads  = "upload"   // announced sizes of files that are still on their way
	storedPictures = "picture"  // smaller sizes and posters of files
	storedLists    = "list"     // files of people and passwords, kept for some days
	storedJournal  = "deletion" // the deletion journal, and what was taken out of it
)

const (
	largestShown = 20                   // organisations that StorageUse names
	storageKept  = 400 * 24 * time.Hour // what the days before were is forgotten
	storageShown = 56 * 24 * time.Hour  // eight weeks of growth
)

// StorageUse tells those who run the installation how much it keeps. Counting goes over all organisations, one after the other, and is done by a job; what it found is kept
// by days. It says nothing about people.
type StorageUse struct {
	assets *Assets
}

// NewStorageUse makes the service.
func NewStorageUse(assets *Assets) *StorageUse { return &StorageUse{assets: assets} }

// StoredKind is how many objects of one kind there are, and how large they are together.
type StoredKind struct {
	Kind  string `json:"kind"`
	Files int    `json:"files"`
	Bytes int64  `json:"bytes"`
}

// StorageOwner is an organisation that keeps much.
type StorageOwner struct {
	ID    db.ID  `json:"id"`
	Bytes int64  `json:"bytes"` // what counts against the quota
	Code  string `json:"-"`
	Name  string `json:"-"`
}

// StorageDay is what the installation kept on a day.
type StorageDay struct {
	Day      string
	Files    int
	Bytes    int64 // of all files
	Database int64
}

// StorageFigures is what was counted last, and on the days before.
type StorageFigures struct {
	StorageDay
	CountedAt db.Time
	Kinds     []StoredKind   // largest first
	Largest   []StorageOwner // those with the most; none that keeps nothing
	Quota     int64          // bytes each organisation may keep
	Days      []StorageDay   // of the last weeks, in order
}

// storageBody is storage_day.body.
type storageBody struct {
	Kinds   []StoredKind   `json:"kinds"`
	Largest []StorageOwner `json:"largest"`
}

// CountJob is the handler of KindCountStorage: it counts anew what the installation keeps today.
func (s *StorageUse) CountJob(ctx context.Context, _ db.Job, report func(done, total int64)) error {
	tenants, err := s.assets.everyTenant(ctx)
	if err != nil {
		return fmt.Errorf("count storage: %w", err)
	}
	kinds, largest := map[string]StoredKind{}, []StorageOwner{}
	for i, tid := range tenants {
		kept, err := s.count(ctx, tid, kinds)
		if err != nil {
			return fmt.Errorf("count storage: %w", err)
		}
		if largest, err = s.among(ctx, tid, kept, largest); err != nil {
			return fmt.Errorf("count storage: %w", err)
		}
		if i%100 == 0 {
			report(int64(i), int64(len(tenants)))
		}
	}
	if err := s.countJournal(ctx, kinds); err != nil {
		return fmt.Errorf("count storage: %w", err)
	}
	return s.keep(ctx, kinds, largest)
}

// count adds what tid keeps to kinds, and gives the bytes that count against its quota.
func (s *StorageUse) count(ctx context.Context, tid tenant.ID, kinds map[string]StoredKind) (kept int64, err error) {
	err = db.Each(ctx, s.assets.db, sqlStorageUse, []any{tid, tid, tid}, func(scan func(...any) error) error {
		var k StoredKind
		err := scan(&k.Kind, &k.Files, &k.Bytes)
		add(kinds, k)
		kept += k.Bytes
		return err
	})
	if err != nil {
		return 0, err
	}
	keys, err := db.Values[string](ctx, s.assets.db, sqlKeptLists, tid, tid)
	if err != nil {
		return 0, err
	}
	for _, key := range keys {
		info, err := s.assets.store.Stat(ctx, key)
		if fault.Is(err, fault.Unavailable) {
			return 0, err
		}
		if err == nil { // else it went meanwhile
			add(kinds, StoredKind{storedLists, 1, info.Size})
		}
	}
	letGo, err := s.assets.letGo(ctx, s.assets.db, tid)
	return kept + letGo, err
}

// countJournal adds the deletion journal and what was taken out of it, which belong to no organisation.
func (s *StorageUse) countJournal(ctx context.Context, kinds map[string]StoredKind) error {
	for _, prefix := range []string{tenant.DeletionPrefix, tenant.RemovedPrefix} {
		for info, err := range s.assets.store.List(ctx, prefix) {
			if err != nil {
				return err
			}
			add(kinds, StoredKind{storedJournal, 1, info.Size})
		}
	}
	return nil
}

func add(kinds map[string]StoredKind, k StoredKind) {
	if k.Files == 0 {
		return
	}
	before := kinds[k.Kind]
	kinds[k.Kind] = StoredKind{k.Kind, before.Files + k.Files, before.Bytes + k.Bytes}
}

// among gives the largest with tid among them, when it is one.
func (s *StorageUse) among(ctx context.Context, tid tenant.ID, kept int64, largest []StorageOwner) ([]StorageOwner, error) {
	if kept == 0 || len(largest) == largestShown && largest[largestShown-1].Bytes >= kept {
		return largest, nil
	}
	id, err := s.assets.organisation(ctx, tid)
	if err != nil {
		return nil, err
	}
	at, _ := slices.BinarySearchFunc(largest, kept, func(o StorageOwner, kept int64) int { return cmp.Compare(kept, o.Bytes) })
	largest = slices.Insert(largest, at, StorageOwner{ID: id, Bytes: kept})
	return largest[:min(len(largest), largestShown)], nil
}

// keep writes down what was counted; the day's last count stays.
func (s *StorageUse) keep(ctx context.Context, kinds map[string]StoredKind, largest []StorageOwner) error {
	size, err := s.assets.db.Size(ctx)
	if err != nil {
		return err
	}
	now := s.assets.clock()
	day := StorageDay{Day: tenant.Day(now), Database: size}
	list := slices.SortedFunc(maps.Values(kinds), func(a, b StoredKind) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Kind, b.Kind))
	})
	for _, k := range list {
		day.Files, day.Bytes = day.Files+k.Files, day.Bytes+k.Bytes
	}
	body, err := json.Marshal(storageBody{list, largest})
	if err != nil {
		return err
	}
	return s.assets.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.Upsert(ctx, sqlInsertStorageDay, "day", "counted_at, files, file_bytes, database_bytes, body",
			day.Day, db.At(now), day.Files, day.Bytes, day.Database, string(body)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlForgetStorageDays, tenant.Day(now.Add(-storageKept)))
		return err
	})
}

// Figures gives what was counted last. It returns fault.NotFound before the first count.
func (s *StorageUse) Figures(ctx context.Context) (StorageFigures, error) {
	out, err := s.Last(ctx)
	if err != nil {
		return out, err
	}
	if err := s.name(ctx, &out); err != nil {
		return out, fmt.Errorf("storage figures: %w", err)
	}
	out.Days = []StorageDay{}
	err = db.Each(ctx, s.assets.db, sqlStorageDays, []any{tenant.Day(s.assets.clock().Add(-storageShown))}, func(scan func(...any) error) error {
		var d StorageDay
		err := scan(&d.Day, &d.Files, &d.Bytes, &d.Database)
		out.Days = append(out.Days, d)
		return err
	})
	if err != nil {
		return out, fmt.Errorf("storage figures: %w", err)
	}
	return out, nil
}

// Last is Figures without names and the days before: one row.
func (s *StorageUse) Last(ctx context.Context) (StorageFigures, error) {
	out := StorageFigures{Quota: s.assets.limits.Quota}
	var text string
	err := db.One(s.assets.db.QueryRow(ctx, sqlLastStorageDay).Scan(&out.Day, &out.CountedAt, &out.Files, &out.Bytes, &out.Database, &text))
	if err != nil {
		return out, fmt.Errorf("storage figures: %w", err)
	}
	var body storageBody
	if err := json.Unmarshal([]byte(text), &body); err != nil {
		return out, fmt.Errorf("storage figures: %w", err)
	}
	out.Kinds, out.Largest = body.Kinds, body.Largest
	return out, nil
}

// name says what the largest are called today.
func (s *StorageUse) name(ctx context.Context, figures *StorageFigures) error {
	at, ids := map[db.ID]*StorageOwner{}, []any{}
	for i := range figures.Largest {
		at[figures.Largest[i].ID], ids = &figures.Largest[i], append(ids, figures.Largest[i].ID)
	}
	if len(ids) == 0 {
		return nil
	}
	cond := new(db.Cond).In("id", ids)
	return db.Each(ctx, s.assets.db, sqlStorageNames+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
		var id db.ID
		var code, name string
		err := scan(&id, &code, &name)
		if o := at[id]; o != nil {
			o.Code, o.Name = code, name
		}
		return err
	})
}
