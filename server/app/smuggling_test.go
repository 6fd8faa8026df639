package app_test

import (
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"
)

// smuggled is the request that must never be answered.
const smuggled = "GET /healthz HTTP/1.1\r\nHost: localhost:8080\r\n\r\n"

// answered is how it would be; last ends a connection that nobody has ended.
const (
	answered = "\r\n\r\nok\n"
	head     = "POST /api/v1/session HTTP/1.1\r\nHost: localhost:8080\r\nContent-Type: application/json\r\n"
	last     = "GET /api/v1/none HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n\r\n"
)

// smugglers are requests whose end two readers may see at different places, as they come down the wire: heads, and bodies that hold another request.
var smugglers = map[string]string{
	"two lengths that differ":         "Content-Length: 0\r\nContent-Length: %d\r\n\r\n%s",
	"a list of lengths":               "Content-Length: 0, %d\r\n\r\n%s",
	"a length with a sign":            "Content-Length: +%d\r\n\r\n%s",
	"a negative length":               "Content-Length: -%d\r\n\r\n%s",
	"a length beyond numbers":         "Content-Length: 99999999999999999999%d\r\n\r\n%s",
	"a length in hexadecimal":         "Content-Length: 0x%d\r\n\r\n%s",
	"an unknown coding":               "Transfer-Encoding: xchunked\r\nX: %d\r\n\r\n0\r\n\r\n%s",
	"two codings":                     "Transfer-Encoding: chunked, identity\r\nX: %d\r\n\r\n0\r\n\r\n%s",
	"the coding twice":                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\nX: %d\r\n\r\n0\r\n\r\n%s",
	"a space before the colon":        "Transfer-Encoding : chunked\r\nContent-Length: %d\r\n\r\n0\r\n\r\n%s",
	"a tab before the coding":         "Transfer-Encoding:\x0bchunked\r\nContent-Length: %d\r\n\r\n0\r\n\r\n%s",
	"a folded header":                 "X: y\r\n Transfer-Encoding: chunked\r\nContent-Length: %d\r\n\r\n0\r\n\r\n%s",
	"a NUL in a header":               "X: \x00\r\nContent-Length: %d\r\n\r\n%s",
	"a chunk's length with a sign":    "Transfer-Encoding: chunked\r\nX: %d\r\n\r\n+0\r\n\r\n%s",
	"a chunk's length in hexadecimal": "Transfer-Encoding: chunked\r\nX: %d\r\n\r\n0x0\r\n\r\n%s",
	"a chunk's length beyond numbers": "Transfer-Encoding: chunked\r\nX: %d\r\n\r\n10000000000000000\r\n\r\n%s",
	"a chunk longer than it says":     "Transfer-Encoding: chunked\r\nX: %d\r\n\r\n1\r\nxx\r\n0\r\n\r\n%s",
}

// Where a request ends is seen alike by everybody or by nobody: what could be two is refused, and its connection ends. Through Go's own proxy as well, which reads
// as the proxy of docker-compose.yml does.
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
			if got := wire(t, address, smuggled+smuggled+last); strings.Count(got, answered) != 2 || strings.Count(got, "HTTP/1.1 ") != 3 {
				t.Fatalf("three honest requests on one connection: %q", got)
			}
			// With both lengths the coding counts (RFC 9112, 6.1), for everybody: what follows is a request of its own, whoever reads.
			for _, lengths := range []string{"Content-Length: 60\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 60"} {
				if got := wire(t, address, head+lengths+"\r\n\r\n0\r\n\r\n"+smuggled+last); strings.Count(got, answered) != 1 || strings.Count(got, "HTTP/1.1 ") != 3 {
					t.Errorf("both lengths: %q", got)
				}
			}
			for name, form := range smugglers {
				got := wire(t, address, head+fmt.Sprintf(form, len(smuggled), smuggled)+last)
				if got == "" || strings.Contains(got, answered) {
					t.Errorf("%s: %q", name, got)
				}
			}
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
