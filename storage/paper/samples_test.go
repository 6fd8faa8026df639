package paper_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kenshu/storage/paper"
)

var out = flag.String("out", "", "keep the sample documents in this directory, to be looked at")

var (
	ink    = paper.Colour{R: 32, G: 36, B: 44}
	accent = paper.Colour{R: 23, G: 78, B: 110}
	quiet  = paper.Colour{R: 95, G: 100, B: 108}
	meta   = paper.Meta{Title: "見本 髙﨑𠮷", Author: "一般社団法人 研修", Created: time.Date(2026, 4, 1, 9, 0, 0, 0, time.FixedZone("JST", 9*3600))}
)

// The samples are the four kinds of document that callers draw: they are what the tests below read, measure and render.
var samples = map[string]func() *paper.Doc{"certificate": certificate, "slip": slip, "slips": slips, "record": record}

func certificate() *paper.Doc {
	doc := paper.New(paper.A4Landscape, meta)
	doc.Page()
	doc.Rect(paper.Box{X: 10, Y: 10, W: 277, H: 190}, paper.Pen{Width: 2.2, Colour: accent})
	doc.Rect(paper.Box{X: 12.2, Y: 12.2, W: 272.6, H: 185.6}, paper.Pen{Width: 0.5, Colour: accent})
	centre := func(y float64, text string, s paper.Style) float64 {
		s.Align, s.Colour = paper.Centre, ink
		return doc.Text(paper.Box{X: 35, Y: y, W: 227}, text, s)
	}
	centre(32, "修了証", paper.Style{Size: 40, Bold: true, Tracking: 18, Leading: 1.2})
	doc.Line(128.5, 55, 168.5, 55, paper.Pen{Width: 1, Colour: accent})
	centre(64, "医療法人社団 青空会 さくら訪問介護ステーション", paper.Style{Size: 13})
	y := centre(76, "髙﨑 𠮷之助　殿", paper.Style{Size: 30, Bold: true, Fit: true, Leading: 1.4})
	doc.Line(85, y+1, 212, y+1, paper.Pen{Width: 0.5, Colour: quiet})
	centre(104, "あなたは下記の研修を修了し、理解度テストに合格したことを証します。", paper.Style{Size: 13})
	centre(119, "個人情報保護と情報セキュリティの基本（2026年度）", paper.Style{Size: 18, Bold: true, Fit: true})
	centre(133, "得点 95点（合格点 80点）", paper.Style{Size: 11})
	centre(152, "2026年4月1日", paper.Style{Size: 13})
	centre(163, "一般社団法人 研修推進協会", paper.Style{Size: 16, Bold: true})
	doc.QR(249, 160, 26, "https://kenshu.example.jp/verify/0198f0a2-7c41-7d33-9c55-1f7f0a1e2b3c")
	doc.Text(paper.Box{X: 204, Y: 187, W: 72}, "証明書番号 7K3M-9QX2-VT4H", paper.Style{Size: 8, Align: paper.Right, Colour: quiet})
	return doc
}

func oneSlip(doc *paper.Doc, b paper.Box, name, login, secret string) {
	in := b.Inset(7)
	doc.Text(paper.Box{X: in.X, Y: in.Y, W: in.W - 24}, "はじめてのログイン", paper.Style{Size: 9, Colour: quiet})
	doc.Text(paper.Box{X: in.X, Y: in.Y + 6, W: in.W - 24}, name+" 様", paper.Style{Size: 14, Bold: true, Fit: true})
	for i, row := range [][2]string{{"会社コード", "K7M2-44PX"}, {"ログインID", login}, {"仮パスワード", secret}} {
		y := in.Y + 16 + float64(i)*8
		doc.Text(paper.Box{X: in.X, Y: y, W: 24, H: 7}, row[0], paper.Style{Size: 8.5, Colour: quiet})
		doc.Text(paper.Box{X: in.X + 24, Y: y, W: in.W - 24, H: 7}, row[1], paper.Style{Size: 12, Bold: true, Fit: true})
		doc.Line(in.X, y+7.4, in.X+in.W, y+7.4, paper.Pen{Width: 0.3, Colour: quiet})
	}
	doc.QR(in.X+in.W-20, in.Y-4, 20, "https://kenshu.example.jp/login")
}

