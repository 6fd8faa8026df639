package tenant_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// grow makes departments by path, "本社/看護部", and gives their ids.
func (o *office) grow(t *testing.T, paths ...string) map[string]db.ID {
	t.Helper()
	ids := map[string]db.ID{}
	for _, path := range paths {
		parent, name := "", path
		if i := strings.LastIndex(path, "/"); i >= 0 {
			parent, name = path[:i], path[i+1:]
		}
		d, err := o.departments.Create(o.manager(t), o.world.A.ID, db.NewID(), ids[parent], name)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		ids[path] = d.ID
	}
	return ids
}

// shape is the tree as it is on a day, open departments only, by path with head-counts.
func (o *office) shape(t *testing.T, on string) []string {
	t.Helper()
	list, err := o.departments.List(t.Context(), o.world.A.ID, tenant.DepartmentQuery{On: on})
	if err != nil {
		t.Fatal(err)
	}
	out := make([]string, 0, len(list))
	for _, d := range list {
		out = append(out, fmt.Sprintf("%s %d %d", strings.ReplaceAll(d.Path, " ", ""), d.Members, d.MembersBelow))
	}
	return out
}

func (o *office) wantShape(t *testing.T, on string, want ...string) {
	t.Helper()
	if got := o.shape(t, on); !slices.Equal(got, want) {
		t.Errorf("on %q the tree is\n%s\nwant\n%s", on, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func (o *office) change(t *testing.T, steps ...tenant.DepartmentStep) tenant.DepartmentEffects {
	t.Helper()
	e, err := o.departments.Change(o.manager(t), o.world.A.ID, steps)
	if err != nil {
		t.Fatalf("%+v: %v", steps, err)
	}
	return e
}

func (o *office) put(t *testing.T, person db.ID, posts ...tenant.PostInput) {
	t.Helper()
	p, err := o.people.Find(t.Context(), o.world.A.ID, person)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.people.SetPosts(o.manager(t), o.world.A.ID, person, p.Version, posts); err != nil {
		t.Fatal(err)
	}
}

func stepKeys(t *testing.T, err error) []string {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) {
		t.Fatalf("not a fault: %v", err)
	}
	var keys []string
	for _, one := range f.Fields {
		keys = append(keys, one.Path+" "+one.Key)
	}
	return keys
}

const today = "2026-04-01" // of kit.NewClock

func TestChangeDepartments(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ids := o.grow(t, "本社", "本社/看護部", "本社/看護部/3階", "支社", "支社/看護部", "総務")
		a := o.world.A
		o.put(t, a.Staff[0], tenant.PostInput{Department: ids["本社/看護部"], StartsOn: "2025-04-01", Main: true}, tenant.PostInput{Department: ids["総務"], StartsOn: "2025-04-01"})
		o.put(t, a.Staff[1], tenant.PostInput{Department: ids["本社/看護部/3階"], StartsOn: "2025-04-01", EndsOn: "2026-12-31"}, tenant.PostInput{Department: ids["本社/看護部"], StartsOn: "2025-04-01"})
		o.put(t, a.Staff[2], tenant.PostInput{Department: ids["支社/看護部"], StartsOn: "2026-10-01"}) // to come
		o.wantShape(t, "", "支社 0 0", "支社/看護部 0 0", "本社 0 2", "本社/看護部 2 2", "本社/看護部/3階 1 1", "総務 1 1")
		o.wantShape(t, "2026-10-01", "支社 0 1", "支社/看護部 1 1", "本社 0 2", "本社/看護部 2 2", "本社/看護部/3階 1 1", "総務 1 1")

		o.clock.Add(24 * time.Hour)
		o.heard.ids = nil
		o.change(t, tenant.DepartmentStep{Kind: tenant.StepMove, Department: ids["本社/看護部"], Parent: ids["総務"]})
		if !slices.Contains(o.heard.ids, a.Staff[0]) || !slices.Contains(o.heard.ids, a.Staff[1]) || slices.Contains(o.heard.ids, a.Staff[2]) {
			t.Errorf("a move told of %v", o.heard.ids)
		}
		o.wantShape(t, "", "支社 0 0", "支社/看護部 0 0", "本社 0 0", "総務 1 2", "総務/看護部 2 2", "総務/看護部/3階 1 1")
		o.wantShape(t, today, "支社 0 0", "支社/看護部 0 0", "本社 0 2", "本社/看護部 2 2", "本社/看護部/3階 1 1", "総務 1 1")

		// Merged with everybody, those to come, and everything below.
		e := o.change(t, tenant.DepartmentStep{Kind: tenant.StepMerge, Department: ids["支社/看護部"], Into: ids["本社/看護部"]})
		if e.PeopleTotal != 0 || len(e.Departments) != 1 || e.Departments[0].After != "" || e.Departments[0].Merged != ids["本社/看護部"] {
			t.Errorf("effects %+v", e)
		}
		e = o.change(t, tenant.DepartmentStep{Kind: tenant.StepMerge, Department: ids["本社/看護部"], Into: ids["支社"]})
		if e.PeopleTotal != 2 || e.Departless != 0 || len(e.People) != 2 || !slices.Equal(e.People[0].Begins, []string{"支社"}) {
			t.Errorf("effects %+v", e)
		}
		o.wantShape(t, "", "支社 2 2", "支社/3階 1 1", "本社 0 0", "総務 1 1")
		o.wantShape(t, "2026-10-01", "支社 3 3", "支社/3階 1 1", "本社 0 0", "総務 1 1")
		posts, err := o.people.Posts(t.Context(), a.ID, a.Staff[0])
		if err != nil || len(posts) != 3 || posts[0].Then != "支社" || !posts[0].Main || posts[0].StartsOn != "2026-04-02" {
			t.Fatalf("%v %+v", err, posts)
		}
		was := posts[slices.IndexFunc(posts, func(p tenant.Post) bool { return p.Department == ids["本社/看護部"] })]
		if was.EndsOn != today || was.Then != "本社 / 看護部" || was.Path != "" {
			t.Errorf("the old post %+v", was)
		}
		if p, _ := o.people.Find(t.Context(), a.ID, a.Staff[0]); len(p.Departments) != 2 || p.Departments[0].ID != ids["支社"] {
			t.Errorf("the main post is not first: %+v", p.Departments)
		}

		// Closed: people into another department, those below move up; then come back.
		o.change(t, tenant.DepartmentStep{Kind: tenant.StepClose, Department: ids["支社"], Into: ids["総務"]})
		o.wantShape(t, "", "3階 1 1", "本社 0 0", "総務 2 2")
		e = o.change(t, tenant.DepartmentStep{Kind: tenant.StepClose, Department: ids["本社/看護部/3階"]})
		if e.PeopleTotal != 1 || e.Departless != 0 {
			t.Errorf("effects %+v", e)
		}
		o.clock.Add(24 * time.Hour)
		o.change(t, tenant.DepartmentStep{Kind: tenant.StepReopen, Department: ids["支社"]}, tenant.DepartmentStep{Kind: tenant.StepRename, Department: ids["支社"], Name: "西支社"})
		o.wantShape(t, "", "本社 0 0", "総務 2 2", "西支社 0 0")
		spans, err := o.departments.History(t.Context(), a.ID, ids["支社"])
		if err != nil || len(spans) != 2 || spans[0].Name != "西支社" || spans[0].StartsOn != "2026-04-03" || spans[1].EndsOn != today || spans[1].Name != "支社" {
			t.Errorf("%v %+v", err, spans)
		}
		// A name is free when its department is closed, and two may change names with each other.
		o.grow(t, "支社")
		o.change(t, tenant.DepartmentStep{Kind: tenant.StepRename, Department: ids["本社"], Name: "総務"}, tenant.DepartmentStep{Kind: tenant.StepRename, Department: ids["総務"], Name: "本社"})
		o.wantShape(t, "", "支社 0 0", "本社 2 2", "総務 0 0", "西支社 0 0")
		if events, _, err := o.audit.List(t.Context(), a.ID, tenant.AuditQuery{Action: "department."}); err != nil || len(events) < 12 {
			t.Errorf("%d events, %v", len(events), err)
		}
	})
}

