package tenant

import (
	"context"
	"fmt"
	"strings"

	"kenshu/storage/db"
)

func compareText(a, b string) int { return strings.Compare(a, b) }

// departmentWas is a department for a time; ends is empty for what is so today.
type departmentWas struct {
	starts, ends, name string
	parent             db.ID
}

// departmentPast is everything that departments ever were.
type departmentPast struct {
	rows  map[db.ID][]departmentWas
	trees map[string]DepartmentTree
}

func readDepartmentPast(ctx context.Context, tid ID, r db.Runner) (*departmentPast, error) {
	p := &departmentPast{rows: map[db.ID][]departmentWas{}, trees: map[string]DepartmentTree{}}
	err := db.Each(ctx, r, sqlDepartmentRows, []any{tid}, func(scan func(...any) error) error {
		var id, merged db.ID
		var at departmentWas
		var closed, since db.Text
		var created db.Time
		if err := scan(&id, &at.parent, &at.name, &closed, &merged, &since, &created); err != nil {
			return err
		}
		if at.starts = string(since); since == "" {
			at.starts = Day(created.Time)
		}
		if closed != "" {
			at.ends = AddDays(string(closed), -1)
		}
		p.rows[id] = append(p.rows[id], at)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read departments: %w", err)
	}
	err = db.Each(ctx, r, sqlAllHistory, []any{tid}, func(scan func(...any) error) error {
		var id db.ID
		var at departmentWas
		err := scan(&id, &at.starts, &at.ends, &at.name, &at.parent)
		p.rows[id] = append(p.rows[id], at)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read history of departments: %w", err)
	}
	return p, nil
}

// on is the tree as it was on a day; a day to come is like today, as far as is known.
func (p *departmentPast) on(day string) DepartmentTree {
	if t, made := p.trees[day]; made {
		return t
	}
	var nodes []DepartmentNode
	for id, spans := range p.rows {
		for _, at := range spans {
			if at.starts <= day && (at.ends == "" || at.ends >= day) {
				nodes = append(nodes, DepartmentNode{ID: id, Parent: at.parent, Name: at.name})
				break
			}
		}
	}
	t := NewDepartmentTree(nodes)
	p.trees[day] = t
	return t
}

// path names a department as it was called on a day; one that was not there yet, or no more, by the nearest day on which it was.
func (p *departmentPast) path(id db.ID, day string) string {
	if path := p.on(day).Path(id); path != "" {
		return path
	}
	first, last := "", ""
	for _, at := range p.rows[id] {
		if first == "" || at.starts < first {
			first = at.starts
		}
		if at.ends > last {
			last = at.ends
		}
	}
	near := last
	if day < first {
		near = first
	}
	if path := p.on(near).Path(id); path != "" || len(p.rows[id]) == 0 {
		return path
	}
	return p.rows[id][0].name // it was closed on the day on which it was made
}
