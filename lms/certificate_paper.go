package lms

import (
	"fmt"
	"time"

	"kenshu/storage/paper"
	"kenshu/tenant"
)

// certificateWords are the printed words in the language of the course.
type certificateWords struct {
	title, to, body, score, number, verify, date string
}

var certificateText = map[string]certificateWords{
	"ja": {
		title: "修了証", to: "%s　殿", body: "あなたは下記の研修の全課程を修了したことを証します。", score: "理解度テスト %d点",
		number: "証明書番号 %s", verify: "この修了証は右の二次元コードから確かめられます。", date: "2006年1月2日",
	},
	"en": {
		title: "Certificate of Completion", to: "%s", body: "has completed every part of the training named below.", score: "Test score %d %%",
		number: "Certificate number %s", verify: "Scan the code to verify this certificate.", date: "2 January 2006",
	},
}

// certificatePaper draws the certificate on A4 landscape.
func certificatePaper(cert Certificate, verifyURL string) *paper.Doc {
	c := cert.Content
	words, ok := certificateText[c.Language]
	if !ok {
		words = certificateText["ja"]
	}
	tracking := 0.0
	if c.Language != "en" {
		tracking = 18
	}
	ink, accent, quiet := paper.Colour{R: 34, G: 37, B: 42}, paper.Colour{R: 22, G: 90, B: 126}, paper.Colour{R: 95, G: 92, B: 86}
	doc := paper.New(paper.A4Landscape, paper.Meta{Title: words.title + " " + c.Number, Author: c.Issuer, Subject: c.CourseTitle, Created: cert.IssuedAt.Time, Language: c.Language})
	doc.Page()
	doc.Rect(paper.Box{X: 10, Y: 10, W: 277, H: 190}, paper.Pen{Width: 2.4, Colour: accent})
	doc.Rect(paper.Box{X: 12.4, Y: 12.4, W: 272.2, H: 185.2}, paper.Pen{Width: 0.5, Colour: accent})
	for _, at := range [][2]float64{{12.4, 12.4}, {284.6, 12.4}, {12.4, 197.6}, {284.6, 197.6}} { // a quiet mark in each corner
		doc.Fill(paper.Box{X: at[0] - 1.6, Y: at[1] - 1.6, W: 3.2, H: 3.2}, accent)
	}
	centre := func(y float64, text string, s paper.Style) float64 {
		s.Align = paper.Centre
		if s.Colour == (paper.Colour{}) {
			s.Colour = ink
		}
		return doc.Text(paper.Box{X: 35, Y: y, W: 227}, text, s)
	}
	centre(28, words.title, paper.Style{Size: 38, Bold: true, Tracking: tracking, Leading: 1.2, Colour: accent})
	doc.Line(128.5, 50, 168.5, 50, paper.Pen{Width: 1, Colour: accent})
	centre(58, c.Organisation, paper.Style{Size: 13, Fit: true})
	y := centre(70, fmt.Sprintf(words.to, c.Name), paper.Style{Size: 30, Bold: true, Fit: true, Leading: 1.4})
	doc.Line(80, y+1.5, 217, y+1.5, paper.Pen{Width: 0.5, Colour: quiet})
	centre(y+8, words.body, paper.Style{Size: 12.5})
	y = centre(y+22, c.CourseTitle, paper.Style{Size: 19, Bold: true, Fit: true, Leading: 1.4})
	y = centre(y+3, c.RoundTitle, paper.Style{Size: 11.5, Colour: quiet, Fit: true})
	if c.ScorePercent != nil {
		centre(y+1, fmt.Sprintf(words.score, *c.ScorePercent), paper.Style{Size: 11.5, Colour: quiet})
	}
	day := c.CompletedOn
	if t, err := time.ParseInLocation(time.DateOnly, c.CompletedOn, tenant.Zone); err == nil {
		day = t.Format(words.date)
	}
	centre(157, day, paper.Style{Size: 13})
	centre(167, c.Issuer, paper.Style{Size: 16, Bold: true, Fit: true})
	doc.QR(247, 159, 27, verifyURL)
	small := paper.Style{Size: 8, Colour: quiet}
	doc.Text(paper.Box{X: 22, Y: 182, W: 130}, fmt.Sprintf(words.number, c.Number), small)
	doc.Text(paper.Box{X: 22, Y: 187, W: 220}, words.verify+" "+verifyURL, small)
	return doc
}
