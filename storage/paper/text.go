package paper

import (
	"math"
	"strings"
	"unicode"
)

// Align says where a line stands in its box.
type Align uint8

// The alignments.
const (
	Left Align = iota
	Centre
	Right
)

// Style says how text looks. The zero Style is 10 point regular black, left, with room between the lines.
type Style struct {
	Size     float64 // points; 0 is 10
	Bold     bool
	Colour   Colour
	Align    Align
	Leading  float64 // height of a line as a multiple of Size; 0 is 1.6
	Tracking float64 // points added after each character
	Fit      bool    // make the type smaller, to 60 % at most, until each line of text needs no wrapping
}

func (s Style) size() float64 {
	if s.Size <= 0 {
		return 10
	}
	return s.Size
}

// line is the height of a line in millimetres.
func (s Style) line() float64 {
	leading := s.Leading
	if leading <= 0 {
		leading = 1.6
	}
	return s.size() * leading / pointsPerMM
}

// width is the width of a line in millimetres.
func (s Style) width(f *face, line []rune) float64 {
	ems := 0.0
	for _, r := range line {
		ems += f.advance(r)
	}
	return (ems*s.size() + s.Tracking*float64(max(0, len(line)-1))) / pointsPerMM
}

// Text draws text in box, wrapped to its width, and returns the y below it. With a height, the lines stand in its
// vertical middle; lines beyond the height are drawn all the same, because no text may vanish.
func (d *Doc) Text(box Box, text string, style Style) float64 {
	lines, style, ok := d.set(box.W, text, style)
	if !ok {
		return box.Y
	}
	y := box.Y
	if box.H > 0 {
		y += max(0, (box.H-float64(len(lines))*style.line())/2)
	}
	return d.draw(Box{X: box.X, Y: y, W: box.W}, lines, style)
}

// Height tells how high text is when it is wrapped to width.
func (d *Doc) Height(width float64, text string, style Style) float64 {
	lines, style, ok := d.set(width, text, style)
	if !ok {
		return 0
	}
	return float64(len(lines)) * style.line()
}

// Write lets text flow from the cursor down, across pages where it must.
func (d *Doc) Write(text string, style Style) {
	area := d.Area()
	lines, style, ok := d.set(area.W, text, style)
	for i := range lines {
		d.Keep(style.line())
		if !ok || d.err != nil {
			return
		}
		d.y = d.draw(Box{X: area.X, Y: d.y, W: area.W}, lines[i:i+1], style)
	}
}

// set breaks text into lines, with the style as Fit has made it.
func (d *Doc) set(width float64, text string, style Style) ([][]rune, Style, bool) {
	f := style.face()
	if d.err != nil || f == nil {
		return nil, style, false
	}
	runes := f.readable(text, func(r rune) { d.missing[r] = true })
	if style.Fit {
		style = fit(f, runes, width, style)
	}
	return wrap(runes, width, func(line []rune) float64 { return style.width(f, line) }), style, true
}

func fit(f *face, runes []rune, width float64, style Style) Style {
	widest := 0.0
	for _, line := range strings.Split(string(runes), "\n") {
		widest = math.Max(widest, style.width(f, []rune(line)))
	}
	if widest > width && widest > 0 {
		factor := math.Max(0.6, math.Floor(width/widest*1000)/1000)
		style.Size, style.Tracking = style.size()*factor, style.Tracking*factor
	}
	return style
}

// draw sets the lines from the top of box down and returns the y below them.
func (d *Doc) draw(box Box, lines [][]rune, style Style) float64 {
	if !d.ready() {
		return box.Y
	}
	f := style.face()
	d.note(d.pdf.SetFont(f.family, "", style.size()))
	d.note(d.pdf.SetCharSpacing(style.Tracking))
	d.pdf.SetTextColor(style.Colour.R, style.Colour.G, style.Colour.B)
	em := style.size() / pointsPerMM
	for _, line := range lines {
		for len(line) > 0 && unicode.IsSpace(line[len(line)-1]) {
			line = line[:len(line)-1]
		}
		if len(line) > 0 {
			x, rest := box.X, box.W-style.width(f, line)
			switch style.Align {
			case Centre:
				x += rest / 2
			case Right:
				x += rest
			}
			d.pdf.SetXY(x*pointsPerMM, (box.Y+style.line()/2+em*(f.ascent-f.descent)/2)*pointsPerMM)
			d.note(d.pdf.Text(string(line)))
		}
		box.Y += style.line()
	}
	return box.Y
}
