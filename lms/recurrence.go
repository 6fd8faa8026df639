package lms

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// RecurrenceKind says how a training comes again.
type RecurrenceKind string

// The kinds.
const (
	RecurOnce       RecurrenceKind = "once"
	RecurCalendar   RecurrenceKind = "calendar"   // a new round every so many months
	RecurCompletion RecurrenceKind = "completion" // each person again, so many months after they completed it last
)

// RecurrenceState says whether a training that repeats still does.
type RecurrenceState string

// The states.
const (
	RecurrenceActive  RecurrenceState = "active"
	RecurrenceStopped RecurrenceState = "stopped"
)

// CalendarMonths are the distances between rounds of the kind RecurCalendar.
var CalendarMonths = []int{12, 6, 3, 1}

// Limits of a recurrence.
const (
	MaxRecurMonths = 60 // between a completion and the next turn
	MaxLeadDays    = 90 // that a round is opened before it starts
)

// Why the next round could not be opened. It is tried again every day.
const (
	ProblemCourseGone   = "course_gone"   // the course is not offered any more
	ProblemAudienceGone = "audience_gone" // no rule of the last round takes anybody in, or one names what is gone
)

// RecurrencePlan is what a manager decides about how a training comes again.
type RecurrencePlan struct {
	Kind          RecurrenceKind
	Months        int  // one of CalendarMonths, or 1 to MaxRecurMonths after a completion
	LeadDays      int  // of RecurCalendar: how long before its start a round is opened
	DueDays       int  // of RecurCompletion: how many days a person has, 1 to MaxDueDays
	SameQuestions bool // ask what the last round asked; otherwise drawn questions are drawn anew
}

// RecurrenceChange sets how a training comes again. Version is the one that was read (0: never set).
type RecurrenceChange struct {
	RecurrencePlan
	Version int64
	Next    *Occurrence // of RecurCalendar: the next round as the manager wants it; nil leaves it to the calendar
	Onwards bool        // the rounds after Next follow its days too
}

// Recurrence is how a training comes again. It belongs to the round with which it began and to all that it opened.
type Recurrence struct {
	RecurrencePlan
	ID      db.ID // of the round with which it began; zero: it was never set
	State   RecurrenceState
	Last    db.ID      // the newest round
	Next    Occurrence // of RecurCalendar
	OpensOn string     // when the next round is opened; empty after completions
	Problem string     // why it could not be, the last time
	Version int64      // 0: never set

	anchor               Occurrence // from which the days are counted
	step                 int        // how many times Months the next one is after it
	course               db.ID      // of the round that is being opened
	createdBy            db.ID
	createdAt, updatedAt db.Time
}

// active tells that rounds are opened by themselves.
func (c Recurrence) active() bool { return c.State == RecurrenceActive }

func (p RecurrencePlan) check(c *fault.Check) {
	switch p.Kind {
	case RecurOnce:
	case RecurCalendar:
		c.If(!slices.Contains(CalendarMonths, p.Months), "recurrence.months", "not_in_list")
		c.If(p.LeadDays < 0, "recurrence.lead_days", "too_small", "min", 0)
		c.If(p.LeadDays > MaxLeadDays, "recurrence.lead_days", "too_big", "max", MaxLeadDays)
	case RecurCompletion:
		c.If(p.Months < 1, "recurrence.months", "too_small", "min", 1)
		c.If(p.Months > MaxRecurMonths, "recurrence.months", "too_big", "max", MaxRecurMonths)
		c.If(p.DueDays < 1, "recurrence.due_days", "too_small", "min", 1)
		c.If(p.DueDays > MaxDueDays, "recurrence.due_days", "too_big", "max", MaxDueDays)
	default:
		c.Add("recurrence.kind", "not_in_list")
	}
}

func (p RecurrenceChange) check(today string) error {
	var check fault.Check
	c := &check
	p.RecurrencePlan.check(c)
	n := p.Next
	if n == nil {
		return check.Err()
	}
	c.If(p.Kind != RecurCalendar, "recurrence.next", "not_in_list")
	c.If(n.Title == "", "recurrence.next.title", "required")
	c.If(utf8.RuneCountInString(n.Title) > MaxTitle, "recurrence.next.title", "too_long", "max", MaxTitle)
	starts, ends := tenant.ValidDay(n.StartsOn), tenant.ValidDay(n.DeadlineOn)
	c.If(!starts, "recurrence.next.starts_on", "bad_date")
	c.If(!ends, "recurrence.next.deadline_on", "bad_date")
	c.If(starts && ends && n.DeadlineOn < n.StartsOn, "recurrence.next.deadline_on", "deadline_before_start")
	c.If(ends && n.DeadlineOn < today, "recurrence.next.deadline_on", "deadline_past")
	return check.Err()
}

