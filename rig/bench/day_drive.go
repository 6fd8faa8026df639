package main

import (
	"bufio"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// stretch is a piece of the day for the driver to play. It ends after so many requests or so much time, whichever is set.
type stretch struct {
	Crowd    int
	Only     int     // the one operation of dayMix to ask; -1: the whole mix
	InFlight int     // connections, each with one request at a time
	Rate     float64 // requests a second that come whether earlier ones are answered or not; 0: each connection asks when it has its answer
	Count    int
	For      time.Duration
	Seed     uint64
	Bare     string // address of the bare handler to ask instead; "" is the product
}

// did is what came of one operation in a stretch.
type did struct {
	Times  []uint32 // microseconds until the answer was there; at a rate counted from when the request was due
	Bytes  int64    // of the answers, with their heads
	Failed int
	First  string // of the failures
}

// played is what came of a stretch: of every operation of dayMix.
type played struct {
	Ops   []did
	Spent time.Duration
	Late  int    // requests that were due and could not be sent before the end
	Error string // why it broke off
}

// requests counts what was answered as it should be.
func (p played) requests() (n int) {
	for _, d := range p.Ops {
		n += len(d.Times)
	}
	return n
}

func (p played) failed() (n int, first string) {
	for i, d := range p.Ops {
		if d.Failed > 0 && first == "" {
			first = dayMix[i].name + ": " + d.First
		}
		n += d.Failed
	}
	return n, first
}

// drive is the driver's side: it reads crowds, then stretches, and answers each. It runs in a process of its own, so that the load's processor time is not the product's.
func drive(in io.Reader, out io.Writer) error {
	from, to := gob.NewDecoder(in), gob.NewEncoder(out)
	var crowds []*crowd
	if err := from.Decode(&crowds); err != nil {
		return err
	}
	stages := make([]*stage, len(crowds))
	for i, c := range crowds {
		stages[i] = newStage(c)
	}
	for {
		var s stretch
		if err := from.Decode(&s); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if err := to.Encode(stages[s.Crowd].play(s)); err != nil {
			return err
		}
	}
}

// stage is a crowd with everybody in a lane.
type stage struct {
	crowd   *crowd
	mu      sync.Mutex
	moved   *sync.Cond
	lanes   [lanes][]*actor
	waiting int
	playing int
	random  *rand.Rand
	deck    []int
	only    int
}

func newStage(c *crowd) *stage {
	s := &stage{crowd: c}
	s.moved = sync.NewCond(&s.mu)
	for i, a := range c.Actors {
		a.at = i
		s.lanes[a.Lane] = append(s.lanes[a.Lane], a)
	}
	return s
}

// deal gives the next operation. A thousand cards are the mix exactly; they are shuffled by the seed alone.
func (s *stage) deal() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.only >= 0 {
		return s.only
	}
	if len(s.deck) == 0 {
		for i, op := range dayMix {
			s.deck = append(s.deck, slices.Repeat([]int{i}, op.share)...)
		}
		s.random.Shuffle(len(s.deck), func(i, j int) { s.deck[i], s.deck[j] = s.deck[j], s.deck[i] })
	}
	next := s.deck[len(s.deck)-1]
	s.deck = s.deck[:len(s.deck)-1]
	return next
}

// take waits for somebody in one of the lanes. When everybody waits nobody will come.
func (s *stage) take(from []lane) (*actor, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		for _, l := range from {
			if len(s.lanes[l]) > 0 {
				a := s.lanes[l][0]
				s.lanes[l] = s.lanes[l][1:]
				return a, nil
			}
		}
		if s.waiting+1 >= s.playing {
			return nil, fmt.Errorf("nobody is left in the lanes %v", from)
		}
		s.waiting++
		s.moved.Wait()
		s.waiting--
	}
}

func (s *stage) put(a *actor, to lane) {
	s.mu.Lock()
	s.lanes[to] = append(s.lanes[to], a)
	s.mu.Unlock()
	s.moved.Broadcast()
}

