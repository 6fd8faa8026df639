package content

const (
	sqlQuestionDigests = `SELECT id, digest FROM question`

	sqlInsertQuestionImport = `INSERT INTO question_import (tenant_id, id, file_name, sha256, format, state, summary, actor, total_units, created_by, created_at)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlInsertQuestionRow = `INSERT INTO question_import_row (tenant_id, import_id, position, outcome, question_id, version, body, detail) VALUES`
	rowInsertQuestionRow = `(?, ?, ?, ?, ?, ?, ?, ?)`

	// Rows are looked through for some days; what the file did stands in the log.
	sqlForgetQuestionRows = `DELETE FROM question_import_row WHERE tenant_id = ? AND import_id IN (SELECT id FROM question_import WHERE tenant_id = ? AND created_at < ?)`

	sqlFindQuestionImport = `SELECT file_name, format, state, summary, actor, problem, done_units, total_units, created_at, applied_at
 FROM question_import WHERE tenant_id = ? AND id = ?`

	sqlQuestionRows = `SELECT position, outcome, question_id, version, body, detail FROM question_import_row`

	sqlBeginQuestionImport = `UPDATE question_import SET state = ?, problem = NULL, actor = ? WHERE tenant_id = ? AND id = ? AND state = ?`
	sqlStopQuestionImport  = `UPDATE question_import SET state = ?, problem = ? WHERE tenant_id = ? AND id = ? AND state = ?`
	sqlEndQuestionImport   = `UPDATE question_import SET state = ?, applied_at = ?, done_units = total_units WHERE tenant_id = ? AND id = ? AND state = ?`
)
