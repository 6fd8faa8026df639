package content

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // Moodle names files by it; it decides nothing about safety
	"encoding/hex"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"kenshu/tenant"
)

// Limits of what is taken of a backup.
const (
	maxMoodleActivities = 5_000
	maxMoodleFiles      = 50_000  // rows of files.xml that belong to what is taken over
	maxMoodleRows       = 300_000 // rows of files.xml, those of people included
	maxMoodleQuestions  = 20_000
	maxMoodleOrder      = 1 << 20 // bytes of a list of what stands in a section or quiz
	maxMoodleCategory   = 1_000   // characters of the name of a category
)

// moodleBackup is a backup as far as it can be taken over, read in one go.
type moodleBackup struct {
	info       moodleInfo
	course     moodleCourse
	sections   []moodleSection
	activities map[string]*moodlePart // by folder: page_12
	files      []moodleFile
	contents   map[string]moodleContent // by the SHA-1 that names them
	documents  map[string]bool          // what was read, by name
	bank       moodleBank

	older bool // of Moodle 1.9 or before
	rows  int
	kept  int // bytes of text
}

// moodlePart is one activity.
type moodlePart struct {
	activity moodleActivity
	grades   moodleGrades
	hidden   bool
	read     bool // its own file was there
	broken   bool // … and could not be read
}

// moodleContent is one file's bytes.
type moodleContent struct {
	size  int64
	kind  AssetKind // found from the bytes; empty: none that lessons hold
	wrong bool      // the bytes are not those that the name promises
}

// moodleTaken are the kinds of activity that are taken over.
var moodleTaken = []string{"page", "label", "book", "resource", "folder", "url", "quiz", "scorm", "subsection"}

// moodleComponents are those whose files are looked at.
var moodleComponents = map[string]bool{
	"course": true, "mod_page": true, "mod_label": true, "mod_book": true, "mod_resource": true, "mod_folder": true, "mod_url": true, "mod_quiz": true, "mod_scorm": true,
}

// readBackup reads what is taken over of a backup. contents of the files are only looked at: what they are, and whether they are what they are called.
func readBackup(walk func(backupVisit) error) (*moodleBackup, error) {
	b := &moodleBackup{activities: map[string]*moodlePart{}, contents: map[string]moodleContent{}, documents: map[string]bool{}}
	b.bank.init()
	if err := walk(b.visit); err != nil {
		return nil, err
	}
	switch {
	case b.info.XMLName.Local == "" && b.older:
		return nil, refused("moodle_old")
	case b.info.XMLName.Local == "":
		return nil, refused("moodle_not_backup")
	}
	slices.SortStableFunc(b.sections, func(x, y moodleSection) int { return whole(x.Number) - whole(y.Number) })
	return b, nil
}

func (b *moodleBackup) visit(name string, size int64, r io.Reader) error {
	folder, base := path.Split(name)
	switch parts := strings.Split(strings.TrimSuffix(folder, "/"), "/"); {
	case name == "moodle_backup.xml":
		return b.document(name, r, &b.info)
	case name == "moodle.xml":
		b.older = true
	case name == "course/course.xml":
		return b.document(name, r, &b.course)
	case name == "files.xml":
		if err := b.once(name); err != nil {
			return err
		}
		return eachMoodleFile(r, b.file)
	case name == "questions.xml":
		if err := b.once(name); err != nil {
			return err
		}
		return b.bank.read(r, b.keep)
	case len(parts) == 2 && parts[0] == "sections" && base == "section.xml":
		var s moodleSection
		if err := b.document(name, r, &s); err != nil {
			return err
		}
		if len(b.sections) >= maxMoodleActivities || len(s.Sequence) > maxMoodleOrder {
			return refused("moodle_large")
		}
		b.sections = append(b.sections, s)
		return nil
	case len(parts) == 2 && parts[0] == "activities":
		return b.part(parts[1], base, r)
	case len(parts) == 2 && parts[0] == "files" && strings.HasPrefix(base, parts[1]):
		return b.content(base, size, r)
	}
	return nil
}

// once refuses a document that comes a second time: read twice it would take twice the memory.
func (b *moodleBackup) once(name string) error {
	if b.documents[name] {
		return refused("moodle_damaged")
	}
	b.documents[name] = true
	return nil
}

// document reads a document without which there is no course.
func (b *moodleBackup) document(name string, r io.Reader, v any) error {
	if err := b.once(name); err != nil {
		return err
	}
	if err := readMoodleXML(r, v); err != nil {
		return err
	}
	return b.keep(memoryOf(reflect.ValueOf(v)))
}

// keep counts text that stays in memory.
func (b *moodleBackup) keep(n int) error {
	if b.kept += n; b.kept > maxMoodleKept {
		return refused("moodle_large")
	}
	return nil
}

