package tenant

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"kenshu/fault"
)

// Guessing is about what people really choose. A password or login ID is cut into the parts that somebody who guesses would try (leaked passwords,
// Japanese words, names, dates, keyboard runs, sequences, repeats) in the way that costs them least; what that costs, in
// bits, must reach a floor. There are no composition rules: long and unpredictable is enough.
const (
	passwordFloor = 35.0 // bits; beside the throttle, which allows some thousand tries a day at the very most
	loginFloor    = 17.0 // bits a login ID must have beyond what is known about its owner
	guessWindow   = 64   // characters looked at from each end; every further one only makes it dearer
)

// passwordKeys and loginKeys name the sentence for each kind of part.
var (
	passwordKeys = map[string]string{
		"name": "password_name", "login": "password_login", "number": "password_number", "code": "password_code", "organisation": "password_organisation", "common": "password_common",
		"sequence": "password_sequence", "keyboard": "password_keyboard", "repeat": "password_repeat", "date": "password_date",
	}
	loginKeys = map[string]string{"name": "login_id_name", "number": "login_id_number", "code": "login_id_code", "organisation": "login_id_organisation",
		"keyboard": "login_id_keyboard", "sequence": "login_id_sequence", "repeat": "login_id_keyboard", "common": "login_id_common"}
)

// Subject is whom a password or login ID would belong to: what somebody who guesses tries first.
type Subject struct {
	Name, Kana, LoginID, EmployeeNumber, Email string
	Organisation, Code                         string
}

// passwordReasons tells why a password is refused, dearest rule first; nothing when it is good.
func passwordReasons(password string, who Subject, rules CredentialRules) []fault.Field {
	var check fault.Check
	n := utf8.RuneCountInString(password)
	check.If(!utf8.ValidString(password), "", "password_unreadable")
	check.If(n < rules.MinPassword, "", "password_too_short", "min", rules.MinPassword)
	check.If(n > rules.MaxPassword, "", "password_too_long", "max", rules.MaxPassword)
	if len(check.Fields()) > 0 {
		return check.Fields()
	}
	text := guessText(password)
	own := who.words()
	for _, w := range own {
		if w.refuse && strings.Contains(string(text), w.text) {
			check.Add("", passwordKeys[w.kind])
		}
	}
	if len(check.Fields()) == 0 {
		weigh(&check, text, own)
	}
	return distinct(check.Fields())
}

// weigh adds the reasons of a text that is cheap to guess.
func weigh(check *fault.Check, text []rune, own []ownWord) {
	head := cheapest(text[:min(len(text), guessWindow)], own)
	tail := cheapest(text[max(0, len(text)-guessWindow):], own)
	if max(head.bits, tail.bits) >= passwordFloor {
		return
	}
	for _, kind := range head.kinds() {
		check.Add("", passwordKeys[kind])
	}
	if len(check.Fields()) == 0 {
		check.Add("", "password_guessable")
	}
}

// serial is a login ID that counts: a001, tk-0042, 10234.
var serial = regexp.MustCompile(`^[a-z]{0,4}[._-]?[0-9]+$`)

// LoginIDReasons tells why a login ID is too easy to guess for this person, as faults of the field login_id; nothing when it is good.
func LoginIDReasons(loginID string, who Subject) []fault.Field {
	var check fault.Check
	text := guessText(loginID)
	plain := string(text)
	who.LoginID = ""
	own := who.words()
	for _, w := range own {
		if w.refuse && strings.Contains(plain, w.text) && utf8.RuneCountInString(w.text)*2 >= len(text) {
			check.Add("login_id", loginKeys[w.kind])
		}
	}
	check.If(serial.MatchString(plain), "login_id", "login_id_sequence")
	if len(check.Fields()) > 0 {
		return distinct(check.Fields())
	}
	if g := cheapest(text[:min(len(text), guessWindow)], own); g.bits < loginFloor {
		for _, kind := range g.kinds() {
			if key := loginKeys[kind]; key != "" {
				check.Add("login_id", key)
			}
		}
		check.If(len(check.Fields()) == 0, "login_id", "login_id_guessable")
	}
	return distinct(check.Fields())
}

