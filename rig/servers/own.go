package servers

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/redis/go-redis/v9"
)

// Server is one that a test has for itself, to do it harm: what happens to it meets no other test. It keeps its address and its data when it is killed
// and started again, as far as the server itself keeps them.
type Server struct {
	URL  string // of a fresh, empty database, number or bucket in it
	t    testing.TB
	p    *process
	part Part
	host string
	kept *url.URL // the administrator's
}

// Own starts a server for this test alone.
func Own(t testing.TB, name Part) *Server {
	t.Helper()
	tools, err := Obtain(t.Context(), name)
	if err != nil {
		t.Fatalf("this test needs a real %s: %v", name, err)
	}
	dir, err := os.MkdirTemp("", "kenshu-own-") // short: a socket's path has at most 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	raw, p, err := startIn(t.Context(), name, tools, dir)
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, p: p, part: name}
	t.Cleanup(func() { s.p.stop() })
	if s.kept, err = url.Parse(raw); err != nil {
		t.Fatal(err)
	}
	s.host = s.kept.Host
	fresh := *s.kept
	switch name {
	case PartMariaDB:
		s.Admin("CREATE DATABASE kenshu CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
		// Not an administrator: read_only and the last connection kept for one would not meet it.
		password := random(16)
		s.Admin("CREATE USER product@'127.0.0.1' IDENTIFIED BY '" + password + "'")
		s.Admin("GRANT ALL ON kenshu.* TO product@'127.0.0.1'")
		fresh.User, fresh.Path = url.UserPassword("product", password), "/kenshu"
	case PartMinIO:
		if err := s.bucket("kenshu"); err != nil {
			t.Fatal(err)
		}
		fresh.Path = "/kenshu"
	}
	s.URL = fresh.String()
	return s
}

// Host is where the server listens.
func (s *Server) Host() string { return s.host }

// Kill ends the server without warning (SIGKILL).
func (s *Server) Kill() {
	s.t.Helper()
	if err := s.p.cmd.Process.Kill(); err != nil {
		s.t.Fatalf("kill %s: %v", s.part, err)
	}
	<-s.p.done
}

// Start starts it again after Kill, at the same address with the same data, and waits until it takes connections.
func (s *Server) Start() {
	s.t.Helper()
	p, err := s.p.again()
	if err != nil {
		s.t.Fatalf("start %s again: %v", s.part, err)
	}
	s.p = p
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	if err := p.ready(ctx, func(ctx context.Context) error { return s.answers(ctx) }); err != nil {
		s.t.Fatalf("start %s again: %v", s.part, err)
	}
}

func (s *Server) answers(ctx context.Context) error {
	switch s.part {
	case PartMariaDB:
		d, err := openAdmin(s.kept)
		if err != nil {
			return err
		}
		defer d.Close()
		return d.PingContext(ctx)
	case PartRedis:
		c, err := redisClient(s.kept, 0)
		if err != nil {
			return err
		}
		defer c.Close()
		return c.Ping(ctx).Err()
	}
	_, err := s.objects().BucketExists(ctx, "kenshu")
	return err
}

// Admin runs statements as the administrator of a MariaDB.
func (s *Server) Admin(statements ...string) {
	s.t.Helper()
	d, err := openAdmin(s.kept)
	if err != nil {
		s.t.Fatal(err)
	}
	defer d.Close()
	for _, q := range statements {
		if _, err := d.Exec(q); err != nil {
			s.t.Fatalf("%s: %v", q, err)
		}
	}
}

// Redis gives a client of a Redis.
func (s *Server) Redis() *redis.Client {
	s.t.Helper()
	c, err := redisClient(s.kept, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = c.Close() })
	return c
}

func (s *Server) objects() *minio.Client {
	secret, _ := s.kept.User.Password()
	client, err := minio.New(s.host, &minio.Options{Creds: credentials.NewStaticV4(s.kept.User.Username(), secret, ""), Region: "us-east-1"})
	if err != nil {
		s.t.Fatal(err)
	}
	return client
}

// Object reads a whole object out of the bucket.
func (s *Server) Object(key string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	r, err := s.objects().GetObject(ctx, "kenshu", key, minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func (s *Server) bucket(name string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := s.objects().MakeBucket(ctx, name, minio.MakeBucketOptions{}); err != nil {
		return fmt.Errorf("create a bucket: %w", err)
	}
	return nil
}
