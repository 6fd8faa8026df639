package tenant

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf8"

	"kenshu/fault"
	"kenshu/storage/db"
)

// PlanState is how far a planned reorganisation is.
type PlanState string

// The states of a plan. Saving one that failed or was cancelled makes a draft of it again.
const (
	PlanDraft     PlanState = "draft"
	PlanActive    PlanState = "active"    // it will be done on its day
	PlanApplied   PlanState = "applied"   // it was done, and stays as it is
	PlanFailed    PlanState = "failed"    // its day came and it could not be done any more; nothing of it was
	PlanCancelled PlanState = "cancelled" // taken back before its day
)

// Limits of plans.
const (
	MaxPlanTitle = 200 // characters
	MaxPlans     = 200 // of an organisation that are not done
)

// DepartmentPlan is changes of the tree entered in advance (a reorganisation), done on their day.
type DepartmentPlan struct {
	ID          db.ID
	Title       string
	EffectiveOn string // the first day of the new order, YYYY-MM-DD
	State       PlanState
	Steps       []DepartmentStep
	Problems    []DepartmentProblem // why it failed
	Version     int64
	CreatedAt   db.Time
	UpdatedAt   db.Time
	DecidedAt   db.Time // when it was activated, cancelled, done, or failed
}

// PlanInput is what a manager enters.
type PlanInput struct {
	Title       string
	EffectiveOn string
	Steps       []DepartmentStep // may be empty while it is a draft
}

func (in PlanInput) validate() (PlanInput, error) {
	in.Title = Tidy(in.Title)
	var c fault.Check
	c.If(in.Title == "", "title", "required")
	c.If(utf8.RuneCountInString(in.Title) > MaxPlanTitle, "title", "too_long", "max", MaxPlanTitle)
	c.If(!ValidDay(in.EffectiveOn), "effective_on", "date")
	if in.Steps == nil {
		in.Steps = []DepartmentStep{}
	}
	if err := c.Err(); err != nil || len(in.Steps) == 0 {
		return in, err
	}
	return in, CheckDepartmentSteps(in.Steps)
}

const (
	planColumns   = `SELECT id, title, effective_on, state, steps, problems, version, created_at, updated_at, decided_at FROM department_plan`
	sqlListPlans  = planColumns + ` WHERE tenant_id = ? ORDER BY effective_on DESC, id DESC LIMIT 500`
	sqlFindPlan   = planColumns + ` WHERE tenant_id = ? AND id = ?`
	sqlPlansUntil = planColumns + ` WHERE tenant_id = ? AND state = 'active' AND effective_on <= ? ORDER BY effective_on, id`
	sqlCountPlans = `SELECT COUNT(*) FROM department_plan WHERE tenant_id = ? AND state <> 'applied'`
	sqlInsertPlan = `INSERT INTO department_plan (tenant_id, id, title, effective_on, state, steps, problems, created_by, created_at, updated_at) VALUES`
	rowInsertPlan = `(?, ?, ?, ?, 'draft', ?, '[]', ?, ?, ?)`
	sqlSavePlan   = `UPDATE department_plan SET title = ?, effective_on = ?, steps = ?, state = 'draft', problems = '[]', decided_at = NULL, updated_at = ?,
 version = version + 1 WHERE tenant_id = ? AND id = ?`
	sqlSetPlan    = `UPDATE department_plan SET state = ?, problems = ?, decided_at = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?`
	sqlDeletePlan = `DELETE FROM department_plan WHERE tenant_id = ? AND id = ?`
)

func scanPlan(row db.Row) (p DepartmentPlan, err error) {
	var steps, problems string
	if err := row.Scan(&p.ID, &p.Title, &p.EffectiveOn, &p.State, &steps, &problems, &p.Version, &p.CreatedAt, &p.UpdatedAt, &p.DecidedAt); err != nil {
		return p, err
	}
	if err := json.Unmarshal([]byte(steps), &p.Steps); err != nil {
		return p, fmt.Errorf("steps of a plan: %w", err)
	}
	return p, json.Unmarshal([]byte(problems), &p.Problems)
}

