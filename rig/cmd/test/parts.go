package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// event is one line of `go test -json` (go doc test2json).
type event struct {
	Action      string
	Package     string
	ImportPath  string
	Test        string
	Output      string
	Elapsed     float64
	FailedBuild string
}

// These hold the tests that need the built binary, and all of the machine; they have their own headings.
const (
	browserPackage = "kenshu/rig/e2e"
	faultPackage   = "kenshu/rig/fault"
)

func goTests(ctx context.Context) tally {
	list, err := command(ctx, "go", "list", "./...").Output()
	if err != nil {
		return broken("go list: %v", err)
	}
	packages := strings.Fields(string(list))
	return goTest(ctx, slices.DeleteFunc(packages, func(p string) bool { return p == browserPackage || p == faultPackage })...)
}

func browserTests(ctx context.Context) tally { return goTest(ctx, browserPackage) }

func faultTests(ctx context.Context) tally { return goTest(ctx, faultPackage) }

// goTest runs "go test" with flags and packages.
func goTest(ctx context.Context, args ...string) tally {
	cmd := command(ctx, "go", append([]string{"test", "-json", "-count=1", "-timeout=20m"}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return broken("go test: %v", err)
	}
	if err := cmd.Start(); err != nil {
		return broken("go test: %v", err)
	}
	t := readEvents(out, os.Stdout)
	if err := cmd.Wait(); err != nil && t.failed == 0 {
		t.fail("go test: %v", err)
	}
	return t
}

// readEvents counts every test and subtest, shows one line a package and the whole output of what failed. A package that fails without a failed
// test (it does not build, it panics, it runs out of time) counts as one failure, and so does a skipped test: it proves nothing.
func readEvents(r io.Reader, w io.Writer) tally {
	var t tally
	said := map[string]*bytes.Buffer{} // package and test → output
	failedTests := map[string]int{}
	lines := bufio.NewReader(r)
	for {
		line, err := lines.ReadBytes('\n')
		var e event
		if len(line) > 0 && json.Unmarshal(line, &e) != nil {
			_, _ = w.Write(line) // the go command itself speaks
			continue
		}
		name := strings.TrimSpace(e.Package + " " + e.Test)
		switch {
		case e.Action == "output" || e.Action == "build-output":
			if e.Action == "build-output" {
				name = e.ImportPath
			}
			if said[name] == nil {
				said[name] = &bytes.Buffer{}
			}
			said[name].WriteString(e.Output)
		case e.Test != "":
			endTest(&t, e, name, said, failedTests, w)
		default:
			endPackage(&t, e, said, failedTests, w)
		}
		if err != nil {
			return t
		}
	}
}

func endTest(t *tally, e event, name string, said map[string]*bytes.Buffer, failedTests map[string]int, w io.Writer) {
	switch e.Action {
	case "pass":
		t.passed++
	case "skip":
		t.fail("%s was skipped: a skipped test proves nothing", name)
		failedTests[e.Package]++
	case "fail":
		t.fail("%s", name)
		failedTests[e.Package]++
	default:
		return
	}
	if e.Action != "pass" && said[name] != nil {
		_, _ = fmt.Fprint(w, said[name])
	}
	delete(said, name)
}

func endPackage(t *tally, e event, said map[string]*bytes.Buffer, failedTests map[string]int, w io.Writer) {
	switch e.Action {
	case "pass", "skip": // a package is skipped when it has no tests
		if e.Action == "pass" {
			_, _ = fmt.Fprintf(w, "ok    %-32s %.1fs\n", e.Package, e.Elapsed)
		}
	case "fail":
		_, _ = fmt.Fprintf(w, "FAIL  %-32s %.1fs\n", e.Package, e.Elapsed)
		if failedTests[e.Package] > 0 {
			break
		}
		t.fail("%s did not get as far as a test", e.Package)
		for name, text := range said {
			if name == e.FailedBuild || name == e.Package || strings.HasPrefix(name, e.Package+" ") {
				_, _ = fmt.Fprint(w, text)
			}
		}
	default:
		return
	}
	for name := range said {
		if name == e.Package || strings.HasPrefix(name, e.Package+" ") {
			delete(said, name)
		}
	}
}

func pageTests(ctx context.Context) tally {
	dir, err := os.MkdirTemp("", "kenshu-page-tests-")
	if err != nil {
		return broken("page tests: %v", err)
	}
	defer os.RemoveAll(dir)
	report := filepath.Join(dir, "report.json")
	cmd := command(ctx, "npm", "test", "--silent", "--", "--reporter=default", "--reporter=json", "--outputFile="+report)
	cmd.Dir, cmd.Stdout = "frontend", os.Stdout
	ran := cmd.Run()
	text, err := os.ReadFile(report)
	if err != nil {
		return broken("page tests: vitest left no report: %v", errors.Join(ran, err))
	}
	t, err := readVitest(text)
	if err != nil {
		return broken("page tests: %v", err)
	}
	if ran != nil && t.failed == 0 {
		t.fail("page tests: %v", ran)
	}
	return t
}

// readVitest counts a report of vitest's JSON reporter.
func readVitest(text []byte) (tally, error) {
	var report struct {
		NumPassedTests int
		TestResults    []struct {
			Name, Status, Message string
			AssertionResults      []struct{ FullName, Status string }
		}
	}
	if err := json.Unmarshal(text, &report); err != nil {
		return tally{}, fmt.Errorf("vitest's report: %w", err)
	}
	t := tally{passed: report.NumPassedTests}
	for _, file := range report.TestResults {
		before := t.failed
		for _, a := range file.AssertionResults {
			if a.Status != "passed" {
				t.fail("%s: %s: %s", filepath.Base(file.Name), a.FullName, a.Status)
			}
		}
		if file.Status == "failed" && t.failed == before {
			t.fail("%s: %s", filepath.Base(file.Name), file.Message)
		}
	}
	if t.passed+t.failed == 0 {
		return t, errors.New("vitest ran no test")
	}
	return t, nil
}

func broken(format string, args ...any) (t tally) {
	t.fail(format, args...)
	return t
}

// command is a child that is asked to end when ctx does, and has no terminal to wait at.
func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stderr = os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 30 * time.Second
	return cmd
}
