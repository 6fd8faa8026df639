package lms

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// MaxForecastDays is how far ahead a forecast looks.
const MaxForecastDays = 60

// ForecastRow is what one round sends on one day.
type ForecastRow struct {
	Day            string
	Round          db.ID
	Title          string
	Kind           ReminderKind
	Left           int // days until the due day, when all have the same; see SameDue
	SameDue        bool
	Planned        int // as the plan has it, days from the due day; otherwise than Left where only working days count. 0 at assignment
	Total          int
	WithoutAddress int    // of Total: they get a printed notice, or see it on the screen
	Example        string // the name of one of them
	dueOn          string
	example        db.ID
}

// Forecast tells what will go out in the next days (from today until the hour of the plan, afterwards from tomorrow), by day and round; a zero round is
// all open ones. It follows ReminderPlan.Slots, as sending does, from who is enrolled now: who finishes first is not mailed, and who has had the five
// of MaxReminders, because a deadline was moved, is counted here and not mailed either.
func (m *Reminder) Forecast(ctx context.Context, tid tenant.ID, round db.ID, days int) ([]ForecastRow, error) {
	setting, err := m.Setting(ctx, tid)
	if err != nil {
		return nil, err
	}
	rounds, plans, err := m.forecastRounds(ctx, tid, round, setting)
	if err != nil || len(rounds) == 0 {
		return []ForecastRow{}, err
	}
	now := m.clock()
	today, hour := tenant.Day(now), now.In(tenant.Zone).Hour()
	until := tenant.AddDays(today, min(max(days, 1), MaxForecastDays)-1)
	found := map[string]*ForecastRow{}
	err = m.eachGroup(ctx, tid, rounds, today, func(g group) {
		r, plan := rounds[g.round], plans[g.round]
		from := today
		if hour >= plan.Hour {
			from = tenant.AddDays(today, 1)
		}
		for _, slot := range plan.Slots(max(g.began, r.StartsOn), g.dueOn) {
			if slot.Day < from || slot.Day > until {
				continue
			}
			g.addTo(found, r, slot)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("forecast reminders: %w", err)
	}
	list := make([]ForecastRow, 0, len(found))
	for _, row := range found {
		list = append(list, *row)
	}
	slices.SortFunc(list, func(a, b ForecastRow) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Title, b.Title), cmp.Compare(a.Round.String(), b.Round.String()), cmp.Compare(a.Kind, b.Kind))
	})
	if err := m.nameExamples(ctx, tid, list); err != nil {
		return nil, fmt.Errorf("forecast reminders: %w", err)
	}
	return list, nil
}

// group are enrolments of a round that came in on one day and are due on one day: they get the same mails on the same days.
type group struct {
	round          db.ID
	dueOn, began   string
	total, without int
	example        db.ID
}

func (g group) addTo(found map[string]*ForecastRow, r Round, slot Slot) {
	kind := slot.Kind(g.dueOn, slot.Day)
	planned, _ := slot.Planned()
	key := slot.Day + string(g.round[:]) + string(kind)
	row := found[key]
	if row == nil {
		row = &ForecastRow{Day: slot.Day, Round: g.round, Title: r.Title, Kind: kind, Left: tenant.DaysBetween(slot.Day, g.dueOn), Planned: planned, SameDue: true, example: g.example, dueOn: g.dueOn}
		found[key] = row
	}
	row.SameDue = row.SameDue && row.dueOn == g.dueOn
	row.Total += g.total
	row.WithoutAddress += g.without
}

// forecastRounds gives the open rounds, or the one, with the plans that hold for them.
func (m *Reminder) forecastRounds(ctx context.Context, tid tenant.ID, round db.ID, setting ReminderSetting) (map[db.ID]Round, map[db.ID]ReminderPlan, error) {
	cond := db.Where("r.tenant_id = ?", tid).And("r.state = 'open'")
	if !round.IsZero() {
		if _, err := findRound(ctx, tid, m.db, round); err != nil {
			return nil, nil, err
		}
		cond.And("r.id = ?", round)
	}
	rounds, plans := map[db.ID]Round{}, map[db.ID]ReminderPlan{}
	list, err := db.List(ctx, m.db, sqlSelectRound+cond.SQL(), cond.Args(), scanRound)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range list {
		rounds[r.ID], plans[r.ID] = r, setting.ReminderPlan
	}
	err = db.Each(ctx, m.db, sqlRoundPlans, []any{tid}, func(scan func(...any) error) error {
		var id db.ID
		var text string
		err := scan(&id, &text)
		if err == nil {
			plans[id], err = planOf(setting, text)
		}
		return err
	})
	return rounds, plans, err
}

