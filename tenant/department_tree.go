package tenant

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
)

// MaxDepartmentDepth is how many departments may stand one below the other, the uppermost included.
const MaxDepartmentDepth = 10

// DepartmentPathSeparator stands between the names of a path, "本社/看護部". No name holds it.
const DepartmentPathSeparator = "/"

// DepartmentNode is one department of a DepartmentTree.
type DepartmentNode struct {
	ID       db.ID
	Parent   db.ID // zero for one that stands on its own
	Name     string
	ClosedOn db.Text // the first day on which it is no more; empty while it is open
	Depth    int     // 1 for one that stands on its own
}

// DepartmentTree is the departments of an organisation at one moment: each followed by those below it, those of one parent by name.
// Its zero value is an empty tree. It is a value: nothing changes it.
type DepartmentTree struct {
	nodes  []DepartmentNode
	ends   []int // of each node: where those below it end
	at     map[db.ID]int
	byName map[string][]int // open ones, by folded name
}

// ReadDepartmentTree reads the tree as it is today, closed departments included, with one query.
func ReadDepartmentTree(ctx context.Context, tid ID, r db.Runner) (DepartmentTree, error) {
	var nodes []DepartmentNode
	err := db.Each(ctx, r, sqlDepartmentNodes, []any{tid}, func(scan func(...any) error) error {
		var n DepartmentNode
		err := scan(&n.ID, &n.Parent, &n.Name, &n.ClosedOn)
		nodes = append(nodes, n)
		return err
	})
	if err != nil {
		return DepartmentTree{}, fmt.Errorf("read departments: %w", err)
	}
	return NewDepartmentTree(nodes), nil
}

// NewDepartmentTree puts departments in order. Whatever the rows say, the answer is a tree: a parent that is not among them counts as none, and of
// departments that stand in a circle the one with the smallest id counts as having no parent.
func NewDepartmentTree(nodes []DepartmentNode) DepartmentTree {
	nodes = slices.Clone(nodes)
	slices.SortFunc(nodes, func(a, b DepartmentNode) int { return compareID(a.ID, b.ID) })
	nodes = slices.CompactFunc(nodes, func(a, b DepartmentNode) bool { return a.ID == b.ID })
	cutCircles(nodes)
	keys, children := make(map[db.ID]string, len(nodes)), map[db.ID][]DepartmentNode{}
	for _, n := range nodes {
		keys[n.ID] = Fold(n.Name)
		children[n.Parent] = append(children[n.Parent], n)
	}
	for _, list := range children {
		slices.SortStableFunc(list, func(a, b DepartmentNode) int { return strings.Compare(keys[a.ID], keys[b.ID]) })
	}
	t := DepartmentTree{ends: make([]int, len(nodes)), at: make(map[db.ID]int, len(nodes)), byName: make(map[string][]int, len(nodes))}
	t.nodes = make([]DepartmentNode, 0, len(nodes))
	t.place(children, db.ID{}, 1)
	for i, n := range t.nodes {
		if n.ClosedOn == "" {
			t.byName[keys[n.ID]] = append(t.byName[keys[n.ID]], i)
		}
	}
	return t
}

// cutCircles takes away parents that are not there, and one parent of every circle. nodes are sorted by id.
func cutCircles(nodes []DepartmentNode) {
	at := make(map[db.ID]int, len(nodes))
	for i, n := range nodes {
		at[n.ID] = i
	}
	const unseen = 0
	walk := make([]int, len(nodes)) // in which walk upwards a node was met first
	for i := range nodes {
		for j := i; walk[j] == unseen; {
			walk[j] = i + 1
			up, known := at[nodes[j].Parent]
			if !known {
				nodes[j].Parent = db.ID{}
				break
			}
			if walk[up] == i+1 { // the walk came back to itself
				nodes[smallestOfCircle(nodes, at, up)].Parent = db.ID{}
				break
			}
			j = up
		}
	}
}

func smallestOfCircle(nodes []DepartmentNode, at map[db.ID]int, from int) int {
	smallest := from
	for j := at[nodes[from].Parent]; j != from; j = at[nodes[j].Parent] {
		smallest = min(smallest, j)
	}
	return smallest
}

func (t *DepartmentTree) place(children map[db.ID][]DepartmentNode, parent db.ID, depth int) {
	for _, n := range children[parent] {
		i := len(t.nodes)
		n.Depth = depth
		t.nodes, t.at[n.ID] = append(t.nodes, n), i
		t.place(children, n.ID, depth+1)
		t.ends[i] = len(t.nodes)
	}
}

// All gives every department in the order of the tree.
func (t DepartmentTree) All() []DepartmentNode { return slices.Clone(t.nodes) }

// Find gives one department.
func (t DepartmentTree) Find(id db.ID) (DepartmentNode, bool) {
	i, known := t.at[id]
	if !known {
		return DepartmentNode{}, false
	}
	return t.nodes[i], true
}

// Under gives a department and everything below it, closed ones too; nothing for an id that is not in the tree.
func (t DepartmentTree) Under(id db.ID) []db.ID {
	i, known := t.at[id]
	if !known {
		return nil
	}
	ids := make([]db.ID, 0, t.ends[i]-i)
	for _, n := range t.nodes[i:t.ends[i]] {
		ids = append(ids, n.ID)
	}
	return ids
}

