package lms

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// LessonState is how far a person is in one lesson.
type LessonState string

// The states; done is never left again.
const (
	LessonNotStarted LessonState = "not_started"
	LessonStarted    LessonState = "started"
	LessonDone       LessonState = "done"
)

func (s LessonState) orNotStarted() LessonState {
	if s == "" {
		return LessonNotStarted
	}
	return s
}

// Progress is how far an enrolment is in one lesson. Position and Furthest are milliseconds of a video, pages of a PDF, thousandths of a page.
// Seen are the milliseconds or pages that were shown. Merging only ever adds to it; position follows the newest message.
type Progress struct {
	State        LessonState
	Position     int64
	Furthest     int64
	Seen         Spans
	SpentSeconds int64
	StartedAt    db.Time
	CompletedAt  db.Time
	UpdatedAt    db.Time // when the newest message was made, by the server's clock
}

// MaxProgressItems is the most messages one batch carries.
const MaxProgressItems = 200

// ProgressItem is one message of the player. Its times are by the browser's clock, in milliseconds since 1970.
type ProgressItem struct {
	Item      string // the browser's name for the message, given back with its result
	Enrolment db.ID
	Lesson    db.ID
	Position  int64
	Furthest  int64
	Seen      Spans
	Spent     Spans // when the lesson was on the screen and the person was there
	Done      bool  // the player reached the end
	At        int64 // when the message was made
}

// ProgressBatch is what one browser has to report.
type ProgressBatch struct {
	Now   int64 // the browser's clock at sending: what it is off by is taken off every time in the batch
	Items []ProgressItem
}

// ItemResult is what became of one message.
type ItemResult string

// The results. Only "saved" and "round_closed" left a trace.
const (
	ItemSaved           ItemResult = "saved"
	ItemRoundClosed     ItemResult = "round_closed"      // recorded, but the round was closed or the person taken out of it: the status does not change any more
	ItemRoundNotStarted ItemResult = "round_not_started" // nothing can have been done yet
	ItemLocked          ItemResult = "locked"            // something else comes first: it cannot have been done
	ItemUnknown         ItemResult = "unknown"           // no such enrolment of this person, or no such lesson in it
)

// ProgressAnswer tells what became of a batch: a result for every item, and how the enrolments it touched stand now.
type ProgressAnswer struct {
	Items      []ItemResult // as in the batch
	Enrolments []OwnEnrolment
	Lessons    map[db.ID]map[db.ID]Progress // by enrolment and lesson, those the batch touched
}

// progressRow is one row of progress.
type progressRow struct {
	Progress
	enrolment, lesson db.ID
	spent             Spans // merged wall-clock seconds
}

func newProgress(enrolment, lesson db.ID, now db.Time) progressRow {
	return progressRow{enrolment: enrolment, lesson: lesson, spent: Spans{}, Progress: Progress{State: LessonStarted, Seen: Spans{}, StartedAt: now, UpdatedAt: now}}
}

// SaveProgress records a batch of messages in one transaction. It may be sent again, in other portions and in another order: what has been recorded only ever
// grows, so the result is the same (TestProgressAnyOrder). Messages about enrolments that are not this person's are answered as unknown and
// touch nothing. It returns fault.Invalid for an over-long or impossible batch.
//
// When is a lesson finished? A page when its end was reached; a PDF when every page was shown; a video when SeenPercent of it was shown, or at its
// end when skipping is allowed; a quiz only by passing it. Where skipping is not allowed, what was shown counts only as far as the time spent can have
// shown it at MaxSpeed, and that time lies between opening the lesson and now: nobody finishes ten minutes of video in two.
func (l *Learning) SaveProgress(ctx context.Context, tid tenant.ID, person db.ID, batch ProgressBatch) (ProgressAnswer, error) {
	return again(func() (ProgressAnswer, error) { return l.saveProgress(ctx, tid, person, batch) })
}

func (l *Learning) saveProgress(ctx context.Context, tid tenant.ID, person db.ID, batch ProgressBatch) (ProgressAnswer, error) {
	if err := batch.check(); err != nil {
		return ProgressAnswer{}, err
	}
	own, err := l.enrolmentsOf(ctx, tid, person, batch)
	if err != nil {
		return ProgressAnswer{}, fmt.Errorf("save progress: %w", err)
	}
	var answer ProgressAnswer
	err = l.db.Tx(ctx, func(tx *db.Tx) error {
		answer = ProgressAnswer{Items: make([]ItemResult, len(batch.Items)), Lessons: map[db.ID]map[db.ID]Progress{}}
		return l.record(ctx, tid, tx, own, batch, &answer)
	})
	if err != nil {
		return ProgressAnswer{}, fmt.Errorf("save progress: %w", err)
	}
	answer.Enrolments, err = l.enrolmentsAfter(ctx, tid, person, own, answer)
	if err != nil {
		return ProgressAnswer{}, fmt.Errorf("save progress: %w", err)
	}
	return answer, nil
}

