package lms_test

import (
	"testing"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/cache"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Whoever leaves is asked for nothing more, and comes back with what they had; through the service that the manager's page calls.
func TestLeavingWithdraws(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		sessions, err := cache.Open(t.Context(), cache.Config{})
		if err != nil {
			t.Fatal(err)
		}
		audit := tenant.NewAudit(d, []byte("test key of thirty-two bytes ...."), s.clock.Now)
		people := tenant.NewPeople(d, audit, tenant.NewSessions(d, sessions, s.clock.Now, tenant.DefaultSessionLimits), nil, s.clock.Now, s.rounds)
		r := s.create(a, lms.Audience{Everyone: true, FutureJoiners: true})
		s.finish(r.ID, a.Staff[0], 100)
		for _, step := range []struct {
			state tenant.PersonState
			on    string
			want  [2]string // of who had completed, of who had not begun
		}{
			{tenant.PersonSuspended, "", [2]string{"completed", "not_started"}},
			{tenant.PersonLeft, tenant.Today(s.clock.Now), [2]string{"completed", "withdrawn"}},
			{tenant.PersonActive, "", [2]string{"completed", "not_started"}},
		} {
			for i, id := range a.Staff[:2] {
				p, err := people.Find(t.Context(), a.ID, id)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := people.SetState(as(t, a), a.ID, id, p.Version, step.state, step.on); err != nil {
					t.Fatal(err)
				}
				if got := s.statuses(a, r.ID)[id]; got != step.want[i] {
					t.Errorf("%s: enrolment is %s, want %s", step.state, got, step.want[i])
				}
			}
		}
	})
}

// A department that a rule names stays, or the rule would reach nobody and nobody would know why.
func TestDepartmentOfARuleStays(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a, b := s.world.A, s.world.B
		audit := tenant.NewAudit(d, []byte("test key of thirty-two bytes ...."), s.clock.Now)
		departments := tenant.NewDepartments(d, audit, nil, nil, s.clock.Now, s.rounds)
		named, free := s.department(a, "総務部"), s.department(a, "経理部")
		r := s.create(a, lms.Audience{Departments: []db.ID{named}, FutureJoiners: true})
		if err := departments.Delete(as(t, a), a.ID, named); !fault.Is(err, fault.Conflict) {
			t.Fatalf("a department with a rule: %v", err)
		}
		if err := departments.Delete(as(t, a), a.ID, free); err != nil {
			t.Fatalf("a department without a rule: %v", err)
		}
		if err := departments.Delete(as(t, b), b.ID, named); !fault.Is(err, fault.NotFound) {
			t.Fatalf("another organisation's department: %v", err)
		}
		rules, err := s.rounds.Rules(t.Context(), a.ID, r.ID)
		if err != nil || len(rules) != 1 {
			t.Fatal(rules, err)
		}
		if _, err := s.rounds.RemoveRule(as(t, a), a.ID, r.ID, rules[0].ID, false); err != nil {
			t.Fatal(err)
		}
		if err := departments.Delete(as(t, a), a.ID, named); err != nil {
			t.Fatalf("after its rule was removed: %v", err)
		}
	})
}
