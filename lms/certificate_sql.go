package lms

import (
	"context"

	"kenshu/fault"
	"kenshu/storage/db"
)

const (
	// As scanCertificate reads them: with the name of who issued another in its place.
	certificateColumns = `c.id, c.enrolment_id, c.number, c.code, c.content, c.issued_at, c.revoked_at, c.revoked_reason, c.replaced, c.replaced_at, c.replaced_reason, COALESCE(b.name, '')`
	certificateBy      = ` LEFT JOIN person b ON b.tenant_id = c.tenant_id AND b.id = c.replaced_by`
	sqlCertificates    = `SELECT ` + certificateColumns + ` FROM completion_certificate c` + certificateBy + ` WHERE c.tenant_id = ?`
	sqlCertificatesOf  = `SELECT ` + certificateColumns + ` FROM completion_certificate c
 JOIN enrolment e ON e.tenant_id = c.tenant_id AND e.id = c.enrolment_id` + certificateBy
	sqlOwnCertificates = sqlCertificatesOf + ` WHERE c.tenant_id = ? AND e.person_id = ?`
	// The one that stands, of all that an enrolment had.
	certificateStands = ` AND c.replaced = 0`
	sqlLockStanding   = `SELECT id FROM completion_certificate WHERE tenant_id = ? AND enrolment_id = ? AND replaced = 0`
	sqlLockHolder     = `SELECT p.id FROM person p WHERE p.tenant_id = ? AND p.id = (SELECT e.person_id FROM enrolment e WHERE e.tenant_id = ? AND e.id = ?)`
	// Of whom and of whose course a certificate tells.
	sqlCertificateOfWhom = `SELECT e.person_id, p.state, r.course_tenant_id FROM enrolment e JOIN round r ON r.tenant_id = e.tenant_id AND r.id = e.round_id
 JOIN person p ON p.tenant_id = e.tenant_id AND p.id = e.person_id WHERE e.tenant_id = ? AND e.id = ?`
	sqlLastReplaced       = `SELECT MAX(replaced) FROM completion_certificate WHERE tenant_id = ? AND enrolment_id = ?`
	sqlReplaceCertificate = `UPDATE completion_certificate SET replaced = ?, replaced_at = ?, replaced_by = ?, replaced_reason = ?, revoked_at = COALESCE(revoked_at, ?)
 WHERE tenant_id = ? AND id = ? AND replaced = 0`
	sqlCertificateNames = `SELECT p.name, o.name FROM person p JOIN organisation o ON o.tenant_id = p.tenant_id WHERE p.tenant_id = ? AND p.id = ?`
	// Whose course it was: the organisation itself or the association.
	sqlCertificateIssuer = `SELECT name FROM organisation WHERE tenant_id = ?`
	sqlLastNumber        = `SELECT number FROM completion_certificate WHERE tenant_id = ? AND number >= ? AND number < ? ORDER BY number DESC LIMIT 1`
	sqlInsertCertificate = `INSERT INTO completion_certificate (tenant_id, id, enrolment_id, number, code, content, issued_at) VALUES (?, ?, ?, ?, ?, ?, ?)`
	sqlRevokeCertificate = `UPDATE completion_certificate SET revoked_at = ?, revoked_reason = ? WHERE tenant_id = ? AND id = ? AND revoked_at IS NULL`
	sqlInsertPublicCode  = `INSERT INTO public_code (code_hash, tenant_id, kind, target_id, created_at) VALUES (?, ?, ?, ?, ?)`
	sqlLastDesign        = `SELECT d.number, d.content, d.logo, d.seal, COALESCE(p.name, ''), d.created_at FROM certificate_design d
 LEFT JOIN person p ON p.tenant_id = d.tenant_id AND p.id = d.created_by WHERE d.tenant_id = ? ORDER BY d.number DESC LIMIT 1`
	sqlDesign = `SELECT d.number, d.content, d.logo, d.seal, COALESCE(p.name, ''), d.created_at FROM certificate_design d
 LEFT JOIN person p ON p.tenant_id = d.tenant_id AND p.id = d.created_by WHERE d.tenant_id = ? AND d.number = ?`
	// Without its pictures: the number for every certificate that is issued, the rest for a badge.
	sqlLastDesignNumber = `SELECT COALESCE(MAX(number), 0) FROM certificate_design WHERE tenant_id = ?`
	sqlDesignPlain      = `SELECT number, content, NULL, NULL, '', created_at FROM certificate_design WHERE tenant_id = ? AND number = ?`
	sqlInsertDesign     = `INSERT INTO certificate_design (tenant_id, id, number, content, logo, seal, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
	// Designs that another has followed for a while without a certificate issued under them: a certificate takes the latest design there is. The hour is
	// for one that was being issued when the next design was saved.
	sqlUnusedDesigns = `SELECT d.number FROM certificate_design d JOIN certificate_design n ON n.tenant_id = d.tenant_id AND n.number > d.number
 WHERE d.tenant_id = ? AND NOT EXISTS (SELECT 1 FROM certificate_design b WHERE b.tenant_id = d.tenant_id AND b.number > d.number AND b.number < n.number)
 AND n.created_at < ? AND NOT EXISTS (SELECT 1 FROM completion_certificate c WHERE c.tenant_id = d.tenant_id AND c.issued_at >= d.created_at AND c.issued_at <= n.created_at + ?)`
	sqlDeleteDesign = `DELETE FROM certificate_design WHERE tenant_id = ? AND number = ?`
	// The installation signs for all; the association is one (tenant.kindAssociation).
	sqlAssociationName  = `SELECT name FROM organisation WHERE kind = 'association' ORDER BY tenant_id LIMIT 1`
	sqlSigningKey       = `SELECT public_key FROM signing_key WHERE id = ?`
	sqlSigningKeys      = `SELECT id, public_key, private_key FROM signing_key ORDER BY created_at, id LIMIT 100`
	sqlInsertSigningKey = `INSERT INTO signing_key (id, public_key, private_key, created_at) VALUES (?, ?, ?, ?)`
	// Before the tenant is known: the code itself is the key.
	sqlFindPublicCode = `SELECT tenant_id, target_id FROM public_code WHERE code_hash = ? AND kind = ?`
)

func (c *Certificates) read(ctx context.Context, query string, args ...any) ([]Certificate, error) {
	return db.List(ctx, c.db, query, args, scanCertificate)
}

func scanCertificate(row db.Row) (Certificate, error) {
	var cert Certificate
	var body db.JSON[CertificateContent]
	err := row.Scan(&cert.ID, &cert.Enrolment, &cert.Number, &cert.Code, &body, &cert.IssuedAt, &cert.RevokedAt, &cert.RevokedReason, &cert.Replaced, &cert.ReplacedAt,
		&cert.ReplacedReason, &cert.ReplacedBy)
	cert.Content = body.V
	return cert, err
}

func (c *Certificates) one(ctx context.Context, query string, args ...any) (Certificate, error) {
	list, err := c.read(ctx, query, args...)
	if err != nil {
		return Certificate{}, err
	}
	if len(list) == 0 {
		return Certificate{}, fault.New(fault.NotFound, "not_found")
	}
	return list[0], nil
}
