package tenant

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/storage/mail"
)

// MailState is the visible fate of a message.
type MailState string

// The fates of a message.
const (
	MailQueued    MailState = "queued"     // on its way, tried again after a while when the mail server is away
	MailSent      MailState = "sent"       // a mail server took it
	MailRefused   MailState = "refused"    // a mail server will not take it, or it could not be reached for too long
	MailNoAddress MailState = "no_address" // the person has no address here
	MailKept      MailState = "kept"       // this installation has no mail server: the message is read on the screen
)

// MailStates lists the fates.
var MailStates = []MailState{MailQueued, MailSent, MailRefused, MailNoAddress, MailKept}

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
}

// NewOutbox makes the outbox. With the sender mail.Kept messages are kept and read on the screen.
func NewOutbox(d *db.DB, audit *Audit, sender mail.Sender, clock func() time.Time) *Outbox {
	return &Outbox{db: d, audit: audit, sender: sender, clock: clock}
}

// Enqueue writes messages into the outbox inside the business transaction. A message whose Dedupe is there already stays as it is.
func (o *Outbox) Enqueue(ctx context.Context, tid ID, tx *db.Tx, letters []Letter) error {
	now := o.clock()
	rows := make([][]any, 0, len(letters))
	jobs := make([]db.Job, 0, len(letters))
	for _, l := range letters {
		// The message's ID comes from what makes it one, so that a repeat queues no second delivery.
		id := db.IDFrom("mail", fmt.Sprint(tid.n), l.Dedupe)
		state := o.fate(l.Address)
		rows = append(rows, []any{tid, id, l.Dedupe, l.Person, l.Address, Clip(l.Name, 100), l.Kind, Clip(Tidy(l.Subject), 255), l.Body, state, db.At(now)})
		if state == MailQueued {
			jobs = append(jobs, deliveryJob(tid, id, 0))
		}
	}
	if err := tx.InsertNew(ctx, sqlInsertMail, "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", "tenant_id, dedupe", rows); err != nil {
		return fmt.Errorf("write mail: %w", err)
	}
	return tx.EnqueueMany(ctx, now, jobs)
}

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
	return db.Job{Kind: KindMailDeliver, Slot: fmt.Sprintf("%s #%d", id, try), Tenant: tid.n, Payload: payload}
}

// Deliver is the handler of KindMailDeliver: it sends one queued message and writes down its fate. A message that is not queued any more is done.
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
	failure := o.sender.Send(ctx, mail.Message{
		ID: m.ID.String(), To: mail.Address{Name: m.Name, Mail: m.Address}, Subject: m.Subject, Text: m.Body, Date: m.CreatedAt.Time,
	})
	now := db.At(o.clock())
	switch {
	case failure == nil:
		_, err = o.db.Exec(ctx, sqlMailFate, MailSent, "", now, tid, m.ID)
		return err
	case fault.Is(failure, fault.Invalid), job.Attempts >= job.Max:
		_, err = o.db.Exec(ctx, sqlMailFate, MailRefused, Clip(failure.Error(), 500), db.Time{}, tid, m.ID)
		return err
	}
	if _, err := o.db.Exec(ctx, sqlMailFate, MailQueued, Clip(failure.Error(), 500), db.Time{}, tid, m.ID); err != nil {
		return err
	}
	return failure
}

// Find gives one message; NotFound when the organisation has none of this ID.
func (o *Outbox) Find(ctx context.Context, tid ID, id db.ID) (Mail, error) {
	m, err := scanMail(o.db.QueryRow(ctx, sqlSelectMail+" WHERE m.tenant_id = ? AND m.id = ?", tid, id))
	return m, db.One(err)
}

// MailQuery narrows List.
type MailQuery struct {
	State MailState // "" is all
	Page  db.Page
}

