package content

const (
	sqlInsertCopy = `INSERT INTO course_copy (tenant_id, id, course_tenant_id, source_id, version_id, title, state, problem, actor, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, 'copying', '', ?, ?, ?)`

	sqlSelectCopy = `SELECT c.id, c.course_tenant_id, c.source_id, c.version_id, c.title, c.state, c.problem, c.actor, c.course_id, COALESCE(p.name, ''), c.created_at
 FROM course_copy c LEFT JOIN person p ON p.tenant_id = c.tenant_id AND p.id = c.created_by`

	sqlStopCopy = `UPDATE course_copy SET state = 'stopped', problem = ?, actor = '{}' WHERE tenant_id = ? AND id = ? AND state = 'copying'`

	sqlEndCopy = `UPDATE course_copy SET state = 'done', course_id = ?, actor = '{}' WHERE tenant_id = ? AND id = ? AND state = 'copying'`

	sqlAnyQuestion = `SELECT q.id FROM question q`

	sqlInsertReadyAsset = `INSERT INTO asset (tenant_id, id, kind, file_name, name_key, media_type, size, sha256, object_key, state, duration_ms, width, height, pages, created_by, created_at, updated_at) VALUES`
	rowInsertReadyAsset = `(?, ?, ?, ?, ?, ?, ?, ?, ?, 'ready', ?, ?, ?, ?, ?, ?, ?)`

	sqlCopiedPictures = `SELECT asset_id, name, media_type, width, height, size, object_key FROM asset_picture WHERE tenant_id = ?`

	sqlPackageFiles = `SELECT name_key, number, size, media_type FROM package_file WHERE tenant_id = ? AND sha256 = ? ORDER BY number`
)
