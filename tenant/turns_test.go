package tenant

import (
	"context"
	"errors"
	"slices"
	"testing"

	"kenshu/fault"
)

// An organisation with many pictures waits behind the first one of every other.
func TestTurns(t *testing.T) {
	var all Turns
	type waiter struct {
		who  int64
		mine chan struct{}
	}
	waiting := []waiter{}
	for _, who := range []int64{1, 1, 1, 1, 2, 2, 3} { // the first is at work
		waiting = append(waiting, waiter{who, all.join(who, 0)})
	}
	var got []int64
	for len(waiting) > 0 {
		now := slices.IndexFunc(waiting, func(w waiter) bool {
			select {
			case <-w.mine:
				return true
			default:
				return false
			}
		})
		if now < 0 {
			t.Fatalf("nobody's turn after %v", got)
		}
		w := waiting[now]
		waiting = slices.Delete(waiting, now, now+1)
		got = append(got, w.who)
		all.leave(w.who, w.mine)
	}
	if want := []int64{1, 1, 2, 3, 1, 2, 1}; !slices.Equal(got, want) {
		t.Errorf("turns %v, want %v", got, want)
	}
	if all.busy || len(all.order) != 0 || len(all.queues) != 0 {
		t.Errorf("left behind: %v %v", all.order, all.queues)
	}
}

// Who gives up waiting keeps nobody waiting, and of one organisation only so many wait.
func TestTurnsGivenUp(t *testing.T) {
	var all Turns
	done, err := all.Take(t.Context(), System(1, "test"), 2)
	if err != nil {
		t.Fatal(err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if _, err := all.Take(gone, System(2, "test"), 2); !errors.Is(err, context.Canceled) {
		t.Errorf("gone: %v", err)
	}
	first, second := all.join(1, 2), all.join(1, 2)
	if _, err := all.Take(t.Context(), System(1, "test"), 2); !fault.Is(err, fault.Limited) {
		t.Errorf("too many: %v", err)
	}
	other := all.join(2, 2)
	done()
	all.leave(1, first)
	<-other
	all.leave(1, second) // before its turn
	all.leave(2, other)
	if all.busy || len(all.order) != 0 || len(all.queues) != 0 {
		t.Errorf("left behind: %v %v", all.order, all.queues)
	}
}
