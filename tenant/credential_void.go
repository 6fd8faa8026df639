package tenant

import (
	"context"

	"kenshu/fault"
	"kenshu/storage/db"
)

// VoidPeople takes the passwords of people away and ends their sessions, in the caller's transaction: what is done at once when a password may have leaked.
// With since, second factors and recovery codes that they have had since then go as well, or an intruder's would work with the next password. It returns how
// many people lost a factor, fault.NotFound for an id that is nobody here, fault.Forbidden for the manager's account by a deputy, fault.Conflict "own_account".
func (s *SlipBatches) VoidPeople(ctx context.Context, tid ID, tx *db.Tx, ids []db.ID, since db.Time) (int, error) {
	people, err := s.people.some(ctx, tid, tx, ids)
	if err != nil {
		return 0, err
	}
	var with []db.ID
	for _, p := range people {
		if err := mayChange(ctx, p); err != nil {
			return 0, err
		}
		if p.ID == ActorFrom(ctx).Person {
			return 0, fault.New(fault.Conflict, "own_account")
		}
		with = append(with, p.ID)
	}
	if err := s.credentials.Void(ctx, tid, tx, with); err != nil || since.IsZero() {
		return 0, err
	}
	lost, err := s.removeAdded(ctx, tid, tx, with, since)
	return len(lost), err
}