func slip() *paper.Doc {
	doc := paper.New(paper.A5, meta)
	doc.Page()
	oneSlip(doc, paper.Box{X: 5, Y: 10, W: 138, H: 80}, "髙﨑 𠮷之助", "000123", "hare-kumo-ame-yuki-8842")
	return doc
}

func slips() *paper.Doc {
	doc := paper.New(paper.A4, meta)
	for i := range 23 {
		if i%10 == 0 {
			doc.Page()
			for r := 1; r < 5; r++ {
				doc.Line(0, float64(r)*59.4, 210, float64(r)*59.4, paper.Pen{Width: 0.3, Colour: quiet, Dash: 1.2})
			}
			doc.Line(105, 0, 105, 297, paper.Pen{Width: 0.3, Colour: quiet, Dash: 1.2})
		}
		at := i % 10
		oneSlip(doc, paper.Box{X: float64(at%2) * 105, Y: float64(at/2) * 59.4, W: 105, H: 59.4}, fmt.Sprintf("研修 花子%d", i+1), fmt.Sprintf("%06d", i+1), "hare-kumo-ame-yuki-8842")
	}
	return doc
}

func record() *paper.Doc {
	doc := paper.New(paper.A4, meta)
	doc.SetMargins(paper.Margins{Top: 22, Right: 18, Bottom: 24, Left: 18})
	doc.Page()
	doc.Write("教育実施記録", paper.Style{Size: 20, Bold: true, Colour: ink})
	doc.Space(2)
	doc.Write("本記録は、個人情報保護マネジメントシステムの要求に基づき、実施した教育の内容と結果を残すものです。"+
		"「受講者」には役員、派遣社員、業務委託先の要員（Contractors and temporary staff）を含みます。", paper.Style{Size: 10, Colour: ink})
	doc.Space(4)
	doc.Table(paper.Table{
		Columns: []paper.Column{{Title: "項目", Width: 35}, {Title: "内容"}}, Style: paper.Style{Size: 9.5},
		Rows: slices.Values([][]string{{"実施期間", "2026/04/01 〜 2026/06/30"}, {"方法", "eラーニング（動画・資料・理解度テスト10問）"}, {"対象者", "120名（うち修了 118名）"}}),
	})
	doc.Space(6)
	rows := func(yield func([]string) bool) {
		for i := range 120 {
			note := ""
			if i%17 == 3 {
				note = "育児休業中のため、復職後30日以内に受講する。上長が2026/07/15までに日程を決め、管理責任者へ報告する。"
			}
			if !yield([]string{fmt.Sprint(i + 1), fmt.Sprintf("%06d", i+1), "髙﨑 𠮷之助", "在宅支援部 訪問介護課", "2026/04/15", fmt.Sprint(60 + i%41), note}) {
				return
			}
		}
	}
	doc.Table(paper.Table{
		Columns: []paper.Column{{Title: "No.", Width: 10, Align: paper.Right}, {Title: "社員番号", Width: 18}, {Title: "氏名", Width: 27}, {Title: "部署", Width: 36},
			{Title: "修了日", Width: 22, Align: paper.Centre}, {Title: "得点", Width: 12, Align: paper.Right}, {Title: "備考"}},
		Rows: rows, Style: paper.Style{Size: 8.5, Colour: ink}, Head: paper.Style{Size: 8.5, Bold: true, Colour: accent},
	})
	doc.Footer(func(page, pages int) {
		b := paper.Box{X: 18, Y: 280, W: 174}
		doc.Line(18, 278, 192, 278, paper.Pen{Width: 0.3, Colour: quiet})
		doc.Text(b, "さくら訪問介護ステーション　教育実施記録", paper.Style{Size: 8, Colour: quiet})
		doc.Text(b, fmt.Sprintf("%d / %d", page, pages), paper.Style{Size: 8, Colour: quiet, Align: paper.Right})
	})
	return doc
}

func write(t testing.TB, doc *paper.Doc) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := doc.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// file writes doc where the PDF tools can read it, and where a person can when -out is given.
func file(t testing.TB, name string, doc *paper.Doc) string {
	t.Helper()
	dir := t.TempDir()
	if *out != "" {
		dir = *out
	}
	path := filepath.Join(dir, strings.ReplaceAll(name, " ", "_")+".pdf")
	if err := os.WriteFile(path, write(t, doc), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
