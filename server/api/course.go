package api

import (
	"context"
	"time"

	"kenshu/content"
	"kenshu/lms"
	"kenshu/storage/db"
)

// CourseBody is a course being made.
type CourseBody struct {
	ID             string           `json:"id" format:"uuid"`
	Title          string           `json:"title"`
	Summary        string           `json:"summary"`
	Language       string           `json:"language" enum:"ja,en"`
	Shared         string           `json:"shared" enum:"none,chosen,all" doc:"all: every organisation may use it; chosen: those named in organisations (the association's courses only)"`
	State          string           `json:"state" enum:"draft,published,archived"`
	Changed        bool             `json:"changed" doc:"publishing would show something new"`
	Version        int64            `json:"version" doc:"send it back as base_version when changing the course"`
	ContentVersion int64            `json:"content_version" doc:"send it back as base_version when publishing"`
	Published      *PublishedBody   `json:"published,omitempty" doc:"the latest published version"`
	LessonCount    int              `json:"lesson_count"`
	Ordered        bool             `json:"ordered" doc:"lessons are taken in their order"`
	Requires       []RequiredCourse `json:"requires" nullable:"false" doc:"courses that must be completed before"`
	Audience       string           `json:"audience" doc:"for whom it is, in words"`
	Minutes        int              `json:"minutes" doc:"how long it takes, as its editor says; 0: nobody said"`
	CoverID        *string          `json:"cover_id,omitempty" format:"uuid" doc:"the picture in lists, a file of kind image; missing: none"`
	Cover          *LinkBody        `json:"cover,omitempty" doc:"where that picture is fetched"`
	Organisations  []db.ID          `json:"organisations" nullable:"false" doc:"with whom it is shared by name; empty in lists"`
	Review         string           `json:"review" enum:",asked,approved,outdated,returned,withdrawn" doc:"the newest request since the last publishing; outdated: approved, and changed since; empty: nobody was asked"`
	ReviewNeeded   bool             `json:"review_needed" doc:"only what somebody else approved may be published"`
	ApprovalNeeded bool             `json:"approval_needed" doc:"publishing needs an approval: as review_needed says, or as it said when the course was last published"`
	CreatedAt      time.Time        `json:"created_at"`
	UpdatedAt      time.Time        `json:"updated_at"`
}

// RequiredCourse is a course that must be completed before another.
type RequiredCourse struct {
	Course db.ID  `json:"course" format:"uuid"`
	Title  string `json:"title"`
}

// PublishedBody names a published version.
type PublishedBody struct {
	ID     string    `json:"id" format:"uuid"`
	Number int       `json:"number"`
	At     time.Time `json:"at"`
}

// CourseFields is what an editor sets of a course.
type CourseFields struct {
	Title    string `json:"title" minLength:"1" maxLength:"200"`
	Summary  string `json:"summary" maxLength:"2000"`
	Language string `json:"language" enum:"ja,en"`
	Shared   string `json:"shared" enum:"none,chosen,all"`

	ReviewNeeded bool    `json:"review_needed" required:"false" doc:"only what somebody else approved may be published"`
	Audience     string  `json:"audience,omitempty" maxLength:"200" doc:"for whom it is, in words"`
	Minutes      int     `json:"minutes,omitempty" minimum:"0" maximum:"10000" doc:"how long it takes; 0: not said"`
	Ordered      bool    `json:"ordered,omitempty" doc:"lessons are taken in their order: each only when those before it are done"`
	Requires     []db.ID `json:"requires,omitempty" nullable:"false" maxItems:"10" doc:"courses that must be completed before: published ones of the organisation or shared by the association"`

	CoverID       db.ID   `json:"cover_id,omitzero" required:"false" format:"uuid" doc:"the picture in lists, a file of kind image; missing: none, also where there was one"`
	Organisations []db.ID `json:"organisations,omitempty" nullable:"false" maxItems:"1000" doc:"with whom it is shared, when shared is chosen"`
}

func (f CourseFields) fields() content.CourseFields {
	return content.CourseFields{
		Title: f.Title, Summary: f.Summary, Language: f.Language, Shared: f.Shared, ReviewNeeded: f.ReviewNeeded, Ordered: f.Ordered, Requires: f.Requires,
		Audience: f.Audience, Minutes: f.Minutes, Cover: f.CoverID, Organisations: f.Organisations,
	}
}

type courseOutput struct{ Body CourseBody }

