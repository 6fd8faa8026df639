package content

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/storage/sheet"
)

// nasty is text that means something in every format.
const nasty = `=SUM(A1) "引用", ~{5%} a->b → c => d #x \n :: //コメント <b>太字</b> &amp; 𠮷`

func everyKind() []BankQuestion {
	c := func(texts ...string) (list []Choice) {
		for i, t := range texts {
			list = append(list, Choice{ID: fmt.Sprint("c", i), Text: t})
		}
		return list
	}
	list := []Question{
		{Kind: QuestionSingle, Text: nasty + "\n二行目", Choices: c(nasty, "-1", "@x"), Correct: []string{"c1"}, Explanation: nasty},
		{Kind: QuestionMultiple, Text: "すべて", Choices: c("一", "二", "三"), Correct: []string{"c0", "c2"}},
		{Kind: QuestionTrueFalse, Text: "正しいか", Choices: []Choice{{ID: "true"}, {ID: "false"}}, Correct: []string{"false"}},
		{Kind: QuestionOrdering, Text: "順番", Choices: c("三", "一", nasty), Correct: []string{"c1", "c2", "c0"}},
		{Kind: QuestionMatching, Text: "組", Choices: c("甲", nasty), Targets: c(nasty+"2", "B", "C"), Correct: []string{"c0=c1", "c1=c0"}},
		{Kind: QuestionShortText, Text: "言葉", Accepted: []string{nasty, "ISMS"}},
		{Kind: QuestionNumber, Text: "数", Number: "-3.50", Tolerance: "0.05"},
	}
	var out []BankQuestion
	for i, q := range list {
		b := BankQuestion{ID: db.NewID(), Category: []string{"安全/鍵", "安全"}[i%2], Difficulty: i % 4, Tags: []string{"初級", "a:b]c"}[:i%3%2+1], Question: q}
		out = append(out, b)
	}
	return out
}

func each(list []BankQuestion) func(func(BankQuestion, error) bool) {
	return func(yield func(BankQuestion, error) bool) {
		for _, q := range list {
			if !yield(q, nil) {
				return
			}
		}
	}
}

// What is exported comes back as it was, in every format and both languages.
func TestQuestionsRoundTrip(t *testing.T) {
	want := everyKind()
	for _, format := range QuestionFormats {
		for _, language := range []string{"ja", "en"} {
			var file bytes.Buffer
			if err := writeQuestions(&file, format, language, true, each(want)); err != nil {
				t.Fatal(format, err)
			}
			name := "x." + map[string]string{FormatGIFT: "gift", FormatMoodle: "xml", FormatXLSX: "xlsx", FormatCSV: "csv", FormatCSVSJIS: "csv"}[format]
			got, list, err := ReadQuestions(bytes.NewReader(file.Bytes()), int64(file.Len()), name)
			if err != nil || got != format || len(list) != len(want) {
				t.Fatalf("%s: %s, %d questions, %v", format, got, len(list), err)
			}
			for i, f := range list {
				q := want[i]
				if format == FormatCSVSJIS { // it has no 𠮷
					q.Question = lossy(q.Question)
				}
				if len(f.Faults) > 0 || f.ID != q.ID || f.Input.Category != q.Category || f.Input.Difficulty != q.Difficulty || !slices.Equal(f.Input.Tags, q.Tags) {
					t.Errorf("%s %s: %+v\nwant %+v", format, q.Question.Kind, f, q)
				}
				if sameness(f.Input) != sameness(inOrderOf(q.input())) {
					t.Errorf("%s %s came back as\n%+v\nwas\n%+v", format, q.Question.Kind, f.Input.Question, q.Question)
				}
			}
		}
	}
}

func lossy(q Question) Question {
	low := func(s string) string { return strings.ReplaceAll(s, "𠮷", "〓") }
	q.Text, q.Explanation = low(q.Text), low(q.Explanation)
	q.Choices, q.Targets, q.Accepted = slices.Clone(q.Choices), slices.Clone(q.Targets), slices.Clone(q.Accepted)
	for _, list := range [][]Choice{q.Choices, q.Targets} {
		for i := range list {
			list[i].Text = low(list[i].Text)
		}
	}
	for i := range q.Accepted {
		q.Accepted[i] = low(q.Accepted[i])
	}
	return q
}

