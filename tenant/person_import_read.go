package tenant

import (
	"io"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kenshu/fault"
	"kenshu/storage/sheet"
)

// record is a row of a file of people as it stands there, by field.
type record struct {
	number int
	cells  map[string]string // by target; a target without a column is absent
	raw    []string          // as in the file
	faults []fault.Field
}

// readRecords passes on every row below the headings that says something.
func readRecords(file io.ReaderAt, size int64, form ImportForm, take func(record) error) (sheet.Info, error) {
	count := 0
	info, err := sheet.Read(file, size, importLimits, func(row sheet.Row) error {
		if row.Number <= form.HeadingRow {
			return nil
		}
		r, some := readRecord(row, form.Columns)
		if !some {
			return nil
		}
		if count++; count > MaxImportRows {
			return fault.New(fault.Invalid, "sheet_rows", "limit", MaxImportRows)
		}
		return take(r)
	})
	if err != nil {
		return info, err
	}
	for _, m := range info.Merged {
		if m.Last > form.HeadingRow {
			return info, fault.New(fault.Invalid, "import_merged", "range", m.Range)
		}
	}
	if count == 0 {
		return info, fault.New(fault.Invalid, "import_empty")
	}
	return info, nil
}

// readRecord gives some = false for the template's example and for a row whose known columns are all empty.
func readRecord(row sheet.Row, columns []ImportColumn) (r record, some bool) {
	r = record{number: row.Number, cells: make(map[string]string, len(columns)), raw: row.Cells}
	for i, c := range columns {
		if c.Target == "" {
			continue
		}
		text := row.Cell(i)
		some = some || Tidy(text) != ""
		if before := r.cells[c.Target]; before != "" && Tidy(text) != "" { // several columns of departments
			text = before + ";" + text
		} else if before != "" {
			text = before
		}
		r.cells[c.Target] = text
	}
	for _, f := range row.Faults {
		if f.Column < len(columns) && columns[f.Column].Target != "" {
			some = true
			r.faults = append(r.faults, fault.Field{Path: fieldOf(columns[f.Column].Target), Key: f.Key})
		}
	}
	r.join("name", targetFamily, targetGiven)
	r.join("name_kana", targetKanaFamily, targetKanaGiven)
	name := Fold(r.cells["name"])
	return r, some && !strings.HasPrefix(name, "(例)") && !strings.HasPrefix(name, "(example)")
}

// fieldOf is the field to which a target belongs.
func fieldOf(target string) string {
	switch target {
	case targetFamily, targetGiven:
		return "name"
	case targetKanaFamily, targetKanaGiven:
		return "name_kana"
	}
	return target
}

// join makes one text of a name in two columns.
func (r *record) join(to string, parts ...string) {
	for _, part := range parts {
		text, present := r.cells[part]
		if !present {
			continue
		}
		if formula(text) && !slices.ContainsFunc(r.faults, func(f fault.Field) bool { return f.Path == to }) {
			r.fault(to, "sheet_formula")
			continue
		}
		r.cells[to] = strings.TrimSpace(r.cells[to] + " " + text)
	}
}

// formula tells a text with which a formula begins. In a list of people nobody is called so.
func formula(text string) bool {
	text = norm.NFKC.String(strings.TrimSpace(text))
	return text != "" && strings.ContainsRune("=+-@", rune(text[0]))
}

// apply puts what the row says over in; an empty cell leaves the value as it is. Departments are given as they stand there.
func (r *record) apply(in PersonInput, words map[string]EmploymentKind) (out PersonInput, departments []string) {
	set := func(field string, to *string) {
		if text := Tidy(r.cells[field]); text != "" {
			*to = text
		}
	}
	for _, field := range []string{"name", "name_kana", "departments", "employee_number"} {
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
		if in.Kind = readWord(text, words); in.Kind == "" {
			r.fault("employment_kind", "import_employment")
		}
	}
	return in.tidy(), splitDepartments(r.cells["departments"])
}

func (r *record) fault(field, key string, args ...any) {
	r.faults = append(r.faults, fault.Field{Path: field, Key: key, Args: fault.New(fault.Invalid, key, args...).Args})
}

// says tells whether the row holds something for a field.
func (r *record) says(field string) bool { return Tidy(r.cells[field]) != "" }
