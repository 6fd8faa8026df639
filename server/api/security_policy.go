package api

import (
	"context"

	"kenshu/tenant"
)

// SecurityPolicyBody is what an organisation has decided about its accounts.
type SecurityPolicyBody struct {
	ManagerFactor      bool `json:"manager_factor" doc:"the manager and deputies must have a second factor, from their next log-in on"`
	SessionsPerAccount int  `json:"sessions_per_account" minimum:"0" maximum:"50" doc:"how often one account is logged in at once; 0 is no limit. One more ends the session least lately used"`
	OneTimeDays        int  `json:"one_time_days" minimum:"1" maximum:"90" doc:"days in which a one-time password can be used"`
	UnusedMonths       int  `json:"unused_months" minimum:"1" maximum:"24" doc:"months without a log-in after which an account is of concern"`
	PasswordFiles      bool `json:"password_files" doc:"the manager may set passwords by file"`
}

// SecurityPoliciesBody are an organisation's policy and what it must keep to.
type SecurityPoliciesBody struct {
	Own     SecurityPolicyBody `json:"own" doc:"as the organisation decided"`
	InForce SecurityPolicyBody `json:"in_force" doc:"as it holds: at least as strict as the minimum"`
	Minimum SecurityPolicyBody `json:"minimum" doc:"what the association lets none go under: sessions 0 demands nothing"`
}

type policiesOutput struct{ Body SecurityPoliciesBody }

func (a *API) getSecurityPolicy(ctx context.Context, _ *struct{}) (*policiesOutput, error) {
	p, err := a.svc.Security.Policies(ctx, caller(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	return &policiesOutput{SecurityPoliciesBody{SecurityPolicyBody(p.Own), SecurityPolicyBody(p.InForce), SecurityPolicyBody(p.Minimum)}}, nil
}

func (a *API) setSecurityPolicy(ctx context.Context, in *struct{ Body SecurityPolicyBody }) (*policiesOutput, error) {
	if err := a.svc.Security.SetPolicy(ctx, caller(ctx).Tenant, tenant.SecurityPolicy(in.Body)); err != nil {
		return nil, err
	}
	return a.getSecurityPolicy(ctx, nil)
}

func (a *API) setSecurityMinimum(ctx context.Context, in *struct{ Body SecurityPolicyBody }) (*policiesOutput, error) {
	if err := a.svc.Security.SetMinimum(ctx, caller(ctx).Tenant, tenant.SecurityPolicy(in.Body)); err != nil {
		return nil, err
	}
	return a.getSecurityPolicy(ctx, nil)
}
