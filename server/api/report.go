package api

import (
	"context"
	"io"
	"slices"
	"time"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/storage/db"
	"kenshu/storage/sheet"
	"kenshu/tenant"
)

// ReportFilterInput narrows the report table.
type ReportFilterInput struct {
	Rounds        []string `query:"round" maxItems:"200" doc:"in any of these rounds"`
	Statuses      []string `query:"status" enum:"not_started,in_progress,interrupted,failed,completed,exempt,withdrawn,overdue" maxItems:"8" doc:"any of these; overdue beside the statuses means late"`
	Departments   []string `query:"department" maxItems:"100" doc:"of people who belong today to one of these or to anything below it"`
	Kinds         []string `query:"employment_kind" enum:"employee,officer,part_time,contract,dispatched" maxItems:"5" doc:"any of these"`
	DueFrom       string   `query:"due_from" maxLength:"10" doc:"due on this day or later, YYYY-MM-DD"`
	DueTo         string   `query:"due_to" maxLength:"10" doc:"due on this day or earlier, YYYY-MM-DD"`
	CompletedFrom string   `query:"completed_from" maxLength:"10" doc:"completed on this day or later, YYYY-MM-DD"`
	CompletedTo   string   `query:"completed_to" maxLength:"10" doc:"completed on this day or earlier, YYYY-MM-DD"`
	Query         string   `query:"q" maxLength:"100" doc:"part of a name, reading, login ID, employee number or mail address"`
}

func (f ReportFilterInput) filter() (lms.ReportFilter, error) {
	rounds, err := filterIDs("round", f.Rounds)
	if err != nil {
		return lms.ReportFilter{}, err
	}
	departments, err := filterIDs("department", f.Departments)
	if err != nil {
		return lms.ReportFilter{}, err
	}
	out := lms.ReportFilter{
		Rounds: rounds, Departments: departments, Overdue: slices.Contains(f.Statuses, "overdue"), DueFrom: f.DueFrom, DueTo: f.DueTo,
		CompletedFrom: f.CompletedFrom, CompletedTo: f.CompletedTo, Query: f.Query,
	}
	for _, s := range f.Statuses {
		if s != "overdue" {
			out.Statuses = append(out.Statuses, lms.Status(s))
		}
	}
	for _, k := range f.Kinds {
		out.Kinds = append(out.Kinds, tenant.EmploymentKind(k))
	}
	return out, nil
}