func TestRefusedSteps(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ids := o.grow(t, "A", "A/B", "A/B/C", "D", "D/B", "E")
		deep, path := []string{}, ""
		for i := range tenant.MaxDepartmentDepth {
			path = strings.TrimPrefix(path+"/"+fmt.Sprintf("段%d", i), "/")
			deep = append(deep, path)
		}
		for k, v := range o.grow(t, deep...) {
			ids[k] = v
		}
		other, err := o.departments.Create(as(t, o.world.B, o.world.B.Manager, tenant.RoleManager), o.world.B.ID, db.NewID(), db.ID{}, "他社")
		if err != nil {
			t.Fatal(err)
		}
		before := kit.Snapshot(t, d, o.world.A.ID)
		for name, c := range map[string]struct {
			step tenant.DepartmentStep
			want string
		}{
			"below itself":     {tenant.DepartmentStep{Kind: tenant.StepMove, Department: ids["A"], Parent: ids["A/B/C"]}, "parent department_circle"},
			"itself":           {tenant.DepartmentStep{Kind: tenant.StepMove, Department: ids["A"], Parent: ids["A"]}, "parent department_circle"},
			"taken":            {tenant.DepartmentStep{Kind: tenant.StepMove, Department: ids["A/B"], Parent: ids["D"]}, "name department_taken"},
			"renamed taken":    {tenant.DepartmentStep{Kind: tenant.StepRename, Department: ids["A"], Name: "ｄ"}, "name department_taken"},
			"too deep":         {tenant.DepartmentStep{Kind: tenant.StepMove, Department: ids["A"], Parent: ids[deep[7]]}, "parent department_depth"},
			"too deep new":     {tenant.DepartmentStep{Kind: tenant.StepCreate, Department: db.NewID(), Parent: ids[deep[9]], Name: "下"}, "parent department_depth"},
			"merged below":     {tenant.DepartmentStep{Kind: tenant.StepMerge, Department: ids["A"], Into: ids["A/B"]}, "into department_circle"},
			"merged itself":    {tenant.DepartmentStep{Kind: tenant.StepMerge, Department: ids["A"], Into: ids["A"]}, "into department_itself"},
			"merged clash":     {tenant.DepartmentStep{Kind: tenant.StepMerge, Department: ids["A"], Into: ids["D"]}, "name department_taken"},
			"closed into self": {tenant.DepartmentStep{Kind: tenant.StepClose, Department: ids["A"], Into: ids["A/B"], Below: true}, "into department_itself"},
			"of others":        {tenant.DepartmentStep{Kind: tenant.StepMove, Department: ids["A"], Parent: other.ID}, "parent department_unknown"},
			"others moved":     {tenant.DepartmentStep{Kind: tenant.StepClose, Department: other.ID}, "department department_unknown"},
			"unknown":          {tenant.DepartmentStep{Kind: tenant.StepRename, Department: db.NewID(), Name: "x"}, "department department_unknown"},
			"people to self":   {tenant.DepartmentStep{Kind: tenant.StepMovePeople, Department: ids["A"], Into: ids["A"]}, "into department_itself"},
			"separator":        {tenant.DepartmentStep{Kind: tenant.StepRename, Department: ids["A"], Name: "a/b"}, "name department_separator"},
			"folded separator": {tenant.DepartmentStep{Kind: tenant.StepRename, Department: ids["A"], Name: "℀"}, "name department_separator"},
			"no name":          {tenant.DepartmentStep{Kind: tenant.StepRename, Department: ids["A"], Name: "　"}, "name required"},
		} {
			_, err := o.departments.Change(o.manager(t), o.world.A.ID, []tenant.DepartmentStep{c.step})
			if got := stepKeys(t, err); !slices.Equal(got, []string{"steps[0]." + c.want}) {
				t.Errorf("%s: %v", name, got)
			}
		}
		if after := kit.Snapshot(t, d, o.world.A.ID); after["department"] != before["department"] || after["audit_event"] != before["audit_event"] {
			t.Error("a refused step left something")
		}
		// All or none: the second step contradicts.
		_, err = o.departments.Change(o.manager(t), o.world.A.ID, []tenant.DepartmentStep{
			{Kind: tenant.StepRename, Department: ids["E"], Name: "新"}, {Kind: tenant.StepMove, Department: ids["A"], Parent: ids["A/B"]}})
		if got := stepKeys(t, err); !slices.Equal(got, []string{"steps[1].parent department_circle"}) {
			t.Errorf("%v", got)
		}
		if kit.Snapshot(t, d, o.world.A.ID)["department"] != before["department"] {
			t.Error("half of the steps were done")
		}
		wantKind(t, o.departments.Delete(o.manager(t), o.world.A.ID, ids["A"]), fault.Conflict, "department_below")
	})
}

