// Package blobtest is the one description of how an object store behaves; every implementation of storage/blob passes it.
package blobtest

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/storage/blob"
)

// AppOrigin is the application's origin under which the stores given to Run must be opened.
const AppOrigin = "http://app.example"

const octets = "application/octet-stream"

// Run holds a store to the contract. Every call of open must open the same store anew, as another process would; the store is empty at the
// beginning and its signed URLs can be fetched.
func Run(t *testing.T, open func(t *testing.T) *blob.Store) {
	cases := map[string]func(*testing.T, suite){
		"put, stat, open, remove":            testRoundTrip,
		"reading windows":                    testWindows,
		"a put is whole or not at all":       testBrokenPut,
		"keys that are no keys":              testHostileKeys,
		"prefixes":                           testPrefixes,
		"what is absent":                     testAbsent,
		"concurrent puts":                    testConcurrentPuts,
		"a cancelled context":                testCancelled,
		"upload":                             testUpload,
		"resume after a cut":                 testResume,
		"parts of another size":              testWrongSize,
		"lists that do not complete":         testIncomplete,
		"two uploads of one key":             testTwoUploads,
		"what cannot be signed":              testUnsignable,
		"read links":                         testReadLink,
		"read links are bound":               testReadLinkIsBound,
		"links of one purpose":               testPurpose,
		"links expire":                       testExpiry,
		"file names in links":                testNames,
		"what may be shown in place":         testInline,
		"the application's pages are let in": testCORS,
		"health":                             func(t *testing.T, s suite) { s.ok(t, s.Health(t.Context())) },
	}
	for name, run := range cases {
		t.Run(name, func(t *testing.T) {
			run(t, suite{Store: open(t), open: open, room: fmt.Sprintf("suite/%d", rand.Uint64())})
		})
	}
}

// suite is one case's store and the prefix it has to itself.
type suite struct {
	*blob.Store
	open func(t *testing.T) *blob.Store
	room string
}

func (s suite) key(name string) string { return s.room + "/" + name }

func (s suite) ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (s suite) put(t *testing.T, key, contentType string, body []byte) blob.Info {
	t.Helper()
	info, err := s.Put(t.Context(), key, bytes.NewReader(body), int64(len(body)), contentType)
	s.ok(t, err)
	return info
}

func (s suite) get(t *testing.T, key string, off, length int64) []byte {
	t.Helper()
	r, _, err := s.Objects.Open(t.Context(), key, off, length)
	s.ok(t, err)
	defer r.Close()
	b, err := io.ReadAll(r)
	s.ok(t, err)
	return b
}

func (s suite) want(t *testing.T, key string, body []byte) {
	t.Helper()
	if got := s.get(t, key, 0, -1); !bytes.Equal(got, body) {
		t.Fatalf("%s holds %d bytes that are not the %d expected", key, len(got), len(body))
	}
}

func wantKind(t *testing.T, err error, kind fault.Kind) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind {
		t.Errorf("kind %d of error %v, want %d", fault.KindOf(err), err, kind)
	}
}

func noise(n int) []byte {
	b := make([]byte, n)
	var seed [32]byte
	binary.LittleEndian.PutUint64(seed[:], rand.Uint64())
	_, _ = rand.NewChaCha8(seed).Read(b)
	return b
}

func testRoundTrip(t *testing.T, s suite) {
	for name, body := range map[string][]byte{"empty": {}, "one": {0}, "some": noise(70_000), "large": noise(17<<20 + 5)} {
		key := s.key(name)
		before := time.Now().Add(-2 * time.Second)
		put := s.put(t, key, "video/mp4", body)
		stat, err := s.Stat(t.Context(), key)
		s.ok(t, err)
		if stat.Key != key || stat.Size != int64(len(body)) || stat.ContentType != "video/mp4" || stat.ETag == "" || stat.ETag != put.ETag {
			t.Errorf("%s: put answered %+v, stat %+v", name, put, stat)
		}
		if stat.Modified.Before(before) || stat.Modified.Location() != time.UTC {
			t.Errorf("%s: modified %v", name, stat.Modified)
		}
		s.want(t, key, body)
		again := s.put(t, key, "text/html; charset=utf-8", append(slices.Clone(body), 'x'))
		stat, err = s.Stat(t.Context(), key)
		s.ok(t, err)
		if again.ETag == put.ETag || stat.ContentType != "text/html; charset=utf-8" || stat.Size != int64(len(body)+1) {
			t.Errorf("%s: after replacing %+v", name, stat)
		}
		s.ok(t, s.Remove(t.Context(), key))
		_, err = s.Stat(t.Context(), key)
		wantKind(t, err, fault.NotFound)
	}
	body := noise(100_000) // of a size nobody told
	info, err := s.Put(t.Context(), s.key("stream"), struct{ io.Reader }{bytes.NewReader(body)}, -1, octets)
	s.ok(t, err)
	if info.Size != int64(len(body)) {
		t.Errorf("a stream of %d bytes became %d", len(body), info.Size)
	}
	s.want(t, s.key("stream"), body)
	_, err = s.Put(t.Context(), s.key("more"), bytes.NewReader(body), 10, octets)
	s.ok(t, err)
	s.want(t, s.key("more"), body[:10])
}

