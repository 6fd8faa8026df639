package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kenshu/storage/db"
)

// percentile gives the milliseconds within which so many percent of the answers came.
func (d did) percentile(p int) float64 {
	if len(d.Times) == 0 {
		return 0
	}
	sorted := slices.Clone(d.Times)
	slices.Sort(sorted)
	return float64(sorted[min(len(sorted)-1, len(sorted)*p/100)]) / 1000
}

func (p played) perSecond() float64 { return float64(p.requests()) / p.Spent.Seconds() }

// all is every operation together.
func (p played) all() (d did) {
	for _, o := range p.Ops {
		d.Times, d.Bytes, d.Failed = append(d.Times, o.Times...), d.Bytes+o.Bytes, d.Failed+o.Failed
	}
	return d
}

func (f *dayFigures) aimed() mixFigures { return f.mixes[len(f.mixes)-1] }

func (f *figures) writeDays(p printer) {
	if len(f.days) == 0 {
		return
	}
	first := f.days[0]
	large := first.rooms[len(first.rooms)-1]
	p("## The last day before a deadline\n")
	p("`make bench-day`: learners make 900 of a thousand requests, managers 90, editors 10, in an order that a seed decides; the shares of each operation stand in the first table. Sessions are begun by the product's own keeper")
	p("of sessions, as after a right password: %d learners, %d managers, %d editors at the large seed. The driver is a process of its own, on the same two cores, over the loopback. The product runs as one replica with its cache in", first.sessions[0], first.sessions[1], first.sessions[2])
	p("process and without the background jobs, which a day that was just sown would flood. MariaDB is one that only this run uses: buffer pool 1 GB, log 256 MB, every commit on the disk. SQLite: WAL, synchronous FULL.\n")
	p("Processor time and statements of a request are counted while an operation is asked alone, 2 in flight, the seeds in turn, each for the same 800 learners: half of the organisation that is the same in every seed (1,500 staff, 10 rounds),")
	p("half of the others. They hardly depend on what else the machine does, times do. *Bare* is the handler of the section above: it sends the statements that the product sent for the same people and checks nothing; both are asked by turns, 8 in flight, at the large seed.\n")
	p(begin("day"))
	for _, x := range f.days {
		x.write(p)
	}
	p("![Processor time a request as the installation grows](day-growth.svg)\n")
	p("![Throughput and time as more requests are in flight](day-load.svg)\n")
	p("How the seeds grow:\n")
	p("| organisations | people | enrolments | progress rows | attempts | sown on %s in s |", name(first.engine))
	p("| --: | --: | --: | --: | --: | --: |")
	for _, r := range first.rooms {
		p("| %d | %d | %d | %d | %d | %.0f |", r.organisations, r.people, r.rows["enrolment"], r.rows["progress"], r.rows["attempt"], r.sown.Seconds())
	}
	p("\nAt the large seed every answer is of an installation with %d people.", large.people)
	p(end)
	p("")
}

