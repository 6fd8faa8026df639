package paper

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"sync"
	"unicode"

	"github.com/signintech/gopdf"
	"golang.org/x/text/unicode/norm"
)

// Noto Sans JP 2.004 from the npm package @expo-google-fonts/noto-sans-jp 0.4.3, SIL Open Font License (font/OFL.txt). Compressed,
// because most processes never draw and the binary is 4.6 MB smaller.
var (
	//go:embed font/NotoSansJP_400Regular.ttf.gz
	regularFont []byte
	//go:embed font/NotoSansJP_700Bold.ttf.gz
	boldFont []byte
)

const geta = '〓' // what a printer set for a character not in the case

// face is one weight of the typeface: its parsed form for documents and what measuring needs.
type face struct {
	family    string
	container gopdf.FontContainer // the first face's holds both, parsed once a process
	glyphs    gopdf.SubsetFontObj
	ascent    float64 // of the em
	descent   float64
}

// loadFaces parses the fonts once: 10 MB of tables that every document shares and none changes.
var loadFaces = sync.OnceValues(func() (*[2]face, error) {
	faces := &[2]face{{family: "regular"}, {family: "bold"}}
	for i, packed := range [][]byte{regularFont, boldFont} {
		data, err := unpack(packed)
		if err != nil {
			return nil, fmt.Errorf("paper: font: %w", err)
		}
		f := &faces[i]
		if err := faces[0].container.AddTTFFontData(f.family, data); err != nil {
			return nil, fmt.Errorf("paper: font %s: %w", f.family, err)
		}
		if err := f.glyphs.SetTTFData(data); err != nil {
			return nil, fmt.Errorf("paper: font %s: %w", f.family, err)
		}
		f.ascent, f.descent = 0.88, 0.12 // the em box of Japanese type; the font's own line box is half as high again
	}
	return faces, nil
})

func unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	data := make([]byte, 0, 6<<20)
	out := bytes.NewBuffer(data)
	if _, err := io.Copy(out, r); err != nil { //nolint:gosec // our own file
		return nil, err
	}
	return out.Bytes(), r.Close()
}

func (s Style) face() *face {
	faces, err := loadFaces()
	if err != nil {
		return nil // New has noted it already
	}
	if s.Bold {
		return &faces[1]
	}
	return &faces[0]
}

// glyph gives the glyph of r, 0 when the font has none.
func (f *face) glyph(r rune) uint {
	index, err := f.glyphs.CharCodeToGlyphIndex(r)
	if err != nil {
		return 0
	}
	return index
}

// advance is the width of r in ems.
func (f *face) advance(r rune) float64 {
	return float64(f.glyphs.GlyphIndexToPdfWidth(f.glyph(r))) / 1000
}

// readable makes text that the face can show: letters composed with their marks, spaces for tabs and control characters,
// variation selectors and other invisible characters left out, 〓 for what the font lacks (told to missing).
func (f *face) readable(text string, missing func(rune)) []rune {
	out := make([]rune, 0, len(text))
	for _, r := range compose(text) {
		switch {
		case r == '\n':
			out = append(out, r)
		case r == '\r' || unicode.In(r, unicode.Cf, unicode.Variation_Selector):
		case unicode.IsControl(r) || unicode.IsSpace(r) && r != '\u3000':
			out = append(out, ' ')
		case f.glyph(r) == 0:
			missing(r)
			out = append(out, geta)
		default:
			out = append(out, r)
		}
	}
	return out
}

// compose joins a letter with the marks after it (か and ゛ as macOS writes them) and leaves everything else alone: normalising the
// whole text would turn 神 (U+FA19) in somebody's name into another character.
func compose(text string) []rune {
	runes := []rune(text)
	out := make([]rune, 0, len(runes))
	for i := 0; i < len(runes); {
		end := i + 1
		for end < len(runes) && unicode.Is(unicode.Mn, runes[end]) && !unicode.Is(unicode.Variation_Selector, runes[end]) {
			end++
		}
		if end > i+1 {
			out = append(out, []rune(norm.NFC.String(string(runes[i:end])))...)
		} else {
			out = append(out, runes[i])
		}
		i = end
	}
	return out
}
