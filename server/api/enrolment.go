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
	Reason         string     `json:"reason,omitempty" doc:"why exempt or withdrawn: a person's words, or left, rule_removed, excluded or moved"`
	ExemptUntil    string     `json:"exempt_until,omitempty" doc:"the last day of an exemption; missing: for the whole round"`
	ExtendedOn     string     `json:"extended_on,omitempty" doc:"the later day that the manager gave this person"`
	ExtendedReason string     `json:"extended_reason,omitempty"`
	SelfReported   bool       `json:"self_reported" doc:"something that counts rests on what a learning package reported about itself"`
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
		ExemptUntil: e.ExemptUntil, ExtendedOn: e.ExtendedOn, ExtendedReason: e.ExtendedReason, SelfReported: e.SelfReported,
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
		Until  string  `json:"until,omitempty" maxLength:"10" doc:"the last day of an exemption, after which the person takes part again; missing: for the whole round"`
	}
}

func (a *API) setAside(ctx context.Context, in *setAsideInput) (*emptyOutput, error) {
	err := a.svc.Rounds.SetAside(ctx, caller(ctx).Tenant, in.ID, in.Body.IDs,
		lms.Aside{Status: lms.Status(in.Body.Status), Reason: in.Body.Reason, Until: in.Body.Until})
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

// ExtendBody gives people of a round a later day.
type ExtendBody struct {
	IDs    []db.ID `json:"ids" nullable:"false" minItems:"1" maxItems:"500" doc:"enrolments of this round"`
	DueOn  string  `json:"due_on,omitempty" maxLength:"10" doc:"the later day, not before today; missing: the extension is taken back"`
	Reason string  `json:"reason,omitempty" maxLength:"500" doc:"auditors will read it; needed with a day"`
}

type extendInput struct {
	RoundPath
	Body ExtendBody
}

// DueMoveBody is what an extension does to one person.
type DueMoveBody struct {
	ID     db.ID  `json:"id" format:"uuid" doc:"the enrolment"`
	Name   string `json:"name"`
	Status string `json:"status" enum:"not_started,in_progress,interrupted,failed,completed,exempt,withdrawn"`
	From   string `json:"from" format:"date"`
	To     string `json:"to" format:"date" doc:"the same as from when nothing moves: the day is later already, or nothing is left to do"`
}

type extendOutput struct {
	Body struct {
		Items []DueMoveBody `json:"items" nullable:"false"`
	}
}

func dueMoves(list []lms.DueMove, err error) (*extendOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &extendOutput{}
	out.Body.Items = make([]DueMoveBody, len(list))
	for i, m := range list {
		out.Body.Items[i] = DueMoveBody{m.Enrolment, m.Name, string(m.Status), m.From, m.To}
	}
	return out, nil
}

func (a *API) previewExtend(ctx context.Context, in *extendInput) (*extendOutput, error) {
	return dueMoves(a.svc.Rounds.PreviewExtend(ctx, caller(ctx).Tenant, in.ID, in.Body.IDs, lms.Extension{DueOn: in.Body.DueOn, Reason: in.Body.Reason}))
}

func (a *API) extend(ctx context.Context, in *extendInput) (*extendOutput, error) {
	return dueMoves(a.svc.Rounds.Extend(ctx, caller(ctx).Tenant, in.ID, in.Body.IDs, lms.Extension{DueOn: in.Body.DueOn, Reason: in.Body.Reason}))
}
