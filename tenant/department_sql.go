package tenant

const (
	sqlInsertDepartments = `INSERT INTO department (tenant_id, id, name, name_key, created_at, updated_at) VALUES`
	rowInsertDepartments = `(?, ?, ?, ?, ?, ?)`
	sqlDeleteDepartment  = `DELETE FROM department WHERE tenant_id = ? AND id = ?`
	sqlDepartmentNodes   = `SELECT id, parent_id, name, closed_on FROM department WHERE tenant_id = ?`
	sqlDepartmentKeys    = `SELECT id, name, name_key FROM department WHERE tenant_id = ?`

	// The row is the lock under which one transaction of the organisation at a time changes the tree; its value means nothing.
	sqlLockDepartments = `INSERT INTO setting (tenant_id, name, value, updated_at) VALUES (?, 'lock.department', 'null', ?)`

	sqlDepartmentRows  = `SELECT id, parent_id, name, closed_on, merged_into, since_on, created_at FROM department WHERE tenant_id = ?`
	sqlHistoryOfDay    = `SELECT department_id, parent_id, name FROM department_history WHERE tenant_id = ? AND starts_on <= ? AND ends_on >= ?`
	sqlHistoryOf       = `SELECT starts_on, ends_on, name, parent_id FROM department_history WHERE tenant_id = ? AND department_id = ? ORDER BY starts_on DESC`
	sqlAllHistory      = `SELECT department_id, starts_on, ends_on, name, parent_id FROM department_history WHERE tenant_id = ?`
	sqlHistoryBelow    = `SELECT COUNT(*) FROM department_history WHERE tenant_id = ? AND parent_id = ?`
	sqlDeleteHistory   = `DELETE FROM department_history WHERE tenant_id = ? AND department_id = ?`
	sqlInsertHistory   = `INSERT INTO department_history (tenant_id, department_id, starts_on, ends_on, name, parent_id) VALUES`
	rowInsertHistory   = `(?, ?, ?, ?, ?, ?)`
	sqlPlantDepartment = `INSERT INTO department (tenant_id, id, name, name_key, parent_id, since_on, closed_on, merged_into, created_at, updated_at) VALUES`
	rowPlantDepartment = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlHoldName        = `UPDATE department SET name_key = ? WHERE tenant_id = ? AND id = ?`
	sqlSetDepartment   = `UPDATE department SET name = ?, name_key = ?, parent_id = ?, since_on = ?, closed_on = ?, merged_into = ?, updated_at = ? WHERE tenant_id = ? AND id = ?`

	// Posts of all times and those of a day, an entry a department.
	sqlPostCounts = `SELECT m.department_id, COUNT(*), SUM(CASE WHEN m.starts_on <= ? AND (m.ends_on IS NULL OR m.ends_on >= ?) THEN 1 ELSE 0 END)
 FROM person_department m WHERE m.tenant_id = ? GROUP BY m.department_id`
	// Who holds several posts on a day would count several times in what is above them.
	sqlConcurrentPosts = `SELECT m.person_id, m.department_id FROM person_department m
 JOIN (SELECT k.person_id FROM person_department k WHERE k.tenant_id = ? AND k.starts_on <= ? AND (k.ends_on IS NULL OR k.ends_on >= ?)
 GROUP BY k.person_id HAVING COUNT(*) > 1) several ON several.person_id = m.person_id
 WHERE m.tenant_id = ? AND m.starts_on <= ? AND (m.ends_on IS NULL OR m.ends_on >= ?) ORDER BY m.person_id`

	sqlHolders = `SELECT m.department_id, m.person_id, m.ends_on, m.main, CASE WHEN p.state = 'active' THEN 1 ELSE 0 END FROM person_department m
 JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id
 WHERE m.tenant_id = ? AND m.starts_on <= ? AND (m.ends_on IS NULL OR m.ends_on >= ?)`
	sqlLaterPosts   = `SELECT person_id, starts_on, ends_on, main FROM person_department WHERE tenant_id = ? AND department_id = ? AND starts_on > ?`
	sqlDropLater    = `DELETE FROM person_department WHERE tenant_id = ? AND department_id = ? AND starts_on > ?`
	sqlInsertTerm   = `INSERT INTO person_department (tenant_id, person_id, department_id, starts_on, ends_on, main) VALUES`
	rowInsertTerm   = `(?, ?, ?, ?, ?, ?)`
	sqlDropPosts    = `DELETE FROM person_department`
	sqlEndPosts     = `UPDATE person_department SET ends_on = ?`
	condLivePosts   = `starts_on < ? AND (ends_on IS NULL OR ends_on >= ?)`
	sqlMakeMain     = `UPDATE person_department SET main = 1`
	sqlTouchPeople  = `UPDATE person SET version = version + 1, updated_at = ?`
	sqlClosedIDs    = `SELECT id FROM department`
	sqlChangedPosts = `SELECT DISTINCT person_id FROM person_department WHERE tenant_id = ? AND starts_on > ? AND starts_on <= ?`
	sqlEndedPosts   = `SELECT DISTINCT person_id FROM person_department WHERE tenant_id = ? AND ends_on >= ? AND ends_on < ?`
)
