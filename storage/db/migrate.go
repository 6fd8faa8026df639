package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/gofrs/flock"
)

// A step is one statement of a migration file. It is marked started before and finished after, so that a run that was
// killed between the two is taken up by the next start: a step that was started may find its work done.
type step struct {
	version, number int
	name, sql       string
	checksum        string
}

const createLedger = `CREATE TABLE IF NOT EXISTS schema_migration (
  version INT NOT NULL,
  step INT NOT NULL,
  name VARCHAR(100) NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  started_at BIGINT NOT NULL,
  finished_at BIGINT,
  PRIMARY KEY (version, step)
)`

// ErrNewerSchema means that the database was migrated by a newer binary than this one.
var ErrNewerSchema = errors.New("the database belongs to a newer version of kenshu: start that version, or restore a backup made before the upgrade")

// Migrate brings the schema up to what files (folders mysql/ and sqlite/) describe. Any number of replicas may call it at
// once: one works, the others wait. It returns how many steps it ran.
func (d *DB) Migrate(ctx context.Context, files fs.FS) (int, error) {
	steps, err := readSteps(files, string(d.engine))
	if err != nil {
		return 0, err
	}
	ran := 0
	err = d.Exclusive(ctx, "migrate", func() error {
		ran, err = d.migrate(ctx, steps)
		return err
	})
	return ran, err
}

func (d *DB) migrate(ctx context.Context, steps []step) (int, error) {
	// Not CREATE … IF NOT EXISTS alone: that asks for the right to create, which the replicas' user need not have.
	there, err := d.HasTable(ctx, "schema_migration")
	if err == nil && !there {
		_, err = d.pool.ExecContext(ctx, createLedger)
	}
	if err != nil {
		return 0, fmt.Errorf("migration ledger: %w", err)
	}
	ledger, err := d.readLedger(ctx)
	if err != nil {
		return 0, err
	}
	if err := checkLedger(steps, ledger); err != nil {
		return 0, err
	}
	work, done, err := d.slowPool()
	if err != nil {
		return 0, err
	}
	defer done()
	ran := 0
	for _, s := range steps {
		row, known := ledger[[2]int{s.version, s.number}]
		if known && row.finished {
			continue
		}
		if err := d.runStep(ctx, work, s, known); err != nil {
			return ran, fmt.Errorf("migration %s step %d: %w", s.name, s.number, err)
		}
		ran++
	}
	return ran, nil
}

// Made tells whether the database has a schema, of whatever version.
func (d *DB) Made(ctx context.Context) (bool, error) { return d.HasTable(ctx, "schema_migration") }

// HasTable tells whether the database has a table of this name.
func (d *DB) HasTable(ctx context.Context, name string) (bool, error) {
	query := `SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = ?`
	if d.engine == MySQL {
		query = `SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?`
	}
	var n int
	err := d.QueryRow(ctx, query, name).Scan(&n)
	return n > 0, away(err)
}

type ledgerRow struct {
	checksum string
	finished bool
}

func (d *DB) readLedger(ctx context.Context) (map[[2]int]ledgerRow, error) {
	rows, err := d.pool.QueryContext(ctx, "SELECT version, step, checksum, finished_at FROM schema_migration")
	if err != nil {
		return nil, fmt.Errorf("read migration ledger: %w", err)
	}
	defer rows.Close()
	ledger := map[[2]int]ledgerRow{}
	for rows.Next() {
		var v, n int
		var sum string
		var finished sql.NullInt64
		if err := rows.Scan(&v, &n, &sum, &finished); err != nil {
			return nil, err
		}
		ledger[[2]int{v, n}] = ledgerRow{sum, finished.Valid}
	}
	return ledger, rows.Err()
}

func checkLedger(steps []step, ledger map[[2]int]ledgerRow) error {
	known := map[[2]int]bool{}
	for _, s := range steps {
		key := [2]int{s.version, s.number}
		known[key] = true
		if row, ok := ledger[key]; ok && row.checksum != s.checksum {
			return fmt.Errorf("migration %s step %d differs from the one this database was made with", s.name, s.number)
		}
	}
	for key := range ledger {
		if !known[key] {
			return ErrNewerSchema
		}
	}
	return nil
}

