package tenant

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
)

// DepartmentStepKind is one way of changing the tree of departments.
type DepartmentStepKind string

// The kinds of step.
const (
	StepCreate     DepartmentStepKind = "create"      // Department (its id to be), Name, Parent
	StepRename     DepartmentStepKind = "rename"      // Department, Name
	StepMove       DepartmentStepKind = "move"        // Department with everything below it, Parent
	StepMerge      DepartmentStepKind = "merge"       // Department with everybody in it and everything below it, Into
	StepClose      DepartmentStepKind = "close"       // Department; its people go Into, or without one stay without a department
	StepReopen     DepartmentStepKind = "reopen"      // Department, where it was
	StepMovePeople DepartmentStepKind = "move_people" // everybody of Department, or People only, go Into
)

// DepartmentStepKinds lists the kinds.
var DepartmentStepKinds = []DepartmentStepKind{StepCreate, StepRename, StepMove, StepMerge, StepClose, StepReopen, StepMovePeople}

// Limits of one change or plan.
const (
	MaxTreeDepartments = 5_000 // open ones of an organisation
	MaxDepartmentSteps = 200
	MaxStepPeople      = 2_000
)

// DepartmentStep is one change of the tree. Which fields count is said by its kind.
type DepartmentStep struct {
	Kind       DepartmentStepKind `json:"kind"`
	Department db.ID              `json:"department"`
	Name       string             `json:"name,omitempty"`
	Parent     db.ID              `json:"parent"` // zero: it stands on its own
	Into       db.ID              `json:"into"`
	People     []db.ID            `json:"people,omitempty"` // of move_people; empty: everybody
	Below      bool               `json:"below,omitempty"`  // of close: those below are closed too; otherwise they move up by one level
}

// DepartmentProblem says why a step cannot be done.
type DepartmentProblem struct {
	Step  int            `json:"step"`  // from 0
	Field string         `json:"field"` // which value of the step
	Key   string         `json:"key"`
	Args  map[string]any `json:"args,omitempty"`
}

// problemsError makes one error of problems, each at its step.
func problemsError(problems []DepartmentProblem) error {
	if len(problems) == 0 {
		return nil
	}
	fields := make([]fault.Field, 0, len(problems))
	for _, p := range problems {
		fields = append(fields, fault.Field{Path: fmt.Sprintf("steps[%d].%s", p.Step, p.Field), Key: p.Key, Args: p.Args})
	}
	return &fault.Error{Kind: fault.Conflict, Key: "department_steps", Fields: fields}
}

// CheckDepartmentSteps names everything that is wrong with steps by themselves, whatever the tree is. It returns fault.Invalid.
func CheckDepartmentSteps(steps []DepartmentStep) error {
	var c fault.Check
	c.If(len(steps) == 0, "steps", "required")
	c.If(len(steps) > MaxDepartmentSteps, "steps", "too_many", "max", MaxDepartmentSteps)
	for i, s := range steps {
		at := func(field string) string { return fmt.Sprintf("steps[%d].%s", i, field) }
		c.If(!slices.Contains(DepartmentStepKinds, s.Kind), at("kind"), "not_in_list")
		c.If(s.Department.IsZero(), at("department"), "required")
		if s.Kind == StepCreate || s.Kind == StepRename {
			var wrong *fault.Error
			if _, err := departmentName(s.Name); errors.As(err, &wrong) {
				for _, f := range wrong.Fields {
					c.Add(at("name"), f.Key)
				}
			}
		}
		c.If((s.Kind == StepMerge || s.Kind == StepMovePeople) && s.Into.IsZero(), at("into"), "required")
		c.If(len(s.People) > MaxStepPeople, at("people"), "too_many", "max", MaxStepPeople)
	}
	return c.Err()
}

// draftNode is one department of a draft.
type draftNode struct {
	id, parent, mergedInto db.ID
	name                   string
	closed                 bool
	was                    *draftNode // as it stands in the database; nil for one that is made
	touched                int        // by which step last, for naming what is wrong in the end
	since, closedOn        string     // in the database
}

func (n *draftNode) changed() bool {
	return n.was == nil || n.was.name != n.name || n.was.parent != n.parent || n.was.closed != n.closed || n.was.mergedInto != n.mergedInto
}

