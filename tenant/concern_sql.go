package tenant

const (
	condWeakID    = `EXISTS (SELECT 1 FROM login_check k WHERE k.tenant_id = ? AND k.person_id = p.id AND k.weak > 0)`
	condExpired   = `c.kind = 'one_time' AND c.expires_at <= ?`
	condExpiring  = `c.kind = 'one_time' AND c.expires_at > ? AND c.expires_at <= ?`
	condNeverUsed = `c.kind = 'one_time' AND c.expires_at > ? AND c.changed_at < ? AND (c.last_login_at IS NULL OR c.last_login_at < c.changed_at)`
	condUnused    = `c.kind = 'chosen' AND COALESCE(c.last_login_at, c.changed_at) < ?`
	// What has run out has also come near its end.
	condAnyConcern = `EXISTS (SELECT 1 FROM login_check k WHERE k.tenant_id = ? AND k.person_id = p.id AND k.weak > 0) OR c.kind = 'void'
 OR (c.kind = 'one_time' AND (c.expires_at <= ? OR (c.changed_at < ? AND (c.last_login_at IS NULL OR c.last_login_at < c.changed_at))))
 OR (c.kind = 'chosen' AND COALESCE(c.last_login_at, c.changed_at) < ?)`

	// One pass over the people, in the order of ConcernKinds; concernOf says the same of one person.
	sqlCountConcerns = `SELECT
 COALESCE(SUM(CASE WHEN k.weak > 0 THEN 1 ELSE 0 END), 0),
 COALESCE(SUM(CASE WHEN c.kind = 'void' THEN 1 ELSE 0 END), 0),
 COALESCE(SUM(CASE WHEN c.kind = 'one_time' AND c.expires_at <= ? THEN 1 ELSE 0 END), 0),
 COALESCE(SUM(CASE WHEN c.kind = 'one_time' AND c.expires_at > ? AND c.expires_at <= ? THEN 1 ELSE 0 END), 0),
 COALESCE(SUM(CASE WHEN c.kind = 'one_time' AND c.expires_at > ? AND c.changed_at < ? AND (c.last_login_at IS NULL OR c.last_login_at < c.changed_at) THEN 1 ELSE 0 END), 0),
 COALESCE(SUM(CASE WHEN c.kind = 'chosen' AND COALESCE(c.last_login_at, c.changed_at) < ? THEN 1 ELSE 0 END), 0),
 COALESCE(SUM(CASE WHEN k.weak > 0 OR c.kind = 'void'
  OR (c.kind = 'one_time' AND (c.expires_at <= ? OR c.expires_at <= ? OR (c.changed_at < ? AND (c.last_login_at IS NULL OR c.last_login_at < c.changed_at))))
  OR (c.kind = 'chosen' AND COALESCE(c.last_login_at, c.changed_at) < ?) THEN 1 ELSE 0 END), 0),
 COALESCE(SUM(CASE WHEN k.person_id IS NULL OR k.person_version <> p.version OR k.basis <> ? THEN 1 ELSE 0 END), 0)
 FROM person p LEFT JOIN credential c ON c.tenant_id = p.tenant_id AND c.person_id = p.id
 LEFT JOIN login_check k ON k.tenant_id = p.tenant_id AND k.person_id = p.id
 WHERE p.tenant_id = ? AND p.state = 'active'`

	sqlManyDevices  = `SELECT person_id FROM session_device WHERE tenant_id = ? AND started_at > ? AND ended_at IS NULL GROUP BY person_id HAVING COUNT(DISTINCT source) > 1`
	sqlLoginReasons = `SELECT k.person_id, k.weak, k.reasons FROM login_check k`
	sqlLoginBasis   = `SELECT version FROM organisation WHERE tenant_id = ?`
	// Whose login ID was not looked at since they, the organisation or the rules changed.
	sqlUnchecked = `SELECT p.id, p.version, p.name, p.name_kana, p.login_id, p.login_key, p.employee_number, p.email FROM person p
 LEFT JOIN login_check k ON k.tenant_id = p.tenant_id AND k.person_id = p.id
 WHERE p.tenant_id = ? AND p.id > ? AND p.state = 'active' AND (k.person_id IS NULL OR k.person_version <> p.version OR k.basis <> ?) ORDER BY p.id LIMIT 500`
	sqlInsertCheck  = `INSERT INTO login_check (tenant_id, person_id, person_version, basis, reasons, stem, weak) VALUES`
	rowInsertCheck  = `(?, ?, ?, ?, ?, ?, ?)`
	sqlCommonStems  = `SELECT stem FROM login_check WHERE tenant_id = ? AND stem > '' GROUP BY stem HAVING COUNT(*) >= ?`
	sqlSeriesStems  = `SELECT stem FROM login_check WHERE tenant_id = ? AND weak = 2 GROUP BY stem`
	sqlSetSeries    = `UPDATE login_check SET weak = ?`
	sqlUncheckedAll = `SELECT o.tenant_id FROM organisation o WHERE EXISTS (SELECT 1 FROM person p LEFT JOIN login_check k ON k.tenant_id = p.tenant_id AND k.person_id = p.id
 WHERE p.tenant_id = o.tenant_id AND p.state = 'active' AND (k.person_id IS NULL OR k.person_version <> p.version))`
)
