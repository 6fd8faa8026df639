package tenant

import (
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"kenshu/fault"
	"kenshu/storage/db"
)

// HandoverState is how far the change of the manager is.
type HandoverState string

// The states of a handover.
const (
	HandoverOffered   HandoverState = "offered"   // the successor has not answered
	HandoverAccepted  HandoverState = "accepted"  // the role has moved
	HandoverDeclined  HandoverState = "declined"  // by the successor
	HandoverCancelled HandoverState = "cancelled" // taken back, or the successor could not take it any more
	HandoverExpired   HandoverState = "expired"
)

// HandoverDays is how long a successor can answer.
const HandoverDays = 14

// Who offered a handover.
const (
	offeredByManager     = "manager"
	offeredByAssociation = "association"
)

// Handover is the change of an organisation's manager (domain.md section 3): the successor accepts, the predecessor loses the role in the same
// step, both are recorded. At no time are there zero managers or two.
type Handover struct {
	ID           db.ID
	From         Named
	To           Named
	OfferedBy    string // manager, association
	KeepAsDeputy bool   // the predecessor stays as a deputy
	Note         string // to the successor; from the association: the reason
	Answer       string // of the successor who declined; empty: nothing was said
	State        HandoverState
	ExpiresAt    db.Time
	CreatedAt    db.Time
	DecidedAt    db.Time
	DismissedAt  db.Time // when the manager put the news away that it came to nothing
	News         bool    // the manager is still to be told that it came to nothing
}

// handoverNews is how long the manager is told that an offer came to nothing.
const handoverNews = 30 * 24 * time.Hour

// news tells whether the manager is still to be told at now that the offer came to nothing: it was declined, or nobody answered.
func (h Handover) news(now time.Time) bool {
	at := h.DecidedAt
	if h.State == HandoverExpired {
		at = h.ExpiresAt
	} else if h.State != HandoverDeclined {
		return false
	}
	return h.DismissedAt.IsZero() && now.Sub(at.Time) < handoverNews
}

// Open tells whether the successor can still answer at now.
func (h Handover) Open(now time.Time) bool {
	return h.State == HandoverOffered && h.ExpiresAt.After(now)
}

// HandoverOffer is what the manager, or the association, decides.
type HandoverOffer struct {
	ID           db.ID // derived from the caller's Idempotency-Key, or new
	To           db.ID
	KeepAsDeputy bool
	Note         string // at most MaxReason characters
}

// Handovers changes the manager of an organisation.
type Handovers struct {
	db            *db.DB
	audit         *Audit
	sessions      *Sessions
	people        *People
	organisations *Organisations
	outbox        *Outbox
	clock         clockFunc
	url           string
}

// NewHandovers makes the service. publicURL stands in the mail to a successor who has an address.
func NewHandovers(d *db.DB, audit *Audit, sessions *Sessions, people *People, organisations *Organisations, outbox *Outbox, clock func() time.Time, publicURL string) *Handovers {
	return &Handovers{db: d, audit: audit, sessions: sessions, people: people, organisations: organisations, outbox: outbox, clock: clock, url: publicURL}
}

// List gives the newest 50 handovers, newest first.
func (s *Handovers) List(ctx context.Context, tid ID) ([]Handover, error) {
	return s.read(ctx, tid, s.db, " ORDER BY h.created_at DESC, h.id DESC LIMIT 50")
}

// Invited gives the open offer to person, or fault.NotFound.
func (s *Handovers) Invited(ctx context.Context, tid ID, person db.ID) (Handover, error) {
	list, err := s.read(ctx, tid, s.db, " AND h.to_person = ? AND h.open_slot = 1", person)
	if err != nil {
		return Handover{}, err
	}
	if len(list) == 0 || !list[0].Open(s.clock()) {
		return Handover{}, fault.New(fault.NotFound, "not_found")
	}
	return list[0], nil
}

