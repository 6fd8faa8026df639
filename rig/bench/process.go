package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"kenshu/storage/db"
)

// processFigures are of the built binary with nothing configured.
type processFigures struct {
	binaryMB   float64
	firstStart time.Duration // with the migrations of an empty database
	start      time.Duration // median of five
	idleMB     float64
	stormMB    float64 // peak
	storm      time.Duration
	firstLoad  float64 // KB of JavaScript
}

const stormSize = 100

func measureProcess(ctx context.Context, o options) (f processFigures, err error) {
	info, err := os.Stat(o.binary)
	if err != nil {
		return f, fmt.Errorf("the built product is needed, run \"make build\" first: %w", err)
	}
	f.binaryMB = float64(info.Size()) / 1e6
	dir, err := os.MkdirTemp("", "kenshu-bench-")
	if err != nil {
		return f, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	var starts []time.Duration
	for i := range 6 {
		p, took, err := start(ctx, o.binary, dir)
		if err != nil {
			return f, err
		}
		if err := p.stop(); err != nil {
			return f, fmt.Errorf("stop: %w\n%s", err, p.out)
		}
		if i == 0 {
			f.firstStart = took
			continue
		}
		starts = append(starts, took)
	}
	slices.Sort(starts)
	f.start = starts[len(starts)/2]
	if err := f.memory(ctx, o, dir); err != nil {
		return f, err
	}
	f.firstLoad, err = firstLoad(ctx)
	fmt.Printf("%+v\n", f)
	return f, err
}

// memory looks at the process when it has been idle for a while, and while a hundred people log in at the same moment.
func (f *processFigures) memory(ctx context.Context, o options, dir string) error {
	d, err := db.Open(ctx, db.Config{SQLitePath: filepath.Join(dir, "kenshu.db")})
	if err != nil {
		return err
	}
	people, err := newOffice(ctx, d, stormSize)
	if err := errors.Join(err, d.Close()); err != nil {
		return err
	}
	p, _, err := start(ctx, o.binary, dir)
	if err != nil {
		return err
	}
	defer func() { _ = p.stop() }()
	time.Sleep(5 * time.Second)
	if f.idleMB, _, err = p.memory(); err != nil {
		return err
	}
	begin := time.Now()
	var group sync.WaitGroup
	problems := make([]error, stormSize)
	for i := range stormSize {
		group.Go(func() {
			own := &installation{address: p.address, host: p.host}
			problems[i] = own.must(ctx, http.MethodPost, "/api/v1/session", "application/json", loginBody(people.logins[i+1]), nil)
		})
	}
	group.Wait()
	f.storm = time.Since(begin)
	_, f.stormMB, err = p.memory()
	return errors.Join(append(problems, err)...)
}

var sizeLine = regexp.MustCompile(`([\d.]+) KB gzip: a learner's first load`)

// firstLoad asks the page's own measurement.
func firstLoad(ctx context.Context) (float64, error) {
	cmd := exec.CommandContext(ctx, "npm", "run", "--silent", "size")
	cmd.Dir = "frontend"
	out, err := cmd.CombinedOutput()
	m := sizeLine.FindSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("npm run size: %w\n%s", err, out)
	}
	return strconv.ParseFloat(string(m[1]), 64)
}
