package content

const (
	sqlComments = `SELECT c.id, c.thread_id, c.quote, c.text, c.created_by, COALESCE(p.name, ''), c.created_at, COALESCE(q.name, ''), c.resolved_at, c.deleted_at
 FROM lesson_comment c LEFT JOIN person p ON p.tenant_id = c.tenant_id AND p.id = c.created_by
 LEFT JOIN person q ON q.tenant_id = c.tenant_id AND q.id = c.resolved_by
 WHERE c.tenant_id = ? AND c.lesson_id = ? ORDER BY c.thread_id, c.id LIMIT 2000`

	sqlInsertComment = `INSERT INTO lesson_comment (tenant_id, id, lesson_id, thread_id, quote, text, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`

	sqlFindComment = `SELECT c.lesson_id, c.thread_id, c.created_by, c.text, t.resolved_at, c.deleted_at
 FROM lesson_comment c JOIN lesson_comment t ON t.tenant_id = c.tenant_id AND t.id = c.thread_id WHERE c.tenant_id = ? AND c.id = ?`

	sqlCountComments = `SELECT COUNT(*) FROM lesson_comment WHERE tenant_id = ? AND lesson_id = ?`

	sqlResolveThread = `UPDATE lesson_comment SET resolved_by = ?, resolved_at = ? WHERE tenant_id = ? AND id = ?`

	sqlDeleteComment = `UPDATE lesson_comment SET text = '', quote = '', deleted_at = ? WHERE tenant_id = ? AND id = ?`

	sqlOpenThreads = `SELECT l.id, COUNT(*) FROM lesson l CROSS JOIN lesson_comment c ON c.tenant_id = l.tenant_id AND c.lesson_id = l.id AND c.thread_id = c.id
 WHERE l.tenant_id = ? AND l.course_id = ? AND l.deleted_at IS NULL AND c.resolved_at IS NULL AND c.deleted_at IS NULL GROUP BY l.id`
)
