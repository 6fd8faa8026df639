package tenant_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/storage/sheet"
	"kenshu/tenant"
)

// zipped makes an archive of names and texts.
func zipped(t *testing.T, parts ...string) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err == nil {
			_, err = io.WriteString(w, parts[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const (
	bookPart = `<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="s" r:id="r1"/></sheets></workbook>`
	relsPart = `<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>`
)

// book makes a workbook whose rows are given as XML.
func book(t *testing.T, rows string) string {
	t.Helper()
	return zipped(t, "xl/workbook.xml", bookPart, "xl/_rels/workbook.xml.rels", relsPart, "xl/worksheets/sheet1.xml", "<worksheet><sheetData>"+rows+"</sheetData></worksheet>")
}

// lyingBook is a workbook whose sheet unpacks to very much more than its header says.
func lyingBook(t *testing.T) string {
	t.Helper()
	honest := zipped(t, "xl/workbook.xml", bookPart, "xl/_rels/workbook.xml.rels", relsPart)
	small, err := zip.NewReader(strings.NewReader(honest), int64(len(honest)))
	if err != nil {
		t.Fatal(err)
	}
	full := zipped(t, "x", "<worksheet><sheetData>"+strings.Repeat(" ", 300<<20))
	large, err := zip.NewReader(strings.NewReader(full), int64(len(full)))
	if err != nil {
		t.Fatal(err)
	}
	packed, err := large.File[0].OpenRaw()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range small.File {
		if err := z.Copy(f); err != nil {
			t.Fatal(err)
		}
	}
	w, err := z.CreateRaw(&zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, CompressedSize64: large.File[0].CompressedSize64, UncompressedSize64: 100, CRC32: crc32.ChecksumIEEE(nil)})
	if err == nil {
		_, err = io.Copy(w, packed)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// sentences reads what the page says of refusals.
func sentences(t *testing.T, language string) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../frontend/src/locales/error/" + language + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	words := map[string]string{}
	for key, value := range all {
		switch v := value.(type) {
		case string:
			words[key] = v
		case map[string]any: // sheet_kinds: a sentence for each kind of file that is no list
			for kind, sentence := range v {
				words[strings.TrimSuffix(key, "s")+" "+kind], _ = sentence.(string)
			}
		}
	}
	return words
}

// Whatever comes as a list of people: a refusal in words in both languages, and nobody is changed.
func TestFilesThatAreNoList(t *testing.T) {
	o := newOffice(t, kit.SQLite(t))
	ctx, a := o.manager(t), o.world.A
	before := kit.Snapshot(t, o.db, a.ID)
	wide := make([]string, 16_000)
	for i := range wide {
		wide[i] = fmt.Sprint("c", i)
	}
	lines := func(n int) string {
		var b strings.Builder
		b.WriteString("氏名,社員番号\n")
		for i := range n {
			fmt.Fprintf(&b, "人 %d,%d\n", i, i)
		}
		return b.String()
	}
	many := make([]string, 0, 4200)
	for i := range 2100 {
		many = append(many, fmt.Sprint("xl/media/", i), "")
	}
	utf8Half, sjisHalf := strings.Repeat("林 恵子,介護課\n", 300), strings.Repeat("\x97\xd1 \x8c\x62\x8e\x71,\x89\xee\x8c\xec\x89\xdb\n", 300)
	compound := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	for name, one := range map[string]struct{ file, key, kind string }{
		"PDF":                    {"%PDF-1.7\n...", "sheet_kind", "pdf"},
		"PNG":                    {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "sheet_kind", "image"},
		"JPEG":                   {"\xff\xd8\xff\xe0 JFIF", "sheet_kind", "image"},
		"old Excel":              {compound + strings.Repeat("\x00", 600), "sheet_kind", "xls"},
		"password":               {compound + strings.Repeat("\x00", 70_000) + "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00", "sheet_kind", "encrypted"},
		"HTML":                   {"<html><table><tr><td>氏名</td></tr></table></html>", "sheet_kind", "html"},
		"HTML called xls":        {"\xef\xbb\xbf\r\n<HTML xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><body><table>", "sheet_kind", "html"},
		"web archive called xls": {"MIME-Version: 1.0\nX-Document-Type: Workbook\n", "sheet_kind", "html"},
		"XML spreadsheet":        {"<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook/>", "sheet_kind", "xml"},
		"Word":                   {zipped(t, "word/document.xml", "<w/>"), "sheet_kind", "word"},
		"archive of a workbook":  {zipped(t, "名簿.xlsx", book(t, "")), "sheet_kind", "zip"},
		"empty":                  {"", "sheet_kind", "empty"},
		"nothing but a mark":     {"\xef\xbb\xbf", "sheet_kind", "empty"},
		"UTF-16 mark":            {"\xff\xfe", "sheet_kind", "empty"},
		"blank":                  {"\xef\xbb\xbf \r\n\r\n\t\n", "sheet_kind", "empty"},
		"UTF-16 without a mark":  {"l\x00o\x00g\x00i\x00n\x00", "sheet_kind", "binary"},
		"UTF-32":                 {"\xff\xfe\x00\x00a\x00\x00\x00", "sheet_encoding", ""},
		"headings only":          {"氏名,社員番号\r\n", "import_empty", ""},
		"headings and a mark":    {"\xef\xbb\xbf氏名,社員番号", "import_empty", ""},
		"separators only":        {"氏名,社員番号\n,,\n ,\u3000\n", "import_empty", ""},
		"NUL":                    {"氏名\n林\x00恵子\n", "sheet_kind", "binary"},
		"NUL later":              {"氏名\n" + strings.Repeat("林 恵子\n", 1000) + "\x00\n", "sheet_encoding", ""},
		"UTF-8, then Shift_JIS":  {"氏名,部署\n" + utf8Half + sjisHalf, "sheet_encoding", ""},
		"Shift_JIS, then UTF-8":  {"\x8e\x81\x96\xbc,\x95\x94\x8f\x90\n" + sjisHalf + utf8Half, "sheet_encoding", ""},
		"a long line":            {"氏名\n" + strings.Repeat("長", 3_000_000) + "\n", "sheet_cell", ""},
		"a line of cells":        {"氏名\n" + strings.Repeat("長い,", 1_000_000) + "\n", "sheet_columns", ""},
		"16,000 columns":         {strings.Join(wide, ",") + "\n", "sheet_columns", ""},
		"an open quote":          {"氏名\n\"林 恵子\n森 徹\n", "sheet_quote", ""},
		"broken zip":             {"PK\x03\x04 and no more", "sheet_damaged", ""},
		"half a workbook":        {book(t, strings.Repeat(`<row><c t="str"><v>氏名</v></c></row>`, 500))[:600], "sheet_damaged", ""},
		"very many entries":      {zipped(t, append(many, "xl/workbook.xml", bookPart)...), "sheet_damaged", ""},
		"workbook in a workbook": {zipped(t, "xl/workbook.xml", zipped(t, "xl/workbook.xml", bookPart), "xl/_rels/workbook.xml.rels", relsPart), "sheet_damaged", ""},
		"a bomb":                 {book(t, strings.Repeat(" ", 40<<20)), "sheet_unpacked", ""},
		"a bomb that lies":       {lyingBook(t), "sheet_damaged", ""},
		"too many rows":          {lines(100_001), "sheet_rows", ""},
	} {
		imp := o.receive(t, ctx, a, db.NewID(), name, []byte(one.file))
		if imp.Problem == nil || imp.State != "refused" || imp.Problem.Key != one.key || one.kind != "" && imp.Problem.Args["kind"] != one.kind {
			t.Errorf("%s: %s %+v, want %s %s", name, imp.State, imp.Problem, one.key, one.kind)
		}
		for _, language := range []string{"ja", "en"} {
			words := sentences(t, language)
			if words[one.key] == "" || one.kind != "" && words[one.key+" "+one.kind] == "" {
				t.Errorf("%s: no sentence in %s", name, language)
			}
		}
	}
	after := kit.Snapshot(t, o.db, a.ID)
	for _, table := range []string{"person", "person_department", "department", "person_role", "credential"} {
		if before[table] != after[table] {
			t.Errorf("%s changed", table)
		}
	}
}

// However the bytes are written, the same list is read: marks of byte order, encodings, line ends.
func TestFormsOfTheSameList(t *testing.T) {
	o := newOffice(t, kit.SQLite(t))
	ctx, a := o.manager(t), o.world.A
	plain := "社員番号,氏名,部署\r\n0001,林 恵子,介護課\r\n0002,森 徹,\"介護課\"\r\n"
	encoded := func(enc interface{ String(string) (string, error) }) string {
		t.Helper()
		text, err := enc.String(plain)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for name, file := range map[string]string{
		"UTF-8": plain, "UTF-8 with a mark": "\xef\xbb\xbf" + plain, "LF": strings.ReplaceAll(plain, "\r\n", "\n"), "CR only": strings.ReplaceAll(plain, "\r\n", "\r"),
		"no last line end": strings.TrimRight(plain, "\r\n"), "Shift_JIS": encoded(japanese.ShiftJIS.NewEncoder()), "Shift_JIS, CR only": strings.ReplaceAll(encoded(japanese.ShiftJIS.NewEncoder()), "\r\n", "\r"),
		"UTF-16 little": encoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder()), "UTF-16 big": encoded(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder()),
		"tabs": strings.ReplaceAll(plain, ",", "\t"), "semicolons": strings.ReplaceAll(plain, ",", ";"), "named separator": "sep=,\r\n" + plain,
	} {
		imp := o.receive(t, ctx, a, db.NewID(), name, []byte(file))
		rows, err := o.imports.Rows(ctx, a.ID, imp.ID, tenant.RowAdded, db.Page{})
		if err != nil || imp.State != tenant.ImportChecked || imp.Summary.Added != 2 || imp.Summary.Wrong != 0 || rows.Items[1].Name != "森 徹" || rows.Items[1].EmployeeNumber != "0002" {
			t.Errorf("%s: %s %+v %+v %v", name, imp.State, imp.Problem, imp.Summary, err)
		}
	}
}

// Two columns of one name: somebody says which is which, nobody guesses; a program's file is refused.
func TestHeadingsThatAreThereTwice(t *testing.T) {
	o := newOffice(t, kit.SQLite(t))
	ctx, a := o.manager(t), o.world.A
	file := "社員番号,氏名,氏名\n0001,林 恵子,はやし けいこ\n"
	id := db.NewID()
	if _, err := o.imports.Receive(ctx, a.ID, id, tenant.ImportFile{Size: int64(len(file)), SHA: db.Hash{1}, Body: strings.NewReader(file)}, tenant.OriginPage, tenant.ImportOptions{}, o.clock.Now()); err != nil {
		t.Fatal(err)
	}
	o.work(t)
	imp := o.find(t, a, id)
	if imp.State != tenant.ImportUnmapped || imp.Summary.Form.Columns[1].Target != "name" || imp.Summary.Form.Columns[2].Sure {
		t.Fatalf("%s %+v", imp.State, imp.Summary.Form)
	}
	both := tenant.ImportMapping{Columns: []tenant.MappedColumn{{Heading: "社員番号", Target: "employee_number"}, {Heading: "氏名", Target: "name"}, {Heading: "氏名", Target: "name"}}}
	if _, err := o.imports.Map(ctx, a.ID, id, both); !fault.Is(err, fault.Invalid) {
		t.Errorf("two columns of names: %v", err)
	}
	sent, err := o.imports.ReceiveUnattended(ctx, a.ID, "", tenant.ImportFile{Size: int64(len(file)), SHA: db.Hash{2}, Body: strings.NewReader(file)}, false)
	if err != nil {
		t.Fatal(err)
	}
	o.work(t)
	if now := o.find(t, a, sent.ID); now.State != tenant.ImportRefused || now.Problem.Key != "import_mapping_needed" {
		t.Errorf("%s %+v", now.State, now.Problem)
	}
}

// A formula is refused with its row and column, whether a workbook holds one or a CSV spells one; nothing is worked out, and a value that the program kept is not taken.
func TestFormulasAreRefused(t *testing.T) {
	o := newOffice(t, kit.SQLite(t))
	ctx, a := o.manager(t), o.world.A
	head := `<row r="1"><c r="A1" t="str"><v>社員番号</v></c><c r="B1" t="str"><v>氏名</v></c><c r="C1" t="str"><v>備考</v></c></row>`
	file := book(t, head+`<row r="2"><c r="A2" t="str"><f>CONCAT("0","7")</f><v>07</v></c><c r="B2" t="str"><v>林 恵子</v></c></row>`+
		`<row r="3"><c r="A3" t="str"><v>0008</v></c><c r="B3" t="str"><f t="shared" si="0"/><v>森 徹</v></c></row>`+
		`<row r="4"><c r="A4" t="str"><v>0009</v></c><c r="B4" t="str"><v>新井 誠</v></c><c r="C4"><f>1+1</f><v>2</v></c></row>`)
	imp := o.check(t, ctx, a, []byte(file))
	if got := o.faults(t, ctx, imp); len(got) != 2 || got[2] != "employee_number:sheet_formula" || got[3] != "name:sheet_formula" || imp.Summary.Added != 1 {
		t.Errorf("%v %+v", got, imp.Summary) // the column that is left out may hold what it likes
	}
	csv := o.check(t, ctx, a, []byte("社員番号,氏名,部署\n=1+1,林 恵子,\n@SUM(A1),林 恵美,\n0010,＝HYPERLINK,\n0011,森 徹,-2+3\n"))
	if got := o.faults(t, ctx, csv); len(got) != 4 || got[2] != "employee_number:sheet_formula" || got[3] != "employee_number:sheet_formula" || got[4] != "name:sheet_formula" || got[5] != "departments:sheet_formula" {
		t.Errorf("%v", got)
	}
	table, err := o.imports.WrongRows(ctx, a.ID, imp.ID, "ja")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := sheet.Write(&out, sheet.CSV, table); err != nil || !strings.Contains(out.String(), "2,社員番号 (A),社員番号 (A): 数式は使えません") {
		t.Errorf("%s %v", out.String(), err)
	}
}

// repeated is one endless line.
type repeated byte

// Read fills p.
func (r repeated) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(r)
	}
	return len(p), nil
}

// One line as long as a file may be, and one that is longer: refused without being held in memory.
func TestOneEndlessLine(t *testing.T) {
	o := newOffice(t, kit.SQLite(t))
	ctx, a := o.manager(t), o.world.A
	for _, letter := range []byte{'x', ','} {
		peak := watchMemory()
		id := db.NewID()
		body := io.MultiReader(strings.NewReader("氏名\n"), io.LimitReader(repeated(letter), tenant.MaxImportBytes-7))
		if _, err := o.imports.Receive(ctx, a.ID, id, tenant.ImportFile{Size: tenant.MaxImportBytes, SHA: db.Hash{letter}, Body: body}, tenant.OriginPage, tenant.ImportOptions{}, o.clock.Now()); err != nil {
			t.Fatal(err)
		}
		o.work(t)
		if imp := o.find(t, a, id); imp.State != tenant.ImportRefused || imp.Problem.Key != "sheet_cell" && imp.Problem.Key != "sheet_columns" {
			t.Errorf("%s %+v", imp.State, imp.Problem)
		}
		if most := peak(); most > 128<<20 {
			t.Errorf("%d MB in use", most>>20)
		}
	}
	_, err := o.imports.Receive(ctx, a.ID, db.NewID(), tenant.ImportFile{Size: 100 << 20, Body: repeated('x')}, tenant.OriginPage, tenant.ImportOptions{}, o.clock.Now())
	wantKind(t, err, fault.TooLarge, "sheet_bytes")
}

// Every one of 100,000 wrong rows is in the report with its columns and reasons, in both languages, and none of it fills the memory.
func TestEveryWrongRowIsReported(t *testing.T) {
	o := newOffice(t, kit.SQLite(t))
	ctx, a := o.manager(t), o.world.A
	const wrong = 100_000
	var b strings.Builder
	b.WriteString("氏名,社員番号,メール,入社日\n")
	for i := range wrong {
		fmt.Fprintf(&b, "=cmd|'/c calc'!A%d,%d,<script>alert(1)</script>,2026/13/45\n", i, i)
	}
	peak := watchMemory()
	imp := o.check(t, ctx, a, []byte(b.String()))
	if imp.Summary.Wrong != wrong {
		t.Fatalf("%+v", imp.Summary)
	}
	for language, want := range map[string][]string{"ja": {"氏名 (A): 数式は使えません。文字で入力してください", "メール (C): メールアドレスの形にしてください", "入社日 (D): 2026/04/01のような日付にしてください"},
		"en": {"氏名 (A): A formula is not allowed. Enter text", "メール (C): Enter an e-mail address", "入社日 (D): Enter a date like 2026/04/01"}} {
		table, err := o.imports.WrongRows(ctx, a.ID, imp.ID, language)
		if err != nil {
			t.Fatal(err)
		}
		rows := 1
		for cells, err := range table.Rows {
			if err != nil {
				t.Fatal(err)
			}
			if rows++; cells[0] != sheet.Int(int64(rows)) {
				t.Fatalf("row %d of the report is of row %v", rows, cells[0])
			}
			if rows%9973 != 0 {
				continue
			}
			var out bytes.Buffer
			if _, err := sheet.Write(&out, sheet.CSV, sheet.Table{Headings: table.Headings, Rows: sheet.Rows([][]sheet.Cell{cells})}); err != nil {
				t.Fatal(err)
			}
			for _, reason := range want {
				if !strings.Contains(out.String(), reason) {
					t.Fatalf("row %d does not say %q: %s", rows, reason, out.String())
				}
			}
		}
		if rows != wrong+1 {
			t.Fatalf("%d rows", rows)
		}
	}
	if most := peak(); most > 200<<20 {
		t.Errorf("%d MB in use", most>>20)
	}
}

// The mail about a program's file says why nothing happened and names the first rows to mend, with their columns and reasons, and where all of them are.
func TestMailNamesWrongRows(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx, a := o.manager(t), o.world.A
		if _, err := d.Exec(ctx, "UPDATE person SET email = 'kanri@example.jp' WHERE tenant_id = ? AND id = ?", a.ID, a.Manager); err != nil {
			t.Fatal(err)
		}
		for language, want := range map[string][]string{
			"ja": {"何も変えていません。直す行が30行あります。", "2行目 入社日 (C): 2026/04/01のような日付にしてください", "21行目 入社日 (C)", "ほかに10行あります"},
			"en": {"Nothing was changed. 30 rows need mending.", "Row 2, 入社日 (C): Enter a date like 2026/04/01", "Row 21, 入社日 (C)", "And 10 more."}} {
			if _, err := d.Exec(ctx, "UPDATE person SET locale = ? WHERE tenant_id = ? AND id = ?", language, a.ID, a.Manager); err != nil {
				t.Fatal(err)
			}
			var file strings.Builder
			file.WriteString("社員番号,氏名,入社日\n")
			for i := range 30 {
				fmt.Fprintf(&file, "%s-%d,人 %d,いつか\n", language, i, i)
			}
			imp, err := o.imports.ReceiveUnattended(ctx, a.ID, "", tenant.ImportFile{Name: "nightly.csv", Size: int64(file.Len()), SHA: db.Hash{language[0]}, Body: strings.NewReader(file.String())}, false)
			if err != nil {
				t.Fatal(err)
			}
			o.work(t)
			var body string
			if err := d.QueryRow(ctx, "SELECT body_text FROM mail_message WHERE tenant_id = ? AND person_id = ? AND dedupe LIKE ?", a.ID, a.Manager, "import "+imp.ID.String()+"%").Scan(&body); err != nil {
				t.Fatal(err)
			}
			for _, part := range append(want, "https://training.example.jp/people/import?id="+imp.ID.String()) {
				if !strings.Contains(body, part) {
					t.Errorf("the mail does not say %q:\n%s", part, body)
				}
			}
			if strings.Contains(body, "22行目") || strings.Contains(body, "Row 22,") {
				t.Errorf("more than the first rows:\n%s", body)
			}
		}
	})
}
