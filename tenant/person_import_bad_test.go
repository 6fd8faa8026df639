package tenant_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/storage/sheet"
)

// Whatever comes as a list of people: a clear refusal, and nobody is changed.
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
	for name, one := range map[string]struct{ file, key string }{
		"PDF":             {"%PDF-1.7\n...", "sheet_kind"},
		"old Excel":       {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), "sheet_kind"},
		"password":        {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 70_000) + "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00", "sheet_kind"},
		"JPEG":            {"\xff\xd8\xff\xe0 JFIF", "sheet_kind"},
		"HTML":            {"<html><table><tr><td>氏名</td></tr></table></html>", "sheet_kind"},
		"NUL":             {"氏名\n林\x00恵子\n", "sheet_kind"},
		"NUL later":       {"氏名\n" + strings.Repeat("林 恵子\n", 1000) + "\x00\n", "sheet_encoding"},
		"mixed encodings": {"氏名,部署\n林 恵子,介護課\n\x97\xd1 \x8c\x62\x8e\x71,\x89\xee\n", "sheet_encoding"},
		"a long line":     {"氏名\n" + strings.Repeat("長", 3_000_000) + "\n", "sheet_cell"},
		"a line of cells": {"氏名\n" + strings.Repeat("長い,", 1_000_000) + "\n", "sheet_columns"},
		"16,000 columns":  {strings.Join(wide, ",") + "\n", "sheet_columns"},
		"broken zip":      {"PK\x03\x04 and no more", "sheet_damaged"},
		"too many rows":   {lines(100_001), "sheet_rows"},
	} {
		imp := o.receive(t, ctx, a, db.NewID(), name, []byte(one.file))
		if imp.Problem == nil || imp.State != "refused" || imp.Problem.Key != one.key {
			t.Errorf("%s: %s %+v, want %s", name, imp.State, imp.Problem, one.key)
		}
	}
	after := kit.Snapshot(t, o.db, a.ID)
	for _, table := range []string{"person", "person_department", "department", "person_role", "credential"} {
		if before[table] != after[table] {
			t.Errorf("%s changed", table)
		}
	}
}

// Every wrong row is in the report with its columns and reasons, in both languages, however many there are.
func TestEveryWrongRowIsReported(t *testing.T) {
	o := newOffice(t, kit.SQLite(t))
	ctx, a := o.manager(t), o.world.A
	const wrong = 3000
	var b strings.Builder
	b.WriteString("氏名,社員番号,メール,入社日\n")
	for i := range wrong {
		fmt.Fprintf(&b, "=cmd|'/c calc'!A%d,%d,<script>alert(1)</script>,2026/13/45\n", i, i)
	}
	imp := o.check(t, ctx, a, []byte(b.String()))
	if imp.Summary.Wrong != wrong {
		t.Fatalf("%+v", imp.Summary)
	}
	for _, language := range []string{"ja", "en"} {
		table, err := o.imports.WrongRows(ctx, a.ID, imp.ID, language, func(f fault.Field) string { return f.Key })
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if _, err := sheet.Write(&out, sheet.XLSX, table); err != nil {
			t.Fatal(err)
		}
		rows := 0
		_, err = sheet.Read(bytes.NewReader(out.Bytes()), int64(out.Len()), sheet.Limits{}, func(r sheet.Row) error {
			if rows++; rows > 1 && (r.Cell(0) != fmt.Sprint(rows) || !strings.Contains(r.Cell(2), "sheet_formula") || !strings.Contains(r.Cell(2), "email") || !strings.Contains(r.Cell(1), "入社日 (D)") || len(r.Faults) > 0) {
				t.Fatalf("row %d of the report: %q", rows, r.Cells)
			}
			return nil
		})
		if err != nil || rows != wrong+1 {
			t.Fatalf("%d rows: %v", rows, err)
		}
	}
}
