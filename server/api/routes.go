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
