package content

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// The kinds of question.
const (
	QuestionSingle    = "single"     // one choice is right
	QuestionMultiple  = "multiple"   // exactly the right choices
	QuestionTrueFalse = "true_false" // "true" or "false"
	QuestionOrdering  = "ordering"   // the choices in the right order
	QuestionMatching  = "matching"   // every choice with its target
	QuestionShortText = "short_text" // one of the accepted texts; width and case do not matter
	QuestionNumber    = "number"     // a number within the tolerance
)

// QuestionKinds lists every kind.
var QuestionKinds = []string{QuestionSingle, QuestionMultiple, QuestionTrueFalse, QuestionOrdering, QuestionMatching, QuestionShortText, QuestionNumber}

// Limits of a question.
const (
	MaxChoices  = 20   // of one question, also of what they are matched with
	MaxAccepted = 50   // texts of one question
	MaxAnswer   = 500  // characters of a typed answer
	maxText     = 4000 // characters of a question, an explanation
	maxChoice   = 1000 // characters of a choice
)

// Question is one question with what is right. The choices of true_false are "true" and "false", in this order. What Correct holds depends on the kind: the
// ids of the right choices; of ordering every id in the right order; of matching "choice=target" for every choice.
type Question struct {
	ID          db.ID    `json:"id" format:"uuid"`
	Kind        string   `json:"kind" enum:"single,multiple,true_false,ordering,matching,short_text,number"`
	Text        string   `json:"text" maxLength:"4000"`
	Choices     []Choice `json:"choices" nullable:"false" maxItems:"20"`
	Targets     []Choice `json:"targets,omitempty" nullable:"false" maxItems:"20" doc:"of matching: what the choices are matched with; those that fit nothing lead astray"`
	Correct     []string `json:"correct" nullable:"false" maxItems:"20" doc:"ids of the right choices; of ordering all ids in the right order; of matching choice=target for every choice"`
	Accepted    []string `json:"accepted,omitempty" nullable:"false" maxItems:"50" doc:"of short_text: every right answer; width, case and white space do not matter"`
	Number      string   `json:"number,omitempty" maxLength:"40" doc:"of number: the right one, as a decimal"`
	Tolerance   string   `json:"tolerance,omitempty" maxLength:"40" doc:"of number: how far off is still right; empty is 0"`
	Explanation string   `json:"explanation" required:"false" maxLength:"4000"`
	Bank        db.ID    `json:"bank,omitzero" required:"false" format:"uuid" doc:"the question of the bank that this is a copy of; filled in when published"`
}

// Choice is one answer to choose.
type Choice struct {
	ID   string `json:"id" minLength:"1" maxLength:"36" pattern:"^[a-z0-9_-]+$"`
	Text string `json:"text" maxLength:"1000"`
}

// Pair is how an answer names a choice with its target.
func Pair(choice, target string) string { return choice + "=" + target }

// tidy brings the question into its stored form. The lists that the caller handed over stay as they were: two requests may share them.
func (q *Question) tidy() {
	q.Text, q.Explanation = plain(q.Text), plain(q.Explanation)
	q.Choices, q.Targets = tidyChoices(q.Choices), tidyChoices(q.Targets)
	if q.Correct == nil {
		q.Correct = []string{}
	}
	q.Accepted = slices.Clone(q.Accepted)
	for i := range q.Accepted {
		q.Accepted[i] = plain(q.Accepted[i])
	}
	q.Number, q.Tolerance = plain(q.Number), plain(q.Tolerance)
	if q.Kind == QuestionTrueFalse {
		q.Choices = []Choice{{ID: "true"}, {ID: "false"}}
	}
}

func tidyChoices(list []Choice) []Choice {
	if list == nil {
		return []Choice{}
	}
	list = slices.Clone(list)
	for i := range list {
		list[i].Text = plain(list[i].Text)
	}
	return list
}

// checkDraft holds the limits that even an unfinished question keeps.
func (q *Question) checkDraft(c *fault.Check, path string) {
	c.If(!slices.Contains(QuestionKinds, q.Kind), path+".kind", "not_in_list")
	c.If(tooLong(q.Text, maxText), path+".text", "too_long", "max", maxText)
	c.If(tooLong(q.Explanation, maxText), path+".explanation", "too_long", "max", maxText)
	c.If(len(q.Accepted) > MaxAccepted, path+".accepted", "too_many", "max", MaxAccepted)
	for j, a := range q.Accepted {
		c.If(tooLong(a, MaxAnswer), fmt.Sprintf("%s.accepted[%d]", path, j), "too_long", "max", MaxAnswer)
	}
	for name, list := range map[string][]Choice{"choices": q.Choices, "targets": q.Targets} {
		at := path + "." + name
		c.If(len(list) > MaxChoices, at, "too_many", "max", MaxChoices)
		ids := map[string]bool{}
		for j, ch := range list {
			c.If(ch.ID == "" || ids[ch.ID] || strings.Contains(ch.ID, "="), fmt.Sprintf("%s[%d].id", at, j), "not_unique")
			ids[ch.ID] = true
			c.If(tooLong(ch.Text, maxChoice), fmt.Sprintf("%s[%d].text", at, j), "too_long", "max", maxChoice)
		}
	}
}

