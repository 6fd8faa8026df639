package content

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

const headSize = 4096

// problem is why a file is refused; the key is the page's sentence.
type problem struct{ key string }

// Error implements error.
func (p *problem) Error() string { return p.key }

func refused(key string) error { return &problem{key} }

// facts is what looking at a file found.
type facts struct {
	mediaType  string
	durationMS int64
	width      int
	height     int
	pages      int
	rewritten  []byte // the bytes to keep instead (captions brought into WebVTT)
}

// ProbeJob is the handler of KindProbe.
func (s *Assets) ProbeJob(ctx context.Context, job db.Job, report func(done, total int64)) error {
	var p probePayload
	if err := json.Unmarshal(job.Payload, &p); err != nil {
		return fault.Wrap(err, fault.Invalid, "invalid")
	}
	return s.Probe(ctx, tenant.System(job.Tenant, "probe of an uploaded file"), p.Asset, report)
}

// SweepJob is the handler of KindSweep.
func (s *Assets) SweepJob(ctx context.Context, _ db.Job, _ func(done, total int64)) error {
	return s.Sweep(ctx)
}

// Probe looks at a received file: checksum, duration, dimensions, pages. It ends ready or refused; a file already looked at stays as it is.
func (s *Assets) Probe(ctx context.Context, tid tenant.ID, id db.ID, report func(done, total int64)) error {
	a, err := findAsset(ctx, s.db, tid, id)
	if err != nil || a.State != AssetProcessing {
		return err
	}
	if a.Kind == AssetPackage {
		return s.unpack(ctx, tid, a, report)
	}
	found, err := s.look(ctx, a)
	var wrong *problem
	if errors.As(err, &wrong) {
		return s.refuse(ctx, tid, a, wrong.key)
	}
	if err != nil {
		return fmt.Errorf("probe asset: %w", err)
	}
	size := a.Size
	if found.rewritten != nil {
		size = int64(len(found.rewritten))
		if _, err := s.store.Put(ctx, a.key, bytes.NewReader(found.rewritten), size, found.mediaType); err != nil {
			return fmt.Errorf("rewrite asset: %w", err)
		}
	}
	sum, err := s.checksum(ctx, a.key, size, report)
	if err != nil {
		return fmt.Errorf("probe asset: %w", err)
	}
	_, err = s.db.Exec(ctx, sqlAssetReady, found.mediaType, size, sum, found.durationMS, found.width, found.height, found.pages, db.At(s.clock()), tid, id)
	return err
}

func (s *Assets) look(ctx context.Context, a Asset) (facts, error) {
	switch a.Kind {
	case AssetVideo:
		f, err := probeMP4(window{ctx, s, a.key}, a.Size)
		f.mediaType = "video/mp4"
		if err == nil && f.durationMS == 0 {
			f.durationMS = s.measure(ctx, a.key)
		}
		return f, err
	case AssetImage:
		head, err := s.read(ctx, a.key, 0, 1<<20)
		if err != nil {
			return facts{}, err
		}
		return probeImage(head)
	case AssetPDF:
		whole, err := s.read(ctx, a.key, 0, a.Size)
		if err != nil {
			return facts{}, err
		}
		pages, err := countPages(whole)
		return facts{mediaType: "application/pdf", pages: pages}, err
	case AssetCaptions:
		whole, err := s.read(ctx, a.key, 0, -1) // a run that died, or another call, may have put the longer WebVTT in its place
		if err != nil {
			return facts{}, err
		}
		vtt, err := readCaptions(whole)
		return facts{mediaType: "text/vtt", rewritten: vtt}, err
	}
	return facts{}, refused("file_unusable")
}

// read gives length bytes from off, fewer at the end of the object.
func (s *Assets) read(ctx context.Context, key string, off, length int64) ([]byte, error) {
	r, _, err := s.store.Open(ctx, key, off, length)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func (s *Assets) checksum(ctx context.Context, key string, size int64, report func(done, total int64)) (db.Hash, error) {
	r, _, err := s.store.Open(ctx, key, 0, -1)
	if err != nil {
		return db.Hash{}, err
	}
	defer r.Close()
	h := sha256.New()
	for done := int64(0); ; {
		n, err := io.CopyN(h, r, 64<<20)
		done += n
		report(done, size)
		if errors.Is(err, io.EOF) {
			return db.Hash(h.Sum(nil)), nil
		}
		if err != nil {
			return db.Hash{}, err
		}
	}
}

// window reads an object at any place, one request a read.
type window struct {
	ctx   context.Context
	store *Assets
	key   string
}

// ReadAt implements io.ReaderAt.
func (w window) ReadAt(p []byte, off int64) (int, error) {
	r, _, err := w.store.store.Open(w.ctx, w.key, off, int64(len(p)))
	if err != nil {
		return 0, err
	}
	defer r.Close()
	return io.ReadFull(r, p)
}
