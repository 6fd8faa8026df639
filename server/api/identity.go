package api

import (
	"context"
	"net/http"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// joinCookie names somebody who wants to join another account of theirs. It is no session.
const joinCookie = "__Host-kenshu-join"

// AccountBody is one of the accounts that a person has joined.
type AccountBody struct {
	Person       db.ID         `json:"person" format:"uuid" doc:"names the account"`
	Organisation string        `json:"organisation" doc:"name of the organisation"`
	Code         string        `json:"code" doc:"of the organisation, for a log-in"`
	Name         string        `json:"name" doc:"of the person, as this organisation wrote it"`
	Roles        []tenant.Role `json:"roles"`
	Usable       bool          `json:"usable" doc:"one can change to it without a log-in"`
	Current      bool          `json:"current" doc:"the one that is logged in"`
}

type listAccountsOutput struct {
	Body struct {
		Items []AccountBody `json:"items" nullable:"false" doc:"empty while nothing is joined"`
	}
}

func (a *API) listAccounts(ctx context.Context, _ *struct{}) (*listAccountsOutput, error) {
	p := caller(ctx)
	list, err := a.svc.Identities.List(ctx, p.Tenant, p.Person)
	if err != nil {
		return nil, err
	}
	out := &listAccountsOutput{}
	out.Body.Items = make([]AccountBody, 0, len(list))
	for _, m := range list {
		out.Body.Items = append(out.Body.Items, AccountBody{m.Person, m.Organisation, m.Code, m.Name, m.Roles, m.Usable, m.Person == p.Person})
	}
	return out, nil
}

func (a *API) askToJoin(ctx context.Context, _ *struct{}) (*emptyOutput, error) {
	ticket, err := a.svc.Identities.Ask(ctx, caller(ctx))
	if err != nil {
		return nil, err
	}
	return &emptyOutput{SetCookie: []http.Cookie{a.cookie(joinCookie, ticket, int(tenant.JoinFor.Seconds()))}}, nil
}

type joinInput struct {
	Ticket string `cookie:"__Host-kenshu-join" maxLength:"100" doc:"who asked, in this browser"`
}

type joinOfferOutput struct {
	Body struct {
		Organisation string `json:"organisation,omitempty" doc:"of the account that asked; nothing when none did"`
		Name         string `json:"name,omitempty" doc:"of the person, as that organisation wrote it"`
	}
}

func (a *API) getJoinOffer(ctx context.Context, in *joinInput) (*joinOfferOutput, error) {
	m, err := a.svc.Identities.Offered(ctx, caller(ctx), in.Ticket)
	out := &joinOfferOutput{}
	if fault.Is(err, fault.NotFound) {
		return out, nil
	} else if err != nil {
		return nil, err
	}
	out.Body.Organisation, out.Body.Name = m.Organisation, m.Name
	return out, nil
}

func (a *API) joinAccounts(ctx context.Context, in *joinInput) (*emptyOutput, error) {
	if err := a.svc.Identities.Join(ctx, caller(ctx), in.Ticket); err != nil {
		return nil, err
	}
	return &emptyOutput{SetCookie: []http.Cookie{a.cookie(joinCookie, "", -1)}}, nil
}

// AccountPath names one of the joined accounts.
type AccountPath struct {
	Account db.ID `path:"account_id" format:"uuid" doc:"person of the list"`
}

func (a *API) separateAccount(ctx context.Context, in *AccountPath) (*struct{}, error) {
	p := caller(ctx)
	return nil, a.svc.Identities.Separate(ctx, p.Tenant, p.Person, in.Account)
}

func (a *API) switchAccount(ctx context.Context, in *struct {
	AccountPath
	Device string `cookie:"__Host-kenshu-device" maxLength:"400" doc:"mark of a device that has logged in before"`
	Before string `cookie:"__Host-kenshu" hidden:"true" doc:"the session that this one takes the place of"`
}) (*loginOutput, error) {
	login, err := a.svc.Identities.Switch(ctx, caller(ctx), in.Account, tenant.LoginAttempt{Source: sourceOf(ctx), Device: in.Device})
	if err != nil {
		return nil, err
	}
	return a.answerLogin(ctx, login, in.Before)
}
