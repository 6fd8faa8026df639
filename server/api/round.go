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
	Rate       int `json:"rate" doc:"completed of assigned in whole percent: the nearest, and 100 only when all have completed"`
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
	DueRule     string      `json:"due_rule" enum:"fixed,joined,assigned,turn" doc:"fixed: everybody has the deadline; joined, assigned: due_days after joining the organisation, or after coming into the round, not after the deadline; turn: due_days after coming in, of a round that gathers people as their turns come"`
	Recurring   bool        `json:"recurring,omitempty" doc:"it belongs to a training that comes again, or did: see get-recurrence"`
	Stuck       string      `json:"stuck,omitempty" enum:"course_gone,audience_gone" doc:"why the next round of this training could not be opened"`
	DueDays     int         `json:"due_days" doc:"0 when due_rule is fixed"`
	DueFirst    string      `json:"due_first,omitempty" format:"date" doc:"when the first of those who are left is due (people may have days of their own); missing when nobody is left or all are on leave"`
	DueNext     string      `json:"due_next,omitempty" format:"date" doc:"the first of these days that is today or later; missing when all have passed"`
	DueLast     string      `json:"due_last,omitempty" format:"date" doc:"when the last of them is due"`
	FollowOut   bool        `json:"follow_out" doc:"who changes and no longer matches is withdrawn if they have not started; otherwise they stay"`
	Version     int64       `json:"version" doc:"send it back when changing the round"`
	CreatedAt   time.Time   `json:"created_at"`
	UpdatedAt   time.Time   `json:"updated_at"`
	Figures     FiguresBody `json:"figures"`
}

func roundBody(r lms.RoundRow) RoundBody {
	return RoundBody{
		ID: r.ID, Title: r.Title, CourseTitle: r.CourseTitle, Lessons: r.Lessons, StartsOn: r.StartsOn, DeadlineOn: r.DeadlineOn, State: string(r.State),
		DueRule: string(r.Due.Rule), DueDays: r.Due.Days, Recurring: !r.Recurrence.IsZero(), Stuck: r.Stuck,
		DueFirst: r.Dues.First, DueNext: r.Dues.Next, DueLast: r.Dues.Last, FollowOut: r.FollowOut, Version: r.Version, CreatedAt: r.CreatedAt.Time, UpdatedAt: r.UpdatedAt.Time, Figures: figuresBody(r.Figures),
	}
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
		Title         string              `json:"title" minLength:"1" maxLength:"200"`
		CourseID      db.ID               `json:"course_id" format:"uuid" doc:"a published course of the catalogue"`
		StartsOn      string              `json:"starts_on" maxLength:"10"`
		DeadlineOn    string              `json:"deadline_on" maxLength:"10" doc:"the last day, included"`
		DueRule       string              `json:"due_rule,omitempty" enum:"fixed,joined,assigned" default:"fixed"`
		DueDays       int                 `json:"due_days,omitempty" minimum:"0" maximum:"730" doc:"of joined and assigned"`
		FollowOut     bool                `json:"follow_out,omitempty" doc:"withdraw who changes, no longer matches and has not started"`
		CopiedFrom    db.ID               `json:"copied_from,omitempty" format:"uuid" doc:"the round whose audience this one takes over, for the record"`
		SameQuestions bool                `json:"same_questions,omitempty" doc:"ask what copied_from asked, where the course draws questions for a whole round; otherwise other ones are drawn"`
		Recurrence    *RecurrencePlanBody `json:"recurrence,omitempty" doc:"missing: once"`
		Audience      AudienceBody        `json:"audience"`
	}
}

func (a *API) createRound(ctx context.Context, in *createRoundInput) (*roundOutput, error) {
	b, who := in.Body, caller(ctx)
	n := lms.NewRound{
		ID: in.newID(ctx, "create-round"), Title: b.Title, Course: b.CourseID, StartsOn: b.StartsOn, DeadlineOn: b.DeadlineOn,
		Due: lms.Due{Rule: lms.DueRule(b.DueRule), Days: b.DueDays}, FollowOut: b.FollowOut, CopiedFrom: b.CopiedFrom, SameQuestions: b.SameQuestions, Audience: b.Audience.audience(),
	}
	if b.Recurrence != nil {
		n.Recurrence = b.Recurrence.plan()
	}
	r, err := a.svc.Rounds.Create(ctx, who.Tenant, n)
	if err != nil {
		return nil, err
	}
	return a.roundAnswer(ctx, r.ID)
}