func courseBody(c content.Course) CourseBody {
	b := CourseBody{
		ID: c.ID.String(), Title: c.Title, Summary: c.Summary, Language: c.Language, Shared: c.Shared, State: c.State, Changed: c.Changed(),
		Version: c.Version, ContentVersion: c.ContentVersion, LessonCount: c.LessonCount, Ordered: c.Ordered, Requires: []RequiredCourse{}, Review: c.Review(), ReviewNeeded: c.ReviewNeeded, ApprovalNeeded: c.ApprovalNeeded(), CreatedAt: c.CreatedAt.Time, UpdatedAt: c.UpdatedAt.Time,
		Audience: c.Audience, Minutes: c.Minutes, Organisations: append([]db.ID{}, c.Organisations...),
	}
	for _, r := range c.Requires {
		b.Requires = append(b.Requires, RequiredCourse{r.Course, r.Title})
	}
	if !c.LatestVersion.IsZero() {
		b.Published = &PublishedBody{c.LatestVersion.String(), c.LatestNumber, c.LatestPublishedAt.Time}
	}
	return b
}

func (a *API) courseAnswer(ctx context.Context, c content.Course, err error) (*courseOutput, error) {
	if err != nil {
		return nil, err
	}
	bodies, err := a.courseBodies(ctx, []content.Course{c})
	if err != nil {
		return nil, err
	}
	return &courseOutput{bodies[0]}, nil
}

// courseBodies are courses with links to their pictures.
func (a *API) courseBodies(ctx context.Context, courses []content.Course) ([]CourseBody, error) {
	bodies := make([]CourseBody, 0, len(courses))
	var covers []db.ID
	for _, c := range courses {
		if !c.Cover.IsZero() {
			covers = append(covers, c.Cover)
		}
	}
	links, err := a.svc.Assets.DraftLinks(ctx, caller(ctx).Tenant, covers...)
	if err != nil {
		return nil, err
	}
	for _, c := range courses {
		b := courseBody(c)
		b.CoverID, b.Cover = optionalID(c.Cover), coverBody(links, c.Cover)
		bodies = append(bodies, b)
	}
	return bodies, nil
}

// coverBody is the link to a picture; nil when there is none, or it cannot be shown any more.
func coverBody(links map[db.ID]content.Link, cover db.ID) *LinkBody {
	link, ok := links[cover]
	if !ok || cover.IsZero() {
		return nil
	}
	b := fileLink(link)
	return &b
}

