package compliance

const (
	sqlInsertIncident = `INSERT INTO incident (tenant_id, id, number, kind, title, state, noticed_at, overview, data_items, affected, cause, measures, conclusion,
 created_by, created_at, updated_at) VALUES`
	rowInsertIncident = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlLastIncident   = `SELECT COALESCE(MAX(number), 0) FROM incident WHERE tenant_id = ?`
	sqlFindIncident   = `SELECT id, number, kind, title, state, noticed_at, overview, data_items, affected, cause, measures, conclusion, version, created_at, updated_at, closed_at FROM incident`
	sqlUpdateIncident = `UPDATE incident SET kind = ?, title = ?, noticed_at = ?, overview = ?, data_items = ?, affected = ?, cause = ?, measures = ?, updated_at = ?,
 version = version + 1 WHERE tenant_id = ? AND id = ?`
	sqlSetIncidentState = `UPDATE incident SET state = ?, conclusion = ?, closed_at = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?`

	sqlInsertIncidentPerson = `INSERT INTO incident_person (tenant_id, incident_id, person_id) VALUES`
	sqlIncidentPeople       = `SELECT p.id, p.name FROM incident_person i JOIN person p ON p.tenant_id = i.tenant_id AND p.id = i.person_id
 WHERE i.tenant_id = ? AND i.incident_id = ? ORDER BY p.sort_name, p.id`
	sqlInsertIncidentNote = `INSERT INTO incident_note (tenant_id, id, incident_id, body, author_id, author_name, created_at) VALUES`
	sqlIncidentNotes      = `SELECT n.id, n.body, CASE WHEN n.author_name = '' THEN COALESCE(p.name, '') ELSE n.author_name END, n.created_at FROM incident_note n
 LEFT JOIN person p ON p.tenant_id = n.tenant_id AND p.id = n.author_id WHERE n.tenant_id = ? AND n.incident_id = ? ORDER BY n.id LIMIT ?`
)