func (s *Handovers) read(ctx context.Context, tid ID, r db.Runner, which string, args ...any) ([]Handover, error) {
	list := []Handover{}
	err := db.Each(ctx, r, sqlHandovers+which, append([]any{tid}, args...), func(scan func(...any) error) error {
		var h Handover
		err := scan(&h.ID, &h.From.ID, &h.From.Name, &h.To.ID, &h.To.Name, &h.OfferedBy, &h.KeepAsDeputy, &h.Note, &h.Answer, &h.State, &h.ExpiresAt, &h.CreatedAt,
			&h.DecidedAt, &h.DismissedAt)
		if h.State == HandoverOffered && !h.ExpiresAt.After(s.clock()) {
			h.State = HandoverExpired
		}
		h.News = h.news(s.clock())
		list = append(list, h)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read handovers: %w", err)
	}
	return list, nil
}

func (s *Handovers) find(ctx context.Context, tid ID, r db.Runner, id db.ID) (Handover, error) {
	list, err := s.read(ctx, tid, r, " AND h.id = ?", id)
	if err == nil && len(list) == 0 {
		return Handover{}, fault.New(fault.NotFound, "not_found")
	}
	return append(list, Handover{})[0], err
}

// Offer asks a person of the organisation to become its manager; until they accept nothing changes. The same ID again answers the same offer.
// It returns fault.NotFound (no such person), fault.Invalid, fault.Forbidden when the actor is not the manager, and fault.Conflict "handover_open" (one is open),
// "handover_self", "handover_inactive" (the person cannot log in) or "handover_password" (they have not chosen a password of their own yet).
func (s *Handovers) Offer(ctx context.Context, tid ID, o HandoverOffer) (Handover, error) {
	return s.offer(ctx, tid, o, offeredByManager, nil)
}

// OfferForAssociation is Offer by the association, for an organisation whose manager cannot do it: has gone, is ill, is unknown. The successor is found by
// login ID, and the reason is in both logs. The manager stays until the successor accepts. It returns what Offer returns, and fault.Invalid "person_unknown".
func (s *Handovers) OfferForAssociation(ctx context.Context, tid ID, organisation db.ID, login string, o HandoverOffer) (Handover, error) {
	reason, err := ReadReason(o.Note)
	if err != nil {
		return Handover{}, err
	}
	org, err := s.organisations.Find(ctx, tid, organisation)
	if err != nil {
		return Handover{}, err
	}
	o.Note = reason
	err = db.One(s.db.QueryRow(ctx, sqlPersonByLogin, org.tid, Fold(Clip(login, MaxLoginID))).Scan(&o.To))
	if fault.Is(err, fault.NotFound) {
		var c fault.Check
		c.Add("login_id", "person_unknown")
		return Handover{}, c.Err()
	} else if err != nil {
		return Handover{}, fmt.Errorf("find successor: %w", err)
	}
	return s.offer(WithReason(ctx, reason), org.tid, o, offeredByAssociation, func(tx *db.Tx) error {
		return s.audit.Append(ctx, tid, tx, Change{Action: "organisation.handover", SubjectKind: "organisation", Subject: organisation, Detail: map[string]any{"name": org.Name}})
	})
}

func (s *Handovers) offer(ctx context.Context, tid ID, o HandoverOffer, by string, also func(*db.Tx) error) (Handover, error) {
	o.Note = Tidy(o.Note)
	var c fault.Check
	c.If(utf8.RuneCountInString(o.Note) > MaxReason, "note", "too_long", "max", MaxReason)
	if err := c.Err(); err != nil {
		return Handover{}, err
	}
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		manager, err := s.manager(ctx, tid, tx)
		if err != nil {
			return err
		}
		if by == offeredByManager && manager != ActorFrom(ctx).Person {
			return fault.New(fault.Forbidden, "not_allowed")
		}
		if err := s.mayTake(ctx, tid, tx, manager, o.To); err != nil {
			return err
		}
		now := s.clock()
		if _, err := tx.Exec(ctx, sqlExpireHandovers, db.At(now), tid, db.At(now)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlInsertHandover, tid, o.ID, manager, o.To, by, o.KeepAsDeputy, o.Note, db.At(now.AddDate(0, 0, HandoverDays)), db.At(now)); err != nil {
			return err
		}
		if err := s.tell(ctx, tid, tx, o); err != nil {
			return err
		}
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		return s.audit.Append(ctx, tid, tx, Change{Action: "handover.offer", SubjectKind: "person", Subject: o.To, Detail: map[string]any{"by": by, "keep_as_deputy": o.KeepAsDeputy}})
	})
	switch {
	case db.IsDuplicateOf(err, "handover_open", "open_slot"):
		if h, err := s.find(ctx, tid, s.db, o.ID); err == nil { // the repeat of the open one
			return h, nil
		}
		return Handover{}, fault.New(fault.Conflict, "handover_open")
	case err != nil && !db.IsDuplicate(err):
		return Handover{}, fmt.Errorf("offer handover: %w", err)
	}
	return s.find(ctx, tid, s.db, o.ID)
}

