package sheet

import (
	"strings"
	"unicode/utf8"
)

// formulaStart are the characters with which a cell becomes a formula in some spreadsheet program, the full-width ones included.
const formulaStart = "=+-@\t\r\n＝＋－＠"

// guard makes text harmless in a CSV: an apostrophe before it, which Excel itself uses to mark text. It is the one place where that is
// decided. A text that looks guarded already gets one more, so that unguard gives back exactly what was there.
// (In an XLSX a cell says itself that it is text, and needs none.)
func guard(text string) string {
	if guarded(text) {
		return "'" + text
	}
	return text
}

// unguard takes back what guard did.
func unguard(text string) string {
	if rest, found := strings.CutPrefix(text, "'"); found && guarded(rest) {
		return rest
	}
	return text
}

func guarded(text string) bool {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(text, "'"))
	return first != utf8.RuneError && strings.ContainsRune(formulaStart, first)
}

// clean leaves out what neither format can hold, and makes line breaks one kind.
func clean(text string) string {
	plain := true
	for i := 0; i < len(text) && plain; i++ {
		plain = text[i] >= 0x20 && text[i] < 0x7f
	}
	if plain {
		return text
	}
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "〓"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r < 0x20 && r != '\t' && r != '\n', r >= 0x7f && r < 0xa0, r == 0xfeff, r == 0xfffe, r == 0xffff:
			return -1
		case r == utf8.RuneError:
			return '〓'
		}
		return r
	}, text)
}

func runeCount(text string) int { return utf8.RuneCountInString(text) }
