package fault

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"kenshu/rig/film"
	"kenshu/rig/kit"
	"kenshu/rig/servers"
)

// front is Caddy with deploy/Caddyfile before two replicas. Its names end in .localhost, so that it makes its certificates itself, and it listens on loopback only.
type front struct {
	app, content, files string // host and port, as browsers name them
	roots               *x509.CertPool
}

func newFront(t *testing.T) front {
	t.Helper()
	port := freePort(t)
	return front{app: "kenshu.localhost:" + port, content: "content.localhost:" + port, files: "files.localhost:" + port, roots: x509.NewCertPool()}
}

// settings are what the replicas are told of the names before them.
func (f *front) settings() []string {
	return []string{"KENSHU_PUBLIC_URL=https://" + f.app, "KENSHU_CONTENT_URL=https://" + f.content, "KENSHU_S3_PUBLIC=https://" + f.files, "KENSHU_TRUSTED_PROXIES=127.0.0.1/32"}
}

// start starts Caddy with the real file, in which only the addresses of docker-compose.yml are replaced, and more global options.
func (f *front) start(t *testing.T, i *installation, options ...string) {
	t.Helper()
	text, err := os.ReadFile("../../deploy/Caddyfile")
	if err != nil {
		t.Fatal(err)
	}
	var app, content []string
	for _, r := range i.replicas {
		app, content = append(app, r.address), append(content, r.setting("KENSHU_CONTENT_LISTEN"))
	}
	options = append([]string{"admin off", "default_bind 127.0.0.1", "http_port " + freePort(t), "skip_install_trust"}, options...)
	config := string(text)
	for old, now := range map[string]string{
		"admin off": strings.Join(options, "\n\t"), "kenshu-1:8080 kenshu-2:8080": strings.Join(app, " "), "kenshu-1:8081 kenshu-2:8081": strings.Join(content, " "), "objects:9000": i.toS3.addr,
	} {
		if strings.Count(config, old) != 1 {
			t.Fatalf("deploy/Caddyfile says %d times %q", strings.Count(config, old), old)
		}
		config = strings.Replace(config, old, now, 1)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "Caddyfile")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	servers.Caddy(t, file, dir, "APP_HOST="+f.app, "CONTENT_HOST="+f.content, "FILES_HOST="+f.files)
	root := filepath.Join(dir, "caddy", "pki", "authorities", "local", "root.crt")
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		if pem, err := os.ReadFile(root); err == nil && f.roots.AppendCertsFromPEM(pem) {
			if c, err := f.dial(f.app, &tls.Config{}); err == nil {
				_ = c.Close()
				return
			}
		}
		if time.Since(began) > time.Minute {
			t.Fatal("Caddy did not answer within a minute")
		}
	}
}

// setting gives a setting of the replica.
func (r *replica) setting(name string) string {
	for _, e := range slices.Backward(r.env) {
		if value, ok := strings.CutPrefix(e, name+"="); ok {
			return value
		}
	}
	return ""
}

// dial makes a connection by TLS to a host of the front.
func (f *front) dial(host string, config *tls.Config) (*tls.Conn, error) {
	name, port, err := net.SplitHostPort(host)
	if err != nil {
		return nil, err
	}
	config.ServerName, config.RootCAs = name, f.roots
	return tls.DialWithDialer(&net.Dialer{Timeout: 10 * time.Second}, "tcp", "127.0.0.1:"+port, config)
}

// client is a browser that comes from an address.
func (f *front) client(source string) *http.Client {
	return &http.Client{Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: f.roots}, ForceAttemptHTTP2: true,
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				_, port, err := net.SplitHostPort(address)
				if err != nil {
					return nil, err
				}
				d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(source)}}
				return d.DialContext(ctx, network, "127.0.0.1:"+port)
			},
		}}
}

