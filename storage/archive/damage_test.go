package archive

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"kenshu/fault"
	"kenshu/storage/blob"
	"kenshu/storage/db"
)

// faultyStore breaks in the ways a store does.
type faultyStore struct {
	blob.Objects
	cuts   map[string]int              // how many times an object's reading breaks off
	at     map[string]int64            // where, in bytes from its beginning; at the least there
	refuse map[string]error            // what opening answers
	after  map[string]map[string]error // what opening others answers once an object was opened
	sick   error                       // what Health answers
	opened map[string]int
	read   int64 // bytes
}

func (s *faultyStore) Health(context.Context) error { return s.sick }

func (s *faultyStore) Open(ctx context.Context, key string, off, length int64) (io.ReadCloser, blob.Info, error) {
	s.opened[key]++
	err := s.refuse[key]
	maps.Copy(s.refuse, s.after[key])
	if err != nil {
		return nil, blob.Info{}, err
	}
	body, info, err := s.Objects.Open(ctx, key, off, length)
	if err != nil {
		return nil, info, err
	}
	var r io.Reader = body
	if s.cuts[key] > 0 {
		s.cuts[key]--
		r = io.MultiReader(io.LimitReader(body, max(s.at[key]-off, 0)), iotest.ErrReader(errors.New("connection reset by peer")))
	}
	return struct {
		io.Reader
		io.Closer
	}{io.TeeReader(r, (*tally)(&s.read)), body}, info, nil
}

type tally int64

// Write implements io.Writer.
func (n *tally) Write(p []byte) (int, error) {
	*n += tally(len(p))
	return len(p), nil
}

// room is a database of one table and a store, from which archives are made.
type room struct {
	t      *testing.T
	db     *db.DB
	store  *faultyStore
	named  []Named
	later  []Named // what rows name once the snapshot is read; nil: the same
	bodies map[string][]byte
}

