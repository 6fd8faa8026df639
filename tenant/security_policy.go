package tenant

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
)

// SecurityPolicy is what an organisation has decided about its accounts.
type SecurityPolicy struct {
	ManagerFactor      bool `json:"manager_factor"`       // manager and deputies must have a second factor
	SessionsPerAccount int  `json:"sessions_per_account"` // logged in at once with one account; 0 is no limit
	OneTimeDays        int  `json:"one_time_days"`        // days in which a one-time password can be used
	UnusedMonths       int  `json:"unused_months"`        // months without a log-in after which an account is of concern
	PasswordFiles      bool `json:"password_files"`       // the manager may set passwords by file
}

// DefaultSecurityPolicy is what holds until an organisation decides otherwise; no passwords by file, because slips that nobody else has read are safer.
var DefaultSecurityPolicy = SecurityPolicy{SessionsPerAccount: 5, OneTimeDays: 30, UnusedMonths: 6}

// defaultSecurityMinimum is what organisations cannot go under until the association decides otherwise: it demands nothing.
var defaultSecurityMinimum = SecurityPolicy{OneTimeDays: maxOneTimeDays, UnusedMonths: maxUnusedMonths, PasswordFiles: true}

// The figures a policy may name.
const (
	maxSessions     = 50
	maxOneTimeDays  = 90
	maxUnusedMonths = 24
)

// SettingSecurityPolicy is the name under which an organisation's SecurityPolicy is kept; the association's minimum has another one.
const (
	SettingSecurityPolicy  = "security_policy"
	settingSecurityMinimum = "security_minimum"
)

// Validate says what is wrong with the policy, as fault.Invalid.
func (p SecurityPolicy) Validate() error {
	var c fault.Check
	bounds := func(path string, n, least, most int) {
		c.If(n < least, path, "too_small", "min", least)
		c.If(n > most, path, "too_big", "max", most)
	}
	bounds("sessions_per_account", p.SessionsPerAccount, 0, maxSessions)
	bounds("one_time_days", p.OneTimeDays, 1, maxOneTimeDays)
	bounds("unused_months", p.UnusedMonths, 1, maxUnusedMonths)
	return c.Err()
}

// Within gives the policy made as strict as the minimum where it is not.
func (p SecurityPolicy) Within(least SecurityPolicy) SecurityPolicy {
	p.ManagerFactor = p.ManagerFactor || least.ManagerFactor
	if least.SessionsPerAccount > 0 && (p.SessionsPerAccount == 0 || p.SessionsPerAccount > least.SessionsPerAccount) {
		p.SessionsPerAccount = least.SessionsPerAccount
	}
	p.OneTimeDays = min(p.OneTimeDays, least.OneTimeDays)
	p.UnusedMonths = min(p.UnusedMonths, least.UnusedMonths)
	p.PasswordFiles = p.PasswordFiles && least.PasswordFiles
	return p
}

// oneTimeFor is how long a one-time password can be used.
func (p SecurityPolicy) oneTimeFor() time.Duration {
	return time.Duration(p.OneTimeDays) * 24 * time.Hour
}

// demands tells whether somebody with these roles must have a second factor (domain.md section 3). association: those of the association must.
func (p SecurityPolicy) demands(roles []Role, association bool) bool {
	for _, r := range roles {
		if r.OfAssociation() && r != RolePreAssessor && association || p.ManagerFactor && (r == RoleManager || r == RoleDeputyManager) {
			return true
		}
	}
	return false
}

var policyActions = map[string]string{SettingSecurityPolicy: "security.policy", settingSecurityMinimum: "security.minimum"}

const sqlOrganisationOf = `SELECT id FROM organisation WHERE tenant_id = ?`

const sqlSecurityMinimum = `SELECT s.value FROM organisation o JOIN setting s ON s.tenant_id = o.tenant_id AND s.name = 'security_minimum' WHERE o.kind = 'association' ORDER BY o.tenant_id LIMIT 1`

// ReadSecurityPolicy gives the policy in force for an organisation: its own, made as strict as the association's minimum.
func ReadSecurityPolicy(ctx context.Context, tid ID, r db.Runner) (SecurityPolicy, error) {
	own, err := readOwnPolicy(ctx, tid, r)
	if err != nil {
		return own, err
	}
	least, err := readSecurityMinimum(ctx, r)
	return own.Within(least), err
}

func readOwnPolicy(ctx context.Context, tid ID, r db.Runner) (SecurityPolicy, error) {
	own := DefaultSecurityPolicy
	err := scanPolicy(r.QueryRow(ctx, sqlFindSetting, tid, SettingSecurityPolicy), &own)
	return own, err
}

func readSecurityMinimum(ctx context.Context, r db.Runner) (SecurityPolicy, error) {
	least := defaultSecurityMinimum
	err := scanPolicy(r.QueryRow(ctx, sqlSecurityMinimum), &least)
	return least, err
}

