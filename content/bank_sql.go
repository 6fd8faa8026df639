package content

const (
	sqlBankQuestions = `SELECT q.id, q.category, q.difficulty, q.state, q.version_id, q.number, q.version, q.created_at, q.updated_at, COALESCE(p.name, ''), v.body
 FROM question q JOIN question_version v ON v.tenant_id = q.tenant_id AND v.id = q.version_id
 LEFT JOIN person p ON p.tenant_id = q.tenant_id AND p.id = q.updated_by`

	sqlCountQuestions = `SELECT COUNT(*) FROM question q`

	sqlDrawable = `SELECT q.id, q.version_id, v.body FROM question q JOIN question_version v ON v.tenant_id = q.tenant_id AND v.id = q.version_id`

	sqlTagsOf = `SELECT question_id, tag FROM question_tag`

	sqlLockQuestions = `SELECT id FROM question`

	sqlInsertQuestion = `INSERT INTO question (tenant_id, id, category, kind, difficulty, state, search_text, digest, version_id, number, created_by, created_at, updated_by, updated_at) VALUES`
	rowInsertQuestion = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

	// The rows are there and locked, so the insert never is one: what is written is the columns below. Who made a question, when, and its state stay.
	sqlRewriteQuestion     = `INSERT INTO question (tenant_id, id, category, kind, difficulty, state, search_text, digest, version_id, number, created_by, created_at, updated_by, updated_at, version) VALUES`
	rowRewriteQuestion     = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	columnsRewriteQuestion = `category, kind, difficulty, search_text, digest, version_id, number, updated_by, updated_at, version`

	sqlRetireQuestions = `UPDATE question SET state = ?, version = version + 1, updated_by = ?, updated_at = ?`

	sqlInsertQuestionVersion = `INSERT INTO question_version (tenant_id, id, question_id, number, body, created_by, created_at) VALUES`
	rowInsertQuestionVersion = `(?, ?, ?, ?, ?, ?, ?)`

	sqlDropTags     = `DELETE FROM question_tag`
	sqlInsertTag    = `INSERT INTO question_tag (tenant_id, question_id, tag_key, tag) VALUES`
	rowInsertTag    = `(?, ?, ?, ?)`
	sqlAllTags      = `SELECT MAX(tag), COUNT(*) FROM question_tag WHERE tenant_id = ? GROUP BY tag_key ORDER BY tag_key LIMIT 1000`
	sqlCategories   = `SELECT category, COUNT(*) FROM question WHERE tenant_id = ? AND state = 'active' GROUP BY category ORDER BY category LIMIT 1000`
	sqlListVersion  = `SELECT v.id, v.number, v.body, COALESCE(p.name, ''), v.created_at FROM question_version v LEFT JOIN person p ON p.tenant_id = v.tenant_id AND p.id = v.created_by WHERE v.tenant_id = ? AND v.question_id = ? ORDER BY v.number DESC LIMIT 500`
	sqlTouchCourses = `UPDATE course SET content_version = content_version + 1, updated_at = ?`

	sqlDrawingLessons = `SELECT l.id, l.course_id, l.title, c.title, l.draws FROM lesson l JOIN course c ON c.tenant_id = l.tenant_id AND c.id = l.course_id
 WHERE l.tenant_id = ? AND l.draws IS NOT NULL AND l.deleted_at IS NULL`
)
