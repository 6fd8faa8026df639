package lms

import (
	"context"
	"fmt"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Rules gives the assignment rules of a round; NotFound when there is no such round.
func (s *Rounds) Rules(ctx context.Context, tid tenant.ID, round db.ID) ([]Rule, error) {
	if _, err := s.Find(ctx, tid, round); err != nil {
		return nil, err
	}
	return listRules(ctx, tid, s.db, round)
}

func listRules(ctx context.Context, tid tenant.ID, r db.Runner, round db.ID) ([]Rule, error) {
	rows, err := r.Query(ctx, sqlListRules, tid, round)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	rules := []Rule{}
	for rows.Next() {
		var rule Rule
		if err := rows.Scan(&rule.ID, &rule.Kind, &rule.Target, &rule.FutureJoiners, &rule.TargetName); err != nil {
			return nil, err
		}
		rules = append(rules, rule)
	}
	return rules, rows.Err()
}

// AddRules puts more people into an open round: the rules of the audience are added (a rule that is there stays as it is) and who they reach is
// enrolled. It returns how many came in; Conflict when the round is closed.
func (s *Rounds) AddRules(ctx context.Context, tid tenant.ID, round db.ID, aud Audience) (int, error) {
	var check fault.Check
	aud.check(&check)
	if err := check.Err(); err != nil {
		return 0, err
	}
	added := 0
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.lockAudience(ctx, tid, tx); err != nil {
			return err
		}
		r, err := findRound(ctx, tid, tx, round)
		if err != nil {
			return err
		}
		if r.State != RoundOpen {
			return fault.New(fault.Conflict, "round_is_closed")
		}
		if added, err = s.assign(ctx, tid, tx, r, aud); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, tenant.Change{Action: "round.assign", SubjectKind: "round", Subject: round,
			Detail: map[string]any{"everyone": aud.Everyone, "departments": len(aud.Departments), "persons": len(aud.Persons), "added": added}})
	})
	if err != nil {
		return 0, fmt.Errorf("add rules: %w", err)
	}
	return added, nil
}

// RemoveRule takes a rule off a round. Who is reached by no other rule is withdrawn when nothing was started; who has started stays, unless
// withStarted tells otherwise. Nothing that was done is removed, and finished or exempt people are left alone. It returns how many were withdrawn.
func (s *Rounds) RemoveRule(ctx context.Context, tid tenant.ID, round, rule db.ID, withStarted bool) (int, error) {
	withdrawn := 0
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.lockAudience(ctx, tid, tx); err != nil {
			return err
		}
		res, err := tx.Exec(ctx, sqlDeleteRule, tid, round, rule)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return fault.New(fault.NotFound, "not_found")
		}
		unreached, err := s.unreached(ctx, tid, tx, round, withStarted)
		if err != nil {
			return err
		}
		for part := range slices.Chunk(unreached, chunk) {
			cond := db.Where("tenant_id = ?", tid).And("status IN ('not_started', 'in_progress', 'interrupted', 'failed')").In("id", anyIDs(part))
			if _, err := tx.Exec(ctx, sqlSetAside+cond.SQL(), append([]any{Withdrawn, ReasonRuleRemoved}, cond.Args()...)...); err != nil {
				return err
			}
		}
		withdrawn = len(unreached)
		return s.audit.Append(ctx, tid, tx, tenant.Change{Action: "round.unassign", SubjectKind: "round", Subject: round,
			Detail: map[string]any{"rule": rule, "withdrawn": withdrawn, "with_started": withStarted}})
	})
	if err != nil {
		return 0, fmt.Errorf("remove rule: %w", err)
	}
	return withdrawn, nil
}

