package lms

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/tenant"
)

// isRight compares an answer with what is right. A question is right only as a whole: every right choice and no other, the whole order, every pair.
func isRight(q content.Question, answer []string) bool {
	switch q.Kind {
	case content.QuestionOrdering:
		return len(q.Correct) > 0 && slices.Equal(answer, q.Correct)
	case content.QuestionShortText:
		return len(answer) == 1 && slices.ContainsFunc(q.Accepted, func(a string) bool { return tenant.Fold(a) == tenant.Fold(answer[0]) })
	case content.QuestionNumber:
		return len(answer) == 1 && isNear(q, answer[0])
	}
	a, b := slices.Clone(answer), rightOf(q)
	slices.Sort(a)
	slices.Sort(b)
	return len(b) > 0 && slices.Equal(slices.Compact(a), slices.Compact(b))
}

// rightOf gives what is right as the paper can say it: of targets with the same text only the first is on the paper.
func rightOf(q content.Question) []string {
	out := slices.Clone(q.Correct)
	if q.Kind != content.QuestionMatching {
		return out
	}
	for i, pair := range out {
		choice, target, _ := strings.Cut(pair, "=")
		out[i] = content.Pair(choice, firstAlike(q.Targets, target))
	}
	return out
}

// firstAlike gives the id of the first choice with the same text.
func firstAlike(list []content.Choice, id string) string {
	at := slices.IndexFunc(list, func(c content.Choice) bool { return c.ID == id })
	if at < 0 {
		return id
	}
	text := strings.TrimSpace(list[at].Text)
	return list[slices.IndexFunc(list, func(c content.Choice) bool { return strings.TrimSpace(c.Text) == text })].ID
}

// isNear compares exactly, without binary fractions: 0.3 is within 0.1 of 0.2.
func isNear(q content.Question, answer string) bool {
	given, ok := content.ParseNumber(answer)
	if !ok {
		return false
	}
	want, ok := content.ParseNumber(q.Number)
	if !ok {
		return false
	}
	off, ok := content.ParseNumber(q.Tolerance)
	if !ok {
		off = new(big.Rat)
	}
	distance := new(big.Rat).Sub(given, want)
	return distance.Abs(distance).Cmp(off) <= 0
}

// veiled tells whether the ids of a question's choices would tell what is right: those of ordering and matching are given in the right order. The page gets the
// places on the paper for them, counted from 1.
func (d drawn) veiled() bool {
	return d.Kind == content.QuestionOrdering || d.Kind == content.QuestionMatching
}

// place is what the page calls the i-th of a list; of a list that hides nothing its id.
func (d drawn) place(list []string, i int) string {
	if d.veiled() {
		return strconv.Itoa(i + 1)
	}
	return list[i]
}

// unveil gives the id in list that the page calls name; "" when there is none.
func (d drawn) unveil(list []string, name string) string {
	for i := range list {
		if d.place(list, i) == name {
			return list[i]
		}
	}
	return ""
}

// veil gives an answer, or what is right, in the names that the page knows.
func (d drawn) veil(answer []string) []string {
	if !d.veiled() {
		return answer
	}
	out := make([]string, 0, len(answer))
	for _, one := range answer {
		choice, target, paired := strings.Cut(one, "=")
		name := strconv.Itoa(slices.Index(d.Choices, choice) + 1)
		if paired {
			name = content.Pair(name, strconv.Itoa(slices.Index(d.Targets, target)+1))
		}
		out = append(out, name)
	}
	return out
}

// take reads an answer of the page into the one that is stored: ids of the question, without repeats. Nothing chosen or typed takes an answer back. It returns
// fault.Invalid for what the question does not offer.
func (d drawn) take(answer []string) ([]string, error) {
	var c fault.Check
	out := []string{}
	switch d.Kind {
	case content.QuestionShortText, content.QuestionNumber:
		c.If(len(answer) > 1, "answer", "too_many", "max", 1)
		if len(answer) == 1 {
			text := typed(answer[0])
			c.If(tenant.Clip(text, content.MaxAnswer) != text, "answer", "too_long", "max", content.MaxAnswer)
			if strings.TrimSpace(text) != "" {
				out = []string{text}
			}
		}
	case content.QuestionOrdering:
		for _, name := range answer {
			if id := d.unveil(d.Choices, name); id != "" && !slices.Contains(out, id) {
				out = append(out, id)
			}
		}
		c.If(len(answer) > 0 && (len(out) != len(d.Choices) || len(answer) != len(out)), "answer", "not_in_list")
	case content.QuestionMatching:
		out = d.takePairs(&c, answer)
	default: // in the order of the paper
		for _, id := range d.Choices {
			if slices.Contains(answer, id) {
				out = append(out, id)
			}
		}
		for _, a := range answer {
			c.If(!slices.Contains(d.Choices, a), "answer", "not_in_list")
		}
		c.If(d.Kind != content.QuestionMultiple && len(out) > 1, "answer", "too_many", "max", 1)
	}
	return out, c.Err()
}

func (d drawn) takePairs(c *fault.Check, answer []string) []string {
	out := []string{}
	taken := map[string]bool{}
	for _, pair := range answer {
		choice, target, _ := strings.Cut(pair, "=")
		choice, target = d.unveil(d.Choices, choice), d.unveil(d.Targets, target)
		c.If(choice == "" || target == "" || taken[choice], "answer", "not_in_list")
		taken[choice] = true
		out = append(out, content.Pair(choice, target))
	}
	return out
}

// typed drops what nobody types: control characters.
func typed(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}
