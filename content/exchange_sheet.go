package content

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/storage/sheet"
	"kenshu/tenant"
)

// A sheet of questions has one row a question. The headings may be Japanese or English, in any order; what the columns hold:
// choices of an ordering in the right order, of a matching "left => right" (nothing on the left leads astray), of a short text every accepted answer;
// the answer as numbers of choices, as true or false, or the number.

// The columns of a sheet, in the order they are written, before the choices and after them.
const (
	columnID = iota
	columnCategory
	columnKind
	columnText
	columnAnswer
	columnTolerance
	columnExplanation
	columnTags
	columnDifficulty
	columnChoice
)

var sheetHeadings = map[string][]string{
	"ja": {"ID", "分類", "形式", "問題文", "正解", "誤差", "解説", "タグ", "難しさ", "選択肢"},
	"en": {"ID", "Category", "Kind", "Question", "Answer", "Tolerance", "Explanation", "Tags", "Difficulty", "Choice"},
}

var sheetKinds = map[string][]string{
	"ja": {"一つ選ぶ", "すべて選ぶ", "正誤", "並べ替え", "組み合わせ", "言葉", "数"},
	"en": {"single", "multiple", "true/false", "ordering", "matching", "short text", "number"},
}

var sheetDifficulty = map[string][]string{"ja": {"", "やさしい", "ふつう", "難しい"}, "en": {"", "easy", "medium", "hard"}}

const sheetChoices = 20 // columns

var choiceHeading = regexp.MustCompile(`^(選択肢|choice) *([0-9]{1,2})$`)

// headingOf finds which column a heading names; choices count from columnChoice.
func headingOf(s string) int {
	s = tenant.Fold(s)
	if m := choiceHeading.FindStringSubmatch(s); m != nil {
		n, err := strconv.Atoi(m[2])
		if err != nil || n < 1 || n > sheetChoices {
			return -1
		}
		return columnChoice + n - 1
	}
	for _, names := range sheetHeadings {
		if i := slices.IndexFunc(names[:columnChoice], func(name string) bool { return tenant.Fold(name) == s }); i >= 0 {
			return i
		}
	}
	return -1
}

func parseQuestionSheet(r io.ReaderAt, size int64) ([]FileQuestion, string, error) {
	var columns map[int]int // of the sheet, by what they are
	var list []FileQuestion
	limits := sheet.Limits{Bytes: MaxQuestionFile, Unpacked: 256 << 20, Rows: 100_000, Columns: 256}
	info, err := sheet.Read(r, size, limits, func(row sheet.Row) error {
		if columns == nil {
			found := map[int]int{}
			for i, cell := range row.Cells {
				if what := headingOf(cell); what >= 0 {
					found[what] = i
				}
			}
			_, text := found[columnText]
			_, kind := found[columnKind]
			if text && kind {
				columns = found
			} else if row.Number > 20 {
				return fault.New(fault.Invalid, "questions_headings")
			}
			return nil
		}
		if len(list) >= MaxFileQuestions {
			return fault.New(fault.Invalid, "questions_too_many", "max", MaxFileQuestions)
		}
		list = append(list, readSheetRow(row, columns))
		return nil
	})
	if err == nil && columns == nil {
		err = fault.New(fault.Invalid, "questions_headings")
	}
	format := FormatCSV
	if info.Format == sheet.XLSX {
		format = FormatXLSX
	} else if info.Encoding == "shift_jis" {
		format = FormatCSVSJIS
	}
	return list, format, err
}

