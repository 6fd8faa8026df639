package content

import (
	"regexp"
	"strconv"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
)

// GIFT, as Moodle's documentation describes it: questions are separated by blank lines; "::title::" may stand before the text, "[html]" before it says the
// format; the answers stand in braces: "=" right, "~" wrong, "%50%" a share of the points, "#" feedback, "####" feedback to the whole, "T"/"F", "->" pairs,
// "#3:0.1" or "#2..4" numbers. "//" begins a comment, in which "[id:…]" and "[tag:…]" count; "$CATEGORY:" sets the category of what follows; "\" makes
// a special character an ordinary one. What is in order is written as ">" with one thing a line, as Moodle's plug-in for it does.

const giftSpecial = `~=#{}:\`

var (
	giftMark   = regexp.MustCompile(`\[(id|tag|difficulty):((?:[^\]\\]|\\.)*)\]`)
	giftTitle  = regexp.MustCompile(`^\s*::((?:[^:\\]|\\.|:[^:])*)::`)
	giftFormat = regexp.MustCompile(`^\s*\[(html|moodle|plain|markdown)\]`)
	giftOrder  = regexp.MustCompile(`^>\s*([0-9A-Z_]+\s+)*`)
	giftRange  = regexp.MustCompile(`^\s*(\S+?)\s*\.\.\s*(\S+)\s*$`)
)

// ParseGIFT reads questions in the GIFT format. It never fails on one of them: a question that cannot be read comes with its fault.
func ParseGIFT(text string) ([]FileQuestion, error) {
	p := giftParser{}
	for i, line := range strings.Split(text, "\n") {
		if err := p.line(i+1, line); err != nil {
			return nil, err
		}
	}
	return p.list, p.end()
}

type giftParser struct {
	list     []FileQuestion
	category string
	next     FileQuestion // what comments before the question say
	block    strings.Builder
	row      int // line where the block begins
}

func (p *giftParser) line(number int, line string) error {
	trimmed := strings.TrimSpace(line)
	switch {
	case trimmed == "":
		return p.end()
	case strings.HasPrefix(trimmed, "//"):
		for _, m := range giftMark.FindAllStringSubmatch(trimmed, -1) {
			p.mark(m[1], giftUnescape(m[2]))
		}
	case strings.HasPrefix(trimmed, "$CATEGORY:"):
		if err := p.end(); err != nil {
			return err
		}
		p.category = moodleCategory(giftUnescape(strings.TrimSpace(strings.TrimPrefix(trimmed, "$CATEGORY:"))))
	default:
		if p.block.Len() == 0 {
			p.row = number
		}
		p.block.WriteString(line + "\n")
	}
	return nil
}

func (p *giftParser) mark(name, value string) {
	switch name {
	case "id":
		if id, err := db.ParseID(value); err == nil {
			p.next.ID = id
		}
	case "tag":
		if len(p.next.Input.Tags) <= MaxTags {
			p.next.Input.Tags = append(p.next.Input.Tags, value)
		}
	case "difficulty":
		p.next.Input.Difficulty, _ = strconv.Atoi(value) // what is no number is unknown
	}
}

// end finishes the question that was being read.
func (p *giftParser) end() error {
	if p.block.Len() == 0 {
		return nil
	}
	if len(p.list) >= MaxFileQuestions {
		return fault.New(fault.Invalid, "questions_too_many", "max", MaxFileQuestions)
	}
	f := p.next
	f.Row, f.Input.Category = p.row, p.category
	f.parseGIFT(strings.TrimSpace(p.block.String()))
	p.list = append(p.list, f)
	p.next = FileQuestion{}
	p.block.Reset()
	return nil
}

func (f *FileQuestion) parseGIFT(s string) {
	if m := giftTitle.FindString(s); m != "" {
		s = s[len(m):]
	}
	format := ""
	if m := giftFormat.FindStringSubmatch(s); m != nil {
		s, format = s[len(m[0]):], m[1]
	}
	open := giftIndex(s, '{', 0)
	if open < 0 {
		f.Input.Question.Text = giftText(s, format)
		f.wrong("answer", "gift_no_answer")
		return
	}
	closing := giftIndex(s, '}', open+1)
	if closing < 0 {
		f.wrong("answer", "gift_open_brace")
		return
	}
	before, after := giftText(s[:open], format), giftText(s[closing+1:], format)
	q := &f.Input.Question
	q.Text = before
	if after != "" { // a gap in the sentence
		q.Text = strings.TrimSpace(before + " _____ " + after)
	}
	f.giftAnswers(s[open+1:closing], format)
}

// giftIndex finds an unescaped character.
func giftIndex(s string, c byte, from int) int {
	for i := from; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case c:
			return i
		}
	}
	return -1
}

func giftUnescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch {
		case s[i] == 'n':
			b.WriteByte('\n')
		case strings.IndexByte(giftSpecial+"[]%>", s[i]) >= 0:
			b.WriteByte(s[i])
		default:
			b.WriteString(s[i-1 : i+1])
		}
	}
	return b.String()
}

func giftText(s, format string) string {
	s = giftUnescape(strings.TrimSpace(s))
	if m := giftFormat.FindStringSubmatch(s); m != nil { // an answer may say its own
		s, format = s[len(m[0]):], m[1]
	}
	if format == "html" || format == "" && looksHTML.MatchString(s) {
		return plainOf(s)
	}
	return strings.TrimSpace(s)
}

// giftAnswers reads what stands in the braces.
func (f *FileQuestion) giftAnswers(s, format string) {
	q := &f.Input.Question
	if at := giftFeedback(s); at >= 0 {
		q.Explanation = giftText(s[at+4:], format)
		s = s[:at]
	}
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		f.wrong("answer", "import_essay")
	case s[0] == '>':
		q.Kind = QuestionOrdering
		for _, line := range strings.Split(s[len(giftOrder.FindString(s)):], "\n") {
			if line = giftText(line, format); line != "" {
				q.addChoice(line, true)
			}
		}
	case s[0] == '#':
		f.giftNumber(s[1:], format)
	default:
		word, feedback := giftCut(s)
		if right, ok := trueFalseWord(strings.TrimSpace(word)); ok && s[0] != '=' && s[0] != '~' {
			if feedback {
				f.note("answer", "import_feedback")
			}
			q.setTrue(right)
			return
		}
		f.giftChoices(giftParts(s), format)
	}
}

// giftFeedback finds "####".
func giftFeedback(s string) int {
	for i := 0; i+4 <= len(s); i++ {
		if s[i] == '\\' {
			i++
		} else if s[i:i+4] == "####" {
			return i
		}
	}
	return -1
}

// giftCut takes the feedback off an answer.
func giftCut(s string) (answer string, feedback bool) {
	if at := giftIndex(s, '#', 0); at >= 0 {
		return s[:at], strings.TrimSpace(s[at+1:]) != ""
	}
	return s, false
}

type giftPart struct {
	right  bool
	weight string // "" when none is given
	text   string
}

// giftParts separates the answers at "=" and "~".
func giftParts(s string) (parts []giftPart) {
	begin := -1
	flush := func(to int) {
		if begin < 0 {
			return
		}
		part := giftPart{right: s[begin] == '=', text: strings.TrimSpace(s[begin+1 : to])}
		if strings.HasPrefix(part.text, "%") {
			if weight, rest, ok := strings.Cut(part.text[1:], "%"); ok {
				part.weight, part.text = weight, rest
			}
		}
		parts = append(parts, part)
	}
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '=', '~':
			flush(i)
			begin = i
		}
	}
	flush(len(s))
	return parts
}

func (p giftPart) share() float64 {
	if p.weight == "" {
		if p.right {
			return 100
		}
		return 0
	}
	share, err := strconv.ParseFloat(strings.TrimSpace(p.weight), 64)
	if err != nil {
		return 0
	}
	return share
}

func (f *FileQuestion) giftChoices(parts []giftPart, format string) {
	q := &f.Input.Question
	right, wrong, pairs := 0, 0, 0
	for _, p := range parts {
		if p.right {
			right++
		} else {
			wrong++
		}
		if strings.Contains(p.text, "->") {
			pairs++
		}
	}
	switch {
	case len(parts) == 0:
		f.wrong("answer", "gift_answer")
	case wrong == 0 && pairs == len(parts):
		q.Kind = QuestionMatching
		for _, p := range parts {
			left, target, _ := strings.Cut(p.text, "->")
			q.addPair(giftText(left, format), giftText(target, format))
		}
	case wrong == 0:
		q.Kind = QuestionShortText
		for _, p := range parts {
			text, feedback := giftCut(p.text)
			if feedback {
				f.note("answer", "import_feedback")
			}
			if p.share() < 100 {
				f.note("answer", "import_partial")
				continue
			}
			q.Accepted = append(q.Accepted, giftText(text, format))
		}
	default:
		q.Kind = QuestionSingle
		if right == 0 {
			q.Kind = QuestionMultiple
		}
		for _, p := range parts {
			text, feedback := giftCut(p.text)
			if feedback {
				f.note("answer", "import_feedback")
			}
			share := p.share()
			if q.Kind == QuestionSingle && share > 0 && share < 100 {
				f.note("answer", "import_partial")
			}
			q.addChoice(giftText(text, format), q.Kind == QuestionMultiple && share > 0 || share >= 100)
		}
	}
}

// giftNumber reads "3", "3:0.1", "2..4", or answers with shares of which one is wholly right.
func (f *FileQuestion) giftNumber(s, format string) {
	q := &f.Input.Question
	q.Kind = QuestionNumber
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "=") {
		whole := 0
		for _, p := range giftParts(s) {
			if p.share() < 100 {
				f.note("answer", "import_partial")
				continue
			}
			whole++
			s = p.text
		}
		if whole != 1 {
			f.wrong("answer", "import_numbers")
			return
		}
	}
	answer, feedback := giftCut(s)
	if feedback {
		f.note("answer", "import_feedback")
	}
	answer = giftText(answer, format)
	if m := giftRange.FindStringSubmatch(answer); m != nil {
		from, ok1 := ParseNumber(m[1])
		to, ok2 := ParseNumber(m[2])
		if !ok1 || !ok2 || from.Cmp(to) > 0 {
			f.wrong("number", "question_number")
			return
		}
		q.Number, q.Tolerance = middle(from, to)
		return
	}
	q.Number, q.Tolerance, _ = strings.Cut(answer, ":")
}
