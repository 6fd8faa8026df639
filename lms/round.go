package lms

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// RoundState says whether a round still takes part in the day: open, or closed. A closed round is evidence: nobody is added or reminded.
type RoundState string

// The states of a round.
const (
	RoundOpen   RoundState = "open"
	RoundClosed RoundState = "closed"
)

// MaxTitle is the most characters a round's title may have.
const MaxTitle = 200

// Round is one running of a published course for a set of people, with a first day and a deadline (both calendar days, included).
type Round struct {
	ID           db.ID
	Title        string
	CourseTenant int64 // stays inside the process
	VersionID    db.ID
	CourseTitle  string
	Lessons      int
	StartsOn     string
	DeadlineOn   string
	State        RoundState
	Due          Due
	FollowOut    bool  // who no longer matches and has not started is withdrawn when they change
	CopiedFrom   db.ID // the round whose audience it took; zero: none
	Recurrence   db.ID // the Recurrence that it began or that opened it; zero: none
	Version      int64
	CreatedBy    db.ID
	CreatedAt    db.Time
	UpdatedAt    db.Time

	turn string // which one of its recurrence it is, written once; empty: none
}

// NewRound is what a manager decides when making a round.
type NewRound struct {
	ID         db.ID // derived from the caller's Idempotency-Key, or new
	Title      string
	Course     db.ID // of the catalogue: the organisation's own or a shared one
	StartsOn   string
	DeadlineOn string
	Due        Due // zero: DueFixed
	FollowOut  bool
	CopiedFrom db.ID // a round of the organisation, kept as evidence of where the audience came from
	// SameQuestions asks what CopiedFrom asked, where the course draws questions for a whole round; otherwise other ones are drawn.
	SameQuestions bool
	Audience      Audience
	Recurrence    RecurrencePlan // zero: RecurOnce
}

// RoundChange is what may change of a round; nil leaves it. Version is the one that was read.
type RoundChange struct {
	Version    int64
	Title      *string
	StartsOn   *string
	DeadlineOn *string
	Due        *Due
	FollowOut  *bool
	State      *RoundState
}

// PublishedCourses reads published course versions; content.Versions does it.
type PublishedCourses interface {
	FindVersion(ctx context.Context, tid tenant.ID, courseTenant int64, version db.ID) (*content.CourseVersion, error)
	FindLatest(ctx context.Context, tid tenant.ID, course db.ID) (*content.CourseVersion, error)
	Keep(ctx context.Context, tx *db.Tx, tid tenant.ID, owner int64, course, version db.ID) error
}

// Rounds makes rounds, puts people into them, and reads how they stand.
type Rounds struct {
	db      *db.DB
	audit   *tenant.Audit
	courses PublishedCourses
	clock   func() time.Time
}

// NewRounds makes the service.
func NewRounds(d *db.DB, audit *tenant.Audit, courses PublishedCourses, clock func() time.Time) *Rounds {
	return &Rounds{db: d, audit: audit, courses: courses, clock: clock}
}

func checkRound(c *fault.Check, title, startsOn, deadlineOn string, due Due) {
	due.check(c)
	c.If(title == "", "title", "required")
	c.If(utf8.RuneCountInString(title) > MaxTitle, "title", "too_long", "max", MaxTitle)
	c.If(!tenant.ValidDay(startsOn), "starts_on", "bad_date")
	c.If(!tenant.ValidDay(deadlineOn), "deadline_on", "bad_date")
	c.If(tenant.ValidDay(startsOn) && tenant.ValidDay(deadlineOn) && deadlineOn < startsOn, "deadline_on", "deadline_before_start")
}

