package servers

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

func startMinIO(ctx context.Context, tools Tools, dir string) (string, *process, error) {
	port, err := FreePort()
	if err != nil {
		return "", nil, err
	}
	access, secret := random(8), random(20)
	address := "127.0.0.1:" + strconv.Itoa(port)
	p, err := spawn(dir, tools.MinIO, []string{"MINIO_ROOT_USER=" + access, "MINIO_ROOT_PASSWORD=" + secret,
		"MINIO_UPDATE=off", "MINIO_BROWSER=off"}, "server", "--quiet", "--address", address, filepath.Join(dir, "data"))
	if err != nil {
		return "", nil, err
	}
	err = p.ready(ctx, func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/minio/health/ready", nil)
		if err != nil {
			return err
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusOK {
			return fmt.Errorf("health answered %s", res.Status)
		}
		return nil
	})
	if err != nil {
		return "", nil, err
	}
	admin := url.URL{Scheme: "s3", User: url.UserPassword(access, secret), Host: address, Path: "/", RawQuery: "tls=false"}
	return admin.String(), p, nil
}

// S3 returns the s3:// URL of a fresh, empty bucket, removed with its contents when the test ends.
func S3(t testing.TB) string {
	t.Helper()
	address, remove, err := bucketOf(context.Background(), need(t, PartMinIO))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(remove)
	return address
}

// NewBucket gives the s3:// URL of a fresh, empty bucket and what removes it with its contents.
func NewBucket(ctx context.Context) (address string, remove func(), err error) {
	raw, err := Start(ctx, PartMinIO)
	if err != nil {
		return "", nil, err
	}
	admin, err := url.Parse(raw)
	if err != nil {
		return "", nil, fmt.Errorf("%s does not parse", EnvS3)
	}
	return bucketOf(ctx, admin)
}

func bucketOf(ctx context.Context, admin *url.URL) (address string, remove func(), err error) {
	u := *admin
	secret, _ := u.User.Password()
	client, err := minio.New(u.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(u.User.Username(), secret, ""),
		Secure: u.Query().Get("tls") != "false", Region: "us-east-1",
	})
	if err != nil {
		return "", nil, err
	}
	bucket := "kenshu-" + random(8)
	if err := client.MakeBucket(ctx, bucket, minio.MakeBucketOptions{}); err != nil {
		return "", nil, fmt.Errorf("create a bucket: %w", err)
	}
	u.Path = "/" + bucket
	return u.String(), func() {
		ctx := context.WithoutCancel(ctx)
		for o := range client.ListObjects(ctx, bucket, minio.ListObjectsOptions{Recursive: true}) {
			_ = client.RemoveObject(ctx, bucket, o.Key, minio.RemoveObjectOptions{})
		}
		_ = client.RemoveBucket(ctx, bucket) // a test may have stopped the server on purpose
	}, nil
}
