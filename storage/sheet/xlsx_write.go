package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kenshu/fault"
)

const (
	maxXLSXRows = 1_048_576
	maxXLSXCell = 32_767
)

// The number of each style in styleSheet.
const (
	styleText   = 1
	styleNumber = 2
	styleHead   = 3
)

// styleSheet is text in the built-in format "@" (49: typed digits keep their zeros), plain numbers, and the head of a table.
const styleSheet = xml.Header + `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
	`<fonts count="2"><font><sz val="11"/><name val="Yu Gothic"/></font><font><b/><sz val="11"/><name val="Yu Gothic"/></font></fonts>` +
	`<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>` +
	`<fill><patternFill patternType="solid"><fgColor rgb="FFE6ECF0"/><bgColor indexed="64"/></patternFill></fill></fills>` +
	`<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>` +
	`<border><left/><right/><top/><bottom style="thin"><color rgb="FF8795A1"/></bottom><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
	`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top"/></xf>` +
	`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top"/></xf>` +
	`<xf numFmtId="49" fontId="1" fillId="2" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">` +
	`<alignment vertical="center" wrapText="1"/></xf></cellXfs>` +
	`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`

// writeXLSX writes a workbook as it is made: nothing is kept but the row under way, and the first bytes leave before the first row is asked for.
func writeXLSX(out io.Writer, tables []Table) (Report, error) {
	var report Report
	archive := zip.NewWriter(out)
	names := sheetNames(tables)
	for _, p := range [][2]string{
		{"[Content_Types].xml", contentTypes(len(tables))}, {"_rels/.rels", packageLinks}, {"xl/workbook.xml", workbookPart(names)},
		{"xl/_rels/workbook.xml.rels", workbookLinks(len(tables))}, {"xl/styles.xml", styleSheet},
	} {
		part, err := archive.CreateHeader(header(p[0]))
		if err == nil {
			_, err = io.WriteString(part, p[1])
		}
		if err != nil {
			return report, fmt.Errorf("write workbook: %w", err)
		}
	}
	if err := archive.Flush(); err != nil {
		return report, fmt.Errorf("write workbook: %w", err)
	}
	flush(out)
	for i, t := range tables {
		part, err := archive.CreateHeader(header(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)))
		if err != nil {
			return report, fmt.Errorf("write workbook: %w", err)
		}
		rows, err := writeSheet(part, t)
		if report.Rows += rows; err != nil {
			return report, err
		}
	}
	if err := archive.Close(); err != nil {
		return report, fmt.Errorf("write workbook: %w", err)
	}
	return report, nil
}

// header has the one date every part has: the same table is the same bytes.
func header(name string) *zip.FileHeader {
	return &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)}
}

// flush sends what an HTTP answer holds back.
func flush(out io.Writer) {
	if f, ok := out.(interface{ Flush() }); ok {
		f.Flush()
	}
}

const (
	office       = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageLinks = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`
)

func contentTypes(sheets int) string {
	var b strings.Builder
	b.WriteString(xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>`)
	for i := range sheets {
		fmt.Fprintf(&b, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, i+1)
	}
	b.WriteString(`</Types>`)
	return b.String()
}

func workbookPart(names []string) string {
	var b strings.Builder
	b.WriteString(xml.Header + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="` + office + `"><sheets>`)
	for i, name := range names {
		fmt.Fprintf(&b, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escape(name), i+1, i+1)
	}
	b.WriteString(`</sheets></workbook>`)
	return b.String()
}

func workbookLinks(sheets int) string {
	var b strings.Builder
	b.WriteString(xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`)
	for i := range sheets {
		fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, office, i+1)
	}
	fmt.Fprintf(&b, `<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/></Relationships>`, sheets+1, office)
	return b.String()
}

