// Package compliance holds what the law asks of an organisation beside its training: incidents with personal data.
package compliance

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// The kinds of incident.
const (
	KindCredentialLeak = "credential_leak" // a password may be known to others
	KindLeak           = "leak"
	KindLoss           = "loss"
	KindDamage         = "damage"
	KindAccess         = "unauthorised_access"
	KindOther          = "other"
)

// IncidentKinds lists the kinds.
var IncidentKinds = []string{KindCredentialLeak, KindLeak, KindLoss, KindDamage, KindAccess, KindOther}

// The states of an incident.
const (
	IncidentOpen   = "open"
	IncidentClosed = "closed"
)

// Limits of an incident's texts, in characters, and of the people it names.
const (
	MaxIncidentTitle  = 200
	MaxIncidentText   = 4000
	MaxIncidentItems  = 2000
	MaxIncidentPeople = 500
	MaxIncidentNotes  = 1000 // shown
)

// Incident is the record of what went wrong with personal data, or may have. Its fields are those from which the statutory report is written (domain.md section
// 10): what happened, which data, how many people, why, what was done; the report adds the rest.
type Incident struct {
	ID         db.ID
	Number     int // counts the organisation's incidents
	Kind       string
	Title      string
	State      string
	NoticedAt  db.Time // when the organisation came to know: the clock of a report begins here
	Overview   string
	DataItems  string // which personal data
	Affected   int    // how many people it concerns, named here or not
	Cause      string
	Measures   string // what was done
	Conclusion string // set when it is closed
	Version    int64
	CreatedAt  db.Time
	UpdatedAt  db.Time
	ClosedAt   db.Time
	People     []tenant.Named
	Notes      []IncidentNote
}

// IncidentNote is what was found out or done. It is never changed.
type IncidentNote struct {
	ID        db.ID
	Body      string
	Author    string
	CreatedAt db.Time
}

// IncidentInput is what a form says about an incident.
type IncidentInput struct {
	Kind      string
	Title     string
	NoticedAt time.Time // zero is now; not in the future
	Overview  string
	DataItems string
	Affected  int // at least the people named
	Cause     string
	Measures  string
	People    []db.ID // whose account or data it is about; set when the incident is opened
}

func (in *IncidentInput) check(now time.Time) error {
	var c fault.Check
	in.Title = tenant.Tidy(in.Title)
	if in.NoticedAt.IsZero() {
		in.NoticedAt = now
	}
	in.Affected = max(in.Affected, len(in.People))
	c.If(!slices.Contains(IncidentKinds, in.Kind), "kind", "not_in_list")
	c.If(in.Title == "", "title", "required")
	c.If(in.NoticedAt.After(now.Add(time.Minute)), "noticed_at", "date_future")
	c.If(in.Affected < 0 || in.Affected > 100_000_000, "affected", "number_range")
	c.If(len(in.People) > MaxIncidentPeople, "people", "too_many", "max", MaxIncidentPeople)
	for _, t := range []struct {
		path, text string
		max        int
	}{{"title", in.Title, MaxIncidentTitle}, {"overview", in.Overview, MaxIncidentText}, {"data_items", in.DataItems, MaxIncidentItems}, {"cause", in.Cause, MaxIncidentText},
		{"measures", in.Measures, MaxIncidentText}} {
		c.If(utf8.RuneCountInString(t.text) > t.max, t.path, "too_long", "max", t.max)
	}
	return c.Err()
}

// Voider takes passwords away and ends sessions (tenant.SlipBatches does).
type Voider interface {
	VoidPeople(ctx context.Context, tid tenant.ID, tx *db.Tx, ids []db.ID, since db.Time) (int, error)
}

// Incidents keeps an organisation's incidents.
type Incidents struct {
	db     *db.DB
	audit  *tenant.Audit
	voider Voider
	clock  func() time.Time
}

