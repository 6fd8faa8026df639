package app

import (
	"context"
	"fmt"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// reorganise puts the care office's departments into a tree, and enters a reorganisation in advance.
func (d *demonstration) reorganise(ctx context.Context, tid tenant.ID) error {
	list, err := d.Departments.List(ctx, tid, tenant.DepartmentQuery{})
	if err != nil {
		return err
	}
	named := map[string]db.ID{}
	for _, one := range list {
		named[one.Name] = one.ID
	}
	division, centre := db.NewID(), db.NewID()
	if _, err := d.Departments.Change(ctx, tid, []tenant.DepartmentStep{
		{Kind: tenant.StepCreate, Department: division, Name: "介護事業部"},
		{Kind: tenant.StepMove, Department: named["訪問介護"], Parent: division},
		{Kind: tenant.StepMove, Department: named["デイサービス"], Parent: division},
		{Kind: tenant.StepMove, Department: named["居宅支援"], Parent: division},
	}); err != nil {
		return fmt.Errorf("tree of departments: %w", err)
	}
	plan, err := d.Departments.CreatePlan(ctx, tid, db.NewID(), tenant.PlanInput{
		Title: "居宅支援を独立させる", EffectiveOn: tenant.AddDays(tenant.Today(d.app.Clock), 40),
		Steps: []tenant.DepartmentStep{
			{Kind: tenant.StepCreate, Department: centre, Name: "相談支援部"},
			{Kind: tenant.StepMove, Department: named["居宅支援"], Parent: centre},
			{Kind: tenant.StepRename, Department: named["居宅支援"], Name: "ケアプランセンター"},
		},
	})
	if err == nil {
		_, err = d.Departments.ActivatePlan(ctx, tid, plan.ID, plan.Version)
	}
	if err != nil {
		return fmt.Errorf("planned reorganisation: %w", err)
	}
	return nil
}
