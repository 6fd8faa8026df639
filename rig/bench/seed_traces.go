package main

import (
	"context"
	"fmt"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// newTraces writes what people leave behind in a year: a try at the quiz with answers, mails, certificates, the log of what managers did.
func newTraces(ctx context.Context, d *db.DB, tid tenant.ID, c seededCourse, people, enrolments []db.ID) error {
	var attempts, answers, mails, certificates, events [][]any
	for i, p := range people {
		attempt := db.NewID()
		attempts = append(attempts, []any{tid, attempt, enrolments[i], c.lessons[lessonQuiz], now})
		answers = append(answers, []any{tid, attempt, c.questions[0].String(), now}, []any{tid, attempt, c.questions[1].String(), now})
		events = append(events, []any{tid, db.NewID(), now, people[0], p})
		if i%2 == 0 {
			mails = append(mails, []any{tid, db.NewID(), fmt.Sprint("seed-", i), p, now})
			certificates = append(certificates, []any{tid, db.NewID(), enrolments[i], fmt.Sprintf("2026-%06d", i), fmt.Sprintf("SEED%06d", i), now})
		}
	}
	return d.Tx(ctx, func(tx *db.Tx) error {
		for _, t := range []struct {
			insert, row string
			rows        [][]any
		}{
			{`INSERT INTO attempt (tenant_id, id, enrolment_id, version_lesson_id, number, paper, state, started_at) VALUES`, "(?, ?, ?, ?, 1, '{\"questions\":[]}', 'submitted', ?)", attempts},
			{`INSERT INTO attempt_answer (tenant_id, attempt_id, question_id, answer, client_seq, answered_at) VALUES`, "(?, ?, ?, '[\"a\"]', 1, ?)", answers},
			{`INSERT INTO mail_message (tenant_id, id, dedupe, person_id, to_address, to_name, kind, subject, body_text, state, created_at) VALUES`, "(?, ?, ?, ?, 'a@example.jp', '名', 'seed', '件名', '本文', 'sent', ?)", mails},
			{`INSERT INTO completion_certificate (tenant_id, id, enrolment_id, number, code, content, issued_at) VALUES`, "(?, ?, ?, ?, ?, '{}', ?)", certificates},
			{`INSERT INTO audit_event (tenant_id, id, happened_at, actor_kind, actor_id, actor_name, actor_role, action, subject_kind, subject_id, detail, reason, source, request_id) VALUES`, "(?, ?, ?, 'person', ?, '管理 花子', 'manager', 'person.update', 'person', ?, '{}', '', '', '')", events},
		} {
			if err := tx.InsertMany(ctx, t.insert, t.row, t.rows); err != nil {
				return err
			}
		}
		return nil
	})
}
