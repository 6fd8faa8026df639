package content

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"kenshu/fault"
	"kenshu/storage/blob"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// entry is one file of a zip made here.
type entry struct {
	name, body string
	mode       fs.FileMode
	raw        bool // the name's bytes as they are, without the UTF-8 flag
}

const manifest12 = `<?xml version="1.0"?>
<manifest identifier="m" version="1.0" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
 <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
 <organizations default="o"><organization identifier="o"><title>情報セキュリティ</title>
  <item identifier="one" identifierref="r1" isvisible="true" parameters="?lang=ja"><title>はじめに</title><adlcp:masteryscore>80</adlcp:masteryscore><adlcp:datafromlms>start=1</adlcp:datafromlms></item>
  <item identifier="group"><title>本編</title><item identifier="two" identifierref="r2"><title>事例</title></item></item>
  <item identifier="hidden" identifierref="r2" isvisible="false"><title>隠し</title></item>
 </organization></organizations>
 <resources><resource identifier="r1" type="webcontent" adlcp:scormtype="sco" href="Index.html"/><resource identifier="r2" type="webcontent" adlcp:scormtype="asset" href="case.html?x=1" xml:base="pages/"/></resources>
</manifest>`

func zipOf(t testing.TB, entries ...entry) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate, NonUTF8: e.raw}
		h.SetMode(max(e.mode, 0o644))
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, e.body); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func good(more ...entry) []entry {
	return append([]entry{{name: ManifestName, body: manifest12}, {name: "index.html", body: "<p>1"}, {name: "pages/case.html", body: "<p>2"}}, more...)
}

// problemOf opens and unpacks a zip as the job does and gives the key of what is wrong.
func problemOf(t *testing.T, raw []byte) string {
	t.Helper()
	z, err := openPackage(bytes.NewReader(raw), int64(len(raw)))
	if err == nil {
		_, err = ReadManifest(z.manifest, z.has())
	}
	for i := 0; err == nil && i < len(z.entries); i++ {
		_, err = io.Copy(io.Discard, z.entries[i].open(bytes.NewReader(raw)))
	}
	if errors.Is(err, errLying) {
		return "package_damaged"
	}
	var wrong *problem
	if err != nil && !errors.As(err, &wrong) {
		t.Fatalf("an error that is no problem: %v", err)
	}
	if err != nil {
		return wrong.key
	}
	return ""
}

