package api

import (
	"context"
	"encoding/hex"
	"time"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/storage/cache"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// linkRate is how often one address may open links: an auditor reading, not a search for tokens.
var linkRate = cache.Rate{Burst: 60, Per: time.Minute}

// RecordLinkBody is a link for somebody without an account to one issued record.
type RecordLinkBody struct {
	ID           db.ID      `json:"id" format:"uuid"`
	Kind         string     `json:"kind" enum:"round,year"`
	Record       db.ID      `json:"record" format:"uuid" doc:"the issued record"`
	Recipient    string     `json:"recipient" doc:"whom it is for"`
	ExpiresAt    time.Time  `json:"expires_at"`
	RevokedAt    *time.Time `json:"revoked_at,omitempty"`
	Opened       int        `json:"opened" doc:"how often it was opened"`
	LastOpenedAt *time.Time `json:"last_opened_at,omitempty"`
	CreatedBy    string     `json:"created_by"`
	CreatedAt    time.Time  `json:"created_at"`
}

func linkBody(l lms.RecordLink) RecordLinkBody {
	return RecordLinkBody{l.ID, string(l.Kind), l.Record, l.Recipient, l.ExpiresAt.Time, optionalTime(l.RevokedAt), l.Opened, optionalTime(l.LastOpenedAt), l.CreatedBy, l.CreatedAt.Time}
}

type createLinkInput struct {
	Repeatable
	Body struct {
		Kind      string `json:"kind" enum:"round,year"`
		Record    db.ID  `json:"record" format:"uuid" doc:"an issued record of that kind"`
		Recipient string `json:"recipient" minLength:"1" maxLength:"200" doc:"whom it is for; stands in the audit log at each opening"`
		Days      int    `json:"days" minimum:"1" maximum:"90" doc:"how long it lives"`
	}
}

type createLinkOutput struct {
	Body struct {
		Link    RecordLinkBody `json:"link"`
		Address string         `json:"address" doc:"what the recipient opens; kept nowhere. The secret stands behind #, so it reaches no log"`
	}
}

func (a *API) createRecordLink(ctx context.Context, in *createLinkInput) (*createLinkOutput, error) {
	link, token, err := a.svc.RecordLinks.Create(ctx, caller(ctx).Tenant, lms.NewRecordLink{
		ID: in.newID(ctx, "create-record-link"), Kind: lms.RecordKind(in.Body.Kind), Record: in.Body.Record, Recipient: in.Body.Recipient, Days: in.Body.Days,
	})
	if err != nil {
		return nil, err
	}
	out := &createLinkOutput{}
	out.Body.Link, out.Body.Address = linkBody(link), a.cfg.PublicURL.JoinPath("shared-record").String()+"#"+token
	return out, nil
}

type listLinksOutput struct {
	Body struct {
		Items []RecordLinkBody `json:"items" nullable:"false"`
	}
}

func (a *API) listRecordLinks(ctx context.Context, _ *struct{}) (*listLinksOutput, error) {
	list, err := a.svc.RecordLinks.List(ctx, caller(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	out := &listLinksOutput{}
	out.Body.Items = make([]RecordLinkBody, 0, len(list))
	for _, l := range list {
		out.Body.Items = append(out.Body.Items, linkBody(l))
	}
	return out, nil
}

type linkPath struct {
	ID db.ID `path:"id" format:"uuid"`
}

func (a *API) revokeRecordLink(ctx context.Context, in *linkPath) (*struct{}, error) {
	return nil, a.svc.RecordLinks.Revoke(ctx, caller(ctx).Tenant, in.ID)
}

type openLinkInput struct {
	Body struct {
		Token string `json:"token" minLength:"1" maxLength:"100" doc:"what stands behind # in the address"`
	}
}

type openLinkOutput struct {
	Body struct {
		Recipient string              `json:"recipient" doc:"whom the link is for"`
		ExpiresAt time.Time           `json:"expires_at"`
		Number    int                 `json:"number"`
		Digest    string              `json:"digest" doc:"SHA-256 of the content, hexadecimal; the same as on the document"`
		IssuedAt  time.Time           `json:"issued_at"`
		Round     *lms.TrainingRecord `json:"round,omitempty" doc:"without login IDs"`
		Year      *lms.YearRecord     `json:"year,omitempty"`
	}
}

// followLink opens a link within the budget of the source.
func (a *API) followLink(ctx context.Context, token string, record bool) (lms.OpenedRecord, error) {
	decision, err := a.svc.Cache.Take(ctx, cache.NewKey("record_link", tenant.SourceGroup(sourceOf(ctx))), linkRate)
	if err != nil {
		return lms.OpenedRecord{}, err
	}
	if !decision.Allowed {
		return lms.OpenedRecord{}, fault.New(fault.Limited, "limited", "retry_after", int(decision.RetryAfter.Seconds())+1)
	}
	ctx = tenant.WithActor(ctx, tenant.Actor{Kind: "unknown", Source: sourceOf(ctx), RequestID: requestID(ctx)})
	return a.svc.RecordLinks.Open(ctx, token, record)
}

func (a *API) openRecordLink(ctx context.Context, in *openLinkInput) (*openLinkOutput, error) {
	o, err := a.followLink(ctx, in.Body.Token, true)
	if err != nil {
		return nil, err
	}
	out := &openLinkOutput{}
	out.Body.Recipient, out.Body.ExpiresAt = o.Link.Recipient, o.Link.ExpiresAt.Time
	if o.Year != nil {
		out.Body.Number, out.Body.Digest, out.Body.IssuedAt, out.Body.Year = o.Year.Number, hex.EncodeToString(o.Year.Digest[:]), o.Year.CreatedAt.Time, &o.Year.Content
		return out, nil
	}
	content := o.Round.Content.WithoutLogins()
	out.Body.Number, out.Body.Digest, out.Body.IssuedAt, out.Body.Round = o.Round.Number, hex.EncodeToString(o.Round.Digest[:]), o.Round.CreatedAt.Time, &content
	return out, nil
}

type linkFileInput struct {
	Body struct {
		Token    string `json:"token" minLength:"1" maxLength:"100"`
		Format   string `json:"format" enum:"pdf,xlsx"`
		Language string `json:"language" enum:"ja,en"`
	}
}

func (a *API) getLinkFile(ctx context.Context, in *linkFileInput) (*fileOutput, error) {
	o, err := a.followLink(ctx, in.Body.Token, false)
	if err != nil {
		return nil, err
	}
	if o.Year != nil {
		return a.yearFile(ctx, o.Tenant, *o.Year, in.Body.Format, in.Body.Language), nil
	}
	return a.recordFile(*o.Round, in.Body.Format, in.Body.Language), nil
}
