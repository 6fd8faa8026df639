package lms_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/storage/mail"
	"kenshu/tenant"
)

// What the forecast tells on the first day is what is sent on each, counted by hand from the outbox.
func TestForecastIsWhatIsSent(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		s.run("UPDATE person SET email = 'tanaka@example.jp' WHERE id = ?", a.Staff[0])
		r := s.create(a, lms.Audience{Persons: a.Staff})
		s.run("UPDATE enrolment SET due_on = '2026-05-10' WHERE person_id = ?", a.Staff[2]) // a due day of their own
		reminder, outbox := s.reminder(mail.Kept{})
		plan := lms.ReminderPlan{AtAssignment: true, Days: []int{-7, 0, 3, 10}, Hour: 8, WeekdaysOnly: true}
		if err := reminder.SetOfRound(as(t, a), a.ID, r.ID, &plan); err != nil {
			t.Fatal(err)
		}
		s.clock.Add(-6 * time.Hour) // six in the morning: today's are still to come
		rows, err := reminder.Forecast(t.Context(), a.ID, db.ID{}, 60)
		if err != nil || len(rows) == 0 {
			t.Fatal(rows, err)
		}
		told := map[string]string{}
		for _, row := range rows {
			n := told[row.Day]
			told[row.Day] = n + fmt.Sprintf("%d/%d ", row.Total, row.WithoutAddress)
			people, next, err := reminder.ForecastPeople(t.Context(), a.ID, r.ID, row.Day, db.Page{Limit: 1})
			if err != nil || len(people) != 1 || (row.Total > 1) != (next != "") {
				t.Errorf("%s: the first is %v, next %q, %v", row.Day, people, next, err)
			}
		}
		sent := map[string]string{}
		for range 60 {
			s.clock.Add(24 * time.Hour)
			before := s.count("SELECT COUNT(*) FROM mail_message")
			if _, err := reminder.Remind(t.Context(), a.ID, r.ID); err != nil {
				t.Fatal(err)
			}
			day := tenant.Today(s.clock.Now)
			if n := s.count("SELECT COUNT(*) FROM mail_message") - before; n > 0 {
				list, _, err := outbox.List(t.Context(), a.ID, tenant.MailQuery{From: day, To: day})
				if err != nil || len(list) != n {
					t.Fatal(len(list), n, err)
				}
				without := 0
				for _, m := range list {
					if m.State == tenant.MailNoAddress {
						without++
					}
				}
				sent[day] = fmt.Sprintf("%d/%d ", n, without)
			}
		}
		delete(told, "2026-04-01") // the day has gone by before the first look
		delete(sent, "2026-04-02") // and is caught up the day after
		if fmt.Sprint(told) != fmt.Sprint(sent) {
			t.Errorf("told %v\nsent %v", told, sent)
		}
	})
}

// Eight replicas look at once, and a deadline that moves again and again: one message a slot, and never more than five.
func TestNeverTwiceAndNeverSix(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		r := s.create(a, lms.Audience{Persons: a.Staff[:1]})
		reminder, _ := s.reminder(mail.Kept{})
		for i := range 10 {
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					if _, err := reminder.Remind(t.Context(), a.ID, r.ID); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if n := s.count("SELECT COUNT(*) FROM mail_message"); n != min(i+1, lms.MaxReminders) {
				t.Fatalf("%d messages after %d deadlines", n, i+1)
			}
			s.clock.Add(24 * time.Hour)
			s.run("UPDATE enrolment SET due_on = ?", tenant.Today(s.clock.Now))
		}
	})
}

