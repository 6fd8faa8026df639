package api

import (
	"context"
	"io"
	"time"

	"kenshu/lms"
	"kenshu/storage/db"
)

// DossierAttemptBody is one try at a quiz, without what was answered.
type DossierAttemptBody struct {
	Number      int        `json:"number"`
	State       string     `json:"state" enum:"open,submitted"`
	Score       *int       `json:"score,omitempty"`
	Passed      bool       `json:"passed"`
	StartedAt   time.Time  `json:"started_at"`
	SubmittedAt *time.Time `json:"submitted_at,omitempty"`
}

// DossierEntryBody is one course that a person was given.
type DossierEntryBody struct {
	Enrolment    string               `json:"enrolment" format:"uuid"`
	RoundID      string               `json:"round_id" format:"uuid"`
	RoundTitle   string               `json:"round_title"`
	CourseTitle  string               `json:"course_title"`
	StartsOn     string               `json:"starts_on" format:"date"`
	DueOn        string               `json:"due_on" format:"date"`
	Status       string               `json:"status" enum:"not_started,in_progress,interrupted,failed,completed,exempt,withdrawn"`
	Overdue      bool                 `json:"overdue"`
	LessonsDone  int                  `json:"lessons_done"`
	LessonsTotal int                  `json:"lessons_total"`
	Score        *int                 `json:"score,omitempty"`
	SpentSeconds int                  `json:"spent_seconds"`
	AssignedAt   time.Time            `json:"assigned_at" doc:"when the person came into the round"`
	StartedAt    *time.Time           `json:"started_at,omitempty"`
	CompletedAt  *time.Time           `json:"completed_at,omitempty"`
	Reason       string               `json:"reason" doc:"why exempt or withdrawn"`
	Attempts     []DossierAttemptBody `json:"attempts" nullable:"false" doc:"at quizzes, in their order"`
	Certificate  string               `json:"certificate" doc:"the number of the one that stands; empty: none"`
	RevokedAt    *time.Time           `json:"revoked_at,omitempty"`
	Replaced     []ReplacedBody       `json:"replaced" nullable:"false" doc:"the certificates that were issued again, in their order"`
	SelfReported bool                 `json:"self_reported" doc:"something that counts rests on what a learning package reported about itself"`
	Pledges      []SignatureBody      `json:"pledges" nullable:"false" doc:"what the person signed"`
}

// ReplacedBody is a certificate in whose place another was issued.
type ReplacedBody struct {
	Number string    `json:"number"`
	At     time.Time `json:"at" doc:"when it was replaced"`
	By     string    `json:"by" doc:"the name of who issued it again; empty when they are deleted"`
	Reason string    `json:"reason"`
}

type dossierOutput struct {
	Body struct {
		Items []DossierEntryBody `json:"items" nullable:"false"`
		Next  string             `json:"next,omitempty"`
	}
}

func dossierEntryBody(e lms.DossierEntry) DossierEntryBody {
	b := DossierEntryBody{
		Enrolment: e.Enrolment.String(), RoundID: e.Round.String(), RoundTitle: e.RoundTitle, CourseTitle: e.CourseTitle, StartsOn: e.StartsOn, DueOn: e.DueOn,
		Status: string(e.Status), Overdue: e.Overdue, LessonsDone: e.LessonsDone, LessonsTotal: e.LessonsTotal, Score: e.Score, SpentSeconds: e.SpentSeconds,
		AssignedAt: e.AssignedAt.Time, StartedAt: moment(e.StartedAt), CompletedAt: moment(e.CompletedAt), Reason: e.Reason, Attempts: make([]DossierAttemptBody, 0, len(e.Attempts)),
		SelfReported: e.SelfReported, Pledges: make([]SignatureBody, 0, len(e.Pledges)), Replaced: make([]ReplacedBody, 0, len(e.Replaced)),
	}
	for _, a := range e.Attempts {
		b.Attempts = append(b.Attempts, DossierAttemptBody{a.Number, a.State, a.Score, a.Passed, a.StartedAt.Time, moment(a.SubmittedAt)})
	}
	for _, p := range e.Pledges {
		b.Pledges = append(b.Pledges, signatureBody(p))
	}
	if e.Certificate != nil {
		b.Certificate, b.RevokedAt = e.Certificate.Number, moment(e.Certificate.RevokedAt)
	}
	for _, c := range e.Replaced {
		b.Replaced = append(b.Replaced, ReplacedBody{c.Number, c.ReplacedAt.Time, c.ReplacedBy, c.ReplacedReason})
	}
	return b
}

func (a *API) getPersonDossier(ctx context.Context, in *struct {
	PersonPath
	After string `query:"after" maxLength:"1000"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}) (*dossierOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	entries, next, err := a.svc.Dossiers.List(ctx, caller(ctx).Tenant, id, db.Page{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &dossierOutput{}
	out.Body.Items, out.Body.Next = make([]DossierEntryBody, 0, len(entries)), next
	for _, e := range entries {
		out.Body.Items = append(out.Body.Items, dossierEntryBody(e))
	}
	return out, nil
}

func (a *API) printPersonLedger(ctx context.Context, in *struct {
	PersonPath
	Spoken
}) (*fileOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	ledger, err := a.svc.Dossiers.Print(ctx, caller(ctx).Tenant, id)
	if err != nil {
		return nil, err
	}
	language := in.language()
	return a.download("application/pdf", ledger.FileName(language)+".pdf", func(w io.Writer) error { return ledger.WritePDF(w, language) }), nil
}
