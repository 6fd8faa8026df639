package content

const (
	sqlInsertUpload = `INSERT INTO upload (tenant_id, id, asset_id, store_upload_id, part_size, state, created_by, created_at, expires_at)
 VALUES (?, ?, ?, ?, ?, 'open', ?, ?, ?)`

	sqlFindUpload = `SELECT asset_id, store_upload_id, part_size, state, expires_at FROM upload WHERE tenant_id = ? AND id = ?`

	sqlUploadAgain = `UPDATE upload SET store_upload_id = ? WHERE tenant_id = ? AND id = ? AND store_upload_id = ? AND state = 'open'`

	sqlUploadDone = `UPDATE upload SET state = 'done' WHERE tenant_id = ? AND id = ?`

	// Of every organisation: the sweep is the system's own work.
	sqlExpiredUploads = `SELECT u.tenant_id, u.id, u.asset_id, u.store_upload_id, a.object_key FROM upload u
 JOIN asset a ON a.tenant_id = u.tenant_id AND a.id = u.asset_id WHERE u.state = 'open' AND u.expires_at < ? ORDER BY u.expires_at LIMIT 100`

	sqlDropUpload = `DELETE FROM upload WHERE tenant_id = ? AND id = ? AND state = 'open'`

	sqlDropAsset = `DELETE FROM asset WHERE tenant_id = ? AND id = ? AND state = 'uploading'`
)
