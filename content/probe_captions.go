package content

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
)

var (
	cueTime = regexp.MustCompile(`^((?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3})[ \t]+-->[ \t]+((?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3})(?:[ \t].*)?$`)
	srtTime = regexp.MustCompile(`(\d{1,2}:[0-5]\d:[0-5]\d),(\d{3})`)
	srtNum  = regexp.MustCompile(`^\d+$`)
)

// readCaptions gives captions as WebVTT in UTF-8. SubRip (SRT) is brought into that form, and Shift_JIS, as older Japanese tools write it, is read.
// A cue whose times are wrong, or a file without cues, is refused.
func readCaptions(raw []byte) ([]byte, error) {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(raw) {
		decoded, err := japanese.ShiftJIS.NewDecoder().Bytes(raw)
		if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
			return nil, refused("captions_encoding")
		}
		raw = decoded
	}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "").Replace(string(raw))
	if !isVTT(text) {
		text = fromSRT(text)
	}
	cues := 0
	for line := range strings.SplitSeq(text, "\n") {
		if !strings.Contains(line, "-->") {
			continue
		}
		m := cueTime.FindStringSubmatch(strings.TrimRight(line, " \t"))
		if m == nil || normalTime(m[2]) <= normalTime(m[1]) {
			return nil, refused("captions_times")
		}
		cues++
	}
	if cues == 0 {
		return nil, refused("captions_empty")
	}
	return []byte(strings.TrimRight(text, "\n") + "\n"), nil
}

func isVTT(text string) bool {
	rest, ok := strings.CutPrefix(text, "WEBVTT")
	return ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\n')
}

// normalTime makes times comparable as text.
func normalTime(s string) string {
	if strings.Count(s, ":") == 1 {
		s = "00:" + s
	}
	return strings.Repeat("0", max(0, 16-len(s))) + s
}

// fromSRT writes SubRip as WebVTT: a header, points in times, no numbers before cues.
func fromSRT(text string) string {
	out := []string{"WEBVTT", ""}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if srtNum.MatchString(strings.TrimSpace(line)) && i+1 < len(lines) && strings.Contains(lines[i+1], "-->") {
			continue
		}
		if strings.Contains(line, "-->") {
			line = srtTime.ReplaceAllStringFunc(strings.TrimSpace(line), func(s string) string {
				if s = strings.Replace(s, ",", ".", 1); s[1] == ':' {
					s = "0" + s
				}
				return s
			})
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}
