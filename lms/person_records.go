package lms

import (
	"context"
	"fmt"
	"time"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// What stands as the reason where the system did something because of a person's place in the organisation.
const (
	ReasonReturned   = "returned"   // due later, because the person was on leave when it fell due
	ReasonAnonymised = "anonymised" // the certificate was taken back with the name on it
)

const (
	sqlCountEnrolmentsOf = `SELECT COUNT(*), COALESCE(SUM(CASE WHEN e.started_at IS NOT NULL THEN 1 ELSE 0 END), 0),
 COALESCE(SUM(CASE WHEN e.status IN ('not_started', 'in_progress', 'interrupted', 'failed') THEN 1 ELSE 0 END), 0),
 COALESCE(SUM(CASE WHEN ` + sqlOverdue + ` THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN e.status = 'completed' THEN 1 ELSE 0 END), 0) FROM enrolment e`
	sqlCountAttemptsOf     = `SELECT COUNT(*) FROM attempt a JOIN enrolment e ON e.tenant_id = a.tenant_id AND e.id = a.enrolment_id`
	sqlCountCertificatesOf = `SELECT COUNT(*) FROM completion_certificate c JOIN enrolment e ON e.tenant_id = c.tenant_id AND e.id = c.enrolment_id`
	sqlCountDocumentsOf    = `SELECT COUNT(*) FROM training_record t WHERE t.tenant_id = ? AND t.round_id IN (SELECT e.round_id FROM enrolment e WHERE e.tenant_id = t.tenant_id AND e.person_id IN (`
	sqlCountRulesOf        = `SELECT COUNT(*) FROM assignment a`
	sqlResumeLate          = `UPDATE enrolment SET due_on = ?, extended_on = ?, extended_reason = ?`
	sqlRenameCertificates  = `INSERT INTO completion_certificate (tenant_id, id, enrolment_id, number, code, content, issued_at, revoked_at, revoked_reason, replaced, replaced_reason) VALUES`
	rowRenameCertificates  = `(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

	sqlDropRulesOf        = `DELETE FROM assignment`
	sqlDropPublicCodesOf  = `DELETE FROM public_code WHERE tenant_id = ? AND kind = ? AND target_id IN (SELECT c.id FROM completion_certificate c WHERE c.tenant_id = ? AND c.enrolment_id IN (`
	sqlDropCertificatesOf = `DELETE FROM completion_certificate`
	sqlDropAnswersOf      = `DELETE FROM attempt_answer`
	sqlDropAttemptsOf     = `DELETE FROM attempt`
	sqlDropStatesOf       = `DELETE FROM package_state`
	sqlDropLaunchesOf     = `DELETE FROM package_launch`
	sqlDropProgressOf     = `DELETE FROM progress`
	sqlDropEnrolmentsOf   = `DELETE FROM enrolment`
	sqlEnrolmentIDsOf     = `SELECT e.id FROM enrolment e`
)

// PersonRecords is what rounds keep about people: it counts, and follows their anonymising and deleting (tenant.PeopleRecords).
type PersonRecords struct {
	db    *db.DB
	audit *tenant.Audit
	clock func() time.Time
}

// NewPersonRecords makes the service.
func NewPersonRecords(d *db.DB, audit *tenant.Audit, clock func() time.Time) *PersonRecords {
	return &PersonRecords{db: d, audit: audit, clock: clock}
}

// CountRecords says what is kept about people; of documents those of rounds in which they are.
func (s *PersonRecords) CountRecords(ctx context.Context, tid tenant.ID, r db.Runner, people []db.ID) (tenant.RecordCounts, error) {
	var c tenant.RecordCounts
	of := func() *db.Cond { return db.Where("e.tenant_id = ?", tid).In("e.person_id", db.Args(people)) }
	cond := of()
	err := db.One(r.QueryRow(ctx, sqlCountEnrolmentsOf+cond.SQL(), append([]any{tenant.Today(s.clock), tid}, cond.Args()...)...).
		Scan(&c.Enrolments, &c.Started, &c.Open, &c.Overdue, &c.Completed))
	if err == nil {
		err = db.One(r.QueryRow(ctx, sqlCountAttemptsOf+cond.SQL(), cond.Args()...).Scan(&c.Attempts))
	}
	if valid := of().And("c.revoked_at IS NULL"); err == nil {
		err = db.One(r.QueryRow(ctx, sqlCountCertificatesOf+valid.SQL(), valid.Args()...).Scan(&c.Certificates))
	}
	if err == nil {
		err = db.One(r.QueryRow(ctx, sqlCountDocumentsOf+db.Marks(len(people))+"))", append([]any{tid}, db.Args(people)...)...).Scan(&c.Documents))
	}
	if rules := db.Where("a.tenant_id = ?", tid).And("a.kind IN ('person', 'not_person')").In("a.target_id", db.Args(people)); err == nil {
		err = db.One(r.QueryRow(ctx, sqlCountRulesOf+rules.SQL(), rules.Args()...).Scan(&c.Rules))
	}
	if err != nil {
		return c, fmt.Errorf("count records of people: %w", err)
	}
	return c, nil
}

// ResumeRecords gives people who come back from a leave JoinerDays for what fell due meanwhile, or soon will.
func (s *PersonRecords) ResumeRecords(ctx context.Context, tid tenant.ID, tx *db.Tx, people []db.ID) error {
	due := tenant.AddDays(tenant.Today(s.clock), JoinerDays)
	for from := 0; from < len(people); from += chunk {
		cond := db.Where("tenant_id = ?", tid).In("person_id", db.Args(people[from:min(from+chunk, len(people))])).
			And("status IN ('not_started', 'in_progress', 'interrupted', 'failed') AND due_on < ?", due).
			And("round_id IN (SELECT r.id FROM round r WHERE r.tenant_id = ? AND r.state = 'open')", tid)
		if _, err := tx.Exec(ctx, sqlResumeLate+cond.SQL(), append([]any{due, due, ReasonReturned}, cond.Args()...)...); err != nil {
			return fmt.Errorf("resume records of people: %w", err)
		}
	}
	return nil
}

// WithdrawRecords revokes the certificates of people, also those that were replaced, and takes the name off them and off what they signed: who asks with a printed code learns that it is no longer in force, and not whose
// it was.
func (s *PersonRecords) WithdrawRecords(ctx context.Context, tid tenant.ID, tx *db.Tx, people []db.ID) error {
	for from := 0; from < len(people); from += chunk {
		cond := db.Where("e.tenant_id = ?", tid).In("e.person_id", db.Args(people[from:min(from+chunk, len(people))]))
		list, err := db.List(ctx, tx, sqlCertificatesOf+cond.SQL(), cond.Args(), scanCertificate)
		if err != nil {
			return fmt.Errorf("withdraw certificates: %w", err)
		}
		var certificates [][]any
		var changes []tenant.Change
		for _, c := range list {
			before := c.Content
			if c.Content.Name = ""; c.RevokedAt.IsZero() {
				c.RevokedAt, c.RevokedReason = db.At(s.clock()), ReasonAnonymised
			}
			// Why one was replaced goes as well: it was a name, more often than not.
			certificates = append(certificates, []any{tid, c.ID, c.Enrolment, c.Number, c.Code, db.JSON[CertificateContent]{V: c.Content}, c.IssuedAt, c.RevokedAt, c.RevokedReason, c.Replaced, ""})
			changes = append(changes, tenant.Change{Action: "certificate.revoke", SubjectKind: "enrolment", Subject: c.Enrolment, Before: before, After: c.Content, Detail: map[string]any{"number": c.Number, "name_removed": true}})
		}
		if err := tx.UpsertMany(ctx, sqlRenameCertificates, rowRenameCertificates, "tenant_id, id", "content, revoked_at, revoked_reason, replaced_reason", certificates); err != nil {
			return fmt.Errorf("withdraw certificates: %w", err)
		}
		enrolments := sqlEnrolmentIDsOf + cond.SQL()
		signed := db.Where("tenant_id = ?", tid).And("enrolment_id IN ("+enrolments+")", cond.Args()...)
		if _, err := tx.Exec(ctx, sqlUnsignPeople+signed.SQL(), signed.Args()...); err != nil {
			return fmt.Errorf("take names off signatures: %w", err)
		}
		if err := s.audit.AppendMany(ctx, tid, tx, changes); err != nil {
			return err
		}
	}
	return nil
}

// DeleteRecords removes what people did with the rules about themselves, and says how many rows of which table. Issued training records are the organisation's
// documents and stay.
func (s *PersonRecords) DeleteRecords(ctx context.Context, tid tenant.ID, tx *db.Tx, people []db.ID) (map[string]int, error) {
	mine := db.Where("e.tenant_id = ?", tid).In("e.person_id", db.Args(people))
	enrolments := sqlEnrolmentIDsOf + mine.SQL()
	attempts := "attempt_id IN (SELECT a.id FROM attempt a WHERE a.tenant_id = ? AND a.enrolment_id IN (" + enrolments + "))"
	launches := "launch_id IN (SELECT p.id FROM package_launch p WHERE p.tenant_id = ? AND p.enrolment_id IN (" + enrolments + "))"
	here := func() *db.Cond { return db.Where("tenant_id = ?", tid) }
	of := func() *db.Cond { return here().And("enrolment_id IN ("+enrolments+")", mine.Args()...) }
	counts := map[string]int{}
	for _, t := range []struct {
		name, text string
		cond       *db.Cond
	}{
		{"assignment", sqlDropRulesOf, here().And("kind IN ('person', 'not_person')").In("target_id", db.Args(people))},
		{"attempt_answer", sqlDropAnswersOf, here().And(attempts, append([]any{tid}, mine.Args()...)...)},
		{"attempt", sqlDropAttemptsOf, of()},
		{"survey_response", sqlDropResponsesOf, of()},
		{"pledge_signature", sqlDropSignaturesOf, of()},
		{"package_state", sqlDropStatesOf, here().And(launches, append([]any{tid}, mine.Args()...)...)},
		{"package_launch", sqlDropLaunchesOf, of()},
		{"progress", sqlDropProgressOf, of()},
		{"public_code", "", nil},
		{"completion_certificate", sqlDropCertificatesOf, of()},
		{"enrolment", sqlDropEnrolmentsOf, here().In("person_id", db.Args(people))},
	} {
		text, args := sqlDropPublicCodesOf+enrolments+"))", append([]any{tid, PublicCodeCertificate, tid}, mine.Args()...)
		if t.cond != nil {
			text, args = t.text+t.cond.SQL(), t.cond.Args()
		}
		res, err := tx.Exec(ctx, text, args...)
		if err != nil {
			return nil, fmt.Errorf("delete %s of people: %w", t.name, err)
		}
		n, err := res.RowsAffected()
		if err != nil {
			return nil, err
		}
		if n > 0 {
			counts[t.name] = int(n)
		}
	}
	return counts, nil
}
