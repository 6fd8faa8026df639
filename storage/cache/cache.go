// Package cache keeps short-lived values: sessions, epochs and rate limits.
//
// Two interfaces, Store and Limiter, have two implementations that pass the same suite (package cachetest): one in
// the process for an installation without Redis, and one on Redis (a single server, Sentinel or Cluster) for
// several replicas. Open chooses by configuration.
//
// Nothing here is the only copy of something that was confirmed to a user: losing the cache signs people out and
// empties rate limits, no more. When Redis cannot be reached every method answers fault.Unavailable within about a
// second; nothing is answered from a guess.
//
// Limits of the in-process cache: MaxValues values of together MaxBytes, and MaxLimits rate-limit buckets. Full of
// buckets, it forgets the bucket nearest to being refilled; full of values, it forgets what has expired and then
// refuses new ones (fault.Unavailable "cache_full"): a session is never dropped in silence. On Redis the same is
// asked of the operator by `maxmemory-policy noeviction`.
package cache

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"time"

	"kenshu/fault"
)

// Limits that both implementations share, and the bounds of the in-process one.
const (
	MaxValueBytes = 64 << 10  // one value
	MaxValues     = 500_000   // values kept in process
	MaxBytes      = 256 << 20 // their keys and bytes together
	MaxLimits     = 200_000   // rate-limit buckets kept in process
)

// Store keeps values until their time to live is over. A time to live must be at least a millisecond.
//
// Every method returns fault.Unavailable when the store is away or closed, and fault.Internal for a wrong call
// (zero Key, no time to live, a value over MaxValueBytes).
type Store interface {
	// Get gives the value under key, and whether there is one.
	Get(ctx context.Context, key Key) (value []byte, found bool, err error)
	// MGet gives the values under keys in their order, nil where there is none, in one round trip.
	MGet(ctx context.Context, keys ...Key) ([][]byte, error)
	// Set keeps value under key for ttl, whatever was there.
	Set(ctx context.Context, key Key, value []byte, ttl time.Duration) error
	// SetIfAbsent keeps value only when key holds nothing, and tells whether it did. Of several callers at once
	// at most one is told true.
	SetIfAbsent(ctx context.Context, key Key, value []byte, ttl time.Duration) (bool, error)
	// SetIfPresent keeps value only in place of another, and tells whether it did: what was deleted meanwhile stays deleted.
	SetIfPresent(ctx context.Context, key Key, value []byte, ttl time.Duration) (bool, error)
	// Delete forgets keys; one that holds nothing is no fault.
	Delete(ctx context.Context, keys ...Key) error
	// Ping tells whether the store can be used.
	Ping(ctx context.Context) error
	// Close ends the store; in process it writes the snapshot if one is configured.
	Close() error
}

// Limiter counts.
type Limiter interface {
	// Take asks for rate.Cost of key's budget. It returns fault.Internal for a rate that can never allow anything.
	Take(ctx context.Context, key Key, rate Rate) (Decision, error)
	// Raise keeps each number under its key for ttl unless a greater one is there: of several callers at once the greatest number stays, in
	// whatever order they come. All of them take one round trip. Store.MGet reads a number as decimal text; a value that is no number counts as less. An
	// epoch that ends sessions must be given a ttl of at least the longest session: then no session from before it is alive when it is forgotten.
	Raise(ctx context.Context, numbers map[Key]int64, ttl time.Duration) error
}

// Cache is what Open gives.
type Cache interface {
	Store
	Limiter
}

// Config says which cache to open.
type Config struct {
	RedisURL     string           // empty: in process
	SnapshotPath string           // in process only; empty: values end with the process
	Clock        func() time.Time // nil: time.Now, and on Redis the server's own time for rate limits
}

// Open opens the cache that cfg describes. Redis is not contacted yet: a replica may start before it, and Ping tells.
// It returns fault.Invalid "cache_url" for an address that it cannot read, and a foreign error when a snapshot cannot be read or removed.
func Open(ctx context.Context, cfg Config) (Cache, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if cfg.RedisURL == "" {
		return openMemory(cfg)
	}
	return openRedis(cfg)
}

// Key names one value. It can only be made by NewKey; the zero Key is refused.
type Key struct{ text string }

// NewKey makes the key of the thing that parts name among the things of one kind. The kind is a literal of lower-case letters and
// underscores (anything else is a programming error and panics); the parts may be any text from anywhere, a person's included: they
// are hashed with their lengths, so they can neither change the key's structure nor meet another list of parts.
func NewKey(kind string, parts ...string) Key {
	if kind == "" || len(kind) > 40 {
		panic("cache: a kind has 1 to 40 letters")
	}
	for _, c := range []byte(kind) {
		if (c < 'a' || c > 'z') && c != '_' {
			panic(fmt.Sprintf("cache: kind %q is not lower-case letters and underscores", kind))
		}
	}
	sum := sha256.New()
	var size [8]byte
	for _, part := range parts {
		binary.BigEndian.PutUint64(size[:], uint64(len(part)))
		sum.Write(size[:])
		sum.Write([]byte(part))
	}
	return Key{"kenshu:" + kind + ":" + base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:24])}
}

// String gives the key as it stands in Redis; it tells nothing about the parts.
func (k Key) String() string { return k.text }

func checkKeys(keys ...Key) error {
	for _, key := range keys {
		if key.text == "" {
			return fault.New(fault.Internal, "cache_key")
		}
	}
	return nil
}

func checkEntry(key Key, value []byte, ttl time.Duration) error {
	if err := checkKeys(key); err != nil {
		return err
	}
	if len(value) > MaxValueBytes {
		return fault.New(fault.Internal, "cache_value", "bytes", len(value))
	}
	return checkTTL(ttl)
}

func checkTTL(ttl time.Duration) error {
	if ttl < time.Millisecond {
		return fault.New(fault.Internal, "cache_ttl", "ttl", ttl.String())
	}
	return nil
}

func away(err error) error { return fault.Wrap(err, fault.Unavailable, "cache_away") }
