package db

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"
	"slices"
	"strings"
)

// Parsing and planning a statement costs SQLite several times what running it costs, so every connection keeps the last ones it prepared.
// docs/benchmarks.md tells what it brings. MySQL parses on the server's side and goes without.
const (
	keptStatements = 128  // a connection
	keptLength     = 4096 // bytes of SQL; longer ones are bulk inserts, seldom the same
)

// keepingConnector opens connections that keep their statements.
type keepingConnector struct{ driver.Connector }

// fullConn is what the SQLite driver's connections can do.
type fullConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// Connect opens one connection.
func (c keepingConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	full, ok := conn.(fullConn)
	if !ok {
		return nil, errors.Join(errors.New("sqlite driver has changed"), conn.Close())
	}
	return &keepingConn{fullConn: full, byText: map[string]*list.Element{}}, nil
}

// keepingConn is one connection, used by one goroutine at a time.
type keepingConn struct {
	fullConn
	order  list.List // of *kept, the most recently used first
	byText map[string]*list.Element
}

// kept is a prepared statement that waits for its next use. While it runs it is not in the list, so that the same text can run twice at once.
type kept struct {
	text string
	stmt driver.Stmt
}

// Close finalises what is kept and closes the connection.
func (c *keepingConn) Close() error {
	for e := c.order.Front(); e != nil; e = e.Next() {
		_ = e.Value.(*kept).stmt.Close() //nolint:forcetypeassert // only keep writes; closing the connection tells what matters
	}
	c.order.Init()
	clear(c.byText)
	return c.fullConn.Close()
}

// take gives a statement for text, a kept one when there is one.
func (c *keepingConn) take(ctx context.Context, text string) (driver.Stmt, error) {
	if e, ok := c.byText[text]; ok {
		delete(c.byText, text)
		return c.order.Remove(e).(*kept).stmt, nil //nolint:forcetypeassert // only keep writes
	}
	return c.PrepareContext(ctx, text)
}

// keep puts a statement that has run without fault back.
func (c *keepingConn) keep(text string, stmt driver.Stmt) error {
	if _, twice := c.byText[text]; twice {
		return stmt.Close()
	}
	c.byText[text] = c.order.PushFront(&kept{text, stmt})
	if c.order.Len() <= keptStatements {
		return nil
	}
	last := c.order.Remove(c.order.Back()).(*kept) //nolint:forcetypeassert // only keep writes
	delete(c.byText, last.text)
	return last.stmt.Close()
}

// keepable leaves out bulk statements, and whatever belongs to transactions, the schema and the file itself.
func keepable(text string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	return len(text) <= keptLength && slices.Contains([]string{"select", "insert", "update", "delete"}, strings.ToLower(word))
}

// ExecContext runs a statement.
func (c *keepingConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	if !keepable(text) {
		return c.fullConn.ExecContext(ctx, text, args)
	}
	stmt, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	run, ok := stmt.(driver.StmtExecContext)
	if !ok {
		return nil, errors.Join(errors.New("sqlite driver has changed"), stmt.Close())
	}
	result, err := run.ExecContext(ctx, args)
	if err != nil {
		_ = stmt.Close() // it can only repeat the error
		return nil, err
	}
	return result, c.keep(text, stmt)
}

// QueryContext runs a query; its statement is kept when the rows are closed.
func (c *keepingConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	if !keepable(text) {
		return c.fullConn.QueryContext(ctx, text, args)
	}
	stmt, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	run, ok := stmt.(driver.StmtQueryContext)
	if !ok {
		return nil, errors.Join(errors.New("sqlite driver has changed"), stmt.Close())
	}
	rows, err := run.QueryContext(ctx, args)
	if err != nil {
		_ = stmt.Close() // it can only repeat the error
		return nil, err
	}
	return &keptRows{rows, c, text, stmt}, nil
}

// keptRows gives its statement back at the end.
type keptRows struct {
	driver.Rows
	conn *keepingConn
	text string
	stmt driver.Stmt
}

// Close ends the rows.
func (r *keptRows) Close() error {
	if err := r.Rows.Close(); err != nil {
		return errors.Join(err, r.stmt.Close())
	}
	return r.conn.keep(r.text, r.stmt)
}
