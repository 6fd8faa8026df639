package content

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
)

// Moodle XML: a <quiz> of <question type="…">. A question of type category sets the category of what follows. Text stands in <text> inside an element that
// may name its format; answers carry the share of the points as fraction. Definitions of a document type are refused: they exist here only to harm.

type moodleText struct {
	Format string       `xml:"format,attr,omitempty"`
	Text   moodleString `xml:"text"`
}

// moodleString is text written as it is, escaped by the encoder.
type moodleString struct {
	Value string `xml:",chardata"`
}

type moodleAnswer struct {
	Fraction  string      `xml:"fraction,attr"`
	Format    string      `xml:"format,attr,omitempty"`
	Text      string      `xml:"text"`
	Tolerance string      `xml:"tolerance,omitempty"`
	Feedback  *moodleText `xml:"feedback"`
}

type moodlePair struct {
	Format string     `xml:"format,attr,omitempty"`
	Text   string     `xml:"text"`
	Answer moodleText `xml:"answer"`
}

type moodleTags struct {
	Tags []moodleText `xml:"tag"`
}

type moodleQuestion struct {
	XMLName      xml.Name       `xml:"question"`
	Type         string         `xml:"type,attr"`
	Category     *moodleText    `xml:"category"`
	Name         *moodleText    `xml:"name"`
	QuestionText *moodleText    `xml:"questiontext"`
	Feedback     *moodleText    `xml:"generalfeedback"`
	IDNumber     string         `xml:"idnumber,omitempty"`
	Single       string         `xml:"single,omitempty"`
	Shuffle      string         `xml:"shuffleanswers,omitempty"`
	UseCase      string         `xml:"usecase,omitempty"`
	Answers      []moodleAnswer `xml:"answer"`
	Pairs        []moodlePair   `xml:"subquestion"`
	Tags         *moodleTags    `xml:"tags"`
}

const difficultyTag = "difficulty:"

// ParseMoodleXML reads questions in Moodle's XML format. A question of a type that the bank does not know comes with its fault.
func ParseMoodleXML(raw []byte) ([]FileQuestion, error) {
	d := xml.NewDecoder(bytes.NewReader(raw))
	d.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		if strings.EqualFold(charset, "utf-8") {
			return in, nil
		}
		return nil, errors.New("only UTF-8")
	}
	var list []FileQuestion
	category, number, depth := "", 0, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			if depth == 0 && number == 0 {
				return nil, fault.New(fault.Invalid, "questions_none")
			}
			return list, nil
		}
		if err != nil {
			return nil, xmlDamaged(err, d)
		}
		switch t := token.(type) {
		case xml.Directive:
			return nil, fault.New(fault.Invalid, "xml_doctype")
		case xml.StartElement:
			if t.Name.Local != "question" {
				if depth++; t.Name.Local != "quiz" || depth > 1 {
					return nil, fault.New(fault.Invalid, "xml_quiz")
				}
				continue
			}
			number++
			if len(list) >= MaxFileQuestions {
				return nil, fault.New(fault.Invalid, "questions_too_many", "max", MaxFileQuestions)
			}
			var q moodleQuestion
			if err := d.DecodeElement(&q, &t); err != nil {
				return nil, xmlDamaged(err, d)
			}
			if q.Type == "category" {
				category = moodleCategory(q.Category.plain())
				continue
			}
			f := FileQuestion{Row: number, Input: QuestionInput{Category: category}}
			f.readMoodle(q)
			list = append(list, f)
		case xml.EndElement:
			depth--
		}
	}
}

func xmlDamaged(err error, d *xml.Decoder) error {
	line, _ := d.InputPos()
	return fault.Wrap(err, fault.Invalid, "xml_damaged", "row", line)
}

func (t *moodleText) plain() string {
	if t == nil {
		return ""
	}
	return moodlePlain(t.Text.Value, t.Format)
}

