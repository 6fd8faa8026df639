package tenant

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
)

// A device mark is a random number followed by one tag for every account that has logged in on the device and asked to be remembered
// there. It proves nothing but this: whoever has it logged in before. So it has its own budget of tries, and strangers who guess at
// the same account cannot use that up.
const deviceAccounts = 5 // a shared device keeps the latest so many

func (c *Credentials) deviceTag(nonce, code, login string) string {
	return base64.RawURLEncoding.EncodeToString(c.mac("known device", nonce, code, login)[:18])
}

func deviceNonce(mark string) string {
	nonce, _, _ := strings.Cut(mark, ".")
	if len(mark) > 400 || len(nonce) != 24 {
		return ""
	}
	return nonce
}

// knowsDevice tells whether the account has logged in on this device before.
func (c *Credentials) knowsDevice(mark, code, login string) bool {
	nonce := deviceNonce(mark)
	return nonce != "" && slices.Contains(strings.Split(mark, ".")[1:], c.deviceTag(nonce, code, login))
}

// markDevice adds the account to the device's mark, or makes a new mark.
func (c *Credentials) markDevice(mark, code, login string) (string, error) {
	nonce := deviceNonce(mark)
	var tags []string
	if nonce == "" {
		random := make([]byte, 18)
		if _, err := rand.Read(random); err != nil {
			return "", fmt.Errorf("device mark: %w", err)
		}
		nonce = base64.RawURLEncoding.EncodeToString(random)
	} else {
		tags = strings.Split(mark, ".")[1:]
	}
	tag := c.deviceTag(nonce, code, login)
	tags = slices.DeleteFunc(tags, func(t string) bool { return t == tag || len(t) != len(tag) })
	tags = append([]string{tag}, tags...)
	return strings.Join(append([]string{nonce}, tags[:min(len(tags), deviceAccounts)]...), "."), nil
}
