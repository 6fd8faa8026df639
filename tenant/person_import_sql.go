package tenant

import (
	"context"

	"kenshu/storage/db"
)

const (
	sqlInsertImport = `INSERT INTO person_import (tenant_id, id, file_name, object_key, sha256, state, summary, created_by, created_at) VALUES`
	rowInsertImport = `(?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlFindImport   = `SELECT id, file_name, object_key, sha256, state, summary, created_at, applied_at FROM person_import WHERE tenant_id = ? AND id = ?`
	sqlApplyImport  = `UPDATE person_import SET state = 'applied', applied_at = ?, summary = ? WHERE tenant_id = ? AND id = ?`
	sqlRedoImport   = `UPDATE person_import SET summary = ? WHERE tenant_id = ? AND id = ? AND state = 'checked'`

	sqlImportOrganisation = `SELECT id FROM organisation WHERE tenant_id = ?`
	sqlImportRoles        = `SELECT person_id, role FROM person_role WHERE tenant_id = ? AND role <> 'staff'`
	sqlImportPosts        = `SELECT person_id, department_id FROM person_department WHERE tenant_id = ? AND starts_on <= ? AND (ends_on IS NULL OR ends_on >= ?)`

	sqlReplacePeople = `INSERT INTO person (tenant_id, id, login_id, login_key, name, name_kana, sort_name, search_text, email, employee_number, employment_kind,
 joined_on, locale, state, created_at, updated_at, version) VALUES`
	rowReplacePeople     = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	columnsReplacePeople = `name, name_kana, sort_name, search_text, email, employee_number, employment_kind, joined_on, updated_at, version`

	sqlVersions   = `SELECT p.id, p.version FROM person p`
	sqlEndPosts   = `UPDATE person_department SET ends_on = ?`
	sqlDropPosts  = `DELETE FROM person_department`
	condLivePosts = `starts_on < ? AND (ends_on IS NULL OR ends_on >= ?)`
)

// snapshot is an organisation's people as they are at one moment.
type snapshot struct {
	byLogin     map[string]*Person
	byNumber    map[string][]*Person
	byName      map[string]bool
	departments map[string]Named // by folded name
	nameOf      map[db.ID]string
}

// snapshot reads everybody in four queries.
func (s *Imports) snapshot(ctx context.Context, tid ID, r db.Runner) (*snapshot, error) {
	rows, err := r.Query(ctx, sqlPeople+" WHERE p.tenant_id = ?", tid)
	if err != nil {
		return nil, err
	}
	people, _, err := scanPeople(rows)
	if err != nil {
		return nil, err
	}
	k := &snapshot{byLogin: make(map[string]*Person, len(people)), byNumber: map[string][]*Person{}, byName: make(map[string]bool, len(people)),
		departments: map[string]Named{}, nameOf: map[db.ID]string{}}
	byID := make(map[db.ID]*Person, len(people))
	for i := range people {
		p := &people[i]
		byID[p.ID], k.byLogin[Fold(p.LoginID)], k.byName[SearchKey(p.Name)] = p, p, true
		if p.EmployeeNumber != "" {
			k.byNumber[Fold(p.EmployeeNumber)] = append(k.byNumber[Fold(p.EmployeeNumber)], p)
		}
	}
	if err := each(ctx, r, sqlDepartmentKeys, []any{tid}, func(scan func(...any) error) error {
		var d Named
		var key string
		err := scan(&d.ID, &d.Name, &key)
		k.departments[key], k.nameOf[d.ID] = d, d.Name
		return err
	}); err != nil {
		return nil, err
	}
	if err := each(ctx, r, sqlImportRoles, []any{tid}, func(scan func(...any) error) error {
		var id db.ID
		var role Role
		err := scan(&id, &role)
		if p := byID[id]; p != nil {
			p.Roles = append(p.Roles, role)
		}
		return err
	}); err != nil {
		return nil, err
	}
	today := Today(s.clock)
	return k, each(ctx, r, sqlImportPosts, []any{tid, today, today}, func(scan func(...any) error) error {
		var id, d db.ID
		err := scan(&id, &d)
		if p := byID[id]; p != nil {
			p.Departments = append(p.Departments, Named{d, k.nameOf[d]})
		}
		return err
	})
}
