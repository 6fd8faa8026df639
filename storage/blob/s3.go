package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/cors"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"kenshu/fault"
	"kenshu/storage/disk"
)

// unknownSizePart bounds the memory of a Put whose size is not known.
const unknownSizePart = 16 << 20

// S3 keeps objects in a bucket of an S3 store. It uses nothing beyond the S3 API.
type S3 struct {
	core   minio.Core
	public *minio.Client // signs URLs for the store's address as browsers see it
	bucket string
	full   fault.Recent // writes that found no room
}

// Full implements Objects.
func (s *S3) Full() bool { return s.full.Within(fullFor) }

// Room implements Objects: S3 has no way to ask.
func (*S3) Room() (disk.Room, error) { return disk.Room{}, nil }

// OpenS3 connects to cfg.S3, lets cfg.AppOrigin's pages in where the store knows CORS rules per bucket, and fails when the
// bucket is not there.
func OpenS3(ctx context.Context, cfg Config) (*S3, error) {
	u, err := url.Parse(cfg.S3)
	if err != nil {
		return nil, errors.New("blob: KENSHU_S3 is not a URL") // the text would hold the secret
	}
	secret, _ := u.User.Password()
	bucket := strings.Trim(u.Path, "/")
	if u.Scheme != "s3" || u.Host == "" || secret == "" || bucket == "" || strings.Contains(bucket, "/") {
		return nil, errors.New("blob: KENSHU_S3 must be s3://access:secret@host:port/bucket")
	}
	region := u.Query().Get("region")
	if region == "" {
		region = "us-east-1"
	}
	options := minio.Options{
		Creds: credentials.NewStaticV4(u.User.Username(), secret, ""), Secure: u.Query().Get("tls") != "false",
		Region: region, BucketLookup: minio.BucketLookupPath, Transport: transport(), MaxRetries: Tries,
	}
	client, err := minio.New(u.Host, &options)
	if err != nil {
		return nil, fmt.Errorf("blob: KENSHU_S3: %w", err)
	}
	s := &S3{core: minio.Core{Client: client}, public: client, bucket: bucket}
	if cfg.S3Public != "" {
		p, err := parseOrigin("KENSHU_S3_PUBLIC", cfg.S3Public)
		if err != nil {
			return nil, err
		}
		options.Secure = p.Scheme == "https"
		if s.public, err = minio.New(p.Host, &options); err != nil {
			return nil, fmt.Errorf("blob: KENSHU_S3_PUBLIC: %w", err)
		}
	}
	return s, s.prepare(ctx, cfg, region)
}

// Limits of the connections to an object store, in words in README.md.
const (
	DialTime   = 5 * time.Second
	AnswerTime = time.Minute // for an answer to begin; bodies take as long as they need
	IdleConns  = 32          // kept open; more are opened as they are needed
	Tries      = 3
)

// transport gives up on a store that does not answer; bodies may take as long as they need.
func transport() *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: DialTime, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: AnswerTime, ExpectContinueTimeout: time.Second,
		MaxIdleConnsPerHost: IdleConns, IdleConnTimeout: time.Minute, DisableCompression: true,
	}
}

func (s *S3) prepare(ctx context.Context, cfg Config, region string) error {
	there, err := s.core.BucketExists(ctx, s.bucket)
	if err != nil {
		return s.fail("look for the bucket", err)
	}
	if !there && !cfg.CreateBucket {
		return fmt.Errorf("blob: the bucket %q of KENSHU_S3 does not exist; create it first", s.bucket)
	}
	if !there {
		err := s.core.MakeBucket(ctx, s.bucket, minio.MakeBucketOptions{Region: region})
		if code := minio.ToErrorResponse(err).Code; err != nil && code != "BucketAlreadyOwnedByYou" && code != "BucketAlreadyExists" {
			return s.fail("create the bucket", err)
		}
	}
	if cfg.AppOrigin == "" {
		return nil
	}
	// MinIO has one CORS setting for the whole server and answers NotImplemented; a key without the right to
	// change the bucket is denied. Both leave the rule to the operator.
	app, err := parseOrigin("KENSHU_PUBLIC_URL", cfg.AppOrigin)
	if err != nil {
		return err
	}
	err = s.core.SetBucketCors(ctx, s.bucket, cors.NewConfig([]cors.Rule{{
		AllowedOrigin: []string{app.String()}, AllowedMethod: []string{"GET", "HEAD", "PUT"}, AllowedHeader: []string{"*"},
		ExposeHeader: []string{"ETag", "Accept-Ranges", "Content-Range", "Content-Disposition"}, MaxAgeSeconds: 600,
	}}))
	switch minio.ToErrorResponse(err).Code {
	case "NotImplemented", "AccessDenied", "MethodNotAllowed":
		return nil
	}
	return s.fail("allow the application's origin", err)
}

func (s *S3) origin() string { return s.public.EndpointURL().String() }

// Put implements Objects.
func (s *S3) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) (Info, error) {
	if err := CheckKey(key); err != nil {
		return Info{}, err
	}
	contentType = safeType(contentType)
	in := &exact{r: r, left: size}
	opts := minio.PutObjectOptions{ContentType: contentType}
	if size < 0 {
		opts.PartSize = unknownSizePart
	}
	up, err := s.core.Client.PutObject(ctx, s.bucket, key, in, size, opts)
	if in.err != nil {
		return Info{}, in.err
	}
	if err != nil {
		return Info{}, s.fail("put", err)
	}
	return Info{Key: key, Size: up.Size, ContentType: contentType, ETag: up.ETag, Modified: up.LastModified.UTC()}, nil
}

