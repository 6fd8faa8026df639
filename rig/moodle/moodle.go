// Package moodle writes Moodle course backups for tests and measurements, as Moodle's backup (backup/moodle2, versions 3 and 4) lays them out.
package moodle

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

// File is a file that an activity holds.
type File struct {
	Name string
	Body []byte
}

// Chapter is a chapter of a book.
type Chapter struct {
	Title, HTML string
	Hidden      bool
}

// Backup is a course being written. Version is 3 or 4: where the questions of a quiz lie changed between them.
type Backup struct {
	Version int
	Name    string
	Lang    string

	next       int
	sections   []*section
	activities []activity
	files      []row
	contents   [][2]any // hash, bytes
	stored     map[string]bool
	documents  [][2]string
	categories []*category
}

type section struct {
	id            int
	name, summary string
	sequence      []string
}

type activity struct {
	module, section int
	kind, title     string
}

type row struct {
	hash, component, area, name string
	context, item, size         int
}

type category struct {
	id, parent int
	name       string
	questions  []string
}

// New begins a backup of a course.
func New(version int, name string) *Backup {
	return &Backup{Version: version, Name: name, Lang: "ja", next: 100, stored: map[string]bool{}}
}

func (b *Backup) id() int {
	b.next++
	return b.next
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

const (
	courseContext = 15
	header        = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
)

// Section begins a section; without a name Moodle writes its nothing.
func (b *Backup) Section(name, summary string) {
	b.sections = append(b.sections, &section{id: b.id(), name: name, summary: summary})
}

// Activity puts an activity into the section: body is what stands inside the element named as its kind.
func (b *Backup) Activity(kind, title, body string, files map[string][]File) int {
	return b.activity(kind, title, body, files, true)
}

// Hidden puts a page into the section that learners of Moodle do not see.
func (b *Backup) Hidden(title, text string) int {
	return b.activity("page", title, "<content>"+escape(text)+"</content><contentformat>1</contentformat>", nil, false)
}

func (b *Backup) activity(kind, title, body string, files map[string][]File, visible bool) int {
	if len(b.sections) == 0 {
		b.Section("", "")
	}
	number := b.id()
	context := number + 10_000
	s := b.sections[len(b.sections)-1]
	s.sequence = append(s.sequence, fmt.Sprint(number))
	b.activities = append(b.activities, activity{number, s.id, kind, title})
	at := fmt.Sprintf("activities/%s_%d/", kind, number)
	b.Document(at+kind+".xml", fmt.Sprintf(`<activity id="%d" moduleid="%d" modulename="%s" contextid="%d">`+"\n"+`<%s id="%d"><name>%s</name>%s<timemodified>1700000000</timemodified></%s></activity>`,
		number+1, number, kind, context, kind, number+1, escape(title), body, kind))
	b.Document(at+"module.xml", module(b.activities[len(b.activities)-1], visible, len(b.sections)-1))
	for name, text := range perActivity {
		b.Document(at+name, text)
	}
	for area, list := range files {
		name, item, _ := strings.Cut(area, " ")
		of := 0
		_, _ = fmt.Sscan(item, &of) // none is 0
		b.Row(emptyHash, context, "mod_"+kind, name, of, ".", 0)
		for _, f := range list {
			b.file(context, "mod_"+kind, name, of, f)
		}
	}
	return number
}

func (b *Backup) file(context int, component, area string, item int, f File) {
	sum := sha1.Sum(f.Body)
	hash := hex.EncodeToString(sum[:])
	b.Row(hash, context, component, area, item, f.Name, len(f.Body))
	if !b.stored[hash] {
		b.stored[hash] = true
		b.contents = append(b.contents, [2]any{hash, f.Body})
	}
}

// Row writes a row of the list of files, whether or not its bytes come.
func (b *Backup) Row(hash string, context int, component, area string, item int, name string, size int) {
	b.files = append(b.files, row{hash, component, area, name, context, item, size})
}

// Content puts bytes under a name that need not be theirs.
func (b *Backup) Content(hash string, body []byte) {
	b.contents = append(b.contents, [2]any{hash, body})
}

// Document puts a document as it is.
func (b *Backup) Document(name, text string) {
	b.documents = append(b.documents, [2]string{name, header + text + "\n"})
}

// Page puts a page with the files that its text names.
func (b *Backup) Page(title, text string, files ...File) int {
	return b.Activity("page", title, "<intro></intro><introformat>1</introformat><content>"+escape(text)+"</content><contentformat>1</contentformat>", map[string][]File{"content": files})
}

// Label puts a text between the activities.
func (b *Backup) Label(text string) {
	b.Activity("label", "label", "<intro>"+escape(text)+"</intro><introformat>1</introformat>", nil)
}

// Book puts a book.
func (b *Backup) Book(title string, chapters ...Chapter) {
	var list strings.Builder
	for i, c := range chapters {
		fmt.Fprintf(&list, `<chapter id="%d"><pagenum>%d</pagenum><subchapter>0</subchapter><title>%s</title><content>%s</content><contentformat>1</contentformat><hidden>%d</hidden></chapter>`,
			b.id(), i+1, escape(c.Title), escape(c.HTML), map[bool]int{true: 1}[c.Hidden])
	}
	b.Activity("book", title, "<intro></intro><chapters>"+list.String()+"</chapters>", nil)
}

// Resource puts one file.
func (b *Backup) Resource(title string, f File) {
	b.Activity("resource", title, "<intro></intro>", map[string][]File{"content": {f}})
}

// Folder puts several files.
func (b *Backup) Folder(title string, files ...File) {
	b.Activity("folder", title, "<intro></intro>", map[string][]File{"content": files})
}

// URL puts a link.
func (b *Backup) URL(title, to string) {
	b.Activity("url", title, "<intro></intro><externalurl>"+escape(to)+"</externalurl>", nil)
}

// Scorm puts a SCORM package.
func (b *Backup) Scorm(title string, f File) {
	b.Activity("scorm", title, "<reference>"+escape(f.Name)+"</reference>", map[string][]File{"package": {f}})
}

// Category begins a category of questions below another (0: none) and gives its id.
func (b *Backup) Category(name string, parent int) int {
	c := &category{id: b.id(), parent: parent, name: name}
	b.categories = append(b.categories, c)
	return c.id
}

// Question puts a question into the category begun last and gives what a slot names it by: plugin is what its kind adds.
func (b *Backup) Question(kind, text, plugin string) int {
	id, entry := b.id(), b.id()
	if kind == "multichoice" { // with all that its own row has
		plugin = regexp.MustCompile(`<multichoice id="\d+"><single>(\d)</single></multichoice>`).ReplaceAllStringFunc(plugin, func(short string) string {
			return multichoice(short[strings.Index(short, "<single>")+8:][:1])
		})
	}
	body := fmt.Sprintf(`<question id="%d">%s<plugin_qtype_%s_question>%s</plugin_qtype_%s_question>%s</question>`,
		id, questionRow(kind, text, "<p>"+text+"</p>", b.Version), kind, plugin, kind, questionRest)
	c := b.categories[len(b.categories)-1]
	if b.Version < 4 {
		c.questions = append(c.questions, body)
		return id
	}
	old := strings.Replace(body, fmt.Sprintf(`<question id="%d">`, id), fmt.Sprintf(`<question id="%d">`, b.id()), 1)
	c.questions = append(c.questions, fmt.Sprintf(`<question_bank_entry id="%d"><questioncategoryid>%d</questioncategoryid><idnumber>$@NULL@$</idnumber><question_version><question_versions id="%d"><version>1</version><status>ready</status><questions>%s</questions></question_versions><question_versions id="%d"><version>2</version><status>ready</status><questions>%s</questions></question_versions></question_version></question_bank_entry>`,
		entry, c.id, b.id(), strings.ReplaceAll(old, text, "旧 "+text), b.id(), body))
	return entry
}

// Answers writes answers, each with its share of the points (0 to 1), and gives the id of the first.
func (b *Backup) Answers(shares []string, texts ...string) (first int, list string) {
	var out strings.Builder
	for i, text := range texts {
		id := b.id()
		if i == 0 {
			first = id
		}
		fmt.Fprintf(&out, `<answer id="%d"><answertext>%s</answertext><answerformat>1</answerformat><fraction>%s</fraction><feedback></feedback><feedbackformat>1</feedbackformat></answer>`, id, escape(text), shares[i])
	}
	return first, "<answers>" + out.String() + "</answers>"
}

// Slot is a place of a quiz: a question, or count of them drawn from a category.
type Slot struct{ Question, Category, Count int }

// Quiz puts a quiz that is passed with pass of 10 points.
func (b *Backup) Quiz(title string, pass int, list ...Slot) {
	var out strings.Builder
	n := 0
	put := func(inner string) {
		n++
		fmt.Fprintf(&out, `<question_instance id="%d"><quizid>1</quizid><slot>%d</slot><page>1</page><displaynumber>$@NULL@$</displaynumber><requireprevious>0</requireprevious><maxmark>1.0000000</maxmark><quizgradeitemid>$@NULL@$</quizgradeitemid>%s</question_instance>`, b.id(), n, inner)
	}
	for _, s := range list {
		switch {
		case s.Category == 0 && b.Version < 4:
			put(fmt.Sprintf("<questionid>%d</questionid>", s.Question))
		case s.Category == 0:
			put(fmt.Sprintf(`<question_reference id="%d"><usingcontextid>1</usingcontextid><component>mod_quiz</component><questionarea>slot</questionarea><questionbankentryid>%d</questionbankentryid><version>$@NULL@$</version></question_reference>`, b.id(), s.Question))
		}
		for range s.Count {
			if b.Version < 4 {
				put(fmt.Sprintf("<questionid>%d</questionid><questioncategoryid>%d</questioncategoryid><includingsubcategories>0</includingsubcategories>", b.random(s.Category), s.Category))
				continue
			}
			put(fmt.Sprintf(`<question_set_reference id="%d"><usingcontextid>1</usingcontextid><component>mod_quiz</component><questionarea>slot</questionarea><questionscontextid>15</questionscontextid><filtercondition>{"filter":{"category":{"jointype":1,"values":["%d"],"filteroptions":{"includesubcategories":""}}}}</filtercondition></question_set_reference>`, b.id(), s.Category))
		}
	}
	module := b.Activity("quiz", title, "<intro></intro><introformat>1</introformat><timeopen>0</timeopen><timeclose>0</timeclose><timelimit>90</timelimit><overduehandling>autosubmit</overduehandling><graceperiod>0</graceperiod><preferredbehaviour>deferredfeedback</preferredbehaviour><canredoquestions>0</canredoquestions><attempts_number>3</attempts_number><attemptonlast>0</attemptonlast><grademethod>1</grademethod><decimalpoints>2</decimalpoints><questiondecimalpoints>-1</questiondecimalpoints><reviewattempt>69888</reviewattempt><questionsperpage>1</questionsperpage><navmethod>free</navmethod><shuffleanswers>1</shuffleanswers><sumgrades>10.00000</sumgrades><grade>10.00000</grade><password></password><subnet></subnet><browsersecurity>-</browsersecurity><delay1>0</delay1><subplugin_quizaccess_seb_quiz></subplugin_quizaccess_seb_quiz><question_instances>"+out.String()+
		"</question_instances><sections><section id=\"1\"><firstslot>1</firstslot><heading></heading><shufflequestions>1</shufflequestions></section></sections><feedbacks><feedback id=\"1\"><feedbacktext></feedbacktext><feedbacktextformat>1</feedbacktextformat><mingrade>0.00000</mingrade><maxgrade>11.00000</maxgrade></feedback></feedbacks><overrides></overrides><grades></grades><attempts></attempts>", nil)
	b.Document(fmt.Sprintf("activities/quiz_%d/grades.xml", module), fmt.Sprintf(`<activity_gradebook><grade_items><grade_item id="1"><categoryid>1</categoryid><itemname>quiz</itemname><itemtype>mod</itemtype><gradetype>1</gradetype><grademax>10.00000</grademax><gradepass>%d.00000</gradepass></grade_item></grade_items></activity_gradebook>`, pass))
}

// random puts the question that stands for its category in Moodle 3.
func (b *Backup) random(of int) int {
	id := b.id()
	for _, c := range b.categories {
		if c.id == of {
			c.questions = append(c.questions, fmt.Sprintf(`<question id="%d"><parent>%d</parent><name>Random</name><questiontext>0</questiontext><questiontextformat>0</questiontextformat><qtype>random</qtype></question>`, id, id))
		}
	}
	return id
}

func (b *Backup) finish() {
	var info, sections strings.Builder
	for _, a := range b.activities {
		fmt.Fprintf(&info, `<activity><moduleid>%d</moduleid><sectionid>%d</sectionid><modulename>%s</modulename><title>%s</title><directory>activities/%s_%d</directory></activity>`,
			a.module, a.section, a.kind, escape(a.title), a.kind, a.module)
	}
	for i, s := range b.sections {
		name, listed := s.name, s.name
		if name == "" {
			name, listed = "$@NULL@$", fmt.Sprint(i)
		}
		fmt.Fprintf(&sections, `<section><sectionid>%d</sectionid><title>%s</title><directory>sections/section_%d</directory></section>`, s.id, escape(listed), s.id)
		b.Document(fmt.Sprintf("sections/section_%d/section.xml", s.id), fmt.Sprintf(`<section id="%d"><number>%d</number><name>%s</name><summary>%s</summary><summaryformat>1</summaryformat><sequence>%s</sequence><visible>1</visible><availabilityjson>$@NULL@$</availabilityjson><timemodified>1700000000</timemodified></section>`,
			s.id, i, escape(name), escape(s.summary), strings.Join(s.sequence, ",")))
	}
	b.Document("course/course.xml", b.course())
	for name, text := range perCourse {
		b.Document("course/"+name, text)
	}
	b.Document("moodle_backup.xml", fmt.Sprintf(`<moodle_backup><information>%s<contents><activities>%s</activities><sections>%s</sections><course><courseid>2</courseid><title>C</title><directory>course</directory></course></contents><settings>%s</settings></information></moodle_backup>`,
		b.information(), info.String(), sections.String(), b.settings()))
	var files strings.Builder
	for _, f := range b.files {
		fmt.Fprintf(&files, `<file id="%d"><contenthash>%s</contenthash><contextid>%d</contextid><component>%s</component><filearea>%s</filearea><itemid>%d</itemid><filepath>/</filepath><filename>%s</filename><userid>$@NULL@$</userid><filesize>%d</filesize><mimetype>x/x</mimetype><status>0</status><timecreated>1700000000</timecreated><timemodified>1700000000</timemodified><source>$@NULL@$</source><author>$@NULL@$</author><license>$@NULL@$</license><sortorder>1</sortorder><repositorytype>$@NULL@$</repositorytype><repositoryid>$@NULL@$</repositoryid><reference>$@NULL@$</reference></file>`,
			b.id(), f.hash, f.context, f.component, f.area, f.item, escape(f.name), f.size)
	}
	b.Document("files.xml", "<files>"+files.String()+"</files>")
	var bank strings.Builder
	for _, c := range b.categories {
		outer := map[bool]string{true: "question_bank_entries", false: "questions"}[b.Version >= 4]
		fmt.Fprintf(&bank, `<question_category id="%d"><name>%s</name><contextid>%d</contextid><contextlevel>50</contextlevel><contextinstanceid>2</contextinstanceid><info></info><infoformat>0</infoformat><stamp>moodle.example.jp+x</stamp><parent>%d</parent><sortorder>999</sortorder><idnumber>$@NULL@$</idnumber><%s>%s</%s></question_category>`,
			c.id, escape(c.name), courseContext, c.parent, outer, strings.Join(c.questions, ""), outer)
	}
	b.Document("questions.xml", "<question_categories>"+bank.String()+"</question_categories>")
	b.Document("users.xml", `<users><user id="3"><username>someone</username></user></users>`)
	for name, text := range perBackup {
		b.Document(name, text)
	}
}

// each calls put for everything in the backup, files before the documents that name them, as Moodle's own order is.
func (b *Backup) each(put func(name string, body []byte) error) error {
	b.finish()
	for _, c := range b.contents {
		hash, _ := c[0].(string)
		body, _ := c[1].([]byte)
		if err := put("files/"+hash[:2]+"/"+hash, body); err != nil {
			return err
		}
	}
	for _, d := range b.documents {
		if err := put(d[0], []byte(d[1])); err != nil {
			return err
		}
	}
	return nil
}

// Write writes the backup as a gzip-compressed tar, as Moodle's own packer does: first an index of what follows, folders before what lies in them.
func (b *Backup) Write(w io.Writer) error {
	type entry struct {
		name string
		body []byte
	}
	var list []entry
	seen := map[string]bool{}
	index := ""
	if err := b.each(func(name string, body []byte) error {
		for at := range name {
			if folder := name[:at+1]; name[at] == '/' && !seen[folder] {
				seen[folder] = true
				list = append(list, entry{name: folder})
				index += strings.TrimSuffix(folder, "/") + "\td\t0\t?\n"
			}
		}
		list = append(list, entry{name, body})
		index += fmt.Sprintf("%s\tf\t%d\t1700000000\n", name, len(body))
		return nil
	}); err != nil {
		return err
	}
	z := gzip.NewWriter(w)
	t := tar.NewWriter(z)
	head := fmt.Sprintf("Moodle archive file index. Count: %d\n", len(list))
	for _, e := range append([]entry{{".ARCHIVE_INDEX", []byte(head + index)}}, list...) {
		h := tar.Header{Name: e.name, Typeflag: tar.TypeReg, Mode: 0o644, Size: int64(len(e.body)), ModTime: time.Unix(1_700_000_000, 0), Format: tar.FormatUSTAR}
		if strings.HasSuffix(e.name, "/") {
			h.Typeflag, h.Mode = tar.TypeDir, 0o755
		}
		if err := t.WriteHeader(&h); err != nil {
			return err
		}
		if _, err := t.Write(e.body); err != nil {
			return err
		}
	}
	return errors.Join(t.Close(), z.Close())
}

// Tar gives the backup as Moodle writes it.
func (b *Backup) Tar() []byte {
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		panic(err) // memory does not fail
	}
	return out.Bytes()
}

// Zip gives the backup as older versions of Moodle wrote it.
func (b *Backup) Zip() []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	err := b.each(func(name string, body []byte) error {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(body)
		}
		return err
	})
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic(err) // memory does not fail
	}
	return out.Bytes()
}