// Two managers move A below B and B below A at once, again and again: one of them is refused, and there is never a circle.
func TestTwoMovesAtOnce(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ids := o.grow(t, "A", "B")
		for round := range 40 {
			var g sync.WaitGroup
			errs := make([]error, 2)
			for i, s := range []tenant.DepartmentStep{{Kind: tenant.StepMove, Department: ids["A"], Parent: ids["B"]}, {Kind: tenant.StepMove, Department: ids["B"], Parent: ids["A"]}} {
				g.Go(func() { _, errs[i] = o.departments.Change(o.manager(t), o.world.A.ID, []tenant.DepartmentStep{s}) })
			}
			g.Wait()
			if (errs[0] == nil) == (errs[1] == nil) {
				t.Fatalf("round %d: %v, %v", round, errs[0], errs[1])
			}
			var a, b db.ID
			if err := d.QueryRow(t.Context(), `SELECT x.parent_id, y.parent_id FROM department x JOIN department y ON y.tenant_id = x.tenant_id WHERE x.tenant_id = ? AND x.id = ? AND y.id = ?`, o.world.A.ID, ids["A"], ids["B"]).Scan(&a, &b); err != nil {
				t.Fatal(err)
			}
			if !a.IsZero() && !b.IsZero() {
				t.Fatalf("round %d: a circle", round)
			}
			for i, id := range []db.ID{ids["A"], ids["B"]} {
				if errs[i] == nil {
					o.change(t, tenant.DepartmentStep{Kind: tenant.StepMove, Department: id})
				}
			}
		}
	})
}