// What stands in front of a production installation: deploy/Caddyfile in the real Caddy, two replicas behind it.
func TestCaddy(t *testing.T) {
	f := newFront(t)
	i := install(t, f.settings()...)
	i.host = f.app
	f.start(t, i)
	t.Run("no request is smuggled", func(t *testing.T) {
		kit.Smuggle(t, f.app, func(text string) string {
			c, err := f.dial(f.app, &tls.Config{NextProtos: []string{"http/1.1"}})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if _, err := io.WriteString(c, text); err != nil {
				return "" // refused before all was sent
			}
			_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
			got, _ := io.ReadAll(c) // a connection that is cut has said all it says
			return string(got)
		})
	})
	t.Run("TLS with a key on a curve", func(t *testing.T) {
		f.checkTLS(t, []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256})
	})
	t.Run("TLS with an RSA key", func(t *testing.T) {
		other := newFront(t)
		other.start(t, i, "key_type rsa2048")
		other.checkTLS(t, []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256})
	})
	t.Run("addresses and names cannot be forged", func(t *testing.T) { f.forge(t, i) })
	t.Run("a film goes up and comes down", func(t *testing.T) { f.film(t, i) })
	var read int64
	t.Run("a replica is killed and nobody notices", func(t *testing.T) { read = f.killed(t, i) })
	tell(t, "With deploy/Caddyfile in the real Caddy before two replicas no request was smuggled, only TLS 1.2 with strong suites and 1.3 were spoken, no address or name could be forged, a film of 30 MB went up and came down"+
		" whole and in parts, and people read %d pages while each replica in turn was killed: every one came.", read)
}

// checkTLS has TLS 1.2 with these suites only, and 1.3.
func (f *front) checkTLS(t *testing.T, good []uint16) {
	t.Helper()
	for version, want := range map[uint16]bool{tls.VersionTLS10: false, tls.VersionTLS11: false, tls.VersionTLS12: true, tls.VersionTLS13: true} {
		c, err := f.dial(f.app, &tls.Config{MinVersion: version, MaxVersion: version})
		if (err == nil) != want {
			t.Errorf("%s: %v", tls.VersionName(version), err)
		}
		if err == nil {
			_ = c.Close()
		}
	}
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		if !slices.Contains(s.SupportedVersions, tls.VersionTLS12) {
			continue
		}
		c, err := f.dial(f.app, &tls.Config{MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{s.ID}})
		if (err == nil) != slices.Contains(good, s.ID) {
			t.Errorf("%s: %v", s.Name, err)
		}
		if err == nil {
			_ = c.Close()
		}
	}
}

// read asks the application for something through Caddy.
func (f *front) read(c *http.Client, path, token string) (int, []byte, error) {
	req, err := http.NewRequest(http.MethodGet, "https://"+f.app+path, nil)
	if err != nil {
		return 0, nil, err
	}
	req.AddCookie(&http.Cookie{Name: "__Host-kenshu", Value: token})
	res, err := c.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	return res.StatusCode, out, err
}

// forge logs in from an address while claiming another, and under other names. The log has the true address, and another name does not reach the application.
func (f *front) forge(t *testing.T, i *installation) {
	t.Helper()
	const home = "127.0.0.9"
	manager := i.login(t, "manager")
	token := ""
	for _, forged := range []map[string]string{
		{}, {"X-Forwarded-For": "203.0.113.5"}, {"X-Forwarded-For": "127.0.0.1"}, {"X-Real-IP": "203.0.113.5", "Forwarded": "for=203.0.113.5", "True-Client-IP": "203.0.113.5"},
		{"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"},
	} {
		body := fmt.Sprintf(`{"organisation_code":%q,"login_id":%q,"password":%q}`, manager.Organisation, manager.ID, manager.Password)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+f.app+"/api/v1/session", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		for name, value := range forged {
			req.Header.Set(name, value)
		}
		res, err := f.client(home).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		for _, c := range res.Cookies() {
			if c.Name == "__Host-kenshu" {
				token = c.Value
			}
		}
		if res.StatusCode != http.StatusOK || token == "" {
			t.Fatalf("log in with %v: %d", forged, res.StatusCode)
		}
		var log struct{ Items []struct{ Source string } }
		if _, out, err := f.read(f.client(home), "/api/v1/audit?action=session.start&limit=1", token); err != nil || json.Unmarshal(out, &log) != nil || len(log.Items) != 1 || log.Items[0].Source != home {
			t.Errorf("with %v the log says %s", forged, out)
		}
	}
	for _, host := range []string{"evil.example", "127.0.0.1", "kenshu.localhost.evil.example"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+f.app+"/api/v1/me/enrolments", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = host
		req.AddCookie(&http.Cookie{Name: "__Host-kenshu", Value: token})
		res, err := f.client(home).Do(req)
		if err != nil {
			continue // refused outright
		}
		out, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || len(out) > 0 || res.Header.Get("Location") != "" {
			t.Errorf("as %s: %d, to %q: %.200s", host, res.StatusCode, res.Header.Get("Location"), out)
		}
	}
}