// Plans lists the plans, the latest day first; at most 500.
func (s *Departments) Plans(ctx context.Context, tid ID) ([]DepartmentPlan, error) {
	return readPlans(ctx, s.db, sqlListPlans, tid)
}

func readPlans(ctx context.Context, r db.Runner, query string, args ...any) ([]DepartmentPlan, error) {
	return db.List(ctx, r, query, args, scanPlan)
}

// FindPlan gives one plan, or fault.NotFound.
func (s *Departments) FindPlan(ctx context.Context, tid ID, id db.ID) (DepartmentPlan, error) {
	p, err := scanPlan(s.db.QueryRow(ctx, sqlFindPlan, tid, id))
	return p, db.One(err)
}

// plannedBefore gives the steps of the active plans that will be done before or on day, in their order.
func (s *Departments) plannedBefore(ctx context.Context, tid ID, r db.Runner, day string, except db.ID) ([]DepartmentStep, error) {
	plans, err := readPlans(ctx, r, sqlPlansUntil, tid, day)
	var steps []DepartmentStep
	for _, p := range plans {
		if p.ID != except {
			steps = append(steps, p.Steps...)
		}
	}
	return steps, err
}

// CreatePlan keeps a draft under id; the same id again answers the same plan. It returns fault.Invalid.
func (s *Departments) CreatePlan(ctx context.Context, tid ID, id db.ID, in PlanInput) (DepartmentPlan, error) {
	in, err := in.validate()
	if err != nil {
		return DepartmentPlan{}, err
	}
	steps, err := json.Marshal(in.Steps)
	if err != nil {
		return DepartmentPlan{}, err
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.lock(ctx, tid, tx); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRow(ctx, sqlCountPlans, tid).Scan(&n); err != nil {
			return err
		}
		if n >= MaxPlans {
			return fault.New(fault.Conflict, "too_many", "max", MaxPlans)
		}
		now := db.At(s.clock())
		row := []any{tid, id, in.Title, in.EffectiveOn, string(steps), ActorFrom(ctx).Person, now, now}
		if err := tx.InsertMany(ctx, sqlInsertPlan, rowInsertPlan, [][]any{row}); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, planChange("create", DepartmentPlan{ID: id, Title: in.Title, EffectiveOn: in.EffectiveOn, Steps: in.Steps}))
	})
	if err != nil && !db.IsDuplicate(err) {
		return DepartmentPlan{}, fmt.Errorf("create plan: %w", err)
	}
	return s.FindPlan(ctx, tid, id)
}

func planChange(verb string, p DepartmentPlan) Change {
	return Change{Action: "department_plan." + verb, SubjectKind: "department_plan", Subject: p.ID, After: p.Steps,
		Detail: map[string]any{"title": p.Title, "effective_on": p.EffectiveOn, "steps": len(p.Steps)}}
}

// changePlan runs change on a plan whose version is still the given one and whose state is one of from.
func (s *Departments) changePlan(ctx context.Context, tid ID, id db.ID, version int64, from []PlanState, change func(tx *db.Tx, p DepartmentPlan) error) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.lock(ctx, tid, tx); err != nil {
			return err
		}
		p, err := scanPlan(tx.QueryRowLocked(ctx, sqlFindPlan, tid, id))
		switch {
		case err != nil:
			return db.One(err)
		case p.Version != version:
			return fault.New(fault.Conflict, "changed_meanwhile", "version", p.Version)
		case !slices.Contains(from, p.State):
			return fault.New(fault.Conflict, "department_plan_state", "state", string(p.State))
		}
		return change(tx, p)
	})
}

// editable are the states in which a plan is not going to happen by itself.
var editable = []PlanState{PlanDraft, PlanFailed, PlanCancelled}

