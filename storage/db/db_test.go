package db_test

import (
	"context"
	"errors"
	"os"
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

// Nobody else on the machine may read the database, nor where a link to a place that is still empty stands for it; a file that is there stays as it is.
func TestOnlyItsOwnerReadsTheDatabase(t *testing.T) {
	dir := t.TempDir()
	linked, given := filepath.Join(dir, "elsewhere"), filepath.Join(dir, "given")
	if err := errors.Join(os.Symlink(linked, filepath.Join(dir, "link")), os.WriteFile(given, nil, 0o640)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{"kenshu.db": 0o600, "link": 0o600, "given": 0o640} {
		d, err := db.Open(t.Context(), db.Config{SQLitePath: filepath.Join(dir, name)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Exec(t.Context(), "CREATE TABLE a (b)"); err != nil {
			t.Error(err)
		}
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v; want %v", name, info.Mode(), err, want)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}
