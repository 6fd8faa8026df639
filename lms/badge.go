package lms

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Badges gives a completion certificate as a digital badge after Open Badges 3.0 (1EdTech, 2024): a W3C verifiable credential, signed as a JSON Web Token with RS256,
// the one algorithm every verifier must know. The installation signs; the association is the issuer that stands in it.
type Badges struct {
	db        *db.DB
	clock     func() time.Time
	publicURL string
	seal      tenant.Sealer

	mu      sync.Mutex
	signing *signingKey
}

// signingKey is the key that signs.
type signingKey struct {
	id      db.ID
	public  PublicKey
	private *rsa.PrivateKey
}

// PublicKey is a key as a verifier reads it (JWK, RFC 7517).
type PublicKey struct {
	Type      string `json:"kty"`
	Modulus   string `json:"n"`
	Exponent  string `json:"e"`
	Algorithm string `json:"alg"`
	Use       string `json:"use"`
	ID        string `json:"kid"`
}

// IssuerProfile is who issues the badges (Profile of Open Badges 3.0).
type IssuerProfile struct {
	Context []string `json:"@context,omitempty"`
	ID      string   `json:"id"`
	Type    []string `json:"type"`
	Name    string   `json:"name"`
	URL     string   `json:"url,omitempty"`
}

// RevocationList tells whether a badge was taken back (1EdTech Revocation List Status Method 1.0). Each badge has a list of its own, so that nobody learns about others.
type RevocationList struct {
	ID      string              `json:"id"`
	Issuer  string              `json:"issuer"`
	Revoked []RevokedCredential `json:"revokedCredentials"`
}

// RevokedCredential is a badge that was taken back. Why, only the organisation knows.
type RevokedCredential struct {
	ID      string `json:"id"`
	Revoked bool   `json:"revoked"`
}

// NewBadges makes the service. key (32 bytes) seals the signing keys in the database; publicURL is where verifiers reach the installation.
func NewBadges(d *db.DB, key []byte, clock func() time.Time, publicURL string) (*Badges, error) {
	seal, err := tenant.NewSealer(key)
	if err != nil {
		return nil, fmt.Errorf("badges: %w", err)
	}
	return &Badges{db: d, clock: clock, publicURL: strings.TrimSuffix(publicURL, "/"), seal: seal}, nil
}

// BadgeContext are the vocabularies that a badge's terms come from.
var BadgeContext = []string{"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"}

func (b *Badges) url(path string) string { return b.publicURL + "/api/v1/public" + path }

// Write draws the badge of a certificate as a PNG that carries the signed credential, as wallets and verifiers read it. The same certificate gives the same bytes.
// It returns fault.Gone for a revoked one.
func (b *Badges) Write(ctx context.Context, tid tenant.ID, cert Certificate, w io.Writer) error {
	if !cert.RevokedAt.IsZero() {
		return fault.New(fault.Gone, "certificate_revoked")
	}
	token, err := b.sign(ctx, cert)
	if err != nil {
		return fmt.Errorf("write badge: %w", err)
	}
	design := productDesign()
	if cert.Content.Design > 0 {
		if design, err = readDesign(ctx, tid, b.db, sqlDesignPlain, cert.Content.Design); err != nil {
			return fmt.Errorf("write badge: %w", err)
		}
	}
	colour, _ := parseColour(design.Colour)
	picture, err := badgePicture(colour)
	if err != nil {
		return fmt.Errorf("write badge: %w", err)
	}
	_, err = w.Write(bake(picture, token))
	return err
}

// Issuer is the profile that every badge names as its issuer.
func (b *Badges) Issuer(ctx context.Context) (IssuerProfile, error) {
	p := IssuerProfile{ID: b.url("/badges/issuer"), Type: []string{"Profile"}, URL: b.publicURL + "/"}
	if err := db.One(b.db.QueryRow(ctx, sqlAssociationName).Scan(&p.Name)); err != nil {
		return IssuerProfile{}, fmt.Errorf("badge issuer: %w", err)
	}
	return p, nil
}

// Status tells whether the badge of a certificate was taken back.
func (b *Badges) Status(cert Certificate) RevocationList {
	list := RevocationList{ID: b.statusURL(cert), Issuer: b.url("/badges/issuer"), Revoked: []RevokedCredential{}}
	if !cert.RevokedAt.IsZero() {
		list.Revoked = append(list.Revoked, RevokedCredential{ID: b.credentialID(cert), Revoked: true})
	}
	return list
}

func (b *Badges) statusURL(cert Certificate) string {
	return b.url("/certificates/" + cert.Code + "/status")
}

// credentialID is the page where a person checks the same certificate.
func (b *Badges) credentialID(cert Certificate) string { return b.publicURL + "/verify/" + cert.Code }

// Key gives a key that signs or once signed. It returns fault.NotFound.
func (b *Badges) Key(ctx context.Context, id db.ID) (PublicKey, error) {
	var key db.JSON[PublicKey]
	if err := db.One(b.db.QueryRow(ctx, sqlSigningKey, id).Scan(&key)); err != nil {
		return PublicKey{}, fmt.Errorf("badge key: %w", err)
	}
	return key.V, nil
}

// achievement is what the credential says was achieved.
type achievement struct {
	ID          string            `json:"id"`
	Type        []string          `json:"type"`
	Kind        string            `json:"achievementType"`
	Name        string            `json:"name"`
	Description string            `json:"description"`
	Criteria    map[string]string `json:"criteria"`
	Creator     IssuerProfile     `json:"creator"`
	Language    string            `json:"inLanguage"`
}

