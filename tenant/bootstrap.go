package tenant

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
)

// OperatorInput is somebody of the association, registered from the command line: there are no default accounts.
type OperatorInput struct {
	Association string // name of the association, needed the first time; later empty, or the one it has
	Code        string // its code; empty: one is proposed the first time; later empty, or the one it has
	Name        string
	LoginID     string // empty: one is proposed
	Roles       []Role // empty: operator and officer
}

// OperatorIssued is what the new operator logs in with.
type OperatorIssued struct {
	Code    string
	LoginID string
	OneTime OneTime
}

// EnsureAssociation gives the association's tenant, which it makes the first time. It returns fault.Invalid without a name then.
func (s *Organisations) EnsureAssociation(ctx context.Context, name, code string) (ID, string, error) {
	tid, have, _, err := s.association(ctx)
	if !fault.Is(err, fault.NotFound) {
		return tid, have, err
	}
	name, code = Tidy(name), NormalCode(code)
	if code == "" {
		if code, err = proposeCode(); err != nil {
			return ID{}, "", err
		}
	}
	var c fault.Check
	checkOrganisation(&c, name, Plans[0])
	c.If(!codePattern.MatchString(code), "code", "code_form")
	if err := c.Err(); err != nil {
		return ID{}, "", ofAssociation(err)
	}
	err = s.db.Exclusive(ctx, "association", func() error { // one association, whoever starts first
		if _, _, _, err := s.association(ctx); !fault.Is(err, fault.NotFound) {
			return err
		}
		now := db.At(s.clock())
		_, err := s.db.Exec(ctx, sqlInsertOrganisation, db.NewID(), code, kindAssociation, name, Clip(Fold(name), 255), "association", OrganisationActive, now, now)
		return err
	})
	if err != nil {
		return ID{}, "", fmt.Errorf("found the association: %w", err)
	}
	tid, have, _, err = s.association(ctx)
	return tid, have, err
}

func (s *Organisations) association(ctx context.Context) (tid ID, code, name string, err error) {
	var n int64
	var id db.ID
	if err := db.One(s.db.QueryRow(ctx, sqlAssociation).Scan(&n, &id, &code, &name)); err != nil {
		return ID{}, "", "", err
	}
	return System(n, "the association itself"), code, name, nil
}

// meant refuses a name or a code that the association does not have: there is one, and whoever asks for another is not to believe that it was made.
func (s *Organisations) meant(ctx context.Context, in OperatorInput) error {
	_, code, name, err := s.association(ctx)
	if err != nil {
		return err
	}
	var c fault.Check
	c.If(in.Association != "" && Tidy(in.Association) != name, "name", "association_named", "name", name)
	c.If(in.Code != "" && NormalCode(in.Code) != code, "code", "association_coded", "code", code)
	return ofAssociation(c.Err())
}

// ofAssociation names the fields as those of the association, beside those of a person.
func ofAssociation(err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		for i := range f.Fields {
			f.Fields[i].Path = "association." + f.Fields[i].Path
		}
	}
	return err
}

// OperatorRoles are what somebody can be whom CreateOperator registers.
func OperatorRoles() []Role {
	return slices.DeleteFunc(slices.Clone(Roles), func(r Role) bool { return !r.OfAssociation() || r == RolePreAssessor })
}

// CreateOperator registers somebody of the association with a one-time password. It returns fault.Invalid (what is wrong with the
// fields, a guessable login ID, another association than the one that is there) and fault.Conflict "login_id_taken".
func (s *Organisations) CreateOperator(ctx context.Context, in OperatorInput) (OperatorIssued, error) {
	person := PersonInput{Name: in.Name, LoginID: in.LoginID}.tidy()
	var c fault.Check
	person.check(&c)
	if len(in.Roles) == 0 {
		in.Roles = []Role{RoleOperator, RoleOfficer}
	}
	for _, r := range in.Roles {
		c.If(!slices.Contains(OperatorRoles(), r), "roles", "not_in_list")
	}
	if person.LoginID != "" {
		for _, f := range LoginIDReasons(person.LoginID, Subject{Name: person.Name, Organisation: in.Association}) {
			c.Add(f.Path, f.Key)
		}
	}
	if err := c.Err(); err != nil {
		return OperatorIssued{}, err
	}
	if person.LoginID == "" {
		ids, err := proposeLoginIDs(1)
		if err != nil {
			return OperatorIssued{}, err
		}
		person.LoginID = ids[0]
	}
	person.Roles = in.Roles
	tid, code, err := s.EnsureAssociation(ctx, in.Association, in.Code)
	if err != nil {
		return OperatorIssued{}, err
	}
	if err := s.meant(ctx, in); err != nil {
		return OperatorIssued{}, err
	}
	one, err := s.register(ctx, tid, person)
	if db.IsDuplicate(err) {
		return OperatorIssued{}, loginTaken()
	} else if err != nil {
		return OperatorIssued{}, fmt.Errorf("create operator: %w", err)
	}
	return OperatorIssued{Code: code, LoginID: person.LoginID, OneTime: one}, nil
}

func (s *Organisations) register(ctx context.Context, tid ID, person PersonInput) (one OneTime, err error) {
	ctx = WithActor(ctx, Actor{Kind: "command", Name: "kenshu operator create", Role: "command"})
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		id := db.NewID()
		if err := s.people.insert(ctx, tid, tx, id, person); err != nil {
			return err
		}
		if err := s.audit.Append(ctx, tid, tx, Change{Action: "person.create", SubjectKind: "person", Subject: id, After: person, Detail: map[string]any{"roles": person.Roles}}); err != nil {
			return err
		}
		one, err = s.credentials.Issue(ctx, tid, tx, id)
		return err
	})
	return one, err
}
