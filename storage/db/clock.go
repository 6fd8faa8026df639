package db

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

const (
	clockFollow   = 10 * time.Second       // how often the clocks are compared
	clockTolerant = time.Second            // a difference that counts as none: what it takes to ask can be as much
	clockPatience = 500 * time.Millisecond // an answer that took longer says nothing
	clockBound    = time.Hour              // a greater difference is nobody's drift: some clock is wrong
)

// ErrClocksApart means that this machine and the database tell times more than an hour apart.
var ErrClocksApart = errors.New("the clocks are too far apart, set the wrong one right")

// idLead is how far the machine's clock is ahead of the database's, in milliseconds, for NewID.
var idLead atomic.Int64

const sqlDatabaseTime = `SELECT CAST(UNIX_TIMESTAMP(SYSDATE(6)) * 1000000 AS SIGNED)`

// Clock tells the time by the database's clock: replicas whose machines disagree agree about what is due, whose lease has run out and what came first. SQLite
// has one machine, whose clock it is.
//
// The database's clock is not followed everywhere: a year ahead, it would end every session, password and grace at once. Where the clocks are more than an hour apart nobody
// starts; where that comes about later, the database is believed unless both the machine's clock and the time that went by since it was asked last speak against it.
type Clock struct {
	db      *DB
	machine func() time.Time
	lead    atomic.Int64 // nanoseconds by which the machine is ahead
	strayed atomic.Int64 // nanoseconds by which the database is ahead of what is believed

	mu   sync.Mutex
	last reading // what was believed
}

// reading is one comparison of the clocks.
type reading struct {
	told    time.Time     // by the database
	machine time.Time     // what this machine took for the time then
	at      time.Time     // when it was, for what goes by until the next
	took    time.Duration // the answer
}

func (r reading) lead() time.Duration { return r.machine.Sub(r.told) }

// NewClock compares the clocks once. machine tells the time of this machine. It returns fault.Unavailable when the database does not answer, and ErrClocksApart with both times
// when they are more than an hour apart.
func (d *DB) NewClock(ctx context.Context, machine func() time.Time) (*Clock, error) {
	c := &Clock{db: d, machine: machine}
	for try := 1; ; try++ {
		r, err := c.compare(ctx)
		if err != nil {
			return nil, fmt.Errorf("ask the database for the time: %w", err)
		}
		if r.took > clockPatience && try < 5 {
			continue
		}
		if r.lead().Abs() > clockBound {
			return nil, fmt.Errorf("%w: this machine says %s, the database %s", ErrClocksApart, r.machine.UTC().Format(time.RFC3339), r.told.UTC().Format(time.RFC3339))
		}
		c.last = r
		c.set(r.lead())
		return c, nil
	}
}

// Now is the time.
func (c *Clock) Now() time.Time { return c.machine().Add(-c.Lead()) }

// Lead is how far this machine's clock is ahead of the database's; a second counts as nothing.
func (c *Clock) Lead() time.Duration { return time.Duration(c.lead.Load()) }

// Strayed is how far the database's clock is ahead of the time that counts because it is not believed; 0 while it is.
func (c *Clock) Strayed() time.Duration { return time.Duration(c.strayed.Load()) }

// Follow compares the clocks again and again until ctx ends, so that a machine whose clock is set meanwhile does no harm for longer than ten seconds.
func (c *Clock) Follow(ctx context.Context, log *slog.Logger) {
	if c.db.engine == SQLite {
		return
	}
	tick := time.NewTicker(clockFollow)
	defer tick.Stop()
	for said, strayed := time.Duration(0), false; ; {
		if lead := c.Lead(); lead != said {
			log.Warn("the clock of this machine is not the database's, which counts", "ahead", lead.String())
			said = lead
		}
		if now := c.Strayed() != 0; now != strayed {
			if strayed = now; now {
				log.Error("the database's clock jumped and is not believed; set it right before anything is started again", "ahead", c.Strayed().String())
			} else {
				log.Warn("the database's clock is right again")
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if r, err := c.compare(ctx); err == nil && r.took <= clockPatience {
			c.take(r)
		}
	}
}

// take follows what was read. Of three who tell the time two decide: the database, the machine, and what went by since.
func (c *Clock) take(r reading) {
	c.mu.Lock()
	defer c.mu.Unlock()
	told := r.told
	expected := c.last.told.Add(r.at.Sub(c.last.at))
	if r.lead().Abs() > clockBound && told.Sub(expected).Abs() > clockBound {
		r.told = expected
	}
	c.strayed.Store(int64(told.Sub(r.told)))
	c.last = r
	c.set(r.lead())
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

// compare asks the database, and takes its answer for the middle of the time it took.
func (c *Clock) compare(ctx context.Context) (reading, error) {
	began, before := time.Now(), c.machine()
	if c.db.engine == SQLite {
		return reading{told: before, machine: before, at: began}, nil
	}
	var micros int64
	if err := c.db.QueryRow(ctx, sqlDatabaseTime).Scan(&micros); err != nil {
		return reading{}, One(err)
	}
	took := time.Since(began)
	return reading{told: time.UnixMicro(micros), machine: before.Add(took / 2), at: began.Add(took / 2), took: took}, nil
}
