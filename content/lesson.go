// Package content holds courses being made: course, lesson, published version, asset, upload and the catalogue.
//
// Only this package reads its tables. Other rooms get a published course through Versions.FindVersion, which also decides
// whether an organisation may use a course of the association, and links to files through Assets.Links.
package content

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// LessonKind is what a lesson is.
type LessonKind string

// The kinds of lesson.
const (
	KindPage  LessonKind = "page"
	KindVideo LessonKind = "video"
	KindAudio LessonKind = "audio"
	KindPDF   LessonKind = "pdf"
	KindQuiz  LessonKind = "quiz"

	KindPackage LessonKind = "package" // lesson_package.go
	KindSurvey  LessonKind = "survey"  // lesson_survey.go
	KindPledge  LessonKind = "pledge"  // lesson_pledge.go
)

// LessonKinds lists every kind.
var LessonKinds = []LessonKind{KindPage, KindVideo, KindAudio, KindPDF, KindQuiz, KindPackage, KindSurvey, KindPledge}

// Limits of what editors make.
const (
	MaxBody      = 2 << 20  // bytes of one lesson's body
	MaxLessons   = 300      // of one course
	MaxCourse    = 24 << 20 // bytes of the bodies of one published course: it is read whole, and remembered in memory, for everybody who learns from it
	MaxQuestions = 200      // of one quiz
	MaxCaptions  = 20       // of one video
	MaxTitle     = 200      // characters
)

// Body is what a lesson holds: exactly the member of its kind is set. In the database only that member is stored.
type Body struct {
	Page  *PageBody  `json:"page,omitempty"`
	Video *VideoBody `json:"video,omitempty"`
	Audio *VideoBody `json:"audio,omitempty" doc:"a recording: as a video, without a picture; its captions are what can be read instead"`
	PDF   *PDFBody   `json:"pdf,omitempty"`
	Quiz  *QuizBody  `json:"quiz,omitempty"`

	Package *PackageBody `json:"package,omitempty"`
	Survey  *SurveyBody  `json:"survey,omitempty"`
	Pledge  *PledgeBody  `json:"pledge,omitempty"`
}

// PageBody is rich text. HTML has passed the sanitiser (richtext.go); pictures are <img data-asset="UUID" alt="…">, films,
// recordings and PDFs are figures (embed), and what stands out is <aside data-kind="note"> or "warning".
type PageBody struct {
	HTML string `json:"html" doc:"rich text; sanitised when stored and when read; pictures are img elements with data-asset and alt; films, recordings and PDFs figures with data-media (video, audio, pdf), data-asset, data-captions and a figcaption; what stands out an aside with data-kind (note, warning)"`
}

// VideoBody is a video with its captions.
type VideoBody struct {
	Asset      db.ID     `json:"asset,omitzero" required:"false" format:"uuid" doc:"the video file"`
	Captions   []Caption `json:"captions" nullable:"false" maxItems:"20"`
	NoSkip     bool      `json:"no_skip" required:"false" doc:"skipping ahead only over what was seen once"`
	Speed      bool      `json:"speed" required:"false" doc:"the learner may change the speed"`
	DurationMS int64     `json:"duration_ms" required:"false" minimum:"0" doc:"length; filled in when published, 0 when unknown"`
}

// Caption is one WebVTT track.
type Caption struct {
	Lang  string `json:"lang" maxLength:"20" doc:"language tag, e.g. ja"`
	Label string `json:"label" maxLength:"100" doc:"name shown in the player"`
	Asset db.ID  `json:"asset" format:"uuid" doc:"a file of kind captions"`
}

// PDFBody is a PDF read page by page.
type PDFBody struct {
	Asset db.ID `json:"asset,omitzero" required:"false" format:"uuid"`
	Pages int   `json:"pages" required:"false" minimum:"0" doc:"filled in when published"`
}

// When a quiz shows what was right.
const (
	ShowAfterPass   = "after_pass"
	ShowAfterSubmit = "after_submit"
	ShowNever       = "never"
)

// QuizBody is a test of understanding.
type QuizBody struct {
	PassPercent    int        `json:"pass_percent" minimum:"0" maximum:"100" doc:"share of right answers needed, 1 to 100 when published"`
	Shuffle        bool       `json:"shuffle" required:"false" doc:"questions in random order"`
	ShuffleChoices bool       `json:"shuffle_choices" required:"false" doc:"choices in random order (never those of true_false)"`
	MaxAttempts    int        `json:"max_attempts" required:"false" minimum:"0" maximum:"100" doc:"0 is without limit"`
	Show           string     `json:"show" enum:"after_pass,after_submit,never" doc:"when right answers and explanations are shown"`
	Questions      []Question `json:"questions" nullable:"false" maxItems:"200" doc:"asked in every attempt"`
	Draws          []Draw     `json:"draws,omitempty" nullable:"false" maxItems:"30" doc:"what the bank gives besides"`
	Again          string     `json:"again,omitempty" enum:"all,failed" doc:"what a further attempt asks: everything, or only what was wrong the last time; absent is all"`
	Set            string     `json:"set,omitempty" enum:"attempt,round" doc:"for whom questions are drawn: every attempt, or once for a round; absent is attempt"`
	TimeLimit      int        `json:"time_limit,omitempty" minimum:"0" maximum:"600" doc:"minutes for an attempt; 0 is without limit"`
	Pool           []Question `json:"pool,omitempty" nullable:"false" doc:"questions of the bank as they were when published; filled in then"`
}

