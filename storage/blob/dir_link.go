package blob

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"kenshu/fault"
)

// A link serves one purpose; its name goes into the signature, so that a link to read is never a link to write.
const (
	purposeRead = "read"
	purposePart = "part"
)

// claims is everything a link says. All of it is signed.
type claims struct {
	Key         string `json:"k"`
	Expires     int64  `json:"e"` // epoch milliseconds
	Type        string `json:"t,omitempty"`
	Disposition string `json:"d,omitempty"`
	Upload      string `json:"u,omitempty"`
	Number      int    `json:"n,omitempty"`
	Size        int64  `json:"s,omitempty"`
}

type signer struct{ key []byte }

func newSigner(key []byte) signer {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("kenshu blob links v1"))
	return signer{mac.Sum(nil)}
}

// mac signs the text as it stands in the URL, not what it decodes to: an encoding with a second spelling gives nobody a second link.
func (s signer) mac(purpose, text string) string {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(purpose + "\x00" + text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func (s signer) sign(purpose string, c claims) (string, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("blob: sign: %w", err)
	}
	encoded := base64.RawURLEncoding.EncodeToString(text)
	return encoded + "." + s.mac(purpose, encoded), nil
}

// verify checks the signature before it looks at anything else. A link that is not ours is Forbidden, one whose time has passed
// Gone.
func (s signer) verify(purpose, token string, now time.Time) (claims, error) {
	var c claims
	text, mac, _ := strings.Cut(token, ".")
	if !hmac.Equal([]byte(mac), []byte(s.mac(purpose, text))) {
		return c, fault.New(fault.Forbidden, "link_invalid")
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err := errors.Join(err, json.Unmarshal(raw, &c)); err != nil {
		return c, fmt.Errorf("blob: a link signed by us does not read: %w", err)
	}
	if now.UnixMilli() >= c.Expires {
		return c, fault.New(fault.Gone, "link_expired")
	}
	return c, nil
}

func (d *Dir) link(purpose string, c claims) (string, error) {
	token, err := d.signer.sign(purpose, c)
	if err != nil {
		return "", err
	}
	return d.content.String() + HandlerPath + token, nil
}
