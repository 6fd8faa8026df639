package lms

import (
	"context"
	"fmt"
	"slices"

	"kenshu/storage/db"
	"kenshu/tenant"
)

const (
	// Of closed rounds too: they are evidence and are copied.
	condFieldRules   = ` WHERE r.tenant_id = ? AND a.kind IN ('attribute', 'not_attribute') AND a.field_id = ?`
	sqlFieldRules    = `SELECT a.value_key, r.title FROM round r CROSS JOIN assignment a ON a.tenant_id = r.tenant_id AND a.round_id = r.id` + condFieldRules + ` AND a.removed_at IS NULL ORDER BY r.id DESC`
	sqlChoiceRules   = `SELECT a.id, a.round_id, a.kind, a.value_key FROM round r CROSS JOIN assignment a ON a.tenant_id = r.tenant_id AND a.round_id = r.id` + condFieldRules
	sqlRenameRule    = `UPDATE assignment SET target_id = ?, value = ?, value_key = ? WHERE tenant_id = ? AND id = ?`
	sqlSetRuleAside  = `UPDATE assignment SET target_id = id WHERE tenant_id = ?`
	sqlDropStaleRule = `DELETE FROM assignment WHERE tenant_id = ?`
)

// PersonFieldUsed names the rounds whose rules ask for the own field, or, when choices are given, for one of these. Its answer holds as long as that of
// DepartmentUsed.
func (s *Rounds) PersonFieldUsed(ctx context.Context, tid tenant.ID, tx *db.Tx, field db.ID, choices []string) ([]string, error) {
	if err := s.lockAudience(ctx, tid, tx); err != nil {
		return nil, err
	}
	asked := make(map[string]bool, len(choices))
	for _, c := range choices {
		asked[RuleSpec{Value: c}.valueKey()] = true
	}
	var titles []string
	err := db.Each(ctx, tx, sqlFieldRules, []any{tid, field}, func(scan func(...any) error) error {
		var key, title string
		if err := scan(&key, &title); err != nil {
			return err
		}
		if (choices == nil || asked[key]) && !slices.Contains(titles, title) {
			titles = append(titles, title)
		}
		return nil
	})
	return titles, err
}

// choiceRule is a rule that asks for a choice which is called otherwise from now on.
type choiceRule struct {
	id, round db.ID
	kind, key string
}

// ChoicesRenamed has the rules, those of closed rounds and those that were taken off included, ask for the new words, and says how many asked for an old
// one. Nobody comes or goes by that. A rule for what was no choice until now and reached nobody gives way to one that was renamed to the same word.
func (s *Rounds) ChoicesRenamed(ctx context.Context, tid tenant.ID, tx *db.Tx, field db.ID, renamed map[string]string) (int, error) {
	if err := s.lockAudience(ctx, tid, tx); err != nil {
		return 0, err
	}
	names := make(map[string]string, len(renamed))
	for was, name := range renamed {
		names[RuleSpec{Value: was}.valueKey()] = name
	}
	rules, err := choiceRules(ctx, tid, tx, field)
	if err != nil {
		return 0, err
	}
	var aside, stale []any
	words := make(map[db.ID]RuleSpec, len(rules))
	taken := map[ruleKey]bool{}
	for _, r := range rules {
		if name, is := names[r.key]; is {
			spec := RuleSpec{Kind: RuleAttribute, Attribute: AttributeField, Target: field, Value: name}
			words[r.id], aside = spec, append(aside, r.id)
			taken[ruleKey{r.round.String() + r.kind, spec.key().target}] = true
		}
	}
	for _, r := range rules {
		at := RuleSpec{Kind: RuleAttribute, Attribute: AttributeField, Target: field, Value: r.key}
		if _, is := words[r.id]; !is && taken[ruleKey{r.round.String() + r.kind, at.key().target}] {
			stale = append(stale, r.id)
		}
	}
	for _, step := range []struct {
		query string
		ids   []any
	}{{sqlDropStaleRule, stale}, {sqlSetRuleAside, aside}} { // the key of a rule is made of its word; two words may change places
		for part := range slices.Chunk(step.ids, chunk) {
			cond := db.Also("id", part)
			if _, err := tx.Exec(ctx, step.query+cond.More(), append([]any{tid}, cond.Args()...)...); err != nil {
				return 0, fmt.Errorf("rename choices in rules: %w", err)
			}
		}
	}
	for id, spec := range words {
		if _, err := tx.Exec(ctx, sqlRenameRule, spec.key().target, spec.Value, spec.valueKey(), tid, id); err != nil {
			return 0, fmt.Errorf("rename choices in rules: %w", err)
		}
	}
	return len(words), nil
}

func choiceRules(ctx context.Context, tid tenant.ID, tx *db.Tx, field db.ID) ([]choiceRule, error) {
	var rules []choiceRule
	err := db.Each(ctx, tx, sqlChoiceRules, []any{tid, field}, func(scan func(...any) error) error {
		var r choiceRule
		err := scan(&r.id, &r.round, &r.kind, &r.key)
		rules = append(rules, r)
		return err
	})
	return rules, err
}

// offers tells whether an own field can hold what a rule asks for. One that is not there is told elsewhere.
func offers(fields []tenant.PersonField, rule Rule) bool {
	at := slices.IndexFunc(fields, func(f tenant.PersonField) bool { return f.ID == rule.Target })
	return at < 0 || fields[at].Kind != tenant.FieldChoice ||
		slices.ContainsFunc(fields[at].Choices, func(c string) bool { return RuleSpec{Value: c}.valueKey() == rule.valueKey })
}
