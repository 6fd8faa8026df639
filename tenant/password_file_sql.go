package tenant

const (
	sqlInsertPasswordFile = `INSERT INTO password_file (tenant_id, id, file_name, object_key, state, total, wrong, problems, created_by, created_at) VALUES`
	rowInsertPasswordFile = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlFindPasswordFile   = `SELECT id, file_name, object_key, state, total, wrong, done, skipped, problems, created_by, created_at, finished_at FROM password_file`
	sqlListPasswordFiles  = `SELECT id, file_name, object_key, state, total, wrong, done, skipped, '[]', created_by, created_at, finished_at FROM password_file`
	sqlQueuePasswordFile  = `UPDATE password_file SET state = 'queued', created_by = ? WHERE tenant_id = ? AND id = ? AND state = 'checked'`
	sqlEndPasswordFile    = `UPDATE password_file SET state = ?, finished_at = ? WHERE tenant_id = ? AND id = ?`
	sqlApplyPasswordFile  = `UPDATE password_file SET state = 'applied', skipped = ?, finished_at = ? WHERE tenant_id = ? AND id = ?`

	sqlPasswordOwners = `SELECT p.id, p.login_key, p.state, p.name, p.name_kana, p.login_id, p.employee_number, p.email, c.changed_at FROM person p
 LEFT JOIN credential c ON c.tenant_id = p.tenant_id AND c.person_id = p.id WHERE p.tenant_id = ?`
	sqlPasswordManagers = `SELECT person_id FROM person_role WHERE tenant_id = ? AND role = 'manager'`

	sqlInsertStage = `INSERT INTO password_stage (tenant_id, file_id, person_id, hash) VALUES`
	sqlStaged      = `SELECT person_id FROM password_stage WHERE tenant_id = ? AND file_id = ?`
	sqlCountStaged = `UPDATE password_file SET done = ? WHERE tenant_id = ? AND id = ?`
	sqlDropStage   = `DELETE FROM password_stage WHERE tenant_id = ? AND file_id = ?`
	sqlLockStaged  = `SELECT p.id FROM password_stage s JOIN person p ON p.tenant_id = s.tenant_id AND p.id = s.person_id WHERE s.tenant_id = ? AND s.file_id = ? ORDER BY p.id`
	sqlDueStaged   = `SELECT s.person_id, s.hash, p.state, c.changed_at FROM password_stage s JOIN person p ON p.tenant_id = s.tenant_id AND p.id = s.person_id
 LEFT JOIN credential c ON c.tenant_id = s.tenant_id AND c.person_id = s.person_id WHERE s.tenant_id = ? AND s.file_id = ?`
)
