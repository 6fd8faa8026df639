package tenant

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"kenshu/fault"
	"kenshu/storage/cache"
	"kenshu/storage/db"
)

// Factors keeps second factors: the authenticator app, passkeys, and recovery codes for whoever has lost those.
type Factors struct {
	c      *Credentials
	cache  cache.Cache
	sealer Sealer
	web    *webauthn.WebAuthn
	issuer string // what authenticator apps show
}

// NewFactors makes the service. key (32 bytes) seals secrets and lives outside the database; passkeys belong to the host of publicURL.
func NewFactors(c *Credentials, store cache.Cache, key []byte, publicURL string) (*Factors, error) {
	public, err := url.Parse(publicURL)
	if err != nil {
		return nil, fmt.Errorf("public address: %w", err)
	}
	s, err := NewSealer(key)
	if err != nil {
		return nil, err
	}
	web, err := webauthn.New(&webauthn.Config{
		RPID: public.Hostname(), RPDisplayName: "Kenshu", RPOrigins: []string{public.Scheme + "://" + public.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementPreferred, UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", err)
	}
	return &Factors{c: c, cache: store, sealer: s, web: web, issuer: "Kenshu"}, nil
}

// FactorState is what a person has set up.
type FactorState struct {
	TOTP          *TOTPState
	Passkeys      []Passkey
	RecoveryLeft  int  // unused codes
	Required      bool // their roles demand a second factor
	ShortPassword bool // without a second factor their password would be too short
}

// TOTPState tells about an authenticator app.
type TOTPState struct{ CreatedAt, UsedAt db.Time }

// FactorChange is the outcome of a change: every other session has ended, this one goes on under a new token.
type FactorChange struct {
	Token    string
	Recovery []string // recovery codes, when the person had none: shown once
}

// State tells what the principal's person has set up.
func (f *Factors) State(ctx context.Context, tid ID, p Principal) (FactorState, error) {
	var st FactorState
	err := f.c.db.Snapshot(ctx, func(r db.Runner) error {
		st = FactorState{}
		kinds, err := readFactorKinds(ctx, tid, r, p.Person)
		if err != nil {
			return err
		}
		st.RecoveryLeft = kinds.recovery
		if kinds.totp {
			var sealed []byte
			st.TOTP = &TOTPState{}
			if err := db.One(r.QueryRow(ctx, sqlFindTOTP, tid, p.Person).Scan(&sealed, &st.TOTP.CreatedAt, &st.TOTP.UsedAt)); err != nil {
				return err
			}
		}
		if st.Passkeys, err = readPasskeys(ctx, tid, r, p.Person); err != nil {
			return err
		}
		policy, err := ReadSecurityPolicy(ctx, tid, r)
		if err != nil {
			return err
		}
		st.Required = policy.demands(p.Roles, f.c.sessions.limits.AssociationFactor)
		who, err := readFactorOwner(ctx, tid, r, p.Person)
		st.ShortPassword = who.short && who.credential == credentialChosen
		return err
	})
	if err != nil {
		return FactorState{}, fmt.Errorf("read second factors: %w", err)
	}
	return st, nil
}

// change adds or removes a factor with do, ends every session and begins this one anew. With the first factor come recovery codes; with the last one they go.
//
// It returns fault.Conflict "factor_required" when the person's roles demand the last factor, and "factor_needs_password" when their password alone is too short.
func (f *Factors) change(ctx context.Context, tid ID, p Principal, act string, do func(tx *db.Tx) error) (FactorChange, error) {
	before, err := readFactorKinds(ctx, tid, f.c.db, p.Person)
	if err != nil {
		return FactorChange{}, err
	}
	var out FactorChange
	var rows [][]any
	if !before.any() || before.recovery == 0 {
		if out.Recovery, rows, err = f.makeRecovery(ctx, tid, p.Person); err != nil {
			return FactorChange{}, err
		}
	}
	kept := out.Recovery
	err = f.c.db.Tx(ctx, func(tx *db.Tx) error {
		out.Recovery = kept
		var changed db.Time // changes of one person come one after the other
		if err := db.One(tx.QueryRowLocked(ctx, sqlLockCredential, tid, p.Person).Scan(&changed)); err != nil {
			return err
		}
		if err := do(tx); err != nil {
			return err
		}
		after, err := readFactorKinds(ctx, tid, tx, p.Person)
		if err != nil {
			return err
		}
		if !after.any() {
			out.Recovery = nil
			if err := f.mayGoWithout(ctx, tid, tx, p); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, sqlDeleteRecovery, tid, p.Person); err != nil {
				return err
			}
		} else if after.recovery == 0 {
			if err := putRecovery(ctx, tid, tx, p.Person, rows); err != nil {
				return err
			}
		} else {
			out.Recovery = nil
		}
		return f.record(ctx, tid, tx, p.Person, act)
	})
	if err != nil {
		return FactorChange{}, fmt.Errorf("change second factor: %w", err)
	}
	out.Token, _, err = f.c.sessions.Start(ctx, tid, p.Person)
	return out, err
}

// record writes down that a factor changed, tells the person, and ends their sessions.
func (f *Factors) record(ctx context.Context, tid ID, tx *db.Tx, person db.ID, act string) error {
	if err := f.c.sessions.EndPerson(ctx, tid, tx, person); err != nil {
		return err
	}
	if err := f.c.sessions.tell(ctx, tid, tx, person, act); err != nil {
		return err
	}
	return f.c.audit.Append(ctx, tid, tx, Change{Action: "factor." + act, SubjectKind: "person", Subject: person})
}

func (f *Factors) mayGoWithout(ctx context.Context, tid ID, tx *db.Tx, p Principal) error {
	policy, err := ReadSecurityPolicy(ctx, tid, tx)
	if err != nil {
		return err
	}
	if policy.demands(p.Roles, f.c.sessions.limits.AssociationFactor) {
		return fault.New(fault.Conflict, "factor_required")
	}
	who, err := readFactorOwner(ctx, tid, tx, p.Person)
	if err == nil && who.short && who.credential == credentialChosen {
		return fault.New(fault.Conflict, "factor_needs_password", "min", f.c.rules.MinPassword)
	}
	return err
}

// FactorAnswer is what somebody shows as second factor: one of them.
type FactorAnswer struct {
	Code     string          // of the authenticator app
	Recovery string          // a recovery code
	Passkey  json.RawMessage // what the browser answered to the options
}

// use tells whether the answer is right for the person, and uses it up: no answer counts twice. ceremony names the passkey options it may answer.
// method names what was used, for the log.
func (f *Factors) use(ctx context.Context, tid ID, person db.ID, a FactorAnswer, ceremony string) (method string, right bool, err error) {
	switch {
	case len(a.Passkey) > 0:
		right, err = f.usePasskey(ctx, tid, person, a.Passkey, ceremony)
		return "passkey", right, err
	case a.Recovery != "":
		right, err = f.useRecovery(ctx, tid, person, a.Recovery)
		return "recovery", right, err
	}
	right, err = f.useTOTP(ctx, tid, person, figures(a.Code))
	return "totp", right, err
}
