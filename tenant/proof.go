package tenant

import (
	"context"
	"fmt"

	"kenshu/fault"
	"kenshu/storage/db"
)

// Proof is what somebody who is logged in shows to prove once more who they are: the password, and a second factor when they have one; or a passkey alone.
type Proof struct {
	Password string
	Factor   FactorAnswer
}

// ProofMethods tells with what the person can prove who they are: password, and totp, passkey, recovery when they have those.
func (f *Factors) ProofMethods(ctx context.Context, tid ID, person db.ID) ([]string, error) {
	kinds, err := readFactorKinds(ctx, tid, f.c.db, person)
	return append([]string{"password"}, kinds.methods()...), err
}

// AskProof gives the options to prove with a passkey who one is. It returns fault.Conflict "no_passkey".
func (f *Factors) AskProof(ctx context.Context, tid ID, p Principal) (Options, error) {
	return f.ask(ctx, tid, p.Person, proofCeremony(p))
}

func proofCeremony(p Principal) string { return "proof " + p.Session.String() }

// Prove checks the proof, and gives the session a new token with which what needs a fresh proof can be done for a while (SessionLimits.Proof).
//
// It returns fault.Invalid at password or at code when that is wrong, fault.Limited after too many wrong ones, fault.Unauthorized when the session was ended
// meanwhile.
func (f *Factors) Prove(ctx context.Context, tid ID, p Principal, proof Proof) (string, Principal, error) {
	if err := f.c.throttle.enterPerson(ctx, p.Person); err != nil {
		return "", Principal{}, err
	}
	method, wrong, err := f.examine(ctx, tid, p, proof)
	if err != nil {
		return "", Principal{}, err
	}
	ch := Change{Action: "session.prove", SubjectKind: "person", Subject: p.Person, Detail: map[string]any{"method": method}}
	if wrong != nil {
		ch.Action = "session.prove_refuse"
	}
	if err := f.c.db.Tx(ctx, func(tx *db.Tx) error { return f.c.audit.Append(ctx, tid, tx, ch) }); err != nil {
		return "", Principal{}, fmt.Errorf("prove: %w", err)
	}
	if wrong != nil {
		return "", Principal{}, wrong
	}
	return f.c.sessions.renew(ctx, p)
}

// examine tells what is wrong with a proof. Whoever has a second factor must show it too, so that a known password alone opens nothing.
func (f *Factors) examine(ctx context.Context, tid ID, p Principal, proof Proof) (method string, wrong, err error) {
	if len(proof.Factor.Passkey) > 0 {
		right, err := f.usePasskey(ctx, tid, p.Person, proof.Factor.Passkey, proofCeremony(p))
		return "passkey", unless(right, "code", "factor_wrong"), err
	}
	_, cr, err := f.c.subject(ctx, tid, f.c.db, p.Person)
	if err != nil {
		return "", nil, err
	}
	right, err := f.c.verify(ctx, tid, p.Person, cr, proof.Password)
	if err != nil || !right {
		return "password", unless(right, "password", "password_wrong"), err
	}
	kinds, err := readFactorKinds(ctx, tid, f.c.db, p.Person)
	if err != nil || !kinds.any() {
		return "password", nil, err
	}
	method, right, err = f.use(ctx, tid, p.Person, proof.Factor, proofCeremony(p))
	return "password+" + method, unless(right, "code", "factor_wrong"), err
}

func unless(right bool, path, key string) error {
	if right {
		return nil
	}
	return at(path, []fault.Field{{Key: key}})
}
