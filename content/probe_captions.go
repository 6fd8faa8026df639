package content

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

var (
	cueTime = regexp.MustCompile(`^((?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3})[ \t]+-->[ \t]+((?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3})(?:[ \t].*)?$`)
	// SubRip as tools write it: hours left out or above 99, a comma or a point, one to three digits behind it or none, places on the screen after the times.
	srtTime = regexp.MustCompile(`^(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})(?:[,.](\d{1,3}))?\s*-->\s*(?:(\d{1,6}):)?(\d{1,2}):(\d{1,2})(?:[,.](\d{1,3}))?(?:\s.*)?$`)
	srtNum  = regexp.MustCompile(`^\d+$`)
	srtTag  = regexp.MustCompile(`(?i)</?(?:[biu]|font|c|v|ruby|rt|lang|span)(?:[ .=][^<>]*)?>|\{\\[^{}]*\}`)
)

// readCaptions gives captions as WebVTT in UTF-8. SubRip (SRT) is brought into that form; UTF-16, as Windows writes it, and Shift_JIS, as older Japanese tools do, are read.
// A cue whose times are wrong, or a file without cues, is refused.
func readCaptions(raw []byte) ([]byte, error) {
	raw, err := captionsText(raw)
	if err != nil {
		return nil, err
	}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "").Replace(string(raw))
	if !isVTT(text) {
		if text, err = fromSRT(text); err != nil {
			return nil, err
		}
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

func captionsText(raw []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xfe")), bytes.HasPrefix(raw, []byte("\xfe\xff")):
		decoded, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(raw)
		if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
			return nil, refused("captions_encoding")
		}
		return decoded, nil
	case utf8.Valid(raw):
		return bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")), nil
	}
	decoded, err := japanese.ShiftJIS.NewDecoder().Bytes(raw)
	if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
		return nil, refused("captions_encoding")
	}
	return decoded, nil
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

// fromSRT writes SubRip as WebVTT. What follows a line of times belongs to it up to the next, whether or not an empty line stands between: speech tools leave those out
// and put some in the middle. Of its marks bold, italics and underlining stay; a cue that takes no time, which they write for a single word, gets a second.
func fromSRT(text string) (string, error) {
	var out strings.Builder
	out.WriteString("WEBVTT\n")
	lines := strings.Split(text, "\n")
	begun := false
	for i, line := range lines {
		line = strings.TrimSpace(line)
		m := srtTime.FindStringSubmatch(line)
		switch {
		case m != nil:
			from, to := srtMoment(m[1:5]), srtMoment(m[5:9])
			if from == to {
				to += 1000
			}
			out.WriteString("\n" + vttMoment(from) + " --> " + vttMoment(to) + "\n")
			begun = true
		case srtNum.MatchString(line) && i+1 < len(lines) && srtTime.MatchString(strings.TrimSpace(lines[i+1])), line == "", !begun:
			if strings.Contains(line, "-->") {
				return "", refused("captions_times")
			}
		case line != "" && line[0] >= '0' && line[0] <= '9' && strings.Contains(line, "-->"):
			return "", refused("captions_times")
		default:
			out.WriteString(srtWords(line) + "\n")
		}
	}
	return out.String(), nil
}

// srtMoment reads hours, minutes, seconds and their fraction as milliseconds.
func srtMoment(parts []string) int64 {
	var n [3]int64
	for i, s := range parts[:3] {
		n[i], _ = strconv.ParseInt(s, 10, 64) // digits by the expression; none is 0
	}
	ms, _ := strconv.ParseInt((parts[3] + "000")[:3], 10, 64)
	return ((n[0]*60+n[1])*60+n[2])*1000 + ms
}

func vttMoment(ms int64) string {
	two := func(n int64) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }
	hours := strconv.FormatInt(ms/3_600_000, 10)
	if len(hours) < 2 {
		hours = "0" + hours
	}
	return hours + ":" + two(ms/60_000%60) + ":" + two(ms/1000%60) + "." + strconv.FormatInt(1000+ms%1000, 10)[1:]
}

// srtWords keeps what WebVTT knows of a line's marks and writes everything else as words.
func srtWords(line string) string {
	var out strings.Builder
	write := func(s string) {
		out.WriteString(strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s))
	}
	at := 0
	for _, m := range srtTag.FindAllStringIndex(line, -1) {
		write(line[at:m[0]])
		if tag := strings.ToLower(line[m[0]:m[1]]); len(strings.Trim(tag, "</>")) == 1 && strings.ContainsAny(tag, "biu") {
			out.WriteString(tag)
		}
		at = m[1]
	}
	write(line[at:])
	return out.String()
}
