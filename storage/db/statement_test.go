package db

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func lite(t *testing.T, conns int) *DB {
	t.Helper()
	d, err := Open(t.Context(), Config{SQLitePath: filepath.Join(t.TempDir(), "x.db"), MaxConns: conns})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if _, err := d.Exec(t.Context(), "CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER NOT NULL) STRICT"); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		if _, err := d.Exec(t.Context(), "INSERT INTO t (id, v) VALUES (?, ?)", i, i*i); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// inside looks at the one connection of a pool.
func inside(t *testing.T, d *DB) *keepingConn {
	t.Helper()
	c, err := d.pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var out *keepingConn
	if err := c.Raw(func(raw any) error { out = raw.(*keepingConn); return nil }); err != nil { //nolint:forcetypeassert // a test
		t.Fatal(err)
	}
	return out
}

func TestStatementsAreKeptAndBounded(t *testing.T) {
	d := lite(t, 1)
	for i := range 2 * keptStatements {
		var v int
		if err := d.QueryRow(t.Context(), fmt.Sprintf("SELECT v + %d FROM t WHERE id = ?", i), 3).Scan(&v); err != nil || v != 9+i {
			t.Fatalf("%d, %v", v, err)
		}
	}
	c := inside(t, d)
	newest, oldest := fmt.Sprintf("SELECT v + %d FROM t WHERE id = ?", 2*keptStatements-1), "SELECT v + 0 FROM t WHERE id = ?"
	if c.order.Len() != keptStatements || len(c.byText) != keptStatements || c.byText[newest] == nil || c.byText[oldest] != nil {
		t.Fatalf("%d kept, %d by text", c.order.Len(), len(c.byText))
	}
	before := c.byText[newest].Value.(*kept).stmt //nolint:forcetypeassert // a test
	var v int
	if err := d.QueryRow(t.Context(), newest, 2).Scan(&v); err != nil || v != 4+2*keptStatements-1 {
		t.Fatalf("%d, %v", v, err)
	}
	if c.byText[newest].Value.(*kept).stmt != before { //nolint:forcetypeassert // a test
		t.Error("the statement was prepared again")
	}
	long := "SELECT v FROM t WHERE id = ? /*" + strings.Repeat("x", keptLength) + "*/"
	if err := d.QueryRow(t.Context(), long, 2).Scan(&v); err != nil || c.byText[long] != nil {
		t.Errorf("a long statement: kept %v, %v", c.byText[long] != nil, err)
	}
}

// The same text runs inside itself: each run has rows of its own.
func TestKeptStatementRunsTwiceAtOnce(t *testing.T) {
	d := lite(t, 1)
	const query = "SELECT id FROM t WHERE id >= ? ORDER BY id"
	err := d.Tx(t.Context(), func(tx *Tx) error {
		outer, err := tx.Query(t.Context(), query, 2)
		if err != nil {
			return err
		}
		defer outer.Close()
		var got []int
		for outer.Next() {
			var a, b int
			if err := outer.Scan(&a); err != nil {
				return err
			}
			if err := tx.QueryRow(t.Context(), query, a+1).Scan(&b); err != nil && a != 4 {
				return err
			}
			got = append(got, a, b)
		}
		if fmt.Sprint(got) != "[2 3 3 4 4 0]" {
			t.Errorf("%v", got)
		}
		return outer.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
}

// After an error, a changed table and an abandoned read the connection goes on with right answers.
func TestKeptStatementsAfterTrouble(t *testing.T) {
	d := lite(t, 1)
	const insert, query = "INSERT INTO t (id, v) VALUES (?, ?)", "SELECT * FROM t WHERE id = ?"
	for range 3 {
		if _, err := d.Exec(t.Context(), insert, 1, 1); !IsDuplicate(err) {
			t.Fatalf("%v", err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	rows, err := d.Query(ctx, "SELECT id FROM t WHERE id >= ?", 0)
	if err != nil || !rows.Next() {
		t.Fatal(err)
	}
	cancel()
	_ = rows.Close()
	var id, v, w int
	if err := d.QueryRow(t.Context(), query, 4).Scan(&id, &v); err != nil || v != 16 {
		t.Fatalf("%d, %v", v, err)
	}
	if _, err := d.Exec(t.Context(), "ALTER TABLE t ADD COLUMN w INTEGER NOT NULL DEFAULT 7"); err != nil {
		t.Fatal(err)
	}
	if err := d.QueryRow(t.Context(), query, 4).Scan(&id, &v, &w); err != nil || w != 7 {
		t.Fatalf("%d, %v", w, err)
	}
}

// Writers queue in the process: none fails, none waits for SQLite's pauses, and readers get in meanwhile.
func TestWritersQueue(t *testing.T) {
	d := lite(t, 4)
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			for range 10 {
				if err := d.Tx(t.Context(), func(tx *Tx) error {
					var v int
					if err := tx.QueryRow(t.Context(), "SELECT v FROM t WHERE id = 0").Scan(&v); err != nil {
						return err
					}
					_, err := tx.Exec(t.Context(), "UPDATE t SET v = ? WHERE id = 0", v+1)
					return err
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	var v int
	if err := d.QueryRow(t.Context(), "SELECT v FROM t WHERE id = 0").Scan(&v); err != nil || v != 200 {
		t.Fatalf("%d, %v", v, err)
	}
	leave := d.writer.enter(t.Context())
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begin := time.Now()
	if _, err := d.Exec(ctx, "UPDATE t SET v = 1 WHERE id = 0"); err == nil || time.Since(begin) > BusyTime/2 {
		t.Errorf("a writer whose caller has gone: %v after %v", err, time.Since(begin))
	}
	leave()
	if _, err := d.Exec(t.Context(), "UPDATE t SET v = 1 WHERE id = 0"); err != nil {
		t.Error(err)
	}
}
