// Package fault holds the one error type that crosses Kenshu's rooms.
//
// A service returns a *Error whose Kind decides the HTTP status in one place (server/api) and whose Key names
// the sentence the page shows (frontend locales, "error.<Key>"). Every other error is foreign: it is answered
// as Internal and its text never leaves the process.
package fault

import (
	"errors"
	"fmt"
)

// Kind classes an error by what the caller can do about it.
type Kind uint8

// The kinds, with the HTTP status that server/api gives them.
const (
	Internal     Kind = iota // 500: our fault; the text stays in the log
	Invalid                  // 422: the input breaks a rule; Fields say which and why
	Unauthorized             // 401: no session, or it ended
	Forbidden                // 403: the session is good, the right is missing (own tenant only)
	NotFound                 // 404: does not exist, or belongs to another tenant: same bytes
	Conflict                 // 409: the state changed underneath, or a unique value is taken
	Gone                     // 410: was there, expired by its own rule (one-time link, upload)
	TooLarge                 // 413: over a documented size
	Limited                  // 429: a budget is used up; Args["retry_after"] is whole seconds
	StepUp                   // 403 with key "step_up": confirm who you are first
	Unavailable              // 503: a part we need is away; try again
)

// Field is one wrong input: where it is and what to do about it.
type Field struct {
	Path string         // JSON path or column name, e.g. "login_id", "questions[3].choices", "row 12 / 氏名"
	Key  string         // i18n key under "error."
	Args map[string]any // values for the sentence; never a secret
}

// Error is what services return when something is wrong in a way the caller can know about.
type Error struct {
	Kind   Kind
	Key    string
	Args   map[string]any
	Fields []Field
	Err    error // the cause, for the log only
}

// Error gives the text for logs; people see the sentence behind Key.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %v", e.Key, e.Err)
	}
	return e.Key
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// New makes an Error with alternating argument names and values.
func New(kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: pairs(args)}
}

// Wrap is New with the cause kept for the log.
func Wrap(err error, kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: pairs(args), Err: err}
}

// KindOf tells the kind of err; a foreign error is Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is tells whether err carries kind.
func Is(err error, kind Kind) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == kind
}

// Final tells that repeating would not change err: it is about what was asked, or about who asked. A job that meets it ends and says why; any other error is met
// by trying again.
func Final(err error) bool {
	switch KindOf(err) {
	case Invalid, Forbidden, NotFound, Conflict, Gone, TooLarge:
		return true
	}
	return false
}

func pairs(args []any) map[string]any {
	if len(args) == 0 {
		return nil
	}
	if len(args)%2 != 0 {
		panic("fault: odd number of arguments")
	}
	m := make(map[string]any, len(args)/2)
	for i := 0; i < len(args); i += 2 {
		name, ok := args[i].(string)
		if !ok {
			panic("fault: argument name must be a string")
		}
		m[name] = args[i+1]
	}
	return m
}

// Check collects field faults, so that one answer names everything that is wrong.
// The zero value is ready to use.
type Check struct{ fields []Field }

// Add records that path is wrong for the reason key.
func (c *Check) Add(path, key string, args ...any) {
	c.fields = append(c.fields, Field{Path: path, Key: key, Args: pairs(args)})
}

// AddField records a fault that was made elsewhere.
func (c *Check) AddField(f Field) { c.fields = append(c.fields, f) }

// If records path as wrong when bad holds.
func (c *Check) If(bad bool, path, key string, args ...any) {
	if bad {
		c.Add(path, key, args...)
	}
}

// Err is nil when nothing was recorded, else one Invalid error with every field.
func (c *Check) Err() error {
	if len(c.fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Key: "invalid", Fields: c.fields}
}

// Fields gives what was recorded so far.
func (c *Check) Fields() []Field { return c.fields }
