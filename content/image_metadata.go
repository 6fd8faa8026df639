package content

import (
	"bytes"
	"encoding/binary"
)

// cleanImage gives a picture without what its camera or editor wrote beside the pixels: place, time, device, names, previews, and whatever stands
// behind its end. Pixels and colour profile stay byte for byte; of Exif only the turn of the picture is kept. turn is 1 to 8 as Exif counts, 1 is upright.
func cleanImage(mediaType string, b []byte) (clean []byte, turn int, err error) {
	turn = 1
	switch mediaType {
	case "image/jpeg":
		clean, turn = cleanJPEG(b)
	case "image/png":
		clean = cleanPNG(b)
	case "image/gif":
		clean = cleanGIF(b)
	case "image/webp":
		clean = cleanWebP(b)
	}
	if clean == nil {
		return nil, 1, refused("image_damaged")
	}
	return clean, turn, nil
}

// cleanJPEG walks the segments to the end of the picture; nil when it has none.
func cleanJPEG(b []byte) ([]byte, int) {
	if len(b) < 4 || b[0] != 0xff || b[1] != 0xd8 {
		return nil, 1
	}
	out, turn := append(make([]byte, 0, len(b)), 0xff, 0xd8), 1
	headers := len(out) // where the turn is put: before everything else but JFIF
	for at := 2; at+4 <= len(b); {
		if b[at] != 0xff {
			return nil, 1
		}
		marker := b[at+1]
		switch {
		case marker == 0xff: // padding
			at++
			continue
		case marker == 0xd9:
			return finishJPEG(out, headers, turn), turn
		case marker >= 0xd0 && marker <= 0xd7 || marker == 0x01:
			out = append(out, b[at:at+2]...)
			at += 2
			continue
		}
		length := int(binary.BigEndian.Uint16(b[at+2:]))
		if length < 2 || at+2+length > len(b) {
			return nil, 1
		}
		segment := b[at : at+2+length]
		at += 2 + length
		if found := exifTurn(segment); found > 0 {
			turn = found
		}
		if keepsJPEG(marker, segment[4:]) {
			out = append(out, segment...)
			if marker == 0xe0 {
				headers = len(out)
			}
		}
		if marker == 0xda {
			end := scanEnd(b, at)
			out = append(out, b[at:end]...)
			at = end
			if at+4 > len(b) && at+2 <= len(b) && b[at+1] == 0xd9 {
				return finishJPEG(out, headers, turn), turn
			}
		}
	}
	return nil, 1
}

// scanEnd finds the marker behind the compressed pixels.
func scanEnd(b []byte, at int) int {
	for ; at+1 < len(b); at++ {
		if b[at] == 0xff && b[at+1] != 0 && (b[at+1] < 0xd0 || b[at+1] > 0xd7) && b[at+1] != 0xff {
			return at
		}
	}
	return len(b)
}

// keepsJPEG keeps what drawing needs: JFIF, colour profile, Adobe's colour transform; no other application segment and no comment.
func keepsJPEG(marker byte, content []byte) bool {
	switch marker {
	case 0xe0:
		return bytes.HasPrefix(content, []byte("JFIF\x00"))
	case 0xe2:
		return bytes.HasPrefix(content, []byte("ICC_PROFILE\x00"))
	case 0xee:
		return bytes.HasPrefix(content, []byte("Adobe"))
	}
	return marker != 0xfe && (marker < 0xe0 || marker > 0xef)
}

func finishJPEG(out []byte, headers, turn int) []byte {
	out = append(out, 0xff, 0xd9)
	if turn == 1 {
		return out
	}
	exif := []byte{0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, byte(turn), 0, 0, 0, 0, 0, 0}
	return append(out[:headers:headers], append(exif, out[headers:]...)...)
}

// exifTurn reads the orientation of an Exif segment; 0 when there is none.
func exifTurn(segment []byte) int {
	const head = 10 // marker, length, "Exif\0\0"
	if len(segment) < head+8 || segment[1] != 0xe1 || string(segment[4:head]) != "Exif\x00\x00" {
		return 0
	}
	tiff := segment[head:]
	var order binary.ByteOrder = binary.BigEndian
	if string(tiff[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	entries := int(order.Uint16(tiff[at:]))
	for i := range entries {
		e := at + 2 + int64(i)*12
		if e+12 > int64(len(tiff)) {
			return 0
		}
		if order.Uint16(tiff[e:]) == 0x0112 {
			if turn := int(order.Uint16(tiff[e+8:])); turn >= 1 && turn <= 8 {
				return turn
			}
			return 0
		}
	}
	return 0
}

// droppedPNG are the chunks that say something about the picture instead of drawing it.
var droppedPNG = map[string]bool{"eXIf": true, "tEXt": true, "zTXt": true, "iTXt": true, "tIME": true, "dSIG": true, "caBX": true}

func cleanPNG(b []byte) []byte {
	const signature = 8
	if len(b) < signature {
		return nil
	}
	out := append(make([]byte, 0, len(b)), b[:signature]...)
	for at := signature; at+12 <= len(b); {
		length := int64(binary.BigEndian.Uint32(b[at:]))
		end := int64(at) + 12 + length
		if end > int64(len(b)) {
			return nil
		}
		kind := string(b[at+4 : at+8])
		if !droppedPNG[kind] {
			out = append(out, b[at:end]...)
		}
		if kind == "IEND" {
			return out
		}
		at = int(end)
	}
	return nil
}

// cleanGIF drops comments and every application's block but the one that repeats an animation.
func cleanGIF(b []byte) []byte {
	if len(b) < 13 {
		return nil
	}
	at := 13 + colours(b[10])
	if at > len(b) {
		return nil
	}
	out := append(make([]byte, 0, len(b)), b[:at]...)
	for at < len(b) {
		from, keep := at, true
		switch b[at] {
		case 0x3b:
			return append(out, 0x3b)
		case 0x2c:
			if at+10 > len(b) {
				return nil
			}
			at += 10 + colours(b[at+9]) + 1
		case 0x21:
			if at+3 > len(b) {
				return nil
			}
			keep = b[at+1] == 0xf9 || b[at+1] == 0xff && bytes.HasPrefix(b[at+2:], []byte("\x0bNETSCAPE2.0"))
			at += 2
		default:
			return nil
		}
		for { // blocks of at most 255 bytes, to an empty one
			if at >= len(b) {
				return nil
			}
			size := int(b[at])
			at += 1 + size
			if size == 0 {
				break
			}
		}
		if at > len(b) {
			return nil
		}
		if keep {
			out = append(out, b[from:at]...)
		}
	}
	return nil
}

// colours is how many bytes the table of colours takes that packed announces.
func colours(packed byte) int {
	if packed&0x80 == 0 {
		return 0
	}
	return 3 << (packed&7 + 1)
}

func cleanWebP(b []byte) []byte {
	if len(b) < 20 {
		return nil
	}
	size := int64(binary.LittleEndian.Uint32(b[4:])) + 8
	if size < 20 || size > int64(len(b)) {
		return nil
	}
	out := append(make([]byte, 0, size), b[:12]...)
	for at := int64(12); at+8 <= size; {
		kind := string(b[at : at+4])
		length := int64(binary.LittleEndian.Uint32(b[at+4:]))
		end := at + 8 + length + length&1
		if end > size {
			return nil
		}
		if kind != "EXIF" && kind != "XMP " {
			from := len(out)
			out = append(out, b[at:end]...)
			if kind == "VP8X" && length > 0 {
				out[from+8] &^= 0x0c // announces neither
			}
		}
		at = end
	}
	if len(out) < 20 {
		return nil // nothing but what was to be left out
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}