// A department closes while people are registered into it: nobody is left in a closed department.
func TestClosingWhileRegistering(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ids := o.grow(t, "行き先")
		for round := range 15 {
			name := fmt.Sprintf("閉じる%d", round)
			id := o.grow(t, name)[name]
			var g sync.WaitGroup
			for range 3 {
				g.Go(func() {
					_, err := o.people.Create(o.manager(t), o.world.A.ID, db.NewID(), tenant.PersonInput{Name: "新人 太郎", Departments: []db.ID{id}})
					if err != nil && !fault.Is(err, fault.Invalid) {
						t.Error(err)
					}
				})
			}
			g.Go(func() {
				if _, err := o.departments.Change(o.manager(t), o.world.A.ID, []tenant.DepartmentStep{{Kind: tenant.StepClose, Department: id, Into: ids["行き先"]}}); err != nil {
					t.Error(err)
				}
			})
			g.Wait()
			var left int
			if err := d.QueryRow(t.Context(), `SELECT COUNT(*) FROM person_department WHERE tenant_id = ? AND department_id = ? AND ends_on IS NULL`, o.world.A.ID, id).Scan(&left); err != nil || left > 0 {
				t.Fatalf("round %d: %d people are in a closed department (%v)", round, left, err)
			}
		}
	})
}

