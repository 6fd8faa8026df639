package lms

import (
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"

	"kenshu/content"
	"kenshu/storage/paper"
	"kenshu/storage/sheet"
)

// The rows below are the same in the PDF and in the XLSX: one record, two papers.

func portion(done, total int) string { return fmt.Sprintf("%d / %d", done, total) }

func summaryRows(w words, c TrainingRecord) [][]string {
	held := w["nobody"]
	if c.FirstOn != "" {
		held = slashed(c.FirstOn) + " " + w["to"] + " " + slashed(c.LastOn)
	}
	return [][]string{
		{w["organisation"], c.Organisation}, {w["title"], c.Title}, {w["period"], slashed(c.StartsOn) + " " + w["to"] + " " + slashed(c.DeadlineOn)}, {w["held"], held},
		{w["course"], strings.TrimSpace(c.Course.Title + "　" + fmt.Sprintf(w["version"], c.Course.Number, slashed(c.Course.PublishedOn)) + "\n" + c.Course.Summary)},
		{w["method"], w["method_text"] + strings.Join(methods(w, c), w["separator"])}, {w["responsible"], strings.Join(c.Responsible, w["separator"])}, {w["state"], w[string(c.State)]},
	}
}

// methods names the kinds of lesson that the course has, each once.
func methods(w words, c TrainingRecord) []string {
	var list []string
	for _, kind := range content.LessonKinds {
		for _, l := range c.Course.Lessons {
			if l.Kind == kind {
				list = append(list, w[string(kind)])
				break
			}
		}
	}
	return list
}

func contentColumns(w words) []paper.Column {
	return []paper.Column{{Title: w["no"], Width: 10, Align: paper.Right}, {Title: w["kind"], Width: 30}, {Title: w["lesson"]}, {Title: w["detail"], Width: 46}}
}

func contentRows(w words, c TrainingRecord) [][]string {
	rows := lessonRows(w, c.Course)
	for _, other := range c.Others {
		rows = append(rows, []string{"", "", fmt.Sprintf(w["version"], other.Number, slashed(other.PublishedOn)), w["other_version"]})
		rows = append(rows, lessonRows(w, other)...)
	}
	return rows
}

func lessonRows(w words, c RecordCourse) [][]string {
	rows := make([][]string, 0, len(c.Lessons))
	for i, l := range c.Lessons {
		detail := ""
		switch {
		case l.Kind == content.KindSurvey:
			detail = fmt.Sprintf(w["survey_detail"], l.Questions, w["naming_"+l.Naming])
		case l.Kind == content.KindPledge:
			detail = fmt.Sprintf(w["pledge_detail"], l.Digest[:min(len(l.Digest), 16)])
		case l.Questions > 0:
			detail = fmt.Sprintf(w["questions"], l.Questions, l.PassPercent)
		case l.Minutes > 0:
			detail = fmt.Sprintf(w["minutes"], l.Minutes)
		case l.Pages > 0:
			detail = fmt.Sprintf(w["pages"], l.Pages)
		}
		rows = append(rows, []string{strconv.Itoa(i + 1), w[string(l.Kind)], l.Title, detail})
	}
	return rows
}

func departmentColumns(w words) []paper.Column {
	number := func(word string) paper.Column { return paper.Column{Title: w[word], Width: 24, Align: paper.Right} }
	return []paper.Column{{Title: w["department"]}, number("assigned"), number("completed"), number("unfinished"), number("overdue"), number("rate")}
}

func departmentRows(w words, departments []RecordDepartment) [][]string {
	rows := make([][]string, 0, len(departments))
	for _, d := range departments {
		rows = append(rows, []string{d.Name, strconv.Itoa(d.Figures.Assigned), strconv.Itoa(d.Figures.Completed), strconv.Itoa(d.Figures.Assigned - d.Figures.Completed),
			strconv.Itoa(d.Figures.Overdue), fmt.Sprintf(w["percent"], d.Rate)})
	}
	return rows
}

func personColumns(w words, more ...paper.Column) []paper.Column {
	return append([]paper.Column{{Title: w["no"], Width: 10, Align: paper.Right}, {Title: w["employee_number"], Width: 22}, {Title: w["name"], Width: 34},
		{Title: w["departments"], Width: 38}}, more...)
}

func personCells(w words, i int, p RecordPerson, more ...string) []string {
	return append([]string{strconv.Itoa(i + 1), p.EmployeeNumber, p.Name, strings.Join(p.Departments, w["separator"])}, more...)
}

func attendeeColumns(w words) []paper.Column {
	return personColumns(w, paper.Column{Title: w["completed_on"], Width: 24, Align: paper.Centre}, paper.Column{Title: w["score"], Width: 16, Align: paper.Right}, paper.Column{Title: w["status"]})
}

func attendeeRows(w words, people []RecordPerson) [][]string {
	rows := make([][]string, 0, len(people))
	for i, p := range people {
		score := ""
		if p.Score != nil {
			score = strconv.Itoa(*p.Score)
		}
		rows = append(rows, personCells(w, i, p, slashed(p.CompletedOn), score, strings.Join(append(basisWords(w, w.status(p.Status, false), p), pledgeWords(w, p)...), "\n")))
	}
	return rows
}