// Create makes a round, its assignment rules and the enrolments of everybody they reach now, in one transaction. A round that exists already
// with the same ID is given back as it is, so a repeated request makes one round. It returns Invalid for wrong input and NotFound never: a course
// that the organisation may not use is an invalid course_id.
func (s *Rounds) Create(ctx context.Context, tid tenant.ID, n NewRound) (Round, error) {
	n.Title = tenant.Tidy(n.Title)
	if n.Due.Rule == "" {
		n.Due.Rule = DueFixed
	}
	var check fault.Check
	checkRound(&check, n.Title, n.StartsOn, n.DeadlineOn, n.Due)
	check.If(tenant.ValidDay(n.DeadlineOn) && n.DeadlineOn < tenant.Today(s.clock), "deadline_on", "deadline_past")
	n.Audience.check(&check, true)
	if n.Recurrence.Kind == "" {
		n.Recurrence.Kind = RecurOnce
	}
	n.Recurrence.check(&check)
	if err := check.Err(); err != nil {
		return Round{}, err
	}
	if !n.CopiedFrom.IsZero() {
		again, err := s.FindRecurrence(ctx, tid, n.CopiedFrom)
		if fault.Is(err, fault.NotFound) {
			check.Add("copied_from", "round_unknown")
		} else if err != nil {
			return Round{}, err
		}
		// Two of one training that both come again ask the same people twice, for ever.
		check.If(again.active() && n.Recurrence.Kind != RecurOnce, "recurrence.kind", "recurs_already")
		if err := check.Err(); err != nil {
			return Round{}, err
		}
	}
	course, err := s.courses.FindLatest(ctx, tid, n.Course)
	if fault.Is(err, fault.NotFound) {
		check.Add("course_id", "course_unknown")
		return Round{}, check.Err()
	} else if err != nil {
		return Round{}, err
	}
	now := db.At(s.clock())
	r := Round{
		ID: n.ID, Title: n.Title, CourseTenant: course.Tenant, VersionID: course.ID, CourseTitle: course.Title, Lessons: course.LessonCount,
		StartsOn: n.StartsOn, DeadlineOn: n.DeadlineOn, State: RoundOpen,
		Due: n.Due, FollowOut: n.FollowOut, CopiedFrom: n.CopiedFrom, Version: 1, CreatedBy: tenant.ActorFrom(ctx).Person, CreatedAt: now, UpdatedAt: now,
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error { return s.create(ctx, tid, tx, &r, course.Course, n) })
	if db.IsDuplicateOf(err, "PRIMARY", "id") {
		return s.Find(ctx, tid, n.ID)
	}
	if err != nil {
		return Round{}, fmt.Errorf("create round: %w", err)
	}
	return r, nil
}

func (s *Rounds) create(ctx context.Context, tid tenant.ID, tx *db.Tx, r *Round, course db.ID, n NewRound) error {
	if err := s.lockAudience(ctx, tid, tx); err != nil {
		return err
	}
	if err := s.courses.Keep(ctx, tx, tid, r.CourseTenant, course, r.VersionID); err != nil {
		return err
	}
	rules := n.Audience.rules()
	out, err := s.fill(ctx, tid, tx, *r, rules)
	if err != nil {
		return err
	}
	if n.SameQuestions && !r.CopiedFrom.IsZero() {
		if _, err := tx.Exec(ctx, sqlCopyQuestions, r.ID, r.CreatedAt, tid, r.CopiedFrom); err != nil {
			return err
		}
	}
	err = s.audit.Append(ctx, tid, tx, tenant.Change{Action: "round.create", SubjectKind: "round", Subject: r.ID, After: roundDigest(*r),
		Detail: map[string]any{"title": r.Title, "course": r.CourseTitle, "starts_on": r.StartsOn, "deadline_on": r.DeadlineOn, "due_rule": r.Due.Rule, "due_days": r.Due.Days,
			"follow_out": r.FollowOut, "audience": ruleWords(rules), "assigned": out.Added}})
	if err != nil || n.Recurrence.Kind == RecurOnce {
		return err
	}
	c, err := s.setRecurrence(ctx, tid, tx, *r, Recurrence{}, RecurrenceChange{RecurrencePlan: n.Recurrence}.tidy())
	r.Recurrence = c.ID
	return err
}

// fill writes a new round, its rules and the people whom they reach. The audience must be locked.
func (s *Rounds) fill(ctx context.Context, tid tenant.ID, tx *db.Tx, r Round, rules []Rule) (Outcome, error) {
	if err := insertRound(ctx, tid, tx, r); err != nil {
		return Outcome{}, err
	}
	if err := s.checkTargets(ctx, tid, tx, rules); err != nil {
		return Outcome{}, err
	}
	if err := s.writeRules(ctx, tid, tx, r.ID, rules); err != nil {
		return Outcome{}, err
	}
	return s.carryOut(ctx, tid, tx, r, change{added: rules}, r.CreatedAt)
}

