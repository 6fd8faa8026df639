package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"
	"time"

	"kenshu/fault"
	"kenshu/storage/disk"
)

// The directory's rooms.
const (
	objectsDir = "objects" // <key>~ ; the tilde is no key character, so the object "a" and the object "a/b" do not meet
	uploadsDir = "uploads" // <upload id>/meta, <upload id>/<part number>
	tempDir    = "tmp"     // files being written, and what is being thrown away
)

// Dir keeps objects in a local directory. One process owns it. Every change is one rename of a file that is already on the
// disk: a process killed at any moment leaves the old state or the new one.
type Dir struct {
	root    *os.Root
	content *url.URL
	app     string
	signer  signer
	clock   func() time.Time
	stat    func(name string) (fs.FileInfo, error) // of root
	full    fault.Recent                           // writes that found no room
}

// OpenDir opens cfg.Dir, making it when it is absent, and throws away what killed processes left behind.
func OpenDir(cfg Config) (*Dir, error) {
	if len(cfg.Key) != 32 {
		return nil, fmt.Errorf("blob: the key that signs URLs has %d bytes, not 32", len(cfg.Key))
	}
	content, err := parseOrigin("KENSHU_CONTENT_URL", cfg.ContentURL)
	if err != nil {
		return nil, err
	}
	app, err := parseOrigin("KENSHU_PUBLIC_URL", cfg.AppOrigin)
	if err != nil {
		return nil, err
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if err := os.MkdirAll(cfg.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	root, err := os.OpenRoot(cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	d := &Dir{root: root, content: content, app: app.String(), signer: newSigner(cfg.Key), clock: cfg.Clock, stat: root.Stat}
	for _, room := range []string{objectsDir, uploadsDir, tempDir} {
		if err := d.makeDirs(room); err != nil {
			return nil, fmt.Errorf("blob: %w", err)
		}
	}
	return d, d.sweep()
}

func objectPath(key string) string { return objectsDir + "/" + key + "~" }

// Put implements Objects.
func (d *Dir) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) (Info, error) {
	if err := CheckKey(key); err != nil {
		return Info{}, err
	}
	head := header{Key: key, Type: safeType(contentType)}
	written, err := d.write(objectPath(key), head, true, fromReader(ctx, r, size))
	if err != nil {
		return Info{}, d.fail("put", err)
	}
	return written, nil
}

// Open implements Objects.
func (d *Dir) Open(ctx context.Context, key string, off, length int64) (io.ReadCloser, Info, error) {
	f, info, err := d.open(ctx, key)
	if err != nil {
		return nil, Info{}, err
	}
	length, err = window(off, length, info.Size)
	if err != nil {
		_ = f.Close()
		return nil, Info{}, err
	}
	return struct {
		io.Reader
		io.Closer
	}{io.NewSectionReader(f, off, length), f}, info, nil
}

func (d *Dir) open(ctx context.Context, key string) (*os.File, Info, error) {
	if err := errors.Join(CheckKey(key), ctx.Err()); err != nil {
		return nil, Info{}, err
	}
	f, info, err := d.read(objectPath(key))
	if err != nil {
		return nil, Info{}, d.fail("open", err)
	}
	return f, info, nil
}

// Stat implements Objects.
func (d *Dir) Stat(ctx context.Context, key string) (Info, error) {
	f, info, err := d.open(ctx, key)
	if err != nil {
		return Info{}, err
	}
	return info, f.Close()
}

// List implements Objects.
func (d *Dir) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		if err := checkListPrefix(prefix); err != nil {
			yield(Info{}, err)
			return
		}
		keys, err := d.keys(ctx, prefix)
		if err != nil {
			yield(Info{}, err)
			return
		}
		for _, key := range keys {
			info, err := d.Stat(ctx, key)
			if err != nil && ctx.Err() == nil { // damaged or not to be opened, it is there; who opens it learns the rest
				info, err = d.statDamaged(key)
			}
			if errors.Is(err, fs.ErrNotExist) {
				continue // removed since the walk
			}
			info.ContentType = ""
			if !yield(info, err) || err != nil {
				return
			}
		}
	}
}

