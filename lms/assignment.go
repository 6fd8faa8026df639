package lms

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// RuleKind says what an assignment rule asks about a person.
type RuleKind string

// The kinds of rule.
const (
	RuleEveryone   RuleKind = "everyone"
	RuleDepartment RuleKind = "department"
	RulePerson     RuleKind = "person"
	RuleAttribute  RuleKind = "attribute"
)

// Attribute is what a rule of the kind RuleAttribute asks.
type Attribute string

// The attributes.
const (
	AttributeEmployment Attribute = "employment_kind" // the value is a tenant.EmploymentKind
	AttributeRole       Attribute = "role"            // the value is one of RuleRoles
	AttributeJoined     Attribute = "joined_from"     // joined on that day or later; who has no such day is not reached
	AttributeField      Attribute = "field"           // the own field Target has the value
)

// RuleRoles are the roles a rule can ask for; "staff" is everybody.
var RuleRoles = []tenant.Role{tenant.RoleManager, tenant.RoleDeputyManager, tenant.RoleEditor}

// RuleSpec is what a rule says. Excluded keeps out whom it reaches, and wins over every rule that takes in, one that names the person included.
type RuleSpec struct {
	Kind      RuleKind
	Excluded  bool
	Target    db.ID // the department, the person, or the own field of AttributeField; zero otherwise
	WithBelow bool  // of a department: also everything below it, as the tree is at the moment somebody looks
	Attribute Attribute
	Value     string
}

// Rule is an assignment rule of a round.
type Rule struct {
	RuleSpec
	ID            db.ID
	TargetName    string // the department with what it belongs to, the person, the own field; empty when there is none any more
	FutureJoiners bool   // also people who come to match later

	valueKey string
}

// Audience says who: everyone, the people of departments, single persons, and whatever Rules say, together, without whom exclusions among Rules reach.
type Audience struct {
	Everyone      bool
	Departments   []db.ID
	Persons       []db.ID
	Rules         []RuleSpec
	FutureJoiners bool // also who comes to match later; a rule about one person has no future
}

// Limits of an audience.
const (
	MaxRuleDepartments = 500
	MaxRulePersons     = 10_000
	MaxRuleAttributes  = 200
	MaxRuleValue       = 200 // characters
)

// JoinerDays is how many days somebody who joins a round late has at least, whatever the round's deadline is.
const JoinerDays = 14

// Why an enrolment was withdrawn by the system; a person's own words stand there otherwise.
const (
	ReasonLeft        = "left"         // 退職
	ReasonRuleRemoved = "rule_removed" // no rule of the round reaches the person any more
	ReasonExcluded    = "excluded"     // an exclusion that was added reaches the person
	ReasonMoved       = "moved"        // the person changed, and the round follows
)

var systemReasons = []string{ReasonLeft, ReasonRuleRemoved, ReasonExcluded, ReasonMoved}

const chunk = 500

// errStop ends an iteration that its reader has had enough of.
var errStop = errors.New("stop")

// specs gives every rule of the audience once.
func (a Audience) specs() []RuleSpec {
	list := make([]RuleSpec, 0, 1+len(a.Departments)+len(a.Persons)+len(a.Rules))
	if a.Everyone {
		list = append(list, RuleSpec{Kind: RuleEveryone})
	}
	for _, id := range a.Departments {
		list = append(list, RuleSpec{Kind: RuleDepartment, Target: id})
	}
	for _, id := range a.Persons {
		list = append(list, RuleSpec{Kind: RulePerson, Target: id})
	}
	list = append(list, a.Rules...)
	at, out := map[ruleKey]int{}, list[:0]
	for _, r := range list {
		if i, twice := at[r.key()]; twice {
			out[i].WithBelow = out[i].WithBelow || r.WithBelow
			continue
		}
		at[r.key()] = len(out)
		out = append(out, r)
	}
	return out
}

// rules makes rules of the audience.
func (a Audience) rules() []Rule {
	specs := a.specs()
	rules := make([]Rule, len(specs))
	for i, r := range specs {
		rules[i] = Rule{ID: db.NewID(), RuleSpec: r, FutureJoiners: a.FutureJoiners && r.Kind != RulePerson, valueKey: r.valueKey()}
	}
	return rules
}

// check names what is wrong with an audience; takingIn asks for at least one rule that is no exclusion.
func (a Audience) check(c *fault.Check, takingIn bool) {
	specs := a.specs()
	c.If(len(specs) == 0 || takingIn && !slices.ContainsFunc(specs, func(r RuleSpec) bool { return !r.Excluded }), "audience", "audience_empty")
	counts := map[RuleKind]int{}
	for _, r := range specs {
		counts[r.Kind]++
	}
	c.If(counts[RuleDepartment] > MaxRuleDepartments, "audience.departments", "too_many", "max", MaxRuleDepartments)
	c.If(counts[RulePerson] > MaxRulePersons, "audience.persons", "too_many", "max", MaxRulePersons)
	c.If(counts[RuleAttribute] > MaxRuleAttributes, "audience.rules", "too_many", "max", MaxRuleAttributes)
	for i, r := range a.Rules {
		r.check(c, fmt.Sprintf("audience.rules[%d]", i))
	}
}

