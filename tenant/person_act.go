package tenant

import (
	"context"
	"fmt"
	"slices"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
)

// PersonAct is one of the things that can be done about somebody's place in the organisation (domain.md section 6).
type PersonAct string

// The acts. All but anonymising and deleting can be taken back.
const (
	ActSuspend   PersonAct = "suspend"   // 休職: no log-in; courses wait, nobody is reminded
	ActReturn    PersonAct = "return"    // back from 休職 or 退職
	ActLeave     PersonAct = "leave"     // 退職: no log-in, posts and roles end, open courses are withdrawn, evidence stays
	ActStay      PersonAct = "stay"      // a leaving that was entered in advance is taken back
	ActAnonymise PersonAct = "anonymise" // who it was is gone for good, what was done stays under a pseudonym
	ActDelete    PersonAct = "delete"    // the person and everything they did are gone for good
)

// PersonActs lists the acts.
var PersonActs = []PersonAct{ActSuspend, ActReturn, ActLeave, ActStay, ActAnonymise, ActDelete}

// Final tells whether the act cannot be taken back.
func (a PersonAct) Final() bool { return a == ActAnonymise || a == ActDelete }

// MaxChosen is how many people one act can be about.
const MaxChosen = 20_000

// Chosen says whom an act is about: single people, or everybody who matches a filter as its list showed them.
type Chosen struct {
	IDs    []db.ID
	Filter *PeopleQuery // set: IDs are not looked at
	Shown  int          // how many the filter showed; when by now it is more than one in a hundred others, nothing happens
}

// ActInput is an act with whom it is about.
type ActInput struct {
	Act      PersonAct
	Chosen   Chosen
	On       string // leave: the last day. A day still to come is kept, and a job makes it so when the day is over
	Posts    bool   // return: take back the posts that ended with the leaving
	Withdraw bool   // anonymise: certificates are revoked and lose the name; otherwise they stay as they were issued
	Losing   int    // delete: Consequences.Evidence as it was shown; when it is another number nothing happens
}

// RecordCounts is what other rooms keep about people, in figures.
type RecordCounts struct {
	Enrolments   int // all
	Started      int // of them, where something was done
	Open         int // still to do
	Overdue      int // of them, late today
	Completed    int
	Attempts     int
	Certificates int // in force
	Documents    int // issued training records in which the people are named
	Rules        int // assignment rules about the people themselves
}

// Add sums up.
func (c *RecordCounts) Add(o RecordCounts) {
	c.Enrolments, c.Started, c.Open, c.Overdue = c.Enrolments+o.Enrolments, c.Started+o.Started, c.Open+o.Open, c.Overdue+o.Overdue
	c.Completed, c.Attempts, c.Certificates, c.Rules = c.Completed+o.Completed, c.Attempts+o.Attempts, c.Certificates+o.Certificates, c.Rules+o.Rules
	c.Documents = max(c.Documents, o.Documents)
}

// Refusal is why an act cannot be, for how many people, and the first of them.
type Refusal struct {
	Key   string
	Count int
	Names []string
}

// Consequences is what an act would do, before it does.
type Consequences struct {
	RecordCounts
	People   int // whom the act changes
	Already  int // who are so already: nothing changes for them
	Refused  []Refusal
	LogIns   int // who can log in now and cannot any more; for a return, who can again
	Roles    int // given back
	Posts    int // that end; for a return with posts, that begin again
	Values   int // of own fields
	Mails    int // still waiting to be sent
	Kept     int // lines of the audit log that name the people as the ones who acted: they stay
	Evidence int // courses begun, attempts and certificates that a deletion takes
	Later    bool
	Names    []string // the first of them
}

// PeopleRecords is another room that keeps something about people. The tenant's own tables are not its business.
type PeopleRecords interface {
	// CountRecords says what is kept.
	CountRecords(ctx context.Context, tid ID, r db.Runner, people []db.ID) (RecordCounts, error)
	// ResumeRecords follows people who come back from a suspension: what fell due meanwhile is due later.
	ResumeRecords(ctx context.Context, tid ID, tx *db.Tx, people []db.ID) error
	// WithdrawRecords takes the documents out of force that carry the names of people who are being anonymised.
	WithdrawRecords(ctx context.Context, tid ID, tx *db.Tx, people []db.ID) error
	// DeleteRecords removes everything, and says how many rows of which table.
	DeleteRecords(ctx context.Context, tid ID, tx *db.Tx, people []db.ID) (map[string]int, error)
}

// PeopleActs does what changes somebody's place in the organisation, for one or many, all or nothing, and tells beforehand what it would do.
type PeopleActs struct {
	people  *People
	key     []byte
	records []PeopleRecords
}

// NewPeopleActs makes the service. key makes the ids in the deletion journal unreadable; records are asked for counts and told about endings.
func NewPeopleActs(people *People, key []byte, records ...PeopleRecords) *PeopleActs {
	return &PeopleActs{people: people, key: key, records: records}
}

func (in ActInput) validate(today string) error {
	var c fault.Check
	c.If(!slices.Contains(PersonActs, in.Act), "act", "not_in_list")
	if in.Act == ActLeave {
		c.If(!ValidDay(in.On), "on", "date")
		c.If(ValidDay(in.On) && in.On > AddDays(today, 366), "on", "date_too_far")
	}
	if in.Chosen.Filter == nil {
		c.If(len(in.Chosen.IDs) == 0, "people", "required")
		c.If(len(in.Chosen.IDs) > MaxChosen, "people", "too_many", "max", MaxChosen)
	}
	return c.Err()
}

