package cache

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"kenshu/fault"
)

var errClosed = errors.New("cache is closed")

// memory is the in-process cache. One lock is enough: it is held for about a tenth of a microsecond.
type memory struct {
	mu       sync.Mutex
	clock    func() time.Time
	values   table
	limits   table
	snapshot string
	closed   bool
}

func openMemory(cfg Config) (*memory, error) {
	m := &memory{clock: cfg.Clock, values: newTable(MaxValues, MaxBytes), limits: newTable(MaxLimits, MaxBytes), snapshot: cfg.SnapshotPath}
	if m.clock == nil {
		m.clock = time.Now
	}
	if m.snapshot != "" {
		if err := m.load(m.snapshot); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// begin takes the lock and gives the time in microseconds; the caller unlocks when there is no error.
func (m *memory) begin(ctx context.Context) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, away(err)
	}
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return 0, away(errClosed)
	}
	return m.clock().UnixMicro(), nil
}

// Get gives a copy of the value.
func (m *memory) Get(ctx context.Context, key Key) ([]byte, bool, error) {
	values, err := m.MGet(ctx, key)
	if err != nil {
		return nil, false, err
	}
	return values[0], values[0] != nil, nil
}

// MGet gives copies of the values.
func (m *memory) MGet(ctx context.Context, keys ...Key) ([][]byte, error) {
	if err := checkKeys(keys...); err != nil {
		return nil, err
	}
	now, err := m.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	values := make([][]byte, len(keys))
	for i, key := range keys {
		if e := m.values.find(key.text, now); e != nil {
			values[i] = append([]byte{}, e.value...)
		}
	}
	return values, nil
}

// Set keeps a copy of value.
func (m *memory) Set(ctx context.Context, key Key, value []byte, ttl time.Duration) error {
	if err := checkEntry(key, value, ttl); err != nil {
		return err
	}
	now, err := m.begin(ctx)
	if err != nil {
		return err
	}
	defer m.mu.Unlock()
	return m.keep(key, value, now, ttl)
}

// SetIfAbsent keeps a copy of value when there is none.
func (m *memory) SetIfAbsent(ctx context.Context, key Key, value []byte, ttl time.Duration) (bool, error) {
	return m.setIf(ctx, key, value, ttl, false)
}

// SetIfPresent keeps a copy of value when there is one.
func (m *memory) SetIfPresent(ctx context.Context, key Key, value []byte, ttl time.Duration) (bool, error) {
	return m.setIf(ctx, key, value, ttl, true)
}

func (m *memory) setIf(ctx context.Context, key Key, value []byte, ttl time.Duration, present bool) (bool, error) {
	if err := checkEntry(key, value, ttl); err != nil {
		return false, err
	}
	now, err := m.begin(ctx)
	if err != nil {
		return false, err
	}
	defer m.mu.Unlock()
	if (m.values.find(key.text, now) != nil) != present {
		return false, nil
	}
	if err := m.keep(key, value, now, ttl); err != nil {
		return false, err
	}
	return true, nil
}

// keep copies value, so that the caller may go on using it.
func (m *memory) keep(key Key, value []byte, now int64, ttl time.Duration) error {
	if !m.values.put(key.text, append([]byte{}, value...), now, expiry(now, ttl)) {
		return fault.New(fault.Unavailable, "cache_full", "limit", MaxValues)
	}
	return nil
}

// Delete forgets values and buckets.
func (m *memory) Delete(ctx context.Context, keys ...Key) error {
	if err := checkKeys(keys...); err != nil {
		return err
	}
	if _, err := m.begin(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	for _, key := range keys {
		m.values.drop(key.text)
		m.limits.drop(key.text)
	}
	return nil
}

// Take asks for a part of a budget.
func (m *memory) Take(ctx context.Context, key Key, rate Rate) (Decision, error) {
	g, err := rate.gcra()
	if err == nil {
		err = checkKeys(key)
	}
	if err != nil {
		return Decision{}, err
	}
	now, err := m.begin(ctx)
	if err != nil {
		return Decision{}, err
	}
	defer m.mu.Unlock()
	var arrival int64
	e := m.limits.find(key.text, now)
	if e != nil {
		arrival = e.expires
	}
	decision, next := g.take(now, arrival)
	switch {
	case !decision.Allowed:
	case e != nil:
		m.limits.extend(e, next)
	default:
		m.limits.purge(now, purgeBatch)
		for !m.limits.put(key.text, nil, now, next) {
			m.limits.dropSoonest()
		}
	}
	return decision, nil
}

// Raise keeps the greater numbers.
func (m *memory) Raise(ctx context.Context, numbers map[Key]int64, ttl time.Duration) error {
	if err := errors.Join(checkKeys(slices.Collect(maps.Keys(numbers))...), checkTTL(ttl)); err != nil {
		return err
	}
	now, err := m.begin(ctx)
	if err != nil {
		return err
	}
	defer m.mu.Unlock()
	for key, number := range numbers {
		if e := m.values.find(key.text, now); e != nil {
			if old, err := strconv.ParseInt(string(e.value), 10, 64); err == nil {
				number = max(number, old)
			}
		}
		if err := m.keep(key, strconv.AppendInt(nil, number, 10), now, ttl); err != nil {
			return err
		}
	}
	return nil
}

// Ping answers while the cache is open.
func (m *memory) Ping(ctx context.Context) error {
	if _, err := m.begin(ctx); err != nil {
		return err
	}
	m.mu.Unlock()
	return nil
}

// Close writes the snapshot if one is configured.
func (m *memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return nil
	}
	m.closed = true
	if m.snapshot == "" {
		return nil
	}
	return m.save(m.snapshot)
}
