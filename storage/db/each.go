package db

import "context"

// Row is one row that waits to be scanned: what QueryRow gives, or one of a list.
type Row = interface{ Scan(dest ...any) error }

// Each calls row for every row of a query, in order, while the rows are read: nothing is kept, so the answer may be as large as it likes. row's first
// error ends the reading and is what Each returns. The connection belongs to the query until then: row must not ask the same Runner for anything else.
func Each(ctx context.Context, r Runner, query string, args []any, row func(scan func(...any) error) error) error {
	return each(ctx, r, query, args, func(one Row) error { return row(one.Scan) })
}

func each(ctx context.Context, r Runner, query string, args []any, take func(Row) error) error {
	rows, err := r.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := take(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// List reads every row of a query with scan, which may be the one that reads a QueryRow; without a row the list is empty and not nil. What holds for
// row in Each holds for scan.
func List[T any](ctx context.Context, r Runner, query string, args []any, scan func(Row) (T, error)) ([]T, error) {
	list := []T{}
	err := each(ctx, r, query, args, func(row Row) error {
		v, err := scan(row)
		if err == nil {
			list = append(list, v)
		}
		return err
	})
	return list, err
}

// Values reads a query of one column; without a row the list is empty and not nil.
func Values[T any](ctx context.Context, r Runner, query string, args ...any) ([]T, error) {
	return List(ctx, r, query, args, func(row Row) (T, error) {
		var v T
		err := row.Scan(&v)
		return v, err
	})
}

// Args gives a list as the arguments of a query, for Marks and In.
func Args[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}
