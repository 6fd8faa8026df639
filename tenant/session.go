package tenant

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kenshu/fault"
	"kenshu/storage/cache"
	"kenshu/storage/db"
)

// SessionLimits are the lifetimes of a session (ASVS 7.1.1), and whom it asks for a second factor whatever an organisation has decided.
type SessionLimits struct {
	Idle     time.Duration // ends after so long without a request
	Absolute time.Duration // ends after so long in any case
	Proof    time.Duration // how long a proof of who one is counts for what needs a fresh one (ASVS 7.5.3)

	AssociationFactor bool // who works for the association must have a second factor (ASVS 6.3.3)
}

// DefaultSessionLimits says: two hours without a request (a long video is watched without one), twelve hours in all; a proof counts for ten minutes.
var DefaultSessionLimits = SessionLimits{Idle: 2 * time.Hour, Absolute: 12 * time.Hour, Proof: 10 * time.Minute}

// Principal is who a request comes from: the session's person, in the organisation and roles that are active in it.
type Principal struct {
	Tenant           ID
	Organisation     db.ID
	OrganisationName string
	OrganisationCode string
	OrganisationKind string // association, organisation
	Person           db.ID
	Name             string
	Roles            []Role
	MustChange       bool // the one-time credential must be replaced before anything else
	MustEnrol        bool // a second factor must be set up before anything else
	Since            time.Time
	Proved           time.Time // when they last proved who they are: at log-in, or since
	Session          db.ID     // names the session in the list of the person's own

	key   cache.Key
	token db.ID
}

// Has tells whether the principal holds role.
func (p Principal) Has(role Role) bool {
	for _, r := range p.Roles {
		if r == role {
			return true
		}
	}
	return false
}

// storedSession is what the cache holds under the hash of the token.
type storedSession struct {
	Tenant           int64     `json:"t"`
	Organisation     db.ID     `json:"o"`
	OrganisationName string    `json:"on"`
	OrganisationCode string    `json:"oc"`
	OrganisationKind string    `json:"ok"`
	Person           db.ID     `json:"p"`
	Name             string    `json:"n"`
	Roles            []Role    `json:"r"`
	MustChange       bool      `json:"m,omitempty"`
	PersonEpoch      int64     `json:"pe"`
	OrgEpoch         int64     `json:"oe"`
	Created          time.Time `json:"c"`
	Touched          time.Time `json:"u"`
	Proved           time.Time `json:"v"`
	MustEnrol        bool      `json:"e,omitempty"`
	PolicyAt         int64     `json:"pa,omitempty"` // of which time the rules are by which MustEnrol was decided: the organisation's own
	MinimumAt        int64     `json:"ma,omitempty"` // and what the association demands
	Device           db.ID     `json:"d,omitzero"`
}

// Sessions makes, resolves and ends sessions. They live in the cache; what ends them (the epochs of person and organisation)
// lives in the database and is mirrored in the cache.
type Sessions struct {
	db     *db.DB
	cache  cache.Cache
	clock  func() time.Time
	limits SessionLimits
	read   sessionReader
	outbox *Outbox
}

// NewSessions makes the session keeper.
func NewSessions(d *db.DB, c cache.Cache, clock func() time.Time, limits SessionLimits) *Sessions {
	return &Sessions{db: d, cache: c, clock: clock, limits: limits, read: sessionReader{known: map[cache.Key]readSession{}}}
}

// KindSessionEpoch is the job that carries a raised epoch into the cache even when the process dies after its commit.
const KindSessionEpoch = "session.epoch"

// goneEpoch is above every epoch: that of a person or an organisation that is deleted.
const goneEpoch = 1 << 62

type epochPayload struct {
	People       []db.ID `json:"people,omitempty"`
	Organisation db.ID   `json:"organisation,omitzero"`
	Policy       db.ID   `json:"policy,omitzero"`   // the organisation that decided anew what holds for its accounts
	Minimum      bool    `json:"minimum,omitempty"` // the association did, for all of them
}

// Start begins a session for a person who has just proved who they are and returns the token for the cookie.
// It returns fault.Unauthorized when the person or the organisation may not log in any more.
func (s *Sessions) Start(ctx context.Context, tid ID, person db.ID) (string, Principal, error) {
	st, err := s.load(ctx, tid, person)
	if err != nil {
		return "", Principal{}, err
	}
	return s.open(ctx, tid, st, nil)
}

