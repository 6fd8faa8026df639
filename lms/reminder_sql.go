package lms

const (
	// all tenants: the reminder job
	sqlOpenRounds = `SELECT r.tenant_id, r.id, COALESCE(s.value, ''), COALESCE(w.plan, '') FROM organisation o
 CROSS JOIN round r ON r.tenant_id = o.tenant_id
 LEFT JOIN setting s ON s.tenant_id = r.tenant_id AND s.name = 'reminders'
 LEFT JOIN round_reminder w ON w.tenant_id = r.tenant_id AND w.round_id = r.id
 WHERE r.state = 'open' AND o.state = 'active' ORDER BY o.tenant_id, r.id`

	sqlReminderSetting = `SELECT s.value FROM setting s WHERE s.tenant_id = ? AND s.name = 'reminders'`
	sqlSetReminder     = `INSERT INTO setting (tenant_id, name, value, updated_at) VALUES (?, 'reminders', ?, ?)`
	sqlRoundPlan       = `SELECT w.plan FROM round_reminder w WHERE w.tenant_id = ? AND w.round_id = ?`
	sqlRoundPlans      = `SELECT w.round_id, w.plan FROM round_reminder w JOIN round r ON r.tenant_id = w.tenant_id AND r.id = w.round_id
 WHERE w.tenant_id = ? AND r.state = 'open'`
	sqlSetRoundPlan    = `INSERT INTO round_reminder (tenant_id, round_id, plan, updated_at) VALUES (?, ?, ?, ?)`
	sqlDeleteRoundPlan = `DELETE FROM round_reminder WHERE tenant_id = ? AND round_id = ?`

	sqlTemplates      = `SELECT t.slot, t.language, t.subject, t.body_text FROM reminder_template t WHERE t.tenant_id = ?`
	sqlSetTemplate    = `INSERT INTO reminder_template (tenant_id, slot, language, subject, body_text, updated_by, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)`
	sqlDeleteTemplate = `DELETE FROM reminder_template WHERE tenant_id = ? AND slot = ? AND language = ?`

	sqlWaiting = `SELECT e.id, e.person_id, p.name, p.email, p.locale, p.login_id, p.sort_name, e.due_on, e.created_at FROM enrolment e
 JOIN person p ON p.tenant_id = e.tenant_id AND p.id = e.person_id`
	sqlReminded = `SELECT m.enrolment_id, COUNT(*) FROM mail_message m WHERE m.tenant_id = ? AND m.round_id = ? AND m.slot <> '' GROUP BY m.enrolment_id`
	sqlStanding = `SELECT e.status, e.due_on, e.created_at, p.name, p.locale, p.state, r.title, r.course_title, r.starts_on, r.state FROM enrolment e
 JOIN person p ON p.tenant_id = e.tenant_id AND p.id = e.person_id JOIN round r ON r.tenant_id = e.tenant_id AND r.id = e.round_id
 WHERE e.tenant_id = ? AND e.id = ?`
	sqlNewerReminder = `SELECT COUNT(*) FROM mail_message m WHERE m.tenant_id = ? AND m.enrolment_id = ? AND m.created_at > ? AND m.kind = ? AND m.state IN ('queued', 'sent')`
	sqlManagersOf    = `SELECT p.id, p.name, p.email, p.locale, pr.role FROM person_role pr JOIN person p ON p.tenant_id = pr.tenant_id AND p.id = pr.person_id
 WHERE pr.tenant_id = ? AND pr.role IN ('manager', 'deputy_manager') AND p.state = 'active' ORDER BY pr.role DESC, p.id`

	// Grouped by what decides the days: the round, the due day, and when somebody came in, which is one moment for all whom a rule brought in. One of them is
	// an example; comparing everybody's name would take half of the time.
	sqlForecast = `SELECT e.round_id, e.due_on, e.created_at, COUNT(*), SUM(CASE WHEN p.email = '' THEN 1 ELSE 0 END), MIN(e.person_id) FROM enrolment e
 JOIN person p ON p.tenant_id = e.tenant_id AND p.id = e.person_id`
	sqlForecastGroup = ` GROUP BY e.round_id, e.due_on, e.created_at`
	sqlNearestRound  = `SELECT p.name, p.locale, COALESCE(r.title, ''), COALESCE(r.course_title, ''), COALESCE(e.due_on, '') FROM person p
 LEFT JOIN enrolment e ON e.tenant_id = p.tenant_id AND e.person_id = p.id LEFT JOIN round r ON r.tenant_id = e.tenant_id AND r.id = e.round_id
 WHERE p.tenant_id = ? AND p.id = ? ORDER BY +e.due_on DESC LIMIT 1`

	sqlUnreachable = `SELECT COUNT(*) FROM person p WHERE p.tenant_id = ? AND p.state = 'active' AND p.email = '' AND EXISTS (SELECT 1 FROM enrolment e
 JOIN round r ON r.tenant_id = e.tenant_id AND r.id = e.round_id
 WHERE e.tenant_id = p.tenant_id AND e.person_id = p.id AND e.status IN ('not_started', 'in_progress', 'interrupted', 'failed') AND r.state = 'open')`
	sqlUnreachableOf = `SELECT COUNT(*), COALESCE(SUM(CASE WHEN p.email = '' THEN 1 ELSE 0 END), 0) FROM enrolment e
 JOIN person p ON p.tenant_id = e.tenant_id AND p.id = e.person_id
 WHERE e.tenant_id = ? AND e.round_id = ? AND e.status IN ('not_started', 'in_progress', 'interrupted', 'failed') AND p.state = 'active'`
	sqlOverdueNames = `SELECT p.name, r.title FROM enrolment e
 JOIN person p ON p.tenant_id = e.tenant_id AND p.id = e.person_id JOIN round r ON r.tenant_id = e.tenant_id AND r.id = e.round_id`
	sqlNotices = `SELECT p.id, p.name, p.employee_number, e.due_on FROM enrolment e
 JOIN person p ON p.tenant_id = e.tenant_id AND p.id = e.person_id`
	sqlHeldPosts          = `SELECT pd.person_id, pd.department_id FROM person_department pd`
	sqlNoticeOrganisation = `SELECT o.name, o.code FROM organisation o WHERE o.tenant_id = ?`
)

// sqlOpenStatus are the enrolments of whom something is still asked.
const sqlOpenStatus = `e.status IN ('not_started', 'in_progress', 'interrupted', 'failed')`
