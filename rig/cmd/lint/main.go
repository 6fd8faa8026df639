// Command lint runs every check of the source that is not a test: formatting, the Go linters, the page's types and rules, derived files that
// are out of step, and known vulnerabilities in what we build on. It shows what each found and ends with one line a check.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"kenshu/rig/servers"
)

// The linters come from source, so that they know the Go version in use.
const (
	golangciLint = "github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0"
	govulncheck  = "golang.org/x/vuln/cmd/govulncheck@v1.8.0" // 1.9.0 does not build
)

// generated are the files that `make generate` derives from the code.
var generated = []string{"server/api/openapi.json", "docs/rights.md", "docs/members.md", "README.md", "frontend/src/lib/api/schema.d.ts"}

type check struct {
	name string
	run  func(ctx context.Context) error
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var summary strings.Builder
	failed := 0
	for _, c := range []check{
		{"formatting", formatting},
		{"paths of this machine", machinePaths},
		{"golangci-lint", golangci},
		{"page", page},
		{"derived files", derived},
		{"vulnerabilities in Go modules", goVulnerabilities},
		{"vulnerabilities in the page's packages", pageVulnerabilities},
	} {
		fmt.Printf("\n=== %s ===\n", c.name)
		began := time.Now()
		result := "ok"
		if err := c.run(ctx); err != nil {
			fmt.Println(err)
			result = "FAILED"
			failed++
		}
		fmt.Fprintf(&summary, "%-6s %s (%s)\n", result, c.name, time.Since(began).Round(time.Second))
	}
	fmt.Printf("\n%s", summary.String())
	if failed > 0 {
		fmt.Printf("\nlint: %d checks failed\n", failed)
		os.Exit(1)
	}
	fmt.Println("\nlint: all checks passed")
}

func formatting(ctx context.Context) error {
	files, err := tracked(ctx, "*.go")
	if err != nil {
		return err
	}
	out, err := exec.CommandContext(ctx, "gofmt", append([]string{"-l"}, files...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("gofmt: %w: %s", err, out)
	}
	if len(out) > 0 {
		return fmt.Errorf("not formatted (make fmt):\n%s", out)
	}
	return nil
}

// machinePaths finds the home directory and the working directory in what would be published.
func machinePaths(ctx context.Context) error {
	files, err := tracked(ctx)
	if err != nil {
		return err
	}
	here, err := os.Getwd()
	if err != nil {
		return err
	}
	var bad []error
	forbidden := []string{here + "/"}
	if home, err := os.UserHomeDir(); err == nil && len(home) > 1 {
		forbidden = append(forbidden, home+"/")
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if errors.Is(err, os.ErrNotExist) {
			continue // removed and not yet committed
		}
		if err != nil {
			return err
		}
		for _, f := range forbidden {
			if strings.Contains(string(text), f) {
				bad = append(bad, fmt.Errorf("%s names %s", name, f))
			}
		}
	}
	return errors.Join(bad...)
}

func golangci(ctx context.Context) error {
	path, err := servers.GoTool(ctx, golangciLint)
	if err != nil {
		return err
	}
	return show(ctx, ".", path, "run", "./...")
}

func page(ctx context.Context) error { return show(ctx, "frontend", "npm", "run", "--silent", "check") }

// derived makes the derived files again and compares; what was there before is put back, because a check changes nothing.
func derived(ctx context.Context) error {
	before := map[string][]byte{}
	for _, name := range generated {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		before[name] = text
	}
	defer func() {
		for name, text := range before {
			_ = os.WriteFile(name, text, 0o644)
		}
	}()
	if err := show(ctx, ".", "make", "--silent", "generate"); err != nil {
		return err
	}
	var bad []error
	for _, name := range generated {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if string(text) != string(before[name]) {
			bad = append(bad, fmt.Errorf("%s is out of step with the code: make generate", name))
		}
	}
	return errors.Join(bad...)
}

func tracked(ctx context.Context, patterns ...string) ([]string, error) {
	out, err := exec.CommandContext(ctx, "git", append([]string{"ls-files", "-co", "--exclude-standard", "-z", "--"}, patterns...)...).Output()
	if err != nil {
		return nil, fmt.Errorf("git ls-files: %w", err)
	}
	var files []string
	for name := range strings.SplitSeq(string(out), "\x00") {
		if _, err := os.Lstat(name); name != "" && err == nil {
			files = append(files, name)
		}
	}
	return files, nil
}

// show runs a program with its output shown.
func show(ctx context.Context, dir, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(name), err)
	}
	return nil
}
