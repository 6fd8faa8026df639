package archive

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"kenshu/storage/db"
)

// Archive is a file that holds an installation.
type Archive struct {
	Head   Head
	Secret []byte // the master key, when it went along
	path   string
	text   string          // SHA-256 of head.json as it stands
	broken map[string]bool // objects that Verify found to be written in part
}

const maxSmallMember = 8 << 20

// maxPiece is what a piece of rows unpacks to at most: pieceSize and one row, which no database takes larger than 64 MiB.
const maxPiece = pieceSize + 64<<20

// Open reads the beginning of the file.
func Open(path string) (*Archive, error) {
	stat, err := os.Stat(path)
	if err == nil && stat.IsDir() {
		err = fmt.Errorf("%s is a directory: name the file that kenshu backup wrote", path)
	} else if err == nil && !stat.Mode().IsRegular() {
		err = fmt.Errorf("%s is no file: an archive is read more than once", path)
	}
	if err != nil {
		return nil, err
	}
	a := &Archive{path: path}
	err = a.walk(context.Background(), func(h *tar.Header, r io.Reader) error {
		switch h.Name {
		case headName:
			return a.readHead(h, r)
		case secretName:
			text, err := small(h, r)
			a.Secret = text
			return err
		}
		return errStop
	})
	if errors.Is(err, errStop) {
		err = nil
	}
	if a.text == "" && (err == nil || errors.Is(err, tar.ErrHeader) || errors.Is(err, ErrIncomplete)) {
		err = fmt.Errorf("%w, or %s is no archive at all: it does not begin as kenshu backup writes it", ErrAltered, path)
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

func (a *Archive) readHead(h *tar.Header, r io.Reader) error {
	text, err := small(h, r)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &a.Head); err != nil {
		return fmt.Errorf("%w: %s does not read", ErrAltered, headName)
	}
	if a.Head.Format != Format {
		return fmt.Errorf("the archive has format %d; this version of kenshu reads %d", a.Head.Format, Format)
	}
	for _, t := range a.Head.Tables {
		names := append([]string{t.Name}, t.Key...)
		for _, c := range t.Columns {
			names = append(names, c.Name)
		}
		if i := slices.IndexFunc(names, func(n string) bool { return !db.ValidName(n) }); i >= 0 {
			return fmt.Errorf("%w: %q is no name of a table or column", ErrAltered, names[i])
		}
	}
	a.text = sha(text)
	return nil
}

var errStop = errors.New("enough read")

// walk gives every member to visit, in order.
func (a *Archive) walk(ctx context.Context, visit func(h *tar.Header, r io.Reader) error) error {
	f, err := os.Open(a.path)
	if err != nil {
		return err
	}
	defer f.Close()
	for r := tar.NewReader(bufio.NewReaderSize(f, 1<<20)); ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		h, err := r.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, io.ErrUnexpectedEOF):
			return ErrIncomplete
		case err != nil:
			return fmt.Errorf("%w: %w", ErrAltered, err)
		case h.Typeflag != tar.TypeReg:
			return fmt.Errorf("%w: %q is no file", ErrAltered, h.Name)
		}
		for record := range h.PAXRecords {
			if strings.HasPrefix(record, "GNU.sparse.") { // holes that count as bytes, for ever
				return fmt.Errorf("%w: %q has holes", ErrAltered, h.Name)
			}
		}
		if err := visit(h, r); err != nil {
			if errors.Is(err, io.ErrUnexpectedEOF) {
				return ErrIncomplete
			}
			return err
		}
	}
}

func small(h *tar.Header, r io.Reader) ([]byte, error) {
	if h.Size > maxSmallMember {
		return nil, fmt.Errorf("%w: %s is too large", ErrAltered, h.Name)
	}
	return io.ReadAll(r)
}

// visitor receives what an archive holds: each table begins, its rows follow, then objects.
type visitor struct {
	row    func(t db.Table, row []any) error
	object func(key, contentType string, size int64, r io.Reader) error
	broken func(key string) error // the object before is not whole
}

// Verify reads the whole file and answers its manifest when all of it is there and nothing was changed. sealKey nil leaves the seal
// unchecked: then only damage is found, not a deliberate change.
func (a *Archive) Verify(ctx context.Context, sealKey []byte) (Manifest, error) {
	if sealKey != nil && KeyID(sealKey) != a.Head.KeyID {
		return Manifest{}, ErrOtherKey
	}
	a.broken = map[string]bool{}
	return a.read(ctx, sealKey, visitor{
		row:    func(db.Table, []any) error { return nil },
		object: func(_, _ string, _ int64, r io.Reader) error { _, err := io.Copy(io.Discard, r); return err },
		broken: func(key string) error { a.broken[key] = true; return nil },
	})
}

// reading is the state of one pass through the file.
type reading struct {
	archive       *Archive
	visit         visitor
	sums          map[string]*db.RowSum
	last          int // table of the last piece: pieces come in the order of the tables
	piece         string
	objects       *objectsDigest
	lastKey       string
	count         func() // adds the last object to the sum, unless it is said to be broken
	brokenObjects int64

	manifestText []byte
	manifest     Manifest
	seal         string
}

func (a *Archive) read(ctx context.Context, sealKey []byte, visit visitor) (Manifest, error) {
	in := &reading{archive: a, visit: visit, sums: map[string]*db.RowSum{}, objects: newObjectsDigest()}
	if err := a.walk(ctx, in.member); err != nil {
		return Manifest{}, err
	}
	return in.manifest, in.check(sealKey)
}