func insertRound(ctx context.Context, tid tenant.ID, tx *db.Tx, r Round) error {
	_, err := tx.Exec(ctx, sqlInsertRound, tid, r.ID, r.Title, r.CourseTenant, r.VersionID, r.CourseTitle, r.Lessons, r.StartsOn, r.DeadlineOn,
		r.State, string(r.Due.Rule), r.Due.Days, r.FollowOut, r.CopiedFrom, r.Recurrence, db.Text(r.turn), r.CreatedBy, r.CreatedAt, r.UpdatedAt)
	return err
}

func roundDigest(r Round) map[string]any {
	return map[string]any{"title": r.Title, "version": r.VersionID, "starts_on": r.StartsOn, "deadline_on": r.DeadlineOn, "state": r.State,
		"due_rule": r.Due.Rule, "due_days": r.Due.Days, "follow_out": r.FollowOut}
}

// Find gives one round; NotFound when the organisation has none of this ID.
func (s *Rounds) Find(ctx context.Context, tid tenant.ID, id db.ID) (Round, error) {
	return findRound(ctx, tid, s.db, id)
}

func findRound(ctx context.Context, tid tenant.ID, r db.Runner, id db.ID) (Round, error) {
	round, err := scanRound(r.QueryRow(ctx, sqlSelectRound+" WHERE r.tenant_id = ? AND r.id = ?", tid, id))
	return round, db.One(err)
}

// lockRound gives one round and keeps it as it is until the end of the transaction.
func lockRound(ctx context.Context, tid tenant.ID, tx *db.Tx, id db.ID) (Round, error) {
	round, err := scanRound(tx.QueryRowLocked(ctx, sqlSelectRound+" WHERE r.tenant_id = ? AND r.id = ?", tid, id))
	return round, db.One(err)
}

// RoundRow is a round with its figures, as lists show it.
type RoundRow struct {
	Round
	Figures
	Dues  DueSpan
	Stuck string // why the next round of this training could not be opened (ProblemCourseGone ...); empty: it could, or none is to be
}

// List gives rounds, the latest deadline first, and the cursor of the next page; state "" is all.
func (s *Rounds) List(ctx context.Context, tid tenant.ID, state RoundState, page db.Page) ([]RoundRow, string, error) {
	cond := db.Where("r.tenant_id = ?", tid)
	if state != "" {
		cond.And("r.state = ?", state)
	}
	after, err := db.ReadCursor(page.After, 2)
	if err != nil {
		return nil, "", err
	}
	if after != nil {
		id, err := db.ParseID(after[1])
		if err != nil {
			return nil, "", fault.Wrap(err, fault.Invalid, "cursor")
		}
		cond.And("r.deadline_on < ? OR (r.deadline_on = ? AND r.id < ?)", after[0], after[0], id)
	}
	limit := page.Clamp()
	rounds, err := db.List(ctx, s.db, sqlSelectRound+cond.SQL()+" ORDER BY r.deadline_on DESC, r.id DESC LIMIT ?", cond.Args(limit+1), scanRound)
	if err != nil {
		return nil, "", fmt.Errorf("list rounds: %w", err)
	}
	next := ""
	if len(rounds) > limit {
		rounds = rounds[:limit]
		next = db.Cursor(rounds[limit-1].DeadlineOn, rounds[limit-1].ID.String())
	}
	rows, err := s.withFigures(ctx, tid, s.db, rounds)
	return rows, next, err
}

// FindRow gives one round with its figures.
func (s *Rounds) FindRow(ctx context.Context, tid tenant.ID, id db.ID) (RoundRow, error) {
	r, err := s.Find(ctx, tid, id)
	if err != nil {
		return RoundRow{}, err
	}
	rows, err := s.withFigures(ctx, tid, s.db, []Round{r})
	if err != nil {
		return RoundRow{}, err
	}
	return rows[0], nil
}