// Kind tells which member of b is set; "" unless it is exactly one.
func (b Body) Kind() LessonKind {
	var kind LessonKind
	n := 0
	for k, set := range map[LessonKind]bool{KindPage: b.Page != nil, KindVideo: b.Video != nil, KindAudio: b.Audio != nil, KindPDF: b.PDF != nil, KindQuiz: b.Quiz != nil, KindPackage: b.Package != nil, KindSurvey: b.Survey != nil, KindPledge: b.Pledge != nil} {
		if set {
			kind = k
			n++
		}
	}
	if n != 1 {
		return ""
	}
	return kind
}

// NewBody is the empty body of a kind, as a new lesson has it.
func NewBody(kind LessonKind) Body {
	switch kind {
	case KindPage:
		return Body{Page: &PageBody{}}
	case KindVideo:
		return Body{Video: &VideoBody{Captions: []Caption{}, Speed: true}}
	case KindAudio:
		return Body{Audio: &VideoBody{Captions: []Caption{}, Speed: true}}
	case KindPDF:
		return Body{PDF: &PDFBody{}}
	case KindQuiz:
		return Body{Quiz: &QuizBody{PassPercent: 100, Shuffle: true, ShuffleChoices: true, Show: ShowAfterPass, Questions: []Question{}}}
	case KindPackage:
		return Body{Package: &PackageBody{Complete: CompleteByCompletion}}
	case KindSurvey:
		return Body{Survey: &SurveyBody{Questions: []SurveyQuestion{}}}
	case KindPledge:
		return Body{Pledge: &PledgeBody{}}
	}
	return Body{}
}

// Recording gives what plays: the video or the audio; nil in a lesson of another kind.
func (b Body) Recording() *VideoBody {
	if b.Video != nil {
		return b.Video
	}
	return b.Audio
}

// member gives the part of b that a lesson of kind stores.
func (b Body) member(kind LessonKind) (any, error) {
	switch kind {
	case KindPage:
		return b.Page, nil
	case KindVideo:
		return b.Video, nil
	case KindAudio:
		return b.Audio, nil
	case KindPDF:
		return b.PDF, nil
	case KindQuiz:
		return b.Quiz, nil
	case KindPackage:
		return b.Package, nil
	case KindSurvey:
		return b.Survey, nil
	case KindPledge:
		return b.Pledge, nil
	}
	return nil, fault.New(fault.Invalid, "lesson_kind")
}

