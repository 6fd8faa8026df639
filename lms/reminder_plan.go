package lms

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kenshu/fault"
	"kenshu/tenant"
)

// ReminderPlan says on which days people are reminded of a round, and from which hour on. It is the organisation's, or one round's own.
type ReminderPlan struct {
	AtAssignment bool  `json:"at_assignment"`
	Days         []int `json:"days"` // relative to each person's due day: -7 is a week before, 0 the day itself, 3 three days late
	Hour         int   `json:"hour"` // of the association's clock: mails do not go out earlier in the day
	// WeekdaysOnly sends nothing on Saturdays and Sundays. What is about a deadline that still lies ahead goes out on the working day before, so that
	// nobody hears of it too late; everything else on the working day after.
	WeekdaysOnly bool `json:"weekdays_only"`
}

// DefaultReminders are the days unless an organisation chooses others.
var DefaultReminders = ReminderPlan{AtAssignment: true, Days: []int{-7, -1, 0, 3}, Hour: 8}

// Limits of reminders (domain.md section 4).
const (
	MaxReminders    = 5  // to one person about one round
	MaxReminderDays = 90 // before or after the due day
	ReminderGrace   = 2  // days that a reminder may be late when the server, or the mail server, stood still; later it is not sent at all
)

// ReminderKind is which words a reminder uses.
type ReminderKind string

// The kinds of reminder. Which one a mail is follows from the day on which it goes out, not from the day for which it was planned.
const (
	RemindAssigned ReminderKind = "assigned" // at assignment
	RemindBefore   ReminderKind = "before"   // before the due day
	RemindToday    ReminderKind = "today"    // on the due day
	RemindAfter    ReminderKind = "after"    // after the due day
)

// ReminderKinds lists the kinds in the order in which people get them.
var ReminderKinds = []ReminderKind{RemindAssigned, RemindBefore, RemindToday, RemindAfter}

const stepAssigned = "assigned"

// Slot is one reminder of one person: its name ("assigned", "due-7", "due+3"), which makes it one for ever, and the day on which it goes out.
type Slot struct {
	Step string
	Day  string
}

// Planned is how many days from the due day the plan has the slot (negative: before it); ok is false for the one at assignment. Where only working days
// count, it goes out on another day.
func (s Slot) Planned() (days int, ok bool) {
	days, err := strconv.Atoi(strings.TrimPrefix(s.Step, "due"))
	return days, err == nil
}

// Kind tells which words the slot uses when it goes out on the day today, for somebody whose due day is dueOn.
func (s Slot) Kind(dueOn, today string) ReminderKind {
	switch {
	case s.Step == stepAssigned:
		return RemindAssigned
	case today < dueOn:
		return RemindBefore
	case today == dueOn:
		return RemindToday
	}
	return RemindAfter
}

func (p ReminderPlan) check(c *fault.Check) {
	slots := len(p.Days)
	if p.AtAssignment {
		slots++
	}
	c.If(slots > MaxReminders, "days", "too_many", "max", MaxReminders)
	c.If(slices.ContainsFunc(p.Days, func(n int) bool { return n < -MaxReminderDays || n > MaxReminderDays }), "days", "reminder_day", "max", MaxReminderDays)
	c.If(p.Hour < 0 || p.Hour > 23, "hour", "not_in_list")
}

// tidy puts the days in order, each once.
func (p ReminderPlan) tidy() ReminderPlan {
	p.Days = slices.Compact(slices.Sorted(slices.Values(p.Days)))
	if p.Days == nil {
		p.Days = []int{}
	}
	return p
}

// Slots gives all reminders of somebody who came into a round on the day began and whose due day is dueOn, by day. Two never fall on one day: the
// later one stands. Who came in after a slot's day does not get it. It is the one rule by which mails are planned and previews are made.
func (p ReminderPlan) Slots(began, dueOn string) []Slot {
	var list []Slot
	if p.AtAssignment {
		list = append(list, Slot{stepAssigned, p.shift(began, 1)})
	}
	for _, n := range p.tidy().Days {
		day := tenant.AddDays(dueOn, n)
		if n <= 0 {
			day = p.shift(day, -1)
		} else {
			day = p.shift(day, 1)
		}
		if day <= began {
			continue
		}
		if last := len(list) - 1; last >= 0 && list[last].Day >= day {
			list = list[:last]
		}
		list = append(list, Slot{fmt.Sprintf("due%+d", n), day})
	}
	return list
}

// Due gives the slot that somebody should get today: the latest whose day has come, unless it has become too late for it.
func (p ReminderPlan) Due(began, dueOn, today string) (Slot, bool) {
	if p.shift(today, 1) != today {
		return Slot{}, false
	}
	list := p.Slots(began, dueOn)
	for _, slot := range slices.Backward(list) {
		if slot.Day <= today {
			return slot, today <= p.lastDay(slot)
		}
	}
	return Slot{}, false
}

// lastDay is the last day on which a slot may still go out.
func (p ReminderPlan) lastDay(s Slot) string { return p.shift(tenant.AddDays(s.Day, ReminderGrace), 1) }

// shift moves a day that is no working day by whole days in direction by, where only working days count.
func (p ReminderPlan) shift(day string, by int) string {
	for p.WeekdaysOnly && weekend(day) {
		day = tenant.AddDays(day, by)
	}
	return day
}

func weekend(day string) bool {
	t, err := time.Parse(time.DateOnly, day)
	return err == nil && (t.Weekday() == time.Saturday || t.Weekday() == time.Sunday)
}

// window is the range of due days for which anything could go out on one of the days from and to; shifting moves a slot by two days at most.
func (p ReminderPlan) window(from, to string) (first, last string) {
	least, most := 0, 0
	for _, n := range p.Days {
		least, most = min(least, n), max(most, n)
	}
	return tenant.AddDays(from, -most-ReminderGrace-4), tenant.AddDays(to, -least+2)
}
