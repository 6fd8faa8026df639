package app_test

import (
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"kenshu/rig/kit"
	"kenshu/server/app"
)

// Thousands of requests that end in the middle of their head, of their body or of the answer, or are wrong, leave nothing behind: no goroutine, no connection to the
// database, no open file (ASVS 1.4.3).
func TestBrokenRequestsLeaveNothing(t *testing.T) {
	a, world := newApp(t)
	kit.Fill(t, a.DB, world.B, "MARK-B")
	address := listening(t, a)
	session, _, err := a.Services.Sessions.Start(t.Context(), world.B.ID, world.B.Manager)
	if err != nil {
		t.Fatal(err)
	}
	head := func(line, more string) string {
		return line + " HTTP/1.1\r\nHost: localhost:8080\r\nCookie: __Host-kenshu=" + session + "\r\n" + more + "\r\n"
	}
	broken := []string{
		head("GET /api/v1/people", "")[:40],
		head("GET /api/v1/people", ""), // nobody waits for the answer
		head("GET /api/v1/people/export?format=xlsx", ""),
		head("GET /api/v1/report/export?format=csv", ""),
		head("GET /api/v1/dashboard", ""),
		head("POST /api/v1/people", "Content-Type: application/json\r\nContent-Length: 500\r\n") + `{"name":"`,
		head("POST /api/v1/people", "Content-Type: application/json\r\nContent-Length: 9\r\n") + `{"name":1`,
		head("POST /api/v1/people/imports?file_name=a.csv", "Content-Type: application/octet-stream\r\nContent-Length: 90000\r\n") + "氏名,部署\r\n",
		head("POST /api/v1/people/imports?file_name=", "Content-Type: application/octet-stream\r\nContent-Length: 4\r\n") + "a,b\n",
		head("PUT /api/v1/people/import-drop/a.csv", "Content-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n") + "ffff\r\nabc",
		"\x16\x03\x01\x02\x00", "GET / HTTP/9.9\r\n\r\n",
	}
	round := func(times int) {
		t.Helper()
		for range times {
			for i, text := range broken {
				c, err := net.Dial("tcp", address)
				if err != nil {
					t.Fatal(err)
				}
				_, _ = io.WriteString(c, text) // the other side may have ended it
				if i%2 == 1 {
					_ = c.SetReadDeadline(time.Now().Add(time.Millisecond))
					_, _ = c.Read(make([]byte, 10))
				}
				if err := c.Close(); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // nothing closes a file but whoever opened it
	const slack = 10
	round(10)
	calm(func() bool { return a.DB.Stats().InUse == 0 })
	goroutines, files := runtime.NumGoroutine(), openFiles(t)
	round(250)
	settled := func() bool {
		return a.DB.Stats().InUse == 0 && runtime.NumGoroutine() <= goroutines+slack && openFiles(t) <= files+slack
	}
	calm(settled)
	if !settled() {
		t.Errorf("%d goroutines after %d, %d files after %d, %d connections in use", runtime.NumGoroutine(), goroutines, openFiles(t), files, a.DB.Stats().InUse)
	}
	if got := wire(t, address, head("GET /api/v1/people", "Connection: close\r\n")); len(got) < 100 || got[:12] != "HTTP/1.1 200" {
		t.Errorf("afterwards: %.200q", got)
	}
	t.Logf("%d broken requests: %d goroutines after %d, %d files after %d", 250*len(broken), runtime.NumGoroutine(), goroutines, openFiles(t), files)
}

// calm waits a minute at most until something holds; who asks looks again.
func calm(still func() bool) {
	for end := time.Now().Add(time.Minute); !still() && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		runtime.Gosched()
	}
}

// openFiles counts the files and connections that the process has open; 0 where the system does not tell.
func openFiles(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil && runtime.GOOS == "linux" {
		t.Fatal(fmt.Errorf("open files: %w", err))
	}
	return len(entries)
}

// listening serves the installation as Run does, on a port of its own, and gives its address.
func listening(t *testing.T, a *app.App) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := a.Server(a.Face())
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return l.Addr().String()
}
