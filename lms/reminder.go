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

// Reminders says when people are reminded of a round (domain.md section 4: at most five mails each).
type Reminders struct {
	AtAssignment bool
	Days         []int // relative to the due day: -7 is a week before
	Grace        int   // how many days late a reminder may still go out when the server stood still
	FromHour     int   // of the association's clock: scheduled mails do not go out earlier in the day
}

// DefaultReminders are the reminders unless an installation sets others.
var DefaultReminders = Reminders{AtAssignment: true, Days: []int{-7, -1, 0, 3}, Grace: 2, FromHour: 8}

// The reminders' jobs: KindRemind runs every few minutes and gives each open round one KindRemindRound a day.
const (
	KindRemind      = "round.remind"
	KindRemindRound = "round.remind_one"
)

// Reminder writes the mails of rounds into the outbox, each once.
type Reminder struct {
	db     *db.DB
	outbox *tenant.Outbox
	clock  func() time.Time
	rules  Reminders
	url    string // where people log in
}

// NewReminder makes the reminder. publicURL stands in the mails.
func NewReminder(d *db.DB, outbox *tenant.Outbox, clock func() time.Time, rules Reminders, publicURL string) *Reminder {
	return &Reminder{db: d, outbox: outbox, clock: clock, rules: rules, url: strings.TrimSuffix(publicURL, "/")}
}

// Plan is the handler of KindRemind: from the morning hour on, one look a day at every open round of every organisation.
func (m *Reminder) Plan(ctx context.Context, _ db.Job, _ func(done, total int64)) error {
	now := m.clock()
	if now.In(tenant.Zone).Hour() < m.rules.FromHour {
		return nil
	}
	rows, err := m.db.Query(ctx, sqlOpenRounds)
	if err != nil {
		return err
	}
	var jobs []db.Job
	for rows.Next() {
		var n int64
		var round db.ID
		if err := rows.Scan(&n, &round); err != nil {
			_ = rows.Close()
			return err
		}
		payload, err := json.Marshal(map[string]db.ID{"round": round})
		if err != nil {
			_ = rows.Close()
			return err
		}
		jobs = append(jobs, db.Job{Kind: KindRemindRound, Slot: fmt.Sprintf("%s on %s", round, tenant.Day(now)), Tenant: n, Payload: payload})
	}
	_ = rows.Close()
	if err := rows.Err(); err != nil {
		return err
	}
	return m.db.Tx(ctx, func(tx *db.Tx) error { return tx.EnqueueMany(ctx, now, jobs) })
}

// RemindRound is the handler of KindRemindRound.
func (m *Reminder) RemindRound(ctx context.Context, job db.Job, _ func(done, total int64)) error {
	var payload struct {
		Round db.ID `json:"round"`
	}
	if err := json.Unmarshal(job.Payload, &payload); err != nil {
		return fault.Wrap(err, fault.Invalid, "invalid")
	}
	_, err := m.Remind(ctx, tenant.System(job.Tenant, "reminders of a round"), payload.Round)
	return err
}

// due is one enrolment that may want a mail.
type due struct {
	enrolment, person     db.ID
	name, address, locale string
	dueOn                 string
	createdAt             db.Time
}

// Remind writes the mails that are due today for a round into the outbox and returns how many it considered due. A mail that was written before is
// not written again; who has no address gets a line with that fate. A closed round, one that has not begun, or none sends nothing.
func (m *Reminder) Remind(ctx context.Context, tid tenant.ID, id db.ID) (int, error) {
	r, err := findRound(ctx, tid, m.db, id)
	today := tenant.Today(m.clock)
	if err != nil || r.State != RoundOpen || r.StartsOn > today {
		return 0, ignoreMissing(err)
	}
	people, err := m.waiting(ctx, tid, r)
	if err != nil {
		return 0, fmt.Errorf("remind round: %w", err)
	}
	var letters []tenant.Letter
	for _, p := range people {
		if step := m.rules.step(p, r, today); step != "" {
			letters = append(letters, m.letter(r, p, step))
		}
	}
	if len(letters) == 0 {
		return 0, nil
	}
	err = m.db.Tx(ctx, func(tx *db.Tx) error { return m.outbox.Enqueue(ctx, tid, tx, letters) })
	return len(letters), err
}

func ignoreMissing(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil // deleted since the job was queued
	}
	return err
}

func (m *Reminder) waiting(ctx context.Context, tid tenant.ID, r Round) ([]due, error) {
	rows, err := m.db.Query(ctx, sqlWaiting, tid, r.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var people []due
	for rows.Next() {
		var p due
		if err := rows.Scan(&p.enrolment, &p.person, &p.name, &p.address, &p.locale, &p.dueOn, &p.createdAt); err != nil {
			return nil, err
		}
		people = append(people, p)
	}
	return people, rows.Err()
}

// step is which mail a person should get today: "assigned", "due-7" and so on, or none. The latest step whose day has come counts, so that nobody
// gets two at once, and who came in after a step's day does not get it.
func (c Reminders) step(p due, r Round, today string) string {
	began := max(tenant.Day(p.createdAt.Time), r.StartsOn)
	best, bestDay := "", ""
	if c.AtAssignment && today <= tenant.AddDays(began, c.Grace) {
		best, bestDay = "assigned", began
	}
	for _, n := range c.Days {
		day := tenant.AddDays(p.dueOn, n)
		if day > today || today > tenant.AddDays(day, c.Grace) || day <= began || day < bestDay {
			continue
		}
		best, bestDay = fmt.Sprintf("due%+d", n), day
	}
	return best
}

func (m *Reminder) letter(r Round, p due, step string) tenant.Letter {
	days := ""
	if n, ok := strings.CutPrefix(step, "due"); ok {
		days = n
	}
	subject, body := reminderText(p.locale, reminderFacts{Name: p.name, Title: r.Title, Course: r.CourseTitle, DueOn: strings.ReplaceAll(p.dueOn, "-", "/"), URL: m.url, Days: days})
	// The due day is part of what makes the mail one: a deadline that moved is reminded of anew.
	dedupe := fmt.Sprintf("%s %s", p.enrolment, step)
	if days != "" {
		dedupe += " " + p.dueOn
	}
	return tenant.Letter{Dedupe: dedupe, Person: p.person, Address: p.address, Name: p.name, Kind: "round." + strings.TrimRight(step, "+-0123456789"), Subject: subject, Body: body}
}
