package lms

const (
	reportPersonColumns    = `p.id, p.name, p.name_kana, p.login_id, p.employee_number, p.employment_kind, p.state, p.sort_name, p.login_key`
	reportEnrolmentColumns = `e.id, e.round_id, e.person_id, e.status, e.due_on, e.lessons_done, e.lessons_total, e.score_percent, e.started_at, e.completed_at,
 e.last_activity_at, e.exempt_reason, e.self_reported`

	sqlReportPeople       = `SELECT ` + reportPersonColumns + ` FROM person p`
	sqlReportEnrolments   = `SELECT ` + reportEnrolmentColumns + ` FROM enrolment e`
	sqlReportEnrolmentIDs = `SELECT e.id FROM enrolment e`
	sqlReportRows         = `SELECT ` + reportPersonColumns + `, ` + reportEnrolmentColumns + ` FROM enrolment e
 JOIN person p ON p.tenant_id = e.tenant_id AND p.id = e.person_id`
	sqlReportIDs        = `SELECT p.id FROM person p`
	sqlReportCount      = `SELECT COUNT(*) FROM enrolment e`
	sqlReportCountJoin  = `SELECT COUNT(*) FROM enrolment e JOIN person p ON p.tenant_id = e.tenant_id AND p.id = e.person_id`
	sqlReportRounds     = `SELECT r.id, r.title, r.course_title, r.deadline_on FROM round r WHERE r.tenant_id = ? ORDER BY r.deadline_on DESC, r.id DESC`
	sqlReportPosts      = `SELECT pd.person_id, pd.department_id FROM person_department pd`
	sqlReportValues     = `SELECT v.person_id, v.field_id, v.value FROM person_value v`
	sqlReportFields     = `SELECT f.id, f.name FROM person_field f`
	sqlReportSpent      = `SELECT g.enrolment_id, SUM(g.spent_seconds) FROM progress g`
	sqlReportAttempts   = `SELECT a.enrolment_id, COUNT(*) FROM attempt a`
	sqlReportNumbers    = `SELECT c.enrolment_id, c.number FROM completion_certificate c`
	sqlReportName       = `SELECT o.name FROM organisation o WHERE o.tenant_id = ?`
	reportByNameUp      = ` ORDER BY p.sort_name, p.id`
	reportByNameDown    = ` ORDER BY p.sort_name DESC, p.id DESC`
	reportByLoginUp     = ` ORDER BY p.login_key`
	reportByLoginDown   = ` ORDER BY p.login_key DESC`
	reportByDueUp       = ` ORDER BY e.due_on, e.id`
	reportByDueDown     = ` ORDER BY e.due_on DESC, e.id DESC`
	reportByDueUpOf     = ` ORDER BY +e.due_on, e.id` // the plus: not by the index of due days
	reportByDueDownOf   = ` ORDER BY +e.due_on DESC, e.id DESC`
	reportByDoneUp      = ` ORDER BY e.completed_at, e.id`
	reportByDoneDown    = ` ORDER BY e.completed_at DESC, e.id DESC`
	reportUndone        = ` ORDER BY e.id`
	reportRoundUp       = `, e.round_id`
	reportLimit         = ` LIMIT ?`
	reportGroupSpent    = ` GROUP BY g.enrolment_id`
	reportGroupAttempts = ` GROUP BY a.enrolment_id`
)
