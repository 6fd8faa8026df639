package tenant

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
)

// importPlan works out what a file does to the people as they are, some rows at a time, and keeps it ready in the database. Of the people it holds only
// what a row is matched by; they themselves are read for each batch of rows.
type importPlan struct {
	service *Imports
	tid     ID
	id      db.ID
	run     db.ID
	form    ImportForm
	words   map[string]EmploymentKind
	fields  []PersonField
	known   *peopleIndex
	head    SlipHead // the organisation's name and code, which login IDs must not repeat
	deputy  bool     // the actor may not change the manager
	actor   db.ID
	tree    DepartmentTree
	made    map[departmentSpot]db.ID // departments that the file makes
	looked  map[string]departmentRef
	summary ImportSummary

	logins, numbers, names map[string]int // in which row of this file they stood first
	rowOf                  map[int32]int  // which row meant a person
	proposals              []string       // login IDs nobody has
	given                  map[string]bool
	last                   int // number of the last row

	pending     []record
	rows, parts [][]any
}

type departmentSpot struct {
	parent db.ID
	key    string
}

// departmentRef is what a text in a column of departments means.
type departmentRef struct {
	id      db.ID
	missing []string // names to be made, one below the other, below id
	similar int      // which of ImportSummary.Similar it is, from 1 on
	problem *fault.Field
}

// plannedPerson is one added or changed person.
type plannedPerson struct {
	old   *Person // nil when added
	in    PersonInput
	texts []string // departments as the file has them
	moved bool
}

const importBatch = 500

// take works out a row, together with others.
func (p *importPlan) take(ctx context.Context, r record) error {
	p.pending, p.last = append(p.pending, r), r.number
	if len(p.pending) < importBatch {
		return nil
	}
	return p.flush(ctx)
}

// flush works out the rows that were taken and keeps them.
func (p *importPlan) flush(ctx context.Context) error {
	matches := make([]int32, len(p.pending))
	ids := make([]any, 0, len(p.pending))
	for i := range p.pending {
		at, err := p.match(ctx, &p.pending[i])
		if err != nil {
			return err
		}
		if matches[i] = at; at >= 0 {
			ids = append(ids, p.known.ids[at])
		}
	}
	people, err := p.service.peopleOf(ctx, p.tid, ids)
	if err != nil {
		return err
	}
	for i := range p.pending {
		var old *Person
		if matches[i] >= 0 {
			old = people[p.known.ids[matches[i]]] // nil: gone since the index was read; then the row adds them, and the switch finds out
		}
		if err := p.add(ctx, &p.pending[i], old); err != nil {
			return err
		}
	}
	p.pending = p.pending[:0]
	return p.stage(ctx)
}

// match finds whom a row means, or -1: by the key that was chosen.
func (p *importPlan) match(ctx context.Context, r *record) (int32, error) {
	if err := p.known.load(ctx, p.service, p.tid); err != nil {
		return -1, err
	}
	tidied := PersonInput{LoginID: r.cells["login_id"], EmployeeNumber: r.cells["employee_number"]}.tidy()
	login, number := Fold(tidied.LoginID), Fold(tidied.EmployeeNumber)
	at := int32(-1)
	if found, ok := p.known.byLogin[login]; ok && login != "" && p.form.Key != KeyEmployeeNumber {
		at = found
	}
	if p.form.Key == KeyEmployeeNumber && number == "" {
		r.fault("employee_number", "required")
	}
	if at < 0 && number != "" && p.form.Key != KeyLoginID {
		found, ok := p.known.byNumber[number]
		switch {
		case !ok:
		case found < 0:
			r.fault("employee_number", "import_number_ambiguous")
		default:
			if at = found; login != "" && p.known.other(login, found) {
				r.fault("login_id", "import_login_differs", "login_id", p.known.logins[found])
			}
		}
	}
	if at < 0 {
		return at, nil
	}
	if first, twice := p.rowOf[at]; twice && len(r.faults) == 0 && !p.sameKeys(login, number) {
		r.fault("name", "import_person_twice", "row", first)
	}
	if _, twice := p.rowOf[at]; !twice {
		p.rowOf[at] = r.number
	}
	return at, nil
}

// sameKeys tells whether a value of this row stood in the file before; then that is said, with its column.
func (p *importPlan) sameKeys(login, number string) bool {
	return login != "" && p.logins[login] > 0 || number != "" && p.numbers[number] > 0
}

