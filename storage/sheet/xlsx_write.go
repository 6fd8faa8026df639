package sheet

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"kenshu/fault"
)

const (
	maxXLSXRows = 1_048_576
	maxXLSXCell = 32_767
)

// styles are the style numbers of one workbook.
type styles struct{ head, text, number int }

func writeXLSX(out io.Writer, tables []Table) (Report, error) {
	f := excelize.NewFile()
	defer func() { _ = f.Close() }() // it only removes temporary files
	style, err := newStyles(f)
	if err != nil {
		return Report{}, err
	}
	var report Report
	for i, t := range tables {
		name := sheetName(t.Name, i)
		if i == 0 {
			err = f.SetSheetName("Sheet1", name)
		} else {
			_, err = f.NewSheet(name)
		}
		if err != nil {
			return report, fmt.Errorf("sheet %q: %w", name, err)
		}
		rows, err := writeSheet(f, name, t, style)
		if report.Rows += rows; err != nil {
			return report, err
		}
	}
	if _, err := f.WriteTo(out); err != nil {
		return report, fmt.Errorf("write workbook: %w", err)
	}
	return report, nil
}

func newStyles(f *excelize.File) (s styles, err error) {
	font := &excelize.Font{Family: "Yu Gothic", Size: 11}
	const text = 49 // the built-in format "@": typed digits keep their zeros
	head := &excelize.Style{Font: &excelize.Font{Family: "Yu Gothic", Size: 11, Bold: true}, NumFmt: text,
		Fill:      excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E6ECF0"}},
		Border:    []excelize.Border{{Type: "bottom", Color: "8795A1", Style: 1}},
		Alignment: &excelize.Alignment{Vertical: "center", WrapText: true}}
	if s.head, err = f.NewStyle(head); err != nil {
		return s, err
	}
	align := &excelize.Alignment{Vertical: "top"}
	if s.text, err = f.NewStyle(&excelize.Style{Font: font, NumFmt: text, Alignment: align}); err != nil {
		return s, err
	}
	s.number, err = f.NewStyle(&excelize.Style{Font: font, Alignment: align})
	return s, err
}

// writeSheet streams one table. excelize keeps the first 16 MB in memory and the rest in a temporary file.
func writeSheet(f *excelize.File, name string, t Table, style styles) (int, error) {
	w, err := f.NewStreamWriter(name)
	if err != nil {
		return 0, err
	}
	for i, h := range t.Headings {
		width := h.Width
		if width <= 0 {
			width = min(60, max(8, 2.2*float64(utf8.RuneCountInString(h.Title))+2))
		}
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return 0, err
		}
		if err := w.SetColStyle(i+1, i+1, style.text); err != nil {
			return 0, err
		}
	}
	if len(t.Headings) > 0 {
		if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
			return 0, err
		}
	}
	var values []any
	rows, err := t.each(func(number int, cells []Cell) error {
		if number > maxXLSXRows {
			return fault.New(fault.Invalid, "sheet_rows", "limit", maxXLSXRows)
		}
		values = values[:0]
		for column, cell := range cells {
			value, err := style.value(number, column, cell)
			if err != nil {
				return err
			}
			if number == 1 && len(t.Headings) > 0 {
				value.StyleID = style.head
			}
			values = append(values, value)
		}
		return w.SetRow("A"+strconv.Itoa(number), values)
	})
	if err == nil && len(t.Headings) > 0 {
		err = f.AutoFilter(name, fmt.Sprintf("A1:%s%d", ColumnName(len(t.Headings)-1), rows+1), nil)
	}
	if err != nil {
		return rows, err
	}
	return rows, w.Flush()
}

func (s styles) value(number, column int, cell Cell) (excelize.Cell, error) {
	if cell.number {
		n, err := strconv.ParseFloat(cell.text, 64)
		if err != nil {
			return excelize.Cell{}, err
		}
		if digits := strings.TrimLeft(cell.text, "-"); len(digits) <= 15 {
			return excelize.Cell{StyleID: s.number, Value: n}, nil
		} // more digits than a spreadsheet keeps are safer as text
	}
	if len(cell.text) > maxXLSXCell && utf8.RuneCountInString(cell.text) > maxXLSXCell {
		return excelize.Cell{}, tooLongCell(number, column, maxXLSXCell)
	}
	text := cell.text
	if strings.HasPrefix(text, "'") {
		text = guard(text) // reading takes one apostrophe back; a workbook needs it for nothing else
	}
	return excelize.Cell{StyleID: s.text, Value: text}, nil
}

// sheetName makes a name that Excel takes: 31 characters at most, none of []:*?/\, no apostrophe at an end.
func sheetName(name string, index int) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || r < ' ' {
			return ' '
		}
		return r
	}, clean(name))
	if runes := []rune(name); len(runes) > 31 {
		name = string(runes[:31])
	}
	if name = strings.Trim(name, "' "); name == "" {
		name = "Sheet" + strconv.Itoa(index+1)
	}
	return name
}