func TestWordsOfAnOrganisation(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a, b := s.world.A, s.world.B
		reminder, outbox := s.reminder(mail.Kept{})
		for _, c := range []struct{ subject, body, path, key string }{
			{"", "x", "subject", "required"}, {"x", " \n ", "body", "required"}, {strings.Repeat("あ", 151), "x", "subject", "too_long"},
			{"x", strings.Repeat("あ", 4001), "body", "too_long"}, {"a\r\nBcc: b@example.jp", "x", "subject", "line_break"}, {"a\u2028b", "x", "subject", "line_break"},
			{"{{password}}", "x", "subject", "placeholder_unknown"}, {"x", "{{ name }}", "body", "placeholder_unknown"}, {"x", "{{name", "body", "placeholder_broken"},
		} {
			err := reminder.SetTemplate(as(t, a), a.ID, lms.RemindAssigned, "ja", lms.ReminderWords{Subject: c.subject, Body: c.body})
			if fault.KindOf(err) != fault.Invalid || !strings.Contains(fmt.Sprintf("%+v", fieldsOf(err)), c.path+" "+c.key) {
				t.Errorf("%q, %q: %v", c.subject, c.body, fieldsOf(err))
			}
		}
		own := lms.ReminderWords{Subject: "{{round}} {{days}}日", Body: "<b>{{name}}</b>\r\n{{organisation}} {{manager}} {{link}} {{due}} {{when}}"}
		if err := reminder.SetTemplate(as(t, a), a.ID, lms.RemindAssigned, "ja", own); err != nil {
			t.Fatal(err)
		}
		setting := lms.DefaultReminderSetting
		setting.BothLanguages = false
		if _, err := reminder.SetSetting(as(t, a), a.ID, setting); err != nil {
			t.Fatal(err)
		}
		s.run("UPDATE person SET name = '{{link}} <script>' WHERE id = ?", a.Staff[0])
		r := s.create(a, lms.Audience{Persons: a.Staff[:1]})
		if _, err := reminder.Remind(t.Context(), a.ID, r.ID); err != nil {
			t.Fatal(err)
		}
		list, _, err := outbox.List(t.Context(), a.ID, tenant.MailQuery{Round: r.ID})
		want := "<b>{{link}} <script></b>\nひまわり園 管理 花子 https://kenshu.example.jp 2026/04/30 期限まであと29日です\n"
		if err != nil || len(list) != 1 || list[0].Subject != "2026年度 研修 29日" || list[0].Body != want {
			t.Errorf("%+v, %v", list, err)
		}
		shown, err := reminder.PreviewTemplate(t.Context(), a.ID, lms.RemindAfter, "en", lms.ReminderWords{Subject: "{{when}}: {{round}}", Body: "{{name}} {{days}}"}, a.Staff[0])
		if err != nil || shown.Subject != "Overdue by 3 days: 2026年度 研修" || shown.Body != "{{link}} <script> 3" {
			t.Errorf("%+v, %v", shown, err)
		}
		if _, err := reminder.PreviewTemplate(t.Context(), b.ID, lms.RemindAfter, "en", own, a.Staff[0]); !fault.Is(err, fault.NotFound) {
			t.Errorf("B's preview with A's person: %v", err)
		}
		for range 2 {
			if err := reminder.ResetTemplate(as(t, a), a.ID, lms.RemindAssigned, "ja"); err != nil {
				t.Fatal(err)
			}
		}
		for _, org := range []kit.Org{a, b} {
			templates, err := reminder.Templates(t.Context(), org.ID)
			if err != nil || len(templates) != 8 || templates[0].Own || !strings.Contains(templates[0].Body, "{{name}} 様") {
				t.Errorf("%v, %v", templates, err)
			}
		}
	})
}

func fieldsOf(err error) []string {
	var out []string
	var e *fault.Error
	if errors.As(err, &e) {
		for _, f := range e.Fields {
			out = append(out, f.Path+" "+f.Key)
		}
	}
	return out
}
func TestManagersHearInTheirWay(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a := s.world.A
		reminder, outbox := s.reminder(mail.Kept{})
		s.run("UPDATE person SET email = 'kanri@example.jp' WHERE id = ?", a.Manager)
		s.run("UPDATE person SET email = 'tanaka@example.jp' WHERE id = ?", a.Staff[0])
		r := s.create(a, lms.Audience{Persons: a.Staff})
		setting := lms.DefaultReminderSetting
		setting.CopyOverdue = true
		if _, err := reminder.SetSetting(as(t, a), a.ID, setting); err != nil {
			t.Fatal(err)
		}
		digest := func() tenant.Mail {
			t.Helper()
			if err := reminder.SendDigest(t.Context(), db.Job{Tenant: a.ID.Number()}, nil); err != nil {
				t.Fatal(err)
			}
			list, _, err := outbox.List(t.Context(), a.ID, tenant.MailQuery{Person: a.Manager, From: tenant.Today(s.clock.Now)})
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range list {
				if m.Kind == "round.digest" {
					return m
				}
			}
			return tenant.Mail{}
		}
		if m := digest(); m.Subject != "" {
			t.Errorf("a digest of nothing: %+v", m)
		}
		s.clock.Add(32 * 24 * time.Hour) // 3 May
		if n, err := reminder.Remind(t.Context(), a.ID, r.ID); err != nil || n != 3 {
			t.Fatal(n, err)
		}
		copies := s.count("SELECT COUNT(*) FROM mail_message WHERE kind = 'round.copy' AND person_id = ? AND slot = ''", a.Manager)
		if copies != 3 {
			t.Errorf("%d copies", copies)
		}
		m := digest()
		if m.Address != "kanri@example.jp" || m.Subject != "【研修】受講状況のまとめ：期限超過 3件・まもなく期限 0件" || !strings.Contains(m.Body, "メールアドレスがない人　2人") ||
			!strings.Contains(m.Body, "2026年度 研修（期限 2026/04/30）　未修了 3人・期限超過 3人") || strings.Contains(m.Body, "田中") {
			t.Errorf("digest: %+v", m)
		}
		setting.Digest.Names = true
		if _, err := reminder.SetSetting(as(t, a), a.ID, setting); err != nil {
			t.Fatal(err)
		}
		s.clock.Add(24 * time.Hour)
		s.run("UPDATE person SET email = '' WHERE id = ?", a.Manager)
		if m := digest(); m.State != tenant.MailNoAddress || !strings.Contains(m.Body, "・田中 太郎（2026年度 研修）") {
			t.Errorf("digest with names: %+v", m)
		}
		if own, err := reminder.Digest(t.Context(), a.ID); err != nil || own.Overdue != 3 || own.WithoutAddress != 2 {
			t.Errorf("on the screen: %+v, %v", own, err)
		}
		if other, err := reminder.Digest(t.Context(), s.world.B.ID); err != nil || len(other.Rounds) != 0 || !other.Quiet() {
			t.Errorf("B's: %+v, %v", other, err)
		}
	})
}

