package tenant

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"kenshu/fault"
	"kenshu/storage/cache"
	"kenshu/storage/db"
)

// A person who works for several organisations has an account in each. They join the accounts themselves, by being logged in to one and then to the other
// within a few minutes, with everything each of the two asks for. From then on they change between them without typing a password; a second factor of the
// account they change to is asked for all the same. No organisation learns of the others, and whoever hands out a new one-time password for an account, as
// its manager can, breaks it off the others: or the manager of one organisation could reach another through a shared member of staff.

// JoinFor is how long after asking in one account a person can log in to the other and join them.
const JoinFor = 10 * time.Minute

// MaxJoined is how many accounts one person can join.
const MaxJoined = 20

// Member is one of the accounts that a person has joined.
type Member struct {
	Person       db.ID
	Organisation string
	Code         string
	Name         string // of the person, as this organisation wrote it
	Roles        []Role
	Usable       bool // the account and its organisation are active, and its password is the person's own
	tid          ID
	login        string // folded login ID
}

// Identities joins the accounts of one human being and lets them change between them.
type Identities struct {
	db          *db.DB
	cache       cache.Cache
	audit       *Audit
	credentials *Credentials
	clock       clockFunc
}

// NewIdentities makes the service.
func NewIdentities(d *db.DB, c cache.Cache, audit *Audit, credentials *Credentials, clock func() time.Time) *Identities {
	return &Identities{db: d, cache: c, audit: audit, credentials: credentials, clock: clock}
}

// joinTicket is what the cache holds of somebody who wants to join another account.
type joinTicket struct {
	Tenant       int64  `json:"t"`
	Person       db.ID  `json:"p"`
	Name         string `json:"n"`
	Organisation string `json:"o"`
	Epoch        int64  `json:"e"` // of the sessions of the account that asked
}

func errHandedOut() error { return fault.New(fault.Forbidden, "must_change_password") }

func joinKey(ticket string) cache.Key { return cache.NewKey("identity_join", ticket) }

// Ask begins joining: the ticket goes into a cookie of this browser and is good for JoinFor, once, for whoever logs in to another account meanwhile.
// It returns fault.Forbidden "must_change_password" while the account's password is one that was handed out: who handed it out could join the account with
// their own, and be let in after its owner has chosen another.
func (s *Identities) Ask(ctx context.Context, p Principal) (string, error) {
	if p.MustChange {
		return "", errHandedOut()
	}
	ticket, err := newTicket()
	if err != nil {
		return "", err
	}
	t := joinTicket{Tenant: p.Tenant.n, Person: p.Person, Name: p.Name, Organisation: p.OrganisationName}
	if err := db.One(s.db.QueryRow(ctx, sqlJoinEpoch, p.Tenant, p.Person).Scan(&t.Epoch)); err != nil {
		return "", fmt.Errorf("join accounts: %w", err)
	}
	stored, err := json.Marshal(t)
	if err != nil {
		return "", err
	}
	return ticket, s.cache.Set(ctx, joinKey(ticket), stored, JoinFor)
}

// Offered tells which account asked to be joined with the one that is logged in now. It returns fault.NotFound without a ticket, for one that has run out,
// and for the very account that asked.
func (s *Identities) Offered(ctx context.Context, p Principal, ticket string) (Member, error) {
	t, err := s.ticket(ctx, p, ticket)
	return Member{Person: t.Person, Organisation: t.Organisation, Name: t.Name}, err
}

func (s *Identities) ticket(ctx context.Context, p Principal, ticket string) (joinTicket, error) {
	var t joinTicket
	if ticket == "" {
		return t, fault.New(fault.NotFound, "not_found")
	}
	stored, there, err := s.cache.Get(ctx, joinKey(ticket))
	if err != nil {
		return t, fmt.Errorf("join accounts: %w", err)
	}
	if there {
		err = json.Unmarshal(stored, &t)
	}
	if err != nil || !there || t.Person == p.Person {
		return t, fault.New(fault.NotFound, "not_found")
	}
	return t, nil
}