// List gives the organisation's messages, newest first, and the cursor of the next page.
func (o *Outbox) List(ctx context.Context, tid ID, q MailQuery) ([]Mail, string, error) {
	cond := db.Where("m.tenant_id = ?", tid)
	if q.State != "" {
		cond.And("m.state = ?", q.State)
	}
	after, err := db.ReadCursor(q.Page.After, 2)
	if err != nil {
		return nil, "", err
	}
	if after != nil {
		var id db.ID
		var at int64
		if _, err := fmt.Sscan(after[0], &at); err != nil {
			return nil, "", fault.Wrap(err, fault.Invalid, "cursor")
		}
		if id, err = db.ParseID(after[1]); err != nil {
			return nil, "", fault.Wrap(err, fault.Invalid, "cursor")
		}
		cond.And("m.created_at < ? OR (m.created_at = ? AND m.id < ?)", at, at, id)
	}
	limit := q.Page.Clamp()
	rows, err := o.db.Query(ctx, sqlSelectMail+cond.SQL()+" ORDER BY m.created_at DESC, m.id DESC LIMIT ?", cond.Args(limit+1)...)
	if err != nil {
		return nil, "", fmt.Errorf("list mail: %w", err)
	}
	defer rows.Close()
	list := []Mail{}
	for rows.Next() {
		m, err := scanMail(rows)
		if err != nil {
			return nil, "", err
		}
		list = append(list, m)
	}
	if err := rows.Err(); err != nil || len(list) <= limit {
		return list, "", err
	}
	last := list[limit-1]
	return list[:limit], db.Cursor(fmt.Sprint(last.CreatedAt.UnixMicro()), last.ID.String()), nil
}

// Resend queues a message once more, to the address that the person has now. It returns NotFound, and Conflict when the message is on its way,
// when there is still no address (mail_no_address) or no mail server (mail_no_server).
func (o *Outbox) Resend(ctx context.Context, tid ID, id db.ID) (Mail, error) {
	var m Mail
	err := o.db.Tx(ctx, func(tx *db.Tx) error {
		var err error
		if m, err = scanMail(tx.QueryRowLocked(ctx, sqlSelectMail+" WHERE m.tenant_id = ? AND m.id = ?", tid, id)); err != nil {
			return db.One(err)
		}
		if !m.Person.IsZero() {
			if err := db.One(tx.QueryRow(ctx, sqlPersonAddress, tid, m.Person).Scan(&m.Address)); err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
		}
		switch {
		case m.State == MailQueued:
			return fault.New(fault.Conflict, "mail_queued")
		case m.Address == "":
			return fault.New(fault.Conflict, "mail_no_address")
		case !o.HasServer():
			return fault.New(fault.Conflict, "mail_no_server")
		}
		m.State, m.Attempts, m.LastError = MailQueued, m.Attempts+1, ""
		if _, err := tx.Exec(ctx, sqlRequeueMail, m.Address, tid, id); err != nil {
			return err
		}
		if err := tx.Enqueue(ctx, o.clock(), deliveryJob(tid, id, m.Attempts)); err != nil {
			return err
		}
		return o.audit.Append(ctx, tid, tx, Change{Action: "mail.resend", SubjectKind: "mail", Subject: id, Detail: map[string]any{"kind": m.Kind}})
	})
	if err != nil {
		return Mail{}, fmt.Errorf("resend mail: %w", err)
	}
	return m, nil
}

// HasServer tells whether messages leave this installation.
func (o *Outbox) HasServer() bool {
	_, kept := o.sender.(mail.Kept)
	return !kept
}

// CountMail counts the organisation's messages by fate.
func CountMail(ctx context.Context, tid ID, r db.Runner) (map[MailState]int, error) {
	rows, err := r.Query(ctx, sqlCountMail, tid)
	if err != nil {
		return nil, fmt.Errorf("count mail: %w", err)
	}
	defer rows.Close()
	counts := map[MailState]int{}
	for rows.Next() {
		var state MailState
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return nil, err
		}
		counts[state] = n
	}
	return counts, rows.Err()
}
