package lms

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// ReportFilter narrows the table of everybody in every round. Every field that is set narrows further. Ids of things that are not there match nothing.
type ReportFilter struct {
	Rounds        []db.ID                 `json:"rounds,omitempty"`
	Statuses      []Status                `json:"statuses,omitempty"`    // any of them
	Overdue       bool                    `json:"overdue,omitempty"`     // or late, beside Statuses
	Departments   []db.ID                 `json:"departments,omitempty"` // people who belong today to one of them or to anything below it
	Kinds         []tenant.EmploymentKind `json:"kinds,omitempty"`
	DueFrom       string                  `json:"due_from,omitempty"` // calendar days, included
	DueTo         string                  `json:"due_to,omitempty"`
	CompletedFrom string                  `json:"completed_from,omitempty"`
	CompletedTo   string                  `json:"completed_to,omitempty"`
	Query         string                  `json:"q,omitempty"` // part of a name, kana, login ID, employee number or mail address
}

// Limits of a filter.
const (
	MaxReportRounds      = 200
	MaxReportDepartments = 100
	MaxReportQuery       = 100
	MaxReportColumns     = 40
)

func (f ReportFilter) check(c *fault.Check) {
	c.If(len(f.Rounds) > MaxReportRounds, "filter.rounds", "too_many", "max", MaxReportRounds)
	c.If(len(f.Departments) > MaxReportDepartments, "filter.departments", "too_many", "max", MaxReportDepartments)
	c.If(utf8.RuneCountInString(f.Query) > MaxReportQuery, "filter.q", "too_long", "max", MaxReportQuery)
	c.If(len(f.Statuses) > len(Statuses) || slices.ContainsFunc(f.Statuses, func(s Status) bool { return !slices.Contains(Statuses, s) }), "filter.statuses", "not_in_list")
	c.If(len(f.Kinds) > len(tenant.EmploymentKinds) || slices.ContainsFunc(f.Kinds, func(k tenant.EmploymentKind) bool { return !slices.Contains(tenant.EmploymentKinds, k) }),
		"filter.kinds", "not_in_list")
	for path, day := range map[string]string{"due_from": f.DueFrom, "due_to": f.DueTo, "completed_from": f.CompletedFrom, "completed_to": f.CompletedTo} {
		c.If(day != "" && !tenant.ValidDay(day), "filter."+path, "bad_date")
	}
}

// ReportColumns are the columns of the table. A column that begins with ColumnField is an own field, by its id.
var ReportColumns = []string{
	"name", "name_kana", "login_id", "employee_number", "departments", "employment_kind", "round", "course", "status", "due_on", "lessons", "score",
	"started_on", "completed_on", "last_activity", "spent", "attempts", "certificate", "reason", "basis",
}

// ColumnField begins the name of a column that is an own field of people: "field:" and its id.
const ColumnField = "field:"

// DefaultReportColumns are shown until somebody chooses others.
var DefaultReportColumns = []string{"name", "departments", "round", "status", "due_on", "completed_on", "score"}

// ReportSorts are the orders of the table: those that an index serves, however many rows there are. All other columns are read only for the rows shown.
var ReportSorts = []string{"name", "login_id", "due_on", "completed_on"}

// ReportQuery asks for part of the table.
type ReportQuery struct {
	Filter     ReportFilter `json:"filter"`
	Columns    []string     `json:"columns"` // what is read beside the enrolment itself; empty: DefaultReportColumns
	Sort       string       `json:"sort"`    // of ReportSorts; empty: name
	Descending bool         `json:"descending,omitempty"`
}

func (q *ReportQuery) check(c *fault.Check) {
	if len(q.Columns) == 0 {
		q.Columns = DefaultReportColumns
	}
	if q.Sort == "" {
		q.Sort = "name"
	}
	q.Filter.check(c)
	c.If(len(q.Columns) > MaxReportColumns, "columns", "too_many", "max", MaxReportColumns)
	c.If(!slices.Contains(ReportSorts, q.Sort), "sort", "not_in_list")
	seen := map[string]bool{}
	for _, column := range q.Columns {
		id, own := strings.CutPrefix(column, ColumnField)
		_, err := db.ParseID(id)
		c.If(seen[column] || !slices.Contains(ReportColumns, column) && (!own || err != nil), "columns", "not_in_list")
		seen[column] = true
	}
}

func (q ReportQuery) shows(columns ...string) bool {
	return slices.ContainsFunc(columns, func(c string) bool { return slices.Contains(q.Columns, c) })
}

// fields gives the own fields among the columns.
func (q ReportQuery) fields() []db.ID {
	var ids []db.ID
	for _, column := range q.Columns {
		if text, own := strings.CutPrefix(column, ColumnField); own {
			if id, err := db.ParseID(text); err == nil {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// ReportPerson is what the table knows of a person.
type ReportPerson struct {
	ID             db.ID
	Name           string
	NameKana       string
	LoginID        string
	EmployeeNumber string
	Kind           tenant.EmploymentKind
	State          tenant.PersonState
	Departments    []string         // paths of those they belong to today
	Fields         map[db.ID]string // own fields

	sortName, loginKey string
}

// ReportRow is one person in one round. What Columns did not ask for is empty.
type ReportRow struct {
	Person         ReportPerson
	ID             db.ID // of the enrolment
	Round          db.ID
	RoundTitle     string
	CourseTitle    string
	Status         Status
	Overdue        bool
	DueOn          string
	LessonsDone    int
	LessonsTotal   int
	Score          *int // percent
	StartedAt      db.Time
	CompletedAt    db.Time
	LastActivityAt db.Time
	Reason         string
	SelfReported   bool // something that counts rests on what a learning package reported about itself
	SpentSeconds   int
	Attempts       int
	Certificate    string // number of the one that stands
}

// List gives a page of the table and the cursor of the next one ("" at the end). It returns fault.Invalid for what is no filter, column or order.
func (s *Reports) List(ctx context.Context, tid tenant.ID, q ReportQuery, page db.Page) ([]ReportRow, string, error) {
	var check fault.Check
	q.check(&check)
	if err := check.Err(); err != nil {
		return nil, "", err
	}
	from, err := readPlace(page.After)
	if err != nil {
		return nil, "", err
	}
	w, err := s.walk(ctx, tid, s.db, q)
	if err != nil {
		return nil, "", fmt.Errorf("report: %w", err)
	}
	limit := page.Clamp()
	rows, err := w.page(ctx, from, limit+1)
	if err != nil {
		return nil, "", fmt.Errorf("report: %w", err)
	}
	next := ""
	if len(rows) > limit {
		rows = rows[:limit]
		next = w.place(rows[limit-1]).cursor()
	}
	if err := w.complete(ctx, rows); err != nil {
		return nil, "", fmt.Errorf("report: %w", err)
	}
	return rows, next, nil
}

// Count tells how many rows a filter shows. In a large organisation the count is kept for a short time, as the dashboard is.
func (s *Reports) Count(ctx context.Context, tid tenant.ID, f ReportFilter) (int, error) {
	var check fault.Check
	f.check(&check)
	if err := check.Err(); err != nil {
		return 0, err
	}
	key, err := json.Marshal(f)
	if err != nil {
		return 0, err
	}
	n, _, _, err := s.counts.get(ctx, tid, tenant.Today(s.clock)+string(key), func(ctx context.Context) (int, error) {
		w, err := s.walk(ctx, tid, s.db, ReportQuery{Filter: f})
		if err != nil {
			return 0, err
		}
		return w.count(ctx)
	})
	if err != nil {
		return 0, fmt.Errorf("count report: %w", err)
	}
	return n, nil
}
