package fault

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"kenshu/migrations"
	"kenshu/rig/servers"
	"kenshu/storage/db"
)

// stored is where the databases of releases are kept, by the number of their last migration.
const stored = "../upgrade/testdata"

// TestOldAndNewSideBySide shows that during an upgrade the replicas of the last release go on beside the new ones, which have changed the schema under them. Always: what
// an old replica reads and writes is still there, and nothing new is demanded of what it writes. With -old: the product of that commit, built from the history, runs
// beside today's under load, first both old, then one of each, then both new.
func TestOldAndNewSideBySide(t *testing.T) {
	release := lastRelease(t)
	t.Run("what an old replica needs is still there", func(t *testing.T) {
		url := servers.MariaDB(t)
		d, err := db.Open(t.Context(), db.Config{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = d.Close() })
		if err := d.MigrateTo(t.Context(), migrations.FS, release); err != nil {
			t.Fatal(err)
		}
		before := readSchema(t, d.Raw())
		if _, err := d.Migrate(t.Context(), migrations.FS); err != nil {
			t.Fatal(err)
		}
		for _, problem := range before.missing(readSchema(t, d.Raw())) {
			t.Error(problem)
		}
		tell(t, "Everything that a replica of the last stored release (migration %d) reads and writes is there after the migrations up to today's, and nothing more is demanded of it.", release)
	})
	if *old == "" {
		return
	}
	t.Run("an old and a new replica serve together", func(t *testing.T) { serveTogether(t, buildOld(t, release)) })
}

func lastRelease(t *testing.T) (last int) {
	t.Helper()
	files, err := filepath.Glob(stored + "/*.tar.gz")
	if err != nil || len(files) == 0 {
		t.Fatal("no release is stored", err)
	}
	last, err = strconv.Atoi(filepath.Base(slices.Max(files))[:4])
	if err != nil {
		t.Fatal(err)
	}
	return last
}

// schema is what statements depend on.
type schema struct {
	columns map[string]string // table.column → type
	needed  map[string]bool   // columns that an INSERT must give a value to
	keys    map[string]string // unique and foreign keys: table.name → columns
}

func readSchema(t *testing.T, d *sql.DB) schema {
	t.Helper()
	s := schema{map[string]string{}, map[string]bool{}, map[string]string{}}
	query(t, d, `SELECT CONCAT(table_name, '.', column_name), column_type, is_nullable = 'NO' AND column_default IS NULL AND extra NOT LIKE '%auto_increment%'
 FROM information_schema.columns WHERE table_schema = DATABASE()`, nil, func(scan func(...any) error) error {
		var name, kind string
		var needed bool
		err := scan(&name, &kind, &needed)
		s.columns[name] = kind
		if needed {
			s.needed[name] = true
		}
		return err
	})
	query(t, d, `SELECT CONCAT(c.table_name, '.', c.constraint_name), GROUP_CONCAT(k.column_name ORDER BY k.ordinal_position) FROM information_schema.table_constraints c
 JOIN information_schema.key_column_usage k ON k.table_schema = c.table_schema AND k.table_name = c.table_name AND k.constraint_name = c.constraint_name
 WHERE c.table_schema = DATABASE() GROUP BY c.table_name, c.constraint_name`, nil, func(scan func(...any) error) error {
		var name, columns string
		err := scan(&name, &columns)
		s.keys[name] = columns
		return err
	})
	return s
}

// missing names what statements made for s would meet in now.
func (s schema) missing(now schema) (problems []string) {
	tables := map[string]bool{}
	for name, kind := range s.columns {
		table, _, _ := strings.Cut(name, ".")
		tables[table] = true
		switch got := now.columns[name]; {
		case got == "":
			problems = append(problems, name+" is gone")
		case got != kind && !wider(kind, got):
			problems = append(problems, fmt.Sprintf("%s was %s and is %s", name, kind, got))
		}
	}
	for name := range now.needed {
		if table, _, _ := strings.Cut(name, "."); tables[table] && !s.needed[name] {
			problems = append(problems, name+" needs a value, which an old replica does not give")
		}
	}
	for name, columns := range now.keys {
		if table, _, _ := strings.Cut(name, "."); tables[table] && s.keys[name] != columns && !s.fresh(table, columns) {
			problems = append(problems, fmt.Sprintf("%s (%s) is a new rule for what an old replica writes", name, columns))
		}
	}
	slices.Sort(problems)
	return problems
}

