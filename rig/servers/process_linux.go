package servers

import "syscall"

// childAttributes puts a server in a group of its own (Ctrl-C reaches the tests, which then stop it) and lets the
// kernel kill it when this process dies, however it dies.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