// add works out one row.
func (p *importPlan) add(ctx context.Context, r *record, old *Person) error {
	base := PersonInput{}
	if old != nil {
		base = old.input()
	}
	in, texts := r.apply(base, p.words)
	if kana := Tidy(r.cells["name_kana"]); kana != Katakana(kana) {
		p.summary.Kana++
	}
	planned := plannedPerson{old: old, texts: texts}
	refs := p.departments(r, texts)
	p.ownFields(r, &in)
	planned.in = in
	if err := p.check(ctx, r, old, in); err != nil {
		return err
	}
	planned.moved = len(texts) > 0 && p.moves(old, refs)
	changes := p.changes(&planned)
	p.checkChange(r, old, len(changes))
	switch {
	case len(r.faults) > 0:
		p.summary.Wrong++
		p.keepRow(r, RowWrong, old, in, rowDetail{Faults: r.faults, Cells: clipped(r.raw)})
		return nil
	case old != nil && len(changes) == 0:
		p.summary.Unchanged++
		p.keepRow(r, RowUnchanged, old, in, rowDetail{})
		return nil
	}
	if planned.moved {
		if planned.in.Departments = p.make(refs); len(p.summary.Departments) > MaxImportDepartments {
			return fault.New(fault.Invalid, "import_departments", "limit", MaxImportDepartments)
		}
	}
	return p.keepPerson(r, &planned, changes)
}

// clipped shortens the cells of a row for keeping.
func clipped(cells []string) []string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = Clip(c, 300)
	}
	return out
}

// departments reads the texts of a column of departments.
func (p *importPlan) departments(r *record, texts []string) []departmentRef {
	refs := make([]departmentRef, 0, len(texts))
	for _, text := range texts {
		key := Fold(text)
		ref, known := p.looked[key]
		if !known {
			id, problem := p.tree.Resolve(text)
			switch {
			case problem == nil:
				ref = departmentRef{id: id}
			case problem.Key == "department_unknown":
				ref = p.unknownDepartment(text)
			default:
				ref = departmentRef{problem: problem}
			}
			p.looked[key] = ref
		}
		if ref.problem != nil {
			r.faults = append(r.faults, fault.Field{Path: "departments", Key: ref.problem.Key, Args: ref.problem.Args})
			continue
		}
		if ref.similar > 0 {
			p.summary.Similar[ref.similar-1].Rows++
		}
		refs = append(refs, ref)
	}
	return refs
}

// problemOf is what is wrong with the name of a department.
func problemOf(err error) *fault.Field {
	var f *fault.Error
	if errors.As(err, &f) && len(f.Fields) > 0 {
		return &f.Fields[0]
	}
	return &fault.Field{Key: "department_unknown"}
}

// moves tells whether the departments of a row are others than the person's.
func (p *importPlan) moves(old *Person, refs []departmentRef) bool {
	ids := make([]db.ID, 0, len(refs))
	for _, ref := range refs {
		if len(ref.missing) > 0 {
			return true
		}
		ids = append(ids, ref.id)
	}
	if old == nil {
		return true
	}
	return !slices.Equal(inOrder(ids), old.input().Departments)
}

func inOrder(ids []db.ID) []db.ID {
	slices.SortFunc(ids, compareID)
	return slices.Compact(ids)
}

// make gives the ids of departments; those that are missing get one now.
func (p *importPlan) make(refs []departmentRef) []db.ID {
	ids := make([]db.ID, 0, len(refs))
	for _, ref := range refs {
		id := ref.id
		for _, name := range ref.missing {
			spot := departmentSpot{id, Fold(name)}
			below, known := p.made[spot]
			if !known {
				below = db.NewID()
				p.made[spot] = below
				p.summary.Departments = append(p.summary.Departments, newDepartment{ID: below, Parent: id, Name: name})
				p.summary.NewDepartments = append(p.summary.NewDepartments, p.pathOf(id, name))
			}
			id = below
		}
		ids = append(ids, id)
	}
	return inOrder(ids)
}

// pathOf names a new department with what it belongs to.
func (p *importPlan) pathOf(parent db.ID, name string) string {
	if parent.IsZero() {
		return name
	}
	if path := p.tree.Cell(parent); path != "" {
		return path + DepartmentPathSeparator + name
	}
	for i, d := range p.summary.Departments {
		if d.ID == parent {
			return p.summary.NewDepartments[i] + DepartmentPathSeparator + name
		}
	}
	return name
}

