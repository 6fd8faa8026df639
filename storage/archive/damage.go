package archive

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"slices"
	"strings"
	"syscall"

	"kenshu/fault"
	"kenshu/storage/blob"
	"kenshu/storage/db"
)

// Named is an object that a row names.
type Named struct {
	Key    string `json:"key"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256,omitempty"` // hexadecimal; empty: the row does not know it
	What   string `json:"what"`             // what it is, for whoever brings it back
}

// Names yields the objects that rows name, as r sees them, ordered by key, and at most one error, last. A key may come more than once.
type Names func(ctx context.Context, r db.Runner) iter.Seq2[Named, error]

// Reasons of a Damage.
const (
	Missing    = "missing"    // a row names it and the store does not have it
	Unreadable = "unreadable" // the store has it and does not give it, or not to its end
	Altered    = "altered"    // the store gives another size or other bytes than its row knows
	Removed    = "removed"    // a row named it when the backup began; the store does not have it, and no row names it any more
)

// Unknown is what an object is of which no row was asked.
const Unknown = "not known what it is: do not remove it"

// Damage is an object that is not as it was stored.
type Damage struct {
	Key    string `json:"key"`
	Reason string `json:"reason"`
	What   string `json:"what,omitempty"`  // of Named, or Unknown; empty: no row that was asked names it
	Cause  string `json:"cause,omitempty"` // what the store said, where it is unreadable
}

// Damages is what a backup or copy met. What is missing, unreadable or removed did not go along; what is altered did, as the store gave it.
type Damages struct {
	Lost    int64    `json:"lost"` // missing, unreadable or removed
	Altered int64    `json:"altered"`
	Objects []Damage `json:"objects"` // ordered by key; the first maxDamages, or as many as maxDamageText takes
}

// Any tells whether there is damage.
func (d *Damages) Any() bool { return d != nil && d.Lost+d.Altered > 0 }

// maxDamages is how many are listed, so that the manifest stays a small member, and how many wait in memory until they are looked up once more.
const maxDamages = 10_000

// maxDamageText is what those that are listed take of the manifest at most; one that is too large nobody could read.
const maxDamageText = maxSmallMember / 2

// watch compares the objects that are read, in the order of their keys, with the rows that name them. What rows name lies in a file without a name meanwhile, however much it is.
type watch struct {
	names Names
	live  *db.DB
	store blob.Objects

	spool   *os.File
	decoder *json.Decoder
	next    *Named   // the first of the spool that was not met yet
	odd     []Named  // came out of order: asked for one by one
	waiting []Damage // missing, until it is known whether they were removed
	found   Damages
	text    int // bytes of those that found lists
}

// newWatch makes a watch that keeps its list in the directory scratch, or where that can only be read (a copy is made from a dying disk), in the system's for such files. Without
// names only what cannot be read is damage.
func newWatch(names Names, live *db.DB, store blob.Objects, scratch string) (*watch, error) {
	w := &watch{names: names, live: live, store: store}
	if names == nil {
		return w, nil
	}
	var err error
	if w.spool, err = os.CreateTemp(scratch, ".kenshu-names-"); errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission) {
		w.spool, err = os.CreateTemp("", ".kenshu-names-")
	}
	if err != nil {
		return nil, fmt.Errorf("list of the files that rows name: %w", err)
	}
	_ = os.Remove(w.spool.Name()) // a kill leaves nothing; where an open file cannot be removed, close does it
	return w, nil
}

func (w *watch) close() {
	if w.spool != nil {
		_ = w.spool.Close()
		_ = os.Remove(w.spool.Name())
	}
}

