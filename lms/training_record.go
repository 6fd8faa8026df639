package lms

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// TrainingRecord is the auditors' document about one round (domain.md sections 1 and 4): when, what, how, who took part with which result, who did
// not and what was done about it. It says what was true at one moment; the order of its members is fixed, so the same state gives the same bytes.
type TrainingRecord struct {
	Format       int                `json:"format" doc:"version of this structure"`
	AsOf         string             `json:"as_of" doc:"the day whose state it shows"`
	Organisation string             `json:"organisation"`
	Responsible  []string           `json:"responsible" doc:"the managers of that day"`
	Title        string             `json:"title"`
	StartsOn     string             `json:"starts_on"`
	DeadlineOn   string             `json:"deadline_on"`
	State        RoundState         `json:"state"`
	FirstOn      string             `json:"first_on" doc:"day of the first start, empty when nobody has started"`
	LastOn       string             `json:"last_on" doc:"day of the last completion"`
	Course       RecordCourse       `json:"course"`
	Others       []RecordCourse     `json:"others,omitempty" doc:"other published versions that people of the round took, because the round went over to a newer one; RecordPerson.version says who"`
	Figures      Figures            `json:"figures"`
	Rate         int                `json:"rate"`
	AverageScore *int               `json:"average_score" doc:"percent, of those who completed and have a score"`
	Departments  []RecordDepartment `json:"departments"`
	Attendees    []RecordPerson     `json:"attendees" doc:"who completed"`
	Absentees    []RecordPerson     `json:"absentees" doc:"who has not finished, with what was done about it"`
	Excused      []RecordPerson     `json:"excused" doc:"exempt and withdrawn, with the reason"`
}

// WithoutLogins gives the record without login IDs: who reads it from outside needs names only.
func (rec TrainingRecord) WithoutLogins() TrainingRecord {
	for _, part := range []*[]RecordPerson{&rec.Attendees, &rec.Absentees, &rec.Excused} {
		people := slices.Clone(*part)
		for i := range people {
			people[i].LoginID = ""
		}
		*part = people
	}
	return rec
}

// RecordCourse is what was taught.
type RecordCourse struct {
	Title       string         `json:"title"`
	Summary     string         `json:"summary"`
	Number      int            `json:"number" doc:"which published version"`
	PublishedOn string         `json:"published_on"`
	Lessons     []RecordLesson `json:"lessons"`
}

// RecordLesson is one lesson of the course.
type RecordLesson struct {
	Kind        content.LessonKind `json:"kind"`
	Title       string             `json:"title"`
	Questions   int                `json:"questions,omitempty"`
	PassPercent int                `json:"pass_percent,omitempty"`
	Minutes     int                `json:"minutes,omitempty"`
	Pages       int                `json:"pages,omitempty"`
	Naming      string             `json:"naming,omitempty" doc:"of a survey: anonymous or named"`
	Text        string             `json:"text,omitempty" doc:"of a pledge"`
	Digest      string             `json:"digest,omitempty" doc:"of a pledge: SHA-256 of the text, hexadecimal"`
}

// RecordDepartment is how one department stands.
type RecordDepartment struct {
	Name    string  `json:"name"`
	Figures Figures `json:"figures"`
	Rate    int     `json:"rate"`
}

// RecordPerson is one line about a person.
type RecordPerson struct {
	Name           string   `json:"name"`
	EmployeeNumber string   `json:"employee_number"`
	LoginID        string   `json:"login_id"`
	Departments    []string `json:"departments"`
	PersonState    string   `json:"person_state"`
	Status         Status   `json:"status"`
	Overdue        bool     `json:"overdue"`
	DueOn          string   `json:"due_on"`
	StartedOn      string   `json:"started_on"`
	CompletedOn    string   `json:"completed_on"`
	LessonsDone    int      `json:"lessons_done"`
	LessonsTotal   int      `json:"lessons_total"`
	Version        int      `json:"version,omitempty" doc:"the published version that the person took, where it is another than the course's"`
	Score          *int     `json:"score"`
	Reason         string   `json:"reason"`
	ExemptUntil    string   `json:"exempt_until,omitempty" doc:"the last day of an exemption; missing: for the whole round"`
	ExtendedOn     string   `json:"extended_on,omitempty" doc:"the later day that the manager gave this person"`
	ExtendedReason string   `json:"extended_reason,omitempty"`
	Reminders      int      `json:"reminders" doc:"messages that were written to the person"`
	RemindedOn     string   `json:"reminded_on" doc:"day of the last of them"`

	Pledges      []RecordPledge `json:"pledges,omitempty" doc:"what the person signed"`
	SelfReported bool           `json:"self_reported,omitempty" doc:"something that counts rests on what a learning package reported about itself"`
}

