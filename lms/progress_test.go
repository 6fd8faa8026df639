package lms_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
)

const progressState = `SELECT version_lesson_id, state, position, furthest, seen, spent, spent_seconds FROM progress WHERE tenant_id = ? AND enrolment_id = ? ORDER BY version_lesson_id`

// Two tabs and a telephone report a video in pieces that overlap, repeat and arrive in any order: the record is the same every time, and the time of the tabs counts once.
func TestProgressAnyOrder(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		var want string
		for round := range 6 {
			who := round % 3
			c := s.a
			if round >= 3 {
				c = s.b
			}
			for _, kind := range []string{"page", "video", "pdf"} {
				s.open(t, c, who, kind)
			}
		}
		s.clock.Add(10 * time.Minute)
		now := s.ms(0)
		from := now - 600_000
		var batches []lms.ProgressBatch
		for i := range int64(12) { // two tabs, the second seven seconds behind the first, its clock an hour slow
			for tab := range int64(2) {
				skew := -3600_000 * tab
				start := from + i*20_000 + tab*7_000
				batches = append(batches, lms.ProgressBatch{Now: now + skew, Items: []lms.ProgressItem{
					{Lesson: s.lessons["video"], Position: i * 8_000, Furthest: i * 8_000, Seen: lms.Spans{{i * 8_000, (i + 1) * 8_000}}, Spent: lms.Spans{{start + skew, start + 20_000 + skew}}, At: start + 20_000 + skew},
					{Lesson: s.lessons["pdf"], Position: i%3 + 1, Seen: lms.Spans{{i%3 + 1, i%3 + 2}}, At: start + skew},
				}})
			}
		}
		batches = append(batches, lms.ProgressBatch{Now: now, Items: []lms.ProgressItem{{Lesson: s.lessons["page"], Done: true, At: now}}})
		for round := range 6 {
			c, who := s.a, round%3
			if round >= 3 {
				c = s.b
			}
			order := slices.Concat(batches, batches[:10]) // some twice
			rand.New(rand.NewPCG(uint64(round), 2)).Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
			for _, b := range order {
				b.Items = slices.Clone(b.Items)
				for i := range b.Items {
					b.Items[i].Enrolment = c.enrolment[who]
				}
				if _, err := s.learn.SaveProgress(t.Context(), c.ID, c.Staff[who], b); err != nil {
					t.Fatal(err)
				}
			}
			got := s.rows(t, progressState, c.ID, c.enrolment[who])
			if round == 0 {
				want = got
				if spent := s.open(t, c, who, "video").Progress.SpentSeconds; spent < 246 || spent > 249 { // 12 × 20 s and the second tab's tail of 7 s
					t.Errorf("two tabs spent %d seconds", spent)
				}
			}
			if got != want {
				t.Fatalf("order %d:\n got %s\nwant %s", round, got, want)
			}
			out := s.own(t, c, who)
			if out.LessonsDone != 3 || out.Status != lms.InProgress { // page, PDF, and 96 of the video's 100 seconds; the quiz is left
				t.Errorf("lessons done %d, status %s", out.LessonsDone, out.Status)
			}
		}
	})
}

