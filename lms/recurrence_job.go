package lms

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// The jobs of what comes again: KindRecur runs every hour and gives each recurrence that is due one KindRecurOne a day.
const (
	KindRecur    = "round.recur"
	KindRecurOne = "round.recur_one"
)

// PlanRecurrences is the handler of KindRecur.
func (s *Rounds) PlanRecurrences(ctx context.Context, _ db.Job, _ func(done, total int64)) error {
	today := tenant.Today(s.clock)
	var jobs []db.Job
	err := db.Each(ctx, s.db, sqlRecurring, []any{today}, func(scan func(...any) error) error {
		var number int64
		var id db.ID
		if err := scan(&number, &id); err != nil {
			return err
		}
		payload, err := json.Marshal(map[string]db.ID{"recurrence": id})
		jobs = append(jobs, db.Job{Kind: KindRecurOne, Slot: fmt.Sprintf("%s on %s", id, today), Tenant: number, Payload: payload})
		return err
	})
	if err != nil || len(jobs) == 0 {
		return err
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error { return tx.EnqueueMany(ctx, s.clock(), jobs) })
}

// RecurOne is the handler of KindRecurOne.
func (s *Rounds) RecurOne(ctx context.Context, job db.Job, _ func(done, total int64)) error {
	var payload struct {
		Recurrence db.ID `json:"recurrence"`
	}
	if err := json.Unmarshal(job.Payload, &payload); err != nil {
		return fault.Wrap(err, fault.Invalid, "invalid")
	}
	_, err := s.Recur(ctx, tenant.System(job.Tenant, "training that comes again"), payload.Recurrence)
	return ignoreMissing(err)
}

// Recur opens the next round of a recurrence, or puts those into one whose turn has come, if that is due today, and tells how many people came in. It may run
// as often as it likes and on several machines: each turn is made once. NotFound when there is no such recurrence.
func (s *Rounds) Recur(ctx context.Context, tid tenant.ID, id db.ID) (int, error) {
	c, err := scanRecurrence(s.db.QueryRow(ctx, sqlSelectRecurrence, tid, id))
	if err := db.One(err); err != nil {
		return 0, fmt.Errorf("recur: %w", err)
	}
	if !c.active() || c.OpensOn > tenant.Today(s.clock) {
		return 0, nil
	}
	last, err := s.Find(ctx, tid, c.Last)
	if err != nil {
		return 0, fmt.Errorf("recur: %w", err)
	}
	next, course, err := s.withLatestCourse(ctx, tid, last)
	if fault.Is(err, fault.NotFound) {
		return 0, s.recurProblem(ctx, tid, c, ProblemCourseGone)
	}
	if err != nil {
		return 0, fmt.Errorf("recur: %w", err)
	}
	added := 0
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		added = 0
		if err := s.lockAudience(ctx, tid, tx); err != nil {
			return err
		}
		now, err := scanRecurrence(tx.QueryRowLocked(ctx, sqlSelectRecurrence, tid, id))
		if err := db.One(err); err != nil {
			return err
		}
		if now.Version != c.Version {
			return nil // another machine was first, or the manager: whoever it was has it looked at again
		}
		if now.course = course; c.Kind == RecurCompletion {
			added, err = s.renew(ctx, tid, tx, now, next)
		} else {
			added, err = s.openNext(ctx, tid, tx, now, next)
		}
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return 0, s.recurProblem(ctx, tid, c, ProblemAudienceGone)
	}
	if err != nil {
		return 0, fmt.Errorf("recur: %w", err)
	}
	return added, nil
}

// withLatestCourse is the last round with its course as it is published now; NotFound when it is not offered any more.
func (s *Rounds) withLatestCourse(ctx context.Context, tid tenant.ID, last Round) (Round, db.ID, error) {
	was, err := s.courses.FindVersion(ctx, tid, last.CourseTenant, last.VersionID)
	if err != nil {
		return last, db.ID{}, err
	}
	is, err := s.courses.FindLatest(ctx, tid, was.Course)
	if err != nil {
		return last, db.ID{}, err
	}
	last.CourseTenant, last.VersionID, last.CourseTitle, last.Lessons = is.Tenant, is.ID, is.Title, is.LessonCount
	return last, is.Course, nil
}

func (s *Rounds) recurProblem(ctx context.Context, tid tenant.ID, c Recurrence, problem string) error {
	if c.Problem == problem {
		return nil
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, sqlRecurrenceProblem, problem, tid, c.ID); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, tenant.Change{Action: "round.recur_failed", SubjectKind: "round", Subject: c.Last, Detail: map[string]any{"problem": problem, "title": c.Next.Title}})
	})
}

