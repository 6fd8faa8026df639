package content

import (
	"bytes"
	"strings"
)

// mp4Brands are the ISO base media brands that browsers play as MP4; "qt  " (QuickTime) is not among them.
var mp4Brands = map[string]bool{
	"isom": true, "iso2": true, "iso3": true, "iso4": true, "iso5": true, "iso6": true, "iso7": true, "iso8": true, "iso9": true, "mp41": true, "mp42": true,
	"avc1": true, "M4V ": true, "M4VH": true, "M4VP": true, "MSNV": true, "dash": true, "cmfc": true, "f4v ": true, "mmp4": true,
}

// sniff decides by the first bytes what a file is and refuses everything that is not of the kind it was uploaded as. Neither the name nor
// what the browser says counts.
func sniff(kind AssetKind, head []byte) (string, error) {
	switch kind {
	case AssetVideo:
		if len(head) < 12 || string(head[4:8]) != "ftyp" || !isMP4(head) {
			return "", refused("file_not_video")
		}
		return "video/mp4", nil
	case AssetAudio:
		return sniffAudio(head)
	case AssetPDF:
		if !bytes.HasPrefix(bytes.TrimLeft(head[:min(len(head), 1024)], "\x00\t\n\f\r \xef\xbb\xbf"), []byte("%PDF-")) {
			return "", refused("file_not_pdf")
		}
		return "application/pdf", nil
	case AssetImage:
		return sniffImage(head)
	case AssetCaptions:
		if bytes.IndexByte(head, 0) >= 0 || looksLikeMarkup(head) {
			return "", refused("file_not_captions")
		}
		return "text/vtt", nil
	case AssetPackage:
		if !bytes.HasPrefix(head, []byte("PK\x03\x04")) {
			return "", refused("package_not_zip")
		}
		return "application/zip", nil
	case AssetMoodle:
		if !bytes.HasPrefix(head, []byte("\x1f\x8b")) && !bytes.HasPrefix(head, []byte("PK\x03\x04")) {
			return "", refused("moodle_not_backup")
		}
		return "application/vnd.moodle.backup", nil
	}
	return "", refused("file_unusable")
}

// isMP4 looks at the major brand and the compatible ones.
func isMP4(head []byte) bool {
	end := min(int(head[2])<<8|int(head[3]), len(head))
	for at := 8; at+4 <= end; at += 4 {
		if at != 12 && mp4Brands[string(head[at:at+4])] { // 12 is the minor version
			return true
		}
	}
	return false
}

func sniffImage(head []byte) (string, error) {
	for prefix, mediaType := range map[string]string{"\x89PNG\r\n\x1a\n": "image/png", "\xff\xd8\xff": "image/jpeg", "GIF87a": "image/gif", "GIF89a": "image/gif"} {
		if bytes.HasPrefix(head, []byte(prefix)) {
			return mediaType, nil
		}
	}
	if len(head) >= 16 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP" {
		return "image/webp", nil
	}
	return "", refused("file_not_image")
}

func looksLikeMarkup(head []byte) bool {
	text := strings.ToLower(strings.TrimSpace(string(head[:min(len(head), 256)])))
	return strings.HasPrefix(text, "<")
}
