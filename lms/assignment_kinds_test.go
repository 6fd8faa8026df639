package lms_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

func (s *stage) field(org kit.Org, name string) db.ID {
	s.t.Helper()
	id := db.NewID()
	s.run(`INSERT INTO person_field (tenant_id, id, name, name_key, kind, choices, position, created_at, updated_at) VALUES (?, ?, ?, ?, 'text', '[]', 1, 1, 1)`, org.ID, id, name, name)
	return id
}

func (s *stage) in(org kit.Org, round db.ID) []db.ID {
	s.t.Helper()
	var list []db.ID
	for id, status := range s.statuses(org, round) {
		if status != "withdrawn" {
			list = append(list, id)
		}
	}
	return list
}

func sameIDs(a, b []db.ID) bool {
	sorted := func(ids []db.ID) []string {
		var list []string
		for _, id := range ids {
			list = append(list, id.String())
		}
		slices.Sort(list)
		return list
	}
	return slices.Equal(sorted(a), sorted(b))
}

// Every kind of rule, and every kind as an exclusion: the preview and the round agree, and neither reaches into another organisation.
func TestRuleKinds(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a, b := s.world.A, s.world.B
		x, y, z := a.Staff[0], a.Staff[1], a.Staff[2]
		nursing := s.department(a, "看護部", x)
		third := s.department(a, "3階", y)
		s.run("UPDATE department SET parent_id = ? WHERE id = ?", nursing, third)
		place := s.field(a, "勤務地")
		s.run("INSERT INTO person_value (tenant_id, person_id, field_id, value, value_key) VALUES (?, ?, ?, 'Ｏｓａｋａ', 'osaka')", a.ID, z, place)
		s.run("UPDATE person SET employment_kind = 'dispatched', joined_on = '2026-03-01' WHERE id = ?", z)
		s.run("UPDATE person SET joined_on = '2024-02-29' WHERE id = ?", y)
		everyone := []db.ID{x, y, z, a.Manager, a.Editor}
		all := lms.RuleSpec{Kind: lms.RuleEveryone}
		attribute := func(kind lms.Attribute, value string) lms.RuleSpec {
			return lms.RuleSpec{Kind: lms.RuleAttribute, Attribute: kind, Value: value}
		}
		for name, c := range map[string]struct {
			rule lms.RuleSpec
			want []db.ID
		}{
			"department alone":        {lms.RuleSpec{Kind: lms.RuleDepartment, Target: nursing}, []db.ID{x}},
			"department with below":   {lms.RuleSpec{Kind: lms.RuleDepartment, Target: nursing, WithBelow: true}, []db.ID{x, y}},
			"person":                  {lms.RuleSpec{Kind: lms.RulePerson, Target: y}, []db.ID{y}},
			"employment":              {attribute(lms.AttributeEmployment, "dispatched"), []db.ID{z}},
			"role":                    {attribute(lms.AttributeRole, "editor"), []db.ID{a.Editor}},
			"joined on the day":       {attribute(lms.AttributeJoined, "2024-02-29"), []db.ID{y, z}},
			"joined after":            {attribute(lms.AttributeJoined, "2024-03-01"), []db.ID{z}},
			"own field, folded":       {lms.RuleSpec{Kind: lms.RuleAttribute, Attribute: lms.AttributeField, Target: place, Value: "OSAKA"}, []db.ID{z}},
			"own field, another word": {lms.RuleSpec{Kind: lms.RuleAttribute, Attribute: lms.AttributeField, Target: place, Value: "東京"}, nil},
		} {
			check := func(label string, aud lms.Audience, want []db.ID) {
				found, err := s.rounds.Preview(t.Context(), a.ID, lms.Probe{Add: aud}, 100)
				if err != nil || found.Total != len(want) || found.Joining != len(want) {
					t.Errorf("%s: preview %+v (%v), want %d", label, found, err, len(want))
				}
				if got := s.in(a, s.create(a, aud).ID); !sameIDs(got, want) {
					t.Errorf("%s: %v, want %v", label, got, want)
				}
			}
			check(name, lms.Audience{Rules: []lms.RuleSpec{c.rule}}, c.want)
			c.rule.Excluded = true
			rest := slices.DeleteFunc(slices.Clone(everyone), func(id db.ID) bool { return slices.Contains(c.want, id) })
			check("without "+name, lms.Audience{Rules: []lms.RuleSpec{all, c.rule}}, rest)
		}
		theirs := []lms.RuleSpec{
			{Kind: lms.RuleDepartment, Target: s.department(b, "看護部"), WithBelow: true},
			{Kind: lms.RulePerson, Target: b.Staff[0], Excluded: true},
			{Kind: lms.RuleAttribute, Attribute: lms.AttributeField, Target: s.field(b, "勤務地"), Value: "osaka"},
			{Kind: lms.RuleEveryone, Excluded: true},
			{Kind: lms.RuleAttribute, Attribute: lms.AttributeRole, Value: "operator"},
		}
		for _, rule := range theirs {
			if _, err := s.rounds.Preview(t.Context(), a.ID, lms.Probe{Add: lms.Audience{Rules: []lms.RuleSpec{all, rule}}}, 1); !fault.Is(err, fault.Invalid) {
				t.Errorf("%+v was taken: %v", rule, err)
			}
		}
	})
}