// Preview tells what the act would do. It changes nothing. It returns fault.Invalid, or fault.NotFound when one of the ids is nobody here.
func (s *PeopleActs) Preview(ctx context.Context, tid ID, in ActInput) (Consequences, error) {
	if err := in.validate(s.people.today()); err != nil {
		return Consequences{}, err
	}
	var out Consequences
	err := s.people.db.Snapshot(ctx, func(r db.Runner) error {
		list, err := s.chosen(ctx, tid, r, in.Chosen)
		if err != nil {
			return err
		}
		out, _, err = s.weigh(ctx, tid, r, in, list)
		return err
	})
	return out, err
}

// Do does the act and tells what it did. It returns fault.Invalid, fault.NotFound, or fault.Conflict: the key of the first Refusal, "selection_changed" with the
// number now, or "evidence_changed" with what a deletion would take. Then nothing happened.
func (s *PeopleActs) Do(ctx context.Context, tid ID, in ActInput) (Consequences, error) {
	if err := in.validate(s.people.today()); err != nil {
		return Consequences{}, err
	}
	var out Consequences
	err := s.people.db.Tx(ctx, func(tx *db.Tx) error {
		list, err := s.chosen(ctx, tid, tx.Locking(), in.Chosen)
		if err != nil {
			return err
		}
		var change []actPerson
		if out, change, err = s.weigh(ctx, tid, tx, in, list); err != nil {
			return err
		}
		switch {
		case in.Chosen.Filter != nil && 100*abs(len(list)-in.Chosen.Shown) > in.Chosen.Shown:
			return fault.New(fault.Conflict, "selection_changed", "count", len(list))
		case len(out.Refused) > 0:
			why := out.Refused[0]
			return &fault.Error{Kind: fault.Conflict, Key: why.Key, Args: map[string]any{"count": why.Count}}
		case in.Act == ActDelete && out.Evidence != in.Losing:
			return fault.New(fault.Conflict, "evidence_changed", "count", out.Evidence)
		}
		return s.do(ctx, tid, tx, in, change)
	})
	if err != nil {
		return Consequences{}, fmt.Errorf("%s people: %w", in.Act, err)
	}
	return out, nil
}

func abs(n int) int { return max(n, -n) }

func (s *PeopleActs) do(ctx context.Context, tid ID, tx *db.Tx, in ActInput, list []actPerson) error {
	if len(list) == 0 {
		return nil
	}
	switch in.Act {
	case ActSuspend:
		return s.people.place(ctx, tid, tx, placing{to: PersonSuspended, people: list})
	case ActReturn:
		return s.giveBack(ctx, tid, tx, in, list)
	case ActLeave:
		if in.On > s.people.today() {
			return s.people.leaveLater(ctx, tid, tx, list, in.On)
		}
		return s.people.place(ctx, tid, tx, placing{to: PersonLeft, on: in.On, people: list})
	case ActStay:
		return s.people.leaveLater(ctx, tid, tx, list, "")
	case ActAnonymise:
		return s.anonymise(ctx, tid, tx, in, list)
	case ActDelete:
		return s.delete(ctx, tid, tx, list, "")
	}
	return fault.New(fault.Internal, "act", "act", string(in.Act))
}

func (s *PeopleActs) giveBack(ctx context.Context, tid ID, tx *db.Tx, in ActInput, list []actPerson) error {
	var suspended []db.ID
	for _, p := range list {
		if p.state == PersonSuspended {
			suspended = append(suspended, p.id)
		}
	}
	if err := s.people.place(ctx, tid, tx, placing{to: PersonActive, posts: in.Posts, people: list}); err != nil {
		return err
	}
	for _, r := range s.records {
		if err := r.ResumeRecords(ctx, tid, tx, suspended); err != nil {
			return err
		}
	}
	return nil
}

// KindPersonLeave is the job that lets people leave whose last day, entered in advance, is over.
const KindPersonLeave = "person.leave"

// LeaveDue is the handler of KindPersonLeave. Somebody who has become manager meanwhile stays until the role is handed over.
func (s *PeopleActs) LeaveDue(ctx context.Context, _ db.Job, _ func(int64, int64)) error {
	type due struct {
		tenant int64
		on     string
	}
	people := map[due][]db.ID{}
	if err := db.Each(ctx, s.people.db, sqlLeavesDue, []any{s.people.today()}, func(scan func(...any) error) error {
		var d due
		var id db.ID
		err := scan(&d.tenant, &id, &d.on)
		people[d] = append(people[d], id)
		return err
	}); err != nil {
		return fmt.Errorf("find who leaves: %w", err)
	}
	for d, ids := range people {
		tid := System(d.tenant, "leaving entered in advance")
		if err := s.people.db.Tx(ctx, func(tx *db.Tx) error { return s.leaveNow(ctx, tid, tx, d.on, ids) }); err != nil {
			return fmt.Errorf("let people leave: %w", err)
		}
	}
	return nil
}

// leaveNow leaves out who was kept, or given another day, since the job looked.
func (s *PeopleActs) leaveNow(ctx context.Context, tid ID, tx *db.Tx, on string, ids []db.ID) error {
	list, err := s.read(ctx, tid, tx.Locking(), ids)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(p actPerson) bool {
		return string(p.leavesOn) != on || p.state != PersonActive && p.state != PersonSuspended
	})
	return s.people.place(ctx, tid, tx, placing{to: PersonLeft, on: on, people: list})
}

// SchedulePersonLeave is how often the job looks: a last day ends within so long after midnight.
const SchedulePersonLeave = 10 * time.Minute
