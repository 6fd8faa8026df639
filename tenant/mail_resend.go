package tenant

import (
	"context"
	"fmt"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
)

// MaxResend is how many messages one request may send again.
const MaxResend = 10_000

const resendChunk = 500

// MailSelection says which messages: those named, or without names all that the query shows.
type MailSelection struct {
	IDs   []db.ID
	Query MailQuery
}

// Resendable is what sending a selection again would do, or did.
type Resendable struct {
	Ready     int      // have an address now
	NoAddress int      // still have none
	Waiting   int      // are on their way already
	Names     []string // the first of those who are ready, at most 10
}

// resendRow is one message of a selection.
type resendRow struct {
	id      db.ID
	kind    string
	tries   int
	address string
	name    string
	state   MailState
}

// PreviewResend tells what sending a selection again would do. It returns Invalid for more than MaxResend messages.
func (o *Outbox) PreviewResend(ctx context.Context, tid ID, sel MailSelection) (Resendable, error) {
	_, sum, err := o.resendable(ctx, tid, o.db, sel.cond(tid))
	return sum, err
}

// ResendMany queues a selection once more, each message to the address that its person has now; those without one, and those on their way, are left
// alone. It returns what it did, Invalid for more than MaxResend messages, and Conflict mail_no_server without a mail server.
func (o *Outbox) ResendMany(ctx context.Context, tid ID, sel MailSelection) (Resendable, error) {
	if !o.HasServer() {
		return Resendable{}, fault.New(fault.Conflict, "mail_no_server")
	}
	list, sum, err := o.resendable(ctx, tid, o.db, sel.cond(tid))
	if err != nil {
		return sum, err
	}
	ready := slices.DeleteFunc(list, func(r resendRow) bool { return !r.ready() })
	done := Resendable{NoAddress: sum.NoAddress, Waiting: sum.Waiting, Names: sum.Names}
	for part := range slices.Chunk(ready, resendChunk) {
		n := 0
		err := o.db.Tx(ctx, func(tx *db.Tx) (err error) {
			n, err = o.requeue(ctx, tid, tx, part)
			return err
		})
		if err != nil {
			return done, fmt.Errorf("resend mail: %w", err)
		}
		done.Ready += n
	}
	return done, nil
}

// Resend queues a message once more, to the address that the person has now. It returns NotFound, and Conflict when the message is on its way,
// when there is still no address (mail_no_address) or no mail server (mail_no_server).
func (o *Outbox) Resend(ctx context.Context, tid ID, id db.ID) (Mail, error) {
	list, _, err := o.resendable(ctx, tid, o.db, db.Where("m.tenant_id = ?", tid).And("m.id = ?", id))
	switch {
	case err != nil:
		return Mail{}, err
	case len(list) == 0:
		return Mail{}, fault.New(fault.NotFound, "not_found")
	case list[0].state == MailQueued:
		return Mail{}, fault.New(fault.Conflict, "mail_queued")
	case list[0].address == "":
		return Mail{}, fault.New(fault.Conflict, "mail_no_address")
	case !o.HasServer():
		return Mail{}, fault.New(fault.Conflict, "mail_no_server")
	}
	err = o.db.Tx(ctx, func(tx *db.Tx) error {
		n, err := o.requeue(ctx, tid, tx, list)
		if err == nil && n == 0 {
			return fault.New(fault.Conflict, "mail_queued") // somebody else was quicker
		}
		return err
	})
	if err != nil {
		return Mail{}, fmt.Errorf("resend mail: %w", err)
	}
	return o.Find(ctx, tid, id)
}

func (r resendRow) ready() bool { return r.state != MailQueued && r.address != "" }

func (s MailSelection) cond(tid ID) *db.Cond {
	if len(s.IDs) == 0 {
		return s.Query.withFate(tid)
	}
	return db.Where("m.tenant_id = ?", tid).In("m.id", db.Args(s.IDs))
}

