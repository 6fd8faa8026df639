package tenant

import (
	"context"
	"fmt"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
)

// The jobs of the day: KindDepartments runs every few minutes and gives each organisation one KindDepartmentDay a day.
const (
	KindDepartments   = "department.days"
	KindDepartmentDay = "department.day"
)

// followDays is how far back the first look of an organisation goes for posts that began or ended.
const followDays = 31

const (
	sqlOrganisationsOfDay = `SELECT tenant_id FROM organisation WHERE kind = 'organisation' AND state = 'active'`
	sqlManagersToTell     = `SELECT p.id, p.name, p.email, p.locale FROM person p WHERE p.tenant_id = ? AND p.state = 'active' AND EXISTS (SELECT 1 FROM person_role r
 WHERE r.tenant_id = p.tenant_id AND r.person_id = p.id AND r.role IN ('manager', 'deputy_manager'))`
	sqlFollowed    = `SELECT value FROM setting WHERE tenant_id = ? AND name = 'department.followed'`
	sqlSetFollowed = `INSERT INTO setting (tenant_id, name, value, updated_at) VALUES (?, 'department.followed', ?, ?)`
)

// PlanDays is the handler of KindDepartments: one look a day at every organisation.
func (s *Departments) PlanDays(ctx context.Context, _ db.Job, _ func(done, total int64)) error {
	now := s.clock()
	var jobs []db.Job
	err := db.Each(ctx, s.db, sqlOrganisationsOfDay, nil, func(scan func(...any) error) error {
		var n int64
		err := scan(&n)
		jobs = append(jobs, db.Job{Kind: KindDepartmentDay, Slot: fmt.Sprintf("%d on %s", n, Day(now)), Tenant: n})
		return err
	})
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error { return tx.EnqueueMany(ctx, now, jobs) })
}

// DayJob is the handler of KindDepartmentDay.
func (s *Departments) DayJob(ctx context.Context, job db.Job, _ func(done, total int64)) error {
	return s.Follow(ctx, System(job.Tenant, "departments of a day"))
}

// Follow does the plans whose day has come, each in a transaction of its own, and tells those who hear of people whose posts began or ended since the
// last look. Running it again, or on several replicas at once, changes nothing more; after days of standing still it catches up.
func (s *Departments) Follow(ctx context.Context, tid ID) error {
	due, err := readPlans(ctx, s.db, sqlPlansUntil, tid, Today(s.clock))
	if err != nil {
		return fmt.Errorf("plans of the day: %w", err)
	}
	for _, p := range due {
		err := s.changePlan(ctx, tid, p.ID, p.Version, []PlanState{PlanActive}, func(tx *db.Tx, p DepartmentPlan) error { return s.applyPlan(ctx, tid, tx, p) })
		if err != nil && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound) { // another replica did it, or it was cancelled just now
			return fmt.Errorf("apply plan: %w", err)
		}
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error { return s.followPosts(ctx, tid, tx) })
}

// applyPlan does an active plan, or writes down why it cannot be done any more and tells the managers.
func (s *Departments) applyPlan(ctx context.Context, tid ID, tx *db.Tx, p DepartmentPlan) error {
	c, err := s.work(ctx, tid, tx, tx, nil, p.Steps, p.EffectiveOn)
	if err != nil {
		return err
	}
	if len(c.draft.problems) > 0 {
		if err := s.setPlan(ctx, tid, tx, p, PlanFailed, "fail", c.draft.problems); err != nil {
			return err
		}
		return s.tellFailed(ctx, tid, tx, p)
	}
	if err := s.write(ctx, tid, tx, c); err != nil {
		return err
	}
	return s.setPlan(ctx, tid, tx, p, PlanApplied, "apply", nil)
}

func (s *Departments) tellFailed(ctx context.Context, tid ID, tx *db.Tx, p DepartmentPlan) error {
	var letters []Letter
	err := db.Each(ctx, tx, sqlManagersToTell, []any{tid}, func(scan func(...any) error) error {
		var l Letter
		var locale string
		if err := scan(&l.Person, &l.Name, &l.Address, &locale); err != nil {
			return err
		}
		l.Kind = "department_plan.failed"
		l.Dedupe = fmt.Sprintf("plan %s v%d %s", p.ID, p.Version, l.Person)
		l.Subject = fmt.Sprintf("組織変更「%s」を実行できませんでした", p.Title)
		l.Body = fmt.Sprintf("%s 様\n\n%s に予定していた組織変更「%s」は、その後に部署が変わったため、実行できませんでした。部署は何も変わっていません。\n"+
			"「部署」の画面で理由を確かめ、内容を直して、もう一度予定してください。\n", l.Name, p.EffectiveOn, p.Title)
		if locale == "en" {
			l.Subject = fmt.Sprintf("The reorganisation “%s” could not be done", p.Title)
			l.Body = fmt.Sprintf("Dear %s,\n\nThe reorganisation “%s” planned for %s could not be done, because departments have changed since it was planned. Nothing was changed.\n"+
				"Please see the reason on the page Departments, mend the plan, and schedule it again.\n", l.Name, p.Title, p.EffectiveOn)
		}
		letters = append(letters, l)
		return nil
	})
	if err != nil || len(letters) == 0 {
		return err
	}
	return s.outbox.Enqueue(ctx, tid, tx, letters)
}

// followPosts tells of people whose posts began after the last look, or ended with a day before today.
func (s *Departments) followPosts(ctx context.Context, tid ID, tx *db.Tx) error {
	if err := s.lock(ctx, tid, tx); err != nil {
		return err
	}
	today := Today(s.clock)
	since := AddDays(today, -followDays)
	var value string
	err := db.One(tx.QueryRow(ctx, sqlFollowed, tid).Scan(&value))
	switch {
	case err == nil && ValidDay(strings.Trim(value, `"`)):
		since = strings.Trim(value, `"`)
	case err != nil && !fault.Is(err, fault.NotFound):
		return err
	}
	if since >= today {
		return nil
	}
	people := map[db.ID]bool{}
	for _, q := range []struct {
		text string
		args []any
	}{{sqlChangedPosts, []any{tid, since, today}}, {sqlEndedPosts, []any{tid, since, today}}} {
		if err := db.Each(ctx, tx, q.text, q.args, func(scan func(...any) error) error {
			var id db.ID
			err := scan(&id)
			people[id] = true
			return err
		}); err != nil {
			return err
		}
	}
	if err := s.people.changed(ctx, tid, tx, sortedIDs(people)); err != nil {
		return err
	}
	return tx.Upsert(ctx, sqlSetFollowed, "tenant_id, name", "value, updated_at", tid, `"`+today+`"`, db.At(s.clock()))
}
