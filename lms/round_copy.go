package lms

import (
	"context"
	"fmt"
	"slices"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// RoundCopy is what the next round of the same training would be: the audience, the due rule and the settings of the last one, its days a year later,
// and the course as it is published now. Nothing is made yet.
type RoundCopy struct {
	From       Round
	Course     db.ID  // zero when the course is not offered any more
	Title      string // with the fiscal year of the new days
	StartsOn   string
	DeadlineOn string
	Due        Due
	DrawsSet   bool   // the course draws questions for a whole round, so that the new one may ask the same or others
	Recurs     bool   // the training comes again by itself: the new round is one more
	RecursOn   string // by the calendar: the day on which it does next
	Rules      []Rule
	Gone       int // rules left out because what they named is gone
}

// CopyOf proposes the next round after one. Exemptions and extensions are of the old round and are not taken along. NotFound when there is no such round.
func (s *Rounds) CopyOf(ctx context.Context, tid tenant.ID, round db.ID) (RoundCopy, error) {
	r, err := s.Find(ctx, tid, round)
	if err != nil {
		return RoundCopy{}, err
	}
	c := RoundCopy{From: r, Rules: []Rule{}, Due: r.Due}
	if c.Due.Rule == DueTurn { // of rounds that the system makes
		c.Due.Rule = DueAssigned
	}
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
	f, err := readFiscalYear(ctx, tid, s.db)
	if err != nil {
		return RoundCopy{}, err
	}
	c.Title = f.nextTitle(r.Title, r.StartsOn, c.StartsOn, 12)
	again, err := findRecurrence(ctx, tid, s.db, r)
	if err != nil {
		return RoundCopy{}, err
	}
	if c.Recurs = again.active(); c.Recurs {
		c.RecursOn = again.Next.StartsOn
	}
	version, err := s.courses.FindVersion(ctx, tid, r.CourseTenant, r.VersionID)
	if err == nil {
		c.Course = version.Course
		if version, err = s.courses.FindLatest(ctx, tid, version.Course); err == nil {
			c.DrawsSet = drawsSet(version)
		}
	}
	if fault.Is(err, fault.NotFound) {
		c.Course, err = db.ID{}, nil
	}
	if err != nil {
		return RoundCopy{}, fmt.Errorf("copy round: %w", err)
	}
	return c, nil
}

// drawsSet tells whether a course draws questions for a whole round.
func drawsSet(v *content.CourseVersion) bool {
	return slices.ContainsFunc(v.Lessons, func(l content.VersionLesson) bool {
		quiz := l.Body.Quiz
		return quiz != nil && quiz.Set == content.SetRound && len(quiz.Draws) > 0
	})
}
