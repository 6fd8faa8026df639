package lms

const (
	sqlInsertRule = `INSERT INTO assignment (tenant_id, id, round_id, kind, target_id, with_below, attribute, field_id, value, value_key, future_joiners, created_at, removed_at) VALUES`
	rowInsertRule = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)`
	keyRule       = `tenant_id, round_id, kind, target_id`
	setRule       = `with_below, future_joiners, removed_at`
	// The row stays, so that the rule can be restored.
	sqlRemoveRule  = `UPDATE assignment SET removed_at = ? WHERE tenant_id = ? AND id = ?`
	sqlRestoreRule = `UPDATE assignment SET removed_at = NULL WHERE tenant_id = ? AND id = ?`

	sqlSelectRule = `SELECT a.id, a.round_id, a.kind, a.target_id, a.with_below, a.attribute, a.field_id, a.value, a.value_key, a.future_joiners, a.removed_at FROM assignment a`
	// From the open rounds to their rules by the unique key, past the rules about single persons, of which there may be thousands.
	sqlOpenRules = `SELECT a.id, a.round_id, a.kind, a.target_id, a.with_below, a.attribute, a.field_id, a.value, a.value_key, a.future_joiners, a.removed_at FROM round r
 CROSS JOIN assignment a ON a.tenant_id = r.tenant_id AND a.round_id = r.id
 WHERE r.tenant_id = ? AND r.state = 'open' AND a.kind IN ('everyone', 'department', 'attribute', 'not_department', 'not_attribute') AND a.removed_at IS NULL`

	sqlPersonNames          = `SELECT p.id, p.name FROM person p`
	sqlFieldNames           = `SELECT f.id, f.name FROM person_field f WHERE f.tenant_id = ?`
	sqlCountDepartmentRules = `SELECT COUNT(*) FROM assignment WHERE tenant_id = ? AND target_id = ? AND kind IN ('department', 'not_department') AND removed_at IS NULL`

	sqlSubjects         = `SELECT p.id, p.state, p.employment_kind, p.joined_on, CASE WHEN p.email = '' THEN 0 ELSE 1 END FROM person p`
	sqlPostsOf          = `SELECT pd.person_id, pd.department_id FROM person_department pd`
	sqlRolesOf          = `SELECT pr.person_id, pr.role FROM person_role pr`
	sqlValuesOf         = `SELECT pv.person_id, pv.field_id, pv.value_key FROM person_value pv`
	sqlNamedPeople      = `SELECT p.id, p.name, p.login_id, p.sort_name FROM person p`
	sqlCountPersons     = `SELECT COUNT(*) FROM person`
	sqlCountDepartments = `SELECT COUNT(*) FROM department`
	// Posts held today (twice today), narrowed further.
	sqlHeldToday = `pd.tenant_id = ? AND pd.starts_on <= ? AND (pd.ends_on IS NULL OR pd.ends_on >= ?)`
	// Who belongs to one of the departments today; the departments follow.
	sqlHoldersOf = `SELECT pd.person_id FROM person_department pd WHERE pd.tenant_id = ? AND pd.starts_on <= ? AND (pd.ends_on IS NULL OR pd.ends_on >= ?)
 AND pd.department_id IN `

	// The row is the lock; its value means nothing.
	sqlLockAudience = `INSERT INTO setting (tenant_id, name, value, updated_at) VALUES (?, 'lock.audience', 'null', ?)`
)
