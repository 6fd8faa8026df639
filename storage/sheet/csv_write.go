package sheet

import (
	"bufio"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
)

const maxLost = 1000

func writeCSV(out io.Writer, t Table, legacy *shiftJIS) (Report, error) {
	w := bufio.NewWriterSize(out, 32<<10)
	if legacy == nil {
		_, _ = w.WriteString("\xef\xbb\xbf") // an error stays with the writer until Flush
	}
	var line []byte
	rows, err := t.each(func(number int, cells []Cell) error {
		line = line[:0]
		for i, cell := range cells {
			if i > 0 {
				line = append(line, ',')
			}
			line = appendField(line, cell)
		}
		line = append(line, "\r\n"...)
		if legacy != nil {
			line = legacy.encode(number, line)
		}
		_, err := w.Write(line)
		return err
	})
	report := Report{Rows: rows}
	if legacy != nil {
		report.Lost = legacy.lost
	}
	if err != nil {
		return report, err
	}
	return report, w.Flush()
}

func appendField(line []byte, cell Cell) []byte {
	text := cell.text
	if !cell.number {
		text = guard(text)
	}
	if !strings.ContainsAny(text, "\",\r\n\t;") && text == strings.TrimSpace(text) {
		return append(line, text...)
	}
	line = append(line, '"')
	line = append(line, strings.ReplaceAll(text, `"`, `""`)...)
	return append(line, '"')
}

// shiftJIS encodes rows as code page 932 and remembers what it could not hold.
type shiftJIS struct {
	encoder *encoding.Encoder
	lost    []Lost
}

// lookAlikes are the characters that Japanese text of today has and code page 932 has under another number: the wave dash, minus sign and dash
// that macOS and phones type, and their kin.
var lookAlikes = strings.NewReplacer("〜", "～", "−", "－", "—", "―", "‖", "∥", "¢", "￠", "£", "￡", "¬", "￢", "–", "―", "•", "・", "\u00a0", " ", "¥", "￥")

func (s *shiftJIS) encode(number int, line []byte) []byte {
	if s.encoder == nil {
		s.encoder = japanese.ShiftJIS.NewEncoder()
	}
	text := lookAlikes.Replace(string(line))
	if all, err := s.encoder.String(text); err == nil {
		return append(line[:0], all...)
	}
	line = line[:0]
	var gone []rune
	for _, r := range text {
		one, err := s.encoder.String(string(r))
		if err != nil {
			one = "\x81\xac" // 〓
			if !slices.Contains(gone, r) {
				gone = append(gone, r)
			}
		}
		line = append(line, one...)
	}
	if len(s.lost) < maxLost {
		s.lost = append(s.lost, Lost{Row: number, Characters: string(gone)})
	}
	return line
}
