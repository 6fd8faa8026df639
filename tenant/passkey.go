package tenant

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"kenshu/fault"
	"kenshu/storage/cache"
	"kenshu/storage/db"
)

const (
	maxPasskeys = 10
	// ceremonyFor is how long options for a passkey wait for their answer.
	ceremonyFor = 5 * time.Minute
)

// Passkey is one of a person's passkeys.
type Passkey struct {
	ID        db.ID
	Name      string
	CreatedAt db.Time
	UsedAt    db.Time
	ClonedAt  db.Time // when its counter ran backwards: there may be a copy

	record webauthn.Credential
	count  int64
}

// keyHolder is a person as the passkey library knows them. The handle is their organisation's and their own public id.
type keyHolder struct {
	handle   []byte
	name     string
	passkeys []Passkey
}

// WebAuthnID gives the handle.
func (h keyHolder) WebAuthnID() []byte { return h.handle }

// WebAuthnName gives what the browser shows when somebody chooses a passkey.
func (h keyHolder) WebAuthnName() string { return h.name }

// WebAuthnDisplayName gives the same.
func (h keyHolder) WebAuthnDisplayName() string { return h.name }

// WebAuthnCredentials gives the records of the person's passkeys.
func (h keyHolder) WebAuthnCredentials() []webauthn.Credential {
	out := make([]webauthn.Credential, 0, len(h.passkeys))
	for _, k := range h.passkeys {
		out = append(out, k.record)
	}
	return out
}

func readPasskeys(ctx context.Context, tid ID, r db.Runner, person db.ID) ([]Passkey, error) {
	list := []Passkey{}
	cond := db.Where("tenant_id = ?", tid).And("person_id = ?", person)
	err := db.Each(ctx, r, sqlSelectPasskeys+cond.SQL()+" ORDER BY +id", cond.Args(), func(scan func(...any) error) error {
		var k Passkey
		var record []byte
		if err := scan(&k.ID, &k.Name, &record, &k.count, &k.ClonedAt, &k.CreatedAt, &k.UsedAt); err != nil {
			return err
		}
		list = append(list, k)
		return json.Unmarshal(record, &list[len(list)-1].record)
	})
	if err != nil {
		return nil, fmt.Errorf("read passkeys: %w", err)
	}
	return list, nil
}

func (f *Factors) holder(ctx context.Context, tid ID, person db.ID) (keyHolder, error) {
	who, err := readFactorOwner(ctx, tid, f.c.db, person)
	if err != nil {
		return keyHolder{}, err
	}
	h := keyHolder{handle: append(append([]byte{}, who.organisation[:]...), person[:]...), name: who.loginID + " (" + who.code + ")"}
	h.passkeys, err = readPasskeys(ctx, tid, f.c.db, person)
	return h, err
}

// Options are what navigator.credentials takes, as JSON.
type Options = json.RawMessage

// keep remembers the options under the name of their ceremony, and gives them as the browser wants them.
func (f *Factors) keep(ctx context.Context, ceremony string, options any, data *webauthn.SessionData) (Options, error) {
	stored, err := json.Marshal(data)
	if err != nil {
		return nil, err
	}
	if err := f.cache.Set(ctx, cache.NewKey("passkey_options", ceremony), stored, ceremonyFor); err != nil {
		return nil, err
	}
	return json.Marshal(options)
}

// recall gives the options of a ceremony, to one caller only: an answer that is sent twenty times at once is looked at once.
func (f *Factors) recall(ctx context.Context, ceremony string) (webauthn.SessionData, bool, error) {
	var data webauthn.SessionData
	key := cache.NewKey("passkey_options", ceremony)
	stored, there, err := f.cache.Get(ctx, key)
	if err != nil || !there {
		return data, false, err
	}
	if err := json.Unmarshal(stored, &data); err != nil {
		return data, false, err
	}
	first, err := f.cache.SetIfAbsent(ctx, cache.NewKey("passkey_answered", data.Challenge), []byte("1"), ceremonyFor)
	if err != nil || !first {
		return data, false, err
	}
	return data, true, f.cache.Delete(ctx, key)
}

// BeginPasskey gives the options to make a passkey. It returns fault.Conflict "passkeys_full" for somebody with ten.
func (f *Factors) BeginPasskey(ctx context.Context, tid ID, p Principal) (Options, error) {
	h, err := f.holder(ctx, tid, p.Person)
	if err != nil {
		return nil, err
	}
	if len(h.passkeys) >= maxPasskeys {
		return nil, fault.New(fault.Conflict, "passkeys_full", "max", maxPasskeys)
	}
	exclude := make([]protocol.CredentialDescriptor, 0, len(h.passkeys))
	for _, k := range h.passkeys {
		exclude = append(exclude, k.record.Descriptor())
	}
	options, data, err := f.web.BeginRegistration(h, webauthn.WithExclusions(exclude))
	if err != nil {
		return nil, fmt.Errorf("passkey options: %w", err)
	}
	return f.keep(ctx, addCeremony(p), options.Response, data)
}

