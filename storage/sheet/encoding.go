package sheet

import (
	"bufio"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// errEncoding ends a text at the first place that its encoding cannot hold.
var errEncoding = errors.New("not in the encoding of the rest")

// text is a CSV's characters. A character that cannot be decoded is errEncoding, and so is U+FFFD itself: where it stands, somebody's
// data was lost already.
type text struct {
	*bufio.Reader
	encoding string
}

func (t text) next() (rune, error) {
	r, _, err := t.ReadRune()
	if err == nil && (r == utf8.RuneError || r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0) {
		return 0, errEncoding
	}
	return r, err
}

// openText finds the encoding of a file and decodes it.
func openText(r io.ReaderAt, size int64) (text, error) {
	section := func(from, to int64) io.Reader { return io.NewSectionReader(r, from, to-from) }
	mark := make([]byte, 3)
	n, err := r.ReadAt(mark, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return text{}, err
	}
	switch mark = mark[:n]; {
	case n >= 2 && mark[0] == 0xff && mark[1] == 0xfe:
		return text{bufio.NewReader(transform.NewReader(section(2, size), unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder())), "utf-16le"}, nil
	case n >= 2 && mark[0] == 0xfe && mark[1] == 0xff:
		return text{bufio.NewReader(transform.NewReader(section(2, size), unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder())), "utf-16be"}, nil
	case string(mark) == "\xef\xbb\xbf":
		return text{bufio.NewReader(section(3, size)), "utf-8"}, nil
	}
	wide, bad, err := scanUTF8(section(0, size))
	if err != nil {
		return text{}, err
	}
	// Four characters in a row that are good UTF-8 do not happen in Shift_JIS; a fault after them is a fault in UTF-8.
	if bad < 0 || wide >= 4 {
		return text{bufio.NewReader(section(0, size)), "utf-8"}, nil
	}
	if bad, err = scanShiftJIS(section(0, size)); err != nil {
		return text{}, err
	}
	source := section(0, size)
	if bad >= 0 {
		source = io.MultiReader(section(0, bad), failing{})
	}
	return text{bufio.NewReader(transform.NewReader(source, japanese.ShiftJIS.NewDecoder())), "shift_jis"}, nil
}

// failing is a source that has gone wrong.
type failing struct{}

// Read returns errEncoding.
func (failing) Read([]byte) (int, error) { return 0, errEncoding }

// scanUTF8 counts the characters beyond ASCII before the first byte that is not UTF-8, and gives its offset, or -1.
func scanUTF8(r io.Reader) (wide int, bad int64, err error) {
	reader := bufio.NewReaderSize(r, 64<<10)
	for offset := int64(0); ; {
		c, n, err := reader.ReadRune()
		if errors.Is(err, io.EOF) {
			return wide, -1, nil
		}
		if err != nil {
			return 0, 0, err
		}
		if c == utf8.RuneError && n == 1 {
			return wide, offset, nil
		}
		if n > 1 {
			wide++
		}
		offset += int64(n)
	}
}

// scanShiftJIS gives the offset of the first line that is not Shift_JIS by its structure, or that is UTF-8 among lines
// that are not (two files pasted together); -1 when all is well.
func scanShiftJIS(r io.Reader) (int64, error) {
	reader := bufio.NewReaderSize(r, 64<<10)
	start := int64(0)
	for {
		line, err := reader.ReadSlice('\n')
		cut := errors.Is(err, bufio.ErrBufferFull)
		if !goodShiftJIS(line, cut) || !cut && looksUTF8(line) {
			return start, nil
		}
		start += int64(len(line))
		switch {
		case errors.Is(err, io.EOF):
			return -1, nil
		case err != nil && !cut:
			return 0, err
		}
	}
}

// goodShiftJIS checks the structure of a line; one that was cut (64 KiB without a line break) is left to the decoder.
func goodShiftJIS(line []byte, cut bool) bool {
	for i := 0; i < len(line) && !cut; i++ {
		switch b := line[i]; {
		case b < 0x80, b >= 0xa1 && b <= 0xdf:
		case b == 0x80, b == 0xa0, b > 0xfc:
			return false
		default:
			if i++; i == len(line) || line[i] < 0x40 || line[i] == 0x7f || line[i] > 0xfc {
				return false
			}
		}
	}
	return true
}

// looksUTF8 tells whether a line is UTF-8 with at least three characters of three bytes, which no Shift_JIS line of words is.
func looksUTF8(line []byte) bool {
	if !utf8.Valid(line) {
		return false
	}
	wide := 0
	for _, r := range string(line) {
		if r >= 0x800 {
			wide++
		}
	}
	return wide >= 3
}