// list notes what the rows of a snapshot name; a second call begins anew.
func (w *watch) list(ctx context.Context, r db.Runner) error {
	if w.names == nil {
		return nil
	}
	if _, err := w.spool.Seek(0, io.SeekStart); err != nil {
		return err
	}
	w.odd = nil
	buffered, last := bufio.NewWriterSize(w.spool, 1<<20), ""
	encoder := json.NewEncoder(buffered)
	for n, err := range w.names(ctx, r) {
		switch {
		case err != nil:
			return fmt.Errorf("files that rows name: %w", err)
		case n.Key < last:
			w.odd = append(w.odd, n)
			continue
		}
		if err := encoder.Encode(n); err != nil {
			return err
		}
		last = n.Key
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	end, err := w.spool.Seek(0, io.SeekCurrent)
	if err == nil {
		_, err = w.spool.Seek(0, io.SeekStart)
	}
	w.decoder = json.NewDecoder(bufio.NewReaderSize(io.LimitReader(w.spool, end), 1<<20))
	return errors.Join(err, w.advance())
}

// advance reads the next of the spool.
func (w *watch) advance() error {
	w.next = &Named{}
	err := w.decoder.Decode(w.next)
	if errors.Is(err, io.EOF) {
		w.next = nil
		return nil
	}
	return err
}

// passed takes those before key, which the store did not have.
func (w *watch) passed(ctx context.Context, key string, all bool) error {
	for w.next != nil && (all || w.next.Key < key) {
		if err := w.suspect(ctx, *w.next, Missing, nil); err != nil {
			return err
		}
		if err := w.skip(w.next.Key); err != nil {
			return err
		}
	}
	return nil
}

// skip goes past every row that names key.
func (w *watch) skip(key string) error {
	for w.next != nil && w.next.Key == key {
		if err := w.advance(); err != nil {
			return err
		}
	}
	return nil
}

// met takes what became of one object; objects come in the order of their keys.
func (w *watch) met(ctx context.Context, key string, g given) error {
	if err := w.passed(ctx, key, false); err != nil {
		return err
	}
	named := w.next != nil && w.next.Key == key
	switch {
	case !named && g.cause != nil && !g.gone:
		d := Damage{Key: key, Reason: Unreadable, Cause: cause(key, g.cause)}
		if w.names == nil {
			d.What = Unknown
		}
		w.add(d)
	case named && g.gone:
		return errors.Join(w.suspect(ctx, *w.next, Missing, nil), w.skip(key))
	case named && g.cause != nil:
		return errors.Join(w.suspect(ctx, *w.next, Unreadable, g.cause), w.skip(key))
	}
	for suspected := false; w.next != nil && w.next.Key == key; {
		if !suspected && (w.next.Size != g.size || w.next.SHA256 != "" && w.next.SHA256 != g.sum) {
			suspected = true
			if err := w.suspect(ctx, *w.next, Altered, nil); err != nil {
				return err
			}
		}
		if err := w.advance(); err != nil {
			return err
		}
	}
	return nil
}

// end is called after the last object and gives the damage; nil when there is none.
func (w *watch) end(ctx context.Context) (*Damages, error) {
	if err := w.passed(ctx, "", true); err != nil {
		return nil, err
	}
	for _, n := range w.odd {
		info, err := w.store.Stat(ctx, n.Key)
		switch {
		case fault.Is(err, fault.NotFound):
			err = w.suspect(ctx, n, Missing, nil)
		case err != nil:
			err = errors.Join(away(ctx, w.store), w.suspect(ctx, n, Unreadable, err))
		case info.Size != n.Size:
			err = w.suspect(ctx, n, Altered, nil)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := w.confirm(ctx); err != nil || !w.found.Any() {
		return nil, err
	}
	slices.SortFunc(w.found.Objects, func(a, b Damage) int { return strings.Compare(a.Key, b.Key) })
	return &w.found, nil
}

// suspect takes an object of the snapshot's rows that did not go along whole. Whatever became of its row meanwhile, those of the backup name it.
func (w *watch) suspect(ctx context.Context, n Named, reason string, err error) error {
	d := Damage{Key: n.Key, Reason: reason, What: n.What, Cause: cause(n.Key, err)}
	if reason != Missing {
		w.add(d)
		return nil
	}
	if w.waiting = append(w.waiting, d); len(w.waiting) < maxDamages {
		return nil
	}
	return w.confirm(ctx)
}

// confirm tells what is missing from what was removed since the snapshot: no row names it now. The one is as little in the backup as the other, whose rows need both. Where the rows
// cannot be read any more all of them are missing.
func (w *watch) confirm(ctx context.Context) error {
	if len(w.waiting) == 0 {
		return nil
	}
	named := map[string]bool{}
	for _, d := range w.waiting {
		named[d.Key] = false
	}
	unknown := false
	for n, err := range w.names(ctx, w.live) {
		if err != nil {
			unknown = true
			break
		}
		if _, asked := named[n.Key]; asked {
			named[n.Key] = true
		}
	}
	for _, d := range w.waiting {
		if !unknown && !named[d.Key] {
			d.Reason = Removed
		}
		w.add(d)
	}
	w.waiting = w.waiting[:0]
	return ctx.Err()
}

func (w *watch) add(d Damage) {
	if d.Reason == Altered {
		w.found.Altered++
	} else {
		w.found.Lost++
	}
	if len(w.found.Objects) == maxDamages {
		return
	}
	text, _ := json.MarshalIndent(d, "   ", " ") // as it stands in the manifest; there is nothing in it that could fail
	if w.text += len(text); w.text <= maxDamageText {
		w.found.Objects = append(w.found.Objects, d)
	}
}

// cause is what an error says about key, not longer than somebody reads, and without repeating the key.
func cause(key string, err error) string {
	if err == nil {
		return ""
	}
	text := err.Error()
	if i := strings.LastIndex(text, key); i >= 0 && len(text) > i+len(key)+1 {
		text = strings.TrimLeft(text[i+len(key):], "~: ")
	}
	return strings.ToValidUTF8(text[:min(len(text), 300)], "")
}
