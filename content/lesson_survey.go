package content

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Whether the answers to a survey bear names. The editor decides before publishing, and the learner is told before answering.
const (
	SurveyAnonymous = "anonymous" // nobody can tell who answered what, the organisation's manager included
	SurveyNamed     = "named"     // the organisation's manager sees who answered what
)

// The kinds of question of a survey.
const (
	SurveySingle   = "single"
	SurveyMultiple = "multiple"
	SurveyScale    = "scale" // a whole number from 1 to Steps
	SurveyText     = "text"  // in one's own words
)

// SurveyKinds lists them.
var SurveyKinds = []string{SurveySingle, SurveyMultiple, SurveyScale, SurveyText}

// Limits of a survey.
const (
	MaxSurveyQuestions = 100
	MaxSurveyText      = 2000 // characters of an answer in one's own words
	MaxSteps           = 10   // of a scale
	minSteps           = 2
)

// SurveyBody is a lesson that asks what people think. Nothing in it is right or wrong; answering finishes it.
type SurveyBody struct {
	Intro     string           `json:"intro" required:"false" maxLength:"4000" doc:"what it is for; plain text"`
	Naming    string           `json:"naming" required:"false" enum:",anonymous,named" doc:"whether answers bear names; empty until it is decided, which publishing asks for"`
	Questions []SurveyQuestion `json:"questions" nullable:"false" maxItems:"100"`
}

// SurveyQuestion is one question of a survey.
type SurveyQuestion struct {
	ID       db.ID    `json:"id" format:"uuid"`
	Kind     string   `json:"kind" enum:"single,multiple,scale,text"`
	Text     string   `json:"text" maxLength:"4000"`
	Choices  []Choice `json:"choices" nullable:"false" maxItems:"20" doc:"of single and multiple"`
	Steps    int      `json:"steps" required:"false" minimum:"0" maximum:"10" doc:"of scale: from 1 to this, at least 2"`
	Low      string   `json:"low" required:"false" maxLength:"100" doc:"of scale: what 1 means"`
	High     string   `json:"high" required:"false" maxLength:"100" doc:"of scale: what the last step means"`
	Required bool     `json:"required" required:"false" doc:"the survey cannot be sent without an answer to it"`
}

func (s *SurveyBody) tidy() {
	s.Intro = plain(s.Intro)
	if s.Questions == nil {
		s.Questions = []SurveyQuestion{}
	}
	for i := range s.Questions {
		q := &s.Questions[i]
		q.Text, q.Low, q.High, q.Choices = plain(q.Text), plain(q.Low), plain(q.High), tidyChoices(q.Choices)
	}
}

// check holds the limits that even an unfinished survey keeps.
func (s *SurveyBody) check(c *fault.Check) {
	c.If(tooLong(s.Intro, maxText), "body.survey.intro", "too_long", "max", maxText)
	c.If(s.Naming != "" && s.Naming != SurveyAnonymous && s.Naming != SurveyNamed, "body.survey.naming", "not_in_list")
	c.If(len(s.Questions) > MaxSurveyQuestions, "body.survey.questions", "too_many", "max", MaxSurveyQuestions)
	seen := map[db.ID]bool{}
	for i, q := range s.Questions {
		path := fmt.Sprintf("body.survey.questions[%d]", i)
		c.If(q.ID.IsZero() || seen[q.ID], path+".id", "not_unique")
		seen[q.ID] = true
		q.check(c, path)
	}
}

func (q SurveyQuestion) check(c *fault.Check, path string) {
	c.If(!slices.Contains(SurveyKinds, q.Kind), path+".kind", "not_in_list")
	c.If(tooLong(q.Text, maxText), path+".text", "too_long", "max", maxText)
	c.If(tooLong(q.Low, 100), path+".low", "too_long", "max", 100)
	c.If(tooLong(q.High, 100), path+".high", "too_long", "max", 100)
	c.If(q.Steps < 0, path+".steps", "too_small", "min", minSteps)
	c.If(q.Steps > MaxSteps, path+".steps", "too_big", "max", MaxSteps)
	c.If(len(q.Choices) > MaxChoices, path+".choices", "too_many", "max", MaxChoices)
	ids := map[string]bool{}
	for i, ch := range q.Choices {
		c.If(ch.ID == "" || ids[ch.ID], fmt.Sprintf("%s.choices[%d].id", path, i), "not_unique")
		ids[ch.ID] = true
		c.If(tooLong(ch.Text, maxChoice), fmt.Sprintf("%s.choices[%d].text", path, i), "too_long", "max", maxChoice)
	}
}

// validate records everything that keeps the survey from being published.
func (s *SurveyBody) validate(c *fault.Check, path string) {
	c.If(s.Naming == "", path+"naming", "survey_naming")
	c.If(len(s.Questions) == 0, path+"questions", "survey_empty")
	for i, q := range s.Questions {
		q.validate(c, fmt.Sprintf("%squestions[%d]", path, i))
	}
}

func (q SurveyQuestion) validate(c *fault.Check, at string) {
	c.If(strings.TrimSpace(q.Text) == "", at+".text", "question_text")
	switch q.Kind {
	case SurveySingle, SurveyMultiple:
		c.If(len(q.Choices) < 2, at+".choices", "question_few_choices")
		for j, ch := range q.Choices {
			c.If(strings.TrimSpace(ch.Text) == "", fmt.Sprintf("%s.choices[%d]", at, j), "choice_text")
		}
	case SurveyScale:
		c.If(q.Steps < minSteps, at+".steps", "survey_steps")
	}
}

// asksWho finds questions by whose answer somebody gives away who they are.
var asksWho = regexp.MustCompile(`(?i)氏名|お名前|名前を|社員番号|職員番号|メールアドレス|\b(your|full) name\b|employee number|e-?mail address`)

// remarks lists what the survey lacks, and what would make people wonder before they answer.
func (s *SurveyBody) remarks() []Remark {
	list := []Remark{}
	remark := func(when bool, key, text string) {
		if when && len(list) < maxRemarks {
			list = append(list, Remark{Key: key, Text: tenant.Clip(strings.Join(strings.Fields(text), " "), 60)})
		}
	}
	remark(s.Naming == "", RemarkSurveyNaming, "")
	remark(len(s.Questions) == 0, RemarkSurveyEmpty, "")
	for _, q := range s.Questions {
		var c fault.Check
		q.validate(&c, "")
		remark(c.Err() != nil, RemarkSurveyQuestion, q.Text)
		remark(q.Kind == SurveyScale && (strings.TrimSpace(q.Low) == "" || strings.TrimSpace(q.High) == ""), RemarkSurveyScale, q.Text)
		remark(q.sameChoices(), RemarkSurveyChoices, q.Text)
		remark(s.Naming == SurveyAnonymous && q.Kind == SurveyText && asksWho.MatchString(q.Text), RemarkSurveyAsksNames, q.Text)
	}
	return list
}

func (q SurveyQuestion) sameChoices() bool {
	if q.Kind != SurveySingle && q.Kind != SurveyMultiple {
		return false
	}
	seen := map[string]bool{}
	for _, ch := range q.Choices {
		text := tenant.Fold(ch.Text)
		if text != "" && seen[text] {
			return true
		}
		seen[text] = true
	}
	return false
}
