package content

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
)

// SubRip as speech tools and editors write it, each with what becomes of it.
func TestCaptionsAsToolsWriteThem(t *testing.T) {
	utf16 := func(s string) string {
		got, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	sjis, err := japanese.ShiftJIS.NewEncoder().String("1\r\n00:00:01,000 --> 00:00:02,000\r\n手洗い\r\n")
	if err != nil {
		t.Fatal(err)
	}
	one := "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n手洗い\n"
	for name, c := range map[string]struct{ srt, vtt string }{
		"mark and line ends of Windows": {"\xef\xbb\xbf1\r\n00:00:01,000 --> 00:00:02,000\r\n手洗い\r\n\r\n", one},
		"UTF-16":                        {utf16("1\r\n00:00:01,000 --> 00:00:02,000\r\n手洗い\r\n"), one},
		"Shift_JIS":                     {sjis, one},
		"line ends of old Macs":         {"1\r00:00:01,000 --> 00:00:02,000\r手洗い\r", one},
		"a point, no hours, one digit":  {"1\n0:01.0 --> 0:02,0\n手洗い\n", one},
		"no fraction, no number":        {"00:00:01-->00:00:02\n手洗い", one},
		"a place on the screen":         {"1\n00:00:01,000 --> 00:00:02,000  X1:40 X2:600 Y1:20 Y2:50\n手洗い", one},
		"words before the first cue":    {"字幕\n\n1\n00:00:01,000 --> 00:00:02,000\n手洗い", one},
		"no empty lines between":        {"1\n00:00:01,000 --> 00:00:02,000\n手洗い\n2\n00:00:02,000 --> 00:00:03,000\nうがい\n", one + "\n00:00:02.000 --> 00:00:03.000\nうがい\n"},
		"empty lines within":            {"1\n00:00:01,000 --> 00:00:02,000\n手洗い\n\n \nうがい\n\n\n2\n00:00:02,000 --> 00:00:03,000\n10\n", one + "うがい\n\n00:00:02.000 --> 00:00:03.000\n10\n"},
		"overlapping, out of order":     {"1\n00:00:05,000 --> 00:00:09,000\nb\n\n2\n00:00:01,000 --> 00:00:06,000\na\n", "WEBVTT\n\n00:00:05.000 --> 00:00:09.000\nb\n\n00:00:01.000 --> 00:00:06.000\na\n"},
		"hours over 99":                 {"1\n99:59:59,999 --> 100:00:01,500\na\n\n2\n123:00:00,000 --> 123:00:01,000\nb", "WEBVTT\n\n99:59:59.999 --> 100:00:01.500\na\n\n123:00:00.000 --> 123:00:01.000\nb\n"},
		"a cue that takes no time":      {"1\n00:00:01,000 --> 00:00:01,000\nはい", "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nはい\n"},
		"marks":                         {"1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<font color=\"#ffff00\"><B>手</B></font>を<i>洗う</i> <u>3 < 5 & 5 > 3</u>\n- a --> b\n", "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<b>手</b>を<i>洗う</i> <u>3 &lt; 5 &amp; 5 &gt; 3</u>\n- a --&gt; b\n"},
		"what runs":                     {"1\n00:00:01,000 --> 00:00:02,000\n<script>x</script><img src=x onerror=y>\n", "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n&lt;script&gt;x&lt;/script&gt;&lt;img src=x onerror=y&gt;\n"},
		"WebVTT as it is":               {"WEBVTT - a\n\nNOTE x\n\n1\n00:01.000 --> 00:02.000 align:start\n<v 講師>手洗い</v>\n", "WEBVTT - a\n\nNOTE x\n\n1\n00:01.000 --> 00:02.000 align:start\n<v 講師>手洗い</v>\n"},
	} {
		got, err := readCaptions([]byte(c.srt))
		if err != nil || string(got) != c.vtt {
			t.Errorf("%s: %v\n%q\nwant\n%q", name, err, got, c.vtt)
			continue
		}
		if again, err := readCaptions(got); err != nil || string(again) != c.vtt {
			t.Errorf("%s, read again: %v\n%q", name, err, again)
		}
	}
	for name, c := range map[string]struct{ text, key string }{
		"ends before it begins":     {"1\n00:00:05,000 --> 00:00:04,000\na", "captions_times"},
		"times that are none":       {"1\n00:00:05,000 --> soon\na", "captions_times"},
		"wrong after a right one":   {"1\n00:00:01,000 --> 00:00:02,000\na\n\n2\n00:00:xx,000 --> 00:00:04,000\nb", "captions_times"},
		"minutes that are none":     {"WEBVTT\n\n00:61:00.000 --> 00:62:00.000\na", "captions_times"},
		"no cues":                   {"手洗い\n\nうがい\n", "captions_empty"},
		"half of UTF-16":            {"\xff\xfe1", "captions_encoding"},
		"neither of the encodings":  {"1\n00:00:01,000 --> 00:00:02,000\n\x81\x00\xff\xff", "captions_encoding"},
		"an arrow and nothing else": {"-->", "captions_times"},
	} {
		if got, err := readCaptions([]byte(c.text)); err == nil || err.Error() != c.key {
			t.Errorf("%s: %v %q, want %s", name, err, got, c.key)
		}
	}
}

// Two hours as a speech tool writes them, a cue every second.
func TestLongCaptions(t *testing.T) {
	var srt strings.Builder
	for i := range int64(7200) {
		srt.WriteString(strings.ReplaceAll(vttMoment(i*1000), ".", ",") + " --> " + strings.ReplaceAll(vttMoment(i*1000+1400), ".", ",") + "\r\nことば\r\n")
	}
	got, err := readCaptions([]byte(srt.String()))
	if err != nil || strings.Count(string(got), "\n\n0") != 7200 || !strings.Contains(string(got), "\n01:59:59.000 --> 02:00:00.400\nことば\n") {
		t.Errorf("%v, %d cues", err, strings.Count(string(got), "\n\n0"))
	}
}
