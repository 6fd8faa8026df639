package lms

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// ReminderSetting is what an organisation has chosen about its reminders.
type ReminderSetting struct {
	ReminderPlan
	BothLanguages bool          `json:"both_languages"` // Japanese and English in one mail
	CopyOverdue   bool          `json:"copy_overdue"`   // the manager gets a copy of each mail after the due day
	Digest        DigestSetting `json:"digest"`
}

// DigestSetting says when managers and deputies get the sum of what is open.
type DigestSetting struct {
	Every   string `json:"every"`   // "", daily or weekly
	Weekday int    `json:"weekday"` // of a weekly one: 1 Monday to 7 Sunday
	Names   bool   `json:"names"`   // name those who are overdue; off, because mail leaves the organisation's own systems
}

// The rhythms of the digest.
const (
	DigestDaily  = "daily"
	DigestWeekly = "weekly"
)

// DefaultReminderSetting holds until an organisation chooses otherwise.
var DefaultReminderSetting = ReminderSetting{ReminderPlan: DefaultReminders, BothLanguages: true, Digest: DigestSetting{Every: DigestWeekly, Weekday: 1}}

// due tells whether a digest is due at now, and the day that makes it one: today, or the Monday of a week. A weekly one that was missed follows later
// in its week.
func (s DigestSetting) due(now time.Time) (day string, due bool) {
	now = now.In(tenant.Zone)
	weekday := (int(now.Weekday())+6)%7 + 1
	switch s.Every {
	case DigestDaily:
		return tenant.Day(now), true
	case DigestWeekly:
		return tenant.AddDays(tenant.Day(now), 1-weekday), weekday >= s.Weekday
	}
	return "", false
}

func (s ReminderSetting) check(c *fault.Check) {
	s.ReminderPlan.check(c)
	c.If(s.Digest.Every != "" && s.Digest.Every != DigestDaily && s.Digest.Every != DigestWeekly, "digest.every", "not_in_list")
	c.If(s.Digest.Every == DigestWeekly && (s.Digest.Weekday < 1 || s.Digest.Weekday > 7), "digest.weekday", "not_in_list")
}

// parseSetting reads what was kept; nothing is the default.
func parseSetting(text string) (ReminderSetting, error) {
	s := DefaultReminderSetting
	if text == "" {
		return s, nil
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, fmt.Errorf("reminder setting: %w", err)
	}
	return s, nil
}

// planOf is the round's own plan, or without one the organisation's.
func planOf(s ReminderSetting, own string) (ReminderPlan, error) {
	if own == "" {
		return s.ReminderPlan, nil
	}
	var p ReminderPlan
	if err := json.Unmarshal([]byte(own), &p); err != nil {
		return p, fmt.Errorf("reminders of a round: %w", err)
	}
	return p, nil
}

// Setting gives what the organisation has chosen.
func (m *Reminder) Setting(ctx context.Context, tid tenant.ID) (ReminderSetting, error) {
	text := ""
	if err := ignoreMissing(db.One(m.db.QueryRow(ctx, sqlReminderSetting, tid).Scan(&text))); err != nil {
		return ReminderSetting{}, fmt.Errorf("reminder setting: %w", err)
	}
	return parseSetting(text)
}

// SetSetting keeps what the organisation chooses. It holds from the next mail on. It returns Invalid.
func (m *Reminder) SetSetting(ctx context.Context, tid tenant.ID, s ReminderSetting) (ReminderSetting, error) {
	var check fault.Check
	s.check(&check)
	if err := check.Err(); err != nil {
		return s, err
	}
	s.ReminderPlan = s.tidy()
	before, err := m.Setting(ctx, tid)
	if err != nil {
		return s, err
	}
	text, err := json.Marshal(s)
	if err != nil {
		return s, err
	}
	err = m.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.Upsert(ctx, sqlSetReminder, "tenant_id, name", "value, updated_at", tid, string(text), db.At(m.clock())); err != nil {
			return err
		}
		return m.audit.Append(ctx, tid, tx, tenant.Change{Action: "reminder.setting", SubjectKind: "setting", Before: before, After: s,
			Detail: map[string]any{"days": s.Days, "at_assignment": s.AtAssignment, "hour": s.Hour, "copy_overdue": s.CopyOverdue, "digest": s.Digest.Every, "names": s.Digest.Names}})
	})
	if err != nil {
		return s, fmt.Errorf("set reminders: %w", err)
	}
	return s, nil
}

