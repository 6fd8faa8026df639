package lms

import "kenshu/storage/db"

const (
	sqlInsertRound = `INSERT INTO round (tenant_id, id, title, course_tenant_id, course_version_id, course_title, lessons_total, starts_on, deadline_on, state,
 due_rule, due_days, follow_out, copied_from, recurrence_id, occurrence, created_by, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlSelectRound = `SELECT r.id, r.title, r.course_tenant_id, r.course_version_id, r.course_title, r.lessons_total, r.starts_on, r.deadline_on, r.state, r.version,
 r.due_rule, r.due_days, r.follow_out, r.copied_from, r.recurrence_id, r.created_by, r.created_at, r.updated_at FROM round r`
	sqlUpdateRound = `UPDATE round SET title = ?, starts_on = ?, deadline_on = ?, state = ?, due_rule = ?, due_days = ?, follow_out = ?, version = ?, updated_at = ? WHERE tenant_id = ? AND id = ?`
)

func scanRound(row db.Row) (Round, error) {
	var r Round
	err := row.Scan(&r.ID, &r.Title, &r.CourseTenant, &r.VersionID, &r.CourseTitle, &r.Lessons, &r.StartsOn, &r.DeadlineOn, &r.State, &r.Version,
		&r.Due.Rule, &r.Due.Days, &r.FollowOut, &r.CopiedFrom, &r.Recurrence, &r.CreatedBy, &r.CreatedAt, &r.UpdatedAt)
	return r, err
}
