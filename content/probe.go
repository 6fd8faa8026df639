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
	rewritten  []byte // the bytes to keep instead (captions brought into WebVTT, pictures without their metadata)
	pictures   []made
}

// ProbeJob is the handler of KindProbe.
func (s *Assets) ProbeJob(ctx context.Context, job db.Job, report func(done, total int64)) error {
	var p probePayload
	if err := json.Unmarshal(job.Payload, &p); err != nil {
		return fault.Wrap(err, fault.Invalid, "invalid")
	}
	tid := tenant.System(job.Tenant, "probe of an uploaded file")
	err := s.Probe(ctx, tid, p.Asset, report)
	if err == nil {
		return nil
	}
	if _, gone := findAsset(ctx, s.db, tid, p.Asset); fault.Is(gone, fault.NotFound) {
		return nil // removed before or while it was looked at: nothing is left to do
	}
	return err
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
	if a.Kind == AssetMoodle {
		return s.checkBackup(ctx, tid, a, report)
	}
	found, err := s.look(ctx, tid, a)
	var wrong *problem
	if errors.As(err, &wrong) {
		return s.refuse(ctx, tid, a, wrong.key)
	}
	if err != nil {
		return fmt.Errorf("probe asset: %w", err)
	}
	kept, err := s.keep(ctx, a, found, report)
	if err != nil {
		return fmt.Errorf("probe asset: %w", err)
	}
	if kept.heals, err = s.damagedTwin(ctx, tid, a, kept); err != nil {
		return fmt.Errorf("probe asset: %w", err)
	}
	if err := s.healPictures(ctx, tid, a, kept, found.pictures); err != nil {
		return fmt.Errorf("probe asset: %w", err)
	}
	if err := s.db.Tx(ctx, func(tx *db.Tx) error { return s.ready(ctx, tx, tid, a, found, kept) }); err != nil {
		return fmt.Errorf("probe asset: %w", err)
	}
	return nil
}

// keptObject is where the bytes of a file are in the end.
type keptObject struct {
	key   string
	size  int64
	sum   db.Hash
	heals string // an object that ought to be the same bytes and is damaged; empty: none
}

// keep brings the bytes into the form in which they are kept, with the pictures made of them, and sums them up. It may be repeated.
func (s *Assets) keep(ctx context.Context, a Asset, found facts, report func(done, total int64)) (keptObject, error) {
	kept := keptObject{key: a.key, size: a.Size}
	if err := s.putPictures(ctx, a, found.pictures); err != nil {
		return kept, err
	}
	if found.mediaType == "video/mp4" || found.mediaType == "audio/mp4" {
		key, size, sum, err := s.moveIndexToFront(ctx, a, report)
		if err != nil || key != "" {
			return keptObject{key: key, size: size, sum: sum}, err
		}
	}
	if found.rewritten != nil {
		kept.size = int64(len(found.rewritten))
		if _, err := s.store.Put(ctx, a.key, bytes.NewReader(found.rewritten), kept.size, found.mediaType); err != nil {
			return kept, fmt.Errorf("rewrite asset: %w", err)
		}
	}
	var err error
	kept.sum, err = s.checksum(ctx, a.key, kept.size, report)
	return kept, err
}

