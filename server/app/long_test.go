package app_test

import (
	"fmt"
	"strings"
	"testing"

	"kenshu/server/app"
)

// What is far too long, in the address, a parameter, a cookie or another header, is refused in words of the protocol, before and behind the limit of a head; the server
// has nothing to say about it, and the next request is answered (ASVS 4.2.5).
func TestLongHeads(t *testing.T) {
	a, world, log := newLoudApp(t)
	address := listening(t, a)
	session, _, err := a.Services.Sessions.Start(t.Context(), world.B.ID, world.B.Manager)
	if err != nil {
		t.Fatal(err)
	}
	const room = 8 << 10 // what net/http leaves beyond the limit, and the rest of the head
	for _, size := range []int{app.HeaderBytes - 2*room, app.HeaderBytes + 2*room, 16 * app.HeaderBytes} {
		long := strings.Repeat("x", size)
		for name, request := range map[string]string{
			"an address":           "GET /api/v1/people/" + long + " HTTP/1.1\r\nHost: localhost:8080\r\n",
			"an unknown address":   "GET /api/v1/" + long + " HTTP/1.1\r\nHost: localhost:8080\r\n",
			"a file's name":        "PUT /api/v1/people/import-drop/" + long + " HTTP/1.1\r\nHost: localhost:8080\r\nContent-Length: 0\r\n",
			"a parameter":          "GET /api/v1/people?q=" + long + " HTTP/1.1\r\nHost: localhost:8080\r\n",
			"an unknown parameter": "GET /api/v1/people?" + long + "=1 HTTP/1.1\r\nHost: localhost:8080\r\n",
			"a cursor":             "GET /api/v1/people?after=" + long + " HTTP/1.1\r\nHost: localhost:8080\r\n",
			"a session":            "GET /api/v1/people HTTP/1.1\r\nHost: localhost:8080\r\nCookie: __Host-kenshu=" + long + "\r\n",
			"a device":             "POST /api/v1/session HTTP/1.1\r\nHost: localhost:8080\r\nContent-Type: application/json\r\nContent-Length: 2\r\nCookie: __Host-kenshu-device=" + long + "\r\n",
			"a log-in":             "POST /api/v1/session/factor HTTP/1.1\r\nHost: localhost:8080\r\nContent-Type: application/json\r\nContent-Length: 2\r\nCookie: __Host-kenshu-login=" + long + "\r\n",
			"a token":              "GET /api/v1/people/imports/unattended/" + world.B.Public.String() + " HTTP/1.1\r\nHost: localhost:8080\r\nAuthorization: Bearer " + long + "\r\n",
			"a key of a repeat":    "POST /api/v1/departments HTTP/1.1\r\nHost: localhost:8080\r\nContent-Type: application/json\r\nContent-Length: 2\r\nIdempotency-Key: " + long + "\r\n",
			"a host":               "GET /api/v1/people HTTP/1.1\r\nHost: " + long + "\r\n",
			"a type":               "POST /api/v1/departments HTTP/1.1\r\nHost: localhost:8080\r\nContent-Length: 2\r\nContent-Type: " + long + "\r\n",
		} {
			if !strings.Contains(request, "Cookie: ") {
				request += "Cookie: __Host-kenshu=" + session + "\r\n"
			}
			body := ""
			if strings.Contains(request, "Content-Length: 2\r\n") {
				body = "{}"
			}
			got := wire(t, address, request+"Connection: close\r\n\r\n"+body)
			if size > app.HeaderBytes && got == "" {
				continue // cut before all was sent
			}
			if !strings.HasPrefix(got, "HTTP/1.1 4") || strings.Contains(got, ".go:") || strings.Contains(got, "goroutine") || size > app.HeaderBytes && !strings.HasPrefix(got, "HTTP/1.1 431 ") {
				t.Errorf("%s of %d bytes: %.300q", name, size, got)
			}
			if strings.Contains(got, long) {
				t.Errorf("%s of %d bytes is repeated", name, size)
			}
		}
		if got := wire(t, address, fmt.Sprintf("GET /api/v1/people HTTP/1.1\r\nHost: localhost:8080\r\nX-Unread: %s\r\nCookie: __Host-kenshu=%s\r\nConnection: close\r\n\r\n", long[:1000], session)); !strings.HasPrefix(got, "HTTP/1.1 200 ") {
			t.Errorf("afterwards: %.300q", got)
		}
	}
	for _, level := range []string{"WARN", "ERROR"} {
		if strings.Contains(log.String(), `"level":"`+level+`"`) {
			t.Errorf("the log says %.1000s", log)
		}
	}
}
