package lms_test

import (
	"fmt"
	"io"
	"mime"
	"net"
	netmail "net/mail"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/rig/servers"
	"kenshu/storage/db"
	"kenshu/storage/mail"
	"kenshu/tenant"
)

// postOffice is a real mail server on one port that can be shut and opened.
type postOffice struct {
	t      *testing.T
	at     string
	door   net.Listener // nil while it is shut
	server *smtp.Server
	mu     sync.Mutex
	got    []string // "address: subject"
}

type counter struct {
	*postOffice
	to string
}

func newPostOffice(t *testing.T) *postOffice {
	t.Helper()
	port, err := servers.FreePort() // still free when it is opened again
	if err != nil {
		t.Fatal(err)
	}
	p := &postOffice{t: t, at: net.JoinHostPort("127.0.0.1", strconv.Itoa(port))}
	p.open()
	t.Cleanup(p.shut)
	return p
}

func (p *postOffice) open() {
	p.t.Helper()
	l, err := net.Listen("tcp", p.at)
	if err != nil {
		p.t.Fatal(err)
	}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &counter{postOffice: p}, nil }))
	server.Domain = "localhost"
	p.door, p.server = l, server
	go func() { _ = server.Serve(l) }()
}

func (p *postOffice) shut() {
	if p.door != nil {
		_ = p.door.Close() // by name: a server that has not begun to serve yet does not know it
		_ = p.server.Close()
		p.door = nil
	}
}

func (c *counter) Reset()                                    {}
func (c *counter) Logout() error                             { return nil }
func (c *counter) Mail(string, *smtp.MailOptions) error      { return nil }
func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error { c.to = to; return nil }

func (c *counter) Data(r io.Reader) error {
	m, err := netmail.ReadMessage(r)
	if err != nil {
		return err
	}
	if len(m.Header["Bcc"]) > 0 || len(m.Header["Subject"]) != 1 || len(m.Header["To"]) != 1 {
		return fmt.Errorf("headers: %v", m.Header)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.got = append(c.got, c.to+" "+subject)
	return nil
}

func (p *postOffice) take() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.got
	p.got = nil
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// The mail server is gone from 22 to 29 April. The reminder of the 23rd is too late by then and never goes out; of those of the 29th and the 30th only
// the later is sent; who finished meanwhile hears nothing. Meanwhile the manager is told that mail does not go out.
func TestMailServerAwayForAWeek(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s, office := newStage(t, d), newPostOffice(t)
		a := s.world.A
		s.run("UPDATE person SET email = 'tanaka@example.jp' WHERE id = ?", a.Staff[0])
		s.run("UPDATE person SET email = 'takahashi@example.jp' WHERE id = ?", a.Staff[1])
		r := s.create(a, lms.Audience{Persons: []db.ID{a.Staff[0], a.Staff[1]}})
		s.run("UPDATE round SET title = ? WHERE id = ?", "研修\r\nBcc: all@example.jp\r\n{{name}}", r.ID)
		sender, err := mail.Open("smtp://" + office.at + "?from=no-reply@example.jp&tls=none")
		if err != nil {
			t.Fatal(err)
		}
		reminder, outbox := s.reminder(sender)
		worker := &db.Worker{DB: d, Owner: "test", Clock: s.clock.Now, Log: quietLog(), Handlers: map[string]db.Handler{
			lms.KindRemind: reminder.Plan, lms.KindRemindRound: reminder.RemindRound, tenant.KindMailDeliver: outbox.Deliver,
		}}
		live := func(until string) {
			t.Helper()
			for tenant.Today(s.clock.Now) < until {
				if err := d.Tx(t.Context(), func(tx *db.Tx) error { return tx.Enqueue(t.Context(), s.clock.Now(), db.Job{Kind: lms.KindRemind}) }); err != nil {
					t.Fatal(err)
				}
				if _, err := worker.RunDue(t.Context()); err != nil {
					t.Fatal(err)
				}
				s.clock.Add(2 * time.Hour)
			}
		}
		const title = "研修 Bcc: all@example.jp {{name}}"
		live("2026-04-22")
		want := "takahashi@example.jp 【研修】研修のお知らせ：" + title + "\ntanaka@example.jp 【研修】研修のお知らせ：" + title
		if got := office.take(); got != want {
			t.Errorf("before: %s", got)
		}
		office.shut()
		live("2026-04-30")
		h, err := outbox.Health(t.Context(), a.ID)
		if err != nil || h.Failing != 2 || !strings.Contains(h.Said, "mail_away") || tenant.Day(h.Since.Time) != "2026-04-29" || tenant.Day(h.LastSent.Time) != "2026-04-01" {
			t.Errorf("while it is gone: %+v, %v", h, err)
		}
		if all, err := outbox.Deliveries(t.Context()); err != nil || all.Failing != 2 || strings.Contains(all.Said, "@") {
			t.Errorf("the operator reads %+v, %v", all, err)
		}
		s.finish(r.ID, a.Staff[1], 100)
		office.open()
		live("2026-05-10")
		want = "tanaka@example.jp 【研修】今日が期限です：" + title + "\ntanaka@example.jp 【研修】期限を過ぎています：" + title
		if got := office.take(); got != want {
			t.Errorf("after: %s", got)
		}
		why := map[string]int{}
		list, _, err := outbox.List(t.Context(), a.ID, tenant.MailQuery{State: tenant.MailDropped})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range list {
			why[m.Slot+" "+m.LastError]++
		}
		if fmt.Sprint(why) != "map[due-1 done:1 due-1 newer:1 due-7 late:2]" {
			t.Errorf("dropped: %v", why)
		}
		if h, err := outbox.Health(t.Context(), a.ID); err != nil || h.Failing != 0 {
			t.Errorf("afterwards: %+v, %v", h, err)
		}
	})
}

// A mail that waits over midnight says what is true when it goes out.
func TestWaitingMailIsWrittenAnew(t *testing.T) {
	s, office := newStage(t, kit.SQLite(t)), newPostOffice(t)
	a := s.world.A
	s.run("UPDATE person SET email = 'tanaka@example.jp' WHERE id = ?", a.Staff[0])
	r := s.create(a, lms.Audience{Persons: []db.ID{a.Staff[0]}})
	sender, err := mail.Open("smtp://" + office.at + "?from=no-reply@example.jp&tls=none")
	if err != nil {
		t.Fatal(err)
	}
	reminder, outbox := s.reminder(sender)
	worker := &db.Worker{DB: s.db, Owner: "test", Clock: s.clock.Now, Log: quietLog(), Handlers: map[string]db.Handler{tenant.KindMailDeliver: outbox.Deliver}}
	office.shut()
	s.clock.Add(22 * 24 * time.Hour) // 23 April: a week before
	if n, err := reminder.Remind(t.Context(), a.ID, r.ID); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	if _, err := worker.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.clock.Add(24 * time.Hour)
	office.open()
	if _, err := worker.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := office.take(); got != "tanaka@example.jp 【研修】期限まであと6日です：2026年度 研修" {
		t.Errorf("a day late: %q", got)
	}
}
