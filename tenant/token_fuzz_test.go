package tenant_test

import (
	"log/slog"
	"testing"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// No cookie but the one that was given out is a session.
func FuzzSessionCookie(f *testing.F) {
	k := newDesk(f, kit.SQLite(f))
	ours, _, err := k.sessions.Start(f.Context(), k.world.A.ID, k.world.A.Staff[0])
	if err != nil {
		f.Fatal(err)
	}
	f.Add(ours)
	f.Add(ours[:len(ours)-1])
	f.Add(ours + "=")
	f.Add("..")
	f.Add("a.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, cookie string) {
		p, err := k.sessions.Resolve(t.Context(), cookie)
		if (err == nil) != (cookie == ours) || err != nil && !fault.Is(err, fault.Unauthorized) {
			t.Errorf("%q: %+v %v", cookie, p, err)
		}
	})
}

// No text but a token that was given out opens anything.
func FuzzAPIToken(f *testing.F) {
	k := newDesk(f, kit.SQLite(f))
	access, err := tenant.NewAccess()
	if err != nil {
		f.Fatal(err)
	}
	tokens, err := tenant.NewAPITokens(k.db, k.cache, k.audit, access, k.clock.Now, slog.New(slog.DiscardHandler))
	if err != nil {
		f.Fatal(err)
	}
	ctx := tenant.WithActor(f.Context(), tenant.Actor{Kind: "person", Tenant: k.world.A.ID, Person: k.world.A.Manager, Role: string(tenant.RoleManager)})
	_, ours, err := tokens.Create(ctx, k.world.A.ID, db.NewID(), tenant.APITokenInput{Name: "probe"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(ours)
	f.Add(ours[:len(ours)-1])
	f.Add(ours + ".")
	f.Add(ours[:9] + "\n" + ours[9:])
	f.Add("")
	f.Fuzz(func(t *testing.T, secret string) {
		_, err := tokens.Resolve(t.Context(), secret, "203.0.113.9")
		if err == nil && secret != ours || err != nil && !fault.Is(err, fault.Unauthorized) && !fault.Is(err, fault.Limited) {
			t.Errorf("%q: %v", secret, err)
		}
	})
}
