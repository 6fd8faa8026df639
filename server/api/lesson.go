package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"kenshu/content"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// LessonEntry is a lesson in its course's outline.
type LessonEntry struct {
	ID        string             `json:"id" format:"uuid"`
	Kind      content.LessonKind `json:"kind" enum:"page,video,audio,pdf,quiz,package,survey,pledge"`
	Title     string             `json:"title"`
	Version   int64              `json:"version"`
	UpdatedAt time.Time          `json:"updated_at"`
	Threads   int                `json:"threads" doc:"comments that are not resolved; only in the list of a course's lessons"`
}

// LessonBody is a lesson of the draft.
type LessonBody struct {
	LessonEntry
	Course  string       `json:"course" format:"uuid"`
	Body    content.Body `json:"body" doc:"exactly the member named by kind"`
	SavedBy string       `json:"saved_by"`
	ByYou   bool         `json:"saved_by_you" doc:"the person who asks saved it, on another screen perhaps"`
}

func lessonEntry(l content.Lesson) LessonEntry {
	return LessonEntry{l.ID.String(), l.Kind, l.Title, l.Version, l.UpdatedAt.Time, 0}
}

func lessonBody(ctx context.Context, l content.Lesson) LessonBody {
	you := tenant.ActorFrom(ctx).Person
	return LessonBody{lessonEntry(l), l.Course.String(), l.Body, l.SavedBy, !you.IsZero() && l.SaverID == you}
}

type lessonOutput struct{ Body LessonBody }

// lessonAnswer gives the lesson; a save that came too late is answered with what stands there now, so that the page can show both.
func lessonAnswer(ctx context.Context, l content.Lesson, err error) (*lessonOutput, error) {
	var conflict *content.LessonConflict
	if errors.As(err, &conflict) {
		p := newProblem(http.StatusConflict, "lesson_changed")
		p.Args = map[string]any{"current": lessonBody(ctx, conflict.Current), "name": conflict.Current.SavedBy}
		p.RequestID = requestID(ctx)
		return nil, p
	}
	if err != nil {
		return nil, err
	}
	return &lessonOutput{lessonBody(ctx, l)}, nil
}

type listLessonsOutput struct {
	Body struct {
		Items []LessonEntry `json:"items" nullable:"false"`
	}
}

