package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"kenshu/fault"
	"kenshu/storage/sheet"
)

// rawWorkbook makes an XLSX of the given shared strings and sheet, each as XML.
func rawWorkbook(t *testing.T, shared, rows string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/sharedStrings.xml":       `<sst>` + shared + `</sst>`,
		"xl/worksheets/sheet1.xml":   `<worksheet>` + rows + `</worksheet>`,
	} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func keyOfFault(err error) string {
	if fault.KindOf(err) != fault.Invalid {
		return fmt.Sprint(err)
	}
	name, _, _ := strings.Cut(err.Error(), ":")
	return name
}

// One long text to which every cell refers unpacks to very much: what all cells hold together is bounded.
func TestQuadraticSharedStrings(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("<sheetData>")
	for i := range 5000 {
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>`, i+1, i+1)
	}
	rows.WriteString("</sheetData>")
	file := rawWorkbook(t, "<si><t>"+strings.Repeat("長い", 500)+"</t></si>", rows.String())
	_, err := sheet.Read(bytes.NewReader(file), int64(len(file)), sheet.Limits{Text: 1 << 20, Ratio: 100_000}, func(sheet.Row) error { return nil })
	if keyOfFault(err) != "sheet_unpacked" {
		t.Fatal(err)
	}
}

// Empty texts take memory, too: very many of them are bounded like long ones.
func TestVeryManyEmptySharedStrings(t *testing.T) {
	file := rawWorkbook(t, strings.Repeat("<si/>", 100_000), "<sheetData></sheetData>")
	_, err := sheet.Read(bytes.NewReader(file), int64(len(file)), sheet.Limits{Text: 1 << 20, Ratio: 100_000}, func(sheet.Row) error { return nil })
	if keyOfFault(err) != "sheet_unpacked" {
		t.Fatal(err)
	}
}

func TestMergedCellsAreTold(t *testing.T) {
	file := rawWorkbook(t, "", `<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row></sheetData><mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="$A$2:A4"/></mergeCells>`)
	info, err := sheet.Read(bytes.NewReader(file), int64(len(file)), sheet.Limits{}, func(sheet.Row) error { return nil })
	if err != nil || len(info.Merged) != 1 || info.Merged[0].First != 2 || info.Merged[0].Last != 4 {
		t.Fatalf("%+v, %v", info.Merged, err)
	}
}
