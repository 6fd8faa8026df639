package lms

import (
	"context"
	"maps"
	"slices"
	"time"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// MaxLateAnswers is the most answers that one hand-in carries.
const MaxLateAnswers = 200

// Answering is an answer as a browser sends it.
type Answering struct {
	Question string
	Answer   []string
	Seq      int64 // orders the answers to one question: the greatest stands
	At, Now  int64 // when it was given and when it was sent, by the browser's clock in milliseconds since 1970; 0: it was given as it arrived
}

// moment is when the answer was given: what the browser's clock is off by is taken off, and it lies between the beginning of the attempt and now.
func (a Answering) moment(started db.Time, now time.Time) db.Time {
	if a.Now == 0 || a.At == 0 {
		return db.At(now)
	}
	return db.At(time.UnixMilli(min(max(a.At+now.UnixMilli()-a.Now, started.UnixMilli()), now.UnixMilli())))
}

// counts tells whether an answer given at a moment counts when it arrives now. Without a time limit it always does. With one it must have been given by its end and
// TimeGrace, and must arrive by its end and TimeOffline. When it was given only the browser knows where the network was away; the server does not pretend to know
// better: a browser that lies about it is believed for TimeOffline, and answered_at beside submitted_at shows afterwards what was taken on its word.
func (p quizPaper) counts(at db.Time, now time.Time, limits LearningLimits) bool {
	return !p.over(at.Add(-limits.TimeGrace)) && !p.over(now.Add(-max(limits.TimeOffline, limits.TimeGrace)))
}

// arriveBy is until when answers that were given in time are taken; zero without a limit.
func (p quizPaper) arriveBy(limits LearningLimits) db.Time {
	if p.Until == 0 {
		return db.Time{}
	}
	return db.At(time.UnixMicro(p.Until).Add(limits.TimeOffline))
}

// takeLate keeps the answers that come with a hand-in, as far as they are newer than those that arrived before, belong to the paper and were given in time; stored is
// brought up to date. The attempt's row must be locked: whoever keeps an answer locks it too, so that stored is what there is.
func (l *Learning) takeLate(ctx context.Context, tid tenant.ID, tx *db.Tx, a Attempt, stored map[string]given, late []Answering) error {
	now := l.clock()
	newer := map[string][]any{}
	for _, in := range late {
		_, answer, err := a.paper.check(in.Question, in.Answer)
		at := in.moment(a.StartedAt, now)
		old, known := stored[in.Question]
		if err != nil || (known && old.Seq >= in.Seq) || !a.paper.counts(at, now, l.limits) {
			continue // one bad answer must not keep the others from being handed in
		}
		stored[in.Question] = given{Answer: answer, Seq: in.Seq}
		newer[in.Question] = []any{tid, a.ID, in.Question, db.JSON[[]string]{V: answer}, in.Seq, at}
	}
	rows := make([][]any, 0, len(newer))
	for _, question := range slices.Sorted(maps.Keys(newer)) {
		rows = append(rows, newer[question])
	}
	return tx.UpsertMany(ctx, sqlInsertAnswers, rowInsertAnswer, "tenant_id, attempt_id, question_id", "answer, client_seq, answered_at", rows)
}

// unused counts the answers that do not stand on the sheet, nor anything newer in their place.
func (s Sheet) unused(answers []Answering) int {
	n := 0
	for _, in := range answers {
		i := slices.IndexFunc(s.Questions, func(q SheetQuestion) bool { return q.ID == in.Question })
		if i < 0 || s.Questions[i].Seq < in.Seq {
			n++
		}
	}
	return n
}