func TestLessonCompletion(t *testing.T) {
	for _, c := range []struct {
		name  string
		kind  string
		after time.Duration // since the lesson was opened
		item  func(s *school) lms.ProgressItem
		done  bool
	}{
		{"page not read to the end", "page", time.Minute, func(*school) lms.ProgressItem { return lms.ProgressItem{Furthest: 900} }, false},
		{"page read", "page", time.Minute, func(*school) lms.ProgressItem { return lms.ProgressItem{Done: true} }, true},
		{"pdf with a page left out", "pdf", time.Minute, func(*school) lms.ProgressItem { return lms.ProgressItem{Seen: lms.Spans{{1, 3}}, Done: true} }, false},
		{"pdf whole", "pdf", time.Minute, func(*school) lms.ProgressItem { return lms.ProgressItem{Seen: lms.Spans{{1, 2}, {2, 3}, {3, 4}}} }, true},
		{"pdf pages that do not exist", "pdf", time.Minute, func(*school) lms.ProgressItem { return lms.ProgressItem{Seen: lms.Spans{{3, 99}}} }, false},
		{"video claimed at the end without seeing it", "video", 5 * time.Minute, func(s *school) lms.ProgressItem {
			return lms.ProgressItem{Done: true, Furthest: 100_000, Seen: lms.Spans{{90_000, 100_000}}, Spent: lms.Spans{{s.ms(-5 * time.Minute), s.ms(0)}}}
		}, false},
		{"video seen faster than it can be played", "video", 5 * time.Second, func(s *school) lms.ProgressItem {
			return lms.ProgressItem{Seen: lms.Spans{{0, 100_000}}, Spent: lms.Spans{{s.ms(-time.Hour), s.ms(time.Hour)}}}
		}, false},
		{"video seen without time spent", "video", 5 * time.Minute, func(*school) lms.ProgressItem { return lms.ProgressItem{Seen: lms.Spans{{0, 100_000}}} }, false},
		{"video seen at double speed", "video", 55 * time.Second, func(s *school) lms.ProgressItem {
			return lms.ProgressItem{Seen: lms.Spans{{0, 96_000}}, Spent: lms.Spans{{s.ms(-50 * time.Second), s.ms(0)}}}
		}, true},
		{"quiz claimed", "quiz", time.Minute, func(*school) lms.ProgressItem { return lms.ProgressItem{Done: true} }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSchool(t, kit.SQLite(t))
			s.open(t, s.a, 0, c.kind)
			s.clock.Add(c.after)
			item := c.item(s)
			item.Lesson = s.lessons[c.kind]
			answer := s.save(t, s.a, 0, item)
			state := answer.Lessons[s.a.enrolment[0]][item.Lesson].State
			if (state == lms.LessonDone) != c.done {
				t.Errorf("state %s, want done %v", state, c.done)
			}
			// What is done stays done, whatever is reported later.
			if c.done && s.save(t, s.a, 0, lms.ProgressItem{Lesson: item.Lesson}).Lessons[s.a.enrolment[0]][item.Lesson].State != lms.LessonDone {
				t.Error("done was left again")
			}
		})
	}
}

// One poisoned message must not hold up the others of a browser's outbox.
func TestProgressResults(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		late := s.round(t, s.A, "来年度", "2026-05-01", "2026-05-31")
		upcoming := s.enrol(t, s.A, late, s.a.Staff[0], "2026-05-31")
		page := s.lessons["page"]
		batch := lms.ProgressBatch{Now: s.ms(0), Items: []lms.ProgressItem{
			{Enrolment: s.a.enrolment[0], Lesson: page, Done: true, At: s.ms(0)},
			{Enrolment: s.a.enrolment[0], Lesson: db.NewID(), Done: true},
			{Enrolment: s.a.enrolment[1], Lesson: page, Done: true}, // a colleague's
			{Enrolment: s.b.enrolment[0], Lesson: page, Done: true}, // of another organisation
			{Enrolment: db.NewID(), Lesson: page, Done: true},
			{Enrolment: upcoming, Lesson: page, Done: true},
		}}
		answer, err := s.learn.SaveProgress(t.Context(), s.a.ID, s.a.Staff[0], batch)
		if err != nil {
			t.Fatal(err)
		}
		want := []lms.ItemResult{lms.ItemSaved, lms.ItemUnknown, lms.ItemUnknown, lms.ItemUnknown, lms.ItemUnknown, lms.ItemRoundNotStarted}
		if !slices.Equal(answer.Items, want) {
			t.Errorf("got %v, want %v", answer.Items, want)
		}
		for _, e := range []struct {
			c  class
			id db.ID
		}{{s.a, s.a.enrolment[1]}, {s.b, s.b.enrolment[0]}, {s.a, upcoming}} {
			if got := s.rows(t, progressState, e.c.ID, e.id); got != "null" {
				t.Errorf("somebody else's enrolment was touched: %s", got)
			}
		}
		s.run(t, `UPDATE round SET state = 'closed' WHERE tenant_id = ? AND id = ?`, s.a.ID, s.a.round)
		if got := s.save(t, s.a, 0, lms.ProgressItem{Lesson: s.lessons["pdf"], Seen: lms.Spans{{1, 4}}}).Items[0]; got != lms.ItemRoundClosed {
			t.Errorf("closed round: %s", got)
		}
		if out := s.own(t, s.a, 0); out.LessonsDone != 2 || out.Standing != lms.StandingClosed {
			t.Errorf("evidence of a closed round was thrown away: %d lessons, %s", out.LessonsDone, out.Standing)
		}
		s.run(t, `UPDATE enrolment SET status = 'withdrawn' WHERE tenant_id = ? AND id = ?`, s.a.ID, s.a.enrolment[2])
		if got := s.save(t, s.a, 2, lms.ProgressItem{Lesson: page, Done: true}); got.Items[0] != lms.ItemRoundClosed || len(got.Enrolments) != 0 {
			t.Errorf("withdrawn: %v, %d enrolments shown", got.Items, len(got.Enrolments))
		}
	})
}

