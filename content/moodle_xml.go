package content

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// Limits of the XML of a backup.
const (
	maxMoodleToken    = 4 << 20   // bytes of one tag or text
	maxMoodleDocument = 32 << 20  // bytes of the XML of one activity, section or of the course
	maxMoodleRow      = 8 << 20   // bytes of one row of a list: a file, a question
	maxMoodleName     = 200       // bytes of the name of an element
	maxMoodleGiven    = 64 << 10  // bytes of all attributes of an element
	maxMoodleElements = 400_000   // elements of one such document
	maxMoodleOpen     = 100       // elements open at once
	maxMoodleList     = 512 << 20 // bytes of the list of files, and of the question bank
	maxMoodleKept     = 64 << 20  // bytes of text that are kept of a whole backup
)

// Moodle's XML, as its backup writes it (backup/moodle2 of Moodle): elements named as the columns they hold, ids as attributes, and this in the place of nothing:
const moodleNull = "$@NULL@$"

// given is a text with Moodle's nothing taken for nothing.
func given(s string) string {
	if s == moodleNull {
		return ""
	}
	return s
}

// moodleInfo is moodle_backup.xml.
type moodleInfo struct {
	XMLName       xml.Name `xml:"moodle_backup"`
	Release       string   `xml:"information>moodle_release"`
	Name          string   `xml:"information>original_course_fullname"`
	CourseContext string   `xml:"information>original_course_contextid"`
	Activities    []struct {
		Module    string `xml:"modulename"`
		ModuleID  string `xml:"moduleid"`
		Section   string `xml:"sectionid"`
		Title     string `xml:"title"`
		Directory string `xml:"directory"`
	} `xml:"information>contents>activities>activity"`
	Sections []struct {
		ID    string `xml:"sectionid"`
		Title string `xml:"title"`
	} `xml:"information>contents>sections>section"`
}

// moodleCourse is course/course.xml.
type moodleCourse struct {
	XMLName xml.Name `xml:"course"`
	Context string   `xml:"contextid,attr"`
	Name    string   `xml:"fullname"`
	Summary string   `xml:"summary"`
	Format  string   `xml:"summaryformat"`
	Lang    string   `xml:"lang"`
}

// moodleSection is section.xml.
type moodleSection struct {
	XMLName   xml.Name `xml:"section"`
	ID        string   `xml:"id,attr"`
	Number    string   `xml:"number"`
	Name      string   `xml:"name"`
	Summary   string   `xml:"summary"`
	Format    string   `xml:"summaryformat"`
	Sequence  string   `xml:"sequence"`
	Visible   string   `xml:"visible"`
	Component string   `xml:"component"` // mod_subsection: it hangs in another section
	Item      string   `xml:"itemid"`    // … as this subsection
}

// moodleModule is module.xml.
type moodleModule struct {
	XMLName xml.Name `xml:"module"`
	Visible string   `xml:"visible"`
}

// moodleActivity is the file named as the kind of activity: page.xml, quiz.xml …
type moodleActivity struct {
	XMLName xml.Name `xml:"activity"`
	Context string   `xml:"contextid,attr"`
	Body    struct {
		ID            string          `xml:"id,attr"`
		Name          string          `xml:"name"`
		Intro         string          `xml:"intro"`
		IntroFormat   string          `xml:"introformat"`
		Content       string          `xml:"content"`
		ContentFormat string          `xml:"contentformat"`
		Address       string          `xml:"externalurl"`
		Chapters      []moodleChapter `xml:"chapters>chapter"`
		TimeLimit     string          `xml:"timelimit"` // seconds
		Attempts      string          `xml:"attempts_number"`
		ShuffleParts  string          `xml:"shuffleanswers"`
		Shuffle       string          `xml:"shufflequestions"`                  // before Moodle 3.0
		Shuffles      []string        `xml:"sections>section>shufflequestions"` // since
		Order         string          `xml:"questions"`                         // before Moodle 2.7: ids of questions, 0 is a page break
		Slots         []moodleSlot    `xml:"question_instances>question_instance"`
	} `xml:",any"`
}

type moodleChapter struct {
	ID      string `xml:"id,attr"`
	Number  string `xml:"pagenum"`
	Title   string `xml:"title"`
	Content string `xml:"content"`
	Format  string `xml:"contentformat"`
	Hidden  string `xml:"hidden"`
}

// moodleSlot is a place of a quiz: a question by its id, since Moodle 4.0 by its entry of the bank, or one drawn from a category.
type moodleSlot struct {
	Slot         string `xml:"slot"`
	Question     string `xml:"questionid"`
	Older        string `xml:"question"`           // before Moodle 2.7
	Category     string `xml:"questioncategoryid"` // of a random one, before 4.0
	Below        string `xml:"includingsubcategories"`
	Entry        string `xml:"question_reference>questionbankentryid"`
	EntryVersion string `xml:"question_reference>version"` // nothing: the latest
	Drawn        string `xml:"question_set_reference>filtercondition"`
}

// moodleGrades is grades.xml of a quiz.
type moodleGrades struct {
	XMLName xml.Name `xml:"activity_gradebook"`
	Items   []struct {
		Most string `xml:"grademax"`
		Pass string `xml:"gradepass"`
	} `xml:"grade_items>grade_item"`
}

// moodleFile is a row of files.xml.
type moodleFile struct {
	Hash      string `xml:"contenthash"`
	Context   string `xml:"contextid"`
	Component string `xml:"component"`
	Area      string `xml:"filearea"`
	Item      string `xml:"itemid"`
	Path      string `xml:"filepath"`
	Name      string `xml:"filename"`
	Order     string `xml:"sortorder"`
}

