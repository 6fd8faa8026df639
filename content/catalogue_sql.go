package content

const (
	sqlOffers = `SELECT c.id, v.id, v.number, v.title, v.summary, v.language, v.lesson_count, v.duration_ms, v.published_at
 FROM course c JOIN course_version v ON v.tenant_id = c.tenant_id AND v.id = c.latest_version_id
 WHERE c.tenant_id = ? AND c.state = 'published'`

	sqlLatest = `SELECT latest_version_id FROM course WHERE tenant_id = ? AND id = ? AND state = 'published'`

	sqlAssociation = `SELECT tenant_id FROM organisation WHERE kind = 'association'`
)