// filterIDs reads ids of a filter: what is no id is a mistake, what is an id of nothing finds nothing.
func filterIDs(path string, texts []string) ([]db.ID, error) {
	var ids []db.ID
	for _, text := range texts {
		id, err := db.ParseID(text)
		if err != nil {
			return nil, &fault.Error{Kind: fault.Invalid, Key: "invalid", Fields: []fault.Field{{Path: path, Key: "bad_value"}}, Err: err}
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// ReportQueryInput is what to show of the report table, and in which order.
type ReportQueryInput struct {
	ReportFilterInput
	Columns    []string `query:"column" maxItems:"40" doc:"what to read beside the enrolment itself, in the order of an export: a name of a column, or field: and the id of an own field"`
	Sort       string   `query:"sort" enum:"name,login_id,due_on,completed_on" default:"name" doc:"by reading or name, login ID, due day, or completion (those who have not completed last)"`
	Descending bool     `query:"descending" doc:"the other way round"`
}

func (q ReportQueryInput) query() (lms.ReportQuery, error) {
	f, err := q.filter()
	return lms.ReportQuery{Filter: f, Columns: q.Columns, Sort: q.Sort, Descending: q.Descending}, err
}

// ReportPersonBody is who a row of the report table is about.
type ReportPersonBody struct {
	ID             db.ID             `json:"id" format:"uuid"`
	Name           string            `json:"name"`
	NameKana       string            `json:"name_kana"`
	LoginID        string            `json:"login_id"`
	EmployeeNumber string            `json:"employee_number"`
	EmploymentKind string            `json:"employment_kind"`
	State          string            `json:"state"`
	Departments    []string          `json:"departments" nullable:"false" doc:"paths of those the person belongs to today; only when the column is asked for"`
	Fields         map[string]string `json:"fields,omitempty" doc:"own fields by their id; only those that are asked for"`
}

func reportPersonBody(p lms.ReportPerson) ReportPersonBody {
	out := ReportPersonBody{
		ID: p.ID, Name: p.Name, NameKana: p.NameKana, LoginID: p.LoginID, EmployeeNumber: p.EmployeeNumber, EmploymentKind: string(p.Kind), State: string(p.State),
		Departments: p.Departments,
	}
	if out.Departments == nil {
		out.Departments = []string{}
	}
	for id, value := range p.Fields {
		if out.Fields == nil {
			out.Fields = map[string]string{}
		}
		out.Fields[id.String()] = value
	}
	return out
}

// ReportRowBody is one person in one round.
type ReportRowBody struct {
	ID             db.ID            `json:"id" format:"uuid" doc:"of the enrolment"`
	Person         ReportPersonBody `json:"person"`
	RoundID        db.ID            `json:"round_id" format:"uuid"`
	RoundTitle     string           `json:"round_title"`
	CourseTitle    string           `json:"course_title"`
	Status         string           `json:"status" enum:"not_started,in_progress,interrupted,failed,completed,exempt,withdrawn"`
	Overdue        bool             `json:"overdue" doc:"late: the due day has passed and there is still something to do"`
	DueOn          string           `json:"due_on" format:"date"`
	LessonsDone    int              `json:"lessons_done"`
	LessonsTotal   int              `json:"lessons_total"`
	Score          *int             `json:"score,omitempty"`
	StartedAt      *time.Time       `json:"started_at,omitempty"`
	CompletedAt    *time.Time       `json:"completed_at,omitempty"`
	LastActivityAt *time.Time       `json:"last_activity_at,omitempty"`
	SpentSeconds   int              `json:"spent_seconds" doc:"only when the column spent is asked for"`
	Attempts       int              `json:"attempts" doc:"how many quizzes were handed in; only when the column is asked for"`
	Certificate    string           `json:"certificate,omitempty" doc:"number of the certificate that stands; only when the column is asked for"`
	Reason         string           `json:"reason,omitempty" doc:"why exempt or withdrawn: a person's words, or left or rule_removed"`
	SelfReported   bool             `json:"self_reported" doc:"something that counts rests on what a learning package reported about itself"`
}

func reportRowBody(r lms.ReportRow) ReportRowBody {
	return ReportRowBody{
		ID: r.ID, Person: reportPersonBody(r.Person), RoundID: r.Round, RoundTitle: r.RoundTitle, CourseTitle: r.CourseTitle, Status: string(r.Status), Overdue: r.Overdue,
		DueOn: r.DueOn, LessonsDone: r.LessonsDone, LessonsTotal: r.LessonsTotal, Score: r.Score, StartedAt: timeOrNil(r.StartedAt), CompletedAt: timeOrNil(r.CompletedAt),
		LastActivityAt: timeOrNil(r.LastActivityAt), SpentSeconds: r.SpentSeconds, Attempts: r.Attempts, Certificate: r.Certificate, Reason: r.Reason, SelfReported: r.SelfReported,
	}
}

type listReportInput struct {
	ReportQueryInput
	PageInput
}

type listReportOutput struct {
	Body struct {
		Items []ReportRowBody `json:"items" nullable:"false"`
		Next  string          `json:"next,omitempty"`
	}
}

func (a *API) listReport(ctx context.Context, in *listReportInput) (*listReportOutput, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	rows, next, err := a.svc.Reports.List(ctx, caller(ctx).Tenant, q, db.Page{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &listReportOutput{}
	out.Body.Items, out.Body.Next = make([]ReportRowBody, 0, len(rows)), next
	for _, r := range rows {
		out.Body.Items = append(out.Body.Items, reportRowBody(r))
	}
	return out, nil
}

type countReportInput struct{ ReportFilterInput }

type countReportOutput struct {
	Body struct {
		Total int `json:"total"`
	}
}

func (a *API) countReport(ctx context.Context, in *countReportInput) (*countReportOutput, error) {
	f, err := in.filter()
	if err != nil {
		return nil, err
	}
	n, err := a.svc.Reports.Count(ctx, caller(ctx).Tenant, f)
	if err != nil {
		return nil, err
	}
	out := &countReportOutput{}
	out.Body.Total = n
	return out, nil
}

// MatrixRoundBody is a column of the grid.
type MatrixRoundBody struct {
	ID         db.ID  `json:"id" format:"uuid"`
	Title      string `json:"title"`
	DeadlineOn string `json:"deadline_on" format:"date"`
}

// MatrixPersonBody is a row of the grid.
type MatrixPersonBody struct {
	Person ReportPersonBody `json:"person"`
	Cells  []ReportCellBody `json:"cells" nullable:"false" doc:"the rounds of the grid that the person is in"`
}

// ReportCellBody is how a person stands in a round of the grid.
type ReportCellBody struct {
	RoundID     db.ID      `json:"round_id" format:"uuid"`
	Status      string     `json:"status" enum:"not_started,in_progress,interrupted,failed,completed,exempt,withdrawn"`
	Overdue     bool       `json:"overdue"`
	DueOn       string     `json:"due_on" format:"date"`
	CompletedAt *time.Time `json:"completed_at,omitempty"`
}

type matrixReportOutput struct {
	Body struct {
		Rounds []MatrixRoundBody  `json:"rounds" nullable:"false" doc:"the columns, the earliest deadline first: those of the filter, else the latest, at most 30"`
		Items  []MatrixPersonBody `json:"items" nullable:"false"`
		Next   string             `json:"next,omitempty"`
	}
}

func (a *API) matrixReport(ctx context.Context, in *listReportInput) (*matrixReportOutput, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	m, err := a.svc.Reports.Matrix(ctx, caller(ctx).Tenant, q, db.Page{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &matrixReportOutput{}
	out.Body.Rounds, out.Body.Items, out.Body.Next = make([]MatrixRoundBody, 0, len(m.Rounds)), make([]MatrixPersonBody, 0, len(m.People)), m.Next
	for _, r := range m.Rounds {
		out.Body.Rounds = append(out.Body.Rounds, MatrixRoundBody{r.ID, r.Title, r.DeadlineOn})
	}
	for _, p := range m.People {
		row := MatrixPersonBody{Person: reportPersonBody(p.ReportPerson), Cells: []ReportCellBody{}}
		for _, r := range m.Rounds {
			if c, in := p.Cells[r.ID]; in {
				row.Cells = append(row.Cells, ReportCellBody{r.ID, string(c.Status), c.Overdue, c.DueOn, timeOrNil(c.CompletedAt)})
			}
		}
		out.Body.Items = append(out.Body.Items, row)
	}
	return out, nil
}

type exportReportInput struct {
	ReportQueryInput
	Form     string `query:"form" enum:"list,matrix" default:"list" doc:"a row for every person in every round, or a grid of people and rounds"`
	Format   string `query:"format" enum:"csv,csv_shift_jis,xlsx,pdf" default:"xlsx"`
	Language string `query:"language" enum:"ja,en" default:"ja"`
}

func (a *API) exportReport(ctx context.Context, in *exportReportInput) (*fileOutput, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	tid := caller(ctx).Tenant
	x := lms.ReportExport{View: lms.View{ReportQuery: q, Form: in.Form}, Format: in.Format, Language: in.Language}
	if err := a.svc.Reports.CheckExport(ctx, tid, x); err != nil {
		return nil, err
	}
	media, end := sheet.Format(in.Format).MediaType(), sheet.Format(in.Format).Extension()
	if in.Format == lms.FormatPDF {
		media, end = "application/pdf", ".pdf"
	}
	return a.download(media, lms.ReportName(in.Language)+end, func(w io.Writer) error { return a.svc.Reports.Export(ctx, tid, w, x) }), nil
}

// ReportChoiceBody is something the report can be narrowed to, or show.
type ReportChoiceBody struct {
	ID   db.ID  `json:"id" format:"uuid"`
	Name string `json:"name" doc:"title of a round, path of a department, name of an own field"`
}

type reportChoicesOutput struct {
	Body struct {
		Rounds      []ReportChoiceBody `json:"rounds" nullable:"false" doc:"the latest deadline first"`
		Departments []ReportChoiceBody `json:"departments" nullable:"false" doc:"in the order of the tree"`
		Fields      []ReportChoiceBody `json:"fields" nullable:"false" doc:"own fields of people, in their order"`
	}
}

func (a *API) reportChoices(ctx context.Context, _ *struct{}) (*reportChoicesOutput, error) {
	c, err := a.svc.Reports.Choices(ctx, caller(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	out := &reportChoicesOutput{}
	out.Body.Rounds, out.Body.Departments, out.Body.Fields = []ReportChoiceBody{}, []ReportChoiceBody{}, []ReportChoiceBody{}
	for _, r := range c.Rounds {
		out.Body.Rounds = append(out.Body.Rounds, ReportChoiceBody{r.ID, r.Title})
	}
	for _, d := range c.Departments {
		out.Body.Departments = append(out.Body.Departments, ReportChoiceBody{d.ID, d.Path})
	}
	for _, f := range c.Fields {
		out.Body.Fields = append(out.Body.Fields, ReportChoiceBody{f.ID, f.Name})
	}
	return out, nil
}
