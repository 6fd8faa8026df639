package app_test

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kenshu/storage/blob"
	"kenshu/storage/cache"
	"kenshu/storage/db"
	"kenshu/storage/mail"
)

// greeting is a MySQL server's first packet: it offers TLS (ASVS 12.3.2 is about what follows).
var greeting = []byte("\x49\x00\x00\x00\x0a8.4.0\x00\x01\x00\x00\x0012345678\x00\xff\xff\xff\x02\x00\xff\xc1\x15\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00123456789012\x00mysql_native_password\x00")

// Servers whose certificate has the right name and no authority that this machine knows are not talked to: they learn neither a password nor a question.
func TestServersOfAWrongAuthorityAreRefused(t *testing.T) {
	stranger := httptest.NewUnstartedServer(nil)
	stranger.StartTLS()
	stranger.Close()
	certificate := stranger.TLS.Certificates // for 127.0.0.1
	for name, c := range map[string]struct {
		greet func(net.Conn) error // what comes before TLS
		open  func(ctx context.Context, address string) error
	}{
		"database": {func(c net.Conn) error {
			if _, err := c.Write(greeting); err != nil {
				return err
			}
			_, err := io.ReadFull(c, make([]byte, 36)) // the wish for TLS
			return err
		}, func(ctx context.Context, address string) error {
			d, err := db.Open(ctx, db.Config{URL: "mysql://kenshu:secret@" + address + "/kenshu?tls=true"})
			if err == nil {
				_ = d.Close()
			}
			return err
		}},
		"Redis": {nil, func(ctx context.Context, address string) error {
			c, err := cache.Open(ctx, cache.Config{RedisURL: "rediss://kenshu:secret@" + address + "/0"})
			if err != nil {
				return err
			}
			defer c.Close()
			return c.Ping(ctx)
		}},
		"object store": {nil, func(ctx context.Context, address string) error {
			_, err := blob.Open(ctx, blob.Config{S3: "s3://kenshu:secret@" + address + "/kenshu"})
			return err
		}},
		"mail": {nil, func(ctx context.Context, address string) error {
			s, err := mail.Open("smtp://kenshu:secret@" + address + "?tls=tls&from=a@example.jp")
			if err != nil {
				return err
			}
			return s.Send(ctx, mail.Message{ID: "1", To: mail.Address{Mail: "b@example.jp"}, Subject: "s", Text: "t", Date: time.Now()})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			said := make(chan error, 100)
			go func() {
				for {
					conn, err := l.Accept()
					if err != nil {
						close(said)
						return
					}
					if c.greet != nil {
						err = c.greet(conn)
					}
					if err == nil {
						err = tls.Server(conn, &tls.Config{Certificates: certificate, MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12}).Handshake()
					}
					said <- err
					_ = conn.Close()
				}
			}()
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			if err := c.open(ctx, l.Addr().String()); err == nil {
				t.Error("it was believed")
			}
			_ = l.Close()
			tried := 0
			for err := range said {
				tried++
				if err == nil || !strings.Contains(err.Error(), "certificate") {
					t.Errorf("the server was told %v", err) // not: bad certificate
				}
			}
			if tried == 0 {
				t.Error("nobody tried TLS")
			}
		})
	}
}

// An address cannot ask for TLS without looking at the certificate, or only where it is offered.
func TestDatabaseIsNotTrustedUnseen(t *testing.T) {
	for _, mode := range []string{"skip-verify", "preferred", "True", "1", "custom"} {
		if _, err := db.MySQLConfig("mysql://u:p@h/n?tls=" + mode); err == nil {
			t.Errorf("tls=%s was accepted", mode)
		}
	}
}
