package content

const (
	sqlFindVersion = `SELECT course_id, number, title, summary, language, lesson_count, duration_ms, published_by, published_at, ordered, requires
 FROM course_version WHERE tenant_id = ? AND id = ?`

	sqlVersionLessons = `SELECT id, lesson_id, position, kind, title, body FROM version_lesson WHERE tenant_id = ? AND course_version_id = ? ORDER BY position`

	// The one door between tenants: a version of the association's course that was shared with all. It stays readable when the course is
	// archived or shared no longer, so that rounds under way can end; new rounds ask the catalogue.
	sqlVersionShared = `SELECT COUNT(*) FROM course_version v JOIN organisation o ON o.tenant_id = v.tenant_id
 WHERE v.tenant_id = ? AND v.id = ? AND v.offered_at IS NOT NULL AND o.kind = 'association'`
)
