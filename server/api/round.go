package api

import (
	"context"
	"time"

	"kenshu/lms"
	"kenshu/storage/db"
)

// FiguresBody counts the people of a round.
type FiguresBody struct {
	Assigned   int `json:"assigned" doc:"who has to take part: everybody but the exempt and the withdrawn"`
	Completed  int `json:"completed"`
	InProgress int `json:"in_progress" doc:"in progress, or a quiz left midway"`
	NotStarted int `json:"not_started"`
	Failed     int `json:"failed"`
	Overdue    int `json:"overdue" doc:"part of not_started, in_progress and failed, not beside them"`
	Exempt     int `json:"exempt"`
	Withdrawn  int `json:"withdrawn"`
	Rate       int `json:"rate" doc:"completed of assigned in whole percent, rounded down"`
}

func figuresBody(f lms.Figures) FiguresBody {
	return FiguresBody{f.Assigned, f.Completed, f.InProgress, f.NotStarted, f.Failed, f.Overdue, f.Exempt, f.Withdrawn, f.Rate()}
}

// RoundBody is a round with its figures.
type RoundBody struct {
	ID          db.ID       `json:"id" format:"uuid"`
	Title       string      `json:"title"`
	CourseTitle string      `json:"course_title"`
	Lessons     int         `json:"lessons"`
	StartsOn    string      `json:"starts_on" format:"date"`
	DeadlineOn  string      `json:"deadline_on" format:"date" doc:"the last day, included"`
	State       string      `json:"state" enum:"open,closed"`
	Version     int64       `json:"version" doc:"send it back when changing the round"`
	CreatedAt   time.Time   `json:"created_at"`
	UpdatedAt   time.Time   `json:"updated_at"`
	Figures     FiguresBody `json:"figures"`
}

func roundBody(r lms.RoundRow) RoundBody {
	return RoundBody{
		ID: r.ID, Title: r.Title, CourseTitle: r.CourseTitle, Lessons: r.Lessons, StartsOn: r.StartsOn, DeadlineOn: r.DeadlineOn, State: string(r.State),
		Version: r.Version, CreatedAt: r.CreatedAt.Time, UpdatedAt: r.UpdatedAt.Time, Figures: figuresBody(r.Figures),
	}
}

// AudienceBody says who: everyone, or the people of departments and single persons together.
type AudienceBody struct {
	Everyone      bool    `json:"everyone,omitempty"`
	Departments   []db.ID `json:"departments,omitempty" nullable:"false" maxItems:"500"`
	Persons       []db.ID `json:"persons,omitempty" nullable:"false" maxItems:"10000"`
	FutureJoiners bool    `json:"future_joiners,omitempty" doc:"also who joins (a department) later"`
}

func (b AudienceBody) audience() lms.Audience {
	return lms.Audience{Everyone: b.Everyone, Departments: b.Departments, Persons: b.Persons, FutureJoiners: b.FutureJoiners}
}

// RoundPath names a round. (Embedded parts of an input must be exported to be read.)
type RoundPath struct {
	ID db.ID `path:"id" format:"uuid"`
}

type listRoundsInput struct {
	PageInput
	State string `query:"state" enum:"open,closed," doc:"empty: all"`
}

type listRoundsOutput struct {
	Body struct {
		Items []RoundBody `json:"items" nullable:"false"`
		Next  string      `json:"next,omitempty"`
	}
}

