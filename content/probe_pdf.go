package content

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strconv"
)

const (
	maxPages       = 5000
	maxInflated    = 64 << 20 // of all object streams together
	maxPDFInspects = 20_000   // streams looked at
)

var (
	pdfPage   = regexp.MustCompile(`/Type\s*/Page[^s\w]`)
	pdfPages  = regexp.MustCompile(`/Type\s*/Pages\b`)
	pdfCount  = regexp.MustCompile(`/Count\s+(\d{1,6})\b`)
	pdfStream = regexp.MustCompile(`(?:[^d])stream\r?\n`)
	pdfSecret = regexp.MustCompile(`/Encrypt\s+(\d+\s+\d+\s+R|<<)`)
)

// countPages finds how many pages a PDF has, by its page tree or else by its page objects, also where they stand in compressed object streams
// (PDF 1.5). A PDF that needs a password is refused.
func countPages(data []byte) (int, error) {
	count, pages, budget := 0, 0, int64(maxInflated)
	look := func(objects []byte) {
		pages += len(pdfPage.FindAllIndex(objects, -1))
		for _, at := range pdfPages.FindAllIndex(objects, -1) {
			for _, m := range pdfCount.FindAllSubmatch(dictionaryAround(objects, at[0]), -1) {
				if n, err := strconv.Atoi(string(m[1])); err == nil {
					count = max(count, n)
				}
			}
		}
	}
	encrypted := false
	outside := 0
	for range maxPDFInspects {
		at := pdfStream.FindIndex(data[outside:])
		if at == nil {
			break
		}
		plainPart := data[outside : outside+at[0]+1]
		encrypted = encrypted || pdfSecret.Match(plainPart)
		look(plainPart)
		body := data[outside+at[1]:]
		end := bytes.Index(body, []byte("endstream"))
		if end < 0 {
			return 0, refused("pdf_cut_short")
		}
		dict := dictionaryBefore(plainPart)
		switch {
		case bytes.Contains(dict, []byte("/ObjStm")) && budget > 0:
			objects := inflate(body[:end], budget)
			budget -= int64(len(objects))
			look(objects)
		case bytes.Contains(dict, []byte("/XRef")):
			encrypted = encrypted || pdfSecret.Match(dict)
		}
		outside += at[1] + end + len("endstream")
	}
	encrypted = encrypted || pdfSecret.Match(data[outside:])
	look(data[outside:])
	if count == 0 {
		count = pages
	}
	switch {
	case encrypted:
		return 0, refused("pdf_encrypted")
	case !bytes.Contains(data[max(0, len(data)-2048):], []byte("%%EOF")):
		return 0, refused("pdf_cut_short")
	case count == 0:
		return 0, refused("pdf_damaged")
	case count > maxPages:
		return 0, refused("pdf_too_many_pages")
	}
	return count, nil
}

// dictionaryAround gives the text from the "<<" before at to the ">>" that closes it.
func dictionaryAround(b []byte, at int) []byte {
	start := bytes.LastIndex(b[:at], []byte("<<"))
	if start < 0 {
		start = at
	}
	depth := 0
	for i := start; i+1 < len(b) && i < start+1<<20; i++ {
		switch {
		case b[i] == '<' && b[i+1] == '<':
			depth++
			i++
		case b[i] == '>' && b[i+1] == '>':
			depth--
			i++
			if depth == 0 {
				return b[start:min(i+1, len(b))]
			}
		}
	}
	return b[start:]
}

// dictionaryBefore gives what stands before "stream" since the object began.
func dictionaryBefore(b []byte) []byte {
	return b[max(0, bytes.LastIndex(b, []byte(" obj"))):]
}

func inflate(b []byte, limit int64) []byte {
	z, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil
	}
	out, _ := io.ReadAll(io.LimitReader(z, limit)) // a damaged end still leaves the beginning
	return out
}
