package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/server/api"
	"kenshu/server/app"
	"kenshu/storage/db"
	"kenshu/storage/mail"
	"kenshu/tenant"
)

// newLoudApp is newApp with its log, at debug level, in the buffer; what goes to the process's own logger goes there too.
func newLoudApp(t *testing.T, env ...string) (*app.App, kit.World, *bytes.Buffer) {
	t.Helper()
	cfg, err := app.ReadConfig(append([]string{"KENSHU_DATA=" + t.TempDir()}, env...))
	if err != nil {
		t.Fatal(err)
	}
	out := &bytes.Buffer{}
	log := slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	before := slog.Default()
	slog.SetDefault(log)
	t.Cleanup(func() { slog.SetDefault(before) })
	a, err := app.New(t.Context(), cfg, app.Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Close)
	return a, kit.NewWorld(t, a.DB), out
}

// logged are the attributes that a line of the log may have. A new one is looked at before it stands here: it must not be able to hold what somebody typed.
var logged = []string{
	"time", "level", "msg", "method", "route", "status", "ms", "request_id", "key", "operation", "permission", "organisation", "person", "known_device", "left_out",
	"error", "stack", "value", "kind", "job", "attempts",
}

// planted stands in every text, name, mail address, answer and file name of organisation B, and in everything that is sent there.
const planted = "Vq7Planted"

// plant puts the planted word wherever text can stand in a request: the body, every parameter, the headers and cookies that are read.
func (f *face) plant(route api.Route, token string, id db.ID) *http.Request {
	r := f.request(route, token, id)
	r.Header.Set("User-Agent", planted)
	r.Header.Set("Referer", "http://localhost:8080/people?q="+planted)
	r.Header.Set("Origin", "http://localhost:8080")
	r.Header.Set("Idempotency-Key", planted+id.String())
	r.AddCookie(&http.Cookie{Name: "__Host-kenshu-device", Value: planted})
	r.AddCookie(&http.Cookie{Name: "__Host-kenshu-login", Value: planted})
	if r.Header.Get("Content-Type") == "application/octet-stream" {
		r.Body, r.ContentLength = http.NoBody, 0
	}
	query := url.Values{}
	parameters, _ := f.operation(route)["parameters"].([]any)
	for _, v := range parameters {
		p := dig(v)
		schema := dig(p, "schema")
		if name, _ := p["name"].(string); p["in"] == "query" && schema["type"] == "string" && schema["enum"] == nil && schema["format"] == nil {
			query.Set(name, planted)
		}
	}
	r.URL.RawQuery = query.Encode()
	return r
}

