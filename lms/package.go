package lms

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"
	"unicode/utf8"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// What a package says about an activity. Everything in this file is the package's own report about its learner: records say so.
const (
	CompletionCompleted  = "completed"
	CompletionIncomplete = "incomplete"
	CompletionUnknown    = "unknown"
	SuccessPassed        = "passed"
	SuccessFailed        = "failed"
	SuccessUnknown       = "unknown"
)

// Limits of what a package reports.
const (
	MaxCMI            = 400 << 10 // bytes of one activity's data model; SCORM 2004 allows 64,000 characters of suspend data in it
	MaxPackageReports = 50        // in one message
	maxSessionSeconds = 24 * 3600 // of one activity in one launch that is believed
	maxActivityName   = 255
	longestAway       = 90 * 24 * time.Hour // a message is taken to be no older than this
)

// PackageLaunch is one opening of a package lesson.
type PackageLaunch struct {
	ID           db.ID
	Number       int // 1, 2, 3 of its lesson
	StartedAt    db.Time
	CourseTenant int64 // whose course it is, for the link to the package; stays inside the process
	Body         *content.PackageBody
	Learner      string          // the opaque name by which the package knows the person, other in every enrolment
	States       []ActivityState // where earlier launches left off
}

// ActivityState is what an activity of a package last said.
type ActivityState struct {
	Activity     string // its id in the package; "" is the package as a whole
	Seq          int64
	Completion   string
	Success      string
	ScorePercent *int
	Seconds      int64 // of its launch
	TotalSeconds int64 // of all launches
	SavedAt      db.Time
	CMI          []byte // JSON: the data model as the activity left it
}

// PackageReport is one message of a package.
type PackageReport struct {
	Activity   string
	Seq        int64 // grows with every message of a launch; an older one never overwrites a newer one
	CMI        json.RawMessage
	Completion string
	Success    string
	Score      PackageScore
	Seconds    float64 // spent in this launch so far
	At         int64   // when it was made, milliseconds since 1970 by the browser's clock
}

// PackageScore is a score as packages give it; scaled is from -1 to 1, raw between Min and Max.
type PackageScore struct {
	Scaled *float64 `json:"scaled,omitempty" doc:"from -1 to 1"`
	Raw    *float64 `json:"raw,omitempty" doc:"between min and max"`
	Min    *float64 `json:"min,omitempty" doc:"the least possible; 0 when absent"`
	Max    *float64 `json:"max,omitempty" doc:"the most possible; 100 when absent"`
}

// percent brings a score to 0 to 100; nil when the package gave none that makes sense.
func (s PackageScore) percent() *int {
	var share float64
	switch {
	case s.Scaled != nil:
		share = *s.Scaled
	case s.Raw == nil:
		return nil
	default:
		low, high := 0.0, 100.0
		if s.Max != nil {
			high = *s.Max
		}
		if s.Min != nil {
			low = *s.Min
		}
		share = (*s.Raw - low) / (high - low)
	}
	if math.IsNaN(share) || math.IsInf(share, 0) {
		return nil
	}
	n := int(math.Floor(min(max(share, 0), 1)*100 + 1e-9))
	return &n
}

// activityResult is the best that all launches said.
type activityResult struct{ completed, passed bool }

// StartLaunch records that the person opens a package lesson, and gives what it goes on from. key is the caller's Idempotency-Key: the same key gives the same
// launch. It returns fault.NotFound for anybody else's enrolment or a lesson that is no package, fault.Conflict "round_not_started" before the round begins.
func (l *Learning) StartLaunch(ctx context.Context, tid tenant.ID, person, enrolment, lesson db.ID, key string) (PackageLaunch, error) {
	return again(func() (PackageLaunch, error) { return l.openLaunch(ctx, tid, person, enrolment, lesson, key) })
}

