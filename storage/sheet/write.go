package sheet

import (
	"fmt"
	"io"
	"iter"
	"strconv"
)

// Cell is a cell to write: text, or a number with which a spreadsheet can count.
type Cell struct {
	text   string
	number bool
}

// Text makes a cell that is text whatever it looks like: 000123 keeps its zeros, =1+1 stays as it is typed.
func Text(text string) Cell { return Cell{text: clean(text)} }

// String is what the cell shows.
func (c Cell) String() string { return c.text }

// Int makes a number.
func Int(n int64) Cell { return Cell{text: strconv.FormatInt(n, 10), number: true} }

// Float makes a number; what is no number becomes an empty cell.
func Float(n float64) Cell {
	if n-n != 0 {
		return Cell{}
	}
	return Cell{text: strconv.FormatFloat(n, 'f', -1, 64), number: true}
}

// Texts makes a row of text cells.
func Texts(texts ...string) []Cell {
	cells := make([]Cell, len(texts))
	for i, text := range texts {
		cells[i] = Text(text)
	}
	return cells
}

// Heading is a column of a Table: its title and, for XLSX, its width in characters (0: by the title).
type Heading struct {
	Title string
	Width float64
}

// Table is what Write writes. Without rows it is a template whose columns take what is typed as text.
type Table struct {
	Name     string // of the sheet in an XLSX; "Sheet1" when empty
	Headings []Heading
	Rows     iter.Seq2[[]Cell, error] // nil: none. An error ends the writing and is returned.
}

// Rows makes the iterator of rows that are all there already.
func Rows(rows [][]Cell) iter.Seq2[[]Cell, error] {
	return func(yield func([]Cell, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// Report says what Write wrote.
type Report struct {
	Rows int    // without the headings
	Lost []Lost // what Shift_JIS could not hold, at most 1,000 rows
}

// Lost are the characters of one row that became 〓.
type Lost struct {
	Row        int // as Excel shows it
	Characters string
}

// MediaType is what a download in this format is served as.
func (f Format) MediaType() string {
	switch f {
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case CSVShiftJIS:
		return "text/csv; charset=shift_jis"
	}
	return "text/csv; charset=utf-8"
}

// Extension is the end of a file name in this format, with its dot.
func (f Format) Extension() string {
	if f == XLSX {
		return ".xlsx"
	}
	return ".csv"
}

// Write writes tables: one in a CSV, one or more as sheets of an XLSX. A CSV goes out row by row; an XLSX is put together in a
// temporary file first. The error is the first one of a table's rows or of out; what was written until then is no whole file.
func Write(out io.Writer, format Format, tables ...Table) (Report, error) {
	switch {
	case format == XLSX && len(tables) > 0:
		return writeXLSX(out, tables)
	case format == CSV && len(tables) == 1:
		return writeCSV(out, tables[0], nil)
	case format == CSVShiftJIS && len(tables) == 1:
		return writeCSV(out, tables[0], &shiftJIS{})
	}
	return Report{}, fmt.Errorf("sheet: %d tables as %q", len(tables), format)
}

// each calls row for the headings and every row, with its number.
func (t Table) each(row func(number int, cells []Cell) error) (int, error) {
	head := make([]Cell, len(t.Headings))
	for i, h := range t.Headings {
		head[i] = Text(h.Title)
	}
	number := 0
	if len(head) > 0 {
		number = 1
		if err := row(number, head); err != nil {
			return 0, err
		}
	}
	if t.Rows == nil {
		return 0, nil
	}
	rows := 0
	for cells, err := range t.Rows {
		if err != nil {
			return rows, err
		}
		number++
		if err := row(number, cells); err != nil {
			return rows, err
		}
		rows++
	}
	return rows, nil
}
