package paper

import (
	"bytes"
	"image"
	_ "image/jpeg" // what Image draws
	_ "image/png"

	"github.com/signintech/gopdf"
	"github.com/skip2/go-qrcode"
)

// Pen draws lines: width in points, solid unless Dash is given (millimetres on and off).
type Pen struct {
	Width  float64
	Colour Colour
	Dash   float64
}

func (d *Doc) pen(p Pen) {
	d.pdf.SetStrokeColor(p.Colour.R, p.Colour.G, p.Colour.B)
	d.pdf.SetLineWidth(p.Width)
	if p.Dash > 0 {
		d.pdf.SetCustomLineType([]float64{p.Dash * pointsPerMM}, 0)
	} else {
		d.pdf.SetLineType("solid")
	}
}

// Line draws a line between two points.
func (d *Doc) Line(x1, y1, x2, y2 float64, pen Pen) {
	if d.ready() {
		d.pen(pen)
		d.pdf.Line(x1*pointsPerMM, y1*pointsPerMM, x2*pointsPerMM, y2*pointsPerMM)
	}
}

// Rect draws the outline of box.
func (d *Doc) Rect(box Box, pen Pen) {
	if d.ready() {
		d.pen(pen)
		d.rect(box, "D")
	}
}

// Fill fills box with a colour.
func (d *Doc) Fill(box Box, colour Colour) {
	if d.ready() {
		d.pdf.SetFillColor(colour.R, colour.G, colour.B)
		d.rect(box, "F")
	}
}

func (d *Doc) rect(b Box, how string) {
	d.pdf.RectFromUpperLeftWithStyle(b.X*pointsPerMM, b.Y*pointsPerMM, b.W*pointsPerMM, b.H*pointsPerMM, how)
}

// QR draws a QR code of text (error correction M, with its quiet zone) in a square of side millimetres, as areas that stay
// sharp at any size.
func (d *Doc) QR(x, y, side float64, text string) {
	if !d.ready() {
		return
	}
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		d.note(err)
		return
	}
	bitmap := code.Bitmap()
	module := side / float64(len(bitmap))
	const seam = 0.02 // neighbours overlap by this share of a module, or viewers show hair lines between them
	d.Fill(Box{x, y, side, side}, Colour{255, 255, 255})
	for row, cells := range bitmap {
		for from := 0; from < len(cells); from++ {
			to := from
			for to < len(cells) && cells[to] {
				to++
			}
			if to > from {
				d.Fill(Box{x + float64(from)*module, y + float64(row)*module, float64(to-from)*module + seam*module, (1 + seam) * module}, Black)
				from = to
			}
		}
	}
}

// Image draws a PNG or JPEG as large as it fits into box, in its middle, keeping its proportions. What is transparent stays so.
func (d *Doc) Image(box Box, picture []byte) {
	if !d.ready() {
		return
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(picture))
	if err != nil {
		d.note(err)
		return
	}
	holder, err := gopdf.ImageHolderByBytes(picture)
	if err != nil {
		d.note(err)
		return
	}
	scale := min(box.W/float64(size.Width), box.H/float64(size.Height))
	w, h := float64(size.Width)*scale, float64(size.Height)*scale
	at := gopdf.Rect{W: w * pointsPerMM, H: h * pointsPerMM}
	d.note(d.pdf.ImageByHolder(holder, (box.X+(box.W-w)/2)*pointsPerMM, (box.Y+(box.H-h)/2)*pointsPerMM, &at))
}
