package tenant

import (
	"context"
	"slices"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
)

// SimilarDepartment is a text of a file that no department has as its name, though one is nearly called so: misspelt perhaps. Somebody says which is meant before
// the file takes effect, and that is remembered for later files with the same headings.
type SimilarDepartment struct {
	Text       string        `json:"text"`
	Department db.ID         `json:"department"` // the one that is nearly called so
	Path       string        `json:"path"`
	Rows       int           `json:"rows"`
	Choice     SimilarChoice `json:"choice,omitempty"`
}

// SimilarChoice says what a similar name means.
type SimilarChoice string

// The choices; none yet is "".
const (
	SimilarSame  SimilarChoice = "same"  // the department that is there
	SimilarOther SimilarChoice = "other" // a new one
)

// maxSimilar is how many names are asked about at most; a file with more of them has its departments written otherwise throughout.
const maxSimilar = 100

// unknownDepartment is a name that no department has: one to be made, or, when one is nearly called so, what was chosen for it.
func (p *importPlan) unknownDepartment(text string) departmentRef {
	below, missing, err := p.tree.Missing(text)
	if err != nil {
		return departmentRef{problem: problemOf(err)}
	}
	ref := departmentRef{id: below, missing: missing}
	near, found := p.tree.similar(below, missing)
	if !found || len(p.summary.Similar) >= maxSimilar {
		return ref
	}
	one := SimilarDepartment{Text: Clip(Tidy(text), 200), Department: near, Path: p.tree.Cell(near)}
	switch meant, said := p.form.Departments[Fold(text)]; {
	case said && meant == near:
		one.Choice, ref.id, ref.missing = SimilarSame, near, nil
	case said && meant.IsZero():
		one.Choice = SimilarOther
	}
	p.summary.Similar = append(p.summary.Similar, one)
	ref.similar = len(p.summary.Similar)
	return ref
}

// Similar finds the open department whose name text is nearly, when no department has it; false when there is none.
func (t DepartmentTree) Similar(text string) (db.ID, bool) {
	below, names, err := t.Missing(text)
	if err != nil || len(names) == 0 {
		return db.ID{}, false
	}
	return t.similar(below, names)
}

// similar finds the open department that names below another one are perhaps meant for: one that is nearly called as the first of them (anywhere, when they
// hang below none), or, when there are more names, the one to which they lead from there.
func (t DepartmentTree) similar(below db.ID, names []string) (db.ID, bool) {
	var best db.ID
	least := -1
	for _, n := range t.nodes {
		if n.ClosedOn != "" || !below.IsZero() && n.Parent != below {
			continue
		}
		if d, near := nearName(names[0], n.Name); near && (least < 0 || d < least) {
			best, least = n.ID, d
		}
	}
	if least < 0 || len(names) == 1 {
		return best, least >= 0
	}
	found, problem := t.Resolve(t.Cell(best) + DepartmentPathSeparator + strings.Join(names[1:], DepartmentPathSeparator))
	return found, problem == nil
}

// Asked counts the similar names that nobody has said anything about yet.
func (m ImportSummary) Asked() int {
	n := 0
	for _, one := range m.Similar {
		if one.Choice == "" {
			n++
		}
	}
	return n
}

// MeantDepartment says what a similar name of a file means.
type MeantDepartment struct {
	Text   string
	Choice SimilarChoice
}

// MeanDepartments says what similar names of a checked file mean, keeps that for later files with the same headings, and has the file read again. It returns
// fault.NotFound, fault.Invalid for a text that is not asked about, or fault.Conflict "import_state".
func (s *Imports) MeanDepartments(ctx context.Context, tid ID, id db.ID, meant []MeantDepartment) (Import, error) {
	imp, err := s.Find(ctx, tid, id)
	if err != nil {
		return Import{}, err
	}
	if imp.Summary.Form == nil {
		return Import{}, fault.New(fault.Conflict, "import_state")
	}
	m := imp.Summary.Form.mapping()
	if imp.Options.Mapping != nil {
		m = *imp.Options.Mapping
	}
	said := map[string]db.ID{}
	for text, department := range m.Departments {
		said[text] = department
	}
	var check fault.Check
	for _, one := range meant {
		i := slices.IndexFunc(imp.Summary.Similar, func(s SimilarDepartment) bool { return Fold(s.Text) == Fold(one.Text) })
		check.If(i < 0 || one.Choice != SimilarSame && one.Choice != SimilarOther, "choices", "not_in_list")
		if i >= 0 {
			said[Fold(one.Text)] = db.ID{}
			if one.Choice == SimilarSame {
				said[Fold(one.Text)] = imp.Summary.Similar[i].Department
			}
		}
	}
	if err := check.Err(); err != nil {
		return Import{}, err
	}
	m.Departments = said
	return s.Map(ctx, tid, id, m)
}
