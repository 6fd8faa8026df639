package main

import (
	"os"
	"strings"
	"testing"
	"time"
)

// What people wrote on the page stays, what was measured is replaced, and what is new is added.
func TestPageKeepsWhatPeopleWrote(t *testing.T) {
	old := "# Benchmarks\n\nby hand\n\n## The process\n\nan explanation of ours\n\n" + begin("process") + "\n| old | figures |\n" + end + "\n\nwhat was found afterwards\n\n## By hand\n\n| our | table |\n"
	f := figures{process: &processFigures{start: time.Second}, imports: []importFigures{{file: "CSV", rows: 7}}}
	var fresh strings.Builder
	if err := f.write(&fresh, options{turns: 1, each: time.Second, parts: usualParts}); err != nil {
		t.Fatal(err)
	}
	page := keep(old, fresh.String())
	for _, want := range []string{"by hand", "an explanation of ours", "what was found afterwards", "| our | table |", "start to first page afterwards", "## Import of staff", "| CSV | 7 |"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	if strings.Contains(page, "| old | figures |") || strings.Count(page, "## The process") != 1 || strings.Count(page, end) != 3 {
		t.Errorf("the page:\n%s", page)
	}
	if again := keep(page, fresh.String()); again != page {
		t.Errorf("the same figures twice change the page:\n%s", again)
	}
	var some strings.Builder
	if err := f.write(&some, options{turns: 1, each: time.Second, parts: "import,process"}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(some.String(), begin("run")) || strings.Count(some.String(), "Load average at the end") != 2 {
		t.Errorf("a few parts pass for a run of all, or do not say when they were measured:\n%s", some.String())
	}
	if keep("", fresh.String()) != fresh.String() {
		t.Error("an empty page is not taken fresh")
	}
}

// The page in the repository has a place for every measured part.
func TestPageHasPlacesForWhatIsMeasured(t *testing.T) {
	raw, err := os.ReadFile("../../docs/benchmarks.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(raw)
	for _, part := range append(strings.Split(usualParts, ","), "run", "plans", "excused", "day", "backup") {
		from := strings.Index(page, begin(part))
		if from < 0 || !strings.Contains(page[from:], end) {
			t.Errorf("docs/benchmarks.md has no place for %s", part)
		}
	}
}
