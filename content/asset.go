package content

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"kenshu/fault"
	"kenshu/storage/blob"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// AssetKind is what a file is for.
type AssetKind string

// The kinds of file.
const (
	AssetImage    AssetKind = "image"
	AssetVideo    AssetKind = "video"
	AssetAudio    AssetKind = "audio"
	AssetCaptions AssetKind = "captions"
	AssetPDF      AssetKind = "pdf"
	AssetPackage  AssetKind = "package" // a SCORM zip; its files are kept unpacked (package.go)
	AssetMoodle   AssetKind = "moodle"  // a backup of a Moodle course; it goes when the course is made (moodle_import.go)
)

// The states of a file.
const (
	AssetUploading  = "uploading"  // parts are arriving
	AssetProcessing = "processing" // whole; being looked at
	AssetReady      = "ready"
	AssetRefused    = "refused" // Problem says why; its bytes are gone
)

// maxSize is how large a file of each kind may be.
var maxSize = map[AssetKind]int64{AssetImage: 25 << 20, AssetVideo: 5 << 30, AssetAudio: 500 << 20, AssetCaptions: 2 << 20, AssetPDF: 300 << 20, AssetPackage: 2 << 30, AssetMoodle: maxBackup}

// Asset is an uploaded file.
type Asset struct {
	ID         db.ID
	Kind       AssetKind
	FileName   string
	MediaType  string
	Size       int64
	SHA256     db.Hash // zero until it was read
	State      string
	Problem    string // key of the sentence that says why it was refused
	DurationMS int64
	Width      int
	Height     int
	Pages      int
	CreatedAt  db.Time
	Done       int64    // bytes looked at while processing
	Stuck      bool     // looking at it was given up; Retry begins again
	Package    *Package // what was found in a package; only where a course is published

	SupersededBy db.ID // what drafts mean instead since it was replaced; zero when it was not

	key string
}

// AssetLimits are the figures an installation sets.
type AssetLimits struct {
	Quota int64         // bytes an organisation may keep; 0 means 200 GB
	Keep  time.Duration // an upload that was not finished is dropped after this; 0 means 7 days
	Grace time.Duration // a file that nothing refers to is removed after this; 0 means 30 days
}

// Assets keeps the files of lessons: uploads them in parts, looks at what arrived, and hands out short-lived links.
type Assets struct {
	db     *db.DB
	store  *blob.Store
	audit  *tenant.Audit
	clock  func() time.Time
	limits AssetLimits

	drawing     tenant.Turns // who draws pictures takes one: one at a time, for the sake of memory
	association atomic.Int64 // the tenant number of the association, once it was asked for
}

// NewAssets makes the service.
func NewAssets(d *db.DB, store *blob.Store, audit *tenant.Audit, clock func() time.Time, limits AssetLimits) *Assets {
	if limits.Quota == 0 {
		limits.Quota = 200 << 30
	}
	if limits.Keep == 0 {
		limits.Keep = 7 * 24 * time.Hour
	}
	if limits.Grace == 0 {
		limits.Grace = 30 * 24 * time.Hour
	}
	return &Assets{db: d, store: store, audit: audit, clock: clock, limits: limits}
}

// Find gives one file of tid; fault.NotFound when there is none. While it is processed Done tells how far.
func (s *Assets) Find(ctx context.Context, tid tenant.ID, id db.ID) (Asset, error) {
	a, err := findAsset(ctx, s.db, tid, id)
	if err != nil || a.State != AssetProcessing {
		return a, err
	}
	jobs, err := s.db.JobStates(ctx, []db.ID{a.ID}) // the probe's job carries the asset's id
	if job := jobs[a.ID]; err == nil && !job.AtWork() {
		if a, err = findAsset(ctx, s.db, tid, id); err == nil && a.State == AssetProcessing { // it did not end in between
			a.Done, a.Stuck = job.Done, true
		}
	} else {
		a.Done = job.Done
	}
	return a, err
}

// Retry has a file looked at once more whose job was given up or is gone. fault.Conflict when it was not, fault.NotFound when tid has no such file.
func (s *Assets) Retry(ctx context.Context, tid tenant.ID, id db.ID) (Asset, error) {
	a, err := findAsset(ctx, s.db, tid, id)
	if err != nil {
		return Asset{}, err
	}
	if a.State != AssetProcessing {
		return Asset{}, fault.New(fault.Conflict, "job_not_failed")
	}
	err = s.db.RetryJob(ctx, s.clock(), id)
	if jobs, jobErr := s.db.JobStates(ctx, []db.ID{id}); err != nil && jobErr == nil && !jobs[id].AtWork() { // forgotten, as after a year
		job, jobErr := probeJob(tid, a)
		if jobErr != nil {
			return Asset{}, jobErr
		}
		err = s.db.Tx(ctx, func(tx *db.Tx) error {
			if err := tx.DropJob(ctx, id); err != nil {
				return err
			}
			return tx.Enqueue(ctx, s.clock(), job)
		})
	}
	if err != nil {
		return Asset{}, err
	}
	return s.Find(ctx, tid, id)
}