// RecordPledge is a pledge that a person signed.
type RecordPledge struct {
	Title    string `json:"title"`
	Name     string `json:"name" doc:"as it was typed"`
	SignedOn string `json:"signed_on" doc:"day of signing"`
	Version  int    `json:"version" doc:"published version of the course in which the text stands"`
	Digest   string `json:"digest" doc:"SHA-256 of the text that was signed, hexadecimal"`
}

// IssuedRecord is a training record that was handed out. It never changes.
type IssuedRecord struct {
	ID        db.ID
	Round     db.ID
	Number    int // counts the organisation's issues
	Digest    db.Hash
	Content   TrainingRecord // only from Find and Issue
	CreatedBy string
	CreatedAt db.Time
}

// TrainingRecords draws up, issues and keeps training records.
type TrainingRecords struct {
	db       *db.DB
	audit    *tenant.Audit
	rounds   *Rounds
	settings *tenant.Settings
	clock    func() time.Time
}

// NewTrainingRecords makes the service.
func NewTrainingRecords(d *db.DB, audit *tenant.Audit, rounds *Rounds, clock func() time.Time) *TrainingRecords {
	return &TrainingRecords{db: d, audit: audit, rounds: rounds, settings: tenant.NewSettings(d, clock), clock: clock}
}

const recordFormat = 1

// Draw draws up the record of a round as it stands now, without issuing it, and its digest. NotFound when there is no such round.
func (t *TrainingRecords) Draw(ctx context.Context, tid tenant.ID, round db.ID) (TrainingRecord, db.Hash, error) {
	rec, raw, err := t.draw(ctx, tid, round)
	return rec, sha256.Sum256(raw), err
}

func (t *TrainingRecords) draw(ctx context.Context, tid tenant.ID, round db.ID) (TrainingRecord, []byte, error) {
	r, err := t.rounds.Find(ctx, tid, round)
	if err != nil {
		return TrainingRecord{}, nil, err
	}
	var rec TrainingRecord
	for range 3 {
		if rec, err = t.drawRound(ctx, tid, r); !errors.Is(err, errRoundsChanged) {
			break
		}
		if r, err = t.rounds.Find(ctx, tid, round); err != nil {
			break
		}
	}
	if err != nil {
		return rec, nil, fmt.Errorf("draw up training record: %w", err)
	}
	raw, err := json.Marshal(rec)
	return rec, raw, err
}

// drawRound reads what was taught before the snapshot takes a connection of its own.
func (t *TrainingRecords) drawRound(ctx context.Context, tid tenant.ID, r Round) (rec TrainingRecord, err error) {
	taught, err := t.rounds.taughtIn(ctx, tid, []Round{r})
	if err != nil {
		return rec, err
	}
	err = t.db.Snapshot(ctx, func(run db.Runner) error {
		rec, err = t.drawIn(ctx, tid, run, taught, r.ID, nil)
		return err
	})
	return rec, err
}

// errRoundsChanged says that a round came up, or went over to another version, between reading the courses and the snapshot.
var errRoundsChanged = errors.New("what was taught changed meanwhile")

