package lms

import (
	"context"
	"fmt"
	"math"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// FigureLimits say from how many answers on a figure of a question is shown. Below, it would say more about the few people than about the question.
type FigureLimits struct {
	Answers  int // for the share of right answers, and what was answered
	Compared int // for the discrimination
	Alike    int // people who typed the same, before it is shown what they typed
}

// DefaultFigureLimits are used unless the installation says otherwise.
var DefaultFigureLimits = FigureLimits{Answers: 10, Compared: 30, Alike: 3}

// QuestionVersions gives everything a question of the bank ever asked; content.Questions does.
type QuestionVersions interface {
	Versions(ctx context.Context, tid tenant.ID, id db.ID) ([]content.QuestionVersion, error)
}

// QuestionFigures tells how questions of the bank were answered, without saying by whom.
//
// Counted are first attempts that were handed in, as Moodle's quiz statistics do: later attempts of the same person break the assumptions of item analysis.
// A question that was asked and left open counts as wrong.
type QuestionFigures struct {
	db     *db.DB
	bank   QuestionVersions
	limits FigureLimits
}

// NewQuestionFigures makes the service.
func NewQuestionFigures(d *db.DB, bank QuestionVersions, limits FigureLimits) *QuestionFigures {
	return &QuestionFigures{db: d, bank: bank, limits: limits}
}

// QuestionReport is how one version of a question was answered.
type QuestionReport struct {
	Limits   FigureLimits
	Versions []VersionFigures // every version that was asked or is asked now, newest first
	Question content.Question // the version that the rest is about
	Number   int              // of that version
	Whole    content.Answered
	Rounds   []RoundFigures
	Given    []GivenAnswer // nil when fewer than FigureLimits.Answers answered
	Open     int           // asked and left open
}

// VersionFigures is how one version of a question was answered.
type VersionFigures struct {
	Number int
	content.Answered
}

// RoundFigures is how one version of a question was answered in a round.
type RoundFigures struct {
	Round    db.ID
	Title    string
	StartsOn string
	content.Answered
}

// Find gives the figures of one version of a question; number 0 is the newest version that was asked, or the newest at all. It returns fault.NotFound when tid
// has no such question or version.
func (f *QuestionFigures) Find(ctx context.Context, tid tenant.ID, question db.ID, number int) (QuestionReport, error) {
	all, err := f.bank.Versions(ctx, tid, question)
	if err != nil {
		return QuestionReport{}, fmt.Errorf("figures of question: %w", err)
	}
	ids := make([]db.ID, 0, len(all))
	for _, v := range all {
		ids = append(ids, v.Question.ID)
	}
	known, err := f.Answered(ctx, tid, f.db, ids)
	if err != nil {
		return QuestionReport{}, fmt.Errorf("figures of question: %w", err)
	}
	out := QuestionReport{Limits: f.limits}
	for i, v := range all {
		answered := known[v.Question.ID]
		if i == 0 || answered.Asked > 0 {
			out.Versions = append(out.Versions, VersionFigures{v.Number, answered})
		}
		if number == v.Number || number == 0 && (out.Number == 0 || out.Whole.Asked == 0 && answered.Asked > 0) {
			out.Question, out.Number, out.Whole = v.Question, v.Number, answered
		}
	}
	if out.Number == 0 {
		return QuestionReport{}, fault.New(fault.NotFound, "not_found")
	}
	if out.Rounds, err = f.rounds(ctx, tid, out.Question.ID); err != nil {
		return QuestionReport{}, fmt.Errorf("figures of question: %w", err)
	}
	if err := f.given(ctx, tid, &out); err != nil {
		return QuestionReport{}, fmt.Errorf("figures of question: %w", err)
	}
	return out, nil
}

// Answered gives how versions of questions were answered, by the ids of the versions; those that were never asked are missing.
func (f *QuestionFigures) Answered(ctx context.Context, tid tenant.ID, r db.Runner, versions []db.ID) (map[db.ID]content.Answered, error) {
	out := map[db.ID]content.Answered{}
	for len(versions) > 0 {
		n := min(len(versions), 500)
		ids := make([]any, 0, n)
		for _, id := range versions[:n] {
			ids = append(ids, id.String())
		}
		versions = versions[n:]
		cond := db.Also("w.question_id", ids)
		err := db.Each(ctx, r, sqlFiguresOfVersions+cond.More()+" GROUP BY w.question_id", append([]any{tid}, cond.Args()...), func(scan func(...any) error) error {
			var version string
			var s sums
			if err := scan(append([]any{&version}, s.targets()...)...); err != nil {
				return err
			}
			id, err := db.ParseID(version)
			if err != nil {
				return err
			}
			out[id] = s.figures(f.limits)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (f *QuestionFigures) rounds(ctx context.Context, tid tenant.ID, version db.ID) ([]RoundFigures, error) {
	return db.List(ctx, f.db, sqlFiguresOfRounds, []any{tid, version.String()}, func(row db.Row) (RoundFigures, error) {
		var one RoundFigures
		var s sums
		if err := row.Scan(append([]any{&one.Round, &one.Title, &one.StartsOn}, s.targets()...)...); err != nil {
			return one, err
		}
		one.Answered = s.figures(f.limits)
		return one, nil
	})
}

// sums are what figureColumns gives. x is the share of right answers to the other questions of an attempt, in the attempts that had any.
type sums struct {
	asked, right            int
	compared, comparedRight int
	x, xx, rightX           float64
}

func (s *sums) targets() []any {
	return []any{&s.asked, &s.right, &s.compared, &s.comparedRight, &s.x, &s.xx, &s.rightX}
}

// figures computes the classical figures of an item. The facility is the share of right answers (Lord and Novick, Statistical Theories of Mental Test Scores,
// 1968, chapter 15, there p, the difficulty). The discrimination is the point-biserial correlation between being right here and the share of right answers to
// the other questions of the same attempt, which leaves the question itself out of what it is compared with (Henrysson, Psychometrika 28, 1963, page 211; the
// discrimination index of Moodle's quiz statistics): with n answers, p of them right, it is cov(right, x) / (sd(right) · sd(x)).
func (s sums) figures(limits FigureLimits) content.Answered {
	out := content.Answered{Asked: s.asked, Right: s.right}
	if s.asked < max(1, limits.Answers) {
		out.Right = 0
		return out
	}
	facility := float64(s.right) / float64(s.asked)
	out.Facility = &facility
	n := float64(s.compared)
	if s.compared < max(1, limits.Compared) {
		return out
	}
	p, mean := float64(s.comparedRight)/n, s.x/n
	spread := p * (1 - p) * (s.xx/n - mean*mean)
	if spread < 1e-12 { // everybody was right, or wrong, or did equally well in the rest: nothing to compare
		return out
	}
	r := min(1, max(-1, (s.rightX/n-p*mean)/math.Sqrt(spread)))
	out.Discrimination = &r
	return out
}
