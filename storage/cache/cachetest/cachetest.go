// Package cachetest is the conformance suite of storage/cache: what every implementation must do, run by each of them.
package cachetest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kenshu/fault"
	"kenshu/storage/cache"
)

// Subject is the cache under test.
type Subject struct {
	Cache   cache.Cache
	Advance func(time.Duration) // lets that much time pass for the cache
}

// Run runs the suite. open gives an empty cache each time; it is closed by the test.
func Run(t *testing.T, open func(t *testing.T) Subject) {
	cases := map[string]func(*testing.T, Subject){
		"value":         value,
		"several":       several,
		"time to live":  timeToLive,
		"if absent":     ifAbsent,
		"if present":    ifPresent,
		"one claimant":  oneClaimant,
		"raise":         raise,
		"rate":          rate,
		"cost":          cost,
		"rate at once":  rateAtOnce,
		"changed rate":  changedRate,
		"wrong calls":   wrongCalls,
		"hostile keys":  hostileKeys,
		"gone context":  goneContext,
		"closed":        closed,
		"own copies":    ownCopies,
		"like a map":    likeAMap,
		"like one gcra": likeOneGCRA,
	}
	for name, run := range cases {
		t.Run(name, func(t *testing.T) {
			subject := open(t)
			t.Cleanup(func() { _ = subject.Cache.Close() })
			run(t, subject)
		})
	}
}

// tester is what testing.T and rapid.T have in common.
type tester interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func key(parts ...string) cache.Key { return cache.NewKey("test", parts...) }