func addCeremony(p Principal) string { return "add " + p.Person.String() + " " + p.Session.String() }

// AddPasskey keeps a passkey that the browser made with the options. It returns fault.Invalid at name, "passkey_refused" for an answer that does not
// fit, fault.Conflict "passkey_exists".
func (f *Factors) AddPasskey(ctx context.Context, tid ID, p Principal, name string, answer json.RawMessage) (FactorChange, error) {
	name, err := passkeyName(name)
	if err != nil {
		return FactorChange{}, err
	}
	data, there, err := f.recall(ctx, addCeremony(p))
	if err != nil {
		return FactorChange{}, err
	}
	h, err := f.holder(ctx, tid, p.Person)
	if err != nil {
		return FactorChange{}, err
	}
	parsed, errParse := protocol.ParseCredentialCreationResponseBytes(answer)
	if !there || errParse != nil {
		return FactorChange{}, fault.Wrap(errParse, fault.Invalid, "passkey_refused")
	}
	made, err := f.web.CreateCredential(h, data, parsed)
	if err != nil {
		return FactorChange{}, fault.Wrap(err, fault.Invalid, "passkey_refused")
	}
	record, err := json.Marshal(made)
	if err != nil {
		return FactorChange{}, err
	}
	hash := sha256.Sum256(made.ID)
	return f.change(ctx, tid, p, "passkey_add", func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sqlInsertPasskey, tid, db.NewID(), p.Person, hash[:], name, string(record), made.Authenticator.SignCount, db.At(f.c.clock()))
		if db.IsDuplicate(err) {
			return fault.New(fault.Conflict, "passkey_exists")
		}
		return err
	})
}

func passkeyName(name string) (string, error) {
	name = Tidy(name)
	var c fault.Check
	c.If(name == "", "name", "required")
	c.If(utf8.RuneCountInString(name) > 100, "name", "too_long", "max", 100)
	return name, c.Err()
}

// RenamePasskey calls a passkey by another name. It returns fault.NotFound for one that is not the person's.
func (f *Factors) RenamePasskey(ctx context.Context, tid ID, person, id db.ID, name string) error {
	name, err := passkeyName(name)
	if err != nil {
		return err
	}
	return f.c.db.Tx(ctx, func(tx *db.Tx) error {
		if err := one(tx.Exec(ctx, sqlRenamePasskey, name, tid, id, person)); err != nil {
			return err
		}
		return f.c.audit.Append(ctx, tid, tx, Change{Action: "factor.passkey_rename", SubjectKind: "person", Subject: person, Detail: map[string]any{"passkey": id}})
	})
}

// RemovePasskey forgets a passkey. It returns fault.NotFound for one that is not the person's, and fault.Conflict as change does.
func (f *Factors) RemovePasskey(ctx context.Context, tid ID, p Principal, id db.ID) (FactorChange, error) {
	return f.change(ctx, tid, p, "passkey_remove", func(tx *db.Tx) error { return one(tx.Exec(ctx, sqlDeletePasskey, tid, id, p.Person)) })
}

// ask gives the options to show one of a person's passkeys in a ceremony.
func (f *Factors) ask(ctx context.Context, tid ID, person db.ID, ceremony string) (Options, error) {
	h, err := f.holder(ctx, tid, person)
	if err != nil {
		return nil, err
	}
	if len(h.passkeys) == 0 {
		return nil, fault.New(fault.Conflict, "no_passkey")
	}
	options, data, err := f.web.BeginLogin(h, webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, fmt.Errorf("passkey options: %w", err)
	}
	return f.keep(ctx, ceremony, options.Response, data)
}

// usePasskey tells whether the answer proves one of the person's passkeys in this ceremony.
func (f *Factors) usePasskey(ctx context.Context, tid ID, person db.ID, answer json.RawMessage, ceremony string) (bool, error) {
	data, there, err := f.recall(ctx, ceremony)
	if err != nil {
		return false, err
	}
	h, err := f.holder(ctx, tid, person)
	if err != nil {
		return false, err
	}
	parsed, errParse := protocol.ParseCredentialRequestResponseBytes(answer)
	if !there || errParse != nil {
		return false, nil
	}
	shown, err := f.web.ValidateLogin(h, data, parsed)
	if err != nil {
		return false, nil //nolint:nilerr // a wrong proof is an answer, not a fault
	}
	return f.noteUse(ctx, tid, person, h, shown)
}

