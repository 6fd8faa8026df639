package lms

const (
	sqlNotes       = `SELECT n.id, n.enrolment_id, n.lesson_id, n.course_title, n.lesson_title, n.position, n.body, n.client_seq, n.created_at, n.updated_at FROM note n WHERE n.tenant_id = ? AND n.person_id = ?`
	sqlNotesOf     = ` AND n.enrolment_id = ?`
	sqlNotesThere  = ` AND n.body <> ''` // a deleted note has no text: what comes late must not bring it back
	sqlNotesOrder  = ` ORDER BY +n.enrolment_id DESC, n.lesson_id, n.created_at, n.id LIMIT ?`
	sqlNoteOfText  = ` AND n.lesson_id = ? AND n.client_seq = ?`
	sqlNoteByID    = ` AND n.id = ?`
	sqlCountNotes  = `SELECT COUNT(*), COALESCE(SUM(CASE WHEN body <> '' THEN 1 ELSE 0 END), 0) FROM note WHERE tenant_id = ? AND person_id = ?`
	sqlInsertNote  = `INSERT INTO note (tenant_id, id, person_id, enrolment_id, lesson_id, course_title, lesson_title, position, body, client_seq, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlUpdateNote  = `UPDATE note SET body = ?, client_seq = ?, updated_at = ? WHERE tenant_id = ? AND id = ? AND person_id = ?`
	sqlDeleteNote  = `UPDATE note SET body = '', updated_at = ? WHERE tenant_id = ? AND id = ? AND person_id = ?`
	sqlLockNoter   = `SELECT id FROM person WHERE tenant_id = ? AND id = ?`
	noteKeyColumns = "tenant_id, id"
)
