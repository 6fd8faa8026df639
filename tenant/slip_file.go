package tenant

import (
	"archive/zip"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"kenshu/storage/sheet"
)

// SlipFormat is how slips are saved.
type SlipFormat string

// The formats: eight a page to cut, a page each, or a list.
const (
	SlipSheet  SlipFormat = "pdf"
	SlipSingle SlipFormat = "pdf_single"
	SlipList   SlipFormat = "xlsx"
)

// slipsAFile is how many slips one PDF holds; more people get an archive with a PDF for each department, to be handed on to its head. A PDF is drawn in
// memory, so this also bounds what a download takes.
const slipsAFile = 500

// SlipFile is slips ready to be written. Nothing of it is kept.
type SlipFile struct {
	Head   SlipHead
	Slips  []Slip // sorted by department
	Format SlipFormat
	Now    time.Time
}

// MediaType and the ending of the file's name depend on how many slips there are.
func (f SlipFile) MediaType() (mediaType, extension string) {
	switch {
	case f.Format == SlipList:
		return sheet.XLSX.MediaType(), sheet.XLSX.Extension()
	case len(f.Slips) > slipsAFile:
		return "application/zip", ".zip"
	}
	return "application/pdf", ".pdf"
}

// WriteTo writes the file as it is drawn: never more than slipsAFile slips are in memory as a document.
func (f SlipFile) WriteTo(w io.Writer) (int64, error) {
	switch {
	case f.Format == SlipList:
		_, err := sheet.Write(w, sheet.XLSX, SlipTable(f.Head, f.Slips))
		return 0, err
	case len(f.Slips) <= slipsAFile:
		return DrawSlips(f.Head, f.Slips, f.Format == SlipSingle, f.Now).WriteTo(w)
	}
	archive := zip.NewWriter(w)
	names := map[string]int{}
	for _, part := range f.parts() {
		member, err := archive.CreateHeader(&zip.FileHeader{Name: f.member(part[0].Department, names), Method: zip.Store, Modified: f.Now}) // PDFs are packed already
		if err != nil {
			return 0, err
		}
		if _, err := DrawSlips(f.Head, part, f.Format == SlipSingle, f.Now).WriteTo(member); err != nil {
			return 0, err
		}
	}
	return 0, archive.Close()
}

// parts divides the slips by department, and a large department into files of slipsAFile.
func (f SlipFile) parts() [][]Slip {
	var parts [][]Slip
	from := 0
	for i := range f.Slips {
		if i > from && (f.Slips[i].Department != f.Slips[from].Department || i-from == slipsAFile) {
			parts, from = append(parts, f.Slips[from:i]), i
		}
	}
	return append(parts, f.Slips[from:])
}

// member names a file of the archive after its department, made safe: a name is text, never a path.
func (f SlipFile) member(department string, names map[string]int) string {
	if department == "" {
		department = slipWords[f.Head.Language]["none"]
	}
	safe := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|.`, r) || r < ' ' {
			return '_'
		}
		return r
	}, Clip(Tidy(department), 60))
	names[safe]++
	if n := names[safe]; n > 1 {
		safe = fmt.Sprintf("%s_%d", safe, n)
	}
	return path.Base(safe) + ".pdf"
}
