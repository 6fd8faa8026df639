package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kenshu/fault"
	"kenshu/tenant"
)

// Public marks a route that needs no session. Every other route names a permission of tenant/policy.csv.
const Public = "public"

// Route is one row of the route table (routes_*.go).
type Route struct {
	Method      string
	Path        string   // below /api/v1
	ID          string   // operation id, verb-noun; the typed client's name for it
	Permission  string   // Public, or resource:verb
	Tag         string   // the resource, for the API description
	Summary     string   // one line: what it does
	Description string   // limits, errors, rule or law it comes from
	Status      int      // status of success; 0 is 200, or 204 where there is no body
	MaxBody     int64    // bytes of request body; 0 is 1 MiB
	Token       bool     // a program may come here with an API token; nowhere else
	File        bool     // the body is a file of any kind, read through fileBody
	Gives       []string // media types of the file that it answers; empty: JSON as declared
	Early       Early    // usable while something else must be done first; nowhere else
	StepUp      bool     // needs a fresh proof of who asks (ASVS 7.5.3): export, handover, approval, issue, removal of many
}

// Early says how early in a session a route can be used. Whoever holds a slip may be somebody else than its owner: until an own password is chosen
// nothing can be done that would outlast it, such as a passkey, an authenticator app or a joined account.
type Early uint8

// How early.
const (
	Late          Early = iota // when nothing else must be done first
	EarlyFactor                // also while a second factor must be set up
	EarlyPassword              // also while the password that was handed out must be replaced
)

// Media types that several routes give.
const (
	mediaCSV  = "text/csv"
	mediaXLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	mediaPDF  = "application/pdf"
	mediaJSON = "application/json"
)

// gives lists media types in the table.
func gives(media ...string) []string { return media }

type principalKey struct{}

// caller is who makes the request; every non-public route has one.
func caller(ctx context.Context) tenant.Principal {
	p, ok := ctx.Value(principalKey{}).(tenant.Principal)
	if !ok {
		panic("a route without session asked for its caller")
	}
	return p
}

// register adds one row to the API: the permission check, the handler, and the description.
func register[I, O any](a *API, r Route, handler func(context.Context, *I) (*O, error)) {
	if r.Permission != Public && !a.svc.Access.Knows(r.Permission) {
		panic(fmt.Sprintf("route %s: permission %q is not in the policy", r.ID, r.Permission))
	}
	if r.MaxBody == 0 {
		r.MaxBody = 1 << 20
	}
	op := huma.Operation{
		Method: r.Method, Path: "/api/v1" + r.Path, OperationID: r.ID, Summary: r.Summary, Description: r.Description, Tags: []string{r.Tag},
		DefaultStatus: r.Status, MaxBodyBytes: r.MaxBody,
		Metadata:   map[string]any{"permission": r.Permission},
		Extensions: map[string]any{"x-permission": r.Permission},
		Errors:     []int{400, 401, 403, 404, 409, 422, 429, 500, 503},
	}
	if r.MaxBody > 1<<20 {
		op.BodyReadTimeout = time.Duration(r.MaxBody>>16) * time.Second // a line of 64 kB/s is slow but honest
	}
	if r.Permission != Public {
		op.Security = []map[string][]string{{"session": {}}}
		op.Middlewares = huma.Middlewares{a.authorise(r)}
	}
	if r.Early > Late {
		op.Extensions["x-early"] = map[Early]string{EarlyFactor: "factor", EarlyPassword: "password"}[r.Early]
	}
	if r.Token {
		op.Security = append(op.Security, map[string][]string{"token": {}})
		op.Extensions["x-token"] = true
	}
	if r.File {
		op.Middlewares = append(op.Middlewares, dropFile)
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}
		op.Metadata["body_limit"], op.Metadata["body_time"] = r.MaxBody, op.BodyReadTimeout
	}
	if len(r.Gives) > 0 {
		op.Responses = map[string]*huma.Response{"200": {Content: map[string]*huma.MediaType{}}}
		for _, media := range r.Gives {
			schema := &huma.Schema{Type: "string", Format: "binary"}
			if media == mediaJSON {
				schema = &huma.Schema{Type: "object", AdditionalProperties: true}
			}
			op.Responses["200"].Content[media] = &huma.MediaType{Schema: schema}
		}
	}
	if r.StepUp {
		op.Extensions["x-step-up"] = true
		op.Description = strings.TrimSpace(op.Description + " 403 step_up when the last proof of who asks is too old: POST /session/proof, then ask again.")
	}
	a.routes = append(a.routes, r)
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err != nil {
			problem := problemOf(ctx, a.log, err)
			p, _ := ctx.Value(principalKey{}).(tenant.Principal) // nobody on a public route
			a.denied(ctx, p, r.ID, r.Permission, problem)
			return nil, problem
		}
		if r.Method != http.MethodGet && r.Permission != Public && r.Permission != "learning:own" {
			a.svc.Reports.Forget(caller(ctx).Tenant) // who wrote expects to see it in the figures
		}
		return out, nil
	})
}

