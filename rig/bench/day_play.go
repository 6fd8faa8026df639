package main

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// watchMemory looks at the memory of product and database until the returned function is called, which tells the most of each in MB.
func (d *dayRoom) watchMemory() func() (product, database float64) {
	var most [2]float64
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			most[0], most[1] = max(most[0], residentMB("self")), max(most[1], residentMB(d.database))
			select {
			case <-stop:
				return
			case <-tick.C:
			}
		}
	}()
	return func() (float64, float64) { close(stop); <-ended; return most[0], most[1] }
}

// residentMB is what of a process lies in memory; 0 when there is none.
func residentMB(pid string) float64 {
	raw, err := os.ReadFile(filepath.Join("/proc", pid, "status"))
	if pid == "" || err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(raw), "VmRSS:")
	var kb float64
	_, _ = fmt.Sscan(rest, &kb) // 0 says that there was nothing to read
	return kb / 1024
}

// busyProcess is how long a process has kept a core busy, counted in hundredths of a second; 0 when there is none.
func busyProcess(pid string) time.Duration {
	if pid == "" {
		return 0
	}
	raw, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
	_, rest, ok := strings.Cut(string(raw), ") ")
	fields := strings.Fields(rest)
	if err != nil || !ok || len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond
}

// player is the other end of drive.
type player struct {
	to    *gob.Encoder
	from  *gob.Decoder
	close func() error
}

// newPlayer starts this program once more as the driver of crowds.
func newPlayer(ctx context.Context, crowds []*crowd) (*player, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), driveEnv+"=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	d := &player{gob.NewEncoder(in), gob.NewDecoder(out), func() error { return errors.Join(in.Close(), cmd.Wait()) }}
	return d, d.to.Encode(crowds)
}

// withPlayer starts a driver for do and ends it.
func withPlayer(ctx context.Context, crowds []*crowd, do func(*player) error) error {
	d, err := newPlayer(ctx, crowds)
	if err != nil {
		return err
	}
	return errors.Join(do(d), d.close())
}

// driveEnv tells a process that it is the driver.
const driveEnv = "KENSHU_BENCH_DRIVE"

// driven tells whether this process is the driver, and is it if so.
func driven(in io.Reader, out io.Writer) bool {
	if os.Getenv(driveEnv) == "" {
		return false
	}
	if err := drive(in, out); err != nil {
		fmt.Fprintln(os.Stderr, "drive:", err)
		os.Exit(1)
	}
	return true
}

func (d *player) play(s stretch) (p played, err error) {
	if err := errors.Join(d.to.Encode(s), d.from.Decode(&p)); err != nil {
		return p, fmt.Errorf("the driver: %w", err)
	}
	if p.Error != "" {
		return p, errors.New(p.Error)
	}
	return p, nil
}

// measure plays a stretch and tells what it cost.
func (d *player) measure(r *dayRoom, s stretch) (played, spent, error) {
	debug.FreeOSMemory() // what an earlier stretch left is not this one's
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	statements, product, database := r.statements.Load(), busySelf(), busyProcess(r.database)
	p, err := d.play(s)
	cost := spent{
		requests: p.requests(), product: time.Duration((busySelf() - product) * float64(time.Second)), database: busyProcess(r.database) - database,
		statements: r.statements.Load() - statements,
	}
	runtime.ReadMemStats(&after)
	cost.allocated = after.TotalAlloc - before.TotalAlloc
	for _, o := range p.Ops {
		cost.bytes += o.Bytes
	}
	return p, cost, err
}
