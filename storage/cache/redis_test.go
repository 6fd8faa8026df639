package cache_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"pgregory.net/rapid"

	"kenshu/fault"
	"kenshu/rig/servers"
	"kenshu/storage/cache"
	"kenshu/storage/cache/cachetest"
)

func open(t testing.TB, cfg cache.Config) cache.Cache {
	t.Helper()
	c, err := cache.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func TestMemoryConforms(t *testing.T) {
	cachetest.Run(t, func(t *testing.T) cachetest.Subject {
		now := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
		c := open(t, cache.Config{Clock: func() time.Time { return now }})
		return cachetest.Subject{Cache: c, Advance: func(d time.Duration) { now = now.Add(d) }}
	})
}

func TestRedisConforms(t *testing.T) {
	cachetest.Run(t, func(t *testing.T) cachetest.Subject {
		return cachetest.Subject{Cache: open(t, cache.Config{RedisURL: servers.Redis(t)}), Advance: time.Sleep}
	})
}

// process is a redis-server of one test's own, in a mode the shared one does not have or to be killed.
type process struct {
	addr string
	args []string
	bin  string
	cmd  *exec.Cmd
}

func startRedis(t *testing.T, args ...string) *process {
	t.Helper()
	tools, err := servers.Obtain(context.Background(), servers.PartRedis)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	_ = listener.Close()
	_, port, _ := net.SplitHostPort(addr)
	args = append(args, "--port", port, "--bind", "127.0.0.1", "--dir", t.TempDir())
	if !slices.Contains(args, "--sentinel") {
		args = append(args, "--save", "", "--appendonly", "no")
	}
	p := &process{addr: addr, bin: tools.Redis, args: args}
	p.start(t)
	t.Cleanup(p.kill)
	return p
}

func (p *process) start(t *testing.T) {
	t.Helper()
	p.cmd = exec.Command(p.bin, p.args...)
	var log bytes.Buffer
	p.cmd.Stdout, p.cmd.Stderr = &log, &log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(&redis.Options{Addr: p.addr, MaxRetries: -1})
	defer client.Close()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if err := client.Ping(context.Background()).Err(); err == nil || strings.HasPrefix(err.Error(), "NOAUTH") {
			return
		}
		if time.Now().After(end) {
			p.kill()
			t.Fatalf("redis did not start:\n%s", log.String())
		}
	}
}

func (p *process) kill() {
	if p.cmd != nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
		p.cmd = nil
	}
}

func TestClusterConforms(t *testing.T) {
	p := startRedis(t, "--cluster-enabled", "yes")
	client := redis.NewClient(&redis.Options{Addr: p.addr})
	defer client.Close()
	ctx := context.Background()
	if err := client.Do(ctx, "CLUSTER", "ADDSLOTSRANGE", 0, 16383).Err(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); !strings.Contains(client.ClusterInfo(ctx).Val(), "cluster_state:ok"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the cluster did not form")
		}
	}
	cachetest.Run(t, func(t *testing.T) cachetest.Subject {
		if err := client.FlushAll(ctx).Err(); err != nil {
			t.Fatal(err)
		}
		return cachetest.Subject{Cache: open(t, cache.Config{RedisURL: "redis+cluster://" + p.addr}), Advance: time.Sleep}
	})
}

func TestSentinelLeadsToTheMaster(t *testing.T) {
	master := startRedis(t, "--requirepass", "open-sesame")
	_, port, _ := net.SplitHostPort(master.addr)
	conf := filepath.Join(t.TempDir(), "sentinel.conf")
	text := "sentinel monitor kenshu 127.0.0.1 " + port + " 1\nsentinel auth-pass kenshu open-sesame\n"
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	sentinel := startRedis(t, conf, "--sentinel")
	subject := open(t, cache.Config{RedisURL: "redis+sentinel://:open-sesame@" + sentinel.addr + "/0?master=kenshu"})
	ctx := context.Background()
	if err := subject.Set(ctx, cache.NewKey("session", "a"), []byte("v"), time.Minute); err != nil {
		t.Fatal(err)
	}
	direct := redis.NewClient(&redis.Options{Addr: master.addr, Password: "open-sesame"})
	defer direct.Close()
	if got := direct.Get(ctx, cache.NewKey("session", "a").String()).Val(); got != "v" {
		t.Errorf("the master holds %q", got)
	}
	wrong := open(t, cache.Config{RedisURL: "redis+sentinel://:open-sesame@" + sentinel.addr + "/0?master=nobody"})
	if err := wrong.Ping(ctx); !fault.Is(err, fault.Unavailable) {
		t.Errorf("an unknown master: %v", err)
	}
}

