package api

import (
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// fileBody is the body of a route with Route.File: it goes to a temporary file as it comes, so that a large one needs no memory.
type fileBody struct {
	file *os.File
	size int64
	sha  db.Hash
	err  error
}

type keptFileKey struct{}

// dropFile closes the file of a body when its request ends, however: refused for something else, broken off, or read by its handler.
func dropFile(hc huma.Context, next func(huma.Context)) {
	var kept *os.File
	defer func() {
		if kept != nil {
			_ = kept.Close() // its handler may have closed it
		}
	}()
	next(huma.WithValue(hc, keptFileKey{}, &kept))
}

// Resolve reads the body. What goes wrong is told by open, as a problem like any other.
func (f *fileBody) Resolve(hc huma.Context) []error {
	limit, _ := hc.Operation().Metadata["body_limit"].(int64)
	allowed, _ := hc.Operation().Metadata["body_time"].(time.Duration)
	if err := hc.SetReadDeadline(time.Now().Add(allowed)); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		f.err = err
		return nil
	}
	if f.file, f.err = os.CreateTemp("", "kenshu-upload-"); f.err != nil {
		return nil
	}
	_ = os.Remove(f.file.Name()) // it goes away with its last reader
	if kept, ok := hc.Context().Value(keptFileKey{}).(**os.File); ok {
		*kept = f.file
	}
	hash := sha256.New()
	body := hc.BodyReader()
	if body == nil {
		return nil
	}
	f.size, f.err = io.Copy(io.MultiWriter(f.file, hash), io.LimitReader(body, limit))
	hash.Sum(f.sha[:0])
	switch {
	case f.err != nil:
		f.err = fault.Wrap(f.err, fault.Invalid, "bad_request")
	case f.size == limit:
		f.err = fault.New(fault.TooLarge, "sheet_bytes", "limit", limit-1)
	}
	return nil
}

// open gives the file; the caller closes it.
func (f *fileBody) open(name string) (tenant.ImportFile, io.Closer, error) {
	if f.file == nil || f.err != nil {
		return tenant.ImportFile{}, io.NopCloser(nil), f.err
	}
	_, err := f.file.Seek(0, io.SeekStart)
	return tenant.ImportFile{Name: name, Size: f.size, SHA: f.sha, Body: f.file}, f.file, err
}
