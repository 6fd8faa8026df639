package content

const (
	sqlInsertMoodleImport = `INSERT INTO moodle_import (tenant_id, id, file_name, size, state, created_by, created_at) VALUES (?, ?, ?, ?, 'checking', ?, ?)`

	sqlMoodleRefused = `UPDATE moodle_import SET state = 'refused', problem = ? WHERE tenant_id = ? AND id = ? AND state = 'checking'`

	sqlMoodleChecked = `UPDATE moodle_import SET state = 'checked', plan = ?, title = ?, language = ? WHERE tenant_id = ? AND id = ? AND state = 'checking'`

	sqlSelectMoodleImport = `SELECT m.id, m.file_name, m.size, m.state, m.problem, m.title, m.language, m.actor, m.job_id, m.course_id, COALESCE(p.name, ''), m.created_at, m.applied_at,
 CASE WHEN a.id IS NULL THEN 1 ELSE 0 END
 FROM moodle_import m LEFT JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.created_by LEFT JOIN asset a ON a.tenant_id = m.tenant_id AND a.id = m.id`

	sqlMoodlePlan = `SELECT plan FROM moodle_import WHERE tenant_id = ? AND id = ?`

	sqlBeginMoodle = `UPDATE moodle_import SET state = 'applying', problem = '', title = ?, language = ?, actor = ?, job_id = ? WHERE tenant_id = ? AND id = ? AND state = 'checked'`

	sqlStopMoodle = `UPDATE moodle_import SET state = 'checked', problem = ? WHERE tenant_id = ? AND id = ? AND state = 'applying'`

	sqlEndMoodle = `UPDATE moodle_import SET state = 'applied', plan = ?, course_id = ?, applied_at = ? WHERE tenant_id = ? AND id = ? AND state = 'applying'`
)
