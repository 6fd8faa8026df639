package db

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// Tx is a running transaction.
type Tx struct {
	tx     *sql.Tx
	engine Engine
	after  []func()
}

// Tx runs fn in a transaction and commits when it returns nil. The whole of fn is run again when the engine reports
// a deadlock, a lock time-out or a busy file, so fn must not change anything outside the transaction; use Tx.After for that.
func (d *DB) Tx(ctx context.Context, fn func(tx *Tx) error) error {
	for try := 1; ; try++ {
		tx, err := d.once(ctx, fn)
		if err == nil {
			for _, f := range tx.after {
				f()
			}
			return nil
		}
		if !retryable(err) || try == Tries || ctx.Err() != nil {
			return d.note(away(err))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try*try)*time.Millisecond + time.Duration(rand.Int64N(int64(5*time.Millisecond)))):
		}
	}
}

// Snapshot runs fn, which only reads, on one state of the database: everything it sees was true at the same moment, whatever others write
// meanwhile. It takes no locks.
func (d *DB) Snapshot(ctx context.Context, fn func(r Runner) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if d.engine == MySQL {
		opts.Isolation = sql.LevelRepeatableRead
	}
	raw, err := d.pool.BeginTx(ctx, opts)
	if err != nil {
		return away(fmt.Errorf("begin snapshot: %w", err))
	}
	defer func() { _ = raw.Rollback() }()
	return away(fn(&Tx{tx: raw, engine: d.engine}))
}

func (d *DB) once(ctx context.Context, fn func(tx *Tx) error) (tx *Tx, err error) {
	defer d.writer.enter(ctx)()
	raw, err := d.pool.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	tx = &Tx{tx: raw, engine: d.engine}
	done := false
	defer func() {
		if !done {
			_ = raw.Rollback() // also when fn panics
		}
	}()
	if err := fn(tx); err != nil {
		return nil, err
	}
	done = true
	if err := raw.Commit(); err != nil {
		_ = raw.Rollback()
		return nil, fmt.Errorf("commit: %w", err)
	}
	return tx, nil
}

// After runs f once the transaction is committed. What must survive a crash between commit and f belongs in a job.
func (t *Tx) After(f func()) { t.after = append(t.after, f) }

// Exec runs a statement.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	trace(ctx, query, args, false, true)
	r, err := t.tx.ExecContext(ctx, query, args...)
	return r, discreet(err)
}

// Query runs a query.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	trace(ctx, query, args, true, true)
	return t.tx.QueryContext(ctx, query, args...)
}

// QueryRow runs a query for one row.
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	trace(ctx, query, args, true, true)
	return t.tx.QueryRowContext(ctx, query, args...)
}

// QueryRowLocked is QueryRow that keeps the row locked until the end of the transaction.
// SQLite needs no words for it: a writing transaction has the whole file.
func (t *Tx) QueryRowLocked(ctx context.Context, query string, args ...any) *sql.Row {
	if t.engine == MySQL {
		query += " FOR UPDATE"
	}
	trace(ctx, query, args, true, true)
	return t.tx.QueryRowContext(ctx, query, args...)
}

// Locking gives the transaction with a Query that keeps the rows locked until its end, for List, Each and Values.
func (t *Tx) Locking() Runner { return lockingTx{t} }

type lockingTx struct{ *Tx }

// Query keeps the rows locked.
func (l lockingTx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if l.engine == MySQL {
		query += " FOR UPDATE"
	}
	return l.Tx.Query(ctx, query, args...)
}

// QuerySkipLocked is Locking's Query that passes over rows another transaction holds.
func (t *Tx) QuerySkipLocked(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if t.engine == MySQL {
		query += " FOR UPDATE SKIP LOCKED"
	}
	trace(ctx, query, args, true, true)
	return t.tx.QueryContext(ctx, query, args...)
}

// Upsert runs insert (a plain INSERT … VALUES) and, when the unique key named by keys is taken, sets the columns named by
// update to the values that were to be inserted. With an empty update an existing row stays as it is.
// keys and update are comma-separated column names, constants of the caller.
func (t *Tx) Upsert(ctx context.Context, insert, keys, update string, args ...any) error {
	_, err := t.Exec(ctx, onConflict(t.engine, insert, keys, update), args...)
	return err
}

func onConflict(engine Engine, insert, keys, update string) string {
	var b strings.Builder
	b.WriteString(insert)
	cols := strings.Split(update, ",")
	switch {
	case engine == MySQL:
		b.WriteString(" ON DUPLICATE KEY UPDATE ")
		if update == "" {
			first, _, _ := strings.Cut(keys, ",")
			first = strings.TrimSpace(first)
			b.WriteString(first + " = " + first)
			return b.String()
		}
	case update == "":
		b.WriteString(" ON CONFLICT (" + keys + ") DO NOTHING")
		return b.String()
	default:
		b.WriteString(" ON CONFLICT (" + keys + ") DO UPDATE SET ")
	}
	for i, c := range cols {
		c = strings.TrimSpace(c)
		if i > 0 {
			b.WriteString(", ")
		}
		if engine == MySQL {
			b.WriteString(c + " = VALUES(" + c + ")")
		} else {
			b.WriteString(c + " = excluded." + c)
		}
	}
	return b.String()
}

// InsertMany inserts rows in batches with one statement each. insert ends in "VALUES"; row is one "(?, ?, …)".
func (t *Tx) InsertMany(ctx context.Context, insert, row string, rows [][]any) error {
	return t.insertMany(ctx, insert, row, "", rows)
}

// InsertNew is InsertMany that leaves rows alone whose unique key (comma-separated columns, constants of the caller) is taken, so that a
// repeat is harmless.
func (t *Tx) InsertNew(ctx context.Context, insert, row, keys string, rows [][]any) error {
	return t.insertMany(ctx, insert, row, onConflict(t.engine, "", keys, ""), rows)
}

// UpsertMany is InsertMany that treats taken keys as Upsert does.
func (t *Tx) UpsertMany(ctx context.Context, insert, row, keys, update string, rows [][]any) error {
	return t.insertMany(ctx, insert, row, onConflict(t.engine, "", keys, update), rows)
}

// statementText is how many bytes of text one statement of many rows carries at most, unless one row alone has more: well below the packet of 16 MB that
// MariaDB takes unless it is told otherwise.
const statementText = 4 << 20

func (t *Tx) insertMany(ctx context.Context, insert, row, end string, rows [][]any) error {
	const batch = 500
	per := strings.Count(row, "?")
	size := min(batch, max(1, 30000/max(per, 1)))
	for len(rows) > 0 {
		n, text := 0, 0
		args := make([]any, 0, min(size, len(rows))*per)
		for n < min(size, len(rows)) {
			text += textOf(rows[n])
			if n > 0 && text > statementText {
				break
			}
			args = append(args, rows[n]...)
			n++
		}
		if _, err := t.Exec(ctx, insert+" "+strings.TrimSuffix(strings.Repeat(row+", ", n), ", ")+end, args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// textOf is how many bytes the long values of a row have.
func textOf(row []any) (n int) {
	for _, v := range row {
		switch v := v.(type) {
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		}
	}
	return n
}
