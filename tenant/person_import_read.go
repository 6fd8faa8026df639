package tenant

import (
	"bytes"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kenshu/fault"
	"kenshu/storage/sheet"
)

// record is a row of a file of people as it stands there, by field.
type record struct {
	number int
	cells  map[string]string // by field; a field without a column is absent
	faults []fault.Field
}

// headingRows is how far down the headings may stand; lists often have a title above.
const headingRows = 10

// readRecords reads a file of people. Columns whose headings we do not know are named in the summary.
func readRecords(file []byte) ([]record, ImportSummary, error) {
	var records []record
	var columns []*sheetColumn
	summary := ImportSummary{NewDepartments: []string{}, Ignored: []string{}}
	seen := 0
	info, err := sheet.Read(bytes.NewReader(file), int64(len(file)), sheet.Limits{Bytes: MaxImportBytes, Rows: MaxImportRows + headingRows, Columns: 100, Cell: 2000, Line: 20_000},
		func(row sheet.Row) error {
			if columns == nil {
				var err error
				columns, err = headings(row, &summary)
				if seen++; columns == nil && seen >= headingRows && err == nil {
					err = fault.New(fault.Invalid, "import_no_name")
				}
				return err
			}
			if r, ok := readRecord(row, columns); ok {
				records = append(records, r)
			}
			return nil
		})
	summary.Format, summary.Encoding = string(info.Format), info.Encoding
	switch {
	case err != nil:
		return nil, summary, err
	case columns == nil:
		return nil, summary, fault.New(fault.Invalid, "import_no_name")
	case len(records) == 0:
		return nil, summary, fault.New(fault.Invalid, "import_empty")
	}
	return records, summary, nil
}

// headings gives the columns when the row is that of the headings: one of them is the name's. A blank column is nil.
func headings(row sheet.Row, summary *ImportSummary) ([]*sheetColumn, error) {
	columns := make([]*sheetColumn, len(row.Cells))
	found := map[string]bool{}
	var unknown []string
	for i, cell := range row.Cells {
		c := columnOf(cell)
		switch {
		case c == nil && Tidy(cell) != "":
			unknown = append(unknown, Clip(Tidy(cell), 50))
		case c == nil:
		case found[c.field]:
			return nil, fault.New(fault.Invalid, "import_column_twice", "column", Clip(Tidy(cell), 50))
		default:
			columns[i], found[c.field] = c, true
		}
	}
	if !found["name"] {
		return nil, nil
	}
	summary.Ignored = append(summary.Ignored, unknown...)
	return columns, nil
}

// readRecord gives ok = false for the template's example and for a row whose known columns are all empty.
func readRecord(row sheet.Row, columns []*sheetColumn) (record, bool) {
	r := record{number: row.Number, cells: map[string]string{}}
	some := false
	for i, c := range columns {
		if c != nil {
			r.cells[c.field] = row.Cell(i)
			some = some || Tidy(row.Cell(i)) != ""
		}
	}
	for _, f := range row.Faults {
		if f.Column < len(columns) && columns[f.Column] != nil {
			r.faults, some = append(r.faults, fault.Field{Path: columns[f.Column].field, Key: f.Key}), true
		}
	}
	name := Fold(r.cells["name"])
	return r, some && !strings.HasPrefix(name, "(例)") && !strings.HasPrefix(name, "(example)")
}

// formula tells a text with which a formula begins. In a list of people nobody is called so.
func formula(text string) bool {
	text = norm.NFKC.String(strings.TrimSpace(text))
	return text != "" && strings.ContainsRune("=+-@", rune(text[0]))
}

// apply puts what the row says over in; an empty cell leaves the value as it is. Departments are given by name.
func (r *record) apply(in PersonInput) (out PersonInput, departments []string) {
	set := func(field string, to *string) {
		if text := Tidy(r.cells[field]); text != "" {
			*to = text
		}
	}
	for _, field := range []string{"name", "name_kana", "departments"} {
		if formula(r.cells[field]) {
			r.fault(field, "sheet_formula")
			delete(r.cells, field)
		}
	}
	set("login_id", &in.LoginID)
	set("name", &in.Name)
	set("name_kana", &in.NameKana)
	set("employee_number", &in.EmployeeNumber)
	set("email", &in.Email)
	if text := Tidy(r.cells["joined_on"]); text != "" {
		day, ok := readDate(text)
		if in.JoinedOn = day; !ok {
			in.JoinedOn = ""
			r.fault("joined_on", "date")
		}
	}
	if text := Tidy(r.cells["employment_kind"]); text != "" {
		kind, ok := readKind(text)
		if in.Kind = kind; !ok {
			in.Kind = ""
			r.fault("employment_kind", "import_kind")
		}
	}
	for _, name := range splitDepartments(r.cells["departments"]) {
		if _, err := departmentName(name); err != nil {
			r.fault("departments", "too_long", "max", MaxDepartmentName)
			continue
		}
		departments = append(departments, name)
	}
	return in.tidy(), departments
}

func (r *record) fault(field, key string, args ...any) {
	r.faults = append(r.faults, fault.Field{Path: field, Key: key, Args: fault.New(fault.Invalid, key, args...).Args})
}
