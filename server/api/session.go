package api

import (
	"context"
	"net/http"

	"kenshu/tenant"
)

// SessionBody is what the page needs to know about who is logged in.
type SessionBody struct {
	Person        NamedID       `json:"person"`
	Organisation  NamedID       `json:"organisation"`
	Roles         []tenant.Role `json:"roles"`
	Permissions   []string      `json:"permissions" doc:"what the page may offer; the server checks every call by itself"`
	MustChange    bool          `json:"must_change_password" doc:"a one-time credential was used: an own password must be chosen first"`
	Mode          string        `json:"mode" doc:"demo, development or production"`
	ContentOrigin string        `json:"content_origin"`
	IdleSeconds   int           `json:"idle_seconds" doc:"the session ends after so long without a request"`
}

// NamedID is a thing's id with its name.
type NamedID struct {
	ID   string `json:"id" format:"uuid"`
	Name string `json:"name"`
}

type sessionOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      SessionBody
}

type emptyOutput struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

func (a *API) getSession(ctx context.Context, _ *struct{}) (*sessionOutput, error) {
	return &sessionOutput{Body: a.sessionBody(caller(ctx))}, nil
}

func (a *API) endSession(ctx context.Context, _ *struct{}) (*emptyOutput, error) {
	if err := a.svc.Sessions.End(ctx, caller(ctx)); err != nil {
		return nil, err
	}
	return &emptyOutput{SetCookie: []http.Cookie{a.cookie(sessionCookie, "", -1)}}, nil
}

func (a *API) sessionBody(p tenant.Principal) SessionBody {
	return SessionBody{
		Person:        NamedID{p.Person.String(), p.Name},
		Organisation:  NamedID{p.Organisation.String(), p.OrganisationName},
		Roles:         p.Roles,
		Permissions:   a.svc.Access.Permissions(p.Roles...),
		MustChange:    p.MustChange,
		Mode:          a.cfg.Mode,
		ContentOrigin: a.cfg.ContentURL.Scheme + "://" + a.cfg.ContentURL.Host,
		IdleSeconds:   int(tenant.DefaultSessionLimits.Idle.Seconds()),
	}
}

// cookie makes a cookie with every protection; age in seconds, 0 ends with the browser, negative deletes.
func (a *API) cookie(name, value string, age int) http.Cookie {
	return http.Cookie{Name: name, Value: value, Path: "/", MaxAge: age, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}