func (s *stage) play(x stretch) played {
	s.random, s.deck, s.only = rand.New(rand.NewPCG(x.Seed, 1)), nil, x.Only
	s.playing, s.waiting = x.InFlight, 0
	out := played{Ops: make([]did, len(dayMix))}
	began := time.Now()
	due := schedule(x, began)
	var mu sync.Mutex
	var group sync.WaitGroup
	for range x.InFlight {
		group.Go(func() {
			w := &hand{stage: s, ops: make([]did, len(dayMix)), bare: x.Bare}
			err := w.work(due)
			s.mu.Lock()
			s.playing--
			s.mu.Unlock()
			s.moved.Broadcast()
			mu.Lock()
			defer mu.Unlock()
			if err != nil && out.Error == "" {
				out.Error = err.Error()
			}
			for i, d := range w.ops {
				all := &out.Ops[i]
				all.Times, all.Bytes, all.Failed = append(all.Times, d.Times...), all.Bytes+d.Bytes, all.Failed+d.Failed
				if all.First == "" {
					all.First = d.First
				}
			}
		})
	}
	group.Wait()
	out.Spent = time.Since(began)
	for range due {
		out.Late++
	}
	return out
}

// schedule gives the moments at which requests are due until the stretch ends. Without a rate they are due at once.
func schedule(x stretch, began time.Time) <-chan time.Time {
	if x.Rate > 0 {
		n := x.Count
		if n == 0 {
			n = int(x.Rate * x.For.Seconds())
		}
		due := make(chan time.Time, n)
		random, at := rand.New(rand.NewPCG(x.Seed, 2)), began
		for range n {
			at = at.Add(time.Duration(random.ExpFloat64() / x.Rate * float64(time.Second)))
			due <- at
		}
		close(due)
		return due
	}
	if x.Count > 0 {
		due := make(chan time.Time, x.Count)
		for range x.Count {
			due <- time.Time{}
		}
		close(due)
		return due
	}
	due := make(chan time.Time)
	go func() {
		defer close(due)
		due <- time.Time{} // one at least, however long it took to connect
		for end := began.Add(x.For); time.Now().Before(end); {
			due <- time.Time{}
		}
	}()
	return due
}

// hand is one connection.
type hand struct {
	stage *stage
	ops   []did
	bare  string
	conn  counted
	in    *bufio.Reader
	buf   []byte
}

// counted counts what is read from a connection.
type counted struct {
	net.Conn
	n int64
}

// Read reads and counts.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.n += int64(n)
	return n, err
}

func (h *hand) work(due <-chan time.Time) (err error) {
	address := h.stage.crowd.Address
	if h.bare != "" {
		address = h.bare
	}
	if h.conn.Conn, err = net.Dial("tcp", address); err != nil {
		return err
	}
	defer h.conn.Close()
	h.in = bufio.NewReaderSize(&h.conn, 64<<10)
	for at := range due {
		if wait := time.Until(at); !at.IsZero() && wait > 0 {
			time.Sleep(wait)
		}
		if err := h.one(h.stage.deal(), at); err != nil {
			for range due { // somebody must take what is still due
			}
			return err
		}
	}
	return nil
}

// one does one operation. An answer that is no success is counted; a connection that breaks ends the stretch.
func (h *hand) one(n int, due time.Time) error {
	op, d := &dayMix[n], &h.ops[n]
	a, err := h.stage.take(op.from)
	if err != nil {
		return fmt.Errorf("%s: %w", op.name, err)
	}
	to := a.Lane
	defer func() { h.stage.put(a, to) }()
	x, want := op.ask(h.stage.crowd, a), 0
	if op.took == nil {
		want = 200 // the body need not be kept
	}
	path := "/api/v1" + x.path
	if h.bare != "" {
		path = "/" + strconv.Itoa(n) + "/" + strconv.Itoa(a.at)
	}
	h.buf = request(h.buf[:0], x.method, path, a.Token, x.body)
	before, started := h.conn.n, time.Now()
	if due.IsZero() {
		due = started
	}
	if _, err := h.conn.Write(h.buf); err != nil {
		return err
	}
	status, body, err := answer(h.in, want)
	if err != nil {
		return fmt.Errorf("%s: %w", op.name, err)
	}
	took := time.Since(due)
	d.Bytes += h.conn.n - before
	if status >= 300 {
		err = fmt.Errorf("answered %d: %.300s", status, body)
	} else if op.took != nil && h.bare == "" {
		err = op.took(a, body)
	}
	if err != nil {
		d.Failed++
		if d.First == "" {
			d.First = err.Error()
		}
		return nil
	}
	d.Times = append(d.Times, uint32(took.Microseconds()))
	if h.bare == "" {
		to = op.to
		a.Lane = to
	}
	return nil
}