func TestHostilePackages(t *testing.T) {
	withManifest := func(text string) []entry {
		return []entry{{name: ManifestName, body: text}, {name: "index.html", body: "x"}, {name: "pages/case.html", body: "x"}}
	}
	for name, c := range map[string]struct {
		entries []entry
		want    string
	}{
		"good":                       {good(), ""},
		"folder zipped":              {[]entry{{name: "course/" + ManifestName, body: manifest12}, {name: "course/index.html"}, {name: "course/pages/case.html"}}, ""},
		"litter of systems":          {good(entry{name: "__MACOSX/._index.html"}, entry{name: ".DS_Store"}), ""},
		"kinds that are not opened":  {good(entry{name: "setup.exe", body: "MZ"}, entry{name: "more.zip", body: "PK"}), ""},
		"backslashes":                {[]entry{{name: ManifestName, body: manifest12}, {name: "index.html"}, {name: `pages\case.html`}}, ""},
		"upwards":                    {good(entry{name: "../evil.html"}), "package_name"},
		"upwards inside":             {good(entry{name: "a/../../evil.html"}), "package_name"},
		"upwards with backslashes":   {good(entry{name: `..\..\evil.html`}), "package_name"},
		"absolute":                   {good(entry{name: "/etc/passwd"}), "package_name"},
		"drive":                      {good(entry{name: "C:/evil.html"}), "package_name"},
		"control character":          {good(entry{name: "a\x01.html"}), "package_name"},
		"direction character":        {good(entry{name: "a\u202egpj.html"}), "package_name"},
		"reserved name":              {good(entry{name: "assets/aux.html"}), "package_name"},
		"trailing dot":               {good(entry{name: "a./b.html"}), "package_name"},
		"too deep":                   {good(entry{name: strings.Repeat("a/", 40) + "b.html"}), "package_name"},
		"long name":                  {good(entry{name: strings.Repeat("あ", 501) + ".html"}), "package_name"},
		"link":                       {good(entry{name: "link", body: "/etc/passwd", mode: fs.ModeSymlink | 0o777}), "package_link"},
		"device":                     {good(entry{name: "dev", mode: fs.ModeDevice | 0o666}), "package_link"},
		"same name":                  {good(entry{name: "index.html"}), "package_duplicate"},
		"same name in other letters": {good(entry{name: "INDEX.HTML"}), "package_duplicate"},
		"same name composed":         {good(entry{name: "が.html"}, entry{name: "か\u3099.html"}), "package_duplicate"},
		"same name full width fold":  {good(entry{name: "straße.html"}, entry{name: "STRASSE.html"}), "package_duplicate"},
		"file that is a folder":      {good(entry{name: "a"}, entry{name: "a/b.html"}), "package_duplicate"},
		"no manifest":                {[]entry{{name: "index.html"}}, "package_no_manifest"},
		"manifest too deep":          {[]entry{{name: "a/b/" + ManifestName, body: manifest12}}, "package_manifest_deep"},
		"xAPI":                       {[]entry{{name: "tincan.xml"}, {name: "index.html"}}, "package_other_standard"},
		"launch missing":             {[]entry{{name: ManifestName, body: manifest12}, {name: "index.html"}}, "package_launch_missing"},
		"launch outside":             {withManifest(strings.Replace(manifest12, `href="Index.html"`, `href="https://evil.example/"`, 1)), "package_launch_outside"},
		"launch upwards":             {withManifest(strings.Replace(manifest12, `href="Index.html"`, `href="../../other/index.html"`, 1)), "package_launch_missing"},
		"entities":                   {withManifest(`<!DOCTYPE m [<!ENTITY a "b">]>` + strings.TrimPrefix(manifest12, `<?xml version="1.0"?>`)), "package_manifest_dtd"},
		"outside entities":           {withManifest(`<!DOCTYPE m SYSTEM "http://127.0.0.1:1/x.dtd">` + strings.TrimPrefix(manifest12, `<?xml version="1.0"?>`)), "package_manifest_dtd"},
		"unknown entity":             {withManifest(strings.Replace(manifest12, "事例", "&lol;", 1)), "package_manifest_broken"},
		"not XML":                    {withManifest("hello <"), "package_manifest_broken"},
		"nested without end":         {withManifest(strings.Repeat("<a>", 5000)), "package_manifest_broken"},
		"other document":             {withManifest("<manifest><organizations/></manifest>"), "package_not_scorm"},
		"nothing to open":            {withManifest(strings.ReplaceAll(manifest12, "identifierref", "x")), "package_no_launch"},
		"two activities, one id":     {withManifest(strings.Replace(manifest12, `identifier="two"`, `identifier="one"`, 1)), "package_activity_ids"},
		"manifest too large":         {withManifest(manifest12 + strings.Repeat(" ", maxManifest)), "package_manifest_large"},
		"bomb":                       {good(entry{name: "zeros.txt", body: strings.Repeat("\x00", bombFloor+(1<<20))}), "package_bomb"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := problemOf(t, zipOf(t, c.entries...)); got != c.want {
				t.Fatalf("problem %q, want %q", got, c.want)
			}
		})
	}
}

