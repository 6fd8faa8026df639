package lms

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/storage/sheet"
	"kenshu/tenant"
)

// LeastAnonymous is how many anonymous answers are shown together at least. Those that are fewer wait for more: seen one after the other, each would be somebody's.
const LeastAnonymous = 5

// MaxSurveyTexts is how many answers in people's own words one result lists; the export has all.
const MaxSurveyTexts = 200

// SurveySummary is a survey of a round, without what was answered.
type SurveySummary struct {
	Lesson    db.ID // of the published version
	Title     string
	Naming    string // content.SurveyAnonymous, content.SurveyNamed
	Questions int
	Answered  int // people who sent their answers
	// Shown is of how many the answers are in the result. Anonymous ones appear LeastAnonymous at a time; fewer are never shown, not after the round either.
	Shown int
}

// SurveyResult is what was answered to a survey in one round.
type SurveyResult struct {
	SurveySummary
	Results []SurveyQuestionResult
}

// SurveyQuestionResult counts the answers to one question.
type SurveyQuestionResult struct {
	Question content.SurveyQuestion
	Answered int
	Counts   []int        // of single, multiple: for each choice; of scale: for each step
	Mean     *float64     // of scale, to a hundredth; nil without an answer
	Texts    []SurveyText // of text, at most MaxSurveyTexts
	More     int          // texts that are not listed
}

// SurveyText is an answer in somebody's own words; Name is empty in an anonymous survey.
type SurveyText struct {
	Text string
	Name string
}

// Surveys reads what was answered to the surveys of rounds.
type Surveys struct {
	db     *db.DB
	audit  *tenant.Audit
	rounds *Rounds
	clock  func() time.Time
}

// NewSurveys makes the service.
func NewSurveys(d *db.DB, audit *tenant.Audit, rounds *Rounds, clock func() time.Time) *Surveys {
	return &Surveys{db: d, audit: audit, rounds: rounds, clock: clock}
}

// List gives the surveys of a round in the order of the course. It returns fault.NotFound.
func (s *Surveys) List(ctx context.Context, tid tenant.ID, round db.ID) ([]SurveySummary, error) {
	asked, err := s.asked(ctx, tid, round)
	if err != nil {
		return nil, fmt.Errorf("list surveys: %w", err)
	}
	list := make([]SurveySummary, 0, len(asked))
	for _, one := range asked {
		list = append(list, one.SurveySummary)
	}
	return list, nil
}

// askedSurvey is a survey of a round with its questions.
type askedSurvey struct {
	SurveySummary
	lesson   db.ID   // the draft lesson
	versions []db.ID // the lesson in each version that the round has and had
	survey   content.SurveyBody
}

// asked gives the surveys of a round in the order of the course. Those of versions that the round had before it went over to a newer one come after them, once somebody
// answered; of a survey that stands in several versions all questions are there.
func (s *Surveys) asked(ctx context.Context, tid tenant.ID, round db.ID) ([]askedSurvey, error) {
	found, err := s.rounds.Find(ctx, tid, round)
	if err != nil {
		return nil, err
	}
	taught, err := s.rounds.taughtIn(ctx, tid, []Round{found})
	if err != nil {
		return nil, err
	}
	versions := slices.SortedFunc(maps.Values(taught), func(a, b *content.CourseVersion) int { return b.Number - a.Number })
	var list []askedSurvey
	for _, course := range versions {
		for _, l := range course.Lessons {
			survey := l.Body.Survey
			if survey == nil {
				continue
			}
			if i := slices.IndexFunc(list, func(a askedSurvey) bool { return a.lesson == l.Lesson }); i >= 0 {
				list[i].survey, list[i].versions = withQuestionsOf(list[i].survey, *survey), append(list[i].versions, l.ID)
				continue
			}
			list = append(list, askedSurvey{SurveySummary{Lesson: l.ID, Title: l.Title, Naming: survey.Naming}, l.Lesson, []db.ID{l.ID}, *survey})
		}
	}
	if len(list) == 0 {
		return list, nil
	}
	err = db.Each(ctx, s.db, sqlSurveyCounts, []any{tid, round}, func(scan func(...any) error) error {
		var lesson db.ID
		var answered, shown int
		err := scan(&lesson, &answered, &shown)
		if i := slices.IndexFunc(list, func(a askedSurvey) bool { return a.lesson == lesson }); i >= 0 {
			list[i].Answered, list[i].Shown = answered, shown
		}
		return err
	})
	now := taught[found.VersionID]
	list = slices.DeleteFunc(list, func(a askedSurvey) bool {
		_, asks := now.Lesson(a.Lesson)
		return !asks && a.Answered == 0
	})
	for i := range list {
		list[i].Questions = len(list[i].survey.Questions)
	}
	return list, err
}

