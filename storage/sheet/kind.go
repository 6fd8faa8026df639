package sheet

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf16"

	"kenshu/fault"
)

func wrongKind(kind string) error { return fault.New(fault.Invalid, "sheet_kind", "kind", kind) }

var magics = []struct{ kind, start string }{
	{"zip", "PK\x03\x04"}, {"zip", "PK\x05\x06"}, {"pdf", "%PDF-"}, {"image", "\x89PNG\r\n"}, {"image", "\xff\xd8\xff"}, {"image", "GIF8"},
	{"image", "RIFF"}, {"image", "II*\x00"}, {"image", "MM\x00*"}, {"archive", "\x1f\x8b"}, {"archive", "Rar!"}, {"archive", "7z\xbc\xaf"},
	{"xls", "\x09\x08\x10\x00"}, {"rtf", "{\\rtf"}, {"html", "MIME-Version:"},
}

// kindOf tells what a file is by its first bytes: "text" for what may be a CSV.
func kindOf(head []byte, r io.ReaderAt, size int64) string {
	if bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) {
		return compoundKind(r, size)
	}
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.start)) {
			return m.kind
		}
	}
	wide := bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff"))
	if !wide && bytes.IndexByte(head, 0) >= 0 {
		return "binary"
	}
	text := strings.ToLower(string(bytes.Trim(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")))
	switch {
	case text == "" || wide && len(head) <= 2:
		return "empty"
	case strings.HasPrefix(text, "<?xml"):
		return "xml"
	case strings.HasPrefix(text, "<!doctype") || strings.HasPrefix(text, "<html") || strings.HasPrefix(text, "<table") || strings.HasPrefix(text, "<meta"):
		return "html"
	}
	return "text"
}

// compoundKind tells a password-protected XLSX from an old XLS; both are compound files, and the directory names its streams in UTF-16.
func compoundKind(r io.ReaderAt, size int64) string {
	const stream = "EncryptedPackage"
	name := make([]byte, 0, 2*len(stream))
	for _, unit := range utf16.Encode([]rune(stream)) {
		name = append(name, byte(unit), byte(unit>>8))
	}
	const step = 64 << 10
	window := make([]byte, 0, step+len(name))
	for at := int64(0); at < size; at += step {
		window = window[:min(step+int64(len(name)), size-at)]
		if _, err := r.ReadAt(window, at); err != nil && err != io.EOF {
			break
		}
		if bytes.Contains(window, name) {
			return "encrypted"
		}
	}
	return "xls"
}
