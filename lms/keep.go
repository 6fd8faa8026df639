package lms

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"kenshu/fault"
	"kenshu/tenant"
)

// How long counted figures are kept. What is cheap to count is counted every time; what is not is kept for keepTimes as long as counting took, so
// that counting takes a twentieth of the time at most, however many people look.
const (
	keepFrom  = 50 * time.Millisecond
	keepTimes = 20
	keepMost  = time.Minute     // figures younger than this times keepTimes are called fresh
	keepOld   = 5 * time.Minute // older ones are not shown at all, not even while they are counted anew
	keepCount = 500             // entries of all organisations together
)

// keeper keeps what was counted for organisations. Its zero value is empty. Forget is for this process: others follow when their figures age.
type keeper[T any] struct {
	mu      sync.Mutex
	entries map[string]keptValue[T]
	turn    map[tenant.ID]int // counts the calls of forget: what was begun before one is not kept after it
	flight  singleflight.Group
}

type keptValue[T any] struct {
	value T
	tid   tenant.ID
	at    time.Time
	good  time.Duration
}

// get gives what count counts, when that was, and whether it is being counted anew meanwhile. Callers at the same time share one counting.
func (k *keeper[T]) get(ctx context.Context, tid tenant.ID, key string, count func(context.Context) (T, error)) (value T, at time.Time, again bool, err error) {
	if tid.IsZero() {
		return value, at, false, tenant.ErrNoTenant
	}
	k.mu.Lock()
	key = fmt.Sprint(tid.Number(), " ", k.turn[tid], " ", key)
	found, known := k.entries[key]
	k.mu.Unlock()
	age := time.Since(found.at)
	if known && age < found.good {
		return found.value, found.at, false, nil
	}
	wait := k.flight.DoChan(key, func() (any, error) {
		// One caller who leaves must not end what others wait for.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		began := time.Now() //nolint:forbidigo // how long counting takes is of the machine, whatever the calendar says
		var v T
		err := fault.Caught(func() (err error) { v, err = count(ctx); return err })
		if err != nil {
			return nil, err
		}
		got := keptValue[T]{value: v, tid: tid, at: began, good: min(keepTimes*time.Since(began), keepMost)}
		if time.Since(began) >= keepFrom {
			k.keep(key, got)
		}
		return got, nil
	})
	if known && age < keepOld {
		return found.value, found.at, true, nil
	}
	select {
	case <-ctx.Done():
		return value, at, false, ctx.Err()
	case r := <-wait:
		if r.Err != nil {
			return value, at, false, r.Err
		}
		got := r.Val.(keptValue[T]) //nolint:forcetypeassert // the function above gives nothing else
		return got.value, got.at, false, nil
	}
}

func (k *keeper[T]) keep(key string, v keptValue[T]) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.entries == nil {
		k.entries = map[string]keptValue[T]{}
	}
	for old, e := range k.entries { // what is too old to show goes first, then whatever the map gives
		if time.Since(e.at) >= keepOld || len(k.entries) >= keepCount {
			delete(k.entries, old)
		}
	}
	k.entries[key] = v
}

// forget makes the next get of the organisation count.
func (k *keeper[T]) forget(tid tenant.ID) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.turn == nil {
		k.turn = map[tenant.ID]int{}
	}
	k.turn[tid]++
	for key, e := range k.entries {
		if e.tid == tid {
			delete(k.entries, key)
		}
	}
}
