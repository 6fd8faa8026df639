package content

const (
	sqlSelectAsset = `SELECT id, kind, file_name, media_type, size, sha256, object_key, state, problem, duration_ms, width, height, pages, created_at FROM asset`

	sqlInsertAsset = `INSERT INTO asset (tenant_id, id, kind, file_name, media_type, size, object_key, state, created_by, created_at, updated_at)
 VALUES (?, ?, ?, ?, '', ?, ?, 'uploading', ?, ?, ?)`

	sqlAssetReceived = `UPDATE asset SET state = 'processing', media_type = ?, updated_at = ? WHERE tenant_id = ? AND id = ? AND state = 'uploading'`

	sqlAssetRefused = `UPDATE asset SET state = 'refused', problem = ?, updated_at = ? WHERE tenant_id = ? AND id = ? AND state IN ('uploading', 'processing')`

	sqlAssetReady = `UPDATE asset SET state = 'ready', media_type = ?, size = ?, sha256 = ?, duration_ms = ?, width = ?, height = ?, pages = ?, updated_at = ?
 WHERE tenant_id = ? AND id = ? AND state = 'processing'`

	sqlDeleteAsset = `DELETE FROM asset WHERE tenant_id = ? AND id = ?`

	sqlDeleteUploads = `DELETE FROM upload WHERE tenant_id = ? AND asset_id = ?`

	sqlKept = `SELECT COALESCE(SUM(size), 0) FROM asset WHERE tenant_id = ? AND state <> 'refused' AND NOT (kind = 'package' AND state = 'ready')`

	sqlOrganisationPublicID = `SELECT id FROM organisation WHERE tenant_id = ?`

	sqlLessonsUsing   = `SELECT COUNT(*) FROM lesson WHERE tenant_id = ? AND body LIKE ?`
	sqlRevisionsUsing = `SELECT COUNT(*) FROM lesson_revision WHERE tenant_id = ? AND body LIKE ?`
	sqlVersionsUsing  = `SELECT COUNT(*) FROM version_lesson WHERE tenant_id = ? AND body LIKE ?`
)
