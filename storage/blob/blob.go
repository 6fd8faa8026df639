// Package blob keeps the bytes: lessons' files, evidence, exports and documents. It knows keys, not their meaning.
//
// There are two implementations, an S3 store (MinIO, versitygw, AWS) and a local directory, behind the same interfaces and
// held to the same behaviour by the suite in storage/blob/blobtest. Browsers fetch and upload by short-lived signed URLs, so that
// 5 GB never pass through the application.
package blob

import (
	"context"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kenshu/storage/disk"
)

// Limits that S3 sets and the directory keeps as well, so that what works on one works on the other.
const (
	MinPartSize = 5 << 20 // every part but the last
	MaxPartSize = 5 << 30
	MaxParts    = 10_000
	MaxExpiry   = 7 * 24 * time.Hour // of a signed URL
)

// Info is what the store knows about an object.
type Info struct {
	Key         string
	Size        int64
	ContentType string // as given at Put or Begin; empty in List
	ETag        string // opaque; changes when the bytes do
	Modified    time.Time
}

// Part is one received piece of an upload, as the store knows it.
type Part struct {
	Number int // from 1
	Size   int64
	ETag   string
}

// ReadOptions says how a browser receives an object.
type ReadOptions struct {
	ContentType string        // what the response claims; empty = as stored
	Name        string        // file name offered for saving; any text, made safe here
	Inline      bool          // show in place; honoured for images, video, audio, PDF and plain text only
	Expires     time.Duration // how long the URL opens; required
}

// Objects reads and writes whole objects. A key is lower-case letters, digits and "._-" in segments divided by "/"
// (see CheckKey); a prefix is a key followed by "/". A key outside that form is fault.Invalid, an absent object
// fault.NotFound, a store that does not answer fault.Unavailable.
type Objects interface {
	// Put stores exactly size bytes of r under key, replacing what was there only when all of them arrived; size -1 reads
	// to the end. Fewer bytes than promised are fault.Invalid.
	Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) (Info, error)
	// Open reads length bytes from off, length -1 to the end; a window that reaches past the end is cut, one that begins
	// past it is fault.Invalid. Info describes the whole object. The caller closes the reader.
	Open(ctx context.Context, key string, off, length int64) (io.ReadCloser, Info, error)
	// Stat describes the object.
	Stat(ctx context.Context, key string) (Info, error)
	// List yields the objects under prefix ordered by key, and at most one error, last. The empty prefix lists everything. One whose bytes are damaged is listed
	// all the same: Open says it.
	List(ctx context.Context, prefix string) iter.Seq2[Info, error]
	// Remove deletes the object; an absent one is no error.
	Remove(ctx context.Context, key string) error
	// RemovePrefix deletes every object under prefix, older versions and unfinished uploads the store can list included, and
	// says how many objects were there. It may be repeated after a failure.
	RemovePrefix(ctx context.Context, prefix string) (int, error)
	// ReadURL signs a URL that opens key for GET until opts.Expires has passed. It does not look whether key exists.
	ReadURL(ctx context.Context, key string, opts ReadOptions) (string, error)
	// Health answers whether the store can be used now.
	Health(ctx context.Context) error
	// Full tells that the store had no room for a write within the last minute; that write was answered with fault.Unavailable "storage_full". What is there
	// can still be read.
	Full() bool
	// Room tells what the store's disk holds; of a store elsewhere that is not known, which is the zero value and no error.
	Room() (disk.Room, error)
}

// fullFor is how long a write that found no room is remembered.
const fullFor = time.Minute

// Uploads receives large objects in parts, sent by the browser straight to the store. An upload that is unknown, ended or of another
// key is fault.NotFound. Stores drop unfinished uploads by their own rule: the directory after 7 days, MinIO after 24 hours.
type Uploads interface {
	// Begin opens an upload for key. Any number may be open for one key; the last to complete wins.
	Begin(ctx context.Context, key, contentType string) (uploadID string, err error)
	// PartURL signs a URL to which exactly size bytes may be PUT as part number until expires has passed.
	PartURL(ctx context.Context, key, uploadID string, number int, size int64, expires time.Duration) (string, error)
	// Parts lists what has arrived whole, by number: the truth from which an upload is resumed.
	Parts(ctx context.Context, key, uploadID string) ([]Part, error)
	// Complete joins parts, numbered 1, 2, 3 and so on without a hole, into the object. A part that is absent, has changed since or is too
	// small to stand before another is fault.Conflict, and the upload stays open.
	Complete(ctx context.Context, key, uploadID string, parts []Part) (Info, error)
	// Abort ends the upload and frees its parts; an upload that has ended is no error.
	Abort(ctx context.Context, key, uploadID string) error
}

// Config says where objects live.
type Config struct {
	S3           string // s3://access:secret@host:9000/bucket?tls=false&region=us-east-1; empty = Dir
	S3Public     string // https://files.example.jp: the store as browsers reach it; empty = as in S3
	CreateBucket bool   // make the bucket when it is absent: demonstration and development only

	Dir        string // the local directory
	ContentURL string // public URL of the content origin, which serves Handler
	Key        []byte // 32 bytes that sign the directory's URLs

	AppOrigin string           // the one origin whose pages may fetch and upload
	Clock     func() time.Time // nil = time.Now
}

// Store is an opened store.
type Store struct {
	Objects
	Uploads
	// Origin is where browsers fetch from and upload to, for the page's content security policy.
	Origin string
	// Handler serves the directory's signed URLs on the content origin, below HandlerPath; nil for S3, which serves its own.
	Handler http.Handler
}

// HandlerPath is where Store.Handler must be mounted on the content origin.
const HandlerPath = "/blob/"

// Open opens the store that cfg names. A wrong configuration is a plain error that names the setting.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.S3 != "" {
		s, err := OpenS3(ctx, cfg)
		if err != nil {
			return nil, err
		}
		return &Store{Objects: s, Uploads: s, Origin: s.origin()}, nil
	}
	d, err := OpenDir(cfg)
	if err != nil {
		return nil, err
	}
	return &Store{Objects: d, Uploads: d, Origin: d.content.String(), Handler: d.Handler()}, nil
}

// parseOrigin accepts scheme://host[:port] and nothing more, and writes it as browsers do: lower case, without the
// scheme's own port.
func parseOrigin(setting, raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil ||
		(u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("blob: %s must be http(s)://host[:port]", setting)
	}
	u.Path, u.Host = "", strings.ToLower(u.Host)
	if standard := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]; strings.HasSuffix(u.Host, standard) {
		u.Host = strings.TrimSuffix(u.Host, standard)
	}
	return u, nil
}