// writeSheet writes one table, row by row.
func writeSheet(out io.Writer, t Table) (int, error) {
	w := bufio.NewWriterSize(out, 32<<10) // an error stays with the writer until Flush
	_, _ = w.WriteString(xml.Header + `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`)
	if len(t.Headings) > 0 {
		_, _ = w.WriteString(`<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>`)
		for i, h := range t.Headings {
			width := h.Width
			if width <= 0 {
				width = min(60, max(8, 2.2*float64(utf8.RuneCountInString(h.Title))+2))
			}
			_, _ = fmt.Fprintf(w, `<col min="%d" max="%d" width="%s" style="%d" customWidth="1"/>`, i+1, i+1, strconv.FormatFloat(width, 'f', -1, 64), styleText)
		}
		_, _ = w.WriteString(`</cols>`)
	}
	_, _ = w.WriteString(`<sheetData>`)
	var line []byte
	rows, err := t.each(func(number int, cells []Cell) error {
		if number > maxXLSXRows {
			return fault.New(fault.Invalid, "sheet_rows", "limit", maxXLSXRows)
		}
		line = append(strconv.AppendInt(append(line[:0], `<row r="`...), int64(number), 10), `">`...)
		for column, cell := range cells {
			var err error
			if line, err = appendCell(line, number, column, cell, number == 1 && len(t.Headings) > 0); err != nil {
				return err
			}
		}
		_, err := w.Write(append(line, `</row>`...))
		return err
	})
	if err != nil {
		return rows, err
	}
	_, _ = w.WriteString(`</sheetData>`)
	if len(t.Headings) > 0 {
		_, _ = fmt.Fprintf(w, `<autoFilter ref="$A$1:$%s$%d"/>`, ColumnName(len(t.Headings)-1), rows+1)
	}
	_, _ = w.WriteString(`</worksheet>`)
	return rows, w.Flush()
}

// appendCell writes one cell. A text says that it is text, so nothing in it can become a formula.
func appendCell(line []byte, number, column int, cell Cell, head bool) ([]byte, error) {
	if cell.text == "" && !head {
		return line, nil
	}
	line = append(strconv.AppendInt(append(append(line, `<c r="`...), ColumnName(column)...), int64(number), 10), `" s="`...)
	if cell.number && len(strings.TrimLeft(cell.text, "-")) <= 15 { // more digits than a spreadsheet keeps are safer as text
		line = append(strconv.AppendInt(line, styleNumber, 10), `"><v>`...)
		return append(append(line, cell.text...), `</v></c>`...), nil
	}
	if len(cell.text) > maxXLSXCell && utf8.RuneCountInString(cell.text) > maxXLSXCell {
		return nil, tooLongCell(number, column, maxXLSXCell)
	}
	text, style := cell.text, int64(styleText)
	if strings.HasPrefix(text, "'") {
		text = guard(text) // reading takes one apostrophe back; a workbook needs it for nothing else
	}
	if head {
		style = styleHead
	}
	line = append(strconv.AppendInt(line, style, 10), `" t="inlineStr"><is><t xml:space="preserve">`...)
	return append(append(line, escape(coded.ReplaceAllString(text, "_x005F$0"))...), `</t></is></c>`...), nil
}

// coded is what a spreadsheet program takes for the code of a character; its first sign is written as one itself.
var coded = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// escape writes text so that nothing in it can end it.
func escape(text string) string {
	if !strings.ContainsAny(text, "&<>\"'\t\n\r") {
		return text
	}
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes everything
	return b.String()
}

// sheetNames are names that Excel takes: 31 characters at most, none of []:*?/\, no apostrophe at an end, none twice.
func sheetNames(tables []Table) []string {
	names, taken := make([]string, len(tables)), map[string]bool{}
	for i, t := range tables {
		name := strings.Map(func(r rune) rune {
			if strings.ContainsRune(`[]:*?/\`, r) || r < ' ' {
				return ' '
			}
			return r
		}, clean(t.Name))
		if runes := []rune(name); len(runes) > 31 {
			name = string(runes[:31])
		}
		if name = strings.Trim(name, "' "); name == "" || taken[strings.ToLower(name)] {
			name = "Sheet" + strconv.Itoa(i+1)
		}
		names[i], taken[strings.ToLower(name)] = name, true
	}
	return names
}
