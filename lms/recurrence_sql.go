package lms

import "kenshu/storage/db"

const (
	sqlFiscalYear = `SELECT s.value FROM setting s WHERE s.tenant_id = ? AND s.name = 'fiscal_year'`

	sqlInsertRecurrence = `INSERT INTO recurrence (tenant_id, id, kind, months, lead_days, due_days, same_questions, state, last_round_id, anchor_starts_on, anchor_deadline_on, step,
 next_title, next_starts_on, next_deadline_on, opens_on, problem, version, created_by, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlSelectRecurrence = `SELECT c.id, c.kind, c.months, c.lead_days, c.due_days, c.same_questions, c.state, c.last_round_id, c.anchor_starts_on, c.anchor_deadline_on, c.step,
 c.next_title, c.next_starts_on, c.next_deadline_on, c.opens_on, c.problem, c.version, c.created_by, c.created_at, c.updated_at FROM recurrence c WHERE c.tenant_id = ? AND c.id = ?`
	sqlUpdateRecurrence = `UPDATE recurrence SET kind = ?, months = ?, lead_days = ?, due_days = ?, same_questions = ?, state = ?, last_round_id = ?, anchor_starts_on = ?, anchor_deadline_on = ?,
 step = ?, next_title = ?, next_starts_on = ?, next_deadline_on = ?, opens_on = ?, problem = ?, version = ?, updated_at = ? WHERE tenant_id = ? AND id = ?`
	sqlRecurrenceProblem = `UPDATE recurrence SET problem = ? WHERE tenant_id = ? AND id = ?`

	// all tenants: the job that opens rounds by themselves
	sqlRecurring = `SELECT c.tenant_id, c.id FROM organisation o CROSS JOIN recurrence c ON c.tenant_id = o.tenant_id
 WHERE o.state = 'active' AND c.state = 'active' AND c.opens_on <= ? ORDER BY c.tenant_id, c.id`

	sqlStuckTitles = `SELECT r.title FROM recurrence c JOIN round r ON r.tenant_id = c.tenant_id AND r.id = c.last_round_id
 WHERE c.tenant_id = ? AND c.state = 'active' AND c.problem <> '' ORDER BY r.title, r.id LIMIT 20`
	sqlStuckRounds = `SELECT c.last_round_id, c.problem FROM recurrence c WHERE c.tenant_id = ? AND c.state = 'active' AND c.problem <> '' LIMIT 1000`

	sqlBeginsRecurrence = `UPDATE round SET recurrence_id = ?, occurrence = ? WHERE tenant_id = ? AND id = ?`
	sqlFindOccurrence   = `SELECT r.id FROM round r WHERE r.tenant_id = ? AND r.recurrence_id = ? AND r.occurrence = ?`
	sqlCopyReminders    = `INSERT INTO round_reminder (tenant_id, round_id, plan, updated_at)
 SELECT w.tenant_id, ?, w.plan, ? FROM round_reminder w WHERE w.tenant_id = ? AND w.round_id = ?`
	sqlCopyQuestions = `INSERT INTO round_question_set (tenant_id, round_id, lesson_id, questions, created_at)
 SELECT q.tenant_id, ?, q.lesson_id, q.questions, ? FROM round_question_set q WHERE q.tenant_id = ? AND q.round_id = ?`

	// How everybody stands in the rounds of one training: the last completion, the last time a person decided that they need not, and whether
	// something is being asked of them. The rounds' condition follows.
	sqlTurns = `SELECT e.person_id, MAX(e.completed_at), MAX(CASE WHEN e.status = 'exempt' OR (e.status = 'withdrawn' AND e.exempt_reason NOT IN ('left', 'rule_removed', 'excluded', 'moved'))
 THEN COALESCE(e.aside_at, e.created_at) ELSE 0 END), MAX(CASE WHEN r.state = 'open' AND e.status IN ('not_started', 'in_progress', 'interrupted', 'failed') THEN 1 ELSE 0 END)
 FROM round r CROSS JOIN enrolment e ON e.tenant_id = r.tenant_id AND e.round_id = r.id`
	sqlTurnsGroup = ` GROUP BY e.person_id`
)

func scanRecurrence(row db.Row) (Recurrence, error) {
	var c Recurrence
	err := row.Scan(&c.ID, &c.Kind, &c.Months, &c.LeadDays, &c.DueDays, &c.SameQuestions, &c.State, &c.Last, &c.anchor.StartsOn, &c.anchor.DeadlineOn, &c.step,
		&c.Next.Title, &c.Next.StartsOn, &c.Next.DeadlineOn, &c.OpensOn, &c.Problem, &c.Version, &c.createdBy, &c.createdAt, &c.updatedAt)
	return c, err
}
