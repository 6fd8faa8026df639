package tenant

import (
	"context"

	"kenshu/fault"
	"kenshu/storage/db"
)

// SetStates suspends people or takes them back, one after the other, and answers whose state is another now, so that it can be undone. Whom the actor may not
// change (the manager, oneself) and who left is passed over. It returns fault.NotFound before anything happens when an id is nobody here, fault.Invalid for "left":
// that has a day and is asked for each person.
func (s *People) SetStates(ctx context.Context, tid ID, ids []db.ID, state PersonState) ([]db.ID, error) {
	if state != PersonSuspended && state != PersonActive {
		return nil, &fault.Error{Kind: fault.Invalid, Key: "invalid", Fields: []fault.Field{{Path: "state", Key: "not_in_list"}}}
	}
	people, err := s.some(ctx, tid, s.db, ids)
	if err != nil {
		return nil, err
	}
	changed := []db.ID{}
	for _, p := range people {
		if p.State == state || p.State == PersonLeft {
			continue
		}
		_, err := s.SetState(ctx, tid, p.ID, p.Version, state, "")
		switch {
		case err == nil:
			changed = append(changed, p.ID)
		case !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Forbidden):
			return changed, err
		}
	}
	return changed, nil
}

// ProposeLoginIDs gives login IDs that say nothing about anybody and that nobody of the organisation has.
func (s *People) ProposeLoginIDs(ctx context.Context, tid ID) ([]string, error) {
	const want = 3
	for {
		ids, err := proposeLoginIDs(want)
		if err != nil {
			return nil, err
		}
		keys := make([]any, 0, want)
		for _, id := range ids {
			keys = append(keys, Fold(id))
		}
		var taken int
		cond := db.Where("p.tenant_id = ?", tid).In("p.login_key", keys)
		if err := db.One(s.db.QueryRow(ctx, sqlCountPeopleOnly+cond.SQL(), cond.Args()...).Scan(&taken)); err != nil || taken == 0 {
			return ids, err
		}
	}
}
