package tenant

import (
	"context"

	"kenshu/fault"
	"kenshu/storage/db"
)

// VoidPeople takes the passwords of people away and ends their sessions, in the caller's transaction: what is done at once when a password may have leaked. It
// returns fault.NotFound for an id that is nobody here, fault.Forbidden for the manager's account by a deputy, fault.Conflict "own_account".
func (s *SlipBatches) VoidPeople(ctx context.Context, tid ID, tx *db.Tx, ids []db.ID) error {
	people, err := s.people.some(ctx, tid, tx, ids)
	if err != nil {
		return err
	}
	var with []db.ID
	for _, p := range people {
		if err := mayChange(ctx, p); err != nil {
			return err
		}
		if p.ID == ActorFrom(ctx).Person {
			return fault.New(fault.Conflict, "own_account")
		}
		with = append(with, p.ID)
	}
	return s.credentials.Void(ctx, tid, tx, with)
}
