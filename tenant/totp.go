package tenant

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/skip2/go-qrcode"
	"golang.org/x/text/unicode/norm"

	"kenshu/fault"
	"kenshu/storage/cache"
	"kenshu/storage/db"
)

// TOTP as every authenticator app reads it (RFC 6238): SHA-1, six figures, half a minute, one step early or late is taken.
const (
	totpStep   = 30 * time.Second
	totpSkew   = 1
	totpSecret = 20 // bytes: the length of the hash
	totpDigits = 6
	// setupFor is how long a factor that is being set up waits for its first proof.
	setupFor = 10 * time.Minute
)

// TOTPSetup is what an authenticator app needs. It is shown once.
type TOTPSetup struct {
	Secret string // base32, to type by hand
	URI    string // otpauth://
	QR     string // the same as an image: data:image/png;base64,…
}

// owner binds a sealed secret to its row: copied to another person it cannot be opened.
func owner(tid ID, person db.ID) []byte { return fmt.Appendf(nil, "totp:%d:%s", tid.n, person) }

// BeginTOTP makes the secret of an authenticator app. Nothing is set up until ConfirmTOTP.
// It returns fault.Conflict "totp_exists" while the person has one.
func (f *Factors) BeginTOTP(ctx context.Context, tid ID, p Principal) (TOTPSetup, error) {
	kinds, err := readFactorKinds(ctx, tid, f.c.db, p.Person)
	if err != nil {
		return TOTPSetup{}, err
	}
	if kinds.totp {
		return TOTPSetup{}, fault.New(fault.Conflict, "totp_exists")
	}
	who, err := readFactorOwner(ctx, tid, f.c.db, p.Person)
	if err != nil {
		return TOTPSetup{}, err
	}
	secret := make([]byte, totpSecret)
	if _, err := rand.Read(secret); err != nil {
		return TOTPSetup{}, fmt.Errorf("totp secret: %w", err)
	}
	sealed, err := f.sealer.Seal(secret, owner(tid, p.Person))
	if err != nil {
		return TOTPSetup{}, err
	}
	if err := f.cache.Set(ctx, totpSetupKey(tid, p.Person), sealed, setupFor); err != nil {
		return TOTPSetup{}, err
	}
	return describeTOTP(secret, f.issuer, who)
}

func totpSetupKey(tid ID, person db.ID) cache.Key {
	return cache.NewKey("totp_setup", fmt.Sprint(tid.n), person.String())
}

func describeTOTP(secret []byte, issuer string, who factorOwner) (TOTPSetup, error) {
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	label := url.PathEscape(issuer + ":" + who.loginID + " (" + who.code + ")")
	query := url.Values{"secret": {text}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {fmt.Sprint(totpDigits)}, "period": {fmt.Sprint(int(totpStep.Seconds()))}}
	uri := "otpauth://totp/" + label + "?" + strings.ReplaceAll(query.Encode(), "+", "%20")
	png, err := qrcode.Encode(uri, qrcode.Medium, 320)
	if err != nil {
		return TOTPSetup{}, fmt.Errorf("totp image: %w", err)
	}
	return TOTPSetup{Secret: text, URI: uri, QR: "data:image/png;base64," + base64.StdEncoding.EncodeToString(png)}, nil
}

// ConfirmTOTP sets the authenticator app up with a first code from it. It returns fault.Invalid at code when that is wrong, fault.Gone
// "totp_setup_over" when the secret is too old, fault.Conflict "totp_exists", fault.Limited after too many wrong codes.
func (f *Factors) ConfirmTOTP(ctx context.Context, tid ID, p Principal, code string) (FactorChange, error) {
	if err := f.c.throttle.enterPerson(ctx, p.Person); err != nil {
		return FactorChange{}, err
	}
	sealed, there, err := f.cache.Get(ctx, totpSetupKey(tid, p.Person))
	switch {
	case err != nil:
		return FactorChange{}, err
	case !there:
		return FactorChange{}, fault.New(fault.Gone, "totp_setup_over")
	}
	secret, err := f.sealer.Open(sealed, owner(tid, p.Person))
	if err != nil {
		return FactorChange{}, err
	}
	step := f.stepOf(secret, code)
	if step == 0 {
		return FactorChange{}, at("code", []fault.Field{{Key: "code_wrong"}})
	}
	ch, err := f.change(ctx, tid, p, "totp_add", func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sqlInsertTOTP, tid, p.Person, sealed, step, db.At(f.c.clock()))
		if db.IsDuplicate(err) {
			return fault.New(fault.Conflict, "totp_exists")
		}
		return err
	})
	if err != nil {
		return FactorChange{}, err
	}
	return ch, f.cache.Delete(ctx, totpSetupKey(tid, p.Person))
}

// RemoveTOTP forgets the authenticator app. It returns fault.NotFound without one, and fault.Conflict as change does.
func (f *Factors) RemoveTOTP(ctx context.Context, tid ID, p Principal) (FactorChange, error) {
	return f.change(ctx, tid, p, "totp_remove", func(tx *db.Tx) error { return one(tx.Exec(ctx, sqlDeleteTOTP, tid, p.Person)) })
}

// stepOf gives the step whose code this is, 0 when it is of none that counts now.
func (f *Factors) stepOf(secret []byte, code string) int64 {
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	now, found := f.c.clock().Unix()/int64(totpStep.Seconds()), int64(0)
	for step := now - totpSkew; step <= now+totpSkew; step++ {
		want, err := hotp.GenerateCodeCustom(text, uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			found = step
		}
	}
	return found
}

// useTOTP tells whether code is right and was not used before, and uses it up. It returns fault.Invalid "totp_unreadable" at code for an app that was set up under another master key.
func (f *Factors) useTOTP(ctx context.Context, tid ID, person db.ID, code string) (bool, error) {
	var sealed []byte
	var created, used db.Time
	err := db.One(f.c.db.QueryRow(ctx, sqlFindTOTP, tid, person).Scan(&sealed, &created, &used))
	if fault.Is(err, fault.NotFound) {
		return false, nil
	} else if err != nil {
		return false, err
	}
	secret, err := f.sealer.Open(sealed, owner(tid, person))
	if err != nil { // sealed under a master key that is lost: recovery codes and passkeys do not need it
		return false, at("code", []fault.Field{{Key: "totp_unreadable"}})
	}
	step := f.stepOf(secret, code)
	if step == 0 {
		return false, nil
	}
	return oneChanged(f.c.db.Exec(ctx, sqlUseTOTP, step, db.At(f.c.clock()), tid, person, step))
}

// figures reads a code as people type it: full-width figures, with spaces or a dash.
func figures(code string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			return -1
		}
		return r
	}, norm.NFKC.String(Clip(code, 40)))
}
