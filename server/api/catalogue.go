package api

import (
	"context"
	"maps"
	"time"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/lms"
	"kenshu/storage/db"
)

// OfferBody is a published course that may be chosen for a round.
type OfferBody struct {
	Course      string         `json:"course" format:"uuid"`
	Version     string         `json:"version" format:"uuid" doc:"what a new round refers to"`
	Number      int            `json:"number"`
	Owner       string         `json:"owner" enum:"own,association"`
	Title       string         `json:"title"`
	Summary     string         `json:"summary"`
	Language    string         `json:"language"`
	Audience    string         `json:"audience" doc:"for whom it is, in words; empty: nobody said"`
	Minutes     int            `json:"minutes" doc:"how long it takes, as its editor says; 0: nobody said"`
	LessonCount int            `json:"lesson_count"`
	DurationMS  int64          `json:"duration_ms" doc:"of all videos together"`
	PublishedAt time.Time      `json:"published_at"`
	Cover       *LinkBody      `json:"cover,omitempty" doc:"a picture of the course"`
	Requires    []string       `json:"requires" nullable:"false" doc:"titles of the courses that a learner must have completed before"`
	Newer       *PublishedBody `json:"newer,omitempty" doc:"the newest version, when the organisation has not taken it yet"`
}

func offerBody(o content.Offer) OfferBody {
	b := OfferBody{
		Course: o.Course.String(), Version: o.Version.String(), Number: o.Number, Owner: "association", Title: o.Title, Summary: o.Summary, Language: o.Language,
		Audience: o.Audience, Minutes: o.Minutes, LessonCount: o.LessonCount, DurationMS: o.DurationMS, PublishedAt: o.PublishedAt.Time, Requires: make([]string, 0, len(o.Requires)),
	}
	for _, r := range o.Requires {
		b.Requires = append(b.Requires, r.Title)
	}
	if o.Own {
		b.Owner = "own"
	}
	if o.HasNewer() {
		b.Newer = &PublishedBody{o.Newest.String(), o.NewestNo, o.NewestAt.Time}
	}
	return b
}

type catalogueInput struct {
	Q        string `query:"q" maxLength:"100" doc:"in title, summary or audience"`
	Language string `query:"language" enum:"ja,en"`
	Owner    string `query:"owner" enum:"own,association"`
}

type catalogueOutput struct {
	Body struct {
		Items []OfferBody `json:"items" nullable:"false"`
	}
}

func (a *API) listCatalogue(ctx context.Context, in *catalogueInput) (*catalogueOutput, error) {
	offers, err := a.svc.Versions.Catalogue(ctx, caller(ctx).Tenant, content.OfferFilter{Q: in.Q, Language: in.Language, Owner: in.Owner})
	if err != nil {
		return nil, err
	}
	out := &catalogueOutput{}
	out.Body.Items = make([]OfferBody, 0, len(offers))
	links, err := a.covers(ctx, offers...)
	if err != nil {
		return nil, err
	}
	for _, o := range offers {
		b := offerBody(o)
		b.Cover = coverBody(links, o.Cover)
		out.Body.Items = append(out.Body.Items, b)
	}
	return out, nil
}

// covers are the links to the pictures of courses, whoever they belong to.
func (a *API) covers(ctx context.Context, offers ...content.Offer) (map[db.ID]content.Link, error) {
	files := map[int64][]db.ID{}
	for _, o := range offers {
		if !o.Cover.IsZero() {
			files[o.Tenant] = append(files[o.Tenant], o.Cover)
		}
	}
	all := map[db.ID]content.Link{}
	for owner, ids := range files {
		links, err := a.svc.Assets.Links(ctx, caller(ctx).Tenant, owner, ids...)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, links)
	}
	return all, nil
}

// OfferLessonBody is a lesson in the list of a course's lessons.
type OfferLessonBody struct {
	ID    db.ID              `json:"id" format:"uuid"`
	Kind  content.LessonKind `json:"kind" enum:"page,video,audio,pdf,quiz,package,survey,pledge"`
	Title string             `json:"title"`
}

// LessonChangeBody is a difference between two versions of a course.
type LessonChangeBody struct {
	Change string             `json:"change" enum:"added,changed,removed" doc:"what became of the lesson"`
	Kind   content.LessonKind `json:"kind" enum:"page,video,audio,pdf,quiz,package,survey,pledge"`
	Title  string             `json:"title"`
}

