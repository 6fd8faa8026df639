package content_test

import (
	"math/big"
	"slices"
	"strconv"
	"testing"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
)

func TestParseNumber(t *testing.T) {
	for text, want := range map[string]string{
		"３．１４": "157/50", "1,234,567": "1234567/1", "−5": "-5/1", "+.5": "1/2", " 1 000 ": "1000/1", "1.": "1/1", "1e3": "1000/1", "２Ｅ－１": "1/5",
		"1,5": "", "": "", "abc": "", "1e999": "", "0x10": "", "1/3": "", "Inf": "", "--1": "", "1,2345": "",
	} {
		got, ok := content.ParseNumber(text)
		if ok != (want != "") || ok && got.String() != want {
			t.Errorf("%q is %v, %v; want %q", text, got, ok, want)
		}
	}
}

func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"3.14", "−１，２３４", "1e-99", "....", "९"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := content.ParseNumber(s)
		if !ok {
			return
		}
		again, ok := content.ParseNumber(got.FloatString(200))
		if ok && again.Cmp(got) != 0 {
			t.Errorf("%q: %v is read as %v", s, got, again)
		}
		if got.Num().BitLen() > 1000 || new(big.Int).Set(got.Denom()).BitLen() > 1000 {
			t.Errorf("%q takes %d bits", s, got.Num().BitLen())
		}
	})
}

// same is a question with these choices, of which the first is right.
func same(kind string, texts ...string) content.Question {
	q := content.Question{Kind: kind, Correct: []string{"0"}}
	for i, text := range texts {
		q.Choices = append(q.Choices, content.Choice{ID: strconv.Itoa(i), Text: text})
	}
	return q
}

// What keeps a question from being published.
func TestQuestionComplete(t *testing.T) {
	choices := []content.Choice{{ID: "a", Text: "一"}, {ID: "b", Text: "二"}}
	for _, c := range []struct {
		name  string
		q     content.Question
		wrong []string
	}{
		{"ordering", content.Question{Kind: content.QuestionOrdering, Choices: choices, Correct: []string{"b", "a"}}, nil},
		{"ordering without a place", content.Question{Kind: content.QuestionOrdering, Choices: choices, Correct: []string{"a"}}, []string{"question_order"}},
		{"ordering of the same", content.Question{Kind: content.QuestionOrdering, Choices: []content.Choice{{ID: "a", Text: "一"}, {ID: "b", Text: "一"}}, Correct: []string{"a", "b"}}, []string{"choice_twice"}},
		{"one of the same", same(content.QuestionSingle, "ＩＤ　1", " ID 1"), []string{"choice_twice"}},
		{"one of the same with a mark nobody sees", same(content.QuestionSingle, "はい", "は\u200bい", "\u200b"), []string{"choice_twice", "choice_text"}},
		{"several of the same", same(content.QuestionMultiple, "ｶﾞﾗｽ", "ガラス", "ガラス"), []string{"choice_twice", "choice_twice"}},
		{"what only looks alike", same(content.QuestionMultiple, "x²", "x2", "ID", "id", "は", "ば"), nil},
		{"matching of the same", content.Question{Kind: content.QuestionMatching, Choices: []content.Choice{{ID: "a", Text: "一"}, {ID: "b", Text: "一"}}, Targets: choices, Correct: []string{"a=a", "b=b"}}, []string{"choice_twice"}},
		{"matching with the same", content.Question{Kind: content.QuestionMatching, Choices: choices, Targets: []content.Choice{{ID: "x", Text: "右"}, {ID: "y", Text: "右"}}, Correct: []string{"a=x", "b=y"}}, nil},
		{"matching", content.Question{Kind: content.QuestionMatching, Choices: choices, Targets: choices, Correct: []string{"a=b", "b=b"}}, nil},
		{"matching not all", content.Question{Kind: content.QuestionMatching, Choices: choices, Targets: choices, Correct: []string{"a=b"}}, []string{"question_unmatched"}},
		{"matching the unknown", content.Question{Kind: content.QuestionMatching, Choices: choices, Targets: choices, Correct: []string{"a=b", "b=z"}}, []string{"question_correct_unknown"}},
		{"text", content.Question{Kind: content.QuestionShortText, Accepted: []string{"ＩＤ"}}, nil},
		{"text without answer", content.Question{Kind: content.QuestionShortText, Accepted: []string{}}, []string{"question_no_accepted"}},
		{"text with a blank answer", content.Question{Kind: content.QuestionShortText, Accepted: []string{"　"}}, []string{"choice_text"}},
		{"number", content.Question{Kind: content.QuestionNumber, Number: "７２", Tolerance: "0.5"}, nil},
		{"number with words", content.Question{Kind: content.QuestionNumber, Number: "72時間", Tolerance: "-1"}, []string{"question_number", "question_tolerance"}},
	} {
		c.q.ID, c.q.Text = db.NewID(), "問い"
		var check fault.Check
		content.Body{Quiz: &content.QuizBody{PassPercent: 80, Show: content.ShowAfterPass, Questions: []content.Question{c.q}}}.Validate(&check, "")
		var keys []string
		for _, f := range check.Fields() {
			keys = append(keys, f.Key)
		}
		if !slices.Equal(keys, c.wrong) {
			t.Errorf("%s: %v, want %v", c.name, keys, c.wrong)
		}
	}
}