// Join joins the account that is logged in with the one that asked. Accounts that either had joined before belong together then. The ticket counts once,
// and no more when the sessions of the account that asked were ended since, as a new one-time password does.
// It returns fault.NotFound (see Offered), fault.Forbidden (see Ask) and fault.Conflict "too_many_accounts".
func (s *Identities) Join(ctx context.Context, p Principal, ticket string) error {
	if p.MustChange {
		return errHandedOut()
	}
	t, err := s.ticket(ctx, p, ticket)
	if err != nil {
		return err
	}
	first, err := s.cache.SetIfAbsent(ctx, cache.NewKey("identity_joined", ticket), []byte("1"), JoinFor)
	if err != nil || !first {
		return orElse(err, fault.New(fault.NotFound, "not_found"))
	}
	other := System(t.Tenant, "the account that asked to be joined")
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		var epoch int64
		if err := db.One(tx.QueryRowLocked(ctx, sqlJoinEpoch, other, t.Person).Scan(&epoch)); err != nil {
			return err
		}
		if epoch != t.Epoch { // its sessions were ended since it asked: it may be in other hands
			return fault.New(fault.NotFound, "not_found")
		}
		identity, err := s.unite(ctx, tx, p.Tenant, p.Person, other, t.Person)
		if err != nil {
			return err
		}
		var members int
		if err := tx.QueryRow(ctx, sqlCountIdentity, identity).Scan(&members); err != nil {
			return err
		}
		if members > MaxJoined {
			return fault.New(fault.Conflict, "too_many_accounts", "max", MaxJoined)
		}
		if err := s.note(ctx, tx, p.Tenant, p.Person, "identity.join"); err != nil {
			return err
		}
		return s.note(ctx, tx, other, t.Person, "identity.join")
	})
	if err != nil {
		return fmt.Errorf("join accounts: %w", err)
	}
	return s.cache.Delete(ctx, joinKey(ticket))
}

// unite brings both accounts under one identity, with everything that either was joined to.
func (s *Identities) unite(ctx context.Context, tx *db.Tx, tid ID, person db.ID, other ID, asked db.ID) (db.ID, error) {
	one, err := identityOf(ctx, tx, tid, person)
	if err != nil {
		return one, err
	}
	two, err := identityOf(ctx, tx, other, asked)
	if err != nil {
		return one, err
	}
	switch {
	case one.IsZero() && two.IsZero():
		one = db.NewID()
	case one.IsZero():
		one = two
	case !two.IsZero() && two != one:
		if _, err := tx.Exec(ctx, sqlUniteIdentities, one, two); err != nil {
			return one, err
		}
	}
	now := db.At(s.clock())
	for _, row := range [][]any{{tid, person, one, now}, {other, asked, one, now}} {
		if err := tx.Upsert(ctx, sqlInsertIdentity, "tenant_id, person_id", "identity_id", row...); err != nil {
			return one, err
		}
	}
	return one, nil
}

func identityOf(ctx context.Context, r db.Runner, tid ID, person db.ID) (db.ID, error) {
	var id db.ID
	err := db.One(r.QueryRow(ctx, sqlIdentityOf, tid, person).Scan(&id))
	if fault.Is(err, fault.NotFound) {
		return id, nil
	}
	return id, err
}

func (s *Identities) note(ctx context.Context, tx *db.Tx, tid ID, person db.ID, action string) error {
	who := ActorFrom(ctx)
	if who.Tenant != tid { // nothing of the other organisation stands in this one's log
		ctx = WithActor(ctx, Actor{Kind: "person", Tenant: tid, Person: person, Source: who.Source, RequestID: who.RequestID})
	}
	return s.audit.Append(ctx, tid, tx, Change{Action: action, SubjectKind: "person", Subject: person})
}