// Every route is asked by everybody whom it lets in, at debug level, with a planted word in every text that is kept and in every one that is sent: rightly, with that
// word in the address, with it as a session, with a database that is gone. It stands nowhere in the log, and no session does. No line says more than it may.
func TestNothingPersonalIsLogged(t *testing.T) {
	a, world, log := newLoudApp(t)
	f := newFace(t, a)
	f.word = planted
	own := map[tenant.ID]kit.Filled{world.B.ID: kit.Fill(t, a.DB, world.B, planted), world.Association.ID: kit.Fill(t, a.DB, world.Association, planted+"S")}
	in := insiders(t, a, world)
	var sessions []string
	n := 0
	for _, route := range a.API.Routes() {
		for _, p := range in {
			if p.key != "" || route.Permission != api.Public && f.refusal(a, p, route) != "" {
				continue
			}
			token, _, err := a.Services.Sessions.Start(t.Context(), p.org.ID, p.person)
			if err != nil {
				t.Fatal(err)
			}
			sessions = append(sessions, token)
			f.serve(f.plant(route, token, own[p.org.ID].IDs[keyTable(route)]))
			n++
		}
	}
	for _, route := range a.API.Routes() {
		for _, token := range []string{planted, in[0].cookie} {
			r := f.plant(route, token, db.NewID())
			r.URL.Path = "/api/v1" + pathParam.ReplaceAllString(route.Path, planted)
			f.serve(r)
			n++
		}
	}
	for _, path := range []string{"/" + planted, "/people/" + planted, "/api/v1/" + planted, "/api/v1/people/" + planted + "/" + planted} {
		f.ask(http.MethodGet, strings.TrimPrefix(path, "/api/v1"), in[0].cookie, "")
	}
	var again []*http.Request
	for _, route := range a.API.Routes() {
		token := f.permitted(a, world.B, route)
		sessions = append(sessions, token)
		again = append(again, f.plant(route, token, own[world.B.ID].IDs[keyTable(route)]))
	}
	if err := a.DB.Close(); err != nil {
		t.Fatal(err)
	}
	for _, r := range again {
		f.serveOrCut(r)
		n++
	}
	sessions = slices.DeleteFunc(sessions, func(token string) bool { return token == "" })
	for _, p := range in {
		sessions = append(sessions, p.cookie)
	}
	looked(t, log.String(), append(sessions, planted))
	attributes, levels := map[string]bool{}, map[string]int{}
	for line := range bytes.Lines(log.Bytes()) {
		var one map[string]any
		if err := json.Unmarshal(line, &one); err != nil {
			t.Fatal(err)
		}
		level, _ := one["level"].(string)
		levels[level]++
		for name := range one {
			attributes[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if !slices.Contains(logged, name) {
			t.Errorf("the log has %q, which nobody looked at", name)
		}
	}
	if levels["DEBUG"] < n || levels["INFO"] < 50 || levels["ERROR"] < 100 {
		t.Errorf("%d requests left %v: the log is not read", n, levels)
	}
	t.Logf("%d requests, %v", n, levels)
}

// serveOrCut is serve where the connection may be cut in the middle of an answer.
func (f *face) serveOrCut(r *http.Request) (w *httptest.ResponseRecorder, cut bool) {
	w = httptest.NewRecorder()
	defer func() {
		if v := recover(); v != nil {
			if v != http.ErrAbortHandler { //nolint:errorlint // a sentinel panic value
				panic(v)
			}
			cut = true
		}
	}()
	f.handler.ServeHTTP(w, r)
	return w, false
}

// looked searches a log for what must not stand there, however it is written.
func looked(t *testing.T, log string, never []string) {
	t.Helper()
	log = strings.ToLower(log)
	for _, text := range never {
		if at := strings.Index(log, strings.ToLower(text)); at >= 0 {
			t.Errorf("the log holds %q: %q", text, log[max(0, at-300):min(len(log), at+100)])
		}
	}
}

// refusing is a mail server that repeats whom a message was for.
type refusing struct{}

func (refusing) Send(_ context.Context, m mail.Message) error {
	return fault.Wrap(errors.New("450 4.2.1 <"+m.To.Mail+">: try again, affected recipient(s): "+m.To.Mail), fault.Unavailable, "mail_away")
}

// What a mail server says of somebody's address stands with the message, which its organisation reads, and not in the log.
func TestMailAddressesAreNotLogged(t *testing.T) {
	a, world, log := newLoudApp(t)
	own := kit.Fill(t, a.DB, world.B, planted)
	if _, err := a.DB.Exec(t.Context(), `UPDATE mail_message SET state = 'queued', expires_at = NULL, enrolment_id = NULL, round_id = NULL WHERE tenant_id = ?`, world.B.ID); err != nil {
		t.Fatal(err)
	}
	outbox := tenant.NewOutbox(a.DB, a.Services.Audit, refusing{}, a.Clock)
	worker := &db.Worker{DB: a.DB, Owner: "test", Clock: a.Clock, Log: a.Log, Handlers: map[string]db.Handler{tenant.KindMailDeliver: outbox.Deliver}}
	err := a.DB.Tx(t.Context(), func(tx *db.Tx) error {
		return tx.Enqueue(t.Context(), a.Clock(), db.Job{Kind: tenant.KindMailDeliver, Tenant: world.B.ID.Number(), Payload: json.RawMessage(`{"mail":"` + own.IDs["mail_message"].String() + `"}`)})
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := worker.RunDue(t.Context()); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if !strings.Contains(log.String(), "affected recipient") {
		t.Fatalf("nothing was tried: %s", log)
	}
	looked(t, log.String(), []string{planted})
	health, err := outbox.Health(t.Context(), world.B.ID)
	if err != nil || !strings.Contains(health.Said, planted) {
		t.Errorf("the organisation reads %+v, %v", health, err)
	}
}

// No secret is asked for in an address, where proxies and browsers would keep it (ASVS 14.2.1): what a parameter is called says so. Proxies as we ship them keep none.
func TestNoSecretStandsInAnAddress(t *testing.T) {
	a, _ := newApp(t)
	f := newFace(t, a)
	tried := 0
	for _, route := range a.API.Routes() {
		parameters, _ := f.operation(route)["parameters"].([]any)
		for _, v := range parameters {
			p := dig(v)
			name, _ := p["name"].(string)
			tried++
			for _, secret := range []string{"token", "secret", "password", "session", "email", "recovery", "otp"} {
				if in := p["in"]; (in == "query" || in == "path") && strings.Contains(name, secret) && !strings.HasSuffix(name, "_id") {
					t.Errorf("%s takes %s in its address", route.ID, name)
				}
			}
		}
	}
	if tried < 300 {
		t.Errorf("only %d parameters", tried)
	}
	proxy, err := os.ReadFile("../../deploy/Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(proxy)) {
		if strings.HasPrefix(strings.TrimSpace(line), "log") {
			t.Errorf("deploy/Caddyfile keeps addresses: %s", line)
		}
	}
}