// manager lets one transaction of the organisation at a time decide who the manager is, and tells who it is now.
func (s *Handovers) manager(ctx context.Context, tid ID, tx *db.Tx) (db.ID, error) {
	var person db.ID
	if err := tx.Upsert(ctx, sqlLockHandovers, "tenant_id, name", "updated_at", tid, db.At(s.clock())); err != nil {
		return person, err
	}
	err := db.One(tx.QueryRow(ctx, sqlManagerOf, tid).Scan(&person))
	if fault.Is(err, fault.NotFound) {
		return person, fault.New(fault.Conflict, "no_manager")
	}
	return person, err
}

// mayTake sees that a person can become the manager.
func (s *Handovers) mayTake(ctx context.Context, tid ID, tx *db.Tx, manager, to db.ID) error {
	var version int64
	var state PersonState
	if err := db.One(tx.QueryRowLocked(ctx, sqlLockPerson, tid, to).Scan(&version, &state)); err != nil {
		return err
	}
	switch {
	case to == manager:
		return fault.New(fault.Conflict, "handover_self")
	case state != PersonActive:
		return fault.New(fault.Conflict, "handover_inactive")
	}
	return chosePassword(ctx, tid, tx, to)
}

// chosePassword sees that somebody's password is one that they chose: who holds a slip, or wrote a file of passwords, could accept in their place. The row is
// locked, so that whoever hands out a new password at the same moment comes before, and is seen here, or after, and then guardManager sees the offer.
func chosePassword(ctx context.Context, tid ID, tx *db.Tx, person db.ID) error {
	var kind string
	err := db.One(tx.QueryRowLocked(ctx, sqlLockCredentialKind, tid, person).Scan(&kind))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return fmt.Errorf("password of the successor: %w", err)
	}
	if kind != credentialChosen {
		return fault.New(fault.Conflict, "handover_password")
	}
	return nil
}

// Cancel takes an open offer back. A second time changes nothing. It returns fault.NotFound, and fault.Conflict "handover_decided" when the successor was faster.
func (s *Handovers) Cancel(ctx context.Context, tid ID, id db.ID) error {
	return s.decide(ctx, tid, id, HandoverCancelled, "", nil)
}

// Decline is the successor's no, with a reason if they want to give one (at most MaxReason characters). It returns what Cancel returns, and fault.Invalid at
// "answer"; somebody else's offer is fault.NotFound.
func (s *Handovers) Decline(ctx context.Context, tid ID, person, id db.ID, answer string) error {
	answer = Tidy(answer)
	var c fault.Check
	c.If(utf8.RuneCountInString(answer) > MaxReason, "answer", "too_long", "max", MaxReason)
	if err := c.Err(); err != nil {
		return err
	}
	return s.decide(ctx, tid, id, HandoverDeclined, answer, func(h Handover) error { return onlyFor(h, person) })
}

