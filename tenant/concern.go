package tenant

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
)

// The kinds of concern, the gravest first. A person may be of several.
const (
	ConcernWeakID    = "weak_id"    // the login ID can be guessed
	ConcernVoid      = "void"       // the password was taken away and nothing was handed out since
	ConcernExpired   = "expired"    // the one-time credential has run out
	ConcernExpiring  = "expiring"   // it will within ExpiringDays
	ConcernNeverUsed = "never_used" // handed out longer than NeverUsedDays ago and never used
	ConcernUnused    = "unused"     // nobody logged in for SecurityPolicy.UnusedMonths
	ConcernDevices   = "devices"    // logged in from several networks at once
)

// ConcernKinds lists the kinds.
var ConcernKinds = []string{ConcernWeakID, ConcernVoid, ConcernExpired, ConcernExpiring, ConcernNeverUsed, ConcernUnused, ConcernDevices}

// When a one-time credential is of concern, in days: before its end, and after it was handed out.
const (
	ExpiringDays  = 3
	NeverUsedDays = 7
)

func expiringBefore(now time.Time) db.Time { return db.At(now.AddDate(0, 0, ExpiringDays)) }
func usedSince(now time.Time) db.Time      { return db.At(now.AddDate(0, 0, -NeverUsedDays)) }

// Concern is an account that wants doing something about, and why.
type Concern struct {
	Person
	Kinds   []string // of ConcernKinds
	Reasons []string // why the login ID is weak: fault keys, login_id_series among them
}

// ConcernCount says how many accounts are of each kind. Any counts each account once.
type ConcernCount struct {
	Kinds     map[string]int
	Any       int
	Unchecked int // people whose login ID was not looked at since they or the rules changed; Concerns.Check does
	Policy    SecurityPolicy
}

// Concerns finds accounts that want doing something about.
type Concerns struct {
	db     *db.DB
	people *People
	clock  clockFunc
}

// NewConcerns makes the service.
func NewConcerns(d *db.DB, people *People, clock func() time.Time) *Concerns {
	return &Concerns{db: d, people: people, clock: clock}
}

// Count counts the organisation's accounts of concern in one query.
func (s *Concerns) Count(ctx context.Context, tid ID) (ConcernCount, error) {
	return CountConcerns(ctx, tid, s.db, s.clock())
}

// CountConcerns is Concerns.Count for whoever has a connection of their own (the dashboard).
func CountConcerns(ctx context.Context, tid ID, r db.Runner, now time.Time) (ConcernCount, error) {
	out := ConcernCount{Kinds: map[string]int{}}
	var err error
	if out.Policy, err = ReadSecurityPolicy(ctx, tid, r); err != nil {
		return out, err
	}
	basis, err := loginBasis(ctx, tid, r)
	if err != nil {
		return out, err
	}
	devices, err := manyDevices(ctx, tid, r, now)
	if err != nil {
		return out, err
	}
	n := make([]int, len(ConcernKinds))
	at, soon, used, since := db.At(now), expiringBefore(now), usedSince(now), out.Policy.unusedSince(now)
	err = db.One(r.QueryRow(ctx, sqlCountConcerns, at, at, soon, at, used, since, at, soon, used, since, basis, tid).
		Scan(&n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &out.Any, &out.Unchecked))
	if err != nil {
		return out, err
	}
	// The few who are logged in from several networks are counted by themselves: a search for each of thousands would cost more than all of the above.
	cond := db.Where("p.tenant_id = ?", tid).In("p.id", devices).And("p.state = 'active'")
	err = db.One(r.QueryRow(ctx, sqlCountPeopleOnly+cond.SQL(), cond.Args()...).Scan(&n[6]))
	if err != nil {
		return out, err
	}
	var also int
	cond.And("NOT ("+condAnyConcern+")", tid, soon, used, since)
	err = db.One(r.QueryRow(ctx, sqlCountPeople+cond.SQL(), cond.Args()...).Scan(&also))
	out.Any += also
	for i, kind := range ConcernKinds {
		out.Kinds[kind] = n[i]
	}
	return out, err
}

