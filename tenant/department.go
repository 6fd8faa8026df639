package tenant

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"kenshu/fault"
	"kenshu/storage/db"
)

// MaxDepartmentName is the longest name of a department, in characters.
const MaxDepartmentName = 100

// Department is a part of an organisation. Who belonged to it when is kept for ever.
type Department struct {
	ID           db.ID
	Parent       db.ID // zero for one that stands on its own
	Name         string
	Path         string // with everything it belongs to, "本社 / 看護部"
	Depth        int    // 1 for one that stands on its own
	ClosedOn     db.Text
	Members      int // people in it on the day asked for
	MembersBelow int // people in it or below it; who holds several posts there counts once
	Posts        int // memberships of all times; a department that ever had one is not deleted
}

// DepartmentUse is whoever refers to departments beside the people in them, inside the transaction that changes the tree.
type DepartmentUse interface {
	// DepartmentUsed tells whether a department is needed, before it is deleted.
	DepartmentUsed(ctx context.Context, tid ID, tx *db.Tx, department db.ID) (bool, error)
	// DepartmentRules lists the assignment rules of open rounds that name a department.
	DepartmentRules(ctx context.Context, tid ID, r db.Runner) ([]DepartmentRule, error)
	// DepartmentMerged is told that one department became part of another.
	DepartmentMerged(ctx context.Context, tid ID, tx *db.Tx, from, into db.ID) error
}

// Departments keeps an organisation's tree of departments: today's, what it was, and what it is going to be.
type Departments struct {
	db     *db.DB
	audit  *Audit
	people *People
	outbox *Outbox
	clock  clockFunc
	uses   []DepartmentUse
}

// NewDepartments makes the service. people tells its observers who moves; outbox tells managers of a plan that could not be done.
func NewDepartments(d *db.DB, audit *Audit, people *People, outbox *Outbox, clock func() time.Time, uses ...DepartmentUse) *Departments {
	return &Departments{db: d, audit: audit, people: people, outbox: outbox, clock: clock, uses: uses}
}

func departmentName(name string) (string, error) {
	name = Tidy(name)
	var c fault.Check
	c.If(name == "", "name", "required")
	c.If(utf8.RuneCountInString(name) > MaxDepartmentName, "name", "too_long", "max", MaxDepartmentName)
	// A list of people divides several departments in one cell, and the names of a path, by them; some characters fold to one.
	c.If(strings.ContainsAny(name, departmentSeparators) || strings.Contains(Fold(name), DepartmentPathSeparator), "name", "department_separator")
	return name, c.Err()
}

// departmentKey is what makes the name of a department that stands on its own unique.
func departmentKey(name string) string { return Clip(Fold(name), MaxDepartmentName) }

// departmentKeyUnder makes a name unique among the open departments of one parent. The column and its unique key are older than the tree: below a parent
// the key is the beginning of the name, for its order, and a digest of the parent and the whole name. No name on its own can look like it.
func departmentKeyUnder(parent db.ID, name string) string {
	if parent.IsZero() {
		return departmentKey(name)
	}
	return digestKey(name, parent, Fold(name))
}

// departmentKeyClosed lets go of the name of a closed department, so that another one may have it.
func departmentKeyClosed(id db.ID, name string) string { return digestKey(name, id, "") }

func digestKey(name string, id db.ID, more string) string {
	const bits = 160
	sum := sha256.Sum256(append(id[:], more...))
	digest := base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:bits/8])
	return Clip(Fold(name), MaxDepartmentName-1-len(digest)) + DepartmentPathSeparator + strings.ToLower(digest)
}

// Create adds a department under id; the same id again answers the same department. It returns fault.Invalid, or fault.Conflict when the name is taken
// ("department_taken") or the parent is closed, unknown, or too deep.
func (s *Departments) Create(ctx context.Context, tid ID, id, parent db.ID, name string) (Department, error) {
	return s.one(ctx, tid, DepartmentStep{Kind: StepCreate, Department: id, Parent: parent, Name: name})
}

// Rename gives a department another name. It returns fault.NotFound, fault.Invalid or, when the name is taken, fault.Conflict.
func (s *Departments) Rename(ctx context.Context, tid ID, id db.ID, name string) (Department, error) {
	if _, err := s.Find(ctx, tid, id); err != nil {
		return Department{}, err
	}
	return s.one(ctx, tid, DepartmentStep{Kind: StepRename, Department: id, Name: name})
}

// one does a single step; what is wrong with it is said of its fields.
func (s *Departments) one(ctx context.Context, tid ID, step DepartmentStep) (Department, error) {
	_, err := s.Change(ctx, tid, []DepartmentStep{step})
	var wrong *fault.Error
	if errors.As(err, &wrong) && len(wrong.Fields) > 0 {
		plain := &fault.Error{Kind: wrong.Kind, Key: wrong.Key}
		if wrong.Kind == fault.Conflict {
			plain.Key, plain.Args = wrong.Fields[0].Key, wrong.Fields[0].Args
		}
		for _, f := range wrong.Fields {
			f.Path = strings.TrimPrefix(f.Path, "steps[0].")
			plain.Fields = append(plain.Fields, f)
		}
		return Department{}, plain
	}
	if err != nil {
		return Department{}, err
	}
	return s.Find(ctx, tid, step.Department)
}

// Delete removes a department that nobody ever belonged to and nothing uses; any other would take history with it, and is closed instead.
// It returns fault.NotFound, or fault.Conflict "department_members" (with their number), "department_below" or "department_used".
func (s *Departments) Delete(ctx context.Context, tid ID, id db.ID) error {
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.lock(ctx, tid, tx); err != nil {
			return err
		}
		d, err := s.find(ctx, tid, tx, id)
		if err != nil {
			return err
		}
		if err := s.mayDelete(ctx, tid, tx, d); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlDeleteHistory, tid, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlDeleteDepartment, tid, id); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, Change{Action: "department.delete", SubjectKind: "department", Subject: id, Detail: map[string]any{"name": d.Name, "path": d.Path}})
	})
	if db.IsReference(err) {
		return fault.New(fault.Conflict, "department_used")
	}
	return err
}

func (s *Departments) mayDelete(ctx context.Context, tid ID, tx *db.Tx, d Department) error {
	tree, err := ReadDepartmentTree(ctx, tid, tx)
	if err != nil {
		return err
	}
	var once int // departments that hung below it before
	if err := tx.QueryRow(ctx, sqlHistoryBelow, tid, d.ID).Scan(&once); err != nil {
		return err
	}
	switch {
	case d.Members > 0:
		return fault.New(fault.Conflict, "department_members", "count", d.Members)
	case len(tree.Under(d.ID)) > 1:
		return fault.New(fault.Conflict, "department_below")
	case d.Posts > 0 || once > 0:
		return fault.New(fault.Conflict, "department_used")
	}
	for _, u := range s.uses {
		if used, err := u.DepartmentUsed(ctx, tid, tx, d.ID); err != nil {
			return err
		} else if used {
			return fault.New(fault.Conflict, "department_used")
		}
	}
	return nil
}
