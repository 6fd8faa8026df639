// Package attack does to the product what somebody would who wants in, or wants others out, and takes its protections out one at a time to see whether the
// tests notice. The ordinary test run does a little of each; "make attack" does all of it and writes docs/attack.md.
package attack

import (
	"flag"
	"os"
	"testing"
)

var (
	all    = flag.Bool("all", false, "everything, not only what every test run does")
	report = flag.String("report", "", "where to write the page of results")
)

func TestMain(m *testing.M) {
	flag.Parse()
	code := m.Run()
	if *report != "" {
		if err := page.write(*report); err != nil {
			println(err.Error())
			code = 1
		}
	}
	os.Exit(code)
}