// part reads one file of an activity. What is wrong in it costs this activity, not the course.
func (b *moodleBackup) part(folder, base string, r io.Reader) error {
	kind, _, ok := strings.Cut(folder, "_")
	if !ok || !slices.Contains(moodleTaken, kind) {
		return nil
	}
	p := b.activities[folder]
	if p == nil {
		if len(b.activities) >= maxMoodleActivities {
			return refused("moodle_large")
		}
		p = &moodlePart{}
		b.activities[folder] = p
	}
	if base != "module.xml" && base != "grades.xml" && base != kind+".xml" {
		return nil
	}
	if err := b.once(folder + "/" + base); err != nil {
		p.broken = true
		return nil
	}
	var err error
	switch base {
	case "module.xml":
		var m moodleModule
		err = readMoodleXML(r, &m)
		p.hidden = m.Visible == "0"
	case "grades.xml":
		if kind == "quiz" {
			err = readMoodleXML(r, &p.grades)
		}
	case kind + ".xml":
		p.read = true
		err = readMoodleXML(r, &p.activity)
	}
	if errors.Is(err, errMoodleXML) { // what was read until there must not stay: nobody counted it
		p.broken, p.activity, p.grades = true, moodleActivity{}, moodleGrades{}
		return nil
	}
	if err != nil {
		return err
	}
	if len(p.activity.Body.Order) > maxMoodleOrder {
		return refused("moodle_large")
	}
	return b.keep(memoryOf(reflect.ValueOf(p.activity)) + memoryOf(reflect.ValueOf(p.grades)))
}

// memoryOf is how many bytes a value takes that was read of a document: all its texts and lists.
func memoryOf(v reflect.Value) int {
	n := int(v.Type().Size())
	switch v.Kind() {
	case reflect.Pointer:
		n += memoryOf(v.Elem())
	case reflect.String:
		n += v.Len()
	case reflect.Struct:
		for i := range v.NumField() {
			n += memoryOf(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			n += memoryOf(v.Index(i))
		}
	}
	return n
}

// file takes a row of files.xml that belongs to what is taken over.
func (b *moodleBackup) file(f moodleFile) error {
	if b.rows++; b.rows > maxMoodleRows {
		return refused("moodle_many_files")
	}
	if f.Name == "." || f.Name == "" || !moodleComponents[f.Component] {
		return nil
	}
	if len(b.files) >= maxMoodleFiles {
		return refused("moodle_many_files")
	}
	b.files = append(b.files, f)
	return b.keep(memoryOf(reflect.ValueOf(f)))
}

// content looks at the bytes of a file.
func (b *moodleBackup) content(name string, size int64, r io.Reader) error {
	if !isSHA1(name) {
		return nil
	}
	if _, twice := b.contents[name]; twice {
		return refused("moodle_damaged")
	}
	sum := sha1.New() //nolint:gosec // as above
	head := make([]byte, min(headSize, size))
	if _, err := io.ReadFull(r, head); err != nil {
		return err
	}
	_, _ = sum.Write(head)
	if _, err := io.Copy(sum, r); err != nil {
		return err
	}
	c := moodleContent{size: size, wrong: hex.EncodeToString(sum.Sum(nil)) != name}
	if !c.wrong {
		c.kind = sniffKind(head)
	}
	b.contents[name] = c
	return nil
}

func isSHA1(s string) bool {
	return len(s) == 40 && strings.Trim(s, "0123456789abcdef") == ""
}

// sniffKind finds out from the first bytes what a file can be in a lesson.
func sniffKind(head []byte) AssetKind {
	for _, kind := range []AssetKind{AssetImage, AssetPDF, AssetAudio, AssetVideo, AssetPackage} {
		if kind == AssetAudio && len(head) > 12 && bytes.Equal(head[4:8], []byte("ftyp")) && !bytes.HasPrefix(head[8:], []byte("M4A")) {
			continue // a film, though its container may hold sound alone
		}
		if _, err := sniff(kind, head); err == nil {
			return kind
		}
	}
	return ""
}

// whole reads a whole number; what is none is 0.
func whole(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil {
		return 0
	}
	return n
}

// moodleBank is the question bank of a backup.
type moodleBank struct {
	categories map[string]*moodleBankCategory
	questions  map[string]*moodleAsked
	entries    map[string][]moodleVersion // since Moodle 4.0
}

type moodleBankCategory struct {
	name, parent string
	questions    []string // ids, each entry's latest
}

// moodleVersion is a question of an entry of the bank.
type moodleVersion struct {
	number   int
	question string
	ready    bool
}

// moodleAsked is a question as our bank would have it.
type moodleAsked struct {
	FileQuestion
	category string
	random   bool // one that Moodle 3 draws: it stands for its category
	below    bool // … with those below it
	part     bool // belongs to another question, or is put away
}

func (b *moodleBank) init() {
	b.categories, b.questions, b.entries = map[string]*moodleBankCategory{}, map[string]*moodleAsked{}, map[string][]moodleVersion{}
}

// read goes over questions.xml: categories with their questions or, since Moodle 4.0, with entries whose versions hold a question each.
func (b *moodleBank) read(r io.Reader, keep func(int) error) error {
	tokens := newMoodleTokens(r, maxMoodleList)
	d := xml.NewTokenDecoder(tokens)
	at := bankPlace{}
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return tokens.problem(err)
		}
		switch t := t.(type) {
		case xml.EndElement:
			at.leave()
		case xml.StartElement:
			tokens.beginRow()
			if err := b.element(d, t, &at, keep); err != nil {
				return tokens.problem(err)
			}
			tokens.endRow()
		}
	}
}

