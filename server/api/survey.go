package api

import (
	"context"
	"encoding/hex"
	"io"
	"time"

	"kenshu/content"
	"kenshu/lms"
	"kenshu/storage/db"
	"kenshu/storage/sheet"
)

// LearnerSurvey is a survey to answer.
type LearnerSurvey struct {
	Naming    string                   `json:"naming" enum:"anonymous,named" doc:"whether the organisation's manager sees who answered what"`
	Intro     string                   `json:"intro" doc:"what stands before the questions"`
	Questions []content.SurveyQuestion `json:"questions" nullable:"false"`
}

// LearnerPledge is a pledge to sign.
type LearnerPledge struct {
	Text      string         `json:"text"`
	Digest    string         `json:"digest" doc:"SHA-256 of the text, hexadecimal"`
	Name      string         `json:"name" doc:"the person's registered name, which signs"`
	NameKana  string         `json:"name_kana" doc:"its reading, which signs as well"`
	Signature *SignatureBody `json:"signature,omitempty" doc:"once it is signed"`
}

// SignatureBody is a pledge as it was signed.
type SignatureBody struct {
	Title    string    `json:"title"`
	Name     string    `json:"name" doc:"as it was typed; empty once the person was anonymised"`
	Version  int       `json:"version" doc:"published version of the course in which the text stands"`
	Digest   string    `json:"digest" doc:"SHA-256 of the text that was signed, hexadecimal"`
	SignedAt time.Time `json:"signed_at" doc:"when the name was typed"`
}

func signatureBody(s lms.Signature) SignatureBody {
	return SignatureBody{s.Title, s.Name, s.Version, hex.EncodeToString(s.Digest[:]), s.SignedAt.Time}
}

func learnerPledge(l lms.OwnLesson) *LearnerPledge {
	digest := l.Lesson.Body.Pledge.Digest()
	out := &LearnerPledge{Text: l.Lesson.Body.Pledge.Text, Digest: hex.EncodeToString(digest[:]), Name: l.SignerName, NameKana: l.SignerKana}
	if l.Signature != nil {
		s := signatureBody(*l.Signature)
		out.Signature = &s
	}
	return out
}

// SurveyAnswerBody is the answer to one question of a survey.
type SurveyAnswerBody struct {
	Question db.ID    `json:"question" format:"uuid"`
	Choices  []string `json:"choices,omitempty" nullable:"false" maxItems:"20" doc:"of single and multiple: ids"`
	Step     int      `json:"step,omitempty" minimum:"0" maximum:"10" doc:"of scale, from 1"`
	Text     string   `json:"text,omitempty" maxLength:"2000" doc:"of text"`
}

type answerSurveyInput struct {
	ID     string `path:"id" format:"uuid"`
	Lesson string `path:"lesson" format:"uuid"`
	Body   struct {
		Person  string             `json:"person,omitempty" format:"uuid" doc:"who answered: when somebody else is logged in by now, nothing is kept and the answer is 409 other_person"`
		Answers []SurveyAnswerBody `json:"answers" nullable:"false" maxItems:"100" doc:"one for each question that was answered"`
	}
}

func (a *API) answerSurvey(ctx context.Context, in *answerSurveyInput) (*progressOutput, error) {
	p := caller(ctx)
	if err := samePerson(p, in.Body.Person); err != nil {
		return nil, err
	}
	ids, err := pathIDs(in.ID, in.Lesson)
	if err != nil {
		return nil, err
	}
	answers := make([]lms.SurveyAnswer, 0, len(in.Body.Answers))
	for _, one := range in.Body.Answers {
		answers = append(answers, lms.SurveyAnswer(one))
	}
	answer, err := a.svc.Learning.AnswerSurvey(ctx, p.Tenant, p.Person, ids[0], ids[1], answers)
	if err != nil {
		return nil, err
	}
	return finishedLesson(in.Lesson, answer), nil
}

// finishedLesson tells how things stand after a lesson was finished in one go.
func finishedLesson(lesson string, answer lms.ProgressAnswer) *progressOutput {
	out := progressAnswer(answer)
	out.Body.Items = append(out.Body.Items, ProgressResultBody{lesson, string(answer.Items[0])})
	return out
}

type signPledgeInput struct {
	ID     string `path:"id" format:"uuid"`
	Lesson string `path:"lesson" format:"uuid"`
	Body   struct {
		Person string `json:"person,omitempty" format:"uuid" doc:"who signed: when somebody else is logged in by now, nothing is kept and the answer is 409 other_person"`
		Name   string `json:"name" minLength:"1" maxLength:"200" doc:"the person's name or its reading; width, case and white space do not matter"`
		At     int64  `json:"at" doc:"when it was signed, milliseconds since 1970 by the browser's clock"`
		Now    int64  `json:"now" doc:"the browser's clock at sending"`
	}
}