func must(t tester, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func kind(t testing.TB, err error, want fault.Kind, what string) {
	t.Helper()
	if !fault.Is(err, want) {
		t.Errorf("%s: got %v, want a fault of kind %d", what, err, want)
	}
}

func want(t tester, c cache.Cache, k cache.Key, wanted string, there bool) {
	t.Helper()
	got, found, err := c.Get(context.Background(), k)
	must(t, err)
	if found != there || string(got) != wanted {
		t.Fatalf("got %q (%v), want %q (%v)", got, found, wanted, there)
	}
}

func value(t *testing.T, s Subject) {
	ctx := context.Background()
	want(t, s.Cache, key("a"), "", false)
	for _, v := range []string{"first", "", "\x00\xff binary", strings.Repeat("x", cache.MaxValueBytes)} {
		must(t, s.Cache.Set(ctx, key("a"), []byte(v), time.Minute))
		want(t, s.Cache, key("a"), v, true)
	}
	must(t, s.Cache.Ping(ctx))
	must(t, s.Cache.Delete(ctx, key("a"), key("never there")))
	want(t, s.Cache, key("a"), "", false)
	must(t, s.Cache.Delete(ctx))
}

func several(t *testing.T, s Subject) {
	ctx := context.Background()
	keys := make([]cache.Key, 0, 50)
	for i := range 50 {
		keys = append(keys, key(fmt.Sprint(i)))
		if i%3 != 0 {
			must(t, s.Cache.Set(ctx, keys[i], []byte(fmt.Sprint("v", i)), time.Minute))
		}
	}
	must(t, s.Cache.Set(ctx, keys[0], nil, time.Minute)) // an empty value is there, unlike an absent one
	got, err := s.Cache.MGet(ctx, append(keys, keys[1])...)
	must(t, err)
	if len(got) != 51 || got[0] == nil || string(got[50]) != "v1" {
		t.Fatalf("%d values, first %v, last %q", len(got), got[0], got[50])
	}
	for i := 1; i < 50; i++ {
		if absent := i%3 == 0; absent != (got[i] == nil) || !absent && string(got[i]) != fmt.Sprint("v", i) {
			t.Errorf("value %d is %q", i, got[i])
		}
	}
	none, err := s.Cache.MGet(ctx)
	must(t, err)
	if len(none) != 0 {
		t.Errorf("no keys gave %v", none)
	}
	must(t, s.Cache.Delete(ctx, keys...))
	got, err = s.Cache.MGet(ctx, keys...)
	must(t, err)
	for i, v := range got {
		if v != nil {
			t.Errorf("value %d survived: %q", i, v)
		}
	}
}

func timeToLive(t *testing.T, s Subject) {
	ctx := context.Background()
	must(t, s.Cache.Set(ctx, key("short"), []byte("s"), 150*time.Millisecond))
	must(t, s.Cache.Set(ctx, key("long"), []byte("l"), time.Hour))
	want(t, s.Cache, key("short"), "s", true)
	s.Advance(200 * time.Millisecond)
	want(t, s.Cache, key("short"), "", false)
	want(t, s.Cache, key("long"), "l", true)
	must(t, s.Cache.Set(ctx, key("long"), []byte("now short"), 150*time.Millisecond))
	s.Advance(200 * time.Millisecond)
	want(t, s.Cache, key("long"), "", false)
}

func ifAbsent(t *testing.T, s Subject) {
	ctx := context.Background()
	set := func(v string, ttl time.Duration, wanted bool) {
		t.Helper()
		got, err := s.Cache.SetIfAbsent(ctx, key("n"), []byte(v), ttl)
		must(t, err)
		if got != wanted {
			t.Fatalf("setting %q: %v", v, got)
		}
	}
	set("one", 150*time.Millisecond, true)
	set("two", time.Hour, false)
	want(t, s.Cache, key("n"), "one", true)
	s.Advance(200 * time.Millisecond) // the refused call did not lengthen it
	set("three", time.Minute, true)
	want(t, s.Cache, key("n"), "three", true)
}

func ifPresent(t *testing.T, s Subject) {
	ctx := context.Background()
	set := func(v string, ttl time.Duration, wanted bool) {
		t.Helper()
		got, err := s.Cache.SetIfPresent(ctx, key("n"), []byte(v), ttl)
		must(t, err)
		if got != wanted {
			t.Fatalf("setting %q: %v", v, got)
		}
	}
	set("one", time.Hour, false)
	want(t, s.Cache, key("n"), "", false)
	must(t, s.Cache.Set(ctx, key("n"), []byte("two"), time.Hour))
	set("three", 150*time.Millisecond, true)
	want(t, s.Cache, key("n"), "three", true)
	s.Advance(200 * time.Millisecond) // the time to live is the new one
	set("four", time.Hour, false)
	must(t, s.Cache.Set(ctx, key("n"), []byte("five"), time.Hour))
	must(t, s.Cache.Delete(ctx, key("n")))
	set("six", time.Hour, false)
	want(t, s.Cache, key("n"), "", false)
}

func oneClaimant(t *testing.T, s Subject) {
	var won atomic.Int32
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			ok, err := s.Cache.SetIfAbsent(context.Background(), key("claim"), []byte("x"), time.Minute)
			if err != nil {
				t.Error(err)
			}
			if ok {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d claimants won", won.Load())
	}
}

func raise(t *testing.T, s Subject) {
	ctx := context.Background()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 25 {
				if err := s.Cache.Raise(ctx, map[cache.Key]int64{key("epoch"): int64(n*8 + i)}, time.Hour); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	want(t, s.Cache, key("epoch"), "199", true)
	must(t, s.Cache.Raise(ctx, map[cache.Key]int64{key("epoch"): 1 << 62}, time.Hour))
	must(t, s.Cache.Raise(ctx, map[cache.Key]int64{key("epoch"): 200}, 150*time.Millisecond)) // less: only the time to live is new
	want(t, s.Cache, key("epoch"), "4611686018427387904", true)
	s.Advance(200 * time.Millisecond)
	must(t, s.Cache.Raise(ctx, map[cache.Key]int64{key("epoch"): 3}, time.Minute))
	want(t, s.Cache, key("epoch"), "3", true)
	must(t, s.Cache.Set(ctx, key("text"), []byte("abc"), time.Minute))
	must(t, s.Cache.Raise(ctx, map[cache.Key]int64{key("text"): 1}, time.Minute))
	want(t, s.Cache, key("text"), "1", true)
}

func take(t tester, s Subject, k cache.Key, r cache.Rate) cache.Decision {
	t.Helper()
	d, err := s.Cache.Take(context.Background(), k, r)
	must(t, err)
	return d
}

func rate(t *testing.T, s Subject) {
	r := cache.Rate{Burst: 3, Per: 1500 * time.Millisecond}
	for i := range 3 {
		if d := take(t, s, key("r"), r); !d.Allowed || d.Remaining != 2-i || d.RetryAfter != 0 {
			t.Fatalf("taking %d: %+v", i, d)
		}
	}
	d := take(t, s, key("r"), r)
	if d.Allowed || d.Remaining != 0 || d.RetryAfter <= 0 || d.RetryAfter > 500*time.Millisecond {
		t.Fatalf("over the burst: %+v", d)
	}
	if other := take(t, s, key("other"), r); !other.Allowed {
		t.Errorf("one key's budget is another's: %+v", other)
	}
	s.Advance(d.RetryAfter + time.Millisecond)
	if d := take(t, s, key("r"), r); !d.Allowed || d.Remaining != 0 {
		t.Fatalf("after the wait it named: %+v", d)
	}
	s.Advance(1600 * time.Millisecond)
	if d := take(t, s, key("r"), r); !d.Allowed || d.Remaining != 2 {
		t.Fatalf("after a full pause: %+v", d)
	}
	must(t, s.Cache.Delete(context.Background(), key("r")))
	if d := take(t, s, key("r"), r); d.Remaining != 2 {
		t.Errorf("deleting did not empty the bucket: %+v", d)
	}
}

func cost(t *testing.T, s Subject) {
	r := cache.Rate{Burst: 10, Per: 10 * time.Second, Cost: 7}
	if d := take(t, s, key("c"), r); !d.Allowed || d.Remaining != 3 {
		t.Fatalf("first: %+v", d)
	}
	d := take(t, s, key("c"), r)
	if d.Allowed || d.RetryAfter < 3*time.Second || d.RetryAfter > 4*time.Second || d.Remaining != 3 {
		t.Fatalf("second: %+v", d)
	}
	r.Cost = 3
	if d := take(t, s, key("c"), r); !d.Allowed { // a refusal costs nothing
		t.Fatalf("third: %+v", d)
	}
}

func rateAtOnce(t *testing.T, s Subject) {
	var allowed atomic.Int32
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			d, err := s.Cache.Take(context.Background(), key("storm"), cache.Rate{Burst: 10, Per: time.Hour})
			if err != nil {
				t.Error(err)
			}
			if d.Allowed {
				allowed.Add(1)
			}
		})
	}
	all.Wait()
	if allowed.Load() != 10 {
		t.Errorf("%d of a burst of 10", allowed.Load())
	}
}

