package paper

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"unicode/utf16"
)

var (
	startxref = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`)
	mapping   = regexp.MustCompile(`<([0-9A-F]{4})><[0-9A-F]{4}><([0-9A-F]{4,6})>`)
)

// finish puts right what gopdf leaves wrong in a finished file: the map from glyphs back to text, without which 𠮷 cannot be copied or
// searched (it writes characters beyond U+FFFF as one number, and more than the allowed 100 to a block); the description as an object of its own, as
// readers expect; the language and the title for screen readers; an identifier made from the content.
func finish(raw []byte, meta Meta) ([]byte, error) {
	objects, err := split(raw)
	if err != nil {
		return nil, err
	}
	language := meta.Language
	if language == "" {
		language = "ja"
	}
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\n")
	offsets := make([]int, 0, len(objects)+1)
	write := func(body []byte) {
		offsets = append(offsets, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n", len(offsets))
		out.Write(body)
		out.WriteString("endobj\n\n")
	}
	for i, body := range objects {
		switch {
		case i == 0: // the catalogue
			extra := fmt.Sprintf("<<\n/Lang %s\n/ViewerPreferences << /DisplayDocTitle true >>\n", textString(language))
			body = bytes.Replace(body, []byte("<<\n"), []byte(extra), 1)
		case bytes.Contains(body[:min(len(body), 80)], []byte("/CIDInit /ProcSet findresource")):
			body = toUnicode(body)
		}
		write(body)
	}
	write(info(meta))
	id := sha256.Sum256(out.Bytes())
	start := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", offset)
	}
	name := hex.EncodeToString(id[:16])
	fmt.Fprintf(&out, "trailer\n<<\n/Size %d\n/Root 1 0 R\n/Info %d 0 R\n/ID [<%s><%s>]\n>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, len(offsets), name, name, start)
	return out.Bytes(), nil
}

// split gives the bodies of the objects, found by the file's own cross-reference table.
func split(raw []byte) ([][]byte, error) {
	found := startxref.FindSubmatch(raw)
	if found == nil {
		return nil, fmt.Errorf("no cross-reference table")
	}
	start, err := strconv.Atoi(string(found[1]))
	if err != nil || start >= len(raw) {
		return nil, fmt.Errorf("cross-reference table at %s", found[1])
	}
	lines := bytes.Split(raw[start:], []byte("\n"))
	var offsets []int
	for _, line := range lines[3:] { // "xref", "0 n", the free entry
		if len(line) != 19 || !bytes.HasSuffix(line, []byte(" n ")) {
			break
		}
		offset, err := strconv.Atoi(string(line[:10]))
		if err != nil {
			return nil, fmt.Errorf("cross-reference %q", line)
		}
		offsets = append(offsets, offset)
	}
	offsets = append(offsets, start)
	var bodies [][]byte
	for i := range len(offsets) - 1 {
		if offsets[i] > offsets[i+1] || offsets[i+1] > len(raw) {
			return nil, fmt.Errorf("object %d is out of place", i+1)
		}
		body := raw[offsets[i]:offsets[i+1]]
		head, tail := fmt.Sprintf("%d 0 obj\n", i+1), []byte("endobj\n\n")
		if !bytes.HasPrefix(body, []byte(head)) || !bytes.HasSuffix(body, tail) {
			return nil, fmt.Errorf("object %d is not where it should be", i+1)
		}
		bodies = append(bodies, body[len(head):len(body)-len(tail)])
	}
	return bodies, nil
}

// toUnicode writes the map from glyphs to text anew.
func toUnicode(body []byte) []byte {
	found := mapping.FindAllSubmatch(body, -1)
	var text bytes.Buffer
	text.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n")
	for len(found) > 0 {
		block := found[:min(100, len(found))]
		found = found[len(block):]
		fmt.Fprintf(&text, "%d beginbfchar\n", len(block))
		for _, m := range block {
			r, _ := strconv.ParseUint(string(m[2]), 16, 32) // the expression allows nothing else
			fmt.Fprintf(&text, "<%s><%s>\n", m[1], utf16Hex(string(rune(r))))
		}
		text.WriteString("endbfchar\n")
	}
	text.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return fmt.Appendf(nil, "<<\n/Length %d\n>>\nstream\n%sendstream\n", text.Len(), text.Bytes())
}

func info(meta Meta) []byte {
	out := []byte("<<\n")
	for _, entry := range [][2]string{{"Title", meta.Title}, {"Author", meta.Author}, {"Subject", meta.Subject}} {
		if entry[1] != "" {
			out = fmt.Appendf(out, "/%s %s\n", entry[0], textString(entry[1]))
		}
	}
	if !meta.Created.IsZero() {
		out = fmt.Appendf(out, "/CreationDate (D:%s)\n", meta.Created.UTC().Format("20060102150405Z"))
	}
	return append(out, ">>\n"...)
}

// textString writes text so that nothing in it can end the string.
func textString(text string) string { return "<FEFF" + utf16Hex(text) + ">" }

func utf16Hex(text string) string {
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		out = fmt.Appendf(out, "%04X", unit)
	}
	return string(out)
}