// markStuck tells of rounds that the one after them could not be opened.
func (s *Rounds) markStuck(ctx context.Context, tid tenant.ID, r db.Runner, list []RoundRow, at map[db.ID]int) error {
	if !slices.ContainsFunc(list, func(row RoundRow) bool { return !row.Recurrence.IsZero() }) {
		return nil
	}
	return db.Each(ctx, r, sqlStuckRounds, []any{tid}, func(scan func(...any) error) error {
		var round db.ID
		var problem string
		err := scan(&round, &problem)
		if i, here := at[round]; here {
			list[i].Stuck = problem
		}
		return err
	})
}

// openNext makes the next round of the calendar after the last one, whose course is the latest by now.
func (s *Rounds) openNext(ctx context.Context, tid tenant.ID, tx *db.Tx, c Recurrence, last Round) (int, error) {
	f, err := readFiscalYear(ctx, tid, tx)
	if err != nil {
		return 0, err
	}
	today := tenant.Today(s.clock)
	for { // a server that stood still for long opens no round whose deadline is over, but the one after
		rounds, err := db.Values[db.ID](ctx, tx, sqlFindOccurrence, tid, c.ID, c.turn())
		if err != nil {
			return 0, err
		}
		if len(rounds) == 0 && c.Next.DeadlineOn >= today {
			break
		}
		c.step++
		c.schedule(last, f, false, today)
	}
	added := 0
	if c.OpensOn <= today {
		rules, err := s.lastingRules(ctx, tid, tx, c)
		if err != nil {
			return 0, err
		}
		r := c.round(last, c.Next, c.turn(), db.At(s.clock()))
		if r.Due.Rule == DueTurn { // the last round gathered people after their completions
			first, err := findRound(ctx, tid, tx, c.ID)
			if err != nil {
				return 0, err
			}
			r.Due, r.FollowOut = first.Due, first.FollowOut
		}
		out, err := s.fill(ctx, tid, tx, r, rules)
		if err != nil {
			return 0, err
		}
		if err := s.takeOver(ctx, tid, tx, c, r, out.Added); err != nil {
			return 0, err
		}
		added, c.Last = out.Added, r.ID
		c.step++
		c.schedule(r, f, false, today)
	}
	c.Problem, c.updatedAt = "", db.At(s.clock())
	c.Version++
	if c.OpensOn <= today {
		if err := s.recurSoon(ctx, tid, tx, c); err != nil {
			return 0, err
		}
	}
	return added, s.writeRecurrence(ctx, tid, tx, c, false)
}

// round is a new one like the last, with other days.
func (c *Recurrence) round(last Round, o Occurrence, turn string, now db.Time) Round {
	r := last
	r.ID, r.Title, r.StartsOn, r.DeadlineOn = db.IDFrom("recurrence", c.ID.String(), turn), o.Title, o.StartsOn, o.DeadlineOn
	r.turn = turn
	r.State, r.CopiedFrom, r.Recurrence, r.Version, r.CreatedBy, r.CreatedAt, r.UpdatedAt = RoundOpen, c.Last, c.ID, 1, c.createdBy, now, now
	return r
}

// takeOver gives a new round what the last one had beside its rules.
func (s *Rounds) takeOver(ctx context.Context, tid tenant.ID, tx *db.Tx, c Recurrence, r Round, added int) error {
	if err := s.courses.Keep(ctx, tx, tid, r.CourseTenant, c.course, r.VersionID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlCopyReminders, r.ID, r.CreatedAt, tid, c.Last); err != nil {
		return err
	}
	if c.SameQuestions {
		if _, err := tx.Exec(ctx, sqlCopyQuestions, r.ID, r.CreatedAt, tid, c.Last); err != nil {
			return err
		}
	}
	return s.audit.Append(ctx, tid, tx, tenant.Change{Action: "round.recur", SubjectKind: "round", Subject: r.ID, After: roundDigest(r),
		Detail: map[string]any{"title": r.Title, "course": r.CourseTitle, "starts_on": r.StartsOn, "deadline_on": r.DeadlineOn, "after": c.Last, "assigned": added}})
}

// lastingRules are those of the newest round, or, where that only gathered people, of the first, as new rules. A rule whose person, department or own field
// is gone is left out. Invalid when nobody is taken in by what is left.
func (s *Rounds) lastingRules(ctx context.Context, tid tenant.ID, r db.Runner, c Recurrence) ([]Rule, error) {
	var rules []Rule
	for _, round := range unique([]db.ID{c.Last, c.ID}) {
		if c.Kind == RecurCompletion {
			round = c.ID
		}
		read, err := s.rules(ctx, tid, r, round)
		if err != nil {
			return nil, err
		}
		if rules = read; len(rules) > 0 {
			break
		}
	}
	if err := s.nameRules(ctx, tid, r, rules); err != nil {
		return nil, err
	}
	rules = slices.DeleteFunc(rules, func(r Rule) bool { return r.TargetName == "" && !r.Target.IsZero() })
	if !slices.ContainsFunc(rules, func(r Rule) bool { return !r.Excluded }) {
		return nil, fault.New(fault.Invalid, "audience_empty")
	}
	for i := range rules {
		rules[i].ID = db.NewID()
	}
	return rules, nil
}