func testWindows(t *testing.T, s suite) {
	body := []byte("0123456789")
	s.put(t, s.key("ten"), octets, body)
	for _, c := range []struct {
		off, length int64
		want        string
	}{{0, -1, "0123456789"}, {0, 1, "0"}, {3, 4, "3456"}, {9, 1, "9"}, {5, -1, "56789"}, {8, 100, "89"}, {0, 0, ""}, {4, 0, ""}, {0, 10, "0123456789"}} {
		r, info, err := s.Objects.Open(t.Context(), s.key("ten"), c.off, c.length)
		s.ok(t, err)
		got, err := io.ReadAll(r)
		s.ok(t, errors.Join(err, r.Close()))
		if string(got) != c.want || info.Size != 10 || info.ContentType != octets {
			t.Errorf("window %d+%d: %q of %+v, want %q", c.off, c.length, got, info, c.want)
		}
	}
	for _, c := range [][2]int64{{10, 1}, {11, -1}, {10, 0}, {-1, 5}, {0, -2}} {
		_, _, err := s.Objects.Open(t.Context(), s.key("ten"), c[0], c[1])
		wantKind(t, err, fault.Invalid)
	}
	s.put(t, s.key("none"), octets, nil)
	for _, length := range []int64{-1, 0, 5} {
		if got := s.get(t, s.key("none"), 0, length); len(got) != 0 {
			t.Errorf("an empty object gave %q", got)
		}
	}
}

// breaking gives some bytes and then an error.
type breaking struct{ left int }

var errBroken = errors.New("the sender broke off")

func (b *breaking) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, errBroken
	}
	n := min(b.left, len(p))
	b.left -= n
	return n, nil
}

func testBrokenPut(t *testing.T, s suite) {
	old := noise(1000)
	s.put(t, s.key("kept"), octets, old)
	for _, sent := range []int{0, 500, 6 << 20, 20 << 20} {
		size := int64(21 << 20)
		_, err := s.Put(t.Context(), s.key("kept"), &breaking{sent}, size, octets)
		if !errors.Is(err, errBroken) {
			t.Errorf("after %d bytes: %v", sent, err)
		}
		_, err = s.Put(t.Context(), s.key("kept"), io.LimitReader(rand.NewChaCha8([32]byte{}), int64(sent)), size, octets)
		wantKind(t, err, fault.Invalid)
		_, err = s.Put(t.Context(), s.key("new"), &breaking{sent}, -1, octets)
		if !errors.Is(err, errBroken) {
			t.Errorf("a stream broken after %d bytes: %v", sent, err)
		}
	}
	s.want(t, s.key("kept"), old)
	_, err := s.Stat(t.Context(), s.key("new"))
	wantKind(t, err, fault.NotFound)
}

func testHostileKeys(t *testing.T, s suite) {
	ctx := t.Context()
	for _, key := range []string{"", "/", "a/", "/a", "a//b", "..", "a/../b", "../../etc/passwd", "a/..b", ".", "a/./b", ".hidden", "A", "a b", "a\x00b", "a\nb",
		"研修.mp4", "a\\b", "a%2e", "a~", "a:b", "a?b", "a#b", "a\"b", "a\u202eb", strings.Repeat("a", 129), strings.Repeat("a/", 300) + "a"} {
		_, err := s.Put(ctx, key, strings.NewReader("x"), 1, octets)
		wantKind(t, err, fault.Invalid)
		_, _, err = s.Objects.Open(ctx, key, 0, -1)
		wantKind(t, err, fault.Invalid)
		_, err = s.Stat(ctx, key)
		wantKind(t, err, fault.Invalid)
		wantKind(t, s.Remove(ctx, key), fault.Invalid)
		_, err = s.ReadURL(ctx, key, blob.ReadOptions{Expires: time.Minute})
		wantKind(t, err, fault.Invalid)
		_, err = s.Begin(ctx, key, octets)
		wantKind(t, err, fault.Invalid)
		_, err = s.PartURL(ctx, key, "u", 1, 1, time.Minute)
		wantKind(t, err, fault.Invalid)
		_, err = s.Parts(ctx, key, "u")
		wantKind(t, err, fault.Invalid)
		_, err = s.Complete(ctx, key, "u", []blob.Part{{Number: 1}})
		wantKind(t, err, fault.Invalid)
		wantKind(t, s.Abort(ctx, key, "u"), fault.Invalid)
	}
	for _, prefix := range []string{"", "/", "a", "../", "a/../", "A/", s.room} {
		_, err := s.RemovePrefix(ctx, prefix)
		wantKind(t, err, fault.Invalid)
		if prefix == "" {
			continue // lists everything, see testPrefixes
		}
		for _, err := range s.List(ctx, prefix) {
			wantKind(t, err, fault.Invalid)
		}
	}
}

