package lms

import (
	"context"
	"fmt"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// RecurrenceProbe is a recurrence that is only tried: of a round, or of one that is still being made (Round zero, with its title and days).
type RecurrenceProbe struct {
	RecurrencePlan
	Round db.ID
	First Occurrence // of a round that is still being made
}

// RecurrencePreview is what a recurrence would do, as things stand now.
type RecurrencePreview struct {
	// Of RecurCalendar: the next rounds, the first of which may be due to be opened at once, and how many people the rules reach now.
	Next   []PlannedRound
	People int
	// Of RecurCompletion: how many people's turn comes, by month, and how many have not completed yet, so that nobody knows their turn.
	Months []TurnMonth
	Now    int // of them: at once
	Open   int
}

// PlannedRound is a turn that the calendar has.
type PlannedRound struct {
	Occurrence
	OpensOn string
}

// TurnMonth is how many people's turn comes in a month (YYYY-MM).
type TurnMonth struct {
	Month  string
	People int
}

// plannedRounds is how many of the next rounds a preview names.
const plannedRounds = 3

// PreviewRecurrence tells what a recurrence would do. Nothing is kept. It returns Invalid for wrong input and NotFound for a round that is not there.
func (s *Rounds) PreviewRecurrence(ctx context.Context, tid tenant.ID, p RecurrenceProbe) (RecurrencePreview, error) {
	var check fault.Check
	p.check(&check)
	if p.Round.IsZero() {
		check.If(!tenant.ValidDay(p.First.StartsOn), "starts_on", "bad_date")
		check.If(!tenant.ValidDay(p.First.DeadlineOn), "deadline_on", "bad_date")
	}
	if err := check.Err(); err != nil {
		return RecurrencePreview{}, err
	}
	var out RecurrencePreview
	err := s.db.Snapshot(ctx, func(r db.Runner) error {
		round := Round{Title: tenant.Tidy(p.First.Title), StartsOn: p.First.StartsOn, DeadlineOn: p.First.DeadlineOn}
		c := Recurrence{RecurrencePlan: p.RecurrencePlan}
		if !p.Round.IsZero() {
			var err error
			if round, err = findRound(ctx, tid, r, p.Round); err != nil {
				return err
			}
			if c, err = findRecurrence(ctx, tid, r, round); err != nil {
				return err
			}
		}
		var err error
		switch p.Kind {
		case RecurCalendar:
			out, err = s.previewCalendar(ctx, tid, r, round, c, p)
		case RecurCompletion:
			if !p.Round.IsZero() {
				out, err = s.previewTurns(ctx, tid, r, round, c, p)
			}
		}
		return err
	})
	if err != nil {
		return RecurrencePreview{}, fmt.Errorf("preview recurrence: %w", err)
	}
	return out, nil
}

func (s *Rounds) previewCalendar(ctx context.Context, tid tenant.ID, r db.Runner, last Round, c Recurrence, p RecurrenceProbe) (out RecurrencePreview, err error) {
	f, err := readFiscalYear(ctx, tid, r)
	if err != nil {
		return out, err
	}
	anew := !c.active() || c.Kind != p.Kind || c.Months != p.Months
	if !c.ID.IsZero() {
		if last, err = s.lastOfCalendar(ctx, tid, r, c); err != nil {
			return out, err
		}
	}
	c.RecurrencePlan = p.RecurrencePlan
	c.schedule(last, f, anew, tenant.Today(s.clock))
	for range plannedRounds {
		out.Next = append(out.Next, PlannedRound{c.Next, c.OpensOn})
		last.Title, last.StartsOn = c.Next.Title, c.Next.StartsOn
		c.step++
		c.schedule(last, f, false, "")
	}
	if last.ID.IsZero() {
		return out, nil
	}
	rules, err := s.lastingRules(ctx, tid, r, Recurrence{ID: c.beganWith(last), Last: last.ID})
	if fault.Is(err, fault.Invalid) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	e, err := s.plan(ctx, tid, r, db.ID{}, change{added: rules})
	out.People = e.Total()
	return out, err
}

// beganWith is the round with which the training began.
func (c *Recurrence) beganWith(last Round) db.ID {
	if c.ID.IsZero() {
		return last.ID
	}
	return c.ID
}

func (s *Rounds) previewTurns(ctx context.Context, tid tenant.ID, r db.Runner, round Round, c Recurrence, p RecurrenceProbe) (out RecurrencePreview, err error) {
	rules, err := s.lastingRules(ctx, tid, r, Recurrence{RecurrencePlan: p.RecurrencePlan, ID: c.beganWith(round), Last: round.ID})
	if fault.Is(err, fault.Invalid) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	first := round
	if began := c.beganWith(round); began != round.ID {
		if first, err = findRound(ctx, tid, r, began); err != nil {
			return out, err
		}
	}
	turns, open, err := s.turns(ctx, tid, r, first, rules, p.Months)
	if err != nil {
		return out, err
	}
	today := tenant.Today(s.clock)
	out.Open = open
	for _, t := range turns {
		if t.day <= today {
			out.Now++
		}
		if last := len(out.Months) - 1; last >= 0 && out.Months[last].Month == t.day[:7] {
			out.Months[last].People++
		} else {
			out.Months = append(out.Months, TurnMonth{t.day[:7], 1})
		}
	}
	return out, nil
}
