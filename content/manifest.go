package content

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"

	"kenshu/tenant"
)

// The standards a package may follow.
const (
	StandardSCORM12   = "scorm_1.2"
	StandardSCORM2004 = "scorm_2004"
)

// Limits of a manifest.
const (
	ManifestName     = "imsmanifest.xml"
	maxManifest      = 5 << 20 // bytes
	maxManifestDepth = 60      // of nested elements
	maxActivities    = 2000
	maxActivityID    = 255
	maxLaunchData    = 64_000 // characters handed to an activity
)

// Manifest is what a player needs of a package's imsmanifest.xml.
type Manifest struct {
	Standard string   `json:"standard" doc:"scorm_1.2 or scorm_2004"`
	Version  string   `json:"version" doc:"of the standard, as the package writes it"`
	Title    string   `json:"title" doc:"of the package"`
	Root     Activity `json:"root" doc:"the organisation that holds all activities"`
	Shared   bool     `json:"shared_objectives" doc:"objectives are shared with other packages of the person"`
	Skipped  int      `json:"skipped" doc:"files of kinds that lessons cannot open, left out"`
}

// Activity is an item of the package: something to open, or a group of such.
type Activity struct {
	ID            string         `json:"id" doc:"its identifier in the package"`
	Title         string         `json:"title" doc:"as the package names it"`
	Launch        string         `json:"launch,omitempty" doc:"path inside the package with its parameters; absent for a group"`
	SCO           bool           `json:"sco,omitempty" doc:"it reports by itself; otherwise opening it is all there is"`
	Unsaid        bool           `json:"unsaid,omitempty" doc:"the manifest does not say whether it reports: when it stays silent, opening it is all there is"`
	Visible       bool           `json:"visible" doc:"the learner sees it in the contents"`
	MasteryScore  string         `json:"mastery_score,omitempty" doc:"SCORM 1.2: the score from which it is passed"`
	MaxTime       string         `json:"max_time,omitempty" doc:"SCORM 1.2: the time allowed, HHHH:MM:SS"`
	TimeLimit     string         `json:"time_limit_action,omitempty" doc:"what the activity does when the time is over"`
	Data          string         `json:"data,omitempty" doc:"handed to the activity when it starts"`
	Prerequisites string         `json:"prerequisites,omitempty" doc:"SCORM 1.2: what must come before, as written"`
	Sequencing    map[string]any `json:"sequencing,omitempty" doc:"SCORM 2004: rules in the shape the player takes"`
	Children      []Activity     `json:"children,omitempty" doc:"the activities below"`
}

// Needed lists the activities that must be done: everything that can be opened and is not hidden from the learner, unless all is hidden.
func (m Manifest) Needed() []string {
	visible, all := []string{}, []string{}
	var walk func(a Activity, shown bool)
	walk = func(a Activity, shown bool) {
		shown = shown && a.Visible
		if a.Launch != "" {
			all = append(all, a.ID)
			if shown {
				visible = append(visible, a.ID)
			}
		}
		for _, c := range a.Children {
			walk(c, shown)
		}
	}
	walk(m.Root, true)
	if len(visible) == 0 {
		return all
	}
	return visible
}

type xmlManifest struct {
	XMLName  xml.Name   `xml:"manifest"`
	Base     string     `xml:"http://www.w3.org/XML/1998/namespace base,attr"`
	Attrs    []xml.Attr `xml:",any,attr"`
	Metadata struct {
		Schema  string `xml:"schema"`
		Version string `xml:"schemaversion"`
	} `xml:"metadata"`
	Organizations struct {
		Default string            `xml:"default,attr"`
		List    []xmlOrganization `xml:"organization"`
	} `xml:"organizations"`
	Resources struct {
		Base string        `xml:"http://www.w3.org/XML/1998/namespace base,attr"`
		List []xmlResource `xml:"resource"`
	} `xml:"resources"`
	Collections []xmlSequencing `xml:"sequencingCollection>sequencing"`
}

type xmlOrganization struct {
	ID         string         `xml:"identifier,attr"`
	Shared     string         `xml:"objectivesGlobalToSystem,attr"`
	Title      string         `xml:"title"`
	Items      []xmlItem      `xml:"item"`
	Sequencing *xmlSequencing `xml:"sequencing"`
	Completion *xmlCompletion `xml:"completionThreshold"`
}

type xmlItem struct {
	ID            string         `xml:"identifier,attr"`
	Ref           string         `xml:"identifierref,attr"`
	Visible       string         `xml:"isvisible,attr"`
	Parameters    string         `xml:"parameters,attr"`
	Title         string         `xml:"title"`
	Items         []xmlItem      `xml:"item"`
	MasteryScore  string         `xml:"masteryscore"`
	MaxTime       string         `xml:"maxtimeallowed"`
	TimeLimit12   string         `xml:"timelimitaction"`
	TimeLimit     string         `xml:"timeLimitAction"`
	Data12        string         `xml:"datafromlms"`
	Data          string         `xml:"dataFromLMS"`
	Prerequisites string         `xml:"prerequisites"`
	Completion    *xmlCompletion `xml:"completionThreshold"`
	SharedData    []xmlSharedMap `xml:"data>map"`
	HideUI        []string       `xml:"presentation>navigationInterface>hideLMSUI"`
	Sequencing    *xmlSequencing `xml:"sequencing"`
}

