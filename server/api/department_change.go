package api

import (
	"context"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// DepartmentStepBody is one change of the tree.
type DepartmentStepBody struct {
	Kind         string   `json:"kind" enum:"create,rename,move,merge,close,reopen,move_people"`
	DepartmentID string   `json:"department_id" format:"uuid" doc:"of create: the id it will have, made by the client"`
	Name         string   `json:"name,omitempty" maxLength:"200" doc:"of create and rename"`
	ParentID     string   `json:"parent_id,omitempty" maxLength:"36" doc:"of create and move; empty: it stands on its own"`
	IntoID       string   `json:"into_id,omitempty" maxLength:"36" doc:"of merge and move_people, and of close: where its people go; empty: they stay without a department"`
	People       []string `json:"people,omitempty" maxItems:"2000" doc:"of move_people: only these; none: everybody"`
	Below        bool     `json:"below,omitempty" doc:"of close: those below are closed too; otherwise they move up by one level"`
}

// DepartmentProblemBody says why a step cannot be done.
type DepartmentProblemBody struct {
	Step  int            `json:"step" doc:"from 0"`
	Field string         `json:"field" doc:"which value of the step"`
	Key   string         `json:"key" doc:"of the message"`
	Args  map[string]any `json:"args,omitempty"`
}

// DepartmentEffectsBody is what changes of the tree do.
type DepartmentEffectsBody struct {
	Problems    []DepartmentProblemBody `json:"problems"`
	Departments []DepartmentEffectBody  `json:"departments"`
	People      []PersonMoveBody        `json:"people" doc:"the first 100"`
	PeopleTotal int                     `json:"people_total" doc:"how many people change department"`
	Departless  int                     `json:"departless" doc:"of these: how many are left without a department"`
	Missing     int                     `json:"missing" doc:"people named in a step who are not in that department any more"`
	Rounds      []RoundEffectBody       `json:"rounds" doc:"open rounds that take people in because of the change"`
	Rules       []DepartmentRuleBody    `json:"rules" doc:"assignment rules that name a department which is closed or merged"`
}

// DepartmentEffectBody is one department before and after.
type DepartmentEffectBody struct {
	ID     string `json:"id" format:"uuid"`
	Before string `json:"before" doc:"by path; empty: it is new, or was closed"`
	After  string `json:"after" doc:"by path; empty: it is closed"`
	Merged string `json:"merged_into,omitempty" doc:"id, when it becomes part of another"`
}

// PersonMoveBody is one person's departments before and after.
type PersonMoveBody struct {
	ID     string   `json:"id" format:"uuid"`
	Name   string   `json:"name"`
	Ends   []string `json:"ends" doc:"departments left, by path"`
	Begins []string `json:"begins" doc:"departments come to, by path"`
}

// RoundEffectBody is how many people an open round takes in.
type RoundEffectBody struct {
	RoundID    string `json:"round_id" format:"uuid"`
	Title      string `json:"title"`
	Department string `json:"department" doc:"that the rule names, by path"`
	People     int    `json:"people" doc:"whom the rule newly reaches"`
}

// DepartmentRuleBody is an assignment rule that names a department.
type DepartmentRuleBody struct {
	RoundID      string `json:"round_id" format:"uuid"`
	Title        string `json:"title"`
	DepartmentID string `json:"department_id" format:"uuid"`
	Excludes     bool   `json:"excludes" doc:"it keeps its people out of the round"`
}

func stepsOf(bodies []DepartmentStepBody) ([]tenant.DepartmentStep, error) {
	steps := make([]tenant.DepartmentStep, 0, len(bodies))
	for _, b := range bodies {
		s := tenant.DepartmentStep{Kind: tenant.DepartmentStepKind(b.Kind), Name: b.Name, Below: b.Below}
		var err error
		if s.Department, err = readID(b.DepartmentID); err != nil {
			return nil, err
		}
		if s.Parent, err = readOptionalID(b.ParentID); err != nil {
			return nil, err
		}
		if s.Into, err = readOptionalID(b.IntoID); err != nil {
			return nil, err
		}
		if s.People, err = readIDs(b.People); err != nil {
			return nil, err
		}
		steps = append(steps, s)
	}
	return steps, nil
}

func stepBodies(steps []tenant.DepartmentStep) []DepartmentStepBody {
	bodies := make([]DepartmentStepBody, 0, len(steps))
	for _, s := range steps {
		b := DepartmentStepBody{Kind: string(s.Kind), DepartmentID: s.Department.String(), Name: s.Name, ParentID: idText(s.Parent), IntoID: idText(s.Into), Below: s.Below}
		for _, p := range s.People {
			b.People = append(b.People, p.String())
		}
		bodies = append(bodies, b)
	}
	return bodies
}

func problemBodies(problems []tenant.DepartmentProblem) []DepartmentProblemBody {
	bodies := make([]DepartmentProblemBody, 0, len(problems))
	for _, p := range problems {
		bodies = append(bodies, DepartmentProblemBody{p.Step, p.Field, p.Key, p.Args})
	}
	return bodies
}

type effectsOutput struct{ Body DepartmentEffectsBody }

func effectsBody(e tenant.DepartmentEffects) *effectsOutput {
	b := DepartmentEffectsBody{
		Problems: problemBodies(e.Problems), PeopleTotal: e.PeopleTotal, Departless: e.Departless, Missing: e.Missing,
		Departments: make([]DepartmentEffectBody, 0, len(e.Departments)), People: make([]PersonMoveBody, 0, len(e.People)),
		Rounds: make([]RoundEffectBody, 0, len(e.Rounds)), Rules: make([]DepartmentRuleBody, 0, len(e.Rules)),
	}
	for _, d := range e.Departments {
		b.Departments = append(b.Departments, DepartmentEffectBody{d.ID.String(), d.Before, d.After, idText(d.Merged)})
	}
	for _, p := range e.People {
		b.People = append(b.People, PersonMoveBody{p.ID.String(), p.Name, p.Ends, p.Begins})
	}
	for _, r := range e.Rounds {
		b.Rounds = append(b.Rounds, RoundEffectBody{r.Round.String(), r.Title, r.Department, r.People})
	}
	for _, r := range e.Rules {
		b.Rules = append(b.Rules, DepartmentRuleBody{r.Round.String(), r.Title, r.Department.String(), r.Excludes})
	}
	return &effectsOutput{b}
}

func (a *API) previewDepartments(ctx context.Context, in *struct {
	Body struct {
		Steps       []DepartmentStepBody `json:"steps" minItems:"1" maxItems:"200"`
		EffectiveOn string               `json:"effective_on,omitempty" maxLength:"10" doc:"YYYY-MM-DD; empty is today"`
		PlanID      string               `json:"plan_id,omitempty" maxLength:"36" doc:"the plan whose steps these are"`
	}
}) (*effectsOutput, error) {
	steps, err := stepsOf(in.Body.Steps)
	if err != nil {
		return nil, err
	}
	plan, err := readOptionalID(in.Body.PlanID)
	if err != nil {
		return nil, err
	}
	e, err := a.svc.Departments.Preview(ctx, caller(ctx).Tenant, steps, in.Body.EffectiveOn, plan)
	if err != nil {
		return nil, err
	}
	return effectsBody(e), nil
}

func (a *API) changeDepartments(ctx context.Context, in *struct {
	Body struct {
		Steps []DepartmentStepBody `json:"steps" minItems:"1" maxItems:"200"`
	}
}) (*effectsOutput, error) {
	steps, err := stepsOf(in.Body.Steps)
	if err != nil {
		return nil, err
	}
	e, err := a.svc.Departments.Change(ctx, caller(ctx).Tenant, steps)
	if err != nil {
		return nil, err
	}
	return effectsBody(e), nil
}

// DepartmentPlanBody is a planned reorganisation.
type DepartmentPlanBody struct {
	ID          string                  `json:"id" format:"uuid"`
	Title       string                  `json:"title"`
	EffectiveOn string                  `json:"effective_on" doc:"the first day of the new order"`
	State       string                  `json:"state" enum:"draft,active,applied,failed,cancelled" doc:"failed: its day came and nothing of it could be done"`
	Steps       []DepartmentStepBody    `json:"steps"`
	Problems    []DepartmentProblemBody `json:"problems" doc:"why it failed"`
	Version     int64                   `json:"version"`
	UpdatedAt   string                  `json:"updated_at" format:"date-time"`
}

// DepartmentPlanInput is what can be set of a plan.
type DepartmentPlanInput struct {
	Title       string               `json:"title" maxLength:"800" doc:"at most 200 characters"`
	EffectiveOn string               `json:"effective_on" maxLength:"10" doc:"YYYY-MM-DD"`
	Steps       []DepartmentStepBody `json:"steps" maxItems:"200" doc:"in order; may be empty in a draft"`
}

// DepartmentPlanPath names a plan in a path.
type DepartmentPlanPath struct {
	ID string `path:"department_plan_id" format:"uuid"`
}

type planOutput struct{ Body DepartmentPlanBody }

func departmentPlanBody(p tenant.DepartmentPlan) DepartmentPlanBody {
	return DepartmentPlanBody{
		ID: p.ID.String(), Title: p.Title, EffectiveOn: p.EffectiveOn, State: string(p.State), Steps: stepBodies(p.Steps), Problems: problemBodies(p.Problems),
		Version: p.Version, UpdatedAt: p.UpdatedAt.Time.Format("2006-01-02T15:04:05.000000Z"),
	}
}

func (in DepartmentPlanInput) input() (tenant.PlanInput, error) {
	steps, err := stepsOf(in.Steps)
	return tenant.PlanInput{Title: in.Title, EffectiveOn: in.EffectiveOn, Steps: steps}, err
}

func (a *API) listPlans(ctx context.Context, _ *struct{}) (*struct {
	Body struct {
		Items []DepartmentPlanBody `json:"items"`
	}
}, error) {
	plans, err := a.svc.Departments.Plans(ctx, caller(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	out := &struct {
		Body struct {
			Items []DepartmentPlanBody `json:"items"`
		}
	}{}
	out.Body.Items = make([]DepartmentPlanBody, 0, len(plans))
	for _, p := range plans {
		out.Body.Items = append(out.Body.Items, departmentPlanBody(p))
	}
	return out, nil
}

func (a *API) getPlan(ctx context.Context, in *DepartmentPlanPath) (*planOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	p, err := a.svc.Departments.FindPlan(ctx, caller(ctx).Tenant, id)
	return &planOutput{departmentPlanBody(p)}, err
}

func (a *API) createPlan(ctx context.Context, in *struct {
	Repeatable
	Body DepartmentPlanInput
}) (*planOutput, error) {
	input, err := in.Body.input()
	if err != nil {
		return nil, err
	}
	p, err := a.svc.Departments.CreatePlan(ctx, caller(ctx).Tenant, in.newID(ctx, "create-department-plan"), input)
	return &planOutput{departmentPlanBody(p)}, err
}

func (a *API) savePlan(ctx context.Context, in *struct {
	DepartmentPlanPath
	Body struct {
		DepartmentPlanInput
		Version int64 `json:"version" minimum:"1"`
	}
}) (*planOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	input, err := in.Body.input()
	if err != nil {
		return nil, err
	}
	p, err := a.svc.Departments.SavePlan(ctx, caller(ctx).Tenant, id, in.Body.Version, input)
	return &planOutput{departmentPlanBody(p)}, err
}

// planTurn is a decision about a plan as it was shown.
type planTurn struct {
	DepartmentPlanPath
	Body struct {
		Version int64 `json:"version" minimum:"1"`
	}
}

func (a *API) turnPlan(ctx context.Context, in *planTurn, turn func(context.Context, tenant.ID, db.ID, int64) (tenant.DepartmentPlan, error)) (*planOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	p, err := turn(ctx, caller(ctx).Tenant, id, in.Body.Version)
	return &planOutput{departmentPlanBody(p)}, err
}

func (a *API) activatePlan(ctx context.Context, in *planTurn) (*planOutput, error) {
	return a.turnPlan(ctx, in, a.svc.Departments.ActivatePlan)
}

func (a *API) cancelPlan(ctx context.Context, in *planTurn) (*planOutput, error) {
	return a.turnPlan(ctx, in, a.svc.Departments.CancelPlan)
}

func (a *API) deletePlan(ctx context.Context, in *struct {
	DepartmentPlanPath
	Version int64 `query:"version" minimum:"1" required:"true"`
}) (*struct{}, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.svc.Departments.DeletePlan(ctx, caller(ctx).Tenant, id, in.Version)
}
