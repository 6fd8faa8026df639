package lms

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Outcome is how many people a change of a round's rules concerned.
type Outcome struct {
	Added     int // came in or came back
	Withdrawn int
}

// Rules gives the assignment rules of a round, those that take in first; NotFound when there is no such round.
func (s *Rounds) Rules(ctx context.Context, tid tenant.ID, round db.ID) ([]Rule, error) {
	if _, err := s.Find(ctx, tid, round); err != nil {
		return nil, err
	}
	rules, err := s.rules(ctx, tid, s.db, round)
	if err != nil {
		return nil, err
	}
	return rules, s.nameRules(ctx, tid, s.db, rules)
}

// rules reads the rules of a round that hold, without the names of what they are about.
func (s *Rounds) rules(ctx context.Context, tid tenant.ID, r db.Runner, round db.ID) ([]Rule, error) {
	cond := db.Where("a.tenant_id = ? AND a.round_id = ?", tid, round).And("a.removed_at IS NULL")
	all, err := readRules(ctx, r, sqlSelectRule+cond.SQL(), cond.Args()...)
	rules := make([]Rule, len(all))
	for i, one := range all {
		rules[i] = one.Rule
	}
	return rules, err
}

// ruleOf is a rule with its round.
type ruleOf struct {
	Rule
	round   db.ID
	removed bool
}

// readRules reads rules in the order people read them.
func readRules(ctx context.Context, r db.Runner, query string, args ...any) ([]ruleOf, error) {
	rules, err := db.List(ctx, r, query, args, func(row db.Row) (ruleOf, error) {
		var one ruleOf
		var removed db.Time
		var target, field db.ID
		err := row.Scan(&one.ID, &one.round, &one.Kind, &target, &one.WithBelow, &one.Attribute, &field, &one.Value, &one.valueKey, &one.FutureJoiners, &removed)
		var kind string
		kind, one.Excluded = strings.CutPrefix(string(one.Kind), "not_")
		one.Kind, one.removed = RuleKind(kind), !removed.IsZero()
		if one.Target = target; one.Kind == RuleAttribute {
			one.Target = field
		}
		return one, err
	})
	if err != nil {
		return nil, fmt.Errorf("read rules: %w", err)
	}
	order := []RuleKind{RuleEveryone, RuleDepartment, RuleAttribute, RulePerson}
	slices.SortFunc(rules, func(a, b ruleOf) int {
		if a.Excluded != b.Excluded {
			if a.Excluded {
				return 1
			}
			return -1
		}
		if d := slices.Index(order, a.Kind) - slices.Index(order, b.Kind); d != 0 {
			return d
		}
		return strings.Compare(string(a.ID[:]), string(b.ID[:]))
	})
	return rules, nil
}

// nameRules fills in what the rules are about, with a query a kind.
func (s *Rounds) nameRules(ctx context.Context, tid tenant.ID, r db.Runner, rules []Rule) error {
	names := map[db.ID]string{}
	var persons []db.ID
	var tree *tenant.DepartmentTree
	fields := false
	for _, rule := range rules {
		switch {
		case rule.Kind == RulePerson:
			persons = append(persons, rule.Target)
		case rule.Attribute == AttributeField:
			fields = true
		case rule.Kind == RuleDepartment && tree == nil:
			read, err := tenant.ReadDepartmentTree(ctx, tid, r)
			if err != nil {
				return err
			}
			tree = &read
		}
	}
	for part := range slices.Chunk(persons, chunk) {
		cond := db.Where("p.tenant_id = ?", tid).In("p.id", db.Args(part))
		if err := readNames(ctx, r, names, sqlPersonNames+cond.SQL(), cond.Args()...); err != nil {
			return err
		}
	}
	if fields {
		if err := readNames(ctx, r, names, sqlFieldNames, tid); err != nil {
			return err
		}
	}
	for i, rule := range rules {
		if rules[i].TargetName = names[rule.Target]; rule.Kind == RuleDepartment {
			rules[i].TargetName = tree.Path(rule.Target)
		}
	}
	return nil
}

func readNames(ctx context.Context, r db.Runner, into map[db.ID]string, query string, args ...any) error {
	return db.Each(ctx, r, query, args, func(scan func(...any) error) error {
		var id db.ID
		var name string
		err := scan(&id, &name)
		into[id] = name
		return err
	})
}

