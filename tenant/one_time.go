package tenant

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kenshu/storage/db"
)

// Crockford's base32: no I, L, O, U, so that nothing is read as something else.
const typedAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const oneTimeLetters = 16 // of 5 bits each: 80 bits

// oneTimeText writes 80 random bits as XXXX-XXXX-XXXX-XXXX.
func oneTimeText(random []byte) string {
	var b strings.Builder
	for i := range oneTimeLetters {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(typedAlphabet[random[i]&31])
	}
	return b.String()
}

// newOneTime makes a one-time password from the system's random source.
func newOneTime() (string, error) {
	random := make([]byte, oneTimeLetters)
	if _, err := rand.Read(random); err != nil {
		return "", fmt.Errorf("one-time password: %w", err)
	}
	return oneTimeText(random), nil
}

// readTyped forgives how a printed code is typed: full-width letters, lower case, dashes and spaces of every kind, O for 0, I and L for 1.
func readTyped(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'O':
			return '0'
		case r == 'I', r == 'L':
			return '1'
		case r >= '0' && r <= '9', r >= 'A' && r <= 'Z':
			return r
		}
		return -1
	}, strings.ToUpper(norm.NFKC.String(Clip(s, 100))))
}

// firstOneTime makes the one-time password of a registration that may be repeated: from the key, so that nobody without it can foresee it.
func (c *Credentials) firstOneTime(tid ID, person db.ID) string {
	return oneTimeText(c.mac("first one-time password", fmt.Sprint(tid.n), person.String()))
}

// oneTimeHash binds a one-time password to its owner: 80 random bits need no slow hash, but a key outside the database.
func (c *Credentials) oneTimeHash(tid ID, person db.ID, password string) string {
	return "hmac-sha256$" + base64.RawStdEncoding.EncodeToString(c.mac("one-time password", fmt.Sprint(tid.n), person.String(), readTyped(password)))
}

func (c *Credentials) mac(purpose string, parts ...string) []byte {
	m := hmac.New(sha256.New, c.key)
	_, _ = fmt.Fprintf(m, "%d:%s", len(purpose), purpose) // a hash takes everything
	for _, p := range parts {
		_, _ = fmt.Fprintf(m, "%d:%s", len(p), p)
	}
	return m.Sum(nil)
}
