package blob_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/servers"
	"kenshu/storage/blob"
	"kenshu/storage/blob/blobtest"
)

// victim, set in the environment, makes this test binary a program that puts until it is killed.
const victim = "KENSHU_BLOB_VICTIM"

func TestMain(m *testing.M) {
	if dir := os.Getenv(victim); dir != "" {
		putForEver(dir)
	}
	code := m.Run()
	servers.Stop()
	os.Exit(code)
}

func dirConfig(dir, content string) blob.Config {
	return blob.Config{Dir: dir, ContentURL: content, AppOrigin: blobtest.AppOrigin, Key: bytes.Repeat([]byte{7}, 32)}
}

// serveDir opens dir behind a content origin of its own.
func serveDir(t *testing.T, dir string, changes ...func(*blob.Config)) *blob.Store {
	t.Helper()
	var handler atomic.Value
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.Load().(http.Handler).ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	cfg := dirConfig(dir, server.URL)
	for _, change := range changes {
		change(&cfg)
	}
	s, err := blob.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	handler.Store(s.Handler)
	return s
}

func withClock(clock func() time.Time) func(*blob.Config) {
	return func(c *blob.Config) { c.Clock = clock }
}

func TestDir(t *testing.T) {
	dir := t.TempDir()
	blobtest.Run(t, func(t *testing.T) *blob.Store { return serveDir(t, dir) })
	left, err := os.ReadDir(filepath.Join(dir, "tmp"))
	if err != nil || len(left) != 0 {
		t.Errorf("%d temporary files are left, %v", len(left), err)
	}
}

func request(t *testing.T, method, link, origin string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, link, nil)
	if err != nil {
		t.Fatal(err)
	}
	if origin != "" {
		req.Header.Set("Origin", origin)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	return res
}