// startAt is Start for a person whose credential was read at epoch: when their sessions have been ended since, as by a new password while the old one was
// being checked, this one does not begin. What also does is done together with it.
func (s *Sessions) startAt(ctx context.Context, tid ID, person db.ID, epoch int64, also func(tx *db.Tx, st storedSession) error) (string, Principal, error) {
	st, err := s.load(ctx, tid, person)
	if err != nil {
		return "", Principal{}, err
	}
	if st.PersonEpoch != epoch {
		return "", Principal{}, fault.New(fault.Unauthorized, "login_failed")
	}
	return s.open(ctx, tid, st, also)
}

// open begins a session. It is in the cache before it is written down, and those that must end for it are gone before its token is given out: however many
// log-ins come at once, no more of them can be used than the policy allows.
func (s *Sessions) open(ctx context.Context, tid ID, st storedSession, also func(tx *db.Tx, st storedSession) error) (string, Principal, error) {
	now := s.clock().UTC()
	st.Created, st.Touched, st.Proved, st.Device = now, now, now, db.NewID()
	token, p, err := s.write(ctx, st)
	if err != nil {
		return "", Principal{}, err
	}
	var over []cache.Key
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		if also != nil {
			if err := also(tx, st); err != nil {
				return err
			}
		}
		var err error
		over, err = s.enter(ctx, tid, tx, st, tokenHash(token))
		return err
	})
	if err == nil && len(over) > 0 {
		err = s.cache.Delete(ctx, over...)
	}
	if err != nil {
		_ = s.cache.Delete(context.WithoutCancel(ctx), p.key) // a log-in that cannot be written down does not happen
		return "", Principal{}, fmt.Errorf("begin session: %w", err)
	}
	return token, p, nil
}

// write keeps the session under a new token.
func (s *Sessions) write(ctx context.Context, st storedSession) (string, Principal, error) {
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return "", Principal{}, fmt.Errorf("session token: %w", err)
	}
	token := strings.Join([]string{base64.RawURLEncoding.EncodeToString(secret), encodeID(st.Person), encodeID(st.Organisation)}, ".")
	key := sessionKey(token)
	if err := s.put(ctx, key, st); err != nil {
		return "", Principal{}, err
	}
	return token, st.principal(key), nil
}

// Fresh tells whether the principal has proved who they are so lately that it counts for what needs a fresh proof.
func (s *Sessions) Fresh(p Principal) bool { return s.clock().Sub(p.Proved) <= s.limits.Proof }

// renew gives the session of somebody who has just proved again who they are a new token (ASVS 7.2.4); the old one is dead. It lasts no longer for that.
// It returns fault.Unauthorized when the session was ended meanwhile.
func (s *Sessions) renew(ctx context.Context, p Principal) (string, Principal, error) {
	raw, there, err := s.cache.Get(ctx, p.key)
	if err != nil {
		return "", Principal{}, fmt.Errorf("renew session: %w", err)
	}
	st, ok := s.read.of(p.key, raw)
	if !there || !ok {
		return "", Principal{}, errNoSession()
	}
	st.Touched = s.clock().UTC()
	st.Proved = st.Touched
	token, renewed, err := s.write(ctx, st)
	if err != nil {
		return "", Principal{}, err
	}
	if err := s.move(ctx, p.Tenant, st.Device, token); err != nil {
		_ = s.cache.Delete(context.WithoutCancel(ctx), renewed.key)
		return "", Principal{}, err
	}
	return token, renewed, s.cache.Delete(ctx, p.key)
}

// move writes the session's new token down, unless it was ended by hand meanwhile.
func (s *Sessions) move(ctx context.Context, tid ID, device db.ID, token string) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		var ended db.Time
		err := db.One(tx.QueryRowLocked(ctx, sqlEndOfDevice, tid, device).Scan(&ended))
		if fault.Is(err, fault.NotFound) || err == nil && !ended.IsZero() {
			return errNoSession()
		} else if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sqlMoveDevice, tokenHash(token), tid, device)
		return err
	})
}

