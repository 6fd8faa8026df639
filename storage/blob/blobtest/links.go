package blobtest

import (
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"kenshu/storage/blob"
)

func (s suite) link(t *testing.T, key string, opts blob.ReadOptions) string {
	t.Helper()
	if opts.Expires == 0 {
		opts.Expires = time.Minute
	}
	link, err := s.ReadURL(t.Context(), key, opts)
	s.ok(t, err)
	return link
}

func testReadLink(t *testing.T, s suite) {
	s.put(t, s.key("a"), "text/plain", []byte("0123456789"))
	if u := s.link(t, s.key("a"), blob.ReadOptions{}); !strings.HasPrefix(u, s.Origin+"/") {
		t.Errorf("%s is not of the origin %s", u, s.Origin)
	}
	link := s.link(t, s.key("a"), blob.ReadOptions{ContentType: "video/mp4", Name: "研修.mp4", Inline: true})
	res := fetch(t, http.MethodGet, link, nil, nil)
	if res.status != http.StatusOK || string(res.body) != "0123456789" || res.header.Get("Content-Type") != "video/mp4" ||
		!strings.HasPrefix(res.header.Get("Content-Disposition"), "inline;") || res.header.Get("ETag") == "" || !letIn(res) {
		t.Errorf("%d %q %v", res.status, res.body, res.header)
	}
	if cache := res.header.Get("Cache-Control"); cache != "private, no-store" {
		t.Errorf("Cache-Control %q", cache)
	}
	if res = fetch(t, http.MethodGet, s.link(t, s.key("a"), blob.ReadOptions{}), nil, nil); res.header.Get("Content-Type") != "text/plain" {
		t.Errorf("without a type of its own the link answers %q", res.header.Get("Content-Type"))
	}
	for _, c := range []struct {
		asked, got, contentRange string
		status                   int
	}{
		{"bytes=2-4", "234", "bytes 2-4/10", 206}, {"bytes=7-", "789", "bytes 7-9/10", 206}, {"bytes=-3", "789", "bytes 7-9/10", 206},
		{"bytes=8-99", "89", "bytes 8-9/10", 206}, {"bytes=10-", "", "", 416},
	} {
		res := fetch(t, http.MethodGet, link, nil, http.Header{"Range": {c.asked}})
		if res.status != c.status || (c.status == 206 && (string(res.body) != c.got || res.header.Get("Content-Range") != c.contentRange)) {
			t.Errorf("%s: %d %q %q", c.asked, res.status, res.body, res.header.Get("Content-Range"))
		}
	}
}

func same(t *testing.T, a, b string) bool {
	t.Helper()
	ua, err := url.Parse(a)
	if err != nil {
		return false
	}
	ub, err := url.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	return ua.Path == ub.Path && reflect.DeepEqual(ua.Query(), ub.Query())
}

func testReadLinkIsBound(t *testing.T, s suite) {
	s.put(t, s.key("a"), "text/plain", []byte("mine"))
	s.put(t, s.key("b"), "text/plain", []byte("not mine"))
	link := s.link(t, s.key("a"), blob.ReadOptions{ContentType: "text/plain", Name: "a.txt"})
	start := len(s.Origin) + 1
	for i := start; i < len(link); i++ {
		for _, c := range []byte("A0.") {
			changed := link[:i] + string(c) + link[i+1:]
			if same(t, changed, link) {
				continue // another spelling of the same request
			}
			if _, err := url.Parse(changed); err != nil {
				continue
			}
			if res := fetch(t, http.MethodGet, changed, nil, nil); res.status < 400 {
				t.Errorf("byte %d changed to %c: %d %q", i-start, c, res.status, res.body)
			}
		}
	}
	for _, more := range []string{link + "A", link + "=", link[:len(link)-1], strings.TrimSuffix(link, link[start:])} {
		if res := fetch(t, http.MethodGet, more, nil, nil); res.status < 400 {
			t.Errorf("%s: %d", more, res.status)
		}
	}
	for _, method := range []string{http.MethodPut, http.MethodPost, http.MethodDelete, http.MethodPatch} {
		if res := fetch(t, method, link, []byte("mine now"), nil); res.status < 400 {
			t.Errorf("%s with a read link: %d", method, res.status)
		}
	}
	s.want(t, s.key("a"), []byte("mine"))
}

