package lms

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// SurveyAnswer is what one person answers to one question of a survey.
type SurveyAnswer struct {
	Question db.ID    `json:"question"`
	Choices  []string `json:"choices,omitempty"` // of single and multiple
	Step     int      `json:"step,omitempty"`    // of scale, from 1
	Text     string   `json:"text,omitempty"`
}

func (a SurveyAnswer) empty() bool {
	return len(a.Choices) == 0 && a.Step == 0 && strings.TrimSpace(a.Text) == ""
}

// AnswerSurvey records a person's answers, which finishes the lesson. It happens once: what was sent does not change, and a repeat gives the same result. Of an
// anonymous survey nothing is kept that leads from the answers to the person; that they answered is kept, apart from them. It returns fault.NotFound for anybody
// else's enrolment or a lesson that is no survey, fault.Conflict "round_not_started", "lesson_locked" or "course_locked", fault.Invalid for answers that do not fit the questions.
func (l *Learning) AnswerSurvey(ctx context.Context, tid tenant.ID, person, enrolment, lesson db.ID, answers []SurveyAnswer) (ProgressAnswer, error) {
	return again(func() (ProgressAnswer, error) { return l.answerSurvey(ctx, tid, person, enrolment, lesson, answers) })
}

func (l *Learning) answerSurvey(ctx context.Context, tid tenant.ID, person, enrolment, lesson db.ID, answers []SurveyAnswer) (ProgressAnswer, error) {
	own, found, err := l.lessonOf(ctx, tid, person, enrolment, lesson, content.KindSurvey)
	if err != nil {
		return ProgressAnswer{}, fmt.Errorf("answer survey: %w", err)
	}
	given, err := takeAnswers(found.Body.Survey, answers)
	if err != nil {
		return ProgressAnswer{}, err
	}
	return l.finishBy(ctx, tid, person, own, found, func(tx *db.Tx, row *progressRow, now db.Time) error {
		id, whose, sent, shown := db.NewID(), own.ID, now, 1
		if found.Body.Survey.Naming != content.SurveyNamed {
			// By chance alone: an id made of the time would tell who sent it, beside the time at which somebody finished.
			if _, err := rand.Read(id[:]); err != nil {
				return fmt.Errorf("anonymous answer: %w", err)
			}
			whose, sent, shown = db.ID{}, db.Time{}, 0
			// One after the other: two answers that do not see each other would both take themselves for the last of a group.
			var open db.ID
			if err := db.One(tx.QueryRowLocked(ctx, sqlLockSurvey, tid, own.Round).Scan(&open)); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, sqlInsertResponse, tid, id, own.Round, found.Lesson, whose, db.JSON[[]SurveyAnswer]{V: given}, shown, sent); err != nil || shown == 1 {
			return err
		}
		return l.showGroup(ctx, tid, tx, own.Round, found.Lesson)
	})
}

// showGroup lets anonymous answers be seen once LeastAnonymous of them have come. Whoever looks at every new answer as it comes learns nothing about one person.
func (l *Learning) showGroup(ctx context.Context, tid tenant.ID, tx *db.Tx, round, lesson db.ID) error {
	var held int
	if err := tx.QueryRow(ctx, sqlCountHeld, tid, round, lesson).Scan(&held); err != nil || held < LeastAnonymous {
		return err
	}
	_, err := tx.Exec(ctx, sqlShowSurvey, tid, round, lesson)
	return err
}

// takeAnswers brings answers into the order of the questions. Those without anything in them are left out.
func takeAnswers(s *content.SurveyBody, answers []SurveyAnswer) ([]SurveyAnswer, error) {
	var c fault.Check
	by := map[db.ID]SurveyAnswer{}
	for i, a := range answers {
		_, twice := by[a.Question]
		known := slices.ContainsFunc(s.Questions, func(q content.SurveyQuestion) bool { return q.ID == a.Question })
		c.If(twice || !known, fmt.Sprintf("answers[%d].question", i), "not_in_list")
		by[a.Question] = a
	}
	given := []SurveyAnswer{}
	for i, q := range s.Questions {
		a := takeAnswer(&c, fmt.Sprintf("answers[%d]", i), q, by[q.ID])
		c.If(q.Required && a.empty(), fmt.Sprintf("answers[%d]", i), "required")
		if !a.empty() {
			given = append(given, a)
		}
	}
	return given, c.Err()
}

