package tenant_test

import (
	"bytes"
	"encoding/base32"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// member is somebody with an own password.
func (k *desk) member(t *testing.T, org kit.Org, person db.ID, password string) tenant.Principal {
	t.Helper()
	k.issue(t, org, person)
	_, p, err := k.credentials.ChangePassword(t.Context(), org.ID, person, tenant.PasswordChange{New: password})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// withApp sets an authenticator app up and gives its secret, the recovery codes and the session.
func (k *desk) withApp(t *testing.T, p tenant.Principal) (secret string, recovery []string, now tenant.Principal) {
	t.Helper()
	setup, err := k.factors.BeginTOTP(t.Context(), p.Tenant, p)
	if err != nil {
		t.Fatal(err)
	}
	ch, err := k.factors.ConfirmTOTP(t.Context(), p.Tenant, p, k.code(t, setup.Secret))
	if err != nil {
		t.Fatal(err)
	}
	if now, err = k.sessions.Resolve(t.Context(), ch.Token); err != nil {
		t.Fatal(err)
	}
	return setup.Secret, ch.Recovery, now
}

func (k *desk) code(t *testing.T, secret string) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, k.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func (k *desk) pending(t *testing.T, code string) tenant.Login {
	t.Helper()
	got, err := k.login(t.Context(), code, "tanaka", goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	if got.Pending == "" || got.Token != "" {
		t.Fatalf("a password alone gave %+v", got)
	}
	return got
}

func TestAuthenticatorApp(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a := k.world.A
		p := k.member(t, a, a.Staff[0], goodPassword)
		setup, err := k.factors.BeginTOTP(t.Context(), a.ID, p)
		if err != nil || !strings.HasPrefix(setup.URI, "otpauth://totp/Kenshu") || !strings.HasPrefix(setup.QR, "data:image/png;base64,") {
			t.Fatal(setup, err)
		}
		_, err = k.factors.ConfirmTOTP(t.Context(), a.ID, p, "000000")
		wantKind(t, err, fault.Invalid, "invalid")
		if _, err := k.login(t.Context(), a.Code, "tanaka", goodPassword); err != nil {
			t.Fatal("an app that was never confirmed is asked for:", err)
		}
		first := k.code(t, setup.Secret)
		ch, err := k.factors.ConfirmTOTP(t.Context(), a.ID, p, first)
		if err != nil || len(ch.Recovery) != 10 {
			t.Fatal(ch, err)
		}
		_, err = k.sessions.Resolve(t.Context(), ch.Token)
		if err != nil {
			t.Fatal(err)
		}

		in := k.pending(t, a.Code)
		if strings.Join(in.Methods, " ") != "totp recovery" {
			t.Errorf("methods %v", in.Methods)
		}
		_, err = k.factors.Finish(t.Context(), in.Pending, tenant.FactorAnswer{Code: first}, "")
		wantKind(t, err, fault.Invalid, "invalid") // the code that set it up has been used
		k.clock.Add(30 * time.Second)
		code := k.code(t, setup.Secret)
		got, err := k.factors.Finish(t.Context(), in.Pending, tenant.FactorAnswer{Code: code[:3] + " " + strings.ReplaceAll(code[3:], "1", "１")}, "")
		if err != nil || got.Principal.Person != a.Staff[0] {
			t.Fatal(got, err)
		}
		_, err = k.factors.Finish(t.Context(), in.Pending, tenant.FactorAnswer{Code: code}, "")
		wantKind(t, err, fault.Unauthorized, "login_over") // a ticket works once

		// One step late is taken, two are not; an earlier one than the last is not.
		late := k.pending(t, a.Code)
		k.clock.Add(60 * time.Second)
		now := k.code(t, setup.Secret)
		k.clock.Add(60 * time.Second)
		_, err = k.factors.Finish(t.Context(), late.Pending, tenant.FactorAnswer{Code: now}, "")
		wantKind(t, err, fault.Invalid, "invalid")
		k.clock.Add(-30 * time.Second)
		if _, err = k.factors.Finish(t.Context(), late.Pending, tenant.FactorAnswer{Code: now}, ""); err != nil {
			t.Fatal(err)
		}

		var sealed []byte
		if err := d.QueryRow(t.Context(), `SELECT secret FROM second_factor WHERE tenant_id = ?`, a.ID).Scan(&sealed); err != nil {
			t.Fatal(err)
		}
		raw, _ := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(setup.Secret)
		if bytes.Contains(sealed, raw) || bytes.Contains(sealed, []byte(setup.Secret)) {
			t.Error("the secret stands in the database as it is")
		}
		// Moved to another person's row it opens nothing.
		q := k.member(t, a, a.Staff[1], goodPassword)
		k.withApp(t, q)
		if _, err := d.Exec(t.Context(), `UPDATE second_factor SET secret = ? WHERE tenant_id = ? AND person_id = ?`, sealed, a.ID, a.Staff[1]); err != nil {
			t.Fatal(err)
		}
		other, err := k.login(t.Context(), a.Code, "takahashi", goodPassword)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = k.factors.Finish(t.Context(), other.Pending, tenant.FactorAnswer{Code: k.code(t, setup.Secret)}, ""); err == nil {
			t.Error("somebody else's secret let them in")
		}
	})
}

// One code sent twenty times at once, each by a log-in of its own, begins one session; so does one ticket with twenty codes.
func TestCodesCountOnce(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a := k.world.A
		p := k.member(t, a, a.Staff[0], goodPassword)
		secret, recovery, _ := k.withApp(t, p)
		for name, answer := range map[string]func() tenant.FactorAnswer{
			"app":      func() tenant.FactorAnswer { return tenant.FactorAnswer{Code: k.code(t, secret)} },
			"recovery": func() tenant.FactorAnswer { return tenant.FactorAnswer{Recovery: strings.ToLower(recovery[3])} },
		} {
			k.clock.Add(16 * time.Minute) // the budgets are full again
			var tickets []string
			for range 4 {
				tickets = append(tickets, k.pending(t, a.Code).Pending)
			}
			shown, started := answer(), atomic.Int32{}
			var group sync.WaitGroup
			for i := range 20 {
				group.Go(func() {
					if got, err := k.factors.Finish(t.Context(), tickets[i%4], shown, ""); err == nil && got.Token != "" {
						started.Add(1)
					}
				})
			}
			group.Wait()
			if started.Load() != 1 {
				t.Errorf("%s: %d sessions", name, started.Load())
			}
		}
	})
}

