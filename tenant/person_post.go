package tenant

import (
	"context"
	"fmt"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
)

// MaxPosts is how many posts of all times one person can have.
const MaxPosts = 500

// Post is a person's place in a department for a time.
type Post struct {
	Department db.ID
	Name       string // what the department is called now
	Path       string // with what it belongs to now; empty when it is closed
	Then       string // by path, what it was called on the post's last day, or today while it lasts
	StartsOn   string
	EndsOn     db.Text // the last day; empty: open
	Main       bool    // 主務; the others at the same time are 兼務
}

// PostInput is a post as a form sends it.
type PostInput struct {
	Department db.ID
	StartsOn   string
	EndsOn     string // empty: open
	Main       bool
}

const (
	sqlPostsOf    = `SELECT department_id, starts_on, ends_on, main FROM person_department WHERE tenant_id = ? AND person_id = ? ORDER BY starts_on DESC, department_id`
	sqlDeletePost = `DELETE FROM person_department WHERE tenant_id = ? AND person_id = ? AND department_id = ? AND starts_on = ?`
	sqlTouchOne   = `UPDATE person SET version = version + 1, updated_at = ? WHERE tenant_id = ? AND id = ?`
	sqlClosedOnes = `SELECT COUNT(*) FROM department`
)

// Posts gives a person's posts of all times, the newest first. It returns fault.NotFound.
func (s *People) Posts(ctx context.Context, tid ID, id db.ID) ([]Post, error) {
	var posts []Post
	err := s.db.Snapshot(ctx, func(r db.Runner) error {
		_, err := s.find(ctx, tid, r, id)
		if err == nil {
			posts, err = ReadPosts(ctx, tid, r, id, s.today())
		}
		return err
	})
	return posts, err
}

// ReadPosts reads the posts of all times of a person who is there, the newest first, as they are called on the day today.
func ReadPosts(ctx context.Context, tid ID, r db.Runner, id db.ID, today string) ([]Post, error) {
	tree, err := ReadDepartmentTree(ctx, tid, r)
	if err != nil {
		return nil, err
	}
	past, err := readDepartmentPast(ctx, tid, r)
	if err != nil {
		return nil, err
	}
	posts := []Post{}
	err = db.Each(ctx, r, sqlPostsOf, []any{tid, id}, func(scan func(...any) error) error {
		var p Post
		if err := scan(&p.Department, &p.StartsOn, &p.EndsOn, &p.Main); err != nil {
			return err
		}
		node, _ := tree.Find(p.Department)
		if p.Name = node.Name; node.ClosedOn == "" {
			p.Path = tree.Path(p.Department)
		}
		p.Then = past.path(p.Department, p.day(today))
		posts = append(posts, p)
		return nil
	})
	return posts, err
}

// Held tells whether the post is held on day.
func (p Post) Held(day string) bool {
	return p.StartsOn <= day && (p.EndsOn == "" || string(p.EndsOn) >= day)
}

// day is the day that stands for the post: its last one, today while it lasts, its first while it is to come.
func (p Post) day(today string) string {
	switch {
	case p.StartsOn > today:
		return p.StartsOn
	case p.EndsOn != "" && string(p.EndsOn) < today:
		return string(p.EndsOn)
	}
	return today
}

// SetPosts makes posts the person's posts, past, present and to come, if their version is still the given one. It returns fault.NotFound, fault.Conflict
// when they were changed meanwhile, fault.Forbidden, and fault.Invalid: unknown or closed departments, days the wrong way round, the same department
// twice at a time, two main posts at a time, more than MaxDepartments at a time, a post after the person left.
func (s *People) SetPosts(ctx context.Context, tid ID, id db.ID, version int64, posts []PostInput) (Person, error) {
	if err := checkPosts(posts); err != nil {
		return Person{}, err
	}
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		before, err := s.lock(ctx, tid, tx, id, version)
		if err != nil {
			return err
		}
		if err := checkLeft(before, posts); err != nil {
			return err
		}
		old, err := readPostInputs(ctx, tid, tx, id)
		if err != nil || slices.Equal(sortPosts(old), sortPosts(posts)) {
			return err
		}
		if err := s.writePosts(ctx, tid, tx, id, old, posts); err != nil {
			return err
		}
		if err := checkPostDepartments(ctx, tid, tx, posts); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlTouchOne, s.now(), tid, id); err != nil {
			return err
		}
		if err := s.audit.Append(ctx, tid, tx, Change{Action: "person.update", SubjectKind: "person", Subject: id, Before: old, After: posts,
			Detail: map[string]any{"changed": []string{"departments"}, "posts": len(posts)}}); err != nil {
			return err
		}
		return s.changed(ctx, tid, tx, []db.ID{id})
	})
	switch {
	case db.IsReference(err):
		return Person{}, unknownDepartment()
	case err != nil:
		return Person{}, fmt.Errorf("set posts: %w", err)
	}
	return s.Find(ctx, tid, id)
}

