package blob

import (
	"mime"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxName = 120 // characters: long names must not outgrow the limits on URLs and headers

// SafeName turns any text into a file name that is one: no path, no control or direction-changing characters, no
// leading or trailing dots and spaces, at most 120 characters with the extension kept; "file" when nothing is left.
func SafeName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r):
			return -1
		case strings.ContainsRune(`/\:*?"<>|`, r):
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.Trim(name, ". \u3000")
	if runes := []rune(name); len(runes) > maxName {
		extension := []rune(path.Ext(name))
		if len(extension) > 12 {
			extension = nil
		}
		name = string(runes[:maxName-len(extension)]) + string(extension)
	}
	if name == "" {
		return "file"
	}
	return name
}

// Disposition writes the Content-Disposition header (RFC 6266) for name, made safe: an ASCII form for old programs and the
// real one in UTF-8 (RFC 5987).
func Disposition(name string, inline bool) string {
	name = SafeName(name)
	kind := "attachment"
	if inline {
		kind = "inline"
	}
	var ascii, encoded strings.Builder
	const hex = "0123456789ABCDEF"
	for _, r := range name {
		if r < 0x80 && !strings.ContainsRune(`%';`, r) { // some programs decode % even here, or end at a semicolon
			ascii.WriteRune(r)
		} else {
			ascii.WriteByte('_')
		}
	}
	for _, b := range []byte(name) {
		if b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || strings.IndexByte("-._~", b) >= 0 {
			encoded.WriteByte(b)
		} else {
			encoded.Write([]byte{'%', hex[b>>4], hex[b&15]})
		}
	}
	return kind + `; filename="` + ascii.String() + `"; filename*=UTF-8''` + encoded.String()
}

// disposition decides what the browser does with the object. Only types that cannot run script are shown in place,
// whatever the caller wished.
func (o ReadOptions) disposition() string {
	return Disposition(o.Name, o.Inline && shownInPlace(o.ContentType))
}

func shownInPlace(contentType string) bool {
	base, _, err := mime.ParseMediaType(contentType)
	if err != nil || base == "image/svg+xml" {
		return false
	}
	kind, _, _ := strings.Cut(base, "/")
	switch kind {
	case "image", "video", "audio":
		return true
	}
	return base == "application/pdf" || base == "text/plain" || base == "text/vtt"
}

// safeType keeps a header value from being more than one: what does not parse as a media type is sent as bytes.
func safeType(contentType string) string {
	base, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return "application/octet-stream"
	}
	if clean := mime.FormatMediaType(base, params); clean != "" {
		return clean
	}
	return "application/octet-stream"
}
