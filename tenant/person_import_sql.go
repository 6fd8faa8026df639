package tenant

const (
	sqlInsertImport = `INSERT INTO person_import (tenant_id, id, file_name, object_key, sha256, state, summary, created_by, created_at, origin, options, actor, rows_until) VALUES`
	rowInsertImport = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlImports      = `SELECT id, file_name, object_key, sha256, state, summary, created_at, applied_at, origin, options, actor, problem, run_id, done_units, total_units,
 rows_until, undo_until FROM person_import`
	sqlFindImport    = sqlImports + ` WHERE tenant_id = ? AND id = ?`
	sqlBeginImport   = `UPDATE person_import SET state = ?, options = ?, actor = ?, problem = NULL, done_units = 0, total_units = 0`
	sqlClaimImport   = `UPDATE person_import SET run_id = ?, run_at = ?, done_units = 0`
	sqlImportRun     = `SELECT run_id FROM person_import WHERE tenant_id = ? AND id = ?`
	sqlStopImport    = `UPDATE person_import SET state = ?, problem = ? WHERE tenant_id = ? AND id = ? AND state = ?`
	sqlCheckedImport = `UPDATE person_import SET state = ?, summary = ?, rows_until = ?, problem = ? WHERE tenant_id = ? AND id = ?`
	sqlAppliedImport = `UPDATE person_import SET state = 'applied', applied_at = ?, rows_until = ?, undo_until = ?, problem = NULL, done_units = 0, total_units = ? WHERE tenant_id = ? AND id = ?`
	sqlUndoneImport  = `UPDATE person_import SET state = 'undone', summary = ?, undo_until = NULL, problem = NULL, done_units = 0, total_units = ? WHERE tenant_id = ? AND id = ?`
	sqlForgotImport  = `UPDATE person_import SET rows_until = NULL, undo_until = NULL, object_key = '', summary = ? WHERE tenant_id = ? AND id = ?`

	sqlImportProgress = `UPDATE person_import SET done_units = ? WHERE tenant_id = ? AND id = ?`

	sqlImportDepartments = `INSERT INTO department (tenant_id, id, name, name_key, created_at, updated_at, parent_id) VALUES`
	rowImportDepartments = `(?, ?, ?, ?, ?, ?, ?)`

	sqlImportOrganisation = `SELECT id FROM organisation WHERE tenant_id = ?`
	sqlImportPopulation   = `SELECT COUNT(*) FROM person WHERE tenant_id = ?`
	sqlImportPeople       = `SELECT p.id, p.login_id, p.login_key, p.employee_number, p.state FROM person p WHERE p.tenant_id = ? AND p.state <> 'anonymised'`
	sqlImportNames        = `SELECT p.name FROM person p WHERE p.tenant_id = ? AND p.state <> 'anonymised'`
	sqlImportPostsAhead   = `SELECT m.person_id, m.department_id, m.starts_on, m.ends_on, m.main FROM person_department m`
	sqlImportManagers     = `SELECT person_id FROM person_role WHERE tenant_id = ? AND role = 'manager'`

	sqlInsertImportRow = `INSERT INTO person_import_row (tenant_id, import_id, position, outcome, person_id, version, login_id, login_key, name, name_kana, sort_name, search_text,
 email, employee_number, employment_kind, joined_on, locale, audit_id, before_digest, after_digest, before_values, detail) VALUES`
	rowInsertImportRow  = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlInsertImportPart = `INSERT INTO person_import_part (tenant_id, import_id, person_id, kind, target_id, value, value_key) VALUES`
	rowInsertImportPart = `(?, ?, ?, ?, ?, ?, ?)`
	sqlImportRows       = `SELECT r.position, r.outcome, r.person_id, r.version, r.name, r.login_id, r.employee_number, r.detail, r.before_values, r.undo_state FROM person_import_row r`
	sqlLastImportRow    = `SELECT COALESCE(MAX(position), 0) FROM person_import_row WHERE tenant_id = ? AND import_id = ?`
	sqlClearImportRows  = `DELETE FROM person_import_row WHERE tenant_id = ? AND import_id = ? AND position <= ?`
	sqlClearImportParts = `DELETE FROM person_import_part WHERE tenant_id = ? AND import_id = ?`
	sqlImportsSince     = `SELECT COUNT(*) FROM person_import WHERE tenant_id = ? AND created_at > ?`
	sqlImportsKept      = `SELECT tenant_id, id FROM person_import WHERE rows_until < ? AND (state NOT IN ('reading', 'applying', 'undoing') OR rows_until < ?) LIMIT 100`
	sqlImportTenants    = `SELECT tenant_id FROM organisation ORDER BY tenant_id`
	sqlImportUntil      = `UPDATE person_import SET rows_until = created_at WHERE tenant_id = ? AND rows_until IS NULL AND object_key <> '' AND created_at < ?`
	sqlImportObjects    = `SELECT object_key FROM person_import WHERE tenant_id = ? AND object_key <> ''`

	sqlFindMapping   = `SELECT mapping FROM import_mapping WHERE tenant_id = ? AND signature = ?`
	sqlInsertMapping = `INSERT INTO import_mapping (tenant_id, signature, mapping, updated_by, updated_at) VALUES (?, ?, ?, ?, ?)`
)

