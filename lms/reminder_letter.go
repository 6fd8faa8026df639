package lms

import (
	"context"
	"fmt"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// leader is a manager or deputy of an organisation.
type leader struct {
	id                    db.ID
	name, address, locale string
	role                  tenant.Role
}

// desk is what all letters of one organisation have in common.
type desk struct {
	setting      ReminderSetting
	book         wordBook
	organisation string
	manager      leader
	deputies     []leader
	url          string
}

// desk reads what the organisation's letters need.
func (m *Reminder) desk(ctx context.Context, tid tenant.ID, setting ReminderSetting) (desk, error) {
	d := desk{setting: setting, url: m.url}
	own, err := m.ownWords(ctx, tid)
	if err != nil {
		return d, err
	}
	d.book = wordBook{own, setting.BothLanguages}
	if err := db.One(m.db.QueryRow(ctx, sqlRecordOrganisation, tid).Scan(&d.organisation)); err != nil {
		return d, err
	}
	leaders, err := m.leaders(ctx, tid)
	for _, l := range leaders {
		if l.role == tenant.RoleManager && d.manager.id.IsZero() {
			d.manager = l
		} else if l.id != d.manager.id {
			d.deputies = append(d.deputies, l)
		}
	}
	return d, err
}

func (m *Reminder) leaders(ctx context.Context, tid tenant.ID) ([]leader, error) {
	list, err := db.List(ctx, m.db, sqlManagersOf, []any{tid}, func(row db.Row) (leader, error) {
		var l leader
		err := row.Scan(&l.id, &l.name, &l.address, &l.locale, &l.role)
		return l, err
	})
	if err != nil {
		return nil, fmt.Errorf("read managers: %w", err)
	}
	return list, nil
}

// letters are the reminder of one person and, where the organisation wants it, the manager's copy.
func (d desk) letters(r Round, p due, plan ReminderPlan, today string) []tenant.Letter {
	kind := p.slot.Kind(p.dueOn, today)
	words := d.write(kind, p.locale, p.name, r, p.dueOn, today)
	// The due day is part of what makes the mail one: a deadline that moved is reminded of anew.
	dedupe, mailKind := fmt.Sprintf("%s %s", p.enrolment, p.slot.Step), mailAssigned
	if p.slot.Step != stepAssigned {
		dedupe, mailKind = dedupe+" "+p.dueOn, mailDue
	}
	l := tenant.Letter{
		Dedupe: dedupe, Person: p.person, Address: p.address, Name: p.name, Kind: mailKind, Subject: words.Subject, Body: words.Body,
		Round: r.ID, Enrolment: p.enrolment, Slot: p.slot.Step, Expires: db.At(tenant.DayStart(tenant.AddDays(plan.lastDay(p.slot), 1))),
	}
	list := []tenant.Letter{l}
	if d.setting.CopyOverdue && kind == RemindAfter && !d.manager.id.IsZero() && d.manager.id != p.person {
		l.Dedupe, l.Kind, l.Slot = "copy "+dedupe+" "+d.manager.id.String()[:8], mailCopy, ""
		l.Person, l.Address, l.Name = d.manager.id, d.manager.address, d.manager.name
		l.Subject, l.Body = copyOf(d.manager.locale, p.name, words)
		list = append(list, l)
	}
	return list
}

func (d desk) write(kind ReminderKind, locale, name string, r Round, dueOn, today string) ReminderWords {
	return d.book.write(kind, locale, reminderFacts{
		Name: name, Round: r.Title, Course: r.CourseTitle, DueOn: dueOn, Link: d.url, Organisation: d.organisation, Manager: d.manager.name, Left: tenant.DaysBetween(today, dueOn),
	})
}

// copyOf is what the manager gets of a reminder to name.
func copyOf(locale, name string, words ReminderWords) (subject, body string) {
	if locale == "en" {
		return "[Copy] " + words.Subject, fmt.Sprintf("This is a copy of the message to %s.\n\n----------------------------------------\n\n%s", tenant.Tidy(name), words.Body)
	}
	return "（写し）" + words.Subject, fmt.Sprintf("%s さんに送ったお知らせの写しです。\n\n----------------------------------------\n\n%s", tenant.Tidy(name), words.Body)
}

// Renew brings a waiting reminder or copy up to the day on which it goes out, or tells why it is not needed any more: the person has finished, was
// exempted, is on leave or left, the round was closed, or a later reminder says the same. Somebody who had it sent again wants it even then.
func (m *Reminder) Renew(ctx context.Context, tid tenant.ID, mail tenant.Mail) (subject, body, drop string, err error) {
	var (
		p           due
		r           Round
		status      Status
		personState string
	)
	err = db.One(m.db.QueryRow(ctx, sqlStanding, tid, mail.Enrolment).Scan(&status, &p.dueOn, &p.createdAt, &p.name, &p.locale, &personState, &r.Title,
		&r.CourseTitle, &r.StartsOn, &r.State))
	switch {
	case fault.Is(err, fault.NotFound):
		return "", "", tenant.DropDone, nil
	case err != nil:
		return "", "", "", err
	case !status.Open() || personState != "active" || r.State != RoundOpen:
		return "", "", tenant.DropDone, nil
	}
	if mail.ResentAt.IsZero() {
		newer := 0
		if err := m.db.QueryRow(ctx, sqlNewerReminder, tid, mail.Enrolment, mail.CreatedAt, mail.Kind).Scan(&newer); err != nil {
			return "", "", "", db.One(err)
		}
		if newer > 0 {
			return "", "", tenant.DropNewer, nil
		}
	}
	today := tenant.Today(m.clock)
	if tenant.Day(mail.CreatedAt.Time) == today {
		return mail.Subject, mail.Body, "", nil
	}
	setting, plan, err := m.planFor(ctx, tid, mail.Round)
	if err != nil {
		return "", "", "", err
	}
	if slot, ok := plan.Due(p.began(r), p.dueOn, today); ok && mail.Slot != "" && slot.Step != mail.Slot && mail.ResentAt.IsZero() {
		return "", "", tenant.DropNewer, nil // that one is written later today
	}
	d, err := m.desk(ctx, tid, setting)
	if err != nil {
		return "", "", "", err
	}
	step := mail.Slot
	if mail.Kind == mailCopy {
		step = "due" // a copy is never about an assignment
	}
	words := d.write(Slot{Step: step}.Kind(p.dueOn, today), p.locale, p.name, r, p.dueOn, today)
	if mail.Kind == mailCopy {
		subject, body = copyOf(d.manager.locale, p.name, words)
		return subject, body, "", nil
	}
	return words.Subject, words.Body, "", nil
}
