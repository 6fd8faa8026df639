package content

import (
	"kenshu/fault"
	"kenshu/storage/db"
)

// What makes a package lesson done. Both rest on what the package itself reports.
const (
	CompleteByCompletion = "completed" // every activity completed, none failed
	CompleteByPass       = "passed"    // every activity passed
)

const maxParameters = 500 // characters

// PackageBody is a lesson made with an authoring tool: a SCORM package that runs on the content origin.
type PackageBody struct {
	Asset      db.ID    `json:"asset,omitzero" required:"false" format:"uuid" doc:"the package file"`
	Complete   string   `json:"complete" enum:"completed,passed" doc:"what makes the lesson done: every activity completed and none failed, or every activity passed"`
	Parameters string   `json:"parameters" required:"false" maxLength:"500" doc:"added to the address of every activity, e.g. lang=ja"`
	Standard   string   `json:"standard" required:"false" maxLength:"16" doc:"scorm_1.2 or scorm_2004; filled in when published"`
	Activities []string `json:"activities" required:"false" nullable:"false" maxItems:"2000" doc:"ids of the activities that must be done; filled in when published"`
}

func (p *PackageBody) tidy() {
	p.Parameters = clean(p.Parameters)
	if p.Activities == nil {
		p.Activities = []string{}
	}
}

func (p *PackageBody) check(c *fault.Check) {
	c.If(p.Complete != CompleteByCompletion && p.Complete != CompleteByPass, "body.package.complete", "not_in_list")
	c.If(tooLong(p.Parameters, maxParameters), "body.package.parameters", "too_long", "max", maxParameters)
}

// fill takes over what was found in the package, so that a published lesson knows by itself when it is done.
func (p *PackageBody) fill(found *Package) {
	p.Standard, p.Activities = found.Standard, found.Needed()
}