// inOrderOf puts choices into the order in which files have them: of an ordering the right one, of pairs that of the pairs.
func inOrderOf(in QuestionInput) QuestionInput {
	q := &in.Question
	at := func(list []Choice, id string) Choice {
		return list[slices.IndexFunc(list, func(c Choice) bool { return c.ID == id })]
	}
	switch q.Kind {
	case QuestionOrdering:
		var list []Choice
		for _, id := range q.Correct {
			list = append(list, at(q.Choices, id))
		}
		q.Choices = list
	case QuestionMatching:
		var choices, targets []Choice
		for _, pair := range q.Correct {
			choice, target, _ := strings.Cut(pair, "=")
			choices, targets = append(choices, at(q.Choices, choice)), append(targets, at(q.Targets, target))
		}
		for _, t := range q.Targets {
			if !slices.Contains(targets, t) {
				targets = append(targets, t)
			}
		}
		q.Choices, q.Targets = choices, targets
	}
	in.check(&fault.Check{}, "")
	return in
}

func keysOf(f FileQuestion) string {
	var keys []string
	for _, one := range append(slices.Clone(f.Faults), f.Notes...) {
		keys = append(keys, one.Key)
	}
	return strings.Join(keys, " ")
}

const giftSample = `// a comment that says nothing
$CATEGORY: $course$/top/安全/Passwords

::Q1:: 1+1\=2 {T}

::Q2::[html]<p>Who keeps the <b>key</b>?</p><script>alert(1)</script> {
  =the manager # yes
  ~everybody # no
  ~%50%the deputy
  #### Because &amp; so
}

// [tag:easy] [id:0197b5e2-0000-7000-8000-0000000000aa] [difficulty:2]
The rule says {=three =3 =%50%four} copies.

Match. { =cat -> cat food =dog -> dog food = -> fish }

How many? {#3:0.5}

Range {#1..5}

Points {#=3:0 =%50%4:1}

Choose two. {~%50%a ~%50%b ~%-100%c}

Essay {}

No answer here

Broken {=a ~b

Escaped \{ and \~ {=a\=b ~c\:d}`

func TestParseGIFT(t *testing.T) {
	_, list, err := ReadQuestions(strings.NewReader(giftSample), int64(len(giftSample)), "x.gift")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct{ kind, text, answer, keys string }{
		{QuestionTrueFalse, "1+1=2", "[true]", ""},
		{QuestionSingle, "Who keeps the key?", "the manager", "import_feedback import_partial"},
		{QuestionShortText, "The rule says _____ copies.", "[three 3]", "import_partial"},
		{QuestionMatching, "Match.", "2", ""},
		{QuestionNumber, "How many?", "3:0.5", ""},
		{QuestionNumber, "Range", "3:2", ""},
		{QuestionNumber, "Points", "3:0", "import_partial"},
		{QuestionMultiple, "Choose two.", "a b", ""},
		{"", "Essay", "", "import_essay"},
		{"", "No answer here", "", "gift_no_answer"},
		{"", "", "", "gift_open_brace"},
		{QuestionSingle, "Escaped { and ~", "a=b", ""},
	} {
		q := list[i].Input.Question
		answer := ""
		switch q.Kind {
		case QuestionTrueFalse:
			answer = fmt.Sprint(q.Correct)
		case QuestionShortText:
			answer = fmt.Sprint(q.Accepted)
		case QuestionNumber:
			answer = q.Number + ":" + q.Tolerance
		case QuestionMatching:
			answer = fmt.Sprint(len(q.Choices))
		default:
			for _, c := range q.Choices {
				if slices.Contains(q.Correct, c.ID) {
					answer = strings.TrimSpace(answer + " " + c.Text)
				}
			}
		}
		if q.Kind != want.kind || q.Text != want.text && want.text != "" || answer != want.answer || keysOf(list[i]) != want.keys {
			t.Errorf("%d: %s %q %q %q\nwant %+v", i, q.Kind, q.Text, answer, keysOf(list[i]), want)
		}
		if list[i].Input.Category != "安全/Passwords" {
			t.Errorf("%d: category %q", i, list[i].Input.Category)
		}
	}
	if f := list[2]; len(f.Input.Tags) != 1 || f.ID.IsZero() || f.Input.Difficulty != 2 {
		t.Errorf("marks in comments: %+v", f)
	}
	if got := list[1].Input.Question.Explanation; got != "Because & so" {
		t.Errorf("feedback to the whole: %q", got)
	}
}

