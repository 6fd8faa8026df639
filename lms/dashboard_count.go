package lms

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// departmentCount is the figures of departments being counted: in each of them, whoever holds posts in it or below it counts once.
type departmentCount struct {
	rounds  map[string]int // those on the page, by their id as the database writes it
	list    []DepartmentFigures
	figures [][]Figures     // of each department of the list, in each round
	in      map[db.ID][]int // of a person: the departments of the list
}

// departmentFigures counts every open department of the tree with all below it.
func (s *Reports) departmentFigures(ctx context.Context, tid tenant.ID, rounds []Round) ([]DepartmentFigures, error) {
	tree, err := tenant.ReadDepartmentTree(ctx, tid, s.db)
	if err != nil {
		return nil, err
	}
	at := map[db.ID]int{}
	c := departmentCount{rounds: map[string]int{}, list: []DepartmentFigures{}, in: map[db.ID][]int{}}
	for _, n := range tree.All() {
		if n.ClosedOn != "" && n.ClosedOn <= db.Text(tenant.Today(s.clock)) {
			continue
		}
		at[n.ID] = len(c.list)
		c.list = append(c.list, DepartmentFigures{ID: n.ID, Parent: n.Parent, Name: n.Name, Depth: n.Depth, Rounds: map[db.ID]Figures{}})
	}
	if len(rounds) == 0 || len(c.list) == 0 {
		return c.list, nil
	}
	for i, r := range rounds {
		c.rounds[fmt.Sprintf("%X", r.ID[len(r.ID)-roundDigits/2:])] = i
	}
	c.figures = make([][]Figures, len(c.list))
	for i := range c.figures {
		c.figures[i] = make([]Figures, len(rounds))
	}
	if err := s.placePeople(ctx, tid, tree, at, &c); err != nil {
		return nil, fmt.Errorf("read posts: %w", err)
	}
	if err := s.countPeople(ctx, tid, rounds, &c); err != nil {
		return nil, fmt.Errorf("count departments: %w", err)
	}
	for i, figures := range c.figures {
		for j, f := range figures {
			if f != (Figures{}) {
				c.list[i].Figures = c.list[i].plus(f)
				c.list[i].Rounds[rounds[j].ID] = f
			}
		}
	}
	return c.list, nil
}

// placePeople reads in which departments of the list each person is today, those above their posts included.
func (s *Reports) placePeople(ctx context.Context, tid tenant.ID, tree tenant.DepartmentTree, at map[db.ID]int, c *departmentCount) error {
	above := map[db.ID][]int{} // of each department: itself and those above it
	for _, n := range tree.All() {
		for _, up := range tree.Above(n.ID) {
			if i, listed := at[up]; listed {
				above[n.ID] = append(above[n.ID], i)
			}
		}
	}
	today := tenant.Today(s.clock)
	return db.Each(ctx, s.db, sqlPostsToday, []any{tid, today, today}, func(scan func(...any) error) error {
		var person, department db.ID
		if err := scan(&person, &department); err != nil {
			return err
		}
		held, more := c.in[person], above[department]
		if held == nil {
			c.in[person] = more // shared with everybody of one post: it is copied before it grows
			return nil
		}
		for _, i := range more {
			if !slices.Contains(held, i) {
				held = append(held[:len(held):len(held)], i)
			}
		}
		c.in[person] = held
		return nil
	})
}

// countPeople counts each person with a post in their departments.
func (s *Reports) countPeople(ctx context.Context, tid tenant.ID, rounds []Round, c *departmentCount) error {
	first, last := rounds[0].ID, rounds[0].ID
	for _, r := range rounds {
		if bytes.Compare(r.ID[:], first[:]) < 0 {
			first = r.ID
		}
		if bytes.Compare(r.ID[:], last[:]) > 0 {
			last = r.ID
		}
	}
	return db.Each(ctx, s.db, sqlPersonStandings, []any{tid, tenant.Today(s.clock), tid, first, last}, func(scan func(...any) error) error {
		var person db.ID
		var present int
		var standings string
		if err := scan(&person, &present, &standings); err != nil {
			return err
		}
		if held := c.in[person]; held != nil {
			for one := range strings.SplitSeq(standings, ",") {
				c.add(held, one, present)
			}
		}
		return nil
	})
}

// roundDigits is how much of the id of a round is in sqlPersonStandings.
const roundDigits = 16

// standingStatus are the statuses by their first two letters. In progress and interrupted have the same and count alike.
var standingStatus = map[string]Status{"no": NotStarted, "in": InProgress, "fa": Failed, "co": Completed, "ex": Exempt, "wi": Withdrawn}

// add counts one person's standing in one round, as sqlPersonStandings writes it.
func (c *departmentCount) add(departments []int, one string, present int) {
	round, known := c.rounds[one[:roundDigits]]
	if !known {
		return // closed, or made since
	}
	late, status := 0, standingStatus[one[roundDigits+1:]]
	if one[roundDigits] == '<' {
		late = present
	}
	for _, i := range departments {
		c.figures[i][round].add(status, 1, late)
	}
}
