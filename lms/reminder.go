package lms

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// The reminders' jobs: KindRemind runs every few minutes and gives each open round one KindRemindRound a day, and each organisation its KindDigest.
const (
	KindRemind      = "round.remind"
	KindRemindRound = "round.remind_one"
	KindDigest      = "round.digest"
)

// The kinds of message. Assigned and due are reminders to the learner and count towards the five; the others go to managers.
const (
	mailAssigned = "round.assigned"
	mailDue      = "round.due"
	mailCopy     = "round.copy"
	mailDigest   = "round.digest"
)

// Reminder writes the mails of rounds into the outbox, each once, and tells beforehand which there will be.
type Reminder struct {
	db     *db.DB
	audit  *tenant.Audit
	outbox *tenant.Outbox
	clock  func() time.Time
	url    string // where people log in
}

// NewReminder makes the reminder and lets it keep its waiting mails true. publicURL stands in the mails.
func NewReminder(d *db.DB, audit *tenant.Audit, outbox *tenant.Outbox, clock func() time.Time, publicURL string) *Reminder {
	m := &Reminder{db: d, audit: audit, outbox: outbox, clock: clock, url: strings.TrimSuffix(publicURL, "/")}
	outbox.WrittenBy(m)
	return m
}

// Now is the time by the clock that the reminders follow.
func (m *Reminder) Now() time.Time { return m.clock() }

// openRound is an open round of any organisation with the plans that hold for it.
type openRound struct {
	tenant  int64
	id      db.ID
	setting ReminderSetting
	plan    ReminderPlan
}

// Plan is the handler of KindRemind: from the hour of each organisation or round on, one look a day at every open round of every active organisation,
// and the digests that are due. What an organisation of people who cannot log in would get is not sent.
func (m *Reminder) Plan(ctx context.Context, _ db.Job, _ func(done, total int64)) error {
	rounds, err := m.openRounds(ctx)
	if err != nil {
		return fmt.Errorf("plan reminders: %w", err)
	}
	now := m.clock()
	today, hour := tenant.Day(now), now.In(tenant.Zone).Hour()
	var jobs []db.Job
	last := int64(0)
	for _, r := range rounds {
		if r.tenant != last {
			last = r.tenant
			if week, due := r.setting.Digest.due(now); due && hour >= r.setting.Hour {
				jobs = append(jobs, db.Job{Kind: KindDigest, Slot: fmt.Sprintf("%d on %s", r.tenant, week), Tenant: r.tenant})
			}
		}
		if hour < r.plan.Hour {
			continue
		}
		payload, err := json.Marshal(map[string]db.ID{"round": r.id})
		if err != nil {
			return err
		}
		jobs = append(jobs, db.Job{Kind: KindRemindRound, Slot: fmt.Sprintf("%s on %s", r.id, today), Tenant: r.tenant, Payload: payload})
	}
	return m.db.Tx(ctx, func(tx *db.Tx) error { return tx.EnqueueMany(ctx, now, jobs) })
}

func (m *Reminder) openRounds(ctx context.Context) ([]openRound, error) {
	var list []openRound
	err := db.Each(ctx, m.db, sqlOpenRounds, nil, func(scan func(...any) error) error {
		var r openRound
		var setting, own string
		err := scan(&r.tenant, &r.id, &setting, &own)
		if err != nil {
			return err
		}
		if r.setting, err = parseSetting(setting); err != nil {
			return err
		}
		r.plan, err = planOf(r.setting, own)
		list = append(list, r)
		return err
	})
	return list, err
}

// RemindRound is the handler of KindRemindRound.
func (m *Reminder) RemindRound(ctx context.Context, job db.Job, report func(done, total int64)) error {
	var payload struct {
		Round db.ID `json:"round"`
	}
	if err := json.Unmarshal(job.Payload, &payload); err != nil {
		return fault.Wrap(err, fault.Invalid, "invalid")
	}
	_, err := m.remind(ctx, tenant.System(job.Tenant, "reminders of a round"), payload.Round, report)
	return err
}

// Remind writes the mails that are due today for a round into the outbox and returns how many reminders it considered due. A mail that was written
// before is not written again; who has no address gets a line with that fate. A closed round, one that has not begun, or none sends nothing.
func (m *Reminder) Remind(ctx context.Context, tid tenant.ID, id db.ID) (int, error) {
	return m.remind(ctx, tid, id, func(int64, int64) {})
}

