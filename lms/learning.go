package lms

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// LearningLimits are the figures of learning that an association may set otherwise.
type LearningLimits struct {
	DueSoonDays   int           // from so many days before the due day on a course is "due" on the first page
	SeenPercent   int           // of a video that must be shown before it counts as watched
	MaxSpeed      float64       // fastest playback that is believed when skipping is not allowed
	SpentGap      int64         // seconds without a sign of life that still count as time spent
	SlackSeconds  int64         // what the clocks of browser and server may differ by
	MaxEnrolments int           // on one first page
	TimeGrace     time.Duration // after the end of a time limit: answers that were on their way still count
	TimeOffline   time.Duration // after the end of a time limit: so long answers that were given in time without a network may take to arrive
}

// DefaultLearningLimits are used unless the installation says otherwise.
var DefaultLearningLimits = LearningLimits{
	DueSoonDays: 14, SeenPercent: 95, MaxSpeed: 2, SpentGap: 30, SlackSeconds: 10, MaxEnrolments: 200,
	TimeGrace: time.Minute, TimeOffline: 7 * 24 * time.Hour,
}

// Courses gives published courses; content.Versions does.
type Courses interface {
	FindVersion(ctx context.Context, tid tenant.ID, courseTenant int64, version db.ID) (*content.CourseVersion, error)
}

// Learning is a person taking their own courses: what to do now, the lessons, progress and quizzes. Every method takes the person whose
// enrolments it may touch; another person's enrolment is fault.NotFound whether it exists or not.
type Learning struct {
	db           *db.DB
	courses      Courses
	certificates *Certificates
	clock        func() time.Time
	limits       LearningLimits
}

// NewLearning makes the service.
func NewLearning(d *db.DB, courses Courses, certificates *Certificates, clock func() time.Time, limits LearningLimits) *Learning {
	return &Learning{db: d, courses: courses, certificates: certificates, clock: clock, limits: limits}
}

// Standing is where an enrolment stands on the first page.
type Standing string

// The standings, in the order the first page shows them.
const (
	StandingOverdue    Standing = "overdue"     // the due day has passed and something is left to do
	StandingDue        Standing = "due"         // due within LearningLimits.DueSoonDays
	StandingInProgress Standing = "in_progress" // begun, due later
	StandingToDo       Standing = "to_do"       // not begun, due later
	StandingUpcoming   Standing = "upcoming"    // the round has not started yet
	StandingClosed     Standing = "closed"      // the round was closed before it was finished
	StandingDone       Standing = "done"        // completed or exempt
)

var standings = []Standing{StandingOverdue, StandingDue, StandingInProgress, StandingToDo, StandingUpcoming, StandingClosed, StandingDone}

// OwnEnrolment is one of a person's enrolments as the first page shows it.
type OwnEnrolment struct {
	ID             db.ID
	Status         Status
	Standing       Standing
	Round          db.ID
	RoundTitle     string
	CourseTitle    string
	Summary        string
	Language       string
	StartsOn       string
	DueOn          string
	LessonsDone    int
	LessonsTotal   int
	ScorePercent   *int
	StartedAt      db.Time
	CompletedAt    db.Time
	LastActivityAt db.Time
	MovedAt        db.Time // when they went over to a newer version of the course; zero: never
	BeganAgain     bool    // from the beginning
	Certificate    db.ID
	Resume         db.ID     // the lesson to go on with; zero when none is left
	MinutesLeft    int       // estimate
	Waits          []Waiting // courses to complete before this one; only from ListOwn, while it is open, and FindOwn

	open         bool // the round is open
	person       db.ID
	createdAt    db.Time
	courseTenant int64
	version      db.ID
	moved        db.ID // the same where it is not the round's; zero otherwise
	course       *content.CourseVersion
	again        int                      // the number of the version with which they last began again
	earlier      []*content.CourseVersion // of who went over: the versions that the round had before
}

// OutlineLesson is one lesson with how far the person is in it.
type OutlineLesson struct {
	ID       db.ID
	Kind     content.LessonKind
	Title    string
	State    LessonState
	Minutes  int // estimate for the whole lesson
	Position int64
}

