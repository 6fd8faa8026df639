package blob_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"kenshu/storage/blob"
)

var disposition = regexp.MustCompile(`^attachment; filename="([^"\\%/;:*?<>|\x00-\x1f\x7f-\x{10ffff}]*)"; filename\*=UTF-8''([A-Za-z0-9._~%-]+)$`)

// A file name with any sign there is, at its beginning, inside it and at its end, is one header with one name: no quote or line ends it, nothing in it changes the
// direction or cannot be seen, and it leads nowhere (ASVS 5.4.2).
func TestEverySignInAFileName(t *testing.T) {
	tried := 0
	for r := rune(0); r <= 0xE01FF; r++ {
		switch r { // between lie letters alone, or nothing
		case 0x3400:
			r = 0xFB00
		case 0x10000:
			r = 0xE0000
		}
		for _, name := range []string{"a" + string(r) + "b.pdf", string(r) + "b.pdf", "b.pdf" + string(r)} {
			tried++
			header := blob.Disposition(name, false)
			m := disposition.FindStringSubmatch(header)
			if m == nil {
				t.Fatalf("%U: %q", r, header)
			}
			said, err := url.PathUnescape(m[2])
			if err != nil || said != blob.SafeName(name) {
				t.Fatalf("%U: %q, %v", r, said, err)
			}
			for _, s := range said {
				if unicode.IsControl(s) || unicode.Is(unicode.Bidi_Control, s) || unicode.In(s, unicode.Cf, unicode.Zl, unicode.Zp) || strings.ContainsRune(`/\:*?"<>|`, s) {
					t.Fatalf("%U: the name is %q", r, said)
				}
			}
		}
	}
	if header := blob.Disposition(strings.Repeat("長", 100_000)+".pdf", false); len(header) > 4000 || !strings.HasSuffix(header, ".pdf") {
		t.Errorf("a long name makes a header of %d bytes", len(header))
	}
	if tried < 40_000 {
		t.Errorf("only %d names", tried)
	}
}
