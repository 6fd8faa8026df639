package servers

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// lease is how long a test may hold a Redis database before another may take it over.
const lease = 30 * time.Minute

func startRedis(ctx context.Context, tools Tools, dir string) (string, *process, error) {
	port, err := FreePort()
	if err != nil {
		return "", nil, err
	}
	p, err := spawn(dir, tools.Redis, nil, "--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--dir", dir,
		"--databases", "512", "--save", "", "--appendonly", "no")
	if err != nil {
		return "", nil, err
	}
	admin := &url.URL{Scheme: "redis", Host: "127.0.0.1:" + strconv.Itoa(port), Path: "/0"}
	c, err := redisClient(admin, 0)
	if err != nil {
		p.stop()
		return "", nil, err
	}
	defer c.Close()
	if err := p.ready(ctx, func(ctx context.Context) error { return c.Ping(ctx).Err() }); err != nil {
		return "", nil, err
	}
	return admin.String(), p, nil
}

func redisClient(u *url.URL, db int) (*redis.Client, error) {
	o, err := redis.ParseURL(u.String())
	if err != nil {
		return nil, fmt.Errorf("servers: %w", err)
	}
	o.DB, o.MaxRetries = db, -1
	return redis.NewClient(o), nil
}

// Redis returns the URL of an empty database number that no other test holds. Number 0 keeps the list of who holds what,
// so that several test processes can share one server.
func Redis(t testing.TB) string {
	t.Helper()
	u := *need(t, PartRedis)
	ctx := context.Background()
	book, err := redisClient(&u, 0)
	if err != nil {
		t.Fatal(err)
	}
	number, err := takeNumber(ctx, book)
	if err != nil {
		t.Fatalf("take a redis database: %v", err)
	}
	own, err := redisClient(&u, number)
	if err != nil {
		t.Fatal(err)
	}
	if err := own.FlushDB(ctx).Err(); err != nil {
		t.Fatalf("empty a redis database: %v", err)
	}
	t.Cleanup(func() {
		defer book.Close()
		defer own.Close()
		// A test may have stopped the server on purpose; then there is nothing left to give back.
		_ = own.FlushDB(ctx).Err()
		_ = book.Del(ctx, heldKey(number)).Err()
	})
	u.Path = "/" + strconv.Itoa(number)
	return u.String()
}

func takeNumber(ctx context.Context, book *redis.Client) (int, error) {
	count := 16
	if c, err := book.ConfigGet(ctx, "databases").Result(); err == nil {
		if n, err := strconv.Atoi(c["databases"]); err == nil {
			count = n
		}
	}
	for range count {
		turn, err := book.Incr(ctx, "kenshu:test:turn").Result()
		if err != nil {
			return 0, err
		}
		number := 1 + int(turn%int64(count-1))
		got, err := book.SetNX(ctx, heldKey(number), "1", lease).Result()
		if err != nil {
			return 0, err
		}
		if got {
			return number, nil
		}
	}
	return 0, fmt.Errorf("all %d databases are held", count)
}

func heldKey(number int) string { return "kenshu:test:held:" + strconv.Itoa(number) }
