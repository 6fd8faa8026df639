package lms

const (
	sqlOpenRounds = `SELECT r.tenant_id, r.id FROM round r WHERE r.state = 'open'` // all tenants: the reminder job
	sqlWaiting    = `SELECT e.id, e.person_id, p.name, p.email, p.locale, e.due_on, e.created_at FROM enrolment e
 JOIN person p ON p.tenant_id = e.tenant_id AND p.id = e.person_id
 WHERE e.tenant_id = ? AND e.round_id = ? AND e.status IN ('not_started', 'in_progress', 'interrupted', 'failed') AND p.state = 'active'`
)
