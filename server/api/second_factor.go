package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// pendingCookie names a log-in that waits for its second factor, passkeyCookie the options of a log-in by passkey. Neither is a session.
const (
	pendingCookie = "__Host-kenshu-login"
	passkeyCookie = "__Host-kenshu-passkey"
)

// FactorBody is what somebody shows as second factor: one of them.
type FactorBody struct {
	Code     string         `json:"code,omitempty" maxLength:"40" doc:"six figures from the authenticator app; width, spaces and dashes do not matter"`
	Recovery string         `json:"recovery_code,omitempty" maxLength:"100" doc:"an unused recovery code; case, dashes and spaces do not matter"`
	Passkey  map[string]any `json:"passkey,omitempty" doc:"what the browser answered to the options, as PublicKeyCredential.toJSON() gives it"`
}

func (b FactorBody) answer() (tenant.FactorAnswer, error) {
	a := tenant.FactorAnswer{Code: b.Code, Recovery: b.Recovery}
	if len(b.Passkey) == 0 {
		return a, nil
	}
	raw, err := json.Marshal(b.Passkey)
	a.Passkey = raw
	return a, err
}

// PasskeyOptions are for the browser.
type PasskeyOptions struct {
	Options map[string]any `json:"options" doc:"what navigator.credentials takes as publicKey, in its JSON form"`
}

type optionsOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      PasskeyOptions
}

func optionsOf(raw tenant.Options, err error) (*optionsOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &optionsOutput{}
	return out, json.Unmarshal(raw, &out.Body.Options)
}

func (a *API) askPending(ctx context.Context, in *struct {
	Ticket string `cookie:"__Host-kenshu-login" hidden:"true" doc:"the log-in that waits"`
}) (*optionsOutput, error) {
	return optionsOf(a.svc.Factors.AskPending(a.visitor(ctx), in.Ticket))
}

func (a *API) finishLogin(ctx context.Context, in *struct {
	Ticket string `cookie:"__Host-kenshu-login" hidden:"true" doc:"the log-in that waits"`
	Before string `cookie:"__Host-kenshu" hidden:"true" doc:"the session that this one takes the place of"`
	Body   FactorBody
}) (*loginOutput, error) {
	ctx = a.visitor(ctx)
	answer, err := in.Body.answer()
	if err != nil {
		return nil, err
	}
	login, err := a.svc.Factors.Finish(ctx, in.Ticket, answer, sourceOf(ctx))
	if err != nil {
		return nil, err
	}
	return a.loggedIn(ctx, login, in.Before)
}

func (a *API) askPasskeyLogin(ctx context.Context, _ *struct{}) (*optionsOutput, error) {
	ctx = a.visitor(ctx)
	ticket, options, err := a.svc.Factors.AskLogin(ctx, sourceOf(ctx))
	out, err := optionsOf(options, err)
	if err == nil {
		out.SetCookie = []http.Cookie{a.cookie(passkeyCookie, ticket, int(tenant.PendingFor.Seconds()))}
	}
	return out, err
}

// PasskeyBody is the browser's answer to passkey options.
type PasskeyBody struct {
	Passkey map[string]any `json:"passkey" doc:"what the browser answered to the options, as PublicKeyCredential.toJSON() gives it"`
}

func (a *API) startSessionByPasskey(ctx context.Context, in *struct {
	Ticket string `cookie:"__Host-kenshu-passkey" hidden:"true" doc:"the options that are answered"`
	Device string `cookie:"__Host-kenshu-device" maxLength:"400" doc:"mark of a device that has logged in before"`
	Before string `cookie:"__Host-kenshu" hidden:"true" doc:"the session that this one takes the place of"`
	Body   PasskeyBody
}) (*loginOutput, error) {
	ctx = a.visitor(ctx)
	raw, err := json.Marshal(in.Body.Passkey)
	if err != nil {
		return nil, err
	}
	login, err := a.svc.Factors.LoginByPasskey(ctx, in.Ticket, raw, sourceOf(ctx), in.Device)
	if err != nil {
		return nil, err
	}
	return a.loggedIn(ctx, login, in.Before)
}

