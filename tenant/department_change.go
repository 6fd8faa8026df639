package tenant

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
)

// DepartmentRule is an assignment rule of an open round that names a department.
type DepartmentRule struct {
	Round         db.ID
	Title         string
	Department    db.ID
	WithBelow     bool // the departments below it as well
	FutureJoiners bool // also people who come into it later
	Excludes      bool // it keeps its people out of the round
}

// DepartmentEffects is what a change of the tree does, or would do.
type DepartmentEffects struct {
	Problems    []DepartmentProblem
	Departments []DepartmentEffect
	People      []PersonMove // the first of them by id; PeopleTotal says how many there are
	PeopleTotal int
	Departless  int // of PeopleTotal: those who are left without any department
	Missing     int // people named in a step who are not in that department (any more)
	Rounds      []RoundEffect
	Rules       []DepartmentRule // rules that name a department which is closed or merged
}

// DepartmentEffect is one department before and after, by path; empty where it was not there or is no more.
type DepartmentEffect struct {
	ID     db.ID
	Before string
	After  string
	Merged db.ID // into which; zero unless it is merged
}

// PersonMove is one person's posts before and after, by path.
type PersonMove struct {
	ID     db.ID
	Name   string
	Ends   []string
	Begins []string
}

// RoundEffect is how many active people an open round's lasting rule newly reaches.
type RoundEffect struct {
	Round      db.ID
	Title      string
	Department string // path
	People     int
}

const shownMoves = 100

// departmentChange is steps worked out on the state of a day.
type departmentChange struct {
	day     string
	draft   *departmentDraft
	before  holders
	after   holders
	posts   []postMove
	missing int
}

// Preview tells what steps would do on a day from today on (empty: today), after everything that is planned to happen before; nothing is changed. except is the plan
// that the steps are of; its own are not counted as planned before. It returns fault.Invalid for steps that are wrong by themselves; what
// contradicts the tree stands in Problems.
func (s *Departments) Preview(ctx context.Context, tid ID, steps []DepartmentStep, day string, except db.ID) (DepartmentEffects, error) {
	if day == "" {
		day = Today(s.clock)
	}
	if err := s.checkDay(day); err != nil {
		return DepartmentEffects{}, err
	}
	if err := CheckDepartmentSteps(steps); err != nil {
		return DepartmentEffects{}, err
	}
	var e DepartmentEffects
	err := s.db.Snapshot(ctx, func(r db.Runner) error {
		planned, err := s.plannedBefore(ctx, tid, r, day, except)
		if err != nil {
			return err
		}
		c, err := s.work(ctx, tid, r, nil, planned, steps, day)
		if err != nil {
			return err
		}
		e, err = s.effects(ctx, tid, r, c)
		return err
	})
	return e, err
}

func (s *Departments) checkDay(day string) error {
	var c fault.Check
	c.If(!ValidDay(day), "effective_on", "date")
	c.If(ValidDay(day) && day < Today(s.clock), "effective_on", "date_past")
	return c.Err()
}

// Change does steps today, all of them or none, and tells what it did. It returns fault.Invalid for steps that are wrong by themselves and fault.Conflict
// "department_steps", with a field for each problem, when they contradict the tree.
func (s *Departments) Change(ctx context.Context, tid ID, steps []DepartmentStep) (DepartmentEffects, error) {
	if err := CheckDepartmentSteps(steps); err != nil {
		return DepartmentEffects{}, err
	}
	var e DepartmentEffects
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.lock(ctx, tid, tx); err != nil {
			return err
		}
		c, err := s.work(ctx, tid, tx, tx, nil, steps, Today(s.clock))
		if err != nil {
			return err
		}
		if err := problemsError(c.draft.problems); err != nil {
			return err
		}
		if e, err = s.effects(ctx, tid, tx, c); err != nil {
			return err
		}
		return s.write(ctx, tid, tx, c)
	})
	if err != nil {
		return DepartmentEffects{}, fmt.Errorf("change departments: %w", err)
	}
	return e, nil
}

// lock lets one transaction of the organisation at a time change the tree, or two moves could close a circle that neither of them sees.
func (s *Departments) lock(ctx context.Context, tid ID, tx *db.Tx) error {
	return tx.Upsert(ctx, sqlLockDepartments, "tenant_id, name", "updated_at", tid, db.At(s.clock()))
}

// work does steps in memory, on the state of day, after the steps that are planned before it. tx is nil when nothing will be written.
func (s *Departments) work(ctx context.Context, tid ID, r db.Runner, tx *db.Tx, planned, steps []DepartmentStep, day string) (*departmentChange, error) {
	draft, err := s.readDraft(ctx, tid, r)
	if err != nil {
		return nil, err
	}
	c := &departmentChange{day: day, draft: draft}
	if len(planned) > 0 {
		draft.run(planned)
		draft.problems = nil
		draft.settle()
	}
	earlier := draft.handovers
	draft.handovers, draft.order = nil, nil
	draft.run(steps)
	// Whoever registers somebody in one of these departments holds its row until the end: after this nobody comes in who is not seen.
	if tx != nil {
		if err := s.lockRows(ctx, tid, tx, draft); err != nil {
			return nil, err
		}
	}
	if c.before, err = s.readHolders(ctx, tid, r, day); err != nil {
		return nil, err
	}
	for _, h := range earlier {
		c.before.hand(h)
	}
	c.after = c.before.clone()
	for _, h := range draft.handovers {
		c.missing += c.after.hand(h)
	}
	c.posts = c.before.moves(c.after)
	return c, nil
}

