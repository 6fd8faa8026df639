package sheet

import (
	"errors"
	"io"
	"strings"

	"kenshu/fault"
)

func readCSV(r io.ReaderAt, size int64, limits Limits, row func(Row) error) (Info, error) {
	source, err := openText(r, size)
	if err != nil {
		return Info{}, err
	}
	separator, err := findSeparator(r, size)
	if err != nil {
		return Info{}, err
	}
	p := &parser{text: source, separator: separator, sink: sink{limits: limits, row: row}}
	info := Info{Format: CSV, Encoding: source.encoding, Separator: separator}
	for number := 1; ; number++ {
		cells, last, err := p.record(number)
		if err != nil {
			return info, err
		}
		if number == 1 && len(cells) <= 2 && isSeparatorLine(cells, separator) {
			cells = nil
		}
		if err := p.end(Row{Number: number, Cells: cells}); err != nil {
			return info, err
		}
		if info.Rows = p.passed; last {
			return info, nil
		}
	}
}

// isSeparatorLine tells Excel's own first line "sep=;" from data.
func isSeparatorLine(cells []string, separator rune) bool {
	return strings.EqualFold(strings.Join(cells, string(separator)), "sep="+string(separator))
}

// findSeparator takes the character that stands most often outside quotes in the first line that holds something.
func findSeparator(r io.ReaderAt, size int64) (rune, error) {
	source, err := openText(r, size)
	if err != nil {
		return 0, err
	}
	counts := map[rune]int{}
	quoted, some := false, false
	var start []rune
	for read := 0; read < 64<<10; read++ {
		c, err := source.next()
		if err != nil || (c == '\n' || c == '\r') && some && !quoted {
			break // a fault of the text is told by the reading itself, with its row
		}
		if len(start) < 5 {
			start = append(start, c)
		}
		switch {
		case c == '"':
			quoted, some = !quoted, true
		case c == '\n', c == '\r':
		case !quoted:
			counts[c]++
			some = some || c != ' '
		}
	}
	if len(start) == 5 && strings.EqualFold(string(start[:4]), "sep=") && strings.ContainsRune(",;\t", start[4]) {
		return start[4], nil
	}
	switch tabs, commas, semicolons := counts['\t'], counts[','], counts[';']; {
	case tabs > 0 && tabs >= max(commas, semicolons): // nobody types a tab into a cell
		return '\t', nil
	case semicolons > commas:
		return ';', nil
	}
	return ',', nil
}

// parser reads records as RFC 4180 describes them, with any of the three line ends, and a quote inside a bare cell taken as
// it stands, as Excel does.
type parser struct {
	text
	sink
	separator rune
	held      rune  // a character read too far; 0 is none, which no text holds
	heldErr   error // a fault met one character too far
}

func (p *parser) read() (rune, error) {
	if c := p.held; c != 0 {
		p.held = 0
		return c, nil
	}
	if p.heldErr != nil {
		return 0, p.heldErr
	}
	return p.next()
}

// record reads one record; last tells that the text is over.
func (p *parser) record(number int) (cells []string, last bool, err error) {
	length := 0
	for {
		cell, stop, err := p.field(number, len(cells), &length)
		if err != nil {
			return nil, false, p.failed(err, number)
		}
		if err := p.cell(number, len(cells), cell); err != nil {
			return nil, false, err
		}
		cells = append(cells, cell)
		if stop != p.separator {
			return cells, stop == 0, nil
		}
	}
}

func (p *parser) failed(err error, number int) error {
	if errors.Is(err, errEncoding) {
		return fault.Wrap(err, fault.Invalid, "sheet_encoding", "row", number)
	}
	return err
}

// field reads one field and what ended it: the separator, '\n', or 0 at the end of the text.
func (p *parser) field(number, column int, length *int) (string, rune, error) {
	var b strings.Builder
	quoted, closed, count := false, false, 0
	for first := true; ; first = false {
		c, err := p.read()
		if errors.Is(err, io.EOF) {
			if quoted && !closed {
				return "", 0, fault.New(fault.Invalid, "sheet_quote", "row", number)
			}
			return b.String(), 0, nil
		}
		if err != nil {
			return "", 0, err
		}
		if *length++; *length > p.limits.Line {
			return "", 0, fault.New(fault.Invalid, "sheet_line", "row", number, "limit", p.limits.Line)
		}
		inside := quoted && !closed
		switch {
		case c == '"' && first:
			quoted = true
			continue
		case c == '"' && inside:
			if again, err := p.read(); err == nil && again == '"' {
				break // two quotes are one
			} else if err == nil {
				p.held = again
			} else if !errors.Is(err, io.EOF) {
				return "", 0, err
			}
			closed = true
			continue
		case !inside && c == p.separator:
			return b.String(), c, nil
		case !inside && (c == '\n' || c == '\r'):
			p.lineFeed(c)
			return b.String(), '\n', nil
		case closed:
			return "", 0, fault.New(fault.Invalid, "sheet_quote", "row", number)
		}
		if count++; count > p.limits.Cell {
			return "", 0, tooLongCell(number, column, p.limits.Cell)
		}
		b.WriteRune(c)
	}
}

// lineFeed takes the LF after a CR with it.
func (p *parser) lineFeed(c rune) {
	if c != '\r' {
		return
	}
	next, err := p.read()
	if err != nil {
		p.heldErr = err // it belongs to the next row
	} else if next != '\n' {
		p.held = next
	}
}
