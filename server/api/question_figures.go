package api

import (
	"context"

	"kenshu/content"
	"kenshu/lms"
	"kenshu/storage/db"
)

// AnsweredBody is how a question was answered.
type AnsweredBody struct {
	Asked          int      `json:"asked" doc:"first attempts, handed in, that asked it; left open is wrong"`
	Right          int      `json:"right" doc:"of these; 0 while facility is missing"`
	Facility       *float64 `json:"facility,omitempty" minimum:"0" maximum:"1" doc:"share of right answers; missing when too few answered"`
	Discrimination *float64 `json:"discrimination,omitempty" minimum:"-1" maximum:"1" doc:"point-biserial correlation with the share of right answers to the other questions of the attempt; missing when too few can be compared, or all did alike"`
}

func answeredBody(a content.Answered) AnsweredBody {
	return AnsweredBody{a.Asked, a.Right, a.Facility, a.Discrimination}
}

// VersionFiguresBody is how one version of a question was answered.
type VersionFiguresBody struct {
	Number int `json:"number" doc:"of the version, from 1"`
	AnsweredBody
}

// QuestionRoundBody is how a question was answered in one round.
type QuestionRoundBody struct {
	Round    string `json:"round" format:"uuid"`
	Title    string `json:"title"`
	StartsOn string `json:"starts_on" format:"date"`
	AnsweredBody
}

// GivenAnswerBody is one answer and how many gave it.
type GivenAnswerBody struct {
	Choice string `json:"choice,omitempty" doc:"id of the choice, where answers are chosen from a list"`
	Text   string `json:"text" doc:"what was chosen or typed"`
	Right  bool   `json:"right" doc:"whether it is the right one"`
	Count  int    `json:"count" doc:"people; who may choose several counts for each"`
}

// QuestionFiguresBody is how a question was answered.
type QuestionFiguresBody struct {
	Number   int                  `json:"number" doc:"of the version that the figures are about"`
	Versions []VersionFiguresBody `json:"versions" nullable:"false" doc:"the newest version and every one that was asked, newest first"`
	Question content.Question     `json:"question" doc:"what that version asks"`
	Whole    AnsweredBody         `json:"whole" doc:"in all rounds"`
	Rounds   []QuestionRoundBody  `json:"rounds" nullable:"false" doc:"the newest round first, at most 200"`
	Given    []GivenAnswerBody    `json:"given" nullable:"false" doc:"empty when too few answered; of typed answers those that several gave alike"`
	Open     int                  `json:"open" doc:"asked and left open; 0 when too few answered"`
	Needed   int                  `json:"needed" doc:"answers from which on facility and answers are told"`
	Compared int                  `json:"compared" doc:"answers from which on discrimination is told"`
}

func (a *API) getQuestionFigures(ctx context.Context, in *struct {
	ID      db.ID `path:"id" format:"uuid"`
	Version int   `query:"version" minimum:"0" doc:"number of the version; 0 is the newest that was asked"`
}) (*struct{ Body QuestionFiguresBody }, error) {
	found, err := a.svc.QuestionFigures.Find(ctx, caller(ctx).Tenant, in.ID, in.Version)
	if err != nil {
		return nil, err
	}
	return &struct{ Body QuestionFiguresBody }{questionFiguresBody(found)}, nil
}

func questionFiguresBody(found lms.QuestionReport) QuestionFiguresBody {
	body := QuestionFiguresBody{
		Number: found.Number, Question: found.Question, Whole: answeredBody(found.Whole), Open: found.Open, Needed: found.Limits.Answers, Compared: found.Limits.Compared,
		Versions: []VersionFiguresBody{}, Rounds: []QuestionRoundBody{}, Given: []GivenAnswerBody{},
	}
	for _, v := range found.Versions {
		body.Versions = append(body.Versions, VersionFiguresBody{v.Number, answeredBody(v.Answered)})
	}
	for _, r := range found.Rounds {
		body.Rounds = append(body.Rounds, QuestionRoundBody{r.Round.String(), r.Title, r.StartsOn, answeredBody(r.Answered)})
	}
	for _, g := range found.Given {
		body.Given = append(body.Given, GivenAnswerBody(g))
	}
	return body
}
