package sheet

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"kenshu/fault"
)

// readSheet reads the rows of one sheet, and which cells are merged over rows.
func (w *workbook) readSheet(name string, s *sink) ([]Merge, error) {
	d, c, err := w.part(name)
	if err != nil {
		return nil, damaged(err)
	}
	defer c.Close()
	number, over := 0, false
	var merged []Merge
	for {
		t, err := token(d)
		if errors.Is(err, io.EOF) && over {
			return merged, nil
		}
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return nil, damaged(err)
		}
		switch e := t.(type) {
		case xml.StartElement:
			switch {
			case e.Name.Local == "row" && !over:
				if number, err = w.nextRow(d, e, number, s); err != nil {
					return nil, err
				}
			case e.Name.Local == "mergeCell" && len(merged) < maxMerged:
				if m := readMerge(attr(e, "ref")); m.Last > m.First {
					merged = append(merged, m)
				}
			}
		case xml.EndElement:
			over = over || e.Name.Local == "sheetData"
		}
	}
}

const maxMerged = 20

// nextRow reads the row that e begins and passes it on.
func (w *workbook) nextRow(d *xml.Decoder, e xml.StartElement, before int, s *sink) (int, error) {
	number := before + 1
	if at := attr(e, "r"); at != "" {
		var err error
		if number, err = strconv.Atoi(at); err != nil || number <= before {
			return 0, damaged(fmt.Errorf("row %q after row %d", at, before))
		}
	}
	if number > w.limits.Rows {
		return number, s.end(Row{Number: number})
	}
	row, err := w.readRow(d, number, s)
	if err != nil {
		return 0, damaged(err)
	}
	return number, s.end(row)
}

// readMerge reads the rows of a reference like A5:B9; what is none gives zeros.
func readMerge(ref string) Merge {
	first, last, _ := strings.Cut(ref, ":")
	row := func(cell string) int {
		n, err := strconv.Atoi(strings.TrimLeft(strings.ToUpper(cell), "$ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		if err != nil {
			return 0
		}
		return n
	}
	if len(ref) > 40 {
		return Merge{}
	}
	return Merge{Range: ref, First: row(first), Last: row(last)}
}

func (w *workbook) readRow(d *xml.Decoder, number int, s *sink) (Row, error) {
	row := Row{Number: number}
	length := 0
	for {
		t, err := token(d)
		if err != nil {
			return row, err
		}
		switch e := t.(type) {
		case xml.EndElement:
			if e.Name.Local == "row" {
				return row, nil
			}
		case xml.StartElement:
			if e.Name.Local != "c" {
				continue
			}
			column := len(row.Cells)
			if at := attr(e, "r"); at != "" {
				if column = columnOf(at); column < len(row.Cells) {
					return row, fmt.Errorf("cell %q in row %d is out of order", at, number)
				}
			}
			if err := s.cell(number, column, ""); err != nil {
				return row, err
			}
			text, wrong, err := w.readCell(d, e)
			if err == nil {
				err = s.cell(number, column, text)
			}
			if err != nil {
				return row, err
			}
			if length += len(text); length > 4*s.limits.Line {
				return row, fault.New(fault.Invalid, "sheet_line", "row", number, "limit", s.limits.Line)
			}
			for len(row.Cells) < column {
				row.Cells = append(row.Cells, "")
			}
			row.Cells = append(row.Cells, text)
			if wrong != "" {
				row.Faults = append(row.Faults, CellFault{Column: column, Key: wrong})
			}
		}
	}
}

// readCell reads one cell up to its end.
func (w *workbook) readCell(d *xml.Decoder, start xml.StartElement) (text, wrong string, err error) {
	kind, style := attr(start, "t"), attr(start, "s")
	var value strings.Builder
	in := ""
	for {
		t, err := token(d)
		if err != nil {
			return "", "", err
		}
		switch e := t.(type) {
		case xml.StartElement:
			switch in = e.Name.Local; in {
			case "f":
				wrong = "sheet_formula"
			case "is":
				if text, err = richText(d, "is", w.limits.Cell); err != nil {
					return "", "", err
				}
			}
		case xml.EndElement:
			if in = ""; e.Name.Local != "c" {
				continue
			}
			if wrong != "" {
				return "", wrong, nil
			}
			return w.shown(kind, style, value.String(), text)
		case xml.CharData:
			if in == "v" && value.Len() <= 4*w.limits.Cell+4 {
				value.Write(e)
			}
		}
	}
}

// shown gives a cell's text as the sheet shows it.
func (w *workbook) shown(kind, style, value, inline string) (text, wrong string, err error) {
	switch kind {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || n < 0 || n >= len(w.shared) {
			return "", "", fmt.Errorf("shared text %q", value)
		}
		return w.shared[n], "", nil
	case "inlineStr":
		return inline, "", nil
	case "str":
		return unescape(value), "", nil
	case "b":
		if value == "1" {
			return "TRUE", "", nil
		}
		return "FALSE", "", nil
	case "e":
		return "", "sheet_cell_error", nil
	case "d":
		return strings.TrimSuffix(value, "T00:00:00"), "", nil
	}
	if value = strings.TrimSpace(value); value == "" {
		return "", "", nil
	}
	n, _ := strconv.Atoi(style)
	format := numberFormat{}
	if n >= 0 && n < len(w.styles) {
		format = w.styles[n]
	}
	text, err = format.text(value, w.date904)
	return text, "", err
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// columnOf reads the letters of a reference like AB12, counted from 0; what is no reference is far beyond every limit.
func columnOf(reference string) int {
	column := 0
	for i := 0; i < len(reference) && i < 4; i++ {
		c := reference[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			if i == 0 {
				break
			}
			return column - 1
		}
		column = column*26 + int(c-'A') + 1
	}
	return 1 << 20
}