// scanPolicy reads a stored policy over the defaults, so that a figure that came later has one.
func scanPolicy(row db.Row, p *SecurityPolicy) error {
	var text string
	err := db.One(row.Scan(&text))
	if fault.Is(err, fault.NotFound) {
		return nil
	} else if err != nil {
		return fmt.Errorf("read security policy: %w", err)
	}
	return json.Unmarshal([]byte(text), p)
}

// Security keeps the policies of organisations and the association's minimum.
type Security struct {
	db       *db.DB
	audit    *Audit
	sessions *Sessions
	clock    func() time.Time
}

// NewSecurity makes the service. What is decided holds for living sessions from their next request on.
func NewSecurity(d *db.DB, audit *Audit, sessions *Sessions, clock func() time.Time) *Security {
	return &Security{db: d, audit: audit, sessions: sessions, clock: clock}
}

// SecurityPolicies are an organisation's policy as it chose it, as it holds, and the association's minimum.
type SecurityPolicies struct {
	Own, InForce, Minimum SecurityPolicy
}

// Policies gives the organisation's policies.
func (s *Security) Policies(ctx context.Context, tid ID) (SecurityPolicies, error) {
	var p SecurityPolicies
	err := s.db.Snapshot(ctx, func(r db.Runner) (err error) {
		if p.Own, err = readOwnPolicy(ctx, tid, r); err != nil {
			return err
		}
		p.Minimum, err = readSecurityMinimum(ctx, r)
		return err
	})
	p.InForce = p.Own.Within(p.Minimum)
	return p, err
}

// SetPolicy keeps the organisation's policy. It returns fault.Invalid for what is out of bounds, and "below_minimum" at what the association forbids.
func (s *Security) SetPolicy(ctx context.Context, tid ID, p SecurityPolicy) error {
	if err := p.Validate(); err != nil {
		return err
	}
	return s.put(ctx, tid, SettingSecurityPolicy, p, func(tx *db.Tx) (SecurityPolicy, error) {
		least, err := readSecurityMinimum(ctx, tx)
		if err == nil {
			err = p.below(least)
		}
		if err != nil {
			return p, err
		}
		return readOwnPolicy(ctx, tid, tx)
	})
}

// below names the figures that are laxer than the minimum.
func (p SecurityPolicy) below(least SecurityPolicy) error {
	strict := p.Within(least)
	var c fault.Check
	c.If(strict.ManagerFactor != p.ManagerFactor, "manager_factor", "below_minimum")
	c.If(strict.SessionsPerAccount != p.SessionsPerAccount, "sessions_per_account", "below_minimum")
	c.If(strict.OneTimeDays != p.OneTimeDays, "one_time_days", "below_minimum")
	c.If(strict.UnusedMonths != p.UnusedMonths, "unused_months", "below_minimum")
	c.If(strict.PasswordFiles != p.PasswordFiles, "password_files", "below_minimum")
	return c.Err()
}

// SetMinimum keeps what organisations cannot go under; theirs that are laxer hold as strict from now on. It returns fault.Invalid, and fault.NotFound to
// whoever is not the association.
func (s *Security) SetMinimum(ctx context.Context, tid ID, p SecurityPolicy) error {
	if err := p.Validate(); err != nil {
		return err
	}
	return s.put(ctx, tid, settingSecurityMinimum, p, func(tx *db.Tx) (SecurityPolicy, error) {
		var kind string
		if err := db.One(tx.QueryRow(ctx, `SELECT kind FROM organisation WHERE tenant_id = ?`, tid).Scan(&kind)); err != nil {
			return p, err
		}
		if kind != "association" {
			return p, fault.New(fault.NotFound, "not_found")
		}
		return readSecurityMinimum(ctx, tx)
	})
}

// put stores a policy under name and records what it was before, which before reads.
func (s *Security) put(ctx context.Context, tid ID, name string, p SecurityPolicy, before func(tx *db.Tx) (SecurityPolicy, error)) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		old, err := before(tx)
		if err != nil || old == p {
			return err
		}
		var org db.ID
		if err := db.One(tx.QueryRow(ctx, sqlOrganisationOf, tid).Scan(&org)); err != nil {
			return err
		}
		own, least, err := policyTimes(ctx, tid, tx)
		if err != nil {
			return err
		}
		note := epochPayload{Policy: org}
		if name == settingSecurityMinimum {
			own, note = least, epochPayload{Minimum: true}
		}
		at := max(s.clock().UnixMicro(), own+1) // later than what sessions know, whatever the clocks say
		if err := tx.Upsert(ctx, sqlInsertSetting, "tenant_id, name", "value, updated_at", tid, name, string(text), at); err != nil {
			return err
		}
		if err := s.sessions.mirrorLater(ctx, tid, tx, note); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, Change{Action: policyActions[name], SubjectKind: "organisation", Subject: org, Before: old, After: p,
			Detail: map[string]any{"from": old, "to": p}})
	})
	if err != nil {
		return fmt.Errorf("set security policy: %w", err)
	}
	return nil
}
