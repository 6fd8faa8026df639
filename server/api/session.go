package api

import (
	"context"
	"net/http"

	"kenshu/fault"
	"kenshu/tenant"
)

// SessionBody is what the page needs to know about who is logged in.
type SessionBody struct {
	Person          NamedID         `json:"person"`
	Organisation    OrganisationRef `json:"organisation"`
	Roles           []tenant.Role   `json:"roles"`
	Permissions     []string        `json:"permissions" doc:"what the page may offer; the server checks every call by itself"`
	MustChange      bool            `json:"must_change_password" doc:"a one-time password was used: an own password must be chosen first"`
	MustEnrol       bool            `json:"must_enrol" doc:"the roles demand a second factor, which must be set up first"`
	HandoverInvited bool            `json:"handover_invited" doc:"asked to become the manager; only get-session tells"`
	Mode            string          `json:"mode" enum:"demo,development,production" doc:"demo, development or production"`
	ContentOrigin   string          `json:"content_origin"`
	IdleSeconds     int             `json:"idle_seconds" doc:"the session ends after so long without a request"`
}

// NamedID is a thing's id with its name.
type NamedID struct {
	ID   string `json:"id" format:"uuid"`
	Name string `json:"name"`
}

// OrganisationRef is the organisation of a session.
type OrganisationRef struct {
	ID   string `json:"id" format:"uuid"`
	Name string `json:"name"`
	Code string `json:"code" doc:"what its people type to log in"`
	Kind string `json:"kind" enum:"association,organisation"`
}

type sessionOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      SessionBody
}

type emptyOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

func (a *API) getSession(ctx context.Context, _ *struct{}) (*sessionOutput, error) {
	p := caller(ctx)
	out := &sessionOutput{Body: a.sessionBody(p)}
	_, err := a.svc.Handovers.Invited(ctx, p.Tenant, p.Person)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	out.Body.HandoverInvited = err == nil
	return out, nil
}

// LoginBody is what somebody types to log in.
type LoginBody struct {
	OrganisationCode string `json:"organisation_code" minLength:"1" maxLength:"100" doc:"spaces, width and case do not matter"`
	LoginID          string `json:"login_id" minLength:"1" maxLength:"100" doc:"width and case do not matter"`
	Password         string `json:"password" minLength:"1" maxLength:"1024" doc:"an own password exactly as it was chosen; of a one-time password case, dashes and spaces do not matter"`
	RememberDevice   bool   `json:"remember_device,omitempty" doc:"later wrong tries by strangers do not slow down this device"`
}

func (a *API) startSession(ctx context.Context, in *struct {
	Device string `cookie:"__Host-kenshu-device" maxLength:"400" doc:"mark of a device that has logged in before"`
	Before string `cookie:"__Host-kenshu" hidden:"true" doc:"the session that this one takes the place of"`
	Body   LoginBody
}) (*loginOutput, error) {
	ctx = a.visitor(ctx)
	login, err := a.svc.Credentials.Login(ctx, tenant.LoginAttempt{
		Code: in.Body.OrganisationCode, LoginID: in.Body.LoginID, Password: in.Body.Password,
		Source: sourceOf(ctx), Device: in.Device, Remember: in.Body.RememberDevice,
	})
	if err != nil {
		return nil, err
	}
	return a.answerLogin(ctx, login, in.Before)
}

// answerLogin answers a log-in that is done, or the first step of one.
func (a *API) answerLogin(ctx context.Context, login tenant.Login, before string) (*loginOutput, error) {
	if login.Pending != "" {
		return &loginOutput{
			SetCookie: []http.Cookie{a.cookie(pendingCookie, login.Pending, int(tenant.PendingFor.Seconds()))},
			Body:      LoginAnswer{Factors: login.Methods},
		}, nil
	}
	return a.loggedIn(ctx, login, before)
}

// LoginAnswer is the outcome of a log-in, or of its first step.
type LoginAnswer struct {
	Session *SessionBody `json:"session" doc:"who is logged in; null while a second factor is waited for"`
	Factors []string     `json:"factors" doc:"with which of totp, passkey, recovery the log-in goes on (POST /session/factor, within five minutes); empty when it is done"`
}

type loginOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      LoginAnswer
}

