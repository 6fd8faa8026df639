package tenant

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kenshu/fault"
	"kenshu/storage/db"
)

// LoginAttempt is what somebody typed, and from where.
type LoginAttempt struct {
	Code     string // organisation code
	LoginID  string
	Password string
	Source   string // client address
	Device   string // value of the device cookie, "" without
	Remember bool   // mark this device as known from now on
	Factor   string // the second factor that was shown, "" without one; passkey_alone when no password was
}

// Login is a successful log-in, or the first step of one: then only Pending and Methods are set.
type Login struct {
	Pending   string   // ticket of a log-in that waits for its second factor (PendingFor)
	Methods   []string // the factors it can be: totp, passkey, recovery
	Token     string   // for the session cookie
	Device    string   // for the device cookie, "" when it is not to be set
	Principal Principal
}

// NormalCode gives the form in which organisation codes are stored and compared: NFKC, upper case, no spaces, one kind of dash.
func NormalCode(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return -1
		case unicode.Is(unicode.Pd, r), r == 'ー', r == '−':
			return '-'
		}
		return r
	}, strings.ToUpper(norm.NFKC.String(Clip(s, 100))))
}

// Login checks organisation code, login ID and password and begins a session; that of somebody with a second factor waits for it (Factors.Finish).
//
// It returns fault.Unauthorized "login_failed" for every wrong part alike, "organisation_suspended" and the like only to who has the right
// password, fault.Gone "one_time_expired" only to who has the right one-time password, and fault.Limited after too many tries.
func (c *Credentials) Login(ctx context.Context, in LoginAttempt) (Login, error) {
	code, login := NormalCode(in.Code), Fold(Clip(in.LoginID, 100))
	known := c.knowsDevice(in.Device, code, login)
	pass, err := c.throttle.enter(ctx, attemptOf{source: in.Source, code: code, login: login, device: in.Device, known: known})
	if err != nil {
		return Login{}, err
	}
	found, err := c.find(ctx, code, login)
	if err != nil {
		return Login{}, err
	}
	if !found.exists {
		if err := c.hasher.waste(ctx, in.Password); err != nil {
			return Login{}, err
		}
		pass.failed(ctx)
		return Login{}, fault.New(fault.Unauthorized, "login_failed")
	}
	right, err := c.verify(ctx, found.tid, found.person, found.credential, in.Password)
	if err != nil {
		return Login{}, err
	}
	if !right || found.state != "active" {
		pass.failed(ctx)
		return Login{}, c.refuse(ctx, found, in)
	}
	if err := c.notExpired(found); err != nil {
		return Login{}, err
	}
	kinds, err := readFactorKinds(ctx, found.tid, c.db, found.person)
	if err != nil {
		return Login{}, err
	}
	if kinds.any() {
		return c.pend(ctx, found, in, code, login, kinds)
	}
	return c.begin(ctx, found, in, code, login)
}

func (c *Credentials) notExpired(row loginRow) error {
	if row.credential.kind == credentialOneTime && !row.credential.expires.After(c.clock()) {
		return fault.New(fault.Gone, "one_time_expired")
	}
	return nil
}

// loginRow is the person behind code and login ID.
type loginRow struct {
	exists     bool
	tid        ID
	person     db.ID
	name       string
	state      string
	epoch      int64 // of the sessions that this credential may begin
	credential credential

	code, login string // of who logs in without typing them
}

// find looks the person up; both lookups are made whatever the first one finds.
func (c *Credentials) find(ctx context.Context, code, login string) (loginRow, error) {
	var n int64
	err := db.One(c.db.QueryRow(ctx, sqlOrganisationByCode, code).Scan(&n))
	if fault.Is(err, fault.NotFound) {
		n = 1<<62 - 1 // nobody's number
	} else if err != nil {
		return loginRow{}, fmt.Errorf("log in: %w", err)
	}
	row := loginRow{exists: true, tid: System(n, "log-in by organisation code")}
	err = db.One(c.db.QueryRow(ctx, sqlLogin, row.tid, login).
		Scan(&row.person, &row.name, &row.state, &row.epoch, &row.credential.kind, &row.credential.hash, &row.credential.expires))
	if fault.Is(err, fault.NotFound) {
		return loginRow{}, nil
	}
	return row, err
}

// refuse records the failed log-in of an account that exists; the answer is the same as for one that does not.
func (c *Credentials) refuse(ctx context.Context, row loginRow, in LoginAttempt) error {
	who := ActorFrom(ctx)
	ctx = WithActor(ctx, Actor{Kind: "unknown", Source: in.Source, RequestID: who.RequestID})
	err := c.db.Tx(ctx, func(tx *db.Tx) error {
		return c.audit.Append(ctx, row.tid, tx, Change{Action: "session.refuse", SubjectKind: "person", Subject: row.person})
	})
	if err != nil {
		return err
	}
	return fault.New(fault.Unauthorized, "login_failed")
}

// begin starts the session of a person who has proved who they are.
func (c *Credentials) begin(ctx context.Context, row loginRow, in LoginAttempt, code, login string) (Login, error) {
	if in.Factor != "passkey_alone" { // else the password is not what lets them in
		if err := c.notExpired(row); err != nil {
			return Login{}, err
		}
	}
	who := ActorFrom(ctx)
	ctx = WithActor(ctx, Actor{Kind: "person", Tenant: row.tid, Person: row.person, Name: row.name, Source: in.Source, Agent: who.Agent, RequestID: who.RequestID})
	token, p, err := c.sessions.startAt(ctx, row.tid, row.person, row.epoch, func(tx *db.Tx, st storedSession) error {
		if _, err := tx.Exec(ctx, sqlLoginNow, db.At(c.clock()), row.tid, row.person); err != nil {
			return err
		}
		if err := c.sessions.tellNewDevice(ctx, row.tid, tx, st); err != nil {
			return err
		}
		return c.audit.Append(ctx, row.tid, tx, Change{Action: "session.start", SubjectKind: "person", Subject: row.person,
			Detail: map[string]any{"one_time": row.credential.kind == credentialOneTime, "factor": in.Factor}})
	})
	if err != nil {
		return Login{}, err
	}
	out := Login{Token: token, Principal: p}
	if in.Remember || c.knowsDevice(in.Device, code, login) {
		out.Device, err = c.markDevice(in.Device, code, login)
	}
	return out, err
}
