package tenant

import (
	"context"
	"fmt"

	"kenshu/fault"
	"kenshu/storage/db"
)

// Find gives one message; NotFound when the organisation has none of this ID.
func (o *Outbox) Find(ctx context.Context, tid ID, id db.ID) (Mail, error) {
	m, err := scanMail(o.db.QueryRow(ctx, sqlSelectMail+" WHERE m.tenant_id = ? AND m.id = ?", tid, id))
	return m, db.One(err)
}

// MailQuery narrows List. Every field that is set narrows further.
type MailQuery struct {
	State  MailState // "" is all
	Failed bool      // refused or given up
	Round  db.ID
	Person db.ID
	From   string // written on this day or later, YYYY-MM-DD
	To     string // written on this day or before
	Page   db.Page
}

// cond is everything but the fate.
func (q MailQuery) cond(tid ID) *db.Cond {
	cond := db.Where("m.tenant_id = ?", tid)
	if !q.Round.IsZero() {
		cond.And("m.round_id = ?", q.Round)
	}
	if !q.Person.IsZero() {
		cond.And("m.person_id = ?", q.Person)
	}
	if ValidDay(q.From) {
		cond.And("m.created_at >= ?", db.At(DayStart(q.From)))
	}
	if ValidDay(q.To) {
		cond.And("m.created_at < ?", db.At(DayStart(AddDays(q.To, 1))))
	}
	return cond
}

func (q MailQuery) withFate(tid ID) *db.Cond {
	cond := q.cond(tid)
	if q.Failed {
		cond.And("m.state IN ('refused', 'given_up')")
	}
	if q.State != "" {
		cond.And("m.state = ?", q.State)
	}
	return cond
}

// List gives the organisation's messages, newest first, and the cursor of the next page.
func (o *Outbox) List(ctx context.Context, tid ID, q MailQuery) ([]Mail, string, error) {
	cond := q.withFate(tid)
	after, err := db.ReadCursor(q.Page.After, 2)
	if err != nil {
		return nil, "", err
	}
	if after != nil {
		var id db.ID
		var at int64
		if _, err := fmt.Sscan(after[0], &at); err != nil {
			return nil, "", fault.Wrap(err, fault.Invalid, "cursor")
		}
		if id, err = db.ParseID(after[1]); err != nil {
			return nil, "", fault.Wrap(err, fault.Invalid, "cursor")
		}
		cond.And("m.created_at < ? OR (m.created_at = ? AND m.id < ?)", at, at, id)
	}
	limit := q.Page.Clamp()
	order := " ORDER BY m.created_at DESC, m.id DESC LIMIT ?"
	if !q.Person.IsZero() {
		order = " ORDER BY +m.created_at DESC, m.id DESC LIMIT ?" // the plus: by the person, not through the whole organisation by time
	}
	list, err := db.List(ctx, o.db, sqlSelectMail+cond.SQL()+order, cond.Args(limit+1), scanMail)
	if err != nil {
		return nil, "", fmt.Errorf("list mail: %w", err)
	}
	if len(list) <= limit {
		return list, "", nil
	}
	last := list[limit-1]
	return list[:limit], db.Cursor(fmt.Sprint(last.CreatedAt.UnixMicro()), last.ID.String()), nil
}

// OfPerson gives the messages to one person, newest first, and the cursor of the next page: the part of a dossier. A person of another
// organisation has none.
func (o *Outbox) OfPerson(ctx context.Context, tid ID, person db.ID, page db.Page) ([]Mail, string, error) {
	if person.IsZero() {
		return nil, "", fault.New(fault.NotFound, "not_found")
	}
	return o.List(ctx, tid, MailQuery{Person: person, Page: page})
}

// Counts counts the messages of a query by fate; the query's own fate does not narrow them.
func (o *Outbox) Counts(ctx context.Context, tid ID, q MailQuery) (map[MailState]int, error) {
	return countMail(ctx, o.db, q, tid)
}

// CountMail counts the organisation's messages by fate.
func CountMail(ctx context.Context, tid ID, r db.Runner) (map[MailState]int, error) {
	return countMail(ctx, r, MailQuery{}, tid)
}

func countMail(ctx context.Context, r db.Runner, q MailQuery, tid ID) (map[MailState]int, error) {
	cond, group := q.cond(tid), " GROUP BY m.state"
	if !q.Person.IsZero() {
		group = " GROUP BY +m.state" // the plus: by the person, not through the whole organisation by state
	}
	counts := map[MailState]int{}
	err := db.Each(ctx, r, sqlCountMail+cond.SQL()+group, cond.Args(), func(scan func(...any) error) error {
		var state MailState
		var n int
		err := scan(&state, &n)
		counts[state] = n
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count mail: %w", err)
	}
	return counts, nil
}
