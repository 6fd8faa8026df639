package lms

import (
	"context"
	"fmt"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// ReportChoices is what the table can be narrowed to and what it can show beside ReportColumns.
type ReportChoices struct {
	Rounds      []Round // the latest deadline first; only what tells them apart
	Departments []ReportDepartment
	Fields      []tenant.Named // own fields of people, in the organisation's order
}

// ReportDepartment is a department that can be chosen, in the order of the tree.
type ReportDepartment struct {
	ID   db.ID
	Path string
}

// Choices gives everything that a filter and the columns can be chosen from.
func (s *Reports) Choices(ctx context.Context, tid tenant.ID) (ReportChoices, error) {
	w, err := s.walk(ctx, tid, s.db, ReportQuery{})
	if err != nil {
		return ReportChoices{}, fmt.Errorf("report choices: %w", err)
	}
	out := ReportChoices{Rounds: w.order, Departments: []ReportDepartment{}}
	for _, n := range w.tree.All() {
		out.Departments = append(out.Departments, ReportDepartment{n.ID, w.tree.Path(n.ID)})
	}
	out.Fields, err = db.List(ctx, s.db, sqlReportFields+" WHERE f.tenant_id = ? ORDER BY f.position, f.id", []any{tid}, func(row db.Row) (tenant.Named, error) {
		var f tenant.Named
		err := row.Scan(&f.ID, &f.Name)
		return f, err
	})
	if err != nil {
		return out, fmt.Errorf("report choices: %w", err)
	}
	return out, nil
}
