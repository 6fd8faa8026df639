package lms

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

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

// sampleCertificate is what a design is looked at with.
func sampleCertificate(language string) Certificate {
	score := 100
	c := CertificateContent{
		Name: "研修　花子", CourseTitle: "情報セキュリティ基礎", RoundTitle: "2026年度 情報セキュリティ研修", Language: language, CompletedOn: "2026-04-01", ScorePercent: &score, Number: "2026-000000",
	}
	if language == "en" {
		c.Name, c.CourseTitle, c.RoundTitle = "Hanako Kenshu", "Information security basics", "Information security training 2026"
	}
	return Certificate{Content: c}
}

// certificatePaper draws the certificate on A4 landscape.
func certificatePaper(cert Certificate, design CertificateDesign, verifyURL string) *paper.Doc {
	c := cert.Content
	words, ok := certificateText[c.Language]
	if !ok {
		words, c.Language = certificateText["ja"], "ja"
	}
	own := design.Words[c.Language]
	ink, quiet := paper.Colour{R: 34, G: 37, B: 42}, paper.Colour{R: 95, G: 92, B: 86}
	rgb, _ := parseColour(design.Colour) // a saved design has a colour that can be read
	accent := paper.Colour{R: rgb[0], G: rgb[1], B: rgb[2]}
	doc := paper.New(paper.A4Landscape, paper.Meta{Title: own.Title + " " + c.Number, Author: c.Issuer, Subject: c.CourseTitle, Created: cert.IssuedAt.Time, Language: c.Language})
	doc.Page()
	drawFrame(doc, design.Frame, accent)
	if len(design.Logo) > 0 {
		doc.Image(paper.Box{X: 20, Y: 19, W: 52, H: 20}, design.Logo)
	}
	centre := func(y float64, text string, s paper.Style) float64 {
		if text == "" {
			return y
		}
		s.Align = paper.Centre
		if s.Colour == (paper.Colour{}) {
			s.Colour = ink
		}
		return doc.Text(paper.Box{X: 35, Y: y, W: 227}, text, s)
	}
	heading := paper.Style{Size: 38, Bold: true, Leading: 1.2, Colour: accent, Fit: true}
	if c.Language != "en" && utf8.RuneCountInString(own.Title) <= 6 {
		heading.Tracking = 18 // a short heading in Japanese is set wide
	}
	centre(28, own.Title, heading)
	doc.Line(128.5, 50, 168.5, 50, paper.Pen{Width: 1, Colour: accent})
	centre(58, c.Organisation, paper.Style{Size: 13, Fit: true})
	y := centre(70, fmt.Sprintf(words.to, c.Name), paper.Style{Size: 30, Bold: true, Fit: true, Leading: 1.4})
	doc.Line(80, y+1.5, 217, y+1.5, paper.Pen{Width: 0.5, Colour: quiet})
	y = max(centre(y+8, own.Body, paper.Style{Size: 12.5}), y+14.5)
	y = centre(y+7, c.CourseTitle, paper.Style{Size: 19, Bold: true, Fit: true, Leading: 1.4})
	if design.ShowRound {
		y = centre(y+3, c.RoundTitle, paper.Style{Size: 11.5, Colour: quiet, Fit: true})
	}
	if design.ShowScore && c.ScorePercent != nil {
		centre(y+1, fmt.Sprintf(words.score, *c.ScorePercent), paper.Style{Size: 11.5, Colour: quiet})
	}
	signature(centre, c, own, words.date)
	if len(design.Seal) > 0 {
		doc.Image(paper.Box{X: 192, Y: 157, W: 24, H: 24}, design.Seal)
	}
	doc.QR(247, 159, 27, verifyURL)
	small := paper.Style{Size: 8, Colour: quiet}
	foot := 182.0
	if own.Note != "" {
		doc.Text(paper.Box{X: 22, Y: 179, W: 220}, own.Note, paper.Style{Size: 8, Colour: quiet, Fit: true})
		foot = 184
	}
	doc.Text(paper.Box{X: 22, Y: foot, W: 130}, fmt.Sprintf(words.number, c.Number), small)
	doc.Text(paper.Box{X: 22, Y: foot + 5, W: 220}, words.verify+" "+verifyURL, small)
	return doc
}

// signature writes the day, the issuer, and who signs for it.
func signature(centre func(float64, string, paper.Style) float64, c CertificateContent, own DesignWords, date string) {
	day := c.CompletedOn
	if t, err := time.ParseInLocation(time.DateOnly, c.CompletedOn, tenant.Zone); err == nil {
		day = t.Format(date)
	}
	signed := strings.TrimSpace(own.Post + "　" + own.Signatory)
	if signed == "" {
		centre(157, day, paper.Style{Size: 13})
		centre(167, c.Issuer, paper.Style{Size: 16, Bold: true, Fit: true})
		return
	}
	centre(151, day, paper.Style{Size: 13})
	centre(159, c.Issuer, paper.Style{Size: 14, Bold: true, Fit: true})
	centre(168, signed, paper.Style{Size: 14, Fit: true})
}

// drawFrame draws the border.
func drawFrame(doc *paper.Doc, frame Frame, accent paper.Colour) {
	switch frame {
	case FrameDouble:
		doc.Rect(paper.Box{X: 10, Y: 10, W: 277, H: 190}, paper.Pen{Width: 2.4, Colour: accent})
		doc.Rect(paper.Box{X: 12.4, Y: 12.4, W: 272.2, H: 185.2}, paper.Pen{Width: 0.5, Colour: accent})
		for _, at := range [][2]float64{{12.4, 12.4}, {284.6, 12.4}, {12.4, 197.6}, {284.6, 197.6}} { // a quiet mark in each corner
			doc.Fill(paper.Box{X: at[0] - 1.6, Y: at[1] - 1.6, W: 3.2, H: 3.2}, accent)
		}
	case FrameLine:
		doc.Rect(paper.Box{X: 12, Y: 12, W: 273, H: 186}, paper.Pen{Width: 1, Colour: accent})
	case FrameNone:
	}
}
