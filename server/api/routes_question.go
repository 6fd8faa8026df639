package api

import "net/http"

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
}
