package lms

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"kenshu/storage/db"
	"kenshu/storage/sheet"
	"kenshu/tenant"
)

// words are the labels of documents and exports in one language.
type words map[string]string

// wordsOf gives the words of a language; Japanese unless it is "en".
func wordsOf(language string) words {
	if language == "en" {
		return english
	}
	return japanese
}

// status is the word for where somebody stands; late only while there is something to do.
func (w words) status(s Status, overdue bool) string {
	if overdue {
		return w[string(s)] + w["and_overdue"]
	}
	return w[string(s)]
}

// reason puts the system's own reasons into words and leaves a person's alone.
func (w words) reason(r string) string {
	if slices.Contains(systemReasons, r) {
		return w["reason_"+r]
	}
	return r
}

// basis says when a result rests on what a learning package reported about itself: nobody else has seen it.
func (w words) basis(selfReported bool) string {
	if selfReported {
		return w["self_reported"]
	}
	return ""
}

// remark is everything there is to say about why somebody stands as they do: the reason with its last day, and an extension.
func (w words) remark(reason, until, extendedOn, extendedReason string) string {
	var parts []string
	if reason != "" {
		parts = append(parts, w.reason(reason))
	}
	if until != "" {
		parts = append(parts, fmt.Sprintf(w["exempt_until"], slashed(until)))
	}
	if extendedOn != "" {
		if extendedReason == ReasonReturned {
			extendedReason = w["reason_returned"]
		}
		parts = append(parts, fmt.Sprintf(w["extended"], slashed(extendedOn), extendedReason))
	}
	return strings.Join(parts, w["separator"])
}

// ExportName is what an export of enrolments is called.
func ExportName(language string) string { return wordsOf(language)["export"] }

var enrolmentColumns = []struct {
	word  string
	width float64
}{
	{"name", 20}, {"employee_number", 14}, {"login_id", 16}, {"departments", 28}, {"status", 18}, {"due_on", 12}, {"lessons", 12}, {"score", 8},
	{"started_on", 12}, {"completed_on", 12}, {"reason", 36}, {"basis", 20},
}

// WriteEnrolments writes what a filtered list shows as CSV or XLSX, row by row. Who took it away is recorded first.
func (s *Rounds) WriteEnrolments(ctx context.Context, tid tenant.ID, out io.Writer, format sheet.Format, f EnrolmentFilter, language string) error {
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		return s.audit.Append(ctx, tid, tx, tenant.Change{Action: "round.export", SubjectKind: "round", Subject: f.Round})
	})
	if err != nil {
		return fmt.Errorf("export enrolments: %w", err)
	}
	w := wordsOf(language)
	t := sheet.Table{Name: w["export"]}
	for _, c := range enrolmentColumns {
		t.Headings = append(t.Headings, sheet.Heading{Title: w[c.word], Width: c.width})
	}
	t.Rows = func(yield func([]sheet.Cell, error) bool) {
		stop := errStop
		err := s.EachEnrolment(ctx, tid, f, func(e Enrolment) error {
			if !yield(enrolmentCells(w, e), nil) {
				return stop
			}
			return nil
		})
		if err != nil && err != stop { //nolint:errorlint // our own sentinel, never wrapped
			yield(nil, err)
		}
	}
	_, err = sheet.Write(out, format, t)
	return err
}

func enrolmentCells(w words, e Enrolment) []sheet.Cell {
	score := sheet.Text("")
	if e.Score != nil {
		score = sheet.Int(int64(*e.Score))
	}
	return []sheet.Cell{
		sheet.Text(e.Name), sheet.Text(e.EmployeeNumber), sheet.Text(e.LoginID), sheet.Text(strings.Join(e.Departments, "、")),
		sheet.Text(w.status(e.Status, e.Overdue)), sheet.Text(slashed(e.DueOn)), sheet.Text(portion(e.LessonsDone, e.LessonsTotal)), score,
		sheet.Text(dayOf(e.StartedAt)), sheet.Text(dayOf(e.CompletedAt)), sheet.Text(w.remark(e.Reason, e.ExemptUntil, e.ExtendedOn, e.ExtendedReason)), sheet.Text(w.basis(e.SelfReported)),
	}
}

// dayOf is the calendar day of t as people read it, or nothing.
func dayOf(t db.Time) string {
	if t.IsZero() {
		return ""
	}
	return slashed(tenant.Day(t.Time))
}

func slashed(day string) string { return strings.ReplaceAll(day, "-", "/") }