type listCoursesInput struct {
	Archived bool   `query:"archived" doc:"the archived courses instead of the others"`
	After    string `query:"after" maxLength:"200"`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type listCoursesOutput struct {
	Body struct {
		Items []CourseBody `json:"items" nullable:"false"`
		Next  string       `json:"next,omitempty"`
	}
}

func (a *API) listCourses(ctx context.Context, in *listCoursesInput) (*listCoursesOutput, error) {
	courses, next, err := a.svc.Courses.List(ctx, caller(ctx).Tenant, content.CourseQuery{Archived: in.Archived, Page: db.Page{After: in.After, Limit: in.Limit}})
	if err != nil {
		return nil, err
	}
	out := &listCoursesOutput{}
	out.Body.Next = next
	out.Body.Items, err = a.courseBodies(ctx, courses)
	return out, err
}

type createCourseInput struct {
	Repeatable
	Body CourseFields
}

func (a *API) createCourse(ctx context.Context, in *createCourseInput) (*courseOutput, error) {
	c, err := a.svc.Courses.Create(ctx, caller(ctx).Tenant, in.newID(ctx, "course"), in.Body.fields())
	return a.courseAnswer(ctx, c, err)
}

type courseInput struct {
	ID db.ID `path:"id" format:"uuid"`
}

func (a *API) getCourse(ctx context.Context, in *courseInput) (*courseOutput, error) {
	c, err := a.svc.Courses.Find(ctx, caller(ctx).Tenant, in.ID)
	return a.courseAnswer(ctx, c, err)
}

type updateCourseInput struct {
	ID   db.ID `path:"id" format:"uuid"`
	Body struct {
		CourseFields
		BaseVersion int64 `json:"base_version" minimum:"1" doc:"version of the course that was being edited"`
	}
}

func (a *API) updateCourse(ctx context.Context, in *updateCourseInput) (*courseOutput, error) {
	c, err := a.svc.Courses.Update(ctx, caller(ctx).Tenant, in.ID, in.Body.BaseVersion, in.Body.fields())
	return a.courseAnswer(ctx, c, err)
}

type archiveCourseInput struct {
	ID   db.ID `path:"id" format:"uuid"`
	Body struct {
		Archived bool `json:"archived"`
	}
}

func (a *API) archiveCourse(ctx context.Context, in *archiveCourseInput) (*courseOutput, error) {
	c, err := a.svc.Courses.SetArchived(ctx, caller(ctx).Tenant, in.ID, in.Body.Archived)
	return a.courseAnswer(ctx, c, err)
}

// CourseVersionBody is a published version.
type CourseVersionBody struct {
	ID          string    `json:"id" format:"uuid"`
	Number      int       `json:"number"`
	Title       string    `json:"title"`
	LessonCount int       `json:"lesson_count"`
	DurationMS  int64     `json:"duration_ms" doc:"of all videos together"`
	PublishedAt time.Time `json:"published_at"`
	PublishedBy string    `json:"published_by" doc:"name; empty in the answer to publishing"`
	AskedBy     string    `json:"asked_by" doc:"who asked for approval; empty when nobody was asked"`
	ApprovedBy  string    `json:"approved_by" doc:"name of who approved it; empty when nobody had to"`
}

func versionBody(v content.CourseVersion) CourseVersionBody {
	return CourseVersionBody{v.ID.String(), v.Number, v.Title, v.LessonCount, v.DurationMS, v.PublishedAt.Time, v.PublishedName, v.AskedName, v.ApprovedName}
}

type listVersionsOutput struct {
	Body struct {
		Items []CourseVersionBody `json:"items" nullable:"false"`
	}
}

func (a *API) listVersions(ctx context.Context, in *courseInput) (*listVersionsOutput, error) {
	versions, err := a.svc.Courses.ListVersions(ctx, caller(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	out := &listVersionsOutput{}
	out.Body.Items = make([]CourseVersionBody, 0, len(versions))
	for _, v := range versions {
		out.Body.Items = append(out.Body.Items, versionBody(v))
	}
	return out, nil
}

type missingOutput struct {
	Body struct {
		Items []ProblemField `json:"items" nullable:"false" doc:"what keeps the course from being published; args hold lesson and lesson_title"`
	}
}

func (a *API) listMissing(ctx context.Context, in *courseInput) (*missingOutput, error) {
	fields, err := a.svc.Courses.Missing(ctx, caller(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	out := &missingOutput{}
	out.Body.Items = make([]ProblemField, 0, len(fields))
	for _, f := range fields {
		out.Body.Items = append(out.Body.Items, ProblemField{f.Path, f.Key, f.Args})
	}
	return out, nil
}

type publishCourseInput struct {
	ID   db.ID `path:"id" format:"uuid"`
	Body struct {
		BaseVersion int64    `json:"base_version" minimum:"1" doc:"content_version of the course as it was seen"`
		UnderWay    lms.Move `json:"under_way,omitempty" enum:"stay,keep,restart" doc:"what happens to those who are under way in an older version: they carry on with it (so too when nothing is said), go over and keep what is done, go over and begin again. 409 moved_otherwise when the version is there already and something else was said with it"`
	}
}

type underWayOutput struct {
	Body UnderWayBody
}

// UnderWayBody counts whom a new version of a course concerns.
type UnderWayBody struct {
	Rounds int `json:"rounds" doc:"open rounds of the organisation in which somebody is under way"`
	People int `json:"people" doc:"people who have not completed the course in them"`
}

func (a *API) countUnderWay(ctx context.Context, in *courseInput) (*underWayOutput, error) {
	out := &underWayOutput{}
	var err error
	out.Body.Rounds, out.Body.People, err = a.svc.Learning.UnderWay(ctx, caller(ctx).Tenant, caller(ctx).Tenant.Number(), in.ID)
	return out, err
}

type publishCourseOutput struct{ Body CourseVersionBody }

func (a *API) publishCourse(ctx context.Context, in *publishCourseInput) (*publishCourseOutput, error) {
	v, err := a.svc.Courses.Publish(ctx, caller(ctx).Tenant, in.ID, in.Body.BaseVersion, a.svc.Learning.Moving(caller(ctx).Tenant, in.Body.UnderWay))
	if err != nil {
		return nil, err
	}
	return &publishCourseOutput{versionBody(v)}, nil
}
