package attack

import (
	"context"
	"encoding/json"
	"errors"
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
	ctx, cancel := context.WithTimeout(ctx, 2*limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "test", "-count=1", "-timeout="+limit.String(), "-vet=off", "-overlay="+overlay, "-run", "^("+m.run+")$", "./"+m.pkg)
	cmd.Dir, cmd.WaitDelay = root, 10*time.Second
	began := time.Now()
	out, err := cmd.CombinedOutput()
	v := verdict{output: string(out), seconds: time.Since(began).Seconds()}
	if ctx.Err() != nil {
		return v, fmt.Errorf("%s: the run was broken off after %.0f s, which proves nothing: %w", m.name, v.seconds, ctx.Err())
	}
	v.killed, v.by, err = judge(m, v.output, err)
	return v, err
}

// limit is how long the tests of one mutant may take; twice as long with building it.
const limit = 10 * time.Minute

// judge reads out of what the tests printed, and how their run ended, whether they noticed m. A machine so slow that they did not end tells nothing, unless m is known to hang.
func judge(m mutation, output string, ran error) (killed bool, by string, err error) {
	ended := !strings.Contains(output, "panic: test timed out")
	switch {
	case ran == nil && strings.Contains(output, "no tests to run"):
		return false, "", fmt.Errorf("no test is called %s in %s", m.run, m.pkg)
	case ran == nil:
		return false, "", nil
	case !ended && !m.hangs:
		return false, "", fmt.Errorf("%s: the tests did not end within %s, and it is not known to hang: %.2000s", m.name, limit, output)
	case !strings.Contains(output, "--- FAIL") && !strings.Contains(output, "panic: "):
		return false, "", fmt.Errorf("the mutant does not build: %.2000s", output)
	}
	var failed []string
	for line := range strings.Lines(output) {
		if name, found := strings.CutPrefix(line, "--- FAIL: "); found {
			failed = append(failed, strings.Fields(name)[0])
		}
	}
	if !ended {
		failed = append(failed, "a test that did not end")
	}
	return true, strings.Join(failed, ", "), nil
}

// TestOnlyAFailureIsNoticing: neither a slow machine nor a mutant that does not build counts as noticed.
func TestOnlyAFailureIsNoticing(t *testing.T) {
	ran := errors.New("exit status 1")
	const late = "panic: test timed out after 10m0s\n\trunning tests:\n"
	for _, c := range []struct {
		hangs  bool
		output string
		ran    error
		killed bool
		by     string
		wrong  string // what the error says
	}{
		{output: "ok  	kenshu/tenant"},
		{output: "ok  	kenshu/tenant [no tests to run]", wrong: "no test is called"},
		{output: "--- FAIL: TestA (0.10s)\n    --- FAIL: TestA/one\n--- FAIL: TestB (0.10s)\nFAIL", ran: ran, killed: true, by: "TestA, TestB"},
		{output: "panic: runtime error", ran: ran, killed: true},
		{output: "undefined: x\nFAIL	kenshu/tenant [build failed]", ran: ran, wrong: "does not build"},
		{output: late, ran: ran, wrong: "did not end within 10m0s"},
		{output: late, ran: ran, hangs: true, killed: true, by: "a test that did not end"},
	} {
		killed, by, err := judge(mutation{name: "some", hangs: c.hangs}, c.output, c.ran)
		if killed != c.killed || by != c.by || (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%q: noticed %v by %q, %v", c.output, killed, by, err)
		}
	}
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
