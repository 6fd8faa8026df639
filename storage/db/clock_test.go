package db_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"kenshu/rig/servers"
	"kenshu/storage/db"
)

// A machine whose clock is wrong tells the time by the database's; what it makes is ordered by that time as well.
func TestClockIsTheDatabases(t *testing.T) {
	d, err := db.Open(t.Context(), db.Config{URL: servers.MariaDB(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	defer func() { // ids of other tests
		if _, err := d.NewClock(t.Context(), time.Now); err != nil {
			t.Error(err)
		}
	}()
	for _, off := range []time.Duration{36 * time.Hour, -36 * time.Hour} {
		if _, err := d.NewClock(t.Context(), func() time.Time { return time.Now().Add(off) }); err == nil || !strings.Contains(err.Error(), "too far apart") {
			t.Errorf("clocks that are %s apart: %v", off, err)
		}
	}
	for _, off := range []time.Duration{0, 10 * time.Minute, -10 * time.Minute, 55 * time.Minute} {
		c, err := d.NewClock(t.Context(), func() time.Time { return time.Now().Add(off) })
		if err != nil {
			t.Fatal(err)
		}
		if got := time.Until(c.Now()).Abs(); got > time.Minute {
			t.Errorf("a machine that is off by %s is off by %s still", off, got)
		}
		if (off == 0) != (c.Lead() == 0) {
			t.Errorf("the lead of %s counts as %s", off, c.Lead())
		}
		// The rig's machine is right by itself: its ids move by as much as the clock was mended.
		seconds, nanos := uuid.UUID(db.NewID()).Time().UnixTime()
		if got := time.Since(time.Unix(seconds, nanos)) - off; got.Abs() > time.Minute {
			t.Errorf("an id made under a lead of %s is off by %s", off, got)
		}
	}
}

// The embedded mode has one machine: nothing is asked and nothing mended.
func TestClockOfTheEmbeddedMode(t *testing.T) {
	d, err := db.Open(t.Context(), db.Config{SQLitePath: t.TempDir() + "/k.db"})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	fixed := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
	c, err := d.NewClock(t.Context(), func() time.Time { return fixed })
	if err != nil || !c.Now().Equal(fixed) || c.Lead() != 0 {
		t.Errorf("%s, %s, %v", c.Now(), c.Lead(), err)
	}
}
