package tenant

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold gives the form in which names, codes and login IDs are compared and searched: NFKC (full-width Ａ００１ is A001),
// case folded, white space collapsed and trimmed.
func Fold(s string) string {
	s = cases.Fold().String(norm.NFKC.String(s))
	return strings.Join(strings.Fields(s), " ")
}

// Tidy trims and collapses white space (the ideographic space too becomes one space) and drops control characters; letters stay as typed.
func Tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r == utf8.RuneError, r == '\u200b', r == '\ufeff', r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// Katakana writes hiragana and half-width katakana as full-width katakana; every other letter stays as typed.
func Katakana(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'ぁ' && r <= 'ゖ', r == 'ゝ', r == 'ゞ':
			return r + 'ァ' - 'ぁ'
		}
		return r
	}, norm.NFC.String(halfKatakana.ReplaceAllStringFunc(s, norm.NFKC.String)))
}

// halfKatakana is a run of half-width katakana with its marks, which stand beside the letter there and are part of it in full width.
var halfKatakana = regexp.MustCompile("[\uff65-\uff9f]+")

// Clip cuts s to at most n characters.
func Clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}
