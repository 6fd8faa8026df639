package blob

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A damaged inode, of which the disk says nothing at all, does not hide the objects behind it.
func TestListWithADamagedInode(t *testing.T) {
	for name, errno := range map[string]syscall.Errno{"bad block": syscall.EIO, "structure needs cleaning": syscall.Errno(117), "permission": syscall.EACCES, "removed": syscall.ENOENT} {
		t.Run(name, func(t *testing.T) {
			dir, now := t.TempDir(), time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)
			d, err := OpenDir(Config{Dir: dir, ContentURL: "http://127.0.0.1:1", AppOrigin: "http://localhost:1", Key: make([]byte, 32), Clock: func() time.Time { return now }})
			if err != nil {
				t.Fatal(err)
			}
			for _, key := range []string{"a", "b", "c"} {
				if _, err := d.Put(t.Context(), key, strings.NewReader(key), 1, "text/plain"); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Truncate(filepath.Join(dir, objectPath("b")), 0); err != nil { // so that opening fails
				t.Fatal(err)
			}
			d.stat = func(name string) (fs.FileInfo, error) {
				return nil, &fs.PathError{Op: "statat", Path: name, Err: errno}
			}
			var keys []string
			for info, err := range d.List(t.Context(), "") {
				if err != nil {
					t.Fatal(err)
				}
				if keys = append(keys, info.Key); info.Key == "b" && !info.Modified.Equal(now) {
					t.Errorf("modified %v", info.Modified)
				}
			}
			want := "a b c"
			if errno == syscall.ENOENT {
				want = "a c"
			}
			if got := strings.Join(keys, " "); got != want {
				t.Errorf("listed %q, want %q", got, want)
			}
		})
	}
}