// handover is a step's people going from one department into another; into zero: they lose the post.
type handover struct {
	from, into db.ID
	people     []db.ID // nil: everybody, with those who will come later
	later      bool    // posts that begin later go along
}

// departmentDraft is a tree being changed, in memory. The same code says what would happen and does it.
type departmentDraft struct {
	nodes     map[db.ID]*draftNode
	order     []*draftNode // in the order in which they were touched
	handovers []handover
	problems  []DepartmentProblem
	step      int
}

func (d *departmentDraft) problem(field, key string, args ...any) {
	d.problems = append(d.problems, DepartmentProblem{Step: d.step, Field: field, Key: key, Args: fault.New(fault.Conflict, key, args...).Args})
}

// run does the steps one after the other and then looks at the whole. A step with a problem changes nothing.
func (d *departmentDraft) run(steps []DepartmentStep) {
	for i, s := range steps {
		d.step = i
		switch s.Kind {
		case StepCreate:
			d.create(s)
		case StepRename:
			d.rename(s)
		case StepMove:
			d.move(s)
		case StepMerge:
			d.merge(s)
		case StepClose:
			d.closeDepartment(s)
		case StepReopen:
			d.reopen(s)
		case StepMovePeople:
			d.movePeople(s)
		}
	}
	d.checkNames()
}

// open finds an open department that a step names.
func (d *departmentDraft) open(field string, id db.ID) *draftNode {
	n := d.nodes[id]
	switch {
	case n == nil:
		d.problem(field, "department_unknown")
	case n.closed:
		d.problem(field, "department_closed", "name", n.name)
	default:
		return n
	}
	return nil
}

func (d *departmentDraft) touch(n *draftNode) {
	n.touched = d.step
	if !slices.Contains(d.order, n) {
		d.order = append(d.order, n)
	}
}

// hang tells whether n may hang below parent, and says why not.
func (d *departmentDraft) hang(n *draftNode, parent db.ID) bool {
	if parent.IsZero() {
		return true
	}
	up := d.open("parent", parent)
	if up == nil {
		return false
	}
	depth := 0
	for at := up; at != nil; at = d.nodes[at.parent] {
		if at == n {
			d.problem("parent", "department_circle", "name", n.name, "into", up.name)
			return false
		}
		if depth++; depth > len(d.nodes) {
			break // a circle of older rows
		}
	}
	if depth+d.height(n) > MaxDepartmentDepth {
		d.problem("parent", "department_depth", "max", MaxDepartmentDepth)
		return false
	}
	return true
}

// height counts the levels of n and the open departments below it.
func (d *departmentDraft) height(n *draftNode) int {
	children := map[db.ID][]*draftNode{}
	for _, c := range d.nodes {
		if !c.closed {
			children[c.parent] = append(children[c.parent], c)
		}
	}
	level, seen := []*draftNode{n}, 0
	height := 0
	for ; len(level) > 0 && seen <= len(d.nodes); height++ {
		var next []*draftNode
		for _, one := range level {
			next = append(next, children[one.id]...)
		}
		seen += len(level)
		level = next
	}
	return height
}

// below gives the open departments directly below id, by name.
func (d *departmentDraft) below(id db.ID) []*draftNode {
	var list []*draftNode
	for _, n := range d.nodes {
		if n.parent == id && !n.closed {
			list = append(list, n)
		}
	}
	slices.SortFunc(list, func(a, b *draftNode) int { return strings.Compare(a.name+a.id.String(), b.name+b.id.String()) })
	return list
}

func (d *departmentDraft) create(s DepartmentStep) {
	name := Tidy(s.Name)
	if n := d.nodes[s.Department]; n != nil {
		if n.closed || n.name != name || n.parent != s.Parent {
			d.problem("department", "department_exists", "name", n.name)
		}
		return // a repeat
	}
	n := &draftNode{id: s.Department, name: name}
	if !d.hang(n, s.Parent) {
		return
	}
	n.parent = s.Parent
	d.nodes[n.id] = n
	d.touch(n)
	open := 0
	for _, other := range d.nodes {
		if !other.closed {
			open++
		}
	}
	if open > MaxTreeDepartments {
		d.problem("department", "too_many", "max", MaxTreeDepartments)
	}
}