// bankPlace is where in questions.xml the reading stands.
type bankPlace struct {
	path     []string
	category string
	entry    string
	version  moodleVersion
}

func (p *bankPlace) leave() {
	if len(p.path) > 0 {
		p.path = p.path[:len(p.path)-1]
	}
}

func (p *bankPlace) parent() string {
	if len(p.path) == 0 {
		return ""
	}
	return p.path[len(p.path)-1]
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func (b *moodleBank) element(d *xml.Decoder, e xml.StartElement, at *bankPlace, keep func(int) error) error {
	text := func(to *string) error { return d.DecodeElement(to, &e) }
	switch parent := at.parent(); {
	case e.Name.Local == "question_category":
		at.category, at.entry = attribute(e, "id"), ""
		if len(b.categories) >= maxMoodleActivities {
			return refused("moodle_large")
		}
		if b.categories[at.category] == nil {
			b.categories[at.category] = &moodleBankCategory{}
			if err := keep(200 + len(at.category)); err != nil {
				return err
			}
		}
	case parent == "question_category" && (e.Name.Local == "name" || e.Name.Local == "parent"):
		to := &b.categories[at.category].name
		if e.Name.Local == "parent" {
			to = &b.categories[at.category].parent
		}
		if err := text(to); err != nil {
			return err
		}
		*to = tenant.Clip(*to, maxMoodleCategory)
		return keep(len(*to))
	case e.Name.Local == "question_bank_entry":
		at.entry = attribute(e, "id")
	case e.Name.Local == "question_versions" && at.entry != "":
		at.version = moodleVersion{ready: true}
	case parent == "question_versions" && e.Name.Local == "version":
		var n string
		err := text(&n)
		at.version.number = whole(n)
		return err
	case parent == "question_versions" && e.Name.Local == "status":
		var status string
		err := text(&status)
		at.version.ready = status == "ready"
		return err
	case e.Name.Local == "question" && b.categories[at.category] != nil:
		return b.question(d, e, at, keep)
	}
	if len(at.path) > 64 {
		return errMoodleXML
	}
	at.path = append(at.path, e.Name.Local)
	return nil
}

func (b *moodleBank) question(d *xml.Decoder, e xml.StartElement, at *bankPlace, keep func(int) error) error {
	var q moodleBankQuestion
	if err := d.DecodeElement(&q, &e); err != nil {
		return err
	}
	if len(b.questions) >= maxMoodleQuestions {
		return refused("moodle_many_questions")
	}
	if _, twice := b.questions[q.ID]; twice {
		return nil
	}
	asked := q.asked()
	asked.category = at.category
	b.questions[q.ID] = asked
	size := 500 + len(q.ID) + len(at.category) + len(at.entry) + len(asked.Input.Question.Text) + len(asked.Input.Question.Explanation)
	for _, c := range slices.Concat(asked.Input.Question.Choices, asked.Input.Question.Targets) {
		size += 60 + len(c.Text)
	}
	for _, a := range asked.Input.Question.Accepted {
		size += len(a)
	}
	c := b.categories[at.category]
	if at.entry == "" {
		c.questions = append(c.questions, q.ID)
		return keep(size)
	}
	v := at.version
	v.question = q.ID
	before := b.latest(at.entry)
	b.entries[at.entry] = append(b.entries[at.entry], v)
	if now := b.latest(at.entry); now != before { // the category holds the latest of each entry
		c.questions = slices.DeleteFunc(c.questions, func(id string) bool { return id == before })
		c.questions = append(c.questions, now)
	}
	return keep(size)
}

// latest gives the question that an entry asks now: of the highest version that is ready, else of the highest.
func (b *moodleBank) latest(entry string) string {
	var best moodleVersion
	for _, v := range b.entries[entry] {
		if best.question == "" || v.ready && !best.ready || v.ready == best.ready && v.number > best.number {
			best = v
		}
	}
	return best.question
}

// version gives the question of one version of an entry; nothing asked for is the latest.
func (b *moodleBank) version(entry, version string) string {
	if n := whole(given(version)); n > 0 {
		for _, v := range b.entries[entry] {
			if v.number == n {
				return v.question
			}
		}
	}
	return b.latest(entry)
}
