package api

import (
	"context"

	"kenshu/fault"
	"kenshu/tenant"
)

// ChosenInput says whom an act is about: people by their ids, or everybody whom a filter shows.
type ChosenInput struct {
	People []string      `json:"people,omitempty" maxItems:"20000" doc:"ids"`
	Filter *PeopleFilter `json:"filter,omitempty" doc:"instead of ids: everybody who matches"`
	Shown  int           `json:"shown,omitempty" minimum:"0" doc:"with a filter: how many it showed. When by now they are more than one in a hundred more or fewer, nothing happens (selection_changed)"`
}

func (in ChosenInput) chosen() (tenant.Chosen, error) {
	if in.Filter == nil {
		ids, err := readIDs(in.People)
		return tenant.Chosen{IDs: ids}, err
	}
	q, err := in.Filter.query()
	return tenant.Chosen{Filter: &q, Shown: in.Shown}, err
}

// PersonActInput is an act that can be taken back.
type PersonActInput struct {
	ChosenInput
	Act    string `json:"act" enum:"suspend,return,leave,stay" doc:"suspend: on leave; return: back from leave or from having left; leave: left for good; stay: a leaving entered in advance is taken back"`
	LeftOn string `json:"left_on,omitempty" maxLength:"10" doc:"YYYY-MM-DD, needed for leave: the last day. A day still to come is kept, and takes effect when it is over"`
	Posts  bool   `json:"posts,omitempty" doc:"return: the departments that ended with the leaving begin again"`
}

func (in PersonActInput) input() (tenant.ActInput, error) {
	chosen, err := in.chosen()
	return tenant.ActInput{Act: tenant.PersonAct(in.Act), Chosen: chosen, On: in.LeftOn, Posts: in.Posts}, err
}

// PersonEraseInput is an act that cannot be taken back.
type PersonEraseInput struct {
	ChosenInput
	Act      string `json:"act" enum:"anonymise,delete" doc:"anonymise: who it was is removed, what was done stays; delete: everything is removed"`
	Withdraw bool   `json:"withdraw,omitempty" doc:"anonymise: certificates are revoked and lose the name; otherwise they stay as they were issued"`
	Losing   int    `json:"losing,omitempty" minimum:"0" doc:"delete: the evidence that goes, as the preview said; another number is refused with evidence_changed"`
}

// PersonActPreviewInput is any act, to see what it would do.
type PersonActPreviewInput struct {
	ChosenInput
	Act    string `json:"act" enum:"suspend,return,leave,stay,anonymise,delete" doc:"what would be done"`
	LeftOn string `json:"left_on,omitempty" maxLength:"10" doc:"YYYY-MM-DD, needed for leave"`
}

// RefusalBody is why an act cannot be.
type RefusalBody struct {
	Key   string   `json:"key" doc:"the problem's key"`
	Count int      `json:"count" doc:"for how many people"`
	Names []string `json:"names" doc:"the first five"`
}

// ConsequencesBody is what an act does, in figures.
type ConsequencesBody struct {
	People       int           `json:"people" doc:"whom it changes"`
	Already      int           `json:"already" doc:"who are so already"`
	Names        []string      `json:"names" doc:"the first five whom it changes"`
	Refused      []RefusalBody `json:"refused" doc:"with any of these nothing can be done: the selection has to be another"`
	Later        bool          `json:"later" doc:"it takes effect when the day given is over"`
	LogIns       int           `json:"log_ins" doc:"who can log in and cannot afterwards; for a return, who can again"`
	Roles        int           `json:"roles" doc:"roles beside staff that are given back"`
	Posts        int           `json:"posts" doc:"departments' posts that end; for a return, that can begin again"`
	Values       int           `json:"values" doc:"values of own fields"`
	Mails        int           `json:"mails" doc:"mails still to be sent"`
	Enrolments   int           `json:"enrolments" doc:"courses, in whatever state"`
	Open         int           `json:"open" doc:"of them still to do"`
	Overdue      int           `json:"overdue" doc:"of those, late"`
	Completed    int           `json:"completed" doc:"of them completed"`
	Attempts     int           `json:"attempts" doc:"at quizzes"`
	Certificates int           `json:"certificates" doc:"in force"`
	Documents    int           `json:"documents" doc:"issued training records in which they stand"`
	Rules        int           `json:"rules" doc:"assignment rules about the people themselves"`
	Kept         int           `json:"kept" doc:"lines of the audit log in which they are named as the ones who acted: these always stay. Counted for anonymise and delete only"`
	Evidence     int           `json:"evidence" doc:"courses begun, attempts and certificates that a deletion takes"`
}

type consequencesOutput struct{ Body ConsequencesBody }

func consequencesBody(c tenant.Consequences) ConsequencesBody {
	b := ConsequencesBody{
		People: c.People, Already: c.Already, Names: append([]string{}, c.Names...), Refused: make([]RefusalBody, 0, len(c.Refused)), Later: c.Later, LogIns: c.LogIns,
		Roles: c.Roles, Posts: c.Posts, Values: c.Values, Mails: c.Mails, Enrolments: c.Enrolments, Open: c.Open, Overdue: c.Overdue, Completed: c.Completed,
		Attempts: c.Attempts, Certificates: c.Certificates, Documents: c.Documents, Rules: c.Rules, Kept: c.Kept, Evidence: c.Evidence,
	}
	for _, r := range c.Refused {
		b.Refused = append(b.Refused, RefusalBody{r.Key, r.Count, r.Names})
	}
	return b
}

func (a *API) previewPeopleAct(ctx context.Context, in *struct{ Body PersonActPreviewInput }) (*consequencesOutput, error) {
	chosen, err := in.Body.chosen()
	if err != nil {
		return nil, err
	}
	c, err := a.svc.PeopleActs.Preview(ctx, caller(ctx).Tenant, tenant.ActInput{Act: tenant.PersonAct(in.Body.Act), Chosen: chosen, On: in.Body.LeftOn})
	return &consequencesOutput{consequencesBody(c)}, err
}

func (a *API) actOnPeople(ctx context.Context, in *struct{ Body PersonActInput }) (*consequencesOutput, error) {
	input, err := in.Body.input()
	if err != nil {
		return nil, err
	}
	if input.Act.Final() { // the schema says so already; another permission guards it
		return nil, fault.New(fault.Forbidden, "not_allowed")
	}
	c, err := a.svc.PeopleActs.Do(ctx, caller(ctx).Tenant, input)
	return &consequencesOutput{consequencesBody(c)}, err
}

func (a *API) erasePeople(ctx context.Context, in *struct{ Body PersonEraseInput }) (*consequencesOutput, error) {
	chosen, err := in.Body.chosen()
	if err != nil {
		return nil, err
	}
	c, err := a.svc.PeopleActs.Do(ctx, caller(ctx).Tenant, tenant.ActInput{
		Act: tenant.PersonAct(in.Body.Act), Chosen: chosen, Withdraw: in.Body.Withdraw, Losing: in.Body.Losing,
	})
	return &consequencesOutput{consequencesBody(c)}, err
}