// Dismiss puts the news away that an offer came to nothing. A second time changes nothing. It returns fault.NotFound, and fault.Conflict "handover_decided" for
// an offer of which there is no such news.
func (s *Handovers) Dismiss(ctx context.Context, tid ID, id db.ID) error {
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		h, err := s.lock(ctx, tid, tx, id)
		switch {
		case err != nil || !h.DismissedAt.IsZero():
			return err
		case h.State != HandoverDeclined && h.State != HandoverExpired:
			return fault.New(fault.Conflict, "handover_decided")
		}
		_, err = tx.Exec(ctx, sqlDismissHandover, db.At(s.clock()), tid, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("dismiss handover: %w", err)
	}
	return nil
}

// HandedOver gives the handover by which person stopped being the manager since a moment, or fault.NotFound: why their session ended.
func (s *Handovers) HandedOver(ctx context.Context, tid ID, person db.ID, since time.Time) (Handover, error) {
	list, err := s.read(ctx, tid, s.db, " AND h.from_person = ? AND h.state = 'accepted' AND h.decided_at >= ? ORDER BY h.decided_at DESC LIMIT 1", person, db.At(since))
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "not_found")
	}
	return append(list, Handover{})[0], err
}

// WhyEnded tells the holder of a token whose session has ended that it did because they handed the manager's role over: fault.Unauthorized "handed_over" with
// name (of the manager now), at, and deputy (whether they stayed as one). Any other end is the fault that was given.
func (s *Handovers) WhyEnded(ctx context.Context, token string, ended error) error {
	tid, person, since, ok := s.sessions.former(ctx, token)
	if !ok {
		return ended
	}
	h, err := s.HandedOver(ctx, tid, person, since)
	if err != nil {
		return ended
	}
	return fault.New(fault.Unauthorized, "handed_over", "name", h.To.Name, "at", h.DecidedAt.UTC().Format(time.RFC3339), "deputy", h.KeepAsDeputy)
}

func onlyFor(h Handover, person db.ID) error {
	if h.To.ID != person {
		return fault.New(fault.NotFound, "not_found")
	}
	return nil
}

func (s *Handovers) decide(ctx context.Context, tid ID, id db.ID, to HandoverState, answer string, may func(Handover) error) error {
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		h, err := s.lock(ctx, tid, tx, id)
		if err != nil {
			return err
		}
		if may != nil {
			if err := may(h); err != nil {
				return err
			}
		}
		switch h.State {
		case to:
			return nil
		case HandoverOffered, HandoverExpired:
		default:
			return fault.New(fault.Conflict, "handover_decided")
		}
		return s.close(ctx, tid, tx, h, to, answer)
	})
	if err != nil {
		return fmt.Errorf("decide handover: %w", err)
	}
	return nil
}

// lock reads a handover after taking its row.
func (s *Handovers) lock(ctx context.Context, tid ID, tx *db.Tx, id db.ID) (Handover, error) {
	var state HandoverState
	if err := db.One(tx.QueryRowLocked(ctx, sqlLockHandover, tid, id).Scan(&state)); err != nil {
		return Handover{}, err
	}
	return s.find(ctx, tid, tx, id)
}

func (s *Handovers) close(ctx context.Context, tid ID, tx *db.Tx, h Handover, to HandoverState, answer string) error {
	if _, err := tx.Exec(ctx, sqlCloseHandover, to, answer, db.At(s.clock()), tid, h.ID); err != nil {
		return err
	}
	return s.audit.Append(ctx, tid, tx, Change{Action: "handover." + map[HandoverState]string{HandoverAccepted: "accept", HandoverDeclined: "decline", HandoverCancelled: "cancel"}[to],
		SubjectKind: "person", Subject: h.To.ID, Detail: map[string]any{"from": h.From.ID, "to": h.To.ID, "keep_as_deputy": h.KeepAsDeputy}})
}

