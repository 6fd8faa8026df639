package lms_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
)

// The scale that the organisations' imports reach: 20,000 people, 20 open rounds with five rules each, a round for everybody, and 100,000 joiners told of
// at once, of whom each matches one round. Set KENSHU_SCALE=1 to measure; it takes minutes.
func TestAssignmentScale(t *testing.T) {
	if os.Getenv("KENSHU_SCALE") == "" {
		t.Skip("KENSHU_SCALE is not set")
	}
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		departments := make([]db.ID, 100)
		for i := range departments {
			departments[i] = s.department(a, fmt.Sprintf("部署%03d", i))
		}
		s.workforce(a, departments, 20_000)
		for i := range 20 {
			aud := lms.Audience{FutureJoiners: true, Rules: []lms.RuleSpec{{Kind: lms.RuleAttribute, Attribute: lms.AttributeRole, Value: "editor", Excluded: true}}}
			for _, id := range departments[i*5 : i*5+5] {
				aud.Rules = append(aud.Rules, lms.RuleSpec{Kind: lms.RuleDepartment, Target: id, WithBelow: true})
			}
			s.create(a, aud)
		}
		took := func(what string, act func()) {
			began := time.Now()
			act()
			t.Logf("%s: %v", what, time.Since(began).Round(time.Millisecond))
		}
		everyone := lms.Audience{Everyone: true}
		took("preview of everybody", func() {
			if found, err := s.rounds.Preview(t.Context(), a.ID, lms.Probe{Add: everyone}, 100); err != nil || found.Total != 20_005 {
				t.Fatal(found.Total, err)
			}
		})
		took("round for 20,000", func() { s.create(a, everyone) })
		joiners := s.workforce(a, departments, 100_000)
		took("100,000 joiners, one round each", func() { s.changed(a, joiners...) })
		took("the same again", func() { s.changed(a, joiners...) })
		if n := s.count("SELECT COUNT(*) FROM enrolment WHERE tenant_id = ?", a.ID); n != 20_000+20_005+100_000 {
			t.Errorf("%d enrolments", n)
		}
	})
}

// workforce registers people by plain SQL, each in one department.
func (s *stage) workforce(org kit.Org, departments []db.ID, n int) []db.ID {
	s.t.Helper()
	ids, people, posts := make([]db.ID, n), make([][]any, n), make([][]any, n)
	for i := range ids {
		ids[i] = db.NewID()
		login := ids[i].String()
		people[i] = []any{org.ID, ids[i], login, login, "人 " + login[30:], login, login, "employee", "active", 1, 1}
		posts[i] = []any{org.ID, ids[i], departments[i%len(departments)], "2026-01-01"}
	}
	err := s.db.Tx(s.t.Context(), func(tx *db.Tx) error {
		if err := tx.InsertMany(s.t.Context(), `INSERT INTO person (tenant_id, id, login_id, login_key, name, sort_name, search_text, employment_kind, state, created_at, updated_at) VALUES`,
			"(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", people); err != nil {
			return err
		}
		return tx.InsertMany(s.t.Context(), `INSERT INTO person_department (tenant_id, person_id, department_id, starts_on) VALUES`, "(?, ?, ?, ?)", posts)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return ids
}