// Outline is one enrolment with its lessons.
type Outline struct {
	OwnEnrolment
	Ordered bool      // lessons are taken in their order
	Opens   []Waiting // once it is completed: the person's courses to take now that it is, because they ask for this one first
	Spent   int64     // seconds, on all lessons together
	Lessons []OutlineLesson
}

// ListOwn gives the person's enrolments in the order of the first page: overdue, due, in progress, to do, upcoming, closed, done; each by due day. What cannot be begun
// because another course comes first stands after all that can.
func (l *Learning) ListOwn(ctx context.Context, tid tenant.ID, person db.ID) ([]OwnEnrolment, error) {
	list, err := l.readOwn(ctx, tid, sqlOwnEnrolments+sqlOwnNewest, tid, person, l.limits.MaxEnrolments)
	if err != nil {
		return nil, fmt.Errorf("list own enrolments: %w", err)
	}
	open := []any{}
	for i := range list {
		if list[i].Status.Open() {
			open = append(open, list[i].ID)
		}
	}
	progress, err := l.progressOf(ctx, tid, l.db, open)
	if err != nil {
		return nil, fmt.Errorf("list own enrolments: %w", err)
	}
	for i := range list {
		if list[i].Status.Open() {
			list[i].resume(progress[list[i].ID])
		}
	}
	waitAmong(list)
	slices.SortStableFunc(list, func(a, b OwnEnrolment) int {
		order := cmp.Compare(a.rank(), b.rank())
		switch {
		case order != 0:
			return order
		case a.Standing == StandingDone || a.Standing == StandingClosed: // the newest first
			return cmp.Or(b.CompletedAt.Compare(a.CompletedAt.Time), cmp.Compare(b.DueOn, a.DueOn))
		case a.Standing == StandingUpcoming:
			return cmp.Compare(a.StartsOn, b.StartsOn)
		}
		return cmp.Compare(a.DueOn, b.DueOn)
	})
	return list, nil
}

// FindOwn gives one enrolment with its lessons. It returns fault.NotFound for anybody else's.
func (l *Learning) FindOwn(ctx context.Context, tid tenant.ID, person, enrolment db.ID) (Outline, error) {
	own, err := l.findOwn(ctx, tid, person, enrolment)
	if err != nil {
		return Outline{}, fmt.Errorf("find own enrolment: %w", err)
	}
	progress, err := l.progressOf(ctx, tid, l.db, []any{own.ID})
	if err != nil {
		return Outline{}, fmt.Errorf("find own enrolment: %w", err)
	}
	own.resume(progress[own.ID])
	out := Outline{OwnEnrolment: own, Ordered: own.course.Ordered}
	if out.Waits, err = l.waitsFor(ctx, tid, l.db, own); err != nil {
		return Outline{}, fmt.Errorf("find own enrolment: %w", err)
	}
	if out.Opens, err = l.opens(ctx, tid, own); err != nil {
		return Outline{}, fmt.Errorf("find own enrolment: %w", err)
	}
	for _, lesson := range own.course.Lessons {
		row := progress[own.ID][lesson.ID]
		out.Spent += row.SpentSeconds
		out.Lessons = append(out.Lessons, OutlineLesson{
			ID: lesson.ID, Kind: lesson.Kind, Title: lesson.Title, State: row.State.orNotStarted(), Minutes: minutes(secondsOf(lesson)), Position: row.Position,
		})
	}
	return out, nil
}

// OwnLesson is a lesson to learn. The body of a quiz still holds what is right: server/api sends its rules and never its questions, which come
// with an attempt.
type OwnLesson struct {
	Enrolment    OwnEnrolment
	CourseTenant int64 // whose course it is, for links to its files; stays inside the process
	Lesson       content.VersionLesson
	Progress     Progress
	Previous     db.ID
	Next         db.ID
	Attempts     []Attempt // of a quiz, oldest first, without their papers
	AttemptsLeft *int      // nil: as many as wanted

	Signature  *Signature // of a pledge, once it is signed
	SignerName string     // of a pledge: the person's registered name
	SignerKana string     // and its reading
}