func TestDirAnswersFenceTheirBytesIn(t *testing.T) {
	s := serveDir(t, t.TempDir())
	if _, err := s.Put(t.Context(), "a", strings.NewReader("<script>"), 8, "text/html"); err != nil {
		t.Fatal(err)
	}
	link, err := s.ReadURL(t.Context(), "a", blob.ReadOptions{Expires: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'", "Cross-Origin-Resource-Policy": "cross-origin",
		"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer",
	}
	for _, target := range []string{link, link + "x", s.Origin + blob.HandlerPath, s.Origin + "/"} {
		res := request(t, http.MethodGet, target, "")
		for name, value := range want {
			if got := res.Header.Get(name); got != value {
				t.Errorf("%d answer: %s is %q", res.StatusCode, name, got)
			}
		}
	}
	if res := request(t, http.MethodHead, link, ""); res.StatusCode != http.StatusOK || res.ContentLength != 8 {
		t.Errorf("HEAD: %d, %d bytes", res.StatusCode, res.ContentLength)
	}
}

func TestDirLetsOnlyTheApplicationIn(t *testing.T) {
	s := serveDir(t, t.TempDir())
	if _, err := s.Put(t.Context(), "a", strings.NewReader("x"), 1, "text/plain"); err != nil {
		t.Fatal(err)
	}
	link, err := s.ReadURL(t.Context(), "a", blob.ReadOptions{Expires: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	for _, origin := range []string{"", "null", "http://evil.example", "http://app.example.evil.example", "https://app.example", "http://app.example:8080"} {
		res := request(t, http.MethodGet, link, origin)
		if got := res.Header.Get("Access-Control-Allow-Origin"); got != "" || res.Header.Get("Vary") != "Origin" {
			t.Errorf("%q is let in as %q", origin, got)
		}
		if pre := request(t, http.MethodOptions, link, origin); pre.StatusCode != http.StatusForbidden {
			t.Errorf("preflight of %q: %d", origin, pre.StatusCode)
		}
	}
	written := serveDir(t, t.TempDir(), func(c *blob.Config) { c.AppOrigin = "HTTP://App.Example:80/" })
	if res := request(t, http.MethodGet, written.Origin+blob.HandlerPath, blobtest.AppOrigin); res.Header.Get("Access-Control-Allow-Origin") != blobtest.AppOrigin {
		t.Error("another spelling of the application's origin in the configuration keeps its pages out")
	}
	if res := request(t, http.MethodGet, link, blobtest.AppOrigin); res.Header.Get("Access-Control-Allow-Credentials") != "" {
		t.Error("credentials are allowed")
	}
}

func TestDirLinksEndByTheClock(t *testing.T) {
	now := atomic.Int64{}
	now.Store(time.Now().UnixNano())
	s := serveDir(t, t.TempDir(), withClock(func() time.Time { return time.Unix(0, now.Load()) }))
	if _, err := s.Put(t.Context(), "a", strings.NewReader("x"), 1, "text/plain"); err != nil {
		t.Fatal(err)
	}
	link, err := s.ReadURL(t.Context(), "a", blob.ReadOptions{Expires: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{0, http.StatusOK}, {59 * time.Second, http.StatusOK}, {time.Second, http.StatusGone}, {time.Hour, http.StatusGone}} {
		now.Add(int64(step.after))
		if res := request(t, http.MethodGet, link, ""); res.StatusCode != step.want {
			t.Errorf("after %v more: %d, want %d", step.after, res.StatusCode, step.want)
		}
	}
}

func TestDirKeysDoNotOpenEachOthersLinks(t *testing.T) {
	dir := t.TempDir()
	s := serveDir(t, dir)
	cfg := dirConfig(dir, s.Origin)
	cfg.Key = bytes.Repeat([]byte{8}, 32)
	other, err := blob.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put(t.Context(), "a", strings.NewReader("x"), 1, "text/plain"); err != nil {
		t.Fatal(err)
	}
	link, err := other.ReadURL(t.Context(), "a", blob.ReadOptions{Expires: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if res := request(t, http.MethodGet, link, ""); res.StatusCode != http.StatusForbidden {
		t.Errorf("a link signed with another key: %d", res.StatusCode)
	}
}

func TestDirConfiguration(t *testing.T) {
	good := dirConfig(t.TempDir(), "http://127.0.0.1:8081")
	for name, change := range map[string]func(*blob.Config){
		"short key": func(c *blob.Config) { c.Key = c.Key[:31] }, "no key": func(c *blob.Config) { c.Key = nil },
		"no content origin": func(c *blob.Config) { c.ContentURL = "" }, "content origin with a path": func(c *blob.Config) { c.ContentURL += "/x" },
		"no application": func(c *blob.Config) { c.AppOrigin = "*" }, "a file for a directory": func(c *blob.Config) { c.Dir = os.Args[0] },
	} {
		cfg := good
		change(&cfg)
		if _, err := blob.Open(t.Context(), cfg); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestDirPurgeEndsUploads(t *testing.T) {
	s := serveDir(t, t.TempDir())
	gone, err := s.Begin(t.Context(), "7/film", "video/mp4")
	if err != nil {
		t.Fatal(err)
	}
	kept, err := s.Begin(t.Context(), "70/film", "video/mp4")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.RemovePrefix(t.Context(), "7/"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Parts(t.Context(), "7/film", gone); !fault.Is(err, fault.NotFound) {
		t.Errorf("the purged upload: %v", err)
	}
	if _, err := s.Parts(t.Context(), "70/film", kept); err != nil {
		t.Errorf("another organisation's upload: %v", err)
	}
}

func TestDirForgetsWhatWasLeftBehind(t *testing.T) {
	dir := t.TempDir()
	now := time.Now()
	s := serveDir(t, dir)
	upload, err := s.Begin(t.Context(), "film", "video/mp4")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "tmp", "left"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		age              time.Duration
		file, uploadKept bool
	}{{23 * time.Hour, true, true}, {25 * time.Hour, false, true}, {8 * 24 * time.Hour, false, false}} {
		later := serveDir(t, dir, withClock(func() time.Time { return now.Add(step.age) }))
		_, err := os.Stat(filepath.Join(dir, "tmp", "left"))
		_, uploadErr := later.Parts(t.Context(), "film", upload)
		if (err == nil) != step.file || (uploadErr == nil) != step.uploadKept {
			t.Errorf("after %v: file %v, upload %v", step.age, err, uploadErr)
		}
	}
}

func TestDirRefusesWhatIsNotItsOwn(t *testing.T) {
	dir := t.TempDir()
	s := serveDir(t, dir)
	ctx := t.Context()
	if _, err := s.Put(ctx, "a", strings.NewReader("0123456789"), 10, "text/plain"); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "objects", "a~")
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for cut := range whole { // a file system that lost the end
		if err := os.WriteFile(name, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Objects.Open(ctx, "a", 0, -1); err == nil {
			t.Fatalf("a file cut to %d of %d bytes was read", cut, len(whole))
		}
	}
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(dir, "objects", "link~")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Objects.Open(ctx, "link", 0, -1); err == nil {
		t.Error("a link led out of the directory")
	}
}

// What lies in an object's place and is no file is answered at once; a pipe waits for nobody, and gives way to the object.
func TestDirAnswersWhereNoFileLies(t *testing.T) {
	for name, c := range map[string]struct {
		plant func(path string) error
		put   string // what storing the object says
	}{
		"pipe":      {plant: func(path string) error { return syscall.Mkfifo(path, 0o600) }},
		"directory": {plant: func(path string) error { return os.Mkdir(path, 0o700) }, put: "a directory lies at objects/mark~, where a file belongs: remove it"},
		"socket": {plant: func(path string) error {
			l, err := net.Listen("unix", path)
			if err == nil {
				l.(*net.UnixListener).SetUnlinkOnClose(false)
				err = l.Close()
			}
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			dir, err := os.MkdirTemp("", "dir") // short: a socket's path has 108 characters
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.RemoveAll(dir) })
			s := serveDir(t, dir)
			if err := c.plant(filepath.Join(dir, "objects", "mark~")); err != nil {
				t.Fatal(err)
			}
			answered := make(chan error, 1)
			go func() {
				_, _, err := s.Objects.Open(t.Context(), "mark", 0, -1)
				answered <- err
			}()
			select {
			case err := <-answered:
				if err == nil || fault.Is(err, fault.NotFound) || !strings.Contains(err.Error(), "objects/mark~") {
					t.Errorf("opened: %v", err)
				}
			case <-time.After(time.Minute):
				t.Fatal("it waits")
			}
			_, err = s.Put(t.Context(), "mark", strings.NewReader("m"), 1, "text/plain")
			if c.put == "" && err != nil || c.put != "" && (err == nil || !strings.Contains(err.Error(), c.put)) {
				t.Errorf("stored: %v", err)
			}
		})
	}
	for _, room := range []string{"objects", "uploads", "tmp"} {
		dir := t.TempDir()
		if err := syscall.Mkfifo(filepath.Join(dir, room), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := blob.OpenDir(dirConfig(dir, "http://127.0.0.1:8081")); err == nil || !strings.Contains(err.Error(), room+" is no directory") {
			t.Errorf("a pipe for %s: %v", room, err)
		}
	}
}

// What somebody put into the directory and is no object does not keep the objects beside it from being listed.
func TestDirListsBesideWhatIsNotItsOwn(t *testing.T) {
	for name, plant := range map[string]func(path string) error{
		"a name that is no key":           func(path string) error { return os.WriteFile(filepath.Dir(path)+"/NO KEY~", nil, 0o600) },
		"a hidden file":                   func(path string) error { return os.WriteFile(filepath.Dir(path)+"/.nfs01~", nil, 0o600) },
		"a link that leads out":           func(path string) error { return os.Symlink("/etc/hostname", path) },
		"a link to nowhere":               func(path string) error { return os.Symlink("nowhere", path) },
		"a link to itself":                func(path string) error { return os.Symlink(filepath.Base(path), path) },
		"a pipe, which waits when opened": func(path string) error { return syscall.Mkfifo(path, 0o600) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := serveDir(t, dir)
			if _, err := s.Put(t.Context(), "deletions/b", strings.NewReader("b"), 1, "text/plain"); err != nil {
				t.Fatal(err)
			}
			if err := plant(filepath.Join(dir, "objects", "deletions", "a~")); err != nil {
				t.Fatal(err)
			}
			var keys []string
			for info, err := range s.List(t.Context(), "deletions/") {
				if err != nil {
					t.Fatal(err)
				}
				keys = append(keys, info.Key)
			}
			if len(keys) != 1 || keys[0] != "deletions/b" {
				t.Errorf("listed %q", keys)
			}
			if _, _, err := s.Objects.Open(t.Context(), "deletions/a", 0, -1); err == nil {
				t.Error("it was opened")
			}
		})
	}
}

// putForEver replaces one object by versions of one letter each and says so before every step.
func putForEver(dir string) {
	s, err := blob.Open(context.Background(), dirConfig(dir, "http://127.0.0.1:1"))
	if err != nil {
		panic(err)
	}
	for i := 0; ; i++ {
		body := bytes.Repeat([]byte{byte('a' + i%26)}, 1_000_000+i%26)
		if _, err := s.Put(context.Background(), "deep/er/object", bytes.NewReader(body), int64(len(body)), "text/plain"); err != nil {
			panic(err)
		}
		_, _ = os.Stdout.Write([]byte{'.'})
	}
}

func TestDirSurvivesKills(t *testing.T) {
	dir := t.TempDir()
	for round := range 12 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), victim+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(out, make([]byte, 2)); err != nil { // it has put twice and is on its way to the next
			t.Fatal(err)
		}
		time.Sleep(time.Duration(round) * 700 * time.Microsecond)
		if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		s := serveDir(t, dir)
		r, info, err := s.Objects.Open(t.Context(), "deep/er/object", 0, -1)
		if err != nil {
			t.Fatalf("after kill %d: %v", round, err)
		}
		got, err := io.ReadAll(r)
		_ = r.Close()
		if err != nil || int64(len(got)) != info.Size || len(got) != 1_000_000+int(got[0]-'a') || bytes.Count(got, got[:1]) != len(got) {
			t.Fatalf("after kill %d the object is neither the old nor the new one: %d bytes, %v", round, len(got), err)
		}
	}
}

func TestDirWithoutItsDiskIsUnavailable(t *testing.T) {
	dir := t.TempDir()
	s := serveDir(t, dir)
	if err := os.RemoveAll(filepath.Join(dir, "tmp")); err != nil {
		t.Fatal(err)
	}
	if err := s.Health(t.Context()); !fault.Is(err, fault.Unavailable) {
		t.Errorf("health without a place to write: %v", err)
	}
}