// Open implements Objects.
func (s *S3) Open(ctx context.Context, key string, off, length int64) (io.ReadCloser, Info, error) {
	if err := CheckKey(key); err != nil {
		return nil, Info{}, err
	}
	if off < 0 || length < -1 {
		return nil, Info{}, outside()
	}
	if length == 0 {
		return s.nothing(ctx, key, off)
	}
	var opts minio.GetObjectOptions
	last := int64(0) // with off above 0, "to the end"
	if length > 0 {
		last = off + length - 1
	}
	if whole := off == 0 && length == -1; !whole {
		if err := opts.SetRange(off, last); err != nil {
			return nil, Info{}, outside()
		}
	}
	body, info, header, err := s.core.GetObject(ctx, s.bucket, key, opts)
	if minio.ToErrorResponse(err).Code == "InvalidRange" {
		return s.nothing(ctx, key, off)
	}
	if err != nil {
		return nil, Info{}, s.fail("open", err)
	}
	if _, total, ok := strings.Cut(header.Get("Content-Range"), "/"); ok {
		if info.Size, err = strconv.ParseInt(total, 10, 64); err != nil {
			_ = body.Close()
			return nil, Info{}, fmt.Errorf("blob: open: the store's Content-Range: %w", err)
		}
	}
	return body, about(info, key), nil
}

// nothing answers a read of no bytes, which S3's ranges cannot say.
func (s *S3) nothing(ctx context.Context, key string, off int64) (io.ReadCloser, Info, error) {
	info, err := s.Stat(ctx, key)
	if err != nil {
		return nil, Info{}, err
	}
	if _, err := window(off, 0, info.Size); err != nil {
		return nil, Info{}, err
	}
	return io.NopCloser(bytes.NewReader(nil)), info, nil
}

func about(o minio.ObjectInfo, key string) Info {
	return Info{Key: key, Size: o.Size, ContentType: o.ContentType, ETag: o.ETag, Modified: o.LastModified.UTC()}
}

// Stat implements Objects.
func (s *S3) Stat(ctx context.Context, key string) (Info, error) {
	if err := CheckKey(key); err != nil {
		return Info{}, err
	}
	o, err := s.core.StatObject(ctx, s.bucket, key, minio.StatObjectOptions{})
	if err != nil {
		return Info{}, s.fail("stat", err)
	}
	return about(o, key), nil
}

// List implements Objects.
func (s *S3) List(ctx context.Context, prefix string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		if err := checkListPrefix(prefix); err != nil {
			yield(Info{}, err)
			return
		}
		for o := range s.core.ListObjectsIter(ctx, s.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
			if o.Err != nil {
				yield(Info{}, s.fail("list", o.Err))
				return
			}
			found := about(o, o.Key)
			found.ContentType = ""
			if !yield(found, nil) {
				return
			}
		}
	}
}

// Remove implements Objects.
func (s *S3) Remove(ctx context.Context, key string) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	return s.fail("remove", s.core.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{}))
}

// RemovePrefix implements Objects. MinIO lists unfinished uploads for a whole key only; it drops those itself after a day.
func (s *S3) RemovePrefix(ctx context.Context, prefix string) (int, error) {
	if err := checkPrefix(prefix); err != nil {
		return 0, err
	}
	var listErr error
	gone := map[string]bool{}
	found := func(yield func(minio.ObjectInfo) bool) {
		for o := range s.core.ListObjectsIter(ctx, s.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true, WithVersions: true}) {
			if listErr = o.Err; listErr != nil || !yield(o) {
				return
			}
		}
	}
	results, err := s.core.RemoveObjectsWithIter(ctx, s.bucket, found, minio.RemoveObjectsOptions{})
	if err != nil {
		return 0, s.fail("remove prefix", err)
	}
	var errs []error
	for r := range results {
		if r.Err != nil {
			errs = append(errs, r.Err)
		} else {
			gone[r.ObjectName] = true
		}
	}
	for u := range s.core.ListIncompleteUploads(ctx, s.bucket, prefix, true) {
		if u.Err != nil {
			errs = append(errs, u.Err)
			break
		}
		errs = append(errs, s.core.AbortMultipartUpload(ctx, s.bucket, u.Key, u.UploadID))
	}
	return len(gone), s.fail("remove prefix", errors.Join(append(errs, listErr, ctx.Err())...))
}

// ReadURL implements Objects.
func (s *S3) ReadURL(ctx context.Context, key string, opts ReadOptions) (string, error) {
	if err := errors.Join(CheckKey(key), checkExpiry(opts.Expires)); err != nil {
		return "", err
	}
	q := url.Values{"response-content-disposition": {opts.disposition()}, "response-cache-control": {"private, no-store"}}
	if opts.ContentType != "" {
		q.Set("response-content-type", safeType(opts.ContentType))
	}
	u, err := s.public.PresignedGetObject(ctx, s.bucket, key, opts.Expires, q)
	if err != nil {
		return "", s.fail("sign", err)
	}
	return u.String(), nil
}

// Health implements Objects.
func (s *S3) Health(ctx context.Context) error {
	there, err := s.core.BucketExists(ctx, s.bucket)
	if err == nil && !there {
		err = fmt.Errorf("the bucket %q is gone", s.bucket)
	}
	if err != nil {
		return away(err)
	}
	return nil
}
