package content

const (
	// What several files share is kept once; the zip of an unpacked package is gone, what was in it is kept.
	sqlStorageUse = `SELECT k.what, COUNT(*), COALESCE(SUM(k.size), 0) FROM (SELECT DISTINCT object_key, size, CASE WHEN state = 'uploading' THEN 'upload' ELSE kind END AS what FROM asset
 WHERE tenant_id = ? AND state <> 'refused' AND NOT (kind = 'package' AND state = 'ready')) k GROUP BY k.what
 UNION ALL SELECT 'picture', COUNT(*), COALESCE(SUM(size), 0) FROM asset_picture WHERE tenant_id = ?
 UNION ALL SELECT 'package', COALESCE(SUM(files), 0), COALESCE(SUM(size), 0) FROM package WHERE tenant_id = ?`

	// Lists of people and passwords that wait or can still be taken back; their sizes are known to the store only.
	sqlKeptLists = `SELECT object_key FROM person_import WHERE tenant_id = ? AND object_key <> ''
 UNION ALL SELECT object_key FROM password_file WHERE tenant_id = ? AND state IN ('checked', 'queued')`

	sqlInsertStorageDay  = `INSERT INTO storage_day (day, counted_at, files, file_bytes, database_bytes, body) VALUES (?, ?, ?, ?, ?, ?)`
	sqlForgetStorageDays = `DELETE FROM storage_day WHERE day < ?`
	sqlStorageDays       = `SELECT day, files, file_bytes, database_bytes FROM storage_day WHERE day >= ? ORDER BY day`
	sqlLastStorageDay    = `SELECT day, counted_at, files, file_bytes, database_bytes, body FROM storage_day ORDER BY day DESC LIMIT 1`

	// The register belongs to no organisation.
	sqlStorageNames = `SELECT id, code, name FROM organisation`
)
