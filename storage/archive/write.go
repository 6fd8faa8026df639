package archive

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"time"

	"kenshu/storage/blob"
	"kenshu/storage/db"
)

// Source is what is written into an archive.
type Source struct {
	DB      *db.DB
	Objects blob.Objects
	Stays   string // key of the object that belongs to its store and does not go along; empty: none
	Kenshu  string // version of the program
	Schema  int    // last migration
	SealKey []byte
	Secret  []byte // the master key, when it is to go along
	Clock   func() time.Time
	Names   Names  // what rows name, which is compared with what the store gives; nil: nothing is compared
	Scratch string // directory for a list of what rows name, while it is compared
}

// pieceSize is how many bytes of rows are held before they are written.
const pieceSize = 4 << 20

// readAhead is how much of an object is read before it gets a member. A larger one is slower: what it holds leaves the processor's cache before it is summed and written.
const readAhead = 64 << 10

// Write writes everything into w while the installation may go on serving: the rows are one moment's truth, the objects those that were
// there from that moment on. An object that is damaged stops nothing: Manifest.Damage names it. A store that is away does.
func Write(ctx context.Context, src Source, w io.Writer) (Manifest, error) {
	tables, err := src.DB.Tables(ctx)
	if err != nil {
		return Manifest{}, err
	}
	names, err := newWatch(src.Names, src.DB, src.Objects, src.Scratch)
	if err != nil {
		return Manifest{}, err
	}
	defer names.close()
	out := &writer{Writer: tar.NewWriter(w), at: src.Clock().UTC().Truncate(time.Second), ahead: bufio.NewReaderSize(nil, readAhead)}
	head := Head{Format: Format, ID: db.NewID().String(), Kenshu: src.Kenshu, CreatedAt: out.at, Engine: string(src.DB.Engine()), Schema: src.Schema,
		KeyID: KeyID(src.SealKey), Tables: tables}
	text, err := jsonMember(out.Writer, headName, head, out.at)
	if err != nil {
		return Manifest{}, err
	}
	m := Manifest{Head: sha(text)}
	if len(src.Secret) > 0 {
		if err := member(out.Writer, secretName, src.Secret, out.at); err != nil {
			return m, err
		}
	}
	err = src.DB.Snapshot(ctx, func(r db.Runner) error {
		for _, t := range tables {
			sum, err := out.table(t, t.Rows(ctx, r))
			if err != nil {
				return err
			}
			m.Tables = append(m.Tables, sum)
		}
		return names.list(ctx, r)
	})
	if err != nil {
		return m, err
	}
	for i, t := range tables { // a counter only grows: read after the rows it is never too low
		if m.Tables[i].Next, err = t.CounterValue(ctx, src.DB); err != nil {
			return m, err
		}
	}
	if m.Objects, err = out.objects(ctx, src, names); err != nil {
		return m, err
	}
	if m.Damage, err = names.end(ctx); err != nil {
		return m, err
	}
	m.EndedAt = src.Clock().UTC().Truncate(time.Second)
	text, err = jsonMember(out.Writer, manifestName, m, m.EndedAt)
	if err != nil {
		return m, err
	}
	if err := member(out.Writer, sealName, []byte(seal(src.SealKey, text)), m.EndedAt); err != nil {
		return m, err
	}
	return m, out.Close()
}

type writer struct {
	*tar.Writer
	at    time.Time
	ahead *bufio.Reader
}

func (w *writer) table(t db.Table, rows iter.Seq2[[]any, error]) (TableSum, error) {
	sum, number := db.NewRowSum(), 0
	var piece bytes.Buffer
	put := func() error {
		if piece.Len() == 0 {
			return nil
		}
		number++
		err := w.piece(fmt.Sprintf("%s%s/%06d.ndjson.gz", rowsPrefix, t.Name, number), piece.Bytes())
		piece.Reset()
		return err
	}
	for row, err := range rows {
		if err != nil {
			return TableSum{}, err
		}
		line, err := t.Line(row)
		if err != nil {
			return TableSum{}, err
		}
		sum.Add(line)
		piece.Write(line)
		if piece.Len() >= pieceSize {
			if err := put(); err != nil {
				return TableSum{}, err
			}
		}
	}
	err := put()
	return TableSum{Name: t.Name, Rows: sum.Rows, SHA256: sum.SHA256()}, err
}

func (w *writer) piece(name string, lines []byte) error {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(lines); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return member(w.Writer, name, packed.Bytes(), w.at)
}

func (w *writer) objects(ctx context.Context, src Source, names *watch) (ObjectsSum, error) {
	digest, from := newObjectsDigest(), &source{Objects: src.Objects, last: src.Stays}
	for info, err := range src.Objects.List(ctx, "") {
		if err != nil {
			return ObjectsSum{}, err
		}
		if info.Key == src.Stays {
			continue
		}
		g, err := w.object(ctx, from, info.Key)
		if err != nil {
			return ObjectsSum{}, fmt.Errorf("object %s: %w", info.Key, err)
		}
		if g.cause == nil {
			digest.add(info.Key, g.size, g.sum, g.contentType)
		}
		if err := names.met(ctx, info.Key, g); err != nil {
			return ObjectsSum{}, err
		}
	}
	return digest.done(), nil
}

// object writes one object. Its size stands before its bytes, and reading large ones twice would double the time of a backup; so one whose beginning cannot be read is left
// out, and one that breaks off later is filled up with zeros and followed by a member that says so.
func (w *writer) object(ctx context.Context, store *source, key string) (given, error) {
	o, err := openObject(ctx, store, key)
	defer o.close()
	if err == nil {
		w.ahead.Reset(o)
		_, err = w.ahead.Peek(int(min(o.info.Size, readAhead)))
	}
	if err != nil {
		return store.unread(ctx, err)
	}
	h := &tar.Header{Name: objectPrefix + key, Mode: 0o600, Size: o.info.Size, ModTime: o.info.Modified.Truncate(time.Second), Format: tar.FormatPAX}
	if o.info.ContentType != "" {
		h.PAXRecords = map[string]string{typeRecord: o.info.ContentType}
	}
	if err := w.WriteHeader(h); err != nil {
		return given{}, err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, sum), w.ahead)
	switch {
	case o.err != nil:
		return w.broken(ctx, store, key, o.info.Size-n, o.err)
	case err != nil:
		return given{}, err
	}
	store.gave(key)
	return given{contentType: o.info.ContentType, size: n, sum: hex.EncodeToString(sum.Sum(nil))}, nil
}

// broken fills up the member of an object that broke off and says behind it that it does not count.
func (w *writer) broken(ctx context.Context, store *source, key string, left int64, cause error) (given, error) {
	g, err := store.unread(ctx, cause)
	if err != nil {
		return given{}, err
	}
	if _, err := io.CopyN(w, zeros{}, left); err != nil {
		return given{}, err
	}
	g.gone = false // also where it was removed in the middle: its beginning is here, and what is broken the manifest has to know
	return g, member(w.Writer, brokenPrefix+key, nil, w.at)
}
