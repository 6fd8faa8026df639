package tenant

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kenshu/fault"
	"kenshu/storage/cache"
	"kenshu/storage/db"
)

// Between a right password and the second factor a log-in is pending: a ticket in the browser's cookie names it, nothing else can go on with it.
const (
	// PendingFor is how long a log-in waits for its second factor.
	PendingFor = 5 * time.Minute
	// pendingTries is how many answers a pending log-in takes; one more ends it (ASVS 6.6.3).
	pendingTries = 5
)

// rateFactor: tries at one person's second factor by whoever knows the password, from devices that the account does not know; a known device has its own.
var rateFactor = cache.Rate{Burst: 10, Per: 15 * time.Minute}

// pendingLogin is what the cache holds of a log-in that waits for its second factor.
type pendingLogin struct {
	Tenant   int64   `json:"t"`
	Person   db.ID   `json:"p"`
	Name     string  `json:"n"`
	Code     string  `json:"c"`
	Login    string  `json:"l"`
	Epoch    int64   `json:"e"`
	Kind     string  `json:"k"`
	Expires  db.Time `json:"x"`
	Device   string  `json:"d"`
	Remember bool    `json:"r"`
}

func pendingKey(ticket string) cache.Key { return cache.NewKey("login_pending", ticket) }

// pend keeps a log-in whose password was right until the second factor comes.
func (c *Credentials) pend(ctx context.Context, row loginRow, in LoginAttempt, code, login string, kinds factorKinds) (Login, error) {
	ticket, err := newTicket()
	if err != nil {
		return Login{}, err
	}
	stored, err := json.Marshal(pendingLogin{
		Tenant: row.tid.n, Person: row.person, Name: row.name, Code: code, Login: login, Epoch: row.epoch, Kind: row.credential.kind, Expires: row.credential.expires,
		Device: in.Device, Remember: in.Remember,
	})
	if err != nil {
		return Login{}, err
	}
	if err := c.sessions.cache.Set(ctx, pendingKey(ticket), stored, PendingFor); err != nil {
		return Login{}, err
	}
	return Login{Pending: ticket, Methods: kinds.methods()}, nil
}

func errLoginOver() error { return fault.New(fault.Unauthorized, "login_over") }

// pending gives the log-in that waits under ticket, or fault.Unauthorized "login_over".
func (f *Factors) pending(ctx context.Context, ticket string) (pendingLogin, error) {
	var p pendingLogin
	stored, there, err := f.cache.Get(ctx, pendingKey(ticket))
	if err != nil {
		return p, err
	}
	if !there || ticket == "" {
		return p, errLoginOver()
	}
	return p, json.Unmarshal(stored, &p)
}

// AskPending gives the options to show a passkey as second factor of the log-in that waits under ticket.
// It returns fault.Unauthorized "login_over", and fault.Conflict "no_passkey".
func (f *Factors) AskPending(ctx context.Context, ticket string) (Options, error) {
	p, err := f.pending(ctx, ticket)
	if err != nil {
		return nil, err
	}
	return f.ask(ctx, System(p.Tenant, "pending log-in"), p.Person, "pending "+ticket)
}

// Finish begins the session of the log-in that waits under ticket when the second factor is right.
//
// It returns fault.Invalid at code when it is wrong, fault.Unauthorized "login_over" when the log-in waited too long, was finished, or had its last try,
// and fault.Limited after too many tries at this person's factor.
func (f *Factors) Finish(ctx context.Context, ticket string, a FactorAnswer, source string) (Login, error) {
	p, err := f.pending(ctx, ticket)
	if err != nil {
		return Login{}, err
	}
	tid := System(p.Tenant, "pending log-in")
	if err := f.enter(ctx, ticket, p); err != nil {
		return Login{}, err
	}
	method, right, err := f.use(ctx, tid, p.Person, a, "pending "+ticket)
	if err != nil {
		return Login{}, err
	}
	if !right {
		return Login{}, f.refuse(ctx, tid, p, source)
	}
	first, err := f.cache.SetIfAbsent(ctx, cache.NewKey("login_finished", ticket), []byte("1"), PendingFor)
	if err != nil || !first {
		return Login{}, orElse(err, errLoginOver())
	}
	if err := f.cache.Delete(ctx, pendingKey(ticket)); err != nil {
		return Login{}, err
	}
	row := loginRow{exists: true, tid: tid, person: p.Person, name: p.Name, state: "active", epoch: p.Epoch, credential: credential{kind: p.Kind, expires: p.Expires}}
	return f.c.begin(ctx, row, LoginAttempt{Source: source, Device: p.Device, Remember: p.Remember, Factor: method}, p.Code, p.Login)
}

// enter spends a try of the pending log-in and of the person.
func (f *Factors) enter(ctx context.Context, ticket string, p pendingLogin) error {
	d, err := f.cache.Take(ctx, cache.NewKey("login_pending_tries", ticket), cache.Rate{Burst: pendingTries, Per: pendingTries * 24 * time.Hour})
	if err != nil {
		return err
	}
	if !d.Allowed {
		if err := f.cache.Delete(ctx, pendingKey(ticket)); err != nil {
			return err
		}
		return errLoginOver()
	}
	device := ""
	if f.c.knowsDevice(p.Device, p.Code, p.Login) {
		device = deviceNonce(p.Device)
	}
	return f.c.throttle.spend(ctx, cache.NewKey("login_factor", p.Person.String(), device), rateFactor)
}

// refuse records a wrong second factor.
func (f *Factors) refuse(ctx context.Context, tid ID, p pendingLogin, source string) error {
	who := ActorFrom(ctx)
	ctx = WithActor(ctx, Actor{Kind: "unknown", Source: source, RequestID: who.RequestID})
	err := f.c.db.Tx(ctx, func(tx *db.Tx) error {
		return f.c.audit.Append(ctx, tid, tx, Change{Action: "session.refuse_factor", SubjectKind: "person", Subject: p.Person})
	})
	if err != nil {
		return fmt.Errorf("refuse second factor: %w", err)
	}
	return at("code", []fault.Field{{Key: "factor_wrong"}})
}
