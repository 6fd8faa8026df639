package lms

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// RuleKind says whom an assignment rule reaches.
type RuleKind string

// The kinds of rule.
const (
	RuleEveryone   RuleKind = "everyone"
	RuleDepartment RuleKind = "department"
	RulePerson     RuleKind = "person"
)

// Rule is an assignment rule of a round.
type Rule struct {
	ID            db.ID
	Kind          RuleKind
	Target        db.ID // the department or the person; zero for everyone
	TargetName    string
	FutureJoiners bool // also people who come to match later
}

// Audience says who: everyone, or the people of departments and single persons together.
type Audience struct {
	Everyone      bool
	Departments   []db.ID
	Persons       []db.ID
	FutureJoiners bool // also who joins (a department) later; a rule about one person has no future
}

// Limits of an audience.
const (
	MaxRuleDepartments = 500
	MaxRulePersons     = 10_000
)

// JoinerDays is how many days somebody who joins a round late has at least, whatever the round's deadline is.
const JoinerDays = 14

// Why an enrolment was withdrawn by the system; a person's own words stand there otherwise.
const (
	ReasonLeft        = "left"         // 退職
	ReasonRuleRemoved = "rule_removed" // no rule of the round reaches the person any more
)

const chunk = 500

// errStop ends an iteration that its reader has had enough of.
var errStop = errors.New("stop")

func (a Audience) check(c *fault.Check) {
	c.If(!a.Everyone && len(a.Departments) == 0 && len(a.Persons) == 0, "audience", "audience_empty")
	c.If(len(a.Departments) > MaxRuleDepartments, "audience.departments", "too_many", "max", MaxRuleDepartments)
	c.If(len(a.Persons) > MaxRulePersons, "audience.persons", "too_many", "max", MaxRulePersons)
}

func (a *Audience) add(r Rule) {
	switch r.Kind {
	case RuleEveryone:
		a.Everyone = true
	case RuleDepartment:
		a.Departments = append(a.Departments, r.Target)
	case RulePerson:
		a.Persons = append(a.Persons, r.Target)
	}
}

// cond finds the active people of an audience.
func (a Audience) cond(tid tenant.ID, today string) *db.Cond {
	cond := db.Where("p.tenant_id = ? AND p.state = 'active'", tid)
	if a.Everyone {
		return cond
	}
	text, args := "1 = 0", []any{}
	if len(a.Departments) > 0 {
		text += " OR p.id IN (" + sqlHoldersOf + "(" + db.Marks(len(a.Departments)) + "))"
		args = append(append(args, tid, today, today), anyIDs(a.Departments)...)
	}
	if len(a.Persons) > 0 {
		text += " OR p.id IN (" + db.Marks(len(a.Persons)) + ")"
		args = append(args, anyIDs(a.Persons)...)
	}
	return cond.And(text, args...)
}

func anyIDs(ids []db.ID) []any {
	list := make([]any, len(ids))
	for i, id := range ids {
		list[i] = id
	}
	return list
}

// Affected is who an audience reaches now.
type Affected struct {
	Total        int
	WithoutEmail int // they are reminded on screen only
	People       []Named
}

// Named is a person in a list.
type Named struct {
	ID      db.ID
	Name    string
	LoginID string
}

// Preview tells whom an audience reaches now: how many, and the first by name (limit).
func (s *Rounds) Preview(ctx context.Context, tid tenant.ID, aud Audience, limit int) (Affected, error) {
	var check fault.Check
	aud.check(&check)
	if err := check.Err(); err != nil {
		return Affected{}, err
	}
	var a Affected
	err := s.db.Snapshot(ctx, func(r db.Runner) error {
		if err := s.checkTargets(ctx, tid, r, aud); err != nil {
			return err
		}
		cond := aud.cond(tid, tenant.Today(s.clock))
		if err := r.QueryRow(ctx, sqlCountPeople+cond.SQL(), cond.Args()...).Scan(&a.Total, &a.WithoutEmail); err != nil {
			return err
		}
		rows, err := r.Query(ctx, sqlNamedPeople+cond.SQL()+" ORDER BY p.sort_name, p.id LIMIT ?", cond.Args(db.Page{Limit: limit}.Clamp())...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var n Named
			if err := rows.Scan(&n.ID, &n.Name, &n.LoginID); err != nil {
				return err
			}
			a.People = append(a.People, n)
		}
		return rows.Err()
	})
	return a, err
}

