package attack

import (
	"context"
	"flag"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

var fuzzFor = flag.Duration("fuzz-for", 5*time.Second, "how long each fuzz target looks for new inputs, with -all")

var (
	fuzzTarget = regexp.MustCompile(`^Fuzz\w+$`)
	executed   = regexp.MustCompile(`execs: (\d+)`)
	ranOut     = regexp.MustCompile(`(?m)^--- FAIL: Fuzz\w+ \(.*\)\n\s+context deadline exceeded\nFAIL$`) // how go test sometimes calls the end of -fuzztime
)

// mustFuzz are the packages that read what others send; each has a target for its readers.
var mustFuzz = []string{"content", "storage/blob", "storage/db", "storage/sheet", "server/api", "tenant"}

// TestFuzz lets every fuzz target of the project look for new inputs for a while. Their seeds, and what was ever found, run in every test run anyhow.
func TestFuzz(t *testing.T) {
	for _, pkg := range mustFuzz {
		out, err := command(t.Context(), "go", "test", "-list", "^Fuzz", "./"+pkg).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		found := false
		for _, name := range strings.Fields(string(out)) {
			if !fuzzTarget.MatchString(name) {
				continue
			}
			found = true
			if !*all {
				continue
			}
			t.Run(pkg+"/"+name, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), *fuzzFor+3*time.Minute)
				defer cancel()
				out, err := command(ctx, "go", "test", "-run", "^$", "-fuzz", "^"+name+"$", "-fuzztime", fuzzFor.String(), "-fuzzminimizetime", "10x", "-parallel", "2", "./"+pkg).CombinedOutput()
				runs := "0"
				if m := executed.FindAllStringSubmatch(string(out), -1); len(m) > 0 {
					runs = m[len(m)-1][1]
				}
				came := "nothing"
				if err != nil && !ranOut.Match(out) {
					came = "**something was found**"
					t.Errorf("%v\n%s", err, out)
				}
				page.act("`"+name+"`: new inputs for "+fuzzFor.String(), runs+" inputs", came)
				t.Logf("%s inputs", runs)
			})
		}
		if !found {
			t.Errorf("%s has no fuzz target", pkg)
		}
	}
}

func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = root
	return cmd
}
