package lms

import (
	"context"
	"fmt"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// RoundCopy is what the next round of the same training would be: the audience, the due rule and the settings of the last one, its days a year later,
// and the course as it is published now. Nothing is made yet.
type RoundCopy struct {
	From       Round
	Course     db.ID // zero when the course is not offered any more
	StartsOn   string
	DeadlineOn string
	Rules      []Rule
	Gone       int // rules left out because what they named is gone
}

// CopyOf proposes the next round after one. Exemptions and extensions are of the old round and are not taken along. NotFound when there is no such round.
func (s *Rounds) CopyOf(ctx context.Context, tid tenant.ID, round db.ID) (RoundCopy, error) {
	r, err := s.Find(ctx, tid, round)
	if err != nil {
		return RoundCopy{}, err
	}
	c := RoundCopy{From: r, Rules: []Rule{}}
	rules, err := s.Rules(ctx, tid, round)
	if err != nil {
		return RoundCopy{}, err
	}
	for _, rule := range rules {
		if rule.TargetName == "" && !rule.Target.IsZero() {
			c.Gone++
			continue
		}
		c.Rules = append(c.Rules, rule)
	}
	c.StartsOn, c.DeadlineOn = nextWindow(r.StartsOn, r.DeadlineOn, tenant.Today(s.clock))
	version, err := s.courses.FindVersion(ctx, tid, r.CourseTenant, r.VersionID)
	if err == nil {
		c.Course = version.Course
		_, err = s.courses.FindLatest(ctx, tid, version.Course)
	}
	if fault.Is(err, fault.NotFound) {
		c.Course, err = db.ID{}, nil
	}
	if err != nil {
		return RoundCopy{}, fmt.Errorf("copy round: %w", err)
	}
	return c, nil
}

// nextWindow moves the days of a round by whole years until its deadline is still to come; 29 February becomes 28 February in other years.
func nextWindow(startsOn, deadlineOn, today string) (string, string) {
	starts, deadline := startsOn, deadlineOn
	for years := 1; years <= 200 && (years == 1 || deadline < today); years++ {
		starts, deadline = addYears(startsOn, years), addYears(deadlineOn, years)
	}
	return starts, deadline
}

func addYears(day string, years int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	moved := t.AddDate(years, 0, 0)
	if moved.Day() != t.Day() { // 29 February became 1 March
		moved = moved.AddDate(0, 0, -moved.Day())
	}
	return moved.Format(time.DateOnly)
}
