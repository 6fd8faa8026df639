package tenant

import (
	"context"
	"fmt"

	"kenshu/storage/db"
)

const (
	sqlPersonFields      = `SELECT id, name, kind, choices, position, version FROM person_field WHERE tenant_id = ? ORDER BY position, id`
	sqlLockPersonFields  = `SELECT id FROM organisation WHERE tenant_id = ?`
	sqlLockPersonField   = `SELECT version FROM person_field WHERE tenant_id = ? AND id = ?`
	sqlInsertPersonField = `INSERT INTO person_field (tenant_id, id, name, name_key, kind, choices, position, created_at, updated_at) VALUES`
	rowInsertPersonField = `(?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlUpdatePersonField = `UPDATE person_field SET name = ?, name_key = ?, choices = ?, updated_at = ?, version = version + 1 WHERE tenant_id = ? AND id = ?`
	sqlPlacePersonField  = `UPDATE person_field SET position = ? WHERE tenant_id = ? AND id = ? AND position <> ?`
	sqlDeletePersonField = `DELETE FROM person_field WHERE tenant_id = ? AND id = ?`

	sqlCountPersonValues  = `SELECT value, COUNT(*) FROM person_value WHERE tenant_id = ? AND field_id = ? GROUP BY value`
	sqlCountPersonField   = `SELECT COUNT(*) FROM person_value WHERE tenant_id = ? AND field_id = ?`
	sqlRenamePersonValue  = `UPDATE person_value SET value = ?, value_key = ? WHERE tenant_id = ? AND field_id = ? AND value = ?`
	sqlDropPersonValue    = `DELETE FROM person_value WHERE tenant_id = ? AND field_id = ? AND value = ?`
	sqlDropPersonValues   = `DELETE FROM person_value WHERE tenant_id = ? AND field_id = ?`
	sqlClearPersonValue   = `DELETE FROM person_value WHERE tenant_id = ? AND person_id = ? AND field_id = ?`
	sqlPeopleValues       = `SELECT v.person_id, v.field_id, v.value FROM person_value v`
	sqlInsertPersonValues = `INSERT INTO person_value (tenant_id, person_id, field_id, value, value_key) VALUES`
	rowInsertPersonValues = `(?, ?, ?, ?, ?)`
	keysPersonValues      = `tenant_id, person_id, field_id`
	columnsPersonValues   = `value, value_key`
	condFieldIs           = `EXISTS (SELECT 1 FROM person_value v WHERE v.tenant_id = ? AND v.field_id = ? AND v.value_key = ? AND v.person_id = p.id)`
)

// ReadPersonFields gives the organisation's own fields in their order, in one query.
func ReadPersonFields(ctx context.Context, tid ID, r db.Runner) ([]PersonField, error) {
	list := []PersonField{}
	err := db.Each(ctx, r, sqlPersonFields, []any{tid}, func(scan func(...any) error) error {
		f := PersonField{}
		choices := db.JSON[[]string]{}
		err := scan(&f.ID, &f.Name, &f.Kind, &choices, &f.Position, &f.Version)
		f.Choices = choices.V
		list = append(list, f)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read person fields: %w", err)
	}
	return list, nil
}

// ReadPersonValues gives what the own fields say about people, in one query for every 500 of them. People without any are absent.
func ReadPersonValues(ctx context.Context, tid ID, r db.Runner, people []db.ID) (map[db.ID]map[db.ID]string, error) {
	const batch = 500
	values := map[db.ID]map[db.ID]string{}
	for from := 0; from < len(people); from += batch {
		cond := db.Where("v.tenant_id = ?", tid).In("v.person_id", db.Args(people[from:min(from+batch, len(people))]))
		if err := db.Each(ctx, r, sqlPeopleValues+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
			var person, field db.ID
			var value string
			err := scan(&person, &field, &value)
			if values[person] == nil {
				values[person] = map[db.ID]string{}
			}
			values[person][field] = value
			return err
		}); err != nil {
			return nil, fmt.Errorf("read person values: %w", err)
		}
	}
	return values, nil
}
