package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"kenshu/fault"
	"kenshu/storage/blob"
	"kenshu/storage/db"
)

// Target is an empty database and an empty store that are being filled; of Copy also what they are filled from.
type Target struct {
	DB      *db.DB
	Objects blob.Objects
	Prepare func(ctx context.Context, ended bool) error // called when the database is marked as being filled: makes its tables, unless an earlier run ended the move; nil: they are there
	Beside  []string                                    // prefixes of objects that may be there already
	Notes   []string                                    // tables with what an empty place notes about itself when it is opened
	Stays   string                                      // key of the object that tells whose store it is and does not go along; empty: none
	Names   Names                                       // of Copy's source: what rows name, which is compared with what its store gives; nil: nothing is compared
	Scratch string                                      // of Copy's source: directory for a list of what rows name
}

// Moved is what a copy or restore brought.
type Moved struct {
	Tables  []TableSum
	Objects ObjectsSum
	Damage  *Damages // of Copy: what was damaged at the source; nil: nothing
	Before  bool     // an earlier run had brought it
}

// ErrUnfit means that the target cannot take what is to come. Nothing was brought.
var ErrUnfit = errors.New("the target does not fit")

// begin refuses a target that is not empty, unless an earlier run of the same move filled it, and marks it before its first table is made: whoever starts there is refused from
// then on. One that then cannot be prepared loses the mark again. It tells whether the earlier run had ended.
func (t Target) begin(ctx context.Context, id string, tables []db.Table) (ended bool, err error) {
	state, err := t.DB.Transfer(ctx, id)
	if err == nil {
		err = t.checkObjects(ctx, state == db.TransferNone)
	}
	if err != nil {
		return false, err
	}
	if state == db.TransferNone {
		if err := t.DB.BeginTransfer(ctx, id, t.Notes...); err != nil {
			return false, err
		}
	}
	ended = state == db.TransferEnded
	if t.Prepare != nil {
		err = t.Prepare(ctx, ended)
	}
	if err == nil && !ended {
		err = t.fits(ctx, tables)
	}
	if state == db.TransferNone && err != nil { // there is no row yet: the place is as free for another move as it was
		err = errors.Join(err, t.DB.ForgetTransfer(ctx))
	}
	return ended, err
}

