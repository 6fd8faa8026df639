package content

import (
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	nethtml "golang.org/x/net/html"

	"kenshu/storage/db"
)

// richText is everything a page lesson may contain. Nothing in it can run, name an element, or reach outside by itself.
var richText = richTextPolicy()

func richTextPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("h2", "h3", "h4", "p", "br", "hr", "ul", "ol", "li", "blockquote", "strong", "b", "em", "i", "u", "s", "sub", "sup",
		"ruby", "rt", "rp", "table", "thead", "tbody", "tr", "th", "td", "caption", "aside", "figure", "figcaption")
	p.AllowAttrs("colspan", "rowspan").Matching(regexp.MustCompile(`^[1-9][0-9]?$`)).OnElements("td", "th")
	p.AllowAttrs("scope").Matching(regexp.MustCompile(`^(row|col)$`)).OnElements("th")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("mailto")
	for _, scheme := range []string{"http", "https"} { // a browser takes https:path for a path of this page
		p.AllowURLSchemeWithCustomPolicy(scheme, func(u *url.URL) bool { return u.Host != "" })
	}
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.RequireNoReferrerOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	file := regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	p.AllowAttrs("data-asset").Matching(file).OnElements("img", "figure")
	p.AllowAttrs("data-captions").Matching(file).OnElements("figure")
	p.AllowAttrs("data-media").Matching(regexp.MustCompile(`^(video|audio|pdf)$`)).OnElements("figure")
	p.AllowAttrs("data-kind").Matching(regexp.MustCompile(`^(note|warning)$`)).OnElements("aside")
	p.AllowAttrs("alt").OnElements("img")
	return p
}

// CleanHTML gives the part of s that a page lesson may contain. Cleaning twice changes nothing more.
func CleanHTML(s string) string {
	s = plain(s)
	for range 5 {
		clean := plain(richText.Sanitize(s))
		if clean == s {
			return s
		}
		s = clean
	}
	return html.EscapeString(textOf(s)) // input made to be read differently each time keeps its words only
}

type picture struct {
	asset db.ID
	alt   string
}

// imagesOf lists the pictures of clean rich text.
func imagesOf(s string) []picture {
	out := []picture{}
	walk(s, func(t token) {
		if t.Data != "img" || (t.Type != nethtml.StartTagToken && t.Type != nethtml.SelfClosingTagToken) {
			return
		}
		var img picture
		for _, a := range t.Attr {
			switch a.Key {
			case "data-asset":
				if id, err := db.ParseID(a.Val); err == nil {
					img.asset = id
				}
			case "alt":
				img.alt = a.Val
			}
		}
		out = append(out, img)
	})
	return out
}

// embed is a film, a recording or a PDF within a page: <figure data-media="video" data-asset="UUID" data-captions="UUID"><figcaption>words</figcaption></figure>.
type embed struct {
	media    AssetKind // video, audio or pdf
	asset    db.ID
	captions db.ID // zero: none
	words    string
}

// embedsOf lists the films, recordings and PDFs of clean rich text. A figure that says not what it is holds words only.
func embedsOf(s string) []embed {
	out := []embed{}
	inside := false
	walk(s, func(t token) {
		switch {
		case (t.Type == nethtml.StartTagToken || t.Type == nethtml.SelfClosingTagToken) && t.Data == "figure": // a browser reads <figure/> as one that is open
			e := newEmbed(t)
			if inside = e.media != ""; inside {
				out = append(out, e)
			}
		case t.Type == nethtml.EndTagToken && t.Data == "figure":
			inside = false
		case t.Type == nethtml.TextToken && inside:
			out[len(out)-1].words += t.Data
		}
	})
	return out
}

func newEmbed(t token) embed {
	var e embed
	for _, a := range t.Attr {
		id, err := db.ParseID(a.Val)
		switch {
		case a.Key == "data-media":
			e.media = AssetKind(a.Val)
		case a.Key == "data-asset" && err == nil:
			e.asset = id
		case a.Key == "data-captions" && err == nil:
			e.captions = id
		}
	}
	return e
}

// hasContent tells whether a reader would see anything.
func hasContent(s string) bool {
	return strings.TrimSpace(textOf(s)) != "" || len(imagesOf(s)) > 0 || len(embedsOf(s)) > 0
}

func textOf(s string) string {
	var b strings.Builder
	walk(s, func(t token) {
		if t.Type == nethtml.TextToken {
			b.WriteString(t.Data)
		}
	})
	return b.String()
}

type token = nethtml.Token

func walk(s string, visit func(token)) {
	z := nethtml.NewTokenizer(strings.NewReader(s))
	for z.Next() != nethtml.ErrorToken {
		visit(z.Token())
	}
}

// textLength counts the characters of rich text without its tags.
func textLength(s string) int {
	n := 0
	walk(s, func(t token) {
		if t.Type == nethtml.TextToken {
			n += utf8.RuneCountInString(strings.TrimSpace(t.Data))
		}
	})
	return n
}
