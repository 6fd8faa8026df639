package content

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kenshu/fault"
	"kenshu/tenant"
)

// moodleFormats are Moodle's numbers of text formats, by the names that its question XML has for them.
var moodleFormats = map[string]string{"0": "moodle_auto_format", "1": "html", "2": "plain_text", "4": "markdown"}

// asked brings a question of the backup into the form of Moodle's question XML, which ParseMoodleXML's reading then understands.
func (q moodleBankQuestion) asked() *moodleAsked {
	a := &moodleAsked{part: given(q.Parent) != "" && q.Parent != "0" && q.Parent != q.ID || q.Hidden == "1"}
	if q.Type == "random" {
		a.random, a.below, a.part = true, strings.TrimSpace(q.Text) == "1", false
		return a
	}
	text := func(s, format string) *moodleText {
		return &moodleText{Format: moodleFormats[format], Text: moodleString{given(s)}}
	}
	m := moodleQuestion{
		Type: map[string]string{"match": "matching"}[q.Type], QuestionText: text(q.Text, q.TextFormat), Feedback: text(q.Feedback, q.FeedbackFormat), Tags: &moodleTags{},
	}
	if m.Type == "" {
		m.Type = q.Type
	}
	for _, tag := range q.Tags {
		m.Tags.Tags = append(m.Tags.Tags, moodleText{Text: moodleString{given(tag)}})
	}
	if at := slices.IndexFunc(q.Others, func(p moodlePlugin) bool { return p.XMLName.Local == "plugin_qtype_"+q.Type+"_question" }); at >= 0 {
		q.Others[at].fill(&m)
	}
	a.readMoodle(m)
	var c fault.Check
	a.Input.check(&c, "")
	if len(a.Faults) == 0 {
		a.Faults = c.Fields()
	}
	a.Input = a.Input.clipped()
	if a.Input.Question.Text == "" {
		a.Input.Question.Text = tenant.Clip(tenant.Tidy(q.Name), 200)
	}
	a.Faults, a.Notes = a.Faults[:min(len(a.Faults), 5)], a.Notes[:min(len(a.Notes), 5)]
	return a
}

// fill adds what the kind of question holds.
func (p moodlePlugin) fill(m *moodleQuestion) {
	m.Single, m.UseCase = p.Single, p.UseCase
	tolerances := map[string]string{}
	for _, t := range p.Tolerances {
		tolerances[t.Answer] = t.Tolerance
	}
	type placed struct {
		moodleAnswer
		place float64
	}
	list := make([]placed, 0, len(p.Answers))
	for _, a := range p.Answers {
		share, _ := strconv.ParseFloat(strings.TrimSpace(a.Fraction), 64) // what is no number has no share
		one := placed{moodleAnswer{Fraction: strconv.FormatFloat(share*100, 'f', -1, 64), Format: moodleFormats[a.Format], Text: given(a.Text), Tolerance: tolerances[a.ID]}, share}
		if feedback := given(a.Feedback); feedback != "" {
			one.Feedback = &moodleText{Text: moodleString{feedback}}
		}
		switch {
		case m.Type == "truefalse" && p.True != "": // the words are those of the site's language; which is which stands in the ids
			one.Text = strconv.FormatBool(a.ID == p.True)
		case m.Type == "shortanswer" || m.Type == "numerical":
			one.Format = "plain_text"
		}
		list = append(list, one)
	}
	if m.Type == "ordering" {
		slices.SortStableFunc(list, func(a, b placed) int {
			switch {
			case a.place < b.place:
				return -1
			case a.place > b.place:
				return 1
			}
			return 0
		})
	}
	for _, one := range list {
		m.Answers = append(m.Answers, one.moodleAnswer)
	}
	for _, pair := range p.Matches {
		m.Pairs = append(m.Pairs, moodlePair{Format: moodleFormats[pair.Format], Text: given(pair.Text), Answer: moodleText{Format: "plain_text", Text: moodleString{given(pair.Answer)}}})
	}
}

