package db

import (
	"testing"
	"time"
)

// A clock that jumps by more than an hour is not believed against the two others; what two of three say counts.
func TestClockThatJumps(t *testing.T) {
	start := time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
	const year = 365 * 24 * time.Hour
	for name, c := range map[string]struct {
		database, machine, passed time.Duration // since the start
		counts                    time.Duration
	}{
		"all go on":                           {10 * time.Second, 10 * time.Second, 10 * time.Second, 10 * time.Second},
		"the database is set by some minutes": {10 * time.Minute, 10 * time.Second, 10 * time.Second, 10 * time.Minute},
		"the database jumps a year ahead":     {year, 10 * time.Second, 10 * time.Second, 10 * time.Second},
		"the database falls a year back":      {-year, 10 * time.Second, 10 * time.Second, 10 * time.Second},
		"the machine jumps a year ahead":      {10 * time.Second, year, 10 * time.Second, 10 * time.Second},
		"the machine slept for a day":         {24 * time.Hour, 24 * time.Hour, 10 * time.Second, 24 * time.Hour},
		"the database did not answer a day":   {24 * time.Hour, 24 * time.Hour, 24 * time.Hour, 24 * time.Hour},
		"both jump, apart from one another":   {year, -year, 10 * time.Second, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			defer idLead.Store(idLead.Load())
			clock := &Clock{machine: func() time.Time { return start.Add(c.machine) }, last: reading{told: start, machine: start, at: start}}
			clock.take(reading{told: start.Add(c.database), machine: start.Add(c.machine), at: start.Add(c.passed)})
			if got := clock.Now().Sub(start); got != c.counts {
				t.Errorf("%s counts as gone by, want %s", got, c.counts)
			}
			if got := clock.Strayed(); got != c.database-c.counts {
				t.Errorf("the database strayed by %s", got)
			}
			// Right again, it is followed again.
			clock.machine = func() time.Time { return start.Add(time.Minute) }
			clock.take(reading{told: start.Add(time.Minute), machine: start.Add(time.Minute), at: start.Add(time.Minute)})
			if got := clock.Now().Sub(start); got != time.Minute || clock.Strayed() != 0 {
				t.Errorf("%s after the clocks were set, strayed by %s", got, clock.Strayed())
			}
		})
	}
}
