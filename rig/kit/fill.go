package kit

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// GlobalTables lists the tables that do not belong to one organisation, and why. A test of the schema holds this list and the next against it.
var GlobalTables = map[string]string{
	"schema_migration": "the ledger of the schema itself",
	"organisation":     "the root: one row is one tenant",
	"public_code":      "resolves a public code to its tenant",
	"signing_key":      "the installation's own, with which it signs for all",
	"job":              "work of the installation; tenant_id may be empty",
	"storage_day":      "how much the whole installation kept on a day",
	"master_key":       "the id of the key that the whole installation is served under",
	"store_mark":       "the marks given to the object store, which is the whole installation's",
	"deletion_page":    "which pages of the deletion journal the database knows; a page is about all organisations",
}

// IndexesAcrossTenants are indexes of tenant-owned tables that do not begin with the tenant, and why: what goes over all organisations on purpose.
var IndexesAcrossTenants = map[string]string{
	"upload_open":              "the job that ends forgotten uploads",
	"person_leaves":            "the job of leavings entered in advance",
	"deletion_kept":            "the job that writes the deletion journal of all organisations to the object store",
	"session_device_started":   "the clean-up of log-ins of long ago",
	"identity_member_identity": "the accounts of one human being in several organisations",
	"person_import_kept":       "the clean-up of imports kept long enough",
	"course_share_members":     "the other end of a share: what is shared with one organisation",
}

// TenantTables lists the tables that belong to one organisation, parents first.
var TenantTables = []string{
	"setting", "person", "credential", "second_factor", "recovery_code", "passkey", "session_device", "person_role", "person_field", "person_value", "deletion", "department", "department_history", "department_plan", "person_department", "person_import", "person_import_row", "person_import_part", "import_mapping", "import_rule", "api_token", "audit_event", "audit_seal", "audit_pending", "mail_message",
	"asset", "asset_use", "asset_picture", "upload", "package", "package_file", "course", "lesson", "lesson_revision", "lesson_comment", "moodle_import", "course_copy", "course_version", "version_lesson", "course_review", "course_share", "course_use",
	"question", "question_version", "question_tag", "question_import", "question_import_row",
	"round", "assignment", "enrolment", "progress", "attempt", "attempt_answer", "package_launch", "package_state", "survey_response", "pledge_signature", "note",
	"completion_certificate", "certificate_design", "training_record", "year_record", "record_link", "handover", "identity_member",
	"saved_view", "saved_view_default", "round_day", "round_question_set", "round_version", "course_move",
	"reminder_template", "round_reminder", "recurrence",
	"login_check", "slip_batch", "slip_batch_person", "password_file", "password_stage", "incident", "incident_person", "incident_note",
}

// Filled is an organisation with at least one row in every tenant-owned table; every text in it holds Mark.
type Filled struct {
	Org
	Mark string
	IDs  map[string]db.ID // table → id of its row
}

func (f Filled) folder() string { return "t/" + f.Public.String() + "/" }

// Objects are the keys of the objects that the rows name, a byte each. Fill does not store them.
func (f Filled) Objects() []string {
	file := f.folder() + "asset/" + strings.ToLower(f.Mark)
	return []string{file, file + "-w320", f.folder() + "package/" + f.IDs["package"].String() + "/1"}
}

// QuizBody is a lesson body with one question whose right answer is "a".
const QuizBody = `{"pass_percent":100,"shuffle":false,"shuffle_choices":false,"max_attempts":0,"show":"after_pass","questions":[{"id":"0197b5e2-0000-7000-8000-000000000001","kind":"single","text":"%s","choices":[{"id":"a","text":"%s"},{"id":"b","text":"b"}],"correct":["a"],"explanation":"%s"}]}`

