package lms

const (
	sqlInsertRound = `INSERT INTO round (tenant_id, id, title, course_tenant_id, course_version_id, course_title, lessons_total, starts_on, deadline_on, state,
 created_by, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlSelectRound = `SELECT r.id, r.title, r.course_tenant_id, r.course_version_id, r.course_title, r.lessons_total, r.starts_on, r.deadline_on, r.state, r.version,
 r.created_by, r.created_at, r.updated_at FROM round r`
	sqlUpdateRound = `UPDATE round SET title = ?, starts_on = ?, deadline_on = ?, state = ?, version = ?, updated_at = ? WHERE tenant_id = ? AND id = ?`
	// Only who still has to do something moves; completed, exempt and withdrawn keep the day that stood when they ended.
	sqlMoveDue = `UPDATE enrolment SET due_on = ? WHERE tenant_id = ? AND round_id = ? AND status IN ('not_started', 'in_progress', 'interrupted', 'failed')
 AND (due_on = ? OR due_on < ?)`
)

type scanner interface{ Scan(dest ...any) error }

func scanRound(row scanner) (Round, error) {
	var r Round
	err := row.Scan(&r.ID, &r.Title, &r.CourseTenant, &r.VersionID, &r.CourseTitle, &r.Lessons, &r.StartsOn, &r.DeadlineOn, &r.State, &r.Version,
		&r.CreatedBy, &r.CreatedAt, &r.UpdatedAt)
	return r, err
}