// OpenLesson gives a lesson to learn. Opening a lesson for the first time is recorded: it begins the enrolment and is the moment from which time can have been
// spent. It returns fault.NotFound for anybody else's enrolment and for a lesson of another course, fault.Conflict "round_not_started"
// before the round begins, "lesson_locked" or
// "course_locked" when something else comes first. A closed round can still be read.
func (l *Learning) OpenLesson(ctx context.Context, tid tenant.ID, person, enrolment, lesson db.ID) (OwnLesson, error) {
	return again(func() (OwnLesson, error) { return l.openLesson(ctx, tid, person, enrolment, lesson) })
}

func (l *Learning) openLesson(ctx context.Context, tid tenant.ID, person, enrolment, lesson db.ID) (OwnLesson, error) {
	own, err := l.findOwn(ctx, tid, person, enrolment)
	if err != nil {
		return OwnLesson{}, fmt.Errorf("open lesson: %w", err)
	}
	found, err := own.lessonNow(lesson)
	if err != nil {
		return OwnLesson{}, fmt.Errorf("open lesson: %w", err)
	}
	lesson = found.ID
	if own.Standing == StandingUpcoming {
		return OwnLesson{}, fault.New(fault.Conflict, "round_not_started", "starts_on", own.StartsOn)
	}
	out := OwnLesson{Enrolment: own, CourseTenant: own.courseTenant, Lesson: found}
	if i := slices.IndexFunc(own.course.Lessons, func(v content.VersionLesson) bool { return v.ID == lesson }); i >= 0 {
		if i > 0 {
			out.Previous = own.course.Lessons[i-1].ID
		}
		if i+1 < len(own.course.Lessons) {
			out.Next = own.course.Lessons[i+1].ID
		}
	}
	rows, err := l.readProgress(ctx, l.db, sqlProgress+sqlProgressOne, tid, enrolment, lesson)
	if err == nil && len(rows) == 0 {
		if err = l.mayBegin(ctx, tid, own, lesson); err == nil {
			rows, err = l.begin(ctx, tid, own, lesson)
		}
	}
	if err != nil {
		return OwnLesson{}, fmt.Errorf("open lesson: %w", err)
	}
	out.Progress = rows[0].Progress
	if found.Kind == content.KindPledge {
		if err := l.completePledge(ctx, tid, person, &out); err != nil {
			return OwnLesson{}, fmt.Errorf("open lesson: %w", err)
		}
	}
	if found.Kind == content.KindQuiz {
		if out.Attempts, err = l.attemptsOf(ctx, tid, l.db, enrolment, lesson); err != nil {
			return OwnLesson{}, fmt.Errorf("open lesson: %w", err)
		}
		out.AttemptsLeft = attemptsLeft(found.Body.Quiz, out.Attempts)
	}
	return out, nil
}

// begin records that a lesson was opened for the first time.
func (l *Learning) begin(ctx context.Context, tid tenant.ID, own OwnEnrolment, lesson db.ID) ([]progressRow, error) {
	var rows []progressRow
	err := l.db.Tx(ctx, func(tx *db.Tx) error {
		now := db.At(l.clock())
		if err := l.touch(ctx, tid, tx, own, now); err != nil {
			return err
		}
		if err := tx.Upsert(ctx, sqlInsertProgress, progressKey, "", newProgress(own.ID, lesson, now).values(tid)...); err != nil {
			return err
		}
		var err error
		rows, err = l.readProgress(ctx, tx, sqlProgress+sqlProgressOne, tid, own.ID, lesson)
		return err
	})
	return rows, err
}

func (l *Learning) findOwn(ctx context.Context, tid tenant.ID, person, enrolment db.ID) (OwnEnrolment, error) {
	list, err := l.readOwn(ctx, tid, sqlOwnEnrolments+sqlOwnOne, tid, person, enrolment)
	if err != nil {
		return OwnEnrolment{}, err
	}
	if len(list) == 0 {
		return OwnEnrolment{}, fault.New(fault.NotFound, "not_found")
	}
	return list[0], nil
}

