package lms_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
)

// crowd writes so many people in so many departments by plain SQL.
func (s *stage) crowd(org kit.Org, people, departments int) {
	s.t.Helper()
	err := s.db.Tx(s.t.Context(), func(tx *db.Tx) error {
		var persons, posts, rooms [][]any
		ids := make([]db.ID, departments)
		for i := range ids {
			ids[i] = db.NewID()
			rooms = append(rooms, []any{org.ID, ids[i], fmt.Sprintf("部署%02d", i), fmt.Sprintf("部署%02d", i)})
		}
		for i := range people {
			id, login := db.NewID(), fmt.Sprintf("crowd%05d", i)
			persons = append(persons, []any{org.ID, id, login, login, "群衆 太郎", "群衆 太郎", login})
			posts = append(posts, []any{org.ID, id, ids[i%departments]})
		}
		if err := tx.InsertMany(s.t.Context(), "INSERT INTO department (tenant_id, id, name, name_key, created_at, updated_at) VALUES", "(?, ?, ?, ?, 1, 1)", rooms); err != nil {
			return err
		}
		if err := tx.InsertMany(s.t.Context(), "INSERT INTO person (tenant_id, id, login_id, login_key, name, sort_name, search_text, employment_kind, state, created_at, updated_at) VALUES",
			"(?, ?, ?, ?, ?, ?, ?, 'employee', 'active', 1, 1)", persons); err != nil {
			return err
		}
		return tx.InsertMany(s.t.Context(), "INSERT INTO person_department (tenant_id, person_id, department_id, starts_on) VALUES", "(?, ?, ?, '2026-04-01')", posts)
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func eachEngine(b *testing.B, bench func(b *testing.B, d *db.DB)) {
	b.Run("sqlite", func(b *testing.B) { bench(b, kit.SQLite(b)) })
	b.Run("mariadb", func(b *testing.B) { bench(b, kit.MariaDB(b)) })
}

// BenchmarkDashboard is the manager's first page for 1,500 staff × 10 rounds; the goal is a p95 under 50 ms.
func BenchmarkDashboard(b *testing.B) {
	eachEngine(b, func(b *testing.B, d *db.DB) {
		s := newStage(b, d)
		s.crowd(s.world.A, 1500, 20)
		for range 10 {
			s.create(s.world.A, lms.Audience{Everyone: true})
		}
		s.run(`UPDATE enrolment SET status = 'completed', started_at = ?, completed_at = ? WHERE lessons_total > 0 AND due_on = '2026-04-30' AND person_id < ?`,
			db.At(s.clock.Now()), db.At(s.clock.Now()), db.NewID())
		times := []time.Duration{}
		for b.Loop() {
			start := time.Now()
			board, err := s.reports.Dashboard(b.Context(), s.world.A.ID)
			if err != nil || len(board.Rounds) != 10 || board.Rounds[0].Assigned != 1505 || len(board.Departments) != 20 || board.Departments[0].Assigned != 750 {
				b.Fatal(err, len(board.Rounds), len(board.Departments))
			}
			times = append(times, time.Since(start))
		}
		slices.Sort(times)
		b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "p95-ms")
	})
}

// BenchmarkCreateRound makes a round for 10,000 people.
func BenchmarkCreateRound(b *testing.B) {
	eachEngine(b, func(b *testing.B, d *db.DB) {
		s := newStage(b, d)
		s.crowd(s.world.A, 10_000, 20)
		for b.Loop() {
			s.create(s.world.A, lms.Audience{Everyone: true, FutureJoiners: true})
		}
	})
}
