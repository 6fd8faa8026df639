package api

import (
	"context"
	"time"

	"kenshu/storage/db"
	"kenshu/tenant"
)

func (a *API) loginURL() string { return a.cfg.PublicURL.JoinPath("login").String() }

func (a *API) slipBody(ctx context.Context, login string, slip tenant.Slip, language string) (SlipBody, error) {
	head, err := a.svc.People.LoginHead(ctx, caller(ctx).Tenant, a.loginURL(), language)
	return SlipBody{LoginID: login, OrganisationCode: head.Code, Secret: slip.Secret, ExpiresAt: moment(db.At(slip.Expires))}, err
}

func (a *API) issueCredential(ctx context.Context, in *struct {
	PersonPath
	Spoken
	Body struct {
		ReplaceChosen bool       `json:"replace_chosen,omitempty" doc:"replace the password that the person chose"`
		Seen          *time.Time `json:"seen,omitempty" doc:"credential_at of the person as shown: 409 credential_reissued when somebody handed out another meanwhile"`
	}
}) (*struct{ Body SlipBody }, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	var seen time.Time
	if in.Body.Seen != nil {
		seen = *in.Body.Seen
	}
	slip, err := a.svc.People.IssueOne(ctx, caller(ctx).Tenant, id, in.Body.ReplaceChosen, seen)
	if err != nil {
		return nil, err
	}
	body, err := a.slipBody(ctx, slip.LoginID, slip, in.language())
	return &struct{ Body SlipBody }{body}, err
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
