package servers

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

const dataPrefix = "kenshu-servers-"

// process is one server this program started.
type process struct {
	cmd  *exec.Cmd
	log  string
	done chan struct{} // closed when the server has ended

	again func() (*process, error) // starts it once more in the same way
}

// spawner starts children from one OS thread that never ends: the kernel's death signal for a child is bound to
// the thread that forked it, not to the process.
var spawner = sync.OnceValue(func() chan func() {
	jobs := make(chan func())
	go func() {
		runtime.LockOSThread()
		for job := range jobs {
			job()
		}
	}()
	return jobs
})

func spawn(dir, bin string, env []string, args ...string) (*process, error) {
	p := &process{cmd: exec.Command(bin, args...), log: filepath.Join(dir, "server.log"), done: make(chan struct{})}
	p.again = func() (*process, error) { return spawn(dir, bin, env, args...) }
	out, err := os.Create(p.log)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = dir, out, out
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.SysProcAttr = childAttributes()
	started := make(chan error, 1)
	spawner() <- func() { started <- p.cmd.Start() }
	if err := <-started; err != nil {
		return nil, err
	}
	go func() {
		_ = p.cmd.Wait()
		close(p.done)
	}()
	return p, nil
}

// ready calls ask until it succeeds, the server has ended, or ctx has. A server that is not ready is stopped.
func (p *process) ready(ctx context.Context, ask func(context.Context) error) error {
	for {
		once, cancel := context.WithTimeout(ctx, 2*time.Second)
		err := ask(once)
		cancel()
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("the server ended at once:\n%s", p.tail())
		case <-ctx.Done():
			p.stop()
			return fmt.Errorf("not ready in time: %w\n%s", err, p.tail())
		case <-time.After(25 * time.Millisecond):
		}
	}
}

// stop ends the server by its own process id and waits for it.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
		return
	case <-time.After(10 * time.Second):
	}
	_ = p.cmd.Process.Kill()
	<-p.done
}

func (p *process) tail() string {
	b, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return strings.Join(lines[max(0, len(lines)-15):], "\n")
}

// given are the ports that FreePort has handed out in this process.
var given struct {
	sync.Mutex
	ports map[int]bool
}

// FreePort finds a loopback port nobody listens on, and gives none twice. It lies below those that the kernel takes for connections on their way out, so that it is still free when
// its server starts, and when that is started again after a kill.
func FreePort() (int, error) {
	given.Lock()
	defer given.Unlock()
	var last error
	for range 100 {
		port := 20_000 + rand.IntN(12_000)
		if given.ports[port] {
			continue
		}
		l, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port))
		if err != nil {
			last = err
			continue
		}
		if given.ports == nil {
			given.ports = map[int]bool{}
		}
		given.ports[port] = true
		return port, l.Close()
	}
	return 0, fmt.Errorf("servers: no free port: %w", last)
}

// newDataDir makes this process's data directory, holds its lock for as long as the process lives, and removes
// directories whose owner has died.
func newDataDir() (string, *os.File, error) {
	sweep(os.TempDir())
	dir, err := os.MkdirTemp("", dataPrefix)
	if err != nil {
		return "", nil, fmt.Errorf("servers: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	}
	if err != nil {
		return "", nil, fmt.Errorf("servers: lock the data directory: %w", err)
	}
	return dir, lock, nil
}

// sweep removes what dead processes left in a directory.
func sweep(in string) {
	dirs, _ := filepath.Glob(filepath.Join(in, dataPrefix+"*"))
	for _, dir := range dirs {
		name := filepath.Join(dir, "lock")
		if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
			if info, err := os.Stat(dir); err != nil || time.Since(info.ModTime()) < time.Minute {
				continue // its owner may be about to make the lock
			}
		}
		lock := flock.New(name)
		if got, err := lock.TryLock(); err == nil && got {
			_ = os.RemoveAll(dir)
			_ = lock.Unlock()
		}
	}
}
