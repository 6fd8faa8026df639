package lms

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// PublicCodeCertificate is the kind under which a certificate's code stands in public_code.
const PublicCodeCertificate = "completion_certificate"

// CertificateContent is what was printed. It is stored at the issue and never changes, whatever happens to names, courses or membership.
type CertificateContent struct {
	Name          string `json:"name"`
	Organisation  string `json:"organisation"`
	Issuer        string `json:"issuer"` // whose course it was
	CourseTitle   string `json:"course_title"`
	CourseVersion int    `json:"course_version"`
	Language      string `json:"language"`
	RoundTitle    string `json:"round_title"`
	CompletedOn   string `json:"completed_on"` // calendar day
	ScorePercent  *int   `json:"score_percent,omitempty"`
	Number        string `json:"number"`
	Design        int    `json:"design,omitempty"` // the number of the organisation's design; 0 is the product's own
}

// Certificate is the proof that one person completed one round. Of those that an enrolment had, one stands; the others were replaced by it, and are revoked.
type Certificate struct {
	ID             db.ID
	Enrolment      db.ID
	Number         string
	Code           string
	Content        CertificateContent
	IssuedAt       db.Time
	RevokedAt      db.Time
	RevokedReason  string
	Replaced       int // 0: it stands; otherwise it was the how manieth to be replaced
	ReplacedAt     db.Time
	ReplacedReason string
	ReplacedBy     string // the name of who issued it again
}

// Certificates issues, prints, revokes and verifies completion certificates.
type Certificates struct {
	db        *db.DB
	audit     *tenant.Audit
	clock     func() time.Time
	publicURL string
}

// NewCertificates makes the service. publicURL is where the page is reached; the QR code leads to its /verify.
func NewCertificates(d *db.DB, audit *tenant.Audit, clock func() time.Time, publicURL string) *Certificates {
	return &Certificates{db: d, audit: audit, clock: clock, publicURL: strings.TrimSuffix(publicURL, "/")}
}

// completion is what issue needs to know.
type completion struct {
	Enrolment    db.ID
	Person       db.ID
	Round        string
	Course       *content.CourseVersion
	CourseTenant int64
	Score        *int
	At           db.Time
}

var codeText = base32.StdEncoding.WithPadding(base32.NoPadding)

// newCode makes 128 random bits in 26 letters and digits that can be typed from paper.
func newCode() (string, error) {
	secret := make([]byte, 16)
	if _, err := rand.Read(secret); err != nil {
		return "", fmt.Errorf("certificate code: %w", err)
	}
	return codeText.EncodeToString(secret), nil
}

// issue writes the certificate of a completed enrolment, in the transaction that completes it.
func (c *Certificates) issue(ctx context.Context, tid tenant.ID, tx *db.Tx, done completion) error {
	code, err := newCode()
	if err != nil {
		return err
	}
	cert := Certificate{ID: db.NewID(), Enrolment: done.Enrolment, Code: code, IssuedAt: done.At, Content: CertificateContent{
		CourseTitle: done.Course.Title, CourseVersion: done.Course.Number, Language: done.Course.Language, RoundTitle: done.Round,
		CompletedOn: tenant.Day(done.At.Time), ScorePercent: done.Score,
	}}
	if err := cert.Content.name(ctx, tid, tx, done.Person, done.CourseTenant); err != nil {
		return fmt.Errorf("issue certificate: %w", err)
	}
	if err := c.insert(ctx, tid, tx, &cert); err != nil {
		return fmt.Errorf("issue certificate: %w", err)
	}
	return c.audit.Append(ctx, tid, tx, tenant.Change{
		Action: "certificate.issue", SubjectKind: "enrolment", Subject: done.Enrolment, After: cert.Content, Detail: map[string]any{"number": cert.Number},
	})
}

// name writes what is read at the moment of an issue: the names of person, organisation and issuer as they are now, and the design in force.
func (c *CertificateContent) name(ctx context.Context, tid tenant.ID, r db.Runner, person db.ID, courseTenant int64) error {
	if err := db.One(r.QueryRow(ctx, sqlCertificateNames, tid, person).Scan(&c.Name, &c.Organisation)); err != nil {
		return err
	}
	if err := db.One(r.QueryRow(ctx, sqlCertificateIssuer, courseTenant).Scan(&c.Issuer)); err != nil {
		return err
	}
	return r.QueryRow(ctx, sqlLastDesignNumber, tid).Scan(&c.Design)
}

// insert writes the certificate under a number of its own, and its code.
func (c *Certificates) insert(ctx context.Context, tid tenant.ID, tx *db.Tx, cert *Certificate) error {
	if err := c.number(ctx, tid, tx, cert); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, sqlInsertPublicCode, codeHash(cert.Code), tid, PublicCodeCertificate, cert.ID, cert.IssuedAt)
	return err
}

