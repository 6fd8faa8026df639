package api

import (
	"cmp"
	"context"
	"time"

	"kenshu/content"
	"kenshu/lms"
	"kenshu/storage/db"
)

// OwnEnrolmentBody is one of the caller's courses.
type OwnEnrolmentBody struct {
	ID             string     `json:"id" format:"uuid"`
	Status         string     `json:"status" enum:"not_started,in_progress,interrupted,failed,completed,exempt"`
	Standing       string     `json:"standing" enum:"overdue,due,in_progress,to_do,upcoming,closed,done" doc:"where it stands on the first page"`
	RoundTitle     string     `json:"round_title"`
	CourseTitle    string     `json:"course_title"`
	Summary        string     `json:"summary"`
	Language       string     `json:"language"`
	StartsOn       string     `json:"starts_on" format:"date"`
	DueOn          string     `json:"due_on" format:"date" doc:"the last day"`
	LessonsDone    int        `json:"lessons_done"`
	LessonsTotal   int        `json:"lessons_total"`
	ScorePercent   *int       `json:"score_percent,omitempty" doc:"mean of the best quiz results"`
	StartedAt      *time.Time `json:"started_at,omitempty"`
	CompletedAt    *time.Time `json:"completed_at,omitempty"`
	LastActivityAt *time.Time `json:"last_activity_at,omitempty"`
	Certificate    *string    `json:"certificate,omitempty" format:"uuid"`
	Resume         *string    `json:"resume,omitempty" format:"uuid" doc:"the lesson to go on with"`
	MinutesLeft    int        `json:"minutes_left" doc:"estimate"`
}

// OwnCourseBody is one of the caller's courses in the list of all of them.
type OwnCourseBody struct {
	OwnEnrolmentBody
	WaitsFor []WaitingBody `json:"waits_for" nullable:"false" doc:"courses to complete before this one"`
}

// OutlineLessonBody is one lesson with how far the caller is in it.
type OutlineLessonBody struct {
	ID      string `json:"id" format:"uuid"`
	Kind    string `json:"kind" enum:"page,video,audio,pdf,quiz,package,survey,pledge"`
	Title   string `json:"title"`
	State   string `json:"state" enum:"not_started,started,done"`
	Minutes int    `json:"minutes" doc:"estimate for the whole lesson"`
}

// WaitingBody is a course to complete before another.
type WaitingBody struct {
	Title     string  `json:"title"`
	Enrolment *string `json:"enrolment,omitempty" format:"uuid" doc:"the caller's own in it; absent: they have none"`
}

// OutlineBody is one of the caller's courses with its lessons.
type OutlineBody struct {
	OwnEnrolmentBody
	Ordered  bool                `json:"ordered" doc:"lessons are taken in their order: each only when those before it are done"`
	WaitsFor []WaitingBody       `json:"waits_for" nullable:"false" doc:"courses to complete before this one"`
	Opens    []WaitingBody       `json:"opens" nullable:"false" doc:"once it is completed: the caller's courses that asked for this one first and are still to be taken"`
	Spent    int64               `json:"spent_seconds" doc:"on all lessons together"`
	MovedAt  *time.Time          `json:"moved_at,omitempty" doc:"when the caller went over to a newer version of the course"`
	Restart  bool                `json:"began_again,omitempty" doc:"they went over, and begin again"`
	Lessons  []OutlineLessonBody `json:"lessons" nullable:"false"`
}

// LessonProgressBody is how far the caller is in a lesson.
type LessonProgressBody struct {
	State        string     `json:"state" enum:"not_started,started,done"`
	Position     int64      `json:"position" doc:"where to go on: milliseconds of a video, page of a PDF, thousandths of a page"`
	Furthest     int64      `json:"furthest"`
	Seen         []lms.Span `json:"seen" nullable:"false" doc:"what was shown, as [from, to]"`
	SpentSeconds int64      `json:"spent_seconds"`
}

// FileLink is a short-lived link to a file of the lesson.
type FileLink struct {
	URL       string     `json:"url"`
	MediaType string     `json:"media_type"`
	Name      string     `json:"name"`
	Width     int        `json:"width,omitempty" doc:"of a picture or video, in pixels"`
	Height    int        `json:"height,omitempty"`
	Expires   time.Time  `json:"expires" doc:"fetch the lesson again for a fresh link"`
	Sizes     []FileSize `json:"sizes" nullable:"false" doc:"the same picture smaller, narrowest first"`
	Poster    string     `json:"poster,omitempty" doc:"picture of a video or PDF"`
}

// LearnerPage is rich text to read.
type LearnerPage struct {
	HTML string `json:"html" doc:"sanitised; pictures carry data-asset, whose link stands in files"`
}

