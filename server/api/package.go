package api

import (
	"context"
	"encoding/json"
	"time"

	"kenshu/content"
	"kenshu/lms"
	"kenshu/storage/db"
)

// FoundPackageBody is what was found in an uploaded package.
type FoundPackageBody struct {
	Standard   string                `json:"standard" enum:"scorm_1.2,scorm_2004" doc:"which standard it follows"`
	Version    string                `json:"version" doc:"of the standard, as the package writes it"`
	Title      string                `json:"title"`
	Files      int                   `json:"files" doc:"how many files lessons can open"`
	Skipped    int                   `json:"skipped" doc:"files of kinds that lessons cannot open; they were left out"`
	Size       int64                 `json:"size" doc:"bytes, unpacked"`
	Activities []PackageActivityBody `json:"activities" nullable:"false" doc:"in order"`
}

// PackageActivityBody is one item of a package.
type PackageActivityBody struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Depth   int    `json:"depth" doc:"1 for the outermost"`
	Group   bool   `json:"group" doc:"it only holds others"`
	Reports bool   `json:"reports" doc:"it reports by itself; otherwise opening it is all there is"`
	Needed  bool   `json:"needed" doc:"it must be done"`
}

// OpenedPackageBody is everything the player of a package needs.
type OpenedPackageBody struct {
	Launch     string             `json:"launch,omitempty" format:"uuid" doc:"where reports go; absent in a preview, of which nothing is recorded"`
	Number     int                `json:"number" doc:"1, 2, 3 of its lesson; 0 in a preview"`
	URL        string             `json:"url" doc:"the frame to show, on the content origin"`
	Expires    time.Time          `json:"expires" doc:"until then files are served; open again for more"`
	Manifest   content.Manifest   `json:"manifest"`
	Parameters string             `json:"parameters" doc:"added to the address of every activity"`
	Learner    string             `json:"learner" doc:"the opaque name by which the package knows the person"`
	Name       string             `json:"name" doc:"of the person, as packages greet them"`
	States     []PackageStateBody `json:"states" nullable:"false" doc:"where each activity was left"`
}

// PackageStateBody is where an activity was left.
type PackageStateBody struct {
	Activity     string `json:"activity" doc:"its id in the package; empty: the package as a whole"`
	CMI          string `json:"cmi" doc:"its data model as JSON"`
	TotalSeconds int64  `json:"total_seconds" doc:"of all launches"`
}

// PackageReportBody is one message of a package.
type PackageReportBody struct {
	Activity   string           `json:"activity" maxLength:"255" doc:"its id in the package; empty: the package as a whole"`
	Seq        int64            `json:"client_seq" minimum:"1" doc:"grows with every message of a launch; an older one never overwrites a newer one"`
	CMI        string           `json:"cmi" maxLength:"409600" doc:"its data model as JSON"`
	Completion string           `json:"completion" enum:"completed,incomplete,unknown" doc:"whether it is finished, as the package says"`
	Success    string           `json:"success" enum:"passed,failed,unknown" doc:"whether it was passed, as the package says"`
	Score      lms.PackageScore `json:"score"`
	Seconds    float64          `json:"seconds" minimum:"0" doc:"spent in this launch so far"`
	At         int64            `json:"at" doc:"when the message was made, milliseconds since 1970"`
}

// PackageReports is what a browser has to report of one launch.
type PackageReports struct {
	Person  string              `json:"person,omitempty" format:"uuid" doc:"who did it: when somebody else is logged in by now, nothing is recorded and the answer is 409 other_person"`
	Now     int64               `json:"now" doc:"the browser's clock at sending"`
	Reports []PackageReportBody `json:"reports" nullable:"false" minItems:"1" maxItems:"50" doc:"the newest of each activity is enough"`
}

type packageInput struct {
	ID string `path:"id" format:"uuid"`
}
type foundPackageOutput struct{ Body FoundPackageBody }
type openedPackageOutput struct{ Body OpenedPackageBody }
type startLaunchInput struct {
	ID     string `path:"id" format:"uuid"`
	Lesson string `path:"lesson" format:"uuid"`
	Repeatable
}
type saveLaunchInput struct {
	ID   string `path:"id" format:"uuid"`
	Body PackageReports
}

