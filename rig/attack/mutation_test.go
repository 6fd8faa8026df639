package attack

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// root is the project, seen from here.
const root = "../.."

// verdict is what came of one mutation.
type verdict struct {
	killed  bool
	by      string // the tests that failed
	output  string
	seconds float64
}

// try runs the tests that should notice m on a tree in which m is done. Only the compiler sees the change (go test -overlay): no file of the project is touched.
func try(ctx context.Context, dir string, m mutation) (verdict, error) {
	path := filepath.Join(root, filepath.FromSlash(m.file))
	source, err := os.ReadFile(path)
	if err != nil {
		return verdict{}, err
	}
	if n := strings.Count(string(source), m.old); n != 1 {
		return verdict{}, fmt.Errorf("%s: %q stands there %d times", m.file, m.old, n)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return verdict{}, err
	}
	changed := filepath.Join(dir, "mutant"+filepath.Ext(path))
	if err := os.WriteFile(changed, []byte(strings.Replace(string(source), m.old, m.new, 1)), 0o600); err != nil {
		return verdict{}, err
	}
	overlay := filepath.Join(dir, "overlay.json")
	raw, err := json.Marshal(map[string]map[string]string{"Replace": {absolute: changed}})
	if err != nil {
		return verdict{}, err
	}
	if err := os.WriteFile(overlay, raw, 0o600); err != nil {
		return verdict{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "test", "-count=1", "-timeout=4m", "-vet=off", "-overlay="+overlay, "-run", "^("+m.run+")$", "./"+m.pkg)
	cmd.Dir = root
	began := time.Now()
	out, err := cmd.CombinedOutput()
	v := verdict{output: string(out), seconds: time.Since(began).Seconds()}
	switch {
	case err == nil && strings.Contains(v.output, "no tests to run"):
		return v, fmt.Errorf("no test is called %s in %s", m.run, m.pkg)
	case err == nil:
		return v, nil
	case !strings.Contains(v.output, "--- FAIL") && !strings.Contains(v.output, "panic: "):
		return v, fmt.Errorf("the mutant does not build: %.2000s", v.output)
	}
	var failed []string
	for line := range strings.Lines(v.output) {
		if name, found := strings.CutPrefix(line, "--- FAIL: "); found {
			failed = append(failed, strings.Fields(name)[0])
		}
	}
	if strings.Contains(v.output, "panic: test timed out") {
		failed = append(failed, "a test that did not end")
	}
	v.killed, v.by = true, strings.Join(failed, ", ")
	return v, nil
}

// TestMutationsHaveTheirPlace: a mutation whose text is in the source no more would prove nothing and say nothing.
func TestMutationsHaveTheirPlace(t *testing.T) {
	names := map[string]bool{}
	for _, m := range mutations {
		source, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(m.file)))
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(source), m.old); n != 1 {
			t.Errorf("%s: in %s, %q stands %d times", m.name, m.file, m.old, n)
		}
		if names[m.name] || m.old == m.new {
			t.Errorf("%s is there twice, or changes nothing", m.name)
		}
		names[m.name] = true
	}
}

// TestMutations takes one protection out of the product at a time: the tests that are there for it must fail.
func TestMutations(t *testing.T) {
	for _, m := range mutations {
		if !m.quick && !*all {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			v, err := try(t.Context(), t.TempDir(), m)
			if err != nil {
				t.Fatal(err)
			}
			if !v.killed {
				t.Errorf("nobody noticed:\n%s", v.output)
			}
			t.Logf("noticed by %s in %.1f s", v.by, v.seconds)
			page.mutant(m, v)
		})
	}
}
