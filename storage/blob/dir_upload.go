package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"kenshu/fault"
)

const metaFile = "meta"

// Begin implements Uploads.
func (d *Dir) Begin(ctx context.Context, key, contentType string) (string, error) {
	if err := CheckKey(key); err != nil {
		return "", err
	}
	if err := d.sweep(); err != nil {
		return "", err
	}
	id := newID()
	_, err := d.write(uploadsDir+"/"+id+"/"+metaFile, header{Key: key, Type: safeType(contentType)}, true,
		fromReader(ctx, strings.NewReader(""), 0))
	return id, d.fail("begin", err)
}

// uploadMeta reads what Begin wrote; ids are ours, so anything else is an unknown upload.
func (d *Dir) uploadMeta(id string) (Info, error) {
	if raw, err := hex.DecodeString(id); err != nil || len(raw) != 16 || id != strings.ToLower(id) {
		return Info{}, absent(errors.New("not an upload id"))
	}
	f, info, err := d.read(uploadsDir + "/" + id + "/" + metaFile)
	if err != nil {
		return Info{}, d.fail("find the upload", err)
	}
	return info, f.Close()
}

// upload is uploadMeta for an upload that must be of key.
func (d *Dir) upload(key, id string) (Info, error) {
	if err := checkUpload(key, id); err != nil {
		return Info{}, err
	}
	meta, err := d.uploadMeta(id)
	if err == nil && meta.Key != key {
		err = absent(errors.New("the upload is of another key"))
	}
	return meta, err
}

func partPath(id string, number int) string {
	return uploadsDir + "/" + id + "/" + strconv.Itoa(number)
}

// PartURL implements Uploads.
func (d *Dir) PartURL(_ context.Context, key, uploadID string, number int, size int64, expires time.Duration) (string, error) {
	if err := checkPart(key, uploadID, number, size, expires); err != nil {
		return "", err
	}
	return d.link(purposePart, claims{Key: key, Upload: uploadID, Number: number, Size: size, Expires: d.clock().Add(expires).UnixMilli()})
}

// receive stores one part whose URL was signed by PartURL.
func (d *Dir) receive(ctx context.Context, c claims, body io.Reader) (Info, error) {
	if _, err := d.upload(c.Key, c.Upload); err != nil {
		return Info{}, err
	}
	info, err := d.write(partPath(c.Upload, c.Number), header{Key: c.Key}, false, fromReader(ctx, body, c.Size))
	return info, d.fail("receive a part", err)
}

// Parts implements Uploads.
func (d *Dir) Parts(ctx context.Context, key, uploadID string) ([]Part, error) {
	if _, err := d.upload(key, uploadID); err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(d.root.FS(), uploadsDir+"/"+uploadID)
	if err != nil {
		return nil, d.fail("list parts", err)
	}
	byNumber := make(map[int]Part, len(entries))
	last := 0
	for _, e := range entries {
		number, err := strconv.Atoi(e.Name())
		if err != nil {
			continue // the meta file
		}
		f, info, err := d.read(partPath(uploadID, number))
		if err != nil {
			return nil, d.fail("list parts", err)
		}
		_ = f.Close()
		byNumber[number], last = Part{Number: number, Size: info.Size, ETag: info.ETag}, max(last, number)
	}
	parts := make([]Part, 0, len(byNumber))
	for n := 1; n <= last; n++ {
		if p, ok := byNumber[n]; ok {
			parts = append(parts, p)
		}
	}
	return parts, ctx.Err()
}

// Complete implements Uploads. A process killed after the object appeared leaves the upload behind: completing it again
// gives the same object.
func (d *Dir) Complete(ctx context.Context, key, uploadID string, parts []Part) (Info, error) {
	meta, err := d.upload(key, uploadID)
	if err != nil {
		return Info{}, err
	}
	if err := checkParts(parts); err != nil {
		return Info{}, err
	}
	head := header{Key: key, Type: meta.ContentType}
	info, err := d.write(objectPath(key), head, true, func(f *os.File) (int64, string, error) { return d.join(ctx, f, uploadID, parts) })
	if err != nil {
		return Info{}, d.fail("complete", err)
	}
	return info, d.fail("complete", d.discard(uploadsDir+"/"+uploadID))
}

// join copies the parts one after another; between files of one file system the kernel does it without the bytes passing here.
func (d *Dir) join(ctx context.Context, to *os.File, uploadID string, parts []Part) (int64, string, error) {
	sum, total := sha256.New(), int64(0)
	for i, p := range parts {
		if err := ctx.Err(); err != nil {
			return 0, "", err
		}
		f, info, err := d.read(partPath(uploadID, p.Number))
		if errors.Is(err, fs.ErrNotExist) {
			return 0, "", incomplete(err)
		}
		if err != nil {
			return 0, "", err
		}
		if info.ETag != p.ETag || (info.Size < MinPartSize && i < len(parts)-1) {
			_ = f.Close()
			return 0, "", incomplete(fmt.Errorf("part %d: %d bytes, etag %s", p.Number, info.Size, info.ETag))
		}
		n, err := io.Copy(to, io.LimitReader(f, info.Size))
		_ = f.Close()
		if err == nil && n != info.Size {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return 0, "", err
		}
		total += n
		_, _ = sum.Write([]byte(info.ETag)) // a hash never fails
	}
	return total, hex.EncodeToString(sum.Sum(nil)) + "-" + strconv.Itoa(len(parts)), nil
}

// Abort implements Uploads.
func (d *Dir) Abort(_ context.Context, key, uploadID string) error {
	_, err := d.upload(key, uploadID)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.fail("abort", d.discard(uploadsDir+"/"+uploadID))
}
