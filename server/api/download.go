package api

import (
	"io"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"kenshu/storage/blob"
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
		ContentType: mediaType, Disposition: blob.Disposition(name, false), Cache: "private, no-store",
		Body: func(hc huma.Context) {
			hc.SetStatus(http.StatusOK)
			if err := write(hc.BodyWriter()); err != nil {
				a.log.LogAttrs(hc.Context(), slog.LevelWarn, "download broken off", slog.Any("error", err), slog.String("request_id", requestID(hc.Context())))
				panic(http.ErrAbortHandler)
			}
		},
	}
}

// PageInput is the part of a keyset list that is asked for.
type PageInput struct {
	After string `query:"after" maxLength:"1000" doc:"cursor from the answer before; empty for the start"`
	Limit int    `query:"limit" minimum:"0" maximum:"500" doc:"rows at most; 0 is the default of 50"`
}