// What a change would do and what it does are the same; taking a rule off is undone by restoring it, and who has started is never moved.
func TestRulesChangeAndComeBack(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a, ctx := s.world.A, as(t, s.world.A)
		care := s.department(a, "介護課", a.Staff...)
		r := s.create(a, lms.Audience{Departments: []db.ID{care}, FutureJoiners: true})
		s.run("UPDATE enrolment SET status = 'in_progress', started_at = 1 WHERE person_id = ?", a.Staff[1])
		out := lms.Audience{Rules: []lms.RuleSpec{{Kind: lms.RuleDepartment, Target: care, Excluded: true}}}
		found, err := s.rounds.Preview(ctx, a.ID, lms.Probe{Round: r.ID, Add: out}, 10)
		if err != nil || found.Withdrawn != 2 || found.Staying != 1 {
			t.Fatalf("preview of the exclusion: %+v, %v", found, err)
		}
		var wg sync.WaitGroup // two managers at once: one rule, one effect
		var mu sync.Mutex
		var total lms.Outcome
		for range 4 {
			wg.Go(func() {
				o, err := s.rounds.AddRules(ctx, a.ID, r.ID, out)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				total.Withdrawn += o.Withdrawn
				total.Added += o.Added
			})
		}
		wg.Wait()
		if total != (lms.Outcome{Withdrawn: 2}) {
			t.Errorf("four times the same exclusion: %+v", total)
		}
		rules, err := s.rounds.Rules(ctx, a.ID, r.ID)
		if err != nil || len(rules) != 2 || !rules[1].Excluded {
			t.Fatal(rules, err)
		}
		late := kit.NewPerson(t, d, a.ID, "late", "新人 花")
		s.post(a, late, care)
		s.changed(a, late)
		if got := s.statuses(a, r.ID)[late]; got != "" {
			t.Errorf("an excluded joiner is %q", got)
		}
		o, err := s.rounds.RemoveRule(ctx, a.ID, r.ID, rules[1].ID, false)
		if err != nil || o.Added != 3 {
			t.Errorf("without the exclusion: %+v, %v", o, err)
		}
		before := fmt.Sprint(s.statuses(a, r.ID))
		if o, err = s.rounds.RemoveRule(ctx, a.ID, r.ID, rules[0].ID, false); err != nil || o.Withdrawn != 3 {
			t.Errorf("removed: %+v, %v", o, err)
		}
		for range 2 { // a repeat is harmless
			if _, err := s.rounds.RestoreRule(ctx, a.ID, r.ID, rules[0].ID); err != nil {
				t.Fatal(err)
			}
		}
		if after := fmt.Sprint(s.statuses(a, r.ID)); after != before {
			t.Errorf("restored: %s, before %s", after, before)
		}
	})
}

// Who changes stays, unless the round follows; a reorganisation counts from the moment it is told of.
func TestRoundFollowsMoves(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a, ctx := s.world.A, as(t, s.world.A)
		x, y, z := a.Staff[0], a.Staff[1], a.Staff[2]
		nursing, ward := s.department(a, "看護部"), s.department(a, "3階", x, y)
		s.run("UPDATE department SET parent_id = ? WHERE id = ?", nursing, ward)
		n := lms.NewRound{ID: db.NewID(), Title: "研修", Course: s.shared, StartsOn: "2026-04-01", DeadlineOn: "2026-12-31", FollowOut: true, Due: lms.Due{Rule: lms.DueJoined, Days: 30},
			Audience: lms.Audience{Rules: []lms.RuleSpec{{Kind: lms.RuleDepartment, Target: nursing, WithBelow: true}, {Kind: lms.RulePerson, Target: z}}, FutureJoiners: true}}
		follows, err := s.rounds.Create(ctx, a.ID, n)
		if err != nil {
			t.Fatal(err)
		}
		n.ID, n.FollowOut = db.NewID(), false
		stays, err := s.rounds.Create(ctx, a.ID, n)
		if err != nil {
			t.Fatal(err)
		}
		s.run("UPDATE enrolment SET status = 'in_progress', started_at = 1 WHERE person_id = ?", y)
		s.run("UPDATE department SET parent_id = NULL WHERE id = ?", ward)
		s.changed(a, x, y, z)
		want := map[db.ID]string{x: "withdrawn", y: "in_progress", z: "not_started"}
		if got := s.statuses(a, follows.ID); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("follows: %v", got)
		}
		if got := s.statuses(a, stays.ID)[x]; got != "not_started" {
			t.Errorf("stays: %q", got)
		}
		s.run("UPDATE department SET parent_id = ? WHERE id = ?", nursing, ward)
		s.run("UPDATE person SET joined_on = '2026-05-20' WHERE id = ?", y)
		s.changed(a, x, y, z)
		if got := s.statuses(a, follows.ID)[x]; got != "not_started" {
			t.Errorf("after moving back: %q", got)
		}
		if n := s.count("SELECT COUNT(*) FROM enrolment WHERE person_id = ? AND due_on = '2026-06-19'", y); n != 2 {
			t.Errorf("the corrected day of joining moved %d of 2 due days", n)
		}
	})
}