// settle takes the draft as it is for what stands in the database.
func (d *departmentDraft) settle() {
	for _, n := range d.nodes {
		was := *n
		was.was = nil
		n.was = &was
	}
}

func (s *Departments) readDraft(ctx context.Context, tid ID, r db.Runner) (*departmentDraft, error) {
	d := &departmentDraft{nodes: map[db.ID]*draftNode{}}
	err := db.Each(ctx, r, sqlDepartmentRows, []any{tid}, func(scan func(...any) error) error {
		n := &draftNode{}
		var closed, since db.Text
		var created db.Time
		if err := scan(&n.id, &n.parent, &n.name, &closed, &n.mergedInto, &since, &created); err != nil {
			return err
		}
		n.closed, n.closedOn, n.since = closed != "", string(closed), string(since)
		if n.since == "" {
			n.since = Day(created.Time)
		}
		was := *n
		n.was = &was
		d.nodes[n.id] = n
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read departments: %w", err)
	}
	return d, nil
}

// lockRows keeps the rows of departments that are closed or whose people move, in the order of their ids.
func (s *Departments) lockRows(ctx context.Context, tid ID, tx *db.Tx, d *departmentDraft) error {
	var ids []db.ID
	for _, h := range d.handovers {
		ids = append(ids, h.from)
	}
	slices.SortFunc(ids, compareID)
	for part := range slices.Chunk(slices.Compact(ids), 500) {
		cond := db.Where("tenant_id = ?", tid).In("id", db.Args(part))
		// Reading them is what locks them.
		if err := db.Each(ctx, tx.Locking(), sqlClosedIDs+cond.SQL()+" ORDER BY id", cond.Args(), func(func(...any) error) error { return nil }); err != nil {
			return err
		}
	}
	return nil
}

func (s *Departments) readHolders(ctx context.Context, tid ID, r db.Runner, day string) (holders, error) {
	h := holders{}
	err := db.Each(ctx, r, sqlHolders, []any{tid, day, day}, func(scan func(...any) error) error {
		var department, person db.ID
		var one holding
		if err := scan(&department, &person, &one.ends, &one.main, &one.active); err != nil {
			return err
		}
		if h[department] == nil {
			h[department] = map[db.ID]holding{}
		}
		h[department][person] = one
		return nil
	})
	return h, err
}

// effects puts a change into words and figures.
func (s *Departments) effects(ctx context.Context, tid ID, r db.Runner, c *departmentChange) (DepartmentEffects, error) {
	before, after := c.draft.tree(true), c.draft.tree(false)
	e := DepartmentEffects{Problems: c.draft.problems, PeopleTotal: len(c.posts), Missing: c.missing}
	if e.Problems == nil {
		e.Problems = []DepartmentProblem{}
	}
	named := map[db.ID]bool{}
	for _, n := range c.draft.order {
		if n.changed() {
			e.Departments = append(e.Departments, DepartmentEffect{n.id, before.Path(n.id), after.Path(n.id), n.mergedInto})
			named[n.id] = n.closed
		}
	}
	ids := make([]db.ID, 0, shownMoves)
	for i, m := range c.posts {
		if m.departless {
			e.Departless++
		}
		if i < shownMoves {
			ids = append(ids, m.person)
		}
	}
	names, err := personNames(ctx, tid, r, ids)
	if err != nil {
		return e, err
	}
	for _, m := range c.posts[:len(ids)] {
		e.People = append(e.People, PersonMove{m.person, names[m.person], pathsOf(before, m.ends), pathsOf(after, m.begins)})
	}
	rules, err := s.rules(ctx, tid, r)
	if err != nil {
		return e, err
	}
	for _, rule := range rules {
		if named[rule.Department] {
			e.Rules = append(e.Rules, rule)
		}
		if !rule.FutureJoiners || rule.Excludes {
			continue
		}
		if n := newlyReached(rule, c, before, after); n > 0 {
			e.Rounds = append(e.Rounds, RoundEffect{rule.Round, rule.Title, after.Path(rule.Department), n})
		}
	}
	return e, nil
}

func newlyReached(rule DepartmentRule, c *departmentChange, before, after DepartmentTree) int {
	within := func(t DepartmentTree) []db.ID {
		if rule.WithBelow {
			return t.Under(rule.Department)
		}
		return []db.ID{rule.Department}
	}
	had, n := c.before.reached(within(before)), 0
	for p := range c.after.reached(within(after)) {
		if !had[p] {
			n++
		}
	}
	return n
}

func (s *Departments) rules(ctx context.Context, tid ID, r db.Runner) ([]DepartmentRule, error) {
	var rules []DepartmentRule
	for _, u := range s.uses {
		more, err := u.DepartmentRules(ctx, tid, r)
		if err != nil {
			return nil, err
		}
		rules = append(rules, more...)
	}
	return rules, nil
}

func pathsOf(t DepartmentTree, ids []db.ID) []string {
	paths := make([]string, 0, len(ids))
	for _, id := range ids {
		paths = append(paths, t.Path(id))
	}
	slices.SortFunc(paths, strings.Compare)
	return paths
}

func personNames(ctx context.Context, tid ID, r db.Runner, ids []db.ID) (map[db.ID]string, error) {
	names := make(map[db.ID]string, len(ids))
	for part := range slices.Chunk(ids, 500) {
		cond := db.Where("tenant_id = ?", tid).In("id", db.Args(part))
		if err := db.Each(ctx, r, sqlPersonNames+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
			var n Named
			err := scan(&n.ID, &n.Name)
			names[n.ID] = n.Name
			return err
		}); err != nil {
			return nil, err
		}
	}
	return names, nil
}
