package content

const (
	sqlListMedia = `SELECT a.id, a.kind, a.file_name, a.media_type, a.size, a.sha256, a.object_key, a.state, a.problem, a.duration_ms, a.width, a.height, a.pages, a.created_at, COALESCE(p.name, ''), a.unused_since
 FROM asset a LEFT JOIN person p ON p.tenant_id = a.tenant_id AND p.id = a.created_by`

	sqlFileNames = `SELECT id, file_name, name_key FROM asset WHERE tenant_id = ?`
	sqlFoldName  = `UPDATE asset SET name_key = ? WHERE tenant_id = ? AND id = ?`

	sqlIsUsed = `EXISTS (SELECT 1 FROM asset_use u WHERE u.tenant_id = a.tenant_id AND u.asset_id = a.id)`

	sqlUseCounts = `SELECT asset_id, holder_kind, COUNT(*) FROM asset_use WHERE tenant_id = ?`

	sqlDraftUses = `SELECT c.id, c.title, l.id, l.title, 0, u.asset_id FROM asset_use u
 JOIN lesson l ON l.tenant_id = u.tenant_id AND l.id = u.holder_id JOIN course c ON c.tenant_id = l.tenant_id AND c.id = l.course_id
 WHERE u.tenant_id = ? AND u.holder_kind = 'lesson'`

	sqlCoverUses = `SELECT c.id, c.title, NULL, '', 0, u.asset_id FROM asset_use u JOIN course c ON c.tenant_id = u.tenant_id AND c.id = u.holder_id
 WHERE u.tenant_id = ? AND u.holder_kind = 'cover'`

	sqlVersionCoverUses = `SELECT c.id, c.title, NULL, '', v.number, u.asset_id FROM asset_use u
 JOIN course_version v ON v.tenant_id = u.tenant_id AND v.id = u.holder_id JOIN course c ON c.tenant_id = v.tenant_id AND c.id = v.course_id
 WHERE u.tenant_id = ? AND u.holder_kind = 'version_cover'`

	sqlVersionUses = `SELECT c.id, c.title, l.lesson_id, l.title, v.number, u.asset_id FROM asset_use u
 JOIN version_lesson l ON l.tenant_id = u.tenant_id AND l.id = u.holder_id
 JOIN course_version v ON v.tenant_id = l.tenant_id AND v.id = l.course_version_id JOIN course c ON c.tenant_id = v.tenant_id AND c.id = v.course_id
 WHERE u.tenant_id = ? AND u.holder_kind = 'version'`

	sqlUnusedSize = `SELECT COALESCE(SUM(a.size), 0) FROM asset a WHERE a.tenant_id = ? AND a.state = 'ready'
 AND NOT EXISTS (SELECT 1 FROM asset_use u WHERE u.tenant_id = a.tenant_id AND u.asset_id = a.id)`

	sqlKindStorage = `SELECT kind, COUNT(*), COALESCE(SUM(size), 0) FROM asset WHERE tenant_id = ? AND state IN ('ready', 'processing') GROUP BY kind ORDER BY kind`
)
