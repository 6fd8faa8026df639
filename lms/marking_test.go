package lms_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
)

// newKinds are questions whose ids lie in the order that is right, as an editor types them.
func newKinds(q *content.QuizBody) {
	choices := func(texts ...string) (list []content.Choice) {
		for i, text := range texts {
			list = append(list, content.Choice{ID: string(rune('a' + i)), Text: text})
		}
		return list
	}
	q.Questions = []content.Question{
		{ID: db.NewID(), Kind: content.QuestionOrdering, Text: "並べる", Choices: choices("一", "二", "三", "四"), Correct: []string{"a", "b", "c", "d"}, Explanation: canary},
		{ID: db.NewID(), Kind: content.QuestionMatching, Text: "組み合わせる", Choices: choices("甲", "乙"), Targets: choices("A", "B", "C", "B"), Correct: []string{"a=a", "b=d"}, Explanation: canary},
		{ID: db.NewID(), Kind: content.QuestionShortText, Text: "書く", Accepted: []string{"ＩＳＭＳ", "情報セキュリティ"}, Explanation: canary},
		{ID: db.NewID(), Kind: content.QuestionNumber, Text: "数える", Number: "0.3", Tolerance: "0.1", Explanation: canary},
	}
}

// say answers one question by what the page shows: texts in order, pairs of texts, or the typed text.
func (s *school) say(t *testing.T, sheet lms.Sheet, kind string, seq int64, words ...string) error {
	t.Helper()
	i := slices.IndexFunc(sheet.Questions, func(q lms.SheetQuestion) bool { return q.Kind == kind })
	q := sheet.Questions[i]
	name := func(list []content.Choice, text string) string {
		at := slices.IndexFunc(list, func(c content.Choice) bool { return c.Text == text })
		if at < 0 {
			return "nothing"
		}
		return list[at].ID
	}
	answer := []string{}
	for _, w := range words {
		left, right, paired := strings.Cut(w, "=")
		switch {
		case kind == content.QuestionMatching && paired:
			answer = append(answer, content.Pair(name(q.Choices, left), name(q.Targets, right)))
		case kind == content.QuestionOrdering:
			answer = append(answer, name(q.Choices, w))
		default:
			answer = append(answer, w)
		}
	}
	saved, err := s.learn.SaveAnswer(t.Context(), s.a.ID, s.a.Staff[0], sheet.ID, lms.Answering{Question: q.ID, Answer: answer, Seq: seq})
	if err == nil && kind != content.QuestionShortText && kind != content.QuestionNumber && !slices.Equal(saved.Answer, answer) {
		t.Errorf("%s: %v was saved as %v", kind, answer, saved.Answer)
	}
	return err
}

func TestNewKindsOfQuestion(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d, newKinds)
		for i, c := range []struct {
			order, pairs []string
			text, number string
			percent      int
		}{
			{[]string{"一", "二", "三", "四"}, []string{"甲=A", "乙=B"}, "  isms ", "０．４", 100},
			{[]string{"二", "一", "三", "四"}, []string{"乙=B", "甲=A"}, "情報 セキュリティ", "0.41", 25},
			{nil, []string{"甲=A"}, "ISMS.", "−0.3", 0},
			{nil, []string{"甲=B", "乙=B"}, "情報セキュリティ", "2e-1", 50},
		} {
			a := s.start(t, s.a, 0, fmt.Sprint("key", i))
			for kind, words := range map[string][]string{
				content.QuestionOrdering: c.order, content.QuestionMatching: c.pairs, content.QuestionShortText: {c.text}, content.QuestionNumber: {c.number},
			} {
				if err := s.say(t, a, kind, 1, words...); err != nil {
					t.Fatalf("%d %s: %v", i, kind, err)
				}
			}
			again, err := s.learn.FindAttempt(t.Context(), s.a.ID, s.a.Staff[0], a.ID)
			if err != nil {
				t.Fatal(err)
			}
			for _, q := range again.Questions {
				if q.Kind == content.QuestionNumber && !slices.Equal(q.Answer, []string{c.number}) {
					t.Errorf("%q came back as %v", c.number, q.Answer)
				}
			}
			if got := s.submit(t, s.a, 0, a.ID); *got.ScorePercent != c.percent {
				t.Errorf("answers %d: %d %%, want %d", i, *got.ScorePercent, c.percent)
			}
		}
	})
}

