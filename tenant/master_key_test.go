package tenant_test

import (
	"bytes"
	"errors"
	"sync"
	"testing"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Of replicas that start at once on a new database with different keys, those of one key go on and the others are refused.
func TestFirstMasterKeyWins(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		log := tenant.NewAudit(d, make([]byte, 32), kit.NewClock().Now)
		keys, ids := tenant.NewMasterKeys(d, kit.NewClock().Now), []string{"00000000000000aa", "00000000000000bb"}
		if err := keys.Check(t.Context(), ids[0]); err != nil {
			t.Fatalf("a database that was not served yet: %v", err)
		}
		errs := make([]error, 8)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() { errs[i] = keys.Note(t.Context(), ids[i%2], log) })
		}
		all.Wait()
		noted, since, err := keys.Noted(t.Context())
		if err != nil || since.IsZero() {
			t.Fatalf("noted %q since %v, %v", noted, since, err)
		}
		for i, err := range errs {
			if ids[i%2] == noted && err != nil || ids[i%2] != noted && !errors.Is(err, tenant.ErrOtherMasterKey) {
				t.Errorf("under key %s, noted %s: %v", ids[i%2], noted, err)
			}
		}
	})
}

// An authenticator app whose seed was sealed under a master key that is lost is told as that, not as a wrong code.
func TestAuthenticatorAppOfAnotherMasterKey(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		p := k.member(t, k.world.A, k.world.A.Staff[0], goodPassword)
		secret, recovery, _ := k.withApp(t, p)
		pending := k.pending(t, k.world.A.Code)
		factors, err := tenant.NewFactors(k.credentials, k.cache, bytes.Repeat([]byte("k"), 32), "http://localhost:8080")
		if err != nil {
			t.Fatal(err)
		}
		_, err = factors.Finish(t.Context(), pending.Pending, tenant.FactorAnswer{Code: k.code(t, secret)}, "192.0.2.1")
		if f := new(fault.Error); !errors.As(err, &f) || len(f.Fields) != 1 || f.Fields[0].Key != "totp_unreadable" {
			t.Errorf("a code: %v", err)
		}
		if got, err := factors.Finish(t.Context(), pending.Pending, tenant.FactorAnswer{Recovery: recovery[0]}, "192.0.2.1"); err != nil || got.Token == "" {
			t.Errorf("a recovery code: %+v, %v", got, err)
		}
	})
}
