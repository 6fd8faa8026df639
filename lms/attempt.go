package lms

import (
	"context"
	"fmt"
	"slices"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// AttemptState is whether an attempt can still be answered.
type AttemptState string

// The states. A submitted attempt never changes any more.
const (
	AttemptOpen      AttemptState = "open"
	AttemptSubmitted AttemptState = "submitted"
)

// Attempt is one try at a quiz.
type Attempt struct {
	ID           db.ID
	Enrolment    db.ID
	Lesson       db.ID
	Number       int
	State        AttemptState
	ScorePercent *int
	Passed       bool
	StartedAt    db.Time
	SubmittedAt  db.Time

	paper quizPaper
}

// Sheet is an attempt as its person may see it: the questions in the order they were drawn, the answers given so far, and what was right only when the quiz's
// rule allows it by now.
type Sheet struct {
	Attempt
	PassPercent  int
	Show         string
	AttemptsLeft *int    // nil: as many as wanted
	Revealed     bool    // Correct and Explanation are filled in
	Kept         int     // questions that were right in an attempt before and are not asked again
	SecondsLeft  *int    // of the time limit, when this was read; nil: no limit
	ArriveBy     db.Time // until then answers given within the time limit are taken; zero: no limit
	Unused       int     // answers that came with the hand-in and do not count: it had been handed in before, or they were given after the time
	Questions    []SheetQuestion
	Status       Status // of the enrolment, as it stands now
	Certificate  db.ID  // zero until the enrolment is completed
}

// SheetQuestion is one question of a Sheet.
type SheetQuestion struct {
	ID          string
	Kind        string
	Text        string
	Choices     []content.Choice
	Targets     []content.Choice // of matching
	Answer      []string
	Seq         int64
	Right       *bool    // only when revealed
	Correct     []string // only when revealed; the accepted texts, or the number
	Tolerance   string   // only when revealed
	Explanation string   // only when revealed
}

// StartAttempt gives the person's open attempt at a quiz, or makes a new one. key is the caller's Idempotency-Key: the same key never makes a second
// attempt, whatever happened to the first. It returns fault.NotFound for anybody else's enrolment or a lesson that is no quiz, fault.Conflict
// "round_not_started", "round_closed" or "attempts_used_up".
func (l *Learning) StartAttempt(ctx context.Context, tid tenant.ID, person, enrolment, lesson db.ID, key string) (Sheet, error) {
	return again(func() (Sheet, error) { return l.openAttempt(ctx, tid, person, enrolment, lesson, key) })
}

func (l *Learning) openAttempt(ctx context.Context, tid tenant.ID, person, enrolment, lesson db.ID, key string) (Sheet, error) {
	own, err := l.findOwn(ctx, tid, person, enrolment)
	if err != nil {
		return Sheet{}, fmt.Errorf("start attempt: %w", err)
	}
	found, err := own.lessonNow(lesson)
	if err == nil && found.Kind != content.KindQuiz {
		err = fault.New(fault.NotFound, "not_found")
	}
	if err != nil {
		return Sheet{}, fmt.Errorf("start attempt: %w", err)
	}
	lesson = found.ID
	if err := l.mayBegin(ctx, tid, own, lesson); err != nil {
		return Sheet{}, fmt.Errorf("start attempt: %w", err)
	}
	id := db.NewID()
	if key != "" {
		id = db.IDFrom("attempt.start", person.String(), enrolment.String(), lesson.String(), key)
	}
	if err := l.endOverdue(ctx, tid, own, lesson); err != nil {
		return Sheet{}, fmt.Errorf("start attempt: %w", err)
	}
	var attempt Attempt
	err = l.db.Tx(ctx, func(tx *db.Tx) error {
		attempt, err = l.startAttempt(ctx, tid, tx, own, found, id)
		return err
	})
	if err != nil {
		return Sheet{}, fmt.Errorf("start attempt: %w", err)
	}
	return l.sheet(ctx, tid, person, attempt)
}

func (l *Learning) startAttempt(ctx context.Context, tid tenant.ID, tx *db.Tx, own OwnEnrolment, lesson content.VersionLesson, id db.ID) (Attempt, error) {
	now := db.At(l.clock())
	var status Status
	if err := db.One(tx.QueryRowLocked(ctx, sqlLockEnrolment, tid, own.ID, own.person).Scan(&status)); err != nil {
		return Attempt{}, err
	}
	before, err := l.attemptsOf(ctx, tid, tx, own.ID, lesson.ID)
	if err != nil {
		return Attempt{}, err
	}
	for _, a := range before {
		if a.State == AttemptOpen || a.ID == id {
			return a, nil
		}
	}
	left := attemptsLeft(lesson.Body.Quiz, before)
	switch {
	case own.Standing == StandingUpcoming:
		return Attempt{}, fault.New(fault.Conflict, "round_not_started", "starts_on", own.StartsOn)
	case !own.open:
		return Attempt{}, fault.New(fault.Conflict, "round_closed")
	case left != nil && *left == 0:
		return Attempt{}, fault.New(fault.Conflict, "attempts_used_up", "max", lesson.Body.Quiz.MaxAttempts)
	}
	paper, err := l.paper(ctx, tid, tx, own, lesson, before)
	if err != nil {
		return Attempt{}, err
	}
	a := Attempt{ID: id, Enrolment: own.ID, Lesson: lesson.ID, Number: len(before) + 1, State: AttemptOpen, StartedAt: now, paper: paper}
	if _, err := tx.Exec(ctx, sqlInsertAttempt, tid, a.ID, a.Enrolment, a.Lesson, a.Number, db.JSON[quizPaper]{V: a.paper}, string(a.State), now); err != nil {
		return Attempt{}, err
	}
	if err := l.touch(ctx, tid, tx, own, now); err != nil {
		return Attempt{}, err
	}
	if err := tx.Upsert(ctx, sqlInsertProgress, progressKey, "", newProgress(own.ID, lesson.ID, now).values(tid)...); err != nil {
		return Attempt{}, err
	}
	_, err = tx.Exec(ctx, sqlSetStatus, string(Interrupted), tid, own.ID)
	return a, err
}

// SavedAnswer is what stands in the attempt after an answer came.
type SavedAnswer struct {
	Answer []string
	Seq    int64
	Saved  bool // false: a newer answer was there already
}

// SaveAnswer keeps an answer as it is given. An older one that arrives late never overwrites a newer one, and a repeat changes nothing. It returns
// fault.NotFound for anybody else's attempt, fault.Conflict "attempt_submitted" after the end and "attempt_time_over" when it was given after the time limit
// (quizPaper.counts says what that means), fault.Invalid for an unknown question or choice.
func (l *Learning) SaveAnswer(ctx context.Context, tid tenant.ID, person, attempt db.ID, in Answering) (SavedAnswer, error) {
	var saved SavedAnswer
	err := l.db.Tx(ctx, func(tx *db.Tx) error {
		locked, err := l.lockAttempt(ctx, tid, tx, person, attempt)
		if err != nil {
			return err
		}
		one, answer, err := locked.paper.check(in.Question, in.Answer)
		if err != nil {
			return err
		}
		if locked.State != AttemptOpen {
			return fault.New(fault.Conflict, "attempt_submitted")
		}
		at := in.moment(locked.StartedAt, l.clock())
		if !locked.paper.counts(at, l.clock(), l.limits) {
			return fault.New(fault.Conflict, "attempt_time_over")
		}
		saved, err = l.putAnswer(ctx, tid, tx, attempt, in, answer, at)
		saved.Answer = one.veil(saved.Answer)
		return err
	})
	if err != nil {
		return SavedAnswer{}, fmt.Errorf("save answer: %w", err)
	}
	return saved, nil
}

func (l *Learning) putAnswer(ctx context.Context, tid tenant.ID, tx *db.Tx, attempt db.ID, in Answering, answer []string, at db.Time) (SavedAnswer, error) {
	r, err := tx.Exec(ctx, sqlUpdateAnswer, db.JSON[[]string]{V: answer}, in.Seq, at, tid, attempt, in.Question, in.Seq)
	if err != nil {
		return SavedAnswer{}, err
	}
	if n, err := r.RowsAffected(); err != nil || n > 0 {
		return SavedAnswer{Answer: answer, Seq: in.Seq, Saved: true}, err
	}
	if err := tx.Upsert(ctx, sqlInsertAnswer, "tenant_id, attempt_id, question_id", "", tid, attempt, in.Question, db.JSON[[]string]{V: answer}, in.Seq, at); err != nil {
		return SavedAnswer{}, err
	}
	var stored db.JSON[[]string]
	out := SavedAnswer{}
	if err := db.One(tx.QueryRow(ctx, sqlFindAnswer, tid, attempt, in.Question).Scan(&stored, &out.Seq)); err != nil {
		return SavedAnswer{}, err
	}
	out.Answer = stored.V
	out.Saved = out.Seq == in.Seq && slices.Equal(stored.V, answer)
	return out, nil
}

// SubmitAttempt grades an attempt. It happens once: the first to arrive counts, and repeating it, also from two devices at the same moment, gives the same result.
// answers are those the browser has, whether they arrived before or not: so what was answered and handed in without a network is judged as one. What cannot be
// taken any more is left out and counted in Sheet.Unused. Questions without an answer count as wrong. Passing finishes the lesson, and the last lesson completes the
// enrolment and issues the certificate in the same transaction. It returns fault.NotFound for anybody else's attempt.
func (l *Learning) SubmitAttempt(ctx context.Context, tid tenant.ID, person, attempt db.ID, answers []Answering) (Sheet, error) {
	return again(func() (Sheet, error) { return l.submitAttempt(ctx, tid, person, attempt, answers) })
}

func (l *Learning) submitAttempt(ctx context.Context, tid tenant.ID, person, attempt db.ID, answers []Answering) (Sheet, error) {
	a, err := l.findAttempt(ctx, tid, person, attempt)
	if err != nil {
		return Sheet{}, fmt.Errorf("submit attempt: %w", err)
	}
	if a.State == AttemptOpen {
		own, err := l.findOwn(ctx, tid, person, a.Enrolment)
		if err != nil {
			return Sheet{}, fmt.Errorf("submit attempt: %w", err)
		}
		if err := l.db.Tx(ctx, func(tx *db.Tx) error { return l.grade(ctx, tid, tx, own, a, answers) }); err != nil {
			return Sheet{}, fmt.Errorf("submit attempt: %w", err)
		}
		if a, err = l.findAttempt(ctx, tid, person, attempt); err != nil {
			return Sheet{}, fmt.Errorf("submit attempt: %w", err)
		}
	}
	s, err := l.sheet(ctx, tid, person, a)
	s.Unused = s.unused(answers)
	return s, err
}

func (l *Learning) grade(ctx context.Context, tid tenant.ID, tx *db.Tx, own OwnEnrolment, a Attempt, late []Answering) error {
	lesson, err := own.lessonOnce(a.Lesson)
	if err != nil {
		return err
	}
	now := db.At(l.clock())
	if err := l.touch(ctx, tid, tx, own, now); err != nil { // locks the enrolment first, as everybody does
		return err
	}
	locked, err := l.lockAttempt(ctx, tid, tx, own.person, a.ID)
	if err != nil || locked.State == AttemptSubmitted {
		return err
	}
	answers, err := l.answersOf(ctx, tid, tx, a.ID)
	if err != nil {
		return err
	}
	if err := l.takeLate(ctx, tid, tx, locked, answers, late); err != nil {
		return err
	}
	result := grade(lesson.Body.Quiz, locked.paper, answers)
	if err := l.markAnswers(ctx, tid, tx, a.ID, result); err != nil {
		return err
	}
	passed := 0
	if result.passed {
		passed = 1
	}
	// What was asked and left open is an answer too, or the figures of a question would leave it out.
	if err := l.leaveOpen(ctx, tid, tx, a.ID, result.wrong, answers, now); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlSubmitAttempt, result.percent, passed, len(result.right)+len(result.wrong), len(result.right), now, tid, a.ID); err != nil {
		return err
	}
	if result.passed {
		if _, err := tx.Exec(ctx, sqlPassLesson, now, now, tid, own.ID, lesson.ID); err != nil {
			return err
		}
	}
	return l.advance(ctx, tid, tx, own, now)
}

