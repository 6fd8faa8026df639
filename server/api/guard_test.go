package api

import (
	"net/http/httptest"
	"net/netip"
	"testing"
)

// Where a request comes from is what the last of our own proxies saw; what somebody else says of it is not believed (ASVS 15.3.4).
func TestSourceOfARequest(t *testing.T) {
	a := &API{cfg: Config{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}}}
	for _, c := range []struct {
		from string
		said []string
		want string
	}{
		{"203.0.113.9:1000", nil, "203.0.113.9"},
		{"203.0.113.9:1000", []string{"198.51.100.7"}, "203.0.113.9"},
		{"203.0.113.9:1000", []string{"10.0.0.3"}, "203.0.113.9"},
		{"10.0.0.2:1000", nil, "10.0.0.2"},
		{"10.0.0.2:1000", []string{"198.51.100.7"}, "198.51.100.7"},
		{"10.0.0.2:1000", []string{"6.6.6.6, 198.51.100.7"}, "198.51.100.7"},
		{"10.0.0.2:1000", []string{"6.6.6.6", "198.51.100.7"}, "198.51.100.7"},
		{"10.0.0.2:1000", []string{"10.0.0.9, 198.51.100.7"}, "198.51.100.7"},
		{"10.0.0.2:1000", []string{"198.51.100.7, 10.0.0.3"}, "198.51.100.7"},
		{"10.0.0.2:1000", []string{"198.51.100.7, unknown"}, "10.0.0.2"},
		{"[fd00::2]:1000", []string{"2001:db8::7"}, "2001:db8::7"},
		{"[::ffff:10.0.0.2]:1000", []string{"::ffff:198.51.100.7"}, "198.51.100.7"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.from
		for _, line := range c.said {
			r.Header.Add("X-Forwarded-For", line)
		}
		if got := a.source(r); got != c.want {
			t.Errorf("from %s, which says %q: %q, not %q", c.from, c.said, got, c.want)
		}
	}
}