// ProofBody is what somebody shows to prove once more who they are.
type ProofBody struct {
	Password string `json:"password,omitempty" maxLength:"1024" doc:"the current password; not needed with a passkey"`
	FactorBody
}

func (a *API) prove(ctx context.Context, in *struct{ Body ProofBody }) (*emptyOutput, error) {
	p := caller(ctx)
	answer, err := in.Body.answer()
	if err != nil {
		return nil, err
	}
	token, _, err := a.svc.Factors.Prove(ctx, p.Tenant, p, tenant.Proof{Password: in.Body.Password, Factor: answer})
	if err != nil {
		return nil, err
	}
	return &emptyOutput{SetCookie: []http.Cookie{a.cookie(sessionCookie, token, 0)}}, nil
}

func (a *API) askProof(ctx context.Context, _ *struct{}) (*optionsOutput, error) {
	p := caller(ctx)
	return optionsOf(a.svc.Factors.AskProof(ctx, p.Tenant, p))
}

// FactorsBody is what a person has set up beside the password.
type FactorsBody struct {
	App           *AppBody         `json:"app,omitempty" doc:"the authenticator app; absent without one"`
	Passkeys      []PasskeyRow     `json:"passkeys" doc:"the oldest first"`
	RecoveryLeft  int              `json:"recovery_left" doc:"unused recovery codes"`
	Required      bool             `json:"required" doc:"the person's roles demand a second factor"`
	ShortPassword bool             `json:"short_password" doc:"the password must be made longer before the last factor can be removed"`
	MinPassword   MinPasswordsBody `json:"min_password" doc:"how long a password is at least"`
}

// MinPasswordsBody is how long a password is at least.
type MinPasswordsBody struct {
	Alone  int `json:"alone" doc:"characters, without a second factor"`
	Beside int `json:"beside" doc:"characters, beside a second factor"`
}

// AppBody is an authenticator app.
type AppBody struct {
	CreatedAt time.Time  `json:"created_at"`
	UsedAt    *time.Time `json:"used_at,omitempty" doc:"latest use; nothing: never"`
}

// PasskeyRow is one passkey.
type PasskeyRow struct {
	ID        string     `json:"id" format:"uuid"`
	Name      string     `json:"name" doc:"as the person calls it"`
	CreatedAt time.Time  `json:"created_at"`
	UsedAt    *time.Time `json:"used_at,omitempty" doc:"latest use; nothing: never"`
	ClonedAt  *time.Time `json:"cloned_at,omitempty" doc:"when its counter ran backwards: there may be a copy, and it is refused"`
}

func (a *API) getFactors(ctx context.Context, _ *struct{}) (*struct{ Body FactorsBody }, error) {
	p := caller(ctx)
	st, err := a.svc.Factors.State(ctx, p.Tenant, p)
	if err != nil {
		return nil, err
	}
	rules := tenant.DefaultCredentialRules
	body := FactorsBody{
		Passkeys: []PasskeyRow{}, RecoveryLeft: st.RecoveryLeft, Required: st.Required, ShortPassword: st.ShortPassword,
		MinPassword: MinPasswordsBody{rules.MinPassword, rules.MinBeside},
	}
	if st.TOTP != nil {
		body.App = &AppBody{st.TOTP.CreatedAt.Time, moment(st.TOTP.UsedAt)}
	}
	for _, k := range st.Passkeys {
		body.Passkeys = append(body.Passkeys, PasskeyRow{k.ID.String(), k.Name, k.CreatedAt.Time, moment(k.UsedAt), moment(k.ClonedAt)})
	}
	return &struct{ Body FactorsBody }{body}, nil
}

// FactorChangeBody is the outcome of a change.
type FactorChangeBody struct {
	RecoveryCodes []string `json:"recovery_codes" doc:"ten codes for when the factor is lost, in this answer only; empty when the person has some"`
}

type factorChangeOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      FactorChangeBody
}

