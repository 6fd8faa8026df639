package servers

import (
	"os"
	"testing"

	"kenshu/storage/disk"
)

func TestInMemory(t *testing.T) {
	t.Setenv("TMPDIR", "/somewhere")
	remove, err := InMemory()
	if err != nil {
		t.Fatal(err)
	}
	remove()
	if os.TempDir() != "/somewhere" {
		t.Errorf("TMPDIR was set and is %s now", os.TempDir())
	}
	t.Setenv("TMPDIR", "")
	if remove, err = InMemory(); err != nil {
		t.Fatal(err)
	}
	dir := os.TempDir()
	if room := memoryHasRoom(); room != (dir != "/tmp") {
		t.Fatalf("room in memory: %t, and temporary files lie in %s", room, dir)
	}
	if _, err := disk.RoomAt(dir); err != nil {
		t.Error(err)
	}
	remove()
	if _, err := os.Stat(dir); dir != "/tmp" && !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", dir, err)
	}
}
