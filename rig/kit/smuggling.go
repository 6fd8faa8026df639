package kit

import (
	"fmt"
	"strings"
	"testing"
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

// Smuggle tries to have a request for host answered that is hidden in another one. wire sends bytes as they are on one connection, and gives all that comes back until the
// other side ends it or nothing more comes. Whatever could be two requests must be refused.
func Smuggle(t *testing.T, host string, wire func(text string) string) {
	t.Helper()
	hidden := "GET /healthz HTTP/1.1\r\nHost: " + host + "\r\n\r\n"
	head := "POST /api/v1/session HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/json\r\n"
	last := "GET /api/v1/none HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n" // ends a connection that nobody has ended
	const answered = "\r\n\r\nok\n"
	if got := wire(hidden + hidden + last); strings.Count(got, answered) != 2 || strings.Count(got, "HTTP/1.1 ") != 3 {
		t.Fatalf("three honest requests on one connection: %q", got)
	}
	// With both lengths the coding counts (RFC 9112, 6.1), for everybody: what follows is a request of its own, whoever reads.
	for _, lengths := range []string{"Content-Length: 60\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 60"} {
		if got := wire(head + lengths + "\r\n\r\n0\r\n\r\n" + hidden + last); strings.Count(got, answered) != 1 || strings.Count(got, "HTTP/1.1 ") != 3 {
			t.Errorf("both lengths: %q", got)
		}
	}
	for name, form := range smugglers {
		got := wire(head + fmt.Sprintf(form, len(hidden), hidden) + last)
		if got == "" || strings.Contains(got, answered) {
			t.Errorf("%s: %q", name, got)
		}
	}
}
