package content

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"

	"kenshu/storage/sheet"
)

// WriteQuestions writes questions in one of QuestionFormats; language ("ja" or "en") is that of headings and words in sheets. What it writes,
// ReadQuestions reads back as it was.
func WriteQuestions(w io.Writer, format, language string, questions iter.Seq2[BankQuestion, error]) error {
	return writeQuestions(w, format, language, false, questions)
}

// writeQuestions writes, if wanted, also how questions were answered: in columns of a sheet that are not read back.
func writeQuestions(w io.Writer, format, language string, answered bool, questions iter.Seq2[BankQuestion, error]) error {
	switch format {
	case FormatGIFT:
		return writeGIFT(w, questions)
	case FormatMoodle:
		return writeMoodle(w, questions)
	}
	kind := map[string]sheet.Format{FormatXLSX: sheet.XLSX, FormatCSV: sheet.CSV, FormatCSVSJIS: sheet.CSVShiftJIS}[format]
	_, err := sheet.Write(w, kind, sheet.Table{Name: "questions", Headings: questionHeadings(language, answered), Rows: func(yield func([]sheet.Cell, error) bool) {
		for q, err := range questions {
			if err != nil {
				yield(nil, err)
				return
			}
			row := sheetRow(q, language)
			if answered {
				row = append(row, answeredCells(q.Answered)...)
			}
			if !yield(row, nil) {
				return
			}
		}
	}})
	return err
}

func questionHeadings(language string, answered bool) []sheet.Heading {
	names := sheetHeadings[language]
	widths := []float64{38, 24, 12, 60, 12, 10, 40, 20, 10}
	var out []sheet.Heading
	add := func(what int) { out = append(out, sheet.Heading{Title: names[what], Width: widths[what]}) }
	for what := columnID; what <= columnText; what++ {
		add(what)
	}
	for i := range sheetChoices {
		title := fmt.Sprintf("%s %d", names[columnChoice], i+1)
		if language == "ja" {
			title = fmt.Sprintf("%s%d", names[columnChoice], i+1)
		}
		out = append(out, sheet.Heading{Title: title, Width: 24})
	}
	for what := columnAnswer; what <= columnDifficulty; what++ {
		add(what)
	}
	if answered {
		for _, title := range answeredHeadings[language] {
			out = append(out, sheet.Heading{Title: title, Width: 12})
		}
	}
	return out
}

var answeredHeadings = map[string][]string{"ja": {"回答数", "正答率（%）", "識別力"}, "en": {"Answers", "Facility (%)", "Discrimination"}}

// answeredCells leaves empty what too few answers cannot tell.
func answeredCells(a Answered) []sheet.Cell {
	cells := []sheet.Cell{sheet.Int(int64(a.Asked)), sheet.Text(""), sheet.Text("")}
	if a.Facility != nil {
		cells[1] = sheet.Float(math.Round(*a.Facility*1000) / 10)
	}
	if a.Discrimination != nil {
		cells[2] = sheet.Float(math.Round(*a.Discrimination*100) / 100)
	}
	return cells
}

func sheetRow(b BankQuestion, language string) []sheet.Cell {
	q := b.Question
	kind := ""
	for i, one := range QuestionKinds {
		if one == q.Kind {
			kind = sheetKinds[language][i]
		}
	}
	id := ""
	if !b.ID.IsZero() {
		id = b.ID.String()
	}
	cells := sheet.Texts(id, b.Category, kind, q.Text)
	choices, answer := sheetCells(q, language)
	for i := range sheetChoices {
		text := ""
		if i < len(choices) {
			text = choices[i]
		}
		cells = append(cells, sheet.Text(text))
	}
	return append(cells, sheet.Texts(answer, q.Tolerance, q.Explanation, strings.Join(b.Tags, "、"), sheetDifficulty[language][b.Difficulty])...)
}