// checkTargets sees that every department and person of the audience is the organisation's own.
func (s *Rounds) checkTargets(ctx context.Context, tid tenant.ID, r db.Runner, aud Audience) error {
	var check fault.Check
	for _, t := range []struct {
		query, path, key string
		ids              []db.ID
	}{
		{sqlCountDepartments, "audience.departments", "department_unknown", aud.Departments},
		{sqlCountPersons, "audience.persons", "person_unknown", aud.Persons},
	} {
		ids := unique(t.ids)
		found := 0
		for part := range slices.Chunk(ids, chunk) {
			var n int
			cond := db.Where("tenant_id = ?", tid).In("id", anyIDs(part))
			if err := r.QueryRow(ctx, t.query+cond.SQL(), cond.Args()...).Scan(&n); err != nil {
				return err
			}
			found += n
		}
		check.If(found != len(ids), t.path, t.key)
	}
	return check.Err()
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

// lockAudience lets one transaction of the organisation at a time decide who is in which round. Without it somebody who joins while a round is
// being made could be missed by both: each transaction would not see the other's rows yet.
func (s *Rounds) lockAudience(ctx context.Context, tid tenant.ID, tx *db.Tx) error {
	return tx.Upsert(ctx, sqlLockAudience, "tenant_id, name", "updated_at", tid, db.At(s.clock()))
}

// assign adds the rules of an audience to a round and enrols whom they reach; it returns how many came in. The audience must be locked.
func (s *Rounds) assign(ctx context.Context, tid tenant.ID, tx *db.Tx, r Round, aud Audience) (int, error) {
	if err := s.checkTargets(ctx, tid, tx, aud); err != nil {
		return 0, err
	}
	now := db.At(s.clock())
	var rows [][]any
	add := func(kind RuleKind, target any, future bool) {
		rows = append(rows, []any{tid, db.NewID(), r.ID, kind, target, future, now})
	}
	if aud.Everyone {
		add(RuleEveryone, db.Everyone{}, aud.FutureJoiners)
	}
	for _, id := range unique(aud.Departments) {
		add(RuleDepartment, id, aud.FutureJoiners)
	}
	for _, id := range unique(aud.Persons) {
		add(RulePerson, id, false)
	}
	if err := tx.InsertNew(ctx, sqlInsertRule, "(?, ?, ?, ?, ?, ?, ?)", "tenant_id, round_id, kind, target_id", rows); err != nil {
		return 0, err
	}
	ids, err := s.matching(ctx, tid, tx, aud)
	if err != nil {
		return 0, err
	}
	return s.enrol(ctx, tid, tx, r, ids)
}

// matching lists the active people of an audience.
func (s *Rounds) matching(ctx context.Context, tid tenant.ID, r db.Runner, aud Audience) ([]db.ID, error) {
	cond := aud.cond(tid, tenant.Today(s.clock))
	return scanIDs(r.Query(ctx, sqlPeople+cond.SQL(), cond.Args()...))
}

// enrol gives every one of ids an enrolment in r, once; who had been withdrawn by the system only comes back. It returns how many came in.
func (s *Rounds) enrol(ctx context.Context, tid tenant.ID, tx *db.Tx, r Round, ids []db.ID) (int, error) {
	now := s.clock()
	due := max(r.DeadlineOn, tenant.AddDays(tenant.Day(now), JoinerDays))
	if r.CreatedAt.Equal(db.At(now).Time) {
		due = r.DeadlineOn // the first people of a round have its deadline
	}
	added := 0
	for part := range slices.Chunk(ids, chunk) {
		known, back, err := s.enrolled(ctx, tid, tx, r.ID, part)
		if err != nil {
			return added, err
		}
		rows := make([][]any, 0, len(part))
		for _, id := range part {
			if !known[id] {
				rows = append(rows, []any{tid, db.NewID(), r.ID, id, due, r.Lessons, db.At(now)})
			}
		}
		if err := tx.InsertNew(ctx, sqlInsertEnrolment, "(?, ?, ?, ?, 'not_started', ?, ?, ?)", "tenant_id, round_id, person_id", rows); err != nil {
			return added, err
		}
		if err := s.takeBack(ctx, tid, tx, back); err != nil {
			return added, err
		}
		added += len(rows) + len(back)
	}
	if added == 0 {
		return 0, nil
	}
	return added, s.remindSoon(ctx, tid, tx, r.ID)
}

// enrolled tells who of ids is in the round already, and which enrolments among them the system had withdrawn.
func (s *Rounds) enrolled(ctx context.Context, tid tenant.ID, tx *db.Tx, round db.ID, ids []db.ID) (known map[db.ID]bool, back []db.ID, err error) {
	cond := db.Where("e.tenant_id = ? AND e.round_id = ?", tid, round).In("e.person_id", anyIDs(ids))
	rows, err := tx.Query(ctx, sqlEnrolled+cond.SQL(), cond.Args()...)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	known = map[db.ID]bool{}
	for rows.Next() {
		var id, person db.ID
		var status Status
		var reason string
		if err := rows.Scan(&id, &person, &status, &reason); err != nil {
			return nil, nil, err
		}
		known[person] = true
		if status == Withdrawn && (reason == ReasonLeft || reason == ReasonRuleRemoved) {
			back = append(back, id)
		}
	}
	return known, back, rows.Err()
}

func (s *Rounds) takeBack(ctx context.Context, tid tenant.ID, tx *db.Tx, enrolments []db.ID) error {
	if len(enrolments) == 0 {
		return nil
	}
	cond := db.Where("tenant_id = ?", tid).And("status = 'withdrawn'").In("id", anyIDs(enrolments))
	_, err := tx.Exec(ctx, sqlTakeBack+cond.SQL(), cond.Args()...)
	return err
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

func scanIDs(rows rowsIter, err error) ([]db.ID, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids []db.ID
	for rows.Next() {
		var id db.ID
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
