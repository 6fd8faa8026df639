package sheet

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// numberFormat is what matters here of a cell's number format.
type numberFormat struct {
	date, clock bool
	zeros       int // a format of nothing but zeros: the digits to fill up to
}

// readStyles learns the number format of every cell style.
func (w *workbook) readStyles() error {
	const name = "xl/styles.xml"
	if w.parts[name] == nil {
		return nil
	}
	var sheet struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Styles []struct {
			ID int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := w.decode(name, &sheet); err != nil {
		return err
	}
	codes := map[int]string{}
	for _, f := range sheet.Formats {
		codes[f.ID] = f.Code
	}
	for _, s := range sheet.Styles {
		format := builtIn(s.ID)
		if code, own := codes[s.ID]; own {
			format = parseFormat(code)
		}
		w.styles = append(w.styles, format)
	}
	return nil
}

// builtIn are the formats that a workbook names by number only; 27 to 36 and 50 to 58 are the Japanese dates.
func builtIn(id int) numberFormat {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 58:
		return numberFormat{date: true}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47:
		return numberFormat{clock: true}
	case id == 22:
		return numberFormat{date: true, clock: true}
	}
	return numberFormat{}
}

// parseFormat reads a format code as far as it is needed: texts in quotes and brackets are no letters of a date.
func parseFormat(code string) numberFormat {
	code, _, _ = strings.Cut(code, ";")
	var bare strings.Builder
	quoted, bracket := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\\' || c == '_' || c == '*':
			i++
		case c == '[':
			bracket = true
			if i+1 < len(code) && strings.ContainsRune("hHmMsS", rune(code[i+1])) { // elapsed time, [h]:mm
				bare.WriteByte('h')
			}
		case c == ']':
			bracket = false
		case !bracket:
			bare.WriteByte(c)
		}
	}
	text := strings.ToLower(bare.String())
	if text != "" && strings.Trim(text, "0") == "" {
		return numberFormat{zeros: len(text)}
	}
	if strings.Contains(text, "general") {
		return numberFormat{}
	}
	date := strings.ContainsAny(text, "yde")
	if strings.ContainsAny(text, "0#?") { // scientific notation has an e, and fractions of seconds a 0
		date = strings.ContainsAny(text, "yd")
	}
	clock := strings.ContainsAny(text, "hs")
	return numberFormat{date: date || strings.Contains(text, "m") && !clock, clock: clock}
}

// text writes a stored number out.
func (f numberFormat) text(value string, date1904 bool) (string, error) {
	n, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return "", fmt.Errorf("number %.40q", value)
	}
	if (f.date || f.clock) && n >= 0 && n < 2958466 { // up to 9999-12-31
		return f.moment(n, date1904), nil
	}
	if math.Abs(n) < 1e15 && n == math.Trunc(n) {
		return padded(strconv.FormatInt(int64(n), 10), f.zeros), nil
	}
	// Fifteen digits are what Excel keeps and shows: 0.1+0.2 is 0.3.
	short, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64)
	if err != nil {
		return "", err
	}
	return strconv.FormatFloat(short, 'f', -1, 64), nil
}

func padded(digits string, zeros int) string {
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	return sign + strings.Repeat("0", max(0, zeros-len(digits))) + digits
}

// moment writes a day and a time of the workbook's calendar. Its day 60 is 29 February 1900, which never was; the days before are one off.
func (f numberFormat) moment(n float64, date1904 bool) string {
	days := math.Floor(n)
	seconds := math.Round((n - days) * 86400)
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if date1904 {
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	} else if days < 60 {
		days++
	}
	at := start.AddDate(0, 0, int(days)).Add(time.Duration(seconds) * time.Second)
	layout := "2006-01-02 15:04:05"
	switch {
	case !f.date || n < 1 && seconds > 0:
		layout = "15:04:05"
	case seconds == 0:
		layout = "2006-01-02"
	}
	return strings.TrimSuffix(at.Format(layout), ":00")
}
