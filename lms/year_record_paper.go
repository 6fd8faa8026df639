package lms

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"kenshu/storage/paper"
	"kenshu/storage/sheet"
	"kenshu/tenant"
)

// MaxPaperPeople is how many lines about people the PDF of a year has at most; beyond it, it lists only those who have not finished or need not, and says
// that the XLSX has everybody. Nobody reads 3,000 pages.
const MaxPaperPeople = 20_000

// FileName is what a download of the record is called, without its ending.
func (y IssuedYear) FileName(language string) string {
	w := wordsOf(language)
	return strings.Join([]string{w["record"], fmt.Sprintf(w["year"], y.Content.Year), fmt.Sprintf(w["issue"], y.Number)}, " ")
}

// WriteYearPDF draws the record of a year: the year, then every round. The same issue in the same language is the same bytes whenever it is drawn.
func (t *TrainingRecords) WriteYearPDF(ctx context.Context, tid tenant.ID, out io.Writer, y IssuedYear, language string) error {
	w, c := wordsOf(language), y.Content
	doc := paper.New(paper.A4, paper.Meta{Title: y.FileName(language), Author: c.Organisation, Created: y.CreatedAt.Time, Language: language})
	doc.SetMargins(paper.Margins{Top: 18, Right: 16, Bottom: 22, Left: 16})
	doc.Page()
	drawHead(doc, w, fmt.Sprintf(w["year"], c.Year), []string{fmt.Sprintf(w["issue"], y.Number), fmt.Sprintf(w["as_of"], slashed(c.AsOf)), fmt.Sprintf(w["issued"], slashed(tenant.Day(y.CreatedAt.Time)))})
	section(doc, w["summary"], 20)
	table(doc, w, []paper.Column{{Title: w["item"], Width: 38}, {Title: w["what"]}}, yearSummaryRows(w, c))
	drawBoxes(doc, w, yearBoxes(w, c))
	section(doc, w["rounds"], 25)
	table(doc, w, yearRoundColumns(w), yearRoundRows(w, c))
	if len(c.Departments) > 0 {
		section(doc, w["by_department"], 25)
		table(doc, w, departmentColumns(w), departmentRows(w, c.Departments))
		doc.Write(w["concurrent"], paper.Style{Size: 7.5, Colour: recordQuiet})
	}
	everybody := c.Figures.Assigned+c.Figures.Exempt+c.Figures.Withdrawn <= MaxPaperPeople
	if !everybody {
		doc.Write(w["not_everybody"], paper.Style{Size: 8.5, Colour: recordQuiet})
	}
	err := t.eachRecord(ctx, tid, y, func(_ int, rec IssuedRecord) error {
		doc.Page()
		if !everybody {
			rec.Content.Attendees = nil
		}
		rec.drawBody(doc, w, everybody)
		doc.Space(4)
		doc.Write(w["digest"]+"　"+hex.EncodeToString(rec.Digest[:]), paper.Style{Size: 7, Colour: recordQuiet})
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	drawFoot(doc, w, strings.Join([]string{c.Organisation, y.FileName(language), fmt.Sprintf(w["as_of"], slashed(c.AsOf))}, "　"), y.Digest)
	_, err = doc.WriteTo(out)
	return err
}

func yearSummaryRows(w words, c YearRecord) [][]string {
	return [][]string{
		{w["organisation"], c.Organisation}, {w["fiscal_year"], fmt.Sprintf(w["year"], c.Year) + "　" + slashed(c.FirstDay) + " " + w["to"] + " " + slashed(c.LastDay)},
		{w["responsible"], strings.Join(c.Responsible, w["separator"])}, {w["rounds"], strconv.Itoa(len(c.Rounds))}, {w["people_due"], fmt.Sprintf(w["people"], c.People)},
		{w["people_done"], fmt.Sprintf(w["people"], c.PeopleDone)},
	}
}

func yearBoxes(w words, c YearRecord) [][2]string {
	people := func(n int) string { return fmt.Sprintf(w["people"], n) }
	return [][2]string{
		{w["people_due"], people(c.People)}, {w["people_done"], people(c.PeopleDone)}, {w["places"], strconv.Itoa(c.Figures.Assigned)}, {w["completed"], strconv.Itoa(c.Figures.Completed)},
		{w["rate"], fmt.Sprintf(w["percent"], c.Rate)}, {w["overdue"], strconv.Itoa(c.Figures.Overdue)},
	}
}

func yearRoundColumns(w words) []paper.Column {
	number := func(word string, width float64) paper.Column {
		return paper.Column{Title: w[word], Width: width, Align: paper.Right}
	}
	return []paper.Column{number("no", 9), {Title: w["title"]}, {Title: w["period"], Width: 40}, number("assigned", 16), number("completed", 21), number("overdue", 18), number("rate", 16), number("average_short", 18)}
}

func yearRoundRows(w words, c YearRecord) [][]string {
	rows := make([][]string, 0, len(c.Rounds))
	for i, r := range c.Rounds {
		average := "—"
		if r.AverageScore != nil {
			average = fmt.Sprintf(w["points"], *r.AverageScore)
		}
		title := r.Title
		if r.Course != "" && r.Course != r.Title {
			title += "\n" + r.Course
		}
		rows = append(rows, []string{strconv.Itoa(i + 1), title, slashed(r.StartsOn) + " " + w["to"] + " " + slashed(r.DeadlineOn), strconv.Itoa(r.Figures.Assigned),
			strconv.Itoa(r.Figures.Completed), strconv.Itoa(r.Figures.Overdue), fmt.Sprintf(w["percent"], r.Rate), average})
	}
	return rows
}

// WriteYearXLSX writes the record of a year as a workbook: the year, its rounds, its departments, and a line for everybody in every round.
func (t *TrainingRecords) WriteYearXLSX(ctx context.Context, tid tenant.ID, out io.Writer, y IssuedYear, language string) error {
	w, c := wordsOf(language), y.Content
	summary := append([][]string{{w["record"], fmt.Sprintf(w["issue"], y.Number) + "　" + fmt.Sprintf(w["as_of"], slashed(c.AsOf))}}, yearSummaryRows(w, c)...)
	for _, b := range yearBoxes(w, c) {
		summary = append(summary, b[:])
	}
	summary = append(summary, []string{w["digest"], hex.EncodeToString(y.Digest[:])})
	rounds, columns := yearRoundRows(w, c), append(yearRoundColumns(w), paper.Column{Title: w["digest"], Width: 130})
	for i := range rounds {
		rounds[i] = append(rounds[i], c.Rounds[i].Digest)
	}
	people := sheet.Table{Name: w["lines"]}
	for _, h := range []struct {
		word  string
		width float64
	}{{"title", 36}, {"employee_number", 14}, {"name", 20}, {"departments", 28}, {"status", 18}, {"due_on", 12}, {"started_on", 12}, {"completed_on", 12}, {"score", 8}, {"follow_up", 30}, {"reason", 30}, {"pledge", 36}} {
		people.Headings = append(people.Headings, sheet.Heading{Title: w[h.word], Width: h.width})
	}
	people.Rows = func(yield func([]sheet.Cell, error) bool) {
		err := t.eachRecord(ctx, tid, y, func(_ int, rec IssuedRecord) error {
			for _, part := range [][]RecordPerson{rec.Content.Attendees, rec.Content.Absentees, rec.Content.Excused} {
				for _, p := range part {
					if !yield(yearLine(w, rec.Content.Title, p), nil) {
						return errStop
					}
				}
			}
			return ctx.Err()
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(nil, err)
		}
	}
	_, err := sheet.Write(out, sheet.XLSX, page(w["sheet_summary"], []paper.Column{{Title: w["record"], Width: 48}, {Title: fmt.Sprintf(w["year"], c.Year), Width: 160}}, summary),
		page(w["rounds"], columns, rounds), page(w["by_department"], departmentColumns(w), departmentRows(w, c.Departments)), people)
	return err
}

func yearLine(w words, round string, p RecordPerson) []sheet.Cell {
	score := sheet.Text("")
	if p.Score != nil {
		score = sheet.Int(int64(*p.Score))
	}
	follow, signed := "", strings.Join(pledgeWords(w, p), w["separator"])
	if p.Status.Open() {
		p.Pledges = nil // they have a column of their own
		follow = followUp(w, p)
	}
	return []sheet.Cell{
		sheet.Text(round), sheet.Text(p.EmployeeNumber), sheet.Text(p.Name), sheet.Text(strings.Join(p.Departments, w["separator"])), sheet.Text(strings.Join(basisWords(w, w.status(p.Status, p.Overdue), p), "")),
		sheet.Text(slashed(p.DueOn)), sheet.Text(slashed(p.StartedOn)), sheet.Text(slashed(p.CompletedOn)), score, sheet.Text(follow), sheet.Text(w.remark(p.Reason, p.ExemptUntil, p.ExtendedOn, p.ExtendedReason)), sheet.Text(signed),
	}
}
