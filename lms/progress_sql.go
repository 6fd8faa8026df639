package lms

import (
	"context"

	"kenshu/storage/db"
	"kenshu/tenant"
)

const (
	sqlProgress = `SELECT enrolment_id, version_lesson_id, state, position, furthest, seen, spent, spent_seconds, started_at, completed_at, updated_at
 FROM progress WHERE tenant_id = ?`
	sqlProgressOne    = ` AND enrolment_id = ? AND version_lesson_id = ?`
	sqlInsertProgress = `INSERT INTO progress (tenant_id, enrolment_id, version_lesson_id, state, position, furthest, seen, spent, spent_seconds, started_at, completed_at, updated_at)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	progressKey     = "tenant_id, enrolment_id, version_lesson_id"
	progressColumns = "state, position, furthest, seen, spent, spent_seconds, completed_at, updated_at"
	// A passed quiz: done stays done, and the first time counts.
	sqlPassLesson = `UPDATE progress SET state = 'done', completed_at = ?, updated_at = ? WHERE tenant_id = ? AND enrolment_id = ? AND version_lesson_id = ? AND state <> 'done'`
)

func (p progressRow) values(tid tenant.ID) []any {
	return []any{
		tid, p.enrolment, p.lesson, string(p.State), p.Position, p.Furthest, db.JSON[Spans]{V: p.Seen}, db.JSON[Spans]{V: p.spent}, p.SpentSeconds,
		p.StartedAt, p.CompletedAt, p.UpdatedAt,
	}
}

func (l *Learning) readProgress(ctx context.Context, r db.Runner, query string, args ...any) ([]progressRow, error) {
	return db.List(ctx, r, query, args, func(row db.Row) (progressRow, error) {
		var p progressRow
		var seen, spent db.JSON[Spans]
		if err := row.Scan(&p.enrolment, &p.lesson, &p.State, &p.Position, &p.Furthest, &seen, &spent, &p.SpentSeconds, &p.StartedAt, &p.CompletedAt, &p.UpdatedAt); err != nil {
			return p, err
		}
		p.Seen, p.spent = seen.V, spent.V
		return p, nil
	})
}

// progressOf gives the rows of several enrolments by enrolment and lesson, in one query.
func (l *Learning) progressOf(ctx context.Context, tid tenant.ID, r db.Runner, enrolments []any) (map[db.ID]map[db.ID]progressRow, error) {
	out := map[db.ID]map[db.ID]progressRow{}
	if len(enrolments) == 0 {
		return out, nil
	}
	list, err := l.readProgress(ctx, r, sqlProgress+" AND enrolment_id IN ("+db.Marks(len(enrolments))+")", append([]any{tid}, enrolments...)...)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		if out[p.enrolment] == nil {
			out[p.enrolment] = map[db.ID]progressRow{}
		}
		out[p.enrolment][p.lesson] = p
	}
	return out, nil
}
