package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kenshu/storage/db"
)

// daySizes are what a day is played with.
type daySizes struct {
	organisations []int         // seeds, the smallest first; the day itself is played in the last
	alone         int           // turns in which every operation is asked alone
	share         int           // of operation.alone that is asked in a turn, in percent
	beside        time.Duration // how long product and bare handler are asked in each of three turns
	warm, play    time.Duration // of the mix
	inFlight      []int         // the last is the aim's
	growth, floor crowdSize
	day           crowdSize
}

// bigDay is what `make bench-day` plays.
var bigDay = daySizes{
	organisations: []int{10, 100, 1_000, 10_000}, alone: 4, share: 100, beside: time.Second, warm: 4 * time.Second, play: 20 * time.Second, inFlight: []int{1, 4, 16, 50, 200},
	growth: crowdSize{0, 800, 40, 10}, floor: crowdSize{800, 200, 20, 5}, day: crowdSize{1000, 4500, 450, 50},
}

// smallDay is to see that everything runs.
var smallDay = daySizes{
	organisations: []int{3, 10}, alone: 1, share: 5, beside: 20 * time.Millisecond, warm: 0, play: time.Second, inFlight: []int{4},
	growth: crowdSize{0, 100, 10, 2}, floor: crowdSize{100, 20, 4, 2}, day: crowdSize{120, 100, 10, 2},
}

// daySeed makes the order of operations and the moments of arrival the same every time.
const daySeed = 20261122

// spent is what a request cost.
type spent struct {
	requests   int
	product    time.Duration // of processor time
	database   time.Duration // in the database server
	statements int64
	bytes      int64 // sent to the browser
	allocated  uint64
}

func (s *spent) add(t spent) {
	s.requests, s.product, s.database, s.statements = s.requests+t.requests, s.product+t.product, s.database+t.database, s.statements+t.statements
	s.bytes, s.allocated = s.bytes+t.bytes, s.allocated+t.allocated
}

// cpu is milliseconds of processor time a request, product and database together.
func (s spent) cpu() float64 { return ms(s.product+s.database) / float64(s.requests) }

// queries is statements a request.
func (s spent) queries() float64 { return float64(s.statements) / float64(s.requests) }

// dayFigures are those of one engine.
type dayFigures struct {
	engine   db.Engine
	sizes    daySizes
	rooms    []seedFigures
	sessions [3]int    // learners, managers, editors of the day
	alone    [][]spent // of every operation, in every seed
	beside   []pair
	mixes    []mixFigures // closed, by requests in flight
	arriving mixFigures   // at a rate
	rate     float64
	load     [2]string // load average before and after
	at       time.Time
}

type seedFigures struct {
	organisations, people int
	rows                  map[string]int64
	sown                  time.Duration
}

// pair is one operation of the product beside the bare handler; zero where it cannot be played back.
type pair struct{ product, bare float64 } // requests a second

type mixFigures struct {
	inFlight        int
	played          played
	spent           spent
	productMB, dbMB float64 // resident memory, the most that was seen
}

// measureDay plays a day on several sizes of database.
func measureDay(ctx context.Context, engine db.Engine, sizes daySizes) (*dayFigures, error) {
	f := &dayFigures{engine: engine, sizes: sizes, at: time.Now().UTC(), load: [2]string{loadAverage(), ""}}
	var rooms []*dayRoom
	defer func() {
		for _, r := range rooms {
			r.close()
		}
	}()
	var crowds []*crowd
	for _, n := range sizes.organisations {
		r, err := newDayRoom(ctx, engine, n)
		if err != nil {
			return nil, fmt.Errorf("%d organisations: %w", n, err)
		}
		rooms = append(rooms, r)
		c, err := r.newCrowd(ctx, sizes.growth)
		if err != nil {
			return nil, err
		}
		crowds = append(crowds, c)
		seed, err := r.figures(ctx)
		if err != nil {
			return nil, err
		}
		f.rooms = append(f.rooms, seed)
		fmt.Printf("%s: %d organisations, %d people after %v\n", engine, n, seed.people, r.sown.Round(time.Second))
	}
	err := withPlayer(ctx, crowds, func(d *player) error { return f.growth(d, rooms) })
	if err != nil {
		return nil, err
	}
	large := rooms[len(rooms)-1]
	beside, err := large.newCrowd(ctx, sizes.floor)
	if err != nil {
		return nil, err
	}
	all, err := large.newCrowd(ctx, sizes.day)
	if err != nil {
		return nil, err
	}
	f.sessions = all.sessions()
	err = withPlayer(ctx, []*crowd{beside, all}, func(d *player) error { return errors.Join(f.besides(d, large, 0, beside), f.day(d, large, 1)) })
	f.load[1] = loadAverage()
	return f, err
}