// slowPool gives connections for statements that may take an hour, as changes of large tables do: one that was broken off would be begun anew by every start.
func (d *DB) slowPool() (pool *sql.DB, done func(), err error) {
	if d.slow == nil {
		return d.pool, func() {}, nil
	}
	inner, err := mysql.NewConnector(d.slow)
	if err != nil {
		return nil, nil, fmt.Errorf("open mysql: %w", err)
	}
	pool = sql.OpenDB(connector{inner})
	return pool, func() { _ = pool.Close() }, nil
}

func (d *DB) runStep(ctx context.Context, work *sql.DB, s step, started bool) error {
	now := time.Now().UnixMicro()
	const begin = "INSERT INTO schema_migration (version, step, name, checksum, started_at) VALUES (?, ?, ?, ?, ?)"
	const finish = "UPDATE schema_migration SET finished_at = ? WHERE version = ? AND step = ?"
	if !started {
		if _, err := d.pool.ExecContext(ctx, begin, s.version, s.number, s.name, s.checksum, now); err != nil {
			return err
		}
	}
	if _, err := work.ExecContext(ctx, s.sql); err != nil && !(started && alreadyThere(err)) {
		return err
	}
	_, err := d.pool.ExecContext(ctx, finish, time.Now().UnixMicro(), s.version, s.number)
	return err
}

// alreadyThere tells that a DDL statement found its work done. MySQL: 1050 table, 1060 column, 1061 key, 1826 foreign key;
// 1091 nothing to drop. SQLite has only words for it.
func alreadyThere(err error) bool {
	my, lite := codes(err)
	switch my {
	case 1050, 1060, 1061, 1826, 1091:
		return true
	}
	text := err.Error()
	return lite == 1 && (strings.Contains(text, "already exists") || strings.Contains(text, "duplicate column name") || strings.Contains(text, "no such"))
}

// Exclusive runs fn while no other replica runs one under the same name, and waits up to a minute for its turn. The lock
// ends with the process that holds it. It is for starting up, not for business rules: those have keys and row locks.
func (d *DB) Exclusive(ctx context.Context, name string, fn func() error) error {
	if d.engine == SQLite {
		lock := flock.New(d.path + "." + name)
		waiting, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		if ok, err := lock.TryLockContext(waiting, 20*time.Millisecond); err != nil || !ok {
			return fmt.Errorf("%s lock: %w", name, err)
		}
		defer func() { _ = lock.Unlock() }()
		return fn()
	}
	conn, err := d.pool.Conn(ctx)
	if err != nil {
		return away(err)
	}
	defer conn.Close()
	var got sql.NullInt64
	// A lock of the server by name, released by the server when this connection dies.
	if err := conn.QueryRowContext(ctx, "SELECT GET_LOCK(CONCAT(LEFT(DATABASE(), 40), '/', ?), 60)", name).Scan(&got); err != nil || got.Int64 != 1 {
		return fmt.Errorf("another replica has held the %s lock for more than 60 s: %w", name, errors.Join(err, context.DeadlineExceeded))
	}
	defer func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "DO RELEASE_LOCK(CONCAT(LEFT(DATABASE(), 40), '/', ?))", name)
	}()
	return fn()
}

func readSteps(files fs.FS, engine string) ([]step, error) {
	names, err := fs.Glob(files, engine+"/*.sql")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("no migrations for %s: %w", engine, err)
	}
	sort.Strings(names)
	var steps []step
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		base := strings.TrimSuffix(strings.TrimPrefix(name, engine+"/"), ".sql")
		version, err := strconv.Atoi(strings.SplitN(base, "_", 2)[0])
		if err != nil {
			return nil, fmt.Errorf("migration %s: the name must begin with a number", name)
		}
		for i, stmt := range splitStatements(string(text)) {
			steps = append(steps, step{version, i + 1, base, stmt, fmt.Sprintf("%x", sha256.Sum256([]byte(stmt)))})
		}
	}
	return steps, nil
}

// splitStatements cuts at semicolons that end a line and drops comment lines.
func splitStatements(text string) []string {
	var out []string
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "--") {
			continue
		}
		b.WriteString(line)
		if strings.HasSuffix(strings.TrimRight(line, " \t\r\n"), ";") {
			if s := strings.TrimSuffix(strings.TrimSpace(b.String()), ";"); s != "" {
				out = append(out, s)
			}
			b.Reset()
		}
	}
	if s := strings.TrimSpace(b.String()); s != "" {
		out = append(out, s)
	}
	return out
}
