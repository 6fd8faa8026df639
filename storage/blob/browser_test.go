package blob_test

import (
	"context"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"kenshu/rig/servers"
	"kenshu/storage/blob"
)

// page uploads one part with fetch and reads it back by range, as the application's page does from another origin, then
// tells what it saw.
const page = `<!doctype html><meta charset="utf-8"><body><script>
const q = new URLSearchParams(location.search);
(async () => {
  const said = [];
  try {
    const put = await fetch(q.get("part"), {method: "PUT", body: new Blob(["0123456789"])});
    said.push("put " + put.status + (put.headers.get("ETag") ? " etag" : ""));
    const big = await fetch(q.get("part"), {method: "PUT", body: new Blob(["0123456789x"])});
    said.push("bigger " + (big.status >= 400 ? "refused" : big.status));
    const get = await fetch(q.get("read"), {headers: {Range: "bytes=2-4"}});
    said.push("get " + get.status + " " + await get.text());
  } catch (e) { said.push(String(e)); }
  const img = new Image();
  img.onload = img.onerror = e => { said.push("image " + e.type); document.body.textContent = said.join("; "); };
  img.src = q.get("image");
})();
</script>`

// dot is a GIF of one pixel.
const dot = "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x01D\x00;"

func TestBrowserUploadsAndReadsFromAnotherOrigin(t *testing.T) {
	chromium := servers.Chromium(t)
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(page)) }))
	t.Cleanup(app.Close)
	origin := strings.Replace(app.URL, "127.0.0.1", "localhost", 1)
	for name, open := range map[string]func(t *testing.T) *blob.Store{
		"directory": func(t *testing.T) *blob.Store {
			return serveDir(t, t.TempDir(), func(c *blob.Config) { c.AppOrigin = origin })
		},
		"s3": func(t *testing.T) *blob.Store { return openS3(t, blob.Config{S3: servers.S3(t), AppOrigin: origin}) },
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			dom := visit(t, chromium, origin+"/?"+links(t, s).Encode())
			want := "put 200 etag; bigger refused; get 206 234; image load"
			if !strings.Contains(dom, want) {
				t.Errorf("the page saw %s, want %s", dom, want)
			}
		})
	}
}

func links(t *testing.T, s *blob.Store) url.Values {
	t.Helper()
	ctx := t.Context()
	upload, err := s.Begin(ctx, "film", "video/mp4")
	if err != nil {
		t.Fatal(err)
	}
	part, err := s.PartURL(ctx, "film", upload, 1, 10, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	q := url.Values{"part": {part}}
	for name, body := range map[string]string{"read": "0123456789", "image": dot} {
		if _, err := s.Put(ctx, name, strings.NewReader(body), int64(len(body)), "image/gif"); err != nil {
			t.Fatal(err)
		}
		link, err := s.ReadURL(ctx, name, blob.ReadOptions{Expires: time.Minute, ContentType: "image/gif", Name: "研修.gif", Inline: true})
		if err != nil {
			t.Fatal(err)
		}
		q.Set(name, link)
	}
	return q
}

func visit(t *testing.T, chromium, address string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+t.TempDir(),
		"--virtual-time-budget=5000", "--dump-dom", address)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", chromium, err)
	}
	return html.UnescapeString(string(out))
}
