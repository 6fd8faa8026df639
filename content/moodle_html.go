package content

import (
	"html"
	"net/url"
	"slices"
	"strings"

	nethtml "golang.org/x/net/html"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// maxMoodleDepth is how deep elements may stand in each other; below it only the words are kept.
const maxMoodleDepth = 100

// moodleRichText turns Moodle's rich text into that of a page: the elements a page knows, blocks that follow each other, pictures as files of ours. What runs, styles or
// reaches outside by itself goes, and CleanHTML has the last word.
type moodleRichText struct {
	picture func(name string) (db.ID, bool) // the file of ours behind a file's name; false: there is none
	linked  func(name string)               // a file that the text plays or links to
	notes   map[string]bool                 // keys of what was left out

	out    strings.Builder
	inline strings.Builder // what stands in the paragraph under way
	words  bool            // … and whether that says anything
	open   []inlineElement // the elements of it that are not closed
	again  int             // bytes that may still be spent on opening them again in the next paragraph
}

// inlineElement is an element among words.
type inlineElement struct{ start, end string }

const pluginFile = "@@PLUGINFILE@@"

// convert gives the page for a text in one of Moodle's formats.
func (m *moodleRichText) convert(text, format string) string {
	text = given(text)
	switch format {
	case "2", "4": // plain text; Markdown is read as what it looks like
		var b strings.Builder
		for part := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
			if part = strings.TrimSpace(part); part != "" {
				b.WriteString("<p>" + htmlOf(part) + "</p>")
			}
		}
		return CleanHTML(b.String())
	}
	root := readMoodleTree(text)
	if root == nil { // longer than every page: its words
		return CleanHTML("<p>" + htmlOf(plainOf(text)) + "</p>")
	}
	m.out.Reset()
	m.inline.Reset()
	m.words, m.open, m.again = false, nil, 4*len(text)+10_000
	m.children(root, -1)
	m.flush()
	return CleanHTML(m.out.String())
}

// take gives what stands in the paragraph under way, whole, and begins another in which the same elements are open.
func (m *moodleRichText) take() string {
	for _, e := range slices.Backward(m.open) {
		m.inline.WriteString(e.end)
	}
	paragraph := strings.TrimSpace(m.inline.String())
	m.inline.Reset()
	m.words = false
	for i, e := range m.open {
		if m.again -= len(e.start); m.again < 0 { // a text made of elements left open: its words stay, its look does not
			m.open[i] = inlineElement{}
			continue
		}
		m.inline.WriteString(e.start)
	}
	return paragraph
}

// flush ends the paragraph under way.
func (m *moodleRichText) flush() {
	if m.words {
		paragraph := m.take()
		m.out.WriteString("<p>" + paragraph + "</p>")
	}
}

func (m *moodleRichText) text(s string) {
	m.inline.WriteString(html.EscapeString(s))
	m.words = m.words || strings.TrimSpace(s) != ""
}

// kept are elements that stay what they are.
var (
	keptInline = []string{"strong", "b", "em", "i", "u", "s", "sub", "sup", "ruby", "rt", "rp"}
	keptBlocks = map[string]string{"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4", "ul": "ul", "ol": "ol", "li": "li", "blockquote": "blockquote",
		"table": "table", "thead": "thead", "tbody": "tbody", "tfoot": "tbody", "tr": "tr", "th": "th", "td": "td", "caption": "caption"}
	gone = []string{"script", "style", "head", "title", "noscript", "template", "svg", "math", "textarea", "select", "button", "input", "form", "link", "meta", "base"}
	// frames hold something of elsewhere; a link to it stays.
	frames = []string{"iframe", "object", "embed", "frame"}
	media  = []string{"video", "audio", "source", "track"}
)

// block writes a node where blocks stand.
func (m *moodleRichText) block(n *nethtml.Node, depth int) {
	name := n.Data
	switch {
	case m.out.Len()+m.inline.Len() > 2*MaxBody: // no lesson holds that much: it will be refused
		return
	case n.Type == nethtml.TextNode:
		m.text(n.Data)
		return
	case n.Type != nethtml.ElementNode || slices.Contains(gone, name):
		return
	case depth > maxMoodleDepth:
		m.text(wordsOf(n))
		return
	}
	switch tag := keptBlocks[name]; {
	case tag != "":
		m.flush()
		m.kept(n, tag, depth)
	case name == "img":
		m.flush()
		m.image(n)
	case name == "hr":
		m.flush()
		m.out.WriteString("<hr>")
	case name == "br":
		m.inline.WriteString("<br>")
	case slices.Contains(frames, name):
		m.flush()
		m.frame(n)
	case slices.Contains(media, name):
		m.play(n, depth)
	case name == "a":
		m.anchor(n, depth)
	case slices.Contains(keptInline, name), name == "del", name == "strike":
		if name == "del" || name == "strike" {
			name = "s"
		}
		m.wrapped(n, inlineElement{"<" + name + ">", "</" + name + ">"}, depth)
	case name == "span" || name == "font" || name == "label" || name == "small" || name == "big" || name == "abbr" || name == "code" || name == "cite" || name == "q" || name == "time":
		m.children(n, depth)
	default: // p, div, section … : what stands in it is a block of its own
		m.flush()
		m.children(n, depth)
		m.flush()
	}
}

