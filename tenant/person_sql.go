package tenant

import (
	"context"
	"fmt"

	"kenshu/storage/db"
)

const personColumns = `p.id, p.login_id, p.name, p.name_kana, p.sort_name, p.login_key, p.email, p.employee_number, p.employment_kind, p.state, p.joined_on, p.left_on, p.leaves_on,
 p.locale, p.version, p.created_at, p.updated_at, COALESCE(c.kind, 'none'), c.last_login_at, c.changed_at, c.expires_at`

const (
	sqlPeople      = `SELECT ` + personColumns + ` FROM person p LEFT JOIN credential c ON c.tenant_id = p.tenant_id AND c.person_id = p.id`
	sqlCountPeople = `SELECT COUNT(*) FROM person p LEFT JOIN credential c ON c.tenant_id = p.tenant_id AND c.person_id = p.id`
	// The count needs the credential only when an account is asked for.
	sqlCountPeopleOnly = `SELECT COUNT(*) FROM person p`
	sqlPeopleRoles     = `SELECT r.person_id, r.role FROM person_role r`
	sqlPeoplePosts     = `SELECT m.person_id, d.id, d.name FROM person_department m JOIN department d ON d.tenant_id = m.tenant_id AND d.id = m.department_id`
	condCurrentPost    = `m.starts_on <= ? AND (m.ends_on IS NULL OR m.ends_on >= ?)`
	condInDepartment   = `EXISTS (SELECT 1 FROM person_department m WHERE m.tenant_id = ? AND m.person_id = p.id AND m.department_id = ? AND m.starts_on <= ?
 AND (m.ends_on IS NULL OR m.ends_on >= ?))`
	// The departments follow.
	condWithBelow = `p.id IN (SELECT m.person_id FROM person_department m WHERE m.tenant_id = ? AND m.starts_on <= ? AND (m.ends_on IS NULL OR m.ends_on >= ?)
 AND m.department_id IN `

	sqlInsertPeople = `INSERT INTO person (tenant_id, id, login_id, login_key, name, name_kana, sort_name, search_text, email, employee_number, employment_kind,
 joined_on, locale, state, import_id, created_at, updated_at) VALUES`
	rowInsertPeople = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlUpdatePerson = `UPDATE person SET login_id = ?, login_key = ?, name = ?, name_kana = ?, sort_name = ?, search_text = ?, email = ?, employee_number = ?,
 employment_kind = ?, joined_on = ?, locale = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?`
	sqlLockPerson = `SELECT version, state FROM person WHERE tenant_id = ? AND id = ?`

	sqlInsertRole       = `INSERT INTO person_role (tenant_id, person_id, role) VALUES`
	sqlDeleteRole       = `DELETE FROM person_role WHERE tenant_id = ? AND person_id = ? AND role = ?`
	sqlInsertPost       = `INSERT INTO person_department (tenant_id, person_id, department_id, starts_on, ends_on) VALUES`
	rowInsertPost       = `(?, ?, ?, ?, ?)`
	sqlEndPost          = `UPDATE person_department SET ends_on = ? WHERE tenant_id = ? AND person_id = ? AND department_id = ? AND starts_on < ? AND (ends_on IS NULL OR ends_on >= ?)`
	sqlDropPost         = `DELETE FROM person_department WHERE tenant_id = ? AND person_id = ? AND department_id = ? AND starts_on = ?`
	sqlDropLaterPost    = `DELETE FROM person_department WHERE tenant_id = ? AND person_id = ? AND department_id = ? AND starts_on > ?`
	sqlSlipOrganisation = `SELECT name, code FROM organisation WHERE tenant_id = ?`
)

// read runs a query of personColumns and completes each person with roles and current posts, in one query each. It also gives what each row is sorted
// by, name and login ID alternating.
func (s *People) read(ctx context.Context, tid ID, r db.Runner, query string, args ...any) ([]Person, []string, error) {
	var sorts []string
	people, err := db.List(ctx, r, query, args, func(row db.Row) (Person, error) {
		var p Person
		var sortName, loginKey string
		err := row.Scan(&p.ID, &p.LoginID, &p.Name, &p.NameKana, &sortName, &loginKey, &p.Email, &p.EmployeeNumber, &p.Kind, &p.State, &p.JoinedOn, &p.LeftOn, &p.LeavesOn,
			&p.Locale, &p.Version, &p.CreatedAt, &p.UpdatedAt, &p.Credential, &p.LastLoginAt, &p.CredentialAt, &p.ExpiresAt)
		sorts = append(sorts, sortName, loginKey)
		return p, err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("read people: %w", err)
	}
	if err := s.complete(ctx, tid, r, people); err != nil {
		return nil, nil, err
	}
	return people, sorts, nil
}

func (s *People) complete(ctx context.Context, tid ID, r db.Runner, people []Person) error {
	const batch = 500
	values, err := ReadPersonValues(ctx, tid, r, idsOfPeople(people))
	if err != nil {
		return err
	}
	at := make(map[db.ID]*Person, len(people))
	for i := range people {
		people[i].Roles, people[i].Departments, people[i].Fields = []Role{}, []Named{}, map[db.ID]string{}
		if have := values[people[i].ID]; have != nil {
			people[i].Fields = have
		}
		at[people[i].ID] = &people[i]
	}
	for from := 0; from < len(people); from += batch {
		ids := make([]any, 0, batch)
		for _, p := range people[from:min(from+batch, len(people))] {
			ids = append(ids, p.ID)
		}
		cond := db.Where("r.tenant_id = ?", tid).In("r.person_id", ids)
		if err := db.Each(ctx, r, sqlPeopleRoles+cond.SQL()+" ORDER BY +r.role", cond.Args(), func(scan func(...any) error) error {
			var id db.ID
			var role Role
			err := scan(&id, &role)
			if p := at[id]; err == nil && p != nil {
				p.Roles = append(p.Roles, role)
			}
			return err
		}); err != nil {
			return err
		}
		cond = db.Where("m.tenant_id = ?", tid).In("m.person_id", ids).And(condCurrentPost, s.today(), s.today())
		if err := db.Each(ctx, r, sqlPeoplePosts+cond.SQL()+" ORDER BY m.main DESC, d.name_key", cond.Args(), func(scan func(...any) error) error {
			var id db.ID
			var d Named
			err := scan(&id, &d.ID, &d.Name)
			if p := at[id]; err == nil && p != nil {
				p.Departments = append(p.Departments, d)
			}
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

func idsOfPeople(people []Person) []db.ID {
	ids := make([]db.ID, 0, len(people))
	for _, p := range people {
		ids = append(ids, p.ID)
	}
	return ids
}
