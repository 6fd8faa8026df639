package disk_test

import (
	"path/filepath"
	"testing"

	"kenshu/storage/disk"
)

func TestRoomAt(t *testing.T) {
	dir := t.TempDir()
	r, err := disk.RoomAt(dir)
	if err != nil || r.Total <= 0 || r.Free < 0 || r.Free > r.Total {
		t.Errorf("%+v, %v", r, err)
	}
	if r, err := disk.RoomAt(filepath.Join(dir, "absent")); err == nil || r.Total != 0 {
		t.Errorf("a path that is not there: %+v, %v", r, err)
	}
}
