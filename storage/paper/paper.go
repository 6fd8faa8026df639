// Package paper draws documents as PDF: certificates, slips to cut, lists of many pages. It knows how to set Japanese
// text, tables and QR codes on pages, and no business word.
//
//	doc := paper.New(paper.A4, paper.Meta{Title: "修了証", Author: "…", Created: issued})
//	doc.Page()
//	doc.Text(paper.Box{X: 20, Y: 30, W: 170}, "修了証", paper.Style{Size: 32, Bold: true, Align: paper.Centre})
//	_, err := doc.WriteTo(w)
//
// Lengths are millimetres from the upper left corner of the page; only type sizes, tracking and pen widths are points. Text
// and Rect and so on draw where they are told. Write, Table and Space flow: they go down from the cursor between the margins
// and begin new pages by themselves. Footer draws on every page when the number of pages is known.
//
// The same calls with the same Meta give the same bytes, so a digest of a document can be made again. A character that the font lacks
// is shown as 〓 and told by Missing; it never vanishes and never fails the document. Errors are kept: the first one is returned by
// WriteTo, and nothing has to be checked before.
//
// Limits: left to right text only; no ligatures and no shaping of joined scripts (Thai, Arabic and Devanagari show 〓). A document of
// 1,000 table rows takes about as many kilobytes of memory as it has characters; a Doc serves one goroutine.
package paper

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/signintech/gopdf"
)

const pointsPerMM = 72 / 25.4

// Size is a paper size in millimetres.
type Size struct{ W, H float64 }

// The paper sizes in use.
var (
	A4          = Size{210, 297}
	A4Landscape = Size{297, 210}
	A5          = Size{148, 210}
)

// Meta is what the file says about itself.
type Meta struct {
	Title, Author, Subject string
	Created                time.Time // the zero time leaves it out; never the time of drawing, or no digest can be made again
	Language               string    // for screen readers; "ja" when empty
}

// Box is a place on a page. A height of 0 means as much as is needed.
type Box struct{ X, Y, W, H float64 }

// Inset gives the box smaller by mm on each side.
func (b Box) Inset(mm float64) Box { return Box{b.X + mm, b.Y + mm, b.W - 2*mm, b.H - 2*mm} }

// Colour is red, green, blue.
type Colour struct{ R, G, B uint8 }

// Black is the colour of text when none is given.
var Black = Colour{}

// Margins keep flowing content away from the edges.
type Margins struct{ Top, Right, Bottom, Left float64 }

// Doc is a document being drawn.
type Doc struct {
	size    Size
	meta    Meta
	margins Margins
	pdf     gopdf.GoPdf
	pages   int
	y       float64
	footer  func(page, pages int)
	missing map[rune]bool
	done    bool
	err     error
}

// New begins a document without pages.
func New(size Size, meta Meta) *Doc {
	d := &Doc{size: size, meta: meta, margins: Margins{20, 20, 20, 20}, missing: map[rune]bool{}}
	d.pdf.Start(gopdf.Config{PageSize: gopdf.Rect{W: size.W * pointsPerMM, H: size.H * pointsPerMM}})
	faces, err := loadFaces()
	if err != nil {
		d.err = err
		return d
	}
	for i := range faces {
		d.note(d.pdf.AddTTFFontFromFontContainer(faces[i].family, &faces[0].container))
	}
	return d
}

// note keeps the first error.
func (d *Doc) note(err error) {
	if d.err == nil && err != nil {
		d.err = fmt.Errorf("paper: %w", err)
	}
}

// SetMargins sets the margins of what flows from here on; they are 20 mm until then.
func (d *Doc) SetMargins(m Margins) {
	d.margins = m
	if d.pages > 0 {
		d.y = max(d.y, m.Top)
	}
}

// Page begins a new page and puts the cursor at its top margin.
func (d *Doc) Page() {
	if d.err != nil {
		return
	}
	d.pdf.AddPage()
	d.pages++
	d.y = d.margins.Top
}

// Pages tells how many pages there are so far.
func (d *Doc) Pages() int { return d.pages }

// Size gives the size of the pages.
func (d *Doc) Size() Size { return d.size }

// Y is the cursor: where flowing content goes on.
func (d *Doc) Y() float64 { return d.y }

// SetY moves the cursor on its page.
func (d *Doc) SetY(y float64) { d.y = y }

// Space moves the cursor down.
func (d *Doc) Space(mm float64) { d.y += mm }

// Area is what the margins leave of a page.
func (d *Doc) Area() Box {
	m := d.margins
	return Box{m.Left, m.Top, d.size.W - m.Left - m.Right, d.size.H - m.Top - m.Bottom}
}

// Keep begins a new page unless mm are left above the bottom margin, so that what follows stays together. A height that no page has is
// not waited for.
func (d *Doc) Keep(mm float64) {
	if d.pages == 0 || d.y+mm > d.bottom()+0.01 && d.y > d.margins.Top+0.01 {
		d.Page()
	}
}

func (d *Doc) bottom() float64 { return d.size.H - d.margins.Bottom }

// Footer sets what is drawn on each page at the end, with its number and the number of pages. It draws with Text, Line and so on; it must not
// begin pages.
func (d *Doc) Footer(draw func(page, pages int)) { d.footer = draw }

// Missing lists the characters drawn as 〓 because the font lacks them, in order.
func (d *Doc) Missing() []rune {
	list := make([]rune, 0, len(d.missing))
	for r := range d.missing {
		list = append(list, r)
	}
	slices.Sort(list)
	return list
}

// WriteTo ends the document and writes it. It returns the first error of the whole drawing, before anything is written.
func (d *Doc) WriteTo(w io.Writer) (int64, error) {
	if d.done {
		d.note(fmt.Errorf("the document was written already"))
	}
	if d.pages == 0 {
		d.note(fmt.Errorf("a document needs a page"))
	}
	d.drawFooters()
	d.done = true
	if d.err != nil {
		return 0, d.err
	}
	raw, err := d.pdf.GetBytesPdfReturnErr()
	if err != nil {
		return 0, fmt.Errorf("paper: %w", err)
	}
	whole, err := finish(raw, d.meta)
	if err != nil {
		return 0, fmt.Errorf("paper: %w", err)
	}
	return io.Copy(w, bytes.NewReader(whole))
}

func (d *Doc) drawFooters() {
	if d.footer == nil {
		return
	}
	pages := d.pages
	for page := 1; page <= pages && d.err == nil; page++ {
		d.note(d.pdf.SetPage(page))
		d.footer(page, pages)
	}
	if d.pages != pages {
		d.note(fmt.Errorf("the footer began a page"))
	}
}

// ready tells whether drawing is possible, and notes when it is not.
func (d *Doc) ready() bool {
	if d.err == nil && (d.pages == 0 || d.done) {
		d.note(fmt.Errorf("drawing needs an open page"))
	}
	return d.err == nil
}
