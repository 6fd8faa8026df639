package content

const (
	sqlOffers = `SELECT c.id, v.id, v.number, v.title, v.summary, v.language, v.audience, v.minutes, v.lesson_count, v.duration_ms, v.cover_id, v.published_at, v.requires, v.id, v.number, v.published_at
 FROM course c JOIN course_version v ON v.tenant_id = c.tenant_id AND v.id = c.latest_version_id
 WHERE c.tenant_id = ? AND c.state = 'published'`

	sqlSharedOffers = `SELECT c.id, v.id, v.number, v.title, v.summary, v.language, v.audience, v.minutes, v.lesson_count, v.duration_ms, v.cover_id, v.published_at, v.requires, n.id, n.number, n.published_at
 FROM course c JOIN course_version n ON n.tenant_id = c.tenant_id AND n.id = c.latest_version_id
 LEFT JOIN course_use u ON u.tenant_id = ? AND u.course_tenant_id = c.tenant_id AND u.course_id = c.id
 JOIN course_version v ON v.tenant_id = c.tenant_id AND v.id = COALESCE(u.version_id, c.latest_version_id)
 WHERE c.tenant_id = ? AND c.state = 'published' AND (c.shared = 'all' OR c.shared = 'chosen' AND EXISTS (SELECT 1 FROM course_share s
 WHERE s.tenant_id = c.tenant_id AND s.course_id = c.id AND s.member_tenant_id = ? AND s.ended_at IS NULL))`

	sqlAssociation = `SELECT tenant_id FROM organisation WHERE kind = 'association'`

	sqlCourseUse = `SELECT version_id, taken_by IS NOT NULL FROM course_use WHERE tenant_id = ? AND course_tenant_id = ? AND course_id = ?`

	sqlInsertCourseUse = `INSERT INTO course_use (tenant_id, course_tenant_id, course_id, version_id, taken_by, taken_at) VALUES`
	rowInsertCourseUse = `(?, ?, ?, ?, ?, ?)`
	keyCourseUse       = "tenant_id, course_tenant_id, course_id"

	sqlSharedWith = `SELECT o.id FROM course_share s JOIN organisation o ON o.tenant_id = s.member_tenant_id
 WHERE s.tenant_id = ? AND s.course_id = ? AND s.ended_at IS NULL ORDER BY o.id`

	sqlSharedNumbers = `SELECT member_tenant_id FROM course_share WHERE tenant_id = ? AND course_id = ? AND ended_at IS NULL`

	sqlInsertShare = `INSERT INTO course_share (tenant_id, course_id, member_tenant_id, given_at, ended_at) VALUES`
	rowInsertShare = `(?, ?, ?, ?, ?)`

	sqlEndShare = `UPDATE course_share SET ended_at = ? WHERE tenant_id = ? AND course_id = ?`

	sqlMemberNumbers = `SELECT id, tenant_id FROM organisation`

	// The part inside reads the index alone, so that a page costs a page however many organisations there are.
	sqlMembers = `SELECT o.id, o.name, x.name_search FROM (SELECT id, name_search FROM organisation
 WHERE kind = 'organisation' AND name_search >= ? AND (name_search > ? OR id > ?) ORDER BY name_search, id LIMIT 500) x
 JOIN organisation o ON o.id = x.id ORDER BY x.name_search, x.id`
)
