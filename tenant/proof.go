package tenant

import (
	"context"
	"fmt"

	"kenshu/fault"
	"kenshu/storage/db"
)

// Proof is what somebody who is logged in shows to prove once more who they are.
type Proof struct {
	Password string
}

// Prove checks the proof, and gives the session a new token with which what needs a fresh proof can be done for a while (SessionLimits.Proof).
//
// It returns fault.Invalid at password when that is wrong, fault.Limited after too many wrong ones, fault.Unauthorized when the session was ended meanwhile.
func (c *Credentials) Prove(ctx context.Context, tid ID, p Principal, proof Proof) (string, Principal, error) {
	_, cr, err := c.subject(ctx, tid, c.db, p.Person)
	if err != nil {
		return "", Principal{}, err
	}
	if err := c.throttle.enterPerson(ctx, p.Person); err != nil {
		return "", Principal{}, err
	}
	right, err := c.verify(ctx, tid, p.Person, cr, proof.Password)
	if err != nil {
		return "", Principal{}, err
	}
	action := "session.prove"
	if !right {
		action = "session.prove_refuse"
	}
	err = c.db.Tx(ctx, func(tx *db.Tx) error {
		return c.audit.Append(ctx, tid, tx, Change{Action: action, SubjectKind: "person", Subject: p.Person})
	})
	switch {
	case err != nil:
		return "", Principal{}, fmt.Errorf("prove: %w", err)
	case !right:
		return "", Principal{}, at("password", []fault.Field{{Key: "password_wrong"}})
	}
	return c.sessions.renew(ctx, p)
}

// ProofMethods tells with what the person can prove who they are: password, totp, passkey.
func (c *Credentials) ProofMethods(_ context.Context, _ ID, _ db.ID) ([]string, error) {
	return []string{"password"}, nil
}