// Putting an import into effect: what the check kept ready becomes true, some rows a statement, all in one transaction.
const (
	sqlImportAdded = `SELECT COUNT(*) FROM person_import_row s WHERE s.tenant_id = ? AND s.import_id = ? AND s.outcome = 'added'`

	sqlImportSame = `SELECT COUNT(*) FROM person_import_row s JOIN person p ON p.tenant_id = s.tenant_id AND p.id = s.person_id AND p.version = s.version
 WHERE s.tenant_id = ? AND s.import_id = ? AND s.outcome = ?`
	condImportSpan  = ` AND s.position > ? AND s.position <= ?`
	sqlImportPerson = `INSERT INTO person (tenant_id, id, login_id, login_key, name, name_kana, sort_name, search_text, email, employee_number, employment_kind,
 joined_on, locale, state, import_id, created_at, updated_at)
 SELECT s.tenant_id, s.person_id, s.login_id, s.login_key, s.name, s.name_kana, s.sort_name, s.search_text, s.email, s.employee_number, s.employment_kind,
 s.joined_on, s.locale, 'active', s.import_id, ?, ? FROM person_import_row s WHERE s.tenant_id = ? AND s.import_id = ? AND s.outcome = 'added'` + condImportSpan
	sqlImportStaff = `INSERT INTO person_role (tenant_id, person_id, role)
 SELECT s.tenant_id, s.person_id, 'staff' FROM person_import_row s WHERE s.tenant_id = ? AND s.import_id = ? AND s.outcome = 'added'` + condImportSpan
	sqlImportChanged = `INSERT INTO person (tenant_id, id, login_id, login_key, name, name_kana, sort_name, search_text, email, employee_number, employment_kind,
 joined_on, locale, state, created_at, updated_at, version)
 SELECT s.tenant_id, s.person_id, s.login_id, s.login_key, s.name, s.name_kana, s.sort_name, s.search_text, s.email, s.employee_number, s.employment_kind,
 s.joined_on, s.locale, p.state, p.created_at, ?, s.version + 1
 FROM person_import_row s JOIN person p ON p.tenant_id = s.tenant_id AND p.id = s.person_id WHERE s.tenant_id = ? AND s.import_id = ? AND s.outcome = 'changed'` + condImportSpan
	columnsImportChanged = `login_id, login_key, name, name_kana, sort_name, search_text, email, employee_number, employment_kind, joined_on, updated_at, version`

	sqlImportAudit = `INSERT INTO audit_event (tenant_id, id, happened_at, actor_kind, actor_id, actor_name, actor_role, action, subject_kind, subject_id,
 before_digest, after_digest, detail, reason, source, request_id)
 SELECT s.tenant_id, s.audit_id, ?, ?, ?, ?, ?, ?, 'person', s.person_id, s.before_digest, s.after_digest, ?, '', ?, ?
 FROM person_import_row s WHERE s.tenant_id = ? AND s.import_id = ? AND s.outcome = ?` + condImportSpan
	sqlImportAuditPending = `INSERT INTO audit_pending (tenant_id, event_id)
 SELECT s.tenant_id, s.audit_id FROM person_import_row s WHERE s.tenant_id = ? AND s.import_id = ? AND s.outcome = ?` + condImportSpan

	sqlImportParts     = `SELECT COUNT(*) FROM person_import_part WHERE tenant_id = ? AND import_id = ? AND kind = ?`
	sqlImportPostBegin = `INSERT INTO person_department (tenant_id, person_id, department_id, starts_on, ends_on)
 SELECT s.tenant_id, s.person_id, s.target_id, ?, NULL FROM person_import_part s WHERE s.tenant_id = ? AND s.import_id = ? AND s.kind = 'begin'`
	condImportPart = ` AND EXISTS (SELECT 1 FROM person_import_part s WHERE s.tenant_id = person_department.tenant_id AND s.import_id = ? AND s.person_id = person_department.person_id
 AND s.target_id = person_department.department_id AND s.kind = `
	condImportEnds      = condImportPart + `'end')`
	sqlImportPostLater  = `DELETE FROM person_department WHERE tenant_id = ? AND starts_on > ?` + condImportPart + `'begin')`
	sqlImportPostClosed = `SELECT COUNT(*) FROM person_import_part s JOIN department d ON d.tenant_id = s.tenant_id AND d.id = s.target_id
 WHERE s.tenant_id = ? AND s.import_id = ? AND s.kind = 'begin' AND d.closed_on IS NOT NULL`
	sqlImportPostDrop = `DELETE FROM person_department WHERE tenant_id = ? AND starts_on = ?` + condImportEnds
	sqlImportPostEnd  = `UPDATE person_department SET ends_on = ? WHERE tenant_id = ? AND starts_on < ? AND (ends_on IS NULL OR ends_on >= ?)` + condImportEnds
	sqlImportValues   = `INSERT INTO person_value (tenant_id, person_id, field_id, value, value_key)
 SELECT s.tenant_id, s.person_id, s.target_id, s.value, s.value_key FROM person_import_part s WHERE s.tenant_id = ? AND s.import_id = ? AND s.kind = 'value' AND s.value <> ''`
)

