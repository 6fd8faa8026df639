package lms

const (
	sqlInsertResponse = `INSERT INTO survey_response (tenant_id, id, round_id, lesson_id, enrolment_id, answers, shown, sent_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`

	sqlSurveyCounts = `SELECT s.lesson_id, COUNT(*), SUM(s.shown) FROM survey_response s WHERE s.tenant_id = ? AND s.round_id = ? GROUP BY s.lesson_id`

	sqlLockSurvey = `SELECT id FROM round WHERE tenant_id = ? AND id = ?`
	sqlCountHeld  = `SELECT COUNT(*) FROM survey_response WHERE tenant_id = ? AND round_id = ? AND lesson_id = ? AND shown = 0`
	sqlShowSurvey = `UPDATE survey_response SET shown = 1 WHERE tenant_id = ? AND round_id = ? AND lesson_id = ? AND shown = 0`

	// In the order of the ids: of anonymous answers that is an order by chance.
	sqlSurveyResponses = `SELECT s.answers, s.sent_at, COALESCE(p.name, ''), COALESCE(p.employee_number, ''), p.id FROM survey_response s
 LEFT JOIN enrolment e ON e.tenant_id = s.tenant_id AND e.id = s.enrolment_id
 LEFT JOIN person p ON p.tenant_id = e.tenant_id AND p.id = e.person_id
 WHERE s.tenant_id = ? AND s.round_id = ? AND s.lesson_id = ? AND s.shown = 1 ORDER BY s.id`

	sqlDropResponsesOf = `DELETE FROM survey_response`
)
