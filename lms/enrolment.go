package lms

import (
	"context"
	"fmt"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Status is where one person stands in one round. Overdue is no status: it is worked out from the due day (see Overdue), so that
// nothing has to run at midnight for it to be true.
type Status string

// The statuses, with the words auditors see (domain.md section 4). Completed is never left again.
const (
	NotStarted  Status = "not_started" // 未受講
	InProgress  Status = "in_progress" // 受講中
	Interrupted Status = "interrupted" // 中断: a quiz left midway
	Failed      Status = "failed"      // 不合格: the last submitted quiz was not passed
	Completed   Status = "completed"   // 合格・修了
	Exempt      Status = "exempt"      // 対象外, always with a reason
	Withdrawn   Status = "withdrawn"   // 取り下げ: no longer asked of this person; what was done stays
)

// Statuses lists every status in the order people read them.
var Statuses = []Status{NotStarted, InProgress, Interrupted, Failed, Completed, Exempt, Withdrawn}

// Open tells whether the person still has to do something.
func (s Status) Open() bool {
	return s == NotStarted || s == InProgress || s == Interrupted || s == Failed
}

// Overdue tells whether an enrolment of status s that is due on dueOn is late on the day today (both YYYY-MM-DD, the due day included). Of somebody on
// leave nothing is: nobody waits for them, and coming back moves the day (ReasonReturned). sqlOverdue says the same to the database.
func Overdue(s Status, of tenant.PersonState, dueOn, today string) bool {
	return s.Open() && of != tenant.PersonSuspended && dueOn < today
}

// Enrolment is one person in one round, as the manager's list shows it.
type Enrolment struct {
	ID             db.ID
	Person         db.ID
	Name           string
	LoginID        string
	EmployeeNumber string
	PersonState    string
	Departments    []string // held today
	Status         Status
	Overdue        bool
	DueOn          string
	LessonsDone    int
	LessonsTotal   int
	Score          *int // percent, of the best quiz so far
	StartedAt      db.Time
	CompletedAt    db.Time
	LastActivityAt db.Time
	Reason         string // why exempt or withdrawn
	ExemptUntil    string // the last day of an exemption; empty: for the whole round
	ExtendedOn     string // the later due day that the manager gave; DueOn is it unless the round's own is later
	ExtendedReason string
	SelfReported   bool // something that counts rests on what a learning package reported about itself

	version db.ID // the published version that the person takes; zero: the round's
}

// EnrolmentFilter narrows a list of enrolments. Every field that is set narrows further.
type EnrolmentFilter struct {
	Round      db.ID
	Statuses   []Status // any of them
	Overdue    bool     // or late, beside Statuses
	Department db.ID    // of people who belong to it today
	Query      string   // name, kana, login ID, employee number, mail address
	NoAddress  bool     // whom no mail reaches
}

// MaxReason is the most characters a reason may have.
const MaxReason = 500

func (f EnrolmentFilter) cond(tid tenant.ID, today string) *db.Cond {
	cond := db.Where("e.tenant_id = ? AND e.round_id = ?", tid, f.Round)
	switch late := len(f.Statuses) > 0; {
	case late && f.Overdue:
		args := []any{}
		for _, s := range f.Statuses {
			args = append(args, s)
		}
		cond.And("e.status IN ("+db.Marks(len(args))+") OR ("+sqlOverdue+")", append(args, today, tid)...)
	case f.Overdue:
		cond.And(sqlOverdue, today, tid)
	case late:
		args := []any{}
		for _, s := range f.Statuses {
			args = append(args, s)
		}
		cond.In("e.status", args)
	}
	if !f.Department.IsZero() {
		cond.And("e.person_id IN ("+sqlHoldersOf+"(?))", tid, today, today, f.Department)
	}
	if f.NoAddress {
		cond.And("p.email = ''")
	}
	if q := tenant.Fold(f.Query); q != "" {
		cond.And("p.search_text LIKE ? ESCAPE '!'", "%"+db.Like(q)+"%")
	}
	return cond
}

// ListEnrolments gives the people of a round by name, the cursor of the next page, and, on the first page, how many there are in all.
// NotFound when there is no such round.
func (s *Rounds) ListEnrolments(ctx context.Context, tid tenant.ID, f EnrolmentFilter, page db.Page) (list []Enrolment, next string, total int, err error) {
	if _, err := s.Find(ctx, tid, f.Round); err != nil {
		return nil, "", 0, err
	}
	after, err := db.ReadCursor(page.After, 2)
	if err != nil {
		return nil, "", 0, err
	}
	if after == nil {
		cond := f.cond(tid, tenant.Today(s.clock))
		if err := s.db.QueryRow(ctx, sqlCountEnrolments+cond.SQL(), cond.Args()...).Scan(&total); err != nil {
			return nil, "", 0, db.One(err)
		}
	}
	list, next, err = s.pageOfEnrolments(ctx, tid, s.db, f, after, page.Clamp())
	return list, next, total, err
}

func (s *Rounds) pageOfEnrolments(ctx context.Context, tid tenant.ID, r db.Runner, f EnrolmentFilter, after []string, limit int) ([]Enrolment, string, error) {
	today := tenant.Today(s.clock)
	cond := f.cond(tid, today)
	if after != nil {
		id, err := db.ParseID(after[1])
		if err != nil {
			return nil, "", fault.Wrap(err, fault.Invalid, "cursor")
		}
		cond.And("p.sort_name > ? OR (p.sort_name = ? AND p.id > ?)", after[0], after[0], id)
	}
	list, sortNames, err := readEnrolments(ctx, r, today, sqlListEnrolments+cond.SQL()+" ORDER BY p.sort_name, p.id LIMIT ?", cond.Args(limit+1)...)
	if err != nil {
		return nil, "", fmt.Errorf("list enrolments: %w", err)
	}
	next := ""
	if len(list) > limit {
		list = list[:limit]
		next = db.Cursor(sortNames[limit-1], list[limit-1].Person.String())
	}
	return list, next, s.nameDepartments(ctx, tid, r, list, today)
}

func readEnrolments(ctx context.Context, r db.Runner, today, query string, args ...any) (list []Enrolment, sortNames []string, err error) {
	list = []Enrolment{}
	err = db.Each(ctx, r, query, args, func(scan func(...any) error) error {
		var e Enrolment
		var sortName string
		var until, extended db.Text
		if err := scan(&e.ID, &e.Person, &e.Name, &e.LoginID, &e.EmployeeNumber, &e.PersonState, &sortName, &e.Status, &e.DueOn, &e.LessonsDone,
			&e.LessonsTotal, &e.Score, &e.StartedAt, &e.CompletedAt, &e.LastActivityAt, &e.Reason, &until, &extended, &e.ExtendedReason, &e.SelfReported, &e.version); err != nil {
			return err
		}
		e.ExemptUntil, e.ExtendedOn = string(until), string(extended)
		e.Overdue = Overdue(e.Status, tenant.PersonState(e.PersonState), e.DueOn, today)
		list, sortNames = append(list, e), append(sortNames, sortName)
		return nil
	})
	return list, sortNames, err
}

// nameDepartments fills in the departments of everybody in list with one query a part.
func (s *Rounds) nameDepartments(ctx context.Context, tid tenant.ID, r db.Runner, list []Enrolment, today string) error {
	at := make(map[db.ID]int, len(list))
	ids := make([]db.ID, len(list))
	for i, e := range list {
		at[e.Person], ids[i] = i, e.Person
	}
	for part := range slices.Chunk(ids, chunk) {
		cond := db.Where(sqlHeldToday, tid, today, today).
			In("pd.person_id", db.Args(part))
		err := db.Each(ctx, r, sqlDepartmentNames+cond.SQL()+" ORDER BY d.name, d.id", cond.Args(), func(scan func(...any) error) error {
			var person db.ID
			var name string
			if err := scan(&person, &name); err != nil {
				return err
			}
			e := &list[at[person]]
			e.Departments = append(e.Departments, name)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// EachEnrolment hands over every enrolment that the filter shows, in the order of the list, a page at a time; it is the export.
func (s *Rounds) EachEnrolment(ctx context.Context, tid tenant.ID, f EnrolmentFilter, each func(Enrolment) error) error {
	if _, err := s.Find(ctx, tid, f.Round); err != nil {
		return err
	}
	return s.db.Snapshot(ctx, func(r db.Runner) error {
		var after []string
		for {
			list, next, err := s.pageOfEnrolments(ctx, tid, r, f, after, db.MaxLimit)
			if err != nil {
				return err
			}
			for _, e := range list {
				if err := each(e); err != nil {
					return err
				}
			}
			if next == "" {
				return nil
			}
			if after, err = db.ReadCursor(next, 2); err != nil {
				return err
			}
		}
	})
}
