package blobtest

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/storage/blob"
)

type answer struct {
	status int
	header http.Header
	body   []byte
}

// fetch asks as a browser would, from a page of the application.
func fetch(t *testing.T, method, link string, body []byte, header http.Header) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, link, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", AppOrigin)
	for name, values := range header {
		req.Header[name] = values
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, got}
}

func (s suite) begin(t *testing.T, key string) string {
	t.Helper()
	id, err := s.Begin(t.Context(), key, "video/mp4")
	s.ok(t, err)
	return id
}

func (s suite) partURL(t *testing.T, key, id string, number, size int) string {
	t.Helper()
	link, err := s.PartURL(t.Context(), key, id, number, int64(size), time.Minute)
	s.ok(t, err)
	return link
}

func (s suite) send(t *testing.T, key, id string, number int, body []byte) {
	t.Helper()
	res := fetch(t, http.MethodPut, s.partURL(t, key, id, number, len(body)), body, nil)
	if res.status != http.StatusOK || res.header.Get("ETag") == "" {
		t.Fatalf("part %d: status %d %s", number, res.status, res.body)
	}
}

func (s suite) parts(t *testing.T, key, id string) []blob.Part {
	t.Helper()
	parts, err := s.Parts(t.Context(), key, id)
	s.ok(t, err)
	return parts
}

func numbers(parts []blob.Part) []int {
	var n []int
	for _, p := range parts {
		n = append(n, p.Number)
	}
	return n
}

func testUpload(t *testing.T, s suite) {
	key := s.key("film")
	id := s.begin(t, key)
	if got := s.parts(t, key, id); len(got) != 0 {
		t.Errorf("a new upload has parts %v", got)
	}
	one, two, three := noise(blob.MinPartSize), noise(blob.MinPartSize+1), noise(3)
	s.send(t, key, id, 3, three) // in any order
	s.send(t, key, id, 1, noise(blob.MinPartSize))
	s.send(t, key, id, 2, two)
	s.send(t, key, id, 1, one) // the last of a number counts
	parts := s.parts(t, key, id)
	if !slices.Equal(numbers(parts), []int{1, 2, 3}) || parts[0].Size != int64(len(one)) || parts[1].Size != int64(len(two)) || parts[2].Size != 3 {
		t.Fatalf("parts %+v", parts)
	}
	_, err := s.Stat(t.Context(), key)
	wantKind(t, err, fault.NotFound) // not before it is complete
	info, err := s.Complete(t.Context(), key, id, parts)
	s.ok(t, err)
	whole := slices.Concat(one, two, three)
	if info.Size != int64(len(whole)) || info.ContentType != "video/mp4" || info.ETag == "" || info.Key != key {
		t.Errorf("completed as %+v", info)
	}
	s.want(t, key, whole)
	if got := s.get(t, key, int64(len(one))-2, 4); !bytes.Equal(got, whole[len(one)-2:len(one)+2]) {
		t.Error("a window across two parts differs")
	}
	_, err = s.Parts(t.Context(), key, id)
	wantKind(t, err, fault.NotFound)
	_, err = s.Complete(t.Context(), key, id, parts)
	wantKind(t, err, fault.NotFound)
	s.ok(t, s.Abort(t.Context(), key, id)) // too late, and no harm
	s.want(t, key, whole)
}

// cutOff sends the beginning of a part and closes the connection.
func cutOff(t *testing.T, link string, size int, beginning []byte) {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, "PUT %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n\r\n", u.RequestURI(), u.Host, size); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write(beginning); err != nil {
		t.Fatal(err)
	}
}

func testResume(t *testing.T, s suite) {
	key := s.key("film")
	id := s.begin(t, key)
	one, two := noise(blob.MinPartSize), noise(blob.MinPartSize)
	s.send(t, key, id, 1, one)
	cutOff(t, s.partURL(t, key, id, 2, len(two)), len(two), two[:3<<20])
	time.Sleep(200 * time.Millisecond)
	if got := numbers(s.parts(t, key, id)); !slices.Equal(got, []int{1}) {
		t.Fatalf("after the cut the store counts parts %v", got)
	}
	s.Store = s.open(t) // another process goes on
	s.send(t, key, id, 2, two)
	_, err := s.Complete(t.Context(), key, id, s.parts(t, key, id))
	s.ok(t, err)
	s.want(t, key, slices.Concat(one, two))
}

func testWrongSize(t *testing.T, s suite) {
	key := s.key("film")
	id := s.begin(t, key)
	for _, sent := range []int{0, 1, 99, 101, 5000} {
		res := fetch(t, http.MethodPut, s.partURL(t, key, id, 1, 100), noise(sent), nil)
		if res.status < 400 || res.status >= 500 {
			t.Errorf("%d bytes to a link for 100: %d", sent, res.status)
		}
	}
	if got := s.parts(t, key, id); len(got) != 0 {
		t.Errorf("refused parts count: %+v", got)
	}
	s.ok(t, s.Abort(t.Context(), key, id))
	res := fetch(t, http.MethodPut, s.partURL(t, key, id, 1, 100), noise(100), nil)
	if res.status != http.StatusNotFound {
		t.Errorf("a part for an aborted upload: %d", res.status)
	}
	_, err := s.Parts(t.Context(), key, id)
	wantKind(t, err, fault.NotFound)
}