func (l *Learning) markAnswers(ctx context.Context, tid tenant.ID, tx *db.Tx, attempt db.ID, result graded) error {
	for _, mark := range []struct {
		value     int
		questions []any
	}{{1, result.right}, {0, result.wrong}} {
		if len(mark.questions) == 0 {
			continue
		}
		query := sqlMarkAnswers + " AND question_id IN (" + db.Marks(len(mark.questions)) + ")"
		if _, err := tx.Exec(ctx, query, append([]any{mark.value, tid, attempt}, mark.questions...)...); err != nil {
			return err
		}
	}
	return nil
}

// FindAttempt gives an attempt with its answers. It returns fault.NotFound for anybody else's.
func (l *Learning) FindAttempt(ctx context.Context, tid tenant.ID, person, attempt db.ID) (Sheet, error) {
	a, err := l.findAttempt(ctx, tid, person, attempt)
	if err != nil {
		return Sheet{}, fmt.Errorf("find attempt: %w", err)
	}
	return l.sheet(ctx, tid, person, a)
}

// sheet puts together what the person may see of an attempt.
func (l *Learning) sheet(ctx context.Context, tid tenant.ID, person db.ID, a Attempt) (Sheet, error) {
	own, err := l.findOwn(ctx, tid, person, a.Enrolment)
	if err != nil {
		return Sheet{}, fmt.Errorf("attempt: %w", err)
	}
	lesson, err := own.lessonOnce(a.Lesson)
	if err == nil && lesson.Kind != content.KindQuiz {
		err = fault.New(fault.NotFound, "not_found")
	}
	if err != nil {
		return Sheet{}, fmt.Errorf("attempt: %w", err)
	}
	answers, err := l.answersOf(ctx, tid, l.db, a.ID)
	if err != nil {
		return Sheet{}, fmt.Errorf("attempt: %w", err)
	}
	all, err := l.attemptsOf(ctx, tid, l.db, a.Enrolment, a.Lesson)
	if err != nil {
		return Sheet{}, fmt.Errorf("attempt: %w", err)
	}
	quiz := lesson.Body.Quiz
	s := Sheet{
		Attempt: a, PassPercent: quiz.PassPercent, Show: quiz.Show, AttemptsLeft: attemptsLeft(quiz, all), Status: own.Status, Certificate: own.Certificate,
		Revealed: a.State == AttemptSubmitted && (a.Passed && quiz.Show != content.ShowNever || quiz.Show == content.ShowAfterSubmit), Kept: len(a.paper.Kept),
		SecondsLeft: a.paper.secondsLeft(l.clock()), ArriveBy: a.paper.arriveBy(l.limits),
	}
	for _, drawn := range a.paper.Questions {
		if question := quiz.Find(drawn.ID); question != nil {
			s.Questions = append(s.Questions, drawn.show(*question, answers[drawn.ID], s.Revealed))
		}
	}
	return s, nil
}
