package content

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strconv"
)

// widths of the pictures that are made of a larger one. The smallest stands in lists.
var widths = []int{1600, 800, 320}

const (
	thumbName    = "w320"
	posterName   = "poster"
	jpegQuality  = 82
	maxDrawBytes = 256 << 20 // memory that drawing one picture may take; a larger one is kept as it is
)

// made is a picture made of a file.
type made struct {
	name      string
	mediaType string
	width     int
	height    int
	data      []byte
}

// ManyScans tells that decoding a JPEG would take far longer than its size says: it may go over the whole picture once a scan, at a cost of a few bytes each.
// Cameras and programs make ten; more than 32 are too many.
func ManyScans(b []byte) bool { return bytes.Count(b, scanBegins) > maxScans }

const maxScans = 32

var scanBegins = []byte{0xff, 0xda}

// drawCost is about how many bytes of memory decoding takes, by the head of a clean picture; more than there is when it would take too long.
func drawCost(mediaType string, b []byte) int64 {
	cfg, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil || mediaType == "image/jpeg" && ManyScans(b) {
		return 1 << 62
	}
	per := int64(4)
	switch {
	case mediaType == "image/jpeg" && progressive(b):
		per = 15 // all coefficients are kept until the end
	case cfg.ColorModel == color.RGBA64Model || cfg.ColorModel == color.NRGBA64Model:
		per = 8
	}
	return int64(cfg.Width) * int64(cfg.Height) * per
}

// progressive tells whether a clean JPEG comes in several passes.
func progressive(b []byte) bool {
	for at := 2; at+4 <= len(b) && b[at] == 0xff; {
		marker := b[at+1]
		if marker == 0xc2 {
			return true
		}
		if marker == 0xda {
			return false
		}
		if marker >= 0xd0 && marker <= 0xd7 || marker == 0x01 { // these have no length
			at += 2
			continue
		}
		at += 2 + int(b[at+2])<<8 + int(b[at+3])
	}
	return false
}

// smaller makes the sizes of a picture; fewer where it is small itself. A GIF, which may move, is only made small enough for lists.
func smaller(mediaType string, clean []byte, turn int) ([]made, error) {
	if mediaType == "image/webp" || drawCost(mediaType, clean) > maxDrawBytes {
		return nil, nil
	}
	src, _, err := image.Decode(bytes.NewReader(clean))
	if err != nil {
		return nil, refused("image_damaged")
	}
	var out []made
	for _, width := range widths { // each of the one before, which is smaller than the picture itself
		if mediaType == "image/gif" && width != widths[len(widths)-1] {
			continue
		}
		small, opaque := narrower(src, turn, width)
		if small == nil {
			continue
		}
		src, turn = small, 1
		p, err := encode(small, opaque, "w"+strconv.Itoa(width))
		if err != nil {
			return nil, err
		}
		if len(p.data) < len(clean) {
			out = append(out, p)
		}
	}
	return out, nil
}

// narrower makes an upright picture width pixels across; nil when src is not wider.
func narrower(src image.Image, turn, width int) (*image.NRGBA, bool) {
	across, down := src.Bounds().Dx(), src.Bounds().Dy()
	if turn >= 5 {
		across, down = down, across
	}
	readable, ok := src.(image.RGBA64Image)
	if across <= width || !ok {
		return nil, false
	}
	return shrink(readable, turn, width, max(1, (down*width+across/2)/across))
}

func encode(small *image.NRGBA, opaque bool, name string) (made, error) {
	p := made{name: name, width: small.Bounds().Dx(), height: small.Bounds().Dy(), mediaType: "image/jpeg"}
	var b bytes.Buffer
	var err error
	if opaque {
		err = jpeg.Encode(&b, small, &jpeg.Options{Quality: jpegQuality})
	} else {
		p.mediaType = "image/png"
		err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, small)
	}
	p.data = b.Bytes()
	return p, err
}

// shrink averages the pixels that fall on each pixel of the smaller picture, turned upright. Only the smaller picture is made.
func shrink(src image.RGBA64Image, turn, width, height int) (*image.NRGBA, bool) {
	out, opaque := image.NewNRGBA(image.Rect(0, 0, width, height)), true
	full := src.Bounds()
	wide, high := full.Dx(), full.Dy()
	across, down := wide, high
	if turn >= 5 {
		across, down = high, wide
	}
	for y := range height {
		y0, y1 := y*down/height, max((y+1)*down/height, y*down/height+1)
		for x := range width {
			x0, x1 := x*across/width, max((x+1)*across/width, x*across/width+1)
			var r, g, b, a, n uint64
			for v := y0; v < y1; v++ {
				for u := x0; u < x1; u++ {
					sx, sy := upright(turn, u, v, wide, high)
					p := src.RGBA64At(full.Min.X+sx, full.Min.Y+sy)
					r, g, b, a, n = r+uint64(p.R), g+uint64(p.G), b+uint64(p.B), a+uint64(p.A), n+1
				}
			}
			c := color.NRGBA{}
			if a > 0 { // r, g and b carry the alpha already
				c = color.NRGBA{share(r, a), share(g, a), share(b, a), uint8(a / n >> 8)}
			}
			opaque = opaque && c.A == 0xff
			out.SetNRGBA(x, y, c)
		}
	}
	return out, opaque
}

func share(sum, alpha uint64) uint8 { return uint8(min(0xff, sum*0xff/alpha)) }

// upright gives the pixel of a picture of wide × high that is seen at u, v once it is turned.
func upright(turn, u, v, wide, high int) (x, y int) {
	switch turn {
	case 2:
		return wide - 1 - u, v
	case 3:
		return wide - 1 - u, high - 1 - v
	case 4:
		return u, high - 1 - v
	case 5:
		return v, u
	case 6:
		return v, high - 1 - u
	case 7:
		return wide - 1 - v, high - 1 - u
	case 8:
		return wide - 1 - v, u
	}
	return u, v
}