// drawIn draws up the record of a round as run sees it. taught has every version that its people take. each, when there is one, is told every enrolment of it.
func (t *TrainingRecords) drawIn(ctx context.Context, tid tenant.ID, run db.Runner, taught map[db.ID]*content.CourseVersion, round db.ID, each func(Enrolment)) (TrainingRecord, error) {
	rec := TrainingRecord{Format: recordFormat, AsOf: tenant.Today(t.clock)}
	r, err := findRound(ctx, tid, run, round)
	if err != nil {
		return rec, err
	}
	course := taught[r.VersionID]
	if course == nil {
		return rec, errRoundsChanged
	}
	rec.Course = recordCourse(course)
	rec.Title, rec.StartsOn, rec.DeadlineOn, rec.State = r.Title, r.StartsOn, r.DeadlineOn, r.State
	if rec.Organisation, rec.Responsible, err = t.heads(ctx, tid, run); err != nil {
		return rec, err
	}
	return rec, t.people(ctx, tid, run, &rec, r, taught, each)
}

// heads gives the organisation's name and its managers.
func (t *TrainingRecords) heads(ctx context.Context, tid tenant.ID, run db.Runner) (organisation string, responsible []string, err error) {
	if err := db.One(run.QueryRow(ctx, sqlRecordOrganisation, tid).Scan(&organisation)); err != nil {
		return "", nil, err
	}
	responsible, err = db.Values[string](ctx, run, sqlRecordManagers, tid)
	return organisation, responsible, err
}

func recordCourse(c *content.CourseVersion) RecordCourse {
	out := RecordCourse{Title: c.Title, Summary: c.Summary, Number: c.Number, PublishedOn: tenant.Day(c.PublishedAt.Time), Lessons: []RecordLesson{}}
	for _, l := range c.Lessons {
		line := RecordLesson{Kind: l.Kind, Title: l.Title}
		switch {
		case l.Body.Quiz != nil:
			line.Questions, line.PassPercent = l.Body.Quiz.Asked(), l.Body.Quiz.PassPercent
		case l.Body.Recording() != nil:
			line.Minutes = int((l.Body.Recording().DurationMS + 59_999) / 60_000)
		case l.Body.PDF != nil:
			line.Pages = l.Body.PDF.Pages
		case l.Body.Survey != nil:
			line.Questions, line.Naming = len(l.Body.Survey.Questions), l.Body.Survey.Naming
		case l.Body.Pledge != nil:
			digest := l.Body.Pledge.Digest()
			line.Text, line.Digest = l.Body.Pledge.Text, hex.EncodeToString(digest[:])
		}
		out.Lessons = append(out.Lessons, line)
	}
	return out
}

// people fills in everybody of the round, and every figure from the same list, so that no sum can differ from its lines.
func (t *TrainingRecords) people(ctx context.Context, tid tenant.ID, run db.Runner, rec *TrainingRecord, r Round, taught map[db.ID]*content.CourseVersion, each func(Enrolment)) error {
	f := EnrolmentFilter{Round: r.ID}
	cond := f.cond(tid, rec.AsOf)
	list, _, err := readEnrolments(ctx, run, rec.AsOf, sqlListEnrolments+cond.SQL()+" ORDER BY p.sort_name, p.id", cond.Args()...)
	if err != nil {
		return err
	}
	if err := t.rounds.nameDepartments(ctx, tid, run, list, rec.AsOf); err != nil {
		return err
	}
	mails, err := t.mails(ctx, tid, run, list)
	if err != nil {
		return err
	}
	versions := append(earlierThan(taught, taught[r.VersionID]), taught[r.VersionID])
	signed, err := t.signatures(ctx, tid, run, versions, list)
	if err != nil {
		return err
	}
	if err := rec.name(list, signed, r, versions); err != nil {
		return err
	}
	rec.Attendees, rec.Absentees, rec.Excused = []RecordPerson{}, []RecordPerson{}, []RecordPerson{}
	departments := map[string]*Figures{}
	scores, scored := 0, 0
	for _, e := range list {
		if each != nil {
			each(e)
		}
		late := 0
		if e.Overdue {
			late = 1
		}
		rec.Figures.add(e.Status, 1, late)
		for _, name := range e.Departments {
			if departments[name] == nil {
				departments[name] = &Figures{}
			}
			departments[name].add(e.Status, 1, late)
		}
		p := recordPerson(e, mails[e.ID])
		p.Pledges = recordPledges(signed[e.ID])
		if !e.version.IsZero() && e.version != r.VersionID {
			p.Version = taught[e.version].Number
		}
		rec.span(p)
		switch {
		case e.Status == Completed:
			rec.Attendees = append(rec.Attendees, p)
			if e.Score != nil {
				scores, scored = scores+*e.Score, scored+1
			}
		case e.Status.Open():
			rec.Absentees = append(rec.Absentees, p)
		default:
			rec.Excused = append(rec.Excused, p)
		}
	}
	rec.Rate = rec.Figures.Rate()
	if scored > 0 {
		average := scores / scored
		rec.AverageScore = &average
	}
	rec.Departments = recordDepartments(departments)
	return nil
}

