// Package db opens the database and hides the few differences between MySQL/MariaDB and SQLite.
//
// It is the only package that opens a database. Every query is one SQL text for both engines; what differs is here:
// opening, transactions with retry, row locks, upsert, telling errors apart by number, and the migration lock.
// It knows no business word.
package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"modernc.org/sqlite" // pure Go

	"kenshu/fault"
)

// Engine is the kind of database behind a DB.
type Engine string

// The engines.
const (
	MySQL  Engine = "mysql" // MySQL 8.4 and MariaDB 10.11 or newer
	SQLite Engine = "sqlite"
)

// Limits of the connections to a database, in words in README.md.
const (
	ConnsMySQL  = 24 // open at once, a process
	ConnsSQLite = 8
	DialTime    = 5 * time.Second // to connect to MySQL
	AnswerTime  = time.Minute     // for the answer to a statement there
	ConnIdle    = 5 * time.Minute // for which an unused connection is kept
	ConnLife    = 30 * time.Minute
	BusyTime    = 10 * time.Second // for which SQLite waits for another writer
	Tries       = 10               // of a transaction that another one stands in the way of
	JobsAtOnce  = 4                // background work, a process
	JobTime     = time.Hour        // for one job
)

// Config says which database to open.
type Config struct {
	URL        string // mysql://user:password@host:3306/name; empty means SQLite
	SQLitePath string // file of the embedded mode
	MaxConns   int    // open connections at most; 0 means ConnsMySQL or ConnsSQLite
}

// DB is an open database. Safe for concurrent use.
type DB struct {
	pool   *sql.DB
	engine Engine
	path   string        // the SQLite file, for the migration lock
	slow   *mysql.Config // of connections that wait for a statement as long as it takes; nil on SQLite, where all do
	writer writer
	full   fault.Recent // writes that found no room
}

// Runner runs queries: a *DB for single statements, a *Tx inside a transaction. Data methods that only read take either.
type Runner interface {
	Exec(ctx context.Context, query string, args ...any) (sql.Result, error)
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *sql.Row
}

// Open opens the database and checks that it answers. It answers fault.Unavailable when it does not.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	d, err := open(cfg)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		err := d.pool.PingContext(ctx)
		if err == nil {
			return d, nil
		}
		// Processes that open a new SQLite file at the same moment meet while one of them sets the journal's mode: that does not wait as statements do.
		if !retryable(err) || ctx.Err() != nil {
			_ = d.pool.Close()
			return nil, fmt.Errorf("open database: %w", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func open(cfg Config) (*DB, error) {
	if cfg.URL != "" {
		return openMySQL(cfg)
	}
	q := url.Values{}
	q.Set("_txlock", "immediate") // without it concurrent read-then-write transactions fail instead of waiting
	for _, p := range []string{fmt.Sprintf("busy_timeout(%d)", BusyTime.Milliseconds()), "journal_mode(WAL)", "foreign_keys(1)", "synchronous(FULL)", "cache_size(-16000)", "temp_store(2)"} {
		q.Add("_pragma", p)
	}
	// SQLite would let everybody on the machine read it. One that is there is left alone: it may lie on a disk that can only be read any more.
	if _, err := os.Stat(cfg.SQLitePath); errors.Is(err, fs.ErrNotExist) {
		f, err := os.OpenFile(cfg.SQLitePath, os.O_RDWR|os.O_CREATE, 0o600)
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			return nil, fmt.Errorf("open database: %w", err)
		}
	}
	inner, err := sqlite.NewConnector("file:" + (&url.URL{Path: cfg.SQLitePath}).EscapedPath() + "?" + q.Encode())
	if err != nil {
		return nil, fmt.Errorf("open sqlite: %w", err)
	}
	pool := sql.OpenDB(keepingConnector{inner})
	conns := cfg.MaxConns
	if conns == 0 {
		conns = ConnsSQLite
	}
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	return &DB{pool: pool, engine: SQLite, path: cfg.SQLitePath, writer: make(writer, 1)}, nil
}

func openMySQL(cfg Config) (*DB, error) {
	dsn, err := MySQLConfig(cfg.URL)
	if err != nil {
		return nil, err
	}
	inner, err := mysql.NewConnector(dsn)
	if err != nil {
		return nil, fmt.Errorf("open mysql: %w", err)
	}
	pool := sql.OpenDB(connector{inner})
	conns := cfg.MaxConns
	if conns == 0 {
		conns = ConnsMySQL
	}
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	pool.SetConnMaxIdleTime(ConnIdle)
	pool.SetConnMaxLifetime(ConnLife)
	slow := dsn.Clone()
	slow.ReadTimeout = 0
	return &DB{pool: pool, engine: MySQL, slow: slow}, nil
}

// MySQLConfig turns a mysql:// URL into the driver's settings. The error never repeats the password.
func MySQLConfig(raw string) (*mysql.Config, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "mysql" || u.Host == "" || strings.Trim(u.Path, "/") == "" {
		return nil, errors.New("the database URL must look like mysql://user:password@host:3306/name")
	}
	c := mysql.NewConfig()
	c.Net, c.Addr, c.DBName = "tcp", u.Host, strings.Trim(u.Path, "/")
	if u.Port() == "" {
		c.Addr = u.Hostname() + ":3306"
	}
	c.User = u.User.Username()
	c.Passwd, _ = u.User.Password()
	c.ParseTime, c.Loc, c.ClientFoundRows, c.InterpolateParams = true, time.UTC, true, true
	c.MultiStatements = false
	// With its default of 200 the server guesses what a longer list of ids finds, and then may read the whole organisation for 500 people.
	// MySQL would cut a list of one row's parts off after 1,024 characters and say so in a warning only; MariaDB takes a megabyte of itself.
	c.Params = map[string]string{"eq_range_index_dive_limit": "1000", "group_concat_max_len": "1048576"}
	c.Timeout, c.ReadTimeout, c.WriteTimeout = DialTime, AnswerTime, AnswerTime
	c.Collation = "utf8mb4_bin"
	switch tls := u.Query().Get("tls"); tls {
	case "", "false":
	case "true":
		c.TLSConfig = tls
	default: // the driver knows ways that look at no certificate
		return nil, errors.New("the database URL's tls must be true or false")
	}
	c.Logger = quiet{}
	return c, nil
}

type quiet struct{}

// Print drops what the driver would say on its own: errors come back as errors.
func (quiet) Print(...any) {}

// connector sets what every connection needs. READ COMMITTED, because the application locks what it decides on and
// MariaDB from 11.6 on answers error 1020 under REPEATABLE READ.
type connector struct{ driver.Connector }

var sessionSettings = []string{
	"SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
	"SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
	"SET SESSION time_zone = '+00:00'",
}

// Connect opens one connection with the session's settings.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	ex, ok := conn.(driver.ExecerContext)
	if !ok {
		return nil, errors.New("mysql driver cannot execute")
	}
	for _, s := range sessionSettings {
		if _, err := ex.ExecContext(ctx, s, nil); err != nil {
			_ = conn.Close()
			return nil, err
		}
	}
	return conn, nil
}