// takeAnswer keeps what the question asks for.
func takeAnswer(c *fault.Check, path string, q content.SurveyQuestion, a SurveyAnswer) SurveyAnswer {
	out := SurveyAnswer{Question: q.ID}
	switch q.Kind {
	case content.SurveyText:
		out.Text = strings.TrimSpace(a.Text)
		c.If(tenant.Clip(out.Text, content.MaxSurveyText) != out.Text, path, "too_long", "max", content.MaxSurveyText)
	case content.SurveyScale:
		c.If(a.Step < 0 || a.Step > q.Steps, path, "not_in_list")
		out.Step = a.Step
	default:
		for _, ch := range q.Choices { // in the order of the question, each once
			if slices.Contains(a.Choices, ch.ID) {
				out.Choices = append(out.Choices, ch.ID)
			}
		}
		c.If(len(out.Choices) != len(a.Choices) || q.Kind == content.SurveySingle && len(out.Choices) > 1, path, "not_in_list")
	}
	return out
}

// lessonOf gives one of the person's lessons of a kind, also of an enrolment that was withdrawn meanwhile: what was done before is still recorded.
func (l *Learning) lessonOf(ctx context.Context, tid tenant.ID, person, enrolment, lesson db.ID, kind content.LessonKind) (OwnEnrolment, content.VersionLesson, error) {
	own, err := l.readOwn(ctx, tid, sqlOwnEnrolments+" AND e.id = ?", tid, person, enrolment)
	if err != nil {
		return OwnEnrolment{}, content.VersionLesson{}, err
	}
	if len(own) == 0 {
		return OwnEnrolment{}, content.VersionLesson{}, fault.New(fault.NotFound, "not_found")
	}
	found, err := own[0].lessonOnce(lesson)
	if err == nil && found.Kind != kind {
		err = fault.New(fault.NotFound, "not_found")
	}
	if err != nil {
		return OwnEnrolment{}, content.VersionLesson{}, err
	}
	lesson = found.ID
	if _, now := own[0].course.Lesson(lesson); !now { // it was changed since: nobody signs or answers what does not stand there any more
		return OwnEnrolment{}, content.VersionLesson{}, fault.New(fault.Conflict, "lesson_replaced")
	}
	if own[0].Standing == StandingUpcoming {
		return OwnEnrolment{}, content.VersionLesson{}, fault.New(fault.Conflict, "round_not_started", "starts_on", own[0].StartsOn)
	}
	return own[0], found, l.mayBegin(ctx, tid, own[0], lesson)
}

// finishBy finishes a lesson by what write records, in one transaction. A lesson that is finished already stays as it is, and nothing is written.
func (l *Learning) finishBy(ctx context.Context, tid tenant.ID, person db.ID, own OwnEnrolment, lesson content.VersionLesson, write func(tx *db.Tx, row *progressRow, now db.Time) error) (ProgressAnswer, error) {
	var answer ProgressAnswer
	err := l.db.Tx(ctx, func(tx *db.Tx) error {
		answer = ProgressAnswer{Items: []ItemResult{ItemSaved}, Lessons: map[db.ID]map[db.ID]Progress{}}
		now := db.At(l.clock())
		if err := l.touch(ctx, tid, tx, own, now); err != nil { // from here on the enrolment is locked
			return err
		}
		if (!own.open && own.Status.Open()) || own.Status == Withdrawn {
			answer.Items[0] = ItemRoundClosed
		}
		rows, err := l.readProgress(ctx, tx, sqlProgress+sqlProgressOne, tid, own.ID, lesson.ID)
		if err != nil {
			return err
		}
		row := newProgress(own.ID, lesson.ID, now)
		if len(rows) > 0 {
			row = rows[0]
		}
		answer.Lessons[own.ID] = map[db.ID]Progress{lesson.ID: row.Progress}
		if row.State == LessonDone {
			return nil
		}
		row.State, row.CompletedAt, row.UpdatedAt = LessonDone, now, now
		if err := write(tx, &row, now); err != nil {
			return err
		}
		if err := tx.Upsert(ctx, sqlInsertProgress, progressKey, progressColumns, row.values(tid)...); err != nil {
			return err
		}
		answer.Lessons[own.ID][lesson.ID] = row.Progress
		return l.advance(ctx, tid, tx, own, now)
	})
	if err == nil {
		answer.Enrolments, err = l.enrolmentsAfter(ctx, tid, person, []OwnEnrolment{own}, answer)
	}
	if err != nil {
		return ProgressAnswer{}, fmt.Errorf("finish lesson: %w", err)
	}
	return answer, nil
}
