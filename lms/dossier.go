package lms

import (
	"context"
	"fmt"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

const (
	sqlDossierPerson = `SELECT p.name, p.name_kana, p.employee_number, p.login_id, p.state, p.joined_on, p.left_on, o.name FROM person p
 JOIN organisation o ON o.tenant_id = p.tenant_id WHERE p.tenant_id = ? AND p.id = ?`
	sqlDossierEnrolments = `SELECT e.id, e.round_id, r.title, r.course_title, r.starts_on, e.status, e.due_on, e.lessons_done, e.lessons_total, e.score_percent,
 e.started_at, e.completed_at, e.exempt_reason, e.created_at, e.self_reported FROM enrolment e JOIN round r ON r.tenant_id = e.tenant_id AND r.id = e.round_id`
	sqlDossierSpent = `SELECT g.enrolment_id, SUM(g.spent_seconds) FROM progress g`
	// What was answered is not read: the manager sees results, never answers.
	sqlDossierAttempts = `SELECT a.enrolment_id, a.number, a.state, a.score_percent, COALESCE(a.passed, 0), a.started_at, a.submitted_at FROM attempt a`
)

// DossierEntry is one course that a person was given, with everything that became of it.
type DossierEntry struct {
	Enrolment    db.ID
	Round        db.ID
	RoundTitle   string
	CourseTitle  string
	StartsOn     string
	Status       Status
	Overdue      bool
	DueOn        string
	LessonsDone  int
	LessonsTotal int
	Score        *int // percent, of the best quiz
	SpentSeconds int  // counted once, however many windows
	AssignedAt   db.Time
	StartedAt    db.Time
	CompletedAt  db.Time
	Reason       string // why exempt or withdrawn
	Attempts     []DossierAttempt
	Certificate  *Certificate  // the one that stands; nil: none was issued
	Replaced     []Certificate // those that it was issued in the place of, in their order
	Pledges      []Signature   // what they signed
	SelfReported bool          // something that counts rests on what a learning package reported about itself
}

// DossierAttempt is one try at a quiz, without what was answered.
type DossierAttempt struct {
	Number      int
	State       string // open, submitted
	Score       *int
	Passed      bool
	StartedAt   db.Time
	SubmittedAt db.Time
}

// DossierPerson is whose dossier it is, as the paper names them.
type DossierPerson struct {
	Name, NameKana, EmployeeNumber, LoginID, State string
	JoinedOn, LeftOn                               db.Text
	Organisation                                   string
}

// Dossiers reads what one person has learnt.
type Dossiers struct {
	db    *db.DB
	audit *tenant.Audit
	clock func() time.Time
}

// NewDossiers makes the service.
func NewDossiers(d *db.DB, audit *tenant.Audit, clock func() time.Time) *Dossiers {
	return &Dossiers{db: d, audit: audit, clock: clock}
}

// List gives a page of a person's courses, the newest assignment first, and the cursor of the next ("" at the end). It returns fault.NotFound.
func (s *Dossiers) List(ctx context.Context, tid tenant.ID, person db.ID, page db.Page) (entries []DossierEntry, next string, err error) {
	err = s.db.Snapshot(ctx, func(r db.Runner) error {
		p, err := s.person(ctx, tid, r, person)
		if err != nil {
			return err
		}
		entries, next, err = s.page(ctx, tid, r, person, p, page)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list dossier: %w", err)
	}
	return entries, next, nil
}

func (s *Dossiers) person(ctx context.Context, tid tenant.ID, r db.Runner, id db.ID) (p DossierPerson, err error) {
	err = db.One(r.QueryRow(ctx, sqlDossierPerson, tid, id).Scan(&p.Name, &p.NameKana, &p.EmployeeNumber, &p.LoginID, &p.State, &p.JoinedOn, &p.LeftOn, &p.Organisation))
	return p, err
}

func (s *Dossiers) page(ctx context.Context, tid tenant.ID, r db.Runner, person db.ID, whose DossierPerson, page db.Page) ([]DossierEntry, string, error) {
	cond := db.Where("e.tenant_id = ? AND e.person_id = ?", tid, person)
	after, err := db.ReadCursor(page.After, 1)
	if err != nil {
		return nil, "", err
	}
	if after != nil {
		id, err := db.ParseID(after[0])
		if err != nil {
			return nil, "", fault.Wrap(err, fault.Invalid, "cursor")
		}
		cond.And("e.id < ?", id)
	}
	limit, today := page.Clamp(), tenant.Today(s.clock)
	list := []DossierEntry{}
	if err := db.Each(ctx, r, sqlDossierEnrolments+cond.SQL()+" ORDER BY +e.id DESC LIMIT ?", cond.Args(limit+1), func(scan func(...any) error) error {
		e := DossierEntry{Attempts: []DossierAttempt{}}
		err := scan(&e.Enrolment, &e.Round, &e.RoundTitle, &e.CourseTitle, &e.StartsOn, &e.Status, &e.DueOn, &e.LessonsDone, &e.LessonsTotal, &e.Score,
			&e.StartedAt, &e.CompletedAt, &e.Reason, &e.AssignedAt, &e.SelfReported)
		e.Overdue = Overdue(e.Status, tenant.PersonState(whose.State), e.DueOn, today)
		list = append(list, e)
		return err
	}); err != nil {
		return nil, "", err
	}
	next := ""
	if len(list) > limit {
		list = list[:limit]
		next = db.Cursor(list[limit-1].Enrolment.String())
	}
	return list, next, s.complete(ctx, tid, r, list)
}

// complete adds time spent, attempts and certificates, in one query each.
func (s *Dossiers) complete(ctx context.Context, tid tenant.ID, r db.Runner, list []DossierEntry) error {
	at, ids := make(map[db.ID]*DossierEntry, len(list)), make([]any, 0, len(list))
	for i := range list {
		at[list[i].Enrolment] = &list[i]
		ids = append(ids, list[i].Enrolment)
	}
	of := db.Where("g.tenant_id = ?", tid).In("g.enrolment_id", ids)
	err := db.Each(ctx, r, sqlDossierSpent+of.SQL()+" GROUP BY g.enrolment_id", of.Args(), func(scan func(...any) error) error {
		var id db.ID
		var seconds int
		err := scan(&id, &seconds)
		if e := at[id]; e != nil {
			e.SpentSeconds = seconds
		}
		return err
	})
	if err != nil {
		return err
	}
	of = db.Where("a.tenant_id = ?", tid).In("a.enrolment_id", ids)
	err = db.Each(ctx, r, sqlDossierAttempts+of.SQL()+" ORDER BY a.started_at, a.id", of.Args(), func(scan func(...any) error) error {
		var id db.ID
		var a DossierAttempt
		err := scan(&id, &a.Number, &a.State, &a.Score, &a.Passed, &a.StartedAt, &a.SubmittedAt)
		if e := at[id]; e != nil {
			e.Attempts = append(e.Attempts, a)
		}
		return err
	})
	if err != nil {
		return err
	}
	signed, err := signaturesOf(ctx, tid, r, ids)
	if err != nil {
		return err
	}
	for enrolment, list := range signed {
		at[enrolment].Pledges = list
	}
	of = db.Where("c.tenant_id = ?", tid).In("c.enrolment_id", ids)
	certificates, err := db.List(ctx, r, sqlCertificatesOf+of.SQL()+" ORDER BY c.enrolment_id, c.replaced", of.Args(), scanCertificate)
	for _, c := range certificates {
		e := at[c.Enrolment]
		switch {
		case e == nil:
		case c.Replaced == 0:
			e.Certificate = &c
		default:
			e.Replaced = append(e.Replaced, c)
		}
	}
	return err
}

// Ledger is a person's dossier to print (個人別受講台帳).
type Ledger struct {
	Person  DossierPerson
	Posts   []tenant.Post // of all times, the newest first
	Entries []DossierEntry
	At      time.Time
}

// maxLedger is how many courses one paper shows, the newest: more than anybody is given in a working life.
const maxLedger = 2000

// Print gives the whole ledger of a person as it is now, and says in the audit log who took it away. It returns fault.NotFound.
func (s *Dossiers) Print(ctx context.Context, tid tenant.ID, person db.ID) (Ledger, error) {
	l := Ledger{At: s.clock()}
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		var err error
		if l.Person, err = s.person(ctx, tid, tx, person); err != nil {
			return err
		}
		if l.Posts, err = tenant.ReadPosts(ctx, tid, tx, person, tenant.Day(l.At)); err != nil {
			return err
		}
		l.Entries = nil
		for page := (db.Page{Limit: db.MaxLimit}); len(l.Entries) < maxLedger; {
			entries, next, err := s.page(ctx, tid, tx, person, l.Person, page)
			if err != nil {
				return err
			}
			l.Entries = append(l.Entries, entries...)
			if page.After = next; next == "" {
				break
			}
		}
		return s.audit.Append(ctx, tid, tx, tenant.Change{Action: "person.ledger", SubjectKind: "person", Subject: person, Detail: map[string]any{"courses": len(l.Entries)}})
	})
	if err != nil {
		return Ledger{}, fmt.Errorf("print ledger: %w", err)
	}
	return l, nil
}
