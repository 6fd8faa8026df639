package lms

import (
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"kenshu/content"
	"kenshu/storage/db"
	"kenshu/storage/paper"
	"kenshu/tenant"
)

var (
	recordInk    = paper.Colour{R: 34, G: 37, B: 42}
	recordAccent = paper.Colour{R: 23, G: 78, B: 110}
	recordQuiet  = paper.Colour{R: 95, G: 100, B: 108}
	recordCell   = paper.Style{Size: 8.5, Colour: recordInk, Leading: 1.5}
	recordHead   = paper.Style{Size: 8.5, Bold: true, Colour: recordAccent, Leading: 1.5}
)

// FileName is what a download of the record is called, without its ending.
func (rec IssuedRecord) FileName(language string) string {
	w := wordsOf(language)
	return strings.Join([]string{w["record"], rec.Content.Title, fmt.Sprintf(w["issue"], rec.Number)}, " ")
}

// WritePDF draws the record. The same issue in the same language is the same bytes whenever it is drawn; its number and digest stand on every page.
func (rec IssuedRecord) WritePDF(out io.Writer, language string) error {
	w, c := wordsOf(language), rec.Content
	doc := paper.New(paper.A4, paper.Meta{Title: rec.FileName(language), Author: c.Organisation, Created: rec.CreatedAt.Time, Language: language})
	doc.SetMargins(paper.Margins{Top: 18, Right: 16, Bottom: 22, Left: 16})
	doc.Page()
	rec.drawBody(doc, w, true)
	drawFoot(doc, w, strings.Join([]string{c.Organisation, w["record"], fmt.Sprintf(w["issue"], rec.Number), fmt.Sprintf(w["as_of"], slashed(c.AsOf))}, "　"), rec.Digest)
	_, err := doc.WriteTo(out)
	return err
}

// drawBody draws everything between the head and the foot of a page; attendees are left out of the paper of a very large year.
func (rec IssuedRecord) drawBody(doc *paper.Doc, w words, attendees bool) {
	c := rec.Content
	drawHead(doc, w, c.Title, []string{fmt.Sprintf(w["issue"], rec.Number), fmt.Sprintf(w["as_of"], slashed(c.AsOf)), fmt.Sprintf(w["issued"], slashed(tenant.Day(rec.CreatedAt.Time)))})
	section(doc, w["summary"], 20)
	table(doc, w, []paper.Column{{Title: w["item"], Width: 38}, {Title: w["what"]}}, summaryRows(w, c))
	drawBoxes(doc, w, recordBoxes(w, c))
	section(doc, w["contents"], 25)
	table(doc, w, contentColumns(w), contentRows(w, c))
	for _, l := range c.Course.Lessons {
		if l.Kind == content.KindPledge {
			section(doc, l.Title, 25)
			doc.Write(l.Text, paper.Style{Size: 8.5, Colour: recordInk, Leading: 1.6})
			doc.Space(1)
			doc.Write(w["text_digest"]+"　"+l.Digest, paper.Style{Size: 7, Colour: recordQuiet})
		}
	}
	if len(c.Departments) > 0 {
		section(doc, w["by_department"], 25)
		table(doc, w, departmentColumns(w), departmentRows(w, c.Departments))
		doc.Write(w["concurrent"], paper.Style{Size: 7.5, Colour: recordQuiet})
	}
	for _, part := range []struct {
		word    string
		columns []paper.Column
		rows    [][]string
	}{
		{"attendees", attendeeColumns(w), attendeeRows(w, c.Attendees)},
		{"absentees", absenteeColumns(w), absenteeRows(w, c.Absentees)},
		{"excused", excusedColumns(w), excusedRows(w, c.Excused)},
	} {
		if part.word == "attendees" && !attendees {
			continue
		}
		section(doc, w[part.word]+"　"+fmt.Sprintf(w["people"], len(part.rows)), 25)
		table(doc, w, part.columns, part.rows)
	}
}