func TestGuessingEndsTheLogIn(t *testing.T) {
	d := kit.SQLite(t)
	k := newDesk(t, d)
	a := k.world.A
	p := k.member(t, a, a.Staff[0], goodPassword)
	secret, _, _ := k.withApp(t, p)
	k.clock.Add(time.Minute)
	in := k.pending(t, a.Code)
	for range 5 {
		_, err := k.factors.Finish(t.Context(), in.Pending, tenant.FactorAnswer{Code: "000000"}, "")
		wantKind(t, err, fault.Invalid, "invalid")
	}
	_, err := k.factors.Finish(t.Context(), in.Pending, tenant.FactorAnswer{Code: k.code(t, secret)}, "")
	wantKind(t, err, fault.Unauthorized, "login_over") // the sixth, although it is right
	again := k.pending(t, a.Code)
	for range 5 {
		_, err := k.factors.Finish(t.Context(), again.Pending, tenant.FactorAnswer{Code: "000000"}, "")
		wantKind(t, err, fault.Invalid, "invalid")
	}
	third := k.pending(t, a.Code)
	_, err = k.factors.Finish(t.Context(), third.Pending, tenant.FactorAnswer{Code: k.code(t, secret)}, "")
	wantKind(t, err, fault.Limited, "limited") // the account's budget, whichever log-in it is
	k.clock.Add(6 * time.Minute)
	_, err = k.factors.Finish(t.Context(), third.Pending, tenant.FactorAnswer{Code: k.code(t, secret)}, "")
	wantKind(t, err, fault.Unauthorized, "login_over") // waited too long
	_, err = k.factors.Finish(t.Context(), "", tenant.FactorAnswer{Code: k.code(t, secret)}, "")
	wantKind(t, err, fault.Unauthorized, "login_over")
}

// A recovery code sent twice at once lets in once.
func TestRecoveryCodeAtOnce(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a := k.world.A
		_, codes, _ := k.withApp(t, k.member(t, a, a.Staff[0], goodPassword))
		const tries = 4
		var pending [tries]string
		for i := range pending {
			pending[i] = k.pending(t, a.Code).Pending
		}
		var in atomic.Int32
		var group sync.WaitGroup
		for _, one := range pending {
			group.Go(func() {
				if got, err := k.factors.Finish(t.Context(), one, tenant.FactorAnswer{Recovery: codes[3]}, ""); err == nil && got.Token != "" {
					in.Add(1)
				}
			})
		}
		group.Wait()
		if in.Load() != 1 {
			t.Errorf("one code let %d in", in.Load())
		}
	})
}

