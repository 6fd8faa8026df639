package lms

import (
	"context"
	"fmt"
	"io"
	"strings"

	"kenshu/storage/paper"
)

// paper draws the table on A4 lying, with what was asked for at its head and the number of pages at every foot.
func (t *reportTable) paper(ctx context.Context, out io.Writer, x ReportExport) error {
	w := t.words
	doc := paper.New(paper.A4Landscape, paper.Meta{Title: w["report"], Author: t.organisation, Language: x.Language})
	doc.SetMargins(paper.Margins{Top: 14, Right: 12, Bottom: 16, Left: 12})
	doc.Page()
	columns, total := make([]paper.Column, len(t.headings)), 0.0
	for _, h := range t.headings {
		total += h.Width
	}
	room := doc.Area().W
	for i, h := range t.headings {
		columns[i] = paper.Column{Title: h.Title, Width: h.Width / total * room}
	}
	doc.Write(w["report"], paper.Style{Size: 15, Bold: true, Colour: recordInk})
	var about []string
	for _, line := range t.conditions() {
		if line[0] != w["rows"] {
			about = append(about, line[0]+w["colon"]+line[1])
		}
	}
	doc.Write(strings.Join(about, "　"), paper.Style{Size: 8, Colour: recordQuiet})
	doc.Space(2)
	var failed error
	doc.Table(paper.Table{Columns: columns, Style: paper.Style{Size: 7.5, Colour: recordInk, Leading: 1.45}, Head: paper.Style{Size: 7.5, Bold: true, Colour: recordAccent, Leading: 1.45},
		Rows: func(yield func([]string) bool) {
			for cells, err := range t.lines(ctx, x.View.Form) {
				if err != nil {
					failed = err
					return
				}
				texts := make([]string, len(cells))
				for i, c := range cells {
					texts[i] = c.String()
				}
				if !yield(texts) {
					return
				}
			}
		}})
	if failed != nil {
		return failed
	}
	doc.Space(2)
	doc.Write(fmt.Sprintf(w["rows_in_all"], t.rows), paper.Style{Size: 8, Colour: recordQuiet})
	area, quiet := doc.Area(), paper.Style{Size: 7, Colour: recordQuiet}
	doc.Footer(func(page, pages int) {
		y := doc.Size().H - 12
		doc.Text(paper.Box{X: area.X, Y: y, W: area.W - 40}, t.organisation+"　"+w["report"]+"　"+fmt.Sprintf(w["as_of"], slashed(t.today)), quiet)
		right := quiet
		right.Align = paper.Right
		doc.Text(paper.Box{X: area.X + area.W - 40, Y: y, W: 40}, fmt.Sprintf("%d / %d", page, pages), right)
	})
	_, err := doc.WriteTo(out)
	return err
}