// OfferDetailBody is one course that may be used, with its lessons.
type OfferDetailBody struct {
	OfferBody
	Lessons      []OfferLessonBody  `json:"lessons" nullable:"false"`
	NewerLessons []OfferLessonBody  `json:"newer_lessons" nullable:"false" doc:"those of the newer version"`
	Changes      []LessonChangeBody `json:"changes" nullable:"false" doc:"what the newer version does differently; lessons that only moved are left out"`
	UnderWay     *UnderWayBody      `json:"under_way,omitempty" doc:"whom taking the newer version concerns; absent when there is none"`
	Copy         *CourseCopyBody    `json:"copy,omitempty" doc:"the newest copy that the organisation has made of it, or is making"`
}

// CourseCopyBody is a course that an organisation makes its own.
type CourseCopyBody struct {
	ID        string    `json:"id" format:"uuid"`
	Title     string    `json:"title" doc:"of the draft"`
	State     string    `json:"state" enum:"copying,done,stopped" doc:"stopped: nothing was made, problem says why"`
	Problem   string    `json:"problem,omitempty" doc:"error.<problem> in the page's locales"`
	Course    string    `json:"course,omitempty" format:"uuid" doc:"the draft, once it is there"`
	CreatedBy string    `json:"created_by"`
	CreatedAt time.Time `json:"created_at"`
	Done      int64     `json:"done" doc:"bytes of files copied, of total"`
	Total     int64     `json:"total" doc:"0 until the job has begun"`
}

func courseCopyBody(c content.CourseCopy) CourseCopyBody {
	b := CourseCopyBody{ID: c.ID.String(), Title: c.Title, State: c.State, Problem: c.Problem, CreatedBy: c.CreatedBy, CreatedAt: c.CreatedAt.Time, Done: c.Done, Total: c.Total}
	if !c.Course.IsZero() {
		b.Course = c.Course.String()
	}
	return b
}

type copyCourseInput struct {
	Repeatable
	ID   db.ID `path:"id" format:"uuid"`
	Body struct {
		Title string `json:"title" minLength:"1" maxLength:"200" doc:"of the draft"`
	}
}

type copyCourseOutput struct{ Body CourseCopyBody }

func (a *API) copyCourse(ctx context.Context, in *copyCourseInput) (*copyCourseOutput, error) {
	c, err := a.svc.CourseCopies.Begin(ctx, caller(ctx).Tenant, in.newID(ctx, "copy-catalogue-course"), in.ID, in.Body.Title)
	if err != nil {
		return nil, err
	}
	return &copyCourseOutput{courseCopyBody(c)}, nil
}

type offerOutput struct{ Body OfferDetailBody }

func (a *API) offerAnswer(ctx context.Context, e content.Entry, err error) (*offerOutput, error) {
	if err != nil {
		return nil, err
	}
	links, err := a.covers(ctx, e.Offer)
	if err != nil {
		return nil, err
	}
	b := OfferDetailBody{OfferBody: offerBody(e.Offer), Lessons: offerLessons(e.Lessons), NewerLessons: []OfferLessonBody{}, Changes: []LessonChangeBody{}}
	b.Cover = coverBody(links, e.Cover)
	if e.Newer != nil {
		b.NewerLessons, b.UnderWay = offerLessons(e.Newer.Lessons), &UnderWayBody{}
		if b.UnderWay.Rounds, b.UnderWay.People, err = a.svc.Learning.UnderWay(ctx, caller(ctx).Tenant, e.Tenant, e.Course); err != nil {
			return nil, err
		}
	}
	for _, c := range e.Changes {
		b.Changes = append(b.Changes, LessonChangeBody{c.Change, c.Kind, c.Title})
	}
	return &offerOutput{b}, nil
}

func offerLessons(list []content.VersionLesson) []OfferLessonBody {
	out := make([]OfferLessonBody, 0, len(list))
	for _, l := range list {
		out = append(out, OfferLessonBody{l.ID, l.Kind, l.Title})
	}
	return out
}

func (a *API) getOffer(ctx context.Context, in *courseInput) (*offerOutput, error) {
	tid := caller(ctx).Tenant
	e, err := a.svc.Catalogues.Find(ctx, tid, in.ID)
	out, err := a.offerAnswer(ctx, e, err)
	if err != nil {
		return nil, err
	}
	c, err := a.svc.CourseCopies.Latest(ctx, tid, in.ID)
	if fault.Is(err, fault.NotFound) {
		return out, nil
	}
	b := courseCopyBody(c)
	out.Body.Copy = &b
	return out, err
}

