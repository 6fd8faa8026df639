package main

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// plot is a drawing of lines over a logarithmic axis, as SVG that reads on light and on dark ground.
type plot struct {
	title, desc string
	across, up  string // what the axes are
	at          []float64
	lines       []line
}

type line struct {
	name   string
	values []float64 // one for each of plot.at
}

// The drawing: colours that stand apart on white and on near-black, for people who tell red and green apart badly too; each line also has a dash of its own.
const (
	plotWidth, plotHeight                    = 790, 420
	plotLeft, plotTop, plotRight, plotBottom = 70, 48, 260, 56
	plotStyle                                = `.b{fill:#fff}text{font:13px system-ui,sans-serif;fill:#1f2328}.t{font-weight:600;font-size:15px}.a{stroke:#6e7781}.g{stroke:#d0d7de}.l{fill:none;stroke-width:2}` +
		`.c0{stroke:#0969da}.c1{stroke:#bc4c00}.c2{stroke:#8250df}.c3{stroke:#1a7f37}.c4{stroke:#9a6700}.c5{stroke:#bf3989}` +
		`@media(prefers-color-scheme:dark){.b{fill:#0d1117}text{fill:#e6edf3}.a{stroke:#8b949e}.g{stroke:#30363d}.c0{stroke:#58a6ff}.c1{stroke:#f0883e}.c2{stroke:#bc8cff}.c3{stroke:#3fb950}.c4{stroke:#d29922}.c5{stroke:#f778ba}}`
)

var plotDashes = []string{"", "7 3", "2 3", "10 3 2 3", "4 2", "1 4"}

func (p plot) svg() string {
	var b strings.Builder
	w := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	w(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="title desc">`, plotWidth, plotHeight, plotWidth, plotHeight)
	w(`<title id="title">%s</title>`, html.EscapeString(p.title))
	w(`<desc id="desc">%s</desc>`, html.EscapeString(p.desc))
	w(`<style>%s</style>`, plotStyle)
	w(`<rect class="b" width="%d" height="%d"/>`, plotWidth, plotHeight)
	w(`<text class="t" x="%d" y="24">%s</text>`, plotLeft, html.EscapeString(p.title))
	low, high, top := math.Log10(p.at[0]), math.Log10(p.at[len(p.at)-1]), p.ceiling()
	x := func(v float64) float64 {
		return plotLeft + (plotWidth-plotLeft-plotRight)*(math.Log10(v)-low)/max(high-low, 1e-9)
	}
	y := func(v float64) float64 { return plotHeight - plotBottom - (plotHeight-plotTop-plotBottom)*v/top }
	for n := range 6 {
		v := top * float64(n) / 5
		w(`<path class="g" d="M%d %.1fH%d"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`, plotLeft, y(v), plotWidth-plotRight, plotLeft-8, y(v)+4, short(v))
	}
	for _, v := range p.at {
		w(`<path class="a" d="M%.1f %.1fv6"/><text x="%.1f" y="%.1f" text-anchor="middle">%s</text>`, x(v), y(0), x(v), y(0)+22, short(v))
	}
	w(`<text x="%d" y="%d" text-anchor="middle">%s</text>`, (plotWidth-plotRight+plotLeft)/2, plotHeight-12, html.EscapeString(p.across))
	w(`<text transform="translate(16 %d) rotate(-90)" text-anchor="middle">%s</text>`, (plotHeight-plotBottom+plotTop)/2, html.EscapeString(p.up))
	for i, l := range p.lines {
		points := make([]string, len(l.values))
		for j, v := range l.values {
			points[j] = fmt.Sprintf("%.1f %.1f", x(p.at[j]), y(v))
		}
		class, dash := i%6, plotDashes[i%len(plotDashes)]
		w(`<path class="l c%d" stroke-dasharray="%s" d="M%s"/>`, class, dash, strings.Join(points, "L"))
		left, level := plotWidth-plotRight+16, plotTop+20*i
		w(`<path class="l c%d" stroke-dasharray="%s" d="M%d %dh28"/><text x="%d" y="%d">%s</text>`, class, dash, left, level, left+36, level+4, html.EscapeString(l.name))
	}
	w(`</svg>`)
	return b.String()
}

// ceiling is a round number that no value is above.
func (p plot) ceiling() float64 {
	most := 0.0
	for _, l := range p.lines {
		for _, v := range l.values {
			most = max(most, v)
		}
	}
	if most <= 0 {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(most)))
	for _, n := range []float64{1, 1.5, 2, 3, 4, 5, 6, 8} {
		if n*unit >= most {
			return n * unit
		}
	}
	return 10 * unit
}

// short writes a number as people read it beside an axis.
func short(v float64) string {
	if v >= 1000 {
		return fmt.Sprintf("%.0f,%03.0f", math.Floor(v/1000), math.Mod(v, 1000))
	}
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", v), "0"), ".")
}
