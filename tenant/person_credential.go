package tenant

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
)

// Slip is what one person needs to log in for the first time.
type Slip struct {
	Person         db.ID
	Name           string
	EmployeeNumber string
	Department     string // the first of their posts, to sort the slips by
	LoginID        string
	Secret         string
	Expires        time.Time
}

// Issue hands out one-time credentials and ends every session of these people. Own passwords are replaced only
// when replaceChosen says so. It returns fault.NotFound, fault.Forbidden (the manager's, by a deputy), fault.Conflict (own password in use with their
// number, person has left, the actor themselves) or fault.TooLarge.
func (s *People) Issue(ctx context.Context, tid ID, ids []db.ID, replaceChosen bool) ([]Slip, error) {
	var slips []Slip
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		var err error
		slips, err = s.issue(ctx, tid, tx, ids, replaceChosen)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("issue credentials: %w", err)
	}
	return slips, nil
}

// IssueOne is Issue for one person whose credential is still as it was seen (Person.CredentialAt; the zero time is not looked at), so that of two managers who
// hand out at once the second is told. It returns also fault.Conflict "credential_reissued".
func (s *People) IssueOne(ctx context.Context, tid ID, id db.ID, replaceChosen bool, seen time.Time) (Slip, error) {
	var slips []Slip
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		var version int64
		var state PersonState
		if err := db.One(tx.QueryRowLocked(ctx, sqlLockPerson, tid, id).Scan(&version, &state)); err != nil {
			return err
		}
		p, err := s.find(ctx, tid, tx, id)
		if err != nil {
			return err
		}
		if !seen.IsZero() && !p.CredentialAt.Equal(seen) {
			return fault.New(fault.Conflict, "credential_reissued")
		}
		slips, err = s.issue(ctx, tid, tx, []db.ID{id}, replaceChosen)
		return err
	})
	if err != nil {
		return Slip{}, fmt.Errorf("issue credential: %w", err)
	}
	return slips[0], nil
}

// IssueFor is Issue for everybody whom a query finds, in the order of the list.
func (s *People) IssueFor(ctx context.Context, tid ID, q PeopleQuery, replaceChosen bool) ([]Slip, error) {
	var ids []db.ID
	for p, err := range s.all(ctx, tid, q) {
		if err != nil {
			return nil, err
		}
		if p.ID != ActorFrom(ctx).Person {
			ids = append(ids, p.ID)
		}
	}
	return s.Issue(ctx, tid, ids, replaceChosen)
}

func (s *People) issue(ctx context.Context, tid ID, tx *db.Tx, ids []db.ID, replaceChosen bool) ([]Slip, error) {
	if len(ids) > MaxSlips {
		return nil, fault.New(fault.TooLarge, "too_many_people", "max", MaxSlips)
	}
	people, err := s.some(ctx, tid, tx, ids)
	if err != nil {
		return nil, err
	}
	if err := mayIssue(ctx, people, replaceChosen); err != nil {
		return nil, err
	}
	secrets, err := s.issuer.IssueMany(ctx, tid, tx, ids)
	if err != nil {
		return nil, err
	}
	slips := make([]Slip, 0, len(ids))
	for i, p := range people {
		slips = append(slips, slipOf(p, secrets[i].Password, secrets[i].Expires))
	}
	return slips, s.sessions.EndPeople(ctx, tid, tx, ids) // also of who never logged in: a log-in with the old slip may be under way
}

func slipOf(p Person, secret string, expires time.Time) Slip {
	slip := Slip{Person: p.ID, Name: p.Name, EmployeeNumber: p.EmployeeNumber, LoginID: p.LoginID, Secret: secret, Expires: expires}
	if len(p.Departments) > 0 {
		slip.Department = p.Departments[0].Name
	}
	return slip
}

// mayIssue checks everybody before anything is changed.
func mayIssue(ctx context.Context, people []Person, replaceChosen bool) error {
	chosen := 0
	for _, p := range people {
		if err := mayChange(ctx, p); err != nil {
			return err
		}
		switch {
		case p.State == PersonLeft, p.State == PersonAnonymised:
			return fault.New(fault.Conflict, "person_left", "name", p.Name)
		case p.ID == ActorFrom(ctx).Person:
			return fault.New(fault.Conflict, "own_account")
		case p.Credential == CredentialChosen:
			chosen++
		}
	}
	if chosen > 0 && !replaceChosen {
		return fault.New(fault.Conflict, "credential_chosen", "count", chosen)
	}
	return nil
}

// Reprint gives the slip of a secret that is on the screen right now; nothing is read of the credential, nothing kept.
func (s *People) Reprint(ctx context.Context, tid ID, id db.ID, secret string, expires time.Time) (Slip, error) {
	p, err := s.Find(ctx, tid, id)
	if err != nil {
		return Slip{}, err
	}
	return slipOf(p, secret, expires), nil
}

// sortSlips puts people of one department together, as they are handed out.
func sortSlips(slips []Slip) {
	slices.SortStableFunc(slips, func(a, b Slip) int {
		switch {
		case a.Department == b.Department:
			return 0
		case a.Department < b.Department:
			return -1
		}
		return 1
	})
}
