package db

import (
	"crypto/sha256"
	"database/sql/driver"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// ID is a UUIDv7: 16 bytes in the database, the usual text in the API. The zero ID stands for none and is stored as NULL.
type ID [16]byte

// NewID makes a time-ordered ID. Its time is the one that Clock tells.
func NewID() ID {
	id := ID(uuid.Must(uuid.NewV7()))
	if lead := idLead.Load(); lead != 0 {
		var ms [8]byte
		copy(ms[2:], id[:6])
		binary.BigEndian.PutUint64(ms[:], binary.BigEndian.Uint64(ms[:])-uint64(lead))
		copy(id[:6], ms[2:])
	}
	return id
}

// IDFrom derives an ID from parts: the same parts give the same ID. A write whose ID is derived from the caller's
// Idempotency-Key happens once, because the primary key refuses the repeat. (UUID version 8, RFC 9562.)
func IDFrom(parts ...string) ID {
	h := sha256.New()
	for _, p := range parts {
		_, _ = fmt.Fprintf(h, "%d:%s", len(p), p) // a hash takes everything
	}
	var id ID
	copy(id[:], h.Sum(nil))
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return id
}

// ParseID reads the usual 36-character text and nothing else.
func ParseID(s string) (ID, error) {
	if len(s) != 36 {
		return ID{}, fmt.Errorf("not an id")
	}
	u, err := uuid.Parse(s)
	return ID(u), err
}

// IsZero tells whether id stands for none.
func (id ID) IsZero() bool { return id == ID{} }

func (id ID) String() string { return uuid.UUID(id).String() }

// MarshalText gives the usual text.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads the usual text.
func (id *ID) UnmarshalText(b []byte) error {
	v, err := ParseID(string(b))
	if err == nil {
		*id = v
	}
	return err
}

// Value stores 16 bytes; the zero ID is NULL.
func (id ID) Value() (driver.Value, error) {
	if id.IsZero() {
		return nil, nil //nolint:nilnil // NULL
	}
	return id[:], nil
}

// Scan reads 16 bytes or NULL.
func (id *ID) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*id = ID{}
		return nil
	case []byte:
		if len(v) == 16 {
			copy(id[:], v)
			return nil
		}
	}
	return fmt.Errorf("cannot read %T as id", src)
}

// Everyone is the ID of sixteen zero bytes stored as such (not NULL), for unique keys over an optional id.
type Everyone struct{}

// Value stores sixteen zero bytes.
func (Everyone) Value() (driver.Value, error) { return make([]byte, 16), nil }

// Time is a moment in UTC, stored as microseconds since 1970 in a BIGINT. The zero Time is NULL.
type Time struct{ time.Time }

// At makes a Time of microsecond precision.
func At(t time.Time) Time {
	if t.IsZero() {
		return Time{}
	}
	return Time{t.UTC().Truncate(time.Microsecond)}
}

// Value stores microseconds; the zero Time is NULL.
func (t Time) Value() (driver.Value, error) {
	if t.IsZero() {
		return nil, nil //nolint:nilnil // NULL
	}
	return t.UnixMicro(), nil
}

// Scan reads microseconds or NULL.
func (t *Time) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*t = Time{}
		return nil
	case int64:
		*t = Time{time.UnixMicro(v).UTC()}
		return nil
	}
	return fmt.Errorf("cannot read %T as time", src)
}

// Text is a nullable short text or calendar date: the empty string is NULL.
type Text string

// Value stores the text; empty is NULL.
func (s Text) Value() (driver.Value, error) {
	if s == "" {
		return nil, nil //nolint:nilnil // NULL
	}
	return string(s), nil
}

// Scan reads text or NULL.
func (s *Text) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*s = ""
	case string:
		*s = Text(v)
	case []byte:
		*s = Text(v)
	default:
		return fmt.Errorf("cannot read %T as text", src)
	}
	return nil
}

// Hash is a SHA-256 sum; the zero value is NULL.
type Hash [32]byte

// Value stores 32 bytes; the zero Hash is NULL.
func (h Hash) Value() (driver.Value, error) {
	if h == (Hash{}) {
		return nil, nil //nolint:nilnil // NULL
	}
	return h[:], nil
}

// Scan reads 32 bytes or NULL.
func (h *Hash) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*h = Hash{}
		return nil
	case []byte:
		if len(v) == 32 {
			copy(h[:], v)
			return nil
		}
	}
	return fmt.Errorf("cannot read %T as hash", src)
}

// JSON wraps any value stored as opaque JSON text.
type JSON[T any] struct{ V T }

// Value stores compact JSON.
func (j JSON[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(j.V)
	return string(b), err
}

// Scan reads JSON; NULL leaves the zero value.
func (j *JSON[T]) Scan(src any) error {
	var b []byte
	switch v := src.(type) {
	case nil:
		return nil
	case string:
		b = []byte(v)
	case []byte:
		b = v
	default:
		return fmt.Errorf("cannot read %T as JSON", src)
	}
	return json.Unmarshal(b, &j.V)
}
