package tenant

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"kenshu/fault"
	"kenshu/storage/blob"
	"kenshu/storage/db"
)

// StoreMarkKey is where the object store keeps the mark of the database it belongs to. It stays with its store: backup, restore and copy leave it out.
const StoreMarkKey = "mark"

// KindMarkStore is the job that gives the object store a new mark, so that a copy of the database is soon one that does not know it.
const KindMarkStore = "store.mark"

// ScheduleMarkStore is how often the store gets a new mark.
const ScheduleMarkStore = 10 * time.Minute

// storeMarkKept is how long marks that were replaced are still known: a bucket may be moved by a copy that is some days old.
const storeMarkKept = 30 * 24 * time.Hour

const (
	sqlKnowsStoreMark   = `SELECT COUNT(*) FROM store_mark WHERE id = ?`
	sqlGaveStoreMark    = `SELECT COUNT(*) FROM (SELECT 1 FROM store_mark LIMIT 1) AS given`
	sqlInsertStoreMark  = `INSERT INTO store_mark (id, made_at) VALUES (?, ?)`
	sqlForgetStoreMarks = `DELETE FROM store_mark WHERE made_at < ? AND id <> ?`
)

// ErrStoreOfOther means that the object store belongs to another database, or that another copy of this one went on with it.
var ErrStoreOfOther = errors.New("the object store bears the mark of another database, and two must never share one: if this database is new or a copy (for a test, say), give it a store of its own " +
	"(KENSHU_S3, or KENSHU_DATA); if it takes the other's place for good (an older state of it was put back, say), stop the other and run: kenshu adopt")

// beginning is how every error of err begins that a job left.
func beginning(err error) string { return err.Error()[:40] }

// StoreMarks keeps two installations from sharing an object store, where each would take the other's files for strays. The store bears a mark that is a row of the
// database before it is stored, and is replaced all the time. So a copy of the database, which knows only the marks that were given before it was made, is told from
// the one that went on; replicas know each other's marks, and a kill between row and object leaves a mark that is known.
type StoreMarks struct {
	db      *db.DB
	objects blob.Objects
	clock   func() time.Time
}

// NewStoreMarks makes the service.
func NewStoreMarks(d *db.DB, objects blob.Objects, clock func() time.Time) *StoreMarks {
	return &StoreMarks{db: d, objects: objects, clock: clock}
}

// storeMark is the object.
type storeMark struct {
	ID db.ID     `json:"id"`
	At time.Time `json:"at"` // for whoever looks at it
}

// Check answers ErrStoreOfOther for a store that bears a mark this database does not know, and fault.Unavailable when one of the two does not answer. A store without a mark
// is nobody's yet.
func (s *StoreMarks) Check(ctx context.Context) error {
	_, err := s.check(ctx)
	return err
}

// check tells also whether the store bears a mark.
func (s *StoreMarks) check(ctx context.Context) (marked bool, err error) {
	mark, err := s.read(ctx)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read the mark of the object store (where it alone is damaged, run: kenshu adopt): %w", err)
	}
	var known int
	if err := s.db.QueryRow(ctx, sqlKnowsStoreMark, mark.ID).Scan(&known); err != nil {
		return true, fmt.Errorf("look up the mark of the object store: %w", db.One(err))
	}
	if mark.ID.IsZero() {
		return true, fmt.Errorf("%w (what lies at %q is no mark at all)", ErrStoreOfOther, StoreMarkKey)
	}
	if known == 0 {
		return true, fmt.Errorf("%w (mark %s of %s)", ErrStoreOfOther, mark.ID, mark.At.UTC().Format(time.RFC3339))
	}
	return true, nil
}

// read gives the store's mark. One that is no mark is none that this database gave; a store that does not answer, or breaks off, says nothing about whose it is.
func (s *StoreMarks) read(ctx context.Context) (storeMark, error) {
	r, _, err := s.objects.Open(ctx, StoreMarkKey, 0, 1<<10)
	if err != nil {
		return storeMark{}, err
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		return storeMark{}, err
	}
	var mark storeMark
	if json.Unmarshal(text, &mark) != nil {
		return storeMark{}, nil
	}
	return mark, nil
}

// Renew gives the store a new mark, unless it is another's: ErrStoreOfOther. lost tells that it bore none although this database had given one before.
func (s *StoreMarks) Renew(ctx context.Context) (lost bool, err error) {
	marked, err := s.check(ctx)
	if err != nil {
		return false, err
	}
	if !marked {
		if err := s.db.QueryRow(ctx, sqlGaveStoreMark).Scan(&lost); err != nil {
			return false, fmt.Errorf("mark the object store: %w", db.One(err))
		}
	}
	if err := s.Adopt(ctx); err != nil {
		return lost, err
	}
	return lost, s.Check(ctx) // another may have done the same at the same moment
}

// Said tells whether a job of the kind stands among the work given up because of ErrStoreOfOther or ErrPageReturned. When that is over, none does.
func (s *StoreMarks) Said(ctx context.Context, kind string, because error) (bool, error) {
	return s.db.GivenUp(ctx, kind, beginning(because))
}

// Adopt gives the store a new mark whatever it bears: whoever used it before is refused from then on.
func (s *StoreMarks) Adopt(ctx context.Context) error {
	now := s.clock()
	mark := storeMark{ID: db.NewID(), At: now.UTC()}
	text, err := json.Marshal(mark)
	if err != nil {
		return err
	}
	if _, err := s.db.Exec(ctx, sqlInsertStoreMark, mark.ID, now.UnixMicro()); err != nil {
		return fmt.Errorf("mark the object store: %w", err)
	}
	if _, err := s.objects.Put(ctx, StoreMarkKey, bytes.NewReader(text), int64(len(text)), "application/json"); err != nil {
		return fmt.Errorf("mark the object store: %w", err)
	}
	if _, err = s.db.Exec(ctx, sqlForgetStoreMarks, now.Add(-storeMarkKept).UnixMicro(), mark.ID); err != nil {
		return err
	}
	return s.db.RetireRuns(ctx, beginning(ErrStoreOfOther))
}