// LearnerVideo is a video to watch.
type LearnerVideo struct {
	Asset      string           `json:"asset" format:"uuid"`
	Captions   []LearnerCaption `json:"captions" nullable:"false"`
	NoSkip     bool             `json:"no_skip" doc:"skipping ahead only over what was seen once"`
	Speed      bool             `json:"speed" doc:"the speed may be changed"`
	DurationMS int64            `json:"duration_ms" doc:"0 when unknown"`
}

// LearnerCaption is one caption track.
type LearnerCaption struct {
	Lang  string `json:"lang"`
	Label string `json:"label"`
	Asset string `json:"asset" format:"uuid"`
}

// LearnerPDF is a document to read.
type LearnerPDF struct {
	Asset string `json:"asset" format:"uuid"`
	Pages int    `json:"pages" doc:"0 when unknown"`
}

// LearnerQuiz is what may be known about a quiz before it is begun.
type LearnerQuiz struct {
	PassPercent  int              `json:"pass_percent"`
	Questions    int              `json:"questions"`
	Show         string           `json:"show" enum:"after_pass,after_submit,never" doc:"when right answers are shown"`
	TimeLimit    int              `json:"time_limit" doc:"minutes for an attempt; 0 is without limit"`
	Again        string           `json:"again" enum:"all,failed" doc:"what a further attempt asks: everything, or only what was wrong the last time"`
	AttemptsLeft *int             `json:"attempts_left,omitempty" doc:"absent: as many as wanted"`
	Attempts     []AttemptSummary `json:"attempts" nullable:"false" doc:"oldest first"`
}

// LearnerPackage is a package to run; it is opened by starting a launch.
type LearnerPackage struct {
	Complete string `json:"complete" enum:"completed,passed" doc:"what makes the lesson done"`
}

// LearnerLesson is a lesson to learn, without anything its learner may not know yet.
type LearnerLesson struct {
	ID        string              `json:"id" format:"uuid"`
	Kind      string              `json:"kind" enum:"page,video,audio,pdf,quiz,package,survey,pledge"`
	Title     string              `json:"title"`
	Enrolment OwnEnrolmentBody    `json:"enrolment"`
	Progress  LessonProgressBody  `json:"progress"`
	Previous  *string             `json:"previous,omitempty" format:"uuid"`
	Next      *string             `json:"next,omitempty" format:"uuid"`
	Page      *LearnerPage        `json:"page,omitempty"`
	Video     *LearnerVideo       `json:"video,omitempty"`
	Audio     *LearnerVideo       `json:"audio,omitempty" doc:"a recording: as a video, without a picture"`
	PDF       *LearnerPDF         `json:"pdf,omitempty"`
	Quiz      *LearnerQuiz        `json:"quiz,omitempty"`
	Package   *LearnerPackage     `json:"package,omitempty"`
	Survey    *LearnerSurvey      `json:"survey,omitempty"`
	Pledge    *LearnerPledge      `json:"pledge,omitempty"`
	Files     map[string]FileLink `json:"files" doc:"links by asset id"`
}

// ProgressItemBody is one message of the player; its times are by the browser's clock.
type ProgressItemBody struct {
	Item      string     `json:"item_id" minLength:"1" maxLength:"64" doc:"the browser's name for the message"`
	Enrolment string     `json:"enrolment" format:"uuid"`
	Lesson    string     `json:"lesson" format:"uuid"`
	Position  int64      `json:"position" minimum:"0"`
	Furthest  int64      `json:"furthest,omitempty" minimum:"0"`
	Seen      []lms.Span `json:"seen,omitempty" nullable:"false" maxItems:"2000" doc:"what was shown since the last message, as [from, to]"`
	Spent     []lms.Span `json:"spent,omitempty" nullable:"false" maxItems:"500" doc:"when the lesson was on the screen, milliseconds since 1970, as [from, to]"`
	Done      bool       `json:"done,omitempty" doc:"the end was reached"`
	At        int64      `json:"at" doc:"when the message was made, milliseconds since 1970"`
}

type progressInput struct {
	Body struct {
		Person string             `json:"person,omitempty" format:"uuid" doc:"who did it: when somebody else is logged in by now, nothing is recorded and the answer is 409 other_person"`
		Now    int64              `json:"now" doc:"the browser's clock at sending"`
		Items  []ProgressItemBody `json:"items" nullable:"false" minItems:"1" maxItems:"200"`
	}
}

// ProgressResultBody tells what became of one message. All of them may be forgotten by the browser.
type ProgressResultBody struct {
	Item   string `json:"item_id"`
	Result string `json:"result" enum:"saved,round_closed,round_not_started,locked,unknown"`
}

// ProgressLessonBody is a lesson that the batch touched.
type ProgressLessonBody struct {
	Enrolment string             `json:"enrolment" format:"uuid"`
	Lesson    string             `json:"lesson" format:"uuid"`
	Progress  LessonProgressBody `json:"progress"`
}

