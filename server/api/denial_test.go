package api

import (
	"fmt"
	"testing"
	"time"
)

// A flood of refusals is logged up to a bound, hides nobody else's, and how many there were besides is said afterwards.
func TestDenialsAreBounded(t *testing.T) {
	var d denials
	now := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	flood := func(who string, times int) (said int) {
		t.Helper()
		for range times {
			say, left := d.admit(now, who)
			if left != 0 {
				t.Fatalf("%d were left out before anything was", left)
			}
			if say {
				said++
			}
		}
		return said
	}
	if said := flood("one", 5*denialsSaid); said != denialsSaid {
		t.Errorf("%d were said", said)
	}
	if said := flood("another", 3); said != 3 {
		t.Errorf("beside a flood %d of another's 3 were said", said)
	}
	if say, left := d.admit(now.Add(denialsFor), "one"); !say || left != 4*denialsSaid {
		t.Errorf("afterwards: %v, %d left out", say, left)
	}
	if say, left := d.admit(now.Add(2*denialsFor), "one"); !say || left != 0 {
		t.Errorf("told twice: %v, %d left out", say, left)
	}
	now = now.Add(3 * denialsFor)
	said := 0
	for i := range 2 * denialsAll {
		said += flood(fmt.Sprint("source ", i), 1)
	}
	if said != denialsAll || len(d.said) > denialsAll {
		t.Errorf("of many sources %d were said and %d are remembered", said, len(d.said))
	}
}
