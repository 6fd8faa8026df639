package db

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"kenshu/fault"
)

// Page asks for part of a list. After is the cursor of the last row already seen ("" for the start); Limit is how many rows.
type Page struct {
	After string
	Limit int
}

// MaxLimit is the most rows one page gives.
const MaxLimit = 500

// Clamp gives the limit to use: 1 to MaxLimit, 50 when unset.
func (p Page) Clamp() int {
	switch {
	case p.Limit <= 0:
		return 50
	case p.Limit > MaxLimit:
		return MaxLimit
	}
	return p.Limit
}

// Cursor packs the sort values of the last row into an opaque text.
func Cursor(values ...string) string {
	b, err := json.Marshal(values)
	if err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// ReadCursor unpacks a cursor of n values; an empty cursor gives nil. A damaged one is fault.Invalid.
func ReadCursor(cursor string, n int) ([]string, error) {
	if cursor == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	var v []string
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	if err != nil || len(v) != n {
		return nil, &fault.Error{Kind: fault.Invalid, Key: "invalid", Fields: []fault.Field{{Path: "after", Key: "cursor"}}, Err: err}
	}
	return v, nil
}

// Cond collects the conditions of a dynamic list: constant SQL with its values. The first condition is always the tenant's.
type Cond struct {
	text []string
	args []any
}

// Where begins with the condition every tenant-owned list has.
func Where(sql string, args ...any) *Cond { return (&Cond{}).And(sql, args...) }

// And adds a condition.
func (c *Cond) And(sql string, args ...any) *Cond {
	c.text = append(c.text, "("+sql+")")
	c.args = append(c.args, args...)
	return c
}

// In adds "column IN (…)"; no values match nothing.
func (c *Cond) In(column string, values []any) *Cond {
	if len(values) == 0 {
		return c.And("1 = 0")
	}
	return c.And(column+" IN ("+Marks(len(values))+")", values...)
}

// SQL gives " WHERE …".
func (c *Cond) SQL() string { return " WHERE " + strings.Join(c.text, " AND ") }

// Also begins conditions that follow a WHERE which names the tenant already: column IN (…). More gives their text.
func Also(column string, values []any) *Cond { return (&Cond{}).In(column, values) }

// More gives " AND …".
func (c *Cond) More() string { return " AND " + strings.Join(c.text, " AND ") }

// Args gives the values, followed by more.
func (c *Cond) Args(more ...any) []any { return append(append([]any{}, c.args...), more...) }

// Marks gives n question marks separated by commas.
func Marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// Like makes a text safe to stand between % in LIKE … ESCAPE '!'.
func Like(s string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s)
}