func TestPlans(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		a, ctx := o.world.A, o.manager(t)
		ids := o.grow(t, "営業", "製造", "製造/検査")
		o.put(t, a.Staff[0], tenant.PostInput{Department: ids["営業"], StartsOn: "2025-04-01"})
		o.put(t, a.Staff[1], tenant.PostInput{Department: ids["製造/検査"], StartsOn: "2025-04-01"})
		made := db.NewID()
		in := tenant.PlanInput{Title: "下期の組織変更", EffectiveOn: "2026-04-03", Steps: []tenant.DepartmentStep{
			{Kind: tenant.StepCreate, Department: made, Name: "事業本部"},
			{Kind: tenant.StepMove, Department: ids["営業"], Parent: made},
			{Kind: tenant.StepMovePeople, Department: ids["製造/検査"], Into: made, People: []db.ID{a.Staff[1], db.NewID()}},
			{Kind: tenant.StepClose, Department: ids["製造/検査"]},
		}}
		id := db.NewID()
		p, err := o.departments.CreatePlan(ctx, a.ID, id, in)
		if again, _ := o.departments.CreatePlan(ctx, a.ID, id, in); err != nil || p.State != tenant.PlanDraft || again.ID != p.ID || len(p.Steps) != 4 {
			t.Fatalf("%v %+v", err, p)
		}
		e, err := o.departments.Preview(ctx, a.ID, p.Steps, p.EffectiveOn, p.ID)
		if err != nil || len(e.Problems) != 0 || e.PeopleTotal != 1 || e.Missing != 1 || len(e.Departments) != 3 {
			t.Fatalf("%v %+v", err, e)
		}
		_, err = o.departments.ActivatePlan(ctx, a.ID, id, p.Version+1)
		wantKind(t, err, fault.Conflict, "changed_meanwhile")
		if p, err = o.departments.ActivatePlan(ctx, a.ID, id, p.Version); err != nil || p.State != tenant.PlanActive {
			t.Fatal(err)
		}
		_, err = o.departments.SavePlan(ctx, a.ID, id, p.Version, in)
		wantKind(t, err, fault.Conflict, "department_plan_state")

		// A second plan builds on the first, and is checked against it.
		second, err := o.departments.CreatePlan(ctx, a.ID, db.NewID(), tenant.PlanInput{Title: "その次", EffectiveOn: "2026-04-04", Steps: []tenant.DepartmentStep{
			{Kind: tenant.StepRename, Department: made, Name: "事業部"}}})
		if err != nil {
			t.Fatal(err)
		}
		if second, err = o.departments.ActivatePlan(ctx, a.ID, second.ID, second.Version); err != nil || second.State != tenant.PlanActive {
			t.Fatalf("%v %+v", err, second)
		}
		if err := o.departments.Follow(ctx, a.ID); err != nil {
			t.Fatal(err)
		}
		o.wantShape(t, "", "営業 1 1", "製造 0 1", "製造/検査 1 1")

		// The server stood still; several replicas wake up at once.
		o.clock.Add(4 * 24 * time.Hour)
		o.heard.ids = nil
		var g sync.WaitGroup
		for range 4 {
			g.Go(func() {
				if err := o.departments.Follow(context.Background(), a.ID); err != nil {
					t.Error(err)
				}
			})
		}
		g.Wait()
		o.wantShape(t, "", "事業部 1 2", "事業部/営業 1 1", "製造 0 0")
		o.wantShape(t, "2026-04-03", "事業本部 1 2", "事業本部/営業 1 1", "製造 0 0")
		o.wantShape(t, "2026-04-02", "営業 1 1", "製造 0 1", "製造/検査 1 1")
		for _, one := range []db.ID{id, second.ID} {
			if p, _ := o.departments.FindPlan(ctx, a.ID, one); p.State != tenant.PlanApplied {
				t.Errorf("plan %+v", p)
			}
		}
		events, _, _ := o.audit.List(ctx, a.ID, tenant.AuditQuery{Action: "department_plan.apply"})
		if len(events) != 2 {
			t.Errorf("applied %d times", len(events))
		}
	})
}

