package content

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"kenshu/fault"
	"kenshu/storage/blob"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// PartSize is how much the browser sends in one request.
const PartSize = 8 << 20

const (
	partLinkLife = time.Hour
	maxPartLinks = 100 // asked for at once
	inlineProbe  = 16 << 20
)

// The states of an upload.
const (
	UploadOpen = "open"
	UploadDone = "done"
)

// Upload is a file on its way. The plan is: parts 1 to Parts() of PartSize bytes, the last one shorter.
type Upload struct {
	ID        db.ID
	Asset     Asset
	PartSize  int64
	State     string
	ExpiresAt db.Time
	Received  []blob.Part // what the store holds

	storeID string
}

// Parts is how many parts the plan has.
func (u Upload) Parts() int { return int((u.Asset.Size + u.PartSize - 1) / u.PartSize) }

// SizeOf is the exact size of a part.
func (u Upload) SizeOf(number int) int64 {
	return min(u.PartSize, u.Asset.Size-int64(number-1)*u.PartSize)
}

// NewFile describes a file that somebody wants to upload.
type NewFile struct {
	Kind     AssetKind
	FileName string
	Size     int64
}

func (f *NewFile) check() error {
	f.FileName = tenant.Clip(strings.NewReplacer("/", "_", "\\", "_").Replace(tenant.Tidy(f.FileName)), 255)
	largest, known := maxSize[f.Kind]
	var c fault.Check
	c.If(!known, "kind", "not_in_list")
	c.If(f.FileName == "", "file_name", "required")
	c.If(f.Size < 1, "size", "file_empty")
	if err := c.Err(); err != nil {
		return err
	}
	if f.Size > largest {
		return fault.New(fault.TooLarge, "file_too_large", "max", largest)
	}
	return nil
}

// Begin makes a file and opens its upload. id is new or derived from the caller's idempotency key: a repeat gives the same upload.
// It returns fault.Invalid for a wrong description, fault.TooLarge over the kind's limit, fault.Conflict over the quota.
func (s *Assets) Begin(ctx context.Context, tid tenant.ID, id db.ID, f NewFile) (Upload, error) {
	if err := f.check(); err != nil {
		return Upload{}, err
	}
	if found, err := s.FindUpload(ctx, tid, uploadID(id)); !fault.Is(err, fault.NotFound) {
		return found, err
	}
	var org db.ID
	if err := db.One(s.db.QueryRow(ctx, sqlOrganisationPublicID, tid).Scan(&org)); err != nil {
		return Upload{}, err
	}
	key := "t/" + org.String() + "/asset/" + db.NewID().String() // given out once: what removes an object can never meet another file
	storeID, err := s.store.Begin(ctx, key, "application/octet-stream")
	if err != nil {
		return Upload{}, fmt.Errorf("begin upload: %w", err)
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error { return s.begin(ctx, tx, tid, id, key, storeID, f) })
	if err != nil {
		_ = s.store.Abort(ctx, key, storeID) // the store drops it by its own rule anyway
		if !db.IsDuplicate(err) {
			return Upload{}, fmt.Errorf("begin upload: %w", err)
		}
	}
	return s.FindUpload(ctx, tid, uploadID(id))
}

// uploadID is the id of the one upload of an asset.
func uploadID(asset db.ID) db.ID { return db.IDFrom("upload", asset.String()) }

func (s *Assets) begin(ctx context.Context, tx *db.Tx, tid tenant.ID, id db.ID, key, storeID string, f NewFile) error {
	var org db.ID
	if err := tx.QueryRowLocked(ctx, sqlOrganisationPublicID, tid).Scan(&org); err != nil { // who announce files at once take turns: together they keep the quota
		return err
	}
	kept, err := s.kept(ctx, tx, tid)
	if err != nil {
		return err
	}
	if kept+f.Size > s.limits.Quota {
		return fault.New(fault.Conflict, "file_quota", "max", s.limits.Quota)
	}
	now, who := s.clock(), author(ctx)
	if _, err := tx.Exec(ctx, sqlInsertAsset, tid, id, f.Kind, f.FileName, fileNameKey(f.FileName), f.Size, key, who, db.At(now), db.At(now)); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, sqlInsertUpload, tid, uploadID(id), id, storeID, PartSize, who, db.At(now), db.At(now.Add(s.limits.Keep)))
	return err
}

