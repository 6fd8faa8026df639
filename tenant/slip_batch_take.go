package tenant

import (
	"context"
	"encoding/json"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
)

// Take gives the slips of a batch to who asked for it. Only passwords that still work are among them. Whoever begins to take them must end with Taken,
// or they can be taken again until KeepUntil. It returns fault.NotFound (also to others than who asked), fault.Conflict "slips_not_ready" while they are being handed
// out, fault.Gone "slips_gone" when they were saved or ran out.
func (s *SlipBatches) Take(ctx context.Context, tid ID, id db.ID) ([]Slip, error) {
	var b SlipBatch
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		var err error
		b, err = scanSlips(tx.QueryRowLocked(ctx, sqlFindSlips+" WHERE tenant_id = ? AND id = ?", tid, id))
		switch {
		case err != nil:
			return err
		case b.CreatedBy != ActorFrom(ctx).Person:
			return fault.New(fault.NotFound, "not_found")
		case b.State == SlipQueued:
			return fault.New(fault.Conflict, "slips_not_ready")
		case !b.Again || !s.clock().Before(b.KeepUntil.Time):
			return fault.New(fault.Gone, "slips_gone")
		}
		if b.State == SlipReady { // from here on a slip may be on paper: what is on it stays in force
			if _, err := tx.Exec(ctx, sqlTakeSlips, db.At(s.clock()), tid, id); err != nil {
				return err
			}
		}
		return s.audit.Append(ctx, tid, tx, Change{Action: "credential.take_slips", SubjectKind: "slip_batch", Subject: id, Detail: map[string]any{"people": b.Issued}})
	})
	if err != nil {
		return nil, err
	}
	return s.slips(ctx, tid, b)
}

// slips works the slips of a batch out; a password that was replaced since is left out.
func (s *SlipBatches) slips(ctx context.Context, tid ID, b SlipBatch) ([]Slip, error) {
	hashes := map[db.ID]credential{}
	var ids []db.ID
	if err := db.Each(ctx, s.db, sqlIssuedSlips, []any{tid, b.ID}, func(scan func(...any) error) error {
		var id db.ID
		var c credential
		err := scan(&id, &c.kind, &c.hash, &c.expires)
		ids, hashes[id] = append(ids, id), c
		return err
	}); err != nil {
		return nil, err
	}
	people, err := s.people.some(ctx, tid, s.db, ids)
	if err != nil {
		return nil, err
	}
	slips := make([]Slip, 0, len(people))
	for _, p := range people {
		secret := s.credentials.batchOneTime(tid, b, p.ID)
		if s.credentials.oneTimeRight(tid, p.ID, hashes[p.ID], secret) {
			slips = append(slips, slipOf(p, secret, hashes[p.ID].expires.Time))
		}
	}
	sortSlips(slips)
	return slips, nil
}

// Taken says that the slips of a batch have been sent whole; after slipAgain nobody can print them any more.
func (s *SlipBatches) Taken(ctx context.Context, tid ID, id db.ID) error {
	until := db.At(s.clock().Add(slipAgain))
	payload, err := json.Marshal(slipPayload{Batch: id})
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		r, err := tx.Exec(ctx, sqlSlipsTaken, until, tid, id, ActorFrom(ctx).Person, until)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return tx.Enqueue(ctx, s.clock(), db.Job{Kind: KindSlipEnd, Tenant: tid.n, Payload: payload, RunAt: until, Max: 1000})
	})
}

// End ends a batch by the will of who asked for it: slips that were saved can be printed no more; of a batch whose slips nobody has, the passwords are taken
// away again. A second End changes nothing. It returns fault.NotFound, also to others than who asked.
func (s *SlipBatches) End(ctx context.Context, tid ID, id db.ID) (SlipBatch, error) {
	b, err := s.Find(ctx, tid, id)
	switch {
	case err != nil:
		return b, err
	case b.CreatedBy != ActorFrom(ctx).Person:
		return SlipBatch{}, fault.New(fault.NotFound, "not_found")
	}
	if err := s.end(ctx, tid, id, SlipCancelled); err != nil {
		return b, err
	}
	return s.Find(ctx, tid, id)
}

// EndJob is the handler of KindSlipEnd.
func (s *SlipBatches) EndJob(ctx context.Context, job db.Job, _ func(int64, int64)) error {
	tid, p, ctx, err := s.jobOf(ctx, job)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	b, err := s.Find(ctx, tid, p.Batch)
	if err != nil || s.clock().Before(b.KeepUntil.Time) { // they were saved meanwhile: another job ends it
		return err
	}
	return s.end(ctx, tid, p.Batch, SlipExpired)
}

// end deletes the nonce. When no slip was ever sent it first takes away the passwords that nobody can have.
func (s *SlipBatches) end(ctx context.Context, tid ID, id db.ID, as string) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		b, err := scanSlips(tx.QueryRowLocked(ctx, sqlFindSlips+" WHERE tenant_id = ? AND id = ?", tid, id))
		if err != nil || b.nonce == (db.Hash{}) {
			return err
		}
		if b.State == SlipTaken {
			_, err := tx.Exec(ctx, sqlEndSlips, SlipTaken, tid, id)
			return err
		}
		var unused []db.ID
		if err := db.Each(ctx, tx, sqlIssuedSlips, []any{tid, id}, func(scan func(...any) error) error {
			var person db.ID
			var c credential
			if err := scan(&person, &c.kind, &c.hash, &c.expires); err != nil {
				return err
			}
			if s.credentials.oneTimeRight(tid, person, c, s.credentials.batchOneTime(tid, b, person)) {
				unused = append(unused, person)
			}
			return nil
		}); err != nil {
			return err
		}
		for part := range slices.Chunk(unused, 500) {
			if err := s.credentials.Void(ctx, tid, tx, part); err != nil {
				return err
			}
		}
		if err := s.audit.Append(ctx, tid, tx, Change{Action: "credential.end_slips", SubjectKind: "slip_batch", Subject: id, Detail: map[string]any{"state": as, "void": len(unused)}}); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sqlEndSlips, as, tid, id)
		return err
	})
}
