package lms

import (
	"context"
	"fmt"
	"strings"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// DigestSoon is how many days ahead the digest counts as due soon; DigestNames and DigestRounds are how many it names at most.
const (
	DigestSoon   = 7
	DigestNames  = 50
	DigestRounds = 20
)

// Digest is what a manager should know about the reminders: how much is open, and whom mail does not reach.
type Digest struct {
	Day            string
	Rounds         []DigestRound // open ones of whose people something is asked, the soonest deadline first
	Overdue        int
	DueSoon        int
	WithoutAddress int // active people with something open and no address
	Mail           tenant.MailHealth
	Stuck          []string     // titles of the newest rounds whose training should have come again and could not
	Names          []DigestName // of those who are overdue; only where the organisation wants names in its mail
}

// DigestRound are the figures of one round.
type DigestRound struct {
	ID         db.ID
	Title      string
	DeadlineOn string
	Due        Due
	Dues       DueSpan
	Open       int
	Overdue    int // of Open
	DueSoon    int // of Open
}

// DigestName is one who is overdue, and in what.
type DigestName struct{ Name, Round string }

// Quiet tells whether there is nothing to say.
func (d Digest) Quiet() bool {
	return d.Overdue == 0 && d.DueSoon == 0 && d.Mail.Bounced == 0 && d.Mail.Failing == 0 && len(d.Stuck) == 0
}

// Digest reads what the digest says today. It is what the page shows to a manager without an address.
func (m *Reminder) Digest(ctx context.Context, tid tenant.ID) (Digest, error) {
	today := tenant.Today(m.clock)
	d := Digest{Day: today, Rounds: []DigestRound{}, Names: []DigestName{}}
	setting, err := m.Setting(ctx, tid)
	if err != nil {
		return d, err
	}
	if err := m.digestRounds(ctx, tid, &d); err != nil {
		return d, fmt.Errorf("digest: %w", err)
	}
	if d.Stuck, err = db.Values[string](ctx, m.db, sqlStuckTitles, tid); err != nil {
		return d, fmt.Errorf("digest: %w", err)
	}
	if err := m.db.QueryRow(ctx, sqlUnreachable, tid).Scan(&d.WithoutAddress); err != nil {
		return d, db.One(err)
	}
	if d.Mail, err = m.outbox.Health(ctx, tid); err != nil {
		return d, err
	}
	if setting.Digest.Names && d.Overdue > 0 {
		d.Names, err = m.overdueNames(ctx, tid, today)
	}
	return d, err
}

func (m *Reminder) digestRounds(ctx context.Context, tid tenant.ID, d *Digest) error {
	rounds, err := db.List(ctx, m.db, sqlSelectRound+" WHERE r.tenant_id = ? AND r.state = 'open' AND r.starts_on <= ? ORDER BY r.deadline_on, r.id", []any{tid, d.Day}, scanRound)
	if err != nil || len(rounds) == 0 {
		return err
	}
	at := map[db.ID]int{}
	list, days := make([]DigestRound, len(rounds)), make([]map[string]int, len(rounds))
	for i, r := range rounds {
		at[r.ID], days[i] = i, map[string]int{}
		list[i] = DigestRound{ID: r.ID, Title: r.Title, DeadlineOn: r.DeadlineOn, Due: r.Due}
	}
	soon := tenant.AddDays(d.Day, DigestSoon)
	err = eachStanding(ctx, tid, m.db, roundIDs(rounds), func(one standing) {
		if !one.status.Open() {
			return
		}
		r := &list[at[one.round]]
		r.Open += one.people
		switch {
		case one.dueOn < d.Day:
			r.Overdue += one.present
		case one.dueOn <= soon:
			r.DueSoon += one.present
		}
		if one.present > 0 {
			days[at[one.round]][one.dueOn] += one.present
		}
	})
	for i, r := range list {
		if r.Open > 0 {
			r.Dues = dueSpan(days[i], d.Day)
			d.Overdue, d.DueSoon, d.Rounds = d.Overdue+r.Overdue, d.DueSoon+r.DueSoon, append(d.Rounds, r)
		}
	}
	return err
}

func (m *Reminder) overdueNames(ctx context.Context, tid tenant.ID, today string) ([]DigestName, error) {
	cond := db.Where("e.tenant_id = ?", tid).And(sqlOverdue, today, tid).And("r.state = 'open'").And("p.state = 'active'")
	return db.List(ctx, m.db, sqlOverdueNames+cond.SQL()+" ORDER BY e.due_on, p.sort_name, p.id LIMIT ?", cond.Args(DigestNames), func(row db.Row) (DigestName, error) {
		var n DigestName
		err := row.Scan(&n.Name, &n.Round)
		return n, err
	})
}

// SendDigest is the handler of KindDigest: one mail to the manager and to each deputy, unless there is nothing to say. Counts and a link, no names of
// staff unless the organisation has chosen so.
func (m *Reminder) SendDigest(ctx context.Context, job db.Job, _ func(done, total int64)) error {
	tid := tenant.System(job.Tenant, "digest for the managers")
	d, err := m.Digest(ctx, tid)
	if err != nil || d.Quiet() {
		return err
	}
	leaders, err := m.leaders(ctx, tid)
	if err != nil {
		return err
	}
	letters := make([]tenant.Letter, 0, len(leaders))
	for _, l := range leaders {
		subject, body := digestWords(l, d, m.url)
		letters = append(letters, tenant.Letter{
			Dedupe: fmt.Sprintf("digest %s %s", d.Day, l.id), Person: l.id, Address: l.address, Name: l.name, Kind: mailDigest, Subject: subject, Body: body,
			Expires: db.At(tenant.DayStart(tenant.AddDays(d.Day, ReminderGrace+1))),
		})
	}
	return m.db.Tx(ctx, func(tx *db.Tx) error { return m.outbox.Enqueue(ctx, tid, tx, letters) })
}

// due is when people of the round are due, as a mail says it: one day for all, or from when to when.
func (r DigestRound) due(each string) string {
	switch r.Dues.First {
	case "":
		return slashed(r.DeadlineOn)
	case r.Dues.Last:
		return slashed(r.Dues.First)
	}
	return each + " " + slashed(r.Dues.First) + "–" + slashed(r.Dues.Last)
}

// digestText are the words of a digest: fixed sentences around figures.
var digestText = map[string]map[string]string{
	"ja": {
		"subject": "【研修】受講状況のまとめ：期限超過 %d件・まもなく期限 %d件", "hello": "%s 様", "intro": "%s 現在の受講状況です。",
		"sum":   "期限を過ぎている人　のべ%d人\n%d日以内に期限が来る人　のべ%d人\nメールアドレスがない人　%d人",
		"round": "・%s（期限 %s）　未修了 %d人・期限超過 %d人", "each": "人ごと", "more": "・ほか%d件", "names": "期限を過ぎている人（先頭の%d人まで）", "name": "・%s（%s）",
		"stuck": "次の回を自動で作れなかった研修があります。実施回のページで理由を確かめてください。", "stuckOne": "・%s", "bounced": "届かなかったお知らせが、この30日に%d件あります。", "failing": "メールサーバーにつながらず、%d件が送信待ちです。", "link": "くわしくは、ログインして確認してください。\n%s/dashboard",
	},
	"en": {
		"subject": "[Training] Where training stands: %d overdue, %d due soon", "hello": "Dear %s,", "intro": "This is where training stands on %s.",
		"sum":   "Overdue: %d\nDue within %d days: %d\nPeople without a mail address: %d",
		"round": "- %s (due %s): %d not finished, %d of them overdue", "each": "person by person,", "more": "- and %d more", "names": "Overdue (the first %d at most)", "name": "- %s (%s)",
		"stuck": "The next round of a training could not be made. The page of the round says why.", "stuckOne": "- %s", "bounced": "%d messages of the last 30 days were not delivered.", "failing": "The mail server cannot be reached; %d messages are waiting.", "link": "Please log in for details.\n%s/dashboard",
	},
}

func digestWords(to leader, d Digest, url string) (subject, body string) {
	w, ok := digestText[to.locale]
	if !ok {
		w = digestText["ja"]
	}
	parts := []string{
		fmt.Sprintf(w["hello"], tenant.Tidy(to.name)), fmt.Sprintf(w["intro"], slashed(d.Day)),
		fmt.Sprintf(w["sum"], d.Overdue, DigestSoon, d.DueSoon, d.WithoutAddress),
	}
	if len(d.Stuck) > 0 {
		lines := []string{w["stuck"]}
		for _, title := range d.Stuck {
			lines = append(lines, fmt.Sprintf(w["stuckOne"], tenant.Tidy(title)))
		}
		parts = append(parts, strings.Join(lines, "\n"))
	}
	if d.Mail.Failing > 0 {
		parts = append(parts, fmt.Sprintf(w["failing"], d.Mail.Failing))
	}
	if d.Mail.Bounced > 0 {
		parts = append(parts, fmt.Sprintf(w["bounced"], d.Mail.Bounced))
	}
	var rounds []string
	for i, r := range d.Rounds {
		if i == DigestRounds {
			rounds = append(rounds, fmt.Sprintf(w["more"], len(d.Rounds)-i))
			break
		}
		rounds = append(rounds, fmt.Sprintf(w["round"], tenant.Tidy(r.Title), r.due(w["each"]), r.Open, r.Overdue))
	}
	parts = append(parts, strings.Join(rounds, "\n"))
	if len(d.Names) > 0 {
		lines := []string{fmt.Sprintf(w["names"], DigestNames)}
		for _, n := range d.Names {
			lines = append(lines, fmt.Sprintf(w["name"], tenant.Tidy(n.Name), tenant.Tidy(n.Round)))
		}
		parts = append(parts, strings.Join(lines, "\n"))
	}
	parts = append(parts, fmt.Sprintf(w["link"], url))
	return fmt.Sprintf(w["subject"], d.Overdue, d.DueSoon), strings.Join(parts, "\n\n") + "\n"
}