func (a *API) signPledge(ctx context.Context, in *signPledgeInput) (*progressOutput, error) {
	p := caller(ctx)
	if err := samePerson(p, in.Body.Person); err != nil {
		return nil, err
	}
	ids, err := pathIDs(in.ID, in.Lesson)
	if err != nil {
		return nil, err
	}
	answer, err := a.svc.Learning.SignPledge(ctx, p.Tenant, p.Person, ids[0], ids[1], in.Body.Name, in.Body.At, in.Body.Now)
	if err != nil {
		return nil, err
	}
	return finishedLesson(in.Lesson, answer), nil
}

// RoundSurveyBody is a survey of a round.
type RoundSurveyBody struct {
	Lesson    db.ID  `json:"lesson" format:"uuid"`
	Title     string `json:"title"`
	Naming    string `json:"naming" enum:"anonymous,named" doc:"whether answers stand beside names"`
	Questions int    `json:"questions" doc:"how many"`
	Answered  int    `json:"answered" doc:"people who sent their answers"`
	Shown     int    `json:"shown" doc:"of them, those whose answers are in the result"`
}

// SurveyTextBody is an answer in somebody's own words.
type SurveyTextBody struct {
	Text string `json:"text"`
	Name string `json:"name" doc:"empty in an anonymous survey"`
}

// SurveyQuestionBody is what was answered to one question.
type SurveyQuestionBody struct {
	Question content.SurveyQuestion `json:"question"`
	Answered int                    `json:"answered" doc:"people who answered this question"`
	Counts   []int                  `json:"counts" nullable:"false" doc:"of single and multiple: for each choice; of scale: for each step"`
	Mean     *float64               `json:"mean,omitempty" doc:"of scale"`
	Texts    []SurveyTextBody       `json:"texts" nullable:"false" doc:"of text, at most 200; the export has all"`
	More     int                    `json:"more" doc:"texts that are not listed"`
}

type listSurveysOutput struct {
	Body struct {
		Items []RoundSurveyBody `json:"items" nullable:"false"`
	}
}

type surveyOutput struct {
	Body struct {
		RoundSurveyBody
		Results []SurveyQuestionBody `json:"results" nullable:"false" doc:"question by question, in their order"`
	}
}

// SurveyPath names a survey of a round.
type SurveyPath struct {
	ID     db.ID `path:"id" format:"uuid"`
	Lesson db.ID `path:"lesson" format:"uuid"`
}

func (a *API) listSurveys(ctx context.Context, in *RoundPath) (*listSurveysOutput, error) {
	list, err := a.svc.Surveys.List(ctx, caller(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	out := &listSurveysOutput{}
	out.Body.Items = make([]RoundSurveyBody, 0, len(list))
	for _, s := range list {
		out.Body.Items = append(out.Body.Items, RoundSurveyBody(s))
	}
	return out, nil
}

func (a *API) getSurvey(ctx context.Context, in *SurveyPath) (*surveyOutput, error) {
	found, err := a.svc.Surveys.Find(ctx, caller(ctx).Tenant, in.ID, in.Lesson)
	if err != nil {
		return nil, err
	}
	out := &surveyOutput{}
	out.Body.RoundSurveyBody, out.Body.Results = RoundSurveyBody(found.SurveySummary), make([]SurveyQuestionBody, 0, len(found.Results))
	for _, r := range found.Results {
		b := SurveyQuestionBody{Question: r.Question, Answered: r.Answered, Counts: r.Counts, Mean: r.Mean, Texts: make([]SurveyTextBody, 0, len(r.Texts)), More: r.More}
		for _, text := range r.Texts {
			b.Texts = append(b.Texts, SurveyTextBody(text))
		}
		out.Body.Results = append(out.Body.Results, b)
	}
	return out, nil
}

type exportSurveyInput struct {
	SurveyPath
	Format   string `query:"format" enum:"csv,csv_shift_jis,xlsx" default:"xlsx"`
	Language string `query:"language" enum:"ja,en" default:"ja"`
}

func (a *API) exportSurvey(ctx context.Context, in *exportSurveyInput) (*fileOutput, error) {
	tid := caller(ctx).Tenant
	found, err := a.svc.Surveys.Summary(ctx, tid, in.ID, in.Lesson)
	if err != nil {
		return nil, err
	}
	format := sheet.Format(in.Format)
	return a.download(format.MediaType(), found.FileName(in.Language)+format.Extension(), func(w io.Writer) error {
		return a.svc.Surveys.Write(ctx, tid, w, format, in.ID, in.Lesson, in.Language)
	}), nil
}
