package content

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	nethtml "golang.org/x/net/html"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// What a check of a lesson remarks. The page has a sentence for each.
const (
	RemarkAltMissing   = "alt_missing"   // WCAG 2.2, 1.1.1
	RemarkAltFileName  = "alt_file_name" // 1.1.1: the name of a file says nothing
	RemarkHeadingEmpty = "heading_empty" // 2.4.6
	RemarkHeadingSkip  = "heading_skip"  // 1.3.1, technique G141: levels go down one at a time, from 2
	RemarkLinkEmpty    = "link_empty"    // 2.4.4
	RemarkLinkVague    = "link_vague"    // 2.4.4: "here" says nothing to who hears only the links
	RemarkRubyBroken   = "ruby_broken"   // furigana without a word or without a reading, or a reading outside
	RemarkRubyKanji    = "ruby_kanji"    // a reading that itself must be read
	RemarkTableHead    = "table_head"    // 1.3.1, technique H51
	RemarkCaptions     = "captions"      // 1.2.2

	RemarkAudioMissing    = "audio_missing"
	RemarkTranscript      = "transcript" // 1.2.1: an audio lesson that cannot be read
	RemarkSurveyEmpty     = "survey_empty"
	RemarkSurveyNaming    = "survey_naming"       // whether answers bear names is not decided
	RemarkSurveyQuestion  = "survey_question"     // a question without words, without choices, or without steps
	RemarkSurveyScale     = "survey_scale"        // nobody knows what the ends of a scale mean
	RemarkSurveyChoices   = "survey_same_choices" // two choices read the same
	RemarkSurveyAsksNames = "survey_asks_name"    // an anonymous survey that asks who one is
	RemarkPledgeEmpty     = "pledge_empty"
	RemarkPledgeBlank     = "pledge_blank" // a form whose blanks were not filled in
)

// RemarkMust lists the remarks that keep a course from being published.
var RemarkMust = []string{RemarkAltMissing, RemarkAudioMissing, RemarkSurveyEmpty, RemarkSurveyNaming, RemarkSurveyQuestion, RemarkPledgeEmpty}

// Remark is something that a learner would stumble over.
type Remark struct {
	Key  string
	Text string // the words it is about, shortened; empty when there are none
}

// LessonRemarks are the remarks about one lesson of a draft.
type LessonRemarks struct {
	Lesson  db.ID
	Title   string
	Remarks []Remark
}

const maxRemarks = 200 // of one lesson

// Check looks for what a learner would stumble over: pictures without words, headings out of order, links and furigana that say nothing, tables without heads,
// videos without captions and recordings that cannot be read; and for what surveys and pledges lack, or would make people wonder. Colours cannot be chosen in rich text, so contrast is the theme's.
func (b Body) Check() []Remark {
	switch {
	case b.Page != nil:
		return checkPage(b.Page.HTML)
	case b.Video != nil && !b.Video.Asset.IsZero() && len(b.Video.Captions) == 0:
		return []Remark{{Key: RemarkCaptions}}
	case b.Audio != nil:
		return b.Audio.remarkAudio()
	case b.Survey != nil:
		return b.Survey.remarks()
	case b.Pledge != nil:
		return b.Pledge.remarks()
	}
	return []Remark{}
}

func (v *VideoBody) remarkAudio() []Remark {
	switch {
	case v.Asset.IsZero():
		return []Remark{{Key: RemarkAudioMissing}}
	case len(v.Captions) == 0:
		return []Remark{{Key: RemarkTranscript}}
	}
	return []Remark{}
}

// pageCheck reads rich text once, from its beginning to its end.
type pageCheck struct {
	remarks []Remark
	level   int // of the last heading; the title of the lesson is 1
	heading *strings.Builder
	link    *strings.Builder
	ruby    *rubyText
	table   *tableText
}

type rubyText struct {
	base, reading strings.Builder
	part          string // what is open in it: rt, rp or nothing
	stray         bool   // a reading without ruby around it
}

type tableText struct {
	words strings.Builder
	heads bool
}

func checkPage(html string) []Remark {
	c := pageCheck{remarks: []Remark{}, level: 1}
	walk(html, func(t token) {
		switch t.Type {
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			c.open(t)
		case nethtml.EndTagToken:
			c.close(t.Data)
		case nethtml.TextToken:
			c.text(t.Data)
		}
	})
	for _, e := range embedsOf(html) {
		if e.media == AssetVideo && e.captions.IsZero() {
			c.remark(RemarkCaptions, e.words)
		}
	}
	return c.remarks[:min(len(c.remarks), maxRemarks)]
}

func (c *pageCheck) remark(key, text string) {
	text = strings.Join(strings.Fields(text), " ")
	c.remarks = append(c.remarks, Remark{Key: key, Text: tenant.Clip(text, 60)})
}

var fileName = regexp.MustCompile(`(?i)(\.(png|jpe?g|gif|webp|heic|bmp)$|^(img|dsc|image|画像|スクリーンショット|screenshot)[_ -]?[0-9(]*)`)

