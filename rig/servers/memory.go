package servers

import (
	"bufio"
	"fmt"
	"os"
	"syscall"

	"kenshu/storage/disk"
)

// What the tests write at one time, at most, and what the machine must have free beside it.
const (
	shared        = "/dev/shm" // where Linux has a file system in memory
	scratchRoom   = 4 << 30
	scratchMemory = 8 << 30
	noExec        = 8 // ST_NOEXEC of statfs(2)
)

// InMemory lets this process and its children keep their temporary files in memory where the machine has room for them, and returns what removes them:
// a database made anew for every test waits for the disk most of its time, and none of them outlives its test. Where TMPDIR is set already it stays as
// it is. Nothing that measures may call it.
func InMemory() (remove func(), err error) {
	if os.Getenv("TMPDIR") != "" {
		return func() {}, nil
	}
	sweep(shared) // a run that was killed left its gigabytes
	if !memoryHasRoom() {
		return func() {}, nil
	}
	if err := os.Setenv("TMPDIR", shared); err != nil {
		return nil, fmt.Errorf("servers: %w", err)
	}
	dir, lock, err := newDataDir()
	if err != nil {
		return nil, err
	}
	remove = func() {
		_ = os.RemoveAll(dir)
		_ = lock.Close()
	}
	if err := os.Setenv("TMPDIR", dir); err != nil {
		remove()
		return nil, fmt.Errorf("servers: %w", err)
	}
	return remove, nil
}

func memoryHasRoom() bool {
	room, err := disk.RoomAt(shared)
	if err != nil || room.Free < scratchRoom {
		return false
	}
	var s syscall.Statfs_t
	if err := syscall.Statfs(shared, &s); err != nil || s.Flags&noExec != 0 { // "go test" starts what it builds there
		return false
	}
	file, err := os.Open("/proc/meminfo")
	if err != nil {
		return false
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var kilobytes int64
		if _, err := fmt.Sscanf(lines.Text(), "MemAvailable: %d kB", &kilobytes); err == nil {
			return kilobytes<<10 >= scratchMemory
		}
	}
	return false
}
