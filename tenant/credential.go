package tenant

import (
	"context"
	"crypto/hmac"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kenshu/fault"
	"kenshu/storage/cache"
	"kenshu/storage/db"
)

// The kinds of credential.
const (
	credentialOneTime = "one_time" // handed out, must be replaced at log-in
	credentialChosen  = "chosen"   // the person's own password
	credentialVoid    = "void"     // taken away: opens nothing until a new one is handed out
)

// CredentialRules are the figures of passwords; how long one-time ones live stands in SecurityPolicy.
type CredentialRules struct {
	MinPassword int // characters, while the password is the only factor
	MinBeside   int // characters, beside a second factor
	MaxPassword int
}

// DefaultCredentialRules says: own passwords have 15 to 256 characters, beside a second factor 8 or more.
var DefaultCredentialRules = CredentialRules{MinPassword: 15, MinBeside: 8, MaxPassword: 256}

// repeatable is how long a repeated registration is answered with the same one-time password.
const repeatable = 10 * time.Minute

// Credentials issues one-time passwords, checks log-ins and changes passwords.
type Credentials struct {
	db       *db.DB
	audit    *Audit
	sessions *Sessions
	throttle *throttle
	hasher   *hasher
	key      []byte
	rules    CredentialRules
	clock    func() time.Time
}

// NewCredentials makes the service. key binds one-time passwords and device marks and lives outside the database.
func NewCredentials(d *db.DB, c cache.Cache, audit *Audit, sessions *Sessions, key []byte, clock func() time.Time, log *slog.Logger) (*Credentials, error) {
	h, err := newHasher(passwordCost)
	if err != nil {
		return nil, err
	}
	t, err := newThrottle(c, clock, log)
	if err != nil {
		return nil, err
	}
	return &Credentials{db: d, audit: audit, sessions: sessions, throttle: t, hasher: h, key: key, rules: DefaultCredentialRules, clock: clock}, nil
}

// OneTime is a one-time password in clear. It exists in memory only, is shown once and never stored or logged.
type OneTime struct {
	Person   db.ID
	Password string // XXXX-XXXX-XXXX-XXXX
	Expires  time.Time
}

// Issue gives one person a one-time password in place of what they had, in the caller's transaction. Sessions go on: see Reissue.
// It returns fault.NotFound for a person who is not of this organisation.
func (c *Credentials) Issue(ctx context.Context, tid ID, tx *db.Tx, person db.ID) (OneTime, error) {
	list, err := c.IssueMany(ctx, tid, tx, []db.ID{person})
	if err != nil {
		return OneTime{}, err
	}
	return list[0], nil
}

// IssueMany is Issue for many people in few statements; the answer is in the order of people.
func (c *Credentials) IssueMany(ctx context.Context, tid ID, tx *db.Tx, people []db.ID) ([]OneTime, error) {
	list := make([]OneTime, 0, len(people))
	for _, person := range people {
		password, err := newOneTime()
		if err != nil {
			return nil, err
		}
		list = append(list, OneTime{Person: person, Password: password})
	}
	return list, c.put(ctx, tid, tx, list)
}

// issueFirst is Issue with a one-time password that firstAgain can tell again, so that a repeated registration answers the same.
func (c *Credentials) issueFirst(ctx context.Context, tid ID, tx *db.Tx, person db.ID) (OneTime, error) {
	list := []OneTime{{Person: person, Password: c.firstOneTime(tid, person)}}
	err := c.put(ctx, tid, tx, list)
	return list[0], err
}

// firstAgain gives the password of issueFirst while it is fresh: in force, never used, and not older than repeatable.
func (c *Credentials) firstAgain(ctx context.Context, tid ID, person db.ID) (OneTime, bool, error) {
	var kind, hash string
	var expires, changed, used db.Time
	if err := db.One(c.db.QueryRow(ctx, sqlCredentialUse, tid, person).Scan(&kind, &hash, &expires, &changed, &used)); err != nil {
		return OneTime{}, false, err
	}
	one := OneTime{Person: person, Password: c.firstOneTime(tid, person), Expires: expires.Time}
	same := c.oneTimeRight(tid, person, credential{kind: kind, hash: hash}, one.Password)
	if !same || !used.IsZero() || c.clock().Sub(changed.Time) > repeatable {
		return OneTime{}, false, nil
	}
	return one, true, nil
}

// Reissue is IssueMany that also ends every session of these people.
func (c *Credentials) Reissue(ctx context.Context, tid ID, tx *db.Tx, people []db.ID) ([]OneTime, error) {
	list, err := c.IssueMany(ctx, tid, tx, people)
	if err != nil {
		return nil, err
	}
	if err := c.sessions.EndPeople(ctx, tid, tx, people); err != nil {
		return nil, err
	}
	return list, nil
}

