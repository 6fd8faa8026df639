package tenant

import (
	"context"
	"fmt"

	"kenshu/fault"
	"kenshu/storage/db"
)

const (
	sqlInsertOrganisation = `INSERT INTO organisation (id, code, kind, name, name_search, plan, state, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlUpdateOrganisation = `UPDATE organisation SET name = ?, name_search = ?, plan = ?, state = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND version = ?`
	sqlKindOfTenant       = `SELECT kind FROM organisation WHERE tenant_id = ?`
	// all tenants: the register, which only the association reads
	sqlSelectOrganisations = `SELECT tenant_id, id, code, name, plan, state, version, created_at, updated_at FROM organisation`
	sqlCountOrganisations  = `SELECT COUNT(*) FROM organisation`
	sqlManagers            = `SELECT r.tenant_id, p.id, p.name, p.login_id, p.email, c.kind, c.last_login_at,
 CASE WHEN EXISTS (SELECT 1 FROM second_factor f WHERE f.tenant_id = p.tenant_id AND f.person_id = p.id) OR EXISTS (SELECT 1 FROM passkey k WHERE k.tenant_id = p.tenant_id AND k.person_id = p.id)
 THEN 1 ELSE 0 END FROM person_role r
 JOIN person p ON p.tenant_id = r.tenant_id AND p.id = r.person_id JOIN credential c ON c.tenant_id = p.tenant_id AND c.person_id = p.id`
	sqlHeadCounts  = `SELECT tenant_id, COUNT(*) FROM person`
	sqlAssociation = `SELECT tenant_id, id, code, name FROM organisation WHERE kind = 'association' ORDER BY tenant_id LIMIT 1`
	sqlAllTenants  = `SELECT tenant_id, code FROM organisation WHERE tenant_id > ? ORDER BY tenant_id LIMIT 500`
)

// OrganisationQuery narrows List.
type OrganisationQuery struct {
	Search string            // part of the name or of the code, folded
	State  OrganisationState // "" is all
	Page   db.Page
}

// OrganisationPage is part of the register, by name.
type OrganisationPage struct {
	Items []Organisation
	Next  string // "" on the last page
	Total int    // of the whole list; counted on the first page only, -1 on others
}

func (s *Organisations) mustBeAssociation(ctx context.Context, tid ID) error {
	var kind string
	err := db.One(s.db.QueryRow(ctx, sqlKindOfTenant, tid).Scan(&kind))
	if err == nil && kind != kindAssociation {
		return fault.New(fault.Forbidden, "not_allowed")
	}
	return err
}

// List gives a page of the register. It returns fault.Invalid for a damaged cursor.
func (s *Organisations) List(ctx context.Context, tid ID, q OrganisationQuery) (OrganisationPage, error) {
	if err := s.mustBeAssociation(ctx, tid); err != nil {
		return OrganisationPage{}, err
	}
	cond := db.Where("kind = 'organisation'")
	if text := Fold(Clip(q.Search, 100)); text != "" {
		cond.And("name_search LIKE ? ESCAPE '!' OR code LIKE ? ESCAPE '!'", "%"+db.Like(text)+"%", "%"+db.Like(NormalCode(q.Search))+"%")
	}
	if q.State != "" {
		cond.And("state = ?", q.State)
	}
	page := OrganisationPage{Total: -1}
	if q.Page.After == "" {
		if err := db.One(s.db.QueryRow(ctx, sqlCountOrganisations+cond.SQL(), cond.Args()...).Scan(&page.Total)); err != nil {
			return page, err
		}
	}
	if err := afterName(cond, q.Page.After); err != nil {
		return page, err
	}
	limit := q.Page.Clamp()
	list, err := s.read(ctx, sqlSelectOrganisations+cond.SQL()+" ORDER BY name_search, id LIMIT ?", cond.Args(limit+1)...)
	if err != nil {
		return page, err
	}
	if len(list) > limit {
		list = list[:limit]
		last := list[limit-1]
		page.Next = db.Cursor(Clip(Fold(last.Name), 255), last.ID.String())
	}
	page.Items = list
	return page, s.addPeople(ctx, list)
}

func afterName(cond *db.Cond, cursor string) error {
	after, err := db.ReadCursor(cursor, 2)
	if err != nil || after == nil {
		return err
	}
	id, err := db.ParseID(after[1])
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "cursor")
	}
	cond.And("name_search > ? OR (name_search = ? AND id > ?)", after[0], after[0], id)
	return nil
}

// Find gives one organisation of the register. It returns fault.NotFound.
func (s *Organisations) Find(ctx context.Context, tid ID, id db.ID) (Organisation, error) {
	if err := s.mustBeAssociation(ctx, tid); err != nil {
		return Organisation{}, err
	}
	list, err := s.read(ctx, sqlSelectOrganisations+" WHERE id = ? AND kind = 'organisation'", id)
	if err != nil {
		return Organisation{}, err
	}
	if len(list) == 0 {
		return Organisation{}, fault.New(fault.NotFound, "not_found")
	}
	return list[0], s.addPeople(ctx, list)
}

func (s *Organisations) read(ctx context.Context, query string, args ...any) ([]Organisation, error) {
	list, err := db.List(ctx, s.db, query, args, func(row db.Row) (Organisation, error) {
		var o Organisation
		var n int64
		err := row.Scan(&n, &o.ID, &o.Code, &o.Name, &o.Plan, &o.State, &o.Version, &o.CreatedAt, &o.UpdatedAt)
		if err == nil {
			o.tid = System(n, "an organisation of the register, read for the association")
		}
		return o, err
	})
	if err != nil {
		return nil, fmt.Errorf("read register: %w", err)
	}
	return list, nil
}

// addPeople adds managers and head counts in one query each.
func (s *Organisations) addPeople(ctx context.Context, list []Organisation) error {
	tenants, at := make([]any, 0, len(list)), map[int64]*Organisation{}
	for i := range list {
		tenants = append(tenants, list[i].tid)
		at[list[i].tid.n] = &list[i]
	}
	managers := db.Where("r.role = 'manager'").In("r.tenant_id", tenants)
	err := db.Each(ctx, s.db, sqlManagers+managers.SQL(), managers.Args(), func(scan func(...any) error) error {
		var n int64
		var m ManagerRef
		if err := scan(&n, &m.Person, &m.Name, &m.LoginID, &m.Email, &m.Credential, &m.LastLoginAt, &m.Factor); err != nil {
			return err
		}
		at[n].Manager = m
		return nil
	})
	if err != nil {
		return err
	}
	counts := db.Where("state = 'active'").In("tenant_id", tenants)
	return db.Each(ctx, s.db, sqlHeadCounts+counts.SQL()+" GROUP BY tenant_id", counts.Args(), func(scan func(...any) error) error {
		var n int64
		var people int
		if err := scan(&n, &people); err != nil {
			return err
		}
		at[n].People = people
		return nil
	})
}

// TenantRef names one tenant for the commands that walk over all of them.
type TenantRef struct {
	ID   ID
	Code string
}

// All lists every tenant, the association too, for the operator's commands.
func (s *Organisations) All(ctx context.Context) ([]TenantRef, error) {
	var out []TenantRef
	for last := int64(0); ; {
		n := 0
		err := db.Each(ctx, s.db, sqlAllTenants, []any{last}, func(scan func(...any) error) error {
			var ref TenantRef
			if err := scan(&last, &ref.Code); err != nil {
				return err
			}
			ref.ID = System(last, "a command that walks over all organisations")
			out, n = append(out, ref), n+1
			return nil
		})
		if err != nil || n < 500 {
			return out, err
		}
	}
}
