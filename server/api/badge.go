package api

import (
	"context"
	"encoding/json"
	"io"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/storage/cache"
	"kenshu/storage/db"
	"kenshu/tenant"
)

type badgeStatusOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte `contentType:"application/json"`
}
type badgeKeyInput struct {
	ID string `path:"id" format:"uuid"`
}

// limitVerifiers counts a look-up of what by a stranger against their address.
func (a *API) limitVerifiers(ctx context.Context, what string) error {
	return a.spend(ctx, cache.NewKey("verify", what, tenant.SourceGroup(sourceOf(ctx))), verifyRate)
}

// public answers a document of the standard as it is, without the members our own answers have.
func public(v any, err error) (*badgeStatusOutput, error) {
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return &badgeStatusOutput{ContentType: "application/json", Body: body}, nil
}

func (a *API) getOwnBadge(ctx context.Context, in *certificateInput) (*fileOutput, error) {
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
	return a.download("image/png", "badge-"+cert.Number+".png", func(w io.Writer) error { return a.svc.Badges.Write(ctx, p.Tenant, cert, w) }), nil
}

func (a *API) getBadgeStatus(ctx context.Context, in *publicCertificateInput) (*badgeStatusOutput, error) {
	if err := a.limitVerifiers(ctx, "status"); err != nil {
		return nil, err
	}
	cert, err := a.svc.Certificates.Verify(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	return public(a.svc.Badges.Status(cert), nil)
}

func (a *API) getBadgeIssuer(ctx context.Context, _ *struct{}) (*badgeStatusOutput, error) {
	if err := a.limitVerifiers(ctx, "issuer"); err != nil {
		return nil, err
	}
	profile, err := a.svc.Badges.Issuer(ctx)
	profile.Context = lms.BadgeContext
	return public(profile, err)
}

func (a *API) getBadgeKey(ctx context.Context, in *badgeKeyInput) (*badgeStatusOutput, error) {
	if err := a.limitVerifiers(ctx, "key"); err != nil {
		return nil, err
	}
	id, err := db.ParseID(in.ID)
	if err != nil {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	return public(a.svc.Badges.Key(ctx, id))
}