// authorise resolves the session and checks the route's permission; what is not allowed ends here.
func (a *API) authorise(r Route) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		ctx := hc.Context()
		p, role, err := a.admit(ctx, hc, r)
		if err != nil {
			problem := problemOf(ctx, a.log, err)
			a.denied(ctx, p, r.ID, r.Permission, problem)
			a.writeProblem(hc, problem)
			return
		}
		ctx = context.WithValue(ctx, principalKey{}, p)
		kind := "person"
		if !p.Token().IsZero() {
			kind = "token"
		}
		ctx = tenant.WithActor(ctx, tenant.Actor{
			Kind: kind, Tenant: p.Tenant, Person: p.Person, Name: p.Name, Role: string(role), Source: sourceOf(ctx), Agent: agentOf(ctx), RequestID: requestID(ctx), Token: p.Token(),
		})
		next(huma.WithContext(hc, ctx))
	}
}

func (a *API) admit(ctx context.Context, hc huma.Context, r Route) (tenant.Principal, tenant.Role, error) {
	p, err := a.identify(ctx, hc, r)
	if err != nil {
		return tenant.Principal{}, "", err
	}
	if p.MustChange && r.Early < EarlyPassword {
		return p, "", fault.New(fault.Forbidden, "must_change_password")
	}
	if p.MustEnrol && r.Early < EarlyFactor {
		return p, "", fault.New(fault.Forbidden, "must_enrol")
	}
	role := a.svc.Access.Allowing(p.Roles, r.Permission)
	if role == "" {
		return p, "", fault.New(fault.Forbidden, "not_allowed")
	}
	if r.StepUp && !a.svc.Sessions.Fresh(p) {
		methods, err := a.svc.Factors.ProofMethods(ctx, p.Tenant, p.Person)
		if err != nil {
			return p, "", err
		}
		return p, "", fault.New(fault.StepUp, "step_up", "methods", methods)
	}
	return p, role, nil
}

// identify finds who asks: by an API token where the route takes one and one is given, else by the session.
func (a *API) identify(ctx context.Context, hc huma.Context, r Route) (tenant.Principal, error) {
	if secret, given := strings.CutPrefix(hc.Header("Authorization"), "Bearer "); given && r.Token {
		return a.svc.APITokens.Resolve(ctx, strings.TrimSpace(secret), sourceOf(ctx))
	}
	cookie, err := huma.ReadCookie(hc, sessionCookie)
	if err != nil {
		return tenant.Principal{}, fault.New(fault.Unauthorized, "no_session")
	}
	p, err := a.svc.Sessions.Resolve(ctx, cookie.Value)
	if fault.Is(err, fault.Unauthorized) {
		err = a.svc.Handovers.WhyEnded(ctx, cookie.Value, err)
	}
	return p, err
}

func (a *API) writeProblem(hc huma.Context, p *Problem) {
	hc.SetStatus(p.Status)
	hc.SetHeader("Content-Type", "application/problem+json")
	if seconds, ok := p.Args["retry_after"]; ok {
		hc.SetHeader("Retry-After", fmt.Sprint(seconds))
	}
	if err := a.huma.Marshal(hc.BodyWriter(), "application/json", p); err != nil {
		a.log.WarnContext(hc.Context(), "cannot write problem", "error", err)
	}
}