func (c *pageCheck) open(t token) {
	switch t.Data {
	case "h2", "h3", "h4":
		if level := int(t.Data[1] - '0'); level > c.level+1 {
			c.heading = &strings.Builder{}
			c.level = -level // told when its words are known
		} else {
			c.heading, c.level = &strings.Builder{}, level
		}
	case "a":
		c.link = &strings.Builder{}
	case "img":
		c.picture(t)
	case "ruby":
		if c.ruby != nil {
			c.remark(RemarkRubyBroken, c.ruby.base.String())
		}
		c.ruby = &rubyText{}
	case "rt", "rp":
		if c.ruby == nil {
			c.remark(RemarkRubyBroken, "")
			c.ruby = &rubyText{stray: true}
		}
		c.ruby.part = t.Data
	case "table":
		c.table = &tableText{}
	case "th":
		if c.table != nil {
			c.table.heads = true
		}
	}
}

func (c *pageCheck) picture(t token) {
	alt := ""
	for _, a := range t.Attr {
		if a.Key == "alt" {
			alt = strings.TrimSpace(a.Val)
		}
	}
	switch {
	case alt == "":
		c.remark(RemarkAltMissing, "")
	case fileName.MatchString(alt) && !strings.ContainsAny(alt, "。、 "):
		c.remark(RemarkAltFileName, alt)
	}
	if c.link != nil {
		c.link.WriteString(alt)
	}
}

func (c *pageCheck) text(s string) {
	reading := c.ruby != nil && c.ruby.part == "rt"
	bracket := c.ruby != nil && c.ruby.part == "rp"
	switch {
	case bracket:
	case reading:
		c.ruby.reading.WriteString(s)
	case c.ruby != nil:
		c.ruby.base.WriteString(s)
	}
	if reading || bracket {
		return
	}
	for _, b := range []*strings.Builder{c.heading, c.link} {
		if b != nil {
			b.WriteString(s)
		}
	}
	if c.table != nil {
		c.table.words.WriteString(s)
	}
}

// vague are words of links that say nothing alone.
var vague = []string{"こちら", "こちらから", "こちらをクリック", "ここ", "ここをクリック", "詳細", "詳しくは", "詳しくはこちら", "リンク", "クリック", "here", "click here", "click", "link", "more", "read more", "details"}

func (c *pageCheck) close(tag string) {
	switch tag {
	case "h2", "h3", "h4":
		c.closeHeading()
	case "a":
		if c.link == nil {
			return
		}
		words := strings.TrimSpace(c.link.String())
		switch {
		case words == "":
			c.remark(RemarkLinkEmpty, "")
		case slices.Contains(vague, strings.Trim(tenant.Fold(words), "。.、!！>＞≫»")):
			c.remark(RemarkLinkVague, words)
		}
		c.link = nil
	case "rt", "rp":
		if c.ruby != nil {
			c.ruby.part = ""
		}
		if c.ruby != nil && c.ruby.stray {
			c.ruby = nil
		}
	case "ruby":
		c.closeRuby()
	case "table":
		if c.table != nil && !c.table.heads {
			c.remark(RemarkTableHead, c.table.words.String())
		}
		c.table = nil
	}
}

func (c *pageCheck) closeHeading() {
	if c.heading == nil {
		return
	}
	words := strings.TrimSpace(c.heading.String())
	if c.level < 0 {
		c.level = -c.level
		c.remark(RemarkHeadingSkip, words)
	}
	if words == "" {
		c.remark(RemarkHeadingEmpty, "")
	}
	c.heading = nil
}

func (c *pageCheck) closeRuby() {
	if c.ruby == nil {
		return
	}
	base, reading := strings.TrimSpace(c.ruby.base.String()), strings.TrimSpace(c.ruby.reading.String())
	switch {
	case base == "" || reading == "":
		c.remark(RemarkRubyBroken, base+reading)
	case strings.ContainsFunc(reading, func(r rune) bool { return unicode.Is(unicode.Han, r) }):
		c.remark(RemarkRubyKanji, base+"（"+reading+"）")
	}
	c.ruby = nil
}

// CheckLesson gives the remarks about one lesson as it was saved last; fault.NotFound when tid has no such.
func (s *Courses) CheckLesson(ctx context.Context, tid tenant.ID, id db.ID) ([]Remark, error) {
	l, err := s.FindLesson(ctx, tid, id)
	if err != nil {
		return nil, err
	}
	return l.Body.Check(), nil
}

// CheckCourse gives the remarks about the lessons of a draft that have any, in their order; fault.NotFound when tid has no such course.
func (s *Courses) CheckCourse(ctx context.Context, tid tenant.ID, course db.ID) ([]LessonRemarks, error) {
	if _, err := s.Find(ctx, tid, course); err != nil {
		return nil, err
	}
	lessons, err := s.draft(ctx, s.db, tid, course)
	if err != nil {
		return nil, fmt.Errorf("check course: %w", err)
	}
	out := []LessonRemarks{}
	for _, l := range lessons {
		if remarks := l.Body.Check(); len(remarks) > 0 {
			out = append(out, LessonRemarks{Lesson: l.Lesson, Title: l.Title, Remarks: remarks})
		}
	}
	return out, nil
}
