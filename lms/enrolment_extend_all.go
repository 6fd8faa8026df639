package lms

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// DueShift is how many people an extension moves from one day to another.
type DueShift struct {
	From, To string
	People   int
}

// ExtensionEffect is what an extension does to everybody whom a filter shows.
type ExtensionEffect struct {
	Shown  int        // whom the filter shows
	Moved  int        // whose day moves; the others are later already, or have nothing left to do
	Shifts []DueShift // of those who move, by the days
}

// count adds people who move.
func (e *ExtensionEffect) count(by map[DueShift]int, moves ...DueMove) {
	for _, m := range moves {
		if m.From != m.To {
			e.Moved++
			by[DueShift{From: m.From, To: m.To}]++
		}
	}
}

func (e *ExtensionEffect) shifts(by map[DueShift]int) {
	e.Shifts = make([]DueShift, 0, len(by))
	for shift, people := range by {
		shift.People = people
		e.Shifts = append(e.Shifts, shift)
	}
	slices.SortFunc(e.Shifts, func(a, b DueShift) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
}

// PreviewExtendAll tells what ExtendAll would do; the reason may still be missing. It returns fault.Invalid, fault.NotFound when there is no such round, and
// fault.Conflict "selection_too_large" beyond tenant.MaxChosen people.
func (s *Rounds) PreviewExtendAll(ctx context.Context, tid tenant.ID, f EnrolmentFilter, x Extension) (ExtensionEffect, error) {
	today := tenant.Today(s.clock)
	if err := x.forPreview().check(today); err != nil {
		return ExtensionEffect{}, err
	}
	var out ExtensionEffect
	err := s.db.Snapshot(ctx, func(r db.Runner) error {
		round, err := findRound(ctx, tid, r, f.Round)
		if err != nil {
			return err
		}
		out = ExtensionEffect{}
		by := map[DueShift]int{}
		err = eachDueRow(ctx, r, f.cond(tid, today), " LIMIT ?", func(d dueRow) {
			out.Shown++
			out.count(by, d.move(round, x.DueOn))
		}, tenant.MaxChosen+1)
		if err == nil && out.Shown > tenant.MaxChosen {
			err = fault.New(fault.Conflict, "selection_too_large", "max", tenant.MaxChosen)
		}
		out.shifts(by)
		return err
	})
	if err != nil {
		return ExtensionEffect{}, fmt.Errorf("preview extension: %w", err)
	}
	return out, nil
}

// ExtendAll is Extend for everybody whom a filter shows at this moment, some hundred people a transaction, so that nobody who is learning waits for the last of
// them. Should it break off, who was moved stays so, and the same again moves the others: nobody is moved twice. shown is how many the filter showed to
// whoever decided: when by now they are more than one in a hundred more or fewer, nothing happens and it returns fault.Conflict "selection_changed". It
// returns also what PreviewExtendAll does, and fault.Conflict "round_is_closed".
func (s *Rounds) ExtendAll(ctx context.Context, tid tenant.ID, f EnrolmentFilter, x Extension, shown int) (ExtensionEffect, error) {
	x, err := x.ready(tenant.Today(s.clock))
	if err != nil {
		return ExtensionEffect{}, err
	}
	round, err := s.Find(ctx, tid, f.Round)
	if err == nil && round.State != RoundOpen {
		err = fault.New(fault.Conflict, "round_is_closed")
	}
	if err != nil {
		return ExtensionEffect{}, err
	}
	ids, err := s.chosenBy(ctx, tid, f, shown)
	if err != nil {
		return ExtensionEffect{}, fmt.Errorf("extend all: %w", err)
	}
	out, by := ExtensionEffect{Shown: len(ids)}, map[DueShift]int{}
	for part := range slices.Chunk(ids, chunk) {
		var moved []DueMove
		err := s.db.Tx(ctx, func(tx *db.Tx) error {
			var err error
			moved, _, err = s.extend(ctx, tid, tx, f.Round, part, x)
			return err
		})
		if err != nil {
			return ExtensionEffect{}, fmt.Errorf("extend all: %w", err)
		}
		out.count(by, moved...)
	}
	out.shifts(by)
	return out, nil
}

// chosenBy gives the enrolments that a filter shows, when they are about as many as somebody saw.
func (s *Rounds) chosenBy(ctx context.Context, tid tenant.ID, f EnrolmentFilter, shown int) ([]db.ID, error) {
	cond := f.cond(tid, tenant.Today(s.clock))
	ids, err := db.Values[db.ID](ctx, s.db, sqlFilteredEnrolments+cond.SQL()+" LIMIT ?", cond.Args(tenant.MaxChosen+1)...)
	switch n := len(ids); {
	case err != nil:
		return nil, err
	case n > tenant.MaxChosen:
		return nil, fault.New(fault.Conflict, "selection_too_large", "max", tenant.MaxChosen)
	case 100*max(n-shown, shown-n) > shown:
		return nil, fault.New(fault.Conflict, "selection_changed", "count", n)
	}
	return ids, nil
}