// AddRules changes whom an open round is for: the rules of the audience are added, who they reach now is enrolled, and whom an added exclusion
// reaches is withdrawn unless they have started. A rule that is there already stays, and becomes as wide as either says. It returns Conflict when the
// round is closed, Invalid for wrong input and for what is not the organisation's own.
func (s *Rounds) AddRules(ctx context.Context, tid tenant.ID, round db.ID, aud Audience) (Outcome, error) {
	var check fault.Check
	aud.check(&check, false)
	if err := check.Err(); err != nil {
		return Outcome{}, err
	}
	return s.changeRules(ctx, tid, round, "round.assign", func(tx *db.Tx, r Round, all []ruleOf) (change, map[string]any, error) {
		added := aud.rules()
		if err := s.checkTargets(ctx, tid, tx, added); err != nil {
			return change{}, nil, err
		}
		c := change{}
		c.kept, added = widen(all, added)
		c.added = added
		return c, ruleWords(added), s.writeRules(ctx, tid, tx, r.ID, added)
	})
}

// widen makes rules that are added to others that are there one: the added one, with the identity of the other and as wide as either. What is left
// of the others is kept.
func widen(all []ruleOf, added []Rule) (kept, out []Rule) {
	at := make(map[ruleKey]int, len(added))
	for i, r := range added {
		at[r.key()] = i
	}
	for _, old := range all {
		i, again := at[old.key()]
		switch {
		case !again && !old.removed:
			kept = append(kept, old.Rule)
		case again:
			added[i].ID = old.ID
			if !old.removed {
				added[i].WithBelow = added[i].WithBelow || old.WithBelow
				added[i].FutureJoiners = added[i].FutureJoiners || old.FutureJoiners
			}
		}
	}
	return kept, added
}

func (s *Rounds) writeRules(ctx context.Context, tid tenant.ID, tx *db.Tx, round db.ID, rules []Rule) error {
	rows := make([][]any, len(rules))
	for i, r := range rules {
		k := r.key()
		var target any = k.target
		if k.target.IsZero() {
			target = db.Everyone{}
		}
		var field db.ID
		if r.Attribute == AttributeField {
			field = r.Target
		}
		rows[i] = []any{tid, r.ID, round, k.kind, target, r.WithBelow, string(r.Attribute), field, r.Value, r.valueKey, r.FutureJoiners, db.At(s.clock())}
	}
	return tx.UpsertMany(ctx, sqlInsertRule, rowInsertRule, keyRule, setRule, rows)
}

// ruleWords is what the audit log keeps of rules: what they say, or how many there are.
func ruleWords(rules []Rule) map[string]any {
	const shown = 50
	list := make([]map[string]any, 0, min(len(rules), shown))
	for _, r := range rules[:min(len(rules), shown)] {
		one := map[string]any{"kind": r.key().kind}
		if !r.Target.IsZero() {
			one["target"] = r.Target
		}
		if r.Attribute != "" {
			one["attribute"], one["value"] = r.Attribute, r.Value
		}
		if r.WithBelow {
			one["with_below"] = true
		}
		list = append(list, one)
	}
	return map[string]any{"rules": list, "count": len(rules)}
}

// RemoveRule takes a rule off an open round. Who is reached by no other rule is withdrawn when nothing was started; who has started stays, unless
// withStarted tells otherwise. Nothing that was done is removed, and finished or exempt people are left alone. An exclusion that is taken off lets in
// whom the rules reach. RestoreRule undoes it. It returns NotFound when the round has no such rule, Conflict when it is closed.
func (s *Rounds) RemoveRule(ctx context.Context, tid tenant.ID, round, rule db.ID, withStarted bool) (Outcome, error) {
	return s.changeRules(ctx, tid, round, "round.unassign", func(tx *db.Tx, _ Round, all []ruleOf) (change, map[string]any, error) {
		c := change{withStarted: withStarted}
		for _, r := range all {
			switch {
			case r.ID == rule && !r.removed:
				c.removed = []Rule{r.Rule}
			case !r.removed:
				c.kept = append(c.kept, r.Rule)
			}
		}
		if c.removed == nil {
			return change{}, nil, fault.New(fault.NotFound, "not_found")
		}
		words := ruleWords(c.removed)
		words["rule"], words["with_started"] = rule, withStarted
		_, err := tx.Exec(ctx, sqlRemoveRule, db.At(s.clock()), tid, rule)
		return c, words, err
	})
}

// RestoreRule puts a rule back that was taken off an open round: whom it reaches comes back with everything they had. A rule that is there stays as it is.
// It returns NotFound when the round never had it, Conflict when the round is closed, Invalid when what the rule names is gone.
func (s *Rounds) RestoreRule(ctx context.Context, tid tenant.ID, round, rule db.ID) (Outcome, error) {
	return s.changeRules(ctx, tid, round, "round.rule_restore", func(tx *db.Tx, _ Round, all []ruleOf) (change, map[string]any, error) {
		var c change
		for _, r := range all {
			switch {
			case r.ID == rule:
				c.added = []Rule{r.Rule}
			case !r.removed:
				c.kept = append(c.kept, r.Rule)
			}
		}
		if c.added == nil {
			return change{}, nil, fault.New(fault.NotFound, "not_found")
		}
		if err := s.checkTargets(ctx, tid, tx, c.added); err != nil {
			return change{}, nil, err
		}
		words := ruleWords(c.added)
		words["rule"] = rule
		_, err := tx.Exec(ctx, sqlRestoreRule, tid, rule)
		return c, words, err
	})
}

