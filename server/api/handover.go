package api

import (
	"context"
	"net/http"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// HandoverBody is a change of the manager.
type HandoverBody struct {
	ID           db.ID      `json:"id" format:"uuid"`
	From         NamedID    `json:"from" doc:"the manager of that time"`
	To           NamedID    `json:"to" doc:"the successor"`
	OfferedBy    string     `json:"offered_by" enum:"manager,association" doc:"who asked the successor"`
	KeepAsDeputy bool       `json:"keep_as_deputy" doc:"the predecessor stays as a deputy"`
	Note         string     `json:"note" doc:"to the successor; from the association: the reason"`
	Answer       string     `json:"answer" doc:"what the successor said when they declined, to the manager alone; empty: nothing"`
	News         bool       `json:"news" doc:"it came to nothing (declined, or nobody answered) in the last 30 days, and the manager has not put that away"`
	State        string     `json:"state" enum:"offered,accepted,declined,cancelled,expired"`
	ExpiresAt    time.Time  `json:"expires_at"`
	CreatedAt    time.Time  `json:"created_at"`
	DecidedAt    *time.Time `json:"decided_at,omitempty" doc:"when it was accepted, declined or taken back"`
}

func handoverBody(h tenant.Handover) HandoverBody {
	return HandoverBody{
		h.ID, NamedID{h.From.ID.String(), h.From.Name}, NamedID{h.To.ID.String(), h.To.Name}, h.OfferedBy, h.KeepAsDeputy, h.Note, h.Answer, h.News, string(h.State), h.ExpiresAt.Time,
		h.CreatedAt.Time, optionalTime(h.DecidedAt),
	}
}

type handoverOutput struct{ Body HandoverBody }

type listHandoversOutput struct {
	Body struct {
		Items []HandoverBody `json:"items" nullable:"false"`
	}
}

func (a *API) listHandovers(ctx context.Context, _ *struct{}) (*listHandoversOutput, error) {
	list, err := a.svc.Handovers.List(ctx, caller(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	out := &listHandoversOutput{}
	out.Body.Items = make([]HandoverBody, 0, len(list))
	between := a.svc.Access.Allowing(caller(ctx).Roles, "handover:write") != ""
	for _, h := range list {
		if !between {
			h.Answer = ""
		}
		out.Body.Items = append(out.Body.Items, handoverBody(h))
	}
	return out, nil
}

type offerHandoverInput struct {
	Repeatable
	Body struct {
		To           db.ID  `json:"to" format:"uuid" doc:"the successor, an active person of the organisation"`
		KeepAsDeputy bool   `json:"keep_as_deputy" doc:"the manager stays as a deputy"`
		Note         string `json:"note,omitempty" maxLength:"500" doc:"to the successor"`
	}
}

func (a *API) offerHandover(ctx context.Context, in *offerHandoverInput) (*handoverOutput, error) {
	h, err := a.svc.Handovers.Offer(ctx, caller(ctx).Tenant, tenant.HandoverOffer{ID: in.newID(ctx, "offer-handover"), To: in.Body.To, KeepAsDeputy: in.Body.KeepAsDeputy, Note: in.Body.Note})
	if err != nil {
		return nil, err
	}
	return &handoverOutput{handoverBody(h)}, nil
}

type handoverCandidateInput struct {
	Person db.ID `path:"person_id" format:"uuid"`
}

type handoverCandidateOutput struct {
	Body struct {
		Person      NamedID    `json:"person"`
		Problem     string     `json:"problem,omitempty" enum:"handover_self,handover_inactive,handover_password" doc:"why they cannot be asked now: error.<problem> in the page's locales"`
		HandedOutAt *time.Time `json:"handed_out_at,omitempty" doc:"when a deputy last handed a password out to them, in the last 30 days"`
		HandedOutBy string     `json:"handed_out_by,omitempty" doc:"the name of that deputy"`
	}
}

func (a *API) getHandoverCandidate(ctx context.Context, in *handoverCandidateInput) (*handoverCandidateOutput, error) {
	c, err := a.svc.Handovers.Candidate(ctx, caller(ctx).Tenant, in.Person)
	if err != nil {
		return nil, err
	}
	out := &handoverCandidateOutput{}
	out.Body.Person, out.Body.Problem = NamedID{c.Person.ID.String(), c.Person.Name}, c.Problem
	out.Body.HandedOutAt, out.Body.HandedOutBy = optionalTime(c.HandedOut), c.By
	return out, nil
}

// HandoverPath names a handover.
type HandoverPath struct {
	ID db.ID `path:"id" format:"uuid"`
}

func (a *API) cancelHandover(ctx context.Context, in *HandoverPath) (*struct{}, error) {
	return nil, a.svc.Handovers.Cancel(ctx, caller(ctx).Tenant, in.ID)
}

type appointManagerInput struct {
	Repeatable
	ID   string `path:"id" format:"uuid"`
	Body struct {
		LoginID      string `json:"login_id" minLength:"1" maxLength:"100" doc:"of the successor, who is registered in the organisation"`
		KeepAsDeputy bool   `json:"keep_as_deputy,omitempty" doc:"the predecessor stays as a deputy"`
		Reason       string `json:"reason" minLength:"1" maxLength:"500" doc:"stands in the association's log and in the organisation's"`
	}
}

func (a *API) appointManager(ctx context.Context, in *appointManagerInput) (*handoverOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	h, err := a.svc.Handovers.OfferForAssociation(ctx, caller(ctx).Tenant, id, in.Body.LoginID,
		tenant.HandoverOffer{ID: in.newID(ctx, "appoint-manager"), KeepAsDeputy: in.Body.KeepAsDeputy, Note: in.Body.Reason})
	if err != nil {
		return nil, err
	}
	return &handoverOutput{handoverBody(h)}, nil
}

type ownHandoverOutput struct {
	Body struct {
		Handover *HandoverBody `json:"handover,omitempty" doc:"the open offer to the caller; nothing without one"`
	}
}

func (a *API) getOwnHandover(ctx context.Context, _ *struct{}) (*ownHandoverOutput, error) {
	p, out := caller(ctx), &ownHandoverOutput{}
	h, err := a.svc.Handovers.Invited(ctx, p.Tenant, p.Person)
	if fault.Is(err, fault.NotFound) {
		return out, nil
	} else if err != nil {
		return nil, err
	}
	body := handoverBody(h)
	out.Body.Handover = &body
	return out, nil
}

func (a *API) acceptHandover(ctx context.Context, in *HandoverPath) (*emptyOutput, error) {
	p := caller(ctx)
	token, _, err := a.svc.Handovers.Accept(ctx, p.Tenant, p.Person, in.ID)
	if err != nil {
		return nil, err
	}
	return &emptyOutput{SetCookie: []http.Cookie{a.cookie(sessionCookie, token, 0)}}, nil
}

type declineHandoverInput struct {
	HandoverPath
	Body *struct {
		Answer string `json:"answer,omitempty" maxLength:"500" doc:"why, if the person wants to say so: the manager reads it"`
	}
}

func (a *API) declineHandover(ctx context.Context, in *declineHandoverInput) (*struct{}, error) {
	p, answer := caller(ctx), ""
	if in.Body != nil {
		answer = in.Body.Answer
	}
	return nil, a.svc.Handovers.Decline(ctx, p.Tenant, p.Person, in.ID, answer)
}

func (a *API) dismissHandover(ctx context.Context, in *HandoverPath) (*struct{}, error) {
	return nil, a.svc.Handovers.Dismiss(ctx, caller(ctx).Tenant, in.ID)
}
