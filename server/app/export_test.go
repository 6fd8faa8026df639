package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"kenshu/rig/kit"
	"kenshu/server/api"
)

// formulaSigns begin a formula in some spreadsheet program.
const formulaSigns = "=+-@\t\r＝＋－＠"

// Whoever names a person, a course or a file like a formula: no cell of any file that the product gives begins one.
func TestNoExportHoldsAFormula(t *testing.T) {
	a, world := newApp(t)
	f := newFace(t, a)
	own := kit.Fill(t, a.DB, world.B, "=HYPERLINK(0)")
	files := map[string]int{}
	for _, route := range a.API.Routes() {
		if route.Method != http.MethodGet || route.Permission == api.Public {
			continue
		}
		for _, format := range []string{"csv", "xlsx"} {
			token := f.permitted(a, world.B, route)
			r := f.request(route, token, own.IDs[keyTable(route)])
			r.URL.RawQuery = "format=" + format
			w := f.serve(r)
			if w.Code != http.StatusOK {
				continue
			}
			switch media, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";"); media {
			case "text/csv":
				files[route.ID]++
				noFormulaCSV(t, route.ID, w.Body.Bytes())
			case "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":
				files[route.ID]++
				noFormulaXLSX(t, route.ID, w.Body.Bytes())
			}
		}
	}
	if len(files) < 5 {
		t.Errorf("only %v gave a file", files)
	}
	t.Logf("%v", files)
}

func noFormulaCSV(t *testing.T, route string, raw []byte) {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Errorf("%s: %v", route, err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if first := strings.TrimLeft(cell, " "); first != "" && strings.ContainsRune(formulaSigns, []rune(first)[0]) && !number.MatchString(first) {
				t.Errorf("%s gives the cell %q", route, cell)
			}
		}
	}
}

var number = regexp.MustCompile(`^-[0-9.]+$`)

func noFormulaXLSX(t *testing.T, route string, raw []byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Errorf("%s: %v", route, err)
		return
	}
	for _, file := range z.File {
		in, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(file.Name, "xl/worksheets/") && regexp.MustCompile(`<f[ >]`).Match(text) {
			t.Errorf("%s: %s holds a formula", route, file.Name)
		}
	}
}
