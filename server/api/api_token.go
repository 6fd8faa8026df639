package api

import (
	"context"
	"time"

	"kenshu/tenant"
)

// APITokenBody is a secret for a program; the secret itself is in the answer that makes it only.
type APITokenBody struct {
	ID           string     `json:"id" format:"uuid"`
	Name         string     `json:"name"`
	Scope        string     `json:"scope" doc:"what it may do"`
	CreatedBy    string     `json:"created_by" doc:"who made it; without their right it does nothing"`
	CreatedAt    time.Time  `json:"created_at"`
	ExpiresAt    time.Time  `json:"expires_at" doc:"it works until then"`
	LastUsedAt   *time.Time `json:"last_used_at,omitempty" doc:"to the minute"`
	LastUsedFrom string     `json:"last_used_from" doc:"address, of IPv6 the network"`
	RevokedAt    *time.Time `json:"revoked_at,omitempty" doc:"it stopped working then"`
	Secret       string     `json:"secret,omitempty" doc:"in the answer that makes it only"`
}

func apiTokenBody(t tenant.APIToken) APITokenBody {
	return APITokenBody{ID: t.ID.String(), Name: t.Name, Scope: t.Scope, CreatedBy: t.CreatedBy, CreatedAt: t.CreatedAt.Time, ExpiresAt: t.ExpiresAt.Time,
		LastUsedAt: moment(t.LastUsedAt), LastUsedFrom: t.LastUsedFrom, RevokedAt: moment(t.RevokedAt)}
}

func (a *API) listAPITokens(ctx context.Context, _ *struct{}) (*struct {
	Body struct {
		Items []APITokenBody `json:"items"`
	}
}, error) {
	list, err := a.svc.APITokens.List(ctx, caller(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	out := &struct {
		Body struct {
			Items []APITokenBody `json:"items"`
		}
	}{}
	out.Body.Items = make([]APITokenBody, 0, len(list))
	for _, t := range list {
		out.Body.Items = append(out.Body.Items, apiTokenBody(t))
	}
	return out, nil
}

func (a *API) createAPIToken(ctx context.Context, in *struct {
	Repeatable
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"100" doc:"what it is for"`
		Days int    `json:"days,omitempty" minimum:"0" maximum:"365" doc:"in force; 0 is 90"`
	}
}) (*struct{ Body APITokenBody }, error) {
	t, secret, err := a.svc.APITokens.Create(ctx, caller(ctx).Tenant, in.newID(ctx, "create-api-token"), tenant.APITokenInput{Name: in.Body.Name, Days: in.Body.Days})
	b := apiTokenBody(t)
	b.Secret = secret
	return &struct{ Body APITokenBody }{b}, err
}

func (a *API) revokeAPIToken(ctx context.Context, in *struct {
	ID string `path:"token_id" format:"uuid" doc:"the API token"`
}) (*emptyOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.svc.APITokens.Revoke(ctx, caller(ctx).Tenant, id)
}
