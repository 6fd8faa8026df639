package api

// table is the route table: every operation of the API, who may call it, and what it is for. A route that is not here does not exist.
// It stands in five files (routes_*.go), one section a resource, in the order of the code map; handlers stand in the file named like the section.
func (a *API) table() {
	a.accountRoutes()
	a.peopleRoutes()
	a.officeRoutes()
	a.contentRoutes()
	a.questionRoutes()
	a.reviewRoutes()
	a.trainingRoutes()
}
