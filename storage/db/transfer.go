package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kenshu/fault"
)

// transferTable has a row from before the first table of a move into an empty database until somebody serves from it: while the move is under way nobody serves from half of it,
// and after its end the same command, run again, knows what it finds.
const transferTable = "schema_transfer"

// transferEnded stands before the id of a move that has ended.
const transferEnded = "ended "

const (
	sqlCreateTransfer = `CREATE TABLE IF NOT EXISTS schema_transfer (id VARCHAR(100) NOT NULL PRIMARY KEY, started_at BIGINT NOT NULL)`
	sqlInsertTransfer = `INSERT INTO schema_transfer (id, started_at) VALUES (?, ?)`
	sqlTransfer       = `SELECT id FROM schema_transfer`
	sqlNameTransfer   = `UPDATE schema_transfer SET id = ?`
	sqlForgetTransfer = `DELETE FROM schema_transfer`
)

// ErrTransfer means that a copy or restore into this database was begun and has not ended.
var ErrTransfer = errors.New("a copy or restore into this database has not finished: run the same command again, it goes on where it stopped")

// errPrefix means that the rows already in the target are not the first rows of the source.
var errPrefix = errors.New("rows differ")

// MigrateTo is Migrate that stops after the files of version.
func (d *DB) MigrateTo(ctx context.Context, files fs.FS, version int) error {
	steps, err := readSteps(files, string(d.engine))
	if err != nil {
		return err
	}
	steps = slices.DeleteFunc(steps, func(s step) bool { return s.version > version })
	return d.Exclusive(ctx, "migrate", func() error {
		_, err := d.migrate(ctx, steps)
		return err
	})
}

// LatestVersion gives the number of the last migration in files.
func LatestVersion(files fs.FS) (int, error) {
	latest := 0
	steps, err := readSteps(files, string(SQLite))
	for _, s := range steps {
		latest = max(latest, s.version)
	}
	return latest, err
}

// SchemaVersion gives the last migration the database has; one that was killed in the middle is an error.
func (d *DB) SchemaVersion(ctx context.Context) (int, error) {
	var version, open int
	err := d.QueryRow(ctx, "SELECT COALESCE(MAX(version), 0), COUNT(*) - COUNT(finished_at) FROM schema_migration").Scan(&version, &open)
	if err == nil && open > 0 {
		err = errors.New("a migration of this database has not finished: start kenshu once")
	}
	return version, away(err)
}

// CheckWhole answers ErrTransfer when the database holds only part of what is being moved into it.
func (d *DB) CheckWhole(ctx context.Context) error {
	id, err := d.transfer(ctx)
	if err == nil && id != "" && !strings.HasPrefix(id, transferEnded) {
		return ErrTransfer
	}
	return err
}

func (d *DB) transfer(ctx context.Context) (string, error) {
	if there, err := d.HasTable(ctx, transferTable); err != nil || !there {
		return "", err
	}
	var id string
	err := One(d.QueryRow(ctx, sqlTransfer).Scan(&id))
	if fault.Is(err, fault.NotFound) { // killed between making the table and the row
		return "", nil
	}
	return id, err
}

// TransferState tells how far a move is.
type TransferState int

// States of a move.
const (
	TransferNone  TransferState = iota // nothing was begun, or another move has ended: the database may be used already
	TransferBegun                      // by an earlier run
	TransferEnded                      // everything is there, and nobody has served from it yet
)

// Transfer tells how far the move named by id is; that another one is under way is an error.
func (d *DB) Transfer(ctx context.Context, id string) (TransferState, error) {
	under, err := d.transfer(ctx)
	switch {
	case err != nil:
		return TransferNone, err
	case under == id:
		return TransferBegun, nil
	case under == transferEnded+id:
		return TransferEnded, nil
	case under == "", strings.HasPrefix(under, transferEnded):
		return TransferNone, nil
	}
	return TransferNone, errors.New("another copy or restore into this database was begun: finish that one, or empty the database")
}

// BeginTransfer marks a database without rows, which may be one without tables, as being filled from the source named by id. Rows of the tables called notes do not count: they were
// written when the empty place was opened, and give way.
func (d *DB) BeginTransfer(ctx context.Context, id string, notes ...string) error {
	tables, err := d.Tables(ctx)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if slices.Contains(notes, t.Name) {
			continue
		}
		var n int
		if err := d.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM "+t.Name+" LIMIT 1) AS some").Scan(&n); err != nil {
			return away(err)
		}
		if n > 0 {
			return fmt.Errorf("the database is not empty: %s has rows", t.Name)
		}
	}
	if _, err := d.Exec(ctx, sqlCreateTransfer); err != nil {
		return err
	}
	if _, err := d.Exec(ctx, sqlForgetTransfer); err != nil { // of a move that ended before the database was emptied
		return err
	}
	if _, err := d.Exec(ctx, sqlInsertTransfer, id, time.Now().UnixMicro()); err != nil {
		return err
	}
	for _, t := range tables {
		if slices.Contains(notes, t.Name) {
			if _, err := d.Exec(ctx, "DELETE FROM "+t.Name); err != nil {
				return fmt.Errorf("empty %s: %w", t.Name, err)
			}
		}
	}
	return nil
}

// EndTransfer notes that everything of the move named by id is there.
func (d *DB) EndTransfer(ctx context.Context, id string) error {
	_, err := d.Exec(ctx, sqlNameTransfer, transferEnded+id)
	return err
}

