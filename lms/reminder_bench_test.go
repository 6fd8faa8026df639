package lms_test

import (
	"testing"
	"time"

	"kenshu/lms"
	"kenshu/storage/db"
	"kenshu/storage/mail"
)

// BenchmarkReminders plans a day for 20,000 people in 20 rounds: on the due day of all, everybody gets one mail a round; then a day on which nothing is
// due; what will go out; and the digest.
func BenchmarkReminders(b *testing.B) {
	eachEngine(b, func(b *testing.B, d *db.DB) {
		s := newStage(b, d)
		s.crowd(s.world.A, 20_000, 200)
		var rounds []lms.Round
		for range 20 {
			rounds = append(rounds, s.create(s.world.A, lms.Audience{Everyone: true}))
		}
		s.run("UPDATE person SET email = 'a@example.jp' WHERE tenant_id = ?", s.world.A.ID)
		reminder, _ := s.reminder(mail.Kept{})
		s.clock.Add(29 * 24 * time.Hour) // 30 April, the due day
		measure := func(name string, act func() error) {
			start := time.Now()
			if err := act(); err != nil {
				b.Fatal(name, err)
			}
			b.ReportMetric(float64(time.Since(start).Microseconds())/1000, name+"-ms")
		}
		for b.Loop() {
			measure("forecast", func() error { _, err := reminder.Forecast(b.Context(), s.world.A.ID, db.ID{}, 30); return err })
			measure("digest", func() error { _, err := reminder.Digest(b.Context(), s.world.A.ID); return err })
			measure("one-round-20000-mails", func() error { _, err := reminder.Remind(b.Context(), s.world.A.ID, rounds[0].ID); return err })
			s.clock.Add(12 * 24 * time.Hour)
			measure("quiet-day-20-rounds", func() error {
				for _, r := range rounds {
					if _, err := reminder.Remind(b.Context(), s.world.A.ID, r.ID); err != nil {
						return err
					}
				}
				return nil
			})
			s.clock.Add(-12 * 24 * time.Hour)
		}
	})
}
