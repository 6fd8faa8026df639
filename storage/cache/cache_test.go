package cache_test

import (
	"context"
	"fmt"
	"regexp"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kenshu/storage/cache"
)

func ExampleOpen() {
	ctx := context.Background()
	c, err := cache.Open(ctx, cache.Config{}) // in process; Config.RedisURL for several replicas
	if err != nil {
		panic(err)
	}
	defer c.Close()
	for range 4 {
		d, err := c.Take(ctx, cache.NewKey("login", "203.0.113.7"), cache.Rate{Burst: 3, Per: 15 * time.Minute})
		fmt.Println(d.Allowed, d.Remaining, d.RetryAfter.Round(time.Minute), err)
	}
	// Output:
	// true 2 0s <nil>
	// true 1 0s <nil>
	// true 0 0s <nil>
	// false 0 5m0s <nil>
}

func TestNoTextChangesAKeysStructure(t *testing.T) {
	form := regexp.MustCompile(`^kenshu:session:[A-Za-z0-9_-]{32}$`)
	rapid.Check(t, func(rt *rapid.T) {
		parts := rapid.SliceOf(rapid.String()).Draw(rt, "parts")
		other := rapid.SliceOf(rapid.String()).Draw(rt, "other")
		key := cache.NewKey("session", parts...)
		if !form.MatchString(key.String()) {
			rt.Fatalf("%q", key)
		}
		same := fmt.Sprintf("%q", parts) == fmt.Sprintf("%q", other)
		if (key == cache.NewKey("session", other...)) != same {
			rt.Fatalf("%q meets %q", parts, other)
		}
		if key == cache.NewKey("epoch", parts...) {
			rt.Fatal("kinds meet")
		}
	})
}

func TestAKindIsALiteral(t *testing.T) {
	for _, kind := range []string{"", "a:b", "A", "日", "a*", "averyveryveryveryveryveryveryverylongkind"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("kind %q was taken", kind)
				}
			}()
			cache.NewKey(kind)
		}()
	}
}