func (a *API) listRounds(ctx context.Context, in *listRoundsInput) (*listRoundsOutput, error) {
	rows, next, err := a.svc.Rounds.List(ctx, caller(ctx).Tenant, lms.RoundState(in.State), db.Page{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &listRoundsOutput{}
	out.Body.Items, out.Body.Next = make([]RoundBody, 0, len(rows)), next
	for _, r := range rows {
		out.Body.Items = append(out.Body.Items, roundBody(r))
	}
	return out, nil
}

type roundOutput struct{ Body RoundBody }

func (a *API) roundAnswer(ctx context.Context, id db.ID) (*roundOutput, error) {
	r, err := a.svc.Rounds.FindRow(ctx, caller(ctx).Tenant, id)
	if err != nil {
		return nil, err
	}
	return &roundOutput{roundBody(r)}, nil
}

func (a *API) getRound(ctx context.Context, in *RoundPath) (*roundOutput, error) {
	return a.roundAnswer(ctx, in.ID)
}

type createRoundInput struct {
	Repeatable
	Body struct {
		Title      string       `json:"title" minLength:"1" maxLength:"200"`
		CourseID   db.ID        `json:"course_id" format:"uuid" doc:"a published course of the catalogue"`
		StartsOn   string       `json:"starts_on" maxLength:"10"`
		DeadlineOn string       `json:"deadline_on" maxLength:"10" doc:"the last day, included"`
		Audience   AudienceBody `json:"audience"`
	}
}

func (a *API) createRound(ctx context.Context, in *createRoundInput) (*roundOutput, error) {
	b, who := in.Body, caller(ctx)
	r, err := a.svc.Rounds.Create(ctx, who.Tenant, lms.NewRound{
		ID: in.newID(ctx, "create-round"), Title: b.Title, Course: b.CourseID, StartsOn: b.StartsOn, DeadlineOn: b.DeadlineOn, Audience: b.Audience.audience(),
	})
	if err != nil {
		return nil, err
	}
	return a.roundAnswer(ctx, r.ID)
}

type previewAudienceInput struct{ Body AudienceBody }

// PersonName is a person in a short list.
type PersonName struct {
	ID      db.ID  `json:"id" format:"uuid"`
	Name    string `json:"name"`
	LoginID string `json:"login_id"`
}

type previewAudienceOutput struct {
	Body struct {
		Total        int          `json:"total" doc:"how many people it reaches now"`
		WithoutEmail int          `json:"without_email" doc:"how many of them have no mail address and are reminded on screen only"`
		People       []PersonName `json:"people" nullable:"false" doc:"the first of them by name, at most 100"`
	}
}

func (a *API) previewAudience(ctx context.Context, in *previewAudienceInput) (*previewAudienceOutput, error) {
	found, err := a.svc.Rounds.Preview(ctx, caller(ctx).Tenant, in.Body.audience(), 100)
	if err != nil {
		return nil, err
	}
	out := &previewAudienceOutput{}
	out.Body.Total, out.Body.WithoutEmail, out.Body.People = found.Total, found.WithoutEmail, make([]PersonName, 0, len(found.People))
	for _, p := range found.People {
		out.Body.People = append(out.Body.People, PersonName(p))
	}
	return out, nil
}

type updateRoundInput struct {
	RoundPath
	Body struct {
		Version    int64   `json:"version" minimum:"1"`
		Title      *string `json:"title,omitempty" minLength:"1" maxLength:"200"`
		StartsOn   *string `json:"starts_on,omitempty" maxLength:"10"`
		DeadlineOn *string `json:"deadline_on,omitempty" maxLength:"10" doc:"moves the due day of those who have not finished"`
		State      *string `json:"state,omitempty" enum:"open,closed"`
	}
}

func (a *API) updateRound(ctx context.Context, in *updateRoundInput) (*roundOutput, error) {
	b := in.Body
	_, err := a.svc.Rounds.Update(ctx, caller(ctx).Tenant, in.ID, lms.RoundChange{
		Version: b.Version, Title: b.Title, StartsOn: b.StartsOn, DeadlineOn: b.DeadlineOn, State: (*lms.RoundState)(b.State),
	})
	if err != nil {
		return nil, err
	}
	return a.roundAnswer(ctx, in.ID)
}

// RuleBody is an assignment rule of a round.
type RuleBody struct {
	ID            db.ID  `json:"id" format:"uuid"`
	Kind          string `json:"kind" enum:"everyone,department,person"`
	TargetName    string `json:"target_name" doc:"the department or the person; empty for everyone"`
	FutureJoiners bool   `json:"future_joiners"`
}

type rulesOutput struct {
	Body struct {
		Items []RuleBody `json:"items" nullable:"false"`
	}
}

func (a *API) listRules(ctx context.Context, in *RoundPath) (*rulesOutput, error) {
	rules, err := a.svc.Rounds.Rules(ctx, caller(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	out := &rulesOutput{}
	out.Body.Items = make([]RuleBody, 0, len(rules))
	for _, r := range rules {
		out.Body.Items = append(out.Body.Items, RuleBody{r.ID, string(r.Kind), r.TargetName, r.FutureJoiners})
	}
	return out, nil
}

type addRulesInput struct {
	RoundPath
	Body AudienceBody
}

type countOutput struct {
	Body struct {
		Count int `json:"count" doc:"how many people it concerned"`
	}
}

func (a *API) addRules(ctx context.Context, in *addRulesInput) (*countOutput, error) {
	n, err := a.svc.Rounds.AddRules(ctx, caller(ctx).Tenant, in.ID, in.Body.audience())
	if err != nil {
		return nil, err
	}
	out := &countOutput{}
	out.Body.Count = n
	return out, nil
}

type removeRuleInput struct {
	RoundPath
	Rule        db.ID `path:"rule" format:"uuid"`
	WithStarted bool  `query:"with_started" doc:"withdraw also who has started; what they did stays"`
}

func (a *API) removeRule(ctx context.Context, in *removeRuleInput) (*countOutput, error) {
	n, err := a.svc.Rounds.RemoveRule(ctx, caller(ctx).Tenant, in.ID, in.Rule, in.WithStarted)
	if err != nil {
		return nil, err
	}
	out := &countOutput{}
	out.Body.Count = n
	return out, nil
}

func timeOrNil(t db.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t.Time
}
