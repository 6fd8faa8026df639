package tenant_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

func nodeID(n int) db.ID { return db.ID{0: byte(n >> 8), 1: byte(n), 15: 1} }

func node(n, parent int, name string) tenant.DepartmentNode {
	d := tenant.DepartmentNode{ID: nodeID(n), Name: name}
	if parent > 0 {
		d.Parent = nodeID(parent)
	}
	return d
}

func paths(t tenant.DepartmentTree, ids []db.ID) (out []string) {
	for _, id := range ids {
		out = append(out, t.Cell(id))
	}
	return out
}

func hospital() tenant.DepartmentTree {
	closed := node(9, 1, "看護部")
	closed.ClosedOn = "2026-01-01"
	return tenant.NewDepartmentTree([]tenant.DepartmentNode{
		node(5, 2, "3階"), node(2, 1, "看護部"), node(1, 0, "本社"), node(3, 0, "支社"), node(4, 3, "看護部"), node(6, 4, "3階"), node(7, 3, "総務"), node(8, 0, "総務"), closed,
	})
}

func TestDepartmentTree(t *testing.T) {
	tree := hospital()
	if got := paths(tree, tree.Under(nodeID(1))); !slices.Equal(got, []string{"本社", "本社/看護部", "本社/看護部/3階", "本社/看護部"}) {
		t.Errorf("below 本社: %v", got)
	}
	if got := tree.Path(nodeID(5)); got != "本社 / 看護部 / 3階" {
		t.Errorf("path %q", got)
	}
	if got := paths(tree, tree.Above(nodeID(6))); !slices.Equal(got, []string{"支社/看護部/3階", "支社/看護部", "支社"}) {
		t.Errorf("above: %v", got)
	}
	if n, ok := tree.Find(nodeID(6)); !ok || n.Depth != 3 || n.Parent != nodeID(4) {
		t.Errorf("found %+v %v", n, ok)
	}
	if got := tree.Children(nodeID(1)); len(got) != 1 || got[0].ID != nodeID(2) {
		t.Errorf("open children of 本社: %+v", got)
	}
	if got := tree.Children(db.ID{}); len(got) != 3 {
		t.Errorf("roots: %+v", got)
	}
	if _, ok := tree.Find(nodeID(99)); ok || tree.Under(nodeID(99)) != nil || tree.Path(nodeID(99)) != "" || tree.Children(nodeID(99)) != nil {
		t.Error("an unknown id is in the tree")
	}
	var none tenant.DepartmentTree
	if _, f := none.Resolve("本社"); f == nil || none.Path(nodeID(1)) != "" || len(none.All()) != 0 {
		t.Error("the zero value is not an empty tree")
	}
}

