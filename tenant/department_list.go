package tenant

import (
	"context"
	"fmt"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
)

// DepartmentQuery says which departments List gives.
type DepartmentQuery struct {
	On     string // the day, YYYY-MM-DD; empty is today. The tree and the head-counts are those of that day.
	Closed bool   // today's list also gives those that are closed
}

// List gives the departments in the order of the tree with their head-counts: four queries however many there are. It returns fault.Invalid for a
// day that is none.
func (s *Departments) List(ctx context.Context, tid ID, q DepartmentQuery) ([]Department, error) {
	today := Today(s.clock)
	if q.On == "" {
		q.On = today
	}
	if !ValidDay(q.On) {
		return nil, fault.New(fault.Invalid, "date")
	}
	tree, err := ReadDepartmentTree(ctx, tid, s.db)
	if err == nil && q.On != today {
		tree, err = s.treeOn(ctx, tid, s.db, q.On)
	}
	if err != nil {
		return nil, err
	}
	list, err := s.count(ctx, tid, s.db, tree, q.On)
	if err != nil || q.Closed {
		return list, err
	}
	return slices.DeleteFunc(list, func(d Department) bool { return d.ClosedOn != "" }), nil
}

// Find gives one department as it is today, a closed one too, or fault.NotFound.
func (s *Departments) Find(ctx context.Context, tid ID, id db.ID) (Department, error) {
	return s.find(ctx, tid, s.db, id)
}

func (s *Departments) find(ctx context.Context, tid ID, r db.Runner, id db.ID) (Department, error) {
	tree, err := ReadDepartmentTree(ctx, tid, r)
	if err != nil {
		return Department{}, err
	}
	if _, known := tree.Find(id); !known {
		return Department{}, fault.New(fault.NotFound, "not_found")
	}
	list, err := s.count(ctx, tid, r, tree, Today(s.clock))
	if err != nil {
		return Department{}, err
	}
	return list[slices.IndexFunc(list, func(d Department) bool { return d.ID == id })], nil
}

// count gives the departments of tree with their head-counts on a day.
func (s *Departments) count(ctx context.Context, tid ID, r db.Runner, tree DepartmentTree, day string) ([]Department, error) {
	list := make([]Department, len(tree.nodes))
	for i, n := range tree.nodes {
		list[i] = Department{ID: n.ID, Parent: n.Parent, Name: n.Name, Path: tree.Path(n.ID), Depth: n.Depth, ClosedOn: n.ClosedOn}
	}
	err := db.Each(ctx, r, sqlPostCounts, []any{day, day, tid}, func(scan func(...any) error) error {
		var id db.ID
		var all, now int
		err := scan(&id, &all, &now)
		if i, known := tree.at[id]; known {
			list[i].Posts, list[i].Members = all, now
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count departments: %w", err)
	}
	twice, err := countedTwice(ctx, tid, r, tree, day)
	if err != nil {
		return nil, fmt.Errorf("count departments: %w", err)
	}
	sum := make([]int, len(list)+1) // of everything before i in the order of the tree
	for i := range list {
		sum[i+1] = sum[i] + list[i].Members - twice[i]
	}
	for i := range list {
		list[i].MembersBelow = sum[tree.ends[i]] - sum[i]
	}
	return list, nil
}

// countedTwice tells for each node how many posts a sum over the people below it has too many: between every two of one person's posts that follow
// each other in the order of the tree, one too many from the lowest department above both upwards.
func countedTwice(ctx context.Context, tid ID, r db.Runner, tree DepartmentTree, day string) ([]int, error) {
	twice := make([]int, len(tree.nodes))
	var who db.ID
	var at []int
	note := func() {
		slices.Sort(at)
		for k := 1; k < len(at); k++ {
			above, known := at[k-1], true
			for known && tree.ends[above] <= at[k] {
				above, known = tree.at[tree.nodes[above].Parent], !tree.nodes[above].Parent.IsZero()
			}
			if known {
				twice[above]++
			}
		}
		at = at[:0]
	}
	err := db.Each(ctx, r, sqlConcurrentPosts, []any{tid, day, day, tid, day, day}, func(scan func(...any) error) error {
		var person, department db.ID
		if err := scan(&person, &department); err != nil {
			return err
		}
		if person != who {
			note()
			who = person
		}
		if i, known := tree.at[department]; known {
			at = append(at, i)
		}
		return nil
	})
	note()
	return twice, err
}

// DepartmentSpan is what a department was called and where it hung for a time.
type DepartmentSpan struct {
	StartsOn string
	EndsOn   string // empty: still so
	Name     string
	Path     string // of its last day, or of today
}

// History gives what a department was called and where it hung, the newest first. It returns fault.NotFound.
func (s *Departments) History(ctx context.Context, tid ID, id db.ID) ([]DepartmentSpan, error) {
	var spans []DepartmentSpan
	err := s.db.Snapshot(ctx, func(r db.Runner) error {
		spans = nil
		past, err := readDepartmentPast(ctx, tid, r)
		if err != nil {
			return err
		}
		if _, known := past.rows[id]; !known {
			return fault.New(fault.NotFound, "not_found")
		}
		for _, at := range past.rows[id] {
			span := DepartmentSpan{StartsOn: at.starts, EndsOn: at.ends, Name: at.name, Path: past.on(Today(s.clock)).Path(id)}
			if at.ends != "" {
				span.Path = past.on(at.ends).Path(id)
			}
			spans = append(spans, span)
		}
		return nil
	})
	slices.SortFunc(spans, func(a, b DepartmentSpan) int { return compareText(b.StartsOn, a.StartsOn) })
	return spans, err
}

func (s *Departments) treeOn(ctx context.Context, tid ID, r db.Runner, day string) (DepartmentTree, error) {
	past, err := readDepartmentPast(ctx, tid, r)
	if err != nil {
		return DepartmentTree{}, err
	}
	return past.on(day), nil
}
