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
	out := ReportChoices{Rounds: w.order, Departments: []ReportDepartment{}, Fields: []tenant.Named{}}
	for _, n := range w.tree.All() {
		out.Departments = append(out.Departments, ReportDepartment{n.ID, w.tree.Path(n.ID)})
	}
	rows, err := s.db.Query(ctx, sqlReportFields+" WHERE f.tenant_id = ? ORDER BY f.position, f.id", tid)
	if err != nil {
		return out, fmt.Errorf("report choices: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var f tenant.Named
		if err := rows.Scan(&f.ID, &f.Name); err != nil {
			return out, err
		}
		out.Fields = append(out.Fields, f)
	}
	return out, rows.Err()
}
