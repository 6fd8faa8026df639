// Package migrations holds the schema's history: one folder an engine, the same file names in both.
//
// A file is never changed once released. Each statement ends with a semicolon at the end of a line and must be safe to
// run again after a crash: one DDL statement a step, or data statements that are idempotent.
package migrations

import "embed"

// FS holds mysql/NNNN_name.sql and sqlite/NNNN_name.sql.
//
//go:embed mysql/*.sql sqlite/*.sql
var FS embed.FS