// film sends one of 30 MB to the store's host, and reads it there in one piece, in parts, and while it comes.
func (f *front) film(t *testing.T, i *installation) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	clip, err := os.ReadFile("../film/clip.mp4")
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := film.Write(&file, clip, 50); err != nil {
		t.Fatal(err)
	}
	editor, browser := i.client(i.login(t, "editor"), 0), f.client("127.0.0.9")
	var up struct {
		ID        string
		Asset     struct{ ID string }
		PartCount int `json:"part_count"`
	}
	if err := editor.must(ctx, http.MethodPost, "/api/v1/assets", newKey(), map[string]any{"kind": "video", "file_name": "映像.mp4", "size": file.Len()}, &up); err != nil {
		t.Fatal(err)
	}
	for number := range up.PartCount {
		var parts struct {
			Items []struct {
				URL  string
				Size int
			}
		}
		if err := editor.must(ctx, http.MethodPost, "/api/v1/uploads/"+up.ID+"/parts", "", map[string]any{"numbers": []int{number + 1}}, &parts); err != nil {
			t.Fatal(err)
		}
		part := parts.Items[0]
		if !strings.HasPrefix(part.URL, "https://"+f.files+"/") {
			t.Fatalf("a part goes to %.60s", part.URL)
		}
		f.fetch(t, browser, http.MethodPut, part.URL, "", file.Next(part.Size), http.StatusOK)
	}
	if err := editor.must(ctx, http.MethodPost, "/api/v1/uploads/"+up.ID+"/complete", "", nil, nil); err != nil {
		t.Fatal(err)
	}
	var asset struct {
		State string
		Size  int
	}
	for asset.State != "ready" {
		if err := editor.must(ctx, http.MethodGet, "/api/v1/assets/"+up.Asset.ID, "", nil, &asset); err != nil || asset.State == "refused" {
			t.Fatalf("%+v %v", asset, err)
		}
		time.Sleep(100 * time.Millisecond)
	}
	var links struct {
		Links map[string]struct{ URL string }
	}
	if err := editor.must(ctx, http.MethodPost, "/api/v1/assets/links", "", map[string]any{"assets": []string{up.Asset.ID}}, &links); err != nil {
		t.Fatal(err)
	}
	link := links.Links[up.Asset.ID].URL
	if !strings.HasPrefix(link, "https://"+f.files+"/") {
		t.Fatalf("the film is at %.60s", link)
	}
	whole := f.fetch(t, browser, http.MethodGet, link, "", nil, http.StatusOK)
	half := len(whole) / 2
	first := f.fetch(t, browser, http.MethodGet, link, fmt.Sprintf("bytes=0-%d", half-1), nil, http.StatusPartialContent)
	second := f.fetch(t, browser, http.MethodGet, link, fmt.Sprintf("bytes=%d-", half), nil, http.StatusPartialContent)
	if len(whole) < 25<<20 || len(whole) != asset.Size || !bytes.Equal(whole, append(first, second...)) {
		t.Errorf("%d bytes came, in halves %d and %d, of %d", len(whole), len(first), len(second), asset.Size)
	}
	for _, method := range []string{http.MethodDelete, http.MethodPost, http.MethodPatch} {
		f.fetch(t, browser, method, "https://"+f.files+"/kenshu/x", "", nil, http.StatusMethodNotAllowed)
	}
}

// fetch asks for an address and wants a status.
func (f *front) fetch(t *testing.T, c *http.Client, method, address, part string, body []byte, want int) []byte {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if part != "" {
		req.Header.Set("Range", part)
	}
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != want {
		t.Fatalf("%s %.60s: %d, %d bytes, %v; want %d", method, address, res.StatusCode, len(out), err, want)
	}
	return out
}

// killed has people read while each replica in turn is killed and started again: every page they ask for comes. It gives how many that were.
func (f *front) killed(t *testing.T, i *installation) int64 {
	t.Helper()
	reader := i.client(i.login(t, "staff"), 0)
	if err := reader.enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var read atomic.Int64
	var people sync.WaitGroup
	for n := range 4 {
		browser := f.client(fmt.Sprintf("127.0.0.%d", 10+n))
		people.Go(func() {
			for ctx.Err() == nil {
				for _, path := range []string{"/api/v1/me/enrolments", "/learn"} {
					if status, out, err := f.read(browser, path, reader.token); status != http.StatusOK || err != nil {
						t.Errorf("%s: %d %.200s %v", path, status, out, err)
					}
					read.Add(1)
				}
			}
		})
	}
	for _, r := range i.replicas {
		before := read.Load()
		r.end(syscall.SIGKILL)
		for read.Load() < before+20 { // they go on without it
			time.Sleep(10 * time.Millisecond)
		}
		respawn(t, r)
		r.await(t)
	}
	stop()
	people.Wait()
	return read.Load()
}
