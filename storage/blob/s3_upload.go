package blob

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"kenshu/fault"
)

// Begin implements Uploads.
func (s *S3) Begin(ctx context.Context, key, contentType string) (string, error) {
	if err := CheckKey(key); err != nil {
		return "", err
	}
	id, err := s.core.NewMultipartUpload(ctx, s.bucket, key, minio.PutObjectOptions{ContentType: safeType(contentType)})
	return id, s.fail("begin", err)
}

// PartURL implements Uploads. The length is signed, so the store itself refuses a body of another size.
func (s *S3) PartURL(ctx context.Context, key, uploadID string, number int, size int64, expires time.Duration) (string, error) {
	if err := checkPart(key, uploadID, number, size, expires); err != nil {
		return "", err
	}
	query := url.Values{"uploadId": {uploadID}, "partNumber": {strconv.Itoa(number)}}
	signed := http.Header{"Content-Length": {strconv.FormatInt(size, 10)}}
	u, err := s.public.PresignHeader(ctx, http.MethodPut, s.bucket, key, expires, query, signed)
	if err != nil {
		return "", s.fail("sign", err)
	}
	return u.String(), nil
}

// Parts implements Uploads.
func (s *S3) Parts(ctx context.Context, key, uploadID string) ([]Part, error) {
	if err := checkUpload(key, uploadID); err != nil {
		return nil, err
	}
	parts := []Part{}
	for marker := 0; ; {
		page, err := s.core.ListObjectParts(ctx, s.bucket, key, uploadID, marker, 1000)
		if err != nil {
			return nil, s.fail("list parts", err)
		}
		for _, p := range page.ObjectParts {
			parts = append(parts, Part{Number: p.PartNumber, Size: p.Size, ETag: strings.Trim(p.ETag, `"`)})
		}
		if !page.IsTruncated || page.NextPartNumberMarker <= marker {
			return parts, nil
		}
		marker = page.NextPartNumberMarker
	}
}

// Complete implements Uploads.
func (s *S3) Complete(ctx context.Context, key, uploadID string, parts []Part) (Info, error) {
	if err := checkUpload(key, uploadID); err != nil {
		return Info{}, err
	}
	if err := checkParts(parts); err != nil {
		return Info{}, err
	}
	list := make([]minio.CompletePart, len(parts))
	for i, p := range parts {
		list[i] = minio.CompletePart{PartNumber: p.Number, ETag: p.ETag}
	}
	if _, err := s.core.CompleteMultipartUpload(ctx, s.bucket, key, uploadID, list, minio.PutObjectOptions{}); err != nil {
		return Info{}, s.fail("complete", err)
	}
	return s.Stat(ctx, key)
}

// Abort implements Uploads.
func (s *S3) Abort(ctx context.Context, key, uploadID string) error {
	err := checkUpload(key, uploadID)
	if err == nil {
		err = s.fail("abort", s.core.AbortMultipartUpload(ctx, s.bucket, key, uploadID))
	}
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// fail gives a store's error its kind. What the store says stays in the log.
func (s *S3) fail(doing string, err error) error {
	if err == nil {
		return nil
	}
	wrapped := fmt.Errorf("blob: %s: %w", doing, err)
	if errors.Is(err, context.Canceled) {
		return wrapped
	}
	answer := minio.ToErrorResponse(err)
	switch answer.Code {
	case "NoSuchKey", "NoSuchUpload", "NoSuchVersion":
		return absent(wrapped)
	case "InvalidPart", "InvalidPartOrder", "EntityTooSmall":
		return incomplete(wrapped)
	}
	if answer.StatusCode == http.StatusInsufficientStorage || answer.Code == "XMinioStorageFull" || answer.Code == "XMinioAdminBucketQuotaExceeded" {
		s.full.Note()
		return noRoom(wrapped)
	}
	// No answer, a failing store, a bucket or a key taken away: nothing the caller did, and it may come back.
	if answer.StatusCode == 0 || answer.StatusCode >= http.StatusInternalServerError || answer.StatusCode == http.StatusForbidden ||
		answer.Code == "NoSuchBucket" || answer.Code == "SlowDown" {
		return away(wrapped)
	}
	return wrapped
}
