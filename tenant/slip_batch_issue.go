package tenant

import (
	"context"
	"encoding/json"
	"fmt"

	"kenshu/fault"
	"kenshu/storage/db"
)

// batchOneTime works out the password of one person of a batch.
func (c *Credentials) batchOneTime(tid ID, b SlipBatch, person db.ID) string {
	return oneTimeText(c.mac("slip batch", fmt.Sprint(tid.n), b.ID.String(), string(b.nonce[:]), person.String()))
}

// IssueJob is the handler of KindSlipIssue.
func (s *SlipBatches) IssueJob(ctx context.Context, job db.Job, report func(int64, int64)) error {
	tid, p, ctx, err := s.jobOf(ctx, job)
	if err != nil {
		return err
	}
	p.Person = ActorFrom(ctx).Person
	err = s.people.sessions.mayStill(ctx, tid, p.mandate)
	if err == nil {
		err = s.issue(ctx, tid, p.Batch, p.mandate, report)
	}
	if fault.Is(err, fault.Forbidden) { // who asked may no longer ask: nobody gets these slips, and passwords that were ready are taken away again
		return s.end(ctx, tid, p.Batch, SlipCancelled)
	}
	return err
}

// jobOf gives what a job is about and lets it act as who asked for it.
func (s *SlipBatches) jobOf(ctx context.Context, job db.Job) (ID, slipPayload, context.Context, error) {
	tid := System(job.Tenant, "slip batch job")
	var p slipPayload
	if err := json.Unmarshal(job.Payload, &p); err != nil {
		return tid, p, ctx, fault.Wrap(err, fault.Invalid, "job_payload")
	}
	b, err := s.Find(ctx, tid, p.Batch)
	if err != nil {
		return tid, p, ctx, err
	}
	ctx, err = actAs(ctx, tid, s.db, b.CreatedBy, p.Role)
	return tid, p, ctx, err
}

// issue hands out the passwords of everybody who waits, a few hundred people a transaction, and opens the batch when nobody waits any more. by is who
// asked for it some time ago, and is looked at again in each transaction; the zero mandate is who asks now.
func (s *SlipBatches) issue(ctx context.Context, tid ID, id db.ID, by mandate, report func(int64, int64)) error {
	for {
		more := false
		var b SlipBatch
		err := s.db.Tx(ctx, func(tx *db.Tx) error {
			var err error
			b, err = scanSlips(tx.QueryRowLocked(ctx, sqlFindSlips+" WHERE tenant_id = ? AND id = ?", tid, id))
			if err != nil || b.State != SlipQueued {
				more = false
				return err
			}
			if err := mayStill(ctx, tid, tx.Locking(), by); err != nil {
				return err
			}
			more, err = s.chunk(ctx, tid, tx, &b)
			return err
		})
		if err != nil {
			return fmt.Errorf("issue slips: %w", err)
		}
		report(int64(b.Issued), int64(b.Total))
		if !more {
			return nil
		}
	}
}

// chunk does the next few hundred people of a batch and tells whether there are more.
func (s *SlipBatches) chunk(ctx context.Context, tid ID, tx *db.Tx, b *SlipBatch) (bool, error) {
	var ids []db.ID
	if err := db.Each(ctx, tx, sqlWaitingSlips, []any{tid, b.ID, slipChunk}, func(scan func(...any) error) error {
		var id db.ID
		err := scan(&id)
		ids = append(ids, id)
		return err
	}); err != nil {
		return false, err
	}
	if len(ids) == 0 {
		_, err := tx.Exec(ctx, sqlSlipsReady, db.At(s.clock()), tid, b.ID)
		return false, err
	}
	people, err := s.lockPeople(ctx, tid, tx, ids)
	if err != nil {
		return false, err
	}
	by := map[string][]any{}
	var give []Person
	for _, p := range people {
		state := SlipIssued
		refused := s.refusal(ctx, p) // they may have left, or become the manager, since the batch was made
		switch {
		case refused != "":
			state = refused
		case p.CredentialAt.After(b.AsOf.Time):
			state = SlipChanged
		case p.Credential == CredentialChosen && !b.ReplaceChosen:
			state = SlipChosen
		default:
			give = append(give, p)
		}
		by[state] = append(by[state], p.ID)
	}
	for _, state := range []string{SlipIssued, SlipLeft, SlipGuarded, SlipOwn, SlipChanged, SlipChosen} {
		cond := db.Where("tenant_id = ?", tid).And("batch_id = ?", b.ID).In("person_id", by[state])
		if _, err := tx.Exec(ctx, sqlSetSlips+cond.SQL(), append([]any{state}, cond.Args()...)...); err != nil {
			return false, err
		}
	}
	b.Issued += len(give)
	if _, err := tx.Exec(ctx, sqlCountSlips, len(give), tid, b.ID); err != nil {
		return false, err
	}
	return true, s.give(ctx, tid, tx, *b, give)
}

// lockPeople reads people and keeps their credentials as they are until the end of the transaction, so that of two batches, or a batch and a
// person who chooses a password, the later one sees what the earlier one did.
func (s *SlipBatches) lockPeople(ctx context.Context, tid ID, tx *db.Tx, ids []db.ID) ([]Person, error) {
	cond := db.Where("tenant_id = ?", tid).In("id", db.Args(ids))
	err := db.Each(ctx, tx.Locking(), sqlLockPeople+cond.SQL()+" ORDER BY id", cond.Args(), func(func(...any) error) error { return nil })
	if err != nil {
		return nil, err
	}
	cond = db.Where("p.tenant_id = ?", tid).In("p.id", db.Args(ids))
	people, _, err := s.people.read(ctx, tid, tx, sqlPeople+cond.SQL(), cond.Args()...)
	return people, err
}

// give puts the passwords of one chunk in force.
func (s *SlipBatches) give(ctx context.Context, tid ID, tx *db.Tx, b SlipBatch, people []Person) error {
	if len(people) == 0 {
		return nil
	}
	list, ids := make([]OneTime, 0, len(people)), make([]db.ID, 0, len(people))
	for _, p := range people {
		list = append(list, OneTime{Person: p.ID, Password: s.credentials.batchOneTime(tid, b, p.ID)})
		ids = append(ids, p.ID)
	}
	if b.NewLogin {
		if err := s.renameLogins(ctx, tid, tx, people); err != nil {
			return err
		}
	}
	if err := s.credentials.put(ctx, tid, tx, list); err != nil {
		return err
	}
	return s.people.sessions.EndPeople(ctx, tid, tx, ids) // also of who never logged in: a log-in with the old slip may be under way
}

// renameLogins gives everybody a new login ID that says nothing about them.
func (s *SlipBatches) renameLogins(ctx context.Context, tid ID, tx *db.Tx, people []Person) error {
	logins, err := proposeLoginIDs(len(people))
	if err != nil {
		return err
	}
	changes := make([]Change, 0, len(people))
	for i, p := range people {
		before := p.input()
		in := before
		in.LoginID = logins[i]
		if _, err := tx.Exec(ctx, sqlRenameLogin, in.LoginID, Fold(in.LoginID), in.searchText(), s.people.now(), tid, p.ID); err != nil {
			return err
		}
		changes = append(changes, Change{Action: "person.update", SubjectKind: "person", Subject: p.ID, Before: before, After: in, Detail: map[string]any{"changed": []string{"login_id"}}})
	}
	return s.audit.AppendMany(ctx, tid, tx, changes)
}
