package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"kenshu/storage/db"
)

// step is one statement of a recorded request.
type step struct {
	query string
	args  []any
	rows  bool
	times []int // arguments that are the present moment
	seqs  []int // arguments that count up from request to request
}

// part is what ran together: one transaction, or a single statement.
type part struct {
	tx    bool
	steps []step
}

// script is one request as the database saw it, and the answer it got.
type script struct {
	parts  []part
	answer []byte
	seq    *atomic.Int64 // shared with the product's side, so that both always write something new
}

// record serves one request to h and keeps every statement it sent. Values are kept as the driver gets them, so that a replay
// pays for no conversion. mark is the number that stands for the count in the request's body; 0 when there is none.
func record(h http.Handler, r *http.Request, mark int64, seq *atomic.Int64) (*script, int, error) {
	s := &script{seq: seq}
	var failed error
	r = r.WithContext(db.WithTrace(r.Context(), func(st db.Statement) {
		sent, err := newStep(st, mark)
		if err != nil {
			failed = err
		}
		last := len(s.parts) - 1
		if st.InTx && last >= 0 && s.parts[last].tx {
			s.parts[last].steps = append(s.parts[last].steps, sent)
			return
		}
		s.parts = append(s.parts, part{st.InTx, []step{sent}})
	}))
	w := &keeper{header: http.Header{}, status: http.StatusOK}
	h.ServeHTTP(w, r)
	s.answer = w.body
	return s, w.status, failed
}

func newStep(st db.Statement, mark int64) (step, error) {
	s := step{query: st.Query, rows: st.Rows}
	for i, a := range st.Args {
		if t, ok := a.(db.Time); ok && !t.IsZero() && !st.Rows {
			s.times = append(s.times, i)
		}
		v, err := driver.DefaultParameterConverter.ConvertValue(a)
		if err != nil {
			return s, fmt.Errorf("%s: %w", st.Query, err)
		}
		if n, ok := v.(int64); ok && mark != 0 && n == mark {
			s.seqs = append(s.seqs, i)
		}
		s.args = append(s.args, v)
	}
	return s, nil
}

// statements counts what a request sends.
func (s *script) statements() (n int) {
	for _, p := range s.parts {
		n += len(p.steps)
	}
	return n
}

// keeper is a ResponseWriter that keeps the answer.
type keeper struct {
	header http.Header
	body   []byte
	status int
}

// Header gives the header.
func (k *keeper) Header() http.Header { return k.header }

// WriteHeader keeps the status.
func (k *keeper) WriteHeader(status int) { k.status = status }

// Write keeps the body.
func (k *keeper) Write(b []byte) (int, error) {
	k.body = append(k.body, b...)
	return len(b), nil
}

// bare answers /N by running script N on the pool with nothing but net/http and database/sql around it: no session, no routing, no decoding,
// no validation, no encoding. It reads every column of every row and writes the recorded answer.
type bare struct {
	pool    *sql.DB
	scripts []*script
}

// ServeHTTP runs one script.
func (b *bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.URL.Path[1:])
	if err == nil {
		_, err = io.Copy(io.Discard, r.Body)
	}
	if err == nil {
		err = b.scripts[n].run(r.Context(), b.pool)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(b.scripts[n].answer) // a client that went away is its own matter
}

type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func (s *script) run(ctx context.Context, pool *sql.DB) error {
	var seq int64
	if s.seq != nil {
		seq = s.seq.Add(1)
	}
	now := time.Now().UnixMicro()
	for _, p := range s.parts {
		if !p.tx {
			if err := p.run(ctx, pool, now, seq); err != nil {
				return err
			}
			continue
		}
		if err := p.inTx(ctx, pool, now, seq); err != nil {
			return err
		}
	}
	return nil
}

func (p part) inTx(ctx context.Context, pool *sql.DB, now, seq int64) error {
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := p.run(ctx, tx, now, seq); err != nil {
		_ = tx.Rollback() // the first error tells more
		return err
	}
	return tx.Commit()
}

func (p part) run(ctx context.Context, on runner, now, seq int64) error {
	for _, s := range p.steps {
		args := append([]any(nil), s.args...)
		for _, i := range s.times {
			args[i] = now
		}
		for _, i := range s.seqs {
			args[i] = seq
		}
		if !s.rows {
			if _, err := on.ExecContext(ctx, s.query, args...); err != nil {
				return fmt.Errorf("%s: %w", s.query, err)
			}
			continue
		}
		if err := drain(ctx, on, s.query, args); err != nil {
			return fmt.Errorf("%s: %w", s.query, err)
		}
	}
	return nil
}

func drain(ctx context.Context, on runner, query string, args []any) error {
	rows, err := on.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, targets := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
	}
	return rows.Err()
}