// Days that count from joining make nobody late at once who joined long ago: neither in a new round, nor when a round begins to count so, nor when somebody's
// day of joining is corrected.
func TestNobodyIsLateAtOnce(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a, ctx := s.world.A, as(t, s.world.A)
		old, fresh, unknown := a.Staff[0], a.Staff[1], a.Staff[2]
		today := tenant.Today(s.clock.Now)
		s.run("UPDATE person SET joined_on = '2010-04-01' WHERE id = ?", old)
		s.run("UPDATE person SET joined_on = ? WHERE id = ?", today, fresh)
		begins, ends := tenant.AddDays(today, -90), tenant.AddDays(today, 200)
		dates := lms.Round{StartsOn: begins, DeadlineOn: ends, Due: lms.Due{Rule: lms.DueJoined, Days: 30}}
		probe, err := s.rounds.Preview(ctx, a.ID, lms.Probe{Add: lms.Audience{Persons: []db.ID{old, fresh, unknown}}, Dates: dates}, 10)
		if err != nil || probe.Earlier != 1 || probe.EarlierDue != tenant.AddDays(today, lms.JoinerDays) {
			t.Errorf("preview: %d due on %s, %v", probe.Earlier, probe.EarlierDue, err)
		}
		dates.Due = lms.Due{Rule: lms.DueFixed}
		if probe, err = s.rounds.Preview(ctx, a.ID, lms.Probe{Add: lms.Audience{Persons: []db.ID{old}}, Dates: dates}, 10); err != nil || probe.Earlier != 0 || probe.EarlierDue != "" {
			t.Errorf("preview of a fixed day: %+v, %v", probe, err)
		}
		r, err := s.rounds.Create(ctx, a.ID, lms.NewRound{ID: db.NewID(), Title: "研修", Course: s.shared, StartsOn: begins, DeadlineOn: ends, Audience: lms.Audience{Persons: []db.ID{old, fresh, unknown}}})
		if err != nil {
			t.Fatal(err)
		}
		s.run("UPDATE enrolment SET due_on = ? WHERE round_id = ? AND person_id = ?", tenant.AddDays(today, -1), r.ID, unknown) // late already
		s.run("UPDATE enrolment SET created_at = created_at - 6000000000000 WHERE round_id = ?", r.ID)                          // 69 days ago
		s.run("UPDATE round SET created_at = created_at - 6000000000000 WHERE id = ?", r.ID)
		rule := lms.Due{Rule: lms.DueJoined, Days: 30}
		if _, err := s.rounds.Update(ctx, a.ID, r.ID, lms.RoundChange{Version: r.Version, Due: &rule}); err != nil {
			t.Fatal(err)
		}
		want := map[db.ID]string{old: tenant.AddDays(today, lms.JoinerDays), fresh: tenant.AddDays(today, 30)}
		check := func(when string) {
			for person, day := range want {
				if n := s.count("SELECT COUNT(*) FROM enrolment WHERE person_id = ? AND round_id = ? AND due_on = ?", person, r.ID, day); n != 1 {
					t.Errorf("%s: not due on %s", when, day)
				}
			}
		}
		check("counted from joining")
		if n := s.count("SELECT COUNT(*) FROM enrolment WHERE person_id = ? AND due_on < ?", unknown, today); n != 1 {
			t.Error("who was late is no longer")
		}
		s.run("UPDATE person SET joined_on = '2009-04-01' WHERE id IN (?, ?)", old, fresh)
		s.changed(a, old, fresh)
		check("corrected")
	})
}