// ReadBody reads a stored body of the kind. Rich text is sanitised again, so that a stricter rule reaches what is already stored.
func ReadBody(kind LessonKind, raw []byte) (Body, error) {
	b := NewBody(kind)
	member, err := b.member(kind)
	if err != nil {
		return Body{}, err
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(member); err != nil {
		return Body{}, fmt.Errorf("read %s lesson: %w", kind, err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Body{}, fmt.Errorf("read %s lesson: more than one value", kind)
	}
	b.tidy()
	return b, nil
}

// JSON gives the member of b as it is stored. It returns fault.Invalid when not exactly one is set, fault.TooLarge above MaxBody.
func (b Body) JSON() (string, error) {
	member, err := b.member(b.Kind())
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(member); err != nil {
		return "", fmt.Errorf("write lesson: %w", err)
	}
	if out.Len() > MaxBody {
		return "", fault.New(fault.TooLarge, "lesson_too_large", "max", MaxBody)
	}
	return strings.TrimSuffix(out.String(), "\n"), nil
}

// tidy brings a body into its stored form: clean rich text, no null lists, no control characters.
func (b Body) tidy() {
	switch {
	case b.Page != nil:
		b.Page.HTML = CleanHTML(b.Page.HTML)
	case b.Recording() != nil:
		if r := b.Recording(); r.Captions == nil {
			r.Captions = []Caption{}
		}
	case b.Quiz != nil:
		if b.Quiz.Questions == nil {
			b.Quiz.Questions = []Question{}
		}
		for i := range b.Quiz.Questions {
			b.Quiz.Questions[i].tidy()
		}
		for i := range b.Quiz.Draws {
			b.Quiz.Draws[i].tidy()
		}
	case b.Package != nil:
		b.Package.tidy()
	case b.Survey != nil:
		b.Survey.tidy()
	case b.Pledge != nil:
		b.Pledge.Text = plain(b.Pledge.Text)
	}
}

// plain drops control characters but keeps line breaks: what is being typed must come back as typed.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if (r < ' ' && r != '\n' && r != '\t') || r == 0x7f || r == '\ufeff' || r >= '\u202a' && r <= '\u202e' {
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
}

// Assets lists the files that the body refers to, each with where it stands.
func (b Body) Assets() []AssetRef {
	refs := []AssetRef{}
	add := func(path string, id db.ID, kind AssetKind) {
		if !id.IsZero() {
			refs = append(refs, AssetRef{Path: path, ID: id, Kind: kind})
		}
	}
	switch {
	case b.Page != nil:
		for i, img := range imagesOf(b.Page.HTML) {
			add(fmt.Sprintf("images[%d]", i), img.asset, AssetImage)
		}
		for i, e := range embedsOf(b.Page.HTML) {
			add(fmt.Sprintf("embeds[%d]", i), e.asset, e.media)
			add(fmt.Sprintf("embeds[%d].captions", i), e.captions, AssetCaptions)
		}
	case b.Recording() != nil:
		r := b.Recording()
		add("asset", r.Asset, map[bool]AssetKind{true: AssetVideo, false: AssetAudio}[b.Video != nil])
		for i, c := range r.Captions {
			add(fmt.Sprintf("captions[%d]", i), c.Asset, AssetCaptions)
		}
	case b.PDF != nil:
		add("asset", b.PDF.Asset, AssetPDF)
	case b.Package != nil:
		add("asset", b.Package.Asset, AssetPackage)
	}
	return refs
}

// AssetRef is one mention of a file in a lesson.
type AssetRef struct {
	Path string
	ID   db.ID
	Kind AssetKind // what the file must be there
}

// checkDraft holds the limits that even an unfinished lesson keeps.
func (b Body) checkDraft(c *fault.Check) {
	if r := b.Recording(); r != nil {
		c.If(len(r.Captions) > MaxCaptions, "body."+string(b.Kind())+".captions", "too_many", "max", MaxCaptions)
	}
	if b.Package != nil {
		b.Package.check(c)
	}
	if b.Survey != nil {
		b.Survey.check(c)
	}
	if b.Pledge != nil {
		b.Pledge.check(c)
	}
	if b.Quiz == nil {
		return
	}
	c.If(len(b.Quiz.Questions) > MaxQuestions, "body.quiz.questions", "too_many", "max", MaxQuestions)
	c.If(!slices.Contains([]string{ShowAfterPass, ShowAfterSubmit, ShowNever}, b.Quiz.Show), "body.quiz.show", "not_in_list")
	b.Quiz.checkDraws(c)
	c.If(b.Quiz.MaxAttempts < 0, "body.quiz.max_attempts", "too_small", "min", 0)
	seen := map[db.ID]bool{}
	for i, q := range b.Quiz.Questions {
		path := fmt.Sprintf("body.quiz.questions[%d]", i)
		c.If(q.ID.IsZero() || seen[q.ID], path+".id", "not_unique")
		seen[q.ID] = true
		q.checkDraft(c, path)
	}
}

func tooLong(s string, n int) bool { return tenant.Clip(s, n) != s }

// Validate records everything that keeps the body from being published; path stands before each field.
func (b Body) Validate(c *fault.Check, path string) {
	switch {
	case b.Page != nil:
		c.If(!hasContent(b.Page.HTML), path+"page", "page_empty")
		for i, img := range imagesOf(b.Page.HTML) {
			at := fmt.Sprintf("%simages[%d]", path, i)
			c.If(img.asset.IsZero(), at, "image_missing")
			c.If(strings.TrimSpace(img.alt) == "", at, "image_alt_missing")
		}
		for i, e := range embedsOf(b.Page.HTML) {
			at := fmt.Sprintf("%sembeds[%d]", path, i)
			c.If(e.asset.IsZero(), at, "embed_missing")
			c.If(strings.TrimSpace(e.words) == "", at, "embed_words_missing")
		}
	case b.Recording() != nil:
		r := b.Recording()
		c.If(r.Asset.IsZero(), path+"asset", map[bool]string{true: "video_missing", false: "audio_missing"}[b.Video != nil])
		for i, cap := range r.Captions {
			c.If(cap.Asset.IsZero() || cap.Lang == "" || strings.TrimSpace(cap.Label) == "", fmt.Sprintf("%scaptions[%d]", path, i), "captions_incomplete")
		}
	case b.PDF != nil:
		c.If(b.PDF.Asset.IsZero(), path+"asset", "pdf_missing")
	case b.Quiz != nil:
		b.Quiz.validate(c, path)
	case b.Package != nil:
		c.If(b.Package.Asset.IsZero(), path+"asset", "package_missing")
	case b.Survey != nil:
		b.Survey.validate(c, path)
	case b.Pledge != nil:
		b.Pledge.validate(c, path)
	default:
		c.Add(path+"kind", "lesson_kind")
	}
}

func (q *QuizBody) validate(c *fault.Check, path string) {
	c.If(q.Asked() == 0, path+"questions", "quiz_empty")
	c.If(q.PassPercent < 1 || q.PassPercent > 100, path+"pass_percent", "pass_percent")
	for i, question := range q.Questions {
		question.validate(c, fmt.Sprintf("%squestions[%d]", path, i))
	}
}