func (l *Learning) openLaunch(ctx context.Context, tid tenant.ID, person, enrolment, lesson db.ID, key string) (PackageLaunch, error) {
	own, err := l.findOwn(ctx, tid, person, enrolment)
	if err != nil {
		return PackageLaunch{}, fmt.Errorf("start launch: %w", err)
	}
	found, err := own.lessonNow(lesson)
	if err == nil && found.Kind != content.KindPackage {
		err = fault.New(fault.NotFound, "not_found")
	}
	if err != nil {
		return PackageLaunch{}, fmt.Errorf("start launch: %w", err)
	}
	lesson = found.ID
	if own.Standing == StandingUpcoming {
		return PackageLaunch{}, fault.New(fault.Conflict, "round_not_started", "starts_on", own.StartsOn)
	}
	if err := l.mayBegin(ctx, tid, own, lesson); err != nil {
		return PackageLaunch{}, fmt.Errorf("start launch: %w", err)
	}
	id := db.NewID()
	if key != "" {
		id = db.IDFrom("package.launch", person.String(), enrolment.String(), lesson.String(), key)
	}
	launch := PackageLaunch{CourseTenant: own.courseTenant, Body: found.Body.Package, Learner: db.IDFrom("package.learner", own.ID.String()).String()}
	err = l.db.Tx(ctx, func(tx *db.Tx) error { return l.startLaunch(ctx, tid, tx, own, lesson, id, &launch) })
	if err != nil {
		return PackageLaunch{}, fmt.Errorf("start launch: %w", err)
	}
	return launch, nil
}

func (l *Learning) startLaunch(ctx context.Context, tid tenant.ID, tx *db.Tx, own OwnEnrolment, lesson, id db.ID, launch *PackageLaunch) error {
	now := db.At(l.clock())
	if err := l.touch(ctx, tid, tx, own, now); err != nil { // from here on the enrolment is locked
		return err
	}
	err := db.One(tx.QueryRow(ctx, sqlFindLaunch, tid, own.ID, lesson, id).Scan(&launch.ID, &launch.Number, &launch.StartedAt))
	if fault.Is(err, fault.NotFound) {
		var before int
		if err := tx.QueryRow(ctx, sqlCountLaunches, tid, own.ID, lesson).Scan(&before); err != nil {
			return err
		}
		launch.ID, launch.Number, launch.StartedAt = id, before+1, now
		if _, err := tx.Exec(ctx, sqlInsertLaunch, tid, id, own.ID, lesson, launch.Number, now); err != nil {
			return err
		}
		err = tx.Upsert(ctx, sqlInsertProgress, progressKey, "", newProgress(own.ID, lesson, now).values(tid)...)
	}
	if err != nil {
		return err
	}
	launch.States, err = l.statesToResume(ctx, tid, tx, own.ID, lesson)
	return err
}

// SavePackage records what a package reported in one launch, in one transaction. It may be sent again, late and in another order: of each activity the message
// with the highest number stays, and nothing a package has once reported as finished is ever taken back. now is the browser's clock at sending. The
// answer tells how lesson and enrolment stand. It returns fault.NotFound for anybody else's launch, fault.Invalid for impossible reports.
func (l *Learning) SavePackage(ctx context.Context, tid tenant.ID, person, launch db.ID, now int64, reports []PackageReport) (ProgressAnswer, error) {
	return again(func() (ProgressAnswer, error) { return l.savePackage(ctx, tid, person, launch, now, reports) })
}

func (l *Learning) savePackage(ctx context.Context, tid tenant.ID, person, launch db.ID, now int64, reports []PackageReport) (ProgressAnswer, error) {
	if err := checkReports(reports); err != nil {
		return ProgressAnswer{}, err
	}
	var enrolment, lesson db.ID
	if err := db.One(l.db.QueryRow(ctx, sqlLaunchOwner, tid, launch, person).Scan(&enrolment, &lesson)); err != nil {
		return ProgressAnswer{}, err
	}
	own, err := l.readOwn(ctx, tid, sqlOwnEnrolments+" AND e.id = ?", tid, person, enrolment)
	if err != nil {
		return ProgressAnswer{}, fmt.Errorf("save package: %w", err)
	}
	if len(own) == 0 {
		return ProgressAnswer{}, fault.New(fault.NotFound, "not_found")
	}
	var answer ProgressAnswer
	err = l.db.Tx(ctx, func(tx *db.Tx) error {
		answer = ProgressAnswer{Items: []ItemResult{ItemSaved}, Lessons: map[db.ID]map[db.ID]Progress{}}
		return l.recordPackage(ctx, tid, tx, own[0], lesson, launch, now, reports, &answer)
	})
	if err == nil {
		answer.Enrolments, err = l.enrolmentsAfter(ctx, tid, person, own, answer)
	}
	if err != nil {
		return ProgressAnswer{}, fmt.Errorf("save package: %w", err)
	}
	return answer, nil
}

