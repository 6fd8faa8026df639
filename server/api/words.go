package api

import (
	"github.com/danielgtaylor/huma/v2"
)

// words says what a field or a parameter means wherever it has no sentence of its own (a doc tag): the API's identifiers mean one thing each.
var words = map[string]string{
	"id": "of the thing itself, for addresses and references", "ids": "which ones", "items": "one row each, in the order of the list", "next": "what follows: the cursor of the next page, or the next lesson; empty at the end",
	"previous": "the lesson before", "total": "how many there are in all", "after": "as it is afterwards; in a query: the cursor from the answer before, empty for the start", "before": "as it is now",
	"limit": "rows at most; 0 is the default of 50", "state": "where it stands", "kind": "which sort of thing it is", "version": "counts the changes; send back the one that was read", "number": "counts up, from 1",
	"numbers": "which parts, from 1", "count": "how many", "counts": "how many in each state", "name": "as people read it", "name_kana": "how the name is read, in katakana", "title": "one line, as people read it",
	"summary": "a few sentences, as people read it", "text": "as people read it", "language": "ja or en", "locale": "language of pages and mails: ja or en", "label": "as the player shows it", "lang": "language code of the captions",
	"created_at": "when it was made", "created_by": "name of who made it", "updated_at": "when it last changed", "happened_at": "when it happened", "at": "when", "day": "calendar day, YYYY-MM-DD", "today": "the association's calendar day",
	"actor_name": "who did it", "subject": "what a mail is about", "subject_id": "whom or what it was done to", "subject_kind": "which sort of thing it was done to", "reason": "why, in a person's words",
	"organisation": "the organisation", "organisation_code": "what people type beside their login ID", "code": "the organisation's code, or the code printed on a certificate", "plan": "what the organisation has taken",
	"manager": "the person responsible on the organisation's side", "owner": "whose course it is", "login_id": "what the person types beside the organisation's code", "employee_number": "the organisation's own number for the person",
	"email": "empty when the organisation gave none", "employment_kind": "how the person belongs to the organisation", "roles": "beside staff, which everybody is", "last_login_at": "nothing: never", "slip": "what is handed to the person",
	"password": "nothing is kept of it", "expires_at": "until when it can be used", "expires": "until when it can be used", "person": "the person", "person_id": "the person", "person_state": "whether the person takes part in the organisation",
	"persons": "people by themselves", "departments": "departments, by name or by id", "department_id": "the department", "everyone": "the whole organisation", "future_joiners": "also who comes to match later", "rule": "the assignment rule",
	"added": "how many are new", "changed": "how many change", "unchanged": "how many stay as they are", "changes": "field by field", "field": "which field", "outcome": "what happens to the row", "encoding": "found in the file", "format": "of the file",
	"file_name": "as it was on the person's machine", "import_id": "the checked file", "applied_at": "when the file was applied", "sort": "order of the list", "to_name": "whom it went to", "attempts": "how often it was tried", "sent_at": "when it was sent",
	"queued": "still to be sent", "sent": "handed to the mail server", "refused": "not accepted", "kept": "shown on screen only, there is no mail server", "no_address": "people without an address", "mail": "the outbox",
	"course": "the course", "course_title": "of the course", "lesson": "the lesson", "lessons": "lessons, in order", "lesson_count": "how many lessons", "archived": "out of the catalogue", "shared": "none, or all organisations",
	"body": "what the lesson holds; its form depends on kind", "page": "of a page", "video": "of a video", "pdf": "of a PDF", "quiz": "of a quiz", "saved_at": "when it was saved", "saved_by": "name of who saved it", "published_at": "when it was published",
	"published_on": "day of publishing", "pages": "how many", "minutes": "how long", "questions": "in order, or how many", "question": "the question", "choices": "to choose from", "explanation": "shown when the quiz's rule allows it",
	"pass_percent": "how much must be right", "show": "when right answers are shown", "captions": "one for each language", "asset": "the uploaded file", "assets": "uploaded files", "media_type": "found from the bytes", "size": "bytes",
	"sha256": "of the stored bytes, hexadecimal", "duration_ms": "milliseconds", "width": "pixels", "height": "pixels", "url": "short-lived address", "part_count": "in how many parts it is uploaded", "audience": "whom it is for",
	"round_id": "the round", "round_title": "of the round", "starts_on": "first day", "deadline_on": "the last day, included", "due_on": "the person's last day, included", "figures": "how many people stand where", "assigned": "everybody but exempt and withdrawn",
	"completed": "passed and finished", "not_started": "nothing done yet", "in_progress": "under way", "failed": "the last quiz was not passed", "exempt": "need not take part, with a reason", "withdrawn": "no longer asked of them", "overdue": "late",
	"rate": "percent of those assigned who completed", "status": "where the person stands; in a problem: the HTTP status", "enrolment": "one person in one round", "lessons_done": "finished lessons", "lessons_total": "lessons of the course",
	"started_at": "first activity", "started_on": "day of the first activity", "last_activity_at": "latest activity", "completed_at": "when everything was finished", "completed_on": "day of completion", "score": "percent", "score_percent": "percent, of the best try",
	"passed": "whether it was enough", "submitted_at": "when it was handed in", "answer": "ids of the chosen choices", "client_seq": "which of the browser's answers is kept", "progress": "how far the person is", "position": "where to go on: milliseconds or page",
	"furthest": "the furthest place reached", "spent_seconds": "time spent, counted once however many windows", "item_id": "the browser's own id of the report", "result": "what became of the report", "certificate": "proof of completion, when there is one",
	"issued_at": "when it was issued", "issuer": "who issued it", "revoked_at": "when it was taken back", "content": "what it says", "content_origin": "where uploaded content is served from", "args": "values for the message",
	"token": "the secret of a link", "first_day": "first day, included", "last_day": "last day, included", "round": "the round", "last_opened_at": "nothing: never",
	"steps": "what changes, one after the other", "posts": "the departments the person belongs to, with their days", "rules": "whom the round is for", "problems": "what keeps it from being done, in order",
	"main": "the main post (主務); others are concurrent ones", "target": "the department or the person of the rule", "value": "what the attribute must be", "attribute": "which attribute of a person the rule looks at",
	"excluded": "the rule takes people out instead of in", "with_below": "with the departments below it", "due_rule": "fixed: everybody has the deadline; joined, assigned: days after joining the organisation, or after coming into the round",
	"due_days": "how many days, where the due day is relative", "follow_out": "who matches no more and has not started is withdrawn", "extended_reason": "why the person's own last day differs; empty when it does not",
	"from": "as it is now; of a handover: the manager of that time", "group": "which of the groups of the preview", "department_plan_id": "the planned reorganisation",
	"Idempotency-Key": "the same key from the same person is the same write",
}

// explain gives every field and parameter without a sentence its word. A field that is another schema is explained there.
func explain(doc *huma.OpenAPI) {
	for _, schema := range doc.Components.Schemas.Map() {
		for name, field := range schema.Properties {
			if field.Description == "" && field.Ref == "" {
				field.Description = words[name]
			}
		}
	}
	for _, path := range doc.Paths {
		for _, op := range []*huma.Operation{path.Get, path.Post, path.Put, path.Patch, path.Delete} {
			if op == nil {
				continue
			}
			for _, p := range op.Parameters {
				if p.Description == "" {
					p.Description = words[p.Name]
				}
			}
		}
	}
}
