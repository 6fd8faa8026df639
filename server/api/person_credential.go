package api

import (
	"context"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/storage/sheet"
	"kenshu/tenant"
)

// IssueInput says to whom one-time passwords are handed out: to these people, or to everybody a filter finds.
type IssueInput struct {
	People        []string      `json:"people,omitempty" maxItems:"10000" doc:"ids"`
	Filter        *PeopleFilter `json:"filter,omitempty" doc:"instead of people"`
	ReplaceChosen bool          `json:"replace_chosen,omitempty" doc:"also replace passwords that people chose themselves; without it such people are refused with credential_chosen"`
	Format        string        `json:"format,omitempty" enum:"pdf,pdf_single,xlsx" default:"pdf" doc:"pdf: eight a page to cut; pdf_single: a page each"`
}

func (a *API) loginURL() string { return a.cfg.PublicURL.JoinPath("login").String() }

func (a *API) slipBody(ctx context.Context, login string, slip tenant.Slip, language string) (SlipBody, error) {
	head, err := a.svc.People.LoginHead(ctx, caller(ctx).Tenant, a.loginURL(), language)
	return SlipBody{LoginID: login, OrganisationCode: head.Code, Secret: slip.Secret, ExpiresAt: moment(db.At(slip.Expires))}, err
}

func (a *API) issueCredential(ctx context.Context, in *struct {
	PersonPath
	Spoken
	Body struct {
		ReplaceChosen bool `json:"replace_chosen,omitempty" doc:"replace the password that the person chose"`
	}
}) (*struct{ Body SlipBody }, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	slips, err := a.svc.People.Issue(ctx, caller(ctx).Tenant, []db.ID{id}, in.Body.ReplaceChosen)
	if err != nil {
		return nil, err
	}
	body, err := a.slipBody(ctx, slips[0].LoginID, slips[0], in.language())
	return &struct{ Body SlipBody }{body}, err
}

func (a *API) issueCredentials(ctx context.Context, in *struct {
	Spoken
	Body IssueInput
}) (*fileOutput, error) {
	slips, err := a.issue(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	head, err := a.svc.People.LoginHead(ctx, caller(ctx).Tenant, a.loginURL(), in.language())
	if err != nil {
		return nil, err
	}
	name := in.inLanguage("ログイン情報", "log-in")
	if in.Body.Format == "xlsx" {
		return a.sheetFile(name, sheet.XLSX, tenant.SlipTable(head, slips)), nil
	}
	return a.paperFile(name, tenant.DrawSlips(head, slips, in.Body.Format == "pdf_single", time.Now())), nil
}

func (a *API) issue(ctx context.Context, in IssueInput) ([]tenant.Slip, error) {
	tid := caller(ctx).Tenant
	if in.Filter != nil {
		q, err := in.Filter.query()
		if err != nil {
			return nil, err
		}
		return a.svc.People.IssueFor(ctx, tid, q, in.ReplaceChosen)
	}
	ids, err := readIDs(in.People)
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		return nil, &fault.Error{Kind: fault.Invalid, Key: "invalid", Fields: []fault.Field{{Path: "people", Key: "required"}}}
	}
	return a.svc.People.Issue(ctx, tid, ids, in.ReplaceChosen)
}

func (a *API) printSlip(ctx context.Context, in *struct {
	PersonPath
	Spoken
	Body struct {
		Secret    string    `json:"secret" minLength:"1" maxLength:"64" doc:"the one-time password that is on the screen"`
		ExpiresAt time.Time `json:"expires_at"`
	}
}) (*fileOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	tid := caller(ctx).Tenant
	slip, err := a.svc.People.Reprint(ctx, tid, id, in.Body.Secret, in.Body.ExpiresAt)
	if err != nil {
		return nil, err
	}
	head, err := a.svc.People.LoginHead(ctx, tid, a.loginURL(), in.language())
	if err != nil {
		return nil, err
	}
	return a.paperFile(in.inLanguage("ログイン情報", "log-in"), tenant.DrawSlips(head, []tenant.Slip{slip}, true, time.Now())), nil
}