type takeVersionInput struct {
	ID   db.ID `path:"id" format:"uuid"`
	Body struct {
		Version  db.ID    `json:"version" format:"uuid" doc:"the newest version, as it was looked at"`
		UnderWay lms.Move `json:"under_way,omitempty" enum:"stay,keep,restart" doc:"what happens to those who are under way in an older version: they carry on with it (so too when nothing is said), go over and keep what is done, go over and begin again. 409 moved_otherwise when the version is there already and something else was said with it"`
	}
}

func (a *API) takeVersion(ctx context.Context, in *takeVersionInput) (*offerOutput, error) {
	tid := caller(ctx).Tenant
	e, err := a.svc.Catalogues.Take(ctx, tid, in.ID, in.Body.Version, a.svc.Learning.Moving(tid, in.Body.UnderWay))
	return a.offerAnswer(ctx, e, err)
}

// OfferContentBody is what a manager looks at of a lesson.
type OfferContentBody struct {
	OfferLessonBody
	HTML       string              `json:"html" doc:"of a page"`
	Text       string              `json:"text" doc:"of a pledge"`
	Asset      string              `json:"asset" doc:"the video, recording or PDF, by its name in links; empty when there is none"`
	DurationMS int64               `json:"duration_ms"`
	Pages      int                 `json:"pages"`
	Captions   []content.Caption   `json:"captions" nullable:"false"`
	Questions  int                 `json:"questions" doc:"how many a test asks, or a survey has"`
	Pass       int                 `json:"pass_percent"`
	Links      map[string]LinkBody `json:"links" nullable:"false" doc:"by file id"`
}

type offerLessonInput struct {
	ID     db.ID `path:"id" format:"uuid"`
	Lesson db.ID `path:"lesson" format:"uuid"`
}

type offerLessonOutput struct{ Body OfferContentBody }

func (a *API) getOfferLesson(ctx context.Context, in *offerLessonInput) (*offerLessonOutput, error) {
	tid := caller(ctx).Tenant
	e, err := a.svc.Catalogues.Find(ctx, tid, in.ID)
	if err != nil {
		return nil, err
	}
	l, err := e.Lesson(in.Lesson)
	if err != nil {
		return nil, err
	}
	links, err := a.svc.Assets.Links(ctx, tid, e.Tenant, l.Files...)
	if err != nil {
		return nil, err
	}
	b := OfferContentBody{OfferLessonBody: OfferLessonBody{l.ID, l.Kind, l.Title}, Captions: []content.Caption{}, Links: linkBodies(links)}
	switch {
	case l.Body.Page != nil:
		b.HTML = l.Body.Page.HTML
	case l.Body.Recording() != nil:
		r := l.Body.Recording()
		b.Asset, b.DurationMS, b.Captions = r.Asset.String(), r.DurationMS, append(b.Captions, r.Captions...)
	case l.Body.PDF != nil:
		b.Asset, b.Pages = l.Body.PDF.Asset.String(), l.Body.PDF.Pages
	case l.Body.Quiz != nil:
		b.Questions, b.Pass = l.Body.Quiz.Asked(), l.Body.Quiz.PassPercent
	case l.Body.Survey != nil:
		b.Questions = len(l.Body.Survey.Questions)
	case l.Body.Pledge != nil:
		b.Text = l.Body.Pledge.Text
	}
	return &offerLessonOutput{b}, nil
}

// MemberBody is an organisation that a course can be shared with.
type MemberBody struct {
	ID   db.ID  `json:"id" format:"uuid"`
	Name string `json:"name"`
}

type membersOutput struct {
	Body struct {
		Items []MemberBody `json:"items" nullable:"false"`
	}
}

func (a *API) listMembers(ctx context.Context, _ *struct{}) (*membersOutput, error) {
	members, err := a.svc.Catalogues.Members(ctx, caller(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	out := &membersOutput{}
	out.Body.Items = make([]MemberBody, 0, len(members))
	for _, m := range members {
		out.Body.Items = append(out.Body.Items, MemberBody{m.ID, m.Name})
	}
	return out, nil
}
