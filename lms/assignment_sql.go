package lms

// rowsIter is what scanIDs needs of *sql.Rows.
type rowsIter interface {
	scanner
	Next() bool
	Err() error
	Close() error
}

const (
	sqlInsertRule = `INSERT INTO assignment (tenant_id, id, round_id, kind, target_id, future_joiners, created_at) VALUES`
	sqlDeleteRule = `DELETE FROM assignment WHERE tenant_id = ? AND round_id = ? AND id = ?`
	sqlListRules  = `SELECT a.id, a.kind, a.target_id, a.future_joiners, COALESCE(d.name, p.name, '') FROM assignment a
 LEFT JOIN department d ON d.tenant_id = a.tenant_id AND d.id = a.target_id
 LEFT JOIN person p ON p.tenant_id = a.tenant_id AND p.id = a.target_id
 WHERE a.tenant_id = ? AND a.round_id = ? ORDER BY a.kind, a.id`
	sqlLastingRules = `SELECT a.kind, a.target_id, r.id, r.deadline_on, r.lessons_total, r.created_at FROM assignment a
 JOIN round r ON r.tenant_id = a.tenant_id AND r.id = a.round_id
 WHERE a.tenant_id = ? AND a.future_joiners = 1 AND r.state = 'open'`
	sqlCountDepartmentRules = `SELECT COUNT(*) FROM assignment WHERE tenant_id = ? AND kind = 'department' AND target_id = ?`

	sqlPeople           = `SELECT p.id FROM person p`
	sqlNamedPeople      = `SELECT p.id, p.name, p.login_id FROM person p`
	sqlCountPeople      = `SELECT COUNT(*), COALESCE(SUM(CASE WHEN p.email = '' THEN 1 ELSE 0 END), 0) FROM person p`
	sqlCountPersons     = `SELECT COUNT(*) FROM person`
	sqlCountDepartments = `SELECT COUNT(*) FROM department`
	// Who belongs to one of the departments today; the departments follow.
	sqlHoldersOf = `SELECT pd.person_id FROM person_department pd WHERE pd.tenant_id = ? AND pd.starts_on <= ? AND (pd.ends_on IS NULL OR pd.ends_on >= ?)
 AND pd.department_id IN `
	sqlPosts = `SELECT p.id, pd.department_id FROM person p
 LEFT JOIN person_department pd ON pd.tenant_id = p.tenant_id AND pd.person_id = p.id AND pd.starts_on <= ? AND (pd.ends_on IS NULL OR pd.ends_on >= ?)`

	// The row is the lock; its value means nothing.
	sqlLockAudience = `INSERT INTO setting (tenant_id, name, value, updated_at) VALUES (?, 'lock.audience', 'null', ?)`
)