func changedRate(t *testing.T, s Subject) {
	if d := take(t, s, key("ch"), cache.Rate{Burst: 2, Per: 24 * time.Hour, Cost: 2}); !d.Allowed {
		t.Fatal("first taking refused")
	}
	if d := take(t, s, key("ch"), cache.Rate{Burst: 2, Per: time.Second}); d.Allowed || d.RetryAfter > time.Second {
		t.Errorf("a shorter rate still waits for the old one: %+v", d)
	}
}

func wrongCalls(t *testing.T, s Subject) {
	ctx := context.Background()
	var zero cache.Key
	_, _, err := s.Cache.Get(ctx, zero)
	kind(t, err, fault.Internal, "zero key")
	_, err = s.Cache.MGet(ctx, key("a"), zero)
	kind(t, err, fault.Internal, "zero key among others")
	kind(t, s.Cache.Delete(ctx, zero), fault.Internal, "zero key")
	kind(t, s.Cache.Set(ctx, zero, nil, time.Minute), fault.Internal, "zero key")
	kind(t, s.Cache.Set(ctx, key("a"), nil, 0), fault.Internal, "no time to live")
	kind(t, s.Cache.Set(ctx, key("a"), nil, -time.Second), fault.Internal, "negative time to live")
	kind(t, s.Cache.Set(ctx, key("a"), make([]byte, cache.MaxValueBytes+1), time.Minute), fault.Internal, "too long")
	_, err = s.Cache.SetIfAbsent(ctx, key("a"), nil, time.Microsecond)
	kind(t, err, fault.Internal, "time to live under a millisecond")
	kind(t, s.Cache.Raise(ctx, map[cache.Key]int64{key("a"): 1}, -1), fault.Internal, "negative time to live")
	_, err = s.Cache.SetIfPresent(ctx, key("a"), nil, 0)
	kind(t, err, fault.Internal, "no time to live")
	for _, r := range []cache.Rate{{}, {Burst: 1}, {Per: time.Second}, {Burst: 2, Per: time.Second, Cost: 3}, {Burst: 2, Per: time.Second, Cost: -1},
		{Burst: 2, Per: time.Microsecond}, {Burst: 1, Per: 1e6 * time.Hour}} {
		_, err := s.Cache.Take(ctx, key("a"), r)
		kind(t, err, fault.Internal, fmt.Sprintf("rate %+v", r))
	}
	want(t, s.Cache, key("a"), "", false)
}

