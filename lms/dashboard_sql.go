package lms

const (
	// Late is counted for every status here and cut down to the open ones in Go. Grouped in the order of the index, so that nothing is sorted.
	sqlFigures      = `SELECT e.round_id, e.status, COUNT(*), SUM(CASE WHEN e.due_on < ? AND ` + sqlPresent + ` THEN 1 ELSE 0 END) FROM enrolment e`
	sqlFiguresGroup = ` GROUP BY e.round_id, e.status`

	// From the posts to the enrolments, which the index enrolment_person answers alone; CROSS JOIN keeps SQLite from going the other way round, which
	// took 12 seconds for 1,500 people in 10 rounds. The rounds are narrowed by their first and last id: a list of them costs a search a person and round.
	sqlDepartmentFigures = `SELECT pd.department_id, e.round_id, e.status, COUNT(*), SUM(CASE WHEN e.due_on < ? AND ` + sqlPresent + ` THEN 1 ELSE 0 END) FROM person_department pd
 CROSS JOIN enrolment e ON e.tenant_id = pd.tenant_id AND e.person_id = pd.person_id
 WHERE pd.tenant_id = ? AND pd.starts_on <= ? AND (pd.ends_on IS NULL OR pd.ends_on >= ?) AND e.tenant_id = ? AND e.round_id >= ? AND e.round_id <= ?
 GROUP BY pd.department_id, e.round_id, e.status`
	// The posts of everybody who holds more than one today.
	sqlConcurrent = `SELECT pd.person_id, pd.department_id FROM person_department pd
 WHERE pd.tenant_id = ? AND pd.starts_on <= ? AND (pd.ends_on IS NULL OR pd.ends_on >= ?) AND pd.person_id IN (SELECT m.person_id FROM person_department m
 WHERE m.tenant_id = ? AND m.starts_on <= ? AND (m.ends_on IS NULL OR m.ends_on >= ?) GROUP BY m.person_id HAVING COUNT(*) > 1)`
	sqlPersonStatus = `SELECT e.person_id, e.round_id, e.status, CASE WHEN e.due_on < ? AND ` + sqlPresent + ` THEN 1 ELSE 0 END FROM enrolment e`

	sqlCountActive = `SELECT COUNT(*) FROM person p WHERE p.tenant_id = ? AND p.state = 'active'`
)