// statDamaged describes an object that cannot be read by what its file still says. Where not even that can be asked (a damaged inode) it is listed all the same, as new as
// can be: it is not to be taken for an old one.
func (d *Dir) statDamaged(key string) (Info, error) {
	stat, err := d.stat(objectPath(key))
	switch {
	case fault.Is(d.fail("list", err), fault.NotFound):
		return Info{}, fs.ErrNotExist
	case err != nil:
		return Info{Key: key, Modified: d.clock().UTC()}, nil
	}
	return Info{Key: key, Size: stat.Size(), Modified: stat.ModTime().UTC()}, nil
}

// keys finds every key under prefix, in order. What is there and cannot be an object is passed over: one link, pipe or strange name must not hide the rest.
func (d *Dir) keys(ctx context.Context, prefix string) ([]string, error) {
	var keys []string
	err := fs.WalkDir(d.root.FS(), strings.TrimSuffix(objectsDir+"/"+prefix, "/"), func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // nothing there, or removed while walking
		}
		if err != nil {
			return err
		}
		key, ok := strings.CutSuffix(strings.TrimPrefix(name, objectsDir+"/"), "~")
		if ok && CheckKey(key) == nil && d.isFile(name, entry) {
			keys = append(keys, key)
		}
		return ctx.Err()
	})
	slices.Sort(keys)
	return keys, d.fail("list", err)
}

// isFile tells a file, or a link to one within the directory, from anything else.
func (d *Dir) isFile(name string, entry fs.DirEntry) bool {
	if entry.Type().IsRegular() {
		return true
	}
	stat, err := d.root.Stat(name)
	return err == nil && stat.Mode().IsRegular()
}

// Remove implements Objects.
func (d *Dir) Remove(ctx context.Context, key string) error {
	if err := errors.Join(CheckKey(key), ctx.Err()); err != nil {
		return err
	}
	err := d.root.Remove(objectPath(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = d.sync(path.Dir(objectPath(key)))
	}
	return d.fail("remove", err)
}

// RemovePrefix implements Objects.
func (d *Dir) RemovePrefix(ctx context.Context, prefix string) (int, error) {
	if err := checkPrefix(prefix); err != nil {
		return 0, err
	}
	keys, err := d.keys(ctx, prefix)
	if err != nil {
		return 0, err
	}
	uploads, err := d.root.Open(uploadsDir)
	if err != nil {
		return 0, d.fail("remove prefix", err)
	}
	defer uploads.Close()
	ids, err := uploads.Readdirnames(-1)
	if err != nil {
		return 0, d.fail("remove prefix", err)
	}
	for _, id := range ids {
		if meta, err := d.uploadMeta(id); err == nil && strings.HasPrefix(meta.Key, prefix) {
			if err := d.discard(uploadsDir + "/" + id); err != nil {
				return 0, d.fail("remove prefix", err)
			}
		}
	}
	return len(keys), d.fail("remove prefix", d.discard(objectsDir+"/"+strings.TrimSuffix(prefix, "/")))
}

// ReadURL implements Objects.
func (d *Dir) ReadURL(_ context.Context, key string, opts ReadOptions) (string, error) {
	if err := errors.Join(CheckKey(key), checkExpiry(opts.Expires)); err != nil {
		return "", err
	}
	c := claims{Key: key, Disposition: opts.disposition(), Expires: d.clock().Add(opts.Expires).UnixMilli()}
	if opts.ContentType != "" {
		c.Type = safeType(opts.ContentType)
	}
	return d.link(purposeRead, c)
}

// Health implements Objects: the disk takes a byte and gives it back.
func (d *Dir) Health(ctx context.Context) error {
	name := tempDir + "/health-" + newID()
	_, err := d.write(name, header{}, false, fromReader(ctx, strings.NewReader("1"), 1))
	if err == nil {
		err = d.root.Remove(name)
	}
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		d.full.Note() // what is there can still be read
		return nil
	}
	if err != nil {
		return away(err)
	}
	return nil
}

// Full implements Objects.
func (d *Dir) Full() bool { return d.full.Within(fullFor) }

// Room implements Objects.
func (d *Dir) Room() (disk.Room, error) { return disk.RoomAt(d.root.Name()) }
