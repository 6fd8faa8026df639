package tenant

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/storage/mail"
)

// Deliver is the handler of KindMailDeliver: it sends one queued message and writes down its fate. A message that is not queued any more is done.
// What has become late or needless while it waited is dropped; what was written on an earlier day is written anew, so that no mail says
// "tomorrow" the day after.
func (o *Outbox) Deliver(ctx context.Context, job db.Job, _ func(done, total int64)) error {
	var payload struct {
		Mail db.ID `json:"mail"`
	}
	if err := json.Unmarshal(job.Payload, &payload); err != nil {
		return fault.Wrap(err, fault.Invalid, "invalid")
	}
	tid := System(job.Tenant, "mail delivery")
	m, err := o.Find(ctx, tid, payload.Mail)
	if err != nil || m.State != MailQueued || !o.HasServer() {
		return err
	}
	drop, err := o.renew(ctx, tid, &m)
	if err != nil {
		return err
	}
	if drop != "" {
		return o.settle(ctx, tid, m.ID, MailDropped, drop)
	}
	failure := o.sender.Send(ctx, mail.Message{
		ID: m.ID.String(), To: mail.Address{Name: m.Name, Mail: m.Address}, Subject: m.Subject, Text: m.Body, Date: m.CreatedAt.Time,
	})
	switch {
	case failure == nil:
		return o.settle(ctx, tid, m.ID, MailSent, "")
	case fault.Is(failure, fault.Invalid):
		return o.settle(ctx, tid, m.ID, MailRefused, failure.Error())
	case job.Attempts >= job.Max:
		return o.settle(ctx, tid, m.ID, MailGivenUp, failure.Error())
	}
	if err := o.settle(ctx, tid, m.ID, MailQueued, failure.Error()); err != nil {
		return err
	}
	return errors.New(withoutAddresses(failure.Error())) // the job's failure is logged; the message keeps the whole of it
}

// renew tells why a message is not to be sent any more, and brings its words up to date.
func (o *Outbox) renew(ctx context.Context, tid ID, m *Mail) (drop string, err error) {
	now := o.clock()
	if !m.ExpiresAt.IsZero() && now.After(m.ExpiresAt.Time) {
		return DropLate, nil
	}
	if o.writer == nil || m.Enrolment.IsZero() {
		return "", nil
	}
	subject, body, drop, err := o.writer.Renew(ctx, tid, *m)
	if err != nil || drop != "" || Day(m.CreatedAt.Time) == Day(now) {
		return drop, err
	}
	m.Subject, m.Body = Clip(Tidy(subject), 255), body
	_, err = o.db.Exec(ctx, sqlMailWords, m.Subject, m.Body, tid, m.ID)
	return "", err
}

func (o *Outbox) settle(ctx context.Context, tid ID, id db.ID, state MailState, said string) error {
	var sent db.Time
	if state == MailSent {
		sent = db.At(o.clock())
	}
	_, err := o.db.Exec(ctx, sqlMailFate, state, Clip(said, 500), sent, tid, id)
	return err
}

// bouncedDays is how far back MailHealth counts what did not arrive.
const bouncedDays = 30

// MailHealth says in a few figures whether an organisation's messages go out.
type MailHealth struct {
	HasServer bool
	Failing   int     // waiting because the mail server could not be reached or put them off
	Since     db.Time // of the oldest of them
	Said      string  // what the mail server, or the attempt to reach it, said last
	Bounced   int     // refused or given up, of the last 30 days
	LastSent  db.Time
}

// Health tells whether the organisation's messages go out.
func (o *Outbox) Health(ctx context.Context, tid ID) (MailHealth, error) {
	h := MailHealth{HasServer: o.HasServer()}
	if err := o.db.QueryRow(ctx, sqlMailFailing, tid).Scan(&h.Failing, &h.Since); err != nil {
		return h, db.One(err)
	}
	if h.Failing > 0 {
		if err := ignoreNone(db.One(o.db.QueryRow(ctx, sqlMailSaid, tid).Scan(&h.Said))); err != nil {
			return h, err
		}
	}
	if err := o.db.QueryRow(ctx, sqlMailBounced, tid, db.At(o.clock().AddDate(0, 0, -bouncedDays))).Scan(&h.Bounced); err != nil {
		return h, db.One(err)
	}
	return h, ignoreNone(db.One(o.db.QueryRow(ctx, sqlLastSent, tid).Scan(&h.LastSent)))
}

func ignoreNone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// Deliveries are the deliveries of the whole installation, for its operator. They tell nothing about who writes to whom.
type Deliveries struct {
	HasServer bool
	Waiting   int
	Failing   int       // of Waiting, tried at least once in vain
	Since     time.Time // of the oldest failing one; zero without
	Said      string    // the last failure, addresses left out
}

var address = regexp.MustCompile(`[^\s<>"(),;:]+@[^\s<>"(),;:]+`)

// withoutAddresses leaves mail addresses out of what somebody else said.
func withoutAddresses(said string) string { return address.ReplaceAllString(said, "…") }

// Deliveries tells how delivery stands in the whole installation.
func (o *Outbox) Deliveries(ctx context.Context) (Deliveries, error) {
	d := Deliveries{HasServer: o.HasServer()}
	var since db.Time
	if err := o.db.QueryRow(ctx, sqlDeliveriesFailing).Scan(&d.Failing, &since); err != nil {
		return d, db.One(err)
	}
	d.Since = since.Time
	if err := o.db.QueryRow(ctx, sqlDeliveriesWaiting).Scan(&d.Waiting); err != nil {
		return d, db.One(err)
	}
	if d.Failing > 0 {
		if err := ignoreNone(db.One(o.db.QueryRow(ctx, sqlDeliverySaid).Scan(&d.Said))); err != nil {
			return d, err
		}
		d.Said = withoutAddresses(d.Said)
	}
	return d, nil
}