// FindUpload tells how far an upload is, as the store knows it: from here it is resumed, whoever died in between. fault.NotFound when tid has
// no such upload, fault.Gone when it was not finished in time.
func (s *Assets) FindUpload(ctx context.Context, tid tenant.ID, id db.ID) (Upload, error) {
	u, err := s.upload(ctx, tid, id)
	if err != nil || u.State == UploadDone {
		return u, err
	}
	u.Received, err = s.store.Parts(ctx, u.Asset.key, u.storeID)
	if fault.Is(err, fault.NotFound) {
		return s.begunAgain(ctx, tid, u)
	}
	return u, err
}

func (s *Assets) upload(ctx context.Context, tid tenant.ID, id db.ID) (Upload, error) {
	u := Upload{ID: id}
	var asset db.ID
	err := db.One(s.db.QueryRow(ctx, sqlFindUpload, tid, id).Scan(&asset, &u.storeID, &u.PartSize, &u.State, &u.ExpiresAt))
	if err != nil {
		return Upload{}, err
	}
	if u.State == UploadOpen && s.clock().After(u.ExpiresAt.Time) {
		return Upload{}, fault.New(fault.Gone, "upload_expired")
	}
	u.Asset, err = s.Find(ctx, tid, asset)
	return u, err
}

// begunAgain opens a new upload at the store when it has dropped the old one by its own rule (MinIO does after a day): what had arrived is
// lost, the rest goes on. When the object stands there, a run that died has completed it.
func (s *Assets) begunAgain(ctx context.Context, tid tenant.ID, u Upload) (Upload, error) {
	info, err := s.store.Stat(ctx, u.Asset.key)
	if err == nil && info.Size == u.Asset.Size {
		for n := 1; n <= u.Parts(); n++ {
			u.Received = append(u.Received, blob.Part{Number: n, Size: u.SizeOf(n)})
		}
		return u, nil
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Upload{}, err
	}
	storeID, err := s.store.Begin(ctx, u.Asset.key, "application/octet-stream")
	if err != nil {
		return Upload{}, fmt.Errorf("begin upload again: %w", err)
	}
	if _, err := s.db.Exec(ctx, sqlUploadAgain, storeID, tid, u.ID, u.storeID); err != nil {
		return Upload{}, err
	}
	u, err = s.upload(ctx, tid, u.ID)
	if err != nil || u.State == UploadDone {
		return u, err
	}
	u.Received, err = s.store.Parts(ctx, u.Asset.key, u.storeID)
	return u, err
}

// PartLink is where one part is PUT.
type PartLink struct {
	Number int
	Size   int64
	URL    string
}