func TestRecoveryCodes(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a := k.world.A
		p := k.member(t, a, a.Staff[0], goodPassword)
		_, err := k.factors.RenewRecovery(t.Context(), a.ID, p)
		wantKind(t, err, fault.Conflict, "no_factor")
		_, codes, p := k.withApp(t, p)
		var hash string
		if err := d.QueryRow(t.Context(), `SELECT hash FROM recovery_code WHERE tenant_id = ? AND number = 0`, a.ID).Scan(&hash); err != nil || !strings.HasPrefix(hash, "$argon2id$") {
			t.Fatal(hash, err) // ASVS 6.5.2
		}
		seen := map[string]bool{}
		for _, c := range codes {
			if len(c) != 14 || seen[c] {
				t.Errorf("code %q", c)
			}
			seen[c] = true
		}
		got, err := k.factors.Finish(t.Context(), k.pending(t, a.Code).Pending, tenant.FactorAnswer{Recovery: codes[7]}, "")
		if err != nil || got.Token == "" {
			t.Fatal(err)
		}
		_, err = k.factors.Finish(t.Context(), k.pending(t, a.Code).Pending, tenant.FactorAnswer{Recovery: codes[7]}, "")
		wantKind(t, err, fault.Invalid, "invalid")
		st, err := k.factors.State(t.Context(), a.ID, p)
		if err != nil || st.RecoveryLeft != 9 {
			t.Fatal(st, err)
		}
		renewed, err := k.factors.RenewRecovery(t.Context(), a.ID, p)
		if err != nil || len(renewed) != 10 {
			t.Fatal(renewed, err)
		}
		_, err = k.factors.Finish(t.Context(), k.pending(t, a.Code).Pending, tenant.FactorAnswer{Recovery: codes[1]}, "")
		wantKind(t, err, fault.Invalid, "invalid")
		if _, err = k.factors.Finish(t.Context(), k.pending(t, a.Code).Pending, tenant.FactorAnswer{Recovery: renewed[1]}, ""); err != nil {
			t.Fatal(err)
		}
	})
}

// A password may be shorter beside a second factor; without the factor it must become longer first.
func TestShortPasswordNeedsTheFactor(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a, short := k.world.A, "紫の橋 lamp"
		p := k.member(t, a, a.Staff[0], goodPassword)
		_, _, err := k.credentials.ChangePassword(t.Context(), a.ID, p.Person, tenant.PasswordChange{Current: goodPassword, New: short})
		wantKind(t, err, fault.Invalid, "invalid")
		_, _, p = k.withApp(t, p)
		_, p, err = k.credentials.ChangePassword(t.Context(), a.ID, p.Person, tenant.PasswordChange{Current: goodPassword, New: short})
		if err != nil {
			t.Fatal(err)
		}
		_, err = k.factors.RemoveTOTP(t.Context(), a.ID, p)
		wantKind(t, err, fault.Conflict, "factor_needs_password")
		_, p, err = k.credentials.ChangePassword(t.Context(), a.ID, p.Person, tenant.PasswordChange{Current: short, New: goodPassword})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = k.factors.RemoveTOTP(t.Context(), a.ID, p); err != nil {
			t.Fatal(err)
		}
		got, err := k.login(t.Context(), a.Code, "tanaka", goodPassword)
		if err != nil || got.Pending != "" {
			t.Fatal(got, err)
		}
		var left int
		if err := d.QueryRow(t.Context(), `SELECT COUNT(*) FROM recovery_code WHERE tenant_id = ?`, a.ID).Scan(&left); err != nil || left != 0 {
			t.Fatal(left, err)
		}
	})
}

