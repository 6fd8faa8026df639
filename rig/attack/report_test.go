package attack

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"
)

// results are what the page of results tells, filled as the tests go.
type results struct {
	mu      sync.Mutex
	mutants []mutant
	acts    []act
}

type mutant struct {
	m mutation
	v verdict
}

// act is one attack, what was counted, and what came of it.
type act struct{ what, measured, came string }

var page results

func (r *results) mutant(m mutation, v verdict) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mutants = append(r.mutants, mutant{m, v})
}

func (r *results) act(what, measured, came string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.acts = append(r.acts, act{what, measured, came})
}

// foundMark begins the part of the page that people write: what was found and mended is kept as it is.
const foundMark = "## What was found and mended"

func (r *results) write(path string) error {
	kept := foundMark + "\n"
	if old, err := os.ReadFile(path); err == nil {
		if i := strings.Index(string(old), foundMark); i >= 0 {
			kept = string(old)[i:]
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# Attacks\n\nWritten by `make attack` on %s. %d cores, %s on %s/%s, everything on one machine over loopback. A fast part of it is in every test run.\n\n",
		time.Now().UTC().Format("2 January 2006, 15:04 UTC"), runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	b.WriteString("## What was tried\n\n| attack | tried | what came of it |\n| --- | --- | --- |\n")
	for _, a := range r.acts {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", a.what, a.measured, a.came)
	}
	killed := 0
	for _, m := range r.mutants {
		if m.v.killed {
			killed++
		}
	}
	fmt.Fprintf(&b, "\n## Protections taken out, one at a time\n\n%d mutants of the source, %d noticed. Only the compiler sees the change (`go test -overlay`).\n\n| taken out | in | noticed by | seconds |\n| --- | --- | --- | --: |\n", len(r.mutants), killed)
	for _, m := range r.mutants {
		by := "`" + strings.ReplaceAll(m.v.by, ", ", "`, `") + "`"
		if !m.v.killed {
			by = "**nobody**"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %.0f |\n", m.m.name, m.m.file, by, m.v.seconds)
	}
	return os.WriteFile(path, []byte(b.String()+"\n"+kept), 0o644)
}