const moodleSample = `<?xml version="1.0" encoding="UTF-8"?>
<quiz>
 <question type="category"><category><text>$course$/top/法令/漏えい</text></category></question>
 <question type="multichoice"><name><text>n</text></name><questiontext format="html"><text><![CDATA[<p>何日以内？</p><p><img src="x.png" alt="図"></p><style>p{}</style>]]></text></questiontext>
  <generalfeedback format="html"><text>&lt;p&gt;速報&lt;/p&gt;</text></generalfeedback><single>true</single>
  <answer fraction="100" format="html"><text>&lt;p&gt;3〜5日&lt;/p&gt;</text><feedback><text>そう</text></feedback></answer><answer fraction="0"><text>1 &lt; 2</text></answer>
  <tags><tag><text>初級</text></tag><tag><text>difficulty:3</text></tag></tags></question>
 <question type="shortanswer"><questiontext format="plain_text"><text>略称 &lt;b&gt;</text></questiontext><usecase>1</usecase><answer fraction="100"><text>ISMS</text></answer><answer fraction="50"><text>isms2</text></answer></question>
 <question type="numerical"><questiontext><text>数</text></questiontext><answer fraction="100"><text>3</text><tolerance>0.5</tolerance></answer></question>
 <question type="truefalse"><questiontext><text>正しいか</text></questiontext><answer fraction="0"><text>true</text></answer><answer fraction="100"><text>false</text></answer></question>
 <question type="matching"><questiontext><text>組</text></questiontext><subquestion><text>a</text><answer><text>A</text></answer></subquestion><subquestion><text>b</text><answer><text>A</text></answer></subquestion><subquestion><text></text><answer><text>X</text></answer></subquestion></question>
 <question type="cloze"><questiontext><text>{1:SA:=x}</text></questiontext></question>
 <question type="essay"><questiontext><text>書く</text></questiontext></question>
</quiz>`

func TestParseMoodleXML(t *testing.T) {
	format, list, err := ReadQuestions(strings.NewReader(moodleSample), int64(len(moodleSample)), "x.xml")
	if err != nil || format != FormatMoodle || len(list) != 7 {
		t.Fatal(format, len(list), err)
	}
	for i, want := range []string{"import_picture import_feedback", "import_case import_partial", "", "", "", "import_type", "import_essay"} {
		if got := keysOf(list[i]); got != want {
			t.Errorf("%d: %q, want %q", i, got, want)
		}
	}
	one := list[0].Input
	if one.Category != "法令/漏えい" || one.Difficulty != 3 || !slices.Equal(one.Tags, []string{"初級"}) || one.Question.Text != "何日以内？\n図" || one.Question.Explanation != "速報" ||
		one.Question.Choices[0].Text != "3〜5日" || one.Question.Choices[1].Text != "1 < 2" || one.Question.Correct[0] != one.Question.Choices[0].ID {
		t.Errorf("%+v", one)
	}
	if list[1].Input.Question.Text != "略称 <b>" || list[3].Input.Question.Correct[0] != "false" || len(list[4].Input.Question.Targets) != 2 {
		t.Errorf("%+v %+v %+v", list[1].Input, list[3].Input, list[4].Input)
	}
}

func TestHostileQuestionFiles(t *testing.T) {
	bomb := `<!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><quiz><question type="essay"><questiontext><text>&b;</text></questiontext></question></quiz>`
	for name, c := range map[string]struct{ name, text, key string }{
		"entity bomb":     {"x.xml", bomb, "xml_doctype"},
		"outside entity":  {"x.xml", `<!DOCTYPE q SYSTEM "file:///etc/passwd"><quiz/>`, "xml_doctype"},
		"unknown entity":  {"x.xml", `<quiz><question type="essay"><name><text>&x;</text></name></question></quiz>`, "xml_damaged"},
		"broken off":      {"x.xml", moodleSample[:900], "xml_damaged"},
		"another XML":     {"x.xml", `<html><body><question/></body></html>`, "xml_quiz"},
		"another charset": {"x.xml", `<?xml version="1.0" encoding="utf-7"?><quiz/>`, "xml_damaged"},
		"deep":            {"x.xml", "<quiz><question>" + strings.Repeat("<a>", 200_000), "xml_damaged"},
		"empty quiz":      {"x.xml", "<quiz></quiz>", "questions_none"},
		"empty":           {"x.gift", "\n\n// only a comment\n", "questions_none"},
		"binary":          {"x.gift", "abc\x00{T}", "sheet_kind"},
		"no headings":     {"x.csv", "a,b\n1,2\n", "questions_headings"},
		"too many":        {"x.gift", strings.Repeat("a{T}\n\n", MaxFileQuestions+1), "questions_too_many"},
	} {
		_, _, err := ReadQuestions(strings.NewReader(c.text), int64(len(c.text)), c.name)
		if err == nil || !strings.HasPrefix(err.Error(), c.key) || !(fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooLarge)) {
			t.Errorf("%s: %.100v, want %s", name, err, c.key)
		}
	}
	long := "::t:: " + strings.Repeat("あ", 3<<20) + " {T}"
	_, list, err := ReadQuestions(strings.NewReader(long), int64(len(long)), "x.gift")
	if err != nil || keysOf(list[0]) != "too_long" {
		t.Errorf("a line of nine megabytes: %v", err)
	}
	if _, _, err := ReadQuestions(strings.NewReader(""), MaxQuestionFile+1, "x.gift"); !fault.Is(err, fault.TooLarge) {
		t.Errorf("a file that is too large: %v", err)
	}
}