// validate records everything that keeps the question from being asked.
func (q *Question) validate(c *fault.Check, path string) {
	c.If(strings.TrimSpace(q.Text) == "", path+".text", "question_text")
	switch q.Kind {
	case QuestionShortText:
		right := 0
		for i, a := range q.Accepted {
			c.If(tenant.Fold(a) == "", fmt.Sprintf("%s.accepted[%d]", path, i), "choice_text")
			right++
		}
		c.If(right == 0, path+".accepted", "question_no_accepted")
		return
	case QuestionNumber:
		_, ok := ParseNumber(q.Number)
		c.If(!ok, path+".number", "question_number")
		off, ok := ParseNumber(q.Tolerance)
		c.If(strings.TrimSpace(q.Tolerance) != "" && (!ok || off.Sign() < 0), path+".tolerance", "question_tolerance")
		return
	}
	known := q.validateChoices(c, path+".choices", q.Choices, false)
	c.If(len(q.Choices) < 2, path+".choices", "question_few_choices")
	switch q.Kind {
	case QuestionOrdering:
		c.If(!permutes(q.Correct, known), path+".correct", "question_order")
	case QuestionMatching:
		targets := q.validateChoices(c, path+".targets", q.Targets, true)
		q.validatePairs(c, path, known, targets)
	default:
		right := map[string]bool{}
		for _, id := range q.Correct {
			c.If(!known[id], path+".correct", "question_correct_unknown")
			right[id] = true
		}
		c.If(len(right) == 0, path+".correct", "question_no_correct")
		c.If(q.Kind != QuestionMultiple && len(right) > 1, path+".correct", "question_one_correct")
	}
}

// validateChoices checks that every choice says something, and something else than the others. Of what they are matched with several may say the same: that is one
// answer (lms). It gives their ids.
func (q *Question) validateChoices(c *fault.Check, path string, list []Choice, targets bool) map[string]bool {
	known, said := map[string]bool{}, map[string]bool{}
	for i, ch := range list {
		known[ch.ID] = true
		if q.Kind == QuestionTrueFalse {
			continue
		}
		text := asRead(ch.Text)
		c.If(text == "", fmt.Sprintf("%s[%d]", path, i), "choice_text")
		c.If(!targets && text != "" && said[text], fmt.Sprintf("%s[%d]", path, i), "choice_twice")
		said[text] = true
	}
	return known
}

// asRead is what people see of a choice, by which they tell one from another: without regard to white space, to marks that nobody sees, and to full and half width.
// Case and x² stay: they may be what is asked.
func asRead(s string) string {
	return tenant.Tidy(norm.NFC.String(width.Fold.String(s)))
}

func (q *Question) validatePairs(c *fault.Check, path string, choices, targets map[string]bool) {
	matched := map[string]bool{}
	for _, pair := range q.Correct {
		choice, target, _ := strings.Cut(pair, "=")
		c.If(!choices[choice] || !targets[target] || matched[choice], path+".correct", "question_correct_unknown")
		matched[choice] = true
	}
	c.If(len(matched) < len(choices), path+".correct", "question_unmatched")
	c.If(len(targets) < 2, path+".targets", "question_few_targets")
}

// permutes tells whether list names every key of known once.
func permutes(list []string, known map[string]bool) bool {
	seen := map[string]bool{}
	for _, id := range list {
		if !known[id] || seen[id] {
			return false
		}
		seen[id] = true
	}
	return len(seen) == len(known)
}

var (
	plainNumber   = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(e[+-]?[0-9]{1,2})?$`)
	groupedNumber = regexp.MustCompile(`^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?$`)
)

// ParseNumber reads a decimal number as people type it: full-width digits, thousands in groups and white space are understood; a comma never stands for the
// decimal point.
func ParseNumber(s string) (*big.Rat, bool) {
	if len(s) > 200 {
		return nil, false
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r == '−' || r == '‐' || r == '–': // minus sign, hyphen, en dash: what keyboards and word processors make of it
			return '-'
		}
		return unicode.ToLower(r)
	}, norm.NFKC.String(s))
	if groupedNumber.MatchString(s) {
		s = strings.ReplaceAll(s, ",", "")
	}
	if len(s) > 60 || !plainNumber.MatchString(s) {
		return nil, false
	}
	return new(big.Rat).SetString(s)
}