// A weekly digest is planned once a week, also when its day was missed; an organisation that is suspended gets nothing at all.
func TestDigestIsPlannedOnceAWeek(t *testing.T) {
	s := newStage(t, kit.SQLite(t))
	a := s.world.A
	reminder, _ := s.reminder(mail.Kept{})
	s.create(a, lms.Audience{Everyone: true})
	planned := func(days int) int {
		t.Helper()
		s.run("DELETE FROM job")
		for range days {
			if err := reminder.Plan(t.Context(), db.Job{}, nil); err != nil {
				t.Fatal(err)
			}
			s.clock.Add(24 * time.Hour)
		}
		return s.count("SELECT COUNT(*) FROM job WHERE kind = 'round.digest'")
	}
	if n := planned(12); n != 2 { // Wednesday 1 to Sunday 12 April
		t.Errorf("%d digests in two weeks", n)
	}
	s.run("UPDATE organisation SET state = 'suspended' WHERE tenant_id = ?", a.ID)
	if n := planned(7); n != 0 || s.count("SELECT COUNT(*) FROM job") != 0 {
		t.Errorf("%d digests while suspended", n)
	}
}

func TestResendASelection(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a, b := s.world.A, s.world.B
		server := &post{err: fault.New(fault.Invalid, "mail_refused", "code", 550)}
		reminder, outbox := s.reminder(server)
		worker := &db.Worker{DB: d, Owner: "test", Clock: s.clock.Now, Log: quietLog(), Handlers: map[string]db.Handler{tenant.KindMailDeliver: outbox.Deliver}}
		s.run("UPDATE person SET email = 'old@example.jp' WHERE id IN (?, ?)", a.Staff[0], a.Staff[1])
		r := s.create(a, lms.Audience{Persons: a.Staff})
		if _, err := reminder.Remind(t.Context(), a.ID, r.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := worker.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.run("UPDATE person SET email = '' WHERE id = ?", a.Staff[1])
		s.run("UPDATE person SET email = 'new@example.jp' WHERE id = ?", a.Staff[0])
		failed := tenant.MailSelection{Query: tenant.MailQuery{Failed: true, Round: r.ID}}
		if sum, err := outbox.PreviewResend(t.Context(), a.ID, failed); err != nil || sum.Ready != 1 || sum.NoAddress != 1 || sum.Waiting != 0 || fmt.Sprint(sum.Names) != "[田中 太郎]" {
			t.Errorf("preview: %+v, %v", sum, err)
		}
		list, _, err := outbox.List(t.Context(), a.ID, failed.Query)
		if err != nil || len(list) != 2 {
			t.Fatal(list, err)
		}
		if sum, err := outbox.ResendMany(as(t, b), b.ID, tenant.MailSelection{IDs: []db.ID{list[0].ID, list[1].ID}}); err != nil || sum.Ready != 0 {
			t.Errorf("B resends A's: %+v, %v", sum, err)
		}
		server.err = nil
		s.clock.Add(9 * 24 * time.Hour) // long after the message meant something: it is written anew
		var all sync.WaitGroup
		var mu sync.Mutex
		done := 0
		for range 4 {
			all.Go(func() {
				sum, err := outbox.ResendMany(as(t, a), a.ID, failed)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				done += sum.Ready
			})
		}
		all.Wait()
		if _, err := worker.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if done != 1 || len(server.sent) != 1 || server.sent[0].To.Mail != "new@example.jp" || !strings.Contains(server.sent[0].Text, "2026/04/30") {
			t.Errorf("%d queued, sent %+v", done, server.sent)
		}
		if m, err := outbox.SendTest(as(t, a), a.ID, a.Staff[0], db.NewID()); err != nil || m.Address != "new@example.jp" || m.State != tenant.MailQueued {
			t.Errorf("test mail: %+v, %v", m, err)
		}
		if _, err := outbox.SendTest(as(t, a), a.ID, a.Staff[1], db.NewID()); !fault.Is(err, fault.Conflict) {
			t.Errorf("test mail without an address: %v", err)
		}
	})
}