// put stores one-time passwords, all with the same end, and records that they were issued.
func (c *Credentials) put(ctx context.Context, tid ID, tx *db.Tx, list []OneTime) error {
	policy, err := ReadSecurityPolicy(ctx, tid, tx)
	if err != nil {
		return err
	}
	now := c.clock()
	expires := db.At(now.Add(policy.oneTimeFor()))
	rows, changes, people := make([][]any, 0, len(list)), make([]Change, 0, len(list)), make([]db.ID, 0, len(list))
	for i := range list {
		list[i].Expires = expires.Time
		people = append(people, list[i].Person)
		rows = append(rows, []any{tid, list[i].Person, credentialOneTime, c.oneTimeHash(tid, list[i].Person, list[i].Password), expires, db.At(now)})
		changes = append(changes, Change{Action: "credential.issue", SubjectKind: "person", Subject: list[i].Person, Detail: map[string]any{"expires_at": expires.UTC().Format(time.RFC3339)}})
	}
	err = tx.UpsertMany(ctx, sqlInsertCredential, "(?, ?, ?, ?, ?, ?)", "tenant_id, person_id", "kind, hash, expires_at, changed_at", rows)
	if db.IsReference(err) {
		return fault.New(fault.NotFound, "not_found")
	} else if err != nil {
		return fmt.Errorf("issue credential: %w", err)
	}
	if err := separatePeople(ctx, tid, tx, people); err != nil {
		return err
	}
	if err := guardManager(ctx, tid, tx, c.audit, people, now); err != nil {
		return err
	}
	return c.audit.AppendMany(ctx, tid, tx, changes)
}

// credential is one row of the table.
type credential struct {
	kind, hash string
	expires    db.Time
}

// Void takes the passwords of people away, whatever they are: none of them opens anything any more, and every session ends.
func (c *Credentials) Void(ctx context.Context, tid ID, tx *db.Tx, people []db.ID) error {
	if err := separatePeople(ctx, tid, tx, people); err != nil {
		return err
	}
	changes := make([]Change, 0, len(people))
	for part := range slices.Chunk(people, 500) {
		cond := db.Where("tenant_id = ?", tid).In("person_id", db.Args(part))
		if _, err := tx.Exec(ctx, sqlVoidCredentials+cond.SQL(), append([]any{db.At(c.clock())}, cond.Args()...)...); err != nil {
			return fmt.Errorf("void credentials: %w", err)
		}
		for _, person := range part {
			changes = append(changes, Change{Action: "credential.void", SubjectKind: "person", Subject: person})
		}
	}
	if err := c.sessions.EndPeople(ctx, tid, tx, people); err != nil {
		return err
	}
	return c.audit.AppendMany(ctx, tid, tx, changes)
}

// oneTimeRight tells in constant time whether password is the one-time password of this row, one that we made.
func (c *Credentials) oneTimeRight(tid ID, person db.ID, cr credential, password string) bool {
	return cr.kind == credentialOneTime && hmac.Equal([]byte(c.oneTimeHash(tid, person, password)), []byte(cr.hash))
}

// verify tells whether password is the person's. It always costs one slow hash, whatever kind of credential there is.
func (c *Credentials) verify(ctx context.Context, tid ID, person db.ID, cr credential, password string) (right bool, err error) {
	if cr.kind == credentialOneTime && !strings.HasPrefix(cr.hash, argonPrefix) {
		return c.oneTimeRight(tid, person, cr, password), c.hasher.waste(ctx, password)
	}
	right, stale, err := c.hasher.check(ctx, cr.hash, password) // also one that a manager set by file
	if err != nil || !stale {
		return right, err
	}
	hash, err := c.hasher.hash(ctx, password)
	if err != nil {
		return false, err
	}
	if _, err := c.db.Exec(ctx, sqlRehash, hash, tid, person, cr.hash); err != nil {
		return false, fmt.Errorf("rehash password: %w", err)
	}
	return true, nil
}

// PasswordReasons tells why the password would be refused for this person; nothing when it is good.
func (c *Credentials) PasswordReasons(ctx context.Context, tid ID, person db.ID, password string) ([]fault.Field, error) {
	who, _, err := c.subject(ctx, tid, c.db, person)
	if err != nil {
		return nil, err
	}
	rules, err := c.rulesFor(ctx, tid, person)
	return passwordReasons(password, who, rules), err
}

// rulesFor are the rules for this person's own password: with a second factor it may be shorter.
func (c *Credentials) rulesFor(ctx context.Context, tid ID, person db.ID) (CredentialRules, error) {
	rules := c.rules
	kinds, err := readFactorKinds(ctx, tid, c.db, person)
	if err == nil && kinds.any() {
		rules.MinPassword = rules.MinBeside
	}
	return rules, err
}

// PasswordChange is what ChangePassword needs to know.
type PasswordChange struct {
	Current string // empty is right only while a one-time password is in force
	New     string
}

