// Command store keeps the database of a release for the tests of upgrades: it starts the given binary with a demonstration, has a training record issued, notes
// what the product shows, and packs it all into rig/upgrade/testdata/NNNN.tar.gz, NNNN being the last migration of the release.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"kenshu/rig/upgrade"
	"kenshu/storage/db"
)

func main() {
	binary, to := flag.String("binary", "bin/kenshu", "the product of the release"), flag.String("to", "rig/upgrade/testdata", "where to keep it")
	flag.Parse()
	if err := store(*binary, *to); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func store(binary, to string) error {
	dir, err := os.MkdirTemp("", "kenshu-release-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := demonstrate(binary, dir); err != nil {
		return err
	}
	d, err := db.Open(context.Background(), db.Config{SQLitePath: filepath.Join(dir, "kenshu.db")})
	if err != nil {
		return err
	}
	version, err := d.SchemaVersion(context.Background())
	_, cleared := d.Exec(context.Background(), "VACUUM")
	if err := errors.Join(err, cleared, d.Close()); err != nil {
		return err
	}
	path := filepath.Join(to, fmt.Sprintf("%04d.tar.gz", version))
	fmt.Println(path)
	return upgrade.Pack(dir, path)
}

// demonstrate runs the product on dir until its facts are noted there.
func demonstrate(binary, dir string) error {
	address, content, err := free()
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	public := "http://localhost:" + port // another name than that of the content
	absolute, err := filepath.Abs(binary)
	if err != nil {
		return err
	}
	cmd := exec.Command(absolute, "serve")
	var said bytes.Buffer
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "KENSHU_MODE=demo", "KENSHU_DATA=" + dir, "KENSHU_LISTEN=" + address, "KENSHU_PUBLIC_URL=" + public,
		"KENSHU_CONTENT_LISTEN=" + content, "KENSHU_CONTENT_URL=http://" + content}
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		return err
	}
	err = note(dir, public)
	stopped := cmd.Process.Signal(syscall.SIGTERM)
	if err = errors.Join(err, stopped, cmd.Wait()); err != nil {
		return fmt.Errorf("%w\n%s", err, said.String())
	}
	return nil
}

func note(dir, url string) error {
	for began := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		if res, err := http.Get(url + "/readyz"); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				break
			}
		}
		if time.Since(began) > 2*time.Minute {
			return errors.New("the release did not start")
		}
	}
	raw, err := os.ReadFile(filepath.Join(dir, "demo.json"))
	if err != nil {
		return err
	}
	var logins []upgrade.Login
	if err := json.Unmarshal(raw, &logins); err != nil {
		return err
	}
	ask := asker(url)
	for _, l := range logins {
		if l.Role == "manager" {
			if err := upgrade.IssueRecords(ask, l); err != nil {
				return err
			}
			break
		}
	}
	facts, err := upgrade.Read(ask, logins)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(facts, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "facts.json"), text, 0o600)
}

func asker(url string) upgrade.Ask {
	return func(method, path, token string, body any) (int, []byte, string, error) {
		var sent io.Reader
		if body != nil {
			raw, err := json.Marshal(body)
			if err != nil {
				return 0, nil, "", err
			}
			sent = bytes.NewReader(raw)
		}
		req, err := http.NewRequest(method, url+"/api/v1"+path, sent)
		if err != nil {
			return 0, nil, "", err
		}
		req.Header.Set("Content-Type", "application/json")
		if token != "" {
			req.AddCookie(&http.Cookie{Name: "__Host-kenshu", Value: token})
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0, nil, "", err
		}
		defer res.Body.Close()
		out, err := io.ReadAll(res.Body)
		for _, c := range res.Cookies() {
			if c.Name == "__Host-kenshu" {
				token = c.Value
			}
		}
		return res.StatusCode, out, token, err
	}
}

// free gives two addresses nobody listens at.
func free() (one, two string, err error) {
	a, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", err
	}
	defer a.Close()
	b, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", err
	}
	defer b.Close()
	return a.Addr().String(), b.Addr().String(), nil
}