func (s suite) keys(t *testing.T, prefix string) []string {
	t.Helper()
	keys := []string{}
	for info, err := range s.List(t.Context(), prefix) {
		s.ok(t, err)
		keys = append(keys, strings.TrimPrefix(info.Key, s.room+"/"))
	}
	return keys
}

func containsAll(in, want []string) bool {
	return !slices.ContainsFunc(want, func(w string) bool { return !slices.Contains(in, w) })
}

func testPrefixes(t *testing.T, s suite) {
	for _, name := range []string{"1/b", "1/a/x", "1/a-b", "1/a.b", "10/a", "1-x"} {
		s.put(t, s.key(name), octets, []byte(name))
	}
	if got, want := s.keys(t, s.key("1/")), []string{"1/a-b", "1/a.b", "1/a/x", "1/b"}; !slices.Equal(got, want) {
		t.Errorf("list: %v, want %v", got, want)
	}
	if everything, room := s.keys(t, ""), s.keys(t, s.room+"/"); len(room) != 6 || !slices.IsSorted(room) || !containsAll(everything, room) {
		t.Errorf("the empty prefix lists %v, the room has %v", everything, room)
	}
	for info, err := range s.List(t.Context(), s.key("1/")) { // a caller may stop early
		s.ok(t, err)
		if info.Size != 5 || info.ETag == "" || info.Modified.IsZero() {
			t.Errorf("listed as %+v", info)
		}
		break
	}
	n, err := s.RemovePrefix(t.Context(), s.key("1/"))
	s.ok(t, err)
	if n != 4 {
		t.Errorf("removed %d objects, want 4", n)
	}
	if got, want := s.keys(t, s.room+"/"), []string{"1-x", "10/a"}; !slices.Equal(got, want) {
		t.Errorf("left: %v, want %v", got, want)
	}
	if n, err = s.RemovePrefix(t.Context(), s.key("1/")); err != nil || n != 0 {
		t.Errorf("removing again: %d, %v", n, err)
	}
	s.put(t, s.key("1/b"), octets, []byte("back"))
	s.want(t, s.key("1/b"), []byte("back"))
}

func testAbsent(t *testing.T, s suite) {
	ctx, key := t.Context(), s.key("absent")
	_, _, err := s.Objects.Open(ctx, key, 0, -1)
	wantKind(t, err, fault.NotFound)
	_, _, err = s.Objects.Open(ctx, key, 0, 0)
	wantKind(t, err, fault.NotFound)
	_, err = s.Stat(ctx, key)
	wantKind(t, err, fault.NotFound)
	s.ok(t, s.Remove(ctx, key))
	link, err := s.ReadURL(ctx, key, blob.ReadOptions{Expires: time.Minute})
	s.ok(t, err)
	if res := fetch(t, http.MethodGet, link, nil, nil); res.status != http.StatusNotFound {
		t.Errorf("the link of an absent object: %d", res.status)
	}
	own, err := s.Begin(ctx, s.key("other"), octets)
	s.ok(t, err)
	for _, upload := range []string{"no-such-upload", "../objects", strings.Repeat("0", 32), own} {
		_, err := s.Parts(ctx, key, upload)
		wantKind(t, err, fault.NotFound)
		_, err = s.Complete(ctx, key, upload, []blob.Part{{Number: 1, ETag: "0"}})
		wantKind(t, err, fault.NotFound)
		s.ok(t, s.Abort(ctx, key, upload))
	}
	_, err = s.Parts(ctx, s.key("other"), own) // aborting it under another key did nothing
	s.ok(t, err)
}

func testConcurrentPuts(t *testing.T, s suite) {
	key := s.key("contested")
	versions := make([][]byte, 6)
	for i := range versions {
		versions[i] = bytes.Repeat([]byte{byte('a' + i)}, 300_000+i)
	}
	s.put(t, key, octets, versions[0])
	done := make(chan error, len(versions))
	for _, v := range versions {
		go func() {
			var err error
			for range 5 {
				_, e := s.Put(context.Background(), key, bytes.NewReader(v), int64(len(v)), octets)
				err = errors.Join(err, e)
			}
			done <- err
		}()
	}
	for left := len(versions); left > 0; {
		select {
		case err := <-done:
			left--
			if err != nil {
				t.Error(err)
			}
		default:
		}
		got := s.get(t, key, 0, -1)
		if !slices.ContainsFunc(versions, func(v []byte) bool { return bytes.Equal(v, got) }) {
			t.Fatalf("a reader saw %d bytes that nobody put", len(got))
		}
	}
}

func testCancelled(t *testing.T, s suite) {
	s.put(t, s.key("a"), octets, []byte("a"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Put(ctx, s.key("a"), strings.NewReader("bb"), 2, octets)
	_, _, openErr := s.Objects.Open(ctx, s.key("a"), 0, -1)
	for _, err := range []error{err, openErr, s.Remove(ctx, s.key("a"))} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("want context.Canceled, got %v", err)
		}
	}
	s.want(t, s.key("a"), []byte("a"))
}
