package migrations_test

import (
	"database/sql"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kenshu/migrations"
	"kenshu/rig/kit"
	"kenshu/rig/servers"
	"kenshu/storage/db"
)

// column describes one column the way both engines can be asked.
type column struct {
	nullable bool
}

type table struct {
	columns map[string]column
	unique  [][]string          // unique keys and the primary key, columns in order
	foreign [][]string          // foreign keys, columns of this table in order
	indexes map[string][]string // the other indexes by name, columns in order
}

func TestSchemasAgreeAndKeepTenantsApart(t *testing.T) {
	lite := schemaOf(t, db.Config{SQLitePath: filepath.Join(t.TempDir(), "k.db")}, readSQLite)
	maria := schemaOf(t, db.Config{URL: servers.MariaDB(t)}, readMySQL)
	for name, a := range lite {
		b, ok := maria[name]
		if !ok {
			t.Errorf("table %s is missing on MySQL", name)
			continue
		}
		compare(t, name, a, b)
		if kit.GlobalTables[name] == "" {
			checkTenant(t, name, a)
			checkTenant(t, name, b)
		}
		if (kit.GlobalTables[name] == "") != slices.Contains(kit.TenantTables, name) {
			t.Errorf("%s stands neither or doubly in the lists of rig/kit: what is in neither escapes the isolation suites", name)
		}
	}
	for name := range maria {
		if _, ok := lite[name]; !ok {
			t.Errorf("table %s is missing on SQLite", name)
		}
	}
	for name := range kit.IndexesAcrossTenants {
		if !slices.ContainsFunc(slices.Collect(maps.Values(lite)), func(def table) bool { return def.indexes[name] != nil }) {
			t.Errorf("%s stands in the list of exceptions and is no index", name)
		}
	}
	for name := range kit.GlobalTables {
		if _, ok := lite[name]; !ok {
			t.Errorf("%s stands in the list of exceptions and is no table", name)
		}
	}
}

func compare(t *testing.T, name string, a, b table) {
	t.Helper()
	for c, def := range a.columns {
		if other, ok := b.columns[c]; !ok || other.nullable != def.nullable {
			t.Errorf("%s.%s differs: SQLite %+v, MySQL %+v", name, c, def, other)
		}
	}
	for c := range b.columns {
		if _, ok := a.columns[c]; !ok {
			t.Errorf("%s.%s is missing on SQLite", name, c)
		}
	}
	if x, y := sorted(a.unique), sorted(b.unique); !slices.Equal(x, y) {
		t.Errorf("%s: unique keys differ\nSQLite %v\nMySQL  %v", name, x, y)
	}
	for index, key := range a.indexes {
		if !slices.Equal(key, b.indexes[index]) {
			t.Errorf("%s: index %s differs: SQLite %v, MySQL %v", name, index, key, b.indexes[index])
		}
	}
	if x, y := sorted(a.foreign), sorted(b.foreign); !slices.Equal(x, y) {
		t.Errorf("%s: foreign keys differ\nSQLite %v\nMySQL  %v", name, x, y)
	}
}

// checkTenant holds house rule 3.1: every key and index starts with tenant_id, every foreign key carries the tenant.
func checkTenant(t *testing.T, name string, def table) {
	t.Helper()
	for _, key := range def.unique {
		if key[0] != "tenant_id" {
			t.Errorf("%s: unique key %v does not start with tenant_id", name, key)
		}
	}
	for index, key := range def.indexes {
		ofForeign := slices.ContainsFunc(def.foreign, func(f []string) bool { return slices.Equal(f, key) }) // made by MySQL for the key, which carries the tenant
		if key[0] != "tenant_id" && kit.IndexesAcrossTenants[index] == "" && !ofForeign {
			t.Errorf("%s: index %s %v does not start with tenant_id", name, index, key)
		}
	}
	for _, key := range def.foreign {
		if !strings.HasSuffix(key[0], "tenant_id") {
			t.Errorf("%s: foreign key %v does not start with the tenant", name, key)
		}
	}
}

func sorted(keys [][]string) []string {
	var out []string
	for _, k := range keys {
		out = append(out, strings.Join(k, ","))
	}
	slices.Sort(out)
	return out
}

func schemaOf(t *testing.T, cfg db.Config, read func(t *testing.T, d *sql.DB) map[string]table) map[string]table {
	t.Helper()
	d, err := db.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if _, err := d.Migrate(t.Context(), migrations.FS); err != nil {
		t.Fatal(err)
	}
	return read(t, d.Raw())
}

