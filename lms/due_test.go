package lms_test

import (
	"testing"

	"kenshu/lms"
)

func TestDueOn(t *testing.T) {
	fixed := lms.Round{StartsOn: "2026-04-01", DeadlineOn: "2026-04-30", Due: lms.Due{Rule: lms.DueFixed}}
	with := func(rule lms.DueRule, days int, deadline string) lms.Round {
		r := fixed
		r.Due, r.DeadlineOn = lms.Due{Rule: rule, Days: days}, deadline
		return r
	}
	joined := with(lms.DueJoined, 30, "2027-03-31")
	for name, c := range map[string]struct {
		round lms.Round
		facts lms.DueFacts
		want  string
	}{
		"fixed: the deadline":                        {fixed, lms.DueFacts{First: true, AssignedOn: "2026-04-20"}, "2026-04-30"},
		"fixed: a late joiner has two weeks":         {fixed, lms.DueFacts{AssignedOn: "2026-04-21"}, "2026-05-05"},
		"fixed: an early joiner has the deadline":    {fixed, lms.DueFacts{AssignedOn: "2026-04-02"}, "2026-04-30"},
		"fixed: in before it begins":                 {fixed, lms.DueFacts{AssignedOn: "2026-03-01"}, "2026-04-30"},
		"joined: from the day of joining":            {joined, lms.DueFacts{AssignedOn: "2026-06-01", JoinedOn: "2026-06-01"}, "2026-07-01"},
		"joined: across a leap day":                  {with(lms.DueJoined, 30, "2028-12-31"), lms.DueFacts{AssignedOn: "2028-02-15", JoinedOn: "2028-02-15"}, "2028-03-16"},
		"joined: no leap day":                        {joined, lms.DueFacts{AssignedOn: "2027-02-15", JoinedOn: "2027-02-15"}, "2027-03-17"},
		"joined: on a leap day":                      {with(lms.DueJoined, 365, "2030-12-31"), lms.DueFacts{AssignedOn: "2028-02-29", JoinedOn: "2028-02-29"}, "2029-02-28"},
		"joined: in the future":                      {joined, lms.DueFacts{AssignedOn: "2026-05-01", JoinedOn: "2026-07-01"}, "2026-07-31"},
		"joined: years ago counts from the start":    {joined, lms.DueFacts{First: true, AssignedOn: "2026-03-20", JoinedOn: "2010-04-01"}, "2026-05-01"},
		"joined: written down late, two weeks":       {joined, lms.DueFacts{AssignedOn: "2026-08-01", JoinedOn: "2026-06-01"}, "2026-08-15"},
		"joined: no day counts from coming in":       {joined, lms.DueFacts{AssignedOn: "2026-06-10"}, "2026-07-10"},
		"joined: not after the deadline":             {with(lms.DueJoined, 90, "2026-06-30"), lms.DueFacts{AssignedOn: "2026-05-01", JoinedOn: "2026-05-01"}, "2026-06-30"},
		"joined: after the deadline, two weeks":      {with(lms.DueJoined, 90, "2026-06-30"), lms.DueFacts{AssignedOn: "2026-06-29", JoinedOn: "2026-06-29"}, "2026-07-13"},
		"joined: the round's days when they are few": {with(lms.DueJoined, 3, "2026-06-30"), lms.DueFacts{AssignedOn: "2026-06-29", JoinedOn: "2026-06-01"}, "2026-07-02"},
		"joined: the first keep the deadline":        {with(lms.DueJoined, 30, "2026-04-05"), lms.DueFacts{First: true, AssignedOn: "2026-04-01", JoinedOn: "2010-04-01"}, "2026-04-05"},
		"assigned: from the start":                   {with(lms.DueAssigned, 20, "2026-12-31"), lms.DueFacts{First: true, AssignedOn: "2026-03-01"}, "2026-04-21"},
		"assigned: from coming in":                   {with(lms.DueAssigned, 20, "2026-12-31"), lms.DueFacts{AssignedOn: "2026-05-01", JoinedOn: "2010-04-01"}, "2026-05-21"},
		"an extension moves it back":                 {fixed, lms.DueFacts{First: true, AssignedOn: "2026-04-01", ExtendedOn: "2026-05-15"}, "2026-05-15"},
		"an extension never moves it forward":        {fixed, lms.DueFacts{First: true, AssignedOn: "2026-04-01", ExtendedOn: "2026-04-15"}, "2026-04-30"},
	} {
		if got := c.round.DueOn(c.facts); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