// FindRecurrence tells how the training of a round comes again: the kind is RecurOnce when that was never set, the state RecurrenceStopped when it does not (any
// more). NotFound when there is no such round.
func (s *Rounds) FindRecurrence(ctx context.Context, tid tenant.ID, round db.ID) (Recurrence, error) {
	r, err := s.Find(ctx, tid, round)
	if err != nil {
		return Recurrence{}, err
	}
	return findRecurrence(ctx, tid, s.db, r)
}

func findRecurrence(ctx context.Context, tid tenant.ID, from db.Runner, r Round) (Recurrence, error) {
	once := Recurrence{RecurrencePlan: RecurrencePlan{Kind: RecurOnce}, State: RecurrenceStopped, Last: r.ID}
	if r.Recurrence.IsZero() {
		return once, nil
	}
	c, err := scanRecurrence(from.QueryRow(ctx, sqlSelectRecurrence, tid, r.Recurrence))
	if err := db.One(err); err != nil {
		return once, fmt.Errorf("find recurrence: %w", err)
	}
	return c, nil
}

// SetRecurrence decides how the training of a round comes again. What was opened already stays as it is. Who
// changes the distance starts counting from the newest round; otherwise the days go on as before. It returns Invalid, NotFound, and Conflict when
// somebody else, or the job, was first.
func (s *Rounds) SetRecurrence(ctx context.Context, tid tenant.ID, round db.ID, p RecurrenceChange) (Recurrence, error) {
	p = p.tidy()
	if err := p.check(tenant.Today(s.clock)); err != nil {
		return Recurrence{}, err
	}
	var c Recurrence
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.lockAudience(ctx, tid, tx); err != nil {
			return err
		}
		r, err := lockRound(ctx, tid, tx, round)
		if err != nil {
			return err
		}
		old, err := findRecurrence(ctx, tid, tx, r)
		if err != nil {
			return err
		}
		if old.Version != p.Version {
			return fault.New(fault.Conflict, "conflict")
		}
		if p.Kind == RecurOnce && old.ID.IsZero() {
			c = old
			return nil
		}
		c, err = s.setRecurrence(ctx, tid, tx, r, old, p)
		return err
	})
	if err != nil {
		return Recurrence{}, fmt.Errorf("set recurrence: %w", err)
	}
	return c, nil
}

func (p RecurrenceChange) tidy() RecurrenceChange {
	if p.Next != nil {
		next := *p.Next
		next.Title = tenant.Tidy(next.Title)
		p.Next = &next
	}
	switch p.Kind {
	case RecurCalendar:
		p.DueDays = 0
	case RecurCompletion:
		p.LeadDays = 0
	}
	return p
}

// setRecurrence writes a plan that was checked, under the lock of the audience.
func (s *Rounds) setRecurrence(ctx context.Context, tid tenant.ID, tx *db.Tx, r Round, old Recurrence, p RecurrenceChange) (Recurrence, error) {
	c, now := old, db.At(s.clock())
	if c.ID.IsZero() {
		c.ID, c.Last, c.createdBy, c.createdAt = r.ID, r.ID, tenant.ActorFrom(ctx).Person, now
	}
	anew := !old.active() || p.Kind != old.Kind || p.Months != old.Months
	c.State, c.Problem, c.Version, c.updatedAt = RecurrenceActive, "", old.Version+1, now
	switch p.Kind {
	case RecurOnce:
		c.State = RecurrenceStopped
	case RecurCompletion:
		c.RecurrencePlan, c.Next, c.OpensOn, c.step = p.RecurrencePlan, Occurrence{}, "", 0
		if anew {
			c.anchor = Occurrence{StartsOn: r.StartsOn, DeadlineOn: r.DeadlineOn}
		}
	case RecurCalendar:
		last, err := s.lastOfCalendar(ctx, tid, tx, c)
		if err != nil {
			return c, err
		}
		f, err := readFiscalYear(ctx, tid, tx)
		if err != nil {
			return c, err
		}
		c.RecurrencePlan = p.RecurrencePlan
		if anew || p.Next == nil {
			c.schedule(last, f, anew, tenant.Today(s.clock))
		}
		c.adjust(p)
		if err := c.checkWindow(tenant.Today(s.clock)); err != nil {
			return c, err
		}
	}
	if err := s.writeRecurrence(ctx, tid, tx, c, old.ID.IsZero()); err != nil {
		return c, err
	}
	if c.active() && c.OpensOn <= tenant.Today(s.clock) {
		if err := s.recurSoon(ctx, tid, tx, c); err != nil {
			return c, err
		}
	}
	return c, s.audit.Append(ctx, tid, tx, tenant.Change{Action: "round.recurrence", SubjectKind: "round", Subject: r.ID, Before: old.digest(), After: c.digest(),
		Detail: map[string]any{"title": r.Title, "kind": p.Kind, "months": c.Months, "lead_days": c.LeadDays, "due_days": c.DueDays, "same_questions": c.SameQuestions,
			"next_starts_on": c.Next.StartsOn, "next_deadline_on": c.Next.DeadlineOn}})
}

