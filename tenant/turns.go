package tenant

import (
	"context"
	"slices"
	"sync"

	"kenshu/fault"
)

// Turns lets one at a time do what takes much memory or time. The organisations that wait take turns: whoever sends a thousand pictures is drawn one of them, then
// everybody else one. The zero value is ready.
type Turns struct {
	mu     sync.Mutex
	busy   bool
	order  []int64 // organisations that wait, the next one first
	queues map[int64][]chan struct{}
}

// join gives a channel that is closed when it is the turn of who asks; nil when so many of theirs wait already (0: no limit).
func (t *Turns) join(who int64, most int) chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	mine := make(chan struct{})
	if !t.busy {
		t.busy = true
		close(mine)
		return mine
	}
	queue := t.queues[who]
	switch {
	case most > 0 && len(queue) >= most:
		return nil
	case len(queue) == 0:
		t.order = append(t.order, who)
	}
	if t.queues == nil {
		t.queues = map[int64][]chan struct{}{}
	}
	t.queues[who] = append(queue, mine)
	return mine
}

// leave gives up waiting, or the turn that has come.
func (t *Turns) leave(who int64, mine chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	queue := t.queues[who]
	if i := slices.Index(queue, mine); i >= 0 {
		t.keep(who, slices.Delete(queue, i, i+1))
		return
	}
	if len(t.order) == 0 {
		t.busy = false
		return
	}
	next := t.order[0]
	t.order = t.order[1:]
	queue = t.queues[next]
	close(queue[0])
	if len(queue) > 1 {
		t.order = append(t.order, next)
	}
	t.keep(next, queue[1:])
}

func (t *Turns) keep(who int64, queue []chan struct{}) {
	if len(queue) > 0 {
		t.queues[who] = queue
		return
	}
	delete(t.queues, who)
	t.order = slices.DeleteFunc(t.order, func(n int64) bool { return n == who })
}

// Take waits for a turn of tid; done ends it. It returns fault.Limited when most of theirs wait already (0: no limit).
func (t *Turns) Take(ctx context.Context, tid ID, most int) (done func(), err error) {
	who := tid.Number()
	mine := t.join(who, most)
	if mine == nil {
		return nil, fault.New(fault.Limited, "limited", "retry_after", 5)
	}
	select {
	case <-mine:
		return func() { t.leave(who, mine) }, nil
	case <-ctx.Done():
		t.leave(who, mine)
		return nil, ctx.Err()
	}
}
