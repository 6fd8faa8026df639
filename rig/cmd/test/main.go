// Command test runs every test of the project: Go on real servers, the page, and the whole path in a real browser. It starts the servers once,
// shows each part under a heading, and ends with one line, "N passed, N failed", summed over all. What is missing is a failure, never skipped in silence.
//
//	go run ./rig/cmd/test ["Race detector" …]
//
// runs the parts of these headings alone.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"kenshu/rig/servers"
)

func main() {
	os.Exit(run())
}

// tally is what one part came to.
type tally struct {
	passed, failed int
	failures       []string // one line each
}

func (t *tally) fail(format string, args ...any) {
	t.failed++
	t.failures = append(t.failures, fmt.Sprintf(format, args...))
}

func (t *tally) add(other tally) {
	t.passed += other.passed
	t.failed += other.failed
	t.failures = append(t.failures, other.failures...)
}

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var total tally
	remove, err := servers.InMemory()
	if err != nil {
		total.fail("%v", err)
		return closing(total)
	}
	defer remove()
	defer servers.Stop()
	heading("Servers")
	began := time.Now()
	if err := servers.Provide(ctx); err != nil {
		for line := range strings.Lines(err.Error()) {
			total.fail("servers: %s", strings.TrimSpace(line))
		}
	}
	fmt.Printf("MariaDB, Redis, MinIO, Chromium, poppler, C compiler: %s\n", time.Since(began).Round(time.Second))
	if total.failed == 0 {
		for _, part := range []struct {
			title string
			run   func(context.Context) tally
		}{
			{"Go tests", goTests},
			{"Race detector", raceTests},
			{"Page tests", pageTests},
			{"Browser tests", browserTests},
			{"Faults", faultTests},
		} {
			if len(os.Args) > 1 && !slices.Contains(os.Args[1:], part.title) {
				continue
			}
			heading(part.title)
			began := time.Now()
			one := part.run(ctx)
			fmt.Printf("%s: %d passed, %d failed in %s\n", part.title, one.passed, one.failed, time.Since(began).Round(time.Second))
			total.add(one)
		}
	}
	return closing(total)
}

func heading(title string) { fmt.Printf("\n=== %s ===\n", title) }

// closing prints the line that everybody looks for, alone and last.
func closing(total tally) int {
	if total.failed > 0 {
		heading("Failed")
		for _, f := range total.failures {
			fmt.Println(f)
		}
	}
	fmt.Printf("\n%d passed, %d failed\n", total.passed, total.failed)
	if total.failed > 0 {
		return 1
	}
	return 0
}
