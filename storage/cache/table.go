package cache

import (
	"container/heap"
	"math"
	"time"
)

const (
	never      = math.MaxInt64
	purgeBatch = 16 // expired entries forgotten along with each new one, so that no call pays for all of them
)

// expiry is the microsecond at which an entry ends; ttl 0 is never.
func expiry(now int64, ttl time.Duration) int64 {
	if ttl == 0 {
		return never
	}
	return now + ttl.Microseconds()
}

type entry struct {
	key     string
	value   []byte
	expires int64 // microseconds
	due     int64 // its place in the queue: never later than expires
	index   int
}

func (e *entry) bytes() int { return len(e.key) + len(e.value) + 160 }

// table is a bounded map whose entries end. The queue holds them by due time; an entry that was extended keeps its old
// place until it comes to the front, so that extending (every request of a session) costs nothing.
type table struct {
	entries    map[string]*entry
	queue      queue
	bytes      int
	maxEntries int
	maxBytes   int
}

func newTable(maxEntries, maxBytes int) table {
	return table{entries: map[string]*entry{}, maxEntries: maxEntries, maxBytes: maxBytes}
}

// find gives the living entry under key, or nil.
func (t *table) find(key string, now int64) *entry {
	e := t.entries[key]
	if e == nil || e.expires <= now {
		return nil
	}
	return e
}

// put keeps value under key and tells whether there was room.
func (t *table) put(key string, value []byte, now, expires int64) bool {
	t.purge(now, purgeBatch)
	grow := len(key) + len(value) + 160
	old := t.entries[key]
	if old != nil {
		grow -= old.bytes()
	}
	full := func() bool {
		return (old == nil && len(t.entries) >= t.maxEntries) || (grow > 0 && t.bytes+grow > t.maxBytes)
	}
	if full() {
		t.purge(now, len(t.entries))
		if t.entries[key] != old { // it had expired and is gone now
			old, grow = nil, len(key)+len(value)+160
		}
		if full() {
			return false
		}
	}
	t.bytes += grow
	if old != nil {
		old.value = value
		t.extend(old, expires)
		return true
	}
	e := &entry{key: key, value: value, expires: expires, due: expires}
	t.entries[key] = e
	heap.Push(&t.queue, e)
	return true
}

func (t *table) extend(e *entry, expires int64) {
	e.expires = expires
	if expires < e.due {
		e.due = expires
		heap.Fix(&t.queue, e.index)
	}
}

func (t *table) drop(key string) {
	if e := t.entries[key]; e != nil {
		heap.Remove(&t.queue, e.index)
		t.forget(e)
	}
}

func (t *table) forget(e *entry) {
	delete(t.entries, e.key)
	t.bytes -= e.bytes()
}

// purge forgets at most limit entries that have expired.
func (t *table) purge(now int64, limit int) {
	for ; limit > 0 && len(t.queue) > 0 && t.queue[0].due <= now; limit-- {
		e := t.queue[0]
		if e.expires > now {
			e.due = e.expires
			heap.Fix(&t.queue, 0)
			continue
		}
		heap.Pop(&t.queue)
		t.forget(e)
	}
}

// dropSoonest forgets the entry that would end first.
func (t *table) dropSoonest() {
	for len(t.queue) > 0 {
		e := t.queue[0]
		if e.expires > e.due {
			e.due = e.expires
			heap.Fix(&t.queue, 0)
			continue
		}
		heap.Pop(&t.queue)
		t.forget(e)
		return
	}
}

type queue []*entry

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].due < q[j].due }
func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].index, q[j].index = i, j
}

// Push adds an entry at the end (container/heap).
func (q *queue) Push(x any) {
	e, ok := x.(*entry)
	if !ok {
		panic("cache: queue holds entries only")
	}
	e.index = len(*q)
	*q = append(*q, e)
}

// Pop takes the last entry (container/heap).
func (q *queue) Pop() any {
	last := len(*q) - 1
	e := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	return e
}