// Above gives a department and everything it belongs to, from itself upwards; nothing for an id that is not in the tree.
func (t DepartmentTree) Above(id db.ID) []db.ID {
	var ids []db.ID
	for i, known := t.at[id]; known; i, known = t.at[t.nodes[i].Parent] {
		ids = append(ids, t.nodes[i].ID)
	}
	return ids
}

// Children gives the open departments directly below parent, by name; the zero id gives those that stand on their own.
func (t DepartmentTree) Children(parent db.ID) []DepartmentNode {
	from, to := 0, len(t.nodes)
	if !parent.IsZero() {
		i, known := t.at[parent]
		if !known {
			return nil
		}
		from, to = i+1, t.ends[i]
	}
	var list []DepartmentNode
	for from < to {
		if t.nodes[from].ClosedOn == "" {
			list = append(list, t.nodes[from])
		}
		from = t.ends[from]
	}
	return list
}

// Path names a department with everything it belongs to, "本社 / 看護部 / 3階"; "" for an id that is not in the tree.
func (t DepartmentTree) Path(id db.ID) string { return t.join(id, " "+DepartmentPathSeparator+" ") }

// Cell is Path as a cell of a list of people holds it, "本社/看護部/3階". Resolve reads it back.
func (t DepartmentTree) Cell(id db.ID) string { return t.join(id, DepartmentPathSeparator) }

func (t DepartmentTree) join(id db.ID, between string) string {
	above := t.Above(id)
	names := make([]string, len(above))
	for i, up := range above {
		names[len(names)-1-i] = t.nodes[t.at[up]].Name
	}
	return strings.Join(names, between)
}

// Resolve finds the open department that text means: its whole path ("本社/看護部"), or as much of the end of it as tells it apart ("看護部"). A whole path
// wins over the end of another one. The problem is nil, or has the key department_unknown, or department_ambiguous with the paths that are meant perhaps.
func (t DepartmentTree) Resolve(text string) (db.ID, *fault.Field) {
	var ends []int
	for _, i := range t.meant(text) {
		if t.nodes[i].Depth == len(pathNames(text)) || t.nodes[i].Depth == 1 {
			return t.nodes[i].ID, nil
		}
		ends = append(ends, i)
	}
	switch len(ends) {
	case 0:
		return db.ID{}, &fault.Field{Key: "department_unknown"}
	case 1:
		return t.nodes[ends[0]].ID, nil
	}
	const shown = 5
	paths := make([]string, 0, len(ends))
	for _, i := range ends[:min(shown, len(ends))] {
		paths = append(paths, t.Cell(t.nodes[i].ID))
	}
	return db.ID{}, &fault.Field{Key: "department_ambiguous", Args: map[string]any{"paths": strings.Join(paths, ", "), "count": len(ends)}}
}

// meant gives the open departments whose path ends with text. A name of an older version may hold the separator: it is found by its whole name.
func (t DepartmentTree) meant(text string) []int {
	names := pathNames(text)
	if len(names) == 0 {
		return nil
	}
	if len(names) == 1 {
		return t.byName[names[0]]
	}
	found := slices.Clone(t.byName[Fold(text)])
	for _, i := range t.byName[names[len(names)-1]] {
		up, fits := i, true
		for k := len(names) - 2; k >= 0 && fits; k-- {
			var known bool
			up, known = t.at[t.nodes[up].Parent]
			fits = known && Fold(t.nodes[up].Name) == names[k]
		}
		if fits {
			found = append(found, i)
		}
	}
	return found
}

// pathNames divides a path into folded names.
func pathNames(text string) []string {
	var names []string
	for part := range strings.SplitSeq(text, DepartmentPathSeparator) {
		if part = Fold(part); part != "" {
			names = append(names, part)
		}
	}
	return names
}

// Missing tells what has to be made so that a path which Resolve does not know leads somewhere: below which department (zero: none), and the names one
// below the other. It returns fault.Invalid when a name cannot be one, or when there would be too many one below the other.
func (t DepartmentTree) Missing(text string) (below db.ID, names []string, err error) {
	for part := range strings.SplitSeq(text, DepartmentPathSeparator) {
		if part = Tidy(part); part == "" {
			continue
		}
		if _, err := departmentName(part); err != nil {
			return below, nil, err
		}
		names = append(names, part)
	}
	depth := len(names)
	for len(names) > 0 {
		at := slices.IndexFunc(t.Children(below), func(n DepartmentNode) bool { return Fold(n.Name) == Fold(names[0]) })
		if at < 0 {
			break
		}
		below, names = t.Children(below)[at].ID, names[1:]
	}
	if depth > MaxDepartmentDepth {
		return below, nil, departmentDepth()
	}
	return below, names, nil
}

func departmentDepth() error {
	return &fault.Error{Kind: fault.Conflict, Key: "department_depth", Args: map[string]any{"max": MaxDepartmentDepth},
		Fields: []fault.Field{{Path: "parent", Key: "department_depth", Args: map[string]any{"max": MaxDepartmentDepth}}}}
}