// unreached lists enrolments that no rule of the round reaches and that may be withdrawn.
func (s *Rounds) unreached(ctx context.Context, tid tenant.ID, tx *db.Tx, round db.ID, withStarted bool) ([]db.ID, error) {
	rules, err := listRules(ctx, tid, tx, round)
	if err != nil {
		return nil, err
	}
	var aud Audience
	for _, r := range rules {
		aud.add(r)
	}
	reached, err := s.matching(ctx, tid, tx, aud)
	if err != nil {
		return nil, err
	}
	keep := make(map[db.ID]bool, len(reached))
	for _, id := range reached {
		keep[id] = true
	}
	statuses := []any{NotStarted}
	if withStarted {
		statuses = []any{NotStarted, InProgress, Interrupted, Failed}
	}
	cond := db.Where("e.tenant_id = ? AND e.round_id = ?", tid, round).In("e.status", statuses)
	rows, err := tx.Query(ctx, sqlEnrolled+cond.SQL(), cond.Args()...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []db.ID
	for rows.Next() {
		var id, person db.ID
		var status, reason string
		if err := rows.Scan(&id, &person, &status, &reason); err != nil {
			return nil, err
		}
		if !keep[person] {
			ids = append(ids, id)
		}
	}
	return ids, rows.Err()
}

// lasting is one rule that also takes in who comes later, with its round.
type lasting struct {
	round  Round
	kind   RuleKind
	target db.ID
}

// PeopleChanged is told, inside the transaction that adds or changes people, who was changed. Who now matches an open round that takes future
// joiners is enrolled; who left is withdrawn from what is still open, and comes back on returning. A change of department only ever adds.
func (s *Rounds) PeopleChanged(ctx context.Context, tid tenant.ID, tx *db.Tx, ids []db.ID) error {
	if len(ids) == 0 {
		return nil
	}
	if err := s.lockAudience(ctx, tid, tx); err != nil {
		return err
	}
	rules, err := s.lastingRules(ctx, tid, tx)
	if err != nil {
		return err
	}
	joined := map[db.ID][]db.ID{}
	rounds := map[db.ID]Round{}
	for part := range slices.Chunk(ids, chunk) {
		if err := s.followState(ctx, tid, tx, part); err != nil {
			return err
		}
		if len(rules) == 0 {
			continue
		}
		posts, err := s.posts(ctx, tid, tx, part)
		if err != nil {
			return err
		}
		for _, rule := range rules {
			rounds[rule.round.ID] = rule.round
			for person, departments := range posts {
				if rule.kind == RuleEveryone || slices.Contains(departments, rule.target) {
					joined[rule.round.ID] = append(joined[rule.round.ID], person)
				}
			}
		}
	}
	return s.join(ctx, tid, tx, rounds, joined)
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

func (s *Rounds) join(ctx context.Context, tid tenant.ID, tx *db.Tx, rounds map[db.ID]Round, joined map[db.ID][]db.ID) error {
	for id, people := range joined {
		added, err := s.enrol(ctx, tid, tx, rounds[id], unique(people))
		if err != nil {
			return fmt.Errorf("enrol future joiners: %w", err)
		}
		if added == 0 {
			continue
		}
		err = s.audit.Append(ctx, tid, tx, tenant.Change{Action: "round.join", SubjectKind: "round", Subject: id, Detail: map[string]any{"added": added}})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Rounds) lastingRules(ctx context.Context, tid tenant.ID, tx *db.Tx) ([]lasting, error) {
	rows, err := tx.Query(ctx, sqlLastingRules, tid)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var rules []lasting
	for rows.Next() {
		var l lasting
		if err := rows.Scan(&l.kind, &l.target, &l.round.ID, &l.round.DeadlineOn, &l.round.Lessons, &l.round.CreatedAt); err != nil {
			return nil, err
		}
		rules = append(rules, l)
	}
	return rules, rows.Err()
}

// posts gives the active people among ids with the departments they belong to today.
func (s *Rounds) posts(ctx context.Context, tid tenant.ID, tx *db.Tx, ids []db.ID) (map[db.ID][]db.ID, error) {
	today := tenant.Today(s.clock)
	cond := db.Where("p.tenant_id = ? AND p.state = 'active'", tid).In("p.id", anyIDs(ids))
	rows, err := tx.Query(ctx, sqlPosts+cond.SQL(), append([]any{today, today}, cond.Args()...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	posts := map[db.ID][]db.ID{}
	for rows.Next() {
		var person, department db.ID
		if err := rows.Scan(&person, &department); err != nil {
			return nil, err
		}
		posts[person] = append(posts[person], department)
	}
	return posts, rows.Err()
}

// followState withdraws those among ids who left from open rounds, and takes back those who returned.
func (s *Rounds) followState(ctx context.Context, tid tenant.ID, tx *db.Tx, ids []db.ID) error {
	inOpenRound := "round_id IN (SELECT r.id FROM round r WHERE r.tenant_id = ? AND r.state = 'open')"
	people := "person_id IN (SELECT p.id FROM person p WHERE p.tenant_id = ? AND p.state = ?)"
	gone := db.Where("tenant_id = ?", tid).In("person_id", anyIDs(ids)).And("status IN ('not_started', 'in_progress', 'interrupted', 'failed')").
		And(inOpenRound, tid).And(people, tid, "left")
	if _, err := tx.Exec(ctx, sqlSetAside+gone.SQL(), append([]any{Withdrawn, ReasonLeft}, gone.Args()...)...); err != nil {
		return err
	}
	back := db.Where("tenant_id = ?", tid).In("person_id", anyIDs(ids)).And("status = 'withdrawn' AND exempt_reason = ?", ReasonLeft).
		And(inOpenRound, tid).And(people, tid, "active")
	_, err := tx.Exec(ctx, sqlTakeBack+back.SQL(), back.Args()...)
	return err
}
