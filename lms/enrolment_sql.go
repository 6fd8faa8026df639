package lms

// sqlOverdue is Overdue for the database; it takes today. Nothing open can be late that is not in this list.
const sqlOverdue = `e.due_on < ? AND e.status IN ('not_started', 'in_progress', 'interrupted', 'failed')`

const (
	sqlInsertEnrolment = `INSERT INTO enrolment (tenant_id, id, round_id, person_id, status, due_on, lessons_total, created_at) VALUES`
	sqlEnrolled        = `SELECT e.id, e.person_id, e.status, e.exempt_reason FROM enrolment e`
	sqlSetAside        = `UPDATE enrolment SET status = ?, exempt_reason = ?`
	// Where somebody comes back to is worked out from what they did.
	sqlTakeBack = `UPDATE enrolment SET status = CASE WHEN started_at IS NULL THEN 'not_started' ELSE 'in_progress' END, exempt_reason = ''`

	sqlListEnrolments = `SELECT e.id, e.person_id, p.name, p.login_id, p.employee_number, p.state, p.sort_name, e.status, e.due_on, e.lessons_done, e.lessons_total,
 e.score_percent, e.started_at, e.completed_at, e.last_activity_at, e.exempt_reason FROM enrolment e
 JOIN person p ON p.tenant_id = e.tenant_id AND p.id = e.person_id`
	sqlCountEnrolments = `SELECT COUNT(*) FROM enrolment e JOIN person p ON p.tenant_id = e.tenant_id AND p.id = e.person_id`
	sqlDepartmentNames = `SELECT pd.person_id, d.name FROM person_department pd
 JOIN department d ON d.tenant_id = pd.tenant_id AND d.id = pd.department_id`
)
