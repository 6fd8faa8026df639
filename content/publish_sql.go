package content

const (
	sqlInsertVersion = `INSERT INTO course_version (tenant_id, id, course_id, number, title, summary, language, lesson_count, duration_ms, published_by, published_at, offered_at)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

	// What was offered once stays readable: course_version.offered_at.
	sqlOfferVersions = `UPDATE course_version SET offered_at = ? WHERE tenant_id = ? AND course_id = ? AND offered_at IS NULL`

	sqlInsertVersionLesson = `INSERT INTO version_lesson (tenant_id, id, course_version_id, lesson_id, position, kind, title, body) VALUES`

	sqlCoursePublished = `UPDATE course SET state = 'published', latest_version_id = ?, published_content_version = ?, updated_at = ? WHERE tenant_id = ? AND id = ?`

	sqlListVersions = `SELECT id, number, title, summary, language, lesson_count, duration_ms, published_by, published_at
 FROM course_version WHERE tenant_id = ? AND course_id = ? ORDER BY number DESC LIMIT 500`
)
