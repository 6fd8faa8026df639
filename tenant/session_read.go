package tenant

import (
	"encoding/json"
	"sync"

	"kenshu/storage/cache"
)

// maxKnown is how many sessions are remembered in decoded form; one more, and all are forgotten.
const maxKnown = 4096

// sessionReader decodes what the cache holds of sessions. A value that is the same as at the last request is not decoded again: that costs more
// than fetching it. It decides nothing: whether a session is good is asked of the cache at every request.
type sessionReader struct {
	mu    sync.Mutex
	known map[cache.Key]readSession
}

type readSession struct {
	raw string
	st  storedSession
}

// of gives the session that raw holds; false when it holds none.
func (r *sessionReader) of(key cache.Key, raw []byte) (storedSession, bool) {
	if raw == nil {
		return storedSession{}, false
	}
	r.mu.Lock()
	seen, ok := r.known[key]
	r.mu.Unlock()
	if ok && seen.raw == string(raw) {
		return seen.st, true
	}
	var st storedSession
	if json.Unmarshal(raw, &st) != nil {
		return storedSession{}, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.known) >= maxKnown {
		clear(r.known)
	}
	r.known[key] = readSession{string(raw), st}
	return st, true
}
