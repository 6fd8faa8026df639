package tenant

import (
	"context"

	"kenshu/fault"
	"kenshu/storage/db"
)

// mandate is who asked for a job, as the job remembers it. What a person ordered is done only while they may still order it (ASVS 8.3.3).
type mandate struct {
	Person db.ID  `json:"person,omitzero"` // zero: the system
	Role   string `json:"role,omitempty"`
	Epoch  int64  `json:"epoch,omitempty"` // of their sessions when they ordered, and one; 0 is not known: an order of an older version
	Token  db.ID  `json:"token,omitzero"`  // the API token by which a program ordered
}

// mandateOf tells who orders in ctx.
func mandateOf(ctx context.Context, tid ID, r db.Runner) (mandate, error) {
	who := ActorFrom(ctx)
	o := mandate{Person: who.Person, Role: who.Role, Token: who.Token}
	if o.Person.IsZero() {
		return o, nil
	}
	err := db.One(r.QueryRow(ctx, sqlJoinEpoch, tid, o.Person).Scan(&o.Epoch))
	o.Epoch++
	if fault.Is(err, fault.NotFound) {
		return o, nil // nobody of this organisation: the job will refuse them
	}
	return o, err
}

// actAs lets a job act as the person who asked for it.
func actAs(ctx context.Context, tid ID, r db.Runner, person db.ID, role string) (context.Context, error) {
	var name string
	err := db.One(r.QueryRow(ctx, sqlActorName, tid, person).Scan(&name))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return ctx, err
	}
	return WithActor(ctx, Actor{Kind: "person", Tenant: tid, Person: person, Name: name, Role: role}), nil
}

func errOrdererGone() error { return fault.New(fault.Forbidden, "orderer_gone") }

// mayStill tells whether somebody who asked for a job takes part and holds the role in which they asked, and whether the token by which a program asked was not
// revoked: fault.Forbidden "orderer_gone" when not. In the transaction that does the work it is asked with tx.Locking(), so that a demotion comes before or after.
func mayStill(ctx context.Context, tid ID, r db.Runner, o mandate) error {
	if o.Person.IsZero() || o.Role == "" {
		return nil
	}
	holds := false
	if err := db.Each(ctx, r, sqlTokenMaker, []any{tid, o.Person}, func(scan func(...any) error) error {
		var held Role
		err := scan(&held)
		maker := o.Role == string(RoleImportToken) && (held == RoleManager || held == RoleDeputyManager)
		holds = holds || string(held) == o.Role || maker
		return err
	}); err != nil {
		return err
	}
	if holds && !o.Token.IsZero() {
		var name string
		var revoked db.Time
		err := db.One(r.QueryRow(ctx, sqlLockAPIToken, tid, o.Token).Scan(&name, &revoked))
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		holds = err == nil && revoked.IsZero()
	}
	if !holds {
		return errOrdererGone()
	}
	return nil
}

// mayStill is the look before a job begins: also whether the person was signed out everywhere since they ordered, as on a suspicion, and did not log in again.
// A log-out or the end of one session ends no job.
func (s *Sessions) mayStill(ctx context.Context, tid ID, o mandate) error {
	if err := mayStill(ctx, tid, s.db, o); err != nil || o.Person.IsZero() || o.Role == string(RoleImportToken) {
		return err
	}
	var epoch int64
	if err := db.One(s.db.QueryRow(ctx, sqlJoinEpoch, tid, o.Person).Scan(&epoch)); err != nil {
		return err
	}
	if o.Epoch == 0 || epoch+1 == o.Epoch {
		return nil
	}
	devices, err := s.Devices(ctx, tid, []db.ID{o.Person})
	if err == nil && len(devices[o.Person]) == 0 {
		return errOrdererGone()
	}
	return err
}

// StoredActor is who acts, kept as JSON for the job of another room that goes on with their work.
type StoredActor = storedActor

// StoreActor keeps who acts in ctx.
func StoreActor(ctx context.Context, tid ID, r db.Runner) (StoredActor, error) {
	return storeActor(ctx, tid, r)
}

// Actor gives who acted, for the job that goes on in their name.
func (a storedActor) Actor(tid ID) Actor { return a.actor(tid) }

// StillMay tells whether who ordered a job takes part and holds the role in which they ordered: fault.Forbidden "orderer_gone" when not. In the transaction
// that does the work it is asked with tx.Locking().
func StillMay(ctx context.Context, tid ID, r db.Runner, a StoredActor) error {
	return mayStill(ctx, tid, r, a.mandate())
}
