//go:build !linux

package servers

import "syscall"

// childAttributes puts a server in a group of its own; without Linux's death signal only Stop ends it.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