// Resolve gives the principal behind a cookie's token in one round trip to the cache.
// It returns fault.Unauthorized when there is no such session (any more), fault.Unavailable when the cache is away.
func (s *Sessions) Resolve(ctx context.Context, token string) (Principal, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 || len(token) > 200 {
		return Principal{}, errNoSession()
	}
	person, errP := decodeID(parts[1])
	org, errO := decodeID(parts[2])
	if errP != nil || errO != nil {
		return Principal{}, errNoSession()
	}
	key := sessionKey(token)
	values, err := s.cache.MGet(ctx, key, personEpochKey(person), orgEpochKey(org), policyKey(org), minimumKey())
	if err != nil {
		return Principal{}, fmt.Errorf("resolve session: %w", err)
	}
	st, ok := s.read.of(key, values[0])
	if !ok {
		return Principal{}, errNoSession()
	}
	now := s.clock()
	switch {
	case st.Person != person, st.Organisation != org,
		number(values[1]) > st.PersonEpoch, number(values[2]) > st.OrgEpoch,
		now.Sub(st.Created) > s.limits.Absolute, now.Sub(st.Touched) > s.limits.Idle:
		return Principal{}, errNoSession()
	}
	if own, least := number(values[3]), number(values[4]); own > st.PolicyAt || least > st.MinimumAt {
		if st, err = s.reconsider(ctx, key, st, own, least); err != nil {
			return Principal{}, err
		}
	}
	if now.Sub(st.Touched) > time.Minute {
		if err := s.touch(ctx, key, st); err != nil {
			return Principal{}, err
		}
	}
	return st.principal(key), nil
}

// former tells whose session a token was, and since when, as long as the cache still keeps it: also when it has been ended by an epoch.
func (s *Sessions) former(ctx context.Context, token string) (tid ID, person db.ID, since time.Time, ok bool) {
	if len(token) > 200 {
		return ID{}, db.ID{}, time.Time{}, false
	}
	key := sessionKey(token)
	raw, there, err := s.cache.Get(ctx, key)
	if err != nil || !there {
		return ID{}, db.ID{}, time.Time{}, false
	}
	st, ok := s.read.of(key, raw)
	return System(st.Tenant, "whose session it was"), st.Person, st.Created, ok
}

// End ends the principal's own session.
func (s *Sessions) End(ctx context.Context, p Principal) error {
	if err := s.cache.Delete(ctx, p.key); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, sqlEndDevice, db.At(s.clock()), p.Tenant, p.Session)
	return err
}

// EndPerson ends every session of a person, on every replica, with the business transaction that calls for it.
func (s *Sessions) EndPerson(ctx context.Context, tid ID, tx *db.Tx, person db.ID) error {
	return s.EndPeople(ctx, tid, tx, []db.ID{person})
}

// EndPeople is EndPerson for many in few statements.
func (s *Sessions) EndPeople(ctx context.Context, tid ID, tx *db.Tx, people []db.ID) error {
	for part := range slices.Chunk(people, 500) {
		cond := db.Where("tenant_id = ?", tid).In("id", db.Args(part))
		if _, err := tx.Exec(ctx, sqlRaisePeopleEpochs+cond.SQL(), cond.Args()...); err != nil {
			return fmt.Errorf("end sessions: %w", err)
		}
		now := s.clock()
		cond = db.Where("tenant_id = ?", tid).In("person_id", db.Args(part)).And("started_at > ?", db.At(now.Add(-s.limits.Absolute))).And("ended_at IS NULL")
		if _, err := tx.Exec(ctx, sqlEndDevices+cond.SQL(), append([]any{db.At(now)}, cond.Args()...)...); err != nil {
			return fmt.Errorf("end sessions: %w", err)
		}
		if err := s.mirrorLater(ctx, tid, tx, epochPayload{People: part}); err != nil {
			return err
		}
	}
	return nil
}

// EndOrganisation ends every session of an organisation.
func (s *Sessions) EndOrganisation(ctx context.Context, tid ID, tx *db.Tx, organisation db.ID) error {
	if _, err := tx.Exec(ctx, sqlRaiseOrgEpoch, tid); err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return s.mirrorLater(ctx, tid, tx, epochPayload{Organisation: organisation})
}

// mirrorLater queues the job that carries the epoch into the cache, and does it at once after the commit.
func (s *Sessions) mirrorLater(ctx context.Context, tid ID, tx *db.Tx, p epochPayload) error {
	payload, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, s.clock(), db.Job{Kind: KindSessionEpoch, Tenant: tid.n, Payload: payload, Max: 1000}); err != nil {
		return err
	}
	tx.After(func() {
		// Failing here is no loss: the job does it again.
		_ = s.mirror(context.WithoutCancel(ctx), tid, p)
	})
	return nil
}