// credential is the payload: the credential itself with the claims of a token beside it.
type credential struct {
	Context   []string       `json:"@context"`
	ID        string         `json:"id"`
	Type      []string       `json:"type"`
	Name      string         `json:"name"`
	Issuer    IssuerProfile  `json:"issuer"`
	ValidFrom string         `json:"validFrom"`
	Subject   map[string]any `json:"credentialSubject"`
	Status    map[string]any `json:"credentialStatus"`
	jwt.RegisteredClaims
}

var badgeCriteria = map[string]string{
	"ja": "研修のすべての項目を終え、理解度テストのあるものは合格しました。",
	"en": "Every part of the training was completed; where it has a test, the test was passed.",
}

// sign makes the credential of a certificate and signs it.
func (b *Badges) sign(ctx context.Context, cert Certificate) (string, error) {
	issuer, err := b.Issuer(ctx)
	if err != nil {
		return "", err
	}
	key, err := b.key(ctx)
	if err != nil {
		return "", err
	}
	c := cert.Content
	criteria, ok := badgeCriteria[c.Language]
	if !ok {
		criteria = badgeCriteria["ja"]
	}
	holder := "urn:uuid:" + cert.ID.String() // of this credential alone: nobody can tell that two belong to one person
	course := db.IDFrom("achievement", c.Issuer, c.CourseTitle, fmt.Sprint(c.CourseVersion), c.Language)
	issued := cert.IssuedAt.UTC().Truncate(time.Second)
	claims := credential{
		Context: BadgeContext, ID: b.credentialID(cert), Type: []string{"VerifiableCredential", "OpenBadgeCredential"}, Name: c.CourseTitle, Issuer: issuer, ValidFrom: issued.Format(time.RFC3339),
		Subject: map[string]any{
			"id": holder, "type": []string{"AchievementSubject"},
			"identifier": []map[string]any{{"type": "IdentityObject", "hashed": false, "identityHash": c.Name, "identityType": "name"}},
			"achievement": achievement{
				ID: "urn:uuid:" + course.String(), Type: []string{"Achievement"}, Kind: "CertificateOfCompletion", Name: c.CourseTitle, Description: c.RoundTitle,
				Criteria: map[string]string{"narrative": criteria}, Language: c.Language,
				Creator: IssuerProfile{ID: "urn:uuid:" + db.IDFrom("creator", c.Issuer).String(), Type: []string{"Profile"}, Name: c.Issuer},
			},
		},
		Status:           map[string]any{"id": b.statusURL(cert), "type": "1EdTechRevocationList"},
		RegisteredClaims: jwt.RegisteredClaims{Issuer: issuer.ID, Subject: holder, ID: b.credentialID(cert), NotBefore: jwt.NewNumericDate(issued)},
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	token.Header["kid"] = b.url("/badges/keys/" + key.id.String())
	token.Header["jwk"] = key.public
	return token.SignedString(key.private)
}

// key gives the oldest key that this installation's secret opens, and makes one where there is none. It looks again after making one, so that two replicas that begin
// at the same moment sign with the same.
func (b *Badges) key(ctx context.Context) (*signingKey, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.signing != nil {
		return b.signing, nil
	}
	found, err := b.findKey(ctx)
	if err == nil && found == nil {
		if err = b.newKey(ctx); err == nil {
			found, err = b.findKey(ctx)
		}
	}
	if err == nil && found == nil {
		err = errors.New("the key that was just made is not there")
	}
	b.signing = found
	return found, err
}

// findKey gives nil when there is no key that can be opened.
func (b *Badges) findKey(ctx context.Context) (found *signingKey, err error) {
	err = db.Each(ctx, b.db, sqlSigningKeys, nil, func(scan func(...any) error) error {
		var k signingKey
		var public db.JSON[PublicKey]
		var sealed []byte
		if err := scan(&k.id, &public, &sealed); err != nil || found != nil {
			return err
		}
		// One that does not open is sealed with the secret of another installation, as after a restore with a new one.
		if private, err := b.open(k.id, sealed); err == nil {
			k.private, k.public, found = private, public.V, &k
		}
		return nil
	})
	return found, err
}

// newKey makes a key of 3,072 bits (NIST SP 800-57: until beyond 2030) and keeps it.
func (b *Badges) newKey(ctx context.Context) error {
	private, err := rsa.GenerateKey(rand.Reader, 3072)
	if err != nil {
		return err
	}
	id := db.NewID()
	public := PublicKey{
		Type: "RSA", Algorithm: "RS256", Use: "sig", ID: b.url("/badges/keys/" + id.String()),
		Modulus:  base64.RawURLEncoding.EncodeToString(private.N.Bytes()),
		Exponent: base64.RawURLEncoding.EncodeToString(big.NewInt(int64(private.E)).Bytes()),
	}
	sealed, err := b.seal.Seal(x509.MarshalPKCS1PrivateKey(private), id[:])
	if err != nil {
		return err
	}
	_, err = b.db.Exec(ctx, sqlInsertSigningKey, id, db.JSON[PublicKey]{V: public}, sealed, db.At(b.clock()))
	return err
}

func (b *Badges) open(id db.ID, sealed []byte) (*rsa.PrivateKey, error) {
	plain, err := b.seal.Open(sealed, id[:])
	if err != nil {
		return nil, err
	}
	return x509.ParsePKCS1PrivateKey(plain)
}