// moodlePlain gives the words of a text. Without a format a text is HTML when it looks so: names and short answers carry none.
func moodlePlain(s, format string) string {
	switch format {
	case "html", "moodle_auto_format":
		return plainOf(s)
	case "":
		if looksHTML.MatchString(s) {
			return plainOf(s)
		}
	}
	return strings.TrimSpace(s)
}

func (f *FileQuestion) readMoodle(m moodleQuestion) {
	q := &f.Input.Question
	q.Text, q.Explanation = m.QuestionText.plain(), m.Feedback.plain()
	if id, err := db.ParseID(strings.TrimSpace(m.IDNumber)); err == nil {
		f.ID = id
	}
	if m.QuestionText != nil && strings.Contains(strings.ToLower(m.QuestionText.Text.Value), "<img") {
		f.note("question", "import_picture")
	}
	if m.Tags != nil {
		for _, t := range m.Tags.Tags {
			tag := t.plain()
			if rest, is := strings.CutPrefix(tag, difficultyTag); is {
				f.Input.Difficulty, _ = strconv.Atoi(rest) // what is no number is unknown
				continue
			}
			f.Input.Tags = append(f.Input.Tags, tag)
		}
	}
	for _, a := range m.Answers {
		if a.Feedback.plain() != "" {
			f.note("answer", "import_feedback")
		}
	}
	switch m.Type {
	case "multichoice":
		f.moodleChoices(m)
	case "truefalse":
		for _, a := range m.Answers {
			if right, ok := trueFalseWord(a.Text); ok && moodleShare(a) >= 100 {
				q.setTrue(right)
			}
		}
		if q.Kind == "" {
			q.Kind = QuestionTrueFalse
		}
	case "shortanswer":
		q.Kind = QuestionShortText
		if strings.TrimSpace(m.UseCase) == "1" {
			f.note("answer", "import_case")
		}
		for _, a := range m.Answers {
			if moodleShare(a) < 100 {
				f.note("answer", "import_partial")
				continue
			}
			q.Accepted = append(q.Accepted, moodlePlain(a.Text, a.Format))
		}
	case "numerical":
		f.moodleNumber(m)
	case "matching":
		q.Kind = QuestionMatching
		for _, p := range m.Pairs {
			q.addPair(moodlePlain(p.Text, p.Format), p.Answer.plain())
		}
	case "ordering":
		q.Kind = QuestionOrdering
		for _, a := range m.Answers {
			q.addChoice(moodlePlain(a.Text, a.Format), true)
		}
	case "essay":
		f.wrong("kind", "import_essay")
	default:
		f.wrong("kind", "import_type", "type", safeType(m.Type))
	}
}

// safeType is what a message may repeat of a type.
func safeType(s string) string {
	if len(s) > 40 {
		s = s[:40]
	}
	return strings.ToValidUTF8(plain(s), "")
}

func moodleShare(a moodleAnswer) float64 {
	share, err := strconv.ParseFloat(strings.TrimSpace(a.Fraction), 64)
	if err != nil {
		return 0
	}
	return share
}

func (f *FileQuestion) moodleChoices(m moodleQuestion) {
	q := &f.Input.Question
	single := strings.TrimSpace(m.Single)
	q.Kind = QuestionSingle
	if single == "false" || single == "0" {
		q.Kind = QuestionMultiple
	}
	for _, a := range m.Answers {
		share := moodleShare(a)
		right := share >= 100 || q.Kind == QuestionMultiple && share > 0
		if q.Kind == QuestionSingle && share > 0 && share < 100 {
			f.note("answer", "import_partial")
		}
		q.addChoice(moodlePlain(a.Text, a.Format), right)
	}
}

func (f *FileQuestion) moodleNumber(m moodleQuestion) {
	q := &f.Input.Question
	q.Kind = QuestionNumber
	whole := 0
	for _, a := range m.Answers {
		if moodleShare(a) < 100 {
			f.note("answer", "import_partial")
			continue
		}
		whole++
		q.Number, q.Tolerance = strings.TrimSpace(a.Text), strings.TrimSpace(a.Tolerance)
	}
	if whole != 1 {
		f.wrong("answer", "import_numbers")
	}
}