func testPurpose(t *testing.T, s suite) {
	key := s.key("a")
	s.put(t, key, "text/plain", []byte("whole"))
	id := s.begin(t, key)
	part := s.partURL(t, key, id, 1, 5)
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete} {
		if res := fetch(t, method, part, nil, nil); res.status < 400 {
			t.Errorf("%s with a part link: %d %q", method, res.status, res.body)
		}
	}
	if res := fetch(t, http.MethodPut, s.link(t, key, blob.ReadOptions{}), []byte("other"), nil); res.status < 400 {
		t.Errorf("PUT with a read link: %d", res.status)
	}
	s.want(t, key, []byte("whole"))
}

func testExpiry(t *testing.T, s suite) {
	key := s.key("a")
	s.put(t, key, "text/plain", []byte("x"))
	id := s.begin(t, key)
	read := s.link(t, key, blob.ReadOptions{Expires: time.Second})
	part, err := s.PartURL(t.Context(), key, id, 1, 1, time.Second)
	s.ok(t, err)
	time.Sleep(2100 * time.Millisecond) // S3 counts whole seconds
	for method, link := range map[string]string{http.MethodGet: read, http.MethodPut: part} {
		if res := fetch(t, method, link, []byte("x")[:map[string]int{http.MethodGet: 0, http.MethodPut: 1}[method]], nil); res.status != http.StatusForbidden && res.status != http.StatusGone {
			t.Errorf("%s after its time: %d", method, res.status)
		}
	}
	if parts := s.parts(t, key, id); len(parts) != 0 {
		t.Errorf("a late part counts: %+v", parts)
	}
}

func testNames(t *testing.T, s suite) {
	s.put(t, s.key("a"), "text/plain", []byte("x"))
	for _, name := range []string{"plain.txt", "研修 記録（2026年度）.pdf", `a"b.txt`, "a\r\nSet-Cookie: x=1.txt", "a%22.txt", "\u202etxt.exe", "../../etc/passwd",
		"a;b=c.txt", "髙﨑𠮷.pdf", "it's.txt", "", "...", strings.Repeat("長", 4000) + ".pdf", "\xff\xfe.txt", "a\x00b"} {
		res := fetch(t, http.MethodGet, s.link(t, s.key("a"), blob.ReadOptions{Name: name}), nil, nil)
		kind, params, err := mime.ParseMediaType(res.header.Get("Content-Disposition"))
		if res.status != http.StatusOK || err != nil || kind != "attachment" || params["filename"] != blob.SafeName(name) {
			t.Errorf("%q: %d %q, %v", name, res.status, res.header.Get("Content-Disposition"), err)
		}
		if len(res.header.Values("Set-Cookie")) != 0 {
			t.Errorf("%q wrote a header of its own", name)
		}
	}
}

func testInline(t *testing.T, s suite) {
	s.put(t, s.key("a"), "text/plain", []byte("x"))
	for contentType, want := range map[string]string{
		"image/png": "inline", "video/mp4": "inline", "audio/mpeg": "inline", "application/pdf": "inline", "text/plain; charset=utf-8": "inline", "text/vtt": "inline",
		"text/html": "attachment", "image/svg+xml": "attachment", "IMAGE/SVG+XML; x=1": "attachment", "application/xhtml+xml": "attachment", "text/xml": "attachment",
		"application/javascript": "attachment", "": "attachment", "no type": "attachment", "image/png\r\nX: y": "attachment",
	} {
		res := fetch(t, http.MethodGet, s.link(t, s.key("a"), blob.ReadOptions{ContentType: contentType, Inline: true}), nil, nil)
		if kind, _, _ := strings.Cut(res.header.Get("Content-Disposition"), ";"); kind != want || res.status != http.StatusOK || res.header.Get("X") != "" {
			t.Errorf("%q: %d %s, want %s", contentType, res.status, kind, want)
		}
	}
}