// checkObjects refuses a store that is an installation's, and when nothing was brought yet, one that is not empty.
func (t Target) checkObjects(ctx context.Context, empty bool) error {
	if t.Stays != "" {
		_, err := t.Objects.Stat(ctx, t.Stays)
		if err == nil {
			return fmt.Errorf("the object store belongs to an installation already, whose mark it bears: name an empty one, or empty this one (the object %s too) if nothing uses it any more", t.Stays)
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	if !empty {
		return nil
	}
	for info, err := range t.Objects.List(ctx, "") {
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(t.Beside, func(prefix string) bool { return strings.HasPrefix(info.Key, prefix) }) {
			return fmt.Errorf("the object store is not empty: it holds %s", info.Key)
		}
	}
	return nil
}

// fits compares the target's tables with those that are to come.
func (t Target) fits(ctx context.Context, tables []db.Table) error {
	have, err := t.DB.Tables(ctx)
	if err != nil {
		return err
	}
	if len(have) != len(tables) {
		return fmt.Errorf("%w: it has %d tables, the source %d", ErrUnfit, len(have), len(tables))
	}
	byName := map[string]db.Table{}
	for _, h := range have {
		byName[h.Name] = h
	}
	for _, want := range tables {
		if !want.SameColumns(byName[want.Name]) {
			return fmt.Errorf("%w: table %s differs between source and target", ErrUnfit, want.Name)
		}
	}
	return nil
}

// rows fills all tables; rows of an earlier run that the source does not have any more make it begin anew, once.
func (t Target) rows(ctx context.Context, tables []db.Table, fill func() ([]TableSum, error)) ([]TableSum, error) {
	sums, err := fill()
	if !db.Differs(err) {
		return sums, err
	}
	if err := t.DB.Empty(ctx, tables); err != nil {
		return nil, err
	}
	return fill()
}

const copyID = "copy"

// Copy moves a whole installation. Its writers must be stopped: what they write after the beginning is not copied. It may be killed and run again. When an earlier run had ended,
// both are compared, and a source that went on since is an error. An object that
// is damaged stops nothing: Moved.Damage names it.
func Copy(ctx context.Context, from, to Target) (Moved, error) {
	tables, err := from.DB.Tables(ctx)
	if err != nil {
		return Moved{}, err
	}
	var m Moved
	if m.Before, err = to.begin(ctx, copyID, tables); err != nil {
		return m, err
	}
	names, err := newWatch(from.Names, from.DB, from.Objects, from.Scratch)
	if err != nil {
		return m, err
	}
	defer names.close()
	bring := func(ctx context.Context, t db.Table, r db.Runner) (*db.RowSum, error) {
		return to.DB.Fill(ctx, t, t.Rows(ctx, r))
	}
	if m.Before {
		bring = to.compare
	}
	m.Tables, err = to.rows(ctx, tables, func() (sums []TableSum, err error) {
		err = from.DB.Snapshot(ctx, func(r db.Runner) error {
			sums = nil
			for _, t := range tables {
				sum, err := bring(ctx, t, r)
				if err != nil {
					return err
				}
				sums = append(sums, TableSum{Name: t.Name, Rows: sum.Rows, SHA256: sum.SHA256()})
			}
			return names.list(ctx, r)
		})
		return sums, err
	})
	if err != nil {
		return m, err
	}
	for i, t := range tables {
		if m.Tables[i].Next, err = t.CounterValue(ctx, from.DB); err != nil {
			return m, err
		}
		if err := t.SetCounter(ctx, to.DB, m.Tables[i].Next); err != nil {
			return m, err
		}
	}
	if m.Objects, err = copyObjects(ctx, from, to.Objects, names); err != nil {
		return m, err
	}
	if m.Damage, err = names.end(ctx); err != nil {
		return m, err
	}
	return m, to.DB.EndTransfer(ctx, copyID)
}

// compare is Fill for a target that was filled: it brings nothing.
func (t Target) compare(ctx context.Context, table db.Table, from db.Runner) (*db.RowSum, error) {
	want, err := table.Sum(ctx, from)
	if err != nil {
		return nil, err
	}
	got, err := table.Sum(ctx, t.DB)
	if err == nil && (got.Rows != want.Rows || got.SHA256() != want.SHA256()) {
		err = fmt.Errorf("the database is not empty: it holds a whole copy, and one of the two has changed since (table %s); start there, or empty it and its store and run again", table.Name)
	}
	return want, err
}

func copyObjects(ctx context.Context, from Target, to blob.Objects, names *watch) (ObjectsSum, error) {
	digest, read := newObjectsDigest(), &source{Objects: from.Objects, last: from.Stays}
	for listed, err := range from.Objects.List(ctx, "") {
		if err != nil {
			return ObjectsSum{}, err
		}
		if listed.Key == from.Stays {
			continue
		}
		g, err := copyObject(ctx, read, to, listed.Key)
		if err != nil {
			return ObjectsSum{}, fmt.Errorf("object %s: %w", listed.Key, err)
		}
		if g.cause == nil {
			digest.add(listed.Key, g.size, g.sum, g.contentType)
		}
		if err := names.met(ctx, listed.Key, g); err != nil {
			return ObjectsSum{}, err
		}
	}
	return digest.done(), nil
}

func copyObject(ctx context.Context, from *source, to blob.Objects, key string) (given, error) {
	o, err := openObject(ctx, from, key)
	defer o.close()
	if err != nil {
		return from.unread(ctx, err)
	}
	sum, err := put(ctx, to, key, o.info.ContentType, o.info.Size, o)
	switch {
	case o.err != nil:
		return from.unread(ctx, o.err)
	case err != nil:
		return given{}, err
	}
	from.gave(key)
	return given{contentType: o.info.ContentType, size: o.info.Size, sum: sum}, nil
}

// put stores an object and reads it back. One that is there already with the same size is only compared.
func put(ctx context.Context, store blob.Objects, key, contentType string, size int64, r io.Reader) (string, error) {
	sum := sha256.New()
	r = io.TeeReader(r, sum)
	there, err := store.Stat(ctx, key)
	switch {
	case err == nil && there.Size == size && there.ContentType == contentType:
		_, err = io.Copy(io.Discard, r)
	case err == nil || fault.Is(err, fault.NotFound):
		_, err = store.Put(ctx, key, r, size, contentType)
	}
	if err != nil {
		return "", err
	}
	back, _, err := store.Open(ctx, key, 0, -1)
	if err != nil {
		return "", err
	}
	defer back.Close()
	got := sha256.New()
	if _, err := io.Copy(got, back); err != nil {
		return "", err
	}
	want := hex.EncodeToString(sum.Sum(nil))
	if hex.EncodeToString(got.Sum(nil)) != want {
		return "", errors.New("the target gives back other bytes than the source holds: remove the object and run again")
	}
	return want, nil
}

// Restore brings a verified archive into an empty target. It may be killed and run again with the same archive, also when the earlier run had ended: then what is in the store is
// compared once more.
func (a *Archive) Restore(ctx context.Context, to Target, sealKey []byte) (Moved, error) {
	var m Moved
	var err error
	if m.Before, err = to.begin(ctx, a.transferID(), a.Head.Tables); err != nil {
		return m, err
	}
	if m.Before {
		manifest, err := a.read(ctx, sealKey, a.bring(ctx, to))
		m.Tables, m.Objects = manifest.Tables, manifest.Objects
		return m, err
	}
	var manifest Manifest
	m.Tables, err = to.rows(ctx, a.Head.Tables, func() ([]TableSum, error) {
		manifest, err = a.fill(ctx, to, sealKey)
		return manifest.Tables, err
	})
	if err != nil {
		return m, err
	}
	m.Objects = manifest.Objects
	for i, t := range a.Head.Tables {
		if err := t.SetCounter(ctx, to.DB, manifest.Tables[i].Next); err != nil {
			return m, err
		}
	}
	return m, to.DB.EndTransfer(ctx, a.transferID())
}

func (a *Archive) transferID() string { return "restore " + a.Head.ID }

// bring is a visitor that brings objects, and passes over rows.
func (a *Archive) bring(ctx context.Context, to Target) visitor {
	return visitor{
		row: func(db.Table, []any) error { return nil },
		object: func(key, contentType string, size int64, r io.Reader) error {
			if a.broken[key] {
				_, err := io.Copy(io.Discard, r)
				return err
			}
			if _, err := put(ctx, to.Objects, key, contentType, size, r); err != nil {
				return fmt.Errorf("object %s: %w", key, err)
			}
			return nil
		},
		broken: func(key string) error {
			if !a.broken[key] {
				return fmt.Errorf("%w: since it was checked", ErrAltered)
			}
			return nil
		},
	}
}

// fill reads the file once more, rows and objects in one pass. The reader pushes rows and Fill pulls them, so each table's Fill runs as a
// coroutine that ends when the next table begins.
func (a *Archive) fill(ctx context.Context, to Target, sealKey []byte) (Manifest, error) {
	tables := &tables{ctx: ctx, db: to.DB, left: a.Head.Tables}
	defer tables.abandon()
	visit := a.bring(ctx, to)
	bring := visit.object
	visit.row = tables.row
	visit.object = func(key, contentType string, size int64, r io.Reader) error {
		if err := tables.end(); err != nil {
			return err
		}
		return bring(key, contentType, size, r)
	}
	manifest, err := a.read(ctx, sealKey, visit)
	if err != nil {
		return manifest, err
	}
	return manifest, tables.end()
}

// tables hands pushed rows to one Fill after the other; a table without rows is checked to be empty.
type tables struct {
	ctx  context.Context //nolint:containedctx // lives for one call of fill
	db   *db.DB
	left []db.Table // the first is being filled
	feed func([]any, bool) error
	stop func()
}

func (s *tables) row(t db.Table, row []any) error {
	for s.left[0].Name != t.Name {
		if err := s.next(); err != nil {
			return err
		}
	}
	if s.feed == nil {
		s.start(t)
	}
	return s.feed(row, true)
}

// next ends the table at hand and goes on to the one after it.
func (s *tables) next() error {
	if s.feed == nil {
		s.start(s.left[0])
	}
	err := s.feed(nil, false)
	s.feed, s.stop, s.left = nil, nil, s.left[1:]
	return err
}

func (s *tables) end() error {
	for len(s.left) > 0 {
		if err := s.next(); err != nil {
			return err
		}
	}
	return nil
}

func (s *tables) abandon() {
	if s.stop != nil {
		s.stop()
	}
}

// start makes the coroutine: each call of feed gives one row to Fill and comes back when Fill wants the next or has ended.
func (s *tables) start(t db.Table) {
	var row []any
	more := true
	next, stop := iter.Pull(func(yield func(error) bool) {
		_, err := s.db.Fill(s.ctx, t, func(got func([]any, error) bool) {
			for more {
				if !got(row, nil) || !yield(nil) {
					return
				}
			}
		})
		yield(err)
	})
	s.stop = stop
	s.feed = func(r []any, going bool) error {
		row, more = r, going
		err, _ := next()
		if !going {
			stop()
		}
		return err
	}
}