func (d *departmentDraft) rename(s DepartmentStep) {
	if n := d.open("department", s.Department); n != nil {
		n.name = Tidy(s.Name)
		d.touch(n)
	}
}

func (d *departmentDraft) move(s DepartmentStep) {
	if n := d.open("department", s.Department); n != nil && d.hang(n, s.Parent) {
		n.parent = s.Parent
		d.touch(n)
	}
}

func (d *departmentDraft) merge(s DepartmentStep) {
	n, into := d.open("department", s.Department), d.open("into", s.Into)
	if n == nil || into == nil {
		return
	}
	if n == into {
		d.problem("into", "department_itself")
		return
	}
	for at, i := into, 0; at != nil && i <= len(d.nodes); at, i = d.nodes[at.parent], i+1 {
		if at == n {
			d.problem("into", "department_circle", "name", n.name, "into", into.name)
			return
		}
	}
	for _, child := range d.below(n.id) {
		if !d.hang(child, into.id) {
			return
		}
	}
	for _, child := range d.below(n.id) {
		child.parent = into.id
		d.touch(child)
	}
	n.closed, n.mergedInto = true, into.id
	d.touch(n)
	d.handovers = append(d.handovers, handover{from: n.id, into: into.id, later: true})
}

func (d *departmentDraft) closeDepartment(s DepartmentStep) {
	n := d.open("department", s.Department)
	if n == nil {
		return
	}
	gone := []*draftNode{n}
	if s.Below {
		for i := 0; i < len(gone) && i <= len(d.nodes); i++ {
			gone = append(gone, d.below(gone[i].id)...)
		}
	}
	if !s.Into.IsZero() {
		into := d.open("into", s.Into)
		if into == nil {
			return
		}
		if slices.Contains(gone, into) {
			d.problem("into", "department_itself")
			return
		}
	}
	if !s.Below {
		for _, child := range d.below(n.id) {
			child.parent = n.parent
			d.touch(child)
		}
	}
	for _, one := range gone {
		one.closed = true
		d.touch(one)
		d.handovers = append(d.handovers, handover{from: one.id, into: s.Into, later: true})
	}
}

func (d *departmentDraft) reopen(s DepartmentStep) {
	n := d.nodes[s.Department]
	switch {
	case n == nil:
		d.problem("department", "department_unknown")
	case !n.closed:
		return // a repeat
	default:
		if up := d.nodes[n.parent]; up != nil && up.closed {
			d.problem("department", "department_parent_closed", "name", up.name)
			return
		}
		if !d.hang(n, n.parent) {
			return
		}
		n.closed, n.mergedInto = false, db.ID{}
		d.touch(n)
	}
}

func (d *departmentDraft) movePeople(s DepartmentStep) {
	from, into := d.open("department", s.Department), d.open("into", s.Into)
	switch {
	case from == nil || into == nil:
	case from == into:
		d.problem("into", "department_itself")
	default:
		d.handovers = append(d.handovers, handover{from: from.id, into: into.id, people: s.People})
	}
}

// checkNames finds open departments of one parent with one name: only the end counts, so that two may change names with each other.
func (d *departmentDraft) checkNames() {
	type place struct {
		parent db.ID
		name   string
	}
	taken := map[place]*draftNode{}
	for _, n := range d.nodes {
		if !n.closed && !n.changed() {
			taken[place{n.parent, Fold(n.name)}] = n
		}
	}
	for _, n := range d.order {
		if n.closed || !n.changed() {
			continue
		}
		at := place{n.parent, Fold(n.name)}
		if other := taken[at]; other != nil && other != n {
			d.step = n.touched
			d.problem("name", "department_taken", "name", n.name)
		}
		taken[at] = n
	}
}

// tree is the draft as a tree, closed departments left out.
func (d *departmentDraft) tree(before bool) DepartmentTree {
	nodes := make([]DepartmentNode, 0, len(d.nodes))
	for _, n := range d.nodes {
		if before {
			n = n.was
		}
		if n != nil && !n.closed {
			nodes = append(nodes, DepartmentNode{ID: n.id, Parent: n.parent, Name: n.name})
		}
	}
	return NewDepartmentTree(nodes)
}