func readSheetRow(row sheet.Row, columns map[int]int) FileQuestion {
	cell := func(what int) string {
		if at, ok := columns[what]; ok {
			return strings.TrimSpace(row.Cell(at))
		}
		return ""
	}
	f := FileQuestion{Row: row.Number, Input: QuestionInput{Category: cell(columnCategory), Tags: []string{cell(columnTags)}}}
	for _, bad := range row.Faults {
		f.wrong(sheet.ColumnName(bad.Column), bad.Key, "column", sheet.ColumnName(bad.Column))
	}
	if text := cell(columnID); text != "" {
		id, err := db.ParseID(text)
		if err != nil {
			f.wrong("id", "import_id")
		}
		f.ID = id
	}
	q := &f.Input.Question
	q.Text, q.Explanation = cell(columnText), cell(columnExplanation)
	if q.Kind = kindOfWord(cell(columnKind)); q.Kind == "" {
		f.wrong("kind", "import_kind", "kind", tenant.Clip(cell(columnKind), 40))
	}
	if f.Input.Difficulty = difficultyOfWord(cell(columnDifficulty)); f.Input.Difficulty < 0 {
		f.wrong("difficulty", "import_difficulty", "difficulty", tenant.Clip(cell(columnDifficulty), 40))
	}
	var choices []string // the cells, with the empty ones between: numbers of choices count them
	for i := range sheetChoices {
		choices = append(choices, cell(columnChoice+i))
	}
	f.sheetAnswer(choices, cell(columnAnswer), cell(columnTolerance))
	return f
}

func kindOfWord(s string) string {
	s = tenant.Fold(s)
	for i, kind := range QuestionKinds {
		if s == kind || s == tenant.Fold(sheetKinds["ja"][i]) || s == sheetKinds["en"][i] {
			return kind
		}
	}
	return map[string]string{"正しいか誤りか": QuestionTrueFalse, "言葉で答える": QuestionShortText, "数で答える": QuestionNumber}[s]
}

func difficultyOfWord(s string) int {
	s = tenant.Fold(s)
	for _, words := range sheetDifficulty {
		if i := slices.Index(words, s); i >= 0 {
			return i
		}
	}
	if n, err := strconv.Atoi(s); err == nil && n >= 0 && n <= 3 {
		return n
	}
	return -1
}

func (f *FileQuestion) sheetAnswer(choices []string, answer, tolerance string) {
	q := &f.Input.Question
	switch q.Kind {
	case QuestionSingle, QuestionMultiple:
		right := map[int]bool{}
		for _, word := range strings.FieldsFunc(answer, func(r rune) bool { return strings.ContainsRune(",、，;； ", r) }) {
			n, err := strconv.Atoi(tenant.Fold(word))
			if err != nil || n < 1 || n > sheetChoices || choices[n-1] == "" {
				f.wrong("answer", "import_answer", "answer", tenant.Clip(word, 40))
				continue
			}
			right[n-1] = true
		}
		for i, text := range choices {
			if text != "" {
				q.addChoice(text, right[i])
			}
		}
	case QuestionTrueFalse:
		right, ok := trueFalseWord(answer)
		if !ok {
			f.wrong("answer", "import_true_false", "answer", tenant.Clip(answer, 40))
			return
		}
		q.setTrue(right)
	case QuestionOrdering:
		for _, text := range choices {
			if text != "" {
				q.addChoice(text, true)
			}
		}
	case QuestionMatching:
		for i, text := range choices {
			if text == "" {
				continue
			}
			left, right, ok := cutPair(text)
			if !ok {
				f.wrong(fmt.Sprintf("choice %d", i+1), "import_pair", "number", i+1)
				continue
			}
			q.addPair(left, right)
		}
	case QuestionShortText:
		for _, text := range choices {
			if text != "" {
				q.Accepted = append(q.Accepted, text)
			}
		}
		if answer != "" {
			q.Accepted = append(q.Accepted, answer)
		}
	case QuestionNumber:
		q.Number, q.Tolerance = answer, tolerance
	}
}

// cutPair reads "left => right"; "=\>" is an arrow that belongs to the text.
func cutPair(s string) (left, right string, ok bool) {
	left, right, ok = strings.Cut(s, "=>")
	if !ok {
		left, right, ok = strings.Cut(s, "→")
	}
	restore := strings.NewReplacer(`=\>`, "=>")
	return restore.Replace(strings.TrimSpace(left)), restore.Replace(strings.TrimSpace(right)), ok
}