// writer lets this process's writers of an SQLite file in one after the other. SQLite itself would let them poll with growing pauses, which
// leaves the file idle and keeps connections from readers. Other processes wait by SQLite's own means. MySQL has none (nil).
type writer chan struct{}

// enter waits for its turn and gives what ends it. After BusyTime, or when ctx ends, it leaves the decision to SQLite.
func (w writer) enter(ctx context.Context) (leave func()) {
	if w == nil {
		return func() {}
	}
	select {
	case w <- struct{}{}:
		return func() { <-w }
	default:
	}
	timer := time.NewTimer(BusyTime)
	defer timer.Stop()
	select {
	case w <- struct{}{}:
		return func() { <-w }
	case <-ctx.Done():
	case <-timer.C:
	}
	return func() {}
}

// Engine tells which engine is behind d.
func (d *DB) Engine() Engine { return d.engine }

// Close closes all connections.
func (d *DB) Close() error { return d.pool.Close() }

// Ping answers fault.Unavailable when the database does not answer within two seconds.
func (d *DB) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	var one int
	return away(d.pool.QueryRowContext(ctx, "SELECT 1").Scan(&one))
}

// note remembers that a write found no room.
func (d *DB) note(err error) error {
	var f *fault.Error
	if errors.As(err, &f) && f.Key == keyFull {
		d.full.Note()
	}
	return err
}

// Full tells that the database had no room for a write within the last minute. What is there can still be read.
func (d *DB) Full() bool { return d.full.Within(fullFor) }

// fullFor is how long a write that found no room is remembered: while something is full, background work alone meets it more often.
const fullFor = time.Minute

// Stats gives the pool's figures for the metrics page.
func (d *DB) Stats() sql.DBStats { return d.pool.Stats() }

// Raw gives the pool to migrations, backup and tests; no data method uses it.
func (d *DB) Raw() *sql.DB { return d.pool }

// Exec runs a statement outside a transaction.
func (d *DB) Exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	trace(ctx, query, args, false, false)
	defer d.writer.enter(ctx)()
	r, err := d.pool.ExecContext(ctx, query, args...)
	return r, d.note(away(discreet(err)))
}

// Query runs a query outside a transaction.
func (d *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	trace(ctx, query, args, true, false)
	r, err := d.pool.QueryContext(ctx, query, args...)
	return r, away(err)
}

// QueryRow runs a query for one row; errors come from Scan, pass them through One.
func (d *DB) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	trace(ctx, query, args, true, false)
	return d.pool.QueryRowContext(ctx, query, args...)
}

// One turns Scan's error of a single-row query into a fault: no row is NotFound, a lost server Unavailable.
func One(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "not_found")
	}
	return away(err)
}