func (m *Reminder) eachGroup(ctx context.Context, tid tenant.ID, rounds map[db.ID]Round, today string, each func(group)) error {
	ids := make([]any, 0, len(rounds))
	for id := range rounds {
		ids = append(ids, id)
	}
	cond := db.Where("e.tenant_id = ?", tid).In("e.round_id", ids).And(sqlOpenStatus).
		And("e.due_on >= ?", tenant.AddDays(today, -MaxReminderDays-ReminderGrace-4)).And("p.state = 'active'")
	return db.Each(ctx, m.db, sqlForecast+cond.SQL()+sqlForecastGroup, cond.Args(), func(scan func(...any) error) error {
		var g group
		var began db.Time
		if err := scan(&g.round, &g.dueOn, &began, &g.total, &g.without, &g.example); err != nil {
			return err
		}
		g.began = tenant.Day(began.Time)
		each(g)
		return nil
	})
}

// nameExamples puts names for the examples of rows.
func (m *Reminder) nameExamples(ctx context.Context, tid tenant.ID, list []ForecastRow) error {
	ids := map[db.ID]bool{}
	for _, r := range list {
		ids[r.example] = true
	}
	names := map[db.ID]string{}
	for part := range slices.Chunk(slices.Collect(maps.Keys(ids)), chunk) {
		cond := db.Where("p.tenant_id = ?", tid).In("p.id", db.Args(part))
		if err := db.Each(ctx, m.db, sqlPersonNames+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
			var id db.ID
			var name string
			err := scan(&id, &name)
			names[id] = name
			return err
		}); err != nil {
			return err
		}
	}
	for i := range list {
		list[i].Example = names[list[i].example]
	}
	return nil
}

// ForecastPerson is one of those whom a round mails on a day.
type ForecastPerson struct {
	ID         db.ID
	Name       string
	LoginID    string
	HasAddress bool
	Kind       ReminderKind
	DueOn      string
}

// ForecastPeople lists by name whom a round mails on a day, and gives the cursor of the next page. It returns NotFound and Invalid.
func (m *Reminder) ForecastPeople(ctx context.Context, tid tenant.ID, round db.ID, day string, page db.Page) ([]ForecastPerson, string, error) {
	r, err := findRound(ctx, tid, m.db, round)
	if err != nil {
		return nil, "", err
	}
	var check fault.Check
	check.If(!tenant.ValidDay(day), "day", "bad_date")
	after, err := db.ReadCursor(page.After, 2)
	if err == nil {
		err = check.Err()
	}
	if err != nil {
		return nil, "", err
	}
	_, plan, err := m.planFor(ctx, tid, round)
	if err != nil {
		return nil, "", err
	}
	people, err := m.waiting(ctx, tid, r, plan, day)
	if err != nil {
		return nil, "", err
	}
	slices.SortFunc(people, func(a, b due) int {
		return cmp.Or(cmp.Compare(a.sortName, b.sortName), cmp.Compare(a.person.String(), b.person.String()))
	})
	list, limit := []ForecastPerson{}, page.Clamp()
	lastSort := ""
	for _, p := range people {
		if after != nil && cmp.Or(cmp.Compare(p.sortName, after[0]), cmp.Compare(p.person.String(), after[1])) <= 0 {
			continue
		}
		slots := plan.Slots(p.began(r), p.dueOn)
		at := slices.IndexFunc(slots, func(s Slot) bool { return s.Day == day })
		if at < 0 {
			continue
		}
		if len(list) == limit {
			return list, db.Cursor(lastSort, list[limit-1].ID.String()), nil
		}
		list, lastSort = append(list, ForecastPerson{p.person, p.name, p.loginID, p.address != "", slots[at].Kind(p.dueOn, day), p.dueOn}), p.sortName
	}
	return list, "", nil
}

// ReminderDay is one day on which a plan mails.
type ReminderDay struct {
	Day  string
	Kind ReminderKind
	Left int // days until the due day

	Planned int // as the plan has it, days from the due day; otherwise than Left where only working days count. 0 at assignment
}

// Days tells on which days a plan (nil: the organisation's) mails somebody who is in from startsOn on and due on dueOn: the preview of a round that is
// being made. Days that have passed are left out. It returns Invalid.
func (m *Reminder) Days(ctx context.Context, tid tenant.ID, plan *ReminderPlan, startsOn, dueOn string) ([]ReminderDay, error) {
	var check fault.Check
	check.If(!tenant.ValidDay(startsOn), "starts_on", "bad_date")
	check.If(!tenant.ValidDay(dueOn), "due_on", "bad_date")
	if plan != nil {
		plan.check(&check)
	}
	if err := check.Err(); err != nil {
		return nil, err
	}
	setting, err := m.Setting(ctx, tid)
	if err != nil {
		return nil, err
	}
	if plan == nil {
		plan = &setting.ReminderPlan
	}
	today := tenant.Today(m.clock)
	list := []ReminderDay{}
	for _, s := range plan.Slots(max(startsOn, today), dueOn) {
		if s.Day >= today {
			planned, _ := s.Planned()
			list = append(list, ReminderDay{s.Day, s.Kind(dueOn, s.Day), tenant.DaysBetween(s.Day, dueOn), planned})
		}
	}
	return list, nil
}
