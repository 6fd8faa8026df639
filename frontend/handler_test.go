package frontend

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

// packed is "plain" as the build compresses it.
var packed = func() []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte("plain"))
	_ = w.Close()
	return b.Bytes()
}()

func built() fstest.MapFS {
	return fstest.MapFS{
		".gitkeep":             {},
		".vite/manifest.json":  {Data: []byte(`{"secret":"layout"}`)},
		"index.html":           {Data: []byte("<html>page</html>")},
		"favicon.svg":          {Data: []byte("<svg/>")},
		"assets/app-1a.js.br":  {Data: []byte("brotli")},
		"assets/app-1a.js.gz":  {Data: packed},
		"assets/photo-2b.webp": {Data: []byte("webp")},
	}
}

func get(t *testing.T, handler http.Handler, method, target string, header map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

func TestHandler(t *testing.T) {
	handler := handlerOf(built())
	cases := []struct {
		name, method, target, accept string
		status                       int
		body, cache, encoding        string
	}{
		{"root is the page", "GET", "/", "", 200, "<html>page</html>", cacheNever, ""},
		{"an unknown address is the page", "GET", "/people/42", "br", 200, "<html>page</html>", cacheNever, ""},
		{"a dotted address is the page", "GET", "/verify/a.b", "", 200, "<html>page</html>", cacheNever, ""},
		{"brotli first", "GET", "/assets/app-1a.js", "gzip, deflate, br", 200, "brotli", cacheForever, "br"},
		{"gzip otherwise", "GET", "/assets/app-1a.js", "gzip", 200, string(packed), cacheForever, "gzip"},
		{"a refused encoding is not used", "GET", "/assets/app-1a.js", "br;q=0, gzip;q=0.5", 200, string(packed), cacheForever, "gzip"},
		{"plain without a word", "GET", "/assets/app-1a.js", "", 200, "plain", cacheForever, ""},
		{"no compressed twin", "GET", "/assets/photo-2b.webp", "br", 200, "webp", cacheForever, ""},
		{"head has no body", "HEAD", "/assets/app-1a.js", "br", 200, "", cacheForever, "br"},
		{"unhashed files are kept for an hour", "GET", "/favicon.svg", "", 200, "<svg/>", cacheHour, ""},
		{"a missing asset is a miss", "GET", "/assets/app-0.js", "", 404, "404 page not found\n", "", ""},
		{"the API is never the page", "GET", "/api/v1/nothing", "", 404, "404 page not found\n", "", ""},
		{"dots cannot hide the API", "GET", "/x/../api/v1", "", 404, "404 page not found\n", "", ""},
		{"the manifest is not served", "GET", "/.vite/manifest.json", "", 200, "<html>page</html>", cacheNever, ""},
		{"the twin is not served by its own name", "GET", "/assets/app-1a.js.br", "", 404, "404 page not found\n", "", ""},
		{"only reading", "POST", "/", "", 405, "method not allowed\n", "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := get(t, handler, c.method, c.target, map[string]string{"Accept-Encoding": c.accept})
			if w.Code != c.status || w.Body.String() != c.body {
				t.Errorf("got %d %q, want %d %q", w.Code, w.Body.String(), c.status, c.body)
			}
			if got := w.Header().Get("Cache-Control"); got != c.cache {
				t.Errorf("Cache-Control %q, want %q", got, c.cache)
			}
			if got := w.Header().Get("Content-Encoding"); got != c.encoding {
				t.Errorf("Content-Encoding %q, want %q", got, c.encoding)
			}
		})
	}
}

func TestHandlerRevalidates(t *testing.T) {
	handler := handlerOf(built())
	for _, accept := range []string{"", "gzip", "br"} {
		first := get(t, handler, "GET", "/assets/app-1a.js", map[string]string{"Accept-Encoding": accept})
		etag := first.Header().Get("ETag")
		again := get(t, handler, "GET", "/assets/app-1a.js", map[string]string{"Accept-Encoding": accept, "If-None-Match": etag})
		if etag == "" || again.Code != http.StatusNotModified || again.Body.Len() != 0 {
			t.Errorf("%q: etag %q gave %d with %d bytes, want 304 and none", accept, etag, again.Code, again.Body.Len())
		}
	}
}

func TestHandlerBeforeTheFirstBuild(t *testing.T) {
	w := get(t, handlerOf(fstest.MapFS{".gitkeep": {}}), "GET", "/", nil)
	if w.Code != 200 || !strings.Contains(w.Body.String(), "make build") || w.Header().Get("Cache-Control") != cacheNever {
		t.Errorf("got %d %q %v", w.Code, w.Body.String(), w.Header())
	}
}

func TestEmbeddedFilesHaveARoot(t *testing.T) {
	w := get(t, Handler(), "GET", "/", nil)
	if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
		t.Errorf("got %d %q", w.Code, w.Header().Get("Content-Type"))
	}
}
