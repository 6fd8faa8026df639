package api

import (
	"context"

	"kenshu/storage/db"
)

// Repeatable is the header of a write that a client may send again without its happening twice.
type Repeatable struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"200" doc:"the same key from the same person is the same write"`
}

// newID gives the id of what the write makes: new, or for a given key always the same, so that the primary key refuses the repeat.
func (r Repeatable) newID(ctx context.Context, operation string) db.ID {
	if r.IdempotencyKey == "" {
		return db.NewID()
	}
	return db.IDFrom(operation, caller(ctx).Person.String(), r.IdempotencyKey)
}
