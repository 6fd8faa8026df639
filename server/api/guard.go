package api

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// sessionCookie: __Host- binds it to this host, Secure, Path=/ (ASVS 3.3.1, 3.3.3).
const sessionCookie = "__Host-kenshu"

// deviceCookie marks a device that has logged in before (tenant/device.go). It identifies nobody and grants nothing.
const (
	deviceCookie    = "__Host-kenshu-device"
	deviceCookieAge = 180 * 24 * 60 * 60
)

type requestKey struct{}

type requestInfo struct {
	id     string
	source string
	agent  string
	route  string // pattern of the route that answers, as soon as it is known
}

// infoOf is what is known of a request.
func infoOf(ctx context.Context) *requestInfo {
	if info, ok := ctx.Value(requestKey{}).(*requestInfo); ok {
		return info
	}
	return &requestInfo{}
}

func requestID(ctx context.Context) string { return infoOf(ctx).id }

// sourceOf is the client's address as far as our own proxies vouch for it.
func sourceOf(ctx context.Context) string { return infoOf(ctx).source }

// agentOf is what the client's browser calls itself.
func agentOf(ctx context.Context) string { return infoOf(ctx).agent }

func isAPI(path string) bool { return path == "/api" || strings.HasPrefix(path, "/api/") }

// guard is what every request passes first: an id, the true source, the host name, security headers, cross-site writes, panics, the log.
func (a *API) guard(next http.Handler) http.Handler {
	crossSite := http.NewCrossOriginProtection()
	crossSite.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.refuse(w, r, http.StatusForbidden, "cross_site")
	}))
	protected := crossSite.Handler(next)
	csp := a.contentPolicy()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		info := &requestInfo{id: db.NewID().String(), source: a.source(r), agent: r.UserAgent()}
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, info))
		a.headers(w.Header(), r, csp, info.id)
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		defer a.logged(rec, r, started)
		if !strings.EqualFold(r.Host, a.cfg.PublicURL.Host) {
			a.wrongHost(rec, r)
			return
		}
		// No other site has a reason to read the API either: a link from outside must not even open a lesson (ASVS 3.5.3).
		if isAPI(r.URL.Path) && r.Header.Get("Sec-Fetch-Site") == "cross-site" {
			a.refuse(rec, r, http.StatusForbidden, "cross_site")
			return
		}
		// A body says what it is: what names no type could come from another site without being asked about first (ASVS 3.5.2, 4.1.5). Programs with a token
		// (curl -T names none) cannot be another site: it may not set that header unasked.
		if isAPI(r.URL.Path) && r.ContentLength != 0 && r.Header.Get("Content-Type") == "" && r.Header.Get("Authorization") == "" {
			a.plainProblem(rec, r, newProblem(http.StatusUnsupportedMediaType, "media_type"))
			return
		}
		protected.ServeHTTP(rec, r)
	})
}

// refuse answers what does not get as far as a route, and logs it.
func (a *API) refuse(w http.ResponseWriter, r *http.Request, status int, key string) {
	problem := newProblem(status, key)
	a.denied(r.Context(), tenant.Principal{}, "", "", problem)
	a.plainProblem(w, r, problem)
}

// logged ends every request: it answers a panic and writes the log. The route is named by its pattern, because an address may hold a name: that of a file, or whatever
// somebody typed.
func (a *API) logged(rec *recorder, r *http.Request, started time.Time) {
	v, ctx := recover(), r.Context()
	if v == http.ErrAbortHandler { //nolint:errorlint // a sentinel panic value
		panic(v)
	}
	if v != nil {
		a.log.ErrorContext(ctx, "panic", "value", fmt.Sprint(v), "stack", string(debug.Stack()), "route", infoOf(ctx).route, "request_id", requestID(ctx))
		if rec.wrote {
			panic(http.ErrAbortHandler) // half an answer must not look like a whole one
		}
		rec.Header().Del("Content-Disposition")
		a.plainProblem(rec, r, newProblem(http.StatusInternalServerError, "internal"))
	}
	a.log.DebugContext(ctx, "request", "method", r.Method, "route", infoOf(ctx).route, "status", rec.status, "ms", time.Since(started).Milliseconds(), "request_id", requestID(ctx))
}

// wrongHost sends pages to the public address and refuses API calls: a cookie must never be set for another name.
func (a *API) wrongHost(w http.ResponseWriter, r *http.Request) {
	if isAPI(r.URL.Path) || (r.Method != http.MethodGet && r.Method != http.MethodHead) {
		a.refuse(w, r, http.StatusMisdirectedRequest, "wrong_host")
		return
	}
	to := *a.cfg.PublicURL
	to.Path, to.RawQuery = r.URL.Path, r.URL.RawQuery
	http.Redirect(w, r, to.String(), http.StatusTemporaryRedirect)
}

func (a *API) contentPolicy() string {
	origins := append([]string{"'self'"}, a.cfg.MediaURLs...)
	media := strings.Join(slices.Compact(origins), " ")
	return strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src " + media + " data: blob:", "media-src " + media + " blob:",
		"font-src 'self'", "connect-src " + media, "worker-src 'self' blob:", "frame-src " + a.cfg.ContentURL.Scheme + "://" + a.cfg.ContentURL.Host,
		"manifest-src 'self'", "form-action 'self'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'",
	}, "; ")
}

func (a *API) headers(h http.Header, r *http.Request, csp, id string) {
	h.Set("X-Request-Id", id)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", csp)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	if a.cfg.PublicURL.Scheme == "https" {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
	if isAPI(r.URL.Path) {
		h.Set("Cache-Control", "no-store")
	}
}

// source walks X-Forwarded-For from the right as long as the addresses are our own proxies.
func (a *API) source(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && a.isProxy(host); i-- {
		addr, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		host = addr.Unmap().String()
	}
	return host
}

func (a *API) isProxy(host string) bool {
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, p := range a.cfg.Proxies {
		if p.Contains(addr.Unmap()) {
			return true
		}
	}
	return false
}

type recorder struct {
	http.ResponseWriter
	status int
	wrote  bool
}

// WriteHeader notes the status for the log.
func (r *recorder) WriteHeader(status int) {
	r.status, r.wrote = status, true
	r.ResponseWriter.WriteHeader(status)
}

// Write notes that the answer has begun.
func (r *recorder) Write(b []byte) (int, error) {
	r.wrote = true
	return r.ResponseWriter.Write(b)
}

// Flush passes streaming on.
func (r *recorder) Flush() {
	if f, ok := r.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
