package content

const (
	sqlListLessons = `SELECT id, course_id, position, kind, title, version, updated_at FROM lesson
 WHERE tenant_id = ? AND course_id = ? AND deleted_at IS NULL ORDER BY position, id`

	sqlFindLesson = `SELECT l.id, l.course_id, l.position, l.kind, l.title, l.body, l.version, l.updated_at, COALESCE(p.name, ''), r.saved_by
 FROM lesson l LEFT JOIN lesson_revision r ON r.tenant_id = l.tenant_id AND r.lesson_id = l.id AND r.version = l.version
 LEFT JOIN person p ON p.tenant_id = r.tenant_id AND p.id = r.saved_by
 WHERE l.tenant_id = ? AND l.id = ? AND l.deleted_at IS NULL`

	sqlCourseOfLesson = `SELECT course_id FROM lesson WHERE tenant_id = ? AND id = ?`

	sqlInsertLesson = `INSERT INTO lesson (tenant_id, id, course_id, position, kind, title, body, draws, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

	sqlLessonOrder = `SELECT id FROM lesson WHERE tenant_id = ? AND course_id = ? AND deleted_at IS NULL ORDER BY position, id`

	sqlLessonPosition = `UPDATE lesson SET position = ? WHERE tenant_id = ? AND id = ? AND position <> ?`

	sqlLessonPlace = `SELECT position, deleted_at FROM lesson WHERE tenant_id = ? AND id = ?`

	sqlDeleteLesson = `UPDATE lesson SET deleted_at = ? WHERE tenant_id = ? AND id = ?`

	sqlSaveLesson = `UPDATE lesson SET title = ?, body = ?, draws = ?, version = version + 1, updated_at = ? WHERE tenant_id = ? AND id = ?`

	sqlInsertRevision = `INSERT INTO lesson_revision (tenant_id, id, lesson_id, version, title, body, saved_by, saved_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`

	sqlRevisionVersion = `SELECT version FROM lesson_revision WHERE tenant_id = ? AND id = ?`

	sqlListRevisions = `SELECT r.version, r.title, COALESCE(p.name, ''), r.saved_at
 FROM lesson_revision r LEFT JOIN person p ON p.tenant_id = r.tenant_id AND p.id = r.saved_by
 WHERE r.tenant_id = ? AND r.lesson_id = ? AND r.version < ? ORDER BY r.version DESC LIMIT ?`

	sqlFindRevision = `SELECT l.kind, r.title, r.body, COALESCE(p.name, ''), r.saved_at
 FROM lesson_revision r JOIN lesson l ON l.tenant_id = r.tenant_id AND l.id = r.lesson_id
 LEFT JOIN person p ON p.tenant_id = r.tenant_id AND p.id = r.saved_by
 WHERE r.tenant_id = ? AND r.lesson_id = ? AND r.version = ?`

	sqlLessonBodies = `SELECT id, kind, title, body FROM lesson WHERE tenant_id = ? AND course_id = ? AND deleted_at IS NULL ORDER BY position, id`
)