// damagedTwin gives the object of a file that ought to have the same bytes and has not, or does not give them: whoever uploads them again wants them back.
func (s *Assets) damagedTwin(ctx context.Context, tid tenant.ID, a Asset, kept keptObject) (string, error) {
	var twin string
	err := db.One(s.db.QueryRow(ctx, sqlTwin, tid, kept.sum, a.Kind, a.key).Scan(&twin))
	if fault.Is(err, fault.NotFound) || twin == kept.key {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	sum, err := s.checksum(ctx, twin, kept.size, func(int64, int64) {})
	if err == nil && sum == kept.sum {
		return "", nil
	}
	return twin, s.storeAway(ctx, err)
}

// storeAway gives what an object's failure says of the store as a whole; nil while it answers: then the object alone is damaged.
func (s *Assets) storeAway(ctx context.Context, err error) error {
	if err == nil || fault.Is(err, fault.NotFound) {
		return nil
	}
	if away := errors.Join(ctx.Err(), s.store.Health(ctx)); away != nil {
		return errors.Join(err, away)
	}
	return nil
}

// healPictures stores pictures again that were made of other files with the same bytes and are lost or damaged.
func (s *Assets) healPictures(ctx context.Context, tid tenant.ID, a Asset, kept keptObject, pictures []made) error {
	if len(pictures) == 0 {
		return nil
	}
	lost := map[string]made{}
	err := db.Each(ctx, s.db, sqlTwinPictures, []any{tid, kept.sum, a.Kind}, func(scan func(...any) error) error {
		var key, name string
		var size int
		err := scan(&key, &name, &size)
		for _, p := range pictures {
			if p.name == name && len(p.data) == size {
				lost[key] = p
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	for key, p := range lost {
		there, err := s.read(ctx, key, 0, int64(len(p.data))+1)
		if err == nil && bytes.Equal(there, p.data) {
			continue
		}
		if err := s.storeAway(ctx, err); err != nil {
			return err
		}
		if _, err := s.store.Put(ctx, key, bytes.NewReader(p.data), int64(len(p.data)), p.mediaType); err != nil {
			return err
		}
	}
	return nil
}

// ready ends the looking. Where the organisation keeps the same bytes already, the file points at those and its own are removed; where those are damaged, they go and every
// file that pointed at them points at the new ones.
func (s *Assets) ready(ctx context.Context, tx *db.Tx, tid tenant.ID, a Asset, found facts, kept keptObject) error {
	var org db.ID
	if err := tx.QueryRowLocked(ctx, sqlOrganisationPublicID, tid).Scan(&org); err != nil { // removing and finding identical bytes take turns
		return err
	}
	done, err := tx.Exec(ctx, sqlAssetReady, found.mediaType, kept.size, kept.sum, found.durationMS, found.width, found.height, found.pages, db.At(s.clock()), tid, a.ID)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return err // another look has ended it
	}
	if err := recordPictures(ctx, tx, tid, a, found.pictures); err != nil {
		return err
	}
	use, gone := kept.key, removal{}
	var twin string
	switch err := db.One(tx.QueryRow(ctx, sqlTwin, tid, kept.sum, a.Kind, a.key).Scan(&twin)); {
	case err == nil && twin == kept.heals:
		if _, err := tx.Exec(ctx, sqlHealKey, use, tid, kept.sum, twin); err != nil {
			return err
		}
		if err := s.release(ctx, tx, tid, removal{Keys: []string{twin}, size: kept.size}); err != nil {
			return err
		}
	case err == nil:
		use = twin
	case !fault.Is(err, fault.NotFound):
		return err
	}
	for _, key := range []string{a.key, kept.key} {
		if key != use {
			gone.Keys = append(gone.Keys, key)
		}
	}
	if use != a.key {
		if _, err := tx.Exec(ctx, sqlAdoptKey, use, tid, a.ID); err != nil {
			return err
		}
	}
	return s.discard(ctx, tx, tid, gone)
}

func (s *Assets) look(ctx context.Context, tid tenant.ID, a Asset) (facts, error) {
	switch a.Kind {
	case AssetVideo:
		f, err := probeMP4(&chunkReader{ctx: ctx, store: s, key: a.key, size: a.Size}, a.Size)
		f.mediaType = "video/mp4"
		if err == nil && f.durationMS == 0 {
			f.durationMS = s.measure(ctx, a.key)
		}
		return f, err
	case AssetAudio:
		return probeAudio(a.MediaType, &chunkReader{ctx: ctx, store: s, key: a.key, size: a.Size}, a.Size)
	case AssetImage:
		whole, err := s.read(ctx, a.key, 0, -1) // a run that died, or another call, may have put the cleaned picture in its place
		if err != nil {
			return facts{}, err
		}
		return s.lookAtImage(ctx, tid, whole)
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