// Mirror is the handler of KindSessionEpoch.
func (s *Sessions) Mirror(ctx context.Context, job db.Job, _ func(int64, int64)) error {
	var p epochPayload
	if err := json.Unmarshal(job.Payload, &p); err != nil {
		return fault.Wrap(err, fault.Invalid, "job_payload")
	}
	return s.mirror(ctx, System(job.Tenant, "session epoch job"), p)
}

func (s *Sessions) mirror(ctx context.Context, tid ID, p epochPayload) error {
	epochs := map[cache.Key]int64{}
	for _, id := range p.People {
		epochs[personEpochKey(id)] = goneEpoch // unless the row is found: no session of somebody deleted meanwhile may live
	}
	cond := db.Where("p.tenant_id = ?", tid).In("p.id", db.Args(p.People))
	err := db.Each(ctx, s.db, sqlPeopleEpochs+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
		var id db.ID
		var epoch int64
		err := scan(&id, &epoch)
		epochs[personEpochKey(id)] = epoch
		return err
	})
	if err != nil {
		return fmt.Errorf("mirror session epochs: %w", err)
	}
	if !p.Organisation.IsZero() {
		epoch := int64(goneEpoch)
		if err := db.One(s.db.QueryRow(ctx, sqlOrgEpoch, tid).Scan(&epoch)); err != nil && !fault.Is(err, fault.NotFound) {
			return fmt.Errorf("mirror session epoch: %w", err)
		}
		epochs[orgEpochKey(p.Organisation)] = epoch
	}
	if !p.Policy.IsZero() || p.Minimum {
		own, least, err := policyTimes(ctx, tid, s.db)
		if err != nil {
			return err
		}
		if !p.Policy.IsZero() {
			epochs[policyKey(p.Policy)] = own
		}
		if p.Minimum {
			epochs[minimumKey()] = least
		}
	}
	return s.cache.Raise(ctx, epochs, s.limits.Absolute+time.Hour) // two mirrors may come in the wrong order
}

func (s *Sessions) put(ctx context.Context, key cache.Key, st storedSession) error {
	b, err := json.Marshal(st)
	if err != nil {
		return err
	}
	return s.cache.Set(ctx, key, b, s.lifetime(st))
}

// touch notes that the session was used. One that was ended since it was read stays ended.
func (s *Sessions) touch(ctx context.Context, key cache.Key, st storedSession) error {
	st.Touched = s.clock().UTC()
	b, err := json.Marshal(st)
	if err != nil {
		return err
	}
	there, err := s.cache.SetIfPresent(ctx, key, b, s.lifetime(st))
	if err == nil && !there {
		return errNoSession()
	}
	return err
}

func (s *Sessions) lifetime(st storedSession) time.Duration {
	left := s.limits.Absolute - s.clock().Sub(st.Created)
	return max(min(s.limits.Idle, left), time.Second)
}

func (st storedSession) principal(key cache.Key) Principal {
	return Principal{
		Tenant: ID{st.Tenant}, Organisation: st.Organisation, OrganisationName: st.OrganisationName,
		OrganisationCode: st.OrganisationCode, OrganisationKind: st.OrganisationKind, Person: st.Person, Name: st.Name, Roles: st.Roles,
		MustChange: st.MustChange, MustEnrol: st.MustEnrol, Since: st.Created, Proved: st.Proved, Session: st.Device, key: key,
	}
}

func errNoSession() error { return fault.New(fault.Unauthorized, "no_session") }

func sessionKey(token string) cache.Key     { return cache.NewKey("session", string(tokenHash(token))) }
func personEpochKey(person db.ID) cache.Key { return cache.NewKey("epoch_person", person.String()) }
func orgEpochKey(org db.ID) cache.Key       { return cache.NewKey("epoch_organisation", org.String()) }
func policyKey(org db.ID) cache.Key         { return cache.NewKey("policy", org.String()) }
func minimumKey() cache.Key                 { return cache.NewKey("policy_minimum") }

func number(b []byte) int64 {
	n, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func encodeID(id db.ID) string { return base64.RawURLEncoding.EncodeToString(id[:]) }

func decodeID(s string) (db.ID, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != 16 || len(s) != base64.RawURLEncoding.EncodedLen(len(b)) { // one text, one id
		return db.ID{}, fault.New(fault.Unauthorized, "no_session")
	}
	return db.ID(b), nil
}