type xmlResource struct {
	ID    string     `xml:"identifier,attr"`
	Href  string     `xml:"href,attr"`
	Base  string     `xml:"http://www.w3.org/XML/1998/namespace base,attr"`
	Attrs []xml.Attr `xml:",any,attr"`
}

// reports tells whether a resource speaks with its player. The name of the attribute is written in every mixture of cases, and by some tools not at all: what says
// nothing of itself (unsaid) is given the interface, so that what it reports is not lost.
func (r xmlResource) reports() (sco, unsaid bool) {
	for _, a := range r.Attrs {
		if strings.EqualFold(a.Name.Local, "scormtype") {
			return strings.EqualFold(strings.TrimSpace(a.Value), "sco"), false
		}
	}
	return true, true
}

// ReadManifest reads an imsmanifest.xml. has tells whether the package holds a file (by its path as written; case does not matter). What is wrong is a problem whose
// key is the page's sentence. Documents with a DTD are refused, so that nothing can be expanded or fetched.
func ReadManifest(raw []byte, has func(name string) bool) (Manifest, error) {
	if len(raw) > maxManifest {
		return Manifest{}, refused("package_manifest_large")
	}
	if err := checkXML(raw); err != nil {
		return Manifest{}, err
	}
	var doc xmlManifest
	if err := newXML(raw).Decode(&doc); err != nil {
		return Manifest{}, refused("package_manifest_broken")
	}
	m := Manifest{Standard: doc.standard(), Version: tenant.Clip(tenant.Tidy(doc.Metadata.Version), 40)}
	if m.Standard == "" {
		return Manifest{}, refused("package_not_scorm")
	}
	org, ok := doc.organization()
	if !ok {
		return Manifest{}, refused("package_no_organization")
	}
	b := builder{doc: &doc, has: has, scorm2004: m.Standard == StandardSCORM2004, resources: map[string]xmlResource{}, seen: map[string]bool{}}
	for _, r := range doc.Resources.List {
		b.resources[r.ID] = r
	}
	m.Title = tenant.Clip(tenant.Tidy(org.Title), MaxTitle)
	m.Shared = org.Shared != "false"
	m.Root = Activity{ID: clean(org.ID), Title: m.Title, Visible: true, Children: b.children(org.Items, 1)}
	if m.Root.ID == "" {
		m.Root.ID = "organization"
	}
	if b.scorm2004 {
		m.Root.Sequencing = b.settings(org.Sequencing, org.Completion, nil, nil)
	}
	if b.err == nil && b.launchable == 0 {
		b.err = refused("package_no_launch")
	}
	if m.Title == "" && len(m.Root.Children) > 0 {
		m.Title = m.Root.Children[0].Title
	}
	return m, b.err
}

// newXML reads other encodings than UTF-8 when a browser would know them. A mark at the beginning says more than the declaration: programs declare UTF-16 and write UTF-8.
func newXML(raw []byte) *xml.Decoder {
	marked := false
	for mark, order := range map[string]unicode.Endianness{"\xff\xfe": unicode.LittleEndian, "\xfe\xff": unicode.BigEndian, "<\x00?\x00": unicode.LittleEndian, "\x00<\x00?": unicode.BigEndian} {
		if !bytes.HasPrefix(raw, []byte(mark)) {
			continue
		}
		if decoded, err := unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(raw); err == nil {
			raw, marked = decoded, true
		}
		break
	}
	if rest, found := bytes.CutPrefix(raw, []byte("\xef\xbb\xbf")); found {
		raw, marked = rest, true
	}
	d := xml.NewDecoder(bytes.NewReader(raw))
	d.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		if marked || strings.HasPrefix(strings.ToLower(charset), "utf-16") {
			return in, nil
		}
		enc, err := htmlindex.Get(charset)
		if err != nil {
			return nil, err
		}
		return enc.NewDecoder().Reader(in), nil
	}
	return d
}

// checkXML walks the document once: no DTD, not too deep, whole.
func checkXML(raw []byte) error {
	d, depth := newXML(raw), 0
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return refused("package_manifest_broken")
		}
		switch token.(type) {
		case xml.Directive:
			return refused("package_manifest_dtd")
		case xml.StartElement:
			if depth++; depth > maxManifestDepth {
				return refused("package_manifest_broken")
			}
		case xml.EndElement:
			depth--
		}
	}
}

// standard tells by the declared version, else by the names the document uses.
func (d *xmlManifest) standard() string {
	version := d.Metadata.Version
	switch {
	case strings.Contains(version, "2004"), strings.Contains(version, "1.3"):
		return StandardSCORM2004
	case strings.Contains(version, "1.2"):
		return StandardSCORM12
	}
	for _, a := range d.Attrs {
		switch {
		case strings.Contains(a.Value, "adlcp_rootv1p2"):
			return StandardSCORM12
		case strings.Contains(a.Value, "adlcp_v1p3"):
			return StandardSCORM2004
		}
	}
	return ""
}

