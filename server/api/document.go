package api

import (
	"io"
	"strings"
	"time"

	"kenshu/storage/sheet"
	"kenshu/tenant"
)

// sheetFile streams tables as CSV or XLSX; a CSV holds the first only. The name gets the day and the format's ending.
func (a *API) sheetFile(name string, format sheet.Format, tables ...sheet.Table) *fileOutput {
	if format != sheet.XLSX {
		tables = tables[:1]
	}
	return a.download(format.MediaType(), dayName(name)+format.Extension(), func(w io.Writer) error {
		_, err := sheet.Write(w, format, tables...)
		return err
	})
}

// paperFile streams a drawn document as PDF.
func (a *API) paperFile(name string, doc io.WriterTo) *fileOutput {
	return a.download("application/pdf", dayName(name)+".pdf", func(w io.Writer) error {
		_, err := doc.WriteTo(w)
		return err
	})
}

// dayName adds today to a file's name, by which people tell their downloads apart.
func dayName(name string) string {
	return name + "_" + strings.ReplaceAll(tenant.Day(time.Now()), "-", "")
}

// Spoken is the language in which a document is to be written, as the page sends it with every request.
type Spoken struct {
	AcceptLanguage string `header:"Accept-Language" maxLength:"200" doc:"language of documents: en, else Japanese"`
}

func (s Spoken) language() string {
	if strings.HasPrefix(strings.ToLower(s.AcceptLanguage), "en") {
		return "en"
	}
	return "ja"
}

// inLanguage chooses the Japanese or the English words.
func (s Spoken) inLanguage(ja, en string) string {
	if s.language() == "en" {
		return en
	}
	return ja
}