// readOwn reads enrolments and gives each its course and its standing today.
func (l *Learning) readOwn(ctx context.Context, tid tenant.ID, query string, args ...any) ([]OwnEnrolment, error) {
	list, err := scanOwn(ctx, l.db, query, args...)
	if err != nil {
		return nil, err
	}
	today := tenant.Today(l.clock)
	var moved []Round
	for i := range list {
		e := &list[i]
		if e.course, err = l.courses.FindVersion(ctx, tid, e.courseTenant, e.version); err != nil {
			return nil, err
		}
		e.CourseTitle, e.Summary, e.Language, e.LessonsTotal = e.course.Title, e.course.Summary, e.course.Language, len(e.course.Lessons)
		e.Standing, e.BeganAgain = e.standing(today, l.limits.DueSoonDays), e.again == e.course.Number
		if !e.moved.IsZero() {
			moved = append(moved, Round{ID: e.Round, CourseTenant: e.courseTenant, VersionID: e.version})
		}
	}
	if len(moved) == 0 {
		return list, nil
	}
	taught, err := taughtIn(ctx, l.db, l.courses, tid, moved)
	for i := range list {
		list[i].earlier = earlierThan(taught, list[i].course)
	}
	return list, err
}

// rank is its place on the first page: by standing, what waits for another course after all that can be done now.
func (e *OwnEnrolment) rank() int {
	at, now := slices.Index(standings, e.Standing), slices.Index(standings, StandingToDo)
	if len(e.Waits) > 0 && at <= now {
		return now*len(standings) + 1 + at
	}
	return at * len(standings)
}

func (e *OwnEnrolment) standing(today string, soon int) Standing {
	switch {
	case e.Status == Completed || e.Status == Exempt:
		return StandingDone
	case !e.open:
		return StandingClosed
	case e.StartsOn > today:
		return StandingUpcoming
	case Overdue(e.Status, tenant.PersonActive, e.DueOn, today):
		return StandingOverdue
	case e.DueOn <= tenant.AddDays(today, soon):
		return StandingDue
	case e.Status != NotStarted:
		return StandingInProgress
	}
	return StandingToDo
}

// resume works out where to go on: the unfinished lesson touched last, else the first unfinished one.
func (e *OwnEnrolment) resume(progress map[db.ID]progressRow) {
	var left int64
	var latest db.Time
	e.Resume = db.ID{}
	for _, lesson := range e.course.Lessons {
		row, begun := progress[lesson.ID]
		if row.State == LessonDone {
			continue
		}
		left += secondsLeft(lesson, row)
		switch {
		case e.Resume.IsZero():
			e.Resume, latest = lesson.ID, row.UpdatedAt
		case begun && (latest.IsZero() || row.UpdatedAt.After(latest.Time)):
			e.Resume, latest = lesson.ID, row.UpdatedAt
		}
	}
	e.MinutesLeft = minutes(left)
}

// How long lessons take when nothing is known about the person: Japanese silent reading runs at 400 to 600 characters a minute.
const (
	charactersPerMinute = 400
	secondsPerPDFPage   = 60
	secondsPerQuestion  = 45
	secondsPerOpinion   = 20
)

func secondsOf(l content.VersionLesson) int64 {
	switch l.Kind {
	case content.KindPage:
		return max(60, int64(l.Characters)*60/charactersPerMinute)
	case content.KindVideo, content.KindAudio:
		return max(60, l.Body.Recording().DurationMS/1000)
	case content.KindPDF:
		return int64(max(1, l.Body.PDF.Pages)) * secondsPerPDFPage
	case content.KindQuiz:
		return int64(max(1, l.Body.Quiz.Asked())) * secondsPerQuestion
	case content.KindSurvey:
		return int64(max(3, len(l.Body.Survey.Questions))) * secondsPerOpinion
	case content.KindPledge:
		return max(60, int64(utf8.RuneCountInString(l.Body.Pledge.Text))*60/charactersPerMinute)
	}
	return 60
}

func secondsLeft(l content.VersionLesson, row progressRow) int64 {
	whole := secondsOf(l)
	switch l.Kind {
	case content.KindVideo, content.KindAudio:
		return max(0, whole-row.Seen.Total()/1000)
	case content.KindPDF:
		return max(0, whole-row.Seen.Total()*secondsPerPDFPage)
	}
	return whole
}

func minutes(seconds int64) int { return int((seconds + 59) / 60) }