func TestLyingPackages(t *testing.T) {
	plain := zipOf(t, good(entry{name: "big.txt", body: strings.Repeat("a", 10_000)})...)
	central := bytes.Index(plain, []byte("PK\x01\x02"))
	// field sets a number in the directory's record of a file.
	field := func(name string, at int, width int, value uint64) []byte {
		raw := bytes.Clone(plain)
		record := central
		for !bytes.HasPrefix(raw[record+46:], []byte(name)) {
			record += 46 + int(binary.LittleEndian.Uint16(raw[record+28:])) + int(binary.LittleEndian.Uint16(raw[record+30:])) + int(binary.LittleEndian.Uint16(raw[record+32:]))
		}
		if width == 2 {
			binary.LittleEndian.PutUint16(raw[record+at:], uint16(value))
		} else {
			binary.LittleEndian.PutUint32(raw[record+at:], uint32(value))
		}
		return raw
	}
	overlap := func() []byte { // big.txt claims the bytes of index.html
		raw, start := bytes.Clone(plain), central
		var first uint32
		for range 3 {
			if bytes.HasPrefix(raw[start+46:], []byte("index.html")) {
				first = binary.LittleEndian.Uint32(raw[start+42:])
			}
			start += 46 + int(binary.LittleEndian.Uint16(raw[start+28:])) + int(binary.LittleEndian.Uint16(raw[start+30:]))
		}
		binary.LittleEndian.PutUint32(raw[start+42:], first)
		return raw
	}
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"smaller than it is": {field("big.txt", 24, 4, 100), "package_damaged"},
		"larger than it is":  {field("big.txt", 24, 4, 20_000), "package_damaged"},
		"wrong sum":          {field("big.txt", 16, 4, 1), "package_damaged"},
		"claims 3 GB":        {field("big.txt", 24, 4, 3<<30), "package_unpacked_large"},
		"encrypted":          {field("big.txt", 8, 2, 1), "package_encrypted"},
		"other method":       {field("big.txt", 10, 2, 12), "package_method"},
		"shares bytes":       {overlap(), "package_bomb"},
		"cut short":          {plain[:len(plain)-40], "package_not_zip"},
		"no zip":             {bytes.Repeat([]byte("PK\x03\x04"), 100), "package_not_zip"},
		"damaged bytes":      {append(append(bytes.Clone(plain[:60]), 0xff, 0xff, 0xff), plain[63:]...), "package_damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := problemOf(t, c.raw); got != c.want {
				t.Fatalf("problem %q, want %q", got, c.want)
			}
		})
	}
}

func TestManyFiles(t *testing.T) {
	many := good()
	for i := range maxPackageFiles {
		many = append(many, entry{name: fmt.Sprintf("f/%d.txt", i)})
	}
	if got := problemOf(t, zipOf(t, many...)); got != "package_many_files" {
		t.Fatalf("problem %q", got)
	}
	wide := good()
	for i := range 18_000 { // few enough files whose directory costs too much memory
		wide = append(wide, entry{name: fmt.Sprintf("%s/%d.txt", strings.Repeat("f", 250)+"/"+strings.Repeat("g", 230), i)})
	}
	if got := problemOf(t, zipOf(t, wide...)); got != "package_many_files" {
		t.Fatalf("problem %q", got)
	}
}

func TestReadManifest(t *testing.T) {
	all := func(string) bool { return true }
	m, err := ReadManifest([]byte(manifest12), all)
	if err != nil {
		t.Fatal(err)
	}
	one, two := m.Root.Children[0], m.Root.Children[1].Children[0]
	if m.Standard != StandardSCORM12 || m.Title != "情報セキュリティ" || one.Launch != "Index.html?lang=ja" || !one.SCO || one.MasteryScore != "80" || one.Data != "start=1" ||
		two.Launch != "pages/case.html?x=1" || two.SCO {
		t.Fatalf("%+v", m)
	}
	if needed := m.Needed(); fmt.Sprint(needed) != "[one two]" {
		t.Fatalf("needed %v", needed)
	}
	sjis, err := japanese.ShiftJIS.NewEncoder().String(strings.Replace(manifest12, `version="1.0"?>`, `version="1.0" encoding="Shift_JIS"?>`, 1))
	if err != nil {
		t.Fatal(err)
	}
	if m, err = ReadManifest([]byte(sjis), all); err != nil || m.Title != "情報セキュリティ" {
		t.Fatalf("%q %v", m.Title, err)
	}
}

