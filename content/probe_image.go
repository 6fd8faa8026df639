package content

import (
	"bytes"
	"encoding/binary"
	"image"
	_ "image/gif"  // sizes of GIF
	_ "image/jpeg" // sizes of JPEG
	_ "image/png"  // sizes of PNG
)

// A picture that would take more than this to draw is refused: 40 million pixels are 160 MB in the browser's memory.
const (
	maxPixels = 40_000_000
	maxSide   = 16_384
)

// probeImage finds the size of a picture from its first bytes without drawing it.
func probeImage(head []byte) (facts, error) {
	mediaType, err := sniff(AssetImage, head)
	if err != nil {
		return facts{}, err
	}
	f := facts{mediaType: mediaType}
	if mediaType == "image/webp" {
		f.width, f.height = webpSize(head)
	} else if cfg, _, err := image.DecodeConfig(bytes.NewReader(head)); err == nil {
		f.width, f.height = cfg.Width, cfg.Height
	}
	if f.width <= 0 || f.height <= 0 {
		return facts{}, refused("image_damaged")
	}
	if f.width > maxSide || f.height > maxSide || f.width*f.height > maxPixels {
		return facts{}, refused("image_too_many_pixels")
	}
	return f, nil
}

// webpSize reads the size of a WebP of any of its three forms; 0 when it is damaged.
func webpSize(b []byte) (width, height int) {
	if len(b) < 30 {
		return 0, 0
	}
	switch string(b[12:16]) {
	case "VP8 ":
		return int(binary.LittleEndian.Uint16(b[26:]) & 0x3fff), int(binary.LittleEndian.Uint16(b[28:]) & 0x3fff)
	case "VP8L":
		bits := binary.LittleEndian.Uint32(b[21:])
		return int(bits&0x3fff) + 1, int(bits>>14&0x3fff) + 1
	case "VP8X":
		return 1 + int(b[24]) + int(b[25])<<8 + int(b[26])<<16, 1 + int(b[27]) + int(b[28])<<8 + int(b[29])<<16
	}
	return 0, 0
}
