package api

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
)

// fileOutput is a download. Body writes it to the wire as it is made.
type fileOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Cache       string `header:"Cache-Control"`
	Body        func(huma.Context)
}

// download answers a file under a name, never shown in place. A failure in the middle cuts the connection, so that the browser reports a broken
// download instead of keeping half a file.
func (a *API) download(mediaType, name string, write func(w io.Writer) error) *fileOutput {
	return &fileOutput{
		ContentType: mediaType, Disposition: attachment(name), Cache: "private, no-store",
		Body: func(hc huma.Context) {
			hc.SetStatus(http.StatusOK)
			if err := write(hc.BodyWriter()); err != nil {
				a.log.LogAttrs(hc.Context(), slog.LevelWarn, "download broken off", slog.Any("error", err), slog.String("request_id", requestID(hc.Context())))
				panic(http.ErrAbortHandler)
			}
		},
	}
}

// attachment is a Content-Disposition for any name: an ASCII stand-in, and the name itself as RFC 5987 has it.
func attachment(name string) string {
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), strings.ContainsRune(`/\:*?"<>|`, r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == unicode.ReplacementChar:
			return '_'
		}
		return r
	}, name))
	ascii := strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII || r == '%' || r == '\'' || r == ';' {
			return '_'
		}
		return r
	}, name)
	var encoded strings.Builder
	for _, b := range []byte(name) {
		if b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '.' || b == '-' || b == '_' {
			encoded.WriteByte(b)
		} else {
			fmt.Fprintf(&encoded, "%%%02X", b)
		}
	}
	return fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, ascii, encoded.String())
}

// PageInput is the part of a keyset list that is asked for.
type PageInput struct {
	After string `query:"after" maxLength:"1000" doc:"cursor from the answer before; empty for the start"`
	Limit int    `query:"limit" minimum:"0" maximum:"500" doc:"rows at most; 0 is the default of 50"`
}
