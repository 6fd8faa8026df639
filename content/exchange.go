package content

import (
	"bytes"
	"html"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	nethtml "golang.org/x/net/html"
	"golang.org/x/text/encoding/japanese"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// The formats in which questions come and go.
const (
	FormatXLSX    = "xlsx"
	FormatCSV     = "csv"
	FormatCSVSJIS = "csv_shift_jis"
	FormatGIFT    = "gift"
	FormatMoodle  = "moodle_xml"
)

// QuestionFormats lists every format.
var QuestionFormats = []string{FormatXLSX, FormatCSV, FormatCSVSJIS, FormatGIFT, FormatMoodle}

// Limits of a file of questions.
const (
	MaxQuestionFile  = 16 << 20
	MaxFileQuestions = 5000
)

// FileQuestion is one question of a file: what it would be in the bank, and what is wrong with it.
type FileQuestion struct {
	Row    int   // as the file counts: row of a sheet, line of GIFT, question of Moodle XML
	ID     db.ID // of the bank's question that it was exported from; zero when the file says none
	Input  QuestionInput
	Faults []fault.Field
	Notes  []fault.Field // what of it the bank cannot hold and leaves out
}

// ReadQuestions reads a file of questions and finds out which format it is by its bytes; name only tells apart what looks alike. A question that cannot be
// read, or cannot be asked, comes with what is wrong with it. It returns fault.TooLarge and fault.Invalid for what is no file of questions.
func ReadQuestions(r io.ReaderAt, size int64, name string) (format string, list []FileQuestion, err error) {
	if size > MaxQuestionFile {
		return "", nil, fault.New(fault.TooLarge, "sheet_bytes", "limit", MaxQuestionFile)
	}
	raw := make([]byte, size)
	if _, err := r.ReadAt(raw, 0); err != nil && err != io.EOF {
		return "", nil, err
	}
	switch format = questionFormat(raw, name); format {
	case FormatMoodle:
		list, err = ParseMoodleXML(raw)
	case FormatGIFT:
		var text string
		if text, err = decodeText(raw); err == nil {
			list, err = ParseGIFT(text)
		}
	default:
		list, format, err = parseQuestionSheet(r, size)
	}
	if err != nil {
		return format, nil, err
	}
	if len(list) == 0 {
		return format, nil, fault.New(fault.Invalid, "questions_none")
	}
	for i := range list {
		var c fault.Check
		list[i].Input.check(&c, "")
		if len(list[i].Faults) == 0 { // else the rest follows from what could not be read
			list[i].Faults = c.Fields()
		}
	}
	return format, list, nil
}

func questionFormat(raw []byte, name string) string {
	head := bytes.TrimLeft(bytes.TrimPrefix(raw[:min(len(raw), 512)], []byte("\xef\xbb\xbf")), " \t\r\n")
	lower := strings.ToLower(name)
	switch {
	case bytes.HasPrefix(raw, []byte("PK")):
		return FormatXLSX
	case bytes.HasPrefix(head, []byte("<")):
		return FormatMoodle
	case strings.HasSuffix(lower, ".csv"), strings.HasSuffix(lower, ".tsv"):
		return FormatCSV
	case strings.HasSuffix(lower, ".gift"), strings.HasSuffix(lower, ".txt"), bytes.ContainsRune(raw, '{'):
		return FormatGIFT
	}
	return FormatCSV
}

// decodeText reads UTF-8 with or without a byte order mark, else Shift_JIS.
func decodeText(raw []byte) (string, error) {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(raw) {
		decoded, err := japanese.ShiftJIS.NewDecoder().Bytes(raw)
		if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
			return "", fault.New(fault.Invalid, "sheet_encoding", "row", 1)
		}
		raw = decoded
	}
	if bytes.ContainsRune(raw, 0) {
		return "", fault.New(fault.Invalid, "sheet_kind", "kind", "binary")
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(raw)), nil
}