// Update changes a round's title, days, due rule, state, or whether it follows who moves out (from now on). New days move the due day of those who
// have not finished; who was given a later day of their own keeps it unless the new one is later still. It returns Invalid, NotFound, and Conflict when the round changed since it was read.
func (s *Rounds) Update(ctx context.Context, tid tenant.ID, id db.ID, c RoundChange) (Round, error) {
	var r Round
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		// Opening enrols people, and who joins meanwhile is to have the new days. The audience is always locked before a round, or two managers could wait
		// for each other.
		if err := s.lockAudience(ctx, tid, tx); err != nil {
			return err
		}
		old, err := lockRound(ctx, tid, tx, id)
		if err != nil {
			return err
		}
		if old.Version != c.Version {
			return fault.New(fault.Conflict, "conflict")
		}
		if r, err = c.apply(old); err != nil {
			return err
		}
		r.UpdatedAt = db.At(s.clock())
		if _, err := tx.Exec(ctx, sqlUpdateRound, r.Title, r.StartsOn, r.DeadlineOn, r.State, string(r.Due.Rule), r.Due.Days, r.FollowOut,
			r.Version, r.UpdatedAt, tid, id); err != nil {
			return err
		}
		if r.StartsOn != old.StartsOn || r.DeadlineOn != old.DeadlineOn || r.Due != old.Due {
			if err := s.moveDue(ctx, tid, tx, old, r); err != nil {
				return err
			}
		}
		if old.State == RoundClosed && r.State == RoundOpen {
			if err := s.catchUp(ctx, tid, tx, r); err != nil {
				return err
			}
			if err := finishMove(ctx, tid, tx, r, s.clock()); err != nil {
				return err
			}
		}
		return s.audit.Append(ctx, tid, tx, tenant.Change{Action: "round.update", SubjectKind: "round", Subject: id, Before: roundDigest(old), After: roundDigest(r),
			Detail: map[string]any{"title": r.Title, "starts_on": r.StartsOn, "deadline_on": r.DeadlineOn, "deadline_before": old.DeadlineOn, "state": r.State,
				"due_rule": r.Due.Rule, "due_days": r.Due.Days, "follow_out": r.FollowOut}})
	})
	if err != nil {
		return Round{}, fmt.Errorf("update round: %w", err)
	}
	return r, nil
}

// catchUp enrols those who came to match a round's lasting rules while it was closed, and ends the exemptions that ended meanwhile. The audience must
// be locked.
func (s *Rounds) catchUp(ctx context.Context, tid tenant.ID, tx *db.Tx, r Round) error {
	rules, err := s.rules(ctx, tid, tx, r.ID)
	if err != nil {
		return err
	}
	var c change
	for _, rule := range rules {
		if rule.FutureJoiners && !rule.Excluded {
			c.added = append(c.added, rule)
		} else {
			c.kept = append(c.kept, rule)
		}
	}
	if len(c.added) > 0 {
		if _, err := s.carryOut(ctx, tid, tx, r, c, db.At(s.clock())); err != nil {
			return err
		}
	}
	return s.endExemptions(ctx, tid, tx, r)
}

func (c RoundChange) apply(was Round) (Round, error) {
	r := was
	if c.Title != nil {
		r.Title = tenant.Tidy(*c.Title)
	}
	if c.StartsOn != nil {
		r.StartsOn = *c.StartsOn
	}
	if c.DeadlineOn != nil {
		r.DeadlineOn = *c.DeadlineOn
	}
	if c.Due != nil {
		r.Due = *c.Due
	}
	if c.FollowOut != nil {
		r.FollowOut = *c.FollowOut
	}
	if c.State != nil {
		r.State = *c.State
	}
	r.Version++
	var check fault.Check
	checkRound(&check, r.Title, r.StartsOn, r.DeadlineOn, r.Due)
	check.If((r.Due.Rule == DueTurn) != (was.Due.Rule == DueTurn), "due_rule", "not_in_list") // only the system makes rounds that gather people
	check.If(r.Due.Rule == DueTurn && r.FollowOut, "follow_out", "bad_value")                 // they have no rules to fall out of
	check.If(r.State != RoundOpen && r.State != RoundClosed, "state", "not_in_list")
	return r, check.Err()
}
