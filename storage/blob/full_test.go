package blob

import (
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"

	"kenshu/fault"
)

// A store without room is told from one that does not answer: what is there can still be read.
func TestFullStoresSaySo(t *testing.T) {
	dir, err := OpenDir(Config{Dir: t.TempDir(), Key: make([]byte, 32), ContentURL: "http://127.0.0.1:1", AppOrigin: "http://localhost:1", Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	s3 := &S3{}
	for name, c := range map[string]struct {
		err  error
		full func() bool
	}{
		"directory": {dir.fail("put", &os.PathError{Op: "write", Path: "tmp/x", Err: syscall.ENOSPC}), dir.Full},
		"minio":     {s3.fail("put", minio.ErrorResponse{StatusCode: 507, Code: "XMinioStorageFull"}), s3.Full},
		"quota":     {s3.fail("put", minio.ErrorResponse{StatusCode: 400, Code: "XMinioAdminBucketQuotaExceeded"}), s3.Full},
	} {
		var f *fault.Error
		if !errors.As(c.err, &f) || f.Kind != fault.Unavailable || f.Key != "storage_full" || !c.full() {
			t.Errorf("%s: %v, full %v", name, c.err, c.full())
		}
	}
	if err := dir.fail("put", syscall.EIO); fault.KindOf(err) != fault.Unavailable || strings.Contains(err.Error(), "full") {
		t.Errorf("a broken disk: %v", err)
	}
}