// loggedIn answers a log-in that is done; the session that was there before ends.
func (a *API) loggedIn(ctx context.Context, login tenant.Login, before string) (*loginOutput, error) {
	if p, err := a.svc.Sessions.Resolve(ctx, before); err == nil {
		if err := a.svc.Sessions.End(ctx, p); err != nil {
			return nil, err
		}
	}
	cookies := []http.Cookie{a.cookie(sessionCookie, login.Token, 0), a.cookie(pendingCookie, "", -1), a.cookie(passkeyCookie, "", -1)}
	if login.Device != "" {
		cookies = append(cookies, a.cookie(deviceCookie, login.Device, deviceCookieAge))
	}
	body := a.sessionBody(login.Principal)
	return &loginOutput{SetCookie: cookies, Body: LoginAnswer{Session: &body, Factors: []string{}}}, nil
}

// visitor puts who acts into the context of a public route: nobody known yet, from this address, in this request.
func (a *API) visitor(ctx context.Context) context.Context {
	return tenant.WithActor(ctx, tenant.Actor{Kind: "unknown", Source: sourceOf(ctx), Agent: agentOf(ctx), RequestID: requestID(ctx)})
}

func (a *API) endSession(ctx context.Context, _ *struct{}) (*emptyOutput, error) {
	if err := a.svc.Sessions.End(ctx, caller(ctx)); err != nil {
		return nil, err
	}
	return a.signedOut(), nil
}

func (a *API) endAllSessions(ctx context.Context, _ *struct{}) (*emptyOutput, error) {
	p := caller(ctx)
	if err := a.svc.Credentials.SignOutEverywhere(ctx, p.Tenant, p.Person); err != nil {
		return nil, err
	}
	return a.signedOut(), nil
}

func (a *API) signedOut() *emptyOutput {
	return &emptyOutput{SetCookie: []http.Cookie{a.cookie(sessionCookie, "", -1)}}
}

// PasswordBody is a change of password.
type PasswordBody struct {
	Current string `json:"current_password,omitempty" maxLength:"1024" doc:"not needed while a one-time password is in force"`
	New     string `json:"new_password" minLength:"1" maxLength:"1024" doc:"kept and checked exactly as typed"`
}

func (a *API) updatePassword(ctx context.Context, in *struct{ Body PasswordBody }) (*emptyOutput, error) {
	p := caller(ctx)
	token, _, err := a.svc.Credentials.ChangePassword(ctx, p.Tenant, p.Person, tenant.PasswordChange{Current: in.Body.Current, New: in.Body.New})
	if err != nil {
		return nil, err
	}
	return &emptyOutput{SetCookie: []http.Cookie{a.cookie(sessionCookie, token, 0)}}, nil
}

// PasswordCheckBody is a password to look at; it is neither kept nor logged.
type PasswordCheckBody struct {
	Password string `json:"password" minLength:"1" maxLength:"1024"`
}

// PasswordReasons tells why a password would be refused.
type PasswordReasons struct {
	Reasons []Reason `json:"reasons" doc:"empty when the password is good"`
}

// Reason is one sentence about why.
type Reason struct {
	Key  string         `json:"key" doc:"which sentence to show: error.<key> in the page's locales"`
	Args map[string]any `json:"args,omitempty" doc:"values for the sentence"`
}

type passwordReasonsOutput struct{ Body PasswordReasons }

func (a *API) checkPassword(ctx context.Context, in *struct{ Body PasswordCheckBody }) (*passwordReasonsOutput, error) {
	p := caller(ctx)
	found, err := a.svc.Credentials.PasswordReasons(ctx, p.Tenant, p.Person, in.Body.Password)
	if err != nil {
		return nil, err
	}
	out := &passwordReasonsOutput{Body: PasswordReasons{Reasons: []Reason{}}}
	for _, f := range found {
		out.Body.Reasons = append(out.Body.Reasons, Reason{f.Key, f.Args})
	}
	return out, nil
}

func (a *API) sessionBody(p tenant.Principal) SessionBody {
	return SessionBody{
		Person:        NamedID{p.Person.String(), p.Name},
		Organisation:  OrganisationRef{p.Organisation.String(), p.OrganisationName, p.OrganisationCode, p.OrganisationKind},
		Roles:         p.Roles,
		Permissions:   a.svc.Access.Permissions(p.Roles...),
		MustChange:    p.MustChange,
		MustEnrol:     p.MustEnrol,
		Mode:          a.cfg.Mode,
		ContentOrigin: a.cfg.ContentURL.Scheme + "://" + a.cfg.ContentURL.Host,
		IdleSeconds:   int(tenant.DefaultSessionLimits.Idle.Seconds()),
	}
}

// cookie makes a cookie with every protection; age in seconds, 0 ends with the browser, negative deletes.
func (a *API) cookie(name, value string, age int) http.Cookie {
	return http.Cookie{Name: name, Value: value, Path: "/", MaxAge: age, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}
