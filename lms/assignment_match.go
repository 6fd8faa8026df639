package lms

import (
	"context"
	"fmt"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// subject is what rules ask about a person.
type subject struct {
	id          db.ID
	state       tenant.PersonState
	kind        string
	joinedOn    string
	hasEmail    bool
	departments []db.ID // today, as far as a rule asks
	roles       []string
	values      []ownValue
}

type ownValue struct {
	field db.ID
	key   string
}

// ask is one question with the answer that a rule wants.
type ask struct {
	what   string // a kind or an attribute
	target db.ID
	value  string
}

// matcher finds the rules that reach somebody. Rules are kept by what they ask, so that a person costs what reaches them, however many rules there are.
// It is the only place that knows what a rule means.
type matcher struct {
	rules    []Rule
	everyone []int
	joined   []int
	by       map[ask][]int

	departments, roles, fields, values []any // what is asked at all
	seen                               []int // of each rule: in which turn it was found last
	turn                               int
}

// newMatcher prepares rules. tree says what is below a department now.
func newMatcher(rules []Rule, tree tenant.DepartmentTree) *matcher {
	m := &matcher{rules: rules, by: map[ask][]int{}, seen: make([]int, len(rules))}
	for i, r := range rules {
		switch {
		case r.Kind == RuleEveryone:
			m.everyone = append(m.everyone, i)
		case r.Kind == RulePerson:
			m.add(i, ask{"person", r.Target, ""}, nil)
		case r.Kind == RuleDepartment && r.WithBelow:
			for _, id := range tree.Under(r.Target) {
				m.add(i, ask{"department", id, ""}, &m.departments, id)
			}
		case r.Kind == RuleDepartment:
			m.add(i, ask{"department", r.Target, ""}, &m.departments, r.Target)
		case r.Attribute == AttributeJoined:
			m.joined = append(m.joined, i)
		case r.Attribute == AttributeRole:
			m.add(i, ask{"role", db.ID{}, r.Value}, &m.roles, r.Value)
		case r.Attribute == AttributeField:
			m.add(i, ask{"field", r.Target, r.valueKey}, &m.fields, r.Target)
			m.values = append(m.values, r.valueKey)
		case r.Attribute == AttributeEmployment:
			m.add(i, ask{"employment_kind", db.ID{}, r.Value}, nil)
		}
	}
	return m
}

func (m *matcher) add(rule int, a ask, asked *[]any, value ...any) {
	if m.by[a] == nil && asked != nil {
		*asked = append(*asked, value...)
	}
	m.by[a] = append(m.by[a], rule)
}

// reach calls found once for every rule that reaches the subject, whatever the subject's state.
func (m *matcher) reach(s subject, found func(rule int)) {
	m.turn++
	tell := func(rules []int) {
		for _, i := range rules {
			if m.seen[i] != m.turn {
				m.seen[i] = m.turn
				found(i)
			}
		}
	}
	tell(m.everyone)
	tell(m.by[ask{"person", s.id, ""}])
	tell(m.by[ask{"employment_kind", db.ID{}, s.kind}])
	for _, d := range s.departments {
		tell(m.by[ask{"department", d, ""}])
	}
	for _, r := range s.roles {
		tell(m.by[ask{"role", db.ID{}, r}])
	}
	for _, v := range s.values {
		tell(m.by[ask{"field", v.field, v.key}])
	}
	for _, i := range m.joined {
		if s.joinedOn != "" && s.joinedOn >= m.rules[i].Value {
			found(i)
		}
	}
}

// matcher reads the tree when a rule wants what is below a department.
func (s *Rounds) matcher(ctx context.Context, tid tenant.ID, r db.Runner, rules []Rule) (*matcher, error) {
	var tree tenant.DepartmentTree
	for _, rule := range rules {
		if !rule.WithBelow {
			continue
		}
		var err error
		if tree, err = tenant.ReadDepartmentTree(ctx, tid, r); err != nil {
			return nil, err
		}
		break
	}
	return newMatcher(rules, tree), nil
}

// subjects reads what m asks about people: the active and suspended ones, or, whatever their state, those among ids (at most chunk).
// It is the same few queries for any number of rules.
func (s *Rounds) subjects(ctx context.Context, tid tenant.ID, r db.Runner, m *matcher, ids []db.ID) ([]subject, error) {
	cond := db.Where("p.tenant_id = ?", tid)
	if ids == nil {
		cond.And("p.state IN ('active', 'suspended')")
	} else {
		cond.In("p.id", db.Args(ids))
	}
	list, err := db.List(ctx, r, sqlSubjects+cond.SQL(), cond.Args(), func(row db.Row) (subject, error) {
		var sub subject
		var joined db.Text
		err := row.Scan(&sub.id, &sub.state, &sub.kind, &joined, &sub.hasEmail)
		sub.joinedOn = string(joined)
		return sub, err
	})
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	if len(list) == 0 {
		return nil, nil
	}
	at := make(map[db.ID]*subject, len(list))
	for i := range list {
		at[list[i].id] = &list[i]
	}
	return list, s.answers(ctx, tid, r, m, ids, func(id db.ID) *subject { return at[id] })
}

// answers fills in what stands in other tables than the person's, as far as a rule asks.
func (s *Rounds) answers(ctx context.Context, tid tenant.ID, r db.Runner, m *matcher, ids []db.ID, of func(db.ID) *subject) error {
	today := tenant.Today(s.clock)
	among := func(cond *db.Cond, column string) *db.Cond {
		if ids != nil {
			cond.In(column, db.Args(ids))
		}
		return cond
	}
	if len(m.departments) > 0 {
		cond := among(db.Where(sqlHeldToday, tid, today, today), "pd.person_id")
		if ids == nil && len(m.departments) <= chunk {
			cond.In("pd.department_id", m.departments)
		}
		var department db.ID
		if err := eachAnswer(ctx, r, sqlPostsOf+cond.SQL(), cond.Args(), []any{&department}, of, func(sub *subject) { sub.departments = append(sub.departments, department) }); err != nil {
			return err
		}
	}
	if len(m.roles) > 0 {
		cond := among(db.Where("pr.tenant_id = ?", tid).In("pr.role", m.roles), "pr.person_id")
		var role string
		if err := eachAnswer(ctx, r, sqlRolesOf+cond.SQL(), cond.Args(), []any{&role}, of, func(sub *subject) { sub.roles = append(sub.roles, role) }); err != nil {
			return err
		}
	}
	if len(m.fields) > 0 {
		cond := among(db.Where("pv.tenant_id = ?", tid).In("pv.field_id", m.fields).In("pv.value_key", m.values), "pv.person_id")
		var v ownValue
		return eachAnswer(ctx, r, sqlValuesOf+cond.SQL(), cond.Args(), []any{&v.field, &v.key}, of, func(sub *subject) { sub.values = append(sub.values, v) })
	}
	return nil
}

func eachAnswer(ctx context.Context, r db.Runner, query string, args, into []any, of func(db.ID) *subject, take func(*subject)) error {
	var person db.ID
	into = append([]any{&person}, into...)
	err := db.Each(ctx, r, query, args, func(scan func(...any) error) error {
		if err := scan(into...); err != nil {
			return err
		}
		if sub := of(person); sub != nil {
			take(sub)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read what rules ask: %w", err)
	}
	return nil
}
