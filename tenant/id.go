// Package tenant knows who: organisations, people, departments, credentials, sessions, rights and the audit log.
//
// Every data method of every room takes a tenant.ID as its second parameter. An ID can be made in two ways only: the
// session resolver makes it from a session, and System makes it, with a reason, for work that no person does.
package tenant

import (
	"database/sql/driver"
	"errors"
)

// ID says whose data a method may touch. The zero ID is refused before any SQL runs.
type ID struct{ n int64 }

// ErrNoTenant is what a query with the zero ID fails with.
var ErrNoTenant = errors.New("no tenant: the zero tenant.ID reached a query")

// System makes an ID for work done by the system itself (a job, a command, a public code's resolver). reason stands in the
// code for its readers; a test holds the list of callers.
func System(n int64, reason string) ID {
	if reason == "" {
		panic("tenant.System needs a reason")
	}
	return ID{n}
}

// IsZero tells whether id was never set.
func (id ID) IsZero() bool { return id.n == 0 }

// Number is what jobs carry through the job table; it never leaves the process otherwise.
func (id ID) Number() int64 { return id.n }

// Value gives the number to the database and refuses the zero ID.
func (id ID) Value() (driver.Value, error) {
	if id.n <= 0 {
		return nil, ErrNoTenant
	}
	return id.n, nil
}

// String hides the number: it is never shown.
func (id ID) String() string { return "tenant" }

// MarshalJSON refuses: a tenant number never leaves the process.
func (id ID) MarshalJSON() ([]byte, error) { return nil, errors.New("tenant.ID is not for JSON") }