// plainOf gives the words of HTML as a question holds them: paragraphs become lines, scripts and styles vanish, pictures leave their description.
func plainOf(s string) string {
	var b strings.Builder
	skip := 0
	z := nethtml.NewTokenizer(strings.NewReader(s))
	for {
		kind := z.Next()
		if kind == nethtml.ErrorToken {
			break
		}
		t := z.Token()
		opens, closes := kind == nethtml.StartTagToken, kind == nethtml.EndTagToken
		switch {
		case (t.Data == "script" || t.Data == "style") && opens:
			skip++
		case (t.Data == "script" || t.Data == "style") && closes:
			skip = max(0, skip-1)
		case kind == nethtml.TextToken && skip == 0:
			b.WriteString(t.Data)
		case t.Data == "br", closes && blockElement[t.Data]:
			b.WriteByte('\n')
		case t.Data == "img":
			for _, a := range t.Attr {
				if a.Key == "alt" {
					b.WriteString(a.Val)
				}
			}
		}
	}
	lines := strings.Split(strings.ReplaceAll(b.String(), "\u00a0", " "), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.TrimSpace(manyBreaks.ReplaceAllString(strings.Join(lines, "\n"), "\n\n"))
}

var (
	blockElement = map[string]bool{"p": true, "div": true, "li": true, "tr": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "pre": true, "blockquote": true}
	manyBreaks   = regexp.MustCompile(`\n{3,}`)
	looksHTML    = regexp.MustCompile(`(?i)</?(p|br|div|span|b|i|strong|em|ul|ol|li|img|table|script|a|sub|sup)(\s[^>]*)?/?>`)
)

// htmlOf writes plain text as HTML that says the same.
func htmlOf(s string) string {
	return strings.ReplaceAll(html.EscapeString(s), "\n", "<br>")
}

// choiceID names the i-th choice of an imported question. It says nothing of its place: right answers stand first in many files.
func choiceID(text string, i int) string {
	id := db.IDFrom("choice", text, strconv.Itoa(i)).String()
	return id[:8] + id[9:13]
}

// addChoice puts a choice into a question.
func (q *Question) addChoice(text string, right bool) {
	if len(q.Choices) > MaxChoices { // one too many is enough to be told so
		return
	}
	id := choiceID(text, len(q.Choices))
	q.Choices = append(q.Choices, Choice{ID: id, Text: text})
	if right {
		q.Correct = append(q.Correct, id)
	}
}

// addPair puts a pair into a question of matching; one without a left side only leads astray.
func (q *Question) addPair(left, right string) {
	if len(q.Choices) > MaxChoices || len(q.Targets) > MaxChoices {
		return
	}
	target := ""
	for _, t := range q.Targets {
		if t.Text == right && left != "" {
			target = t.ID
		}
	}
	if target == "" {
		target = choiceID(right, len(q.Targets)+100)
		q.Targets = append(q.Targets, Choice{ID: target, Text: right})
	}
	if left != "" {
		id := choiceID(left, len(q.Choices))
		q.Choices = append(q.Choices, Choice{ID: id, Text: left})
		q.Correct = append(q.Correct, Pair(id, target))
	}
}

// setTrue makes a question of true or false.
func (q *Question) setTrue(right bool) {
	q.Kind, q.Choices, q.Correct = QuestionTrueFalse, []Choice{{ID: "true"}, {ID: "false"}}, []string{strconv.FormatBool(right)}
}

// trueFalseWord reads the words that stand for true and false.
func trueFalseWord(s string) (right, ok bool) {
	switch tenant.Fold(s) {
	case "true", "t", "正しい", "正", "○", "〇", "はい", "yes", "1":
		return true, true
	case "false", "f", "誤り", "誤", "×", "いいえ", "no", "0":
		return false, true
	}
	return false, false
}

func (f *FileQuestion) wrong(field, key string, args ...any) {
	var c fault.Check
	c.Add(field, key, args...)
	f.Faults = append(f.Faults, c.Fields()...)
}

func (f *FileQuestion) note(field, key string) {
	for _, n := range f.Notes {
		if n.Key == key {
			return
		}
	}
	f.Notes = append(f.Notes, fault.Field{Path: field, Key: key})
}

// moodleCategory reads the path of a category as Moodle writes it.
func moodleCategory(s string) string {
	parts := strings.Split(s, "/")
	for len(parts) > 0 && (strings.HasPrefix(parts[0], "$") || parts[0] == "top") {
		parts = parts[1:]
	}
	return tidyCategory(strings.Join(parts, "/"))
}
