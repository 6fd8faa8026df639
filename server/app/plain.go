package app

import (
	"io"
	"strings"
	"unicode"
)

// Plain replaces what would steer a terminal: names and sentences of a store, or of a file that somebody gave us, are printed too. Lines stay lines.
func Plain(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// oneLine is Plain for what must not make lines of its own.
func oneLine(text string) string { return strings.Join(strings.Fields(Plain(text)), " ") }

// plainWriter is what commands print to.
type plainWriter struct{ w io.Writer }

// Write implements io.Writer.
func (p plainWriter) Write(b []byte) (int, error) {
	_, err := io.WriteString(p.w, Plain(string(b)))
	return len(b), err
}