func TestResolveDepartment(t *testing.T) {
	tree := hospital()
	for text, want := range map[string]int{
		"本社": 1, " 本社 / 看護部 ": 2, "本社/看護部/３階": 5, "総務": 8, "支社/総務": 7, "支社/看護部/3階": 6, "/支社/": 3,
	} {
		if id, f := tree.Resolve(text); f != nil || id != nodeID(want) {
			t.Errorf("%q is %s (%+v), want %d", text, tree.Cell(id), f, want)
		}
	}
	for text, want := range map[string]string{
		"看護部": "department_ambiguous 本社/看護部, 支社/看護部", "看護部/3階": "department_ambiguous 本社/看護部/3階, 支社/看護部/3階", "経理": "department_unknown", "": "department_unknown", "/": "department_unknown", "総務/3階": "department_unknown",
	} {
		id, f := tree.Resolve(text)
		if f == nil || !id.IsZero() {
			t.Errorf("%q is %s", text, tree.Cell(id))
			continue
		}
		got := f.Key
		if f.Args["paths"] != nil {
			got += " " + fmt.Sprint(f.Args["paths"])
		}
		a, b := strings.Split(got, ", "), strings.Split(want, ", ")
		if len(a) != len(b) || len(got) != len(want) || !strings.HasPrefix(got, strings.Fields(want)[0]) {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	// A name of an older version holds the separator.
	old := tenant.NewDepartmentTree([]tenant.DepartmentNode{node(1, 0, "総務/経理")})
	if id, f := old.Resolve("総務/経理"); f != nil || id != nodeID(1) {
		t.Errorf("an old name: %v %+v", id, f)
	}
}

func TestMissingDepartments(t *testing.T) {
	tree := hospital()
	for _, c := range []struct {
		text, below, names string
	}{
		{"新部", "", "新部"}, {"本社/新部/新課", "本社", "新部,新課"}, {"本社/看護部/4階", "本社/看護部", "4階"}, {"本社/看護部", "本社/看護部", ""},
	} {
		below, names, err := tree.Missing(c.text)
		if err != nil || tree.Cell(below) != c.below || strings.Join(names, ",") != c.names {
			t.Errorf("%s: below %q make %v (%v)", c.text, tree.Cell(below), names, err)
		}
	}
	if _, _, err := tree.Missing(strings.Repeat("課/", tenant.MaxDepartmentDepth) + "課"); err == nil {
		t.Error("eleven departments one below the other")
	}
	if _, _, err := tree.Missing("本社/" + strings.Repeat("長", tenant.MaxDepartmentName+1)); err == nil {
		t.Error("a name of 101 characters")
	}
}

// Whatever the rows say, reading ends and gives every department once.
func TestDepartmentTreeOfDamagedRows(t *testing.T) {
	for name, nodes := range map[string][]tenant.DepartmentNode{
		"itself":      {node(1, 1, "a")},
		"two":         {node(1, 2, "a"), node(2, 1, "b")},
		"lasso":       {node(1, 2, "a"), node(2, 3, "b"), node(3, 4, "c"), node(4, 2, "d"), node(5, 1, "e")},
		"two circles": {node(1, 2, "a"), node(2, 1, "b"), node(3, 4, "c"), node(4, 3, "d")},
		"orphan":      {node(1, 77, "a"), node(2, 1, "b")},
		"twice":       {node(1, 0, "a"), node(1, 0, "a")},
	} {
		tree := tenant.NewDepartmentTree(nodes)
		seen := map[db.ID]int{}
		for _, n := range tree.All() {
			seen[n.ID]++
		}
		for _, n := range nodes {
			if seen[n.ID] != 1 {
				t.Errorf("%s: %s stands %d times in the tree", name, n.Name, seen[n.ID])
			}
		}
		under := 0
		for _, root := range tree.Children(db.ID{}) {
			under += len(tree.Under(root.ID))
		}
		if under != len(tree.All()) {
			t.Errorf("%s: %d of %d hang below a root", name, under, len(tree.All()))
		}
	}
	if lasso := tenant.NewDepartmentTree([]tenant.DepartmentNode{node(1, 2, "a"), node(2, 3, "b"), node(3, 4, "c"), node(4, 2, "d"), node(5, 1, "e")}); lasso.Cell(nodeID(5)) != "b/a/e" {
		t.Errorf("the circle is cut at %q, not at its smallest id", lasso.Cell(nodeID(5)))
	}
}

func TestDepartmentTreeOfFiveThousand(t *testing.T) {
	var nodes []tenant.DepartmentNode
	for i := 1; i <= 5000; i++ {
		nodes = append(nodes, node(i, i/8, fmt.Sprintf("部署%04d", i)))
	}
	start := time.Now()
	tree := tenant.NewDepartmentTree(nodes)
	if took := time.Since(start); took > time.Second {
		t.Errorf("5,000 departments took %s", took)
	}
	total := 0
	for _, n := range tree.Children(db.ID{}) {
		total += len(tree.Under(n.ID))
	}
	if total != 5000 {
		t.Errorf("%d of 5000", total)
	}
	chain := make([]tenant.DepartmentNode, 0, 5000) // far beyond the limit: rows of another hand
	for i := 1; i <= 5000; i++ {
		chain = append(chain, node(i, i-1, "課"))
	}
	if n, _ := tenant.NewDepartmentTree(chain).Find(nodeID(5000)); n.Depth != 5000 {
		t.Errorf("depth %d", n.Depth)
	}
}

func TestReadDepartmentTree(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		a, b := kit.NewOrg(t, d, "A", "organisation", 1), kit.NewOrg(t, d, "B", "organisation", 1)
		insert := func(org kit.Org, n, parent int, name, key string) {
			t.Helper()
			var up any
			if parent > 0 {
				up = nodeID(parent)
			}
			if _, err := d.Exec(t.Context(), `INSERT INTO department (tenant_id, id, name, name_key, parent_id, created_at, updated_at) VALUES (?, ?, ?, ?, ?, 1, 1)`, org.ID, nodeID(n), name, key, up); err != nil {
				t.Fatal(err)
			}
		}
		insert(a, 1, 0, "本社", "本社")
		insert(a, 2, 1, "看護部", "看護部/x")
		insert(b, 2, 0, "他社", "他社")
		tree, err := tenant.ReadDepartmentTree(t.Context(), a.ID, d)
		if err != nil || tree.Path(nodeID(2)) != "本社 / 看護部" || len(tree.All()) != 2 {
			t.Errorf("%v: %+v", err, tree.All())
		}
		if _, err := tenant.ReadDepartmentTree(t.Context(), tenant.ID{}, d); err == nil {
			t.Error("the zero tenant reads a tree")
		}
	})
}
