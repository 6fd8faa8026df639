package content

const (
	sqlFindVersion = `SELECT course_id, number, title, summary, language, lesson_count, duration_ms, published_by, published_at, ordered, requires, audience, minutes, cover_id
 FROM course_version WHERE tenant_id = ? AND id = ?`

	sqlVersionLessons = `SELECT id, lesson_id, position, kind, title, body FROM version_lesson WHERE tenant_id = ? AND course_version_id = ? ORDER BY position`

	// The one door between tenants: a version of the association's course that was shared with all (1), or with this organisation (2). It stays readable when
	// the course is archived or shared no longer, so that rounds under way can end; new rounds ask the catalogue. What is published after sharing with one
	// organisation ended is not for it.
	sqlVersionShared = `SELECT CASE WHEN v.offered_at IS NOT NULL THEN 1 WHEN EXISTS (SELECT 1 FROM course_share s WHERE s.tenant_id = v.tenant_id
 AND s.course_id = v.course_id AND s.member_tenant_id = ? AND (s.ended_at IS NULL OR v.published_at <= s.ended_at)) THEN 2 ELSE 0 END
 FROM course_version v JOIN organisation o ON o.tenant_id = v.tenant_id WHERE v.tenant_id = ? AND v.id = ? AND o.kind = 'association'`
)