// NewIncidents makes the service.
func NewIncidents(d *db.DB, audit *tenant.Audit, voider Voider, clock func() time.Time) *Incidents {
	return &Incidents{db: d, audit: audit, voider: voider, clock: clock}
}

// Create opens an incident under id. The same id again answers the first one. It returns fault.Invalid, or fault.NotFound when somebody named is nobody here.
func (s *Incidents) Create(ctx context.Context, tid tenant.ID, id db.ID, in IncidentInput) (Incident, error) {
	return s.create(ctx, tid, id, in, nil)
}

// Suspect opens an incident about the passwords of people, takes these away and ends all their sessions: all of it or nothing. The same id again answers
// the first one and takes nothing away a second time. It returns what Create does, fault.Invalid when nobody is named, fault.Forbidden and fault.Conflict as tenant.SlipBatches.VoidPeople.
//
// since, when it is not zero, is from when on others may have known a password: second factors added since then go too.
func (s *Incidents) Suspect(ctx context.Context, tid tenant.ID, id db.ID, in IncidentInput, since time.Time) (Incident, error) {
	in.Kind = KindCredentialLeak
	if len(in.People) == 0 {
		return Incident{}, &fault.Error{Kind: fault.Invalid, Key: "invalid", Fields: []fault.Field{{Path: "people", Key: "required"}}}
	}
	if since.After(s.clock()) {
		return Incident{}, &fault.Error{Kind: fault.Invalid, Key: "invalid", Fields: []fault.Field{{Path: "factors_since", Key: "date_future"}}}
	}
	return s.create(ctx, tid, id, in, &suspicion{db.At(since)})
}

// suspicion is that passwords are known to others, and since when; a zero time leaves second factors alone.
type suspicion struct{ since db.Time }

func (s *Incidents) create(ctx context.Context, tid tenant.ID, id db.ID, in IncidentInput, leak *suspicion) (Incident, error) {
	if found, err := s.Find(ctx, tid, id); !fault.Is(err, fault.NotFound) {
		return found, err
	}
	if err := in.check(s.clock()); err != nil {
		return Incident{}, err
	}
	for try := 1; ; try++ {
		err := s.db.Tx(ctx, func(tx *db.Tx) error { return s.insert(ctx, tid, tx, id, in, leak) })
		switch {
		case db.IsReference(err):
			return Incident{}, fault.New(fault.NotFound, "not_found")
		case db.IsDuplicate(err) && try < 10: // somebody took the number, or this is a repeat
			if found, err := s.Find(ctx, tid, id); err == nil {
				return found, nil
			}
			continue
		case err != nil:
			return Incident{}, fmt.Errorf("open incident: %w", err)
		}
		return s.Find(ctx, tid, id)
	}
}

func (s *Incidents) insert(ctx context.Context, tid tenant.ID, tx *db.Tx, id db.ID, in IncidentInput, leak *suspicion) error {
	var last int
	if err := db.One(tx.QueryRow(ctx, sqlLastIncident, tid).Scan(&last)); err != nil {
		return err
	}
	now := db.At(s.clock())
	if err := tx.InsertMany(ctx, sqlInsertIncident, rowInsertIncident, [][]any{{tid, id, last + 1, in.Kind, in.Title, IncidentOpen, db.At(in.NoticedAt), in.Overview, in.DataItems,
		in.Affected, in.Cause, in.Measures, "", tenant.ActorFrom(ctx).Person, now, now}}); err != nil {
		return err
	}
	people := slices.Clone(in.People)
	slices.SortFunc(people, func(a, b db.ID) int { return strings.Compare(string(a[:]), string(b[:])) })
	people = slices.Compact(people)
	factors := 0
	if leak != nil {
		var err error
		if factors, err = s.voider.VoidPeople(ctx, tid, tx, people, leak.since); err != nil {
			return err
		}
	}
	rows := make([][]any, 0, len(people))
	for _, p := range people {
		rows = append(rows, []any{tid, id, p})
	}
	if err := tx.InsertMany(ctx, sqlInsertIncidentPerson, "(?, ?, ?)", rows); err != nil {
		return err
	}
	return s.audit.Append(ctx, tid, tx, tenant.Change{Action: "incident.open", SubjectKind: "incident", Subject: id, After: in,
		Detail: map[string]any{"number": last + 1, "kind": in.Kind, "people": len(people), "passwords_voided": leak != nil, "factors_removed": factors}})
}

