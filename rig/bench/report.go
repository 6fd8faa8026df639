package main

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"kenshu/storage/db"
)

// write makes the page from what was measured; a part that was left out has no section.
func (f *figures) write(w io.Writer, o options) error {
	out := bufio.NewWriter(w)
	p := func(format string, args ...any) { fmt.Fprintf(out, format+"\n", args...) }
	p("# Benchmarks\n")
	if o.parts == usualParts { // each part says itself when it was measured: a few of them are no run of all
		p(begin("run"))
		p("Written by `make bench` on %s. %s. Load average when it ended: %s.\n", time.Now().UTC().Format("2 January 2006, 15:04 UTC"), machine(), loadAverage())
		p("The machine was not quiet: ratios are taken in one run, in turns of %v each, so that what else goes on meets both sides alike; times in milliseconds",
			(o.each / time.Duration(o.turns)).Round(time.Millisecond))
		p("are upper bounds. SQLite: WAL, synchronous FULL. MariaDB: the tests' own server (buffer pool 48 to 64 MB, flush at commit 2).")
		p(end)
		p("")
	}
	f.writeRatios(p, o)
	f.writeLearning(p)
	f.writeDays(p)
	f.writeLists(p, o)
	f.writeReports(p)
	f.writeImports(p)
	f.writeFilms(p)
	f.writeMoodle(p)
	f.writePackages(p)
	f.writeBackups(p)
	f.writeEditor(p)
	f.writeProcess(p)
	f.writePlans(p, o)
	return out.Flush()
}

type printer = func(format string, args ...any)

func (f *figures) writeRatios(p printer, o options) {
	if len(f.ratios) == 0 {
		return
	}
	p("## Learners' requests beside a bare handler\n")
	p("The product is asked over TCP with a session: everything from the request id to the encoded answer runs. The bare handler is net/http and `database/sql`")
	p("alone: it sends the statements that the product sent for the same learner (recorded by `db.WithTrace`), in a transaction where they were in one, reads every")
	p("column and writes the recorded answer; it decodes, checks and encodes nothing. *Bare* has a pool as the driver's documentation opens it, *bare, our pool* the")
	p("product's own, whose connections keep prepared statements on SQLite (on MariaDB both are the same). *Nothing* answers `{}`: the price of HTTP and of the load,")
	p("which runs in the same process. %d connections, %d learners of an organisation with %d staff, %d rounds each. The aim is 70 %% of *bare*.\n", o.workers, o.learners, mainStaff, mainRounds)
	p(begin("learner"))
	p("| request | database | statements | product/s | p95 ms | bare/s | p95 ms | bare, our pool/s | nothing/s | product : bare | : bare, our pool |")
	p("| --- | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |")
	for _, r := range f.ratios {
		p("| %s | %s | %d | %.0f | %.1f | %.0f | %.1f | %.0f | %.0f | **%.0f %%** | %.0f %% |", r.name, name(r.engine), r.statements, r.product.perSecond(), ms(r.product.percentile(95)),
			r.bare.perSecond(), ms(r.bare.percentile(95)), r.kept.perSecond(), r.empty.perSecond(), percent(r.product, r.bare), percent(r.product, r.kept))
	}
	p(measuredNow())
	p(end)
	p("")
}

func (f *figures) writeLists(p printer, o options) {
	if len(f.lists) == 0 {
		return
	}
	p("## The manager's pages in a large database\n")
	p("The same organisation (%d staff, %d rounds, %d departments) in a database of its own and in one with %d others. One connection. The ratio is of the medians; the",
		mainStaff, mainRounds, mainDepartments, o.organisations-1)
	p("aim is 1.2. The p95 aims are 30 ms for the people list and 50 ms for the dashboard.\n")
	p(begin("large"))
	p("| page | database | people in all | alone: p50 ms | p95 ms | among all: p50 ms | p95 ms | ratio | aim p95 |")
	p("| --- | --- | --: | --: | --: | --: | --: | --: | --: |")
	for _, l := range f.lists {
		p("| %s | %s | %d | %.1f | %.1f | %.1f | %.1f | **%.2f** | %d ms |", l.name, name(l.engine), l.people, ms(l.one.percentile(50)), ms(l.one.percentile(95)),
			ms(l.many.percentile(50)), ms(l.many.percentile(95)), l.ratio(), l.limit.Milliseconds())
	}
	p(measuredNow())
	p(end)
	p("")
}