// wider tells that every value of one type of text fits into the other.
func wider(from, to string) bool {
	var a, b int
	_, err := fmt.Sscanf(from, "varchar(%d)", &a)
	if err != nil {
		return false
	}
	if _, err := fmt.Sscanf(to, "varchar(%d)", &b); err == nil {
		return b >= a
	}
	return to == "mediumtext" || to == "longtext"
}

// fresh tells that a key has a column which s does not know: an old replica leaves it empty, and an empty one breaks no key.
func (s schema) fresh(table, columns string) bool {
	return slices.ContainsFunc(strings.Split(columns, ","), func(c string) bool { return s.columns[table+"."+c] == "" })
}

// buildOld builds the product of an older commit out of the history. The page is left out: nobody looks at it.
func buildOld(t *testing.T, release int) string {
	t.Helper()
	commit := *old
	if commit == "release" {
		name := fmt.Sprintf("rig/upgrade/testdata/%04d.tar.gz", release)
		commit = strings.TrimSpace(git(t, "log", "--diff-filter=A", "--format=%H", "-1", "--", name).String())
		if commit == "" {
			t.Fatalf("the history does not reach back to the release that %s is of: fetch all of it, or name a commit with -old", name)
		}
	}
	dir := t.TempDir()
	unpack := exec.Command("tar", "-x", "-C", dir)
	unpack.Stdin = git(t, "archive", commit)
	if out, err := unpack.CombinedOutput(); err != nil {
		t.Fatalf("unpack %s: %v %s", commit, err, out)
	}
	dist := filepath.Join(dir, "frontend", "dist")
	if err := os.MkdirAll(filepath.Join(dist, "assets"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"index.html", "assets/none.js"} {
		if err := os.WriteFile(filepath.Join(dist, name), []byte("<!doctype html>"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "build", "-tags", "nomsgpack", "-o", "kenshu-old", "./server")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("the product of %s does not build here: %v\n%s", commit, err, out)
	}
	return filepath.Join(dir, "kenshu-old")
}

func git(t *testing.T, args ...string) *bytes.Buffer {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = "../.."
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		t.Fatalf("git %s: %v %s", args[0], err, said.String())
	}
	return &out
}

// serveTogether rolls an installation from the old binary to today's while everybody works. No answer may be an internal error, and nobody is thrown out.
func serveTogether(t *testing.T, binary string) {
	i := installOf(t, binary)
	people := newLedger(t, i, 4)
	dice := newDice(t)
	for n, name := range []string{"an old replica beside a new one, which has migrated", "the old one is replaced as well"} {
		r := result{name: name, times: 1, stays: true}
		underLoad(t, people, dice, r, func(t *testing.T, r *result) {
			one := i.replicas[1-n]
			one.end(syscall.SIGTERM)
			one.binary = ""
			r.recover(t, i, func() { respawn(t, one) })
			time.Sleep(5 * time.Second) // both work
		})
	}
	people.settle(t)
}

// The comparison finds what would stop an old replica.
func TestSchemaComparisonFindsWhatBreaks(t *testing.T) {
	before := schema{map[string]string{"a.id": "binary(16)", "a.name": "varchar(40)"}, map[string]bool{"a.id": true}, map[string]string{"a.PRIMARY": "id"}}
	for want, now := range map[string]schema{
		"":                   {map[string]string{"a.id": "binary(16)", "a.name": "varchar(80)", "a.more": "bigint(20)", "b.id": "int(11)"}, map[string]bool{"a.id": true, "b.id": true}, map[string]string{"a.PRIMARY": "id", "a.once": "more", "b.PRIMARY": "id"}},
		"a.name is gone":     {map[string]string{"a.id": "binary(16)"}, nil, nil},
		"a.name was":         {map[string]string{"a.id": "binary(16)", "a.name": "varchar(20)"}, nil, nil},
		"a.more needs":       {map[string]string{"a.id": "binary(16)", "a.name": "varchar(40)", "a.more": "bigint(20)"}, map[string]bool{"a.more": true}, nil},
		"a.once (name) is a": {map[string]string{"a.id": "binary(16)", "a.name": "varchar(40)"}, nil, map[string]string{"a.once": "name"}},
	} {
		got := strings.Join(before.missing(now), "; ")
		if (want == "") != (got == "") || !strings.HasPrefix(got, want) {
			t.Errorf("found %q, want %q", got, want)
		}
	}
}
