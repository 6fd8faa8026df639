package app_test

import (
	"io"
	"net"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"

	"kenshu/rig/kit"
)

// Where a request ends is seen alike by everybody or by nobody: what could be two is refused, and its connection ends. Through Go's own proxy as well; Caddy itself is
// tried in rig/fault.
func TestNoRequestIsSmuggled(t *testing.T) {
	a, _ := newApp(t)
	server := httptest.NewServer(a.Face())
	defer server.Close()
	to, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(httputil.NewSingleHostReverseProxy(to))
	defer proxy.Close()
	for where, address := range map[string]string{"straight": server.Listener.Addr().String(), "behind a proxy": proxy.Listener.Addr().String()} {
		t.Run(where, func(t *testing.T) {
			kit.Smuggle(t, "localhost:8080", func(text string) string { return wire(t, address, text) })
		})
	}
}

// wire sends bytes as they are and gives what comes back until the other side ends or nothing more comes.
func wire(t *testing.T, address, text string) string {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, text); err != nil {
		return "" // refused before all was sent
	}
	if err := c.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	got, _ := io.ReadAll(c) // a connection that is cut has said all it says
	return string(got)
}
