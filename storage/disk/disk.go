// Package disk tells how much room a disk has.
package disk

import (
	"fmt"
	"syscall"
)

// Room is what a disk holds. The zero value: it is not known, as of a server elsewhere.
type Room struct {
	Free  int64 // bytes that this process may still write
	Total int64
}

// RoomAt asks for the disk that path lies on.
func RoomAt(path string) (Room, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil {
		return Room{}, fmt.Errorf("room on the disk: %w", err)
	}
	size := int64(s.Bsize) //nolint:unconvert // its type is another on other systems
	return Room{Free: int64(s.Bavail) * size, Total: int64(s.Blocks) * size}, nil
}
