package paper_test

import (
	"bytes"
	"fmt"
	"image"
	_ "image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/skip2/go-qrcode"

	"kenshu/rig/servers"
	"kenshu/storage/paper"
)

func ExampleDoc() {
	doc := paper.New(paper.A4, paper.Meta{Title: "お知らせ"})
	doc.Page()
	doc.Write("髙﨑さんへ", paper.Style{Size: 16, Bold: true})
	doc.Table(paper.Table{
		Columns: []paper.Column{{Title: "講座"}, {Title: "期限", Width: 30}},
		Rows:    slices.Values([][]string{{"個人情報の基本", "2026/06/30"}}),
	})
	n, err := doc.WriteTo(io.Discard)
	fmt.Println(doc.Pages(), n > 1000, err, string(doc.Missing()))
	// Output: 1 true <nil>
}

// tool runs one of poppler's programs.
func tool(t testing.TB, name string, args ...string) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command(filepath.Join(servers.Poppler(t), name), args...)
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v %s", name, err, stderr.String())
	}
	if stderr.Len() > 0 { // a reader that complains has met a fault of ours
		t.Errorf("%s: %s", name, stderr.String())
	}
	return string(text)
}

func TestSamplesCanBeReadBack(t *testing.T) {
	wanted := map[string][]string{
		"certificate": {"髙﨑 𠮷之助 殿", "証明書番号 7K3M-9QX2-VT4H", "個人情報保護と情報セキュリティの基本（2026年度）"},
		"slip":        {"髙﨑 𠮷之助 様", "000123", "hare-kumo-ame-yuki-8842"},
		"slips":       {"研修 花子1 様", "研修 花子23 様", "000023"},
		"record":      {"教育実施記録", "氏名", "髙﨑 𠮷之助", "000120", "含みます。"},
	}
	for name, sample := range samples {
		t.Run(name, func(t *testing.T) {
			doc := sample()
			pages := doc.Pages()
			path := file(t, name, doc)
			text := tool(t, "pdftotext", "-layout", path, "-")
			plain := strings.Join(strings.Fields(text), " ")
			for _, w := range wanted[name] {
				if !strings.Contains(plain, w) {
					t.Errorf("%q cannot be found in\n%s", w, text)
				}
			}
			if len(doc.Missing()) > 0 {
				t.Errorf("missing %q", string(doc.Missing()))
			}
			about := tool(t, "pdfinfo", path)
			for _, w := range []string{"見本 髙﨑𠮷", "一般社団法人 研修", fmt.Sprintf("Pages:           %d\n", pages)} {
				if !strings.Contains(about, w) {
					t.Errorf("%q is not in\n%s", w, about)
				}
			}
		})
	}
}

func TestARecordRepeatsItsHeadAndNumbersItsPages(t *testing.T) {
	doc := record()
	pages := doc.Pages()
	if pages < 4 {
		t.Fatalf("%d pages", pages)
	}
	path := file(t, "record", doc)
	for page := 1; page <= pages; page++ {
		text := strings.Join(strings.Fields(tool(t, "pdftotext", "-layout", "-f", fmt.Sprint(page), "-l", fmt.Sprint(page), path, "-")), "")
		for _, w := range []string{"社員番号", fmt.Sprintf("教育実施記録%d/%d", page, pages)} {
			if strings.Count(text, w) != 1 {
				t.Errorf("page %d has %q %d times", page, w, strings.Count(text, w))
			}
		}
	}
	all := tool(t, "pdftotext", "-layout", path, "-")
	for i := range 120 {
		if strings.Count(all, fmt.Sprintf("%06d", i+1)) != 1 {
			t.Errorf("row %d stands %d times", i+1, strings.Count(all, fmt.Sprintf("%06d", i+1)))
		}
	}
}

func TestTheSameDrawingGivesTheSameBytes(t *testing.T) {
	for name, sample := range samples {
		first := write(t, sample())
		var all sync.WaitGroup
		for range 4 { // at once, because documents share the parsed fonts
			all.Go(func() {
				var b bytes.Buffer
				if _, err := sample().WriteTo(&b); err != nil || !bytes.Equal(first, b.Bytes()) {
					t.Errorf("%s differs (%v)", name, err)
				}
			})
		}
		all.Wait()
	}
}