func (f *dayFigures) write(p printer) {
	last := len(f.rooms) - 1
	aimed := f.aimed()
	p("### %s, %s UTC\n", name(f.engine), f.at.Format("2 January 2006, 15:04"))
	p("%s. Load average before: %s; after: %s. %d organisations.\n", machine(), f.load[0], f.load[1], f.rooms[last].organisations)
	p("| of 1,000 | operation | %d in flight: /s | p50 ms | p95 | p99 | failed | at %.0f/s: p50 ms | p95 | p99 | product ms CPU | database ms CPU | statements | KB sent | KB allocated | product : bare |", aimed.inFlight, f.rate)
	p("| --: | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |")
	for i, op := range dayMix {
		a, b, c := aimed.played.Ops[i], f.arriving.played.Ops[i], f.alone[i][last]
		n := float64(c.requests)
		p("| %d | %s | %.1f | %.1f | %.1f | %.1f | %d | %.1f | %.1f | %.1f | %.2f | %s | %.1f | %.1f | %.0f | %s |", op.share, op.name, float64(len(a.Times))/aimed.played.Spent.Seconds(), a.percentile(50), a.percentile(95), a.percentile(99), a.Failed+b.Failed,
			b.percentile(50), b.percentile(95), b.percentile(99), ms(c.product)/n, f.database(c), c.queries(), float64(c.bytes)/n/1024, float64(c.allocated)/n/1024, f.beside[i].percent())
	}
	a, b := aimed.played.all(), f.arriving.played.all()
	n := float64(aimed.spent.requests)
	p("| 1,000 | **all** | %.1f | %.1f | %.1f | %.1f | %d | %.1f | %.1f | %.1f | %.2f | %s | %.1f | %.1f | %.0f | |\n", aimed.played.perSecond(), a.percentile(50), a.percentile(95), a.percentile(99), a.Failed+b.Failed, b.percentile(50), b.percentile(95), b.percentile(99),
		ms(aimed.spent.product)/n, f.database(aimed.spent), aimed.spent.queries(), float64(aimed.spent.bytes)/n/1024, float64(aimed.spent.allocated)/n/1024)
	p("Memory at most: product %.0f MB (it holds the sessions, and what sowing left), MariaDB %.0f MB. %d requests that were due at the rate could not be sent in time.\n", aimed.productMB, aimed.dbMB, f.arriving.played.Late)
	p("| in flight | requests/s | p50 ms | p95 | p99 | cores: product | database |")
	p("| --: | --: | --: | --: | --: | --: | --: |")
	for _, m := range f.mixes {
		all, s := m.played.all(), m.played.Spent.Seconds()
		p("| %d | %.0f | %.1f | %.1f | %.1f | %.2f | %.2f |", m.inFlight, m.played.perSecond(), all.percentile(50), all.percentile(95), all.percentile(99), m.spent.product.Seconds()/s, m.spent.database.Seconds()/s)
	}
	p("\nProduct and database together, of a request, as the installation grows:\n")
	sizes := make([]string, len(f.rooms))
	for i, r := range f.rooms {
		sizes[i] = fmt.Sprintf("%d organisations: ms CPU", r.organisations)
	}
	p("| operation | %s | ×%d | statements: %d | %d |", strings.Join(sizes, " | "), f.rooms[last].organisations/f.rooms[0].organisations, f.rooms[0].organisations, f.rooms[last].organisations)
	p("| --- |%s --: | --: | --: |", strings.Repeat(" --: |", len(f.rooms)))
	for i, op := range dayMix {
		cells := make([]string, len(f.rooms))
		for j, c := range f.alone[i] {
			cells[j] = fmt.Sprintf("%.2f", c.cpu())
		}
		first, many := f.alone[i][0], f.alone[i][last]
		p("| %s | %s | **%.2f** | %.1f | %.1f |", op.name, strings.Join(cells, " | "), many.cpu()/first.cpu(), first.queries(), many.queries())
	}
	mean := f.weighed()
	cells := make([]string, len(mean))
	for j, v := range mean {
		cells[j] = fmt.Sprintf("%.2f", v)
	}
	p("| **the mix** | %s | **%.2f** | | |\n", strings.Join(cells, " | "), mean[last]/mean[0])
	f.writeAims(p)
}

// weighed is milliseconds of processor time of a request of the mix in every seed.
func (f *dayFigures) weighed() []float64 {
	out := make([]float64, len(f.rooms))
	for i, op := range dayMix {
		for j := range f.rooms {
			out[j] += f.alone[i][j].cpu() * float64(op.share) / 1000
		}
	}
	return out
}

func (f *dayFigures) database(s spent) string {
	if f.engine == db.SQLite {
		return "in product"
	}
	return fmt.Sprintf("%.2f", ms(s.database)/float64(s.requests))
}

func (x pair) percent() string {
	if x.bare == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", 100*x.product/x.bare)
}

