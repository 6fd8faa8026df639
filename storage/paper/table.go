package paper

import (
	"fmt"
	"iter"
)

// Column is one column of a Table.
type Column struct {
	Title string
	Width float64 // millimetres; 0 takes an equal share of what is left
	Align Align
}

// Table flows from the cursor down. Its head is repeated on every page; cells are wrapped; a row goes to the next page whole, and
// only one that no page can hold is divided.
type Table struct {
	Columns []Column
	Rows    iter.Seq[[]string] // slices.Values of a list, or straight from a query; a short row is filled with empty cells
	Style   Style              // of the cells; Align comes from the column
	Head    Style              // of the head; Bold in the cells' size when zero
	Fill    Colour             // behind the head; light grey when zero
	Pen     Pen                // rules; 0.4 point grey when zero
}

const cellPadX, cellPadY = 1.6, 0.9

// grid is a table with its defaults filled in and its columns measured.
type grid struct {
	Table
	x []float64 // left edges, and the right edge of the last
}

// Table draws the table.
func (d *Doc) Table(t Table) {
	if d.err != nil {
		return
	}
	g, err := t.grid(d.Area())
	if err != nil {
		d.note(err)
		return
	}
	head := make([]string, len(g.Columns))
	for i, c := range g.Columns {
		head[i] = c.Title
	}
	headLines, headHeight := d.cells(g, head, g.Head)
	d.Keep(headHeight + 2*g.Style.line())
	drawHead := func() {
		d.Fill(Box{g.x[0], d.y, g.x[len(g.x)-1] - g.x[0], headHeight}, g.Fill)
		d.row(g, headLines, headHeight, g.Head)
	}
	drawHead()
	top := d.margins.Top + headHeight
	for row := range g.Rows {
		if len(row) > len(g.Columns) {
			d.note(fmt.Errorf("a row of %d cells in a table of %d columns", len(row), len(g.Columns)))
		}
		if d.err != nil {
			return
		}
		lines, height := d.cells(g, row, g.Style)
		if d.y+height > d.bottom()+0.01 && d.y > top+0.01 {
			d.Page()
			drawHead()
		}
		d.divide(g, lines, drawHead)
	}
}

// divide draws a row, in parts when even a page of its own is too short.
func (d *Doc) divide(g *grid, lines [][][]rune, drawHead func()) {
	for d.err == nil {
		room := max(1, int((d.bottom()-d.y-2*cellPadY+0.01)/g.Style.line()))
		part, rest, most := make([][][]rune, len(lines)), make([][][]rune, len(lines)), 1
		more := false
		for i, cell := range lines {
			n := min(room, len(cell))
			part[i], rest[i] = cell[:n], cell[n:]
			most, more = max(most, n), more || len(rest[i]) > 0
		}
		d.row(g, part, float64(most)*g.Style.line()+2*cellPadY, g.Style)
		if !more {
			return
		}
		d.Page()
		drawHead()
		lines = rest
	}
}

func (t Table) grid(area Box) (*grid, error) {
	g := &grid{Table: t, x: []float64{area.X}}
	if g.Head == (Style{}) {
		g.Head = Style{Size: t.Style.Size, Bold: true, Leading: t.Style.Leading}
	}
	if g.Fill == (Colour{}) {
		g.Fill = Colour{240, 240, 238}
	}
	if g.Pen == (Pen{}) {
		g.Pen = Pen{Width: 0.4, Colour: Colour{150, 150, 150}}
	}
	left, shares := area.W, 0
	for _, c := range t.Columns {
		left -= c.Width
		if c.Width == 0 {
			shares++
		}
	}
	if len(t.Columns) == 0 || left < -0.01 || shares > 0 && left/float64(shares) < 5 {
		return nil, fmt.Errorf("%d columns do not fit into %.0f mm", len(t.Columns), area.W)
	}
	x := area.X
	for _, c := range t.Columns {
		if c.Width == 0 {
			c.Width = left / float64(shares)
		}
		x += c.Width
		g.x = append(g.x, x)
	}
	return g, nil
}

// cells wraps a row's cells and gives the height of the row.
func (d *Doc) cells(g *grid, row []string, style Style) (lines [][][]rune, height float64) {
	lines, most := make([][][]rune, len(g.Columns)), 1
	for i := range g.Columns {
		if i < len(row) {
			lines[i], _, _ = d.set(g.x[i+1]-g.x[i]-2*cellPadX, row[i], style)
			most = max(most, len(lines[i]))
		}
	}
	return lines, float64(most)*style.line() + 2*cellPadY
}

// row draws wrapped cells at the cursor, with their rules, and moves the cursor below.
func (d *Doc) row(g *grid, lines [][][]rune, height float64, style Style) {
	if !d.ready() {
		return
	}
	for i, cell := range lines {
		style.Align, style.Fit = g.Columns[i].Align, false
		d.draw(Box{X: g.x[i] + cellPadX, Y: d.y + cellPadY, W: g.x[i+1] - g.x[i] - 2*cellPadX}, cell, style)
	}
	right := g.x[len(g.x)-1]
	for _, y := range []float64{d.y, d.y + height} {
		d.Line(g.x[0], y, right, y, g.Pen)
	}
	for _, x := range g.x {
		d.Line(x, d.y, x, d.y+height, g.Pen)
	}
	d.y += height
}
