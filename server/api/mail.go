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
	PersonID  string     `json:"person_id,omitempty" doc:"to whom, where it is a person of the organisation"`
	Kind      string     `json:"kind" doc:"what it is about, e.g. round.assigned"`
	Slot      string     `json:"slot,omitempty" doc:"which of a round's reminders it is: assigned, due-7, due+3"`
	RoundID   string     `json:"round_id,omitempty" doc:"the round it is about"`
	Subject   string     `json:"subject"`
	Body      string     `json:"body" doc:"plain text"`
	State     string     `json:"state" enum:"queued,sent,refused,given_up,dropped,no_address,kept" doc:"refused: it bounced; given_up: no mail server for three days; dropped: not needed any more (last_error: late, done or newer); kept: this installation has no mail server"`
	Attempts  int        `json:"attempts"`
	LastError string     `json:"last_error,omitempty" doc:"what the mail server said last, or why it was dropped"`
	CreatedAt time.Time  `json:"created_at"`
	SentAt    *time.Time `json:"sent_at,omitempty"`
	ResentAt  *time.Time `json:"resent_at,omitempty" doc:"when somebody had it sent again"`
}

func mailBody(m tenant.Mail) MailBody {
	return MailBody{m.ID, m.Name, m.Address, idOrEmpty(m.Person), m.Kind, m.Slot, idOrEmpty(m.Round), m.Subject, m.Body, string(m.State), m.Attempts, m.LastError,
		m.CreatedAt.Time, timeOrNil(m.SentAt), timeOrNil(m.ResentAt)}
}

func idOrEmpty(id db.ID) string {
	if id.IsZero() {
		return ""
	}
	return id.String()
}

func mailCounts(c map[tenant.MailState]int) MailCountsBody {
	return MailCountsBody{c[tenant.MailQueued], c[tenant.MailSent], c[tenant.MailRefused], c[tenant.MailGivenUp], c[tenant.MailDropped], c[tenant.MailNoAddress], c[tenant.MailKept]}
}

// MailFilter narrows the outbox.
type MailFilter struct {
	State  string `query:"state" enum:"queued,sent,refused,given_up,dropped,no_address,kept,failed," doc:"empty: all; failed: refused or given_up"`
	Round  db.ID  `query:"round" format:"uuid" doc:"about this round"`
	Person db.ID  `query:"person" format:"uuid" doc:"to this person"`
	From   string `query:"from" format:"date" doc:"written on this day or later"`
	To     string `query:"to" format:"date" doc:"written on this day or before"`
}

func (f MailFilter) query() tenant.MailQuery {
	q := tenant.MailQuery{State: tenant.MailState(f.State), Round: f.Round, Person: f.Person, From: f.From, To: f.To}
	if f.State == "failed" {
		q.State, q.Failed = "", true
	}
	return q
}

type listMailInput struct {
	PageInput
	MailFilter
}

type listMailOutput struct {
	Body struct {
		Items     []MailBody     `json:"items" nullable:"false"`
		Next      string         `json:"next,omitempty"`
		Counts    MailCountsBody `json:"counts" doc:"of the same filter without its state"`
		HasServer bool           `json:"has_server" doc:"whether messages leave this installation"`
	}
}