// A plan whose ground was taken away does nothing at all, says why, can be mended, and is done then.
func TestPlanThatFails(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		a, ctx := o.world.A, o.manager(t)
		ids := o.grow(t, "営業", "製造")
		p, err := o.departments.CreatePlan(ctx, a.ID, db.NewID(), tenant.PlanInput{Title: "変更", EffectiveOn: "2026-04-02", Steps: []tenant.DepartmentStep{
			{Kind: tenant.StepRename, Department: ids["営業"], Name: "販売"}, {Kind: tenant.StepMove, Department: ids["営業"], Parent: ids["製造"]}}})
		if err == nil {
			p, err = o.departments.ActivatePlan(ctx, a.ID, p.ID, p.Version)
		}
		if err != nil {
			t.Fatal(err)
		}
		o.change(t, tenant.DepartmentStep{Kind: tenant.StepClose, Department: ids["製造"]})
		o.clock.Add(24 * time.Hour)
		for range 2 {
			if err := o.departments.Follow(ctx, a.ID); err != nil {
				t.Fatal(err)
			}
		}
		o.wantShape(t, "", "営業 0 0")
		p, _ = o.departments.FindPlan(ctx, a.ID, p.ID)
		if p.State != tenant.PlanFailed || len(p.Problems) != 1 || p.Problems[0].Step != 1 || p.Problems[0].Key != "department_closed" {
			t.Fatalf("%+v", p)
		}
		var mails int
		if err := d.QueryRow(ctx, `SELECT COUNT(*) FROM mail_message WHERE tenant_id = ? AND kind = 'department_plan.failed'`, a.ID).Scan(&mails); err != nil || mails != 1 {
			t.Errorf("%d mails, %v", mails, err)
		}
		_, err = o.departments.ActivatePlan(ctx, a.ID, p.ID, p.Version)
		if got := stepKeys(t, err); !slices.Equal(got, []string{"steps[1].parent department_closed"}) {
			t.Errorf("%v", got)
		}
		p, err = o.departments.SavePlan(ctx, a.ID, p.ID, p.Version, tenant.PlanInput{Title: "変更", EffectiveOn: tenant.Today(o.clock.Now), Steps: p.Steps[:1]})
		if err != nil || p.State != tenant.PlanDraft || len(p.Problems) != 0 {
			t.Fatalf("%v %+v", err, p)
		}
		if p, err = o.departments.ActivatePlan(ctx, a.ID, p.ID, p.Version); err != nil || p.State != tenant.PlanApplied { // its day is today
			t.Fatalf("%v %+v", err, p)
		}
		o.wantShape(t, "", "販売 0 0")
		_, err = o.departments.CancelPlan(ctx, a.ID, p.ID, p.Version)
		wantKind(t, err, fault.Conflict, "department_plan_state")

		q, err := o.departments.CreatePlan(ctx, a.ID, db.NewID(), tenant.PlanInput{Title: "取り消す", EffectiveOn: "2026-05-01", Steps: []tenant.DepartmentStep{{Kind: tenant.StepRename, Department: ids["営業"], Name: "x"}}})
		if err == nil {
			q, err = o.departments.ActivatePlan(ctx, a.ID, q.ID, q.Version)
		}
		if err == nil {
			q, err = o.departments.CancelPlan(ctx, a.ID, q.ID, q.Version)
		}
		if err != nil || q.State != tenant.PlanCancelled {
			t.Fatalf("%v %+v", err, q)
		}
		o.clock.Add(60 * 24 * time.Hour)
		if err := o.departments.Follow(ctx, a.ID); err != nil {
			t.Fatal(err)
		}
		o.wantShape(t, "", "販売 0 0")
		if err := o.departments.DeletePlan(ctx, a.ID, q.ID, q.Version); err != nil {
			t.Fatal(err)
		}
	})
}

