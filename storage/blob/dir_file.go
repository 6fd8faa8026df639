package blob

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"syscall"
	"time"

	"kenshu/fault"
)

// A file holds the bytes, then what is known about them as JSON, then that JSON's length in 4 bytes and the mark below: bytes and
// knowledge appear in the same rename, and a file without its end is not one of ours.
const (
	mark      = "KENSHU1\n"
	footer    = 4 + len(mark)
	maxHeader = 4096
)

// Files that killed processes left are thrown away after these ages.
const (
	tempAge   = 24 * time.Hour
	uploadAge = 7 * 24 * time.Hour
)

type header struct {
	Key  string `json:"key"`
	Type string `json:"type"`
	Size int64  `json:"size"`
	ETag string `json:"etag"`
}

func (h header) info(modified time.Time) Info {
	return Info{Key: h.Key, Size: h.Size, ContentType: h.Type, ETag: h.ETag, Modified: modified.UTC()}
}

func newID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return hex.EncodeToString(b)
}

// fill writes a file's bytes and answers their number and ETag.
type fill func(*os.File) (int64, string, error)

func fromReader(ctx context.Context, r io.Reader, size int64) fill {
	return func(f *os.File) (int64, string, error) {
		sum := sha256.New()
		n, err := io.Copy(io.MultiWriter(f, sum), patient{ctx, &exact{r: r, left: size}})
		return n, hex.EncodeToString(sum.Sum(nil)), err
	}
}

// patient reads until its context ends.
type patient struct {
	ctx context.Context
	r   io.Reader
}

// Read implements io.Reader.
func (p patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.r.Read(b)
}

// write makes name appear with all its bytes or not at all. Without makeParent a parent that has gone stays gone and the
// write fails: a part must not bring back an upload that was ended meanwhile.
func (d *Dir) write(name string, h header, makeParent bool, from fill) (Info, error) {
	temp := tempDir + "/" + newID()
	f, err := d.root.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return Info{}, err
	}
	defer func() { _ = d.root.Remove(temp) }() // gone already when all went well
	defer f.Close()
	if h.Size, h.ETag, err = from(f); err != nil {
		return Info{}, err
	}
	if err := seal(f, h); err != nil {
		return Info{}, err
	}
	stat, err := f.Stat()
	if err != nil {
		return Info{}, err
	}
	for range 5 { // a RemovePrefix may take the parent away between the two steps
		if makeParent {
			if err := d.makeDirs(path.Dir(name)); err != nil {
				return Info{}, err
			}
		}
		err = d.root.Rename(temp, name)
		if !makeParent || !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	if there, look := d.root.Lstat(name); err != nil && look == nil && there.IsDir() {
		err = fmt.Errorf("a directory lies at %s, where a file belongs: remove it (%w)", name, err)
	}
	if err == nil {
		err = d.sync(path.Dir(name))
	}
	return h.info(stat.ModTime()), err
}

func seal(f *os.File, h header) error {
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	end := binary.BigEndian.AppendUint32(text, uint32(len(text))) // #nosec G115 -- a header is below maxHeader
	if len(text) > maxHeader {
		return fault.New(fault.Invalid, "file_key")
	}
	if _, err := f.Write(append(end, mark...)); err != nil {
		return err
	}
	return f.Sync()
}

// read opens the file and its header. The bytes are the first Size of the file.
func (d *Dir) read(name string) (*os.File, Info, error) {
	f, err := d.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe that somebody put there must not keep us waiting
	if errors.Is(err, syscall.ENXIO) {                                 // a socket
		err = fmt.Errorf("%s: %w", name, errDamaged)
	}
	if err != nil {
		return nil, Info{}, err
	}
	info, err := readHeader(f)
	if err != nil {
		_ = f.Close()
		return nil, Info{}, fmt.Errorf("%s: %w", name, err)
	}
	return f, info, nil
}

var errDamaged = errors.New("the file is damaged or not ours")

func readHeader(f *os.File) (Info, error) {
	stat, err := f.Stat()
	if err != nil {
		return Info{}, err
	}
	end := make([]byte, footer)
	if !stat.Mode().IsRegular() || stat.Size() < int64(footer) {
		return Info{}, errDamaged
	}
	if _, err := f.ReadAt(end, stat.Size()-int64(footer)); err != nil {
		return Info{}, err
	}
	length := int64(binary.BigEndian.Uint32(end))
	start := stat.Size() - int64(footer) - length
	if string(end[4:]) != mark || length > maxHeader || start < 0 {
		return Info{}, errDamaged
	}
	text := make([]byte, length)
	if _, err := f.ReadAt(text, start); err != nil {
		return Info{}, err
	}
	var h header
	if err := json.Unmarshal(text, &h); err != nil || h.Size != start {
		return Info{}, errDamaged
	}
	return h.info(stat.ModTime()), nil
}

// makeDirs makes name and its parents, each on the disk before the next.
func (d *Dir) makeDirs(name string) error {
	if stat, err := d.root.Stat(name); err == nil && stat.IsDir() {
		return nil
	} else if err == nil {
		return fmt.Errorf("%s is no directory, but %s: %w", name, stat.Mode().Type(), syscall.ENOTDIR)
	}
	parent := path.Dir(name)
	if parent != "." {
		if err := d.makeDirs(parent); err != nil {
			return err
		}
	}
	if err := d.root.Mkdir(name, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return d.sync(parent)
}

// sync puts a directory's entries on the disk. A directory removed meanwhile has nothing to keep.
func (d *Dir) sync(name string) error {
	f, err := d.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// discard makes a tree vanish in one step and then frees it.
func (d *Dir) discard(name string) error {
	temp := tempDir + "/" + newID()
	if err := d.root.Rename(name, temp); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	if err := d.sync(path.Dir(name)); err != nil {
		return err
	}
	return d.root.RemoveAll(temp)
}

// sweep throws away what killed processes and forgotten uploads left.
func (d *Dir) sweep() error {
	for room, age := range map[string]time.Duration{tempDir: tempAge, uploadsDir: uploadAge} {
		entries, err := fs.ReadDir(d.root.FS(), room)
		if err != nil {
			return fmt.Errorf("blob: sweep: %w", err)
		}
		for _, e := range entries {
			info, err := e.Info()
			if err != nil || d.clock().Sub(info.ModTime()) < age {
				continue // removed meanwhile, or still young
			}
			if err := d.root.RemoveAll(room + "/" + e.Name()); err != nil {
				return fmt.Errorf("blob: sweep: %w", err)
			}
		}
	}
	return nil
}

// fail gives the file system's error its kind.
func (d *Dir) fail(doing string, err error) error {
	if err == nil || fault.KindOf(err) != fault.Internal {
		return err
	}
	wrapped := fmt.Errorf("blob: %s: %w", doing, err)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return absent(wrapped)
	case errors.Is(err, context.Canceled):
		return wrapped
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		d.full.Note()
		return noRoom(wrapped)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrClosed),
		errors.Is(err, syscall.EROFS), errors.Is(err, syscall.EIO):
		return away(wrapped)
	}
	return wrapped
}