// ProgressBody is the answer to a batch.
type ProgressBody struct {
	Items      []ProgressResultBody `json:"items" nullable:"false"`
	Lessons    []ProgressLessonBody `json:"lessons" nullable:"false"`
	Enrolments []OwnEnrolmentBody   `json:"enrolments" nullable:"false" doc:"as they stand now"`
}

type ownEnrolmentsOutput struct {
	Body struct {
		Items []OwnCourseBody `json:"items" nullable:"false"`
	}
}
type ownEnrolmentInput struct {
	ID string `path:"id" format:"uuid"`
}
type outlineOutput struct{ Body OutlineBody }
type ownLessonInput struct {
	ID     string `path:"id" format:"uuid"`
	Lesson string `path:"lesson" format:"uuid"`
}
type learnerLessonOutput struct{ Body LearnerLesson }
type progressOutput struct{ Body ProgressBody }

func (a *API) listOwnEnrolments(ctx context.Context, _ *struct{}) (*ownEnrolmentsOutput, error) {
	p := caller(ctx)
	list, err := a.svc.Learning.ListOwn(ctx, p.Tenant, p.Person)
	if err != nil {
		return nil, err
	}
	out := &ownEnrolmentsOutput{}
	out.Body.Items = make([]OwnCourseBody, 0, len(list))
	for _, e := range list {
		out.Body.Items = append(out.Body.Items, OwnCourseBody{ownEnrolmentBody(e), waitingBodies(e.Waits)})
	}
	return out, nil
}

func (a *API) getOwnEnrolment(ctx context.Context, in *ownEnrolmentInput) (*outlineOutput, error) {
	p := caller(ctx)
	ids, err := pathIDs(in.ID)
	if err != nil {
		return nil, err
	}
	found, err := a.svc.Learning.FindOwn(ctx, p.Tenant, p.Person, ids[0])
	if err != nil {
		return nil, err
	}
	out := &outlineOutput{Body: OutlineBody{OwnEnrolmentBody: ownEnrolmentBody(found.OwnEnrolment), Lessons: make([]OutlineLessonBody, 0, len(found.Lessons))}}
	out.Body.Ordered, out.Body.Spent = found.Ordered, found.Spent
	out.Body.MovedAt, out.Body.Restart = optionalTime(found.MovedAt), found.BeganAgain
	out.Body.WaitsFor, out.Body.Opens = waitingBodies(found.Waits), waitingBodies(found.Opens)
	for _, l := range found.Lessons {
		out.Body.Lessons = append(out.Body.Lessons, OutlineLessonBody{ID: l.ID.String(), Kind: string(l.Kind), Title: l.Title, State: string(l.State), Minutes: l.Minutes})
	}
	return out, nil
}

func waitingBodies(list []lms.Waiting) []WaitingBody {
	out := make([]WaitingBody, 0, len(list))
	for _, w := range list {
		out = append(out, WaitingBody{w.Title, optionalID(w.Enrolment)})
	}
	return out
}

func (a *API) getOwnLesson(ctx context.Context, in *ownLessonInput) (*learnerLessonOutput, error) {
	p := caller(ctx)
	ids, err := pathIDs(in.ID, in.Lesson)
	if err != nil {
		return nil, err
	}
	found, err := a.svc.Learning.OpenLesson(ctx, p.Tenant, p.Person, ids[0], ids[1])
	if err != nil {
		return nil, err
	}
	body := learnerLesson(found)
	links, err := a.svc.Assets.Links(ctx, p.Tenant, found.CourseTenant, found.Lesson.Files...)
	if err != nil {
		return nil, err
	}
	for id, l := range links {
		body.Files[id.String()] = FileLink{URL: l.URL, MediaType: l.MediaType, Name: l.FileName, Width: l.Width, Height: l.Height, Expires: l.Expires, Sizes: fileSizes(l.Sizes), Poster: l.Poster}
	}
	return &learnerLessonOutput{Body: body}, nil
}

func (a *API) saveProgress(ctx context.Context, in *progressInput) (*progressOutput, error) {
	p := caller(ctx)
	if err := samePerson(p, in.Body.Person); err != nil {
		return nil, err
	}
	batch := lms.ProgressBatch{Now: in.Body.Now}
	for _, it := range in.Body.Items {
		ids, err := pathIDs(it.Enrolment, it.Lesson)
		if err != nil {
			return nil, err
		}
		batch.Items = append(batch.Items, lms.ProgressItem{
			Enrolment: ids[0], Lesson: ids[1], Position: it.Position, Furthest: it.Furthest, Seen: it.Seen, Spent: it.Spent, Done: it.Done, At: it.At,
		})
	}
	answer, err := a.svc.Learning.SaveProgress(ctx, p.Tenant, p.Person, batch)
	if err != nil {
		return nil, err
	}
	out := progressAnswer(answer)
	for i, r := range answer.Items {
		out.Body.Items = append(out.Body.Items, ProgressResultBody{in.Body.Items[i].Item, string(r)})
	}
	return out, nil
}