func (a *API) listMail(ctx context.Context, in *listMailInput) (*listMailOutput, error) {
	tid, q := caller(ctx).Tenant, in.query()
	q.Page = db.Page{After: in.After, Limit: in.Limit}
	list, next, err := a.svc.Outbox.List(ctx, tid, q)
	if err != nil {
		return nil, err
	}
	counts, err := a.svc.Outbox.Counts(ctx, tid, q)
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

// MailHealthBody says whether the organisation's messages go out.
type MailHealthBody struct {
	HasServer bool       `json:"has_server" doc:"whether messages leave this installation"`
	Failing   int        `json:"failing" doc:"messages that wait because the mail server could not be reached or put them off"`
	Since     *time.Time `json:"since,omitempty" doc:"when the oldest of them was written"`
	Said      string     `json:"said,omitempty" doc:"what the mail server, or the attempt to reach it, said last"`
	Bounced   int        `json:"bounced" doc:"refused or given up, of the last 30 days"`
	LastSent  *time.Time `json:"last_sent,omitempty" doc:"when a message last went out"`
}

func mailHealth(h tenant.MailHealth) MailHealthBody {
	return MailHealthBody{h.HasServer, h.Failing, timeOrNil(h.Since), h.Said, h.Bounced, timeOrNil(h.LastSent)}
}

type mailHealthOutput struct{ Body MailHealthBody }

func (a *API) getMailHealth(ctx context.Context, _ *struct{}) (*mailHealthOutput, error) {
	h, err := a.svc.Outbox.Health(ctx, caller(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	return &mailHealthOutput{mailHealth(h)}, nil
}

type deliveriesOutput struct {
	Body struct {
		HasServer bool       `json:"has_server" doc:"whether messages leave this installation"`
		Waiting   int        `json:"waiting" doc:"deliveries of all organisations that wait"`
		Failing   int        `json:"failing" doc:"of those, tried in vain at least once"`
		Since     *time.Time `json:"since,omitempty" doc:"when the oldest failing one was queued"`
		Said      string     `json:"said,omitempty" doc:"the last failure; addresses are left out"`
	}
}

func (a *API) getDeliveries(ctx context.Context, _ *struct{}) (*deliveriesOutput, error) {
	d, err := a.svc.Outbox.Deliveries(ctx)
	if err != nil {
		return nil, err
	}
	out := &deliveriesOutput{}
	out.Body.HasServer, out.Body.Waiting, out.Body.Failing, out.Body.Since, out.Body.Said = d.HasServer, d.Waiting, d.Failing, timeOrNil(db.At(d.Since)), d.Said
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

type resendManyInput struct {
	Body struct {
		IDs     []db.ID         `json:"ids,omitempty" nullable:"false" maxItems:"500" doc:"these messages; empty: all that filter shows"`
		Filter  *MailFilterBody `json:"filter,omitempty" doc:"used without ids"`
		Preview bool            `json:"preview" doc:"only tell what it would do"`
	}
}

// MailFilterBody is the filter of the list, in a body.
type MailFilterBody struct {
	State  string `json:"state,omitempty" enum:"queued,sent,refused,given_up,dropped,no_address,kept,failed" doc:"failed: refused or given_up; without one: failed"`
	Round  *db.ID `json:"round,omitempty" format:"uuid" doc:"about this round"`
	Person *db.ID `json:"person,omitempty" format:"uuid" doc:"to this person"`
	From   string `json:"from,omitempty" maxLength:"10" doc:"written on this day or later"`
	To     string `json:"to,omitempty" maxLength:"10" doc:"written on this day or before"`
}

func (f *MailFilterBody) query() tenant.MailQuery {
	q := MailFilter{State: "failed"}
	if f != nil {
		if f.State != "" {
			q.State = f.State
		}
		if f.Round != nil {
			q.Round = *f.Round
		}
		if f.Person != nil {
			q.Person = *f.Person
		}
		q.From, q.To = f.From, f.To
	}
	return q.query()
}

type resendManyOutput struct {
	Body struct {
		Ready     int      `json:"ready" doc:"queued, or in a preview: would be"`
		NoAddress int      `json:"no_address" doc:"left alone: their people still have no address"`
		Waiting   int      `json:"waiting" doc:"left alone: on their way already"`
		Names     []string `json:"names" nullable:"false" doc:"the first who get one"`
	}
}

func (a *API) resendMany(ctx context.Context, in *resendManyInput) (*resendManyOutput, error) {
	send := a.svc.Outbox.ResendMany
	if in.Body.Preview {
		send = a.svc.Outbox.PreviewResend
	}
	sum, err := send(ctx, caller(ctx).Tenant, tenant.MailSelection{IDs: in.Body.IDs, Query: in.Body.Filter.query()})
	if err != nil {
		return nil, err
	}
	out := &resendManyOutput{}
	out.Body.Ready, out.Body.NoAddress, out.Body.Waiting, out.Body.Names = sum.Ready, sum.NoAddress, sum.Waiting, sum.Names
	return out, nil
}

func (a *API) testMail(ctx context.Context, in *Repeatable) (*mailOutput, error) {
	who := caller(ctx)
	m, err := a.svc.Outbox.SendTest(ctx, who.Tenant, who.Person, in.newID(ctx, "test-mail"))
	if err != nil {
		return nil, err
	}
	return &mailOutput{mailBody(m)}, nil
}