func list(t *testing.T, d *sql.DB, query string, args ...any) [][]string {
	t.Helper()
	rows, err := d.QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for rows.Next() {
		values, targets := make([]sql.NullString, len(cols)), make([]any, len(cols))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(cols))
		for i, v := range values {
			row[i] = v.String
		}
		out = append(out, row)
	}
	if rows.Err() != nil {
		t.Fatal(rows.Err())
	}
	return out
}

func readSQLite(t *testing.T, d *sql.DB) map[string]table {
	out := map[string]table{}
	for _, row := range list(t, d, "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'") {
		def := table{columns: map[string]column{}, indexes: map[string][]string{}}
		if row[0] != "schema_migration" && !strings.HasSuffix(strings.TrimSpace(row[1]), "STRICT") {
			t.Errorf("%s is not STRICT", row[0])
		}
		var pk []string
		info := list(t, d, fmt.Sprintf("SELECT name, \"notnull\", pk FROM pragma_table_info('%s') ORDER BY pk", row[0]))
		for _, c := range info {
			def.columns[c[0]] = column{nullable: c[1] == "0" && c[2] == "0"}
			if c[2] != "0" {
				pk = append(pk, c[0])
			}
		}
		def.unique = append(def.unique, pk)
		for _, idx := range list(t, d, fmt.Sprintf("SELECT name, origin, \"unique\" FROM pragma_index_list('%s')", row[0])) {
			if idx[1] == "pk" {
				continue
			}
			var key []string
			for _, c := range list(t, d, fmt.Sprintf("SELECT name FROM pragma_index_info('%s') ORDER BY seqno", idx[0])) {
				key = append(key, c[0])
			}
			if idx[2] == "0" {
				def.indexes[idx[0]] = key
				continue
			}
			def.unique = append(def.unique, key)
		}
		foreign := map[string][]string{}
		for _, c := range list(t, d, fmt.Sprintf("SELECT id, \"from\" FROM pragma_foreign_key_list('%s') ORDER BY id, seq", row[0])) {
			foreign[c[0]] = append(foreign[c[0]], c[1])
		}
		for _, key := range foreign {
			def.foreign = append(def.foreign, key)
		}
		out[row[0]] = def
	}
	return out
}

func readMySQL(t *testing.T, d *sql.DB) map[string]table {
	out := map[string]table{}
	for _, row := range list(t, d, "SELECT table_name, column_name, is_nullable FROM information_schema.columns WHERE table_schema = DATABASE()") {
		if _, ok := out[row[0]]; !ok {
			out[row[0]] = table{columns: map[string]column{}, indexes: map[string][]string{}}
		}
		out[row[0]].columns[row[1]] = column{nullable: row[2] == "YES"}
	}
	keys := map[[2]string][]string{}
	var order [][2]string
	for _, row := range list(t, d, "SELECT table_name, index_name, column_name, non_unique FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index") {
		k := [2]string{row[0], row[1]}
		if row[3] == "1" {
			out[row[0]].indexes[row[1]] = append(out[row[0]].indexes[row[1]], row[2])
			continue
		}
		if keys[k] == nil {
			order = append(order, k)
		}
		keys[k] = append(keys[k], row[2])
	}
	for _, k := range order {
		def := out[k[0]]
		def.unique = append(def.unique, keys[k])
		out[k[0]] = def
	}
	foreign := map[[2]string][]string{}
	for _, row := range list(t, d, "SELECT table_name, constraint_name, column_name FROM information_schema.key_column_usage WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL ORDER BY table_name, constraint_name, ordinal_position") {
		k := [2]string{row[0], row[1]}
		foreign[k] = append(foreign[k], row[2])
	}
	for k, cols := range foreign {
		def := out[k[0]]
		def.foreign = append(def.foreign, cols)
		out[k[0]] = def
	}
	return out
}

// A backup tells its schema by the number of the newest migration alone, so the numbers have no gap that is filled later, and both engines have the same.
func TestNumbersHaveNoGaps(t *testing.T) {
	for _, engine := range []string{"mysql", "sqlite"} {
		names, err := fs.Glob(migrations.FS, engine+"/*.sql")
		if err != nil {
			t.Fatal(err)
		}
		for i, name := range names {
			if want := fmt.Sprintf("%s/%04d_", engine, i+1); !strings.HasPrefix(name, want) {
				t.Errorf("%s stands where %s… belongs: a migration takes the next number when it is merged", name, want)
				break
			}
		}
	}
}