// ownFields reads the columns that are own fields.
func (p *importPlan) ownFields(r *record, in *PersonInput) {
	values := map[db.ID]string{}
	for id, v := range in.Fields {
		values[id] = v
	}
	for _, f := range p.fields {
		target := targetField + f.ID.String()
		if !r.says(target) {
			continue
		}
		if formula(r.cells[target]) && f.Kind != FieldNumber {
			r.fault(target, "sheet_formula")
			continue
		}
		value, wrong := f.Read(target, r.cells[target])
		if wrong != nil {
			r.faults = append(r.faults, *wrong)
			continue
		}
		values[f.ID] = value
	}
	in.Fields = values
}

// check finds what is wrong with a row by itself and beside the other rows.
func (p *importPlan) check(ctx context.Context, r *record, old *Person, in PersonInput) error {
	var faults *fault.Error
	if err := in.Validate(); errors.As(err, &faults) {
		for _, f := range faults.Fields {
			if !slices.ContainsFunc(r.faults, func(have fault.Field) bool { return have.Path == f.Path }) {
				r.faults = append(r.faults, f)
			}
		}
	}
	if old == nil {
		r.faults = append(r.faults, in.loginReasons(p.head)...)
	}
	p.twice(r, p.logins, "login_id", Fold(in.LoginID))
	p.twice(r, p.numbers, "employee_number", Fold(in.EmployeeNumber))
	if _, taken := p.known.byNumber[Fold(in.EmployeeNumber)]; taken && in.EmployeeNumber != "" && (old == nil || Fold(old.EmployeeNumber) != Fold(in.EmployeeNumber)) &&
		!slices.ContainsFunc(r.faults, func(f fault.Field) bool { return f.Path == "employee_number" && f.Key == "import_number_ambiguous" }) {
		r.fault("employee_number", "import_number_taken")
	}
	if old == nil && in.LoginID == "" && in.EmployeeNumber == "" && in.Name != "" {
		if err := p.known.loadNames(ctx, p.service, p.tid); err != nil {
			return err
		}
		if p.known.names[SearchKey(in.Name)] {
			r.fault("name", "import_name_known")
		}
		p.twice(r, p.names, "name", SearchKey(in.Name))
	}
	return nil
}

// twice notes a value and faults the row when it stood in the file before.
func (p *importPlan) twice(r *record, seen map[string]int, field, key string) {
	if key == "" {
		return
	}
	if first, ok := seen[key]; ok {
		r.fault(field, "import_twice", "row", first)
		return
	}
	seen[key] = r.number
}

// checkChange finds changes that a file may not make.
func (p *importPlan) checkChange(r *record, old *Person, changes int) {
	if old == nil || changes == 0 || len(r.faults) > 0 {
		return
	}
	if old.State == PersonLeft || old.State == PersonAnonymised {
		r.fault("name", "import_left")
	}
	if old.Has(RoleManager) {
		if p.summary.Manager = true; p.deputy {
			r.fault("name", "manager_only")
		}
	}
}

// changes lists what differs, for people to read.
func (p *importPlan) changes(planned *plannedPerson) []ImportChange {
	before := PersonInput{}
	var posts []string
	if planned.old != nil {
		before = planned.old.input()
		for _, d := range planned.old.Departments {
			posts = append(posts, cmp.Or(p.tree.Cell(d.ID), d.Name))
		}
	}
	in := planned.in
	changes := []ImportChange{}
	note := func(field, a, b string) {
		if a != b {
			changes = append(changes, ImportChange{field, a, b})
		}
	}
	note("login_id", before.LoginID, in.LoginID)
	note("name", before.Name, in.Name)
	note("name_kana", before.NameKana, in.NameKana)
	note("employee_number", before.EmployeeNumber, in.EmployeeNumber)
	note("email", before.Email, in.Email)
	if planned.old != nil || in.Kind != KindEmployee {
		note("employment_kind", string(before.Kind), string(in.Kind))
	}
	note("joined_on", before.JoinedOn, in.JoinedOn)
	for _, f := range p.fields {
		note(targetField+f.ID.String(), before.Fields[f.ID], in.Fields[f.ID])
	}
	if planned.moved {
		note("departments", strings.Join(posts, "; "), strings.Join(planned.texts, "; "))
		if planned.old != nil && strings.Join(posts, "; ") == strings.Join(planned.texts, "; ") {
			changes = append(changes, ImportChange{"departments", strings.Join(posts, "; "), strings.Join(planned.texts, "; ")})
		}
	}
	return changes
}