func (f *figures) writeImports(p printer) {
	if len(f.imports) == 0 {
		return
	}
	p("## Import of staff\n")
	p("A file sent to the built product, checked by a job and put into effect by another; the times are from sending until the answer says so, as somebody at the page sees it.")
	p("Aim on MariaDB: check under 20 s, apply under 60 s, memory under 300 MB. Settled: until rounds have taken everybody in and the log is sealed, in the background. The last two columns are the longest that a log-in and a manual edit took meanwhile.\n")
	p(begin("import"))
	p("| database | file | rows | check s | apply s | settled s | peak memory MB | longest log-in s | longest edit s |")
	p("| --- | --- | --: | --: | --: | --: | --: | --: | --: |")
	for _, i := range f.imports {
		p("| %s | %s | %d | **%.1f** | **%.1f** | %.1f | **%.0f** | %.1f | %.1f |", name(i.engine), i.file, i.rows, i.check.Seconds(), i.apply.Seconds(), i.settled.Seconds(), i.peakMB, i.login.Seconds(), i.edit.Seconds())
	}
	p(measuredNow())
	p(end)
	p("")
}

func (f *figures) writeProcess(p printer) {
	if f.process == nil {
		return
	}
	x := f.process
	p("## The process\n")
	p("The built binary with nothing configured. Memory is resident memory as Linux tells it.\n")
	p(begin("process"))
	p("| what | measured | aim |")
	p("| --- | --: | --: |")
	p("| binary | %.1f MB | 80 MB |", x.binaryMB)
	p("| start to first page, empty data directory (creates the schema) | %.2f s | |", x.firstStart.Seconds())
	p("| start to first page afterwards (median of five) | %.2f s | 1 s |", x.start.Seconds())
	p("| memory when idle | %.0f MB | 120 MB |", x.idleMB)
	p("| peak memory while %d people log in at once (all succeeded in %.1f s) | %.0f MB | 300 MB |", stormSize, x.storm.Seconds(), x.stormMB)
	p("| learner's first load, JavaScript compressed | %.1f KB | 200 KB |", x.firstLoad)
	p(measuredNow())
	p(end)
	p("")
}

func (f *figures) writePlans(p printer, o options) {
	if len(f.plans) == 0 {
		return
	}
	p("## Query plans\n")
	p("A walk over all resources of the API and the background jobs on %d organisations; every statement that was sent is explained. Bad is a plan that reads", o.organisations)
	p("a whole table or uses an index that does not begin with the tenant. `TestPlans` holds this on a smaller database.\n")
	p(begin("plans"))
	p("| database | statements | bad plans | slowest query | took ms |")
	p("| --- | --: | --: | --- | --: |")
	for _, x := range f.plans {
		p("| %s | %d | %d | `%s` | %.0f |", name(x.engine), x.statements, len(x.bad), strings.Join(strings.Fields(firstWords(x.slowest.query)), " "), ms(x.slowest.took))
	}
	p(measuredNow())
	p(end)
	p("")
	p("Excused, with reasons:\n")
	p(begin("excused"))
	for _, begin := range slices.Sorted(maps.Keys(excused)) {
		p("- `%s …`: %s", begin, excused[begin])
	}
	p(end)
}

func firstWords(query string) string { return query[:min(len(query), 90)] }

func name(e db.Engine) string {
	if e == db.SQLite {
		return "SQLite"
	}
	return "MariaDB"
}

func machine() string {
	memory := "unknown memory"
	if raw, err := os.ReadFile("/proc/meminfo"); err == nil {
		var kb float64
		if _, err := fmt.Sscanf(string(raw), "MemTotal: %f", &kb); err == nil {
			memory = fmt.Sprintf("%.0f GB of memory", kb/(1<<20))
		}
	}
	return fmt.Sprintf("%d cores, %s, %s on %s/%s", runtime.NumCPU(), memory, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// measuredNow is the line with which a part says when it was measured.
func measuredNow() string {
	return fmt.Sprintf("\n%s. Load average at the end: %s.", time.Now().UTC().Format("2 January 2006, 15:04 UTC"), loadAverage())
}

func loadAverage() string {
	raw, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(raw))[:3], ", ")
}
