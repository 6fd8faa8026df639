package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/crypto/argon2"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// installation is the built product running as a process of its own.
type installation struct {
	cmd     *exec.Cmd
	out     *bytes.Buffer
	address string
	host    string
	token   string
}

// start runs the product on dir and waits for its first page; it tells how long that took.
func start(ctx context.Context, binary, dir string, env ...string) (*installation, time.Duration, error) {
	var ports [2]string
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, 0, err
		}
		_, ports[i], err = net.SplitHostPort(l.Addr().String())
		if err := errors.Join(err, l.Close()); err != nil {
			return nil, 0, err
		}
	}
	p := &installation{address: "127.0.0.1:" + ports[0], host: "localhost:" + ports[0], out: &bytes.Buffer{}}
	p.cmd = exec.CommandContext(ctx, binary, "serve")
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.cmd.WaitDelay = 20 * time.Second
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	p.cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "KENSHU_DATA=" + dir, "KENSHU_LISTEN=" + p.address, "KENSHU_PUBLIC_URL=http://" + p.host,
		"KENSHU_CONTENT_LISTEN=127.0.0.1:" + ports[1], "KENSHU_CONTENT_URL=http://127.0.0.1:" + ports[1],
	}, env...)
	began := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, 0, err
	}
	for time.Since(began) < 30*time.Second {
		if status, _, err := p.ask(ctx, http.MethodGet, "/", "", nil); err == nil && status == http.StatusOK {
			return p, time.Since(began), nil
		}
		time.Sleep(2 * time.Millisecond)
	}
	err := p.stop()
	return nil, 0, fmt.Errorf("%s does not answer: %w\n%s", binary, err, p.out)
}

func (p *installation) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.cmd.Wait()
}

// ask makes one request on a connection of its own.
func (p *installation) ask(ctx context.Context, method, path, media string, body []byte) (int, []byte, error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+p.address+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	r.Host, r.Close = p.host, true
	if media != "" {
		r.Header.Set("Content-Type", media)
	}
	if p.token != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-kenshu", Value: p.token})
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil, err
	}
	defer w.Body.Close()
	for _, c := range w.Cookies() {
		if c.Name == "__Host-kenshu" && p.token == "" {
			p.token = c.Value
		}
	}
	got, err := io.ReadAll(w.Body)
	return w.StatusCode, got, err
}

// must is ask that insists on success and decodes the answer when to is not nil.
func (p *installation) must(ctx context.Context, method, path, media string, body []byte, to any) error {
	status, got, err := p.ask(ctx, method, path, media, body)
	if err != nil {
		return err
	}
	if status >= 300 {
		return fmt.Errorf("%s %s answered %d: %.500s", method, path, status, got)
	}
	if to == nil {
		return nil
	}
	return json.Unmarshal(got, to)
}

// memory gives what of the process lies in memory now and lay there at most, in MB. It reads what Linux tells.
func (p *installation) memory() (current, peak float64, err error) { return memoryOf(p.cmd.Process) }

func memoryOf(p *os.Process) (current, peak float64, err error) {
	raw, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(p.Pid), "status"))
	if err != nil {
		return 0, 0, err
	}
	read := func(name string) float64 {
		_, rest, _ := strings.Cut(string(raw), name+":")
		var kb float64
		_, _ = fmt.Sscan(rest, &kb) // 0 says that there was nothing to read
		return kb / 1024
	}
	return read("VmRSS"), read("VmHWM"), nil
}

const password = "bench: a long sentence nobody says"

// chosenHash is password as the product stores it.
func chosenHash() string {
	salt := []byte("sixteen bytes...")
	b64 := base64.RawStdEncoding
	return "$argon2id$v=19$m=19456,t=2,p=1$" + b64.EncodeToString(salt) + "$" + b64.EncodeToString(argon2.IDKey([]byte(password), salt, 2, 19456, 1, 32))
}

// office is an organisation written straight into the database: a manager and staff who all have the same password.
type office struct {
	id     tenant.ID
	logins []string // the manager's first
}

func newOffice(ctx context.Context, d *db.DB, staff int) (*office, error) {
	tid, err := newOrganisation(ctx, d, "OFFICE", "organisation")
	if err != nil {
		return nil, err
	}
	if _, err := newPeople(ctx, d, tid, staff+1, "manager"); err != nil {
		return nil, err
	}
	if _, err := d.Exec(ctx, `UPDATE credential SET hash = ? WHERE tenant_id = ?`, chosenHash(), tid); err != nil {
		return nil, err
	}
	o := &office{id: tid}
	rows, err := d.Query(ctx, `SELECT p.login_id FROM person p LEFT JOIN person_role r ON r.tenant_id = p.tenant_id AND r.person_id = p.id AND r.role = 'manager'
 WHERE p.tenant_id = ? ORDER BY r.role IS NULL, p.id`, tid)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var login string
		if err := rows.Scan(&login); err != nil {
			return nil, err
		}
		o.logins = append(o.logins, login)
	}
	return o, rows.Err()
}

func loginBody(login string) []byte {
	return fmt.Appendf(nil, `{"organisation_code":"OFFICE","login_id":"%s","password":"%s"}`, login, password)
}
