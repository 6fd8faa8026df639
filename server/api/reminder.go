package api

import (
	"context"
	"io"

	"kenshu/lms"
	"kenshu/storage/db"
)

// ReminderPlanBody says on which days people are reminded.
type ReminderPlanBody struct {
	AtAssignment bool  `json:"at_assignment" doc:"when somebody comes into a round"`
	Days         []int `json:"days" nullable:"false" maxItems:"5" doc:"relative to each person's due day: -7 is a week before, 0 the day itself; with at_assignment at most five in all"`
	Hour         int   `json:"hour" minimum:"0" maximum:"23" doc:"of the association's clock: not earlier in the day"`
	WeekdaysOnly bool  `json:"weekdays_only" doc:"Monday to Friday: what is about a day ahead goes out on the working day before, everything else on the one after"`
}

func planBody(p lms.ReminderPlan) ReminderPlanBody {
	return ReminderPlanBody{p.AtAssignment, p.Days, p.Hour, p.WeekdaysOnly}
}

func (b ReminderPlanBody) plan() lms.ReminderPlan {
	return lms.ReminderPlan{AtAssignment: b.AtAssignment, Days: b.Days, Hour: b.Hour, WeekdaysOnly: b.WeekdaysOnly}
}

// ReminderSettingBody is what an organisation has chosen about its reminders.
type ReminderSettingBody struct {
	Plan          ReminderPlanBody `json:"plan"`
	BothLanguages bool             `json:"both_languages" doc:"Japanese and English in one mail, the person's first"`
	CopyOverdue   bool             `json:"copy_overdue" doc:"the manager gets a copy of each mail after the due day"`
	Digest        DigestChoiceBody `json:"digest"`
}

// DigestChoiceBody says when managers and deputies get the sum of what is open.
type DigestChoiceBody struct {
	Every   string `json:"every" enum:"never,daily,weekly" doc:"how often"`
	Weekday int    `json:"weekday" minimum:"1" maximum:"7" doc:"of a weekly one: 1 Monday to 7 Sunday"`
	Names   bool   `json:"names" doc:"name those who are overdue, at most 50; off, because mail leaves the organisation's own systems"`
}

type reminderSettingOutput struct{ Body ReminderSettingBody }

func settingAnswer(s lms.ReminderSetting) *reminderSettingOutput {
	every := s.Digest.Every
	if every == "" {
		every = "never"
	}
	return &reminderSettingOutput{ReminderSettingBody{planBody(s.ReminderPlan), s.BothLanguages, s.CopyOverdue, DigestChoiceBody{every, max(s.Digest.Weekday, 1), s.Digest.Names}}}
}

