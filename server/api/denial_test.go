package api

import (
	"testing"
	"time"
)

// A flood of refusals is logged up to a bound; how many there were besides is said afterwards.
func TestDenialsAreBounded(t *testing.T) {
	var d denials
	now := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	said := 0
	for range 5 * denialsSaid {
		say, left := d.admit(now)
		if left != 0 {
			t.Fatalf("%d were left out before anything was", left)
		}
		if say {
			said++
		}
	}
	if said != denialsSaid {
		t.Errorf("%d were said", said)
	}
	if say, left := d.admit(now.Add(denialsFor)); !say || left != 4*denialsSaid {
		t.Errorf("afterwards: %v, %d left out", say, left)
	}
	if say, left := d.admit(now.Add(2 * denialsFor)); !say || left != 0 {
		t.Errorf("told twice: %v, %d left out", say, left)
	}
}