// What authoring tools write that the standard does not foresee: each is read as it was meant.
func TestManifestsAsToolsWriteThem(t *testing.T) {
	const short = `<manifest xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"><metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>` +
		`<organizations><organization identifier="o"><title>手洗い</title><item identifier="i" identifierref="r"><title>手洗い</title></item></organization></organizations>` +
		`<resources><resource identifier="r" type="webcontent" adlcp:scormtype="sco" href="index.html"/></resources></manifest>`
	with := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(short) }
	utf16 := func(order unicode.Endianness, mark unicode.BOMPolicy) string {
		s, err := unicode.UTF16(order, mark).NewEncoder().String(`<?xml version="1.0" encoding="utf-16"?>` + short)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	href := func(to string) string { return with(`href="index.html"`, `href="`+to+`"`) }
	for name, c := range map[string]struct{ manifest, file, launch string }{
		"byte order mark":                 {"\xef\xbb\xbf" + `<?xml version="1.0" encoding="utf-8"?>` + short, "index.html", "index.html"},
		"UTF-16, little end first":        {utf16(unicode.LittleEndian, unicode.UseBOM), "index.html", "index.html"},
		"UTF-16, big end first":           {utf16(unicode.BigEndian, unicode.UseBOM), "index.html", "index.html"},
		"UTF-16 without a mark":           {utf16(unicode.LittleEndian, unicode.IgnoreBOM), "index.html", "index.html"},
		"UTF-8 that calls itself UTF-16":  {`<?xml version="1.0" encoding="utf-16"?>` + short, "index.html", "index.html"},
		"a mark against the declaration":  {"\xef\xbb\xbf" + `<?xml version="1.0" encoding="Shift_JIS"?>` + short, "index.html", "index.html"},
		"space round the version":         {with("<schemaversion>1.2<", "<schemaversion>\n  1.2 <", "adlcp_rootv1p2", "adlcp"), "index.html", "index.html"},
		"the standard's name before it":   {with("<schemaversion>1.2<", "<schemaversion>SCORM 1.2<", "adlcp_rootv1p2", "adlcp"), "index.html", "index.html"},
		"no version, only names":          {with("<schemaversion>1.2</schemaversion>", ""), "index.html", "index.html"},
		"names with a prefix":             {with("<manifest xmlns=", "<ims:manifest xmlns:ims=", "</manifest>", "</ims:manifest>", "<item", "<ims:item", "</item>", "</ims:item>"), "index.html", "index.html"},
		"another case of the type":        {with("adlcp:scormtype", "adlcp:ScormType", `"sco"`, `"SCO "`), "index.html", "index.html"},
		"no type":                         {with(`adlcp:scormtype="sco" `, ""), "index.html", "index.html"},
		"backslashes":                     {href(`res\start\index.html`), "res/start/index.html", "res/start/index.html"},
		"a space as it is":                {href("my course/a 001.html"), "my course/a 001.html", "my%20course/a%20001.html"},
		"a space escaped":                 {href("my%20course/a+001.html"), "my course/a+001.html", "my%20course/a+001.html"},
		"a name that looks escaped":       {href("a%20b.html"), "a%20b.html", "a%2520b.html"},
		"a percent sign":                  {href("100%.html?a=50%"), "100%.html", "100%25.html?a=50%25"},
		"Japanese":                        {href("教材/はじめ.html"), "教材/はじめ.html", "%E6%95%99%E6%9D%90/%E3%81%AF%E3%81%98%E3%82%81.html"},
		"a query and a fragment":          {href("shared/launchpage.html?content=playing#s1"), "shared/launchpage.html", "shared/launchpage.html?content=playing#s1"},
		"bases that end with a slash":     {with("<resources>", `<resources xml:base="a/">`, `href="index.html"`, `xml:base="b/" href="index.html"`), "a/b/index.html", "a/b/index.html"},
		"bases without a slash":           {with("<resources>", `<resources xml:base="a">`, `href="index.html"`, `xml:base="b" href="index.html"`), "a/b/index.html", "a/b/index.html"},
		"parameters with a question mark": {with(`identifierref="r"`, `identifierref="r" parameters="?lang=ja&amp;mode=x"`), "index.html", "index.html?lang=ja&mode=x"},
		"parameters behind a query":       {with(`identifierref="r"`, `identifierref="r" parameters="&amp;b=2"`, `href="index.html"`, `href="index.html?a=1"`), "index.html", "index.html?a=1&b=2"},
		"parameters that are a place":     {with(`identifierref="r"`, `identifierref="r" parameters="#/lesson/2"`), "index.html", "index.html#/lesson/2"},
	} {
		m, err := ReadManifest([]byte(c.manifest), func(name string) bool { return name == c.file })
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		one := m.Root.Children[0]
		if m.Standard != StandardSCORM12 || m.Title != "手洗い" || one.Launch != c.launch || !one.SCO || one.Unsaid != (name == "no type") {
			t.Errorf("%s: %s %q %+v", name, m.Standard, m.Title, one)
		}
	}
	for to, key := range map[string]string{
		"../index.html": "package_launch_missing", "%2e%2e/index.html": "package_launch_missing", `..\index.html`: "package_launch_missing", "other.html": "package_launch_missing", "%zz": "package_launch_missing",
		"http://example.com/index.html": "package_launch_outside", "//example.com/index.html": "package_launch_outside", "/index.html": "package_launch_outside", "javascript:alert(1)": "package_launch_outside",
	} {
		if _, err := ReadManifest([]byte(href(to)), func(name string) bool { return name == "index.html" }); err == nil || err.Error() != key {
			t.Errorf("%s: %v, want %s", to, err, key)
		}
	}
}

