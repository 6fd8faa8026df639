package lms

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"kenshu/fault"
	"kenshu/tenant"
)

// Limits of a reminder's words, in characters.
const (
	MaxReminderSubject = 150
	MaxReminderBody    = 4000
)

// ReminderLanguages are the languages a reminder is written in.
var ReminderLanguages = []string{"ja", "en"}

// ReminderPlaceholders are what {{…}} may stand for in a reminder. Values are put in once and as plain text: a name that looks like a placeholder
// stays as it is.
var ReminderPlaceholders = []string{"name", "round", "course", "due", "when", "days", "link", "organisation", "manager"}

// ReminderWords are the subject and the text of one kind of reminder in one language.
type ReminderWords struct {
	Subject string
	Body    string // plain text; never HTML
}

type wordsKey struct {
	kind     ReminderKind
	language string
}

const (
	jaHead = "{{name}} 様\n\n"
	jaFoot = "\n\n研修　{{round}}\n講座　{{course}}\n期限　{{due}}\n\n次のページからログインすると、続きから始められます。\n{{link}}\n\nログインできないときは、勤め先の管理責任者に連絡してください。\nこのメールには返信できません。"
	enHead = "Dear {{name}},\n\n"
	enFoot = "\n\nTraining: {{round}}\nCourse: {{course}}\nDue: {{due}}\n\nLog in here; you go on where you stopped.\n{{link}}\n\nIf you cannot log in, please contact the training manager at your workplace.\nThis address does not take replies."
)

// defaultWords stand until an organisation writes its own.
var defaultWords = map[wordsKey]ReminderWords{
	{RemindAssigned, "ja"}: {"【研修】研修のお知らせ：{{round}}", jaHead + "次の研修を受けてください。" + jaFoot},
	{RemindBefore, "ja"}:   {"【研修】{{when}}：{{round}}", jaHead + "次の研修の期限が近づいています。まだ終わっていません。" + jaFoot},
	{RemindToday, "ja"}:    {"【研修】今日が期限です：{{round}}", jaHead + "次の研修は、今日が期限です。まだ終わっていません。" + jaFoot},
	{RemindAfter, "ja"}:    {"【研修】期限を過ぎています：{{round}}", jaHead + "次の研修の期限を過ぎました。いまからでも受けられます。" + jaFoot},
	{RemindAssigned, "en"}: {"[Training] Training for you: {{round}}", enHead + "Please take this training." + enFoot},
	{RemindBefore, "en"}:   {"[Training] {{when}}: {{round}}", enHead + "This training is due soon. You have not finished it yet." + enFoot},
	{RemindToday, "en"}:    {"[Training] Due today: {{round}}", enHead + "This training is due today. You have not finished it yet." + enFoot},
	{RemindAfter, "en"}:    {"[Training] Overdue: {{round}}", enHead + "The deadline of this training has passed. You can still take it." + enFoot},
}

// reminderFacts are what the placeholders stand for.
type reminderFacts struct {
	Name, Round, Course, DueOn, Link, Organisation, Manager string
	Left                                                    int // days until the due day; negative after it
}

var placeholder = regexp.MustCompile(`\{\{([^{}]*)\}\}`)

// check finds what is wrong with words that somebody wrote.
func (w ReminderWords) check(c *fault.Check) {
	for _, part := range []struct {
		path, text string
		max        int
	}{{"subject", w.Subject, MaxReminderSubject}, {"body", w.Body, MaxReminderBody}} {
		c.If(strings.TrimSpace(part.text) == "", part.path, "required")
		c.If(utf8.RuneCountInString(part.text) > part.max, part.path, "too_long", "max", part.max)
		for _, m := range placeholder.FindAllStringSubmatch(part.text, -1) {
			c.If(!knownPlaceholder(m[1]), part.path, "placeholder_unknown", "name", tenant.Clip(m[1], 40))
		}
		rest := placeholder.ReplaceAllString(part.text, "")
		c.If(strings.Contains(rest, "{{") || strings.Contains(rest, "}}"), part.path, "placeholder_broken")
	}
	c.If(strings.ContainsFunc(w.Subject, breaksLine), "subject", "line_break")
}

// breaksLine finds what could end a header: line breaks of any kind and other control characters.
func breaksLine(r rune) bool { return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' }

func knownPlaceholder(name string) bool {
	for _, known := range ReminderPlaceholders {
		if name == known {
			return true
		}
	}
	return false
}

// tidy brings line ends into one form and drops characters that print nothing.
func (w ReminderWords) tidy() ReminderWords {
	body := strings.ReplaceAll(strings.ReplaceAll(w.Body, "\r\n", "\n"), "\r", "\n")
	w.Body = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || r == utf8.RuneError) {
			return -1
		}
		return r
	}, body))
	w.Subject = strings.TrimSpace(w.Subject)
	return w
}

// fill puts the facts in, in one pass.
func (w ReminderWords) fill(language string, f reminderFacts) ReminderWords {
	pairs := []string{
		"{{name}}", f.Name, "{{round}}", f.Round, "{{course}}", f.Course, "{{organisation}}", f.Organisation, "{{manager}}", f.Manager,
	}
	for i := 1; i < len(pairs); i += 2 {
		pairs[i] = tenant.Tidy(pairs[i])
	}
	days := f.Left
	if days < 0 {
		days = -days
	}
	pairs = append(pairs, "{{due}}", strings.ReplaceAll(f.DueOn, "-", "/"), "{{when}}", when(language, f.Left), "{{days}}", fmt.Sprint(days), "{{link}}", f.Link)
	r := strings.NewReplacer(pairs...)
	return ReminderWords{tenant.Tidy(r.Replace(w.Subject)), r.Replace(w.Body)}
}

// when says how far the due day is.
func when(language string, left int) string {
	if language == "en" {
		switch {
		case left < 0:
			return "Overdue by " + days(-left)
		case left == 0:
			return "Due today"
		case left == 1:
			return "Due tomorrow"
		}
		return "Due in " + days(left)
	}
	switch {
	case left < 0:
		return fmt.Sprintf("期限を%d日過ぎています", -left)
	case left == 0:
		return "本日が期限です"
	case left == 1:
		return "明日が期限です"
	}
	return fmt.Sprintf("期限まであと%d日です", left)
}

func days(n int) string {
	if n == 1 {
		return "1 day"
	}
	return fmt.Sprintf("%d days", n)
}

// wordBook are the words of one organisation: its own over the product's.
type wordBook struct {
	own  map[wordsKey]ReminderWords
	both bool // both languages in one mail, the person's first
}

func (b wordBook) words(kind ReminderKind, language string) ReminderWords {
	if w, ok := b.own[wordsKey{kind, language}]; ok {
		return w
	}
	return defaultWords[wordsKey{kind, language}]
}

const betweenLanguages = "\n\n----------------------------------------\n\n"

// write writes a reminder in the person's language, and below it in the other one, so that who reads little of the first is not left out.
func (b wordBook) write(kind ReminderKind, locale string, f reminderFacts) ReminderWords {
	first, second := "ja", "en"
	if locale == "en" {
		first, second = "en", "ja"
	}
	w := b.words(kind, first).fill(first, f)
	if b.both {
		w.Body += betweenLanguages + b.words(kind, second).fill(second, f).Body
	}
	w.Body += "\n"
	return w
}
