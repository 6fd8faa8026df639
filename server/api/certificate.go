package api

import (
	"context"
	"io"
	"time"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/storage/cache"
)

// verifyRate is how often one address may look up printed codes: a person with a pile of certificates, not a search for codes.
var verifyRate = cache.Rate{Burst: 60, Per: time.Minute}

// Drawing a paper or a badge costs processor time and a design takes room: what one person may ask for. saveRate is an organisation's.
var (
	drawRate = cache.Rate{Burst: 30, Per: time.Minute}
	saveRate = cache.Rate{Burst: 20, Per: time.Hour}
)

// limitDrawing counts something drawn for the caller.
func (a *API) limitDrawing(ctx context.Context) error {
	return a.spend(ctx, cache.NewKey("draw", caller(ctx).Person.String()), drawRate)
}

// spend takes one from a budget, or returns fault.Limited with the seconds to wait.
func (a *API) spend(ctx context.Context, key cache.Key, rate cache.Rate) error {
	decision, err := a.svc.Cache.Take(ctx, key, rate)
	if err != nil {
		return err
	}
	if !decision.Allowed {
		return fault.New(fault.Limited, "limited", "retry_after", int(decision.RetryAfter.Seconds())+1)
	}
	return nil
}

// OwnCertificateBody is one of the caller's certificates.
type OwnCertificateBody struct {
	ID           string     `json:"id" format:"uuid"`
	Enrolment    string     `json:"enrolment" format:"uuid"`
	Number       string     `json:"number"`
	Code         string     `json:"code" doc:"for the public verification page"`
	CourseTitle  string     `json:"course_title"`
	RoundTitle   string     `json:"round_title"`
	Name         string     `json:"name" doc:"as printed"`
	CompletedOn  string     `json:"completed_on" format:"date"`
	ScorePercent *int       `json:"score_percent,omitempty"`
	IssuedAt     time.Time  `json:"issued_at"`
	RevokedAt    *time.Time `json:"revoked_at,omitempty"`
}

// PublicCertificateBody is what a verified certificate says: what stands on the paper, and whether it is still valid. It proves that the training
// was completed, and nothing more.
type PublicCertificateBody struct {
	State        string     `json:"state" enum:"valid,revoked,replaced" doc:"replaced: another was issued in its place; only the new one is valid"`
	Number       string     `json:"number"`
	Name         string     `json:"name"`
	Organisation string     `json:"organisation"`
	Issuer       string     `json:"issuer"`
	CourseTitle  string     `json:"course_title"`
	RoundTitle   string     `json:"round_title"`
	CompletedOn  string     `json:"completed_on" format:"date"`
	RevokedAt    *time.Time `json:"revoked_at,omitempty"`
}

type ownCertificatesOutput struct {
	Body struct {
		Items []OwnCertificateBody `json:"items" nullable:"false"`
	}
}
type certificateInput struct {
	ID string `path:"id" format:"uuid"`
}
type revokeCertificateInput struct {
	ID   string `path:"id" format:"uuid"`
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"why; kept in the audit log"`
	}
}
type certificateOutput struct{ Body OwnCertificateBody }
type publicCertificateInput struct {
	Code string `path:"code" maxLength:"64"`
}
type publicCertificateOutput struct{ Body PublicCertificateBody }

func (a *API) listOwnCertificates(ctx context.Context, _ *struct{}) (*ownCertificatesOutput, error) {
	p := caller(ctx)
	list, err := a.svc.Certificates.ListOwn(ctx, p.Tenant, p.Person)
	if err != nil {
		return nil, err
	}
	out := &ownCertificatesOutput{}
	out.Body.Items = make([]OwnCertificateBody, 0, len(list))
	for _, c := range list {
		out.Body.Items = append(out.Body.Items, certificateBody(c))
	}
	return out, nil
}

func (a *API) getOwnCertificatePDF(ctx context.Context, in *certificateInput) (*fileOutput, error) {
	p := caller(ctx)
	ids, err := pathIDs(in.ID)
	if err != nil {
		return nil, err
	}
	cert, err := a.svc.Certificates.FindOwn(ctx, p.Tenant, p.Person, ids[0])
	if err != nil {
		return nil, err
	}
	if err := a.limitDrawing(ctx); err != nil {
		return nil, err
	}
	return a.certificatePDF(ctx, cert), nil
}

func (a *API) getEnrolmentCertificatePDF(ctx context.Context, in *certificateInput) (*fileOutput, error) {
	ids, err := pathIDs(in.ID)
	if err != nil {
		return nil, err
	}
	cert, err := a.svc.Certificates.FindOfEnrolment(ctx, caller(ctx).Tenant, ids[0])
	if err != nil {
		return nil, err
	}
	if err := a.limitDrawing(ctx); err != nil {
		return nil, err
	}
	return a.certificatePDF(ctx, cert), nil
}

func (a *API) certificatePDF(ctx context.Context, cert lms.Certificate) *fileOutput {
	return a.download("application/pdf", "修了証 "+cert.Content.Name+" "+cert.Number+".pdf", func(w io.Writer) error { return a.svc.Certificates.WritePDF(ctx, caller(ctx).Tenant, cert, w) })
}

func (a *API) revokeCertificate(ctx context.Context, in *revokeCertificateInput) (*certificateOutput, error) {
	ids, err := pathIDs(in.ID)
	if err != nil {
		return nil, err
	}
	cert, err := a.svc.Certificates.Revoke(ctx, caller(ctx).Tenant, ids[0], in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &certificateOutput{Body: certificateBody(cert)}, nil
}

func (a *API) verifyCertificate(ctx context.Context, in *publicCertificateInput) (*publicCertificateOutput, error) {
	if err := a.limitVerifiers(ctx, "certificate"); err != nil {
		return nil, err
	}
	cert, err := a.svc.Certificates.Verify(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	c := cert.Content
	body := PublicCertificateBody{
		State: "valid", Number: c.Number, Name: c.Name, Organisation: c.Organisation, Issuer: c.Issuer, CourseTitle: c.CourseTitle, RoundTitle: c.RoundTitle, CompletedOn: c.CompletedOn,
	}
	if body.RevokedAt = optionalTime(cert.RevokedAt); body.RevokedAt != nil {
		body.State = "revoked"
	}
	if cert.Replaced > 0 {
		body.State = "replaced"
	}
	return &publicCertificateOutput{Body: body}, nil
}

func certificateBody(c lms.Certificate) OwnCertificateBody {
	return OwnCertificateBody{
		ID: c.ID.String(), Enrolment: c.Enrolment.String(), Number: c.Number, Code: c.Code, CourseTitle: c.Content.CourseTitle, RoundTitle: c.Content.RoundTitle, Name: c.Content.Name,
		CompletedOn: c.Content.CompletedOn, ScorePercent: c.Content.ScorePercent, IssuedAt: c.IssuedAt.Time, RevokedAt: optionalTime(c.RevokedAt),
	}
}