func (a *API) getReminderSetting(ctx context.Context, _ *struct{}) (*reminderSettingOutput, error) {
	s, err := a.svc.Reminders.Setting(ctx, caller(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	return settingAnswer(s), nil
}

type reminderSettingInput struct{ Body ReminderSettingBody }

func (a *API) setReminderSetting(ctx context.Context, in *reminderSettingInput) (*reminderSettingOutput, error) {
	b := in.Body
	s := lms.ReminderSetting{ReminderPlan: b.Plan.plan(), BothLanguages: b.BothLanguages, CopyOverdue: b.CopyOverdue,
		Digest: lms.DigestSetting{Every: b.Digest.Every, Weekday: b.Digest.Weekday, Names: b.Digest.Names}}
	if s.Digest.Every == "never" {
		s.Digest.Every = ""
	}
	s, err := a.svc.Reminders.SetSetting(ctx, caller(ctx).Tenant, s)
	if err != nil {
		return nil, err
	}
	return settingAnswer(s), nil
}

// ReminderTemplateBody are the words of one kind of reminder in one language.
type ReminderTemplateBody struct {
	Kind     string `json:"kind" enum:"assigned,before,today,after"`
	Language string `json:"language" enum:"ja,en"`
	Subject  string `json:"subject"`
	Body     string `json:"body" doc:"plain text"`
	Own      bool   `json:"own" doc:"written by the organisation; otherwise the product's"`
}

type reminderTemplatesOutput struct {
	Body struct {
		Items        []ReminderTemplateBody `json:"items" nullable:"false"`
		Placeholders []string               `json:"placeholders" nullable:"false" doc:"what may stand between {{ and }}"`
	}
}

func (a *API) listReminderTemplates(ctx context.Context, _ *struct{}) (*reminderTemplatesOutput, error) {
	list, err := a.svc.Reminders.Templates(ctx, caller(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	out := &reminderTemplatesOutput{}
	out.Body.Items, out.Body.Placeholders = make([]ReminderTemplateBody, 0, len(list)), lms.ReminderPlaceholders
	for _, t := range list {
		out.Body.Items = append(out.Body.Items, ReminderTemplateBody{string(t.Kind), t.Language, t.Subject, t.Body, t.Own})
	}
	return out, nil
}

// ReminderTemplatePath names the words of one kind in one language.
type ReminderTemplatePath struct {
	Kind     string `path:"kind" maxLength:"36" doc:"assigned, before, today or after"`
	Language string `path:"language" maxLength:"36" doc:"ja or en"`
}

// ReminderWordsBody are a subject and a text with placeholders.
type ReminderWordsBody struct {
	Subject string `json:"subject" maxLength:"200" doc:"one line, at most 150 characters"`
	Body    string `json:"body" maxLength:"8000" doc:"plain text, at most 4,000 characters"`
}

type reminderTemplateInput struct {
	ReminderTemplatePath
	Body ReminderWordsBody
}

func (a *API) setReminderTemplate(ctx context.Context, in *reminderTemplateInput) (*struct{}, error) {
	return nil, a.svc.Reminders.SetTemplate(ctx, caller(ctx).Tenant, lms.ReminderKind(in.Kind), in.Language, lms.ReminderWords(in.Body))
}

func (a *API) resetReminderTemplate(ctx context.Context, in *ReminderTemplatePath) (*struct{}, error) {
	return nil, a.svc.Reminders.ResetTemplate(ctx, caller(ctx).Tenant, lms.ReminderKind(in.Kind), in.Language)
}

type previewTemplateInput struct {
	Body struct {
		Kind     string            `json:"kind" enum:"assigned,before,today,after"`
		Language string            `json:"language" enum:"ja,en"`
		Words    ReminderWordsBody `json:"words"`
		PersonID *db.ID            `json:"person_id,omitempty" format:"uuid" doc:"whose name and latest round to put in; examples without"`
	}
}

type previewTemplateOutput struct{ Body ReminderWordsBody }

func (a *API) previewReminderTemplate(ctx context.Context, in *previewTemplateInput) (*previewTemplateOutput, error) {
	var person db.ID
	if in.Body.PersonID != nil {
		person = *in.Body.PersonID
	}
	w, err := a.svc.Reminders.PreviewTemplate(ctx, caller(ctx).Tenant, lms.ReminderKind(in.Body.Kind), in.Body.Language, lms.ReminderWords(in.Body.Words), person)
	if err != nil {
		return nil, err
	}
	return &previewTemplateOutput{ReminderWordsBody(w)}, nil
}

// ForecastBody is what one round sends on one day.
type ForecastBody struct {
	Day            string `json:"day" format:"date"`
	RoundID        db.ID  `json:"round_id" format:"uuid"`
	Title          string `json:"title" doc:"of the round"`
	Kind           string `json:"kind" enum:"assigned,before,today,after"`
	Left           *int   `json:"left,omitempty" doc:"days until the due day, negative after it; absent when they differ"`
	Planned        *int   `json:"planned,omitempty" doc:"as the plan has it: days from the due day, negative before it; otherwise than left where only working days count"`
	Total          int    `json:"total" doc:"people"`
	WithoutAddress int    `json:"without_address" doc:"of total: no mail reaches them"`
	Example        string `json:"example" doc:"one of their names"`
}

type forecastInput struct {
	Days  int   `query:"days" minimum:"0" maximum:"60" doc:"how far ahead; 0 is 30"`
	Round db.ID `query:"round" format:"uuid" doc:"only this round"`
}

type forecastOutput struct {
	Body struct {
		Items []ForecastBody `json:"items" nullable:"false"`
	}
}

func (a *API) getForecast(ctx context.Context, in *forecastInput) (*forecastOutput, error) {
	days := in.Days
	if days == 0 {
		days = 30
	}
	list, err := a.svc.Reminders.Forecast(ctx, caller(ctx).Tenant, in.Round, days)
	if err != nil {
		return nil, err
	}
	out := &forecastOutput{}
	out.Body.Items = make([]ForecastBody, 0, len(list))
	for _, r := range list {
		b := ForecastBody{r.Day, r.Round, r.Title, string(r.Kind), nil, nil, r.Total, r.WithoutAddress, r.Example}
		if r.SameDue {
			b.Left, b.Planned = &r.Left, &r.Planned
		}
		out.Body.Items = append(out.Body.Items, b)
	}
	return out, nil
}

type forecastPeopleInput struct {
	RoundPath
	PageInput
	Day string `query:"day" format:"date" required:"true" doc:"the day on which they get it"`
}

// ForecastPersonBody is one who gets a mail.
type ForecastPersonBody struct {
	Person     PersonName `json:"person"`
	HasAddress bool       `json:"has_address" doc:"whether mail reaches the person"`
	Kind       string     `json:"kind" enum:"assigned,before,today,after"`
	DueOn      string     `json:"due_on" format:"date"`
}

type forecastPeopleOutput struct {
	Body struct {
		Items []ForecastPersonBody `json:"items" nullable:"false"`
		Next  string               `json:"next,omitempty"`
	}
}

func (a *API) listForecastPeople(ctx context.Context, in *forecastPeopleInput) (*forecastPeopleOutput, error) {
	list, next, err := a.svc.Reminders.ForecastPeople(ctx, caller(ctx).Tenant, in.ID, in.Day, db.Page{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &forecastPeopleOutput{}
	out.Body.Items, out.Body.Next = make([]ForecastPersonBody, 0, len(list)), next
	for _, p := range list {
		out.Body.Items = append(out.Body.Items, ForecastPersonBody{PersonName{p.ID, p.Name, p.LoginID}, p.HasAddress, string(p.Kind), p.DueOn})
	}
	return out, nil
}

type reminderDaysInput struct {
	Body struct {
		StartsOn string            `json:"starts_on" maxLength:"10"`
		DueOn    string            `json:"due_on" maxLength:"10"`
		Plan     *ReminderPlanBody `json:"plan,omitempty" doc:"the organisation's when absent"`
	}
}

// ReminderDayBody is one day on which a plan mails.
type ReminderDayBody struct {
	Day  string `json:"day" format:"date"`
	Kind string `json:"kind" enum:"assigned,before,today,after"`
	Left int    `json:"left" doc:"days until the due day, negative after it"`

	Planned int `json:"planned" doc:"as the plan has it: days from the due day, negative before it; otherwise than left where only working days count"`
}

type reminderDaysOutput struct {
	Body struct {
		Items []ReminderDayBody `json:"items" nullable:"false"`
	}
}

func (a *API) previewReminderDays(ctx context.Context, in *reminderDaysInput) (*reminderDaysOutput, error) {
	var plan *lms.ReminderPlan
	if in.Body.Plan != nil {
		p := in.Body.Plan.plan()
		plan = &p
	}
	list, err := a.svc.Reminders.Days(ctx, caller(ctx).Tenant, plan, in.Body.StartsOn, in.Body.DueOn)
	if err != nil {
		return nil, err
	}
	out := &reminderDaysOutput{}
	out.Body.Items = make([]ReminderDayBody, 0, len(list))
	for _, d := range list {
		out.Body.Items = append(out.Body.Items, ReminderDayBody{d.Day, string(d.Kind), d.Left, d.Planned})
	}
	return out, nil
}

// DigestRoundBody are the figures of one round in a digest.
type DigestRoundBody struct {
	ID         db.ID  `json:"id" format:"uuid"`
	Title      string `json:"title"`
	DeadlineOn string `json:"deadline_on" format:"date"`
	DueFirst   string `json:"due_first,omitempty" format:"date" doc:"when the first of those who are left is due; missing when nobody is left"`
	DueLast    string `json:"due_last,omitempty" format:"date" doc:"when the last of those who are left is due"`
	Open       int    `json:"open" doc:"people who have not finished"`
	Overdue    int    `json:"overdue"`
	DueSoon    int    `json:"due_soon" doc:"within seven days"`
}

type digestOutput struct {
	Body struct {
		Day            string            `json:"day" format:"date"`
		Overdue        int               `json:"overdue" doc:"people and rounds; who is overdue in two counts twice"`
		DueSoon        int               `json:"due_soon" doc:"within seven days"`
		WithoutAddress int               `json:"without_address" doc:"people with something open whom no mail reaches"`
		Mail           MailHealthBody    `json:"mail"`
		Rounds         []DigestRoundBody `json:"rounds" nullable:"false" doc:"open ones, the soonest deadline first"`
	}
}

func (a *API) getDigest(ctx context.Context, _ *struct{}) (*digestOutput, error) {
	d, err := a.svc.Reminders.Digest(ctx, caller(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	out := &digestOutput{}
	b := &out.Body
	b.Day, b.Overdue, b.DueSoon, b.WithoutAddress, b.Mail, b.Rounds = d.Day, d.Overdue, d.DueSoon, d.WithoutAddress, mailHealth(d.Mail), make([]DigestRoundBody, 0, len(d.Rounds))
	for _, r := range d.Rounds {
		b.Rounds = append(b.Rounds, DigestRoundBody{r.ID, r.Title, r.DeadlineOn, r.Dues.First, r.Dues.Last, r.Open, r.Overdue, r.DueSoon})
	}
	return out, nil
}

type roundRemindersOutput struct {
	Body struct {
		Plan           ReminderPlanBody `json:"plan"`
		Own            bool             `json:"own" doc:"the round's own days, not the organisation's"`
		Waiting        int              `json:"waiting" doc:"active people who have not finished"`
		WithoutAddress int              `json:"without_address" doc:"of waiting: no mail reaches them"`
		Mail           MailCountsBody   `json:"mail" doc:"the messages about this round by fate"`
	}
}

func (a *API) getRoundReminders(ctx context.Context, in *RoundPath) (*roundRemindersOutput, error) {
	tid := caller(ctx).Tenant
	r, err := a.svc.Reminders.OfRound(ctx, tid, in.ID)
	if err != nil {
		return nil, err
	}
	counts, err := a.svc.Outbox.Counts(ctx, tid, MailFilter{Round: in.ID}.query())
	if err != nil {
		return nil, err
	}
	out := &roundRemindersOutput{}
	out.Body.Plan, out.Body.Own, out.Body.Waiting, out.Body.WithoutAddress, out.Body.Mail = planBody(r.Plan), r.Own, r.Waiting, r.WithoutAddress, mailCounts(counts)
	return out, nil
}

type roundRemindersInput struct {
	RoundPath
	Body ReminderPlanBody
}

func (a *API) setRoundReminders(ctx context.Context, in *roundRemindersInput) (*roundRemindersOutput, error) {
	plan := in.Body.plan()
	if err := a.svc.Reminders.SetOfRound(ctx, caller(ctx).Tenant, in.ID, &plan); err != nil {
		return nil, err
	}
	return a.getRoundReminders(ctx, &in.RoundPath)
}

func (a *API) resetRoundReminders(ctx context.Context, in *RoundPath) (*roundRemindersOutput, error) {
	if err := a.svc.Reminders.SetOfRound(ctx, caller(ctx).Tenant, in.ID, nil); err != nil {
		return nil, err
	}
	return a.getRoundReminders(ctx, in)
}

type noticesInput struct {
	RoundPath
	Department db.ID  `query:"department" format:"uuid" doc:"with everything below it; empty: all"`
	Everybody  bool   `query:"everybody" doc:"also people whom mail reaches"`
	Layout     string `query:"layout" enum:"many,one," doc:"many: eight an A4 page to cut; one: an A5 page a person; empty: many"`
	Language   string `query:"language" enum:"ja,en," doc:"empty: ja"`
}

func (a *API) printNotices(ctx context.Context, in *noticesInput) (*fileOutput, error) {
	head, list, err := a.svc.Reminders.Notices(ctx, caller(ctx).Tenant, lms.NoticeQuery{Round: in.ID, Department: in.Department, Everybody: in.Everybody}, in.Language)
	if err != nil {
		return nil, err
	}
	doc := lms.DrawNotices(head, list, in.Layout == "one", a.svc.Reminders.Now())
	return a.download("application/pdf", head.Title+".pdf", func(w io.Writer) error {
		_, err := doc.WriteTo(w)
		return err
	}), nil
}
