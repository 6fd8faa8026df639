package lms

// What a question is compared with is the share of right answers to the other questions of the same attempt (x below).
const (
	figureColumns = `COUNT(*), COALESCE(SUM(w.correct), 0),
 COALESCE(SUM(CASE WHEN a.asked_count > 1 THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN a.asked_count > 1 THEN w.correct ELSE 0 END), 0),
 COALESCE(SUM(CASE WHEN a.asked_count > 1 THEN 1e0 * (a.right_count - w.correct) / (a.asked_count - 1) ELSE 0e0 END), 0e0),
 COALESCE(SUM(CASE WHEN a.asked_count > 1 THEN 1e0 * (a.right_count - w.correct) * (a.right_count - w.correct) / (a.asked_count - 1) / (a.asked_count - 1) ELSE 0e0 END), 0e0),
 COALESCE(SUM(CASE WHEN a.asked_count > 1 THEN 1e0 * w.correct * (a.right_count - w.correct) / (a.asked_count - 1) ELSE 0e0 END), 0e0)`

	// First attempts that were handed in; w.correct is set in them.
	figureSource = ` FROM attempt_answer w JOIN attempt a ON a.tenant_id = w.tenant_id AND a.id = w.attempt_id`
	figureWhere  = ` WHERE w.tenant_id = ? AND a.number = 1 AND a.state = 'submitted'`

	sqlFiguresOfVersions = `SELECT w.question_id, ` + figureColumns + figureSource + figureWhere

	sqlFiguresOfRounds = `SELECT r.id, r.title, r.starts_on, ` + figureColumns + figureSource + `
 JOIN enrolment e ON e.tenant_id = a.tenant_id AND e.id = a.enrolment_id JOIN round r ON r.tenant_id = e.tenant_id AND r.id = e.round_id` + figureWhere + `
 AND w.question_id = ? GROUP BY r.id, r.title, r.starts_on ORDER BY r.id DESC LIMIT 200`

	sqlAnswersGiven = `SELECT w.answer, w.correct` + figureSource + figureWhere + ` AND w.question_id = ?`
)