// withQuestionsOf adds what an earlier version of a survey asked, and could be answered, and the newer one does not have any more.
func withQuestionsOf(newer, earlier content.SurveyBody) content.SurveyBody {
	newer.Questions = slices.Clone(newer.Questions)
	for _, was := range earlier.Questions {
		i := slices.IndexFunc(newer.Questions, func(q content.SurveyQuestion) bool { return q.ID == was.ID })
		if i < 0 {
			newer.Questions = append(newer.Questions, was)
			continue
		}
		q := &newer.Questions[i]
		if q.Kind != was.Kind {
			continue
		}
		q.Steps, q.Choices = max(q.Steps, was.Steps), slices.Clone(q.Choices)
		for _, ch := range was.Choices {
			if !slices.ContainsFunc(q.Choices, func(has content.Choice) bool { return has.ID == ch.ID }) {
				q.Choices = append(q.Choices, ch)
			}
		}
	}
	return newer
}

// Summary gives one of List, its answers unread. It returns fault.NotFound for an unknown round or a lesson that is no survey of it.
func (s *Surveys) Summary(ctx context.Context, tid tenant.ID, round, lesson db.ID) (SurveySummary, error) {
	var out SurveyResult
	if _, err := s.open(ctx, tid, round, lesson, &out); err != nil {
		return SurveySummary{}, fmt.Errorf("survey: %w", err)
	}
	return out.SurveySummary, nil
}

// Find gives the result of a survey. It returns fault.NotFound for an unknown round or a lesson that is no survey of it.
func (s *Surveys) Find(ctx context.Context, tid tenant.ID, round, lesson db.ID) (SurveyResult, error) {
	var out SurveyResult
	tally, err := s.open(ctx, tid, round, lesson, &out)
	if err != nil {
		return SurveyResult{}, fmt.Errorf("survey result: %w", err)
	}
	if err := s.each(ctx, tid, round, tally, func(r surveyResponse) error { tally.add(r); return nil }); err != nil {
		return SurveyResult{}, fmt.Errorf("survey result: %w", err)
	}
	out.Results = tally.results()
	return out, nil
}

// open gives the survey, to count its answers.
func (s *Surveys) open(ctx context.Context, tid tenant.ID, round, lesson db.ID, out *SurveyResult) (*surveyTally, error) {
	list, err := s.asked(ctx, tid, round)
	if err != nil {
		return nil, err
	}
	for _, one := range list {
		if slices.Contains(one.versions, lesson) {
			out.SurveySummary = one.SurveySummary
			return &surveyTally{lesson: one.lesson, survey: &one.survey, by: map[db.ID]*SurveyQuestionResult{}}, nil
		}
	}
	return nil, fault.New(fault.NotFound, "not_found")
}

// surveyResponse is one person's answers; Name and Number are empty in an anonymous survey.
type surveyResponse struct {
	answers      []SurveyAnswer
	sent         db.Time
	name, number string
	person       db.ID
}

func (s *Surveys) each(ctx context.Context, tid tenant.ID, round db.ID, t *surveyTally, each func(surveyResponse) error) error {
	return db.Each(ctx, s.db, sqlSurveyResponses, []any{tid, round, t.lesson}, func(scan func(...any) error) error {
		var r surveyResponse
		var answers db.JSON[[]SurveyAnswer]
		if err := scan(&answers, &r.sent, &r.name, &r.number, &r.person); err != nil {
			return err
		}
		r.answers = answers.V
		return each(r)
	})
}

// surveyTally counts the answers to one survey.
type surveyTally struct {
	lesson db.ID // the draft lesson
	survey *content.SurveyBody
	by     map[db.ID]*SurveyQuestionResult
}

func (t *surveyTally) of(q content.SurveyQuestion) *SurveyQuestionResult {
	r := t.by[q.ID]
	if r == nil {
		r = &SurveyQuestionResult{Question: q, Texts: []SurveyText{}}
		switch q.Kind {
		case content.SurveyScale:
			r.Counts = make([]int, q.Steps)
		case content.SurveyText:
			r.Counts = []int{}
		default:
			r.Counts = make([]int, len(q.Choices))
		}
		t.by[q.ID] = r
	}
	return r
}