// sheetCells gives the choices and the answer as sheetAnswer reads them.
func sheetCells(q Question, language string) (choices []string, answer string) {
	var numbers []string
	switch q.Kind {
	case QuestionTrueFalse:
		words := map[string]map[string]string{"ja": {"true": "正しい", "false": "誤り"}, "en": {"true": "true", "false": "false"}}
		return nil, words[language][strings.Join(q.Correct, "")]
	case QuestionOrdering:
		for _, id := range q.Correct {
			choices = append(choices, TextOfChoice(q.Choices, id))
		}
	case QuestionMatching:
		used := map[string]bool{}
		for _, pair := range q.Correct {
			choice, target, _ := strings.Cut(pair, "=")
			used[target] = true
			choices = append(choices, joinPair(TextOfChoice(q.Choices, choice), TextOfChoice(q.Targets, target)))
		}
		for _, t := range q.Targets {
			if !used[t.ID] {
				choices = append(choices, joinPair("", t.Text))
			}
		}
	case QuestionShortText:
		return q.Accepted, ""
	case QuestionNumber:
		return nil, q.Number
	default:
		for i, c := range q.Choices {
			choices = append(choices, c.Text)
			for _, id := range q.Correct {
				if id == c.ID {
					numbers = append(numbers, strconv.Itoa(i+1))
				}
			}
		}
	}
	return choices, strings.Join(numbers, ",")
}

func joinPair(left, right string) string {
	if !strings.Contains(left+right, "→") && !strings.Contains(left+right, "=>") {
		return strings.TrimSpace(left + " → " + right)
	}
	escape := strings.NewReplacer("=>", `=\>`)
	return strings.TrimSpace(escape.Replace(left) + " => " + escape.Replace(right))
}

