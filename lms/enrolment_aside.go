package lms

import (
	"context"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Aside is how people are set aside: exempt or withdrawn, and why. Auditors read the reason.
type Aside struct {
	Status Status // Exempt or Withdrawn
	Reason string
	Until  string // the last day of an exemption, after which the person takes part again; empty: for the whole round
}

func (a Aside) check(today string) error {
	var check fault.Check
	check.If(a.Status != Exempt && a.Status != Withdrawn, "status", "not_in_list")
	check.If(a.Reason == "", "reason", "required")
	check.If(utf8.RuneCountInString(a.Reason) > MaxReason, "reason", "too_long", "max", MaxReason)
	if a.Until != "" {
		check.If(a.Status != Exempt, "until", "not_in_list")
		check.If(!tenant.ValidDay(a.Until), "until", "bad_date")
		check.If(tenant.ValidDay(a.Until) && a.Until < today, "until", "date_past")
	}
	return check.Err()
}

// KindExemptEnd is the job that ends the exemptions of a round on the day after their last day.
const KindExemptEnd = "round.exempt_end"

// SetAside makes enrolments of a round exempt or withdrawn, with a reason that auditors will read; all of them or none. What was done stays. It
// returns Invalid, NotFound when one is not in the round, and Conflict when one is completed: a pass is never taken away.
func (s *Rounds) SetAside(ctx context.Context, tid tenant.ID, round db.ID, ids []db.ID, a Aside) error {
	a.Reason = tenant.Tidy(a.Reason)
	if err := a.check(tenant.Today(s.clock)); err != nil {
		return err
	}
	detail := map[string]any{"reason": a.Reason}
	if a.Until != "" {
		detail["until"] = a.Until
	}
	return s.change(ctx, tid, round, ids, "enrolment."+string(a.Status), detail, func(tx *db.Tx, locked map[db.ID]Status) error {
		for _, st := range locked {
			if st == Completed {
				return fault.New(fault.Conflict, "enrolment_completed")
			}
		}
		cond := db.Where("tenant_id = ?", tid).In("id", db.Args(ids))
		if _, err := tx.Exec(ctx, sqlSetAside+cond.SQL(), append([]any{a.Status, a.Reason, db.Text(a.Until), db.At(s.clock())}, cond.Args()...)...); err != nil || a.Until == "" {
			return err
		}
		return s.endLater(ctx, tid, tx, round, a.Until)
	})
}

// endLater has the exemptions of a round that end with a day looked at when it is over.
func (s *Rounds) endLater(ctx context.Context, tid tenant.ID, tx *db.Tx, round db.ID, until string) error {
	payload, err := json.Marshal(map[string]db.ID{"round": round})
	if err != nil {
		return err
	}
	next := tenant.AddDays(until, 1)
	return tx.Enqueue(ctx, s.clock(), db.Job{Kind: KindExemptEnd, Slot: fmt.Sprintf("%s on %s", round, next), Tenant: tid.Number(), Payload: payload, RunAt: db.At(tenant.DayStart(next))})
}

// ExemptEnd is the handler of KindExemptEnd: whose exemption is over takes part again. A closed round is left alone until it is opened again.
func (s *Rounds) ExemptEnd(ctx context.Context, job db.Job, _ func(done, total int64)) error {
	var payload struct {
		Round db.ID `json:"round"`
	}
	if err := json.Unmarshal(job.Payload, &payload); err != nil {
		return fault.Wrap(err, fault.Invalid, "invalid")
	}
	tid := tenant.System(job.Tenant, "exemptions of a round end")
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		r, err := lockRound(ctx, tid, tx, payload.Round)
		if err != nil || r.State != RoundOpen {
			return ignoreMissing(err)
		}
		return s.endExemptions(ctx, tid, tx, r)
	})
}

// endExemptions takes back whose exemption is over, with time enough when their due day has passed.
func (s *Rounds) endExemptions(ctx context.Context, tid tenant.ID, tx *db.Tx, r Round) error {
	ids, err := db.Values[db.ID](ctx, tx, sqlExemptOver, tid, r.ID, tenant.Today(s.clock))
	if err != nil || len(ids) == 0 {
		return err
	}
	back, err := update(ctx, tx, sqlExemptEnd, []any{tid}, ids)
	if err != nil {
		return err
	}
	if err := s.move(ctx, tid, tx, &moves{late: ids}); err != nil {
		return err
	}
	if err := s.remindSoon(ctx, tid, tx, r.ID); err != nil {
		return err
	}
	return s.audit.Append(ctx, tid, tx, tenant.Change{Action: "round.exempt_end", SubjectKind: "round", Subject: r.ID, Detail: map[string]any{"count": back}})
}

// Reinstate undoes SetAside: the people have to take part again. NotFound when one is not in the round, Conflict when one was not set aside.
func (s *Rounds) Reinstate(ctx context.Context, tid tenant.ID, round db.ID, ids []db.ID) error {
	return s.change(ctx, tid, round, ids, "enrolment.reinstate", nil, func(tx *db.Tx, locked map[db.ID]Status) error {
		for _, st := range locked {
			if st != Exempt && st != Withdrawn {
				return fault.New(fault.Conflict, "conflict")
			}
		}
		cond := db.Where("tenant_id = ?", tid).In("id", db.Args(ids))
		_, err := tx.Exec(ctx, sqlTakeBack+cond.SQL(), cond.Args()...)
		return err
	})
}

// change locks the enrolments, lets act change them, and writes one audit event each.
func (s *Rounds) change(ctx context.Context, tid tenant.ID, round db.ID, ids []db.ID, action string, detail map[string]any, act func(*db.Tx, map[db.ID]Status) error) error {
	if ids = unique(ids); len(ids) == 0 || len(ids) > chunk {
		return fault.New(fault.Invalid, "invalid")
	}
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		cond := db.Where("e.tenant_id = ? AND e.round_id = ?", tid, round).In("e.id", db.Args(ids))
		locked, changes := map[db.ID]Status{}, []tenant.Change{}
		err := db.Each(ctx, tx.Locking(), sqlEnrolled+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
			var id, person db.ID
			var status Status
			var before string
			if err := scan(&id, &person, &status, &before); err != nil {
				return err
			}
			locked[id] = status
			changes = append(changes, tenant.Change{Action: action, SubjectKind: "person", Subject: person, Before: status, Detail: withRound(detail, round, status)})
			return nil
		})
		if err != nil {
			return err
		}
		if len(locked) != len(ids) {
			return fault.New(fault.NotFound, "not_found")
		}
		if err := act(tx, locked); err != nil {
			return err
		}
		return s.audit.AppendMany(ctx, tid, tx, changes)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	return nil
}

func withRound(detail map[string]any, round db.ID, before Status) map[string]any {
	d := map[string]any{"round": round, "before": before}
	for k, v := range detail {
		d[k] = v
	}
	return d
}