// B with A's ids gets what a nonexistent id gets.
func TestRemindersOfOthers(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStage(t, d)
		a, b := s.world.A, s.world.B
		reminder, outbox := s.reminder(mail.Kept{})
		ward := s.department(a, "看護部", a.Staff[0])
		theirs := s.department(b, "看護部", b.Staff[0])
		s.run("UPDATE person SET employee_number = '007' WHERE id = ?", a.Staff[0])
		r := s.create(a, lms.Audience{Persons: a.Staff})
		head, list, err := reminder.Notices(as(t, a), a.ID, lms.NoticeQuery{Round: r.ID, Department: ward}, "ja")
		if err != nil || len(list) != 1 || list[0].Name != "田中 太郎" || list[0].Department != "看護部" || list[0].DueOn != "2026-04-30" || head.Code != "CODE-A" {
			t.Errorf("%+v %+v, %v", head, list, err)
		}
		_, list, err = reminder.Notices(as(t, a), a.ID, lms.NoticeQuery{Round: r.ID}, "ja")
		if err != nil || len(list) != 3 {
			t.Fatal(list, err)
		}
		s.run("UPDATE person SET email = 'a@example.jp' WHERE tenant_id = ?", a.ID)
		if _, _, err := reminder.Notices(as(t, a), a.ID, lms.NoticeQuery{Round: r.ID}, "ja"); !fault.Is(err, fault.Conflict) {
			t.Errorf("with nobody to print a notice for: %v", err)
		}
		for _, onePerPage := range []bool{true, false} {
			var out bytes.Buffer
			doc := lms.DrawNotices(head, list, onePerPage, s.clock.Now())
			if _, err := doc.WriteTo(&out); err != nil || !bytes.HasPrefix(out.Bytes(), []byte("%PDF")) {
				t.Errorf("one per page %v: %v", onePerPage, err)
			}
			if want := map[bool]int{true: 3, false: 2}[onePerPage]; doc.Pages() != want { // a page for the ward, one for those in none
				t.Errorf("one per page %v: %d pages", onePerPage, doc.Pages())
			}
		}
		ctx := as(t, b)
		for name, try := range map[string]func() error{
			"notices": func() error { _, _, err := reminder.Notices(ctx, b.ID, lms.NoticeQuery{Round: r.ID}, "ja"); return err },
			"department": func() error {
				_, _, err := reminder.Notices(as(t, a), a.ID, lms.NoticeQuery{Round: r.ID, Department: theirs}, "ja")
				return err
			},
			"of round": func() error { _, err := reminder.OfRound(ctx, b.ID, r.ID); return err },
			"set":      func() error { return reminder.SetOfRound(ctx, b.ID, r.ID, &lms.ReminderPlan{}) },
			"reset":    func() error { return reminder.SetOfRound(ctx, b.ID, r.ID, nil) },
			"forecast": func() error { _, err := reminder.Forecast(ctx, b.ID, r.ID, 30); return err },
			"forecast people": func() error {
				_, _, err := reminder.ForecastPeople(ctx, b.ID, r.ID, "2026-04-30", db.Page{})
				return err
			},
		} {
			if err := try(); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s answers B %v", name, err)
			}
		}
		if n, err := reminder.Remind(t.Context(), b.ID, r.ID); err != nil || n != 0 {
			t.Errorf("B reminds A's people: %d, %v", n, err)
		}
		if rows, err := reminder.Forecast(t.Context(), b.ID, db.ID{}, 30); err != nil || len(rows) != 0 {
			t.Errorf("B's forecast: %v, %v", rows, err)
		}
		if mails, _, err := outbox.OfPerson(t.Context(), b.ID, a.Staff[0], db.Page{}); err != nil || len(mails) != 0 {
			t.Errorf("B reads A's mail: %v, %v", mails, err)
		}
	})
}