// Taking an import back.
const (
	sqlMarkUndo = `UPDATE person_import_row SET undo_state = ?`
	// A row of person_department that the import began or ended; people follow. Asked for all people of the organisation at once it took MariaDB minutes.
	condUndoPart = `EXISTS (SELECT 1 FROM person_import_part s WHERE s.tenant_id = person_department.tenant_id AND s.import_id = ? AND s.kind = ?
 AND s.person_id = person_department.person_id AND s.target_id = person_department.department_id)`
	sqlUndoPostLost = `INSERT INTO person_department (tenant_id, person_id, department_id, starts_on)
 SELECT s.tenant_id, s.person_id, s.target_id, ? FROM person_import_part s JOIN department d ON d.tenant_id = s.tenant_id AND d.id = s.target_id AND d.closed_on IS NULL
 WHERE s.tenant_id = ? AND s.import_id = ? AND s.kind = 'end' AND NOT EXISTS (SELECT 1 FROM person_department m
 WHERE m.tenant_id = s.tenant_id AND m.person_id = s.person_id AND m.department_id = s.target_id AND m.ends_on IS NULL)`
	sqlRemoveValues    = `DELETE FROM person_value`
	sqlLockVersions    = `SELECT p.id, p.version FROM person p`
	sqlLockCredentials = `SELECT c.kind, c.last_login_at FROM credential c`

	sqlReplacePeople = `INSERT INTO person (tenant_id, id, login_id, login_key, name, name_kana, sort_name, search_text, email, employee_number, employment_kind,
 joined_on, locale, state, created_at, updated_at, version) VALUES`
	rowReplacePeople = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
)

// Rules of unattended imports.
const (
	sqlLockRule      = `INSERT INTO import_rule (tenant_id, rules, updated_at) VALUES (?, ?, ?)`
	sqlFindRule      = `SELECT rules, last_file_at FROM import_rule WHERE tenant_id = ?`
	sqlSetRule       = `UPDATE import_rule SET rules = ?, updated_at = ? WHERE tenant_id = ?`
	sqlFileCame      = `UPDATE import_rule SET last_file_at = ?, warned_on = NULL WHERE tenant_id = ?`
	sqlSilentRules   = `SELECT tenant_id, rules, COALESCE(warned_on, ''), last_file_at FROM import_rule WHERE last_file_at < ?`
	sqlWarned        = `UPDATE import_rule SET warned_on = ? WHERE tenant_id = ? AND (warned_on IS NULL OR warned_on < ?)`
	sqlImportReaders = `SELECT p.id, p.email, p.name, p.locale FROM person p JOIN person_role r ON r.tenant_id = p.tenant_id AND r.person_id = p.id
 WHERE p.tenant_id = ? AND r.role = 'manager' AND p.state = 'active'`
)
