package lms

const (
	// all tenants: the job of the days
	sqlRoundTenants = `SELECT o.tenant_id FROM organisation o WHERE EXISTS (SELECT 1 FROM round r WHERE r.tenant_id = o.tenant_id AND r.state = 'open')`
	sqlInsertDay    = `INSERT INTO round_day (tenant_id, round_id, day, assigned, completed, overdue) VALUES`
	sqlLastDays     = `SELECT d.round_id, MAX(d.day) FROM round_day d WHERE d.tenant_id = ? GROUP BY d.round_id`
	sqlDays         = `SELECT d.round_id, d.day, d.assigned, d.completed, d.overdue FROM round_day d`
	// By the beginning of each day, as microseconds of the association's clock.
	sqlDaysOf = `SELECT g.status, g.due_on, g.present, g.added, g.done, COUNT(*) FROM (SELECT e.status, e.due_on,
 CASE WHEN ` + sqlPresent + ` THEN 1 ELSE 0 END AS present, (e.created_at + ?) - ((e.created_at + ?) % 86400000000) AS added,
 (e.completed_at + ?) - ((e.completed_at + ?) % 86400000000) AS done FROM enrolment e WHERE e.tenant_id = ? AND e.round_id = ?) g
 GROUP BY g.status, g.due_on, g.present, g.added, g.done`
)