// progressAnswer tells how lessons and enrolments stand after something was recorded.
func progressAnswer(answer lms.ProgressAnswer) *progressOutput {
	out := &progressOutput{Body: ProgressBody{Items: []ProgressResultBody{}, Lessons: []ProgressLessonBody{}, Enrolments: []OwnEnrolmentBody{}}}
	for enrolment, lessons := range answer.Lessons {
		for lesson, progress := range lessons {
			out.Body.Lessons = append(out.Body.Lessons, ProgressLessonBody{enrolment.String(), lesson.String(), lessonProgressBody(progress)})
		}
	}
	for _, e := range answer.Enrolments {
		out.Body.Enrolments = append(out.Body.Enrolments, ownEnrolmentBody(e))
	}
	return out
}

func ownEnrolmentBody(e lms.OwnEnrolment) OwnEnrolmentBody {
	return OwnEnrolmentBody{
		ID: e.ID.String(), Status: string(e.Status), Standing: string(e.Standing), RoundTitle: e.RoundTitle, CourseTitle: e.CourseTitle, Summary: e.Summary,
		Language: e.Language, StartsOn: e.StartsOn, DueOn: e.DueOn, LessonsDone: e.LessonsDone, LessonsTotal: e.LessonsTotal, ScorePercent: e.ScorePercent,
		StartedAt: optionalTime(e.StartedAt), CompletedAt: optionalTime(e.CompletedAt), LastActivityAt: optionalTime(e.LastActivityAt),
		Certificate: optionalID(e.Certificate), Resume: optionalID(e.Resume), MinutesLeft: e.MinutesLeft,
	}
}

func lessonProgressBody(p lms.Progress) LessonProgressBody {
	seen := p.Seen
	if seen == nil {
		seen = lms.Spans{}
	}
	return LessonProgressBody{State: string(p.State), Position: p.Position, Furthest: p.Furthest, Seen: seen, SpentSeconds: p.SpentSeconds}
}

// learnerLesson leaves out what a learner may not know: of a quiz only its rules go out, the questions come with an attempt.
func learnerLesson(l lms.OwnLesson) LearnerLesson {
	out := LearnerLesson{
		ID: l.Lesson.ID.String(), Kind: string(l.Lesson.Kind), Title: l.Lesson.Title, Enrolment: ownEnrolmentBody(l.Enrolment), Progress: lessonProgressBody(l.Progress),
		Previous: optionalID(l.Previous), Next: optionalID(l.Next), Files: map[string]FileLink{},
	}
	body := l.Lesson.Body
	switch l.Lesson.Kind {
	case content.KindPage:
		out.Page = &LearnerPage{HTML: body.Page.HTML}
	case content.KindVideo:
		out.Video = learnerRecording(body.Video)
	case content.KindAudio:
		out.Audio = learnerRecording(body.Audio)
	case content.KindPDF:
		out.PDF = &LearnerPDF{Asset: body.PDF.Asset.String(), Pages: body.PDF.Pages}
	case content.KindPackage:
		out.Package = &LearnerPackage{Complete: body.Package.Complete}
	case content.KindSurvey:
		out.Survey = &LearnerSurvey{Naming: body.Survey.Naming, Intro: body.Survey.Intro, Questions: body.Survey.Questions}
	case content.KindPledge:
		out.Pledge = learnerPledge(l)
	case content.KindQuiz:
		out.Quiz = &LearnerQuiz{PassPercent: body.Quiz.PassPercent, Questions: body.Quiz.Asked(), Show: body.Quiz.Show, TimeLimit: body.Quiz.TimeLimit, Again: cmp.Or(body.Quiz.Again, content.AgainAll), AttemptsLeft: l.AttemptsLeft, Attempts: []AttemptSummary{}}
		for _, at := range l.Attempts {
			out.Quiz.Attempts = append(out.Quiz.Attempts, attemptSummary(at))
		}
	}
	return out
}

func learnerRecording(r *content.VideoBody) *LearnerVideo {
	out := &LearnerVideo{Asset: r.Asset.String(), Captions: make([]LearnerCaption, 0, len(r.Captions)), NoSkip: r.NoSkip, Speed: r.Speed, DurationMS: r.DurationMS}
	for _, c := range r.Captions {
		out.Captions = append(out.Captions, LearnerCaption{c.Lang, c.Label, c.Asset.String()})
	}
	return out
}

func optionalTime(t db.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t.Time
}

func optionalID(id db.ID) *string {
	if id.IsZero() {
		return nil
	}
	s := id.String()
	return &s
}
