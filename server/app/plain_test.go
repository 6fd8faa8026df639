package app

import (
	"strings"
	"testing"
)

func TestPlain(t *testing.T) {
	const bad = "a\x1b]0;owned\x07\u009b2J\x7f\r\x00"
	if got := Plain(bad + "\n\t髙橋"); strings.ContainsAny(got, "\x1b\x07\u009b\x7f\r\x00") || !strings.HasSuffix(got, "\n\t髙橋") {
		t.Errorf("%q", got)
	}
	if got := oneLine("a\nwritten to\u2028 FAKE\x1b"); strings.ContainsAny(got, "\n\u2028\x1b") {
		t.Errorf("%q", got)
	}
	var out strings.Builder
	if n, err := (plainWriter{&out}).Write([]byte(bad)); n != len(bad) || err != nil || strings.Contains(out.String(), "\x1b") {
		t.Errorf("%d %v %q", n, err, out.String())
	}
}