func TestRedisAwayIsSaidQuicklyAndHealsByItself(t *testing.T) {
	ctx := context.Background()
	p := startRedis(t)
	c := open(t, cache.Config{RedisURL: "redis://" + p.addr})
	if err := c.Set(ctx, cache.NewKey("session", "a"), []byte("v"), time.Hour); err != nil {
		t.Fatal(err)
	}
	quickly := func(what string) {
		t.Helper()
		calls := map[string]func() error{
			"get":  func() error { _, _, err := c.Get(ctx, cache.NewKey("session", "a")); return err },
			"mget": func() error { _, err := c.MGet(ctx, cache.NewKey("session", "a")); return err },
			"set":  func() error { return c.Set(ctx, cache.NewKey("session", "a"), nil, time.Hour) },
			"del":  func() error { return c.Delete(ctx, cache.NewKey("session", "a")) },
			"take": func() error {
				_, err := c.Take(ctx, cache.NewKey("rate", "a"), cache.Rate{Burst: 1, Per: time.Hour})
				return err
			},
			"ping": func() error { return c.Ping(ctx) },
		}
		for name, call := range calls {
			began := time.Now()
			err := call()
			if took := time.Since(began); !fault.Is(err, fault.Unavailable) || took > 1200*time.Millisecond {
				t.Errorf("%s, %s: %v after %v", what, name, err, took)
			}
		}
	}
	p.kill()
	quickly("killed")
	p.start(t)
	if err := c.Ping(ctx); err != nil {
		t.Fatalf("after its return: %v", err)
	}
	if _, found, err := c.Get(ctx, cache.NewKey("session", "a")); err != nil || found {
		t.Errorf("after its return: %v %v", found, err)
	}
	p.kill()
	silent, err := net.Listen("tcp", p.addr) // takes connections and never answers
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	quickly("silent")
}

func TestBothKeepTheSameBudget(t *testing.T) {
	ctx, url := context.Background(), servers.Redis(t)
	now := time.Now()
	clock := func() time.Time { return now }
	inProcess, remote := open(t, cache.Config{Clock: clock}), open(t, cache.Config{RedisURL: url, Clock: clock})
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		key := cache.NewKey("rate", fmt.Sprint(run))
		burst := rapid.IntRange(1, 1000).Draw(rt, "burst")
		// Redis forgets a full bucket by its own clock: a token takes at least a minute to come back, or one would come back while the test runs.
		per := time.Duration(rapid.Int64Range(int64(burst)*int64(time.Minute), int64(24*time.Hour)).Draw(rt, "per"))
		for range rapid.IntRange(1, 15).Draw(rt, "calls") {
			now = now.Add(time.Duration(rapid.Int64Range(int64(-time.Minute), int64(per)).Draw(rt, "pass")))
			rate := cache.Rate{Burst: burst, Per: per, Cost: rapid.IntRange(1, burst).Draw(rt, "cost")}
			here, err := inProcess.Take(ctx, key, rate)
			if err != nil {
				rt.Fatal(err)
			}
			there, err := remote.Take(ctx, key, rate)
			if err != nil {
				rt.Fatal(err)
			}
			if here != there {
				rt.Fatalf("in process %+v, on Redis %+v", here, there)
			}
		}
	})
}

func TestAddresses(t *testing.T) {
	for _, good := range []string{"redis://h", "redis://h:6380/3", "rediss://u:p@h/0", "redis+cluster://h?addr=h2:7000", "redis://[::1]:6379/0",
		"rediss+sentinel://u:p@h/2?master=m&addr=h2:26379&sentinel_user=a&sentinel_password=b", "redis://[::1]/0"} {
		open(t, cache.Config{RedisURL: good})
	}
	for _, bad := range []string{"http://h", "redis://", "redis://h/x", "redis://h/-1", "redis+sentinel://h", "redis+cluster://h/1", "redis://h?addr=h2:1",
		"redis://h?max_retries=9", "redis://u:se cret@h:port/0", "h:6379", "redis+x://h"} {
		_, err := cache.Open(context.Background(), cache.Config{RedisURL: bad})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", bad, err)
		} else if strings.Contains(err.Error(), "se cret") {
			t.Errorf("the password is in %q", err)
		}
	}
}

func BenchmarkRedis(b *testing.B) {
	ctx := context.Background()
	c := open(b, cache.Config{RedisURL: servers.Redis(b)})
	keys := []cache.Key{cache.NewKey("session", "a"), cache.NewKey("epoch", "p"), cache.NewKey("epoch", "o")}
	for _, k := range keys {
		if err := c.Set(ctx, k, make([]byte, 200), time.Hour); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("take", func(b *testing.B) {
		for b.Loop() {
			_, _ = c.Take(ctx, cache.NewKey("rate", "a"), cache.Rate{Burst: 1_000_000, Per: time.Hour})
		}
	})
	b.Run("mget of three", func(b *testing.B) {
		for b.Loop() {
			_, _ = c.MGet(ctx, keys...)
		}
	})
}