// due is one enrolment that may want a mail.
type due struct {
	enrolment, person              db.ID
	name, address, locale, loginID string
	sortName                       string
	dueOn                          string
	createdAt                      db.Time
	slot                           Slot
}

// began is the day from which on the round asks something of the person.
func (p due) began(r Round) string { return max(tenant.Day(p.createdAt.Time), r.StartsOn) }

func (m *Reminder) remind(ctx context.Context, tid tenant.ID, id db.ID, report func(done, total int64)) (int, error) {
	r, err := findRound(ctx, tid, m.db, id)
	today := tenant.Today(m.clock)
	if err != nil || r.State != RoundOpen || r.StartsOn > today {
		return 0, ignoreMissing(err)
	}
	setting, plan, err := m.planFor(ctx, tid, id)
	if err != nil {
		return 0, err
	}
	people, err := m.dueToday(ctx, tid, r, plan, today)
	if err != nil || len(people) == 0 {
		return 0, err
	}
	desk, err := m.desk(ctx, tid, setting)
	if err != nil {
		return 0, err
	}
	const part = 500
	for done := 0; done < len(people); done += part {
		var letters []tenant.Letter
		for _, p := range people[done:min(done+part, len(people))] {
			letters = append(letters, desk.letters(r, p, plan, today)...)
		}
		if err := m.db.Tx(ctx, func(tx *db.Tx) error { return m.outbox.Enqueue(ctx, tid, tx, letters) }); err != nil {
			return done, fmt.Errorf("remind round: %w", err)
		}
		report(int64(min(done+part, len(people))), int64(len(people)))
	}
	return len(people), nil
}

func ignoreMissing(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil // deleted since the job was queued
	}
	return err
}

// dueToday gives those of a round who should get a reminder today and have not had their five.
func (m *Reminder) dueToday(ctx context.Context, tid tenant.ID, r Round, plan ReminderPlan, today string) ([]due, error) {
	people, err := m.waiting(ctx, tid, r, plan, today)
	if err != nil {
		return nil, fmt.Errorf("who is due: %w", err)
	}
	list := people[:0]
	for _, p := range people {
		if slot, ok := plan.Due(p.began(r), p.dueOn, today); ok {
			p.slot = slot
			list = append(list, p)
		}
	}
	if len(list) == 0 {
		return list, nil
	}
	had, err := m.reminded(ctx, tid, r.ID)
	if err != nil {
		return nil, err
	}
	few := list[:0]
	for _, p := range list {
		if had[p.enrolment] < MaxReminders {
			few = append(few, p)
		}
	}
	return few, nil
}

// waiting reads who of a round still has to do something and could be concerned on the day: active people only.
func (m *Reminder) waiting(ctx context.Context, tid tenant.ID, r Round, plan ReminderPlan, day string) ([]due, error) {
	first, last := plan.window(day, day)
	cond := db.Where("e.tenant_id = ? AND e.round_id = ?", tid, r.ID).And(sqlOpenStatus).And("p.state = 'active'")
	lately := tenant.AddDays(day, -ReminderGrace-4)
	if r.StartsOn < lately || !plan.AtAssignment { // else everybody has been assigned lately
		cond.And("(e.due_on >= ? AND e.due_on <= ?) OR e.created_at >= ?", first, last, db.At(tenant.DayStart(lately)))
	}
	var people []due
	err := db.Each(ctx, m.db, sqlWaiting+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
		var p due
		err := scan(&p.enrolment, &p.person, &p.name, &p.address, &p.locale, &p.loginID, &p.sortName, &p.dueOn, &p.createdAt)
		people = append(people, p)
		return err
	})
	return people, err
}

// reminded counts the reminders written about a round, by enrolment.
func (m *Reminder) reminded(ctx context.Context, tid tenant.ID, round db.ID) (map[db.ID]int, error) {
	had := map[db.ID]int{}
	err := db.Each(ctx, m.db, sqlReminded, []any{tid, round}, func(scan func(...any) error) error {
		var id db.ID
		var n int
		err := scan(&id, &n)
		had[id] = n
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count reminders: %w", err)
	}
	return had, nil
}
