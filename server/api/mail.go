package api

import (
	"context"
	"time"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// MailBody is a message of the outbox with its fate.
type MailBody struct {
	ID        db.ID      `json:"id" format:"uuid"`
	ToName    string     `json:"to_name"`
	ToAddress string     `json:"to_address" doc:"empty when the person has none"`
	Kind      string     `json:"kind" doc:"what it is about, e.g. round.assigned"`
	Subject   string     `json:"subject"`
	Body      string     `json:"body" doc:"plain text"`
	State     string     `json:"state" enum:"queued,sent,refused,no_address,kept" doc:"kept: this installation has no mail server"`
	Attempts  int        `json:"attempts"`
	LastError string     `json:"last_error,omitempty" doc:"what the mail server said last"`
	CreatedAt time.Time  `json:"created_at"`
	SentAt    *time.Time `json:"sent_at,omitempty"`
}

func mailBody(m tenant.Mail) MailBody {
	return MailBody{m.ID, m.Name, m.Address, m.Kind, m.Subject, m.Body, string(m.State), m.Attempts, m.LastError, m.CreatedAt.Time, timeOrNil(m.SentAt)}
}

func mailCounts(c map[tenant.MailState]int) MailCountsBody {
	return MailCountsBody{c[tenant.MailQueued], c[tenant.MailSent], c[tenant.MailRefused], c[tenant.MailNoAddress], c[tenant.MailKept]}
}

type listMailInput struct {
	PageInput
	State string `query:"state" enum:"queued,sent,refused,no_address,kept," doc:"empty: all"`
}

type listMailOutput struct {
	Body struct {
		Items     []MailBody     `json:"items" nullable:"false"`
		Next      string         `json:"next,omitempty"`
		Counts    MailCountsBody `json:"counts"`
		HasServer bool           `json:"has_server" doc:"whether messages leave this installation"`
	}
}

func (a *API) listMail(ctx context.Context, in *listMailInput) (*listMailOutput, error) {
	tid := caller(ctx).Tenant
	list, next, err := a.svc.Outbox.List(ctx, tid, tenant.MailQuery{State: tenant.MailState(in.State), Page: db.Page{After: in.After, Limit: in.Limit}})
	if err != nil {
		return nil, err
	}
	counts, err := tenant.CountMail(ctx, tid, a.svc.DB)
	if err != nil {
		return nil, err
	}
	out := &listMailOutput{}
	out.Body.Items, out.Body.Next, out.Body.Counts, out.Body.HasServer = make([]MailBody, 0, len(list)), next, mailCounts(counts), a.svc.Outbox.HasServer()
	for _, m := range list {
		out.Body.Items = append(out.Body.Items, mailBody(m))
	}
	return out, nil
}

type mailID struct {
	ID db.ID `path:"id" format:"uuid"`
}

type mailOutput struct{ Body MailBody }

func (a *API) resendMail(ctx context.Context, in *mailID) (*mailOutput, error) {
	m, err := a.svc.Outbox.Resend(ctx, caller(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	return &mailOutput{mailBody(m)}, nil
}
