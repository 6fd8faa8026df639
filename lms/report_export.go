package lms

import (
	"context"
	"fmt"
	"io"
	"iter"
	"math"
	"slices"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/storage/sheet"
	"kenshu/tenant"
)

// FormatPDF is the one format of a report export that is no sheet.Format.
const FormatPDF = "pdf"

// Limits of a report as PDF: what can be drawn in memory and read on paper. Longer ones are for a spreadsheet.
const (
	MaxPaperRows    = 2000
	MaxPaperColumns = 12
)

// ReportExport is what somebody takes away: exactly what a view shows, in a format of sheet.Format or FormatPDF.
type ReportExport struct {
	View     View
	Format   string
	Language string // ja or en
}

// ReportName is what an export is called.
func ReportName(language string) string { return wordsOf(language)["report"] }

// CheckExport tells before the first byte whether an export can be made. It returns fault.Invalid, or fault.TooLarge "report_too_long" (count, max) or
// "report_too_wide" (count, max) for a PDF.
func (s *Reports) CheckExport(ctx context.Context, tid tenant.ID, x ReportExport) error {
	var check fault.Check
	x.View.check(&check)
	check.If(!slices.Contains([]string{string(sheet.CSV), string(sheet.CSVShiftJIS), string(sheet.XLSX), FormatPDF}, x.Format), "format", "not_in_list")
	if err := check.Err(); err != nil || x.Format != FormatPDF {
		return err
	}
	columns, rows, err := s.paperSize(ctx, tid, x.View)
	switch {
	case err != nil:
		return fmt.Errorf("check export: %w", err)
	case columns > MaxPaperColumns:
		return fault.New(fault.TooLarge, "report_too_wide", "count", columns, "max", MaxPaperColumns)
	case rows > MaxPaperRows:
		return fault.New(fault.TooLarge, "report_too_long", "count", rows, "max", MaxPaperRows)
	}
	return nil
}

// paperSize tells how wide and how long a view is; of a grid that is too long only that it is.
func (s *Reports) paperSize(ctx context.Context, tid tenant.ID, v View) (columns, rows int, err error) {
	if v.Form != FormMatrix {
		rows, err = s.Count(ctx, tid, v.Filter)
		return len(v.Columns), rows, err
	}
	w, err := s.walkMatrix(ctx, tid, s.db, v.ReportQuery)
	if err != nil {
		return 0, 0, err
	}
	err = w.eachMatrix(ctx, nil, MaxPaperRows+1, func(people []MatrixPerson) bool {
		rows += len(people)
		return rows <= MaxPaperRows
	})
	return len(w.personColumns()) + len(w.order), rows, err
}

// Export writes exactly what a view shows: its filter, columns and order, from one moment of the database, some rows at a time. Who takes what away is recorded
// before the first row, and how many rows it was after the last one (or where it was broken off). The end of ctx ends the query.
func (s *Reports) Export(ctx context.Context, tid tenant.ID, out io.Writer, x ReportExport) error {
	if err := s.CheckExport(ctx, tid, x); err != nil {
		return err
	}
	detail := map[string]any{"filter": x.View.Filter, "columns": x.View.Columns, "sort": x.View.Sort, "form": x.View.Form, "format": x.Format}
	if err := s.note(ctx, tid, "report.export", detail); err != nil {
		return err
	}
	rows := 0
	err := s.db.Snapshot(ctx, func(r db.Runner) (err error) {
		t, err := s.openTable(ctx, tid, r, x)
		if err == nil {
			rows, err = t.write(ctx, out, x)
		}
		return err
	})
	// The record is written also when the browser has gone.
	done := s.note(context.WithoutCancel(ctx), tid, "report.exported", map[string]any{"rows": rows, "complete": err == nil, "format": x.Format})
	if err != nil {
		return fmt.Errorf("export report: %w", err)
	}
	return done
}

func (s *Reports) note(ctx context.Context, tid tenant.ID, action string, detail map[string]any) error {
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		return s.audit.Append(ctx, tid, tx, tenant.Change{Action: action, SubjectKind: "organisation", Detail: detail})
	})
	if err != nil {
		return fmt.Errorf("record export: %w", err)
	}
	return nil
}

// reportTable is an export being written.
type reportTable struct {
	*walker
	words        words
	organisation string
	headings     []sheet.Heading
	fieldNames   map[db.ID]string
	rows         int
}

