package lms

import (
	"context"
	"fmt"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Reissue is what issuing a certificate again makes of the one that stands: names and design as they are today. What was achieved stays as it was written.
type Reissue struct {
	Standing Certificate
	Next     CertificateContent // without its number, which is given at the issue
}

// ReissueInput asks for a certificate in the place of another.
type ReissueInput struct {
	ID       db.ID // of the new one: the same again is the same write
	Replaces db.ID // the one that was seen to stand
	Reason   string
}

// PreviewReissue says what issuing the certificate of an enrolment again would change. It returns fault.NotFound without one, and fault.Conflict "person_anonymised"
// when there is no name any more to print.
func (c *Certificates) PreviewReissue(ctx context.Context, tid tenant.ID, enrolment db.ID) (Reissue, error) {
	standing, err := c.FindOfEnrolment(ctx, tid, enrolment)
	if err != nil {
		return Reissue{}, fmt.Errorf("preview reissue: %w", err)
	}
	out := Reissue{Standing: standing}
	if out.Next, err = c.renewed(ctx, tid, c.db, standing); err != nil {
		return Reissue{}, fmt.Errorf("preview reissue: %w", err)
	}
	return out, nil
}

// renewed is what would be printed today: the day of completion, the score, the version and the titles as they were, the names and the design of now.
func (c *Certificates) renewed(ctx context.Context, tid tenant.ID, r db.Runner, old Certificate) (CertificateContent, error) {
	var person db.ID
	var state tenant.PersonState
	var courseTenant int64
	if err := db.One(r.QueryRow(ctx, sqlCertificateOfWhom, tid, old.Enrolment).Scan(&person, &state, &courseTenant)); err != nil {
		return CertificateContent{}, err
	}
	if state == tenant.PersonAnonymised {
		return CertificateContent{}, fault.New(fault.Conflict, "person_anonymised")
	}
	next := old.Content
	next.Number = ""
	return next, next.name(ctx, tid, r, person, courseTenant)
}

// Reissue puts a new certificate in the place of the one that stands, which is revoked and stays. It returns fault.NotFound without one, fault.Invalid without a
// reason, and fault.Conflict "changed_meanwhile" when another stands than was seen, "person_anonymised" when there is no name any more to print.
func (c *Certificates) Reissue(ctx context.Context, tid tenant.ID, enrolment db.ID, in ReissueInput) (Certificate, error) {
	reason, err := tenant.ReadReason(in.Reason)
	if err != nil {
		return Certificate{}, err
	}
	code, err := newCode()
	if err != nil {
		return Certificate{}, err
	}
	err = c.db.Tx(ctx, func(tx *db.Tx) error {
		var holder, standing db.ID
		// Nobody is renamed or anonymised meanwhile: the new one would keep the name of before.
		if err := db.One(tx.QueryRowLocked(ctx, sqlLockHolder, tid, tid, enrolment).Scan(&holder)); err != nil {
			return err
		}
		// Whoever else issues it again waits here, and then finds another one standing.
		if err := db.One(tx.QueryRowLocked(ctx, sqlLockStanding, tid, enrolment).Scan(&standing)); err != nil || standing == in.ID {
			return err
		}
		if standing != in.Replaces {
			return fault.New(fault.Conflict, "changed_meanwhile")
		}
		return c.replace(ctx, tid, tx, standing, Certificate{ID: in.ID, Enrolment: enrolment, Code: code, IssuedAt: db.At(c.clock())}, reason)
	})
	if db.IsDuplicate(err) { // the id is of one that was replaced since
		err = fault.New(fault.Conflict, "changed_meanwhile")
	}
	if err != nil {
		return Certificate{}, fmt.Errorf("reissue certificate: %w", err)
	}
	return c.FindOfEnrolment(ctx, tid, enrolment)
}

// replace revokes the certificate that stands, whose row is locked, and writes the next in its place.
func (c *Certificates) replace(ctx context.Context, tid tenant.ID, tx *db.Tx, standing db.ID, next Certificate, reason string) error {
	old, err := scanCertificate(tx.QueryRow(ctx, sqlCertificates+` AND c.id = ?`, tid, standing))
	if err != nil {
		return err
	}
	if next.Content, err = c.renewed(ctx, tid, tx, old); err != nil {
		return err
	}
	var last int
	if err := tx.QueryRow(ctx, sqlLastReplaced, tid, old.Enrolment).Scan(&last); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlReplaceCertificate, last+1, next.IssuedAt, tenant.ActorFrom(ctx).Person, reason, next.IssuedAt, tid, old.ID); err != nil {
		return err
	}
	if err := c.insert(ctx, tid, tx, &next); err != nil {
		return err
	}
	return c.audit.Append(tenant.WithReason(ctx, reason), tid, tx, tenant.Change{
		Action: "certificate.reissue", SubjectKind: "enrolment", Subject: next.Enrolment, Before: old.Content, After: next.Content,
		Detail: map[string]any{"number": next.Number, "replaces": old.Number},
	})
}
