package main

import (
	"os"
	"strings"
	"testing"

	"kenshu/rig/servers"
	"kenshu/storage/db"
)

func TestMain(m *testing.M) {
	if driven(os.Stdin, os.Stdout) {
		return
	}
	code := m.Run()
	servers.Stop()
	os.Exit(code)
}

// A thousand requests of the day are learners 900, managers 90, editors 10, and everybody who moves to another lane is met by somebody who moves on.
func TestDayMix(t *testing.T) {
	by, into, out := map[string]int{}, [lanes]int{}, [lanes]int{}
	for _, op := range dayMix {
		switch op.from[len(op.from)-1] {
		case managing:
			by["managers"] += op.share
		case editing:
			by["editors"] += op.share
		default:
			by["learners"] += op.share
		}
		if last := op.from[len(op.from)-1]; last != op.to {
			into[op.to] += op.share
			out[last] += op.share
		}
	}
	if by["learners"] != 900 || by["managers"] != 90 || by["editors"] != 10 {
		t.Errorf("the shares are %v", by)
	}
	for _, l := range []lane{ready, quizzing} {
		if into[l] != out[l] || into[l] == 0 {
			t.Errorf("of a thousand requests %d bring somebody into lane %d and %d take somebody out", into[l], l, out[l])
		}
	}
}

// The driver, in a process of its own, plays the mix exactly as it is, in an order that the seed alone decides, and every operation succeeds on both engines:
// alone, beside the bare handler, with requests in flight and at a rate.
func TestDay(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.MySQL} {
		t.Run(string(engine), func(t *testing.T) {
			r, err := newDayRoom(t.Context(), engine, 10)
			if err != nil {
				t.Fatal(err)
			}
			defer r.close()
			c, err := r.newCrowd(t.Context(), crowdSize{0, 200, 20, 4})
			if err != nil {
				t.Fatal(err)
			}
			if got := c.sessions(); got != [3]int{200, 20, 4} {
				t.Errorf("sessions: %v", got)
			}
			beside, err := r.newCrowd(t.Context(), crowdSize{200, 20, 2, 1})
			if err != nil {
				t.Fatal(err)
			}
			d, err := newPlayer(t.Context(), []*crowd{c, beside})
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range []stretch{{Only: -1, InFlight: 8, Count: 1000, Seed: 1}, {Only: -1, InFlight: 8, Count: 1000, Seed: 2, Rate: 2000}} {
				got, cost, err := d.measure(r, s)
				if err != nil {
					t.Fatal(err)
				}
				for i, op := range dayMix {
					if did := got.Ops[i]; len(did.Times) != op.share || did.Failed > 0 {
						t.Errorf("%s: %d of %d, %d failed: %s", op.name, len(did.Times), op.share, did.Failed, did.First)
					}
				}
				if cost.requests != 1000 || cost.statements < 1000 || cost.bytes < 100_000 || cost.product == 0 {
					t.Errorf("a thousand requests cost %+v", cost)
				}
			}
			f := dayFigures{engine: engine, sizes: smallDay}
			if err := f.growth(d, []*dayRoom{r}); err != nil {
				t.Error(err)
			}
			if err := f.besides(d, r, 1, beside); err != nil {
				t.Error(err)
			}
			for i, op := range dayMix {
				if op.fixed && (f.beside[i].product == 0 || f.beside[i].bare == 0) {
					t.Errorf("%s was not compared: %+v", op.name, f.beside[i])
				}
			}
			if err := d.close(); err != nil {
				t.Error(err)
			}
		})
	}
}

// An answer that is no success is counted and shown, and who is asked too much of ends the stretch instead of standing still.
func TestDriverTellsFailures(t *testing.T) {
	r, err := newDayRoom(t.Context(), db.SQLite, 3)
	if err != nil {
		t.Fatal(err)
	}
	defer r.close()
	c, err := r.newCrowd(t.Context(), crowdSize{0, 20, 1, 0})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range c.Actors {
		a.Token = "nobody" + a.Token
	}
	d, err := newPlayer(t.Context(), []*crowd{c})
	if err != nil {
		t.Fatal(err)
	}
	got, err := d.play(stretch{Only: 0, InFlight: 2, Count: 10})
	if err != nil {
		t.Fatal(err)
	}
	if n, first := got.failed(); n != 10 || got.requests() != 0 || !strings.Contains(first, "answered 401") {
		t.Errorf("%d failed, %d succeeded: %s", n, got.requests(), first)
	}
	if _, err := d.play(stretch{Only: len(dayMix) - 1, InFlight: 3, Count: 10}); err == nil || !strings.Contains(err.Error(), "nobody is left") {
		t.Errorf("without an editor the bank's stretch ends with %v", err)
	}
	if err := d.close(); err != nil {
		t.Error(err)
	}
}
