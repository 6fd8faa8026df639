package api

import (
	"context"
	"time"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// ConcernBody is an account that wants doing something about.
type ConcernBody struct {
	Person      PersonBody `json:"person"`
	Kinds       []string   `json:"kinds" doc:"weak_id, void, expired, expiring, never_used, unused, devices"`
	Reasons     []string   `json:"reasons" doc:"why the login ID is weak: keys of sentences"`
	IssuedAt    *time.Time `json:"issued_at,omitempty" doc:"when the credential was handed out, chosen or taken away"`
	ExpiresAt   *time.Time `json:"expires_at,omitempty"`
	LastLoginAt *time.Time `json:"last_login_at,omitempty"`
}

// ConcernCountBody says how many accounts are of each kind.
type ConcernCountBody struct {
	WeakID        int `json:"weak_id" doc:"the login ID can be guessed"`
	Void          int `json:"void" doc:"the password was taken away, nothing was handed out since"`
	Expired       int `json:"expired" doc:"the one-time password has run out"`
	Expiring      int `json:"expiring" doc:"it will within expiring_days"`
	NeverUsed     int `json:"never_used" doc:"handed out longer than never_used_days ago, never used"`
	Unused        int `json:"unused" doc:"nobody logged in for unused_months"`
	Devices       int `json:"devices" doc:"logged in from several networks at once"`
	Any           int `json:"any" doc:"each account once"`
	Unchecked     int `json:"unchecked" doc:"login IDs that were not looked at since their person changed: check-concerns does"`
	ExpiringDays  int `json:"expiring_days" doc:"what expiring means"`
	NeverUsedDays int `json:"never_used_days" doc:"what never_used means"`
	UnusedMonths  int `json:"unused_months" doc:"what unused means, from the organisation's policy"`
}

type concernCountOutput struct{ Body ConcernCountBody }

func concernCountBody(c tenant.ConcernCount) ConcernCountBody {
	return ConcernCountBody{
		WeakID: c.Kinds[tenant.ConcernWeakID], Void: c.Kinds[tenant.ConcernVoid], Expired: c.Kinds[tenant.ConcernExpired], Expiring: c.Kinds[tenant.ConcernExpiring],
		NeverUsed: c.Kinds[tenant.ConcernNeverUsed], Unused: c.Kinds[tenant.ConcernUnused], Devices: c.Kinds[tenant.ConcernDevices], Any: c.Any, Unchecked: c.Unchecked,
		ExpiringDays: tenant.ExpiringDays, NeverUsedDays: tenant.NeverUsedDays, UnusedMonths: c.Policy.UnusedMonths,
	}
}

func (a *API) countConcerns(ctx context.Context, _ *struct{}) (*concernCountOutput, error) {
	c, err := a.svc.Concerns.Count(ctx, caller(ctx).Tenant)
	return &concernCountOutput{concernCountBody(c)}, err
}

func (a *API) checkConcerns(ctx context.Context, _ *struct{}) (*concernCountOutput, error) {
	if _, err := a.svc.Concerns.Check(ctx, caller(ctx).Tenant); err != nil {
		return nil, err
	}
	return a.countConcerns(ctx, nil)
}

func (a *API) listConcerns(ctx context.Context, in *struct {
	PageInput
	Kind   string `query:"kind" enum:"weak_id,void,expired,expiring,never_used,unused,devices," doc:"empty: all"`
	Search string `query:"q" maxLength:"200" doc:"as in the people's list"`
}) (*struct {
	Body struct {
		Items []ConcernBody `json:"items"`
		Next  string        `json:"next,omitempty"`
	}
}, error,
) {
	list, next, err := a.svc.Concerns.List(ctx, caller(ctx).Tenant, in.Kind, in.Search, db.Page{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &struct {
		Body struct {
			Items []ConcernBody `json:"items"`
			Next  string        `json:"next,omitempty"`
		}
	}{}
	out.Body.Next, out.Body.Items = next, make([]ConcernBody, 0, len(list))
	for _, c := range list {
		out.Body.Items = append(out.Body.Items, ConcernBody{Person: personBody(c.Person), Kinds: append([]string{}, c.Kinds...), Reasons: append([]string{}, c.Reasons...),
			IssuedAt: moment(c.CredentialAt), ExpiresAt: moment(c.ExpiresAt), LastLoginAt: moment(c.LastLoginAt)})
	}
	return out, nil
}

func (a *API) suspendPeople(ctx context.Context, in *struct {
	Body struct {
		People []string `json:"people" minItems:"1" maxItems:"500" doc:"ids"`
		State  string   `json:"state" enum:"suspended,active" doc:"active takes a suspension back"`
	}
}) (*struct {
	Body struct {
		Changed []string `json:"changed" doc:"ids of those whose state is another now: send them back to undo"`
	}
}, error,
) {
	ids, err := readIDs(in.Body.People)
	if err != nil {
		return nil, err
	}
	changed, err := a.svc.People.SetStates(ctx, caller(ctx).Tenant, ids, tenant.PersonState(in.Body.State))
	if err != nil {
		return nil, err
	}
	out := &struct {
		Body struct {
			Changed []string `json:"changed" doc:"ids of those whose state is another now: send them back to undo"`
		}
	}{}
	out.Body.Changed = make([]string, 0, len(changed))
	for _, id := range changed {
		out.Body.Changed = append(out.Body.Changed, id.String())
	}
	return out, nil
}