// giftEscape makes a text stand for itself. A blank line would end the question, so breaks are written as \n.
var giftEscape = strings.NewReplacer(`\`, `\\`, "~", `\~`, "=", `\=`, "#", `\#`, "{", `\{`, "}", `\}`, ":", `\:`, "\n", `\n`, "->", `-\>`, "%", `\%`)

func giftPlain(s string) string { return "[plain]" + giftEscape.Replace(s) }

func writeGIFT(out io.Writer, questions iter.Seq2[BankQuestion, error]) error {
	w := bufio.NewWriter(out)
	category := ""
	for b, err := range questions {
		if err != nil {
			return err
		}
		if b.Category != category {
			category = b.Category
			_, _ = fmt.Fprintf(w, "$CATEGORY: $course$/top/%s\n\n", giftEscape.Replace(category)) // an error stays with the writer until Flush
		}
		if !b.ID.IsZero() {
			_, _ = fmt.Fprintf(w, "// [id:%s]\n", b.ID)
		}
		for _, tag := range b.Tags {
			_, _ = fmt.Fprintf(w, "// [tag:%s]\n", strings.NewReplacer(`\`, `\\`, "]", `\]`).Replace(tag))
		}
		if b.Difficulty > 0 {
			_, _ = fmt.Fprintf(w, "// [difficulty:%d]\n", b.Difficulty)
		}
		_, _ = fmt.Fprintf(w, "%s {%s", giftPlain(b.Question.Text), giftAnswersOf(b.Question))
		if b.Question.Explanation != "" {
			_, _ = fmt.Fprintf(w, "####%s\n", giftPlain(b.Question.Explanation))
		}
		_, _ = w.WriteString("}\n\n")
	}
	return w.Flush()
}

func giftAnswersOf(q Question) string {
	var b strings.Builder
	right := map[string]bool{}
	for _, id := range q.Correct {
		right[id] = true
	}
	switch q.Kind {
	case QuestionTrueFalse:
		return strings.ToUpper(strings.Join(q.Correct, ""))
	case QuestionShortText:
		b.WriteByte('\n')
		for _, a := range q.Accepted {
			b.WriteString("=" + giftPlain(a) + "\n")
		}
	case QuestionNumber:
		b.WriteString("#" + giftEscape.Replace(q.Number))
		if q.Tolerance != "" {
			b.WriteString(":" + giftEscape.Replace(q.Tolerance))
		}
	case QuestionOrdering:
		b.WriteString(">ALL VERTICAL ABSOLUTE_POSITION\n")
		for _, id := range q.Correct {
			b.WriteString(giftPlain(TextOfChoice(q.Choices, id)) + "\n")
		}
	case QuestionMatching:
		giftPairs(&b, q)
	default:
		b.WriteByte('\n')
		for _, c := range q.Choices {
			sign := "~"
			switch {
			case q.Kind == QuestionMultiple && right[c.ID]:
				sign = fmt.Sprintf("~%%%.5f%%", 100/float64(len(right)))
			case right[c.ID]:
				sign = "="
			case q.Kind == QuestionMultiple:
				sign = "~%-100%"
			}
			b.WriteString(sign + giftPlain(c.Text) + "\n")
		}
	}
	return b.String()
}

func giftPairs(b *strings.Builder, q Question) {
	b.WriteByte('\n')
	used := map[string]bool{}
	for _, pair := range q.Correct {
		choice, target, _ := strings.Cut(pair, "=")
		used[target] = true
		b.WriteString("=" + giftPlain(TextOfChoice(q.Choices, choice)) + " -> " + giftPlain(TextOfChoice(q.Targets, target)) + "\n")
	}
	for _, t := range q.Targets {
		if !used[t.ID] {
			b.WriteString("= -> " + giftPlain(t.Text) + "\n")
		}
	}
}

func writeMoodle(out io.Writer, questions iter.Seq2[BankQuestion, error]) error {
	w := bufio.NewWriter(out)
	_, _ = w.WriteString(xml.Header + "<quiz>\n") // an error stays with the writer until Flush
	e := xml.NewEncoder(w)
	e.Indent("", " ")
	category := ""
	for b, err := range questions {
		if err != nil {
			return err
		}
		if b.Category != category {
			category = b.Category
			head := moodleQuestion{Type: "category", Category: moodleOf("$course$/top/"+category, "")}
			if err := e.Encode(head); err != nil {
				return fmt.Errorf("write category: %w", err)
			}
		}
		if err := e.Encode(moodleOfQuestion(b)); err != nil {
			return fmt.Errorf("write question: %w", err)
		}
	}
	_, _ = w.WriteString("\n</quiz>\n")
	return w.Flush()
}

func moodleOf(text, format string) *moodleText {
	return &moodleText{Format: format, Text: moodleString{text}}
}

const (
	moodleHTML  = "html"
	moodlePlane = "plain_text"
)

func moodleOfQuestion(b BankQuestion) moodleQuestion {
	q := b.Question
	types := map[string]string{
		QuestionSingle: "multichoice", QuestionMultiple: "multichoice", QuestionTrueFalse: "truefalse", QuestionOrdering: "ordering", QuestionMatching: "matching",
		QuestionShortText: "shortanswer", QuestionNumber: "numerical",
	}
	name, _, _ := strings.Cut(q.Text, "\n")
	if len([]rune(name)) > 80 {
		name = string([]rune(name)[:80])
	}
	m := moodleQuestion{
		Type: types[q.Kind], Name: moodleOf(name, ""), QuestionText: moodleOf(htmlOf(q.Text), moodleHTML), Feedback: moodleOf(htmlOf(q.Explanation), moodleHTML), Tags: &moodleTags{},
	}
	if !b.ID.IsZero() {
		m.IDNumber = b.ID.String()
	}
	for _, tag := range b.Tags {
		m.Tags.Tags = append(m.Tags.Tags, *moodleOf(tag, moodlePlane))
	}
	if b.Difficulty > 0 {
		m.Tags.Tags = append(m.Tags.Tags, *moodleOf(difficultyTag+strconv.Itoa(b.Difficulty), moodlePlane))
	}
	moodleAnswersOf(&m, q)
	return m
}

func moodleAnswersOf(m *moodleQuestion, q Question) {
	right := map[string]bool{}
	for _, id := range q.Correct {
		right[id] = true
	}
	answer := func(fraction, text, format string) {
		m.Answers = append(m.Answers, moodleAnswer{Fraction: fraction, Format: format, Text: text})
	}
	share := func(is bool, all string) string {
		if is {
			return all
		}
		return "0"
	}
	switch q.Kind {
	case QuestionTrueFalse:
		for _, c := range q.Choices {
			answer(share(right[c.ID], "100"), c.ID, moodlePlane)
		}
	case QuestionShortText:
		m.UseCase = "0"
		for _, a := range q.Accepted {
			answer("100", a, moodlePlane)
		}
	case QuestionNumber:
		m.Answers = []moodleAnswer{{Fraction: "100", Text: q.Number, Tolerance: q.Tolerance}}
	case QuestionOrdering:
		for i, id := range q.Correct {
			answer(strconv.Itoa(i+1), htmlOf(TextOfChoice(q.Choices, id)), moodleHTML)
		}
	case QuestionMatching:
		used := map[string]bool{}
		for _, pair := range q.Correct {
			choice, target, _ := strings.Cut(pair, "=")
			used[target] = true
			m.Pairs = append(m.Pairs, moodlePair{Format: moodleHTML, Text: htmlOf(TextOfChoice(q.Choices, choice)), Answer: *moodleOf(TextOfChoice(q.Targets, target), moodlePlane)})
		}
		for _, t := range q.Targets {
			if !used[t.ID] {
				m.Pairs = append(m.Pairs, moodlePair{Format: moodleHTML, Answer: *moodleOf(t.Text, moodlePlane)})
			}
		}
	default:
		m.Single, m.Shuffle = strconv.FormatBool(q.Kind == QuestionSingle), "true"
		all := "100"
		if q.Kind == QuestionMultiple {
			all = strconv.FormatFloat(100/float64(max(1, len(right))), 'f', 5, 64)
		}
		for _, c := range q.Choices {
			answer(share(right[c.ID], all), htmlOf(c.Text), moodleHTML)
		}
	}
}

// WriteQuestionTemplate writes an XLSX with one question of each kind, to be written over.
func WriteQuestionTemplate(w io.Writer, language string) error {
	return WriteQuestions(w, FormatXLSX, language, func(yield func(BankQuestion, error) bool) {
		for _, q := range templateQuestions[language] {
			if !yield(BankQuestion{Category: templateCategory[language], Difficulty: 1, Question: q}, nil) {
				return
			}
		}
	})
}

var templateCategory = map[string]string{"ja": "例/消してください", "en": "Example/please delete"}

// templateQuestions are examples. What is the same in both languages stands in both all the same: they are read, not computed.
var templateQuestions = map[string][]Question{
	"ja": {
		{Kind: QuestionSingle, Text: "正解が一つの問題（正解の欄には選択肢の番号）", Choices: []Choice{{"a", "選択肢"}, {"b", "正解"}}, Correct: []string{"b"}, Explanation: "解説はなくてもかまいません。"},
		{Kind: QuestionMultiple, Text: "正解がいくつかある問題", Choices: []Choice{{"a", "正解の一つ"}, {"b", "正解ではないもの"}, {"c", "もう一つの正解"}}, Correct: []string{"a", "c"}},
		{Kind: QuestionTrueFalse, Text: "正しいか誤りかの問題", Correct: []string{"true"}},
		{Kind: QuestionOrdering, Text: "並べ替える問題（選択肢を正しい順に）", Choices: []Choice{{"a", "一番目"}, {"b", "二番目"}, {"c", "三番目"}}, Correct: []string{"a", "b", "c"}},
		{Kind: QuestionMatching, Text: "組み合わせる問題（左 → 右）", Choices: []Choice{{"a", "左"}, {"b", "上"}}, Targets: []Choice{{"x", "右"}, {"y", "下"}}, Correct: []string{"a=x", "b=y"}},
		{Kind: QuestionShortText, Text: "言葉で答える問題（選択肢の欄に正解とする書き方）", Accepted: []string{"ISMS", "情報セキュリティマネジメントシステム"}},
		{Kind: QuestionNumber, Text: "数で答える問題", Number: "72", Tolerance: "0"},
	},
	"en": {
		{Kind: QuestionSingle, Text: "One right choice (the answer is the number of the choice)", Choices: []Choice{{"a", "choice"}, {"b", "right"}}, Correct: []string{"b"}, Explanation: "The explanation may be left out."},
		{Kind: QuestionMultiple, Text: "Several right choices", Choices: []Choice{{"a", "right"}, {"b", "choice"}, {"c", "right, too"}}, Correct: []string{"a", "c"}},
		{Kind: QuestionTrueFalse, Text: "True or false", Correct: []string{"true"}},
		{Kind: QuestionOrdering, Text: "Put in order (choices in the right order)", Choices: []Choice{{"a", "first"}, {"b", "second"}, {"c", "third"}}, Correct: []string{"a", "b", "c"}},
		{Kind: QuestionMatching, Text: "Match (left → right)", Choices: []Choice{{"a", "left"}, {"b", "up"}}, Targets: []Choice{{"x", "right"}, {"y", "down"}}, Correct: []string{"a=x", "b=y"}},
		{Kind: QuestionShortText, Text: "Short answer (every accepted answer as a choice)", Accepted: []string{"ISMS", "information security management system"}},
		{Kind: QuestionNumber, Text: "Number", Number: "72", Tolerance: "0"},
	},
}
