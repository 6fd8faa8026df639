package api

import (
	"bytes"
	"encoding/json"
	"html/template"
	"net/http"
	"strings"
	"time"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/tenant"
)

// Where packages live on the content origin: packagePath, then a ticket, then "" (the frame that runs the package), "file/…" (its files) or "report" (what it says
// while its window closes). playerPath holds our own script of the frame.
const (
	packagePath = "/package/"
	playerPath  = "/package-player/"
)

// What a package may do in its frame. It shares the content origin with the frame that holds its SCORM interface and with nothing else; that origin has no session,
// and the application's page is out of reach. It may not leave its frame.
const packageSandbox = "allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-downloads"

const maxPackageReport = 1 << 20

func (a *API) contentOrigin() string { return a.cfg.ContentURL.Scheme + "://" + a.cfg.ContentURL.Host }

func (a *API) publicOrigin() string { return a.cfg.PublicURL.Scheme + "://" + a.cfg.PublicURL.Host }

// PackageHandler serves packages on the content origin. There is no session there and none is wanted: everything hangs on the ticket in the path, and what it
// does not open is answered like something that never was.
func (a *API) PackageHandler(player http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(playerPath, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.packageHeaders(w.Header(), "default-src 'none'", "same-origin")
		player.ServeHTTP(w, r)
	}))
	mux.HandleFunc(packagePath, a.servePackage)
	return mux
}

func (a *API) packageHeaders(h http.Header, csp, corp string) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", csp)
	h.Set("Cross-Origin-Resource-Policy", corp)
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=()")
	h.Set("X-Robots-Tag", "noindex")
	if a.cfg.ContentURL.Scheme == "https" {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

func (a *API) servePackage(w http.ResponseWriter, r *http.Request) {
	a.packageHeaders(w.Header(), "sandbox; default-src 'none'; frame-ancestors 'none'", "same-origin")
	w.Header().Set("Cache-Control", "no-store")
	token, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, packagePath), "/")
	ticket, err := a.svc.Packages.Read(token)
	name, isFile := strings.CutPrefix(rest, "file/")
	read := r.Method == http.MethodGet || r.Method == http.MethodHead
	switch {
	case err != nil, r.Header.Get("Service-Worker") != "": // a worker would outlive its package
		err = fault.New(fault.NotFound, "not_found")
	case rest == "" && read:
		err = a.packageFrame(w, token)
	case isFile && read:
		err = a.packageFile(w, r, ticket, token, name)
	case rest == "report" && r.Method == http.MethodPost:
		err = a.packageReport(w, r, ticket)
	default:
		err = fault.New(fault.NotFound, "not_found")
	}
	if err == nil {
		return
	}
	p := problemOf(r.Context(), a.log, err)
	http.Error(w, p.Key, p.Status)
}

var framePage = template.Must(template.New("frame").Parse(`<!doctype html>
<html lang="ja"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Kenshu</title>
<style>html,body{margin:0;height:100%;background:#fff}iframe{border:0;width:100%;height:100%;display:block}</style>
<body data-app="{{.App}}" data-base="{{.Base}}"><script type="module" src="{{.Player}}"></script></body></html>
`))

// packageFrame serves the page that holds the SCORM interface and, in a frame of its own, the package. What other packages left in the browser's storage of
// this origin is cleared.
func (a *API) packageFrame(w http.ResponseWriter, token string) error {
	base := packagePath + token + "/"
	origin := a.contentOrigin()
	var page bytes.Buffer
	if err := framePage.Execute(&page, map[string]string{"App": a.publicOrigin(), "Base": base, "Player": playerPath + "player.js"}); err != nil {
		return err
	}
	a.packageHeaders(w.Header(), strings.Join([]string{
		"default-src 'none'", "script-src " + origin + playerPath, "style-src 'unsafe-inline'", "frame-src " + origin + base + "file/", "connect-src " + origin + base + "report",
		"base-uri 'none'", "form-action 'none'", "frame-ancestors " + a.publicOrigin(), "sandbox " + packageSandbox,
	}, "; "), "cross-origin")
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Clear-Site-Data", `"storage"`)
	_, err := w.Write(page.Bytes())
	return err
}

// shownInFrame are the types a browser opens in the frame; anything else of a package is something to save.
func shownInFrame(mediaType string) bool {
	kind, _, _ := strings.Cut(mediaType, "/")
	switch kind {
	case "text", "image", "audio", "video", "font":
		return true
	}
	switch mediaType {
	case "application/json", "application/xml", "application/xhtml+xml", "application/wasm", "application/vnd.ms-fontobject":
		return true
	}
	return false
}

func (a *API) packageFile(w http.ResponseWriter, r *http.Request, ticket content.PackageTicket, token, name string) error {
	f, err := a.svc.Packages.Open(r.Context(), ticket, name)
	if err != nil {
		return err
	}
	defer f.Content.Close()
	base := a.contentOrigin() + packagePath + token + "/file/"
	a.packageHeaders(w.Header(), strings.Join([]string{
		"default-src " + base + " data: blob:", "script-src " + base + " 'unsafe-inline' 'unsafe-eval' data: blob:", "style-src " + base + " 'unsafe-inline' data: blob:",
		"object-src " + base, "base-uri " + base, "form-action " + base, "frame-ancestors " + a.contentOrigin() + " " + a.publicOrigin(), "sandbox " + packageSandbox,
	}, "; "), "same-origin")
	h := w.Header()
	h.Set("Cache-Control", "private, max-age=3600")
	h.Set("Content-Type", f.MediaType)
	if !shownInFrame(f.MediaType) {
		h.Set("Content-Disposition", "attachment")
	}
	h.Set("ETag", f.ETag)
	http.ServeContent(w, r, "", time.Time{}, f.Content)
	return nil
}

// packageReport takes what a package says while its window closes, when the application's page can no longer pass it on.
func (a *API) packageReport(w http.ResponseWriter, r *http.Request, ticket content.PackageTicket) error {
	if origin := r.Header.Get("Origin"); ticket.Launch.IsZero() || (origin != "" && origin != a.contentOrigin()) {
		return fault.New(fault.NotFound, "not_found")
	}
	var body PackageReports
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxPackageReport))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&body); err != nil {
		return fault.Wrap(err, fault.Invalid, "invalid")
	}
	tid := tenant.System(ticket.Tenant, "report of a package, by its ticket")
	ctx := tenant.WithActor(r.Context(), tenant.Actor{Kind: "person", Tenant: tid, Person: ticket.Person, Role: string(tenant.RoleStaff), Source: a.source(r)})
	if _, err := a.svc.Learning.SavePackage(ctx, tid, ticket.Person, ticket.Launch, body.Now, body.reports()); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
