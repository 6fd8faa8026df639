package archive

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"time"

	"kenshu/fault"
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
}

// pieceSize is how many bytes of rows are held before they are written.
const pieceSize = 4 << 20

// Write writes everything into w while the installation may go on serving: the rows are one moment's truth, the objects those that were
// there from that moment on.
func Write(ctx context.Context, src Source, w io.Writer) (Manifest, error) {
	tables, err := src.DB.Tables(ctx)
	if err != nil {
		return Manifest{}, err
	}
	out := &writer{Writer: tar.NewWriter(w), at: src.Clock().UTC().Truncate(time.Second)}
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
		return nil
	})
	if err != nil {
		return m, err
	}
	for i, t := range tables { // a counter only grows: read after the rows it is never too low
		if m.Tables[i].Next, err = t.CounterValue(ctx, src.DB); err != nil {
			return m, err
		}
	}
	if m.Objects, err = out.objects(ctx, src); err != nil {
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
	at time.Time
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

func (w *writer) objects(ctx context.Context, src Source) (ObjectsSum, error) {
	digest := newObjectsDigest()
	for info, err := range src.Objects.List(ctx, "") {
		if err != nil {
			return ObjectsSum{}, err
		}
		if info.Key == src.Stays {
			continue
		}
		if err := w.object(ctx, src.Objects, info.Key, digest); err != nil {
			return ObjectsSum{}, fmt.Errorf("object %s: %w", info.Key, err)
		}
	}
	return digest.done(), nil
}

func (w *writer) object(ctx context.Context, store blob.Objects, key string, digest *objectsDigest) error {
	r, info, err := store.Open(ctx, key, 0, -1)
	if fault.Is(err, fault.NotFound) {
		return nil // removed since it was listed; no row of the snapshot can need what the application removes
	}
	if err != nil {
		return err
	}
	defer r.Close()
	h := &tar.Header{Name: objectPrefix + key, Mode: 0o600, Size: info.Size, ModTime: info.Modified.Truncate(time.Second), Format: tar.FormatPAX}
	if info.ContentType != "" {
		h.PAXRecords = map[string]string{typeRecord: info.ContentType}
	}
	if err := w.WriteHeader(h); err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, sum), r)
	if err == nil && n != info.Size {
		err = io.ErrUnexpectedEOF
	}
	digest.add(key, n, hex.EncodeToString(sum.Sum(nil)), info.ContentType)
	return err
}
