package api

import (
	"net/http"
)

// table is the route table: every operation of the API, who may call it, and what it is for. A route that is not here does not exist.
// One section a resource, in the order of the code map; handlers stand in the file named like the section.
func (a *API) table() {
	get, post, put, patch, del := http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
	_, _, _, _ = post, put, patch, del

	// session
	register(a, Route{
		Method: get, Path: "/session", ID: "get-session", Permission: "session:own", Tag: "session",
		Summary: "Who is logged in, in which organisation, and what they may do",
	}, a.getSession)
	register(a, Route{
		Method: post, Path: "/session", ID: "start-session", Permission: Public, Tag: "session", MaxBody: 16 << 10,
		Summary:     "Log in",
		Description: "Sets the session cookie. Whatever part is wrong, the answer is the same (login_failed). Tries are limited by source, account, device and organisation (429 with Retry-After); nobody is locked out for good.",
	}, a.startSession)
	register(a, Route{
		Method: put, Path: "/session/password", ID: "update-password", Permission: "session:own", Tag: "session", MaxBody: 16 << 10,
		Summary:     "Choose an own password",
		Description: "Ends every session of the person and begins a new one (new cookie). The current password is needed except while a one-time password is in force. A guessable one is refused with its reasons.",
	}, a.updatePassword)
	register(a, Route{
		Method: post, Path: "/session/password-check", ID: "check-password", Permission: "session:own", Tag: "session", MaxBody: 16 << 10,
		Summary: "Tell why a password would be refused", Description: "Nothing is kept.",
	}, a.checkPassword)
	register(a, Route{
		Method: post, Path: "/session/sign-out-everywhere", ID: "end-all-sessions", Permission: "session:own", Tag: "session", Status: http.StatusNoContent,
		Summary: "Log out on every device, this one included",
	}, a.endAllSessions)
	register(a, Route{
		Method: del, Path: "/session", ID: "end-session", Permission: "session:own", Tag: "session",
		Summary: "Log out", Description: "Ends this session on every replica at once.",
	}, a.endSession)

	// organisation

	// person

	// person_import

	// department

	// audit

	// mail

	// job

	// course

	// lesson

	// asset

	// catalogue

	// round

	// report

	// training_record

	// learning

	// attempt

	// certificate
}