func (b ProgressBatch) check() error {
	var c fault.Check
	c.If(len(b.Items) == 0, "items", "too_few", "min", 1)
	c.If(len(b.Items) > MaxProgressItems, "items", "too_many", "max", MaxProgressItems)
	for i, it := range b.Items[:min(len(b.Items), MaxProgressItems)] {
		bad := it.Position < 0 || it.Furthest < 0 || len(it.Seen) > 2000 || len(it.Spent) > 500
		for _, s := range slices.Concat(it.Seen, it.Spent) {
			bad = bad || s[0] < 0 || s[1] < s[0]
		}
		c.If(bad, fmt.Sprintf("items[%d]", i), "bad_value")
	}
	return c.Err()
}

// enrolmentsOf gives the person's enrolments that the batch names, in the order of their ids, which is the order of locking.
func (l *Learning) enrolmentsOf(ctx context.Context, tid tenant.ID, person db.ID, batch ProgressBatch) ([]OwnEnrolment, error) {
	ids := []any{}
	seen := map[db.ID]bool{}
	for _, it := range batch.Items {
		if !seen[it.Enrolment] {
			seen[it.Enrolment] = true
			ids = append(ids, it.Enrolment)
		}
	}
	return l.readOwn(ctx, tid, sqlOwnEnrolments+" AND e.id IN ("+db.Marks(len(ids))+") ORDER BY e.id", append([]any{tid, person}, ids...)...)
}

// record merges the batch into the locked rows.
func (l *Learning) record(ctx context.Context, tid tenant.ID, tx *db.Tx, own []OwnEnrolment, batch ProgressBatch, answer *ProgressAnswer) error {
	now := db.At(l.clock())
	for i := range answer.Items {
		answer.Items[i] = ItemUnknown
	}
	for _, e := range own {
		if e.Standing == StandingUpcoming {
			for i, it := range batch.Items {
				if it.Enrolment == e.ID {
					answer.Items[i] = ItemRoundNotStarted
				}
			}
			continue
		}
		if err := l.recordOne(ctx, tid, tx, e, batch, now, answer); err != nil {
			return err
		}
	}
	return nil
}

func (l *Learning) recordOne(ctx context.Context, tid tenant.ID, tx *db.Tx, e OwnEnrolment, batch ProgressBatch, now db.Time, answer *ProgressAnswer) error {
	if err := l.touch(ctx, tid, tx, e, now); err != nil {
		return err
	}
	all, err := l.progressOf(ctx, tid, tx, []any{e.ID})
	if err != nil {
		return err
	}
	rows := all[e.ID]
	shift := now.UnixMilli() - batch.Now
	result := ItemSaved
	if (!e.open && e.Status.Open()) || e.Status == Withdrawn {
		result = ItemRoundClosed
	}
	changed := map[db.ID]progressRow{}
	finished := false
	for i, it := range batch.Items {
		if it.Enrolment != e.ID {
			continue
		}
		lesson, err := e.lessonOnce(it.Lesson)
		if err != nil { // of no version that they take or took
			continue
		}
		row, known := changed[lesson.ID]
		if !known {
			if row, known = rows[lesson.ID]; !known {
				if locked, err := l.itemLocked(ctx, tid, tx, e, rows, changed, lesson.ID); err != nil {
					return err
				} else if locked {
					answer.Items[i] = ItemLocked
					continue
				}
				row = newProgress(e.ID, lesson.ID, now)
			}
		}
		was := row.State
		row.merge(lesson, it, shift, now, l.limits)
		finished = finished || row.State != was
		changed[lesson.ID], answer.Items[i] = row, result
	}
	answer.Lessons[e.ID] = map[db.ID]Progress{}
	for _, id := range slices.SortedFunc(maps.Keys(changed), func(a, b db.ID) int { return slices.Compare(a[:], b[:]) }) {
		row := changed[id]
		answer.Lessons[e.ID][id] = row.Progress
		if err := tx.Upsert(ctx, sqlInsertProgress, progressKey, progressColumns, row.values(tid)...); err != nil {
			return err
		}
	}
	// Also when nothing was finished by this batch but everything is: the round may have been closed and opened again since.
	if finished || (e.open && e.Status.Open() && len(e.course.Lessons) > 0 && allDone(e.course, rows, changed)) {
		return l.advance(ctx, tid, tx, e, now)
	}
	return nil
}