// manyDevices lists who is logged in from several networks at once: log-ins not older than a session lives, not ended.
func manyDevices(ctx context.Context, tid ID, r db.Runner, now time.Time) ([]any, error) {
	var ids []any
	err := db.Each(ctx, r, sqlManyDevices, []any{tid, db.At(now.Add(-DefaultSessionLimits.Absolute))}, func(scan func(...any) error) error {
		var id db.ID
		err := scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// List gives a page of the accounts of one kind ("" for all of them) in the order of the people's list, with every reason each has.
// It returns fault.Invalid for an unknown kind or a damaged cursor.
func (s *Concerns) List(ctx context.Context, tid ID, kind, search string, page db.Page) ([]Concern, string, error) {
	if kind == "" {
		kind = concernAny
	}
	found, err := s.people.List(ctx, tid, PeopleQuery{Concern: kind, Search: search, State: PersonActive, Page: page})
	if err != nil {
		return nil, "", err
	}
	policy, err := ReadSecurityPolicy(ctx, tid, s.db)
	if err != nil {
		return nil, "", err
	}
	weak, err := s.weak(ctx, tid, found.Items)
	if err != nil {
		return nil, "", err
	}
	devices, err := manyDevices(ctx, tid, s.db, s.clock())
	if err != nil {
		return nil, "", err
	}
	out := make([]Concern, 0, len(found.Items))
	for _, p := range found.Items {
		c := concernOf(p, weak[p.ID], policy, s.clock())
		if slices.Contains(devices, any(p.ID)) {
			c.Kinds = append(c.Kinds, ConcernDevices)
		}
		out = append(out, c)
	}
	return out, found.Next, nil
}

// weak reads why the login IDs of people are weak, in one query.
func (s *Concerns) weak(ctx context.Context, tid ID, people []Person) (map[db.ID][]string, error) {
	out := map[db.ID][]string{}
	for part := range slices.Chunk(people, 500) {
		ids := make([]any, 0, len(part))
		for _, p := range part {
			ids = append(ids, p.ID)
		}
		cond := db.Where("k.tenant_id = ?", tid).In("k.person_id", ids).And("k.weak > 0")
		if err := db.Each(ctx, s.db, sqlLoginReasons+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
			var id db.ID
			var weak int
			var reasons string
			err := scan(&id, &weak, &reasons)
			if out[id] = strings.Fields(reasons); weak == loginSeries {
				out[id] = append(out[id], "login_id_series")
			}
			return err
		}); err != nil {
			return nil, fmt.Errorf("read login checks: %w", err)
		}
	}
	return out, nil
}

// concernOf names the kinds of one account, by the same rules as sqlCountConcerns.
func concernOf(p Person, weak []string, policy SecurityPolicy, now time.Time) Concern {
	c := Concern{Person: p, Reasons: weak}
	add := func(kind string, is bool) {
		if is {
			c.Kinds = append(c.Kinds, kind)
		}
	}
	oneTime := p.Credential == CredentialOneTime
	live := oneTime && p.ExpiresAt.After(now)
	add(ConcernWeakID, len(weak) > 0)
	add(ConcernVoid, p.Credential == CredentialVoid)
	add(ConcernExpired, oneTime && !live)
	add(ConcernExpiring, live && !p.ExpiresAt.After(expiringBefore(now).Time))
	add(ConcernNeverUsed, live && p.CredentialAt.Before(usedSince(now).Time) && p.LastLoginAt.Before(p.CredentialAt.Time))
	last := p.LastLoginAt
	if last.IsZero() {
		last = p.CredentialAt
	}
	add(ConcernUnused, p.Credential == CredentialChosen && last.Before(policy.unusedSince(now).Time))
	return c
}

// concernAny narrows to accounts of any kind.
const concernAny = "any"

// unusedSince is the moment since which an account must have been used.
func (p SecurityPolicy) unusedSince(now time.Time) db.Time {
	return db.At(now.AddDate(0, -p.UnusedMonths, 0))
}

// withPolicy completes a query whose meaning depends on the organisation's policy.
func (s *People) withPolicy(ctx context.Context, tid ID, q PeopleQuery) (PeopleQuery, error) {
	if q.Concern == "" {
		return q, nil
	}
	policy, err := ReadSecurityPolicy(ctx, tid, s.db)
	if err != nil {
		return q, err
	}
	q.unusedSince = policy.unusedSince(s.clock())
	q.devices, err = manyDevices(ctx, tid, s.db, s.clock())
	return q, err
}

// concern narrows to accounts of concern.
func (s *People) concern(cond *db.Cond, tid ID, q PeopleQuery) error {
	now := s.clock()
	at, soon, used := db.At(now), expiringBefore(now), usedSince(now)
	switch q.Concern {
	case "":
	case ConcernWeakID:
		cond.And(condWeakID, tid)
	case ConcernVoid:
		cond.And("c.kind = 'void'")
	case ConcernExpired:
		cond.And(condExpired, at)
	case ConcernExpiring:
		cond.And(condExpiring, at, soon)
	case ConcernNeverUsed:
		cond.And(condNeverUsed, at, used)
	case ConcernUnused:
		cond.And(condUnused, q.unusedSince)
	case ConcernDevices:
		cond.In("p.id", q.devices)
	case concernAny:
		cond.And(condAnyConcern+" OR p.id IN ("+db.Marks(max(1, len(q.devices)))+")", append([]any{tid, soon, used, q.unusedSince}, atLeastOne(q.devices)...)...)
	default:
		return &fault.Error{Kind: fault.Invalid, Key: "invalid", Fields: []fault.Field{{Path: "concern", Key: "not_in_list"}}}
	}
	return nil
}

// atLeastOne makes an empty list one that means nobody.
func atLeastOne(ids []any) []any {
	if len(ids) == 0 {
		return []any{db.Everyone{}}
	}
	return ids
}