func (r RuleSpec) check(c *fault.Check, path string) {
	switch r.Kind {
	case RuleEveryone:
		c.If(r.Excluded, path, "exclude_everyone")
	case RuleDepartment, RulePerson:
		c.If(r.Target.IsZero(), path, "required")
	case RuleAttribute:
		r.checkAttribute(c, path)
	default:
		c.Add(path, "not_in_list")
	}
}

func (r RuleSpec) checkAttribute(c *fault.Check, path string) {
	switch r.Attribute {
	case AttributeEmployment:
		c.If(!slices.Contains(tenant.EmploymentKinds, tenant.EmploymentKind(r.Value)), path, "not_in_list")
	case AttributeRole:
		c.If(!slices.Contains(RuleRoles, tenant.Role(r.Value)), path, "not_in_list")
	case AttributeJoined:
		c.If(!tenant.ValidDay(r.Value), path, "bad_date")
	case AttributeField:
		c.If(r.Target.IsZero() || r.valueKey() == "", path, "required")
		c.If(utf8.RuneCountInString(r.Value) > MaxRuleValue, path, "too_long", "max", MaxRuleValue)
	default:
		c.Add(path, "not_in_list")
	}
}

// valueKey is the value in the form in which own fields are compared.
func (r RuleSpec) valueKey() string { return tenant.Clip(tenant.Fold(r.Value), MaxRuleValue) }

// ruleKey tells rules of one round apart, as the table's unique key does.
type ruleKey struct {
	kind   string
	target db.ID
}

func (r RuleSpec) key() ruleKey {
	k := ruleKey{string(r.Kind), r.Target}
	switch r.Kind {
	case RuleEveryone:
		k.target = db.ID{}
	case RuleAttribute:
		k.target = db.IDFrom("assignment attribute", string(r.Attribute), r.Target.String(), r.valueKey())
	}
	if r.Excluded {
		k.kind = "not_" + k.kind
	}
	return k
}

func unique(ids []db.ID) []db.ID {
	seen := make(map[db.ID]bool, len(ids))
	return slices.DeleteFunc(slices.Clone(ids), func(id db.ID) bool {
		if seen[id] {
			return true
		}
		seen[id] = true
		return false
	})
}

// checkTargets sees that every department, person and own field that rules name is the organisation's own.
func (s *Rounds) checkTargets(ctx context.Context, tid tenant.ID, r db.Runner, rules []Rule) error {
	var departments, persons []db.ID
	var asking []Rule
	for _, rule := range rules {
		switch {
		case rule.Kind == RuleDepartment:
			departments = append(departments, rule.Target)
		case rule.Kind == RulePerson:
			persons = append(persons, rule.Target)
		case rule.Attribute == AttributeField:
			asking = append(asking, rule)
		}
	}
	var check fault.Check
	for _, t := range []struct {
		query, path, key string
		ids              []db.ID
	}{
		{sqlCountDepartments, "audience.departments", "department_unknown", departments},
		{sqlCountPersons, "audience.persons", "person_unknown", persons},
	} {
		ids := unique(t.ids)
		found := 0
		for part := range slices.Chunk(ids, chunk) {
			var n int
			cond := db.Where("tenant_id = ?", tid).In("id", db.Args(part))
			if err := r.QueryRow(ctx, t.query+cond.SQL(), cond.Args()...).Scan(&n); err != nil {
				return err
			}
			found += n
		}
		check.If(found != len(ids), t.path, t.key)
	}
	if len(asking) > 0 {
		fields, err := tenant.ReadPersonFields(ctx, tid, r)
		if err != nil {
			return err
		}
		known := func(rule Rule) bool {
			return slices.ContainsFunc(fields, func(f tenant.PersonField) bool { return f.ID == rule.Target })
		}
		check.If(slices.ContainsFunc(asking, func(rule Rule) bool { return !known(rule) }), "audience.rules", "person_field_unknown")
		check.If(slices.ContainsFunc(asking, func(rule Rule) bool { return !offers(fields, rule) }), "audience.rules", "rule_choice_gone")
	}
	return check.Err()
}

// lockAudience lets one transaction of the organisation at a time decide who is in which round. Without it somebody who joins while a round is
// being made could be missed by both: each transaction would not see the other's rows yet.
func (s *Rounds) lockAudience(ctx context.Context, tid tenant.ID, tx *db.Tx) error {
	return tx.Upsert(ctx, sqlLockAudience, "tenant_id, name", "updated_at", tid, db.At(s.clock()))
}