// List gives the accounts that the person has joined, this one included, by organisation; nothing when there is only this one.
func (s *Identities) List(ctx context.Context, tid ID, person db.ID) ([]Member, error) {
	identity, err := identityOf(ctx, s.db, tid, person)
	if err != nil || identity.IsZero() {
		return nil, err
	}
	list := []Member{}
	err = db.Each(ctx, s.db, sqlIdentityMembers, []any{identity}, func(scan func(...any) error) error {
		var m Member
		var orgState, state, credential string
		err := scan(&m.tid.n, &m.Person, &m.Organisation, &m.Code, &orgState, &m.Name, &m.login, &state, &credential)
		m.Usable = orgState == string(OrganisationActive) && state == string(PersonActive) && credential == credentialChosen
		list = append(list, m)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list joined accounts: %w", err)
	}
	err = db.Each(ctx, s.db, sqlIdentityRoles, []any{identity}, func(scan func(...any) error) error {
		var person db.ID
		var r Role
		err := scan(&person, &r)
		if i := slices.IndexFunc(list, func(m Member) bool { return m.Person == person }); i >= 0 {
			list[i].Roles = append(list[i].Roles, r)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list joined accounts: %w", err)
	}
	return list, nil
}

// member gives one of the accounts that the person has joined, other than this one; fault.NotFound for any other.
func (s *Identities) member(ctx context.Context, tid ID, person, member db.ID) (Member, error) {
	list, err := s.List(ctx, tid, person)
	if err != nil {
		return Member{}, err
	}
	for _, m := range list {
		if m.Person == member {
			return m, nil
		}
	}
	return Member{}, fault.New(fault.NotFound, "not_found")
}

// Separate takes one of the joined accounts, this one too, off the others. It returns fault.NotFound for an account that is not joined.
func (s *Identities) Separate(ctx context.Context, tid ID, person, member db.ID) error {
	m, err := s.member(ctx, tid, person, member)
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, sqlDeleteIdentity, m.tid, m.Person); err != nil {
			return err
		}
		return s.note(ctx, tx, m.tid, m.Person, "identity.separate")
	})
}

// Switch begins a session in another of the joined accounts. Where that account has a second factor, the log-in is pending until it is shown (Login.Pending).
// It returns fault.NotFound for an account that is not joined, and fault.Conflict "account_unusable" for one that must be logged in to again: suspended, left, with
// a one-time password.
func (s *Identities) Switch(ctx context.Context, p Principal, member db.ID, in LoginAttempt) (Login, error) {
	m, err := s.member(ctx, p.Tenant, p.Person, member)
	if err != nil {
		return Login{}, err
	}
	if !m.Usable || m.Person == p.Person {
		return Login{}, fault.New(fault.Conflict, "account_unusable")
	}
	return s.credentials.enterJoined(ctx, m, in)
}

// enterJoined begins the session of a joined account as if its password had been typed.
func (c *Credentials) enterJoined(ctx context.Context, m Member, in LoginAttempt) (Login, error) {
	row, err := c.find(ctx, m.Code, m.login)
	if err != nil {
		return Login{}, err
	}
	if !row.exists || row.person != m.Person || row.state != string(PersonActive) || row.credential.kind != credentialChosen {
		return Login{}, fault.New(fault.Conflict, "account_unusable")
	}
	kinds, err := readFactorKinds(ctx, row.tid, c.db, row.person)
	if err != nil {
		return Login{}, err
	}
	if kinds.any() {
		return c.pend(ctx, row, in, m.Code, m.login, kinds)
	}
	return c.begin(ctx, row, in, m.Code, m.login)
}

// separatePeople breaks people off the accounts they had joined, in the transaction that gives their accounts into other hands.
func separatePeople(ctx context.Context, tid ID, tx *db.Tx, people []db.ID) error {
	for part := range slices.Chunk(people, 500) {
		cond := db.Where("tenant_id = ?", tid).In("person_id", db.Args(part))
		if _, err := tx.Exec(ctx, sqlBreakIdentity+cond.SQL(), cond.Args()...); err != nil {
			return fmt.Errorf("separate accounts: %w", err)
		}
	}
	return nil
}
