// Package sheet reads and writes tables as CSV and XLSX: what people bring from Excel, and what they want to open with it.
//
// Read takes a file as it comes (XLSX, or CSV in UTF-8, UTF-16 with a byte order mark, or Shift_JIS as Japanese Excel writes it), finds out which by
// the bytes and not by the name, and hands over one row at a time. Every cell is text: a leading zero stays, a number in XLSX is written out without exponent, a
// date as 2026-04-01. Nothing is evaluated; a formula is reported with its cell. Row numbers are those that Excel shows.
//
// Write makes a file of an iterator of rows, so a table of any length needs the memory of a few rows. No text that it writes can become
// a formula in a spreadsheet program (see guard), and what was written is read back as it was, but for these: line breaks inside a cell become LF, other
// control characters are dropped, and Shift_JIS holds look-alikes of some characters and 〓 (reported) for what it lacks.
//
// Limits: one table a file is read, the first sheet; of the number formats only dates, times and leading zeros are followed, other numbers are
// given in full; UTF-16 without a byte order mark, EUC-JP and ISO-2022-JP are not read; .xls and encrypted files are named and refused.
package sheet

import (
	"io"

	"kenshu/fault"
)

// Format is a kind of file.
type Format string

// The formats. Reading finds out the encoding of a CSV by itself.
const (
	CSV         Format = "csv"           // written as UTF-8 with a byte order mark, by which Excel knows it
	CSVShiftJIS Format = "csv_shift_jis" // written as Shift_JIS (Windows code page 932), for older programs
	XLSX        Format = "xlsx"
)

// Limits bound what Read accepts. A zero field takes the value of DefaultLimits.
type Limits struct {
	Bytes    int64 // of the file
	Unpacked int64 // bytes of the parts of an XLSX that are read
	Ratio    int64 // of unpacked to packed bytes of one part, when it is over a megabyte
	Rows     int   // number of the last row
	Columns  int
	Cell     int   // characters in a cell
	Line     int   // characters in a row
	Text     int64 // bytes of all cells together, and of the texts that cells share
}

// DefaultLimits are generous for a list of staff and small for a server.
var DefaultLimits = Limits{Bytes: 64 << 20, Unpacked: 512 << 20, Ratio: 250, Rows: 200_000, Columns: 256, Cell: 32_767, Line: 200_000, Text: 128 << 20}

func (l Limits) filled() Limits {
	d := DefaultLimits
	fill := func(value *int, by int) {
		if *value <= 0 {
			*value = by
		}
	}
	fill(&l.Rows, d.Rows)
	fill(&l.Columns, d.Columns)
	fill(&l.Cell, d.Cell)
	fill(&l.Line, d.Line)
	for _, pair := range [][2]*int64{{&l.Bytes, &d.Bytes}, {&l.Unpacked, &d.Unpacked}, {&l.Ratio, &d.Ratio}, {&l.Text, &d.Text}} {
		if *pair[0] <= 0 {
			*pair[0] = *pair[1]
		}
	}
	return l
}

// Row is one row that holds something.
type Row struct {
	Number int         // as Excel shows it, from 1
	Cells  []string    // without empty cells at the end; the caller may keep it
	Faults []CellFault // cells that could not be taken as text
}

// Cell gives the text of a column, empty when the row is shorter.
func (r Row) Cell(column int) string {
	if column < len(r.Cells) {
		return r.Cells[column]
	}
	return ""
}

// CellFault is a cell whose text is not to be had; the cell is empty then.
type CellFault struct {
	Column int    // from 0, as in Row.Cells
	Key    string // "sheet_formula" or "sheet_cell_error" (#REF! and the like)
}

// Info says what Read found.
type Info struct {
	Format    Format
	Encoding  string  // of a CSV: "utf-8", "utf-16le", "utf-16be", "shift_jis"
	Separator rune    // of a CSV
	Sheet     string  // of an XLSX: the name of the sheet that was read
	Sheets    int     // of an XLSX: how many there are
	Rows      int     // rows that held something
	Merged    []Merge // of an XLSX: cells merged over several rows, at most 20
}

// Merge is a block of cells that a sheet shows as one; only its first cell holds anything.
type Merge struct {
	Range       string // as the sheet writes it, A5:A9
	First, Last int    // rows
}

// Read reads the table in the first size bytes of r and calls row for every row that holds something; an error from row ends the
// reading and is returned as it is.
//
// It returns fault.TooLarge "sheet_bytes" (limit), and fault.Invalid "sheet_kind" (kind: xls, encrypted, html, xml, pdf, image, word, powerpoint,
// ods, zip, empty, binary), "sheet_encoding" (row), "sheet_quote" (row), "sheet_rows" (limit), "sheet_columns" (row, limit), "sheet_cell" (row, column, limit),
// "sheet_line" (row, limit), "sheet_unpacked" (limit) or "sheet_damaged".
func Read(r io.ReaderAt, size int64, limits Limits, row func(Row) error) (Info, error) {
	limits = limits.filled()
	if size > limits.Bytes {
		return Info{}, fault.New(fault.TooLarge, "sheet_bytes", "limit", limits.Bytes)
	}
	head := make([]byte, min(size, 4096))
	if _, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return Info{}, err
	}
	switch kind := kindOf(head, r, size); kind {
	case "zip":
		return readXLSX(r, size, limits, row)
	case "text":
		return readCSV(r, size, limits, row)
	default:
		return Info{}, wrongKind(kind)
	}
}

// sink passes rows on, within the limits.
type sink struct {
	limits Limits
	row    func(Row) error
	passed int
	text   int64
}

// cell checks one cell; column counts from 0.
func (s *sink) cell(number, column int, text string) error {
	if column >= s.limits.Columns {
		return fault.New(fault.Invalid, "sheet_columns", "row", number, "limit", s.limits.Columns)
	}
	if len(text) > s.limits.Cell && runeCount(text) > s.limits.Cell {
		return tooLongCell(number, column, s.limits.Cell)
	}
	return nil
}

// end passes a row on unless it is blank.
func (s *sink) end(r Row) error {
	if r.Number > s.limits.Rows {
		return fault.New(fault.Invalid, "sheet_rows", "limit", s.limits.Rows)
	}
	last := len(r.Cells)
	for last > 0 && r.Cells[last-1] == "" {
		last--
	}
	if r.Cells = r.Cells[:last:last]; last == 0 && len(r.Faults) == 0 {
		return nil
	}
	for i, text := range r.Cells {
		s.text += int64(len(text))
		r.Cells[i] = unguard(text)
	}
	if s.text > s.limits.Text {
		return fault.New(fault.Invalid, "sheet_unpacked", "limit", s.limits.Text)
	}
	s.passed++
	return s.row(r)
}

func tooLongCell(number, column, limit int) error {
	return fault.New(fault.Invalid, "sheet_cell", "row", number, "column", ColumnName(column), "limit", limit)
}

// ColumnName is the name that Excel shows for a column counted from 0: A, B, … Z, AA.
func ColumnName(column int) string {
	name := ""
	for column++; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}
