package tenant

import (
	"context"
	"fmt"

	"kenshu/storage/db"
)

// Restore makes an account one that logs in with its password alone: the given one is put back when another has been chosen, handed out or taken away, and second
// factors go; then its sessions end. It is for the accounts of a demonstration, which lie open to whoever tries it. It returns false for an account that is
// not there any more or is not active.
func (c *Credentials) Restore(ctx context.Context, code, login, password string) (bool, error) {
	row, err := c.find(ctx, code, Fold(login))
	if err != nil || !row.exists || row.state != string(PersonActive) {
		return false, err
	}
	right, err := c.verify(ctx, row.tid, row.person, row.credential, password)
	if err != nil {
		return false, err
	}
	kinds, err := readFactorKinds(ctx, row.tid, c.db, row.person)
	if err != nil || right && row.credential.kind == credentialChosen && !kinds.any() {
		return true, err
	}
	hash, err := c.hasher.hash(ctx, password)
	if err != nil {
		return false, err
	}
	err = c.db.Tx(ctx, func(tx *db.Tx) error {
		var state, kind, stored string
		var expires db.Time
		if err := db.One(tx.QueryRowLocked(ctx, sqlCredentialNow, row.tid, row.person).Scan(&state, &kind, &stored, &expires)); err != nil {
			return err
		}
		if _, err := deleteFactors(ctx, row.tid, tx, row.person); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlChooseCredential, hash, false, db.At(c.clock()), row.tid, row.person, stored); err != nil {
			return err
		}
		if err := c.sessions.EndPerson(ctx, row.tid, tx, row.person); err != nil {
			return err
		}
		return c.audit.Append(ctx, row.tid, tx, Change{Action: "credential.change", SubjectKind: "person", Subject: row.person, Detail: map[string]any{"first": false}})
	})
	if err != nil {
		return false, fmt.Errorf("restore credential: %w", err)
	}
	return true, nil
}
