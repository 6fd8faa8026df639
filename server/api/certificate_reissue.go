package api

import (
	"context"
	"time"

	"kenshu/lms"
)

// PrintedBody is what a certificate says of who was trained by whom, and how it looks.
type PrintedBody struct {
	Name         string `json:"name"`
	Organisation string `json:"organisation"`
	Issuer       string `json:"issuer"`
	Design       int    `json:"design" doc:"the number of the organisation's design; 0 is the product's own"`
}

// ReissuePreviewBody says what issuing a certificate again would change, and what stays.
type ReissuePreviewBody struct {
	Certificate   string      `json:"certificate" format:"uuid" doc:"the one that stands"`
	Number        string      `json:"number"`
	IssuedAt      time.Time   `json:"issued_at"`
	RevokedAt     *time.Time  `json:"revoked_at,omitempty"`
	Now           PrintedBody `json:"now" doc:"as it is printed on the one that stands"`
	Next          PrintedBody `json:"next" doc:"as it would be printed today"`
	CourseTitle   string      `json:"course_title"`
	CourseVersion int         `json:"course_version" doc:"number of the published version that was taken"`
	RoundTitle    string      `json:"round_title"`
	CompletedOn   string      `json:"completed_on" format:"date"`
	ScorePercent  *int        `json:"score_percent,omitempty"`
}

type reissuePreviewOutput struct{ Body ReissuePreviewBody }
type reissueInput struct {
	Repeatable
	ID   string `path:"id" format:"uuid"`
	Body struct {
		Certificate string `json:"certificate" format:"uuid" doc:"the one that was seen to stand"`
		Reason      string `json:"reason" minLength:"1" maxLength:"500" doc:"why; kept with the old certificate and in the audit log"`
	}
}

func (a *API) previewCertificateReissue(ctx context.Context, in *certificateInput) (*reissuePreviewOutput, error) {
	ids, err := pathIDs(in.ID)
	if err != nil {
		return nil, err
	}
	r, err := a.svc.Certificates.PreviewReissue(ctx, caller(ctx).Tenant, ids[0])
	if err != nil {
		return nil, err
	}
	c := r.Standing
	return &reissuePreviewOutput{Body: ReissuePreviewBody{
		Certificate: c.ID.String(), Number: c.Number, IssuedAt: c.IssuedAt.Time, RevokedAt: optionalTime(c.RevokedAt), Now: printedBody(c.Content), Next: printedBody(r.Next),
		CourseTitle: c.Content.CourseTitle, CourseVersion: c.Content.CourseVersion, RoundTitle: c.Content.RoundTitle, CompletedOn: c.Content.CompletedOn, ScorePercent: c.Content.ScorePercent,
	}}, nil
}

func printedBody(c lms.CertificateContent) PrintedBody {
	return PrintedBody{Name: c.Name, Organisation: c.Organisation, Issuer: c.Issuer, Design: c.Design}
}

func (a *API) reissueCertificate(ctx context.Context, in *reissueInput) (*certificateOutput, error) {
	ids, err := pathIDs(in.ID, in.Body.Certificate)
	if err != nil {
		return nil, err
	}
	cert, err := a.svc.Certificates.Reissue(ctx, caller(ctx).Tenant, ids[0], lms.ReissueInput{
		ID: in.newID(ctx, "certificate.reissue "+in.ID), Replaces: ids[1], Reason: in.Body.Reason,
	})
	if err != nil {
		return nil, err
	}
	return &certificateOutput{Body: certificateBody(cert)}, nil
}
