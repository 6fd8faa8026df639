package content

const (
	sqlSelectAsset = `SELECT id, kind, file_name, media_type, size, sha256, object_key, state, problem, duration_ms, width, height, pages, created_at, superseded_by FROM asset`

	sqlInsertAsset = `INSERT INTO asset (tenant_id, id, kind, file_name, name_key, media_type, size, object_key, state, created_by, created_at, updated_at)
 VALUES (?, ?, ?, ?, ?, '', ?, ?, 'uploading', ?, ?, ?)`

	sqlAssetReceived = `UPDATE asset SET state = 'processing', media_type = ?, updated_at = ? WHERE tenant_id = ? AND id = ? AND state = 'uploading'`

	sqlAssetRefused = `UPDATE asset SET state = 'refused', problem = ?, updated_at = ? WHERE tenant_id = ? AND id = ? AND state IN ('uploading', 'processing')`

	sqlAssetReady = `UPDATE asset SET state = 'ready', media_type = ?, size = ?, sha256 = ?, duration_ms = ?, width = ?, height = ?, pages = ?, updated_at = ?
 WHERE tenant_id = ? AND id = ? AND state = 'processing'`

	sqlDeleteAsset = `DELETE FROM asset WHERE tenant_id = ? AND id = ?`

	sqlDeletePictures = `DELETE FROM asset_picture WHERE tenant_id = ? AND asset_id = ?`

	sqlInsertPicture = `INSERT INTO asset_picture (tenant_id, asset_id, name, media_type, width, height, size, object_key) VALUES`
	rowInsertPicture = `(?, ?, ?, ?, ?, ?, ?, ?)`

	sqlPictures = `SELECT asset_id, name, media_type, width, object_key FROM asset_picture WHERE tenant_id = ?`

	sqlPictureKeys = `SELECT object_key, size FROM asset_picture WHERE tenant_id = ? AND asset_id = ?`

	sqlPictureBytes = `SELECT COALESCE(SUM(size), 0) FROM asset_picture WHERE tenant_id = ?`

	sqlStoreUploads  = `SELECT store_upload_id FROM upload WHERE tenant_id = ? AND asset_id = ?`
	sqlDeleteUploads = `DELETE FROM upload WHERE tenant_id = ? AND asset_id = ?`

	// What several files share is kept once.
	sqlKept = `SELECT COALESCE(SUM(k.size), 0) FROM (SELECT DISTINCT object_key, size FROM asset
 WHERE tenant_id = ? AND state <> 'refused' AND NOT (kind = 'package' AND state = 'ready')) k`

	// What rows let go of and backups may still need: the jobs that will remove it know how much it is.
	sqlLetGo = `SELECT COALESCE(SUM(total_units), 0) FROM job WHERE state = 'queued' AND kind = '` + KindRemoveObjects + `' AND tenant_id = ?`

	// What the objects in the store are held against.
	sqlAssetObjects   = `SELECT object_key FROM asset WHERE tenant_id = ?`
	sqlPictureObjects = `SELECT object_key FROM asset_picture WHERE tenant_id = ?`
	sqlPackageFolders = `SELECT folder FROM package WHERE tenant_id = ? UNION SELECT id FROM asset WHERE tenant_id = ? AND kind = 'package' AND state IN ('uploading', 'processing')`
	sqlCopiesAtWork   = `SELECT id FROM course_copy WHERE tenant_id = ? AND state = 'copying'`

	// What a backup compares with the store; every key begins with its organisation's folder, so that this is the order of the keys.
	sqlFolders           = `SELECT tenant_id, id, code FROM organisation ORDER BY id`
	sqlNamedAssets       = `SELECT object_key, size, sha256, kind, state FROM asset WHERE tenant_id = ?`
	sqlNamedPictures     = `SELECT object_key, size FROM asset_picture WHERE tenant_id = ?`
	sqlNamedPackageFiles = `SELECT p.folder, f.number, f.size FROM package p JOIN package_file f ON f.tenant_id = p.tenant_id AND f.sha256 = p.sha256 WHERE p.tenant_id = ?`

	sqlOrganisationPublicID = `SELECT id FROM organisation WHERE tenant_id = ?`
)