func (in *reading) member(h *tar.Header, r io.Reader) error {
	if in.manifestText != nil && h.Name != sealName || in.seal != "" {
		return fmt.Errorf("%w: %s stands after the end", ErrAltered, h.Name)
	}
	if strings.HasPrefix(h.Name, brokenPrefix) {
		return in.broken(h)
	}
	if in.count != nil {
		in.count()
		in.count = nil
	}
	switch {
	case h.Name == headName || h.Name == secretName:
		if in.last > 0 || in.lastKey != "" {
			return fmt.Errorf("%w: %s stands in the middle", ErrAltered, h.Name)
		}
		text, err := small(h, r)
		if err == nil && h.Name == headName && sha(text) != in.archive.text {
			err = fmt.Errorf("%w: two heads", ErrAltered)
		}
		return err
	case h.Name == manifestName:
		text, err := small(h, r)
		in.manifestText = text
		if err == nil && json.Unmarshal(text, &in.manifest) != nil {
			err = fmt.Errorf("%w: %s does not read", ErrAltered, manifestName)
		}
		return err
	case h.Name == sealName:
		text, err := small(h, r)
		in.seal = string(text)
		return err
	case strings.HasPrefix(h.Name, rowsPrefix):
		return in.rows(h, r)
	case strings.HasPrefix(h.Name, objectPrefix):
		return in.object(h, r)
	}
	return fmt.Errorf("%w: %q is no member of an archive", ErrAltered, h.Name)
}

func (in *reading) rows(h *tar.Header, r io.Reader) error {
	name, _, _ := strings.Cut(strings.TrimPrefix(h.Name, rowsPrefix), "/")
	tables := in.archive.Head.Tables
	at := slices.IndexFunc(tables, func(t db.Table) bool { return t.Name == name })
	if at < in.last || h.Name <= in.piece && at == in.last || in.lastKey != "" {
		return fmt.Errorf("%w: %s stands in a wrong place", ErrAltered, h.Name)
	}
	in.last, in.piece = at, h.Name
	if in.sums[name] == nil {
		in.sums[name] = db.NewRowSum()
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		return damaged(h, err)
	}
	unpacked := &io.LimitedReader{R: z, N: maxPiece}
	lines := bufio.NewReaderSize(unpacked, 64<<10)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 && unpacked.N > 0 {
			return nil
		}
		if err != nil {
			return damaged(h, err)
		}
		row, err := tables[at].ParseLine(line)
		if err != nil {
			return damaged(h, err)
		}
		in.sums[name].Add(line)
		if err := in.visit.row(tables[at], row); err != nil {
			return err
		}
	}
}

func damaged(h *tar.Header, err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrIncomplete
	}
	return fmt.Errorf("%w: %s: %w", ErrAltered, h.Name, err)
}

func (in *reading) object(h *tar.Header, r io.Reader) error {
	key := strings.TrimPrefix(h.Name, objectPrefix)
	if key <= in.lastKey {
		return fmt.Errorf("%w: %s stands in a wrong place", ErrAltered, h.Name)
	}
	in.lastKey = key
	sum := sha256.New()
	contentType := h.PAXRecords[typeRecord]
	if err := in.visit.object(key, contentType, h.Size, io.TeeReader(r, sum)); err != nil {
		return err
	}
	in.count = func() { in.objects.add(key, h.Size, hex.EncodeToString(sum.Sum(nil)), contentType) }
	return nil
}

// broken takes the object before out of the sum.
func (in *reading) broken(h *tar.Header) error {
	if in.count == nil || h.Name != brokenPrefix+in.lastKey || h.Size != 0 {
		return fmt.Errorf("%w: %s stands in a wrong place", ErrAltered, h.Name)
	}
	in.count = nil
	in.brokenObjects++
	return in.visit.broken(in.lastKey)
}

// check compares what was read with what the manifest promises.
func (in *reading) check(sealKey []byte) error {
	m, head := in.manifest, in.archive.Head
	if in.manifestText == nil || in.seal == "" {
		return ErrIncomplete
	}
	if sealKey != nil && !hmac.Equal([]byte(in.seal), []byte(seal(sealKey, in.manifestText))) {
		return fmt.Errorf("%w: the seal does not fit", ErrAltered)
	}
	if d := m.Damage; d != nil && (d.Lost < 0 || d.Altered < 0) || in.brokenObjects > 0 && (d == nil || in.brokenObjects > d.Lost) {
		return fmt.Errorf("%w: %d objects are said to be broken, and the manifest does not know of them", ErrAltered, in.brokenObjects)
	}
	if m.Head != in.archive.text || len(m.Tables) != len(head.Tables) {
		return fmt.Errorf("%w: the manifest is of another archive", ErrAltered)
	}
	for i, want := range m.Tables {
		got := in.sums[want.Name]
		if got == nil {
			got = db.NewRowSum()
		}
		if want.Name != head.Tables[i].Name || got.Rows != want.Rows || got.SHA256() != want.SHA256 {
			return fmt.Errorf("%w: table %s holds %d rows with another sum than promised", ErrAltered, want.Name, got.Rows)
		}
	}
	if got := in.objects.done(); got != m.Objects {
		return fmt.Errorf("%w: %d objects with %d bytes, promised are %d with %d, or their sum differs", ErrAltered, got.Count, got.Bytes, m.Objects.Count, m.Objects.Bytes)
	}
	return nil
}
