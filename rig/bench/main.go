// Command bench measures what issue and documentation promise and writes docs/benchmarks.md:
//
//	make bench
//
// Throughput is compared within one run, in turns, so that a busy machine does not favour anybody.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"kenshu/rig/servers"
	"kenshu/storage/db"
)

// options are what the command line sets.
type options struct {
	engines       []db.Engine
	workers       int
	learners      int
	each          time.Duration
	turns         int
	organisations int
	filmLoops     int // of eight seconds
	backupMB      int
	packageMB     int
	filesMB       int
	day           daySizes
	only          string
	parts         string
	profile       string
	binary        string
	out           string
}

// usualParts are what is measured when nobody names parts.
const usualParts = "learner,learning,import,process,large,report,film,moodle,package,editor"

func readOptions() options {
	var o options
	engines := flag.String("engines", "sqlite,mysql", "databases to measure")
	quick := flag.Bool("quick", false, "small sizes and short times: to see that everything runs, not to quote")
	flag.IntVar(&o.workers, "workers", 4, "connections of the load")
	flag.IntVar(&o.learners, "learners", 200, "learners that the load plays")
	flag.DurationVar(&o.each, "each", 4*time.Second, "time a side is measured")
	flag.IntVar(&o.turns, "turns", 8, "turns that this time is cut into")
	flag.IntVar(&o.organisations, "organisations", 10_000, "organisations in the large database, of 100 people each")
	flag.IntVar(&o.filmLoops, "film", 900, "how often the clip of eight seconds comes in the film: 900 are two hours")
	flag.IntVar(&o.backupMB, "backup", 200, "size of the Moodle backup in MB")
	flag.IntVar(&o.packageMB, "package", 200, "size of the learning package in MB")
	flag.IntVar(&o.filesMB, "files", 1000, "size of the files that the backed up installation keeps in MB")
	flag.StringVar(&o.only, "only", "", "only the hot paths whose name holds this")
	flag.StringVar(&o.parts, "parts", usualParts, "what to measure; day and backup are measured only when they are named")
	flag.StringVar(&o.profile, "profile", "", "write a CPU profile of the hot path named by -only there instead")
	flag.StringVar(&o.binary, "binary", "bin/kenshu", "the built product")
	flag.StringVar(&o.out, "out", "docs/benchmarks.md", "the page to write; empty: only print")
	flag.Parse()
	o.day = bigDay
	for _, e := range strings.Split(*engines, ",") {
		o.engines = append(o.engines, db.Engine(e))
	}
	if *quick {
		o.each, o.turns, o.organisations, o.learners = 400*time.Millisecond, 2, 200, 20
		o.filmLoops, o.backupMB, o.packageMB, o.filesMB, o.day = 10, 5, 10, 10, smallDay
	}
	return o
}

func main() {
	if driven(os.Stdin, os.Stdout) {
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, readOptions())
	stop()
	servers.Stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// figures are everything that was measured.
type figures struct {
	ratios  []ratio
	lists   []listLine
	imports []importFigures
	process *processFigures
	plans   []planned
	reports []reportLine
	films   []filmFigures
	moodles []moodleFigures

	packages []packageFigures
	backups  []backupFigures
	learning []learningFigures
	editor   *editorFigures
	days     []*dayFigures
}

// run writes the page also when a part failed: what the others took minutes to find is not thrown away.
func run(ctx context.Context, o options) error {
	var f figures
	failed := f.all(ctx, o)
	if o.out == "" {
		return failed
	}
	old, err := os.ReadFile(o.out)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return errors.Join(failed, err)
	}
	var fresh strings.Builder
	if err := f.write(&fresh, o); err != nil {
		return errors.Join(failed, err)
	}
	return errors.Join(failed, f.draw(o.out), os.WriteFile(o.out, []byte(keep(string(old), fresh.String())), 0o644))
}

func (f *figures) all(ctx context.Context, o options) error {
	for _, part := range strings.Split(o.parts, ",") {
		if part == "process" {
			got, err := measureProcess(ctx, o)
			if err != nil {
				return err
			}
			f.process = &got
			continue
		}
		if part == "editor" {
			got, err := measureEditor(ctx, db.SQLite, o)
			if err != nil {
				return err
			}
			f.editor = got
			continue
		}
		for _, e := range o.engines {
			if err := f.measure(ctx, part, e, o); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *figures) measure(ctx context.Context, part string, e db.Engine, o options) error {
	switch part {
	case "learner":
		got, err := hotPaths(ctx, e, o)
		f.ratios = append(f.ratios, got...)
		return err
	case "large":
		lists, plans, err := measureLarge(ctx, e, o)
		f.lists, f.plans = append(f.lists, lists...), append(f.plans, plans)
		return err
	case "report":
		got, err := measureReport(ctx, e, o)
		f.reports = append(f.reports, got...)
		return err
	case "learning":
		got, err := measureLearning(ctx, e, o)
		f.learning = append(f.learning, got...)
		return err
	case "film":
		got, err := measureFilm(ctx, e, o)
		f.films = append(f.films, got...)
		return err
	case "moodle":
		got, err := measureMoodle(ctx, e, o)
		f.moodles = append(f.moodles, got...)
		return err
	case "package":
		got, err := measurePackage(ctx, e, o)
		f.packages = append(f.packages, got...)
		return err
	case "backup":
		got, err := measureBackup(ctx, e, o)
		f.backups = append(f.backups, got...)
		return err
	case "day":
		got, err := measureDay(ctx, e, o.day)
		if err == nil { // half a day is no figure
			f.days = append(f.days, got)
		}
		return err
	case "import":
		got, err := measureImport(ctx, e, o)
		f.imports = append(f.imports, got...)
		return err
	}
	return fmt.Errorf("there is no part %q", part)
}

func (r ratio) print() {
	fmt.Printf("%-40s %-7s %d statements  product %6.0f/s p95 %6.2f ms  bare %6.0f/s p95 %6.2f ms  bare on the product's pool %6.0f/s  empty %6.0f/s  %3.0f %% %3.0f %%\n",
		r.name, r.engine, r.statements, r.product.perSecond(), ms(r.product.percentile(95)), r.bare.perSecond(), ms(r.bare.percentile(95)), r.kept.perSecond(), r.empty.perSecond(),
		percent(r.product, r.bare), percent(r.product, r.kept))
}

func percent(a, b sample) float64 { return 100 * a.perSecond() / b.perSecond() }

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