// Find gives an incident with the people it names and its notes, or fault.NotFound.
func (s *Incidents) Find(ctx context.Context, tid tenant.ID, id db.ID) (Incident, error) {
	i, err := scanIncident(s.db.QueryRow(ctx, sqlFindIncident+" WHERE tenant_id = ? AND id = ?", tid, id))
	if err != nil {
		return i, err
	}
	i.People, err = db.List(ctx, s.db, sqlIncidentPeople, []any{tid, id}, func(row db.Row) (tenant.Named, error) {
		var p tenant.Named
		err := row.Scan(&p.ID, &p.Name)
		return p, err
	})
	if err != nil {
		return i, err
	}
	i.Notes, err = db.List(ctx, s.db, sqlIncidentNotes, []any{tid, id, MaxIncidentNotes}, func(row db.Row) (IncidentNote, error) {
		var n IncidentNote
		err := row.Scan(&n.ID, &n.Body, &n.Author, &n.CreatedAt)
		return n, err
	})
	return i, err
}

func scanIncident(row db.Row) (Incident, error) {
	i := Incident{People: []tenant.Named{}, Notes: []IncidentNote{}}
	err := db.One(row.Scan(&i.ID, &i.Number, &i.Kind, &i.Title, &i.State, &i.NoticedAt, &i.Overview, &i.DataItems, &i.Affected, &i.Cause, &i.Measures, &i.Conclusion,
		&i.Version, &i.CreatedAt, &i.UpdatedAt, &i.ClosedAt))
	return i, err
}

// List gives a page of incidents, the newest number first; state "" is all. Notes and people come with Find.
func (s *Incidents) List(ctx context.Context, tid tenant.ID, state string, page db.Page) ([]Incident, string, error) {
	cond := db.Where("tenant_id = ?", tid)
	if state != "" {
		cond.And("state = ?", state)
	}
	after, err := db.ReadCursor(page.After, 1)
	if err != nil {
		return nil, "", err
	}
	if after != nil {
		n, err := strconv.Atoi(after[0])
		if err != nil {
			return nil, "", fault.Wrap(err, fault.Invalid, "cursor")
		}
		cond.And("number < ?", n)
	}
	limit := page.Clamp()
	out, err := db.List(ctx, s.db, sqlFindIncident+cond.SQL()+" ORDER BY number DESC LIMIT ?", cond.Args(limit+1), scanIncident)
	if err != nil {
		return nil, "", fmt.Errorf("list incidents: %w", err)
	}
	if len(out) <= limit {
		return out, "", nil
	}
	return out[:limit], db.Cursor(strconv.Itoa(out[limit-1].Number)), nil
}

// Update changes what an open incident says; the people it names stay. It returns fault.NotFound, fault.Invalid, fault.Conflict "changed_meanwhile" or "incident_closed".
func (s *Incidents) Update(ctx context.Context, tid tenant.ID, id db.ID, version int64, in IncidentInput) (Incident, error) {
	if err := in.check(s.clock()); err != nil {
		return Incident{}, err
	}
	return s.change(ctx, tid, id, version, func(tx *db.Tx, before Incident) error {
		if before.State == IncidentClosed {
			return fault.New(fault.Conflict, "incident_closed")
		}
		if _, err := tx.Exec(ctx, sqlUpdateIncident, in.Kind, in.Title, db.At(in.NoticedAt), in.Overview, in.DataItems, in.Affected, in.Cause, in.Measures, db.At(s.clock()), tid, id); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, tenant.Change{Action: "incident.update", SubjectKind: "incident", Subject: id, Before: before, After: in})
	})
}