// guessText is how a guesser sees a text: width and case folded, kana in romaji.
func guessText(s string) []rune {
	return []rune(romaji(cases.Fold().String(norm.NFKC.String(s))))
}

// ownWord is something known about the person; kind names the reason.
type ownWord struct {
	text, kind string
	refuse     bool // long enough that its presence alone is refused
}

// words lists what is known about the person, in the forms in which people type it.
func (s Subject) words() []ownWord {
	var out []ownWord
	add := func(kind string, forms ...string) {
		for _, form := range forms {
			text := string(guessText(form))
			n := utf8.RuneCountInString(text)
			ascii := !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII })
			if n < 2 || (n < 3 && ascii) {
				continue
			}
			out = append(out, ownWord{text, kind, n >= 4 || (!ascii && n >= 2)})
		}
	}
	for _, name := range []string{s.Name, s.Kana} {
		parts := strings.Fields(Fold(name))
		add("name", parts...)
		add("name", strings.Join(parts, ""))
		for _, p := range parts {
			add("name", romajiForms(p)...)
		}
	}
	add("login", s.LoginID)
	add("number", s.EmployeeNumber)
	local, _, _ := strings.Cut(s.Email, "@")
	add("name", s.Email, local)
	add("code", s.Code)
	for _, p := range organisationParts(s.Organisation) {
		add("organisation", p)
		add("organisation", romajiForms(p)...)
	}
	for _, w := range contextWords {
		out = append(out, ownWord{w, "common", false})
	}
	return out
}

// contextWords are what people here think of first: the product, the trade, seasons, eras, rows of kana.
var contextWords = []string{
	"kenshu", "kensyu", "kensyuu", "elearning", "e-learning", "security", "sekyuriti", "privacy", "kojinjouhou", "kojinjoho", "training",
	"password", "pasuwado", "pasuwa-do", "login", "roguin", "welcome", "youkoso", "admin", "kanri", "test", "tesuto", "kaigo", "kyoukai", "hojin", "houjin",
	"haru", "natsu", "aki", "fuyu", "spring", "summer", "autumn", "winter", "reiwa", "heisei", "showa", "shouwa", "taisho", "nippon", "nihon", "japan",
	"tokyo", "toukyou", "osaka", "oosaka", "aiueo", "kakikukeko", "sashisuseso", "tachitsuteto", "naninuneno", "hahifuheho", "mamimumemo", "yayuyo", "rarirurero", "iroha", "irohanihoheto",
}

// legalForms says nothing about one organisation.
var legalForms = strings.NewReplacer("株式会社", " ", "有限会社", " ", "合同会社", " ", "社会福祉法人", " ", "医療法人社団", " ", "医療法人財団", " ", "医療法人", " ", "学校法人", " ", "宗教法人", " ",
	"一般社団法人", " ", "公益社団法人", " ", "一般財団法人", " ", "公益財団法人", " ", "特定非営利活動法人", " ", "npo法人", " ", "(株)", " ", "(有)", " ", "・", " ", "co.", " ", "ltd", " ", "inc.", " ")

// organisationParts cuts an organisation's name where its writing changes: ひまわり園 is ひまわり and 園.
func organisationParts(name string) []string {
	plain := legalForms.Replace(Fold(name))
	parts := strings.Fields(plain)
	var run []rune
	last := 0
	flush := func() {
		if len(run) > 0 {
			parts = append(parts, string(run))
		}
		run = nil
	}
	for _, r := range plain {
		s := scriptOf(r)
		if s != last {
			flush()
		}
		if s != 0 {
			run = append(run, r)
		}
		last = s
	}
	flush()
	slices.Sort(parts)
	return slices.Compact(parts)
}

func scriptOf(r rune) int {
	switch {
	case unicode.In(r, unicode.Hiragana, unicode.Katakana), r == 'ー':
		return 1
	case unicode.Is(unicode.Han, r), r == '々':
		return 2
	case unicode.IsLetter(r), unicode.IsDigit(r):
		return 3
	}
	return 0
}

func distinct(fields []fault.Field) []fault.Field {
	var out []fault.Field
	for _, f := range fields {
		if !slices.ContainsFunc(out, func(o fault.Field) bool { return o.Key == f.Key }) {
			out = append(out, f)
		}
	}
	return out
}
