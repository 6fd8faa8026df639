package tenant

import (
	"context"
	"encoding/json"
	"fmt"

	"kenshu/fault"
	"kenshu/storage/cache"
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
	sqlPolicyTime  = `SELECT updated_at FROM setting WHERE tenant_id = ? AND name = 'security_policy'`
	sqlMinimumTime = `SELECT s.updated_at FROM organisation o JOIN setting s ON s.tenant_id = o.tenant_id AND s.name = 'security_minimum' WHERE o.kind = 'association' ORDER BY o.tenant_id LIMIT 1`
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
	if err := db.Each(ctx, s.db, sqlPersonRoles, []any{tid, person}, func(scan func(...any) error) error {
		var r Role
		err := scan(&r)
		st.Roles = append(st.Roles, r)
		return err
	}); err != nil {
		return st, err
	}
	return s.judge(ctx, tid, st)
}

// judge decides whether a second factor must be set up before anything else. The times of the rules are read before the rules: a session never claims to
// follow newer ones than it does.
func (s *Sessions) judge(ctx context.Context, tid ID, st storedSession) (storedSession, error) {
	var err error
	if st.PolicyAt, st.MinimumAt, err = policyTimes(ctx, tid, s.db); err != nil {
		return st, err
	}
	st.MustEnrol, err = s.mustEnrol(ctx, tid, st)
	return st, err
}

// reconsider decides it again for a living session when the rules have changed since: what is demanded from now on is demanded at the next request, not only at
// the next log-in. It ends nothing, so that nobody is locked out and nothing under way is lost. A session that was ended meanwhile stays ended.
func (s *Sessions) reconsider(ctx context.Context, key cache.Key, st storedSession, own, least int64) (storedSession, error) {
	st, err := s.judge(ctx, ID{st.Tenant}, st)
	if err != nil {
		return st, fmt.Errorf("look at a session by new rules: %w", err)
	}
	st.PolicyAt, st.MinimumAt = max(st.PolicyAt, own), max(st.MinimumAt, least) // after a restored backup the cache is ahead
	b, err := json.Marshal(st)
	if err != nil {
		return st, err
	}
	there, err := s.cache.SetIfPresent(ctx, key, b, s.lifetime(st))
	if err == nil && !there {
		err = errNoSession()
	}
	return st, err
}

// policyTimes tells when the organisation last decided what holds for its accounts, and the association what it demands of all; 0 is never.
func policyTimes(ctx context.Context, tid ID, r db.Runner) (own, least int64, err error) {
	for _, q := range []struct {
		at    *int64
		query string
		args  []any
	}{{&own, sqlPolicyTime, []any{tid}}, {&least, sqlMinimumTime, nil}} {
		if err := db.One(r.QueryRow(ctx, q.query, q.args...).Scan(q.at)); err != nil && !fault.Is(err, fault.NotFound) {
			return 0, 0, fmt.Errorf("read times of security policies: %w", err)
		}
	}
	return own, least, nil
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