// Neither the order of the ids nor anything else tells what is right; after the pass it is told in the same names.
func TestNewKindsTellNothing(t *testing.T) {
	s := newSchool(t, kit.SQLite(t), newKinds)
	for range 20 {
		a := s.start(t, s.a, 0, "")
		for _, q := range a.Questions {
			for i, c := range q.Choices {
				if c.ID != fmt.Sprint(i+1) {
					t.Fatalf("%s shows the id %s at place %d", q.Kind, c.ID, i+1)
				}
			}
			if q.Kind == content.QuestionOrdering && slices.EqualFunc(q.Choices, []string{"一", "二", "三", "四"}, func(c content.Choice, text string) bool { return c.Text == text }) {
				t.Fatal("what is to be ordered lies in the right order")
			}
		}
		b, err := json.Marshal(a)
		if err != nil || strings.Contains(string(b), canary) || strings.Contains(string(b), "情報セキュリティ") || strings.Contains(string(b), "0.3") {
			t.Fatalf("the sheet tells what is right: %s", b)
		}
		s.submit(t, s.a, 0, a.ID)
	}
	a := s.start(t, s.a, 0, "last")
	for kind, words := range map[string][]string{
		content.QuestionOrdering: {"一", "二", "三", "四"}, content.QuestionMatching: {"甲=A", "乙=B"}, content.QuestionShortText: {"ISMS"}, content.QuestionNumber: {"0.25"},
	} {
		if err := s.say(t, a, kind, 1, words...); err != nil {
			t.Fatal(err)
		}
	}
	got := s.submit(t, s.a, 0, a.ID)
	if !got.Passed || !got.Revealed {
		t.Fatal("all right and not passed")
	}
	for _, q := range got.Questions {
		slices.Sort(q.Answer)
		correct := slices.Sorted(slices.Values(q.Correct))
		choices := q.Kind == content.QuestionOrdering || q.Kind == content.QuestionMatching
		if choices && !slices.Equal(q.Answer, correct) || q.Kind == content.QuestionNumber && (q.Tolerance != "0.1" || q.Correct[0] != "0.3") {
			t.Errorf("%s: answered %v, right is %v ±%s", q.Kind, q.Answer, q.Correct, q.Tolerance)
		}
	}
}

func TestNewKindsRefuse(t *testing.T) {
	s := newSchool(t, kit.SQLite(t), newKinds)
	a := s.start(t, s.a, 0, "")
	for _, c := range []struct {
		kind  string
		words []string
	}{
		{content.QuestionOrdering, []string{"一", "二", "三"}},
		{content.QuestionOrdering, []string{"一", "二", "三", "三"}},
		{content.QuestionMatching, []string{"甲=A", "甲=B"}},
		{content.QuestionMatching, []string{"甲=D"}},
		{content.QuestionShortText, []string{"a", "b"}},
		{content.QuestionShortText, []string{strings.Repeat("あ", content.MaxAnswer+1)}},
	} {
		if err := s.say(t, a, c.kind, 1, c.words...); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s %.40v: %v", c.kind, c.words, err)
		}
	}
	if err := s.say(t, a, content.QuestionShortText, 2, " "); err != nil {
		t.Error(err)
	}
	for _, q := range s.submit(t, s.a, 0, a.ID).Questions {
		if len(q.Answer) > 0 {
			t.Errorf("%s kept %v", q.Kind, q.Answer)
		}
	}
}
