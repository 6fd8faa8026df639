package tenant

import (
	"context"
	"fmt"

	"kenshu/fault"
	"kenshu/storage/db"
)

// ResetFactors helps somebody who has lost their second factor and the recovery codes: both go, and the password with them, so that the person comes back
// the way they came, with a slip handed over by somebody who knows them (ASVS 6.4.4). Their sessions end, and they are told by mail.
//
// It returns fault.NotFound, fault.Invalid at reason, fault.Forbidden (the manager's, by a deputy), and fault.Conflict: "own_account", "manager_of_association"
// for the manager, whom the association helps, "no_factor", or "person_left".
func (s *People) ResetFactors(ctx context.Context, tid ID, id db.ID, reason string) (Slip, error) {
	reason, err := ReadReason(reason)
	if err != nil {
		return Slip{}, err
	}
	ctx = WithReason(ctx, reason)
	var slip Slip
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		people, err := s.some(ctx, tid, tx, []db.ID{id})
		if err != nil {
			return err
		}
		p := people[0]
		if err := mayChange(ctx, p); err != nil {
			return err
		}
		switch {
		case p.ID == ActorFrom(ctx).Person:
			return fault.New(fault.Conflict, "own_account")
		case p.Has(RoleManager):
			return fault.New(fault.Conflict, "manager_of_association")
		case p.State == PersonLeft:
			return fault.New(fault.Conflict, "person_left", "name", p.Name)
		}
		one, err := resetFactors(ctx, tid, tx, s.issuer, s.sessions, s.audit, id)
		slip = slipOf(p, one.Password, one.Expires)
		return err
	})
	if err != nil {
		return Slip{}, fmt.Errorf("reset second factor: %w", err)
	}
	return slip, nil
}

// resetFactors takes a person's factors and password away, ends their sessions, tells them, and gives the one-time password that takes the place of all that.
func resetFactors(ctx context.Context, tid ID, tx *db.Tx, issuer CredentialIssuer, sessions *Sessions, audit *Audit, person db.ID) (OneTime, error) {
	had, err := deleteFactors(ctx, tid, tx, person)
	if err != nil {
		return OneTime{}, err
	}
	if !had {
		return OneTime{}, fault.New(fault.Conflict, "no_factor")
	}
	list, err := issuer.IssueMany(ctx, tid, tx, []db.ID{person})
	if err != nil {
		return OneTime{}, err
	}
	if err := sessions.EndPerson(ctx, tid, tx, person); err != nil {
		return OneTime{}, err
	}
	if err := sessions.tell(ctx, tid, tx, person, "reset"); err != nil {
		return OneTime{}, err
	}
	return list[0], audit.Append(ctx, tid, tx, Change{Action: "factor.reset", SubjectKind: "person", Subject: person})
}

// ResetManagerFactors is People.ResetFactors for the manager of an organisation, by the association. It returns fault.NotFound, fault.Invalid at reason, and
// fault.Conflict "no_manager" or "no_factor".
func (s *Organisations) ResetManagerFactors(ctx context.Context, tid ID, id db.ID, reason string) (Issued, error) {
	ctx, org, err := s.managed(ctx, tid, id, reason)
	if err != nil {
		return Issued{}, err
	}
	var one OneTime
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		if one, err = resetFactors(ctx, org.tid, tx, s.credentials, s.sessions, s.audit, org.Manager.Person); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, Change{Action: "organisation.factor_reset", SubjectKind: "organisation", Subject: id, Detail: map[string]any{"name": org.Name}})
	})
	if err != nil {
		return Issued{}, fmt.Errorf("reset manager's second factor: %w", err)
	}
	return Issued{org, one}, nil
}