// changeRules runs prepare, which writes the rules and says what changed, under the lock of the audience, and then moves the people.
func (s *Rounds) changeRules(ctx context.Context, tid tenant.ID, round db.ID, action string,
	prepare func(*db.Tx, Round, []ruleOf) (change, map[string]any, error)) (out Outcome, err error) {
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.lockAudience(ctx, tid, tx); err != nil {
			return err
		}
		r, err := lockRound(ctx, tid, tx, round) // whoever closes it at the same moment comes before or after, not between
		if err != nil {
			return err
		}
		if r.State != RoundOpen {
			return fault.New(fault.Conflict, "round_is_closed")
		}
		cond := db.Where("a.tenant_id = ? AND a.round_id = ?", tid, round)
		all, err := readRules(ctx, tx, sqlSelectRule+cond.SQL(), cond.Args()...)
		if err != nil {
			return err
		}
		c, detail, err := prepare(tx, r, all)
		if err != nil {
			return err
		}
		if out, err = s.carryOut(ctx, tid, tx, r, c, db.At(s.clock())); err != nil {
			return err
		}
		detail["added"], detail["withdrawn"] = out.Added, out.Withdrawn
		return s.audit.Append(ctx, tid, tx, tenant.Change{Action: action, SubjectKind: "round", Subject: round, Detail: detail})
	})
	if err != nil {
		return Outcome{}, fmt.Errorf("%s: %w", action, err)
	}
	return out, nil
}

// carryOut moves the people whom a change of rules concerns; who comes in does so at that moment. The audience must be locked.
func (s *Rounds) carryOut(ctx context.Context, tid tenant.ID, tx *db.Tx, r Round, c change, at db.Time) (Outcome, error) {
	e, err := s.plan(ctx, tid, tx, r.ID, c)
	if err != nil {
		return Outcome{}, err
	}
	w := moves{}
	for _, p := range e.join {
		w.enrol(enrolmentRow(tid, r, p, at))
	}
	for _, p := range e.back {
		w.back = append(w.back, p.place.id)
	}
	for _, p := range e.leave {
		w.leave(p.why, p.place.id, p.status != NotStarted)
	}
	if err := s.move(ctx, tid, tx, &w); err != nil {
		return Outcome{}, err
	}
	out := Outcome{Added: len(w.rows) + len(w.back), Withdrawn: w.withdrawn}
	if out.Added == 0 {
		return out, nil
	}
	return out, s.remindSoon(ctx, tid, tx, r.ID)
}

// enrolmentRow is somebody's place in a round from that moment on. Who is there from the round's own first moment keeps its deadline, however near it is:
// the moment is the round's then, and not another reading of the clock.
func enrolmentRow(tid tenant.ID, r Round, p subject, at db.Time) []any {
	due := r.DueOn(DueFacts{First: r.CreatedAt.Equal(at.Time), AssignedOn: tenant.Day(at.Time), JoinedOn: p.joinedOn})
	return []any{tid, db.NewID(), r.ID, p.id, due, r.Lessons, at}
}

// DepartmentUsed tells whether an assignment rule names the department. Its answer holds until the end of the transaction: rules are only added
// under the same lock.
func (s *Rounds) DepartmentUsed(ctx context.Context, tid tenant.ID, tx *db.Tx, department db.ID) (bool, error) {
	if err := s.lockAudience(ctx, tid, tx); err != nil {
		return false, err
	}
	var rules int
	err := tx.QueryRow(ctx, sqlCountDepartmentRules, tid, department).Scan(&rules)
	return rules > 0, err
}

// remindSoon has the mails of a round looked at within a minute; many changes in one minute are one look.
func (s *Rounds) remindSoon(ctx context.Context, tid tenant.ID, tx *db.Tx, round db.ID) error {
	now := s.clock()
	end := now.Truncate(time.Minute).Add(time.Minute)
	payload, err := json.Marshal(map[string]db.ID{"round": round})
	if err != nil {
		return err
	}
	return tx.Enqueue(ctx, now, db.Job{
		Kind: KindRemindRound, Slot: fmt.Sprintf("%s at %d", round, end.Unix()), Tenant: tid.Number(), Payload: payload, RunAt: db.At(end),
	})
}
