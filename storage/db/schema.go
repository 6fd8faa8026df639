package db

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Kinds of column values that move between engines.
const (
	KindInteger = "integer"
	KindText    = "text"
	KindBytes   = "bytes"
)

// Table describes a table for moving its rows: names and kinds, the same on both engines.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
	Key     []string `json:"key"`               // primary key, in order
	Counter bool     `json:"counter,omitempty"` // the database numbers its rows and never gives a number twice
	parents []string
}

// Column is a column of a Table.
type Column struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

// Not part of what is moved: the schema's own ledger, and the mark of a move under way.
var ownTables = []string{"schema_migration", transferTable}

const (
	liteTables  = `SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name`
	liteColumns = `SELECT name, type, pk FROM pragma_table_info(?) ORDER BY name`
	liteParents = `SELECT DISTINCT "table" FROM pragma_foreign_key_list(?)`

	myTables = `SELECT t.table_name, EXISTS (SELECT 1 FROM information_schema.columns c WHERE c.table_schema = t.table_schema
 AND c.table_name = t.table_name AND c.extra LIKE '%auto_increment%')
 FROM information_schema.tables t WHERE t.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' ORDER BY t.table_name`
	myColumns = `SELECT c.column_name, c.data_type, COALESCE(k.ordinal_position, 0) FROM information_schema.columns c
 LEFT JOIN information_schema.key_column_usage k ON k.table_schema = c.table_schema AND k.table_name = c.table_name
 AND k.column_name = c.column_name AND k.constraint_name = 'PRIMARY'
 WHERE c.table_schema = DATABASE() AND c.table_name = ? ORDER BY c.column_name`
	myParents = `SELECT DISTINCT referenced_table_name FROM information_schema.key_column_usage
 WHERE table_schema = DATABASE() AND table_name = ? AND referenced_table_name IS NOT NULL`
)

// Tables reads the schema: every table with its columns by name, parents before their children. A circle of foreign keys is an error.
func (d *DB) Tables(ctx context.Context) ([]Table, error) {
	tables, err := d.tableNames(ctx)
	if err != nil {
		return nil, fmt.Errorf("read schema: %w", err)
	}
	for i := range tables {
		if err := d.describe(ctx, &tables[i]); err != nil {
			return nil, fmt.Errorf("read schema of %s: %w", tables[i].Name, err)
		}
	}
	return parentsFirst(tables)
}

func (d *DB) tableNames(ctx context.Context) (tables []Table, err error) {
	query := liteTables
	if d.engine == MySQL {
		query = myTables
	}
	err = Each(ctx, d, query, nil, func(scan func(...any) error) error {
		var t Table
		if d.engine == MySQL {
			err := scan(&t.Name, &t.Counter)
			tables = append(tables, t)
			return err
		}
		var ddl string
		err := scan(&t.Name, &ddl)
		t.Counter = strings.Contains(ddl, "AUTOINCREMENT")
		tables = append(tables, t)
		return err
	})
	return slices.DeleteFunc(tables, func(t Table) bool { return slices.Contains(ownTables, t.Name) }), err
}

func (d *DB) describe(ctx context.Context, t *Table) error {
	columns, parents := liteColumns, liteParents
	if d.engine == MySQL {
		columns, parents = myColumns, myParents
	}
	key := map[int]string{}
	err := Each(ctx, d, columns, []any{t.Name}, func(scan func(...any) error) error {
		var name, kind string
		var place int
		if err := scan(&name, &kind, &place); err != nil {
			return err
		}
		if place > 0 {
			key[place] = name
		}
		k, err := kindOf(kind)
		t.Columns = append(t.Columns, Column{name, k})
		return err
	})
	if err != nil {
		return err
	}
	slices.SortFunc(t.Columns, func(a, b Column) int { return strings.Compare(a.Name, b.Name) }) // the engines do not agree about where _ stands
	for i := 1; i <= len(key); i++ {
		t.Key = append(t.Key, key[i])
	}
	if len(t.Key) == 0 {
		return fmt.Errorf("it has no primary key")
	}
	return Each(ctx, d, parents, []any{t.Name}, func(scan func(...any) error) error {
		var parent string
		err := scan(&parent)
		t.parents = append(t.parents, parent)
		return err
	})
}

func kindOf(column string) (string, error) {
	switch strings.ToLower(column) {
	case "integer", "int", "bigint", "smallint", "tinyint", "mediumint":
		return KindInteger, nil
	case "text", "varchar", "char", "tinytext", "mediumtext", "longtext":
		return KindText, nil
	case "blob", "binary", "varbinary", "tinyblob", "mediumblob", "longblob":
		return KindBytes, nil
	}
	return "", fmt.Errorf("column type %s has no kind", column)
}

func parentsFirst(tables []Table) ([]Table, error) {
	var out []Table
	placed := map[string]bool{}
	for len(out) < len(tables) {
		before := len(out)
		for _, t := range tables {
			ready := !placed[t.Name] && !slices.ContainsFunc(t.parents, func(p string) bool { return !placed[p] })
			if ready {
				out, placed[t.Name] = append(out, t), true
			}
		}
		if len(out) == before {
			return nil, fmt.Errorf("foreign keys go in a circle: no order of tables lets rows be moved")
		}
	}
	return out, nil
}
