package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"kenshu/fault"
	"kenshu/storage/sheet"
)

func makeZip(t testing.TB, parts ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(f, parts[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func unzip(t testing.TB, content []byte) map[string]string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range r.File {
		part, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(text)
	}
	return parts
}

const (
	bookXML = `<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" r:id="r1"/></sheets></workbook>`
	relsXML = `<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>`
)

func book(t testing.TB, sheetXML string, more ...string) string {
	return makeZip(t, append([]string{"xl/workbook.xml", bookXML, "xl/_rels/workbook.xml.rels", relsXML, "xl/worksheets/sheet1.xml", sheetXML}, more...)...)
}

func TestReadingAidsAreNoPartOfANameAndFormulasNoText(t *testing.T) {
	content := book(t, `<worksheet><sheetData><row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="str"><f>A1</f><v>x</v></c><c r="D2" t="e"><v>#REF!</v></c></row></sheetData></worksheet>`,
		"xl/sharedStrings.xml", `<sst><si><t>髙﨑</t><rPh sb="0" eb="1"><t>タカサキ</t></rPh></si></sst>`)
	rows, _, err := read(content, sheet.Limits{})
	if err != nil || brief(rows) != `2["髙﨑"]!2:sheet_formula!3:sheet_cell_error` {
		t.Errorf("%s %v", brief(rows), err)
	}
}

func TestHostileWorkbooks(t *testing.T) {
	cells := func(inner string) string { return "<worksheet><sheetData>" + inner + "</sheetData></worksheet>" }
	for name, c := range map[string]struct{ content, key string }{
		"entities":         {book(t, `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>`+cells(`<row r="1"><c r="A1" t="str"><v>&b;</v></c></row>`)), "sheet_damaged"},
		"outside entity":   {book(t, cells(""), "xl/sharedStrings.xml", `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst><si><t>&a;</t></si></sst>`), "sheet_damaged"},
		"DTD in the book":  {makeZip(t, "xl/workbook.xml", `<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">`+bookXML, "xl/_rels/workbook.xml.rels", relsXML), "sheet_damaged"},
		"unknown entity":   {book(t, cells(`<row r="1"><c r="A1" t="str"><v>&z;</v></c></row>`)), "sheet_damaged"},
		"bomb":             {book(t, cells(strings.Repeat(" ", 30<<20))), "sheet_unpacked"},
		"bomb of texts":    {book(t, cells(""), "xl/sharedStrings.xml", "<sst>"+strings.Repeat("<si><t>a</t></si>", 2<<20)+"</sst>"), "sheet_unpacked"},
		"far column":       {book(t, cells(`<row r="1"><c r="XFD1"><v>1</v></c></row>`)), "sheet_columns"},
		"no such column":   {book(t, cells(`<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>`)), "sheet_columns"},
		"far row":          {book(t, cells(`<row r="1048576"><c r="A1048576"><v>1</v></c></row>`)), "sheet_rows"},
		"rows backwards":   {book(t, cells(`<row r="5"/><row r="4"/>`)), "sheet_damaged"},
		"cells backwards":  {book(t, cells(`<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>`)), "sheet_damaged"},
		"no such text":     {book(t, cells(`<row r="1"><c r="A1" t="s"><v>7</v></c></row>`)), "sheet_damaged"},
		"negative text":    {book(t, cells(`<row r="1"><c r="A1" t="s"><v>-1</v></c></row>`)), "sheet_damaged"},
		"no number":        {book(t, cells(`<row r="1"><c r="A1"><v>NaN</v></c></row>`)), "sheet_damaged"},
		"long cell":        {book(t, cells(`<row r="1"><c r="A1" t="inlineStr"><is><t>`+strings.Repeat("ab漢", 60_000)+`</t></is></c></row>`)), "sheet_cell"},
		"cut":              {book(t, `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v>`), "sheet_damaged"},
		"no sheet part":    {makeZip(t, "xl/workbook.xml", bookXML, "xl/_rels/workbook.xml.rels", relsXML), "sheet_damaged"},
		"outside the zip":  {makeZip(t, "xl/workbook.xml", bookXML, "xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="r1" Target="../../../etc/passwd"/></Relationships>`), "sheet_damaged"},
		"too many entries": {makeZip(t, manyParts()...), "sheet_damaged"},
	} {
		_, _, err := read(c.content, sheet.Limits{})
		var f *fault.Error
		if !errors.As(err, &f) || f.Key != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
}

func manyParts() []string {
	var parts []string
	for i := range 2100 {
		parts = append(parts, fmt.Sprint("p", i), "")
	}
	return parts
}

func FuzzReadCSV(f *testing.F) {
	for _, seed := range []string{"a,b\r\n1,\"2\"\"\"\n", "\xff\xfea\x00", "\x8e\x81\x96\xbc,\xfb\xfc", "sep=;\na;b", "\"", "a\r\"b\"\r\n\r", "'=1,'x", "\xef\xbb\xbf,,"} {
		f.Add([]byte(seed))
	}
	limits := sheet.Limits{Rows: 1000, Columns: 20, Cell: 200, Line: 500}
	f.Fuzz(func(t *testing.T, content []byte) {
		last := 0
		info, err := sheet.Read(bytes.NewReader(content), int64(len(content)), limits, func(r sheet.Row) error {
			if r.Number <= last || r.Number > 1000 || len(r.Cells) > 20 {
				t.Fatalf("row %d after %d with %d cells", r.Number, last, len(r.Cells))
			}
			last = r.Number
			for _, cell := range r.Cells {
				if strings.ContainsRune(cell, '\ufffd') || len([]rune(cell)) > 200 {
					t.Fatalf("cell %q", cell)
				}
			}
			return nil
		})
		if err != nil && fault.KindOf(err) == fault.Internal {
			t.Fatalf("a file of a user is no fault of ours: %v", err)
		}
		if err != nil || info.Format != sheet.CSV {
			return
		}
		var again bytes.Buffer // what was read can be written and is read the same
		var rows [][]sheet.Cell
		var texts []string
		_, _ = sheet.Read(bytes.NewReader(content), int64(len(content)), limits, func(r sheet.Row) error {
			rows = append(rows, sheet.Texts(r.Cells...))
			texts = append(texts, strings.NewReplacer("\r\n", "\n", "\r", "\n", "\ufeff", "", "\ufffe", "", "\uffff", "").Replace(strings.Join(r.Cells, "\x01")))
			return nil
		})
		if _, err := sheet.Write(&again, sheet.CSV, sheet.Table{Headings: []sheet.Heading{{Title: "a"}, {Title: "b"}}, Rows: sheet.Rows(rows)}); err != nil {
			t.Fatal(err)
		}
		next := map[int]string{}
		if _, err := sheet.Read(bytes.NewReader(again.Bytes()), int64(again.Len()), sheet.Limits{}, func(r sheet.Row) error {
			next[r.Number] = strings.Join(r.Cells, "\x01")
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for i, text := range texts {
			if got := next[i+2]; strings.TrimRight(got, "\x01") != strings.TrimRight(text, "\x01") {
				t.Fatalf("%q became %q", text, got)
			}
		}
	})
}

func FuzzReadXLSX(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" s="1"><v>46113.5</v></c><c t="inlineStr"><is><t>x_x0041_</t></is></c></row>`, `<sst><si><t>a</t></si></sst>`, `<styleSheet><numFmts><numFmt numFmtId="200" formatCode="yyyy"/></numFmts><cellXfs><xf/><xf numFmtId="200"/></cellXfs></styleSheet>`)
	f.Fuzz(func(t *testing.T, rows, shared, styles string) {
		content := book(t, "<worksheet><sheetData>"+rows+"</sheetData></worksheet>", "xl/sharedStrings.xml", shared, "xl/styles.xml", styles)
		if _, _, err := read(content, sheet.Limits{}); err != nil && fault.KindOf(err) == fault.Internal {
			t.Fatalf("a file of a user is no fault of ours: %v", err)
		}
	})
}

func BenchmarkReadCSV10000(b *testing.B) { benchmarkRead(b, sheet.CSV) }

func BenchmarkReadXLSX10000(b *testing.B) { benchmarkRead(b, sheet.XLSX) }

func benchmarkRead(b *testing.B, format sheet.Format) {
	var file bytes.Buffer
	rows := func(yield func([]sheet.Cell, error) bool) {
		for i := range 10_000 {
			if !yield(sheet.Texts(fmt.Sprintf("%06d", i), "髙﨑 𠮷之助", "タカサキ キチノスケ", "在宅支援部", "2026-04-01", "taro@example.jp", "正社員"), nil) {
				return
			}
		}
	}
	if _, err := sheet.Write(&file, format, sheet.Table{Rows: rows}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := read(file.String(), sheet.Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