const manifest2004 = `<manifest identifier="m" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3"
 xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
<metadata><schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion></metadata>
<organizations default="o"><organization identifier="o" adlseq:objectivesGlobalToSystem="false"><title>T</title>
<item identifier="pre" identifierref="r"><title>Pre</title><adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.8"/>
 <adlnav:presentation><adlnav:navigationInterface><adlnav:hideLMSUI>previous</adlnav:hideLMSUI></adlnav:navigationInterface></adlnav:presentation>
 <imsss:sequencing IDRef="common"><imsss:controlMode forwardOnly="true"/>
  <imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions conditionCombination="any"><imsss:ruleCondition condition="satisfied" operator="not" referencedObjective="g"/></imsss:ruleConditions><imsss:ruleAction action="skip"/></imsss:preConditionRule></imsss:sequencingRules>
  <imsss:objectives><imsss:primaryObjective objectiveID="p" satisfiedByMeasure="true"><imsss:minNormalizedMeasure>0.6</imsss:minNormalizedMeasure><imsss:mapInfo targetObjectiveID="g" writeSatisfiedStatus="true"/></imsss:primaryObjective></imsss:objectives>
  <adlseq:objectives><adlseq:objective objectiveID="p"><adlseq:mapInfo targetObjectiveID="g" writeRawScore="true"/></adlseq:objective></adlseq:objectives>
 </imsss:sequencing></item>
<imsss:sequencing><imsss:controlMode choice="true" flow="true"/><imsss:rollupRules rollupObjectiveSatisfied="true"><imsss:rollupRule childActivitySet="atLeastCount" minimumCount="1"><imsss:rollupConditions><imsss:rollupCondition condition="completed"/></imsss:rollupConditions><imsss:rollupAction action="completed"/></imsss:rollupRule></imsss:rollupRules></imsss:sequencing>
</organization></organizations>
<resources><resource identifier="r" type="webcontent" adlcp:scormType="sco" href="a.html"/></resources>
<imsss:sequencingCollection><imsss:sequencing ID="common"><imsss:limitConditions attemptLimit="2"/></imsss:sequencing></imsss:sequencingCollection>
</manifest>`

