package api

import "net/http"

// reviewRoutes are the rows about what editors say to each other before a course is published.
func (a *API) reviewRoutes() {
	get, post, put, del := http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete

	register(a, Route{
		Method: get, Path: "/courses/{id}/reviews", ID: "list-reviews", Permission: "course:read", Tag: "review",
		Summary: "Who asked for approval of a draft, and what was answered", Description: "Newest first, at most 200.",
	}, a.listReviews)
	register(a, Route{
		Method: post, Path: "/courses/{id}/review", ID: "ask-review", Permission: "course:write", Tag: "review", Status: http.StatusCreated,
		Summary: "Ask the other editors to look at the draft", Description: "422 course_incomplete names what is missing. 409 review_asked, review_unchanged, course_changed.",
	}, a.askReview)
	register(a, Route{
		Method: put, Path: "/courses/{id}/review/decision", ID: "decide-review", Permission: "course:publish", Tag: "review",
		Summary: "Approve the draft or send it back", Description: "Not by who asked: 409 review_own. 409 review_not_asked, or course_changed when the draft moved on since base_version. An approval ends with the next change of the draft.",
	}, a.decideReview)
	register(a, Route{
		Method: put, Path: "/courses/{id}/review/withdrawal", ID: "withdraw-review", Permission: "course:write", Tag: "review",
		Summary: "Take the request back", Description: "409 review_not_asked.",
	}, a.withdrawReview)

	register(a, Route{
		Method: get, Path: "/lessons/{id}/comments", ID: "list-comments", Permission: "course:read", Tag: "comment",
		Summary: "What editors said about a lesson", Description: "Learners never see it.",
	}, a.listComments)
	register(a, Route{
		Method: post, Path: "/lessons/{id}/comments", ID: "add-comment", Permission: "course:write", Tag: "comment", Status: http.StatusCreated,
		Summary: "Say something about a lesson, or answer", Description: "An answer opens a resolved thread again. 409 too_many_comments above 1,000.",
	}, a.addComment)
	register(a, Route{
		Method: put, Path: "/comments/{id}/resolved", ID: "resolve-thread", Permission: "course:write", Tag: "comment", Status: http.StatusNoContent,
		Summary: "Say that what a thread asks for is done, or not",
	}, a.resolveThread)
	register(a, Route{
		Method: del, Path: "/comments/{id}", ID: "delete-comment", Permission: "course:write", Tag: "comment", Status: http.StatusNoContent,
		Summary: "Delete an own comment", Description: "403 comment_of_other for somebody else's.",
	}, a.deleteComment)
}