// Accept makes the successor the manager and takes the role from the predecessor, in one transaction. The sessions of both end; the successor
// gets a new one, with the rights of a manager. A second acceptance by the same person answers the same. It returns fault.NotFound for somebody else's offer, fault.Gone
// "handover_expired", and fault.Conflict "handover_decided", "handover_outdated" (the manager has changed since), or as Offer does.
func (s *Handovers) Accept(ctx context.Context, tid ID, person, id db.ID) (string, Principal, error) {
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		manager, err := s.manager(ctx, tid, tx)
		if err != nil {
			return err
		}
		h, err := s.lock(ctx, tid, tx, id)
		if err == nil {
			err = onlyFor(h, person)
		}
		switch {
		case err != nil:
			return err
		case h.State == HandoverAccepted && manager == person:
			return nil
		case h.State == HandoverExpired:
			return fault.New(fault.Gone, "handover_expired")
		case h.State != HandoverOffered:
			return fault.New(fault.Conflict, "handover_decided")
		case manager != h.From.ID:
			return fault.New(fault.Conflict, "handover_outdated")
		}
		if err := s.mayTake(ctx, tid, tx, manager, person); err != nil {
			return err
		}
		if err := s.move(ctx, tid, tx, h); err != nil {
			return err
		}
		return s.close(ctx, tid, tx, h, HandoverAccepted, "")
	})
	if err != nil {
		return "", Principal{}, fmt.Errorf("accept handover: %w", err)
	}
	return s.sessions.Start(ctx, tid, person)
}

// move gives the role to the successor and takes it from the predecessor.
func (s *Handovers) move(ctx context.Context, tid ID, tx *db.Tx, h Handover) error {
	from, to := h.From.ID, h.To.ID
	for _, gone := range []struct {
		person db.ID
		role   Role
	}{{from, RoleManager}, {from, RoleDeputyManager}, {to, RoleDeputyManager}} {
		if _, err := tx.Exec(ctx, sqlDeleteRole, tid, gone.person, string(gone.role)); err != nil {
			return err
		}
	}
	rows := [][]any{{tid, to, string(RoleManager)}}
	if h.KeepAsDeputy {
		rows = append(rows, []any{tid, from, string(RoleDeputyManager)})
	}
	if err := tx.InsertMany(ctx, sqlInsertRole, "(?, ?, ?)", rows); err != nil {
		return err
	}
	for _, person := range []db.ID{from, to} {
		if _, err := tx.Exec(ctx, sqlTouchPerson, s.people.now(), tid, person); err != nil {
			return err
		}
	}
	if err := s.people.changed(ctx, tid, tx, []db.ID{from, to}); err != nil {
		return err
	}
	return s.sessions.EndPeople(ctx, tid, tx, []db.ID{from, to})
}

// guardManager is the last look before new one-time passwords are in force, in the transaction that hands them out. A deputy gets none for the manager, who may
// have become that since it was looked at; and an offer to somebody for whom a deputy gets one is taken back: or the deputy could accept it in their place and
// be the manager. It returns fault.Forbidden "manager_only".
func guardManager(ctx context.Context, tid ID, tx *db.Tx, audit *Audit, people []db.ID, now time.Time) error {
	if ActorFrom(ctx).Role != string(RoleDeputyManager) {
		return nil
	}
	var manager, offered db.ID
	err := db.One(tx.QueryRowLocked(ctx, sqlManagerOf, tid).Scan(&manager))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return fmt.Errorf("guard the manager: %w", err)
	}
	if slices.Contains(people, manager) {
		return fault.New(fault.Forbidden, "manager_only")
	}
	var to db.ID
	err = db.One(tx.QueryRowLocked(ctx, sqlOpenHandover, tid).Scan(&offered, &to))
	if fault.Is(err, fault.NotFound) || err == nil && !slices.Contains(people, to) {
		return nil
	} else if err != nil {
		return fmt.Errorf("guard the successor: %w", err)
	}
	if _, err := tx.Exec(ctx, sqlCloseHandover, HandoverCancelled, "", db.At(now), tid, offered); err != nil {
		return err
	}
	return audit.Append(ctx, tid, tx, Change{Action: "handover.cancel", SubjectKind: "person", Subject: to, Detail: map[string]any{"because": "credential.issue"}})
}