type updateRoundInput struct {
	RoundPath
	Body struct {
		Version    int64   `json:"version" minimum:"1"`
		Title      *string `json:"title,omitempty" minLength:"1" maxLength:"200"`
		StartsOn   *string `json:"starts_on,omitempty" maxLength:"10"`
		DeadlineOn *string `json:"deadline_on,omitempty" maxLength:"10" doc:"moves the due day of those who have not finished"`
		DueRule    *string `json:"due_rule,omitempty" enum:"fixed,joined,assigned,turn" doc:"send due_days with it"`
		DueDays    int     `json:"due_days,omitempty" minimum:"0" maximum:"730" doc:"of joined and assigned; read with due_rule only"`
		FollowOut  *bool   `json:"follow_out,omitempty" doc:"holds from now on"`
		State      *string `json:"state,omitempty" enum:"open,closed"`
	}
}

func (a *API) updateRound(ctx context.Context, in *updateRoundInput) (*roundOutput, error) {
	b := in.Body
	c := lms.RoundChange{Version: b.Version, Title: b.Title, StartsOn: b.StartsOn, DeadlineOn: b.DeadlineOn, FollowOut: b.FollowOut, State: (*lms.RoundState)(b.State)}
	if b.DueRule != nil {
		c.Due = &lms.Due{Rule: lms.DueRule(*b.DueRule), Days: b.DueDays}
	}
	_, err := a.svc.Rounds.Update(ctx, caller(ctx).Tenant, in.ID, c)
	if err != nil {
		return nil, err
	}
	return a.roundAnswer(ctx, in.ID)
}

type copyRoundOutput struct {
	Body struct {
		Title      string     `json:"title" doc:"of the round that is copied"`
		NextTitle  string     `json:"next_title" doc:"with the fiscal year of the new days"`
		DrawsSet   bool       `json:"draws_set" doc:"the course draws questions for a whole round: same_questions has a meaning"`
		Recurs     bool       `json:"recurs" doc:"the training comes again by itself: a round made now is one more, and does not come again"`
		RecursOn   string     `json:"recurs_on,omitempty" format:"date" doc:"by the calendar: the day on which it does next"`
		CourseID   *db.ID     `json:"course_id,omitempty" format:"uuid" doc:"missing when the course is not offered any more"`
		StartsOn   string     `json:"starts_on" format:"date" doc:"a year later, or as many as make the deadline a day to come"`
		DeadlineOn string     `json:"deadline_on" format:"date"`
		DueRule    string     `json:"due_rule" enum:"fixed,joined,assigned"`
		DueDays    int        `json:"due_days"`
		FollowOut  bool       `json:"follow_out"`
		Rules      []RuleBody `json:"rules" nullable:"false"`
		Gone       int        `json:"gone" doc:"rules left out because what they named is gone"`
	}
}

func (a *API) copyRound(ctx context.Context, in *RoundPath) (*copyRoundOutput, error) {
	c, err := a.svc.Rounds.CopyOf(ctx, caller(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	out := &copyRoundOutput{}
	b := &out.Body
	b.Title, b.StartsOn, b.DeadlineOn, b.FollowOut, b.Gone = c.From.Title, c.StartsOn, c.DeadlineOn, c.From.FollowOut, c.Gone
	b.NextTitle, b.DrawsSet, b.Recurs, b.RecursOn = c.Title, c.DrawsSet, c.Recurs, c.RecursOn
	b.DueRule, b.DueDays, b.Rules = string(c.Due.Rule), c.Due.Days, ruleBodies(c.Rules)
	if !c.Course.IsZero() {
		b.CourseID = &c.Course
	}
	return out, nil
}

func timeOrNil(t db.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t.Time
}
