package content

import (
	"slices"
	"strings"

	nethtml "golang.org/x/net/html"
)

// Limits of the tree of one rich text.
const (
	maxMoodleNodes = 200_000
	maxMoodleNest  = 2 * maxMoodleDepth // elements open at once; what stands deeper lies flat in the last of them
)

// moodleTree is the tree of a rich text. It grows with the text and no faster. The tree that browsers agree on does not: whatever was left open is opened again in every
// paragraph, so that twelve kilobytes become 150 megabytes (the parser of golang.org/x/net builds that one, without a limit).
type moodleTree struct {
	open  []*nethtml.Node // the root first
	nodes int
}

// Elements whose start or end closes others that were left open.
var (
	treeVoid   = []string{"area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"}
	treeBlocks = []string{
		"address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
		"header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "ul",
	}
	treeCells  = []string{"td", "th", "caption"}
	treeGroups = []string{"thead", "tbody", "tfoot"}
	treeTable  = []string{"table", "tr", "thead", "tbody", "tfoot"} // hold other parts of the table, no words

	treeEdges = slices.Concat(treeCells, treeTable) // what closes outside stays open
	listEdges = append([]string{"ul", "ol"}, treeEdges...)
	termEdges = append([]string{"dl"}, treeEdges...)
	rowEdges  = []string{"table", "tr"}
	tableEdge = []string{"table"}
	rubyEdges = []string{"ruby"}
)

// readMoodleTree reads a rich text. It returns nil when that has more elements than any page.
func readMoodleTree(text string) *nethtml.Node {
	root := &nethtml.Node{Type: nethtml.ElementNode, Data: "div"}
	t := &moodleTree{open: []*nethtml.Node{root}}
	z := nethtml.NewTokenizer(strings.NewReader(text))
	for z.Next() != nethtml.ErrorToken {
		switch token := z.Token(); token.Type {
		case nethtml.TextToken:
			t.text(token.Data)
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			t.start(token)
		case nethtml.EndTagToken:
			t.end(token.Data)
		}
		if t.nodes > maxMoodleNodes {
			return nil
		}
	}
	return root
}

func (t *moodleTree) top() *nethtml.Node { return t.open[len(t.open)-1] }

func (t *moodleTree) add(n *nethtml.Node) {
	t.nodes++
	t.top().AppendChild(n)
}

func (t *moodleTree) push(name string, attrs []nethtml.Attribute) {
	n := &nethtml.Node{Type: nethtml.ElementNode, Data: name, Attr: attrs}
	t.add(n)
	if len(t.open) <= maxMoodleNest {
		t.open = append(t.open, n)
	}
}

// shut closes the innermost open element of names with all that stands open in it, unless one of barriers stands between.
func (t *moodleTree) shut(barriers []string, names ...string) {
	for i := len(t.open) - 1; i > 0; i-- {
		switch name := t.open[i].Data; {
		case slices.Contains(names, name):
			t.open = t.open[:i]
			return
		case slices.Contains(barriers, name):
			return
		}
	}
}

// undraw closes drawings and formulas that were left open: what is of a page stands in none.
func (t *moodleTree) undraw() {
	drawing := func(n *nethtml.Node) bool { return n.Data == "svg" || n.Data == "math" }
	if i := slices.IndexFunc(t.open, drawing); i > 0 {
		t.open = t.open[:i]
	}
}

func (t *moodleTree) inTable() bool {
	return slices.ContainsFunc(t.open, func(n *nethtml.Node) bool { return n.Data == "table" })
}

// cell opens a cell for what stands between the parts of a table.
func (t *moodleTree) cell() {
	if slices.Contains(treeTable, t.top().Data) {
		t.part("td", nil)
	}
}

func (t *moodleTree) text(s string) {
	if strings.TrimSpace(s) == "" && slices.Contains(treeTable, t.top().Data) {
		return
	}
	t.cell()
	t.add(&nethtml.Node{Type: nethtml.TextNode, Data: s})
}

func (t *moodleTree) start(token nethtml.Token) {
	name := token.Data
	switch {
	case name == "html" || name == "head" || name == "body" || name == "col" || name == "colgroup":
		return
	case name == "image":
		name = "img"
	case slices.Contains(treeCells, name), slices.Contains(treeGroups, name), name == "tr":
		if t.inTable() {
			t.part(name, token.Attr)
		}
		return
	}
	if slices.Contains(treeBlocks, name) || slices.Contains(keptInline, name) || name == "span" || name == "img" || name == "br" {
		t.undraw()
	}
	if slices.Contains(treeBlocks, name) {
		t.shut(treeEdges, "p")
	}
	switch name {
	case "li":
		t.shut(listEdges, "li")
	case "dd", "dt":
		t.shut(termEdges, "dd", "dt")
	case "rt", "rp":
		t.shut(rubyEdges, "rt", "rp")
	case "a":
		t.shut(treeEdges, "a")
	}
	t.cell()
	if slices.Contains(treeVoid, name) || token.Type == nethtml.SelfClosingTagToken && (name == "svg" || name == "math") {
		t.add(&nethtml.Node{Type: nethtml.ElementNode, Data: name, Attr: token.Attr})
		return
	}
	t.push(name, token.Attr)
}

// part opens a part of the innermost table, and the parts that it has to stand in.
func (t *moodleTree) part(name string, attrs []nethtml.Attribute) {
	switch name {
	case "td", "th":
		t.shut(rowEdges, treeCells...)
		if t.top().Data != "tr" {
			t.part("tr", nil)
		}
	case "tr":
		t.shut(tableEdge, "tr", "caption")
		if t.top().Data == "table" {
			t.push("tbody", nil)
		}
	default:
		t.shut(tableEdge, append([]string{"caption"}, treeGroups...)...)
	}
	t.push(name, attrs)
}

func (t *moodleTree) end(name string) {
	if name == "p" {
		t.undraw()
	}
	switch {
	case name == "table":
		t.shut(nil, name)
	case slices.Contains(treeCells, name), slices.Contains(treeGroups, name), name == "tr":
		t.shut(tableEdge, name)
	default:
		t.shut(treeEdges, name)
	}
}