// ChangePassword gives the person the password they chose, ends all their sessions and begins a new one, whose token it returns.
//
// It returns fault.Invalid with the reasons at new_password when that is guessable, at current_password when that is wrong,
// fault.Limited after too many wrong ones, fault.Conflict when the credential changed meanwhile.
func (c *Credentials) ChangePassword(ctx context.Context, tid ID, person db.ID, ch PasswordChange) (string, Principal, error) {
	who, cr, err := c.subject(ctx, tid, c.db, person)
	if err != nil {
		return "", Principal{}, err
	}
	rules, err := c.rulesFor(ctx, tid, person)
	if err != nil {
		return "", Principal{}, err
	}
	if reasons := passwordReasons(ch.New, who, rules); len(reasons) > 0 {
		return "", Principal{}, at("new_password", reasons)
	}
	if err := c.mayReplace(ctx, tid, person, cr, ch); err != nil {
		return "", Principal{}, err
	}
	hash, err := c.hasher.hash(ctx, ch.New)
	if err != nil {
		return "", Principal{}, err
	}
	err = c.db.Tx(ctx, func(tx *db.Tx) error {
		return c.replace(ctx, tid, tx, person, cr, chosen{hash, utf8.RuneCountInString(ch.New) < c.rules.MinPassword})
	})
	if err != nil {
		return "", Principal{}, err
	}
	return c.sessions.Start(ctx, tid, person)
}

// mayReplace checks the current password and that the new one is another.
func (c *Credentials) mayReplace(ctx context.Context, tid ID, person db.ID, cr credential, ch PasswordChange) error {
	if cr.kind == credentialOneTime {
		same, err := c.verify(ctx, tid, person, cr, ch.New)
		if err == nil && same {
			return at("new_password", []fault.Field{{Key: "password_handed_out"}})
		}
		return err
	}
	if err := c.throttle.enterPerson(ctx, person); err != nil {
		return err
	}
	right, err := c.verify(ctx, tid, person, cr, ch.Current)
	switch {
	case err != nil:
		return err
	case !right:
		return at("current_password", []fault.Field{{Key: "password_wrong"}})
	case ch.Current == ch.New:
		return at("new_password", []fault.Field{{Key: "password_same"}})
	}
	return nil
}

// chosen is an own password: its hash, and whether it is too short to be the only factor.
type chosen struct {
	hash  string
	short bool
}

// replace is a compare-and-set: of several changes that saw the same credential one succeeds.
func (c *Credentials) replace(ctx context.Context, tid ID, tx *db.Tx, person db.ID, seen credential, new chosen) error {
	now := c.clock()
	var state, kind, stored string
	var expires db.Time
	err := db.One(tx.QueryRowLocked(ctx, sqlCredentialNow, tid, person).Scan(&state, &kind, &stored, &expires))
	switch {
	case err != nil:
		return err
	case state != "active":
		return errNoSession()
	case kind == credentialOneTime && (stored != seen.hash || seen.kind != kind), kind == credentialChosen && seen.kind != kind:
		return fault.New(fault.Conflict, "credential_changed")
	case kind == credentialOneTime && !expires.After(now):
		return fault.New(fault.Gone, "one_time_expired")
	}
	if new.short { // the factor may have gone since the length was looked at
		if kinds, err := readFactorKinds(ctx, tid, tx, person); err != nil {
			return err
		} else if !kinds.any() {
			return fault.New(fault.Conflict, "credential_changed")
		}
	}
	r, err := tx.Exec(ctx, sqlChooseCredential, new.hash, new.short, db.At(now), tid, person, stored)
	if err != nil {
		return fmt.Errorf("change password: %w", err)
	}
	if n, err := r.RowsAffected(); err != nil || n != 1 {
		return fault.Wrap(err, fault.Conflict, "credential_changed")
	}
	if err := c.sessions.EndPerson(ctx, tid, tx, person); err != nil {
		return err
	}
	if err := c.sessions.tell(ctx, tid, tx, person, "password_change"); err != nil {
		return err
	}
	return c.audit.Append(ctx, tid, tx, Change{Action: "credential.change", SubjectKind: "person", Subject: person, Detail: map[string]any{"first": kind == credentialOneTime}})
}

// SignOutEverywhere ends every session of the person, also this one.
func (c *Credentials) SignOutEverywhere(ctx context.Context, tid ID, person db.ID) error {
	return c.db.Tx(ctx, func(tx *db.Tx) error {
		if err := c.sessions.EndPerson(ctx, tid, tx, person); err != nil {
			return err
		}
		return c.audit.Append(ctx, tid, tx, Change{Action: "session.end_all", SubjectKind: "person", Subject: person})
	})
}

// at makes one Invalid error whose fields all stand at path.
func at(path string, reasons []fault.Field) error {
	for i := range reasons {
		reasons[i].Path = path
	}
	return &fault.Error{Kind: fault.Invalid, Key: "invalid", Fields: reasons}
}
