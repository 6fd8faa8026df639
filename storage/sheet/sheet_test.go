package sheet_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"kenshu/fault"
	"kenshu/storage/sheet"
)

func Example() {
	var file bytes.Buffer
	_, err := sheet.Write(&file, sheet.CSV, sheet.Table{
		Headings: []sheet.Heading{{Title: "社員番号"}, {Title: "氏名"}},
		Rows:     sheet.Rows([][]sheet.Cell{sheet.Texts("000123", "髙﨑 𠮷之助"), sheet.Texts("000124", "=1+1")}),
	})
	if err != nil {
		panic(err)
	}
	_, err = sheet.Read(bytes.NewReader(file.Bytes()), int64(file.Len()), sheet.Limits{}, func(row sheet.Row) error {
		fmt.Println(row.Number, row.Cells)
		return nil
	})
	fmt.Println(err)
	// Output:
	// 1 [社員番号 氏名]
	// 2 [000123 髙﨑 𠮷之助]
	// 3 [000124 =1+1]
	// <nil>
}

func read(content string, limits sheet.Limits) ([]sheet.Row, sheet.Info, error) {
	var rows []sheet.Row
	info, err := sheet.Read(strings.NewReader(content), int64(len(content)), limits, func(r sheet.Row) error {
		rows = append(rows, r)
		return nil
	})
	return rows, info, err
}

func brief(rows []sheet.Row) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%d%q", r.Number, r.Cells)
		for _, f := range r.Faults {
			fmt.Fprintf(&b, "!%d:%s", f.Column, f.Key)
		}
	}
	return b.String()
}

func TestReadsCSVAsPeopleBringIt(t *testing.T) {
	for name, c := range map[string]struct{ content, want, encoding string }{
		"plain":                 {"a,b\r\n1,2\r\n", `1["a" "b"]2["1" "2"]`, "utf-8"},
		"no last line end":      {"a,b\n1,2", `1["a" "b"]2["1" "2"]`, "utf-8"},
		"old Mac line ends":     {"a,b\r1,2\r\r3", `1["a" "b"]2["1" "2"]4["3"]`, "utf-8"},
		"empty lines count":     {"a\r\n\r\n,,\r\nb", `1["a"]4["b"]`, "utf-8"},
		"leading zeros":         {"0001,007", `1["0001" "007"]`, "utf-8"},
		"quotes":                {"\"a,\"\"b\"\"\",\"line\nbreak\"\nc", `1["a,\"b\"" "line\nbreak"]2["c"]`, "utf-8"},
		"a quote inside":        {`5" disk,b`, `1["5\" disk" "b"]`, "utf-8"},
		"UTF-8 mark":            {"\xef\xbb\xbf氏名,𠮷", `1["氏名" "𠮷"]`, "utf-8"},
		"UTF-16 little":         {"\xff\xfea\x00\t\x00\x0f\x6c\r\x00\n\x00b\x00", `1["a" "氏"]2["b"]`, "utf-16le"},
		"UTF-16 big":            {"\xfe\xff\x00a\x00;\x6c\x0f", `1["a" "氏"]`, "utf-16be"},
		"UTF-8 without mark":    {"氏名,髙﨑", `1["氏名" "髙﨑"]`, "utf-8"},
		"Shift_JIS":             {"\x8e\x81\x96\xbc,\xfb\xfc\xfa\xb1\r\n", `1["氏名" "髙﨑"]`, "shift_jis"},
		"Shift_JIS, NEC's own":  {"\xed\x95\x87\x40\x81\x60", `1["﨑①～"]`, "shift_jis"},
		"half-width katakana":   {"\xca\xdf\xb6\xde,x", `1["ﾊﾟｶﾞ" "x"]`, "shift_jis"},
		"backslash trail byte":  {"\x94\x5c\x97\xcd,\x95\x5c", `1["能力" "表"]`, "shift_jis"},
		"tab":                   {"a\tb,c\n1\t2", `1["a" "b,c"]2["1" "2"]`, "utf-8"},
		"semicolon":             {"a;b;c\n1,5;2;3", `1["a" "b" "c"]2["1,5" "2" "3"]`, "utf-8"},
		"comma in quotes":       {"\"a,b,c\";d\n1;2", `1["a,b,c" "d"]2["1" "2"]`, "utf-8"},
		"Excel's own separator": {"sep=;\r\na;b", `2["a" "b"]`, "utf-8"},
		"only some columns":     {"a,,c,,\n,b", `1["a" "" "c"]2["" "b"]`, "utf-8"},
		"our guard":             {"'=1+1,'-5,'''＝x,'abc,it's", `1["=1+1" "-5" "''＝x" "'abc" "it's"]`, "utf-8"},
		"formula text":          {"=HYPERLINK(1)", `1["=HYPERLINK(1)"]`, "utf-8"},
	} {
		rows, info, err := read(c.content, sheet.Limits{})
		if err != nil || brief(rows) != c.want || info.Encoding != c.encoding || info.Rows != len(rows) || info.Format != sheet.CSV {
			t.Errorf("%s: %s %+v %v, want %s", name, brief(rows), info, err, c.want)
		}
	}
}

