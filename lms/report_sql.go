package lms

const (
	// Late is worked out from the due day for every status here and cut down to the open ones in Go, so that the index alone answers.
	sqlFigures      = `SELECT e.round_id, e.status, CASE WHEN e.due_on < ? THEN 1 ELSE 0 END AS late, COUNT(*) FROM enrolment e`
	sqlFiguresGroup = ` GROUP BY e.round_id, e.status, late`

	sqlDepartments       = `SELECT d.id, d.name FROM department d WHERE d.tenant_id = ? ORDER BY d.name, d.id`
	sqlDepartmentFigures = `SELECT pd.department_id, e.round_id, e.status, CASE WHEN e.due_on < ? THEN 1 ELSE 0 END AS late, COUNT(*) FROM enrolment e
 JOIN person_department pd ON pd.tenant_id = e.tenant_id AND pd.person_id = e.person_id AND pd.starts_on <= ? AND (pd.ends_on IS NULL OR pd.ends_on >= ?)`
	sqlDepartmentFiguresGroup = ` GROUP BY pd.department_id, e.round_id, e.status, late`

	// The beginning of each day, as microseconds of the association's clock.
	sqlCompletedByDay = `SELECT (e.completed_at + ?) - ((e.completed_at + ?) % 86400000000) AS day_begin, COUNT(*) FROM enrolment e
 WHERE e.tenant_id = ? AND e.completed_at >= ? GROUP BY day_begin ORDER BY day_begin`
	sqlCountAccounts = `SELECT (SELECT COUNT(*) FROM person p WHERE p.tenant_id = ? AND p.state = 'active'),
 (SELECT COUNT(*) FROM credential c JOIN person p ON p.tenant_id = c.tenant_id AND p.id = c.person_id
 WHERE c.tenant_id = ? AND c.kind = 'one_time' AND p.state = 'active')`
)
