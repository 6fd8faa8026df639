package api

import (
	"context"

	"kenshu/lms"
	"kenshu/storage/db"
)

// RuleInput is what an assignment rule says.
type RuleInput struct {
	Kind      string `json:"kind" enum:"everyone,department,person,attribute"`
	Excluded  bool   `json:"excluded,omitempty" doc:"keeps out whom it reaches, and wins over every other rule"`
	Target    db.ID  `json:"target,omitempty" format:"uuid" doc:"the department or the person; of the attribute field, the own field"`
	WithBelow bool   `json:"with_below,omitempty" doc:"of a department: also everything below it, as the tree is whenever somebody joins or moves"`
	Attribute string `json:"attribute,omitempty" enum:"employment_kind,role,joined_from,field" doc:"of the kind attribute"`
	Value     string `json:"value,omitempty" maxLength:"200" doc:"of an attribute: an employment kind, a role (manager, deputy_manager, editor), the day joined_from begins with, or the own field's value"`
}

// AudienceBody says who: everyone, the people of departments, single persons and whom the rules reach, together, without the excluded.
type AudienceBody struct {
	Everyone      bool        `json:"everyone,omitempty" doc:"short for a rule of that kind"`
	Departments   []db.ID     `json:"departments,omitempty" nullable:"false" maxItems:"500" doc:"short for rules of the kind department"`
	Persons       []db.ID     `json:"persons,omitempty" nullable:"false" maxItems:"10000" doc:"short for rules of the kind person"`
	Rules         []RuleInput `json:"rules,omitempty" nullable:"false" maxItems:"10700"`
	FutureJoiners bool        `json:"future_joiners,omitempty" doc:"also who comes to match later"`
}

func (b AudienceBody) audience() lms.Audience {
	a := lms.Audience{Everyone: b.Everyone, Departments: b.Departments, Persons: b.Persons, FutureJoiners: b.FutureJoiners}
	for _, r := range b.Rules {
		a.Rules = append(a.Rules, lms.RuleSpec{Kind: lms.RuleKind(r.Kind), Excluded: r.Excluded, Target: r.Target, WithBelow: r.WithBelow,
			Attribute: lms.Attribute(r.Attribute), Value: r.Value})
	}
	return a
}

// RuleBody is an assignment rule of a round.
type RuleBody struct {
	ID            *db.ID `json:"id,omitempty" format:"uuid" doc:"missing in a preview of a rule that is not there yet"`
	Kind          string `json:"kind" enum:"everyone,department,person,attribute"`
	Excluded      bool   `json:"excluded"`
	Target        *db.ID `json:"target,omitempty" format:"uuid"`
	TargetName    string `json:"target_name" doc:"the department with what it belongs to, the person, the own field; empty for everyone, and when it is gone"`
	WithBelow     bool   `json:"with_below"`
	Attribute     string `json:"attribute,omitempty" enum:"employment_kind,role,joined_from,field"`
	Value         string `json:"value,omitempty"`
	FutureJoiners bool   `json:"future_joiners"`
}

func ruleBody(r lms.Rule) RuleBody {
	b := RuleBody{ID: &r.ID, Kind: string(r.Kind), Excluded: r.Excluded, TargetName: r.TargetName, WithBelow: r.WithBelow, Attribute: string(r.Attribute), Value: r.Value,
		FutureJoiners: r.FutureJoiners}
	if !r.Target.IsZero() {
		b.Target = &r.Target
	}
	return b
}

func ruleBodies(rules []lms.Rule) []RuleBody {
	list := make([]RuleBody, len(rules))
	for i, r := range rules {
		list[i] = ruleBody(r)
	}
	return list
}

// RuleCountBody is how many people one rule concerns.
type RuleCountBody struct {
	Rule   RuleBody `json:"rule"`
	People int      `json:"people" doc:"of an exclusion: whom it keeps out"`
}

// PersonName is a person in a short list.
type PersonName struct {
	ID      db.ID  `json:"id" format:"uuid"`
	Name    string `json:"name"`
	LoginID string `json:"login_id"`
}

func personNames(people []lms.Named) []PersonName {
	list := make([]PersonName, len(people))
	for i, p := range people {
		list[i] = PersonName(p)
	}
	return list
}

// AffectedBody is what a change of rules would do now.
type AffectedBody struct {
	Total        int             `json:"total" doc:"whom the rules in question reach now, without the excluded"`
	Joining      int             `json:"joining" doc:"of them: come in"`
	Returning    int             `json:"returning" doc:"of them: were withdrawn by a change of rules or by leaving, and come back"`
	Inside       int             `json:"inside" doc:"of them: are in the round already"`
	Aside        int             `json:"aside" doc:"of them: stay exempt or withdrawn, as a person decided"`
	Excluded     int             `json:"excluded" doc:"would be reached, and an exclusion keeps them out"`
	Withdrawn    int             `json:"withdrawn" doc:"would be withdrawn"`
	Staying      int             `json:"staying" doc:"are no longer reached, and stay because they have started"`
	WithoutEmail int             `json:"without_email" doc:"of those who come in: no mail address, so they are reminded on screen only"`
	Earlier      int             `json:"earlier" doc:"of those who come in, when due days count from joining: joined before the round begins, so that theirs count from its beginning; only where the dates were sent"`
	EarlierDue   string          `json:"earlier_due,omitempty" format:"date" doc:"when these are due"`
	Rules        []RuleCountBody `json:"rules" nullable:"false"`
	People       []PersonName    `json:"people" nullable:"false" doc:"the first of those who come in, by name, at most 100; when nobody does, of those who would be withdrawn"`
}

type affectedOutput struct{ Body AffectedBody }

