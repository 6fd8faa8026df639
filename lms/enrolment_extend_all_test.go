package lms_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Everybody whom a filter shows gets a later day, whole batches at a time: it breaks off in the second, and the same again moves the others and nobody twice.
func TestExtendAll(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a, ctx := s.world.A, as(t, s.world.A)
		crowd := s.workforce(a, []db.ID{s.department(a, "介護課")}, 1100)
		r := s.create(a, lms.Audience{Everyone: true})
		s.finish(r.ID, crowd[0], 100)
		f := lms.EnrolmentFilter{Round: r.ID}
		everybody := s.count("SELECT COUNT(*) FROM enrolment WHERE round_id = ?", r.ID)
		open, from := everybody-1, r.DeadlineOn
		on := func(day string) int {
			return s.count("SELECT COUNT(*) FROM enrolment WHERE round_id = ? AND due_on = ?", r.ID, day)
		}
		x := lms.Extension{DueOn: tenant.AddDays(from, 20), Reason: "停電"}
		effect := func(name string, moved int, from, to string) func(lms.ExtensionEffect, error) {
			return func(got lms.ExtensionEffect, err error) {
				t.Helper()
				shift := moved == 0 && len(got.Shifts) == 0 || len(got.Shifts) == 1 && got.Shifts[0] == lms.DueShift{From: from, To: to, People: moved}
				if err != nil || got.Shown != everybody || got.Moved != moved || !shift {
					t.Fatalf("%s: %+v %v", name, got, err)
				}
			}
		}
		effect("preview", open, from, x.DueOn)(s.rounds.PreviewExtendAll(ctx, a.ID, f, lms.Extension{DueOn: x.DueOn}))
		for name, c := range map[string]struct {
			x     lms.Extension
			shown int
			kind  fault.Kind
			key   string
		}{
			"no reason":    {lms.Extension{DueOn: x.DueOn}, everybody, fault.Invalid, "invalid"},
			"past":         {lms.Extension{DueOn: "2020-01-01", Reason: "x"}, everybody, fault.Invalid, "invalid"},
			"others match": {x, everybody * 100 / 102, fault.Conflict, "selection_changed"},
		} {
			_, err := s.rounds.ExtendAll(ctx, a.ID, f, c.x, c.shown)
			var refused *fault.Error
			if !fault.Is(err, c.kind) || !errors.As(err, &refused) || refused.Key != c.key {
				t.Errorf("%s: %v", name, err)
			}
		}
		if on(from) != everybody {
			t.Fatal("a refusal moved days")
		}

		broken, cancel := context.WithCancel(ctx)
		defer cancel()
		updates := 0
		broken = db.WithTrace(broken, func(q db.Statement) {
			if strings.HasPrefix(q.Query, "UPDATE enrolment SET extended_on") {
				if updates++; updates == 2 {
					cancel()
				}
			}
		})
		if _, err := s.rounds.ExtendAll(broken, a.ID, f, x, everybody); err == nil || on(x.DueOn) < 499 || on(x.DueOn) > 500 {
			t.Fatalf("broken off: %d moved, %v", on(x.DueOn), err) // the one who is done is in the first batch or is not
		}
		effect("the same again", open-on(x.DueOn), from, x.DueOn)(s.rounds.ExtendAll(ctx, a.ID, f, x, everybody))
		effect("and again", 0, "", "")(s.rounds.ExtendAll(ctx, a.ID, f, x, everybody))
		if n := s.count("SELECT COUNT(*) FROM audit_event WHERE action = 'enrolment.extend'"); n != open || on(x.DueOn) != open || on(from) != 1 {
			t.Errorf("%d lines in the log, %d moved, %d stayed", n, on(x.DueOn), on(from))
		}

		late := lms.EnrolmentFilter{Round: r.ID, Statuses: []lms.Status{lms.Completed}}
		if got, err := s.rounds.PreviewExtendAll(ctx, a.ID, late, lms.Extension{DueOn: tenant.AddDays(from, 40)}); err != nil || got.Shown != 1 || got.Moved != 0 {
			t.Errorf("who is done: %+v %v", got, err)
		}
		effect("taken back", open, x.DueOn, from)(s.rounds.ExtendAll(ctx, a.ID, f, lms.Extension{}, everybody))
		s.run("UPDATE round SET state = 'closed' WHERE id = ?", r.ID)
		if _, err := s.rounds.ExtendAll(ctx, a.ID, f, x, everybody); !fault.Is(err, fault.Conflict) {
			t.Errorf("closed: %v", err)
		}
	})
}