func absenteeColumns(w words) []paper.Column {
	return personColumns(w, paper.Column{Title: w["status"], Width: 26}, paper.Column{Title: w["due_on"], Width: 20, Align: paper.Centre}, paper.Column{Title: w["follow_up"]})
}

func absenteeRows(w words, people []RecordPerson) [][]string {
	rows := make([][]string, 0, len(people))
	for i, p := range people {
		rows = append(rows, personCells(w, i, p, strings.Join(basisWords(w, w.status(p.Status, p.Overdue), p), "\n"), slashed(p.DueOn), followUp(w, p)))
	}
	return rows
}

// basisWords marks a status that rests on what a learning package reported about itself, or on another version than the round's.
func basisWords(w words, status string, p RecordPerson) []string {
	list := []string{status}
	if p.Version > 0 {
		list = append(list, fmt.Sprintf(w["took_version"], p.Version))
	}
	if p.SelfReported {
		list = append(list, "（"+w.basis(true)+"）")
	}
	return list
}

// pledgeWords says what somebody signed, and when.
func pledgeWords(w words, p RecordPerson) []string {
	var list []string
	for _, one := range p.Pledges {
		list = append(list, fmt.Sprintf(w["signed"], one.Title, slashed(one.SignedOn), one.Name))
	}
	return list
}

// followUp says what was done about somebody who has not finished.
func followUp(w words, p RecordPerson) string {
	follow := w["not_reminded"]
	if p.Reminders > 0 {
		follow = fmt.Sprintf(w["reminded"], p.Reminders, slashed(p.RemindedOn))
	}
	if p.PersonState == "suspended" {
		follow = w["suspended"] + w["separator"] + follow
	}
	return strings.Join(append([]string{follow}, pledgeWords(w, p)...), "\n")
}

func excusedColumns(w words) []paper.Column {
	return personColumns(w, paper.Column{Title: w["status"], Width: 22}, paper.Column{Title: w["reason"]})
}

func excusedRows(w words, people []RecordPerson) [][]string {
	rows := make([][]string, 0, len(people))
	for i, p := range people {
		rows = append(rows, personCells(w, i, p, w.status(p.Status, false), w.remark(p.Reason, p.ExemptUntil, p.ExtendedOn, p.ExtendedReason)))
	}
	return rows
}

// WriteXLSX writes the record as a workbook: the summary, then a sheet for each part.
func (rec IssuedRecord) WriteXLSX(out io.Writer, language string) error {
	w, c := wordsOf(language), rec.Content
	summary := append([][]string{{w["record"], fmt.Sprintf(w["issue"], rec.Number) + "　" + fmt.Sprintf(w["as_of"], slashed(c.AsOf))}}, summaryRows(w, c)...)
	for _, f := range []struct {
		word string
		n    int
	}{{"assigned", c.Figures.Assigned}, {"completed", c.Figures.Completed}, {"unfinished", c.Figures.Assigned - c.Figures.Completed}, {"overdue", c.Figures.Overdue},
		{"exempt", c.Figures.Exempt}, {"withdrawn", c.Figures.Withdrawn}} {
		summary = append(summary, []string{w[f.word], fmt.Sprintf(w["people"], f.n)})
	}
	summary = append(summary, []string{w["rate"], fmt.Sprintf(w["percent"], c.Rate)}, []string{w["digest"], hex.EncodeToString(rec.Digest[:])})
	tables := []sheet.Table{page(w["sheet_summary"], []paper.Column{{Title: w["record"], Width: 48}, {Title: c.Title, Width: 160}}, summary)}
	for _, part := range []struct {
		word    string
		columns []paper.Column
		rows    [][]string
	}{
		{"contents", contentColumns(w), contentRows(w, c)}, {"by_department", departmentColumns(w), departmentRows(w, c.Departments)}, {"attendees", attendeeColumns(w), attendeeRows(w, c.Attendees)},
		{"absentees", absenteeColumns(w), absenteeRows(w, c.Absentees)}, {"excused", excusedColumns(w), excusedRows(w, c.Excused)},
	} {
		tables = append(tables, page(w[part.word], part.columns, part.rows))
	}
	_, err := sheet.Write(out, sheet.XLSX, tables...)
	return err
}

// page makes a sheet of a table of the PDF; right-aligned columns are numbers where they can be.
func page(name string, columns []paper.Column, rows [][]string) sheet.Table {
	t := sheet.Table{Name: name}
	for _, c := range columns {
		width := c.Width / 2
		if width == 0 {
			width = 40
		}
		t.Headings = append(t.Headings, sheet.Heading{Title: c.Title, Width: max(width, 8)})
	}
	cells := make([][]sheet.Cell, len(rows))
	for i, row := range rows {
		for j, text := range row {
			n, err := strconv.ParseInt(text, 10, 64)
			if err == nil && columns[j].Align == paper.Right {
				cells[i] = append(cells[i], sheet.Int(n))
			} else {
				cells[i] = append(cells[i], sheet.Text(text))
			}
		}
	}
	t.Rows = sheet.Rows(cells)
	return t
}