func zipped(t *testing.T, parts ...string) string {
	t.Helper()
	return makeZip(t, parts...)
}

func TestRefusesWithTheReasonAndThePlace(t *testing.T) {
	limits := sheet.Limits{Rows: 5, Columns: 3, Cell: 10, Line: 20, Bytes: 100_000}
	compound := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 100)
	for name, c := range map[string]struct{ content, key, args string }{
		"empty":                 {"", "sheet_kind", "map[kind:empty]"},
		"blanks":                {" \r\n\r\n", "sheet_kind", "map[kind:empty]"},
		"old Excel":             {compound, "sheet_kind", "map[kind:xls]"},
		"locked":                {compound + "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00", "sheet_kind", "map[kind:encrypted]"},
		"a page called xls":     {"<html><table><tr><td>a", "sheet_kind", "map[kind:html]"},
		"Excel 2003 XML":        {"<?xml version=\"1.0\"?><Workbook>", "sheet_kind", "map[kind:xml]"},
		"PDF":                   {"%PDF-1.7 ", "sheet_kind", "map[kind:pdf]"},
		"picture":               {"\x89PNG\r\n\x1a\n", "sheet_kind", "map[kind:image]"},
		"program":               {"\x7fELF\x00\x00", "sheet_kind", "map[kind:binary]"},
		"Word":                  {zipped(t, "word/document.xml", "x"), "sheet_kind", "map[kind:word]"},
		"LibreOffice":           {zipped(t, "content.xml", "x"), "sheet_kind", "map[kind:ods]"},
		"some zip":              {zipped(t, "a.txt", "x"), "sheet_kind", "map[kind:zip]"},
		"cut zip":               {zipped(t, "xl/workbook.xml", "x")[:40], "sheet_damaged", "map[]"},
		"too big":               {strings.Repeat("a", 100_001), "sheet_bytes", "map[limit:100000]"},
		"too many rows":         {strings.Repeat("a\n", 6), "sheet_rows", "map[limit:5]"},
		"too many columns":      {"a\nb,c,d,e", "sheet_columns", "map[limit:3 row:2]"},
		"too long a cell":       {"a\nb,12345678901", "sheet_cell", "map[column:B limit:10 row:2]"},
		"too long a line":       {"a\n\n1234567890,1234567890", "sheet_line", "map[limit:20 row:3]"},
		"open quote":            {"a\nb,\"c\nd\ne", "sheet_quote", "map[row:2]"},
		"text after a quote":    {"a\n\"b\"c", "sheet_quote", "map[row:2]"},
		"broken UTF-8":          {"氏名所属\n髙\xff", "sheet_encoding", "map[row:2]"},
		"broken Shift_JIS":      {"\x8e\x81\x96\xbc\n\n\x8e\x81\x8e\n", "sheet_encoding", "map[row:3]"},
		"no such character":     {"\x8e\x81\x96\xbc\n\x85\x40", "sheet_encoding", "map[row:2]"},
		"two encodings":         {"\x8e\x81\x96\xbc\n個人情報\n", "sheet_encoding", "map[row:2]"},
		"the other way round":   {"個人情報\n\x8e\x81\x96\xbc\n", "sheet_encoding", "map[row:2]"},
		"odd UTF-16":            {"\xff\xfea\x00\n\x00\x00\xd8", "sheet_encoding", "map[row:2]"},
		"lost already":          {"氏名氏名\n\ufffd", "sheet_encoding", "map[row:2]"},
		"ISO-2022-JP":           {"a\n\x1b$B;aL>\x1b(B", "sheet_encoding", "map[row:2]"},
		"fault after CR":        {"氏名氏名\r\xff", "sheet_encoding", "map[row:2]"},
		"fault after a quote":   {"氏名氏名\n\"a\"\xff", "sheet_encoding", "map[row:2]"},
		"workbook without more": {zipped(t, "xl/workbook.xml", "<workbook/>"), "sheet_damaged", "map[]"},
	} {
		_, _, err := read(c.content, limits)
		var f *fault.Error
		if !errors.As(err, &f) || f.Key != c.key || f.Args == nil && c.args != "map[]" || f.Args != nil && fmt.Sprint(f.Args) != c.args {
			t.Errorf("%s: %v, want %s %s", name, err, c.key, c.args)
			if f != nil {
				t.Log(f.Args)
			}
		}
	}
}