// moodleDrawn is what a slot draws: of which category, and whether of those below it too.
type moodleDrawn struct {
	category string
	below    bool
}

// drawn reads what a slot draws; ok is false for a slot with a question of its own. Moodle 3 has a question of kind random in the slot, 4.0 the conditions
// {"questioncategoryid", "includingsubcategories"}, 4.3 and later a list of filters.
func (s moodleSlot) drawn(bank *moodleBank) (d moodleDrawn, ok bool) {
	if s.Drawn == "" {
		q := bank.questions[s.ownQuestion(bank)]
		if q == nil || !q.random {
			return d, false
		}
		if given(s.Category) != "" {
			return moodleDrawn{s.Category, s.Below == "1"}, true
		}
		return moodleDrawn{q.category, q.below}, true
	}
	var conditions struct {
		Category any `json:"questioncategoryid"`
		Below    any `json:"includingsubcategories"`
		Filter   struct {
			Category struct {
				Values  []any `json:"values"`
				Options any   `json:"filteroptions"`
			} `json:"category"`
		} `json:"filter"`
	}
	if err := json.Unmarshal([]byte(s.Drawn), &conditions); err != nil {
		return d, true
	}
	word := func(v any) string {
		if v == nil {
			return ""
		}
		if n, is := v.(float64); is {
			return strconv.FormatFloat(n, 'f', -1, 64)
		}
		return strings.TrimSpace(fmt.Sprint(v))
	}
	yes := func(v any) bool { w := word(v); return w != "" && w != "0" && w != "false" }
	d = moodleDrawn{word(conditions.Category), yes(conditions.Below)}
	if values := conditions.Filter.Category.Values; len(values) > 0 {
		options, _ := conditions.Filter.Category.Options.(map[string]any) // an empty list when there are none
		d = moodleDrawn{word(values[0]), yes(options["includesubcategories"])}
	}
	return d, true
}

// ownQuestion gives the id of the question that stands in the slot.
func (s moodleSlot) ownQuestion(bank *moodleBank) string {
	switch {
	case s.Entry != "":
		return bank.version(s.Entry, s.EntryVersion)
	case s.Question != "":
		return s.Question
	}
	return s.Older
}

// drawable gives the ids of the questions that can be drawn.
func (b *moodleBank) drawable(d moodleDrawn) []string {
	var ids []string
	for _, category := range b.below(d) {
		for _, id := range b.categories[category].questions {
			if q := b.questions[id]; q != nil && !q.part && !q.random && len(q.Faults) == 0 {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// below gives a category, and those below it when they are meant; none that is not there.
func (b *moodleBank) below(d moodleDrawn) []string {
	if b.categories[d.category] == nil {
		return nil
	}
	list := []string{d.category}
	if !d.below {
		return list
	}
	children := map[string][]string{}
	for id, c := range b.categories {
		children[c.parent] = append(children[c.parent], id)
	}
	seen := map[string]bool{d.category: true}
	for i := 0; i < len(list); i++ {
		next := children[list[i]]
		slices.Sort(next)
		for _, id := range next {
			if !seen[id] {
				seen[id] = true
				list = append(list, id)
			}
		}
	}
	return list
}

// path is the category's place in our bank, below root.
func (b *moodleBank) path(root, category string) string {
	var names []string
	seen := map[string]bool{}
	for id := category; b.categories[id] != nil && !seen[id] && len(names) < maxCategoryDepth; id = b.categories[id].parent {
		seen[id] = true
		name := tenant.Clip(tenant.Tidy(strings.NewReplacer("/", " ", "／", " ").Replace(b.categories[id].name)), 35)
		if name != "" && name != "top" {
			names = append(names, name)
		}
	}
	names = names[:min(len(names), maxCategoryDepth-1)]
	slices.Reverse(names)
	return tidyCategory(strings.Join(append([]string{root}, names...), "/"))
}
