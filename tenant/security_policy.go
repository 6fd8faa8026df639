package tenant

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
)

// SettingSecurityPolicy is the name under which Settings keeps a SecurityPolicy.
const SettingSecurityPolicy = "security_policy"

// SecurityPolicy is what an organisation has decided about log-ins. What it has not decided is as in DefaultSecurityPolicy.
type SecurityPolicy struct {
	OneTimeDays   int  `json:"one_time_days"`  // how long a one-time credential can be used: 1 to 90
	UnusedMonths  int  `json:"unused_months"`  // an account nobody used for so long is of concern: 1 to 24
	PasswordFiles bool `json:"password_files"` // the manager may set passwords by file
}

// DefaultSecurityPolicy says: 30 days, 6 months, and no passwords by file, because slips that nobody else has read are safer.
var DefaultSecurityPolicy = SecurityPolicy{OneTimeDays: 30, UnusedMonths: 6}

// ReadSecurityPolicy gives an organisation's policy, the defaults for what it has not decided.
func ReadSecurityPolicy(ctx context.Context, tid ID, r db.Runner) (SecurityPolicy, error) {
	policy := DefaultSecurityPolicy
	var text string
	err := db.One(r.QueryRow(ctx, sqlFindSetting, tid, SettingSecurityPolicy).Scan(&text))
	switch {
	case fault.Is(err, fault.NotFound):
		return policy, nil
	case err != nil:
		return policy, fmt.Errorf("read security policy: %w", err)
	}
	return policy, json.Unmarshal([]byte(text), &policy)
}

// oneTimeFor is how long a one-time credential handed out now can be used.
func (p SecurityPolicy) oneTimeFor() time.Duration {
	return time.Duration(p.OneTimeDays) * 24 * time.Hour
}