func testIncomplete(t *testing.T, s suite) {
	key := s.key("film")
	id := s.begin(t, key)
	old, small := noise(blob.MinPartSize), noise(10)
	s.send(t, key, id, 1, old)
	s.send(t, key, id, 2, small)
	s.send(t, key, id, 3, small)
	parts := s.parts(t, key, id)
	stale := slices.Clone(parts[:2])
	s.send(t, key, id, 1, noise(blob.MinPartSize)) // the bytes of part 1 change after the caller looked
	for name, list := range map[string][]blob.Part{
		"nothing": nil, "a hole": {parts[0], parts[2]}, "not from 1": {parts[1]}, "twice": {parts[0], parts[0]}, "disorder": {parts[1], parts[0]},
		"never sent": {{Number: 1, ETag: s.parts(t, key, id)[0].ETag}, parts[1], parts[2], {Number: 4, ETag: parts[2].ETag}},
		"changed":    stale, "small before another": s.parts(t, key, id),
	} {
		_, err := s.Complete(t.Context(), key, id, list)
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := s.Stat(t.Context(), key)
	wantKind(t, err, fault.NotFound)
	_, err = s.Complete(t.Context(), key, id, s.parts(t, key, id)[:2]) // still open; part 3 is left out
	s.ok(t, err)
}

func testTwoUploads(t *testing.T, s suite) {
	key := s.key("film")
	a, b := s.begin(t, key), s.begin(t, key)
	if a == b {
		t.Fatal("two uploads share an id")
	}
	s.send(t, key, a, 1, []byte("from a"))
	s.send(t, key, b, 1, []byte("from b"))
	_, err := s.Complete(t.Context(), key, a, s.parts(t, key, a))
	s.ok(t, err)
	s.want(t, key, []byte("from a"))
	_, err = s.Complete(t.Context(), key, b, s.parts(t, key, b))
	s.ok(t, err)
	s.want(t, key, []byte("from b"))
}

func testUnsignable(t *testing.T, s suite) {
	ctx, key := t.Context(), s.key("film")
	id := s.begin(t, key)
	_, err := s.PartURL(ctx, key, id, 1, blob.MaxPartSize+1, time.Minute)
	wantKind(t, err, fault.TooLarge)
	for _, c := range []struct{ number, size int }{{0, 1}, {-1, 1}, {blob.MaxParts + 1, 1}, {1, 0}, {1, -1}} {
		_, err := s.PartURL(ctx, key, id, c.number, int64(c.size), time.Minute)
		wantKind(t, err, fault.Invalid)
	}
	for _, expires := range []time.Duration{0, -time.Minute, time.Millisecond, blob.MaxExpiry + 1} {
		if _, err := s.PartURL(ctx, key, id, 1, 1, expires); err == nil {
			t.Errorf("a part link for %v was signed", expires)
		}
		if _, err := s.ReadURL(ctx, key, blob.ReadOptions{Expires: expires}); err == nil {
			t.Errorf("a read link for %v was signed", expires)
		}
	}
}

func testCORS(t *testing.T, s suite) {
	key := s.key("film")
	id := s.begin(t, key)
	link := s.partURL(t, key, id, 1, 3)
	pre := fetch(t, http.MethodOptions, link, nil, http.Header{"Access-Control-Request-Method": {"PUT"}, "Access-Control-Request-Headers": {"content-type"}})
	if pre.status/100 != 2 || !letIn(pre) || !strings.Contains(pre.header.Get("Access-Control-Allow-Methods"), "PUT") {
		t.Errorf("preflight: %d %v", pre.status, pre.header)
	}
	put := fetch(t, http.MethodPut, link, []byte("abc"), nil)
	exposed := put.header.Get("Access-Control-Expose-Headers")
	if put.status != http.StatusOK || !letIn(put) || (!strings.Contains(strings.ToLower(exposed), "etag") && exposed != "*") {
		t.Errorf("part: %d %v", put.status, put.header)
	}
	if refused := fetch(t, http.MethodPut, link+"x", []byte("abc"), nil); refused.status < 400 || !letIn(refused) {
		t.Errorf("a refusal the page cannot read: %d %v", refused.status, refused.header)
	}
}

// letIn tells whether the application's page may read the answer.
func letIn(a answer) bool {
	allowed := a.header.Get("Access-Control-Allow-Origin")
	return allowed == AppOrigin || allowed == "*"
}