// PartLinks signs links for the numbered parts. fault.Conflict when the upload is over.
func (s *Assets) PartLinks(ctx context.Context, tid tenant.ID, id db.ID, numbers []int) ([]PartLink, error) {
	u, err := s.upload(ctx, tid, id)
	if err != nil {
		return nil, err
	}
	if u.State != UploadOpen {
		return nil, fault.New(fault.Conflict, "upload_over")
	}
	var c fault.Check
	c.If(len(numbers) == 0 || len(numbers) > maxPartLinks, "numbers", "too_many", "max", maxPartLinks)
	for i, n := range numbers {
		c.If(n < 1 || n > u.Parts(), fmt.Sprintf("numbers[%d]", i), "upload_part")
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	links := make([]PartLink, 0, len(numbers))
	for _, n := range numbers {
		url, err := s.store.PartURL(ctx, u.Asset.key, u.storeID, n, u.SizeOf(n), partLinkLife)
		if err != nil {
			return nil, fmt.Errorf("sign part: %w", err)
		}
		links = append(links, PartLink{n, u.SizeOf(n), url})
	}
	return links, nil
}

// Complete joins the parts, decides by the bytes what the file is, and has it looked at; a small file is ready or refused at once. A repeat
// gives the same answer. fault.Conflict (upload_incomplete) while parts are missing or cut short: the upload stays open.
func (s *Assets) Complete(ctx context.Context, tid tenant.ID, id db.ID) (Asset, error) {
	u, err := s.upload(ctx, tid, id)
	if err != nil {
		return Asset{}, err
	}
	if u.State == UploadOpen {
		if err := s.join(ctx, u); err != nil && !s.joined(ctx, u, err) {
			return Asset{}, err
		}
		if err := s.received(ctx, tid, u); err != nil {
			return Asset{}, fmt.Errorf("complete upload: %w", err)
		}
	}
	if u.Asset.atOnce() {
		if err := s.Probe(ctx, tid, u.Asset.ID, func(int64, int64) {}); err != nil {
			return Asset{}, err // the job does it again
		}
	}
	return s.Find(ctx, tid, u.Asset.ID)
}

// atOnce tells whether the file is looked at while its uploader waits; unpacking is always a job, because a small zip may hold much.
func (a Asset) atOnce() bool {
	return a.Size <= inlineProbe && a.Kind != AssetPackage && a.Kind != AssetMoodle
}

// joined tells whether parts were missing only because another call has joined them meanwhile.
func (s *Assets) joined(ctx context.Context, u Upload, failure error) bool {
	if !fault.Is(failure, fault.Conflict) {
		return false
	}
	info, err := s.store.Stat(ctx, u.Asset.key)
	return err == nil && info.Size == u.Asset.Size
}

// join makes the object out of the parts the store holds, when they are exactly the plan.
func (s *Assets) join(ctx context.Context, u Upload) error {
	parts, err := s.store.Parts(ctx, u.Asset.key, u.storeID)
	if fault.Is(err, fault.NotFound) { // a run that died, or another call, has joined them
		info, err := s.store.Stat(ctx, u.Asset.key)
		if fault.Is(err, fault.NotFound) || (err == nil && info.Size != u.Asset.Size) {
			return fault.New(fault.Conflict, "upload_incomplete", "missing", u.Parts())
		}
		return err
	}
	if err != nil {
		return err
	}
	missing := u.Parts()
	for _, p := range parts {
		if p.Number <= u.Parts() && p.Size == u.SizeOf(p.Number) {
			missing--
		}
	}
	if missing != 0 || len(parts) != u.Parts() {
		return fault.New(fault.Conflict, "upload_incomplete", "missing", missing)
	}
	info, err := s.store.Complete(ctx, u.Asset.key, u.storeID, parts)
	if fault.Is(err, fault.NotFound) {
		info, err = s.store.Stat(ctx, u.Asset.key)
	}
	if err == nil && info.Size != u.Asset.Size {
		err = fmt.Errorf("store joined %d bytes of %d", info.Size, u.Asset.Size)
	}
	return err
}

// KindProbe is the job that looks at an uploaded file. Its id is the asset's.
const KindProbe = "asset.probe"

type probePayload struct {
	Asset db.ID `json:"asset"`
}

// probeJob is the job that looks at a file.
func probeJob(tid tenant.ID, a Asset) (db.Job, error) {
	payload, err := json.Marshal(probePayload{a.ID})
	return db.Job{ID: a.ID, Kind: KindProbe, Slot: a.ID.String(), Tenant: tid.Number(), Payload: payload}, err
}

// received ends the upload: refused by its first bytes, or on to the probe.
func (s *Assets) received(ctx context.Context, tid tenant.ID, u Upload) error {
	head, err := s.read(ctx, u.Asset.key, 0, headSize)
	if err != nil {
		return err
	}
	mediaType, sniffErr := sniff(u.Asset.Kind, head)
	var wrong *problem
	if errors.As(sniffErr, &wrong) {
		return s.refuse(ctx, tid, u.Asset, wrong.key)
	}
	job, err := probeJob(tid, u.Asset)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		now := s.clock()
		if _, err := tx.Exec(ctx, sqlUploadDone, tid, u.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlAssetReceived, mediaType, db.At(now), tid, u.Asset.ID); err != nil {
			return err
		}
		if u.Asset.Kind == AssetMoodle {
			if _, err := tx.Exec(ctx, sqlInsertMoodleImport, tid, u.Asset.ID, u.Asset.FileName, u.Asset.Size, author(ctx), db.At(now)); err != nil && !db.IsDuplicate(err) {
				return err
			}
		}
		if u.Asset.atOnce() {
			job.RunAt = db.At(now.Add(time.Minute)) // only when this process dies before it has looked
		}
		return tx.Enqueue(ctx, now, job)
	})
}

