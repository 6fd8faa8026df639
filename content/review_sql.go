package content

const (
	sqlInsertReview = `INSERT INTO course_review (tenant_id, id, course_id, number, state, content_version, note, asked_by, asked_at) VALUES (?, ?, ?, ?, 'asked', ?, ?, ?, ?)`

	sqlLatestReview = `SELECT id, number, state, content_version, asked_by FROM course_review WHERE tenant_id = ? AND course_id = ? ORDER BY number DESC LIMIT 1`

	sqlDecideReview = `UPDATE course_review SET state = ?, content_version = ?, answer = ?, decided_by = ?, decided_at = ? WHERE tenant_id = ? AND id = ?`

	sqlCourseReview = `UPDATE course SET review_state = ?, review_content_version = ?, updated_at = ? WHERE tenant_id = ? AND id = ?`

	sqlListReviews = `SELECT r.id, r.number, r.state, r.content_version, r.note, r.answer, COALESCE(a.name, ''), r.asked_by, r.asked_at, COALESCE(d.name, ''), r.decided_at, COALESCE(v.number, 0)
 FROM course_review r LEFT JOIN person a ON a.tenant_id = r.tenant_id AND a.id = r.asked_by LEFT JOIN person d ON d.tenant_id = r.tenant_id AND d.id = r.decided_by
 LEFT JOIN course_version v ON v.tenant_id = r.tenant_id AND v.course_id = r.course_id AND v.review_id = r.id
 WHERE r.tenant_id = ? AND r.course_id = ? ORDER BY r.number DESC LIMIT 200`
)
