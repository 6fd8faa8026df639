package tenant

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"

	"kenshu/fault"
)

// Sealer keeps secrets of the database and the object store unreadable, and unchangeable, without a key from outside both: AES-256-GCM with a random
// nonce in front (NIST SP 800-38D).
type Sealer struct{ aead cipher.AEAD }

// NewSealer makes one with a key of 32 bytes.
func NewSealer(key []byte) (Sealer, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return Sealer{}, fmt.Errorf("sealing key: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	return Sealer{aead}, err
}

// Seal closes a secret for its owner, the name of the row or file that holds it: put anywhere else it cannot be opened.
func (s Sealer) Seal(secret, owner []byte) ([]byte, error) {
	nonce := make([]byte, s.aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return nil, fmt.Errorf("nonce: %w", err)
	}
	return s.aead.Seal(nonce, nonce, secret, owner), nil
}

// Open gives the secret back. It fails when the key, the owner or one bit of what was sealed is another.
func (s Sealer) Open(sealed, owner []byte) ([]byte, error) {
	n := s.aead.NonceSize()
	if len(sealed) < n {
		return nil, fault.New(fault.Internal, "sealed_secret")
	}
	secret, err := s.aead.Open(nil, sealed[:n], sealed[n:], owner)
	if err != nil {
		return nil, fmt.Errorf("open sealed secret: %w", err)
	}
	return secret, nil
}
