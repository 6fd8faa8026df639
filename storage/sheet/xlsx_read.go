package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"kenshu/fault"
)

// maxParts bounds the entries of the package and the shared strings' memory is bounded by Limits.Unpacked.
const maxParts = 2000

func damaged(err error) error {
	var known *fault.Error
	if errors.As(err, &known) {
		return err
	}
	return fault.Wrap(err, fault.Invalid, "sheet_damaged")
}

// workbook is an XLSX being read.
type workbook struct {
	parts   map[string]*zip.File
	limits  Limits
	left    int64 // bytes that may still be unpacked
	shared  []string
	styles  []numberFormat
	date904 bool
}

func readXLSX(r io.ReaderAt, size int64, limits Limits, row func(Row) error) (Info, error) {
	if err := countParts(r, size); err != nil {
		return Info{}, err
	}
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return Info{}, damaged(err)
	}
	w := &workbook{parts: map[string]*zip.File{}, limits: limits, left: limits.Unpacked}
	if len(archive.File) > maxParts {
		return Info{}, damaged(fmt.Errorf("%d parts", len(archive.File)))
	}
	for _, f := range archive.File {
		w.parts[strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))] = f
	}
	if w.parts["xl/workbook.xml"] == nil {
		return Info{}, wrongKind(w.kind())
	}
	info := Info{Format: XLSX}
	target, err := w.open(&info)
	if err != nil {
		return info, damaged(err)
	}
	s := &sink{limits: limits, row: row}
	info.Merged, err = w.readSheet(target, s)
	info.Rows = s.passed
	return info, err
}

// countParts refuses a file with very many entries before its directory is read into memory, whatever the directory says of their number: each begins with the same
// four bytes, which stand elsewhere once in four thousand megabytes.
func countParts(r io.ReaderAt, size int64) error {
	mark := []byte("PK\x01\x02")
	window := make([]byte, 64<<10)
	parts := 0
	for at := int64(0); at < size; at += int64(len(window) - len(mark) + 1) {
		n, err := r.ReadAt(window[:min(int64(len(window)), size-at)], at)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if parts += bytes.Count(window[:n], mark); parts > maxParts {
			return damaged(fmt.Errorf("more than %d parts", maxParts))
		}
	}
	return nil
}

// kind names a zip that is no workbook.
func (w *workbook) kind() string {
	for _, known := range [][2]string{{"word/document.xml", "word"}, {"ppt/presentation.xml", "powerpoint"}, {"content.xml", "ods"}, {"xl/workbook.bin", "xlsb"}} {
		if w.parts[known[0]] != nil {
			return known[1]
		}
	}
	return "zip"
}

// open reads what stands around the first sheet and gives the name of its part.
func (w *workbook) open(info *Info) (string, error) {
	var book struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := w.decode("xl/workbook.xml", &book); err != nil {
		return "", err
	}
	if len(book.Sheets) == 0 {
		return "", errors.New("no sheet")
	}
	w.date904 = book.Properties.Date1904 == "1" || book.Properties.Date1904 == "true"
	info.Sheet, info.Sheets = book.Sheets[0].Name, len(book.Sheets)
	var links struct {
		Links []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
			Mode   string `xml:"TargetMode,attr"`
		} `xml:"Relationship"`
	}
	if err := w.decode("xl/_rels/workbook.xml.rels", &links); err != nil {
		return "", err
	}
	target := "xl/worksheets/sheet1.xml"
	for _, l := range links.Links {
		if l.ID == book.Sheets[0].ID && l.Mode != "External" {
			if target = strings.TrimPrefix(l.Target, "/"); !strings.HasPrefix(l.Target, "/") {
				target = path.Join("xl", l.Target)
			}
		}
	}
	if err := w.readShared(); err != nil {
		return "", err
	}
	return strings.ToLower(target), w.readStyles()
}