// Close ends an incident with what came out of it; Reopen takes that back. They return fault.NotFound, fault.Invalid without a conclusion, fault.Conflict "changed_meanwhile".
func (s *Incidents) Close(ctx context.Context, tid tenant.ID, id db.ID, version int64, conclusion string) (Incident, error) {
	var c fault.Check
	conclusion = strings.TrimSpace(conclusion)
	c.If(conclusion == "", "conclusion", "required")
	c.If(utf8.RuneCountInString(conclusion) > MaxIncidentText, "conclusion", "too_long", "max", MaxIncidentText)
	if err := c.Err(); err != nil {
		return Incident{}, err
	}
	return s.setState(ctx, tid, id, version, IncidentClosed, conclusion)
}

// Reopen opens a closed incident again; its conclusion stays until it is closed again.
func (s *Incidents) Reopen(ctx context.Context, tid tenant.ID, id db.ID, version int64) (Incident, error) {
	return s.setState(ctx, tid, id, version, IncidentOpen, "")
}

func (s *Incidents) setState(ctx context.Context, tid tenant.ID, id db.ID, version int64, state, conclusion string) (Incident, error) {
	return s.change(ctx, tid, id, version, func(tx *db.Tx, before Incident) error {
		if before.State == state {
			return nil
		}
		now, closed := db.At(s.clock()), db.Time{}
		if state == IncidentClosed {
			closed = now
		} else {
			conclusion = before.Conclusion
		}
		if _, err := tx.Exec(ctx, sqlSetIncidentState, state, conclusion, closed, now, tid, id); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, tenant.Change{Action: "incident." + map[string]string{IncidentClosed: "close", IncidentOpen: "reopen"}[state],
			SubjectKind: "incident", Subject: id, Before: before.Conclusion, After: conclusion})
	})
}

// change runs what changes an incident whose version is still the given one.
func (s *Incidents) change(ctx context.Context, tid tenant.ID, id db.ID, version int64, act func(*db.Tx, Incident) error) (Incident, error) {
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		before, err := scanIncident(tx.QueryRowLocked(ctx, sqlFindIncident+" WHERE tenant_id = ? AND id = ?", tid, id))
		switch {
		case err != nil:
			return err
		case before.Version != version:
			return fault.New(fault.Conflict, "changed_meanwhile", "version", before.Version)
		}
		return act(tx, before)
	})
	if err != nil {
		return Incident{}, err
	}
	return s.Find(ctx, tid, id)
}

// AddNote appends a note under noteID; the same one again changes nothing. It returns fault.NotFound, or fault.Invalid for an empty or too long text.
func (s *Incidents) AddNote(ctx context.Context, tid tenant.ID, id, noteID db.ID, body string) (Incident, error) {
	var c fault.Check
	body = strings.TrimSpace(body)
	c.If(body == "", "body", "required")
	c.If(utf8.RuneCountInString(body) > MaxIncidentText, "body", "too_long", "max", MaxIncidentText)
	if err := c.Err(); err != nil {
		return Incident{}, err
	}
	who := tenant.ActorFrom(ctx)
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := scanIncident(tx.QueryRowLocked(ctx, sqlFindIncident+" WHERE tenant_id = ? AND id = ?", tid, id)); err != nil {
			return err
		}
		if err := tx.InsertMany(ctx, sqlInsertIncidentNote, "(?, ?, ?, ?, ?, ?, ?)", [][]any{{tid, noteID, id, body, who.Person, tenant.Clip(who.Name, 200), db.At(s.clock())}}); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, tenant.Change{Action: "incident.note", SubjectKind: "incident", Subject: id, After: body})
	})
	if err != nil && !db.IsDuplicate(err) {
		return Incident{}, err
	}
	return s.Find(ctx, tid, id)
}