// Posts that begin or end by themselves are told of once, however long nobody looked.
func TestFollowPosts(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		a, ctx := o.world.A, o.manager(t)
		ids := o.grow(t, "甲", "乙")
		if err := o.departments.Follow(ctx, a.ID); err != nil {
			t.Fatal(err)
		}
		o.put(t, a.Staff[0], tenant.PostInput{Department: ids["甲"], StartsOn: "2025-01-01", EndsOn: "2026-04-03"}, tenant.PostInput{Department: ids["乙"], StartsOn: "2026-04-04"})
		o.put(t, a.Staff[1], tenant.PostInput{Department: ids["甲"], StartsOn: "2025-01-01", EndsOn: "2026-04-05"})
		o.put(t, a.Staff[2], tenant.PostInput{Department: ids["甲"], StartsOn: "2026-06-01"})
		for day, want := range []int{0, 0, 1, 0, 1, 0} { // 2 to 7 April
			o.clock.Add(24 * time.Hour)
			o.heard.ids = nil
			for range 3 {
				if err := o.departments.Follow(ctx, a.ID); err != nil {
					t.Fatal(err)
				}
			}
			if len(o.heard.ids) != want {
				t.Errorf("on %s told of %d, want %d", tenant.Today(o.clock.Now), len(o.heard.ids), want)
			}
			_ = day
		}
		o.clock.Add(90 * 24 * time.Hour)
		o.heard.ids = nil
		if err := o.departments.Follow(ctx, a.ID); err != nil || !slices.Equal(o.heard.ids, []db.ID{a.Staff[2]}) {
			t.Errorf("%v: told of %v", err, o.heard.ids)
		}
	})
}

