package cache

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kenshu/fault"
)

type fakeClock struct{ now time.Time }

func (c *fakeClock) time() time.Time           { return c.now }
func (c *fakeClock) advance(d time.Duration)   { c.now = c.now.Add(d) }
func newClock() *fakeClock                     { return &fakeClock{time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)} }
func small(t *testing.T, c *fakeClock) *memory { return openTest(t, Config{Clock: c.time}) }

func openTest(t *testing.T, cfg Config) *memory {
	t.Helper()
	m, err := openMemory(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestFullOfValuesItRefusesAndDropsNone(t *testing.T) {
	ctx, clock := context.Background(), newClock()
	m := small(t, clock)
	m.values.maxEntries = 100
	for i := range 100 {
		if err := m.Set(ctx, NewKey("session", fmt.Sprint(i)), []byte("s"), time.Duration(i+1)*time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Set(ctx, NewKey("session", "one more"), nil, time.Minute); !fault.Is(err, fault.Unavailable) {
		t.Fatalf("the 101st: %v", err)
	}
	if err := m.Set(ctx, NewKey("session", "99"), []byte("renewed"), 100*time.Minute); err != nil {
		t.Errorf("a full cache refused to renew what it holds: %v", err)
	}
	if len(m.values.entries) != 100 {
		t.Fatalf("%d left", len(m.values.entries))
	}
	for i := range 1000 { // a flood of buckets does not touch sessions
		if _, err := m.Take(ctx, NewKey("rate", fmt.Sprint(i)), Rate{Burst: 1, Per: time.Hour}); err != nil {
			t.Fatal(err)
		}
	}
	if len(m.values.entries) != 100 {
		t.Fatalf("%d left after the flood", len(m.values.entries))
	}
	clock.advance(time.Minute) // the first one ends: room for one
	if err := m.Set(ctx, NewKey("session", "one more"), nil, time.Hour); err != nil {
		t.Fatal(err)
	}
	if err := m.Set(ctx, NewKey("session", "two more"), nil, time.Hour); err == nil {
		t.Fatal("there was room for two")
	}
}

func TestBytesAreBounded(t *testing.T) {
	m := small(t, newClock())
	m.values.maxBytes = 10 * MaxValueBytes
	full := 0
	for i := range 20 {
		if err := m.Set(context.Background(), NewKey("v", fmt.Sprint(i)), make([]byte, MaxValueBytes), time.Minute); err != nil {
			full++
		}
	}
	if full != 11 || m.values.bytes > m.values.maxBytes {
		t.Errorf("%d refused, %d bytes", full, m.values.bytes)
	}
}

func TestFullOfBucketsItForgetsTheOneNearestToFull(t *testing.T) {
	ctx, clock := context.Background(), newClock()
	m := small(t, clock)
	m.limits.maxEntries = 10
	rate := Rate{Burst: 5, Per: time.Hour, Cost: 5}
	if _, err := m.Take(ctx, NewKey("rate", "attacked account"), rate); err != nil {
		t.Fatal(err)
	}
	rate.Cost = 1
	for i := range 500 {
		if _, err := m.Take(ctx, NewKey("rate", fmt.Sprint(i)), rate); err != nil {
			t.Fatal(err)
		}
	}
	if len(m.limits.entries) != 10 {
		t.Errorf("%d buckets", len(m.limits.entries))
	}
	d, err := m.Take(ctx, NewKey("rate", "attacked account"), rate)
	if err != nil || d.Allowed {
		t.Errorf("the emptied bucket was forgotten before fuller ones: %+v %v", d, err)
	}
}

func TestSnapshotCarriesEverythingOverARestartOnce(t *testing.T) {
	ctx, clock := context.Background(), newClock()
	path := filepath.Join(t.TempDir(), "cache.snapshot")
	cfg := Config{SnapshotPath: path, Clock: clock.time}
	m := openTest(t, cfg)
	rate := Rate{Burst: 2, Per: time.Hour, Cost: 2}
	for _, step := range []error{
		m.Set(ctx, NewKey("session", "a"), []byte("alive"), time.Hour),
		m.Set(ctx, NewKey("session", "b"), []byte("over"), time.Minute),
	} {
		if step != nil {
			t.Fatal(step)
		}
	}
	if err := m.Raise(ctx, map[Key]int64{NewKey("epoch", "a"): 1}, time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Take(ctx, NewKey("rate", "a"), rate); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v %v", info, err)
	}
	clock.advance(2 * time.Minute)
	m = openTest(t, cfg)
	got, err := m.MGet(ctx, NewKey("session", "a"), NewKey("session", "b"), NewKey("epoch", "a"))
	if err != nil || string(got[0]) != "alive" || got[1] != nil || string(got[2]) != "1" {
		t.Errorf("%q %v", got, err)
	}
	if d, err := m.Take(ctx, NewKey("rate", "a"), rate); err != nil || d.Allowed {
		t.Errorf("the bucket came back full: %+v %v", d, err)
	}
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("the snapshot is still there: %v", err)
	}
	if left, _ := filepath.Glob(path + "*"); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestADamagedSnapshotCostsALogInNotTheStart(t *testing.T) {
	for name, content := range map[string]string{"empty": "", "text": "hello", "cut": "\x3f\xff\x81\x03\x01\x01"} {
		path := filepath.Join(t.TempDir(), "cache.snapshot")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		m, err := openMemory(Config{SnapshotPath: path})
		if err != nil || len(m.values.entries) != 0 {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("%s: still there", name)
		}
	}
}

func TestTableKeepsItsBooksRight(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		table := newTable(8, 4000)
		var now int64
		for range rapid.IntRange(1, 200).Draw(rt, "steps") {
			key := rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"}).Draw(rt, "key")
			switch rapid.IntRange(0, 4).Draw(rt, "do") {
			case 0, 1:
				table.put(key, make([]byte, rapid.IntRange(0, 900).Draw(rt, "size")), now, now+rapid.Int64Range(1, 50).Draw(rt, "ttl"))
			case 2:
				if e := table.find(key, now); e != nil {
					table.extend(e, now+rapid.Int64Range(1, 50).Draw(rt, "ttl"))
				}
			case 3:
				table.drop(key)
			case 4:
				now += rapid.Int64Range(0, 20).Draw(rt, "pass")
				table.purge(now, 3)
			}
			bytes := 0
			for _, e := range table.entries {
				bytes += e.bytes()
				if table.queue[e.index] != e || e.due > e.expires {
					rt.Fatalf("entry %q is misplaced", e.key)
				}
			}
			if bytes != table.bytes || bytes > 4000 || len(table.entries) > 8 || len(table.queue) != len(table.entries) {
				rt.Fatalf("%d bytes counted as %d, %d entries, %d queued", bytes, table.bytes, len(table.entries), len(table.queue))
			}
		}
	})
}

func BenchmarkMemoryTake(b *testing.B) {
	m, _ := openMemory(Config{})
	ctx, rate := context.Background(), Rate{Burst: 1 << 30, Per: time.Hour}
	rate.Per = 24 * time.Hour
	key := NewKey("rate", "a")
	b.ReportAllocs()
	for b.Loop() {
		_, _ = m.Take(ctx, key, rate)
	}
}

func BenchmarkMemoryMGet(b *testing.B) {
	m, _ := openMemory(Config{})
	ctx := context.Background()
	keys := []Key{NewKey("session", "a"), NewKey("epoch", "p"), NewKey("epoch", "o")}
	for _, k := range keys {
		_ = m.Set(ctx, k, make([]byte, 200), time.Hour)
	}
	b.ReportAllocs()
	for b.Loop() {
		_, _ = m.MGet(ctx, keys...)
	}
}

func BenchmarkMemorySetFull(b *testing.B) {
	m, _ := openMemory(Config{})
	ctx := context.Background()
	keys := make([]Key, 100_000)
	for i := range keys {
		keys[i] = NewKey("session", fmt.Sprint(i))
	}
	i := 0
	for b.Loop() {
		_ = m.Set(ctx, keys[i%len(keys)], []byte("value"), time.Hour)
		i++
	}
}

func BenchmarkNewKey(b *testing.B) {
	for b.Loop() {
		NewKey("session", "0123456789abcdef0123456789abcdef")
	}
}
