package lms

const (
	sqlRoundDays  = `SELECT r.deadline_on, COUNT(*) FROM round r WHERE r.tenant_id = ? GROUP BY r.deadline_on`
	sqlYearIssues = `SELECT y.fiscal_year, COUNT(*) FROM year_record y WHERE y.tenant_id = ? GROUP BY y.fiscal_year`
	sqlYearRounds = `SELECT r.id FROM round r WHERE r.tenant_id = ? AND r.deadline_on >= ? AND r.deadline_on <= ? ORDER BY r.deadline_on, r.id LIMIT ?`

	sqlCountYearDigest  = `SELECT COUNT(*) FROM year_record WHERE tenant_id = ? AND fiscal_year = ? AND digest = ?`
	sqlLastYearRecord   = `SELECT COALESCE(MAX(number), 0) FROM year_record WHERE tenant_id = ?`
	sqlInsertYearRecord = `INSERT INTO year_record (tenant_id, id, fiscal_year, number, digest, content, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
	sqlYearRecords      = `SELECT y.id, y.number, y.digest, COALESCE(p.name, ''), y.created_at, y.content FROM year_record y
 LEFT JOIN person p ON p.tenant_id = y.tenant_id AND p.id = y.created_by WHERE y.tenant_id = ?`

	sqlSetFiscalYear = `INSERT INTO setting (tenant_id, name, value, updated_at) VALUES (?, ?, ?, ?)`
)