func (a *API) getPackage(ctx context.Context, in *packageInput) (*foundPackageOutput, error) {
	ids, err := pathIDs(in.ID)
	if err != nil {
		return nil, err
	}
	found, err := a.svc.Packages.Find(ctx, caller(ctx).Tenant, ids[0])
	if err != nil {
		return nil, err
	}
	return &foundPackageOutput{Body: foundPackage(found)}, nil
}

func foundPackage(p content.Package) FoundPackageBody {
	out := FoundPackageBody{Standard: p.Standard, Version: p.Version, Title: p.Title, Files: p.Files, Skipped: p.Skipped, Size: p.Size, Activities: []PackageActivityBody{}}
	needed := map[string]bool{}
	for _, id := range p.Needed() {
		needed[id] = true
	}
	var walk func(list []content.Activity, depth int)
	walk = func(list []content.Activity, depth int) {
		for _, one := range list {
			out.Activities = append(out.Activities, PackageActivityBody{ID: one.ID, Title: one.Title, Depth: depth, Group: one.Launch == "", Reports: one.SCO, Needed: needed[one.ID]})
			walk(one.Children, depth+1)
		}
	}
	walk(p.Root.Children, 1)
	return out
}

func (a *API) previewPackage(ctx context.Context, in *packageInput) (*openedPackageOutput, error) {
	p := caller(ctx)
	ids, err := pathIDs(in.ID)
	if err != nil {
		return nil, err
	}
	token, found, err := a.svc.Packages.Preview(ctx, p.Tenant, ids[0], p.Person)
	if err != nil {
		return nil, err
	}
	return a.openedPackage(token, found, OpenedPackageBody{Learner: db.IDFrom("package.preview", p.Person.String()).String(), Name: p.Name, States: []PackageStateBody{}})
}

func (a *API) startLaunch(ctx context.Context, in *startLaunchInput) (*openedPackageOutput, error) {
	p := caller(ctx)
	ids, err := pathIDs(in.ID, in.Lesson)
	if err != nil {
		return nil, err
	}
	launch, err := a.svc.Learning.StartLaunch(ctx, p.Tenant, p.Person, ids[0], ids[1], in.IdempotencyKey)
	if err != nil {
		return nil, err
	}
	token, found, err := a.svc.Packages.Issue(ctx, p.Tenant, launch.CourseTenant, launch.Body.Asset, p.Person, launch.ID)
	if err != nil {
		return nil, err
	}
	body := OpenedPackageBody{Launch: launch.ID.String(), Number: launch.Number, Parameters: launch.Body.Parameters, Learner: launch.Learner, Name: p.Name, States: []PackageStateBody{}}
	for _, s := range launch.States {
		body.States = append(body.States, PackageStateBody{Activity: s.Activity, CMI: string(s.CMI), TotalSeconds: s.TotalSeconds})
	}
	return a.openedPackage(token, found, body)
}

func (a *API) openedPackage(token string, found content.Package, body OpenedPackageBody) (*openedPackageOutput, error) {
	ticket, err := a.svc.Packages.Read(token)
	if err != nil {
		return nil, err
	}
	body.URL, body.Expires, body.Manifest = a.contentOrigin()+packagePath+token+"/", ticket.Expires.UTC(), found.Manifest
	return &openedPackageOutput{Body: body}, nil
}

func (a *API) saveLaunch(ctx context.Context, in *saveLaunchInput) (*progressOutput, error) {
	p := caller(ctx)
	if err := samePerson(p, in.Body.Person); err != nil {
		return nil, err
	}
	ids, err := pathIDs(in.ID)
	if err != nil {
		return nil, err
	}
	answer, err := a.svc.Learning.SavePackage(ctx, p.Tenant, p.Person, ids[0], in.Body.Now, in.Body.reports())
	if err != nil {
		return nil, err
	}
	out := progressAnswer(answer)
	out.Body.Items = append(out.Body.Items, ProgressResultBody{in.ID, string(answer.Items[0])})
	return out, nil
}

func (b PackageReports) reports() []lms.PackageReport {
	out := make([]lms.PackageReport, 0, len(b.Reports))
	for _, r := range b.Reports {
		out = append(out, lms.PackageReport{
			Activity: r.Activity, Seq: r.Seq, CMI: json.RawMessage(r.CMI), Completion: r.Completion, Success: r.Success, Score: r.Score, Seconds: r.Seconds, At: r.At,
		})
	}
	return out
}
