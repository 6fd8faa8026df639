package content

import (
	"container/list"
	"sync"
	"time"

	"kenshu/storage/db"
)

type versionKey struct {
	tenant  int64
	version db.ID
}

// versionCache keeps the most recently used published courses up to a number of bytes, and the last one however large it is: one from before MaxCourse
// that everybody learns from would be read whole for each of them. They never change, so nothing expires.
type versionCache struct {
	mu    sync.Mutex
	limit int
	used  int
	order *list.List // of *versionEntry, the most recently used first
	byKey map[versionKey]*list.Element
}

type versionEntry struct {
	key     versionKey
	version *CourseVersion
	size    int
}

func newVersionCache(limit int) *versionCache {
	return &versionCache{limit: limit, order: list.New(), byKey: map[versionKey]*list.Element{}}
}

func (c *versionCache) get(key versionKey) *CourseVersion {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[key]
	if !ok {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*versionEntry).version //nolint:forcetypeassert // only put writes
}

func (c *versionCache) put(key versionKey, v *CourseVersion, size int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.byKey[key]; ok {
		return
	}
	c.byKey[key] = c.order.PushFront(&versionEntry{key, v, size})
	c.used += size
	for c.used > c.limit && c.order.Len() > 1 {
		last := c.order.Back()
		e := last.Value.(*versionEntry) //nolint:forcetypeassert // only put writes
		c.order.Remove(last)
		delete(c.byKey, e.key)
		c.used -= e.size
	}
}

// shareKey is one question: may this organisation (by its number; 0 is every one) use this version.
type shareKey struct {
	versionKey
	member int64
}

// shareCache remembers for a short time which versions the association shares.
type shareCache struct {
	mu      sync.Mutex
	answers map[shareKey]shareAnswer
}

type shareAnswer struct {
	shared bool
	until  time.Time
}

const maxShareAnswers = 10_000

func newShareCache() *shareCache { return &shareCache{answers: map[shareKey]shareAnswer{}} }

func (c *shareCache) get(key shareKey, now time.Time) (shared, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a, ok := c.answers[key]
	return a.shared, ok && now.Before(a.until)
}

func (c *shareCache) put(key shareKey, shared bool, until time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.answers) >= maxShareAnswers {
		clear(c.answers)
	}
	c.answers[key] = shareAnswer{shared, until}
}