func findAsset(ctx context.Context, r db.Runner, tid tenant.ID, id db.ID) (Asset, error) {
	found, err := selectAssets(ctx, r, " WHERE tenant_id = ? AND id = ?", tid, id)
	if err != nil {
		return Asset{}, err
	}
	if len(found) == 0 {
		return Asset{}, fault.New(fault.NotFound, "not_found")
	}
	return found[0], nil
}

// selectAssets reads the files that where names; where begins with the tenant's condition.
func selectAssets(ctx context.Context, r db.Runner, where string, args ...any) ([]Asset, error) {
	assets, err := db.List(ctx, r, sqlSelectAsset+where, args, func(row db.Row) (Asset, error) {
		var a Asset
		err := row.Scan(&a.ID, &a.Kind, &a.FileName, &a.MediaType, &a.Size, &a.SHA256, &a.key, &a.State, &a.Problem, &a.DurationMS, &a.Width, &a.Height, &a.Pages, &a.CreatedAt, &a.SupersededBy)
		return a, err
	})
	if err != nil {
		return nil, fmt.Errorf("read assets: %w", err)
	}
	return assets, nil
}

// Link is where a browser fetches a file until Expires.
type Link struct {
	URL       string
	MediaType string
	FileName  string
	Width     int
	Height    int
	Expires   time.Time
	Sizes     []LinkSize // the same picture smaller, narrowest first
	Poster    string     // picture of a video or PDF; empty when there is none
	Thumb     string     // the smallest picture of the file, for lists; empty when there is none
}

// LinkSize is a picture of another width.
type LinkSize struct {
	URL   string
	Width int
}

// How long links open: a video is fetched piece by piece while it is watched, pauses included.
const (
	linkLife      = 2 * time.Hour
	linkLifeVideo = 8 * time.Hour
)

// Links signs links to files of owner (a tenant number as in CourseVersion.Tenant) for a person of tid who has the right to see them, which
// the caller has checked. owner must be tid itself or the association; files that are not ready have no link.
func (s *Assets) Links(ctx context.Context, tid tenant.ID, owner int64, ids ...db.ID) (map[db.ID]Link, error) {
	links := make(map[db.ID]Link, len(ids))
	if tid.IsZero() || owner <= 0 {
		return nil, tenant.ErrNoTenant
	}
	if len(ids) == 0 {
		return links, nil
	}
	if err := s.mayRead(ctx, tid, owner); err != nil {
		return nil, err
	}
	cond := db.Where("tenant_id = ?", owner).And("state = 'ready'").In("id", db.Args(ids))
	assets, err := selectAssets(ctx, s.db, cond.SQL(), cond.Args()...)
	if err != nil {
		return nil, err
	}
	for _, a := range assets {
		if a.Kind == AssetPackage || a.Kind == AssetMoodle {
			continue // opened by PackageLink; only imported
		}
		life := linkLife
		if a.Kind == AssetVideo || a.Kind == AssetAudio {
			life = linkLifeVideo
		}
		url, err := s.store.ReadURL(ctx, a.key, blob.ReadOptions{ContentType: a.MediaType, Name: a.saveName(), Inline: true, Expires: life})
		if err != nil {
			return nil, fmt.Errorf("link to asset: %w", err)
		}
		links[a.ID] = Link{URL: url, MediaType: a.MediaType, FileName: a.FileName, Width: a.Width, Height: a.Height, Expires: s.clock().Add(life).UTC()}
	}
	return links, s.addPictures(ctx, owner, assets, links)
}

// mayRead answers fault.NotFound unless owner is tid itself or the association.
func (s *Assets) mayRead(ctx context.Context, tid tenant.ID, owner int64) error {
	if tid.IsZero() || owner <= 0 {
		return tenant.ErrNoTenant
	}
	if owner == tid.Number() || owner == s.association.Load() {
		return nil
	}
	var kind string
	if err := db.One(s.db.QueryRow(ctx, sqlOrganisationKind, owner).Scan(&kind)); err != nil {
		return err
	}
	if kind != "association" {
		return fault.New(fault.NotFound, "not_found")
	}
	s.association.Store(owner) // there is one, and it stays one
	return nil
}

// extensions are the endings that agree with what a file is; the first one is given to a name that has none of them.
var extensions = map[string][]string{
	"image/png": {".png"}, "image/jpeg": {".jpg", ".jpeg"}, "image/gif": {".gif"}, "image/webp": {".webp"},
	"video/mp4": {".mp4", ".m4v"}, "audio/mpeg": {".mp3"}, "audio/mp4": {".m4a", ".mp4"}, "audio/ogg": {".ogg", ".oga", ".opus"}, "text/vtt": {".vtt"}, "application/pdf": {".pdf"},
}

// saveName is what a browser saves the file as: a picture called page.html must not become a page on somebody's disk.
func (a Asset) saveName() string {
	allowed := extensions[a.MediaType]
	if len(allowed) == 0 || slices.Contains(allowed, strings.ToLower(path.Ext(a.FileName))) {
		return a.FileName
	}
	return tenant.Clip(a.FileName, 250) + allowed[0]
}