func (s *Reports) openTable(ctx context.Context, tid tenant.ID, r db.Runner, x ReportExport) (*reportTable, error) {
	q := x.View.ReportQuery
	var check fault.Check
	q.check(&check)
	open := s.walk
	if x.View.Form == FormMatrix {
		open = s.walkMatrix
	}
	w, err := open(ctx, tid, r, q)
	if err != nil {
		return nil, err
	}
	t := &reportTable{walker: w, words: wordsOf(x.Language), fieldNames: map[db.ID]string{}}
	if err := r.QueryRow(ctx, sqlReportName, tid).Scan(&t.organisation); err != nil {
		return nil, db.One(err)
	}
	if err := t.readFields(ctx); err != nil {
		return nil, err
	}
	columns := t.Columns
	if x.View.Form == FormMatrix {
		columns = t.personColumns()
	}
	for _, c := range columns {
		t.headings = append(t.headings, t.heading(c))
	}
	if x.View.Form == FormMatrix {
		for _, round := range t.order {
			t.headings = append(t.headings, sheet.Heading{Title: round.Title, Width: 18})
		}
	}
	return t, nil
}

// personColumns are the columns that say who somebody is: those of a grid.
func (w *walker) personColumns() []string {
	return slices.DeleteFunc(slices.Clone(w.Columns), func(c string) bool { return !strings.HasPrefix(c, ColumnField) && !slices.Contains(personalColumns, c) })
}

var personalColumns = []string{"name", "name_kana", "login_id", "employee_number", "departments", "employment_kind"}

func (t *reportTable) readFields(ctx context.Context) error {
	fields := t.fields()
	if len(fields) == 0 {
		return nil
	}
	cond := db.Where("f.tenant_id = ?", t.tid).In("f.id", db.Args(fields))
	return db.Each(ctx, t.r, sqlReportFields+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
		var id db.ID
		var name string
		err := scan(&id, &name)
		t.fieldNames[id] = name
		return err
	})
}

var reportWidths = map[string]float64{"name": 20, "name_kana": 20, "departments": 32, "round": 28, "course": 28, "reason": 36, "status": 18, "certificate": 20}

func (t *reportTable) heading(column string) sheet.Heading {
	if text, own := strings.CutPrefix(column, ColumnField); own {
		id, _ := db.ParseID(text) // checked before
		return sheet.Heading{Title: t.fieldNames[id], Width: 16}
	}
	width := reportWidths[column]
	if width == 0 {
		width = 14
	}
	return sheet.Heading{Title: t.words[column], Width: width}
}

func (t *reportTable) write(ctx context.Context, out io.Writer, x ReportExport) (int, error) {
	if x.Format == FormatPDF {
		err := t.paper(ctx, out, x)
		return t.rows, err
	}
	tables := []sheet.Table{{Name: t.words["report"], Headings: t.headings, Rows: t.lines(ctx, x.View.Form)}}
	if x.Format == string(sheet.XLSX) {
		tables = append(tables, sheet.Table{Name: t.words["conditions"], Headings: []sheet.Heading{{Title: t.words["item"], Width: 20}, {Title: t.words["what"], Width: 80}},
			Rows: func(yield func([]sheet.Cell, error) bool) {
				for _, line := range t.conditions() {
					if !yield(sheet.Texts(line[0], line[1]), nil) {
						return
					}
				}
			}})
	}
	_, err := sheet.Write(out, sheet.Format(x.Format), tables...)
	return t.rows, err
}

// lines yields the table a row at a time, and at most one error, last.
func (t *reportTable) lines(ctx context.Context, form string) iter.Seq2[[]sheet.Cell, error] {
	return func(yield func([]sheet.Cell, error) bool) {
		var failed error
		give := func(cells []sheet.Cell) bool {
			if !yield(cells, nil) {
				return false
			}
			t.rows++
			return true
		}
		var err error
		if form == FormMatrix {
			err = t.eachMatrix(ctx, nil, math.MaxInt32, func(people []MatrixPerson) bool {
				return !slices.ContainsFunc(people, func(p MatrixPerson) bool { return !give(t.grid(p)) })
			})
		} else {
			_, err = t.each(ctx, nil, walkChunk, func(rows []ReportRow, _ int) bool {
				if failed = t.complete(ctx, rows); failed != nil {
					return false
				}
				return !slices.ContainsFunc(rows, func(r ReportRow) bool { return !give(t.cells(r)) })
			})
		}
		if failed == nil {
			failed = err
		}
		if failed == nil {
			failed = ctx.Err()
		}
		if failed != nil {
			yield(nil, failed)
		}
	}
}

