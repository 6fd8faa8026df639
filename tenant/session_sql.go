package tenant

import (
	"context"
	"fmt"

	"kenshu/fault"
	"kenshu/storage/db"
)

const (
	sqlRaisePeopleEpochs = `UPDATE person SET session_epoch = session_epoch + 1`
	sqlRaiseOrgEpoch     = `UPDATE organisation SET session_epoch = session_epoch + 1 WHERE tenant_id = ?`
	sqlPeopleEpochs      = `SELECT p.id, p.session_epoch FROM person p`
	sqlOrgEpoch          = `SELECT session_epoch FROM organisation WHERE tenant_id = ?`
	sqlSessionPerson     = `SELECT o.id, o.name, o.code, o.kind, o.state, o.session_epoch, p.name, p.state, p.session_epoch, c.kind
 FROM person p JOIN organisation o ON o.tenant_id = p.tenant_id JOIN credential c ON c.tenant_id = p.tenant_id AND c.person_id = p.id
 WHERE p.tenant_id = ? AND p.id = ?`
	sqlPersonRoles = `SELECT role FROM person_role WHERE tenant_id = ? AND person_id = ? ORDER BY role`
)

// load reads what a new session needs; a person or an organisation that is not active may not have one.
func (s *Sessions) load(ctx context.Context, tid ID, person db.ID) (storedSession, error) {
	st := storedSession{Tenant: tid.n, Person: person}
	var orgState, personState, credential string
	err := db.One(s.db.QueryRow(ctx, sqlSessionPerson, tid, person).
		Scan(&st.Organisation, &st.OrganisationName, &st.OrganisationCode, &st.OrganisationKind, &orgState, &st.OrgEpoch, &st.Name, &personState, &st.PersonEpoch, &credential))
	switch {
	case fault.Is(err, fault.NotFound):
		return st, errNoSession()
	case err != nil:
		return st, fmt.Errorf("load session: %w", err)
	case orgState != "active":
		return st, fault.New(fault.Unauthorized, "organisation_"+orgState)
	case personState != "active":
		return st, fault.New(fault.Unauthorized, "login_failed")
	}
	st.MustChange = credential == "one_time"
	rows, err := s.db.Query(ctx, sqlPersonRoles, tid, person)
	if err != nil {
		return st, err
	}
	defer rows.Close()
	for rows.Next() {
		var r Role
		if err := rows.Scan(&r); err != nil {
			return st, err
		}
		st.Roles = append(st.Roles, r)
	}
	if err := rows.Err(); err != nil {
		return st, err
	}
	_ = rows.Close() // before the next query: an embedded database has few connections
	st.MustEnrol, err = s.mustEnrol(ctx, tid, st)
	return st, err
}

// mustEnrol tells whether the person's roles demand a second factor that they do not have.
func (s *Sessions) mustEnrol(ctx context.Context, tid ID, st storedSession) (bool, error) {
	policy, err := ReadSecurityPolicy(ctx, tid, s.db)
	if err != nil || !policy.demands(st.Roles, s.limits.AssociationFactor) {
		return false, err
	}
	kinds, err := readFactorKinds(ctx, tid, s.db, st.Person)
	return !kinds.any(), err
}