// noteUse writes the counter of a passkey that was shown. One whose counter ran backwards may be a copy: it does not count, and the person is told.
func (f *Factors) noteUse(ctx context.Context, tid ID, person db.ID, h keyHolder, shown *webauthn.Credential) (bool, error) {
	for _, k := range h.passkeys {
		if !bytes.Equal(k.record.ID, shown.ID) {
			continue
		}
		if shown.Authenticator.CloneWarning {
			return false, f.noteClone(ctx, tid, person, k)
		}
		record, err := json.Marshal(shown)
		if err != nil {
			return false, err
		}
		return oneChanged(f.c.db.Exec(ctx, sqlUsePasskey, string(record), shown.Authenticator.SignCount, db.At(f.c.clock()), tid, k.ID, k.count))
	}
	return false, nil
}

func (f *Factors) noteClone(ctx context.Context, tid ID, person db.ID, k Passkey) error {
	return f.c.db.Tx(ctx, func(tx *db.Tx) error {
		first, err := oneChanged(tx.Exec(ctx, sqlClonePasskey, db.At(f.c.clock()), tid, k.ID))
		if err != nil || !first {
			return err
		}
		if err := f.c.sessions.tell(ctx, tid, tx, person, "passkey_clone"); err != nil {
			return err
		}
		return f.c.audit.Append(ctx, tid, tx, Change{Action: "factor.passkey_clone", SubjectKind: "person", Subject: person, Detail: map[string]any{"passkey": k.ID}})
	})
}

// AskLogin gives the options to log in with a passkey alone, and the ticket that belongs to them.
func (f *Factors) AskLogin(ctx context.Context, source string) (ticket string, options Options, err error) {
	if err := f.c.throttle.spend(ctx, sourceKey("login_source", source), rateSource); err != nil {
		return "", nil, err
	}
	asked, data, err := f.web.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return "", nil, fmt.Errorf("passkey options: %w", err)
	}
	if ticket, err = newTicket(); err != nil {
		return "", nil, err
	}
	options, err = f.keep(ctx, "login "+ticket, asked.Response, data)
	return ticket, options, err
}

// LoginByPasskey begins a session for whoever shows a passkey: it is possession and, because the device asks for it, finger, face or PIN, so it is both factors.
// It returns fault.Unauthorized "passkey_failed" for everything that is wrong alike, and fault.Limited.
func (f *Factors) LoginByPasskey(ctx context.Context, ticket string, answer json.RawMessage, source, device string) (Login, error) {
	if err := f.c.throttle.spend(ctx, sourceKey("login_source", source), rateSource); err != nil {
		return Login{}, err
	}
	failed := fault.New(fault.Unauthorized, "passkey_failed")
	data, there, err := f.recall(ctx, "login "+ticket)
	if err != nil {
		return Login{}, err
	}
	parsed, errParse := protocol.ParseCredentialRequestResponseBytes(answer)
	if !there || errParse != nil || ticket == "" {
		return Login{}, failed
	}
	var row loginRow
	var h keyHolder
	var foreign error // what is no fault of the one who logs in
	_, shown, err := f.web.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		row, foreign = f.findHandle(ctx, handle)
		if foreign != nil || !row.exists {
			return nil, fault.New(fault.NotFound, "not_found")
		}
		h, foreign = f.holder(ctx, row.tid, row.person)
		return h, foreign
	}, data, parsed)
	switch {
	case foreign != nil:
		return Login{}, foreign
	case err != nil || row.state != "active" || row.credential.kind == credentialVoid: // whose password was taken away gets in with a new one only
		return Login{}, failed
	}
	if right, err := f.noteUse(ctx, row.tid, row.person, h, shown); err != nil || !right {
		return Login{}, orElse(err, failed)
	}
	return f.c.begin(ctx, row, LoginAttempt{Source: source, Device: device, Factor: "passkey_alone"}, row.code, row.login)
}

// findHandle looks up whose passkey it is.
func (f *Factors) findHandle(ctx context.Context, handle []byte) (loginRow, error) {
	if len(handle) != 32 {
		return loginRow{}, nil
	}
	var n int64
	var row loginRow
	err := db.One(f.c.db.QueryRow(ctx, sqlOrganisationByID, db.ID(handle[:16])).Scan(&n, &row.code))
	if fault.Is(err, fault.NotFound) {
		return loginRow{}, nil
	} else if err != nil {
		return loginRow{}, err
	}
	row.tid = System(n, "log-in by passkey")
	err = db.One(f.c.db.QueryRow(ctx, sqlLoginPerson, row.tid, db.ID(handle[16:])).
		Scan(&row.person, &row.name, &row.state, &row.epoch, &row.credential.kind, &row.credential.hash, &row.credential.expires, &row.login))
	if fault.Is(err, fault.NotFound) {
		return loginRow{}, nil
	}
	row.exists = true
	return row, err
}

// orElse gives err when there is one.
func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// newTicket makes 256 random bits that name something in progress.
func newTicket() (string, error) {
	random := make([]byte, 32)
	if _, err := rand.Read(random); err != nil {
		return "", fmt.Errorf("ticket: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(random), nil
}