// planFor reads the setting and the plan that holds for a round.
func (m *Reminder) planFor(ctx context.Context, tid tenant.ID, round db.ID) (ReminderSetting, ReminderPlan, error) {
	setting, err := m.Setting(ctx, tid)
	if err != nil {
		return setting, ReminderPlan{}, err
	}
	own := ""
	if err := ignoreMissing(db.One(m.db.QueryRow(ctx, sqlRoundPlan, tid, round).Scan(&own))); err != nil {
		return setting, ReminderPlan{}, fmt.Errorf("reminders of a round: %w", err)
	}
	plan, err := planOf(setting, own)
	return setting, plan, err
}

// RoundReminders is how a round reminds and whom it reaches.
type RoundReminders struct {
	Plan           ReminderPlan
	Own            bool // the round's own days, not the organisation's
	Waiting        int  // active people who still have to do something
	WithoutAddress int  // of Waiting
}

// OfRound tells how a round reminds; NotFound when there is none.
func (m *Reminder) OfRound(ctx context.Context, tid tenant.ID, round db.ID) (RoundReminders, error) {
	var out RoundReminders
	if _, err := findRound(ctx, tid, m.db, round); err != nil {
		return out, err
	}
	own := ""
	if err := ignoreMissing(db.One(m.db.QueryRow(ctx, sqlRoundPlan, tid, round).Scan(&own))); err != nil {
		return out, err
	}
	setting, err := m.Setting(ctx, tid)
	if err != nil {
		return out, err
	}
	if out.Plan, err = planOf(setting, own); err != nil {
		return out, err
	}
	out.Own = own != ""
	return out, db.One(m.db.QueryRow(ctx, sqlUnreachableOf, tid, round).Scan(&out.Waiting, &out.WithoutAddress))
}

// SetOfRound gives a round days of its own, or with nil the organisation's again. It returns Invalid and NotFound.
func (m *Reminder) SetOfRound(ctx context.Context, tid tenant.ID, round db.ID, plan *ReminderPlan) error {
	if plan != nil {
		var check fault.Check
		plan.check(&check)
		if err := check.Err(); err != nil {
			return err
		}
	}
	r, err := findRound(ctx, tid, m.db, round)
	if err != nil {
		return err
	}
	err = m.db.Tx(ctx, func(tx *db.Tx) error {
		if plan == nil {
			if _, err := tx.Exec(ctx, sqlDeleteRoundPlan, tid, round); err != nil {
				return err
			}
		} else if err := keepRoundPlan(ctx, tid, tx, round, *plan, m.clock()); err != nil {
			return err
		}
		return m.audit.Append(ctx, tid, tx, tenant.Change{Action: "round.reminders", SubjectKind: "round", Subject: round, After: plan,
			Detail: map[string]any{"title": r.Title, "own": plan != nil}})
	})
	if err != nil {
		return fmt.Errorf("reminders of a round: %w", err)
	}
	return nil
}

// keepRoundPlan writes a round's own plan inside the transaction that makes or changes it.
func keepRoundPlan(ctx context.Context, tid tenant.ID, tx *db.Tx, round db.ID, plan ReminderPlan, now time.Time) error {
	text, err := json.Marshal(plan.tidy())
	if err != nil {
		return err
	}
	return tx.Upsert(ctx, sqlSetRoundPlan, "tenant_id, round_id", "plan, updated_at", tid, round, string(text), db.At(now))
}