// drawHead draws the top of a record: what it is, what it is about, which issue.
func drawHead(doc *paper.Doc, w words, title string, facts []string) {
	area := doc.Area()
	doc.Text(paper.Box{X: area.X, Y: area.Y, W: area.W - 50}, w["record"], paper.Style{Size: 21, Bold: true, Colour: recordInk, Leading: 1.3})
	doc.Text(paper.Box{X: area.X, Y: area.Y + 11, W: area.W - 50}, title, paper.Style{Size: 11.5, Bold: true, Colour: recordAccent, Fit: true})
	doc.Text(paper.Box{X: area.X, Y: area.Y + 18, W: area.W - 50}, strings.Join(facts, "　"), paper.Style{Size: 8.5, Colour: recordQuiet})
	// Two boxes for seals or signatures, as Japanese offices use them.
	for i, word := range []string{"approved", "drawn"} {
		b := paper.Box{X: area.X + area.W - 44 + float64(i)*22, Y: area.Y, W: 22, H: 24}
		doc.Rect(b, paper.Pen{Width: 0.4, Colour: recordQuiet})
		doc.Line(b.X, b.Y+5.5, b.X+b.W, b.Y+5.5, paper.Pen{Width: 0.4, Colour: recordQuiet})
		doc.Text(paper.Box{X: b.X, Y: b.Y, W: b.W, H: 5.5}, w[word], paper.Style{Size: 7.5, Align: paper.Centre, Colour: recordQuiet})
	}
	doc.SetY(area.Y + 27)
}

func section(doc *paper.Doc, title string, room float64) {
	doc.Space(5)
	doc.Keep(room)
	y := doc.Y()
	doc.Fill(paper.Box{X: doc.Area().X, Y: y + 0.9, W: 1.2, H: 4.6}, recordAccent)
	doc.Text(paper.Box{X: doc.Area().X + 3, Y: y, W: doc.Area().W - 3, H: 6.4}, title, paper.Style{Size: 11, Bold: true, Colour: recordInk, Leading: 1.3})
	doc.SetY(y + 8)
}

func table(doc *paper.Doc, w words, columns []paper.Column, rows [][]string) {
	if len(rows) == 0 {
		doc.Write(w["none"], paper.Style{Size: 9, Colour: recordQuiet})
		return
	}
	doc.Table(paper.Table{Columns: columns, Rows: slices.Values(rows), Style: recordCell, Head: recordHead})
}

func recordBoxes(w words, c TrainingRecord) [][2]string {
	average := "—"
	if c.AverageScore != nil {
		average = fmt.Sprintf(w["points"], *c.AverageScore)
	}
	people := func(n int) string { return fmt.Sprintf(w["people"], n) }
	return [][2]string{
		{w["assigned"], people(c.Figures.Assigned)}, {w["completed"], people(c.Figures.Completed)}, {w["rate"], fmt.Sprintf(w["percent"], c.Rate)},
		{w["unfinished"], people(c.Figures.Assigned - c.Figures.Completed)}, {w["overdue"], people(c.Figures.Overdue)}, {w["average"], average},
	}
}

// drawBoxes draws the results as a row of boxes.
func drawBoxes(doc *paper.Doc, w words, boxes [][2]string) {
	section(doc, w["results"], 30)
	area, y := doc.Area(), doc.Y()
	width := area.W / float64(len(boxes))
	for i, b := range boxes {
		box := paper.Box{X: area.X + float64(i)*width, Y: y, W: width, H: 17}
		doc.Rect(box, paper.Pen{Width: 0.4, Colour: recordQuiet})
		doc.Text(paper.Box{X: box.X, Y: y + 1.5, W: width}, b[0], paper.Style{Size: 7.5, Align: paper.Centre, Colour: recordQuiet, Fit: true})
		doc.Text(paper.Box{X: box.X, Y: y + 6.5, W: width}, b[1], paper.Style{Size: 14, Bold: true, Align: paper.Centre, Colour: recordInk, Leading: 1.3})
	}
	doc.SetY(y + 18)
}

// drawFoot puts what the document is, its digest and the page on every page.
func drawFoot(doc *paper.Doc, w words, line string, digest db.Hash) {
	area := doc.Area()
	quiet := paper.Style{Size: 7, Colour: recordQuiet}
	doc.Footer(func(page, pages int) {
		y := doc.Size().H - 17
		doc.Line(area.X, y-1, area.X+area.W, y-1, paper.Pen{Width: 0.3, Colour: recordQuiet})
		doc.Text(paper.Box{X: area.X, Y: y, W: area.W - 20}, line, quiet)
		doc.Text(paper.Box{X: area.X, Y: y + 4, W: area.W - 20}, w["digest"]+"　"+hex.EncodeToString(digest[:]), quiet)
		right := quiet
		right.Align = paper.Right
		doc.Text(paper.Box{X: area.X + area.W - 20, Y: y, W: 20}, fmt.Sprintf("%d / %d", page, pages), right)
	})
}
