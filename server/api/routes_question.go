package api

import (
	"net/http"

	"kenshu/content"
)

// questionRoutes are the rows about the question bank.
func (a *API) questionRoutes() {
	get, post, put := http.MethodGet, http.MethodPost, http.MethodPut

	register(a, Route{
		Method: get, Path: "/questions", ID: "list-questions", Permission: "question:read", Tag: "question",
		Summary: "Questions of the bank, newest first",
	}, a.listQuestions)
	register(a, Route{
		Method: post, Path: "/questions", ID: "create-question", Permission: "question:write", Tag: "question", Status: http.StatusCreated,
		Summary: "Put a question into the bank", Description: "Only what can be asked: 422 names everything that is missing.",
	}, a.createQuestion)
	register(a, Route{
		Method: put, Path: "/questions/retired", ID: "retire-questions", Permission: "question:write", Tag: "question", Status: http.StatusNoContent,
		Summary: "Take questions out of what is drawn, or back in", Description: "Published courses and attempts keep them.",
	}, a.retireQuestions)
	register(a, Route{
		Method: get, Path: "/question-facets", ID: "list-question-facets", Permission: "question:read", Tag: "question",
		Summary: "Categories and tags of the bank",
	}, a.listQuestionFacets)
	// import and export
	register(a, Route{
		Method: get, Path: "/questions/export", ID: "export-questions", Permission: "question:read", Tag: "question", Gives: gives(mediaCSV, mediaXLSX, "text/plain", "application/xml"),
		Summary: "Questions as XLSX, CSV, GIFT or Moodle XML", Description: "With the filters of the list. No cell can become a formula; the import reads it back without a change. Recorded in the audit log.",
	}, a.exportQuestions)
	register(a, Route{
		Method: get, Path: "/questions/template", ID: "question-template", Permission: "question:read", Tag: "question", Gives: gives(mediaXLSX),
		Summary: "An XLSX with one question of each kind",
	}, a.questionTemplate)
	register(a, Route{
		Method: post, Path: "/question-imports", ID: "check-questions", Permission: "question:write", Tag: "question", Status: http.StatusCreated, MaxBody: content.MaxQuestionFile + 1, File: true,
		Summary: "Check a file of questions", Description: "XLSX, CSV (UTF-8, UTF-16 or Shift_JIS), GIFT or Moodle XML, at most 16 MB and 5,000 questions. The bank is not changed. 422 when the file as a whole cannot be read. At most 60 an hour for one organisation (429).",
	}, a.checkQuestions)
	register(a, Route{
		Method: get, Path: "/question-imports/{id}", ID: "get-question-import", Permission: "question:write", Tag: "question",
		Summary: "A checked file of questions and what became of it",
	}, a.getQuestionImport)
	register(a, Route{
		Method: get, Path: "/question-imports/{id}/rows", ID: "list-question-import-rows", Permission: "question:write", Tag: "question",
		Summary: "What the file does with each question", Description: "Kept for 7 days.",
	}, a.listQuestionImportRows)
	register(a, Route{
		Method: post, Path: "/question-imports/{id}/apply", ID: "apply-questions", Permission: "question:write", Tag: "question", Status: http.StatusAccepted,
		Summary: "Put the rows that are right into the bank", Description: "By a job, all or none; ask for the import until its state is applied, or checked again with a problem. 409 import_state.",
	}, a.applyQuestions)

	register(a, Route{
		Method: get, Path: "/questions/{id}", ID: "get-question", Permission: "question:read", Tag: "question",
		Summary: "One question, and the lessons that may ask it",
	}, a.getQuestion)
	register(a, Route{
		Method: put, Path: "/questions/{id}", ID: "update-question", Permission: "question:write", Tag: "question",
		Summary: "Change a question", Description: "What it asks becomes a new version; attempts and published courses keep theirs. 409 question_changed when somebody changed it since base_version.",
	}, a.updateQuestion)
	register(a, Route{
		Method: post, Path: "/questions/{id}/copy", ID: "copy-question", Permission: "question:write", Tag: "question", Status: http.StatusCreated,
		Summary: "Make a new question of what this one asks",
	}, a.copyQuestion)
	register(a, Route{
		Method: get, Path: "/questions/{id}/versions", ID: "list-question-versions", Permission: "question:read", Tag: "question",
		Summary: "Everything the question asked, newest first",
	}, a.listQuestionVersions)
	register(a, Route{
		Method: get, Path: "/questions/{id}/figures", ID: "get-question-figures", Permission: "question:read", Tag: "question",
		Summary: "How a question was answered", Description: "In all and by round, for one version, and what was answered. Of first attempts that were handed in, in the own organisation; nobody is named, and what fewer than 10 answered is not told. 404 for a version it does not have.",
	}, a.getQuestionFigures)
}
