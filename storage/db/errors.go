package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"net"
	"strings"

	"github.com/go-sql-driver/mysql"
	"modernc.org/sqlite"

	"kenshu/fault"
)

// SQLite result codes (https://www.sqlite.org/rescode.html) and MySQL/MariaDB error numbers
// (https://mariadb.com/kb/en/mariadb-error-codes/) that we tell apart.
const (
	sqliteBusy, sqliteLocked, sqliteFull, sqliteIOErr, sqliteReadOnly, sqliteCantOpen = 5, 6, 13, 10, 8, 14
	sqliteUnique, sqlitePrimaryKey, sqliteForeignKey, sqliteRowID                     = 2067, 1555, 787, 2579

	mysqlDuplicate, mysqlDuplicateName                             = 1062, 1586
	mysqlDeadlock, mysqlLockTimeout, mysqlRecordChanged            = 1213, 1205, 1020
	mysqlNoParent, mysqlHasChildren                                = 1452, 1451
	mysqlTooManyConns, mysqlShutdown, mysqlReadOnly, mysqlQueryInt = 1040, 1053, 1290, 1317
	mysqlDiskFull, mysqlTableFull, mysqlNoTempFile                 = 1021, 1114, 1878
)

const keyFull = "database_full"

func codes(err error) (my uint16, lite int) {
	var m *mysql.MySQLError
	if errors.As(err, &m) {
		my = m.Number
	}
	var s *sqlite.Error
	if errors.As(err, &s) {
		lite = s.Code()
	}
	return my, lite
}

// discreet takes the value out of what MySQL and MariaDB say of one that they refuse: it may be a name or a login ID, which has no business in a log or on the operator's
// page. What is left names the key or column. It must see an error before anybody quotes it.
func discreet(err error) error {
	var m *mysql.MySQLError
	if !errors.As(err, &m) {
		return err
	}
	for _, of := range []string{" for key ", " for column "} {
		head, _, quotes := strings.Cut(m.Message, "'")
		if at := strings.LastIndex(m.Message, of); quotes && at > len(head) {
			m.Message = head + "…" + m.Message[at:]
			break
		}
	}
	return err
}

// IsDuplicate tells that a unique key was taken.
func IsDuplicate(err error) bool {
	my, lite := codes(err)
	return my == mysqlDuplicate || my == mysqlDuplicateName || lite == sqliteUnique || lite == sqlitePrimaryKey || lite == sqliteRowID
}

// IsDuplicateOf tells that the unique key called name was taken. Both engines say which only in words: MySQL and MariaDB end theirs with the
// key's name, SQLite lists the key's columns, of which column is one. The refused value, which MySQL repeats, is not looked at.
func IsDuplicateOf(err error, name, column string) bool {
	if !IsDuplicate(err) {
		return false
	}
	var m *mysql.MySQLError
	if errors.As(err, &m) {
		return strings.HasSuffix(m.Message, "'"+name+"'") || strings.HasSuffix(m.Message, "."+name+"'")
	}
	text := err.Error()
	return strings.Contains(text, "."+column+" ") || strings.Contains(text, "."+column+",") || strings.HasSuffix(text, "."+column)
}

// IsReference tells that a foreign key does not hold: the parent is missing, or children still point here.
func IsReference(err error) bool {
	my, lite := codes(err)
	return my == mysqlNoParent || my == mysqlHasChildren || lite == sqliteForeignKey
}

func retryable(err error) bool {
	my, lite := codes(err)
	return my == mysqlDeadlock || my == mysqlLockTimeout || my == mysqlRecordChanged || lite&0xff == sqliteBusy || lite&0xff == sqliteLocked
}

// full tells that there is no room to write. Where neither server has a number for it, both quote the operating system's (ENOSPC, 28).
func full(err error) bool {
	my, lite := codes(err)
	if my == mysqlDiskFull || my == mysqlTableFull || my == mysqlNoTempFile || lite&0xff == sqliteFull {
		return true
	}
	var m *mysql.MySQLError
	return errors.As(err, &m) && (strings.Contains(m.Message, "No space left on device") || strings.Contains(m.Message, "rror 28"))
}

// away marks errors that mean "the database is not there" or "it is full" as fault.Unavailable and leaves all others alone.
func away(err error) error {
	if err == nil {
		return nil
	}
	var f *fault.Error
	if errors.As(err, &f) {
		return err
	}
	my, lite := codes(err)
	var netErr net.Error
	switch {
	case full(err):
		return fault.Wrap(err, fault.Unavailable, keyFull)
	case errors.Is(err, driver.ErrBadConn), errors.Is(err, mysql.ErrInvalidConn), errors.As(err, &netErr) && !errors.Is(err, context.Canceled),
		my == mysqlTooManyConns, my == mysqlShutdown, my == mysqlReadOnly, my == mysqlQueryInt, my == mysqlLockTimeout, my == mysqlDeadlock,
		lite&0xff == sqliteBusy, lite&0xff == sqliteIOErr, lite&0xff == sqliteReadOnly, lite&0xff == sqliteCantOpen:
		return fault.Wrap(err, fault.Unavailable, "database_away")
	}
	return err
}