func (o *Outbox) resendable(ctx context.Context, tid ID, r db.Runner, cond *db.Cond) ([]resendRow, Resendable, error) {
	sum := Resendable{Names: []string{}}
	if tid.IsZero() {
		return nil, sum, ErrNoTenant
	}
	list, err := readResendable(ctx, r, sqlResendable+cond.SQL()+" ORDER BY m.created_at DESC, m.id DESC LIMIT ?", cond.Args(MaxResend+1)...)
	if err != nil {
		return nil, sum, fmt.Errorf("read mail: %w", err)
	}
	if len(list) > MaxResend {
		return nil, sum, &fault.Error{Kind: fault.Invalid, Key: "invalid", Fields: []fault.Field{{Path: "query", Key: "too_many", Args: map[string]any{"max": MaxResend}}}}
	}
	for _, row := range list {
		switch {
		case row.state == MailQueued:
			sum.Waiting++
		case row.address == "":
			sum.NoAddress++
		default:
			sum.Ready++
			if len(sum.Names) < 10 {
				sum.Names = append(sum.Names, row.name)
			}
		}
	}
	return list, sum, nil
}

func readResendable(ctx context.Context, r db.Runner, query string, args ...any) ([]resendRow, error) {
	var list []resendRow
	err := db.Each(ctx, r, query, args, func(scan func(...any) error) error {
		var row resendRow
		err := scan(&row.id, &row.kind, &row.state, &row.tries, &row.name, &row.address)
		list = append(list, row)
		return err
	})
	return list, err
}

// requeue queues rows again, as they stand when they are locked, and returns how many it did.
func (o *Outbox) requeue(ctx context.Context, tid ID, tx *db.Tx, rows []resendRow) (int, error) {
	list := make([]db.ID, len(rows))
	for i, r := range rows {
		list[i] = r.id
	}
	cond := db.Where("m.tenant_id = ?", tid).In("m.id", db.Args(list)).And("m.state <> 'queued'")
	locked, err := readResendable(ctx, tx.Locking(), sqlResendable+cond.SQL(), cond.Args()...)
	if err != nil || len(locked) == 0 {
		return 0, err
	}
	list = list[:0]
	jobs, changes := make([]db.Job, 0, len(locked)), make([]Change, 0, len(locked))
	for _, r := range locked {
		list = append(list, r.id)
		jobs = append(jobs, deliveryJob(tid, r.id, r.tries+1))
		changes = append(changes, Change{Action: "mail.resend", SubjectKind: "mail", Subject: r.id, Detail: map[string]any{"kind": r.kind}})
	}
	now := o.clock()
	again := db.Where("tenant_id = ?", tid).In("id", db.Args(list))
	if _, err := tx.Exec(ctx, sqlRequeueMail+again.SQL(), append([]any{db.At(now), db.At(now.Add(resentFor))}, again.Args()...)...); err != nil {
		return 0, err
	}
	if err := tx.EnqueueMany(ctx, now, jobs); err != nil {
		return 0, err
	}
	return len(locked), o.audit.AppendMany(ctx, tid, tx, changes)
}

// testWords are the message that shows whether mail arrives.
var testWords = map[string][2]string{
	"ja": {"【研修】送信の確認", "このメールは、研修システムからメールが届くかどうかを確かめるために、あなたが送ったものです。\n届いていれば、設定は正しくできています。"},
	"en": {"[Training] Test of sending", "You sent this message to see whether mail from the training system arrives.\nIf you can read it, everything is set up."},
}

// SendTest writes a message to a person's own address, to see whether mail arrives; the id is the message's dedupe, so a repeat is one message.
// It returns NotFound, and Conflict mail_no_address or mail_no_server.
func (o *Outbox) SendTest(ctx context.Context, tid ID, person, id db.ID) (Mail, error) {
	l := Letter{Dedupe: "test " + id.String(), Person: person, Kind: "mail.test"}
	var locale string
	if err := db.One(o.db.QueryRow(ctx, sqlTestRecipient, tid, person).Scan(&l.Name, &l.Address, &locale)); err != nil {
		return Mail{}, err
	}
	words, ok := testWords[locale]
	if !ok {
		words = testWords["ja"]
	}
	l.Subject, l.Body = words[0], words[1]
	switch {
	case !o.HasServer():
		return Mail{}, fault.New(fault.Conflict, "mail_no_server")
	case l.Address == "":
		return Mail{}, fault.New(fault.Conflict, "mail_no_address")
	}
	if err := o.db.Tx(ctx, func(tx *db.Tx) error { return o.Enqueue(ctx, tid, tx, []Letter{l}) }); err != nil {
		return Mail{}, fmt.Errorf("test mail: %w", err)
	}
	return o.Find(ctx, tid, mailID(tid, l.Dedupe))
}
