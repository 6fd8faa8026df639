package api

import (
	"net/http"
)

// trainingRoutes are the rows about courses being taken, reports and proof.
func (a *API) trainingRoutes() {
	get, post, put, patch, del := http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete

	// round
	register(a, Route{
		Method: get, Path: "/rounds", ID: "list-rounds", Permission: "round:read", Tag: "round",
		Summary: "Rounds with their figures, the latest deadline first",
	}, a.listRounds)
	register(a, Route{
		Method: post, Path: "/rounds", ID: "create-round", Permission: "round:write", Tag: "round", Status: http.StatusCreated,
		Summary: "Make a round and put everybody into it whom it concerns now", Description: "One transaction. Send an Idempotency-Key: a repeat answers the same round.",
	}, a.createRound)
	register(a, Route{
		Method: post, Path: "/rounds/preview", ID: "preview-audience", Permission: "round:write", Tag: "round",
		Summary: "Whom an audience reaches now, and by which rule", Description: "Nothing is kept.",
	}, a.previewAudience)
	register(a, Route{
		Method: post, Path: "/rounds/preview/people", ID: "preview-audience-people", Permission: "round:write", Tag: "round",
		Summary: "The people an audience reaches now, by name", Description: "Nothing is kept.",
	}, a.previewAudiencePeople)
	register(a, Route{
		Method: get, Path: "/rounds/{id}", ID: "get-round", Permission: "round:read", Tag: "round",
		Summary: "One round with its figures",
	}, a.getRound)
	register(a, Route{
		Method: patch, Path: "/rounds/{id}", ID: "update-round", Permission: "round:write", Tag: "round",
		Summary: "Change a round's title, days or settings, close it or open it again", Description: "New days move the due day of those who have not finished. 409 when somebody else changed the round first.",
	}, a.updateRound)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/copy", ID: "copy-round", Permission: "round:write", Tag: "round",
		Summary: "What the next round of the same training would be", Description: "Nothing is made. Send what is kept of it to POST /rounds, with copied_from.",
	}, a.copyRound)
	register(a, Route{
		Method: post, Path: "/rounds/recurrence-preview", ID: "preview-new-recurrence", Permission: "round:write", Tag: "round", Status: http.StatusOK,
		Summary: "When a round that is being made would come again", Description: "Nothing is kept.",
	}, a.previewNewRecurrence)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/recurrence", ID: "get-recurrence", Permission: "round:read", Tag: "round",
		Summary: "How the training of a round comes again",
	}, a.getRecurrence)
	register(a, Route{
		Method: put, Path: "/rounds/{id}/recurrence", ID: "set-recurrence", Permission: "round:write", Tag: "round",
		Summary:     "Decide how the training of a round comes again, change the next round, or stop it",
		Description: "What was opened already stays. Who changes the months counts from the newest round. 409 when somebody else, or the opening of a round, was first.",
	}, a.setRecurrence)
	register(a, Route{
		Method: post, Path: "/rounds/{id}/recurrence/preview", ID: "preview-recurrence", Permission: "round:write", Tag: "round", Status: http.StatusOK,
		Summary: "When the training of a round would come again, and to how many people", Description: "Nothing is kept.",
	}, a.previewRecurrence)
	register(a, Route{
		Method: post, Path: "/rounds/{id}/preview", ID: "preview-round-rules", Permission: "round:write", Tag: "round",
		Summary: "What adding rules to a round or taking them off would do now", Description: "Nothing is kept.",
	}, a.previewRules)
	register(a, Route{
		Method: post, Path: "/rounds/{id}/preview/people", ID: "preview-round-rules-people", Permission: "round:write", Tag: "round",
		Summary: "The people whom a change of rules would concern now, by name", Description: "Nothing is kept.",
	}, a.previewRulesPeople)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/rules", ID: "list-round-rules", Permission: "round:read", Tag: "round",
		Summary: "Whom the round is for",
	}, a.listRules)
	register(a, Route{
		Method: post, Path: "/rounds/{id}/rules", ID: "add-round-rules", Permission: "round:write", Tag: "round",
		Summary:     "Change whom a round is for: put more people in, or keep people out",
		Description: "Who is in it already stays as they are, so a repeat is harmless. Whom an exclusion reaches is withdrawn unless they have started. 409 round_is_closed.",
	}, a.addRules)
	register(a, Route{
		Method: del, Path: "/rounds/{id}/rules/{rule}", ID: "remove-round-rule", Permission: "round:write", Tag: "round",
		Summary: "Take a rule off a round", Description: "Who is reached by no other rule and has not started is withdrawn. Nothing that was done is removed. It can be restored.",
	}, a.removeRule)
	register(a, Route{
		Method: post, Path: "/rounds/{id}/rules/{rule}/restore", ID: "restore-round-rule", Permission: "round:write", Tag: "round", Status: http.StatusOK,
		Summary: "Put a rule back that was taken off a round", Description: "Whom it reaches comes back with everything they had. A repeat is harmless.",
	}, a.restoreRule)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/enrolments", ID: "list-enrolments", Permission: "round:read", Tag: "round",
		Summary: "The people of a round, by name",
	}, a.listEnrolments)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/enrolments/export", ID: "export-enrolments", StepUp: true, Permission: "round:read", Tag: "round", Gives: gives(mediaCSV, mediaXLSX),
		Summary: "Exactly what the filtered list shows, as CSV or XLSX",
	}, a.exportEnrolments)
	register(a, Route{
		Method: post, Path: "/rounds/{id}/enrolments/set-aside", ID: "set-aside-enrolments", Permission: "round:write", Tag: "round", Status: http.StatusNoContent,
		Summary: "Make people exempt, or withdraw them, with a reason", Description: "All or none. Completed ones are refused (409 enrolment_completed): a pass is never taken away.",
	}, a.setAside)
	register(a, Route{
		Method: post, Path: "/rounds/{id}/enrolments/extend", ID: "extend-enrolments", Permission: "round:write", Tag: "round", Status: http.StatusOK,
		Summary: "Give people a later due day of their own, with a reason", Description: "Answers those whose day moved. Without a day the extension is taken back. 409 round_is_closed.",
	}, a.extend)
	register(a, Route{
		Method: post, Path: "/rounds/{id}/enrolments/extend/preview", ID: "preview-extend-enrolments", Permission: "round:write", Tag: "round", Status: http.StatusOK,
		Summary: "Whose due day an extension would move", Description: "Nothing is kept.",
	}, a.previewExtend)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/enrolments/extend-all", ID: "preview-extend-all-enrolments", Permission: "round:write", Tag: "round",
		Summary: "How many due days an extension of everybody whom a filter shows would move, from which day to which", Description: "Nothing is kept. At most 20,000 people (409 selection_too_large).",
	}, a.previewExtendAll)
	register(a, Route{
		Method: post, Path: "/rounds/{id}/enrolments/extend-all", ID: "extend-all-enrolments", Permission: "round:write", Tag: "round", Status: http.StatusOK,
		Summary: "Give everybody whom a filter shows a later due day of their own, with a reason",
		Description: "500 people a transaction; when it breaks off, the same again moves the others and nobody twice. Without a day the extensions are taken back. " +
			"409 selection_changed, selection_too_large, round_is_closed.",
	}, a.extendAll)
	register(a, Route{
		Method: post, Path: "/rounds/{id}/enrolments/reinstate", ID: "reinstate-enrolments", Permission: "round:write", Tag: "round", Status: http.StatusNoContent,
		Summary: "Undo set-aside",
	}, a.reinstate)

	// dashboard
	register(a, Route{
		Method: get, Path: "/dashboard", ID: "get-dashboard", Permission: "report:read", Tag: "dashboard",
		Summary:     "The manager's first page: open rounds, departments, what wants doing",
		Description: "What takes longer than 50 ms to count is kept for 20 times as long, at most a minute; a write of the caller's organisation is seen at once on the same server.",
	}, a.getDashboard)
	register(a, Route{
		Method: get, Path: "/dashboard/trends", ID: "list-trends", Permission: "report:read", Tag: "dashboard",
		Summary: "How the open rounds went, day by day", Description: "Each day's figures are written down when it is over and never change, whoever is taken out or added later.",
	}, a.listTrends)

	// report
	register(a, Route{
		Method: get, Path: "/report", ID: "list-report", Permission: "report:read", Tag: "report",
		Summary: "Everybody in every round: filtered, in an order that an index serves, a page at a time", Description: "How many there are in all: count-report.",
	}, a.listReport)
	register(a, Route{
		Method: get, Path: "/report/count", ID: "count-report", Permission: "report:read", Tag: "report",
		Summary: "How many rows a filter of the report shows",
	}, a.countReport)
	register(a, Route{
		Method: get, Path: "/report/choices", ID: "report-choices", Permission: "report:read", Tag: "report",
		Summary: "Rounds, departments and own fields that the report can be narrowed to or show",
	}, a.reportChoices)
	register(a, Route{
		Method: get, Path: "/report/matrix", ID: "matrix-report", Permission: "report:read", Tag: "report",
		Summary: "The report as a grid: a row for every person whom the filter finds, a column for every round", Description: "Always in the order of people.",
	}, a.matrixReport)
	register(a, Route{
		Method: get, Path: "/report/export", ID: "export-report", StepUp: true, Permission: "report:read", Tag: "report", Gives: gives(mediaCSV, mediaXLSX, mediaPDF),
		Summary: "Exactly what the report shows, as CSV, XLSX or PDF",
		Description: "From one moment of the database, sent as it is read; no cell can become a formula. A PDF has at most 2,000 rows and 12 columns " +
			"(413 report_too_long, report_too_wide). Recorded in the audit log with its filter and the number of rows.",
	}, a.exportReport)

	// saved_view
	register(a, Route{
		Method: get, Path: "/report/views", ID: "list-views", Permission: "report:read", Tag: "saved_view",
		Summary: "Ways of looking at the report: one's own and the shared ones, by name",
	}, a.listViews)
	register(a, Route{
		Method: post, Path: "/report/views", ID: "create-view", Permission: "report:read", Tag: "saved_view", Status: http.StatusCreated, MaxBody: 64 << 10,
		Summary: "Keep a way of looking at the report under a name", Description: "409 view_name_taken or too_many_views.",
	}, a.createView)
	register(a, Route{
		Method: put, Path: "/report/views/{id}", ID: "update-view", Permission: "report:read", Tag: "saved_view", MaxBody: 64 << 10,
		Summary: "Change a view", Description: "One's own, or a shared one, which stays shared. 409 changed_meanwhile or view_name_taken. Somebody else's private view is 404.",
	}, a.updateView)
	register(a, Route{
		Method: del, Path: "/report/views/{id}", ID: "delete-view", Permission: "report:read", Tag: "saved_view", Status: http.StatusNoContent,
		Summary: "Delete a view: one's own, or a shared one",
	}, a.deleteView)
	register(a, Route{
		Method: put, Path: "/report/default-view", ID: "set-default-view", Permission: "report:read", Tag: "saved_view", Status: http.StatusNoContent,
		Summary: "Let one's own report open with a view, or with none",
	}, a.setDefaultView)

	// training_record
	register(a, Route{
		Method: get, Path: "/rounds/{id}/training-record/preview", ID: "preview-training-record", Permission: "record:read", Tag: "training_record",
		Summary: "What a training record issued now would say", Description: "Nothing is issued.",
	}, a.previewTrainingRecord)
	register(a, Route{
		Method: post, Path: "/rounds/{id}/training-records", ID: "issue-training-record", StepUp: true, Permission: "record:read", Tag: "training_record",
		Summary:     "Issue the training record of a round as it stands",
		Description: "Kept for good under a number; get it as a file with get-training-record-file. The same state of the same day is one issue: a repeat gives the same number, digest and bytes.",
	}, a.issueTrainingRecord)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/training-records", ID: "list-training-records", Permission: "record:read", Tag: "training_record",
		Summary: "Issued training records of a round, newest first",
	}, a.listTrainingRecords)
	register(a, Route{
		Method: get, Path: "/training-records/{id}", ID: "get-training-record-file", StepUp: true, Permission: "record:read", Tag: "training_record", Gives: gives(mediaPDF, mediaXLSX, mediaJSON),
		Summary: "An issued training record as a file", Description: "It never changes.",
	}, a.getTrainingRecordFile)

	// year_record
	register(a, Route{
		Method: get, Path: "/training-years", ID: "list-training-years", Permission: "record:read", Tag: "year_record",
		Summary: "Fiscal years that have rounds, the latest first",
	}, a.listTrainingYears)
	register(a, Route{
		Method: put, Path: "/training-years/first-month", ID: "set-first-month", Permission: "round:write", Tag: "year_record", Status: http.StatusNoContent,
		Summary: "Set the month with which the fiscal year begins", Description: "Issued records stay as they are.",
	}, a.setFirstMonth)
	register(a, Route{
		Method: get, Path: "/training-years/{year}/preview", ID: "preview-year-record", Permission: "record:read", Tag: "year_record",
		Summary: "What a record of the year issued now would say", Description: "Nothing is issued. A round belongs to the year in which its deadline lies. 409 year_empty without one.",
	}, a.previewYearRecord)
	register(a, Route{
		Method: post, Path: "/training-years/{year}/records", ID: "issue-year-record", StepUp: true, Permission: "record:read", Tag: "year_record",
		Summary:     "Issue the record of the whole year as it stands",
		Description: "Issues the record of every round of the year with it; the year's digest covers theirs. The same state of the same day is one issue. 409 year_empty or year_too_large.",
	}, a.issueYearRecord)
	register(a, Route{
		Method: get, Path: "/training-years/{year}/records", ID: "list-year-records", Permission: "record:read", Tag: "year_record",
		Summary: "Issued records of the year, newest first",
	}, a.listYearRecords)
	register(a, Route{
		Method: get, Path: "/year-records/{id}", ID: "get-year-record-file", StepUp: true, Permission: "record:read", Tag: "year_record", Gives: gives(mediaPDF, mediaXLSX, mediaJSON),
		Summary: "An issued year record as a file", Description: "It never changes.",
	}, a.getYearRecordFile)

	// record_link
	register(a, Route{
		Method: get, Path: "/record-links", ID: "list-record-links", Permission: "record:share", Tag: "record_link",
		Summary: "Links handed to auditors, with how often they were opened", Description: "At most 200, the newest.",
	}, a.listRecordLinks)
	register(a, Route{
		Method: post, Path: "/record-links", ID: "create-record-link", StepUp: true, Permission: "record:share", Tag: "record_link", Status: http.StatusCreated,
		Summary: "Make a link with which somebody without an account reads one issued record", Description: "Expires by itself, can be revoked, every opening is in the audit log. Send an Idempotency-Key: a repeat answers the same link.",
	}, a.createRecordLink)
	register(a, Route{
		Method: del, Path: "/record-links/{id}", ID: "revoke-record-link", Permission: "record:share", Tag: "record_link", Status: http.StatusNoContent,
		Summary: "End a link at once",
	}, a.revokeRecordLink)
	register(a, Route{
		Method: post, Path: "/public/record-link", ID: "open-record-link", Permission: Public, Tag: "record_link", MaxBody: 4 << 10, Status: http.StatusOK,
		Summary: "Read the record a link leads to", Description: "The opening is recorded in the organisation's audit log. 410 record_link_ended when it has run out or was revoked. 60 a minute from one address.",
	}, a.openRecordLink)
	register(a, Route{
		Method: post, Path: "/public/record-link/file", ID: "get-record-link-file", Permission: Public, Tag: "record_link", Gives: gives(mediaPDF, mediaXLSX, mediaJSON), MaxBody: 4 << 10, Status: http.StatusOK,
		Summary: "The record a link leads to as PDF or XLSX",
	}, a.getLinkFile)

	// learning
	register(a, Route{
		Method: get, Path: "/me/enrolments", ID: "list-own-enrolments", Permission: "learning:own", Tag: "learning",
		Summary: "What I have to do now, and by when", Description: "Overdue first, then due, in progress, to do, upcoming, closed, done. At most 200, the newest.",
	}, a.listOwnEnrolments)
	register(a, Route{
		Method: get, Path: "/me/enrolments/{id}", ID: "get-own-enrolment", Permission: "learning:own", Tag: "learning",
		Summary: "One of my courses with its lessons",
	}, a.getOwnEnrolment)
	register(a, Route{
		Method: get, Path: "/me/enrolments/{id}/lessons/{lesson}", ID: "get-own-lesson", Permission: "learning:own", Tag: "learning",
		Summary:     "A lesson to learn, with where to go on",
		Description: "Opening a lesson for the first time is recorded and begins the course. The questions of a quiz come with an attempt. 409 round_not_started before the round begins.",
	}, a.getOwnLesson)
	register(a, Route{
		Method: post, Path: "/me/progress", ID: "save-progress", Permission: "learning:own", Tag: "learning", Status: http.StatusOK,
		Summary: "Report what was done, in a batch that may be repeated",
		Description: "Merging only adds, so batches may come again, in other portions and in another order. A page is finished at its end; a PDF when every page was shown; " +
			"a video when 95 % of it was shown, or at its end where skipping is allowed. Where it is not, what was shown counts as far as the time spent since the lesson was opened can have shown it at double speed. " +
			"Every item has its own result; after any of them the browser may forget the item.",
	}, a.saveProgress)

	// attempt
	register(a, Route{
		Method: post, Path: "/me/enrolments/{id}/lessons/{lesson}/launches", ID: "start-launch", Permission: "learning:own", Tag: "package", Status: http.StatusOK,
		Summary: "Open a package lesson", Description: "Gives the frame on the content origin and where each activity was left. A repeat gives the same launch.",
	}, a.startLaunch)
	register(a, Route{
		Method: post, Path: "/me/launches/{id}/reports", ID: "save-launch", Permission: "learning:own", Tag: "package", Status: http.StatusOK, MaxBody: 3 << 20,
		Summary: "Record what a package reported", Description: "May be sent again, late and in another order. What was reported as finished is never taken back.",
	}, a.saveLaunch)
	register(a, Route{
		Method: post, Path: "/me/enrolments/{id}/lessons/{lesson}/attempts", ID: "start-attempt", Permission: "learning:own", Tag: "attempt", Status: http.StatusOK,
		Summary: "Begin a quiz, or go on with the open attempt", Description: "409 attempts_used_up, round_closed or round_not_started.",
	}, a.startAttempt)
	register(a, Route{
		Method: get, Path: "/me/attempts/{id}", ID: "get-attempt", Permission: "learning:own", Tag: "attempt",
		Summary: "An attempt with the answers given so far", Description: "Right answers and explanations are included only when the quiz's rule allows it.",
	}, a.getAttempt)
	register(a, Route{
		Method: put, Path: "/me/attempts/{id}/answers/{question}", ID: "save-answer", Permission: "learning:own", Tag: "attempt",
		Summary: "Keep an answer as it is given", Description: "An answer with a smaller client_seq never overwrites a newer one. 409 attempt_submitted after the end.",
	}, a.saveAnswer)
	register(a, Route{
		Method: post, Path: "/me/attempts/{id}/submit", ID: "submit-attempt", Permission: "learning:own", Tag: "attempt", Status: http.StatusOK,
		Summary: "Hand in an attempt to be graded", Description: "Happens once: the first to arrive counts, a repeat gives the same result. Answers given without a network come along; of a quiz with a time limit those count that were given in time and arrive by arrive_by. A pass is never lowered by a retake.",
	}, a.submitAttempt)

	// note
	register(a, Route{
		Method: get, Path: "/me/notes", ID: "list-notes", Permission: "learning:own", Tag: "note",
		Summary: "My own notes on lessons", Description: "At most 500, those on the newest course first. Nobody else can read them, managers neither.",
	}, a.listNotes)
	register(a, Route{
		Method: post, Path: "/me/enrolments/{id}/lessons/{lesson}/notes", ID: "save-note", Permission: "learning:own", Tag: "note", Status: http.StatusOK, MaxBody: 32 << 10,
		Summary:     "Keep a note on a lesson as it is written, or delete it",
		Description: "May be sent again. A text made from another one than the one that stands is kept beside it as a note of its own. Answers the note as it stands. 409 notes_too_many above 500.",
	}, a.saveNote)

	// survey, pledge
	register(a, Route{
		Method: post, Path: "/me/enrolments/{id}/lessons/{lesson}/survey", ID: "answer-survey", Permission: "learning:own", Tag: "survey", Status: http.StatusOK,
		Summary: "Send the answers to a survey", Description: "Happens once and finishes the lesson; a repeat changes nothing. Of an anonymous survey nothing is kept that leads from the answers to the person.",
	}, a.answerSurvey)
	register(a, Route{
		Method: post, Path: "/me/enrolments/{id}/lessons/{lesson}/signature", ID: "sign-pledge", Permission: "learning:own", Tag: "survey", Status: http.StatusOK,
		Summary: "Sign a pledge by typing one's name", Description: "Happens once and finishes the lesson; a repeat changes nothing. 422 pledge_name when it is not the person's name.",
	}, a.signPledge)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/surveys", ID: "list-surveys", Permission: "report:read", Tag: "survey",
		Summary: "The surveys of a round, with how many answered",
	}, a.listSurveys)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/surveys/{lesson}", ID: "get-survey", Permission: "report:read", Tag: "survey",
		Summary: "What was answered to a survey, counted", Description: "Anonymous answers appear five at a time; fewer are never shown.",
	}, a.getSurvey)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/surveys/{lesson}/export", ID: "export-survey", StepUp: true, Permission: "report:read", Tag: "survey", Gives: gives(mediaCSV, mediaXLSX),
		Summary: "The answers to a survey, a line for everybody, as CSV or XLSX", Description: "An anonymous survey has neither names nor days, and its lines stand in an order by chance.",
	}, a.exportSurvey)

	// certificate
	register(a, Route{
		Method: get, Path: "/me/certificates", ID: "list-own-certificates", Permission: "learning:own", Tag: "certificate",
		Summary: "My certificates, newest first",
	}, a.listOwnCertificates)
	register(a, Route{
		Method: get, Path: "/me/certificates/{id}/pdf", ID: "get-own-certificate-pdf", Permission: "learning:own", Tag: "certificate", Gives: gives(mediaPDF),
		Summary: "One of my certificates to print", Description: "The same bytes every time. 410 certificate_revoked when it was taken back.",
	}, a.getOwnCertificatePDF)
	register(a, Route{
		Method: get, Path: "/me/certificates/{id}/badge", ID: "get-own-badge", Permission: "learning:own", Tag: "certificate", Gives: gives("image/png"),
		Summary:     "One of my certificates as a digital badge",
		Description: "A PNG that carries a credential after Open Badges 3.0 (1EdTech), signed with RS256. The same bytes every time. 410 certificate_revoked when it was taken back.",
	}, a.getOwnBadge)
	register(a, Route{
		Method: get, Path: "/enrolments/{id}/certificate/pdf", ID: "get-enrolment-certificate-pdf", Permission: "record:read", Tag: "certificate", Gives: gives(mediaPDF),
		Summary: "The certificate of an enrolment, for the organisation's records",
	}, a.getEnrolmentCertificatePDF)
	register(a, Route{
		Method: post, Path: "/enrolments/{id}/certificate/revoke", ID: "revoke-certificate", StepUp: true, Permission: "round:write", Tag: "certificate", Status: http.StatusOK,
		Summary: "Take a certificate back", Description: "The completion itself stays. A second revocation changes nothing.",
	}, a.revokeCertificate)
	register(a, Route{
		Method: get, Path: "/enrolments/{id}/certificate/reissue", ID: "preview-certificate-reissue", Permission: "round:write", Tag: "certificate",
		Summary: "What issuing a certificate again would change", Description: "Names and design as they are today. 409 person_anonymised.",
	}, a.previewCertificateReissue)
	register(a, Route{
		Method: post, Path: "/enrolments/{id}/certificate/reissue", ID: "reissue-certificate", StepUp: true, Permission: "round:write", Tag: "certificate", Status: http.StatusCreated,
		Summary: "Issue a certificate again, in the place of the one that stands",
		Description: "The new one has its own number and code; the old one is revoked and stays. The day of completion, the score and the version stay. 409 changed_meanwhile when another stands than was seen, " +
			"person_anonymised. Send an Idempotency-Key: a repeat answers the same certificate.",
	}, a.reissueCertificate)
	register(a, Route{
		Method: get, Path: "/public/certificates/{code}", ID: "verify-certificate", Permission: Public, Tag: "certificate",
		Summary:     "Does a printed code belong to a certificate, and what does it say",
		Description: "Proves that the training was completed, nothing more. Unknown codes are 404, however they look. 60 a minute from one address.",
	}, a.verifyCertificate)
	register(a, Route{
		Method: get, Path: "/public/certificates/{code}/status", ID: "get-badge-status", Permission: Public, Tag: "certificate", Gives: gives(mediaJSON),
		Summary: "Was a certificate's badge taken back", Description: "The badge's own list after the 1EdTech Revocation List Status Method 1.0. 60 a minute from one address.",
	}, a.getBadgeStatus)
	register(a, Route{
		Method: get, Path: "/public/badges/issuer", ID: "get-badge-issuer", Permission: Public, Tag: "certificate", Gives: gives(mediaJSON),
		Summary: "Who issues the badges", Description: "A Profile after Open Badges 3.0. 60 a minute from one address.",
	}, a.getBadgeIssuer)
	register(a, Route{
		Method: get, Path: "/public/badges/keys/{id}", ID: "get-badge-key", Permission: Public, Tag: "certificate", Gives: gives(mediaJSON),
		Summary: "A key that badges are or were signed with", Description: "A JWK (RFC 7517). 60 a minute from one address.",
	}, a.getBadgeKey)

	// certificate design
	register(a, Route{
		Method: get, Path: "/certificate-design", ID: "get-certificate-design", Permission: "certificate_design:read", Tag: "certificate",
		Summary: "How the organisation's certificates look from now on",
	}, a.getCertificateDesign)
	register(a, Route{
		Method: put, Path: "/certificate-design", ID: "save-certificate-design", Permission: "certificate_design:write", Tag: "certificate", MaxBody: 4 << 20,
		Summary: "Change how certificates look", Description: "A new number; certificates that were issued keep the design they were issued with. 409 changed_meanwhile when somebody saved another.",
	}, a.saveCertificateDesign)
	register(a, Route{
		Method: post, Path: "/certificate-design/preview", ID: "preview-certificate-design", Permission: "certificate_design:write", Tag: "certificate", Gives: gives(mediaPDF), MaxBody: 4 << 20, Status: http.StatusOK,
		Summary: "A sample certificate with a design that is not saved", Description: "A PDF with a made-up name.",
	}, a.previewCertificateDesign)
	register(a, Route{
		Method: get, Path: "/certificate-design/images/{image}", ID: "get-certificate-design-image", Permission: "certificate_design:read", Tag: "certificate", Gives: gives("image/png", "image/jpeg"),
		Summary: "A picture of the present design", Description: "PNG or JPEG. 404 when the design has none.",
	}, a.getCertificateDesignImage)
}
