package lms_test

import (
	"fmt"
	"testing"
	"time"

	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
)

// BenchmarkAssignment is the scale that the organisations' imports reach: 20,000 people, 20 open rounds with six rules each, a round for everybody, and
// 100,000 joiners told of at once, of whom each matches one round; then the same again, when nothing is left to do.
func BenchmarkAssignment(b *testing.B) {
	eachEngine(b, func(b *testing.B, d *db.DB) {
		for b.Loop() {
			benchAssignment(b, newStage(b, d))
		}
	})
}

func benchAssignment(b *testing.B, s *stage) {
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
		b.ReportMetric(float64(time.Since(began).Microseconds())/1000, what+"-ms")
	}
	everyone := lms.Audience{Everyone: true}
	took("preview-of-everybody", func() {
		if found, err := s.rounds.Preview(b.Context(), a.ID, lms.Probe{Add: everyone}, 100); err != nil || found.Total != 20_005 {
			b.Fatal(found.Total, err)
		}
	})
	took("round-for-20000", func() { s.create(a, everyone) })
	joiners := s.workforce(a, departments, 100_000)
	took("100000-joiners", func() { s.changed(a, joiners...) })
	took("the-same-again", func() { s.changed(a, joiners...) })
	if n := s.count("SELECT COUNT(*) FROM enrolment WHERE tenant_id = ?", a.ID); n != 20_000+20_005+100_000 {
		b.Errorf("%d enrolments", n)
	}
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
