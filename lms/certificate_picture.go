package lms

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/color"
	pixels "image/draw"
	_ "image/jpeg" // what may be sent
	"image/png"
	"sync"

	"kenshu/content"
	"kenshu/fault"
)

// Limits of a picture on a certificate: as kept it is 8 cm wide at 300 dots an inch.
const (
	MaxDesignImage = 1 << 20 // bytes, as sent
	maxDesignSide  = 2000    // pixels, as sent
	keptSide       = 1000    // pixels, as kept
)

// apply gives the picture after the change. A new one is drawn anew, so that nothing but its pixels is kept: no place and time of a photo, no bytes behind its end.
func (ch ImageChange) apply(c *fault.Check, path string, before []byte) []byte {
	switch {
	case ch.Remove:
		return nil
	case ch.Data == nil:
		return before
	case len(ch.Data) > MaxDesignImage:
		c.Add(path, "file_too_large", "max", MaxDesignImage)
		return before
	}
	size, kind, err := image.DecodeConfig(bytes.NewReader(ch.Data))
	if err != nil || kind != "png" && kind != "jpeg" {
		c.Add(path, "picture_kind")
		return before
	}
	if size.Width > maxDesignSide || size.Height > maxDesignSide {
		c.Add(path, "picture_side", "max", maxDesignSide)
		return before
	}
	if content.ManyScans(ch.Data) {
		c.Add(path, "picture_kind")
		return before
	}
	small, err := redraw(ch.Data)
	if err != nil {
		c.Add(path, "image_damaged")
		return before
	}
	return small
}

// drawing lets one picture at a time be read: it takes up to a tenth of a second and 32 MB.
var drawing sync.Mutex

// redraw gives the picture as a PNG of eight bits a colour, which is what paper takes, at most keptSide pixels a side.
func redraw(data []byte) ([]byte, error) {
	drawing.Lock()
	defer drawing.Unlock()
	drawn, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	from := image.NewNRGBA(image.Rect(0, 0, drawn.Bounds().Dx(), drawn.Bounds().Dy()))
	pixels.Draw(from, from.Bounds(), drawn, drawn.Bounds().Min, pixels.Src)
	var out bytes.Buffer
	err = png.Encode(&out, shrink(from))
	return out.Bytes(), err
}

// shrink makes a picture smaller by whole steps, each point the mean of a square, until it fits.
func shrink(from *image.NRGBA) *image.NRGBA {
	step := (max(from.Rect.Dx(), from.Rect.Dy()) + keptSide - 1) / keptSide
	if step <= 1 {
		return from
	}
	to := image.NewNRGBA(image.Rect(0, 0, max(1, from.Rect.Dx()/step), max(1, from.Rect.Dy()/step)))
	for y := range to.Rect.Dy() {
		for x := range to.Rect.Dx() {
			var r, g, b, a, n uint32
			for j := range step * step {
				px, py := x*step+j%step, y*step+j/step
				if px >= from.Rect.Dx() || py >= from.Rect.Dy() {
					continue
				}
				p := from.NRGBAAt(px, py)
				r, g, b, a, n = r+uint32(p.R)*uint32(p.A), g+uint32(p.G)*uint32(p.A), b+uint32(p.B)*uint32(p.A), a+uint32(p.A), n+1
			}
			if a > 0 {
				to.SetNRGBA(x, y, color.NRGBA{uint8(r / a), uint8(g / a), uint8(b / a), uint8(a / n)})
			}
		}
	}
	return to
}

// digestOf names a picture in the audit log; empty for none.
func digestOf(picture []byte) string {
	if len(picture) == 0 {
		return ""
	}
	sum := sha256.Sum256(picture)
	return hex.EncodeToString(sum[:])
}