func (t *reportTable) cells(r ReportRow) []sheet.Cell {
	cells := make([]sheet.Cell, len(t.Columns))
	for i, c := range t.Columns {
		cells[i] = t.cell(c, r)
	}
	return cells
}

func (t *reportTable) grid(p MatrixPerson) []sheet.Cell {
	var cells []sheet.Cell
	for _, c := range t.personColumns() {
		cells = append(cells, t.cell(c, ReportRow{Person: p.ReportPerson}))
	}
	for _, round := range t.order {
		row, in := p.Cells[round.ID]
		switch {
		case !in:
			cells = append(cells, sheet.Text("—"))
		case row.Status == Completed:
			cells = append(cells, sheet.Text(t.words["completed"]+" "+dayOf(row.CompletedAt)))
		default:
			cells = append(cells, sheet.Text(t.words.status(row.Status, row.Overdue)))
		}
	}
	return cells
}

func (t *reportTable) cell(column string, r ReportRow) sheet.Cell {
	switch column {
	case "name":
		return sheet.Text(r.Person.Name)
	case "name_kana":
		return sheet.Text(r.Person.NameKana)
	case "login_id":
		return sheet.Text(r.Person.LoginID)
	case "employee_number":
		return sheet.Text(r.Person.EmployeeNumber)
	case "departments":
		return sheet.Text(strings.Join(r.Person.Departments, t.words["separator"]))
	case "employment_kind":
		return sheet.Text(t.words["kind_"+string(r.Person.Kind)])
	case "round":
		return sheet.Text(r.RoundTitle)
	case "course":
		return sheet.Text(r.CourseTitle)
	case "status":
		return sheet.Text(t.words.status(r.Status, r.Overdue))
	case "due_on":
		return sheet.Text(slashed(r.DueOn))
	case "lessons":
		return sheet.Text(portion(r.LessonsDone, r.LessonsTotal))
	case "score":
		if r.Score == nil {
			return sheet.Text("")
		}
		return sheet.Int(int64(*r.Score))
	case "started_on":
		return sheet.Text(dayOf(r.StartedAt))
	case "completed_on":
		return sheet.Text(dayOf(r.CompletedAt))
	case "last_activity":
		return sheet.Text(dayOf(r.LastActivityAt))
	case "spent":
		return sheet.Int(int64(r.SpentSeconds+59) / 60)
	case "attempts":
		return sheet.Int(int64(r.Attempts))
	case "certificate":
		return sheet.Text(r.Certificate)
	case "reason":
		return sheet.Text(t.words.reason(r.Reason))
	case "basis":
		return sheet.Text(t.words.basis(r.SelfReported))
	}
	id, _ := db.ParseID(strings.TrimPrefix(column, ColumnField)) // checked before
	return sheet.Text(r.Person.Fields[id])
}

// conditions says in words what was asked for.
func (t *reportTable) conditions() [][2]string {
	w, f := t.words, t.Filter
	lines := [][2]string{{w["organisation"], t.organisation}, {w["as_of_day"], slashed(t.today)}}
	add := func(word string, values []string) {
		if len(values) > 0 {
			lines = append(lines, [2]string{w[word], strings.Join(values, w["separator"])})
		}
	}
	var rounds, statuses, departments, kinds []string
	for _, id := range f.Rounds {
		if r, known := t.rounds[id]; known {
			rounds = append(rounds, r.Title)
		}
	}
	for _, s := range f.Statuses {
		statuses = append(statuses, w[string(s)])
	}
	if f.Overdue {
		statuses = append(statuses, w["overdue"])
	}
	for _, id := range f.Departments {
		if path := t.tree.Path(id); path != "" {
			departments = append(departments, path)
		}
	}
	for _, k := range f.Kinds {
		kinds = append(kinds, w["kind_"+string(k)])
	}
	add("round", rounds)
	add("status", statuses)
	add("departments", departments)
	add("employment_kind", kinds)
	for _, span := range [][3]string{{"due_on", f.DueFrom, f.DueTo}, {"completed_on", f.CompletedFrom, f.CompletedTo}} {
		if span[1] != "" || span[2] != "" {
			add(span[0], []string{slashed(span[1]) + " " + w["to"] + " " + slashed(span[2])})
		}
	}
	if f.Query != "" {
		add("search", []string{f.Query})
	}
	return append(lines, [2]string{w["rows"], fmt.Sprint(t.rows)})
}
