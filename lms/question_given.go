package lms

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"kenshu/content"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// maxGiven is how many different answers are shown of a question whose answers are not chosen from a list.
const maxGiven = 20

// GivenAnswer is one answer and how many gave it.
type GivenAnswer struct {
	Choice string // id of the choice, where answers are chosen from a list
	Text   string // what it says
	Right  bool
	Count  int // people; of a question with several answers one person counts for each
}

// tallied collects what was answered.
type tallied struct {
	count map[string]int
	text  map[string]string // as it was typed first
	right map[string]bool
}

func (t *tallied) add(key, text string, right bool) {
	t.count[key]++
	if t.count[key] == 1 {
		t.text[key] = text
	}
	t.right[key] = right
}

// given reads what was answered, with memory for the different answers only.
func (f *QuestionFigures) given(ctx context.Context, tid tenant.ID, out *QuestionReport) error {
	if out.Whole.Asked < f.limits.Answers {
		return nil
	}
	t := tallied{map[string]int{}, map[string]string{}, map[string]bool{}}
	err := db.Each(ctx, f.db, sqlAnswersGiven, []any{tid, out.Question.ID.String()}, func(scan func(...any) error) error {
		var answer db.JSON[[]string]
		var correct int
		if err := scan(&answer, &correct); err != nil {
			return err
		}
		if len(answer.V) == 0 {
			out.Open++
			return nil
		}
		t.take(out.Question, answer.V, correct == 1)
		return nil
	})
	out.Given = t.list(out.Question, f.limits)
	return err
}

func (t *tallied) take(q content.Question, answer []string, right bool) {
	switch q.Kind {
	case content.QuestionShortText:
		t.add(tenant.Fold(answer[0]), answer[0], right)
	case content.QuestionNumber:
		key := answer[0]
		if n, ok := content.ParseNumber(key); ok {
			key = n.RatString()
		}
		t.add(key, answer[0], right)
	case content.QuestionOrdering:
		words := make([]string, 0, len(answer))
		for _, id := range answer {
			words = append(words, content.TextOfChoice(q.Choices, id))
		}
		t.add(strings.Join(answer, "="), strings.Join(words, " → "), right)
	default: // each choice, each pair
		for _, one := range answer {
			t.add(one, "", false)
		}
	}
}

// list puts the answers into the order in which they are read: choices and pairs as the question has them, everything else by how often it was given.
func (t *tallied) list(q content.Question, limits FigureLimits) []GivenAnswer {
	out := []GivenAnswer{}
	switch q.Kind {
	case content.QuestionSingle, content.QuestionMultiple, content.QuestionTrueFalse:
		for _, c := range q.Choices {
			out = append(out, GivenAnswer{Choice: c.ID, Text: c.Text, Right: slices.Contains(q.Correct, c.ID), Count: t.count[c.ID]})
		}
		return out
	case content.QuestionMatching:
		correct := rightOf(q)
		for _, c := range q.Choices {
			for _, to := range q.Targets {
				pair := content.Pair(c.ID, to.ID)
				if right := slices.Contains(correct, pair); right || t.count[pair] > 0 {
					out = append(out, GivenAnswer{Text: c.Text + " → " + to.Text, Right: right, Count: t.count[pair]})
				}
			}
		}
		return out
	}
	typed := q.Kind != content.QuestionOrdering
	for key, n := range t.count {
		if !typed || n >= limits.Alike {
			out = append(out, GivenAnswer{Text: t.text[key], Right: t.right[key], Count: n})
		}
	}
	slices.SortFunc(out, func(a, b GivenAnswer) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text)) })
	return out[:min(len(out), maxGiven)]
}
