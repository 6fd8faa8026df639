package blob_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"kenshu/fault"
	"kenshu/rig/servers"
	"kenshu/storage/blob"
	"kenshu/storage/blob/blobtest"
)

func TestS3(t *testing.T) {
	raw := servers.S3(t)
	blobtest.Run(t, func(t *testing.T) *blob.Store { return openS3(t, blob.Config{S3: raw, AppOrigin: blobtest.AppOrigin}) })
}

func openS3(t *testing.T, cfg blob.Config) *blob.Store {
	t.Helper()
	s, err := blob.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestS3SignsForThePublicAddress(t *testing.T) {
	raw := servers.S3(t)
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(u.Host)
	public := "http://localhost:" + port // the same store under another name
	s := openS3(t, blob.Config{S3: raw, S3Public: public})
	if s.Origin != public || s.Handler != nil {
		t.Errorf("origin %q, handler %v", s.Origin, s.Handler)
	}
	if _, err := s.Put(t.Context(), "a", strings.NewReader("x"), 1, "text/plain"); err != nil {
		t.Fatal(err)
	}
	link, err := s.ReadURL(t.Context(), "a", blob.ReadOptions{Expires: time.Minute})
	if err != nil || !strings.HasPrefix(link, public+"/") {
		t.Fatalf("%s, %v", link, err)
	}
	res, err := http.Get(link)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%v, %v", res, err)
	}
	_ = res.Body.Close()
}

func TestS3Configuration(t *testing.T) {
	raw := servers.S3(t)
	missing := raw[:strings.LastIndex(raw, "/")] + "/kenshu-no-such-bucket?tls=false"
	for name, cfg := range map[string]blob.Config{
		"no bucket made": {S3: missing}, "no bucket named": {S3: "s3://a:secretword@127.0.0.1:1/"}, "no secret": {S3: "s3://127.0.0.1:1/b"},
		"not s3": {S3: "http://a:secretword@h/b"}, "not a URL": {S3: "s3://a:secretword@h:port/b"}, "public address with a path": {S3: raw, S3Public: "https://h/p"},
	} {
		_, err := blob.Open(t.Context(), cfg)
		if err == nil || strings.Contains(err.Error(), "secretword") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// bucketClient reaches the store beside the code under test.
func bucketClient(t *testing.T, raw string) (client *minio.Client, bucket string) {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	secret, _ := u.User.Password()
	client, err = minio.New(u.Host, &minio.Options{Creds: credentials.NewStaticV4(u.User.Username(), secret, ""), Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	return client, strings.Trim(u.Path, "/")
}

func TestS3MakesTheBucketWhenTold(t *testing.T) {
	raw := servers.S3(t)
	client, bucket := bucketClient(t, raw)
	made := bucket + "-made"
	t.Cleanup(func() { _ = client.RemoveBucket(context.Background(), made) })
	for range 2 { // making it twice is no error
		s := openS3(t, blob.Config{S3: strings.Replace(raw, bucket, made, 1), CreateBucket: true})
		if err := s.Health(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if err := client.RemoveBucket(t.Context(), made); err != nil {
		t.Error(err)
	}
}

func TestS3PurgeTakesOlderVersions(t *testing.T) {
	raw := servers.S3(t)
	client, bucket := bucketClient(t, raw)
	ctx := t.Context()
	if err := client.EnableVersioning(ctx, bucket); err != nil {
		t.Fatal(err)
	}
	s := openS3(t, blob.Config{S3: raw})
	for _, key := range []string{"7/a", "7/a", "7/b", "70/a"} {
		if _, err := s.Put(ctx, key, strings.NewReader("x"), 1, "text/plain"); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Remove(ctx, "7/b"); err != nil {
		t.Fatal(err)
	}
	if n, err := s.RemovePrefix(ctx, "7/"); err != nil || n != 2 {
		t.Errorf("removed %d, %v", n, err)
	}
	var left []string
	for o := range client.ListObjects(ctx, bucket, minio.ListObjectsOptions{Recursive: true, WithVersions: true}) {
		left = append(left, o.Key)
		if err := client.RemoveObject(ctx, bucket, o.Key, minio.RemoveObjectOptions{VersionID: o.VersionID}); err != nil {
			t.Error(err)
		}
	}
	if !slices.Equal(left, []string{"70/a"}) {
		t.Errorf("versions left: %v", left)
	}
}

// relay passes connections on to the store until it is cut.
type relay struct {
	listener net.Listener
	conns    chan net.Conn
}

func newRelay(t *testing.T, to string) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{l, make(chan net.Conn, 100)}
	t.Cleanup(r.cut)
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", to)
			if err != nil {
				_ = in.Close()
				continue
			}
			r.conns <- in
			r.conns <- out
			go pipe(in, out)
			go pipe(out, in)
		}
	}()
	return r
}

func pipe(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	_ = to.Close()
}

func (r *relay) cut() {
	_ = r.listener.Close()
	for {
		select {
		case c := <-r.conns:
			_ = c.Close()
		default:
			return
		}
	}
}

func TestS3AwayIsUnavailable(t *testing.T) {
	u, err := url.Parse(servers.S3(t))
	if err != nil {
		t.Fatal(err)
	}
	r := newRelay(t, u.Host)
	u.Host = r.listener.Addr().String()
	s := openS3(t, blob.Config{S3: u.String()})
	ctx := t.Context()
	if _, err := s.Put(ctx, "a", strings.NewReader("x"), 1, "text/plain"); err != nil {
		t.Fatal(err)
	}
	r.cut()
	began := time.Now()
	for name, call := range map[string]func() error{
		"health": func() error { return s.Health(ctx) },
		"stat":   func() error { _, err := s.Stat(ctx, "a"); return err },
		"open":   func() error { _, _, err := s.Objects.Open(ctx, "a", 0, -1); return err },
		"put":    func() error { _, err := s.Put(ctx, "a", strings.NewReader("x"), 1, "text/plain"); return err },
		"remove": func() error { return s.Remove(ctx, "a") },
		"purge":  func() error { _, err := s.RemovePrefix(ctx, "a/"); return err },
		"begin":  func() error { _, err := s.Begin(ctx, "a", "text/plain"); return err },
		"parts":  func() error { _, err := s.Parts(ctx, "a", "u"); return err },
		"complete": func() error {
			_, err := s.Complete(ctx, "a", "u", []blob.Part{{Number: 1, ETag: "e"}})
			return err
		},
		"abort": func() error { return s.Abort(ctx, "a", "u") },
		"list": func() error {
			for _, err := range s.List(ctx, "a/") {
				return err
			}
			return nil
		},
	} {
		if err := call(); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s with the store away: %v", name, err)
		}
	}
	if took := time.Since(began); took > 60*time.Second {
		t.Errorf("noticing took %v", took)
	}
}
