// Package lms holds courses being taken: rounds, assignments, enrolments, progress, quiz attempts, certificates, reports and training records.
//
// A round runs one published course version for a set of people with a deadline. Assignment rules say who; each person they reach gets one
// enrolment. What was done is evidence: nothing here lowers a status, removes an attempt or forgets a person who took part.
package lms

import (
	"context"

	"kenshu/storage/db"
)

// eachRow calls row for every row of a query.
func eachRow(ctx context.Context, r db.Runner, query string, args []any, row func(scan func(...any) error) error) error {
	rows, err := r.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// column reads a query of one column.
func column[T any](ctx context.Context, r db.Runner, query string, args ...any) ([]T, error) {
	list := []T{}
	err := eachRow(ctx, r, query, args, func(scan func(...any) error) error {
		var v T
		err := scan(&v)
		list = append(list, v)
		return err
	})
	return list, err
}
