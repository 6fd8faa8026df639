package cache

import (
	"context"
	_ "embed"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"kenshu/fault"
)

//go:embed gcra.lua
var gcraText string

var (
	gcraScript  = redis.NewScript(gcraText)
	raiseScript = redis.NewScript(`
local old = tonumber(redis.call('GET', KEYS[1]) or '')
if old and old >= tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) else redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return 1`)
)

// remote is the cache on Redis.
type remote struct {
	client  redis.UniversalClient
	cluster bool
	clock   func() time.Time // nil: the server's own time
}

func openRedis(cfg Config) (*remote, error) {
	options, cluster, err := parseURL(cfg.RedisURL)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "cache_url")
	}
	redis.SetLogger(quiet{})
	r := &remote{clock: cfg.Clock, cluster: cluster}
	switch {
	case cluster:
		r.client = redis.NewClusterClient(options.Cluster())
	case options.MasterName != "":
		r.client = redis.NewFailoverClient(options.Failover())
	default:
		r.client = redis.NewClient(options.Simple())
	}
	return r, nil
}

// quiet sends what go-redis wants to say to the debug log: each failure already reaches the caller.
type quiet struct{}

// Printf is the logger go-redis asks for.
func (quiet) Printf(ctx context.Context, format string, _ ...any) {
	slog.DebugContext(ctx, "redis client", "message", format)
}

// Get is one GET.
func (r *remote) Get(ctx context.Context, key Key) ([]byte, bool, error) {
	if err := checkKeys(key); err != nil {
		return nil, false, err
	}
	value, err := r.client.Get(ctx, key.text).Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, away(err)
	}
	return value, true, nil
}

// MGet is one MGET, or on a cluster one GET a key, at once.
func (r *remote) MGet(ctx context.Context, keys ...Key) ([][]byte, error) {
	if err := checkKeys(keys...); err != nil {
		return nil, err
	}
	values := make([][]byte, len(keys))
	if len(keys) == 0 {
		return values, nil
	}
	if r.cluster {
		return values, r.gather(ctx, keys, values)
	}
	texts := make([]string, len(keys))
	for i, key := range keys {
		texts[i] = key.text
	}
	found, err := r.client.MGet(ctx, texts...).Result()
	if err != nil {
		return nil, away(err)
	}
	for i, value := range found {
		if text, ok := value.(string); ok {
			values[i] = []byte(text)
		}
	}
	return values, nil
}

// gather is MGet over the nodes of a cluster: one round trip to each, at once.
func (r *remote) gather(ctx context.Context, keys []Key, values [][]byte) error {
	pipe := r.client.Pipeline()
	replies := make([]*redis.StringCmd, len(keys))
	for i, key := range keys {
		replies[i] = pipe.Get(ctx, key.text)
	}
	_, _ = pipe.Exec(ctx) // each reply carries its own error
	for i, reply := range replies {
		value, err := reply.Bytes()
		if errors.Is(err, redis.Nil) {
			continue
		}
		if err != nil {
			return away(err)
		}
		values[i] = value
	}
	return nil
}

// Set is one SET.
func (r *remote) Set(ctx context.Context, key Key, value []byte, ttl time.Duration) error {
	if err := checkEntry(key, value, ttl); err != nil {
		return err
	}
	if err := r.client.Set(ctx, key.text, value, ttl.Truncate(time.Millisecond)).Err(); err != nil {
		return away(err)
	}
	return nil
}

// SetIfAbsent is one SET NX.
func (r *remote) SetIfAbsent(ctx context.Context, key Key, value []byte, ttl time.Duration) (bool, error) {
	return r.setIf(ctx, key, value, ttl, "NX")
}

// SetIfPresent is one SET XX.
func (r *remote) SetIfPresent(ctx context.Context, key Key, value []byte, ttl time.Duration) (bool, error) {
	return r.setIf(ctx, key, value, ttl, "XX")
}

func (r *remote) setIf(ctx context.Context, key Key, value []byte, ttl time.Duration, mode string) (bool, error) {
	if err := checkEntry(key, value, ttl); err != nil {
		return false, err
	}
	err := r.client.SetArgs(ctx, key.text, value, redis.SetArgs{Mode: mode, TTL: ttl.Truncate(time.Millisecond)}).Err()
	if errors.Is(err, redis.Nil) {
		return false, nil
	}
	if err != nil {
		return false, away(err)
	}
	return true, nil
}

// Delete is one DEL a key, sent together.
func (r *remote) Delete(ctx context.Context, keys ...Key) error {
	if err := checkKeys(keys...); err != nil || len(keys) == 0 {
		return err
	}
	pipe := r.client.Pipeline()
	for _, key := range keys {
		pipe.Del(ctx, key.text)
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return away(err)
	}
	return nil
}

// Take runs gcra.lua.
func (r *remote) Take(ctx context.Context, key Key, rate Rate) (Decision, error) {
	g, err := rate.gcra()
	if err == nil {
		err = checkKeys(key)
	}
	if err != nil {
		return Decision{}, err
	}
	var now int64
	if r.clock != nil {
		now = r.clock().UnixMicro()
	}
	answer, err := gcraScript.Run(ctx, r.client, []string{key.text}, g.interval, g.burst, g.cost, now).Int64Slice()
	if err != nil {
		return Decision{}, away(err)
	}
	if len(answer) != 3 {
		return Decision{}, fault.New(fault.Internal, "cache_answer", "length", len(answer))
	}
	return g.decide(answer[0] == 1, answer[1], answer[2]), nil
}

// raiseBatch is how many numbers are sent together; Redis answers nobody else while it works off a batch's scripts one by one, so they are short.
const raiseBatch = 1000

// Raise is a comparison and a SET in one script a key, sent together.
func (r *remote) Raise(ctx context.Context, numbers map[Key]int64, ttl time.Duration) error {
	keys := slices.Collect(maps.Keys(numbers))
	if err := errors.Join(checkKeys(keys...), checkTTL(ttl)); err != nil {
		return err
	}
	for part := range slices.Chunk(keys, raiseBatch) {
		err := r.raise(ctx, part, numbers, ttl)
		if err != nil && redis.HasErrorPrefix(err, "NOSCRIPT") { // a server that was started since
			if err := r.loadRaise(ctx); err != nil {
				return away(err)
			}
			err = r.raise(ctx, part, numbers, ttl)
		}
		if err != nil {
			return away(err)
		}
	}
	return nil
}

func (r *remote) raise(ctx context.Context, keys []Key, numbers map[Key]int64, ttl time.Duration) error {
	pipe := r.client.Pipeline()
	for _, key := range keys {
		pipe.EvalSha(ctx, raiseScript.Hash(), []string{key.text}, numbers[key], ttl.Milliseconds())
	}
	_, err := pipe.Exec(ctx)
	return err
}

// loadRaise makes the script known to the server, or to every node of a cluster.
func (r *remote) loadRaise(ctx context.Context) error {
	if c, ok := r.client.(*redis.ClusterClient); ok {
		return c.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error { return raiseScript.Load(ctx, node).Err() })
	}
	return raiseScript.Load(ctx, r.client).Err()
}

// Ping asks the server.
func (r *remote) Ping(ctx context.Context) error {
	if err := r.client.Ping(ctx).Err(); err != nil {
		return away(err)
	}
	return nil
}

// Close closes the connections.
func (r *remote) Close() error {
	if err := r.client.Close(); err != nil && !errors.Is(err, redis.ErrClosed) {
		return away(err)
	}
	return nil
}
