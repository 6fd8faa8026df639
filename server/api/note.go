package api

import (
	"context"
	"time"

	"kenshu/lms"
	"kenshu/storage/db"
)

// NoteBody is one of the caller's own notes.
type NoteBody struct {
	ID          db.ID     `json:"id" format:"uuid"`
	Enrolment   db.ID     `json:"enrolment" format:"uuid"`
	Lesson      *string   `json:"lesson,omitempty" format:"uuid" doc:"absent: the course has the lesson no more"`
	CourseTitle string    `json:"course_title"`
	LessonTitle string    `json:"lesson_title" doc:"as it was called when the note was written"`
	Position    *int64    `json:"position,omitempty" doc:"milliseconds of a video or recording; absent: of the lesson as a whole"`
	Text        string    `json:"text" doc:"empty: the note is deleted"`
	Seq         int64     `json:"client_seq" doc:"which of the browser's texts it is"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
}

type listNotesInput struct {
	Enrolment string `query:"enrolment" format:"uuid" doc:"only those on this course; empty: all"`
}
type listNotesOutput struct {
	Body struct {
		Items []NoteBody `json:"items" nullable:"false"`
	}
}
type saveNoteInput struct {
	ID     string `path:"id" format:"uuid"`
	Lesson string `path:"lesson" format:"uuid"`
	Body   struct {
		Person   string `json:"person,omitempty" format:"uuid" doc:"who wrote it: when somebody else is logged in by now, nothing is kept and the answer is 409 other_person"`
		Key      string `json:"key" minLength:"1" maxLength:"64" doc:"the id of a note that there is, or the browser's name for a new one: the same key is the same note"`
		Base     int64  `json:"base_seq" minimum:"0" doc:"client_seq of the text it was made from; 0: it is new"`
		Seq      int64  `json:"client_seq" minimum:"1" doc:"grows with every text"`
		Text     string `json:"text" maxLength:"2000" doc:"empty: delete the note"`
		Position *int64 `json:"position,omitempty" minimum:"0" doc:"milliseconds of a video or recording"`
	}
}
type noteOutput struct{ Body NoteBody }

func (a *API) listNotes(ctx context.Context, in *listNotesInput) (*listNotesOutput, error) {
	p := caller(ctx)
	var enrolment db.ID
	if in.Enrolment != "" {
		ids, err := pathIDs(in.Enrolment)
		if err != nil {
			return nil, err
		}
		enrolment = ids[0]
	}
	list, err := a.svc.Learning.ListNotes(ctx, p.Tenant, p.Person, enrolment)
	if err != nil {
		return nil, err
	}
	out := &listNotesOutput{}
	out.Body.Items = make([]NoteBody, 0, len(list))
	for _, n := range list {
		out.Body.Items = append(out.Body.Items, noteBody(n))
	}
	return out, nil
}

func (a *API) saveNote(ctx context.Context, in *saveNoteInput) (*noteOutput, error) {
	p := caller(ctx)
	if err := samePerson(p, in.Body.Person); err != nil {
		return nil, err
	}
	ids, err := pathIDs(in.ID, in.Lesson)
	if err != nil {
		return nil, err
	}
	b := in.Body
	note, err := a.svc.Learning.SaveNote(ctx, p.Tenant, p.Person, ids[0], ids[1], lms.NoteInput{Key: b.Key, Base: b.Base, Seq: b.Seq, Text: b.Text, Position: b.Position})
	if err != nil {
		return nil, err
	}
	return &noteOutput{Body: noteBody(note)}, nil
}

func noteBody(n lms.Note) NoteBody {
	return NoteBody{
		ID: n.ID, Enrolment: n.Enrolment, Lesson: optionalID(n.Lesson), CourseTitle: n.CourseTitle, LessonTitle: n.LessonTitle, Position: n.Position, Text: n.Text, Seq: n.Seq,
		CreatedAt: n.CreatedAt.UTC(), UpdatedAt: n.UpdatedAt.UTC(),
	}
}
