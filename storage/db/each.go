package db

import "context"

// Each calls row for every row of a query, in order, while the rows are read: nothing is kept, so the answer may be as large as it likes. row's first
// error ends the reading and is what Each returns. The connection belongs to the query until then: row must not ask the same Runner for anything else.
func Each(ctx context.Context, r Runner, query string, args []any, row func(scan func(...any) error) error) error {
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

// Values reads a query of one column; without a row the list is empty and not nil.
func Values[T any](ctx context.Context, r Runner, query string, args ...any) ([]T, error) {
	list := []T{}
	err := Each(ctx, r, query, args, func(scan func(...any) error) error {
		var v T
		err := scan(&v)
		list = append(list, v)
		return err
	})
	return list, err
}

// Args gives a list as the arguments of a query, for Marks and In.
func Args[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}