func (m *moodleRichText) children(n *nethtml.Node, depth int) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		m.block(c, depth+1)
	}
}

// kept writes an element that a page knows. Cells, items and headings hold words directly; where blocks stand among them, paragraphs.
func (m *moodleRichText) kept(n *nethtml.Node, tag string, depth int) {
	m.out.WriteString("<" + tag)
	for _, a := range n.Attr {
		if a.Key == "colspan" || a.Key == "rowspan" || a.Key == "scope" {
			m.out.WriteString(" " + a.Key + `="` + html.EscapeString(a.Val) + `"`)
		}
	}
	m.out.WriteString(">")
	m.children(n, depth)
	switch tag {
	case "h2", "h3", "h4", "th", "caption":
		m.out.WriteString(m.take())
	default:
		m.flush()
	}
	m.out.WriteString("</" + tag + ">")
}

// wrapped writes an element among words. A block or picture in it ends the paragraph; the element goes on behind it.
func (m *moodleRichText) wrapped(n *nethtml.Node, e inlineElement, depth int) {
	m.inline.WriteString(e.start)
	m.open = append(m.open, e)
	m.children(n, depth)
	last := len(m.open) - 1
	m.inline.WriteString(m.open[last].end)
	m.open = m.open[:last]
}

func attr(n *nethtml.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// ownFile gives the name of a file of the backup that an address means.
func ownFile(address string) (string, bool) {
	rest, is := strings.CutPrefix(address, pluginFile)
	if !is {
		return "", false
	}
	rest, _, _ = strings.Cut(rest, "?")
	if plainName, err := url.PathUnescape(rest); err == nil {
		rest = plainName
	}
	return rest, true
}

func (m *moodleRichText) image(n *nethtml.Node) {
	name, own := ownFile(attr(n, "src"))
	if !own {
		m.notes["moodle_picture_elsewhere"] = true
		return
	}
	id, ok := m.picture(name)
	if !ok {
		m.notes["moodle_picture_missing"] = true
		return
	}
	alt := tenant.Tidy(attr(n, "alt"))
	if alt == "" {
		m.notes["moodle_alt"] = true
	}
	m.out.WriteString(`<img data-asset="` + id.String() + `" alt="` + html.EscapeString(alt) + `">`)
}

// frame leaves a link to what was shown from elsewhere.
func (m *moodleRichText) frame(n *nethtml.Node) {
	address := attr(n, "src")
	if address == "" {
		address = attr(n, "data")
	}
	if name, own := ownFile(address); own {
		m.linked(name)
		return
	}
	m.notes["moodle_frame"] = true
	if strings.HasPrefix(address, "//") {
		address = "https:" + address
	}
	if webAddress(address) {
		m.out.WriteString(`<p><a href="` + html.EscapeString(address) + `">` + html.EscapeString(address) + `</a></p>`)
	}
}

// play takes up a file that the text plays; its words are for browsers that cannot.
func (m *moodleRichText) play(n *nethtml.Node, depth int) {
	if n.Data != "track" {
		if name, own := ownFile(attr(n, "src")); own {
			m.linked(name)
		} else if attr(n, "src") != "" {
			m.notes["moodle_frame"] = true
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == nethtml.ElementNode && (slices.Contains(media, c.Data) || c.Data == "a") && depth < maxMoodleDepth {
			m.play(c, depth+1)
		}
	}
	if n.Data == "a" {
		if name, own := ownFile(attr(n, "href")); own {
			m.linked(name)
		}
	}
}

// anchor keeps links to the web and to addresses of mail. One to a file of the backup becomes its words, and the file a lesson; one to another page of Moodle its words.
func (m *moodleRichText) anchor(n *nethtml.Node, depth int) {
	href := attr(n, "href")
	if name, own := ownFile(href); own {
		m.linked(name)
		m.children(n, depth)
		return
	}
	if len(href) > 2000 || !webAddress(href) && !strings.HasPrefix(href, "mailto:") {
		if href != "" && !strings.HasPrefix(href, "#") {
			m.notes["moodle_link_inside"] = true
		}
		m.children(n, depth)
		return
	}
	m.wrapped(n, inlineElement{`<a href="` + html.EscapeString(href) + `">`, "</a>"}, depth)
}

func webAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// wordsOf gives the words of a node, however deep.
func wordsOf(n *nethtml.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == nethtml.TextNode && (d.Parent == nil || !slices.Contains(gone, d.Parent.Data)) {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// firstWords is a title for a text that has none.
func firstWords(page string) string {
	first, _, _ := strings.Cut(plainOf(page), "\n")
	return tenant.Clip(tenant.Tidy(first), 40)
}
