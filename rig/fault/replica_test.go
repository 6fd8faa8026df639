package fault

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kenshu/rig/servers"
)

// replica is one process of the built product.
type replica struct {
	address string
	env     []string
	data    string
	binary  string        // another than bin/kenshu
	skew    time.Duration // how far the clock of its machine is ahead
	mu      sync.Mutex
	cmd     *exec.Cmd
	done    chan struct{}
	out     *bytes.Buffer
}

func (r *replica) spawn() error {
	root, err := filepath.Abs("../..")
	if err != nil {
		return err
	}
	binary := r.binary
	if binary == "" {
		binary = filepath.Join(root, "bin", "kenshu")
	}
	if _, err := os.Stat(binary); err != nil {
		return fmt.Errorf("the product is not built, run \"make build\" first: %w", err)
	}
	cmd := exec.Command(binary, "serve")
	cmd.Env = r.env
	if r.skew != 0 {
		cmd = elsewhen(r)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.out = &bytes.Buffer{}
	r.cmd, cmd.Stdout, cmd.Stderr = cmd, r.out, r.out
	if err := r.cmd.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	r.done = done
	go func() {
		_ = cmd.Wait()
		close(done)
	}()
	return nil
}

// end sends a signal and waits for the process to be gone.
func (r *replica) end(s syscall.Signal) {
	r.mu.Lock()
	cmd, done := r.cmd, r.done
	r.mu.Unlock()
	if cmd == nil {
		return
	}
	_ = cmd.Process.Signal(s)
	select {
	case <-done:
	case <-time.After(40 * time.Second):
		_ = cmd.Process.Kill()
		<-done
	}
}

func (r *replica) ready() bool {
	c := http.Client{Timeout: 2 * time.Second}
	res, err := c.Get("http://" + r.address + "/readyz")
	if err != nil {
		return false
	}
	_ = res.Body.Close()
	return res.StatusCode == http.StatusOK
}

// await waits until the replica says it is ready and tells how long that took.
func (r *replica) await(t testing.TB) time.Duration {
	t.Helper()
	began := time.Now()
	for time.Since(began) < 60*time.Second {
		if r.ready() {
			return time.Since(began)
		}
		time.Sleep(10 * time.Millisecond)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	t.Fatalf("a replica did not become ready within a minute; its log ends:\n%s", tail(r.out.String()))
	return 0
}

func tail(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-20):], "\n")
}

// installation is two replicas on servers of their own, each behind a proxy.
type installation struct {
	replicas            []*replica
	host                string
	db, redis, s3       *servers.Server
	toDB, toRedis, toS3 *proxy
	logins              []login
	office              []*client // see managers
	passerby            *client   // somebody who looks whether the installation serves people
}

type login struct {
	Role         string `json:"role"`
	Organisation string `json:"organisation_code"`
	ID           string `json:"login_id"`
	Password     string `json:"password"`
}

func through(t testing.TB, s *servers.Server) (*proxy, string) {
	t.Helper()
	p := newProxy(t, s.Host())
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = p.addr
	return p, u.String()
}

func freePort(t testing.TB) string {
	t.Helper()
	port, err := servers.FreePort()
	if err != nil {
		t.Fatal(err)
	}
	return strconv.Itoa(port)
}

// install starts both replicas at the same moment on an empty database: they migrate at once.
func install(t testing.TB, settings ...string) *installation {
	t.Helper()
	return installOf(t, "", settings...)
}

// installOf is install of another binary; "" is today's.
func installOf(t testing.TB, binary string, settings ...string) *installation {
	t.Helper()
	i := &installation{db: servers.Own(t, servers.PartMariaDB), redis: servers.Own(t, servers.PartRedis), s3: servers.Own(t, servers.PartMinIO)}
	var dbURL, redisURL, s3URL string
	i.toDB, dbURL = through(t, i.db)
	i.toRedis, redisURL = through(t, i.redis)
	i.toS3, s3URL = through(t, i.s3)
	var ports [2]string
	for n := range ports {
		ports[n] = freePort(t)
	}
	i.host = "localhost:" + ports[0]
	for n := range 2 {
		data := t.TempDir()
		r := &replica{address: "127.0.0.1:" + ports[n], data: data, binary: binary}
		r.env = append([]string{
			"PATH=" + os.Getenv("PATH"), "HOME=" + data, "KENSHU_MODE=demo", "KENSHU_DATA=" + data, "KENSHU_LISTEN=" + r.address, "KENSHU_PUBLIC_URL=http://" + i.host,
			"KENSHU_CONTENT_LISTEN=127.0.0.1:" + freePort(t), "KENSHU_CONTENT_URL=http://127.0.0.1:" + ports[n], "KENSHU_DB=" + dbURL, "KENSHU_REDIS=" + redisURL, "KENSHU_S3=" + s3URL,
			"KENSHU_SECRET=only for the rig of faults, never for an installation", "KENSHU_PROOF=1h",
		}, settings...)
		i.replicas = append(i.replicas, r)
	}
	for _, r := range i.replicas {
		if err := r.spawn(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { r.end(syscall.SIGTERM) })
	}
	for _, r := range i.replicas {
		r.await(t)
	}
	for _, r := range i.replicas { // one of them made the demonstration
		raw, err := os.ReadFile(filepath.Join(r.data, "demo.json"))
		if err == nil && len(i.logins) == 0 {
			if err := json.Unmarshal(raw, &i.logins); err != nil {
				t.Fatal(err)
			}
		}
	}
	if len(i.logins) == 0 {
		t.Fatal("no replica wrote the log-ins of the demonstration")
	}
	i.passerby = i.client(i.login(t, "association_editor"), 0)
	return i
}

