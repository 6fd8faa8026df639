package fault

import (
	"sync/atomic"
	"time"
)

// Recent remembers when something was last met. The zero value has met nothing; safe for concurrent use.
type Recent struct{ at atomic.Pointer[time.Time] }

// Note says that it was met now.
func (r *Recent) Note() {
	now := time.Now() //nolint:forbidigo // how long ago, whatever the clock of the product says
	r.at.Store(&now)
}

// Within tells whether it was met less than d ago.
func (r *Recent) Within(d time.Duration) bool {
	at := r.at.Load()
	return at != nil && time.Since(*at) < d
}
