package tenant

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// sheetColumn is a column of a list of people, as the template, the export and the import have it.
type sheetColumn struct {
	field    string // as in PersonInput's faults and the API
	ja, en   string
	width    float64
	synonyms []string // folded; what people's own lists call it
}

var sheetColumns = []sheetColumn{
	{"login_id", "ログインID", "Login ID", 22, []string{"id", "ユーザーid", "ユーザid", "user id", "login"}},
	{"name", "氏名", "Name", 22, []string{"名前", "姓名", "full name", "社員名", "職員名"}},
	{"name_kana", "フリガナ", "Reading", 24, []string{"かな", "カナ", "ふりがな", "氏名カナ", "氏名(カナ)", "氏名かな", "kana", "furigana"}},
	{"employee_number", "社員番号", "Employee number", 16, []string{"従業員番号", "職員番号", "社員コード", "社員no", "社員no.", "employee no", "employee no.", "employee id"}},
	{"email", "メール", "E-mail", 30, []string{"メールアドレス", "email", "mail", "email address", "e-mail address"}},
	{"departments", "部署", "Departments", 28, []string{"所属", "部門", "所属部署", "部署名", "department"}},
	{"employment_kind", "雇用区分", "Employment", 16, []string{"区分", "雇用形態", "employment kind", "employment type"}},
	{"joined_on", "入職日", "Joined on", 14, []string{"入社日", "採用日", "入社年月日", "入職年月日", "joined", "hire date", "start date"}},
}

// columnOf finds the column that a heading names, or nil.
func columnOf(heading string) *sheetColumn {
	key := strings.ReplaceAll(strings.Trim(Fold(heading), "*※ "), "_", " ")
	for i := range sheetColumns {
		c := &sheetColumns[i]
		if key == Fold(c.ja) || key == Fold(c.en) || key == strings.ReplaceAll(c.field, "_", " ") {
			return c
		}
		for _, s := range c.synonyms {
			if key == Fold(s) {
				return c
			}
		}
	}
	return nil
}

// heading is the column's title in a language.
func (c sheetColumn) heading(language string) string {
	if language == "en" {
		return c.en
	}
	return c.ja
}

// kindWords are what lists call the kinds of employment, folded; the first two are what the export writes.
var kindWords = map[EmploymentKind][]string{
	KindEmployee:   {"正社員", "Employee", "社員", "職員", "正職員", "従業員", "正規", "常勤", "full-time"},
	KindOfficer:    {"役員", "Officer", "理事", "取締役", "監査役", "代表", "director"},
	KindDispatched: {"派遣", "Dispatched", "派遣社員", "派遣職員", "temporary"},
	KindContract:   {"契約", "Contract", "契約社員", "契約職員", "嘱託", "業務委託", "contractor"},
	KindPartTime:   {"パート", "Part-time", "アルバイト", "パート・アルバイト", "パートタイム", "非常勤", "part time", "part_time"},
}

func kindWord(k EmploymentKind, language string) string {
	words := kindWords[k]
	if len(words) == 0 {
		return string(k)
	}
	if language == "en" {
		return words[1]
	}
	return words[0]
}

// readKind reads what a list calls a kind of employment.
func readKind(text string) (EmploymentKind, bool) {
	key := Fold(text)
	for kind, words := range kindWords {
		if key == string(kind) {
			return kind, true
		}
		for _, w := range words {
			if key == Fold(w) {
				return kind, true
			}
		}
	}
	return "", false
}

var (
	plainDate   = regexp.MustCompile(`^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00)?)?$`)
	denseDate   = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	eraDate     = regexp.MustCompile(`^(令和|平成|昭和|[RHSrhs])\s*(元|\d{1,2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$`)
	serialDate  = regexp.MustCompile(`^\d{5}$`)
	eraStart    = map[string]int{"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925}
	serialStart = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
)

// readDate reads a calendar day as lists write it: 2026/4/1, 2026-04-01, 2026年4月1日, 20260401, 令和8年4月1日, R8.4.1, or Excel's day number.
func readDate(text string) (string, bool) {
	text = norm.NFKC.String(strings.TrimSpace(text))
	var day string
	switch {
	case plainDate.MatchString(text):
		m := plainDate.FindStringSubmatch(text)
		day = fmt.Sprintf("%s-%02d-%02d", m[1], digits(m[2]), digits(m[3]))
	case denseDate.MatchString(text):
		m := denseDate.FindStringSubmatch(text)
		day = m[1] + "-" + m[2] + "-" + m[3]
	case eraDate.MatchString(text):
		m := eraDate.FindStringSubmatch(text)
		year := 1
		if m[2] != "元" {
			year = digits(m[2])
		}
		day = fmt.Sprintf("%04d-%02d-%02d", eraStart[strings.ToUpper(m[1])]+year, digits(m[3]), digits(m[4]))
	case serialDate.MatchString(text):
		day = serialStart.AddDate(0, 0, digits(text)).Format(dayLayout)
	}
	return day, ValidDay(day)
}

func digits(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// departmentSeparators divide several departments in one cell.
const departmentSeparators = ";；／|｜\n"

// splitDepartments reads the departments of one cell.
func splitDepartments(cell string) []string {
	var names []string
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(departmentSeparators, r) }) {
		if part = Tidy(part); part != "" {
			names = append(names, part)
		}
	}
	return names
}
