// Package lms holds courses being taken: rounds, assignments, enrolments, progress, quiz attempts, certificates, reports and training records.
//
// A round runs one published course version for a set of people with a deadline. Assignment rules say who; each person they reach gets one
// enrolment. What was done is evidence: nothing here lowers a status, removes an attempt or forgets a person who took part.
package lms

import (
	"context"
	"database/sql"

	"kenshu/storage/db"
)

// querier is what eachRow needs to ask.
type querier interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// locking asks in a transaction and keeps the rows locked until its end.
type locking struct{ tx *db.Tx }

// Query is db.Tx.QueryLocked.
func (l locking) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return l.tx.QueryLocked(ctx, query, args...)
}

// eachRow calls row for every row of a query.
func eachRow(ctx context.Context, r querier, query string, args []any, row func(scan func(...any) error) error) error {
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
