package tenant

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"kenshu/fault"
	"kenshu/storage/db"
)

// MaxPersonValue is the longest value of an own field, in characters.
const MaxPersonValue = 200

var plainNumber = regexp.MustCompile(`^([+-]?)0*(\d{1,15})(?:\.(\d{1,6}))?$`)

// Read brings what a form or a file says into the form in which the field keeps it: a number without separators and idle zeros, a day as YYYY-MM-DD
// (any way lists write it), a choice as it stands in the field. "" stays "" and means nothing. What does not fit is a field fault with the path given.
func (f PersonField) Read(path, text string) (string, *fault.Field) {
	text = Tidy(text)
	wrong := func(key string, args ...any) (string, *fault.Field) {
		return "", &fault.Field{Path: path, Key: key, Args: fault.New(fault.Invalid, key, args...).Args}
	}
	switch {
	case text == "":
		return "", nil
	case utf8.RuneCountInString(text) > MaxPersonValue:
		return wrong("too_long", "max", MaxPersonValue)
	}
	switch f.Kind {
	case FieldNumber:
		if n, ok := readNumber(text); ok {
			return n, nil
		}
		return wrong("not_a_number")
	case FieldDate:
		if day, ok := readDate(text); ok {
			return day, nil
		}
		return wrong("date")
	case FieldChoice:
		at := slices.IndexFunc(f.Choices, func(c string) bool { return Fold(c) == Fold(text) })
		if at < 0 {
			return wrong("not_in_list")
		}
		return f.Choices[at], nil
	}
	return text, nil
}

// Key is the form by which people with a value are found and attribute rules compare.
func (f PersonField) Key(value string) string { return Clip(Fold(value), MaxPersonValue) }

// readNumber reads 1,234.50 and １２３４．５ alike.
func readNumber(text string) (string, bool) {
	m := plainNumber.FindStringSubmatch(strings.ReplaceAll(strings.ReplaceAll(norm.NFKC.String(text), ",", ""), " ", ""))
	if m == nil {
		return "", false
	}
	n := m[2]
	if part := strings.TrimRight(m[3], "0"); part != "" {
		n += "." + part
	}
	if m[1] == "-" && n != "0" {
		n = "-" + n
	}
	return n, true
}

// readFields brings the own fields of the input into their form and names what is wrong under "fields.<id>".
func (in *PersonInput) readFields(c *fault.Check, fields []PersonField) {
	kept := make(map[db.ID]string, len(in.Fields))
	for _, id := range slices.SortedFunc(maps.Keys(in.Fields), compareID) {
		at := slices.IndexFunc(fields, func(f PersonField) bool { return f.ID == id })
		if at < 0 {
			c.Add("fields", "not_found")
			continue
		}
		value, wrong := fields[at].Read("fields."+id.String(), in.Fields[id])
		if wrong != nil {
			c.AddField(*wrong)
			continue
		}
		kept[id] = value
	}
	in.Fields = kept
}

// withFields is the input with what old says in the fields that the input does not mention: those stay as they are.
func (in PersonInput) withFields(old map[db.ID]string) PersonInput {
	all := maps.Clone(old)
	if all == nil {
		all = map[db.ID]string{}
	}
	for id, value := range in.Fields {
		if all[id] = value; value == "" {
			delete(all, id)
		}
	}
	in.Fields = all
	return in
}

// setFields writes the values that differ. The foreign key keeps each field from then on, so that what was read of it before is still true or is
// fault.Conflict "changed_meanwhile".
func (s *People) setFields(ctx context.Context, tid ID, tx *db.Tx, id db.ID, fields []PersonField, old, want map[db.ID]string) error {
	var rows [][]any
	for _, f := range fields {
		value := want[f.ID]
		if value == old[f.ID] {
			continue
		}
		if value == "" {
			if _, err := tx.Exec(ctx, sqlClearPersonValue, tid, id, f.ID); err != nil {
				return err
			}
			continue
		}
		rows = append(rows, []any{tid, id, f.ID, value, f.Key(value)})
	}
	if len(rows) == 0 {
		return nil
	}
	if err := tx.UpsertMany(ctx, sqlInsertPersonValues, rowInsertPersonValues, keysPersonValues, columnsPersonValues, rows); err != nil {
		return err
	}
	now, err := ReadPersonFields(ctx, tid, tx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		at := slices.IndexFunc(now, func(f PersonField) bool { return f.ID == row[2] })
		if at < 0 || now[at].Kind == FieldChoice && !slices.Contains(now[at].Choices, row[3].(string)) {
			return fault.New(fault.Conflict, "changed_meanwhile")
		}
	}
	return nil
}