func (a *API) listLessons(ctx context.Context, in *courseInput) (*listLessonsOutput, error) {
	lessons, err := a.svc.Courses.ListLessons(ctx, caller(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	threads, err := a.svc.Courses.OpenThreads(ctx, caller(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	out := &listLessonsOutput{}
	out.Body.Items = make([]LessonEntry, 0, len(lessons))
	for _, l := range lessons {
		entry := lessonEntry(l)
		entry.Threads = threads[l.ID]
		out.Body.Items = append(out.Body.Items, entry)
	}
	return out, nil
}

type createLessonInput struct {
	ID db.ID `path:"id" format:"uuid"`
	Repeatable
	Body struct {
		Kind  content.LessonKind `json:"kind" enum:"page,video,audio,pdf,quiz,package,survey,pledge"`
		Title string             `json:"title" maxLength:"200"`
		After db.ID              `json:"after,omitzero" required:"false" format:"uuid" doc:"the lesson to stand behind; without it the end"`
	}
}

func (a *API) createLesson(ctx context.Context, in *createLessonInput) (*lessonOutput, error) {
	l, err := a.svc.Courses.AddLesson(ctx, caller(ctx).Tenant, in.ID, in.newID(ctx, "lesson"), in.Body.Kind, in.Body.Title, in.Body.After)
	return lessonAnswer(ctx, l, err)
}

type orderLessonsInput struct {
	ID   db.ID `path:"id" format:"uuid"`
	Body struct {
		Lessons []db.ID `json:"lessons" nullable:"false" maxItems:"300" doc:"every lesson of the course, in the new order"`
	}
}

func (a *API) orderLessons(ctx context.Context, in *orderLessonsInput) (*struct{}, error) {
	return nil, a.svc.Courses.OrderLessons(ctx, caller(ctx).Tenant, in.ID, in.Body.Lessons)
}

type lessonInput struct {
	ID db.ID `path:"id" format:"uuid"`
}

func (a *API) getLesson(ctx context.Context, in *lessonInput) (*lessonOutput, error) {
	l, err := a.svc.Courses.FindLesson(ctx, caller(ctx).Tenant, in.ID)
	return lessonAnswer(ctx, l, err)
}

type saveLessonInput struct {
	ID   db.ID `path:"id" format:"uuid"`
	Body struct {
		Title       string       `json:"title" maxLength:"200"`
		Body        content.Body `json:"body" doc:"exactly the member named by the lesson's kind"`
		BaseVersion int64        `json:"base_version" minimum:"1" doc:"version of the lesson that was being edited"`
		SaveID      string       `json:"client_save_id" minLength:"1" maxLength:"64" doc:"the page's name of this save; the same in every repeat"`
	}
}

func (a *API) saveLesson(ctx context.Context, in *saveLessonInput) (*lessonOutput, error) {
	l, err := a.svc.Courses.SaveLesson(ctx, caller(ctx).Tenant, in.ID, content.SaveLesson{
		Title: in.Body.Title, Body: in.Body.Body, Base: in.Body.BaseVersion, SaveID: in.Body.SaveID,
	})
	return lessonAnswer(ctx, l, err)
}

func (a *API) deleteLesson(ctx context.Context, in *lessonInput) (*struct{}, error) {
	return nil, a.svc.Courses.DeleteLesson(ctx, caller(ctx).Tenant, in.ID)
}

func (a *API) restoreLesson(ctx context.Context, in *lessonInput) (*lessonOutput, error) {
	l, err := a.svc.Courses.RestoreLesson(ctx, caller(ctx).Tenant, in.ID)
	return lessonAnswer(ctx, l, err)
}

type duplicateLessonInput struct {
	ID db.ID `path:"id" format:"uuid"`
	Repeatable
	Body struct {
		Title string `json:"title" maxLength:"200" doc:"of the copy"`
	}
}

func (a *API) duplicateLesson(ctx context.Context, in *duplicateLessonInput) (*lessonOutput, error) {
	l, err := a.svc.Courses.DuplicateLesson(ctx, caller(ctx).Tenant, in.ID, in.newID(ctx, "lesson copy"), in.Body.Title)
	return lessonAnswer(ctx, l, err)
}

// RevisionEntry is one saved state of a lesson.
type RevisionEntry struct {
	Version int64     `json:"version"`
	Title   string    `json:"title"`
	SavedBy string    `json:"saved_by"`
	SavedAt time.Time `json:"saved_at"`
}

type listRevisionsInput struct {
	ID    db.ID  `path:"id" format:"uuid"`
	After string `query:"after" maxLength:"200"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type listRevisionsOutput struct {
	Body struct {
		Items []RevisionEntry `json:"items" nullable:"false"`
		Next  string          `json:"next,omitempty"`
	}
}

func (a *API) listRevisions(ctx context.Context, in *listRevisionsInput) (*listRevisionsOutput, error) {
	revisions, next, err := a.svc.Courses.ListRevisions(ctx, caller(ctx).Tenant, in.ID, db.Page{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &listRevisionsOutput{}
	out.Body.Items, out.Body.Next = make([]RevisionEntry, 0, len(revisions)), next
	for _, r := range revisions {
		out.Body.Items = append(out.Body.Items, RevisionEntry{r.Version, r.Title, r.SavedBy, r.SavedAt.Time})
	}
	return out, nil
}

type revisionInput struct {
	ID      db.ID `path:"id" format:"uuid"`
	Version int   `path:"version" minimum:"1"`
}

type revisionOutput struct {
	Body struct {
		RevisionEntry
		Body content.Body `json:"body"`
	}
}

func (a *API) getRevision(ctx context.Context, in *revisionInput) (*revisionOutput, error) {
	r, err := a.svc.Courses.FindRevision(ctx, caller(ctx).Tenant, in.ID, in.Version)
	if err != nil {
		return nil, err
	}
	out := &revisionOutput{}
	out.Body.RevisionEntry = RevisionEntry{r.Version, r.Title, r.SavedBy, r.SavedAt.Time}
	out.Body.Body = r.Body
	return out, nil
}