func TestProgressRefusesNonsense(t *testing.T) {
	s := newSchool(t, kit.SQLite(t))
	for name, items := range map[string][]lms.ProgressItem{
		"none": nil, "too many": make([]lms.ProgressItem, lms.MaxProgressItems+1),
		"negative position": {{Position: -1}}, "backward": {{Seen: lms.Spans{{5, 1}}}}, "negative": {{Spent: lms.Spans{{-5, 1}}}},
	} {
		if _, err := s.learn.SaveProgress(t.Context(), s.a.ID, s.a.Staff[0], lms.ProgressBatch{Items: items}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Twenty devices at once, each reporting its own piece: nothing is lost and nothing waits for ever.
func TestProgressAtOnce(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		s.open(t, s.a, 0, "video")
		s.clock.Add(5 * time.Minute)
		var wg sync.WaitGroup
		errs := make(chan error, 20)
		for i := range int64(20) {
			wg.Go(func() {
				_, err := s.learn.SaveProgress(context.Background(), s.a.ID, s.a.Staff[0], lms.ProgressBatch{Now: s.ms(0), Items: []lms.ProgressItem{{
					Enrolment: s.a.enrolment[0], Lesson: s.lessons["video"], Seen: lms.Spans{{i * 5000, (i + 1) * 5000}}, Spent: lms.Spans{{s.ms(-200*time.Second) + i*10_000, s.ms(-190*time.Second) + i*10_000}}, At: s.ms(0),
				}}})
				errs <- err
			})
		}
		wg.Wait()
		close(errs)
		for err := range errs {
			if err != nil {
				t.Error(err)
			}
		}
		p := s.open(t, s.a, 0, "video").Progress
		if out := s.own(t, s.a, 0); out.Spent != p.SpentSeconds || out.Spent == 0 {
			t.Errorf("the course took %d s, its only lesson %d s", out.Spent, p.SpentSeconds)
		}
		if fmt.Sprint(p.Seen) != "[[0 100000]]" || p.State != lms.LessonDone || p.SpentSeconds < 200 || p.SpentSeconds > 201 {
			t.Errorf("seen %v, state %s, %d s", p.Seen, p.State, p.SpentSeconds)
		}
	})
}

// A process that dies between two statements leaves nothing half done: the transaction is gone, and the repeat does the whole.
func TestProgressKilled(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		s.study(t, s.a, 0)
		a := s.start(t, s.a, 0, "k")
		s.answer(t, s.a, 0, a.ID, true)
		// The certificate cannot be written: its enrolment already has one under a foreign number.
		s.run(t, `INSERT INTO completion_certificate (tenant_id, id, enrolment_id, number, code, content, issued_at) VALUES (?, ?, ?, 'X', 'X', '{}', 1)`, s.a.ID, db.NewID(), s.a.enrolment[0])
		if _, err := s.learn.SubmitAttempt(t.Context(), s.a.ID, s.a.Staff[0], a.ID, nil); err == nil || errors.Is(err, context.Canceled) {
			t.Fatalf("the fault did not happen: %v", err)
		}
		if out := s.own(t, s.a, 0); out.Status == lms.Completed || out.LessonsDone == 4 {
			t.Errorf("half done: %s, %d lessons", out.Status, out.LessonsDone)
		}
		if got, err := s.learn.FindAttempt(t.Context(), s.a.ID, s.a.Staff[0], a.ID); err != nil || got.State != lms.AttemptOpen {
			t.Errorf("the attempt was closed without its result: %v %v", got.State, err)
		}
		s.run(t, `DELETE FROM completion_certificate WHERE tenant_id = ? AND number = 'X'`, s.a.ID)
		if got := s.submit(t, s.a, 0, a.ID); !got.Passed || got.Status != lms.Completed || got.Certificate.IsZero() {
			t.Errorf("the repeat did not do the whole: %+v", got.Attempt)
		}
	})
}