func readPostInputs(ctx context.Context, tid ID, r db.Runner, id db.ID) ([]PostInput, error) {
	var posts []PostInput
	err := db.Each(ctx, r, sqlPostsOf, []any{tid, id}, func(scan func(...any) error) error {
		var p PostInput
		var ends db.Text
		err := scan(&p.Department, &p.StartsOn, &ends, &p.Main)
		p.EndsOn = string(ends)
		posts = append(posts, p)
		return err
	})
	return posts, err
}

func sortPosts(posts []PostInput) []PostInput {
	posts = slices.Clone(posts)
	slices.SortFunc(posts, func(a, b PostInput) int {
		return compareText(a.StartsOn+a.Department.String(), b.StartsOn+b.Department.String())
	})
	return posts
}

func (s *People) writePosts(ctx context.Context, tid ID, tx *db.Tx, id db.ID, old, want []PostInput) error {
	for _, o := range old {
		if slices.ContainsFunc(want, func(w PostInput) bool { return w.Department == o.Department && w.StartsOn == o.StartsOn }) {
			continue
		}
		if _, err := tx.Exec(ctx, sqlDeletePost, tid, id, o.Department, o.StartsOn); err != nil {
			return err
		}
	}
	rows := make([][]any, 0, len(want))
	for _, w := range want {
		if !slices.Contains(old, w) {
			rows = append(rows, []any{tid, id, w.Department, w.StartsOn, db.Text(w.EndsOn), w.Main})
		}
	}
	return tx.UpsertMany(ctx, sqlInsertTerm, rowInsertTerm, "tenant_id, person_id, department_id, starts_on", "ends_on, main", rows)
}

// checkPosts finds what is wrong with posts by themselves.
func checkPosts(posts []PostInput) error {
	var c fault.Check
	c.If(len(posts) > MaxPosts, "posts", "too_many", "max", MaxPosts)
	if err := c.Err(); err != nil {
		return err
	}
	for i, p := range posts {
		at := func(field string) string { return fmt.Sprintf("posts[%d].%s", i, field) }
		c.If(p.Department.IsZero(), at("department"), "required")
		c.If(!ValidDay(p.StartsOn), at("starts_on"), "date")
		c.If(p.EndsOn != "" && !ValidDay(p.EndsOn), at("ends_on"), "date")
		c.If(ValidDay(p.StartsOn) && ValidDay(p.EndsOn) && p.EndsOn < p.StartsOn, at("ends_on"), "date_order")
		together := 1
		for _, other := range posts[:i] {
			if !p.meets(other) {
				continue
			}
			c.If(p.Department == other.Department, at("starts_on"), "post_twice")
			c.If(p.Main && other.Main, at("main"), "post_main_twice")
			if other.holds(p.StartsOn) {
				together++
			}
		}
		for _, other := range posts[i+1:] {
			if p.meets(other) && other.holds(p.StartsOn) {
				together++
			}
		}
		c.If(together > MaxDepartments, at("starts_on"), "too_many", "max", MaxDepartments)
	}
	return c.Err()
}

// holds tells whether the post is held on day.
func (p PostInput) holds(day string) bool {
	return p.StartsOn <= day && (p.EndsOn == "" || p.EndsOn >= day)
}

// meets tells whether there is a day on which both are held.
func (p PostInput) meets(o PostInput) bool { return p.holds(o.StartsOn) || o.holds(p.StartsOn) }

func checkLeft(p Person, posts []PostInput) error {
	if p.State != PersonLeft {
		return nil
	}
	var c fault.Check
	for i, one := range posts {
		c.If(one.EndsOn == "" || one.StartsOn > string(p.LeftOn), fmt.Sprintf("posts[%d].ends_on", i), "post_after_left")
	}
	return c.Err()
}

// checkPostDepartments finds posts in departments that are not there, or not any more. It comes after the posts are written: until the end of the
// transaction nobody can close their departments then.
func checkPostDepartments(ctx context.Context, tid ID, tx *db.Tx, posts []PostInput) error {
	tree, err := ReadDepartmentTree(ctx, tid, tx)
	if err != nil {
		return err
	}
	var c fault.Check
	for i, p := range posts {
		d, known := tree.Find(p.Department)
		at := fmt.Sprintf("posts[%d].department", i)
		c.If(!known, at, "not_found")
		c.If(known && d.ClosedOn != "" && (p.EndsOn == "" || p.EndsOn >= string(d.ClosedOn)), at, "department_closed", "name", d.Name)
	}
	return c.Err()
}

// checkOpen refuses departments that are closed, after posts in them were written (see checkPostDepartments). Unknown ones are refused by the foreign key.
func checkOpen(ctx context.Context, tid ID, tx *db.Tx, departments []db.ID) error {
	for part := range slices.Chunk(departments, 500) {
		var closed int
		cond := db.Where("tenant_id = ?", tid).And("closed_on IS NOT NULL").In("id", db.Args(part))
		if err := tx.QueryRow(ctx, sqlClosedOnes+cond.SQL(), cond.Args()...).Scan(&closed); err != nil {
			return err
		}
		if closed > 0 {
			return &fault.Error{Kind: fault.Invalid, Key: "invalid", Fields: []fault.Field{{Path: "departments", Key: "department_closed_some"}}}
		}
	}
	return nil
}
