package db

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"
)

const (
	clockFollow   = 10 * time.Second       // how often the clocks are compared
	clockTolerant = time.Second            // a difference that counts as none: what it takes to ask can be as much
	clockPatience = 500 * time.Millisecond // an answer that took longer says nothing
)

// idLead is how far the machine's clock is ahead of the database's, in milliseconds, for NewID.
var idLead atomic.Int64

const sqlDatabaseTime = `SELECT CAST(UNIX_TIMESTAMP(SYSDATE(6)) * 1000000 AS SIGNED)`

// Clock tells the time by the database's clock: replicas whose machines disagree agree about what is due, whose lease has run out and what came first. SQLite
// has one machine, whose clock it is.
type Clock struct {
	db      *DB
	machine func() time.Time
	lead    atomic.Int64 // nanoseconds by which the machine is ahead
}

// NewClock compares the clocks once. machine tells the time of this machine. It returns fault.Unavailable when the database does not answer.
func (d *DB) NewClock(ctx context.Context, machine func() time.Time) (*Clock, error) {
	c := &Clock{db: d, machine: machine}
	for try := 1; ; try++ {
		lead, took, err := c.compare(ctx)
		if err != nil {
			return nil, fmt.Errorf("ask the database for the time: %w", err)
		}
		if took <= clockPatience || try == 5 {
			c.set(lead)
			return c, nil
		}
	}
}

// Now is the time.
func (c *Clock) Now() time.Time { return c.machine().Add(-c.Lead()) }

// Lead is how far this machine's clock is ahead of the database's; a second counts as nothing.
func (c *Clock) Lead() time.Duration { return time.Duration(c.lead.Load()) }

// Follow compares the clocks again and again until ctx ends, so that a machine whose clock is set meanwhile does no harm for longer than ten seconds.
func (c *Clock) Follow(ctx context.Context, log *slog.Logger) {
	if c.db.engine == SQLite {
		return
	}
	tick := time.NewTicker(clockFollow)
	defer tick.Stop()
	for said := time.Duration(0); ; {
		if lead := c.Lead(); lead != said {
			log.Warn("the clock of this machine is not the database's, which counts", "ahead", lead.String())
			said = lead
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if lead, took, err := c.compare(ctx); err == nil && took <= clockPatience {
			c.set(lead)
		}
	}
}

func (c *Clock) set(lead time.Duration) {
	switch {
	case lead.Abs() <= clockTolerant:
		lead = 0
	case (lead - c.Lead()).Abs() <= clockTolerant:
		return
	}
	c.lead.Store(int64(lead))
	idLead.Store(lead.Milliseconds())
}

// compare tells by how much the machine is ahead, taking the database's answer for the middle of the time it took.
func (c *Clock) compare(ctx context.Context) (lead, took time.Duration, err error) {
	if c.db.engine == SQLite {
		return 0, 0, nil
	}
	began, before := time.Now(), c.machine()
	var micros int64
	if err := c.db.QueryRow(ctx, sqlDatabaseTime).Scan(&micros); err != nil {
		return 0, 0, One(err)
	}
	took = time.Since(began)
	return before.Add(took / 2).Sub(time.UnixMicro(micros)), took, nil
}
