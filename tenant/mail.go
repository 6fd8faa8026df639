package tenant

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kenshu/storage/db"
	"kenshu/storage/mail"
)

// MailState is the visible fate of a message.
type MailState string

// The fates of a message.
const (
	MailQueued    MailState = "queued"     // on its way, tried again after a while when the mail server is away
	MailSent      MailState = "sent"       // a mail server took it
	MailRefused   MailState = "refused"    // a mail server will not take it: it bounced
	MailGivenUp   MailState = "given_up"   // no mail server could be reached for three days
	MailDropped   MailState = "dropped"    // not needed any more when it could have gone out; LastError is one of the Drop reasons
	MailNoAddress MailState = "no_address" // the person has no address here
	MailKept      MailState = "kept"       // this installation has no mail server: the message is read on the screen
)

// Why a waiting message was dropped.
const (
	DropLate  = "late"  // the day on which it meant something has passed
	DropDone  = "done"  // what it asked for is done, set aside or closed
	DropNewer = "newer" // a later message says the same
)

// deliveryTries let a message wait about three days for a mail server: the worker's pauses grow to four hours.
const deliveryTries = 30

// resentFor is how long a message that somebody has sent again may wait for a mail server before it is dropped, where it has an end at all.
const resentFor = 48 * time.Hour

// KindMailDeliver is the job that delivers one message.
const KindMailDeliver = "mail.deliver"

// Letter is a message to be written into the outbox.
type Letter struct {
	Dedupe  string // the same twice is one message; at most 128 characters
	Person  db.ID  // to whom, where it is a person of the organisation
	Address string // empty: no address
	Name    string
	Kind    string // what it is about, e.g. round.assigned
	Subject string
	Body    string // plain text

	// Of reminders only.
	Round     db.ID
	Enrolment db.ID
	Slot      string  // which of the round's reminders it is
	Expires   db.Time // not sent later; zero: always good
}

// Mail is a message of the outbox.
type Mail struct {
	ID        db.ID
	Person    db.ID
	Address   string
	Name      string
	Kind      string
	Subject   string
	Body      string
	State     MailState
	Attempts  int
	LastError string
	CreatedAt db.Time
	SentAt    db.Time
	Round     db.ID // of a reminder
	Enrolment db.ID
	Slot      string
	ExpiresAt db.Time
	ResentAt  db.Time // when somebody had it sent again
}

// MailWriter keeps what its messages say true until they go out. It is asked for messages about an enrolment, just before delivery; for a message
// that is not needed any more it gives why (one of the Drop reasons).
type MailWriter interface {
	Renew(ctx context.Context, tid ID, m Mail) (subject, body, drop string, err error)
}

// Outbox keeps every message with its fate and has it delivered.
//
// Delivery is at least once: a process that dies after the mail server took a message and before that was written down delivers it again, with the
// same Message-ID, which is made from the message's own ID so that mail programs can tell the repeat.
type Outbox struct {
	db     *db.DB
	audit  *Audit
	sender mail.Sender
	clock  func() time.Time
	writer MailWriter
}

// NewOutbox makes the outbox. With the sender mail.Kept messages are kept and read on the screen.
func NewOutbox(d *db.DB, audit *Audit, sender mail.Sender, clock func() time.Time) *Outbox {
	return &Outbox{db: d, audit: audit, sender: sender, clock: clock}
}

// WrittenBy names who writes the messages about enrolments. It is called once, while the services are made.
func (o *Outbox) WrittenBy(w MailWriter) { o.writer = w }

// Enqueue writes messages into the outbox inside the business transaction. A message whose Dedupe is there already stays as it is.
func (o *Outbox) Enqueue(ctx context.Context, tid ID, tx *db.Tx, letters []Letter) error {
	now := o.clock()
	rows := make([][]any, 0, len(letters))
	jobs := make([]db.Job, 0, len(letters))
	for _, l := range letters {
		// The message's ID comes from what makes it one, so that a repeat queues no second delivery.
		id := mailID(tid, l.Dedupe)
		state := o.fate(l.Address)
		rows = append(rows, []any{tid, id, l.Dedupe, l.Person, l.Address, Clip(l.Name, 100), l.Kind, Clip(Tidy(l.Subject), 255), l.Body, state, db.At(now), l.Round, l.Enrolment, l.Slot, l.Expires})
		if state == MailQueued {
			jobs = append(jobs, deliveryJob(tid, id, 0))
		}
	}
	if err := tx.InsertNew(ctx, sqlInsertMail, "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", "tenant_id, dedupe", rows); err != nil {
		return fmt.Errorf("write mail: %w", err)
	}
	return tx.EnqueueMany(ctx, now, jobs)
}

func mailID(tid ID, dedupe string) db.ID { return db.IDFrom("mail", fmt.Sprint(tid.n), dedupe) }

func (o *Outbox) fate(address string) MailState {
	switch {
	case address == "":
		return MailNoAddress
	case !o.HasServer():
		return MailKept
	}
	return MailQueued
}

func deliveryJob(tid ID, id db.ID, try int) db.Job {
	payload, err := json.Marshal(map[string]db.ID{"mail": id})
	if err != nil {
		payload = nil // an ID always marshals
	}
	return db.Job{Kind: KindMailDeliver, Slot: fmt.Sprintf("%s #%d", id, try), Tenant: tid.n, Payload: payload, Max: deliveryTries}
}

// HasServer tells whether messages leave this installation.
func (o *Outbox) HasServer() bool {
	_, kept := o.sender.(mail.Kept)
	return !kept
}