// Five hundred rows of which every fifth is wrong: each wrong one is named by its row and what is wrong with it, and no other.
func TestSheetOfQuestionsWithFaults(t *testing.T) {
	var rows [][]sheet.Cell
	for i := range 500 {
		row := []string{"", "安全", "single", fmt.Sprint("問", i), "はい", "いいえ", "2", "初級", "easy"}
		if i%5 == 0 {
			switch i / 5 % 5 {
			case 0:
				row[2] = "選択"
			case 1:
				row[3] = ""
			case 2:
				row[5] = ""
			case 3:
				row[6] = "9"
			case 4:
				row[8] = "とても難しい"
			}
		}
		rows = append(rows, sheet.Texts(row...))
	}
	headings := []sheet.Heading{}
	for _, h := range []string{"id", "Category", "形式", "問題文", "選択肢１", "Choice 2", "正解", "tags", "難しさ"} {
		headings = append(headings, sheet.Heading{Title: h})
	}
	for _, format := range []sheet.Format{sheet.XLSX, sheet.CSV, sheet.CSVShiftJIS} {
		var file bytes.Buffer
		if _, err := sheet.Write(&file, format, sheet.Table{Headings: headings, Rows: sheet.Rows(rows)}); err != nil {
			t.Fatal(err)
		}
		_, list, err := ReadQuestions(bytes.NewReader(file.Bytes()), int64(file.Len()), "x.csv")
		if err != nil || len(list) != 500 {
			t.Fatal(format, len(list), err)
		}
		for i, f := range list {
			want := ""
			if i%5 == 0 {
				want = []string{"import_kind", "question_text", "import_answer", "import_answer", "import_difficulty"}[i/5%5]
			}
			if f.Row != i+2 || keysOf(f) != want {
				t.Errorf("%s row %d: %q, want %q", format, f.Row, keysOf(f), want)
			}
		}
	}
}

func FuzzParseGIFT(f *testing.F) {
	f.Add(giftSample)
	f.Add("a{=b ~c#d####e}\n\n$CATEGORY: x\n\n::t::[html]<p>x {#1:2}")
	f.Add("{>ALL x\na\nb}\n\n\\{ {~%a%b =%%c ->}")
	f.Fuzz(func(t *testing.T, text string) { fuzzed(t, []byte(text), "x.gift") })
}

func FuzzParseMoodleXML(f *testing.F) {
	f.Add(moodleSample)
	f.Add(`<quiz><question type="numerical"><answer fraction="1e400"><text>1..2</text></answer></question></quiz>`)
	f.Fuzz(func(t *testing.T, text string) { fuzzed(t, []byte(text), "x.xml") })
}

func FuzzQuestionSheet(f *testing.F) {
	f.Add("形式,問題文,選択肢1,選択肢2,正解\nmatching,問,a → b,=> c,\nnumber,数,,,３\n")
	f.Add("Kind,Question,Choice 1,Answer\nsingle,\"a\nb\",x,1\n")
	f.Fuzz(func(t *testing.T, text string) { fuzzed(t, []byte(text), "x.csv") })
}

// fuzzed reads a file, and what of it is right survives being written and read again in every format.
func fuzzed(t *testing.T, raw []byte, name string) {
	t.Helper()
	_, list, err := ReadQuestions(bytes.NewReader(raw), int64(len(raw)), name)
	if err != nil {
		return
	}
	var good []BankQuestion
	for _, f := range list {
		if len(f.Faults) == 0 {
			good = append(good, BankQuestion{Category: f.Input.Category, Tags: f.Input.Tags, Difficulty: f.Input.Difficulty, Question: f.Input.Question})
		}
	}
	if len(good) == 0 {
		return
	}
	for format, end := range map[string]string{FormatGIFT: "gift", FormatMoodle: "xml", FormatXLSX: "xlsx"} {
		var file bytes.Buffer
		if err := WriteQuestions(&file, format, "ja", each(good)); err != nil {
			t.Fatal(format, err)
		}
		_, again, err := ReadQuestions(bytes.NewReader(file.Bytes()), int64(file.Len()), "x."+end)
		if err != nil || len(again) != len(good) {
			t.Fatalf("%s: %d of %d came back, %v\n%s", format, len(again), len(good), err, file.String())
		}
	}
}
