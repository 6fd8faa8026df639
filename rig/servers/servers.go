// Package servers gives tests the real MariaDB, Redis and S3 store they run against, and the browser.
//
// A server is taken from KENSHU_TEST_MYSQL, KENSHU_TEST_REDIS or KENSHU_TEST_S3 (an administrator's URL) when that is
// set; otherwise it is started once by the test process, on a free loopback port with a private data directory, and dies with it.
// Every test gets a database, key space or bucket of its own. A test that cannot have its server fails: a skipped
// test proves nothing.
package servers

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Part names one thing a test may need.
type Part string

// The parts this package can obtain.
const (
	PartMariaDB  Part = "mariadb"
	PartRedis    Part = "redis"
	PartMinIO    Part = "minio"
	PartChromium Part = "chromium"
	PartPoppler  Part = "poppler" // pdftotext, pdftoppm and pdfinfo, which read back what storage/paper draws
	PartCaddy    Part = "caddy"
	PartCompiler Part = "compiler" // of C, which "go test -race" needs
)

// AllParts lists every part, in the order they are obtained.
var AllParts = []Part{PartMariaDB, PartRedis, PartMinIO, PartChromium, PartPoppler, PartCaddy, PartCompiler}

// The environment that hands running servers to the tests; withservers sets all of it.
const (
	EnvMySQL    = "KENSHU_TEST_MYSQL"
	EnvRedis    = "KENSHU_TEST_REDIS"
	EnvS3       = "KENSHU_TEST_S3"
	EnvChromium = "KENSHU_TEST_CHROMIUM"
)

const startTimeout = 90 * time.Second

// part says how to come by one administrator's URL: from the environment or by starting a server.
type part struct {
	env   string
	start func(ctx context.Context, tools Tools, dir string) (adminURL string, p *process, err error)
}

var parts = map[Part]part{
	PartMariaDB: {EnvMySQL, startMariaDB},
	PartRedis:   {EnvRedis, startRedis},
	PartMinIO:   {EnvS3, startMinIO},
}

// running is what this process has started or was handed.
var running struct {
	sync.Mutex
	urls map[Part]string
	errs map[Part]error
	stop []func()
	dir  string
	lock *os.File
}

// Start makes name's server available and returns its administrator's URL. It starts at most one server a part
// and process; a failure is remembered, so that a hundred tests fail at once and not after a hundred timeouts.
func Start(ctx context.Context, name Part) (string, error) {
	running.Lock()
	defer running.Unlock()
	if u, ok := running.urls[name]; ok {
		return u, nil
	}
	if err, ok := running.errs[name]; ok {
		return "", err
	}
	if running.urls == nil {
		running.urls, running.errs = map[Part]string{}, map[Part]error{}
	}
	u, err := startLocked(ctx, name)
	if err != nil {
		running.errs[name] = err
		return "", err
	}
	running.urls[name] = u
	return u, nil
}

func startLocked(ctx context.Context, name Part) (string, error) {
	what, ok := parts[name]
	if !ok {
		return "", fmt.Errorf("servers: %q is not a server", name)
	}
	if u := os.Getenv(what.env); u != "" {
		return u, nil
	}
	tools, err := Obtain(ctx, name)
	if err != nil {
		return "", err
	}
	if running.dir == "" {
		if running.dir, running.lock, err = newDataDir(); err != nil {
			return "", err
		}
	}
	u, p, err := startIn(ctx, name, tools, running.dir)
	if err != nil {
		return "", err
	}
	running.stop = append(running.stop, p.stop)
	return u, nil
}

// startIn starts a server with its data in a new directory below dir.
func startIn(ctx context.Context, name Part, tools Tools, dir string) (string, *process, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	var first error
	for range 3 { // a free port can be taken by somebody else between looking and listening
		own, err := os.MkdirTemp(dir, string(name)+"-")
		if err != nil {
			return "", nil, fmt.Errorf("servers: %w", err)
		}
		u, p, err := parts[name].start(ctx, tools, own)
		if err == nil {
			return u, p, nil
		}
		first = errors.Join(first, err)
		if ctx.Err() != nil {
			break
		}
	}
	return "", nil, fmt.Errorf("servers: start %s: %w", name, first)
}

// Stop ends every server this process started and removes their data. Call it at the end of TestMain or of a
// program; where nobody does, the kernel ends the servers with the process and the next run removes the data.
func Stop() {
	running.Lock()
	defer running.Unlock()
	for _, stop := range running.stop {
		stop()
	}
	if running.dir != "" {
		_ = os.RemoveAll(running.dir)
		_ = running.lock.Close()
	}
	running.stop, running.urls, running.errs, running.dir, running.lock = nil, nil, nil, "", nil
}

// need is Start for a test: the administrator's URL, parsed, or the end of the test.
func need(t testing.TB, name Part) *url.URL {
	t.Helper()
	raw, err := Start(context.Background(), name)
	if err != nil {
		t.Fatalf("this test needs a real %s: %v", name, err)
	}
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatalf("the URL of %s does not parse", name)
	}
	return u
}

// Chromium returns the path of a Chromium that can run headless.
func Chromium(t testing.TB) string {
	t.Helper()
	tools, err := Obtain(context.Background(), PartChromium)
	if err != nil {
		t.Fatalf("this test needs a browser: %v", err)
	}
	return tools.Chromium
}

// Poppler returns the directory of poppler's PDF programs.
func Poppler(t testing.TB) string {
	t.Helper()
	tools, err := Obtain(context.Background(), PartPoppler)
	if err != nil {
		t.Fatalf("this test needs poppler: %v", err)
	}
	return filepath.Dir(tools.PDFToText)
}

// random returns n random bytes in hexadecimal.
func random(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return hex.EncodeToString(b)
}
