package app_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"kenshu/rig/kit"
	"kenshu/rig/servers"
	"kenshu/server/app"
)

// line is a connection to a real server that can be cut and mended, as a cable can.
type line struct {
	listener net.Listener
	target   string
	mu       sync.Mutex
	cut      bool
	open     map[net.Conn]bool
}

func newLine(t *testing.T, target string) *line {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &line{listener: l, target: target, open: map[net.Conn]bool{}}
	t.Cleanup(func() { _ = l.Close(); p.set(true) })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.carry(c)
		}
	}()
	return p
}

func (p *line) carry(from net.Conn) {
	to, err := net.Dial("tcp", p.target)
	p.mu.Lock()
	if err != nil || p.cut {
		p.mu.Unlock()
		_ = from.Close()
		return
	}
	p.open[from], p.open[to] = true, true
	p.mu.Unlock()
	go func() { _, _ = io.Copy(to, from); _ = to.Close() }()
	_, _ = io.Copy(from, to)
	_ = from.Close()
}

func (p *line) set(cut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = cut
	if cut {
		for c := range p.open {
			_ = c.Close()
		}
		p.open = map[net.Conn]bool{}
	}
}

// through gives raw with its host replaced by a line to it.
func through(t *testing.T, raw string) (string, *line) {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	p := newLine(t, u.Host)
	u.Host = p.listener.Addr().String()
	return u.String(), p
}

// Each part goes away and comes back. Meanwhile whoever needs it gets 503 with a sentence, nobody gets in without a session, nothing
// panics; afterwards everything works again without anybody doing anything.
func TestPartsGoAwayAndComeBack(t *testing.T) {
	database, toDatabase := through(t, servers.MariaDB(t))
	redis, toRedis := through(t, servers.Redis(t))
	objects, toObjects := through(t, servers.S3(t))
	a, world := newApp(t, "KENSHU_DB="+database, "KENSHU_REDIS="+redis, "KENSHU_S3="+objects)
	handler := a.Face()
	manager := session(t, a, world.A)
	ask := func(path, token string) (int, string) {
		r := httptest.NewRequest(http.MethodGet, "http://localhost:8080"+path, nil)
		if token != "" {
			r.AddCookie(&http.Cookie{Name: "__Host-kenshu", Value: token})
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
	for _, part := range []struct {
		name string
		line *line
		path string // needs the part
		key  string
	}{
		{"database", toDatabase, "/api/v1/people", "database_away"},
		{"cache", toRedis, "/api/v1/people", "cache_away"},
		{"objects", toObjects, "", ""},
	} {
		t.Run(part.name, func(t *testing.T) {
			part.line.set(true)
			if code, body := ask("/readyz", ""); code != http.StatusServiceUnavailable || !strings.Contains(body, part.name) {
				t.Errorf("ready without %s: %d %s", part.name, code, body)
			}
			if code, _ := ask("/healthz", ""); code != http.StatusOK {
				t.Errorf("the process lives: %d", code)
			}
			if part.path != "" {
				if code, body := ask(part.path, manager); code != http.StatusServiceUnavailable || !strings.Contains(body, part.key) {
					t.Errorf("%s without %s: %d %s", part.path, part.name, code, body)
				}
			}
			if code, _ := ask("/api/v1/people", ""); code != http.StatusUnauthorized {
				t.Errorf("an open door: %d", code)
			}
			if code, _ := ask("/login", ""); code != http.StatusOK {
				t.Errorf("the page itself needs no part: %d", code)
			}
			part.line.set(false)
			for until := time.Now().Add(10 * time.Second); ; time.Sleep(100 * time.Millisecond) {
				code, _ := ask("/api/v1/people", manager)
				ready, _ := ask("/readyz", "")
				if code == http.StatusOK && ready == http.StatusOK {
					return
				}
				if time.Now().After(until) {
					t.Fatalf("not well again: people %d, ready %d", code, ready)
				}
			}
		})
	}
}

func session(t *testing.T, a *app.App, org kit.Org) string {
	t.Helper()
	token, _, err := a.Services.Sessions.Start(t.Context(), org.ID, org.Manager)
	if err != nil {
		t.Fatal(err)
	}
	return token
}
