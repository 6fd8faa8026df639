package lms_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/storage/mail"
	"kenshu/tenant"
)

// post is a mail server of the tests.
type post struct {
	sent []mail.Message
	err  error
}

func (p *post) Send(_ context.Context, m mail.Message) error {
	if p.err == nil {
		p.sent = append(p.sent, m)
	}
	return p.err
}

func TestRemindersGoOutOnceEach(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		s.run("UPDATE person SET email = 'tanaka@example.jp' WHERE id IN (?, ?)", a.Staff[0], s.world.B.Staff[0])
		r := s.create(a, lms.Audience{Persons: []db.ID{a.Staff[0], a.Staff[1]}})
		server := &post{}
		reminder, outbox := s.reminder(server)
		worker := &db.Worker{DB: d, Owner: "test", Clock: s.clock.Now, Log: quietLog(), Handlers: map[string]db.Handler{
			lms.KindRemind: reminder.Plan, lms.KindRemindRound: reminder.RemindRound, tenant.KindMailDeliver: outbox.Deliver,
		}}
		var subjects []string
		for range 45 * 3 { // three looks a day, 1 April to 15 May
			if err := d.Tx(t.Context(), func(tx *db.Tx) error { return tx.Enqueue(t.Context(), s.clock.Now(), db.Job{Kind: lms.KindRemind}) }); err != nil {
				t.Fatal(err)
			}
			if _, err := worker.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, m := range server.sent {
				subjects = append(subjects, tenant.Day(s.clock.Now())+" "+m.Subject)
				if m.To.Mail != "tanaka@example.jp" || !strings.Contains(m.Text, "田中 太郎 様") || !strings.Contains(m.Text, "Dear 田中 太郎") || !strings.Contains(m.Text, "https://kenshu.example.jp\n") {
					t.Errorf("mail: %+v", m)
				}
			}
			server.sent = nil
			s.clock.Add(8 * time.Hour)
		}
		want := []string{"2026-04-01 【研修】研修のお知らせ：2026年度 研修", "2026-04-23 【研修】期限まであと7日です：2026年度 研修", "2026-04-29 【研修】明日が期限です：2026年度 研修",
			"2026-04-30 【研修】今日が期限です：2026年度 研修", "2026-05-03 【研修】期限を過ぎています：2026年度 研修"}
		if strings.Join(subjects, "\n") != strings.Join(want, "\n") {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(subjects, "\n"), strings.Join(want, "\n"))
		}
		counts, err := tenant.CountMail(t.Context(), a.ID, d)
		if err != nil || counts[tenant.MailSent] != 5 || counts[tenant.MailNoAddress] != 5 {
			t.Errorf("fates: %v, %v", counts, err)
		}
		// Finished people and closed rounds hear nothing more.
		s.finish(r.ID, a.Staff[0], 100)
		s.clock.Add(-60 * 24 * time.Hour)
		if n, err := reminder.Remind(t.Context(), a.ID, r.ID); err != nil || n > 1 {
			t.Errorf("%d, %v", n, err)
		}
	})
}

func TestMailFates(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a, b := s.world.A, s.world.B
		server := &post{err: errors.New("connection refused")}
		_, outbox := s.reminder(server)
		worker := &db.Worker{DB: d, Owner: "test", Clock: s.clock.Now, Log: quietLog(), Handlers: map[string]db.Handler{tenant.KindMailDeliver: outbox.Deliver}}
		letter := tenant.Letter{Dedupe: "one", Person: a.Staff[0], Address: "old@example.jp", Name: "田中 太郎", Kind: "test", Subject: "件名\r\nBcc: all@example.jp", Body: "本文"}
		for range 2 { // the repeat is the same message
			if err := d.Tx(t.Context(), func(tx *db.Tx) error { return outbox.Enqueue(t.Context(), a.ID, tx, []tenant.Letter{letter}) }); err != nil {
				t.Fatal(err)
			}
		}
		only := func() tenant.Mail {
			t.Helper()
			list, _, err := outbox.List(t.Context(), a.ID, tenant.MailQuery{})
			if err != nil || len(list) != 1 {
				t.Fatal(list, err)
			}
			return list[0]
		}
		work := func() {
			t.Helper()
			if _, err := worker.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		work()
		if m := only(); m.State != tenant.MailQueued || m.LastError != "connection refused" || strings.ContainsAny(m.Subject, "\r\n") {
			t.Errorf("while the server is away: %+v", m)
		}
		server.err = fault.New(fault.Invalid, "mail_refused")
		s.clock.Add(time.Hour)
		work()
		if m := only(); m.State != tenant.MailRefused {
			t.Errorf("after a refusal: %+v", m)
		}
		id := only().ID
		if _, err := outbox.Resend(as(t, a), a.ID, id); !fault.Is(err, fault.Conflict) {
			t.Errorf("resent without an address: %v", err)
		}
		s.run("UPDATE person SET email = 'new@example.jp' WHERE id = ?", a.Staff[0])
		if _, err := outbox.Resend(as(t, b), b.ID, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("B resent A's mail: %v", err)
		}
		if _, err := outbox.Resend(as(t, a), a.ID, id); err != nil {
			t.Fatal(err)
		}
		server.err = nil
		work()
		if m := only(); m.State != tenant.MailSent || m.SentAt.IsZero() || len(server.sent) != 1 || server.sent[0].To.Mail != "new@example.jp" || server.sent[0].ID != id.String() {
			t.Errorf("after resending: %+v, %+v", m, server.sent)
		}
		if list, _, err := outbox.List(t.Context(), b.ID, tenant.MailQuery{}); err != nil || len(list) != 0 {
			t.Errorf("B reads %v, %v", list, err)
		}
		if _, err := outbox.Find(t.Context(), b.ID, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("B found A's mail: %v", err)
		}
		// Without a server a message is kept and told so.
		_, kept := s.reminder(mail.Kept{})
		letter.Dedupe = "two"
		if err := d.Tx(t.Context(), func(tx *db.Tx) error { return kept.Enqueue(t.Context(), b.ID, tx, []tenant.Letter{letter}) }); err != nil {
			t.Fatal(err)
		}
		if counts, err := tenant.CountMail(t.Context(), b.ID, d); err != nil || counts[tenant.MailKept] != 1 {
			t.Errorf("%v, %v", counts, err)
		}
	})
}

func quietLog() *slog.Logger { return slog.New(slog.DiscardHandler) }
