package db

import "context"

// Statement is one statement as it was sent to the database.
type Statement struct {
	Query string
	Args  []any
	Rows  bool // it asked for rows
	InTx  bool
}

type traceKey struct{}

// WithTrace makes every statement run under the returned context known to see, before it is sent. Tests count statements
// with it (no query per row), benchmarks replay them.
func WithTrace(ctx context.Context, see func(Statement)) context.Context {
	return context.WithValue(ctx, traceKey{}, see)
}

func trace(ctx context.Context, query string, args []any, rows, inTx bool) {
	if see, ok := ctx.Value(traceKey{}).(func(Statement)); ok {
		see(Statement{query, args, rows, inTx})
	}
}
