package content

const (
	sqlFindPackage = `SELECT folder, standard, title, manifest, files, size FROM package WHERE tenant_id = ? AND sha256 = ?`

	sqlPackageFolder = `SELECT folder FROM package WHERE tenant_id = ? AND sha256 = ?`

	sqlPackageSize = `SELECT folder, size FROM package WHERE tenant_id = ? AND sha256 = ?`

	sqlInsertPackage = `INSERT INTO package (tenant_id, sha256, folder, standard, title, manifest, files, size, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`

	sqlInsertPackageFile = `INSERT INTO package_file (tenant_id, sha256, name_key, number, size, media_type) VALUES`
	rowInsertPackageFile = `(?, ?, ?, ?, ?, ?)`

	sqlFindPackageFile = `SELECT p.folder, f.number, f.size, f.media_type FROM package_file f JOIN package p ON p.tenant_id = f.tenant_id AND p.sha256 = f.sha256
 WHERE f.tenant_id = ? AND f.sha256 = ? AND f.name_key = ?`

	sqlAssetDigest = `UPDATE asset SET sha256 = ?, updated_at = ? WHERE tenant_id = ? AND id = ? AND state = 'processing'`

	sqlPackageUses = `SELECT COUNT(*) FROM asset WHERE tenant_id = ? AND sha256 = ? AND kind = 'package' AND state = 'ready'`

	sqlDeletePackageFiles = `DELETE FROM package_file WHERE tenant_id = ? AND sha256 = ?`

	sqlDeletePackage = `DELETE FROM package WHERE tenant_id = ? AND sha256 = ?`

	// The zip of an unpacked package is gone; what is kept is what was in it.
	sqlKeptPackages = `SELECT COALESCE(SUM(size), 0) FROM package WHERE tenant_id = ?`
)
