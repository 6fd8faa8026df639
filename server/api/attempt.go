package api

import (
	"context"
	"time"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/lms"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// AttemptSummary is one try at a quiz in the list of tries.
type AttemptSummary struct {
	ID           string     `json:"id" format:"uuid"`
	Number       int        `json:"number"`
	State        string     `json:"state" enum:"open,submitted"`
	ScorePercent *int       `json:"score_percent,omitempty"`
	Passed       bool       `json:"passed"`
	StartedAt    time.Time  `json:"started_at"`
	SubmittedAt  *time.Time `json:"submitted_at,omitempty"`
}

// AttemptBody is one try with its questions in the order they were drawn.
type AttemptBody struct {
	AttemptSummary
	Enrolment    string            `json:"enrolment" format:"uuid"`
	Lesson       string            `json:"lesson" format:"uuid"`
	PassPercent  int               `json:"pass_percent"`
	Show         string            `json:"show" enum:"after_pass,after_submit,never"`
	AttemptsLeft *int              `json:"attempts_left,omitempty" doc:"absent: as many as wanted"`
	Revealed     bool              `json:"revealed" doc:"right answers and explanations are included"`
	Kept         int               `json:"kept" doc:"questions that were right in an attempt before: they count and are not asked again"`
	SecondsLeft  *int              `json:"seconds_left,omitempty" doc:"of the time limit; absent: none"`
	ArriveBy     *time.Time        `json:"arrive_by,omitempty" doc:"until then answers given within the time limit are taken, where the network was away; absent: no limit"`
	Unused       int               `json:"unused" doc:"answers that came with this hand-in and do not count: it had been handed in before, or they were given after the time limit"`
	Questions    []AttemptQuestion `json:"questions" nullable:"false"`
	Status       string            `json:"status" doc:"of the enrolment, as it stands now"`
	Certificate  *string           `json:"certificate,omitempty" format:"uuid"`
}

// AttemptQuestion is one question with the answer given so far.
type AttemptQuestion struct {
	ID          string           `json:"id" format:"uuid"`
	Kind        string           `json:"kind" enum:"single,multiple,true_false,ordering,matching,short_text,number"`
	Text        string           `json:"text"`
	Choices     []content.Choice `json:"choices" nullable:"false"`
	Targets     []content.Choice `json:"targets,omitempty" nullable:"false" doc:"of matching: what the choices are matched with"`
	Answer      []string         `json:"answer" nullable:"false" doc:"ids of chosen choices; of ordering every id in order; of matching choice=target; else the typed text"`
	Seq         int64            `json:"client_seq" doc:"of the stored answer; 0 when there is none"`
	Right       *bool            `json:"right,omitempty" doc:"only when revealed"`
	Correct     []string         `json:"correct,omitempty" doc:"only when revealed; every accepted text, or the number"`
	Tolerance   string           `json:"tolerance,omitempty" doc:"only when revealed"`
	Explanation string           `json:"explanation,omitempty" doc:"only when revealed"`
}

// SavedAnswerBody is what stands in the attempt after an answer came.
type SavedAnswerBody struct {
	Answer []string `json:"answer" nullable:"false"`
	Seq    int64    `json:"client_seq"`
	Saved  bool     `json:"saved" doc:"false: a newer answer, perhaps from another device, was there already"`
}

type startAttemptInput struct {
	ID     string `path:"id" format:"uuid"`
	Lesson string `path:"lesson" format:"uuid"`
	Repeatable
}
type attemptInput struct {
	ID string `path:"id" format:"uuid"`
}
type attemptOutput struct{ Body AttemptBody }
type saveAnswerInput struct {
	ID       string `path:"id" format:"uuid"`
	Question string `path:"question" format:"uuid"`
	Body     struct {
		Person string   `json:"person,omitempty" format:"uuid" doc:"who answered: when somebody else is logged in by now, nothing is kept and the answer is 409 other_person"`
		Answer []string `json:"answer" nullable:"false" maxItems:"20" doc:"ids of the chosen choices; of ordering every id in order; of matching choice=target; else one typed text of at most 500 characters"`
		Seq    int64    `json:"client_seq" minimum:"1" doc:"grows with every answer; an older one never overwrites a newer one"`
		At     int64    `json:"at,omitempty" doc:"when it was given, milliseconds since 1970 by the browser's clock; absent: now"`
		Now    int64    `json:"now,omitempty" doc:"the browser's clock at sending"`
	}
}

// HandInAnswer is an answer that comes with a hand-in.
type HandInAnswer struct {
	Question string   `json:"question" format:"uuid"`
	Answer   []string `json:"answer" nullable:"false" maxItems:"20" doc:"as when an answer is kept"`
	Seq      int64    `json:"client_seq" minimum:"1" doc:"of the answers to a question the one with the greatest stands"`
	At       int64    `json:"at" doc:"when it was given, milliseconds since 1970 by the browser's clock"`
}
type submitAttemptInput struct {
	ID   string `path:"id" format:"uuid"`
	Body *struct {
		Person  string         `json:"person,omitempty" format:"uuid" doc:"who hands in: when somebody else is logged in by now, nothing happens and the answer is 409 other_person"`
		Now     int64          `json:"now" doc:"the browser's clock at sending"`
		Answers []HandInAnswer `json:"answers" nullable:"false" maxItems:"200" doc:"what the browser has; answers that arrived before need not be repeated"`
	}
}
type savedAnswerOutput struct{ Body SavedAnswerBody }

func (a *API) startAttempt(ctx context.Context, in *startAttemptInput) (*attemptOutput, error) {
	p := caller(ctx)
	ids, err := pathIDs(in.ID, in.Lesson)
	if err != nil {
		return nil, err
	}
	sheet, err := a.svc.Learning.StartAttempt(ctx, p.Tenant, p.Person, ids[0], ids[1], in.IdempotencyKey)
	if err != nil {
		return nil, err
	}
	return &attemptOutput{Body: attemptBody(sheet)}, nil
}

func (a *API) getAttempt(ctx context.Context, in *attemptInput) (*attemptOutput, error) {
	p := caller(ctx)
	ids, err := pathIDs(in.ID)
	if err != nil {
		return nil, err
	}
	sheet, err := a.svc.Learning.FindAttempt(ctx, p.Tenant, p.Person, ids[0])
	if err != nil {
		return nil, err
	}
	return &attemptOutput{Body: attemptBody(sheet)}, nil
}

func (a *API) saveAnswer(ctx context.Context, in *saveAnswerInput) (*savedAnswerOutput, error) {
	p := caller(ctx)
	if err := samePerson(p, in.Body.Person); err != nil {
		return nil, err
	}
	ids, err := pathIDs(in.ID)
	if err != nil {
		return nil, err
	}
	saved, err := a.svc.Learning.SaveAnswer(ctx, p.Tenant, p.Person, ids[0], lms.Answering{Question: in.Question, Answer: in.Body.Answer, Seq: in.Body.Seq, At: in.Body.At, Now: in.Body.Now})
	if err != nil {
		return nil, err
	}
	return &savedAnswerOutput{Body: SavedAnswerBody{Answer: notNil(saved.Answer), Seq: saved.Seq, Saved: saved.Saved}}, nil
}

func (a *API) submitAttempt(ctx context.Context, in *submitAttemptInput) (*attemptOutput, error) {
	p := caller(ctx)
	ids, err := pathIDs(in.ID)
	if err != nil {
		return nil, err
	}
	var answers []lms.Answering
	if in.Body != nil {
		if err := samePerson(p, in.Body.Person); err != nil {
			return nil, err
		}
		for _, one := range in.Body.Answers {
			answers = append(answers, lms.Answering{Question: one.Question, Answer: one.Answer, Seq: one.Seq, At: one.At, Now: in.Body.Now})
		}
	}
	sheet, err := a.svc.Learning.SubmitAttempt(ctx, p.Tenant, p.Person, ids[0], answers)
	if err != nil {
		return nil, err
	}
	return &attemptOutput{Body: attemptBody(sheet)}, nil
}

func attemptSummary(at lms.Attempt) AttemptSummary {
	return AttemptSummary{
		ID: at.ID.String(), Number: at.Number, State: string(at.State), ScorePercent: at.ScorePercent, Passed: at.Passed, StartedAt: at.StartedAt.Time, SubmittedAt: optionalTime(at.SubmittedAt),
	}
}

func attemptBody(s lms.Sheet) AttemptBody {
	out := AttemptBody{
		AttemptSummary: attemptSummary(s.Attempt), Enrolment: s.Enrolment.String(), Lesson: s.Lesson.String(), PassPercent: s.PassPercent, Show: s.Show,
		AttemptsLeft: s.AttemptsLeft, Revealed: s.Revealed, Kept: s.Kept, SecondsLeft: s.SecondsLeft, ArriveBy: optionalTime(s.ArriveBy), Unused: s.Unused, Questions: make([]AttemptQuestion, 0, len(s.Questions)), Status: string(s.Status), Certificate: optionalID(s.Certificate),
	}
	for _, q := range s.Questions {
		out.Questions = append(out.Questions, AttemptQuestion{
			ID: q.ID, Kind: q.Kind, Text: q.Text, Choices: q.Choices, Targets: q.Targets, Answer: notNil(q.Answer), Seq: q.Seq, Right: q.Right, Correct: q.Correct,
			Tolerance: q.Tolerance, Explanation: q.Explanation,
		})
	}
	return out
}

func notNil(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

// pathIDs reads ids; one that cannot be an id names nothing, so the answer is the same as for an unknown one.
func pathIDs(texts ...string) ([]db.ID, error) {
	ids := make([]db.ID, 0, len(texts))
	for _, text := range texts {
		id, err := db.ParseID(text)
		if err != nil {
			return nil, fault.Wrap(err, fault.NotFound, "not_found")
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// samePerson refuses what a browser kept for somebody else: on a shared computer the cookie may have changed hands since it was done, and an answer of
// "unknown" would make the browser forget it.
func samePerson(p tenant.Principal, person string) error {
	if person != "" && person != p.Person.String() {
		return fault.New(fault.Conflict, "other_person")
	}
	return nil
}