func checkReports(reports []PackageReport) error {
	var c fault.Check
	c.If(len(reports) == 0, "reports", "too_few", "min", 1)
	c.If(len(reports) > MaxPackageReports, "reports", "too_many", "max", MaxPackageReports)
	for i, r := range reports[:min(len(reports), MaxPackageReports)] {
		path := fmt.Sprintf("reports[%d]", i)
		c.If(r.Seq < 1, path+".client_seq", "too_small", "min", 1)
		c.If(len(r.Activity) > maxActivityName || !utf8.ValidString(r.Activity), path+".activity", "too_long", "max", maxActivityName)
		c.If(len(r.CMI) > MaxCMI, path+".cmi", "too_long", "max", MaxCMI)
		c.If(!json.Valid(r.CMI) || !utf8.Valid(r.CMI), path+".cmi", "bad_value")
		c.If(r.Seconds < 0 || math.IsNaN(r.Seconds), path+".seconds", "bad_value")
	}
	return c.Err()
}

func (l *Learning) recordPackage(ctx context.Context, tid tenant.ID, tx *db.Tx, e OwnEnrolment, lesson, launch db.ID, sent int64, reports []PackageReport, answer *ProgressAnswer) error {
	now := db.At(l.clock())
	if err := l.touch(ctx, tid, tx, e, now); err != nil {
		return err
	}
	if (!e.open && e.Status.Open()) || e.Status == Withdrawn {
		answer.Items[0] = ItemRoundClosed
	}
	if !e.moved.IsZero() { // they may have gone over since the launch was read
		if err := db.One(tx.QueryRow(ctx, sqlLaunchOwner, tid, launch, e.person).Scan(&e.ID, &lesson)); err != nil {
			return err
		}
	}
	shift := now.UnixMilli() - sent
	scored := false
	for _, r := range reports {
		if err := l.saveReport(ctx, tid, tx, launch, r, shift, now); err != nil {
			return err
		}
		scored = scored || r.Score.percent() != nil
	}
	found, err := e.lessonOnce(lesson)
	if err != nil {
		return err
	}
	rows, err := l.readProgress(ctx, tx, sqlProgress+sqlProgressOne, tid, e.ID, lesson)
	if err != nil {
		return err
	}
	row := newProgress(e.ID, lesson, now)
	if len(rows) > 0 {
		row = rows[0]
	}
	finished := false
	if row.State != LessonDone {
		results, err := l.packageResults(ctx, tid, tx, e.ID, lesson)
		if err != nil {
			return err
		}
		if finished = packageDone(found.Body.Package, results); finished {
			row.State, row.CompletedAt = LessonDone, now
		}
	}
	row.UpdatedAt = now
	if err := tx.Upsert(ctx, sqlInsertProgress, progressKey, progressColumns, row.values(tid)...); err != nil {
		return err
	}
	answer.Lessons[e.ID] = map[db.ID]Progress{lesson: row.Progress}
	if row.State != LessonDone || (!finished && !scored && !e.Status.Open()) {
		return nil
	}
	if _, err := tx.Exec(ctx, sqlSelfReported, tid, e.ID); err != nil {
		return err
	}
	return l.advance(ctx, tid, tx, e, now)
}

// saveReport keeps a message unless a newer one of the same launch and activity is there.
func (l *Learning) saveReport(ctx context.Context, tid tenant.ID, tx *db.Tx, launch db.ID, r PackageReport, shift int64, now db.Time) error {
	var seq int64
	err := db.One(tx.QueryRow(ctx, sqlSeqOf, tid, launch, r.Activity).Scan(&seq))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if seq >= r.Seq {
		return nil
	}
	saved := db.At(time.UnixMilli(min(max(r.At+shift, now.Add(-longestAway).UnixMilli()), now.UnixMilli())))
	return tx.Upsert(ctx, sqlUpsertState, stateKey, stateColumns, tid, launch, r.Activity, r.Seq, string(r.CMI), completionWord(r.Completion), successWord(r.Success), r.Score.percent(),
		int64(min(r.Seconds, maxSessionSeconds)), saved)
}

func completionWord(s string) string {
	if s == CompletionCompleted || s == CompletionIncomplete {
		return s
	}
	return CompletionUnknown
}

func successWord(s string) string {
	if s == SuccessPassed || s == SuccessFailed {
		return s
	}
	return SuccessUnknown
}

// packageDone applies the lesson's rule. A package may also report about itself as a whole, as sequencing rolled it up; that counts like all its activities.
func packageDone(body *content.PackageBody, results map[string]activityResult) bool {
	done := func(r activityResult) bool {
		return r.passed || (body.Complete == content.CompleteByCompletion && r.completed)
	}
	if done(results[""]) {
		return true
	}
	for _, activity := range body.Activities {
		if !done(results[activity]) {
			return false
		}
	}
	return len(body.Activities) > 0
}
