package content

const (
	sqlForgetUses = `DELETE FROM asset_use WHERE tenant_id = ? AND holder_kind = ? AND holder_id = ?`

	sqlDropUses = `DELETE FROM asset_use WHERE tenant_id = ? AND asset_id = ?`

	sqlInsertUse = `INSERT INTO asset_use (tenant_id, asset_id, holder_kind, holder_id) VALUES`
	rowInsertUse = `(?, ?, ?, ?)`

	sqlUsedAgain = `UPDATE asset SET unused_since = NULL`

	sqlCurrent = `SELECT id, superseded_by FROM asset`

	sqlCountUses = `SELECT COUNT(*) FROM asset_use WHERE tenant_id = ? AND asset_id = ?`

	sqlCountMentions = `SELECT (SELECT COUNT(*) FROM lesson WHERE tenant_id = ? AND deleted_at IS NULL AND body LIKE ?) + (SELECT COUNT(*) FROM version_lesson WHERE tenant_id = ? AND body LIKE ?)`

	sqlHolders = `SELECT holder_id FROM asset_use WHERE tenant_id = ? AND asset_id = ? AND holder_kind = ? ORDER BY holder_id`

	sqlCoursesOfLessons = `SELECT DISTINCT c.id, c.title, c.latest_version_id FROM lesson l JOIN course c ON c.tenant_id = l.tenant_id AND c.id = l.course_id WHERE l.tenant_id = ?`

	sqlCoursesByID = `SELECT c.id, c.title, c.latest_version_id FROM course c WHERE c.tenant_id = ?`

	sqlSupersede = `UPDATE asset SET superseded_by = ? WHERE tenant_id = ? AND id = ?`

	sqlSupersedeAll = `UPDATE asset SET superseded_by = ? WHERE tenant_id = ? AND superseded_by = ?`

	sqlSupersedeNone = `UPDATE asset SET superseded_by = NULL WHERE tenant_id = ? AND superseded_by = ?`

	sqlKeySharers = `SELECT COUNT(*) FROM asset WHERE tenant_id = ? AND sha256 = ? AND object_key = ?`

	sqlTwin = `SELECT object_key FROM asset WHERE tenant_id = ? AND sha256 = ? AND kind = ? AND state = 'ready' AND object_key <> ? ORDER BY id LIMIT 1`

	sqlTwinPictures = `SELECT p.object_key, p.name, p.size FROM asset a JOIN asset_picture p ON p.tenant_id = a.tenant_id AND p.asset_id = a.id
 WHERE a.tenant_id = ? AND a.sha256 = ? AND a.kind = ? AND a.state = 'ready'`

	sqlHealKey = `UPDATE asset SET object_key = ? WHERE tenant_id = ? AND sha256 = ? AND object_key = ?`

	sqlAdoptKey = `UPDATE asset SET object_key = ? WHERE tenant_id = ? AND id = ?`

	// Of every organisation: the sweep is the system's own work, one organisation after the other.
	sqlSweptTenants = `SELECT tenant_id FROM organisation ORDER BY tenant_id`

	sqlMarkUnused = `UPDATE asset SET unused_since = ? WHERE tenant_id = ? AND unused_since IS NULL AND state IN ('ready', 'refused', 'processing')
 AND NOT EXISTS (SELECT 1 FROM asset_use u WHERE u.tenant_id = asset.tenant_id AND u.asset_id = asset.id)`

	sqlUnusedLong = `SELECT id FROM asset WHERE tenant_id = ? AND unused_since < ? AND state IN ('ready', 'refused', 'processing') ORDER BY unused_since, id LIMIT 100`
)