// writeAims says of every aim what it came to.
func (f *dayFigures) writeAims(p printer) {
	var below, slow, slowAtRate, grown []string
	last := len(f.rooms) - 1
	for i, op := range dayMix {
		if x := f.beside[i]; op.to < managing && x.bare > 0 && x.product < 0.7*x.bare {
			below = append(below, fmt.Sprintf("%s (%s)", op.name, x.percent()))
		}
		if v := f.aimed().played.Ops[i].percentile(95); v > 60 {
			slow = append(slow, fmt.Sprintf("%s (%.0f)", op.name, v))
		}
		if v := f.arriving.played.Ops[i].percentile(95); v > 60 {
			slowAtRate = append(slowAtRate, fmt.Sprintf("%s (%.0f)", op.name, v))
		}
		if v := f.alone[i][last].cpu() / f.alone[i][0].cpu(); v > 1.2 {
			grown = append(grown, fmt.Sprintf("%s (×%.2f)", op.name, v))
		}
	}
	say := func(list []string) string {
		if len(list) == 0 {
			return "**kept** by all"
		}
		if len(list) == len(dayMix) {
			return "**missed** by all"
		}
		return fmt.Sprintf("missed by %d of %d: %s", len(list), len(dayMix), strings.Join(list, ", "))
	}
	mean := f.weighed()
	p("Aims: learners' requests at 70 %% of the bare handler or more: %s.", say(below))
	p("p95 of 60 ms with %d in flight: %s; at %.0f requests a second: %s.", f.aimed().inFlight, say(slow), f.rate, say(slowAtRate))
	p("A request at %d organisations costs at most 20 %% more than at %d: the mix ×%.2f; %s.\n", f.rooms[last].organisations, f.rooms[0].organisations, mean[last]/mean[0], say(grown))
}

// draw writes the plots of the days beside the page.
func (f *figures) draw(page string) error {
	if len(f.days) == 0 {
		return nil
	}
	growth := plot{title: "Processor time of a request as the installation grows", across: "organisations (about 100 people each)", up: "ms, product and database"}
	load := plot{title: "p95 of the mix as more requests are in flight", across: "requests in flight", up: "p95 in ms"}
	for _, x := range f.days {
		growth.at, load.at = nil, nil
		for _, r := range x.rooms {
			growth.at = append(growth.at, float64(r.organisations))
		}
		for _, only := range []string{"learner's first page", "saving progress"} {
			i := slices.IndexFunc(dayMix, func(o operation) bool { return o.name == only })
			l := line{name: name(x.engine) + ": " + only}
			for _, c := range x.alone[i] {
				l.values = append(l.values, c.cpu())
			}
			growth.lines = append(growth.lines, l)
		}
		growth.lines = append(growth.lines, line{name(x.engine) + ": the mix", x.weighed()})
		l := line{name: name(x.engine)}
		for _, m := range x.mixes {
			load.at = append(load.at, float64(m.inFlight))
			l.values = append(l.values, m.played.all().percentile(95))
		}
		load.lines = append(load.lines, l)
	}
	day := f.days[0].at.Format("2 January 2006")
	growth.desc = "Measured on " + day + ", " + machine() + ": " + growth.told()
	load.desc = "Measured on " + day + ", " + machine() + ": " + load.told()
	dir := filepath.Dir(page)
	if err := os.WriteFile(filepath.Join(dir, "day-growth.svg"), []byte(growth.svg()), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "day-load.svg"), []byte(load.svg()), 0o644)
}

// told says in words what is drawn.
func (p plot) told() string {
	parts := make([]string, 0, len(p.lines))
	for _, l := range p.lines {
		points := make([]string, len(l.values))
		for i, v := range l.values {
			points[i] = fmt.Sprintf("%.2f at %s", v, short(p.at[i]))
		}
		parts = append(parts, l.name+" "+strings.Join(points, ", "))
	}
	return p.up + " by " + p.across + ". " + strings.Join(parts, "; ") + "."
}