func TestAnErrorOfTheCallerComesBack(t *testing.T) {
	stop := errors.New("enough")
	for _, content := range []string{"a\nb", workbookOf(t, nil)} {
		calls := 0
		_, err := sheet.Read(strings.NewReader(content), int64(len(content)), sheet.Limits{}, func(sheet.Row) error { calls++; return stop })
		if !errors.Is(err, stop) || calls != 1 {
			t.Errorf("%v after %d calls", err, calls)
		}
	}
}

// workbookOf makes an XLSX as another program would, with what people's files hold.
func workbookOf(t *testing.T, fill func(f *excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	if fill == nil {
		fill = func(f *excelize.File) { _ = f.SetCellValue("Sheet1", "A1", "a") }
	}
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReadsXLSXAsItIsShown(t *testing.T) {
	content := workbookOf(t, func(f *excelize.File) {
		style := func(numFmt int, custom string) int {
			s := &excelize.Style{NumFmt: numFmt}
			if custom != "" {
				s.CustomNumFmt = &custom
			}
			id, err := f.NewStyle(s)
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		for cell, value := range map[string]any{"A1": "氏名", "B1": "0001", "C1": 123, "A3": 0.1 + 0.2, "B3": 1e10, "C3": 12345678901234.5, "D3": true, "E3": -5,
			"A4": 46113, "B4": 46113.75, "C4": 0.5, "D4": 123, "E4": 46113, "F4": 59, "A6": "a_x000D_b", "B6": "_x005F_x0041_", "C6": " sp ", "D6": "'=1", "E6": 1e20, "F6": 1.5e-7} {
			if err := f.SetCellValue("Sheet1", cell, value); err != nil {
				t.Fatal(err)
			}
		}
		for cell, id := range map[string]int{"A4": style(14, ""), "B4": style(22, ""), "C4": style(20, ""), "D4": style(0, "000000"), "E4": style(0, `[$-411]ggge"年"m"月"d"日"`), "F4": style(14, "")} {
			if err := f.SetCellStyle("Sheet1", cell, cell, id); err != nil {
				t.Fatal(err)
			}
		}
		_ = f.SetCellFormula("Sheet1", "A7", "HYPERLINK(\"http://x\")")
		_ = f.SetCellValue("Sheet1", "B7", "after")
		_ = f.SetCellRichText("Sheet1", "A8", []excelize.RichTextRun{{Text: "髙", Font: &excelize.Font{Bold: true}}, {Text: "﨑𠮷"}})
		_, _ = f.NewSheet("もう一枚")
	})
	rows, info, err := read(content, sheet.Limits{})
	want := `1["氏名" "0001" "123"]3["0.3" "10000000000" "12345678901234.5" "TRUE" "-5"]` +
		`4["2026-04-01" "2026-04-01 18:00" "12:00" "000123" "2026-04-01" "1900-02-28"]` +
		`6["a\rb" "_x0041_" " sp " "=1" "100000000000000000000" "0.00000015"]7["" "after"]!0:sheet_formula8["髙﨑𠮷"]`
	if err != nil || brief(rows) != want || info.Sheets != 2 || info.Sheet != "Sheet1" || info.Format != sheet.XLSX {
		t.Errorf("%s\n%s\n%+v %v", brief(rows), want, info, err)
	}
}

func TestRealFiles(t *testing.T) {
	for _, name := range []string{"staff_shift_jis.csv", "staff_utf8_bom.csv", "staff_utf16.txt", "staff.xlsx"} {
		content, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		rows, _, err := read(string(content), sheet.Limits{})
		if err != nil || len(rows) != 5 {
			t.Fatalf("%s: %v %s", name, err, brief(rows))
		}
		want := `1["社員番号" "氏名" "フリガナ" "部署" "入社日"]2["000123" "髙﨑 一郎" "タカサキ イチロウ" "在宅支援部" "2026/04/01"]` +
			`4["０００１２４" "﨑山 花子" "ｻｷﾔﾏ ﾊﾅｺ" "本部,総務" "2026/04/01"]5["000123" "髙﨑 一郎" "タカサキ イチロウ" "在宅支援部" "2026/04/01"]` +
			`6["000125" "=HYPERLINK(\"http://example.jp\",\"押す\")" "" "改行\nあり" "2026/04/01"]`
		got := strings.Replace(brief(rows), `"2026-04-01"`, `"2026/04/01"`, 1) // the workbook has one real date
		if got != want {
			t.Errorf("%s:\n%s\n%s", name, got, want)
		}
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	formats := []sheet.Format{sheet.CSV, sheet.XLSX, sheet.CSVShiftJIS}
	rapid.Check(t, func(rt *rapid.T) {
		format := rapid.SampledFrom(formats).Draw(rt, "format")
		alphabet := []rune("aZ09 =+-@'\"\t\n,;漢かｶ＝＋－＠髙﨑、\\_x41/:~")
		if format != sheet.CSVShiftJIS {
			alphabet = append(alphabet, []rune("𠮷é〜−—🍣<&>]")...)
		}
		cell := rapid.StringOf(rapid.SampledFrom(alphabet))
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 1, 4), 1, 6).Draw(rt, "rows")
		cells := make([][]sheet.Cell, len(rows))
		for i, row := range rows {
			cells[i] = sheet.Texts(row...)
		}
		var file bytes.Buffer
		headings := []sheet.Heading{{Title: "一"}, {Title: "二"}, {Title: "三"}, {Title: "四"}}
		report, err := sheet.Write(&file, format, sheet.Table{Headings: headings, Rows: sheet.Rows(cells)})
		if err != nil || report.Rows != len(rows) || len(report.Lost) > 0 {
			rt.Fatal(report, err)
		}
		got, _, err := read(file.String(), sheet.Limits{})
		if err != nil {
			rt.Fatal(err)
		}
		back := map[int]sheet.Row{}
		for _, r := range got {
			back[r.Number] = r
		}
		for i, row := range rows {
			for column, text := range row {
				if got := back[i+2].Cell(column); got != text {
					rt.Fatalf("%s row %d: %q became %q", format, i+2, text, got)
				}
			}
		}
	})
}

func TestNoTextBecomesAFormula(t *testing.T) {
	hostile := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a", "\x00=1", "'=1", "=cmd|' /C calc'!A0", "\ufeff=1", "\x7f=1"}
	var rows [][]sheet.Cell
	for _, text := range hostile {
		rows = append(rows, sheet.Texts(text))
	}
	for _, format := range []sheet.Format{sheet.CSV, sheet.CSVShiftJIS} {
		var file bytes.Buffer
		if _, err := sheet.Write(&file, format, sheet.Table{Rows: sheet.Rows(rows)}); err != nil {
			t.Fatal(err)
		}
		text := strings.TrimPrefix(file.String(), "\xef\xbb\xbf")
		for i, line := range strings.Split(strings.TrimSuffix(text, "\r\n"), "\r\n") {
			if !strings.HasPrefix(strings.TrimPrefix(line, `"`), "'") {
				t.Errorf("%s: %q is written as %q", format, hostile[i], line)
			}
		}
	}
	var file bytes.Buffer
	if _, err := sheet.Write(&file, sheet.XLSX, sheet.Table{Rows: sheet.Rows(rows)}); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i := range hostile {
		cell := fmt.Sprintf("A%d", i+1)
		formula, _ := f.GetCellFormula("Sheet1", cell)
		kind, err := f.GetCellType("Sheet1", cell)
		if err != nil || formula != "" || kind != excelize.CellTypeInlineString {
			t.Errorf("%q: %v %q %v", hostile[i], kind, formula, err)
		}
	}
}

func TestShiftJISTellsWhatItCannotHold(t *testing.T) {
	var file bytes.Buffer
	report, err := sheet.Write(&file, sheet.CSVShiftJIS, sheet.Table{Headings: []sheet.Heading{{Title: "氏名"}},
		Rows: sheet.Rows([][]sheet.Cell{sheet.Texts("〜−—髙﨑①"), sheet.Texts("𠮷田 é 𠮷", "x"), sheet.Texts("ok")})})
	if err != nil || fmt.Sprint(report.Lost) != "[{3 𠮷é}]" || report.Rows != 3 {
		t.Errorf("%+v %v", report, err)
	}
	rows, info, err := read(file.String(), sheet.Limits{})
	if err != nil || info.Encoding != "shift_jis" || brief(rows) != `1["氏名"]2["～－―髙﨑①"]3["〓田 〓 〓" "x"]4["ok"]` {
		t.Errorf("%s %+v %v", brief(rows), info, err)
	}
}

func TestXLSXOpensAsPeopleExpect(t *testing.T) {
	var file bytes.Buffer
	_, err := sheet.Write(&file, sheet.XLSX,
		sheet.Table{Name: "受講者[2026/04]", Headings: []sheet.Heading{{Title: "社員番号", Width: 14}, {Title: "得点"}},
			Rows: sheet.Rows([][]sheet.Cell{{sheet.Text("000123"), sheet.Int(95)}, {sheet.Text("x"), sheet.Float(1.5)}, {sheet.Text("y"), sheet.Int(1234567890123456789)}})},
		sheet.Table{Name: "説明", Rows: sheet.Rows([][]sheet.Cell{sheet.Texts("a")})})
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	names := f.GetSheetList()
	if !slices.Equal(names, []string{"受講者 2026 04", "説明"}) {
		t.Fatalf("%q", names)
	}
	panes, err := f.GetPanes(names[0])
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("%+v %v", panes, err)
	}
	if width, err := f.GetColWidth(names[0], "A"); err != nil || width != 14 {
		t.Errorf("%v %v", width, err)
	}
	score, err := f.GetCellType(names[0], "B2")
	if err != nil || score != excelize.CellTypeUnset && score != excelize.CellTypeNumber {
		t.Errorf("the score is %v, %v", score, err)
	}
	if big, _ := f.GetCellValue(names[0], "B4"); big != "1234567890123456789" {
		t.Errorf("a long number lost its end: %s", big)
	}
	if parts := unzip(t, file.Bytes()); !strings.Contains(parts["xl/worksheets/sheet1.xml"], `<autoFilter ref="$A$1:$B$4"`) {
		t.Error("no filter")
	}
}

func TestALongTableStaysFlat(t *testing.T) {
	for _, format := range []sheet.Format{sheet.CSV, sheet.XLSX} {
		var before, now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		peak := uint64(0)
		rows := func(yield func([]sheet.Cell, error) bool) {
			for i := range 100_000 {
				if i%10_000 == 9_999 {
					runtime.GC()
					runtime.ReadMemStats(&now)
					peak = max(peak, now.HeapAlloc)
				}
				if !yield(sheet.Texts(fmt.Sprintf("%06d", i), "髙﨑 𠮷之助", "在宅支援部 訪問介護課", "2026-04-01", "修了"), nil) {
					return
				}
			}
		}
		report, err := sheet.Write(discard{}, format, sheet.Table{Headings: []sheet.Heading{{Title: "a"}}, Rows: rows})
		if err != nil || report.Rows != 100_000 {
			t.Fatal(report, err)
		}
		if grown := int64(peak) - int64(before.HeapAlloc); grown > 48<<20 {
			t.Errorf("%s: the heap grew by %d MB", format, grown>>20)
		}
	}
	broken := errors.New("database away")
	_, err := sheet.Write(discard{}, sheet.XLSX, sheet.Table{Rows: func(yield func([]sheet.Cell, error) bool) { yield(nil, broken) }})
	if !errors.Is(err, broken) {
		t.Error(err)
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
