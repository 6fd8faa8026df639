package lms

import (
	"context"
	"fmt"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// ReminderTemplate are the words of one kind of reminder in one language, as the organisation has them.
type ReminderTemplate struct {
	Kind     ReminderKind
	Language string
	ReminderWords
	Own bool // written by the organisation; otherwise the product's
}

// Templates gives the words of every kind in every language.
func (m *Reminder) Templates(ctx context.Context, tid tenant.ID) ([]ReminderTemplate, error) {
	own, err := m.ownWords(ctx, tid)
	if err != nil {
		return nil, err
	}
	book := wordBook{own: own}
	list := make([]ReminderTemplate, 0, len(ReminderKinds)*len(ReminderLanguages))
	for _, kind := range ReminderKinds {
		for _, language := range ReminderLanguages {
			_, written := own[wordsKey{kind, language}]
			list = append(list, ReminderTemplate{kind, language, book.words(kind, language), written})
		}
	}
	return list, nil
}

func (m *Reminder) ownWords(ctx context.Context, tid tenant.ID) (map[wordsKey]ReminderWords, error) {
	own := map[wordsKey]ReminderWords{}
	err := db.Each(ctx, m.db, sqlTemplates, []any{tid}, func(scan func(...any) error) error {
		var key wordsKey
		var w ReminderWords
		err := scan(&key.kind, &key.language, &w.Subject, &w.Body)
		own[key] = w
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	return own, nil
}

// SetTemplate keeps the organisation's own words. It returns Invalid with what is wrong.
func (m *Reminder) SetTemplate(ctx context.Context, tid tenant.ID, kind ReminderKind, language string, w ReminderWords) error {
	w = w.tidy()
	var check fault.Check
	checkTemplate(&check, kind, language)
	w.check(&check)
	if err := check.Err(); err != nil {
		return err
	}
	err := m.db.Tx(ctx, func(tx *db.Tx) error {
		who := tenant.ActorFrom(ctx).Person
		if err := tx.Upsert(ctx, sqlSetTemplate, "tenant_id, slot, language", "subject, body_text, updated_by, updated_at",
			tid, kind, language, w.Subject, w.Body, who[:], db.At(m.clock())); err != nil {
			return err
		}
		return m.audit.Append(ctx, tid, tx, tenant.Change{Action: "reminder.template", SubjectKind: "setting", After: w,
			Detail: map[string]any{"kind": kind, "language": language}})
	})
	if err != nil {
		return fmt.Errorf("set template: %w", err)
	}
	return nil
}

// ResetTemplate takes the product's words again; doing so twice changes nothing. It returns Invalid.
func (m *Reminder) ResetTemplate(ctx context.Context, tid tenant.ID, kind ReminderKind, language string) error {
	var check fault.Check
	checkTemplate(&check, kind, language)
	if err := check.Err(); err != nil {
		return err
	}
	err := m.db.Tx(ctx, func(tx *db.Tx) error {
		done, err := tx.Exec(ctx, sqlDeleteTemplate, tid, kind, language)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return m.audit.Append(ctx, tid, tx, tenant.Change{Action: "reminder.template_reset", SubjectKind: "setting", Detail: map[string]any{"kind": kind, "language": language}})
	})
	if err != nil {
		return fmt.Errorf("reset template: %w", err)
	}
	return nil
}

func checkTemplate(c *fault.Check, kind ReminderKind, language string) {
	c.If(!slices.Contains(ReminderKinds, kind), "kind", "not_in_list")
	c.If(!slices.Contains(ReminderLanguages, language), "language", "not_in_list")
}

// sampleLeft is how many days before the due day a preview of each kind stands.
var sampleLeft = map[ReminderKind]int{RemindAssigned: 30, RemindBefore: 7, RemindToday: 0, RemindAfter: -3}

// PreviewTemplate fills words in with the facts of a person and of their latest round, as if it were the day for that kind; without a person, and
// where they are in no round, examples stand in. Nothing is kept. It returns Invalid with what is wrong, and NotFound for an unknown person.
func (m *Reminder) PreviewTemplate(ctx context.Context, tid tenant.ID, kind ReminderKind, language string, w ReminderWords, person db.ID) (ReminderWords, error) {
	w = w.tidy()
	var check fault.Check
	checkTemplate(&check, kind, language)
	w.check(&check)
	if err := check.Err(); err != nil {
		return w, err
	}
	setting, err := m.Setting(ctx, tid)
	if err != nil {
		return w, err
	}
	d, err := m.desk(ctx, tid, setting)
	if err != nil {
		return w, err
	}
	f := reminderFacts{Name: "研修 花子", Round: "情報セキュリティ研修", Course: "情報セキュリティの基本", Link: d.url, Organisation: d.organisation, Manager: d.manager.name, Left: sampleLeft[kind]}
	if language == "en" {
		f.Name, f.Round, f.Course = "Hanako Kenshu", "Information security training", "Basics of information security"
	}
	if !person.IsZero() {
		var name, locale, round, course, dueOn string
		if err := db.One(m.db.QueryRow(ctx, sqlNearestRound, tid, person).Scan(&name, &locale, &round, &course, &dueOn)); err != nil {
			return w, err
		}
		f.Name, f.DueOn = name, dueOn
		if round != "" {
			f.Round, f.Course = round, course
		}
	}
	if f.DueOn == "" {
		f.DueOn = tenant.AddDays(tenant.Today(m.clock), f.Left)
	}
	return w.fill(language, f), nil
}
