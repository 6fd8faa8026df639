package tenant

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"kenshu/fault"
)

// importPlan is what a file does to the people of a snapshot.
type importPlan struct {
	known       *snapshot
	head        SlipHead // the organisation's name and code, which login IDs must not repeat
	deputy      bool     // the actor may not change the manager
	summary     ImportSummary
	rows        []ImportRow
	people      []plannedPerson
	departments map[string]bool // new ones, by folded name

	logins, numbers, names map[string]int // in which row of this file they stood first
}

// plannedPerson is one added or changed person.
type plannedPerson struct {
	old         *Person // nil when added
	in          PersonInput
	departments []string // by name
	moved       bool     // departments differ
}

// add works out one row.
func (p *importPlan) add(r *record) {
	old := p.match(r)
	base := PersonInput{}
	if old != nil {
		base = old.input()
	}
	in, departments := r.apply(base)
	row := ImportRow{Number: r.number, Name: in.Name, LoginID: in.LoginID, EmployeeNumber: in.EmployeeNumber}
	if old != nil {
		row.Person = old.ID
	}
	p.check(r, old, in)
	planned := plannedPerson{old: old, in: in, departments: departments}
	row.Changes = p.changes(&planned)
	p.checkChange(r, old, len(row.Changes))
	switch {
	case len(r.faults) > 0:
		row.Outcome, row.Faults, row.Changes = RowWrong, r.faults, nil
		p.summary.Wrong++
	case old == nil:
		row.Outcome = RowAdded
		p.summary.Added++
	case len(row.Changes) > 0:
		row.Outcome = RowChanged
		p.summary.Changed++
	default:
		row.Outcome = RowUnchanged
		p.summary.Unchanged++
	}
	if row.Outcome == RowAdded || row.Outcome == RowChanged {
		p.people = append(p.people, planned)
		p.newDepartments(departments)
	}
	p.rows = append(p.rows, row)
}

// match finds whom a row means: by login ID, else by employee number.
func (p *importPlan) match(r *record) *Person {
	tidied := PersonInput{LoginID: r.cells["login_id"], EmployeeNumber: r.cells["employee_number"]}.tidy()
	login, number := Fold(tidied.LoginID), Fold(tidied.EmployeeNumber)
	if login != "" {
		if old := p.known.byLogin[login]; old != nil {
			return old
		}
	}
	if number == "" {
		return nil
	}
	same := p.known.byNumber[number]
	switch {
	case len(same) == 0:
		return nil
	case len(same) > 1:
		r.fault("employee_number", "import_number_ambiguous")
		return nil
	case login != "":
		r.fault("login_id", "import_login_differs", "login_id", same[0].LoginID)
	}
	return same[0]
}

// check finds what is wrong with a row by itself and beside the other rows.
func (p *importPlan) check(r *record, old *Person, in PersonInput) {
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
	p.twice(r, &p.logins, "login_id", Fold(in.LoginID))
	p.twice(r, &p.numbers, "employee_number", Fold(in.EmployeeNumber))
	if in.EmployeeNumber != "" && old != nil && Fold(old.EmployeeNumber) != Fold(in.EmployeeNumber) && len(p.known.byNumber[Fold(in.EmployeeNumber)]) > 0 {
		r.fault("employee_number", "import_number_taken")
	}
	if old == nil && in.LoginID == "" && in.EmployeeNumber == "" && in.Name != "" {
		if p.known.byName[SearchKey(in.Name)] {
			r.fault("name", "import_name_known")
		}
		p.twice(r, &p.names, "name", SearchKey(in.Name))
	}
}

// twice notes a value and faults the row when it stood in the file before.
func (p *importPlan) twice(r *record, seen *map[string]int, field, key string) {
	if key == "" {
		return
	}
	if *seen == nil {
		*seen = map[string]int{}
	}
	if first, ok := (*seen)[key]; ok {
		r.fault(field, "import_twice", "row", first)
		return
	}
	(*seen)[key] = r.number
}

// checkChange finds changes that a file may not make.
func (p *importPlan) checkChange(r *record, old *Person, changes int) {
	if old == nil || changes == 0 || len(r.faults) > 0 {
		return
	}
	if old.State == PersonLeft || old.State == PersonAnonymised {
		r.fault("name", "import_left")
	}
	if p.deputy && old.Has(RoleManager) {
		r.fault("name", "manager_only")
	}
}

// changes lists what differs, for people to read.
func (p *importPlan) changes(planned *plannedPerson) []ImportChange {
	before := PersonInput{}
	var posts []string
	if planned.old != nil {
		before = planned.old.input()
		for _, d := range planned.old.Departments {
			posts = append(posts, d.Name)
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
	if len(planned.departments) > 0 && !sameDepartments(posts, planned.departments) {
		planned.moved = true
		note("departments", strings.Join(posts, "; "), strings.Join(planned.departments, "; "))
	}
	return changes
}

func sameDepartments(a, b []string) bool {
	key := func(names []string) []string {
		keys := make([]string, 0, len(names))
		for _, n := range names {
			keys = append(keys, departmentKey(n))
		}
		slices.Sort(keys)
		return slices.Compact(keys)
	}
	return slices.Equal(key(a), key(b))
}

func (p *importPlan) newDepartments(names []string) {
	for _, n := range names {
		key := departmentKey(n)
		if _, known := p.known.departments[key]; !known && !p.departments[key] {
			p.departments[key] = true
			p.summary.NewDepartments = append(p.summary.NewDepartments, n)
		}
	}
}

// close makes the digest over everything that the preview shows.
func (p *importPlan) close() error {
	b, err := json.Marshal(struct {
		Rows        []ImportRow
		Departments []string
	}{p.rows, p.summary.NewDepartments})
	sum := sha256.Sum256(b)
	p.summary.Digest = hex.EncodeToString(sum[:])
	return err
}
