// Package kit is the tests' shared ground: a migrated database on every engine, and a world of two organisations that look alike.
package kit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"kenshu/migrations"
	"kenshu/rig/servers"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// EachDB runs test on a fresh migrated SQLite file and on fresh migrated MariaDB databases, with and without innodb_snapshot_isolation.
func EachDB(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("mariadb", func(t *testing.T) { test(t, MariaDB(t)) })
	// As MariaDB from 11.6 on is by default: a row changed since the snapshot answers error 1020.
	t.Run("mariadb snapshot", func(t *testing.T) { test(t, open(t, db.Config{URL: servers.MariaDBSnapshot(t)})) })
}

// SQLite gives a fresh migrated SQLite database: a copy of one that is made once in every test process.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	file, err := migrated()
	path := filepath.Join(t.TempDir(), "kenshu.db")
	if err == nil {
		err = os.WriteFile(path, file, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return open(t, db.Config{SQLitePath: path})
}

// migrated is the file of an empty SQLite database with every migration.
var migrated = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "kenshu-migrated-")
	if err != nil {
		return nil, fmt.Errorf("kit: %w", err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "kenshu.db")
	d, err := db.Open(context.Background(), db.Config{SQLitePath: path})
	if err != nil {
		return nil, err
	}
	_, err = d.Migrate(context.Background(), migrations.FS)
	if err := errors.Join(err, d.Close()); err != nil {
		return nil, err
	}
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("kit: a closed database has a journal beside it: %w", err) // the copy would lack it
	}
	return os.ReadFile(path)
})

// MariaDB gives a fresh migrated MariaDB database.
func MariaDB(t testing.TB) *db.DB {
	t.Helper()
	return open(t, db.Config{URL: servers.MariaDB(t)})
}

func open(t testing.TB, cfg db.Config) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if _, err := d.Migrate(context.Background(), migrations.FS); err != nil {
		t.Fatal(err)
	}
	return d
}

// Clock is a clock that tests move.
type Clock struct{ now time.Time }

// NewClock starts at noon (Tokyo) of 1 April 2026, the first day of a fiscal year.
func NewClock() *Clock { return &Clock{time.Date(2026, 4, 1, 3, 0, 0, 0, time.UTC)} }

// Now gives the time.
func (c *Clock) Now() time.Time { return c.now }

// Add moves the clock.
func (c *Clock) Add(d time.Duration) { c.now = c.now.Add(d) }

// Org is one organisation of a World with its people.
type Org struct {
	ID      tenant.ID
	Public  db.ID
	Code    string
	Manager db.ID
	Editor  db.ID
	Staff   []db.ID
}

// World is two organisations with identical login IDs and names, and the association.
type World struct {
	Association Org
	A, B        Org
}

// NewWorld writes the world into d by plain SQL, so that it stands apart from the code under test.
func NewWorld(t testing.TB, d *db.DB) World {
	t.Helper()
	return World{
		Association: NewOrg(t, d, "ASSOC", "association", 0),
		A:           NewOrg(t, d, "CODE-A", "organisation", 3),
		B:           NewOrg(t, d, "CODE-B", "organisation", 3),
	}
}

// NewOrg writes one organisation with a manager, an editor and so many staff; in the association an operator and an association editor.
func NewOrg(t testing.TB, d *db.DB, code, kind string, staff int) Org {
	t.Helper()
	now := time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	org := Org{Public: db.NewID(), Code: code}
	r, err := d.Exec(t.Context(), `INSERT INTO organisation (id, code, kind, name, name_search, plan, state, created_at, updated_at) VALUES (?, ?, ?, 'ひまわり園', 'ひまわり園', 'elearning', 'active', ?, ?)`,
		org.Public, code, kind, now, now)
	if err != nil {
		t.Fatal(err)
	}
	n, err := r.LastInsertId()
	if err != nil {
		t.Fatal(err)
	}
	org.ID = tenant.System(n, "test fixture")
	manager, editor := "manager", "editor"
	if kind == "association" {
		manager, editor = "operator", "association_editor"
	}
	org.Manager = NewPerson(t, d, org.ID, "kanri", "管理 花子", manager)
	org.Editor = NewPerson(t, d, org.ID, "henshu", "編集 次郎", editor)
	for _, p := range [][2]string{{"tanaka", "田中 太郎"}, {"takahashi", "髙橋 﨑子"}, {"yoshida", "𠮷田 三郎"}}[:min(staff, 3)] {
		org.Staff = append(org.Staff, NewPerson(t, d, org.ID, p[0], p[1]))
	}
	return org
}

// NewPerson writes one active person with a chosen (unusable) credential, the role staff and more roles.
func NewPerson(t testing.TB, d *db.DB, tid tenant.ID, login, name string, roles ...string) db.ID {
	t.Helper()
	id, now := db.NewID(), time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	run := func(query string, args ...any) {
		t.Helper()
		if _, err := d.Exec(t.Context(), query, args...); err != nil {
			t.Fatal(err)
		}
	}
	run(`INSERT INTO person (tenant_id, id, login_id, login_key, name, sort_name, search_text, employment_kind, state, created_at, updated_at)
 VALUES (?, ?, ?, ?, ?, ?, ?, 'employee', 'active', ?, ?)`, tid, id, login, login, name, name, login+" "+name, now, now)
	run(`INSERT INTO credential (tenant_id, person_id, kind, hash, changed_at) VALUES (?, ?, 'chosen', 'unusable', ?)`, tid, id, now)
	for _, role := range append([]string{"staff"}, roles...) {
		run(`INSERT INTO person_role (tenant_id, person_id, role) VALUES (?, ?, ?)`, tid, id, role)
	}
	return id
}