func (d *xmlManifest) organization() (xmlOrganization, bool) {
	list := d.Organizations.List
	for _, o := range list {
		if o.ID == d.Organizations.Default {
			return o, true
		}
	}
	if len(list) > 0 {
		return list[0], true
	}
	return xmlOrganization{}, false
}

// builder turns items into activities and keeps the first thing that is wrong.
type builder struct {
	doc        *xmlManifest
	has        func(string) bool
	scorm2004  bool
	resources  map[string]xmlResource
	seen       map[string]bool
	count      int
	launchable int
	err        error
}

func (b *builder) fail(key string) {
	if b.err == nil {
		b.err = refused(key)
	}
}

func (b *builder) children(items []xmlItem, depth int) []Activity {
	out := make([]Activity, 0, len(items))
	for _, it := range items {
		if b.count++; b.count > maxActivities {
			b.fail("package_many_activities")
			return out
		}
		out = append(out, b.activity(it, depth))
	}
	return out
}

func (b *builder) activity(it xmlItem, depth int) Activity {
	a := Activity{
		ID: clean(it.ID), Title: tenant.Clip(tenant.Tidy(it.Title), MaxTitle), Visible: it.Visible != "false",
		MasteryScore: clean(it.MasteryScore), MaxTime: clean(it.MaxTime), TimeLimit: clean(it.TimeLimit12 + it.TimeLimit),
		Data: tenant.Clip(strings.TrimSpace(it.Data12+it.Data), maxLaunchData), Prerequisites: clean(it.Prerequisites),
	}
	if a.ID == "" || len(a.ID) > maxActivityID || b.seen[a.ID] {
		b.fail("package_activity_ids")
	}
	b.seen[a.ID] = true
	if it.Ref != "" && len(it.Items) == 0 {
		b.launch(&a, it)
	}
	if b.scorm2004 {
		a.Sequencing = b.settings(it.Sequencing, it.Completion, it.HideUI, it.SharedData)
	}
	a.Children = b.children(it.Items, depth+1)
	return a
}

// launch finds what the item opens.
func (b *builder) launch(a *Activity, it xmlItem) {
	r, ok := b.resources[it.Ref]
	if !ok || r.Href == "" {
		b.fail("package_launch_missing")
		return
	}
	a.SCO, a.Unsaid = r.reports()
	whole := b.doc.Base + b.doc.Resources.Base + r.Base + r.Href
	joined := strings.Join(slices.DeleteFunc([]string{b.doc.Base, b.doc.Resources.Base, r.Base, r.Href}, func(s string) bool { return s == "" }), "/") // bases without a slash at their end
	key := ""
	for _, written := range []string{whole, joined} {
		href, name, problem := b.place(written)
		if problem == "" {
			a.Launch = withParameters(&url.URL{Path: name, RawQuery: href.RawQuery, Fragment: href.Fragment}, it.Parameters)
			b.launchable++
			return
		}
		key = cmp.Or(key, problem)
	}
	b.fail(key)
}

// strayPercent is a percent sign that escapes nothing: tools write names as they are.
var strayPercent = regexp.MustCompile(`%([^0-9A-Fa-f]|[0-9A-Fa-f][^0-9A-Fa-f]|.?$)`)

// place finds the file that an address of the manifest names: with its escapes read, or by the very letters.
func (b *builder) place(written string) (href *url.URL, name, problem string) {
	written = strings.TrimSpace(strings.ReplaceAll(written, `\`, "/"))
	href, err := url.Parse(written)
	if err != nil {
		href, err = url.Parse(strayPercent.ReplaceAllString(written, "%25$1"))
	}
	switch {
	case err != nil:
		return nil, "", "package_launch_missing"
	case href.Scheme != "" || href.Host != "" || strings.HasPrefix(href.Path, "/"):
		return nil, "", "package_launch_outside"
	}
	literal, _, _ := strings.Cut(written, "#")
	literal, _, _ = strings.Cut(literal, "?")
	for _, name := range []string{path.Clean(href.Path), path.Clean(literal)} {
		if !strings.HasPrefix(name, "..") && b.has(name) {
			return href, name, ""
		}
	}
	return nil, "", "package_launch_missing"
}

// withParameters appends an item's parameters as the standard says: to the query, or as the fragment when they begin with "#".
func withParameters(href *url.URL, parameters string) string {
	parameters = strings.TrimLeft(clean(parameters), "?&")
	switch {
	case parameters == "":
	case strings.HasPrefix(parameters, "#"):
		if href.Fragment == "" {
			href.Fragment = parameters[1:]
		}
	case href.RawQuery == "":
		href.RawQuery = parameters
	default:
		href.RawQuery += "&" + parameters
	}
	return strings.TrimPrefix(href.String(), "./")
}

// clean drops control characters and the space around.
func clean(s string) string { return strings.TrimSpace(plain(s)) }
