package lms

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"math"
	"sync"
)

// badgeSide is the width and height of a badge in pixels.
const badgeSide = 512

// badgeShape tells of each pixel how much of it the medal covers, and how much of that is white, from 0 to 255. It is the same for every badge.
var badgeShape = sync.OnceValue(func() [][2]uint8 {
	const fine = 3 // each pixel is the mean of 3 × 3 points
	shape := make([][2]uint8, badgeSide*badgeSide)
	for i := range shape {
		var covered, white int
		for j := range fine * fine {
			x := (float64(i%badgeSide)+(float64(j%fine)+0.5)/fine)/badgeSide*2 - 1
			y := (float64(i/badgeSide)+(float64(j/fine)+0.5)/fine)/badgeSide*2 - 1
			on, light := medal(x, y)
			if on {
				covered++
			}
			if light {
				white++
			}
		}
		if covered > 0 {
			shape[i] = [2]uint8{uint8(covered * 255 / (fine * fine)), uint8(white * 255 / covered)}
		}
	}
	return shape
})

// badgePicture draws a medal with a check mark in a colour. It carries no words: those are in the credential.
func badgePicture(accent [3]uint8) ([]byte, error) {
	img := image.NewNRGBA(image.Rect(0, 0, badgeSide, badgeSide))
	for i, p := range badgeShape() {
		blend := func(c uint8) uint8 { return c + uint8((255-int(c))*int(p[1])/255) }
		img.SetNRGBA(i%badgeSide, i/badgeSide, color.NRGBA{blend(accent[0]), blend(accent[1]), blend(accent[2]), p[0]})
	}
	var out bytes.Buffer
	err := png.Encode(&out, img)
	return out.Bytes(), err
}

// medal tells of a point of the square from -1 to 1 whether it lies on the medal, and whether it is white there.
func medal(x, y float64) (on, white bool) {
	r, angle := math.Hypot(x, y), math.Atan2(y, x)
	on = r <= 0.93+0.035*math.Cos(24*angle)
	return on, on && (r > 0.76 && r <= 0.80 || r < 0.70 && nearCheck(x, y))
}

// nearCheck tells whether a point lies on the strokes of the check mark.
func nearCheck(x, y float64) bool {
	near := func(ax, ay, bx, by float64) bool {
		dx, dy := bx-ax, by-ay
		t := min(1, max(0, ((x-ax)*dx+(y-ay)*dy)/(dx*dx+dy*dy)))
		return math.Hypot(x-ax-t*dx, y-ay-t*dy) < 0.085
	}
	return near(-0.38, 0.02, -0.10, 0.30) || near(-0.10, 0.30, 0.40, -0.26)
}

// bake puts a signed credential into a PNG, in a text chunk called openbadgecredential before the picture's data (Open Badges 3.0, 5.3; PNG, 11.3.3.4).
func bake(picture []byte, token string) []byte {
	text := append([]byte("openbadgecredential\x00\x00\x00\x00\x00"), token...) // not compressed, no language, no translated keyword
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(text)))
	chunk = append(append(chunk, "iTXt"...), text...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	const head = 8 + 25 // signature and header chunk
	out := make([]byte, 0, len(picture)+len(chunk))
	out = append(out, picture[:head]...)
	out = append(out, chunk...)
	return append(out, picture[head:]...)
}