func (a *API) preview(ctx context.Context, p lms.Probe) (*affectedOutput, error) {
	f, err := a.svc.Rounds.Preview(ctx, caller(ctx).Tenant, p, 100)
	if err != nil {
		return nil, err
	}
	b := AffectedBody{Total: f.Total, Joining: f.Joining, Returning: f.Returning, Inside: f.Inside, Aside: f.Aside, Excluded: f.Excluded, Withdrawn: f.Withdrawn,
		Staying: f.Staying, WithoutEmail: f.WithoutEmail, Earlier: f.Earlier, EarlierDue: f.EarlierDue, Rules: make([]RuleCountBody, len(f.Rules)), People: personNames(f.People)}
	for i, r := range f.Rules {
		b.Rules[i] = RuleCountBody{ruleBody(r.Rule), r.People}
	}
	return &affectedOutput{b}, nil
}

type previewAudienceInput struct {
	Body struct {
		AudienceBody
		StartsOn   string `json:"starts_on,omitempty" format:"date" doc:"with deadline_on, due_rule and due_days: the answer says whose days would have begun before the round"`
		DeadlineOn string `json:"deadline_on,omitempty" format:"date"`
		DueRule    string `json:"due_rule,omitempty" enum:"fixed,joined,assigned,turn"`
		DueDays    int    `json:"due_days,omitempty" minimum:"0" maximum:"730"`
	}
}

func (a *API) previewAudience(ctx context.Context, in *previewAudienceInput) (*affectedOutput, error) {
	b := in.Body
	return a.preview(ctx, lms.Probe{Add: b.audience(),
		Dates: lms.Round{StartsOn: b.StartsOn, DeadlineOn: b.DeadlineOn, Due: lms.Due{Rule: lms.DueRule(b.DueRule), Days: b.DueDays}}})
}

// RuleChangeBody is a change of a round's rules that is only tried.
type RuleChangeBody struct {
	Add         AudienceBody `json:"add,omitempty"`
	Remove      []db.ID      `json:"remove,omitempty" nullable:"false" maxItems:"100" doc:"rules of the round"`
	WithStarted bool         `json:"with_started,omitempty" doc:"withdraw also who has started"`
}

func (b RuleChangeBody) probe(round db.ID) lms.Probe {
	return lms.Probe{Round: round, Add: b.Add.audience(), Remove: b.Remove, WithStarted: b.WithStarted}
}

type previewRulesInput struct {
	RoundPath
	Body RuleChangeBody
}

func (a *API) previewRules(ctx context.Context, in *previewRulesInput) (*affectedOutput, error) {
	return a.preview(ctx, in.Body.probe(in.ID))
}

// AffectedPageInput asks for part of the people whom a change would concern.
type AffectedPageInput struct {
	PageInput
	Group string `query:"group" enum:"reached,coming,excluded,withdrawn,staying,without_email" default:"reached"`
	Query string `query:"q" maxLength:"100" doc:"parts of a name, login ID, employee number or mail address"`
}

type peoplePageOutput struct {
	Body struct {
		Items []PersonName `json:"items" nullable:"false"`
		Next  string       `json:"next,omitempty"`
	}
}

func (a *API) previewPage(ctx context.Context, p lms.Probe, in AffectedPageInput) (*peoplePageOutput, error) {
	list, next, err := a.svc.Rounds.PreviewPeople(ctx, caller(ctx).Tenant, p, lms.AffectedGroup(in.Group), in.Query, db.Page{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &peoplePageOutput{}
	out.Body.Items, out.Body.Next = personNames(list), next
	return out, nil
}

type previewAudiencePeopleInput struct {
	AffectedPageInput
	Body AudienceBody
}

func (a *API) previewAudiencePeople(ctx context.Context, in *previewAudiencePeopleInput) (*peoplePageOutput, error) {
	return a.previewPage(ctx, lms.Probe{Add: in.Body.audience()}, in.AffectedPageInput)
}

type previewRulesPeopleInput struct {
	RoundPath
	AffectedPageInput
	Body RuleChangeBody
}

func (a *API) previewRulesPeople(ctx context.Context, in *previewRulesPeopleInput) (*peoplePageOutput, error) {
	return a.previewPage(ctx, in.Body.probe(in.ID), in.AffectedPageInput)
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
	out.Body.Items = ruleBodies(rules)
	return out, nil
}

type addRulesInput struct {
	RoundPath
	Body AudienceBody
}

type outcomeOutput struct {
	Body struct {
		Added     int `json:"added" doc:"how many came in or came back"`
		Withdrawn int `json:"withdrawn"`
	}
}

func outcome(o lms.Outcome, err error) (*outcomeOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &outcomeOutput{}
	out.Body.Added, out.Body.Withdrawn = o.Added, o.Withdrawn
	return out, nil
}

func (a *API) addRules(ctx context.Context, in *addRulesInput) (*outcomeOutput, error) {
	return outcome(a.svc.Rounds.AddRules(ctx, caller(ctx).Tenant, in.ID, in.Body.audience()))
}

// RulePath names a rule of a round.
type RulePath struct {
	RoundPath
	Rule db.ID `path:"rule" format:"uuid"`
}

type removeRuleInput struct {
	RulePath
	WithStarted bool `query:"with_started" doc:"withdraw also who has started; what they did stays"`
}

func (a *API) removeRule(ctx context.Context, in *removeRuleInput) (*outcomeOutput, error) {
	return outcome(a.svc.Rounds.RemoveRule(ctx, caller(ctx).Tenant, in.ID, in.Rule, in.WithStarted))
}

func (a *API) restoreRule(ctx context.Context, in *RulePath) (*outcomeOutput, error) {
	return outcome(a.svc.Rounds.RestoreRule(ctx, caller(ctx).Tenant, in.ID, in.Rule))
}