// SavePlan changes a plan that is not active and not done; it becomes a draft. It returns fault.NotFound, fault.Invalid or fault.Conflict: changed
// meanwhile, or "department_plan_state".
func (s *Departments) SavePlan(ctx context.Context, tid ID, id db.ID, version int64, in PlanInput) (DepartmentPlan, error) {
	in, err := in.validate()
	if err != nil {
		return DepartmentPlan{}, err
	}
	steps, err := json.Marshal(in.Steps)
	if err != nil {
		return DepartmentPlan{}, err
	}
	err = s.changePlan(ctx, tid, id, version, editable, func(tx *db.Tx, p DepartmentPlan) error {
		if _, err := tx.Exec(ctx, sqlSavePlan, in.Title, in.EffectiveOn, string(steps), db.At(s.clock()), tid, id); err != nil {
			return err
		}
		p.Title, p.EffectiveOn, p.Steps = in.Title, in.EffectiveOn, in.Steps
		return s.audit.Append(ctx, tid, tx, planChange("update", p))
	})
	if err != nil {
		return DepartmentPlan{}, err
	}
	return s.FindPlan(ctx, tid, id)
}

// ActivatePlan has a plan done on its day; one of today is done at once. It returns fault.NotFound, fault.Invalid when the day is over, and
// fault.Conflict "department_steps" when it contradicts the tree as it will be on that day.
func (s *Departments) ActivatePlan(ctx context.Context, tid ID, id db.ID, version int64) (DepartmentPlan, error) {
	err := s.changePlan(ctx, tid, id, version, editable, func(tx *db.Tx, p DepartmentPlan) error {
		if err := s.checkDay(p.EffectiveOn); err != nil {
			return err
		}
		if err := CheckDepartmentSteps(p.Steps); err != nil {
			return err
		}
		planned, err := s.plannedBefore(ctx, tid, tx, p.EffectiveOn, id)
		if err != nil {
			return err
		}
		c, err := s.work(ctx, tid, tx, nil, planned, p.Steps, p.EffectiveOn)
		if err != nil {
			return err
		}
		if err := problemsError(c.draft.problems); err != nil {
			return err
		}
		if err := s.setPlan(ctx, tid, tx, p, PlanActive, "activate", nil); err != nil || p.EffectiveOn > Today(s.clock) {
			return err
		}
		p.State = PlanActive
		return s.applyPlan(ctx, tid, tx, p)
	})
	if err != nil {
		return DepartmentPlan{}, err
	}
	return s.FindPlan(ctx, tid, id)
}

// CancelPlan takes an active plan back before its day. It returns fault.NotFound or fault.Conflict.
func (s *Departments) CancelPlan(ctx context.Context, tid ID, id db.ID, version int64) (DepartmentPlan, error) {
	err := s.changePlan(ctx, tid, id, version, []PlanState{PlanActive}, func(tx *db.Tx, p DepartmentPlan) error {
		return s.setPlan(ctx, tid, tx, p, PlanCancelled, "cancel", nil)
	})
	if err != nil {
		return DepartmentPlan{}, err
	}
	return s.FindPlan(ctx, tid, id)
}

// DeletePlan removes a plan that is not active and not done. It returns fault.NotFound or fault.Conflict.
func (s *Departments) DeletePlan(ctx context.Context, tid ID, id db.ID, version int64) error {
	return s.changePlan(ctx, tid, id, version, editable, func(tx *db.Tx, p DepartmentPlan) error {
		if _, err := tx.Exec(ctx, sqlDeletePlan, tid, id); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, planChange("delete", p))
	})
}

func (s *Departments) setPlan(ctx context.Context, tid ID, tx *db.Tx, p DepartmentPlan, to PlanState, verb string, problems []DepartmentProblem) error {
	if problems == nil {
		problems = []DepartmentProblem{}
	}
	text, err := json.Marshal(problems)
	if err != nil {
		return err
	}
	now := db.At(s.clock())
	if _, err := tx.Exec(ctx, sqlSetPlan, string(to), string(text), now, now, tid, p.ID); err != nil {
		return err
	}
	return s.audit.Append(ctx, tid, tx, planChange(verb, p))
}
