package lms

import (
	"context"

	"kenshu/storage/db"
	"kenshu/tenant"
)

const (
	sqlTraced          = `SELECT DISTINCT e.person_id FROM enrolment e`
	sqlForgetEnrolment = `DELETE FROM enrolment`
)

// Traced tells which of people have begun, finished, or been exempted from anything: that is evidence.
func (s *Rounds) Traced(ctx context.Context, tid tenant.ID, people []db.ID) (map[db.ID]bool, error) {
	ids := make([]any, 0, len(people))
	for _, id := range people {
		ids = append(ids, id)
	}
	cond := db.Where("e.tenant_id = ?", tid).In("e.person_id", ids).And("e.started_at IS NOT NULL OR e.completed_at IS NOT NULL OR e.status = ?", Exempt)
	traced := map[db.ID]bool{}
	err := db.Each(ctx, s.db, sqlTraced+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
		var id db.ID
		err := scan(&id)
		traced[id] = true
		return err
	})
	return traced, err
}

// TakenBack follows people who got back what they had: they leave rounds that they came into since, because of what was taken back, unless they have begun, and
// come back into those that they were withdrawn from when a rule reaches them, one for those who are there from the beginning included.
func (s *Rounds) TakenBack(ctx context.Context, tid tenant.ID, tx *db.Tx, people []db.ID, since db.Time) error {
	return s.followPeople(ctx, tid, tx, people, since)
}

// Forget removes the enrolments of people who did nothing, and the rules about them, in the transaction that removes them.
func (s *Rounds) Forget(ctx context.Context, tid tenant.ID, tx *db.Tx, people []db.ID) error {
	ids := make([]any, 0, len(people))
	for _, id := range people {
		ids = append(ids, id)
	}
	cond := db.Where("tenant_id = ?", tid).In("person_id", ids).And("started_at IS NULL AND completed_at IS NULL")
	if _, err := tx.Exec(ctx, sqlForgetEnrolment+cond.SQL(), cond.Args()...); err != nil {
		return err
	}
	cond = db.Where("tenant_id = ?", tid).And("kind IN ('person', 'not_person')").In("target_id", ids)
	_, err := tx.Exec(ctx, sqlDropRulesOf+cond.SQL(), cond.Args()...)
	return err
}