func TestReadSequencing(t *testing.T) {
	m, err := ReadManifest([]byte(manifest2004), func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	want := `map[attemptLimit:2 completionThreshold:map[completedByMeasure:true minProgressMeasure:0.8] hideLmsUi:[previous] ` +
		`primaryObjective:map[isPrimary:true mapInfo:[map[targetObjectiveID:g writeRawScore:true writeSatisfiedStatus:true]] minNormalizedMeasure:0.6 objectiveID:p satisfiedByMeasure:true] ` +
		`sequencingControls:map[forwardOnly:true] ` +
		`sequencingRules:map[preConditionRules:[map[action:skip conditionCombination:any conditions:[map[condition:satisfied operator:not referencedObjective:g]]]]]]`
	if got := fmt.Sprint(m.Root.Children[0].Sequencing); got != want {
		t.Errorf("item\n%s\nwant\n%s", got, want)
	}
	want = `map[rollupRules:map[rules:[map[action:completed conditionCombination:any conditions:[map[condition:completed]] consideration:atLeastCount minimumCount:1]]] ` +
		`sequencingControls:map[choice:true flow:true rollupObjectiveSatisfied:true]]`
	if got := fmt.Sprint(m.Root.Sequencing); got != want {
		t.Errorf("root\n%s\nwant\n%s", got, want)
	}
	if m.Standard != StandardSCORM2004 || m.Shared {
		t.Errorf("%+v", m)
	}
}

// uploadPackage stores a zip and does what the job does.
func (s shelf) uploadPackage(tid tenant.ID, raw []byte) Asset {
	s.t.Helper()
	a, err := s.Store(s.t.Context(), tid, db.NewID(), NewFile{Kind: AssetPackage, FileName: "course.zip", Size: int64(len(raw))}, bytes.NewReader(raw))
	if err == nil {
		err = s.Probe(s.t.Context(), tid, a.ID, func(int64, int64) {})
	}
	if err == nil {
		a, err = s.Find(s.t.Context(), tid, a.ID)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

func (s shelf) objects() []string {
	s.t.Helper()
	keys := []string{}
	for info, err := range s.store.List(s.t.Context(), "") {
		if err != nil {
			s.t.Fatal(err)
		}
		keys = append(keys, info.Key)
	}
	return keys
}

// flip turns one bit of an object.
func (s shelf) flip(key string) error {
	data, err := s.read(s.t.Context(), key, 0, -1)
	if err == nil {
		data[len(data)/2] ^= 1
		_, err = s.store.Put(s.t.Context(), key, bytes.NewReader(data), int64(len(data)), "text/html")
	}
	return err
}

// unreadable makes the store list an object as ever and not give it to its end.
func (s shelf) unreadable(key string) error {
	s.store.Objects = &torn{s.store.Objects, key}
	return nil
}

// torn is a store with one object whose last byte cannot be read.
type torn struct {
	blob.Objects
	key string
}

func (s *torn) Open(ctx context.Context, key string, off, length int64) (io.ReadCloser, blob.Info, error) {
	body, info, err := s.Objects.Open(ctx, key, off, length)
	if err != nil || key != s.key {
		return body, info, err
	}
	return struct {
		io.Reader
		io.Closer
	}{io.MultiReader(io.LimitReader(body, info.Size-1), iotest.ErrReader(errors.New("a bad block"))), body}, info, nil
}

func (s *torn) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) (blob.Info, error) {
	info, err := s.Objects.Put(ctx, key, r, size, contentType)
	if key == s.key && err == nil {
		s.key = "" // it lies elsewhere now
	}
	return info, err
}

// hiccup is a store that is away when an object is asked for the first time, and when it is asked right afterwards how it is.
type hiccup struct {
	blob.Objects
	key  string
	away error
}

func (s *hiccup) Open(ctx context.Context, key string, off, length int64) (io.ReadCloser, blob.Info, error) {
	if key == s.key {
		s.key, s.away = "", fault.New(fault.Unavailable, "storage_away")
		return nil, blob.Info{}, s.away
	}
	return s.Objects.Open(ctx, key, off, length)
}

func (s *hiccup) Health(ctx context.Context) error {
	if err := s.away; err != nil {
		s.away = nil
		return err
	}
	return s.Objects.Health(ctx)
}

// kept gives the objects that are left when those that were let go of have waited for any backup.
func (s shelf) kept() []string {
	s.t.Helper()
	const waiting = ` FROM job WHERE kind = ? AND state = 'queued'`
	jobs, err := db.Values[[]byte](s.t.Context(), s.d, `SELECT payload`+waiting, KindRemoveObjects)
	for _, payload := range jobs {
		err = errors.Join(err, s.RemoveObjectsJob(s.t.Context(), db.Job{Payload: payload}, nil))
	}
	if err == nil {
		_, err = s.d.Exec(s.t.Context(), `DELETE`+waiting, KindRemoveObjects)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return s.objects()
}

func TestPackage(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		ctx, tid, packages := t.Context(), s.w.A.ID, NewPackages(s.Assets, make([]byte, 32), s.clock.Now)
		sjis, err := japanese.ShiftJIS.NewEncoder().String("表紙.html")
		if err != nil {
			t.Fatal(err)
		}
		raw := zipOf(t, good(entry{name: sjis, body: "cover", raw: true}, entry{name: "setup.exe"}, entry{name: "large.txt", body: strings.Repeat("0123456789", 300_000)})...)
		a := s.uploadPackage(tid, raw)
		if a.State != AssetReady {
			t.Fatalf("state %s, problem %s", a.State, a.Problem)
		}
		found, err := packages.Find(ctx, tid, a.ID)
		if err != nil || found.Title != "情報セキュリティ" || found.Skipped != 1 || found.Files != 5 {
			t.Fatalf("%+v %v", found, err)
		}
		if got := len(s.objects()); got != 5 {
			t.Fatalf("%d objects for 5 files: %v", got, s.objects())
		}
		again := s.uploadPackage(tid, raw)
		if again.State != AssetReady || len(s.objects()) != 5 {
			t.Fatalf("the same bytes again: %s, %v", again.State, s.objects())
		}

		// Whose files are not all there any more is unpacked anew, for everybody who shows it.
		for _, damage := range []func(key string) error{
			func(key string) error { return s.store.Remove(ctx, key) },
			func(key string) error {
				_, err := s.store.Put(ctx, key, strings.NewReader("x"), 1, "text/html")
				return err
			},
			s.flip,
			s.unreadable,
		} {
			before := s.objects()
			if err := damage(before[2]); err != nil {
				t.Fatal(err)
			}
			kept, err := s.Assets.kept(ctx, s.d, tid)
			if err != nil {
				t.Fatal(err)
			}
			quota := s.limits.Quota
			s.limits.Quota = kept + int64(len(raw)) // there is room for the zip, and none for its files beside those that are damaged
			healed := s.uploadPackage(tid, raw)
			s.limits.Quota = quota
			if during := s.objects(); len(during) < 9 {
				t.Fatalf("a running backup finds %v, and its rows name %v", during, before)
			}
			if after := s.kept(); healed.State != AssetReady || len(after) != 5 || after[0] == before[0] {
				t.Fatalf("%s %s: %v", healed.State, healed.Problem, after)
			}
			if err := s.Delete(ctx, tid, healed.ID); err != nil || len(s.kept()) != 5 {
				t.Fatal(err, s.objects())
			}
		}

		// A store that does not answer for a moment says nothing about the files that are in it.
		before, whole := s.objects(), s.store.Objects
		s.store.Objects = &hiccup{whole, before[2], nil}
		late, err := s.Store(ctx, tid, db.NewID(), NewFile{Kind: AssetPackage, FileName: "course.zip", Size: int64(len(raw))}, bytes.NewReader(raw))
		if err == nil {
			err = s.Probe(ctx, tid, late.ID, func(int64, int64) {})
		}
		if !fault.Is(err, fault.Unavailable) {
			t.Errorf("while the store was away: %v", err)
		}
		s.store.Objects = whole
		if err := s.Probe(ctx, tid, late.ID, func(int64, int64) {}); err != nil || !slices.Equal(s.kept(), before) {
			t.Errorf("afterwards: %v, %v", err, s.objects())
		}
		if err := s.Delete(ctx, tid, late.ID); err != nil {
			t.Fatal(err)
		}

		token, _, err := packages.Issue(ctx, tid, tid.Number(), again.ID, db.NewID(), db.ID{})
		if err != nil {
			t.Fatal(err)
		}
		ticket, err := packages.Read(token)
		if err != nil {
			t.Fatal(err)
		}
		read := func(name string, from int64) string {
			t.Helper()
			f, err := packages.Open(ctx, ticket, name)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			defer f.Content.Close()
			if _, err := f.Content.Seek(from, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(f.Content)
			if err != nil {
				t.Fatal(err)
			}
			return string(b)
		}
		if read("index.html", 0) != "<p>1" || read("INDEX.html", 3) != "1" || read("表紙.html", 0) != "cover" || read("large.txt", 2_999_995) != "56789" {
			t.Fatal("files are not what was in the zip")
		}
		for _, name := range []string{"", "pages", "pages/", "setup.exe", "../index.html", "index.html/", "./index.html", "%2e%2e/index.html", "index.html\x00"} {
			if _, err := packages.Open(ctx, ticket, name); !fault.Is(err, fault.NotFound) {
				t.Errorf("%q: %v", name, err)
			}
		}
		for _, bad := range []string{"", token[:len(token)-1] + "A", "A" + token[1:], strings.ToLower(token)} {
			if _, err := packages.Read(bad); bad != token && !fault.Is(err, fault.NotFound) {
				t.Errorf("ticket %q: %v", bad, err)
			}
		}
		if _, _, err := packages.Issue(ctx, s.w.B.ID, tid.Number(), a.ID, db.NewID(), db.ID{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("another organisation's package: %v", err)
		}
		s.clock.Add(packageLife + time.Second)
		if _, err := packages.Read(token); !fault.Is(err, fault.NotFound) {
			t.Errorf("an old ticket: %v", err)
		}

		if err := s.Delete(ctx, tid, a.ID); err != nil || len(s.objects()) != 5 {
			t.Fatalf("one of two uploads deleted: %v, %v", err, s.objects())
		}
		if err := s.Delete(ctx, tid, again.ID); err != nil || len(s.objects()) != 5 || len(s.kept()) != 0 {
			t.Fatalf("both deleted: %v, %v", err, s.objects())
		}
		if back := s.uploadPackage(tid, raw); back.State != AssetReady || len(s.objects()) != 5 {
			t.Fatalf("uploaded once more: %s %v", back.State, s.objects())
		}
		bad := s.uploadPackage(tid, zipOf(t, good(entry{name: "../x.html"})...))
		if bad.State != AssetRefused || bad.Problem != "package_name" || len(s.objects()) != 5 {
			t.Fatalf("%s %s %v", bad.State, bad.Problem, s.objects())
		}
	})
}

// A draft goes on naming the package that was replaced: its preview, and what it says of the package, are those of the new one, and learners of the published version get
// the old one.
func TestPreviewOfAReplacedPackage(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		ctx, tid := t.Context(), s.w.A.ID
		packages := NewPackages(s.Assets, make([]byte, 32), s.clock.Now)
		with := func(text string) []byte {
			return zipOf(t, entry{name: "imsmanifest.xml", body: manifest12}, entry{name: "index.html", body: text}, entry{name: "pages/case.html", body: text})
		}
		old, next := s.uploadPackage(tid, with("old")), s.uploadPackage(tid, with("new"))
		opened := func(token string, _ Package, err error) string {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			ticket, err := packages.Read(token)
			if err != nil {
				t.Fatal(err)
			}
			f, err := packages.Open(ctx, ticket, "index.html")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = f.Content.Close() }()
			raw, err := io.ReadAll(f.Content)
			if err != nil {
				t.Fatal(err)
			}
			return string(raw)
		}
		s.expect("before", opened(packages.Preview(ctx, tid, old.ID, db.NewID())), "old")
		if _, err := s.Replace(ctx, tid, old.ID, next.ID); err != nil {
			t.Fatal(err)
		}
		s.expect("preview of the draft", opened(packages.Preview(ctx, tid, old.ID, db.NewID())), "new")
		s.expect("a published version", opened(packages.Issue(ctx, tid, tid.Number(), old.ID, db.NewID(), db.NewID())), "old")
		found, err := packages.Find(ctx, tid, old.ID)
		if is, nextErr := findPackage(ctx, s.d, tid.Number(), next.SHA256); err != nil || nextErr != nil || found.folder != is.folder {
			t.Errorf("%v %v: what is said of it is of another package", err, nextErr)
		}
		if _, _, err := packages.Preview(ctx, s.w.B.ID, old.ID, db.NewID()); !fault.Is(err, fault.NotFound) {
			t.Errorf("another organisation's package: %v", err)
		}
	})
}