// login gives the first log-in with a role.
func (i *installation) login(t testing.TB, role string) login {
	t.Helper()
	for _, l := range i.logins {
		if l.Role == role {
			return l
		}
	}
	t.Fatalf("the demonstration has no %s", role)
	return login{}
}

// client is one person's browser: it goes to the replicas in turn as a load balancer does, and asks again until it has an answer.
type client struct {
	i       *installation
	login   login
	http    http.Client
	turn    int
	broken  []string // answers with 500
	token   string
	retries int // requests that had to be sent again
	logins  int
}

func (i *installation) client(l login, turn int) *client {
	return &client{i: i, login: l, turn: turn, http: http.Client{Timeout: 8 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// once makes one request to one replica.
func (c *client) once(ctx context.Context, method, path, token, key string, body []byte) (int, []byte, error) {
	c.turn++
	r := c.i.replicas[c.turn%len(c.i.replicas)]
	req, err := http.NewRequestWithContext(ctx, method, "http://"+r.address+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Host = c.i.host
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
		if !json.Valid(body) {
			req.Header.Set("Content-Type", "application/octet-stream")
		}
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	if token != "" {
		req.AddCookie(&http.Cookie{Name: "__Host-kenshu", Value: token})
	}
	res, err := c.http.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	for _, cookie := range res.Cookies() {
		if cookie.Name == "__Host-kenshu" && cookie.Value != "" {
			c.token = cookie.Value
		}
	}
	var out bytes.Buffer
	_, err = out.ReadFrom(res.Body)
	if res.StatusCode == http.StatusInternalServerError {
		c.broken = append(c.broken, fmt.Sprintf("%s %s at %s: %.200s", method, path, r.address, out.Bytes()))
	}
	return res.StatusCode, out.Bytes(), err
}

// ask repeats a request, as the page does, until a replica has dealt with it; only then is it acknowledged. It logs in again when the session is gone.
func (c *client) ask(ctx context.Context, method, path, key string, body []byte) (int, []byte, error) {
	for first := true; ; first = false {
		if !first {
			c.retries++
			select {
			case <-ctx.Done():
				return 0, nil, ctx.Err()
			case <-time.After(30 * time.Millisecond):
			}
		}
		status, out, err := c.once(ctx, method, path, c.token, key, body)
		switch {
		case err != nil || status >= 500 || status == http.StatusTooManyRequests:
			if ctx.Err() != nil {
				return status, out, ctx.Err()
			}
			continue
		case status == http.StatusUnauthorized:
			if err := c.enter(ctx); err != nil {
				return 0, nil, err
			}
			continue
		}
		return status, out, nil
	}
}

// enter logs in; it repeats while no replica can tell.
func (c *client) enter(ctx context.Context) error {
	body, err := json.Marshal(map[string]string{"organisation_code": c.login.Organisation, "login_id": c.login.ID, "password": c.login.Password})
	if err != nil {
		return err
	}
	for {
		status, out, err := c.once(ctx, http.MethodPost, "/api/v1/session", "", "", body)
		if err == nil && status == http.StatusOK {
			c.logins++
			return nil
		}
		if err == nil && status < 500 && status != http.StatusTooManyRequests {
			return fmt.Errorf("log in as %s: %d %s", c.login.Role, status, out)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// rawBody is a file to send as it is.
type rawBody string

// must asks and decodes a success.
func (c *client) must(ctx context.Context, method, path, key string, body, to any) error {
	var raw []byte
	if file, ok := body.(rawBody); ok {
		raw = []byte(file)
	} else if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			return err
		}
	}
	status, out, err := c.ask(ctx, method, path, key, raw)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	if status >= 300 {
		return fmt.Errorf("%s %s answered %d: %.400s", method, path, status, out)
	}
	if to == nil {
		return nil
	}
	return json.Unmarshal(out, to)
}
