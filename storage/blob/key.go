package blob

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"kenshu/fault"
)

const (
	maxKey     = 512
	maxSegment = 128
)

// CheckKey answers fault.Invalid for a key that is not made of segments of a-z, 0-9 and "._-" divided by single slashes. Keys come
// from generated ids; this is the last fence between a file name and a path.
func CheckKey(key string) error {
	bad := key == "" || len(key) > maxKey
	for segment := range strings.SplitSeq(key, "/") {
		bad = bad || segment == "" || segment[0] == '.' || len(segment) > maxSegment || strings.Contains(segment, "..")
	}
	for _, c := range []byte(key) {
		bad = bad || !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("/._-", c) >= 0)
	}
	if bad {
		return fault.New(fault.Invalid, "file_key")
	}
	return nil
}

// checkPrefix accepts a key followed by a slash: "7/" must never reach what is under "70/".
func checkPrefix(prefix string) error {
	key, ok := strings.CutSuffix(prefix, "/")
	if !ok {
		return fault.New(fault.Invalid, "file_key")
	}
	return CheckKey(key)
}

// checkListPrefix also accepts the empty prefix, which lists everything: for backup and copy. Nothing removes everything.
func checkListPrefix(prefix string) error {
	if prefix == "" {
		return nil
	}
	return checkPrefix(prefix)
}

func checkPart(key, uploadID string, number int, size int64, expires time.Duration) error {
	if err := checkUpload(key, uploadID); err != nil {
		return err
	}
	if size > MaxPartSize {
		return fault.New(fault.TooLarge, "file_too_large", "max", int64(MaxPartSize))
	}
	if number < 1 || number > MaxParts || size < 1 {
		return fault.New(fault.Invalid, "upload_part")
	}
	return checkExpiry(expires)
}

// checkUpload refuses ids no store gives, before they become part of a path or a query.
func checkUpload(key, uploadID string) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	bad := uploadID == "" || len(uploadID) > maxKey || strings.Contains(uploadID, "..")
	for _, c := range []byte(uploadID) {
		bad = bad || !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("._~+=-", c) >= 0)
	}
	if bad {
		return absent(errors.New("not an upload id"))
	}
	return nil
}

func checkExpiry(expires time.Duration) error {
	if expires < time.Second || expires > MaxExpiry {
		return fmt.Errorf("blob: a signed URL lives from a second to %v, not %v", MaxExpiry, expires)
	}
	return nil
}

// checkParts refuses lists with a hole, a repetition or nothing in them.
func checkParts(parts []Part) error {
	if len(parts) == 0 || len(parts) > MaxParts {
		return incomplete(nil)
	}
	for i, p := range parts {
		if p.Number != i+1 {
			return incomplete(fmt.Errorf("part %d stands at place %d", p.Number, i+1))
		}
	}
	return nil
}

func incomplete(err error) error { return fault.Wrap(err, fault.Conflict, "upload_incomplete") }

func absent(err error) error { return fault.Wrap(err, fault.NotFound, "not_found") }

func away(err error) error { return fault.Wrap(err, fault.Unavailable, "storage_away") }

func noRoom(err error) error { return fault.Wrap(err, fault.Unavailable, "storage_full") }

func short(err error) error { return fault.Wrap(err, fault.Invalid, "file_cut_short") }

func outside() error { return fault.New(fault.Invalid, "file_range") }

// window cuts [off, off+length) to an object of size bytes; length -1 means to the end.
func window(off, length, size int64) (int64, error) {
	if off < 0 || length < -1 || off > size || (off == size && off > 0) {
		return 0, outside()
	}
	if length == -1 || length > size-off {
		length = size - off
	}
	return length, nil
}
