package api

import (
	"context"

	"kenshu/lms"
	"kenshu/storage/db"
)

// RecurrencePlanBody is what a manager decides about how a training comes again.
type RecurrencePlanBody struct {
	Kind          string `json:"kind" enum:"once,calendar,completion" doc:"once: it does not; calendar: a new round every so many months; completion: each person again, so many months after they completed it last"`
	Months        int    `json:"months,omitempty" minimum:"0" maximum:"60" doc:"of calendar: 12, 6, 3 or 1; of completion: 1 to 60"`
	LeadDays      int    `json:"lead_days,omitempty" minimum:"0" maximum:"90" doc:"of calendar: how many days before its start a round is opened"`
	DueDays       int    `json:"due_days,omitempty" minimum:"0" maximum:"730" doc:"of completion: how many days a person has"`
	SameQuestions bool   `json:"same_questions,omitempty" doc:"ask what the last round asked; otherwise questions that are drawn for a whole round are drawn anew"`
}

func (b RecurrencePlanBody) plan() lms.RecurrencePlan {
	return lms.RecurrencePlan{Kind: lms.RecurrenceKind(b.Kind), Months: b.Months, LeadDays: b.LeadDays, DueDays: b.DueDays, SameQuestions: b.SameQuestions}
}

// OccurrenceBody is one turn of a training that repeats by the calendar.
type OccurrenceBody struct {
	Title      string `json:"title" minLength:"1" maxLength:"200"`
	StartsOn   string `json:"starts_on" maxLength:"10" doc:"the first day, YYYY-MM-DD"`
	DeadlineOn string `json:"deadline_on" maxLength:"10" doc:"the last day, included"`
}

func (b OccurrenceBody) occurrence() lms.Occurrence {
	return lms.Occurrence{Title: b.Title, StartsOn: b.StartsOn, DeadlineOn: b.DeadlineOn}
}

// RecurrenceBody is how the training of a round comes again.
type RecurrenceBody struct {
	RecurrencePlanBody
	BeganWith *db.ID          `json:"began_with,omitempty" format:"uuid" doc:"the round with which it began"`
	Newest    db.ID           `json:"newest" format:"uuid" doc:"the newest of its rounds"`
	Next      *OccurrenceBody `json:"next,omitempty" doc:"of calendar: the round that comes next"`
	OpensOn   string          `json:"opens_on,omitempty" format:"date" doc:"of calendar: the day on which it is opened"`
	Problem   string          `json:"problem,omitempty" enum:"course_gone,audience_gone" doc:"why the next round could not be opened; it is tried again every day"`
	Version   int64           `json:"version" doc:"send it back when changing; 0: it was never set"`
}

func recurrenceBody(c lms.Recurrence) RecurrenceBody {
	b := RecurrenceBody{
		RecurrencePlanBody: RecurrencePlanBody{Kind: string(c.Kind), Months: c.Months, LeadDays: c.LeadDays, DueDays: c.DueDays, SameQuestions: c.SameQuestions},
		Newest:             c.Last, Version: c.Version,
	}
	if !c.ID.IsZero() {
		b.BeganWith = &c.ID
	}
	if c.State != lms.RecurrenceActive {
		b.Kind = string(lms.RecurOnce)
		return b
	}
	b.Problem = c.Problem
	if c.Kind == lms.RecurCalendar {
		b.Next, b.OpensOn = &OccurrenceBody{c.Next.Title, c.Next.StartsOn, c.Next.DeadlineOn}, c.OpensOn
	}
	return b
}

type recurrenceOutput struct{ Body RecurrenceBody }

func (a *API) getRecurrence(ctx context.Context, in *RoundPath) (*recurrenceOutput, error) {
	c, err := a.svc.Rounds.FindRecurrence(ctx, caller(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	return &recurrenceOutput{recurrenceBody(c)}, nil
}

type setRecurrenceInput struct {
	RoundPath
	Body struct {
		RecurrencePlanBody
		Version int64           `json:"version" minimum:"0"`
		Next    *OccurrenceBody `json:"next,omitempty" doc:"of calendar: the next round as it should be; missing: as the calendar has it"`
		Onwards bool            `json:"onwards,omitempty" doc:"the rounds after next follow its days too"`
	}
}

func (a *API) setRecurrence(ctx context.Context, in *setRecurrenceInput) (*recurrenceOutput, error) {
	b := in.Body
	change := lms.RecurrenceChange{RecurrencePlan: b.plan(), Version: b.Version, Onwards: b.Onwards}
	if b.Next != nil {
		next := b.Next.occurrence()
		change.Next = &next
	}
	c, err := a.svc.Rounds.SetRecurrence(ctx, caller(ctx).Tenant, in.ID, change)
	if err != nil {
		return nil, err
	}
	return &recurrenceOutput{recurrenceBody(c)}, nil
}

// PlannedRoundBody is a turn that the calendar has.
type PlannedRoundBody struct {
	Title      string `json:"title"`
	StartsOn   string `json:"starts_on" format:"date"`
	DeadlineOn string `json:"deadline_on" format:"date"`
	OpensOn    string `json:"opens_on" format:"date" doc:"a day that is over: at once"`
}

// TurnMonthBody is how many people's turn comes in a month.
type TurnMonthBody struct {
	Month  string `json:"month" doc:"YYYY-MM"`
	People int    `json:"people" doc:"how many people are due again in it"`
}

type recurrencePreviewOutput struct {
	Body struct {
		Next   []PlannedRoundBody `json:"next" nullable:"false" doc:"of calendar: the next three rounds"`
		People int                `json:"people" doc:"of calendar: whom the rules reach now"`
		Months []TurnMonthBody    `json:"months" nullable:"false" doc:"of completion: how many people's turn comes, by month"`
		Now    int                `json:"now" doc:"of them: at once"`
		Open   int                `json:"open" doc:"of completion: who has not finished what is asked of them now; their turn counts from when they do"`
	}
}

type previewRecurrenceInput struct {
	RoundPath
	Body RecurrencePlanBody
}

type previewNewRecurrenceInput struct {
	Body struct {
		RecurrencePlanBody
		OccurrenceBody
	}
}

func (a *API) previewRecurrence(ctx context.Context, in *previewRecurrenceInput) (*recurrencePreviewOutput, error) {
	return a.recurrencePreview(ctx, lms.RecurrenceProbe{RecurrencePlan: in.Body.plan(), Round: in.ID})
}

func (a *API) previewNewRecurrence(ctx context.Context, in *previewNewRecurrenceInput) (*recurrencePreviewOutput, error) {
	return a.recurrencePreview(ctx, lms.RecurrenceProbe{RecurrencePlan: in.Body.plan(), First: in.Body.occurrence()})
}

func (a *API) recurrencePreview(ctx context.Context, probe lms.RecurrenceProbe) (*recurrencePreviewOutput, error) {
	p, err := a.svc.Rounds.PreviewRecurrence(ctx, caller(ctx).Tenant, probe)
	if err != nil {
		return nil, err
	}
	out := &recurrencePreviewOutput{}
	b := &out.Body
	b.Next, b.Months = make([]PlannedRoundBody, 0, len(p.Next)), make([]TurnMonthBody, 0, len(p.Months))
	b.People, b.Now, b.Open = p.People, p.Now, p.Open
	for _, n := range p.Next {
		b.Next = append(b.Next, PlannedRoundBody{n.Title, n.StartsOn, n.DeadlineOn, n.OpensOn})
	}
	for _, m := range p.Months {
		b.Months = append(b.Months, TurnMonthBody(m))
	}
	return out, nil
}