func (a *API) factorChanged(ch tenant.FactorChange, err error) (*factorChangeOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &factorChangeOutput{SetCookie: []http.Cookie{a.cookie(sessionCookie, ch.Token, 0)}}
	out.Body.RecoveryCodes = append([]string{}, ch.Recovery...)
	return out, nil
}

// AppSetupBody is what an authenticator app needs.
type AppSetupBody struct {
	Secret string `json:"secret" doc:"base32, to type by hand"`
	URI    string `json:"uri" doc:"otpauth address, for an app on the same device"`
	QR     string `json:"qr" doc:"the same as an image: a data address of a PNG"`
}

func (a *API) beginApp(ctx context.Context, _ *struct{}) (*struct{ Body AppSetupBody }, error) {
	p := caller(ctx)
	s, err := a.svc.Factors.BeginTOTP(ctx, p.Tenant, p)
	return &struct{ Body AppSetupBody }{AppSetupBody{s.Secret, s.URI, s.QR}}, err
}

func (a *API) confirmApp(ctx context.Context, in *struct {
	Body struct {
		Code string `json:"code" minLength:"1" maxLength:"40" doc:"six figures that the app shows now"`
	}
}) (*factorChangeOutput, error) {
	p := caller(ctx)
	return a.factorChanged(a.svc.Factors.ConfirmTOTP(ctx, p.Tenant, p, in.Body.Code))
}

func (a *API) removeApp(ctx context.Context, _ *struct{}) (*factorChangeOutput, error) {
	p := caller(ctx)
	return a.factorChanged(a.svc.Factors.RemoveTOTP(ctx, p.Tenant, p))
}

func (a *API) renewRecovery(ctx context.Context, _ *struct{}) (*struct{ Body FactorChangeBody }, error) {
	p := caller(ctx)
	codes, err := a.svc.Factors.RenewRecovery(ctx, p.Tenant, p)
	return &struct{ Body FactorChangeBody }{FactorChangeBody{codes}}, err
}

func (a *API) beginPasskey(ctx context.Context, _ *struct{}) (*optionsOutput, error) {
	p := caller(ctx)
	return optionsOf(a.svc.Factors.BeginPasskey(ctx, p.Tenant, p))
}

func (a *API) addPasskey(ctx context.Context, in *struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"100" doc:"by which the person recognises it"`
		PasskeyBody
	}
}) (*factorChangeOutput, error) {
	p := caller(ctx)
	raw, err := json.Marshal(in.Body.Passkey)
	if err != nil {
		return nil, err
	}
	return a.factorChanged(a.svc.Factors.AddPasskey(ctx, p.Tenant, p, in.Body.Name, raw))
}

func (a *API) renamePasskey(ctx context.Context, in *struct {
	ID   db.ID `path:"id" format:"uuid"`
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"100" doc:"by which the person recognises it"`
	}
}) (*emptyOutput, error) {
	p := caller(ctx)
	return &emptyOutput{}, a.svc.Factors.RenamePasskey(ctx, p.Tenant, p.Person, in.ID, in.Body.Name)
}

func (a *API) removePasskey(ctx context.Context, in *struct {
	ID db.ID `path:"id" format:"uuid"`
}) (*factorChangeOutput, error) {
	p := caller(ctx)
	return a.factorChanged(a.svc.Factors.RemovePasskey(ctx, p.Tenant, p, in.ID))
}

// ReasonBody says why.
type ReasonBody struct {
	Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"why; it is kept in the log"`
}

func (a *API) resetFactors(ctx context.Context, in *struct {
	PersonPath
	Spoken
	Body ReasonBody
}) (*struct{ Body SlipBody }, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	slip, err := a.svc.People.ResetFactors(ctx, caller(ctx).Tenant, id, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	body, err := a.slipBody(ctx, slip.LoginID, slip, in.language())
	return &struct{ Body SlipBody }{body}, err
}

func (a *API) resetManagerFactors(ctx context.Context, in *struct {
	ID   db.ID `path:"id" format:"uuid"`
	Body ReasonBody
}) (*issuedOutput, error) {
	issued, err := a.svc.Organisations.ResetManagerFactors(ctx, caller(ctx).Tenant, in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return a.issued(issued, 200)
}
