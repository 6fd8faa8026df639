package tenant

const (
	sqlDepartments = `SELECT d.id, d.name,
 (SELECT COUNT(*) FROM person_department m WHERE m.tenant_id = d.tenant_id AND m.department_id = d.id AND m.starts_on <= ? AND (m.ends_on IS NULL OR m.ends_on >= ?)),
 (SELECT COUNT(*) FROM person_department m WHERE m.tenant_id = d.tenant_id AND m.department_id = d.id)
 FROM department d WHERE d.tenant_id = ?`
	sqlInsertDepartments = `INSERT INTO department (tenant_id, id, name, name_key, created_at, updated_at) VALUES`
	rowInsertDepartments = `(?, ?, ?, ?, ?, ?)`
	sqlRenameDepartment  = `UPDATE department SET name = ?, name_key = ?, updated_at = ? WHERE tenant_id = ? AND id = ?`
	sqlDeleteDepartment  = `DELETE FROM department WHERE tenant_id = ? AND id = ?`
	sqlLockDepartment    = `SELECT name, parent_id FROM department WHERE tenant_id = ? AND id = ?`
	sqlDepartmentNodes   = `SELECT id, parent_id, name, closed_on FROM department WHERE tenant_id = ?`
	sqlDepartmentKeys    = `SELECT id, name, name_key FROM department WHERE tenant_id = ?`
)
