package content

const (
	sqlInsertCourse = `INSERT INTO course (tenant_id, id, title, summary, language, shared, review_needed, state, ordered, requires, audience, minutes, cover_id, created_by, created_at, updated_at)
 VALUES (?, ?, ?, ?, ?, ?, ?, 'draft', ?, ?, ?, ?, ?, ?, ?, ?)`

	sqlSelectCourse = `SELECT c.id, c.title, c.summary, c.language, c.shared, c.state, c.version, c.content_version, c.published_content_version,
 c.latest_version_id, c.created_at, c.updated_at, COALESCE(v.number, 0), v.published_at,
 (SELECT COUNT(*) FROM lesson l WHERE l.tenant_id = c.tenant_id AND l.course_id = c.id AND l.deleted_at IS NULL), c.review_needed, c.review_published, c.review_state, c.review_content_version,
 c.ordered, c.requires, c.audience, c.minutes, c.cover_id
 FROM course c LEFT JOIN course_version v ON v.tenant_id = c.tenant_id AND v.id = c.latest_version_id`

	sqlLockCourse = `SELECT id FROM course WHERE tenant_id = ? AND id = ?`

	sqlUpdateCourse = `UPDATE course SET title = ?, summary = ?, language = ?, shared = ?, review_needed = ?, ordered = ?, requires = ?, audience = ?, minutes = ?, cover_id = ?, version = version + 1, content_version = content_version + 1, updated_at = ?
 WHERE tenant_id = ? AND id = ?`

	sqlCourseState = `UPDATE course SET state = ?, version = version + 1, updated_at = ? WHERE tenant_id = ? AND id = ?`

	sqlTouchCourse = `UPDATE course SET content_version = content_version + 1, updated_at = ? WHERE tenant_id = ? AND id = ?`

	sqlOrganisationKind = `SELECT kind FROM organisation WHERE tenant_id = ?`
)