// moodleBankQuestion is a question of questions.xml.
type moodleBankQuestion struct {
	ID             string         `xml:"id,attr"`
	Parent         string         `xml:"parent"`
	Name           string         `xml:"name"`
	Text           string         `xml:"questiontext"`
	TextFormat     string         `xml:"questiontextformat"`
	Feedback       string         `xml:"generalfeedback"`
	FeedbackFormat string         `xml:"generalfeedbackformat"`
	Type           string         `xml:"qtype"`
	Hidden         string         `xml:"hidden"`
	Tags           []string       `xml:"tags>tag>rawname"`
	Others         []moodlePlugin `xml:",any"`
}

// moodlePlugin is what a kind of question adds: plugin_qtype_KIND_question.
type moodlePlugin struct {
	XMLName xml.Name
	Answers []struct {
		ID       string `xml:"id,attr"`
		Text     string `xml:"answertext"`
		Format   string `xml:"answerformat"`
		Fraction string `xml:"fraction"` // share of the points, 0 to 1; of ordering the place
		Feedback string `xml:"feedback"`
	} `xml:"answers>answer"`
	Single     string `xml:"multichoice>single"`
	True       string `xml:"truefalse>trueanswer"` // id of the answer
	False      string `xml:"truefalse>falseanswer"`
	UseCase    string `xml:"shortanswer>usecase"`
	Tolerances []struct {
		Answer    string `xml:"answer"`
		Tolerance string `xml:"tolerance"`
	} `xml:"numerical_records>numerical_record"`
	Matches []struct {
		Text   string `xml:"questiontext"`
		Format string `xml:"questiontextformat"`
		Answer string `xml:"answertext"`
	} `xml:"matches>match"`
}

var errMoodleXML = refused("moodle_xml")

// moodleTokens gives the tokens of a document and breaks off at a tag or text that is too long, at too many elements, and at definitions of a document type: they
// exist only to harm.
type moodleTokens struct {
	d        *xml.Decoder
	in       *tokenBudget
	elements int // still allowed; reset by who reads a list
	depth    int // open now
}

// tokenBudget bounds what is read for one token.
type tokenBudget struct {
	r    io.Reader
	left int64 // for this token
	row  int64 // for the row of a list
	all  int64 // for the document
	err  error // how the source ended, when it was not the end of the document
}

// Read implements io.Reader.
func (b *tokenBudget) Read(p []byte) (int, error) {
	if most := max(min(b.left, b.row), 0); int64(len(p)) > most {
		p = p[:most]
	}
	if len(p) == 0 || b.all <= 0 {
		return 0, errMoodleXML
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	b.row -= int64(n)
	b.all -= int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}

func newMoodleTokens(r io.Reader, most int64) *moodleTokens {
	in := &tokenBudget{r: r, left: maxMoodleToken, row: most, all: most}
	d := xml.NewDecoder(in)
	d.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		if strings.EqualFold(charset, "utf-8") {
			return in, nil
		}
		return nil, errMoodleXML
	}
	return &moodleTokens{d: d, in: in, elements: maxMoodleElements}
}

// Token implements xml.TokenReader.
func (m *moodleTokens) Token() (xml.Token, error) {
	m.in.left = maxMoodleToken
	t, err := m.d.Token()
	switch t := t.(type) {
	case xml.Directive:
		return nil, errMoodleXML
	case xml.StartElement:
		m.elements--
		m.depth++
		if m.elements < 0 || m.depth > maxMoodleOpen || tooMuchGiven(t) {
			return nil, errMoodleXML
		}
	case xml.EndElement:
		m.depth--
	}
	return t, err
}

// tooMuchGiven tells of an element whose name or attributes are longer than any of Moodle's: they are held for as long as it is open.
func tooMuchGiven(e xml.StartElement) bool {
	given := 0
	for _, a := range e.Attr {
		given += 50 + len(a.Name.Space) + len(a.Name.Local) + len(a.Value)
	}
	return len(e.Name.Space)+len(e.Name.Local) > maxMoodleName || given > maxMoodleGiven
}

// beginRow bounds what is read until endRow: one row of a list must fit into memory whole, the list need not.
func (m *moodleTokens) beginRow() { m.elements, m.in.row = maxMoodleRowElements, maxMoodleRow }

func (m *moodleTokens) endRow() { m.elements, m.in.row = maxMoodleElements, m.in.all }

// problem tells XML that is wrong from a source that broke off, which may have done so ahead of what is wrong: then nobody knows how the document goes on.
func (m *moodleTokens) problem(err error) error {
	var wrong *problem
	switch {
	case err == nil || errors.As(err, &wrong):
		return err
	case m.in.err != nil:
		return m.in.err
	}
	return errMoodleXML
}

// readMoodleXML reads a document into v.
func readMoodleXML(r io.Reader, v any) error {
	tokens := newMoodleTokens(r, maxMoodleDocument)
	return tokens.problem(xml.NewTokenDecoder(tokens).Decode(v))
}

// eachMoodleFile calls row for every row of files.xml.
func eachMoodleFile(r io.Reader, row func(f moodleFile) error) error {
	tokens := newMoodleTokens(r, maxMoodleList)
	d := xml.NewTokenDecoder(tokens)
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return tokens.problem(err)
		}
		start, is := t.(xml.StartElement)
		if !is || start.Name.Local != "file" {
			continue
		}
		tokens.beginRow()
		var f moodleFile
		if err := d.DecodeElement(&f, &start); err != nil {
			return tokens.problem(err)
		}
		tokens.endRow()
		if err := row(f); err != nil {
			return err
		}
	}
}

// maxMoodleRowElements is how many elements one row of a list may have.
const maxMoodleRowElements = 20_000
