package db_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"

	"kenshu/fault"
	"kenshu/migrations"
	"kenshu/storage/db"
)

func lite(t *testing.T) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), db.Config{SQLitePath: filepath.Join(t.TempDir(), "k.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func TestMigrateTwice(t *testing.T) {
	d := lite(t)
	n, err := d.Migrate(t.Context(), migrations.FS)
	if err != nil || n == 0 {
		t.Fatal(n, err)
	}
	if n, err = d.Migrate(t.Context(), migrations.FS); err != nil || n != 0 {
		t.Fatal(n, err)
	}
}

func TestParallelTx(t *testing.T) {
	d := lite(t)
	if _, err := d.Exec(t.Context(), "CREATE TABLE n (id INT PRIMARY KEY, v INT NOT NULL)"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Exec(t.Context(), "INSERT INTO n (id, v) VALUES (1, 0)"); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 25 {
				err := d.Tx(t.Context(), func(tx *db.Tx) error {
					var v int
					if err := tx.QueryRowLocked(t.Context(), "SELECT v FROM n WHERE id = 1").Scan(&v); err != nil {
						return err
					}
					_, err := tx.Exec(t.Context(), "UPDATE n SET v = ? WHERE id = 1", v+1)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	var v int
	if err := d.QueryRow(t.Context(), "SELECT v FROM n").Scan(&v); err != nil || v != 200 {
		t.Fatal(v, err)
	}
	if err := db.One(d.QueryRow(t.Context(), "SELECT v FROM n WHERE id = 9").Scan(&v)); !fault.Is(err, fault.NotFound) {
		t.Fatal(err)
	}
}