// name writes down the versions other than the round's that people take, or in which they signed something, the newest first.
func (rec *TrainingRecord) name(list []Enrolment, signed map[db.ID][]Signature, r Round, versions []*content.CourseVersion) error {
	named := map[int]bool{}
	for _, e := range list {
		at := slices.IndexFunc(versions, func(v *content.CourseVersion) bool { return v.ID == e.version })
		if at < 0 && !e.version.IsZero() {
			return errRoundsChanged
		}
		if at >= 0 {
			named[versions[at].Number] = true
		}
		for _, s := range signed[e.ID] {
			named[s.Version] = true
		}
	}
	for _, v := range versions {
		if named[v.Number] && v.ID != r.VersionID {
			rec.Others = append(rec.Others, recordCourse(v))
		}
	}
	return nil
}

// span widens the days on which something happened.
func (rec *TrainingRecord) span(p RecordPerson) {
	if p.StartedOn != "" && (rec.FirstOn == "" || p.StartedOn < rec.FirstOn) {
		rec.FirstOn = p.StartedOn
	}
	rec.LastOn = max(rec.LastOn, p.CompletedOn)
}

// signatures gives what everybody of list signed; nothing is asked for a course without a pledge.
func (t *TrainingRecords) signatures(ctx context.Context, tid tenant.ID, run db.Runner, versions []*content.CourseVersion, list []Enrolment) (map[db.ID][]Signature, error) {
	if !slices.ContainsFunc(versions, func(v *content.CourseVersion) bool {
		return slices.ContainsFunc(v.Lessons, func(l content.VersionLesson) bool { return l.Kind == content.KindPledge })
	}) {
		return nil, nil //nolint:nilnil // an empty map
	}
	ids := make([]any, 0, len(list))
	for _, e := range list {
		ids = append(ids, e.ID)
	}
	return signaturesOf(ctx, tid, run, ids)
}

func recordPledges(signed []Signature) []RecordPledge {
	var list []RecordPledge
	for _, s := range signed {
		list = append(list, RecordPledge{s.Title, s.Name, isoDay(s.SignedAt), s.Version, hex.EncodeToString(s.Digest[:])})
	}
	return list
}

type mailed struct {
	n    int
	last string
}

func recordPerson(e Enrolment, m mailed) RecordPerson {
	departments := e.Departments
	if departments == nil {
		departments = []string{}
	}
	return RecordPerson{
		Name: e.Name, EmployeeNumber: e.EmployeeNumber, LoginID: e.LoginID, Departments: departments, PersonState: e.PersonState, Status: e.Status, Overdue: e.Overdue,
		DueOn: e.DueOn, StartedOn: isoDay(e.StartedAt), CompletedOn: isoDay(e.CompletedAt), LessonsDone: e.LessonsDone, LessonsTotal: e.LessonsTotal, Score: e.Score,
		Reason: e.Reason, ExemptUntil: e.ExemptUntil, ExtendedOn: e.ExtendedOn, ExtendedReason: e.ExtendedReason, Reminders: m.n, RemindedOn: m.last, SelfReported: e.SelfReported,
	}
}

func isoDay(t db.Time) string {
	if t.IsZero() {
		return ""
	}
	return tenant.Day(t.Time)
}

