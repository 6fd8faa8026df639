package lms

import (
	"kenshu/fault"
	"kenshu/tenant"
)

// DueRule says from which day a person's due day counts.
type DueRule string

// The rules.
const (
	DueFixed    DueRule = "fixed"    // the round's deadline
	DueJoined   DueRule = "joined"   // so many days after joining the organisation
	DueAssigned DueRule = "assigned" // so many days after coming into the round
	DueTurn     DueRule = "turn"     // so many days after coming into the round, whatever its deadline is: of a round that gathers people as their turns come
)

// MaxDueDays is the most days a due day may be away.
const MaxDueDays = 730

// Due is when people of a round have to have finished.
type Due struct {
	Rule DueRule
	Days int // of all but DueFixed, 1 to MaxDueDays; otherwise 0
}

// relative tells whether people have days of their own by the rule.
func (d Due) relative() bool {
	return d.Rule == DueJoined || d.Rule == DueAssigned || d.Rule == DueTurn
}

// least is how many days somebody has at least.
func (d Due) least() int {
	if d.relative() {
		return min(d.Days, JoinerDays)
	}
	return JoinerDays
}

func (d Due) check(c *fault.Check) {
	switch d.Rule {
	case DueFixed:
		c.If(d.Days != 0, "due_days", "not_in_list")
	case DueJoined, DueAssigned, DueTurn:
		c.If(d.Days < 1, "due_days", "too_small", "min", 1)
		c.If(d.Days > MaxDueDays, "due_days", "too_big", "max", MaxDueDays)
	default:
		c.Add("due_rule", "not_in_list")
	}
}

// DueFacts are a person's own days (YYYY-MM-DD) from which their due day is worked out.
type DueFacts struct {
	First      bool   // came in when the round was made
	AssignedOn string // the day they came in
	JoinedOn   string // the organisation; empty when nobody wrote it down: the day they came in counts
	ExtendedOn string // the later day that the manager gave them; empty: none
}

// DueOn is a person's due day, and the only place where one is worked out.
//
// A fixed day is the deadline. A relative one counts from the person's own day, but not from before the round begins, and is not after the deadline.
// Everybody has JoinerDays at least (or the round's days, when those are fewer), who comes in late even when that is after the deadline. An extension
// only ever moves the day back.
func (r Round) DueOn(f DueFacts) string {
	begins := max(f.AssignedOn, r.StartsOn)
	if r.Due.Rule == DueTurn {
		return max(tenant.AddDays(begins, r.Due.Days), f.ExtendedOn)
	}
	due := r.DeadlineOn
	if r.Due.relative() {
		from := begins
		if r.Due.Rule == DueJoined && f.JoinedOn != "" {
			from = max(f.JoinedOn, r.StartsOn)
		}
		due = min(tenant.AddDays(from, r.Due.Days), r.DeadlineOn)
	}
	floor := tenant.AddDays(begins, r.Due.least())
	if f.First {
		floor = min(floor, r.DeadlineOn)
	}
	return max(due, floor, f.ExtendedOn)
}