func TestWhatTheFontLacksIsShownAndTold(t *testing.T) {
	doc := paper.New(paper.A4, paper.Meta{})
	doc.Page()
	doc.Text(paper.Box{X: 20, Y: 20, W: 170}, "a🍣b สวัสดี\x00\x07 \U000F0000 か\u3099\ufa19\u795e葛\U000E0100城\u200b\ufeff\tend\xff", paper.Style{})
	if got := doc.Missing(); !slices.Contains(got, '🍣') || !slices.Contains(got, 'ส') || !slices.Contains(got, '\U000F0000') || slices.Contains(got, '葛') {
		t.Errorf("missing %q", string(got))
	}
	text := tool(t, "pdftotext", file(t, "missing", doc), "-")
	for _, w := range []string{"a〓b", "が\ufa19\u795e葛城 end"} {
		if !strings.Contains(text, w) {
			t.Errorf("%q is not in %q", w, text)
		}
	}
}

func TestARowHigherThanAPageIsDivided(t *testing.T) {
	doc := paper.New(paper.A5, paper.Meta{})
	doc.Page()
	var long strings.Builder
	for i := range 400 {
		fmt.Fprintf(&long, "その%d。", i)
	}
	doc.Table(paper.Table{Columns: []paper.Column{{Title: "見出し", Width: 30}, {Title: "長い"}}, Rows: slices.Values([][]string{{"a", "b"}, {"x", long.String()}, {"c"}})})
	if doc.Pages() < 2 {
		t.Errorf("%d pages", doc.Pages())
	}
	pages := doc.Pages()
	text := strings.Join(strings.Fields(tool(t, "pdftotext", "-raw", file(t, "divided", doc), "-")), "")
	if strings.Count(text, "見出し") != pages {
		t.Errorf("the head stands %d times on %d pages", strings.Count(text, "見出し"), pages)
	}
	text = strings.ReplaceAll(text, "見出し長い", "")
	for i := range 400 {
		if !strings.Contains(text, fmt.Sprintf("その%d。", i)) {
			t.Errorf("その%d。 is lost", i)
		}
	}
}

func TestMistakesAreErrorsNotPanics(t *testing.T) {
	cases := map[string]func(*paper.Doc){
		"no page":            func(*paper.Doc) {},
		"text before a page": func(d *paper.Doc) { d.Text(paper.Box{W: 10}, "x", paper.Style{}) },
		"too many cells": func(d *paper.Doc) {
			d.Table(paper.Table{Columns: []paper.Column{{Title: "a"}}, Rows: slices.Values([][]string{{"1", "2"}})})
		},
		"columns too wide": func(d *paper.Doc) {
			d.Table(paper.Table{Columns: []paper.Column{{Width: 300}}, Rows: slices.Values([][]string{})})
		},
		"QR too long":           func(d *paper.Doc) { d.Page(); d.QR(0, 0, 10, strings.Repeat("x", 5000)) },
		"a footer with a page":  func(d *paper.Doc) { d.Page(); d.Footer(func(int, int) { d.Page() }) },
		"a table of no columns": func(d *paper.Doc) { d.Table(paper.Table{Rows: slices.Values([][]string{})}) },
	}
	for name, draw := range cases {
		doc := paper.New(paper.A4, paper.Meta{})
		draw(doc)
		var b bytes.Buffer
		if _, err := doc.WriteTo(&b); err == nil || b.Len() > 0 {
			t.Errorf("%s: %v, %d bytes", name, err, b.Len())
		}
	}
	doc := certificate()
	write(t, doc)
	if _, err := doc.WriteTo(io.Discard); err == nil {
		t.Error("written twice")
	}
}

func TestQRModulesStandWhereTheCodeSays(t *testing.T) {
	const text, side = "https://kenshu.example.jp/verify/0198f0a2", 50.0
	doc := paper.New(paper.A5, paper.Meta{})
	doc.Page()
	doc.QR(20, 20, side, text)
	path := file(t, "qr", doc)
	prefix := filepath.Join(t.TempDir(), "page")
	tool(t, "pdftoppm", "-png", "-r", "300", path, prefix)
	found, _ := filepath.Glob(prefix + "*.png")
	f, err := os.Open(found[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	picture, _, err := image.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		t.Fatal(err)
	}
	bitmap := code.Bitmap()
	module := side / float64(len(bitmap))
	for row, cells := range bitmap {
		for column, dark := range cells {
			x, y := (20+(float64(column)+.5)*module)/25.4*300, (20+(float64(row)+.5)*module)/25.4*300
			if r, _, _, _ := picture.At(int(x), int(y)).RGBA(); (r < 0x8000) != dark {
				t.Fatalf("module %d,%d is wrong", column, row)
			}
		}
	}
}

func BenchmarkCertificate(b *testing.B) {
	certificate()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := certificate().WriteTo(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRecordOf120(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := record().WriteTo(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