// Issue hands out the record of a round as it stands: it is kept for good under a number. The same state of the same day is one issue, however
// often it is asked for. NotFound when there is no such round.
func (t *TrainingRecords) Issue(ctx context.Context, tid tenant.ID, round db.ID) (IssuedRecord, error) {
	_, raw, err := t.draw(ctx, tid, round)
	if err != nil {
		return IssuedRecord{}, err
	}
	digest := db.Hash(sha256.Sum256(raw))
	if err := t.keepOnce(ctx, func(tx *db.Tx) error { return t.keep(ctx, tid, tx, round, digest, raw) }); err != nil {
		return IssuedRecord{}, fmt.Errorf("issue training record: %w", err)
	}
	return t.findIssue(ctx, tid, round, digest)
}

// keepOnce runs keep until nobody else takes the number, or issues the same, in between.
func (t *TrainingRecords) keepOnce(ctx context.Context, keep func(*db.Tx) error) error {
	for try := 0; ; try++ {
		err := t.db.Tx(ctx, keep)
		if err == nil || !db.IsDuplicate(err) || try == 9 {
			return err
		}
	}
}

// findIssue gives the issue of a round that has digest.
func (t *TrainingRecords) findIssue(ctx context.Context, tid tenant.ID, round db.ID, digest db.Hash) (IssuedRecord, error) {
	return t.find(ctx, tid, " AND t.round_id = ? AND t.digest = ?", round, digest)
}

func (t *TrainingRecords) keep(ctx context.Context, tid tenant.ID, tx *db.Tx, round db.ID, digest db.Hash, raw []byte) error {
	var there, last int
	if err := tx.QueryRow(ctx, sqlCountDigest, tid, round, digest).Scan(&there); err != nil || there > 0 {
		return err
	}
	if err := tx.QueryRow(ctx, sqlLastRecord, tid).Scan(&last); err != nil {
		return err
	}
	id := db.NewID()
	if _, err := tx.Exec(ctx, sqlInsertRecord, tid, id, round, last+1, digest, string(raw), tenant.ActorFrom(ctx).Person, db.At(t.clock())); err != nil {
		return err
	}
	return t.audit.Append(ctx, tid, tx, tenant.Change{Action: "training_record.issue", SubjectKind: "round", Subject: round,
		Detail: map[string]any{"number": last + 1, "digest": hex.EncodeToString(digest[:]), "record": id}})
}

// Find gives an issued record with what stands in it; NotFound when the organisation has none of this ID.
func (t *TrainingRecords) Find(ctx context.Context, tid tenant.ID, id db.ID) (IssuedRecord, error) {
	return t.find(ctx, tid, " AND t.id = ?", id)
}

func (t *TrainingRecords) find(ctx context.Context, tid tenant.ID, which string, args ...any) (IssuedRecord, error) {
	var rec IssuedRecord
	var body db.JSON[TrainingRecord]
	err := t.db.QueryRow(ctx, sqlFindRecord+which, append([]any{tid}, args...)...).
		Scan(&rec.ID, &rec.Round, &rec.Number, &rec.Digest, &rec.CreatedBy, &rec.CreatedAt, &body)
	rec.Content = body.V
	return rec, db.One(err)
}

// List gives the issues of a round, newest first, without what stands in them. NotFound when there is no such round.
func (t *TrainingRecords) List(ctx context.Context, tid tenant.ID, round db.ID) ([]IssuedRecord, error) {
	if _, err := t.rounds.Find(ctx, tid, round); err != nil {
		return nil, err
	}
	list, err := db.List(ctx, t.db, sqlListRecords, []any{tid, round}, func(row db.Row) (IssuedRecord, error) {
		var rec IssuedRecord
		err := row.Scan(&rec.ID, &rec.Round, &rec.Number, &rec.Digest, &rec.CreatedBy, &rec.CreatedAt)
		return rec, err
	})
	if err != nil {
		return nil, fmt.Errorf("list training records: %w", err)
	}
	return list, nil
}

// Verify tells whether what is kept of an issued record still has the digest it was issued with; Conflict when it has not.
func (t *TrainingRecords) Verify(ctx context.Context, tid tenant.ID, id db.ID) error {
	var raw []byte
	var digest db.Hash
	if err := db.One(t.db.QueryRow(ctx, sqlRawRecord, tid, id).Scan(&digest, &raw)); err != nil {
		return err
	}
	if sha256.Sum256(raw) != digest {
		return fault.New(fault.Conflict, "record_damaged")
	}
	return nil
}