// Fill writes one row into every tenant-owned table of org. Two organisations are filled alike but for the mark, so that
// anything of the one that shows up with the other can be told.
func Fill(t testing.TB, d *db.DB, org Org, mark string) Filled {
	t.Helper()
	f := Filled{Org: org, Mark: mark, IDs: map[string]db.ID{}}
	now := int64(1_775_000_000_000_000)
	ids := func(table string) db.ID {
		if f.IDs[table].IsZero() {
			f.IDs[table] = db.NewID()
		}
		return f.IDs[table]
	}
	run := func(query string, args ...any) {
		t.Helper()
		if _, err := d.Exec(t.Context(), query, append([]any{org.ID}, args...)...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	f.IDs["organisation"] = org.Public
	f.IDs["person"] = NewPerson(t, d, org.ID, strings.ToLower(mark)+"-login", mark+" 花子")
	quiz := fmt.Sprintf(QuizBody, mark, mark, mark)
	hash := make([]byte, 32)
	run(`INSERT INTO setting (tenant_id, name, value, updated_at) VALUES (?, 'fixture', ?, ?)`, `"`+mark+`"`, now)
	run(`INSERT INTO second_factor (tenant_id, person_id, secret, created_at) VALUES (?, ?, ?, ?)`, ids("person"), []byte(mark), now)
	run(`INSERT INTO recovery_code (tenant_id, person_id, number, hash, created_at) VALUES (?, ?, 0, ?, ?)`, ids("person"), mark, now)
	run(`INSERT INTO passkey (tenant_id, id, person_id, key_hash, name, record, created_at) VALUES (?, ?, ?, ?, ?, '{}', ?)`, ids("passkey"), ids("person"), hash, mark, now)
	run(`INSERT INTO session_device (tenant_id, id, person_id, token_hash, device, source, started_at) VALUES (?, ?, ?, ?, ?, '203.0.113.x', ?)`, ids("session_device"), ids("person"), hash, mark, now)
	run(`INSERT INTO department (tenant_id, id, name, name_key, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)`, ids("department"), mark, strings.ToLower(mark), now, now)
	run(`INSERT INTO department_history (tenant_id, department_id, starts_on, ends_on, name) VALUES (?, ?, '2025-04-01', '2026-03-31', ?)`, ids("department"), mark)
	run(`INSERT INTO department_plan (tenant_id, id, title, effective_on, state, steps, problems, created_by, created_at, updated_at) VALUES (?, ?, ?, '2026-10-01', 'draft', '[]', '[]', ?, ?, ?)`,
		ids("department_plan"), mark, ids("person"), now, now)
	run(`INSERT INTO person_department (tenant_id, person_id, department_id, starts_on) VALUES (?, ?, ?, '2026-04-01')`, ids("person"), ids("department"))
	run(`INSERT INTO person_field (tenant_id, id, name, name_key, kind, choices, position, created_at, updated_at) VALUES (?, ?, ?, ?, 'choice', ?, 1, ?, ?)`,
		ids("person_field"), mark, strings.ToLower(mark), `["`+mark+`"]`, now, now)
	run(`INSERT INTO person_value (tenant_id, person_id, field_id, value, value_key) VALUES (?, ?, ?, ?, ?)`, ids("person"), ids("person_field"), mark, strings.ToLower(mark))
	run(`INSERT INTO deletion (tenant_id, id, kind, target_hash, rule, counts, deleted_at) VALUES (?, ?, 'person', ?, 'fixture', ?, ?)`, ids("deletion"), hash, `{"`+mark+`":1}`, now)
	run(`INSERT INTO person_import (tenant_id, id, file_name, object_key, sha256, state, summary, created_by, created_at) VALUES (?, ?, ?, 'x', ?, 'checked', '{}', ?, ?)`, ids("person_import"), mark, hash, ids("person"), now)
	run(`INSERT INTO person_import_row (tenant_id, import_id, position, outcome, person_id, version, name, login_id, detail) VALUES (?, ?, 2, 'wrong', ?, 1, ?, ?, '{}')`, ids("person_import"), ids("person"), mark, strings.ToLower(mark))
	run(`INSERT INTO person_import_part (tenant_id, import_id, person_id, kind, target_id, value, value_key) VALUES (?, ?, ?, 'begin', ?, ?, ?)`, ids("person_import"), ids("person"), ids("department"), mark, strings.ToLower(mark))
	run(`INSERT INTO import_mapping (tenant_id, signature, mapping, updated_by, updated_at) VALUES (?, ?, ?, ?, ?)`, hash, `{"columns":[{"heading":"`+mark+`","target":"name"}]}`, ids("person"), now)
	run(`INSERT INTO import_rule (tenant_id, rules, updated_at) VALUES (?, '{}', ?)`, now)
	run(`INSERT INTO api_token (tenant_id, id, name, scope, hash, created_by, created_at, expires_at) VALUES (?, ?, ?, 'person:import', ?, ?, ?, ?)`, ids("api_token"), mark, hash, ids("person"), now, now+1_000_000_000_000)
	run(`INSERT INTO audit_event (tenant_id, id, happened_at, actor_kind, actor_id, actor_name, actor_role, action, subject_kind, subject_id, detail, reason, source, request_id) VALUES (?, ?, ?, 'person', ?, ?, 'manager', 'person.update', 'person', ?, '{}', ?, '', '')`,
		ids("audit_event"), now, ids("person"), mark, ids("person"), mark)
	run(`INSERT INTO audit_seal (tenant_id, seq, event_id, hash, sealed_at) VALUES (?, 1, ?, ?, ?)`, ids("audit_event"), hash, now)
	run(`INSERT INTO audit_pending (tenant_id, event_id) VALUES (?, ?)`, ids("audit_event"))
	run(`INSERT INTO mail_message (tenant_id, id, dedupe, person_id, to_address, to_name, kind, subject, body_text, state, created_at, round_id, enrolment_id, slot) VALUES (?, ?, ?, ?, ?, ?, 'fixture', ?, ?, 'kept', ?, ?, ?, 'due+0')`,
		ids("mail_message"), mark, ids("person"), mark+"@example.jp", mark, mark, mark, now, ids("round"), ids("enrolment"))
	run(`INSERT INTO asset (tenant_id, id, kind, file_name, media_type, size, object_key, state, created_by, created_at, updated_at) VALUES (?, ?, 'image', ?, 'image/png', 1, ?, 'ready', ?, ?, ?)`,
		ids("asset"), mark+".png", f.folder()+"asset/"+strings.ToLower(mark), ids("person"), now, now)
	run(`INSERT INTO asset_use (tenant_id, asset_id, holder_kind, holder_id) VALUES (?, ?, 'lesson', ?)`, ids("asset"), ids("lesson"))
	run(`INSERT INTO asset_picture (tenant_id, asset_id, name, media_type, width, height, size, object_key) VALUES (?, ?, 'w320', 'image/jpeg', 320, 180, 1, ?)`,
		ids("asset"), f.folder()+"asset/"+strings.ToLower(mark)+"-w320")
	run(`INSERT INTO upload (tenant_id, id, asset_id, store_upload_id, part_size, state, created_by, created_at, expires_at) VALUES (?, ?, ?, ?, 8388608, 'open', ?, ?, ?)`,
		ids("upload"), ids("asset"), strings.ToLower(mark), ids("person"), now, now+1_000_000_000_000)
	run(`INSERT INTO course (tenant_id, id, title, summary, language, shared, state, latest_version_id, created_by, created_at, updated_at) VALUES (?, ?, ?, ?, 'ja', 'none', 'published', ?, ?, ?, ?)`,
		ids("course"), mark, mark, ids("course_version"), ids("person"), now, now)
	run(`INSERT INTO lesson (tenant_id, id, course_id, position, kind, title, body, created_at, updated_at) VALUES (?, ?, ?, 1, 'quiz', ?, ?, ?, ?)`, ids("lesson"), ids("course"), mark, quiz, now, now)
	run(`INSERT INTO lesson_revision (tenant_id, id, lesson_id, version, title, body, saved_by, saved_at) VALUES (?, ?, ?, 1, ?, ?, ?, ?)`, ids("lesson_revision"), ids("lesson"), mark, quiz, ids("person"), now)
	run(`INSERT INTO lesson_comment (tenant_id, id, lesson_id, thread_id, quote, text, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		ids("lesson_comment"), ids("lesson"), ids("lesson_comment"), mark, mark, ids("person"), now)
	run(`INSERT INTO course_review (tenant_id, id, course_id, number, state, content_version, note, answer, asked_by, asked_at) VALUES (?, ?, ?, 1, 'asked', 1, ?, ?, ?, ?)`,
		ids("course_review"), ids("course"), mark, mark, ids("person"), now)
	run(`INSERT INTO course_version (tenant_id, id, course_id, number, title, summary, language, lesson_count, published_by, published_at) VALUES (?, ?, ?, 1, ?, ?, 'ja', 1, ?, ?)`, ids("course_version"), ids("course"), mark, mark, ids("person"), now)
	run(`INSERT INTO course_share (tenant_id, course_id, member_tenant_id, given_at) VALUES (?, ?, ?, ?)`, ids("course"), org.ID, now)
	run(`INSERT INTO course_use (tenant_id, course_tenant_id, course_id, version_id, taken_by, taken_at) VALUES (?, ?, ?, ?, ?, ?)`, org.ID, ids("course"), ids("course_version"), ids("person"), now)
	run(`INSERT INTO version_lesson (tenant_id, id, course_version_id, lesson_id, position, kind, title, body) VALUES (?, ?, ?, ?, 1, 'quiz', ?, ?)`, ids("version_lesson"), ids("course_version"), ids("lesson"), mark, quiz)
	run(`INSERT INTO round (tenant_id, id, title, course_title, course_tenant_id, course_version_id, starts_on, deadline_on, state, created_by, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, '2026-04-01', '2026-09-30', 'open', ?, ?, ?)`,
		ids("round"), mark, mark, org.ID, ids("course_version"), ids("person"), now, now)
	fillQuestions(run, ids, mark, now)
	run(`INSERT INTO round_question_set (tenant_id, round_id, lesson_id, questions, created_at) VALUES (?, ?, ?, ?, ?)`, ids("round"), ids("lesson"), `["`+mark+`"]`, now)
	run(`INSERT INTO assignment (tenant_id, id, round_id, kind, target_id, future_joiners, created_at) VALUES (?, ?, ?, 'person', ?, 0, ?)`, ids("assignment"), ids("round"), ids("person"), now)
	run(`INSERT INTO enrolment (tenant_id, id, round_id, person_id, status, due_on, lessons_total, exempt_reason, created_at) VALUES (?, ?, ?, ?, 'in_progress', '2026-09-30', 1, ?, ?)`, ids("enrolment"), ids("round"), ids("person"), mark, now)
	run(`INSERT INTO progress (tenant_id, enrolment_id, version_lesson_id, state, seen, spent, started_at, updated_at) VALUES (?, ?, ?, 'in_progress', '[]', '[]', ?, ?)`, ids("enrolment"), ids("version_lesson"), now, now)
	run(`INSERT INTO attempt (tenant_id, id, enrolment_id, version_lesson_id, number, paper, state, started_at) VALUES (?, ?, ?, ?, 1, '{}', 'open', ?)`, ids("attempt"), ids("enrolment"), ids("version_lesson"), now)
	run(`INSERT INTO attempt_answer (tenant_id, attempt_id, question_id, answer, client_seq, answered_at) VALUES (?, ?, '0197b5e2-0000-7000-8000-000000000001', '["b"]', 1, ?)`, ids("attempt"), now)
	fillPackage(run, ids, mark, now)
	run(`INSERT INTO survey_response (tenant_id, id, round_id, lesson_id, enrolment_id, answers, shown, sent_at) VALUES (?, ?, ?, ?, ?, ?, 1, ?)`, ids("survey_response"), ids("round"), ids("lesson"), ids("enrolment"),
		`[{"question":"0197b5e2-0000-7000-8000-000000000001","text":"`+mark+`"}]`, now)
	run(`INSERT INTO pledge_signature (tenant_id, id, enrolment_id, version_lesson_id, version_number, title, name, text_digest, signed_at, received_at) VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?)`,
		ids("pledge_signature"), ids("enrolment"), ids("version_lesson"), mark, mark, hash, now, now)
	run(`INSERT INTO note (tenant_id, id, person_id, enrolment_id, lesson_id, course_title, lesson_title, position, body, client_seq, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, 1000, ?, 1, ?, ?)`,
		ids("note"), ids("person"), ids("enrolment"), ids("lesson"), mark, mark, mark, now, now)
	run(`INSERT INTO certificate_design (tenant_id, id, number, content, logo, created_by, created_at) VALUES (?, ?, 1, ?, ?, ?, ?)`, ids("certificate_design"),
		`{"words":{"ja":{"title":"`+mark+`","body":"b"},"en":{"title":"`+mark+`","body":"b"}},"colour":"#165a7e","frame":"line"}`, []byte(mark), ids("person"), now)
	run(`INSERT INTO completion_certificate (tenant_id, id, enrolment_id, number, code, content, issued_at) VALUES (?, ?, ?, ?, ?, ?, ?)`, ids("completion_certificate"), ids("enrolment"), mark, strings.ToLower(mark), `{"name":"`+mark+`"}`, now)
	run(`INSERT INTO training_record (tenant_id, id, number, round_id, digest, content, created_by, created_at) VALUES (?, ?, 1, ?, ?, ?, ?, ?)`, ids("training_record"), ids("round"), hash, `{"title":"`+mark+`"}`, ids("person"), now)
	run(`INSERT INTO saved_view (tenant_id, id, person_id, name, name_key, shared, body, created_at, updated_at) VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?)`,
		ids("saved_view"), ids("person"), mark, strings.ToLower(mark), `{"columns":["name"],"filter":{"q":"`+mark+`"}}`, now, now)
	run(`INSERT INTO saved_view_default (tenant_id, person_id, view_id) VALUES (?, ?, ?)`, ids("person"), ids("saved_view"))
	run(`INSERT INTO course_move (tenant_id, course_id, number, course_tenant_id, course_version_id, how, chosen_at) VALUES (?, ?, 1, ?, ?, 'keep', ?)`, ids("course"), f.ID, ids("course_version"), now)
	run(`INSERT INTO round_version (tenant_id, round_id, course_version_id, left_at) VALUES (?, ?, ?, ?)`, ids("round"), ids("course_version"), now)
	run(`INSERT INTO round_day (tenant_id, round_id, day, assigned, completed, overdue) VALUES (?, ?, '2026-04-01', 1, 0, 0)`, ids("round"))
	run(`INSERT INTO reminder_template (tenant_id, slot, language, subject, body_text, updated_by, updated_at) VALUES (?, 'before', 'ja', ?, ?, ?, ?)`, mark, mark, ids("person"), now)
	run(`INSERT INTO round_reminder (tenant_id, round_id, plan, updated_at) VALUES (?, ?, '{"at_assignment":true,"days":[0],"hour":8}', ?)`, ids("round"), now)
	run(`INSERT INTO recurrence (tenant_id, id, kind, months, lead_days, due_days, same_questions, state, last_round_id, anchor_starts_on, anchor_deadline_on, step, next_title, next_starts_on, next_deadline_on, opens_on, created_by, created_at, updated_at) VALUES (?, ?, 'calendar', 12, 14, 0, 0, 'active', ?, '2026-04-01', '2026-09-30', 1, ?, '2027-04-01', '2027-09-30', '2027-03-18', ?, ?, ?)`,
		ids("round"), ids("round"), mark, ids("person"), now, now)
	run(`UPDATE round SET recurrence_id = id, occurrence = 'first' WHERE tenant_id = ? AND id = ?`, ids("round"))
	run(`INSERT INTO handover (tenant_id, id, from_person, to_person, offered_by, keep_as_deputy, note, state, open_slot, expires_at, created_at) VALUES (?, ?, ?, ?, 'manager', 0, ?, 'offered', 1, ?, ?)`,
		ids("handover"), org.Manager, ids("person"), mark, 2*now, now)
	run(`INSERT INTO identity_member (tenant_id, person_id, identity_id, created_at) VALUES (?, ?, ?, ?)`, ids("person"), ids("identity_member"), now)
	fillCredential(run, ids, mark, now)
	run(`INSERT INTO year_record (tenant_id, id, fiscal_year, number, digest, content, created_by, created_at) VALUES (?, ?, 2026, 1, ?, ?, ?, ?)`, ids("year_record"), hash, `{"organisation":"`+mark+`","year":2026}`, ids("person"), now)
	run(`INSERT INTO record_link (tenant_id, id, kind, record_id, recipient, expires_at, created_by, created_at) VALUES (?, ?, 'year', ?, ?, ?, ?, ?)`, ids("record_link"), ids("year_record"), mark, now+1_000_000_000_000, ids("person"), now)
	return f
}

// fillQuestions writes a question bank of one question, and a file of one row.
func fillQuestions(run func(string, ...any), ids func(string) db.ID, mark string, now int64) {
	body := fmt.Sprintf(`{"id":"%s","kind":"single","text":"%s","choices":[{"id":"a","text":"%s"},{"id":"b","text":"b"}],"correct":["a"],"explanation":"%s"}`,
		ids("question_version"), mark, mark, mark)
	digest := sha256.Sum256([]byte(mark))
	run(`INSERT INTO question (tenant_id, id, category, kind, state, search_text, digest, version_id, number, created_by, created_at, updated_by, updated_at)
 VALUES (?, ?, ?, 'single', 'active', ?, ?, ?, 1, ?, ?, ?, ?)`, ids("question"), mark, strings.ToLower(mark), digest[:], ids("question_version"), ids("person"), now, ids("person"), now)
	run(`INSERT INTO question_version (tenant_id, id, question_id, number, body, created_by, created_at) VALUES (?, ?, ?, 1, ?, ?, ?)`,
		ids("question_version"), ids("question"), body, ids("person"), now)
	run(`INSERT INTO question_tag (tenant_id, question_id, tag_key, tag) VALUES (?, ?, ?, ?)`, ids("question"), strings.ToLower(mark), mark)
	run(`INSERT INTO question_import (tenant_id, id, file_name, sha256, format, state, summary, actor, created_by, created_at) VALUES (?, ?, ?, ?, 'gift', 'checked', '{}', '{}', ?, ?)`,
		ids("question_import"), mark+".gift", digest[:], ids("person"), now)
	run(`INSERT INTO question_import_row (tenant_id, import_id, position, outcome, body, detail) VALUES (?, ?, 1, 'wrong', 'null', ?)`, ids("question_import"), `{"text":"`+mark+`"}`)
}

// fillCredential writes what belongs to credentials and incidents.
func fillCredential(run func(string, ...any), ids func(string) db.ID, mark string, now int64) {
	run(`INSERT INTO login_check (tenant_id, person_id, person_version, basis, reasons, stem, weak) VALUES (?, ?, 1, 'fixture', ?, ?, 1)`, ids("person"), mark, mark)
	run(`INSERT INTO slip_batch (tenant_id, id, state, replace_chosen, new_login, total, as_of, keep_until, created_by, created_at) VALUES (?, ?, 'ready', 0, 0, 1, ?, ?, ?, ?)`,
		ids("slip_batch"), now, now, ids("person"), now)
	run(`INSERT INTO slip_batch_person (tenant_id, batch_id, person_id, state) VALUES (?, ?, ?, 'issued')`, ids("slip_batch"), ids("person"))
	run(`INSERT INTO password_file (tenant_id, id, file_name, object_key, state, total, wrong, problems, created_by, created_at) VALUES (?, ?, ?, 'x', 'checked', 1, 0, '[]', ?, ?)`,
		ids("password_file"), mark, ids("person"), now)
	run(`INSERT INTO password_stage (tenant_id, file_id, person_id, hash) VALUES (?, ?, ?, ?)`, ids("password_file"), ids("person"), mark)
	run(`INSERT INTO incident (tenant_id, id, number, kind, title, state, noticed_at, overview, data_items, affected, cause, measures, conclusion, created_by, created_at, updated_at)
 VALUES (?, ?, 1, 'leak', ?, 'open', ?, ?, ?, 1, ?, ?, '', ?, ?, ?)`, ids("incident"), mark, now, mark, mark, mark, mark, ids("person"), now, now)
	run(`INSERT INTO incident_person (tenant_id, incident_id, person_id) VALUES (?, ?, ?)`, ids("incident"), ids("person"))
	run(`INSERT INTO incident_note (tenant_id, id, incident_id, body, author_id, author_name, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		ids("incident_note"), ids("incident"), mark, ids("person"), mark, now)
}

// fillPackage writes an unpacked package and what one launch of it said.
func fillPackage(run func(string, ...any), ids func(string) db.ID, mark string, now int64) {
	digest := sha256.Sum256([]byte("package " + mark))
	run(`INSERT INTO asset (tenant_id, id, kind, file_name, media_type, size, sha256, object_key, state, created_by, created_at, updated_at) VALUES (?, ?, 'package', ?, 'application/zip', 1, ?, ?, 'ready', ?, ?, ?)`,
		ids("package"), mark+".zip", digest[:], "t/fixture/package/"+strings.ToLower(mark), ids("person"), now, now)
	run(`INSERT INTO moodle_import (tenant_id, id, file_name, size, state, plan, title, course_id, created_by, created_at) VALUES (?, ?, ?, 1, 'applied', ?, ?, ?, ?, ?)`,
		ids("moodle_import"), mark+".mbz", `{"title":"`+mark+`"}`, mark, ids("course"), ids("person"), now)
	run(`INSERT INTO course_copy (tenant_id, id, course_tenant_id, source_id, version_id, title, state, actor, course_id, created_by, created_at) VALUES (?, ?, 1, ?, ?, ?, 'done', '{}', ?, ?, ?)`,
		ids("course_copy"), ids("course"), ids("course_version"), mark, ids("course"), ids("person"), now)
	run(`INSERT INTO package (tenant_id, sha256, folder, standard, title, manifest, files, size, created_at) VALUES (?, ?, ?, 'scorm_1.2', ?, ?, 1, 1, ?)`,
		digest[:], ids("package"), mark, `{"title":"`+mark+`"}`, now)
	run(`INSERT INTO package_file (tenant_id, sha256, name_key, number, size, media_type) VALUES (?, ?, ?, 1, 1, 'text/html')`, digest[:], strings.ToLower(mark)+".html")
	run(`INSERT INTO package_launch (tenant_id, id, enrolment_id, version_lesson_id, number, started_at) VALUES (?, ?, ?, ?, 1, ?)`,
		ids("package_launch"), ids("enrolment"), ids("version_lesson"), now)
	run(`INSERT INTO package_state (tenant_id, launch_id, activity, client_seq, cmi, completion, success, seconds, saved_at) VALUES (?, ?, ?, 1, ?, 'incomplete', 'unknown', 1, ?)`,
		ids("package_launch"), mark, `{"location":"`+mark+`"}`, now)
}

// Snapshot gives every row of one organisation as text, table by table, to see whether anything changed.
func Snapshot(t testing.TB, d *db.DB, tid tenant.ID) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, table := range TenantTables {
		rows, err := d.Query(t.Context(), "SELECT * FROM "+table+" WHERE tenant_id = ?", tid)
		if err != nil {
			t.Fatal(err)
		}
		out[table] = dump(t, rows)
	}
	return out
}

func dump(t testing.TB, rows *sql.Rows) string {
	t.Helper()
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for rows.Next() {
		values, targets := make([]any, len(cols)), make([]any, len(cols))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for i, v := range values {
			if raw, ok := v.([]byte); ok {
				v = string(raw)
			}
			fmt.Fprintf(&b, "%s=%q ", cols[i], fmt.Sprint(v))
		}
		lines = append(lines, b.String())
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
