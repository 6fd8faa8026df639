package tenant

import (
	"context"

	"kenshu/fault"
	"kenshu/storage/db"
)

// actAs lets a job act as the person who asked for it.
func actAs(ctx context.Context, tid ID, r db.Runner, person db.ID, role string) (context.Context, error) {
	var name string
	err := db.One(r.QueryRow(ctx, sqlActorName, tid, person).Scan(&name))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return ctx, err
	}
	return WithActor(ctx, Actor{Kind: "person", Tenant: tid, Person: person, Name: name, Role: role}), nil
}

// mayStill tells whether somebody who asked a job for passwords takes part and holds the role in which they asked: fault.Forbidden when not.
func mayStill(ctx context.Context, tid ID, r db.Runner, person db.ID, role string) error {
	holds := role == ""
	if err := each(ctx, r, sqlTokenMaker, []any{tid, person}, func(scan func(...any) error) error {
		var held string
		err := scan(&held)
		holds = holds || held == role
		return err
	}); err != nil {
		return err
	}
	if !holds {
		return fault.New(fault.Forbidden, "not_allowed")
	}
	return nil
}