func (t *surveyTally) add(one surveyResponse) {
	for _, q := range t.survey.Questions {
		i := slices.IndexFunc(one.answers, func(a SurveyAnswer) bool { return a.Question == q.ID })
		if i < 0 {
			continue
		}
		r, a := t.of(q), one.answers[i]
		r.Answered++
		switch q.Kind {
		case content.SurveyScale:
			if a.Step >= 1 && a.Step <= len(r.Counts) {
				r.Counts[a.Step-1]++
			}
		case content.SurveyText:
			name := one.name
			if t.survey.Naming != content.SurveyNamed {
				name = ""
			}
			if len(r.Texts) < MaxSurveyTexts {
				r.Texts = append(r.Texts, SurveyText{a.Text, name})
			} else {
				r.More++
			}
		default:
			for j, ch := range q.Choices {
				if slices.Contains(a.Choices, ch.ID) {
					r.Counts[j]++
				}
			}
		}
	}
}

func (t *surveyTally) results() []SurveyQuestionResult {
	list := make([]SurveyQuestionResult, 0, len(t.survey.Questions))
	for _, q := range t.survey.Questions {
		r := t.of(q)
		if n, sum := 0, 0; q.Kind == content.SurveyScale {
			for i, c := range r.Counts {
				n, sum = n+c, sum+c*(i+1)
			}
			if n > 0 {
				mean := math.Round(float64(sum)*100/float64(n)) / 100
				r.Mean = &mean
			}
		}
		list = append(list, *r)
	}
	return list
}

// FileName is what an export of the result is called, without its ending.
func (r SurveySummary) FileName(language string) string {
	return strings.Join([]string{wordsOf(language)["survey_result"], r.Title}, " ")
}

// Write writes a survey's answers as CSV or XLSX, a line for everybody whose answers are shown, and says in the audit log who took them away. An anonymous survey has no
// names, and no day. It returns fault.NotFound.
func (s *Surveys) Write(ctx context.Context, tid tenant.ID, out io.Writer, format sheet.Format, round, lesson db.ID, language string) error {
	var result SurveyResult
	tally, err := s.open(ctx, tid, round, lesson, &result)
	if err != nil {
		return fmt.Errorf("export survey: %w", err)
	}
	if err := s.db.Tx(ctx, func(tx *db.Tx) error {
		return s.audit.Append(ctx, tid, tx, tenant.Change{Action: "survey.export", SubjectKind: "round", Subject: round, Detail: map[string]any{"survey": result.Title, "answers": result.Shown}})
	}); err != nil {
		return fmt.Errorf("export survey: %w", err)
	}
	w, named := wordsOf(language), tally.survey.Naming == content.SurveyNamed
	t := sheet.Table{Name: w["survey_result"]}
	if named {
		t.Headings = []sheet.Heading{{Title: w["name"], Width: 20}, {Title: w["employee_number"], Width: 14}, {Title: w["answered_on"], Width: 12}}
	}
	for _, q := range tally.survey.Questions {
		t.Headings = append(t.Headings, sheet.Heading{Title: q.Text, Width: 30})
	}
	t.Rows = func(yield func([]sheet.Cell, error) bool) {
		err := s.each(ctx, tid, round, tally, func(r surveyResponse) error {
			if !yield(tally.cells(w, named, r), nil) {
				return errStop
			}
			return nil
		})
		if err != nil && err != errStop { //nolint:errorlint // our own sentinel, never wrapped
			yield(nil, err)
		}
	}
	_, err = sheet.Write(out, format, t)
	return err
}

func (t *surveyTally) cells(w words, named bool, r surveyResponse) []sheet.Cell {
	var cells []sheet.Cell
	if named {
		cells = []sheet.Cell{sheet.Text(r.name), sheet.Text(r.number), sheet.Text(dayOf(r.sent))}
	}
	for _, q := range t.survey.Questions {
		i := slices.IndexFunc(r.answers, func(a SurveyAnswer) bool { return a.Question == q.ID })
		switch {
		case i < 0:
			cells = append(cells, sheet.Text(""))
		case q.Kind == content.SurveyScale:
			cells = append(cells, sheet.Int(int64(r.answers[i].Step)))
		case q.Kind == content.SurveyText:
			cells = append(cells, sheet.Text(r.answers[i].Text))
		default:
			var chosen []string
			for _, ch := range q.Choices {
				if slices.Contains(r.answers[i].Choices, ch.ID) {
					chosen = append(chosen, ch.Text)
				}
			}
			cells = append(cells, sheet.Text(strings.Join(chosen, w["separator"])))
		}
	}
	return cells
}
