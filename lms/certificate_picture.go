package lms

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/jpeg"
	"image/png"

	"kenshu/fault"
)

// Limits of a picture on a certificate: at 300 dots an inch it is still 17 cm wide.
const (
	MaxDesignImage = 1 << 20 // bytes, as sent and as kept
	maxDesignSide  = 2000    // pixels
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
	drawn, _, err := image.Decode(bytes.NewReader(ch.Data))
	if err != nil {
		c.Add(path, "image_damaged")
		return before
	}
	var out bytes.Buffer
	if kind == "png" {
		err = png.Encode(&out, drawn)
	} else {
		err = jpeg.Encode(&out, drawn, &jpeg.Options{Quality: 90})
	}
	if err != nil || out.Len() > 2*MaxDesignImage {
		c.Add(path, "file_too_large", "max", MaxDesignImage)
		return before
	}
	return out.Bytes()
}

// digestOf names a picture in the audit log; empty for none.
func digestOf(picture []byte) string {
	if len(picture) == 0 {
		return ""
	}
	sum := sha256.Sum256(picture)
	return hex.EncodeToString(sum[:])
}
