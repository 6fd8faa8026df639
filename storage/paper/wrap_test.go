package paper

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func runes(line []rune) float64 { return float64(len(line)) }

func broken(text string, width float64) string {
	var lines []string
	for _, line := range wrap([]rune(text), width, runes) {
		lines = append(lines, string(line))
	}
	return strings.Join(lines, "|")
}

func TestLinesBreakWhereJapaneseTypeBreaks(t *testing.T) {
	for _, c := range []struct {
		text  string
		width float64
		want  string
	}{
		{"", 5, ""},
		{"あいうえおかき", 5, "あいうえお|かき"},
		{"あいうえ、かき", 4, "あいう|え、かき"},                      // no comma at the beginning
		{"あいう「えお」か", 4, "あいう|「えお」|か"},                   // no bracket at the end
		{"あいうエーか", 4, "あいう|エーか"},                        // no long vowel at the beginning
		{"security training", 10, "security |training"}, // words stay whole
		{"受講security研修", 9, "受講|security研|修"},
		{"abcdefghij", 4, "abcd|efgh|ij"}, // longer than a line
		{"一\n\n二", 4, "一||二"},
		{"2026/04/01から", 10, "2026/04/01|から"},
		{"、、、、、、", 2, "、、|、、|、、"},
	} {
		if got := broken(c.text, c.width); got != c.want {
			t.Errorf("%q in %v: %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

func TestBreakingLosesNothingAndKeepsTheWidth(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("あア漢、。「」ー abc1 .\n　(%"))).Draw(rt, "text")
		width := float64(rapid.IntRange(1, 12).Draw(rt, "width"))
		bare := func(s string) string { return strings.NewReplacer(" ", "", "\n", "", "　", "").Replace(s) }
		whole := ""
		for _, line := range wrap([]rune(text), width, runes) {
			if runes(trimEnd(line)) > width {
				rt.Fatalf("%q is wider than %v", string(line), width)
			}
			whole += string(line)
		}
		if bare(whole) != bare(text) {
			rt.Fatalf("%q became %q", text, whole)
		}
	})
}
