// Package api is the HTTP face: one route table, one handler file per resource, problems, session and security middleware.
//
// A handler decodes, calls one service, encodes. It holds no SQL and no permission logic: the table names the permission, the
// services see to whose data it is.
package api

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"kenshu/content"
	"kenshu/lms"
	"kenshu/storage/cache"
	"kenshu/storage/db"
	"kenshu/tenant"
	"kenshu/tenant/compliance"
)

// Services is everything the handlers may call.
type Services struct {
	DB            *db.DB
	Cache         cache.Cache
	Access        *tenant.Access
	Audit         *tenant.Audit
	Sessions      *tenant.Sessions
	Settings      *tenant.Settings
	People        *tenant.People
	PersonFields  *tenant.PersonFields
	PeopleActs    *tenant.PeopleActs
	Deletions     *tenant.Deletions
	Dossiers      *lms.Dossiers
	Departments   *tenant.Departments
	Imports       *tenant.Imports
	APITokens     *tenant.APITokens
	Credentials   *tenant.Credentials
	Factors       *tenant.Factors
	Security      *tenant.Security
	Courses       *content.Courses
	Versions      *content.Versions
	Catalogues    *content.Catalogues
	Questions     *content.Questions
	MoodleImports *content.MoodleImports
	CourseCopies  *content.CourseCopies
	Assets        *content.Assets
	Packages      *content.Packages
	Organisations *tenant.Organisations
	Handovers     *tenant.Handovers
	Identities    *tenant.Identities

	Learning           *lms.Learning
	Certificates       *lms.Certificates
	CertificateDesigns *lms.CertificateDesigns
	Badges             *lms.Badges
	Rounds             *lms.Rounds
	TrainingRecords    *lms.TrainingRecords
	RecordLinks        *lms.RecordLinks
	Reminders          *lms.Reminder
	Reports            *lms.Reports
	SavedViews         *lms.SavedViews
	Surveys            *lms.Surveys
	Outbox             *tenant.Outbox
	QuestionFigures    *lms.QuestionFigures

	Slips         *tenant.SlipBatches
	Concerns      *tenant.Concerns
	PasswordFiles *tenant.PasswordFiles
	Incidents     *compliance.Incidents
	Operations    *tenant.Operations
	StorageUse    *content.StorageUse
}

// Config is what the HTTP face needs to know.
type Config struct {
	PublicURL  *url.URL       // where people reach the application; another host name is sent there
	ContentURL *url.URL       // where uploaded content is served, always another host name
	MediaURLs  []string       // origins that signed links point to (content origin, object store), for the content security policy
	Proxies    []netip.Prefix // whose X-Forwarded-For is believed
	Mode       string         // demo, development, production
	Version    string
	Page       http.Handler // the single-page application
	Log        *slog.Logger

	// Observe is told of every request that a route answered, by the route's pattern; nil: nobody asks.
	Observe func(route, method string, status int, took time.Duration)
}

// API is the HTTP face.
type API struct {
	svc    Services
	cfg    Config
	log    *slog.Logger
	engine *gin.Engine
	huma   huma.API
	routes []Route

	denialsInside, denialsOutside denials
}

// New builds the HTTP face with all its routes.
func New(cfg Config, svc Services) *API {
	gin.SetMode(gin.ReleaseMode)
	a := &API{svc: svc, cfg: cfg, log: cfg.Log, engine: gin.New()}
	a.engine.HandleMethodNotAllowed = true
	a.engine.RedirectTrailingSlash = false // an address of the API has one form; others do not exist
	_ = a.engine.SetTrustedProxies(nil)    // sourceOf decides, by cfg.Proxies
	a.engine.Use(a.observed)
	a.engine.NoRoute(gin.WrapH(http.HandlerFunc(a.notFound)))
	a.engine.NoMethod(gin.WrapH(http.HandlerFunc(a.methodNotAllowed)))
	a.huma = humagin.New(a.engine, describe(cfg))
	a.table()
	explain(a.huma.OpenAPI())
	return a
}

// observed remembers which route answers, and measures the request for cfg.Observe; one that panics counts as 500.
func (a *API) observed(c *gin.Context) {
	infoOf(c.Request.Context()).route = c.FullPath()
	if a.cfg.Observe == nil {
		return
	}
	began, status := time.Now(), http.StatusInternalServerError
	defer func() { a.cfg.Observe(c.FullPath(), c.Request.Method, status, time.Since(began)) }()
	c.Next()
	status = c.Writer.Status()
}

func describe(cfg Config) huma.Config {
	c := huma.DefaultConfig("Kenshu", cfg.Version)
	c.DocsPath, c.SchemasPath, c.OpenAPIPath = "", "", ""
	c.CreateHooks = nil // no $schema member in answers
	c.RejectUnknownQueryParameters = true
	c.Formats = map[string]huma.Format{"application/json": strictJSON(), "json": strictJSON()}
	c.Info.Description = "The API of Kenshu. Every write that a client may repeat takes an Idempotency-Key header; lists are keyset pages (after, limit); errors are RFC 9457 problems with a key."
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: sessionCookie}, "token": {Type: "http", Scheme: "bearer"}}
	return c
}

// Routes gives the route table, for the suites that replay it.
func (a *API) Routes() []Route { return a.routes }

// OpenAPI gives the API description as indented JSON, as it stands in server/api/openapi.json.
func (a *API) OpenAPI() ([]byte, error) {
	raw, err := json.Marshal(a.huma.OpenAPI())
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// Handler gives the whole face with its middleware: the API, and the page for every other address.
func (a *API) Handler() http.Handler {
	return a.guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case isAPI(r.URL.Path):
			if repeatsParameter(r) {
				a.plainProblem(w, r, newProblem(http.StatusBadRequest, "bad_request"))
				return
			}
			a.engine.ServeHTTP(w, r)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			a.methodNotAllowed(w, r)
		default:
			a.cfg.Page.ServeHTTP(w, r)
		}
	}))
}

// repeatsParameter: which of ?limit=1&limit=2 counts would be for every reader to say; lists are written with commas.
func repeatsParameter(r *http.Request) bool {
	for _, values := range r.URL.Query() {
		if len(values) > 1 {
			return true
		}
	}
	return false
}

func (a *API) notFound(w http.ResponseWriter, r *http.Request) {
	a.plainProblem(w, r, newProblem(http.StatusNotFound, "not_found"))
}

func (a *API) methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	a.plainProblem(w, r, newProblem(http.StatusMethodNotAllowed, "method_not_allowed"))
}

func (a *API) plainProblem(w http.ResponseWriter, r *http.Request, p *Problem) {
	p.RequestID = requestID(r.Context())
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	if err := json.NewEncoder(w).Encode(p); err != nil {
		a.log.Warn("cannot write problem", "error", err)
	}
}
