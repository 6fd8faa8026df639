package lms

import (
	"context"
	"fmt"

	"kenshu/storage/db"
	"kenshu/tenant"
)

const (
	sqlDepartmentRules = `SELECT r.id, r.title, a.target_id, a.with_below, a.future_joiners, a.kind FROM assignment a
 JOIN round r ON r.tenant_id = a.tenant_id AND r.id = a.round_id
 WHERE a.tenant_id = ? AND a.kind IN ('department', 'not_department') AND a.removed_at IS NULL AND r.state = 'open' ORDER BY r.deadline_on, a.id`
	sqlRulesOfDepartment = `SELECT a.round_id, a.kind, a.with_below, a.future_joiners FROM assignment a JOIN round r ON r.tenant_id = a.tenant_id AND r.id = a.round_id
 WHERE a.tenant_id = ? AND a.target_id = ? AND a.kind IN ('department', 'not_department') AND a.removed_at IS NULL AND r.state = 'open'`
	sqlCopyRule = `INSERT INTO assignment (tenant_id, id, round_id, kind, target_id, with_below, future_joiners, created_at) VALUES`
)

// DepartmentRules lists the rules of open rounds that name a department.
func (s *Rounds) DepartmentRules(ctx context.Context, tid tenant.ID, r db.Runner) ([]tenant.DepartmentRule, error) {
	rules, err := db.List(ctx, r, sqlDepartmentRules, []any{tid}, func(row db.Row) (tenant.DepartmentRule, error) {
		var one tenant.DepartmentRule
		var kind string
		err := row.Scan(&one.Round, &one.Title, &one.Department, &one.WithBelow, &one.FutureJoiners, &kind)
		one.Excludes = kind != string(RuleDepartment)
		return one, err
	})
	if err != nil {
		return nil, fmt.Errorf("rules of departments: %w", err)
	}
	return rules, nil
}

// DepartmentMerged lets rules of open rounds that name a department name the one it became part of, too. A rule that is there already stays as it is.
func (s *Rounds) DepartmentMerged(ctx context.Context, tid tenant.ID, tx *db.Tx, from, into db.ID) error {
	if err := s.lockAudience(ctx, tid, tx); err != nil {
		return err
	}
	copies, err := s.copiesOfRules(ctx, tid, tx, from, into)
	if err != nil {
		return fmt.Errorf("rules of a department: %w", err)
	}
	return tx.InsertNew(ctx, sqlCopyRule, "(?, ?, ?, ?, ?, ?, ?, ?)", "tenant_id, round_id, kind, target_id", copies)
}

func (s *Rounds) copiesOfRules(ctx context.Context, tid tenant.ID, tx *db.Tx, from, into db.ID) ([][]any, error) {
	var copies [][]any
	err := db.Each(ctx, tx, sqlRulesOfDepartment, []any{tid, from}, func(scan func(...any) error) error {
		var round db.ID
		var kind string
		var below, future bool
		if err := scan(&round, &kind, &below, &future); err != nil {
			return err
		}
		copies = append(copies, []any{tid, db.NewID(), round, kind, into, below, future, db.At(s.clock())})
		return nil
	})
	return copies, err
}
