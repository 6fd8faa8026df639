package tenant

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
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
	ID      db.ID
	Name    string
	Members int // today
	Posts   int // memberships of all times; a department that ever had one is not deleted
}

// DepartmentUse tells whether a department is needed elsewhere, in the transaction that would delete it.
type DepartmentUse interface {
	DepartmentUsed(ctx context.Context, tid ID, tx *db.Tx, department db.ID) (bool, error)
}

// Departments keeps an organisation's departments.
type Departments struct {
	db    *db.DB
	audit *Audit
	clock clockFunc
	uses  []DepartmentUse
}

// NewDepartments makes the service. uses are asked before a department is deleted.
func NewDepartments(d *db.DB, audit *Audit, clock func() time.Time, uses ...DepartmentUse) *Departments {
	return &Departments{db: d, audit: audit, clock: clock, uses: uses}
}

// List gives every department with its head-count, by name.
func (s *Departments) List(ctx context.Context, tid ID) ([]Department, error) {
	return s.read(ctx, s.db, sqlDepartments+" ORDER BY d.name_key", Today(s.clock), Today(s.clock), tid)
}

func (s *Departments) read(ctx context.Context, r db.Runner, query string, args ...any) ([]Department, error) {
	list := []Department{}
	err := each(ctx, r, query, args, func(scan func(...any) error) error {
		var d Department
		err := scan(&d.ID, &d.Name, &d.Members, &d.Posts)
		list = append(list, d)
		return err
	})
	return list, err
}

// Find gives one department, or fault.NotFound.
func (s *Departments) Find(ctx context.Context, tid ID, id db.ID) (Department, error) {
	list, err := s.read(ctx, s.db, sqlDepartments+" AND d.id = ?", Today(s.clock), Today(s.clock), tid, id)
	if err != nil || len(list) == 1 {
		return append(list, Department{})[0], err
	}
	return Department{}, fault.New(fault.NotFound, "not_found")
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

// Create adds a department under id; the same id again answers the same department. It returns fault.Invalid or, when the name is taken, fault.Conflict.
func (s *Departments) Create(ctx context.Context, tid ID, id db.ID, name string) (Department, error) {
	name, err := departmentName(name)
	if err != nil {
		return Department{}, err
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		now := db.At(s.clock())
		if err := tx.InsertMany(ctx, sqlInsertDepartments, rowInsertDepartments, [][]any{{tid, id, name, departmentKey(name), now, now}}); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, Change{Action: "department.create", SubjectKind: "department", Subject: id, Detail: map[string]any{"name": name}})
	})
	switch {
	case db.IsDuplicateOf(err, "department_name", "name_key"):
		return Department{}, departmentTaken()
	case err != nil && !db.IsDuplicate(err):
		return Department{}, fmt.Errorf("create department: %w", err)
	}
	return s.Find(ctx, tid, id)
}

// Rename gives a department another name. It returns fault.NotFound, fault.Invalid or, when the name is taken, fault.Conflict.
func (s *Departments) Rename(ctx context.Context, tid ID, id db.ID, name string) (Department, error) {
	name, err := departmentName(name)
	if err != nil {
		return Department{}, err
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		var old string
		var parent db.ID
		if err := db.One(tx.QueryRowLocked(ctx, sqlLockDepartment, tid, id).Scan(&old, &parent)); err != nil || old == name {
			return err
		}
		if _, err := tx.Exec(ctx, sqlRenameDepartment, name, departmentKeyUnder(parent, name), db.At(s.clock()), tid, id); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, Change{Action: "department.rename", SubjectKind: "department", Subject: id, Detail: map[string]any{"from": old, "to": name}})
	})
	switch {
	case db.IsDuplicate(err):
		return Department{}, departmentTaken()
	case err != nil:
		return Department{}, fmt.Errorf("rename department: %w", err)
	}
	return s.Find(ctx, tid, id)
}

// Delete removes a department that nobody ever belonged to and nothing uses; any other would take history with it.
// It returns fault.NotFound, or fault.Conflict "department_members" (with their number) or "department_used".
func (s *Departments) Delete(ctx context.Context, tid ID, id db.ID) error {
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		var name string
		var parent db.ID
		if err := db.One(tx.QueryRowLocked(ctx, sqlLockDepartment, tid, id).Scan(&name, &parent)); err != nil {
			return err
		}
		list, err := s.read(ctx, tx, sqlDepartments+" AND d.id = ?", Today(s.clock), Today(s.clock), tid, id)
		switch {
		case err != nil:
			return err
		case list[0].Members > 0:
			return fault.New(fault.Conflict, "department_members", "count", list[0].Members)
		case list[0].Posts > 0:
			return fault.New(fault.Conflict, "department_used")
		}
		for _, u := range s.uses {
			if used, err := u.DepartmentUsed(ctx, tid, tx, id); err != nil {
				return err
			} else if used {
				return fault.New(fault.Conflict, "department_used")
			}
		}
		if _, err := tx.Exec(ctx, sqlDeleteDepartment, tid, id); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, Change{Action: "department.delete", SubjectKind: "department", Subject: id, Detail: map[string]any{"name": name}})
	})
	if db.IsReference(err) {
		return fault.New(fault.Conflict, "department_used")
	}
	return err
}

func departmentTaken() error {
	return &fault.Error{Kind: fault.Conflict, Key: "department_taken", Fields: []fault.Field{{Path: "name", Key: "department_taken"}}}
}
