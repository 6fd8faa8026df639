package lms

const (
	// How people of rounds stand and when they are due. Grouped in the order of the index, so that nothing is sorted.
	sqlStandings      = `SELECT e.round_id, e.status, e.due_on, COUNT(*), SUM(CASE WHEN ` + sqlPresent + ` THEN 1 ELSE 0 END) FROM enrolment e`
	sqlStandingsGroup = ` GROUP BY e.round_id, e.status, e.due_on`

	// The posts of today, and of each person how they stand in the rounds between two ids, as one short text: the random half of the round's id, whether the
	// due day has passed, and two letters of the status. Both come in the order of an index that answers alone (docs/decisions/0021).
	sqlPostsToday = `SELECT pd.person_id, pd.department_id FROM person_department pd
 WHERE pd.tenant_id = ? AND pd.starts_on <= ? AND (pd.ends_on IS NULL OR pd.ends_on >= ?)`
	sqlPersonStandings = `SELECT e.person_id, CASE WHEN ` + sqlPresent + ` THEN 1 ELSE 0 END,
 GROUP_CONCAT(CONCAT(HEX(SUBSTR(e.round_id, 9)), CASE WHEN e.due_on < ? THEN '<' ELSE '=' END, SUBSTR(e.status, 1, 2))) FROM enrolment e
 WHERE e.tenant_id = ? AND e.round_id >= ? AND e.round_id <= ? GROUP BY e.person_id`

	sqlCountActive = `SELECT COUNT(*) FROM person p WHERE p.tenant_id = ? AND p.state = 'active'`
)