func TestPosts(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		a, ctx := o.world.A, o.manager(t)
		ids := o.grow(t, "甲", "乙", "閉")
		o.change(t, tenant.DepartmentStep{Kind: tenant.StepClose, Department: ids["閉"]})
		p, err := o.people.Find(ctx, a.ID, a.Staff[0])
		if err != nil {
			t.Fatal(err)
		}
		post := func(d, from, to string, main bool) tenant.PostInput {
			return tenant.PostInput{Department: ids[d], StartsOn: from, EndsOn: to, Main: main}
		}
		for name, c := range map[string]struct {
			posts []tenant.PostInput
			want  string
		}{
			"order":   {[]tenant.PostInput{post("甲", "2026-04-02", "2026-04-01", false)}, "posts[0].ends_on date_order"},
			"no day":  {[]tenant.PostInput{post("甲", "2026-02-30", "", false)}, "posts[0].starts_on date"},
			"twice":   {[]tenant.PostInput{post("甲", "2025-01-01", "", false), post("甲", "2026-01-01", "2026-02-01", false)}, "posts[1].starts_on post_twice"},
			"mains":   {[]tenant.PostInput{post("甲", "2025-01-01", "2026-01-01", true), post("乙", "2026-01-01", "", true)}, "posts[1].main post_main_twice"},
			"closed":  {[]tenant.PostInput{post("閉", "2025-01-01", "", false)}, "posts[0].department department_closed"},
			"unknown": {[]tenant.PostInput{{Department: db.NewID(), StartsOn: "2025-01-01"}}, "departments not_found"},
		} {
			_, err := o.people.SetPosts(ctx, a.ID, p.ID, p.Version, c.posts)
			if got := stepKeys(t, err); !slices.Equal(got, []string{c.want}) {
				t.Errorf("%s: %v", name, got)
			}
		}
		want := []tenant.PostInput{post("甲", "2024-04-01", "2025-03-31", true), post("甲", "2025-04-01", "", false), post("乙", "2026-10-01", "", true), post("閉", "2020-01-01", "2020-12-31", false)}
		if _, err := o.people.SetPosts(ctx, a.ID, p.ID, p.Version, want); err != nil {
			t.Fatal(err)
		}
		_, err = o.people.SetPosts(ctx, a.ID, p.ID, p.Version, nil)
		wantKind(t, err, fault.Conflict, "changed_meanwhile")
		posts, err := o.people.Posts(ctx, a.ID, p.ID)
		if err != nil || len(posts) != 4 || posts[0].Department != ids["乙"] || !posts[0].Main || posts[3].Then != "閉" {
			t.Errorf("%v %+v", err, posts)
		}
		_, err = o.people.Posts(ctx, o.world.B.ID, p.ID)
		wantKind(t, err, fault.NotFound, "not_found")
		_, err = o.people.SetPosts(as(t, o.world.B, o.world.B.Manager, tenant.RoleManager), o.world.B.ID, p.ID, p.Version, nil)
		wantKind(t, err, fault.NotFound, "not_found")

		// The form's plain list of today's departments leaves past and future alone; a department taken now instead of later begins now.
		p, _ = o.people.Find(ctx, a.ID, p.ID)
		in := tenant.PersonInput{LoginID: p.LoginID, Name: p.Name, Departments: []db.ID{ids["乙"]}}
		if p, err = o.people.Update(ctx, a.ID, p.ID, p.Version, in); err != nil || len(p.Departments) != 1 || p.Departments[0].ID != ids["乙"] {
			t.Fatalf("%v %+v", err, p.Departments)
		}
		posts, _ = o.people.Posts(ctx, a.ID, p.ID)
		if len(posts) != 4 || posts[0].StartsOn != today || posts[1].EndsOn != "2026-03-31" {
			t.Errorf("%+v", posts)
		}
		in.Departments = []db.ID{ids["閉"]}
		_, err = o.people.Update(ctx, a.ID, p.ID, p.Version, in)
		if got := stepKeys(t, err); !slices.Equal(got, []string{"departments department_closed_some"}) {
			t.Errorf("%v", got)
		}
		// Who leaves has no posts to come.
		o.put(t, p.ID, post("甲", "2024-04-01", "2026-12-31", false), post("乙", "2026-10-01", "", false))
		p, _ = o.people.Find(ctx, a.ID, p.ID)
		if _, err := o.people.SetState(ctx, a.ID, p.ID, p.Version, tenant.PersonLeft, today); err != nil {
			t.Fatal(err)
		}
		posts, _ = o.people.Posts(ctx, a.ID, p.ID)
		if len(posts) != 1 || posts[0].EndsOn != today {
			t.Errorf("%+v", posts)
		}
	})
}

func TestPeopleWithBelow(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		a := o.world.A
		ids := o.grow(t, "本社", "本社/看護部", "支社")
		o.put(t, a.Staff[0], tenant.PostInput{Department: ids["本社"], StartsOn: "2025-01-01"}, tenant.PostInput{Department: ids["本社/看護部"], StartsOn: "2025-01-01"})
		o.put(t, a.Staff[1], tenant.PostInput{Department: ids["本社/看護部"], StartsOn: "2025-01-01"})
		o.put(t, a.Staff[2], tenant.PostInput{Department: ids["支社"], StartsOn: "2025-01-01"})
		for _, c := range []struct {
			below bool
			want  int
		}{{false, 1}, {true, 2}} {
			page, err := o.people.List(t.Context(), a.ID, tenant.PeopleQuery{Department: ids["本社"], WithBelow: c.below})
			if err != nil || len(page.Items) != c.want || page.Total != c.want {
				t.Errorf("with below %v: %d, %v", c.below, len(page.Items), err)
			}
			page, err = o.people.List(t.Context(), o.world.B.ID, tenant.PeopleQuery{Department: ids["本社"], WithBelow: c.below})
			if err != nil || len(page.Items) != 0 {
				t.Errorf("as another organisation: %d, %v", len(page.Items), err)
			}
		}
	})
}