// figures counts what the seed holds.
func (d *dayRoom) figures(ctx context.Context) (seedFigures, error) {
	s := seedFigures{d.organisations, d.estate.people, map[string]int64{}, d.sown}
	for _, table := range []string{"enrolment", "progress", "attempt"} {
		var n int64
		if err := d.DB.QueryRow(ctx, "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil {
			return s, err
		}
		s.rows[table] = n
	}
	return s, nil
}

// growth asks every operation alone, the seeds in turn. The first turn warms up and does not count.
func (f *dayFigures) growth(d *player, rooms []*dayRoom) error {
	f.alone = make([][]spent, len(dayMix))
	for op := range dayMix {
		f.alone[op] = make([]spent, len(rooms))
	}
	for turn := range f.sizes.alone + 1 {
		for op := range dayMix {
			count := max(1, dayMix[op].alone*f.sizes.share/100)
			for i, r := range rooms {
				got, cost, err := d.measure(r, stretch{Crowd: i, Only: op, InFlight: 2, Count: count, Seed: daySeed})
				if err != nil {
					return err
				}
				if n, first := got.failed(); n > 0 {
					return fmt.Errorf("%d requests failed: %s", n, first)
				}
				if turn > 0 {
					f.alone[op][i].add(cost)
				}
			}
		}
	}
	for op := range dayMix {
		first, last := f.alone[op][0], f.alone[op][len(rooms)-1]
		fmt.Printf("%-26s %-6s %6.2f → %6.2f ms of processor time (×%.2f), %.1f → %.1f statements\n", dayMix[op].name, f.engine, first.cpu(), last.cpu(), last.cpu()/first.cpu(), first.queries(), last.queries())
	}
	return nil
}

// besides asks product and bare handler in turn.
func (f *dayFigures) besides(d *player, large *dayRoom, at int, c *crowd) error {
	f.beside = make([]pair, len(dayMix))
	pool, err := large.plainPool()
	if err != nil {
		return err
	}
	pool.SetMaxIdleConns(8)
	b := &bareDay{face: large.face, pool: pool, scripts: map[[2]int]*script{}}
	address, stop, err := listen(b)
	if err != nil {
		return err
	}
	defer stop()
	for op := range dayMix {
		if !dayMix[op].fixed {
			continue
		}
		if err := b.record(c, op); err != nil {
			return fmt.Errorf("%s: %w", dayMix[op].name, err)
		}
		var n [2]int
		var took [2]time.Duration
		for turn := range 4 {
			for side, to := range []string{"", address} {
				b.seq.Store(time.Now().UnixMicro())
				got, err := d.play(stretch{Crowd: at, Only: op, InFlight: 8, For: f.sizes.beside, Seed: daySeed, Bare: to})
				if err != nil {
					return err
				}
				if n, first := got.failed(); n > 0 {
					return fmt.Errorf("%d requests failed: %s", n, first)
				}
				if turn > 0 { // the first warms up
					n[side], took[side] = n[side]+got.requests(), took[side]+got.Spent
				}
			}
		}
		f.beside[op] = pair{float64(n[0]) / took[0].Seconds(), float64(n[1]) / took[1].Seconds()}
		fmt.Printf("%-26s %-6s %8.0f/s, bare %8.0f/s: %.0f %%\n", dayMix[op].name, f.engine, f.beside[op].product, f.beside[op].bare, 100*f.beside[op].product/f.beside[op].bare)
	}
	return nil
}

// day plays the mix, and at last at half the rate that it reached.
func (f *dayFigures) day(d *player, large *dayRoom, at int) error {
	if f.sizes.warm > 0 {
		if _, err := d.play(stretch{Crowd: at, Only: -1, InFlight: 50, For: f.sizes.warm, Seed: daySeed - 1}); err != nil {
			return err
		}
	}
	one := func(s stretch) (mixFigures, error) {
		s.Crowd, s.Only, s.For, s.Seed = at, -1, f.sizes.play, daySeed
		m := mixFigures{inFlight: s.InFlight}
		watch := large.watchMemory()
		var err error
		m.played, m.spent, err = d.measure(large, s)
		m.productMB, m.dbMB = watch()
		n, first := m.played.failed()
		fmt.Printf("%s: %d in flight, %.0f requests/s at a rate of %.0f, %d failed %s\n", f.engine, s.InFlight, float64(m.played.requests())/m.played.Spent.Seconds(), s.Rate, n, first)
		return m, err
	}
	for _, n := range f.sizes.inFlight {
		m, err := one(stretch{InFlight: n})
		if err != nil {
			return err
		}
		f.mixes = append(f.mixes, m)
	}
	best := 0.0
	for _, m := range f.mixes {
		best = max(best, float64(m.played.requests())/m.played.Spent.Seconds())
	}
	f.rate = max(10, float64(int(best/2/10)*10))
	var err error
	f.arriving, err = one(stretch{InFlight: f.sizes.inFlight[len(f.sizes.inFlight)-1], Rate: f.rate})
	return err
}