// A new one-time password does not get around the factor; only taking the factor away does, and that takes the password too (ASVS 6.4.3, 6.4.4).
func TestLostFactor(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a := k.world.A
		people := tenant.NewPeople(d, k.audit, k.sessions, k.credentials, k.clock.Now)
		manager := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: a.ID, Person: a.Manager, Role: "manager"})
		_, err := people.ResetFactors(manager, a.ID, a.Staff[0], "なくした")
		wantKind(t, err, fault.Conflict, "no_factor")
		p := k.member(t, a, a.Staff[0], goodPassword)
		_, _, p = k.withApp(t, p)

		one := k.issue(t, a, a.Staff[0])
		got, err := k.login(t.Context(), a.Code, "tanaka", one.Password)
		if err != nil || got.Pending == "" {
			t.Fatal("a one-time password got around the factor", got, err)
		}
		_, err = people.ResetFactors(manager, a.ID, a.Staff[0], "")
		wantKind(t, err, fault.Invalid, "invalid")
		_, err = people.ResetFactors(tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: a.ID, Person: a.Staff[0], Role: "deputy_manager"}), a.ID, a.Manager, "x")
		wantKind(t, err, fault.Forbidden, "manager_only")
		_, err = people.ResetFactors(manager, a.ID, a.Manager, "x")
		wantKind(t, err, fault.Conflict, "own_account")
		_, err = people.ResetFactors(manager, a.ID, k.world.B.Staff[0], "x")
		wantKind(t, err, fault.NotFound, "not_found")

		if _, err := d.Exec(t.Context(), `UPDATE person SET email = 'tanaka@example.jp' WHERE tenant_id = ? AND id = ?`, a.ID, a.Staff[0]); err != nil {
			t.Fatal(err)
		}
		slip, err := people.ResetFactors(manager, a.ID, a.Staff[0], "機種変更")
		if err != nil {
			t.Fatal(err)
		}
		_, err = k.factors.State(t.Context(), a.ID, p)
		if err != nil {
			t.Fatal(err)
		}
		_, err = k.login(t.Context(), a.Code, "tanaka", one.Password)
		wantKind(t, err, fault.Unauthorized, "login_failed")
		got, err = k.login(t.Context(), a.Code, "tanaka", slip.Secret)
		if err != nil || got.Pending != "" || !got.Principal.MustChange {
			t.Fatal(got, err)
		}
		letters, _, err := k.outbox.List(t.Context(), a.ID, tenant.MailQuery{})
		if err != nil || len(letters) != 1 || letters[0].Kind != "security.reset" || letters[0].Address != "tanaka@example.jp" {
			t.Fatal(letters, err)
		}
	})
}

// Whoever must have a factor can do nothing else first, and cannot give up the last one.
func TestRequiredFactor(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a := k.world.A
		security := tenant.NewSecurity(d, k.audit, k.sessions, k.clock.Now)
		p := k.member(t, a, a.Manager, goodPassword)
		if p.MustEnrol {
			t.Fatal("demanded before anybody decided so")
		}
		// The association demands it of every manager.
		if err := security.SetMinimum(t.Context(), k.world.Association.ID, tenant.SecurityPolicy{ManagerFactor: true, OneTimeDays: 14, UnusedMonths: 24}); err != nil {
			t.Fatal(err)
		}
		wantKind(t, security.SetMinimum(t.Context(), a.ID, tenant.DefaultSecurityPolicy), fault.NotFound, "not_found")
		wantKind(t, security.SetPolicy(t.Context(), a.ID, tenant.SecurityPolicy{OneTimeDays: 14, UnusedMonths: 6}), fault.Invalid, "invalid")
		wantKind(t, security.SetPolicy(t.Context(), a.ID, tenant.SecurityPolicy{ManagerFactor: true, OneTimeDays: 30, UnusedMonths: 6}), fault.Invalid, "invalid")
		if err := security.SetPolicy(t.Context(), a.ID, tenant.SecurityPolicy{ManagerFactor: true, OneTimeDays: 7, UnusedMonths: 6}); err != nil {
			t.Fatal(err)
		}
		if got := k.issue(t, a, a.Staff[0]).Expires.Sub(k.clock.Now()); got != 7*24*time.Hour {
			t.Errorf("one-time passwords live %s", got)
		}
		in, err := k.login(t.Context(), a.Code, "kanri", goodPassword)
		if err != nil || !in.Principal.MustEnrol {
			t.Fatal(in, err)
		}
		_, _, now := k.withApp(t, in.Principal)
		if now.MustEnrol {
			t.Error("still asked for")
		}
		_, err = k.factors.RemoveTOTP(t.Context(), a.ID, now)
		wantKind(t, err, fault.Conflict, "factor_required")
		if staff := k.member(t, a, a.Staff[0], goodPassword); staff.MustEnrol {
			t.Error("staff are asked too")
		}
	})
}

