package content

const (
	sqlInsertVersion = `INSERT INTO course_version (tenant_id, id, course_id, number, title, summary, language, lesson_count, duration_ms, published_by, published_at, offered_at, review_id, ordered, requires, audience, minutes, cover_id)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

	// What was offered once stays readable: course_version.offered_at.
	sqlOfferVersions = `UPDATE course_version SET offered_at = ? WHERE tenant_id = ? AND course_id = ? AND offered_at IS NULL`

	sqlInsertVersionLesson = `INSERT INTO version_lesson (tenant_id, id, course_version_id, lesson_id, position, kind, title, body) VALUES`

	sqlCoursePublished = `UPDATE course SET state = 'published', review_published = review_needed, review_state = '', review_content_version = 0, latest_version_id = ?, published_content_version = ?, updated_at = ? WHERE tenant_id = ? AND id = ?`

	sqlListVersions = `SELECT v.id, v.number, v.title, v.summary, v.language, v.lesson_count, v.duration_ms, v.published_by, v.published_at, v.review_id,
 COALESCE(p.name, ''), COALESCE(a.name, ''), COALESCE(d.name, '')
 FROM course_version v LEFT JOIN person p ON p.tenant_id = v.tenant_id AND p.id = v.published_by
 LEFT JOIN course_review r ON r.tenant_id = v.tenant_id AND r.id = v.review_id
 LEFT JOIN person a ON a.tenant_id = r.tenant_id AND a.id = r.asked_by LEFT JOIN person d ON d.tenant_id = r.tenant_id AND d.id = r.decided_by
 WHERE v.tenant_id = ? AND v.course_id = ? ORDER BY v.number DESC LIMIT 500`
)