func TestExtendAndExemptUntil(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a, ctx := s.world.A, as(t, s.world.A)
		r := s.create(a, lms.Audience{Persons: a.Staff})
		ids := []db.ID{s.enrolment(r.ID, a.Staff[0]), s.enrolment(r.ID, a.Staff[1])}
		s.finish(r.ID, a.Staff[1], 100)
		due := func(day string) int {
			return s.count("SELECT COUNT(*) FROM enrolment WHERE round_id = ? AND person_id = ? AND due_on = ?", r.ID, a.Staff[0], day)
		}
		x := lms.Extension{DueOn: "2026-05-20", Reason: "入院"}
		tried, err := s.rounds.PreviewExtend(ctx, a.ID, r.ID, ids, x)
		moved, err2 := s.rounds.Extend(ctx, a.ID, r.ID, ids, x)
		if err != nil || err2 != nil || len(tried) != 2 || len(moved) != 1 || moved[0].To != "2026-05-20" || due("2026-05-20") != 1 {
			t.Fatalf("%+v %+v %v %v", tried, moved, err, err2)
		}
		for name, bad := range map[string]lms.Extension{"no reason": {DueOn: "2026-05-21"}, "past": {DueOn: "2026-03-01", Reason: "x"}, "no day": {DueOn: "2026-02-30", Reason: "x"}} {
			if _, err := s.rounds.Extend(ctx, a.ID, r.ID, ids, bad); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		deadline := "2026-05-10"
		if _, err := s.rounds.Update(ctx, a.ID, r.ID, lms.RoundChange{Version: 1, DeadlineOn: &deadline}); err != nil || due("2026-05-20") != 1 {
			t.Error("a new deadline took the extension", err)
		}
		if _, err := s.rounds.Extend(ctx, a.ID, r.ID, ids, lms.Extension{}); err != nil || due("2026-05-10") != 1 {
			t.Error("taken back", err)
		}
		aside := lms.Aside{Status: lms.Exempt, Reason: "休業", Until: "2026-05-31"}
		if err := s.rounds.SetAside(ctx, a.ID, r.ID, ids[:1], aside); err != nil {
			t.Fatal(err)
		}
		end := db.Job{Tenant: a.ID.Number(), Payload: []byte(`{"round":"` + r.ID.String() + `"}`)}
		s.clock.Add(60 * 24 * time.Hour) // 31 May
		if err := s.rounds.ExemptEnd(t.Context(), end, nil); err != nil || s.statuses(a, r.ID)[a.Staff[0]] != "exempt" {
			t.Error("ended on its last day", err)
		}
		s.clock.Add(24 * time.Hour)
		if err := s.rounds.ExemptEnd(t.Context(), end, nil); err != nil || s.statuses(a, r.ID)[a.Staff[0]] != "not_started" || due("2026-06-15") != 1 {
			t.Error("did not end after its last day", err, s.statuses(a, r.ID))
		}
		if n := s.count("SELECT COUNT(*) FROM job WHERE kind = ?", lms.KindExemptEnd); n != 1 {
			t.Errorf("%d jobs for the end, want 1", n)
		}
	})
}

func TestCopyOfRound(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a, ctx := s.world.A, as(t, s.world.A)
		care := s.department(a, "介護課", a.Staff...)
		old, err := s.rounds.Create(ctx, a.ID, lms.NewRound{ID: db.NewID(), Title: "2026年度", Course: s.shared, StartsOn: "2026-04-01", DeadlineOn: "2028-02-29",
			Due: lms.Due{Rule: lms.DueAssigned, Days: 20}, FollowOut: true,
			Audience: lms.Audience{Rules: []lms.RuleSpec{{Kind: lms.RuleDepartment, Target: care, WithBelow: true}, {Kind: lms.RulePerson, Target: a.Staff[0], Excluded: true}}, FutureJoiners: true}})
		if err != nil {
			t.Fatal(err)
		}
		c, err := s.rounds.CopyOf(ctx, a.ID, old.ID)
		if err != nil || c.Course != s.shared || c.StartsOn != "2027-04-01" || c.DeadlineOn != "2029-02-28" || c.From.Due.Days != 20 || !c.From.FollowOut || len(c.Rules) != 2 || !c.Rules[1].Excluded || !c.Rules[0].WithBelow {
			t.Fatalf("%+v %v", c, err)
		}
		n := lms.NewRound{ID: db.NewID(), Title: "次", Course: c.Course, StartsOn: c.StartsOn, DeadlineOn: c.DeadlineOn, CopiedFrom: db.NewID(), Audience: lms.Audience{Everyone: true}}
		if _, err := s.rounds.Create(ctx, a.ID, n); !fault.Is(err, fault.Invalid) {
			t.Errorf("copied from nothing: %v", err)
		}
	})
}
