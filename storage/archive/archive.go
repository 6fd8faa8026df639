// Package archive writes a whole installation, its rows and objects, into one file and brings it back, on either engine and either store.
//
// The file is an ordinary tar (docs/backup.md describes it): head.json, perhaps the master key, the rows as gzipped lines of JSON in pieces,
// the objects, manifest.json with counts and sums, and a seal made with a key derived from the master key. Writing and reading hold
// one piece in memory, however large the installation. It knows no business word.
package archive

import (
	"archive/tar"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kenshu/storage/db"
)

// Format is the version of the file's layout.
const Format = 1

// Names of the members.
const (
	headName     = "head.json"
	secretName   = "secret"
	rowsPrefix   = "rows/"
	objectPrefix = "objects/"
	brokenPrefix = "broken/" // the object before it could not be read to its end: the rest of it is zeros, and it does not count
	manifestName = "manifest.json"
	sealName     = "seal"
	typeRecord   = "KENSHU.content-type" // PAX record of an object
)

// Errors that a caller explains to the operator.
var (
	ErrIncomplete = errors.New("the archive is not complete: the backup that wrote it was interrupted, or the file was cut")
	ErrAltered    = errors.New("the archive was altered or damaged")
	ErrOtherKey   = errors.New("the archive was made under another master key")
)

// Head is the first member: what the archive is of.
type Head struct {
	Format    int        `json:"format"`
	ID        string     `json:"id"`
	Kenshu    string     `json:"kenshu"` // version of the program
	CreatedAt time.Time  `json:"created_at"`
	Engine    string     `json:"engine"`
	Schema    int        `json:"schema"` // last migration
	KeyID     string     `json:"key_id"` // tells master keys apart, without telling the key
	Tables    []db.Table `json:"tables"` // parents before children
}

// Manifest is the last member but one: what must be there.
type Manifest struct {
	Head    string     `json:"head"` // SHA-256 of head.json
	Tables  []TableSum `json:"tables"`
	Objects ObjectsSum `json:"objects"`
	Damage  *Damages   `json:"damage,omitempty"` // what was damaged at the source; nil: nothing
	EndedAt time.Time  `json:"ended_at"`
}

// TableSum is what one table holds. Next is the number its next row gets, where the database numbers rows.
type TableSum struct {
	Name   string `json:"name"`
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"`
	Next   int64  `json:"next,omitempty"`
}

// ObjectsSum is what all objects hold together; SHA256 is over the lines "key size sha256 type" in the order of the keys.
type ObjectsSum struct {
	Count  int64  `json:"count"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// KeyID names a seal key without telling it.
func KeyID(sealKey []byte) string {
	mac := hmac.New(sha256.New, sealKey)
	mac.Write([]byte("key id"))
	return hex.EncodeToString(mac.Sum(nil)[:8])
}

func seal(sealKey, manifest []byte) string {
	mac := hmac.New(sha256.New, sealKey)
	mac.Write([]byte("manifest\n"))
	mac.Write(manifest)
	return hex.EncodeToString(mac.Sum(nil))
}

func sha(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// objectsDigest collects the lines of ObjectsSum.
type objectsDigest struct {
	sum  ObjectsSum
	hash interface {
		Write([]byte) (int, error)
		Sum([]byte) []byte
	}
}

func newObjectsDigest() *objectsDigest { return &objectsDigest{hash: sha256.New()} }

func (d *objectsDigest) add(key string, size int64, sum, contentType string) {
	d.sum.Count++
	d.sum.Bytes += size
	_, _ = fmt.Fprintf(d.hash, "%s\t%d\t%s\t%s\n", key, size, sum, contentType)
}

func (d *objectsDigest) done() ObjectsSum {
	d.sum.SHA256 = hex.EncodeToString(d.hash.Sum(nil))
	return d.sum
}

func jsonMember(w *tar.Writer, name string, v any, at time.Time) ([]byte, error) {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return nil, err
	}
	return b, member(w, name, b, at)
}

func member(w *tar.Writer, name string, b []byte, at time.Time) error {
	if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(b)), ModTime: at, Format: tar.FormatPAX}); err != nil {
		return err
	}
	_, err := w.Write(b)
	return err
}
