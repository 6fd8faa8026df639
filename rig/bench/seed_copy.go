package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// copied are the tables that every neighbour gets, parents first.
var copied = []string{"person", "credential", "person_role", "department", "person_department", "round", "enrolment", "progress",
	"attempt", "attempt_answer", "mail_message", "completion_certificate", "audit_event"}

// copyTenant gives every organisation that came after template a copy of its rows. Foreign keys are not checked meanwhile, nor is every commit
// waited for: this is how the database is filled, not what is measured.
func copyTenant(ctx context.Context, d *db.DB, template tenant.ID) error {
	conn, err := d.Raw().Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	hurry, calm := []string{"SET foreign_key_checks = 0"}, []string{"SET foreign_key_checks = 1"}
	if d.Engine() == db.SQLite {
		hurry = []string{"PRAGMA foreign_keys = 0", "PRAGMA synchronous = 0"}
		calm = []string{"PRAGMA foreign_keys = 1", "PRAGMA synchronous = 2"}
	}
	if err := runAll(ctx, conn, hurry); err != nil {
		return err
	}
	var last int64
	if err := conn.QueryRowContext(ctx, "SELECT MAX(tenant_id) FROM organisation").Scan(&last); err != nil {
		return err
	}
	const batch = 250 // organisations a statement
	for _, table := range copied {
		columns, err := columnsOf(ctx, conn, table)
		if err != nil {
			return err
		}
		insert := fmt.Sprintf("INSERT INTO %s (tenant_id, %s) SELECT o.tenant_id, t.%s FROM organisation o JOIN %s t ON t.tenant_id = ? WHERE o.tenant_id > ? AND o.tenant_id <= ? ORDER BY o.tenant_id, t.%s",
			table, strings.Join(columns, ", "), strings.Join(columns, ", t."), table, columns[0])
		for from := template.Number(); from < last; from += batch {
			if _, err := conn.ExecContext(ctx, insert, template, from, min(from+batch, last)); err != nil {
				return fmt.Errorf("copy %s: %w", table, err)
			}
		}
	}
	return runAll(ctx, conn, calm)
}

func runAll(ctx context.Context, conn *sql.Conn, statements []string) error {
	for _, s := range statements {
		if _, err := conn.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// columnsOf lists the columns of a table but tenant_id.
func columnsOf(ctx context.Context, conn *sql.Conn, table string) ([]string, error) {
	rows, err := conn.QueryContext(ctx, "SELECT * FROM "+table+" WHERE 1 = 0")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	return columns[1:], rows.Err()
}

// analyse brings the statistics up to date on MySQL, where they otherwise follow some seconds later by themselves. SQLite is measured as
// it runs: without statistics.
func analyse(ctx context.Context, d *db.DB) error {
	if d.Engine() == db.SQLite {
		return nil
	}
	for _, table := range append([]string{"organisation"}, copied...) {
		rows, err := d.Query(ctx, "ANALYZE TABLE "+table)
		if err != nil {
			return err
		}
		if err := rows.Close(); err != nil {
			return err
		}
	}
	return nil
}