// lastOfCalendar is the newest round whose days and due rule the next one follows: those of a round that only gathered people after their completions are its
// own, so that the calendar goes on from the first round.
func (s *Rounds) lastOfCalendar(ctx context.Context, tid tenant.ID, r db.Runner, c Recurrence) (Round, error) {
	last, err := findRound(ctx, tid, r, c.Last)
	if err != nil || last.Due.Rule != DueTurn {
		return last, err
	}
	return findRound(ctx, tid, r, c.ID)
}

// schedule works the next round out by the calendar, counted from the newest one when the distance is new.
func (c *Recurrence) schedule(last Round, f fiscalYear, anew bool, today string) {
	if anew {
		c.anchor, c.step = Occurrence{StartsOn: last.StartsOn, DeadlineOn: last.DeadlineOn}, 1
	}
	c.step = firstStep(c.anchor.DeadlineOn, c.Months, c.step, today)
	c.Next = c.window(c.step)
	c.Next.Title = f.nextTitle(last.Title, last.StartsOn, c.Next.StartsOn, c.Months)
	c.OpensOn = tenant.AddDays(c.Next.StartsOn, -c.LeadDays)
}

// window gives the days of a turn, so many steps after the anchor.
func (c *Recurrence) window(step int) Occurrence {
	return Occurrence{StartsOn: moveDay(c.anchor.StartsOn, step*c.Months), DeadlineOn: moveDay(c.anchor.DeadlineOn, step*c.Months)}
}

// adjust makes the next round what the manager wants.
func (c *Recurrence) adjust(p RecurrenceChange) {
	if p.Next == nil {
		return
	}
	c.Next, c.OpensOn = *p.Next, tenant.AddDays(p.Next.StartsOn, -c.LeadDays)
	if p.Onwards {
		c.anchor, c.step = Occurrence{StartsOn: p.Next.StartsOn, DeadlineOn: p.Next.DeadlineOn}, 0
	}
}

// checkWindow refuses days by which rounds of one training would pile up: a round ends at the latest on the day that the one after it begins.
func (c *Recurrence) checkWindow(today string) error {
	var check fault.Check
	check.If(c.anchor.DeadlineOn > moveDay(c.anchor.StartsOn, c.Months), "recurrence.months", "recurrence_overlap")
	check.If(c.Next.DeadlineOn > moveDay(c.Next.StartsOn, c.Months), "recurrence.next.deadline_on", "recurrence_overlap")
	check.If(c.Next.StartsOn < moveDay(today, -12), "recurrence.next.starts_on", "recurrence_long_ago")
	return check.Err()
}

// turn names the round that is next, for ever: by the day the calendar has for it, whatever the manager made of it.
func (c *Recurrence) turn() string { return "c " + c.window(c.step).StartsOn }

func (c Recurrence) digest() map[string]any {
	return map[string]any{"kind": c.Kind, "months": c.Months, "lead_days": c.LeadDays, "due_days": c.DueDays, "same_questions": c.SameQuestions, "state": c.State, "next": c.Next}
}

func (s *Rounds) writeRecurrence(ctx context.Context, tid tenant.ID, tx *db.Tx, c Recurrence, begins bool) error {
	if begins {
		if _, err := tx.Exec(ctx, sqlInsertRecurrence, tid, c.ID, string(c.Kind), c.Months, c.LeadDays, c.DueDays, c.SameQuestions, string(c.State), c.Last, c.anchor.StartsOn, c.anchor.DeadlineOn,
			c.step, c.Next.Title, c.Next.StartsOn, c.Next.DeadlineOn, c.OpensOn, c.Problem, c.Version, c.createdBy, c.createdAt, c.updatedAt); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlBeginsRecurrence, c.ID, "first", tid, c.ID)
		return err
	}
	_, err := tx.Exec(ctx, sqlUpdateRecurrence, string(c.Kind), c.Months, c.LeadDays, c.DueDays, c.SameQuestions, string(c.State), c.Last, c.anchor.StartsOn, c.anchor.DeadlineOn,
		c.step, c.Next.Title, c.Next.StartsOn, c.Next.DeadlineOn, c.OpensOn, c.Problem, c.Version, c.updatedAt, tid, c.ID)
	return err
}

// recurSoon has a recurrence looked at within a minute.
func (s *Rounds) recurSoon(ctx context.Context, tid tenant.ID, tx *db.Tx, c Recurrence) error {
	now := s.clock()
	payload, err := json.Marshal(map[string]db.ID{"recurrence": c.ID})
	if err != nil {
		return err
	}
	return tx.Enqueue(ctx, now, db.Job{Kind: KindRecurOne, Slot: fmt.Sprintf("%s after %d", c.ID, c.Version), Tenant: tid.Number(), Payload: payload, RunAt: db.At(now.Add(time.Second))})
}