// A factor that is demanded from now on is demanded of those who are logged in, at their next request, on every replica; it ends nothing.
func TestFactorDemandedOfLivingSessions(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		a := k.world.A
		security := tenant.NewSecurity(d, k.audit, k.sessions, k.clock.Now)
		replica := tenant.NewSessions(d, k.cache, k.clock.Now, tenant.DefaultSessionLimits)
		tokens := map[string]string{}
		for name, person := range map[string]db.ID{"manager": a.Manager, "staff": a.Staff[0], "protected": a.Staff[1]} {
			token, p, err := k.sessions.Start(t.Context(), a.ID, person)
			if err != nil || p.MustEnrol {
				t.Fatal(p, err)
			}
			tokens[name] = token
		}
		demanded := func(name string, want bool) {
			t.Helper()
			for _, s := range []*tenant.Sessions{k.sessions, replica} {
				if p, err := s.Resolve(t.Context(), tokens[name]); err != nil || p.MustEnrol != want {
					t.Errorf("%s: %v, %v, want %v", name, p.MustEnrol, err, want)
				}
			}
		}
		set := func(on bool) {
			t.Helper()
			if err := security.SetPolicy(t.Context(), a.ID, tenant.SecurityPolicy{ManagerFactor: on, OneTimeDays: 14, UnusedMonths: 6}); err != nil {
				t.Fatal(err)
			}
		}
		demanded("manager", false)
		set(true)
		demanded("manager", true)
		demanded("staff", false)
		set(false) // decided at the same moment, as the clock has it: what was decided last holds
		demanded("manager", false)
		if err := security.SetMinimum(t.Context(), k.world.Association.ID, tenant.SecurityPolicy{ManagerFactor: true, OneTimeDays: 14, UnusedMonths: 24}); err != nil {
			t.Fatal(err)
		}
		demanded("manager", true)
		demanded("staff", false)
		p, err := k.sessions.Resolve(t.Context(), tokens["manager"])
		if err != nil {
			t.Fatal(err)
		}
		if _, _, now := k.withApp(t, p); now.MustEnrol {
			t.Error("asked for what is there")
		}
		// Who is signed out while the rules change stays signed out.
		p, err = k.sessions.Resolve(t.Context(), tokens["staff"])
		if err != nil {
			t.Fatal(err)
		}
		if err := k.sessions.End(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		if err := security.SetMinimum(t.Context(), k.world.Association.ID, tenant.SecurityPolicy{OneTimeDays: 14, UnusedMonths: 24}); err != nil {
			t.Fatal(err)
		}
		if _, err := k.sessions.Resolve(t.Context(), tokens["staff"]); !fault.Is(err, fault.Unauthorized) {
			t.Errorf("a session came back: %v", err)
		}
	})
}

func TestAssociationNeedsAFactor(t *testing.T) {
	d := kit.SQLite(t)
	k := newDesk(t, d)
	limits := tenant.DefaultSessionLimits
	limits.AssociationFactor = true
	_, p, err := tenant.NewSessions(d, k.cache, k.clock.Now, limits).Start(t.Context(), k.world.Association.ID, k.world.Association.Manager)
	if err != nil || !p.MustEnrol {
		t.Fatal(p, err)
	}
	_, p, err = k.sessions.Start(t.Context(), k.world.Association.ID, k.world.Association.Manager)
	if err != nil || p.MustEnrol {
		t.Fatal(p, err)
	}
}

// A proof takes the factor too, where there is one.
func TestProofWithFactor(t *testing.T) {
	d := kit.SQLite(t)
	k := newDesk(t, d)
	a := k.world.A
	secret, recovery, p := k.withApp(t, k.member(t, a, a.Staff[0], goodPassword))
	methods, err := k.factors.ProofMethods(t.Context(), a.ID, p.Person)
	if err != nil || strings.Join(methods, " ") != "password totp recovery" {
		t.Fatal(methods, err)
	}
	k.clock.Add(11 * time.Minute)
	_, _, err = k.factors.Prove(t.Context(), a.ID, p, tenant.Proof{Password: goodPassword})
	wantKind(t, err, fault.Invalid, "invalid")
	_, _, err = k.factors.Prove(t.Context(), a.ID, p, tenant.Proof{Password: "wrong", Factor: tenant.FactorAnswer{Code: k.code(t, secret)}})
	wantKind(t, err, fault.Invalid, "invalid")
	_, p, err = k.factors.Prove(t.Context(), a.ID, p, tenant.Proof{Password: goodPassword, Factor: tenant.FactorAnswer{Code: k.code(t, secret)}})
	if err != nil || !k.sessions.Fresh(p) {
		t.Fatal(p, err)
	}
	_, _, err = k.factors.Prove(t.Context(), a.ID, p, tenant.Proof{Password: goodPassword, Factor: tenant.FactorAnswer{Recovery: recovery[0]}})
	if err != nil {
		t.Fatal(err)
	}
}
