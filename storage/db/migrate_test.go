package db

import (
	"bytes"
	"context"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kenshu/migrations"
	"kenshu/rig/servers"
)

func eachEmpty(t *testing.T, test func(t *testing.T, cfg Config)) {
	t.Run("sqlite", func(t *testing.T) { test(t, Config{SQLitePath: filepath.Join(t.TempDir(), "k.db")}) })
	t.Run("mariadb", func(t *testing.T) { test(t, Config{URL: servers.MariaDB(t)}) })
}

func opened(t *testing.T, cfg Config) *DB {
	t.Helper()
	d, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// upTo gives the migrations cut off after n statements.
func upTo(t *testing.T, engine Engine, n int) fs.FS {
	t.Helper()
	steps, err := readSteps(migrations.FS, string(engine))
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, s := range steps[:n] {
		name := string(engine) + "/" + s.name + ".sql"
		if files[name] == nil {
			files[name] = &fstest.MapFile{}
		}
		files[name].Data = append(files[name].Data, (s.sql + ";\n")...)
	}
	return files
}

// A process killed between two statements leaves one of two states: the step is marked started and its statement did not
// run, or it ran and the step is not marked finished. From each of them, at every statement, the next start goes on.
func TestMigrateGoesOnFromEveryKilledStatement(t *testing.T) {
	eachEmpty(t, func(t *testing.T, cfg Config) {
		d := opened(t, cfg)
		steps, err := readSteps(migrations.FS, string(d.engine))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Exec(t.Context(), createLedger); err != nil {
			t.Fatal(err)
		}
		for i, s := range steps {
			if _, err := d.Exec(t.Context(), "INSERT INTO schema_migration (version, step, name, checksum, started_at) VALUES (?, ?, ?, ?, 1)", s.version, s.number, s.name, s.checksum); err != nil {
				t.Fatal(err)
			}
			for _, state := range []string{"started, not run", "run, not finished"} {
				if n, err := d.Migrate(t.Context(), upTo(t, d.engine, i+1)); err != nil || n != 1 {
					t.Fatalf("%s step %d %s: ran %d: %v", s.name, s.number, state, n, err)
				}
				if _, err := d.Exec(t.Context(), "UPDATE schema_migration SET finished_at = NULL WHERE version = ? AND step = ?", s.version, s.number); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := d.Exec(t.Context(), "UPDATE schema_migration SET finished_at = 2 WHERE version = ? AND step = ?", s.version, s.number); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestMigrateRefusesNewerAndChanged(t *testing.T) {
	eachEmpty(t, func(t *testing.T, cfg Config) {
		d := opened(t, cfg)
		if _, err := d.Migrate(t.Context(), migrations.FS); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Migrate(t.Context(), upTo(t, d.engine, 3)); err == nil || !strings.Contains(err.Error(), "newer version") {
			t.Fatalf("an older binary must refuse a newer schema: %v", err)
		}
		if _, err := d.Exec(t.Context(), "UPDATE schema_migration SET checksum = 'other' WHERE version = 1 AND step = 1"); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Migrate(t.Context(), migrations.FS); err == nil || !strings.Contains(err.Error(), "differs") {
			t.Fatalf("a changed migration must be refused: %v", err)
		}
	})
}

const migrateChild = "KENSHU_TEST_MIGRATE_CHILD"

// TestMigrateChild is not a test of its own: TestManyMigrateAtOnce runs it in processes that are killed.
func TestMigrateChild(t *testing.T) {
	target := os.Getenv(migrateChild)
	if target == "" {
		return
	}
	cfg := Config{URL: target}
	if path, ok := strings.CutPrefix(target, "file:"); ok {
		cfg = Config{SQLitePath: path}
	}
	d, err := Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(context.Background(), migrations.FS); err != nil {
		t.Fatal(err)
	}
}

// Six processes start at once; three of them are killed (SIGKILL) somewhere in the middle. The others finish, and a further start finds nothing to do.
func TestManyMigrateAtOnce(t *testing.T) {
	eachEmpty(t, func(t *testing.T, cfg Config) {
		target := cfg.URL
		if target == "" {
			target = "file:" + cfg.SQLitePath
		}
		type child struct {
			cmd *exec.Cmd
			out *bytes.Buffer
		}
		var children []child
		for range 6 {
			c := child{exec.Command(os.Args[0], "-test.run=^TestMigrateChild$", "-test.count=1"), &bytes.Buffer{}}
			c.cmd.Env = append(os.Environ(), migrateChild+"="+target)
			c.cmd.Stdout, c.cmd.Stderr = c.out, c.out
			if err := c.cmd.Start(); err != nil {
				t.Fatal(err)
			}
			children = append(children, c)
		}
		for _, c := range children[:3] {
			time.Sleep(time.Duration(10+rand.IntN(120)) * time.Millisecond)
			_ = c.cmd.Process.Kill()
		}
		for i, c := range children {
			if err := c.cmd.Wait(); err != nil && i >= 3 {
				t.Errorf("replica %d: %v\n%s", i, err, c.out)
			}
		}
		d := opened(t, cfg)
		if n, err := d.Migrate(t.Context(), migrations.FS); err != nil || n != 0 {
			t.Fatal(n, err)
		}
	})
}

func TestSplitStatements(t *testing.T) {
	got := splitStatements("-- a; comment\nCREATE TABLE a (\n  b INT\n);\nINSERT INTO a VALUES (';');\n")
	if len(got) != 2 || got[0] != "CREATE TABLE a (\n  b INT\n)" || got[1] != "INSERT INTO a VALUES (';')" {
		t.Fatalf("%q", got)
	}
}
