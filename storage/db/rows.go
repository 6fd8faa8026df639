package db

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Rows yields every row of t in the order of its primary key, with memory for one row at a time, and at most one error, last. On a Snapshot it is one moment's truth.
func (t Table) Rows(ctx context.Context, r Runner) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		rows, err := r.Query(ctx, "SELECT "+t.columnList()+" FROM "+t.Name+" ORDER BY "+strings.Join(t.Key, ", "))
		if err != nil {
			yield(nil, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			row, err := t.scan(rows)
			if err != nil {
				yield(nil, fmt.Errorf("read %s: %w", t.Name, err))
				return
			}
			if !yield(row, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, away(fmt.Errorf("read %s: %w", t.Name, err)))
		}
	}
}

func (t Table) columnList() string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}

func (t Table) scan(rows *sql.Rows) ([]any, error) {
	row, targets := make([]any, len(t.Columns)), make([]any, len(t.Columns))
	for i := range row {
		targets[i] = &row[i]
	}
	if err := rows.Scan(targets...); err != nil {
		return nil, err
	}
	for i, c := range t.Columns {
		v, err := c.value(row[i])
		if err != nil {
			return nil, err
		}
		row[i] = v
	}
	return row, nil
}

// value brings what a driver gave into the one form of the column's kind: nil, int64, string or []byte.
func (c Column) value(v any) (any, error) {
	switch raw := v.(type) {
	case nil:
		return nil, nil //nolint:nilnil // NULL
	case int64:
		if c.Kind == KindInteger {
			return raw, nil
		}
	case string:
		return c.value([]byte(raw))
	case []byte:
		switch c.Kind {
		case KindInteger:
			return strconv.ParseInt(string(raw), 10, 64)
		case KindBytes:
			return raw, nil
		case KindText:
			if utf8.Valid(raw) {
				return string(raw), nil
			}
			return nil, fmt.Errorf("column %s holds text that is not UTF-8", c.Name)
		}
	}
	return nil, fmt.Errorf("column %s holds %T where %s is expected", c.Name, v, c.Kind)
}

// Line writes a row as one line of JSON: an array with a number, a text, base64 of bytes or null for every column.
func (t Table) Line(row []any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	out := make([]any, len(row))
	for i, v := range row {
		if raw, ok := v.([]byte); ok {
			v = base64.StdEncoding.EncodeToString(raw)
		}
		out[i] = v
	}
	err := enc.Encode(out)
	return b.Bytes(), err
}

// ParseLine reads what Line wrote.
func (t Table) ParseLine(line []byte) ([]any, error) {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.UseNumber()
	var row []any
	if err := dec.Decode(&row); err != nil {
		return nil, fmt.Errorf("row of %s: %w", t.Name, err)
	}
	if len(row) != len(t.Columns) {
		return nil, fmt.Errorf("row of %s has %d values, not %d", t.Name, len(row), len(t.Columns))
	}
	for i, c := range t.Columns {
		v, err := c.parse(row[i])
		if err != nil {
			return nil, fmt.Errorf("row of %s: column %s: %w", t.Name, c.Name, err)
		}
		row[i] = v
	}
	return row, nil
}

func (c Column) parse(v any) (any, error) {
	switch raw := v.(type) {
	case nil:
		return nil, nil //nolint:nilnil // NULL
	case json.Number:
		if c.Kind == KindInteger {
			return raw.Int64()
		}
	case string:
		switch c.Kind {
		case KindText:
			return raw, nil
		case KindBytes:
			return base64.StdEncoding.DecodeString(raw)
		}
	}
	return nil, errors.New("the value is not of the column's kind")
}

// RowSum counts rows and digests their lines.
type RowSum struct {
	Rows   int64
	digest hash.Hash
}

// NewRowSum begins at no row.
func NewRowSum() *RowSum { return &RowSum{digest: sha256.New()} }

// Add takes one line.
func (s *RowSum) Add(line []byte) {
	s.Rows++
	s.digest.Write(line)
}

// SHA256 is the digest of all lines so far.
func (s *RowSum) SHA256() string { return hex.EncodeToString(s.digest.Sum(nil)) }

// Sum reads the whole table.
func (t Table) Sum(ctx context.Context, r Runner) (*RowSum, error) {
	sum := NewRowSum()
	for row, err := range t.Rows(ctx, r) {
		if err != nil {
			return nil, err
		}
		line, err := t.Line(row)
		if err != nil {
			return nil, err
		}
		sum.Add(line)
	}
	return sum, nil
}

// SameColumns tells whether other has the same columns and key, in whatever engine.
func (t Table) SameColumns(other Table) bool {
	return t.Name == other.Name && slices.Equal(t.Columns, other.Columns) && slices.Equal(t.Key, other.Key)
}
