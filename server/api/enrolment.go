package api

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"kenshu/lms"
	"kenshu/storage/db"
	"kenshu/storage/sheet"
)

// EnrolmentBody is one person in one round.
type EnrolmentBody struct {
	ID             db.ID      `json:"id" format:"uuid"`
	Person         PersonName `json:"person"`
	EmployeeNumber string     `json:"employee_number"`
	PersonState    string     `json:"person_state" enum:"active,suspended,left"`
	Departments    []string   `json:"departments" nullable:"false"`
	Status         string     `json:"status" enum:"not_started,in_progress,interrupted,failed,completed,exempt,withdrawn"`
	Overdue        bool       `json:"overdue" doc:"late: the due day has passed and there is still something to do"`
	DueOn          string     `json:"due_on" format:"date"`
	LessonsDone    int        `json:"lessons_done"`
	LessonsTotal   int        `json:"lessons_total"`
	Score          *int       `json:"score,omitempty" doc:"percent"`
	StartedAt      *time.Time `json:"started_at,omitempty"`
	CompletedAt    *time.Time `json:"completed_at,omitempty"`
	LastActivityAt *time.Time `json:"last_activity_at,omitempty"`
	Reason         string     `json:"reason,omitempty" doc:"why exempt or withdrawn: a person's words, or left or rule_removed"`
}

func enrolmentBody(e lms.Enrolment) EnrolmentBody {
	departments := e.Departments
	if departments == nil {
		departments = []string{}
	}
	return EnrolmentBody{
		ID: e.ID, Person: PersonName{e.Person, e.Name, e.LoginID}, EmployeeNumber: e.EmployeeNumber, PersonState: e.PersonState, Departments: departments,
		Status: string(e.Status), Overdue: e.Overdue, DueOn: e.DueOn, LessonsDone: e.LessonsDone, LessonsTotal: e.LessonsTotal, Score: e.Score,
		StartedAt: timeOrNil(e.StartedAt), CompletedAt: timeOrNil(e.CompletedAt), LastActivityAt: timeOrNil(e.LastActivityAt), Reason: e.Reason,
	}
}

// EnrolmentFilterInput narrows the people of a round.
type EnrolmentFilterInput struct {
	RoundPath
	Status     []string `query:"status" enum:"not_started,in_progress,interrupted,failed,completed,exempt,withdrawn,overdue" maxItems:"8" doc:"any of these; overdue beside the statuses means late"`
	Department db.ID    `query:"department" format:"uuid" doc:"of people who belong to it today"`
	Query      string   `query:"q" maxLength:"100" doc:"part of a name, login ID, employee number or mail address"`
	NoAddress  bool     `query:"no_address" doc:"of people without a mail address"`
}

func (f EnrolmentFilterInput) filter() lms.EnrolmentFilter {
	out := lms.EnrolmentFilter{Round: f.ID, Department: f.Department, Query: f.Query, NoAddress: f.NoAddress, Overdue: slices.Contains(f.Status, "overdue")}
	for _, s := range f.Status {
		if s != "overdue" {
			out.Statuses = append(out.Statuses, lms.Status(s))
		}
	}
	return out
}

type listEnrolmentsInput struct {
	EnrolmentFilterInput
	PageInput
}

type listEnrolmentsOutput struct {
	Body struct {
		Items []EnrolmentBody `json:"items" nullable:"false"`
		Next  string          `json:"next,omitempty"`
		Total *int            `json:"total,omitempty" doc:"how many in all; on the first page only"`
	}
}

func (a *API) listEnrolments(ctx context.Context, in *listEnrolmentsInput) (*listEnrolmentsOutput, error) {
	list, next, total, err := a.svc.Rounds.ListEnrolments(ctx, caller(ctx).Tenant, in.filter(), db.Page{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &listEnrolmentsOutput{}
	out.Body.Items, out.Body.Next = make([]EnrolmentBody, 0, len(list)), next
	if in.After == "" {
		out.Body.Total = &total
	}
	for _, e := range list {
		out.Body.Items = append(out.Body.Items, enrolmentBody(e))
	}
	return out, nil
}

type exportEnrolmentsInput struct {
	EnrolmentFilterInput
	Format   string `query:"format" enum:"csv,csv_shift_jis,xlsx" default:"xlsx"`
	Language string `query:"language" enum:"ja,en" default:"ja"`
}

func (a *API) exportEnrolments(ctx context.Context, in *exportEnrolmentsInput) (*fileOutput, error) {
	tid := caller(ctx).Tenant
	r, err := a.svc.Rounds.Find(ctx, tid, in.ID)
	if err != nil {
		return nil, err
	}
	format := sheet.Format(in.Format)
	return a.download(format.MediaType(), strings.Join([]string{r.Title, lms.ExportName(in.Language)}, " ")+format.Extension(), func(w io.Writer) error {
		return a.svc.Rounds.WriteEnrolments(ctx, tid, w, format, in.filter(), in.Language)
	}), nil
}

type setAsideInput struct {
	RoundPath
	Body struct {
		IDs    []db.ID `json:"ids" nullable:"false" minItems:"1" maxItems:"500" doc:"enrolments of this round"`
		Status string  `json:"status" enum:"exempt,withdrawn"`
		Reason string  `json:"reason" minLength:"1" maxLength:"500" doc:"auditors will read it"`
	}
}

func (a *API) setAside(ctx context.Context, in *setAsideInput) (*emptyOutput, error) {
	err := a.svc.Rounds.SetAside(ctx, caller(ctx).Tenant, in.ID, in.Body.IDs, lms.Status(in.Body.Status), in.Body.Reason)
	return &emptyOutput{}, err
}

type reinstateInput struct {
	RoundPath
	Body struct {
		IDs []db.ID `json:"ids" nullable:"false" minItems:"1" maxItems:"500"`
	}
}

func (a *API) reinstate(ctx context.Context, in *reinstateInput) (*emptyOutput, error) {
	return &emptyOutput{}, a.svc.Rounds.Reinstate(ctx, caller(ctx).Tenant, in.ID, in.Body.IDs)
}
