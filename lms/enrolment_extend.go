package lms

import (
	"context"
	"fmt"
	"unicode/utf8"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Extension gives people of a round a later due day of their own, or takes it back.
type Extension struct {
	DueOn  string // not before today; empty takes an extension back
	Reason string // auditors read it; needed with a day
}

func (x Extension) check(today string) error {
	var check fault.Check
	if x.DueOn != "" {
		check.If(!tenant.ValidDay(x.DueOn), "due_on", "bad_date")
		check.If(tenant.ValidDay(x.DueOn) && x.DueOn < today, "due_on", "deadline_past")
		check.If(x.Reason == "", "reason", "required")
	}
	check.If(utf8.RuneCountInString(x.Reason) > MaxReason, "reason", "too_long", "max", MaxReason)
	return check.Err()
}

// DueMove is what an extension does to one person.
type DueMove struct {
	Enrolment db.ID
	Person    db.ID
	Name      string
	Status    Status
	From      string
	To        string // the same as From when nothing moves: the day is later already, or there is nothing left to do
}

// PreviewExtend tells what Extend would do; the reason may still be missing.
func (s *Rounds) PreviewExtend(ctx context.Context, tid tenant.ID, round db.ID, ids []db.ID, x Extension) ([]DueMove, error) {
	ids, err := chosenOf(ids)
	if err != nil {
		return nil, err
	}
	if err := x.forPreview().check(tenant.Today(s.clock)); err != nil {
		return nil, err
	}
	var list []DueMove
	err = s.db.Snapshot(ctx, func(r db.Runner) (err error) {
		found, err := findRound(ctx, tid, r, round)
		if err != nil {
			return err
		}
		list, err = s.dueMoves(ctx, tid, r, found, ids, x.DueOn)
		return err
	})
	if err == nil && len(list) != len(ids) {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	return list, err
}

// forPreview is the extension with some reason.
func (x Extension) forPreview() Extension {
	if x.Reason == "" {
		x.Reason = "-"
	}
	return x
}

// chosenOf gives the ids of one call, each once; fault.Invalid when there are none or too many.
func chosenOf(ids []db.ID) ([]db.ID, error) {
	if ids = unique(ids); len(ids) == 0 || len(ids) > chunk {
		return nil, fault.New(fault.Invalid, "invalid")
	}
	return ids, nil
}

// Extend gives people of an open round a later due day of their own with a reason, or, without a day, takes it back; all of them in one transaction.
// Who is later already, or has nothing left to do, stays as they are. It returns those whom it concerned, Invalid, NotFound when one is not in the
// round, and Conflict when the round is closed.
func (s *Rounds) Extend(ctx context.Context, tid tenant.ID, round db.ID, ids []db.ID, x Extension) ([]DueMove, error) {
	ids, err := chosenOf(ids)
	if err != nil {
		return nil, err
	}
	if x, err = x.ready(tenant.Today(s.clock)); err != nil {
		return nil, err
	}
	var moved []DueMove
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		var found int
		if moved, found, err = s.extend(ctx, tid, tx, round, ids, x); err != nil {
			return err
		}
		if found != len(ids) {
			return fault.New(fault.NotFound, "not_found")
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("extend: %w", err)
	}
	return moved, nil
}

// ready is the extension as it is kept.
func (x Extension) ready(today string) (Extension, error) {
	x.Reason = tenant.Tidy(x.Reason)
	err := x.check(today)
	if x.DueOn == "" {
		x.Reason = ""
	}
	return x, err
}

// extend moves the due days of at most chunk people, and gives those it moved and how many of the ids are in the round.
func (s *Rounds) extend(ctx context.Context, tid tenant.ID, tx *db.Tx, round db.ID, ids []db.ID, x Extension) (moved []DueMove, found int, err error) {
	r, err := lockRound(ctx, tid, tx, round) // its deadline stays where it is meanwhile
	if err != nil {
		return nil, 0, err
	}
	if r.State != RoundOpen {
		return nil, 0, fault.New(fault.Conflict, "round_is_closed")
	}
	all, err := s.dueMoves(ctx, tid, tx, r, ids, x.DueOn)
	if err != nil {
		return nil, 0, err
	}
	byDay, changes := map[string][]db.ID{}, []tenant.Change{}
	for _, m := range all {
		if m.From == m.To {
			continue
		}
		moved = append(moved, m)
		byDay[m.To] = append(byDay[m.To], m.Enrolment)
		changes = append(changes, tenant.Change{Action: "enrolment.extend", SubjectKind: "person", Subject: m.Person,
			Detail: map[string]any{"round": round, "from": m.From, "to": m.To, "reason": x.Reason}})
	}
	for day, part := range byDay {
		if _, err := update(ctx, tx, sqlExtend, []any{db.Text(x.DueOn), x.Reason, day, tid}, part); err != nil {
			return nil, 0, err
		}
	}
	return moved, len(all), s.audit.AppendMany(ctx, tid, tx, changes)
}

// dueMoves works out the due days of people with an extension to a day; who is not in the round is left out.
func (s *Rounds) dueMoves(ctx context.Context, tid tenant.ID, r db.Runner, round Round, ids []db.ID, to string) ([]DueMove, error) {
	rows, err := s.dueRows(ctx, tid, r, round.ID, ids)
	if err != nil {
		return nil, err
	}
	list := make([]DueMove, 0, len(rows))
	for _, row := range rows {
		list = append(list, row.move(round, to))
	}
	return list, nil
}

// move is what an extension to a day does to the enrolment.
func (d dueRow) move(round Round, to string) DueMove {
	m := DueMove{Enrolment: d.id, Person: d.person, Name: d.name, Status: d.status, From: d.dueOn, To: d.dueOn}
	facts := d.facts(round)
	own := d.own(round) // a day that somebody had before there were extensions
	facts.ExtendedOn = to
	if day := max(round.DueOn(facts), own); d.status.Open() && (to == "" || d.extended != "" || day > d.dueOn) {
		m.To = day
	}
	return m
}

// dueRow is what the due day of an enrolment is worked out from.
type dueRow struct {
	id, person      db.ID
	name            string
	status          Status
	dueOn, extended string
	joinedOn        string
	createdAt       db.Time
}

func (d dueRow) facts(r Round) DueFacts {
	return DueFacts{First: r.CreatedAt.Equal(d.createdAt.Time), AssignedOn: tenant.Day(d.createdAt.Time), JoinedOn: d.joinedOn, ExtendedOn: d.extended}
}

// own is a later day than the round gives, for which there is no extension: one that was set in other ways, or is left over from an earlier deadline. It
// is kept. Empty: there is none.
func (d dueRow) own(r Round) string {
	if d.dueOn > r.DueOn(d.facts(r)) {
		return d.dueOn
	}
	return ""
}

// dueRows reads enrolments of a round; ids nil is everybody who still has something to do.
func (s *Rounds) dueRows(ctx context.Context, tid tenant.ID, r db.Runner, round db.ID, ids []db.ID) ([]dueRow, error) {
	cond := db.Where("e.tenant_id = ? AND e.round_id = ?", tid, round)
	if ids == nil {
		cond.And("e." + sqlIsOpen)
	} else {
		cond.In("e.id", db.Args(ids))
	}
	var list []dueRow
	err := eachDueRow(ctx, r, cond, "", func(d dueRow) { list = append(list, d) })
	return list, err
}

// eachDueRow reads enrolments with what their due days are worked out from.
func eachDueRow(ctx context.Context, r db.Runner, cond *db.Cond, end string, each func(dueRow), more ...any) error {
	err := db.Each(ctx, r, sqlDueFacts+cond.SQL()+end, cond.Args(more...), func(scan func(...any) error) error {
		var d dueRow
		var extended, joined db.Text
		err := scan(&d.id, &d.person, &d.name, &d.status, &d.dueOn, &extended, &d.createdAt, &joined)
		if err != nil {
			return err
		}
		d.extended, d.joinedOn = string(extended), string(joined)
		each(d)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read due days: %w", err)
	}
	return nil
}

// moveDue brings the due days of a round in step with its days after they changed. Who had a later day of their own keeps it unless the new one is
// later still. Days that begin to count from people's own days make nobody late at once: whose day was still to come has the least time from today on. Who
// finishes at the same moment keeps the day that stood.
func (s *Rounds) moveDue(ctx context.Context, tid tenant.ID, tx *db.Tx, old, now Round) error {
	rows, err := s.dueRows(ctx, tid, tx, now.ID, nil)
	if err != nil {
		return err
	}
	today, floor, w := tenant.Today(s.clock), "", moves{}
	if now.Due != old.Due && now.Due.relative() {
		floor = min(tenant.AddDays(today, now.Due.least()), now.DeadlineOn)
	}
	for _, row := range rows {
		due := max(now.DueOn(row.facts(now)), row.own(old))
		if row.dueOn >= today {
			due = max(due, floor)
		}
		if due != row.dueOn {
			w.moveDue(due, row.id)
		}
	}
	return s.move(ctx, tid, tx, &w)
}