// part opens one part for reading: never more bytes than the limits allow, whatever its header promises, and no document type definition.
func (w *workbook) part(name string) (*xml.Decoder, io.Closer, error) {
	f := w.parts[name]
	if f == nil {
		return nil, nil, fmt.Errorf("no part %s", name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, nil, err
	}
	return xml.NewDecoder(&meter{r: r, w: w, packed: max(1, int64(f.CompressedSize64))}), r, nil
}

// meter counts what is really unpacked.
type meter struct {
	r        io.Reader
	w        *workbook
	packed   int64
	unpacked int64
}

// Read reads on while the limits allow.
func (m *meter) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.unpacked += int64(n)
	m.w.left -= int64(n)
	if m.w.left < 0 || m.unpacked > 1<<20 && m.unpacked/m.packed > m.w.limits.Ratio {
		return 0, fault.New(fault.Invalid, "sheet_unpacked", "limit", m.w.limits.Unpacked)
	}
	return n, err
}

// token is the next token; a document type definition ends the reading, because nothing good uses one here.
func token(d *xml.Decoder) (xml.Token, error) {
	t, err := d.RawToken()
	if directive, is := t.(xml.Directive); is {
		return nil, fmt.Errorf("directive %.20q", directive)
	}
	return t, err
}

func (w *workbook) decode(name string, into any) error {
	d, c, err := w.part(name)
	if err != nil {
		return err
	}
	defer c.Close()
	return xml.NewTokenDecoder(&strict{d}).Decode(into)
}

// strict refuses directives for a decoder that would pass over them.
type strict struct{ *xml.Decoder }

// Token gives the next token.
func (s *strict) Token() (xml.Token, error) { return token(s.Decoder) }

// textCost is what a text takes beside its letters: empty ones by the hundred million would fill the memory, too.
const textCost = 16

// readShared reads the texts that cells refer to by number.
func (w *workbook) readShared() error {
	const name = "xl/sharedstrings.xml"
	if w.parts[name] == nil {
		return nil
	}
	d, c, err := w.part(name)
	if err != nil {
		return err
	}
	defer c.Close()
	size := int64(0)
	for {
		t, err := token(d)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, is := t.(xml.StartElement); is && e.Name.Local == "si" {
			text, err := richText(d, "si", w.limits.Cell)
			if err != nil {
				return err
			}
			if size += int64(len(text)) + textCost; size > w.limits.Text {
				return fault.New(fault.Invalid, "sheet_unpacked", "limit", w.limits.Text)
			}
			w.shared = append(w.shared, text)
		}
	}
}

// richText joins the runs of a text up to the end of the element named end. The reading aids of Japanese names (rPh) are
// no part of it.
func richText(d *xml.Decoder, end string, limit int) (string, error) {
	var b strings.Builder
	inText, phonetic := false, 0
	for {
		t, err := token(d)
		if err != nil {
			return "", err
		}
		switch e := t.(type) {
		case xml.StartElement:
			inText = e.Name.Local == "t"
			if e.Name.Local == "rPh" {
				phonetic++
			}
		case xml.EndElement:
			inText = false
			switch e.Name.Local {
			case "rPh":
				phonetic--
			case end:
				return unescape(b.String()), nil
			}
		case xml.CharData:
			if inText && phonetic == 0 && b.Len() <= 4*limit+4 { // what is longer is refused where it is used
				b.Write(e)
			}
		}
	}
}

// unescape reads _xHHHH_, by which a workbook writes characters that XML cannot hold.
func unescape(text string) string {
	at := strings.Index(text, "_x")
	if at < 0 {
		return text
	}
	var b strings.Builder
	for ; at >= 0; at = strings.Index(text, "_x") {
		b.WriteString(text[:at])
		text = text[at:]
		var code rune
		if len(text) >= 7 && text[6] == '_' {
			if _, err := fmt.Sscanf(text[2:6], "%04x", &code); err == nil && isHex(text[2:6]) {
				b.WriteRune(code)
				text = text[7:]
				continue
			}
		}
		b.WriteString("_x")
		text = text[2:]
	}
	return strings.ReplaceAll(b.String()+text, "\r\n", "\n")
}

func isHex(text string) bool { return strings.Trim(text, "0123456789abcdefABCDEF") == "" }