// itemLocked tells whether a message is about a lesson that may not be begun yet. What other messages of the batch finish counts.
func (l *Learning) itemLocked(ctx context.Context, tid tenant.ID, tx *db.Tx, e OwnEnrolment, rows, changed map[db.ID]progressRow, lesson db.ID) (bool, error) {
	if e.Status == Completed {
		return false, nil
	}
	now := maps.Clone(rows)
	if now == nil {
		now = map[db.ID]progressRow{}
	}
	maps.Copy(now, changed)
	if _, locked := lockedBy(e.course, now, lesson); locked {
		return true, nil
	}
	waits, err := l.waitsFor(ctx, tid, tx, e)
	return len(waits) > 0, err
}

func allDone(course *content.CourseVersion, rows, changed map[db.ID]progressRow) bool {
	for _, lesson := range course.Lessons {
		if rows[lesson.ID].State != LessonDone && changed[lesson.ID].State != LessonDone {
			return false
		}
	}
	return true
}

// enrolmentsAfter reads the touched enrolments again only when something about them can have changed.
func (l *Learning) enrolmentsAfter(ctx context.Context, tid tenant.ID, person db.ID, own []OwnEnrolment, answer ProgressAnswer) ([]OwnEnrolment, error) {
	out := make([]OwnEnrolment, 0, len(own))
	for _, e := range own {
		if e.Status == Withdrawn {
			continue
		}
		again := e.Status == NotStarted
		for _, p := range answer.Lessons[e.ID] {
			again = again || (p.State == LessonDone && e.Status.Open())
		}
		if !again {
			out = append(out, e)
			continue
		}
		fresh, err := l.findOwn(ctx, tid, person, e.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, fresh)
	}
	return out, nil
}

// merge adds one message. shift is what to add to the browser's times.
func (p *progressRow) merge(lesson content.VersionLesson, it ProgressItem, shift int64, now db.Time, limits LearningLimits) {
	from, to, gap := lengthOf(lesson)
	at := db.At(time.UnixMilli(min(max(it.At+shift, p.StartedAt.UnixMilli()), now.UnixMilli())))
	if at.After(p.UpdatedAt.Time) || (at.Equal(p.UpdatedAt.Time) && it.Position > p.Position) {
		p.Position, p.UpdatedAt = min(it.Position, to), at
	}
	p.Furthest = max(p.Furthest, min(it.Furthest, to))
	p.Seen = Union(gap, p.Seen, it.Seen.Within(from, to))
	spent := make(Spans, 0, len(it.Spent))
	for _, s := range it.Spent {
		spent = append(spent, Span{(s[0] + shift) / 1000, (s[1] + shift + 999) / 1000})
	}
	p.spent = Union(limits.SpentGap, p.spent, spent.Within(p.StartedAt.Unix(), now.Unix()+1))
	p.SpentSeconds = p.spent.Total()
	if p.State != LessonDone && p.finished(lesson, it.Done, limits) {
		p.State, p.CompletedAt = LessonDone, now
	}
}

// lengthOf gives the first and the end point of a lesson and the gap in what was shown that nobody can have missed anything in.
func lengthOf(lesson content.VersionLesson) (from, to, gap int64) {
	const unknown = 1 << 40
	switch lesson.Kind {
	case content.KindVideo, content.KindAudio:
		if lesson.Body.Recording().DurationMS > 0 {
			return 0, lesson.Body.Recording().DurationMS, 1000
		}
		return 0, unknown, 1000
	case content.KindPDF:
		if lesson.Body.PDF.Pages > 0 {
			return 1, int64(lesson.Body.PDF.Pages) + 1, 0
		}
		return 1, 100_000, 0
	}
	return 0, 1000, 0
}

// finished decides from what has been merged, never from the order in which it came.
func (p *progressRow) finished(lesson content.VersionLesson, claimed bool, limits LearningLimits) bool {
	from, to, _ := lengthOf(lesson)
	switch lesson.Kind {
	case content.KindPage:
		return claimed
	case content.KindPDF:
		if lesson.Body.PDF.Pages == 0 {
			return claimed
		}
		return p.Seen.Total() >= to-from
	case content.KindVideo, content.KindAudio:
		v := lesson.Body.Recording()
		watched := v.DurationMS > 0 && p.Seen.Total()*100 >= v.DurationMS*int64(limits.SeenPercent)
		if !v.NoSkip {
			return claimed || watched
		}
		possible := int64(float64(p.SpentSeconds+limits.SlackSeconds) * limits.MaxSpeed * 1000)
		return (watched || (claimed && v.DurationMS == 0)) && p.Seen.Total() <= possible
	}
	return false // a quiz is finished by passing it, a survey by answering, a pledge by signing
}
