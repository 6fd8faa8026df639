package api

import (
	"context"
	"time"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
)

// MoodleImportBody is a Moodle course backup and what became of it.
type MoodleImportBody struct {
	ID        string     `json:"id" format:"uuid"`
	FileName  string     `json:"file_name"`
	Size      int64      `json:"size"`
	State     string     `json:"state" enum:"checking,checked,refused,applying,applied" doc:"checking: the backup is being read; checked: nothing was made yet; applying: a job makes the course; applied: it is there"`
	Problem   string     `json:"problem,omitempty" doc:"why it was refused, or why making the course went wrong: error.<problem> in the page's locales"`
	Title     string     `json:"title" doc:"of the course"`
	Language  string     `json:"language" enum:"ja,en," doc:"of the lessons; empty: the backup does not say"`
	Course    string     `json:"course,omitempty" format:"uuid" doc:"the draft, once it is there"`
	CreatedBy string     `json:"created_by"`
	CreatedAt time.Time  `json:"created_at"`
	AppliedAt *time.Time `json:"applied_at,omitempty"`
	Gone      bool       `json:"gone" doc:"the file was removed before a course was made of it: it has to be uploaded again"`
	Done      int64      `json:"done" doc:"how far reading or applying is, of total"`
	Total     int64      `json:"total" doc:"0 until the job has begun"`
	Stuck     bool       `json:"stuck" doc:"reading it was given up after several tries; POST /assets/{id}/retry begins again"`
}

// MoodlePlanBody is what comes of a backup and what does not.
type MoodlePlanBody struct {
	Release string             `json:"release" doc:"of the Moodle that wrote the backup"`
	Lessons []MoodleLessonBody `json:"lessons" nullable:"false"`
	Left    []MoodleLeftBody   `json:"left" nullable:"false" doc:"what does not come, at most 500"`
	More    int                `json:"more" doc:"left out beyond those listed"`
	Files   int                `json:"files" doc:"how many files come"`
	Bytes   int64              `json:"bytes" doc:"of the files"`
	Banked  int                `json:"banked" doc:"questions that go into the bank, because a quiz draws from them"`
}

// MoodleLessonBody is a lesson that comes.
type MoodleLessonBody struct {
	Title     string             `json:"title"`
	Kind      content.LessonKind `json:"kind" enum:"page,video,audio,pdf,quiz,package"`
	Section   string             `json:"section" doc:"of the course in Moodle; may be empty"`
	Questions int                `json:"questions" doc:"of a quiz, in one attempt"`
	Notes     []ProblemField     `json:"notes" nullable:"false" doc:"what of it is left out or must be looked at"`
}

// MoodleLeftBody is something that does not come.
type MoodleLeftBody struct {
	Name    string       `json:"name"`
	Kind    string       `json:"kind" doc:"kind of activity as Moodle names it; or file, question, section"`
	Section string       `json:"section" doc:"of the course in Moodle; may be empty"`
	Reason  ProblemField `json:"reason"`
}

func moodleImportBody(m content.MoodleImport) MoodleImportBody {
	b := MoodleImportBody{
		ID: m.ID.String(), FileName: m.FileName, Size: m.Size, State: m.State, Problem: m.Problem, Title: m.Title, Language: m.Language, CreatedBy: m.CreatedBy,
		CreatedAt: m.CreatedAt.Time, AppliedAt: optionalTime(m.AppliedAt), Gone: m.Gone, Done: m.Done, Total: m.Total, Stuck: m.Stuck,
	}
	if !m.Course.IsZero() {
		b.Course = m.Course.String()
	}
	return b
}

func moodlePlanBody(p content.MoodlePlan) MoodlePlanBody {
	said := func(f fault.Field) ProblemField { return ProblemField{f.Path, f.Key, f.Args} }
	b := MoodlePlanBody{Release: p.Release, Lessons: make([]MoodleLessonBody, 0, len(p.Lessons)), Left: make([]MoodleLeftBody, 0, len(p.Left)), More: p.More, Files: p.Files, Bytes: p.Bytes, Banked: p.Banked}
	for _, l := range p.Lessons {
		one := MoodleLessonBody{Title: l.Title, Kind: l.Kind, Section: l.Section, Questions: l.Questions, Notes: make([]ProblemField, 0, len(l.Notes))}
		for _, n := range l.Notes {
			one.Notes = append(one.Notes, said(n))
		}
		b.Lessons = append(b.Lessons, one)
	}
	for _, l := range p.Left {
		b.Left = append(b.Left, MoodleLeftBody{l.Name, l.Kind, l.Section, said(l.Reason)})
	}
	return b
}

type moodleImportsOutput struct {
	Body struct {
		Items []MoodleImportBody `json:"items" nullable:"false"`
		Next  string             `json:"next,omitempty"`
	}
}

func (a *API) listMoodleImports(ctx context.Context, in *struct {
	Course db.ID  `query:"course" format:"uuid" doc:"only the one that made this course"`
	After  string `query:"after" maxLength:"200"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}) (*moodleImportsOutput, error) {
	list, next, err := a.svc.MoodleImports.List(ctx, caller(ctx).Tenant, in.Course, db.Page{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &moodleImportsOutput{}
	out.Body.Items, out.Body.Next = make([]MoodleImportBody, 0, len(list)), next
	for _, m := range list {
		out.Body.Items = append(out.Body.Items, moodleImportBody(m))
	}
	return out, nil
}

type moodleImportInput struct {
	ID db.ID `path:"id" format:"uuid"`
}

type moodleImportOutput struct {
	Body struct {
		Import MoodleImportBody `json:"import"`
		Plan   MoodlePlanBody   `json:"plan" doc:"what would come; once applied, what came"`
	}
}

func (a *API) getMoodleImport(ctx context.Context, in *moodleImportInput) (*moodleImportOutput, error) {
	m, plan, err := a.svc.MoodleImports.Find(ctx, caller(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	out := &moodleImportOutput{}
	out.Body.Import, out.Body.Plan = moodleImportBody(m), moodlePlanBody(plan)
	return out, nil
}

func (a *API) applyMoodleImport(ctx context.Context, in *struct {
	ID   db.ID `path:"id" format:"uuid"`
	Body struct {
		Title    string `json:"title" minLength:"1" maxLength:"200" doc:"of the course"`
		Language string `json:"language" enum:"ja,en" doc:"of its lessons"`
	}
}) (*struct{ Body MoodleImportBody }, error) {
	m, err := a.svc.MoodleImports.Apply(ctx, caller(ctx).Tenant, in.ID, in.Body.Title, in.Body.Language)
	if err != nil {
		return nil, err
	}
	return &struct{ Body MoodleImportBody }{moodleImportBody(m)}, nil
}