func newRoom(t *testing.T) *room {
	t.Helper()
	pauses = []time.Duration{0, 0}
	d, err := db.Open(t.Context(), db.Config{SQLitePath: filepath.Join(t.TempDir(), "kenshu.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if _, err := d.Exec(t.Context(), `CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT`); err != nil {
		t.Fatal(err)
	}
	r := &room{t: t, db: d, bodies: map[string][]byte{}, store: &faultyStore{Objects: newStore(t), cuts: map[string]int{}, at: map[string]int64{}, refuse: map[string]error{}, opened: map[string]int{}}}
	for _, key := range []string{"a", "b", "c", "d", "e"} {
		r.put(key, bytes.Repeat([]byte(key), 3<<20), true)
	}
	return r
}

func newStore(t *testing.T) blob.Objects {
	t.Helper()
	s, err := blob.OpenDir(blob.Config{Dir: t.TempDir(), Key: make([]byte, 32), ContentURL: "http://127.0.0.1:1", AppOrigin: "http://localhost:1"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (r *room) put(key string, body []byte, named bool) {
	r.t.Helper()
	if _, err := r.store.Put(r.t.Context(), key, bytes.NewReader(body), int64(len(body)), "text/plain"); err != nil {
		r.t.Fatal(err)
	}
	r.bodies[key] = body
	if named {
		sum := sha256.Sum256(body)
		r.named = append(r.named, Named{Key: key, Size: int64(len(body)), SHA256: hex.EncodeToString(sum[:]), What: "thing"})
	}
}

func (r *room) names(_ context.Context, from db.Runner) iter.Seq2[Named, error] {
	named := r.named
	if _, live := from.(*db.DB); live && r.later != nil {
		named = r.later
	}
	return func(yield func(Named, error) bool) {
		for _, n := range named {
			if !yield(n, nil) {
				return
			}
		}
	}
}

var testKey = []byte("seal")

func (r *room) write() (string, Manifest, error) {
	r.t.Helper()
	dir := r.t.TempDir()
	path := filepath.Join(dir, "a.tar")
	f, err := os.Create(path)
	if err != nil {
		r.t.Fatal(err)
	}
	m, err := Write(r.t.Context(), Source{DB: r.db, Objects: r.store, SealKey: testKey, Clock: time.Now, Names: r.names, Scratch: dir}, f)
	if err := f.Close(); err != nil {
		r.t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		r.t.Errorf("left beside the archive: %v, %v", left, err)
	}
	return path, m, err
}

// told gives the damage as "key reason" lines.
func told(d *Damages) string {
	var out []string
	if d != nil {
		for _, one := range d.Objects {
			out = append(out, one.Key+" "+one.Reason)
		}
	}
	return strings.Join(out, ", ")
}

// wants writes an archive and holds it to what must be said and what must be in it.
func (r *room) wants(damage string, keys ...string) Manifest {
	r.t.Helper()
	path, m, err := r.write()
	if err != nil {
		r.t.Fatal(err)
	}
	if got := told(m.Damage); got != damage {
		r.t.Errorf("told %q, want %q", got, damage)
	}
	a, err := Open(path)
	if err != nil {
		r.t.Fatal(err)
	}
	back, err := a.Verify(r.t.Context(), testKey)
	if err != nil || back.Objects != m.Objects || m.Objects.Count != int64(len(keys)) || told(back.Damage) != damage {
		r.t.Errorf("verified as %+v, %v; written %+v", back.Objects, err, m.Objects)
	}
	to := Target{Objects: newStore(r.t)}
	if to.DB, err = db.Open(r.t.Context(), db.Config{SQLitePath: filepath.Join(r.t.TempDir(), "kenshu.db")}); err != nil {
		r.t.Fatal(err)
	}
	defer to.DB.Close()
	if _, err := to.DB.Exec(r.t.Context(), `CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT`); err != nil {
		r.t.Fatal(err)
	}
	if _, err := a.Restore(r.t.Context(), to, testKey); err != nil {
		r.t.Errorf("restore: %v", err)
	}
	var restored []string
	for info, err := range to.Objects.List(r.t.Context(), "") {
		if err != nil {
			r.t.Fatal(err)
		}
		restored = append(restored, info.Key)
		body, _, err := to.Objects.Open(r.t.Context(), info.Key, 0, -1)
		if err != nil {
			r.t.Fatal(err)
		}
		b, err := io.ReadAll(body)
		_ = body.Close()
		if err != nil || !bytes.Equal(b, r.bodies[info.Key]) {
			r.t.Errorf("%s was restored otherwise, %v", info.Key, err)
		}
	}
	if !slices.Equal(restored, keys) {
		r.t.Errorf("restored %q, want %q", restored, keys)
	}
	return m
}

// Every object is opened and read once.
func TestObjectsAreReadOnce(t *testing.T) {
	r := newRoom(t)
	m := r.wants("", "a", "b", "c", "d", "e")
	if r.store.read != m.Objects.Bytes {
		t.Errorf("%d bytes were read of %d", r.store.read, m.Objects.Bytes)
	}
	for key, n := range r.store.opened {
		if n != 1 {
			t.Errorf("%s was opened %d times", key, n)
		}
	}
}

// A connection that is cut is taken up where it broke off, and is no damage.
func TestACutConnectionIsNoDamage(t *testing.T) {
	r := newRoom(t)
	r.store.cuts, r.store.at = map[string]int{"a": 1, "b": 2, "c": 2}, map[string]int64{"a": 0, "b": 2 << 20, "c": 3<<20 - 1}
	m := r.wants("", "a", "b", "c", "d", "e")
	if over := r.store.read - m.Objects.Bytes; over != 0 {
		t.Errorf("%d bytes were read twice", over)
	}
}

// What cannot be read to its end is named, wherever it breaks off, and everything else is in the archive and comes back.
func TestWhatBreaksOffIsLeftOut(t *testing.T) {
	for name, at := range map[string]int64{"at once": 0, "in the beginning": 1000, "later": 2<<20 + 7, "at the last byte": 3<<20 - 1} {
		t.Run(name, func(t *testing.T) {
			for _, keys := range [][]string{{"a"}, {"c"}, {"e"}, {"a", "b"}, {"d", "e"}, {"a", "b", "c", "d", "e"}} {
				r := newRoom(t)
				var say, whole []string
				for _, key := range []string{"a", "b", "c", "d", "e"} {
					if slices.Contains(keys, key) {
						r.store.cuts[key], r.store.at[key] = 3, at
						say = append(say, key+" unreadable")
					} else {
						whole = append(whole, key)
					}
				}
				r.wants(strings.Join(say, ", "), whole...)
			}
		})
	}
}

func TestDamageIsNamedByWhatRowsKnow(t *testing.T) {
	r := newRoom(t)
	r.named = append(r.named, Named{Key: "aa", Size: 1, What: "thing"}, Named{Key: "z", Size: 1, What: "thing"}, Named{Key: "z", Size: 1, What: "thing"})
	r.named[1].SHA256 = strings.Repeat("0", 64)
	r.named[2].Size++
	r.named[3].SHA256 = "" // not known
	slices.SortFunc(r.named, func(a, b Named) int { return strings.Compare(a.Key, b.Key) })
	r.store.refuse["e"] = errors.New("not ours")
	m := r.wants("aa missing, b altered, c altered, e unreadable, z missing", "a", "b", "c", "d")
	if m.Damage.Lost != 3 || m.Damage.Altered != 2 || m.Damage.Objects[3].Cause != "not ours" || m.Damage.Objects[0].What != "thing" {
		t.Errorf("%+v", m.Damage)
	}

	// The same when the rows come in no order.
	slices.Reverse(r.named)
	if _, m, err := r.write(); err != nil || told(m.Damage) != "aa missing, c altered, e unreadable, z missing" {
		t.Errorf("told %s, %v", told(m.Damage), err)
	}
}

// What the rows of the snapshot name and the archive lacks is named, whatever became of those rows meanwhile: a restore brings them back as they were.
func TestWhatRowsNameNoMoreIsNamed(t *testing.T) {
	r := newRoom(t)
	whole := slices.Clone(r.named)
	r.named = append(r.named, Named{Key: "x", Size: 1}, Named{Key: "y", Size: 1})
	r.named[0].Size++
	r.store.cuts["b"], r.store.at["b"] = 3, 2<<20
	r.later = append(slices.Clone(whole[:1]), Named{Key: "y", Size: 1})
	m := r.wants("a altered, b unreadable, x removed, y missing", "a", "c", "d", "e")
	if m.Damage.Lost != 3 || m.Damage.Altered != 1 {
		t.Errorf("%+v", m.Damage)
	}
}

// Removed between the listing and the reading: no damage where no row names it, and no member.
func TestWhatIsRemovedMeanwhile(t *testing.T) {
	r := newRoom(t)
	unnamed, all := r.named[1:], r.named
	r.named = unnamed
	r.store.refuse["a"] = fault.New(fault.NotFound, "not_found")
	r.wants("", "b", "c", "d", "e")
	r.store.refuse["b"] = fault.New(fault.NotFound, "not_found") // though a row names it
	r.wants("b missing", "c", "d", "e")
	r.named, r.later = all, unnamed
	r.wants("a removed, b missing", "c", "d", "e")
}

// Removed while it was read: its beginning is in the archive, which therefore names it, whether a row does or not.
func TestWhatIsRemovedWhileItIsRead(t *testing.T) {
	gone := fault.New(fault.NotFound, "not_found")
	for name, named := range map[string]bool{"named": true, "not named": false} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t)
			if !named {
				r.named = slices.DeleteFunc(r.named, func(n Named) bool { return n.Key == "c" })
			}
			r.store.cuts["c"], r.store.at["c"] = 1, 2<<20
			r.store.after = map[string]map[string]error{"c": {"c": gone}}
			r.wants("c unreadable", "a", "b", "d", "e")
		})
	}
}

// A store that is away as a whole ends the work, at whatever object.
func TestAStoreThatIsAwayEndsTheBackup(t *testing.T) {
	away := fault.New(fault.Unavailable, "storage_away")
	for name, broken := range map[string]func(r *room){
		"opening":     func(r *room) { r.store.refuse["c"] = away },
		"the reading": func(r *room) { r.store.cuts["c"], r.store.at["c"] = 9, 2<<20 },
	} {
		r := newRoom(t)
		broken(r)
		r.store.sick = away
		if _, _, err := r.write(); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A store that lists, answers its health check and gives nothing ends the work; many damaged objects in a row do not, while it gives others.
func TestAStoreThatGivesNothing(t *testing.T) {
	refused := fault.New(fault.Unavailable, "storage_away")
	fill := func() (*room, []string) {
		r := newRoom(t)
		var keys []string
		for i := range 2*tooMany + 5 {
			key := fmt.Sprintf("c/%03d", i)
			keys = append(keys, key)
			r.put(key, []byte(key), false)
			r.store.refuse[key] = refused
		}
		return r, keys
	}
	r, keys := fill()
	var said []string
	for _, key := range keys {
		said = append(said, key+" unreadable")
	}
	r.wants(strings.Join(said, ", "), "a", "b", "c", "d", "e")

	to := func() Target {
		d, err := db.Open(t.Context(), db.Config{SQLitePath: filepath.Join(t.TempDir(), "kenshu.db")})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = d.Close() })
		if _, err := d.Exec(t.Context(), `CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT`); err != nil {
			t.Fatal(err)
		}
		return Target{DB: d, Objects: newStore(t)}
	}
	for what, late := range map[string]bool{"from the beginning": false, "after some were read": true} {
		r, _ := fill()
		for _, key := range []string{"a", "b", "c", "d", "e"} {
			if !late {
				r.store.refuse[key] = refused
			}
		}
		r.store.after = map[string]map[string]error{}
		if late {
			r.store.after["c/000"] = map[string]error{"a": refused, "b": refused, "c": refused, "d": refused, "e": refused}
		}
		if _, _, err := r.write(); err == nil || !strings.Contains(err.Error(), "gives nothing") {
			t.Errorf("backup, %s: %v", what, err)
		}
		for key := range r.store.after["c/000"] {
			delete(r.store.refuse, key)
		}
		if _, err := Copy(t.Context(), Target{DB: r.db, Objects: r.store, Names: r.names, Scratch: t.TempDir()}, to()); err == nil || !strings.Contains(err.Error(), "gives nothing") {
			t.Errorf("copy, %s: %v", what, err)
		}
	}
}

// Once waiting has helped none of many, nothing is waited for; it is tried as often.
func TestPatienceEnds(t *testing.T) {
	r := newRoom(t)
	r.store.refuse["c"] = fault.New(fault.Unavailable, "storage_away")
	pauses = []time.Duration{time.Minute, time.Minute}
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	if _, err := openObject(ctx, &source{Objects: r.store, lost: patience}, "c"); err == nil || ctx.Err() != nil || r.store.opened["c"] != 3 {
		t.Errorf("opened %d times, %v", r.store.opened["c"], err)
	}
}

// Nobody takes an object out of an archive by calling it broken, nor brings a broken one in.
func TestBrokenMembersAreCountedOn(t *testing.T) {
	r := newRoom(t)
	r.store.cuts["c"], r.store.at["c"] = 3, 2<<20
	path, _, err := r.write()
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(w *tar.Writer, h *tar.Header) bool{
		"another called broken": func(w *tar.Writer, h *tar.Header) bool {
			if h.Name == "objects/b" {
				if err := member(w, brokenPrefix+"a", nil, time.Now()); err != nil {
					t.Error(err)
				}
			}
			return true
		},
		"a broken one that the manifest does not know": func(w *tar.Writer, h *tar.Header) bool {
			if h.Name == manifestName {
				for _, name := range []string{objectPrefix + "zzz", brokenPrefix + "zzz"} {
					if err := member(w, name, nil, time.Now()); err != nil {
						t.Error(err)
					}
				}
			}
			return true
		},
		"not called broken any more": func(_ *tar.Writer, h *tar.Header) bool { return h.Name != brokenPrefix+"c" },
		"called broken twice": func(w *tar.Writer, h *tar.Header) bool {
			if h.Name == brokenPrefix+"c" {
				if err := w.WriteHeader(h); err != nil {
					t.Error(err)
				}
			}
			return true
		},
	} {
		altered := filepath.Join(t.TempDir(), "altered.tar")
		rewrite(t, path, altered, change)
		a, err := Open(altered)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Verify(t.Context(), nil); !errors.Is(err, ErrAltered) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// rewrite copies an archive but for what change leaves out or writes before a member.
func rewrite(t *testing.T, from, to string, change func(w *tar.Writer, h *tar.Header) bool) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	w := tar.NewWriter(out)
	for r := tar.NewReader(in); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if !change(w, h) {
			continue
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(w, r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// More damage than the manifest names is counted.
func TestDamageWithoutEnd(t *testing.T) {
	r := newRoom(t)
	for i := range maxDamages + 5 {
		r.named = append(r.named, Named{Key: "x/" + db.IDFrom("n", string(rune(i))).String(), Size: 1})
	}
	slices.SortFunc(r.named, func(a, b Named) int { return strings.Compare(a.Key, b.Key) })
	path, m, err := r.write()
	if err != nil || m.Damage.Lost != maxDamages+5 || len(m.Damage.Objects) != maxDamages {
		t.Fatalf("%+v, %v", m.Damage.Lost, err)
	}
	a, err := Open(path)
	if err == nil {
		_, err = a.Verify(t.Context(), testKey)
	}
	if err != nil {
		t.Error(err)
	}
}

// However long what is said of damaged files, the archive stays one that can be read.
func TestDamageThatIsLong(t *testing.T) {
	r := newRoom(t)
	for i := range maxDamages {
		r.named = append(r.named, Named{Key: fmt.Sprintf("x/%05d", i), Size: 1, What: strings.Repeat("<", 300)})
	}
	path, m, err := r.write()
	if err != nil || m.Damage.Lost != maxDamages {
		t.Fatalf("%+v, %v", m.Damage.Lost, err)
	}
	a, err := Open(path)
	if err == nil {
		_, err = a.Verify(t.Context(), testKey)
	}
	if err != nil {
		t.Error(err)
	}
}