// ForgetTransfer takes the mark of a move away: the database is being used, or nothing was moved into it.
func (d *DB) ForgetTransfer(ctx context.Context) error {
	there, err := d.HasTable(ctx, transferTable)
	if err == nil && there {
		_, err = d.Exec(ctx, sqlForgetTransfer) // who serves may have no right to drop a table
	}
	return err
}

// Fill brings rows, which come in the order of t's primary key, into t and gives their sum. What an earlier run brought is compared and kept. Afterwards
// the table is read back and compared.
func (d *DB) Fill(ctx context.Context, t Table, rows iter.Seq2[[]any, error]) (*RowSum, error) {
	there, err := t.Sum(ctx, d)
	if err != nil {
		return nil, err
	}
	sum, batch := NewRowSum(), batch{db: d, table: t}
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		line, err := t.Line(row)
		if err != nil {
			return nil, err
		}
		if sum.Rows == there.Rows && sum.SHA256() != there.SHA256() {
			return nil, fmt.Errorf("%s: %w", t.Name, errPrefix)
		}
		sum.Add(line)
		if sum.Rows > there.Rows {
			if err := batch.add(ctx, row, len(line)); err != nil {
				return nil, err
			}
		}
	}
	if err := batch.flush(ctx); err != nil {
		return nil, err
	}
	got, err := t.Sum(ctx, d)
	if err != nil {
		return nil, err
	}
	if got.Rows != sum.Rows || got.SHA256() != sum.SHA256() {
		return nil, fmt.Errorf("%s: %w", t.Name, errPrefix)
	}
	return sum, nil
}

// Differs tells that Fill found rows in the target that the source does not have.
func Differs(err error) bool { return errors.Is(err, errPrefix) }

// batch collects rows for one INSERT and one transaction.
type batch struct {
	db    *DB
	table Table
	rows  [][]any
	bytes int
}

const batchRows, batchBytes = 500, 1 << 20

func (b *batch) add(ctx context.Context, row []any, size int) error {
	b.rows, b.bytes = append(b.rows, row), b.bytes+size
	if len(b.rows) < batchRows && b.bytes < batchBytes {
		return nil
	}
	return b.flush(ctx)
}

func (b *batch) flush(ctx context.Context) error {
	if len(b.rows) == 0 {
		return nil
	}
	insert := "INSERT INTO " + b.table.Name + " (" + b.table.columnList() + ") VALUES"
	err := b.db.Tx(ctx, func(tx *Tx) error {
		return tx.InsertMany(ctx, insert, "("+Marks(len(b.table.Columns))+")", b.rows)
	})
	if err != nil {
		return fmt.Errorf("write %s: %w", b.table.Name, err)
	}
	b.rows, b.bytes = b.rows[:0], 0
	return nil
}

// Empty removes every row of tables (given parents first); only a database that is being filled may be emptied.
func (d *DB) Empty(ctx context.Context, tables []Table) error {
	if err := d.CheckWhole(ctx); !errors.Is(err, ErrTransfer) {
		return errors.Join(err, errors.New("only a database that is being filled may be emptied"))
	}
	for _, t := range slices.Backward(tables) {
		if _, err := d.Exec(ctx, "DELETE FROM "+t.Name); err != nil {
			return fmt.Errorf("empty %s: %w", t.Name, err)
		}
	}
	return nil
}

var autoIncrement = regexp.MustCompile(`AUTO_INCREMENT=(\d+)`)

// CounterValue gives the number the next row of t will get, so that a number once given is not given again after a move.
func (t Table) CounterValue(ctx context.Context, d *DB) (int64, error) {
	if !t.Counter {
		return 0, nil
	}
	if d.engine == SQLite {
		var last int64
		err := One(d.QueryRow(ctx, "SELECT seq FROM sqlite_sequence WHERE name = ?", t.Name).Scan(&last))
		if fault.Is(err, fault.NotFound) {
			return 1, nil
		}
		return last + 1, err
	}
	var name, ddl string
	if err := d.QueryRow(ctx, "SHOW CREATE TABLE "+t.Name).Scan(&name, &ddl); err != nil {
		return 0, away(err)
	}
	m := autoIncrement.FindStringSubmatch(ddl)
	if m == nil {
		return 1, nil
	}
	return strconv.ParseInt(m[1], 10, 64)
}

// SetCounter makes the database number t's next row with next or higher.
func (t Table) SetCounter(ctx context.Context, d *DB, next int64) error {
	if !t.Counter || next <= 1 || next == math.MaxInt64 {
		return nil
	}
	if d.engine == MySQL {
		_, err := d.Exec(ctx, "ALTER TABLE "+t.Name+" AUTO_INCREMENT = "+strconv.FormatInt(next, 10))
		return err
	}
	return d.Tx(ctx, func(tx *Tx) error {
		r, err := tx.Exec(ctx, "UPDATE sqlite_sequence SET seq = MAX(seq, ?) WHERE name = ?", next-1, t.Name)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n > 0 {
			return err
		}
		_, err = tx.Exec(ctx, "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", t.Name, next-1)
		return err
	})
}

// ValidName tells whether a table or column name from outside may stand in a statement.
func ValidName(name string) bool {
	return name != "" && len(name) <= 64 && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz_0123456789") == ""
}