// number inserts the certificate under the next free number of its year. Two that are completed at the same moment meet at the unique key: the
// later one takes the number after.
func (c *Certificates) number(ctx context.Context, tid tenant.ID, tx *db.Tx, cert *Certificate) error {
	year := cert.Content.CompletedOn[:4]
	for range 20 {
		var last db.Text
		if err := db.One(tx.QueryRow(ctx, sqlLastNumber, tid, year+"-", year+".").Scan(&last)); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		next := 1
		if _, digits, ok := strings.Cut(string(last), "-"); ok {
			n, err := strconv.Atoi(digits)
			if err != nil {
				return fmt.Errorf("certificate number %q: %w", last, err)
			}
			next = n + 1
		}
		cert.Number = fmt.Sprintf("%s-%06d", year, next)
		cert.Content.Number = cert.Number
		_, err := tx.Exec(ctx, sqlInsertCertificate, tid, cert.ID, cert.Enrolment, cert.Number, cert.Code, db.JSON[CertificateContent]{V: cert.Content}, cert.IssuedAt)
		if !db.IsDuplicateOf(err, "completion_certificate_number", "number") {
			return err
		}
	}
	return errors.New("no free certificate number")
}

// ListOwn gives the person's certificates, newest first, without those that were replaced.
func (c *Certificates) ListOwn(ctx context.Context, tid tenant.ID, person db.ID) ([]Certificate, error) {
	list, err := c.read(ctx, sqlOwnCertificates+certificateStands+` ORDER BY c.issued_at DESC, c.id DESC LIMIT 500`, tid, person)
	if err != nil {
		return nil, fmt.Errorf("list own certificates: %w", err)
	}
	return list, nil
}

// FindOwn gives one of the person's certificates to print. It returns fault.NotFound for anybody else's, fault.Gone for a revoked one.
func (c *Certificates) FindOwn(ctx context.Context, tid tenant.ID, person, certificate db.ID) (Certificate, error) {
	found, err := c.one(ctx, sqlOwnCertificates+` AND c.id = ?`, tid, person, certificate)
	if err != nil {
		return Certificate{}, fmt.Errorf("find own certificate: %w", err)
	}
	if !found.RevokedAt.IsZero() {
		return Certificate{}, fault.New(fault.Gone, "certificate_revoked")
	}
	return found, nil
}

// FindOfEnrolment gives the certificate that stands for an enrolment, for the organisation's records; also a revoked one. It returns fault.NotFound.
func (c *Certificates) FindOfEnrolment(ctx context.Context, tid tenant.ID, enrolment db.ID) (Certificate, error) {
	found, err := c.one(ctx, sqlCertificates+` AND c.enrolment_id = ?`+certificateStands, tid, enrolment)
	if err != nil {
		return Certificate{}, fmt.Errorf("find certificate: %w", err)
	}
	return found, nil
}

// Revoke takes a certificate back, with a reason that stands on the verification page's record. The completion itself stays. A second revocation changes nothing:
// the first reason stays. It returns fault.NotFound, fault.Invalid without a reason, and fault.Conflict "changed_meanwhile" when it was issued again meanwhile.
func (c *Certificates) Revoke(ctx context.Context, tid tenant.ID, enrolment db.ID, reason string) (Certificate, error) {
	reason, err := tenant.ReadReason(reason)
	if err != nil {
		return Certificate{}, err
	}
	before, err := c.FindOfEnrolment(ctx, tid, enrolment)
	if err != nil {
		return Certificate{}, fmt.Errorf("revoke certificate: %w", err)
	}
	err = c.db.Tx(ctx, func(tx *db.Tx) error {
		r, err := tx.Exec(ctx, sqlRevokeCertificate, db.At(c.clock()), reason, tid, before.ID)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return c.audit.Append(tenant.WithReason(ctx, reason), tid, tx, tenant.Change{
			Action: "certificate.revoke", SubjectKind: "enrolment", Subject: enrolment, Before: before.Content, Detail: map[string]any{"number": before.Number},
		})
	})
	if err != nil {
		return Certificate{}, fmt.Errorf("revoke certificate: %w", err)
	}
	after, err := c.FindOfEnrolment(ctx, tid, enrolment)
	if err == nil && after.ID != before.ID {
		err = fault.New(fault.Conflict, "changed_meanwhile")
	}
	return after, err
}

var codeShape = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// Verify answers the public question whether a printed code belongs to a certificate, and what that certificate says. An unknown code and one that cannot be a
// code are the same fault.NotFound. It proves that the training was completed and nothing more.
func (c *Certificates) Verify(ctx context.Context, code string) (Certificate, error) {
	code = strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(code))
	if !codeShape.MatchString(code) {
		return Certificate{}, fault.New(fault.NotFound, "not_found")
	}
	var number int64
	var id db.ID
	if err := db.One(c.db.QueryRow(ctx, sqlFindPublicCode, codeHash(code), PublicCodeCertificate).Scan(&number, &id)); err != nil {
		return Certificate{}, fmt.Errorf("verify certificate: %w", err)
	}
	found, err := c.one(ctx, sqlCertificates+` AND c.id = ?`, tenant.System(number, "public certificate code"), id)
	if err != nil {
		return Certificate{}, fmt.Errorf("verify certificate: %w", err)
	}
	return found, nil
}

// WritePDF prints a certificate with the design it was issued with. The same certificate gives the same bytes every time.
func (c *Certificates) WritePDF(ctx context.Context, tid tenant.ID, cert Certificate, w io.Writer) error {
	design := productDesign()
	if cert.Content.Design > 0 {
		var err error
		if design, err = readDesign(ctx, tid, c.db, sqlDesign, cert.Content.Design); err != nil {
			return fmt.Errorf("print certificate: %w", err)
		}
	}
	_, err := certificatePaper(cert, design, c.publicURL+"/verify/"+cert.Code).WriteTo(w)
	return err
}

func codeHash(code string) db.Hash { return sha256.Sum256([]byte(code)) }