func hostileKeys(t *testing.T, s Subject) {
	ctx := context.Background()
	hostile := [][]string{{"a:b"}, {"a", "b"}, {"ab"}, {"a", "", "b"}, {"a*"}, {"a\r\nFLUSHALL\r\n"}, {"{a}"}, {"a\x00b"}, {""}, {}, {strings.Repeat("長", 10000)}, {"\xff\xfe"}}
	for i, parts := range hostile {
		must(t, s.Cache.Set(ctx, key(parts...), []byte(fmt.Sprint(i)), time.Minute))
	}
	for i, parts := range hostile {
		want(t, s.Cache, key(parts...), fmt.Sprint(i), true)
	}
}

func goneContext(t *testing.T, s Subject) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	kind(t, s.Cache.Set(ctx, key("a"), nil, time.Minute), fault.Unavailable, "cancelled")
	_, err := s.Cache.Take(ctx, key("a"), cache.Rate{Burst: 1, Per: time.Second})
	kind(t, err, fault.Unavailable, "cancelled")
}

func closed(t *testing.T, s Subject) {
	ctx := context.Background()
	must(t, s.Cache.Close())
	must(t, s.Cache.Close())
	kind(t, s.Cache.Ping(ctx), fault.Unavailable, "ping")
	kind(t, s.Cache.Set(ctx, key("a"), nil, time.Minute), fault.Unavailable, "set")
	_, _, err := s.Cache.Get(ctx, key("a"))
	kind(t, err, fault.Unavailable, "get")
	kind(t, s.Cache.Raise(ctx, map[cache.Key]int64{key("a"): 1}, time.Minute), fault.Unavailable, "raise")
	_, err = s.Cache.Take(ctx, key("a"), cache.Rate{Burst: 1, Per: time.Second})
	kind(t, err, fault.Unavailable, "take")
}

func ownCopies(t *testing.T, s Subject) {
	ctx := context.Background()
	mine := []byte("abc")
	must(t, s.Cache.Set(ctx, key("o"), mine, time.Minute))
	mine[0] = 'X'
	got, _, err := s.Cache.Get(ctx, key("o"))
	must(t, err)
	got[1] = 'Y'
	want(t, s.Cache, key("o"), "abc", true)
}

// likeAMap compares random calls with a plain map; nothing ends while it runs.
func likeAMap(t *testing.T, s Subject) {
	ctx := context.Background()
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		model := map[string]string{}
		names := rapid.SampledFrom([]string{"a", "b", "c", "a:b"})
		values := rapid.StringN(0, 20, 60)
		at := func(name string) cache.Key { return key("map", fmt.Sprint(run), name) }
		rt.Repeat(map[string]func(*rapid.T){
			"set": func(rt *rapid.T) {
				n, v := names.Draw(rt, "name"), values.Draw(rt, "value")
				must(rt, s.Cache.Set(ctx, at(n), []byte(v), time.Hour))
				model[n] = v
			},
			"claim": func(rt *rapid.T) {
				n, v := names.Draw(rt, "name"), values.Draw(rt, "value")
				ok, err := s.Cache.SetIfAbsent(ctx, at(n), []byte(v), time.Hour)
				must(rt, err)
				if _, there := model[n]; there == ok {
					rt.Fatalf("claimed %v", ok)
				} else if ok {
					model[n] = v
				}
			},
			"delete": func(rt *rapid.T) {
				n := names.Draw(rt, "name")
				must(rt, s.Cache.Delete(ctx, at(n)))
				delete(model, n)
			},
			"": func(rt *rapid.T) {
				for _, n := range []string{"a", "b", "c", "a:b"} {
					v, there := model[n]
					want(rt, s.Cache, at(n), v, there)
				}
			},
		})
	})
}

// likeOneGCRA checks the budget itself on random rates: never more than the burst and what has been refilled is given out.
func likeOneGCRA(t *testing.T, s Subject) {
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		r := cache.Rate{Burst: rapid.IntRange(1, 20).Draw(rt, "burst"), Per: time.Hour}
		left := r.Burst
		for range rapid.IntRange(1, 30).Draw(rt, "calls") {
			r.Cost = rapid.IntRange(1, r.Burst).Draw(rt, "cost")
			d := take(rt, s, key("gcra", fmt.Sprint(run)), r)
			if d.Allowed != (r.Cost <= left) {
				rt.Fatalf("cost %d of %d left: %+v", r.Cost, left, d)
			}
			if d.Allowed {
				left -= r.Cost
			}
			if d.Remaining != left {
				rt.Fatalf("%d left, said %+v", left, d)
			}
		}
	})
}
