package lms

// sqlIsOpen is Status.Open for the database.
const sqlIsOpen = `status IN ('not_started', 'in_progress', 'interrupted', 'failed')`

// sqlPresent leaves out who is on leave: nobody waits for them. It takes the tenant. The few who are on leave are read once a query, by their own index.
const sqlPresent = `e.person_id NOT IN (SELECT s.id FROM person s WHERE s.tenant_id = ? AND s.state = 'suspended')`

// sqlOverdue is Overdue for the database; it takes today and the tenant. Nothing open can be late that is not in this list.
const sqlOverdue = `e.due_on < ? AND e.status IN ('not_started', 'in_progress', 'interrupted', 'failed') AND ` + sqlPresent

// The same asked of people by their ids: the plus keeps SQLite from the indexes of due days and of statuses, by which it would read the whole organisation
// for a handful of people.
const sqlOverdueOf = `+e.due_on < ? AND +e.status IN ('not_started', 'in_progress', 'interrupted', 'failed') AND ` + sqlPresent

const (
	sqlInsertEnrolment = `INSERT INTO enrolment (tenant_id, id, round_id, person_id, status, due_on, lessons_total, created_at) VALUES`
	rowInsertEnrolment = `(?, ?, ?, ?, 'not_started', ?, ?, ?)`
	sqlEnrolled        = `SELECT e.id, e.person_id, e.status, e.exempt_reason FROM enrolment e`
	sqlSetAside        = `UPDATE enrolment SET status = ?, exempt_reason = ?, exempt_until = ?, aside_at = ?`
	// Where somebody comes back to is worked out from what they did.
	sqlTakeBack = `UPDATE enrolment SET status = CASE WHEN started_at IS NULL THEN 'not_started' ELSE 'in_progress' END, exempt_reason = '', exempt_until = NULL`

	// Updates of many: each asks once more for what was read before, and the ids follow.
	sqlComeBack     = `UPDATE enrolment SET status = CASE WHEN started_at IS NULL THEN 'not_started' ELSE 'in_progress' END, exempt_reason = '' WHERE tenant_id = ? AND status = 'withdrawn' AND id IN `
	sqlExemptEnd    = `UPDATE enrolment SET status = CASE WHEN started_at IS NULL THEN 'not_started' ELSE 'in_progress' END, exempt_reason = '', exempt_until = NULL WHERE tenant_id = ? AND status = 'exempt' AND id IN `
	sqlGiveTime     = `UPDATE enrolment SET due_on = ? WHERE tenant_id = ? AND due_on < ? AND id IN `
	sqlLeave        = `UPDATE enrolment SET status = 'withdrawn', exempt_reason = ? WHERE tenant_id = ? AND status = 'not_started' AND id IN `
	sqlLeaveStarted = `UPDATE enrolment SET status = 'withdrawn', exempt_reason = ? WHERE tenant_id = ? AND status IN ('not_started', 'in_progress', 'interrupted', 'failed') AND id IN `
	sqlSetDue       = `UPDATE enrolment SET due_on = ? WHERE tenant_id = ? AND status IN ('not_started', 'in_progress', 'interrupted', 'failed') AND id IN `
	sqlExtend       = `UPDATE enrolment SET extended_on = ?, extended_reason = ?, due_on = ? WHERE tenant_id = ? AND status IN ('not_started', 'in_progress', 'interrupted', 'failed') AND id IN `

	// Narrowed by people and by the first and last open round. Joined with the round, MariaDB went through everybody of each open round for every handful.
	sqlSpots = `SELECT e.id, e.round_id, e.person_id, e.status, e.exempt_reason, e.due_on, e.extended_on, e.created_at FROM enrolment e`
	// Everybody of a round whose due day may move, with what it is worked out from.
	sqlDueFacts = `SELECT e.id, e.person_id, p.name, e.status, e.due_on, e.extended_on, e.created_at, p.joined_on FROM enrolment e
 JOIN person p ON p.tenant_id = e.tenant_id AND p.id = e.person_id`
	sqlExemptOver = `SELECT e.id FROM enrolment e WHERE e.tenant_id = ? AND e.round_id = ? AND e.status = 'exempt' AND e.exempt_until < ?`

	sqlListEnrolments = `SELECT e.id, e.person_id, p.name, p.login_id, p.employee_number, p.state, p.sort_name, e.status, e.due_on, e.lessons_done, e.lessons_total,
 e.score_percent, e.started_at, e.completed_at, e.last_activity_at, e.exempt_reason,
 e.exempt_until, e.extended_on, e.extended_reason, e.self_reported, e.course_version_id FROM enrolment e
 JOIN person p ON p.tenant_id = e.tenant_id AND p.id = e.person_id`
	sqlCountEnrolments = `SELECT COUNT(*) FROM enrolment e JOIN person p ON p.tenant_id = e.tenant_id AND p.id = e.person_id`
	// Whom a filter shows, to do something to all of them.
	sqlFilteredEnrolments = `SELECT e.id FROM enrolment e JOIN person p ON p.tenant_id = e.tenant_id AND p.id = e.person_id`
	sqlDepartmentNames    = `SELECT pd.person_id, d.name FROM person_department pd
 JOIN department d ON d.tenant_id = pd.tenant_id AND d.id = pd.department_id`
)
