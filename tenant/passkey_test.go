package tenant_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// authenticator is a passkey device in software: one key, a counter, user verification as it is told.
type authenticator struct {
	key      *ecdsa.PrivateKey
	id       []byte
	handle   []byte
	count    uint32
	origin   string
	verified bool
}

func newAuthenticator(t *testing.T) *authenticator {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	a := &authenticator{key: key, id: make([]byte, 32), origin: "https://kenshu.example", verified: true}
	_, _ = rand.Read(a.id)
	return a
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (a *authenticator) client(kind string, options tenant.Options) []byte {
	var o struct{ Challenge string }
	_ = json.Unmarshal(options, &o)
	raw, _ := json.Marshal(map[string]any{"type": kind, "challenge": o.Challenge, "origin": a.origin, "crossOrigin": false})
	return raw
}

func (a *authenticator) data(flags byte) []byte {
	if a.verified {
		flags |= 0x04
	}
	a.count++
	rp := sha256.Sum256([]byte("kenshu.example"))
	return binary.BigEndian.AppendUint32(append(rp[:], flags|0x01), a.count)
}

// make answers the options to make a passkey.
func (a *authenticator) make(t *testing.T, options tenant.Options) json.RawMessage {
	t.Helper()
	var o struct{ User struct{ ID string } }
	if err := json.Unmarshal(options, &o); err != nil {
		t.Fatal(err)
	}
	a.handle, _ = base64.RawURLEncoding.DecodeString(o.User.ID)
	point, err := a.key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	public, err := cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	if err != nil {
		t.Fatal(err)
	}
	data := append(a.data(0x40), make([]byte, 16)...)
	data = binary.BigEndian.AppendUint16(data, uint16(len(a.id)))
	data = append(append(data, a.id...), public...)
	statement, err := cbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	if err != nil {
		t.Fatal(err)
	}
	return a.answer(map[string]any{"clientDataJSON": b64(a.client("webauthn.create", options)), "attestationObject": b64(statement), "transports": []string{"internal"}})
}

// show answers the options to show a passkey.
func (a *authenticator) show(t *testing.T, options tenant.Options) json.RawMessage {
	t.Helper()
	client, data := a.client("webauthn.get", options), a.data(0)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return a.answer(map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": b64(a.handle)})
}

func (a *authenticator) answer(response map[string]any) json.RawMessage {
	raw, _ := json.Marshal(map[string]any{"id": b64(a.id), "rawId": b64(a.id), "type": "public-key", "clientExtensionResults": map[string]any{}, "response": response})
	return raw
}

func (k *desk) withPasskey(t *testing.T, p tenant.Principal, a *authenticator) tenant.Principal {
	t.Helper()
	options, err := k.factors.BeginPasskey(t.Context(), p.Tenant, p)
	if err != nil {
		t.Fatal(err)
	}
	ch, err := k.factors.AddPasskey(t.Context(), p.Tenant, p, "私の電話", a.make(t, options))
	if err != nil {
		t.Fatal(err)
	}
	now, err := k.sessions.Resolve(t.Context(), ch.Token)
	if err != nil {
		t.Fatal(err)
	}
	return now
}

func TestPasskey(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k, key := newDesk(t, d), newAuthenticator(t)
		a := k.world.A
		p := k.withPasskey(t, k.member(t, a, a.Staff[0], goodPassword), key)

		// As second factor.
		in := k.pending(t, a.Code)
		options, err := k.factors.AskPending(t.Context(), in.Pending)
		if err != nil {
			t.Fatal(err)
		}
		answer := key.show(t, options)
		started := atomic.Int32{}
		var group sync.WaitGroup
		for range 5 {
			group.Go(func() {
				if got, err := k.factors.Finish(t.Context(), in.Pending, tenant.FactorAnswer{Passkey: answer}, ""); err == nil && got.Token != "" {
					started.Add(1)
				}
			})
		}
		group.Wait()
		if started.Load() != 1 {
			t.Errorf("one answer began %d sessions", started.Load())
		}

		// Alone.
		alone := func(change func()) error {
			ticket, options, err := k.factors.AskLogin(t.Context(), "203.0.113.9")
			if err != nil {
				t.Fatal(err)
			}
			if change != nil {
				change()
			}
			got, err := k.factors.LoginByPasskey(t.Context(), ticket, key.show(t, options), "203.0.113.9", "")
			if err == nil && got.Principal.Person != a.Staff[0] {
				t.Errorf("somebody else: %+v", got.Principal)
			}
			return err
		}
		if err := alone(nil); err != nil {
			t.Fatal(err)
		}
		wantKind(t, alone(func() { key.origin = "https://kenshu.example.evil.example" }), fault.Unauthorized, "passkey_failed")
		key.origin = "https://kenshu.example"
		wantKind(t, alone(func() { key.verified = false }), fault.Unauthorized, "passkey_failed")
		key.verified = true

		// As proof, of its own session only.
		k.clock.Add(11 * time.Minute)
		options, err = k.factors.AskProof(t.Context(), a.ID, p)
		if err != nil {
			t.Fatal(err)
		}
		_, renewed, err := k.factors.Prove(t.Context(), a.ID, p, tenant.Proof{Factor: tenant.FactorAnswer{Passkey: key.show(t, options)}})
		if err != nil || !k.sessions.Fresh(renewed) {
			t.Fatal(renewed, err)
		}

		// A copy whose counter is behind is refused, and the person learns of it.
		key.count -= 3
		wantKind(t, alone(nil), fault.Unauthorized, "passkey_failed")
		st, err := k.factors.State(t.Context(), a.ID, p)
		if err != nil || len(st.Passkeys) != 1 || st.Passkeys[0].ClonedAt.IsZero() || st.Passkeys[0].Name != "私の電話" {
			t.Fatal(st, err)
		}

		// Nobody else's, neither to rename nor to remove; the last one may go because nothing demands it.
		wantKind(t, k.factors.RenamePasskey(t.Context(), a.ID, a.Staff[1], st.Passkeys[0].ID, "x"), fault.NotFound, "not_found")
		other := renewed
		other.Person = a.Staff[1]
		_, err = k.factors.RemovePasskey(t.Context(), a.ID, other, st.Passkeys[0].ID)
		wantKind(t, err, fault.NotFound, "not_found")
		if _, err := k.factors.RemovePasskey(t.Context(), a.ID, renewed, st.Passkeys[0].ID); err != nil {
			t.Fatal(err)
		}
		wantKind(t, alone(func() { key.count += 10 }), fault.Unauthorized, "passkey_failed")
	})
}