// refuse keeps the row with the reason and removes the bytes.
func (s *Assets) refuse(ctx context.Context, tid tenant.ID, a Asset, key string) error {
	if err := s.store.Remove(ctx, a.key); err != nil {
		return fmt.Errorf("remove refused file: %w", err)
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, sqlUploadDone, tid, uploadID(a.ID)); err != nil {
			return err
		}
		if a.Kind == AssetMoodle {
			if _, err := tx.Exec(ctx, sqlMoodleRefused, key, tid, a.ID); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, sqlAssetRefused, key, db.At(s.clock()), tid, a.ID)
		return err
	})
}

// KindSweep is the scheduled job that drops uploads which were not finished in time.
const KindSweep = "upload.sweep"

// Sweep drops unfinished uploads past their time, with what had arrived.
func (s *Assets) Sweep(ctx context.Context) error {
	for {
		expired, err := s.expired(ctx)
		if err != nil || len(expired) == 0 {
			return err
		}
		for _, e := range expired {
			if err := s.store.Abort(ctx, e.key, e.storeID); err != nil {
				return fmt.Errorf("sweep uploads: %w", err)
			}
			if err := s.store.Remove(ctx, e.key); err != nil { // joined by a run that died
				return fmt.Errorf("sweep uploads: %w", err)
			}
			err := s.db.Tx(ctx, func(tx *db.Tx) error {
				return dropExpired(ctx, tx, e)
			})
			if err != nil {
				return fmt.Errorf("sweep uploads: %w", err)
			}
		}
	}
}

// dropExpired removes the rows of an upload that came to nothing; a lesson that names its file names nothing any more.
func dropExpired(ctx context.Context, tx *db.Tx, e expiredUpload) error {
	for _, drop := range []struct {
		query string
		id    db.ID
	}{{sqlDropUpload, e.upload}, {sqlDropUses, e.asset}, {sqlDropAsset, e.asset}} {
		if _, err := tx.Exec(ctx, drop.query, e.tid, drop.id); err != nil {
			return err
		}
	}
	return nil
}

type expiredUpload struct {
	tid           tenant.ID
	upload, asset db.ID
	key, storeID  string
}

func (s *Assets) expired(ctx context.Context) ([]expiredUpload, error) {
	var out []expiredUpload
	err := db.Each(ctx, s.db, sqlExpiredUploads, []any{db.At(s.clock())}, func(scan func(...any) error) error {
		var e expiredUpload
		var n int64
		if err := scan(&n, &e.upload, &e.asset, &e.storeID, &e.key); err != nil {
			return err
		}
		e.tid = tenant.System(n, "sweep of unfinished uploads")
		out = append(out, e)
		return nil
	})
	return out, err
}

// Store keeps a file that is already on this side (a package's part, the demonstration): the same checks as an upload, without a browser.
// id is new or derived; a repeat gives the same file.
func (s *Assets) Store(ctx context.Context, tid tenant.ID, id db.ID, f NewFile, r io.Reader) (Asset, error) {
	u, err := s.Begin(ctx, tid, id, f)
	if err != nil {
		return Asset{}, err
	}
	if u.State == UploadOpen {
		if _, err := s.store.Put(ctx, u.Asset.key, r, u.Asset.Size, "application/octet-stream"); err != nil {
			return Asset{}, fmt.Errorf("store file: %w", err)
		}
		if err := s.store.Abort(ctx, u.Asset.key, u.storeID); err != nil && !fault.Is(err, fault.NotFound) {
			return Asset{}, fmt.Errorf("store file: %w", err)
		}
	}
	return s.Complete(ctx, tid, u.ID)
}
