package tenant

import (
	"slices"

	"kenshu/storage/db"
)

// holding is one person's post in one department on the day of a change.
type holding struct {
	ends   db.Text
	main   bool
	active bool // the person is neither suspended nor gone
}

// holders says who holds a post where: department, person.
type holders map[db.ID]map[db.ID]holding

func (h holders) clone() holders {
	c := make(holders, len(h))
	for id, people := range h {
		c[id] = make(map[db.ID]holding, len(people))
		for p, one := range people {
			c[id][p] = one
		}
	}
	return c
}

// hand lets people go from one department into another and tells how many of the people named were not there.
func (h holders) hand(o handover) (missing int) {
	people := o.people
	if len(people) == 0 {
		for p := range h[o.from] {
			people = append(people, p)
		}
	}
	for _, p := range people {
		post, there := h[o.from][p]
		if !there {
			missing++
			continue
		}
		delete(h[o.from], p)
		if o.into.IsZero() {
			continue
		}
		if h[o.into] == nil {
			h[o.into] = map[db.ID]holding{}
		}
		if has, already := h[o.into][p]; already {
			has.main = has.main || post.main
			post = has
		}
		h[o.into][p] = post
	}
	return missing
}

// postMove is what becomes of one person's posts.
type postMove struct {
	person     db.ID
	ends       []db.ID // departments whose post ends
	begins     []db.ID
	begun      []holding // of begins
	mains      []db.ID   // posts that are there already and become the main one
	departless bool      // no department is left
}

// moves compares two moments.
func (h holders) moves(after holders) []postMove {
	by := map[db.ID]*postMove{}
	move := func(p db.ID) *postMove {
		if by[p] == nil {
			by[p] = &postMove{person: p}
		}
		return by[p]
	}
	for d, people := range h {
		for p := range people {
			if _, stays := after[d][p]; !stays {
				move(p).ends = append(move(p).ends, d)
			}
		}
	}
	left := map[db.ID]bool{}
	for d, people := range after {
		for p, post := range people {
			left[p] = true
			had, there := h[d][p]
			switch {
			case !there:
				move(p).begins, move(p).begun = append(move(p).begins, d), append(move(p).begun, post)
			case post.main && !had.main:
				move(p).mains = append(move(p).mains, d)
			}
		}
	}
	list := make([]postMove, 0, len(by))
	for p, m := range by {
		m.departless = !left[p]
		list = append(list, *m)
	}
	slices.SortFunc(list, func(a, b postMove) int { return compareID(a.person, b.person) })
	return list
}

// reached gives the active people of departments.
func (h holders) reached(departments []db.ID) map[db.ID]bool {
	people := map[db.ID]bool{}
	for _, d := range departments {
		for p, post := range h[d] {
			if post.active {
				people[p] = true
			}
		}
	}
	return people
}
